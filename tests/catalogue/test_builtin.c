/* The catalogue that ships: every template is sound, speaks both languages, and every item of the field's lists is there. */
#include <stdlib.h>

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

static const pt_catalogue_view *view_of(const pt_catalogue *c, const char *name)
{
    int v = pt_catalogue_find_view(c, pt_sv_of(name));

    CHECK(v >= 0);
    return &c->views[v];
}

TEST(catalogue_builtin__every_definition_is_sound_and_uses_something)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    CHECK(c->n_templates >= 200);
    for (size_t i = 0; i < c->n_templates; i++)
        for (size_t d = 0; d < c->templates[i].n_definitions; d++)
            if (c->templates[i].definitions[d].n_columns + c->templates[i].definitions[d].n_tags == 0)
                test_fail(__FILE__, __LINE__, "'%s' uses nothing", c->templates[i].name);
    pt_arena_free(arena);
}

/* --- both languages ----------------------------------------------------------------------------------------------- */

static void check_label(const pt_label *l, const char *what)
{
    if (!l->zh || !l->en || !*l->zh || !*l->en)
        test_fail(__FILE__, __LINE__, "'%s' is not labelled in both languages", what);
}

/* An expression may give a value that no tier names, tiers may not go without a label. */
static void check_tiers(const pt_tag_template *t, const pt_definition *d)
{
    for (size_t i = 0; i < d->n_tiers; i++) {
        bool labelled = false;
        for (size_t k = 0; k < t->n_labels; k++)
            labelled |= strcmp(t->labels[k].name, d->tiers[i].label) == 0;
        if (!labelled)
            test_fail(__FILE__, __LINE__, "the tier '%s' of '%s' has no label", d->tiers[i].label, t->name);
    }
}

TEST(catalogue_builtin__speaks_both_languages)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    for (size_t i = 0; i < c->n_templates; i++) {
        const pt_tag_template *t = &c->templates[i];
        check_label(&t->label, t->name);
        for (size_t k = 0; k < t->n_labels; k++)
            check_label(&t->labels[k].label, t->labels[k].name);
        for (size_t d = 0; d < t->n_definitions; d++)
            check_tiers(t, &t->definitions[d]);
    }
    for (size_t r = 0; r < c->n_roles; r++) {
        check_label(&c->roles[r].label, c->roles[r].name);
        for (size_t k = 0; k < c->roles[r].n_columns; k++) {
            check_label(&c->roles[r].columns[k].label, c->roles[r].columns[k].name);
            if (c->roles[r].supply == PT_SUPPLY_SURVEY)
                check_label(&c->roles[r].columns[k].question, c->roles[r].columns[k].name);
        }
    }
    for (size_t v = 0; v < c->n_views; v++) {
        check_label(&c->views[v].label, c->views[v].name);
        for (size_t k = 0; k < c->views[v].n_items; k++)
            check_label(&c->views[v].items[k].label, c->views[v].name);
    }
    pt_arena_free(arena);
}

TEST(catalogue_builtin__every_group_has_a_name)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    for (size_t i = 0; i < c->n_templates; i++) {
        bool found = false;
        for (size_t g = 0; g < c->n_groups; g++)
            found |= strcmp(c->groups[g].path, c->templates[i].group) == 0;
        if (!found)
            test_fail(__FILE__, __LINE__, "the group '%s' has no label", c->templates[i].group);
    }
    pt_arena_free(arena);
}

/* Every question is asked for something. */
TEST(catalogue_builtin__every_question_has_its_template)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    for (size_t r = 0; r < c->n_roles; r++) {
        for (size_t k = 0; c->roles[r].supply != PT_SUPPLY_DATA && k < c->roles[r].n_columns; k++) {
            bool used = false;
            for (size_t i = 0; i < c->n_templates; i++)
                for (size_t d = 0; d < c->templates[i].n_definitions; d++)
                    for (size_t u = 0; u < c->templates[i].definitions[d].n_columns; u++)
                        used |= c->templates[i].definitions[d].columns[u].source == r &&
                                c->templates[i].definitions[d].columns[u].column == (int32_t)k;
            if (!used)
                test_fail(__FILE__, __LINE__, "no template uses %s.%s", c->roles[r].name, c->roles[r].columns[k].name);
        }
    }
    pt_arena_free(arena);
}

/* --- the law ------------------------------------------------------------------------------------------------------ */

TEST(catalogue_builtin__what_the_law_protects_needs_consent)
{
    static const char *const names[] = {"religion", "ethnicity", "nationality"};
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);

    for (size_t i = 0; i < PT_COUNT(names); i++) {
        int t = pt_catalogue_find_template(c, pt_sv_of(names[i]));
        CHECK(t >= 0);
        CHECK(c->templates[t].needs_consent);
        CHECK_STR(c->templates[t].sensitivity, "sensitive");
    }
    pt_arena_free(arena);
}

/* --- the field's lists -------------------------------------------------------------------------------------------- */

