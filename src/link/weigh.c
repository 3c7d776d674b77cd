#include "link/weigh.h"

#include <math.h>
#include <stdlib.h>

/* --- the scale --------------------------------------------------------------------------------------------------------------- */

pt_rc link_scale_new(link_scale **out, const pt_link_model *model, const pt_link_records *records, pt_pool *pool,
                     pt_err *err)
{
    link_scale *s = pt_zalloc(1, sizeof *s);

    *out = NULL;
    if (!s)
        return pt_fail_nomem(err, "pairs of records");
    s->model = model;
    s->records = records;
    pt_rc rc = link_weights_find(&s->weights, model, records, err);
    if (rc == PT_OK)
        rc = link_bounds_new(&s->bounds, model, records, &s->weights, pool, err);
    if (rc == PT_OK)
        *out = s;
    else
        link_scale_free(s);
    return rc;
}

void link_scale_free(link_scale *s)
{
    if (!s)
        return;
    link_bounds_free(s->bounds);
    link_weights_free(&s->weights);
    free(s);
}

/* --- one pair ---------------------------------------------------------------------------------------------------------------- */

/* Of each group the two that count are those whose weights are its sums. */
static void mark_counting(pt_link_evidence *e, const pt_link_model *model, const link_sum *sum)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t group = link_group_of(&model->comparisons[k], e->level[k]);
        double weight = e->weight[k] + e->frequency[k];
        e->counts[k] = !group || (weight != 0 && (weight == sum->most[group] || weight == sum->least[group]));
        for (size_t j = 0; group && j < k; j++) /* equal ones count once */
            if (link_group_of(&model->comparisons[j], e->level[j]) == group && e->counts[j] &&
                e->weight[j] + e->frequency[j] == weight)
                e->counts[k] = false;
    }
}

static void collect_evidence(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records,
                             link_comparer *c, const link_weights *w, uint32_t a, uint32_t b)
{
    link_sum sum = {.alone = w->prior};

    *out = (pt_link_evidence){.prior = w->prior};
    for (size_t k = 0; k < model->n_comparisons; k++) {
        uint8_t level = out->level[k] = link_level(c, k, a, b);
        uint32_t code = records->columns[model->comparisons[k].column].codes[a];
        out->weight[k] = level == PT_LINK_NULL ? 0 : w->level[k][level];
        out->frequency[k] = link_frequency_of(w, k, level, code, a, b);
        link_sum_add(&sum, link_group_of(&model->comparisons[k], level), out->weight[k] + out->frequency[k]);
    }
    out->total = link_sum_total(&sum);
    mark_counting(out, model, &sum);
}

struct link_weigher {
    const pt_link_model *model;
    const pt_link_records *records;
    link_comparer *comparer;
    const link_weights *weights; /* its own, or another's */
    link_weights own;
};

static pt_rc new_weigher(link_weigher **out, const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    link_weigher *w = *out = pt_zalloc(1, sizeof *w);

    if (!w)
        return pt_fail_nomem(err, "a pair of records");
    w->model = model;
    w->records = records;
    w->weights = &w->own;
    w->comparer = link_comparer_new(model, records);
    if (w->comparer)
        return PT_OK;
    link_weigher_free(w);
    *out = NULL;
    return pt_fail_nomem(err, "a pair of records");
}

pt_rc link_weigher_new(link_weigher **out, const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    PT_TRY(new_weigher(out, model, records, err));
    pt_rc rc = link_weights_find(&(*out)->own, model, records, err);
    if (rc != PT_OK) {
        link_weigher_free(*out);
        *out = NULL;
    }
    return rc;
}

pt_rc link_weigher_share(link_weigher **out, const link_weigher *other, pt_err *err)
{
    PT_TRY(new_weigher(out, other->model, other->records, err));
    (*out)->weights = other->weights;
    return PT_OK;
}

void link_weigher_free(link_weigher *w)
{
    if (!w)
        return;
    link_comparer_free(w->comparer);
    link_weights_free(&w->own);
    free(w);
}

double link_weigh(link_weigher *w, uint32_t a, uint32_t b)
{
    pt_link_evidence e;

    collect_evidence(&e, w->model, w->records, w->comparer, w->weights, a, b);
    return e.total;
}

double link_weigh_both(double *against, link_weigher *w, uint32_t a, uint32_t b)
{
    pt_link_evidence e;

    collect_evidence(&e, w->model, w->records, w->comparer, w->weights, a, b);
    *against = 0;
    for (size_t k = 0; k < w->model->n_comparisons; k++)
        if (e.counts[k])
            *against += fmin(e.weight[k] + e.frequency[k], 0);
    return e.total;
}

pt_rc pt_link_explainer_new(pt_link_explainer **out, const pt_link_model *model, const pt_link_records *records,
                            pt_err *err)
{
    return link_weigher_new(out, model, records, err);
}

void pt_link_explainer_free(pt_link_explainer *x)
{
    link_weigher_free(x);
}

void pt_link_explain_next(pt_link_evidence *out, pt_link_explainer *x, uint32_t a, uint32_t b)
{
    collect_evidence(out, x->model, x->records, x->comparer, x->weights, a, b);
}

pt_rc pt_link_explain(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records, uint32_t a,
                      uint32_t b, pt_err *err)
{
    link_weigher *w;

    PT_TRY(link_weigher_new(&w, model, records, err));
    collect_evidence(out, model, records, w->comparer, w->weights, a, b);
    link_weigher_free(w);
    return PT_OK;
}
