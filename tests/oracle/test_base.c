/* Statistics of the base against DuckDB, over random values with ties and missing ones. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "eval/base.h"
#include "eval/eval.h"
#include "support/store.h"
#include "support/test.h"

enum { MOST = 400, TAGS = 5, MOST_ITEMS = 4 };

static const char *const words[] = {"tea", "nuts", "coffee", "", "茶", "a:b"};

/* Values of five external tags: n number, m money, b bool, c category, w weighted. */
typedef struct sample {
    pt_arena *arena;
    pt_lang_tag tags[TAGS];
    pt_catalog catalog;
    pt_module *module;
    size_t rows;
    double n[MOST], weights[MOST * MOST_ITEMS];
    int64_t m[MOST];
    uint8_t b[MOST], absent[MOST];
    uint32_t c[MOST], items[MOST * MOST_ITEMS];
    uint64_t offsets[MOST + 1], word_offsets[PT_COUNT(words) + 1], identities[MOST];
    char word_bytes[64];
    pt_dict dict;
    pt_column columns[TAGS];
} sample;

static void make_module(sample *s)
{
    static const char *const names[] = {"n", "m", "b", "c", "w"};
    static const pt_type types[] = {PT_TYPE_NUMBER, PT_TYPE_MONEY, PT_TYPE_BOOL, PT_TYPE_CATEGORY, PT_TYPE_WEIGHTED};
    pt_err err = {0};
    pt_diags diags;

    for (size_t t = 0; t < TAGS; t++)
        s->tags[t] = (pt_lang_tag){.name = names[t], .external = true, .type = types[t]};
    s->catalog = (pt_catalog){.tags = s->tags, .n_tags = TAGS};
    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_check(&s->module, &s->catalog, &diags, s->arena, &err));
    CHECK_INT(diags.errors, 0);
    pt_diags_free(&diags);
    for (size_t i = 0; i < PT_COUNT(words); i++) {
        memcpy(s->word_bytes + s->word_offsets[i], words[i], strlen(words[i]));
        s->word_offsets[i + 1] = s->word_offsets[i] + strlen(words[i]);
    }
    s->dict = (pt_dict){.n = PT_COUNT(words), .offsets = s->word_offsets, .bytes = s->word_bytes};
    s->columns[0] = (pt_column){.type = types[0], .width = 8, .data = s->n};
    s->columns[1] = (pt_column){.type = types[1], .width = 8, .data = s->m};
    s->columns[2] = (pt_column){.type = types[2], .width = 1, .data = s->b};
    s->columns[3] = (pt_column){.type = types[3], .width = 4, .data = s->c, .dict = &s->dict};
    s->columns[4] = (pt_column){.type = types[4],
                                .width = 4,
                                .data = s->items,
                                .offsets = s->offsets,
                                .weights = s->weights,
                                .absent = s->absent,
                                .dict = &s->dict};
}

static void add_list(sample *s, pt_rng *r, size_t row)
{
    uint64_t at = s->offsets[row];
    bool met[PT_COUNT(words)] = {0};

    s->absent[row] = pt_rng_below(r, 5) == 0;
    for (uint64_t k = s->absent[row] ? 0 : pt_rng_below(r, MOST_ITEMS + 1); k > 0; k--) {
        uint32_t word = (uint32_t)pt_rng_below(r, PT_COUNT(words));
        if (met[word])
            continue;
        met[word] = true;
        s->items[at] = word + 1;
        s->weights[at++] = (double)(1 + pt_rng_below(r, 40)) / 4;
    }
    s->offsets[row + 1] = at;
}

/* Numbers are quarters, so that every sum of them is exact. */
static void fill(sample *s, uint64_t seed)
{
    pt_rng r;

    pt_rng_seed(&r, seed);
    s->rows = pt_rng_below(&r, 20) ? 1 + pt_rng_below(&r, MOST) : 0;
    for (size_t i = 0; i < s->rows; i++) {
        bool some = pt_rng_below(&r, 6) > 0;
        s->n[i] = some ? (double)((int64_t)pt_rng_below(&r, 400) - 100) / 4 : (double)NAN;
        s->m[i] = pt_rng_below(&r, 6) ? (int64_t)pt_rng_below(&r, 30000) - 5000 : PT_I64_MISSING;
        s->b[i] = (uint8_t)pt_rng_below(&r, 3);
        s->c[i] = (uint32_t)pt_rng_below(&r, PT_COUNT(words) + 1);
        s->identities[i] = i;
        add_list(s, &r, i);
    }
}

/* --- the same in SQL ------------------------------------------------------------------------------------------------ */

