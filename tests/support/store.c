#include "support/store.h"

#include <inttypes.h>
#include <math.h>

#include "base/money.h"
#include "base/time.h"
#include "support/test.h"

void test_store_open(test_store *t, const char *path)
{
    pt_err err = {0};
    pt_store_options options = {.path = path, .threads = 2, .memory = (size_t)512 << 20};

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK_OK(pt_store_open(&t->store, &options, &err));
    CHECK_OK(pt_conn_open(&t->conn, t->store, &err));
}

void test_store_close(test_store *t)
{
    pt_conn_close(t->conn);
    pt_store_close(t->store);
    *t = (test_store){0};
}

void test_exec(pt_conn *c, const char *sql)
{
    pt_err err = {0};

    CHECK_OK(pt_exec_text(c, sql, &err));
}

int64_t test_query_int(pt_conn *c, const char *sql)
{
    pt_err err = {0};
    pt_sql q = {0};
    int64_t value = 0;

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query_int(&value, c, &q, &err);
    pt_sql_free(&q);
    CHECK_OK(rc);
    return value;
}

static void add_list(pt_str *out, const pt_cells *cell, size_t i)
{
    const pt_sv *items = cell->data;

    pt_str_addc(out, '[');
    for (uint64_t k = cell->offsets[i]; k < cell->offsets[i + 1]; k++) {
        if (k > cell->offsets[i])
            pt_str_addc(out, ',');
        pt_str_addsv(out, items[k]);
    }
    pt_str_addc(out, ']');
}

static bool add_raw(pt_str *out, const pt_cells *cell, size_t i)
{
    if (cell->form == PT_CELLS_U32)
        pt_str_addf(out, "%" PRIu32, ((const uint32_t *)cell->data)[i]);
    else if (cell->form == PT_CELLS_U64)
        pt_str_addf(out, "%" PRIu64, ((const uint64_t *)cell->data)[i]);
    return cell->form != PT_CELLS_TYPED;
}

static bool cell_missing(const pt_cells *cell, size_t i)
{
    switch (cell->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)cell->data)[i] == PT_BOOL_MISSING;
    case PT_TYPE_NUMBER: return isnan(((const double *)cell->data)[i]);
    case PT_TYPE_DATE: return ((const int32_t *)cell->data)[i] == PT_I32_MISSING;
    case PT_TYPE_TEXT: return !((const pt_sv *)cell->data)[i].ptr;
    case PT_TYPE_LIST: return cell->absent[i];
    default: return ((const int64_t *)cell->data)[i] == PT_I64_MISSING;
    }
}

static void add_cell(pt_str *out, const pt_cells *cell, size_t i)
{
    char buf[64];

    if (add_raw(out, cell, i))
        return;
    if (cell_missing(cell, i)) {
        pt_str_addc(out, '~');
        return;
    }
    switch (cell->type) {
    case PT_TYPE_BOOL: pt_str_add(out, ((const uint8_t *)cell->data)[i] ? "true" : "false"); break;
    case PT_TYPE_NUMBER:
        pt_format_double(buf, ((const double *)cell->data)[i]);
        pt_str_add(out, buf);
        break;
    case PT_TYPE_DATE: pt_str_add(out, pt_date_format(buf, ((const int32_t *)cell->data)[i])); break;
    case PT_TYPE_INSTANT:
        pt_str_add(out, pt_instant_format(buf, ((const int64_t *)cell->data)[i], pt_zone_utc()));
        break;
    case PT_TYPE_MONEY:
        pt_money_format(buf, ((const int64_t *)cell->data)[i]);
        pt_str_add(out, buf);
        break;
    case PT_TYPE_TEXT: pt_str_addsv(out, ((const pt_sv *)cell->data)[i]); break;
    default: add_list(out, cell, i); break;
    }
}

static void add_rows(pt_str *out, const pt_rows *rows)
{
    for (size_t i = 0; i < rows->n; i++) {
        for (size_t c = 0; c < rows->n_cells; c++) {
            if (c)
                pt_str_addc(out, '|');
            add_cell(out, &rows->cells[c], i);
        }
        pt_str_addc(out, '\n');
    }
}

static pt_rc read_rows(pt_str *out, pt_conn *c, const char *sql, pt_err *err)
{
    pt_cursor *cur;
    const pt_rows *rows;
    pt_sql q = {0};

    pt_sql_kw(&q, sql);
    pt_rc rc = pt_query(&cur, c, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    while ((rc = pt_cursor_next(&rows, cur, err)) == PT_OK && rows)
        add_rows(out, rows);
    pt_cursor_close(cur);
    return rc;
}

const char *test_query_rows(pt_conn *c, const char *sql)
{
    static pt_str text; /* kept between tests; reachable, so no leak */
    pt_err err = {0};

    pt_str_clear(&text);
    CHECK_OK(read_rows(&text, c, sql, &err));
    return pt_str_cstr(&text);
}

pt_rc test_query_error(pt_conn *c, const char *sql, pt_err *err)
{
    pt_str text = {0};
    pt_rc rc = read_rows(&text, c, sql, err);

    pt_str_free(&text);
    return rc;
}
