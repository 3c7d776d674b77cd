/* The loops of bitrows.h. A file that includes this defines KERNEL_TARGET (the attribute of every function) and KERNEL_NAME, and
 * where the machine has better, KERNEL_MEET_ROW and KERNEL_PEXT. */
#include <stdbool.h>
#include <string.h>

#include "model/bitrows.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

#ifndef KERNEL_MEET_ROW
#define KERNEL_MEET_ROW meet_row
STEP uint64_t meet_row(uint64_t *to, const uint64_t *a, const uint64_t *b, const uint64_t *shifts, size_t words)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < words; i++) {
        uint64_t x = a[i] & b[i];
        to[i] = x;
        sum += (uint64_t)__builtin_popcountll(x) << (shifts ? shifts[i] : 0);
    }
    return sum;
}
#endif

#ifndef KERNEL_PEXT
#define KERNEL_PEXT bits_of_mask
STEP uint64_t bits_of_mask(uint64_t x, uint64_t mask)
{
    uint64_t out = 0;

    for (unsigned n = 0; mask; mask &= mask - 1, n++)
        out |= (x >> __builtin_ctzll(mask) & 1) << n;
    return out;
}
#endif

STEP size_t meet_rows(const pt_bitrow_class *c, const uint64_t *shifts)
{
    size_t kept = 0;

    for (size_t i = 0; i < c->n; i++) {
        uint64_t n = KERNEL_MEET_ROW(c->kept + kept * c->words, c->row, c->rows + i * c->words, shifts, c->words);
        c->which[kept] = (uint32_t)i;
        c->counts[kept] = n;
        kept += n >= c->least;
    }
    return kept;
}

LOOP size_t meet(const pt_bitrow_class *c)
{
    return c->shifts ? meet_rows(c, c->shifts) : meet_rows(c, NULL);
}

STEP void pack_row(uint64_t *to, const uint64_t *x, const uint64_t *mask, size_t words, size_t words_out)
{
    uint64_t pending = 0;
    unsigned filled = 0;
    size_t at = 0;

    for (size_t i = 0; i < words; i++) {
        uint64_t bits = KERNEL_PEXT(x[i], mask[i]);
        unsigned n = (unsigned)__builtin_popcountll(mask[i]);
        pending |= bits << filled;
        if (filled + n >= 64) {
            to[at++] = pending;
            pending = filled ? bits >> (64 - filled) : 0;
            filled -= 64;
        }
        filled += n;
    }
    if (filled)
        to[at++] = pending;
    memset(to + at, 0, (words_out - at) * sizeof *to);
}

LOOP void pack(const pt_bitrow_class *c, size_t words_out)
{
    for (size_t i = 0; i < c->n; i++)
        pack_row(c->kept + i * words_out, c->rows + i * c->words, c->row, c->words, words_out);
}

static const pt_bitrow_kernels table = {.name = KERNEL_NAME, .meet = meet, .pack = pack};
