/* Rows that say the same as another. Candidates are rows whose hash occurs more than once: a pass over two numbers a row;
 * only they are then compared as they stand, and one of each set is kept. */
#include <stdlib.h>

#include "clean/clean_int.h"

/* --- the key -------------------------------------------------------------------------------------------------------- */

/* Keys of `dedupe by`: the columns named. Of `dedupe`: all there is. */
typedef struct key {
    const char **names;
    size_t n;
    bool whole;
} key;

static pt_rc make_key(key *out, const pt_clean_run *run, const pt_clean_rule *r, pt_err *err)
{
    const pt_source *s = run->source;

    out->whole = r->n_by == 0;
    out->n = 0;
    out->names = PT_NEW_ARRAY(run->arena, const char *, r->n_by + s->n_identifiers + s->n_columns + 1);
    if (!out->names)
        return pt_fail_nomem(err, "cleaning");
    for (size_t i = 0; i < r->n_by; i++)
        out->names[out->n++] = pt_clean_group(run, r->by[i]);
    if (out->whole) {
        out->names[out->n++] = "_time";
        for (size_t i = 0; i < s->n_identifiers; i++)
            out->names[out->n++] = pt_clean_identifier(run, i);
        for (size_t i = 0; i < s->n_file_columns; i++)
            out->names[out->n++] = s->columns[i].name;
    }
    for (size_t i = 0; i < out->n; i++)
        if (!out->names[i])
            return pt_fail_nomem(err, "cleaning");
    return PT_OK;
}

static void add_names(pt_sql *q, const key *k)
{
    for (size_t i = 0; i < k->n; i++) {
        pt_sql_kw(q, i ? "," : "");
        pt_sql_ident(q, k->names[i]);
    }
}

/* "FROM <rows> WHERE they may be duplicates" */
static void add_rows(pt_sql *q, const pt_clean_run *run, size_t k, const key *names)
{
    pt_sql_kw(q, "FROM");
    pt_clean_rows(q, run, k);
    pt_sql_kw(q, "WHERE _dropped IS NULL");
    for (size_t i = 0; i < names->n && !names->whole; i++) {
        pt_sql_kw(q, "AND");
        pt_sql_ident(q, names->names[i]);
        pt_sql_kw(q, "IS NOT NULL");
    }
}

/* --- which one stays ------------------------------------------------------------------------------------------------ */

/* A row later than the as-of gives way to every other. */
static void add_order(pt_sql *q, const pt_clean_run *run, pt_clean_keep keep)
{
    static const char *const orders[] = {[PT_KEEP_FIRST] = "_seq",
                                         [PT_KEEP_LAST] = "_seq DESC",
                                         [PT_KEEP_OLDEST] = "_time NULLS FIRST, _seq",
                                         [PT_KEEP_NEWEST] = "_time DESC NULLS LAST, _seq DESC"};

    if (run->as_of) {
        pt_sql_kw(q, "coalesce(_time >");
        pt_sql_kw(q, run->as_of);
        pt_sql_kw(q, ", false),");
    }
    pt_sql_kw(q, orders[keep]);
}

pt_rc pt_clean_find_duplicates(pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_rule *r = run->steps[k].rule;
    pt_sql q = {0};
    key names;

    PT_TRY(make_key(&names, run, r, err));
    pt_rc rc = pt_clean_table(&q, run, k, PT_JOIN_ROWS, err);
    pt_sql_kw(&q, "WITH hashed AS MATERIALIZED (SELECT _seq AS seq, hash(");
    add_names(&q, &names);
    pt_sql_kw(&q, ") AS h");
    add_rows(&q, run, k, &names);
    pt_sql_kw(&q, "), twice AS (SELECT h FROM hashed GROUP BY h HAVING count(*) > 1),"
                  " candidates AS (SELECT seq AS candidate FROM hashed SEMI JOIN twice USING (h))"
                  " SELECT seq, kept FROM (SELECT _seq AS seq, first_value(_seq) OVER same AS kept,"
                  " row_number() OVER same AS place");
    pt_sql_kw(&q, "FROM (SELECT _seq, _time,");
    add_names(&q, &names);
    add_rows(&q, run, k, &names);
    pt_sql_kw(&q, ") SEMI JOIN candidates ON candidate = _seq WINDOW same AS (PARTITION BY");
    add_names(&q, &names);
    pt_sql_kw(&q, "ORDER BY");
    add_order(&q, run, r->keep);
    pt_sql_kw(&q, ")) WHERE place > 1");
    if (rc == PT_OK)
        return pt_clean_exec(&q, run, err);
    pt_sql_free(&q);
    return rc;
}

