#include "link/name.h"

#include "support/test.h"

static const struct {
    const char *name, *canonical, *reading, *hint, *family;
} cases[] = {
    {"张丹", "张丹", "dan zhang", "", "张"},
    {"張 丹", "张丹", "dan zhang", "", "张"},
    {"张丹女士", "张丹", "dan zhang", "", "张"},
    {"黄艳小姐姐", "黄艳", "huang yan", "", "黄"},
    {"张女士", "张*", "", "^张", "张"},
    {"王总", "王*", "", "^王", "王"},
    {"欧阳先生", "欧阳*", "", "^欧阳", "欧阳"},
    {"阿佳子", "*佳*", "", "佳", ""},
    {"大浩~", "*浩*", "", "浩", ""},
    {"小雨86", "*雨*", "", "雨", ""},
    {"张明(收)", "张明", "ming zhang", "", "张"},
    {"齐霞-公司", "齐霞", "qi xia", "", "齐"},
    {"钱鹏　", "钱鹏", "peng qian", "", "钱"},
    {"欧阳娜娜", "欧阳娜娜", "nana ouyang", "", "欧阳"},
    {"倪国栋", "倪国栋", "guodong ni", "", "倪"},
    {"Guodong Ni", "guodong ni", "guodong ni", "", "ni"},
    {"NI GUODONG", "ni guodong", "guodong ni", "", "guodong"},
    {"曾小贤", "曾小贤", "xiaoxian zeng", "", "曾"},
    {"单雄信", "单雄信", "shan xiongxin", "", "单"},
    {"Mr. José  Núñez Jr.", "josé núñez", "jose nunez", "", "núñez"},
    {"Smith-Jones, Mary (Mrs)", "mary smith-jones", "mary smith-jones", "", "smith-jones"},
    {"O'Brien", "o'brien", "o'brien", "", "o'brien"},
    {"12345", "", "", "", ""},
    {"😀~", "", "", "", ""},
    {"", "", "", "", ""},
};

static void check(const char *what, pt_str *got, const char *want, const char *name)
{
    if (strcmp(pt_str_cstr(got), want) != 0)
        test_fail(__FILE__, __LINE__, "%s of %s is '%s', not '%s'", what, name, pt_str_cstr(got), want);
    pt_str_clear(got);
}

TEST(link_name__says_what_is_known_and_nothing_else)
{
    pt_latin *latin;
    pt_str canonical = {0}, out = {0};

    CHECK_INT(pt_latin_open(&latin, NULL), PT_OK);
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_name_canonical(&canonical, pt_sv_of(cases[i].name));
        pt_sv c = {pt_str_cstr(&canonical), canonical.len};
        pt_name_reading(&out, c, latin);
        check("the reading", &out, cases[i].reading, cases[i].name);
        pt_name_hint(&out, c);
        check("the hint", &out, cases[i].hint, cases[i].name);
        pt_name_family(&out, c);
        check("the family", &out, cases[i].family, cases[i].name);
        check("the canonical form", &canonical, cases[i].canonical, cases[i].name);
    }
    pt_str_free(&canonical);
    pt_str_free(&out);
    pt_latin_free(latin);
}

TEST(link_name__takes_any_bytes)
{
    char bytes[5000];
    pt_latin *latin;
    pt_str canonical = {0}, out = {0};

    CHECK_INT(pt_latin_open(&latin, NULL), PT_OK);
    for (unsigned seed = 0; seed < 300; seed++) {
        size_t n = seed % 7 ? seed : sizeof bytes;
        for (size_t i = 0; i < n; i++)
            bytes[i] = (char)((seed * 2654435761U + i * 40503U * (seed + 1)) >> 7);
        pt_str_clear(&canonical);
        pt_name_canonical(&canonical, (pt_sv){bytes, n});
        pt_sv c = {pt_str_cstr(&canonical), canonical.len};
        pt_name_reading(&out, c, latin);
        pt_name_hint(&out, c);
        pt_name_whole(&out, c);
        pt_name_family(&out, c);
        CHECK(!out.failed && !canonical.failed);
    }
    pt_str_free(&canonical);
    pt_str_free(&out);
    pt_latin_free(latin);
}
