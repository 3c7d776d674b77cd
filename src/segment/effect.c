#include "segment/effect.h"

#include <math.h>

#include "base/chances.h"

pt_moments pt_moments_join(pt_moments a, pt_moments b)
{
    double n = (double)a.n + (double)b.n, apart = b.mean - a.mean;

    if (a.n == 0 || b.n == 0)
        return a.n ? a : b;
    return (pt_moments){.n = a.n + b.n,
                        .mean = a.mean + apart * ((double)b.n / n),
                        .squares = a.squares + b.squares + apart * apart * ((double)a.n / n * (double)b.n)};
}

double pt_moments_deviation(const pt_moments *m)
{
    return m->n > 1 ? sqrt(m->squares / (double)(m->n - 1)) : NAN;
}

/* --- means ------------------------------------------------------------------------------------------------------------------ */

/* What makes Cohen's d unbiased (Hedges 1981), exactly: gamma(f / 2) / (sqrt(f / 2) gamma((f - 1) / 2)). The logarithms of
 * large gammas have no digits left to subtract; there the series 1 - 3 / (4 f - 1) is exact enough. */
static double correction(double freedom)
{
    int sign;

    if (freedom > 1000)
        return 1 - 3 / (4 * freedom - 1);
    return exp(lgamma_r(freedom / 2, &sign) - lgamma_r((freedom - 1) / 2, &sign)) / sqrt(freedom / 2);
}

/* Hedges and Olkin (1985): the large-sample variance of d. */
static void set_distance(pt_effect *out, const pt_moments *a, const pt_moments *b)
{
    double na = (double)a->n, nb = (double)b->n, freedom = na + nb - 2;

    if (a->n == 0 || b->n == 0 || !(freedom > 1) || !(a->squares + b->squares > 0))
        return;
    double d = (a->mean - b->mean) / sqrt((a->squares + b->squares) / freedom), j = correction(freedom);
    double error = j * sqrt((na + nb) / na / nb + d * d / (2 * (na + nb)));
    out->d = j * d;
    out->d_low = out->d - PT_Z95 * error;
    out->d_high = out->d + PT_Z95 * error;
}

/* Welch (1947), degrees of freedom by Satterthwaite. */
static void set_welch(pt_effect *out, const pt_moments *a, const pt_moments *b)
{
    if (a->n < 2 || b->n < 2)
        return;
    double va = a->squares / (double)(a->n - 1) / (double)a->n, vb = b->squares / (double)(b->n - 1) / (double)b->n;
    double all = va + vb;
    if (!(all > 0))
        return;
    double part = va / all, rest = vb / all;
    double freedom = 1 / (part * part / (double)(a->n - 1) + rest * rest / (double)(b->n - 1));
    out->p_means = pt_student_p((a->mean - b->mean) / sqrt(all), freedom);
}

/* --- ranks ------------------------------------------------------------------------------------------------------------------ */

typedef struct ranks {
    double na, nb;
    double wins;       /* pairs in which the first has more, ties counted half */
    double ties;       /* pairs with the same value */
    double tied;       /* sum of t^3 - t over values that t of both groups have */
    double a_sq, b_sq; /* sums of squares of each one's dominance over the other group */
} ranks;

/* One pass over the values: what lies below is known, what lies above follows. */
static ranks rank(const uint64_t *a, const uint64_t *b, size_t n)
{
    ranks r = {0};
    double below_a = 0, below_b = 0;

    for (size_t i = 0; i < n; i++) {
        r.na += (double)a[i];
        r.nb += (double)b[i];
    }
    for (size_t i = 0; i < n; i++) {
        double x = (double)a[i], y = (double)b[i], both = x + y;
        double over_b = (below_b - (r.nb - below_b - y)) / r.nb, over_a = (below_a - (r.na - below_a - x)) / r.na;
        r.wins += x * (below_b + y / 2);
        r.ties += x * y;
        r.tied += both * (both - 1) * (both + 1);
        r.a_sq += x * over_b * over_b;
        r.b_sq += y * over_a * over_a;
        below_a += x;
        below_b += y;
    }
    return r;
}

/* Cliff (1993): the unbiased variance of delta, not below what it can be at least; interval as Cliff (1996) has it, which
 * does not leave -1 .. 1. */
static void set_delta_interval(pt_effect *out, const ranks *r)
{
    double pairs = r->na * r->nb, d = out->delta, square = d * d;

    if (r->na < 2 || r->nb < 2)
        return;
    /* Both sums of squares are around 0; n d^2 leaves those around d. */
    double by_a = fmax(0, r->a_sq - r->na * square), by_b = fmax(0, r->b_sq - r->nb * square);
    double each = fmax(0, pairs - r->ties - pairs * square);
    double variance = (r->nb * r->nb * by_a + r->na * r->na * by_b - each) / (pairs * (r->na - 1) * (r->nb - 1));
    variance = fmax(variance, (1 - square) / (pairs - 1));
    double error = PT_Z95 * sqrt(variance), narrow = 1 - square;
    double width = error * sqrt(narrow * narrow + error * error), all = narrow + error * error;
    out->delta_low = all > 0 ? fmax(-1, (d - d * square - width) / all) : d;
    out->delta_high = all > 0 ? fmin(1, (d - d * square + width) / all) : d;
}

/* Mann and Whitney (1947): the normal approximation, corrected for ties and for continuity. */
static void set_mann_whitney(pt_effect *out, const ranks *r)
{
    double pairs = r->na * r->nb, all = r->na + r->nb;
    double variance = pairs / 12 * (all + 1 - r->tied / (all * (all - 1)));

    if (!(variance > 0))
        return;
    double off = fabs(r->wins - pairs / 2) - 0.5;
    out->p_ranks = off > 0 ? pt_normal_p(off / sqrt(variance)) : 1;
}

static void set_ranks(pt_effect *out, const uint64_t *a, const uint64_t *b, size_t n)
{
    ranks r = rank(a, b, n);

    if (!(r.na > 0) || !(r.nb > 0))
        return;
    out->superiority = r.wins / (r.na * r.nb);
    out->delta = 2 * out->superiority - 1;
    set_delta_interval(out, &r);
    set_mann_whitney(out, &r);
}

void pt_effect_of(pt_effect *out, const pt_moments *a, const pt_moments *b, const uint64_t *a_counts,
                  const uint64_t *b_counts, size_t n)
{
    *out = (pt_effect){NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN};
    set_distance(out, a, b);
    set_welch(out, a, b);
    set_ranks(out, a_counts, b_counts, n);
}
