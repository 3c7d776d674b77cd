#include "link/distinct.h"

#include <stdlib.h>

#include "base/hash.h"
#include "link/parts.h"

/* Texts of one shard (by hash) are told apart by one thread in their order, in a table that the nearer caches hold. Short lists are one
 * shard. */
enum { SHARD_BITS = 6, SHARDS = 1 << SHARD_BITS };

typedef struct slot {
    uint32_t tag;  /* of the hash, other bits than those that pick the slot */
    uint32_t item; /* from 1; 0: free */
} slot;

typedef struct numbering {
    const pt_sv *texts;
    uint32_t n;
    size_t parts;
    uint64_t *hashes;
    uint64_t (*at)[SHARDS]; /* by part: how many texts of each shard it has; then where they go in `items` */
    uint64_t ends[SHARDS];
    uint32_t *items; /* numbers of texts, by shard, in order; NULL: all are one shard */
    uint32_t *same;  /* by text: the first that is equal to it, from 1; 0: it is empty */
} numbering;

static pt_rc hash_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    numbering *x = arg;
    link_range r = link_part_of(part, x->n);

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++) {
        if (!x->texts[i].len)
            continue;
        x->hashes[i] = pt_hash64(x->texts[i].ptr, x->texts[i].len);
        x->at[part][x->hashes[i] >> (64 - SHARD_BITS)]++;
    }
    return PT_OK;
}

static pt_rc scatter_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    numbering *x = arg;
    link_range r = link_part_of(part, x->n);

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++)
        if (x->texts[i].len)
            x->items[x->at[part][x->hashes[i] >> (64 - SHARD_BITS)]++] = i;
    return PT_OK;
}

/* From counts to places. */
static void place_shards(numbering *x)
{
    uint64_t at = 0;

    for (size_t s = 0; s < SHARDS; s++) {
        for (size_t p = 0; p < x->parts; p++) {
            uint64_t count = x->at[p][s];
            x->at[p][s] = at;
            at += count;
        }
        x->ends[s] = at;
    }
}

static uint32_t find_same(const numbering *x, slot *slots, uint64_t mask, uint32_t item)
{
    uint32_t tag = (uint32_t)(x->hashes[item] >> 26);
    uint64_t at = x->hashes[item] & mask;

    for (; slots[at].item; at = (at + 1) & mask)
        if (slots[at].tag == tag && pt_sv_eq(x->texts[slots[at].item - 1], x->texts[item]))
            return slots[at].item;
    slots[at] = (slot){tag, item + 1};
    return item + 1;
}

static pt_rc tell_apart(void *arg, size_t shard, unsigned worker, pt_err *err)
{
    numbering *x = arg;
    uint64_t first = x->items && shard ? x->ends[shard - 1] : 0, end = x->items ? x->ends[shard] : x->n, size = 2;

    (void)worker;
    while (size < 2 * (end - first))
        size *= 2;
    slot *slots = pt_zalloc(size, sizeof *slots);
    if (!slots)
        return pt_fail_nomem(err, "a column of records");
    for (uint64_t i = first; i < end; i++) {
        uint32_t item = x->items ? x->items[i] : (uint32_t)i;
        if (x->texts[item].len)
            x->same[item] = find_same(x, slots, size - 1, item);
    }
    free(slots);
    return PT_OK;
}

static pt_rc tell_all_apart(numbering *x, pt_pool *pool, pt_err *err)
{
    PT_TRY(link_in_parts(pool, x->parts, hash_part, x, err));
    if (x->parts <= 1)
        return tell_apart(x, 0, 0, err);
    place_shards(x);
    if (!(x->items = pt_alloc64(x->ends[SHARDS - 1] + 1, sizeof *x->items)))
        return pt_fail_nomem(err, "a column of records");
    PT_TRY(link_in_parts(pool, x->parts, scatter_part, x, err));
    return link_in_parts(pool, SHARDS, tell_apart, x, err);
}

pt_rc link_number_texts(uint32_t *codes, uint32_t *first, uint32_t *n_distinct, const pt_sv *texts, uint32_t n,
                        pt_pool *pool, pt_err *err)
{
    numbering x = {.texts = texts, .n = n, .parts = link_parts_of(n), .same = codes};
    pt_rc rc = PT_OK;

    *n_distinct = first[0] = 0;
    for (uint32_t i = 0; i < n; i++)
        codes[i] = 0;
    x.hashes = pt_alloc64((size_t)n + 1, sizeof *x.hashes);
    x.at = pt_zalloc(x.parts + 1, sizeof *x.at);
    rc = x.hashes && x.at ? tell_all_apart(&x, pool, err) : pt_fail_nomem(err, "a column of records");
    for (uint32_t i = 0; rc == PT_OK && i < n; i++) {
        if (codes[i] == i + 1)
            first[codes[i] = ++*n_distinct] = i;
        else if (codes[i])
            codes[i] = codes[codes[i] - 1];
    }
    free(x.hashes);
    free(x.at);
    free(x.items);
    return rc;
}
