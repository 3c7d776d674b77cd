/* Numbers and money: stand-ins for "unknown", signs, decimal points, units, made-up figures. Most follow from the measures of
 * the profile, so that the rows are looked at once. */
#include "quality/quality_int.h"

static double at(const pt_quality_column *c, pt_measure m)
{
    return c->measures[m];
}

/* --- stand-ins ------------------------------------------------------------------------------------------------------ */

static bool is_sentinel(double v)
{
    static const double known[] = {-1,   -9,    -99,    -999,    -9999,    -99999,    -999999,   999,
                                   9999, 99999, 999999, 9999999, 99999999, 999999999, 2147483647};

    for (size_t i = 0; i < PT_COUNT(known); i++)
        if (v == known[i])
            return true;
    return false;
}

/* What the values would be without `v`: the next one to it at its end. */
static pt_rc next_to(double *out, quality_job *j, int column, double v, bool top, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, quality_condition(j, column, "SELECT CAST(%s(`) AS DOUBLE)", top ? "max" : "min"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` <> %s", quality_number_text(j, v)));
    pt_rc rc = quality_query_row(out, 1, j->x->conn, &q, err);
    pt_sql_free(&q);
    return rc;
}

static void suspect_value(quality_job *j, int column, double v)
{
    char text[40];

    pt_format_double(text, v);
    quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_SENTINEL,
                                             .column = column,
                                             .most = 0.9,
                                             .at_least = 2,
                                             .detail = pt_arena_strdup(j->x->arena, text),
                                             .sql = quality_condition(j, column, "` = %s", quality_number_text(j, v))});
}

/* A known stand-in that is far outside what the others are. *low and *high are then those of the others. */
static pt_rc try_sentinels(quality_job *j, int column, double *low, double *high, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    double next;

    *low = at(c, PT_MEASURE_MIN);
    *high = at(c, PT_MEASURE_MAX);
    if (*high > 0 && is_sentinel(*high)) {
        PT_TRY(next_to(&next, j, column, *high, true, err));
        if (*high > 2 * next) {
            suspect_value(j, column, *high);
            *high = next;
        }
    }
    if (*low < 0 && is_sentinel(*low)) {
        PT_TRY(next_to(&next, j, column, *low, false, err));
        if (next >= 0) {
            suspect_value(j, column, *low);
            *low = next;
        }
    }
    return PT_OK;
}

/* --- outside -------------------------------------------------------------------------------------------------------- */

/* Beyond this no value belongs to the others: far in quartile ranges where the values have a short tail, far in ratios of
 * quartiles where they have a long one. */
static double limit_above(const pt_quality_column *c)
{
    double p25 = at(c, PT_MEASURE_P25), p75 = at(c, PT_MEASURE_P75), range = p75 - p25;
    bool short_tail = range > 0 && at(c, PT_MEASURE_P99) < p75 + 3 * range;

    if (short_tail)
        return p75 + 10 * range;
    if (!(p25 > 0) || !(p75 > 0))
        return INFINITY;
    double ratio = p75 / p25 < 1.5 ? 1.5 : p75 / p25;
    return p75 * pow(ratio, 6) < 20 * at(c, PT_MEASURE_P99) ? 20 * at(c, PT_MEASURE_P99) : p75 * pow(ratio, 6);
}

static void suspect_outside(quality_job *j, int column, double low, double high)
{
    const pt_quality_column *c = &j->s->columns[column];
    double limit = limit_above(c);

    if (low < 0)
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_NEGATIVE,
                                                 .column = column,
                                                 .most = 0.05,
                                                 .sql = quality_condition(j, column, "` < 0 AND ` >= %s",
                                                                          quality_number_text(j, low))});
    if (isfinite(limit) && high > limit)
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_EXTREME,
                                                 .column = column,
                                                 .most = 0.01,
                                                 .detail = pt_arena_printf(j->x->arena, "%.4g", limit),
                                                 .sql = quality_condition(j, column, "` > %s AND ` <= %s",
                                                                          quality_number_text(j, limit),
                                                                          quality_number_text(j, high))});
}

static void suspect_ages(quality_job *j, int column)
{
    if (quality_is_called(j->s->columns[column].name, "age 年龄"))
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_IMPLAUSIBLE_AGE,
                                                 .column = column,
                                                 .most = 0.9,
                                                 .sql = quality_condition(j, column, "` NOT BETWEEN 0 AND 120")});
}

/* --- units ---------------------------------------------------------------------------------------------------------- */

enum { BINS = 5, MOST_BINS = 400 }; /* of a factor of ten */

typedef struct histogram {
    double bin[MOST_BINS], rows[MOST_BINS];
    size_t n;
    double total;
} histogram;

