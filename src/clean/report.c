/* What each rule did: one pass over all layers counts rows and finds the first few of each rule; those are then shown before
 * and after. What is personal is masked before it gets into a report. */
#include <inttypes.h>
#include <stdio.h>

#include "clean/clean_int.h"

enum { EXAMPLES = 3, LONGEST_SHOWN = 60 /* characters of a value */ };

/* --- what may be shown ---------------------------------------------------------------------------------------------- */

static bool is_column_of(const pt_source_column *c, const char *text)
{
    return strcmp(text, c->name) == 0 || (c->from && strcmp(text, c->from) == 0);
}

bool pt_clean_is_private(const pt_source *s, const char *column)
{
    int i = pt_source_find_column(s, pt_sv_of(column));

    if (i < 0)
        return strcmp(column, "time") != 0; /* an identifier */
    if (s->columns[i].sensitivity)
        return true;
    for (size_t k = 0; k < s->n_identifiers; k++)
        if (is_column_of(&s->columns[i], s->identifiers[k].column))
            return true;
    return false;
}

/* SQL of a value of `column` (found under the name `value`) as a person may see it: of what is private the first character,
 * of what is long its beginning. Numbers without zeros at their end. */
static void add_shown(pt_sql *q, const pt_clean_run *run, const char *column, const char *value)
{
    int i = pt_source_find_column(run->source, pt_sv_of(column));
    pt_type type = i >= 0 ? run->source->columns[i].type : PT_TYPE_TEXT;
    bool number = type == PT_TYPE_MONEY || type == PT_TYPE_NUMBER;
    pt_sql text = {0};

    pt_sql_kw(&text, number ? "trim(replace(CAST(CAST(p." : "CAST(p.");
    pt_sql_ident(&text, value);
    pt_sql_kw(&text, number ? "AS DOUBLE) AS VARCHAR) || ' ', '.0 ', ''))" : "AS VARCHAR)");
    q->text.failed |= text.text.failed;
    const char *sql = pt_str_cstr(&text.text);
    if (pt_clean_is_private(run->source, column))
        pt_str_addf(&q->text, "(left(%s, 1) || '***')", sql);
    else
        pt_str_addf(&q->text, "(CASE WHEN length(%s) > %d THEN left(%s, %d) || chr(8230) ELSE %s END)", sql,
                    LONGEST_SHOWN, sql, LONGEST_SHOWN - 1, sql);
    pt_sql_free(&text);
}

/* "amount=12, channel=app" of the columns a condition or key names. */
static void add_shown_list(pt_sql *q, const pt_clean_run *run, const char *const *names, size_t n)
{
    pt_sql_kw(q, "concat_ws(', ', ''");
    for (size_t i = 0; i < n; i++) {
        pt_sql_kw(q, ",");
        pt_sql_text(q, pt_sv_of(names[i]));
        pt_sql_kw(q, "|| '=' || coalesce(");
        add_shown(q, run, names[i], names[i]);
        pt_sql_kw(q, ", '')");
    }
    pt_sql_kw(q, ")[3:]");
}

/* --- examples ------------------------------------------------------------------------------------------------------- */

/* "orders.csv:17" of the row with the number in column _k<n>. */
static void add_kept(pt_sql *q, const pt_clean_run *run, const pt_clean_step *s)
{
    pt_sql_kw(q, "(SELECT any_value(path) FROM meta.inputs WHERE source =");
    pt_sql_text(q, pt_sv_of(run->source->name));
    pt_str_addf(&q->text, " AND file_number = p._k%u >> 40) || ':' || ((p._k%u & 1099511627775) + 1)", s->number,
                s->number);
}

static void add_before_and_after(pt_sql *q, const pt_clean_run *run, const pt_clean_step *s)
{
    const pt_clean_rule *r = s->rule;
    char before[16];

    snprintf(before, sizeof before, "_b%u", s->number);
    if (r->kind == PT_CLEAN_NEAR)
        add_shown(q, run, r->column, r->column);
    else if (r->kind == PT_CLEAN_DEDUPE)
        add_shown_list(q, run, r->by, r->n_by);
    else if (r->condition)
        add_shown_list(q, run, s->names, s->n_names);
    else
        add_shown(q, run, r->column, pt_clean_changes(s) ? before : r->column);
    pt_sql_kw(q, ",");
    if (pt_clean_changes(s))
        add_shown(q, run, r->column, r->column);
    else if (r->kind == PT_CLEAN_NEAR || r->kind == PT_CLEAN_DEDUPE)
        add_kept(q, run, s);
    else
        pt_sql_kw(q, r->adds ? "'true'" : "NULL");
}

