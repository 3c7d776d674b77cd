#include "app/why.h"

#include <stdlib.h>

#include "app/app_int.h"
#include "app/confidence.h"
#include "app/conflicts_int.h"
#include "app/evaluate.h"
#include "app/why_int.h"

typedef struct why_run {
    pt_app *app;
    const pt_project *project;
    const pt_profile *profile;
    pt_view *view;
    const pt_base_set *base;
    pt_batch batch;    /* the customer */
    pt_events *events; /* of the customer, by source */
    why_place *places; /* rows asked for */
    size_t n_places, cap_places;
    pt_why *out; /* by tag */
    pt_arena *arena;
} why_run;

/* The file and row of a claim's event are looked up later, all together. */
static pt_rc want_place(why_run *r, pt_why_claim *claim, uint64_t event, pt_err *err)
{
    if (!pt_grow(&r->places, &r->cap_places, r->n_places + 1, sizeof *r->places))
        return pt_fail_nomem(err, "the places of values");
    r->places[r->n_places++] = (why_place){claim, event - r->events[claim->source].offsets[0]};
    return PT_OK;
}

static int64_t time_of(const why_run *r, uint32_t source, uint64_t event)
{
    return r->events[source].time[event];
}

/* --- merged ------------------------------------------------------------------------------------------------------- */

static pt_rc ask(pt_eval **eval, const why_run *r, const pt_node *node, pt_err *err)
{
    return pt_question_ask(eval, r->project, &(pt_question){.node = node, .base = r->base}, &r->batch,
                           r->profile->as_of, r->arena, err);
}

static bool same_text(const pt_column *a, uint64_t i, const pt_column *b, uint64_t j)
{
    return pt_sv_eq(pt_dict_text(a->dict, pt_column_code(a, i)), pt_dict_text(b->dict, pt_column_code(b, j)));
}

static bool list_holds(const pt_column *list, const pt_column *text, uint64_t at)
{
    for (uint64_t k = list->offsets[0]; k < list->offsets[1]; k++)
        if (same_text(list, k, text, at))
            return true;
    return false;
}

/* Whether the tag's value is what was claimed; where that is a list of all, whether it holds any of it. */
static bool agrees(const pt_column *value, const pt_column *claimed)
{
    if (pt_type_is_list(value->type)) {
        bool list = pt_type_is_list(claimed->type);
        uint64_t k = list ? claimed->offsets[0] : 0, end = list ? claimed->offsets[1] : 1;
        for (; k < end; k++)
            if (list_holds(value, claimed, k))
                return true;
        return k == 0 && value->offsets[0] == value->offsets[1];
    }
    if (pt_type_is_text(value->type))
        return same_text(value, 0, claimed, 0);
    return memcmp(value->data, claimed->data, pt_type_width(value->type)) == 0;
}

static int order_of(double a, double b)
{
    return (a > b) - (a < b);
}

/* What decided between a claim and the best of those that count: the first key of the policy in which it is behind. */
static pt_why_fate fate_of(pt_merge_policy policy, const pt_why_claim *loser, const pt_why_claim *best)
{
    int time = (best->time > loser->time) - (best->time < loser->time), trust = order_of(best->trust, loser->trust);

    switch (policy) {
    case PT_MERGE_NEWEST: return time ? PT_FATE_OLDER : trust ? PT_FATE_LESS_TRUSTED : PT_FATE_LISTED;
    case PT_MERGE_TRUSTED: return trust ? PT_FATE_LESS_TRUSTED : time ? PT_FATE_OLDER : PT_FATE_LISTED;
    case PT_MERGE_FREQUENT: return PT_FATE_FEWER;
    case PT_MERGE_ALL: return PT_FATE_LESS_TRUSTED; /* all that is trusted at all counts */
    default: return PT_FATE_LISTED;
    }
}

static const pt_why_claim *best_that_counts(pt_merge_policy policy, const pt_why *why)
{
    const pt_why_claim *best = NULL;

    for (size_t i = 0; i < why->n_claims; i++) {
        const pt_why_claim *c = &why->claims[i];
        if (c->fate != PT_FATE_COUNTS)
            continue;
        int time = best ? (c->time > best->time) - (c->time < best->time) : 0;
        int trust = best ? order_of(c->trust, best->trust) : 0;
        int order = policy == PT_MERGE_NEWEST ? (time ? time : trust) : (trust ? trust : time);
        if (!best || order > 0)
            best = c;
    }
    return best;
}

/* Sources that vote alike for each side: with equally many, the rest of the policy decided. */
static size_t votes_for(const pt_why *why, const pt_column *value)
{
    size_t n = 0;

    for (size_t i = 0; i < why->n_claims; i++)
        n += agrees(value, &why->claims[i].value);
    return n;
}

