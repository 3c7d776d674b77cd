/* Windows to bounds, aggregates to families, sequences to steps. */
#include "eval/plan.h"

/* --- bounds --------------------------------------------------------------------------------------------------------- */

static uint32_t plan_bound_of(planner *pl, bound_kind kind, bool ends, uint32_t source, op_id at)
{
    pt_program *p = pl->program;

    for (uint32_t i = 0; i < p->n_bounds; i++)
        if (p->bounds[i].kind == kind && p->bounds[i].ends == ends && p->bounds[i].source == source &&
            p->bounds[i].at == at)
            return i;
    if (!pt_grow(&p->bounds, &p->cap_bounds, p->n_bounds + 1, sizeof *p->bounds)) {
        plan_nomem(pl);
        return 0;
    }
    p->bounds[p->n_bounds] = (plan_bound){.kind = kind, .ends = ends, .source = source, .at = at};
    return (uint32_t)p->n_bounds++;
}

static plan_range plan_window(planner *pl, const pt_window *w, uint32_t source)
{
    bool back = w->from && w->from->type == PT_TYPE_DURATION;
    plan_range r = {0};

    if (w->kind == PT_WINDOW_NEXT) {
        r.start = plan_bound_of(pl, BOUND_AS_OF, false, source, 0);
        r.end = plan_bound_of(pl, BOUND_AHEAD, true, source, plan_value(pl, w->from));
        return r;
    }
    if (w->from)
        r.start = plan_bound_of(pl, back ? BOUND_BACK : BOUND_BEFORE, false, source, plan_value(pl, w->from));
    else
        r.start = plan_bound_of(pl, BOUND_FIRST, false, source, 0);
    if (w->to)
        r.end = plan_bound_of(pl, back ? BOUND_BACK : BOUND_UPTO, true, source, plan_value(pl, w->to));
    else
        r.end = plan_bound_of(pl, BOUND_AS_OF, true, source, 0);
    return r;
}

/* --- families ------------------------------------------------------------------------------------------------------- */

static family_kind family_of(const pt_agg *agg)
{
    bool weighted = agg->weight || agg->half_life;

    switch (agg->fn) {
    case PT_AGG_COUNT:
    case PT_AGG_SUM:
    case PT_AGG_AVG:
        if (weighted)
            return FAMILY_WEIGHTED;
        return agg->fn == PT_AGG_COUNT ? FAMILY_COUNT : FAMILY_BASIC;
    case PT_AGG_DID:
    case PT_AGG_DID_NOT: return FAMILY_COUNT;
    case PT_AGG_MIN:
    case PT_AGG_MAX: return FAMILY_BASIC;
    case PT_AGG_FIRST:
    case PT_AGG_LAST: return FAMILY_PICK;
    case PT_AGG_DISTINCT: return FAMILY_DISTINCT;
    case PT_AGG_VALUES: return FAMILY_VALUES;
    case PT_AGG_MODE:
    case PT_AGG_TOP: return FAMILY_TOP;
    case PT_AGG_MEDIAN:
    case PT_AGG_QUANTILE: return FAMILY_ORDER;
    case PT_AGG_STDDEV: return FAMILY_STDDEV;
    case PT_AGG_TREND: return agg->value ? FAMILY_TREND : FAMILY_RATE;
    case PT_AGG_DAYS:
    case PT_AGG_GAP:
    case PT_AGG_STREAK: return FAMILY_DAYS;
    case PT_AGG_COUNT_: break;
    }
    return FAMILY_COUNT_;
}

/* Whether an event without a time cannot count. */
static bool needs_time(const pt_agg *agg)
{
    family_kind kind = family_of(agg);

    return agg->half_life || kind == FAMILY_DAYS || kind == FAMILY_TREND || kind == FAMILY_RATE;
}

/* The family as the aggregate wants it, without members. */
static plan_family plan_family_of(planner *pl, const pt_agg *agg)
{
    uint32_t source = agg->source;
    plan_family f = {.kind = family_of(agg), .source = source, .bits = PLANE_ALL, .half_life = agg->half_life};

    if (agg->where)
        f.bits = plan_true(pl, agg->where, source);
    if (agg->value) {
        f.value = plan_at_level(pl, plan_value(pl, agg->value), (int32_t)source);
        f.bits = plan_and(pl, source, f.bits, plan_present(pl, source, f.value));
    }
    if (agg->weight) {
        f.weight = plan_at_level(pl, plan_value(pl, agg->weight), (int32_t)source);
        f.bits = plan_and(pl, source, f.bits, plan_present(pl, source, f.weight));
    }
    if (needs_time(agg))
        f.bits = plan_and(pl, source, f.bits, plan_present(pl, source, plan_time(pl, source)));
    if (pl->failed)
        return f;
    const uint32_t stages[] = {pl->program->planes[f.bits].stage, pl->program->ops[f.value].stage,
                               pl->program->ops[f.weight].stage};
    for (size_t i = 0; i < PT_COUNT(stages); i++)
        f.stage = stages[i] > f.stage ? stages[i] : f.stage;
    /* Only how many there are matters to a count, not their values. */
    if (f.kind == FAMILY_COUNT)
        f.value = 0;
    return f;
}

