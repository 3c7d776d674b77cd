/* The inner loops over events, compiled once for each instruction set worth having. All of them give the same bits:
 * whatever is reduced is an integer, and floating-point work is done one element at a time in a stated order.
 *
 * Bitsets: bit i of a chunk is bit i % 64 of word i / 64. A bitset is padded by PT_BITS_PAD words, because ranges are
 * read eight bytes at a time from any byte; bits at and past n are zero. */
#ifndef PT_EVAL_KERNELS_H
#define PT_EVAL_KERNELS_H

#include "base/type.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "bitsets are read as bytes and as words: little-endian machines only"
#endif

enum { PT_BITS_PAD = 1 };

static inline size_t pt_bits_words(size_t n)
{
    return (n + 63) / 64;
}

/* 57 bits that begin at bit `at`, in the low bits of the result. */
static inline uint64_t pt_bits_at(const uint64_t *bits, uint32_t at)
{
    uint64_t w;

    memcpy(&w, (const char *)bits + (at >> 3), sizeof w);
    return w >> (at & 7);
}

/* The most bits that one pt_bits_at is good for. */
enum { PT_BITS_STRIDE = 56 };

/* The lowest n bits; n < 64. */
static inline uint64_t pt_bits_low(uint32_t n)
{
    return (UINT64_C(1) << n) - 1;
}

static inline bool pt_bits_test(const uint64_t *bits, uint32_t at)
{
    return bits[at / 64] >> (at % 64) & 1;
}

#define PT_NO_EVENT UINT32_MAX

/* Running state of sum, avg, min, max and the count of values, over integers and over doubles. */
typedef struct pt_basic_i64 {
    __int128 sum;
    int64_t min, max;
    uint64_t n;
} pt_basic_i64;

typedef struct pt_basic_f64 {
    double sum, error; /* TwoSum: sum + error is the sum with about 106 bits */
    double min, max;
    uint64_t n;
} pt_basic_f64;

#define PT_BASIC_I64_EMPTY         \
    {                              \
        0, INT64_MAX, INT64_MIN, 0 \
    }
#define PT_BASIC_F64_EMPTY           \
    {                                \
        0, 0, INFINITY, -INFINITY, 0 \
    }

/* What a family of aggregates wants of each customer: the nested ranges [starts[m][c], end[c]) of one bitset, the starts
 * falling with m, read backwards from the end. Members from..done-1 end in this chunk: their result goes to out. */
typedef struct pt_ranges {
    const uint64_t *bits;
    const uint32_t *const *starts;
    const uint32_t *end;
    uint32_t n_customers, n_members;
    uint32_t from, done;
} pt_ranges;

enum pt_basic_fn { PT_BASIC_SUM, PT_BASIC_AVG, PT_BASIC_MIN, PT_BASIC_MAX };

typedef struct pt_basic_out {
    enum pt_basic_fn fn;
    void *values; /* by customer */
} pt_basic_out;

enum { PT_NEED_SUM = 1, PT_NEED_RANGE = 2 };

