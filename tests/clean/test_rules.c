/* Each rule against cases worked out by hand. */
#include <string.h>

#include "base/io.h"
#include "source/source.h"
#include "support/clean.h"
#include "support/test.h"

#define HEADER "user,at,name,city,x,amount,born,tags,ok\n"

static const char *cleaned(test_clean *t, const char *columns)
{
    char sql[300];

    snprintf(sql, sizeof sql, "SELECT %s FROM clean.t ORDER BY _file, _row", columns);
    return test_clean_rows(t, sql);
}

static const char *counts(test_clean *t)
{
    return test_clean_rows(t, "SELECT rule, kind, rows, touched, dropped, learned FROM meta.cleaning ORDER BY rule");
}

static const char *examples(test_clean *t)
{
    return test_clean_rows(t, "SELECT rule, line, before, after FROM meta.cleaning_examples ORDER BY rule, line");
}

/* --- drop when, flag when ------------------------------------------------------------------------------------------- */

TEST(clean_drop__sends_rows_that_fit_the_condition_to_quarantine)
{
    test_clean t;

    TEST_CLEAN(&t, HEADER "u1,2024-01-01,a,,1,5,,,\nu2,2024-01-02,b,,2,,,,\nu3,2024-01-03,c,,3,7,,,\n",
               "drop when amount is missing", "drop when x > 2 -- far");
    CHECK_STR(cleaned(&t, "name, amount"), "a|5.00\n");
    CHECK_STR(test_clean_rows(&t, "SELECT file, line, column_name, reason FROM meta.quarantine ORDER BY line"),
              "t.csv|2||cleaned: drop when amount is missing\nt.csv|3||cleaned: drop when x > 2 -- far\n");
    CHECK_STR(counts(&t), "1|drop|3|1|1|~\n2|drop|2|1|1|~\n");
    CHECK_STR(examples(&t), "1|2|amount=|~\n2|3|x=3|~\n");
    CHECK_INT(test_query_int(t.store.conn, "SELECT count(*) FROM meta.quarantine WHERE raw LIKE '%\"name\":\"b\"%'"),
              1);
    test_clean_close(&t);
}

TEST(clean_drop__knows_time_identifiers_and_flags_and_passes_over_what_fails)
{
    test_clean t;

    TEST_CLEAN(&t,
               HEADER
               "u1,2024-01-01,1,,1,5,,,\nu2,2024-01-02,b,,2,,,,\nu3,2024-02-03,c,,3,7,,,\nu4,2024-01-04,9,,3,7,,,\n",
               "flag late when time >= '2024-02-01'", "drop when late", "drop when user = 'u1'",
               "drop when CAST(name AS INTEGER) > 3");
    CHECK_STR(cleaned(&t, "name, late"), "b|false\n");
    test_clean_close(&t);
}

TEST(clean_flag__adds_a_column_that_is_true_or_false)
{
    test_clean t;

    TEST_CLEAN(&t, HEADER "u1,2024-01-01,a,,1,5,,,\nu2,2024-01-02,b,,,15000,,,\nu3,2024-01-03,c,,3,,,,\n",
               "flag suspicious when amount > 10000 or x is missing");
    CHECK_STR(cleaned(&t, "name, suspicious"), "a|false\nb|true\nc|false\n");
    CHECK_STR(counts(&t), "1|flag|3|1|0|~\n");
    CHECK_STR(examples(&t), "1|2|amount=15000, x=|true\n");
    CHECK_STR(t.project->sources[0].columns[7].name, "suspicious");
    test_clean_close(&t);
}

/* --- fill ----------------------------------------------------------------------------------------------------------- */

TEST(clean_fill__constants_of_every_type)
{
    test_clean t;

    TEST_CLEAN(&t, HEADER "u1,2024-01-01,,,,,,,\nu2,2024-01-02,b,c,2,3,2000-01-01,d,no\n", "fill name: it's unknown",
               "fill city: 'mode'", "fill x: 1.5", "fill amount: 0.05", "fill born: 1999/12/31", "fill ok: true");
    CHECK_STR(cleaned(&t, "name, city, x, amount, born, ok"),
              "it's unknown|mode|1.5|0.05|1999-12-31|true\nb|c|2|3.00|2000-01-01|false\n");
    CHECK_STR(
        test_clean_rows(&t, "SELECT before, after FROM meta.cleaning_examples WHERE rule IN (1, 4) ORDER BY rule"),
        "~|it's unknown\n~|0.05\n");
    test_clean_close(&t);
}

