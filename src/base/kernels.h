/* The choice among tables of loops, one an instruction set, when the program runs. */
#ifndef PT_BASE_KERNELS_H
#define PT_BASE_KERNELS_H

#include <stddef.h>

#include "base/err.h"

/* The i-th that is not NULL; NULL past the last. */
static inline const void *pt_kernels_among(const void *const *all, size_t n, unsigned i)
{
    for (size_t at = 0; at < n; at++)
        if (all[at] && i-- == 0)
            return all[at];
    return NULL;
}

/* Defines name_nth(i), the tables that this machine can run, and name_best(), the last of them. The arguments: all, the best last,
 * NULL where the machine or the compiler lacks one; the first is never NULL. */
#define PT_KERNELS_CHOICE(type, name, ...)              \
    const type *name##_nth(unsigned i)                  \
    {                                                   \
        const void *const all[] = {__VA_ARGS__};        \
                                                        \
        return pt_kernels_among(all, PT_COUNT(all), i); \
    }                                                   \
                                                        \
    const type *name##_best(void)                       \
    {                                                   \
        const type *best = name##_nth(0);               \
                                                        \
        for (unsigned i = 1; name##_nth(i); i++)        \
            best = name##_nth(i);                       \
        return best;                                    \
    }

#endif
