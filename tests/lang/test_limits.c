/* Hostile input: deep, long, huge, cut short, short of memory. */
#include <stdlib.h>

#include "base/rng.h"
#include "support/lang_fixture.h"
#include "support/test.h"

static void repeat(pt_str *out, const char *part, int times)
{
    for (int i = 0; i < times; i++)
        pt_str_add(out, part);
}

/* `head` n times, `middle`, `tail` n times. */
static const pt_node *nested(lang_fixture *f, const char *head, const char *middle, const char *tail, int n)
{
    pt_str text = {0};
    const pt_node *node;

    repeat(&text, head, n);
    pt_str_add(&text, middle);
    repeat(&text, tail, n);
    CHECK(!text.failed);
    node = lang_check_sv(f, (pt_sv){pt_arena_strndup(f->arena, text.ptr, text.len), text.len}, PT_TYPE_NONE);
    pt_str_free(&text);
    return node;
}

TEST(lang_limits__depth_is_bounded_for_every_way_of_nesting)
{
    static const struct {
        const char *head, *middle, *tail;
    } ways[] = {
        {"(", "1", ")"},
        {"not ", "true", ""},
        {"-", "recency", ""},
        {"abs(", "1", ")"},
        {"1 + ", "1", ""},
        {"", "1", " + 1"},
        {"", "true", " or true"},
        {"true and (", "true", ")"},
        {"-(", "1", ")"},
        {"if(true, 1, ", "2", ")"},
        {"count(orders where ", "true", ")"},
        {"sequence(views where ", "true", ", views)"},
        {"1 - (", "1", ")"},
        {"tiers(true, ", "'a'", ")"},
        {"top(", "orders.category", ", 3)"},
        {"((((", "true", " or true))))"},
    };
    lang_fixture f;

    lang_fixture_open(&f);
    for (size_t i = 0; i < PT_COUNT(ways); i++) {
        CHECK(!nested(&f, ways[i].head, ways[i].middle, ways[i].tail, 20000));
        CHECK_INT(f.diags.errors, 1);
        if (f.diags.items[0].code != 209)
            test_fail(__FILE__, __LINE__, "%s gives E%04d", ways[i].head, f.diags.items[0].code);
    }
    lang_fixture_close(&f);
}

TEST(lang_limits__depth_that_is_allowed_works)
{
    lang_fixture f;
    const pt_node *n;

    lang_fixture_open(&f);
    n = nested(&f, "1 + ", "1", "", 200);
    CHECK(n && pt_node_equal(n, lang_check(&f, lang_printed(&f, n), PT_TYPE_NONE)));
    n = nested(&f, "1 - (", "1", ")", 200);
    CHECK(n && pt_node_equal(n, lang_check(&f, lang_printed(&f, n), PT_TYPE_NONE)));
    n = nested(&f, "not (active or ", "true", ")", 120);
    CHECK(n && pt_node_equal(n, lang_check(&f, lang_printed(&f, n), PT_TYPE_NONE)));
    CHECK(nested(&f, "(", "1", ")", 500));
    lang_fixture_close(&f);
}

TEST(lang_limits__length_is_bounded)
{
    lang_fixture f;
    pt_str text = {0};

    lang_fixture_open(&f);
    pt_str_add(&text, "recency in (0");
    while (text.len < (1 << 20) - 20)
        pt_str_addf(&text, ", %zu", text.len);
    pt_str_addc(&text, ')');
    CHECK(lang_check(&f, pt_str_cstr(&text), PT_TYPE_NONE));
    pt_str_pad(&text, ' ', 40);
    CHECK(!lang_check(&f, pt_str_cstr(&text), PT_TYPE_NONE));
    CHECK_INT(f.diags.items[0].code, 210);
    pt_str_free(&text);
    lang_fixture_close(&f);
}

