/* Record linkage by Fellegi and Sunter (1969): which records are of one person, and how surely. A pair of records is compared column
 * by column; each comparison ends in a level ("equal", "nearly equal", "different"). A level says how often pairs of one person
 * show it (m) and how often pairs of two (u); log2(m / u) is its weight in bits, and the weights of all comparisons, with the prior,
 * are the pair's. Probabilities are learned without labels by expectation and maximisation, over counts of patterns of levels.
 * The method is Splink's (docs/linking.md); the engine compares codes of dictionaries and touches texts only where it must.
 *
 * Pure. Records are numbered 0 .. n-1. The same records in another order give the same pairs. */
#ifndef PT_LINK_LINK_H
#define PT_LINK_LINK_H

#include "base/mem.h"
#include "base/pool.h"
#include "base/str.h"

/* --- what is compared -------------------------------------------------------------------------------------------------------- */

/* A column of the records, as codes of its distinct values: 1 .. n_values, 0 is missing. What tests ask of a value lies by code. */
typedef struct pt_link_column {
    const char *name;
    int32_t of; /* the column that this one's value follows from ("pinyin" of "name"); -1: none */
    uint32_t n_values;
    const uint32_t *codes;  /* by record */
    const uint32_t *counts; /* by code, n_values + 1: records that have it */
    const float *
        chances; /* by code: how likely another person has it, where that is better known than from counts; else NULL */
    /* Texts: code points, folded. Lists: numbers of items, rising. Value v is points[ends[v - 1] .. ends[v]). Else NULL. */
    const uint64_t *ends;
    const uint32_t *points;
    const double *numbers;          /* by code: a date's day, a number, a coordinate; else NULL */
    const uint64_t *signs, *places; /* by code, of texts: what sign.h makes of them; NULL: every pair is compared */
} pt_link_column;

typedef struct pt_link_records {
    uint32_t n;
    size_t n_columns;
    const pt_link_column *columns;
    const uint8_t *source; /* by record: which of several sources it is of; NULL: all of one */
    bool between;          /* records of one source are not compared: each is looked for in the other sources */
    uint64_t clean;        /* bit s: no two records of source s are of one person: never compared, never in one group */
    const uint32_t
        *account; /* by record: rows under one account, which lie together, have one number; NULL: one each */
} pt_link_records;

/* Whether the two may be of one person as far as their sources tell. */
static inline bool pt_link_comparable(const pt_link_records *r, uint32_t a, uint32_t b)
{
    return !r->source || r->source[a] != r->source[b] ||
           (!r->between && (r->source[a] >= 64 || !(r->clean >> r->source[a] & 1)));
}

/* Whether a pair teaches anything. Rows of one account are copied from one another: that they agree says nothing of how well a person
 * agrees with himself, and how many they are nothing of how many persons come twice. */
static inline bool pt_link_tells(const pt_link_records *r, uint32_t a, uint32_t b)
{
    return a != b && !(r->account && r->account[a] == r->account[b]) && pt_link_comparable(r, a, b);
}

typedef enum pt_link_test {
    PT_LINK_SAME,         /* equal values */
    PT_LINK_JARO_WINKLER, /* at least `bound` */
    PT_LINK_EDITS,        /* at most `bound` edits, swaps of neighbours among them */
    PT_LINK_BIGRAMS,      /* overlap at least `bound` */
    PT_LINK_COVERED,      /* of the pairs of neighbours in the shorter text, the other has at least the share `bound` */
    PT_LINK_MASKED,  /* of equal length, and equal wherever neither has '*', which is so at `bound` places at least */
    PT_LINK_SHARED,  /* lists: at least `bound` items in common */
    PT_LINK_WITHIN,  /* numbers: at most `bound` apart */
    PT_LINK_RATIO,   /* numbers: at most `bound` apart as a share of the larger */
    PT_LINK_NEAR,    /* `column` is the latitude, `other` the longitude, in degrees: at most `bound` km apart */
    PT_LINK_INSIDE,  /* the one's `column` is a part of the other's `other`; '^' is the mark of a beginning */
    PT_LINK_SWAPPED, /* the one's `column` is the other's `other`, and the other way round */
    PT_LINK_KNOWN,   /* both have a value */
    PT_LINK_TESTS
} pt_link_test;

typedef struct pt_link_level {
    pt_link_test test;
    uint32_t column, other;
    double bound;
    const struct pt_link_level *also; /* must hold too; NULL: nothing more */
    /* A column whose `chances` tell how likely two persons come to this level by the value of one of the two that has one; 0: none.
     * (Column 0 is a raw one, which has no chances.) */
    uint32_t frequent;
    bool silent; /* a pair of this level says nothing: PT_LINK_NULL; its m and u are 0 */
    uint8_t
        group; /* instead of the comparison's, where this level tells of something else; PT_LINK_ALONE: of no group */
} pt_link_level;

