/* Baskets by code: counted, rare items dropped, sorted by two transpositions, equal baskets made one where many are. */
#include <stdlib.h>

#include "base/hash.h"
#include "model/itemsets_code.h"

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "baskets");
}

void pt_coded_free(pt_coded *c)
{
    free(c->items);
    free(c->counts);
    free(c->codes);
    free(c->starts);
    free(c->weights);
    free(c->place_offsets);
    free(c->places);
    free(c->place_baskets);
    *c = (pt_coded){0};
}

/* --- items to codes ------------------------------------------------------------------------------------------------------- */

typedef struct item_count {
    uint64_t count;
    uint32_t item;
} item_count;

static int by_count(const void *a, const void *b)
{
    const item_count *x = a, *y = b;

    if (x->count != y->count)
        return x->count < y->count ? -1 : 1;
    return x->item < y->item ? -1 : x->item > y->item;
}

/* What is known of items before they have codes. */
typedef struct item_table {
    uint64_t *counts;  /* baskets an item is in, by weight */
    uint32_t *holders; /* the same without weights */
    uint32_t *last;    /* the latest basket + 1 it was met in, so that repeats do not count */
    uint32_t *code_of; /* PT_BASKET_END: rare */
} item_table;

static bool counts_at_all(const pt_baskets *b, size_t i)
{
    return !b->weights || b->weights[i];
}

static pt_rc count_items(item_table *t, const pt_baskets *b, pt_err *err)
{
    for (size_t i = 0; i < b->n; i++) {
        uint64_t weight = b->weights ? b->weights[i] : 1;
        for (uint64_t k = b->offsets[i]; weight && k < b->offsets[i + 1]; k++) {
            uint32_t item = b->items[k];
            if (item >= b->n_items)
                return pt_fail(err, PT_EINVAL, "basket %zu holds item %u of %u", i, item, b->n_items);
            if (t->last[item] == i + 1)
                continue;
            t->last[item] = (uint32_t)(i + 1);
            t->holders[item]++;
            t->counts[item] += weight;
        }
    }
    return PT_OK;
}

static pt_rc number_items(pt_coded *c, item_table *t, uint32_t n_items, uint64_t least, pt_err *err)
{
    item_count *order = pt_zalloc((size_t)n_items + 1, sizeof *order);
    uint32_t n = 0;

    if (!order)
        return no_memory(err);
    for (uint32_t i = 0; i < n_items; i++) {
        t->code_of[i] = PT_BASKET_END;
        if (t->counts[i] >= least)
            order[n++] = (item_count){t->counts[i], i};
    }
    qsort(order, n, sizeof *order, by_count);
    c->n_codes = n;
    c->items = pt_zalloc((size_t)n + 1, sizeof *c->items);
    c->counts = pt_zalloc((size_t)n + 1, sizeof *c->counts);
    for (uint32_t i = 0; c->items && c->counts && i < n; i++) {
        c->items[i] = order[i].item;
        c->counts[i] = order[i].count;
        t->code_of[order[i].item] = i;
    }
    free(order);
    return c->items && c->counts ? PT_OK : no_memory(err);
}

/* --- sorting by two transpositions -------------------------------------------------------------------------------------- */

/* Where the list of each code begins. */
static void lay_out_places(pt_coded *c, const item_table *t)
{
    uint64_t total = 0;

    for (uint32_t code = 0; code < c->n_codes; code++) {
        c->place_offsets[code] = total;
        total += t->holders[c->items[code]];
    }
    c->place_offsets[c->n_codes] = total;
}

/* By code, the baskets that hold it, rising. Baskets with frequent items are numbered anew, 0 to n - 1; `starts` first says how
 * many codes each has. */
static void fill_holders(pt_coded *c, uint32_t *holders, uint64_t *next, const pt_baskets *b, const item_table *t)
{
    for (size_t i = 0; i < b->n; i++) {
        uint32_t n = 0;
        for (uint64_t k = b->offsets[i]; counts_at_all(b, i) && k < b->offsets[i + 1]; k++) {
            uint32_t item = b->items[k], code = t->code_of[item];
            if (code == PT_BASKET_END || t->last[item] == i + 1)
                continue;
            t->last[item] = (uint32_t)(i + 1);
            holders[next[code]++] = (uint32_t)c->n;
            n++;
        }
        if (!n)
            continue;
        if (b->weights)
            c->weights[c->n] = b->weights[i];
        c->starts[c->n++] = n;
    }
}

static pt_rc list_holders(pt_coded *c, uint32_t **holders, const pt_baskets *b, const item_table *t, pt_err *err)
{
    c->place_offsets = pt_zalloc((size_t)c->n_codes + 1, sizeof *c->place_offsets);
    c->starts = pt_zalloc(b->n + 1, sizeof *c->starts);
    if (b->weights)
        c->weights = pt_zalloc(b->n + 1, sizeof *c->weights);
    if (!c->place_offsets || !c->starts || (b->weights && !c->weights))
        return no_memory(err);
    lay_out_places(c, t);
    uint64_t *next = pt_zalloc((size_t)c->n_codes + 1, sizeof *next);
    *holders = pt_zalloc((size_t)c->place_offsets[c->n_codes] + 1, sizeof **holders);
    if (!next || !*holders) {
        free(next);
        return no_memory(err);
    }
    memcpy(next, c->place_offsets, c->n_codes * sizeof *next);
    fill_holders(c, *holders, next, b, t);
    free(next);
    return PT_OK;
}

