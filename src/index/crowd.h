/* Who satisfies a condition over indexed tags: boolean algebra of any depth over sets of codes, items and bitmaps, a block
 * of customers at a time. Pure: threads are the caller's, one range of blocks each.
 *
 * Conditions are two-valued here. Whoever makes a tree has pushed negations down to the leaves, where "not" keeps those
 * who have another value and leaves out those who have none (three-valued logic: docs/language.md). */
#ifndef PT_INDEX_CROWD_H
#define PT_INDEX_CROWD_H

#include "index/tagindex.h"

typedef enum pt_crowd_kind {
    PT_CROWD_ALL,
    PT_CROWD_NONE,
    PT_CROWD_CODES, /* customers whose code is in one of the ranges; 0 is the missing */
    PT_CROWD_ITEM,  /* customers whose list has the item */
    PT_CROWD_BITS,  /* those of a bitmap: lists of ids, segments, leaves that the evaluator decided */
    PT_CROWD_AND,
    PT_CROWD_OR,
    PT_CROWD_NOT /* all customers there are but those of its one child: also those without a value */
} pt_crowd_kind;

typedef struct pt_code_range {
    uint32_t low, high; /* low <= high */
} pt_code_range;

typedef struct pt_crowd_node {
    pt_crowd_kind kind;
    pt_tagindex *index;          /* CODES, ITEM */
    const pt_code_range *ranges; /* CODES: rising, apart */
    size_t n_ranges;
    /* CODES of a coding whose intervals the condition cuts: customers with a code of `partial` (0, 1 or 2 codes, beside the
     * one range there is or beside each other) belong when the key of their row of `column` is in [low, high]. */
    uint32_t partial[2];
    unsigned n_partial;
    const pt_column *column;
    int64_t low, high;
    uint32_t item;                               /* ITEM; 0 is everybody who has a list */
    bool outside;                                /* ITEM: those who have a list, but not with the item */
    const uint64_t *bits;                        /* BITS: a bit for each ordinal, whole blocks, 64-byte aligned */
    const struct pt_crowd_node *const *children; /* AND, OR, NOT */
    size_t n_children;
} pt_crowd_node;

/* The leaf low <= value <= high of a tag with a coding, by keys (index/coding.h). `column` is the tag's column: it decides
 * what the codes leave open, and may be NULL when every code is one key. In the arena; NULL when memory is short. */
const pt_crowd_node *pt_crowd_keys(pt_tagindex *index, const pt_column *column, int64_t low, int64_t high, pt_arena *a);

typedef struct pt_crowd pt_crowd;

/* Prepares a tree: orders it so that what is cheap and selective comes first, and checks all that will be read. `base` are
 * the customers there are, a bitmap as in PT_CROWD_BITS; NULL: all ordinals. Nodes, indexes and bitmaps must outlive it. */
pt_rc pt_crowd_new(pt_crowd **out, const pt_crowd_node *root, const uint64_t *base, uint32_t ordinals, pt_err *err);
void pt_crowd_free(pt_crowd *c); /* NULL is fine */
uint32_t pt_crowd_blocks(const pt_crowd *c);
/* Words of scratch, 64-byte aligned, that a thread brings. */
size_t pt_crowd_scratch(const pt_crowd *c);
/* The members of a block as PT_BLOCK_WORDS words, 64-byte aligned. */
void pt_crowd_block(uint64_t *bits, const pt_crowd *c, uint32_t block, uint64_t *scratch);
/* How many members blocks [first, end) have. */
uint64_t pt_crowd_members(const pt_crowd *c, uint32_t first, uint32_t end, uint64_t *scratch);

#endif
