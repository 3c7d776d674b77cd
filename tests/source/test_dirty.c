/* Files as they come: what is wrong with them must cost exactly the rows concerned, each accounted for. */
#include <stdlib.h>
#include <string.h>

#include "support/source.h"
#include "support/test.h"

static void open_orders(test_project *t)
{
    test_project_open(t);
    t->sources[0].time = "at";
    TEST_IDENTIFIERS(t, 0, "user_id user");
    TEST_COLUMNS(t, 0, "amount money", "note text");
}

typedef struct sample {
    const char *what;
    const char *text;
    size_t size;
    int rows, quarantined; /* together the records of the file */
} sample;

#define SAMPLE(what, text, rows, quarantined)           \
    {                                                   \
        what, text, sizeof(text) - 1, rows, quarantined \
    }
#define HEAD "user,at,amount,note\n"

static const sample samples[] = {
    SAMPLE("nothing wrong", HEAD "u1,2024-01-01,1,a\nu2,2024-01-01,2,b\n", 2, 0),
    SAMPLE("no line end at the end", HEAD "u1,2024-01-01,1,a\nu2,2024-01-01,2,b", 2, 0),
    SAMPLE("cut off in a row", HEAD "u1,2024-01-01,1,a\nu2,2024-0", 1, 1),
    SAMPLE("cut off in a quoted field", HEAD "u1,2024-01-01,1,a\nu2,2024-01-01,2,\"b and", 1, 1),
    SAMPLE("a quote never closed, rows after it", HEAD "u1,2024-01-01,1,\"a\nu2,2024-01-01,2,b\nu3,2024-01-01,3,c\n", 2,
           1),
    SAMPLE("a stray quote that another one closes",
           HEAD "u1,2024-01-01,1,\"a\nu2,2024-01-01,2,b\"x\nu3,2024-01-01,3,c\n", 2, 1),
    SAMPLE("text after a closing quote", HEAD "u1,2024-01-01,1,\"a\"b\nu2,2024-01-01,2,b\n", 1, 1),
    SAMPLE("ragged rows", HEAD "u1\nu2,2024-01-01,2,b\nu3,2024-01-01,3,c,d,e\nu4,2024-01-01,4\n", 1, 3),
    SAMPLE("one delimiter too many at the end", HEAD "u1,2024-01-01,1,a,\nu2,2024-01-01,2,b,\n", 2, 0),
    SAMPLE("several delimiters too many", HEAD "u1,2024-01-01,1,a,,\nu2,2024-01-01,2,b,,x\n", 1, 1),
    SAMPLE("mixed line ends", HEAD "u1,2024-01-01,1,a\r\nu2,2024-01-01,2,b\ru3,2024-01-01,3,c\n", 3, 0),
    SAMPLE("line ends inside quotes", HEAD "u1,2024-01-01,1,\"a\nb\r\nc\"\nu2,2024-01-01,x,\"d\n\ne\"\n", 1, 1),
    SAMPLE("doubled quotes", HEAD "u1,2024-01-01,1,\"say \"\"a\"\"\"\nu2,2024-01-01,\"2\",\"\"\"\"\n", 2, 0),
    SAMPLE("a quote within a word", HEAD "u1,2024-01-01,1,5\" nail\nu2,2024-01-01,2,b\n", 2, 0),
    SAMPLE("NUL bytes", HEAD "u1,2024-01-01,1,a\0b\nu2,2024-01-01,2,b\n\0\0\0\0\n", 1, 2),
    SAMPLE("only NUL bytes after the rows", HEAD "u1,2024-01-01,1,a\n\0\0\0\0\0\0\0\0", 1, 1),
    SAMPLE("bytes that are no text", HEAD "u1,2024-01-01,1,\xFF\xFE\nu2,2024-01-01,2,b\n", 1, 1),
    SAMPLE("UTF-8 with one damaged character",
           HEAD "u1,2024-01-01,1,\xE5\xAE\xA2\xE6\x88\nu2,2024-01-01,2,\xE5\xAE\xA2\xE6\x88\xB7\n", 1, 1),
    SAMPLE("empty lines and a last line of blanks", HEAD "\n\nu1,2024-01-01,1,a\n\nu2,2024-01-01,2,b\n  \n", 2, 1),
    SAMPLE("dates out of range", HEAD "u1,0000-01-01,1,a\nu2,2024-02-30,2,b\nu3,99999-01-01,3,c\nu4,9999-12-31,4,d\n",
           1, 3),
    SAMPLE("amounts out of range",
           HEAD "u1,2024-01-01,99999999999999.9999,a\nu2,2024-01-01,100000000000000,b\nu3,2024-01-01,1e15,c\n", 1, 2),
    SAMPLE("the header again in the middle", HEAD "u1,2024-01-01,1,a\n" HEAD "u2,2024-01-01,2,b\n", 2, 1),
    SAMPLE("spaces around quotes", HEAD "u1, 2024-01-01 , \"1\" ,  \"a\"\nu2,2024-01-01,2,\"b\"  \n", 2, 0),
    SAMPLE("the end-of-file mark of DOS", HEAD "u1,2024-01-01,1,a\n\x1a", 1, 1),
};

