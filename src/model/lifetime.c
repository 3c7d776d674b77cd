/* Of customers who have not stopped, what is ahead depends on x and the age alone, not on when they last bought: the work of a group
 * with the same x and age is shared, and each customer's chance of having stopped is mixed in at the end. Spending of k purchases is
 * Gamma(p k, nu) with nu ~ Gamma(q + p x, v + spent): divided by v + spent it is beta prime (p k, q + p x), whatever was spent. */
#include "model/lifetime.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/quadrature.h"

enum { FEW = 32, MOST = 4096 }; /* purchases in the horizon whose chances are looked at */
enum { GRID = 32 };             /* places of the curve of spending, evenly in its logarithm */
static const double NEGLIGIBLE = 1e-7;

typedef struct group {
    double expected, discounted; /* of customers who have not stopped, as is all below */
    size_t n;
    double chances[MOST]; /* of k purchases */
    size_t n_grid;
    double ln_spent[GRID], at_most[GRID]; /* the chance of spending at most so much, rising */
} group;

typedef struct job {
    const pt_lifetime_plan *plan;
    const pt_buyers *buyers;
    const size_t *starts; /* of groups, and the end */
    group *scratch;       /* one a worker */
    pt_lifetime *out;
} job;

/* Of 0, 1, 2, ... purchases, until the rest is negligible. */
static void find_chances(group *g, const pt_lifetime_plan *plan, const pt_buyer *c)
{
    double rest = 1;

    for (g->n = FEW; g->n <= MOST; g->n *= 4) {
        plan->model->chances(g->chances, g->n, plan->buying, c, plan->horizon);
        rest = 1;
        for (size_t k = 0; k < g->n; k++)
            rest -= g->chances[k];
        if (rest < NEGLIGIBLE)
            break;
    }
    g->n = g->n < MOST ? g->n : MOST;
}

/* The same customer, had they bought at this very moment: they have not stopped but for the chance that this was the last time. To
 * be free of that too, chances are divided by the chance of being alive. */
static void measure_alive(group *g, const pt_lifetime_plan *plan, const pt_buyer *c)
{
    const pt_buying_model *m = plan->model;
    double alive = m->alive(plan->buying, c);

    g->expected = m->expected(plan->buying, c, plan->horizon) / alive;
    g->discounted = g->expected;
    if (plan->discount > 0) { /* the integral of e^(-discount t) dE(t), by parts */
        g->discounted *= exp(-plan->discount * plan->horizon);
        for (size_t i = 0; i < PT_QUADRATURE; i += 1) {
            double t = plan->horizon * pt_quadrature[i].place;
            g->discounted += plan->discount * plan->horizon * pt_quadrature[i].weight * exp(-plan->discount * t) *
                             m->expected(plan->buying, c, t) / alive;
        }
    }
    find_chances(g, plan, c);
    g->chances[0] = fmax(g->chances[0] - (1 - alive), 0);
    for (size_t k = 0; k < g->n; k++)
        g->chances[k] /= alive;
}

/* The chance of spending at most `ratio` times v + spent. */
static double spends_at_most(const group *g, const pt_lifetime_plan *plan, double x, double ratio)
{
    double p = plan->spending[PT_SPENDING_P], q = plan->spending[PT_SPENDING_Q] + p * x, sum = g->chances[0];
    double share = ratio / (1 + ratio), rest = 1 / (1 + ratio);

    for (size_t k = 1; k < g->n; k++)
        if (g->chances[k] > NEGLIGIBLE)
            sum += g->chances[k] * pt_incomplete_beta(p * (double)k, q, share, rest);
    return sum;
}

/* The curve of spending, from where next to nothing is below to where next to nothing that matters is above. */
static void draw_spending(group *g, const pt_lifetime_plan *plan, double x)
{
    double p = plan->spending[PT_SPENDING_P], q = plan->spending[PT_SPENDING_Q] + p * x;
    double one = p / (q > 1 ? q - 1 : q), low = one / 2, high = one * fmax(1, g->expected);
    double top = 0.5 + 0.5 * plan->coverage + 0.01;

    g->n_grid = 0;
    if (1 - g->chances[0] < NEGLIGIBLE)
        return;
    while (low > one * 1e-9 && spends_at_most(g, plan, x, low) > g->chances[0] + 1e-3)
        low /= 4;
    while (high < one * 1e9 && spends_at_most(g, plan, x, high) < top)
        high *= 2;
    double from = log(low), step = (log(high) - from) / (GRID - 1);
    for (g->n_grid = 0; g->n_grid < GRID; g->n_grid++) {
        g->ln_spent[g->n_grid] = from + step * (double)g->n_grid;
        g->at_most[g->n_grid] = spends_at_most(g, plan, x, exp(g->ln_spent[g->n_grid]));
    }
}

