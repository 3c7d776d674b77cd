#include "segment/interaction.h"

#include <math.h>
#include <stddef.h>

#include "base/chances.h"

enum { BOTH, A_ALONE, B_ALONE, NEITHER, CELLS };

static void shares(double out[CELLS], const pt_pair_counts *c)
{
    double n = (double)c->n;

    out[BOTH] = (double)c->both / n;
    out[A_ALONE] = (double)(c->a - c->both) / n;
    out[B_ALONE] = (double)(c->b - c->both) / n;
    out[NEITHER] = 1 - out[BOTH] - out[A_ALONE] - out[B_ALONE];
}

/* ln p_ab - ln p_a - ln p_b, and what each cell adds to it. */
static double dependence(double slope[CELLS], const double p[CELLS])
{
    double a = p[BOTH] + p[A_ALONE], b = p[BOTH] + p[B_ALONE];

    slope[BOTH] = 1 / p[BOTH] - 1 / a - 1 / b;
    slope[A_ALONE] = -1 / a;
    slope[B_ALONE] = -1 / b;
    slope[NEITHER] = 0;
    return log(p[BOTH]) - log(a) - log(b);
}

static double spread(const double p[CELLS], const double slope[CELLS])
{
    double mean = 0, squares = 0;

    for (size_t i = 0; i < CELLS; i++) {
        mean += p[i] * slope[i];
        squares += p[i] * slope[i] * slope[i];
    }
    return squares - mean * mean;
}

void pt_interaction_of(pt_interaction *out, const pt_pair_counts *segment, const pt_pair_counts *rest, bool apart)
{
    double p[CELLS], r[CELLS], base[CELLS], in[CELLS], of[CELLS], by_segment[CELLS], by_rest[CELLS];
    double n = (double)segment->n, m = (double)rest->n, w = apart ? 0 : n / (n + m);

    *out = (pt_interaction){NAN, NAN, NAN, NAN};
    if (segment->both == 0 || rest->n == 0 || (apart && rest->both == 0))
        return;
    shares(p, segment);
    shares(r, rest);
    for (size_t i = 0; i < CELLS; i++)
        base[i] = w * p[i] + (1 - w) * r[i];
    double ln_gain = dependence(in, p) - dependence(of, base);
    for (size_t i = 0; i < CELLS; i++) {
        by_segment[i] = in[i] - w * of[i];
        by_rest[i] = (1 - w) * of[i];
    }
    double error = sqrt(spread(p, by_segment) / n + spread(r, by_rest) / m);
    out->gain = exp(ln_gain);
    out->low = exp(ln_gain - PT_Z95 * error);
    out->high = exp(ln_gain + PT_Z95 * error);
    out->p = error > 0 ? pt_normal_p(ln_gain / error) : ln_gain == 0 ? 1 : 0;
}

double pt_pair_phi(const pt_pair_counts *c)
{
    double n = (double)c->n, a = (double)c->a, b = (double)c->b;
    double spread_of = a * (n - a) * b * (n - b);

    return spread_of > 0 ? (n * (double)c->both - a * b) / sqrt(spread_of) : 0;
}
