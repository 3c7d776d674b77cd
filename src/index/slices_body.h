/* The loops of slices.h. A file that includes this defines KERNEL_TARGET (the attribute of every function), KERNEL_NAME
 * (what the table is called), KERNEL_LINE_BYTES (of a register) and, where the machine has instructions for them,
 * KERNEL_LINE_EMPTY, KERNEL_ADD_COUNT, KERNEL_COUNT_PLACES, KERNEL_MAJORITY with KERNEL_AND_SAME, KERNEL_UNPACK and KERNEL_MEMBER_CODES; the
 * compiler does the rest. Everything works on lines: one register of each row, and the unit in
 * which work is left out. */
#include <string.h>

#include "index/slices.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

/* Lines are handed on by pointer: passing one by value would depend on what the caller was compiled for. */
typedef uint64_t line __attribute__((vector_size(KERNEL_LINE_BYTES)));
enum { LINE_WORDS = KERNEL_LINE_BYTES / 8, LINES = PT_BLOCK_WORDS / LINE_WORDS };

#define ROW(rows, j) ((const line *)(const void *)(rows) + (size_t)(j)*LINES)

#ifdef KERNEL_LINE_EMPTY
#define line_empty(x) KERNEL_LINE_EMPTY(x)
#else
STEP bool line_empty(const line *x)
{
    uint64_t any = 0;

    for (unsigned i = 0; i < LINE_WORDS; i++)
        any |= (*x)[i];
    return any == 0;
}
#endif

/* sum[i] += set bits of word i. */
#ifdef KERNEL_ADD_COUNT
#define add_count(sum, x) KERNEL_ADD_COUNT(sum, x)
#else
STEP void add_count(line *sum, const line *x)
{
    for (unsigned i = 0; i < LINE_WORDS; i++)
        (*sum)[i] += (uint64_t)__builtin_popcountll((*x)[i]);
}
#endif

STEP uint64_t total(const line *sum)
{
    line x = *sum;
    uint64_t n = 0;

    for (unsigned i = 0; i < LINE_WORDS; i++)
        n += x[i];
    return n;
}

/* --- one row --------------------------------------------------------------------------------------------------------- */

LOOP void and_row(uint64_t *bits, const uint64_t *row)
{
    line *to = (line *)(void *)bits;

    for (size_t at = 0; at < LINES; at++)
        to[at] &= ROW(row, 0)[at];
}

LOOP void and_not_row(uint64_t *bits, const uint64_t *row)
{
    line *to = (line *)(void *)bits;

    for (size_t at = 0; at < LINES; at++)
        to[at] &= ~ROW(row, 0)[at];
}

LOOP void or_row(uint64_t *bits, const uint64_t *row)
{
    line *to = (line *)(void *)bits;

    for (size_t at = 0; at < LINES; at++)
        to[at] |= ROW(row, 0)[at];
}

LOOP uint64_t count(const uint64_t *bits)
{
    line sum = {0};

    for (size_t at = 0; at < LINES; at++)
        add_count(&sum, &ROW(bits, 0)[at]);
    return total(&sum);
}

LOOP uint64_t count_and(const uint64_t *bits, const uint64_t *row)
{
    line sum = {0};

    for (size_t at = 0; at < LINES; at++) {
        line both = ROW(bits, 0)[at] & ROW(row, 0)[at];
        add_count(&sum, &both);
    }
    return total(&sum);
}

#ifndef KERNEL_COUNT_PLACES
#define KERNEL_COUNT_PLACES count_places
/* Four sums, so that none waits for another. One by one is what the machine does best here; the empty statement keeps compilers
 * from collecting bits into registers. */
#define ADD_PLACE(sum, at)                                     \
    do {                                                       \
        sum += bits[places[at] >> 6] >> (places[at] & 63) & 1; \
        __asm__("" : "+r"(sum));                               \
    } while (0)

LOOP uint64_t count_places(const uint64_t *bits, const uint16_t *places, size_t n)
{
    uint64_t a = 0, b = 0, c = 0, d = 0;
    size_t i = 0;

    for (; n - i >= 4; i += 4) {
        ADD_PLACE(a, i);
        ADD_PLACE(b, i + 1);
        ADD_PLACE(c, i + 2);
        ADD_PLACE(d, i + 3);
    }
    for (; i < n; i++)
        ADD_PLACE(a, i);
    return a + b + c + d;
}
#undef ADD_PLACE
#endif