TEST(source_dirty__every_record_is_a_row_or_in_quarantine)
{
    for (size_t i = 0; i < PT_COUNT(samples); i++) {
        const sample *s = &samples[i];
        test_project t;
        open_orders(&t);
        test_write("orders.csv", s->text, s->size);
        test_read_ok(&t, 0);
        int64_t rows = test_query_int(t.store.conn, "SELECT count(*) FROM raw.orders");
        int64_t bad = test_query_int(t.store.conn, "SELECT count(*) FROM meta.quarantine");
        if (rows != s->rows || bad != s->quarantined || (int64_t)t.stats.rows != rows ||
            (int64_t)t.stats.quarantined != bad)
            test_fail(__FILE__, __LINE__, "%s: %lld rows and %lld in quarantine, not %d and %d", s->what,
                      (long long)rows, (long long)bad, s->rows, s->quarantined);
        CHECK_INT(
            test_query_int(
                t.store.conn,
                "SELECT count(*) FROM meta.quarantine WHERE line IS NULL OR line < 2 OR reason IS NULL OR raw IS NULL"),
            0);
        test_project_close(&t);
    }
}

TEST(source_dirty__a_stray_quote_costs_one_line)
{
    test_project t;
    pt_str text = {0};

    open_orders(&t);
    pt_str_add(&text, HEAD);
    for (int i = 0; i < 5000; i++)
        pt_str_addf(&text, "u%d,2024-01-01,%d,%snote\n", i, i, i == 2500 ? "\"" : "");
    test_write("orders.csv", text.ptr, text.len);
    pt_str_free(&text);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows, 4999);
    CHECK_STR(test_rows(&t, "SELECT line, reason, raw FROM meta.quarantine"),
              "2502|a quote that is never closed|u2500,2024-01-01,2500,\"note\n");
    test_project_close(&t);
}

TEST(source_dirty__a_field_of_ten_megabytes_is_a_field)
{
    test_project t;
    pt_str text = {0};
    enum { BIG = 10 << 20 };

    open_orders(&t);
    pt_str_add(&text, HEAD "u1,2024-01-01,1,");
    pt_str_pad(&text, 'x', BIG);
    pt_str_add(&text, "\nu2,2024-01-01,2,\"");
    for (int i = 0; i < BIG / 16; i++)
        pt_str_add(&text, "fifteen letters\n");
    pt_str_add(&text, "\"\nu3,2024-01-01,oops,");
    pt_str_pad(&text, 'y', BIG);
    pt_str_add(&text, "\nu4,2024-01-01,4,d\n");
    CHECK(!text.failed);
    test_write("orders.csv", text.ptr, text.len);
    pt_str_free(&text);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_user_id, length(note) FROM raw.orders"), "u1|10485760\nu2|10485759\nu4|1\n");
    CHECK_STR(test_rows(&t, "SELECT line, reason, length(raw) < 9000 FROM meta.quarantine"),
              "655364|not an amount|true\n");
    test_project_close(&t);
}

/* --- encodings ----------------------------------------------------------------------------------------------------------- */

#define KE_HU "\xBF\xCD\xBB\xA7"           /* 客户 in GBK */
#define NV "\xC5\xAE"                      /* 女 in GBK: also a valid two-byte character of UTF-8 */
#define KE_HU_8 "\xE5\xAE\xA2\xE6\x88\xB7" /* 客户 in UTF-8 */

static void check_notes(const char *bytes, size_t n, const char *encoding, const char *want)
{
    test_project t;

    open_orders(&t);
    t.sources[0].encoding = encoding;
    test_write("orders.csv", bytes, n);
    test_read_ok(&t, 0);
    CHECK_STR(
        test_rows(&t,
                  "SELECT note FROM raw.orders UNION ALL SELECT 'bad ' || line || ' ' || reason FROM meta.quarantine"),
        want);
    test_project_close(&t);
}

#define CHECK_NOTES(text, encoding, want) check_notes(text, sizeof(text) - 1, encoding, want)

TEST(source_encoding__gbk_is_found_out)
{
    CHECK_NOTES(HEAD "u1,2024-01-01,1," KE_HU "\nu2,2024-01-01,2," NV "\nu3,2024-01-01,3,\"" KE_HU "," NV
                     "\"\nu4,2024-01-01,4,plain\n",
                NULL, "客户\n女\n客户,女\nplain\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1,\x81\x30\x81\x30\nu2,2024-01-01,2," KE_HU "\n", NULL,
                "\xC2\x80\n客户\n"); /* four-byte GB18030 */
}

TEST(source_encoding__declared_encodings)
{
    CHECK_NOTES(HEAD "u1,2024-01-01,1," NV "\n", "gbk", "女\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1," NV "\n", "gb2312", "女\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1," NV "\n", "utf-8", "\xC5\xAE\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1,\xE9t\xE9\n", "latin1", "été\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1,\xAB\xC8\xA4\xE1\n", "big5", "客戶\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1," KE_HU "\n", "utf-8", "bad 2 bytes that are not valid in the file's encoding\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1," KE_HU "\nu2,2024-01-01,2,\xFF\xFF\nu3,2024-01-01,3,c\n", "gb18030",
                "客户\nc\nbad 3 bytes that are not valid in the file's encoding\n");
}

