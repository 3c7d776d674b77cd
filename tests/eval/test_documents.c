/* Every example of docs/language.md, evaluated; and pages of cases computed by hand, in the same form. */
#include <stdlib.h>

#include "base/hash.h"
#include "eval/eval.h"
#include "support/doc_examples.h"
#include "support/test.h"

typedef struct page {
    doc_examples *doc;
    pt_arena *arena;
    pt_module *module;
    pt_events *events;
    uint64_t identities[16];
    pt_batch batch;
} page;

static void open_page(page *p, const char *path)
{
    pt_err err = {0};
    pt_diags diags;
    doc_examples *d = p->doc = doc_examples_read(path);

    CHECK((p->arena = pt_arena_new(0)));
    pt_diags_init(&diags, p->arena);
    CHECK_OK(pt_lang_check(&p->module, &d->catalog, &diags, p->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    CHECK(d->n_customers <= PT_COUNT(p->identities));
    for (size_t c = 0; c < d->n_customers; c++)
        p->identities[c] = pt_hash64(d->customers[c], strlen(d->customers[c]));
    p->events = PT_NEW_ARRAY(p->arena, pt_events, d->catalog.n_sources);
    CHECK(p->events);
    for (size_t s = 0; s < d->catalog.n_sources; s++)
        p->events[s] = (pt_events){d->sources[s].offsets, d->sources[s].time, d->sources[s].columns};
    p->batch = (pt_batch){.n_customers = d->n_customers, .sources = p->events, .identities = p->identities};
}

static void close_page(page *p)
{
    doc_examples_free(p->doc);
    pt_arena_free(p->arena);
}

/* The value of an example as the page writes values; false for one that does not check. */
static bool evaluate(page *p, const doc_example *x, pt_str *out)
{
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node;
    pt_program *program;
    pt_eval *eval;
    pt_place place = {.file = "expression", .text = pt_sv_of(x->expression), .line = 1, .col = 1};
    pt_eval_options options = {.as_of = p->doc->as_of, .zone = p->doc->zone};

    pt_diags_init(&diags, p->arena);
    CHECK_OK(
        pt_lang_expression(&node, p->module, pt_sv_of(x->expression), place, PT_TYPE_NONE, &diags, p->arena, &err));
    pt_diags_free(&diags);
    if (!node)
        return false;
    CHECK_OK(pt_program_build_expression(&program, p->module, node, &err));
    CHECK_OK(pt_eval_new(&eval, program, &options, &err));
    CHECK_OK(pt_eval_run(eval, &p->batch, &err));
    pt_str_clear(out);
    doc_format_value(out, pt_eval_tag(eval, 0), x->customer, p->doc->zone);
    pt_eval_free(eval);
    pt_program_free(program);
    return true;
}

/* Prints the examples that give something else than the page says; how many there are. */
static size_t wrong_examples(const char *path, size_t *run)
{
    page p;
    pt_str got = {0};
    size_t wrong = 0;

    open_page(&p, path);
    for (size_t i = 0; i < p.doc->n; i++) {
        const doc_example *x = &p.doc->items[i];
        bool refused = strncmp(x->expected, "error ", 6) == 0;
        if (!evaluate(&p, x, &got)) {
            pt_str_clear(&got);
            pt_str_add(&got, "refused");
            if (refused)
                continue;
        }
        ++*run;
        if (strcmp(pt_str_cstr(&got), x->expected) == 0)
            continue;
        printf("  %s:%d: %s is %s, the page says %s\n", path, x->line, x->expression, pt_str_cstr(&got), x->expected);
        wrong++;
    }
    pt_str_free(&got);
    close_page(&p);
    return wrong;
}

static void check_page(const char *path, size_t at_least)
{
    size_t run = 0, wrong = wrong_examples(path, &run);

    CHECK_INT(wrong, 0);
    CHECK(run >= at_least);
}

TEST(eval_documents__every_example_gives_what_the_page_says)
{
    check_page("docs/language.md", 150);
}

TEST(eval_documents__windows_are_exact_to_the_microsecond)
{
    check_page("tests/eval/pages/windows.md", 50);
}

TEST(eval_documents__days_are_right_where_clocks_change)
{
    check_page("tests/eval/pages/clocks.md", 20);
}

TEST(eval_documents__numbers_and_money_keep_their_limits)
{
    check_page("tests/eval/pages/numbers.md", 80);
}

TEST(eval_documents__ties_go_to_the_last_event)
{
    check_page("tests/eval/pages/ties.md", 50);
}

TEST(eval_documents__statistics_are_as_computed_by_hand)
{
    check_page("tests/eval/pages/statistics.md", 25);
}

TEST(eval_documents__sequences_follow_in_time)
{
    check_page("tests/eval/pages/sequences.md", 20);
}

TEST(eval_documents__texts_lists_and_logic)
{
    check_page("tests/eval/pages/texts.md", 90);
}
