/* Patterns of levels and how many pairs show each: all that learning needs to know of pairs. A few thousand patterns stand for
 * millions of pairs. */
#ifndef PT_LINK_PATTERNS_H
#define PT_LINK_PATTERNS_H

#include "link/compare.h"

/* Level of comparison k in bits 4k .. 4k + 3; 15 where a value is missing. */
typedef uint64_t link_pattern;

static inline unsigned link_pattern_level(link_pattern p, size_t k)
{
    return p >> (4 * k) & 15;
}

link_pattern link_pattern_of(link_comparer *c, const pt_link_model *model, uint32_t a, uint32_t b);

typedef struct link_patterns {
    link_pattern *patterns; /* of a hash table of `slots`; free where the count is 0 */
    uint64_t *counts;
    size_t slots, n;
} link_patterns;

bool link_patterns_add(link_patterns *t, link_pattern p, uint64_t count); /* false: no memory */
void link_patterns_free(link_patterns *t);
/* Moves them to the front, in order: slots is then n, and no more can be added. False: no memory. */
bool link_patterns_sort(link_patterns *t);

/* One thread's pairs: gathered, so that what comparing them asks of memory is fetched before, and counted by their patterns. */
enum { LINK_GATHERED = 256 };

typedef struct link_gathering {
    const pt_link_model *model;
    const pt_link_records *records;
    link_comparer *comparer;
    link_patterns patterns;
    uint32_t a[LINK_GATHERED], b[LINK_GATHERED];
    size_t n;
    bool failed; /* there was no memory */
} link_gathering;

bool link_gathering_new(link_gathering *g, const pt_link_model *model, const pt_link_records *records);
void link_gathering_free(link_gathering *g);
void link_gathering_add(link_gathering *g, uint32_t a, uint32_t b);
void link_gathering_end(link_gathering *g); /* counts those that are left */

#endif
