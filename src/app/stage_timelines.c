/* Cleaned rows, joined to ordinals, into one timeline a source. Each worker fetches its own part of the rows over its own
 * connection; the timeline's bytes do not depend on how rows were parted. */
#include "app/build_int.h"

/* Order of arrival: file by file, row by row. 2^40 rows a file. */
#define SEQUENCE "_file::UBIGINT * 1099511627776::UBIGINT + _row"

typedef struct row_place {
    uint32_t file;
    uint64_t row;
} row_place;

typedef struct fetch {
    pt_build *build;
    size_t source;
    pt_timeline_builder *builder;
    const row_place *cuts; /* part i holds the rows from cuts[i] up to cuts[i + 1]; n_parts - 1 inner cuts */
    size_t n_parts;
    uint64_t total;
    _Atomic uint64_t done;
} fetch;

char *pt_timeline_file(pt_arena *a, const char *source)
{
    return pt_arena_printf(a, "%s.timeline", source);
}

/* --- parting the rows --------------------------------------------------------------------------------------------- */

/* rows[i] of file files[i]: where the k-th of n equal parts begins. */
static row_place cut_at(const pt_rows *files, uint64_t target)
{
    const uint32_t *file = files->cells[0].data;
    const uint64_t *rows = files->cells[1].data;

    for (size_t i = 0; i < files->n; i++) {
        if (target < rows[i])
            return (row_place){file[i], target};
        target -= rows[i];
    }
    return (row_place){UINT32_MAX, 0};
}

/* Equal parts by row number. The list of files fits one batch of the engine's or is not parted at all: then the rows are
 * in thousands of small files, and one worker's cursor is fed by all of the engine's threads anyway. */
static pt_rc cut_rows(fetch *f, unsigned workers, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *files;
    row_place *cuts = PT_NEW_ARRAY(f->build->arena, row_place, workers + 1);

    f->n_parts = 1;
    f->cuts = cuts;
    if (!cuts)
        return pt_fail_nomem(err, "the rows");
    pt_sql_kw(&q, "SELECT _file, max(_row) + 1::UBIGINT FROM clean.");
    pt_sql_ident(&q, f->build->project->sources[f->source].name);
    pt_sql_kw(&q, "GROUP BY 1 ORDER BY 1");
    pt_rc rc = pt_query(&cursor, f->build->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&files, cursor, err)) == PT_OK && files && files->n < 1024) {
        uint64_t all = 0;
        for (size_t i = 0; i < files->n; i++)
            all += ((const uint64_t *)files->cells[1].data)[i];
        f->n_parts = all < 100000 ? 1 : workers;
        for (size_t i = 1; i < f->n_parts; i++)
            cuts[i] = cut_at(files, all / f->n_parts * i);
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* "at or after `place`" or "before `place`". */
static void add_bound(pt_sql *q, row_place place, bool before)
{
    pt_sql_kw(q, before ? "AND (_file <" : "AND (_file >");
    pt_sql_bind_int(q, place.file);
    pt_sql_kw(q, "OR (_file =");
    pt_sql_bind_int(q, place.file);
    pt_sql_kw(q, before ? "AND _row <" : "AND _row >=");
    pt_sql_bind_int(q, (int64_t)place.row);
    pt_sql_kw(q, "))");
}

static void fetch_query(pt_sql *q, const fetch *f, size_t part)
{
    const pt_source *s = &f->build->project->sources[f->source];

    pt_sql_kw(q, "SELECT _ordinal, _time," SEQUENCE);
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_sql_kw(q, ",");
        pt_sql_ident(q, s->columns[i].name);
    }
    pt_sql_kw(q, "FROM (");
    pt_resolve_join(q, f->build->project, f->source);
    pt_sql_kw(q, ") WHERE TRUE");
    if (part > 0)
        add_bound(q, f->cuts[part], false);
    if (part + 1 < f->n_parts)
        add_bound(q, f->cuts[part + 1], true);
}

/* --- fetching ----------------------------------------------------------------------------------------------------- */

static pt_rc drain(fetch *f, unsigned worker, pt_cursor *cursor, pt_err *err)
{
    const char *name = f->build->project->sources[f->source].name;
    const pt_rows *rows;

    for (;;) {
        PT_TRY(pt_cancel_check(f->build->options->cancel, err));
        PT_TRY(pt_cursor_next(&rows, cursor, err));
        if (!rows)
            return PT_OK;
        PT_TRY(pt_timeline_builder_add(f->builder, worker, rows, err));
        uint64_t done = atomic_fetch_add(&f->done, rows->n) + rows->n;
        if (worker == 0)
            pt_build_report(f->build, PT_STAGE_TIMELINES, name, done, f->total);
    }
}