enum { PT_LINK_LEVELS_MAX = 12, PT_LINK_COMPARISONS_MAX = 16, PT_LINK_RULES_MAX = 32 };

/* The first level that holds is the pair's; none: the last one, n_levels ("different"). A pair of which one has no value in
 * `column` says nothing: PT_LINK_NULL. */
typedef struct pt_link_comparison {
    const char *name;
    uint32_t column;
    const pt_link_level *levels;
    uint32_t n_levels;
    /* Level 0 is equality of `column`, whose u depends on how frequent the value is: Smith is a weaker sign than Zwicky. */
    bool by_frequency;
    /* Comparisons of one group (not 0) tell of the same: who lives together shares address, city and often the phone. Of a group the
     * strongest agreement and the strongest disagreement count, not the sum. */
    uint8_t group;
    bool
        parts; /* "different" counts for itself, beside what else the group has against: a phone changes without a move */
    /* The one's `column` is set against the other's `against` (a mail address against a name): a pair says nothing when that is so in
     * neither direction. Tests are of these two columns, PT_LINK_INSIDE, but for those of silent levels. */
    bool crossed;
    uint32_t against;
} pt_link_comparison;

static inline bool pt_link_is_silent(const pt_link_comparison *x, uint32_t level)
{
    return level < x->n_levels && x->levels[level].silent;
}

enum { PT_LINK_GROUPS = 4, PT_LINK_ALONE = UINT8_MAX }; /* with group 0 */

#define PT_LINK_NULL ((uint8_t)15) /* levels and this fit into four bits */

/* What is known of each level: learned, or given. */
typedef struct pt_link_model {
    size_t n_comparisons;
    const pt_link_comparison *comparisons;
    double prior; /* that two records drawn at random are of one person */
    double m[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1], u[PT_LINK_COMPARISONS_MAX][PT_LINK_LEVELS_MAX + 1];
    bool trained[PT_LINK_COMPARISONS_MAX]; /* whether m was learned from pairs; else it is the preset */
} pt_link_model;

/* PT_EINVAL with a reason when comparisons do not fit the columns. */
pt_rc pt_link_check(const pt_link_model *model, const pt_link_records *records, pt_err *err);

/* --- which pairs are looked at ----------------------------------------------------------------------------------------------- */

typedef unsigned __int128 pt_link_mask; /* of columns */

/* A blocking rule: records that share a key are a block, and the pairs of a block are looked at. Each record has any number of
 * keys (hashes; the caller leaves out what should not count), rising: keys[starts[r] .. starts[r + 1]). */
typedef struct pt_link_rule {
    const char *name;
    const uint64_t *starts; /* n + 1 */
    const uint64_t *keys;
    pt_link_mask columns; /* bit c: the keys follow from column c, so that this rule's pairs tell nothing of it */
    uint64_t most_pairs;  /* of more, the largest blocks are left out; 0: no bound */
    uint64_t split,
        split_largest; /* blocks that were too large and taken apart (split.h), and the records of the largest */
} pt_link_rule;

typedef struct pt_link_blocks pt_link_blocks;

typedef struct pt_link_block_report {
    uint64_t pairs;     /* of this rule, counted for itself */
    uint64_t new_pairs; /* that no earlier rule has; known after pairs were looked at */
    uint64_t blocks, largest;
    uint64_t left_out; /* pairs of blocks larger than the bound */
    uint64_t crowded;  /* how many blocks those are */
} pt_link_block_report;

/* Sorts records into blocks. A block of more than `largest` records (0: no bound) is left out and reported: a key that so many
 * share says little. Rules must outlive it. */
pt_rc pt_link_blocks_new(pt_link_blocks **out, const pt_link_records *records, const pt_link_rule *rules,
                         size_t n_rules, uint64_t largest, pt_pool *pool, pt_err *err);
void pt_link_blocks_free(pt_link_blocks *b); /* NULL is fine */
const pt_link_block_report *pt_link_blocks_report(const pt_link_blocks *b, size_t rule);

/* --- learning ---------------------------------------------------------------------------------------------------------------- */

typedef struct pt_link_training {
    uint64_t random_pairs;  /* for u; 0: a million */
    uint32_t iterations;    /* 0: 25 */
    double convergence;     /* of the largest change of a probability; 0: 0.0001 */
    uint64_t most_pairs;    /* of a rule, for m; more are sampled. 0: a million */
    uint64_t largest_block; /* of pt_link_learn: as pt_link_blocks_new takes it */
    double recall; /* of pt_link_learn: the share of pairs of one person that the sure rules find; 0: as usual */
    double prior;  /* of pt_link_learn: stated, and not worked out from sure rules; 0: none */
    bool bare; /* levels as they are counted, with nothing taken to be seen or believed before: for what is compared with others' */
    uint64_t seed;
    pt_pool *pool;
} pt_link_training;

