#include "base/rng.h"
#include "form/form.h"
#include "support/test.h"

typedef struct number_case {
    const char *text, *want;
} number_case;

static const char *read_number(const char *text, const pt_number_form *form)
{
    static const char *const names[] = {"ok", "not", "ambiguous", "range", "checksum"};
    static char buf[PT_DECIMAL_TEXT];
    pt_decimal d;
    pt_form_rc rc = pt_form_number(&d, pt_sv_of(text), form);

    if (rc != PT_FORM_OK)
        return names[rc];
    pt_decimal_format(buf, &d);
    return buf;
}

static void check_all(const number_case *cases, size_t n, const pt_number_form *form)
{
    for (size_t i = 0; i < n; i++) {
        const char *got = read_number(cases[i].text, form);
        if (strcmp(got, cases[i].want) != 0)
            test_fail(__FILE__, __LINE__, "'%s' is '%s', not '%s'", cases[i].text, got, cases[i].want);
    }
}

TEST(form_number__plain_and_grouped)
{
    static const number_case cases[] = {
        {"0", "0"},
        {"-12.50", "-12.50"},
        {" 007 ", "7"},
        {".5", "0.5"},
        {"5.", "5"},
        {"-0", "0"},
        {"0.000", "0.000"},
        {"1,234", "1234"},
        {"1,234,567.89", "1234567.89"},
        {"1.234,50", "1234.50"},
        {"1.234.567", "1234567"},
        {"1,5", "1.5"},
        {"0,123", "0.123"},
        {"1234,567", "1234.567"},
        {"1 234 567,5", "1234567.5"},
        {"1'234.5", "1234.5"},
        {"1.234", "1.234"},
        {"1,2,3", "not"},
        {"1,23,456", "not"},
        {"12,34.5", "not"},
        {"1.2.3", "not"},
        {"1,234.5.6", "not"},
        {",5", "not"},
        {"1e3", "1000"},
        {"1.5E-03", "0.0015"},
        {"2E+2", "200"},
        {"1e", "not"},
        {"1e99", "range"},
        {"123456789012345678901234567890123456", "123456789012345678901234567890123456"},
        {"1234567890123456789012345678901234567", "range"},
        {"", "not"},
        {"-", "not"},
        {"--5", "not"},
        {"0x10", "not"},
        {"nan", "not"},
        {"12 a", "not"}};
    check_all(cases, PT_COUNT(cases), NULL);
}

TEST(form_number__declared_decimals)
{
    static const number_case comma[] = {{"1.234", "1234"},
                                        {"1.234,5", "1234.5"},
                                        {"12,5", "12.5"},
                                        {"1,234", "1.234"},
                                        {"1,234.5", "not"}},
                             point[] = {{"1,234", "1234"}, {"1,5", "not"}, {"1.234,5", "not"}, {"1.234", "1.234"}},
                             open[] = {{"1,234", "ambiguous"}, {"1.234", "ambiguous"}, {"1,5", "1.5"},
                                       {"1.5", "1.5"},         {"1,234.5", "1234.5"},  {"12", "12"}};

    check_all(comma, PT_COUNT(comma), &(pt_number_form){.decimal = ','});
    check_all(point, PT_COUNT(point), &(pt_number_form){.decimal = '.'});
    check_all(open, PT_COUNT(open), &(pt_number_form){.decimal = '?'});
}

TEST(form_number__signs_currencies_percent)
{
    static const number_case cases[] = {
        {"¥1,234.50", "1234.50"},
        {"￥１，２３４．５０", "1234.50"},
        {"$ 5", "5"},
        {"-¥5", "-5"},
        {"¥-5", "-5"},
        {"(123.45)", "-123.45"},
        {"(¥123)", "-123"},
        {"5-", "-5"},
        {"−5", "-5"},
        {"负5.5", "-5.5"},
        {"50元", "50"},
        {"50 元整", "50"},
        {"RMB 1,000", "1000"},
        {"100CNY", "100"},
        {"人民币３元", "3"},
        {"12.5%", "0.125"},
        {"12.5％", "0.125"},
        {"3‰", "0.003"},
        {"百分之十二", "0.12"},
        {"-100%", "-1.00"},
        {"(-5)", "not"},
        {"¥", "not"},
        {"¥¥5", "not"},
        {"5%%", "not"},
        {"25岁", "25"},
        {"3 件", "3"},
        {"HK$5", "5"},
    };
    check_all(cases, PT_COUNT(cases), NULL);
}

