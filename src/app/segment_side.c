#include "app/segment_side.h"

#include <stdlib.h>

#include "app/memberships.h"
#include "app/past.h"
#include "app/proof.h"

/* --- bits --------------------------------------------------------------------------------------------------------------------- */

static pt_rc new_bits(uint64_t **out, const pt_segment_question *q, uint32_t ordinals, pt_err *err)
{
    *out = PT_NEW_ARRAY(q->arena, uint64_t, pt_members_words(ordinals) + 1);
    return *out ? PT_OK : pt_fail_nomem(err, "a comparison");
}

static void set_bit(uint64_t *bits, uint32_t i)
{
    bits[i / 64] |= UINT64_C(1) << (i % 64);
}

static uint64_t count_bits(const uint64_t *bits, uint32_t ordinals)
{
    uint64_t n = 0;

    for (size_t w = 0; w < pt_members_words(ordinals); w++)
        n += (uint64_t)__builtin_popcountll(bits[w]);
    return n;
}

/* --- an instant --------------------------------------------------------------------------------------------------------------- */

/* What a query gave is known of the as-of of the build alone. */
static pt_rc refuse_queries(const pt_segment_question *q, const pt_node *node, pt_err *err)
{
    const pt_project *p = q->rules.project;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, q->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++) {
        const pt_node *definition = q->rules.module->tags[uses.tags[i]];
        if (uses.tags[i] < p->n_tags && !definition)
            return pt_fail(err, PT_EINVAL, "tag '%s' needs a query, which only builds run: compare two builds",
                           p->tags[uses.tags[i]].name);
        if (definition)
            PT_TRY(refuse_queries(q, definition, err));
    }
    return PT_OK;
}

static pt_rc refuse_history(const pt_segment_question *q, pt_err *err)
{
    for (size_t i = 0; i < q->tree.n_leaves; i++)
        if (pt_rules_asks_history(q->tree.leaves[i]))
            return pt_fail(err, PT_EINVAL, "was(...) looks at kept builds, not at any instant: compare two builds");
    return PT_OK;
}

/* Lists and static segments are who they are, at any instant. */
static pt_rc give_segments(const pt_column **out, const pt_segment_question *q, pt_err *err)
{
    const pt_project *p = q->rules.project;
    pt_column *external = PT_NEW_ARRAY(q->arena, pt_column, q->rules.module->n_tags + q->tree.n_leaves + 1);
    bool *given = PT_NEW_ARRAY(q->arena, bool, p->n_segments);
    pt_crowd_query *crowds = PT_NEW(q->arena, pt_crowd_query);
    const pt_column *column;

    if (!external || !given || !crowds)
        return pt_fail_nomem(err, "a comparison");
    PT_TRY(pt_crowd_query_over(crowds, q->now, q->pool, q->options, q->arena, err));
    PT_TRY(pt_rules_given(given, &q->rules, q->node, q->arena, err));
    for (uint32_t s = 0; s < p->n_segments; s++) {
        if (!given[s])
            continue;
        PT_TRY(pt_crowd_segment_column(&column, crowds, s, err));
        external[p->n_tags + s] = *column;
    }
    *out = external;
    return PT_OK;
}

static pt_rc split_column(pt_bits_pair *out, const pt_segment_question *q, const pt_column *c, uint32_t n, pt_err *err)
{
    const uint8_t *values = c->data;
    uint64_t *yes, *no;

    PT_TRY(new_bits(&yes, q, n, err));
    PT_TRY(new_bits(&no, q, n, err));
    for (uint32_t i = 0; i < n; i++) {
        if (values[i] == 1)
            set_bit(yes, i);
        else if (values[i] == 0)
            set_bit(no, i);
    }
    *out = (pt_bits_pair){yes, no};
    return PT_OK;
}

