/* Every table of loops this machine can run, against a look at one customer after the other. */
#include "index/slices.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

typedef struct block {
    uint16_t *codes;
    uint64_t *rows, *bits, *got, *edges;
    unsigned k;
    uint32_t most; /* the highest code there is */
} block;

static void random_bits(uint64_t *bits, pt_rng *rng)
{
    unsigned kind = (unsigned)pt_rng_below(rng, 4);

    for (size_t w = 0; w < PT_BLOCK_WORDS; w++) {
        uint64_t x = pt_rng_u64(rng);
        bits[w] = kind == 0 ? x : kind == 1 ? x & pt_rng_u64(rng) & pt_rng_u64(rng) : kind == 2 ? ~UINT64_C(0) : 0;
        if (pt_rng_below(rng, 3) == 0)
            bits[w] = 0;
    }
}

static void fill(block *b, pt_rng *rng)
{
    b->k = 1 + (unsigned)pt_rng_below(rng, PT_SLICES_MOST);
    b->most = (uint32_t)pt_rng_below(rng, UINT64_C(1) << b->k);
    bool skewed = pt_rng_below(rng, 2) == 0;
    for (size_t i = 0; i < PT_BLOCK; i++) {
        uint64_t code = pt_rng_below(rng, (uint64_t)b->most + 1);
        b->codes[i] = (uint16_t)(skewed && pt_rng_below(rng, 4) ? code % 3 % (b->most + 1) : code);
    }
    memset(b->rows, 0, (size_t)b->k * PT_BLOCK_WORDS * 8);
    for (size_t i = 0; i < PT_BLOCK; i++)
        for (unsigned j = 0; j < b->k; j++)
            b->rows[j * PT_BLOCK_WORDS + i / 64] |= (uint64_t)(b->codes[i] >> j & 1) << (i % 64);
    random_bits(b->bits, rng);
}

static bool bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> (i % 64) & 1;
}

static void check_ranges(const pt_slice_kernels *t, block *b, pt_rng *rng)
{
    uint32_t low = (uint32_t)pt_rng_below(rng, (uint64_t)b->most + 1),
             high = low + (uint32_t)pt_rng_below(rng, (UINT64_C(1) << b->k) - low);

    memcpy(b->got, b->bits, PT_BLOCK_WORDS * 8);
    pt_slice_range range = {.rows = b->rows, .ahead = b->rows, .k = b->k, .eager = b->k / 2, .low = low, .high = high};
    range.edge_low = pt_rng_below(rng, 2) == 0;
    range.edge_high = pt_rng_below(rng, 2) == 0;
    unsigned found = t->within(b->got, b->edges, &range, PT_BLOCK_WORDS);
    uint64_t left = 0, rim = 0;
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++) {
        left |= b->got[w];
        rim |= b->edges[w];
    }
    CHECK_INT(found, (left ? PT_SLICES_LEFT : 0) | (rim ? PT_SLICES_EDGES : 0));
    for (size_t i = 0; i < PT_BLOCK; i++) {
        bool edge = (range.edge_low && b->codes[i] == low) || (range.edge_high && b->codes[i] == high);
        CHECK(bit(b->edges, i) == (edge && bit(b->bits, i)));
    }
    for (size_t i = 0; i < PT_BLOCK; i++)
        CHECK(bit(b->got, i) == (bit(b->bits, i) && b->codes[i] >= low && b->codes[i] <= high));
    memcpy(b->got, b->bits, PT_BLOCK_WORDS * 8);
    t->equal(b->got, b->rows, b->k, low);
    for (size_t i = 0; i < PT_BLOCK; i++)
        CHECK(bit(b->got, i) == (bit(b->bits, i) && b->codes[i] == low));
}

/* Places ascending by up to `gap`, of every number from none to some lines. */
static void check_places(const pt_slice_kernels *t, const block *b)
{
    static const size_t gaps[] = {1, 2, 5, 30, 100, 1000, 5000};
    uint16_t *places = malloc(PT_BLOCK * sizeof *places);

    CHECK(places);
    for (size_t g = 0; g < PT_COUNT(gaps); g++) {
        size_t n = 0;
        uint64_t want = 0;
        for (size_t at = b->codes[g] % gaps[g]; at < PT_BLOCK; at += 1 + b->codes[at] % gaps[g]) {
            if (n < 100)
                CHECK_INT(t->count_places(b->bits, places, n), want);
            want += bit(b->bits, at);
            places[n++] = (uint16_t)at;
        }
        CHECK_INT(t->count_places(b->bits, places, n), want);
    }
    free(places);
}

static void check_counts(const pt_slice_kernels *t, const block *b)
{
    uint64_t want[1 << PT_SLICES_COUNTED] = {0}, got[1 << PT_SLICES_COUNTED] = {0}, n = 0;

    for (size_t i = 0; i < PT_BLOCK; i++)
        n += bit(b->bits, i);
    CHECK_INT(t->count(b->bits), n);
    n = 0;
    for (size_t i = 0; i < PT_BLOCK; i++)
        n += bit(b->bits, i) && bit(b->rows, i);
    CHECK_INT(t->count_and(b->bits, b->rows), n);
    check_places(t, b);
    if (b->k > PT_SLICES_COUNTED)
        return;
    for (size_t i = 0; i < PT_BLOCK; i++)
        want[b->codes[i]] += bit(b->bits, i);
    t->histogram(got, b->bits, b->rows, b->k, b->most);
    CHECK(memcmp(got, want, sizeof want) == 0);
}

