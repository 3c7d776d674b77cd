/* The dump of each kind of node, against tests/golden/lang/dump.txt: "> expression", then its dump. */
#include "base/io.h"
#include "support/lang_fixture.h"
#include "support/test.h"

static const char *const expressions[] = {
    "recency + 1 > -churn and not active",
    "spend > 100",
    "last_order >= 2024-01-01",
    "members.city in ('上海', 'it\\'s')",
    "first_day between 2024-01-01 and today()",
    "favourites has 'tea' or bought is missing",
    "nickname matches '^\\d'",
    "if(active, spend, recency)",
    "coalesce(missing, home, nickname)",
    "sum(orders.amount * orders.quantity where paid and amount > spend / 10 within 90d)",
    "top(orders.category, 3 between 60d and 30d weight amount half_life 30d)",
    "quantile(orders.took, 0.9 since month_start(today()))",
    "did(orders where hour(time) < 6) >= 2",
    "sequence(views where page = 'cart', orders within 1h between 2024-01-01 and 2024-01-31)",
    "funnel(views, 浏览, orders where paid)",
    "tiers(recency <= 90, 'active', true, 'other')",
    "as_of - last_order",
};

static void dump_all(lang_fixture *f, pt_str *out)
{
    for (size_t i = 0; i < PT_COUNT(expressions); i++)
        pt_str_addf(out, "%s> %s\n%s", i ? "\n" : "", expressions[i], lang_dumped(f, lang_whole(f, expressions[i])));
}

TEST(lang_dump__is_as_recorded)
{
    lang_fixture f;
    pt_str out = {0};
    pt_sv golden;
    pt_err err;

    lang_fixture_open(&f);
    dump_all(&f, &out);
    CHECK_OK(pt_read_file(&golden, pt_path_join(f.arena, test_source_dir(), "tests/golden/lang/dump.txt"), 0, f.arena,
                          &err));
    CHECK_STR(pt_str_cstr(&out), golden.ptr);
    pt_str_free(&out);
    lang_fixture_close(&f);
}
