/* The catalogue that ships: every template is sound, speaks both languages, and stands in the field's own lists. */
#include "base/embed.h"
#include "base/io.h"
#include "catalogue/catalogue.h"
#include "support/test.h"

static pt_err err;

static const pt_catalogue *open_catalogue(pt_arena *arena)
{
    const pt_catalogue *c;
    pt_diags diags;
    pt_str text = {0};

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_catalogue_read(&c, pt_catalogue_files, &diags, arena, &err));
    pt_diags_print(&diags, &text, false);
    CHECK_STR(pt_str_cstr(&text), "0 errors\n");
    pt_str_free(&text);
    pt_diags_free(&diags);
    return c;
}

TEST(catalogue_builtin__every_definition_is_sound)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    CHECK(c->n_templates >= 150);
    for (size_t i = 0; i < c->n_templates; i++)
        for (size_t d = 0; d < c->templates[i].n_definitions; d++)
            if (c->templates[i].definitions[d].n_columns + c->templates[i].definitions[d].n_tags == 0)
                test_fail(__FILE__, __LINE__, "'%s' uses nothing", c->templates[i].name);
    pt_arena_free(arena);
}
