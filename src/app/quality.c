#include "app/quality.h"

#include "app/app_int.h"
#include "base/io.h"

static pt_rc open_store(pt_store **store, pt_conn **conn, const pt_project *p, pt_arena *arena, pt_err *err)
{
    const char *path = pt_path_join(arena, p->data_dir, "store.duckdb");
    pt_store_options options = {.path = path, .read_only = true};

    if (!path)
        return pt_fail_nomem(err, "the quality report");
    if (!pt_is_file(path)) {
        pt_fail(err, PT_ENOTFOUND, "nothing has been built yet");
        return pt_err_hint(err, "run portrait build");
    }
    PT_TRY(pt_store_open(store, &options, err));
    return pt_conn_open(conn, *store, err);
}

/* A store of an earlier version, or of a build that failed before it looked at the data, has no report. */
static pt_rc check_report(pt_quality_report *out, pt_conn *c, pt_err *err)
{
    pt_sql q = {0};
    int64_t n = 0;

    pt_sql_kw(&q, "SELECT count(*) FROM information_schema.tables WHERE table_schema = 'meta' AND table_name ="
                  " 'quality_kept'");
    pt_rc rc = pt_query_int(&n, c, &q, err);
    pt_sql_clear(&q);
    if (rc == PT_OK && n) {
        pt_sql_kw(&q, "SELECT coalesce(epoch_us(max(as_of)), -1) FROM meta.quality_kept");
        rc = pt_query_int(&out->as_of, c, &q, err);
    }
    pt_sql_free(&q);
    if (rc != PT_OK || (n && out->as_of != -1))
        return rc;
    pt_fail(err, PT_ENOTFOUND, "no build has looked at the quality of the data yet");
    return pt_err_hint(err, "run portrait build");
}

static pt_rc read_sources(pt_quality_report *out, const pt_quality_context *x, int only, pt_err *err)
{
    const pt_project *p = x->project;
    pt_quality_source *sources = PT_NEW_ARRAY(x->arena, pt_quality_source, p->n_sources);
    size_t n = 0;

    if (!sources)
        return pt_fail_nomem(err, "the quality report");
    for (uint32_t i = 0; i < p->n_sources; i++)
        if (only >= 0 ? i == (uint32_t)only : !p->sources[i].circle)
            PT_TRY(pt_quality_load(&sources[n++], x, i, err));
    out->sources = sources;
    out->n_sources = n;
    return PT_OK;
}

/* The mean of the sources: each counts the same, however many rows it has. */
static void score(pt_quality_report *out)
{
    double sum[2] = {0, 0};
    size_t n[2] = {0, 0};

    for (size_t i = 0; i < out->n_sources; i++) {
        const double values[2] = {out->sources[i].score, out->sources[i].earlier_score};
        for (int k = 0; k < 2; k++)
            if (!isnan(values[k])) {
                sum[k] += values[k];
                n[k]++;
            }
    }
    out->score = n[0] ? sum[0] / (double)n[0] : NAN;
    out->earlier_score = n[1] && n[1] == n[0] ? sum[1] / (double)n[1] : NAN;
}

static pt_rc find_source(int *out, const pt_project *p, const char *name, pt_arena *arena, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(arena, const char *, p->n_sources);

    *out = name ? pt_project_find_source(p, pt_sv_of(name)) : -1;
    if (!name || *out >= 0)
        return PT_OK;
    if (!names)
        return pt_fail_nomem(err, "the quality report");
    for (size_t i = 0; i < p->n_sources; i++)
        names[i] = p->sources[i].name;
    int near = pt_nearest(pt_sv_of(name), names, p->n_sources);
    pt_fail(err, PT_ENOTFOUND, "there is no source '%.60s'", name);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near]) : PT_ENOTFOUND;
}

pt_rc pt_app_quality(pt_quality_report *out, pt_app *app, const char *source, pt_arena *arena, pt_err *err)
{
    pt_quality_context x = {.project = app->project, .arena = arena};
    pt_store *store = NULL;
    int only;

    *out = (pt_quality_report){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(find_source(&only, app->project, source, arena, err));
    pt_rc rc = open_store(&store, &x.conn, app->project, arena, err);
    if (rc == PT_OK)
        rc = check_report(out, x.conn, err);
    if (rc == PT_OK)
        rc = read_sources(out, &x, only, err);
    pt_conn_close(x.conn);
    pt_store_close(store);
    score(out);
    return rc;
}
