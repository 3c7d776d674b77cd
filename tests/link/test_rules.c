/* Rules that a project writes: what expressions give, which records share keys, which levels pairs have. */
#include <string.h>

#include "base/rng.h"
#include "form/latin.h"
#include "link/compare.h"
#include "link/expr.h"
#include "support/test.h"

enum { RECORDS = 6 };

/* Record 1 is record 0 in another spelling; 5 has nothing. */
static const struct {
    const char *name;
    pt_link_kind kind;
    const char *values[RECORDS];
} table[] = {
    {"name", PT_LINK_PERSON, {"張 丹", "Zhang Dan", "欧阳建国", "Mary Smith", "Mary Smyth", ""}},
    {"phone", PT_LINK_PHONE, {"+86 138-1234-5678", "138****5678", "13900001111", "", "13900001112", "-"}},
    {"birth", PT_LINK_BIRTH, {"1990-05-17", "1990/5/17", "1990-06-01", "1970-01-02", "1970-01-31", ""}},
    {"email", PT_LINK_EMAIL, {"Zhang.Dan@example.com", "zhangdan@example.com", "", "mary@x.org", "mary@x.org", ""}},
    {"address",
     PT_LINK_ADDRESS,
     {"广东省深圳市南山区科技园12号3栋", "深圳南山科技园 12-3", "北京", "12 Hill St", "Hill St 12", ""}},
    {"given", PT_LINK_GIVEN, {"Dan", "Zhang", "", "Mary", "José", ""}},
    {"surname", PT_LINK_FAMILY, {"Zhang", "Dan", "", "Smith", "Smyth", ""}},
    {"income", PT_LINK_NUMBER, {"1,000", "1010", "¥1200", "0", "-0", "lots"}},
    {"lat", PT_LINK_LATITUDE, {"31.2304", "31.2310", "39.9042", "91", "0", ""}},
    {"lon", PT_LINK_LONGITUDE, {"121.4737", "121.4740", "116.4074", "10", "0", ""}},
    {"hobbies", PT_LINK_LIST, {"Tennis, climbing;读书", "读书、tennis", "chess", "chess|Chess", "", "、"}},
};

typedef struct fixture {
    pt_arena *arena;
    pt_diags diags;
    pt_link_setup setup;
} fixture;

static int find_by_name(void *ctx, pt_sv source, pt_sv column)
{
    (void)ctx;
    for (size_t i = 0; i < PT_COUNT(table); i++)
        if (pt_sv_eq(column, pt_sv_of(table[i].name)))
            return source.len ? -1 : (int)i;
    return -1;
}

static const pt_link_naming naming = {NULL, find_by_name};

static void open_fixture(fixture *f)
{
    pt_err err = {0};

    *f = (fixture){.arena = pt_arena_new(0)};
    pt_diags_init(&f->diags, f->arena);
    f->setup.table.arena = f->arena;
    CHECK_OK(pt_latin_open(&f->setup.latin, &err));
    for (size_t c = 0; c < PT_COUNT(table); c++) {
        pt_sv values[RECORDS];
        for (size_t i = 0; i < RECORDS; i++)
            values[i] = pt_sv_of(table[c].values[i]);
        CHECK_OK(pt_link_add_field(&f->setup, table[c].name, table[c].kind, values, RECORDS, &err));
    }
    CHECK_OK(pt_link_set_up(&f->setup, &err));
}

static void close_fixture(fixture *f)
{
    pt_latin_free(f->setup.latin);
    pt_diags_free(&f->diags);
    pt_arena_free(f->arena);
}

static pt_place place_of(const char *text)
{
    return (pt_place){.file = "test", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1};
}

static const pt_link_expr *read_expr(fixture *f, const char *text)
{
    const pt_link_expr *e;
    pt_err err = {0};

    CHECK_OK(pt_link_read_expr(&e, pt_sv_of(text), place_of(text), &f->diags, f->arena, &err));
    return e;
}

/* --- expressions ----------------------------------------------------------------------------------------------------- */

/* What an expression gives of a record: "a|b". */
static const char *value_of(fixture *f, const char *text, uint32_t record)
{
    const pt_link_expr *e = read_expr(f, text);
    link_words words = {0};
    link_bound b;
    pt_str out = {0};

    if (!e)
        return "?";
    link_bind(&b, e, &f->setup, &naming);
    link_run(&words, &b, record);
    for (size_t i = 0; i < words.n; i++) {
        pt_str_add(&out, i ? "|" : "");
        pt_str_addsv(&out, link_word(&words, i));
    }
    const char *copy = pt_arena_strndup(f->arena, pt_str_cstr(&out), out.len);
    pt_str_free(&out);
    pt_str_free(&words.text);
    return copy;
}

