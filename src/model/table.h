/* Features as they are known, before any preparation: what a training set and a scoring run hand to models. Plain data; whoever
 * fills it owns it. A tag becomes one feature: numbers, money, bools, days and durations are numbers; categories are codes into the
 * names that occur; lists are items. */
#ifndef PT_MODEL_TABLE_H
#define PT_MODEL_TABLE_H

#include "base/mem.h"

#define PT_NO_CODE UINT32_MAX /* a category that is missing */

typedef enum pt_feature_kind { PT_FEATURE_NUMBER, PT_FEATURE_CATEGORY, PT_FEATURE_LIST } pt_feature_kind;

typedef struct pt_feature {
    const char *name; /* of the tag; a table has a name once */
    pt_feature_kind kind;
    /* Names may be in any order that is the same for the same data; tables of other days may know other names, and pipelines match
     * them by text. */
    const char *const *names;
    size_t n_names;
    bool ordered; /* the names ascend in meaning (tiers, bands): a category may be taken as a rank */
    /* For measures by group only (fairness): never learned from. */
    bool aside;

    const float *numbers;  /* rows; NaN is missing; of bools 0 and 1; never infinite */
    const uint32_t *codes; /* rows: below n_names, or PT_NO_CODE */
    /* Of row r items[offsets[r] .. offsets[r + 1]), each below n_names; a missing list is an empty one. */
    const uint64_t *offsets;
    const uint32_t *items;
} pt_feature;

typedef struct pt_table {
    size_t rows, n_features;
    const pt_feature *features;

    /* What is to be learned; NULL when scoring and clustering. Classes 0 .. n_classes - 1 (bools: "false", "true"); a value when
     * n_classes is 0. NaN is not allowed: rows of unknown outcome are left out before. */
    const float *target;
    const char *const *classes;
    uint32_t n_classes;
    const float *weight; /* rows, finite, at least 0; NULL: 1 each */

    /* All may be NULL. */
    const uint64_t
        *ids; /* whom a row is about; several rows may be about one (as-ofs): by-group splits keep them together */
    const uint32_t *groups; /* another grouping for splits and intervals (shops, regions); NULL: ids */
    const int64_t *times;   /* the as-of of each row, microseconds: splits by time */
} pt_table;

/* Some rows of a table, in this order. `rows` NULL: the first n. */
typedef struct pt_row_set {
    const uint32_t *rows;
    size_t n;
} pt_row_set;

static inline size_t pt_row(const pt_row_set *s, size_t i)
{
    return s->rows ? s->rows[i] : i;
}

static inline pt_row_set pt_all_rows(const pt_table *t)
{
    return (pt_row_set){NULL, t->rows};
}

/* A table of some rows, in their order, of its own arrays (names stay borrowed). In the arena. */
pt_rc pt_table_gather(pt_table *out, const pt_table *table, const pt_row_set *rows, pt_arena *arena, pt_err *err);
const pt_feature *pt_table_feature(const pt_table *t, const char *name); /* NULL for none */

#endif