TEST(clean_fill__mean_and_median_of_amounts_are_exact)
{
    test_clean t;

    /* 0.01 + 0.02 + 0.02 = 0.05; / 3 = 0.01666..., to four places 0.0167. */
    TEST_CLEAN(&t,
               HEADER
               "u1,2024-01-01,,,,0.01,,,\nu1,2024-01-01,,,,0.02,,,\nu1,2024-01-01,,,,0.02,,,\nu1,2024-01-01,,,,,,,\n",
               "fill amount: mean");
    CHECK_STR(cleaned(&t, "amount"), "0.01\n0.02\n0.02\n0.0167\n");
    CHECK_STR(counts(&t), "1|fill|4|1|0|0.0167\n");
    /* Amounts that a double cannot tell apart; the middle two are 90000000000000.0001 and .0002. */
    static const char *const median[] = {"fill amount: median"}, *const mean[] = {"fill amount: mean"};
    test_clean_again(&t,
                     HEADER "u1,2024-01-01,,,,90000000000000.0001,,,\nu1,2024-01-01,,,,90000000000000.0002,,,\n"
                            "u1,2024-01-01,,,,,,,\nu1,2024-01-01,,,,0,,,\nu1,2024-01-01,,,,99999999999999,,,\n",
                     median, 1);
    CHECK_STR(test_clean_rows(&t, "SELECT CAST(amount AS VARCHAR) FROM clean.t WHERE _row = 2"),
              "90000000000000.0002\n");
    test_clean_again(&t, HEADER "u1,2024-01-01,,,,-0.0001,,,\nu1,2024-01-01,,,,-0.0002,,,\nu1,2024-01-01,,,,,,,\n",
                     mean, 1);
    CHECK_STR(test_clean_rows(&t, "SELECT CAST(amount AS VARCHAR) FROM clean.t WHERE _row = 2"), "-0.0002\n");
    test_clean_close(&t);
}

TEST(clean_fill__mean_median_and_mode_of_numbers_and_texts)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,,b,1,,,,\nu1,2024-01-01,,a,2,,,,\nu1,2024-01-01,,a,6,,,,\n"
                                     "u1,2024-01-01,,b,15,,,,\nu1,2024-01-01,,,,,,x;y,\n";
    static const char *const mean[] = {"fill x: mean", "fill tags: mode"}, *const median[] = {"fill x: median"};

    TEST_CLEAN(&t, csv, "fill city: mode", "fill x: mode");
    CHECK_STR(cleaned(&t, "city, x"), "b|1\na|2\na|6\nb|15\nb|1\n"); /* of b and a, twice each, b comes first */
    test_clean_again(&t, csv, mean, 2);
    CHECK_STR(cleaned(&t, "x, tags"), "1|[x,y]\n2|[x,y]\n6|[x,y]\n15|[x,y]\n6|[x,y]\n");
    test_clean_again(&t, csv, median, 1);
    CHECK_STR(cleaned(&t, "x"), "1\n2\n6\n15\n4\n");
    test_clean_close(&t);
}

TEST(clean_fill__by_groups_a_missing_group_is_one_and_an_empty_group_stays)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,n,a,1,10,,,\nu1,2024-01-01,n,a,3,20,,,\nu1,2024-01-01,m,a,,,,,\n"
                                     "u1,2024-01-01,,b,,,,,\nu1,2024-01-01,,,7,,,,\nu1,2024-01-01,,,,,,,\n";
    static const char *const median[] = {"fill amount: median by city", "fill amount: 0", "fill name: mode by city"};

    TEST_CLEAN(&t, csv, "fill x: mean by city");
    CHECK_STR(cleaned(&t, "city, x"), "a|1\na|3\na|2\nb|~\n~|7\n~|7\n");
    CHECK_STR(counts(&t), "1|fill|6|2|0|~\n");
    test_clean_again(&t, csv, median, 3);
    CHECK_STR(cleaned(&t, "amount, name"), "10.00|n\n20.00|n\n15.00|m\n0.00|~\n0.00|~\n0.00|~\n");
    test_clean_close(&t);
}

TEST(clean_fill__previous_is_the_last_known_of_the_customer_in_time)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-03,,a,,,,,\nu1,2024-01-01,,b,1,,,,\nu2,2024-01-02,,a,9,,,,\n"
                                     "u1,2024-01-02,,b,,,,,\nu1,2024-01-02,,a,2,,,,\nu2,2024-01-01,,b,,,,,\n";
    static const char *const by_city[] = {"fill x: previous by city"};

    TEST_CLEAN(&t, csv, "fill x: previous");
    CHECK_STR(cleaned(&t, "x"), "2\n1\n9\n1\n2\n~\n");
    test_clean_again(&t, csv, by_city, 1);
    CHECK_STR(cleaned(&t, "x"), "2\n1\n9\n1\n2\n1\n");
    test_clean_close(&t);
}

