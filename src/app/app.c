#include "app/app.h"

#include <stdlib.h>

#include "app/app_int.h"

pt_rc pt_app_open(pt_app **out, const char *dir, pt_err *err)
{
    pt_app *app = pt_zalloc(1, sizeof *app);
    pt_rc rc;

    *out = NULL;
    if (!app || !(app->arena = pt_arena_new(0))) {
        free(app);
        return pt_fail_nomem(err, "the project");
    }
    pt_diags_init(&app->diags, app->arena);
    rc = pt_project_load(&app->project, dir, &app->diags, app->arena, err);
    if (rc == PT_OK && app->diags.nomem)
        rc = pt_fail_nomem(err, "the project's problems");
    if (rc != PT_OK) {
        pt_app_close(app);
        return rc;
    }
    *out = app;
    return PT_OK;
}

void pt_app_close(pt_app *app)
{
    if (!app)
        return;
    pt_view_close(app->view);
    pt_diags_free(&app->diags);
    pt_arena_free(app->arena);
    free(app);
}

const pt_project *pt_app_project(const pt_app *app)
{
    return app->project;
}

const pt_diags *pt_app_diags(const pt_app *app)
{
    return &app->diags;
}

pt_rc pt_app_sound(const pt_app *app, pt_err *err)
{
    return pt_diags_result(&app->diags, err);
}

pt_rc pt_app_view(pt_view **out, pt_app *app, pt_err *err)
{
    PT_TRY(pt_app_sound(app, err));
    if (!app->view) {
        PT_TRY(pt_view_open(&app->view, app->project, err));
        app->view_number++;
    }
    *out = app->view;
    return PT_OK;
}

void pt_app_forget_view(pt_app *app)
{
    pt_view_close(app->view);
    app->view = NULL;
}
