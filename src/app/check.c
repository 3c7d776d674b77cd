#include "app/app_int.h"
#include "catalogue/catalogue.h"
#include "clean/clean.h"
#include "source/source.h"

/* Whether the roles that the project declares are roles. */
static pt_rc check_roles(pt_app *app, pt_err *err)
{
    const pt_catalogue *c;

    if (!app->project->n_roles)
        return PT_OK;
    PT_TRY(pt_catalogue_open(&c, app->arena, err));
    return pt_catalogue_check_roles(c, app->project, &app->diags, err);
}

pt_rc pt_app_check(pt_app *app, pt_err *err)
{
    pt_store *store;
    pt_conn *conn = NULL;

    PT_TRY(check_roles(app, err));
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
