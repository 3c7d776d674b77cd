#include "base/utf8.h"
#include "cli/cli.h"
#include "support/test.h"

static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_LEFT};

static const char *print(pt_str *out, pt_arena *a, size_t width, bool color)
{
    pt_table t;

    pt_table_init(&t, a, 3, align, (const char *const[]){"tag", "known", "label"});
    pt_table_row(&t, (const char *const[]){"orders_90d", "1,234", "近90天订单数"});
    pt_table_row(&t, (const char *const[]){"城市", "7", "city\nof residence, as last recorded"});
    pt_table_row(&t, (const char *const[]){"x", NULL, NULL});
    pt_str_clear(out);
    pt_table_print(&t, out, width, 2, color);
    pt_table_free(&t);
    return pt_str_cstr(out);
}

TEST(cli_table__aligns_by_cells_not_bytes)
{
    pt_arena *a = pt_arena_new(0);
    pt_str s = {0};

    CHECK_STR(print(&s, a, 0, false), "  tag         known  label\n"
                                      "  orders_90d  1,234  近90天订单数\n"
                                      "  城市            7  city of residence, as last recorded\n"
                                      "  x\n");
    pt_str_free(&s);
    pt_arena_free(a);
}

TEST(cli_table__fits_the_terminal_by_cutting_texts_only)
{
    pt_arena *a = pt_arena_new(0);
    pt_str s = {0};

    for (size_t width = 40; width >= 27; width--) {
        const char *text = print(&s, a, width, false);
        CHECK(strstr(text, "1,234"));
        while (*text) {
            size_t len = strcspn(text, "\n");
            CHECK(pt_utf8_width((pt_sv){text, len}) <= width);
            CHECK(len == 0 || text[len - 1] != ' ');
            text += len + 1;
        }
    }
    CHECK(strstr(print(&s, a, 40, false), "…"));
    pt_str_free(&s);
    pt_arena_free(a);
}

static const char *print_bars(pt_str *out, pt_arena *a, size_t width)
{
    static const pt_align bars[] = {PT_LEFT, PT_RIGHT, PT_BARS};
    pt_table t;

    pt_table_init(&t, a, 3, bars, (const char *const[]){"class", "n", ""});
    pt_table_row(&t, (const char *const[]){"to be kept", "80", "████████████████████"});
    pt_table_row(&t, (const char *const[]){"to win back", "20", "█████"});
    pt_table_row(&t, (const char *const[]){"lost", "1", "█"});
    pt_str_clear(out);
    pt_table_print(&t, out, width, 0, false);
    pt_table_free(&t);
    return pt_str_cstr(out);
}

TEST(cli_table__draws_bars_shorter_before_it_cuts_texts)
{
    pt_arena *a = pt_arena_new(0);
    pt_str s = {0};

    CHECK_STR(print_bars(&s, a, 27), "class         n\n"
                                     "to be kept   80  ██████████\n"
                                     "to win back  20  ███\n"
                                     "lost          1  █\n");
    CHECK_STR(print_bars(&s, a, 20), "class         n\n"
                                     "to be kept   80\n"
                                     "to win back  20\n"
                                     "lost          1\n");
    pt_str_free(&s);
    pt_arena_free(a);
}

TEST(cli_table__color_marks_only_the_header)
{
    pt_arena *a = pt_arena_new(0);
    pt_str s = {0};
    const char *text = print(&s, a, 0, true);

    CHECK(pt_sv_has_prefix(pt_sv_of(text), "\033[1m  tag"));
    CHECK(!strchr(strchr(text, '\n') + 1, '\033'));
    pt_str_free(&s);
    pt_arena_free(a);
}

TEST(cli_format__numbers_for_people)
{
    char b[32];

    CHECK_STR(pt_format_count(b, 0), "0");
    CHECK_STR(pt_format_count(b, 999), "999");
    CHECK_STR(pt_format_count(b, 1234567), "1,234,567");
    CHECK_STR(pt_format_count(b, UINT64_MAX), "18,446,744,073,709,551,615");
    CHECK_STR(pt_format_seconds(b, 0.0004, PT_EN), "0 ms");
    CHECK_STR(pt_format_seconds(b, 59.94, PT_EN), "59.9 s");
    CHECK_STR(pt_format_seconds(b, 250, PT_EN), "4 min 10 s");
    CHECK_STR(pt_format_bytes(b, 640), "640 B");
    CHECK_STR(pt_format_bytes(b, 12345678), "12.3 MB");
    CHECK_STR(pt_format_bytes(b, UINT64_MAX), "18447 PB");
}