TEST(link_rules__expressions_give_what_they_say)
{
    static const struct {
        const char *expr;
        uint32_t record;
        const char *value;
    } cases[] = {
        {"name", 0, "张丹"},
        {"name", 5, ""},
        {"phone", 0, "13812345678"},
        {"last(phone, 4)", 1, "5678"},
        {"last(phone, 64)", 0, "13812345678"},
        {"prefix(name, 1)", 2, "欧"},
        {"prefix(name, 9)", 2, "欧阳建国"},
        {"part(phone, 4, 4)", 0, "1234"},
        {"part(phone, 12, 4)", 0, ""},
        {"pinyin(name)", 0, "zhangdan"},
        {"prefix(pinyin(name), 4)", 1, "zhan"},
        {"reading(name)", 0, "dan zhang"},
        {"reading(name)", 1, "dan zhang"},
        {"family(name)", 2, "欧阳"},
        {"given(name)", 2, "建国"},
        {"family(name)", 3, "smith"},
        {"soundex(family(name))", 3, "s530"},
        {"soundex(family(name))", 4, "s530"},
        {"soundex(family(name)) + year(birth)", 3, "s5301970"},
        {"year(birth) + month(birth) + day(birth)", 1, "1990517"},
        {"year(birth)", 5, ""},
        {"user(email)", 0, "zhang.dan"},
        {"letters(user(email))", 0, "zhangdan"},
        {"domain(email)", 0, "example.com"},
        {"domain(name)", 0, ""},
        {"qgrams(user(email), 3)", 3, "mar|ary"},
        {"qgrams(user(email), 9)", 3, "mary"},
        {"words(address)", 3, "12|hill|st"},
        {"sorted(words(address))", 3, "12 hill st"},
        {"sorted(words(address))", 4, "12 hill st"},
        {"initials(words(address))", 3, "1hs"},
        {"numbers(address)", 0, "12|3"},
        {"digits(address)", 0, "123"},
        {"region(address)", 0, "440305"},
        {"city(address)", 0, "4403"},
        {"province(address)", 2, "11"},
        {"district(address)", 2, ""},
        {"region(address)", 3, ""},
        {"steps(income, 500)", 0, "2"},
        {"steps(income, 500)", 1, "2"},
        {"steps(income, 0.5)", 2, "2400"},
        {"steps(name, 10)", 0, ""},
        {"income", 3, "0"},
        {"income", 4, "0"},
        {"income", 5, ""},
        {"lat", 3, ""},
        {"hobbies", 0, "climbing|tennis|读书"},
        {"hobbies", 3, "chess"},
        {"hobbies", 5, ""},
        {"words(hobbies)", 1, "tennis|读书"},
        {"prefix(surname + given, 6)", 3, "smithm"},
        {"given", 4, "jose"},
        {"words(address) + year(birth)", 3, "121970|hill1970|st1970"},
        {"lower(name)", 3, "mary smith"},
        {"nothing", 0, ""},
        {"crm.name", 0, ""},
    };
    fixture f;

    open_fixture(&f);
    for (size_t i = 0; i < PT_COUNT(cases); i++)
        test_eq_str(__FILE__, __LINE__, cases[i].expr, value_of(&f, cases[i].expr, cases[i].record), cases[i].value);
    CHECK_INT(f.diags.n, 0);
    close_fixture(&f);
}

TEST(link_rules__what_is_no_key_is_refused)
{
    static const char *const wrong[] = {
        "",
        "1",
        "'text'",
        "name = 1",
        "name and phone",
        "name - phone",
        "name * 2",
        "-name",
        "missing",
        "prefix(name)",
        "prefix()",
        "prefix(name, name)",
        "prefix(name, 0)",
        "prefix(name, 1.5)",
        "prefix(name, 65)",
        "prefix(name, 3, 4)",
        "qgrams(name, 1)",
        "soundx(name)",
        "year(birth within 3d)",
        "name within 3d",
        "steps(income, 0)",
        "(name",
        "name)",
        "name +",
        "\xff",
        "a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a",
    };
    fixture f;

    open_fixture(&f);
    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        size_t before = f.diags.errors;
        if (read_expr(&f, wrong[i]) || f.diags.errors == before)
            test_fail(__FILE__, __LINE__, "'%s' was taken for a key", wrong[i]);
    }
    close_fixture(&f);
}

