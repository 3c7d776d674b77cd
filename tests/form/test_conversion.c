#include "form/conversion.h"

#include "base/rng.h"
#include "support/test.h"

static void open_conversion(pt_conversion *c, const char *words)
{
    pt_conversion_fault fault;

    if (!pt_conversion_open(c, pt_sv_of(words), &fault))
        test_fail(__FILE__, __LINE__, "'%s' is refused at '%.*s'", words, (int)fault.word.len, fault.word.ptr);
}

static const char *convert(const char *words, const char *text, pt_str *scratch)
{
    static const char *const names[] = {"ok", "not", "ambiguous", "range", "checksum"};
    static char buf[200];
    pt_conversion c;
    pt_sv out;

    open_conversion(&c, words);
    pt_form_rc rc = pt_conversion_apply(&out, &c, pt_sv_of(text), scratch);
    snprintf(buf, sizeof buf, "%.*s", rc ? 30 : (int)out.len, rc ? names[rc] : out.ptr);
    return buf;
}

TEST(form_conversion__by_its_words)
{
    static const char *const cases[][3] = {
        {"number", "¥1,234.50", "1234.50"},
        {"number decimal comma", "1.234,50", "1234.50"},
        {"number in kg", "3斤", "1.5"},
        {"number in 元 from 万元", "1.5", "15000"},
        {"number else missing", "x", "not"},
        {"date", "2017年1月31日", "2017-01-31"},
        {"date dmy", "03/04/2017", "2017-04-03"},
        {"date  mdy  else keep", "03/04/2017", "2017-03-04"},
        {"phone_cn", "+86 138-1234-5678", "13812345678"},
        {"id_card", "110105491231002", "11010519491231002X"},
        {"id_card_birth", "11010519491231002X", "1949-12-31"},
        {"id_card_gender", "11010519491231002X", "female"},
        {"id_card_region", "11010519491231002X", "110105"},
        {"email", "A@B.CN", "a@b.cn"},
        {"region", "广东省深圳市南山区", "440305"},
        {"region city", "广东省深圳市南山区", "440300"},
        {"simplified", "張偉", "张伟"},
        {"plain", " ＡＢ　　ｃ\t d—e ", "AB c d-e"},
        {"lower", "ÀB王", "àb王"},
        {"upper", " abé ", "ABÉ"},
    };
    pt_str scratch = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        CHECK_STR(convert(cases[i][0], cases[i][1], &scratch), cases[i][2]);
    pt_str_free(&scratch);
}

TEST(form_conversion__says_which_word_is_wrong)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"numbr", "numbr"},
        {"number in", ""},
        {"number in parsec", "parsec"},
        {"date dym", "dym"},
        {"phone_cn strict", "strict"},
        {"number else maybe", "maybe"},
        {"number decimal dot", "dot"},
        {"number from kg", ""},
        {"number in kg from cm", ""},
        {"region town", "town"},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_conversion c;
        pt_conversion_fault fault;
        CHECK(!pt_conversion_open(&c, pt_sv_of(cases[i][0]), &fault));
        CHECK(*fault.message);
        CHECK_INT(fault.word.len, strlen(cases[i][1]));
        CHECK(memcmp(fault.word.ptr, cases[i][1], fault.word.len) == 0);
    }
}

static bool learn(pt_conversion *c, const char *words, const char *const *column, size_t n)
{
    pt_str scratch = {0};
    unsigned hints = 0, hint;
    pt_sv out;

    open_conversion(c, words);
    for (size_t i = 0; i < n; i++) {
        pt_conversion_study(&out, &hint, c, pt_sv_of(column[i]), &scratch);
        hints |= hint;
    }
    pt_str_free(&scratch);
    return pt_conversion_learn(c, hints);
}

