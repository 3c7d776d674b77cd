/* BG/NBD: Fader, Hardie, Lee, "Counting your customers the easy way" (Marketing Science 24, 2005). A customer buys as a Poisson
 * process of rate lambda ~ Gamma(r, alpha) and stops after each purchase with chance p ~ Beta(a, b). */
#include <math.h>
#include <stdlib.h>

#include "model/buying.h"
#include "model/special.h"

enum { R, ALPHA, A, B, N };
enum { PART = 8192 };

typedef pt_buying_sums sums;

/* The likelihood's pieces that depend on x or on a time alone. */
typedef struct tables {
    double *log_time, *one_over;                   /* of alpha + t, by ticks */
    double *gamma_r[3], *gamma_b[3], *gamma_ab[3]; /* ln gamma and derivatives at r + x, b + x, a + b + x */
    double *memory;
} tables;

typedef struct evaluation {
    const pt_buyers *buyers;
    const double *p;
    tables t;
} evaluation;

static pt_rc fill_tables(tables *t, const pt_buyers *buyers, const double *p, pt_err *err)
{
    size_t times = (size_t)buyers->most_ticks + 1, counts = (size_t)buyers->most_x + 1;
    double *at = t->memory = pt_alloc64(2 * times + 9 * counts, sizeof(double));

    if (!at)
        return pt_fail_nomem(err, "tables of the likelihood");
    t->log_time = at;
    t->one_over = at += times;
    at += times;
    for (size_t d = 0; d < 3; d++, at += 3 * counts) {
        t->gamma_r[d] = at;
        t->gamma_b[d] = at + counts;
        t->gamma_ab[d] = at + 2 * counts;
    }
    for (size_t i = 0; i < times; i++) {
        double time = p[ALPHA] + (double)i / buyers->ticks;
        t->log_time[i] = log(time);
        t->one_over[i] = 1 / time;
    }
    pt_ln_gamma_table(t->gamma_r[0], t->gamma_r[1], t->gamma_r[2], p[R], counts);
    pt_ln_gamma_table(t->gamma_b[0], t->gamma_b[1], t->gamma_b[2], p[B], counts);
    pt_ln_gamma_table(t->gamma_ab[0], t->gamma_ab[1], t->gamma_ab[2], p[A] + p[B], counts);
    return PT_OK;
}

/* Customers begin..end-1, all without a repeat: (alpha / (alpha + age))^r. */
static double add_first_buyers(sums *s, const evaluation *e, size_t begin, size_t end)
{
    double r = e->p[R], logs = 0, inverse = 0, squares = 0, customers = 0;

    for (size_t i = begin; i < end; i++) {
        double count = e->buyers->count[i], over = e->t.one_over[e->buyers->age[i]];
        logs += count * e->t.log_time[e->buyers->age[i]];
        inverse += count * over;
        squares += count * over * over;
        customers += count;
    }
    s->value -= r * logs;
    s->slope[R] -= logs;
    s->slope[ALPHA] -= r * inverse;
    s->curve[R][ALPHA] -= inverse;
    s->curve[ALPHA][ALPHA] += r * squares;
    return customers;
}

/* Customers begin..end-1, all with x > 0 repeats: (r + x) ln of 1 / (alpha + last), plus ln of the sum of two ways to be seen so:
 * still buying at the age, ((alpha + last) / (alpha + age))^(r + x), or stopped at once, a / (b + x - 1). */
