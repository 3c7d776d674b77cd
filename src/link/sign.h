/* What two words tell of how alike two texts can be at most, before either is looked at: most pairs of a block are strangers, and the
 * words say so. Bounds hold for sure; what they leave open is compared.
 *
 * The sign of a text has a bit for the characters that it has (several share a bit) and, above, its length. Its places are its first
 * characters in four bits each. */
#ifndef PT_LINK_SIGN_H
#define PT_LINK_SIGN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "link/similarity.h"

enum { LINK_SIGN_BITS = 56, LINK_SIGN_LONG = 255, LINK_PLACES = 16 };
#define LINK_SIGN_CHARACTERS ((UINT64_C(1) << LINK_SIGN_BITS) - 1)
#define LINK_PLACE_ONES UINT64_C(0x1111111111111111)

static inline unsigned link_sign_bit(uint32_t point)
{
    if (point >= 'a' && point <= 'z')
        return point - 'a';
    if (point >= '0' && point <= '9')
        return point - '0' + 26;
    if (point == '*')
        return LINK_SIGN_BITS - 1;
    return (unsigned)((point * UINT64_C(0x9E3779B97F4A7C15) >> 32) % (LINK_SIGN_BITS - 1));
}

static inline uint64_t link_sign_of(pt_points t)
{
    uint64_t sign = (uint64_t)(t.n < LINK_SIGN_LONG ? t.n : LINK_SIGN_LONG) << LINK_SIGN_BITS;

    for (uint32_t i = 0; i < t.n && i < PT_POINTS_COMPARED; i++)
        sign |= UINT64_C(1) << link_sign_bit(t.at[i]);
    return sign;
}

/* No character is 0 there: that is where the text has ended. */
static inline uint64_t link_places_of(pt_points t)
{
    uint64_t places = 0;

    for (uint32_t i = 0; i < t.n && i < LINK_PLACES; i++) {
        uint32_t c = t.at[i];
        uint64_t place = c >= '0' && c <= '9' ? c - '0' + 1 : 11 + c % 5;
        places |= place << (4 * i);
    }
    return places;
}

/* Pairs of neighbouring characters, a bit each (several share a bit). */
static inline uint64_t link_pairs_of(pt_points t)
{
    uint64_t pairs = 0;

    for (uint32_t i = 1; i < t.n && i < PT_POINTS_COMPARED; i++)
        pairs |= UINT64_C(1) << ((t.at[i - 1] * UINT32_C(0x9E3779B1) + t.at[i]) * UINT32_C(0x85EBCA6B) >> 26);
    return pairs;
}

static inline uint32_t link_sign_length(uint64_t sign)
{
    return (uint32_t)(sign >> LINK_SIGN_BITS);
}

static inline uint32_t link_bits(uint64_t word)
{
    return (uint32_t)__builtin_popcountll(word);
}

/* Whether the texts may be within `most` edits, swaps of neighbours among them: each edit brings or takes one kind of character, and of
 * those beyond `most` places away none is kept. */
static inline bool link_may_be_within(uint64_t a, uint64_t b, uint64_t places_a, uint64_t places_b, uint32_t most)
{
    uint32_t n = link_sign_length(a), m = link_sign_length(b);

    if ((n > m ? n - m : m - n) > most || link_bits(a & ~b & LINK_SIGN_CHARACTERS) > most ||
        link_bits(b & ~a & LINK_SIGN_CHARACTERS) > most)
        return false;
    if (n > LINK_PLACES || m > LINK_PLACES || !n || most > 3)
        return true;
    uint64_t alone = ~UINT64_C(0);
    for (uint32_t s = 0; s <= most; s++) {
        uint64_t left = places_a ^ places_b << (4 * s), right = places_a ^ places_b >> (4 * s);
        left |= left >> 1, right |= right >> 1;
        alone &= (left | left >> 2) & (right | right >> 2);
    }
    return link_bits(alone & LINK_PLACE_ONES >> (64 - 4 * n)) <= most;
}

/* Whether Jaro may be `least`: characters without a counterpart have no partner. With p partners it is at most
 * (p / n + p / m + 1) / 3. */
static inline bool link_jaro_may_be(uint64_t a, uint64_t b, double least)
{
    uint32_t n = link_sign_length(a), m = link_sign_length(b);

    if (n == LINK_SIGN_LONG || m == LINK_SIGN_LONG || !n || !m)
        return true;
    uint32_t of_a = n - link_bits(a & ~b & LINK_SIGN_CHARACTERS), of_b = m - link_bits(b & ~a & LINK_SIGN_CHARACTERS);
    uint32_t partners = of_a < of_b ? of_a : of_b;
    return partners ? partners * (n + m) >= (3 * least - 1) * (n * m) : least <= 0;
}

/* Of Jaro's least that still may give `bound` of Jaro and Winkler: above 0.7 four equal first characters raise by 0.4 of what is
 * missing. Rounding is far below the margin. */
static inline double link_jaro_for(double bound)
{
    double raised = (bound - 0.4) / 0.6;

    return (bound <= 0.7 ? bound : raised > 0.7 ? raised : 0.7) - 1e-9;
}

/* Whether the one may be a part of the other. */
static inline bool link_may_be_part(uint64_t part, uint64_t whole)
{
    return !(part & ~whole & LINK_SIGN_CHARACTERS) && link_sign_length(part) <= link_sign_length(whole);
}

/* The same, told by their pairs of neighbours. */
static inline bool link_may_hold_part(uint64_t part, uint64_t whole)
{
    return !(part & ~whole);
}

/* Whether texts of which one may be masked may fit; of different texts. */
static inline bool link_may_fit(uint64_t a, uint64_t b)
{
    return link_sign_length(a) == link_sign_length(b) && (a | b) >> (LINK_SIGN_BITS - 1) & 1;
}

#endif