/* --- one code --------------------------------------------------------------------------------------------------------- */

/* Rows [from, from + n), n a constant where this is inlined: one pass, so that bits are read and written once for n rows. */
STEP void equal_rows(uint64_t *bits, const uint64_t *rows, unsigned from, unsigned n, uint32_t code)
{
    line *to = (line *)(void *)bits;
    line flip[4];

    for (unsigned j = 0; j < n; j++)
        flip[j] = (code >> (from + j) & 1 ? (line){0} : ~(line){0});
    for (size_t at = 0; at < LINES; at++) {
        line x = to[at];
        if (line_empty(&x)) /* rows of nobody are not read */
            continue;
        for (unsigned j = 0; j < n; j++)
            x &= ROW(rows, from + j)[at] ^ flip[j];
        to[at] = x;
    }
}

LOOP void equal(uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t code)
{
    unsigned from = 0;

    for (; k - from >= 4; from += 4)
        equal_rows(bits, rows, from, 4, code);
    switch (k - from) {
    case 1: equal_rows(bits, rows, from, 1, code); break;
    case 2: equal_rows(bits, rows, from, 2, code); break;
    case 3: equal_rows(bits, rows, from, 3, code); break;
    default: break;
    }
}

/* --- several rows at once ---------------------------------------------------------------------------------------------- */

#define FETCH(p) __builtin_prefetch(p, 0, 2)

/* n rows from the first-th on, n a constant where this is inlined: the machine waits for all of them at the same time. */
STEP bool and_some(line *to, const pt_slice_rows *set, unsigned first, unsigned n, size_t lines)
{
    const line *rows[4], *ahead[4];
    line flip[4], left = {0};

    for (unsigned i = 0; i < n; i++) {
        rows[i] = ROW(set->rows[first + i] + set->at, 0);
        ahead[i] = ROW(set->ahead[first + i] + set->ahead_at, 0);
        flip[i] = set->flips >> (first + i) & 1 ? ~(line){0} : (line){0};
    }
    for (size_t at = 0; at < lines; at++) {
        line x = to[at];
        if (line_empty(&x)) /* rows of nobody are not read */
            continue;
        for (unsigned i = 0; i < n; i++) {
            FETCH(&ahead[i][at]);
            x &= rows[i][at] ^ flip[i];
        }
        to[at] = x;
        left |= x;
    }
    return !line_empty(&left);
}

LOOP bool and_rows(uint64_t *bits, const pt_slice_rows *set, size_t words)
{
    line *to = (line *)(void *)bits;
    size_t lines = words / LINE_WORDS;
    unsigned first = 0;
    bool left = true;

    for (; left && set->n - first > 4; first += 4)
        left = and_some(to, set, first, 4, lines);
    if (!left)
        return false;
    switch (set->n - first) {
    case 1: return and_some(to, set, first, 1, lines);
    case 2: return and_some(to, set, first, 2, lines);
    case 3: return and_some(to, set, first, 3, lines);
    default: return and_some(to, set, first, 4, lines);
    }
}

LOOP bool or_rows(uint64_t *sum, const uint64_t *bits, const pt_slice_rows *set, size_t words)
{
    line *to = (line *)(void *)sum, left = {0};

    for (size_t at = 0; at < words / LINE_WORDS; at++) {
        line x = ROW(bits, 0)[at], any = {0};
        if (line_empty(&x))
            continue;
        for (unsigned i = 0; i < set->n; i++) {
            line flip = set->flips >> i & 1 ? ~(line){0} : (line){0};
            FETCH(&ROW(set->ahead[i] + set->ahead_at, 0)[at]);
            any |= ROW(set->rows[i] + set->at, 0)[at] ^ flip;
        }
        to[at] |= x & any;
        left |= to[at];
    }
    return !line_empty(&left);
}

/* --- a range of codes ------------------------------------------------------------------------------------------------ */

/* A bound, its bits as words and turned. Slices below `stop` cannot decide which side of it a code is on. */
typedef struct bound {
    unsigned stop;
    bool edge;
    uint64_t bits[PT_SLICES_MOST], turned[PT_SLICES_MOST];
} bound;