static plan_family *find_family(planner *pl, const plan_family *want)
{
    pt_program *p = pl->program;

    for (size_t i = 0; i < p->n_families; i++) {
        plan_family *f = &p->families[i];
        if (f->kind == want->kind && f->source == want->source && f->stage == want->stage && f->value == want->value &&
            f->weight == want->weight && f->bits == want->bits && f->end == want->end &&
            f->half_life == want->half_life)
            return f;
    }
    if (!pt_grow(&p->families, &p->cap_families, p->n_families + 1, sizeof *p->families)) {
        plan_nomem(pl);
        return NULL;
    }
    p->families[p->n_families] = *want;
    return &p->families[p->n_families++];
}

static op_id add_member(planner *pl, plan_family *f, uint32_t start, const pt_node *node)
{
    const pt_agg *agg = node->u.agg;
    plan_op op = {
        .kind = OP_AGGREGATE, .type = node->type, .level = PT_LEVEL_CUSTOMER, .stage = f->stage, .node = node};

    for (uint32_t i = 0; i < f->n_members; i++) {
        const plan_member *m = &f->members[i];
        if (m->start == start && m->agg->fn == agg->fn && m->agg->k == agg->k && m->agg->q == agg->q)
            return m->out;
    }
    size_t cap = f->cap_members;
    if (!pt_grow(&f->members, &cap, f->n_members + 1, sizeof *f->members)) {
        plan_nomem(pl);
        return 0;
    }
    f->cap_members = (uint32_t)cap;
    op_id out = plan_add_op(pl, &op);
    f->members[f->n_members++] = (plan_member){.agg = agg, .start = start, .out = out};
    return out;
}

op_id plan_aggregate(planner *pl, const pt_node *node)
{
    const pt_agg *agg = node->u.agg;
    plan_family want = plan_family_of(pl, agg);
    plan_range range = plan_window(pl, &agg->window, agg->source);

    if (pl->failed)
        return 0;
    want.end = range.end;
    pl->program->source_used[agg->source] = true;
    plan_family *f = find_family(pl, &want);
    return f ? add_member(pl, f, range.start, node) : 0;
}

/* --- sequences ------------------------------------------------------------------------------------------------------ */

static plan_track *track_of(planner *pl, plan_sequence *s, uint32_t source)
{
    uint32_t i = 0;

    while (i < s->n_tracks && s->tracks[i].source != source)
        i++;
    if (i == s->n_tracks) {
        plan_range range = plan_window(pl, &s->node->u.seq->window, source);
        s->tracks[s->n_tracks++] =
            (plan_track){.source = source, .start = range.start, .end = range.end, .bits = PLANE_NONE};
        pl->program->source_used[source] = true;
    }
    return &s->tracks[i];
}

static void plan_one_step(planner *pl, plan_sequence *s, uint32_t i)
{
    const pt_step *step = &s->node->u.seq->steps[i];
    plan_track *track = track_of(pl, s, step->source);
    plane_id bits = step->where ? plan_true(pl, step->where, step->source) : PLANE_ALL;

    s->steps[i] = (plan_step){.track = (uint32_t)(track - s->tracks), .bits = bits};
    track->bits = plan_or(pl, step->source, track->bits, bits);
    uint32_t stage = pl->program->planes[bits].stage;
    s->stage = stage > s->stage ? stage : s->stage;
}

op_id plan_sequence_op(planner *pl, const pt_node *node)
{
    pt_program *p = pl->program;
    uint32_t n = node->u.seq->n_steps;
    plan_sequence s = {
        .node = node, .steps = PT_NEW_ARRAY(p->arena, plan_step, n), .tracks = PT_NEW_ARRAY(p->arena, plan_track, n)};

    if (!s.steps || !s.tracks) {
        plan_nomem(pl);
        return 0;
    }
    for (uint32_t i = 0; i < n && !pl->failed; i++)
        plan_one_step(pl, &s, i);
    if (pl->failed)
        return 0;
    plan_op op = {.kind = OP_SEQUENCE, .type = node->type, .level = PT_LEVEL_CUSTOMER, .stage = s.stage, .node = node};
    s.out = plan_add_op(pl, &op);
    if (!pt_grow(&p->sequences, &p->cap_sequences, p->n_sequences + 1, sizeof *p->sequences)) {
        plan_nomem(pl);
        return 0;
    }
    p->sequences[p->n_sequences++] = s;
    return s.out;
}