/* Customers of whom something was known: the first of their events or records is not later. */
static pt_rc find_known(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    const pt_view *v = side->view;
    uint64_t *there;

    PT_TRY(new_bits(&there, q, side->ordinals, err));
    for (size_t s = 0; s < v->project->n_sources; s++) {
        const pt_events *e = &v->events[s];
        for (uint32_t i = 0; v->timelines[s] && e->offsets && i < side->ordinals; i++)
            if (e->offsets[i] < e->offsets[i + 1] && e->time[e->offsets[i]] <= side->moment.as_of)
                set_bit(there, i);
    }
    for (uint32_t i = 0; i < side->ordinals; i++)
        if (!pt_is_customer(v->directory, i))
            there[i / 64] &= ~(UINT64_C(1) << (i % 64));
    side->there = there;
    return pt_view_named(pt_directory_damage(v->directory, err), PT_FILE_DIRECTORY, err);
}

/* Members are customers, whoever else the rule is true of. */
static pt_rc only_customers(pt_segment_side *side, const pt_segment_question *q, const uint64_t *bits, pt_err *err)
{
    uint64_t *members;

    PT_TRY(new_bits(&members, q, side->ordinals, err));
    for (uint32_t i = 0; i < side->ordinals; i++)
        if ((bits[i / 64] >> (i % 64) & 1) && pt_is_customer(side->directory, i))
            set_bit(members, i);
    side->members = members;
    return PT_OK;
}

