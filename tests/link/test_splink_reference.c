/* Learning and weights against Splink's on the same records, comparisons, rules and starting values. splink_reference.py made the header
 * and says how; docs/linking.md says where we differ otherwise, and why. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/time.h"
#include "link/columns.h"
#include "support/test.h"

enum { SPLINK_COLUMNS = 5, SPLINK_LEVELS = 5 };

typedef struct splink_pair {
    uint32_t a, b;
    double weight, frequency; /* bits; weight holds frequency and prior */
    int level[SPLINK_COLUMNS];
} splink_pair;

#include "splink_reference.h"

enum { GIVEN, FAMILY, BIRTH, PHONE, CITY, RECORDS = PT_COUNT(splink_records), SESSIONS = 2 };

typedef struct reference {
    pt_arena *arena;
    pt_link_table table;
    uint32_t day;
    pt_link_level levels[SPLINK_COLUMNS][SPLINK_LEVELS];
    pt_link_comparison comparisons[SPLINK_COLUMNS];
    pt_link_rule sessions[SESSIONS];
    pt_link_model model;
    pt_pool *pool;
} reference;

/* Of a part of "1999-12-31". */
static int32_t number_in(pt_sv date, size_t from, size_t end)
{
    int32_t number = 0;

    for (size_t i = from; i < end; i++)
        number = 10 * number + (date.ptr[i] - '0');
    return number;
}

static double day_of(void *ctx, pt_sv value)
{
    (void)ctx;
    return pt_date_from_civil(number_in(value, 0, 4), number_in(value, 5, 7), number_in(value, 8, 10));
}

static void add_level(reference *r, int c, pt_link_test test, double bound)
{
    uint32_t column = test == PT_LINK_WITHIN ? r->day : (uint32_t)c;

    r->levels[c][r->comparisons[c].n_levels++] = (pt_link_level){.test = test, .column = column, .bound = bound};
}

static void compare(reference *r)
{
    for (int c = 0; c < SPLINK_COLUMNS; c++) {
        r->comparisons[c] = (pt_link_comparison){.name = r->table.columns[c].name,
                                                 .column = (uint32_t)c,
                                                 .levels = r->levels[c],
                                                 .by_frequency = c == GIVEN || c == CITY};
        add_level(r, c, PT_LINK_SAME, 0);
    }
    add_level(r, GIVEN, PT_LINK_JARO_WINKLER, 0.92);
    add_level(r, GIVEN, PT_LINK_JARO_WINKLER, 0.8);
    add_level(r, FAMILY, PT_LINK_JARO_WINKLER, 0.9);
    add_level(r, BIRTH, PT_LINK_EDITS, 1);
    add_level(r, BIRTH, PT_LINK_WITHIN, 30.4375); /* Splink's month and year */
    add_level(r, BIRTH, PT_LINK_WITHIN, 365.25);
    add_level(r, PHONE, PT_LINK_EDITS, 1);
    add_level(r, PHONE, PT_LINK_EDITS, 2);
}

static pt_link_rule rule_of(reference *r, const int *columns, size_t n)
{
    uint64_t *starts = PT_NEW_ARRAY(r->arena, uint64_t, RECORDS + 1), *keys = PT_NEW_ARRAY(r->arena, uint64_t, RECORDS);
    pt_link_rule rule = {.name = "equal", .starts = starts, .keys = keys};

    for (uint32_t i = 0; i < RECORDS; i++) {
        uint64_t key = 1;
        starts[i + 1] = starts[i];
        for (size_t c = 0; key && c < n; c++) {
            uint32_t code = r->table.columns[columns[c]].codes[i];
            key = code ? pt_mix64(key + code) | 1 : 0;
        }
        if (key)
            keys[starts[i + 1]++] = key;
    }
    for (size_t c = 0; c < n; c++)
        rule.columns |= (pt_link_mask)1 << columns[c];
    return rule;
}

static void set_up(reference *r)
{
    static const char *const names[] = {"first_name", "surname", "birth_date", "phone", "city"};
    static const pt_link_derivation days = {.name = "day", .number = day_of};
    pt_sv values[RECORDS];

    *r = (reference){.arena = pt_arena_new(0)};
    r->table.arena = r->arena;
    for (size_t c = 0; c < SPLINK_COLUMNS; c++) {
        uint32_t column;
        for (size_t i = 0; i < RECORDS; i++)
            values[i] = pt_sv_of(splink_records[i][c]);
        CHECK_INT(pt_link_add_texts(&r->table, names[c], values, RECORDS, &column, NULL), PT_OK);
    }
    CHECK_INT(pt_link_derive(&r->table, BIRTH, &days, &r->day, NULL), PT_OK);
    CHECK_INT(pt_pool_new(&r->pool, 2, NULL), PT_OK);
    compare(r);
    r->sessions[0] = rule_of(r, (const int[]){GIVEN, FAMILY}, 2);
    r->sessions[1] = rule_of(r, (const int[]){BIRTH}, 1);
    r->model = (pt_link_model){.n_comparisons = SPLINK_COLUMNS, .comparisons = r->comparisons, .prior = SPLINK_PRIOR};
    CHECK_INT(pt_link_check(&r->model, &r->table.records, NULL), PT_OK);
    pt_link_preset(&r->model);
}

