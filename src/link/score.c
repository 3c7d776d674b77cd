#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/blocks.h"
#include "link/bounds.h"
#include "link/sort.h"
#include "link/weigh.h"

/* --- pairs ------------------------------------------------------------------------------------------------------------------- */

/* The pairs found in one part of the walk. */
typedef struct found {
    pt_link_pair *pairs;
    size_t n, cap;
} found;

typedef struct scoring {
    link_weights weights;
    link_bounds *bounds;
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

static pt_rc prepare(scoring *s, size_t parts, const pt_link_model *model, const pt_link_records *records,
                     pt_pool *pool, pt_err *err)
{
    unsigned workers = pt_pool_threads(pool);

    s->comparers = pt_zalloc(workers, sizeof(link_comparer *));
    s->full = pt_zalloc(workers, sizeof *s->full);
    s->found = pt_zalloc(parts + 1, sizeof *s->found);
    if (!s->comparers || !s->full || !s->found)
        return pt_fail_nomem(err, "pairs of records");
    for (unsigned i = 0; i < workers; i++)
        if (!(s->comparers[i] = link_comparer_new(model, records)))
            return pt_fail_nomem(err, "pairs of records");
    PT_TRY(link_weights_find(&s->weights, model, records, err));
    return link_bounds_new(&s->bounds, model, records, &s->weights, pool, err);
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
    link_bounds_free(s->bounds);
    link_weights_free(&s->weights);
}

pt_rc pt_link_score(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                    pt_link_blocks *blocks, double least, pt_pool *pool, pt_err *err)
{
    scoring s = {.least = least};
    link_walk walk = {.blocks = blocks, .end_rule = link_blocks_rules(blocks), .ctx = &s, .visit = visit, .pool = pool};
    size_t parts = link_walk_parts(&walk);
    unsigned workers = pt_pool_threads(pool);

    *pairs = NULL;
    pt_rc rc = prepare(&s, parts, model, records, pool, err);
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

/* --- one pair ---------------------------------------------------------------------------------------------------------------- */

/* Of each group the two that count are those whose weights are its sums. */
static void mark_counting(pt_link_evidence *e, const pt_link_model *model, const link_sum *sum)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t group = link_group_of(&model->comparisons[k], e->level[k]);
        double weight = e->weight[k] + e->frequency[k];
        e->counts[k] = !group || (weight != 0 && (weight == sum->most[group] || weight == sum->least[group]));
        for (size_t j = 0; group && j < k; j++) /* equal ones count once */
            if (link_group_of(&model->comparisons[j], e->level[j]) == group && e->counts[j] &&
                e->weight[j] + e->frequency[j] == weight)
                e->counts[k] = false;
    }
}

static void collect_evidence(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records,
                             link_comparer *c, const link_weights *w, uint32_t a, uint32_t b)
{
    link_sum sum = {.alone = w->prior};

    *out = (pt_link_evidence){.prior = w->prior};
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t level = out->level[k] = link_level(c, k, a, b);
        uint32_t code = records->columns[model->comparisons[k].column].codes[a];
        out->weight[k] = level == PT_LINK_NULL ? 0 : w->level[k][level];
        out->frequency[k] = link_frequency_of(w, k, level, code, a, b);
        link_sum_add(&sum, link_group_of(&model->comparisons[k], level), out->weight[k] + out->frequency[k]);
    }
    out->total = link_sum_total(&sum);
    mark_counting(out, model, &sum);
}

struct link_weigher {
    const pt_link_model *model;
    const pt_link_records *records;
    link_comparer *comparer;
    link_weights weights;
};

pt_rc link_weigher_new(link_weigher **out, const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    link_weigher *w = pt_zalloc(1, sizeof *w);

    *out = NULL;
    if (!w)
        return pt_fail_nomem(err, "a pair of records");
    w->model = model;
    w->records = records;
    w->comparer = link_comparer_new(model, records);
    pt_rc rc =
        w->comparer ? link_weights_find(&w->weights, model, records, err) : pt_fail_nomem(err, "a pair of records");
    if (rc == PT_OK)
        *out = w;
    else
        link_weigher_free(w);
    return rc;
}

void link_weigher_free(link_weigher *w)
{
    if (!w)
        return;
    link_comparer_free(w->comparer);
    link_weights_free(&w->weights);
    free(w);
}

double link_weigh(link_weigher *w, uint32_t a, uint32_t b)
{
    pt_link_evidence e;

    collect_evidence(&e, w->model, w->records, w->comparer, &w->weights, a, b);
    return e.total;
}

double link_weigh_both(double *against, link_weigher *w, uint32_t a, uint32_t b)
{
    pt_link_evidence e;

    collect_evidence(&e, w->model, w->records, w->comparer, &w->weights, a, b);
    *against = 0;
    for (size_t k = 0; k < w->model->n_comparisons; k++)
        if (e.counts[k])
            *against += fmin(e.weight[k] + e.frequency[k], 0);
    return e.total;
}

pt_rc pt_link_explainer_new(pt_link_explainer **out, const pt_link_model *model, const pt_link_records *records,
                            pt_err *err)
{
    return link_weigher_new(out, model, records, err);
}

void pt_link_explainer_free(pt_link_explainer *x)
{
    link_weigher_free(x);
}

void pt_link_explain_next(pt_link_evidence *out, pt_link_explainer *x, uint32_t a, uint32_t b)
{
    collect_evidence(out, x->model, x->records, x->comparer, &x->weights, a, b);
}

pt_rc pt_link_explain(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records, uint32_t a,
                      uint32_t b, pt_err *err)
{
    link_weigher *w;

    PT_TRY(link_weigher_new(&w, model, records, err));
    collect_evidence(out, model, records, w->comparer, &w->weights, a, b);
    link_weigher_free(w);
    return PT_OK;
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
