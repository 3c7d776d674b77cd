#include <stdlib.h>
#include <string.h>

#include "link/bounds_int.h"

link_lanes *link_lanes_new(const link_bounds *b, link_comparer *c, double least)
{
    link_lanes *l = pt_zalloc(1, sizeof *l);

    if (!l)
        return NULL;
    *l = (link_lanes){.bounds = b, .comparer = c, .least = least};
    l->words = pt_alloc64(b->width * (LINK_TILE / LINK_LANES), sizeof *l->words);
    if (!l->words) {
        link_lanes_free(l);
        return NULL;
    }
    memset(l->words, 0, b->width * (LINK_TILE / LINK_LANES) * sizeof *l->words);
    return l;
}

void link_lanes_free(link_lanes *l)
{
    if (!l)
        return;
    free(l->words);
    free(l);
}

/* Words of two lie at the place of their first. */
static void turn(const link_bounds *b, uint64_t (*words)[LINK_LANES], const uint32_t *row, uint32_t lane)
{
    for (size_t i = 0; i < b->n_single; i++)
        words[b->single[i]][lane] = row[b->single[i]];
    for (size_t i = 0; i < b->n_twin; i++)
        memcpy(&words[b->twin[i]][lane], row + b->twin[i], sizeof words[0][0]);
}

void link_lanes_load(link_lanes *l, const uint32_t *records, uint32_t n)
{
    const link_bounds *b = l->bounds;

    for (uint32_t i = 0; i < n; i++) {
        l->records[i] = records[i];
        turn(b, l->words + i / LINK_LANES * b->width, b->rows + records[i] * b->width, i % LINK_LANES);
    }
}

bool link_lanes_weigh(link_lanes *l, uint32_t a, uint64_t which)
{
    l->bounds->weigh_lanes(l, a, which);
    return l->n_queue < LINK_QUEUE;
}
