#include "app/link_evaluate.h"

#include <math.h>
#include <stdlib.h>

/* Pairs below this many bits are a thousand to one against: nobody would link them, and they are too many to keep. */
#define LEAST_BITS (-10.0)

enum { SEED = 1 };

/* Probabilities of the table; that of the project is put among them. */
static const double usual[] = {0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999, 0.9999};

static double bits_of(double probability)
{
    return log2(probability / (1 - probability));
}

/* --- pairs of identifiers ---------------------------------------------------------------------------------------------------------- */

static int by_pair(const void *p, const void *q)
{
    const pt_link_pair *x = p, *y = q;

    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    if (x->b != y->b)
        return x->b < y->b ? -1 : 1;
    return (x->weight < y->weight) - (x->weight > y->weight);
}

/* Of records with the same strongest identifier the first stands for all, with the strongest pair that any of them has. */
static pt_rc pairs_of_units(pt_link_pair **out, size_t *n, const pt_linking *l, const pt_link_find *find,
                            pt_arena *arena, pt_err *err)
{
    pt_link_pair *pairs = PT_NEW_ARRAY(arena, pt_link_pair, l->n_pairs + 1);
    size_t kept = 0;

    if (!pairs)
        return pt_fail_nomem(err, "labelled pairs");
    for (size_t i = 0; i < l->n_pairs; i++) {
        uint32_t a = pt_link_find_unit(find, l->pairs[i].a), b = pt_link_find_unit(find, l->pairs[i].b);
        if (a != b)
            pairs[kept++] = (pt_link_pair){a < b ? a : b, a < b ? b : a, l->pairs[i].weight};
    }
    qsort(pairs, kept, sizeof *pairs, by_pair);
    *n = 0;
    for (size_t i = 0; i < kept; i++)
        if (!*n || pairs[*n - 1].a != pairs[i].a || pairs[*n - 1].b != pairs[i].b)
            pairs[(*n)++] = pairs[i];
    *out = pairs;
    return PT_OK;
}

/* --- the table --------------------------------------------------------------------------------------------------------------------- */

static pt_link_threshold threshold(const pt_link_curve *c, double probability)
{
    pt_link_threshold t = {.probability = probability, .weight = bits_of(probability)};

    t.counts = pt_link_curve_at(c, t.weight);
    t.measure = pt_link_curve_measure(c, &t.counts);
    return t;
}

static pt_rc fill_table(pt_link_evaluation *out, pt_arena *arena, pt_err *err)
{
    pt_link_threshold *t = PT_NEW_ARRAY(arena, pt_link_threshold, PT_COUNT(usual) + 2);
    const pt_link_point *best = pt_link_curve_best(&out->curve);
    bool have = false;

    if (!t)
        return pt_fail_nomem(err, "labelled pairs");
    for (size_t i = 0; i < PT_COUNT(usual); i++) {
        if (!have && out->automatic <= usual[i]) {
            t[out->n_thresholds++] = threshold(&out->curve, out->automatic);
            have = true;
        }
        if (usual[i] != out->automatic)
            t[out->n_thresholds++] = threshold(&out->curve, usual[i]);
    }
    if (!have)
        t[out->n_thresholds++] = threshold(&out->curve, out->automatic);
    out->thresholds = t;
    out->best = (pt_link_threshold){.probability = NAN};
    if (best)
        out->best = (pt_link_threshold){.probability = pt_link_probability(best->weight),
                                        .weight = best->weight,
                                        .counts = *best,
                                        .measure = pt_link_curve_measure(&out->curve, best)};
    return PT_OK;
}

/* --- all of it --------------------------------------------------------------------------------------------------------------------- */

static pt_rc link_all(pt_linking *l, const pt_linking_options *options, pt_err *err)
{
    double review = l->review;

    l->review = pt_link_probability(LEAST_BITS);
    pt_rc rc = pt_linking_score(l, options, err);
    l->review = review;
    return rc == PT_OK ? pt_linking_group(l, options, err) : rc;
}

pt_rc pt_link_evaluate(pt_link_evaluation *out, pt_linking *l, const pt_linking_options *options, pt_link_find *find,
                       const char *labels, pt_arena *arena, pt_err *err)
{
    pt_link_pair *pairs = NULL;
    size_t n = 0;

    *out = (pt_link_evaluation){.automatic = l->automatic, .review = l->review};
    PT_TRY(pt_link_labels_read(&out->labels, labels, find, arena, err));
    PT_TRY(link_all(l, options, err));
    PT_TRY(pairs_of_units(&pairs, &n, l, find, arena, err));
    PT_TRY(pt_link_curve_of(&out->curve, &out->labels.truth, l->start, pairs, n, arena, err));
    PT_TRY(fill_table(out, arena, err));
    PT_TRY(pt_link_agreement_of(&out->groups, &out->labels.truth, l->group, SEED, err));
    out->wrong_from_start = out->curve.joined.found - out->curve.joined.right;
    return pt_link_faults_of(&out->faults, &out->labels.truth, &out->groups, l->group, pairs, n, bits_of(l->automatic),
                             PT_LINK_LISTED, arena, err);
}
