#include "form/form.h"
#include "support/test.h"

TEST(form_email__normal_form_and_refusals)
{
    static const char *const cases[][2] = {
        {"Wang.Wei@Example.COM", "wang.wei@example.com"},
        {"  a@b.cn\t", "a@b.cn"},
        {"mailto:a@b.cn", "a@b.cn"},
        {"王伟 <ww@b.cn>", "ww@b.cn"},
        {"ａ＠ｂ．ｃｎ", "a@b.cn"},
        {"a@b。cn", "a@b.cn"},
        {"a+tag_1@sub.b-c.co", "a+tag_1@sub.b-c.co"},
        {"用户@例子.中国", "用户@例子.中国"},
        {"a@B.中国", "a@b.中国"},
        {"a", NULL},
        {"@b.cn", NULL},
        {"a@", NULL},
        {"a@b", NULL},
        {"a@@b.cn", NULL},
        {"a@b@c.cn", NULL},
        {".a@b.cn", NULL},
        {"a.@b.cn", NULL},
        {"a..b@b.cn", NULL},
        {"a b@b.cn", NULL},
        {"a@b..cn", NULL},
        {"a@-b.cn", NULL},
        {"a@b-.cn", NULL},
        {"a@b_c.cn", NULL},
        {"a@127.0.0.1", NULL},
        {"a\xFF@b.cn", NULL},
        {"a@b.cn,c@d.cn", NULL},
        {"", NULL},
        {"<>", NULL},
    };
    pt_str out = {0}, again = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_str_clear(&out);
        pt_form_rc rc = pt_form_email(&out, pt_sv_of(cases[i][0]));
        if ((rc == PT_FORM_OK) != (cases[i][1] != NULL) ||
            strcmp(pt_str_cstr(&out), cases[i][1] ? cases[i][1] : "") != 0)
            test_fail(__FILE__, __LINE__, "'%s' is %d '%s'", cases[i][0], (int)rc, pt_str_cstr(&out));
        if (rc == PT_FORM_OK) {
            pt_str_clear(&again);
            CHECK_INT(pt_form_email(&again, (pt_sv){out.ptr, out.len}), PT_FORM_OK);
            CHECK_STR(pt_str_cstr(&again), pt_str_cstr(&out));
        }
    }
    pt_str_free(&out);
    pt_str_free(&again);
}

TEST(form_email__lengths)
{
    char text[400];
    pt_str out = {0};

    memset(text, 'a', sizeof text);
    memcpy(text + 64, "@b.cn", 6);
    CHECK_INT(pt_form_email(&out, pt_sv_of(text)), PT_FORM_OK);
    memset(text, 'a', sizeof text);
    memcpy(text + 65, "@b.cn", 6);
    CHECK_INT(pt_form_email(&out, pt_sv_of(text)), PT_FORM_NOT);
    memset(text, 'a', sizeof text);
    memcpy(text, "a@", 2);
    memcpy(text + 66, ".cn", 4); /* a label of 64 */
    CHECK_INT(pt_form_email(&out, pt_sv_of(text)), PT_FORM_NOT);
    pt_str_free(&out);
}
