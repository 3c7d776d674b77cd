#include "app/conflicts_int.h"

#include "app/app_int.h"
#include "app/evaluate.h"

typedef struct tally {
    pt_conflict *out;
    uint64_t *known, *both, *differ;
    const pt_column **values; /* by source: the block's */
    bool *there;              /* by source: has a value in the row at hand */
} tally;

const pt_node *pt_merge_call(const pt_node *node)
{
    if (!node || (node->kind == PT_NODE_CALL && node->u.fn >= PT_FN_MERGE_NEWEST && node->u.fn <= PT_FN_MERGE_ALL))
        return node;
    return node->n_args ? pt_merge_call(node->args[0]) : NULL;
}

/* --- comparing ---------------------------------------------------------------------------------------------------- */

static bool same_texts(const pt_column *a, uint64_t i, const pt_column *b, uint64_t j)
{
    uint32_t x = pt_column_code(a, i), y = pt_column_code(b, j);

    return a->dict == b->dict ? x == y : pt_sv_eq(pt_dict_text(a->dict, x), pt_dict_text(b->dict, y));
}

static bool same_lists(const pt_column *a, const pt_column *b, uint64_t row)
{
    uint64_t n = a->offsets[row + 1] - a->offsets[row];

    if (n != b->offsets[row + 1] - b->offsets[row])
        return false;
    for (uint64_t k = 0; k < n; k++)
        if (!same_texts(a, a->offsets[row] + k, b, b->offsets[row] + k))
            return false;
    return true;
}

/* Neither is missing. A text beside a list (policy `all`) is a list of one. */
static bool same_value(const pt_column *a, const pt_column *b, uint64_t row)
{
    if (pt_type_is_list(a->type) != pt_type_is_list(b->type)) {
        const pt_column *list = pt_type_is_list(a->type) ? a : b, *text = list == a ? b : a;
        return list->offsets[row + 1] - list->offsets[row] == 1 && same_texts(list, list->offsets[row], text, row);
    }
    switch (a->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)a->data)[row] == ((const uint8_t *)b->data)[row];
    case PT_TYPE_DATE: return ((const int32_t *)a->data)[row] == ((const int32_t *)b->data)[row];
    case PT_TYPE_NUMBER: return ((const double *)a->data)[row] == ((const double *)b->data)[row];
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return same_texts(a, row, b, row);
    case PT_TYPE_LIST: return same_lists(a, b, row);
    default: return ((const int64_t *)a->data)[row] == ((const int64_t *)b->data)[row];
    }
}

static void count_pair(tally *t, size_t a, size_t b, bool differ)
{
    size_t n = t->out->n;

    t->both[a * n + b]++;
    t->both[b * n + a]++;
    t->differ[a * n + b] += differ;
    t->differ[b * n + a] += differ;
}

static void count_row(tally *t, uint64_t row, pt_sv id)
{
    size_t known = 0;
    bool differing = false;

    for (size_t a = 0; a < t->out->n; a++) {
        t->there[a] = !pt_column_missing(t->values[a], row);
        t->known[a] += t->there[a];
        known += t->there[a];
        for (size_t b = 0; t->there[a] && b < a; b++) {
            if (!t->there[b])
                continue;
            bool differ = !same_value(t->values[a], t->values[b], row);
            count_pair(t, a, b, differ);
            differing |= differ;
        }
    }
    t->out->customers += known > 0;
    t->out->several += known > 1;
    t->out->differing += differing;
    if (differing && t->out->n_samples < PT_CONFLICT_SAMPLES)
        t->out->samples[t->out->n_samples++] = id;
}

/* --- one tag ------------------------------------------------------------------------------------------------------ */

/* An evaluator for the value of each source. */
static pt_rc make_evals(pt_eval **evals, const pt_conflict_input *in, const pt_node *call, size_t n, pt_arena *arena,
                        pt_err *err)
{
    pt_eval_options options = {.as_of = in->as_of, .zone = in->project->zone};
    pt_program *program;

    for (size_t i = 0; i < n; i++) {
        PT_TRY(pt_question_plan(&program, in->project, &(pt_question){.node = call->args[3 * i]}, arena, err));
        PT_TRY(pt_eval_new(&evals[i], program, &options, err));
    }
    return PT_OK;
}

