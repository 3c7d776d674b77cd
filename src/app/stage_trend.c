/* What a build found, in a few hundred lines: history/gNNNNNN.trend. */
#include <stdlib.h>

#include "app/build_int.h"
#include "app/history.h"
#include "app/trend_file.h"

typedef struct measuring {
    pt_build *build;
    pt_arena *arena;
    pt_arena **arenas; /* by worker */
    pt_tagset *tags;
    pt_trend_tag *out;
    pt_trend_state state;
} measuring;

/* --- tags ------------------------------------------------------------------------------------------------------------------ */

static pt_rc measure(void *arg, size_t at, unsigned worker, pt_err *err)
{
    measuring *m = arg;
    const pt_project *p = m->build->project;
    const char *name = pt_tagset_info(m->tags, at)->name;
    int tag = pt_project_find_tag(p, pt_sv_of(name));
    const pt_column *column;

    PT_TRY(pt_cancel_check(m->build->options->cancel, err));
    PT_TRY(pt_tagset_column(&column, m->tags, at, err));
    return pt_trend_measure(&m->out[at], name, column, pt_tagset_ordinals(m->tags),
                            tag >= 0 && pt_trend_keeps_values(p, (uint32_t)tag), m->arenas[worker], err);
}

static pt_rc measure_tags(measuring *m, pt_err *err)
{
    unsigned workers = pt_pool_threads(m->build->pool);

    m->state.n_tags = pt_tagset_count(m->tags);
    m->state.tags = m->out = PT_NEW_ARRAY(m->arena, pt_trend_tag, m->state.n_tags);
    m->arenas = PT_NEW_ARRAY(m->arena, pt_arena *, workers);
    if (!m->out || !m->arenas)
        return pt_fail_nomem(err, "a trend");
    for (unsigned w = 0; w < workers; w++)
        if (!(m->arenas[w] = pt_arena_new(0)))
            return pt_fail_nomem(err, "a trend");
    return pt_pool_run(m->build->pool, m->state.n_tags, measure, m, err);
}

/* --- segments -------------------------------------------------------------------------------------------------------------- */

static pt_rc take_sizes(measuring *m, pt_err *err)
{
    const pt_build_result *r = m->build->result;
    pt_trend_size *sizes = PT_NEW_ARRAY(m->arena, pt_trend_size, r->n_segments);

    if (!sizes)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < r->n_segments; i++)
        sizes[i] = (pt_trend_size){r->segments[i].name, r->segments[i].members};
    m->state.segments = sizes;
    m->state.n_segments = r->n_segments;
    return PT_OK;
}

/* --- quality --------------------------------------------------------------------------------------------------------------- */

static pt_rc take_scores(measuring *m, const pt_rows *rows, pt_err *err)
{
    const pt_sv *sources = rows->cells[0].data;
    const double *values = rows->cells[1].data;
    pt_trend_score *scores = PT_NEW_ARRAY(m->arena, pt_trend_score, rows->n);

    if (!scores)
        return pt_fail_nomem(err, "a trend");
    for (size_t i = 0; i < rows->n; i++) {
        scores[i].source = pt_arena_strndup(m->arena, sources[i].ptr, sources[i].len);
        scores[i].score = values[i];
        if (!scores[i].source)
            return pt_fail_nomem(err, "a trend");
    }
    m->state.scores = scores;
    m->state.n_scores = rows->n;
    return PT_OK;
}

static pt_rc ask_scores(measuring *m, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&q, "SELECT k.source, h.value::DOUBLE FROM meta.quality_kept k JOIN meta.quality_history h ON"
                  " h.source = k.source AND h.run = k.run AND h.column_name = '' AND h.measure = 'score'"
                  " WHERE isfinite(h.value) ORDER BY 1 LIMIT");
    pt_sql_bind_int(&q, (int64_t)m->build->project->n_sources);
    pt_rc rc = pt_query(&cursor, m->build->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take_scores(m, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* --- the file -------------------------------------------------------------------------------------------------------------- */

static pt_rc write_file(const measuring *m, pt_err *err)
{
    const pt_build *b = m->build;
    const char *dir = pt_path_join(m->arena, pt_data_dir_path(b->data), PT_HISTORY_DIR);
    const char *path = dir ? pt_arena_printf(m->arena, "%s/%s" PT_HISTORY_TREND, dir, pt_draft_name(b->draft)) : NULL;
    pt_str text = {0};

    if (!path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(pt_mkdirs(dir, err));
    pt_trend_write(&text, &m->state, 1, false);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

static pt_rc keep(measuring *m, const pt_map *tags, pt_err *err)
{
    PT_TRY(pt_tagset_open(&m->tags, tags->ptr, tags->size, err));
    m->state.as_of = m->build->as_of;
    m->state.customers = m->build->resolved.customers;
    PT_TRY(measure_tags(m, err));
    PT_TRY(take_sizes(m, err));
    PT_TRY(ask_scores(m, err));
    return write_file(m, err);
}

pt_rc pt_trend_keep(pt_build *b, pt_err *err)
{
    measuring m = {.build = b, .arena = pt_arena_new(0)};
    const char *path = pt_draft_path(b->draft, PT_FILE_TAGS);
    pt_map map = {0};
    pt_rc rc = m.arena && path ? pt_map_open(&map, path, err) : pt_fail_nomem(err, "a trend");

    if (rc == PT_OK)
        rc = keep(&m, &map, err);
    for (unsigned w = 0; m.arenas && w < pt_pool_threads(b->pool); w++)
        pt_arena_free(m.arenas[w]);
    pt_tagset_close(m.tags);
    pt_map_close(&map);
    pt_arena_free(m.arena);
    return rc;
}
