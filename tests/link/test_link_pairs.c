/* Properties of blocks, scores and learning over random records. */
#include <math.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/pool_stop.h"
#include "base/rng.h"
#include "link/columns.h"
#include "support/test.h"

enum { RECORDS = 300, COLUMNS = 3, RULES = 4, MOST_KEYS = 4 };

typedef struct fixture {
    pt_arena *arena;
    pt_link_table table;
    uint32_t day, masked;
    pt_link_level levels[COLUMNS + 1][3];
    pt_link_comparison comparisons[COLUMNS + 1];
    pt_link_model model;
    pt_link_rule rules[RULES];
    pt_pool *pool;
} fixture;

static double first_character(void *ctx, pt_sv value)
{
    (void)ctx;
    return value.ptr[0] == 'x' ? (double)NAN : value.ptr[0];
}

/* Words of few letters, in which many are equal or nearly so. */
static pt_sv random_word(pt_arena *arena, pt_rng *rng)
{
    char word[8];
    size_t n = pt_rng_below(rng, 6);

    for (size_t i = 0; i < n; i++)
        word[i] = "abx"[pt_rng_below(rng, 3)];
    return (pt_sv){pt_arena_strndup(arena, word, n), n};
}

static pt_link_rule random_rule(pt_arena *arena, pt_rng *rng, uint32_t n, size_t most_keys, unsigned spread)
{
    uint64_t *starts = PT_NEW_ARRAY(arena, uint64_t, n + 1), *keys = PT_NEW_ARRAY(arena, uint64_t, n * most_keys);
    uint64_t at = 0;

    for (uint32_t i = 0; i < n; i++) {
        uint64_t key = 1;
        starts[i] = at;
        for (size_t k = pt_rng_below(rng, most_keys + 1); k > 0; k--, key++)
            keys[at++] = key += pt_rng_below(rng, spread);
    }
    starts[n] = at;
    return (pt_link_rule){.name = "random", .starts = starts, .keys = keys};
}

static void fill(fixture *f, uint64_t seed, unsigned threads)
{
    static const char *const names[] = {"a", "b", "c"};
    static const pt_link_derivation derivation = {.name = "number", .number = first_character};
    pt_rng rng;

    *f = (fixture){.arena = pt_arena_new(0)};
    f->table.arena = f->arena;
    pt_rng_seed(&rng, seed);
    for (size_t c = 0; c < COLUMNS; c++) {
        pt_sv words[RECORDS];
        uint32_t column;
        for (size_t i = 0; i < RECORDS; i++)
            words[i] = random_word(f->arena, &rng);
        CHECK_INT(pt_link_add_texts(&f->table, names[c], words, RECORDS, &column, NULL), PT_OK);
        f->levels[c][0] = (pt_link_level){.test = PT_LINK_SAME, .column = column, .bound = 0};
        f->levels[c][1] = (pt_link_level){.test = PT_LINK_EDITS, .column = column, .bound = 1};
        f->levels[c][2] = (pt_link_level){.test = PT_LINK_JARO_WINKLER, .column = column, .bound = 0.8};
        f->comparisons[c] = (pt_link_comparison){.name = names[c],
                                                 .column = column,
                                                 .levels = f->levels[c],
                                                 .n_levels = 3,
                                                 .by_frequency = c == 0,
                                                 .group = c == 2,
                                                 .parts = c == 2};
    }
    CHECK_INT(pt_link_derive(&f->table, 1, &derivation, &f->day, NULL), PT_OK);
    f->levels[COLUMNS][0] = (pt_link_level){.test = PT_LINK_SWAPPED, .other = 1};
    f->levels[COLUMNS][1] = (pt_link_level){.test = PT_LINK_WITHIN, .column = f->day, .bound = 1};
    f->comparisons[COLUMNS] =
        (pt_link_comparison){.name = "swapped", .levels = f->levels[COLUMNS], .n_levels = 2, .group = 1};
    f->levels[1][1].group = 1;
    f->levels[2][2].group = PT_LINK_ALONE;
    f->model = (pt_link_model){.n_comparisons = COLUMNS + 1, .comparisons = f->comparisons, .prior = 0.01};
    pt_link_preset(&f->model);
    for (size_t r = 0; r < RULES; r++)
        f->rules[r] = random_rule(f->arena, &rng, RECORDS, r % 2 ? MOST_KEYS : 1, r % 2 ? 40 : 12);
    CHECK_INT(pt_pool_new(&f->pool, threads, NULL), PT_OK);
    CHECK_INT(pt_link_check(&f->model, &f->table.records, NULL), PT_OK);
}

