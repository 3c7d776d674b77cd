#include "app/dry_run.h"

#include "app/app_int.h"
#include "app/build_int.h"
#include "clean/clean.h"

/* --- what columns hold ---------------------------------------------------------------------------------------------- */

static bool has_order(pt_type type)
{
    return type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY || type == PT_TYPE_DATE || type == PT_TYPE_INSTANT;
}

static bool has_mean(pt_type type)
{
    return type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY;
}

/* The most frequent values, texts cut: "app (1200), web (300)". */
static void add_top(pt_sql *q, const char *from, const char *column)
{
    pt_sql_kw(q, "(SELECT string_agg(left(CAST(v AS VARCHAR), 24) || ' (' || n || ')', ', ' ORDER BY n DESC, v) FROM "
                 "(SELECT");
    pt_sql_ident(q, column);
    pt_sql_kw(q, "AS v, count(*) AS n FROM");
    pt_sql_kw(q, from);
    pt_sql_kw(q, "WHERE v IS NOT NULL GROUP BY v ORDER BY n DESC, v LIMIT 3))");
}

/* Five texts of one column, and its counts before them. Amounts and means without zeros at their end. */
static void add_measures(pt_sql *q, const char *from, const pt_source *s, const pt_source_column *c)
{
    static const char *const functions[] = {"min", "avg", "max"};
    bool shown = !pt_clean_is_private(s, c->name);

    pt_sql_kw(q, "SELECT count(*)::UBIGINT, (count(*) - count(x))::UBIGINT, count(DISTINCT x)::UBIGINT");
    for (size_t i = 0; i < PT_COUNT(functions); i++) {
        bool there = shown && has_order(c->type) && (i != 1 || has_mean(c->type));
        pt_sql_kw(q, there ? "," : ", NULL::VARCHAR");
        if (!there)
            continue;
        pt_sql_kw(q, has_mean(c->type) ? "trim(replace(CAST(round(CAST(" : "CAST((");
        pt_sql_kw(q, functions[i]);
        pt_sql_kw(q, has_mean(c->type) ? "(x) AS DOUBLE), 4) AS VARCHAR) || ' ', '.0 ', ''))" : "(x)) AS VARCHAR)");
    }
    pt_sql_kw(q, ",");
    if (shown && !has_order(c->type))
        add_top(q, from, c->name);
    else
        pt_sql_kw(q, "NULL::VARCHAR");
    pt_sql_kw(q, "FROM (SELECT");
    pt_sql_ident(q, c->name);
    pt_sql_kw(q, "AS x FROM");
    pt_sql_kw(q, from);
    pt_sql_kw(q, ")");
}

static pt_rc keep_text(const char **out, const pt_rows *rows, size_t cell, pt_arena *a, pt_err *err)
{
    const pt_sv *text = rows->cells[cell].data;

    *out = text->ptr ? pt_arena_strndup(a, text->ptr, text->len) : NULL;
    return text->ptr && !*out ? pt_fail_nomem(err, "what columns hold") : PT_OK;
}

static pt_rc keep_values(pt_dry_values *out, uint64_t *total, const pt_rows *rows, pt_arena *a, pt_err *err)
{
    *total = *(const uint64_t *)rows->cells[0].data;
    out->missing = *(const uint64_t *)rows->cells[1].data;
    out->distinct = *(const uint64_t *)rows->cells[2].data;
    PT_TRY(keep_text(&out->least, rows, 3, a, err));
    PT_TRY(keep_text(&out->mean, rows, 4, a, err));
    PT_TRY(keep_text(&out->most, rows, 5, a, err));
    return keep_text(&out->top, rows, 6, a, err);
}

