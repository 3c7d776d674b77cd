#include <stdlib.h>

#include "app/view.h"
#include "lib/lib_int.h"

/* --- stopping ----------------------------------------------------------------------------------------------------- */

portrait_cancel *portrait_cancel_new(void)
{
    portrait_cancel *cancel = pt_zalloc(1, sizeof *cancel);

    if (cancel && !(cancel->request = pt_cancel_new())) {
        free(cancel);
        return NULL;
    }
    return cancel;
}

void portrait_cancel_free(portrait_cancel *cancel)
{
    if (!cancel)
        return;
    pt_cancel_free(cancel->request);
    free(cancel);
}

void portrait_cancel_fire(portrait_cancel *cancel)
{
    pt_cancel_fire(cancel->request);
}

/* --- building ----------------------------------------------------------------------------------------------------- */

typedef struct listener {
    portrait_progress_fn progress;
    void *context;
    pt_cancel *cancel;
} listener;

static void tell(void *ctx, const pt_progress_event *event)
{
    const listener *l = ctx;
    portrait_progress progress = {.stage = pt_stage_name(event->stage),
                                  .what = event->what,
                                  .done = event->done,
                                  .total = event->total,
                                  .ended = event->ended,
                                  .seconds = event->seconds};

    if (l->progress(&progress, l->context) != 0)
        pt_cancel_fire(l->cancel);
}

/* Members that the caller's header did not have yet are 0. */
static portrait_build_options options_of(const portrait_build_options *given)
{
    portrait_build_options options = PORTRAIT_BUILD_OPTIONS_INIT;

    if (given)
        memcpy(&options, given, given->size < sizeof options ? given->size : sizeof options);
    return options;
}

static void keep(portrait_project *project, const pt_build_result *r)
{
    portrait_build_info *info = &project->build;

    *info = (portrait_build_info){.generation = r->generation,
                                  .as_of = r->as_of,
                                  .customers = r->customers,
                                  .customers_new = r->customers_new,
                                  .customers_merged = r->customers_merged,
                                  .customers_split = r->customers_split,
                                  .seconds = r->total_seconds};
    for (size_t i = 0; i < r->n_sources; i++) {
        info->rows += r->sources[i].read.rows + r->sources[i].read.quarantined;
        info->quarantined += r->sources[i].read.quarantined;
    }
}

static pt_rc build(portrait_project *project, const portrait_build_options *given, pt_cancel *cancel, pt_err *err)
{
    listener l = {given->progress, given->context, cancel};
    pt_build_options options = {.threads = given->threads, .memory = (size_t)given->memory, .cancel = cancel};
    pt_build_result result;

    PT_TRY(pt_lib_as_of(&options.as_of, &options.has_as_of, project, given->as_of, err));
    if (given->progress)
        options.progress = (pt_progress){tell, &l};
    pt_arena_reset(project->build_arena);
    PT_TRY(pt_app_build(&result, project->app, &options, project->build_arena, err));
    keep(project, &result);
    pt_app_forget_view(project->app);
    return PT_OK;
}

portrait_status portrait_build(const portrait_build_info **info, portrait_project *project,
                               const portrait_build_options *options, portrait_error *error)
{
    portrait_build_options given = options_of(options);
    pt_cancel *own = given.cancel ? NULL : pt_cancel_new();
    pt_err err = {0};

    if (info)
        *info = NULL;
    if (!given.cancel && !own)
        return pt_lib_nomem(error, "the build");
    pt_rc rc = build(project, &given, own ? own : given.cancel->request, &err);
    pt_cancel_free(own);
    if (rc == PT_OK && info)
        *info = &project->build;
    return pt_lib_done(rc, &err, error);
}