static double add_repeaters(sums *s, const evaluation *e, double x, size_t begin, size_t end)
{
    const pt_buyers *buyers = e->buyers;
    double shape = e->p[R] + x, b = e->p[B] + x - 1, stopped = e->p[A] / b;
    double value = 0, by_r = 0, by_time = 0, curve_time = 0, alive = 0, customers = 0;
    double v_rr = 0, v_rt = 0, v_tt = 0, v_r = 0, v_t = 0, v_1 = 0; /* of the product of both ways' shares */

    for (size_t i = begin; i < end; i++) {
        double count = buyers->count[i], log_last = e->t.log_time[buyers->last[i]];
        double over_last = e->t.one_over[buyers->last[i]], over_age = e->t.one_over[buyers->age[i]];
        double log_ratio = log_last - e->t.log_time[buyers->age[i]], gap = over_last - over_age;
        double buying = exp(shape * log_ratio), both = buying + stopped;
        double share = buying / both, mixed = count * share * (1 - share);

        value += count * (log(both) - shape * log_last);
        by_r += count * (share * log_ratio - log_last);
        by_time += count * (share * gap - over_last);
        curve_time += count * (over_last * over_last - share * gap * (over_last + over_age));
        alive += count * share;
        customers += count;
        v_rr += mixed * log_ratio * log_ratio;
        v_rt += mixed * log_ratio * gap;
        v_tt += mixed * gap * gap;
        v_r += mixed * log_ratio;
        v_t += mixed * gap;
        v_1 += mixed;
    }
    double gone = customers - alive, a = e->p[A];
    s->value += value;
    s->slope[R] += by_r;
    s->slope[ALPHA] += shape * by_time;
    s->slope[A] += gone / a;
    s->slope[B] -= gone / b;
    s->curve[R][R] += v_rr;
    s->curve[R][ALPHA] += by_time + shape * v_rt;
    s->curve[ALPHA][ALPHA] += shape * curve_time + shape * shape * v_tt;
    s->curve[R][A] -= v_r / a;
    s->curve[R][B] += v_r / b;
    s->curve[ALPHA][A] -= shape * v_t / a;
    s->curve[ALPHA][B] += shape * v_t / b;
    s->curve[A][A] += (v_1 - gone) / (a * a);
    s->curve[A][B] -= v_1 / (a * b);
    s->curve[B][B] += (v_1 + gone) / (b * b);
    return customers;
}

/* What depends on x alone, of so many customers. */
static void add_counts(sums *s, const evaluation *e, uint32_t x, double customers)
{
    const double *p = e->p;
    const tables *t = &e->t;

    s->value += customers * (t->gamma_r[0][x] - t->gamma_r[0][0] + p[R] * log(p[ALPHA]) + t->gamma_ab[0][0] -
                             t->gamma_ab[0][x] + t->gamma_b[0][x] - t->gamma_b[0][0]);
    s->slope[R] += customers * (t->gamma_r[1][x] - t->gamma_r[1][0] + log(p[ALPHA]));
    s->slope[ALPHA] += customers * p[R] / p[ALPHA];
    s->slope[A] += customers * (t->gamma_ab[1][0] - t->gamma_ab[1][x]);
    s->slope[B] += customers * (t->gamma_ab[1][0] - t->gamma_ab[1][x] + t->gamma_b[1][x] - t->gamma_b[1][0]);
    s->curve[R][R] += customers * (t->gamma_r[2][x] - t->gamma_r[2][0]);
    s->curve[R][ALPHA] += customers / p[ALPHA];
    s->curve[ALPHA][ALPHA] -= customers * p[R] / (p[ALPHA] * p[ALPHA]);
    double both = customers * (t->gamma_ab[2][0] - t->gamma_ab[2][x]);
    s->curve[A][A] += both;
    s->curve[A][B] += both;
    s->curve[B][B] += both + customers * (t->gamma_b[2][x] - t->gamma_b[2][0]);
}

static void add_customers(sums *s, const void *context, size_t begin, size_t end)
{
    const evaluation *e = context;

    for (size_t next; begin < end; begin = next) {
        uint32_t x = e->buyers->x[begin];
        for (next = begin + 1; next < end && e->buyers->x[next] == x;)
            next++;
        double customers = x ? add_repeaters(s, e, x, begin, next) : add_first_buyers(s, e, begin, next);
        add_counts(s, e, x, customers);
    }
}

