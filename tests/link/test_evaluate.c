/* Measures of linking against brute force over all pairs, and against figures worked out by hand. */
#include "link/evaluate.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

enum { N = 60, MOST_PAIRS = N * (N - 1) / 2 };

/* A third of the records is of nobody known; groups and weights are loosely as persons are. */
typedef struct world {
    uint32_t entity[N], group[N];
    pt_link_pair pairs[MOST_PAIRS];
    size_t n;
    pt_link_truth truth;
    pt_arena *arena;
} world;

static uint32_t least_of(const uint32_t *of, uint32_t i)
{
    for (uint32_t j = 0; j < i; j++)
        if (of[j] == of[i])
            return j;
    return i;
}

static void make_world(world *w, uint64_t seed)
{
    uint32_t person[N], named[N];
    pt_rng rng;

    *w = (world){.arena = pt_arena_new(0)};
    pt_rng_seed(&rng, seed);
    for (uint32_t i = 0; i < N; i++) {
        person[i] = (uint32_t)pt_rng_below(&rng, 20);
        named[i] = pt_rng_below(&rng, 5) ? person[i] : (uint32_t)pt_rng_below(&rng, 20);
        w->entity[i] = pt_rng_below(&rng, 3) ? person[i] : PT_LINK_UNKNOWN;
        w->group[i] = least_of(named, i);
    }
    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = a + 1; b < N; b++) {
            double weight = (person[a] == person[b] ? 4 : -4) + (double)pt_rng_below(&rng, 9) - 4;
            if (pt_rng_below(&rng, 4))
                w->pairs[w->n++] = (pt_link_pair){a, b, (float)weight};
        }
    w->truth = (pt_link_truth){.n = N, .entity = w->entity};
}

static bool is_known(const world *w, uint32_t i)
{
    return w->entity[i] != PT_LINK_UNKNOWN;
}

TEST(link_evaluate__curve_is_brute_force_at_every_threshold)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        world w;
        pt_link_curve c;
        uint64_t truth = 0;
        double best = 0;
        make_world(&w, seed);
        CHECK_INT(pt_link_curve_of(&c, &w.truth, NULL, w.pairs, w.n, w.arena, NULL), PT_OK);
        for (uint32_t a = 0; a < N; a++)
            for (uint32_t b = a + 1; b < N; b++)
                truth += is_known(&w, a) && w.entity[a] == w.entity[b];
        CHECK_INT(c.truth, truth);
        for (double at = -9; at < 10; at += 0.5) {
            double found = 0, right = 0;
            for (size_t i = 0; i < w.n; i++) {
                uint32_t a = w.pairs[i].a, b = w.pairs[i].b;
                if ((double)w.pairs[i].weight < at || !is_known(&w, a) || !is_known(&w, b))
                    continue;
                found++;
                right += w.entity[a] == w.entity[b];
            }
            pt_link_point p = pt_link_curve_at(&c, at);
            CHECK_INT(p.found, found);
            CHECK_INT(p.right, right);
            double f1 =
                (double)truth + found > 0 ? 2 * right / (found + (double)truth) : 0; /* Dice: another way to say F1 */
            if (found > 0)
                CHECK(fabs(pt_link_curve_measure(&c, &p).f1 - f1) < 1e-12);
            best = fmax(best, found > 0 ? f1 : 0);
        }
        const pt_link_point *p = pt_link_curve_best(&c);
        CHECK(fabs(pt_link_curve_measure(&c, p).f1 - best) < 1e-12);
        pt_arena_free(w.arena);
    }
}

