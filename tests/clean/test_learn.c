/* What rules learn, against the engine's own functions over random numbers. */
#include "support/clean.h"
#include "support/test.h"

#define HEADER "user,at,name,city,x,amount,born,tags,ok\n"

/* The rows in place of the file's: skewed numbers, some missing, five cities of different size, one missing. */
static void put_rows(test_clean *t, const char *x)
{
    char sql[1500];

    snprintf(
        sql, sizeof sql,
        "CREATE OR REPLACE TABLE many AS SELECT 0::UINTEGER AS _file, i::UBIGINT AS _row, TIMESTAMPTZ '2024-01-01' AS "
        "_time, 'u' AS _id_user, NULL::VARCHAR AS name, CASE WHEN i %% 7 > 0 THEN 'city ' || (i * i) %% 5 END AS city,"
        " CASE WHEN i %% 10 > 0 THEN %s END AS x, CASE WHEN i %% 9 > 0 THEN CAST((hash(i) %% 1000000) / 1000.0 AS"
        " DECIMAL(18,4)) END AS amount, NULL::DATE AS born, NULL::VARCHAR[] AS tags, NULL::BOOLEAN AS ok FROM"
        " range(5000) r(i); CREATE OR REPLACE VIEW raw.t AS FROM main.many;"
        "UPDATE meta.cleaned SET made_from = ''",
        x);
    test_exec(t->store.conn, sql);
    CHECK_INT(test_clean_run(t), PT_OK);
}

/* How many rows differ by more than 10^-9 of the expected value from what `expected` (over `many`) says. */
static int64_t differ(test_clean *t, const char *column, const char *expected)
{
    char sql[1500];

    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM clean.t c JOIN (SELECT _row, %s AS e FROM main.many) m USING (_row) WHERE"
             " abs(CAST(c.%s AS DOUBLE) - e) > 1e-9 * abs(e) OR (c.%s IS NULL) <> (e IS NULL)",
             expected, column, column);
    return test_query_int(t->store.conn, sql);
}

static const char *const shapes[] = {"exp((hash(i) % 1000) / 100.0)", "1e9 + (hash(i) % 1000) / 1e4",
                                     "-1e-12 * (hash(i) % 1000)", "(hash(i) % 1000)::DOUBLE - 500"};

TEST(clean_learn__means_and_medians)
{
    test_clean t;

    TEST_CLEAN(&t, HEADER, "fill x: mean");
    for (size_t i = 0; i < PT_COUNT(shapes); i++) {
        put_rows(&t, shapes[i]);
        CHECK_INT(differ(&t, "x", "coalesce(x, avg(x) OVER ())"), 0);
    }
    static const char *const by[] = {"fill x: mean by city", "fill amount: mean by city"},
                             *const median[] = {"fill x: median by city"};
    test_clean_again(&t, HEADER, by, 2);
    put_rows(&t, shapes[0]);
    CHECK_INT(differ(&t, "x", "coalesce(x, avg(x) OVER (PARTITION BY city))"), 0);
    CHECK_INT(differ(&t, "amount",
                     "coalesce(amount, round(CAST(avg(amount) OVER (PARTITION BY city) AS DECIMAL(38,10)), 4))"),
              0);
    test_clean_again(&t, HEADER, median, 1);
    put_rows(&t, shapes[0]);
    CHECK_INT(differ(&t, "x", "coalesce(x, median(x) OVER (PARTITION BY city))"), 0);
    test_clean_close(&t);
}

TEST(clean_learn__bounds)
{
    static const char *const zscore[] = {"cap x: zscore 1.2"}, *const zscore_by[] = {"cap x: zscore 1.2 by city"},
                             *const iqr[] = {"cap x: iqr 0.2 by city"};
    test_clean t;

    TEST_CLEAN(&t, HEADER, "dedupe by x");
    for (size_t i = 0; i < PT_COUNT(shapes); i++) {
        test_clean_again(&t, HEADER, zscore, 1);
        put_rows(&t, shapes[i]);
        CHECK_INT(differ(&t, "x",
                         "least(greatest(x, avg(x) OVER () - 1.2 * stddev_samp(x) OVER ()), avg(x) OVER () + 1.2 * "
                         "stddev_samp(x) OVER ()) + 0 * x"),
                  0);
        test_clean_again(&t, HEADER, zscore_by, 1);
        put_rows(&t, shapes[i]);
        CHECK_INT(
            differ(&t, "x",
                   "least(greatest(x, avg(x) OVER (PARTITION BY city) - 1.2 * stddev_samp(x) OVER (PARTITION BY "
                   "city)), avg(x) OVER (PARTITION BY city) + 1.2 * stddev_samp(x) OVER (PARTITION BY city)) + 0 * "
                   "x"),
            0);
        test_clean_again(&t, HEADER, iqr, 1);
        put_rows(&t, shapes[i]);
        CHECK_INT(
            differ(&t, "x",
                   "least(greatest(x, 1.2 * quantile_cont(x, 0.25) OVER (PARTITION BY city) - 0.2 * quantile_cont(x, "
                   "0.75) OVER (PARTITION BY city)), 1.2 * quantile_cont(x, 0.75) OVER (PARTITION BY city) - 0.2 * "
                   "quantile_cont(x, 0.25) OVER (PARTITION BY city)) + 0 * x"),
            0);
    }
    test_clean_close(&t);
}
