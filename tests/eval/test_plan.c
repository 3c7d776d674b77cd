/* What a plan shares, and what it prints. */
#include "eval/plan.h"
#include "support/eval_page.h"
#include "support/test.h"

typedef struct planned {
    eval_page page;
    pt_program *program;
} planned;

static void plan(planned *p, const char *expression)
{
    pt_err err = {0};

    eval_page_open(&p->page, "tests/eval/pages/evidence.md");
    const pt_node *node = eval_page_check(&p->page, expression);
    CHECK(node);
    CHECK_OK(pt_program_build_expression(&p->program, p->page.module, node, &err));
}

static void close_plan(planned *p)
{
    pt_program_free(p->program);
    eval_page_close(&p->page);
}

TEST(eval_plan__dump_shows_what_is_computed_and_shared)
{
    planned p;
    pt_str out = {0};

    plan(&p, "sum(orders.amount where channel = 'app' within 30d) / sum(orders.amount where channel = 'app' within "
             "90d) > 0.5 "
             "or sequence(views where page matches '^c', orders where not (amount >= 20) within 2d)");
    pt_program_dump(&out, p.program);
    CHECK_STR(
        pt_str_cstr(&out),
        "value 1 orders text stage 0: column channel\n"
        "value 2 constant text stage 0: 'app'\n"
        "value 3 orders money stage 0: column amount\n"
        "value 4 constant duration stage 0: 30d\n"
        "value 5 customer money stage 0: from events: sum(orders.amount where channel = 'app' within 30d)\n"
        "value 6 constant duration stage 0: 90d\n"
        "value 7 customer money stage 0: from events: sum(orders.amount where channel = 'app' within 90d)\n"
        "value 8 customer number stage 0: / value 5, value 7\n"
        "value 9 constant number stage 0: 0.5\n"
        "value 10 customer bool stage 0: > value 8, value 9\n"
        "value 11 views text stage 0: column page\n"
        "value 12 views text stage 0: column page\n"
        "value 13 constant text stage 0: '^c'\n"
        "value 14 views bool stage 0: matches value 12, value 13\n"
        "value 15 constant money stage 0: 20\n"
        "value 16 customer bool stage 0: from events: sequence(views where page matches '^c', orders where not amount "
        ">= 20 within 2d)\n"
        "value 17 customer bool stage 0: or value 10, value 16\n"
        "bits 2 orders: code value 1 = value 2\n"
        "bits 3 orders: has value 3\n"
        "bits 4 orders: and bits 2, bits 3\n"
        "bits 5 views: texts of value 11, value 14 is true\n"
        "bits 6 orders: compare value 3 < value 15\n"
        "events orders stage 0: bits 4 of value 3 until as_of\n"
        "    value 5 = sum since as_of - 30d\n"
        "    value 7 = sum since as_of - 90d\n"
        "steps stage 0: value 16 = views bits 5, orders bits 6\n"
        "expression = value 17\n");
    pt_str_free(&out);
    close_plan(&p);
}

/* Aggregates in the plan, and the passes over events that compute them. */
static void check_families(const char *expression, size_t families, size_t members)
{
    planned p;
    size_t n = 0;

    plan(&p, expression);
    for (size_t i = 0; i < p.program->n_families; i++)
        n += p.program->families[i].n_members;
    CHECK_INT(p.program->n_families, families);
    CHECK_INT(n, members);
    close_plan(&p);
}

TEST(eval_plan__equal_aggregates_are_computed_once)
{
    check_families("count(orders within 30d) + count(orders within 30d)", 1, 1);
    check_families("recent + count(orders within 30d)", 1, 1);
    check_families("both", 2, 2);
}

TEST(eval_plan__windows_over_the_same_events_are_one_pass)
{
    check_families("count(orders within 1d) + count(orders within 2d) + count(orders) + count(orders since 2024-01-01)",
                   1, 4);
    check_families("sum(orders.amount within 1d) + max(orders.amount within 2d)", 1, 2);
    /* Other events, another end: passes of their own. */
    check_families("count(orders within 2d) + count(orders between 2d and 1d)", 2, 2);
    check_families("count(orders within 2d) + count(orders where channel = 'app' within 2d)", 2, 2);
    check_families("count(orders within 2d) + count(views within 2d)", 2, 2);
    /* Where `not (a < b)` is true, `a >= b` is: one plane of bits. */
    check_families("count(orders where amount >= 20) + count(orders where not (amount < 20))", 1, 1);
}

TEST(eval_plan__what_uses_customers_values_waits_for_them)
{
    planned p;

    plan(&p, "count(orders where amount > money(both) and channel = 'app') + both");
    CHECK_INT(p.program->n_stages, 2);
    CHECK_INT(p.program->families[p.program->n_families - 1].stage, 1);
    CHECK_INT(p.program->families[0].stage, 0);
    close_plan(&p);
}