/* Baskets in which as many codes follow come together: loops over what follows then are predicted. */
enum { LENGTHS = 32 };

typedef struct sorting {
    uint32_t *next;             /* by basket: where its next code goes */
    uint8_t *lengths;           /* of the places of one code: how many codes follow, LENGTHS - 1 and more as one */
    uint32_t *places, *baskets; /* of one code, sorted */
} sorting;

static void sort_places(pt_coded *c, const uint32_t *holders, const sorting *s, uint64_t from, size_t n)
{
    uint32_t at[LENGTHS + 1] = {0};

    for (size_t i = 0; i < n; i++)
        at[s->lengths[i] + 1]++;
    for (unsigned l = 1; l < LENGTHS; l++)
        at[l] += at[l - 1];
    for (size_t i = 0; i < n; i++) {
        uint32_t to = at[s->lengths[i]]++;
        s->places[to] = c->places[from + i];
        s->baskets[to] = holders[from + i];
    }
    memcpy(c->places + from, s->places, n * sizeof *c->places);
    if (c->weights)
        memcpy(c->place_baskets + from, s->baskets, n * sizeof *c->place_baskets);
}

/* And back: since codes are taken as they rise, those of each basket end up rising. */
static void fill_codes(pt_coded *c, const uint32_t *holders, const sorting *s)
{
    for (uint32_t code = 0; code < c->n_codes; code++) {
        uint64_t from = c->place_offsets[code];
        size_t n = (size_t)(c->place_offsets[code + 1] - from);
        for (size_t i = 0; i < n; i++) {
            uint32_t basket = holders[from + i], place = s->next[basket]++;
            uint32_t follow = c->starts[basket + 1] - place - 2;
            c->codes[place] = code;
            c->places[from + i] = place;
            s->lengths[i] = (uint8_t)(follow < LENGTHS - 1 ? follow : LENGTHS - 1);
        }
        sort_places(c, holders, s, from, n);
    }
}

static void lay_out_baskets(pt_coded *c, uint32_t *next)
{
    uint32_t at = 0;

    for (size_t i = 0; i < c->n; i++) {
        uint32_t n = c->starts[i];
        c->starts[i] = next[i] = at;
        at += n + 1;
        c->codes[at - 1] = PT_BASKET_END;
    }
    c->starts[c->n] = at;
}

static pt_rc list_codes(pt_coded *c, const uint32_t *holders, pt_err *err)
{
    uint64_t total = c->place_offsets[c->n_codes] + c->n;

    if (total >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "baskets hold %llu items, of 4,294,967,294 allowed", (unsigned long long)total);
    sorting s = {.next = pt_zalloc(c->n + 1, sizeof *s.next),
                 .lengths = pt_zalloc(c->n + 1, sizeof *s.lengths),
                 .places = pt_zalloc(c->n + 1, sizeof *s.places),
                 .baskets = pt_zalloc(c->n + 1, sizeof *s.baskets)};
    c->codes = pt_zalloc(total + 1, sizeof *c->codes);
    c->places = pt_zalloc(total + 1, sizeof *c->places);
    if (c->weights)
        c->place_baskets = pt_zalloc(total + 1, sizeof *c->place_baskets);
    bool able = s.next && s.lengths && s.places && s.baskets && c->codes && c->places;
    able = able && (!c->weights || c->place_baskets);
    if (able) {
        lay_out_baskets(c, s.next);
        fill_codes(c, holders, &s);
    }
    free(s.next);
    free(s.lengths);
    free(s.places);
    free(s.baskets);
    return able ? PT_OK : no_memory(err);
}

static pt_rc code_baskets(pt_coded *c, const pt_baskets *b, uint64_t least, pt_err *err)
{
    size_t n = (size_t)b->n_items + 1;
    item_table t = {.counts = pt_zalloc(n, sizeof *t.counts),
                    .holders = pt_zalloc(n, sizeof *t.holders),
                    .last = pt_zalloc(n, sizeof *t.last),
                    .code_of = pt_zalloc(n, sizeof *t.code_of)};
    uint32_t *holders = NULL;

    pt_rc rc = t.counts && t.holders && t.last && t.code_of ? count_items(&t, b, err) : no_memory(err);
    if (rc == PT_OK)
        rc = number_items(c, &t, b->n_items, least, err);
    if (rc == PT_OK) {
        memset(t.last, 0, n * sizeof *t.last);
        rc = list_holders(c, &holders, b, &t, err);
    }
    if (rc == PT_OK)
        rc = list_codes(c, holders, err);
    free(t.counts);
    free(t.holders);
    free(t.last);
    free(t.code_of);
    free(holders);
    return rc;
}

/* --- equal baskets made one ---------------------------------------------------------------------------------------------- */

