/* The figures of a column against all of its values sorted, and the file that keeps them. */
#include <stdlib.h>

#include "app/trend_file.h"
#include "base/compare.h"
#include "base/rng.h"
#include "support/test.h"

enum { ROWS = 5000 };

/* Numbers of many shapes: few values, heavy tails, both signs, one only, none. */
static double random_number(pt_rng *rng, unsigned shape)
{
    switch (shape) {
    case 0: return (double)pt_rng_below(rng, 7);
    case 1: return exp(30 * pt_rng_double(rng)) - 5;
    case 2: return pt_rng_double(rng) - 0.5;
    case 3: return 42;
    case 4: return pt_rng_below(rng, 100) ? 0 : 1e300 * (pt_rng_double(rng) - 0.5);
    default: return (double)NAN;
    }
}

TEST(app_trend__figures_are_those_of_the_sorted_values)
{
    static const double shares[] = {0.05, 0.25, 0.5, 0.75, 0.95};
    static double values[ROWS], sorted[ROWS];
    pt_arena *arena = pt_arena_new(0);
    pt_rng rng;
    pt_err err;

    CHECK(arena);
    pt_rng_seed(&rng, 4);
    for (unsigned round = 0; round < 300; round++) {
        uint32_t rows = 1 + (uint32_t)pt_rng_below(&rng, ROWS), n = 0;
        long double sum = 0;
        for (uint32_t i = 0; i < rows; i++) {
            values[i] = pt_rng_below(&rng, 4) ? random_number(&rng, round % 6) : (double)NAN;
            if (isnan(values[i]))
                continue;
            sorted[n++] = values[i];
            sum += (long double)values[i];
        }
        qsort(sorted, n, sizeof *sorted, pt_compare_doubles);
        pt_column column = {.type = PT_TYPE_NUMBER, .width = 8, .data = values};
        pt_trend_tag t;
        CHECK_OK(pt_trend_measure(&t, "x", &column, rows, true, arena, &err));
        CHECK_INT(t.known, n);
        CHECK(t.ordered == (n > 0));
        if (!n)
            continue;
        CHECK(t.figures[0] == sorted[0] && t.figures[6] == sorted[n - 1]);
        for (size_t q = 0; q < PT_COUNT(shares); q++) {
            size_t rank = (size_t)ceil(shares[q] * n);
            CHECK(t.figures[1 + q] == sorted[rank ? rank - 1 : 0]);
        }
        CHECK(fabs(t.figures[7] - (double)(sum / n)) <= 1e-12 * fabs(t.figures[7]));
    }
    pt_arena_free(arena);
}

TEST(app_trend__values_are_counted_and_the_frequent_kept)
{
    enum { TEXTS = 60 };
    static uint64_t offsets[TEXTS + 1];
    static char bytes[TEXTS * 2 + 1];
    static uint8_t codes[ROWS];
    pt_arena *arena = pt_arena_new(0);
    uint64_t counts[TEXTS + 1] = {0}, all = 0;
    pt_trend_tag t;
    pt_err err;
    pt_rng rng;

    CHECK(arena);
    for (unsigned i = 0; i < TEXTS; i++) {
        bytes[2 * i] = (char)('a' + i / 10);
        bytes[2 * i + 1] = (char)('0' + i % 10);
        offsets[i + 1] = 2 * (uint64_t)(i + 1);
    }
    pt_rng_seed(&rng, 8);
    for (unsigned i = 0; i < ROWS; i++) {
        codes[i] = (uint8_t)(pt_rng_below(&rng, TEXTS + 1) * pt_rng_below(&rng, TEXTS + 1) / TEXTS);
        codes[i] = codes[i] > TEXTS ? TEXTS : codes[i];
        counts[codes[i]]++;
    }
    pt_dict dict = {TEXTS, true, offsets, bytes};
    pt_column column = {.type = PT_TYPE_CATEGORY, .width = 1, .data = codes, .dict = &dict};
    CHECK_OK(pt_trend_measure(&t, "x", &column, ROWS, true, arena, &err));
    CHECK_INT(t.known, ROWS - counts[0]);
    CHECK_INT(t.n_values, PT_TREND_KEPT);
    for (size_t i = 0; i < t.n_values; i++) {
        unsigned code = (unsigned)((t.values[i].text.ptr[0] - 'a') * 10 + t.values[i].text.ptr[1] - '0') + 1;
        CHECK_INT(t.values[i].count, counts[code]);
        CHECK(i == 0 || t.values[i].count <= t.values[i - 1].count);
        all += t.values[i].count;
    }
    CHECK_INT(all + t.others, t.known);
    /* Texts that are many are likely to be about one customer each. */
    column.type = PT_TYPE_TEXT;
    CHECK_OK(pt_trend_measure(&t, "x", &column, ROWS, true, arena, &err));
    CHECK(t.n_values == 0 && t.others == t.known);
    CHECK_OK(pt_trend_measure(&t, "x", &column, ROWS, false, arena, &err));
    CHECK(t.n_values == 0 && t.others == t.known);
    pt_arena_free(arena);
}

