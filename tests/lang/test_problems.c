/* What is refused, and how it is said: one line a case, and a case for every code. */
#include "support/lang_fixture.h"
#include "support/test.h"

static const struct {
    const char *text;
    int code;
    const char *says, *hints; /* parts of message and hint; NULL: not looked at */
    int col;                  /* 0: not looked at */
} cases[] = {
    /* E02xx: reading */
    {"recency == 2", 201, "'=='", "write =", 9},
    {"recency <> 2", 201, "'<>'", "write !=", 9},
    {"active && active", 201, "'&&'", "write and", 8},
    {"count（orders）", 201, "'（'", "write (", 6},
    {"spend ＞ 3", 201, "'＞'", "write >", 7},
    {"spend @ 3", 201, "'@'", NULL, 7},
    {"spend \x01 3", 201, "control", NULL, 7},
    {"spend > \xff", 201, "UTF-8", NULL, 9},
    {"nickname = 'abc", 202, "closing quote", "\\'", 12},
    {"`first order", 202, "closing `", NULL, 1},
    {"`` + 1", 202, "empty name", NULL, 1},
    {"nickname = '\\u{XYZ}'", 203, "hexadecimal", NULL, 13},
    {"nickname = '\\u{0}'", 203, NULL, NULL, 0},
    {"nickname = '\\u{D800}'", 203, NULL, NULL, 0},
    {"nickname = '\\u{1234567}'", 203, NULL, NULL, 0},
    {"spend > 1e999", 204, "out of range", NULL, 9},
    {"count(orders within 3months)", 205, "'months'", "months_since", 21},
    {"count(orders within 30x)", 205, "'x'", "us ms s m h d w", 21},
    {"count(orders within 1.5d)", 205, "whole numbers", "1d 12h", 21},
    {"count(orders within 99999999999d)", 205, "too long", NULL, 21},
    {"count(orders within 9999999999999999999999d)", 205, "too long", NULL, 21},
    {"2e + 1", 205, "'e'", NULL, 1},
    {"first_day = 2024-02-30", 206, "no such date", NULL, 13},
    {"last_order > 2024-06-30T12:00", 206, "offset", "2024-06-30T12:00+08:00", 14},
    {"last_order > 2024-06-30T25:00Z", 206, "no such instant", NULL, 14},
    {"recency >", 207, "end of the expression", NULL, 10},
    {"recency > 2 AND active", 207, "'AND'", "lower case: and", 13},
    {"(recency", 207, "')'", NULL, 9},
    {"recency recency", 207, "'recency'", NULL, 9},
    {"nickname = 'it''s'", 207, NULL, "\\'", 16},
    {"orders_90d within 30d", 207, "'within'", NULL, 12},
    {"recency is 3", 207, "'missing'", "x = y", 12},
    {"recency between 1", 207, "'and'", NULL, 18},
    {"home in 'a'", 207, "'('", NULL, 9},
    {"recency not 3", 207, "in, between", NULL, 13},
    {"recency = not active", 207, "'not' cannot", "parentheses", 11},
    {"count(orders", 207, "',' or ')'", NULL, 13},
    {"orders. ", 207, "column", NULL, 0},
    {".5", 207, NULL, NULL, 1},
    {"and", 207, "a value", NULL, 1},
    {"1 < recency < 5", 208, "chained", "between", 13},
    {"active = true = false", 208, NULL, NULL, 15},
    {"recency in (1) in (2)", 208, NULL, NULL, 16},
    {"", 211, "empty", NULL, 1},
    {"  # nothing\n", 211, NULL, NULL, 0},
    {"count(orders where paid where paid)", 212, "'where' is given twice", NULL, 25},
    {"count(orders within 1d within 2d)", 212, "'within'", NULL, 24},
    {"top(orders.category where paid, 3 where paid)", 212, "'where'", NULL, 0},
    {"top(orders.category within 30d, 3)", 212, "argument after", "come last", 31},
    {"home in (nickname)", 213, "constants", NULL, 10},
    /* E03xx: names */
    {"recencey > 2", 301, "unknown tag 'recencey'", "'recency'", 1},
    {"amount > 2", 301, "unknown tag 'amount'", "last(orders.amount)", 1},
    {"city = 'a'", 301, NULL, "members.city", 1},
    {"count(orders where amout > 2)", 301, "column or tag 'amout'", "'amount'", 20},
    {"count(order)", 302, "unknown source 'order'", "'orders'", 7},
    {"sum(order.amount)", 302, "'order'", "'orders'", 5},
    {"sum(amount)", 302, "'amount'", "orders.amount", 5},
    {"nothing.x = 1", 302, "'nothing'", NULL, 1},
    {"sum(orders.amuont)", 303, "'amuont'", "'amount'", 12},
    {"members.town = 'x'", 303, "'town'", NULL, 9},
    {"totl(orders)", 304, "'totl'", NULL, 1},
    {"average(orders.amount)", 304, "'average'", NULL, 1},
    {"was()", 313, "was takes a condition", NULL, 1},
    {"was(active, at most 3d)", 207, "'least'", NULL, 16},
    {"was(active, recency)", 207, "'at least'", NULL, 13},
    {"was(active, at least 3d at least 4d)", 212, "'at least'", NULL, 25},
    {"was(active, within 3d, within 4d)", 212, "'within'", NULL, 24},
    {"was(active, at least 0d)", 316, "at least", "30d", 22},
    {"was(active, within recency)", 316, "within", "30d", 20},
    {"was(recency)", 311, "condition of was", NULL, 5},
    {"was(active) = true", 334, "inside", "alone", 1},
    {"not (recency > 2 or was(not was(active)))", 334, "inside", NULL, 29},
    {"if(was(active), 1, 0) = 1", 334, "inside", NULL, 4},
    {"was(active) is missing", 334, NULL, NULL, 1},
    {"count(orders where was(active)) > 1", 334, NULL, NULL, 20},
    {"was(count(orders) > 2)", 335, "not of this", "tag of its own", 5},
    {"was(home = members.city)", 335, NULL, NULL, 12},
    {"was(recency > base_mean(recency))", 335, NULL, NULL, 15},
    {"was(keep(home) = 'a')", 335, NULL, NULL, 5},
    {"was(1 > 2)", 335, "there is none", NULL, 5},
    {"orders.amount > 100", 305, "'orders.amount'", "last(orders.amount)", 1},
    {"orders.time > as_of", 305, NULL, NULL, 1},
    {"count(orders where channel = members.city)", 307, "'orders'", "tag", 30},
    {"sum(orders.amount * views.seconds)", 307, NULL, NULL, 21},
    {"sum(orders.amount - avg(orders.amount))", 308, "avg", "after where", 21},
    {"count(orders.quantity * funnel(views, views))", 308, NULL, NULL, 25},
    {"avg(orders.amount weight count(views))", 308, NULL, NULL, 26},
    {"count(orders where amount > avg(amount))", 302, NULL, "orders.amount", 33},
    {"orders > 3", 309, "'orders' is a source", "count(orders)", 1},
    {"count(orders where views)", 309, "'views'", NULL, 20},
    {"sum(1)", 309, "source", "sum(orders.amount)", 5},
    {"sum(if(active, 1, 0))", 309, NULL, NULL, 5},
    /* types */
    {"today() - 30", 310, "'-' does not take date and number", "30d", 1},
    {"home + 'x'", 310, "text", "concat", 1},
    {"spend * spend", 310, "money and money", "number(x)", 1},
    {"active + 1", 310, NULL, "if(x, 1, 0)", 1},
    {"30d + today()", 310, NULL, "date + duration", 1},
    {"home = 100", 310, NULL, "quotes", 1},
    {"recency = '30'", 310, NULL, "without quotes", 1},
    {"first_day = '2024-01-01'", 310, NULL, "dates without quotes", 1},
    {"usual_time > 30", 310, NULL, "30d", 1},
    {"favourites = 'tea'", 310, NULL, "has", 1},
    {"active < true", 310, NULL, "no order", 1},
    {"active > 2", 310, NULL, "true or false", 1},
    {"did_not(orders) >= 2", 310, NULL, NULL, 1},
    {"-home", 310, "'-'", NULL, 1},
    {"-active", 310, NULL, "not x", 1},
    {"home between 1 and 2", 310, "'between'", NULL, 1},
    {"home between 'a' and 2", 310, NULL, NULL, 1},
    {"active between false and true", 310, NULL, NULL, 1},
    {"count(orders where paid between 2024-01-01 and 2024-02-01)", 310, NULL, "before where", 20},
    {"home in ('a', 2)", 310, NULL, "quotes", 15},
    {"last_order in (2024-01-01)", 310, NULL, "date(x)", 16},
    {"home has 'a'", 310, NULL, "contains", 1},
    {"recency matches 'a'", 310, NULL, "text(x)", 1},
    {"recency and active", 311, "number", "x > 0", 1},
    {"not home", 311, NULL, "= 'value'", 5},
    {"count(orders where amount)", 311, "after where", "x > 0", 20},
    {"if(recency, 1, 2)", 311, "condition of if", NULL, 4},
    {"tiers(recency, 'a')", 311, NULL, NULL, 7},
    {"active and favourites", 311, NULL, "has 'item'", 12},
    {"year('2024')", 312, "year takes a date", "year(x)", 6},
    {"abs(home)", 312, NULL, NULL, 5},
    {"hour(first_day)", 312, "an instant", NULL, 6},
    {"concat('a', 1)", 312, NULL, NULL, 13},
    {"weight_of(bought, 'a')", 312, "weighted", NULL, 11},
    {"band(recency, 10d)", 312, "bound is duration", NULL, 15},
    {"band(usual_time, 10)", 312, NULL, "30d", 18},
    {"score(home, 1)", 312, NULL, NULL, 7},
    {"least(active, active)", 312, "order", NULL, 7},
    {"if(active, 1)", 313, "3 arguments, this has 2", "if(condition, a, b)", 1},
    {"abs()", 313, "1 argument, this has 0", NULL, 1},
    {"today(1)", 313, NULL, NULL, 1},
    {"coalesce(1)", 313, "at least 2", NULL, 1},
    {"round(1, 2, 3)", 313, "at most 2", NULL, 1},
    {"count()", 313, "needs a source", "count(orders)", 1},
    {"count(orders, 3)", 313, "one argument", NULL, 1},
    {"top(orders.category)", 313, "a number", "top(orders.category, 3)", 1},
    {"tiers(active)", 313, "pairs", NULL, 1},
    {"tiers()", 313, NULL, NULL, 1},
    {"count(orders within usual_time)", 314, "depend on the customer", NULL, 21},
    {"count(orders since members.birthday)", 314, NULL, NULL, 20},
    {"count(orders within 1d * count(views))", 314, NULL, NULL, 26},
    {"count(orders within 1d * random_bucket('a', 9))", 314, NULL, NULL, 26},
    {"quantile(orders.amount, churn)", 314, NULL, NULL, 25},
    {"favourites has home", 314, "in quotes", NULL, 16},
    {"has_any(favourites, home)", 314, NULL, NULL, 21},
    {"home matches nickname", 314, "pattern in quotes", NULL, 14},
    {"tiers(active, home)", 314, "label", NULL, 15},
    {"band(recency, churn)", 314, "constants", NULL, 15},
    {"random_bucket(home, 10)", 314, NULL, NULL, 15},
    {"quantile(orders.amount, 90)", 315, "from 0 to 1", NULL, 25},
    {"quantile(orders.amount, -0.1)", 315, NULL, NULL, 25},
    {"top(orders.category, 0)", 315, "from 1 to 1000", NULL, 22},
    {"top(orders.category, 1001)", 315, NULL, NULL, 22},
    {"top(orders.category, 1.5)", 315, "whole", NULL, 22},
    {"band(recency, 20, 10)", 315, "rise", NULL, 19},
    {"band(recency, 20, 20)", 315, "rise", NULL, 19},
    {"score(recency, 1, 3, 2)", 315, "all rise or all fall", NULL, 22},
    {"bucket(recency, 0)", 315, "above zero", NULL, 17},
    {"item(bought, 0)", 315, NULL, NULL, 14},
    {"random_bucket('a', 1)", 315, NULL, NULL, 20},
    {"round(1, 16)", 315, "-15 to 15", NULL, 10},
    {"province_name(home, 'fr')", 315, "'zh' or 'en'", NULL, 21},
    {"count(orders within 30)", 316, "number", "30d", 21},
    {"count(orders within 0d)", 316, "longer than nothing", NULL, 21},
    {"count(orders within -3d)", 316, NULL, NULL, 21},
    {"count(orders within 1d - 2d)", 316, NULL, NULL, 21},
    {"count(orders since 30d)", 316, "duration", "within 30d", 20},
    {"count(orders between 30d and 60d)", 316, "ends before", "60d and 30d", 22},
    {"count(orders between 30d and -1d)", 316, NULL, NULL, 22},
    {"count(orders between 2024-02-01 and 2024-01-01)", 316, "ends before", NULL, 22},
    {"count(orders between 2024-02-01 and 30d)", 316, "one type", NULL, 22},
    {"count(orders within 30d since 2024-01-01)", 316, "more than one window", NULL, 0},
    {"trend(orders)", 316, "needs a window", NULL, 1},
    {"count(orders half_life -3d)", 316, "above zero", NULL, 24},
    {"count(orders half_life 3)", 316, NULL, NULL, 24},
    {"sequence(views, orders within recency)", 316, "written out", NULL, 31},
    {"home = missing", 317, NULL, "is missing", 8},
    {"missing + 1", 317, NULL, NULL, 1},
    {"abs(missing)", 317, NULL, NULL, 5},
    {"recency in (1, missing)", 317, NULL, NULL, 16},
    {"missing is missing", 317, NULL, NULL, 1},
    {"missing", 318, NULL, NULL, 1},
    {"if(active, missing, missing)", 318, NULL, NULL, 12},
    {"spend > 0.00001", 320, "0.00001", NULL, 9},
    {"spend > 1e300", 320, NULL, NULL, 9},
    {"spend in (1, 99999999999999999)", 320, NULL, NULL, 14},
    {"home matches '('", 321, "wrong pattern", NULL, 14},
    {"home matches '\\C'", 321, NULL, NULL, 14},
    {"sum(orders)", 322, "needs a column", "sum(orders.amount)", 5},
    {"days(orders.amount)", 322, "takes a source", "days(orders)", 6},
    {"did(orders.paid)", 322, NULL, NULL, 5},
    {"sum(orders.channel)", 322, "text", "distinct", 5},
    {"values(orders.amount)", 322, "money", NULL, 8},
    {"max(orders.paid)", 322, "bool", NULL, 5},
    {"mode(orders.labels)", 322, "list", NULL, 6},
    {"count(orders weight channel)", 322, "weight", NULL, 21},
    {"abs(recency where active)", 323, "abs takes no where", NULL, 19},
    {"abs(recency within 3d)", 323, NULL, NULL, 20},
    {"tiers(active, 'a' within 3d)", 323, NULL, NULL, 26},
    {"max(orders.amount weight 2)", 323, "max takes no weight", "count, sum", 26},
    {"days(orders half_life 3d)", 323, "half_life", NULL, 23},
    {"sequence(views, orders weight 2)", 323, NULL, NULL, 31},
    {"sequence(views)", 326, "2 to 32", NULL, 1},
    {"sequence(views.page, orders)", 326, "a step is a source", NULL, 10},
    {"funnel(views, 3)", 326, NULL, NULL, 15},
    {"tiers(active, '')", 327, "empty", NULL, 15},
    {"tiers(active, 'a', not active, 'a')", 327, "twice", NULL, 32},
    {"count(products)", 328, "reference", "lookup", 7},
    {"count(pairs)", 328, "link", NULL, 7},
    {"products.sku = 'a'", 328, NULL, NULL, 1},
    {"if(active, 'yes', 0)", 329, "number", NULL, 19},
    {"coalesce(home, favourites)", 329, NULL, NULL, 16},
    {"spend@v9", 332, "no such version", "its versions are v1", 1},
    {"did(orders within next 90d)", 337, "not known here", "target of a model", 24},
    {"fresh(3, 90d)", 331, "no event", "grows old", 7},
    {"fresh(spend)", 313, "a value and a length", "fresh(x, 90d)", 1},
    {"fresh(spend, 90)", 316, "the age of a value", "30d", 14},
    {"keep(spend, 0d)", 316, NULL, NULL, 13},
    {"keep(missing)", 317, NULL, NULL, 6},
    {"count(orders where keep(spend) > 3)", 308, "keep cannot stand", "tag", 20},
    {"base_mean(3)", 330, "name of a tag", "make a tag", 11},
    {"base_mean(orders.amount)", 330, NULL, NULL, 11},
    {"base_score(count(orders), 5)", 330, "base_score", NULL, 12},
    {"base_mean(spnd)", 301, "unknown tag", "spend", 11},
    {"base_mean(home)", 312, "does not take category", "base_mean(spend)", 11},
    {"base_mean(spend, 2)", 313, "takes 1 argument", NULL, 1},
    {"base_quantile(spend)", 313, "takes 2 arguments", "0.8", 1},
    {"base_quantile(spend, 2)", 315, "the quantile", NULL, 22},
    {"base_top_share(spend, -1)", 315, "the share", NULL, 23},
    {"base_score(spend, 1)", 315, "steps", NULL, 19},
    {"base_share(home, 3)", 314, "written out", "'value'", 18},
    {"base_share(home, home)", 314, NULL, NULL, 18},
    {"base_mean(spend where spend > 0)", 323, NULL, NULL, 23},
    {"count(orders since base_max(spend))", 314, "other customers", "today()", 20},
};

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static bool reported_well(const pt_diags *diags, size_t i)
{
    const pt_diag *d = diags->items;

    return diags->n == 1 && d->code == cases[i].code && strstr(d->msg, or_empty(cases[i].says)) &&
           strstr(or_empty(d->hint), or_empty(cases[i].hints)) && (!cases[i].col || d->place.col == cases[i].col);
}