/* `places` is the engine's text of a list of numbers: "[3, 17]". */
static void add_places(pt_sql *q, pt_sv places)
{
    uint64_t place = 0;
    bool digits = false;

    pt_sql_kw(q, "WHERE (false");
    for (size_t i = 0; i < places.len; i++) {
        bool digit = pt_is_digit(places.ptr[i]);
        if (digit)
            place = place * 10 + (uint64_t)(places.ptr[i] - '0');
        else if (digits)
            pt_str_addf(&q->text, " OR (p._file = %" PRIu64 " AND p._row = %" PRIu64 ")", place >> 40,
                        place & ((UINT64_C(1) << 40) - 1));
        if (!digit)
            place = 0;
        digits = digit;
    }
    pt_sql_kw(q, ")");
}

static pt_rc keep_examples(pt_clean_run *run, size_t k, pt_sv places, pt_err *err)
{
    const pt_clean_step *s = &run->steps[k];
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO meta.cleaning_examples SELECT");
    pt_sql_text(&q, pt_sv_of(run->source->name));
    pt_str_addf(&q.text, ", %u, p._file, p._row + 1, ", s->number);
    add_before_and_after(&q, run, s);
    pt_sql_kw(&q, "FROM");
    pt_clean_rows(&q, run, k + 1);
    pt_sql_kw(&q, "AS p");
    add_places(&q, places);
    pt_sql_kw(&q, "ORDER BY p._seq");
    return pt_clean_exec(&q, run, err);
}

/* --- counts --------------------------------------------------------------------------------------------------------- */

/* Whether rule k touched the row. A row that a rule before it dropped it has never seen. */
static void add_touched(pt_sql *q, const pt_clean_step *s)
{
    if (pt_clean_drops(s)) {
        pt_str_addf(&q->text, "_dropped = %u", s->number);
        return;
    }
    pt_sql_kw(q, "coalesce(");
    if (s->rule->adds)
        pt_sql_ident(q, s->rule->adds);
    else
        pt_str_addf(&q->text, "_t%u", s->number);
    pt_str_addf(&q->text, ", false) AND (_dropped IS NULL OR _dropped > %u)", s->number);
}

static const char *kind_word(const pt_clean_step *s)
{
    static const char *const actions[] = {"cap", "drop", "flag"};

    switch (s->rule->kind) {
    case PT_CLEAN_DROP: return "drop";
    case PT_CLEAN_FLAG: return "flag";
    case PT_CLEAN_FILL: return "fill";
    case PT_CLEAN_OUTLIERS: return actions[s->rule->action];
    default: return "dedupe";
    }
}

/* "-20.7100..25.4900" is read as "-20.71..25.49". */
static const char *without_zeros(const pt_clean_run *run, const pt_clean_step *s)
{
    pt_str out = {0};
    bool number = s->column && (s->column->type == PT_TYPE_MONEY || s->column->type == PT_TYPE_NUMBER);

    if (!number || !s->learned)
        return s->learned;
    for (const char *p = s->learned; *p;) {
        size_t n = strspn(p, "0123456789"), decimals = p[n] == '.' ? strspn(p + n + 1, "0123456789") : 0;
        pt_str_addn(&out, p, n);
        size_t kept = decimals;
        while (kept && p[n + kept] == '0')
            kept--;
        pt_str_addn(&out, p + n, kept ? kept + 1 : 0);
        p += n + (decimals ? decimals + 1 : 0);
        if (*p && !pt_is_digit(*p))
            pt_str_addc(&out, *p++);
    }
    const char *copy = pt_arena_strdup(run->arena, pt_str_cstr(&out));
    pt_str_free(&out);
    return copy;
}

static pt_rc append_counts(const pt_clean_run *run, const uint64_t *touched, uint64_t total, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, run->conn, "meta", "cleaning", err));
    for (size_t k = 0; k < run->n_steps; k++) {
        const pt_clean_step *s = &run->steps[k];
        uint64_t dropped = pt_clean_drops(s) ? touched[k] : 0;
        pt_append_text(a, pt_sv_of(run->source->name));
        pt_append_int(a, s->number);
        pt_append_text(a, pt_sv_of(s->rule->text));
        pt_append_text(a, pt_sv_of(kind_word(s)));
        pt_append_text(a, pt_sv_of(s->rule->column));
        pt_append_int(a, (int64_t)total);
        pt_append_int(a, (int64_t)touched[k]);
        pt_append_int(a, (int64_t)dropped);
        pt_append_text(
            a, pt_sv_of(s->column && pt_clean_is_private(run->source, s->column->name) ? NULL : without_zeros(run, s)));
        pt_append_end_row(a);
        total -= dropped;
    }
    return pt_appender_close(a, err);
}

