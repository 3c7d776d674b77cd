/* Why a customer has a value: for each aggregate and sequence behind it, the events that counted, and the next instant at
 * which time alone changes which events those are. A plain walk over one customer's events, one leaf at a time: it asks
 * the same planes and bounds that the run used. */
#include <stdlib.h>

#include "eval/state.h"

/* --- which leaves ---------------------------------------------------------------------------------------------------------- */

typedef struct leaf_list {
    const pt_module *module;
    const pt_node **nodes;
    size_t n, cap;
    uint32_t *tags; /* those used, each once, in order of meeting */
    size_t n_tags;
    bool *met; /* by tag number */
    bool nomem;
} leaf_list;

static void add_leaf(void *ctx, const pt_node *node)
{
    leaf_list *l = ctx;

    if (node->kind == PT_NODE_TAG && l->module->tags[node->u.tag] && !l->met[node->u.tag]) {
        l->met[node->u.tag] = true;
        l->tags[l->n_tags++] = node->u.tag;
    }
    if (node->kind != PT_NODE_AGGREGATE && node->kind != PT_NODE_SEQUENCE && node->kind != PT_NODE_FUNNEL)
        return;
    for (size_t i = 0; i < l->n; i++)
        if (pt_node_equal(l->nodes[i], node))
            return;
    if (!pt_grow(&l->nodes, &l->cap, l->n + 1, sizeof *l->nodes)) {
        l->nomem = true;
        return;
    }
    l->nodes[l->n++] = node;
}

/* The leaves of a tree and of all tags behind it. False when memory is short. */
static bool find_leaves(leaf_list *l, const pt_node *root)
{
    l->met = pt_zalloc(l->module->n_tags, sizeof *l->met);
    l->tags = pt_zalloc(l->module->n_tags, sizeof *l->tags);
    if (!l->met || !l->tags)
        return false;
    if (root)
        pt_eval_walk(root, add_leaf, l);
    for (size_t i = 0; i < l->n_tags; i++)
        pt_eval_walk(l->module->tags[l->tags[i]], add_leaf, l);
    return !l->nomem;
}

/* --- events ------------------------------------------------------------------------------------------------------------------ */

typedef struct event_list {
    uint64_t *events;
    uint32_t *sources;
    size_t n, cap_events, cap_sources;
    bool nomem;
} event_list;

static void add_event(event_list *l, uint64_t event, uint32_t source)
{
    if (!pt_grow(&l->events, &l->cap_events, l->n + 1, sizeof *l->events) ||
        !pt_grow(&l->sources, &l->cap_sources, l->n + 1, sizeof *l->sources)) {
        l->nomem = true;
        return;
    }
    l->events[l->n] = event;
    l->sources[l->n++] = source;
}

/* One part of a leaf: the events of a source between two bounds whose bit is set. */
typedef struct part {
    uint32_t source, start, end;
    plane_id bits;
    pt_agg_fn fn; /* FIRST and LAST: one event counts; COUNT: all do */
} part;

typedef struct collecting {
    const part *part;
    event_list *list;
    int64_t expires; /* when an event comes in */
    int64_t leaves;  /* when one of those in the list goes */
} collecting;

/* Events enter at the late bound and leave at the early one; either may move with the as-of. */
static int64_t moves_at(const pt_eval *e, uint32_t bound, int64_t time)
{
    const plan_bound *b = &e->program->bounds[bound];
    int64_t d, at;

    if (b->kind == BOUND_AS_OF)
        return time;
    if (b->kind != BOUND_BACK && b->kind != BOUND_AHEAD)
        return INT64_MAX;
    d = *(const int64_t *)e->slots[b->at].col.data;
    if (b->kind == BOUND_AHEAD)
        return __builtin_sub_overflow(time, d, &at) ? INT64_MAX : at;
    return d == PT_I64_MISSING || __builtin_add_overflow(time, d, &at) ? INT64_MAX : at;
}

static void note(const pt_eval *e, int64_t *earliest, int64_t at)
{
    if (at > e->as_of && at < *earliest)
        *earliest = at;
}

