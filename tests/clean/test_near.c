#include "clean/near.h"

#include <string.h>

#include "base/rng.h"
#include "support/test.h"

static pt_err err;

static double similarity(const char *a, const char *b)
{
    double s;

    CHECK_OK(pt_near_similarity(&s, pt_sv_of(a), pt_sv_of(b), &err));
    return s;
}

TEST(clean_near__similarity_is_the_share_of_common_pairs)
{
    CHECK_DOUBLE(similarity("abcd", "abcd"), 1);
    CHECK_DOUBLE(similarity("abcd", "abce"), 2.0 * 2 / 6);
    CHECK_DOUBLE(similarity("abcd", "wxyz"), 0);
    CHECK_DOUBLE(similarity("abab", "ab"), 2.0 * 1 / 3); /* ab and ba, ab */
    CHECK_DOUBLE(similarity("A B\tc", "ａｂＣ"), 1);     /* capitals, white space, full width */
    CHECK_DOUBLE(similarity("张三", "张三"), 1);
    CHECK_DOUBLE(similarity("张三丰", "张三"), 2.0 * 1 / 3);
    CHECK_DOUBLE(similarity("x", "x"), 1);
    CHECK_DOUBLE(similarity("x", "y"), 0);
    CHECK_DOUBLE(similarity("", ""), 0);
    CHECK_DOUBLE(similarity("\xff\xfe", "\xff\xfe"), 1); /* not UTF-8: still itself */
}

TEST(clean_near__empty_texts_and_other_groups_are_never_near)
{
    pt_near *n;
    uint64_t kept;
    bool dropped;

    CHECK_OK(pt_near_new(&n, 0.9, &err));
    for (uint64_t i = 0; i < 3; i++) {
        CHECK_OK(pt_near_add(&dropped, &kept, n, i, PT_SV(" \t"), &err));
        CHECK(!dropped);
    }
    for (uint64_t i = 0; i < 3; i++) {
        pt_near_group(n, i);
        CHECK_OK(pt_near_add(&dropped, &kept, n, 10 + i, PT_SV("the same text"), &err));
        CHECK(!dropped);
    }
    CHECK_OK(pt_near_add(&dropped, &kept, n, 20, PT_SV("The same  text"), &err));
    CHECK(dropped);
    CHECK_INT(kept, 12);
    pt_near_free(n);
}

enum { TEXTS = 1500, LONGEST = 40 };

/* Texts of which many are others with a few characters changed. */
static void make_texts(char texts[TEXTS][LONGEST + 1], uint64_t seed)
{
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (size_t i = 0; i < TEXTS; i++) {
        size_t changes = pt_rng_below(&rng, 5), length = 12 + pt_rng_below(&rng, LONGEST - 12);
        if (i > 10 && pt_rng_below(&rng, 3) > 0) {
            memcpy(texts[i], texts[pt_rng_below(&rng, i)], LONGEST + 1);
        } else {
            changes = length;
            memset(texts[i], 'a', length);
            texts[i][length] = '\0';
        }
        for (size_t c = 0; c < changes; c++)
            texts[i][changes == length ? c : pt_rng_below(&rng, strlen(texts[i]))] =
                (char)('a' + pt_rng_below(&rng, 20));
    }
}

/* Against comparing each text with all that are kept before it. */
static void check_against_all(double threshold, uint64_t seed)
{
    static char texts[TEXTS][LONGEST + 1];
    size_t kept_before[TEXTS], n_kept = 0, missed = 0, found = 0;
    pt_near *n;

    make_texts(texts, seed);
    CHECK_OK(pt_near_new(&n, threshold, &err));
    for (size_t i = 0; i < TEXTS; i++) {
        uint64_t kept = 0;
        bool dropped, there_is = false;
        CHECK_OK(pt_near_add(&dropped, &kept, n, i, pt_sv_of(texts[i]), &err));
        CHECK(!dropped || similarity(texts[i], texts[kept]) >= threshold);
        for (size_t k = 0; k < n_kept && !dropped && !there_is; k++)
            there_is = similarity(texts[i], texts[kept_before[k]]) >= threshold;
        missed += there_is;
        found += dropped;
        if (!dropped)
            kept_before[n_kept++] = i;
    }
    CHECK(found > TEXTS / 20);
    CHECK(missed * 200 <= found); /* at most one in two hundred */
    pt_near_free(n);
}

TEST(clean_near__finds_what_comparing_all_with_all_finds)
{
    check_against_all(0.9, 1);
    check_against_all(0.7, 2);
    check_against_all(0.5, 3);
}