TEST(form_conversion__learns_from_a_column)
{
    static const char *const days_first[] = {"03/04/2017", "31/01/2017"},
                             *const months_first[] = {"1/31/2017", "3/4/2017"},
                             *const both[] = {"31/01/2017", "01/31/2017", "03/04/2017"},
                             *const neither[] = {"03/04/2017"}, *const certain[] = {"31/01/2017", "2017-01-02"},
                             *const commas[] = {"1,234", "1,5"}, *const points[] = {"1,234", "1.5"},
                             *const mixed[] = {"1,234", "1,5", "1.5"};
    pt_conversion c;

    CHECK(learn(&c, "date", days_first, 2) && c.date.order == PT_ORDER_DMY);
    CHECK(learn(&c, "date", months_first, 2) && c.date.order == PT_ORDER_MDY);
    CHECK(!learn(&c, "date", both, 3));
    CHECK(!learn(&c, "date", neither, 1));
    CHECK(!learn(&c, "date", certain, 2));
    CHECK(!learn(&c, "date mdy", days_first, 2));
    CHECK(learn(&c, "number", commas, 2) && c.number.decimal == ',');
    CHECK(!learn(&c, "number", points, 2));
    CHECK(learn(&c, "number", mixed, 3) && c.number.decimal == '?');
}

/* On any bytes: no crash (under sanitizers), and what comes out goes in unchanged. */
TEST(form_conversion__is_idempotent)
{
    static const char *const words[] = {"number",       "number decimal comma",
                                        "number in kg", "date",
                                        "date dmy",     "date roc",
                                        "phone_cn",     "id_card",
                                        "email",        "plain",
                                        "lower",        "upper"};
    static const char *const pieces[] = {
        "1",        "2",      "0",      "31",   "2017",   "-",        "/",      ".",        ",",    " ",
        "年",       "月",     "日",     "万",   "亿",     "三",       "十",     "千",       "元",   "¥",
        "%",        "(",      ")",      "@",    "a",      "b.cn",     "X",      "：",       "１",   "\xFF",
        "\xE4\xB8", "下午",   ":",      "+86",  "138",    "12345678", "kg",     "斤",       "T",    "Jan",
        "e",        "零",     "两",     "点",   "K",      "　",       "110105", "19491231", "002X", "\xE2\x80\x8B",
        "广东",     "深圳市", "南山区", "朝阳", "市辖区", "4403",     "廣",     "乾",       "坤"};
    pt_str scratch = {0}, once = {0};
    pt_rng rng;
    size_t converted = 0;

    pt_rng_seed(&rng, 21);
    for (int i = 0; i < 200000; i++) {
        char text[200];
        size_t n = 0;
        pt_conversion c;
        pt_sv out, again;
        for (uint64_t k = pt_rng_below(&rng, 7) + 1; k > 0; k--) {
            const char *piece = pieces[pt_rng_below(&rng, PT_COUNT(pieces))];
            memcpy(text + n, piece, strlen(piece));
            n += strlen(piece);
        }
        open_conversion(&c, words[pt_rng_below(&rng, PT_COUNT(words))]);
        if (pt_conversion_apply(&out, &c, (pt_sv){text, n}, &scratch) != PT_FORM_OK)
            continue;
        converted++;
        pt_str_clear(&once);
        pt_str_addsv(&once, out);
        /* The result of `decimal comma` is plain, which that option would read otherwise. */
        c.number.decimal = 0;
        c.number.bare = NULL;
        pt_form_rc rc = pt_conversion_apply(&again, &c, (pt_sv){pt_str_cstr(&once), once.len}, &scratch);
        if (c.kind == PT_CONVERT_PLAIN && once.len == 0)
            continue;
        if (rc != PT_FORM_OK || !pt_sv_eq(again, (pt_sv){pt_str_cstr(&once), once.len}))
            test_fail(__FILE__, __LINE__, "kind %d: '%.*s' becomes '%s', that '%.*s'", (int)c.kind, (int)n, text,
                      pt_str_cstr(&once), rc ? 3 : (int)again.len, rc ? "not" : again.ptr);
    }
    CHECK(converted > 20000);
    pt_str_free(&scratch);
    pt_str_free(&once);
}
