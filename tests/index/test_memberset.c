/* Files of members against plain sets: whole and as differences, through long chains, and damaged at every byte. */
#include "index/memberset.h"

#include <stdlib.h>

#include "base/rng.h"
#include "index/slices.h"
#include "support/test.h"

static pt_err err;

/* --- a sink in memory ------------------------------------------------------------------------------------------------- */

static pt_rc append(void *ctx, const void *bytes, size_t n, pt_err *e)
{
    pt_str *out = ctx;

    pt_str_addn(out, bytes, n);
    return pt_str_check(out, e);
}

static pt_rc patch(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *e)
{
    pt_str *out = ctx;

    (void)e;
    CHECK(offset + n <= out->len);
    memcpy(out->ptr + offset, bytes, n);
    return PT_OK;
}

/* --- sets ------------------------------------------------------------------------------------------------------------- */

enum { SETS = 4 };
static const char *const names[SETS] = {"none", "dense", "sparse", "runs"};

typedef struct sets {
    uint32_t ordinals;
    uint64_t *bits[SETS];
} sets;

static uint64_t *new_bits(uint32_t ordinals)
{
    uint64_t *bits = pt_zalloc(pt_members_words(ordinals) + 1, sizeof *bits);

    CHECK(bits);
    return bits;
}

static void flip(uint64_t *bits, uint32_t row)
{
    bits[row / 64] ^= UINT64_C(1) << (row % 64);
}

static void make_sets(sets *s, pt_rng *rng, uint32_t ordinals)
{
    s->ordinals = ordinals;
    for (size_t i = 0; i < SETS; i++)
        s->bits[i] = new_bits(ordinals);
    for (uint32_t row = 0; row < ordinals; row++) {
        if (pt_rng_below(rng, 3))
            flip(s->bits[1], row);
        if (pt_rng_below(rng, 500) == 0)
            flip(s->bits[2], row);
        if (row / 1000 % 3 == 1)
            flip(s->bits[3], row);
    }
}

/* The sets of the next build: a few changes, and some more customers. */
static void next_sets(sets *out, pt_rng *rng, const sets *before)
{
    out->ordinals = before->ordinals + (uint32_t)pt_rng_below(rng, 40000);
    for (size_t i = 0; i < SETS; i++) {
        out->bits[i] = new_bits(out->ordinals);
        memcpy(out->bits[i], before->bits[i], pt_members_words(before->ordinals) * sizeof **before->bits);
        for (size_t k = 0; i && k < 20; k++)
            flip(out->bits[i], (uint32_t)pt_rng_below(rng, out->ordinals));
    }
}

static void free_sets(sets *s)
{
    for (size_t i = 0; i < SETS; i++)
        free(s->bits[i]);
}

/* --- writing and reading ------------------------------------------------------------------------------------------------ */

static uint64_t *widened(const uint64_t *bits, uint32_t from, uint32_t to)
{
    uint64_t *wide = new_bits(to);

    memcpy(wide, bits, pt_members_words(from) * sizeof *bits);
    return wide;
}

/* The file of `s`; against `before` where that is not NULL, whose file is `base`. */
static void write_file(pt_str *out, const sets *s, const sets *before, const pt_memberset *base, uint64_t build)
{
    pt_tagset_sink sink = {out, append, patch};
    pt_memberset_head head = {.as_of = 7, .build = build, .base = before ? build - 1 : 0, .ordinals = s->ordinals};
    pt_memberset_writer *w;

    head.identity = 99;
    CHECK_OK(pt_memberset_begin(&w, &head, names, SETS, &sink, &err));
    for (size_t i = 0; i < SETS; i++) {
        pt_members what = {.name = names[i], .definition = {i, 1}, .kind = (uint8_t)i, .ids = 5, .unknown = 2};
        uint64_t *wide = before ? widened(before->bits[i], before->ordinals, s->ordinals) : NULL;
        uint32_t chain = base ? pt_memberset_info(base, i)->chain + 1 : 0;
        CHECK_OK(pt_memberset_add(w, &what, s->bits[i], wide, chain, &err));
        free(wide);
    }
    CHECK_OK(pt_memberset_end(w, &err));
    pt_memberset_writer_free(w);
}

static pt_memberset *open_file(const pt_str *file)
{
    pt_memberset *s;

    CHECK_OK(pt_memberset_open(&s, "the file", file->ptr, file->len, &err));
    return s;
}

static void check_sets(const pt_memberset *file, const sets *s, const sets *before)
{
    for (size_t i = 0; i < SETS; i++) {
        const pt_members *m = pt_memberset_info(file, i);
        uint64_t *bits = before ? widened(before->bits[i], before->ordinals, s->ordinals) : new_bits(s->ordinals);
        uint64_t members = 0;
        for (uint32_t row = 0; row < s->ordinals; row++)
            members += s->bits[i][row / 64] >> (row % 64) & 1;
        CHECK_OK(pt_memberset_read(bits, file, i, &err));
        CHECK(memcmp(bits, s->bits[i], pt_members_words(s->ordinals) * sizeof *bits) == 0);
        CHECK_INT(m->members, members);
        CHECK_STR(m->name, names[i]);
        CHECK(m->definition.lo == i && m->kind == i && m->ids == 5 && m->unknown == 2);
        CHECK_INT(pt_memberset_find(file, names[i]), (int)i);
        free(bits);
    }
    CHECK_INT(pt_memberset_find(file, "nosuch"), -1);
}

