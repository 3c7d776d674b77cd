#include "model/newton.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { MOST_STEPS = 100 };
static const double CLOSE = 1e-12, LEAST_DAMPING = 1e-12, MOST_DAMPING = 1e12;

bool pt_cholesky(double *m, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double pivot = m[j * n + j], whole = fabs(pivot);
        for (size_t k = 0; k < j; k++)
            pivot -= m[j * n + k] * m[j * n + k];
        if (!(pivot > whole * 1e-14))
            return false;
        m[j * n + j] = sqrt(pivot);
        for (size_t i = j + 1; i < n; i++) {
            double sum = m[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= m[i * n + k] * m[j * n + k];
            m[i * n + j] = sum / m[j * n + j];
        }
    }
    return true;
}

void pt_cholesky_solve(const double *factor, size_t n, double *b)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            b[i] -= factor[i * n + k] * b[k];
        b[i] /= factor[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        for (size_t k = i + 1; k < n; k++)
            b[i] -= factor[k * n + i] * b[k];
        b[i] /= factor[i * n + i];
    }
}

bool pt_newton_covariance(double *out, const double *curve, const bool *fixed, size_t n, double *scratch)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            scratch[i * n + j] = fixed && (fixed[i] || fixed[j]) ? i == j : -curve[i * n + j];
    if (!pt_cholesky(scratch, n))
        return false;
    for (size_t j = 0; j < n; j++) {
        double *column = out + j * n; /* symmetric: a row is a column */
        memset(column, 0, n * sizeof *column);
        if (fixed && fixed[j])
            continue;
        column[j] = 1;
        pt_cholesky_solve(scratch, n, column);
    }
    return true;
}

typedef struct search {
    const pt_newton *how;
    pt_newton_fn fn;
    void *context;
    double *memory;                /* all of what follows */
    double *step, *tried, *slope;  /* n; slope and curve: at the best place */
    double *new_slope, *new_curve; /* at the one tried */
    double *curve, *factor;
    bool *held; /* n */
    double damping;
} search;

static pt_rc start_search(search *s, const pt_newton *how, pt_newton_fn fn, void *context, pt_err *err)
{
    size_t n = how->n;

    *s = (search){.how = how, .fn = fn, .context = context, .damping = 1e-4};
    s->memory = pt_zalloc(4 * n + 3 * n * n + 1, sizeof(double));
    s->held = pt_zalloc(n + 1, sizeof *s->held);
    if (!s->memory || !s->held) {
        free(s->memory);
        free(s->held);
        return pt_fail_nomem(err, "fitting");
    }
    s->step = s->memory;
    s->tried = s->step + n;
    s->slope = s->tried + n;
    s->new_slope = s->slope + n;
    s->curve = s->new_slope + n;
    s->new_curve = s->curve + n * n;
    s->factor = s->new_curve + n * n;
    return PT_OK;
}

/* How far parameter i may go the way the step goes. */
static double room(const search *s, const double *x, size_t i)
{
    const pt_newton *how = s->how;

    if (s->step[i] < 0)
        return how->low ? x[i] - how->low[i] : INFINITY;
    return how->high ? how->high[i] - x[i] : INFINITY;
}

/* The damped step of the parameters that are not held; false when there is none with this damping. */
static bool solve_step(search *s)
{
    size_t n = s->how->n;

    for (size_t i = 0; i < n; i++) {
        const double *curve = s->curve + i * n;
        for (size_t j = 0; j < n; j++)
            s->factor[i * n + j] = s->held[i] || s->held[j] ? 0 : -curve[j];
        s->factor[i * n + i] = s->held[i] ? 1 : -curve[i] + s->damping * (fabs(curve[i]) + fabs(s->slope[i]) + 1e-12);
        s->step[i] = s->held[i] ? 0 : s->slope[i];
    }
    if (!pt_cholesky(s->factor, n))
        return false;
    pt_cholesky_solve(s->factor, n, s->step);
    return true;
}

