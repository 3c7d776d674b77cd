#include <math.h>
#include <stdlib.h>

#include "link/blocks.h"
#include "link/compare.h"
#include "link/sum.h"
#include "link/weigh.h"

/* --- weights ----------------------------------------------------------------------------------------------------------------- */

typedef struct weights {
    double prior;
    double level[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
    double lower[PT_LINK_COMPARISONS_MAX]; /* the most that a pair of unequal values can have */
    bool plain[PT_LINK_COMPARISONS_MAX];   /* level 0 is equality of the column: seen from the codes */
    float *
        frequency[PT_LINK_COMPARISONS_MAX]; /* by code: what level 0 has more (or less) for this value; NULL: nothing */
    uint8_t costly[PT_LINK_COMPARISONS_MAX]; /* comparisons in the order in which unequal values are looked at */
} weights;

static double bits(double p)
{
    return log2(p / (1 - p));
}

/* What frequency adds: the value's own chance to be shared by two records instead of the mean chance. */
static pt_rc find_frequencies(float **out, const pt_link_column *c, double u, pt_err *err)
{
    double known = 0;

    *out = pt_alloc64((size_t)c->n_values + 1, sizeof **out);
    if (!*out)
        return pt_fail_nomem(err, "frequencies of values");
    for (uint32_t v = 1; v <= c->n_values; v++)
        known += c->counts[v];
    (*out)[0] = 0;
    for (uint32_t v = 1; v <= c->n_values; v++)
        (*out)[v] = c->chances     ? (float)log2(u / (double)c->chances[v])
                    : c->counts[v] ? (float)log2(u * known / c->counts[v])
                                   : 0;
    return PT_OK;
}

static unsigned cost(const pt_link_comparison *x)
{
    unsigned sum = 0;

    for (uint32_t i = 0; i < x->n_levels; i++)
        for (const pt_link_level *l = &x->levels[i]; l; l = l->also)
            sum += l->test == PT_LINK_BIGRAMS || l->test == PT_LINK_COVERED      ? 9
                   : l->test == PT_LINK_JARO_WINKLER || l->test == PT_LINK_EDITS ? 4
                                                                                 : 1;
    return sum;
}

static void order_by_cost(weights *w, const pt_link_model *model)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        size_t at = k;
        while (at > 0 && cost(&model->comparisons[w->costly[at - 1]]) > cost(&model->comparisons[k])) {
            w->costly[at] = w->costly[at - 1];
            at--;
        }
        w->costly[at] = (uint8_t)k;
    }
}

static void free_weights(weights *w)
{
    for (size_t k = 0; k < PT_LINK_COMPARISONS_MAX; k++)
        free(w->frequency[k]);
}

static pt_rc find_weights(weights *w, const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    *w = (weights){.prior = bits(model->prior)};
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        w->plain[k] = x->levels[0].test == PT_LINK_SAME && x->levels[0].column == x->column && !x->levels[0].also;
        w->lower[k] = -INFINITY;
        for (uint32_t i = 0; i <= x->n_levels; i++) {
            w->level[k][i] = log2(model->m[k][i] / model->u[k][i]);
            if (i || !w->plain[k])
                w->lower[k] = fmax(w->lower[k], w->level[k][i]);
        }
        if (x->by_frequency)
            PT_TRY(find_frequencies(&w->frequency[k], &records->columns[x->column], model->u[k][0], err));
    }
    order_by_cost(w, model);
    return PT_OK;
}

/* --- pairs ------------------------------------------------------------------------------------------------------------------- */

/* The pairs found in one part of the walk. */
typedef struct found {
    pt_link_pair *pairs;
    size_t n, cap;
} found;

typedef struct scoring {
    const pt_link_model *model;
    weights weights;
    double least;
    link_comparer **comparers; /* by worker */
    found *found;              /* by part */
    bool *full;                /* by worker: memory was short */
} scoring;

/* The most that comparisons not looked at yet can add: those without a group all they may bring, of a group one. */
static double best_of(const scoring *s, const link_sum *sum, uint32_t open)
{
    link_sum hope = *sum;

    for (; open; open &= open - 1) {
        size_t k = (size_t)__builtin_ctz(open);
        double most = s->weights.lower[k];
        uint8_t group = s->model->comparisons[k].group;
        if (s->model->comparisons[k].crossed && most < 0)
            continue; /* it may have nothing to say */
        if (!group || most > 0)
            link_sum_add(&hope, group, most);
    }
    return link_sum_total(&hope);
}

/* Equal codes first: they cost nothing, and together with the best that the rest may bring they often show that a pair stays below
 * what is asked for. The bound is exact: no pair is lost. */
