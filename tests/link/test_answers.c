/* Chains, questions and changes against brute force. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "link/chain.h"
#include "link/changes.h"
#include "link/columns.h"
#include "link/review.h"
#include "link/supervise.h"
#include "support/test.h"

enum { N = 24 };

static uint32_t least_of(const uint32_t *of, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (of[j] == of[i])
            return j;
    return i;
}

/* --- chains --------------------------------------------------------------------------------------------------------------------- */

static size_t random_pairs(pt_link_pair *pairs, pt_rng *rng, unsigned one_in)
{
    size_t n = 0;

    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = a + 1; b < N; b++)
            if (pt_rng_below(rng, one_in) == 0)
                pairs[n++] = (pt_link_pair){a, b, (float)pt_rng_below(rng, 12) - 4};
    return n;
}

/* The best weakest pair on any way between all records (Floyd 1962), -INFINITY where there is none. */
static void widest(double width[N][N], const uint32_t *start, const pt_link_pair *pairs, size_t n)
{
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < N; j++)
            width[i][j] = start[i] == start[j] ? INFINITY : -INFINITY;
    for (size_t i = 0; i < n; i++) {
        double *w = &width[pairs[i].a][pairs[i].b];
        *w = fmax(*w, (double)pairs[i].weight);
        width[pairs[i].b][pairs[i].a] = *w;
    }
    for (uint32_t k = 0; k < N; k++)
        for (uint32_t i = 0; i < N; i++)
            for (uint32_t j = 0; j < N; j++)
                width[i][j] = fmax(width[i][j], fmin(width[i][k], width[k][j]));
}

TEST(link_chain__has_the_strongest_weakest_pair)
{
    pt_arena *arena = pt_arena_new(0);
    unsigned found = 0;
    pt_rng rng;

    pt_rng_seed(&rng, 3);
    for (int round = 0; round < 60; round++) {
        pt_link_pair pairs[N * N], *steps;
        uint32_t start[N];
        double width[N][N];
        size_t n = random_pairs(pairs, &rng, 12), length;
        for (uint32_t i = 0; i < N; i++)
            start[i] = i && pt_rng_below(&rng, 6) == 0 ? start[pt_rng_below(&rng, i)] : i;
        widest(width, start, pairs, n);
        for (uint32_t a = 0; a < N; a++)
            for (uint32_t b = 0; b < N; b++) {
                double weakest = INFINITY;
                CHECK_INT(pt_link_chain(&steps, &length, start, N, pairs, n, a, b, arena, NULL), PT_OK);
                if (start[a] == start[b] || width[a][b] == -INFINITY) {
                    CHECK_INT(length, 0);
                    continue;
                }
                CHECK(length > 0);
                CHECK_INT(start[steps[0].a], start[a]);
                CHECK_INT(start[steps[length - 1].b], start[b]);
                for (size_t i = 0; i < length; i++) {
                    weakest = fmin(weakest, (double)steps[i].weight);
                    CHECK(!i || start[steps[i].a] == start[steps[i - 1].b]);
                }
                CHECK(weakest == width[a][b]);
                found++;
            }
        pt_arena_reset(arena);
    }
    CHECK(found > 1000);
    pt_arena_free(arena);
}

TEST(link_chain__is_as_short_as_it_can_be)
{
    static const pt_link_pair pairs[] = {{0, 1, 5}, {1, 2, 6}, {2, 3, 5}, {0, 4, 5}, {3, 4, 7}, {0, 3, 2}};
    pt_arena *arena = pt_arena_new(0);
    pt_link_pair *steps;
    size_t n;

    CHECK_INT(pt_link_chain(&steps, &n, NULL, 5, pairs, PT_COUNT(pairs), 0, 3, arena, NULL), PT_OK);
    CHECK_INT(n, 2);
    CHECK_INT(steps[0].b, 4);
    CHECK_INT(steps[1].a, 4);
    CHECK(steps[1].weight == 7);
    pt_arena_free(arena);
}

/* --- questions ------------------------------------------------------------------------------------------------------------------ */

