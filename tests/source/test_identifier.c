#include <string.h>

#include "source/source.h"
#include "support/test.h"

static const char *normal(const char *kind, const char *const *blocked, size_t n, const char *value)
{
    static char buf[128];
    pt_identifier_type type = {.name = "x", .normalize = kind, .blocked = blocked, .n_blocked = n};
    pt_normalizer *normalizer;
    pt_str scratch = {0};
    pt_err err = {0};
    pt_sv out;

    CHECK_OK(pt_normalizer_new(&normalizer, &type, &err));
    bool ok = pt_normalizer_apply(&out, normalizer, pt_sv_of(value), &scratch);
    snprintf(buf, sizeof buf, "%.*s", ok ? (int)out.len : 1, ok ? out.ptr : "-");
    pt_normalizer_free(normalizer);
    pt_str_free(&scratch);
    return buf;
}

TEST(source_identifier__normal_forms)
{
    static const struct {
        const char *kind, *value, *want;
    } cases[] = {
        {"none", " A ", " A "},
        {"none", "", "-"},
        {NULL, " A\t", "A"},
        {"trim", "\xE3\x80\x80客户 ", "客户"},
        {"trim", "  ", "-"},
        {"lower", " ÀB ", "àb"},
        {"digits", "No. 12-34", "1234"},
        {"digits", "１２３", "123"},
        {"digits", "none", "-"},
        {"email", " Li.Na@Example.COM ", "li.na@example.com"},
        {"email", "Ａ＠ｂ.com", "a@b.com"},
        {"email", "not given", "-"},
        {"phone_cn", "138 1234 5678", "13812345678"},
        {"phone_cn", "+86-138-1234-5678", "13812345678"},
        {"phone_cn", "0086 13812345678", "13812345678"},
        {"phone_cn", "8613812345678", "13812345678"},
        {"phone_cn", "＋８６１３８１２３４５６７８", "13812345678"},
        {"phone_cn", "+86 21 6123 4567", "2161234567"},
        {"phone_cn", "021-61234567", "02161234567"},
        {"phone_cn", "138****5678", "-"},
        {"phone_cn", "138＊＊＊＊5678", "-"},
        {"phone_cn", "+86", "-"},
        {"phone_cn", "8612345", "8612345"},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        const char *got = normal(cases[i].kind, NULL, 0, cases[i].value);
        if (strcmp(got, cases[i].want) != 0)
            test_fail(__FILE__, __LINE__, "'%s' as %s is '%s', not '%s'", cases[i].value,
                      cases[i].kind ? cases[i].kind : "(default)", got, cases[i].want);
    }
}

TEST(source_identifier__blocked_values_identify_nobody)
{
    static const char *const blocked[] = {"138-0000-0000", "000*", "1??"};

    CHECK_STR(normal("phone_cn", blocked, 3, "13800000000"), "-"); /* the blocked value has a normal form too */
    CHECK_STR(normal("phone_cn", blocked, 3, "0001"), "-");
    CHECK_STR(normal("phone_cn", blocked, 3, "000"), "-");
    CHECK_STR(normal("phone_cn", blocked, 3, "123"), "-");
    CHECK_STR(normal("phone_cn", blocked, 3, "1234"), "1234");
    CHECK_STR(normal("phone_cn", blocked, 3, "13800000001"), "13800000001");
}

TEST(source_identifier__patterns_match_characters)
{
    static const char *const blocked[] = {"测?", "*test*", "a*b*c"};

    CHECK_STR(normal("trim", blocked, 3, "测试"), "-");
    CHECK_STR(normal("trim", blocked, 3, "测试试"), "测试试");
    CHECK_STR(normal("trim", blocked, 3, "my test user"), "-");
    CHECK_STR(normal("trim", blocked, 3, "axxbxbxc"), "-");
    CHECK_STR(normal("trim", blocked, 3, "axxbxbx"), "axxbxbx");
    CHECK_STR(normal("trim", blocked, 3, "[]"), "[]");
}
