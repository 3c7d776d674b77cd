/* Linking over the store of the last build. */
#include "app/app_int.h"
#include "app/linking_int.h"
#include "base/io.h"

typedef pt_rc step_fn(pt_linking *l, const pt_linking_options *options, pt_err *err);

pt_rc linking_open_store(pt_store **store, pt_conn **conn, const pt_app *app, unsigned threads, pt_err *err)
{
    char *path = pt_arena_printf(app->arena, "%s/store.duckdb", app->project->data_dir);
    pt_store_options options = {.path = path, .read_only = true, .threads = threads};

    if (!path)
        return pt_fail_nomem(err, "the records");
    if (!pt_is_file(path)) {
        pt_fail(err, PT_ENOTFOUND, "nothing has been built yet");
        return pt_err_hint(err, "run portrait build");
    }
    PT_TRY(pt_store_open(store, &options, err));
    return pt_conn_open(conn, *store, err);
}

static pt_rc take_steps(pt_linking *l, const pt_linking_options *options, pt_linking_step until, pt_err *err)
{
    static step_fn *const steps[] = {[PT_LINKING_TRAIN] = pt_linking_train,
                                     [PT_LINKING_SCORE] = pt_linking_score,
                                     [PT_LINKING_GROUP] = pt_linking_group};

    for (pt_linking_step s = PT_LINKING_TRAIN; s <= until; s++)
        PT_TRY(steps[s](l, options, err));
    return PT_OK;
}

/* The store is closed before the long steps: a build may then begin. */
static pt_rc read_records(pt_linking **out, pt_app *app, const pt_linking_options *options,
                          const pt_linking_run_options *o, pt_err *err)
{
    pt_store *store = NULL;
    pt_conn *conn = NULL;
    pt_rc rc = linking_open_store(&store, &conn, app, o->threads, err);

    if (rc == PT_OK) {
        pt_cancel_watch(options->cancel, conn);
        rc = pt_linking_read(out, o->project ? o->project : app->project, conn, options, err);
        pt_cancel_unwatch(options->cancel, conn);
    }
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}

pt_rc pt_app_linking(pt_linking **out, pt_app *app, const pt_linking_run_options *o, pt_err *err)
{
    pt_linking_options options = {
        .cancel = o->cancel, .memory = o->memory, .report = o->report, .report_ctx = o->report_ctx};
    pt_linking *l = NULL;

    *out = NULL;
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_pool_new(&options.pool, o->threads, err));
    pt_rc rc = read_records(&l, app, &options, o, err);
    if (rc == PT_OK)
        rc = take_steps(l, &options, o->until, err);
    pt_pool_free(options.pool);
    if (rc == PT_OK) {
        *out = l;
        return PT_OK;
    }
    pt_linking_free(l);
    /* An interrupted statement fails in the engine's own words. */
    return pt_cancel_fired(o->cancel) ? pt_cancel_check(o->cancel, err) : rc;
}
