/* Rows to learn from and rows to measure on. Rows about one customer are never on both sides (but by time, where the past of a
 * customer is learned from and the future measured on). Which side a row is on follows from its id and the seed, not from its
 * place in the table. */
#ifndef PT_MODEL_SPLITS_H
#define PT_MODEL_SPLITS_H

#include "model/study.h"

typedef struct pt_split {
    pt_row_set train, valid; /* rows of the table, ascending */
} pt_split;

/* *n is folds * repeats; 1 for a hold-out. PT_EINVAL, in the user's words, when there are too few rows, customers or days. In the
 * arena. */
pt_rc pt_splits(pt_split **out, size_t *n, const pt_table *table, const pt_row_set *rows, const pt_validation *v,
                uint64_t seed, pt_arena *arena, pt_err *err);
/* At most `most` of the rows, whole customers, ascending; the set itself when it is no larger. */
pt_rc pt_sample_rows(pt_row_set *out, const pt_table *table, const pt_row_set *rows, size_t most, uint64_t seed,
                     pt_arena *arena, pt_err *err);

#endif
