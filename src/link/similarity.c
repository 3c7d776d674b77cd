#include "link/similarity.h"

#include <string.h>

#include "base/utf8.h"

pt_points pt_points_of(uint32_t *room, pt_sv s)
{
    uint32_t n = 0;

    for (size_t at = 0; at < s.len;) {
        int32_t c = (unsigned char)s.ptr[at] < 0x80 ? (unsigned char)s.ptr[at++] : pt_utf8_next(s, &at);
        room[n++] = c < 0 ? 0xFFFD : (uint32_t)c;
    }
    return (pt_points){room, n};
}

/* --- patterns ------------------------------------------------------------------------------------------------------------ */

static uint32_t slot_of(const pt_pattern *p, uint32_t c)
{
    uint32_t slot = (c * UINT32_C(2654435769)) >> 25; /* Knuth's multiplicative hash: 7 bits, PT_PATTERN_SLOTS */

    while (p->other[slot] && p->other[slot] != c)
        slot = (slot + 1) % PT_PATTERN_SLOTS;
    return slot;
}

/* At most 64 different characters are ever in 128 slots: there is always a free one. */
static uint64_t *word_of(pt_pattern *p, uint32_t c)
{
    if (c < PT_PATTERN_ASCII)
        return &p->ascii[c];
    uint32_t slot = slot_of(p, c);
    p->other[slot] = c;
    return &p->bits[slot];
}

static inline uint64_t bits_of(const pt_pattern *p, uint32_t c)
{
    if (c < PT_PATTERN_ASCII)
        return p->ascii[c];
    uint32_t slot = slot_of(p, c);
    return p->other[slot] ? p->bits[slot] : 0;
}

static bool is_short(pt_points t)
{
    return t.n <= PT_PATTERN_BITS;
}

/* Clears what the last text set, and nothing more: texts are short and patterns are set often. */
static void clear(pt_pattern *p)
{
    bool others = false;

    for (uint32_t i = 0; i < p->n_held; i++) {
        if (p->held[i] < PT_PATTERN_ASCII)
            p->ascii[p->held[i]] = 0;
        else
            others = true;
    }
    if (others) {
        memset(p->other, 0, sizeof p->other);
        memset(p->bits, 0, sizeof p->bits);
    }
    p->n_held = 0;
}

static pt_points cut(pt_points t)
{
    return (pt_points){t.at, t.n < PT_POINTS_COMPARED ? t.n : PT_POINTS_COMPARED};
}

void pt_pattern_set(pt_pattern *p, pt_points text)
{
    clear(p);
    p->text = cut(text);
    if (!is_short(p->text))
        return;
    for (uint32_t i = 0; i < text.n; i++) {
        *word_of(p, text.at[i]) |= UINT64_C(1) << i;
        p->held[p->n_held++] = text.at[i];
    }
}

/* --- Jaro ---------------------------------------------------------------------------------------------------------------- */

/* Characters of each that have a partner, from left to right, and how many pairs of them differ. */
typedef struct matching {
    uint32_t n, moved;
} matching;

static uint32_t reach(pt_points a, pt_points b)
{
    uint32_t longer = a.n > b.n ? a.n : b.n;

    return longer < 4 ? 0 : longer / 2 - 1;
}

/* Bits [first, end), both at most 64. */
static inline uint64_t span(uint32_t first, uint32_t end)
{
    uint64_t below = end >= 64 ? ~UINT64_C(0) : (UINT64_C(1) << end) - 1;

    return first >= 64 ? 0 : below & (~UINT64_C(0) << first);
}

/* Both of at most 64 characters (Rapidfuzz's way: one word holds which characters of a are taken). */
static matching match_words(const pt_pattern *p, pt_points b)
{
    pt_points a = p->text;
    uint32_t far = reach(a, b);
    uint64_t taken = 0, found = 0;
    matching m = {0};

    for (uint32_t j = 0; j < b.n; j++) {
        uint64_t open = bits_of(p, b.at[j]) & span(j > far ? j - far : 0, j + far + 1) & ~taken;
        taken |= open & -open;
        found |= (uint64_t)(open != 0) << j;
    }
    for (; found; found &= found - 1, taken &= taken - 1, m.n++)
        m.moved += !(bits_of(p, b.at[__builtin_ctzll(found)]) & taken & -taken);
    return m;
}

