#include "model/cluster_profile.h"

#include <math.h>
#include <stdlib.h>

static const double least_effect = 0.3;

static void offer(pt_cluster_profile *p, pt_cluster_trait t)
{
    uint32_t at = p->n_traits;

    if (!(fabs(t.effect) >= least_effect))
        return;
    while (at > 0 && fabs(p->traits[at - 1].effect) < fabs(t.effect))
        at--;
    if (at == PT_CLUSTER_TRAITS)
        return;
    uint32_t end = p->n_traits < PT_CLUSTER_TRAITS ? p->n_traits++ : PT_CLUSTER_TRAITS - 1;
    for (; end > at; end--)
        p->traits[end] = p->traits[end - 1];
    p->traits[at] = t;
}

typedef struct moments {
    double n, sum;
} moments;

static void look_at_numbers(pt_cluster_profile *p, uint32_t n, const pt_table *t, uint32_t feature,
                            const int32_t *group, moments *of)
{
    const float *x = t->features[feature].numbers;
    double count = 0, sum = 0, squares = 0;

    memset(of, 0, n * sizeof *of);
    for (size_t i = 0; i < t->rows; i++) {
        if (isnan(x[i]))
            continue;
        count++;
        sum += (double)x[i];
        if (group[i] >= 0) {
            of[group[i]].n++;
            of[group[i]].sum += (double)x[i];
        }
    }
    for (size_t i = 0; i < t->rows; i++)
        squares += isnan(x[i]) ? 0 : ((double)x[i] - sum / count) * ((double)x[i] - sum / count);
    double deviation = sqrt(squares / count);
    for (uint32_t g = 0; g < n; g++) {
        double rest = count - of[g].n;
        if (of[g].n == 0 || rest == 0 || !(deviation > 0))
            continue;
        double inside = of[g].sum / of[g].n, outside = (sum - of[g].sum) / rest;
        offer(&p[g], (pt_cluster_trait){feature, PT_NO_CODE, inside, outside, (inside - outside) / deviation});
    }
}

static void count_names(uint64_t *counts, const pt_table *t, const pt_feature *f, const int32_t *group, uint32_t n)
{
    /* The last row of counts is of rows of no group. */
    for (size_t i = 0; i < t->rows; i++) {
        uint64_t *of = counts + (group[i] < 0 ? n : (uint32_t)group[i]) * f->n_names;
        if (f->kind == PT_FEATURE_CATEGORY) {
            if (f->codes[i] != PT_NO_CODE)
                of[f->codes[i]]++;
            continue;
        }
        for (uint64_t k = f->offsets[i]; k < f->offsets[i + 1]; k++)
            of[f->items[k]]++;
    }
}

static double angle(double share)
{
    return 2 * asin(sqrt(fmin(fmax(share, 0), 1)));
}

/* The name of a feature that tells a cluster best. */
static void look_at_names(pt_cluster_profile *p, uint32_t n, const pt_table *t, uint32_t feature,
                          const uint64_t *counts)
{
    size_t names = t->features[feature].n_names;

    for (uint32_t g = 0; g < n; g++) {
        pt_cluster_trait best = {.effect = 0};
        double rows = (double)p[g].rows, rest = (double)t->rows - rows;
        for (uint32_t v = 0; rows > 0 && rest > 0 && v < names; v++) {
            double all = 0, own = (double)counts[g * names + v];
            for (uint32_t other = 0; other <= n; other++)
                all += (double)counts[other * names + v];
            double effect = angle(own / rows) - angle((all - own) / rest);
            if (fabs(effect) > fabs(best.effect))
                best = (pt_cluster_trait){feature, v, own / rows, (all - own) / rest, effect};
        }
        offer(&p[g], best);
    }
}

static pt_rc look(pt_cluster_profile *p, uint32_t n, const pt_table *t, uint32_t feature, const int32_t *group,
                  moments *of, pt_err *err)
{
    const pt_feature *f = &t->features[feature];

    if (f->aside)
        return PT_OK;
    if (f->kind == PT_FEATURE_NUMBER) {
        look_at_numbers(p, n, t, feature, group, of);
        return PT_OK;
    }
    uint64_t *counts = pt_zalloc((size_t)(n + 1) * (f->n_names + 1), sizeof *counts);
    if (!counts)
        return pt_fail_nomem(err, "the clusters");
    count_names(counts, t, f, group, n);
    look_at_names(p, n, t, feature, counts);
    free(counts);
    return PT_OK;
}

pt_rc pt_cluster_profiles(pt_cluster_profile **out, uint32_t n, const pt_table *table, const int32_t *group,
                          pt_arena *arena, pt_err *err)
{
    pt_cluster_profile *p = PT_NEW_ARRAY(arena, pt_cluster_profile, n + 1);
    moments *of = pt_zalloc(n + 1, sizeof *of);
    pt_rc rc = p && of ? PT_OK : pt_fail_nomem(err, "the clusters");

    for (size_t i = 0; rc == PT_OK && i < table->rows; i++)
        if (group[i] >= 0)
            p[group[i]].rows++;
    for (uint32_t f = 0; rc == PT_OK && f < table->n_features; f++)
        rc = look(p, n, table, f, group, of, err);
    free(of);
    *out = p;
    return rc;
}