/* Events come newest first: the first to come is the last, and each may turn out to be the first. */
static void take_event(const pt_eval *e, collecting *c, uint64_t event, int64_t time)
{
    event_list *l = c->list;

    if (c->part->fn == PT_AGG_LAST && l->n)
        return;
    if (c->part->fn == PT_AGG_FIRST) {
        l->n = 0;
        c->leaves = INT64_MAX;
    }
    add_event(l, event, c->part->source);
    if (time != PT_I64_MISSING)
        note(e, &c->leaves, moves_at(e, c->part->start, time));
}

static void collect(pt_eval *e, chunk *ch, void *ctx)
{
    collecting *c = ctx;
    const uint64_t *bits = plane_bits(e, ch, c->part->bits);
    const plan_bound *start = &e->program->bounds[c->part->start];
    uint32_t from = (start->kind == BOUND_FIRST ? 0 : e->pos[c->part->start][0]), end = e->pos[c->part->end][0];

    for (uint32_t i = ch->n; i-- > 0 && bits;) {
        uint32_t row = ch->offset + i;
        int64_t t = ch->events->time[ch->base + i];
        if (!pt_bits_test(bits, i))
            continue;
        if (row >= from && row < end)
            take_event(e, c, ch->base + i, t);
        else if (row >= end)
            note(e, &c->expires, moves_at(e, c->part->end, t));
    }
}

/* A bound that is computed from as_of or today() moves in its own way: the value may change with every instant, or when
 * the local day ends. */
static void find_moving(void *ctx, const pt_node *node)
{
    int64_t *expires = ctx;

    if (node->kind == PT_NODE_AS_OF && *expires > 1)
        *expires = 1;
    if (node->kind == PT_NODE_CALL && node->u.fn == PT_FN_TODAY && *expires > 2)
        *expires = 2;
}

/* The earliest instant at which a window's computed bounds can move. */
static int64_t bounds_move(const pt_eval *e, const pt_window *w)
{
    int64_t how = INT64_MAX;
    const pt_node *ends[] = {w->from, w->to};

    for (size_t i = 0; i < PT_COUNT(ends); i++)
        if (ends[i])
            pt_eval_walk(ends[i], find_moving, &how);
    if (how == 1)
        return e->as_of + 1;
    return how == 2 ? pt_zone_midnight(e->zone, pt_zone_date(e->zone, e->as_of) + 1) : INT64_MAX;
}

/* --- leaves --------------------------------------------------------------------------------------------------------------------- */

static const plan_family *family_of(const pt_program *p, op_id out, const plan_member **member)
{
    for (size_t i = 0; i < p->n_families; i++) {
        for (uint32_t m = 0; m < p->families[i].n_members; m++) {
            if (p->families[i].members[m].out == out) {
                *member = &p->families[i].members[m];
                return &p->families[i];
            }
        }
    }
    return NULL;
}

static const plan_sequence *sequence_of(const pt_program *p, op_id out)
{
    for (size_t i = 0; i < p->n_sequences; i++)
        if (p->sequences[i].out == out)
            return &p->sequences[i];
    return NULL;
}

/* The op that a node became: nodes equal to it share one. */
static op_id op_of(const pt_program *p, const pt_node *node)
{
    for (op_id id = 1; id < p->n_ops; id++) {
        const plan_op *op = &p->ops[id];
        if ((op->kind == OP_AGGREGATE || op->kind == OP_SEQUENCE) && pt_node_equal(op->node, node))
            return id;
    }
    return 0;
}

static void collect_part(pt_eval *e, const part *p, event_list *list, int64_t *expires)
{
    collecting c = {.part = p, .list = list, .expires = *expires, .leaves = INT64_MAX};

    if (e->sources[p->source].events)
        each_chunk(e, p->source, collect, &c);
    *expires = c.leaves < c.expires ? c.leaves : c.expires;
}

typedef struct event_order {
    const pt_eval *e;
    const event_list *list;
} event_order;