static void finish(reference *r)
{
    pt_pool_free(r->pool);
    pt_arena_free(r->arena);
}

static double farthest(const reference *r, double (*ours)[PT_LINK_LEVELS_MAX + 1],
                       const double (*theirs)[SPLINK_LEVELS])
{
    double most = 0;

    for (size_t k = 0; k < SPLINK_COLUMNS; k++)
        for (uint32_t l = 0; l <= r->comparisons[k].n_levels; l++)
            most = fmax(most, fabs(ours[k][l] - theirs[k][l]));
    return most;
}

static void learn(reference *r, bool bare)
{
    pt_link_training t = {.random_pairs = UINT64_C(1) << 40,
                          .most_pairs = UINT64_C(1) << 40,
                          .iterations = 5000,
                          .convergence = 1e-12,
                          .bare = bare,
                          .pool = r->pool};
    pt_link_blocks *b;

    CHECK_INT(pt_link_learn_u(&r->model, &r->table.records, &t, NULL), PT_OK);
    CHECK_INT(pt_link_blocks_new(&b, &r->table.records, r->sessions, SESSIONS, 0, r->pool, NULL), PT_OK);
    CHECK_INT(pt_link_learn_m(&r->model, &r->table.records, b, &t, NULL), PT_OK);
    pt_link_blocks_free(b);
}

TEST(link_splink__the_same_is_learned)
{
    reference r;

    set_up(&r);
    learn(&r, true);
    CHECK(farthest(&r, r.model.u, splink_u) < 1e-12);
    CHECK(farthest(&r, r.model.m, splink_m) < 1e-9);
    finish(&r);
}

/* With what is believed before: u moves by less than half a pair of a level, m by less than five pairs of its session. */
TEST(link_splink__what_is_believed_before_moves_little)
{
    reference r;

    set_up(&r);
    learn(&r, false);
    double u = farthest(&r, r.model.u, splink_u), m = farthest(&r, r.model.m, splink_m);
    CHECK(u > 0 && u < 1e-4);
    CHECK(m > 1e-3 && m < 0.05);
    finish(&r);
}

static void set_model(reference *r)
{
    for (size_t k = 0; k < SPLINK_COLUMNS; k++)
        for (uint32_t l = 0; l <= r->comparisons[k].n_levels; l++) {
            r->model.m[k][l] = splink_m[k][l];
            r->model.u[k][l] = splink_u[k][l];
        }
}

/* Levels, what frequency adds, and the whole weight of a pair. */
static void check_pair(pt_link_explainer *x, const splink_pair *pair)
{
    pt_link_evidence e;
    double frequency = 0;

    pt_link_explain_next(&e, x, pair->a, pair->b);
    for (size_t k = 0; k < SPLINK_COLUMNS; k++) {
        CHECK_INT(e.level[k], pair->level[k] < 0 ? PT_LINK_NULL : pair->level[k]);
        frequency += e.frequency[k];
    }
    CHECK(fabs(frequency - pair->frequency) < 1e-6);
    CHECK(fabs(e.total - pair->weight) < 1e-6);
}

TEST(link_splink__pairs_weigh_the_same)
{
    pt_link_explainer *x;
    bool seen[SPLINK_COLUMNS][SPLINK_LEVELS] = {{false}};
    reference r;

    set_up(&r);
    set_model(&r);
    CHECK_INT(pt_link_explainer_new(&x, &r.model, &r.table.records, NULL), PT_OK);
    for (size_t i = 0; i < PT_COUNT(splink_pairs); i++) {
        check_pair(x, &splink_pairs[i]);
        for (size_t k = 0; k < SPLINK_COLUMNS; k++)
            if (splink_pairs[i].level[k] >= 0)
                seen[k][splink_pairs[i].level[k]] = true;
    }
    for (size_t k = 0; k < SPLINK_COLUMNS; k++) /* the reference shows every level */
        for (uint32_t l = 0; l <= r.comparisons[k].n_levels; l++)
            CHECK(seen[k][l]);
    pt_link_explainer_free(x);
    finish(&r);
}
