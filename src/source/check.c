/* What `portrait check` can say of sources without looking at their files. */
#include <strings.h>

#include "source/source_int.h"

typedef struct checker {
    pt_read_run run;
    pt_diags *diags;
    pt_err *err;
} checker;

static int code_of(const pt_err *err)
{
    int64_t code = 0;

    return err->msg[0] == 'E' && pt_parse_int64(&code, (pt_sv){err->msg + 1, 4}) ? (int)code : PT_E_NOT_AN_EXPRESSION;
}

pt_rc pt_note_problem(pt_diags *diags, pt_rc rc, const pt_err *problem, pt_place place, pt_err *err)
{
    if (rc == PT_OK)
        return PT_OK;
    if (rc != PT_EINVAL) {
        if (err)
            *err = *problem;
        return rc;
    }
    bool coded = problem->msg[0] == 'E' && strncmp(problem->msg + 5, ": ", 2) == 0;
    pt_diag *d = pt_diags_add(diags, PT_SEVERITY_ERROR, code_of(problem), place, "%s", problem->msg + (coded ? 7 : 0));
    if (problem->hint[0])
        pt_diag_hint(diags, d, "%s", problem->hint);
    return PT_OK;
}

static pt_rc note(checker *c, pt_rc rc, const pt_err *problem, pt_place place)
{
    return pt_note_problem(c->diags, rc, problem, place, c->err);
}

/* What is no plain name is an expression, unless it has nothing of one: `Unit Price` is a column of the file then. */
static pt_rc check_expression(checker *c, const char *text, pt_place place)
{
    const pt_expression *e;
    pt_err problem = {0};

    if (!text || pt_plain_name(text, c->run.arena) || !strpbrk(text, "()+-*/%|'\"=<>,:;"))
        return PT_OK;
    return note(c, pt_expression_get(&e, &c->run, text, place, &problem), &problem, place);
}

static pt_rc check_format(checker *c, pt_type type, const char *format, pt_place place)
{
    pt_err problem = {0};
    const char *name;

    if (!format || (type != PT_TYPE_DATE && type != PT_TYPE_INSTANT))
        return PT_OK;
    return note(c, pt_define_time(&name, type, format, "UTC", c->run.conn, c->run.arena, &problem), &problem, place);
}

static bool is_column(const pt_source *s, const char *name)
{
    bool found = s->time && strcasecmp(name, "time") == 0;

    for (size_t i = 0; i < s->n_columns; i++)
        found = found || strcasecmp(s->columns[i].name, name) == 0;
    return found;
}

static pt_rc check_names(const pt_source *s, const pt_expression *e, pt_place place, pt_err *err)
{
    for (size_t i = 0; i < e->n_names; i++) {
        if (is_column(s, e->names[i]))
            continue;
        pt_fail(err, PT_EINVAL, "E%04d: '%s' is no declared column", PT_E_NOT_AN_EXPRESSION, e->names[i]);
        pt_err_at(err, place.file, place.line, place.col);
        return pt_err_hint(err, "a rule sees the columns of its source and 'time'; texts stand in 'single quotes'");
    }
    return PT_OK;
}

static pt_rc check_condition(const pt_source *s, const char *text, pt_place place, pt_read_run *run, pt_err *err)
{
    const pt_expression *e;

    PT_TRY(pt_expression_get(&e, run, text, place, err));
    return check_names(s, e, place, err);
}

pt_rc pt_source_check_condition(const pt_source *s, const char *text, pt_place place, pt_conn *conn, pt_err *err)
{
    pt_read_run run = {.conn = conn, .arena = pt_arena_new(0)};

    if (!run.arena)
        return pt_fail_nomem(err, "the check");
    pt_rc rc = check_condition(s, text, place, &run, err);
    pt_arena_free(run.arena);
    return rc;
}

static pt_rc check_rules(checker *c, const pt_source *s)
{
    for (size_t i = 0; i < s->n_quality; i++) {
        const pt_quality_rule *r = &s->quality[i];
        pt_err problem = {0};
        if (r->condition)
            PT_TRY(note(c, check_condition(s, r->condition, r->condition_place, &c->run, &problem), &problem,
                        r->condition_place));
    }
    return PT_OK;
}

static bool is_text(const char *text, const char *name)
{
    return text && strcmp(text, name) == 0;
}

/* Whether a text of the file is read by this name: as a column, an identifier, the time, a key, or by an expression. */
static bool is_read(const checker *c, const pt_source *s, const char *name)
{
    bool read = is_text(s->time, name);

    for (size_t i = 0; i < s->n_file_columns; i++) {
        const pt_source_column *column = &s->columns[i];
        bool own = !column->lookup.source && !column->computed && is_text(column->name, name);
        read = read || own || is_text(column->from, name);
    }
    for (size_t i = 0; i < s->n_identifiers; i++)
        read = read || is_text(s->identifiers[i].column, name);
    for (size_t i = 0; i < c->run.n_wanted; i++)
        read = read || is_text(c->run.wanted[i], name);
    for (const pt_expression *e = c->run.expressions; e; e = e->next)
        for (size_t i = 0; i < e->n_names; i++)
            read = read || is_text(e->names[i], name);
    return read;
}

/* convert and map of a column that nothing reads would do nothing. */
static pt_rc check_conversions(checker *c, const pt_source *s)
{
    PT_TRY(pt_wanted_names(&c->run, c->err));
    for (size_t i = 0; i < s->n_clean; i++) {
        const pt_clean_rule *r = &s->clean[i];
        if (!pt_clean_reads(r) || is_read(c, s, r->column))
            continue;
        pt_diag *d = pt_diags_add(c->diags, PT_SEVERITY_ERROR, PT_E_NO_COLUMN, r->place,
                                  "no text is read from a column '%s'", r->column);
        pt_diag_suggest(c->diags, d, pt_sv_of(r->column), c->run.wanted, c->run.n_wanted);
    }
    return PT_OK;
}

static pt_rc check_source(checker *c, const pt_source *s)
{
    pt_err problem = {0};

    c->run.source = s;
    if (s->encoding)
        PT_TRY(note(c, pt_encoding_check(s->encoding, &problem), &problem, s->place));
    PT_TRY(check_expression(c, s->time, s->place));
    PT_TRY(check_format(c, PT_TYPE_INSTANT, s->time_format, s->place));
    for (size_t i = 0; i < s->n_identifiers; i++)
        PT_TRY(check_expression(c, s->identifiers[i].column, s->identifiers[i].place));
    for (size_t i = 0; i < s->n_file_columns; i++) {
        const pt_source_column *column = &s->columns[i];
        PT_TRY(check_format(c, column->type, column->format, column->place));
        if (column->computed)
            PT_TRY(check_expression(c, column->from, column->place));
    }
    PT_TRY(check_conversions(c, s));
    return check_rules(c, s);
}

pt_rc pt_source_check(const pt_project *p, pt_conn *conn, pt_diags *diags, pt_err *err)
{
    checker c = {.run = {.project = p, .conn = conn, .arena = pt_arena_new(0)}, .diags = diags, .err = err};
    pt_rc rc = PT_OK;

    if (!c.run.arena)
        return pt_fail_nomem(err, "the check");
    for (size_t i = 0; rc == PT_OK && i < p->n_sources; i++)
        rc = check_source(&c, &p->sources[i]);
    pt_arena_free(c.run.arena);
    return rc;
}