typedef struct merge {
    const pt_coded *c;
    uint32_t *slots; /* number of a basket of `kept` + 1 */
    size_t mask;
    uint32_t *kept; /* baskets that stand for all equal to them */
    uint64_t *weights;
    size_t n;
} merge;

static size_t basket_size(const pt_coded *c, size_t i)
{
    return (size_t)(c->starts[i + 1] - c->starts[i]);
}

static void merge_one(merge *m, size_t i)
{
    const pt_coded *c = m->c;
    const uint32_t *codes = c->codes + c->starts[i];
    size_t size = basket_size(c, i), slot = pt_hash64(codes, size * sizeof *codes) & m->mask;
    uint64_t weight = c->weights ? c->weights[i] : 1;

    for (; m->slots[slot]; slot = (slot + 1) & m->mask) {
        uint32_t k = m->slots[slot] - 1, other = m->kept[k];
        if (basket_size(c, other) == size && !memcmp(c->codes + c->starts[other], codes, size * sizeof *codes)) {
            m->weights[k] += weight;
            return;
        }
    }
    m->kept[m->n] = (uint32_t)i;
    m->weights[m->n++] = weight;
    m->slots[slot] = (uint32_t)m->n;
}

/* Merges the first `n` baskets. */
static pt_rc merge_first(merge *m, const pt_coded *c, size_t n, pt_err *err)
{
    size_t slots = 16;

    while (slots < 2 * n)
        slots *= 2;
    *m = (merge){.c = c, .mask = slots - 1};
    m->slots = pt_zalloc(slots, sizeof *m->slots);
    m->kept = pt_zalloc(n + 1, sizeof *m->kept);
    m->weights = pt_zalloc(n + 1, sizeof *m->weights);
    if (!m->slots || !m->kept || !m->weights)
        return no_memory(err);
    for (size_t i = 0; i < n; i++)
        merge_one(m, i);
    return PT_OK;
}

static void merge_free(merge *m)
{
    free(m->slots);
    free(m->kept);
    free(m->weights);
}

/* The merged baskets, with codes for items. A weight beyond 32 bits is split among several. */
static pt_rc merged_baskets(pt_coded *out, const merge *m, const pt_coded *c, pt_err *err)
{
    size_t n = 0, total = 0;

    for (size_t i = 0; i < m->n; i++) {
        size_t times = (size_t)(m->weights[i] / UINT32_MAX) + 1;
        n += times;
        total += times * (basket_size(c, m->kept[i]) - 1);
    }
    uint64_t *offsets = pt_zalloc(n + 1, sizeof *offsets);
    uint32_t *items = pt_zalloc(total + 1, sizeof *items), *weights = pt_zalloc(n + 1, sizeof *weights);
    pt_rc rc = offsets && items && weights ? PT_OK : no_memory(err);
    size_t at = 0;
    for (size_t i = 0; rc == PT_OK && i < m->n; i++) {
        size_t size = basket_size(c, m->kept[i]) - 1;
        for (uint64_t left = m->weights[i], part; left; left -= part) {
            part = left < UINT32_MAX ? left : UINT32_MAX;
            memcpy(items + offsets[at], c->codes + c->starts[m->kept[i]], size * sizeof *items);
            weights[at] = (uint32_t)part;
            offsets[at + 1] = offsets[at] + size;
            at++;
        }
    }
    if (rc == PT_OK) {
        pt_baskets b = {.offsets = offsets, .items = items, .weights = weights, .n = at, .n_items = c->n_codes};
        rc = code_baskets(out, &b, 0, err);
    }
    free(offsets);
    free(items);
    free(weights);
    return rc;
}

/* Worth while when more than half of the first baskets are equal to others: then the rows of bits are shorter by more than
 * weights make them longer. */
enum { SAMPLE = 8192 };

static pt_rc merge_equal(pt_coded *c, pt_err *err)
{
    size_t sample = c->n < SAMPLE ? c->n : SAMPLE;
    pt_coded merged = {0};
    merge m;

    pt_rc rc = merge_first(&m, c, sample, err);
    size_t different = m.n;
    merge_free(&m);
    if (rc != PT_OK || different * 2 > sample)
        return rc;
    rc = merge_first(&m, c, c->n, err);
    if (rc == PT_OK)
        rc = merged_baskets(&merged, &m, c, err);
    merge_free(&m);
    if (rc != PT_OK) {
        pt_coded_free(&merged);
        return rc;
    }
    /* Codes are numbered as before, since counts are: the items can be kept. */
    uint32_t *items = merged.items;
    merged.items = c->items;
    c->items = items;
    pt_coded_free(c);
    *c = merged;
    return PT_OK;
}

pt_rc pt_coded_new(pt_coded *out, const pt_baskets *baskets, uint64_t least, pt_err *err)
{
    *out = (pt_coded){0};
    if (baskets->n >= UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "%zu baskets, of 4,294,967,294 allowed", baskets->n);
    pt_rc rc = code_baskets(out, baskets, least ? least : 1, err);
    return rc == PT_OK && out->n ? merge_equal(out, err) : rc;
}