TEST(lang_problems__each_is_reported_once_at_its_place)
{
    lang_fixture f;
    pt_str wrong = {0};

    lang_fixture_open(&f);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        lang_check(&f, cases[i].text, PT_TYPE_NONE);
        if (reported_well(&f.diags, i))
            continue;
        pt_str_addf(&wrong, "\n  %s: %zu problems", cases[i].text, f.diags.n);
        if (f.diags.n)
            pt_str_addf(&wrong, "; E%04d at %d: %s (%s)", f.diags.items[0].code, f.diags.items[0].place.col,
                        f.diags.items[0].msg, or_empty(f.diags.items[0].hint));
    }
    if (wrong.len)
        test_fail(__FILE__, __LINE__, "%s", pt_str_cstr(&wrong));
    lang_fixture_close(&f);
}

TEST(lang_problems__warnings_do_not_stop)
{
    static const struct {
        const char *text;
        int code, n;
    } doubtful[] = {
        {"count(orders where time = 2024-01-01)", 324, 1},
        {"count(orders where time <= 2024-01-01)", 324, 1},
        {"count(orders where 2024-01-01 >= time)", 324, 1},
        {"last_order = today()", 324, 1},
        {"last_order between 2024-01-01 and 2024-01-31", 324, 1},
        {"count(orders.paid)", 325, 1},
        {"count(orders where time >= 2024-01-01)", 0, 0},
        {"count(orders where time < 2024-01-01)", 0, 0},
        {"last_order > today()", 0, 0},
        {"first_day = 2024-01-01", 0, 0},
    };
    lang_fixture f;

    lang_fixture_open(&f);
    for (size_t i = 0; i < PT_COUNT(doubtful); i++) {
        lang_whole(&f, doubtful[i].text);
        CHECK_INT(f.diags.n, doubtful[i].n);
        CHECK_INT(f.diags.n ? f.diags.items[0].code : 0, doubtful[i].code);
    }
    lang_fixture_close(&f);
}

