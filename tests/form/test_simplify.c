#include "form/form.h"
#include "support/test.h"

TEST(form_simplify__phrases_before_characters)
{
    static const char *const cases[][2] = {
        {"臺灣", "台湾"},
        {"張偉", "张伟"},
        {"劉憶蓮", "刘忆莲"},
        {"乾坤", "乾坤"},
        {"乾淨", "干净"},
        {"一目瞭然的頭髮與發財", "一目了然的头发与发财"},
        {"廣東省深圳市", "广东省深圳市"},
        {"简体不变 abc 123", "简体不变 abc 123"},
        {"\xFF張\xE5", "\xFF张\xE5"},
        {"", ""},
    };
    pt_str out = {0}, again = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_str_clear(&out);
        pt_form_simplify(&out, pt_sv_of(cases[i][0]));
        CHECK_STR(pt_str_cstr(&out), cases[i][1]);
        pt_str_clear(&again);
        pt_form_simplify(&again, (pt_sv){out.ptr, out.len});
        CHECK_STR(pt_str_cstr(&again), cases[i][1]);
    }
    pt_str_free(&out);
    pt_str_free(&again);
}
