/* Statistics of the customer base (PT_NODE_BASE): worked out here from a tag's values for all customers, and given to
 * evaluators as constants. Pure; the result depends on the values, not on their order (the sums of weights in lists apart,
 * which go by ordinal). docs/language.md, "The base", says what each is. */
#ifndef PT_EVAL_BASE_H
#define PT_EVAL_BASE_H

#include "lang/lang.h"

typedef struct pt_base_value {
    const pt_node *node; /* PT_NODE_BASE */
    pt_column value;     /* row 0, of the node's type */
} pt_base_value;

typedef struct pt_base_set {
    const pt_base_value *items;
    size_t n;
} pt_base_set;

/* The value of a statistic; NULL when the set has none. */
const pt_column *pt_base_find(const pt_base_set *set, const pt_node *node);

/* Works out values[i].value for statistics that are all over one tag, whose values for `rows` customers `column` holds; a
 * customer without a value takes no part. Results live in `arena`. */
pt_rc pt_base_compute(pt_base_value *values, size_t n, const pt_column *column, size_t rows, pt_arena *arena,
                      pt_err *err);

enum { PT_BASE_ITEMS = 1000 }; /* the most a list of the base holds: the heaviest */

/* A weighted list of one row in memory from `arena`, texts copied. */
pt_rc pt_base_list(pt_column *out, const pt_sv *texts, const double *weights, size_t n, pt_arena *arena, pt_err *err);

#endif
