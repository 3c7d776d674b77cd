/* The loops of kernels.h. A file that includes this defines KERNEL_TARGET (the attribute of every function) and
 * KERNEL_NAME (what the table is called); the compiler does the rest. */
#include <float.h>

#include "base/money.h"
#include "eval/kernels.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline))

/* --- comparisons to bits ------------------------------------------------------------------------------------------- */

/* Eight bytes of 0 or 1 to eight bits: the product moves byte k's lowest bit to bit 56 + k. */
STEP uint64_t gather8(const uint8_t *m)
{
    uint64_t x;

    memcpy(&x, m, sizeof x);
    return x * UINT64_C(0x0102040810204080) >> 56;
}

STEP uint64_t gather64(const uint8_t m[64])
{
    uint64_t w = 0;

    for (unsigned k = 0; k < 8; k++)
        w |= gather8(m + 8 * k) << (8 * k);
    return w;
}

/* Bytes first, bits after: compilers turn the inner loop into vector compares of any width. */
#define COMPARE(bits, n, test)                                \
    do {                                                      \
        size_t whole_ = (n) / 64;                             \
        uint8_t m_[64];                                       \
        for (size_t w_ = 0; w_ < whole_; w_++) {              \
            size_t base_ = w_ * 64;                           \
            for (size_t j_ = 0; j_ < 64; j_++) {              \
                size_t i = base_ + j_;                        \
                m_[j_] = (uint8_t)(test);                     \
            }                                                 \
            (bits)[w_] = gather64(m_);                        \
        }                                                     \
        if ((n) % 64) {                                       \
            uint64_t word_ = 0;                               \
            for (size_t i = whole_ * 64; i < (n); i++)        \
                word_ |= (uint64_t)((test) != 0) << (i % 64); \
            (bits)[whole_] = word_;                           \
        }                                                     \
    } while (0)

#define RANGE(id, type)                                                             \
    LOOP void range_##id(uint64_t *bits, const type *v, size_t n, type lo, type hi) \
    {                                                                               \
        COMPARE(bits, n, (v[i] >= lo) & (v[i] <= hi));                              \
    }
#define NEITHER(id, type)                                                           \
    LOOP void neither_##id(uint64_t *bits, const type *v, size_t n, type a, type b) \
    {                                                                               \
        COMPARE(bits, n, (v[i] != a) & (v[i] != b));                                \
    }
#define LOOKUP(id, type)                                                                               \
    LOOP void lookup_##id(uint64_t *bits, const type *v, size_t n, const uint8_t *table, uint8_t want) \
    {                                                                                                  \
        COMPARE(bits, n, table[v[i]] == want);                                                         \
    }

RANGE(u8, uint8_t)
RANGE(u16, uint16_t)
RANGE(u32, uint32_t)
RANGE(i32, int32_t)
RANGE(i64, int64_t)
RANGE(f64, double)
NEITHER(u8, uint8_t)
NEITHER(u16, uint16_t)
NEITHER(u32, uint32_t)
NEITHER(i32, int32_t)
NEITHER(i64, int64_t)
LOOKUP(u8, uint8_t)
LOOKUP(u16, uint16_t)
LOOKUP(u32, uint32_t)

LOOP void neither_f64(uint64_t *bits, const double *v, size_t n, double a)
{
    COMPARE(bits, n, (v[i] < a) | (v[i] > a));
}

/* --- ranges of bits ------------------------------------------------------------------------------------------------ */

STEP uint32_t count_long(const uint64_t *bits, uint32_t s, uint32_t e)
{
    uint32_t n = 0;

    for (; e - s > PT_BITS_STRIDE; s += PT_BITS_STRIDE)
        n += (uint32_t)__builtin_popcountll(pt_bits_at(bits, s) & pt_bits_low(PT_BITS_STRIDE));
    return n + (uint32_t)__builtin_popcountll(pt_bits_at(bits, s) & pt_bits_low(e - s));
}

STEP uint32_t count_range(const uint64_t *bits, uint32_t s, uint32_t e)
{
    if (s >= e)
        return 0;
    if (e - s <= PT_BITS_STRIDE)
        return (uint32_t)__builtin_popcountll(pt_bits_at(bits, s) & pt_bits_low(e - s));
    return count_long(bits, s, e);
}

