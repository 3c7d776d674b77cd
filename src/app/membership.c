#include "app/membership.h"

#include "app/crowd_query.h"
#include "app/evaluate.h"
#include "app/forecast.h"
#include "app/proof.h"
#include "app/rules.h"

typedef struct asking {
    pt_app *app;
    const pt_project *project;
    pt_rules rules;
    const pt_node *node;
    pt_membership *out;
    pt_arena *arena;
    pt_view *view;
    uint32_t ordinal;
    pt_batch batch; /* of the customer */
    const pt_base_set *base;
    pt_crowd_query *crowds; /* the last build, of which what is given is asked; NULL until it is */
} asking;

/* --- asking the evaluator ------------------------------------------------------------------------------------------------- */

static pt_rc ask(pt_eval **out, const asking *x, const pt_node *node, pt_err *err)
{
    pt_question question = {.node = node, .base = x->base, .module = x->rules.module};

    return pt_question_ask(out, x->project, &question, &x->batch, x->out->as_of, x->arena, err);
}

static pt_rc ask_value(pt_column *out, const asking *x, const pt_node *node, pt_err *err)
{
    pt_eval *eval;

    PT_TRY(ask(&eval, x, node, err));
    *out = *pt_eval_tag(eval, 0);
    return PT_OK;
}

static pt_rc ask_verdict(uint8_t *verdict, int64_t *changes_at, uint8_t *changes_to, const asking *x,
                         const pt_node *node, pt_err *err)
{
    pt_forecast forecast;
    pt_eval *eval;

    PT_TRY(ask(&eval, x, node, err));
    *verdict = *(const uint8_t *)pt_eval_tag(eval, 0)->data;
    PT_TRY(pt_forecast_change(&forecast, eval, &x->batch, x->project->n_sources, x->out->as_of, x->project->zone,
                              x->arena, err));
    *changes_at = forecast.at;
    *changes_to = forecast.at == INT64_MAX ? *verdict : *(const uint8_t *)forecast.value.data;
    return PT_OK;
}

/* --- asking the build --------------------------------------------------------------------------------------------------------- */

/* What no evaluator works out (lists, static segments, kept history) is as the last build has it. */
static pt_rc open_crowds(asking *x, pt_err *err)
{
    static const pt_crowd_options options;
    pt_crowd_query *q = PT_NEW(x->arena, pt_crowd_query);
    pt_diags diags;

    if (x->crowds)
        return PT_OK;
    if (!q)
        return pt_fail_nomem(err, "the explanation");
    pt_diags_init(&diags, x->arena);
    pt_rc rc = pt_crowd_query_open(q, x->app, PT_SV(""), &options, &diags, x->arena, err);
    pt_diags_free(&diags);
    x->crowds = rc == PT_OK ? q : NULL;
    return rc;
}

static bool has_bit(const asking *x, const uint64_t *bits)
{
    return bits[x->ordinal / 64] >> (x->ordinal % 64) & 1;
}

static pt_rc ask_history(uint8_t *value, asking *x, const pt_node *node, pt_err *err)
{
    pt_node negation = {.kind = PT_NODE_UNARY, .type = PT_TYPE_BOOL, .level = PT_LEVEL_CUSTOMER, .n_args = 1};
    uint64_t *yes, *no;
    pt_crowd *crowd;

    *value = PT_BOOL_MISSING;
    if (x->out->as_of != x->view->as_of)
        return PT_OK;
    negation.args = &node;
    negation.u.op = PT_OP_NOT;
    PT_TRY(open_crowds(x, err));
    PT_TRY(pt_crowd_plan(&crowd, x->crowds, node, err));
    PT_TRY(pt_crowd_bits(&yes, x->crowds, crowd, err));
    PT_TRY(pt_crowd_plan(&crowd, x->crowds, &negation, err));
    PT_TRY(pt_crowd_bits(&no, x->crowds, crowd, err));
    *value = has_bit(x, yes) ? 1 : has_bit(x, no) ? 0 : PT_BOOL_MISSING;
    return PT_OK;
}

