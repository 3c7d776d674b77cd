/* The evaluator against DuckDB: every aggregate and window, on random conditions and random events with missing values,
 * ties, local days and window edges. A difference is shrunk to a small question over few events before it is printed.
 * ORACLE_CASES in the environment asks for more (make test-full does). */
#include <math.h>
#include <stdlib.h>

#include "eval/eval.h"
#include "oracle/cases.h"
#include "store/store.h"
#include "support/test.h"

enum { MOST = ORACLE_CUSTOMERS * ORACLE_MOST_EVENTS };

static const pt_lang_column columns[] = {
    {"amount", PT_TYPE_MONEY}, {"quantity", PT_TYPE_NUMBER}, {"category", PT_TYPE_CATEGORY},
    {"day", PT_TYPE_DATE},     {"flag", PT_TYPE_BOOL},
};
static const pt_lang_source source = {"ev", PT_SOURCE_EVENT, columns, PT_COUNT(columns)};
static const pt_catalog catalog = {.sources = &source, .n_sources = 1};

/* The same events as the evaluator wants them. */
typedef struct timeline {
    uint64_t offsets[ORACLE_CUSTOMERS + 1], identities[ORACLE_CUSTOMERS];
    int64_t time[MOST], amount[MOST];
    double quantity[MOST];
    uint8_t category[MOST], flag[MOST];
    int32_t day[MOST];
    pt_column columns[PT_COUNT(columns)];
    pt_events events;
    pt_batch batch;
} timeline;

static pt_dict *category_dict(void)
{
    static uint64_t offsets[8];
    static char bytes[64];
    static pt_dict dict;

    if (dict.n == 0) {
        uint32_t n = 0;
        for (; oracle_categories[n]; n++) {
            size_t length = strlen(oracle_categories[n]);
            CHECK(offsets[n] + length <= sizeof bytes);
            memcpy(bytes + offsets[n], oracle_categories[n], length);
            offsets[n + 1] = offsets[n] + length;
        }
        dict = (pt_dict){.n = n, .offsets = offsets, .bytes = bytes};
    }
    return &dict;
}

static void add_event(timeline *t, size_t at, const oracle_event *e)
{
    t->time[at] = e->time;
    t->amount[at] = e->amount;
    t->quantity[at] = e->quantity;
    t->category[at] = (uint8_t)e->category;
    t->day[at] = e->day;
    t->flag[at] = (uint8_t)e->flag;
}

/* Customer by customer, by time, ties in order of arrival: a plain insertion sort, so that nothing is shared with src/. */
static void lay_out(timeline *t, const oracle_event *events, size_t n)
{
    size_t at = 0;

    for (uint32_t customer = 0; customer < ORACLE_CUSTOMERS; customer++) {
        const oracle_event *own[MOST];
        size_t count = 0;
        t->offsets[customer] = at;
        t->identities[customer] = customer;
        for (size_t i = 0; i < n; i++) {
            if (events[i].customer != customer)
                continue;
            size_t j = count++;
            for (; j > 0 && own[j - 1]->time > events[i].time; j--)
                own[j] = own[j - 1];
            own[j] = &events[i];
        }
        for (size_t i = 0; i < count; i++)
            add_event(t, at++, own[i]);
    }
    t->offsets[ORACLE_CUSTOMERS] = at;
    const void *data[] = {t->amount, t->quantity, t->category, t->day, t->flag};
    static const uint8_t widths[] = {8, 8, 1, 4, 1};
    for (size_t c = 0; c < PT_COUNT(columns); c++)
        t->columns[c] = (pt_column){.type = columns[c].type,
                                    .width = widths[c],
                                    .data = data[c],
                                    .dict = columns[c].type == PT_TYPE_CATEGORY ? category_dict() : NULL};
    t->events = (pt_events){t->offsets, t->time, t->columns};
    t->batch = (pt_batch){.n_customers = ORACLE_CUSTOMERS, .sources = &t->events, .identities = t->identities};
}

