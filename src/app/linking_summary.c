#include <stdlib.h>

#include "app/linking.h"

const double pt_linking_bands[PT_LINKING_BANDS] = {0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999};

static size_t band_of(double probability)
{
    size_t band = PT_LINKING_BANDS - 1;

    while (band > 0 && probability < pt_linking_bands[band])
        band--;
    return band;
}

static void count_customers(pt_linking_summary *out, const pt_linking *l, uint32_t *customers, uint32_t *records)
{
    for (uint32_t i = 0; i < l->n; i++) {
        records[l->group[i]]++;
        if (l->start[i] != i)
            continue;
        customers[l->group[i]]++;
        out->before++;
    }
    for (uint32_t i = 0; i < l->n; i++) {
        out->after += customers[i] > 0;
        if (customers[i] < 2 || customers[i] <= out->largest)
            continue;
        out->largest = customers[i];
        out->largest_records = records[i];
    }
}

pt_rc pt_linking_summarise(pt_linking_summary *out, const pt_linking *l, pt_arena *arena, pt_err *err)
{
    const pt_link_pair *pairs;
    size_t n;
    uint32_t *customers = pt_zalloc((size_t)l->n + 1, sizeof *customers);
    uint32_t *records = pt_zalloc((size_t)l->n + 1, sizeof *records);

    *out = (pt_linking_summary){0};
    pt_rc rc = customers && records ? PT_OK : pt_fail_nomem(err, "what linking found");
    if (rc == PT_OK)
        count_customers(out, l, customers, records);
    free(customers);
    free(records);
    for (size_t i = 0; rc == PT_OK && i < l->n_pairs; i++) {
        double p = pt_link_probability((double)l->pairs[i].weight);
        out->bands[band_of(p)]++;
        out->linked += p >= l->automatic;
    }
    PT_TRY(rc);
    PT_TRY(pt_linking_edges(&pairs, &n, l, arena, err));
    out->links = n;
    PT_TRY(pt_linking_likely(&pairs, &n, l, arena, err));
    out->to_review = n;
    return PT_OK;
}
