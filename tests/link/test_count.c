/* Counting pairs against all pairs of small random setups. */
#include "base/rng.h"
#include "form/latin.h"
#include "link/count.h"
#include "support/test.h"

enum { RECORDS = 120 };

static bool share_key(const pt_link_rule *r, uint32_t a, uint32_t b)
{
    for (uint64_t i = r->starts[a]; i < r->starts[a + 1]; i++)
        for (uint64_t j = r->starts[b]; j < r->starts[b + 1]; j++)
            if (r->keys[i] == r->keys[j])
                return true;
    return false;
}

static void count_once(uint64_t seed, pt_pool *pool)
{
    pt_arena *arena = pt_arena_new(0);
    pt_link_setup s = {.table = {.arena = arena}};
    pt_link_counts counts;
    pt_sv words[RECORDS], births[RECORDS];
    uint64_t total = 0;
    pt_err err = {0};
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (size_t i = 0; i < RECORDS; i++) {
        words[i] = pt_sv_of(pt_arena_printf(arena, "name %u", (unsigned)pt_rng_below(&rng, 30)));
        births[i] = pt_sv_of(pt_arena_printf(arena, "1990-01-%02u", 1 + (unsigned)pt_rng_below(&rng, 28)));
    }
    CHECK_OK(pt_latin_open(&s.latin, &err));
    CHECK_OK(pt_link_add_field(&s, "person", PT_LINK_PERSON, words, RECORDS, &err));
    CHECK_OK(pt_link_add_field(&s, "birth", PT_LINK_BIRTH, births, RECORDS, &err));
    CHECK_OK(pt_link_set_up(&s, &err));
    CHECK_OK(pt_link_count(&counts, &s, 0, pool, &err));
    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            size_t r = 0;
            while (r < s.n_rules && !share_key(&s.rules[r], a, b))
                r++;
            total += r < s.n_rules;
        }
    CHECK(counts.distinct && s.n_rules > 1);
    CHECK_INT(counts.total, total);
    uint64_t together = 0, sum = 0;
    for (size_t r = 0; r < s.n_rules; r++) {
        CHECK(counts.rules[r].new_pairs <= counts.rules[r].pairs);
        together += counts.rules[r].new_pairs;
        sum += counts.rules[r].pairs;
    }
    CHECK_INT(together, total);
    CHECK_INT(counts.sum, sum);
    pt_latin_free(s.latin);
    pt_arena_free(arena);
}

TEST(link_count__each_pair_of_all_rules_counts_once)
{
    pt_pool *pool;
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&pool, 2, &err));
    for (uint64_t seed = 1; seed <= 20; seed++)
        count_once(seed, pool);
    pt_pool_free(pool);
}