static const char setup_sql[] =
    "SET TimeZone = 'UTC';"
    "CREATE TABLE ev(customer UINTEGER, seq BIGINT, us BIGINT, units BIGINT, quantity DOUBLE, category VARCHAR, day "
    "DATE, flag BOOLEAN);"
    "CREATE VIEW ordered AS SELECT *, make_timestamptz(us) AS time, CAST(units AS DECIMAL(18,0)) / 10000.0 AS amount,"
    " CAST(us - 1705000000000000 AS HUGEINT) AS x, CAST(quantity * 4 AS HUGEINT) AS y,"
    " CAST(make_timestamptz(us) AT TIME ZONE '" ORACLE_ZONE "' AS DATE) AS local_day,"
    " row_number() OVER (PARTITION BY customer ORDER BY us, seq) AS rn FROM ev;"
    "CREATE MACRO list_distinct_in_order(l) AS list_filter(l, (x, i) -> list_position(l, x) = i);"
    "CREATE MACRO mode_latest(l) AS list_reverse_sort(list_transform(list_distinct(l), x -> "
    " {'n': len(list_filter(l, y -> y = x)), 'p': list_max(list_filter(range(1, len(l) + 1), i -> l[i] = x)), 'x': "
    "x}))[1].x;"
    "CREATE MACRO run_of(l) AS list_transform(list_sort(l), (d, i) -> date_diff('day', DATE '1970-01-01', d) - i);"
    "CREATE MACRO longest_run(l) AS coalesce(list_max(list_transform(run_of(l), x -> len(list_filter(run_of(l), y -> y "
    "= x)))), 0);";

static void insert(pt_conn *conn, const oracle_event *events, size_t n)
{
    pt_err err = {0};
    pt_str sql = {0};
    pt_sql q = {0};

    CHECK_OK(pt_exec_text(conn, "DELETE FROM ev", &err));
    if (n == 0)
        return;
    pt_str_add(&sql, "INSERT INTO ev VALUES ");
    for (size_t i = 0; i < n; i++) {
        const oracle_event *e = &events[i];
        pt_str_addf(&sql, "%s(%u, %zu, %lld, ", i ? ", " : "", e->customer, i, (long long)e->time);
        if (e->amount == PT_I64_MISSING)
            pt_str_add(&sql, "NULL, ");
        else
            pt_str_addf(&sql, "%lld, ", (long long)e->amount);
        if (isnan(e->quantity))
            pt_str_add(&sql, "NULL, ");
        else
            pt_str_addf(&sql, "%.17g, ", e->quantity);
        if (e->category == 0)
            pt_str_add(&sql, "NULL, ");
        else
            pt_str_addf(&sql, "'%s', ", e->category == 4 ? "d''q" : oracle_categories[e->category - 1]);
        if (e->day == PT_I32_MISSING)
            pt_str_add(&sql, "NULL, ");
        else
            pt_str_addf(&sql, "DATE '1970-01-01' + %d, ", e->day);
        pt_str_add(&sql, e->flag == 2 ? "NULL)" : e->flag ? "true)" : "false)");
    }
    CHECK_OK(pt_str_check(&sql, &err));
    pt_sql_user(&q, (pt_sv){sql.ptr, sql.len});
    CHECK_OK(pt_exec(conn, &q, NULL, &err));
    pt_sql_free(&q);
    pt_str_free(&sql);
}

/* --- answers as text, so that all kinds compare alike ---------------------------------------------------------------- */

static void add_number(pt_str *out, double v)
{
    char buf[40];

    pt_format_double(buf, v);
    pt_str_add(out, buf);
}

static void add_value(pt_str *out, const pt_column *c, size_t row)
{
    if (c->type == PT_TYPE_NONE || pt_column_missing(c, row)) {
        pt_str_add(out, "missing");
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_str_add(out, ((const uint8_t *)c->data)[row] ? "true" : "false"); break;
    case PT_TYPE_NUMBER: add_number(out, ((const double *)c->data)[row]); break;
    case PT_TYPE_DATE: pt_str_addf(out, "%d", ((const int32_t *)c->data)[row]); break;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: pt_str_addf(out, "%lld", (long long)((const int64_t *)c->data)[row]); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, row))); break;
    default:
        for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++) {
            pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, i)));
            pt_str_addc(out, '|');
        }
    }
}