/* --- keys ------------------------------------------------------------------------------------------------------------ */

static bool share_key(const pt_link_rule *r, uint32_t a, uint32_t b)
{
    for (uint64_t i = r->starts[a]; i < r->starts[a + 1]; i++)
        for (uint64_t j = r->starts[b]; j < r->starts[b + 1]; j++)
            if (r->keys[i] == r->keys[j])
                return true;
    return false;
}

static pt_link_rule rule_of(fixture *f, const char *text)
{
    pt_link_rule rules[PT_LINK_RULES_MAX] = {{0}};
    size_t n = 0;
    pt_err err = {0};

    CHECK_OK(pt_link_apply_keys(&f->setup, rules, &n, text, read_expr(f, text), &naming, &err));
    CHECK_INT(n, 1);
    return rules[0];
}

TEST(link_rules__records_share_a_key_where_each_part_agrees)
{
    static const struct {
        const char *expr;
        unsigned a, b;
        bool share;
    } cases[] = {
        {"name", 0, 1, false},
        {"pinyin(name)", 0, 1, true},
        {"birth", 0, 1, true},
        {"name + birth", 0, 1, false},
        {"reading(name) + birth", 0, 1, true},
        {"birth + reading(name)", 0, 1, true},
        {"year(birth) + month(birth)", 3, 4, true},
        {"year(birth) + day(birth)", 3, 4, false},
        {"soundex(family(name)) + year(birth)", 3, 4, true},
        {"qgrams(email, 5)", 0, 1, true},
        {"qgrams(email, 5)", 0, 3, false},
        {"qgrams(email, 5) + year(birth)", 0, 1, true},
        {"words(address)", 3, 4, true},
        {"words(address) + words(address)", 3, 4, true},
        {"sorted(words(address)) + surname", 3, 4, false},
        {"last(phone, 4)", 0, 1, true},
        {"steps(lat, 0.1) + steps(lon, 0.1)", 0, 1, false}, /* a location is one text */
        {"hobbies", 0, 1, false},
        {"words(hobbies)", 0, 1, true},
        {"nothing", 0, 1, false},
        {"nothing + name", 3, 4, false},
    };
    fixture f;

    open_fixture(&f);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_link_rule r = rule_of(&f, cases[i].expr);
        if (share_key(&r, cases[i].a, cases[i].b) != cases[i].share || r.starts[RECORDS] != r.starts[5])
            test_fail(__FILE__, __LINE__, "%s of %u and %u", cases[i].expr, cases[i].a, cases[i].b);
        for (uint32_t k = 0; k < RECORDS; k++)
            for (uint64_t x = r.starts[k]; x + 1 < r.starts[k + 1]; x++)
                CHECK(r.keys[x] < r.keys[x + 1]);
    }
    close_fixture(&f);
}

/* The keys of a rule say nothing of the columns that they follow from, and something of all others. */
TEST(link_rules__a_rule_tells_of_the_columns_in_it)
{
    fixture f;

    open_fixture(&f);
    pt_link_rule r = rule_of(&f, "prefix(pinyin(name), 4) + year(birth)");
    for (size_t k = 0; k < f.setup.n_fields; k++) {
        const pt_link_field *x = &f.setup.fields[k];
        CHECK_INT(r.columns >> x->column & 1, x->kind == PT_LINK_PERSON || x->kind == PT_LINK_BIRTH);
    }
    close_fixture(&f);
}

TEST(link_rules__own_rules_find_room_among_the_others)
{
    fixture f;
    pt_err err = {0};

    open_fixture(&f);
    f.setup.n_rules = PT_LINK_RULES_MAX;
    CHECK_OK(
        pt_link_apply_keys(&f.setup, f.setup.rules, &f.setup.n_rules, "phone", read_expr(&f, "phone"), &naming, &err));
    CHECK_INT(f.setup.n_rules, PT_LINK_RULES_MAX);
    CHECK_STR(f.setup.rules[PT_LINK_RULES_MAX - 1].name, "phone");
    close_fixture(&f);
}

/* --- levels ---------------------------------------------------------------------------------------------------------- */

