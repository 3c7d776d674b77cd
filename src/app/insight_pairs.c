/* Values that meet: how many customers have two of them, in the segment and outside it; and which pairs set the segment apart more
 * than either value does alone. */
#include <stdlib.h>

#include "app/insight_int.h"

static const double SIGNIFICANT = 0.05;
static const double MORE_THAN_ALONE = 1.1; /* a pair's TGI is at least this many times that of either value */

/* --- leaves of conditions --------------------------------------------------------------------------------------------------- */

static const pt_crowd_node *codes_leaf(pt_tagindex *x, uint32_t low, uint32_t high, pt_arena *arena)
{
    pt_crowd_node *n = PT_NEW(arena, pt_crowd_node);
    pt_code_range *range = PT_NEW(arena, pt_code_range);

    if (!n || !range)
        return NULL;
    *range = (pt_code_range){low, high};
    *n = (pt_crowd_node){.kind = PT_CROWD_CODES, .index = x, .ranges = range, .n_ranges = 1};
    return n;
}

static const pt_crowd_node *item_leaf(pt_tagindex *x, uint32_t item, pt_arena *arena)
{
    pt_crowd_node *n = PT_NEW(arena, pt_crowd_node);

    if (n)
        *n = (pt_crowd_node){.kind = PT_CROWD_ITEM, .index = x, .item = item};
    return n;
}

const pt_crowd_node *pt_insight_leaf(const insight_source *s, const pt_insight_value *v, pt_arena *arena)
{
    if (s->list)
        return item_leaf(s->index, (uint32_t)v->from, arena);
    if (s->ordered)
        return pt_crowd_keys(s->index, s->column, v->from, v->to, arena);
    return codes_leaf(s->index, (uint32_t)v->from, (uint32_t)v->to, arena);
}

const pt_crowd_node *pt_insight_known(const insight_source *s, pt_arena *arena)
{
    uint32_t codes = pt_tagindex_codes(s->index);

    return s->list || codes == 0 ? item_leaf(s->index, 0, arena) : codes_leaf(s->index, 1, codes, arena);
}

/* --- counting --------------------------------------------------------------------------------------------------------------- */

typedef struct meet_run {
    insight_run *run;
    size_t n;
    pt_crowd **values, **known; /* by candidate; known NULL: of everybody */
    size_t scratch;
    uint64_t **rooms; /* by worker: scratch, then rows: see `rows` */
    insight_meeting **sums;
} meet_run;

/* Rows of a block by candidate: customers who have the value, those of whom one is known; and of the group at hand, the same. */
enum { VALUE, KNOWN, GROUP_VALUE, GROUP_KNOWN, ROWS_EACH };

typedef struct rows {
    uint64_t *words;
    uint64_t group, values[INSIGHT_CANDIDATES], known[INSIGHT_CANDIDATES]; /* how many of the group at hand */
} rows;

static uint64_t *row(const rows *r, size_t candidate, size_t which)
{
    return r->words + (candidate * ROWS_EACH + which) * PT_BLOCK_WORDS;
}

static void cut_to_group(rows *r, const meet_run *m, const uint64_t *group)
{
    const pt_slice_kernels *k = pt_slice_kernels_best();
    const size_t bytes = PT_BLOCK_WORDS * sizeof *group;

    r->group = k->count(group);
    for (size_t i = 0; i < m->n; i++) {
        memcpy(row(r, i, GROUP_VALUE), group, bytes);
        k->and_row(row(r, i, GROUP_VALUE), row(r, i, VALUE));
        r->values[i] = k->count(row(r, i, GROUP_VALUE));
        r->known[i] = r->group;
        if (!m->known[i])
            continue;
        memcpy(row(r, i, GROUP_KNOWN), group, bytes);
        k->and_row(row(r, i, GROUP_KNOWN), row(r, i, KNOWN));
        r->known[i] = k->count(row(r, i, GROUP_KNOWN));
    }
}

/* Of tags that are known of everybody what is known already is not counted again. */
static void meet(pt_pair_counts *c, const rows *r, const meet_run *m, size_t i, size_t j)
{
    const pt_slice_kernels *k = pt_slice_kernels_best();
    const uint64_t *a = row(r, i, GROUP_VALUE), *b = row(r, j, GROUP_VALUE);
    bool i_known = m->known[i] != NULL, j_known = m->known[j] != NULL;

    c->n += i_known && j_known ? k->count_and(row(r, i, GROUP_KNOWN), row(r, j, KNOWN))
            : i_known          ? r->known[i]
                               : r->known[j];
    c->a += j_known ? k->count_and(a, row(r, j, KNOWN)) : r->values[i];
    c->b += i_known ? k->count_and(b, row(r, i, KNOWN)) : r->values[j];
    c->both += k->count_and(a, b);
}

