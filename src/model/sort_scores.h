/* Rows in the order of a float: what quantiles, curves and areas are read from. */
#ifndef PT_MODEL_SORT_SCORES_H
#define PT_MODEL_SORT_SCORES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A key whose order as an integer is the order of the floats (no NaN; -0 and 0 are one), with a row below it. */
static inline uint64_t pt_score_key(float value, uint32_t row)
{
    const float plain = value + 0.0F; /* -0 becomes 0 */
    uint32_t bits;

    memcpy(&bits, &plain, sizeof bits);
    bits = bits >> 31 ? ~bits : bits | UINT32_C(0x80000000);
    return (uint64_t)bits << 32 | row;
}

static inline float pt_score_value(uint64_t key)
{
    uint32_t bits = (uint32_t)(key >> 32);
    float value;

    bits = bits >> 31 ? bits & UINT32_C(0x7fffffff) : ~bits;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t pt_score_row(uint64_t key)
{
    return (uint32_t)key;
}

/* Ascending by value; equal values stay in their order. `scratch` holds n. */
void pt_sort_scores(uint64_t *keys, uint64_t *scratch, size_t n);

#endif
