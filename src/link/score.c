#include "link/score.h"

#include <stdlib.h>
#include <string.h>

#include "link/blocks.h"
#include "link/sort.h"

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

/* All pairs in order of records. */
static pt_rc collect(pt_link_pair **pairs, size_t *n, const scoring *s, pt_err *err)
{
    uint64_t at = 0;

    for (unsigned w = 0; w < s->n; w++)
        at += s->scorers[w].n;
    link_entry *from = pt_alloc64(at + 1, sizeof *from), *to = pt_alloc64(at + 1, sizeof *to);
    *n = at;
    *pairs = pt_alloc64(at + 1, sizeof **pairs);
    if (from && to && *pairs) {
        at = 0;
        for (unsigned w = 0; w < s->n; w++)
            for (const pt_link_pair *p = s->scorers[w].pairs, *end = p + s->scorers[w].n; p < end; p++, at++) {
                from[at].key = (uint64_t)p->a << 32 | p->b;
                memcpy(&from[at].value, &p->weight, sizeof from[at].value);
            }
        link_sort(&from, &to, at);
        for (size_t i = 0; i < at; i++) {
            (*pairs)[i] = (pt_link_pair){.a = (uint32_t)(from[i].key >> 32), .b = (uint32_t)from[i].key};
            memcpy(&(*pairs)[i].weight, &from[i].value, sizeof from[i].value);
        }
    }
    bool done = from && to && *pairs;
    free(from);
    free(to);
    if (done)
        return PT_OK;
    free(*pairs);
    *pairs = NULL;
    return pt_fail_nomem(err, "pairs of records");
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
        rc = collect(pairs, n, &s, err);
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
