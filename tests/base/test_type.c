#include "base/type.h"

#include "support/test.h"

TEST(base_type__words_and_back)
{
    for (int t = PT_TYPE_BOOL; t < PT_TYPE_COUNT; t++) {
        pt_type back = PT_TYPE_NONE;
        CHECK(pt_type_parse(&back, pt_sv_of(pt_type_name((pt_type)t))));
        CHECK_INT(back, t);
    }
    pt_type type;
    CHECK(!pt_type_parse(&type, PT_SV("missing")) && !pt_type_parse(&type, PT_SV("")) &&
          !pt_type_parse(&type, PT_SV("Number")));
    CHECK_INT(pt_type_width(PT_TYPE_DATE), 4);
    CHECK_INT(pt_type_width(PT_TYPE_LIST), 0);
    CHECK_STR(pt_type_name((pt_type)99), "unknown");
    CHECK(pt_type_is_text(PT_TYPE_CATEGORY) && !pt_type_is_text(PT_TYPE_LIST) && pt_type_is_list(PT_TYPE_WEIGHTED));
}

TEST(base_type__missing_values)
{
    uint8_t bools[] = {0, 1, PT_BOOL_MISSING}, absent[] = {0, 1}, narrow[] = {0, 3};
    double numbers[] = {0, NAN};
    int64_t wide[] = {0, PT_I64_MISSING};
    int32_t dates[] = {0, PT_I32_MISSING};
    uint16_t codes[] = {1, 0};
    uint32_t codes4[] = {70000, 0};
    uint64_t offsets[] = {0, 0, 0};

    CHECK(!pt_column_missing(&(pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = bools}, 1));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = bools}, 2));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = numbers}, 1));
    CHECK(!pt_column_missing(&(pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = wide}, 0));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_INSTANT, .width = 8, .data = wide}, 1));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_DATE, .width = 4, .data = dates}, 1));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_TEXT, .width = 1, .data = narrow}, 0));
    CHECK(!pt_column_missing(&(pt_column){.type = PT_TYPE_TEXT, .width = 2, .data = codes}, 0));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_CATEGORY, .width = 4, .data = codes4}, 1));
    CHECK_INT(pt_column_code(&(pt_column){.type = PT_TYPE_CATEGORY, .width = 4, .data = codes4}, 0), 70000);
    pt_column list = {.type = PT_TYPE_LIST, .width = 4, .offsets = offsets};
    CHECK(!pt_column_missing(&list, 1)); /* empty, not missing */
    list.absent = absent;
    CHECK(!pt_column_missing(&list, 0) && pt_column_missing(&list, 1));
    CHECK(pt_column_missing(&(pt_column){.type = PT_TYPE_NONE}, 0));
}

TEST(base_type__dictionary_texts)
{
    const uint64_t offsets[] = {0, 1, 1, 4};
    pt_dict d = {.n = 3, .offsets = offsets, .bytes = "abcd"};

    CHECK(pt_sv_eq(pt_dict_text(&d, 1), PT_SV("a")) && pt_sv_eq(pt_dict_text(&d, 2), PT_SV("")) &&
          pt_sv_eq(pt_dict_text(&d, 3), PT_SV("bcd")));
}