static void empty(fixture *f)
{
    pt_pool_free(f->pool);
    pt_arena_free(f->arena);
}

static size_t score(pt_link_pair **pairs, fixture *f, double least, uint64_t largest)
{
    pt_link_blocks *b;
    size_t n;

    CHECK_INT(pt_link_blocks_new(&b, &f->table.records, f->rules, RULES, largest, f->pool, NULL), PT_OK);
    CHECK_INT(pt_link_score(pairs, &n, &f->model, &f->table.records, b, least, f->pool, NULL), PT_OK);
    pt_link_blocks_free(b);
    return n;
}

/* --- blocks ------------------------------------------------------------------------------------------------------------------ */

static uint64_t holders(const pt_link_rule *r, uint64_t key)
{
    uint64_t n = 0;

    for (uint64_t k = 0; k < r->starts[RECORDS]; k++)
        n += r->keys[k] == key;
    return n;
}

static bool share(const pt_link_rule *r, uint32_t a, uint32_t b, uint64_t largest)
{
    for (uint64_t i = r->starts[a]; i < r->starts[a + 1]; i++)
        for (uint64_t j = r->starts[b]; j < r->starts[b + 1]; j++)
            if (r->keys[i] == r->keys[j] && (!largest || holders(r, r->keys[i]) <= largest))
                return true;
    return false;
}

static void check_pairs(uint64_t seed, uint64_t largest)
{
    fixture f;
    pt_link_pair *pairs;
    size_t at = 0;

    fill(&f, seed, 2);
    size_t n = score(&pairs, &f, -INFINITY, largest);
    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            bool wanted = false;
            for (size_t r = 0; r < RULES; r++)
                wanted |= share(&f.rules[r], a, b, largest);
            if (wanted) {
                CHECK(at < n);
                CHECK_INT(pairs[at].a, a);
                CHECK_INT(pairs[at++].b, b);
            }
        }
    CHECK_INT(at, n);
    CHECK(n > 1000);
    free(pairs);
    empty(&f);
}

TEST(link_blocks__each_pair_that_shares_a_key_is_met_once)
{
    for (uint64_t seed = 1; seed <= 5; seed++)
        check_pairs(seed, 0);
}

TEST(link_blocks__pairs_of_crowded_blocks_are_left_to_other_rules)
{
    for (uint64_t seed = 6; seed <= 10; seed++)
        check_pairs(seed, 25);
}

TEST(link_blocks__reports_add_up)
{
    fixture f;
    pt_link_blocks *b;
    pt_link_pair *pairs;
    size_t n;
    uint64_t met = 0;

    fill(&f, 11, 1);
    CHECK_INT(pt_link_blocks_new(&b, &f.table.records, f.rules, RULES, 0, f.pool, NULL), PT_OK);
    CHECK_INT(pt_link_score(&pairs, &n, &f.model, &f.table.records, b, -INFINITY, f.pool, NULL), PT_OK);
    for (size_t r = 0; r < RULES; r++) {
        const pt_link_block_report *report = pt_link_blocks_report(b, r);
        CHECK(report->new_pairs <= report->pairs);
        met += report->new_pairs;
    }
    CHECK_INT(met, n);
    free(pairs);
    pt_link_blocks_free(b);
    empty(&f);
}

/* --- scores ------------------------------------------------------------------------------------------------------------------ */

TEST(link_score__is_what_explain_says)
{
    fixture f;
    pt_link_pair *pairs;

    fill(&f, 12, 2);
    size_t n = score(&pairs, &f, -INFINITY, 0);
    for (size_t i = 0; i < n; i++) {
        pt_link_evidence e;
        CHECK_INT(pt_link_explain(&e, &f.model, &f.table.records, pairs[i].a, pairs[i].b, NULL), PT_OK);
        CHECK(fabs(e.total - (double)pairs[i].weight) < 1e-4);
    }
    free(pairs);
    empty(&f);
}

