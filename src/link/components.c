#include "link/components.h"

#include <stdlib.h>

#include "base/roots.h"

/* Connects records; returns how many pairs are strong enough. */
static size_t connect(uint32_t *of, uint32_t records, const uint32_t *start, const pt_link_pair *pairs, size_t n,
                      double least)
{
    size_t strong = 0;

    for (uint32_t i = 0; i < records; i++)
        of[i] = i;
    for (uint32_t i = 0; start && i < records; i++)
        pt_roots_join(of, start[i], i);
    for (size_t i = 0; i < n; i++) {
        if (!((double)pairs[i].weight >= least))
            continue;
        pt_roots_join(of, pairs[i].a, pairs[i].b);
        strong++;
    }
    for (uint32_t i = 0; i < records; i++)
        of[i] = pt_root(of, i);
    return strong;
}

/* at[r]: where the next pair of the component of record r goes. Components come in order of their smallest records. */
static void put_by_component(link_components *c, uint64_t *at, uint32_t records, const pt_link_pair *pairs, size_t n,
                             double least)
{
    uint64_t all = 0;

    for (size_t i = 0; i < n; i++)
        if ((double)pairs[i].weight >= least)
            at[c->of[pairs[i].a]]++;
    for (uint32_t r = 0; r < records; r++) {
        uint64_t count = at[r];
        at[r] = all;
        if (count)
            c->starts[c->n++] = all;
        all += count;
    }
    c->starts[c->n] = all;
    for (size_t i = 0; i < n; i++)
        if ((double)pairs[i].weight >= least)
            c->pairs[at[c->of[pairs[i].a]]++] = pairs[i];
}

pt_rc link_components_find(link_components *out, uint32_t records, const uint32_t *start, const pt_link_pair *pairs,
                           size_t n, double least, pt_err *err)
{
    uint64_t *at = pt_zalloc((size_t)records + 1, sizeof *at);
    size_t strong = 0;

    *out = (link_components){.of = pt_alloc64((size_t)records + 1, sizeof *out->of)};
    if (out->of) {
        strong = connect(out->of, records, start, pairs, n, least);
        out->pairs = pt_alloc64(strong + 1, sizeof *out->pairs);
        out->starts = pt_alloc64((strong < records ? strong : records) + 1, sizeof *out->starts);
    }
    bool room = at && out->of && out->pairs && out->starts;
    if (room)
        put_by_component(out, at, records, pairs, n, least);
    free(at);
    return room ? PT_OK : pt_fail_nomem(err, "groups of records");
}

void link_components_free(link_components *c)
{
    free(c->of);
    free(c->pairs);
    free(c->starts);
}
