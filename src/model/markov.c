#include "model/markov.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { DOUBLINGS = 60 }; /* 2^60 steps */

static pt_rc check_size(size_t n, pt_err *err)
{
    return n <= PT_MARKOV_MOST ? PT_OK : pt_fail(err, PT_EINVAL, "%zu states, of at most %d", n, PT_MARKOV_MOST);
}

/* out = m * m, rows made to add up to 1 again, so that rounding does not grow. */
static void square(double *out, const double *m, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++) {
            double cell = 0;
            for (size_t k = 0; k < n; k++)
                cell += m[i * n + k] * m[k * n + j];
            out[i * n + j] = cell;
            sum += cell;
        }
        for (size_t j = 0; j < n; j++)
            out[i * n + j] /= sum;
    }
}

pt_rc pt_markov_long_run(double *share, const double *p, const double *start, size_t n, pt_err *err)
{
    PT_TRY(check_size(n, err));
    double *m = pt_alloc64(2 * n * n + 1, sizeof *m), *other = m ? m + n * n : NULL, *memory = m;
    if (!m)
        return pt_fail_nomem(err, "states");
    /* Half of each step is to stay: that changes nothing of the end, and circles settle. */
    for (size_t i = 0; i < n * n; i++)
        m[i] = 0.5 * p[i] + (i % (n + 1) == 0 ? 0.5 : 0);
    for (int k = 0; k < DOUBLINGS; k++) {
        square(other, m, n);
        double *kept = m;
        m = other;
        other = kept;
    }
    for (size_t j = 0; j < n; j++) {
        share[j] = 0;
        for (size_t i = 0; i < n; i++)
            share[j] += start[i] * m[i * n + j];
    }
    free(memory);
    return PT_OK;
}

/* States from which `to` is reached for certain: those that cannot come to a state from which it cannot be reached. */
static void find_certain(bool *certain, const double *p, size_t n, size_t to)
{
    bool reaches[PT_MARKOV_MOST] = {false};
    bool again = true;

    reaches[to] = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n && !reaches[i]; j++)
                if (reaches[j] && p[i * n + j] > 0)
                    reaches[i] = again = true;
    }
    memcpy(certain, reaches, n * sizeof *certain);
    for (again = true; again;) {
        again = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j < n && certain[i] && i != to; j++)
                if (!certain[j] && p[i * n + j] > 0) {
                    certain[i] = false;
                    again = true;
                }
    }
}

/* (I - P) steps = 1 over the certain states but `to`, by elimination. A state's own cell is what leaves it for others and for `to`
 * (Grassmann, Taksar, Heyman 1985): nothing is subtracted, so that steps of chains that hardly move are exact too. */
static void solve(double *steps, double *p, const size_t *state, size_t m, size_t n, size_t to)
{
    double *out_of = p + n * n, *right = out_of + n; /* what goes to `to`; what is on the right */

    for (size_t a = 0; a < m; a++) {
        out_of[a] = p[state[a] * n + to];
        right[a] = 1;
    }
    for (size_t k = m; k-- > 0;) { /* eliminates state k from those before it */
        double leaves = out_of[k];
        for (size_t j = 0; j < k; j++)
            leaves += p[state[k] * n + state[j]];
        for (size_t i = 0; i < k; i++) {
            double share = p[state[i] * n + state[k]] / leaves;
            for (size_t j = 0; j < k; j++)
                p[state[i] * n + state[j]] += share * p[state[k] * n + state[j]];
            out_of[i] += share * out_of[k];
            right[i] += share * right[k];
        }
        right[k] /= leaves;
        for (size_t j = 0; j < k; j++)
            p[state[k] * n + state[j]] /= leaves;
    }
    for (size_t k = 0; k < m; k++) {
        double sum = right[k];
        for (size_t j = 0; j < k; j++)
            sum += p[state[k] * n + state[j]] * steps[state[j]];
        steps[state[k]] = sum;
    }
}

pt_rc pt_markov_first_passage(double *steps, const double *p, size_t n, size_t to, pt_err *err)
{
    bool certain[PT_MARKOV_MOST] = {false};
    size_t state[PT_MARKOV_MOST], m = 0;

    PT_TRY(check_size(n, err));
    double *copy = pt_alloc64(n * n + 2 * n + 1, sizeof *copy);
    if (!copy)
        return pt_fail_nomem(err, "states");
    memcpy(copy, p, n * n * sizeof *copy);
    find_certain(certain, p, n, to);
    for (size_t i = 0; i < n; i++) {
        steps[i] = i == to ? 0 : INFINITY;
        if (certain[i] && i != to)
            state[m++] = i;
    }
    solve(steps, copy, state, m, n, to);
    free(copy);
    return PT_OK;
}
