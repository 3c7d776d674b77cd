/* Who learns from whom: no row on both sides, no customer on both sides, classes alike, the future after the past. */
#include "model/splits.h"

#include <math.h>
#include <string.h>

#include "support/test.h"

enum { ROWS = 300 };

static float target[ROWS];
static uint64_t ids[ROWS];
static uint32_t groups[ROWS];
static int64_t times[ROWS];

static pt_table people(void)
{
    for (uint32_t i = 0; i < ROWS; i++) {
        target[i] = i % 10 == 0;
        ids[i] = i / 2; /* two rows a customer */
        groups[i] = i % 7;
        times[i] = (int64_t)(i % 6) * 1000;
    }
    return (pt_table){.rows = ROWS, .target = target, .n_classes = 2};
}

static pt_split *split(size_t *n, const pt_table *t, pt_validation v, uint64_t seed, pt_arena *a)
{
    pt_err err;
    pt_split *s;
    const pt_row_set rows = pt_all_rows(t);

    CHECK_OK(pt_splits(&s, n, t, &rows, &v, seed, a, &err));
    return s;
}

static void mark(uint8_t *seen, const pt_row_set *s)
{
    for (size_t i = 0; i < s->n; i++)
        seen[s->rows[i]]++;
}

TEST(model_splits__folds_hold_each_row_out_once)
{
    pt_arena *a = pt_arena_new(0);
    const pt_table t = people();
    uint8_t held[ROWS] = {0};
    size_t n;
    const pt_split *s = split(&n, &t, (pt_validation){.by = PT_SPLIT_STRATIFIED, .folds = 5, .repeats = 2}, 1, a);

    CHECK_INT(n, 10);
    for (size_t f = 0; f < n; f++) {
        uint8_t seen[ROWS] = {0};
        double hits = 0;
        mark(seen, &s[f].train);
        mark(seen, &s[f].valid);
        mark(held, &s[f].valid);
        for (size_t i = 0; i < ROWS; i++)
            CHECK(seen[i] == 1);
        CHECK_INT(s[f].valid.n, ROWS / 5);
        for (size_t i = 0; i < s[f].valid.n; i++)
            hits += (double)target[s[f].valid.rows[i]];
        CHECK_INT(hits, 6); /* of 30 */
    }
    for (size_t i = 0; i < ROWS; i++)
        CHECK(held[i] == 2);
    CHECK(memcmp(s[0].valid.rows, s[5].valid.rows, s[0].valid.n * sizeof(uint32_t)) != 0); /* shuffled anew */
    pt_arena_free(a);
}

TEST(model_splits__customers_and_groups_stay_together)
{
    pt_arena *a = pt_arena_new(0);
    pt_table t = people();
    const pt_split_by ways[] = {PT_SPLIT_STRATIFIED, PT_SPLIT_PLAIN, PT_SPLIT_GROUP};
    size_t n;

    t.ids = ids;
    for (size_t w = 0; w < PT_COUNT(ways); w++)
        for (unsigned folds = 0; folds <= 4; folds += 4) {
            t.groups = ways[w] == PT_SPLIT_GROUP ? groups : NULL;
            const pt_split *s = split(&n, &t, (pt_validation){.by = ways[w], .folds = folds, .holdout = 0.3}, 3, a);
            for (size_t f = 0; f < n; f++) {
                uint8_t held[ROWS] = {0};
                mark(held, &s[f].valid);
                CHECK(s[f].valid.n > 0 && s[f].train.n + s[f].valid.n == ROWS);
                for (size_t i = 0; i < ROWS; i++)
                    for (size_t j = 0; j < i; j++)
                        if (t.groups ? groups[i] == groups[j] : ids[i] == ids[j])
                            CHECK(held[i] == held[j]);
            }
        }
    pt_arena_free(a);
}

