/* Results, streamed one chunk at a time. */
#include <math.h>
#include <stdlib.h>

#include "store/store_int.h"

struct pt_cursor {
    pt_conn *conn;
    pt_arena *arena;
    duckdb_prepared_statement statement;
    duckdb_result result;
    duckdb_data_chunk chunk;
    result_column *columns;
    size_t n_columns;
    pt_cells *cells;
    pt_rows rows;
    bool user_sql, streamed, has_result, ended;
};

/* --- columns of a result ----------------------------------------------------------------------------------------------- */

static pt_rc alloc_cells(result_column *col, size_t capacity, pt_arena *arena, pt_err *err)
{
    col->cells = pt_arena_array(arena, capacity, sizeof(pt_sv));
    bool ok = col->cells != NULL;
    if (col->type == PT_TYPE_LIST) {
        col->offsets = PT_NEW_ARRAY(arena, uint64_t, capacity + 1);
        col->absent = PT_NEW_ARRAY(arena, uint8_t, capacity);
        ok = ok && col->offsets && col->absent && pt_grow(&col->items, &col->cap_items, capacity, sizeof *col->items);
    }
    return ok ? PT_OK : pt_fail_nomem(err, "a result's columns");
}

static pt_rc open_column(pt_cursor *cur, size_t i, pt_err *err)
{
    result_column *col = &cur->columns[i];
    pt_rc rc;

    col->api = cur->conn->api;
    col->name = pt_arena_strdup(cur->arena, col->api->column_name(&cur->result, i));
    if (!col->name)
        return pt_fail_nomem(err, "a result's columns");
    duckdb_logical_type type = col->api->column_logical_type(&cur->result, i);
    rc = pt_duckdb_choose_kind(col, type, cur->arena, err);
    col->api->destroy_logical_type(&type);
    if (rc == PT_OK && !col->copy) {
        pt_fail(err, PT_EINVAL, "column '%s' of the result has a type that has no counterpart here", col->name);
        return pt_err_hint(err, "cast it in the SQL, for example CAST(%s AS VARCHAR)", col->name);
    }
    return rc == PT_OK ? alloc_cells(col, (size_t)col->api->vector_size(), cur->arena, err) : rc;
}

static pt_rc open_columns(pt_cursor *cur, pt_err *err)
{
    cur->n_columns = (size_t)cur->conn->api->column_count(&cur->result);
    cur->columns = PT_NEW_ARRAY(cur->arena, result_column, cur->n_columns);
    cur->cells = PT_NEW_ARRAY(cur->arena, pt_cells, cur->n_columns);
    if (!cur->columns || !cur->cells) {
        cur->n_columns = 0;
        return pt_fail_nomem(err, "a result's columns");
    }
    for (size_t i = 0; i < cur->n_columns; i++)
        PT_TRY(open_column(cur, i, err));
    return PT_OK;
}

/* --- the cursor ---------------------------------------------------------------------------------------------------- */

/* When one of the engine's threads fails in the middle of a streamed result, the others are interrupted, and now and then it is
 * their end that gets reported. Nobody asked for that: run the query (it only reads) to its failure again, for the reason. */
static pt_rc failure(pt_cursor *cur, pt_err *err)
{
    const duckdb_api *api = cur->conn->api;
    pt_rc rc = pt_duckdb_fail_result(err, api, &cur->result, cur->user_sql);
    duckdb_result again;

    if (rc != PT_ECANCELED || atomic_exchange(&cur->conn->stop, false))
        return rc;
    rc = api->execute_prepared(cur->statement, &again) == DuckDBSuccess
             ? PT_ECANCELED
             : pt_duckdb_fail_result(err, api, &again, cur->user_sql);
    api->destroy_result(&again);
    if (rc != PT_ECANCELED || atomic_exchange(&cur->conn->stop, false))
        return rc;
    return pt_fail(err, PT_EENGINE, "DuckDB: the query failed while its result was being read");
}

