#include "link/supervise.h"

#include "link/compare.h"

/* Pairs that what was learned before is worth. */
#define BELIEVED 20.0

static void count_pair(double counts[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1], double *known,
                       const pt_link_model *model, link_comparer *c, const pt_link_label *pair)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t level = link_level(c, k, pair->a, pair->b);
        if (level == PT_LINK_NULL)
            continue;
        counts[k][level]++;
        known[k]++;
    }
}

pt_rc pt_link_learn_labels(pt_link_model *model, const pt_link_records *records, const pt_link_label *labels, size_t n,
                           pt_err *err)
{
    double counts[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1] = {{0}}, known[PT_LINK_COMPARISONS_MAX] = {0};
    link_comparer *c = link_comparer_new(model, records);

    if (!c)
        return pt_fail_nomem(err, "labelled pairs");
    for (size_t i = 0; i < n; i++)
        if (labels[i].same)
            count_pair(counts, known, model, c, &labels[i]);
    link_comparer_free(c);
    for (size_t k = 0; k < model->n_comparisons; k++)
        for (uint32_t i = 0; known[k] > 0 && i <= model->comparisons[k].n_levels; i++) {
            model->m[k][i] = (counts[k][i] + BELIEVED * model->m[k][i]) / (known[k] + BELIEVED);
            model->trained[k] = true;
        }
    return PT_OK;
}
