/* Tokens: their kinds, places and values. */
#include "base/time.h"
#include "lang/syntax.h"
#include "support/test.h"

typedef struct lexing {
    pt_arena *arena;
    pt_diags diags;
    pt_reader reader;
    pt_lexer lexer;
} lexing;

static void begin(lexing *l, const char *text)
{
    *l = (lexing){.arena = pt_arena_new(0)};
    CHECK(l->arena);
    pt_diags_init(&l->diags, l->arena);
    l->reader = (pt_reader){.text = pt_sv_of(text),
                            .start = {.text = pt_sv_of(text), .line = 1, .col = 1},
                            .diags = &l->diags,
                            .arena = l->arena};
    l->lexer.reader = &l->reader;
}

static void end(lexing *l)
{
    pt_diags_free(&l->diags);
    pt_arena_free(l->arena);
}

/* The only token of a text. */
static pt_token only(lexing *l, const char *text)
{
    pt_token t;

    begin(l, text);
    t = pt_lexer_next(&l->lexer);
    if (pt_lexer_next(&l->lexer).kind != PT_TOKEN_END)
        test_fail(__FILE__, __LINE__, "%s is more than one token", text);
    return t;
}

TEST(lang_lexer__numbers_durations_dates_instants)
{
    static const struct {
        const char *text;
        pt_token_kind kind;
        double value;
    } cases[] = {
        {"0", PT_TOKEN_NUMBER, 0},
        {"007", PT_TOKEN_NUMBER, 7},
        {"1.50", PT_TOKEN_NUMBER, 1.5},
        {"1e3", PT_TOKEN_NUMBER, 1000},
        {"1E+3", PT_TOKEN_NUMBER, 1000},
        {"25e-1", PT_TOKEN_NUMBER, 2.5},
        {"1.7976931348623157e308", PT_TOKEN_NUMBER, 1.7976931348623157e308},
        {"30d", PT_TOKEN_DURATION, 30.0 * PT_DAY},
        {"1w 1d", PT_TOKEN_DURATION, 8.0 * PT_DAY},
        {"1h 30m\n15s", PT_TOKEN_DURATION, 5415.0 * PT_SECOND},
        {"1ms 1us", PT_TOKEN_DURATION, 1001},
        {"2d3h", PT_TOKEN_BAD, 0},
        {"1970-01-02", PT_TOKEN_DATE, 1},
        {"9999-12-31", PT_TOKEN_DATE, PT_DATE_MAX},
        {"0001-01-01", PT_TOKEN_DATE, PT_DATE_MIN},
        {"0000-01-01", PT_TOKEN_BAD, 0},
        {"10000-01-01", PT_TOKEN_END, 0},
        {"1970-01-01T00:00Z", PT_TOKEN_INSTANT, 0},
        {"1970-01-01T08:00:01+08:00", PT_TOKEN_INSTANT, PT_SECOND},
        {"1969-12-31T23:59:59.999999Z", PT_TOKEN_INSTANT, -1},
        {"1970-01-01T00:00-01:30", PT_TOKEN_INSTANT, 90.0 * PT_MINUTE},
        {"1970-01-01T24:00Z", PT_TOKEN_BAD, 0},
        {"1970-01-01T00:00", PT_TOKEN_BAD, 0},
        {"1970-01-01T00Z", PT_TOKEN_BAD, 0},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        lexing l;
        pt_token t;
        double got;
        if (cases[i].kind == PT_TOKEN_END) /* several tokens: arithmetic */
            continue;
        begin(&l, cases[i].text);
        t = pt_lexer_next(&l.lexer);
        if (t.kind != cases[i].kind)
            test_fail(__FILE__, __LINE__, "%s is token %d", cases[i].text, t.kind);
        got = t.kind == PT_TOKEN_NUMBER ? t.literal.u.number
              : t.kind == PT_TOKEN_DATE ? t.literal.u.date
                                        : (double)t.literal.u.i64;
        if (t.kind != PT_TOKEN_BAD)
            CHECK_DOUBLE(got, cases[i].value);
        end(&l);
    }
}

TEST(lang_lexer__text_and_names)
{
    static const struct {
        const char *text;
        pt_token_kind kind;
        const char *value;
    } cases[] = {
        {"'a'", PT_TOKEN_TEXT, "a"},
        {"\"it's\"", PT_TOKEN_TEXT, "it's"},
        {"'it\\'s \\\"x\\\" \\\\'", PT_TOKEN_TEXT, "it's \"x\" \\"},
        {"'\\n\\t\\r'", PT_TOKEN_TEXT, "\n\t\r"},
        {"'\\d\\w\\.'", PT_TOKEN_TEXT, "\\d\\w\\."},
        {"'\\u{41}\\u{4e2d}\\u{1F600}'", PT_TOKEN_TEXT, "A中😀"},
        {"'\\u0041'", PT_TOKEN_TEXT, "\\u0041"},
        {"'two\nlines'", PT_TOKEN_TEXT, "two\nlines"},
        {"''", PT_TOKEN_TEXT, ""},
        {"spend_90d", PT_TOKEN_WORD, "spend_90d"},
        {"近90天订单", PT_TOKEN_WORD, "近90天订单"},
        {"_x", PT_TOKEN_WORD, "_x"},
        {"`a b.c`", PT_TOKEN_NAME, "a b.c"},
        {"`'`", PT_TOKEN_NAME, "'"},
    };

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        lexing l;
        pt_token t = only(&l, cases[i].text);
        CHECK_INT(t.kind, cases[i].kind);
        CHECK(pt_sv_eq(t.literal.u.text, pt_sv_of(cases[i].value)));
        CHECK_INT(t.span.length, strlen(cases[i].text));
        end(&l);
    }
}

TEST(lang_lexer__space_comments_and_marks_separate)
{
    static const pt_token_kind kinds[] = {PT_TOKEN_WORD,   PT_TOKEN_DOT,    PT_TOKEN_WORD,   PT_TOKEN_OP,
                                          PT_TOKEN_NUMBER, PT_TOKEN_OP,     PT_TOKEN_NUMBER, PT_TOKEN_OP,
                                          PT_TOKEN_NUMBER, PT_TOKEN_COMMA,  PT_TOKEN_LPAREN, PT_TOKEN_DURATION,
                                          PT_TOKEN_NUMBER, PT_TOKEN_RPAREN, PT_TOKEN_END,    PT_TOKEN_END};
    static const uint32_t offsets[] = {0, 1, 2, 3, 5, 10, 12, 15, 17, 20, 22, 23, 27};
    lexing l;

    begin(&l, "a.b>=2017 - 01 - 31 , (30d 12 # all )\n\t)\xE3\x80\x80# end");
    for (size_t i = 0; i < PT_COUNT(kinds); i++) {
        pt_token t = pt_lexer_next(&l.lexer);
        if (t.kind != kinds[i])
            test_fail(__FILE__, __LINE__, "token %zu is %d", i, t.kind);
        if (i < 13)
            CHECK_INT(t.span.offset, offsets[i]);
    }
    end(&l);
}
