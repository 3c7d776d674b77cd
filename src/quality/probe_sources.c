/* Across sources: customers of whom two sources say different things, customers who change what nobody changes, and rows that
 * were set aside before they came here. */
#include "quality/quality_int.h"

/* --- two sources ------------------------------------------------------------------------------------------------------------ */

static bool has_identifier(const pt_source *s, const char *type)
{
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (strcmp(s->identifiers[i].type, type) == 0)
            return true;
    return false;
}

static const char *shared_identifier(const pt_source *a, const pt_source *b)
{
    for (size_t i = 0; i < a->n_identifiers; i++)
        if (has_identifier(b, a->identifiers[i].type))
            return a->identifiers[i].type;
    return NULL;
}

static bool same_kind(pt_type a, pt_type b)
{
    return a == b || (pt_type_is_text(a) && pt_type_is_text(b));
}

/* SELECT i, v: the last value each customer has in a source. */
static const char *last_values(quality_job *j, uint32_t source, const char *type, const char *column)
{
    const char *id = quality_name(j, pt_arena_printf(j->x->arena, "_id_%s", type)), *name = quality_name(j, column);
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT %s AS i, max_by(%s, (coalesce(epoch_us(_time), 0), _file, _row)) AS v", id, name);
    quality_from(&q, j->x, source);
    pt_str_addf(&q.text, "AND %s IS NOT NULL AND %s IS NOT NULL GROUP BY i", id, name);
    return quality_kept(j, &q);
}

static pt_rc try_conflict(quality_job *j, int column, uint32_t other, const char *type, pt_err *err)
{
    const pt_project *p = j->x->project;
    const char *name = j->s->columns[column].sql;
    const char *mine = last_values(j, j->s->source, type, name), *theirs = last_values(j, other, type, name);
    double n[2] = {0, 0};
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT count(*), count(*) FILTER (WHERE a.v <> b.v) FROM (%s) a JOIN (%s) b USING (i)", mine,
                theirs);
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK || !(n[1] > 0))
        return rc;
    pt_quality_finding *f = quality_add(j, PT_FINDING_CONFLICT, column);
    f->rows = (uint64_t)n[1];
    f->of = (uint64_t)n[0];
    f->detail = pt_arena_printf(j->x->arena, "%s.%s", p->sources[other].name, name);
    j->nomem |= !f->detail;
    const char *id = quality_name(j, pt_arena_printf(j->x->arena, "_id_%s", type));
    const char *sql = quality_condition(j, -1, "%s IN (SELECT i FROM (%s) a JOIN (%s) b USING (i) WHERE a.v <> b.v)",
                                        id, mine, theirs);
    return quality_examples(j, f, column, sql, err);
}

/* Records state facts; an event's city is where it happened. */
static pt_rc compare_with(quality_job *j, uint32_t other, pt_err *err)
{
    const pt_source *a = &j->x->project->sources[j->s->source], *b = &j->x->project->sources[other];
    const char *type = shared_identifier(a, b);

    if (!type || a->kind != PT_SOURCE_RECORD || b->kind != PT_SOURCE_RECORD)
        return PT_OK;
    for (size_t i = 0; i < j->s->n_columns; i++)
        for (size_t k = 0; k < b->n_columns; k++) {
            const pt_quality_column *c = &j->s->columns[i];
            if (!c->identifier && c->type != PT_TYPE_LIST && strcmp(c->sql, b->columns[k].name) == 0 &&
                same_kind(c->type, b->columns[k].type))
                PT_TRY(try_conflict(j, (int)i, other, type, err));
        }
    return PT_OK;
}

/* --- what never changes ------------------------------------------------------------------------------------------------------- */

static pt_rc try_changed(quality_job *j, int column, int id, pt_err *err)
{
    const char *who = quality_name(j, j->s->columns[id].sql);
    double n[2] = {0, 0};
    pt_sql q = {0};

    pt_str_addf(&q.text, "SELECT %s AS i, count(DISTINCT %s) AS k", who, quality_name(j, j->s->columns[column].sql));
    quality_from(&q, j->x, j->s->source);
    pt_str_addf(&q.text, "AND %s IS NOT NULL GROUP BY i", who);
    const char *values = quality_kept(j, &q);
    pt_str_addf(&q.text, "SELECT count(*), count(*) FILTER (WHERE k > 1) FROM (%s)", values);
    pt_rc rc = quality_query_row(n, 2, j->x->conn, &q, err);
    pt_sql_free(&q);
    if (rc != PT_OK || !(n[1] > 0))
        return rc;
    pt_quality_finding *f = quality_add(j, PT_FINDING_CHANGED, column);
    f->rows = (uint64_t)n[1];
    f->of = (uint64_t)n[0];
    return quality_examples(j, f, column,
                            quality_condition(j, -1, "%s IN (SELECT i FROM (%s) WHERE k > 1)", who, values), err);
}

