#include "model/rules.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/test.h"

static void check_near(double got, double want, double within)
{
    if (!(fabs(got - want) <= within * fmax(1, fabs(want))))
        test_fail(__FILE__, __LINE__, "%.17g is not %.17g", got, want);
}

/* Of 9,835 baskets of the Groceries set, {liquor, red/blush wine} => {bottled beer}: its figures as arules 1.7 gives them. The
 * counts of its sides follow from confidence and lift. */
TEST(model_rules__measure_as_arules_does)
{
    pt_rule_measures m = pt_rule_measure((pt_rule_counts){.n = 9835, .left = 21, .right = 792, .both = 19});

    check_near(m.support, 0.001931876, 1e-9);
    check_near(m.confidence, 0.9047619, 1e-7);
    check_near(m.lift, 11.23527, 1e-6);
}

/* By hand: of 10 baskets 4 hold tea, 5 milk, 3 both. */
TEST(model_rules__measure_as_by_hand)
{
    pt_rule_measures m = pt_rule_measure((pt_rule_counts){.n = 10, .left = 4, .right = 5, .both = 3});

    CHECK_DOUBLE(m.support, 0.3);
    CHECK_DOUBLE(m.confidence, 0.75);
    CHECK_DOUBLE(m.lift, 1.5);
    check_near(m.leverage, 0.1, 1e-15);
    CHECK_DOUBLE(m.conviction, 2);
    /* (C(5,3) C(5,1) + C(5,4) C(5,0)) / C(10,4) = 55 / 210 */
    check_near(m.p, 55.0 / 210, 1e-12);
}

TEST(model_rules__at_the_edges_are_defined)
{
    pt_rule_measures always = pt_rule_measure((pt_rule_counts){.n = 10, .left = 4, .right = 5, .both = 4});
    pt_rule_measures never = pt_rule_measure((pt_rule_counts){.n = 10, .left = 4, .right = 5, .both = 0});
    pt_rule_measures all = pt_rule_measure((pt_rule_counts){.n = 10, .left = 10, .right = 10, .both = 10});

    CHECK_DOUBLE(always.conviction, INFINITY);
    check_near(always.p, 5.0 / 210, 1e-12);
    CHECK_DOUBLE(never.p, 1);
    CHECK_DOUBLE(never.lift, 0);
    CHECK_DOUBLE(never.conviction, 0.5);
    CHECK_DOUBLE(all.p, 1);
    CHECK_DOUBLE(all.lift, 1);
    CHECK(isnan(all.conviction));
    CHECK(isnan(pt_rule_measure((pt_rule_counts){.n = 10, .right = 5}).lift));
    CHECK(isnan(pt_rule_measure((pt_rule_counts){0}).p));
}

/* The whole tail summed term by term, each by itself, in long double. */
static double tail(pt_rule_counts c)
{
    long double sum = 0;

    for (uint64_t k = c.both; k <= c.left && k <= c.right; k++) {
        if (c.left - k > c.n - c.right)
            continue;
        sum += expl(lgammal((long double)c.right + 1) - lgammal((long double)k + 1) -
                    lgammal((long double)(c.right - k) + 1) + lgammal((long double)(c.n - c.right) + 1) -
                    lgammal((long double)(c.left - k) + 1) - lgammal((long double)(c.n - c.right - c.left + k) + 1) -
                    lgammal((long double)c.n + 1) + lgammal((long double)c.left + 1) +
                    lgammal((long double)(c.n - c.left) + 1));
    }
    return (double)sum;
}

TEST(model_rules__chances_are_the_tail_of_the_hypergeometric)
{
    pt_rng r;

    pt_rng_seed(&r, 71);
    for (int i = 0; i < 3000; i++) {
        uint64_t n = 2 + pt_rng_below(&r, 3000), left = 1 + pt_rng_below(&r, n), right = 1 + pt_rng_below(&r, n);
        uint64_t least = left + right > n ? left + right - n : 0, most = left < right ? left : right;
        pt_rule_counts c = {n, left, right, least + pt_rng_below(&r, most - least + 1)};
        double want = tail(c);
        CHECK(fabs(pt_rule_measure(c).p - want) <= 1e-9 * want + 1e-10);
    }
}