TEST(link_evaluate__pairs_joined_from_the_start_count_at_every_threshold)
{
    static const uint32_t entity[5] = {0, 0, 0, 3, 3}, start[5] = {0, 0, 2, 3, 0};
    static const pt_link_pair pairs[] = {{0, 1, -9}, {0, 2, 4}, {1, 2, 2}, {2, 3, 3}, {3, 4, 5}};
    pt_link_truth t = {.n = 5, .entity = entity};
    pt_arena *arena = pt_arena_new(0);
    pt_link_curve c;

    CHECK_INT(pt_link_curve_of(&c, &t, start, pairs, PT_COUNT(pairs), arena, NULL), PT_OK);
    CHECK_INT(c.truth, 4);
    CHECK(c.joined.found == 3 && c.joined.right == 1); /* 0 1 4 */
    CHECK_INT(c.known, 4);
    pt_link_point at = pt_link_curve_at(&c, 100), all = pt_link_curve_at(&c, -100);
    CHECK(at.found == 3 && at.right == 1);
    CHECK(all.found == 7 && all.right == 4);
    pt_arena_free(arena);
}

/* B-cubed and clusters as their definitions say, record by record. */
static void brute_force(const world *w, double *bp, double *br, double *exact, double *groups, double *persons)
{
    double n = 0;

    *bp = *br = *exact = *groups = *persons = 0;
    for (uint32_t i = 0; i < N; i++) {
        double both = 0, in_group = 0, in_person = 0;
        bool first_of_group = true, first_of_person = true;
        if (!is_known(w, i))
            continue;
        for (uint32_t j = 0; j < N; j++) {
            if (!is_known(w, j))
                continue;
            in_group += w->group[i] == w->group[j];
            in_person += w->entity[i] == w->entity[j];
            both += w->group[i] == w->group[j] && w->entity[i] == w->entity[j];
            first_of_group &= !(j < i && w->group[i] == w->group[j]);
            first_of_person &= !(j < i && w->entity[i] == w->entity[j]);
        }
        n++;
        *bp += both / in_group;
        *br += both / in_person;
        *groups += first_of_group;
        *persons += first_of_person;
        *exact += first_of_group && both == in_group && both == in_person;
    }
    *bp /= n;
    *br /= n;
}

TEST(link_evaluate__groups_are_brute_force)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        world w;
        pt_link_agreement a;
        double bp, br, exact, groups, persons, found = 0, right = 0;
        make_world(&w, seed);
        CHECK_INT(pt_link_agreement_of(&a, &w.truth, w.group, 1, NULL), PT_OK);
        for (uint32_t i = 0; i < N; i++)
            for (uint32_t j = i + 1; j < N; j++) {
                bool together = is_known(&w, i) && is_known(&w, j) && w.group[i] == w.group[j];
                found += together;
                right += together && w.entity[i] == w.entity[j];
            }
        CHECK_INT(a.found, found);
        CHECK_INT(a.right, right);
        CHECK(fabs(a.pairs.value.precision - right / found) < 1e-12);
        CHECK(fabs(a.pairs.value.recall - right / (double)a.truth) < 1e-12);
        brute_force(&w, &bp, &br, &exact, &groups, &persons);
        CHECK_INT(a.exact, exact);
        CHECK_INT(a.groups, groups);
        CHECK_INT(a.persons, persons);
        CHECK(fabs(a.clusters.value.precision - exact / groups) < 1e-12);
        CHECK(fabs(a.clusters.value.recall - exact / persons) < 1e-12);
        CHECK(fabs(a.b_cubed.value.precision - bp) < 1e-12);
        CHECK(fabs(a.b_cubed.value.recall - br) < 1e-12);
        pt_arena_free(w.arena);
    }
}

/* Bagga and Baldwin (1998), their example: 12 mentions of persons of 5, 2 and 5; the second answer joins 5 with 5, the first 2 with
 * 5. B-cubed precision is 76 % and 58 %, recall 100 %. */
TEST(link_evaluate__b_cubed_is_that_of_the_paper)
{
    static const uint32_t person[12] = {0, 0, 0, 0, 0, 5, 5, 7, 7, 7, 7, 7};
    static const uint32_t first[12] = {0, 0, 0, 0, 0, 5, 5, 5, 5, 5, 5, 5};
    static const uint32_t second[12] = {0, 0, 0, 0, 0, 5, 5, 0, 0, 0, 0, 0};
    pt_link_truth t = {.n = 12, .entity = person};
    pt_link_agreement a;

    CHECK_INT(pt_link_agreement_of(&a, &t, first, 1, NULL), PT_OK);
    CHECK(fabs(a.b_cubed.value.precision - 0.7619) < 1e-4);
    CHECK(a.b_cubed.value.recall == 1);
    CHECK(fabs(a.clusters.value.precision - 0.5) < 1e-12);
    CHECK(fabs(a.clusters.value.recall - 1.0 / 3) < 1e-12);
    CHECK_INT(pt_link_agreement_of(&a, &t, second, 1, NULL), PT_OK);
    CHECK(fabs(a.b_cubed.value.precision - 0.5833) < 1e-4);
    CHECK(a.b_cubed.value.recall == 1);
}