static void add_cell(pt_str *out, const pt_cells *c, size_t row)
{
    const pt_sv *text = c->data;

    if (pt_type_is_text(c->type)) {
        if (text[row].ptr)
            pt_str_addsv(out, text[row]);
        else
            pt_str_add(out, "missing");
    } else if (pt_type_is_list(c->type)) {
        if (c->absent && c->absent[row])
            pt_str_add(out, "");
        else
            for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++) {
                pt_str_addsv(out, text[i]);
                pt_str_addc(out, '|');
            }
    } else {
        pt_column plain = {.type = c->type, .width = (uint8_t)pt_type_width(c->type), .data = c->data};
        add_value(out, &plain, row);
    }
}

static bool same(const char *got, const char *want, double tolerance)
{
    char *end_got, *end_want;

    if (strcmp(got, want) == 0)
        return true;
    double a = strtod(got, &end_got), b = strtod(want, &end_want);
    return tolerance > 0 && end_got != got && end_want != want && !*end_got && !*end_want &&
           fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b)) + (tolerance >= 1e-9 ? 1e-9 : 0);
}

/* --- one question ----------------------------------------------------------------------------------------------------- */

typedef struct desk {
    pt_conn *conn;
    timeline *timeline;
    const pt_zone *zone;
    pt_module *module;
    pt_arena *arena; /* of one question */
} desk;

static void ask_portrait(pt_str *answers, desk *d, const char *text)
{
    pt_err err = {0};
    pt_diags diags;
    const pt_node *node;
    pt_program *program;
    pt_eval *eval;
    pt_place place = {.file = "expression", .text = pt_sv_of(text), .line = 1, .col = 1, .length = 1};
    pt_eval_options options = {.as_of = ORACLE_AS_OF, .zone = d->zone};

    pt_diags_init(&diags, d->arena);
    CHECK_OK(pt_lang_expression(&node, d->module, pt_sv_of(text), place, PT_TYPE_NONE, &diags, d->arena, &err));
    if (!node)
        test_fail(__FILE__, __LINE__, "%s: %s", text, diags.n ? diags.items[0].msg : "not checked");
    CHECK_OK(pt_program_build_expression(&program, d->module, node, &err));
    CHECK_OK(pt_eval_new(&eval, program, &options, &err));
    CHECK_OK(pt_eval_run(eval, &d->timeline->batch, &err));
    for (size_t i = 0; i < ORACLE_CUSTOMERS; i++) {
        add_value(&answers[i], pt_eval_tag(eval, 0), i);
        CHECK(!answers[i].failed);
    }
    pt_eval_free(eval);
    pt_program_free(program);
    pt_diags_free(&diags);
}

static void ask_duckdb(pt_str *answers, desk *d, const oracle_case *c)
{
    static const char *const cast[] = {"BIGINT",      "BIGINT", "DOUBLE",  "VARCHAR",
                                       "TIMESTAMPTZ", "DATE",   "BOOLEAN", "VARCHAR[]"};
    pt_err err = {0};
    pt_str sql = {0};
    pt_sql q = {0};
    pt_cursor *cursor;
    const pt_rows *rows;
    size_t at = 0;
    int answer = oracle_functions[c->fn].answer;

    pt_str_addf(&sql, "SELECT CAST(answer AS %s) FROM (", cast[answer]);
    oracle_sql(&sql, c);
    pt_str_add(&sql, ") t(answer)");
    CHECK_OK(pt_str_check(&sql, &err));
    pt_sql_user(&q, (pt_sv){sql.ptr, sql.len});
    if (pt_query(&cursor, d->conn, &q, &err) != PT_OK)
        test_fail(__FILE__, __LINE__, "%s: %s", sql.ptr, err.msg);
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cursor, &err));
        if (!rows)
            break;
        for (size_t i = 0; i < rows->n; i++) {
            CHECK(at < ORACLE_CUSTOMERS);
            add_cell(&answers[at++], &rows->cells[0], i);
        }
    }
    CHECK_INT(at, ORACLE_CUSTOMERS);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_str_free(&sql);
}

/* The first customer whose answers differ, or -1. */
static int differs(desk *d, const oracle_case *c, const oracle_event *events, size_t n, char *got, char *want,
                   size_t size)
{
    pt_str ours[ORACLE_CUSTOMERS] = {0}, theirs[ORACLE_CUSTOMERS] = {0}, text = {0};
    int found = -1;

    pt_arena_reset(d->arena);
    lay_out(d->timeline, events, n);
    oracle_portrait(&text, c);
    ask_portrait(ours, d, pt_str_cstr(&text));
    ask_duckdb(theirs, d, c);
    for (int i = 0; i < ORACLE_CUSTOMERS; i++) {
        if (found < 0 && !same(pt_str_cstr(&ours[i]), pt_str_cstr(&theirs[i]), oracle_functions[c->fn].tolerance)) {
            snprintf(got, size, "%s", pt_str_cstr(&ours[i]));
            snprintf(want, size, "%s", pt_str_cstr(&theirs[i]));
            found = i;
        }
        pt_str_free(&ours[i]);
        pt_str_free(&theirs[i]);
    }
    pt_str_free(&text);
    return found;
}

