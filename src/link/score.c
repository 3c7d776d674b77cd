#include "link/score.h"

#include <stdlib.h>

#include "link/blocks.h"

/* --- pairs ------------------------------------------------------------------------------------------------------------------- */

/* One worker's. */
typedef struct scorer {
    link_comparer *comparer;
    link_lanes *lanes;
    pt_link_pair *pairs;
    size_t n, cap;
    bool full; /* memory was short */
} scorer;

typedef struct scoring {
    const link_bounds *bounds;
    double least;
    scorer *scorers; /* by worker */
    unsigned n;
} scoring;

static bool keep(void *ctx, uint32_t a, uint32_t b, double weight)
{
    scorer *s = ctx;

    if (!pt_grow(&s->pairs, &s->cap, s->n + 1, sizeof *s->pairs)) {
        s->full = true;
        return false;
    }
    s->pairs[s->n++] = (pt_link_pair){a < b ? a : b, a < b ? b : a, (float)weight};
    return true;
}

static void load(void *ctx, unsigned worker, const uint32_t *records, uint32_t n)
{
    scoring *s = ctx;

    link_lanes_load(s->scorers[worker].lanes, records, n);
}

static void visit(void *ctx, unsigned worker, uint32_t a, uint64_t which)
{
    scoring *s = ctx;
    scorer *of = &s->scorers[worker];

    if (!link_lanes_weigh(of->lanes, a, which))
        (void)link_lanes_settle(of->lanes, keep, of);
}

/* --- all pairs in order of records -------------------------------------------------------------------------------------------- */

/* Records are cut into as many ranges as there are workers; each takes the pairs out of what all have found whose first record is in its
 * range. */
typedef struct gathering {
    const scoring *s;
    uint32_t n_records;
    uint64_t *ends; /* by record, where its pairs end */
    pt_link_pair *pairs;
} gathering;

/* Mostly the pairs of a record are few. */
enum { FEW = 24 };

static void sort_few(pt_link_pair *pairs, uint64_t n)
{
    if (n > FEW)
        qsort(pairs, n, sizeof *pairs, pt_link_by_records);
    for (uint64_t i = 1; n <= FEW && i < n; i++) {
        pt_link_pair p = pairs[i];
        uint64_t at = i;
        for (; at > 0 && pairs[at - 1].b > p.b; at--)
            pairs[at] = pairs[at - 1];
        pairs[at] = p;
    }
}

static pt_rc gather_range(void *arg, size_t range, unsigned worker, pt_err *err)
{
    const gathering *g = arg;
    uint32_t first = (uint32_t)((uint64_t)g->n_records * range / g->s->n),
             end = (uint32_t)((uint64_t)g->n_records * (range + 1) / g->s->n);
    uint64_t before = 0;

    (void)worker, (void)err;
    for (const scorer *of = g->s->scorers; of < g->s->scorers + g->s->n; of++)
        for (const pt_link_pair *p = of->pairs; p < of->pairs + of->n; p++) {
            before += p->a < first;
            if (p->a >= first && p->a < end)
                g->ends[p->a]++;
        }
    for (uint64_t r = first, at = before; r < end; r++) {
        uint64_t n = g->ends[r];
        g->ends[r] = at;
        at += n;
    }
    for (const scorer *of = g->s->scorers; of < g->s->scorers + g->s->n; of++)
        for (const pt_link_pair *p = of->pairs; p < of->pairs + of->n; p++)
            if (p->a >= first && p->a < end)
                g->pairs[g->ends[p->a]++] = *p;
    for (uint64_t r = first, at = before; r < end; at = g->ends[r++])
        sort_few(g->pairs + at, g->ends[r] - at);
    return PT_OK;
}

static pt_rc collect(pt_link_pair **pairs, size_t *n, const scoring *s, uint32_t n_records, pt_pool *pool, pt_err *err)
{
    gathering g = {.s = s, .n_records = n_records, .ends = pt_zalloc((size_t)n_records + 1, sizeof *g.ends)};

    *n = 0;
    for (unsigned w = 0; w < s->n; w++)
        *n += s->scorers[w].n;
    *pairs = g.pairs = pt_alloc64(*n + 1, sizeof **pairs);
    pt_rc rc =
        g.ends && g.pairs ? pt_pool_run(pool, s->n, gather_range, &g, err) : pt_fail_nomem(err, "pairs of records");
    free(g.ends);
    if (rc != PT_OK) {
        free(*pairs);
        *pairs = NULL;
    }
    return rc;
}

static pt_rc prepare(scoring *s, const link_scale *scale, pt_pool *pool, pt_err *err)
{
    s->scorers = pt_zalloc(pt_pool_threads(pool), sizeof *s->scorers);
    if (!s->scorers)
        return pt_fail_nomem(err, "pairs of records");
    s->n = pt_pool_threads(pool);
    for (scorer *of = s->scorers; of < s->scorers + s->n; of++) {
        of->comparer = link_comparer_new(scale->model, scale->records);
        of->lanes = of->comparer ? link_lanes_new(s->bounds, of->comparer, s->least) : NULL;
        if (!of->lanes)
            return pt_fail_nomem(err, "pairs of records");
    }
    return PT_OK;
}

static void finish(scoring *s)
{
    for (unsigned i = 0; i < s->n; i++) {
        link_lanes_free(s->scorers[i].lanes);
        link_comparer_free(s->scorers[i].comparer);
        free(s->scorers[i].pairs);
    }
    free(s->scorers);
}

/* What workers have gathered and not yet looked at. */
static pt_rc settle_rest(scoring *s, pt_err *err)
{
    bool kept = true;

    for (scorer *of = s->scorers; of < s->scorers + s->n; of++)
        kept &= link_lanes_settle(of->lanes, keep, of) && !of->full;
    return kept ? PT_OK : pt_fail_nomem(err, "pairs of records");
}

pt_rc link_score_pairs(pt_link_pair **pairs, size_t *n, const link_scale *scale, pt_link_blocks *blocks, double least,
                       pt_pool *pool, pt_err *err)
{
    scoring s = {.bounds = scale->bounds, .least = least};
    link_walk walk = {.blocks = blocks,
                      .end_rule = link_blocks_rules(blocks),
                      .ctx = &s,
                      .load = load,
                      .visit_tile = visit,
                      .pool = pool};

    *pairs = NULL;
    pt_rc rc = prepare(&s, scale, pool, err);
    if (rc == PT_OK) {
        walk.rows = link_bounds_rows(s.bounds, &walk.row_bytes);
        rc = link_walk_run(&walk, err);
    }
    if (rc == PT_OK)
        rc = settle_rest(&s, err);
    if (rc == PT_OK)
        rc = collect(pairs, n, &s, scale->records->n, pool, err);
    finish(&s);
    return rc;
}

pt_rc pt_link_score(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                    pt_link_blocks *blocks, double least, pt_pool *pool, pt_err *err)
{
    link_scale *scale;

    *pairs = NULL;
    PT_TRY(link_scale_new(&scale, model, records, pool, err));
    pt_rc rc = link_score_pairs(pairs, n, scale, blocks, least, pool, err);
    link_scale_free(scale);
    return rc;
}

/* --- orders ------------------------------------------------------------------------------------------------------------------- */

int pt_link_by_records(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

int pt_link_by_strength(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->weight != y->weight)
        return x->weight < y->weight ? 1 : -1;
    return pt_link_by_records(p, q);
}
