/* The segment split by the values of a tag: how large each part is, its key figures, and what sets it apart within the segment. */
#include <stdlib.h>

#include "app/insight_int.h"

enum { TRAITS = 3, KEYS_FOUND = 2, MOST_RANGES = 5 };

typedef struct split {
    insight_run *run;
    size_t source;         /* place of the tag */
    const bool *related;   /* by tag number: says what the split says */
    const uint64_t *whole; /* counts of the segment */
    uint64_t *part, *rest; /* of the part at hand and of the other members */
    insight_group in, out;
    pt_insight_tag *tags; /* of the part at hand */
} split;

/* --- key figures ------------------------------------------------------------------------------------------------------------ */

static bool is_figure(const insight_run *r, size_t i)
{
    pt_type type = r->query->view->project->module->types[r->sources[i].tag];

    return r->sources[i].ordered && r->sources[i].state == PT_INSIGHT_TOLD &&
           (type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY);
}

static size_t place_of(const insight_run *r, uint32_t tag)
{
    size_t i = 0;

    while (i < r->out->n_tags && r->sources[i].tag != tag)
        i++;
    return i;
}

static bool is_taken(const uint32_t *tags, size_t n, uint32_t tag)
{
    for (size_t i = 0; i < n; i++)
        if (tags[i] == tag)
            return true;
    return false;
}

/* The figure that differs most between segment and rest, of those not taken; n_tags when there is none. */
static size_t most_different(const insight_run *r, const uint32_t *taken, size_t n)
{
    size_t best = r->out->n_tags;
    double most = 0;

    for (size_t i = 0; i < r->out->n_tags; i++) {
        double d = fabs(r->out->tags[i].effect.d);
        if (is_figure(r, i) && !r->sources[i].definition && d > most && !is_taken(taken, n, r->sources[i].tag)) {
            most = d;
            best = i;
        }
    }
    return best;
}

static pt_rc choose_keys(insight_run *r, pt_err *err)
{
    const pt_project *p = r->query->view->project;
    uint32_t *keys = PT_NEW_ARRAY(r->arena, uint32_t, PT_INSIGHT_KEY_TAGS);
    size_t n = 0;

    if (!keys)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < p->n_card && n < PT_INSIGHT_KEY_TAGS; i++) {
        int tag = pt_project_find_tag(p, pt_sv_of(p->card[i]));
        size_t place = tag >= 0 ? place_of(r, (uint32_t)tag) : r->out->n_tags;
        if (place < r->out->n_tags && is_figure(r, place) && !is_taken(keys, n, (uint32_t)tag))
            keys[n++] = (uint32_t)tag;
    }
    bool of_card = n > 0;
    while (!of_card && n < KEYS_FOUND) {
        size_t i = most_different(r, keys, n);
        if (i == r->out->n_tags)
            break;
        keys[n++] = r->sources[i].tag;
    }
    r->out->key_tags = keys;
    r->out->n_key_tags = n;
    return PT_OK;
}

/* --- one part --------------------------------------------------------------------------------------------------------------- */

typedef struct cut_run {
    split *s;
    pt_crowd *value;
    uint64_t **rooms; /* by worker */
} cut_run;

static pt_rc cut_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    cut_run *c = arg;
    const pt_slice_kernels *k = pt_slice_kernels_best();
    size_t at = block * PT_BLOCK_WORDS;
    uint64_t *in = c->s->in.bits + at, *out = c->s->out.bits + at;
    const uint64_t *whole = c->s->run->segment.bits + at;

    PT_TRY(pt_cancel_check(c->s->run->options->crowd.cancel, err));
    pt_crowd_block(in, c->value, (uint32_t)block, c->rooms[worker]);
    k->and_row(in, whole);
    memcpy(out, whole, PT_BLOCK_WORDS * sizeof *out);
    k->and_not_row(out, in);
    return PT_OK;
}

static uint64_t size_of(const insight_group *g, uint32_t blocks)
{
    uint64_t n = 0;

    for (uint32_t b = 0; b < blocks; b++)
        n += pt_slice_kernels_best()->count(g->bits + (size_t)b * PT_BLOCK_WORDS);
    return n;
}