TEST(link_questions__doubt_is_greatest_where_yes_and_no_are_as_likely)
{
    CHECK(pt_link_doubt(0) == 1);
    CHECK(fabs(pt_link_doubt(log2(19)) - 0.286396957) < 1e-9); /* of 0.95 */
    CHECK(pt_link_doubt(3) == pt_link_doubt(-3));
    CHECK(pt_link_doubt(2000) == 0 && pt_link_doubt(-2000) == 0);
}

TEST(link_questions__ask_once_for_each_two_groups)
{
    pt_arena *arena = pt_arena_new(0);
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (int round = 0; round < 50; round++) {
        uint32_t named[N], group[N];
        pt_link_pair pairs[N * N], never = {0, N - 1, 0};
        pt_link_question *q;
        size_t n = random_pairs(pairs, &rng, 3), asked, wanted = 0;
        for (uint32_t i = 0; i < N; i++) {
            named[i] = (uint32_t)pt_rng_below(&rng, 14);
            group[i] = least_of(named, i);
        }
        CHECK_INT(pt_link_questions(&q, &asked, group, N, pairs, n, -1, &never, 1, arena, NULL), PT_OK);
        for (uint32_t g = 0; g < N; g++)
            for (uint32_t h = g + 1; h < N; h++) {
                const pt_link_pair *best = NULL;
                uint64_t sizes[2] = {0};
                for (uint32_t i = 0; i < N; i++)
                    sizes[0] += group[i] == g, sizes[1] += group[i] == h;
                for (size_t i = 0; i < n; i++) {
                    uint32_t x = group[pairs[i].a], y = group[pairs[i].b];
                    bool between = (x == g && y == h) || (x == h && y == g);
                    if (between && pairs[i].weight >= -1 && (!best || pairs[i].weight > best->weight))
                        best = &pairs[i];
                }
                bool barred = (group[0] == g && group[N - 1] == h) || (group[0] == h && group[N - 1] == g);
                if (!best || barred)
                    continue;
                wanted++;
                size_t at = 0;
                while (at < asked && !(q[at].a == best->a && q[at].b == best->b))
                    at++;
                CHECK(at < asked);
                CHECK_INT(q[at].pairs, sizes[0] * sizes[1]);
                CHECK(q[at].information == pt_link_doubt((double)best->weight) * (double)(sizes[0] * sizes[1]));
            }
        CHECK_INT(asked, wanted);
        for (size_t i = 1; i < asked; i++)
            CHECK(q[i - 1].information >= q[i].information);
        pt_arena_reset(arena);
    }
    pt_arena_free(arena);
}

/* A random forest of links over N records of random parts; its groups are what hangs together. */
static size_t random_forest(pt_link_pair *links, uint32_t *start, uint32_t *group, pt_rng *rng)
{
    uint32_t named[N], root[N];
    size_t n = 0;

    for (uint32_t i = 0; i < N; i++)
        named[i] = (uint32_t)pt_rng_below(rng, N);
    for (uint32_t i = 0; i < N; i++)
        start[i] = root[i] = least_of(named, i);
    for (uint32_t i = 0; i < 3 * N; i++) {
        uint32_t a = (uint32_t)pt_rng_below(rng, N), b = (uint32_t)pt_rng_below(rng, N), gone = root[b];
        if (root[a] == gone)
            continue;
        links[n++] = (pt_link_pair){a < b ? a : b, a < b ? b : a, (float)pt_rng_below(rng, 20)};
        for (uint32_t k = 0; k < N; k++)
            root[k] = root[k] == gone ? root[a] : root[k];
        if (pt_rng_below(rng, 4) == 0)
            break;
    }
    for (uint32_t i = 0; i < N; i++)
        group[i] = least_of(root, i);
    return n;
}

