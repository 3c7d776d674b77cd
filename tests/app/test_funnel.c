/* One customer's way through a funnel: by hand, and against the definition followed start by start. */
#include "app/funnel_run.h"
#include "base/rng.h"
#include "support/test.h"

enum { MOST = 40, SOURCES = 3 };

/* Events of some sources; bit d of `steps` says that an event is step d. */
typedef struct events {
    size_t n[SOURCES];
    int64_t times[SOURCES][MOST];
    uint32_t steps[SOURCES][MOST];
    uint32_t sources[PT_WALK_MOST_STEPS]; /* of each step */
    uint32_t n_steps;
} events;

static pt_funnel_run walk(const events *e, int64_t within, bool strict)
{
    static pt_funnel_scratch scratch;
    uint64_t bits[PT_WALK_MOST_STEPS][3] = {{0}};
    uint32_t from = 0;
    pt_funnel_run run;

    scratch.n_lanes = 0;
    for (uint32_t d = 0; d < e->n_steps; d++) {
        uint32_t s = e->sources[d], end = (uint32_t)e->n[s];
        for (size_t i = 0; i < e->n[s]; i++)
            bits[d][i / 64] |= (uint64_t)(e->steps[s][i] >> d & 1) << (i % 64);
        pt_mark mark = {.source = s, .base = 0, .bits = bits[d], .from = &from, .end = &end};
        pt_funnel_add(&scratch, d, &mark, 0, e->times[s], e->sources);
    }
    pt_funnel_walk(&run, &scratch, e->n_steps, within, strict);
    return run;
}

/* "ab c": one source, an event a letter, an instant apart; a is step 0. A space is no event, a dot another event, and a
 * capital letter happens at the instant of the one before. */
static events line_of(const char *text, uint32_t n_steps)
{
    events e = {.n_steps = n_steps};
    int64_t now = 0;

    for (const char *c = text; *c; c++) {
        bool together = *c >= 'A' && *c <= 'Z';
        now += together ? 0 : 10;
        if (*c == ' ')
            continue;
        e.times[0][e.n[0]] = now;
        e.steps[0][e.n[0]++] = *c == '.' ? 0 : UINT32_C(1) << (*c - (together ? 'A' : 'a'));
    }
    return e;
}

static uint32_t depth(const char *text, uint32_t n_steps, int64_t within, bool strict)
{
    events e = line_of(text, n_steps);

    return walk(&e, within, strict).depth;
}

TEST(app_funnel__steps_come_one_after_the_other)
{
    CHECK_INT(depth("", 3, INT64_MAX, false), 0);
    CHECK_INT(depth("cb", 3, INT64_MAX, false), 0);
    CHECK_INT(depth("ba", 3, INT64_MAX, false), 1);
    CHECK_INT(depth("a.b..c", 3, INT64_MAX, false), 3);
    CHECK_INT(depth("acb", 3, INT64_MAX, false), 2);
    CHECK_INT(depth("aBc", 3, INT64_MAX, false), 1); /* of one instant: not after */
    CHECK_INT(depth("aBbc", 3, INT64_MAX, false), 3);
}

TEST(app_funnel__the_best_start_counts)
{
    CHECK_INT(depth("a   ab", 2, 10, false), 2);
    CHECK_INT(depth("a b", 2, 19, false), 1);
    CHECK_INT(depth("a b", 2, 20, false), 2); /* the window's end belongs to it */
    CHECK_INT(depth("abab  c", 3, 40, false), 3);
    CHECK_INT(depth("ab  c", 3, 30, false), 2);
}

TEST(app_funnel__strict_allows_repeats_and_nothing_else)
{
    CHECK_INT(depth("abc", 3, INT64_MAX, true), 3);
    CHECK_INT(depth("aabbc", 3, INT64_MAX, true), 3);
    CHECK_INT(depth("a.b", 2, INT64_MAX, true), 1);
    CHECK_INT(depth("a.ab", 2, INT64_MAX, true), 2);
    CHECK_INT(depth("abac", 3, INT64_MAX, true), 2);
    CHECK_INT(depth("a cb", 3, INT64_MAX, true), 1);
    CHECK_INT(depth("a    b", 2, 10, true), 1);
}

TEST(app_funnel__times_are_of_the_run_that_was_there_first)
{
    events e = line_of("a ab b", 2);
    pt_funnel_run run = walk(&e, INT64_MAX, false);

    CHECK_INT(run.times[0], 30);
    CHECK_INT(run.times[1], 40);
}

/* --- against the definition --------------------------------------------------------------------------------------------------- */

