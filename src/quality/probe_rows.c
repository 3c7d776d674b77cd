/* Whole rows: columns without values, rows of nobody, rows and keys that repeat, blocks that were copied. */
#include "quality/quality_int.h"

/* --- values that are not there ---------------------------------------------------------------------------------------- */

static void look_at_filling(quality_job *j, int column)
{
    const double *m = j->s->columns[column].measures;

    if (m[PT_MEASURE_FILLED] == 0) {
        quality_add(j, PT_FINDING_EMPTY, column)->rows = j->s->rows;
        return;
    }
    if (m[PT_MEASURE_FILLED] < 0.95 * m[PT_MEASURE_ROWS])
        quality_suspect_add(j, (quality_suspect){.kind = PT_FINDING_MISSING,
                                                 .column = column,
                                                 .of_all = true,
                                                 .most = 1,
                                                 .sql = quality_condition(j, column, "` IS NULL")});
    if (m[PT_MEASURE_DISTINCT] == 1 && m[PT_MEASURE_FILLED] == m[PT_MEASURE_ROWS] && j->s->rows >= 20)
        quality_add(j, PT_FINDING_CONSTANT, column)->rows = j->s->rows;
}

static void suspect_nobody(quality_job *j)
{
    pt_str sql = {0};

    for (size_t i = 0; i < j->s->n_columns; i++)
        if (j->s->columns[i].identifier)
            pt_str_addf(&sql, "%s%s IS NULL", sql.len ? " AND " : "", quality_name(j, j->s->columns[i].sql));
    if (sql.len) {
        const char *copy = pt_arena_strdup(j->x->arena, pt_str_cstr(&sql));
        j->nomem |= !copy;
        quality_suspect_add(
            j,
            (quality_suspect){.kind = PT_FINDING_NO_CUSTOMER, .column = -1, .most = 1, .sql = copy ? copy : "false"});
    }
    j->nomem |= sql.failed;
    pt_str_free(&sql);
}

/* --- rows that repeat --------------------------------------------------------------------------------------------------- */

/* The hash of a row's columns; `same` chooses those that count. Two different rows have the same one by chance once in
 * a hundred thousand sources of ten million rows. NULL when fewer than `least` columns count. */
static const char *row_hash(quality_job *j, bool (*counts)(const pt_quality_column *c), size_t least)
{
    pt_str sql = {0};
    size_t n = 0;

    for (size_t i = 0; i < j->s->n_columns; i++)
        if (counts(&j->s->columns[i]))
            pt_str_addf(&sql, "%s%s", n++ ? ", " : "hash(", quality_name(j, j->s->columns[i].sql));
    pt_str_addc(&sql, ')');
    const char *copy = n >= least && !sql.failed ? pt_arena_strdup(j->x->arena, pt_str_cstr(&sql)) : NULL;
    j->nomem |= sql.failed;
    pt_str_free(&sql);
    return copy;
}

static bool every(const pt_quality_column *c)
{
    (void)c;
    return true;
}

static pt_rc try_duplicates(quality_job *j, pt_err *err)
{
    const char *hash = row_hash(j, every, 1);
    double n = 0;
    pt_sql q = {0};

    if (!hash)
        return PT_OK;
    pt_str_addf(&q.text, "SELECT coalesce(sum(n - 1), 0)::DOUBLE FROM (SELECT %s AS h, count(*) AS n", hash);
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(&q, "GROUP BY h HAVING n > 1)");
    pt_rc rc = quality_query_row(&n, 1, j->x->conn, &q, err);
    pt_sql_clear(&q);
    if (rc == PT_OK && n > 0) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_DUPLICATE_ROWS, -1);
        f->rows = (uint64_t)n;
        if (n > 0.3 * (double)f->of) /* so many that the columns hardly tell rows apart */
            f->severity = PT_FINDING_NOTE;
        pt_sql_kw(&q, "SELECT _file, _row, '' AS v");
        quality_from(&q, j->x, j->s->source);
        pt_str_addf(&q.text, "QUALIFY row_number() OVER (PARTITION BY %s ORDER BY _file, _row) > 1", hash);
        rc = quality_examples_of(j, f, false, &q, err);
    }
    pt_sql_free(&q);
    return rc;
}

/* --- keys that repeat --------------------------------------------------------------------------------------------------- */

static bool should_be_key(const quality_job *j, size_t column)
{
    static const char keys[] = "id no code key number num sn uuid sku order_id order_no invoice 号 编号 编码 单号";
    static const char of_records[] = "phone mobile email mail id_card 手机 邮箱 身份证";
    const pt_source *s = &j->x->project->sources[j->s->source];
    const pt_quality_column *c = &j->s->columns[column];

    if (c->type != PT_TYPE_TEXT && c->type != PT_TYPE_CATEGORY && c->type != PT_TYPE_NUMBER)
        return false;
    if (c->identifier)
        return s->kind == PT_SOURCE_RECORD && !s->time;
    if (s->kind == PT_SOURCE_REFERENCE && column == 0)
        return true;
    return quality_is_called(c->name, keys) || (s->kind == PT_SOURCE_RECORD && quality_is_called(c->name, of_records));
}