static void settle_fates(pt_merge_policy policy, pt_why *why, pt_why_claim *claims, const pt_column *value)
{
    const pt_why_claim *best;

    for (size_t i = 0; i < why->n_claims; i++)
        claims[i].fate = agrees(value, &claims[i].value) ? PT_FATE_COUNTS : PT_FATE_COUNT;
    if (!(best = best_that_counts(policy, why)))
        return;
    for (size_t i = 0; i < why->n_claims; i++) {
        if (claims[i].fate == PT_FATE_COUNTS)
            continue;
        bool tie = policy == PT_MERGE_FREQUENT && votes_for(why, &claims[i].value) == votes_for(why, value);
        claims[i].fate = fate_of(tie ? PT_MERGE_TRUSTED : policy, &claims[i], best);
    }
}

static pt_rc read_claim(pt_why_claim *claim, why_run *r, const pt_merge_source *m, const pt_node *const *args,
                        pt_err *err)
{
    const pt_leaf *leaves;
    pt_eval *value, *trust;
    size_t n;

    *claim = (pt_why_claim){.source = m->source, .column = (int32_t)m->column, .time = PT_I64_MISSING, .trust = NAN};
    PT_TRY(ask(&value, r, args[0], err));
    claim->value = *pt_eval_tag(value, 0);
    if (pt_column_missing(&claim->value, 0))
        return PT_OK;
    PT_TRY(ask(&trust, r, args[2], err));
    claim->trust = ((const double *)pt_eval_tag(trust, 0)->data)[0];
    PT_TRY(pt_eval_leaves(&leaves, &n, value, 0, r->arena, err));
    if (!n || !leaves[0].n_events)
        return PT_OK;
    uint64_t event = leaves[0].events[leaves[0].n_events - 1];
    claim->time = time_of(r, m->source, event);
    return want_place(r, claim, event, err);
}

static pt_rc why_merged(pt_why *why, why_run *r, uint32_t tag, pt_err *err)
{
    const pt_merge *merge = r->project->tags[tag].merge;
    const pt_node *call = pt_merge_call(r->project->module->tags[tag]);
    pt_why_claim *claims = PT_NEW_ARRAY(r->arena, pt_why_claim, merge->n_sources);

    if (!claims)
        return pt_fail_nomem(err, "the claims");
    why->kind = PT_WHY_MERGED;
    why->claims = claims;
    for (size_t i = 0; i < merge->n_sources; i++) {
        pt_why_claim *claim = &claims[why->n_claims];
        PT_TRY(read_claim(claim, r, &merge->sources[i], call->args + 3 * i, err));
        why->n_claims += !pt_column_missing(&claim->value, 0);
    }
    settle_fates(merge->policy, why, claims, &r->profile->values[tag]);
    return PT_OK;
}

/* --- facts and figures -------------------------------------------------------------------------------------------- */

typedef struct counted {
    uint32_t source;
    uint64_t event;
} counted;

static int by_source_and_event(const void *left, const void *right)
{
    const counted *a = left, *b = right;

    if (a->source != b->source)
        return a->source < b->source ? -1 : 1;
    return (a->event > b->event) - (a->event < b->event);
}

/* The events that count, each once however many parts of the definition count it. */
static pt_rc count_events(pt_why *why, why_run *r, counted *all, size_t n, pt_err *err)
{
    pt_why_count *counts = PT_NEW_ARRAY(r->arena, pt_why_count, r->project->n_sources);

    if (!counts)
        return pt_fail_nomem(err, "the events");
    if (n)
        qsort(all, n, sizeof *all, by_source_and_event);
    for (size_t i = 0; i < n; i++) {
        pt_why_count *last = why->n_counts ? &counts[why->n_counts - 1] : NULL;
        int64_t time = time_of(r, all[i].source, all[i].event);
        if (i && by_source_and_event(&all[i], &all[i - 1]) == 0)
            continue;
        if (!last || last->source != all[i].source)
            counts[why->n_counts++] = (pt_why_count){all[i].source, 0, time, time};
        counts[why->n_counts - 1].events++;
        counts[why->n_counts - 1].last = time;
    }
    why->counts = counts;
    return PT_OK;
}

static pt_rc why_fact(pt_why *why, why_run *r, const pt_leaf *leaf, pt_err *err)
{
    pt_why_claim *claim = PT_NEW(r->arena, pt_why_claim);
    const pt_agg *agg = leaf->node->u.agg;
    size_t at = agg->fn == PT_AGG_LAST ? leaf->n_events - 1 : 0;

    if (!claim)
        return pt_fail_nomem(err, "the claims");
    *claim = (pt_why_claim){.source = leaf->sources[at],
                            .column = agg->value->kind == PT_NODE_COLUMN ? (int32_t)agg->value->u.column : -1,
                            .value = *leaf->value,
                            .time = time_of(r, leaf->sources[at], leaf->events[at]),
                            .trust = r->project->sources[leaf->sources[at]].trust};
    why->kind = PT_WHY_FACT;
    why->claims = claim;
    why->n_claims = 1;
    return want_place(r, claim, leaf->events[at], err);
}

/* Whether a leaf is the last or the first known row of a record. */
static bool is_fact(const why_run *r, const pt_leaf *leaf)
{
    return leaf->n_events && leaf->node->kind == PT_NODE_AGGREGATE && leaf->node->u.agg->value &&
           (leaf->node->u.agg->fn == PT_AGG_LAST || leaf->node->u.agg->fn == PT_AGG_FIRST) &&
           r->project->sources[leaf->sources[0]].kind == PT_SOURCE_RECORD;
}

