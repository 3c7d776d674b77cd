#include "link/weights.h"

#include <math.h>
#include <stdlib.h>

static double bits(double p)
{
    return log2(p / (1 - p));
}

enum { COUNTS_KEPT = 256 }; /* most values have one of few counts */

/* What frequency adds: the value's own chance to be shared by two records instead of the mean chance. */
static pt_rc find_frequencies(float **out, const pt_link_column *c, double u, pt_err *err)
{
    float of_count[COUNTS_KEPT] = {0};
    double known = 0;

    *out = pt_alloc64((size_t)c->n_values + 1, sizeof **out);
    if (!*out)
        return pt_fail_nomem(err, "frequencies of values");
    for (uint32_t v = 1; v <= c->n_values; v++)
        known += c->counts[v];
    (*out)[0] = 0;
    for (uint32_t n = 1; n < COUNTS_KEPT; n++)
        of_count[n] = (float)log2(u * known / n);
    for (uint32_t v = 1; v <= c->n_values; v++)
        (*out)[v] = c->chances                   ? (float)log2(u / (double)c->chances[v])
                    : c->counts[v] < COUNTS_KEPT ? of_count[c->counts[v]]
                                                 : (float)log2(u * known / c->counts[v]);
    return PT_OK;
}

/* Of a level below equality: against the mean chance of the column's values, which is what the level's own u stands for. That also holds
 * how often pairs come to be looked at for this level at all. */
static pt_rc find_more(float **out, double *most, const pt_link_column *c, pt_err *err)
{
    double sum = 0, known = 0;

    for (uint32_t v = 1; v <= c->n_values; v++) {
        sum += (double)c->counts[v] * (double)c->chances[v];
        known += c->counts[v];
    }
    PT_TRY(find_frequencies(out, c, known > 0 ? sum / known : 1, err));
    for (uint32_t v = 1; v <= c->n_values; v++)
        *most = fmax(*most, (double)(*out)[v]);
    return PT_OK;
}

static pt_rc find_levels(link_weights *w, const pt_link_model *model, const pt_link_records *records, size_t k,
                         pt_err *err)
{
    const pt_link_comparison *x = &model->comparisons[k];

    for (uint32_t i = 0; i <= x->n_levels; i++) {
        const pt_link_column *frequent = i < x->n_levels ? &records->columns[x->levels[i].frequent] : NULL;
        w->level[k][i] = pt_link_is_silent(x, i) ? 0 : log2(model->m[k][i] / model->u[k][i]);
        if (!frequent || !x->levels[i].frequent || !frequent->chances)
            continue;
        w->more_codes[k][i] = frequent->codes;
        PT_TRY(find_more(&w->more[k][i], &w->most[k][i], frequent, err));
    }
    return PT_OK;
}

static unsigned cost(const pt_link_comparison *x)
{
    unsigned sum = 0;

    for (uint32_t i = 0; i < x->n_levels; i++)
        for (const pt_link_level *l = &x->levels[i]; l; l = l->also)
            sum += l->test == PT_LINK_BIGRAMS || l->test == PT_LINK_COVERED      ? 9
                   : l->test == PT_LINK_JARO_WINKLER || l->test == PT_LINK_EDITS ? 4
                                                                                 : 1;
    return sum;
}

static void order_by_cost(link_weights *w, const pt_link_model *model)
{
    for (size_t k = 0; k < model->n_comparisons; k++) {
        size_t at = k;
        while (at > 0 && cost(&model->comparisons[w->costly[at - 1]]) > cost(&model->comparisons[k])) {
            w->costly[at] = w->costly[at - 1];
            at--;
        }
        w->costly[at] = (uint8_t)k;
    }
}

void link_weights_free(link_weights *w)
{
    for (size_t k = 0; k < PT_LINK_COMPARISONS_MAX; k++) {
        free(w->frequency[k]);
        for (size_t i = 0; i < PT_LINK_LEVELS_MAX; i++)
            free(w->more[k][i]);
    }
}

pt_rc link_weights_find(link_weights *w, const pt_link_model *model, const pt_link_records *records, pt_err *err)
{
    *w = (link_weights){.prior = bits(model->prior)};
    for (size_t k = 0; k < model->n_comparisons; k++) {
        const pt_link_comparison *x = &model->comparisons[k];
        w->plain[k] = x->levels[0].test == PT_LINK_SAME && x->levels[0].column == x->column && !x->levels[0].also;
        PT_TRY(find_levels(w, model, records, k, err));
        if (x->by_frequency)
            PT_TRY(find_frequencies(&w->frequency[k], &records->columns[x->column], model->u[k][0], err));
    }
    order_by_cost(w, model);
    return PT_OK;
}