/* --- outliers ------------------------------------------------------------------------------------------------------- */

#define X(v) "u1,2024-01-01,,," v ",,,,\n"

TEST(clean_outliers__quartiles)
{
    test_clean t;
    static const char csv[] = HEADER X("1") X("2") X("3") X("4") X("100") X("") X("-90");
    static const char *const drop[] = {"drop x: iqr 1.5"}, *const flag[] = {"flag x: iqr 1.5"};

    /* In order -90 1 2 3 4 100: Q1 = 1.25, Q3 = 3.75; the bounds are 1.25 - 3.75 = -2.5 and 3.75 + 3.75 = 7.5. */
    TEST_CLEAN(&t, csv, "cap x: iqr 1.5");
    CHECK_STR(cleaned(&t, "x"), "1\n2\n3\n4\n7.5\n~\n-2.5\n");
    CHECK_STR(counts(&t), "1|cap|7|2|0|-2.5..7.5\n");
    CHECK_STR(examples(&t), "1|5|100|7.5\n1|7|-90|-2.5\n");
    test_clean_again(&t, csv, drop, 1);
    CHECK_STR(cleaned(&t, "x"), "1\n2\n3\n4\n~\n");
    CHECK_STR(test_clean_rows(&t, "SELECT line, column_name, reason FROM meta.quarantine ORDER BY 1"),
              "5|x|cleaned: drop x: iqr 1.5\n7|x|cleaned: drop x: iqr 1.5\n");
    test_clean_again(&t, csv, flag, 1);
    CHECK_STR(cleaned(&t, "x, x_outlier"), "1|false\n2|false\n3|false\n4|false\n100|true\n~|false\n-90|true\n");
    test_clean_close(&t);
}

TEST(clean_outliers__standard_deviations)
{
    test_clean t;
    static const char csv[] = HEADER X("2") X("4") X("4") X("4") X("5") X("5") X("7") X("9");

    /* mean 5, sum of squares about it 32, s = sqrt(32 / 7) = 2.1381; 5 + 1.5 s = 8.2071, 5 - 1.5 s = 1.7929. */
    TEST_CLEAN(&t, csv, "cap x: zscore 1.5");
    CHECK_STR(test_clean_rows(&t, "SELECT round(x, 4) FROM clean.t ORDER BY _row"), "2\n4\n4\n4\n5\n5\n7\n8.2071\n");
    test_clean_close(&t);
}

TEST(clean_outliers__distances_from_the_median)
{
    test_clean t;
    static const char csv[] = HEADER X("1") X("2") X("3") X("4") X("50");

    /* Median 3, distances 2 1 0 1 47, their median 1: the bounds are 3 +- 3 * 1.4826. */
    TEST_CLEAN(&t, csv, "cap x: mad 3");
    CHECK_STR(test_clean_rows(&t, "SELECT round(x, 4) FROM clean.t ORDER BY _row"), "1\n2\n3\n4\n7.4478\n");
    test_clean_close(&t);
}

TEST(clean_outliers__ranges_of_numbers_amounts_and_dates)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,,,-1,0.9999,1899-12-31,,\nu1,2024-01-01,,,1,1000.01,2000-01-01,,\n"
                                     "u1,2024-01-01,,,0,1,,,\n";

    TEST_CLEAN(&t, csv, "cap x: 0..", "cap amount: 1..1000", "drop born: 1900-01-01..");
    CHECK_STR(cleaned(&t, "x, amount, born"), "1|1000.00|2000-01-01\n0|1.00|~\n");
    CHECK_STR(counts(&t), "1|cap|3|1|0|~\n2|cap|3|2|0|~\n3|drop|3|1|1|~\n");
    test_clean_close(&t);
}