/* Records that stay with a when one link is gone. */
static uint64_t side_of(uint32_t a, size_t without, const pt_link_pair *links, size_t n, const uint32_t *start)
{
    bool reached[N] = {false}, more = true;
    uint64_t records = 0;

    for (uint32_t i = 0; i < N; i++)
        reached[i] = start[i] == start[a];
    while (more) {
        more = false;
        for (size_t l = 0; l < n; l++)
            for (uint32_t i = 0; i < N && l != without; i++) {
                uint32_t x = start[links[l].a], y = start[links[l].b];
                bool met = (start[i] == x && reached[y]) || (start[i] == y && reached[x]);
                more |= met && !reached[i];
                reached[i] |= met;
            }
    }
    for (uint32_t i = 0; i < N; i++)
        records += reached[i];
    return records;
}

TEST(link_questions__weak_links_are_asked_by_what_they_hold)
{
    enum { MOST = 9 };
    pt_arena *arena = pt_arena_new(0);
    size_t seen = 0;
    pt_rng rng;

    pt_rng_seed(&rng, 9);
    for (int round = 0; round < 200; round++) {
        uint32_t start[N], group[N];
        pt_link_pair links[3 * N];
        pt_link_question *q;
        size_t n = random_forest(links, start, group, &rng), asked, at = 0;
        CHECK_INT(pt_link_doubtful(&q, &asked, group, start, N, links, n, MOST, arena, NULL), PT_OK);
        for (size_t l = 0; l < n; l++) {
            if (links[l].weight > MOST)
                continue;
            for (at = 0; at < asked && !(q[at].a == links[l].a && q[at].b == links[l].b);)
                at++;
            CHECK(at < asked && q[at].inside && q[at].weight == links[l].weight);
            CHECK_INT(q[at].pairs, side_of(links[l].a, l, links, n, start) * side_of(links[l].b, l, links, n, start));
            seen++;
        }
        for (at = 1; at < asked; at++)
            CHECK(q[at - 1].information >= q[at].information);
        pt_arena_reset(arena);
    }
    CHECK(seen > 200);
    pt_arena_free(arena);
}

/* --- labels -------------------------------------------------------------------------------------------------------------------- */

TEST(link_labels__move_m_towards_what_they_show)
{
    static const pt_sv values[6] = {{"x", 1}, {"x", 1}, {"y", 1}, {"z", 1}, {"z", 1}, {"", 0}};
    static const pt_link_label labels[] = {{0, 1, true}, {0, 2, true}, {3, 4, true}, {4, 5, true}, {1, 2, false}};
    pt_link_table t = {.arena = pt_arena_new(0)};
    uint32_t column;

    CHECK_INT(pt_link_add_texts(&t, "letter", values, 6, &column, NULL), PT_OK);
    pt_link_level same = {.test = PT_LINK_SAME, .column = column};
    pt_link_comparison comparison = {.name = "letter", .column = column, .levels = &same, .n_levels = 1};
    pt_link_model model = {.n_comparisons = 1, .comparisons = &comparison, .prior = 0.1};
    pt_link_preset(&model);
    model.m[0][0] = 0.9;
    model.m[0][1] = 0.1;
    double u = model.u[0][0];
    CHECK_INT(pt_link_learn_labels(&model, &t.records, labels, PT_COUNT(labels), NULL), PT_OK);
    CHECK(fabs(model.m[0][0] - (2 + 20 * 0.9) / 23) <
          1e-12); /* two of three agree; a value that is missing says nothing */
    CHECK(fabs(model.m[0][1] - (1 + 20 * 0.1) / 23) < 1e-12);
    CHECK(model.u[0][0] == u);
    CHECK(model.trained[0]);
    pt_arena_free(t.arena);
}

/* --- changes -------------------------------------------------------------------------------------------------------------------- */

typedef struct two {
    uint32_t before[N], after[N];
} two;

static void random_two(two *t, pt_rng *rng)
{
    uint32_t was[N], is[N];

    for (uint32_t i = 0; i < N; i++) {
        was[i] = (uint32_t)pt_rng_below(rng, 12);
        is[i] = pt_rng_below(rng, 6) ? was[i] : (uint32_t)pt_rng_below(rng, 12);
    }
    for (uint32_t i = 0; i < N; i++) {
        t->before[i] = pt_rng_below(rng, 10) ? least_of(was, i) : PT_LINK_ABSENT;
        t->after[i] = pt_rng_below(rng, 10) ? least_of(is, i) : PT_LINK_ABSENT;
    }
}

