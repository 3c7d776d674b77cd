#include "support/shop.h"

#include <stdlib.h>

#include "app/render.h"
#include "base/io.h"
#include "support/test.h"

static pt_err err;

pt_arena *shop_arena(void)
{
    static pt_arena *arena;

    if (!arena)
        CHECK((arena = pt_arena_new(0)) != NULL);
    return arena;
}

static const char *shop_dir(void)
{
    return pt_path_join(shop_arena(), test_dir(), "shop");
}

pt_app *shop_open_again(void)
{
    pt_app *app;

    CHECK_OK(pt_app_open(&app, shop_dir(), &err));
    CHECK_INT(pt_app_diags(app)->errors, 0);
    return app;
}

void shop_shell(const char *command)
{
    const char *there = pt_arena_printf(shop_arena(), "cd '%s' && %s", test_dir(), command);

    CHECK_INT(system(there), 0); /* NOLINT(cert-env33-c): the command is the test's own text */
}

pt_app *shop_open(int customers)
{
    shop_shell(
        pt_arena_printf(shop_arena(), "sh '%s/tests/support/make_shop.sh' shop %d", test_source_dir(), customers));
    return shop_open_again();
}

pt_build_result shop_build(pt_app *app, unsigned threads, const char *as_of)
{
    pt_build_options options = {.threads = threads};
    pt_build_result result;

    if (as_of) {
        options.has_as_of = true;
        CHECK(pt_instant_parse(&options.as_of, pt_sv_of(as_of), pt_app_project(app)->zone));
    }
    CHECK_OK(pt_app_build(&result, app, &options, shop_arena(), &err));
    return result;
}

pt_view *shop_view(pt_app *app)
{
    pt_view *v;

    CHECK_OK(pt_app_view(&v, app, &err));
    CHECK_OK(pt_view_timelines(v, &err));
    return v;
}

uint32_t shop_tag(pt_app *app, const char *name)
{
    int tag = pt_project_find_tag(pt_app_project(app), pt_sv_of(name));

    CHECK(tag >= 0);
    return (uint32_t)tag;
}

const char *shop_value(const pt_project *p, const pt_column *c, uint64_t row)
{
    static pt_str texts[2];
    static int turn;

    turn = !turn;
    pt_str_clear(&texts[turn]);
    pt_render_tsv(&texts[turn], c, row, p->zone);
    return pt_str_cstr(&texts[turn]);
}
