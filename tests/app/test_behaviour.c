/* Behaviour as networks take it: which events, what of them, and nothing after the instant. */
#include "app/behaviour.h"

#include <stdlib.h>

#include "base/rng.h"
#include "base/time.h"
#include "support/test.h"

enum { EVENTS = 6 };

/* Two customers: one with five events, one with one event of unknown time. Codes: 1 a, 2 b, 3 c; the network knows a as 1, c as 2. */
typedef struct data {
    uint64_t offsets[4];
    int64_t times[EVENTS];
    uint8_t codes[EVENTS];
    int64_t money[EVENTS];
    pt_column columns[2];
    pt_events events;
    uint32_t known[4];
    pt_behaviour behaviour;
} data;

static void make(data *d, bool by_day, uint32_t length)
{
    *d = (data){.offsets = {0, 5, 6, 6},
                .times = {PT_DAY, 3 * PT_DAY, 3 * PT_DAY, 10 * PT_DAY, 11 * PT_DAY, PT_I64_MISSING},
                .codes = {1, 2, 3, 0, 3, 1},
                .money = {10000, 90000, -10000, PT_I64_MISSING, 70000, 10000},
                .known = {0, 1, 0, 2}};
    d->columns[0] = (pt_column){.type = PT_TYPE_CATEGORY, .width = 1, .data = d->codes};
    d->columns[1] = (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = d->money};
    d->events = (pt_events){d->offsets, d->times, d->columns};
    d->behaviour = (pt_behaviour){.events = &d->events,
                                  .by_day = by_day,
                                  .length = length,
                                  .words = {{&d->columns[0], d->known, 3}},
                                  .n_words = 1,
                                  .numbers = {&d->columns[1]},
                                  .n_numbers = 1};
}

static void near(float got, double want)
{
    if (!(fabs((double)got - want) < 1e-6) && !(isnan(got) && isnan(want)))
        test_fail(__FILE__, __LINE__, "got %.9g, want %.9g", (double)got, want);
}

TEST(app_behaviour__events_are_the_last_ones_up_to_the_instant)
{
    data d;
    pt_behaviour_set set = {0};
    const pt_behaviour_row rows[] = {{0, 10 * PT_DAY}, {1, 0}, {2, 0}, {0, 11 * PT_DAY - 1}, {0, 0}};
    pt_err err = {0};

    make(&d, false, 3);
    CHECK_OK(pt_behaviour_gather(&set, &d.behaviour, rows, 5, &err));
    CHECK_INT(set.s.n, 5);
    CHECK_INT(set.offsets[1], 3); /* of four up to that instant the last three */
    CHECK_INT(set.offsets[2], 4);
    CHECK_INT(set.offsets[3], 4);
    CHECK_INT(set.offsets[4], 7);
    CHECK_INT(set.offsets[5], 7);
    CHECK_INT(set.codes[0], 0); /* b is not known */
    CHECK_INT(set.codes[1], 2);
    CHECK_INT(set.codes[2], 0); /* missing */
    CHECK_INT(set.codes[3], 1);
    near(set.numbers[0], log1p(2)); /* days since the event before, which is not looked at itself */
    near(set.numbers[1], log1p(9));
    near(set.numbers[2], 0);
    near(set.numbers[3], -log1p(1));
    near(set.numbers[4], log1p(7));
    near(set.numbers[5], (double)NAN);
    near(set.numbers[6], (double)NAN); /* the first event of a customer */
    near(set.statics[0], 0);
    near(set.statics[1], log1p(4));
    near(set.statics[2], log1p(9));
    near(set.statics[3], (double)NAN); /* an event of unknown time */
    near(set.statics[4], log1p(1));
    near(set.statics[6], (double)NAN); /* no event */
    near(set.statics[7], 0);
    near(set.statics[9], log1p(1 - 1.0 / (double)PT_DAY));
    pt_behaviour_free(&set);
}

