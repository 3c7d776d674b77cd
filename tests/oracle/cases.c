#include "oracle/cases.h"

#include <math.h>
#include <stdlib.h>

#include "base/type.h"

#define DAY (INT64_C(86400) * 1000000)

const char *const oracle_categories[] = {"a", "b", "\xE4\xB8\xAD", "d'q", NULL};

static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};
static const char *const amounts[] = {"-10", "0", "0.5", "12.3456", "100"};
static const char *const quantities[] = {"-1", "0", "0.25", "2", "3.5"};
static const char *const days[] = {"2023-12-31", "2024-02-29", "2024-03-30", "2024-03-31"};

/* SQL sees one row an event that passed window and condition, numbered in time order within its customer. */
const oracle_function oracle_functions[] = {
    {"count(ev%s)", "count(*)", ANSWER_INT, 0},
    {"count(ev.amount%s)", "count(units)", ANSWER_INT, 0},
    {"did(ev%s)", "count(*) > 0", ANSWER_BOOL, 0},
    {"did_not(ev%s)", "count(*) = 0", ANSWER_BOOL, 0},
    {"sum(ev.amount%s)", "coalesce(sum(units), 0)", ANSWER_MONEY, 0},
    {"sum(ev.quantity%s)", "coalesce(sum(quantity), 0)", ANSWER_DOUBLE, 0},
    {"sum(ev.amount * ev.quantity%s)",
     "coalesce(sum(CAST(sign(units * quantity) * floor(abs(units * quantity) + 0.5) AS HUGEINT)), 0)", ANSWER_MONEY, 0},
    {"avg(ev.quantity%s)", "avg(quantity)", ANSWER_DOUBLE, 1e-15},
    {"avg(ev.amount%s)",
     "CASE WHEN count(units) > 0 THEN CAST(sign(sum(units)) AS HUGEINT) * ((abs(sum(units)) * 2 + count(units)) // (2 "
     "* count(units))) END",
     ANSWER_MONEY, 0},
    {"min(ev.amount%s)", "min(units)", ANSWER_MONEY, 0},
    {"max(ev.amount%s)", "max(units)", ANSWER_MONEY, 0},
    {"min(ev.quantity%s)", "min(quantity)", ANSWER_DOUBLE, 0},
    {"max(ev.day%s)", "max(day)", ANSWER_DATE, 0},
    {"min(ev.category%s)", "min(category)", ANSWER_TEXT, 0},
    {"max(ev.category%s)", "max(category)", ANSWER_TEXT, 0},
    {"first(ev.time%s)", "min(time)", ANSWER_TIME, 0},
    {"last(ev.time%s)", "max(time)", ANSWER_TIME, 0},
    {"first(ev.category%s)", "first(category ORDER BY rn) FILTER (WHERE category IS NOT NULL)", ANSWER_TEXT, 0},
    {"last(ev.category%s)", "last(category ORDER BY rn) FILTER (WHERE category IS NOT NULL)", ANSWER_TEXT, 0},
    {"first(ev.amount%s)", "first(units ORDER BY rn) FILTER (WHERE units IS NOT NULL)", ANSWER_MONEY, 0},
    {"last(ev.quantity%s)", "last(quantity ORDER BY rn) FILTER (WHERE quantity IS NOT NULL)", ANSWER_DOUBLE, 0},
    {"distinct(ev.category%s)", "count(DISTINCT category)", ANSWER_INT, 0},
    {"distinct(ev.quantity%s)", "count(DISTINCT quantity)", ANSWER_INT, 0},
    {"distinct(ev.amount%s)", "count(DISTINCT units)", ANSWER_INT, 0},
    {"distinct(ev.day%s)", "count(DISTINCT day)", ANSWER_INT, 0},
    {"values(ev.category%s)", "list_distinct_in_order(list(category ORDER BY rn) FILTER (WHERE category IS NOT NULL))",
     ANSWER_LIST, 0},
    {"median(ev.quantity%s)", "quantile_cont(quantity, 0.5)", ANSWER_DOUBLE, 0},
    {"median(ev.amount%s)", "round(quantile_cont(CAST(units AS DOUBLE), 0.5))", ANSWER_MONEY, 0},
    {"quantile(ev.quantity, 0.75%s)", "quantile_cont(quantity, 0.75)", ANSWER_DOUBLE, 1e-15},
    {"quantile(ev.amount, 0.25%s)", "round(quantile_cont(CAST(units AS DOUBLE), 0.25))", ANSWER_MONEY, 0},
    {"stddev(ev.quantity%s)", "stddev_samp(quantity)", ANSWER_DOUBLE, 1e-9},
    {"mode(ev.category%s)", "mode_latest(list(category ORDER BY rn) FILTER (WHERE category IS NOT NULL))", ANSWER_TEXT,
     0},
    {"days(ev%s)", "count(DISTINCT local_day)", ANSWER_INT, 0},
    {"gap(ev%s)",
     "CASE WHEN count(DISTINCT time) > 1 THEN (epoch_us(max(time)) - epoch_us(min(time))) / 86400000000.0 / "
     "(count(DISTINCT time) - 1) END",
     ANSWER_DOUBLE, 1e-15},
    /* Least squares in whole microseconds and quarters, so that nothing is lost before the one division. */
    {"trend(ev.quantity%s)",
     "CASE WHEN count(DISTINCT us) FILTER (WHERE quantity IS NOT NULL) > 1 THEN "
     "CAST(count(quantity) * sum(x * y) - sum(x) FILTER (WHERE y IS NOT NULL) * sum(y) AS DOUBLE) / "
     "CAST(count(quantity) * sum(x * x) FILTER (WHERE y IS NOT NULL) - "
     "sum(x) FILTER (WHERE y IS NOT NULL) * sum(x) FILTER (WHERE y IS NOT NULL) AS DOUBLE) * 21600000000 END",
     ANSWER_DOUBLE, 1e-9},
    {"streak(ev%s)", "longest_run(list(DISTINCT local_day))", ANSWER_INT, 0},
    {"count(ev%s weight quantity)", "coalesce(sum(quantity), 0)", ANSWER_DOUBLE, 1e-15},
};
const size_t oracle_function_count = sizeof oracle_functions / sizeof oracle_functions[0];

