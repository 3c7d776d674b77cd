/* Columns of one row against each other, and against the source they refer to. */
#include "quality/quality_int.h"

enum { SAMPLE = 2000, MOST_AMOUNTS = 6, MOST_WORDS = 6 };

/* --- one amount is computed from two others ------------------------------------------------------------------------------- */

typedef struct triple {
    int a, b, c;
    char op;
} triple;

static size_t list_triples(triple *out, const quality_job *j)
{
    int amounts[MOST_AMOUNTS];
    int n = 0;
    size_t k = 0;

    for (size_t i = 0; i < j->s->n_columns && n < MOST_AMOUNTS; i++)
        if (quality_is_amount(j->s->columns[i].type) && j->s->columns[i].measures[PT_MEASURE_DISTINCT] >= 3)
            amounts[n++] = (int)i;
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            for (int c = 0; c < n; c++)
                if (c != a && c != b) {
                    out[k++] = (triple){amounts[a], amounts[b], amounts[c], '*'};
                    out[k++] = (triple){amounts[a], amounts[b], amounts[c], '+'};
                }
    return k;
}

static const char *off_by(quality_job *j, const triple *t)
{
    const pt_quality_column *columns = j->s->columns;
    const char *a = quality_name(j, columns[t->a].sql), *b = quality_name(j, columns[t->b].sql);
    const char *c = quality_name(j, columns[t->c].sql);

    /* half a cent for each of two roundings, and a little for doubles */
    return quality_condition(j, -1,
                             "abs(CAST(%s AS DOUBLE) %c CAST(%s AS DOUBLE) - CAST(%s AS DOUBLE)) > 0.011 + 1e-6 * "
                             "abs(CAST(%s AS DOUBLE))",
                             a, t->op, b, c, c);
}

/* Rows in which it says something: with 0 and 1 nearly everything is the product of something. */
static const char *tells(quality_job *j, const triple *t)
{
    const char *a = quality_name(j, j->s->columns[t->a].sql), *b = quality_name(j, j->s->columns[t->b].sql);

    return quality_condition(j, -1, "%s NOT IN (0, 1) AND %s NOT IN (0, 1)", a, b);
}

static pt_rc sample_triples(double *values, quality_job *j, const triple *triples, size_t n, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT");
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&q.text, "%scount(*) FILTER (WHERE %s AND NOT %s), count(*) FILTER (WHERE %s AND %s IS NOT NULL)",
                    i ? ", " : "", tells(j, &triples[i]), off_by(j, &triples[i]), tells(j, &triples[i]),
                    quality_name(j, j->s->columns[triples[i].c].sql));
    pt_sql_kw(&q, "FROM (SELECT *");
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "LIMIT %d)", SAMPLE);
    pt_rc rc = quality_query_row(values, 2 * n, j->x->conn, &q, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc try_arithmetic(quality_job *j, pt_err *err)
{
    size_t most = (size_t)MOST_AMOUNTS * MOST_AMOUNTS * MOST_AMOUNTS;
    triple *triples = PT_NEW_ARRAY(j->x->arena, triple, most);
    double *values = PT_NEW_ARRAY(j->x->arena, double, 2 * most);

    if (!triples || !values)
        return pt_fail_nomem(err, "the quality report");
    size_t n = list_triples(triples, j);
    if (n == 0)
        return PT_OK;
    PT_TRY(sample_triples(values, j, triples, n, err));
    for (size_t i = 0; i < n; i++) {
        const triple *t = &triples[i];
        if (values[2 * i + 1] < 30 || values[2 * i] < 0.95 * values[2 * i + 1])
            continue;
        const char *detail =
            pt_arena_printf(j->x->arena, "%s %c %s", j->s->columns[t->a].name, t->op, j->s->columns[t->b].name);
        j->nomem |= !detail;
        quality_suspect_add(
            j, (quality_suspect){
                   .kind = PT_FINDING_ARITHMETIC, .column = t->c, .most = 0.05, .detail = detail, .sql = off_by(j, t)});
    }
    return PT_OK;
}

/* --- one word decides another ----------------------------------------------------------------------------------------------- */

static bool is_word(const pt_quality_column *c)
{
    double distinct = c->measures[PT_MEASURE_DISTINCT], filled = c->measures[PT_MEASURE_FILLED];

    return pt_type_is_text(c->type) && !c->identifier && !c->personal && distinct >= 2 && distinct <= 3000 &&
           filled >= 5 * distinct;
}

/* Whether no value of `b` is nearly all of it. */
static bool is_mixed(const pt_quality_column *b)
{
    return b->n_top && (double)b->top[0].rows <= 0.9 * b->measures[PT_MEASURE_FILLED];
}

/* Whether one column decides the other in nearly all of the first rows: most pairs are settled by those. */
static pt_rc sample_dependency(bool *out, quality_job *j, int a, int b, pt_err *err)
{
    const char *x = quality_name(j, j->s->columns[a].sql), *y = quality_name(j, j->s->columns[b].sql);
    double n[2] = {0, 0};
    pt_sql q = {0};

    pt_str_addf(
        &q.text,
        "SELECT coalesce(sum(n), 0)::DOUBLE, coalesce(sum(m), 0)::DOUBLE FROM (SELECT sum(n) AS n, max(n) AS m FROM"
        " (SELECT %s AS a, count(*) AS n FROM (SELECT *",
        x);
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "LIMIT %d) WHERE %s IS NOT NULL AND %s IS NOT NULL GROUP BY a, %s) GROUP BY a)", SAMPLE, x, y,
                y);
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    *out = n[0] > 0 && n[1] >= 0.97 * n[0];
    return rc;
}