TEST(source_encoding__mixed_files_are_read_line_by_line)
{
    CHECK_NOTES(HEAD "u1,2024-01-01,1," KE_HU "\nu2,2024-01-01,2," KE_HU_8 "\nu3,2024-01-01,3," KE_HU "\n", NULL,
                "客户\n客户\n客户\n");
    CHECK_NOTES(HEAD "u1,2024-01-01,1," KE_HU "\nu2,2024-01-01,2,\xFF\xFF\n", NULL,
                "客户\nbad 3 bytes that are not valid in the file's encoding\n");
}

TEST(source_encoding__utf16_with_a_mark)
{
    static const char text[] = HEAD "u1,2024-01-01,1,a\nu2,2024-01-01,2,b\n";
    char wide[2 * sizeof text + 2];

    for (int big = 0; big < 2; big++) {
        memset(wide, 0, sizeof wide);
        memcpy(wide, big ? "\xFE\xFF" : "\xFF\xFE", 2);
        for (size_t i = 0; i + 1 < sizeof text; i++)
            wide[2 + 2 * i + (size_t)big] = text[i];
        check_notes(wide, 2 * sizeof text, NULL, "a\nb\n");
    }
}

TEST(source_encoding__an_unknown_name_is_an_error)
{
    test_project t;

    open_orders(&t);
    t.sources[0].encoding = "klingon";
    TEST_WRITE("orders.csv", HEAD "u1,2024-01-01,1,a\n");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "E0407") && strstr(t.err.msg, "klingon"));
    test_project_close(&t);
}

/* --- definitions that do not fit the file --------------------------------------------------------------------------------- */

static void check_error(test_project *t, const char *has, const char *hint)
{
    CHECK_INT(test_read(t, 0), PT_EINVAL);
    if (!strstr(t->err.msg, has) || !strstr(t->err.hint, hint))
        test_fail(__FILE__, __LINE__, "the error is '%s' ('%s'), without '%s' or '%s'", t->err.msg, t->err.hint, has,
                  hint);
}

TEST(source_error__an_unknown_column_names_its_neighbour)
{
    test_project t;

    open_orders(&t);
    TEST_COLUMNS(&t, 0, "amount money = ammount");
    TEST_WRITE("orders.csv", HEAD "u1,2024-01-01,1,a\n");
    check_error(&t, "E0405: orders.csv: there is no column 'ammount'", "did you mean 'amount'?");
    TEST_COLUMNS(&t, 0, "amount money = turnover");
    check_error(&t, "'turnover'", "user, at, amount, note");
    TEST_COLUMNS(&t, 0, "amount money := price * 2");
    check_error(&t, "'price'", "user, at, amount, note");
    test_project_close(&t);
}

TEST(source_error__a_wrong_delimiter_is_suspected)
{
    test_project t;

    open_orders(&t);
    t.sources[0].delimiter = ";";
    TEST_WRITE("orders.csv", HEAD "u1,2024-01-01,1,a\n");
    check_error(&t, "there is no column 'at'", "is the delimiter right?");
    test_project_close(&t);
}

TEST(source_error__two_columns_of_one_name)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders.csv", "user,at,amount,note,amount\nu1,2024-01-01,1,a,2\n");
    check_error(&t, "E0402: orders.csv: columns 3 and 5 are both named 'amount'", "");
    test_project_close(&t);
}

TEST(source_error__no_file_and_no_permission)
{
    test_project t;

    open_orders(&t);
    test_from(&t, 0, "missing-*.csv", NULL);
    check_error(&t, "E0401", "");
    test_project_close(&t);
}

TEST(source_error__a_failed_read_leaves_what_was_there)
{
    test_project t;

    open_orders(&t);
    TEST_WRITE("orders-1.csv", HEAD "u1,2024-01-01,1,a\nu2,2024-01-01,x,b\n");
    test_read_ok(&t, 0);
    TEST_WRITE("orders-2.csv", HEAD "u3,2024-01-01,3,c\n");
    TEST_WRITE("orders-3.csv", "user,at,note\nu4,2024-01-01,d\n");
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK(strstr(t.err.msg, "orders-3.csv"));
    CHECK_STR(test_rows(&t, "SELECT _id_user_id FROM raw.orders"), "u1\n");
    CHECK_STR(test_rows(&t, "SELECT file, line FROM meta.quarantine"), "orders-1.csv|3\n");
    CHECK_STR(test_rows(&t, "SELECT path, rows, quarantined FROM meta.files"), "orders-1.csv|1|1\n");
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'raw'"), 1);
    TEST_WRITE("orders-3.csv", HEAD "u4,2024-01-01,4,d\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 2);
    CHECK_STR(test_rows(&t, "SELECT _file, _id_user_id FROM raw.orders"), "0|u1\n1|u3\n2|u4\n");
    test_project_close(&t);
}
