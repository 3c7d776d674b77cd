/* The loops of slices.h. A file that includes this defines KERNEL_TARGET (the attribute of every function), KERNEL_NAME
 * (what the table is called), KERNEL_LINE_BYTES (of a register) and, where the machine has an instruction for it,
 * KERNEL_LINE_EMPTY; the compiler does the rest. Everything works on lines: one register of each row, and the unit in
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

STEP void add_count(line *sum, const line *x)
{
    line n;

    for (unsigned i = 0; i < LINE_WORDS; i++)
        n[i] = (uint64_t)__builtin_popcountll((*x)[i]);
    *sum += n;
}

STEP uint64_t total(const line *sum)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < LINE_WORDS; i++)
        n += (*sum)[i];
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

/* --- a range of codes ------------------------------------------------------------------------------------------------ */

/* A range of codes of k bits. Low and high agree in bits `same` and above, and part in the one below it. */
typedef struct range_bits {
    unsigned k, same;
    uint32_t low, high;
} range_bits;

/* From the highest bit down a customer of the line is one of: both (so far equal to low and to high), lower (equal to low,
 * below high), upper (equal to high, above low), inside (between them for good), or out. When nobody is undecided the
 * rows below need not be read: with hundreds of codes that is after about nine rows, however many there are. */
STEP void between_line(line *bits, const uint64_t *rows, const range_bits *r, size_t at)
{
    line both = *bits, inside = {0};

    for (unsigned j = r->k; j-- > r->same;) {
        line s = ROW(rows, j)[at];
        both &= r->low >> j & 1 ? s : ~s;
        if (line_empty(&both))
            break;
    }
    *bits = both;
    if (r->same == 0 || line_empty(&both))
        return;
    line s = ROW(rows, r->same - 1)[at], lower = both & ~s, upper = both & s;
    for (unsigned j = r->same - 1; j-- > 0;) {
        s = ROW(rows, j)[at];
        line zero = r->low >> j & 1 ? (line){0} : lower & s, one = r->high >> j & 1 ? upper & ~s : (line){0};
        inside |= zero | one;
        lower &= r->low >> j & 1 ? s : ~s;
        upper &= r->high >> j & 1 ? s : ~s;
        line undecided = lower | upper;
        if (line_empty(&undecided))
            break;
    }
    *bits = lower | upper | inside;
}

LOOP void between(uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t low, uint32_t high)
{
    line *lines = (line *)(void *)bits;
    range_bits r = {.k = k, .low = low, .high = high};

    r.same = low == high ? 0 : 32 - (unsigned)__builtin_clz(low ^ high);
    for (size_t at = 0; at < LINES; at++)
        if (!line_empty(&lines[at]))
            between_line(&lines[at], rows, &r, at);
}

/* --- all codes ------------------------------------------------------------------------------------------------------- */

/* Customers of `x` by the lowest bits of their codes; `code` holds the bits above, already decided. */
#define TREE(level, below)                                                                                          \
    STEP void tree##level(line *sums, const line *x, const uint64_t *rows, size_t at, uint32_t code, uint32_t most) \
    {                                                                                                               \
        line s = ROW(rows, (level)-1)[at], in = *x & s, out = *x & ~s;                                              \
        tree##below(sums, &out, rows, at, code, most);                                                              \
        if ((code | UINT32_C(1) << ((level)-1)) <= most)                                                            \
            tree##below(sums, &in, rows, at, code | UINT32_C(1) << ((level)-1), most);                              \
    }

STEP void tree0(line *sums, const line *x, const uint64_t *rows, size_t at, uint32_t code, uint32_t most)
{
    (void)rows, (void)at, (void)most;
    add_count(&sums[code], x);
}

TREE(1, 0)
TREE(2, 1)
TREE(3, 2)
TREE(4, 3)
TREE(5, 4)
TREE(6, 5)
#undef TREE

#define COUNT_WITH(level)                 \
    for (size_t at = 0; at < LINES; at++) \
        if (!line_empty(&lines[at]))      \
    tree##level(sums, &lines[at], rows, at, 0, most)

LOOP void histogram(uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t most)
{
    const line *lines = (const line *)(const void *)bits;
    line sums[1 << PT_SLICES_COUNTED];

    memset(sums, 0, sizeof *sums << k);
    switch (k) {
    case 1: COUNT_WITH(1); break;
    case 2: COUNT_WITH(2); break;
    case 3: COUNT_WITH(3); break;
    case 4: COUNT_WITH(4); break;
    case 5: COUNT_WITH(5); break;
    default: COUNT_WITH(6); break;
    }
    for (uint32_t code = 0; code <= most; code++)
        counts[code] += total(&sums[code]);
}
#undef COUNT_WITH

/* --- codes to rows and back ------------------------------------------------------------------------------------------ */

LOOP void unpack(uint16_t *codes, const uint64_t *rows, unsigned k)
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
    .between = between,
    .and_row = and_row,
    .and_not_row = and_not_row,
    .or_row = or_row,
    .count = count,
    .count_and = count_and,
    .histogram = histogram,
    .unpack = unpack,
    .pack = pack,
};
