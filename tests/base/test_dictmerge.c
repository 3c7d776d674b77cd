#include "base/dictmerge.h"

#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { PARTS = 5, TEXTS = 300 };

static pt_sv text_of(uint64_t n, char *buf)
{
    int length = snprintf(buf, 32, n % 7 ? "%llu" : "a long text %llu", (unsigned long long)n);

    return (pt_sv){buf, n == 5 ? 0 : (size_t)length}; /* the empty text is one */
}

TEST(base_dict_merge__is_sorted_and_keeps_every_text)
{
    pt_rng rng;
    pt_err err;
    char buf[32];

    pt_rng_seed(&rng, 1);
    for (int round = 0; round < 50; round++) {
        const pt_intern *parts[PARTS] = {NULL};
        pt_intern *own[PARTS] = {NULL};
        uint32_t *ranks[PARTS] = {NULL};
        bool met[TEXTS] = {false};
        uint32_t different = 0;
        for (size_t i = 0; i < PARTS; i++) {
            if (pt_rng_below(&rng, 5) == 0)
                continue;
            parts[i] = own[i] = pt_intern_new();
            for (uint64_t k = pt_rng_below(&rng, 200); k > 0; k--) {
                uint64_t n = pt_rng_below(&rng, TEXTS);
                CHECK(pt_intern_add(own[i], text_of(n, buf)));
                different += !met[n];
                met[n] = true;
            }
            ranks[i] = pt_zalloc((size_t)pt_intern_count(own[i]) + 1, sizeof **ranks);
            CHECK_OK(pt_intern_rank(own[i], ranks[i], &err));
        }
        pt_dict d;
        CHECK_OK(pt_dict_merge(&d, parts, ranks, PARTS, &err));
        CHECK_INT(d.n, different);
        CHECK(d.sorted);
        for (uint32_t code = 2; code <= d.n; code++)
            CHECK(pt_sv_cmp(pt_dict_text(&d, code - 1), pt_dict_text(&d, code)) < 0);
        for (size_t i = 0; i < PARTS; i++) {
            for (uint32_t code = 1; own[i] && code <= pt_intern_count(own[i]); code++)
                CHECK(pt_sv_eq(pt_dict_text(&d, ranks[i][code]), pt_dict_text(pt_intern_dict(own[i]), code)));
            CHECK(!own[i] || ranks[i][0] == 0);
            pt_intern_free(own[i]);
            free(ranks[i]);
        }
        pt_dict_dispose(&d);
    }
}