/* Values of the segments that are given, after those of tags that a query gives. */
static pt_rc give_segments(asking *x, pt_err *err)
{
    static const uint8_t values[2] = {0, 1};
    const pt_project *p = x->project;
    pt_column *external = PT_NEW_ARRAY(x->arena, pt_column, p->n_tags + p->n_segments);
    bool *given = PT_NEW_ARRAY(x->arena, bool, p->n_segments);
    const uint64_t *bits;

    if (!external || !given)
        return pt_fail_nomem(err, "the explanation");
    for (size_t t = 0; t < p->n_tags; t++)
        external[t] = x->batch.external[t];
    PT_TRY(pt_rules_given(given, &x->rules, x->node, x->arena, err));
    for (uint32_t i = 0; i < x->out->tree.n_leaves; i++)
        PT_TRY(pt_rules_given(given, &x->rules, x->out->tree.leaves[i], x->arena, err));
    for (uint32_t s = 0; s < p->n_segments; s++) {
        if (!given[s])
            continue;
        PT_TRY(open_crowds(x, err));
        PT_TRY(pt_crowd_segment(&bits, x->crowds, s, err));
        external[p->n_tags + s] = (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = &values[has_bit(x, bits)]};
    }
    x->batch.external = external;
    return PT_OK;
}

/* --- what a leaf rests on --------------------------------------------------------------------------------------------------- */

typedef struct node_list {
    const pt_node **nodes;
    size_t n, cap; /* room for `cap`; those past it are passed over */
} node_list;

static bool is_ground(const pt_node *n)
{
    return n->kind == PT_NODE_TAG || n->kind == PT_NODE_AGGREGATE || n->kind == PT_NODE_SEQUENCE ||
           n->kind == PT_NODE_FUNNEL;
}

static void find_grounds(node_list *l, const pt_node *n)
{
    if (n->kind == PT_NODE_WAS)
        return;
    if (!is_ground(n)) {
        for (uint32_t i = 0; i < pt_node_written(n); i++)
            find_grounds(l, n->args[i]);
        return;
    }
    for (size_t i = 0; i < l->n; i++)
        if (pt_node_equal(l->nodes[i], n))
            return;
    if (l->n < l->cap)
        l->nodes[l->n++] = n;
}

static size_t count_nodes(const pt_node *n)
{
    size_t sum = 1;

    for (uint32_t i = 0; i < n->n_args; i++)
        sum += count_nodes(n->args[i]);
    return sum;
}

static pt_rc list_grounds(node_list *l, const asking *x, const pt_node *n, pt_err *err)
{
    *l = (node_list){.cap = count_nodes(n)};
    if (!(l->nodes = PT_NEW_ARRAY(x->arena, const pt_node *, l->cap)))
        return pt_fail_nomem(err, "the explanation");
    find_grounds(l, n);
    return PT_OK;
}

static const pt_node *definition_of(const asking *x, const pt_node *ground)
{
    return ground->kind == PT_NODE_TAG ? x->rules.module->tags[ground->u.tag] : ground;
}

static pt_rc prove(pt_ground *g, const asking *x, const pt_node *node, pt_eval *eval, pt_err *err)
{
    const pt_node *definition = definition_of(x, node);
    const pt_leaf *leaves;
    pt_proof *proofs;
    size_t n;

    PT_TRY(pt_eval_leaves(&leaves, &n, eval, 0, x->arena, err));
    if (!(proofs = PT_NEW_ARRAY(x->arena, pt_proof, n)))
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < n && definition; i++)
        if (pt_proof_belongs(definition, leaves[i].node))
            PT_TRY(pt_proof_of(&proofs[g->n_proofs++], x->project, x->out->events, &leaves[i], x->arena, err));
    g->proofs = proofs;
    return PT_OK;
}

/* Values of the tags that a definition uses: one level down. */
static pt_rc find_parts(pt_ground *g, const asking *x, const pt_node *definition, pt_err *err)
{
    node_list l;
    pt_ground *parts;

    PT_TRY(list_grounds(&l, x, definition, err));
    if (!(parts = PT_NEW_ARRAY(x->arena, pt_ground, l.n)))
        return pt_fail_nomem(err, "the explanation");
    g->parts = parts;
    for (size_t i = 0; i < l.n; i++) {
        if (l.nodes[i]->kind != PT_NODE_TAG)
            continue;
        pt_ground *part = &parts[g->n_parts++];
        part->tag = (int)l.nodes[i]->u.tag;
        PT_TRY(pt_node_text(&part->text, l.nodes[i], x->out->catalog, x->arena, err));
        PT_TRY(ask_value(&part->value, x, l.nodes[i], err));
    }
    return PT_OK;
}