static pt_rc likelihood(const pt_buyers *buyers, pt_pool *pool, const double *p, double *value, double *slope,
                        double *curve, pt_err *err)
{
    evaluation e = {.buyers = buyers, .p = p};

    PT_TRY(fill_tables(&e.t, buyers, p, err));
    pt_rc rc = pt_buying_add_up(buyers->n, PART, pool, add_customers, &e, value, slope, curve, err);
    free(e.t.memory);
    return rc;
}

/* --- what follows from the parameters -------------------------------------------------------------------------------------- */

static double alive(const double *p, const pt_buyer *c)
{
    if (!(c->x > 0))
        return 1;
    double log_odds =
        log(p[A] / (p[B] + c->x - 1)) + (p[R] + c->x) * (log(p[ALPHA] + c->age) - log(p[ALPHA] + c->last));
    return 1 / (1 + exp(log_odds));
}

/* Expected purchases in `time` of a customer who buys on, with lambda ~ Gamma(r, alpha), p ~ Beta(a, b): equation 9 of the paper.
 * At a = 1 and at a + b = 1 it is a limit; values on both sides are near enough to it. */
static double expected_of(double r, double alpha, double a, double b, double time)
{
    static const double NEAR = 1e-5, AWAY = 4e-5;

    if (fabs(a - 1) < NEAR || fabs(a + b - 1) < NEAR)
        return 0.5 * (expected_of(r, alpha, a - AWAY, b, time) + expected_of(r, alpha, a + AWAY, b, time));
    double z = time / (alpha + time);
    double stays = exp(r * log1p(-z)) * pt_hypergeometric(r, b, a + b - 1, z);
    return (a + b - 1) / (a - 1) * (1 - stays);
}

static double expected_new(const double *p, double time)
{
    return time > 0 ? expected_of(p[R], p[ALPHA], p[A], p[B], time) : 0;
}

/* Given that the customer has not stopped, lambda ~ Gamma(r + x, alpha + age) and p ~ Beta(a, b + x). */
static double expected(const double *p, const pt_buyer *c, double time)
{
    if (!(time > 0))
        return 0;
    return alive(p, c) * expected_of(p[R] + c->x, p[ALPHA] + c->age, p[A], p[B] + c->x, time);
}

/* Equation 8 of the paper, for a customer as above: k purchases because the time is over, or because the k-th was the last. */
static void chances(double *out, size_t n, const double *p, const pt_buyer *c, double time)
{
    double r = p[R] + c->x, alpha = p[ALPHA] + c->age, a = p[A], b = p[B] + c->x, lives = alive(p, c);
    double z = time / (alpha + time), poisson = exp(r * log1p(-z)); /* of k purchases by somebody who cannot stop */
    double at_least = 1, never = 1;                                 /* never: E[(1 - p)^k] */

    for (size_t k = 0; k < n; k++) {
        double stops = 0;
        if (k > 0) {
            at_least = fmax(at_least - poisson, 0); /* k or more by somebody who cannot stop */
            poisson *= (r + (double)k - 1) / (double)k * z;
            stops = never * a / (a + b + (double)k - 1); /* E[p (1 - p)^(k - 1)] */
            never *= (b + (double)k - 1) / (a + b + (double)k - 1);
        }
        out[k] = lives * (never * poisson + stops * at_least) + (k == 0 ? 1 - lives : 0);
    }
}

const pt_buying_model pt_bgnbd = {
    .name = "bgnbd",
    .parameters = {"r", "alpha", "a", "b"},
    .likelihood = likelihood,
    .alive = alive,
    .expected = expected,
    .expected_new = expected_new,
    .chances = chances,
    .starts = {{0.5, 0.25, 0.8, 2.5}, {1, 0.7, 1, 8}, {3, 2, 0.3, 1}},
    .sample = 20000,
};
