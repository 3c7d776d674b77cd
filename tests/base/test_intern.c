/* The dictionary against a plain list searched from the start, and against qsort. */
#include "base/intern.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "support/test.h"

TEST(base_intern__codes_run_in_order_of_appearance)
{
    pt_intern *in = pt_intern_new();

    CHECK(in);
    CHECK_INT(pt_intern_count(in), 0);
    CHECK_INT(pt_intern_find(in, PT_SV("a")), 0);
    CHECK_INT(pt_intern_add(in, PT_SV("b")), 1);
    CHECK_INT(pt_intern_add(in, PT_SV("a")), 2);
    CHECK_INT(pt_intern_add(in, PT_SV("b")), 1);
    CHECK_INT(pt_intern_add(in, PT_SV("")), 3);
    CHECK_INT(pt_intern_add(in, (pt_sv){NULL, 0}), 3);
    CHECK_INT(pt_intern_add(in, (pt_sv){"a\0", 2}), 4);
    CHECK_INT(pt_intern_find(in, PT_SV("a")), 2);
    const pt_dict *d = pt_intern_dict(in);
    CHECK_INT(d->n, 4);
    CHECK(!d->sorted && pt_sv_eq(pt_dict_text(d, 1), PT_SV("b")) && pt_sv_eq(pt_dict_text(d, 3), PT_SV("")));
    pt_intern_clear(in);
    CHECK_INT(pt_intern_count(in), 0);
    CHECK_INT(pt_intern_find(in, PT_SV("b")), 0);
    CHECK_INT(pt_intern_add(in, PT_SV("z")), 1);
    pt_intern_free(in);
    pt_intern_free(NULL);
}

/* Few letters and short, so that repeats, prefixes and equal heads are common; some texts are long. */
static pt_sv random_text(char *buf, pt_rng *r)
{
    size_t n = pt_rng_below(r, pt_rng_below(r, 10) ? 4 : 40);

    for (size_t i = 0; i < n; i++)
        buf[i] = "abc\0\xFF"[pt_rng_below(r, 5)];
    return (pt_sv){buf, n};
}

static uint32_t naive_find(char (*texts)[40], const size_t *lengths, uint32_t n, pt_sv text)
{
    for (uint32_t i = 0; i < n; i++)
        if (pt_sv_eq((pt_sv){texts[i], lengths[i]}, text))
            return i + 1;
    return 0;
}

TEST(base_intern__agrees_with_a_list)
{
    enum { ROUNDS = 12000 };
    static char texts[ROUNDS][40];
    static size_t lengths[ROUNDS];
    uint32_t n = 0;
    pt_rng r;
    char buf[40];
    pt_intern *in = pt_intern_new();

    CHECK(in);
    pt_rng_seed(&r, 5);
    for (int i = 0; i < ROUNDS; i++) {
        pt_sv text = random_text(buf, &r);
        uint32_t want = naive_find(texts, lengths, n, text);
        CHECK_INT(pt_intern_find(in, text), want);
        if (!want) {
            memcpy(texts[n], text.ptr, text.len);
            lengths[n++] = text.len;
            want = n;
        }
        CHECK_INT(pt_intern_add(in, text), want);
        CHECK_INT(pt_intern_count(in), n);
    }
    for (uint32_t i = 0; i < n; i++)
        CHECK(pt_sv_eq(pt_dict_text(pt_intern_dict(in), i + 1), (pt_sv){texts[i], lengths[i]}));
    pt_intern_free(in);
}

static void check_ranks(const pt_intern *in)
{
    pt_err err = {0};
    uint32_t n = pt_intern_count(in);
    uint32_t *rank = calloc(n + 1, sizeof *rank), *by_rank = calloc(n + 1, sizeof *by_rank);

    CHECK(rank && by_rank);
    rank[0] = 77;
    CHECK_OK(pt_intern_rank(in, rank, &err));
    CHECK_INT(rank[0], 0);
    for (uint32_t code = 1; code <= n; code++) {
        CHECK(rank[code] >= 1 && rank[code] <= n && !by_rank[rank[code]]);
        by_rank[rank[code]] = code;
    }
    for (uint32_t i = 1; i < n; i++)
        CHECK(pt_sv_cmp(pt_dict_text(pt_intern_dict(in), by_rank[i]),
                        pt_dict_text(pt_intern_dict(in), by_rank[i + 1])) < 0);
    free(rank);
    free(by_rank);
}

