#include "base/diag.h"

#include <stdio.h>

#include "base/utf8.h"
#include "support/test.h"

static pt_arena *arena;
static pt_diags diags;

static void begin(void)
{
    arena = pt_arena_new(0);
    CHECK(arena);
    pt_diags_init(&diags, arena);
}

static void end(void)
{
    pt_diags_free(&diags);
    pt_arena_free(arena);
}

static void check_print(const char *want)
{
    pt_str out = {0};

    pt_diags_print(&diags, &out, false);
    CHECK_STR(pt_str_cstr(&out), want);
    pt_str_free(&out);
}

static pt_place place(const char *file, const char *text, int line, int col, int length)
{
    return (pt_place){.file = file, .text = pt_sv_of(text), .line = line, .col = col, .length = length};
}

TEST(base_diag__prints_the_line_and_a_caret)
{
    static const char *const tags[] = {"orders_90d", "life_cycle"};
    const char *text = "# tags\nsegment: {value: lifecyle = active}\n";

    begin();
    pt_diag *d = pt_diags_add(&diags, PT_SEVERITY_ERROR, 301, place("tags/value.yaml", text, 2, 18, 8),
                              "unknown tag '%s'", "lifecyle");
    pt_diag_suggest(&diags, d, PT_SV("lifecyle"), tags, 2);
    check_print("tags/value.yaml:2:18: error E0301: unknown tag 'lifecyle'\n"
                "    2 | segment: {value: lifecyle = active}\n"
                "      |                  ^~~~~~~~\n"
                "      = did you mean 'life_cycle'?\n"
                "1 error\n");
    end();
}

TEST(base_diag__carets_stand_under_wide_characters_and_after_tabs)
{
    const char *text = "\t渠道:\t手机　app\xFF!x\n";

    begin();
    pt_diags_add(&diags, PT_SEVERITY_WARNING, 102, place("a", text, 1, 2, 2), "one");
    pt_diags_add(&diags, PT_SEVERITY_WARNING, 102, place("a", text, 1, 6, 2), "two");
    pt_diags_add(&diags, PT_SEVERITY_WARNING, 102, place("a", text, 1, 13, 1), "three");
    check_print("a:1:2: warning E0102: one\n"
                "    1 |     渠道:   手机　app\xEF\xBF\xBD!x\n"
                "      |     ^~~~\n"
                "a:1:6: warning E0102: two\n"
                "    1 |     渠道:   手机　app\xEF\xBF\xBD!x\n"
                "      |             ^~~~\n"
                "a:1:13: warning E0102: three\n"
                "    1 |     渠道:   手机　app\xEF\xBF\xBD!x\n"
                "      |                       ^\n"
                "3 warnings\n");
    end();
}

TEST(base_diag__sorted_by_place_then_by_report)
{
    begin();
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("b", "x\ny", 1, 1, 1), "fourth");
    pt_diags_add(&diags, PT_SEVERITY_WARNING, 2, place("a", "x\ny", 2, 1, 1), "second");
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 3, place("a", "x\ny", 2, 1, 1), "third");
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 4, place("a", "x\ny", 1, 2, 9), "first");
    check_print("a:1:2: error E0004: first\n    1 | x\n      |  ^\n"
                "a:2:1: warning E0002: second\n    2 | y\n      | ^\n"
                "a:2:1: error E0003: third\n    2 | y\n      | ^\n"
                "b:1:1: error E0001: fourth\n    1 | x\n      | ^\n"
                "3 errors, 1 warning\n");
    pt_err err = {0};
    CHECK_INT(pt_diags_result(&diags, &err), PT_EINVAL);
    CHECK_STR(err.msg, "first");
    CHECK(err.line == 1 && err.col == 2 && strcmp(err.file, "a") == 0);
    end();
}

TEST(base_diag__without_errors_all_is_well)
{
    pt_err err = {0};

    begin();
    CHECK_OK(pt_diags_result(&diags, &err));
    check_print("0 errors\n");
    pt_diags_add(&diags, PT_SEVERITY_WARNING, 2, (pt_place){0}, "no place");
    CHECK_OK(pt_diags_result(&diags, &err));
    check_print("warning E0002: no place\n1 warning\n");
    end();
}