static void check_packing(const pt_slice_kernels *t, const block *b)
{
    uint64_t *rows = pt_alloc64((size_t)b->k * PT_BLOCK_WORDS, 8);
    uint16_t *codes = pt_alloc64(PT_BLOCK + 64, sizeof *codes);

    CHECK(rows && codes);
    t->pack(rows, b->codes, b->k);
    CHECK(memcmp(rows, b->rows, (size_t)b->k * PT_BLOCK_WORDS * 8) == 0);
    t->unpack(codes, b->rows, b->k);
    CHECK(memcmp(codes, b->codes, PT_BLOCK * sizeof *codes) == 0);
    size_t n = t->member_codes(codes, b->bits, b->rows, b->k);
    uint32_t *want = pt_zalloc(1 << PT_SLICES_MOST, sizeof *want);
    CHECK(want);
    for (size_t i = 0; i < PT_BLOCK; i++)
        want[b->codes[i]] += bit(b->bits, i);
    CHECK_INT(n, t->count(b->bits));
    for (size_t i = 0; i < n; i++)
        want[codes[i]]--;
    for (size_t i = 0; i < 1 << PT_SLICES_MOST; i++)
        CHECK_INT(want[i], 0);
    free(want);
    free(rows);
    free(codes);
}

static void check_rows(const pt_slice_kernels *t, block *b)
{
    const uint64_t *row = b->rows;

    for (unsigned op = 0; op < 3; op++) {
        memcpy(b->got, b->bits, PT_BLOCK_WORDS * 8);
        (op == 0 ? t->and_row : op == 1 ? t->and_not_row : t->or_row)(b->got, row);
        for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
            CHECK(b->got[w] == (op == 0 ? b->bits[w] & row[w] : op == 1 ? b->bits[w] & ~row[w] : b->bits[w] | row[w]));
    }
}

/* Sets of rows: all of them, any of them, over a part of the block. */
static void check_sets(const pt_slice_kernels *t, block *b, pt_rng *rng)
{
    const uint64_t *rows[PT_SLICES_MOST];
    size_t at = pt_rng_below(rng, 8) * 128, words = 128;
    pt_slice_rows set = {
        .rows = rows, .ahead = rows, .at = at, .flips = pt_rng_u64(rng), .n = 1 + (unsigned)pt_rng_below(rng, b->k)};

    for (unsigned j = 0; j < set.n; j++)
        rows[j] = b->rows + (size_t)j * PT_BLOCK_WORDS;
    for (unsigned any = 0; any < 2; any++) {
        uint64_t left = 0;
        memcpy(b->got, b->bits, PT_BLOCK_WORDS * 8);
        for (size_t w = 0; any && w < words; w++) {
            uint64_t some = pt_rng_u64(rng) & b->bits[at + w];
            b->got[at + w] = b->edges[w] = some & pt_rng_u64(rng);
        }
        bool some = any ? t->or_rows(b->got + at, b->bits + at, &set, words) : t->and_rows(b->got + at, &set, words);
        for (size_t w = 0; w < words; w++) {
            uint64_t all = ~UINT64_C(0), one = 0;
            for (unsigned j = 0; j < set.n; j++) {
                uint64_t x = rows[j][at + w] ^ (set.flips >> j & 1 ? ~UINT64_C(0) : 0);
                all &= x;
                one |= x;
            }
            uint64_t want = any ? b->edges[w] | (b->bits[at + w] & one) : b->bits[at + w] & all;
            CHECK(b->got[at + w] == want);
            left |= want;
        }
        CHECK(some == (left != 0));
    }
}

TEST(index_slices__every_instruction_set_gives_the_same_bits)
{
    pt_rng rng;
    block b = {.codes = pt_alloc64(PT_BLOCK, sizeof *b.codes),
               .rows = pt_alloc64(PT_SLICES_MOST * PT_BLOCK_WORDS, 8),
               .bits = pt_alloc64(PT_BLOCK_WORDS, 8),
               .got = pt_alloc64(PT_BLOCK_WORDS, 8),
               .edges = pt_alloc64(PT_BLOCK_WORDS, 8)};

    CHECK(b.codes && b.rows && b.bits && b.got && b.edges);
    pt_rng_seed(&rng, 20261121);
    for (unsigned round = 0; round < 40; round++) {
        fill(&b, &rng);
        for (unsigned i = 0; pt_slice_kernels_nth(i); i++) {
            const pt_slice_kernels *t = pt_slice_kernels_nth(i);
            check_ranges(t, &b, &rng);
            check_counts(t, &b);
            check_packing(t, &b);
            check_rows(t, &b);
            check_sets(t, &b, &rng);
        }
    }
    free(b.codes);
    free(b.rows);
    free(b.bits);
    free(b.got);
    free(b.edges);
}