static void insert(sample *s, pt_conn *conn)
{
    pt_str sql = {0};

    test_exec(conn, "CREATE OR REPLACE TABLE v(id BIGINT, n DOUBLE, m BIGINT, b BOOLEAN, c VARCHAR);"
                    "CREATE OR REPLACE TABLE w(id BIGINT, item VARCHAR, weight DOUBLE);"
                    "CREATE OR REPLACE TABLE lists(id BIGINT);");
    for (size_t i = 0; i < s->rows; i++) {
        char n[40] = "NULL", m[40] = "NULL";
        if (!isnan(s->n[i]))
            snprintf(n, sizeof n, "%.17g", s->n[i]);
        if (s->m[i] != PT_I64_MISSING)
            snprintf(m, sizeof m, "%lld", (long long)s->m[i]);
        pt_str_clear(&sql);
        pt_str_addf(&sql, "INSERT INTO v VALUES (%zu, %s, %s, %s, ", i, n, m,
                    s->b[i] == 2 ? "NULL"
                    : s->b[i]    ? "true"
                                 : "false");
        pt_str_addf(&sql, s->c[i] ? "'%s');" : "NULL);", s->c[i] ? words[s->c[i] - 1] : "");
        if (!s->absent[i])
            pt_str_addf(&sql, "INSERT INTO lists VALUES (%zu);", i);
        for (uint64_t k = s->offsets[i]; k < s->offsets[i + 1]; k++)
            pt_str_addf(&sql, "INSERT INTO w VALUES (%zu, '%s', %.17g);", i, words[s->items[k] - 1], s->weights[k]);
        test_exec(conn, pt_str_cstr(&sql));
    }
    pt_str_free(&sql);
}

static const struct {
    const char *expression, *sql;
    double tolerance; /* of money in its units: an interpolated amount is rounded once */
} cases[] = {
    {"base_count(n)", "SELECT count(n)::DOUBLE FROM v", 0},
    {"base_count(w)", "SELECT count(*)::DOUBLE FROM lists", 0},
    {"base_count(c)", "SELECT count(c)::DOUBLE FROM v", 0},
    {"base_sum(n)", "SELECT coalesce(sum(n), 0) FROM v", 0},
    {"base_sum(m)", "SELECT coalesce(sum(m), 0)::DOUBLE FROM v", 0},
    {"base_sum(b)", "SELECT count(*) FILTER (b)::DOUBLE FROM v", 0},
    {"base_mean(n)", "SELECT avg(n) FROM v", 1e-13},
    {"base_mean(m)", "SELECT avg(m) FROM v", 0.500001},
    {"base_mean(b)", "SELECT avg(b::INT) FROM v", 1e-15},
    {"base_stddev(n)", "SELECT stddev_samp(n) FROM v", 1e-11},
    {"base_stddev(m)", "SELECT stddev_samp(m / 10000.0) FROM v", 1e-11},
    {"base_stddev(b)", "SELECT stddev_samp(b::INT) FROM v", 1e-12},
    {"base_min(n)", "SELECT min(n) FROM v", 0},
    {"base_max(m)", "SELECT max(m)::DOUBLE FROM v", 0},
    {"base_quantile(n, 0.3)", "SELECT quantile_cont(n, 0.3) FROM v", 1e-12},
    {"base_quantile(n, 0)", "SELECT quantile_cont(n, 0) FROM v", 0},
    {"base_quantile(m, 0.75)", "SELECT quantile_cont(m::DOUBLE, 0.75) FROM v", 0.500001},
    {"base_quantile(m, 1)", "SELECT quantile_cont(m::DOUBLE, 1) FROM v", 0},
    {"base_share(c, 'tea')", "SELECT avg((c = 'tea')::INT) FROM v", 1e-15},
    {"base_share(b, false)", "SELECT avg((NOT b)::INT) FROM v", 1e-15},
    {"base_share(n, 2.5)", "SELECT avg((n = 2.5)::INT) FROM v", 1e-15},
    {"base_share(w, '茶')",
     "SELECT (SELECT count(*) FROM w WHERE item = '茶')::DOUBLE / nullif((SELECT count(*) FROM lists), 0)", 1e-15},
    {"base_top_share(n, 0.8)",
     "SELECT min(n) FROM (SELECT n, sum(n) OVER (ORDER BY n DESC ROWS UNBOUNDED PRECEDING) - n AS before, sum(n) OVER "
     "() "
     "AS total FROM v WHERE n > 0) WHERE before < 0.8 * total",
     0},
    {"base_top_share(m, 0.5)",
     "SELECT min(m)::DOUBLE FROM (SELECT m, sum(m) OVER (ORDER BY m DESC ROWS UNBOUNDED PRECEDING) - m AS before, "
     "sum(m) "
     "OVER () AS total FROM v WHERE m > 0) WHERE before < 0.5 * total",
     0},
};

static const pt_node *checked(sample *s, const char *expression)
{
    pt_sv text = pt_sv_of(expression);
    pt_place place = {.file = "expression", .text = text, .line = 1, .col = 1, .length = 1};
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node;

    pt_diags_init(&diags, s->arena);
    CHECK_OK(pt_lang_expression(&node, s->module, text, place, PT_TYPE_NONE, &diags, s->arena, &err));
    CHECK(node);
    pt_diags_free(&diags);
    return node;
}

static pt_column computed(sample *s, const pt_node *node)
{
    pt_base_value v = {.node = node};
    pt_err err = {0};

    CHECK_OK(pt_base_compute(&v, 1, &s->columns[node->u.base->tag], s->rows, s->arena, &err));
    return v.value;
}