static int level_of(fixture *f, const char *column, const char *text, uint32_t a, uint32_t b)
{
    const pt_link_level_rule *rule;
    int given = find_by_name(NULL, (pt_sv){0}, pt_sv_of(column)), k = link_find_comparison(&f->setup, (uint32_t)given);
    pt_link_model model = {.comparisons = f->setup.comparisons, .n_comparisons = f->setup.n_fields};
    pt_err err = {0};

    CHECK_OK(pt_link_read_level(&rule, pt_sv_of(text), place_of(text), &f->diags, f->arena, &err));
    if (!rule)
        return -1;
    CHECK_OK(pt_link_apply_wish(&f->setup, (uint32_t)given, &(pt_link_wish){&rule, 1, -1, -1}, &naming, &err));
    CHECK_OK(pt_link_check(&model, &f->setup.table.records, &err));
    link_comparer *c = link_comparer_new(&model, &f->setup.table.records);
    int level = link_level(c, (size_t)k, a, b);
    link_comparer_free(c);
    return level;
}

TEST(link_rules__levels_hold_where_they_say)
{
    enum { NO = 1, NONE = PT_LINK_NULL };
    static const struct {
        const char *column, *level;
        unsigned a, b;
        int want;
    } cases[] = {
        {"name", "same", 0, 1, NO},
        {"name", "same of pinyin(name)", 0, 1, 0},
        {"name", "same of reading(name)", 0, 5, NONE},
        {"name", "jaro_winkler 0.92", 3, 4, 0},
        {"name", "jaro_winkler 0.99", 3, 4, NO},
        {"name", "edits 1", 3, 4, 0},
        {"name", "edits 1 of given(name)", 3, 4, 0},
        {"name", "edits 1 and same of birth", 3, 4, NO},
        {"name", "edits 1 and within 30d of birth", 3, 4, 0},
        {"name", "bigrams 0.5", 3, 4, 0},
        {"phone", "masked 5", 0, 1, 0},
        {"phone", "masked 8", 0, 1, NO},
        {"phone", "edits 1", 2, 4, 0},
        {"birth", "within 14d", 0, 2, NO},
        {"birth", "within 15d", 0, 2, 0},
        {"birth", "within 2w of birth", 0, 2, NO},
        {"birth", "same of year(birth)", 3, 4, 0},
        {"birth", "within 0 of year(birth)", 3, 4, 0},
        {"income", "within 10", 0, 1, 0},
        {"income", "within 9.5", 0, 1, NO},
        {"income", "within 1%", 0, 1, 0},
        {"income", "within 0.5%", 0, 1, NO},
        {"lat", "near 0.1km", 0, 1, 0},
        {"lat", "near 100m", 0, 1, 0},
        {"lat", "near 50m", 0, 1, NO},
        {"lat", "near 1068km", 0, 2, 0},
        {"lat", "near 1067", 0, 2, NO},
        {"lat", "near 5km", 0, 3, NONE},
        {"hobbies", "shared 2", 0, 1, 0},
        {"hobbies", "shared 3", 0, 1, NO},
        {"address", "shared 2", 0, 1, 0},
        {"address", "shared 3 of words(address)", 3, 4, 0},
        {"address", "shared 5 of qgrams(address + name, 2)", 3, 4, 0},
        {"address", "covered 0.5", 3, 4, 0},
        {"address", "inside", 0, 2, NO},
        {"given", "swapped with surname", 0, 1, 0},
        {"given", "swapped with surname", 3, 4, NO},
        {"given", "inside name", 3, 4, 0},
        {"given", "inside reading(name)", 0, 1, 0},
        {"email", "same of letters(user(email))", 0, 1, 0},
        {"email", "same of nothing", 0, 1, NO},
        {"email", "shared 1 of words(nothing)", 0, 1, NO},
        {"email", "within 3 of nothing", 0, 1, NO},
    };
    fixture f;

    open_fixture(&f);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        int got = level_of(&f, cases[i].column, cases[i].level, cases[i].a, cases[i].b);
        if (got != cases[i].want)
            test_fail(__FILE__, __LINE__, "%s: %s of %u and %u is %d", cases[i].column, cases[i].level, cases[i].a,
                      cases[i].b, got);
    }
    CHECK_INT(f.diags.n, 0);
    close_fixture(&f);
}

