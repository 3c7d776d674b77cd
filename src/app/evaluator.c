#include "app/evaluator.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/base_stats.h"
#include "app/evaluate.h"
#include "app/filter_int.h"
#include "app/lineage.h"

struct pt_evaluator {
    pt_app *app;
    const pt_project *project;
    pt_arena *arena;
    const pt_node *node; /* NULL: a tag that a query gives */
    int tag;             /* -1: an expression */
    pt_type type;
    bool has_as_of, queries;
    int64_t as_of;
    pt_program *program;

    /* Customers of the build. The evaluator caches what it learned of their dictionaries, which die with the view. */
    pt_eval *built;
    pt_arena *built_arena; /* what is known of the base of that view */
    uint64_t view_number;
    pt_events *built_events; /* by source number */
    pt_arena *external_arena;
    pt_column external; /* the answer, for a tag that a query gives */

    /* Rows in memory. */
    pt_eval *live;
    pt_rows_source *rows; /* by source number; NULL until rows begin */
    pt_events *live_events;
    pt_rows_scratch scratch;
    uint64_t identity;
    bool begun;

    pt_batch batch; /* of the last answer: its proofs are looked up in it */
    pt_eval *last;  /* whose answer is the last; NULL: none, or a query's */
};

/* --- the question ------------------------------------------------------------------------------------------------- */

static pt_rc find_node(pt_evaluator *e, pt_sv what, pt_diags *diags, pt_err *err)
{
    const pt_module *m = e->project->module;
    pt_place place = {.file = "expression", .text = what, .line = 1, .col = 1, .length = 1};

    e->tag = pt_project_find_tag(e->project, what);
    if (e->tag >= 0) {
        e->node = m->tags[e->tag];
        e->type = m->types[e->tag];
        return PT_OK;
    }
    PT_TRY(pt_lang_expression(&e->node, m, what, place, PT_TYPE_NONE, diags, e->arena, err));
    if (!e->node)
        return pt_diags_result(diags, err);
    e->type = e->node->type;
    return PT_OK;
}

static pt_rc plan(pt_evaluator *e, pt_sv what, pt_diags *diags, pt_err *err)
{
    uint32_t tag;
    pt_lineage lineage;

    PT_TRY(find_node(e, what, diags, err));
    PT_TRY(pt_lineage_of(&lineage, e->project, e->tag, e->node, e->arena, err));
    e->queries = lineage.queries || lineage.models || !e->node;
    if (!e->node)
        return PT_OK;
    tag = (uint32_t)e->tag;
    pt_question question = e->tag >= 0 ? (pt_question){.tags = &tag, .n_tags = 1} : (pt_question){.node = e->node};
    return pt_question_plan(&e->program, e->project, &question, e->arena, err);
}

pt_rc pt_evaluator_new(pt_evaluator **out, pt_app *app, pt_sv what, const int64_t *as_of, pt_diags *diags, pt_err *err)
{
    pt_evaluator *e;
    pt_rc rc;

    *out = NULL;
    PT_TRY(pt_app_sound(app, err));
    if (!(e = pt_zalloc(1, sizeof *e)))
        return pt_fail_nomem(err, "the evaluator");
    e->app = app;
    e->project = app->project;
    e->has_as_of = as_of != NULL;
    e->as_of = as_of ? *as_of : 0;
    e->scratch.zone = app->project->zone;
    e->arena = pt_arena_new(0);
    e->external_arena = pt_arena_new(0);
    e->built_arena = pt_arena_new(0);
    rc = e->arena && e->external_arena && e->built_arena ? plan(e, pt_sv_trim(what), diags, err)
                                                         : pt_fail_nomem(err, "the evaluator");
    if (rc == PT_OK)
        *out = e;
    else
        pt_evaluator_free(e);
    return rc;
}

void pt_evaluator_free(pt_evaluator *e)
{
    if (!e)
        return;
    for (size_t s = 0; e->rows && s < e->project->n_sources; s++)
        if (e->rows[s].source)
            pt_rows_free(&e->rows[s]);
    pt_eval_free(e->built);
    pt_eval_free(e->live);
    pt_str_free(&e->scratch.text);
    free(e->scratch.order);
    free(e->scratch.gather);
    pt_arena_free(e->external_arena);
    pt_arena_free(e->built_arena);
    pt_arena_free(e->arena);
    free(e);
}

pt_type pt_evaluator_type(const pt_evaluator *e)
{
    return e->type;
}