/* Probabilities before anything was learned: m mostly of the first level, u of the last. The prior is the caller's. */
void pt_link_preset(pt_link_model *model);
/* u of all levels, from pairs drawn at random; of few records from all pairs. */
pt_rc pt_link_learn_u(pt_link_model *model, const pt_link_records *records, const pt_link_training *t, pt_err *err);
/* m of all levels that the rules' pairs tell of: one session a rule, in which comparisons of the rule's columns are left out; a
 * level's m is the mean of its sessions. The prior stays. */
pt_rc pt_link_learn_m(pt_link_model *model, const pt_link_records *records, pt_link_blocks *blocks,
                      const pt_link_training *t, pt_err *err);
/* The prior from rules whose pairs are surely of one person: their distinct pairs, divided by the share of all such pairs that they
 * are thought to find, over all pairs that may be compared. */
double pt_link_prior(uint64_t sure_pairs, double recall, const pt_link_records *records);

/* --- scoring ----------------------------------------------------------------------------------------------------------------- */

typedef struct pt_link_pair {
    uint32_t a, b; /* a < b */
    float weight;  /* bits, the prior's among them: probability 1 / (1 + 2^-weight) */
} pt_link_pair;

/* Orders of pairs, for qsort: by (a, b); the strongest first, equal ones by (a, b). score.c */
int pt_link_by_records(const void *p, const void *q);
int pt_link_by_strength(const void *p, const void *q);

/* All pairs of the blocks with at least `least` bits, in order of (a, b); the caller frees *pairs. */
pt_rc pt_link_score(pt_link_pair **pairs, size_t *n, const pt_link_model *model, const pt_link_records *records,
                    pt_link_blocks *blocks, double least, pt_pool *pool, pt_err *err);

/* Why a pair has its weight. */
typedef struct pt_link_evidence {
    uint8_t level[PT_LINK_COMPARISONS_MAX];    /* or PT_LINK_NULL */
    double weight[PT_LINK_COMPARISONS_MAX];    /* bits, without what frequency adds */
    double frequency[PT_LINK_COMPARISONS_MAX]; /* what it adds */
    bool counts[PT_LINK_COMPARISONS_MAX];      /* false where another comparison of its group says more */
    double prior, total;
} pt_link_evidence;
pt_rc pt_link_explain(pt_link_evidence *out, const pt_link_model *model, const pt_link_records *records, uint32_t a,
                      uint32_t b, pt_err *err);
/* The same of many pairs: one thread's; borrows model and records. */
typedef struct link_weigher pt_link_explainer;
pt_rc pt_link_explainer_new(pt_link_explainer **out, const pt_link_model *model, const pt_link_records *records,
                            pt_err *err);
void pt_link_explainer_free(pt_link_explainer *x); /* NULL is fine */
void pt_link_explain_next(pt_link_evidence *out, pt_link_explainer *x, uint32_t a, uint32_t b);

/* --- customers --------------------------------------------------------------------------------------------------------------- */

/* What is known of groups before pairs are looked at. Zeros: nothing. */
typedef struct pt_link_known {
    const uint32_t
        *start; /* by record: the first record of the group that it is in from the start; NULL: each is alone */
    /* Columns of which no two records of a group have different values. A group that has them from the start stays, and is joined to
     * none that has a value there. */
    const uint32_t *never;
    size_t n_never;
    /* Pairs of records that are never in one group, unless they are from the start. */
    const struct pt_link_apart {
        uint32_t a, b;
    } * apart;
    size_t n_apart;
} pt_link_known;

/* Which records are together: group[record] is the smallest record of its group. Pairs are followed from the strongest
 * down to `least` bits, and two groups are joined when nothing known keeps them apart and the pairs between them speak
 * for it on the whole: the mean weight of all of them, those that no rule brought together included, makes up for half
 * of what the prior has against two records drawn at random (or is `least`, where that is lower), and what differs is
 * not more against them than of a hundred pairs of one person 99 have (or the mean is likelier than not). A weak link between two persons who both
 * have many records is thus not followed, however a chain of likenesses leads from one to the other; what would break
 * what is known is cut at its weakest link. Pairs as pt_link_score gives them, in any order. `known` may be NULL; without
 * a pool all is done by the caller's thread. */
pt_rc pt_link_cluster(uint32_t *group, const pt_link_model *model, const pt_link_records *records,
                      const pt_link_known *known, const pt_link_pair *pairs, size_t n, double least, pt_pool *pool,
                      pt_err *err);

static inline double pt_link_probability(double weight)
{
    return 1 / (1 + __builtin_exp2(-weight));
}

#endif
