/* Why a tag has the value it has: its form, plan and lineage; and for one customer the proof of every part. */

#include "app/app_int.h"
#include "app/confidence.h"
#include "app/evaluate.h"
#include "app/forecast.h"
#include "app/model_explain.h"
#include "app/proof.h"
#include "catalogue/catalogue.h"
#include "source/source.h"

typedef struct explain {
    pt_app *app;
    const pt_project *project;
    pt_explanation *out;
    pt_arena *arena;
    const pt_base_set *base; /* NULL without a customer */
} explain;

/* --- form and plan ------------------------------------------------------------------------------------------------ */

static pt_rc keep_text(const char **out, pt_str *text, pt_arena *arena, pt_err *err)
{
    pt_rc rc = pt_str_check(text, err);

    *out = rc == PT_OK ? pt_arena_strndup(arena, pt_str_cstr(text), text->len) : NULL;
    pt_str_free(text);
    return rc == PT_OK && !*out ? pt_fail_nomem(err, "the explanation") : rc;
}

/* The tag or the expression itself. */
static pt_question question_of(const explain *x, const uint32_t *tag)
{
    const pt_explanation *out = x->out;

    return out->tag >= 0 ? (pt_question){.tags = tag, .n_tags = 1, .base = x->base}
                         : (pt_question){.node = out->node, .base = x->base};
}

static pt_rc describe(explain *x, pt_err *err)
{
    pt_explanation *out = x->out;
    pt_str tree = {0}, plan = {0};
    uint32_t tag = (uint32_t)out->tag;
    pt_program *program;

    if (!out->node) {
        const pt_tag *t = &x->project->tags[tag];
        out->text = t->model ? pt_arena_printf(x->arena, "%s: %s", t->model->name,
                                               t->model->kind->outputs[t->model_output].name)
                             : t->sql;
        if (!out->text)
            return pt_fail_nomem(err, "an explanation");
        out->tree = out->plan = "";
        return PT_OK;
    }
    PT_TRY(pt_node_text(&out->text, out->node, &x->project->catalog, x->arena, err));
    pt_lang_dump(&tree, out->node, &x->project->catalog);
    PT_TRY(keep_text(&out->tree, &tree, x->arena, err));
    pt_question question = question_of(x, &tag);
    PT_TRY(pt_question_plan(&program, x->project, &question, x->arena, err));
    pt_program_dump(&plan, program);
    return keep_text(&out->plan, &plan, x->arena, err);
}

static pt_rc parse_what(explain *x, pt_sv what, pt_diags *diags, pt_err *err)
{
    pt_explanation *out = x->out;
    const pt_module *m = x->project->module;
    pt_place place = {.file = "expression", .text = what, .line = 1, .col = 1, .length = 1};

    out->tag = pt_project_find_tag(x->project, what);
    if (out->tag >= 0) {
        out->node = m->tags[out->tag];
        out->type = m->types[out->tag];
        return PT_OK;
    }
    PT_TRY(pt_lang_expression(&out->node, m, what, place, PT_TYPE_NONE, diags, x->arena, err));
    if (!out->node)
        return pt_diags_result(diags, err);
    out->type = out->node->type;
    return PT_OK;
}

/* --- proof -------------------------------------------------------------------------------------------------------- */

static pt_rc find_out(pt_finding *finding, const explain *x, pt_eval *eval, size_t result, pt_err *err)
{
    const pt_node *tree = finding->tag >= 0 ? x->project->module->tags[finding->tag] : x->out->node;
    const pt_leaf *leaves;
    pt_proof *proofs;
    size_t n;

    finding->value = *pt_eval_tag(eval, result);
    finding->kept_from = pt_eval_kept(eval, result);
    PT_TRY(pt_eval_leaves(&leaves, &n, eval, result, x->arena, err));
    if (!(proofs = PT_NEW_ARRAY(x->arena, pt_proof, n)))
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < n; i++)
        if (pt_proof_belongs(tree, leaves[i].node))
            PT_TRY(pt_proof_of(&proofs[finding->n_proofs++], x->project, x->out->events, &leaves[i], x->arena, err));
    finding->proofs = proofs;
    return PT_OK;
}