TEST(index_memberset__keeps_sets_of_every_kind)
{
    static const uint32_t sizes[] = {0, 1, 63, 64, 65535, 65536, 65537, 200000};
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (size_t i = 0; i < PT_COUNT(sizes); i++) {
        pt_str file = {0}, again = {0};
        sets s;
        make_sets(&s, &rng, sizes[i]);
        write_file(&file, &s, NULL, NULL, 0);
        write_file(&again, &s, NULL, NULL, 0);
        CHECK(file.len == again.len && memcmp(file.ptr, again.ptr, file.len) == 0);
        pt_memberset *read = open_file(&file);
        CHECK_INT(pt_memberset_get_head(read)->ordinals, sizes[i]);
        CHECK_INT(pt_memberset_get_head(read)->as_of, 7);
        CHECK_INT(pt_memberset_get_head(read)->identity, 99);
        check_sets(read, &s, NULL);
        pt_memberset_close(read);
        pt_str_free(&file);
        pt_str_free(&again);
        free_sets(&s);
    }
}

TEST(index_memberset__a_chain_of_differences_ends_in_a_whole_set)
{
    enum { BUILDS = 40 };
    pt_str files[BUILDS] = {0};
    pt_memberset *read[BUILDS];
    sets s[BUILDS];
    pt_rng rng;
    bool differs = false, whole_again = false;

    pt_rng_seed(&rng, 6);
    make_sets(&s[0], &rng, 100000);
    for (size_t b = 0; b < BUILDS; b++) {
        if (b)
            next_sets(&s[b], &rng, &s[b - 1]);
        write_file(&files[b], &s[b], b ? &s[b - 1] : NULL, b ? read[b - 1] : NULL, b + 1);
        read[b] = open_file(&files[b]);
        check_sets(read[b], &s[b], b ? &s[b - 1] : NULL);
        const pt_members *dense = pt_memberset_info(read[b], 1);
        CHECK(dense->chain <= PT_MEMBERS_MOST_CHAIN);
        differs |= dense->form == PT_MEMBERS_DELTA && dense->size < pt_memberset_info(read[0], 1)->size / 10;
        whole_again |= b > 0 && dense->form == PT_MEMBERS_WHOLE;
    }
    CHECK(differs && whole_again);
    for (size_t b = 0; b < BUILDS; b++) {
        pt_memberset_close(read[b]);
        pt_str_free(&files[b]);
        free_sets(&s[b]);
    }
}

TEST(index_memberset__a_difference_from_another_set_is_refused)
{
    pt_str first = {0}, second = {0};
    sets s[2];
    pt_rng rng;

    pt_rng_seed(&rng, 7);
    make_sets(&s[0], &rng, 70000);
    next_sets(&s[1], &rng, &s[0]);
    write_file(&first, &s[0], NULL, NULL, 1);
    pt_memberset *base = open_file(&first);
    write_file(&second, &s[1], &s[0], base, 2);
    pt_memberset *read = open_file(&second);
    CHECK_INT(pt_memberset_info(read, 1)->form, PT_MEMBERS_DELTA);
    uint64_t *bits = widened(s[0].bits[1], s[0].ordinals, s[1].ordinals);
    flip(bits, 12345);
    CHECK_INT(pt_memberset_read(bits, read, 1, &err), PT_ECORRUPT);
    free(bits);
    pt_memberset_close(read);
    pt_memberset_close(base);
    pt_str_free(&first);
    pt_str_free(&second);
    free_sets(&s[0]);
    free_sets(&s[1]);
}

/* --- damage ------------------------------------------------------------------------------------------------------------- */

/* Reads everything; true when it is refused, else the sets must be the right ones. */
static bool is_refused(const char *bytes, size_t n, const sets *s)
{
    pt_memberset *read;
    bool refused = false;

    if (pt_memberset_open(&read, "the file", bytes, n, &err) != PT_OK)
        return true;
    for (size_t i = 0; i < SETS && i < pt_memberset_count(read); i++) {
        uint64_t *out = new_bits(s->ordinals);
        if (pt_memberset_read(out, read, i, &err) != PT_OK)
            refused = true;
        else
            CHECK(memcmp(out, s->bits[i], pt_members_words(s->ordinals) * sizeof *out) == 0);
        free(out);
    }
    pt_memberset_close(read);
    return refused;
}

TEST(index_memberset__a_damaged_file_is_refused)
{
    pt_str file = {0};
    uint64_t padding = 0;
    sets s;
    pt_rng rng;

    pt_rng_seed(&rng, 8);
    make_sets(&s, &rng, 1500);
    write_file(&file, &s, NULL, NULL, 0);
    pt_memberset *read = open_file(&file);
    for (size_t i = 0; i < SETS; i++)
        padding += (64 - pt_memberset_info(read, i)->size % 64) % 64;
    pt_memberset_close(read);
    uint64_t passed = 0;
    for (size_t at = 0; at < file.len; at++) {
        file.ptr[at] ^= 0x20;
        passed += !is_refused(file.ptr, file.len, &s);
        file.ptr[at] ^= 0x20;
    }
    CHECK_INT(passed, padding);
    for (size_t n = 0; n < file.len; n++)
        CHECK(is_refused(file.ptr, n, &s));
    CHECK_INT(pt_memberset_open(&read, "the file", "PTINDEXS", 8, &err), PT_ECORRUPT);
    pt_str_free(&file);
    free_sets(&s);
}
