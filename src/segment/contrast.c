#include "segment/contrast.h"

#include <math.h>
#include <stdlib.h>

#include "base/chances.h"

/* --- tests ------------------------------------------------------------------------------------------------------------------ */

/* lgamma() itself keeps a sign in a global. */
static double ln_factorial(double n)
{
    int sign;

    return lgamma_r(n + 1, &sign);
}

static double ln_choose(double n, double k)
{
    return ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k);
}

/* Sums the probabilities of all tables that are no likelier than the one seen, from the likeliest outwards: terms follow
 * from their neighbours, and what is too small to count ends a side. */
double pt_fisher(uint64_t with, uint64_t members, uint64_t base_with, uint64_t base)
{
    double n = (double)members, k = (double)base_with, all = (double)base, x = (double)with;
    double low = fmax(0, n + k - all), high = fmin(n, k), mode = floor((n + 1) * (k + 1) / (all + 2));
    double top = ln_choose(k, mode) + ln_choose(all - k, n - mode) - ln_choose(all, n);
    double seen = ln_choose(k, x) + ln_choose(all - k, n - x) - ln_choose(all, n);
    double limit = exp(seen - top) * (1 + 1e-7), term = 1, sum = 0, total = 1;

    sum = term <= limit ? 1 : 0;
    for (double i = mode; i < high && term > 1e-18; i++) {
        term *= (k - i) * (n - i) / ((i + 1) * (all - k - n + i + 1));
        total += term;
        sum += term <= limit ? term : 0;
    }
    term = 1;
    for (double i = mode; i > low && term > 1e-18; i--) {
        term *= i * (all - k - n + i) / ((k - i + 1) * (n - i + 1));
        total += term;
        sum += term <= limit ? term : 0;
    }
    return fmin(1, sum / total);
}

static double test(const pt_contrast *c)
{
    uint64_t everybody = c->apart ? c->base + c->members : c->base;
    uint64_t all_with = c->apart ? c->base_with + c->with : c->base_with;
    double n = (double)c->members, rest = (double)(everybody - c->members), all = (double)everybody;
    double k = (double)all_with, x = (double)c->with;

    if (c->members == 0 || c->members == everybody)
        return NAN;
    if (all_with == 0 || all_with == everybody)
        return 1;
    if (fmin(n, rest) * fmin(k, all - k) / all < 5)
        return pt_fisher(c->with, c->members, all_with, everybody);
    double difference = x * all - n * k;
    return pt_chi_square_p(difference / n * difference / rest / k * (all / (all - k)), 1);
}

/* --- interval --------------------------------------------------------------------------------------------------------------- */

/* The upper end of Wilson's interval of a share of nobody among n. */
static double wilson_of_none(double n)
{
    return PT_Z95 * PT_Z95 / (n + PT_Z95 * PT_Z95);
}

/* The variance of ln(p1 / P), where P = w p1 + (1 - w) p2 and w is the segment's part in the base. When nobody of the rest
 * has the value, half a customer is added to each cell (Haldane, Anscombe): else all certainty would come from a zero. */
static double variance(const pt_contrast *c)
{
    double add = c->with == c->base_with ? 0.5 : 0;
    double n = (double)c->members + 2 * add, rest = (double)(c->base - c->members) + 2 * add, w = n / (n + rest);
    double p1 = ((double)c->with + add) / n, p2 = rest > 0 ? ((double)(c->base_with - c->with) + add) / rest : 0;
    double all = w * p1 + (1 - w) * p2, by_segment = 1 / p1 - w / all, by_rest = (1 - w) / all;

    return by_segment * by_segment * p1 * (1 - p1) / n + (rest > 0 ? by_rest * by_rest * p2 * (1 - p2) / rest : 0);
}

/* The same of two separate groups. Where one of them has nobody with the value, half a customer is added likewise. */
static void fill_apart(pt_contrast *c)
{
    double add = c->with == 0 || c->base_with == 0 ? 0.5 : 0;
    double n1 = (double)c->members + 2 * add, p1 = ((double)c->with + add) / n1;
    double n2 = (double)c->base + 2 * add, p2 = ((double)c->base_with + add) / n2;
    double width = PT_Z95 * sqrt((1 - p1) / (n1 * p1) + (1 - p2) / (n2 * p2));

    c->tgi = c->base_with ? 100 * c->share / c->base_share : c->with ? (double)INFINITY : NAN;
    c->low = c->with ? fmin(c->tgi, 100 * p1 / p2 * exp(-width)) : 0;
    c->high = c->base_with ? fmax(c->tgi, 100 * p1 / p2 * exp(width)) : (double)INFINITY;
}

/* And of a segment within its base. */
static void fill_inside(pt_contrast *c)
{
    if (c->base_with == 0)
        return;
    c->tgi = 100 * c->share / c->base_share;
    if (c->with == 0) {
        c->low = 0;
        c->high = 100 * wilson_of_none((double)c->members) / c->base_share;
        return;
    }
    double width = c->members < c->base ? PT_Z95 * sqrt(variance(c)) : 0;
    c->low = c->tgi * exp(-width);
    double most = 100 * (double)c->base / (double)c->members; /* all who have the value are in the segment */
    c->high = fmax(c->tgi, fmin(c->tgi * exp(width), most));
}

void pt_contrast_fill(pt_contrast *c)
{
    c->share = c->members ? (double)c->with / (double)c->members : NAN;
    c->base_share = c->base ? (double)c->base_with / (double)c->base : NAN;
    c->p = c->q = test(c);
    c->tgi = c->low = c->high = NAN;
    if (c->members && c->base && c->apart)
        fill_apart(c);
    else if (c->members && c->base)
        fill_inside(c);
}

/* --- many questions --------------------------------------------------------------------------------------------------------- */

static int by_p(const void *left, const void *right)
{
    const pt_contrast *a = *(pt_contrast *const *)left, *b = *(pt_contrast *const *)right;

    return a->p < b->p ? -1 : a->p > b->p;
}

/* `sorted` is the caller's: n places. */
static size_t sort_known(pt_contrast **sorted, pt_contrast *const *all, size_t n)
{
    size_t known = 0;

    for (size_t i = 0; i < n; i++)
        if (!isnan(all[i]->p))
            sorted[known++] = all[i];
    if (known)
        qsort(sorted, known, sizeof *sorted, by_p);
    return known;
}

void pt_contrast_correct(pt_contrast **sorted, pt_contrast *const *all, size_t n)
{
    size_t known = sort_known(sorted, all, n);
    double least = 1;

    for (size_t i = known; i-- > 0;) {
        least = fmin(least, sorted[i]->p * (double)known / (double)(i + 1));
        sorted[i]->q = least;
    }
}
