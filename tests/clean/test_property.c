/* What must hold of any rules over any rows. */
#include <string.h>

#include "base/rng.h"
#include "support/clean.h"
#include "support/test.h"

#define HEADER "user,at,name,city,x,amount,born,tags,ok\n"

enum { MOST_RULES = 5 };

/* --- random rows and rules ------------------------------------------------------------------------------------------ */

/* Each row has its own `name`; what else it has repeats, is missing, or lies far out. `until`: rows of later days are left
 * out, but the others are the same. Days are 1 to 28. */
static void add_row(pt_str *csv, pt_rng *rng, unsigned row, unsigned until)
{
    unsigned user = (unsigned)pt_rng_below(rng, 4), day = 1 + (unsigned)pt_rng_below(rng, 28);
    unsigned city = (unsigned)pt_rng_below(rng, 4), far = (unsigned)pt_rng_below(rng, 15);
    int x = (int)pt_rng_below(rng, 9) - 1, amount = (int)pt_rng_below(rng, 700) - 100;
    unsigned tag = (unsigned)pt_rng_below(rng, 3), hour = (unsigned)pt_rng_below(rng, 3);

    if (day > until)
        return;
    pt_str_addf(csv, "u%u,2024-01-%02u %02u:00,r%u,", user, day, hour, row);
    if (city)
        pt_str_addf(csv, "city %u", city);
    if (x >= 0)
        pt_str_addf(csv, ",%d", far == 0 ? x * 1000 : far == 1 ? -500 * x : x);
    else
        pt_str_addc(csv, ',');
    if (amount >= 0)
        pt_str_addf(csv, ",%d.%02d", amount / 7, amount % 100);
    else
        pt_str_addc(csv, ',');
    pt_str_addc(csv, ',');
    if (tag)
        pt_str_addf(csv, "2000-01-0%u", tag);
    pt_str_addf(csv, ",%s,\n", tag == 2 ? "a;b" : "");
}

static void make_csv(pt_str *csv, uint64_t seed, unsigned rows, unsigned until)
{
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    pt_str_clear(csv);
    pt_str_add(csv, HEADER);
    for (unsigned i = 0; i < rows; i++)
        add_row(csv, &rng, i, until);
    CHECK(!csv->failed);
}

/* Those that leave nothing to do when they are done again, then those that may. */
static const char *const pool[] = {"drop when amount is missing",
                                   "drop when x < 0",
                                   "fill x: 3",
                                   "fill x: mean",
                                   "fill x: median by city",
                                   "fill amount: mean by city, user",
                                   "fill amount: median",
                                   "fill city: mode",
                                   "fill city: mode by x",
                                   "fill x: previous",
                                   "fill tags: previous by city",
                                   "fill born: mode by user",
                                   "cap x: 0..7",
                                   "drop amount: 1..90",
                                   "dedupe by x, amount",
                                   "dedupe by user, city keep newest",
                                   "dedupe by city, x keep oldest",
                                   "dedupe by x keep last",
                                   "dedupe near name 0.8 by city",
                                   "dedupe"};
static const char *const others[] = {
    "cap x: iqr 1.5", "drop x: iqr 1 by city",    "cap amount: zscore 1.5",     "drop amount: mad 2 by user",
    "cap x: mad 1.5", "drop x: zscore 1 by city", "cap amount: iqr 0.7 by city"};

static size_t choose_rules(const char **rules, pt_rng *rng)
{
    size_t n = 1 + pt_rng_below(rng, MOST_RULES);

    for (size_t i = 0; i < n; i++) {
        size_t k = pt_rng_below(rng, PT_COUNT(pool) + PT_COUNT(others));
        rules[i] = k < PT_COUNT(pool) ? pool[k] : others[k - PT_COUNT(pool)];
    }
    return n;
}

/* --- properties ----------------------------------------------------------------------------------------------------- */

static void check_counts(test_clean *t)
{
    pt_conn *c = t->store.conn;
    int64_t rows = test_query_int(c, "SELECT count(*) FROM raw.t"),
            kept = test_query_int(c, "SELECT count(*) FROM clean.t");

    CHECK_INT(kept + test_query_int(c, "SELECT count(*) FROM meta.quarantine"), rows);
    CHECK_INT(test_query_int(c, "SELECT coalesce(sum(dropped), 0)::BIGINT FROM meta.cleaning") + kept, rows);
    CHECK_INT(test_query_int(c, "SELECT count(*) FROM raw.t ANTI JOIN clean.t USING (name)"), rows - kept);
    CHECK_INT(test_query_int(c, "SELECT count(DISTINCT line) FROM meta.quarantine"), rows - kept);
    CHECK_INT(test_query_int(c,
                             "SELECT count(*) FROM meta.quarantine q JOIN raw.t r ON q.line = r._row + 1 AND"
                             " json_extract_string(q.raw, '$.name') = r.name ANTI JOIN clean.t k ON k.name = r.name"),
              rows - kept);
    CHECK_INT(test_query_int(c, "SELECT count(*) FROM (SELECT rows, lag(rows - dropped) OVER (ORDER BY rule) AS before"
                                " FROM meta.cleaning) WHERE before <> rows"),
              0);
}

TEST(clean_property__rows_in_are_rows_kept_and_rows_set_aside)
{
    pt_str csv = {0};
    pt_rng rng;
    test_clean t;

    TEST_CLEAN(&t, HEADER, "dedupe");
    for (uint64_t seed = 1; seed <= 30; seed++) {
        const char *rules[MOST_RULES];
        pt_rng_seed(&rng, seed * 977);
        size_t n = choose_rules(rules, &rng);
        make_csv(&csv, seed, 5 + (unsigned)pt_rng_below(&rng, 60), 28);
        test_clean_again(&t, csv.ptr, rules, n);
        check_counts(&t);
    }
    pt_str_free(&csv);
    test_clean_close(&t);
}

