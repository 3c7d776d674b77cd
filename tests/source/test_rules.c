/* convert and map while files are read: what they do to rows, on every reader, and what they say they did. */
#include <string.h>

#include "base/rng.h"
#include "support/source.h"
#include "support/test.h"

/* "convert amount: number" in a list of rules. */
static void set_rules(test_project *t, pt_clean_rule *rules, const char *const *texts, size_t n)
{
    pt_source *s = &t->sources[0];

    for (size_t i = 0; i < n; i++) {
        const char *colon = strstr(texts[i], ": "), *space = strchr(texts[i], ' ');
        rules[i] = (pt_clean_rule){.kind = PT_CLEAN_CONVERT, .text = texts[i], .converter = colon + 2};
        rules[i].column = pt_arena_strndup(t->arena, space + 1, (size_t)(colon - space - 1));
        CHECK(rules[i].column);
        s->hash.lo = s->hash.lo * 31 + pt_hash64(texts[i], strlen(texts[i]));
    }
    s->clean = rules;
    s->n_clean = n;
}

#define SET_RULES(t, ...)           \
    static pt_clean_rule rules_[8]; \
    set_rules((t), rules_, (const char *const[]){__VA_ARGS__}, PT_COUNT(((const char *const[]){__VA_ARGS__})))

static void open_orders(test_project *t)
{
    test_project_open(t);
    t->sources[0].time = "day";
    TEST_COLUMNS(t, 0, "day instant", "amount money", "channel category");
    TEST_IDENTIFIERS(t, 0, "phone mobile");
}

static const char bad_orders[] = "mobile,day,amount,channel\n"
                                 "+86 138-0013-8000,31/01/2017,\"¥1,234.50\",app\n"
                                 "13900139000,03/02/2017,三万五,web\n"
                                 "12345,2017-01-05,10,app\n"
                                 "13900139001,2017-01-06,ten,app\n"
                                 "13900139002,2017年1月7日,,app\n";

TEST(source_rules__convert_before_types)
{
    test_project t;

    open_orders(&t);
    SET_RULES(&t, "convert mobile: phone_cn", "convert day: date", "convert amount: number");
    TEST_WRITE("orders.csv", bad_orders);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_phone, strftime(_time + INTERVAL 8 HOUR, '%Y-%m-%d'), CAST(amount AS VARCHAR)"
                            " FROM raw.orders ORDER BY _row"),
              "13800138000|2017-01-31|1234.5000\n13900139000|2017-02-03|35000.0000\n13900139002|2017-01-07|~\n");
    CHECK_STR(test_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine ORDER BY line"),
              "4|mobile|convert mobile: phone_cn: not of this form\n"
              "5|amount|convert amount: number: not of this form\n");
    CHECK_STR(test_rows(&t, "SELECT rule, text, touched, missing, quarantined FROM meta.read_rules ORDER BY rule"),
              "0|convert mobile: phone_cn|1|0|1\n1|convert day: date|3|0|0\n2|convert amount: number|2|0|1\n");
    CHECK_STR(test_rows(&t, "SELECT rule, before, after FROM meta.read_examples WHERE rule <> 1 ORDER BY rule, before"),
              "0|+8* ***-****-****|1**********\n2|¥1,234.50|1234.50\n2|三万五|35000\n");
    test_project_close(&t);
}

TEST(source_rules__else_missing_and_else_keep)
{
    test_project t;

    test_project_open(&t);
    TEST_COLUMNS(&t, 0, "a number", "b text");
    t.sources[0].kind = PT_SOURCE_REFERENCE;
    SET_RULES(&t, "convert a: number else missing", "convert b: email else keep");
    TEST_WRITE("orders.csv", "a,b\n1.5万,A@B.CN\nmany,nobody\n,\n7,a@b.cn\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT a, b FROM raw.orders ORDER BY _row"), "15000|a@b.cn\n~|nobody\n~|~\n7|a@b.cn\n");
    CHECK_STR(test_rows(&t, "SELECT rule, touched, missing, quarantined FROM meta.read_rules ORDER BY rule"),
              "0|1|1|0\n1|1|1|0\n");
    CHECK_INT(t.stats.quarantined, 0);
    test_project_close(&t);
}

TEST(source_rules__map_values_then_convert)
{
    static const pt_clean_pair pairs[] = {{"APP", "app"}, {"手机", "app"}, {"未知", NULL}};
    static pt_clean_rule rules[2] = {
        {.kind = PT_CLEAN_MAP,
         .text = "map channel",
         .column = "channel",
         .pairs = pairs,
         .n_pairs = 3,
         .has_otherwise = true,
         .otherwise = "Other"},
        {.kind = PT_CLEAN_CONVERT, .text = "convert channel: upper", .column = "channel", .converter = "upper"}};
    test_project t;

    test_project_open(&t);
    TEST_COLUMNS(&t, 0, "channel category", "n number");
    t.sources[0].kind = PT_SOURCE_REFERENCE;
    t.sources[0].clean = rules;
    t.sources[0].n_clean = 2;
    TEST_WRITE("orders.csv", "channel,n\nAPP,1\n手机,2\n未知,3\nweb,4\n,5\napp,6\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT n, channel FROM raw.orders ORDER BY _row"),
              "1|APP\n2|APP\n3|~\n4|OTHER\n5|~\n6|APP\n");
    CHECK_STR(test_rows(&t, "SELECT rule, touched, missing, quarantined FROM meta.read_rules ORDER BY rule"),
              "0|4|0|0\n1|4|0|0\n");
    test_project_close(&t);
}