TEST(app_behaviour__days_end_at_the_instant)
{
    data d;
    pt_behaviour_set set = {0};
    const pt_behaviour_row rows[] = {{0, 10 * PT_DAY}, {1, 10 * PT_DAY}};
    pt_err err = {0};

    make(&d, true, 8); /* (2, 3] ... (9, 10] */
    CHECK_INT(pt_behaviour_codes(&d.behaviour), 0);
    CHECK_INT(pt_behaviour_numbers(&d.behaviour), 4);
    CHECK_OK(pt_behaviour_gather(&set, &d.behaviour, rows, 2, &err));
    CHECK_INT(set.offsets[1], 8);
    CHECK_INT(set.offsets[2], 16);
    const float *day = set.numbers;
    near(day[0], log1p(2)); /* two events */
    near(day[1], log1p(8)); /* 9 - 1 */
    near(day[2], 0);        /* no a */
    near(day[3], log1p(1)); /* one c */
    for (int i = 4; i < 28; i++)
        near(day[i], 0);
    near(day[28], log1p(1));
    near(day[29], 0); /* an amount that is missing */
    near(day[30], 0);
    for (int i = 32; i < 64; i++)
        near(day[i], 0); /* unknown time */
    pt_behaviour_free(&set);
}

static void same(const pt_behaviour_set *a, const pt_behaviour_set *b, const pt_behaviour *of)
{
    size_t events = a->offsets[a->s.n];

    CHECK_INT(b->offsets[b->s.n], events);
    CHECK(memcmp(a->codes, b->codes, events * pt_behaviour_codes(of) * sizeof *a->codes) == 0);
    CHECK(memcmp(a->numbers, b->numbers, events * pt_behaviour_numbers(of) * sizeof *a->numbers) == 0);
    CHECK(memcmp(a->statics, b->statics, a->s.n * PT_BEHAVIOUR_STATICS * sizeof *a->statics) == 0);
}

/* What happens after the instant is changed in every way; what is gathered, and counted for the vocabulary, stays. */
TEST(app_behaviour__nothing_after_the_instant_is_looked_at)
{
    for (int by_day = 0; by_day < 2; by_day++)
        for (int64_t day = 0; day < 13; day++) {
            data d, other;
            pt_behaviour_set set = {0}, other_set = {0};
            const pt_behaviour_row row = {0, day * PT_DAY};
            uint64_t counts[4] = {0}, other_counts[4] = {0};
            pt_err err = {0};
            make(&d, by_day, 5);
            make(&other, by_day, 5);
            for (int e = 0; e < 5; e++)
                if (other.times[e] > row.as_of) {
                    other.codes[e] = (uint8_t)(1 + (other.codes[e] + 1) % 3);
                    other.money[e] = 123456;
                    other.times[e] += 3 * PT_DAY;
                }
            CHECK_OK(pt_behaviour_gather(&set, &d.behaviour, &row, 1, &err));
            CHECK_OK(pt_behaviour_gather(&other_set, &other.behaviour, &row, 1, &err));
            same(&set, &other_set, &d.behaviour);
            pt_behaviour_count(counts, &d.behaviour, &d.columns[0], &row, 1);
            pt_behaviour_count(other_counts, &other.behaviour, &other.columns[0], &row, 1);
            CHECK(memcmp(counts, other_counts, sizeof counts) == 0);
            pt_behaviour_free(&set);
            pt_behaviour_free(&other_set);
        }
}

TEST(app_behaviour__of_a_source_without_events_there_is_nothing)
{
    data d;
    pt_behaviour_set set = {0};
    const pt_behaviour_row row = {0, 10 * PT_DAY};
    pt_err err = {0};

    make(&d, false, 3);
    d.events.offsets = NULL;
    CHECK_OK(pt_behaviour_gather(&set, &d.behaviour, &row, 1, &err));
    CHECK_INT(set.offsets[1], 0);
    near(set.statics[1], 0);
    d.behaviour.by_day = true;
    CHECK_OK(pt_behaviour_gather(&set, &d.behaviour, &row, 1, &err));
    CHECK_INT(set.offsets[1], 3);
    pt_behaviour_free(&set);
}
