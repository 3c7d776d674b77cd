/* Reading results: numbers as doubles, texts into the arena. */
#include <stdlib.h>

#include "quality/quality_int.h"

double quality_number(const pt_rows *rows, size_t column, size_t row)
{
    const pt_cells *c = &rows->cells[column];

    if (c->form == PT_CELLS_U64) {
        uint64_t v = ((const uint64_t *)c->data)[row];
        return v == UINT64_MAX ? NAN : (double)v;
    }
    if (c->form == PT_CELLS_U32) {
        uint32_t v = ((const uint32_t *)c->data)[row];
        return v == UINT32_MAX ? NAN : (double)v;
    }
    switch (c->type) {
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row];
    case PT_TYPE_MONEY: {
        int64_t v = ((const int64_t *)c->data)[row];
        return v == PT_I64_MISSING ? NAN : (double)v / (double)PT_MONEY_UNIT;
    }
    case PT_TYPE_BOOL: {
        uint8_t v = ((const uint8_t *)c->data)[row];
        return v == PT_BOOL_MISSING ? NAN : v;
    }
    default: return NAN;
    }
}

const char *quality_cell(const pt_rows *rows, size_t column, size_t row, pt_arena *arena)
{
    pt_sv text = ((const pt_sv *)rows->cells[column].data)[row];

    return pt_arena_strndup(arena, text.ptr ? text.ptr : "", text.len);
}

static pt_rc give_rows(pt_cursor *cursor, double *values, const quality_numbers *to, pt_err *err)
{
    size_t n = pt_cursor_columns(cursor);
    const pt_rows *rows;
    pt_rc rc;

    while ((rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        for (size_t r = 0; r < rows->n; r++) {
            for (size_t c = 0; c < n; c++)
                values[c] = quality_number(rows, c, r);
            PT_TRY(to->row(to->ctx, values, n, err));
        }
    return rc;
}

pt_rc quality_query_numbers(pt_conn *c, const pt_sql *q, const quality_numbers *to, pt_err *err)
{
    pt_cursor *cursor = NULL;
    pt_rc rc = pt_query(&cursor, c, q, err);

    if (rc != PT_OK)
        return rc;
    double *values = pt_zalloc(pt_cursor_columns(cursor) + 1, sizeof *values);
    rc = values ? give_rows(cursor, values, to, err) : pt_fail_nomem(err, "a query");
    free(values);
    pt_cursor_close(cursor);
    return rc;
}

typedef struct one_row {
    double *values;
    size_t n;
} one_row;

static pt_rc keep_row(void *ctx, const double *values, size_t n, pt_err *err)
{
    one_row *out = ctx;

    (void)err;
    memcpy(out->values, values, (n < out->n ? n : out->n) * sizeof *values);
    return PT_OK;
}

pt_rc quality_query_row(double *values, size_t n, pt_conn *c, const pt_sql *q, pt_err *err)
{
    one_row out = {values, n};
    quality_numbers to = {&out, keep_row};

    return quality_query_numbers(c, q, &to, err);
}