static void meet_pairs(const meet_run *m, insight_meeting *sums, size_t block, rows *r)
{
    const insight_group *groups[] = {&m->run->segment, &m->run->rest};

    for (size_t g = 0; g < PT_COUNT(groups); g++) {
        cut_to_group(r, m, groups[g]->bits + block * PT_BLOCK_WORDS);
        for (size_t i = 0; i < m->n && r->group; i++)
            for (size_t j = i + 1; j < m->n; j++) {
                insight_meeting *to = &sums[i * m->n + j];
                meet(g ? &to->rest : &to->segment, r, m, i, j);
            }
    }
}

static pt_rc meet_block(void *arg, size_t block, unsigned worker, pt_err *err)
{
    meet_run *m = arg;
    uint64_t *scratch = m->rooms[worker];
    rows r = {.words = scratch + m->scratch};

    PT_TRY(pt_cancel_check(m->run->options->crowd.cancel, err));
    for (size_t i = 0; i < m->n; i++) {
        pt_crowd_block(row(&r, i, VALUE), m->values[i], (uint32_t)block, scratch);
        if (m->known[i])
            pt_crowd_block(row(&r, i, KNOWN), m->known[i], (uint32_t)block, scratch);
    }
    meet_pairs(m, m->sums[worker], block, &r);
    return PT_OK;
}

static void free_crowd(void *crowd)
{
    pt_crowd_free(crowd);
}

pt_rc pt_insight_crowd(pt_crowd **out, const insight_run *r, const pt_crowd_node *leaf, pt_err *err)
{
    uint32_t ordinals = r->query->view->n_ordinals;

    if (!leaf)
        return pt_fail_nomem(err, "an insight");
    PT_TRY(pt_view_named(pt_crowd_new(out, leaf, NULL, ordinals, err), PT_FILE_INDEX, err));
    if (pt_arena_defer(r->arena, free_crowd, *out))
        return PT_OK;
    pt_crowd_free(*out);
    return pt_fail_nomem(err, "an insight");
}

static pt_rc open_crowds(meet_run *m, const insight_candidate *c, pt_err *err)
{
    const insight_run *r = m->run;

    m->values = PT_NEW_ARRAY(r->arena, pt_crowd *, m->n);
    m->known = PT_NEW_ARRAY(r->arena, pt_crowd *, m->n);
    if (!m->values || !m->known)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < m->n; i++) {
        const pt_insight_tag *t = &r->out->tags[c[i].line.tag];
        PT_TRY(pt_insight_crowd(&m->values[i], r, pt_insight_leaf(c[i].source, c[i].value, r->arena), err));
        if (t->missing.with + t->missing.base_with)
            PT_TRY(pt_insight_crowd(&m->known[i], r, pt_insight_known(c[i].source, r->arena), err));
        size_t words = pt_crowd_scratch(m->values[i]);
        m->scratch = words > m->scratch ? words : m->scratch;
        words = m->known[i] ? pt_crowd_scratch(m->known[i]) : 0;
        m->scratch = words > m->scratch ? words : m->scratch;
    }
    m->scratch = (m->scratch + 7) & ~(size_t)7; /* whole cache lines: rows follow */
    return PT_OK;
}

static pt_rc make_rooms(meet_run *m, unsigned workers, pt_err *err)
{
    const insight_run *r = m->run;

    m->rooms = PT_NEW_ARRAY(r->arena, uint64_t *, workers);
    m->sums = PT_NEW_ARRAY(r->arena, insight_meeting *, workers);
    if (!m->rooms || !m->sums)
        return pt_fail_nomem(err, "an insight");
    for (unsigned w = 0; w < workers; w++) {
        PT_TRY(pt_insight_words(&m->rooms[w], r, m->scratch + m->n * ROWS_EACH * PT_BLOCK_WORDS, err));
        if (!(m->sums[w] = PT_NEW_ARRAY(r->arena, insight_meeting, m->n * m->n)))
            return pt_fail_nomem(err, "an insight");
    }
    return PT_OK;
}

static void add_counts(pt_pair_counts *to, const pt_pair_counts *from)
{
    to->n += from->n;
    to->a += from->a;
    to->b += from->b;
    to->both += from->both;
}

pt_rc pt_insight_meet(insight_meeting *pairs, insight_run *r, const insight_candidate *c, size_t n, pt_err *err)
{
    unsigned workers = pt_pool_threads(r->query->pool);
    meet_run m = {.run = r, .n = n};

    if (n < 2)
        return PT_OK;
    PT_TRY(open_crowds(&m, c, err));
    PT_TRY(make_rooms(&m, workers, err));
    PT_TRY(pt_pool_run(r->query->pool, pt_crowd_blocks(r->query->crowd), meet_block, &m, err));
    for (unsigned w = 0; w < workers; w++)
        for (size_t i = 0; i < n * n; i++) {
            add_counts(&pairs[i].segment, &m.sums[w][i].segment);
            add_counts(&pairs[i].rest, &m.sums[w][i].rest);
        }
    return PT_OK;
}