int pt_evaluator_tag(const pt_evaluator *e)
{
    return e->tag;
}

/* --- customers of the build --------------------------------------------------------------------------------------- */

static pt_rc ready_for_view(pt_evaluator *e, pt_view *v, int64_t as_of, pt_err *err)
{
    pt_eval_options options = {.as_of = as_of, .zone = e->project->zone};

    if (!e->built_events && !(e->built_events = PT_NEW_ARRAY(e->arena, pt_events, e->project->n_sources)))
        return pt_fail_nomem(err, "the evaluator");
    if (!e->program || e->view_number == e->app->view_number)
        return PT_OK;
    pt_eval_free(e->built);
    e->built = NULL;
    pt_arena_reset(e->built_arena);
    PT_TRY(pt_view_base(&options.base, v, e->node, e->built_arena, err));
    PT_TRY(pt_eval_new(&e->built, e->program, &options, err));
    e->view_number = e->app->view_number;
    return PT_OK;
}

static pt_rc evaluate(const pt_column **value, pt_evaluator *e, pt_view *v, uint32_t ordinal, int64_t as_of,
                      pt_err *err)
{
    pt_batch *batch = &e->batch;

    PT_TRY(pt_view_timelines(v, err));
    PT_TRY(pt_view_batch(batch, e->built_events, v, ordinal, err));
    pt_arena_reset(e->external_arena);
    if (e->queries)
        PT_TRY(pt_profile_external(&batch->external, v, ordinal, as_of, e->external_arena, err));
    if (!e->program) {
        e->external = batch->external[e->tag];
        *value = &e->external;
        return PT_OK;
    }
    PT_TRY(pt_eval_run(e->built, batch, err));
    *value = pt_eval_tag(e->built, 0);
    e->last = e->built;
    return PT_OK;
}

pt_rc pt_evaluator_customer(const pt_column **value, pt_evaluator *e, pt_sv who, pt_err *err)
{
    uint32_t ordinal;
    pt_view *v;

    *value = NULL;
    e->last = NULL;
    PT_TRY(pt_app_view(&v, e->app, err));
    PT_TRY(pt_view_find(&ordinal, v, who, err));
    int64_t as_of = e->has_as_of ? e->as_of : v->as_of;
    PT_TRY(ready_for_view(e, v, as_of, err));
    return evaluate(value, e, v, ordinal, as_of, err);
}

/* --- proofs ------------------------------------------------------------------------------------------------------- */

static pt_rc prove(pt_evaluator_proof *proof, const pt_evaluator *e, const pt_leaf *leaf, pt_arena *arena, pt_err *err)
{
    pt_str text = {0};

    pt_lang_print(&text, leaf->node, &e->project->catalog);
    pt_rc rc = pt_str_check(&text, err);
    proof->text = rc == PT_OK ? pt_arena_strdup(arena, pt_str_cstr(&text)) : NULL;
    pt_str_free(&text);
    if (!proof->text)
        return rc == PT_OK ? pt_fail_nomem(err, "the evidence") : rc;
    proof->value = leaf->value;
    proof->n_events = leaf->n_events;
    proof->first = proof->last = PT_I64_MISSING;
    for (size_t i = 0; i < leaf->n_events; i++) {
        int64_t at = e->batch.sources[leaf->sources[i]].time[leaf->events[i]];
        if (at == PT_I64_MISSING)
            continue;
        proof->last = at;
        if (proof->first == PT_I64_MISSING)
            proof->first = at;
    }
    return PT_OK;
}

pt_rc pt_evaluator_proofs(const pt_evaluator_proof **out, size_t *n, pt_evaluator *e, pt_arena *arena, pt_err *err)
{
    const pt_leaf *leaves;
    pt_evaluator_proof *proofs;

    *out = NULL;
    *n = 0;
    if (!e->last)
        return PT_OK;
    PT_TRY(pt_eval_leaves(&leaves, n, e->last, 0, arena, err));
    if (!(proofs = PT_NEW_ARRAY(arena, pt_evaluator_proof, *n)))
        return pt_fail_nomem(err, "the evidence");
    for (size_t i = 0; i < *n; i++)
        PT_TRY(prove(&proofs[i], e, &leaves[i], arena, err));
    *out = proofs;
    return PT_OK;
}

/* --- rows in memory ----------------------------------------------------------------------------------------------- */