static pt_rc make_ground(pt_ground *g, const asking *x, const pt_node *node, pt_err *err)
{
    const pt_node *definition = definition_of(x, node);
    pt_eval *eval;

    g->tag = node->kind == PT_NODE_TAG ? (int)node->u.tag : -1;
    PT_TRY(pt_node_text(&g->text, node, x->out->catalog, x->arena, err));
    PT_TRY(ask(&eval, x, node, err));
    g->value = *pt_eval_tag(eval, 0);
    PT_TRY(prove(g, x, node, eval, err));
    if (g->tag < 0 || !definition)
        return PT_OK;
    PT_TRY(pt_node_text(&g->definition, definition, x->out->catalog, x->arena, err));
    return find_parts(g, x, definition, err);
}

static pt_rc make_grounds(pt_leaf_finding *f, const asking *x, const pt_node *leaf, pt_err *err)
{
    node_list l;
    pt_ground *grounds;

    PT_TRY(list_grounds(&l, x, leaf, err));
    if (!(grounds = PT_NEW_ARRAY(x->arena, pt_ground, l.n)))
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < l.n; i++)
        PT_TRY(make_ground(&grounds[f->n_grounds++], x, l.nodes[i], err));
    f->grounds = grounds;
    return PT_OK;
}

/* --- what would make it otherwise --------------------------------------------------------------------------------------------- */

static size_t events_of(const pt_leaf_finding *f)
{
    return f->n_grounds && f->grounds[0].n_proofs ? f->grounds[0].proofs[0].n_events : 0;
}

static pt_rc require(pt_requirement *r, const asking *x, const pt_leaf_finding *f, const pt_node *leaf, bool want,
                     pt_err *err)
{
    pt_column *bounds;

    PT_TRY(pt_need_of(&r->need, leaf, want, x->arena, err));
    if (!(bounds = PT_NEW_ARRAY(x->arena, pt_column, r->need.n_bounds)))
        return pt_fail_nomem(err, "the explanation");
    r->bounds = bounds;
    if (r->need.subject)
        PT_TRY(ask_value(&r->value, x, r->need.subject, err));
    for (size_t i = 0; i < r->need.n_bounds; i++)
        PT_TRY(ask_value(&bounds[i], x, r->need.bounds[i], err));
    if (r->need.kind == PT_NEED_EVENTS && !r->need.n_bounds)
        pt_requirement_of_events(r, events_of(f));
    else
        pt_requirement_measure(r);
    return PT_OK;
}

static pt_rc look_at(pt_leaf_finding *f, asking *x, const pt_node *leaf, pt_err *err)
{
    PT_TRY(pt_node_text(&f->text, leaf, x->out->catalog, x->arena, err));
    f->segment = pt_rules_segment(&x->rules, leaf);
    f->changes_at = INT64_MAX;
    if (leaf->kind == PT_NODE_WAS)
        PT_TRY(ask_history(&f->value, x, leaf, err));
    else
        PT_TRY(ask_verdict(&f->value, &f->changes_at, &f->changes_to, x, leaf, err));
    PT_TRY(make_grounds(f, x, leaf, err));
    for (unsigned want = 0; want < 2; want++)
        if (f->value != want)
            PT_TRY(require(&f->require[want], x, f, leaf, want, err));
    return PT_OK;
}

/* --- the whole ----------------------------------------------------------------------------------------------------------------- */

/* What cannot be otherwise, whatever the customer does. */
static void find_reach(pt_reach *reach, const pt_leaf_finding *f)
{
    bool fixed = f->require[f->value != 1].need.kind == PT_NEED_FIXED;

    *reach = (pt_reach){.subject = -1, .when = {UINT64_MAX, UINT64_MAX}};
    for (unsigned want = 0; want < 2; want++)
        if (fixed && f->value != want)
            reach->when[want] = 0;
}

/* A condition that asks for kept history is put together from its leaves. */
static bool has_history(const asking *x)
{
    for (size_t i = 0; i < x->out->tree.n_leaves; i++)
        if (x->out->tree.leaves[i]->kind == PT_NODE_WAS)
            return true;
    return false;
}