STEP bound bound_of(uint32_t code, unsigned k, unsigned stop, bool edge)
{
    bound b = {.stop = edge ? 0 : stop < k ? stop : k, .edge = edge};

    for (unsigned j = 0; j < k; j++) {
        b.bits[j] = -(uint64_t)(code >> j & 1);
        b.turned[j] = ~b.bits[j];
    }
    return b;
}

/* Whether codes are beyond the bound, as far as slices from the lowest to this one say: where code and bound differ in the
 * slice it decides, else what was so far stands. That is the majority of what was, the slice and the bound's bit turned. */
#ifndef KERNEL_MAJORITY
#define KERNEL_MAJORITY(x, y, z) (((x) & (y)) | ((z) & ((x) | (y))))
#define KERNEL_AND_SAME(x, y, z) ((x) & ~((y) ^ (z)))
#endif
#define BEYOND(x, s, b, j) KERNEL_MAJORITY(x, s, ((line){0} + (b)->turned[j]))
#define STILL_EQUAL(x, s, b, j) KERNEL_AND_SAME(x, s, ((line){0} + (b)->bits[j]))

/* The highest `eager` slices are read in any case: a branch that is taken or not at random costs more than a slice. Who is not
 * decided by then is equal to a bound so far; only for lines of such customers are the others read. `low` and `high`
 * (whether there is such a bound) are constants where this is inlined. */
STEP void within_line(line *bits, line *edges, const pt_slice_range *r, const bound *low_bound, const bound *high_bound,
                      size_t at, bool low, bool high)
{
    const line *rows = ROW(r->rows + r->at, 0) + at;
    line x = *bits, at_low = x, from_low = ~(line){0}, at_high = x, over_high = {0};
    unsigned cut = r->k - r->eager;

    for (unsigned j = cut; j < r->k; j++) {
        line s = rows[(size_t)j * LINES];
        if (low) {
            from_low = BEYOND(from_low, s, low_bound, j);
            at_low = STILL_EQUAL(at_low, s, low_bound, j);
        }
        if (high) {
            over_high = BEYOND(over_high, s, high_bound, j);
            at_high = STILL_EQUAL(at_high, s, high_bound, j);
        }
    }
    line undecided = (low && (low_bound->stop < cut || low_bound->edge) ? at_low : (line){0}) |
                     (high && (high_bound->stop < cut || high_bound->edge) ? at_high : (line){0});
    if (!line_empty(&undecided)) {
        line low_from = ~(line){0}, low_at = at_low, high_over = {0}, high_at = at_high;
        for (unsigned j = 0; j < cut; j++) {
            line s = rows[(size_t)j * LINES];
            if (low) {
                low_from = BEYOND(low_from, s, low_bound, j);
                low_at = STILL_EQUAL(low_at, s, low_bound, j);
            }
            if (high) {
                high_over = BEYOND(high_over, s, high_bound, j);
                high_at = STILL_EQUAL(high_at, s, high_bound, j);
            }
        }
        from_low = (from_low & ~at_low) | (low_from & at_low);
        over_high = (over_high & ~at_high) | (high_over & at_high);
        *edges = (low && low_bound->edge ? low_at : (line){0}) | (high && high_bound->edge ? high_at : (line){0});
    }
    *bits = x & (low ? from_low : ~(line){0}) & ~over_high;
    *edges &= *bits;
}

STEP unsigned within_lines(uint64_t *bits, uint64_t *edges, const pt_slice_range *r, const bound *low_bound,
                           const bound *high_bound, size_t words, bool low, bool high)
{
    line *to = (line *)(void *)bits, *rim = (line *)(void *)edges, left = {0}, rims = {0};
    const line *ahead = ROW(r->ahead + r->ahead_at, 0);

    for (size_t at = 0; at < words / LINE_WORDS; at++) {
        line x = to[at], edge = {0};
        if (!line_empty(&x)) {
            for (unsigned j = r->k - r->eager; j < r->k; j++)
                FETCH(&ahead[(size_t)j * LINES + at]);
            within_line(&x, &edge, r, low_bound, high_bound, at, low, high);
            to[at] = x;
            left |= x;
        }
        if (rim) {
            rim[at] = edge;
            rims |= edge;
        }
    }
    return (line_empty(&left) ? 0 : PT_SLICES_LEFT) | (line_empty(&rims) ? 0 : PT_SLICES_EDGES);
}