/* --- random cases --------------------------------------------------------------------------------------------------- */

static int below(pt_rng *r, int n)
{
    return (int)pt_rng_below(r, (uint64_t)n);
}

static oracle_cond *random_cond(pt_rng *r, pt_arena *a, int depth)
{
    oracle_cond *c = PT_NEW(a, oracle_cond);

    if (!c)
        abort();
    c->kind = depth > 0 && below(r, 2) ? COND_NOT + below(r, 3) : below(r, COND_NOT);
    c->op = below(r, 6);
    c->value = below(r, 4);
    if (c->kind >= COND_NOT)
        c->a = random_cond(r, a, depth - 1);
    if (c->kind > COND_NOT)
        c->b = random_cond(r, a, depth - 1);
    return c;
}

oracle_case oracle_random_case(pt_rng *r, pt_arena *a)
{
    oracle_case c = {.fn = below(r, (int)oracle_function_count)};

    if (below(r, 3))
        c.cond = random_cond(r, a, 3);
    c.window = below(r, 5);
    c.days = 1 + below(r, 60);
    c.days2 = below(r, c.days);
    return c;
}

static int64_t random_time(pt_rng *r)
{
    switch (below(r, 8)) {
    case 0: return ORACLE_AS_OF - below(r, 61) * DAY;          /* exactly on an edge */
    case 1: return ORACLE_AS_OF - below(r, 61) * DAY + 1;      /* and just beside it */
    case 2: return ORACLE_AS_OF + below(r, 3) * DAY + 1;       /* the future */
    case 3: return ORACLE_AS_OF - below(r, 4000) * (DAY / 50); /* ties */
    default: return ORACLE_AS_OF - (int64_t)pt_rng_below(r, (uint64_t)(70 * DAY));
    }
}

