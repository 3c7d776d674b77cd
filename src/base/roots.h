/* Sets that only grow together (union-find, Tarjan 1975; paths are halved, van Leeuwen and van der Weide 1977). parent[i] is i at
 * the root of a set. Joined to the smaller root, a set is known by its first member, in whatever order sets were joined. */
#ifndef PT_BASE_ROOTS_H
#define PT_BASE_ROOTS_H

#include <stdint.h>

static inline uint32_t pt_root(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static inline void pt_roots_join(uint32_t *parent, uint32_t a, uint32_t b)
{
    uint32_t x = pt_root(parent, a), y = pt_root(parent, b);

    parent[x > y ? x : y] = x > y ? y : x;
}

#endif