static size_t count_mistakes(const world *w, double least, pt_link_mistake wanted)
{
    size_t n = 0;

    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = a + 1; b < N; b++) {
            const pt_link_pair *p = NULL;
            for (size_t i = 0; i < w->n; i++)
                if (w->pairs[i].a == a && w->pairs[i].b == b)
                    p = &w->pairs[i];
            if (!is_known(w, a) || !is_known(w, b))
                continue;
            bool same = w->entity[a] == w->entity[b], together = w->group[a] == w->group[b];
            if (same == together)
                continue;
            pt_link_mistake m = !same                        ? PT_LINK_WRONG
                                : !p                         ? PT_LINK_NOT_BLOCKED
                                : (double)p->weight >= least ? PT_LINK_KEPT_APART
                                                             : PT_LINK_TOO_WEAK;
            n += m == wanted;
        }
    return n;
}

TEST(link_evaluate__each_mistake_is_counted_and_the_worst_are_listed)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        world w;
        pt_link_agreement a;
        pt_link_faults f;
        make_world(&w, seed);
        CHECK_INT(pt_link_agreement_of(&a, &w.truth, w.group, 1, NULL), PT_OK);
        CHECK_INT(pt_link_faults_of(&f, &w.truth, &a, w.group, w.pairs, w.n, 2, 5, w.arena, NULL), PT_OK);
        for (int m = 0; m < PT_LINK_MISTAKES; m++) {
            const pt_link_fault *l = f.listed[m];
            size_t n = count_mistakes(&w, 2, (pt_link_mistake)m);
            CHECK_INT(f.n[m], n);
            CHECK(m == PT_LINK_WRONG ? f.n_listed[m] <= 5 : f.n_listed[m] == (n < 5 ? n : 5));
            for (size_t i = 0; i < f.n_listed[m]; i++) {
                CHECK_INT(l[i].mistake, m);
                CHECK(l[i].a < l[i].b);
                CHECK((w.entity[l[i].a] == w.entity[l[i].b]) == (m != PT_LINK_WRONG));
                CHECK((w.group[l[i].a] == w.group[l[i].b]) == (m == PT_LINK_WRONG));
                if (i && m != PT_LINK_NOT_BLOCKED)
                    CHECK(m == PT_LINK_TOO_WEAK ? l[i - 1].weight <= l[i].weight : l[i - 1].weight >= l[i].weight);
            }
        }
        pt_arena_free(w.arena);
    }
}

/* --- single pairs --------------------------------------------------------------------------------------------------------------- */