static matching match_plain(pt_points a, pt_points b)
{
    bool taken[PT_POINTS_COMPARED] = {false}, found[PT_POINTS_COMPARED] = {false};
    uint32_t far = reach(a, b), i = 0;
    matching m = {0};

    for (uint32_t j = 0; j < b.n; j++)
        for (uint32_t k = j > far ? j - far : 0; k < a.n && k <= j + far && !found[j]; k++)
            if (!taken[k] && a.at[k] == b.at[j])
                taken[k] = found[j] = true;
    for (uint32_t j = 0; j < b.n; j++) {
        if (!found[j])
            continue;
        while (!taken[i])
            i++;
        m.moved += a.at[i++] != b.at[j];
        m.n++;
    }
    return m;
}

double pt_jaro(const pt_pattern *p, pt_points b)
{
    pt_points a = p->text;

    b = cut(b);
    if (a.n == 0 || b.n == 0)
        return a.n == b.n;
    matching m = is_short(a) && is_short(b) ? match_words(p, b) : match_plain(a, b);
    if (!m.n)
        return 0;
    double n = m.n;
    return (n / a.n + n / b.n + (n - m.moved / 2) / n) / 3;
}

double pt_jaro_winkler(const pt_pattern *p, pt_points b)
{
    double similarity = pt_jaro(p, b);
    uint32_t same = 0;

    if (similarity <= 0.7)
        return similarity;
    while (same < 4 && same < p->text.n && same < b.n && p->text.at[same] == b.at[same])
        same++;
    return similarity + 0.1 * same * (1 - similarity);
}

/* --- edits --------------------------------------------------------------------------------------------------------------- */

/* Differences of a column of the table of distances from one row to the next, a bit a row (Hyyro 2003, "A bit-vector algorithm
 * for computing Levenshtein and Damerau edit distances"). `swaps` is 1 or 0. */
