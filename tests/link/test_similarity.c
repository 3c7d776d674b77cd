/* Against rapidfuzz (the table is what similarity.py prints) and against plain definitions for random texts. */
#include "link/similarity.h"

#include <math.h>

#include "base/rng.h"
#include "support/test.h"

static const struct {
    const char *a, *b;
    double jaro, winkler;
    uint32_t alignment, levenshtein;
    double bigrams;
} cases[] = {
    {"martha", "marhta", 0.94444444444444453, 0.96111111111111114, 1, 2, 0.40000000000000002},
    {"dwayne", "duane", 0.8222222222222223, 0.84000000000000008, 2, 2, 0.29999999999999999},
    {"dixon", "dicksonx", 0.76666666666666661, 0.81333333333333324, 4, 4, 0.25},
    {"jones", "johnson", 0.79047619047619044, 0.83238095238095233, 4, 4, 0.27272727272727271},
    {"abcvwxyz", "cabvwxyz", 0.95833333333333337, 0.95833333333333337, 2, 2, 0.5},
    {"", "", 1, 1, 0, 0, 1},
    {"", "a", 0, 0, 1, 1, 0},
    {"a", "a", 1, 1, 0, 0, 1},
    {"ab", "ba", 0, 0, 1, 2, 0},
    {"ca", "abc", 0, 0, 3, 3, 0},
    {"smith", "smyth", 0.8666666666666667, 0.89333333333333331, 1, 1, 0.5},
    {"robert", "rob", 0.83333333333333337, 0.88333333333333341, 3, 3, 0.375},
    {"王小明", "王晓明", 0.77777777777777768, 0.79999999999999993, 1, 1, 0.33333333333333331},
    {"欧阳娜娜", "欧阳娜", 0.91666666666666663, 0.94166666666666665, 1, 1, 0.80000000000000004},
    {"上海市浦东新区世纪大道100号", "上海浦东世纪大道一百号", 0.80606060606060603, 0.84484848484848485, 6, 6,
     0.33333333333333331},
    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaab", 0.68981481481481488,
     0.68981481481481488, 61, 61, 0.40000000000000002},
    {"12 long meadow lane, flat 7, north wing, saint mary under the hill, county",
     "12 long meadow ln, flat 7, st mary under hill", 0.77307307307307305, 0.86384384384384383, 29, 29,
     0.56716417910447758},
};

TEST(link_similarity__equals_rapidfuzz)
{
    static pt_pattern p;
    uint32_t a[128], b[128];
    uint64_t room[260];

    for (size_t i = 0; i < PT_COUNT(cases); i++) {
        pt_points x = pt_points_of(a, pt_sv_of(cases[i].a)), y = pt_points_of(b, pt_sv_of(cases[i].b));
        pt_pattern_set(&p, x);
        CHECK(fabs(pt_jaro(&p, y) - cases[i].jaro) < 1e-12);
        CHECK(fabs(pt_jaro_winkler(&p, y) - cases[i].winkler) < 1e-12);
        CHECK_INT(pt_alignment_distance(&p, y), cases[i].alignment);
        CHECK_INT(pt_levenshtein(&p, y), cases[i].levenshtein);
        CHECK(fabs(pt_bigram_overlap(x, y, room) - cases[i].bigrams) < 1e-12);
    }
}

/* --- random texts, against the definitions ------------------------------------------------------------------------------- */

enum { LONGEST = 300 };

static uint32_t random_text(uint32_t *out, pt_rng *rng, uint32_t longest)
{
    static const uint32_t letters[] = {'a', 'b', 'c', 0, 127, 128, 0x738B, 0x5C0F, 0x1F600, 0x10FFFF};
    uint32_t n = (uint32_t)pt_rng_below(rng, longest + 1), few = 2 + (uint32_t)pt_rng_below(rng, PT_COUNT(letters) - 1);

    for (uint32_t i = 0; i < n; i++)
        out[i] = letters[pt_rng_below(rng, few)];
    return n;
}

/* Jaro as the paper puts it: partners are the same character not further away than the window, from left to right. */
static double naive_jaro(const uint32_t *a, int n, const uint32_t *b, int m)
{
    bool taken[LONGEST] = {false}, found[LONGEST] = {false};
    int window = (n > m ? n : m) / 2 - 1, common = 0, moved = 0;

    if (!n || !m)
        return n == m;
    window = window < 0 ? 0 : window;
    for (int j = 0; j < m; j++)
        for (int i = 0; i < n && !found[j]; i++)
            if (!taken[i] && a[i] == b[j] && i >= j - window && i <= j + window)
                taken[i] = found[j] = true, common++;
    for (int i = 0, j = 0; i < n; i++) {
        if (!taken[i])
            continue;
        while (!found[j])
            j++;
        moved += a[i] != b[j++];
    }
    double c = common;
    return common ? (c / n + c / m + (c - moved / 2) / c) / 3 : 0;
}