TEST(lang_limits__nul_is_refused_wherever_it_stands)
{
    static const struct {
        const char *text;
        size_t n;
    } texts[] = {{"1\0+ 1", 6}, {"'a\0b'", 5}, {"`a\0b`", 5}, {"1 # \0", 5}, {"\0", 1}};
    lang_fixture f;

    lang_fixture_open(&f);
    for (size_t i = 0; i < PT_COUNT(texts); i++) {
        CHECK(!lang_check_sv(&f, (pt_sv){texts[i].text, texts[i].n}, PT_TYPE_NONE));
        CHECK_INT(f.diags.items[0].code, 201);
    }
    CHECK(!lang_check_sv(&f, (pt_sv){NULL, 0}, PT_TYPE_NONE));
    CHECK_INT(f.diags.items[0].code, 211);
    lang_fixture_close(&f);
}

static const char *const samples[] = {
    "quantile(orders.amount, 0.9 where channel not in ('app', \"web\") and paid within 30d 12h) >= 99.95",
    "top(orders.category, 3 between 2024-01-01 and 2024-06-30 where 渠道 matches '^\\d+$' weight amount half_life 30d)",
    "if(active is not missing, coalesce(spend, 0), `first order`) * -2.5e3 % 7",
    "sequence(views where page = 'a', 浏览, orders within 7d since 2024-06-30T10:00:30.5+08:00) or not vip",
    "tiers(recency <= 90, 'active', members.interests has 'tea', '\\u{4E2D}\\n') # done",
};

/* Every prefix, and every prefix with its last byte changed: an answer or one report, never a crash. */
TEST(lang_limits__cut_and_damaged_texts_are_survived)
{
    lang_fixture f;
    pt_rng rng;

    lang_fixture_open(&f);
    pt_rng_seed(&rng, 7);
    for (size_t s = 0; s < PT_COUNT(samples); s++) {
        size_t n = strlen(samples[s]);
        for (size_t cut = 0; cut <= n; cut++) {
            char *copy = malloc(cut + 1); /* exactly as long: the sanitizer sees a byte too far */
            CHECK(copy);
            memcpy(copy, samples[s], cut);
            lang_check_sv(&f, (pt_sv){copy, cut}, PT_TYPE_NONE);
            for (int i = 0; i < 8 && cut; i++) {
                copy[pt_rng_below(&rng, cut)] = (char)pt_rng_below(&rng, 256);
                lang_check_sv(&f, (pt_sv){copy, cut}, PT_TYPE_NONE);
            }
            pt_diags_free(&f.diags);
            free(copy);
        }
    }
    lang_fixture_close(&f);
}

static pt_rc check_within(size_t cap, const char *text, bool *whole)
{
    pt_arena *arena = pt_arena_new(cap), *messages = pt_arena_new(0);
    pt_module *module;
    const pt_node *n = NULL;
    pt_diags diags;
    pt_err err = {0};
    pt_rc rc;

    CHECK(arena && messages);
    pt_diags_init(&diags, messages);
    rc = pt_lang_check(&module, &lang_catalog, &diags, arena, &err);
    if (rc == PT_OK)
        rc = pt_lang_expression(&n, module, pt_sv_of(text), (pt_place){.text = pt_sv_of(text), .line = 1, .col = 1},
                                PT_TYPE_NONE, &diags, arena, &err);
    *whole = n != NULL;
    CHECK(rc == PT_OK || (rc == PT_ENOMEM && err.msg[0] && !n));
    CHECK_INT(diags.errors, 0); /* running out of memory is not the user's mistake */
    pt_diags_free(&diags);
    pt_arena_free(arena);
    pt_arena_free(messages);
    return rc;
}

TEST(lang_limits__running_out_of_memory_at_any_point_is_reported)
{
    size_t failures = 0;
    bool whole = false;

    for (size_t cap = 64; !whole; cap += 240)
        failures +=
            check_within(cap, "if(quantile(orders.amount, 0.9 where paid within 3d) > spend, home, 'x') in ('a', 'b')",
                         &whole) == PT_ENOMEM;
    CHECK(failures > 20);
}