static events random_events(pt_rng *r)
{
    events e = {.n_steps = 2 + (uint32_t)pt_rng_below(r, 4)};

    for (uint32_t d = 0; d < e.n_steps; d++)
        e.sources[d] = (uint32_t)pt_rng_below(r, SOURCES);
    for (uint32_t s = 0; s < SOURCES; s++) {
        int64_t now = (int64_t)pt_rng_below(r, 4);
        e.n[s] = pt_rng_below(r, 12);
        for (size_t i = 0; i < e.n[s]; i++) {
            e.times[s][i] = pt_rng_below(r, 15) || i ? now : PT_I64_MISSING;
            now += (int64_t)pt_rng_below(r, 4);
            for (uint32_t d = 0; d < e.n_steps; d++)
                if (e.sources[d] == s && pt_rng_below(r, 3) == 0)
                    e.steps[s][i] |= UINT32_C(1) << d;
        }
    }
    return e;
}

/* The earliest time of a step after `after`; INT64_MAX: none. */
static int64_t next_of(const events *e, uint32_t step, int64_t after)
{
    uint32_t s = e->sources[step];
    int64_t first = INT64_MAX;

    for (size_t i = 0; i < e->n[s]; i++)
        if (e->steps[s][i] >> step & 1 && e->times[s][i] > after && e->times[s][i] != PT_I64_MISSING &&
            e->times[s][i] < first)
            first = e->times[s][i];
    return first;
}

/* From each start, each step as early as can be. */
static pt_funnel_run naive_open(const events *e, int64_t within)
{
    pt_funnel_run best = {0};

    for (int64_t start = next_of(e, 0, INT64_MIN); start != INT64_MAX; start = next_of(e, 0, start)) {
        pt_funnel_run run = {1, {start}};
        for (uint32_t d = 1; d < e->n_steps; d++) {
            int64_t t = next_of(e, d, run.times[d - 1]);
            if (t == INT64_MAX || t - start > within)
                break;
            run.times[run.depth++] = t;
        }
        bool sooner = run.depth == best.depth && run.times[run.depth - 1] <= best.times[best.depth - 1];
        if (run.depth > best.depth || sooner)
            best = run;
    }
    return best;
}

/* All that happened at the first instant after one: its steps; false at the end. `used` are the sources that have steps. */
static bool instant_after(const events *e, int64_t *now, uint32_t *steps)
{
    int64_t next = INT64_MAX;
    bool used[SOURCES] = {false};

    for (uint32_t d = 0; d < e->n_steps; d++)
        used[e->sources[d]] = true;
    *steps = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t s = 0; s < SOURCES; s++) {
            for (size_t i = 0; used[s] && i < e->n[s]; i++) {
                if (e->times[s][i] <= *now || e->times[s][i] == PT_I64_MISSING)
                    continue;
                if (pass == 0 && e->times[s][i] < next)
                    next = e->times[s][i];
                if (pass == 1 && e->times[s][i] == next)
                    *steps |= e->steps[s][i];
            }
        }
    }
    *now = next;
    return next != INT64_MAX;
}

/* From each start, all the places a run may be in. */
static uint32_t naive_strict(const events *e, int64_t within)
{
    uint32_t best = 0, steps;

    for (int64_t start = next_of(e, 0, INT64_MIN); start != INT64_MAX; start = next_of(e, 0, start)) {
        uint32_t places = 1;
        best = best ? best : 1;
        for (int64_t now = start; places && instant_after(e, &now, &steps);) {
            uint32_t on = now - start <= within ? places << 1 & steps : 0;
            places = on | (places & steps);
            for (uint32_t d = 0; d < e->n_steps; d++)
                if (places >> d & 1 && d + 1 > best)
                    best = d + 1;
        }
    }
    return best;
}

TEST(app_funnel__is_what_every_start_taken_alone_gives)
{
    pt_rng r;

    pt_rng_seed(&r, 20260);
    for (int i = 0; i < 50000; i++) {
        events e = random_events(&r);
        int64_t within = pt_rng_below(&r, 3) ? (int64_t)pt_rng_below(&r, 12) + 1 : INT64_MAX;
        pt_funnel_run got = walk(&e, within, false), want = naive_open(&e, within);
        CHECK_INT(got.depth, want.depth);
        if (want.depth) {
            CHECK_INT(got.times[got.depth - 1], want.times[want.depth - 1]);
            CHECK_INT(got.times[0], want.times[0]);
        }
        for (uint32_t d = 1; d < got.depth; d++)
            CHECK(got.times[d - 1] < got.times[d]);
        uint32_t strict = walk(&e, within, true).depth;
        CHECK_INT(strict, naive_strict(&e, within));
        CHECK(strict <= got.depth);
    }
}
