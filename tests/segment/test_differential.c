/* Conditions through the index, through the evaluator customer by customer, and through DuckDB over the same tags: the same
 * members. A difference is shrunk before it is printed. make test-full asks ten times as many, DIFFERENTIAL_CASES in the
 * environment any number. */
#include <stdlib.h>
#include <string.h>

#include "segment/random_condition.h"
#include "segment/segment.h"
#include "store/store.h"
#include "support/test.h"

enum { CASES = 6000, FULL_CASES = 60000, TOGETHER = 20, MOST_BITS = 400 };

typedef struct desk {
    population population;
    pt_store *store;
    pt_conn *conn;
    pt_arena *arena;           /* of one question, or of a few put together */
    uint64_t blind;            /* tags whose index is not to be had, a bit each */
    uint64_t *bits[MOST_BITS]; /* what decide() made */
    size_t n_bits;
    uint8_t *answers;    /* room for an answer a customer */
    size_t asked, mixed; /* conditions; of which some customers are in and some are not */
} desk;

/* --- the index ---------------------------------------------------------------------------------------------------------------- */

static size_t words_of(const population *p)
{
    return ((p->ordinals + PT_BLOCK - 1) / PT_BLOCK) * (size_t)PT_BLOCK_WORDS;
}

static pt_rc get_index(pt_tagindex **out, void *ctx, uint32_t tag, pt_err *err)
{
    desk *d = ctx;

    (void)err;
    *out = d->blind >> tag & 1 ? NULL : d->population.indexes[tag];
    return PT_OK;
}

static pt_rc get_column(const pt_column **out, void *ctx, uint32_t tag, pt_err *err)
{
    (void)err;
    *out = &((desk *)ctx)->population.columns[tag];
    return PT_OK;
}

static pt_rc get_members(const pt_crowd_node **out, void *ctx, uint32_t tag, pt_err *err)
{
    desk *d = ctx;
    pt_crowd_node *n = PT_NEW(d->arena, pt_crowd_node);

    (void)err;
    CHECK(n);
    *n = (pt_crowd_node){.kind = PT_CROWD_BITS};
    *out = population_is_segment(tag) ? n : NULL;
    if (*out)
        n->bits = d->population.members[tag - (POPULATION_TAGS - POPULATION_SEGMENTS)];
    return PT_OK;
}

static pt_rc decide(const uint64_t **yes, const uint64_t **no, void *ctx, const pt_node *node, pt_err *err)
{
    desk *d = ctx;
    population *p = &d->population;
    size_t words = words_of(p);
    uint64_t *bits = pt_alloc64(2 * words, sizeof *bits);
    uint8_t *answers = malloc(p->ordinals);

    (void)err;
    CHECK(bits && answers && d->n_bits < MOST_BITS);
    d->bits[d->n_bits++] = bits;
    memset(bits, 0, 2 * words * sizeof *bits);
    population_ask(answers, p, node, 1);
    for (uint32_t i = 0; i < p->ordinals; i++)
        if (answers[i] != PT_BOOL_MISSING)
            bits[(answers[i] == 1 ? 0 : words) + i / 64] |= UINT64_C(1) << (i % 64);
    free(answers);
    *yes = bits;
    *no = bits + words;
    return PT_OK;
}

