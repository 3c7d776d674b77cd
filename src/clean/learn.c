/* What rules learn of many rows: the value that fills, the bounds that outliers lie outside of, for all rows or a group. The
 * result must not depend on the order in which the engine's threads meet the rows, so sums of numbers are taken in whole
 * multiples of a power of two, exactly, and rounded once. */
#include <math.h>

#include "base/money.h"
#include "clean/clean_int.h"
#include "source/source.h"

enum { FEWEST_FOR_QUARTILES = 4 };

bool pt_clean_learns_as_of(const pt_clean_rule *r)
{
    switch (r->kind) {
    case PT_CLEAN_FILL: return r->fill != PT_FILL_CONSTANT && r->fill != PT_FILL_PREVIOUS;
    case PT_CLEAN_OUTLIERS: return r->method != PT_OUTLIERS_RANGE;
    case PT_CLEAN_DEDUPE:
    case PT_CLEAN_NEAR: return true;
    default: return false;
    }
}

/* --- statements ----------------------------------------------------------------------------------------------------- */

pt_rc pt_clean_exec(pt_sql *q, pt_clean_run *run, pt_err *err)
{
    pt_rc rc = pt_exec(run->conn, q, NULL, err);

    pt_sql_free(q);
    return rc;
}

pt_rc pt_clean_table(pt_sql *q, pt_clean_run *run, size_t k, pt_clean_join join, pt_err *err)
{
    pt_clean_step *s = &run->steps[k];

    s->table = pt_arena_printf(run->arena, "%s__%.16s__%u", run->source->name, run->made_from, s->number);
    if (!s->table)
        return pt_fail_nomem(err, "cleaning");
    s->join = join;
    pt_sql_kw(q, "CREATE OR REPLACE TABLE clean.");
    pt_sql_ident(q, s->table);
    pt_sql_kw(q, "AS");
    return PT_OK;
}

static void add_column(pt_sql *q, const pt_clean_step *s)
{
    pt_sql_ident(q, s->rule->column);
}

/* "FROM <rows before step k> WHERE they may be learned from AND the column has a value". */
static void add_known(pt_sql *q, const pt_clean_run *run, size_t k)
{
    pt_sql_kw(q, "FROM");
    pt_clean_rows(q, run, k);
    pt_clean_where(q, run);
    pt_sql_kw(q, "AND");
    add_column(q, &run->steps[k]);
    pt_sql_kw(q, "IS NOT NULL");
}

/* "<group 0> AS g0, ... ," */
static void add_groups(pt_sql *q, const pt_clean_run *run, size_t k)
{
    const pt_clean_rule *r = run->steps[k].rule;

    for (size_t g = 0; g < r->n_by; g++) {
        const char *name = pt_clean_group(run, r->by[g]);
        q->text.failed |= !name;
        pt_sql_ident(q, name ? name : "");
        pt_str_addf(&q->text, " AS g%zu, ", g);
    }
}

static void add_group_names(pt_sql *q, const pt_clean_run *run, size_t k)
{
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++)
        pt_str_addf(&q->text, "g%zu, ", g);
}

static void add_group_by(pt_sql *q, const pt_clean_run *run, size_t k)
{
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++)
        pt_str_addf(&q->text, "%s g%zu", g ? "," : " GROUP BY", g);
}

/* One row of doubles; missing is NAN. */
static pt_rc ask_numbers(double *out, size_t n, pt_sql *q, pt_clean_run *run, pt_err *err)
{
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    pt_rc rc = pt_query(&cursor, run->conn, q, err);

    pt_sql_free(q);
    for (size_t i = 0; i < n; i++)
        out[i] = NAN;
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows && rows->n)
        for (size_t i = 0; i < n; i++)
            out[i] = ((const double *)rows->cells[i].data)[0];
    pt_cursor_close(cursor);
    return rc;
}

/* --- numbers as whole multiples of a power of two ---------------------------------------------------------------------- */

typedef struct grid {
    double origin, scale; /* a value x is the integer nearest to (x - origin) * scale */
} grid;