TEST(lang_problems__all_type_errors_of_an_expression_are_found_at_once)
{
    lang_fixture f;

    lang_fixture_open(&f);
    lang_check(&f, "count(orders where amout > 2 within 30) > 3 and home = 100 and year('x') = lower(churn)",
               PT_TYPE_NONE);
    CHECK_INT(f.diags.errors, 5);
    lang_check(&f, "wrong + 1 > 2 and not (wrong = 'x')", PT_TYPE_NONE);
    CHECK_INT(f.diags.errors, 2); /* the name, twice; nothing about types that are not known */
    lang_fixture_close(&f);
}

TEST(lang_problems__reports_end_after_fifty)
{
    lang_fixture f;
    pt_str text = {0};

    lang_fixture_open(&f);
    pt_str_add(&text, "greatest(x");
    for (int i = 0; i < 200; i++)
        pt_str_add(&text, ", x");
    pt_str_add(&text, ")");
    lang_check(&f, pt_str_cstr(&text), PT_TYPE_NONE);
    CHECK_INT(f.diags.errors, 50);
    pt_str_free(&text);
    lang_fixture_close(&f);
}

TEST(lang_problems__wanted_type_is_converted_to_or_refused)
{
    lang_fixture f;

    lang_fixture_open(&f);
    CHECK(!lang_check(&f, "recency", PT_TYPE_BOOL));
    CHECK_INT(f.diags.items[0].code, 319);
    CHECK(!lang_check(&f, "spend", PT_TYPE_NUMBER));
    CHECK(!lang_check(&f, "nickname", PT_TYPE_LIST));
    CHECK_STR(lang_dumped(&f, lang_check(&f, "12.5", PT_TYPE_MONEY)), "literal 12.5: money, constant\n");
    CHECK_STR(lang_dumped(&f, lang_check(&f, "missing", PT_TYPE_DATE)), "missing: date, constant\n");
    CHECK_STR(lang_dumped(&f, lang_check(&f, "today()", PT_TYPE_INSTANT)),
              "cast: instant, constant\n  call today: date, constant\n");
    CHECK_STR(lang_dumped(&f, lang_check(&f, "nickname", PT_TYPE_CATEGORY)),
              "cast: category, customer\n  tag nickname: text, customer\n");
    CHECK_STR(lang_dumped(&f, lang_check(&f, "favourites", PT_TYPE_LIST)),
              "cast: list, customer\n  tag favourites: weighted, customer\n");
    lang_fixture_close(&f);
}

