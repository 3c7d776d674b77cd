#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

TEST(base_mem__items_are_zeroed_aligned_and_apart)
{
    enum { ITEMS = 3000 };
    static struct {
        unsigned char *p;
        size_t n;
    } items[ITEMS];
    pt_rng r;
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    pt_rng_seed(&r, 41);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < ITEMS; i++) {
            size_t n = items[i].n = pt_rng_below(&r, i % 100 ? 200 : 20000);
            unsigned char *p = items[i].p = pt_arena_alloc(a, n);
            CHECK(p && (uintptr_t)p % 16 == 0);
            for (size_t k = 0; k < n; k++)
                CHECK(p[k] == 0);
            memset(p, (int)(i & 255), n);
        }
        for (size_t i = 0; i < ITEMS; i++)
            for (size_t k = 0; k < items[i].n; k++)
                CHECK(items[i].p[k] == (i & 255));
        pt_arena_reset(a);
        CHECK_INT(pt_arena_used(a), 0);
    }
    pt_arena_free(a);
    pt_arena_free(NULL);
}

TEST(base_mem__the_cap_holds)
{
    pt_arena *a = pt_arena_new(100);

    CHECK(a);
    CHECK(pt_arena_alloc(a, 64) && !pt_arena_alloc(a, 64) && pt_arena_alloc(a, 30));
    CHECK(!pt_arena_alloc(a, SIZE_MAX) && !pt_arena_array(a, SIZE_MAX / 2, 4));
    pt_arena_reset(a);
    CHECK(pt_arena_alloc(a, 64));
    pt_arena_free(a);
}

TEST(base_mem__texts)
{
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    CHECK_STR(pt_arena_strdup(a, "abc"), "abc");
    CHECK_STR(pt_arena_strndup(a, "abc", 2), "ab");
    CHECK_STR(pt_arena_printf(a, "%d-%s", 7, "x"), "7-x");
    pt_arena_free(a);
}

static char order[8];
static void note(void *letter)
{
    size_t n = strlen(order);
    order[n] = *(const char *)letter;
    order[n + 1] = '\0';
}

TEST(base_mem__deferred_calls_run_newest_first)
{
    pt_arena *a = pt_arena_new(0);

    CHECK(a);
    order[0] = '\0';
    CHECK(pt_arena_defer(a, note, &"a"[0]) && pt_arena_defer(a, note, &"b"[0]));
    pt_arena_reset(a);
    CHECK_STR(order, "ba");
    CHECK(pt_arena_defer(a, note, &"c"[0]));
    pt_arena_free(a);
    CHECK_STR(order, "bac");
}

TEST(base_mem__arrays_grow)
{
    int *items = NULL;
    size_t cap = 0;

    for (int i = 0; i < 1000; i++) {
        CHECK(pt_grow(&items, &cap, (size_t)i + 1, sizeof *items));
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        CHECK_INT(items[i], i);
    int *before = items;
    CHECK(!pt_grow(&items, &cap, SIZE_MAX / 2, sizeof *items) && items == before);
    free(items);
    CHECK(!pt_alloc64(SIZE_MAX / 4, 8));
    void *p = pt_alloc64(0, 8);
    CHECK(p && (uintptr_t)p % 64 == 0);
    free(p);
    free(pt_zalloc(0, 0));
}