TEST(link_rules__what_is_no_level_is_refused)
{
    static const char *const wrong[] = {
        "",
        "smae",
        "jaro_winkler",
        "jaro_winkler x",
        "jaro_winkler 1.5",
        "jaro_winkler 0",
        "edits 0",
        "edits 1.5",
        "edits -1",
        "same 3",
        "same of",
        "same and",
        "same and and",
        "within",
        "within 5x",
        "within 200%",
        "near",
        "near 0km",
        "near km",
        "swapped",
        "swapped with",
        "swapped name",
        "same of words(address)",
        "jaro_winkler 0.9 of qgrams(email, 3)",
        "inside (",
        "shared",
        "same of name of name",
        "same \xff",
    };
    fixture f;

    open_fixture(&f);
    for (size_t i = 0; i < PT_COUNT(wrong); i++) {
        const pt_link_level_rule *rule;
        pt_err err = {0};
        size_t before = f.diags.errors;
        CHECK_OK(pt_link_read_level(&rule, pt_sv_of(wrong[i]), place_of(wrong[i]), &f.diags, f.arena, &err));
        if (rule || f.diags.errors == before)
            test_fail(__FILE__, __LINE__, "'%s' was taken for a level", wrong[i]);
    }
    close_fixture(&f);
}

TEST(link_rules__near_is_of_places_alone)
{
    const pt_link_level_rule *rule;
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    CHECK_OK(pt_link_read_level(&rule, PT_SV("near 5km"), place_of("near 5km"), &f.diags, f.arena, &err));
    CHECK_INT(pt_link_apply_wish(&f.setup, 0, &(pt_link_wish){&rule, 1, -1, -1}, &naming, &err), PT_EINVAL);
    close_fixture(&f);
}

/* --- comparisons ------------------------------------------------------------------------------------------------------ */

TEST(link_rules__frequency_and_groups_are_as_said)
{
    const pt_link_level_rule *rule;
    pt_err err = {0};
    fixture f;

    open_fixture(&f);
    pt_link_comparison *x = &f.setup.comparisons[link_find_comparison(&f.setup, 3)];
    CHECK(!x->by_frequency && x->group == 0);
    CHECK_OK(pt_link_apply_wish(&f.setup, 3, &(pt_link_wish){NULL, 0, 1, 3}, &naming, &err));
    CHECK(x->by_frequency && x->group == 3);
    CHECK_OK(pt_link_read_level(&rule, PT_SV("edits 1"), place_of("edits 1"), &f.diags, f.arena, &err));
    CHECK_OK(pt_link_apply_wish(&f.setup, 3, &(pt_link_wish){&rule, 1, -1, -1}, &naming, &err));
    CHECK(!x->by_frequency && x->group == 3); /* of what is not equal nothing is frequent */
    close_fixture(&f);
}

/* Leaving out one comparison changes no level of the others. */
TEST(link_rules__left_out_is_one_comparison_alone)
{
    pt_err err = {0};
    fixture f, g;

    open_fixture(&f);
    open_fixture(&g);
    CHECK_OK(pt_link_leave_out(&g.setup, 0, &err));
    CHECK_INT(g.setup.n_fields, f.setup.n_fields - 1);
    CHECK_INT(link_find_comparison(&g.setup, 0), -1);
    pt_link_model all = {.comparisons = f.setup.comparisons, .n_comparisons = f.setup.n_fields};
    pt_link_model rest = {.comparisons = g.setup.comparisons, .n_comparisons = g.setup.n_fields};
    CHECK_OK(pt_link_check(&rest, &g.setup.table.records, &err));
    link_comparer *c = link_comparer_new(&all, &f.setup.table.records),
                  *d = link_comparer_new(&rest, &g.setup.table.records);
    for (size_t k = 1; k < f.setup.n_fields; k++)
        for (uint32_t a = 0; a < RECORDS; a++)
            for (uint32_t b = a + 1; b < RECORDS; b++)
                CHECK_INT(link_level(d, k - 1, a, b), link_level(c, k, a, b));
    link_comparer_free(c);
    link_comparer_free(d);
    CHECK_OK(pt_link_leave_out(&g.setup, 0, &err)); /* twice is once */
    CHECK_INT(g.setup.n_fields, f.setup.n_fields - 1);
    pt_link_rule r = rule_of(&g, "name"); /* and it is still there for keys */
    CHECK(r.starts[RECORDS] > 0);
    close_fixture(&g);
    close_fixture(&f);
}