/* temp.quality_pairs: combinations of (a, b) with their rows n, and the place of each among those of its a. */
static pt_rc make_pairs(quality_job *j, int a, int b, pt_err *err)
{
    const char *x = quality_name(j, j->s->columns[a].sql), *y = quality_name(j, j->s->columns[b].sql);
    pt_sql q = {0};

    pt_str_addf(
        &q.text,
        "CREATE OR REPLACE TEMP TABLE quality_pairs AS SELECT %s AS a, %s AS b, count(*) AS n, row_number() OVER"
        " (PARTITION BY %s ORDER BY count(*) DESC, %s) AS place",
        x, y, x, y);
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "AND %s IS NOT NULL AND %s IS NOT NULL GROUP BY %s, %s", x, y, x, y);
    pt_rc rc = pt_exec(j->x->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc show_contradictions(quality_job *j, int a, int b, const double *n, pt_err *err)
{
    pt_sql q = {0};
    char *detail = NULL;

    pt_sql_kw(
        &q,
        "SELECT coalesce(string_agg(a || ' -> ' || b, '; '), '') FROM (SELECT a, b FROM quality_pairs WHERE place > 1"
        " ORDER BY n DESC, a, b LIMIT 2)");
    pt_rc rc = pt_query_text(&detail, j->x->conn, &q, j->x->arena, err);
    pt_sql_free(&q);
    if (rc != PT_OK)
        return rc;
    pt_quality_finding *f = quality_add(j, PT_FINDING_DEPENDENCY, b);
    f->of = (uint64_t)n[0];
    f->rows = (uint64_t)n[1];
    f->detail = detail;
    const char *sql = quality_condition(j, -1, "(%s, %s) IN (SELECT (a, b) FROM quality_pairs WHERE place > 1)",
                                        quality_name(j, j->s->columns[a].sql), quality_name(j, j->s->columns[b].sql));
    return quality_examples(j, f, b, sql, err);
}

static pt_rc try_dependency(quality_job *j, int a, int b, pt_err *err)
{
    double n[2] = {0, 0};
    pt_sql q = {0};
    bool likely;

    PT_TRY(sample_dependency(&likely, j, a, b, err));
    if (!likely)
        return PT_OK;
    PT_TRY(make_pairs(j, a, b, err));
    pt_sql_kw(
        &q,
        "SELECT coalesce(sum(n), 0)::DOUBLE, coalesce(sum(n) FILTER (WHERE place > 1), 0)::DOUBLE FROM quality_pairs");
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    return rc == PT_OK && n[1] > 0 && n[1] <= 0.01 * n[0] ? show_contradictions(j, a, b, n, err) : rc;
}

static pt_rc try_dependencies(quality_job *j, pt_err *err)
{
    int words[MOST_WORDS];
    int n = 0;

    for (size_t i = 0; i < j->s->n_columns && n < MOST_WORDS; i++)
        if (is_word(&j->s->columns[i]))
            words[n++] = (int)i;
    for (int a = 0; a < n; a++)
        for (int b = 0; b < n; b++) {
            const pt_quality_column *x = &j->s->columns[words[a]], *y = &j->s->columns[words[b]];
            if (a != b && x->measures[PT_MEASURE_DISTINCT] > y->measures[PT_MEASURE_DISTINCT] && is_mixed(y))
                PT_TRY(try_dependency(j, words[a], words[b], err));
        }
    return PT_OK;
}

/* --- what it refers to ---------------------------------------------------------------------------------------------------------- */

static int column_called(const pt_quality_source *s, const char *name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (!s->columns[i].identifier && strcmp(s->columns[i].name, name) == 0)
            return (int)i;
    return -1;
}

static void suspect_orphans(quality_job *j, int column, const char *source, const char *key, double most)
{
    const char *other = quality_name(j, source), *k = quality_name(j, key);
    const char *detail = pt_arena_printf(j->x->arena, "%s.%s", source, key);

    j->nomem |= !detail;
    quality_suspect_add(
        j, (quality_suspect){.kind = PT_FINDING_ORPHAN,
                             .column = column,
                             .most = most,
                             .detail = detail,
                             .sql = quality_condition(j, column,
                                                      "CAST(` AS VARCHAR) NOT IN (SELECT CAST(%s AS VARCHAR) FROM "
                                                      "clean.%s WHERE %s IS NOT NULL)",
                                                      k, other, k)});
}

/* The keys of lookups, and columns that are called as the key of a reference. */
static void suspect_references(quality_job *j)
{
    const pt_project *p = j->x->project;
    const pt_source *s = &p->sources[j->s->source];

    for (size_t r = 0; r < p->n_sources; r++) {
        const pt_source *reference = &p->sources[r];
        int column = -1;
        const char *key = reference->n_columns ? reference->columns[0].name : NULL;
        bool looked_up = false;
        if (reference->kind != PT_SOURCE_REFERENCE || r == j->s->source || !key)
            continue;
        for (size_t i = 0; i < s->n_columns && !looked_up; i++)
            if (s->columns[i].lookup.source && strcmp(s->columns[i].lookup.source, reference->name) == 0) {
                column = column_called(j->s, s->columns[i].lookup.by);
                key = s->columns[i].lookup.key ? s->columns[i].lookup.key : key;
                looked_up = column >= 0;
            }
        if (!looked_up)
            column = column_called(j->s, key);
        if (column >= 0 && pt_type_is_text(j->s->columns[column].type))
            suspect_orphans(j, column, reference->name, key, looked_up ? 1 : 0.2);
    }
}

pt_rc quality_relations(quality_job *j, pt_err *err)
{
    if (j->s->rows == 0)
        return PT_OK;
    PT_TRY(try_arithmetic(j, err));
    PT_TRY(try_dependencies(j, err));
    suspect_references(j);
    return quality_suspects_try(j, err);
}
