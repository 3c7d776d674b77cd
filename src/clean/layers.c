/* Rules as layers of SQL, each a select around the one before. Only names, literals and conditions that were checked go
 * into it, since views take no binds. */
#include "base/time.h"
#include "clean/clean_int.h"
#include "source/source.h"

/* --- names and values ----------------------------------------------------------------------------------------------- */

const char *pt_clean_identifier(const pt_clean_run *run, size_t i)
{
    return pt_arena_printf(run->arena, "_id_%s", run->source->identifiers[i].type);
}

const char *pt_clean_group(const pt_clean_run *run, const char *name)
{
    const pt_source *s = run->source;

    if (pt_source_find_column(s, pt_sv_of(name)) >= 0)
        return name;
    return pt_arena_printf(run->arena, "_id_%s", name);
}

const char *pt_clean_literal(const pt_clean_run *run, pt_type type, const char *text)
{
    char buf[48];
    int32_t date;
    int64_t instant;
    pt_sql q = {0};

    if (type == PT_TYPE_DATE && pt_date_parse(&date, pt_sv_of(text)))
        text = pt_date_format(buf, date);
    else if (type == PT_TYPE_INSTANT && pt_instant_parse(&instant, pt_sv_of(text), run->project->zone))
        text = pt_instant_format(buf, instant, pt_zone_utc());
    pt_sql_kw(&q, "CAST(");
    pt_sql_text(&q, pt_sv_of(text));
    pt_sql_kw(&q, "AS");
    pt_sql_kw(&q, pt_sql_type(type));
    pt_sql_kw(&q, ")");
    const char *copy = q.text.failed ? NULL : pt_arena_strdup(run->arena, pt_str_cstr(&q.text));
    pt_sql_free(&q);
    return copy;
}

bool pt_clean_drops(const pt_clean_step *step)
{
    pt_clean_kind kind = step->rule->kind;

    return kind == PT_CLEAN_DROP || kind == PT_CLEAN_DEDUPE || kind == PT_CLEAN_NEAR ||
           (kind == PT_CLEAN_OUTLIERS && step->rule->action == PT_OUTLIERS_DROP);
}

bool pt_clean_changes(const pt_clean_step *step)
{
    return step->rule->kind == PT_CLEAN_FILL ||
           (step->rule->kind == PT_CLEAN_OUTLIERS && step->rule->action == PT_OUTLIERS_CAP);
}

/* --- pieces of a layer ---------------------------------------------------------------------------------------------- */

static void add_name(pt_sql *q, const char *prefix, unsigned number)
{
    pt_str_addf(&q->text, "%s%u ", prefix, number);
}

static void add_column(pt_sql *q, const char *name)
{
    pt_sql_kw(q, "p.");
    pt_sql_ident(q, name);
}

static void add_as(pt_sql *q, const char *name)
{
    pt_sql_kw(q, "AS");
    pt_sql_ident(q, name);
}

/* The condition on a line of its own, where a comment at its end does no harm. What fails is not true. */
static void add_condition(pt_sql *q, const pt_clean_rule *r)
{
    pt_sql_kw(q, "coalesce(TRY(CAST((\n");
    pt_sql_user(q, pt_sv_of(r->condition));
    pt_sql_kw(q, "\n) AS BOOLEAN)), false)");
}

/* What a missing value becomes. */
static void add_fill(pt_sql *q, const pt_clean_step *s)
{
    if (s->join == PT_JOIN_NONE)
        pt_sql_kw(q, s->value);
    else
        pt_sql_kw(q, "j.v");
}

static bool has_bound(const pt_clean_step *s, const char *bound)
{
    return s->join == PT_JOIN_GROUPS || bound;
}

static void add_bound(pt_sql *q, const pt_clean_step *s, bool low)
{
    if (s->join == PT_JOIN_GROUPS)
        pt_sql_kw(q, low ? "j.low" : "j.high");
    else
        pt_sql_kw(q, low ? s->low : s->high);
}

