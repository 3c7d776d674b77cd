#include "cli/cli.h"
#include "support/test.h"

TEST(cli_format__large_numbers_in_sentences)
{
    static const struct {
        uint64_t n;
        const char *zh;
    } cases[] = {
        {0, "0"},          {99999, "99,999"},    {100000, "10万"},        {123456, "12.3万"}, {99994999, "9999.5万"},
        {99995000, "1亿"}, {123456789, "1.2亿"}, {100000000000, "1000亿"}};
    char buf[32];

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        CHECK_STR(pt_format_about(buf, cases[i].n, PT_ZH), cases[i].zh);
    CHECK_STR(pt_format_about(buf, 123456789, PT_EN), "123,456,789");
    CHECK_STR(pt_format_about(buf, UINT64_MAX, PT_ZH), "184467440737.1亿");
}

TEST(cli_format__times_in_both_languages)
{
    char buf[32];

    CHECK_STR(pt_format_seconds(buf, 0.85, PT_EN), "850 ms");
    CHECK_STR(pt_format_seconds(buf, 0.85, PT_ZH), "850 毫秒");
    CHECK_STR(pt_format_seconds(buf, 3.24, PT_ZH), "3.2 秒");
    CHECK_STR(pt_format_seconds(buf, 250, PT_EN), "4 min 10 s");
    CHECK_STR(pt_format_seconds(buf, 250, PT_ZH), "4 分 10 秒");
}