TEST(clean_property__done_again_it_does_nothing)
{
    pt_str csv = {0};
    test_clean t;

    TEST_CLEAN(&t, HEADER, "dedupe");
    for (size_t i = 0; i < PT_COUNT(pool); i++) {
        const char *rules[] = {pool[i], pool[i]};
        make_csv(&csv, 31 + i, 90, 28);
        test_clean_again(&t, csv.ptr, rules, 2);
        if (test_query_int(t.store.conn, "SELECT touched FROM meta.cleaning WHERE rule = 2") != 0)
            test_fail(__FILE__, __LINE__, "'%s' is not idempotent", pool[i]);
    }
    pt_str_free(&csv);
    test_clean_close(&t);
}

/* Whatever comes after the as-of, what stands before it is the same as if it had never come. */
TEST(clean_property__rows_after_the_as_of_change_nothing_before_it)
{
    static const char rows_then[] =
        "SELECT name, city, x, CAST(amount AS VARCHAR), born, tags FROM clean.t WHERE _time < "
        "TIMESTAMPTZ '2024-01-15' ORDER BY name";
    pt_str csv = {0}, want = {0};
    pt_rng rng;
    test_clean t;

    TEST_CLEAN(&t, HEADER, "dedupe");
    CHECK(pt_instant_parse(&t.as_of, PT_SV("2024-01-14T23:59"), pt_zone_utc()));
    for (uint64_t seed = 1; seed <= 20; seed++) {
        const char *rules[MOST_RULES];
        pt_rng_seed(&rng, seed * 1009);
        size_t n = choose_rules(rules, &rng);
        make_csv(&csv, seed, 60, 14);
        test_clean_again(&t, csv.ptr, rules, n);
        pt_str_clear(&want);
        pt_str_add(&want, test_clean_rows(&t, rows_then));
        make_csv(&csv, seed, 60, 28);
        test_clean_again(&t, csv.ptr, rules, n);
        CHECK_STR(test_clean_rows(&t, rows_then), pt_str_cstr(&want));
    }
    pt_str_free(&csv);
    pt_str_free(&want);
    test_clean_close(&t);
}

/* --- threads -------------------------------------------------------------------------------------------------------- */

/* All that cleaning leaves, as one number each. */
static void fingerprint(pt_str *out, test_clean *t)
{
    pt_str_clear(out);
    pt_str_add(out, test_clean_rows(t, "SELECT CAST(bit_xor(hash(c)) AS VARCHAR), count(*) FROM clean.t c"));
    pt_str_add(out, test_clean_rows(t, "SELECT CAST(c AS VARCHAR) FROM meta.cleaning c ORDER BY rule"));
    pt_str_add(out, test_clean_rows(t, "SELECT CAST(c AS VARCHAR) FROM meta.cleaning_examples c ORDER BY rule, line"));
    pt_str_add(out, test_clean_rows(t, "SELECT CAST(bit_xor(hash(c)) AS VARCHAR) FROM meta.clean_rejects c"));
}

TEST(clean_property__the_same_on_any_number_of_threads)
{
    pt_str one = {0}, four = {0}, csv = {0};
    test_clean t;

    make_csv(&csv, 5, 10, 28);
    TEST_CLEAN(&t, csv.ptr, "drop when amount is missing", "fill x: mean", "fill amount: mean by city",
               "cap x: zscore 2", "cap amount: iqr 1.5 by city", "fill city: mode by x",
               "dedupe by x, amount keep newest", "dedupe near name 0.9 by city");
    /* Many rows, as a table in place of the file's view: the engine shares them out by the hundred thousand. */
    test_exec(
        t.store.conn,
        "CREATE OR REPLACE TABLE many AS SELECT 0::UINTEGER AS _file, i::UBIGINT AS _row, TIMESTAMPTZ '2024-01-01' +"
        " to_seconds((hash(i) % 1000000)::BIGINT) AS _time, 'u' || hash(i * 3) % 5000 AS _id_user, 'name ' || hash(i"
        " * 5) % 20000 AS name, 'city ' || hash(i * 7) % 5 AS city, CASE WHEN i % 11 > 0 THEN (hash(i * 13) % 100000)"
        " / 7.0 + CASE WHEN i % 997 = 0 THEN 1e6 ELSE 0 END END AS x, CASE WHEN i % 13 > 0 THEN CAST((hash(i * 17) %"
        " 100000) / 100.0 AS DECIMAL(18,4)) END AS amount, NULL::DATE AS born, NULL::VARCHAR[] AS tags, NULL::BOOLEAN"
        " AS ok FROM range(300000) r(i); CREATE OR REPLACE VIEW raw.t AS FROM main.many");
    for (int threads = 1; threads <= 4; threads += 3) {
        test_exec(t.store.conn, threads == 1 ? "SET threads = 1" : "SET threads = 4");
        test_exec(t.store.conn, "UPDATE meta.cleaned SET made_from = ''");
        CHECK_INT(test_clean_run(&t), PT_OK);
        fingerprint(threads == 1 ? &one : &four, &t);
    }
    CHECK_STR(pt_str_cstr(&four), pt_str_cstr(&one));
    pt_str_free(&one);
    pt_str_free(&four);
    pt_str_free(&csv);
    test_clean_close(&t);
}