TEST(model_splits__by_time_never_learn_from_the_future)
{
    pt_arena *a = pt_arena_new(0);
    pt_table t = people();
    size_t n;

    t.times = times;
    for (unsigned folds = 0; folds <= 3; folds += 3) {
        const pt_split *s = split(&n, &t, (pt_validation){.by = PT_SPLIT_TIME, .folds = folds}, 1, a);
        CHECK_INT(n, folds ? 3 : 1);
        for (size_t f = 0; f < n; f++) {
            int64_t latest = INT64_MIN, earliest = INT64_MAX;
            for (size_t i = 0; i < s[f].train.n; i++)
                latest = times[s[f].train.rows[i]] > latest ? times[s[f].train.rows[i]] : latest;
            for (size_t i = 0; i < s[f].valid.n; i++)
                earliest = times[s[f].valid.rows[i]] < earliest ? times[s[f].valid.rows[i]] : earliest;
            CHECK(s[f].train.n && s[f].valid.n && latest < earliest);
        }
    }
    pt_arena_free(a);
}

/* Which side a customer is on follows from who they are: rows in another order give the same sides. */
TEST(model_splits__do_not_depend_on_the_order_of_rows)
{
    pt_arena *a = pt_arena_new(0);
    pt_table t = people();
    size_t n;
    uint8_t held[ROWS] = {0};
    const pt_validation v = {.by = PT_SPLIT_STRATIFIED, .folds = 3};

    t.ids = ids;
    const pt_split *s = split(&n, &t, v, 9, a);
    for (size_t i = 0; i < s[0].valid.n; i++)
        held[ids[s[0].valid.rows[i]]] = 1;
    for (size_t i = 0; i < ROWS / 2; i++) {
        const uint64_t id = ids[i];
        const float y = target[i];
        ids[i] = ids[ROWS - 1 - i], ids[ROWS - 1 - i] = id;
        target[i] = target[ROWS - 1 - i], target[ROWS - 1 - i] = y;
    }
    s = split(&n, &t, v, 9, a);
    for (size_t i = 0; i < s[0].valid.n; i++)
        CHECK(held[ids[s[0].valid.rows[i]]]);
    pt_arena_free(a);
}

TEST(model_splits__say_what_is_too_little)
{
    pt_arena *a = pt_arena_new(0);
    pt_err err;
    pt_split *s;
    pt_table t = people();
    pt_row_set rows = pt_all_rows(&t);
    size_t n;
    pt_validation v = {.by = PT_SPLIT_GROUP, .folds = 8};

    t.groups = groups;
    CHECK(pt_splits(&s, &n, &t, &rows, &v, 1, a, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "8 folds need at least as many customers or groups, there are 7");
    v.by = PT_SPLIT_TIME;
    CHECK(pt_splits(&s, &n, &t, &rows, &v, 1, a, &err) == PT_EINVAL);
    CHECK_STR(err.msg, "splits by time need rows with days");
    memset(times, 0, sizeof times);
    t.times = times;
    CHECK(pt_splits(&s, &n, &t, &rows, &v, 1, a, &err) == PT_EINVAL);
    rows.n = 1;
    v = (pt_validation){.by = PT_SPLIT_PLAIN, .folds = 0};
    CHECK(pt_splits(&s, &n, &t, &rows, &v, 1, a, &err) == PT_EINVAL);
    pt_arena_free(a);
}

TEST(model_splits__samples_keep_the_mix)
{
    pt_arena *a = pt_arena_new(0);
    pt_err err;
    const pt_table t = people();
    const pt_row_set rows = pt_all_rows(&t);
    pt_row_set some;
    double hits = 0;

    CHECK_OK(pt_sample_rows(&some, &t, &rows, 100, 1, a, &err));
    CHECK_INT(some.n, 100);
    for (size_t i = 0; i < some.n; i++)
        hits += (double)target[some.rows[i]];
    CHECK_INT(hits, 10);
    CHECK_OK(pt_sample_rows(&some, &t, &rows, ROWS, 1, a, &err));
    CHECK(some.rows == NULL && some.n == ROWS);
    pt_arena_free(a);
}
