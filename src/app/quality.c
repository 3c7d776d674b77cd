#include "app/quality.h"

#include "app/app_int.h"
#include "base/io.h"

static pt_rc open_store(pt_store **store, pt_conn **conn, const pt_project *p, pt_arena *arena, pt_err *err)
{
    const char *path = pt_path_join(arena, p->data_dir, "store.duckdb");
    pt_store_options options = {.path = path, .read_only = true};

    if (!path)
        return pt_fail_nomem(err, "the quality report");
    PT_TRY(pt_store_open(store, &options, err));
    return pt_conn_open(conn, *store, err);
}

static pt_rc read_sources(pt_quality_report *out, const pt_quality_context *x, int only, pt_err *err)
{
    size_t n = only >= 0 ? 1 : x->project->n_sources;
    pt_quality_source *sources = PT_NEW_ARRAY(x->arena, pt_quality_source, n);

    if (!sources)
        return pt_fail_nomem(err, "the quality report");
    for (size_t i = 0; i < n; i++)
        PT_TRY(pt_quality_profile(&sources[i], x, only >= 0 ? (uint32_t)only : (uint32_t)i, err));
    out->sources = sources;
    out->n_sources = n;
    return PT_OK;
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
    pt_view *view;
    int only;

    *out = (pt_quality_report){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(find_source(&only, app->project, source, arena, err));
    PT_TRY(pt_app_view(&view, app, err));
    out->as_of = x.as_of = view->as_of;
    pt_rc rc = open_store(&store, &x.conn, app->project, arena, err);
    if (rc == PT_OK)
        rc = read_sources(out, &x, only, err);
    pt_conn_close(x.conn);
    pt_store_close(store);
    return rc;
}
