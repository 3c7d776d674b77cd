#include "link/sort.h"

#include <stddef.h>

#include "base/pool_stop.h"

enum { DIGIT = 11, DIGITS = (64 + DIGIT - 1) / DIGIT };

/* Least digit first. A digit that all keys share is passed over. */
pt_rc link_sort(link_entry **from, link_entry **to, uint64_t n, const pt_pool *pool, pt_err *err)
{
    static const uint64_t mask = (1 << DIGIT) - 1;
    uint64_t counts[DIGITS][1 << DIGIT] = {0};

    for (uint64_t i = 0; i < n; i++)
        for (unsigned d = 0; d < DIGITS; d++)
            counts[d][(*from)[i].key >> (d * DIGIT) & mask]++;
    for (unsigned d = 0; d < DIGITS; d++) {
        uint64_t at = 0;
        PT_TRY(pt_pool_check(pool, err));
        if (n && counts[d][(*from)[0].key >> (d * DIGIT) & mask] == n)
            continue;
        for (size_t v = 0; v <= mask; v++) {
            uint64_t count = counts[d][v];
            counts[d][v] = at;
            at += count;
        }
        for (uint64_t i = 0; i < n; i++)
            (*to)[counts[d][(*from)[i].key >> (d * DIGIT) & mask]++] = (*from)[i];
        link_entry *swap = *from;
        *from = *to, *to = swap;
    }
    return PT_OK;
}
