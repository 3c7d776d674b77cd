/* Every instruction set's loops against the plainest ones, at every length around a word and a stride. */
#include "base/rng.h"
#include "eval/kernels.h"
#include "support/test.h"

enum { MOST = 400, WORDS = MOST / 64 + 2 };

/* Random bits and the expected ones share this check: bits past n must be clear. */
static void check_bits(const char *what, const uint64_t *bits, const bool *want, size_t n)
{
    for (size_t i = 0; i < pt_bits_words(n) * 64; i++)
        if (pt_bits_test(bits, (uint32_t)i) != (i < n && want[i]))
            test_fail(__FILE__, __LINE__, "%s of %zu rows: bit %zu", what, n, i);
}

#define CHECK_COMPARISON(id, type, draw, a, b)                         \
    static void compare_##id(const pt_kernels *k, pt_rng *r, size_t n) \
    {                                                                  \
        type v[MOST] = {0};                                            \
        bool in[MOST], out[MOST];                                      \
        uint64_t bits[WORDS];                                          \
        for (size_t i = 0; i < n; i++) {                               \
            v[i] = (draw);                                             \
            in[i] = v[i] >= (a) && v[i] <= (b);                        \
            out[i] = v[i] != (a) && v[i] != (b);                       \
        }                                                              \
        k->range_##id(bits, v, n, (a), (b));                           \
        check_bits(k->name, bits, in, n);                              \
        k->neither_##id(bits, v, n, (a), (b));                         \
        check_bits(k->name, bits, out, n);                             \
    }

#define ONE_OF(r, array) array[pt_rng_below(r, PT_COUNT(array))]
static const uint32_t edges[] = {0, 1, 2, 100, UINT8_MAX, UINT16_MAX, UINT32_MAX, UINT32_MAX - 1};
static const int64_t signed_edges[] = {INT64_MIN, INT64_MIN + 1, -5, 0, 5, 6, INT64_MAX};

CHECK_COMPARISON(u8, uint8_t, (uint8_t)ONE_OF(r, edges), 1, 100)
CHECK_COMPARISON(u16, uint16_t, (uint16_t)ONE_OF(r, edges), 1, UINT16_MAX)
CHECK_COMPARISON(u32, uint32_t, ONE_OF(r, edges), 2, UINT32_MAX - 1)
CHECK_COMPARISON(i32, int32_t, (int32_t)ONE_OF(r, signed_edges), -5, INT32_MAX)
CHECK_COMPARISON(i64, int64_t, ONE_OF(r, signed_edges), INT64_MIN + 1, 5)

static void compare_f64(const pt_kernels *k, pt_rng *r, size_t n)
{
    static const double values[] = {-1e300, -0.0, 0.0, 1, 2, 1e300, (double)NAN};
    double v[MOST] = {0};
    bool in[MOST], out[MOST];
    uint64_t bits[WORDS];

    for (size_t i = 0; i < n; i++) {
        v[i] = ONE_OF(r, values);
        in[i] = v[i] >= 0 && v[i] <= 1;
        out[i] = !isnan(v[i]) && v[i] != 0;
    }
    k->range_f64(bits, v, n, 0, 1);
    check_bits(k->name, bits, in, n);
    k->neither_f64(bits, v, n, 0);
    check_bits(k->name, bits, out, n);
}

static void look_up(const pt_kernels *k, pt_rng *r, size_t n)
{
    uint8_t table[256], narrow[MOST] = {0};
    uint16_t middle[MOST] = {0};
    uint32_t wide[MOST] = {0};
    bool want[MOST];
    uint64_t bits[WORDS];

    for (size_t i = 0; i < sizeof table; i++)
        table[i] = (uint8_t)pt_rng_below(r, 4);
    for (size_t i = 0; i < n; i++) {
        wide[i] = middle[i] = narrow[i] = (uint8_t)pt_rng_below(r, 256);
        want[i] = table[wide[i]] == 2;
    }
    k->lookup_u8(bits, narrow, n, table, 2);
    check_bits(k->name, bits, want, n);
    k->lookup_u16(bits, middle, n, table, 2);
    check_bits(k->name, bits, want, n);
    k->lookup_u32(bits, wide, n, table, 2);
    check_bits(k->name, bits, want, n);
}

/* Nested ranges, some empty or turned round. */
static void random_ranges(pt_rng *r, uint32_t *early, uint32_t *late, uint32_t *end, uint32_t n, uint32_t rows)
{
    for (uint32_t c = 0; c < n; c++) {
        uint32_t a = (uint32_t)pt_rng_below(r, rows + 1), b = (uint32_t)pt_rng_below(r, rows + 1);
        early[c] = a < b ? a : b;
        late[c] = a < b ? b : a;
        end[c] = (uint32_t)pt_rng_below(r, rows + 1);
    }
}

enum { CUSTOMERS = 20 };