/* Stopping early, when the rest cannot lift a pair over the bound, must lose nothing. */
TEST(link_score__a_bound_leaves_out_just_the_pairs_below)
{
    fixture f;
    pt_link_pair *all, *some;

    fill(&f, 13, 2);
    size_t n = score(&all, &f, -INFINITY, 0), m = score(&some, &f, -2.5, 0), at = 0;
    for (size_t i = 0; i < n; i++) {
        if ((double)all[i].weight < -2.5)
            continue;
        CHECK(at < m);
        CHECK(some[at].a == all[i].a && some[at].b == all[i].b && some[at].weight == all[i].weight);
        at++;
    }
    CHECK_INT(at, m);
    CHECK(m > 10 && m < n);
    free(all);
    free(some);
    empty(&f);
}

TEST(link_score__same_on_any_number_of_threads)
{
    static const unsigned threads[] = {2, 5};
    fixture f;
    pt_link_pair *one, *other;

    fill(&f, 14, 1);
    size_t n = score(&one, &f, -8, 0);
    empty(&f);
    for (size_t i = 0; i < PT_COUNT(threads); i++) {
        fill(&f, 14, threads[i]);
        CHECK_INT(score(&other, &f, -8, 0), n);
        CHECK_INT(memcmp(one, other, n * sizeof *one), 0);
        free(other);
        empty(&f);
    }
    free(one);
}

/* --- sources ----------------------------------------------------------------------------------------------------------------- */

static void check_sources(bool between, uint64_t clean)
{
    fixture f;
    pt_link_pair *all, *some;
    uint8_t source[RECORDS];
    uint32_t group[RECORDS];
    size_t at = 0;

    fill(&f, 16, 2);
    for (uint32_t i = 0; i < RECORDS; i++)
        source[i] = (uint8_t)(i % 3);
    size_t n = score(&all, &f, -INFINITY, 0);
    f.table.records.source = source;
    f.table.records.between = between;
    f.table.records.clean = clean;
    size_t m = score(&some, &f, -INFINITY, 0);
    for (size_t i = 0; i < n; i++) {
        bool apart = source[all[i].a] != source[all[i].b];
        if (!apart && (between || clean >> source[all[i].a] & 1))
            continue;
        CHECK(at < m);
        CHECK(some[at].a == all[i].a && some[at].b == all[i].b && some[at].weight == all[i].weight);
        at++;
    }
    CHECK_INT(at, m);
    CHECK(m > 0 && m < n);
    CHECK_INT(pt_link_cluster(group, &f.model, &f.table.records, NULL, some, m, -5, f.pool, NULL), PT_OK);
    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = a + 1; b < RECORDS; b++)
            CHECK(group[a] != group[b] || source[a] != source[b] || !(clean >> source[a] & 1));
    free(all);
    free(some);
    empty(&f);
}

TEST(link_sources__are_compared_as_is_asked)
{
    check_sources(true, 0);
    check_sources(false, 2);
    check_sources(true, 7);
}

/* --- what is known of groups ------------------------------------------------------------------------------------------------- */

/* A group of several values of a column that may have one must have them all in one group of the start. */
static void check_values(const uint32_t *group, const uint32_t *start, const uint32_t *codes)
{
    for (uint32_t a = 0; a < RECORDS; a++)
        for (uint32_t b = a + 1; b < RECORDS; b++) {
            bool differ = group[a] == group[b] && codes[a] && codes[b] && codes[a] != codes[b];
            CHECK(!differ || start[a] == start[b]);
        }
}

/* Pairs in another order, on another number of threads. */
static void check_same_groups(const uint32_t *group, const fixture *f, const pt_link_known *known, pt_link_pair *pairs,
                              size_t n, double least, pt_rng *rng)
{
    uint32_t again[RECORDS];
    pt_pool *pool;

    for (size_t i = n; i > 1; i--) {
        size_t with = pt_rng_below(rng, i);
        pt_link_pair swap = pairs[i - 1];
        pairs[i - 1] = pairs[with], pairs[with] = swap;
    }
    for (unsigned threads = 0; threads <= 5; threads += 5) {
        CHECK_INT(pt_pool_new(&pool, threads ? threads : 1, NULL), PT_OK);
        CHECK_INT(
            pt_link_cluster(again, &f->model, &f->table.records, known, pairs, n, least, threads ? pool : NULL, NULL),
            PT_OK);
        CHECK_INT(memcmp(again, group, sizeof again), 0);
        pt_pool_free(pool);
    }
}

