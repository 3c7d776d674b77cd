#include "model/itemsets.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "model/bitrows.h"
#include "support/test.h"

/* Baskets for a test, with room for what random ones need. */
typedef struct made {
    uint64_t offsets[3001];
    uint32_t items[60000], weights[3000];
    pt_baskets b;
} made;

static made *made_new(uint32_t n_items)
{
    made *m = pt_zalloc(1, sizeof *m);

    CHECK(m);
    m->b = (pt_baskets){.offsets = m->offsets, .items = m->items, .n_items = n_items};
    return m;
}

static void add_basket(made *m, const uint32_t *items, size_t n)
{
    for (size_t i = 0; i < n; i++)
        m->items[m->offsets[m->b.n] + i] = items[i];
    m->offsets[m->b.n + 1] = m->offsets[m->b.n] + n;
    m->b.n++;
}

/* Items that hang together: a basket takes a run of neighbours and some noise. */
static made *random_baskets(pt_rng *r, size_t n, uint32_t n_items, unsigned density)
{
    made *m = made_new(n_items);

    for (size_t i = 0; i < n; i++) {
        uint32_t items[20], start = (uint32_t)pt_rng_below(r, n_items);
        size_t size = 0, run = pt_rng_below(r, density + 1);
        for (size_t k = 0; k < run && size < 20; k++)
            items[size++] = (start / 3 * 3 + (uint32_t)k) % n_items;
        for (size_t k = pt_rng_below(r, 4); k-- && size < 20;)
            items[size++] = (uint32_t)pt_rng_below(r, n_items);
        m->weights[i] = (uint32_t)pt_rng_below(r, 9);
        add_basket(m, items, size);
    }
    return m;
}

static bool holds(const made *m, size_t basket, const uint32_t *set, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (uint64_t k = m->offsets[basket]; k < m->offsets[basket + 1]; k++)
            found |= m->items[k] == set[i];
        if (!found)
            return false;
    }
    return true;
}

static uint64_t count_baskets(const made *m, const uint32_t *set, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < m->b.n; i++)
        sum += holds(m, i, set, n) ? (m->b.weights ? m->weights[i] : 1) : 0;
    return sum;
}

/* Every set there is, by trying: returns how many are frequent. */
static size_t try_all(const made *m, uint32_t *set, size_t size, uint64_t least, size_t max_size)
{
    size_t n = 0;

    for (uint32_t item = size ? set[size - 1] + 1 : 0; size < max_size && item < m->b.n_items; item++) {
        set[size] = item;
        if (count_baskets(m, set, size + 1) >= least)
            n += 1 + try_all(m, set, size + 1, least, max_size);
    }
    return n;
}

static pt_itemsets find(const made *m, uint64_t least, pt_itemset_method method, unsigned max_size, pt_pool *pool)
{
    pt_itemset_options o = {.min_count = least, .method = method, .max_size = max_size, .pool = pool};
    pt_itemsets sets;
    pt_err err;

    CHECK_OK(pt_itemsets_find(&sets, &m->b, &o, &err));
    return sets;
}

static void check_same(const pt_itemsets *a, const pt_itemsets *b)
{
    CHECK_INT(a->n, b->n);
    CHECK_INT(a->baskets, b->baskets);
    CHECK(memcmp(a->offsets, b->offsets, (a->n + 1) * sizeof *a->offsets) == 0);
    CHECK(memcmp(a->counts, b->counts, a->n * sizeof *a->counts) == 0);
    CHECK(memcmp(a->items, b->items, (size_t)a->offsets[a->n] * sizeof *a->items) == 0);
}