/* So that |integer| < 2^bits for all values from `least` to `most`. A power of two: multiplying by it rounds nothing. */
static grid make_grid(double least, double most, bool centred, int bits)
{
    grid g = {.scale = 1};
    int exponent;

    if (centred)
        g.origin = least / 2 + most / 2;
    if (most - least >= 1)
        g.origin = floor(g.origin); /* whole numbers stay whole, and exact */
    double far = fmax(fabs(least - g.origin), fabs(most - g.origin));
    if (!(far > 0) || !isfinite(far))
        return g;
    frexp(far, &exponent);
    exponent = bits - exponent;
    g.scale = ldexp(1, exponent > 1000 ? 1000 : exponent < -1000 ? -1000 : exponent);
    return g;
}

static pt_rc find_grid(grid *out, pt_clean_run *run, size_t k, bool centred, int bits, pt_err *err)
{
    pt_sql q = {0};
    double ends[2];

    pt_sql_kw(&q, "SELECT CAST(min(");
    add_column(&q, &run->steps[k]);
    pt_sql_kw(&q, ") AS DOUBLE), CAST(max(");
    add_column(&q, &run->steps[k]);
    pt_sql_kw(&q, ") AS DOUBLE)");
    add_known(&q, run, k);
    PT_TRY(ask_numbers(ends, 2, &q, run, err));
    *out = isnan(ends[0]) ? (grid){.scale = 1} : make_grid(ends[0], ends[1], centred, bits);
    return PT_OK;
}

static void add_double(pt_sql *q, double v)
{
    char buf[32];

    pt_format_double(buf, v);
    pt_sql_kw(q, "CAST(");
    pt_sql_text(q, pt_sv_of(buf));
    pt_sql_kw(q, "AS DOUBLE)");
}

static void add_on_grid(pt_sql *q, const pt_clean_step *s, const grid *g)
{
    pt_sql_kw(q, "CAST((CAST(");
    add_column(q, s);
    pt_sql_kw(q, "AS DOUBLE) -");
    add_double(q, g->origin);
    pt_sql_kw(q, ") *");
    add_double(q, g->scale);
    pt_sql_kw(q, "AS BIGINT)");
}

/* --- what fills: mean and median ------------------------------------------------------------------------------------ */

/* An exact sum in units of 1/10,000: a product of decimals this wide would not fit, their digits do. */
#define UNITS_OF(sum) "CAST(replace(CAST(" sum " AS VARCHAR), '.', '') AS HUGEINT)"
/* (a whole number of units) / n as an amount, a half away from zero. Division by n after doubling keeps the half. */
#define AMOUNT_OF(sum, n)                                                               \
    "CAST(CAST(CAST(sign(" sum ") AS HUGEINT) * ((2 * abs(" sum ") + " n ") // (2 * " n \
    ")) AS DECIMAL(22,0)) * 0.0001"                                                     \
    " AS DECIMAL(18,4))"

/* "SELECT <groups>, value AS v FROM (SELECT <groups>, <sum>, <n> FROM ... GROUP BY ...)" */
static pt_rc add_mean(pt_sql *q, pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_step *s = &run->steps[k];
    bool money = s->column->type == PT_TYPE_MONEY;
    grid g = {.scale = 1};

    if (!money)
        PT_TRY(find_grid(&g, run, k, false, 62, err));
    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    if (money)
        pt_sql_kw(q, AMOUNT_OF(UNITS_OF("s"), "n"));
    else {
        pt_sql_kw(q, "CAST(s AS DOUBLE) / n /");
        add_double(q, g.scale);
    }
    pt_sql_kw(q, "AS v FROM (SELECT");
    add_groups(q, run, k);
    pt_sql_kw(q, "sum(");
    if (money)
        add_column(q, s);
    else
        add_on_grid(q, s, &g);
    pt_sql_kw(q, ") AS s, count(*) AS n");
    add_known(q, run, k);
    add_group_by(q, run, k);
    pt_sql_kw(q, ")");
    return PT_OK;
}

