/* Shared inside quality/. */
#ifndef PT_QUALITY_QUALITY_INT_H
#define PT_QUALITY_QUALITY_INT_H

#include "quality/quality.h"

/* FROM the rows of a source that a build uses, up to the as-of. */
void quality_from(pt_sql *q, const pt_quality_context *x, uint32_t source);

static inline bool quality_is_ordered(pt_type t)
{
    return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY || t == PT_TYPE_DATE || t == PT_TYPE_INSTANT;
}

static inline bool quality_is_amount(pt_type t)
{
    return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY;
}

/* A result of numbers: one call of `row` for each row, with its values as doubles (NaN: NULL). */
typedef struct quality_numbers {
    void *ctx;
    pt_rc (*row)(void *ctx, const double *values, size_t n, pt_err *err);
} quality_numbers;
pt_rc quality_query_numbers(pt_conn *c, const pt_sql *q, const quality_numbers *to, pt_err *err);
/* The only row of a result of numbers. */
pt_rc quality_query_row(double *values, size_t n, pt_conn *c, const pt_sql *q, pt_err *err);

/* Text of cell `column` in row `row`, in the arena; "" when NULL. NULL when memory is short. */
const char *quality_cell(const pt_rows *rows, size_t column, size_t row, pt_arena *arena);
double quality_number(const pt_rows *rows, size_t column, size_t row);

#endif
