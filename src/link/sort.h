/* Sorting many small things by a key of 64 bits. */
#ifndef PT_LINK_SORT_H
#define PT_LINK_SORT_H

#include <stdint.h>

#include "base/pool.h"

typedef struct link_entry {
    uint64_t key;
    uint32_t value;
} link_entry;

/* By key; equal ones stay in order. The sorted ones are in *from; *to is as large, and the two may have changed places.
 * Stops between digits when the pool (NULL: none) is asked to. */
pt_rc link_sort(link_entry **from, link_entry **to, uint64_t n, const pt_pool *pool, pt_err *err);

#endif