/* Of an even number of amounts the middle two are the lower median and the next value: a quantile a little above the half
 * finds it among up to 10^11 rows. */
static void add_median(pt_sql *q, pt_clean_run *run, size_t k)
{
    const pt_clean_step *s = &run->steps[k];
    bool money = s->column->type == PT_TYPE_MONEY;

    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    pt_sql_kw(q, money ? AMOUNT_OF(UNITS_OF("CAST(m[1] AS DECIMAL(38,4)) + m[2]"), "2") : "m");
    pt_sql_kw(q, "AS v FROM (SELECT");
    add_groups(q, run, k);
    pt_sql_kw(q, money ? "quantile_disc(" : "quantile_cont(");
    add_column(q, s);
    pt_sql_kw(q, money ? ", [0.5, 0.50000000001]) AS m" : ", 0.5) AS m");
    add_known(q, run, k);
    add_group_by(q, run, k);
    pt_sql_kw(q, ")");
}

/* Of several most frequent values the one that comes first. */
static void add_mode(pt_sql *q, pt_clean_run *run, size_t k)
{
    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    pt_sql_kw(q, "v FROM (SELECT");
    add_groups(q, run, k);
    add_column(q, &run->steps[k]);
    pt_sql_kw(q, "AS v, count(*) AS n, min(_seq) AS first_seq");
    add_known(q, run, k);
    add_group_by(q, run, k);
    pt_sql_kw(q, run->steps[k].rule->n_by ? ", v)" : "GROUP BY v)");
    pt_sql_kw(q, "QUALIFY row_number() OVER (");
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++)
        pt_str_addf(&q->text, "%s g%zu", g ? "," : "PARTITION BY", g);
    pt_sql_kw(q, " ORDER BY n DESC, first_seq) = 1");
}

/* The one row of a statistic without groups, as a literal. */
static pt_rc keep_value(pt_sql *q, pt_clean_run *run, size_t k, pt_err *err)
{
    pt_clean_step *s = &run->steps[k];
    bool list = s->column->type == PT_TYPE_LIST;
    char *text = NULL;
    pt_sql outer = {.user = q->user};

    /* A list is kept as its items, quoted. */
    pt_sql_kw(&outer, list ? "SELECT CAST(to_json(v) AS VARCHAR) FROM (" : "SELECT CAST(v AS VARCHAR) FROM (");
    pt_str_addsv(&outer.text, (pt_sv){pt_str_cstr(&q->text), q->text.len});
    pt_sql_kw(&outer, ") WHERE v IS NOT NULL");
    outer.text.failed |= q->text.failed;
    pt_rc rc = pt_query_text(&text, run->conn, &outer, run->arena, err);
    pt_sql_free(&outer);
    pt_sql_free(q);
    if (rc == PT_ENOTFOUND || (rc == PT_OK && !text))
        return PT_OK; /* no row has a value */
    if (rc != PT_OK)
        return rc;
    s->learned = text;
    pt_sql literal = {0};
    pt_sql_kw(&literal, list ? "CAST(CAST(" : "CAST(");
    pt_sql_text(&literal, pt_sv_of(text));
    pt_sql_kw(&literal, list ? "AS JSON) AS" : "AS");
    pt_sql_kw(&literal, pt_sql_type(s->column->type));
    pt_sql_kw(&literal, ")");
    s->value = literal.text.failed ? NULL : pt_arena_strdup(run->arena, pt_str_cstr(&literal.text));
    pt_sql_free(&literal);
    return s->value ? PT_OK : pt_fail_nomem(err, "cleaning");
}

static pt_rc learn_statistic(pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_rule *r = run->steps[k].rule;
    pt_sql q = {0};
    pt_rc rc = r->n_by ? pt_clean_table(&q, run, k, PT_JOIN_GROUPS, err) : PT_OK;

    /* The step has its table from here on, but is no layer yet: the rows asked are those before it. */
    if (rc == PT_OK && r->fill == PT_FILL_MEAN)
        rc = add_mean(&q, run, k, err);
    else if (rc == PT_OK && r->fill == PT_FILL_MEDIAN)
        add_median(&q, run, k);
    else if (rc == PT_OK)
        add_mode(&q, run, k);
    if (rc != PT_OK) {
        pt_sql_free(&q);
        return rc;
    }
    return r->n_by ? pt_clean_exec(&q, run, err) : keep_value(&q, run, k, err);
}