static pt_rc execute(pt_cursor *cur, const pt_sql *q, bool stream, pt_err *err)
{
    const duckdb_api *api = cur->conn->api;

    PT_TRY(pt_conn_prepare(&cur->statement, cur->conn, q, err));
    cur->has_result = true; /* a result is destroyed even when the statement failed */
    if ((stream ? api->execute_prepared_streaming : api->execute_prepared)(cur->statement, &cur->result) !=
        DuckDBSuccess)
        return failure(cur, err);
    return open_columns(cur, err);
}

static pt_rc query(pt_cursor **out, pt_conn *c, const pt_sql *q, bool stream, pt_err *err)
{
    pt_cursor *cur = pt_zalloc(1, sizeof *cur);
    pt_rc rc;

    *out = NULL;
    if (!cur || !(cur->arena = pt_arena_new(0))) {
        free(cur);
        return pt_fail_nomem(err, "a result");
    }
    cur->conn = c;
    cur->user_sql = q->user;
    cur->streamed = stream;
    rc = execute(cur, q, stream, err);
    if (rc != PT_OK) {
        pt_cursor_close(cur);
        return rc;
    }
    c->open_cursor = cur;
    *out = cur;
    return PT_OK;
}

pt_rc pt_query(pt_cursor **out, pt_conn *c, const pt_sql *q, pt_err *err)
{
    return query(out, c, q, true, err);
}

size_t pt_cursor_columns(const pt_cursor *cur)
{
    return cur->n_columns;
}

const char *pt_cursor_name(const pt_cursor *cur, size_t column)
{
    return cur->columns[column].name;
}

pt_type pt_cursor_type(const pt_cursor *cur, size_t column)
{
    return cur->columns[column].type;
}

/* After its last batch a cursor no longer holds the connection. */
static void release_connection(pt_cursor *cur)
{
    cur->ended = true;
    if (cur->conn->open_cursor == cur)
        cur->conn->open_cursor = NULL;
}

static pt_rc fill_cells(pt_cursor *cur, size_t n, pt_err *err)
{
    for (size_t i = 0; i < cur->n_columns; i++) {
        result_column *col = &cur->columns[i];
        const char *wrong = col->copy(col, cur->conn->api->data_chunk_get_vector(cur->chunk, i), n);
        if (wrong == pt_copy_nomem)
            return pt_fail_nomem(err, "a result's columns");
        if (wrong)
            return pt_fail(err, PT_EINVAL, "column '%s' of the result holds %s", col->name, wrong);
        bool list = col->type == PT_TYPE_LIST;
        cur->cells[i] = (pt_cells){col->form, col->type, list ? col->items : col->cells, col->offsets, col->absent};
    }
    cur->rows = (pt_rows){n, cur->n_columns, cur->cells};
    return PT_OK;
}

static pt_rc fetch(pt_cursor *cur, pt_err *err)
{
    const duckdb_api *api = cur->conn->api;
    pt_rc rc = pt_conn_stopped(cur->conn, err);

    if (rc != PT_OK)
        return rc;
    if (cur->chunk)
        api->destroy_data_chunk(&cur->chunk);
    cur->chunk = api->fetch_chunk(cur->result);
    if (cur->chunk)
        return PT_OK;
    if (!api->result_error(&cur->result))
        return PT_OK;
    return failure(cur, err);
}

pt_rc pt_cursor_next(const pt_rows **out, pt_cursor *cur, pt_err *err)
{
    pt_rc rc = PT_OK;

    *out = NULL;
    while (!cur->ended) {
        rc = fetch(cur, err);
        size_t n = rc == PT_OK && cur->chunk ? (size_t)cur->conn->api->data_chunk_get_size(cur->chunk) : 0;
        if (n)
            rc = fill_cells(cur, n, err);
        if (rc != PT_OK || !cur->chunk)
            release_connection(cur);
        if (rc != PT_OK)
            break;
        if (n) {
            *out = &cur->rows;
            break;
        }
    }
    return rc;
}

/* A stream left before its end keeps its transaction open until the connection's next statement, which would take with
 * it what is done in between (a function that is defined). This is that statement. */