static void add_outside(pt_sql *q, const pt_clean_step *s, bool low)
{
    add_column(q, s->rule->column);
    pt_sql_kw(q, low ? "<" : ">");
    add_bound(q, s, low);
}

static void add_is_outlier(pt_sql *q, const pt_clean_step *s)
{
    pt_sql_kw(q, "coalesce(false");
    for (int low = 1; low >= 0; low--) {
        if (!has_bound(s, low ? s->low : s->high))
            continue;
        pt_sql_kw(q, "OR coalesce(");
        add_outside(q, s, low);
        pt_sql_kw(q, ", false)");
    }
    pt_sql_kw(q, ", false)");
}

static void add_capped(pt_sql *q, const pt_clean_step *s)
{
    pt_sql_kw(q, "CASE");
    for (int low = 1; low >= 0; low--) {
        if (!has_bound(s, low ? s->low : s->high))
            continue;
        pt_sql_kw(q, "WHEN");
        add_outside(q, s, low);
        pt_sql_kw(q, "THEN");
        add_bound(q, s, low);
    }
    pt_sql_kw(q, "ELSE");
    add_column(q, s->rule->column);
    pt_sql_kw(q, "END");
}

/* --- layers --------------------------------------------------------------------------------------------------------- */

static void add_dropping(pt_sql *q, const pt_clean_step *s)
{
    pt_sql_kw(q, "SELECT p.* REPLACE (CASE WHEN p._dropped IS NULL AND");
    if (s->rule->kind == PT_CLEAN_DROP)
        add_condition(q, s->rule);
    else if (s->rule->kind == PT_CLEAN_OUTLIERS)
        add_is_outlier(q, s);
    else
        pt_sql_kw(q, "j.seq IS NOT NULL");
    pt_str_addf(&q->text, " THEN CAST(%u AS USMALLINT) ELSE p._dropped END AS _dropped) ", s->number);
    if (s->rule->kind == PT_CLEAN_DEDUPE || s->rule->kind == PT_CLEAN_NEAR) {
        pt_sql_kw(q, ", j.kept AS");
        add_name(q, "_k", s->number);
    }
}

static void add_flagging(pt_sql *q, const pt_clean_step *s)
{
    bool condition = s->rule->kind == PT_CLEAN_FLAG;

    pt_sql_kw(q, "SELECT p.*,");
    if (condition)
        add_condition(q, s->rule);
    else
        add_is_outlier(q, s);
    add_as(q, s->rule->adds);
}

static void add_filling(pt_sql *q, const pt_clean_step *s)
{
    bool nothing = s->join == PT_JOIN_NONE && !s->value;

    pt_sql_kw(q, "SELECT p.*");
    if (nothing) {
        pt_sql_kw(q, ", false AS");
        add_name(q, "_t", s->number);
        return;
    }
    pt_sql_kw(q, "REPLACE (coalesce(");
    add_column(q, s->rule->column);
    pt_sql_kw(q, ",");
    add_fill(q, s);
    pt_sql_kw(q, ")");
    add_as(q, s->rule->column);
    pt_sql_kw(q, "),");
    add_column(q, s->rule->column);
    pt_sql_kw(q, "AS");
    add_name(q, "_b", s->number);
    pt_sql_kw(q, ",");
    add_column(q, s->rule->column);
    pt_sql_kw(q, "IS NULL AND");
    add_fill(q, s);
    pt_sql_kw(q, "IS NOT NULL AS");
    add_name(q, "_t", s->number);
}

static void add_capping(pt_sql *q, const pt_clean_step *s)
{
    pt_sql_kw(q, "SELECT p.*");
    if (has_bound(s, s->low) || has_bound(s, s->high)) {
        pt_sql_kw(q, "REPLACE (");
        add_capped(q, s);
        add_as(q, s->rule->column);
        pt_sql_kw(q, ")");
    }
    pt_sql_kw(q, ",");
    add_column(q, s->rule->column);
    pt_sql_kw(q, "AS");
    add_name(q, "_b", s->number);
    pt_sql_kw(q, ",");
    add_is_outlier(q, s);
    pt_sql_kw(q, "AS");
    add_name(q, "_t", s->number);
}