static void scan_ranges(const pt_kernels *k, pt_rng *r, uint32_t rows, unsigned density)
{
    uint64_t bits[WORDS] = {0};
    uint32_t early[CUSTOMERS], late[CUSTOMERS], end[CUSTOMERS], newest[CUSTOMERS], oldest[CUSTOMERS], tails[CUSTOMERS];
    double counts[CUSTOMERS] = {0};

    for (uint32_t i = 0; i < rows; i++)
        bits[i / 64] |= (uint64_t)(pt_rng_below(r, 100) < density) << (i % 64);
    random_ranges(r, early, late, end, CUSTOMERS, rows);
    k->count(counts, bits, early, end, CUSTOMERS);
    k->tails(tails, bits, early, end, CUSTOMERS);
    k->newest(newest, bits, early, end, CUSTOMERS);
    k->oldest(oldest, bits, early, end, CUSTOMERS);
    for (uint32_t c = 0; c < CUSTOMERS; c++) {
        uint32_t n = 0, first = PT_NO_EVENT, last = PT_NO_EVENT;
        for (uint32_t i = early[c]; i < end[c]; i++) {
            if (!pt_bits_test(bits, i))
                continue;
            n++;
            first = first == PT_NO_EVENT ? i : first;
            last = i;
        }
        CHECK_INT(counts[c], n);
        CHECK_INT(tails[c], end[c] - n);
        CHECK_INT(newest[c], last);
        CHECK_INT(oldest[c], first);
    }
}

TEST(eval_kernels__all_tables_agree_with_plain_loops)
{
    for (unsigned i = 0; pt_kernels_nth(i); i++) {
        const pt_kernels *k = pt_kernels_nth(i);
        pt_rng r;
        pt_rng_seed(&r, 17);
        for (size_t n = 0; n < MOST; n += n < 140 ? 1 : 13) {
            compare_u8(k, &r, n);
            compare_u16(k, &r, n);
            compare_u32(k, &r, n);
            compare_i32(k, &r, n);
            compare_i64(k, &r, n);
            compare_f64(k, &r, n);
            look_up(k, &r, n);
            for (unsigned density = 0; density <= 100; density += 25)
                scan_ranges(k, &r, (uint32_t)n, density);
        }
    }
}

/* One customer's nested windows: the sums of the later start, then of both. */
static void sum_ranges(const pt_kernels *k, pt_rng *r, uint32_t rows)
{
    uint64_t bits[WORDS] = {0};
    int64_t v[MOST] = {0}, sums[2];
    double d[MOST] = {0}, doubles[2];
    uint16_t codes[MOST] = {0};
    uint32_t early, late, end, seen[64] = {0}, serial = 0;
    double distinct[2], *counts[] = {&distinct[0], &distinct[1]};

    for (uint32_t i = 0; i < rows; i++) {
        bits[i / 64] |= (uint64_t)pt_rng_below(r, 2) << (i % 64);
        v[i] = (int64_t)pt_rng_below(r, 1000) - 300;
        d[i] = (double)v[i];
        codes[i] = (uint16_t)pt_rng_below(r, 64);
    }
    random_ranges(r, &early, &late, &end, 1, rows);
    const uint32_t *starts[] = {&late, &early};
    pt_ranges g = {.bits = bits, .starts = starts, .end = &end, .n_customers = 1, .n_members = 2, .done = 2};
    pt_basic_out out[] = {{PT_BASIC_SUM, &sums[0]}, {PT_BASIC_SUM, &sums[1]}};
    pt_basic_out number_out[] = {{PT_BASIC_MAX, &doubles[0]}, {PT_BASIC_SUM, &doubles[1]}};
    k->basic_i64(&g, v, out, PT_NEED_SUM, NULL);
    k->basic_f64(&g, d, number_out, PT_NEED_SUM | PT_NEED_RANGE, NULL);
    k->distinct_u16(&g, codes, seen, &serial, counts, NULL);
    for (int m = 0; m < 2; m++) {
        int64_t sum = 0;
        double max = (double)NAN;
        uint64_t met = 0;
        for (uint32_t i = *starts[m]; i < end; i++) {
            if (!pt_bits_test(bits, i))
                continue;
            sum += v[i];
            max = isnan(max) || d[i] > max ? d[i] : max;
            met |= UINT64_C(1) << codes[i];
        }
        CHECK_INT(sums[m], sum);
        CHECK_DOUBLE(doubles[m], m == 0 ? max : (double)sum);
        CHECK_INT(distinct[m], __builtin_popcountll(met));
    }
}

TEST(eval_kernels__nested_windows_are_read_in_one_pass)
{
    for (unsigned i = 0; pt_kernels_nth(i); i++) {
        pt_rng r;
        pt_rng_seed(&r, 3);
        for (uint32_t n = 0; n < MOST; n++)
            sum_ranges(pt_kernels_nth(i), &r, n);
    }
}