/* --- together --------------------------------------------------------------------------------------------------------------- */

/* Whether each of the four groups that two values make is large enough, or has nobody. */
static bool may_be_told(const pt_pair_counts *c, uint64_t least)
{
    uint64_t cells[] = {c->both, c->a - c->both, c->b - c->both, c->n - c->a - c->b + c->both};

    for (size_t i = 0; i < PT_COUNT(cells); i++)
        if (cells[i] > 0 && cells[i] < least)
            return false;
    return c->both >= least;
}

static pt_contrast contrast_of(uint64_t with, uint64_t members, uint64_t rest_with, uint64_t rest, bool apart)
{
    pt_contrast c = {.with = with,
                     .members = members,
                     .base_with = rest_with + (apart ? 0 : with),
                     .base = rest + (apart ? 0 : members),
                     .apart = apart};

    pt_contrast_fill(&c);
    return c;
}

static bool make_pair(pt_insight_pair *p, const insight_run *r, const insight_meeting *m)
{
    const pt_pair_counts *s = &m->segment, *o = &m->rest;
    bool apart = r->out->versus;
    pt_interaction gain;

    if (!may_be_told(s, r->least) || !may_be_told(o, r->least))
        return false;
    p->contrast = contrast_of(s->both, s->n, o->both, o->n, apart);
    p->a_tgi = contrast_of(s->a, s->n, o->a, o->n, apart).tgi;
    p->b_tgi = contrast_of(s->b, s->n, o->b, o->n, apart).tgi;
    p->expected = p->a_tgi * p->b_tgi / 100;
    pt_interaction_of(&gain, s, o, apart);
    p->gain = gain.gain;
    p->gain_low = gain.low;
    p->gain_high = gain.high;
    p->p = p->q = gain.p;
    return !isnan(gain.p);
}

/* Benjamini and Hochberg over the gains of all pairs looked at, as pt_contrast_correct does it. */
static pt_rc correct(pt_insight_pair *pairs, size_t n, pt_arena *arena, pt_err *err)
{
    pt_contrast *ps = PT_NEW_ARRAY(arena, pt_contrast, n);
    pt_contrast **all = PT_NEW_ARRAY(arena, pt_contrast *, n), **sorted = PT_NEW_ARRAY(arena, pt_contrast *, n);

    if (!ps || !all || !sorted)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < n; i++) {
        ps[i].p = ps[i].q = pairs[i].p;
        all[i] = &ps[i];
    }
    pt_contrast_correct(sorted, all, n);
    for (size_t i = 0; i < n; i++)
        pairs[i].q = ps[i].q;
    return PT_OK;
}

static bool stands_out(const pt_insight_pair *p)
{
    return p->q < SIGNIFICANT && p->gain_low > 1 && p->contrast.tgi >= MORE_THAN_ALONE * fmax(p->a_tgi, p->b_tgi) &&
           p->contrast.tgi > 100;
}

/* By what the pair tells, times how far it goes beyond the two at least. */
static double worth(const pt_insight_pair *p)
{
    return fabs(pt_insight_information(&p->contrast)) * log(p->gain_low);
}

static int by_worth(const void *left, const void *right)
{
    const pt_insight_pair *a = left, *b = right;
    double x = worth(a), y = worth(b);

    if (x != y)
        return x > y ? -1 : 1;
    if (a->a.tag != b->a.tag)
        return a->a.tag < b->a.tag ? -1 : 1;
    return a->b.tag < b->b.tag ? -1 : a->b.tag > b->b.tag;
}

pt_rc pt_insight_together(insight_run *r, const insight_candidate *c, size_t n, const insight_meeting *meetings,
                          pt_err *err)
{
    size_t top = r->options->top ? r->options->top : PT_INSIGHT_TOP, found = 0, kept = 0;
    pt_insight_pair *pairs = PT_NEW_ARRAY(r->arena, pt_insight_pair, n * n);

    if (!pairs)
        return pt_fail_nomem(err, "an insight");
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            if (c[i].line.tag == c[j].line.tag || !make_pair(&pairs[found], r, &meetings[i * n + j]))
                continue;
            pairs[found].a = c[i].line;
            pairs[found++].b = c[j].line;
        }
    PT_TRY(correct(pairs, found, r->arena, err));
    for (size_t i = 0; i < found; i++)
        if (stands_out(&pairs[i]))
            pairs[kept++] = pairs[i];
    if (kept)
        qsort(pairs, kept, sizeof *pairs, by_worth);
    r->out->together = pairs;
    r->out->n_together = kept < top ? kept : top;
    return PT_OK;
}
