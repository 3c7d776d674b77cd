/* Which class a row of probabilities means. */
#ifndef PT_MODEL_LIKELIEST_H
#define PT_MODEL_LIKELIEST_H

#include <stddef.h>
#include <stdint.h>

/* The class of the greatest of n probabilities, of equal ones the first. n is at least 1. */
static inline uint32_t pt_likeliest(const float *p, size_t n)
{
    uint32_t best = 0;

    for (uint32_t k = 1; k < n; k++)
        best = p[k] > p[best] ? k : best;
    return best;
}

#endif
