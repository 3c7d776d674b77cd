/* Against qsort, which knows nothing of digits. */
#include "link/sort.h"

#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { MOST = 5000 };

/* By key, then by place before sorting. */
static int compare(const void *p, const void *q)
{
    const link_entry *x = p, *y = q;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return (x->value > y->value) - (x->value < y->value);
}

/* Keys of which just the bits of `mask` differ, each in `repeats` places or so. */
static void check_sort(pt_rng *rng, uint64_t n, uint64_t mask, uint64_t repeats)
{
    link_entry *from = malloc((MOST + 1) * sizeof *from), *to = malloc((MOST + 1) * sizeof *to), expected[MOST];
    uint64_t keys[MOST];

    for (uint64_t i = 0; i < n; i++)
        keys[i] = pt_rng_u64(rng) & mask;
    for (uint32_t i = 0; i < n; i++)
        expected[i] = from[i] = (link_entry){keys[pt_rng_below(rng, n / repeats + 1) % n], i};
    qsort(expected, n, sizeof *expected, compare);
    CHECK_INT(link_sort(&from, &to, n, NULL, NULL), PT_OK);
    for (uint64_t i = 0; i < n; i++)
        CHECK(from[i].key == expected[i].key && from[i].value == expected[i].value);
    free(from);
    free(to);
}

TEST(link_sort__orders_any_keys_and_keeps_equal_ones_in_place)
{
    static const uint64_t masks[] = {
        UINT64_MAX,        0xff, UINT64_C(0xff) << 56, 0x7fffffff, UINT64_C(3) << 62 | 0xffff, UINT64_C(0x7) << 30,
        UINT64_C(1) << 31, 0};
    static const uint64_t sizes[] = {0, 1, 2, 31, 32, 33, 100, 1000, MOST};
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    for (size_t m = 0; m < PT_COUNT(masks); m++)
        for (size_t s = 0; s < PT_COUNT(sizes); s++)
            for (uint64_t repeats = 1; repeats <= 40; repeats += 13)
                check_sort(&rng, sizes[s], masks[m], repeats);
}
