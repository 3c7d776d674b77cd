#include "source/csv.h"

#include <string.h>

#include "base/rng.h"
#include "support/test.h"

/* Records as "line:a|b|c" or "line!reason", one a line. */
static void read_all(pt_str *out, pt_sv text, char delimiter, char quote, size_t expect)
{
    pt_csv c = {0};

    pt_str_clear(out);
    pt_csv_open(&c, text, delimiter, quote, expect);
    while (pt_csv_next(&c)) {
        pt_str_addf(out, "%d%c", (int)c.line, c.wrong ? '!' : ':');
        if (c.wrong)
            pt_str_add(out, c.wrong);
        for (size_t i = 0; i < c.n_fields && !c.wrong; i++) {
            pt_str_add(out, i ? "|" : "");
            pt_str_addsv(out, c.fields[i]);
        }
        pt_str_addc(out, '\n');
    }
    CHECK(!c.nomem);
    pt_csv_close(&c);
}

TEST(source_csv__records_and_their_lines)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"", ""},
        {"\n\r\n\r", ""},
        {"a,b,c", "1:a|b|c\n"},
        {"\xEF\xBB\xBF"
         "a,b,c\n1,2,3\n",
         "1:a|b|c\n2:1|2|3\n"},
        {"a,b,c\r\n\r\n1,2,3\r4,5,6\n", "1:a|b|c\n3:1|2|3\n4:4|5|6\n"},
        {"\"a\"\"b\",\"c\n\nd\",\"\"\nx,y,z\n", "1:a\"b|c\n\nd|\n4:x|y|z\n"},
        {",,\n", "1:||\n"},
        {"a,b,c,,\n", "1:a|b|c\n"},
        {"a,b,c,,d\n", "1!more fields than the header\n"},
        {"a,b\n", "1!fewer fields than the header\n"},
        {"a, \"b\" ,c\n", "1:a|b|c\n"},
        {"a,b\"c,d\"\n", "1:a|b\"c|d\"\n"},
        {"a,\"b\"c,d\nx,y,z\n", "1!text after a closing quote\n2:x|y|z\n"},
        {"a,\"b,c\nx,y,z\nu,v,w\n", "1!a quote that is never closed\n2:x|y|z\n3:u|v|w\n"},
        /* a record over two lines with a field too few keeps its lines together: the second is no record */
        {"a,\"b\nc\"\nx,y,z\n", "1!fewer fields than the header\n3:x|y|z\n"},
        /* ... unless the second line is one */
        {"a,\"b\nx,y,z\n\",c,d\nu,v,w\n",
         "1!more fields than the header\n2:x|y|z\n3!a quote that is never closed\n4:u|v|w\n"},
    };
    pt_str got = {0};

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        read_all(&got, pt_sv_of(cases[i].text), ',', '"', 3);
        if (strcmp(pt_str_cstr(&got), cases[i].want) != 0)
            test_fail(__FILE__, __LINE__, "case %zu gives\n%s\nnot\n%s", i, pt_str_cstr(&got), cases[i].want);
    }
    read_all(&got, PT_SV("'a;b';c\n\"d;e\n"), ';', '\'', 2);
    CHECK_STR(pt_str_cstr(&got), "1:a;b|c\n2:\"d|e\n");
    read_all(&got, PT_SV("\"a\"\tb\n"), '\t', 0, 2);
    CHECK_STR(pt_str_cstr(&got), "1:\"a\"|b\n");
    pt_str_free(&got);
}

/* Random texts: records lie one after another, lines never go back, no byte but line ends is between them. */
TEST(source_csv__no_byte_is_lost)
{
    static const char alphabet[] = "ab,,\"\"\n\n\r \0\xE5";
    pt_rng rng;

    pt_rng_seed(&rng, 3);
    for (int round = 0; round < 5000; round++) {
        char text[60];
        size_t n = pt_rng_below(&rng, sizeof text);
        pt_csv c = {0};
        const char *at = text;
        uint64_t line = 0;
        for (size_t i = 0; i < n; i++)
            text[i] = alphabet[pt_rng_below(&rng, sizeof alphabet - 1)];
        pt_csv_open(&c, (pt_sv){text, n}, ',', '"', pt_rng_below(&rng, 3));
        while (pt_csv_next(&c)) {
            CHECK(c.raw.ptr >= at && c.raw.len > 0);
            for (; at < c.raw.ptr; at++)
                CHECK(*at == '\n' || *at == '\r');
            CHECK(c.line > line);
            line = c.line;
            at = c.raw.ptr + c.raw.len;
        }
        for (; at < text + n; at++)
            CHECK(*at == '\n' || *at == '\r');
        pt_csv_close(&c);
    }
}
