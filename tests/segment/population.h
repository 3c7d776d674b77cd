/* Customers with tags of every type, for questions put to several answerers: missing values, skew, values that repeat and
 * values that are all different, runs of neighbours alike, extremes. */
#ifndef TESTS_SEGMENT_POPULATION_H
#define TESTS_SEGMENT_POPULATION_H

#include "base/rng.h"
#include "eval/eval.h"
#include "index/tagindex.h"
#include "lang/lang.h"

enum {
    POPULATION_TAGS = 20, /* of which the last are segments: bool, never missing */
    POPULATION_SEGMENTS = 2,
    POPULATION_BUCKETS = 2 /* draws of lots: 'x' of 10, 'y' of 3 */
};

typedef struct population {
    pt_arena *arena;
    pt_rng rng;
    uint32_t ordinals;
    pt_lang_tag tags[POPULATION_TAGS];
    pt_column columns[POPULATION_TAGS];
    pt_catalog catalog;
    pt_module *module;
    unsigned char *files[POPULATION_TAGS];
    pt_tagindex *indexes[POPULATION_TAGS];  /* NULL of segments */
    uint64_t *members[POPULATION_SEGMENTS]; /* bits */
    uint64_t *customers;                    /* bits of those there are: not all ordinals */
    uint64_t *identities;
    pt_events sources[1];
    uint8_t *buckets[POPULATION_BUCKETS]; /* what the evaluator draws, by ordinal */
} population;

extern const uint8_t population_bucket_counts[POPULATION_BUCKETS];
extern const char *const population_bucket_seeds[POPULATION_BUCKETS];

void population_open(population *p, uint32_t ordinals, uint64_t seed);
void population_close(population *p);
static inline bool population_is_segment(uint32_t tag)
{
    return tag >= POPULATION_TAGS - POPULATION_SEGMENTS;
}
/* Evaluates an expression for all: `width` bytes a customer. */
void population_ask(void *answers, population *p, const pt_node *node, size_t width);
/* A bool expression, checked. */
const pt_node *population_parse(population *p, const char *text, pt_type type, pt_arena *arena);

#endif