static pt_rc rows_as_of(int64_t *out, const pt_evaluator *e, pt_err *err)
{
    *out = e->has_as_of ? e->as_of : e->project->as_of;
    if (e->has_as_of || e->project->as_of_default == PT_AS_OF_FIXED)
        return PT_OK;
    return pt_fail(err, PT_EINVAL, "rows need an as-of: the project's is no fixed instant");
}

/* Of the last build, where there is one. A value must not come out missing because nobody knows what it needs. */
static pt_rc rows_base(const pt_base_set **out, pt_evaluator *e, pt_err *err)
{
    const pt_node *const *needs;
    uint32_t tag = (uint32_t)e->tag;
    pt_str text = {0};
    size_t n, i = 0;

    PT_TRY(pt_filter_base(out, e->app, NULL, e->arena, err));
    PT_TRY(pt_base_needs(&needs, &n, e->project, &tag, e->tag >= 0, e->tag >= 0 ? NULL : e->node, e->arena, err));
    while (i < n && pt_base_find(*out, needs[i]))
        i++;
    if (i == n)
        return PT_OK;
    pt_lang_print(&text, needs[i], &e->project->catalog);
    pt_fail(err, PT_EINVAL, "the value of %s is not known here", pt_str_cstr(&text));
    pt_str_free(&text);
    return pt_err_hint(err, "run `portrait build` first");
}

static pt_rc ready_for_rows(pt_evaluator *e, pt_err *err)
{
    const pt_project *p = e->project;
    pt_eval_options options = {.zone = p->zone};

    if (e->queries)
        return pt_fail(err, PT_EINVAL, "this needs a query over the store, which rows in memory do not have");
    PT_TRY(rows_as_of(&options.as_of, e, err));
    if (!e->rows) {
        e->live_events = PT_NEW_ARRAY(e->arena, pt_events, p->n_sources);
        e->rows = PT_NEW_ARRAY(e->arena, pt_rows_source, p->n_sources);
        if (!e->live_events || !e->rows)
            return pt_fail_nomem(err, "the rows");
    }
    for (uint32_t s = 0; s < p->n_sources; s++)
        if (!e->rows[s].source)
            PT_TRY(pt_rows_init(&e->rows[s], s, &p->sources[s], e->program, 1, e->arena, err));
    if (e->live)
        return PT_OK;
    PT_TRY(rows_base(&options.base, e, err));
    return pt_eval_new(&e->live, e->program, &options, err);
}

pt_rc pt_evaluator_begin(pt_evaluator *e, pt_sv customer, pt_err *err)
{
    bool forget = false;

    e->begun = false;
    e->last = NULL;
    PT_TRY(ready_for_rows(e, err));
    for (size_t s = 0; s < e->project->n_sources; s++)
        forget |= pt_rows_clear(&e->rows[s]);
    if (forget)
        pt_eval_forget(e->live);
    e->identity = pt_hash64(customer.ptr, customer.len);
    e->begun = true;
    return PT_OK;
}

static pt_rc not_begun(pt_err *err)
{
    return pt_fail(err, PT_EINVAL, "no customer's rows have been begun");
}

pt_rc pt_evaluator_row(pt_evaluator *e, pt_sv source, pt_sv row, pt_err *err)
{
    int s = pt_project_find_source(e->project, source);

    if (!e->begun)
        return not_begun(err);
    if (s < 0)
        return pt_fail(err, PT_EINVAL, "unknown source '%.*s'", source.len < 64 ? (int)source.len : 64, source.ptr);
    pt_source_kind kind = e->project->sources[s].kind;
    if (kind != PT_SOURCE_EVENT && kind != PT_SOURCE_RECORD)
        return pt_fail(err, PT_EINVAL, "source '%s' has no events", e->project->sources[s].name);
    return pt_rows_add(&e->rows[s], row, &e->scratch, err);
}

pt_rc pt_evaluator_answer(const pt_column **value, pt_evaluator *e, pt_err *err)
{
    *value = NULL;
    if (!e->begun)
        return not_begun(err);
    e->begun = false;
    for (size_t s = 0; s < e->project->n_sources; s++) {
        PT_TRY(pt_rows_end_customer(&e->rows[s], 0, &e->scratch, err));
        e->live_events[s] = pt_rows_events(&e->rows[s]);
    }
    e->batch = (pt_batch){.n_customers = 1, .sources = e->live_events, .identities = &e->identity};
    PT_TRY(pt_eval_run(e->live, &e->batch, err));
    *value = pt_eval_tag(e->live, 0);
    e->last = e->live;
    return PT_OK;
}