/* The tags used, the nearest first. An external one has a value and no proof. */
static pt_rc find_out_tags(pt_finding *findings, const explain *x, const uint32_t *tags, size_t n,
                           const pt_batch *batch, pt_err *err)
{
    const pt_node **nodes = x->project->module->tags;
    uint32_t *computed = PT_NEW_ARRAY(x->arena, uint32_t, n);
    pt_eval *eval;
    size_t n_computed = 0;
    pt_confidence_of of = {x->project, batch, x->base, x->out->as_of};
    const double *confidence;

    if (!computed)
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(pt_confidences(&confidence, &of, tags, n, x->arena, err));
    for (size_t i = 0; i < n; i++) {
        findings[i].tag = (int)tags[i];
        findings[i].kept_from = PT_I64_MISSING;
        findings[i].confidence = confidence[tags[i]];
        if (nodes[tags[i]])
            computed[n_computed++] = tags[i];
        else
            findings[i].value = batch->external[tags[i]];
    }
    if (!n_computed)
        return PT_OK;
    pt_question question = {.tags = computed, .n_tags = n_computed, .base = x->base};
    PT_TRY(pt_question_ask(&eval, x->project, &question, batch, x->out->as_of, x->arena, err));
    for (size_t i = 0, result = 0; i < n; i++)
        if (nodes[tags[i]])
            PT_TRY(find_out(&findings[i], x, eval, result++, err));
    return PT_OK;
}

static pt_rc find_out_expression(pt_finding *finding, const explain *x, const pt_batch *batch, pt_err *err)
{
    pt_question question = {.node = x->out->node, .base = x->base};
    pt_eval *eval;

    finding->tag = -1;
    finding->confidence = (double)NAN;
    PT_TRY(pt_question_ask(&eval, x->project, &question, batch, x->out->as_of, x->arena, err));
    return find_out(finding, x, eval, 0, err);
}

/* Of the tag or expression asked about. A query's value stays until the next build. */
static pt_rc look_ahead(pt_finding *finding, const explain *x, const pt_batch *batch, pt_err *err)
{
    uint32_t tag = (uint32_t)x->out->tag;
    pt_forecast forecast;
    pt_eval *eval;

    finding->next_change = INT64_MAX;
    if (!x->out->node)
        return PT_OK;
    pt_question question = question_of(x, &tag);
    PT_TRY(pt_question_ask(&eval, x->project, &question, batch, x->out->as_of, x->arena, err));
    PT_TRY(pt_forecast_change(&forecast, eval, batch, x->project->n_sources, x->out->as_of, x->project->zone, x->arena,
                              err));
    finding->next_change = forecast.at;
    finding->next_value = forecast.value;
    return PT_OK;
}

static pt_rc find_reasons(const explain *x, const pt_explain_options *options, pt_view *v, uint32_t ordinal,
                          pt_err *err)
{
    pt_model_why *why = PT_NEW(x->arena, pt_model_why);

    if (!why)
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(pt_model_why_of(why, v, (uint32_t)x->out->tag, ordinal, x->out->as_of, options->lang ? options->lang : "en",
                           x->arena, err));
    x->out->why = why->model ? why : NULL;
    return PT_OK;
}

