#include "base/utf8.h"

#include <stdio.h>

#include "base/rng.h"
#include "support/test.h"

/* RFC 3629, section 4, written out as its grammar: the other reading that pt_utf8_next is held to. */
static size_t sequence_length(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t n;
    } forms[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };

    for (size_t f = 0; f < PT_COUNT(forms); f++) {
        if (p[0] < forms[f].first_low || p[0] > forms[f].first_high || forms[f].n > left)
            continue;
        if (forms[f].n > 1 && (p[1] < forms[f].second_low || p[1] > forms[f].second_high))
            continue;
        for (size_t i = 2; i < forms[f].n; i++)
            if (p[i] < 0x80 || p[i] > 0xBF)
                return 0;
        return forms[f].n;
    }
    return 0;
}

static size_t first_invalid(pt_sv s)
{
    size_t at = 0, n;

    while (at < s.len && (n = sequence_length((const unsigned char *)s.ptr + at, s.len - at)) > 0)
        at += n;
    return at;
}

TEST(base_utf8__validity_follows_the_rfc)
{
    static const unsigned char alphabet[] = {'a',  0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2,
                                             0xE0, 0xE4, 0xED, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF, 0};
    pt_rng r;
    char buf[24];

    pt_rng_seed(&r, 11);
    for (int i = 0; i < 200000; i++) {
        pt_sv s = {buf, pt_rng_below(&r, sizeof buf)};
        for (size_t k = 0; k < s.len; k++)
            buf[k] = (char)alphabet[pt_rng_below(&r, pt_rng_below(&r, 2) ? 8 : sizeof alphabet)];
        CHECK_INT(pt_utf8_valid(s), first_invalid(s));
        size_t at = 0;
        while (at < s.len) {
            size_t from = at, n = sequence_length((const unsigned char *)buf + at, s.len - at);
            int32_t cp = pt_utf8_next(s, &at);
            CHECK_INT(at - from, n ? n : 1);
            CHECK((cp >= 0) == (n > 0));
        }
    }
}

TEST(base_utf8__every_code_point_survives)
{
    for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
        pt_str s = {0};
        size_t at = 0;
        pt_utf8_put(&s, cp);
        if (cp >= 0xD800 && cp <= 0xDFFF) {
            CHECK_INT(s.len, 0);
        } else {
            CHECK_INT(pt_utf8_next((pt_sv){s.ptr, s.len}, &at), cp);
            CHECK_INT(at, s.len);
        }
        pt_str_free(&s);
    }
}

TEST(base_utf8__width_counts_cells)
{
    static const struct {
        const char *text;
        size_t length, width;
    } cases[] = {
        {"", 0, 0},     {"abc", 3, 3},      {"客户画像", 4, 8},
        {"a客b", 3, 4}, {"é", 1, 1},        {"e\xCC\x81", 2, 1} /* combining */,
        {"ＡＢ", 2, 4}, {"a\tb\n", 4, 2},   {"\x7F", 1, 0},
        {"\xFF", 1, 1}, {"한국", 2, 4},     {"ｶﾅ", 2, 2},
        {"😀", 1, 2},    {"\xC2\x85", 1, 0},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        CHECK_INT(pt_utf8_length(pt_sv_of(cases[i].text)), cases[i].length);
        CHECK_INT(pt_utf8_width(pt_sv_of(cases[i].text)), cases[i].width);
    }
}

TEST(base_utf8__fit_never_splits_a_character)
{
    pt_sv s = PT_SV("客户a画像");

    CHECK_INT(pt_utf8_fit(s, 0).len, 0);
    CHECK_INT(pt_utf8_fit(s, 1).len, 0);
    CHECK_INT(pt_utf8_fit(s, 4).len, 6);
    CHECK_INT(pt_utf8_fit(s, 5).len, 7);
    CHECK_INT(pt_utf8_fit(s, 6).len, 7);
    CHECK_INT(pt_utf8_fit(s, 100).len, s.len);
    CHECK_INT(pt_utf8_fit(PT_SV("e\xCC\x81x"), 1).len, 3); /* the accent belongs to the letter before it */
}

static void check_map(void (*map)(pt_str *, pt_sv), const char *in, const char *want)
{
    pt_str out = {0};

    map(&out, pt_sv_of(in));
    CHECK(!out.failed);
    CHECK_STR(pt_str_cstr(&out), want);
    pt_str_free(&out);
}

TEST(base_utf8__normal_form)
{
    check_map(pt_utf8_normalize, "", "");
    check_map(pt_utf8_normalize, "plain", "plain");
    check_map(pt_utf8_normalize, "ＡＢＣ１２３！～", "ABC123!~");
    check_map(pt_utf8_normalize, "手机　号", "手机 号");
    check_map(pt_utf8_normalize, "cafe\xCC\x81", "café");
    check_map(pt_utf8_normalize, "\xEF\xBD\x85\xCC\x81", "é"); /* a full-width e, then composed */
    check_map(pt_utf8_normalize,
              "a\xFF"
              "e\xCC\x81\xE4\xBD",
              "a\xFF"
              "é\xE4\xBD");
    check_map(pt_utf8_normalize, "ﬁ①", "ﬁ①"); /* compatibility forms other than full width stay */
}

TEST(base_utf8__normal_form_is_stable)
{
    static const char *const pieces[] = {"a",  "e",  "\xCC\x81", "\xCC\xA3", "客",
                                         "Ａ", "　", "\xFF",     "가",       "\xE1\x84\x80"};
    pt_rng r;

    pt_rng_seed(&r, 12);
    for (int i = 0; i < 20000; i++) {
        pt_str in = {0}, once = {0}, twice = {0};
        for (uint64_t n = pt_rng_below(&r, 8); n > 0; n--)
            pt_str_add(&in, pieces[pt_rng_below(&r, PT_COUNT(pieces))]);
        pt_utf8_normalize(&once, (pt_sv){in.ptr, in.len});
        pt_utf8_normalize(&twice, (pt_sv){once.ptr, once.len});
        CHECK_STR(pt_str_cstr(&twice), pt_str_cstr(&once));
        pt_str_free(&in);
        pt_str_free(&once);
        pt_str_free(&twice);
    }
}

TEST(base_utf8__case)
{
    check_map(pt_utf8_lower, "ÀBC客\xFF Σ", "àbc客\xFF σ");
    check_map(pt_utf8_upper, "àbc客\xFF", "ÀBC客\xFF");
    check_map(pt_utf8_fold, "STRASSE", "strasse");
    check_map(pt_utf8_fold, "Straße\xFFÀ", "strasse\xFFà");
}

TEST(base_utf8__names)
{
    CHECK(pt_utf8_is_letter('a') && pt_utf8_is_letter('_') && pt_utf8_is_letter(0x5BA2) && pt_utf8_is_letter(0xE9));
    CHECK(!pt_utf8_is_letter('1') && !pt_utf8_is_letter('-') && !pt_utf8_is_letter(0x3000) && !pt_utf8_is_letter(-1));
    CHECK(pt_utf8_is_digit('7') && pt_utf8_is_digit(0xFF17) && !pt_utf8_is_digit('a') && !pt_utf8_is_digit(-1));
}