/* Agrawal and Srikant (1994), section 2.1.2: four transactions, support 2. */
TEST(model_itemsets__find_those_of_the_apriori_paper)
{
    made *m = made_new(6);
    pt_err err;

    add_basket(m, (uint32_t[]){1, 3, 4}, 3);
    add_basket(m, (uint32_t[]){2, 3, 5}, 3);
    add_basket(m, (uint32_t[]){1, 2, 3, 5}, 4);
    add_basket(m, (uint32_t[]){2, 5}, 2);
    for (pt_itemset_method method = PT_ITEMSETS_ECLAT; method <= PT_ITEMSETS_FPGROWTH; method++) {
        pt_itemsets s = find(m, 2, method, 0, NULL);
        CHECK_OK(pt_itemsets_sort(&s, &err));
        CHECK_INT(s.n, 9);
        static const uint32_t items[] = {1, 2, 3, 5, 1, 3, 2, 3, 2, 5, 3, 5, 2, 3, 5};
        static const uint64_t counts[] = {2, 3, 3, 3, 2, 2, 3, 2, 2};
        CHECK_INT(s.offsets[s.n], PT_COUNT(items));
        CHECK(memcmp(s.items, items, sizeof items) == 0);
        CHECK(memcmp(s.counts, counts, sizeof counts) == 0);
        pt_itemsets_free(&s);
    }
    free(m);
}

TEST(model_itemsets__are_all_there_are_with_their_counts)
{
    pt_rng r;

    pt_rng_seed(&r, 61);
    for (int round = 0; round < 60; round++) {
        made *m = random_baskets(&r, 1 + pt_rng_below(&r, 120), 4 + (uint32_t)pt_rng_below(&r, 10),
                                 (unsigned)pt_rng_below(&r, 9));
        uint32_t set[32];
        unsigned max_size = pt_rng_below(&r, 3) ? 0 : 1 + (unsigned)pt_rng_below(&r, 4);
        uint64_t least = 1 + pt_rng_below(&r, 12);
        m->b.weights = pt_rng_below(&r, 2) ? m->weights : NULL;
        size_t n = try_all(m, set, 0, least, max_size ? max_size : 32);
        for (pt_itemset_method method = PT_ITEMSETS_ECLAT; method <= PT_ITEMSETS_FPGROWTH; method++) {
            pt_itemsets s = find(m, least, method, max_size, NULL);
            CHECK_INT(s.n, n);
            for (size_t i = 0; i < s.n; i++) {
                size_t size = (size_t)(s.offsets[i + 1] - s.offsets[i]);
                CHECK_INT(s.counts[i], count_baskets(m, s.items + s.offsets[i], size));
            }
            pt_itemsets_free(&s);
        }
        free(m);
    }
}

/* Large enough for packing, merging and weights of many bits. */
TEST(model_itemsets__are_the_same_by_both_ways)
{
    pt_rng r;
    pt_err err;

    pt_rng_seed(&r, 62);
    for (int round = 0; round < 8; round++) {
        made *m = random_baskets(&r, 3000, round < 4 ? 12 : 60, round & 1 ? 14 : 3);
        m->b.weights = round & 2 ? m->weights : NULL;
        pt_itemsets a = find(m, 20, PT_ITEMSETS_ECLAT, 6, NULL), b = find(m, 20, PT_ITEMSETS_FPGROWTH, 6, NULL);
        CHECK(a.n > 10);
        CHECK_OK(pt_itemsets_sort(&a, &err));
        CHECK_OK(pt_itemsets_sort(&b, &err));
        check_same(&a, &b);
        pt_itemsets_free(&a);
        pt_itemsets_free(&b);
        free(m);
    }
}

TEST(model_itemsets__are_the_same_on_any_number_of_threads)
{
    pt_rng r;
    pt_err err;

    pt_rng_seed(&r, 63);
    made *m = random_baskets(&r, 3000, 60, 12);
    for (pt_itemset_method method = PT_ITEMSETS_ECLAT; method <= PT_ITEMSETS_FPGROWTH; method++) {
        pt_itemsets one = find(m, 15, method, 0, NULL);
        for (unsigned threads = 2; threads <= 5; threads += 3) {
            pt_pool *pool;
            CHECK_OK(pt_pool_new(&pool, threads, &err));
            pt_itemsets many = find(m, 15, method, 0, pool);
            check_same(&one, &many);
            pt_itemsets_free(&many);
            pt_pool_free(pool);
        }
        pt_itemsets_free(&one);
    }
    free(m);
}