/* The first file is day first, the second month first; of the third nothing is known. */
TEST(source_rules__each_file_shows_its_order)
{
    test_project t;

    test_project_open(&t);
    t.sources[0].time = "day";
    TEST_COLUMNS(&t, 0, "day instant", "who text");
    TEST_IDENTIFIERS(&t, 0, "user who");
    t.project.zone_name = "UTC";
    SET_RULES(&t, "convert day: date");
    TEST_WRITE("orders1.csv", "day,who\n03/04/2017,a\n31/01/2017,b\n");
    TEST_WRITE("orders2.csv", "day,who\n03/04/2017,c\n01/31/2017,d\n");
    TEST_WRITE("orders3.csv", "day,who\n03/04/2017,e\n2017-01-31,f\n");
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT who, strftime(_time, '%Y-%m-%d') FROM raw.orders ORDER BY who"),
              "a|2017-04-03\nb|2017-01-31\nc|2017-03-04\nd|2017-01-31\nf|2017-01-31\n");
    CHECK_STR(test_rows(&t, "SELECT file, reason FROM meta.quarantine"),
              "orders3.csv|convert day: date: it has several readings\n");
    test_project_close(&t);
}

/* A rule of the file's column serves identifiers, expressions and declared columns that are read from it. */
TEST(source_rules__wherever_the_column_is_read)
{
    test_project t;

    test_project_open(&t);
    t.sources[0].kind = PT_SOURCE_RECORD;
    TEST_COLUMNS(&t, 0, "total money := price * quantity", "unit_price money = price", "mail text = e");
    TEST_IDENTIFIERS(&t, 0, "email e");
    SET_RULES(&t, "convert price: number", "convert e: email");
    TEST_WRITE("orders.csv", "e,price,quantity\nA@B.CN,\"1,000.5元\",2\n");
    test_read_ok(&t, 0);
    CHECK_STR(
        test_rows(&t, "SELECT CAST(total AS VARCHAR), CAST(unit_price AS VARCHAR), mail, _id_email FROM raw.orders"),
        "2001.0000|1000.5000|a@b.cn|a@b.cn\n");
    CHECK_STR(test_rows(&t, "SELECT touched FROM meta.read_rules ORDER BY rule"), "1\n1\n");
    test_project_close(&t);
}

TEST(source_rules__a_column_that_nothing_reads)
{
    test_project t;

    open_orders(&t);
    SET_RULES(&t, "convert amont: number");
    TEST_WRITE("orders.csv", bad_orders);
    CHECK_INT(test_read(&t, 0), PT_EINVAL);
    CHECK_STR(t.err.msg, "E0405: orders.csv: no text is read from a column 'amont'");
    test_project_close(&t);
}

/* Before any file is there, `portrait check` says the same. */
TEST(source_rules__check_finds_a_column_that_nothing_reads)
{
    test_project t;
    pt_diags d;
    pt_str text = {0};

    open_orders(&t);
    SET_RULES(&t, "convert amount: number", "convert mobile: phone_cn", "convert amont: number");
    pt_diags_init(&d, t.arena);
    CHECK_INT(pt_source_check(&t.project, t.store.conn, &d, &t.err), PT_OK);
    pt_diags_print(&d, &text, false);
    CHECK(strstr(pt_str_cstr(&text), "error E0405: no text is read from a column 'amont'"));
    CHECK(strstr(pt_str_cstr(&text), "did you mean 'amount'?"));
    CHECK(strstr(pt_str_cstr(&text), "1 error"));
    pt_str_free(&text);
    pt_diags_free(&d);
    test_project_close(&t);
}

TEST(source_rules__kept_files_keep_their_counts)
{
    test_project t;

    open_orders(&t);
    SET_RULES(&t, "convert mobile: phone_cn", "convert day: date", "convert amount: number");
    TEST_WRITE("orders1.csv", bad_orders);
    test_read_ok(&t, 0);
    TEST_WRITE("orders2.csv", "mobile,day,amount,channel\n13800138000,2017-01-08,\"1,000\",app\n");
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.files_read, 1);
    CHECK_STR(test_rows(&t, "SELECT rule, touched, missing, quarantined FROM meta.read_rules ORDER BY rule"),
              "0|1|0|1\n1|3|0|0\n2|3|0|1\n");
    test_from(&t, 0, "orders2.csv", NULL);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT rule, touched, missing, quarantined FROM meta.read_rules ORDER BY rule"),
              "0|0|0|0\n1|0|0|0\n2|1|0|0\n");
    CHECK_STR(test_rows(&t, "SELECT count(*) FROM meta.table_rules"), "3\n");
    test_project_close(&t);
}

