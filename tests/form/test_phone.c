#include "base/rng.h"
#include "form/form.h"
#include "support/test.h"

static const char *read_phone(const char *text)
{
    static const char *const names[] = {"ok", "not", "ambiguous", "range", "checksum"};
    static pt_phone p;
    pt_form_rc rc = pt_form_phone_cn(&p, pt_sv_of(text));

    if (rc == PT_FORM_OK)
        CHECK_INT(strlen(p.text), p.len);
    return rc == PT_FORM_OK ? p.text : names[rc];
}

TEST(form_phone__as_people_write_them)
{
    static const char *const cases[][2] = {
        {"13812345678", "13812345678"},
        {"138 1234 5678", "13812345678"},
        {"138-1234-5678", "13812345678"},
        {"+86 138 1234 5678", "13812345678"},
        {"+8613812345678", "13812345678"},
        {"(+86)13812345678", "13812345678"},
        {"0086-138-1234-5678", "13812345678"},
        {"8613812345678", "13812345678"},
        {"013812345678", "13812345678"},
        {"１３８１２３４５６７８", "13812345678"},
        {"\xE2\x80\xAD"
         "13812345678\xE2\x80\xAC",
         "13812345678"},
        {"010-12345678", "range"},
        {"010-62345678", "010-62345678"},
        {"(010)62345678", "010-62345678"},
        {"01062345678", "010-62345678"},
        {"+86 10 6234 5678", "010-62345678"},
        {"+86 755 2345 6789", "0755-23456789"},
        {"0755-2345678", "0755-2345678"},
        {"075523456789", "0755-23456789"},
        {"010-62345678转801", "010-62345678-801"},
        {"010-62345678 转分机 801", "010-62345678-801"},
        {"021-62345678 ext. 12", "021-62345678-12"},
        {"010-62345678-801", "010-62345678-801"},
        {"0755-2345678-8", "0755-2345678-8"},
        {"400-123-4567-12", "4001234567-12"},
        {"400-123-4567", "4001234567"},
        {"62345678", "ambiguous"},
        {"13812345678/13912345678", "ambiguous"},
        {"12812345678", "range"},
        {"15412345678", "range"},
        {"17912345678", "range"},
        {"1381234567", "not"},
        {"138123456789", "not"},
        {"138****5678", "not"},
        {"+85261234567", "not"},
        {"0085261234567", "not"},
        {"+86", "not"},
        {"", "not"},
        {"phone", "not"},
        {"13812345678转1", "not"},
        {"1234567890123456789012", "not"},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++)
        if (strcmp(read_phone(cases[i][0]), cases[i][1]) != 0)
            test_fail(__FILE__, __LINE__, "'%s' is '%s', not '%s'", cases[i][0], read_phone(cases[i][0]), cases[i][1]);
}

TEST(form_phone__its_own_form_stays)
{
    pt_rng rng;

    pt_rng_seed(&rng, 3);
    for (int i = 0; i < 50000; i++) {
        char text[40];
        pt_phone p, again;
        size_t n = pt_rng_below(&rng, 18) + 5;
        for (size_t k = 0; k < n; k++)
            text[k] = "0123456789015800+-- ()x"[pt_rng_below(&rng, 23)];
        if (pt_form_phone_cn(&p, (pt_sv){text, n}) != PT_FORM_OK)
            continue;
        CHECK_INT(pt_form_phone_cn(&again, (pt_sv){p.text, p.len}), PT_FORM_OK);
        CHECK_STR(again.text, p.text);
        CHECK_INT(again.kind, p.kind);
    }
}
