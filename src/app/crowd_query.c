#include "app/crowd_query.h"
#include "app/was.h"

/* --- what the planner asks ------------------------------------------------------------------------------------------------ */

static pt_rc not_built(const pt_crowd_query *q, uint32_t tag, pt_err *err)
{
    pt_fail(err, PT_EINVAL, "tag '%s' is not as it was when the last build ran", q->module->catalog->tags[tag].name);
    return pt_err_hint(err, "portrait build");
}

static pt_rc get_column(const pt_column **out, void *ctx, uint32_t tag, pt_err *err)
{
    pt_crowd_query *q = ctx;

    if (tag >= q->view->project->n_tags)
        return pt_crowd_segment_column(out, q, (uint32_t)(tag - q->view->project->n_tags), err);
    PT_TRY(pt_view_column(out, q->view, tag, err));
    return *out ? PT_OK : not_built(q, tag, err);
}

static pt_rc get_index(pt_tagindex **out, void *ctx, uint32_t tag, pt_err *err)
{
    pt_crowd_query *q = ctx;

    *out = NULL;
    if (tag >= q->view->project->n_tags)
        return PT_OK;
    if (q->view->columns[tag] < 0)
        return not_built(q, tag, err);
    return pt_generation_tagindex(out, q->view->generation, q->module->catalog->tags[tag].name, err);
}

static pt_rc get_members(const pt_crowd_node **out, void *ctx, uint32_t tag, pt_err *err)
{
    pt_crowd_query *q = ctx;
    pt_crowd_node *n;
    const uint64_t *bits;

    *out = NULL;
    if (tag < q->view->project->n_tags)
        return PT_OK;
    PT_TRY(pt_crowd_segment(&bits, q, (uint32_t)(tag - q->view->project->n_tags), err));
    if (!(n = PT_NEW(q->arena, pt_crowd_node)))
        return pt_fail_nomem(err, "a condition");
    *n = (pt_crowd_node){.kind = PT_CROWD_BITS, .bits = bits};
    *out = n;
    return PT_OK;
}

static pt_rc decide(const uint64_t **yes, const uint64_t **no, void *ctx, const pt_node *node, pt_err *err)
{
    return pt_crowd_decide(yes, no, ctx, node, err);
}

/* --- opening -------------------------------------------------------------------------------------------------------------- */

pt_rc pt_crowd_parse(const pt_node **out, pt_crowd_query *q, pt_sv condition, pt_diags *diags, pt_err *err)
{
    pt_place place = {.file = "expression", .text = condition, .line = 1, .col = 1, .length = 1};

    *out = NULL;
    if (pt_sv_trim(condition).len == 0)
        return PT_OK;
    PT_TRY(pt_lang_expression(out, q->module, condition, place, PT_TYPE_BOOL, diags, q->arena, err));
    if (!*out)
        return pt_diags_result(diags, err);
    pt_was_warn(diags, q->view->project, *out, condition);
    return PT_OK;
}

static pt_rc make_customers(const pt_crowd_node **out, pt_crowd_query *q, pt_err *err)
{
    pt_crowd_node *n = PT_NEW(q->arena, pt_crowd_node);
    pt_code_range *is = PT_NEW(q->arena, pt_code_range);
    pt_tagindex *x;

    if (!n || !is)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(pt_generation_tagindex(&x, q->view->generation, PT_INDEX_CUSTOMERS, err));
    if (!x)
        return pt_fail(err, PT_ECORRUPT, "the index does not say who is a customer");
    *is = (pt_code_range){2, 2};
    *n = (pt_crowd_node){.kind = PT_CROWD_CODES, .index = x, .ranges = is, .n_ranges = 1};
    *out = n;
    return PT_OK;
}

static void free_crowd(void *crowd)
{
    pt_crowd_free(crowd);
}

static void free_pool(void *pool)
{
    pt_pool_free(pool);
}

pt_rc pt_crowd_plan(pt_crowd **out, pt_crowd_query *q, const pt_node *node, pt_err *err)
{
    pt_crowd_node *root = PT_NEW(q->arena, pt_crowd_node);
    const pt_crowd_node **sides = PT_NEW_ARRAY(q->arena, const pt_crowd_node *, 2);

    *out = NULL;
    if (!root || !sides)
        return pt_fail_nomem(err, "a condition");
    *root = (pt_crowd_node){.kind = PT_CROWD_AND, .children = sides, .n_children = 1};
    PT_TRY(make_customers(&sides[0], q, err));
    if (node) {
        PT_TRY(pt_crowd_segments_of(q, node, err));
        PT_TRY(pt_view_base(&q->env.options.base, q->view, node, q->arena, err));
        PT_TRY(pt_segment_plan(&sides[root->n_children++], &q->env, node, q->arena, err));
    }
    PT_TRY(pt_view_named(pt_crowd_new(out, root, NULL, q->view->n_ordinals, err), PT_FILE_INDEX, err));
    if (pt_arena_defer(q->arena, free_crowd, *out))
        return PT_OK;
    pt_crowd_free(*out);
    *out = NULL;
    return pt_fail_nomem(err, "a condition");
}

pt_rc pt_crowd_query_over(pt_crowd_query *q, pt_view *view, pt_pool *pool, const pt_crowd_options *options,
                          pt_arena *arena, pt_err *err)
{
    const pt_project *p = view->project;

    *q = (pt_crowd_query){.view = view, .pool = pool, .module = p->conditions, .arena = arena, .options = options};
    q->env = (pt_segment_env){.module = q->module,
                              .options = {.as_of = view->as_of, .zone = p->zone},
                              .ctx = q,
                              .index = get_index,
                              .column = get_column,
                              .members = get_members,
                              .decide = decide};
    q->segments = PT_NEW_ARRAY(arena, const uint64_t *, p->n_segments);
    return q->segments ? PT_OK : pt_fail_nomem(err, "the segments");
}

pt_rc pt_crowd_query_open(pt_crowd_query *q, pt_app *app, pt_sv condition, const pt_crowd_options *options,
                          pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_view *view;
    pt_pool *pool;

    *q = (pt_crowd_query){0};
    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_view(&view, app, err));
    PT_TRY(pt_pool_new(&pool, options->threads, err));
    if (!pt_arena_defer(arena, free_pool, pool)) {
        pt_pool_free(pool);
        return pt_fail_nomem(err, "a condition");
    }
    PT_TRY(pt_crowd_query_over(q, view, pool, options, arena, err));
    q->app = app;
    PT_TRY(pt_crowd_parse(&q->node, q, condition, diags, err));
    return pt_crowd_plan(&q->crowd, q, q->node, err);
}
