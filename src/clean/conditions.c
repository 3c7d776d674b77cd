/* Conditions of `drop when` and `flag when`: SQL that a user wrote, checked before it becomes part of any statement. */
#include <strings.h>

#include "clean/clean_int.h"
#include "project/codes.h"
#include "source/codes.h"
#include "source/source.h"

/* The type of what a condition may name; NONE when there is no such thing. Flags of later rules are not there yet. */
static pt_type type_of(const pt_clean_run *run, size_t k, const char *name)
{
    const pt_source *s = run->source;

    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_source_column *c = &s->columns[i];
        if (strcasecmp(c->name, name) != 0)
            continue;
        for (size_t later = k; later < run->n_steps; later++)
            if (run->steps[later].rule->adds && strcmp(run->steps[later].rule->adds, c->name) == 0)
                return PT_TYPE_NONE;
        return c->type;
    }
    for (size_t i = 0; i < s->n_identifiers; i++)
        if (strcasecmp(s->identifiers[i].type, name) == 0)
            return PT_TYPE_TEXT;
    return strcasecmp(name, "time") == 0 ? PT_TYPE_INSTANT : PT_TYPE_NONE;
}

static pt_rc fail_unknown(const pt_clean_run *run, const pt_clean_rule *r, const char *name, pt_err *err)
{
    const pt_source *s = run->source;
    const char **names = PT_NEW_ARRAY(run->arena, const char *, s->n_columns);
    int near = -1;

    for (size_t i = 0; names && i < s->n_columns; i++)
        names[i] = s->columns[i].name;
    if (names)
        near = pt_nearest(pt_sv_of(name), names, s->n_columns);
    pt_fail_code(err, PT_E_CLEAN_CONDITION, r->condition_place, "'%s' has no column '%s' for the condition", s->name,
                 name);
    if (near >= 0)
        return pt_err_hint(err, "did you mean '%s'?", names[near]);
    return pt_err_hint(err, "declare it under columns: only declared columns are kept");
}

/* Asks the engine whether the condition is one, given the types of its columns. */
static pt_rc check_types(const pt_clean_run *run, size_t k, pt_err *err)
{
    const pt_clean_step *step = &run->steps[k];
    pt_sql q = {0};
    pt_err why = {0};

    pt_sql_kw(&q, "SELECT coalesce(TRY(CAST((\n");
    pt_sql_user(&q, pt_sv_of(step->rule->condition));
    pt_sql_kw(&q, "\n) AS BOOLEAN)), false) FROM (SELECT 0 AS _nothing");
    for (size_t i = 0; i < step->n_names; i++) {
        pt_sql_kw(&q, ", CAST(NULL AS");
        pt_sql_kw(&q, pt_sql_type(type_of(run, k, step->names[i])));
        pt_sql_kw(&q, ") AS");
        pt_sql_ident(&q, step->names[i]);
    }
    pt_sql_kw(&q, ") WHERE false");
    pt_rc rc = pt_exec(run->conn, &q, NULL, &why);
    pt_sql_free(&q);
    if (rc == PT_EINVAL)
        return pt_fail_code(err, PT_E_CLEAN_CONDITION, step->rule->condition_place,
                            "the condition does not fit its columns: %s", why.msg);
    if (rc != PT_OK && err)
        *err = why;
    return rc;
}

pt_rc pt_clean_check_step(pt_clean_run *run, size_t k, pt_err *err)
{
    pt_clean_step *step = &run->steps[k];
    const pt_clean_rule *r = step->rule;

    if (!r->condition)
        return PT_OK;
    PT_TRY(pt_source_expression(&step->names, &step->n_names, r->condition, r->condition_place, run->conn, run->arena,
                                err));
    for (size_t i = 0; i < step->n_names; i++)
        if (type_of(run, k, step->names[i]) == PT_TYPE_NONE)
            return fail_unknown(run, r, step->names[i], err);
    return check_types(run, k, err);
}
