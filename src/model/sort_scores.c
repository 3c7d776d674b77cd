/* A stable radix sort of the upper half of each key, 11 bits at a time. */
#include "model/sort_scores.h"

enum { DIGIT_BITS = 11, DIGITS = 3, BUCKETS = 1 << DIGIT_BITS };

static unsigned digit_of(uint64_t key, unsigned digit)
{
    return (unsigned)(key >> (32 + digit * DIGIT_BITS)) & (BUCKETS - 1);
}

/* Whether the keys moved: a digit that all share needs no pass. */
static int sort_by_digit(uint64_t *to, const uint64_t *from, size_t n, unsigned digit)
{
    size_t starts[BUCKETS] = {0};
    size_t sum = 0;

    for (size_t i = 0; i < n; i++)
        starts[digit_of(from[i], digit)]++;
    if (starts[digit_of(from[0], digit)] == n)
        return 0;
    for (unsigned b = 0; b < BUCKETS; b++) {
        const size_t count = starts[b];
        starts[b] = sum;
        sum += count;
    }
    for (size_t i = 0; i < n; i++)
        to[starts[digit_of(from[i], digit)]++] = from[i];
    return 1;
}

void pt_sort_scores(uint64_t *keys, uint64_t *scratch, size_t n)
{
    uint64_t *from = keys;
    uint64_t *to = scratch;

    if (n < 2)
        return;
    for (unsigned digit = 0; digit < DIGITS; digit++)
        if (sort_by_digit(to, from, n, digit)) {
            uint64_t *swap = from;
            from = to;
            to = swap;
        }
    if (from != keys)
        memcpy(keys, from, n * sizeof *keys);
}