/* How many of the pairs that are kept apart would be in one group. */
static uint32_t check_known(uint64_t seed)
{
    fixture f;
    pt_link_pair *pairs;
    uint32_t start[RECORDS], group[RECORDS], free_group[RECORDS], never[] = {2}, parted = 0;
    struct pt_link_apart apart[40];
    pt_rng rng;

    fill(&f, seed, 2);
    pt_rng_seed(&rng, seed);
    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t with = (uint32_t)pt_rng_below(&rng, i + 1);
        start[i] = pt_rng_below(&rng, 4) == 0 ? start[with < i ? with : 0] : i;
        start[i] = i ? start[i] : 0;
    }
    for (size_t i = 0; i < PT_COUNT(apart); i++)
        apart[i] = (struct pt_link_apart){(uint32_t)pt_rng_below(&rng, RECORDS), (uint32_t)pt_rng_below(&rng, RECORDS)};
    size_t n = score(&pairs, &f, -INFINITY, 0);
    pt_link_known known = {start, never, 1, apart, PT_COUNT(apart)};
    CHECK_INT(pt_link_cluster(free_group, &f.model, &f.table.records, NULL, pairs, n, -20, f.pool, NULL), PT_OK);
    CHECK_INT(pt_link_cluster(group, &f.model, &f.table.records, &known, pairs, n, -20, f.pool, NULL), PT_OK);
    check_values(group, start, f.table.columns[2].codes);
    for (double least = -20; least <= 8; least += 7) { /* from one component to many */
        CHECK_INT(pt_link_cluster(free_group, &f.model, &f.table.records, &known, pairs, n, least, f.pool, NULL),
                  PT_OK);
        check_same_groups(free_group, &f, &known, pairs, n, least, &rng);
    }
    CHECK_INT(pt_link_cluster(free_group, &f.model, &f.table.records, NULL, pairs, n, -20, f.pool, NULL), PT_OK);
    for (uint32_t i = 0; i < RECORDS; i++) {
        CHECK_INT(group[i], group[start[i]]);
        CHECK(group[i] <= i && group[group[i]] == group[i]);
    }
    for (size_t i = 0; i < PT_COUNT(apart); i++) {
        CHECK(group[apart[i].a] != group[apart[i].b] || start[apart[i].a] == start[apart[i].b]);
        parted += free_group[apart[i].a] == free_group[apart[i].b];
    }
    free(pairs);
    empty(&f);
    return parted;
}

static bool is_asked_twice(const void *ctx)
{
    unsigned *asked = *(unsigned *const *)ctx;

    return ++*asked > 2;
}

/* All pairs at the least bound are one component, so that only a look from inside it can end it early. */
TEST(link_cluster__one_component_ends_when_asked_to)
{
    fixture f;
    uint32_t group[RECORDS];
    pt_link_pair *pairs;
    unsigned asked = 0, *ctx = &asked;
    pt_err err = {0};

    fill(&f, 4, 2);
    size_t n = score(&pairs, &f, -INFINITY, 0);
    CHECK(n > 1000);
    pt_pool_stop_when(f.pool, is_asked_twice, &ctx);
    CHECK_INT(pt_link_cluster(group, &f.model, &f.table.records, NULL, pairs, n, -1000, f.pool, &err), PT_ECANCELED);
    CHECK_INT(asked, 3);
    pt_pool_stop_when(f.pool, NULL, NULL);
    CHECK_INT(pt_link_cluster(group, &f.model, &f.table.records, NULL, pairs, n, -1000, f.pool, &err), PT_OK);
    free(pairs);
    empty(&f);
}

TEST(link_cluster__keeps_to_what_is_known)
{
    uint32_t parted = 0;

    for (uint64_t seed = 21; seed <= 26; seed++)
        parted += check_known(seed);
    CHECK(parted > 0);
}

/* --- learning ---------------------------------------------------------------------------------------------------------------- */

enum { PERSONS = 6000, TRAITS = 4 };

/* Pairs whose traits agree as often as stated: expectation and maximisation must find how often that is. Each person has one or
 * two records; a trait of the second is the first one's with chance m, else drawn anew. */