/* Whether everybody is in just when the evaluator says true (and they are a customer); who is not, otherwise. */
static int64_t index_differs(desk *d, const pt_node *node, const uint8_t *answers, bool all)
{
    population *p = &d->population;
    pt_segment_env env = {p->module, {.as_of = 0, .zone = pt_zone_utc()}, d, get_index, get_column, get_members,
                          decide};
    const uint64_t *base = all ? NULL : p->customers;
    const pt_crowd_node *root;
    uint64_t counted = 0;
    int64_t found = -1;
    pt_crowd *crowd;
    pt_err err = {0};

    CHECK_OK(pt_segment_plan(&root, &env, node, d->arena, &err));
    CHECK_OK(pt_crowd_new(&crowd, root, base, p->ordinals, &err));
    uint64_t *bits = pt_alloc64(PT_BLOCK_WORDS + pt_crowd_scratch(crowd) + 1, sizeof *bits);
    CHECK(bits);
    for (uint32_t block = 0; block < pt_crowd_blocks(crowd); block++) {
        pt_crowd_block(bits, crowd, block, bits + PT_BLOCK_WORDS);
        for (uint32_t i = 0; i < PT_BLOCK; i++) {
            uint64_t row = (uint64_t)block * PT_BLOCK + i;
            bool in = bits[i / 64] >> (i % 64) & 1;
            bool want = row < p->ordinals && answers[row] == 1 && (all || p->customers[row / 64] >> (row % 64) & 1);
            counted += want;
            if (in != want && found < 0)
                found = (int64_t)row;
        }
    }
    if (found < 0 && pt_crowd_members(crowd, 0, pt_crowd_blocks(crowd), bits + PT_BLOCK_WORDS) != counted)
        found = p->ordinals;
    free(bits);
    pt_crowd_free(crowd);
    while (d->n_bits)
        free(d->bits[--d->n_bits]);
    return found;
}

/* --- DuckDB ------------------------------------------------------------------------------------------------------------------- */

static const char *sql_type(pt_type t)
{
    switch (t) {
    case PT_TYPE_BOOL: return "BOOLEAN";
    case PT_TYPE_NUMBER: return "DOUBLE";
    case PT_TYPE_DATE: return "INTEGER";
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: return "BIGINT";
    default: return "VARCHAR";
    }
}

static void append_list(pt_appender *a, const pt_column *c, uint32_t row)
{
    pt_str text = {0};

    for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++) {
        pt_str_addsv(&text, pt_dict_text(c->dict, pt_column_code(c, i)));
        pt_str_addc(&text, '|');
    }
    CHECK(!text.failed);
    pt_append_text(a, pt_sv_of(pt_str_cstr(&text)));
    pt_str_free(&text);
}

static void append_value(pt_appender *a, const pt_column *c, uint32_t row)
{
    if (pt_column_missing(c, row)) {
        pt_append_null(a);
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_append_bool(a, ((const uint8_t *)c->data)[row] == 1); break;
    case PT_TYPE_NUMBER: pt_append_double(a, ((const double *)c->data)[row]); break;
    case PT_TYPE_DATE: pt_append_int(a, ((const int32_t *)c->data)[row]); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: pt_append_text(a, pt_dict_text(c->dict, pt_column_code(c, row))); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: append_list(a, c, row); break;
    default: pt_append_int(a, ((const int64_t *)c->data)[row]); break;
    }
}

static void create_tables(desk *d)
{
    const population *p = &d->population;
    pt_str plain = {0}, view = {0};
    pt_err err = {0};

    pt_str_add(&plain, "CREATE SCHEMA p; CREATE TABLE p.raw(ordinal INTEGER, bucket0 INTEGER, bucket1 INTEGER");
    pt_str_add(&view, "CREATE VIEW p.t AS SELECT ordinal, bucket0, bucket1");
    for (size_t t = 0; t < POPULATION_TAGS; t++) {
        const char *name = p->tags[t].name;
        pt_str_addf(&plain, ", %s %s", name, sql_type(p->tags[t].type));
        if (p->tags[t].type == PT_TYPE_DATE)
            pt_str_addf(&view, ", DATE '1970-01-01' + %s AS %s", name, name);
        else if (pt_type_is_list(p->tags[t].type))
            pt_str_addf(&view, ", string_split(%s, '|')[:-2] AS %s", name, name);
        else
            pt_str_addf(&view, ", %s", name);
    }
    pt_str_addf(&plain, "); %s FROM p.raw;", pt_str_cstr(&view));
    CHECK_OK(pt_exec_text(d->conn, pt_str_cstr(&plain), &err));
    pt_str_free(&plain);
    pt_str_free(&view);
}

