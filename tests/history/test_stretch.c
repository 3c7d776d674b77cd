/* How long a condition held: cases by hand, and a plain walk over each customer's states. */
#include "history/stretch.h"

#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { WORDS = 3, CUSTOMERS = WORDS * 64, MOST = 12 };

typedef struct story {
    int64_t from[MOST];
    uint64_t held[MOST][WORDS], known[MOST][WORDS];
    const uint64_t *held_at[MOST], *known_at[MOST];
    pt_stretches s;
} story;

static void begin(story *t, size_t n, int64_t as_of, int64_t at_least, int64_t within)
{
    for (size_t i = 0; i < n; i++) {
        t->held_at[i] = t->held[i];
        t->known_at[i] = t->known[i];
    }
    t->s = (pt_stretches){t->from, n, as_of, t->held_at, t->known_at, WORDS, at_least, within};
}

/* 1, 0, -1: true, false, missing. */
static int decide(const story *t, unsigned customer)
{
    uint64_t yes[WORDS], no[WORDS];
    uint32_t starts[64];

    pt_stretch_decide(yes, no, &t->s, starts);
    CHECK(!(yes[customer / 64] & no[customer / 64] >> 0 & (UINT64_C(1) << (customer % 64))));
    if (yes[customer / 64] >> (customer % 64) & 1)
        return 1;
    return no[customer / 64] >> (customer % 64) & 1 ? 0 : -1;
}

/* A customer's states as text: 't' true, 'f' false, '-' missing; states begin at 0, 10, 20, ... */
static int one(const char *states, int64_t as_of, int64_t at_least, int64_t within)
{
    story t = {0};
    size_t n = strlen(states);

    for (size_t i = 0; i < n; i++) {
        t.from[i] = (int64_t)i * 10;
        t.held[i][1] = (uint64_t)(states[i] == 't') << 5;
        t.known[i][1] = (uint64_t)(states[i] != '-') << 5;
    }
    begin(&t, n, as_of, at_least, within);
    return decide(&t, 64 + 5);
}

TEST(history_stretch__cases_by_hand)
{
    /* A state holds until the next, the last until the as-of. */
    CHECK_INT(one("tff", 20, 10, INT64_MAX), 1);
    CHECK_INT(one("tff", 20, 11, INT64_MAX), 0);
    CHECK_INT(one("ttf", 20, 20, INT64_MAX), 1);
    CHECK_INT(one("tft", 20, 11, INT64_MAX), 0);
    CHECK_INT(one("ftt", 25, 15, INT64_MAX), 1);
    CHECK_INT(one("ftt", 25, 16, INT64_MAX), 0);
    CHECK_INT(one("fft", 20, 1, INT64_MAX), 0); /* the present has no length */
    CHECK_INT(one("fft", 20, 0, INT64_MAX), 1); /* but it is a time at which it held */
    /* A missing state ends a stretch and says neither yes nor no. */
    CHECK_INT(one("t-t", 30, 11, INT64_MAX), 0);
    CHECK_INT(one("---", 30, 0, INT64_MAX), -1);
    CHECK_INT(one("--f", 30, 0, INT64_MAX), 0);
    /* The window is (as_of - within, as_of]: what of a stretch lies in it counts. */
    CHECK_INT(one("tff", 20, 0, 10), 0); /* held up to, not at, 10 */
    CHECK_INT(one("tff", 20, 0, 11), 1);
    CHECK_INT(one("ttf", 20, 5, 5), 1);
    CHECK_INT(one("tff", 20, 1, 5), 0);
    CHECK_INT(one("ttt", 20, 5, 5), 1);
    CHECK_INT(one("ttt", 20, 6, 5), 0);
    CHECK_INT(one("f--", 20, 0, 5), -1); /* what was known was so before the window */
    CHECK_INT(one("t", 0, 0, INT64_MAX), 1);
    CHECK_INT(one("t", 7, 7, 7), 1);
    CHECK_INT(one("t", 7, INT64_MAX, INT64_MAX), 0);
}

static int plainly(const story *t, unsigned customer)
{
    int64_t start = t->s.within == INT64_MAX ? INT64_MIN : t->s.as_of - t->s.within, held = 0;
    bool known = false, ever = false, enough = false;

    for (size_t i = 0; i < t->s.n; i++) {
        int64_t from = t->from[i], end = i + 1 < t->s.n ? t->from[i + 1] : t->s.as_of;
        if (i + 1 < t->s.n && end <= start)
            continue;
        from = from > start ? from : start;
        bool is = t->held[i][customer / 64] >> (customer % 64) & 1;
        known |= t->known[i][customer / 64] >> (customer % 64) & 1;
        ever |= is;
        held = is ? held + end - from : 0;
        enough |= is && held >= t->s.at_least;
    }
    return (t->s.at_least ? enough : ever) ? 1 : known ? 0 : -1;
}

TEST(history_stretch__agrees_with_a_plain_walk)
{
    pt_rng rng;

    pt_rng_seed(&rng, 77);
    for (int round = 0; round < 3000; round++) {
        story t = {0};
        size_t n = 1 + (size_t)pt_rng_below(&rng, MOST);
        int64_t at = (int64_t)pt_rng_below(&rng, 5);
        for (size_t i = 0; i < n; i++) {
            t.from[i] = at;
            at += 1 + (int64_t)pt_rng_below(&rng, 20);
            for (size_t w = 0; w < WORDS; w++) {
                uint64_t some = pt_rng_u64(&rng);
                t.known[i][w] = some | pt_rng_u64(&rng);
                t.held[i][w] = pt_rng_u64(&rng) & t.known[i][w];
            }
        }
        int64_t as_of = t.from[n - 1] + (int64_t)pt_rng_below(&rng, 15);
        begin(&t, n, as_of, (int64_t)pt_rng_below(&rng, 40),
              pt_rng_below(&rng, 2) ? INT64_MAX : 1 + (int64_t)pt_rng_below(&rng, 120));
        uint64_t yes[WORDS], no[WORDS];
        uint32_t starts[64];
        pt_stretch_decide(yes, no, &t.s, starts);
        for (unsigned c = 0; c < CUSTOMERS; c++) {
            int is = yes[c / 64] >> (c % 64) & 1 ? 1 : no[c / 64] >> (c % 64) & 1 ? 0 : -1;
            if (is != plainly(&t, c))
                test_fail(__FILE__, __LINE__, "round %d, customer %u: %d, plainly %d", round, c, is, plainly(&t, c));
        }
    }
}
