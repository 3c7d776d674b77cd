#include "model/buying.h"

#include <stdlib.h>
#include <string.h>

enum { N = PT_BUYING };

static const pt_buying_model *const models[] = {&pt_bgnbd, &pt_pareto_nbd};

const pt_buying_model *pt_buying_model_find(pt_sv name)
{
    for (size_t i = 0; i < PT_COUNT(models); i++)
        if (pt_sv_eq(name, pt_sv_of(models[i]->name)))
            return models[i];
    return NULL;
}

/* --- sums -------------------------------------------------------------------------------------------------------------------- */

typedef struct summing {
    size_t n, part;
    pt_buying_add_fn add;
    const void *context;
    pt_buying_sums *parts;
} summing;

static pt_rc sum_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const summing *s = arg;
    size_t begin = index * s->part, end = begin + s->part < s->n ? begin + s->part : s->n;

    (void)worker;
    (void)err;
    memset(&s->parts[index], 0, sizeof s->parts[index]);
    s->add(&s->parts[index], s->context, begin, end);
    return PT_OK;
}

pt_rc pt_buying_add_up(size_t n, size_t part, pt_pool *pool, pt_buying_add_fn add, const void *context, double *value,
                       double *slope, double *curve, pt_err *err)
{
    size_t n_parts = (n + part - 1) / part;
    summing s = {n, part, add, context, pt_alloc64(n_parts + 1, sizeof(pt_buying_sums))};

    if (!s.parts)
        return pt_fail_nomem(err, "sums of the likelihood");
    pt_rc rc = pt_pool_run(pool, n_parts, sum_part, &s, err);
    *value = 0;
    memset(slope, 0, N * sizeof *slope);
    memset(curve, 0, N * N * sizeof *curve);
    for (size_t k = 0; rc == PT_OK && k < n_parts; k++) {
        *value += s.parts[k].value;
        for (size_t i = 0; i < N; i++) {
            slope[i] += s.parts[k].slope[i];
            for (size_t j = 0; j < N; j++)
                curve[i * N + j] += s.parts[k].curve[i < j ? i : j][i < j ? j : i];
        }
    }
    free(s.parts);
    return rc;
}

/* --- the fit ----------------------------------------------------------------------------------------------------------------- */

typedef struct problem {
    const pt_buying_model *model;
    const pt_buyers *buyers;
    pt_pool *pool;
} problem;

static pt_rc likelihood_of(void *context, const double *p, double *value, double *slope, double *curve, pt_err *err)
{
    const problem *q = context;

    return q->model->likelihood(q->buyers, q->pool, p, value, slope, curve, err);
}

/* How long customers wait from purchase to purchase, and how long ago the first was, in the mean. */
static pt_rc measure(double *wait, double *age, const pt_buyers *buyers, pt_err *err)
{
    double purchases = 0, ages = 0, customers = 0;

    for (size_t i = 0; i < buyers->n; i++) {
        double count = buyers->count[i];
        purchases += count * buyers->x[i];
        ages += count * buyers->age[i] / buyers->ticks;
        customers += count;
    }
    if (customers == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers with purchases");
    if (purchases == 0 || ages == 0)
        return pt_fail(err, PT_EINVAL,
                       "no customer has bought a second time: nothing can be learned about buying again");
    *wait = ages / purchases;
    *age = ages / customers;
    return PT_OK;
}

/* Every k-th entry; all when there are not many more than `most`. */
static pt_rc take_sample(pt_buyers *out, const pt_buyers *buyers, size_t most, pt_arena *arena, pt_err *err)
{
    const uint32_t *from[] = {buyers->x, buyers->last, buyers->age, buyers->count};
    size_t step = buyers->n / most, n = step ? buyers->n / step : 0;
    uint32_t *to[PT_COUNT(from)];

    *out = *buyers;
    if (step < 2)
        return PT_OK;
    for (size_t f = 0; f < PT_COUNT(from); f++) {
        if (!(to[f] = PT_NEW_ARRAY(arena, uint32_t, n)))
            return pt_fail_nomem(err, "a sample of customers");
        for (size_t i = 0; i < n; i++)
            to[f][i] = from[f][i * step + step / 2];
    }
    out->n = n;
    out->x = to[0];
    out->last = to[1];
    out->age = to[2];
    out->count = to[3];
    return PT_OK;
}

pt_rc pt_buying_fit(pt_estimate *out, const pt_buying_model *model, const pt_buyers *buyers, pt_pool *pool, pt_err *err)
{
    enum { STARTS = PT_COUNT(model->starts) };
    double wait = 1, age = 1, starts[STARTS * N];
    pt_buyers some;

    PT_TRY(measure(&wait, &age, buyers, err));
    for (size_t s = 0; s < STARTS; s++) {
        memcpy(starts + s * N, model->starts[s], N * sizeof *starts);
        starts[s * N + 1] *= wait;
        starts[s * N + 3] *= model->by_age ? age : 1;
    }
    pt_arena *arena = pt_arena_new(0);
    if (!arena)
        return pt_fail_nomem(err, "a sample of customers");
    pt_rc rc = take_sample(&some, buyers, model->sample, arena, err);
    problem all = {model, buyers, pool}, sample = {model, &some, pool};
    pt_estimate_problem p = {.n = N,
                             .scale = {1, wait, 1, model->by_age ? age : 1},
                             .starts = starts,
                             .n_starts = STARTS,
                             .likelihood = likelihood_of,
                             .all = &all,
                             .sample = some.n < buyers->n ? &sample : NULL};
    if (rc == PT_OK)
        rc = pt_estimate_fit(out, &p, err);
    pt_arena_free(arena);
    return rc;
}
