#include "link/patterns.h"

#include <stdlib.h>

#include "base/hash.h"

link_pattern link_pattern_of(link_comparer *c, const pt_link_model *model, uint32_t a, uint32_t b)
{
    link_pattern p = 0;

    for (size_t k = 0; k < model->n_comparisons; k++)
        p |= (link_pattern)link_level(c, k, a, b) << (4 * k);
    return p;
}

static size_t slot_of(const link_patterns *t, link_pattern p)
{
    size_t slot = pt_mix64(p) & (t->slots - 1);

    while (t->counts[slot] && t->patterns[slot] != p)
        slot = (slot + 1) & (t->slots - 1);
    return slot;
}

static bool grow(link_patterns *t)
{
    link_patterns wide = {.slots = t->slots ? 2 * t->slots : 256, .n = t->n};

    wide.patterns = pt_zalloc(wide.slots, sizeof *wide.patterns);
    wide.counts = pt_zalloc(wide.slots, sizeof *wide.counts);
    if (!wide.patterns || !wide.counts) {
        link_patterns_free(&wide);
        return false;
    }
    for (size_t i = 0; i < t->slots; i++) {
        if (!t->counts[i])
            continue;
        size_t slot = slot_of(&wide, t->patterns[i]);
        wide.patterns[slot] = t->patterns[i];
        wide.counts[slot] = t->counts[i];
    }
    link_patterns_free(t);
    *t = wide;
    return true;
}

bool link_patterns_add(link_patterns *t, link_pattern p, uint64_t count)
{
    if (2 * (t->n + 1) > t->slots && !grow(t))
        return false;
    size_t slot = slot_of(t, p);
    t->n += t->counts[slot] == 0;
    t->patterns[slot] = p;
    t->counts[slot] += count;
    return true;
}

void link_patterns_free(link_patterns *t)
{
    free(t->patterns);
    free(t->counts);
    *t = (link_patterns){0};
}

typedef struct counted {
    link_pattern pattern;
    uint64_t count;
} counted;

static int by_pattern(const void *a, const void *b)
{
    link_pattern x = ((const counted *)a)->pattern, y = ((const counted *)b)->pattern;

    return (x > y) - (x < y);
}

bool link_patterns_sort(link_patterns *t)
{
    counted *all = pt_alloc64(t->n + 1, sizeof *all);
    size_t n = 0;

    if (!all)
        return false;
    for (size_t i = 0; i < t->slots; i++)
        if (t->counts[i])
            all[n++] = (counted){t->patterns[i], t->counts[i]};
    qsort(all, n, sizeof *all, by_pattern);
    for (size_t i = 0; i < n; i++) {
        t->patterns[i] = all[i].pattern;
        t->counts[i] = all[i].count;
    }
    t->slots = n;
    free(all);
    return true;
}

/* --- gathered pairs ---------------------------------------------------------------------------------------------------------- */

/* How many pairs before it is compared something of a pair is fetched: codes, then what lies by code, then characters. */
enum { CODES_AHEAD = 24, VALUES_AHEAD = 16, CHARACTERS_AHEAD = 8 };

bool link_gathering_new(link_gathering *g, const pt_link_model *model, const pt_link_records *records)
{
    *g = (link_gathering){.model = model, .records = records, .comparer = link_comparer_new(model, records)};
    return g->comparer != NULL;
}

void link_gathering_free(link_gathering *g)
{
    link_comparer_free(g->comparer);
    link_patterns_free(&g->patterns);
}

/* A function that does nothing but fetch is dropped by GCC unless it is inlined. */
#define INLINE static inline __attribute__((always_inline))

INLINE void fetch_codes(const link_gathering *g, size_t pair)
{
    for (size_t k = 0; pair < g->n && k < g->model->n_comparisons; k++) {
        const pt_link_comparison *x = &g->model->comparisons[k];
        const pt_link_column *c = &g->records->columns[x->column], *against = &g->records->columns[x->against];
        __builtin_prefetch(&c->codes[g->a[pair]]);
        __builtin_prefetch(&c->codes[g->b[pair]]);
        if (x->crossed) {
            __builtin_prefetch(&against->codes[g->a[pair]]);
            __builtin_prefetch(&against->codes[g->b[pair]]);
        }
    }
}

INLINE void fetch_value(const pt_link_column *c, uint32_t code, bool characters)
{
    if (!code || !c->ends)
        return;
    if (characters) {
        __builtin_prefetch(c->points + c->ends[code - 1]);
        return;
    }
    __builtin_prefetch(&c->ends[code - 1]);
    if (c->signs)
        __builtin_prefetch(&c->signs[code]);
}

/* Of equal values nothing is asked. */
INLINE void fetch_values(const link_gathering *g, size_t pair, bool characters)
{
    for (size_t k = 0; pair < g->n && k < g->model->n_comparisons; k++) {
        const pt_link_column *c = &g->records->columns[g->model->comparisons[k].column];
        uint32_t x = c->codes[g->a[pair]], y = c->codes[g->b[pair]];
        if (x == y || !x || !y)
            continue;
        fetch_value(c, x, characters);
        fetch_value(c, y, characters);
    }
}

void link_gathering_end(link_gathering *g)
{
    for (size_t i = 0; i < CODES_AHEAD; i++)
        fetch_codes(g, i);
    for (size_t i = 0; i < VALUES_AHEAD; i++)
        fetch_values(g, i, false);
    for (size_t i = 0; i < g->n; i++) {
        fetch_codes(g, i + CODES_AHEAD);
        fetch_values(g, i + VALUES_AHEAD, false);
        fetch_values(g, i + CHARACTERS_AHEAD, true);
        if (!link_patterns_add(&g->patterns, link_pattern_of(g->comparer, g->model, g->a[i], g->b[i]), 1))
            g->failed = true;
    }
    g->n = 0;
}

void link_gathering_add(link_gathering *g, uint32_t a, uint32_t b)
{
    g->a[g->n] = a;
    g->b[g->n] = b;
    if (++g->n == LINK_GATHERED)
        link_gathering_end(g);
}