static bool in_both(const two *t, uint32_t i)
{
    return t->before[i] != PT_LINK_ABSENT && t->after[i] != PT_LINK_ABSENT;
}

/* Whether group g of `of` has two things that are in different groups of `by`. */
static bool is_in_several(const two *t, const uint32_t *of, const uint32_t *by, uint32_t g)
{
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < i; j++)
            if (in_both(t, i) && in_both(t, j) && of[i] == g && of[j] == g && by[i] != by[j])
                return true;
    return false;
}

static void check_changes(const two *t, const pt_link_changes *c)
{
    uint32_t split = 0, merged = 0, touched = 0, parts = 0;
    uint64_t joined = 0, parted = 0;

    for (uint32_t g = 0; g < N; g++) {
        bool is_merged = false, is_split = is_in_several(t, t->before, t->after, g);
        for (uint32_t i = 0; i < N; i++)
            is_merged |= in_both(t, i) && t->before[i] == g && is_in_several(t, t->after, t->before, t->after[i]);
        split += is_split;
        merged += is_merged;
        touched += is_split || is_merged;
    }
    for (uint32_t i = 0; i < N; i++)
        for (uint32_t j = 0; j < i; j++) {
            bool was = t->before[i] == t->before[j], is = t->after[i] == t->after[j];
            joined += in_both(t, i) && in_both(t, j) && is && !was;
            parted += in_both(t, i) && in_both(t, j) && was && !is;
        }
    CHECK_INT(c->split, split);
    CHECK_INT(c->merged, merged);
    CHECK_INT(c->touched, touched);
    CHECK_INT(c->joined, joined);
    CHECK_INT(c->parted, parted);
    for (size_t i = 0; i < c->n; i++) {
        const pt_link_change *x = &c->changes[i];
        bool was = t->before[x->a] == t->before[x->b], is = t->after[x->a] == t->after[x->b];
        CHECK(was != is);
        CHECK(x->before + x->after > 2);
        parts += x->before;
    }
    CHECK_INT(parts, touched); /* each touched group is in one part */
}

TEST(link_changes__are_brute_force)
{
    pt_arena *arena = pt_arena_new(0);
    pt_rng rng;

    pt_rng_seed(&rng, 9);
    for (int round = 0; round < 300; round++) {
        two t;
        pt_link_changes c;
        random_two(&t, &rng);
        CHECK_INT(pt_link_changes_of(&c, t.before, t.after, N, arena, NULL), PT_OK);
        check_changes(&t, &c);
        pt_arena_reset(arena);
    }
    pt_arena_free(arena);
}

TEST(link_changes__say_what_merged_and_what_split)
{
    static const uint32_t before[8] = {0, 0, 2, 3, 3, 3, 6, PT_LINK_ABSENT};
    static const uint32_t after[8] = {0, 0, 0, 3, 4, 3, PT_LINK_ABSENT, 7};
    pt_arena *arena = pt_arena_new(0);
    pt_link_changes c;

    CHECK_INT(pt_link_changes_of(&c, before, after, 8, arena, NULL), PT_OK);
    CHECK(c.groups_before == 4 && c.groups_after == 4 && c.largest_before == 3 && c.largest_after == 3);
    CHECK(c.merged == 2 && c.split == 1 && c.touched == 3 && c.gone == 1 && c.come == 1);
    CHECK(c.joined == 2 && c.parted == 2);
    CHECK_INT(c.n, 2);
    CHECK(c.changes[0].first == 0 && c.changes[0].before == 2 && c.changes[0].after == 1 && c.changes[0].b == 2);
    CHECK(c.changes[1].first == 3 && c.changes[1].before == 1 && c.changes[1].after == 2 && c.changes[1].b == 4);
    pt_arena_free(arena);
}