static void export_population(desk *d)
{
    const population *p = &d->population;
    pt_appender *a;
    pt_err err = {0};

    create_tables(d);
    CHECK_OK(pt_appender_open(&a, d->conn, "p", "raw", &err));
    for (uint32_t i = 0; i < p->ordinals; i++) {
        pt_append_int(a, i);
        for (size_t b = 0; b < POPULATION_BUCKETS; b++)
            pt_append_int(a, p->buckets[b][i]);
        for (size_t t = 0; t < POPULATION_TAGS; t++)
            append_value(a, &p->columns[t], i);
        pt_append_end_row(a);
    }
    CHECK_OK(pt_appender_close(a, &err));
}

/* Answers of several conditions, a row of `answers` each. */
static void ask_duckdb(uint8_t *const *answers, desk *d, const condition *const *conditions, size_t n)
{
    const pt_rows *rows;
    pt_cursor *cursor;
    pt_err err = {0};
    pt_str sql = {0};
    pt_sql q = {0};
    size_t at = 0;

    pt_str_add(&sql, "SELECT ");
    for (size_t c = 0; c < n; c++) {
        pt_str_add(&sql, c ? ", CAST((" : "CAST((");
        condition_sql(&sql, &d->population, conditions[c]);
        pt_str_add(&sql, ") AS BOOLEAN)");
    }
    pt_str_add(&sql, " FROM p.t ORDER BY ordinal");
    CHECK_OK(pt_str_check(&sql, &err));
    pt_sql_user(&q, (pt_sv){sql.ptr, sql.len});
    if (pt_query(&cursor, d->conn, &q, &err) != PT_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", sql.ptr, err.msg);
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cursor, &err));
        if (!rows)
            break;
        CHECK(at + rows->n <= d->population.ordinals);
        for (size_t c = 0; c < n; c++)
            memcpy(answers[c] + at, rows->cells[c].data, rows->n);
        at += rows->n;
    }
    CHECK_INT(at, d->population.ordinals);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_str_free(&sql);
}

/* --- comparing ---------------------------------------------------------------------------------------------------------------- */

typedef struct difference {
    const char *who;  /* "index" or "DuckDB"; NULL: none */
    uint32_t ordinal; /* the first of whom they differ; the number of customers when only the count does */
    uint8_t evaluator, duckdb;
} difference;

static difference compare(desk *d, const condition *c, const uint8_t *duckdb)
{
    population *p = &d->population;
    pt_str text = {0};

    condition_portrait(&text, p, c);
    const pt_node *node = population_parse(p, pt_str_cstr(&text), PT_TYPE_BOOL, d->arena);
    pt_str_free(&text);
    population_ask(d->answers, p, node, 1);
    d->asked++;
    d->mixed += memchr(d->answers, 1, p->ordinals) && memchr(d->answers, 0, p->ordinals);
    for (uint32_t i = 0; i < p->ordinals; i++)
        if (d->answers[i] != duckdb[i])
            return (difference){"DuckDB", i, d->answers[i], duckdb[i]};
    int64_t wrong = index_differs(d, node, d->answers, d->blind % 2);
    if (wrong < 0)
        return (difference){0};
    if (wrong == p->ordinals) /* only the count is wrong */
        return (difference){.who = "index", .ordinal = p->ordinals};
    return (difference){"index", (uint32_t)wrong, d->answers[wrong], duckdb[wrong]};
}

static difference check_one(desk *d, const condition *c)
{
    uint8_t *duckdb = malloc(d->population.ordinals);

    CHECK(duckdb);
    ask_duckdb(&duckdb, d, &c, 1);
    difference found = compare(d, c, duckdb);
    free(duckdb);
    return found;
}