TEST(link_evaluate__single_pairs_count_alone)
{
    pt_link_label labels[] = {{2, 3, true}, {0, 1, true}, {0, 2, false}, {0, 1, true}, {1, 4, false}};
    size_t n = PT_COUNT(labels);
    uint32_t a, b;
    static const uint32_t group[5] = {0, 0, 0, 3, 4};
    static const pt_link_pair pairs[] = {{0, 1, 8}, {0, 2, 5}, {0, 4, 9}, {2, 3, 1}};
    pt_link_curve c;
    pt_link_agreement agreement;
    pt_link_faults f;
    pt_arena *arena = pt_arena_new(0);

    CHECK(pt_link_labels_sort(labels, &n, &a, &b));
    CHECK_INT(n, 4);
    pt_link_truth t = {.n = 5, .labels = labels, .n_labels = n};
    CHECK_INT(pt_link_curve_of(&c, &t, NULL, pairs, PT_COUNT(pairs), arena, NULL), PT_OK);
    CHECK_INT(c.truth, 2);
    CHECK_INT(c.known, 3); /* of (0, 4) nothing is known */
    CHECK(pt_link_curve_best(&c)->weight == 1);
    CHECK_INT(pt_link_agreement_of(&agreement, &t, group, 1, NULL), PT_OK);
    CHECK_INT(agreement.found, 2);
    CHECK_INT(agreement.right, 1);
    CHECK(agreement.pairs.value.precision == 0.5 && agreement.pairs.value.recall == 0.5);
    CHECK_INT(agreement.persons, 0);
    CHECK_INT(pt_link_faults_of(&f, &t, &agreement, group, pairs, PT_COUNT(pairs), 4, 10, arena, NULL), PT_OK);
    CHECK_INT(f.n[PT_LINK_TOO_WEAK], 1);
    CHECK_INT(f.n[PT_LINK_WRONG], 1);
    CHECK_INT(f.listed[PT_LINK_WRONG][0].b, 2);
    CHECK_INT(f.n[PT_LINK_NOT_BLOCKED] + f.n[PT_LINK_KEPT_APART], 0);
    pt_arena_free(arena);
}

TEST(link_evaluate__a_pair_said_to_be_both_is_named)
{
    pt_link_label labels[] = {{4, 9, true}, {1, 2, true}, {4, 9, false}};
    size_t n = PT_COUNT(labels);
    uint32_t a, b;

    CHECK(!pt_link_labels_sort(labels, &n, &a, &b));
    CHECK(a == 4 && b == 9);
}

TEST(link_evaluate__of_nothing_known_says_nothing)
{
    uint32_t entity[3] = {PT_LINK_UNKNOWN, PT_LINK_UNKNOWN, PT_LINK_UNKNOWN}, group[3] = {0, 0, 2};
    pt_link_pair pair = {0, 1, 3};
    pt_link_truth t = {.n = 3, .entity = entity};
    pt_link_curve c;
    pt_link_agreement a;
    pt_arena *arena = pt_arena_new(0);

    CHECK_INT(pt_link_curve_of(&c, &t, NULL, &pair, 1, arena, NULL), PT_OK);
    CHECK_INT(c.n, 0);
    CHECK(!pt_link_curve_best(&c));
    CHECK_INT(pt_link_agreement_of(&a, &t, group, 1, NULL), PT_OK);
    CHECK_INT(a.persons, 0);
    t = (pt_link_truth){.n = 3};
    CHECK_INT(pt_link_agreement_of(&a, &t, group, 1, NULL), PT_OK);
    CHECK_INT(a.truth, 0);
    pt_arena_free(arena);
}

/* --- intervals ------------------------------------------------------------------------------------------------------------------ */

enum { PERSONS = 300, WORLDS = 200 };

/* Persons of two records, each found with chance 0.8: the interval must hold 0.8 in about 95 of 100 worlds. */
TEST(link_evaluate__intervals_hold_the_truth_as_often_as_they_say)
{
    static uint32_t entity[2 * PERSONS], group[2 * PERSONS];
    unsigned held = 0;
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    for (unsigned seed = 0; seed < WORLDS; seed++) {
        pt_link_truth t = {.n = 2 * PERSONS, .entity = entity};
        pt_link_agreement a;
        for (uint32_t p = 0; p < PERSONS; p++) {
            entity[2 * p] = entity[2 * p + 1] = p;
            group[2 * p] = 2 * p;
            group[2 * p + 1] = pt_rng_double(&rng) < 0.8 ? 2 * p : 2 * p + 1;
        }
        CHECK_INT(pt_link_agreement_of(&a, &t, group, seed, NULL), PT_OK);
        held += a.pairs.recall.low <= 0.8 && a.pairs.recall.high >= 0.8;
        CHECK(a.pairs.recall.high - a.pairs.recall.low < 0.11); /* 2 * 1.96 * sqrt(.8 * .2 / 300) is 0.091 */
        CHECK(a.pairs.precision.low == 1 && a.pairs.precision.high == 1);
    }
    CHECK(held >= WORLDS * 90 / 100 && held <= WORLDS * 99 / 100);
}