static pt_rc count_block(tally *t, pt_eval **evals, const pt_conflict_input *in, const pt_batch *all, pt_events *events,
                         uint32_t first, size_t n, pt_err *err)
{
    pt_batch slice = pt_batch_slice(all, first, n, events, in->project->n_sources);

    for (size_t i = 0; i < t->out->n; i++) {
        pt_timeline *timeline = in->timelines[t->out->merge->sources[i].source];
        if (timeline)
            PT_TRY(pt_timeline_check(timeline, first, (uint32_t)n, err));
        PT_TRY(pt_eval_run(evals[i], &slice, err));
        t->values[i] = pt_eval_tag(evals[i], 0);
    }
    for (uint64_t row = 0; row < n; row++)
        count_row(t, row, pt_directory_id(in->directory, first + (uint32_t)row));
    return PT_OK;
}

static pt_rc count_blocks(tally *t, pt_eval **evals, const pt_conflict_input *in, pt_arena *arena, pt_err *err)
{
    enum { BLOCK = 1024 };
    pt_events *events = PT_NEW_ARRAY(arena, pt_events, in->project->n_sources);
    pt_batch all = {
        .n_customers = in->n_ordinals, .sources = in->events, .identities = pt_directory_id_hashes(in->directory)};

    if (!events)
        return pt_fail_nomem(err, "the conflicts");
    if (!all.identities)
        return pt_directory_damage(in->directory, err);
    for (uint32_t first = 0; first < in->n_ordinals; first += BLOCK) {
        uint32_t left = in->n_ordinals - first;
        PT_TRY(pt_cancel_check(in->cancel, err));
        PT_TRY(count_block(t, evals, in, &all, events, first, left < BLOCK ? left : BLOCK, err));
    }
    return pt_directory_damage(in->directory, err);
}

/* The directory may be closed before what was counted is read. */
static pt_rc keep_samples(pt_conflict *out, pt_arena *arena, pt_err *err)
{
    for (size_t i = 0; i < out->n_samples; i++)
        if (!(out->samples[i].ptr = pt_arena_strndup(arena, out->samples[i].ptr, out->samples[i].len)))
            return pt_fail_nomem(err, "the conflicts");
    return PT_OK;
}

static pt_rc count_tag(pt_conflict *out, const pt_conflict_input *in, pt_arena *arena, pt_err *err)
{
    const pt_node *call = pt_merge_call(in->project->module->tags[out->tag]);
    size_t n = out->n = out->merge->n_sources;
    tally t = {.out = out,
               .known = PT_NEW_ARRAY(arena, uint64_t, n),
               .both = PT_NEW_ARRAY(arena, uint64_t, n * n),
               .differ = PT_NEW_ARRAY(arena, uint64_t, n * n),
               .values = PT_NEW_ARRAY(arena, const pt_column *, n),
               .there = PT_NEW_ARRAY(arena, bool, n)};
    pt_eval **evals = PT_NEW_ARRAY(arena, pt_eval *, n);

    if (!t.known || !t.both || !t.differ || !t.values || !t.there || !evals)
        return pt_fail_nomem(err, "the conflicts");
    out->known = t.known;
    out->both = t.both;
    out->differ = t.differ;
    pt_rc rc = make_evals(evals, in, call, n, arena, err);
    if (rc == PT_OK)
        rc = count_blocks(&t, evals, in, arena, err);
    for (size_t i = 0; i < n; i++)
        pt_eval_free(evals[i]);
    return rc == PT_OK ? keep_samples(out, arena, err) : rc;
}

pt_rc pt_conflicts_count(const pt_conflict **out, size_t *n, const pt_conflict_input *in, int tag, pt_arena *arena,
                         pt_err *err)
{
    const pt_project *p = in->project;
    pt_conflict *conflicts = PT_NEW_ARRAY(arena, pt_conflict, p->n_tags);

    *n = 0;
    if (!conflicts)
        return pt_fail_nomem(err, "the conflicts");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (!p->tags[t].merge || (tag >= 0 && (uint32_t)tag != t))
            continue;
        conflicts[*n] = (pt_conflict){.tag = t, .merge = p->tags[t].merge};
        PT_TRY(count_tag(&conflicts[(*n)++], in, arena, err));
    }
    *out = conflicts;
    return PT_OK;
}

/* --- of the last build -------------------------------------------------------------------------------------------- */

pt_rc pt_app_conflicts(const pt_conflict **out, size_t *n, pt_app *app, int tag, pt_arena *arena, pt_err *err)
{
    pt_view *v;

    PT_TRY(pt_app_sound(app, err));
    PT_TRY(pt_app_view(&v, app, err));
    PT_TRY(pt_view_timelines(v, err));
    pt_conflict_input in = {.project = app->project,
                            .directory = v->directory,
                            .timelines = v->timelines,
                            .events = v->events,
                            .n_ordinals = v->n_ordinals,
                            .as_of = v->as_of};
    return pt_conflicts_count(out, n, &in, tag, arena, err);
}
