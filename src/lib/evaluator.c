#include <stdlib.h>

#include "app/evaluator.h"
#include "lib/lib_int.h"

struct portrait_evaluator {
    portrait_project *project;
    pt_evaluator *evaluator;
    pt_arena *arena; /* the last answer and its evidence */
    portrait_value value;
    portrait_evidence *evidence;
    size_t n_evidence;
    pt_str row; /* being put together */
};

/* --- the expression ----------------------------------------------------------------------------------------------- */

static pt_rc plan(portrait_evaluator *e, const char *expression, const char *as_of, pt_err *err)
{
    const int64_t *instant = NULL;
    int64_t at;
    bool given;
    pt_diags diags;

    PT_TRY(pt_lib_as_of(&at, &given, e->project, as_of, err));
    if (given)
        instant = &at;
    pt_diags_init(&diags, e->arena);
    pt_rc rc = pt_evaluator_new(&e->evaluator, e->project->app, pt_sv_of(expression), instant, &diags, err);
    if (rc == PT_EINVAL && diags.errors && diags.items[0].hint)
        pt_err_hint(err, "%s", diags.items[0].hint);
    pt_diags_free(&diags);
    return rc;
}

portrait_status portrait_evaluator_new(portrait_evaluator **out, portrait_project *project, const char *expression,
                                       const char *as_of, portrait_error *error)
{
    portrait_evaluator *e = pt_zalloc(1, sizeof *e);
    pt_err err = {0};

    *out = NULL;
    if (!e || !(e->arena = pt_arena_new(0))) {
        free(e);
        return pt_lib_nomem(error, "the evaluator");
    }
    e->project = project;
    pt_rc rc = plan(e, expression, as_of, &err);
    if (rc == PT_OK)
        *out = e;
    else
        portrait_evaluator_free(e);
    return pt_lib_done(rc, &err, error);
}

void portrait_evaluator_free(portrait_evaluator *evaluator)
{
    if (!evaluator)
        return;
    pt_evaluator_free(evaluator->evaluator);
    pt_arena_free(evaluator->arena);
    pt_str_free(&evaluator->row);
    free(evaluator);
}

portrait_type portrait_evaluator_type(const portrait_evaluator *evaluator)
{
    return (portrait_type)pt_evaluator_type(evaluator->evaluator);
}

/* --- answers ------------------------------------------------------------------------------------------------------ */

static void forget_answer(portrait_evaluator *e)
{
    pt_arena_reset(e->arena);
    e->evidence = NULL;
    e->n_evidence = 0;
}

static const char *shown(const portrait_evaluator *e, const pt_column *c)
{
    pt_render_style style = pt_lib_style(e->project);
    pt_str text = {0};

    pt_render_text(&text, &style, -1, c, 0);
    const char *copy = text.failed ? NULL : pt_arena_strdup(e->arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

static pt_rc keep_evidence(portrait_evaluator *e, pt_err *err)
{
    const pt_evaluator_proof *proofs;
    size_t n;

    PT_TRY(pt_evaluator_proofs(&proofs, &n, e->evaluator, e->arena, err));
    if (!(e->evidence = PT_NEW_ARRAY(e->arena, portrait_evidence, n)))
        return pt_fail_nomem(err, "the evidence");
    for (size_t i = 0; i < n; i++) {
        const char *text = shown(e, proofs[i].value);
        if (!text)
            return pt_fail_nomem(err, "the evidence");
        e->evidence[i] = (portrait_evidence){proofs[i].text, text, proofs[i].n_events, proofs[i].first, proofs[i].last};
    }
    e->n_evidence = n;
    return PT_OK;
}

static portrait_status answer(const portrait_value **value, portrait_evaluator *e, pt_rc rc, const pt_column *c,
                              pt_err *err, portrait_error *error)
{
    if (rc == PT_OK)
        rc = pt_lib_value(&e->value, c, 0, pt_evaluator_tag(e->evaluator), e->project, e->arena, err);
    if (rc == PT_OK)
        rc = keep_evidence(e, err);
    *value = rc == PT_OK ? &e->value : NULL;
    return pt_lib_done(rc, err, error);
}

portrait_status portrait_evaluate(const portrait_value **value, portrait_evaluator *evaluator, const char *who,
                                  portrait_error *error)
{
    const pt_column *c;
    pt_err err = {0};

    forget_answer(evaluator);
    pt_rc rc = pt_evaluator_customer(&c, evaluator->evaluator, pt_sv_of(who), &err);
    return answer(value, evaluator, rc, c, &err, error);
}

const portrait_evidence *portrait_evidence_get(const portrait_evaluator *evaluator, size_t i)
{
    return i < evaluator->n_evidence ? &evaluator->evidence[i] : NULL;
}

/* --- rows in memory ----------------------------------------------------------------------------------------------- */

portrait_status portrait_rows_begin(portrait_evaluator *evaluator, const char *customer, portrait_error *error)
{
    pt_err err = {0};

    forget_answer(evaluator);
    pt_rc rc = pt_evaluator_begin(evaluator->evaluator, pt_sv_of(customer), &err);
    return pt_lib_done(rc, &err, error);
}

/* As a field of docs/eval-filter.md. In a list \| and \\ mean something already. */
static void add_field(pt_str *row, const char *field, bool list)
{
    pt_str_addc(row, '\t');
    if (!field) {
        pt_str_add(row, "\\N");
        return;
    }
    for (; *field; field++) {
        if (*field == '\t')
            pt_str_add(row, "\\t");
        else if (*field == '\n')
            pt_str_add(row, "\\n");
        else if (*field == '\r')
            pt_str_add(row, "\\r");
        else if (*field == '\\' && !list)
            pt_str_add(row, "\\\\");
        else
            pt_str_addc(row, *field);
    }
}

portrait_status portrait_rows_add(portrait_evaluator *evaluator, const char *source, const char *time,
                                  const char *const *fields, size_t n_fields, portrait_error *error)
{
    const pt_project *p = pt_app_project(evaluator->project->app);
    int s = pt_project_find_source(p, pt_sv_of(source));
    pt_str *row = &evaluator->row;
    pt_err err = {0};

    forget_answer(evaluator);
    pt_str_clear(row);
    pt_str_add(row, time ? time : "\\N");
    for (size_t i = 0; i < n_fields; i++)
        add_field(row, fields[i],
                  s >= 0 && i < p->sources[s].n_columns && p->sources[s].columns[i].type == PT_TYPE_LIST);
    pt_rc rc = pt_str_check(row, &err);
    if (rc == PT_OK)
        rc = pt_evaluator_row(evaluator->evaluator, pt_sv_of(source), (pt_sv){pt_str_cstr(row), row->len}, &err);
    return pt_lib_done(rc, &err, error);
}

portrait_status portrait_rows_evaluate(const portrait_value **value, portrait_evaluator *evaluator,
                                       portrait_error *error)
{
    const pt_column *c;
    pt_err err = {0};

    forget_answer(evaluator);
    pt_rc rc = pt_evaluator_answer(&c, evaluator->evaluator, &err);
    return answer(value, evaluator, rc, c, &err, error);
}