size_t oracle_random_events(oracle_event *out, pt_rng *r)
{
    size_t n = 0;

    for (uint32_t customer = 0; customer < ORACLE_CUSTOMERS; customer++) {
        int events = below(r, 4) ? below(r, ORACLE_MOST_EVENTS + 1) : below(r, 3);
        for (int i = 0; i < events; i++) {
            oracle_event *e = &out[n++];
            *e = (oracle_event){.customer = customer, .time = random_time(r)};
            e->amount = below(r, 6) ? (int64_t)pt_rng_below(r, 4000000) - 1000000 : PT_I64_MISSING;
            e->quantity = below(r, 6) ? (below(r, 33) - 8) / 4.0 : NAN;
            e->category = below(r, 5);
            e->day = below(r, 6) ? 19700 + below(r, 120) : PT_I32_MISSING;
            e->flag = (int8_t)below(r, 3);
        }
    }
    for (size_t i = n; i > 1; i--) { /* arrival is in no order of customer or time */
        size_t j = pt_rng_below(r, i);
        oracle_event t = out[i - 1];
        out[i - 1] = out[j];
        out[j] = t;
    }
    return n;
}

/* --- both languages ------------------------------------------------------------------------------------------------- */

static void quoted(pt_str *out, int category, bool sql)
{
    const char *text = oracle_categories[category % 4];

    pt_str_addc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            pt_str_addc(out, sql ? '\'' : '\\');
        pt_str_addc(out, *text);
    }
    pt_str_addc(out, '\'');
}

static void cond_text(pt_str *out, const oracle_cond *c, bool sql)
{
    const char *op = ops[c->op], *date = sql ? "DATE " : "", *tick = sql ? "'" : "";

    pt_str_addc(out, '(');
    switch (c->kind) {
    case COND_CATEGORY:
        pt_str_addf(out, "category %s ", op);
        quoted(out, c->value, sql);
        break;
    case COND_AMOUNT: pt_str_addf(out, "amount %s %s", op, amounts[c->value]); break;
    case COND_QUANTITY: pt_str_addf(out, "quantity %s %s", op, quantities[c->value]); break;
    case COND_DAY: pt_str_addf(out, "day %s %s%s%s%s", op, date, tick, days[c->value % 4], tick); break;
    case COND_FLAG: pt_str_add(out, c->value % 2 ? "flag = false" : "flag = true"); break;
    case COND_IN:
        pt_str_add(out, c->op % 2 ? "category in (" : "category not in (");
        quoted(out, c->value, sql);
        pt_str_add(out, ", ");
        quoted(out, c->op, sql);
        pt_str_add(out, ")");
        break;
    case COND_BETWEEN:
        if (c->op % 2)
            pt_str_addf(out, "day between %s%s%s%s and %s%s%s%s", date, tick, days[0], tick, date, tick,
                        days[c->value % 4], tick);
        else
            pt_str_addf(out, "quantity between %s and %s", quantities[0], quantities[c->value]);
        break;
    case COND_MISSING: {
        static const char *const columns[] = {"category", "amount", "quantity", "day"};
        pt_str_addf(out, "%s is %s%s", columns[c->value % 4], c->op % 2 ? "not " : "", sql ? "null" : "missing");
        break;
    }
    case COND_NOT:
        pt_str_add(out, "not ");
        cond_text(out, c->a, sql);
        break;
    case COND_AND:
    case COND_OR:
        cond_text(out, c->a, sql);
        pt_str_add(out, c->kind == COND_AND ? " and " : " or ");
        cond_text(out, c->b, sql);
        break;
    }
    pt_str_addc(out, ')');
}