static bool weigh(double *out, const scoring *s, link_comparer *c, const uint32_t *a, const uint32_t *b)
{
    const weights *w = &s->weights;
    link_sum sum = {.alone = w->prior};
    uint32_t open = 0;

    for (size_t k = 0; k < s->model->n_comparisons; k++) {
        uint32_t x = a[k + 1], y = b[k + 1];
        bool crossed = s->model->comparisons[k].crossed;
        if (crossed ? !x && !y : !x || !y)
            continue;
        if (x == y && w->plain[k])
            link_sum_add(&sum, s->model->comparisons[k].group,
                         w->level[k][0] + (w->frequency[k] ? (double)w->frequency[k][x] : 0));
        else
            open |= UINT32_C(1) << k;
    }
    for (size_t i = 0; open && best_of(s, &sum, open) >= s->least; i++) {
        uint32_t k = w->costly[i];
        if (!(open >> k & 1))
            continue;
        open &= ~(UINT32_C(1) << k);
        uint8_t level = link_level(c, k, a[0], b[0]);
        if (level != PT_LINK_NULL)
            link_sum_add(&sum, s->model->comparisons[k].group, w->level[k][level]);
    }
    *out = link_sum_total(&sum);
    return !open && *out >= s->least;
}

static void visit(void *ctx, unsigned worker, size_t part, const uint32_t *a, const uint32_t *b)
{
    scoring *s = ctx;
    found *f = &s->found[part];
    double weight;

    if (!weigh(&weight, s, s->comparers[worker], a, b))
        return;
    if (!pt_grow(&f->pairs, &f->cap, f->n + 1, sizeof *f->pairs)) {
        s->full[worker] = true;
        return;
    }
    bool rising = a[0] < b[0];
    f->pairs[f->n++] = (pt_link_pair){rising ? a[0] : b[0], rising ? b[0] : a[0], (float)weight};
}

static int by_records(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

static pt_rc collect(pt_link_pair **pairs, size_t *n, const found *f, size_t parts, pt_err *err)
{
    *n = 0;
    for (size_t p = 0; p < parts; p++)
        *n += f[p].n;
    *pairs = pt_alloc64(*n + 1, sizeof **pairs);
    if (!*pairs)
        return pt_fail_nomem(err, "pairs of records");
    size_t at = 0;
    for (size_t p = 0; p < parts; p++)
        for (size_t i = 0; i < f[p].n; i++)
            (*pairs)[at++] = f[p].pairs[i];
    qsort(*pairs, *n, sizeof **pairs, by_records);
    return PT_OK;
}

static pt_rc prepare(scoring *s, size_t parts, unsigned workers, const pt_link_records *records, pt_err *err)
{
    s->comparers = pt_zalloc(workers, sizeof(link_comparer *));
    s->full = pt_zalloc(workers, sizeof *s->full);
    s->found = pt_zalloc(parts + 1, sizeof *s->found);
    if (!s->comparers || !s->full || !s->found)
        return pt_fail_nomem(err, "pairs of records");
    for (unsigned i = 0; i < workers; i++)
        if (!(s->comparers[i] = link_comparer_new(s->model, records)))
            return pt_fail_nomem(err, "pairs of records");
    return find_weights(&s->weights, s->model, records, err);
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
    free_weights(&s->weights);
}

pt_rc pt_link_score(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                    pt_link_blocks *blocks, double least, pt_pool *pool, pt_err *err)
{
    scoring s = {.model = model, .least = least};
    link_walk walk = {.model = model,
                      .blocks = blocks,
                      .end_rule = link_blocks_rules(blocks),
                      .ctx = &s,
                      .visit = visit,
                      .pool = pool};
    size_t parts = link_walk_parts(&walk);
    unsigned workers = pt_pool_threads(pool);

    *pairs = NULL;
    pt_rc rc = prepare(&s, parts, workers, records, err);
    if (rc == PT_OK)
        rc = link_walk_run(&walk, err);
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
        uint8_t group = model->comparisons[k].group;
        double weight = e->weight[k] + e->frequency[k];
        e->counts[k] = !group || (weight != 0 && (weight == sum->most[group] || weight == sum->least[group]));
        for (size_t j = 0; group && j < k; j++) /* equal ones count once */
            if (model->comparisons[j].group == group && e->counts[j] && e->weight[j] + e->frequency[j] == weight)
                e->counts[k] = false;
    }
}

static void collect_evidence(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records,
                             link_comparer *c, const weights *w, uint32_t a, uint32_t b)
{
    link_sum sum = {.alone = w->prior};

    *out = (pt_link_evidence){.prior = w->prior};
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t level = out->level[k] = link_level(c, k, a, b);
        uint32_t code = records->columns[model->comparisons[k].column].codes[a];
        out->weight[k] = level == PT_LINK_NULL ? 0 : w->level[k][level];
        out->frequency[k] = level == 0 && w->frequency[k] ? (double)w->frequency[k][code] : 0;
        link_sum_add(&sum, model->comparisons[k].group, out->weight[k] + out->frequency[k]);
    }
    out->total = link_sum_total(&sum);
    mark_counting(out, model, &sum);
}

struct link_weigher {
    const pt_link_model *model;
    const pt_link_records *records;
    link_comparer *comparer;
    weights weights;
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
    pt_rc rc = w->comparer ? find_weights(&w->weights, model, records, err) : pt_fail_nomem(err, "a pair of records");
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
    free_weights(&w->weights);
    free(w);
}

double link_weigh(link_weigher *w, uint32_t a, uint32_t b)
{
    pt_link_evidence e;

    collect_evidence(&e, w->model, w->records, w->comparer, &w->weights, a, b);
    return e.total;
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