LOOP void tails(uint32_t *pos, const uint64_t *bits, const uint32_t *begin, const uint32_t *end, size_t n)
{
    for (size_t c = 0; c < n; c++)
        pos[c] = end[c] - count_range(bits, begin[c], end[c]);
}

LOOP void count(double *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n)
{
    for (size_t c = 0; c < n; c++)
        out[c] += count_range(bits, start[c], end[c]);
}

/* The set bits of [s, e) that lie in its last stride; *e moves down to where the stride begins. */
STEP uint64_t last_stride(const uint64_t *bits, uint32_t s, uint32_t *e)
{
    uint32_t n = *e - s;

    if (n > PT_BITS_STRIDE)
        n = PT_BITS_STRIDE;
    *e -= n;
    return pt_bits_at(bits, *e) & pt_bits_low(n);
}

LOOP void newest(uint32_t *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        uint32_t s = start[c], e = end[c], found = PT_NO_EVENT;
        while (e > s) {
            uint64_t w = last_stride(bits, s, &e);
            if (w) {
                found = e + 63 - (uint32_t)__builtin_clzll(w);
                break;
            }
        }
        out[c] = found;
    }
}

LOOP void oldest(uint32_t *out, const uint64_t *bits, const uint32_t *start, const uint32_t *end, size_t n)
{
    for (size_t c = 0; c < n; c++) {
        uint32_t s = start[c], e = end[c], found = PT_NO_EVENT;
        for (; s < e; s += PT_BITS_STRIDE) {
            uint32_t len = e - s < PT_BITS_STRIDE ? e - s : PT_BITS_STRIDE;
            uint64_t w = pt_bits_at(bits, s) & pt_bits_low(len);
            if (w) {
                found = s + (uint32_t)__builtin_ctzll(w);
                break;
            }
        }
        out[c] = found;
    }
}

/* Runs `body` for each set bit of [s, e), newest first, with the event's index in `i`. */
#define EACH_BACKWARDS(bits, s, e, body)                      \
    for (uint32_t top_ = (e); top_ > (s);) {                  \
        uint64_t w_ = last_stride(bits, s, &top_);            \
        while (w_) {                                          \
            uint32_t j_ = 63 - (uint32_t)__builtin_clzll(w_); \
            uint32_t i = top_ + j_;                           \
            w_ ^= UINT64_C(1) << j_;                          \
            body                                              \
        }                                                     \
    }

/* --- sums and extremes --------------------------------------------------------------------------------------------- */

STEP int64_t narrow(__int128 sum)
{
    return sum > INT64_MAX || sum <= INT64_MIN ? PT_I64_MISSING : (int64_t)sum;
}

STEP int64_t result_i64(enum pt_basic_fn fn, const pt_basic_i64 *s)
{
    if (!s->n)
        return fn == PT_BASIC_SUM ? 0 : PT_I64_MISSING;
    switch (fn) {
    case PT_BASIC_SUM: return narrow(s->sum);
    case PT_BASIC_AVG: return pt_money_mean(s->sum, s->n);
    case PT_BASIC_MIN: return s->min;
    case PT_BASIC_MAX: return s->max;
    }
    return PT_I64_MISSING;
}

STEP double or_missing(double v)
{
    return v >= -DBL_MAX && v <= DBL_MAX ? v : (double)NAN;
}

STEP double result_f64(enum pt_basic_fn fn, const pt_basic_f64 *s)
{
    if (!s->n)
        return fn == PT_BASIC_SUM ? 0 : (double)NAN;
    switch (fn) {
    case PT_BASIC_SUM: return or_missing(s->sum + s->error);
    case PT_BASIC_AVG: return or_missing((s->sum + s->error) / (double)s->n);
    case PT_BASIC_MIN: return s->min;
    case PT_BASIC_MAX: return s->max;
    }
    return (double)NAN;
}

STEP void add_i64(pt_basic_i64 *s, int64_t v, unsigned need)
{
    s->n++;
    if (need & PT_NEED_SUM)
        s->sum += v;
    if (need & PT_NEED_RANGE) {
        s->min = v < s->min ? v : s->min;
        s->max = v > s->max ? v : s->max;
    }
}

/* Knuth's TwoSum: exact sum = sum' + what is added to error. */
STEP void add_f64(pt_basic_f64 *s, double v, unsigned need)
{
    s->n++;
    if (need & PT_NEED_SUM) {
        double sum = s->sum + v;
        double part = sum - s->sum;
        s->error += (s->sum - (sum - part)) + (v - part);
        s->sum = sum;
    }
    if (need & PT_NEED_RANGE) {
        s->min = v < s->min ? v : s->min;
        s->max = v > s->max ? v : s->max;
    }
}