/* --- what fills: the value before ------------------------------------------------------------------------------------- */

/* Whose value: the groups, or the first identifier that the row has. */
static void add_owner(pt_sql *q, const pt_clean_run *run, size_t k)
{
    const pt_clean_rule *r = run->steps[k].rule;

    for (size_t g = 0; g < r->n_by; g++) {
        const char *name = pt_clean_group(run, r->by[g]);
        q->text.failed |= !name;
        pt_sql_kw(q, g ? "," : "");
        pt_sql_ident(q, name ? name : "");
    }
    if (r->n_by)
        return;
    pt_sql_kw(q, "coalesce(");
    for (size_t i = 0; i < run->source->n_identifiers; i++) {
        const char *name = pt_clean_identifier(run, i);
        q->text.failed |= !name;
        pt_str_addf(&q->text, "%s'%zu:' || ", i ? ", " : "", i);
        pt_sql_ident(q, name ? name : "");
    }
    pt_sql_kw(q, ")");
}

static pt_rc learn_previous(pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_step *s = &run->steps[k];
    pt_sql q = {0};
    pt_rc rc = pt_clean_table(&q, run, k, PT_JOIN_ROWS, err);

    if (rc != PT_OK) {
        pt_sql_free(&q);
        return rc;
    }
    pt_sql_kw(&q, "SELECT seq, v FROM (SELECT _seq AS seq,");
    add_column(&q, s);
    pt_sql_kw(&q, "AS x, last_value(");
    add_column(&q, s);
    pt_sql_kw(&q, "IGNORE NULLS) OVER (PARTITION BY");
    add_owner(&q, run, k);
    pt_sql_kw(&q, "ORDER BY _time NULLS FIRST, _seq ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS v FROM");
    pt_clean_rows(&q, run, k);
    pt_sql_kw(&q, "WHERE _dropped IS NULL");
    if (!s->rule->n_by) {
        pt_sql_kw(&q, "AND");
        add_owner(&q, run, k);
        pt_sql_kw(&q, "IS NOT NULL");
    }
    pt_sql_kw(&q, ") WHERE x IS NULL AND v IS NOT NULL");
    return pt_clean_exec(&q, run, err);
}

/* --- bounds --------------------------------------------------------------------------------------------------------- */

/* centre and spread of `values AS x` by group, and n: a value is outside when it is more than factor times the spread from
 * the centre (for quartiles: from the nearer one). */
static void add_quartiles(pt_sql *q, pt_clean_run *run, size_t k)
{
    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    pt_str_addf(&q->text, "m[1] AS below, m[2] AS above, m[2] - m[1] AS spread, n >= %d AS enough FROM (SELECT ",
                FEWEST_FOR_QUARTILES);
    add_groups(q, run, k);
    pt_sql_kw(q, "quantile_cont(CAST(");
    add_column(q, &run->steps[k]);
    pt_sql_kw(q, "AS DOUBLE), [0.25, 0.75]) AS m, count(*) AS n");
    add_known(q, run, k);
    add_group_by(q, run, k);
    pt_sql_kw(q, ")");
}