static uint32_t min3(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static uint32_t naive_edits(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m, bool swaps)
{
    static uint32_t d[LONGEST + 1][LONGEST + 1];

    for (uint32_t i = 0; i <= n; i++)
        for (uint32_t j = 0; j <= m; j++) {
            if (!i || !j) {
                d[i][j] = i + j;
                continue;
            }
            d[i][j] = min3(d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
            if (swaps && i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
                d[i - 2][j - 2] + 1 < d[i][j])
                d[i][j] = d[i - 2][j - 2] + 1;
        }
    return d[n][m];
}

/* a[i] and the one before it; marks stand beyond the ends. */
static uint64_t neighbours(const uint32_t *a, uint32_t n, uint32_t i)
{
    return (uint64_t)(i ? a[i - 1] + 1 : 0) << 32 | (i < n ? a[i] + 1 : 0);
}

static bool has_neighbours(const uint32_t *a, uint32_t n, uint32_t first, uint32_t end, uint64_t pair)
{
    for (uint32_t i = first; n && i < end; i++)
        if (neighbours(a, n, i) == pair)
            return true;
    return false;
}

/* Distinct pairs of neighbours of a, and how many of them b has. */
static void naive_bigrams(const uint32_t *a, uint32_t n, const uint32_t *b, uint32_t m, bool marks, double *own,
                          double *both)
{
    *own = *both = 0;
    for (uint32_t i = !marks; n && i < n + marks; i++) {
        uint64_t pair = neighbours(a, n, i);
        if (has_neighbours(a, n, !marks, i, pair))
            continue;
        ++*own;
        *both += has_neighbours(b, m, !marks, m + marks, pair);
    }
}

static void compare_bigrams(uint64_t seed, uint32_t longest, int times)
{
    uint32_t a[LONGEST], b[LONGEST];
    uint64_t room[2 * LONGEST + 2];
    double x, y, both;
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (int k = 0; k < times; k++) {
        uint32_t n = random_text(a, &rng, longest), m = random_text(b, &rng, longest);
        naive_bigrams(b, m, a, n, true, &y, &both);
        naive_bigrams(a, n, b, m, true, &x, &both);
        CHECK_DOUBLE(pt_bigram_overlap((pt_points){a, n}, (pt_points){b, m}, room),
                     x + y > 0 ? both / (x + y - both) : 1);
        naive_bigrams(b, m, a, n, false, &y, &both);
        naive_bigrams(a, n, b, m, false, &x, &both);
        CHECK_DOUBLE(pt_bigram_cover((pt_points){a, n}, (pt_points){b, m}, room),
                     fmin(x, y) > 0 ? both / fmin(x, y) : 1);
    }
}

static void compare_with_definitions(uint64_t seed, uint32_t longest, int times)
{
    static pt_pattern p;
    uint32_t a[LONGEST], b[LONGEST];
    pt_rng rng;

    pt_rng_seed(&rng, seed);
    for (int k = 0; k < times; k++) {
        pt_points x = {a, random_text(a, &rng, longest)}, y = {b, random_text(b, &rng, longest)};
        pt_pattern_set(&p, x);
        CHECK(fabs(pt_jaro(&p, y) - naive_jaro(a, (int)x.n, b, (int)y.n)) < 1e-12);
        CHECK_INT(pt_alignment_distance(&p, y), naive_edits(a, x.n, b, y.n, true));
        CHECK_INT(pt_levenshtein(&p, y), naive_edits(a, x.n, b, y.n, false));
    }
}

TEST(link_similarity__words_equal_the_definition)
{
    compare_with_definitions(1, 12, 20000);
    compare_with_definitions(2, 64, 3000);
}

TEST(link_similarity__long_texts_equal_the_definition)
{
    compare_with_definitions(3, 150, 500);
    compare_with_definitions(4, PT_POINTS_COMPARED, 60);
}

TEST(link_similarity__bigrams_equal_the_definition)
{
    compare_bigrams(6, 12, 20000);
    compare_bigrams(7, PT_POINTS_COMPARED, 200);
}

/* Which of two records comes first must not matter. */
TEST(link_similarity__is_symmetric)
{
    static pt_pattern p;
    uint32_t a[LONGEST], b[LONGEST];
    uint64_t room[2 * LONGEST + 2];
    pt_rng rng;

    pt_rng_seed(&rng, 5);
    for (int k = 0; k < 20000; k++) {
        pt_points x = {a, random_text(a, &rng, 16)}, y = {b, random_text(b, &rng, 16)};
        pt_pattern_set(&p, x);
        double jaro = pt_jaro(&p, y), winkler = pt_jaro_winkler(&p, y);
        uint32_t edits = pt_alignment_distance(&p, y);
        pt_pattern_set(&p, y);
        CHECK_DOUBLE(pt_jaro(&p, x), jaro);
        CHECK_DOUBLE(pt_jaro_winkler(&p, x), winkler);
        CHECK_INT(pt_alignment_distance(&p, x), edits);
        CHECK_DOUBLE(pt_bigram_overlap(x, y, room), pt_bigram_overlap(y, x, room));
    }
}

TEST(link_similarity__only_the_beginning_of_a_huge_text_counts)
{
    static pt_pattern p;
    static uint32_t a[100000], b[100000];

    for (size_t i = 0; i < PT_COUNT(a); i++)
        a[i] = b[i] = (uint32_t)(97 + i % 7);
    b[50000] = 'z';
    pt_pattern_set(&p, (pt_points){a, PT_COUNT(a)});
    CHECK_DOUBLE(pt_jaro(&p, (pt_points){b, PT_COUNT(b)}), 1);
    CHECK_INT(pt_alignment_distance(&p, (pt_points){b, PT_COUNT(b)}), 0);
    CHECK_INT(pt_levenshtein(&p, (pt_points){b, 3}), PT_POINTS_COMPARED - 3);
}

TEST(link_similarity__invalid_utf8_is_a_character)
{
    uint32_t room[8];
    pt_points x = pt_points_of(room, PT_SV("a\xff\xe7\x8e\x8b\0z"));

    CHECK_INT(x.n, 5);
    CHECK_INT(x.at[1], 0xFFFD);
    CHECK_INT(x.at[2], 0x738B);
    CHECK_INT(x.at[3], 0);
}