LOOP unsigned within(uint64_t *bits, uint64_t *edges, const pt_slice_range *r, size_t words)
{
    bool low = r->low || r->edge_low, high = ~r->high << (32 - r->k) || r->edge_high;
    bound low_bound = bound_of(r->low, r->k, r->low ? (unsigned)__builtin_ctz(r->low) : 32, r->edge_low);
    bound high_bound = bound_of(r->high, r->k, ~r->high ? (unsigned)__builtin_ctz(~r->high) : 32, r->edge_high);

    if (low && high)
        return within_lines(bits, edges, r, &low_bound, &high_bound, words, true, true);
    return low ? within_lines(bits, edges, r, &low_bound, &high_bound, words, true, false)
               : within_lines(bits, edges, r, &low_bound, &high_bound, words, false, true);
}

/* --- all codes ------------------------------------------------------------------------------------------------------- */

/* Customers of `x` by the lowest bits of their codes. Sums are variables of their own, not an array: so they stay in
 * registers, where the machine has enough of them. */
#define SPLIT1(x, a, b)                        \
    do {                                       \
        line out1_ = (x) & ~r0, in1_ = (x)&r0; \
        add_count(&a, &out1_);                 \
        add_count(&b, &in1_);                  \
    } while (0)
#define SPLIT2(x, a, b, c, d)                  \
    do {                                       \
        line out2_ = (x) & ~r1, in2_ = (x)&r1; \
        SPLIT1(out2_, a, b);                   \
        SPLIT1(in2_, c, d);                    \
    } while (0)
#define SPLIT3(x, a, b, c, d, e, f, g, h)      \
    do {                                       \
        line out3_ = (x) & ~r2, in3_ = (x)&r2; \
        SPLIT2(out3_, a, b, c, d);             \
        SPLIT2(in3_, e, f, g, h);              \
    } while (0)

/* Codes of up to three bits, k a constant where this is inlined. */
STEP void histogram_low(uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k)
{
    line a = {0}, b = {0}, c = {0}, d = {0}, e = {0}, f = {0}, g = {0}, h = {0};

    for (size_t at = 0; at < LINES; at++) {
        line x = ROW(bits, 0)[at];
        if (line_empty(&x))
            continue;
        line r0 = ROW(rows, 0)[at];
        if (k == 1) {
            SPLIT1(x, a, b);
            continue;
        }
        line r1 = ROW(rows, 1)[at];
        if (k == 2) {
            SPLIT2(x, a, b, c, d);
            continue;
        }
        line r2 = ROW(rows, 2)[at];
        SPLIT3(x, a, b, c, d, e, f, g, h);
    }
    counts[0] = total(&a);
    counts[1] = total(&b);
    counts[2] = total(&c);
    counts[3] = total(&d);
    counts[4] = total(&e);
    counts[5] = total(&f);
    counts[6] = total(&g);
    counts[7] = total(&h);
}

/* Codes of four bits or five: `high` picks those whose fifth is set or not. */
STEP void histogram_four(uint64_t *counts, const uint64_t *bits, const uint64_t *rows, const uint64_t *fifth, bool high)
{
    line a = {0}, b = {0}, c = {0}, d = {0}, e = {0}, f = {0}, g = {0}, h = {0};
    line i = {0}, j = {0}, l = {0}, m = {0}, n = {0}, o = {0}, p = {0}, q = {0};

    for (size_t at = 0; at < LINES; at++) {
        line x = ROW(bits, 0)[at];
        if (fifth)
            x &= high ? ROW(fifth, 0)[at] : ~ROW(fifth, 0)[at];
        if (line_empty(&x))
            continue;
        line r0 = ROW(rows, 0)[at], r1 = ROW(rows, 1)[at], r2 = ROW(rows, 2)[at], r3 = ROW(rows, 3)[at];
        line out = x & ~r3, in = x & r3;
        SPLIT3(out, a, b, c, d, e, f, g, h);
        SPLIT3(in, i, j, l, m, n, o, p, q);
    }
    counts[0] = total(&a);
    counts[1] = total(&b);
    counts[2] = total(&c);
    counts[3] = total(&d);
    counts[4] = total(&e);
    counts[5] = total(&f);
    counts[6] = total(&g);
    counts[7] = total(&h);
    counts[8] = total(&i);
    counts[9] = total(&j);
    counts[10] = total(&l);
    counts[11] = total(&m);
    counts[12] = total(&n);
    counts[13] = total(&o);
    counts[14] = total(&p);
    counts[15] = total(&q);
}
#undef SPLIT1
#undef SPLIT2
#undef SPLIT3

