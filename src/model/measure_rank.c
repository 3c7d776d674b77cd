/* Figures of ranked lists: one row of numbers a customer, then means. */
#include "model/measure_rank.h"

#include <math.h>
#include <string.h>

#include "model/bootstrap.h"

static const char *const names[] = {"precision", "recall", "ndcg", "map", "hit_rate", "coverage", "novelty"};

enum { PRECISION, RECALL, NDCG, MAP, HIT_RATE, BY_CUSTOMER, COVERAGE = BY_CUSTOMER, NOVELTY, FIGURES };

typedef struct ranked {
    size_t n;             /* customers for whom anything came */
    const float *figures; /* n * BY_CUSTOMER */
} ranked;

static bool is_relevant(const pt_rankings *in, size_t customer, uint32_t item)
{
    uint64_t low = in->offsets[customer];
    uint64_t high = in->offsets[customer + 1];

    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (in->relevant[middle] == item)
            return true;
        if (in->relevant[middle] < item)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static void rank_customer(float *out, const pt_rankings *in, size_t customer)
{
    const double came = (double)(in->offsets[customer + 1] - in->offsets[customer]);
    const double most = fmin(came, (double)in->k);
    double hits = 0, gain = 0, ideal = 0, precisions = 0;

    for (size_t place = 0; place < in->k; place++) {
        const uint32_t item = in->ranked[customer * in->k + place];
        if ((double)place < most)
            ideal += 1 / log2((double)place + 2);
        if (item == UINT32_MAX || !is_relevant(in, customer, item))
            continue;
        hits++;
        gain += 1 / log2((double)place + 2);
        precisions += hits / ((double)place + 1);
    }
    out[PRECISION] = (float)(hits / (double)in->k);
    out[RECALL] = (float)(hits / came);
    out[NDCG] = (float)(gain / ideal);
    out[MAP] = (float)(precisions / most);
    out[HIT_RATE] = hits > 0 ? 1.0F : 0.0F;
}

static void means(const void *context, const uint8_t *weights, double *out)
{
    const ranked *r = (const ranked *)context;
    double n = 0;

    memset(out, 0, BY_CUSTOMER * sizeof *out);
    for (size_t i = 0; i < r->n; i++) {
        const double w = weights ? weights[i] : 1;
        n += w;
        for (int f = 0; f < BY_CUSTOMER; f++)
            out[f] += w * (double)r->figures[i * BY_CUSTOMER + f];
    }
    for (int f = 0; f < BY_CUSTOMER; f++)
        out[f] /= n;
}

/* Of all lists, whoever they are for. */
static pt_rc measure_catalogue(pt_measured *out, const pt_rankings *in, pt_arena *arena, pt_err *err)
{
    uint8_t *shown = PT_NEW_ARRAY(arena, uint8_t, in->items + 1);
    double distinct = 0, surprise = 0, places = 0;

    if (!shown)
        return pt_fail_nomem(err, "measures");
    for (size_t i = 0; i < in->customers * in->k; i++) {
        const uint32_t item = in->ranked[i];
        if (item >= in->items)
            continue;
        distinct += !shown[item];
        shown[item] = 1;
        if (in->popularity) /* an item that nobody had counts as if half a customer had */
            surprise -= log2(fmax((double)in->popularity[item], 0.5) / (double)in->training_customers);
        places++;
    }
    out[COVERAGE].value = distinct / (double)in->items;
    out[NOVELTY].value = in->popularity && places > 0 ? surprise / places : NAN;
    return PT_OK;
}

pt_rc pt_measure_rankings(const pt_measured **out, size_t *n, const pt_rankings *in, const pt_measure_options *options,
                          pt_arena *arena, pt_err *err)
{
    pt_measured *measures = PT_NEW_ARRAY(arena, pt_measured, FIGURES);
    float *figures = PT_NEW_ARRAY(arena, float, in->customers *BY_CUSTOMER + 1);
    ranked r = {0, figures};
    double values[BY_CUSTOMER];

    if (!measures || !figures)
        return pt_fail_nomem(err, "measures");
    for (size_t c = 0; c < in->customers; c++)
        if (in->offsets[c + 1] > in->offsets[c])
            rank_customer(figures + r.n++ * BY_CUSTOMER, in, c);
    if (r.n == 0)
        return pt_fail(err, PT_EINVAL, "there are no customers to measure on: nothing came of any");
    means(&r, NULL, values);
    for (int f = 0; f < FIGURES; f++)
        measures[f] = (pt_measured){names[f], f < BY_CUSTOMER ? values[f] : NAN, NAN, NAN};
    *out = measures;
    *n = in->popularity ? FIGURES : FIGURES - 1;
    PT_TRY(measure_catalogue(measures, in, arena, err));
    return pt_bootstrap_run(measures, &(pt_bootstrap){r.n, NULL, BY_CUSTOMER, &r, means}, options, err);
}