static pt_rc fill_instant(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    size_t n = q->tree.n_leaves + 1;
    const pt_node **nodes = PT_NEW_ARRAY(q->arena, const pt_node *, n);
    const pt_column **columns = PT_NEW_ARRAY(q->arena, const pt_column *, n);
    pt_bits_pair *pairs = PT_NEW_ARRAY(q->arena, pt_bits_pair, n);
    uint32_t *tags = PT_NEW_ARRAY(q->arena, uint32_t, n);
    pt_rules rules;

    if (!nodes || !columns || !pairs || !tags)
        return pt_fail_nomem(err, "a comparison");
    side->view = q->now;
    side->directory = q->now->directory;
    side->ordinals = q->now->n_ordinals;
    PT_TRY(refuse_history(q, err));
    PT_TRY(refuse_queries(q, q->node, err));
    nodes[0] = q->node;
    for (size_t i = 0; i < q->tree.n_leaves; i++)
        nodes[i + 1] = q->tree.leaves[i];
    PT_TRY(pt_rules_with(&rules, q->rules.project, nodes, n, q->arena, err));
    for (size_t i = 0; i < n; i++)
        tags[i] = (uint32_t)(rules.module->n_tags - n + i);
    pt_past_request request = {.tags = tags,
                               .n_tags = n,
                               .as_of = side->moment.as_of,
                               .pool = q->pool,
                               .cancel = q->options->cancel,
                               .module = rules.module,
                               .node = q->node};
    PT_TRY(give_segments(&request.external, q, err));
    PT_TRY(pt_past_columns(columns, q->now, &request, q->arena, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(split_column(&pairs[i], q, columns[i], side->ordinals, err));
    side->leaves = pairs + 1;
    PT_TRY(only_customers(side, q, pairs[0].yes, err));
    PT_TRY(find_known(side, q, err));
    side->moment.customers = count_bits(side->there, side->ordinals);
    return PT_OK;
}

/* --- a build that is kept ------------------------------------------------------------------------------------------------------- */

static void close_view(void *view)
{
    pt_view_close(view);
}

static pt_rc open_build(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    const char *now = pt_generation_manifest(q->now->generation)->generation;
    uint64_t *there;

    side->view = q->now;
    if (strcmp(side->moment.generation, now) != 0) {
        PT_TRY(pt_view_open_build(&side->view, q->rules.project, side->moment.generation, err));
        if (!pt_arena_defer(q->arena, close_view, side->view)) {
            pt_view_close(side->view);
            return pt_fail_nomem(err, "a comparison");
        }
    }
    side->directory = side->view->directory;
    side->ordinals = side->view->n_ordinals;
    side->moment.as_of = side->view->as_of;
    side->moment.customers = side->view->n_customers;
    PT_TRY(new_bits(&there, q, side->ordinals, err));
    for (uint32_t i = 0; i < side->ordinals; i++)
        if (pt_is_customer(side->directory, i))
            set_bit(there, i);
    side->there = there;
    return pt_view_named(pt_directory_damage(side->directory, err), PT_FILE_DIRECTORY, err);
}

static pt_rc crowd_bits(const uint64_t **out, pt_crowd_query *crowds, const pt_node *node, pt_err *err)
{
    pt_crowd *crowd;
    uint64_t *bits;

    PT_TRY(pt_crowd_plan(&crowd, crowds, node, err));
    PT_TRY(pt_crowd_bits(&bits, crowds, crowd, err));
    *out = bits;
    return PT_OK;
}

static pt_rc crowd_pair(pt_bits_pair *out, const pt_segment_question *q, pt_crowd_query *crowds, const pt_node *node,
                        pt_err *err)
{
    pt_node *negation = PT_NEW(q->arena, pt_node);
    const pt_node **args = PT_NEW_ARRAY(q->arena, const pt_node *, 1);

    if (!negation || !args)
        return pt_fail_nomem(err, "a comparison");
    args[0] = node;
    *negation = (pt_node){.kind = PT_NODE_UNARY, .type = PT_TYPE_BOOL, .level = node->level, .n_args = 1};
    negation->args = args;
    negation->u.op = PT_OP_NOT;
    PT_TRY(crowd_bits(&out->yes, crowds, node, err));
    return crowd_bits(&out->no, crowds, negation, err);
}

/* What the build kept of the segment, where its definition was another. */
static bool is_definition(const pt_segment_question *q, const pt_memberset *set, size_t at)
{
    pt_hash128 then = pt_memberset_info(set, at)->definition, now = q->rules.project->segments[q->segment].hash;

    return then.lo == now.lo && then.hi == now.hi;
}

static pt_rc read_kept(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    const pt_memberset *set;
    uint64_t *bits;
    int at;

    if (q->segment < 0)
        return PT_OK;
    const pt_segment *s = &q->rules.project->segments[q->segment];
    PT_TRY(pt_generation_segments(&set, side->view->generation, err));
    at = set ? pt_memberset_find(set, s->name) : -1;
    if (at < 0 || is_definition(q, set, (size_t)at))
        return PT_OK;
    PT_TRY(new_bits(&bits, q, side->ordinals, err));
    PT_TRY(pt_view_named(pt_memberset_read(bits, set, (size_t)at, err), PT_FILE_SEGMENTS, err));
    side->as_kept = bits;
    return PT_OK;
}

/* An older build may lack a tag that the rule uses now. */
static pt_rc check_tags(const pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    const pt_project *p = q->rules.project;
    pt_uses uses;

    for (size_t i = 0; i < q->tree.n_leaves; i++) {
        PT_TRY(pt_lang_uses(&uses, q->tree.leaves[i], q->arena, err));
        for (size_t k = 0; k < uses.n_tags; k++) {
            if (uses.tags[k] >= p->n_tags || side->view->columns[uses.tags[k]] >= 0)
                continue;
            pt_fail(err, PT_EINVAL, "build %s has no tag '%s'", side->moment.generation, p->tags[uses.tags[k]].name);
            return pt_err_hint(err, "compare instants: --from 2017-07-01 --to 2018-01-01");
        }
    }
    return PT_OK;
}

static pt_rc fill_build(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    pt_crowd_query *crowds = PT_NEW(q->arena, pt_crowd_query);
    pt_bits_pair *leaves = PT_NEW_ARRAY(q->arena, pt_bits_pair, q->tree.n_leaves);

    if (!crowds || !leaves)
        return pt_fail_nomem(err, "a comparison");
    PT_TRY(open_build(side, q, err));
    PT_TRY(check_tags(side, q, err));
    PT_TRY(pt_crowd_query_over(crowds, side->view, q->pool, q->options, q->arena, err));
    PT_TRY(crowd_bits(&side->members, crowds, q->node, err));
    for (size_t i = 0; i < q->tree.n_leaves; i++)
        PT_TRY(crowd_pair(&leaves[i], q, crowds, q->tree.leaves[i], err));
    side->leaves = leaves;
    return read_kept(side, q, err);
}

/* --- a build of which only the members are left --------------------------------------------------------------------------------- */

static void close_memberships(void *memberships)
{
    pt_memberships_close(memberships);
}

static pt_rc no_members(const pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    if (q->segment >= 0)
        return pt_fail(err, PT_ENOTFOUND, "build %s kept no members of '%s'", side->moment.generation,
                       q->rules.project->segments[q->segment].name);
    pt_fail(err, PT_ENOTFOUND, "of build %s only the members of saved segments are kept", side->moment.generation);
    return pt_err_hint(err, "name a segment, or compare instants: --from 2017-07-01 --to 2018-01-01");
}

static pt_rc fill_members(pt_segment_side *side, const pt_segment_question *q, const pt_memberships *m, pt_err *err)
{
    const pt_memberset *set = pt_memberships_set(m);
    uint32_t then = pt_memberset_get_head(set)->ordinals;
    uint64_t *bits, *there;
    int at = q->segment < 0 ? -1 : pt_memberset_find(set, q->rules.project->segments[q->segment].name);

    if (at < 0 || !pt_memberships_fit(m, q->now->directory))
        return no_members(side, q, err);
    side->directory = q->now->directory;
    side->ordinals = q->now->n_ordinals;
    side->moment.as_of = pt_memberset_get_head(set)->as_of;
    PT_TRY(new_bits(&bits, q, side->ordinals, err));
    PT_TRY(new_bits(&there, q, side->ordinals, err));
    PT_TRY(pt_memberships_read(bits, side->ordinals, m, (size_t)at, err));
    pt_members_forward(bits, side->directory);
    for (uint32_t i = 0; i < then && i < side->ordinals; i++)
        if (pt_is_customer(side->directory, i))
            set_bit(there, i);
    side->members = bits;
    side->there = there;
    side->moment.customers = count_bits(there, side->ordinals);
    side->redefined = !is_definition(q, set, (size_t)at);
    return PT_OK;
}

static pt_rc fill_history(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    const char *data_dir = q->rules.project->data_dir;
    pt_memberships *m;
    pt_rc rc = pt_memberships_open(&m, data_dir, strtoull(side->moment.generation + 1, NULL, 10), err);

    if (rc == PT_ENOTFOUND)
        return no_members(side, q, err);
    if (rc != PT_OK)
        return rc;
    if (!pt_arena_defer(q->arena, close_memberships, m)) {
        pt_memberships_close(m);
        return pt_fail_nomem(err, "a comparison");
    }
    return fill_members(side, q, m, err);
}

/* --- which --------------------------------------------------------------------------------------------------------------------- */

static pt_rc is_kept(bool *kept, const pt_segment_question *q, const char *name, pt_err *err)
{
    const char *const *builds;
    size_t n;

    *kept = false;
    PT_TRY(pt_generation_list(&builds, &n, q->rules.project->data_dir, q->arena, err));
    for (size_t i = 0; i < n; i++)
        *kept |= strcmp(builds[i], name) == 0;
    return PT_OK;
}

pt_rc pt_segment_side_fill(pt_segment_side *side, const pt_segment_question *q, pt_err *err)
{
    bool kept = false;

    if (side->moment.generation)
        PT_TRY(is_kept(&kept, q, side->moment.generation, err));
    PT_TRY((!side->moment.generation ? fill_instant : kept ? fill_build : fill_history)(side, q, err));
    side->moment.members = count_bits(side->members, side->ordinals);
    return PT_OK;
}
