#include "app/likenesses.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "project/link_config.h"

static void likenesses_query(pt_sql *q, uint32_t ordinal)
{
    pt_sql_kw(q, "SELECT e.a_type, e.a_value, e.b_type, e.b_value, e.rule, e.score FROM identity.standing AS e"
                 " JOIN identity.members AS a ON a.type = e.a_type AND a.value = e.a_value"
                 " JOIN identity.members AS b ON b.type = e.b_type AND b.value = e.b_value AND b.ordinal = a.ordinal"
                 " WHERE e.score < 1 AND a.ordinal =");
    pt_sql_bind_int(q, ordinal);
    pt_sql_kw(q, "ORDER BY e.score DESC, e.a_type, e.a_value, e.b_type, e.b_value");
}

static bool keep_text(pt_sv *out, const pt_rows *rows, size_t cell, size_t row, pt_arena *arena)
{
    pt_sv text = ((const pt_sv *)rows->cells[cell].data)[row];

    *out = (pt_sv){pt_arena_strndup(arena, text.ptr ? text.ptr : "", text.len), text.len};
    return out->ptr != NULL;
}

static pt_rc take_row(pt_likeness *out, const pt_rows *rows, size_t row, pt_arena *arena, pt_err *err)
{
    pt_sv rule;

    if (!keep_text(&out->a.type, rows, 0, row, arena) || !keep_text(&out->a.value, rows, 1, row, arena) ||
        !keep_text(&out->b.type, rows, 2, row, arena) || !keep_text(&out->b.value, rows, 3, row, arena) ||
        !keep_text(&rule, rows, 4, row, arena))
        return pt_fail_nomem(err, "what holds a customer together");
    out->rule = rule.ptr;
    out->score = ((const double *)rows->cells[5].data)[row];
    return PT_OK;
}

static pt_rc read_all(pt_likenesses *out, pt_conn *c, uint32_t ordinal, pt_arena *arena, pt_err *err)
{
    pt_likeness *items = NULL;
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    size_t cap = 0;

    likenesses_query(&q, ordinal);
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows) {
        if (!pt_grow(&items, &cap, out->n + rows->n, sizeof *items))
            rc = pt_fail_nomem(err, "what holds a customer together");
        for (size_t i = 0; rc == PT_OK && i < rows->n; i++)
            rc = take_row(&items[out->n++], rows, i, arena, err);
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_likeness *kept = rc == PT_OK ? PT_NEW_ARRAY(arena, pt_likeness, out->n) : NULL;
    if (rc == PT_OK && !kept)
        rc = pt_fail_nomem(err, "what holds a customer together");
    if (rc == PT_OK && out->n)
        memcpy(kept, items, out->n * sizeof *kept);
    out->items = kept;
    free(items);
    return rc;
}

pt_rc pt_app_likenesses(pt_likenesses *out, const pt_app *app, uint32_t ordinal, pt_arena *arena, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_rc rc = PT_OK;

    *out = (pt_likenesses){0};
    if (!app->project->link->on)
        return PT_OK;
    const char *path = pt_arena_printf(arena, "%s/store.duckdb", app->project->data_dir);
    if (!path)
        return pt_fail_nomem(err, "what holds a customer together");
    pt_store_options options = {.path = path, .read_only = true, .threads = 1};
    if (pt_store_open(&store, &options, NULL) == PT_OK && pt_conn_open(&conn, store, NULL) == PT_OK)
        rc = read_all(out, conn, ordinal, arena, err);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}
