#include "identity/circles.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

enum { MOST_CUSTOMERS = 60, MOST_SIGNS = 120 };

typedef struct found {
    uint32_t of[MOST_CUSTOMERS], size[MOST_CUSTOMERS];
    pt_circles circles;
} found;

static void find(found *f, const pt_circle_sign *signs, size_t n, uint32_t customers, uint32_t most)
{
    pt_circle_sign copy[MOST_SIGNS];
    pt_err err = {0};

    if (n)
        memcpy(copy, signs, n * sizeof *signs);
    f->circles = (pt_circles){.of = f->of, .size = f->size};
    CHECK_OK(pt_circles_find(&f->circles, copy, n, customers, most, &err));
}

TEST(identity_circles__join_over_a_third_and_leave_out_what_many_share)
{
    /* 0 and 1 share an address, 1 and 2 a phone; 3 is alone; 4 is unknown; five share an office's phone */
    const pt_circle_sign signs[] = {{10, 0, 0}, {10, 1, 0}, {20, 1, 1}, {20, 2, 1}, {30, 3, 0}, {10, 3, 1},
                                    {99, 0, 1}, {99, 1, 1}, {99, 2, 1}, {99, 3, 1}, {99, 5, 1}};
    found f;

    find(&f, signs, PT_COUNT(signs), 6, 4);
    CHECK_INT(f.of[0], 0);
    CHECK_INT(f.of[1], 0);
    CHECK_INT(f.of[2], 0);
    CHECK_INT(f.of[3], 3);
    CHECK_INT(f.of[4], PT_CIRCLE_NONE);
    CHECK_INT(f.of[5], 5);
    CHECK_INT(f.size[0], 3);
    CHECK_INT(f.size[3], 1);
    CHECK_INT(f.circles.members, 5);
    CHECK_INT(f.circles.shared, 1);
    CHECK_INT(f.circles.largest, 3);
    CHECK_INT(f.circles.crowded, 1);
    CHECK_INT(f.circles.refused, 0);
}

TEST(identity_circles__the_value_that_would_make_one_too_large_is_left_out)
{
    /* pairs first: {0,1} and {2,3} stand, the phone of 1, 2 and 4 would make five of at most four */
    const pt_circle_sign signs[] = {{1, 0, 0}, {1, 1, 0}, {2, 2, 0}, {2, 3, 0}, {3, 1, 1}, {3, 2, 1}, {3, 4, 1}};
    found f;

    find(&f, signs, PT_COUNT(signs), 5, 4);
    CHECK_INT(f.of[1], 0);
    CHECK_INT(f.of[3], 2);
    CHECK_INT(f.of[4], 4);
    CHECK_INT(f.circles.refused, 1);
    find(&f, signs, PT_COUNT(signs), 5, 5);
    CHECK_INT(f.size[0], 5);
}

TEST(identity_circles__nobody_and_nothing)
{
    found f;

    find(&f, NULL, 0, 3, 2);
    CHECK_INT(f.of[2], PT_CIRCLE_NONE);
    CHECK_INT(f.circles.members, 0);
    find(&f, NULL, 0, 0, 2);
}

/* The first customer that each one reaches over values that at most `most` share. */
static void reach(uint32_t *of, const pt_circle_sign *signs, size_t n, uint32_t customers)
{
    bool changed = true;

    for (uint32_t c = 0; c < customers; c++)
        of[c] = PT_CIRCLE_NONE;
    for (size_t i = 0; i < n; i++)
        of[signs[i].customer] = signs[i].customer;
    while (changed) {
        changed = false;
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < n; k++)
                if (signs[i].way == signs[k].way && signs[i].key == signs[k].key &&
                    of[signs[i].customer] < of[signs[k].customer]) {
                    of[signs[k].customer] = of[signs[i].customer];
                    changed = true;
                }
    }
}

TEST(identity_circles__are_what_shared_values_reach_in_any_order)
{
    pt_circle_sign signs[MOST_SIGNS];
    uint32_t expected[MOST_CUSTOMERS];
    pt_rng r;
    found f, again;

    pt_rng_seed(&r, 20);
    for (int round = 0; round < 300; round++) {
        uint32_t customers = 1 + (uint32_t)pt_rng_below(&r, MOST_CUSTOMERS);
        size_t n = pt_rng_below(&r, MOST_SIGNS);
        for (size_t i = 0; i < n; i++)
            signs[i] = (pt_circle_sign){pt_rng_below(&r, 40), (uint32_t)pt_rng_below(&r, customers),
                                        (uint32_t)pt_rng_below(&r, 2)};
        find(&f, signs, n, customers, MOST_CUSTOMERS);
        reach(expected, signs, n, customers);
        for (uint32_t c = 0; c < customers; c++)
            CHECK_INT(f.of[c], expected[c]);
        for (size_t i = n; i > 1; i--) {
            size_t k = pt_rng_below(&r, i);
            pt_circle_sign swap = signs[k];
            signs[k] = signs[i - 1];
            signs[i - 1] = swap;
        }
        uint32_t most = 2 + (uint32_t)pt_rng_below(&r, 6);
        find(&f, signs, n, customers, most);
        if (n > 1) {
            pt_circle_sign first = signs[0];
            memmove(signs, signs + 1, (n - 1) * sizeof *signs);
            signs[n - 1] = first;
        }
        find(&again, signs, n, customers, most);
        CHECK(memcmp(f.of, again.of, customers * sizeof *f.of) == 0);
        CHECK(f.circles.largest <= most);
    }
}