/* In order of time; of one instant by source, then as they came. */
static int by_time(const void *left, const void *right, void *ctx)
{
    const event_order *o = ctx;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    uint32_t s = o->list->sources[a], t = o->list->sources[b];
    int64_t x = o->e->batch->sources[s].time[o->list->events[a]], y = o->e->batch->sources[t].time[o->list->events[b]];

    if (x != y)
        return x < y ? -1 : 1;
    if (s != t)
        return s < t ? -1 : 1;
    return (o->list->events[a] > o->list->events[b]) - (o->list->events[a] < o->list->events[b]);
}

static bool put_events(pt_eval *e, pt_leaf *leaf, const event_list *list, pt_arena *arena)
{
    uint64_t *events = PT_NEW_ARRAY(arena, uint64_t, list->n);
    uint32_t *sources = PT_NEW_ARRAY(arena, uint32_t, list->n);
    size_t *order = PT_NEW_ARRAY(arena, size_t, list->n);
    event_order by = {e, list};

    if (!events || !sources || !order)
        return false;
    for (size_t i = 0; i < list->n; i++)
        order[i] = i;
    if (list->n)
        qsort_r(order, list->n, sizeof *order, by_time, &by);
    for (size_t i = 0; i < list->n; i++) {
        events[i] = list->events[order[i]];
        sources[i] = list->sources[order[i]];
    }
    leaf->events = events;
    leaf->sources = sources;
    leaf->n_events = list->n;
    return true;
}

static bool make_leaf(pt_eval *e, pt_leaf *leaf, const pt_node *node, event_list *list, pt_arena *arena)
{
    const pt_program *p = e->program;
    op_id id = op_of(p, node);
    const plan_member *member = NULL;
    const plan_family *f = family_of(p, id, &member);
    const plan_sequence *s = sequence_of(p, id);

    list->n = 0;
    *leaf = (pt_leaf){.node = node, .value = &e->slots[id].col};
    leaf->expires = bounds_move(e, f ? &node->u.agg->window : &node->u.seq->window);
    if (f) {
        bool picks = node->u.agg->fn == PT_AGG_FIRST || node->u.agg->fn == PT_AGG_LAST;
        part one = {f->source, member->start, f->end, f->bits, picks ? node->u.agg->fn : PT_AGG_COUNT};
        collect_part(e, &one, list, &leaf->expires);
    }
    for (uint32_t i = 0; s && i < s->n_tracks; i++) {
        part one = {s->tracks[i].source, s->tracks[i].start, s->tracks[i].end, s->tracks[i].bits, PT_AGG_COUNT};
        collect_part(e, &one, list, &leaf->expires);
    }
    return !list->nomem && !e->nomem && put_events(e, leaf, list, arena);
}

static pt_leaf *make_leaves(pt_eval *e, const leaf_list *l, pt_arena *arena)
{
    pt_leaf *leaves = PT_NEW_ARRAY(arena, pt_leaf, l->n);
    event_list list = {0};
    bool whole = leaves != NULL;

    for (size_t i = 0; i < l->n && whole; i++)
        whole = make_leaf(e, &leaves[i], l->nodes[i], &list, arena);
    free(list.events);
    free(list.sources);
    return whole ? leaves : NULL;
}

pt_rc pt_eval_leaves(const pt_leaf **out, size_t *n, pt_eval *e, size_t i, pt_arena *arena, pt_err *err)
{
    const pt_program *p = e->program;
    const pt_node *root = p->result_tags ? p->module->tags[p->result_tags[i]] : p->expression;
    leaf_list l = {.module = p->module};
    pt_leaf *leaves = NULL;

    *out = NULL;
    *n = 0;
    if (!e->batch || e->batch->n_customers != 1)
        return pt_fail(err, PT_EINVAL, "evidence is for one customer at a time");
    if (find_leaves(&l, root))
        leaves = make_leaves(e, &l, arena);
    *out = leaves;
    *n = leaves ? l.n : 0;
    free(l.nodes);
    free(l.met);
    free(l.tags);
    e->nomem = false;
    return leaves ? PT_OK : pt_fail_nomem(err, "the evidence");
}
