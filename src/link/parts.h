/* Work over long arrays, cut into parts of a fixed size: what comes out does not depend on the number of threads. */
#ifndef PT_LINK_PARTS_H
#define PT_LINK_PARTS_H

#include <stdint.h>

#include "base/pool.h"

enum { LINK_PART = 1 << 13 };

typedef struct link_range {
    uint32_t first, end;
} link_range;

static inline size_t link_parts_of(uint64_t n)
{
    return (size_t)((n + LINK_PART - 1) / LINK_PART);
}

static inline link_range link_part_of(size_t part, uint32_t n)
{
    uint64_t first = (uint64_t)part * LINK_PART, end = first + LINK_PART;

    return (link_range){(uint32_t)first, end < n ? (uint32_t)end : n};
}

/* As pt_pool_run; without a pool on the caller's thread. */
static inline pt_rc link_in_parts(pt_pool *pool, size_t n,
                                  pt_rc (*fn)(void *arg, size_t index, unsigned worker, pt_err *err), void *arg,
                                  pt_err *err)
{
    pt_rc rc = PT_OK;

    if (pool && n > 1)
        return pt_pool_run(pool, n, fn, arg, err);
    for (size_t i = 0; rc == PT_OK && i < n; i++)
        rc = fn(arg, i, 0, err);
    return rc;
}

#endif
