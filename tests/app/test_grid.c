#include "app/grid_int.h"

#include "base/rng.h"
#include "support/test.h"

enum { PARTS = 8, LEAST = 20 };

static uint64_t sum_of(const uint64_t *parts, const bool *hidden, bool of)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < PARTS; i++)
        sum += hidden[i] == of ? parts[i] : 0;
    return sum;
}

TEST(app_grid__the_whole_and_what_is_shown_do_not_tell_a_small_group)
{
    pt_rng r;

    pt_rng_seed(&r, 3);
    for (unsigned round = 0; round < 20000; round++) {
        pt_grid_head head = {.min_group = LEAST};
        uint64_t parts[PARTS], most = 1 + pt_rng_below(&r, 100), n = 0;
        bool hidden[PARTS] = {false};
        for (size_t i = 0; i < PARTS; i++)
            parts[i] = pt_rng_below(&r, 3) ? pt_rng_below(&r, most) : 0;
        pt_grid_hide(&head, hidden, parts, NULL, PARTS);
        uint64_t rest = sum_of(parts, hidden, true);
        CHECK(rest == 0 || rest >= LEAST || sum_of(parts, hidden, false) == 0);
        for (size_t i = 0; i < PARTS; i++) {
            CHECK(!hidden[i] || parts[i]);
            CHECK(hidden[i] || parts[i] == 0 || parts[i] >= LEAST);
            /* no more than is needed: without the largest of the hidden that is no small group, too few are hidden */
            CHECK(!hidden[i] || parts[i] < LEAST || rest - parts[i] < LEAST);
            n += hidden[i];
        }
        CHECK_INT(head.hidden, n);
    }
}

TEST(app_grid__those_who_are_no_members_are_a_group_too)
{
    const uint64_t members[PARTS] = {100, 90, 80}, outside[PARTS] = {500, 3, 400};
    pt_grid_head head = {.min_group = LEAST};
    bool hidden[PARTS] = {false};

    pt_grid_hide(&head, hidden, members, outside, PARTS);
    CHECK(!hidden[0] && hidden[1] && hidden[2]); /* 3 stand outside the second; and 80 is the smallest to go with it */
    CHECK_INT(head.hidden, 2);
}
