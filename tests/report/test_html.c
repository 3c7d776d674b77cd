#include "report/html.h"

#include "base/embed.h"
#include "support/test.h"

static void check_text(const char *text, const char *want)
{
    pt_str out = {0};

    pt_html_text(&out, text);
    CHECK_STR(pt_str_cstr(&out), want);
    pt_str_free(&out);
}

TEST(report_html__markup_in_data_is_text)
{
    check_text("<img src=x onerror=\"alert('1')\">&amp;",
               "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;amp;");
    check_text("红酒 & 奶酪", "红酒 &amp; 奶酪");
    check_text("", "");
    check_text(NULL, "");
}

TEST(report_html__what_is_no_text_is_replaced)
{
    check_text("a\xFFz", "a\xEF\xBF\xBDz");
    check_text("a\x01\x1B[31mz", "a\xEF\xBF\xBD\xEF\xBF\xBD[31mz");
    check_text("two\nlines\tand\rmore", "two lines and more");
    check_text("\xC2\x85", "\xEF\xBF\xBD"); /* U+0085, a control character of two bytes */
}

TEST(report_html__json_cannot_end_its_element)
{
    static const char json[] = "{\"v\":\"</script><!--<script>\"}";
    pt_str out = {0};

    pt_html_json(&out, PT_SV(json));
    CHECK_STR(pt_str_cstr(&out), "{\"v\":\"\\u003c/script>\\u003c!--\\u003cscript>\"}");
    pt_str_free(&out);
}

/* RFC 4648, section 10. */
TEST(report_html__base64_is_that_of_the_standard)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"66", "Zg=="},
                                           {"666f", "Zm8="},
                                           {"666f6f", "Zm9v"},
                                           {"666f6f62", "Zm9vYg=="},
                                           {"666F6F6261", "Zm9vYmE="},
                                           {"666f6f626172", "Zm9vYmFy"}};
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_str out = {0};
        pt_html_base64(&out, cases[i][0]);
        CHECK_STR(pt_str_cstr(&out), cases[i][1]);
        pt_str_free(&out);
    }
}

/* A parser would change these, and the hashes would no longer fit: an end of its element, carriage returns, NUL. */
TEST(report_html__embedded_files_survive_parsing)
{
    static const pt_embedded *const tables[] = {pt_report_files, pt_echarts_files};

    for (size_t t = 0; t < PT_COUNT(tables); t++)
        for (const pt_embedded *f = tables[t]; f->path; f++) {
            CHECK(!memchr(f->bytes, '\r', f->size));
            CHECK(!memchr(f->bytes, '\0', f->size));
            CHECK(!memmem(f->bytes, f->size, "</script", 8));
            CHECK(!memmem(f->bytes, f->size, "</style", 7));
            CHECK(!memmem(f->bytes, f->size, "<!--", 4));
        }
}