typedef struct pt_kernels {
    const char *name;
    /* Rows with lo <= v <= hi; of doubles, never a NaN. */
    void (*range_u8)(uint64_t *bits, const uint8_t *v, size_t n, uint8_t lo, uint8_t hi);
    void (*range_u16)(uint64_t *bits, const uint16_t *v, size_t n, uint16_t lo, uint16_t hi);
    void (*range_u32)(uint64_t *bits, const uint32_t *v, size_t n, uint32_t lo, uint32_t hi);
    void (*range_i32)(uint64_t *bits, const int32_t *v, size_t n, int32_t lo, int32_t hi);
    void (*range_i64)(uint64_t *bits, const int64_t *v, size_t n, int64_t lo, int64_t hi);
    void (*range_f64)(uint64_t *bits, const double *v, size_t n, double lo, double hi);
    /* Rows with v neither a nor b; of doubles, neither a nor NaN. */
    void (*neither_u8)(uint64_t *bits, const uint8_t *v, size_t n, uint8_t a, uint8_t b);
    void (*neither_u16)(uint64_t *bits, const uint16_t *v, size_t n, uint16_t a, uint16_t b);
    void (*neither_u32)(uint64_t *bits, const uint32_t *v, size_t n, uint32_t a, uint32_t b);
    void (*neither_i32)(uint64_t *bits, const int32_t *v, size_t n, int32_t a, int32_t b);
    void (*neither_i64)(uint64_t *bits, const int64_t *v, size_t n, int64_t a, int64_t b);
    void (*neither_f64)(uint64_t *bits, const double *v, size_t n, double a);
    /* Rows whose table entry is `want`. */
    void (*lookup_u8)(uint64_t *bits, const uint8_t *v, size_t n, const uint8_t *table, uint8_t want);
    void (*lookup_u16)(uint64_t *bits, const uint16_t *v, size_t n, const uint8_t *table, uint8_t want);
    void (*lookup_u32)(uint64_t *bits, const uint32_t *v, size_t n, const uint8_t *table, uint8_t want);
    /* pos[c] = end[c] less the set bits of [begin[c], end[c]): where the set tail of a sorted range begins. */
    void (*tails)(uint32_t *pos, const uint64_t *bits, const uint32_t *begin, const uint32_t *end, size_t n);
    /* out[c] += set bits of [start[c], end[c]). */
    void (*count)(double *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n);
    /* Index of the newest or oldest set bit in [start[c], end[c]), or PT_NO_EVENT. */
    void (*newest)(uint32_t *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n);
    void (*oldest)(uint32_t *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n);
    /* Sums and extremes over values without missing ones among the set bits. `carried` is NULL, or the state of the one
     * customer whose chunks these are. Without values a sum is 0, the others are missing. */
    void (*basic_i64)(const pt_ranges *r, const int64_t *v, const pt_basic_out *out, unsigned need,
                      pt_basic_i64 *carried);
    void (*basic_i32)(const pt_ranges *r, const int32_t *v, const pt_basic_out *out, unsigned need,
                      pt_basic_i64 *carried);
    void (*basic_f64)(const pt_ranges *r, const double *v, const pt_basic_out *out, unsigned need,
                      pt_basic_f64 *carried);
    /* How often each code occurs among the set bits of [start, end): cells[code] is the customer's serial above, the count
     * below. Codes met for the first time are appended to met[0..n-1], newest first; gives how many there are then. */
    uint32_t (*tally_u8)(const uint64_t *bits, uint32_t start, uint32_t end, const uint8_t *v, uint64_t *cells,
                         uint32_t serial, uint32_t *met, uint32_t n);
    uint32_t (*tally_u16)(const uint64_t *bits, uint32_t start, uint32_t end, const uint16_t *v, uint64_t *cells,
                          uint32_t serial, uint32_t *met, uint32_t n);
    uint32_t (*tally_u32)(const uint64_t *bits, uint32_t start, uint32_t end, const uint32_t *v, uint64_t *cells,
                          uint32_t serial, uint32_t *met, uint32_t n);
    /* How many different codes the ranges hold. seen[code] == *serial marks a code as met for the customer at hand; the
     * serial moves on with each customer (the caller clears `seen` before it would wrap). `carried`: the count so far. */
    void (*distinct_u8)(const pt_ranges *r, const uint8_t *v, uint32_t *seen, uint32_t *serial, double *const *out,
                        uint64_t *carried);
    void (*distinct_u16)(const pt_ranges *r, const uint16_t *v, uint32_t *seen, uint32_t *serial, double *const *out,
                         uint64_t *carried);
    void (*distinct_u32)(const pt_ranges *r, const uint32_t *v, uint32_t *seen, uint32_t *serial, double *const *out,
                         uint64_t *carried);
} pt_kernels;

/* The plain loops, and the fastest this machine can run. */
const pt_kernels *pt_kernels_plain(void);
const pt_kernels *pt_kernels_best(void);
/* Every table this machine can run, for tests that compare them; NULL past the last. */
const pt_kernels *pt_kernels_nth(unsigned i);

#endif
