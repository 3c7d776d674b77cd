/* Against numerical derivatives: the table is what effect.py prints. */
#include "segment/interaction.h"

#include <math.h>

#include "base/mem.h"
#include "support/test.h"

static const struct {
    pt_pair_counts segment, rest;
    bool apart;
    double gain, low, high, p;
} cases[] = {
    {{1000, 300, 200, 120}, {9000, 1800, 900, 200}, false, 1.44375, 1.28584774, 1.62104268, 5.15276079e-10},
    {{500, 100, 100, 20}, {500, 100, 100, 20}, false, 1, 0.780423925, 1.28135487, 1},
    {{1000, 300, 200, 120}, {9000, 1800, 900, 200}, true, 1.8, 1.53748032, 2.10734404, 2.71213789e-13},
    {{80, 40, 50, 30}, {60, 20, 30, 8}, true, 1.5, 0.937519478, 2.39995014, 0.0908546829},
};

static bool near(double got, double want)
{
    return fabs(got - want) <= 1e-5 * fabs(want);
}

TEST(segment_interaction__is_what_numerical_slopes_give)
{
    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_interaction g;
        pt_interaction_of(&g, &cases[i].segment, &cases[i].rest, cases[i].apart);
        if (!near(g.gain, cases[i].gain) || !near(g.low, cases[i].low) || !near(g.high, cases[i].high) ||
            !near(g.p, cases[i].p))
            test_fail(__FILE__, __LINE__, "case %zu: %.9g %.9g %.9g %.9g", i, g.gain, g.low, g.high, g.p);
    }
}

TEST(segment_interaction__of_nobody_is_not_known)
{
    pt_pair_counts none = {100, 10, 10, 0}, some = {100, 10, 10, 5}, empty = {0, 0, 0, 0};
    pt_interaction g;

    pt_interaction_of(&g, &none, &some, false);
    CHECK(isnan(g.gain) && isnan(g.p));
    pt_interaction_of(&g, &some, &empty, false);
    CHECK(isnan(g.gain));
    pt_interaction_of(&g, &some, &none, true);
    CHECK(isnan(g.gain));
    pt_interaction_of(&g, &some, &none, false);
    CHECK(g.gain > 1);
}

TEST(segment_interaction__phi_by_hand)
{
    pt_pair_counts same = {100, 30, 30, 30}, apart = {100, 50, 50, 0}, unrelated = {100, 50, 20, 10},
                   all = {9, 9, 3, 3};

    CHECK_DOUBLE(pt_pair_phi(&same), 1);
    CHECK_DOUBLE(pt_pair_phi(&apart), -1);
    CHECK_DOUBLE(pt_pair_phi(&unrelated), 0);
    CHECK_DOUBLE(pt_pair_phi(&all), 0);
}