TEST(form_number__chinese)
{
    static const number_case cases[] = {
        {"1.2万", "12000"},
        {"1.2 万元", "12000"},
        {"3亿", "300000000"},
        {"3亿5000万", "350000000"},
        {"三万五千", "35000"},
        {"三万五", "35000"},
        {"三万零五", "30005"},
        {"一百五", "150"},
        {"一百零五", "105"},
        {"十", "10"},
        {"十五", "15"},
        {"二十", "20"},
        {"两千零一十七", "2017"},
        {"二〇一七", "2017"},
        {"一万亿", "1000000000000"},
        {"一亿二千三百四十五万六千七百八十九", "123456789"},
        {"三点一四", "3.14"},
        {"一点五亿", "150000000"},
        {"壹佰贰拾叁元肆角伍分", "123.45"},
        {"壹仟元整", "1000"},
        {"伍元零叁分", "5.03"},
        {"5k", "5000"},
        {"1.5w", "15000"},
        {"2M", "2000000"},
        {"1万2345", "12345"},
        {"3.5千", "3500"},
        {"负三", "-3"},
        {"二三百", "not"},
        {"三百五千", "not"},
        {"百", "not"},
        {"万", "not"},
        {"三点", "not"},
        {"1万23456", "not"},
        {"5k3", "not"},
        {"五分", "not"},
    };
    check_all(cases, PT_COUNT(cases), NULL);
}

TEST(form_number__units)
{
    static const number_case kg[] = {{"2斤", "1.0"},        {"500g", "0.500"}, {"1.5公斤", "1.5"}, {"3", "3"},
                                     {"1lb", "0.45359237"}, {"5cm", "not"},    {"¥5", "not"}},
                             yuan[] = {{"1.2", "12000"},
                                       {"50元", "50"},
                                       {"5角", "0.5"},
                                       {"$5", "not"},
                                       {"3万", "300000000"}},
                             metre[] = {{"175cm", "1.75"}, {"1.75米", "1.75"}, {"1.75 m", "1.75"}, {"6ft", "1.8288"}};
    pt_number_form in_kg = {.unit = pt_unit_find(PT_SV("kg"))};
    pt_number_form in_yuan = {.unit = pt_unit_find(PT_SV("元")), .bare = pt_unit_find(PT_SV("万元"))};
    pt_number_form in_metre = {.unit = pt_unit_find(PT_SV("m"))}, in_jin = {.unit = pt_unit_find(PT_SV("斤"))};
    pt_number_form in_pound = {.unit = pt_unit_find(PT_SV("lb"))};

    check_all(kg, PT_COUNT(kg), &in_kg);
    check_all(yuan, PT_COUNT(yuan), &in_yuan);
    check_all(metre, PT_COUNT(metre), &in_metre);
    CHECK_STR(read_number("1kg", &in_jin), "2");
    CHECK_STR(read_number("1kg", &in_pound), "2.204622621849"); /* 1 / 0.45359237 */
    CHECK_STR(read_number("2斤", NULL), "not");
    CHECK(!pt_unit_find(PT_SV("parsec")));
}

/* Any amount, written with separators, sign and currency in several ways, reads as itself; and what is printed reads the
 * same again. */
TEST(form_number__what_is_written_reads_back)
{
    pt_rng rng;

    pt_rng_seed(&rng, 11);
    for (int i = 0; i < 20000; i++) {
        char plain[40], grouped[80], text[120];
        uint64_t whole = pt_rng_u64(&rng) >> pt_rng_below(&rng, 63), cents = pt_rng_below(&rng, 100);
        bool negative = pt_rng_below(&rng, 2) && (whole || cents);
        int n = snprintf(plain, sizeof plain, "%llu", (unsigned long long)whole);
        size_t g = 0;
        for (int k = 0; k < n; k++) {
            grouped[g++] = plain[k];
            if (k + 1 < n && (n - k - 1) % 3 == 0)
                grouped[g++] = ',';
        }
        grouped[g] = '\0';
        snprintf(plain, sizeof plain, "%s%llu.%02llu", negative ? "-" : "", (unsigned long long)whole,
                 (unsigned long long)cents);
        static const char *const frames[] = {"%s%s.%02llu", "%s¥%s.%02llu", "%s %s.%02llu元", "¥%s%s.%02llu",
                                             "%sRMB %s.%02llu "};
        const char *frame = frames[pt_rng_below(&rng, PT_COUNT(frames))];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        snprintf(text, sizeof text, frame, negative ? "-" : "", grouped, (unsigned long long)cents);
#pragma GCC diagnostic pop
        CHECK_STR(read_number(text, NULL), plain);
        CHECK_STR(read_number(plain, NULL), plain);
    }
}