TEST(clean_outliers__by_groups_and_none_where_there_is_no_spread_or_too_little)
{
    test_clean t;
    static const char csv[] = HEADER "u,2024-01-01,,a,1,,,,\nu,2024-01-01,,a,2,,,,\nu,2024-01-01,,a,3,,,,\n"
                                     "u,2024-01-01,,a,4,,,,\nu,2024-01-01,,a,50,,,,\nu,2024-01-01,,b,50,,,,\n"
                                     "u,2024-01-01,,b,1,,,,\nu,2024-01-01,,c,5,,,,\nu,2024-01-01,,c,5,,,,\n"
                                     "u,2024-01-01,,c,5,,,,\nu,2024-01-01,,c,5,,,,\nu,2024-01-01,,c,6,,,,\n";
    static const char *const mad[] = {"flag x: mad 3 by city"}, *const zscore[] = {"flag x: zscore 1.7 by city"};

    /* a: Q1 = 2, Q3 = 4: the bounds are -1 and 7. b has two values. c: no distance between the quartiles. */
    TEST_CLEAN(&t, csv, "flag x: iqr 1.5 by city");
    CHECK_STR(test_clean_rows(&t, "SELECT city, x FROM clean.t WHERE x_outlier"), "a|50\n");
    test_clean_again(&t, csv, mad, 1);
    CHECK_STR(test_clean_rows(&t, "SELECT city, x FROM clean.t WHERE x_outlier"), "a|50\n");
    /* a: mean 12, s = sqrt(1810/4) = 21.27, 50 is 1.79 away. c: mean 5.2, s = 0.4472, 6 is 1.79 away. */
    test_clean_again(&t, csv, zscore, 1);
    CHECK_STR(test_clean_rows(&t, "SELECT city, x FROM clean.t WHERE x_outlier ORDER BY 1"), "a|50\nc|6\n");
    test_clean_close(&t);
}

TEST(clean_outliers__bounds_of_amounts_are_amounts)
{
    test_clean t;

    TEST_CLEAN(&t,
               HEADER "u1,2024-01-01,,,,1,,,\nu1,2024-01-01,,,,2,,,\nu1,2024-01-01,,,,2,,,\nu1,2024-01-01,,,,3,,,\n"
                      "u1,2024-01-01,,,,90,,,\n",
               "cap amount: iqr 0.33333");
    /* Q1 = 2, Q3 = 3: 3 + 0.33333 to four places. */
    CHECK_STR(test_clean_rows(&t, "SELECT CAST(amount AS VARCHAR) FROM clean.t WHERE _row = 4"), "3.3333\n");
    test_clean_close(&t);
}

/* --- duplicates ----------------------------------------------------------------------------------------------------- */

TEST(clean_dedupe__whole_rows)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,a,,1,,,,\nu1,2024-01-01,a,,1,,,,\nu1,2024-01-02,a,,1,,,,\n"
                                     "u2,2024-01-01,a,,1,,,,\nu1,2024-01-01,a,,1,,,,\nu1,2024-01-01,a,,,,,,\n"
                                     "u1,2024-01-01,a,,,,,,\n";

    TEST_CLEAN(&t, csv, "dedupe");
    CHECK_STR(test_clean_rows(&t, "SELECT _row FROM clean.t ORDER BY 1"), "0\n2\n3\n5\n");
    CHECK_STR(counts(&t), "1|dedupe|7|3|3|~\n");
    CHECK_STR(examples(&t), "1|2||t.csv:1\n1|5||t.csv:1\n1|7||t.csv:6\n");
    test_clean_close(&t);
}

TEST(clean_dedupe__by_key_keeps_the_row_asked_for)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-02,k,a,1,,,,\nu1,2024-01-03,k,a,2,,,,\nu1,2024-01-03,k,a,3,,,,\n"
                                     "u1,2024-01-01,k,a,4,,,,\nu1,2024-01-01,k,b,5,,,,\nu1,2024-01-09,,a,6,,,,\n"
                                     "u1,2024-01-09,,a,7,,,,\nu1,2024-01-01,k,a,8,,,,\n";
    static const char *const last[] = {"dedupe by name, city keep last"},
                             *const newest[] = {"dedupe by name keep newest"},
                             *const oldest[] = {"dedupe by name keep oldest"};

    TEST_CLEAN(&t, csv, "dedupe by name");
    CHECK_STR(cleaned(&t, "x"), "1\n6\n7\n");
    CHECK_STR(examples(&t), "1|2|name=k|t.csv:1\n1|3|name=k|t.csv:1\n1|4|name=k|t.csv:1\n");
    test_clean_again(&t, csv, last, 1);
    CHECK_STR(cleaned(&t, "x"), "5\n6\n7\n8\n");
    test_clean_again(&t, csv, newest, 1);
    CHECK_STR(cleaned(&t, "x"), "3\n6\n7\n");
    test_clean_again(&t, csv, oldest, 1);
    CHECK_STR(cleaned(&t, "x"), "4\n6\n7\n");
    test_clean_close(&t);
}