/* Drops one event, or simplifies the question, as long as a difference remains. */
static _Noreturn void shrink_and_fail(desk *d, oracle_case c, oracle_event *events, size_t n, uint64_t seed)
{
    char got[200] = "", want[200] = "";
    bool smaller = true;
    pt_str text = {0};

    while (smaller) {
        smaller = false;
        for (int i = 0; i < ORACLE_SIMPLER && !smaller; i++) {
            oracle_case simpler;
            if (oracle_simpler(&simpler, &c, i) && differs(d, &simpler, events, n, got, want, sizeof got) >= 0) {
                c = simpler;
                smaller = true;
            }
        }
        for (size_t i = n; i-- > 0;) {
            oracle_event dropped = events[i];
            memmove(&events[i], &events[i + 1], (n - i - 1) * sizeof *events);
            insert(d->conn, events, n - 1);
            if (differs(d, &c, events, n - 1, got, want, sizeof got) >= 0) {
                n--;
                smaller = true;
                continue;
            }
            memmove(&events[i + 1], &events[i], (n - i - 1) * sizeof *events);
            events[i] = dropped;
        }
        insert(d->conn, events, n);
    }
    int customer = differs(d, &c, events, n, got, want, sizeof got);
    oracle_portrait(&text, &c);
    for (size_t i = 0; i < n; i++)
        printf("    customer %u time %lld amount %lld quantity %g category %d day %d flag %d\n", events[i].customer,
               (long long)events[i].time, (long long)events[i].amount, events[i].quantity, events[i].category,
               events[i].day, events[i].flag);
    test_fail(__FILE__, __LINE__, "seed %llu: %s\n    customer %d: evaluator says %s, DuckDB says %s",
              (unsigned long long)seed, pt_str_cstr(&text), customer, got, want);
}

TEST(oracle__evaluator_agrees_with_duckdb)
{
    static timeline t;
    static oracle_event events[MOST];
    pt_err err = {0};
    pt_store *store;
    pt_zone *zone;
    pt_diags diags;
    pt_store_options options = {.threads = 1};
    desk d = {.timeline = &t, .arena = pt_arena_new(0)};
    pt_arena *forever = pt_arena_new(0), *questions = pt_arena_new(0);
    const char *more = getenv("ORACLE_CASES");
    int cases = more ? (int)strtol(more, NULL, 10) : 2000;
    char got[200], want[200];
    size_t n = 0;

    CHECK(d.arena && forever && questions);
    CHECK_OK(pt_store_open(&store, &options, &err));
    CHECK_OK(pt_conn_open(&d.conn, store, &err));
    CHECK_OK(pt_exec_text(d.conn, setup_sql, &err));
    CHECK_OK(pt_zone_open(&zone, ORACLE_ZONE, &err));
    d.zone = zone;
    pt_diags_init(&diags, forever);
    CHECK_OK(pt_lang_check(&d.module, &catalog, &diags, forever, &err));
    for (int i = 0; i < cases; i++) {
        uint64_t seed = 20260101 + (uint64_t)i;
        pt_rng r;
        pt_rng_seed(&r, seed);
        if (i % 20 == 0) {
            n = oracle_random_events(events, &r);
            insert(d.conn, events, n);
            pt_arena_reset(questions);
        }
        oracle_case c = oracle_random_case(&r, questions);
        c.fn = i % (int)oracle_function_count; /* every function as often */
        if (differs(&d, &c, events, n, got, want, sizeof got) >= 0)
            shrink_and_fail(&d, c, events, n, seed);
    }
    pt_diags_free(&diags);
    pt_zone_free(zone);
    pt_conn_close(d.conn);
    pt_store_close(store);
    pt_arena_free(questions);
    pt_arena_free(forever);
    pt_arena_free(d.arena);
}
