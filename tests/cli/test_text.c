#include "cli/text.h"
#include "support/test.h"

/* Which placeholders a sentence has, one bit each. */
static unsigned placeholders(const char *s)
{
    unsigned bits = 0;

    for (; *s; s++)
        if (s[0] == '{' && s[1] >= '0' && s[1] <= '9' && s[2] == '}')
            bits |= 1U << (s[1] - '0');
    return bits;
}

TEST(cli_text__both_languages_say_the_same_things)
{
    for (pt_text id = 0; id < PT_TEXT_COUNT; id++) {
        const char *en = pt_text_get(PT_EN, id), *zh = pt_text_get(PT_ZH, id);
        CHECK(en && *en && zh && *zh);
        if (placeholders(en) != placeholders(zh))
            test_fail(__FILE__, __LINE__, "placeholders differ: %s", en);
        if ((en[strlen(en) - 1] == '\n') != (zh[strlen(zh) - 1] == '\n'))
            test_fail(__FILE__, __LINE__, "line ends differ: %s", en);
    }
}

TEST(cli_text__placeholders_are_filled_and_braces_kept)
{
    pt_str s = {0};

    PT_SAY(&s, PT_EN, INIT_DONE, "retail", "{1}shop");
    CHECK_STR(pt_str_cstr(&s), "Made a project from the template 'retail' in {1}shop.\n");
    pt_str_clear(&s);
    pt_say(&s, PT_EN, PT_TEXT_INIT_DONE, NULL, 0);
    CHECK_STR(pt_str_cstr(&s), "Made a project from the template '{0}' in {1}.\n");
    pt_str_free(&s);
}

TEST(cli_text__locales_that_mean_chinese)
{
    CHECK_INT(pt_lang_parse("zh_CN.UTF-8"), PT_ZH);
    CHECK_INT(pt_lang_parse("zh"), PT_ZH);
    CHECK_INT(pt_lang_parse("en_US.UTF-8"), PT_EN);
    CHECK_INT(pt_lang_parse("C"), PT_EN);
    CHECK_INT(pt_lang_parse(NULL), PT_EN);
}
