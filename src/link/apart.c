#include "link/apart.h"

#include <stdlib.h>

/* The code of a group that has two values from the start. */
#define SEVERAL UINT32_MAX

static pt_rc set_values(link_apart *k, const pt_link_records *records, pt_err *err)
{
    size_t width = k->known->n_never;

    if (!width)
        return PT_OK;
    if (!(k->values = pt_alloc64((size_t)records->n + 1, width * sizeof *k->values)))
        return pt_fail_nomem(err, "groups of records");
    for (uint32_t i = 0; i < records->n; i++)
        for (size_t c = 0; c < width; c++)
            k->values[i * width + c] = records->columns[k->known->never[c]].codes[i];
    return PT_OK;
}

static pt_rc set_partners(link_apart *k, uint32_t n, pt_err *err)
{
    const pt_link_known *known = k->known;

    if (!known->n_apart)
        return PT_OK;
    k->first = pt_zalloc((size_t)n + 2, sizeof *k->first);
    k->partners = pt_zalloc((size_t)n + 1, sizeof *k->partners);
    k->partner = pt_alloc64(2 * known->n_apart, sizeof *k->partner);
    if (!k->first || !k->partners || !k->partner)
        return pt_fail_nomem(err, "groups of records");
    for (size_t i = 0; i < known->n_apart; i++) {
        k->partners[known->apart[i].a]++;
        k->partners[known->apart[i].b]++;
    }
    /* first[r + 1] runs from where r's partners begin to where they end while they are put there. */
    for (uint32_t r = 0; r < n; r++)
        k->first[r + 2] = k->first[r + 1] + k->partners[r];
    for (size_t i = 0; i < known->n_apart; i++) {
        k->partner[k->first[known->apart[i].a + 1]++] = known->apart[i].b;
        k->partner[k->first[known->apart[i].b + 1]++] = known->apart[i].a;
    }
    return PT_OK;
}

pt_rc link_apart_new(link_apart *out, const pt_link_known *known, const pt_link_records *records, pt_err *err)
{
    static const pt_link_known nothing;

    *out = (link_apart){.known = known ? known : &nothing};
    PT_TRY(set_values(out, records, err));
    return set_partners(out, records->n, err);
}

void link_apart_free(link_apart *k)
{
    free(k->values);
    free(k->first);
    free(k->partner);
    free(k->partners);
}

bool link_apart_values(const link_apart *k, uint32_t a, uint32_t b)
{
    size_t width = k->known->n_never;

    for (size_t c = 0; c < width; c++) {
        uint32_t x = k->values[a * width + c], y = k->values[b * width + c];
        if (x && y && (x != y || x == SEVERAL))
            return true;
    }
    return false;
}

void link_apart_join(link_apart *k, uint32_t root, uint32_t other)
{
    size_t width = k->known->n_never;

    for (size_t c = 0; c < width; c++) {
        uint32_t *x = &k->values[root * width + c], y = k->values[other * width + c];
        *x = !*x ? y : y && y != *x ? SEVERAL : *x;
    }
    if (k->partners)
        k->partners[root] += k->partners[other];
}
