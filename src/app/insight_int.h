/* Shared by the parts of insight (app/insight*.c). */
#ifndef PT_APP_INSIGHT_INT_H
#define PT_APP_INSIGHT_INT_H

#include "app/crowd_query.h"
#include "app/insight.h"
#include "index/tally.h"
#include "segment/interaction.h"

/* A group of customers: a bitmap of whole blocks. */
typedef struct insight_group {
    uint64_t *bits;
    uint64_t n;
} insight_group;

/* A tag that is described, and what is read for it. */
typedef struct insight_source {
    uint32_t tag;
    pt_insight_state state;
    bool definition, list, ordered;
    pt_tagindex *index;
    const pt_column *column;
    pt_tally *tally;
    size_t at;   /* where its counts begin among those of all tags */
    bool spread; /* ordered, and codes are intervals of several values: the column decides what they leave open */
    const int64_t *edges; /* ordered: first keys of all ranges but the first */
    size_t n_edges;
    bool whole; /* ordered: all values are whole numbers (or days) */
} insight_source;

typedef struct insight_run {
    pt_insight *out;
    const pt_insight_options *options;
    pt_crowd_query *query, *versus;
    pt_arena *arena;
    insight_source *sources; /* as many as out->n_tags */
    size_t n_counts;         /* over all tags */
    uint64_t least;          /* the smallest group that may be described */
    insight_group segment, rest;
} insight_run;

/* Two groups to be compared: customers of one, and those outside it. */
typedef struct insight_sides {
    const insight_group *segment, *rest;
    bool apart;                              /* compared with the rest alone, and not with both together */
    const uint64_t *segment_counts, *counts; /* by code of all tags: of the segment, and of the rest */
} insight_sides;

/* --- insight_read.c: what is read for the tags ----------------------------------------------------------------------------- */

pt_rc pt_insight_read_sources(insight_run *r, pt_err *err);
/* Zeroed words aligned to 64 bytes, in the arena's keeping. */
pt_rc pt_insight_words(uint64_t **out, const insight_run *r, size_t words, pt_err *err);
/* Room for a group, empty. */
pt_rc pt_insight_group_new(insight_group *g, const insight_run *r, pt_err *err);
/* What the members of a group have, over all tags: counts is r->n_counts long. */
pt_rc pt_insight_tally(uint64_t *counts, insight_run *r, const insight_group *g, pt_err *err);

/* --- insight_ranges.c: numbers as ranges ----------------------------------------------------------------------------------- */

/* Sets the edges of the ranges of an ordered source, from how all customers spread. */
pt_rc pt_insight_ranges(insight_source *s, const insight_run *r, pt_err *err);
/* A key as a number in the tag's own units. */
double pt_insight_number(const insight_source *s, int64_t key);

/* --- insight_numbers.c: figures of numbers --------------------------------------------------------------------------------- */

/* What one tag of numbers is worth on both sides: figures, effect, and counts by range. */
typedef struct insight_numbers {
    pt_insight_figures segment, base;
    pt_effect effect;
    uint64_t *with, *rest; /* by range: n_edges + 1 */
} insight_numbers;

pt_rc pt_insight_measure(insight_numbers *out, insight_run *r, const insight_source *s, const insight_sides *sides,
                         pt_err *err);

/* --- insight_values.c: what is told of each value -------------------------------------------------------------------------- */

/* Describes all tags: out has a place for each source. */
pt_rc pt_insight_describe(pt_insight_tag *out, insight_run *r, const insight_sides *sides, pt_err *err);
/* Bits a customer that a contrast tells; negative when the value is rarer than in the base. */
double pt_insight_information(const pt_contrast *c);

/* --- insight_definition.c: what the conditions are made of ----------------------------------------------------------------- */

/* Marks the sources that a condition rests on, or that rest on what it does. */
pt_rc pt_insight_definitions(insight_run *r, pt_err *err);
/* By tag number: whether a tag is `tag`, or made of it or of what it is made of. */
pt_rc pt_insight_related(bool *out, const insight_run *r, uint32_t tag, pt_err *err);

/* --- insight_rank.c: what stands out --------------------------------------------------------------------------------------- */

/* A value that may stand out, or do so together with another. */
typedef struct insight_candidate {
    pt_insight_line line;
    const insight_source *source;
    const pt_insight_value *value;
    double weight;
} insight_candidate;

enum { INSIGHT_CANDIDATES = 24 };

pt_rc pt_insight_rank(insight_run *r, pt_err *err);
/* Whether a value may be named at all: it tells something that is no chance and does not follow from the condition. */
bool pt_insight_stands_out(const insight_source *s, const pt_insight_value *v);
/* Whether those who have a value are nearly the same customers as the group that is described. */
bool pt_insight_is_same(const pt_contrast *c);
/* Whether a is to be named before b, by what it tells; of a value and its opposite the more frequent than usual. */
bool pt_insight_tells_more(const pt_insight_value *a, const pt_insight_value *b);

/* --- insight_pairs.c: values together -------------------------------------------------------------------------------------- */

/* How candidates i < j meet, among customers of whom both values are known: pairs[i * n + j]. */
typedef struct insight_meeting {
    pt_pair_counts segment, rest;
} insight_meeting;

pt_rc pt_insight_meet(insight_meeting *pairs, insight_run *r, const insight_candidate *c, size_t n, pt_err *err);
pt_rc pt_insight_together(insight_run *r, const insight_candidate *c, size_t n, const insight_meeting *pairs,
                          pt_err *err);
/* The customers that have a value, and those of whom one is known, as leaves of a condition. NULL when memory is short. */
const pt_crowd_node *pt_insight_leaf(const insight_source *s, const pt_insight_value *v, pt_arena *arena);
const pt_crowd_node *pt_insight_known(const insight_source *s, pt_arena *arena);
/* A leaf ready to be asked for blocks, in the arena's keeping. NULL is a leaf for which memory was short. */
pt_rc pt_insight_crowd(pt_crowd **out, const insight_run *r, const pt_crowd_node *leaf, pt_err *err);

/* --- insight_by.c, insight_cross.c ----------------------------------------------------------------------------------------- */

/* The place of a tag that was asked for by name; PT_EINVAL says why it cannot be described. */
pt_rc pt_insight_source(size_t *out, const insight_run *r, uint32_t tag, pt_err *err);
/* The values with most members, at most so many, in their order; ranges are joined to a few instead. */
pt_rc pt_insight_frequent(const pt_insight_value **out, size_t *n, const pt_insight_tag *t, size_t most,
                          pt_arena *arena, pt_err *err);
pt_rc pt_insight_split(insight_run *r, const uint64_t *segment_counts, pt_err *err);
pt_rc pt_insight_cross_all(insight_run *r, pt_err *err);

#endif
