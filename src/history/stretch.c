#include "history/stretch.h"

#include <string.h>

/* The window is (as_of - within, as_of]. Instants of as-ofs are far from the ends of their type, lengths may not be. */
static int64_t window_start(const pt_stretches *s)
{
    int64_t start;

    return __builtin_sub_overflow(s->as_of, s->within, &start) ? INT64_MIN : start;
}

static int64_t end_of(const pt_stretches *s, size_t state)
{
    return state + 1 < s->n ? s->from[state + 1] : s->as_of;
}

size_t pt_stretch_first(const pt_stretches *s)
{
    int64_t start = window_start(s);
    size_t i = 0;

    while (i + 1 < s->n && end_of(s, i) <= start)
        i++;
    return i;
}

int64_t pt_stretch_length(const pt_stretches *s, size_t first, size_t end)
{
    int64_t from = s->from[first], start = window_start(s), length;

    from = from > start ? from : start;
    return __builtin_sub_overflow(end_of(s, end - 1), from, &length) ? INT64_MAX : length;
}

static uint64_t end_stretches(const pt_stretches *s, uint64_t falls, const uint32_t *starts, size_t end)
{
    uint64_t long_enough = 0;

    for (; falls; falls &= falls - 1) {
        unsigned bit = (unsigned)__builtin_ctzll(falls);
        if (pt_stretch_length(s, starts[bit], end) >= s->at_least)
            long_enough |= UINT64_C(1) << bit;
    }
    return long_enough;
}

/* 64 customers: only states in which something changes cost more than a few instructions. */
static uint64_t decide_word(const pt_stretches *s, size_t first, size_t word, uint32_t *starts)
{
    uint64_t before = 0, yes = 0;

    for (size_t i = first; i < s->n; i++) {
        uint64_t now = s->held[i][word];
        yes |= end_stretches(s, before & ~now & ~yes, starts, i);
        for (uint64_t rises = now & ~before & ~yes; rises; rises &= rises - 1)
            starts[__builtin_ctzll(rises)] = (uint32_t)i;
        before = now;
    }
    return yes | end_stretches(s, before & ~yes, starts, s->n);
}

void pt_stretch_decide(uint64_t *yes, uint64_t *no, const pt_stretches *s, uint32_t *starts)
{
    size_t first = pt_stretch_first(s);

    memset(no, 0, s->words * sizeof *no);
    memset(yes, 0, s->words * sizeof *yes);
    for (size_t i = first; i < s->n; i++)
        for (size_t w = 0; w < s->words; w++) {
            no[w] |= s->known[i][w];
            yes[w] |= s->held[i][w];
        }
    for (size_t w = 0; w < s->words && s->at_least > 0; w++)
        yes[w] = yes[w] ? decide_word(s, first, w, starts) : 0;
    for (size_t w = 0; w < s->words; w++)
        no[w] &= ~yes[w];
}
