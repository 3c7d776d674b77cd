#include "support/everything.h"

#include "app/view.h"
#include "support/shop.h"
#include "support/test.h"

static pt_err err;

static void add_columns(pt_str *out, const pt_role *r, size_t variant)
{
    for (size_t i = 0; i < r->n_columns; i++) {
        size_t type = variant < r->columns[i].n_types ? variant : r->columns[i].n_types - 1;
        pt_str_addf(out, "    c_%s: {type: %s, sensitivity: sensitive}\n", r->columns[i].name,
                    pt_type_name(r->columns[i].types[type]));
    }
}

void write_everything(const pt_catalogue *c, size_t variant)
{
    pt_str config = {0}, sources = {0};

    pt_str_add(&config, "name: everything\ncurrency: CNY\nroles:\n");
    for (size_t r = 0; r < c->n_roles; r++) {
        const pt_role *role = &c->roles[r];
        pt_str_addf(&config, "  %s:\n    source: my_%s\n", role->name, role->name);
        for (size_t i = 0; i < role->n_columns; i++)
            pt_str_addf(&config, "    %s: c_%s\n", role->columns[i].name, role->columns[i].name);
        pt_str_addf(&sources, "my_%s:\n  from: data/%s.csv\n  optional: true\n  kind: %s\n  time: at\n", role->name,
                    role->name, role->kind == PT_SOURCE_EVENT ? "event" : "record");
        pt_str_add(&sources, "  customer: {user_id: user}\n  columns:\n");
        add_columns(&sources, role, variant);
    }
    CHECK(!config.failed && !sources.failed);
    write_project_file("portrait.yaml", pt_str_cstr(&config));
    write_project_file("sources/all.yaml", pt_str_cstr(&sources));
    pt_str_free(&config);
    pt_str_free(&sources);
}

const pt_catalogue_plan *plan_of(const loaded *l, const pt_catalogue *c)
{
    pt_catalogue_plan *plan;

    CHECK_OK(pt_catalogue_plan_make(&plan, c, l->project, l->arena, &err));
    return plan;
}

/* --- templates added and built --------------------------------------------------------------------------------------- */

void add_templates(const char *const *names, size_t n)
{
    static const pt_addition_options none = {{NULL, NULL}, {NULL, NULL}};
    const pt_catalogue *c;
    pt_catalogue_plan *plan;
    pt_addition a;
    uint32_t wanted[64];
    loaded l;

    load_clean(&l);
    CHECK_OK(pt_catalogue_open(&c, l.arena, &err));
    CHECK_OK(pt_catalogue_plan_make(&plan, c, l.project, l.arena, &err));
    for (size_t i = 0; i < n; i++) {
        int t = pt_catalogue_find_template(c, pt_sv_of(names[i]));
        CHECK(t >= 0);
        wanted[i] = (uint32_t)t;
    }
    CHECK_OK(pt_catalogue_add(&a, plan, wanted, n, &none, l.arena, &err));
    CHECK_OK(pt_addition_write(&a, l.project, l.arena, &err));
    unload(&l);
}

pt_app *build_project(void)
{
    pt_app *app;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK_OK(pt_app_open(&app, test_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    shop_build(app, 2, NULL);
    return app;
}

const char *value_of(pt_app *app, const char *who, const char *tag)
{
    pt_view *v;
    uint32_t ordinal;
    const pt_column *column;

    CHECK_OK(pt_app_view(&v, app, &err));
    CHECK_OK(pt_view_find(&ordinal, v, pt_sv_of(who), &err));
    CHECK_OK(pt_view_column(&column, v, shop_tag(app, tag), &err));
    CHECK(column != NULL);
    return shop_value(pt_app_project(app), column, ordinal);
}
