/* What an expression uses directly. */
#include "support/lang_fixture.h"
#include "support/test.h"

static const char *listed(lang_fixture *f, const char *text)
{
    pt_uses uses;
    pt_err err;
    char *out;

    CHECK_OK(pt_lang_uses(&uses, lang_whole(f, text), f->arena, &err));
    out = pt_arena_strdup(f->arena, "");
    for (size_t i = 0; i < uses.n_tags; i++)
        out = pt_arena_printf(f->arena, "%s %s", out, lang_catalog.tags[uses.tags[i]].name);
    for (size_t i = 0; i < uses.n_columns; i++) {
        const pt_lang_source *s = &lang_catalog.sources[uses.columns[i].source];
        const char *column = uses.columns[i].column < 0 ? "*" : s->columns[uses.columns[i].column].name;
        out = pt_arena_printf(f->arena, "%s %s.%s", out, s->name, column);
    }
    CHECK(out);
    return out;
}

TEST(lang_uses__lists_tags_and_columns_once)
{
    lang_fixture f;

    lang_fixture_open(&f);
    CHECK_STR(listed(&f, "1 + 2 > 2"), "");
    CHECK_STR(listed(&f, "recency + churn + recency > 2"), " recency churn");
    CHECK_STR(listed(&f, "members.city = 'a'"), " members.* members.city");
    CHECK_STR(listed(&f, "count(orders where time < as_of)"), " orders.*");
    CHECK_STR(listed(&f, "sum(orders.amount * quantity where paid and amount > spend within 9d weight weight)"),
              " spend orders.* orders.amount orders.quantity orders.paid orders.weight");
    CHECK_STR(listed(&f, "sequence(views where page = 'a', orders, views where seconds > churn)"),
              " churn orders.* views.* views.page views.seconds");
    CHECK_STR(listed(&f, "tiers(active, 'a', count(views) > 1, 'b')"), " active views.*");
    lang_fixture_close(&f);
}
