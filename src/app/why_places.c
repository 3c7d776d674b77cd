/* From an event of a timeline back to the file and row it was read from. Timelines do not keep that; the store does. */
#include "app/app_int.h"
#include "app/stage_resolve.h"
#include "app/why_int.h"

/* The customer's rows in the order of the timeline: by time (none: from the beginning), then by arrival. */
static void rows_query(pt_sql *q, const pt_project *p, uint32_t source, uint32_t ordinal)
{
    pt_sql_kw(q, "SELECT f.path, r._row FROM (");
    pt_resolve_join(q, p, source);
    pt_sql_kw(q, ") AS r JOIN meta.files AS f ON f.file_number = r._file AND f.source =");
    pt_sql_bind_text(q, pt_sv_of(p->sources[source].name));
    pt_sql_kw(q, "WHERE r._ordinal =");
    pt_sql_bind_int(q, ordinal);
    pt_sql_kw(q, "ORDER BY r._time NULLS FIRST, r._file, r._row");
}

static bool is_wanted(const why_place *places, size_t n, uint32_t source)
{
    for (size_t i = 0; i < n; i++)
        if (places[i].claim->source == source)
            return true;
    return false;
}

static pt_rc take_row(const pt_rows *rows, size_t at, uint64_t event, uint32_t source, const why_place *places,
                      size_t n, pt_arena *arena, pt_err *err)
{
    const pt_cells *path = &rows->cells[0];

    for (size_t i = 0; i < n; i++) {
        pt_why_claim *claim = places[i].claim;
        if (claim->source != source || places[i].event != event)
            continue;
        pt_sv text = ((const pt_sv *)path->data)[at];
        if (!(claim->file = pt_arena_strndup(arena, text.ptr, text.len)))
            return pt_fail_nomem(err, "the places of values");
        claim->row = ((const uint64_t *)rows->cells[1].data)[at] + 1;
    }
    return PT_OK;
}

static pt_rc find_in_source(pt_conn *c, const pt_project *p, uint32_t source, uint32_t ordinal, const why_place *places,
                            size_t n, pt_arena *arena, pt_err *err)
{
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;
    pt_sql q = {0};
    uint64_t event = 0;

    rows_query(&q, p, source, ordinal);
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        for (size_t i = 0; i < rows->n && rc == PT_OK; i++, event++)
            rc = take_row(rows, i, event, source, places, n, arena, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

pt_rc why_find_places(bool *placed, const pt_app *app, uint32_t ordinal, const why_place *places, size_t n,
                      pt_arena *arena, pt_err *err)
{
    const pt_project *p = app->project;
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_rc rc = PT_OK;

    *placed = false;
    if (!n)
        return PT_OK;
    const char *path = pt_arena_printf(arena, "%s/store.duckdb", p->data_dir);
    if (!path)
        return pt_fail_nomem(err, "the places of values");
    pt_store_options options = {.path = path, .read_only = true, .threads = 1};
    if (pt_store_open(&store, &options, NULL) != PT_OK || pt_conn_open(&conn, store, NULL) != PT_OK) {
        pt_store_close(store);
        return PT_OK;
    }
    for (uint32_t s = 0; s < p->n_sources && rc == PT_OK; s++)
        if (is_wanted(places, n, s))
            rc = find_in_source(conn, p, s, ordinal, places, n, arena, err);
    *placed = rc == PT_OK;
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}