static pt_rc try_key(quality_job *j, size_t column, pt_err *err)
{
    const pt_quality_column *c = &j->s->columns[column];
    double filled = c->measures[PT_MEASURE_FILLED], distinct = c->measures[PT_MEASURE_DISTINCT];
    bool reference = j->x->project->sources[j->s->source].kind == PT_SOURCE_REFERENCE && column == 0;
    pt_sql q = {0};

    if (!(filled >= 20) || !(distinct < filled) || distinct < (reference ? 0.5 : 0.98) * filled)
        return PT_OK;
    pt_quality_finding *f = quality_add(j, PT_FINDING_DUPLICATE_KEY, (int)column);
    f->rows = (uint64_t)(filled - distinct);
    f->of = (uint64_t)filled;
    pt_sql_kw(&q, quality_condition(j, (int)column, "SELECT _file, _row, ` AS v"));
    quality_from(&q, j->x, j->s->source);
    pt_sql_kw(
        &q, quality_condition(j, (int)column,
                              "AND ` IS NOT NULL QUALIFY row_number() OVER (PARTITION BY ` ORDER BY _file, _row) > 1"));
    pt_rc rc = quality_examples_of(j, f, c->personal, &q, err);
    pt_sql_free(&q);
    return rc;
}

/* --- blocks that were copied ---------------------------------------------------------------------------------------------- */

/* Blocks are copied by hand, in files that a hand can edit. */
enum { LEAST_BLOCK = 10, MOST_ROWS = 1000000 };

/* Neither the time nor a key: those are what someone changes in a copy. */
static bool is_body(const pt_quality_column *c)
{
    return strcmp(c->sql, "_time") != 0 && !(c->measures[PT_MEASURE_DISTINCT] >= 0.9 * c->measures[PT_MEASURE_FILLED]);
}

/* Rows in a row whose bodies stand again, in the same order, further down. */
static pt_rc try_blocks(quality_job *j, pt_err *err)
{
    const char *hash = row_hash(j, is_body, 3);
    double block[4] = {0, 0, 0, 0};
    pt_sql q = {0};

    if (!hash || j->s->rows < 100 || j->s->rows > MOST_ROWS)
        return PT_OK;
    pt_sql_kw(&q, "WITH r AS (SELECT _file, _row::BIGINT AS _row,");
    pt_str_addf(&q.text, "%s AS h", hash);
    quality_from(&q, j->x, j->s->source);
    /* bodies that are common anyway say nothing; without many different ones there is nothing to see */
    pt_sql_kw(&q,
              "), g AS (SELECT h FROM r GROUP BY h HAVING count(*) BETWEEN 2 AND 4),"
              " p AS (SELECT a._file, a._row, b._row - a._row AS d FROM (SELECT * FROM r SEMI JOIN g USING (h)) a"
              " JOIN (SELECT * FROM r SEMI JOIN g USING (h)) b ON a.h = b.h AND a._file = b._file AND a._row < b._row),"
              " i AS (SELECT *, _row - row_number() OVER (PARTITION BY _file, d ORDER BY _row) AS island FROM p)");
    pt_str_addf(&q.text,
                "SELECT count(*), any_value(d)::DOUBLE, any_value(_file)::DOUBLE, min(_row)::DOUBLE FROM i WHERE"
                " (SELECT count(*) FROM r) <= 4 * (SELECT count(DISTINCT h) FROM r) GROUP BY _file, d, island"
                " HAVING count(*) >= %d ORDER BY 1 DESC,"
                " 3, 4 LIMIT 1",
                LEAST_BLOCK);
    pt_rc rc = quality_query_row(block, 4, j->x->conn, &q, err);
    pt_sql_clear(&q);
    if (rc == PT_OK && block[0] >= LEAST_BLOCK) {
        pt_quality_finding *f = quality_add(j, PT_FINDING_COPIED_BLOCK, -1);
        f->rows = (uint64_t)block[0];
        f->figure = block[1];
        const char *sql =
            quality_condition(j, -1, "_file = %.0f AND _row IN (%.0f, %.0f)", block[2], block[3], block[3] + block[1]);
        rc = quality_examples(j, f, -1, sql, err);
    }
    pt_sql_free(&q);
    return rc;
}

pt_rc quality_rows(quality_job *j, pt_err *err)
{
    if (j->s->rows == 0)
        return PT_OK;
    for (size_t i = 0; i < j->s->n_columns; i++)
        look_at_filling(j, (int)i);
    suspect_nobody(j);
    PT_TRY(quality_suspects_try(j, err));
    PT_TRY(try_duplicates(j, err));
    for (size_t i = 0; i < j->s->n_columns; i++)
        if (should_be_key(j, i))
            PT_TRY(try_key(j, i, err));
    return try_blocks(j, err);
}