static void simulate(pt_link_table *t, const double *m, const unsigned *values, pt_rng *rng)
{
    static const char *const names[TRAITS] = {"t0", "t1", "t2", "t3"};
    static pt_sv words[2 * PERSONS];

    for (size_t c = 0; c < TRAITS; c++) {
        uint32_t column;
        for (size_t p = 0; p < PERSONS; p++) {
            uint64_t own = pt_rng_below(rng, values[c]);
            uint64_t second = pt_rng_double(rng) < m[c] ? own : pt_rng_below(rng, values[c]);
            words[2 * p] = pt_sv_of(pt_arena_printf(t->arena, "v%d", (int)own));
            words[2 * p + 1] = pt_sv_of(pt_arena_printf(t->arena, "v%d", (int)second));
        }
        CHECK_INT(pt_link_add_texts(t, names[c], words, 2 * PERSONS, &column, NULL), PT_OK);
    }
}

static void check_learning(uint64_t seed)
{
    static const double m[TRAITS] = {0.9, 0.8, 0.95, 0.7};
    static const unsigned values[TRAITS] = {400, 300, 60, 500};
    fixture f = {.arena = pt_arena_new(0)};
    pt_link_blocks *b;
    pt_rng rng;

    f.table.arena = f.arena;
    pt_rng_seed(&rng, seed);
    simulate(&f.table, m, values, &rng);
    CHECK_INT(pt_pool_new(&f.pool, 2, NULL), PT_OK);
    pt_link_level levels[TRAITS];
    pt_link_comparison comparisons[TRAITS];
    pt_link_rule rules[2];
    for (uint32_t c = 0; c < TRAITS; c++) {
        levels[c] = (pt_link_level){.test = PT_LINK_SAME, .column = c, .bound = 0};
        comparisons[c] =
            (pt_link_comparison){.name = f.table.columns[c].name, .column = c, .levels = &levels[c], .n_levels = 1};
    }
    for (uint32_t r = 0; r < 2; r++) {
        uint64_t *starts = PT_NEW_ARRAY(f.arena, uint64_t, 2 * PERSONS + 1),
                 *keys = PT_NEW_ARRAY(f.arena, uint64_t, 2 * PERSONS);
        for (uint32_t i = 0; i < 2 * PERSONS; i++) {
            starts[i + 1] = i + 1;
            keys[i] = f.table.columns[r].codes[i];
        }
        rules[r] = (pt_link_rule){.name = "trait", .starts = starts, .keys = keys, .columns = UINT64_C(1) << r};
    }
    f.model = (pt_link_model){.n_comparisons = TRAITS, .comparisons = comparisons, .prior = 1.0 / (4 * PERSONS)};
    pt_link_training t = {.pool = f.pool, .seed = 5, .random_pairs = 4000000, .convergence = 1e-7, .iterations = 500};
    pt_link_preset(&f.model);
    CHECK_INT(pt_link_learn_u(&f.model, &f.table.records, &t, NULL), PT_OK);
    CHECK_INT(pt_link_blocks_new(&b, &f.table.records, rules, 2, 0, f.pool, NULL), PT_OK);
    CHECK_INT(pt_link_learn_m(&f.model, &f.table.records, b, &t, NULL), PT_OK);
    for (size_t c = 0; c < TRAITS; c++) {
        double agree = m[c] + (1 - m[c]) / values[c]; /* also by chance */
        CHECK(f.model.trained[c]);
        CHECK(fabs(f.model.m[c][0] - agree) < 0.02);
        CHECK(fabs(f.model.u[c][0] - 1.0 / values[c]) < 0.1 / values[c]);
    }
    pt_link_blocks_free(b);
    empty(&f);
}

TEST(link_learn__finds_the_probabilities_that_made_the_records)
{
    for (uint64_t seed = 21; seed <= 25; seed++)
        check_learning(seed);
}

TEST(link_check__refuses_what_a_column_does_not_have)
{
    fixture f;

    fill(&f, 15, 1);
    f.levels[COLUMNS][1].column = 1; /* a text has no number */
    CHECK_INT(pt_link_check(&f.model, &f.table.records, NULL), PT_EINVAL);
    f.levels[COLUMNS][1].column = 99;
    CHECK_INT(pt_link_check(&f.model, &f.table.records, NULL), PT_EINVAL);
    empty(&f);
}