static pt_rc explain_customer(explain *x, const pt_explain_options *options, pt_err *err)
{
    pt_explanation *out = x->out;
    const pt_lineage *l = &out->lineage;
    pt_events *events = PT_NEW_ARRAY(x->arena, pt_events, x->project->n_sources);
    pt_finding *findings = PT_NEW_ARRAY(x->arena, pt_finding, l->n_tags + 1);
    uint32_t *tags = PT_NEW_ARRAY(x->arena, uint32_t, l->n_tags + 1), ordinal;
    bool expression = out->tag < 0;
    size_t n = 0;
    pt_batch batch;
    pt_view *v;

    if (!events || !findings || !tags)
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(pt_app_view(&v, x->app, err));
    PT_TRY(pt_view_find(&ordinal, v, options->customer, err));
    out->has_customer = true;
    out->customer = pt_directory_id(v->directory, ordinal);
    out->asked = pt_view_forwarded(v, options->customer, ordinal);
    out->as_of = options->has_as_of ? options->as_of : v->as_of;
    out->events = events;
    PT_TRY(pt_view_timelines(v, err));
    PT_TRY(pt_view_batch(&batch, events, v, ordinal, err));
    PT_TRY(pt_profile_external(&batch.external, v, ordinal, out->as_of, x->arena, err));
    PT_TRY(pt_view_base(&x->base, v, out->node, x->arena, err));
    if (expression)
        PT_TRY(find_out_expression(&findings[0], x, &batch, err));
    else
        tags[n++] = (uint32_t)out->tag;
    for (size_t i = l->n_tags; i-- > 0;)
        tags[n++] = l->tags[i];
    out->findings = findings;
    out->n_findings = n + expression;
    PT_TRY(find_out_tags(findings + expression, x, tags, n, &batch, err));
    if (!expression)
        PT_TRY(find_reasons(x, options, v, ordinal, err));
    return look_ahead(&findings[0], x, &batch, err);
}

/* --- the base ----------------------------------------------------------------------------------------------------- */

/* Before the first build nothing is known of the base, and nothing is said. */
static pt_rc list_constants(explain *x, pt_err *err)
{
    pt_explanation *out = x->out;
    const pt_node *const *needs;
    const pt_base_set *set;
    uint32_t tag = (uint32_t)out->tag;
    pt_base_value *items;
    pt_view *v;
    size_t n;

    PT_TRY(pt_base_needs(&needs, &n, x->project, &tag, out->tag >= 0, out->tag >= 0 ? NULL : out->node, x->arena, err));
    if (!n)
        return PT_OK;
    pt_rc rc = pt_app_view(&v, x->app, err);
    if (rc == PT_ENOTFOUND && err)
        *err = (pt_err){0};
    if (rc != PT_OK)
        return rc == PT_ENOTFOUND ? PT_OK : rc;
    PT_TRY(pt_view_base(&set, v, out->node, x->arena, err));
    if (!(items = PT_NEW_ARRAY(x->arena, pt_base_value, n)))
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < n; i++) {
        const pt_column *value = pt_base_find(set, needs[i]);
        if (value)
            items[out->n_constants++] = (pt_base_value){needs[i], *value};
    }
    out->constants = items;
    out->built_as_of = v->as_of;
    return PT_OK;
}

pt_rc pt_app_explain(const pt_explanation **out, pt_app *app, pt_sv what, const pt_explain_options *options,
                     pt_diags *diags, pt_arena *arena, pt_err *err)
{
    explain x = {.app = app, .project = app->project, .arena = arena};

    PT_TRY(pt_app_sound(app, err));
    if (!(x.out = PT_NEW(arena, pt_explanation)))
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(parse_what(&x, pt_sv_trim(what), diags, err));
    PT_TRY(pt_lineage_of(&x.out->lineage, app->project, x.out->tag, x.out->node, arena, err));
    PT_TRY(describe(&x, err));
    PT_TRY(list_constants(&x, err));
    if (options->customer.len)
        PT_TRY(explain_customer(&x, options, err));
    *out = x.out;
    return PT_OK;
}

/* --- error codes -------------------------------------------------------------------------------------------------- */

const pt_diag_info *pt_app_diag_info(pt_sv code)
{
    const pt_diag_info *const tables[] = {pt_lang_diag_infos,  pt_project_diag_infos, pt_source_diag_infos,
                                          pt_clean_diag_infos, pt_quality_diag_infos, pt_catalogue_diag_infos,
                                          pt_link_diag_infos};
    int64_t number;

    if (code.len && (code.ptr[0] == 'E' || code.ptr[0] == 'e'))
        code = (pt_sv){code.ptr + 1, code.len - 1};
    if (!pt_parse_int64(&number, code))
        return NULL;
    for (size_t t = 0; t < PT_COUNT(tables); t++)
        for (const pt_diag_info *info = tables[t]; info->code; info++)
            if (info->code == number)
                return info;
    return NULL;
}