TEST(model_itemsets__do_not_depend_on_the_order_of_baskets_and_items)
{
    pt_rng r;
    pt_err err;

    pt_rng_seed(&r, 64);
    made *m = random_baskets(&r, 500, 20, 8), *turned = made_new(20);
    for (size_t i = m->b.n; i-- > 0;) {
        uint32_t items[20];
        size_t n = 0;
        for (uint64_t k = m->offsets[i + 1]; k-- > m->offsets[i];)
            items[n++] = m->items[k];
        add_basket(turned, items, n);
    }
    pt_itemsets a = find(m, 10, PT_ITEMSETS_AUTO, 0, NULL), b = find(turned, 10, PT_ITEMSETS_AUTO, 0, NULL);
    CHECK_OK(pt_itemsets_sort(&a, &err));
    CHECK_OK(pt_itemsets_sort(&b, &err));
    check_same(&a, &b);
    pt_itemsets_free(&a);
    pt_itemsets_free(&b);
    free(m);
    free(turned);
}

static bool contains(const pt_itemsets *s, size_t large, size_t small)
{
    uint64_t at = s->offsets[large];

    for (uint64_t k = s->offsets[small]; k < s->offsets[small + 1]; k++) {
        while (at < s->offsets[large + 1] && s->items[at] < s->items[k])
            at++;
        if (at == s->offsets[large + 1] || s->items[at] != s->items[k])
            return false;
    }
    return true;
}

TEST(model_itemsets__closed_and_maximal_ones_are_those_of_the_definition)
{
    pt_rng r;
    pt_err err;

    pt_rng_seed(&r, 65);
    made *m = random_baskets(&r, 200, 14, 9);
    pt_itemsets all = find(m, 8, PT_ITEMSETS_AUTO, 0, NULL);
    CHECK(all.n > 20 && all.n < 5000);
    for (pt_itemset_kind kind = PT_ITEMSETS_CLOSED; kind <= PT_ITEMSETS_MAXIMAL; kind++) {
        pt_itemset_options o = {.min_count = 8, .kind = kind};
        pt_itemsets some;
        size_t kept = 0;
        CHECK_OK(pt_itemsets_find(&some, &m->b, &o, &err));
        for (size_t i = 0; i < all.n; i++) {
            bool covered = false;
            for (size_t k = 0; k < all.n; k++)
                covered |=
                    k != i && contains(&all, k, i) && (kind == PT_ITEMSETS_MAXIMAL || all.counts[k] == all.counts[i]);
            if (covered)
                continue;
            CHECK(kept < some.n);
            CHECK_INT(some.counts[kept], all.counts[i]);
            size_t size = (size_t)(all.offsets[i + 1] - all.offsets[i]);
            CHECK_INT(some.offsets[kept + 1] - some.offsets[kept], size);
            CHECK(memcmp(some.items + some.offsets[kept], all.items + all.offsets[i], size * sizeof *all.items) == 0);
            kept++;
        }
        CHECK_INT(kept, some.n);
        CHECK(kept < all.n);
        pt_itemsets_free(&some);
    }
    pt_itemsets_free(&all);
    free(m);
}

TEST(model_itemsets__of_nothing_are_none)
{
    made *m = made_new(3);

    for (pt_itemset_method method = PT_ITEMSETS_ECLAT; method <= PT_ITEMSETS_FPGROWTH; method++) {
        pt_itemsets s = find(m, 1, method, 0, NULL);
        CHECK_INT(s.n, 0);
        pt_itemsets_free(&s);
    }
    add_basket(m, NULL, 0);
    add_basket(m, (uint32_t[]){1, 1, 1}, 3); /* once, however often it is named */
    for (pt_itemset_method method = PT_ITEMSETS_ECLAT; method <= PT_ITEMSETS_FPGROWTH; method++) {
        pt_itemsets s = find(m, 0, method, 0, NULL);
        CHECK_INT(s.n, 1);
        CHECK_INT(s.counts[0], 1);
        CHECK_INT(s.baskets, 2);
        pt_itemsets_free(&s);
        s = find(m, 2, method, 0, NULL);
        CHECK_INT(s.n, 0);
        pt_itemsets_free(&s);
    }
    free(m);
}