static void add_medians(pt_sql *q, pt_clean_run *run, size_t k)
{
    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    pt_sql_kw(q, "any_value(m) AS below, any_value(m) AS above, 1.4826 * quantile_cont(abs(x - m), 0.5) AS spread,");
    pt_str_addf(&q->text, "count(*) >= %d AS enough FROM (SELECT ", FEWEST_FOR_QUARTILES);
    add_group_names(q, run, k);
    pt_sql_kw(q, "x, m FROM (SELECT");
    add_groups(q, run, k);
    pt_sql_kw(q, "CAST(");
    add_column(q, &run->steps[k]);
    pt_sql_kw(q, "AS DOUBLE) AS x");
    add_known(q, run, k);
    pt_sql_kw(q, ") AS a, (SELECT");
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++) {
        const char *name = pt_clean_group(run, run->steps[k].rule->by[g]);
        q->text.failed |= !name;
        pt_sql_ident(q, name ? name : "");
        pt_str_addf(&q->text, " AS h%zu, ", g);
    }
    pt_sql_kw(q, "quantile_cont(CAST(");
    add_column(q, &run->steps[k]);
    pt_sql_kw(q, "AS DOUBLE), 0.5) AS m");
    add_known(q, run, k);
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++)
        pt_str_addf(&q->text, "%s h%zu", g ? "," : "GROUP BY", g);
    pt_sql_kw(q, ") AS b WHERE true");
    for (size_t g = 0; g < run->steps[k].rule->n_by; g++)
        pt_str_addf(&q->text, " AND g%zu IS NOT DISTINCT FROM h%zu", g, g);
    pt_sql_kw(q, ")");
    add_group_by(q, run, k);
}

/* With the integers i of the grid: mean = origin + sum(i)/n/scale; the squares about the nearest integer to the mean are
 * sum(i*i) - 2*c*sum(i) + n*c*c, exact in 128 bits since |i| < 2^31 and n < 2^40. */
static pt_rc add_deviations(pt_sql *q, pt_clean_run *run, size_t k, pt_err *err)
{
    grid g;

    PT_TRY(find_grid(&g, run, k, true, 31, err));
    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    add_double(q, g.origin);
    pt_sql_kw(q, "+ CAST(s AS DOUBLE) / n /");
    add_double(q, g.scale);
    pt_sql_kw(q, "AS below, below AS above,"
                 " sqrt(greatest(CAST(s2 - 2 * c * s + n * c * c AS DOUBLE) - CAST(s - n * c AS DOUBLE) *"
                 " CAST(s - n * c AS DOUBLE) / n, 0) / (n - 1)) /");
    add_double(q, g.scale);
    pt_sql_kw(q, "AS spread, n >= 2 AS enough FROM (SELECT *, s // n AS c FROM (SELECT");
    add_group_names(q, run, k);
    pt_sql_kw(q, "CAST(sum(i) AS HUGEINT) AS s, CAST(sum(i * i) AS HUGEINT) AS s2, CAST(count(*) AS HUGEINT) AS n FROM "
                 "(SELECT");
    add_groups(q, run, k);
    add_on_grid(q, &run->steps[k], &g);
    pt_sql_kw(q, "AS i");
    add_known(q, run, k);
    pt_sql_kw(q, ")");
    add_group_by(q, run, k);
    pt_sql_kw(q, "))");
    return PT_OK;
}

/* low and high in the column's type. Bounds that no amount reaches are open. */
static pt_rc add_bounds(pt_sql *q, pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_step *s = &run->steps[k];
    const char *type = pt_sql_type(s->column->type);

    pt_sql_kw(q, "SELECT");
    add_group_names(q, run, k);
    pt_sql_kw(q, "TRY_CAST(below - spread *");
    add_double(q, s->rule->factor);
    pt_sql_kw(q, "AS");
    pt_sql_kw(q, type);
    pt_sql_kw(q, ") AS low, TRY_CAST(above + spread *");
    add_double(q, s->rule->factor);
    pt_sql_kw(q, "AS");
    pt_sql_kw(q, type);
    pt_sql_kw(q, ") AS high FROM (");
    if (s->rule->method == PT_OUTLIERS_IQR)
        add_quartiles(q, run, k);
    else if (s->rule->method == PT_OUTLIERS_MAD)
        add_medians(q, run, k);
    else
        PT_TRY(add_deviations(q, run, k, err));
    pt_sql_kw(q, ") WHERE enough AND spread > 0");
    return PT_OK;
}