static double as_double(const pt_column *c)
{
    return c->type == PT_TYPE_NUMBER ? *(const double *)c->data : (double)*(const int64_t *)c->data;
}

static void check_case(sample *s, pt_conn *conn, size_t i, uint64_t seed)
{
    pt_column got = computed(s, checked(s, cases[i].expression));
    const char *want = test_query_rows(conn, cases[i].sql);
    bool missing = pt_column_missing(&got, 0);

    if (missing != (want[0] == '~') ||
        (!missing && !(fabs(as_double(&got) - strtod(want, NULL)) <= cases[i].tolerance)))
        test_fail(__FILE__, __LINE__, "seed %llu: %s is %.17g, DuckDB says %s", (unsigned long long)seed,
                  cases[i].expression, missing ? (double)NAN : as_double(&got), want);
}

static void check_list(sample *s, pt_conn *conn, const char *expression, const char *sql)
{
    pt_column got = computed(s, checked(s, expression));
    pt_str text = {0};

    for (uint64_t k = got.offsets[0]; k < got.offsets[1]; k++) {
        pt_sv item = pt_dict_text(got.dict, pt_column_code(&got, k));
        pt_str_addf(&text, "%.*s %.10f\n", (int)item.len, item.ptr, got.weights[k]);
    }
    CHECK_STR(pt_str_cstr(&text), test_query_rows(conn, sql));
    pt_str_free(&text);
}

static void check_lists(sample *s, pt_conn *conn)
{
    check_list(
        s, conn, "base_weights(w)",
        "SELECT format('{} {:.10f}', item, sum(weight) / (SELECT sum(weight) FROM w)) FROM w GROUP BY item ORDER "
        "BY sum(weight) DESC, item COLLATE C");
    check_list(
        s, conn, "base_reach(w)",
        "SELECT format('{} {:.10f}', item, count(*)::DOUBLE / (SELECT count(*) FROM lists)) FROM w GROUP BY item "
        "ORDER BY count(*) DESC, item COLLATE C");
    check_list(s, conn, "base_weights(c)",
               "SELECT format('{} {:.10f}', c, count(*)::DOUBLE / (SELECT count(c) FROM v)) FROM v WHERE c IS NOT NULL "
               "GROUP BY c ORDER BY count(*) DESC, c COLLATE C");
}

/* Every customer's place, evaluated with the quantiles given. */
static void check_scores(sample *s, pt_conn *conn)
{
    const pt_node *node = checked(s, "base_score(n, 4) * 10 + base_score_low(n, 4)");
    pt_base_value values[3];
    pt_base_set set = {values, 3};
    pt_eval_options options = {.zone = pt_zone_utc(), .base = &set};
    pt_batch batch = {.n_customers = s->rows, .external = s->columns, .identities = s->identities};
    pt_program *program;
    pt_eval *eval;
    pt_err err = {0};
    pt_str text = {0};

    for (size_t i = 0; i < 3; i++)
        values[i].node = node->args[0]->args[0]->args[2 + i];
    CHECK_OK(pt_base_compute(values, 3, &s->columns[0], s->rows, s->arena, &err));
    CHECK_OK(pt_program_build_expression(&program, s->module, node, &err));
    CHECK_OK(pt_eval_new(&eval, program, &options, &err));
    CHECK_OK(pt_eval_run(eval, &batch, &err));
    for (size_t i = 0; i < s->rows; i++) {
        double v = ((const double *)pt_eval_tag(eval, 0)->data)[i];
        if (isnan(v))
            pt_str_add(&text, "~\n");
        else
            pt_str_addf(&text, "%d\n", (int)v);
    }
    CHECK_STR(pt_str_cstr(&text),
              test_query_rows(
                  conn, "WITH q AS (SELECT quantile_cont(n, [0.25, 0.5, 0.75]) AS q FROM v), s AS (SELECT id, 1 + "
                        "(n > q[1])::INT + (n > q[2])::INT + (n > q[3])::INT AS s FROM v, q) SELECT s * 10 + "
                        "5 - s FROM s ORDER BY id"));
    pt_str_free(&text);
    pt_eval_free(eval);
    pt_program_free(program);
}

TEST(oracle_base__every_statistic_is_what_duckdb_says)
{
    const char *asked = getenv("ORACLE_CASES");
    uint64_t rounds = asked ? strtoull(asked, NULL, 10) / 20 + 12 : 12;
    static sample s;
    test_store t;

    test_store_open(&t, NULL);
    for (uint64_t seed = 1; seed <= rounds; seed++) {
        s = (sample){.arena = pt_arena_new(0)};
        CHECK(s.arena);
        make_module(&s);
        fill(&s, seed);
        insert(&s, t.conn);
        for (size_t i = 0; i < PT_COUNT(cases); i++)
            check_case(&s, t.conn, i, seed);
        check_lists(&s, t.conn);
        if (s.rows)
            check_scores(&s, t.conn);
        pt_arena_free(s.arena);
    }
    test_store_close(&t);
}
