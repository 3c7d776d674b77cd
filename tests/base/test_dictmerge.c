#include "base/dictmerge.h"

#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { PARTS = 5 };

static pt_sv random_text(char *buf, pt_rng *r)
{
    size_t n = pt_rng_below(r, 4);

    for (size_t i = 0; i < n; i++)
        buf[i] = "ab\0\xFF"[pt_rng_below(r, 4)];
    return (pt_sv){buf, n};
}

static uint32_t *ranks_of(const pt_intern *part)
{
    pt_err err = {0};
    uint32_t *rank = calloc((size_t)pt_intern_count(part) + 1, sizeof *rank);

    CHECK(rank);
    CHECK_OK(pt_intern_rank(part, rank, &err));
    return rank;
}

/* The merge is right when it is sorted, without repeats, and every code of every part leads to the same text; nothing
 * else can be in it when each of its texts is met that way. */
static void check_merge(const pt_dict *d, const pt_intern *const *parts, uint32_t *const *to)
{
    bool *met = calloc((size_t)d->n + 1, sizeof *met);

    CHECK(met && d->sorted);
    for (uint32_t code = 1; code < d->n; code++)
        CHECK(pt_sv_cmp(pt_dict_text(d, code), pt_dict_text(d, code + 1)) < 0);
    for (int p = 0; p < PARTS; p++) {
        for (uint32_t code = 1; parts[p] && code <= pt_intern_count(parts[p]); code++) {
            CHECK(to[p][code] >= 1 && to[p][code] <= d->n);
            CHECK(pt_sv_eq(pt_dict_text(d, to[p][code]), pt_dict_text(pt_intern_dict(parts[p]), code)));
            met[to[p][code]] = true;
        }
        CHECK(!parts[p] || to[p][0] == 0);
    }
    for (uint32_t code = 1; code <= d->n; code++)
        CHECK(met[code]);
    free(met);
}

TEST(base_dictmerge__translates_every_code)
{
    pt_rng r;
    char buf[4];
    pt_err err = {0};

    pt_rng_seed(&r, 51);
    for (int round = 0; round < 300; round++) {
        pt_intern *parts[PARTS] = {NULL};
        uint32_t *ranks[PARTS] = {NULL};
        pt_dict merged;
        for (int p = 0; p < PARTS; p++) {
            if (pt_rng_below(&r, 5) == 0)
                continue;
            CHECK(parts[p] = pt_intern_new());
            for (uint64_t n = pt_rng_below(&r, 40); n > 0; n--)
                CHECK(pt_intern_add(parts[p], random_text(buf, &r)));
            ranks[p] = ranks_of(parts[p]);
        }
        CHECK_OK(pt_dict_merge(&merged, (const pt_intern *const *)parts, ranks, PARTS, &err));
        check_merge(&merged, (const pt_intern *const *)parts, ranks);
        pt_dict_dispose(&merged);
        for (int p = 0; p < PARTS; p++) {
            pt_intern_free(parts[p]);
            free(ranks[p]);
        }
    }
}
