#include "link/score.h"

#include <stdlib.h>
#include <string.h>

#include "link/blocks.h"
#include "link/sort.h"

/* --- pairs ------------------------------------------------------------------------------------------------------------------- */

/* The pairs found in one part of the walk. */
typedef struct found {
    pt_link_pair *pairs;
    size_t n, cap;
} found;

typedef struct scoring {
    const link_bounds *bounds;
    double least;
    link_comparer **comparers; /* by worker */
    found *found;              /* by part */
    bool *full;                /* by worker: memory was short */
} scoring;

static void visit(void *ctx, unsigned worker, size_t part, uint32_t a, uint32_t b)
{
    scoring *s = ctx;
    found *f = &s->found[part];
    double weight;

    if (!link_bounds_weigh(&weight, s->bounds, s->comparers[worker], a, b, s->least))
        return;
    if (!pt_grow(&f->pairs, &f->cap, f->n + 1, sizeof *f->pairs)) {
        s->full[worker] = true;
        return;
    }
    f->pairs[f->n++] = (pt_link_pair){a < b ? a : b, a < b ? b : a, (float)weight};
}

/* All pairs in order of records. */
static pt_rc collect(pt_link_pair **pairs, size_t *n, const found *f, size_t parts, pt_err *err)
{
    uint64_t at = 0;

    for (size_t p = 0; p < parts; p++)
        at += f[p].n;
    link_entry *from = pt_alloc64(at + 1, sizeof *from), *to = pt_alloc64(at + 1, sizeof *to);
    *n = at;
    *pairs = pt_alloc64(at + 1, sizeof **pairs);
    if (from && to && *pairs) {
        at = 0;
        for (size_t p = 0; p < parts; p++)
            for (size_t i = 0; i < f[p].n; i++, at++) {
                from[at].key = (uint64_t)f[p].pairs[i].a << 32 | f[p].pairs[i].b;
                memcpy(&from[at].value, &f[p].pairs[i].weight, sizeof from[at].value);
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
    return done ? PT_OK : pt_fail_nomem(err, "pairs of records");
}

static pt_rc prepare(scoring *s, size_t parts, const link_scale *scale, pt_pool *pool, pt_err *err)
{
    unsigned workers = pt_pool_threads(pool);

    s->comparers = pt_zalloc(workers, sizeof(link_comparer *));
    s->full = pt_zalloc(workers, sizeof *s->full);
    s->found = pt_zalloc(parts + 1, sizeof *s->found);
    if (!s->comparers || !s->full || !s->found)
        return pt_fail_nomem(err, "pairs of records");
    for (unsigned i = 0; i < workers; i++)
        if (!(s->comparers[i] = link_comparer_new(scale->model, scale->records)))
            return pt_fail_nomem(err, "pairs of records");
    return PT_OK;
}

static void finish(scoring *s, size_t parts, unsigned workers)
{
    for (unsigned i = 0; s->comparers && i < workers; i++)
        link_comparer_free(s->comparers[i]);
    for (size_t p = 0; s->found && p < parts; p++)
        free(s->found[p].pairs);
    free(s->comparers);
    free(s->full);
    free(s->found);
}

pt_rc link_score_pairs(pt_link_pair **pairs, size_t *n, const link_scale *scale, pt_link_blocks *blocks, double least,
                       pt_pool *pool, pt_err *err)
{
    scoring s = {.bounds = scale->bounds, .least = least};
    link_walk walk = {.blocks = blocks, .end_rule = link_blocks_rules(blocks), .ctx = &s, .visit = visit, .pool = pool};
    size_t parts = link_walk_parts(&walk);
    unsigned workers = pt_pool_threads(pool);

    *pairs = NULL;
    pt_rc rc = prepare(&s, parts, scale, pool, err);
    if (rc == PT_OK) {
        walk.rows = link_bounds_rows(s.bounds, &walk.row_bytes);
        rc = link_walk_run(&walk, err);
    }
    for (unsigned i = 0; rc == PT_OK && i < workers; i++)
        if (s.full[i])
            rc = pt_fail_nomem(err, "pairs of records");
    if (rc == PT_OK)
        rc = collect(pairs, n, s.found, parts, err);
    finish(&s, parts, workers);
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