void oracle_portrait(pt_str *out, const oracle_case *c)
{
    pt_str clauses = {0};
    const char *form = oracle_functions[c->fn].portrait, *at = strstr(form, "%s");

    if (c->cond) {
        pt_str_add(&clauses, " where ");
        cond_text(&clauses, c->cond, false);
    }
    switch (c->window) {
    case WIN_ALL: break;
    case WIN_WITHIN: pt_str_addf(&clauses, " within %dd", c->days); break;
    case WIN_SINCE: pt_str_addf(&clauses, " since 2024-%02d-%02d", 1 + c->days % 3, 1 + c->days % 28); break;
    case WIN_BETWEEN_DAYS:
        pt_str_addf(&clauses, " between 2024-02-%02d and 2024-03-%02d", 1 + c->days % 28, 1 + c->days2 % 31);
        break;
    case WIN_BETWEEN_AGO: pt_str_addf(&clauses, " between %dd and %dd", c->days, c->days2); break;
    }
    pt_str_addn(out, form, (size_t)(at - form));
    pt_str_add(out, pt_str_cstr(&clauses));
    pt_str_add(out, at + 2);
    pt_str_free(&clauses);
}

/* A local midnight as an instant. */
static void midnight(pt_str *out, int month, int day, int plus)
{
    pt_str_addf(out, "((DATE '2024-%02d-%02d' + %d)::TIMESTAMP AT TIME ZONE '" ORACLE_ZONE "')", month, day, plus);
}

static void window_sql(pt_str *out, const oracle_case *c)
{
    switch (c->window) {
    case WIN_ALL: break;
    case WIN_WITHIN: pt_str_addf(out, " AND us > %lld", (long long)(ORACLE_AS_OF - c->days * DAY)); break;
    case WIN_SINCE:
        pt_str_add(out, " AND time >= ");
        midnight(out, 1 + c->days % 3, 1 + c->days % 28, 0);
        break;
    case WIN_BETWEEN_DAYS:
        pt_str_add(out, " AND time >= ");
        midnight(out, 2, 1 + c->days % 28, 0);
        pt_str_add(out, " AND time < ");
        midnight(out, 3, 1 + c->days2 % 31, 1);
        break;
    case WIN_BETWEEN_AGO:
        pt_str_addf(out, " AND us > %lld AND us <= %lld", (long long)(ORACLE_AS_OF - c->days * DAY),
                    (long long)(ORACLE_AS_OF - c->days2 * DAY));
        break;
    }
}

void oracle_sql(pt_str *out, const oracle_case *c)
{
    pt_str_addf(out, "WITH e AS (SELECT * FROM ordered WHERE us <= %lld", (long long)ORACLE_AS_OF);
    window_sql(out, c);
    if (c->cond) {
        pt_str_add(out, " AND ");
        cond_text(out, c->cond, true);
    }
    pt_str_addf(out, "), a AS (SELECT customer, %s AS answer FROM e GROUP BY customer), ", oracle_functions[c->fn].sql);
    pt_str_addf(out, "nobody AS (SELECT %s AS answer FROM e WHERE false) ", oracle_functions[c->fn].sql);
    pt_str_addf(out,
                "SELECT CASE WHEN a.customer IS NULL THEN nobody.answer ELSE a.answer END FROM range(%d) r(customer) "
                "LEFT JOIN a USING (customer), nobody ORDER BY r.customer",
                ORACLE_CUSTOMERS);
}

/* --- shrinking ------------------------------------------------------------------------------------------------------ */

bool oracle_simpler(oracle_case *out, const oracle_case *c, int i)
{
    *out = *c;
    switch (i) {
    case 0: out->window = WIN_ALL; return c->window != WIN_ALL;
    case 1: out->cond = NULL; return c->cond != NULL;
    case 2: out->cond = c->cond ? c->cond->a : NULL; return out->cond != NULL;
    default: out->cond = c->cond ? c->cond->b : NULL; return out->cond != NULL;
    }
}
