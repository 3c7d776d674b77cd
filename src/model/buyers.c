#include "model/buyers.h"

#include <stdlib.h>
#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS, MOST_PASSES = 6 };

/* One customer as a number whose order is that of (x, age, last), in as few bits as these data need. */
typedef struct layout {
    unsigned last_bits, age_bits, x_bits;
} layout;

typedef struct entry {
    uint64_t key;
    uint32_t row;
} entry;

static unsigned bits_of(uint32_t most)
{
    return most ? 32 - (unsigned)__builtin_clz(most) : 0;
}

static pt_rc check_rows(pt_buyers *out, const uint32_t *x, const uint32_t *last, const uint32_t *age, size_t n,
                        pt_err *err)
{
    for (size_t i = 0; i < n; i++) {
        if (last[i] > age[i] || (x[i] == 0 && last[i] != 0))
            return pt_fail(err, PT_EINVAL,
                           "customer %zu: the last purchase does not go with the number of purchases and the age", i);
        out->most_x = x[i] > out->most_x ? x[i] : out->most_x;
        out->most_ticks = age[i] > out->most_ticks ? age[i] : out->most_ticks;
    }
    if (out->most_x > PT_BUYERS_MOST || out->most_ticks > PT_BUYERS_MOST)
        return pt_fail(err, PT_EINVAL, "more than %u purchases or units of time since the first", PT_BUYERS_MOST);
    return PT_OK;
}

/* By the digits of the key from the lowest up (LSD radix sort); which of the two arrays holds the result. */
static entry *sort_entries(entry *a, entry *b, size_t n, unsigned bits)
{
    static const uint64_t MASK = DIGITS - 1;
    uint32_t counts[MOST_PASSES][DIGITS];
    unsigned passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;

    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < n; i++)
        for (unsigned p = 0; p < passes; p++)
            counts[p][a[i].key >> (p * DIGIT_BITS) & MASK]++;
    for (unsigned p = 0; p < passes; p++) {
        uint32_t at = 0;
        for (size_t d = 0; d < DIGITS; d++) {
            uint32_t here = counts[p][d];
            counts[p][d] = at;
            at += here;
        }
        for (size_t i = 0; i < n; i++)
            b[counts[p][a[i].key >> (p * DIGIT_BITS) & MASK]++] = a[i];
        entry *other = a;
        a = b;
        b = other;
    }
    return a;
}

static size_t count_distinct(const entry *sorted, size_t n)
{
    size_t distinct = n > 0;

    for (size_t i = 1; i < n; i++)
        distinct += sorted[i].key != sorted[i - 1].key;
    return distinct;
}

static pt_rc fill(pt_buyers *out, uint32_t *of, const entry *sorted, size_t n, layout l, pt_arena *arena, pt_err *err)
{
    size_t distinct = count_distinct(sorted, n);
    uint32_t *fields[4];

    for (size_t f = 0; f < PT_COUNT(fields); f++)
        if (!(fields[f] = PT_NEW_ARRAY(arena, uint32_t, distinct)))
            return pt_fail_nomem(err, "the customers");
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        uint64_t key = sorted[i].key;
        at += i > 0 && key != sorted[i - 1].key;
        fields[0][at] = (uint32_t)(key >> (l.last_bits + l.age_bits));
        fields[1][at] = (uint32_t)(key & ((UINT64_C(1) << l.last_bits) - 1));
        fields[2][at] = (uint32_t)(key >> l.last_bits & ((UINT64_C(1) << l.age_bits) - 1));
        fields[3][at]++;
        if (of)
            of[sorted[i].row] = (uint32_t)at;
    }
    out->n = distinct;
    out->x = fields[0];
    out->last = fields[1];
    out->age = fields[2];
    out->count = fields[3];
    return PT_OK;
}

pt_rc pt_buyers_collapse(pt_buyers *out, uint32_t *of, const uint32_t *x, const uint32_t *last, const uint32_t *age,
                         size_t n, double ticks, pt_arena *arena, pt_err *err)
{
    *out = (pt_buyers){.ticks = ticks, .customers = n};
    if (n >= UINT32_MAX || !(ticks > 0))
        return pt_fail(err, PT_EINVAL, "too many customers, or no unit of time");
    PT_TRY(check_rows(out, x, last, age, n, err));
    layout l = {bits_of(out->most_ticks), bits_of(out->most_ticks), bits_of(out->most_x)};
    entry *entries = pt_alloc64(2 * n + 1, sizeof *entries);
    if (!entries)
        return pt_fail_nomem(err, "the customers");
    for (size_t i = 0; i < n; i++)
        entries[i] = (entry){(uint64_t)x[i] << (l.last_bits + l.age_bits) | (uint64_t)age[i] << l.last_bits | last[i],
                             (uint32_t)i};
    entry *sorted = sort_entries(entries, entries + n, n, l.last_bits + l.age_bits + l.x_bits);
    pt_rc rc = fill(out, of, sorted, n, l, arena, err);
    free(entries);
    return rc;
}
