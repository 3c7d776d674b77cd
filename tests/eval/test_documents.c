/* Every example of docs/language.md, evaluated; and pages of cases computed by hand, in the same form. */
#include "support/eval_page.h"
#include "support/test.h"

/* The value of an example as the page writes values; false for one that does not check. */
static bool evaluate(eval_page *p, const doc_example *x, pt_str *out)
{
    pt_err err = {0};
    pt_program *program;
    const pt_node *node = eval_page_check(p, x->expression);

    if (!node)
        return false;
    pt_eval *eval = eval_page_eval(p, node, &program);
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
    eval_page p;
    pt_str got = {0};
    size_t wrong = 0;

    eval_page_open(&p, path);
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
    eval_page_close(&p);
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

TEST(eval_documents__merges_by_hand)
{
    check_page("tests/eval/pages/merge.md", 30);
}

TEST(eval_documents__windows_ahead)
{
    check_page("tests/eval/pages/ahead.md", 35);
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
