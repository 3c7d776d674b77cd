/* Plans of files that look alike, and a plan as SQL. */
#include "source/source_int.h"

struct pt_cached_plan {
    pt_hash128 key;
    pt_shape shape;
    pt_plan plan;
};

static pt_rc shape_key(pt_hash128 *out, const pt_shape *shape, pt_err *err)
{
    pt_str key = {0};

    pt_str_addf(&key, "%d%d", shape->open_ended, shape->positions);
    for (size_t i = 0; i < shape->n; i++)
        pt_str_addf(&key, "%s\n%s\n", shape->names[i], shape->types ? shape->types[i] : "");
    pt_rc rc = pt_str_check(&key, err);
    if (rc == PT_OK)
        *out = pt_hash128_of(key.ptr, key.len);
    pt_str_free(&key);
    return rc;
}

/* Names and types outlive the file that they were read from. */
static pt_rc keep_shape(pt_shape *out, const pt_shape *shape, pt_arena *arena, pt_err *err)
{
    *out = *shape;
    out->n = out->cap = 0;
    out->names = out->types = NULL;
    for (size_t i = 0; i < shape->n; i++) {
        const char *name = pt_arena_strdup(arena, shape->names[i]);
        if (!name)
            return pt_fail_nomem(err, "a plan");
        if (shape->types)
            PT_TRY(pt_shape_add_typed(out, pt_sv_of(name), pt_sv_of(shape->types[i]), arena, err));
        else
            PT_TRY(pt_shape_add(out, name, arena, err));
    }
    return PT_OK;
}

void pt_plan_forget(pt_read_run *run)
{
    if (run->last_plan)
        pt_plan_free(&run->last_plan->plan);
    run->last_plan = NULL;
}

pt_rc pt_plan_get(const pt_plan **out, pt_read_run *run, pt_shape *shape, const pt_input *in, pt_err *err)
{
    pt_cached_plan *c = run->last_plan;
    pt_hash128 key;

    PT_TRY(shape_key(&key, shape, err));
    if (!c || memcmp(&c->key, &key, sizeof key) != 0) {
        pt_plan_forget(run);
        c = PT_NEW(run->arena, pt_cached_plan);
        if (!c)
            return pt_fail_nomem(err, "a plan");
        c->key = key;
        PT_TRY(keep_shape(&c->shape, shape, run->arena, err));
        PT_TRY(pt_plan_make(&c->plan, run, &c->shape, in, run->arena, err));
        run->last_plan = c;
    }
    /* The dialect is the file's own. */
    char delimiter = shape->delimiter, quote = shape->quote;
    *shape = c->shape;
    shape->delimiter = delimiter;
    shape->quote = quote;
    *out = &c->plan;
    return PT_OK;
}

/* Everything here is names of this file's making and SQL from cast.c; what a user wrote is inside macros. */
void pt_plan_render(pt_sql *q, const pt_plan *plan, const char *table, const pt_sql *base)
{
    pt_sql_kw(q, "CREATE TABLE raw.");
    pt_sql_ident(q, table);
    pt_sql_kw(q, "AS SELECT");
    pt_sql_kw(q, pt_str_cstr(&plan->outputs));
    pt_sql_kw(q, ", CAST(");
    pt_sql_kw(q, plan->n_problems ? "CASE" : "NULL");
    for (size_t i = 0; i < plan->n_problems; i++)
        pt_str_addf(&q->text, "WHEN %s THEN %zu ", plan->problems[i].condition, i + 1);
    pt_sql_kw(q, plan->n_problems ? "END AS USMALLINT) AS _reject" : "AS USMALLINT) AS _reject");
    for (size_t i = 0; i < plan->n_marks; i++)
        pt_str_addf(&q->text, ", 0::BIGINT%s AS _cleaned%zu", pt_str_cstr(&plan->marks[i]), i);
    pt_sql_kw(q, "FROM (");
    for (size_t i = plan->n_levels; i-- > 0;) {
        pt_sql_kw(q, "SELECT p.*");
        pt_sql_kw(q, pt_str_cstr(&plan->levels[i]));
        pt_sql_kw(q, "FROM (");
    }
    pt_str_addsv(&q->text, (pt_sv){pt_str_cstr(&base->text), base->text.len});
    q->nul |= base->nul;
    for (size_t i = 0; i < plan->n_levels; i++)
        pt_sql_kw(q, ") p");
    pt_sql_kw(q, ") p");
}
