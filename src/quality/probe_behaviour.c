/* Who does this? Volumes, speeds and rhythms that no person has, and one phone for many people. */
#include "quality/quality_int.h"

static int first_identifier(const pt_quality_source *s)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (s->columns[i].identifier)
            return (int)i;
    return -1;
}

/* --- volume --------------------------------------------------------------------------------------------------------------- */

enum { LEAST_VOLUME = 50, VOLUME_FACTOR = 10 };

/* Customers' days with their rows. */
static const char *customer_days(quality_job *j, int id)
{
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT %s AS i, %s AS d, count(*) AS n", quality_name(j, j->s->columns[id].sql),
                quality_day_sql(j, "_time"));
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "AND %s IS NOT NULL AND _time IS NOT NULL GROUP BY i, d",
                quality_name(j, j->s->columns[id].sql));
    return quality_kept(j, &q);
}

static pt_rc try_volume(quality_job *j, int id, pt_err *err)
{
    const char *days = customer_days(j, id);
    double n[3] = {0, 0, 0};
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT count(*), max(n)::DOUBLE, quantile_disc(n, 0.99)::DOUBLE FROM (%s)", days);
    pt_rc rc = quality_query_row(n, 3, j->x->conn, &q, err);
    pt_sql_free(&q);
    double limit = VOLUME_FACTOR * n[2] > LEAST_VOLUME ? VOLUME_FACTOR * n[2] : LEAST_VOLUME;
    if (rc != PT_OK || !(n[0] >= 100) || !(n[1] > limit))
        return rc;
    const char *detail = pt_arena_printf(j->x->arena, "%.0f", n[2]);
    j->nomem |= !detail;
    quality_suspect_add(
        j, (quality_suspect){.kind = PT_FINDING_VOLUME,
                             .column = id,
                             .most = 1,
                             .figure = n[1],
                             .detail = detail,
                             .sql = quality_condition(j, id, "(`, %s) IN (SELECT (i, d) FROM (%s) WHERE n > %.0f)",
                                                      quality_day_sql(j, "_time"), days, limit)});
    return PT_OK;
}

/* --- speed and rhythm ------------------------------------------------------------------------------------------------------ */

/* temp.quality_times: i a customer with at least ten different times, t one of them. */
static pt_rc make_times(quality_job *j, int id, pt_err *err)
{
    const char *name = quality_name(j, j->s->columns[id].sql);
    pt_sql q = {0};

    pt_str_addf(
        &q.text,
        "CREATE OR REPLACE TEMP TABLE quality_times AS SELECT i, t FROM (SELECT DISTINCT %s AS i, epoch_us(_time)"
        " AS t",
        name);
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "AND _time IS NOT NULL AND %s IS NOT NULL) QUALIFY count(*) OVER (PARTITION BY i) >= 10",
                name);
    pt_rc rc = pt_exec(j->x->conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc try_customers(quality_job *j, pt_finding_kind kind, int id, const char *wrong, pt_err *err)
{
    double n = 0;
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT count(*) FROM (%s)", wrong);
    pt_rc rc = quality_query_row(&n, 1, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK && n > 0)
        quality_suspect_add(j, (quality_suspect){.kind = kind,
                                                 .column = id,
                                                 .most = 1,
                                                 .figure = n,
                                                 .sql = quality_condition(j, id, "` IN (SELECT i FROM (%s))", wrong)});
    return rc;
}

static pt_rc try_bursts(quality_job *j, int id, pt_err *err)
{
    static const char wrong[] =
        "SELECT DISTINCT i FROM (SELECT i, t - lag(t, 9) OVER (PARTITION BY i ORDER BY t) AS d FROM"
        " quality_times) WHERE d <= 10000000";

    return try_customers(j, PT_FINDING_BURST, id, wrong, err);
}

/* Twenty times the same interval, to two parts in a hundred, and hardly another; once a day at the same hour may be a habit, so
 * whole days do not count. */
static pt_rc try_rhythm(quality_job *j, int id, pt_err *err)
{
    static const char wrong[] =
        "SELECT DISTINCT i FROM (SELECT i, count(*) AS n, sum(count(*)) OVER (PARTITION BY i) AS total FROM (SELECT i, "
        "(t - lag(t)"
        " OVER (PARTITION BY i ORDER BY t)) / 1e6 AS d FROM quality_times) WHERE d >= 1 GROUP BY i, floor(ln(d) * 50)"
        " HAVING abs(avg(d) / 86400 - round(avg(d) / 86400)) > 0.001 OR avg(d) < 80000) WHERE n >= 19 AND n >= 0.5 * "
        "total";

    return try_customers(j, PT_FINDING_REGULAR, id, wrong, err);
}

/* --- one for many ------------------------------------------------------------------------------------------------------------ */

static bool is_own(const pt_quality_source *s, size_t column, int id)
{
    const pt_quality_column *c = &s->columns[column];

    if ((int)column == id || !pt_type_is_text(c->type))
        return false;
    return c->identifier ||
           quality_is_called(c->name, "phone mobile tel email mail device device_id imei mac ip id_card card "
                                      "手机 电话 邮箱 设备 身份证 银行卡");
}

static pt_rc try_shared(quality_job *j, size_t column, int id, pt_err *err)
{
    const char *name = quality_name(j, j->s->columns[column].sql), *who = quality_name(j, j->s->columns[id].sql);
    int least = quality_is_called(j->s->columns[column].name, "ip") ? 30 : 5;
    double n[2] = {0, 0};
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT %s AS v, count(DISTINCT %s) AS k", name, who);
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "AND %s IS NOT NULL GROUP BY v", name);
    const char *values = quality_kept(j, &q);
    pt_str_addf(&q.text, "SELECT max(k)::DOUBLE, quantile_disc(k, 0.95)::DOUBLE FROM (%s)", values);
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc == PT_OK && n[0] >= least && n[0] > 3 * n[1])
        quality_suspect_add(
            j, (quality_suspect){.kind = PT_FINDING_SHARED,
                                 .column = (int)column,
                                 .most = 1,
                                 .figure = n[0],
                                 .detail = j->s->columns[id].identifier,
                                 .sql = quality_condition(j, (int)column,
                                                          "` IN (SELECT v FROM (%s) WHERE k >= %d AND k > %.0f)",
                                                          values, least, 3 * n[1])});
    return rc;
}

pt_rc quality_behaviour(quality_job *j, pt_err *err)
{
    const pt_source *s = &j->x->project->sources[j->s->source];
    int id = first_identifier(j->s);

    if (id < 0 || !(j->s->columns[id].measures[PT_MEASURE_DISTINCT] >= 10))
        return PT_OK;
    if (s->kind == PT_SOURCE_EVENT) {
        PT_TRY(try_volume(j, id, err));
        PT_TRY(make_times(j, id, err));
        PT_TRY(try_bursts(j, id, err));
        PT_TRY(try_rhythm(j, id, err));
    }
    for (size_t i = 0; i < j->s->n_columns; i++)
        if (is_own(j->s, i, id))
            PT_TRY(try_shared(j, i, id, err));
    return quality_suspects_try(j, err);
}