/* statsmodels.stats.multitest.multipletests([.01, .02, .03, .5], method='fdr_bh') gives .04 .04 .04 .5 */
TEST(model_rules__are_corrected_for_many_looks)
{
    double p[] = {0.5, 0.03, 0.01, 0.02}, q[4];
    pt_err err;

    CHECK_OK(pt_rules_correct(q, p, 4, 4, &err));
    check_near(q[0], 0.5, 1e-15);
    for (int i = 1; i < 4; i++)
        check_near(q[i], 0.04, 1e-15);
    CHECK_OK(pt_rules_correct(q, p, 4, 40, &err)); /* 36 more that were not worth showing */
    check_near(q[2], 0.4, 1e-15);
    CHECK_DOUBLE(q[0], 1);
}

static uint64_t count_of(const pt_itemsets *s, const uint32_t *items, size_t n)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->offsets[i + 1] - s->offsets[i] == n && memcmp(s->items + s->offsets[i], items, n * sizeof *items) == 0)
            return s->counts[i];
    return 0;
}

TEST(model_rules__are_all_there_are)
{
    uint64_t offsets[301] = {0};
    uint32_t items[3000];
    pt_baskets b = {.offsets = offsets, .items = items, .n = 300, .n_items = 9};
    pt_itemset_options o = {.min_count = 6};
    pt_rule_options ro = {.min_confidence = 0.4, .min_lift = 1.1};
    pt_itemsets s;
    pt_rules rules;
    pt_rng r;
    pt_err err;

    pt_rng_seed(&r, 72);
    for (size_t i = 0; i < b.n; i++) {
        offsets[i + 1] = offsets[i];
        for (uint32_t k = 0; k < 9; k++)
            if (pt_rng_below(&r, 9) < (i % 3 == 0 ? k : 9 - k) / 2)
                items[offsets[i + 1]++] = k;
    }
    CHECK_OK(pt_itemsets_find(&s, &b, &o, &err));
    CHECK_OK(pt_rules_find(&rules, &s, &ro, &err));
    CHECK(rules.n > 5);
    size_t at = 0, looked_at = 0;
    for (size_t i = 0; i < s.n; i++) {
        size_t n = (size_t)(s.offsets[i + 1] - s.offsets[i]);
        for (size_t k = 0; n > 1 && k < n; k++) {
            uint32_t left[9], right = s.items[s.offsets[i] + k];
            size_t m = 0;
            for (size_t x = 0; x < n; x++)
                if (x != k)
                    left[m++] = s.items[s.offsets[i] + x];
            double confidence = (double)s.counts[i] / (double)count_of(&s, left, m);
            double lift = confidence * 300 / (double)count_of(&s, &right, 1);
            looked_at++;
            if (confidence < 0.4 || lift < 1.1)
                continue;
            CHECK(at < rules.n);
            CHECK_INT(rules.rules[at].set, i);
            CHECK_INT(rules.rules[at].right, k);
            check_near(rules.rules[at].measures.confidence, confidence, 1e-12);
            check_near(rules.rules[at].measures.lift, lift, 1e-12);
            CHECK(rules.rules[at].q >= rules.rules[at].measures.p);
            at++;
        }
    }
    CHECK_INT(at, rules.n);
    CHECK_INT(looked_at, rules.looked_at);
    pt_rules_free(&rules);
    pt_itemsets_free(&s);
}

/* Rules without the sets they are made of cannot be measured. */
TEST(model_rules__of_maximal_sets_are_refused)
{
    uint64_t offsets[] = {0, 2, 4};
    uint32_t items[] = {0, 1, 0, 1};
    pt_baskets b = {.offsets = offsets, .items = items, .n = 2, .n_items = 2};
    pt_itemset_options o = {.min_count = 1, .kind = PT_ITEMSETS_MAXIMAL};
    pt_rule_options ro = {0};
    pt_itemsets s;
    pt_rules rules;
    pt_err err;

    CHECK_OK(pt_itemsets_find(&s, &b, &o, &err));
    CHECK_INT(s.n, 1);
    CHECK_INT(pt_rules_find(&rules, &s, &ro, &err), PT_EINVAL);
    pt_rules_free(&rules);
    pt_itemsets_free(&s);
}
