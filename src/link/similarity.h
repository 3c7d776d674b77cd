/* How alike two short texts are: the measures that comparison levels of record linkage are made of. Texts are sequences of
 * code points, folded by the caller. One text is prepared as a pattern and compared with many; patterns of up to 64 characters
 * are compared 64 characters at a time with bit operations, longer ones by the plain definition. */
#ifndef PT_LINK_SIMILARITY_H
#define PT_LINK_SIMILARITY_H

#include "base/err.h"
#include "base/str.h"

typedef struct pt_points {
    const uint32_t *at;
    uint32_t n;
} pt_points;

/* Decodes into `room`, of at least pt_utf8_length(s) code points; an invalid byte becomes U+FFFD. */
pt_points pt_points_of(uint32_t *room, pt_sv s);

/* What is compared of a longer text: its first characters. Names and addresses are shorter; the bound keeps a hostile text from
 * taking a day. */
enum { PT_POINTS_COMPARED = 256 };
enum { PT_PATTERN_BITS = 64, PT_PATTERN_ASCII = 128, PT_PATTERN_SLOTS = 128 };

/* Where each character stands in a text: bit i of the word of a character is whether it is the text's i-th. Zero-initialised;
 * about 3 KB, one for each thread. */
typedef struct pt_pattern {
    pt_points text;                         /* borrowed */
    uint32_t held[PT_PATTERN_BITS], n_held; /* characters with a word */
    uint64_t ascii[PT_PATTERN_ASCII];
    uint32_t other[PT_PATTERN_SLOTS]; /* open addressing, of characters beyond ASCII; 0: free */
    uint64_t bits[PT_PATTERN_SLOTS];
} pt_pattern;

void pt_pattern_set(pt_pattern *p, pt_points text);

/* Jaro (1989): 0 of nothing in common, 1 of equal texts; two empty texts are 1. */
double pt_jaro(const pt_pattern *p, pt_points b);
/* Winkler (1990): above 0.7 raised by a tenth of what is missing for each of up to four equal first characters. */
double pt_jaro_winkler(const pt_pattern *p, pt_points b);
/* Edits (insert, delete, replace, swap of neighbours) from one to the other where no part is edited twice: "optimal string
 * alignment". Of typing errors the same as Damerau's distance: those differ where something stands between swapped
 * characters. */
uint32_t pt_alignment_distance(const pt_pattern *p, pt_points b);
/* Edits without swaps: Levenshtein. */
uint32_t pt_levenshtein(const pt_pattern *p, pt_points b);

/* Characters that pairs of neighbours are made of: |A and B| / |A or B| over the distinct pairs, a mark before the first and after
 * the last. Order matters little to it: what addresses are compared by. `room` holds a.n + b.n + 2 words. */
double pt_bigram_overlap(pt_points a, pt_points b, uint64_t *room);
/* The share of the shorter text's pairs that the other has, without marks at the ends: how much of "Lake View 4" is in "12 Hill Street,
 * Lake View 4". 1 of an empty text. */
double pt_bigram_cover(pt_points a, pt_points b, uint64_t *room);

#endif
