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