TEST(base_diag__a_place_outside_the_text_shows_no_line)
{
    begin();
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("a", "x", 9, 1, 1), "late");
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("b", "x\r\n", 1, 50, 3), "right");
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("c", "", 1, 1, 1), "empty");
    check_print("a:9:1: error E0001: late\n"
                "b:1:50: error E0001: right\n    1 | x\n      |  ^\n"
                "c:1:1: error E0001: empty\n    1 | \n      | ^\n"
                "3 errors\n");
    end();
}

/* Wherever the mark is in a very long line, the picture stays narrow and the caret stands under the marked letter. */
TEST(base_diag__long_lines_are_shown_around_the_caret)
{
    enum { LETTERS = 900 };
    char line[LETTERS * 3 + 1];
    size_t n = 0;

    for (int i = 0; i < LETTERS; i++)
        n += (size_t)snprintf(line + n, sizeof line - n, "%s", i == 400 ? "Z" : i % 3 ? "客" : "a");
    for (int col = 1; col <= LETTERS; col += 1) {
        pt_str out = {0};
        begin();
        pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("a", line, 1, col, 4), "here");
        pt_diags_print(&diags, &out, false);
        const char *source = strstr(pt_str_cstr(&out), "\n    1 | ") + 9, *carets = strstr(source, "\n      | ") + 9;
        size_t width = pt_utf8_width((pt_sv){source, strcspn(source, "\n")});
        CHECK(width <= 120);
        size_t indent = strcspn(carets, "^");
        CHECK(indent + strcspn(carets + indent, "\n") <= width);
        pt_sv before = pt_utf8_fit((pt_sv){source, strcspn(source, "\n")}, indent);
        CHECK_INT(pt_utf8_width(before), indent); /* a caret in the middle of a wide character would not fit */
        size_t at = 0, marked = before.len;
        for (int i = 1; i < col; i++)
            pt_utf8_next(pt_sv_of(line), &at);
        CHECK(memcmp(source + marked, line + at, 1) == 0);
        pt_str_free(&out);
        end();
    }
}

TEST(base_diag__many_tabs_are_a_long_line)
{
    char line[301];
    pt_str out = {0};

    memset(line, '\t', 300);
    memcpy(line + 200, "x", 1);
    line[300] = '\0';
    begin();
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("a", line, 1, 201, INT32_MAX), "here");
    pt_diags_print(&diags, &out, false);
    const char *source = strstr(pt_str_cstr(&out), "\n    1 | ") + 9, *carets = strstr(source, "\n      | ") + 9;
    CHECK(strcspn(source, "\n") <= 120 && strcspn(carets, "\n") <= 120);
    CHECK_INT(strcspn(source, "x"), strcspn(carets, "^"));
    pt_str_free(&out);
    end();
}

TEST(base_diag__control_characters_do_not_reach_the_terminal)
{
    pt_str out = {0};

    begin();
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("a", "x\033[31m\xC2\x9By", 1, 1, 1), "here");
    pt_diags_print(&diags, &out, false);
    CHECK(!strchr(pt_str_cstr(&out), '\033') && !strstr(pt_str_cstr(&out), "\xC2\x9B"));
    pt_str_free(&out);
    end();
}

TEST(base_diag__places_count_lines_and_characters)
{
    pt_sv text = PT_SV("客户 a\n  b = 画像\nlast");
    pt_place start = {.file = "f", .line = 10, .col = 5, .length = 1};

    pt_place p = pt_place_at(start, text, 7, 1); /* a */
    CHECK(p.line == 10 && p.col == 8 && p.length == 1);
    p = pt_place_at(start, text, 15, 6); /* 画像 */
    CHECK(p.line == 11 && p.col == 7 && p.length == 2);
    p = pt_place_at(start, text, 15, 100); /* not past the line's end */
    CHECK(p.line == 11 && p.length == 2);
    p = pt_place_at(start, text, 1000, 1);
    CHECK(p.line == 12 && p.col == 5 && p.length == 1);
    p = pt_place_at(start, text, 0, 0);
    CHECK(p.line == 10 && p.col == 5 && p.length == 1);
}

