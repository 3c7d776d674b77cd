#include <stdlib.h>
#include <string.h>

#include "link/bounds_int.h"

link_lanes *link_lanes_new(const link_bounds *b, link_comparer *c, double least)
{
    link_lanes *l = pt_zalloc(1, sizeof *l);

    if (!l)
        return NULL;
    *l = (link_lanes){.bounds = b, .comparer = c, .least = least};
    l->words = pt_alloc64(b->width, sizeof *l->words);
    if (!l->words) {
        link_lanes_free(l);
        return NULL;
    }
    memset(l->words, 0, b->width * sizeof *l->words);
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
static void turn(link_lanes *l, const uint32_t *row, uint32_t lane)
{
    const link_bounds *b = l->bounds;

    for (size_t i = 0; i < b->n_single; i++)
        l->words[b->single[i]][lane] = row[b->single[i]];
    for (size_t i = 0; i < b->n_twin; i++)
        memcpy(&l->words[b->twin[i]][lane], row + b->twin[i], sizeof l->words[0][0]);
}

void link_lanes_load(link_lanes *l, const uint32_t *records, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        l->records[i] = records[i];
        turn(l, l->bounds->rows + records[i] * l->bounds->width, i);
    }
}

bool link_lanes_weigh(link_lanes *l, uint32_t a, uint64_t which)
{
    l->bounds->weigh_lanes(l, a, which);
    return l->n_queue < LINK_QUEUE;
}

/* A call that does nothing but fetch is dropped by GCC, so that it must not be one. */
#define INLINE static inline __attribute__((always_inline))

INLINE void fetch_codes(const pt_link_column *c, const link_open *p, const uint32_t codes[2])
{
    __builtin_prefetch(&c->codes[p->a]);
    __builtin_prefetch(&c->codes[p->b]);
    for (int i = 0; i < 2 && c->ends; i++) {
        __builtin_prefetch(&c->ends[codes[i] ? codes[i] - 1 : 0]);
        if (c->signs)
            __builtin_prefetch(&c->signs[codes[i]]);
    }
}

INLINE void fetch_texts(const pt_link_column *c, const uint32_t codes[2])
{
    for (int i = 0; i < 2 && c->ends; i++)
        if (codes[i])
            __builtin_prefetch(c->points + c->ends[codes[i] - 1]);
}

/* Values lie anywhere in memory: what comparing will ask of a pair is fetched some pairs before. Where texts are must be there before they
 * can be. */
enum { AHEAD = 16 };

INLINE void fetch_values(const link_lanes *l, size_t pair, bool texts)
{
    const link_bounds *b = l->bounds;

    if (pair >= l->n_queue)
        return;
    const link_open *p = &l->queue[pair];
    for (uint32_t left = p->unsure; left; left &= left - 1) {
        size_t k = (size_t)__builtin_ctz(left);
        const pt_link_column *c = &b->records->columns[b->model->comparisons[k].column];
        uint16_t at = b->comparisons[k].column->code;
        const uint32_t codes[] = {b->rows[p->a * b->width + at], b->rows[p->b * b->width + at]};
        if (texts)
            fetch_texts(c, codes);
        else
            fetch_codes(c, p, codes);
    }
}

bool link_lanes_settle(link_lanes *l, bool (*found)(void *ctx, uint32_t a, uint32_t b, double weight), void *ctx)
{
    bool kept = true;
    double weight;

    for (size_t i = 0; i < 2 * AHEAD; i++)
        fetch_values(l, i, false);
    for (size_t i = 0; i < AHEAD; i++)
        fetch_values(l, i, true);
    for (size_t i = 0; i < l->n_queue; i++) {
        fetch_values(l, i + 2 * AHEAD, false);
        fetch_values(l, i + AHEAD, true);
        if (link_settle(&weight, l->bounds, l->comparer, &l->queue[i], l->least))
            kept &= found(ctx, l->queue[i].a, l->queue[i].b, weight);
    }
    l->n_queue = 0;
    return kept;
}