static pt_rc keep_bound(const char **literal, const char **text, pt_clean_run *run, size_t k, pt_sv value, pt_err *err)
{
    *text = "";
    if (!value.ptr)
        return PT_OK;
    *text = pt_arena_strndup(run->arena, value.ptr, value.len);
    *literal = *text ? pt_clean_literal(run, run->steps[k].column->type, *text) : NULL;
    return *literal ? PT_OK : pt_fail_nomem(err, "cleaning");
}

static pt_rc keep_both(pt_clean_run *run, size_t k, pt_sv low, pt_sv high, pt_err *err)
{
    pt_clean_step *s = &run->steps[k];
    const char *from, *to;

    PT_TRY(keep_bound(&s->low, &from, run, k, low, err));
    PT_TRY(keep_bound(&s->high, &to, run, k, high, err));
    s->learned = pt_arena_printf(run->arena, "%s..%s", from, to);
    return s->learned ? PT_OK : pt_fail_nomem(err, "cleaning");
}

/* The one row of bounds without groups, as literals. */
static pt_rc keep_bounds(pt_sql *q, pt_clean_run *run, size_t k, pt_err *err)
{
    pt_sql outer = {.user = q->user};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    pt_sql_kw(&outer, "SELECT CAST(low AS VARCHAR), CAST(high AS VARCHAR) FROM (");
    pt_str_addsv(&outer.text, (pt_sv){pt_str_cstr(&q->text), q->text.len});
    pt_sql_kw(&outer, ")");
    outer.text.failed |= q->text.failed;
    pt_rc rc = pt_query(&cursor, run->conn, &outer, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows && rows->n)
        rc = keep_both(run, k, *(const pt_sv *)rows->cells[0].data, *(const pt_sv *)rows->cells[1].data, err);
    pt_cursor_close(cursor);
    pt_sql_free(&outer);
    pt_sql_free(q);
    return rc;
}

static pt_rc learn_bounds(pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_rule *r = run->steps[k].rule;
    pt_sql q = {0};
    pt_rc rc = r->n_by ? pt_clean_table(&q, run, k, PT_JOIN_GROUPS, err) : PT_OK;

    if (rc == PT_OK)
        rc = add_bounds(&q, run, k, err);
    if (rc != PT_OK) {
        pt_sql_free(&q);
        return rc;
    }
    return r->n_by ? pt_clean_exec(&q, run, err) : keep_bounds(&q, run, k, err);
}

/* --- a step --------------------------------------------------------------------------------------------------------- */

static pt_rc take_range(pt_clean_run *run, pt_clean_step *s, pt_err *err)
{
    const pt_clean_rule *r = s->rule;

    if (r->low && !(s->low = pt_clean_literal(run, s->column->type, r->low)))
        return pt_fail_nomem(err, "cleaning");
    if (r->high && !(s->high = pt_clean_literal(run, s->column->type, r->high)))
        return pt_fail_nomem(err, "cleaning");
    return PT_OK;
}

static pt_rc learn_fill(pt_clean_run *run, size_t k, pt_err *err)
{
    pt_clean_step *s = &run->steps[k];

    if (s->rule->fill == PT_FILL_PREVIOUS)
        return learn_previous(run, k, err);
    if (s->rule->fill != PT_FILL_CONSTANT)
        return learn_statistic(run, k, err);
    s->value = pt_clean_literal(run, s->column->type, s->rule->constant);
    return s->value ? PT_OK : pt_fail_nomem(err, "cleaning");
}

pt_rc pt_clean_learn(pt_clean_run *run, size_t k, pt_err *err)
{
    pt_clean_step *s = &run->steps[k];

    switch (s->rule->kind) {
    case PT_CLEAN_FILL: return learn_fill(run, k, err);
    case PT_CLEAN_OUTLIERS:
        return s->rule->method == PT_OUTLIERS_RANGE ? take_range(run, s, err) : learn_bounds(run, k, err);
    case PT_CLEAN_DEDUPE: return pt_clean_find_duplicates(run, k, err);
    case PT_CLEAN_NEAR: return pt_clean_find_near(run, k, err);
    default: return PT_OK;
    }
}
