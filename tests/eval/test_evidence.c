/* Which events prove a value, and when time alone changes it. */
#include "base/money.h"
#include "support/eval_page.h"
#include "support/test.h"

typedef struct proof {
    eval_page page;
    pt_program *program;
    pt_eval *eval;
    const pt_leaf *leaves;
    size_t n;
} proof;

static void prove(proof *p, const char *expression)
{
    pt_err err = {0};

    eval_page_open(&p->page, "tests/eval/pages/evidence.md");
    const pt_node *node = eval_page_check(&p->page, expression);
    CHECK(node);
    p->eval = eval_page_eval(&p->page, node, &p->program);
    CHECK_OK(pt_eval_run(p->eval, &p->page.batch, &err));
    CHECK_OK(pt_eval_leaves(&p->leaves, &p->n, p->eval, 0, p->page.arena, &err));
}

static void close_proof(proof *p)
{
    pt_eval_free(p->eval);
    pt_program_free(p->program);
    eval_page_close(&p->page);
}

static void check_leaf(const proof *p, size_t i, const char *leaf, const char *events, const char *expires)
{
    pt_str text = {0};
    char buf[40];

    pt_lang_print(&text, p->leaves[i].node, p->page.module->catalog);
    CHECK_STR(pt_str_cstr(&text), leaf);
    pt_str_clear(&text);
    for (size_t k = 0; k < p->leaves[i].n_events; k++)
        pt_str_addf(&text, "%s%c%llu", k ? " " : "", p->leaves[i].sources[k] ? 'v' : 'o',
                    (unsigned long long)p->leaves[i].events[k]);
    CHECK_STR(pt_str_cstr(&text), events);
    pt_str_free(&text);
    if (p->leaves[i].expires == INT64_MAX)
        CHECK_STR("never", expires);
    else
        CHECK_STR(pt_instant_format(buf, p->leaves[i].expires, p->page.doc->zone), expires);
}

/* Checks an expression that is one leaf. */
static void check_one(const char *expression, const char *events, const char *expires)
{
    proof p;

    prove(&p, expression);
    CHECK_INT(p.n, 1);
    check_leaf(&p, 0, expression, events, expires);
    close_proof(&p);
}

TEST(eval_evidence__events_that_counted_in_order)
{
    check_one("count(orders where channel = 'app' since 2024-06-01)", "o2 o3 o4", "2024-07-02T12:00:00+02:00");
    check_one("sum(orders.amount since 2024-06-01)", "o1 o2 o4", "2024-07-02T12:00:00+02:00");
    check_one("count(views)", "v0 v1", "never");
}

TEST(eval_evidence__of_first_and_last_the_one_event)
{
    check_one("last(orders.amount since 2024-06-01)", "o4", "2024-07-02T12:00:00+02:00");
    check_one("last(orders.amount where channel = 'app' within 30d)", "o4", "2024-07-02T12:00:00+02:00");
    check_one("first(orders.amount within 30d)", "o1", "2024-07-02T12:00:00+02:00");
    check_one("first(views.page)", "v0", "never");
    check_one("last(views.page within 30d)", "v1", "2024-07-29T12:00:00+02:00");
}

TEST(eval_evidence__the_oldest_event_leaves_a_window_first)
{
    check_one("count(orders within 30d)", "o1 o2 o3 o4", "2024-07-02T12:00:00+02:00");
    check_one("count(views within 30d)", "v0 v1", "2024-07-10T11:00:00+02:00");
    check_one("count(views within 1d 1us)", "v1", "2024-06-30T12:00:00.000001+02:00");
}

TEST(eval_evidence__events_enter_a_window_that_ends_before_now)
{
    check_one("count(orders between 90d and 20d)", "o0 o1 o2", "2024-07-10T12:00:00+02:00");
    check_one("count(orders between 30d and 25d)", "o1", "2024-07-05T12:00:00+02:00");
}

TEST(eval_evidence__bounds_that_move_say_when)
{
    check_one("count(views since today() - 7d)", "v1", "2024-07-01T00:00:00+02:00");
    check_one("count(views since as_of - 7d)", "v1", "2024-06-30T12:00:00.000001+02:00");
    check_one("count(views since 2024-06-15)", "v1", "never");
}

TEST(eval_evidence__steps_of_a_sequence_from_all_sources)
{
    check_one("sequence(views where page = 'cart', orders within 7d)", "o0 o1 v0 o2 o3 o4 v1",
              "2024-07-02T12:00:00+02:00");
}

TEST(eval_evidence__leaves_of_the_tags_a_tag_uses)
{
    proof p;

    prove(&p, "both > 1");
    CHECK_INT(p.n, 2);
    check_leaf(&p, 0, "sum(orders.amount where channel = 'app' within 90d)", "o0 o2 o4", "2024-07-02T12:00:00+02:00");
    check_leaf(&p, 1, "count(orders within 30d)", "o1 o2 o3 o4", "2024-07-02T12:00:00+02:00");
    CHECK_INT(*(const int64_t *)p.leaves[0].value->data, 90 * PT_MONEY_UNIT);
    close_proof(&p);
}

TEST(eval_evidence__is_for_one_customer)
{
    pt_err err = {0};
    proof p;

    prove(&p, "count(orders)");
    p.page.batch.n_customers = 0;
    CHECK_OK(pt_eval_run(p.eval, &p.page.batch, &err));
    CHECK_INT(pt_eval_leaves(&p.leaves, &p.n, p.eval, 0, p.page.arena, &err), PT_EINVAL);
    close_proof(&p);
}