static void add_random_row(pt_str *csv, pt_str *json, pt_rng *rng)
{
    static const char *const days[] = {"2017-01-31", "31/01/2017", "03/04/2017", "2017年1月7日",
                                       "20170108",   "x",          "",           "42766"},
                             *const amounts[] = {"1", "1.5", "¥2", "1.2万", "三", "none", "", "12.5%", "1'000"},
                             *const phones[] = {"13800138000", "+8613900139000", "138 0013 8001", "12345", ""};
    const char *day = days[pt_rng_below(rng, PT_COUNT(days))], *amount = amounts[pt_rng_below(rng, PT_COUNT(amounts))],
               *phone = phones[pt_rng_below(rng, PT_COUNT(phones))];

    pt_str_addf(csv, "%s,%s,%s,app\n", phone, day, amount);
    pt_str_addf(json, "{\"mobile\":\"%s\",\"day\":\"%s\",\"amount\":\"%s\",\"channel\":\"app\"}\n", phone, day, amount);
}

static const char *read_as(const char *file, const char *bytes, size_t n, const char *sql)
{
    static char out[1 << 16];
    test_project t;

    open_orders(&t);
    SET_RULES(&t, "convert mobile: phone_cn else missing", "convert day: date else missing", "convert amount: number");
    test_from(&t, 0, file, NULL);
    test_write(file, bytes, n);
    test_read_ok(&t, 0);
    CHECK_INT(t.stats.rows + t.stats.quarantined, 300);
    snprintf(out, sizeof out, "%s", test_rows(&t, sql));
    test_project_close(&t);
    return out;
}

/* The engine's reader, ours (mixed line ends), JSON lines: the same rows, counts and examples. */
TEST(source_rules__all_readers_agree)
{
    static const char rows_sql[] = "SELECT _id_phone, CAST(_time AS VARCHAR), CAST(amount AS VARCHAR) FROM raw.orders"
                                   " ORDER BY _row",
                      rules_sql[] = "SELECT r.rule, touched, missing, quarantined, before, after FROM meta.read_rules r"
                                    " LEFT JOIN meta.read_examples e ON e.rule = r.rule ORDER BY r.rule, before";
    pt_rng rng;

    pt_rng_seed(&rng, 77);
    for (int i = 0; i < 5; i++) {
        pt_str csv = {0}, json = {0}, careful = {0};
        pt_str_add(&csv, "mobile,day,amount,channel\n");
        for (int k = 0; k < 300; k++)
            add_random_row(&csv, &json, &rng);
        pt_str_addn(&careful, csv.ptr, csv.len - 1);
        pt_str_add(&careful, "\r\n"); /* mixed line ends: not for the engine's reader */
        CHECK(!csv.failed && !json.failed && !careful.failed);
        for (int q = 0; q < 2; q++) {
            const char *sql = q ? rules_sql : rows_sql;
            pt_str want = {0};
            pt_str_add(&want, read_as("orders.csv", csv.ptr, csv.len, sql));
            CHECK(want.len > 100);
            CHECK_STR(read_as("careful.csv", careful.ptr, careful.len, sql), want.ptr);
            CHECK_STR(read_as("orders.jsonl", json.ptr, json.len, sql), want.ptr);
            pt_str_free(&want);
        }
        pt_str_free(&csv);
        pt_str_free(&json);
        pt_str_free(&careful);
    }
}

/* Parquet: typed columns go through their text. */
TEST(source_rules__parquet)
{
    test_project t;
    char sql[600];

    open_orders(&t);
    SET_RULES(&t, "convert mobile: phone_cn", "convert day: date", "convert amount: number in 元 from 万元");
    snprintf(
        sql, sizeof sql,
        "COPY (SELECT * FROM (VALUES (13800138000, '31/01/2017', 1.5, 'a'), (12345, '03/02/2017', 2, 'b')) t(mobile,"
        " day, amount, channel)) TO '%s/orders.parquet' (FORMAT parquet)",
        test_dir());
    CHECK_INT(pt_exec_text(t.store.conn, sql, &t.err), PT_OK);
    test_from(&t, 0, "orders.parquet", NULL);
    test_read_ok(&t, 0);
    CHECK_STR(test_rows(&t, "SELECT _id_phone, CAST(amount AS VARCHAR) FROM raw.orders"), "13800138000|15000.0000\n");
    CHECK_STR(test_rows(&t, "SELECT line, reason FROM meta.quarantine"),
              "2|convert mobile: phone_cn: not of this form\n");
    CHECK_STR(test_rows(&t, "SELECT touched FROM meta.read_rules ORDER BY rule"), "0\n1\n1\n");
    test_project_close(&t);
}
