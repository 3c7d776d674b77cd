#include "app/app_int.h"
#include "app/linking_check.h"
#include "base/io.h"
#include "catalogue/catalogue.h"
#include "clean/clean.h"
#include "project/codes.h"
#include "source/source.h"

/* Whether the roles and templates that the project names are in the catalogue. */
static pt_rc check_catalogue(pt_app *app, pt_err *err)
{
    const pt_catalogue *c;
    bool named = app->project->n_roles > 0;

    for (size_t i = 0; i < app->project->n_tags; i++)
        named |= app->project->tags[i].stands_for != NULL;
    if (!named)
        return PT_OK;
    PT_TRY(pt_catalogue_open(&c, app->arena, err));
    return pt_catalogue_check(c, app->project, &app->diags, err);
}

/* Lists of ids whose file is not there: a build would stop at once. */
static pt_rc check_lists(pt_app *app, pt_err *err)
{
    const pt_project *p = app->project;

    for (size_t i = 0; i < p->n_segments; i++) {
        const pt_segment *s = &p->segments[i];
        const char *path = s->list ? pt_path_join(app->arena, p->root, s->list) : NULL;
        if (s->list && !path)
            return pt_fail_nomem(err, "a list of ids");
        if (!path || pt_is_file(path))
            continue;
        pt_diag *d = pt_diags_add(&app->diags, PT_SEVERITY_ERROR, PT_E_NO_LIST, s->place,
                                  "there is no file '%s', the list of this segment", s->list);
        pt_diag_hint(&app->diags, d, "'list' is a path from the folder of portrait.yaml");
    }
    return PT_OK;
}

pt_rc pt_app_check(pt_app *app, pt_err *err)
{
    pt_store *store;
    pt_conn *conn = NULL;

    PT_TRY(check_catalogue(app, err));
    PT_TRY(check_lists(app, err));
    PT_TRY(pt_linking_check(app->project, &app->diags, err));
    if (!pt_store_engine())
        return PT_OK;
    PT_TRY(pt_store_open(&store, &(pt_store_options){.threads = 1}, err));
    pt_rc rc = pt_conn_open(&conn, store, err);
    if (rc == PT_OK)
        rc = pt_source_check(app->project, conn, &app->diags, err);
    if (rc == PT_OK)
        rc = pt_clean_check(app->project, conn, &app->diags, err);
    pt_conn_close(conn);
    pt_store_close(store);
    return rc;
}
