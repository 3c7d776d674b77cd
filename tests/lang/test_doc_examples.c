/* Every example of docs/language.md parses and has a type, or is refused with the code the page gives. */
#include "base/diag.h"
#include "support/doc_examples.h"
#include "support/test.h"

typedef struct checked_page {
    doc_examples *d;
    pt_module *module;
    pt_arena *arena;
    pt_diags diags;
} checked_page;

static void open_page(checked_page *p)
{
    pt_err err;

    p->d = doc_examples_read("docs/language.md");
    p->arena = pt_arena_new(0);
    CHECK(p->arena);
    pt_diags_init(&p->diags, p->arena);
    CHECK_OK(pt_lang_check(&p->module, &p->d->catalog, &p->diags, p->arena, &err));
}

static void close_page(checked_page *p)
{
    pt_diags_free(&p->diags);
    pt_arena_free(p->arena);
    doc_examples_free(p->d);
}

static void fail_with_problems(const checked_page *p, int line)
{
    pt_str text = {0};

    pt_diags_print(&p->diags, &text, false);
    test_fail("docs/language.md", line, "%s", pt_str_cstr(&text));
}

/* Whether the problems found are exactly those of `=> error E0305`. */
static bool expected_error(const checked_page *p, const char *expected)
{
    int code;

    return sscanf(expected, "error E%d", &code) == 1 && p->diags.errors == 1 && p->diags.items[0].code == code;
}

static void check_example(checked_page *p, const doc_example *e)
{
    const pt_node *node;
    pt_place place = {
        .file = "docs/language.md", .text = pt_sv_of(e->expression), .line = e->line, .col = 1, .length = 1};
    pt_err err;

    pt_diags_init(&p->diags, p->arena);
    CHECK_OK(
        pt_lang_expression(&node, p->module, pt_sv_of(e->expression), place, PT_TYPE_NONE, &p->diags, p->arena, &err));
    if (strncmp(e->expected, "error ", 6) == 0 ? !expected_error(p, e->expected) : p->diags.errors > 0)
        fail_with_problems(p, e->line);
    pt_diags_free(&p->diags);
}

TEST(lang_docs__sample_and_tags_are_whole)
{
    checked_page p;

    open_page(&p);
    if (p.diags.errors)
        fail_with_problems(&p, 1);
    CHECK(p.d->n_customers >= 2 && p.d->catalog.n_sources >= 3 && p.d->n > 0);
    CHECK_INT(p.d->sources[0].offsets[1], 5);
    close_page(&p);
}

TEST(lang_docs__every_example_checks)
{
    checked_page p;

    open_page(&p);
    pt_diags_free(&p.diags);
    for (size_t i = 0; i < p.d->n; i++)
        check_example(&p, &p.d->items[i]);
    close_page(&p);
}

static void check_shown(const doc_examples *d, const char *name)
{
    char call[40];

    snprintf(call, sizeof call, "%s(", name);
    for (size_t i = 0; i < d->n; i++) {
        const char *at = strstr(d->items[i].expression, call);
        if (at && (at == d->items[i].expression || !strchr("_abcdefghijklmnopqrstuvwxyz0123456789", at[-1])))
            return;
    }
    test_fail(__FILE__, __LINE__, "docs/language.md has no example of %s", name);
}

TEST(lang_docs__every_function_is_shown)
{
    doc_examples *d = doc_examples_read("docs/language.md");

    for (int i = 0; i < PT_FN_COUNT; i++)
        check_shown(d, pt_fn_name((pt_fn)i));
    for (int i = 0; i < PT_AGG_COUNT_; i++)
        check_shown(d, pt_agg_name((pt_agg_fn)i));
    check_shown(d, "sequence");
    check_shown(d, "funnel");
    check_shown(d, "tiers");
    doc_examples_free(d);
}

TEST(lang_docs__values_are_written_as_the_page_says)
{
    doc_examples *d = doc_examples_read("docs/language.md");
    pt_str text = {0};

    doc_format_value(&text, &d->sources[0].columns[0], 1, d->zone);
    pt_str_addc(&text, ' ');
    doc_format_value(&text, &d->sources[0].columns[1], 3, d->zone);
    pt_str_addc(&text, ' ');
    doc_format_value(&text, &d->sources[2].columns[3], 1, d->zone);
    pt_str_addc(&text, ' ');
    doc_format_value(&text, &d->sources[2].columns[1], 0, d->zone);
    CHECK_STR(pt_str_cstr(&text), "120.50 missing ['tea', 'running'] 1990-08-15");
    pt_str_free(&text);
    doc_examples_free(d);
}