/* --- near ----------------------------------------------------------------------------------------------------------- */

/* Rows found to be near another, with the one that is kept. */
typedef struct found {
    struct {
        uint64_t seq, kept;
    } * rows;
    size_t n, cap;
} found;

/* Texts group by group, in the order in which they are compared. */
static void add_texts(pt_sql *q, const pt_clean_run *run, size_t k)
{
    const pt_clean_rule *r = run->steps[k].rule;

    pt_sql_kw(q, "SELECT _seq,");
    pt_sql_kw(q, r->n_by ? "hash(" : "CAST(0 AS UBIGINT)");
    for (size_t g = 0; g < r->n_by; g++) {
        const char *name = pt_clean_group(run, r->by[g]);
        q->text.failed |= !name;
        pt_sql_kw(q, g ? "," : "");
        pt_sql_ident(q, name ? name : "");
    }
    pt_sql_kw(q, r->n_by ? ") AS same," : "AS same,");
    pt_sql_ident(q, r->column);
    pt_sql_kw(q, "FROM");
    pt_clean_rows(q, run, k);
    pt_sql_kw(q, "WHERE _dropped IS NULL AND");
    pt_sql_ident(q, r->column);
    pt_sql_kw(q, "IS NOT NULL ORDER BY same,");
    add_order(q, run, PT_KEEP_FIRST);
}

static pt_rc compare_batch(found *out, pt_near *near, uint64_t *group, const pt_rows *rows, pt_err *err)
{
    const uint64_t *seq = rows->cells[0].data, *groups = rows->cells[1].data;
    const pt_sv *text = rows->cells[2].data;
    uint64_t kept;
    bool dropped;

    for (size_t i = 0; i < rows->n; i++) {
        if (groups[i] != *group)
            pt_near_group(near, groups[i]);
        *group = groups[i];
        PT_TRY(pt_near_add(&dropped, &kept, near, seq[i], text[i], err));
        if (!dropped)
            continue;
        if (!pt_grow(&out->rows, &out->cap, out->n + 1, sizeof *out->rows))
            return pt_fail_nomem(err, "rows that are near");
        out->rows[out->n].seq = seq[i];
        out->rows[out->n++].kept = kept;
    }
    return PT_OK;
}

static pt_rc compare(found *out, pt_near *near, pt_clean_run *run, size_t k, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;
    uint64_t group = 0;

    add_texts(&q, run, k);
    pt_rc rc = pt_query(&cursor, run->conn, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = compare_batch(out, near, &group, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static pt_rc store_found(const found *f, pt_clean_run *run, size_t k, pt_err *err)
{
    pt_sql q = {0};
    pt_appender *a;
    pt_rc rc = pt_clean_table(&q, run, k, PT_JOIN_ROWS, err);

    if (rc != PT_OK) {
        pt_sql_free(&q);
        return rc;
    }
    pt_sql_kw(&q, "SELECT CAST(0 AS UBIGINT) AS seq, CAST(0 AS UBIGINT) AS kept WHERE false");
    PT_TRY(pt_clean_exec(&q, run, err));
    PT_TRY(pt_appender_open(&a, run->conn, "clean", run->steps[k].table, err));
    for (size_t i = 0; i < f->n; i++) {
        pt_append_int(a, (int64_t)f->rows[i].seq);
        pt_append_int(a, (int64_t)f->rows[i].kept);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

pt_rc pt_clean_find_near(pt_clean_run *run, size_t k, pt_err *err)
{
    found f = {0};
    pt_near *near;

    PT_TRY(pt_near_new(&near, run->steps[k].rule->similarity, err));
    pt_rc rc = compare(&f, near, run, k, err);
    if (rc == PT_OK)
        rc = store_found(&f, run, k, err);
    pt_near_free(near);
    free(f.rows);
    return rc;
}
