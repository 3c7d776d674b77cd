#include "link/sort.h"

#include <string.h>

#include "base/pool_stop.h"

/* Keys are cut into an upper half, by which all are sorted, and a lower one, for those whose upper halves are equal: of hashes, hardly any
 * but equal keys. */
enum { DIGIT = 11, HALF = 3, UPPER = 64 - HALF * DIGIT, VALUES = 1 << DIGIT, SHORT = 32 };

/* By HALF digits from bit `low` on, least first. A digit that all keys share is passed over. */
static pt_rc sort_half(link_entry **from, link_entry **to, uint64_t n, unsigned low, const pt_pool *pool, pt_err *err)
{
    static const uint64_t mask = VALUES - 1;
    uint64_t counts[HALF][VALUES] = {0};

    for (uint64_t i = 0; i < n; i++)
        for (unsigned d = 0; d < HALF; d++)
            counts[d][(*from)[i].key >> (low + d * DIGIT) & mask]++;
    for (unsigned d = 0; d < HALF; d++) {
        unsigned shift = low + d * DIGIT;
        uint64_t at = 0;
        PT_TRY(pt_pool_check(pool, err));
        if (n && counts[d][(*from)[0].key >> shift & mask] == n)
            continue;
        for (size_t v = 0; v < VALUES; v++) {
            uint64_t count = counts[d][v];
            counts[d][v] = at;
            at += count;
        }
        for (uint64_t i = 0; i < n; i++)
            (*to)[counts[d][(*from)[i].key >> shift & mask]++] = (*from)[i];
        link_entry *swap = *from;
        *from = *to, *to = swap;
    }
    return PT_OK;
}

static void insert_all(link_entry *e, uint64_t n)
{
    for (uint64_t i = 1; i < n; i++) {
        link_entry moved = e[i];
        uint64_t at = i;
        for (; at > 0 && e[at - 1].key > moved.key; at--)
            e[at] = e[at - 1];
        e[at] = moved;
    }
}

/* Entries whose upper halves are equal. */
static pt_rc sort_run(link_entry *run, link_entry *room, uint64_t n, const pt_pool *pool, pt_err *err)
{
    link_entry *from = run, *to = room;

    if (n <= SHORT) {
        insert_all(run, n);
        return PT_OK;
    }
    PT_TRY(sort_half(&from, &to, n, 0, pool, err));
    if (from != run)
        memcpy(run, from, n * sizeof *run);
    return PT_OK;
}

pt_rc link_sort(link_entry **from, link_entry **to, uint64_t n, const pt_pool *pool, pt_err *err)
{
    PT_TRY(sort_half(from, to, n, UPPER, pool, err));
    for (uint64_t i = 0, end; i < n; i = end) {
        const link_entry *e = *from;
        bool equal = true;
        for (end = i + 1; end < n && e[end].key >> UPPER == e[i].key >> UPPER; end++)
            equal &= e[end].key == e[i].key;
        if (!equal)
            PT_TRY(sort_run(*from + i, *to + i, end - i, pool, err));
    }
    return PT_OK;
}