TEST(model_itemsets__refuse_items_out_of_range_and_too_many_sets)
{
    made *m = made_new(24);
    pt_itemset_options o = {.min_count = 1, .most = 1000};
    pt_itemsets s;
    pt_err err;
    uint32_t all[24];

    for (uint32_t i = 0; i < 24; i++)
        all[i] = i;
    add_basket(m, all, 24);
    CHECK_INT(pt_itemsets_find(&s, &m->b, &o, &err), PT_EINVAL); /* 2^24 - 1 sets */
    CHECK_STR(err.msg, "more than 1000 sets of items are that frequent");
    pt_itemsets_free(&s);
    m->b.n_items = 23;
    CHECK_INT(pt_itemsets_find(&s, &m->b, &o, &err), PT_EINVAL);
    pt_itemsets_free(&s);
    free(m);
}

TEST(model_bitrows__are_the_same_on_every_machine)
{
    enum { ROWS = 9, WORDS = 40 };
    const pt_bitrow_kernels *all[] = {pt_bitrow_kernels_plain(), pt_bitrow_kernels_avx2(), pt_bitrow_kernels_avx512()};
    uint64_t *rows = pt_alloc64(ROWS * WORDS, 8), *shifts = pt_alloc64(WORDS, 8);
    uint64_t *kept[2] = {pt_alloc64(ROWS * WORDS, 8), pt_alloc64(ROWS * WORDS, 8)};
    pt_rng r;

    pt_rng_seed(&r, 66);
    CHECK(rows && shifts && kept[0] && kept[1]);
    for (int round = 0; round < 200; round++) {
        uint64_t counts[2][ROWS];
        uint32_t which[2][ROWS];
        for (size_t i = 0; i < ROWS * WORDS; i++) {
            rows[i] = pt_rng_u64(&r); /* one bit of four is set */
            rows[i] &= pt_rng_u64(&r);
        }
        for (size_t i = 0; i < WORDS; i++)
            shifts[i] = pt_rng_below(&r, 20);
        for (size_t i = 1; i < PT_COUNT(all) && all[i]; i++) {
            size_t n[2];
            for (int k = 0; k < 2; k++) {
                pt_bitrow_class c = {.row = rows,
                                     .rows = rows + WORDS,
                                     .shifts = round & 1 ? shifts : NULL,
                                     .n = ROWS - 1,
                                     .words = WORDS,
                                     .least = 160,
                                     .kept = kept[k],
                                     .which = which[k],
                                     .counts = counts[k]};
                n[k] = all[k ? i : 0]->meet(&c);
            }
            CHECK_INT(n[0], n[1]);
            CHECK(memcmp(counts[0], counts[1], n[0] * sizeof *counts[0]) == 0);
            CHECK(memcmp(which[0], which[1], n[0] * sizeof *which[0]) == 0);
            CHECK(memcmp(kept[0], kept[1], n[0] * WORDS * 8) == 0);
            for (int k = 0; k < 2; k++) {
                pt_bitrow_class c = {.row = rows, .rows = rows + WORDS, .n = ROWS - 1, .words = WORDS, .kept = kept[k]};
                all[k ? i : 0]->pack(&c, WORDS);
            }
            CHECK(memcmp(kept[0], kept[1], (ROWS - 1) * WORDS * 8) == 0);
        }
    }
    free(rows);
    free(shifts);
    free(kept[0]);
    free(kept[1]);
}