static void add_select(pt_sql *q, const pt_clean_step *s)
{
    if (pt_clean_drops(s))
        add_dropping(q, s);
    else if (s->rule->adds)
        add_flagging(q, s);
    else if (s->rule->kind == PT_CLEAN_FILL)
        add_filling(q, s);
    else
        add_capping(q, s);
}

static void add_join(pt_sql *q, const pt_clean_run *run, const pt_clean_step *s)
{
    if (s->join == PT_JOIN_NONE)
        return;
    pt_sql_kw(q, "LEFT JOIN clean.");
    pt_sql_ident(q, s->table);
    pt_sql_kw(q, "AS j ON");
    if (s->join == PT_JOIN_ROWS)
        pt_sql_kw(q, "j.seq = p._seq");
    for (size_t g = 0; s->join == PT_JOIN_GROUPS && g < s->rule->n_by; g++) {
        const char *name = pt_clean_group(run, s->rule->by[g]);
        q->text.failed |= !name;
        pt_sql_kw(q, g ? "AND" : "");
        add_column(q, name ? name : "");
        pt_str_addf(&q->text, " IS NOT DISTINCT FROM j.g%zu ", g);
    }
}

/* `time` and the identifiers by the names that rules have for them. */
static void add_base(pt_sql *q, const pt_clean_run *run)
{
    const pt_source *s = run->source;

    pt_sql_kw(q, "(SELECT *, _time AS \"time\"," PT_CLEAN_SEQ " AS _seq, CAST(NULL AS USMALLINT) AS _dropped");
    for (size_t i = 0; i < s->n_identifiers; i++) {
        const char *column = pt_clean_identifier(run, i);
        q->text.failed |= !column;
        if (!column || pt_source_find_column(s, pt_sv_of(s->identifiers[i].type)) >= 0)
            continue;
        pt_sql_kw(q, ",");
        pt_sql_ident(q, column);
        add_as(q, s->identifiers[i].type);
    }
    pt_sql_kw(q, "FROM raw.");
    pt_sql_ident(q, s->name);
    pt_sql_kw(q, ")");
}

void pt_clean_rows(pt_sql *q, const pt_clean_run *run, size_t n)
{
    for (size_t k = n; k-- > 0;) {
        pt_sql_kw(q, "(");
        add_select(q, &run->steps[k]);
        pt_sql_kw(q, "FROM");
    }
    add_base(q, run);
    for (size_t k = 0; k < n; k++) {
        pt_sql_kw(q, "AS p");
        add_join(q, run, &run->steps[k]);
        pt_sql_kw(q, ")");
    }
}

void pt_clean_where(pt_sql *q, const pt_clean_run *run)
{
    pt_sql_kw(q, "WHERE _dropped IS NULL");
    if (!run->as_of)
        return;
    pt_sql_kw(q, "AND (_time IS NULL OR _time <=");
    pt_sql_kw(q, run->as_of);
    pt_sql_kw(q, ")");
}

void pt_clean_view(pt_sql *q, const pt_clean_run *run)
{
    const pt_source *s = run->source;

    pt_sql_kw(q, "SELECT _file, _row, _time");
    for (size_t i = 0; i < s->n_identifiers; i++) {
        const char *name = pt_clean_identifier(run, i);
        q->text.failed |= !name;
        pt_sql_kw(q, ",");
        pt_sql_ident(q, name ? name : "");
    }
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_sql_kw(q, ",");
        pt_sql_ident(q, s->columns[i].name);
    }
    pt_sql_kw(q, "FROM");
    if (run->n_steps)
        pt_clean_rows(q, run, run->n_steps);
    else {
        pt_sql_kw(q, "raw.");
        pt_sql_ident(q, s->name);
    }
    if (run->drops)
        pt_sql_kw(q, "WHERE _dropped IS NULL");
}
