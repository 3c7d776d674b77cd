/* Between diff.c (what is compared) and diff_measure.c (how two columns are). */
#ifndef PT_APP_DIFF_INT_H
#define PT_APP_DIFF_INT_H

#include "app/diff.h"
#include "identity/identity.h"

/* A tag's column in one generation; `live` by ordinal: customers that count. */
typedef struct diff_side {
    const pt_column *column; /* NULL: not there */
    const bool *live;
    uint32_t rows, customers;
    int64_t as_of; /* dates and instants are also compared by how far from it they lie */
} diff_side;

/* Fills measure, distance, limit, known, means, shares and moved of a tag that both sides have. */
pt_rc diff_measure(pt_diff_tag *out, const diff_side *before, const diff_side *after, pt_arena *arena, pt_err *err);

/* Customers of both, by value before and after; NULL in *out when there are more than PT_DIFF_MOST_STEPS values. `steps`
 * (may be NULL) are the values in their order. */
enum { PT_DIFF_MOST_STEPS = 12 };
pt_rc diff_moves(const pt_diff_moves **out, const diff_side *before, const diff_side *after, const char *const *steps,
                 size_t n_steps, pt_arena *arena, pt_err *err);

#endif