static pt_rc fetch_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    fetch *f = arg;
    pt_sql q = {0};
    pt_conn *conn = NULL;
    pt_cursor *cursor = NULL;
    pt_rc rc = pt_conn_open(&conn, f->build->store, err);

    if (rc != PT_OK)
        return rc;
    pt_cancel_watch(f->build->options->cancel, conn);
    fetch_query(&q, f, index);
    if ((rc = pt_query(&cursor, conn, &q, err)) == PT_OK)
        rc = drain(f, worker, cursor, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_cancel_unwatch(f->build->options->cancel, conn);
    pt_conn_close(conn);
    return rc;
}

/* --- one source --------------------------------------------------------------------------------------------------- */

static pt_rc schema_of(pt_timeline_schema *out, const pt_source *s, pt_arena *arena, pt_err *err)
{
    pt_timeline_column *columns = PT_NEW_ARRAY(arena, pt_timeline_column, s->n_columns);

    if (!columns)
        return pt_fail_nomem(err, "the timeline");
    for (size_t i = 0; i < s->n_columns; i++)
        columns[i] = (pt_timeline_column){s->columns[i].name, s->columns[i].type};
    *out = (pt_timeline_schema){s->name, columns, s->n_columns};
    return PT_OK;
}

/* A timeline follows from its rows and from whose they are. */
static pt_hash128 made_from(const pt_build *b, size_t source)
{
    pt_hash128 parts[] = {b->source_hash[source], b->resolved.directory};

    return pt_hash128_of(parts, sizeof parts);
}

static pt_rc write_timeline(pt_build *b, size_t source, const char *path, pt_err *err)
{
    const pt_source *s = &b->project->sources[source];
    fetch f = {.build = b, .source = source, .total = b->sources[source].read.rows};
    pt_timeline_schema schema;
    pt_timeline_options options = {.ordinals = b->resolved.ordinals,
                                   .memory = b->options->memory / 4,
                                   .workers = pt_pool_threads(b->pool),
                                   .made_from = made_from(b, source)};

    PT_TRY(schema_of(&schema, s, b->arena, err));
    PT_TRY(cut_rows(&f, options.workers, err));
    PT_TRY(pt_timeline_builder_new(&f.builder, path, &schema, &options, err));
    pt_rc rc = pt_pool_run(b->pool, f.n_parts, fetch_part, &f, err);
    if (rc != PT_OK) {
        pt_timeline_builder_abort(f.builder);
        return rc;
    }
    return pt_timeline_builder_finish(f.builder, b->pool, err);
}

/* Whether the published timeline of that name is what this build would make; a damaged one is not. */
static bool still_good(pt_build *b, size_t source, const char *file)
{
    const char *earlier = pt_draft_earlier(b->draft, file);
    pt_hash128 wanted = made_from(b, source), found;
    pt_timeline *t;
    pt_err ignored;

    if (!earlier || pt_timeline_open(&t, earlier, &ignored) != PT_OK)
        return false;
    found = pt_timeline_made_from(t);
    bool good = found.lo == wanted.lo && found.hi == wanted.hi &&
                pt_timeline_check(t, 0, pt_timeline_ordinals(t), &ignored) == PT_OK;
    pt_timeline_close(t);
    return good;
}

static pt_rc make_timeline(pt_build *b, size_t source, pt_err *err)
{
    pt_build_source *stats = &b->sources[source];
    const char *file = pt_timeline_file(b->arena, b->project->sources[source].name);
    const char *path = file ? pt_draft_path(b->draft, file) : NULL;
    pt_timeline *t;

    if (!path)
        return pt_fail_nomem(err, "the timeline");
    stats->has_timeline = true;
    stats->timeline_kept = still_good(b, source, file);
    if (stats->timeline_kept)
        PT_TRY(pt_draft_keep(b->draft, file, err));
    else
        PT_TRY(write_timeline(b, source, path, err));
    PT_TRY(pt_timeline_open(&t, path, err));
    b->timelines[source] = t;
    b->events[source] = (pt_events){pt_timeline_offsets(t), pt_timeline_times(t), pt_timeline_columns(t)};
    stats->events = pt_timeline_events(t);
    stats->timeline_bytes = pt_timeline_bytes(t);
    return pt_resolve_unplaced(&stats->events_unplaced, b->project, source, b->conn, err);
}

pt_rc pt_stage_timelines(pt_build *b, pt_err *err)
{
    for (size_t s = 0; s < b->project->n_sources; s++) {
        if (!pt_source_has_timeline(&b->project->sources[s]))
            continue;
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        PT_TRY(make_timeline(b, s, err));
    }
    return PT_OK;
}