static pt_rc add_bin(void *ctx, const double *values, size_t n, pt_err *err)
{
    histogram *h = ctx;

    (void)n, (void)err;
    if (h->n < MOST_BINS) {
        h->bin[h->n] = values[0];
        h->rows[h->n++] = values[1];
        h->total += values[1];
    }
    return PT_OK;
}

static pt_rc read_histogram(histogram *h, quality_job *j, int column, pt_err *err)
{
    quality_numbers to = {h, add_bin};
    pt_sql q = {0};

    *h = (histogram){.n = 0};
    pt_sql_kw(&q, quality_condition(j, column, "SELECT floor(log10(CAST(` AS DOUBLE)) * %d) AS b, count(*)", BINS));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` > 0 GROUP BY b ORDER BY b"));
    pt_rc rc = quality_query_numbers(j->x->conn, &q, &to, err);
    pt_sql_free(&q);
    return rc;
}

/* The middle of a gap of at least half a factor of ten with some of all values on both sides; NaN: none. *share is the
 * part above, *factor how far the middles of the two parts are apart. */
static double find_gap(const histogram *h, double *factor, double *share)
{
    double below = 0, sum_below = 0, sum = 0, gap = NAN;

    for (size_t i = 0; i < h->n; i++)
        sum += h->bin[i] * h->rows[i];
    for (size_t i = 0; i + 1 < h->n; i++) {
        below += h->rows[i];
        sum_below += h->bin[i] * h->rows[i];
        double above = h->total - below;
        if (h->bin[i + 1] - h->bin[i] < 3 || below < 0.005 * h->total || above < 0.005 * h->total)
            continue;
        *factor = pow(10, ((sum - sum_below) / above - sum_below / below) / BINS);
        *share = above / h->total;
        gap = pow(10, (h->bin[i] + 1 + h->bin[i + 1]) / 2 / BINS);
    }
    return gap;
}

/* 10, 100, 1000 and the catty: two groups so far apart are the same thing in two units. */
static double near_unit(double factor)
{
    static const double units[] = {10, 100, 500, 1000, 10000};

    for (size_t i = 0; i < PT_COUNT(units); i++)
        if (factor > units[i] / 1.6 && factor < units[i] * 1.6)
            return units[i];
    return 0;
}

static pt_rc try_units(quality_job *j, int column, pt_err *err)
{
    histogram h;
    double factor = 0, share = 0;

    if (!(at(&j->s->columns[column], PT_MEASURE_DISTINCT) >= 50))
        return PT_OK;
    PT_TRY(read_histogram(&h, j, column, err));
    double gap = find_gap(&h, &factor, &share), unit = near_unit(factor);
    if (isnan(gap) || unit == 0)
        return PT_OK;
    quality_suspect_add(
        j, (quality_suspect){.kind = PT_FINDING_MIXED_UNITS,
                             .column = column,
                             .most = 1,
                             .figure = unit,
                             .sql = quality_condition(j, column, "` > 0 AND ` %s %s", share < 0.5 ? ">" : "<",
                                                      quality_number_text(j, gap))});
    return PT_OK;
}

/* --- made up -------------------------------------------------------------------------------------------------------- */

/* Benford's law holds for amounts that grow by factors, over several powers of ten; the limit is Nigrini's for
 * nonconformity of the first digit. */
static const double benford_limit = 0.015;

static bool follows_benford(const pt_quality_column *c)
{
    double p01 = at(c, PT_MEASURE_P01), p99 = at(c, PT_MEASURE_P99);

    return at(c, PT_MEASURE_FILLED) >= 1000 && at(c, PT_MEASURE_DISTINCT) >= 500 && p01 > 0 && p99 >= 200 * p01 &&
           c->type == PT_TYPE_MONEY;
}

static pt_rc try_benford(quality_job *j, int column, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    double n[9] = {0}, total = 0, deviation = 0;
    pt_sql q = {0};

    if (!follows_benford(c))
        return PT_OK;
    pt_sql_kw(&q, "SELECT");
    for (int d = 1; d <= 9; d++)
        pt_str_addf(&q.text, "%scount(*) FILTER (WHERE d = %d)", d > 1 ? ", " : "", d);
    pt_sql_kw(&q,
              quality_condition(j, column, "FROM (SELECT floor(` / pow(10, floor(log10(CAST(` AS DOUBLE))))) AS d"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` > 0)"));
    pt_rc rc = quality_query_row(n, 9, j->x->conn, &q, err);
    pt_sql_free(&q);
    for (int d = 0; d < 9; d++)
        total += n[d];
    for (int d = 0; d < 9 && total > 0; d++)
        deviation += fabs(n[d] / total - log10(1 + 1.0 / (d + 1))) / 9;
    if (rc == PT_OK && deviation > benford_limit) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_BENFORD, column);
        f->rows = f->of = (uint64_t)total;
        f->figure = deviation;
        f->detail = pt_arena_printf(j->x->arena, "%.3f", deviation);
        j->nomem |= !f->detail;
    }
    return rc;
}

/* Where most amounts have cents or at least odd digits, multiples of 100 should be one in a hundred. */
static pt_rc try_round(quality_job *j, int column, pt_err *err)
{
    double n[3] = {0};
    pt_sql q = {0};

    if (j->s->columns[column].type != PT_TYPE_MONEY || !(at(&j->s->columns[column], PT_MEASURE_DISTINCT) >= 100))
        return PT_OK;
    pt_sql_kw(&q,
              quality_condition(j, column,
                                "SELECT count(*), count(*) FILTER (WHERE ` %% 100 = 0), count(*) FILTER (WHERE ` %% 1"
                                " <> 0)"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, quality_condition(j, column, "AND ` >= 100"));
    pt_rc rc = quality_query_row(n, 3, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK || n[0] < 200 || n[2] <= 0.4 * n[0] || n[1] <= 0.1 * n[0])
        return rc;
    pt_quality_finding *f = quality_add(j, PT_FINDING_ROUND, column);
    f->rows = (uint64_t)n[1];
    f->of = (uint64_t)n[0];
    f->detail = "1%";
    return quality_examples(j, f, column, quality_condition(j, column, "` >= 100 AND ` %% 100 = 0"), err);
}

/* --- files ---------------------------------------------------------------------------------------------------------- */

typedef struct file_medians {
    double file[64], median[64], rows[64];
    size_t n;
} file_medians;

static pt_rc add_median(void *ctx, const double *values, size_t n, pt_err *err)
{
    file_medians *m = ctx;

    (void)n, (void)err;
    if (m->n < PT_COUNT(m->file) && values[2] >= 20) {
        m->file[m->n] = values[0];
        m->median[m->n] = values[1];
        m->rows[m->n++] = values[2];
    }
    return PT_OK;
}

static pt_rc name_file(char **out, quality_job *j, double file, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT coalesce(max(path), '') FROM meta.files WHERE source =");
    pt_sql_text(&q, pt_sv_of(j->x->project->sources[j->s->source].name));
    pt_str_addf(&q.text, "AND file_number = %.0f", file);
    pt_rc rc = pt_query_text(out, j->x->conn, &q, j->x->arena, err);
    pt_sql_free(&q);
    return rc;
}

/* One file whose median is several times that of all: another unit, or another thing in the column. */
static pt_rc try_files(quality_job *j, int column, pt_err *err)
{
    file_medians m = {.n = 0};
    quality_numbers to = {&m, add_median};
    double all = at(&j->s->columns[column], PT_MEASURE_MEDIAN);
    pt_sql q = {0};
    char *path;

    if (!(all > 0))
        return PT_OK;
    pt_sql_kw(&q, quality_condition(j, column, "SELECT _file, CAST(quantile_disc(`, 0.5) AS DOUBLE), count(`)"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, "GROUP BY _file ORDER BY _file");
    pt_rc rc = quality_query_numbers(j->x->conn, &q, &to, err);
    pt_sql_free(&q);
    for (size_t i = 0; rc == PT_OK && m.n > 2 && i < m.n; i++) {
        if (m.median[i] > 0 && fabs(log10(m.median[i] / all)) < 0.7)
            continue;
        rc = name_file(&path, j, m.file[i], err);
        pt_quality_finding *f = quality_add(j, PT_FINDING_FILE_SHIFT, column);
        f->rows = (uint64_t)m.rows[i];
        f->figure = m.median[i] / all;
        f->detail = rc == PT_OK ? path : "";
    }
    return rc;
}

static pt_rc try_number(quality_job *j, int column, pt_err *err)
{
    double low, high;

    PT_TRY(try_sentinels(j, column, &low, &high, err));
    size_t before = j->n_suspects;
    PT_TRY(try_units(j, column, err));
    if (j->n_suspects == before) /* else what is outside is the other unit */
        suspect_outside(j, column, low, high);
    suspect_ages(j, column);
    PT_TRY(try_benford(j, column, err));
    PT_TRY(try_round(j, column, err));
    return try_files(j, column, err);
}

pt_rc quality_amounts(quality_job *j, pt_err *err)
{
    for (size_t i = 0; i < j->s->n_columns; i++)
        if (quality_is_amount(j->s->columns[i].type) && j->s->columns[i].measures[PT_MEASURE_FILLED] > 0)
            PT_TRY(try_number(j, (int)i, err));
    return quality_suspects_try(j, err);
}
