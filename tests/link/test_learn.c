/* Records made by known probabilities, of which learning is told nothing: it finds them, with levels between equal and different, with
 * values missing, and where few of the pairs looked at are of one person. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "link/columns.h"
#include "support/test.h"

enum { PERSONS = 6000, RECORDS = 2 * PERSONS, TRAITS = 4, LETTERS = 8, MOST_VALUES = 600, SEEDS = 3 };

/* Of a trait: how many values there are, how often the second record of a person has the first one's, the same with one letter
 * changed, and how often either has none. */
typedef struct trait {
    unsigned values;
    double same, near, missing;
} trait;

typedef struct made {
    pt_arena *arena;
    pt_link_table table;
    pt_link_level levels[TRAITS][2];
    pt_link_comparison comparisons[TRAITS];
    pt_link_rule rules[2];
    pt_link_model model;
    pt_pool *pool;
} made;

static void draw_word(char word[LETTERS], pt_rng *rng)
{
    for (size_t i = 0; i < LETTERS; i++)
        word[i] = (char)('a' + pt_rng_below(rng, 26));
}

/* Never the letter that it was. */
static void change_letter(char word[LETTERS], pt_rng *rng)
{
    char *letter = &word[pt_rng_below(rng, LETTERS)];

    *letter = (char)('a' + (*letter - 'a' + 1 + (int)pt_rng_below(rng, 25)) % 26);
}

/* Records 2p and 2p + 1 are of person p. */
static void add_trait(made *x, const trait *t, pt_rng *rng)
{
    static char words[MOST_VALUES][LETTERS];
    pt_sv *values = PT_NEW_ARRAY(x->arena, pt_sv, RECORDS);
    uint32_t column;

    for (size_t v = 0; v < t->values; v++)
        draw_word(words[v], rng);
    for (size_t i = 0, own = 0; i < RECORDS; i++) {
        double how = i % 2 ? pt_rng_double(rng) : 1;
        own = how < t->same + t->near ? own : pt_rng_below(rng, t->values);
        char *word = pt_arena_strndup(x->arena, words[own], LETTERS);
        if (how >= t->same && how < t->same + t->near)
            change_letter(word, rng);
        values[i] = (pt_sv){word, pt_rng_double(rng) < t->missing ? 0 : LETTERS};
    }
    CHECK_INT(pt_link_add_texts(&x->table, "trait", values, RECORDS, &column, NULL), PT_OK);
    x->levels[column][0] = (pt_link_level){.test = PT_LINK_SAME, .column = column};
    x->levels[column][1] = (pt_link_level){.test = PT_LINK_EDITS, .column = column, .bound = 1};
    x->comparisons[column] =
        (pt_link_comparison){.name = "trait", .column = column, .levels = x->levels[column], .n_levels = 2};
}

static void add_rule(made *x, uint32_t column)
{
    uint64_t *starts = PT_NEW_ARRAY(x->arena, uint64_t, RECORDS + 1), *keys = PT_NEW_ARRAY(x->arena, uint64_t, RECORDS);

    for (uint32_t i = 0; i < RECORDS; i++) {
        uint32_t code = x->table.columns[column].codes[i];
        starts[i + 1] = starts[i] + (code != 0);
        if (code)
            keys[starts[i]] = code;
    }
    x->rules[column] =
        (pt_link_rule){.name = "trait", .starts = starts, .keys = keys, .columns = (pt_link_mask)1 << column};
}

static void make(made *x, const trait *traits, uint64_t seed)
{
    pt_rng rng;

    *x = (made){.arena = pt_arena_new(0)};
    x->table.arena = x->arena;
    pt_rng_seed(&rng, seed);
    for (size_t t = 0; t < TRAITS; t++)
        add_trait(x, &traits[t], &rng);
    add_rule(x, 0);
    add_rule(x, 1);
    x->model = (pt_link_model){.n_comparisons = TRAITS, .comparisons = x->comparisons, .prior = 1.0 / RECORDS};
    CHECK_INT(pt_pool_new(&x->pool, 2, NULL), PT_OK);
    pt_link_preset(&x->model);
}

static void learn(made *x)
{
    pt_link_training t = {.seed = 5, .random_pairs = 2000000, .iterations = 500, .convergence = 1e-7, .pool = x->pool};
    pt_link_blocks *b;

    CHECK_INT(pt_link_learn_u(&x->model, &x->table.records, &t, NULL), PT_OK);
    CHECK_INT(pt_link_blocks_new(&b, &x->table.records, x->rules, 2, 0, x->pool, NULL), PT_OK);
    CHECK_INT(pt_link_learn_m(&x->model, &x->table.records, b, &t, NULL), PT_OK);
    pt_link_blocks_free(b);
}

static void check_known(const trait *traits, uint64_t seed)
{
    made x;

    make(&x, traits, seed);
    learn(&x);
    for (size_t t = 0; t < TRAITS; t++) {
        double by_chance = (1 - traits[t].same - traits[t].near) / traits[t].values;
        double as_drawn = 1 - traits[t].near / 2; /* of all records, of which half are second ones */
        CHECK(x.model.trained[t]);
        CHECK(fabs(x.model.m[t][0] - traits[t].same - by_chance) < 0.03);
        CHECK(fabs(x.model.m[t][1] - traits[t].near) < 0.03);
        CHECK(fabs(x.model.m[t][0] + x.model.m[t][1] + x.model.m[t][2] - 1) < 1e-9);
        CHECK(fabs(x.model.u[t][0] * traits[t].values / (as_drawn * as_drawn) - 1) < 0.15);
    }
    pt_pool_free(x.pool);
    pt_arena_free(x.arena);
}

TEST(link_learn__finds_levels_between_equal_and_different)
{
    static const trait traits[TRAITS] = {
        {400, 0.85, 0.1, 0}, {300, 0.7, 0.2, 0}, {600, 0.8, 0.05, 0}, {60, 0.6, 0.3, 0}};

    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        check_known(traits, seed);
}

TEST(link_learn__missing_values_say_nothing)
{
    static const trait traits[TRAITS] = {
        {400, 0.85, 0.1, 0.1}, {300, 0.7, 0.2, 0.3}, {600, 0.8, 0.05, 0.5}, {100, 0.75, 0.2, 0.2}};

    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        check_known(traits, seed);
}

/* Rules of few values: of a hundred pairs that they bring together one or two are of one person. */
TEST(link_learn__finds_the_few_among_strangers)
{
    static const trait traits[TRAITS] = {
        {40, 0.85, 0.1, 0}, {30, 0.8, 0.1, 0}, {600, 0.85, 0.05, 0.1}, {500, 0.7, 0.2, 0.2}};

    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        check_known(traits, seed);
}