static pt_rc measure(pt_dry_values *out, uint64_t *total, const char *schema, const pt_source *s,
                     const pt_source_column *c, const pt_build *b, pt_err *err)
{
    pt_sql from = {0}, q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&from, schema);
    pt_sql_ident(&from, s->name);
    add_measures(&q, pt_str_cstr(&from.text), s, c);
    q.text.failed |= from.text.failed;
    pt_rc rc = pt_query(&cursor, b->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = keep_values(out, total, rows, b->arena, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_sql_free(&from);
    return rc;
}

static pt_rc compare_source(pt_dry_source *out, const pt_source *s, const pt_build *b, pt_err *err)
{
    pt_dry_column *columns = PT_NEW_ARRAY(b->arena, pt_dry_column, s->n_columns);

    if (!columns)
        return pt_fail_nomem(err, "what columns hold");
    *out = (pt_dry_source){.name = s->name, .columns = columns, .n_columns = s->n_columns};
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        columns[i] = (pt_dry_column){.name = c->name, .type = c->type, .added = i >= s->n_file_columns};
        PT_TRY(pt_cancel_check(b->options->cancel, err));
        if (!columns[i].added)
            PT_TRY(measure(&columns[i].before, &out->rows_before, "raw.", s, c, b, err));
        PT_TRY(measure(&columns[i].after, &out->rows_after, "clean.", s, c, b, err));
    }
    return PT_OK;
}

static pt_rc compare(pt_dry_run *out, const pt_build *b, pt_err *err)
{
    pt_dry_source *sources = PT_NEW_ARRAY(b->arena, pt_dry_source, b->project->n_sources);

    if (!sources)
        return pt_fail_nomem(err, "what columns hold");
    out->sources = sources;
    for (size_t s = 0; s < b->project->n_sources; s++)
        if (b->project->sources[s].n_clean)
            PT_TRY(compare_source(&sources[out->n_sources++], &b->project->sources[s], b, err));
    return PT_OK;
}

/* --- the copy ------------------------------------------------------------------------------------------------------- */

/* The store as it is, with what a dead build may have left in its log; none is fine. */
static pt_rc copy_store(const char **out, const pt_build *b, pt_err *err)
{
    static const char *const parts[] = {"", ".wal"};
    const char *store = pt_data_dir_store(b->data),
               *copy = pt_path_join(b->arena, pt_data_dir_tmp(b->data), "dry.duckdb");

    for (size_t i = 0; copy && i < PT_COUNT(parts); i++) {
        const char *from = pt_arena_printf(b->arena, "%s%s", store, parts[i]);
        const char *to = pt_arena_printf(b->arena, "%s%s", copy, parts[i]);
        if (!from || !to)
            return pt_fail_nomem(err, "the dry run");
        if (pt_is_file(from))
            PT_TRY(pt_copy_file(from, to, err));
    }
    *out = copy;
    return copy ? PT_OK : pt_fail_nomem(err, "the dry run");
}

static pt_rc acquire(pt_build *b, pt_err *err)
{
    const char *path;

    PT_TRY(pt_build_arrays(b, err));
    PT_TRY(pt_data_dir_open_for(&b->data, b->project->data_dir, "build", err));
    PT_TRY(copy_store(&path, b, err));
    pt_store_options options = {.path = path,
                                .temp_dir = pt_data_dir_tmp(b->data),
                                .memory = b->options->memory / 2,
                                .threads = b->options->threads};
    PT_TRY(pt_store_open(&b->store, &options, err));
    PT_TRY(pt_conn_open(&b->conn, b->store, err));
    pt_cancel_watch(b->options->cancel, b->conn);
    return PT_OK;
}

/* Closing the folder empties tmp/, where the copy is. */
static void release(pt_build *b)
{
    if (b->conn)
        pt_cancel_unwatch(b->options->cancel, b->conn);
    pt_conn_close(b->conn);
    pt_store_close(b->store);
    pt_data_dir_close(b->data);
}

static pt_rc run(pt_dry_run *out, pt_build *b, pt_err *err)
{
    PT_TRY(acquire(b, err));
    PT_TRY(pt_stage_read(b, err));
    PT_TRY(pt_stage_clean(b, err));
    out->as_of = b->as_of;
    return compare(out, b, err);
}

pt_rc pt_app_dry_run(pt_dry_run *out, pt_app *app, const pt_build_options *options, pt_arena *arena, pt_err *err)
{
    pt_build b = {.project = app->project, .options = options, .result = &out->read, .arena = arena};

    *out = (pt_dry_run){0};
    PT_TRY(pt_app_sound(app, err));
    pt_rc rc = run(out, &b, err);
    release(&b);
    if (rc != PT_OK && pt_cancel_fired(options->cancel))
        return pt_cancel_check(options->cancel, err);
    return rc;
}
