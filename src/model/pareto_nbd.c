/* Pareto/NBD: Schmittlein, Morrison, Colombo, "Counting your customers" (Management Science 33, 1987). A customer buys as a
 * Poisson process of rate lambda ~ Gamma(r, alpha) and lives for an exponential time of rate mu ~ Gamma(s, beta).
 *
 * The likelihood's integral over the unseen time of death is taken numerically in the logarithm of time (24 points, relative error
 * about 1e-13), with its derivatives under the integral: no hypergeometric functions, whose derivatives by the parameters have no
 * closed form. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/buying.h"
#include "model/quadrature.h"
#include "model/special.h"

enum { R, ALPHA, S, BETA, N };
enum { PART = 1024 };
enum { WAYS = PT_QUADRATURE + 1 };   /* still living at the age, or dead at one of the points of the rule */
static const double NEGLIGIBLE = 40; /* e^-40: what adds less than this need not be looked at */

/* One customer's likelihood, but for what depends on x alone: a sum over the ways in which it may have come to be seen. */
typedef struct ways {
    double log_weight[WAYS], time[WAYS];    /* the first: living */
    double log_alpha[WAYS], log_beta[WAYS]; /* ln(alpha + time), ln(beta + time) */
    double sum, log_sum;                    /* of all; log_sum is less the greatest, sum relative to it */
    double share[WAYS];
} ways;

/* ln of what the chance of death near `time` adds, in the measure of ln(least + time); least is the smaller of alpha and beta. */
static double log_density(const double *p, double shape, double least, double time)
{
    return -shape * log(p[ALPHA] + time) - (p[S] + 1) * log(p[BETA] + time) + log(least + time);
}

/* The part of [0, whole] (in ln(least + time) after `last`) outside of which the integrand is negligible. */
static double needed_range(const double *p, double shape, double least, const pt_buyer *c, double whole)
{
    double first = log_density(p, shape, least, c->last), low = 0, high = whole;

    if (first - log_density(p, shape, least, c->age) < 2 * NEGLIGIBLE)
        return whole;
    for (int i = 0; i < 12; i++) {
        double middle = 0.5 * (low + high), time = (least + c->last) * exp(middle) - least;
        if (first - log_density(p, shape, least, time) > NEGLIGIBLE)
            high = middle;
        else
            low = middle;
    }
    return high;
}

static void list_ways(ways *w, const double *p, const pt_buyer *c)
{
    double shape = p[R] + c->x, least = fmin(p[ALPHA], p[BETA]), log_s = log(p[S]);
    double whole = log((least + c->age) / (least + c->last));
    double range = whole > 0 ? needed_range(p, shape, least, c, whole) : 0, most;

    w->time[0] = c->age;
    w->log_alpha[0] = log(p[ALPHA] + c->age);
    w->log_beta[0] = log(p[BETA] + c->age);
    most = w->log_weight[0] = -shape * w->log_alpha[0] - p[S] * w->log_beta[0];
    for (size_t k = 1; k < WAYS; k++) {
        const pt_quadrature_point *q = &pt_quadrature[k - 1];
        double step = (least + c->last) * exp(range * q->place);
        w->time[k] = step - least;
        w->log_alpha[k] = log(p[ALPHA] + w->time[k]);
        w->log_beta[k] = log(p[BETA] + w->time[k]);
        w->log_weight[k] =
            range > 0 ? log_s - shape * w->log_alpha[k] - (p[S] + 1) * w->log_beta[k] + log(range * q->weight * step)
                      : -INFINITY;
        most = fmax(most, w->log_weight[k]);
    }
    w->sum = 0;
    for (size_t k = 0; k < WAYS; k++)
        w->sum += w->share[k] = exp(w->log_weight[k] - most);
    for (size_t k = 0; k < WAYS; k++)
        w->share[k] /= w->sum;
    w->log_sum = most + log(w->sum);
}

typedef pt_buying_sums sums;

typedef struct evaluation {
    const pt_buyers *buyers;
    const double *p;
    double *gamma_r[3]; /* ln gamma(r + x) and derivatives */
} evaluation;

/* The slopes of ln of a sum are the means of the slopes of the logarithms; its second derivatives are the means of theirs plus the
 * covariances of the slopes. */
static void add_customer(sums *s, const double *p, const pt_buyer *c, double count)
{
    double shape = p[R] + c->x, mean[N] = {0}, second[N][N] = {{0}};
    ways w;

    list_ways(&w, p, c);
    for (size_t k = 0; k < WAYS; k++) {
        double share = w.share[k], living = k == 0, power = p[S] + 1 - living;
        double over_a = 1 / (p[ALPHA] + w.time[k]), over_b = 1 / (p[BETA] + w.time[k]);
        double d[N] = {-w.log_alpha[k], -shape * over_a, (1 - living) / p[S] - w.log_beta[k], -power * over_b};
        for (size_t i = 0; i < N; i++) {
            mean[i] += share * d[i];
            for (size_t j = i; j < N; j++)
                second[i][j] += share * d[i] * d[j];
        }
        second[R][ALPHA] -= share * over_a;
        second[ALPHA][ALPHA] += share * shape * over_a * over_a;
        second[S][S] -= share * (1 - living) / (p[S] * p[S]);
        second[S][BETA] -= share * over_b;
        second[BETA][BETA] += share * power * over_b * over_b;
    }
    s->value += count * w.log_sum;
    for (size_t i = 0; i < N; i++) {
        s->slope[i] += count * mean[i];
        for (size_t j = i; j < N; j++)
            s->curve[i][j] += count * (second[i][j] - mean[i] * mean[j]);
    }
}