static void end_stream(pt_cursor *cur)
{
    duckdb_result ignored;

    cur->conn->api->query(cur->conn->handle, "SELECT NULL", &ignored);
    cur->conn->api->destroy_result(&ignored);
}

void pt_cursor_close(pt_cursor *cur)
{
    if (!cur)
        return;
    const duckdb_api *api = cur->conn->api;
    bool left = cur->streamed && cur->has_result && !cur->ended;
    release_connection(cur);
    if (cur->chunk)
        api->destroy_data_chunk(&cur->chunk);
    if (cur->has_result)
        api->destroy_result(&cur->result);
    if (cur->statement)
        api->destroy_prepare(&cur->statement);
    if (left)
        end_stream(cur);
    for (size_t i = 0; i < cur->n_columns; i++)
        free(cur->columns[i].items);
    pt_arena_free(cur->arena);
    free(cur);
}

/* --- one value ----------------------------------------------------------------------------------------------------- */

static pt_rc first_row(pt_cursor **out, const pt_cells **cell, pt_conn *c, const pt_sql *q, pt_err *err)
{
    const pt_rows *rows;
    pt_rc rc;

    PT_TRY(query(out, c, q, false, err));
    rc = pt_cursor_next(&rows, *out, err);
    if (rc == PT_OK && !rows)
        rc = pt_fail(err, PT_ENOTFOUND, "the query has no row");
    if (rc == PT_OK)
        *cell = &rows->cells[0];
    return rc;
}

/* Integers beyond 2^53 would lose digits as numbers; counts and sizes do not get there. */
static bool cell_integer(int64_t *out, const pt_cells *cell)
{
    if (cell->form == PT_CELLS_U32) {
        *out = ((const uint32_t *)cell->data)[0];
        return true;
    }
    if (cell->form == PT_CELLS_U64) {
        *out = (int64_t)((const uint64_t *)cell->data)[0];
        return true;
    }
    switch (cell->type) {
    case PT_TYPE_BOOL: *out = ((const uint8_t *)cell->data)[0]; return *out != PT_BOOL_MISSING;
    case PT_TYPE_DATE: *out = ((const int32_t *)cell->data)[0]; return *out != PT_I32_MISSING;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT: *out = ((const int64_t *)cell->data)[0]; return *out != PT_I64_MISSING;
    case PT_TYPE_NUMBER: {
        double v = ((const double *)cell->data)[0];
        if (isnan(v) || fabs(v) > 9.0e18)
            return false;
        *out = (int64_t)v;
        return true;
    }
    default: return false;
    }
}

pt_rc pt_query_int(int64_t *out, pt_conn *c, const pt_sql *q, pt_err *err)
{
    pt_cursor *cur = NULL;
    const pt_cells *cell = NULL;
    pt_rc rc = first_row(&cur, &cell, c, q, err);

    *out = 0;
    if (rc == PT_OK && !cell_integer(out, cell))
        rc = pt_fail(err, PT_ENOTFOUND, "the query's value is missing");
    pt_cursor_close(cur);
    return rc;
}

pt_rc pt_query_text(char **out, pt_conn *c, const pt_sql *q, pt_arena *a, pt_err *err)
{
    pt_cursor *cur = NULL;
    const pt_cells *cell = NULL;
    pt_rc rc = first_row(&cur, &cell, c, q, err);

    *out = NULL;
    if (rc == PT_OK && cell->type != PT_TYPE_TEXT)
        rc = pt_fail(err, PT_EINVAL, "the query's value is not a text");
    if (rc == PT_OK && !((const pt_sv *)cell->data)->ptr)
        rc = pt_fail(err, PT_ENOTFOUND, "the query's value is missing");
    if (rc == PT_OK) {
        const pt_sv *text = cell->data;
        *out = pt_arena_strndup(a, text->ptr, text->len);
        if (!*out)
            rc = pt_fail_nomem(err, "a text");
    }
    pt_cursor_close(cur);
    return rc;
}