/* Parameters at a bound that the step would leave are held there, and the step of the others is found again. */
static bool find_step(search *s, const double *x)
{
    size_t n = s->how->n;
    bool again = true;

    memset(s->held, 0, n * sizeof *s->held);
    while (again) {
        if (!solve_step(s))
            return false;
        again = false;
        for (size_t i = 0; i < n; i++)
            if (!s->held[i] && s->step[i] != 0 && room(s, x, i) <= 0)
                s->held[i] = again = true;
    }
    return true;
}

/* To where the first parameter comes to its bound. Rounding must not lead past it, nor stop just before. */
static void try_step(search *s, const double *x)
{
    const pt_newton *how = s->how;
    double part = 1;

    for (size_t i = 0; i < how->n; i++)
        if (fabs(s->step[i]) > room(s, x, i))
            part = fmin(part, room(s, x, i) / fabs(s->step[i]));
    for (size_t i = 0; i < how->n; i++) {
        double to = x[i] + part * s->step[i], near = 1e-9 * (1 + fabs(to));
        if (how->low && s->step[i] < 0 && to < how->low[i] + near)
            to = how->low[i];
        if (how->high && s->step[i] > 0 && to > how->high[i] - near)
            to = how->high[i];
        s->tried[i] = to;
        s->step[i] = to - x[i];
    }
}

/* What the step gains if the function is the quadratic it seems to be. */
static double promised(const search *s)
{
    size_t n = s->how->n;
    double gain = 0;

    for (size_t i = 0; i < n; i++) {
        gain += s->slope[i] * s->step[i];
        for (size_t j = 0; j < n; j++)
            gain += 0.5 * s->step[i] * s->curve[i * n + j] * s->step[j];
    }
    return gain;
}

static void accept_step(search *s, double *x, double gain, double expected)
{
    size_t n = s->how->n;
    double *slope = s->slope, *curve = s->curve;

    memcpy(x, s->tried, n * sizeof *x);
    s->slope = s->new_slope;
    s->new_slope = slope;
    s->curve = s->new_curve;
    s->new_curve = curve;
    if (gain > 0.75 * expected)
        s->damping = fmax(s->damping * 0.1, LEAST_DAMPING);
    else if (gain < 0.25 * expected)
        s->damping *= 4;
}

static pt_rc climb(pt_newton_result *out, search *s, double *x, pt_err *err)
{
    double close = s->how->close > 0 ? s->how->close : CLOSE;
    unsigned most = s->how->most_steps ? s->how->most_steps : MOST_STEPS;

    PT_TRY(s->fn(s->context, x, &out->value, s->slope, s->curve, err));
    out->evaluations++;
    if (!isfinite(out->value))
        return PT_OK;
    while (!out->converged && out->evaluations <= most && s->damping <= MOST_DAMPING) {
        if (!find_step(s, x)) {
            s->damping = fmax(s->damping * 10, 1e-3);
            continue;
        }
        try_step(s, x);
        double expected = promised(s), value, noise = 1e-13 * fabs(out->value);
        PT_TRY(s->fn(s->context, s->tried, &value, s->new_slope, s->new_curve, err));
        out->evaluations++;
        /* The last step is taken too: it makes what is right to six digits right to twelve. */
        out->converged = s->damping < 1 && fabs(value - out->value) <= close * (1 + fabs(out->value)) &&
                         expected <= close * (1 + fabs(out->value));
        if (value >= out->value - (out->converged ? noise : 0)) { /* not where it is NaN */
            accept_step(s, x, value - out->value, expected);
            out->value = value;
        } else {
            s->damping = fmax(s->damping * 10, 1e-3);
        }
    }
    return PT_OK;
}

pt_rc pt_newton_maximise(pt_newton_result *out, const pt_newton *how, pt_newton_fn fn, void *context, double *x,
                         double *slope, double *curve, pt_err *err)
{
    search s;

    *out = (pt_newton_result){0};
    PT_TRY(start_search(&s, how, fn, context, err));
    pt_rc rc = climb(out, &s, x, err);
    if (rc == PT_OK && slope)
        memcpy(slope, s.slope, how->n * sizeof *slope);
    if (rc == PT_OK && curve)
        memcpy(curve, s.curve, how->n * how->n * sizeof *curve);
    free(s.memory);
    free(s.held);
    return rc;
}