static pt_rc look_for_changes(quality_job *j, pt_err *err)
{
    int id = -1;

    for (size_t i = 0; i < j->s->n_columns; i++) {
        const pt_quality_column *c = &j->s->columns[i];
        if (c->identifier && id < 0)
            id = (int)i;
        if (id >= 0 && !c->identifier && c->type != PT_TYPE_LIST &&
            quality_is_called(
                c->name,
                "gender sex birthday birth_date birthdate date_of_birth dob id_card 性别 生日 出生日期 身份证"))
            PT_TRY(try_changed(j, (int)i, id, err));
    }
    return PT_OK;
}

/* --- set aside ------------------------------------------------------------------------------------------------------------------ */

static pt_rc take_quarantine(quality_job *j, pt_quality_finding *f, const pt_rows *rows, pt_err *err)
{
    for (size_t r = 0; r < rows->n && f->n_examples < PT_FINDING_EXAMPLES; r++) {
        pt_finding_example *e = &f->examples[f->n_examples++];
        e->file = quality_cell(rows, 0, r, j->x->arena);
        e->line = (uint64_t)quality_number(rows, 1, r);
        e->value = "";
        if (!e->file)
            return pt_fail_nomem(err, "the quality report");
    }
    return PT_OK;
}

/* What rules of cleaning dropped on purpose is told apart from what could not be read. */
static const char set_aside_sql[] = "AND NOT starts_with(reason, 'cleaned: ')";
static const char cleaned_sql[] = "AND starts_with(reason, 'cleaned: ')";

static void add_quarantine(pt_sql *q, const char *columns, const char *source, const char *which)
{
    pt_sql_kw(q, "SELECT");
    pt_sql_kw(q, columns);
    pt_sql_kw(q, "FROM meta.quarantine WHERE source =");
    pt_sql_text(q, pt_sv_of(source));
    pt_sql_kw(q, which);
}

static pt_rc show_quarantine(quality_job *j, pt_quality_finding *f, const char *source, const char *which, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    add_quarantine(&q, "file, line", source, which);
    pt_str_addf(&q.text, "ORDER BY file, line LIMIT %d", PT_FINDING_EXAMPLES);
    pt_rc rc = pt_query(&cursor, j->x->conn, &q, err);
    if (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = take_quarantine(j, f, rows, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

static pt_rc look_at_quarantine(quality_job *j, pt_finding_kind kind, const char *which, pt_err *err)
{
    const char *source = j->x->project->sources[j->s->source].name;
    pt_sql q = {0};
    int64_t n = 0;
    char *reason = NULL;

    add_quarantine(&q, "count(*)", source, which);
    pt_rc rc = pt_query_int(&n, j->x->conn, &q, err);
    pt_sql_clear(&q);
    add_quarantine(&q, "coalesce(mode(concat_ws(': ', nullif(column_name, ''), reason)), '')", source, which);
    if (rc == PT_OK && n > 0)
        rc = pt_query_text(&reason, j->x->conn, &q, j->x->arena, err);
    pt_sql_free(&q);
    if (rc != PT_OK || n == 0)
        return rc;
    pt_quality_finding *f = quality_add(j, kind, -1);
    f->rows = (uint64_t)n;
    f->of += (uint64_t)n;
    f->detail = strncmp(reason, "cleaned: ", 9) == 0 ? reason + 9 : reason;
    if (kind == PT_FINDING_QUARANTINED && (double)n <= 0.01 * (double)f->of)
        f->severity = PT_FINDING_NOTE;
    return show_quarantine(j, f, source, which, err);
}

pt_rc quality_sources(quality_job *j, pt_err *err)
{
    PT_TRY(look_at_quarantine(j, PT_FINDING_QUARANTINED, set_aside_sql, err));
    PT_TRY(look_at_quarantine(j, PT_FINDING_CLEANED, cleaned_sql, err));
    PT_TRY(look_for_changes(j, err));
    for (uint32_t other = 0; other < j->s->source; other++)
        PT_TRY(compare_with(j, other, err));
    return PT_OK;
}