/* alpha^r beta^s gamma(r + x) / gamma(r). */
static void add_counts(sums *s, const evaluation *e, uint32_t x, double count)
{
    const double *p = e->p;

    s->value += count * (e->gamma_r[0][x] - e->gamma_r[0][0] + p[R] * log(p[ALPHA]) + p[S] * log(p[BETA]));
    s->slope[R] += count * (e->gamma_r[1][x] - e->gamma_r[1][0] + log(p[ALPHA]));
    s->slope[ALPHA] += count * p[R] / p[ALPHA];
    s->slope[S] += count * log(p[BETA]);
    s->slope[BETA] += count * p[S] / p[BETA];
    s->curve[R][R] += count * (e->gamma_r[2][x] - e->gamma_r[2][0]);
    s->curve[R][ALPHA] += count / p[ALPHA];
    s->curve[ALPHA][ALPHA] -= count * p[R] / (p[ALPHA] * p[ALPHA]);
    s->curve[S][BETA] += count / p[BETA];
    s->curve[BETA][BETA] -= count * p[S] / (p[BETA] * p[BETA]);
}

static void add_customers(sums *s, const void *context, size_t begin, size_t end)
{
    const evaluation *e = context;

    for (size_t i = begin; i < end; i++) {
        pt_buyer c = pt_buyers_at(e->buyers, i);
        add_customer(s, e->p, &c, e->buyers->count[i]);
        add_counts(s, e, e->buyers->x[i], e->buyers->count[i]);
    }
}

static pt_rc likelihood(const pt_buyers *buyers, pt_pool *pool, const double *p, double *value, double *slope,
                        double *curve, pt_err *err)
{
    size_t counts = (size_t)buyers->most_x + 1;
    double *memory = pt_alloc64(3 * counts, sizeof *memory);
    evaluation e = {buyers, p, {memory, memory + counts, memory + 2 * counts}};

    if (!memory)
        return pt_fail_nomem(err, "tables of the likelihood");
    pt_ln_gamma_table(e.gamma_r[0], e.gamma_r[1], e.gamma_r[2], p[R], counts);
    pt_rc rc = pt_buying_add_up(buyers->n, PART, pool, add_customers, &e, value, slope, curve, err);
    free(memory);
    return rc;
}

/* --- what follows from the parameters -------------------------------------------------------------------------------------- */

static double alive(const double *p, const pt_buyer *c)
{
    ways w;

    list_ways(&w, p, c);
    return w.share[0];
}

/* r / alpha a unit of time, for the part of `time` that somebody of mu ~ Gamma(s, beta) lives. */
static double expected_of(double r, double alpha, double s, double beta, double time)
{
    double ratio = log1p(time / beta), lives = s == 1 ? ratio : -expm1(-(s - 1) * ratio) / (s - 1);

    return r * beta / alpha * lives;
}

static double expected_new(const double *p, double time)
{
    return time > 0 ? expected_of(p[R], p[ALPHA], p[S], p[BETA], time) : 0;
}

/* Given that the customer lives, lambda ~ Gamma(r + x, alpha + age) and mu ~ Gamma(s, beta + age). */
static double expected(const double *p, const pt_buyer *c, double time)
{
    if (!(time > 0))
        return 0;
    return alive(p, c) * expected_of(p[R] + c->x, p[ALPHA] + c->age, p[S], p[BETA] + c->age, time);
}

/* Adds `weight` times the chances of 0, 1, ... purchases in `time` of somebody who does not stop. */
static void add_poisson(double *out, size_t n, double weight, double r, double alpha, double time)
{
    double z = time / (alpha + time), chance = weight * exp(r * log1p(-z));

    for (size_t k = 0; k < n; k++) {
        out[k] += chance;
        chance *= (r + (double)k) / ((double)k + 1) * z;
    }
}

static void chances(double *out, size_t n, const double *p, const pt_buyer *c, double time)
{
    double r = p[R] + c->x, alpha = p[ALPHA] + c->age, s = p[S], beta = p[BETA] + c->age, lives = alive(p, c);
    double range = log1p(time / beta);

    memset(out, 0, n * sizeof *out);
    add_poisson(out, n, lives * exp(-s * range), r, alpha, time);
    for (size_t k = 0; k < PT_QUADRATURE; k++) { /* dies after beta * (e^u - 1), of density s e^(-s u) in u */
        double u = range * pt_quadrature[k].place;
        add_poisson(out, n, lives * range * pt_quadrature[k].weight * s * exp(-s * u), r, alpha, beta * expm1(u));
    }
    if (n > 0)
        out[0] += 1 - lives;
}

const pt_buying_model pt_pareto_nbd = {
    .name = "pareto_nbd",
    .parameters = {"r", "alpha", "s", "beta"},
    .likelihood = likelihood,
    .alive = alive,
    .expected = expected,
    .expected_new = expected_new,
    .chances = chances,
    .starts = {{0.5, 0.25, 0.5, 0.5}, {1, 0.7, 1, 3}, {3, 2, 0.2, 0.2}},
    .by_age = true,
    .sample = 4000,
};
