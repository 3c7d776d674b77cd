#include "support/lang_fixture.h"

#include "support/test.h"

static const pt_lang_column order_columns[] = {
    {"amount", PT_TYPE_MONEY},    {"quantity", PT_TYPE_NUMBER}, {"category", PT_TYPE_CATEGORY},
    {"channel", PT_TYPE_TEXT},    {"paid", PT_TYPE_BOOL},       {"due", PT_TYPE_DATE},
    {"shipped", PT_TYPE_INSTANT}, {"took", PT_TYPE_DURATION},   {"labels", PT_TYPE_LIST},
    {"weight", PT_TYPE_NUMBER},   {"渠道", PT_TYPE_TEXT},       {"unit price", PT_TYPE_MONEY},
};
static const pt_lang_column view_columns[] = {{"page", PT_TYPE_TEXT}, {"seconds", PT_TYPE_NUMBER}};
static const pt_lang_column member_columns[] = {{"city", PT_TYPE_CATEGORY}, {"birthday", PT_TYPE_DATE},
                                                {"region", PT_TYPE_TEXT},   {"interests", PT_TYPE_LIST},
                                                {"points", PT_TYPE_NUMBER}, {"vip", PT_TYPE_BOOL}};
static const pt_lang_column product_columns[] = {{"sku", PT_TYPE_TEXT}};

static const pt_lang_source sources[] = {
    {"orders", PT_SOURCE_EVENT, order_columns, PT_COUNT(order_columns)},
    {"views", PT_SOURCE_EVENT, view_columns, PT_COUNT(view_columns)},
    {"members", PT_SOURCE_RECORD, member_columns, PT_COUNT(member_columns)},
    {"products", PT_SOURCE_REFERENCE, product_columns, PT_COUNT(product_columns)},
    {"pairs", PT_SOURCE_LINK, NULL, 0},
    {"浏览", PT_SOURCE_EVENT, view_columns, PT_COUNT(view_columns)},
};

#define TEXT(s)            \
    {                      \
        (s), sizeof(s) - 1 \
    }
#define VALUE(n, v)                               \
    {                                             \
        .name = (n), .value = TEXT(v), .place = { \
            .file = "tags.yaml",                  \
            .text = TEXT(v),                      \
            .line = 1,                            \
            .col = 1,                             \
            .length = 1                           \
        }                                         \
    }
#define EXTERNAL(n, t)                             \
    {                                              \
        .name = (n), .external = true, .type = (t) \
    }
static const pt_lang_tag tags[] = {
    VALUE("spend", "sum(orders.amount)"),
    VALUE("orders_90d", "count(orders within 90d)"),
    VALUE("recency", "days_since(last(orders.time))"),
    VALUE("favourites", "top(orders.category, 3 weight amount half_life 30d)"),
    VALUE("active", "recency <= 90"),
    VALUE("last_order", "last(orders.time)"),
    VALUE("first_day", "date(first(orders.time))"),
    VALUE("usual_time", "median(orders.took)"),
    VALUE("home", "members.city"),
    VALUE("bought", "values(orders.category)"),
    VALUE("first order", "first(orders.amount)"),
    VALUE("近90天", "orders_90d"),
    VALUE("within", "1"),
    EXTERNAL("churn", PT_TYPE_NUMBER),
    EXTERNAL("nickname", PT_TYPE_TEXT),
};

const pt_catalog lang_catalog = {sources, PT_COUNT(sources), tags, PT_COUNT(tags), .history = true};

static void fail_with_problems(lang_fixture *f, const char *text)
{
    pt_str out = {0};

    pt_diags_print(&f->diags, &out, false);
    test_fail(__FILE__, __LINE__, "%s: %s", text, pt_str_cstr(&out));
}

void lang_fixture_open(lang_fixture *f)
{
    pt_err err;

    f->arena = pt_arena_new(0);
    CHECK(f->arena);
    pt_diags_init(&f->diags, f->arena);
    CHECK_OK(pt_lang_check(&f->module, &lang_catalog, &f->diags, f->arena, &err));
    if (f->diags.n)
        fail_with_problems(f, "the fixture");
}

void lang_fixture_close(lang_fixture *f)
{
    pt_diags_free(&f->diags);
    pt_arena_free(f->arena);
}

const pt_node *lang_check_sv(lang_fixture *f, pt_sv text, pt_type want)
{
    const pt_node *n;
    pt_place place = {.file = "expression", .text = text, .line = 1, .col = 1, .length = 1};
    pt_err err;

    pt_diags_free(&f->diags);
    CHECK_OK(pt_lang_expression(&n, f->module, text, place, want, &f->diags, f->arena, &err));
    CHECK((n == NULL) == (f->diags.errors > 0));
    return n;
}

const pt_node *lang_check(lang_fixture *f, const char *text, pt_type want)
{
    return lang_check_sv(f, pt_sv_of(text), want);
}

const pt_node *lang_whole(lang_fixture *f, const char *text)
{
    const pt_node *n = lang_check(f, text, PT_TYPE_NONE);

    if (!n)
        fail_with_problems(f, text);
    return n;
}

static const char *keep(lang_fixture *f, pt_str *text)
{
    const char *kept = pt_arena_strndup(f->arena, pt_str_cstr(text), text->len);

    CHECK(kept && !text->failed);
    pt_str_free(text);
    return kept;
}

const char *lang_printed(lang_fixture *f, const pt_node *n)
{
    pt_str text = {0};

    pt_lang_print(&text, n, &lang_catalog);
    return keep(f, &text);
}

const char *lang_dumped(lang_fixture *f, const pt_node *n)
{
    pt_str text = {0};

    pt_lang_dump(&text, n, &lang_catalog);
    return keep(f, &text);
}