TEST(catalogue_builtin__views_are_whole)
{
    pt_arena *arena = pt_arena_new(0);
    const pt_catalogue *c = open_catalogue(arena);
    const pt_catalogue_view *items = view_of(c, "43");

    CHECK_INT(items->n_items, 43);
    for (size_t i = 0; i < 43; i++)
        CHECK_INT(strtol(items->items[i].number, NULL, 10), i + 1);
    CHECK_INT(view_of(c, "basic")->n_items, 15);
    CHECK_INT(view_of(c, "consumption")->n_items, 18);
    CHECK_INT(view_of(c, "psychology")->n_items, 14);
    CHECK_INT(view_of(c, "social")->n_items, 10);
    for (size_t v = 0; v < c->n_views; v++)
        for (size_t i = 0; i < c->views[v].n_items; i++)
            CHECK(c->views[v].items[i].n_tags > 0);
    pt_arena_free(arena);
}

static const pt_view_item *item_labelled(const pt_catalogue_view *view, pt_sv zh)
{
    for (size_t i = 0; i < view->n_items; i++)
        if (pt_sv_eq(pt_sv_of(view->items[i].label.zh), zh))
            return &view->items[i];
    return NULL;
}

/* Where the first character of another script than ASCII is; the Chinese of an item follows its English. */
static size_t chinese_at(pt_sv text)
{
    size_t at = 0;

    while (at < text.len && (unsigned char)text.ptr[at] < 0x80)
        at++;
    return at;
}

/* One "english 中文" of a list: the view has an item of these labels. */
static size_t check_item(const pt_catalogue_view *view, pt_sv text)
{
    size_t at = chinese_at(text), end = at;

    while (end < text.len && (unsigned char)text.ptr[end] >= 0x80)
        end++;
    if (at == text.len)
        return 0;
    pt_sv en = pt_sv_trim((pt_sv){text.ptr, at}), zh = {text.ptr + at, end - at};
    const pt_view_item *item = item_labelled(view, zh);
    if (!item)
        test_fail(__FILE__, __LINE__, "the view '%s' has no item '%.*s'", view->name, (int)zh.len, zh.ptr);
    if (!pt_sv_eq(pt_sv_of(item->label.en), en))
        test_fail(__FILE__, __LINE__, "'%.*s' is '%s', not '%.*s'", (int)zh.len, zh.ptr, item->label.en, (int)en.len,
                  en.ptr);
    return 1;
}

/* Items that follow a heading up to the first full stop, separated by " · ". */
static size_t check_list(const pt_catalogue_view *view, const char *page, const char *heading)
{
    const char *at = strstr(page, heading);
    size_t found = 0;

    CHECK(at && (at = strchr(at, '\n')));
    const char *end = strpbrk(++at, ".(");
    CHECK(end);
    while (at < end) {
        const char *dot = strstr(at, "·");
        size_t n = dot && dot < end ? (size_t)(dot - at) : (size_t)(end - at);
        found += check_item(view, (pt_sv){at, n});
        at += n + strlen("·");
    }
    return found;
}

static pt_sv taxonomy(pt_arena *arena)
{
    pt_sv page;

    if (!test_shared_data())
        test_skip("no shared data");
    const char *path = pt_path_join(arena, test_shared_data(), "../taxonomy.md");
    if (!pt_is_file(path))
        test_skip("no taxonomy");
    CHECK_OK(pt_read_file(&page, path, 1 << 20, arena, &err));
    return page;
}

TEST(catalogue_builtin__has_every_item_of_the_four_groups)
{
    pt_arena *arena = pt_arena_new(0);
    const char *page = taxonomy(arena).ptr;
    const pt_catalogue *c = open_catalogue(arena);

    CHECK_INT(check_list(view_of(c, "basic"), page, "## Group 1"), 13);
    CHECK_INT(check_list(view_of(c, "consumption"), page, "## Group 2"), 16);
    CHECK_INT(check_list(view_of(c, "psychology"), page, "## Group 3"), 14);
    CHECK_INT(check_list(view_of(c, "social"), page, "## Group 4"), 10);
    pt_arena_free(arena);
}

/* "1 age 2 gender ... 33 retention 维系度 ..." */
TEST(catalogue_builtin__has_the_43_items_under_their_numbers)
{
    pt_arena *arena = pt_arena_new(0);
    const char *at = strstr(taxonomy(arena).ptr, "## The 43-item profile");
    const pt_catalogue_view *view = view_of(open_catalogue(arena), "43");

    CHECK(at && (at = strchr(at, '\n')));
    for (size_t i = 0; i < 43; i++) {
        char number[16];
        snprintf(number, sizeof number, "%zu ", i + 1);
        CHECK((at = strstr(at, number)) != NULL);
        at += strlen(number);
        size_t n = strcspn(at, "0123456789.");
        pt_sv en = {at, chinese_at((pt_sv){at, n})};
        CHECK_STR(view->items[i].label.en, pt_arena_strndup(arena, pt_sv_trim(en).ptr, pt_sv_trim(en).len));
    }
    pt_arena_free(arena);
}