TEST(clean_dedupe__near_texts_within_groups)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,Blue Ridge Trading Company,a,1,,,,\n"
                                     "u1,2024-01-01,BLUE RIDGE TRADING COMPANY,a,2,,,,\n"
                                     "u1,2024-01-01,Blue Ridge Trading Compny,a,3,,,,\n"
                                     "u1,2024-01-01,Blue Ridge Trading Company,b,4,,,,\n"
                                     "u1,2024-01-01,Red Rock Trading Company,a,5,,,,\n"
                                     "u1,2024-01-01,,a,6,,,,\nu1,2024-01-01,,a,7,,,,\n"
                                     "u1,2024-01-01,北京市海淀区中关村大街一号院,a,8,,,,\n"
                                     "u1,2024-01-01,北京市海淀区中关村大街1号院,a,9,,,,\n";

    TEST_CLEAN(&t, csv, "dedupe near name 0.8 by city");
    CHECK_STR(cleaned(&t, "x"), "1\n4\n5\n6\n7\n8\n");
    CHECK_STR(counts(&t), "1|dedupe|9|3|3|~\n");
    CHECK_STR(examples(&t), "1|2|BLUE RIDGE TRADING COMPANY|t.csv:1\n1|3|Blue Ridge Trading Compny|t.csv:1\n"
                            "1|9|北京市海淀区中关村大街1号院|t.csv:8\n");
    test_clean_close(&t);
}

/* --- together ------------------------------------------------------------------------------------------------------- */

TEST(clean_rules__act_in_the_order_written)
{
    test_clean t;
    static const char csv[] = HEADER X("1") X("3") X("1000") X("");
    static const char *const fill_first[] = {"fill x: mean", "drop when x > 900"};

    TEST_CLEAN(&t, csv, "drop when x > 900", "fill x: mean");
    CHECK_STR(cleaned(&t, "x"), "1\n3\n2\n");
    test_clean_again(&t, csv, fill_first, 2);
    CHECK_STR(test_clean_rows(&t, "SELECT round(x, 3) FROM clean.t ORDER BY _row"), "1\n3\n334.667\n");
    test_clean_close(&t);
}

TEST(clean_rules__learn_nothing_from_rows_after_the_as_of)
{
    test_clean t;
    static const char csv[] = HEADER "u1,2024-01-01,k,,1,,,,\nu1,2024-01-02,k,,3,,,,\nu1,2024-06-01,k,,1000,,,,\n"
                                     "u1,2024-01-03,l,,,,,,\n";
    static const char *const newest[] = {"dedupe by name keep newest"};

    TEST_CLEAN(&t, csv, "fill x: mean");
    CHECK_STR(test_clean_rows(&t, "SELECT round(x, 3) FROM clean.t WHERE name = 'l'"), "334.667\n");
    CHECK(pt_instant_parse(&t.as_of, PT_SV("2024-02-01T00:00"), pt_zone_utc()));
    CHECK_INT(test_clean_run(&t), PT_OK);
    CHECK_STR(cleaned(&t, "x"), "1\n3\n1000\n2\n");
    test_clean_again(&t, csv, newest, 1);
    CHECK_STR(cleaned(&t, "x"), "3\n~\n"); /* the row of June gives way */
    test_clean_close(&t);
}

TEST(clean_rules__mask_what_is_private)
{
    test_clean t;
    static const char rules[] = "t:\n  from: t.csv\n  kind: event\n  time: at\n  customer: {user: user}\n"
                                "  columns: {user: text, name: {type: text, sensitivity: personal}}\n"
                                "  clean: [drop when name = 'Alice', drop when user = 'user7', fill name: mode]\n";
    static const char csv[] =
        "user,at,name\nu1,2024-01-01,Alice\nuser7,2024-01-01,Bob\nu3,2024-01-01,Bob\nu4,2024-01-01,\n";
    pt_read_stats stats;
    pt_err err = {0};
    char path[512];

    TEST_CLEAN(&t, HEADER, "dedupe");
    snprintf(path, sizeof path, "%s/sources/t.yaml", test_dir());
    CHECK_OK(pt_write_file(path, rules, strlen(rules), &err));
    snprintf(path, sizeof path, "%s/t.csv", test_dir());
    CHECK_OK(pt_write_file(path, csv, strlen(csv), &err));
    CHECK_OK(pt_project_load(&t.project, test_dir(), &t.diags, t.arena, &err));
    CHECK_OK(pt_source_read(&stats, t.project, 0, t.store.conn, test_dir(), &err));
    CHECK_OK(pt_clean_source(t.project, 0, t.as_of, t.store.conn, &err));
    CHECK_STR(examples(&t), "1|1|name=A***|~\n2|2|user=u***|~\n3|4|~|B***\n");
    CHECK_STR(counts(&t), "1|drop|4|1|1|~\n2|drop|3|1|1|~\n3|fill|2|1|0|~\n");
    test_clean_close(&t);
}