#define BASIC(id, type, state, first, put)                                                                          \
    STEP void basic_##id##_need(const pt_ranges *r, const type *v, const pt_basic_out *out, unsigned need,          \
                                state *carried)                                                                     \
    {                                                                                                               \
        for (uint32_t c = 0; c < r->n_customers; c++) {                                                             \
            state s = carried ? *carried : (state)first;                                                            \
            uint32_t e = r->end[c];                                                                                 \
            for (uint32_t m = r->from; m < r->n_members; m++) {                                                     \
                uint32_t b = r->starts[m][c];                                                                       \
                EACH_BACKWARDS(r->bits, b, e, { add_##put(&s, v[i], need); })                                       \
                e = b < e ? b : e;                                                                                  \
                if (m < r->done)                                                                                    \
                    put_##id(&out[m], c, &s);                                                                       \
            }                                                                                                       \
            if (carried)                                                                                            \
                *carried = s;                                                                                       \
        }                                                                                                           \
    }                                                                                                               \
    LOOP void basic_##id(const pt_ranges *r, const type *v, const pt_basic_out *out, unsigned need, state *carried) \
    {                                                                                                               \
        if (need == PT_NEED_SUM)                                                                                    \
            basic_##id##_need(r, v, out, PT_NEED_SUM, carried);                                                     \
        else if (need == PT_NEED_RANGE)                                                                             \
            basic_##id##_need(r, v, out, PT_NEED_RANGE, carried);                                                   \
        else                                                                                                        \
            basic_##id##_need(r, v, out, PT_NEED_SUM | PT_NEED_RANGE, carried);                                     \
    }

STEP void put_i64(const pt_basic_out *out, uint32_t c, const pt_basic_i64 *s)
{
    ((int64_t *)out->values)[c] = result_i64(out->fn, s);
}

STEP void put_i32(const pt_basic_out *out, uint32_t c, const pt_basic_i64 *s)
{
    ((int32_t *)out->values)[c] = s->n ? (int32_t)result_i64(out->fn, s) : PT_I32_MISSING;
}

STEP void put_f64(const pt_basic_out *out, uint32_t c, const pt_basic_f64 *s)
{
    ((double *)out->values)[c] = result_f64(out->fn, s);
}

BASIC(i64, int64_t, pt_basic_i64, PT_BASIC_I64_EMPTY, i64)
BASIC(i32, int32_t, pt_basic_i64, PT_BASIC_I64_EMPTY, i64)
BASIC(f64, double, pt_basic_f64, PT_BASIC_F64_EMPTY, f64)

/* The order of integers does not matter, so up to four nested windows are one loop over the events: each event goes to the
 * latest window that holds it, and the windows are added up after. A loop for each window would be four chances to
 * mispredict where it ends, which for customers of a few events is most of the cost. */
enum { FEW_WINDOWS = 4 };

STEP void merge_i64(pt_basic_i64 *s, const pt_basic_i64 *more, unsigned need)
{
    s->n += more->n;
    if (need & PT_NEED_SUM)
        s->sum += more->sum;
    if (need & PT_NEED_RANGE) {
        s->min = more->min < s->min ? more->min : s->min;
        s->max = more->max > s->max ? more->max : s->max;
    }
}

STEP void few_windows_need(const pt_ranges *r, const int64_t *v, const pt_basic_out *out, unsigned need)
{
    uint32_t last = r->n_members - 1;

    for (uint32_t c = 0; c < r->n_customers; c++) {
        pt_basic_i64 parts[FEW_WINDOWS];
        uint32_t starts[FEW_WINDOWS - 1] = {0}; /* none of index 0 is before 0: unused ones hold nothing */
        for (uint32_t m = 0; m <= last; m++)
            parts[m] = (pt_basic_i64)PT_BASIC_I64_EMPTY;
        for (uint32_t m = 0; m < last; m++)
            starts[m] = r->starts[m][c];
        EACH_BACKWARDS(r->bits, r->starts[last][c], r->end[c], {
            uint32_t part = (i < starts[0]) + (i < starts[1]) + (i < starts[2]);
            add_i64(&parts[part], v[i], need);
        })
        put_i64(&out[0], c, &parts[0]);
        for (uint32_t m = 1; m <= last; m++) {
            merge_i64(&parts[m], &parts[m - 1], need);
            put_i64(&out[m], c, &parts[m]);
        }
    }
}

LOOP void few_windows(const pt_ranges *r, const int64_t *v, const pt_basic_out *out, unsigned need)
{
    if (need == PT_NEED_SUM)
        few_windows_need(r, v, out, PT_NEED_SUM);
    else if (need == PT_NEED_RANGE)
        few_windows_need(r, v, out, PT_NEED_RANGE);
    else
        few_windows_need(r, v, out, PT_NEED_SUM | PT_NEED_RANGE);
}

LOOP void basic_i64_any(const pt_ranges *r, const int64_t *v, const pt_basic_out *out, unsigned need,
                        pt_basic_i64 *carried)
{
    if (!carried && r->n_members > 1 && r->n_members <= FEW_WINDOWS)
        few_windows(r, v, out, need);
    else
        basic_i64(r, v, out, need, carried);
}

/* --- different codes ----------------------------------------------------------------------------------------------- */

#define DISTINCT(id, type)                                                                                           \
    LOOP void distinct_##id(const pt_ranges *r, const type *v, uint32_t *seen, uint32_t *serial, double *const *out, \
                            uint64_t *carried)                                                                       \
    {                                                                                                                \
        for (uint32_t c = 0; c < r->n_customers; c++) {                                                              \
            uint64_t n = carried ? *carried : 0;                                                                     \
            uint32_t e = r->end[c], stamp = carried ? *serial : ++*serial;                                           \
            for (uint32_t m = r->from; m < r->n_members; m++) {                                                      \
                uint32_t b = r->starts[m][c];                                                                        \
                EACH_BACKWARDS(r->bits, b, e, {                                                                      \
                    n += seen[v[i]] != stamp;                                                                        \
                    seen[v[i]] = stamp;                                                                              \
                })                                                                                                   \
                e = b < e ? b : e;                                                                                   \
                if (m < r->done)                                                                                     \
                    out[m][c] = (double)n;                                                                           \
            }                                                                                                        \
            if (carried)                                                                                             \
                *carried = n;                                                                                        \
        }                                                                                                            \
    }

DISTINCT(u8, uint8_t)
DISTINCT(u16, uint16_t)
DISTINCT(u32, uint32_t)

/* --- how often ----------------------------------------------------------------------------------------------------- */

#define TALLY(id, type)                                                                                          \
    LOOP uint32_t tally_##id(const uint64_t *bits, uint32_t start, uint32_t end, const type *v, uint64_t *cells, \
                             uint32_t serial, uint32_t *met, uint32_t n)                                         \
    {                                                                                                            \
        const uint64_t fresh = (uint64_t)serial << 32;                                                           \
        EACH_BACKWARDS(bits, start, end, {                                                                       \
            uint64_t cell = cells[v[i]];                                                                         \
            bool known = cell >= fresh;                                                                          \
            met[n] = v[i];                                                                                       \
            n += !known;                                                                                         \
            cells[v[i]] = (known ? cell : fresh) + 1;                                                            \
        })                                                                                                       \
        return n;                                                                                                \
    }

TALLY(u8, uint8_t)
TALLY(u16, uint16_t)
TALLY(u32, uint32_t)

static const pt_kernels table = {
    .name = KERNEL_NAME,
    .range_u8 = range_u8,
    .range_u16 = range_u16,
    .range_u32 = range_u32,
    .range_i32 = range_i32,
    .range_i64 = range_i64,
    .range_f64 = range_f64,
    .neither_u8 = neither_u8,
    .neither_u16 = neither_u16,
    .neither_u32 = neither_u32,
    .neither_i32 = neither_i32,
    .neither_i64 = neither_i64,
    .neither_f64 = neither_f64,
    .lookup_u8 = lookup_u8,
    .lookup_u16 = lookup_u16,
    .lookup_u32 = lookup_u32,
    .tails = tails,
    .count = count,
    .newest = newest,
    .oldest = oldest,
    .basic_i64 = basic_i64_any,
    .basic_i32 = basic_i32,
    .basic_f64 = basic_f64,
    .tally_u8 = tally_u8,
    .tally_u16 = tally_u16,
    .tally_u32 = tally_u32,
    .distinct_u8 = distinct_u8,
    .distinct_u16 = distinct_u16,
    .distinct_u32 = distinct_u32,
};