/* The members with a value, and the other members. */
static pt_rc cut(split *s, const pt_insight_value *v, pt_err *err)
{
    insight_run *r = s->run;
    unsigned workers = pt_pool_threads(r->query->pool);
    cut_run c = {.s = s, .rooms = PT_NEW_ARRAY(r->arena, uint64_t *, workers)};

    if (!c.rooms)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_insight_crowd(&c.value, r, pt_insight_leaf(&r->sources[s->source], v, r->arena), err));
    for (unsigned w = 0; w < workers; w++)
        PT_TRY(pt_insight_words(&c.rooms[w], r, pt_crowd_scratch(c.value), err));
    PT_TRY(pt_pool_run(r->query->pool, pt_crowd_blocks(r->query->crowd), cut_block, &c, err));
    s->in.n = size_of(&s->in, pt_crowd_blocks(r->query->crowd));
    s->out.n = r->segment.n - s->in.n;
    return PT_OK;
}

/* What is common tells more of a part than what it lacks. */
static double worth(const pt_insight_value *v)
{
    return v->information > 0 ? v->information : -v->information / 2;
}

static const pt_insight_value *best_value(const split *s, size_t i)
{
    const pt_insight_tag *t = &s->tags[i];
    const pt_insight_value *best = NULL;

    for (size_t v = 0; v < t->n_values && !s->related[t->tag]; v++) {
        const pt_insight_value *value = &t->values[v];
        if (pt_insight_stands_out(&s->run->sources[i], value) && !pt_insight_is_same(&value->contrast) &&
            (!best || worth(value) > worth(best)))
            best = value;
    }
    return best;
}

/* The best values, one of each group of tags: those of one group mostly say the same. The best first. */
static size_t find_traits(pt_insight_trait *best, const split *s)
{
    const pt_project *p = s->run->query->view->project;
    size_t n = 0;

    for (; n < TRAITS; n++) {
        const pt_insight_value *found = NULL;
        for (size_t i = 0; i < s->run->out->n_tags; i++) {
            const pt_insight_value *v = best_value(s, i);
            bool taken = v == NULL;
            for (size_t k = 0; k < n && !taken; k++)
                taken = strcmp(p->tags[best[k].tag].group, p->tags[s->tags[i].tag].group) == 0;
            if (taken || (found && worth(v) <= worth(found)))
                continue;
            found = v;
            best[n].tag = s->tags[i].tag;
        }
        if (!found)
            break;
        best[n].value = *found;
    }
    return n;
}

static pt_rc describe_part(pt_insight_part *out, split *s, const pt_insight_value *v, pt_err *err)
{
    insight_run *r = s->run;
    insight_sides sides = {&s->in, &s->out, false, s->part, s->rest};
    double *means = PT_NEW_ARRAY(r->arena, double, r->out->n_key_tags);
    pt_insight_trait *traits = PT_NEW_ARRAY(r->arena, pt_insight_trait, TRAITS);

    if (!means || !traits)
        return pt_fail_nomem(err, "an insight");
    *out = (pt_insight_part){.value = *v, .means = means, .traits = traits};
    PT_TRY(cut(s, v, err));
    memset(s->part, 0, r->n_counts * sizeof *s->part);
    PT_TRY(pt_insight_tally(s->part, r, &s->in, err));
    for (size_t i = 0; i < r->n_counts; i++)
        s->rest[i] = s->whole[i] - s->part[i];
    PT_TRY(pt_insight_describe(s->tags, r, &sides, err));
    for (size_t k = 0; k < r->out->n_key_tags; k++) {
        const pt_insight_tag *t = &s->tags[place_of(r, r->out->key_tags[k])];
        means[k] = t->state == PT_INSIGHT_TOLD ? t->segment.mean : (double)NAN;
    }
    out->n_traits = find_traits(traits, s);
    return PT_OK;
}

/* --- all parts -------------------------------------------------------------------------------------------------------------- */

pt_rc pt_insight_source(size_t *out, const insight_run *r, uint32_t tag, pt_err *err)
{
    const char *name = r->query->view->project->tags[tag].name;

    *out = place_of(r, tag);
    switch (r->out->tags[*out].state) {
    case PT_INSIGHT_TOLD: return PT_OK;
    case PT_INSIGHT_NOT_BUILT:
        pt_fail(err, PT_EINVAL, "tag '%s' is not as it was when the last build ran", name);
        return pt_err_hint(err, "portrait build");
    case PT_INSIGHT_SENSITIVE:
        pt_fail(err, PT_EINVAL, "tag '%s' is sensitive personal information", name);
        return pt_err_hint(err, "--sensitive shows it");
    case PT_INSIGHT_MANY: return pt_fail(err, PT_EINVAL, "tag '%s' has too many values to count by", name);
    case PT_INSIGHT_FEW: break;
    }
    return pt_fail(err, PT_EINVAL, "tag '%s' is known of too few customers", name);
}

static uint64_t members_of(const void *value)
{
    return ((const pt_insight_value *)value)->contrast.with;
}