TEST(base_intern__ranks_are_byte_order)
{
    pt_rng r;
    char buf[40];
    pt_intern *in = pt_intern_new();

    CHECK(in);
    pt_rng_seed(&r, 6);
    for (int i = 0; i < 20000; i++)
        CHECK(pt_intern_add(in, random_text(buf, &r)));
    check_ranks(in);
    pt_intern_free(in);
}

/* Texts that agree in their beginnings, however long, and differ in zero bytes and length at the end. */
TEST(base_intern__ranks_texts_with_long_common_beginnings)
{
    static const size_t beginnings[] = {0, 5, 8, 16, 21, 600};
    static char text[700];
    pt_rng r;
    pt_intern *in = pt_intern_new();

    CHECK(in);
    pt_rng_seed(&r, 7);
    memset(text, 'p', sizeof text);
    for (size_t b = 0; b < PT_COUNT(beginnings); b++) {
        for (int i = 0; i < 1500; i++) {
            size_t tail = pt_rng_below(&r, 20);
            for (size_t k = 0; k < tail; k++)
                text[beginnings[b] + k] = "\0\0\1p\xff"[pt_rng_below(&r, 5)];
            CHECK(pt_intern_add(in, (pt_sv){text, beginnings[b] + tail}));
        }
        memset(text, 'p', sizeof text);
    }
    check_ranks(in);
    pt_intern_free(in);
}

/* Long common beginnings take the sort through all of its levels and past the last. */
TEST(base_intern__ranks_of_texts_that_differ_late)
{
    enum { TEXTS = 1000, COMMON = 700 };
    char text[COMMON + 8];
    uint32_t rank[TEXTS + 2];
    pt_err err = {0};
    pt_intern *in = pt_intern_new();

    CHECK(in);
    memset(text, 'x', COMMON);
    CHECK_INT(pt_intern_add(in, (pt_sv){text, COMMON}), 1);
    for (int i = 0; i < TEXTS; i++) { /* numbers backwards: the last is the smallest */
        int n = snprintf(text + COMMON, 8, "%05d", 99999 - i);
        CHECK_INT(pt_intern_add(in, (pt_sv){text, COMMON + (size_t)n}), i + 2);
    }
    CHECK_OK(pt_intern_rank(in, rank, &err));
    CHECK_INT(rank[1], 1);
    for (uint32_t i = 0; i < TEXTS; i++)
        CHECK_INT(rank[i + 2], TEXTS + 1 - i);
    pt_intern_free(in);
}

TEST(base_intern__rank_of_nothing)
{
    uint32_t rank[1] = {9};
    pt_err err = {0};
    pt_intern *in = pt_intern_new();

    CHECK(in);
    CHECK_OK(pt_intern_rank(in, rank, &err));
    CHECK_INT(rank[0], 0);
    pt_intern_free(in);
}

TEST(base_intern_add_all__gives_the_codes_of_one_after_the_other)
{
    enum { TEXTS = 20000, MOST = 100 };
    pt_rng rng;
    pt_intern *one = pt_intern_new(), *all = pt_intern_new();
    pt_sv texts[MOST];
    uint32_t codes[MOST];
    static char bytes[MOST][16];

    pt_rng_seed(&rng, 77);
    for (int round = 0; round < 2000; round++) { /* the table grows in the middle of a batch, and texts repeat in it */
        size_t n = pt_rng_below(&rng, MOST + 1);
        for (size_t i = 0; i < n; i++) {
            int length = snprintf(bytes[i], sizeof bytes[i], "%u", (unsigned)pt_rng_below(&rng, TEXTS));
            texts[i] = (pt_sv){bytes[i], (size_t)length};
        }
        CHECK(pt_intern_add_all(all, texts, n, codes));
        for (size_t i = 0; i < n; i++)
            CHECK_INT(codes[i], pt_intern_add(one, texts[i]));
    }
    CHECK_INT(pt_intern_count(all), pt_intern_count(one));
    pt_intern_free(one);
    pt_intern_free(all);
}