LOOP void histogram(uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t most)
{
    uint64_t all[1 << PT_SLICES_COUNTED] = {0};
    const uint64_t *fifth = rows + (size_t)4 * PT_BLOCK_WORDS;

    switch (k) {
    case 1: histogram_low(all, bits, rows, 1); break;
    case 2: histogram_low(all, bits, rows, 2); break;
    case 3: histogram_low(all, bits, rows, 3); break;
    case 4: histogram_four(all, bits, rows, NULL, false); break;
    default: histogram_four(all, bits, rows, fifth, false); histogram_four(all + 16, bits, rows, fifth, true);
    }
    for (uint32_t code = 0; code <= most; code++)
        counts[code] += all[code];
}

/* --- codes to rows and back ------------------------------------------------------------------------------------------ */

#ifndef KERNEL_UNPACK
#define KERNEL_UNPACK unpack_words
LOOP void unpack_words(uint16_t *codes, const uint64_t *rows, unsigned k)
{
    for (size_t i = 0; i < PT_BLOCK_WORDS; i++) {
        uint16_t c[64] = {0};
        for (unsigned j = 0; j < k; j++) {
            uint64_t w = rows[(size_t)j * PT_BLOCK_WORDS + i];
            for (unsigned b = 0; b < 64; b++)
                c[b] = (uint16_t)(c[b] | (w >> b & 1) << j);
        }
        memcpy(codes + i * 64, c, sizeof c);
    }
}
#endif

/* Codes of the members alone: whole words are taken apart where anybody is. */
#ifndef KERNEL_MEMBER_CODES
#define KERNEL_MEMBER_CODES member_codes_of_words
LOOP size_t member_codes_of_words(uint16_t *codes, const uint64_t *bits, const uint64_t *rows, unsigned k)
{
    size_t n = 0;

    for (size_t i = 0; i < PT_BLOCK_WORDS; i++) {
        uint16_t c[64] = {0};
        if (bits[i] == 0)
            continue;
        for (unsigned j = 0; j < k; j++) {
            uint64_t w = rows[(size_t)j * PT_BLOCK_WORDS + i];
            for (unsigned b = 0; b < 64; b++)
                c[b] = (uint16_t)(c[b] | (w >> b & 1) << j);
        }
        for (uint64_t left = bits[i]; left; left &= left - 1)
            codes[n++] = c[__builtin_ctzll(left)];
    }
    return n;
}
#endif

/* Eight bytes of 0 or 1 to eight bits: the product moves byte b's lowest bit to bit 56 + b. */
STEP uint64_t gather8(const uint8_t *m)
{
    uint64_t x;

    memcpy(&x, m, sizeof x);
    return x * UINT64_C(0x0102040810204080) >> 56;
}

LOOP void pack(uint64_t *rows, const uint16_t *codes, unsigned k)
{
    for (size_t i = 0; i < PT_BLOCK_WORDS; i++)
        for (unsigned j = 0; j < k; j++) {
            uint8_t m[64];
            uint64_t w = 0;
            for (unsigned b = 0; b < 64; b++)
                m[b] = codes[i * 64 + b] >> j & 1;
            for (unsigned b = 0; b < 8; b++)
                w |= gather8(m + 8 * b) << (8 * b);
            rows[(size_t)j * PT_BLOCK_WORDS + i] = w;
        }
}

static const pt_slice_kernels table = {
    .name = KERNEL_NAME,
    .equal = equal,
    .and_rows = and_rows,
    .or_rows = or_rows,
    .within = within,
    .and_row = and_row,
    .and_not_row = and_not_row,
    .or_row = or_row,
    .count = count,
    .count_and = count_and,
    .count_places = KERNEL_COUNT_PLACES,
    .histogram = histogram,
    .unpack = KERNEL_UNPACK,
    .member_codes = KERNEL_MEMBER_CODES,
    .pack = pack,
};
