/* Shared inside lib/: between the types of portrait.h and those of app/. */
#ifndef PT_LIB_LIB_INT_H
#define PT_LIB_LIB_INT_H

#include <portrait.h>

#include "app/app.h"
#include "app/render.h"

struct portrait_project {
    pt_app *app;
    pt_arena *arena; /* info, tags: as long as the project */
    portrait_project_info info;
    bool checked;
    pt_arena *problem_arena;
    portrait_problem *problems; /* made when first asked for */
    size_t n_problems;
    portrait_source *sources; /* these and tags: NULL while the project has problems */
    portrait_tag *tags;
    size_t n_tags;
    pt_arena *build_arena;
    portrait_build_info build;
};

struct portrait_cancel {
    pt_cancel *request;
};

/* Copies; returns the status. `error` may be NULL. */
portrait_status pt_lib_fail(portrait_error *error, const pt_err *err);
portrait_status pt_lib_nomem(portrait_error *error, const char *what);
/* Clears `error`; PORTRAIT_OK. */
portrait_status pt_lib_ok(portrait_error *error);
portrait_status pt_lib_done(pt_rc rc, const pt_err *err, portrait_error *error);

/* A time as text, in the project's zone; *given is false for NULL. */
pt_rc pt_lib_as_of(int64_t *out, bool *given, const portrait_project *project, const char *text, pt_err *err);
/* Row `row` of a column of tag `tag` (-1: no tag's), all of it in the arena. */
pt_rc pt_lib_value(portrait_value *out, const pt_column *c, uint64_t row, int tag, const portrait_project *project,
                   pt_arena *arena, pt_err *err);
const char *pt_lib_text(pt_sv text, pt_arena *arena); /* terminated; NULL when memory is short */

static inline pt_render_style pt_lib_style(const portrait_project *project)
{
    const pt_project *p = pt_app_project(project->app);

    return (pt_render_style){.project = p, .lang = p->locale};
}

#endif