/* Where the curve reaches `level`; 0 when nothing at all is bought so often. */
static double spending_at(const group *g, double level)
{
    if (level <= g->chances[0] || g->n_grid == 0)
        return 0;
    for (size_t i = 0; i < g->n_grid; i++) {
        if (g->at_most[i] < level)
            continue;
        if (i == 0)
            return exp(g->ln_spent[0]);
        double part = (level - g->at_most[i - 1]) / (g->at_most[i] - g->at_most[i - 1]);
        return exp(g->ln_spent[i - 1] + part * (g->ln_spent[i] - g->ln_spent[i - 1]));
    }
    return exp(g->ln_spent[g->n_grid - 1]);
}

static double purchases_at(const group *g, double level)
{
    double sum = 0;

    for (size_t k = 0; k < g->n; k++)
        if ((sum += g->chances[k]) >= level)
            return (double)k;
    return (double)g->n;
}

/* A share 1 - alive buys nothing; the level among the others. */
static double level_alive(double level, double alive)
{
    return (level - (1 - alive)) / alive;
}

static void fill_one(pt_lifetime *out, const group *g, const pt_lifetime_plan *plan, const pt_buyer *c)
{
    double alive = plan->model->alive(plan->buying, c), edge = 0.5 * (1 - plan->coverage);
    double low = level_alive(edge, alive), high = level_alive(1 - edge, alive);

    *out = (pt_lifetime){.alive = alive,
                         .expected = alive * g->expected,
                         .discounted = alive * g->discounted,
                         .low = low > 0 ? purchases_at(g, low) : 0,
                         .high = high > 0 ? purchases_at(g, high) : 0,
                         .spend_low = NAN,
                         .spend_high = NAN};
    if (plan->spends) {
        out->spend_low = spending_at(g, low);
        out->spend_high = spending_at(g, high);
    }
}

static pt_rc run_group(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const job *j = arg;
    group *g = &j->scratch[worker];
    pt_buyer first = pt_buyers_at(j->buyers, j->starts[index]);

    (void)err;
    first.last = first.x > 0 ? first.age : 0; /* whatever it is, it does not count; this is where `alive` is greatest */
    measure_alive(g, j->plan, &first);
    if (j->plan->spends)
        draw_spending(g, j->plan, first.x);
    for (size_t i = j->starts[index]; i < j->starts[index + 1]; i++) {
        pt_buyer c = pt_buyers_at(j->buyers, i);
        fill_one(&j->out[i], g, j->plan, &c);
    }
    return PT_OK;
}

pt_rc pt_lifetimes(pt_lifetime *out, const pt_lifetime_plan *plan, const pt_buyers *buyers, pt_pool *pool, pt_err *err)
{
    size_t *starts = pt_alloc64(buyers->n + 1, sizeof *starts), n = 0;
    job j = {.plan = plan, .buyers = buyers, .starts = starts, .out = out};

    if (!(plan->horizon > 0) || !(plan->discount >= 0) || !(plan->coverage > 0 && plan->coverage < 1)) {
        free(starts);
        return pt_fail(err, PT_EINVAL,
                       "a horizon above 0, a discount of at least 0 and a coverage between 0 and 1 are needed");
    }
    j.scratch = pt_alloc64(pt_pool_threads(pool), sizeof *j.scratch);
    pt_rc rc = starts && j.scratch ? PT_OK : pt_fail_nomem(err, "lifetime values");
    for (size_t i = 0; rc == PT_OK && i < buyers->n; i++)
        if (i == 0 || buyers->x[i] != buyers->x[i - 1] || buyers->age[i] != buyers->age[i - 1])
            starts[n++] = i;
    if (rc == PT_OK) {
        starts[n] = buyers->n;
        rc = pt_pool_run(pool, n, run_group, &j, err);
    }
    free(j.scratch);
    free(starts);
    return rc;
}

pt_lifetime_value pt_lifetime_value_of(const pt_lifetime_plan *plan, const pt_lifetime *l, double x, double mean)
{
    if (!plan->spends)
        return (pt_lifetime_value){NAN, NAN, NAN};
    double scale = plan->spending[PT_SPENDING_V] + (x > 0 ? x * mean : 0);
    double later = l->expected > 0 ? l->discounted / l->expected : 1;
    double each = l->discounted > 0 ? pt_gamma_gamma_expected(plan->spending, x, mean) : 0;

    return (pt_lifetime_value){l->discounted * each, l->spend_low * scale * later, l->spend_high * scale * later};
}