static uint32_t distance_words(const pt_pattern *p, pt_points b, bool swaps)
{
    uint64_t up = ~UINT64_C(0), down = 0, diagonal = 0, before = 0, last = UINT64_C(1) << (p->text.n - 1);
    uint32_t distance = p->text.n;

    for (uint32_t j = 0; j < b.n; j++) {
        uint64_t equal = bits_of(p, b.at[j]);
        uint64_t swapped = swaps ? ((~diagonal & equal) << 1) & before : 0;
        diagonal = (((equal & up) + up) ^ up) | equal | down | swapped;
        uint64_t more = down | ~(diagonal | up), less = diagonal & up;
        distance += (more & last) != 0;
        distance -= (less & last) != 0;
        more = more << 1 | 1;
        less <<= 1;
        up = less | ~(diagonal | more);
        down = more & diagonal;
        before = equal;
    }
    return distance;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Row by row; `rows` are those of j - 2, j - 1 and j. */
static uint32_t distance_plain(pt_points a, pt_points b, bool swaps)
{
    uint32_t rows[3][PT_POINTS_COMPARED + 1], *older = rows[0], *old = rows[1], *now = rows[2];

    for (uint32_t i = 0; i <= a.n; i++)
        old[i] = older[i] = i;
    for (uint32_t j = 1; j <= b.n; j++) {
        now[0] = j;
        for (uint32_t i = 1; i <= a.n; i++) {
            now[i] = least(least(old[i], now[i - 1]) + 1, old[i - 1] + (a.at[i - 1] != b.at[j - 1]));
            if (swaps && i > 1 && j > 1 && a.at[i - 1] == b.at[j - 2] && a.at[i - 2] == b.at[j - 1])
                now[i] = least(now[i], older[i - 2] + 1);
        }
        uint32_t *free = older;
        older = old, old = now, now = free;
    }
    return old[a.n];
}

static uint32_t distance(const pt_pattern *p, pt_points b, bool swaps)
{
    b = cut(b);
    if (p->text.n == 0)
        return b.n;
    return is_short(p->text) ? distance_words(p, b, swaps) : distance_plain(p->text, b, swaps);
}

uint32_t pt_alignment_distance(const pt_pattern *p, pt_points b)
{
    return distance(p, b, true);
}

uint32_t pt_levenshtein(const pt_pattern *p, pt_points b)
{
    return distance(p, b, false);
}

/* --- bigrams ------------------------------------------------------------------------------------------------------------- */

/* Pairs of neighbours met so far, each once: in `keys` in order of appearance, found through slots that hold their places from 1. */
enum { BIGRAM_SLOTS = 2048, MET_AGAIN = 1 << 15 };
_Static_assert(BIGRAM_SLOTS >= 2 * 2 * (PT_POINTS_COMPARED + 1), "half of the slots stay free");

typedef struct bigram_table {
    uint64_t *keys;
    uint32_t n;
    unsigned shift; /* of a hash: 64 less the bits of a slot's number */
    uint16_t slots[BIGRAM_SLOTS];
} bigram_table;

/* The slot of a pair, which is given a place when it has none. */
static uint16_t *bigram_slot(bigram_table *t, uint64_t key)
{
    uint32_t mask = (uint32_t)(UINT64_MAX >> t->shift);
    uint32_t at = (uint32_t)(key * UINT64_C(0x9E3779B97F4A7C15) >> t->shift);

    for (; t->slots[at]; at = (at + 1) & mask)
        if (t->keys[(t->slots[at] & ~MET_AGAIN) - 1] == key)
            return &t->slots[at];
    t->keys[t->n++] = key;
    t->slots[at] = (uint16_t)t->n;
    return &t->slots[at];
}

/* With marks the ends have pairs too. Returns how many distinct pairs are among the first `known`. */
static uint32_t add_bigrams(bigram_table *t, pt_points text, bool marks, uint32_t known)
{
    uint32_t previous = 0, both = 0;

    for (uint32_t i = 0; text.n && i < text.n + marks; i++) {
        uint32_t c = i < text.n ? text.at[i] + 1 : 0; /* 0 is the mark */
        if (i || marks) {
            uint16_t *slot = bigram_slot(t, (uint64_t)previous << 32 | c);
            bool first = *slot <= known; /* and not met again yet */
            both += first;
            *slot |= first ? MET_AGAIN : 0;
        }
        previous = c;
    }
    return both;
}

typedef struct bigram_counts {
    uint32_t a, b, both;
} bigram_counts;

static bigram_counts count_bigrams(pt_points a, pt_points b, bool marks, uint64_t *room)
{
    bigram_table t;
    bigram_counts n;

    a = cut(a), b = cut(b);
    t.keys = room;
    t.n = 0;
    t.shift = (unsigned)__builtin_clzll(2 * (uint64_t)(a.n + b.n + 2));
    memset(t.slots, 0, (UINT64_MAX >> t.shift) * sizeof *t.slots + sizeof *t.slots);
    add_bigrams(&t, a, marks, 0);
    n.a = t.n;
    n.both = add_bigrams(&t, b, marks, n.a);
    n.b = t.n - n.a + n.both;
    return n;
}

double pt_bigram_overlap(pt_points a, pt_points b, uint64_t *room)
{
    bigram_counts n = count_bigrams(a, b, true, room);

    return n.a + n.b ? (double)n.both / (n.a + n.b - n.both) : 1;
}

double pt_bigram_cover(pt_points a, pt_points b, uint64_t *room)
{
    bigram_counts n = count_bigrams(a, b, false, room);
    uint32_t fewer = n.a < n.b ? n.a : n.b;

    return fewer ? (double)n.both / fewer : 1;
}