static pt_rc judge(const asking *x, pt_leaf_finding *leaves, pt_err *err)
{
    pt_membership *out = x->out;
    size_t n = out->tree.n_leaves;
    uint8_t *values = PT_NEW_ARRAY(x->arena, uint8_t, n);
    pt_reach *reach = PT_NEW_ARRAY(x->arena, pt_reach, n);
    bool *decisive = PT_NEW_ARRAY(x->arena, bool, n);

    if (!values || !reach || !decisive)
        return pt_fail_nomem(err, "the explanation");
    for (size_t i = 0; i < n; i++) {
        values[i] = leaves[i].value;
        find_reach(&reach[i], &leaves[i]);
    }
    if (has_history(x))
        out->verdict = pt_logic_value(out->tree.root, values);
    pt_logic_decide(decisive, out->tree.root, values);
    for (size_t i = 0; i < n; i++)
        leaves[i].decisive = decisive[i];
    if (out->verdict == 1)
        return PT_OK;
    return pt_logic_paths(&out->paths, &out->n_paths, &out->tree, values, reach, x->arena, err);
}

static pt_rc explain(asking *x, pt_err *err)
{
    pt_membership *out = x->out;
    pt_leaf_finding *leaves = PT_NEW_ARRAY(x->arena, pt_leaf_finding, out->tree.n_leaves);

    if (!leaves)
        return pt_fail_nomem(err, "the explanation");
    out->leaves = leaves;
    out->changes_at = INT64_MAX;
    if (!has_history(x))
        PT_TRY(ask_verdict(&out->verdict, &out->changes_at, &out->changes_to, x, x->node, err));
    for (size_t i = 0; i < out->tree.n_leaves; i++)
        PT_TRY(look_at(&leaves[i], x, out->tree.leaves[i], err));
    return judge(x, leaves, err);
}

static pt_rc open_customer(asking *x, const pt_explain_options *options, pt_err *err)
{
    pt_events *events = PT_NEW_ARRAY(x->arena, pt_events, x->project->n_sources);
    pt_membership *out = x->out;
    pt_view *v;

    if (!events)
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(pt_app_view(&v, x->app, err));
    PT_TRY(pt_view_find(&x->ordinal, v, options->customer, err));
    x->view = v;
    out->customer = pt_directory_id(v->directory, x->ordinal);
    out->as_of = options->has_as_of ? options->as_of : v->as_of;
    out->events = events;
    PT_TRY(pt_view_timelines(v, err));
    PT_TRY(pt_view_batch(&x->batch, events, v, x->ordinal, err));
    PT_TRY(pt_profile_external(&x->batch.external, v, x->ordinal, out->as_of, x->arena, err));
    PT_TRY(give_segments(x, err));
    return pt_view_base(&x->base, v, x->node, x->arena, err);
}

pt_rc pt_app_membership(const pt_membership **out, pt_app *app, pt_sv what, const pt_explain_options *options,
                        pt_diags *diags, pt_arena *arena, pt_err *err)
{
    asking x = {.app = app, .project = app->project, .arena = arena};

    PT_TRY(pt_app_sound(app, err));
    if (!(x.out = PT_NEW(arena, pt_membership)))
        return pt_fail_nomem(err, "the explanation");
    PT_TRY(pt_rules_of(&x.rules, x.project, arena, err));
    x.out->catalog = x.rules.module->catalog;
    PT_TRY(pt_rules_parse(&x.node, &x.out->tree, &x.rules, pt_sv_trim(what), diags, arena, err));
    x.out->segment = pt_rules_segment(&x.rules, x.node);
    PT_TRY(pt_node_text(&x.out->text, x.node, x.out->catalog, arena, err));
    PT_TRY(open_customer(&x, options, err));
    PT_TRY(explain(&x, err));
    *out = x.out;
    return PT_OK;
}

bool pt_app_is_condition(pt_app *app, pt_sv what, pt_arena *arena)
{
    pt_place place = {.file = "expression", .text = what, .line = 1, .col = 1, .length = 1};
    const pt_node *node = NULL;
    pt_diags diags;
    pt_err err = {0};

    if (pt_app_sound(app, &err) != PT_OK || pt_project_find_tag(app->project, what) >= 0)
        return false;
    pt_diags_init(&diags, arena);
    pt_rc rc = pt_lang_expression(&node, app->project->conditions, what, place, PT_TYPE_NONE, &diags, arena, &err);
    pt_diags_free(&diags);
    return rc == PT_OK && node && node->type == PT_TYPE_BOOL;
}