TEST(base_diag__suggestions)
{
    static const char *const far[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i"};

    begin();
    pt_diag *d = pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, (pt_place){0}, "x");
    pt_diag_suggest(&diags, d, PT_SV("lifecyle"), NULL, 0);
    CHECK(d->hint == NULL);
    pt_diag_suggest(&diags, d, PT_SV("somethingelse"), far, 3);
    CHECK_STR(d->hint, "one of: a, b, c");
    pt_diag_suggest(&diags, d, PT_SV("somethingelse"), far, 9);
    CHECK_STR(d->hint, "one of: a, b, c, d, e, f, g, h, ...");
    end();
}

TEST(base_diag__json)
{
    pt_str out = {0};

    begin();
    pt_diags_json(&diags, &out);
    CHECK_STR(pt_str_cstr(&out), "[]");
    pt_str_clear(&out);
    pt_diag_hint(&diags, pt_diags_add(&diags, PT_SEVERITY_ERROR, 301, place("f", "x", 1, 2, 3), "m"), "h");
    pt_diags_json(&diags, &out);
    CHECK_STR(pt_str_cstr(&out), "[{\"severity\":\"error\",\"code\":\"E0301\",\"file\":\"f\",\"line\":1,\"column\":2,"
                                 "\"length\":3,\"message\":\"m\",\"hint\":\"h\"}]");
    pt_str_free(&out);
    end();
}

TEST(base_diag__short_memory_is_not_silence)
{
    pt_err err = {0};
    pt_arena *small = pt_arena_new(16);
    pt_str out = {0};

    CHECK(small);
    pt_diags_init(&diags, small);
    pt_diag *d = pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, (pt_place){0}, "a message that does not fit in 16 bytes");
    pt_diag_hint(&diags, d, "neither does this one, which goes nowhere");
    CHECK(d && d->hint == NULL && diags.nomem && diags.errors == 1);
    CHECK_INT(pt_diags_result(&diags, &err), PT_ENOMEM);
    pt_diags_print(&diags, &out, false);
    CHECK(strstr(pt_str_cstr(&out), "not enough memory"));
    pt_str_free(&out);
    pt_diags_free(&diags);
    pt_arena_free(small);
}

TEST(base_diag__colour_only_when_asked)
{
    pt_str out = {0};

    begin();
    pt_diags_add(&diags, PT_SEVERITY_ERROR, 1, place("a", "xyz", 1, 2, 1), "here");
    pt_diags_print(&diags, &out, true);
    CHECK_STR(pt_str_cstr(&out), "\033[1ma:1:2: \033[0m\033[1;31merror E0001:\033[0m here\n"
                                 "    1 | xyz\n      | \033[1;32m ^\033[0m\n1 error\n");
    pt_str_free(&out);
    end();
}

/* The expression `a b` as YAML's double-quoted "\x61\n b", which begins at line 2 column 4. */
TEST(base_diag__a_place_inside_decoded_text_is_where_its_bytes_came_from)
{
    static const uint32_t origin[] = {7, 11, 13, 14};
    const char *file = "# c\nk \"\\x61\n b\"\n";
    pt_place start = {.file = "f", .text = pt_sv_of(file), .line = 2, .col = 4, .length = 1, .origin = origin};

    pt_place at = pt_place_at(start, PT_SV("a b"), 2, 1);
    CHECK_INT(at.line, 3);
    CHECK_INT(at.col, 2);
    CHECK_INT(at.length, 1);
    CHECK(at.origin == NULL);
    at = pt_place_at(start, PT_SV("a b"), 0, 1);
    CHECK_INT(at.line, 2);
    CHECK_INT(at.col, 4);
    CHECK_INT(at.length, 4);
}

/* A generated file with the same mistake on each line: the first are shown, all are counted. */
TEST(base_diag__shows_the_first_problems_of_very_many)
{
    pt_str out = {0};

    begin();
    for (int i = 1; i <= 1200; i++)
        pt_diags_add(&diags, PT_SEVERITY_ERROR, 301, place("t", "x\n", i, 1, 1), "problem %d", i);
    pt_diags_print(&diags, &out, false);
    CHECK(strstr(out.ptr, "t:200:1: error E0301: problem 200\n... and 1000 more\n1200 errors\n"));
    pt_str_free(&out);
    end();
}