/* From the leaves of the tag and of all tags it uses. */
static pt_rc why_computed(pt_why *why, why_run *r, uint32_t tag, pt_eval *eval, size_t result, pt_err *err)
{
    const pt_leaf *leaves;
    size_t n, events = 0;
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, r->project->module->tags[tag], r->arena, err));
    PT_TRY(pt_eval_leaves(&leaves, &n, eval, result, r->arena, err));
    why->kind = PT_WHY_COMPUTED;
    why->tags = uses.tags;
    why->n_tags = uses.n_tags;
    if (n == 1 && !uses.n_tags && is_fact(r, &leaves[0]))
        return why_fact(why, r, &leaves[0], err);
    for (size_t i = 0; i < n; i++)
        events += leaves[i].n_events;
    counted *all = PT_NEW_ARRAY(r->arena, counted, events);
    if (!all)
        return pt_fail_nomem(err, "the events");
    events = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < leaves[i].n_events; k++)
            all[events++] = (counted){leaves[i].sources[k], leaves[i].events[k]};
    return count_events(why, r, all, events, err);
}

/* --- all tags ----------------------------------------------------------------------------------------------------- */

static pt_rc why_computed_tags(why_run *r, const uint32_t *tags, size_t n, pt_err *err)
{
    pt_question question = {.tags = tags, .n_tags = n, .base = r->base};
    pt_eval *eval;

    if (!n)
        return PT_OK;
    PT_TRY(pt_question_ask(&eval, r->project, &question, &r->batch, r->profile->as_of, r->arena, err));
    for (size_t i = 0; i < n; i++)
        PT_TRY(why_computed(&r->out[tags[i]], r, tags[i], eval, i, err));
    return PT_OK;
}

static pt_rc why_tags(why_run *r, pt_err *err)
{
    const pt_project *p = r->project;
    uint32_t *tags = PT_NEW_ARRAY(r->arena, uint32_t, p->n_tags);
    size_t n = 0;

    if (!tags)
        return pt_fail_nomem(err, "the tags");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (r->profile->unavailable[t] || pt_column_missing(&r->profile->values[t], 0))
            continue;
        if (p->catalog.tags[t].external)
            r->out[t].kind = PT_WHY_QUERY;
        else if (p->tags[t].merge)
            PT_TRY(why_merged(&r->out[t], r, t, err));
        else
            tags[n++] = t;
    }
    return why_computed_tags(r, tags, n, err);
}

/* --- confidence --------------------------------------------------------------------------------------------------- */

static double best_trust(const pt_why *why)
{
    double best = (double)NAN;

    for (size_t i = 0; i < why->n_claims; i++)
        if (why->claims[i].fate == PT_FATE_COUNTS && !(why->claims[i].trust <= best))
            best = why->claims[i].trust;
    return best;
}

static pt_rc find_confidences(const double **out, const why_run *r, pt_err *err)
{
    const pt_project *p = r->project;
    pt_confidence_of of = {p, &r->batch, r->base, r->profile->as_of};
    double *all = PT_NEW_ARRAY(r->arena, double, p->module->n_tags);
    const double *found;

    if (!all)
        return pt_fail_nomem(err, "the confidence of tags");
    PT_TRY(pt_confidences(&found, &of, p->module->order, p->module->n_tags, r->arena, err));
    for (size_t t = 0; t < p->n_tags; t++) {
        bool merged = r->out[t].kind == PT_WHY_MERGED && !p->module->confidences[t];
        all[t] = r->out[t].kind == PT_WHY_NOTHING ? (double)NAN : merged ? best_trust(&r->out[t]) : found[t];
    }
    *out = all;
    return PT_OK;
}

pt_rc pt_app_why(pt_whys *out, pt_app *app, const pt_profile *profile, pt_arena *arena, pt_err *err)
{
    why_run r = {.app = app, .project = app->project, .profile = profile, .arena = arena};
    const pt_project *p = app->project;

    *out = (pt_whys){0};
    r.out = PT_NEW_ARRAY(arena, pt_why, p->n_tags);
    r.events = PT_NEW_ARRAY(arena, pt_events, p->n_sources);
    if (!r.out || !r.events)
        return pt_fail_nomem(err, "the profile");
    out->tags = r.out;
    PT_TRY(pt_app_view(&r.view, app, err));
    PT_TRY(pt_view_timelines(r.view, err));
    PT_TRY(pt_view_batch(&r.batch, r.events, r.view, profile->ordinal, err));
    PT_TRY(pt_view_base(&r.base, r.view, NULL, arena, err));
    PT_TRY(pt_profile_external(&r.batch.external, r.view, profile->ordinal, profile->as_of, arena, err));
    pt_rc rc = why_tags(&r, err);
    if (rc == PT_OK)
        rc = find_confidences(&out->confidence, &r, err);
    if (rc == PT_OK)
        rc = why_find_places(&out->placed, app, profile->ordinal, r.places, r.n_places, arena, err);
    free(r.places);
    return rc;
}
