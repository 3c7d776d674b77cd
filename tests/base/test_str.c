#include "base/str.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

TEST(base_str__views)
{
    CHECK(pt_sv_eq(PT_SV("ab"), pt_sv_of("ab")) && !pt_sv_eq(PT_SV("ab"), PT_SV("abc")));
    CHECK(pt_sv_eq((pt_sv){NULL, 0}, PT_SV("")));
    CHECK(pt_sv_cmp(PT_SV("a"), PT_SV("ab")) < 0 && pt_sv_cmp(PT_SV("b"), PT_SV("ab")) > 0);
    CHECK(pt_sv_cmp(PT_SV("z"), PT_SV("客")) < 0 && pt_sv_cmp((pt_sv){NULL, 0}, PT_SV("")) == 0);
    CHECK(pt_sv_eq(pt_sv_trim(PT_SV(" \t　a b　\r\n")), PT_SV("a b")) && pt_sv_trim(PT_SV("　 ")).len == 0);
    CHECK(pt_sv_has_prefix(PT_SV("abc"), "ab") && !pt_sv_has_prefix(PT_SV("a"), "ab"));
    CHECK(pt_sv_eq(pt_sv_trim((pt_sv){"\0a", 2}), (pt_sv){"\0a", 2})); /* NUL is not white space */
}

/* The textbook recursion, without the shortcuts. */
static unsigned slow_distance(pt_sv a, pt_sv b)
{
    if (!a.len || !b.len)
        return (unsigned)(a.len + b.len);
    pt_sv a1 = {a.ptr + 1, a.len - 1}, b1 = {b.ptr + 1, b.len - 1};
    unsigned best = slow_distance(a1, b1) + (a.ptr[0] != b.ptr[0]), d = slow_distance(a1, b) + 1;
    best = d < best ? d : best;
    d = slow_distance(a, b1) + 1;
    best = d < best ? d : best;
    if (a.len > 1 && b.len > 1 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0]) {
        d = slow_distance((pt_sv){a.ptr + 2, a.len - 2}, (pt_sv){b.ptr + 2, b.len - 2}) + 1;
        best = d < best ? d : best;
    }
    return best;
}

TEST(base_str__edit_distance_is_the_recursion)
{
    pt_rng r;
    char a[6], b[6];

    pt_rng_seed(&r, 31);
    for (int i = 0; i < 2000; i++) {
        pt_sv x = {a, pt_rng_below(&r, 7)}, y = {b, pt_rng_below(&r, 7)};
        for (int k = 0; k < 6; k++) {
            a[k] = (char)('a' + pt_rng_below(&r, 3));
            b[k] = (char)('a' + pt_rng_below(&r, 3));
        }
        unsigned want = slow_distance(x, y), limit = (unsigned)pt_rng_below(&r, 6);
        CHECK_INT(pt_edit_distance(x, y, limit), want > limit ? limit + 1 : want);
    }
}

TEST(base_str__nearest)
{
    static const char *const tags[] = {"recency", "life_cycle", "monetary"};

    CHECK_INT(pt_nearest(PT_SV("lifecyle"), tags, 3), 1);
    CHECK_INT(pt_nearest(PT_SV("recnecy"), tags, 3), 0);
    CHECK_INT(pt_nearest(PT_SV("zzzzzzzzzzz"), tags, 3), -1);
    CHECK_INT(pt_nearest(PT_SV("x"), NULL, 0), -1);
}

TEST(base_str__builder)
{
    pt_str s = {0};
    pt_err err = {0};

    CHECK_STR(pt_str_cstr(&s), "");
    pt_str_add(&s, "a");
    pt_str_addsv(&s, (pt_sv){NULL, 0});
    pt_str_addc(&s, 'b');
    pt_str_addf(&s, "%d%s", 12, "客");
    pt_str_pad(&s, '.', 3);
    CHECK_STR(pt_str_cstr(&s), "ab12客...");
    CHECK_OK(pt_str_check(&s, &err));
    pt_str_clear(&s);
    CHECK_STR(pt_str_cstr(&s), "");
    pt_str_addn(&s, "x", SIZE_MAX - 1);
    CHECK(s.failed && pt_str_check(&s, &err) == PT_ENOMEM);
    pt_str_add(&s, "more"); /* the failure stays */
    CHECK_STR(pt_str_cstr(&s), "");
    pt_str_free(&s);
    CHECK(!s.failed && !s.ptr);
}

TEST(base_str__doubles_print_shortest_and_read_back)
{
    static const struct {
        double v;
        const char *text;
    } cases[] = {{0.1, "0.1"},       {-0.0, "0"},
                 {1e15, "1e+15"},    {123456789012345, "123456789012345"},
                 {1e300, "1e+300"},  {0.1 + 0.2, "0.30000000000000004"},
                 {5e-324, "5e-324"}, {-2.5, "-2.5"}};
    pt_rng r;
    char buf[32];

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        size_t n = pt_format_double(buf, cases[i].v);
        CHECK_INT(n, strlen(buf));
        CHECK_STR(buf, cases[i].text);
    }
    pt_rng_seed(&r, 32);
    for (int i = 0; i < 100000; i++) {
        uint64_t bits = pt_rng_u64(&r);
        double v, back;
        memcpy(&v, &bits, sizeof v);
        if (!isfinite(v))
            continue;
        CHECK(pt_parse_double(&back, (pt_sv){buf, pt_format_double(buf, v)}));
        CHECK_DOUBLE(back, v);
    }
}

TEST(base_str__numbers_are_parsed_whole)
{
    static const char *const wrong[] = {"",   " 1",  "1 ",    "1,0", "inf", "nan",  "0x10",
                                        "1e", "--1", "1e999", ".",   "+",   "1.2.3"};
    double d;
    int64_t v;

    for (size_t i = 0; i < PT_COUNT(wrong); i++)
        if (pt_parse_double(&d, pt_sv_of(wrong[i])) || pt_parse_int64(&v, pt_sv_of(wrong[i])))
            test_fail(__FILE__, __LINE__, "'%s' is read as a number", wrong[i]);
    CHECK(!pt_parse_double(&d, (pt_sv){"1\0", 2}) && !pt_parse_int64(&v, (pt_sv){"1\0", 2}));
    CHECK(pt_parse_int64(&v, PT_SV("-9223372036854775808")) && v == INT64_MIN);
    CHECK(!pt_parse_int64(&v, PT_SV("9223372036854775808")) && !pt_parse_int64(&v, PT_SV("1.0")));
    CHECK(pt_parse_double(&d, PT_SV("-1.5e3")) && d == -1500);
}