static const pt_diag_info *info_of(int code)
{
    for (const pt_diag_info *info = pt_lang_diag_infos; info->code; info++)
        if (info->code == code)
            return info;
    return NULL;
}

TEST(lang_problems__every_code_is_explained_and_tried)
{
    int before = 0;

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        CHECK(info_of(cases[i].code));
    for (const pt_diag_info *info = pt_lang_diag_infos; info->code; info++) {
        /* 209, 210: test_limits; 306, 319: test_module; 324, 325: warnings above; 333: below; 336: e2e/history.sh. */
        static const int elsewhere[] = {209, 210, 306, 319, 324, 325, 333, 336};
        bool tried = false;
        CHECK(info->code > before && info->title[0] && info->explanation[0] && info->title_zh[0] &&
              info->explanation_zh[0]);
        before = info->code;
        for (size_t i = 0; i < PT_COUNT(cases); i++)
            tried |= cases[i].code == info->code;
        for (size_t i = 0; i < PT_COUNT(elsewhere); i++)
            tried |= elsewhere[i] == info->code;
        if (!tried)
            test_fail(__FILE__, __LINE__, "no test gives E%04d", info->code);
    }
}

TEST(lang_problems__history_is_asked_only_where_there_is_one)
{
    static const pt_lang_tag tags[] = {
        {.name = "active", .external = true, .type = PT_TYPE_BOOL},
        {.name = "win_back", .value = {"was(active)", 11}, .place = {.text = {"was(active)", 11}, .line = 1, .col = 1}},
    };
    pt_catalog catalog = {
        .sources = lang_catalog.sources, .n_sources = lang_catalog.n_sources, .tags = tags, .n_tags = 2};
    pt_arena *arena = pt_arena_new(0);
    pt_module *module;
    pt_diags diags;
    pt_err err;

    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_check(&module, &catalog, &diags, arena, &err));
    CHECK_INT(diags.errors, 1);
    CHECK_INT(diags.items[0].code, 333);
    catalog.history = true;
    pt_diags_free(&diags);
    pt_diags_init(&diags, arena);
    CHECK_OK(pt_lang_check(&module, &catalog, &diags, arena, &err));
    CHECK_INT(diags.errors, 0);
    CHECK(module->tags[1]->kind == PT_NODE_WAS);
    pt_diags_free(&diags);
    pt_arena_free(arena);
}