static const pt_trend_value some_values[] = {{{"a\tb", 3}, 9}, {{"", 0}, 4}, {{"\\n", 2}, 1}};
static const pt_trend_tag some_tags[] = {
    {.name = "city", .type = PT_TYPE_CATEGORY, .known = 20, .values = some_values, .n_values = 3, .others = 6},
    {.name = "spend", .type = PT_TYPE_NUMBER, .known = 7, .ordered = true, .figures = {1, 2, 3, 4, 5, 6, 7, 0.1}},
    {.name = "none", .type = PT_TYPE_DATE},
};
static const pt_trend_size some_sizes[] = {{"big", 12}, {"small", 0}};
static const pt_trend_score some_scores[] = {{"orders", 99.5}};

static void write_some(pt_str *out)
{
    const pt_trend_state states[] = {
        {.as_of = 1000000, .customers = 30, .tags = some_tags, .n_tags = 3, .segments = some_sizes, .n_segments = 2},
        {.as_of = 2000000, .customers = 31, .tags = some_tags, .n_tags = 1, .scores = some_scores, .n_scores = 1},
    };

    pt_trend_write(out, states, 2, true);
}

TEST(app_trend__a_file_comes_back_as_it_was)
{
    pt_trend_wish wish = {.tag = "city"};
    pt_arena *arena = pt_arena_new(0);
    const pt_trend_state *states;
    pt_str text = {0};
    bool recomputed;
    size_t n;
    pt_err err;

    write_some(&text);
    CHECK_OK(pt_trend_read(&states, &n, &recomputed, (pt_sv){text.ptr, text.len}, &wish, arena, &err));
    CHECK(n == 2 && recomputed && states[0].as_of == 1000000 && states[1].customers == 31);
    CHECK(states[0].n_tags == 1 && states[0].n_segments == 2 && states[1].n_segments == 0 && states[1].n_scores == 1);
    const pt_trend_tag *t = &states[0].tags[0];
    CHECK(t->n_values == 3 && t->known == 20 && t->others == 6 && !t->ordered);
    for (size_t i = 0; i < 3; i++)
        CHECK(pt_sv_eq(t->values[i].text, some_values[i].text) && t->values[i].count == some_values[i].count);
    CHECK_STR(states[0].segments[1].name, "small");
    CHECK(states[1].scores[0].score == 99.5);
    wish.tag = "spend";
    CHECK_OK(pt_trend_read(&states, &n, &recomputed, (pt_sv){text.ptr, text.len}, &wish, arena, &err));
    CHECK(states[0].n_tags == 1 && states[0].tags[0].ordered && states[0].tags[0].figures[7] == 0.1);
    CHECK_INT(states[1].n_tags, 0);
    pt_str_free(&text);
    pt_arena_free(arena);
}

TEST(app_trend__damage_is_refused)
{
    pt_trend_wish wish = {.tag = "city"};
    pt_arena *arena = pt_arena_new(0);
    const pt_trend_state *states;
    pt_str text = {0};
    bool recomputed;
    size_t n;
    pt_err err;

    write_some(&text);
    for (size_t i = 0; i < text.len; i++) {
        text.ptr[i] ^= 1;
        CHECK(pt_trend_read(&states, &n, &recomputed, (pt_sv){text.ptr, text.len}, &wish, arena, &err) == PT_ECORRUPT);
        text.ptr[i] ^= 1;
        CHECK(pt_trend_read(&states, &n, &recomputed, (pt_sv){text.ptr, i}, &wish, arena, &err) == PT_ECORRUPT);
    }
    pt_str_free(&text);
    pt_arena_free(arena);
}