/* One row: all rows, then for each rule how many it touched and the first of them. */
static void add_counts(pt_sql *q, const pt_clean_run *run)
{
    pt_sql_kw(q, "SELECT count(*)::UBIGINT");
    for (size_t k = 0; k < run->n_steps; k++) {
        pt_sql_kw(q, ", (count(*) FILTER (");
        add_touched(q, &run->steps[k]);
        pt_str_addf(&q->text, "))::UBIGINT, coalesce(CAST(min(_seq, %d) FILTER (", EXAMPLES);
        add_touched(q, &run->steps[k]);
        pt_sql_kw(q, ") AS VARCHAR), '')");
    }
    pt_sql_kw(q, "FROM");
    pt_clean_rows(q, run, run->n_steps);
}

/* Reads that row; places in the arena, since the connection is busy until the cursor is closed. */
static pt_rc read_counts(uint64_t *total, uint64_t *touched, pt_sv *places, const pt_clean_run *run, pt_err *err)
{
    pt_sql q = {0};
    pt_cursor *cursor = NULL;
    const pt_rows *rows;

    add_counts(&q, run);
    pt_rc rc = pt_query(&cursor, run->conn, &q, err);
    if (rc == PT_OK)
        rc = pt_cursor_next(&rows, cursor, err);
    if (rc == PT_OK)
        *total = *(const uint64_t *)rows->cells[0].data;
    for (size_t k = 0; rc == PT_OK && k < run->n_steps; k++) {
        const pt_sv *text = rows->cells[2 + 2 * k].data;
        touched[k] = *(const uint64_t *)rows->cells[1 + 2 * k].data;
        places[k] = (pt_sv){pt_arena_strndup(run->arena, text->ptr, text->len), text->len};
        if (!places[k].ptr)
            rc = pt_fail_nomem(err, "cleaning");
    }
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    return rc;
}

/* --- quarantine ----------------------------------------------------------------------------------------------------- */

/* Dropped rows as they were read. */
static pt_rc set_aside(pt_clean_run *run, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "INSERT INTO meta.clean_rejects SELECT");
    pt_sql_text(&q, pt_sv_of(run->source->name));
    pt_sql_kw(&q, ", r._file, r._row + 1, CASE d._dropped");
    for (size_t k = 0; k < run->n_steps; k++) {
        if (!pt_clean_drops(&run->steps[k]))
            continue;
        pt_str_addf(&q.text, " WHEN %u THEN ", run->steps[k].number);
        pt_sql_text(&q, pt_sv_of(run->steps[k].rule->column ? run->steps[k].rule->column : ""));
    }
    pt_sql_kw(&q, "END, CASE d._dropped");
    for (size_t k = 0; k < run->n_steps; k++) {
        if (!pt_clean_drops(&run->steps[k]))
            continue;
        pt_str_addf(&q.text, " WHEN %u THEN 'cleaned: ' || ", run->steps[k].number);
        pt_sql_text(&q, pt_sv_of(run->steps[k].rule->text));
    }
    pt_sql_kw(&q, "END, left(CAST(to_json(r) AS VARCHAR), 8192) FROM (SELECT _file, _row, _dropped FROM");
    pt_clean_rows(&q, run, run->n_steps);
    pt_sql_kw(&q, "WHERE _dropped IS NOT NULL) AS d JOIN raw.");
    pt_sql_ident(&q, run->source->name);
    pt_sql_kw(&q, "AS r ON r._file = d._file AND r._row = d._row ORDER BY r._file, r._row");
    return pt_clean_exec(&q, run, err);
}

pt_rc pt_clean_report(pt_clean_run *run, pt_err *err)
{
    uint64_t *touched = PT_NEW_ARRAY(run->arena, uint64_t, run->n_steps), total = 0;
    pt_sv *places = PT_NEW_ARRAY(run->arena, pt_sv, run->n_steps);

    if (!touched || !places)
        return pt_fail_nomem(err, "cleaning");
    PT_TRY(read_counts(&total, touched, places, run, err));
    PT_TRY(append_counts(run, touched, total, err));
    for (size_t k = 0; k < run->n_steps; k++)
        if (touched[k])
            PT_TRY(keep_examples(run, k, places[k], err));
    return run->drops ? set_aside(run, err) : PT_OK;
}