static int by_members(const void *left, const void *right)
{
    uint64_t a = members_of(left), b = members_of(right);

    return a > b ? -1 : a < b;
}

static pt_rc most_frequent(pt_insight_value *out, size_t *n, const pt_insight_tag *t, size_t most, pt_arena *arena,
                           pt_err *err)
{
    pt_insight_value *sorted = PT_NEW_ARRAY(arena, pt_insight_value, t->n_values);
    uint64_t least = 1;

    if (!sorted)
        return pt_fail_nomem(err, "an insight");
    if (t->n_values > most) {
        memcpy(sorted, t->values, t->n_values * sizeof *sorted);
        qsort(sorted, t->n_values, sizeof *sorted, by_members);
        least = sorted[most - 1].contrast.with;
    }
    for (size_t v = 0; v < t->n_values && *n < most; v++)
        if (t->values[v].contrast.with >= least && t->values[v].contrast.with > 0)
            out[(*n)++] = t->values[v];
    return PT_OK;
}

static void join(pt_insight_value *to, const pt_insight_value *next)
{
    to->high = next->high;
    to->closed = next->closed;
    to->to = next->to;
    to->contrast.with += next->contrast.with;
    to->contrast.base_with += next->contrast.base_with;
    pt_contrast_fill(&to->contrast);
}

/* Neighbouring ranges joined to about as many as are wanted, of about as many members. */
static void join_ranges(pt_insight_value *out, size_t *n, const pt_insight_tag *t, size_t most)
{
    uint64_t all = 0, before = 0, last = UINT64_MAX;

    for (size_t v = 0; v < t->n_values; v++)
        all += t->values[v].contrast.with;
    for (size_t v = 0; v < t->n_values; v++) {
        uint64_t members = t->values[v].contrast.with, group = all ? (2 * before + members) * most / (2 * all) : 0;
        if (group == last)
            join(&out[*n - 1], &t->values[v]);
        else
            out[(*n)++] = t->values[v];
        last = group;
        before += members;
    }
}

pt_rc pt_insight_frequent(const pt_insight_value **out, size_t *n, const pt_insight_tag *t, size_t most,
                          pt_arena *arena, pt_err *err)
{
    pt_insight_value *kept = PT_NEW_ARRAY(arena, pt_insight_value, t->n_values);

    if (!kept)
        return pt_fail_nomem(err, "an insight");
    *out = kept;
    *n = 0;
    if (t->ordered && t->n_values > MOST_RANGES)
        join_ranges(kept, n, t, MOST_RANGES);
    else
        PT_TRY(most_frequent(kept, n, t, most, arena, err));
    return PT_OK;
}

static pt_rc prepare(split *s, pt_err *err)
{
    insight_run *r = s->run;
    bool *related = PT_NEW_ARRAY(r->arena, bool, r->query->view->project->n_tags);

    s->part = PT_NEW_ARRAY(r->arena, uint64_t, r->n_counts);
    s->rest = PT_NEW_ARRAY(r->arena, uint64_t, r->n_counts);
    s->tags = PT_NEW_ARRAY(r->arena, pt_insight_tag, r->out->n_tags);
    if (!related || !s->part || !s->rest || !s->tags)
        return pt_fail_nomem(err, "an insight");
    s->related = related;
    PT_TRY(pt_insight_related(related, r, (uint32_t)r->options->by, err));
    PT_TRY(pt_insight_group_new(&s->in, r, err));
    return pt_insight_group_new(&s->out, r, err);
}

pt_rc pt_insight_split(insight_run *r, const uint64_t *segment_counts, pt_err *err)
{
    split s = {.run = r, .whole = segment_counts};
    const pt_insight_value *values;
    size_t n;

    if (r->options->by < 0)
        return PT_OK;
    PT_TRY(pt_insight_source(&s.source, r, (uint32_t)r->options->by, err));
    const pt_insight_tag *t = &r->out->tags[s.source];
    r->out->by = r->options->by;
    PT_TRY(choose_keys(r, err));
    PT_TRY(prepare(&s, err));
    PT_TRY(pt_insight_frequent(&values, &n, t, PT_INSIGHT_PARTS, r->arena, err));
    pt_insight_part *parts = PT_NEW_ARRAY(r->arena, pt_insight_part, n);
    if (!parts)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < n; i++)
        PT_TRY(describe_part(&parts[i], &s, &values[i], err));
    r->out->parts = parts;
    r->out->n_parts = n;
    r->out->parts_hidden = t->hidden + (t->ordered ? 0 : t->n_values - n);
    return PT_OK;
}