static _Noreturn void shrink_and_fail(desk *d, const condition *c, uint64_t seed)
{
    static const char *const words[] = {"false", "true", "missing"};
    const condition *smaller = c;
    pt_str text = {0}, sql = {0};

    for (unsigned i = 0; (smaller = condition_simpler(c, i, d->arena)) != NULL;)
        if (check_one(d, smaller).who) {
            c = smaller;
            i = 0;
        } else {
            i++;
        }
    difference found = check_one(d, c);
    condition_portrait(&text, &d->population, c);
    condition_sql(&sql, &d->population, c);
    test_fail(
        __FILE__, __LINE__,
        "seed %llu, %u customers, blind %llx: %s\n    SQL: %s\n    customer %u: the %s differs; evaluator says %s, "
        "DuckDB %s",
        (unsigned long long)seed, d->population.ordinals, (unsigned long long)d->blind, pt_str_cstr(&text),
        pt_str_cstr(&sql), found.ordinal, found.who ? found.who : "(nobody any more)", words[found.evaluator % 3],
        words[found.duckdb % 3]);
}

/* --- runs --------------------------------------------------------------------------------------------------------------------- */

static void open_desk(desk *d, uint32_t ordinals, uint64_t seed)
{
    pt_store_options options = {.threads = 1};
    pt_err err = {0};

    memset(d, 0, sizeof *d);
    population_open(&d->population, ordinals, seed);
    CHECK(d->arena = pt_arena_new(0));
    CHECK(d->answers = malloc(ordinals));
    CHECK_OK(pt_store_open(&d->store, &options, &err));
    CHECK_OK(pt_conn_open(&d->conn, d->store, &err));
    export_population(d);
}

static void close_desk(desk *d)
{
    pt_conn_close(d->conn);
    pt_store_close(d->store);
    free(d->answers);
    pt_arena_free(d->arena);
    population_close(&d->population);
}

/* Most with every index; of the rest some tags have none, and are decided one by one. */
static uint64_t random_blindness(population *p)
{
    return pt_rng_below(&p->rng, 3) ? pt_rng_below(&p->rng, 2) : pt_rng_u64(&p->rng);
}

static void put_together(desk *d, uint64_t seed)
{
    const condition *conditions[TOGETHER];
    uint8_t *duckdb[TOGETHER];
    uint32_t n = d->population.ordinals;

    pt_arena_reset(d->arena);
    for (size_t i = 0; i < TOGETHER; i++) {
        conditions[i] =
            random_condition(&d->population, (unsigned)pt_rng_below(&d->population.rng, CONDITION_DEPTH + 1), d->arena);
        CHECK(duckdb[i] = malloc(n));
    }
    ask_duckdb(duckdb, d, conditions, TOGETHER);
    for (size_t i = 0; i < TOGETHER; i++) {
        d->blind = random_blindness(&d->population);
        if (compare(d, conditions[i], duckdb[i]).who)
            shrink_and_fail(d, conditions[i], seed);
        free(duckdb[i]);
    }
}

static void run(uint32_t ordinals, uint64_t seed, int cases)
{
    static desk d;

    open_desk(&d, ordinals, seed);
    for (int i = 0; i < cases; i += TOGETHER)
        put_together(&d, seed);
    CHECK(d.mixed * 2 > d.asked); /* else the questions are not worth asking */
    close_desk(&d);
}

static int cases_wanted(void)
{
    const char *said = getenv("DIFFERENTIAL_CASES"), *full = getenv("FULL");

    return said ? (int)strtol(said, NULL, 10) : full && *full ? FULL_CASES : CASES;
}

/* Few customers, more than one code can stand for each value of, and more than a block. */
TEST(segment_differential__index_evaluator_and_duckdb_name_the_same_members)
{
    int cases = cases_wanted();

    for (uint64_t seed = 1; seed <= 4; seed++)
        run(1500 + (uint32_t)seed, 20261100 + seed, cases * 3 / 16);
    for (uint64_t seed = 1; seed <= 2; seed++)
        run(7000 + (uint32_t)seed, 20261200 + seed, cases / 10);
    run(PT_BLOCK, 20261301, cases / 50);
    run(PT_BLOCK + 1, 20261302, cases / 50);
    run(2 * PT_BLOCK + 4097, 20261303, cases / 100);
}
