#include "base/json.h"

#include <math.h>

#include "support/test.h"

static void fill(pt_json *j)
{
    pt_json_open(j, '{');
    pt_json_key(j, "name");
    pt_json_cstr(j, "客户 \"A\"\\\n\x01");
    pt_json_keysv(j, PT_SV("list"));
    pt_json_open(j, '[');
    pt_json_int(j, INT64_MIN);
    pt_json_number(j, 0.1);
    pt_json_number(j, NAN);
    pt_json_bool(j, true);
    pt_json_null(j);
    pt_json_cstr(j, NULL);
    pt_json_raw(j, PT_SV("{\"x\":1}"));
    pt_json_close(j, ']');
    pt_json_key(j, "empty");
    pt_json_open(j, '{');
    pt_json_close(j, '}');
    pt_json_close(j, '}');
}

TEST(base_json__one_line)
{
    pt_str s = {0};
    pt_json j;

    pt_json_init(&j, &s, 0);
    fill(&j);
    CHECK_STR(pt_str_cstr(&s),
              "{\"name\":\"客户 \\\"A\\\"\\\\\\n\\u0001\",\"list\":[-9223372036854775808,0.1,null,true,"
              "null,null,{\"x\":1}],\"empty\":{}}");
    pt_str_free(&s);
}

TEST(base_json__indented)
{
    pt_str s = {0};
    pt_json j;

    pt_json_init(&j, &s, 2);
    pt_json_open(&j, '[');
    pt_json_int(&j, 1);
    pt_json_open(&j, '{');
    pt_json_key(&j, "a");
    pt_json_int(&j, 2);
    pt_json_key(&j, "b");
    pt_json_open(&j, '[');
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_json_close(&j, ']');
    CHECK_STR(pt_str_cstr(&s), "[\n  1,\n  {\n    \"a\": 2,\n    \"b\": []\n  }\n]");
    pt_str_free(&s);
}

static void check_text(pt_sv text, const char *want)
{
    pt_str s = {0};
    pt_json j;

    pt_json_init(&j, &s, 0);
    pt_json_text(&j, text);
    CHECK_STR(pt_str_cstr(&s), want);
    pt_str_free(&s);
}

TEST(base_json__bad_bytes_become_replacement_characters)
{
    check_text(PT_SV("a\xFFz"), "\"a\xEF\xBF\xBDz\"");
    check_text(PT_SV("\xE4\xBD"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
    check_text((pt_sv){"a\0b", 3}, "\"a\\u0000b\"");
    check_text(PT_SV("\t\r\b\f\x1F\x7F"), "\"\\t\\r\\b\\f\\u001f\x7F\"");
    check_text(PT_SV(""), "\"\"");
    check_text((pt_sv){NULL, 0}, "\"\"");
}
