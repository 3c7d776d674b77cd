/* Shared by crowd_plan.c and crowd.c: a condition made ready to run. */
#ifndef PT_INDEX_CROWD_INT_H
#define PT_INDEX_CROWD_INT_H

#include "index/crowd.h"

/* Where a row of bits comes from: words that lie there, or customers that are listed and become words block by block. */
typedef struct crowd_row {
    const uint64_t *words;   /* of block 0; NULL: expanded */
    size_t stride;           /* words from one block to the next */
    const pt_tagindex *list; /* expanded from the lists of codes [low, high] */
    uint32_t low, high;
    const pt_roaring *item; /* or from a roaring bitmap */
} crowd_row;

typedef enum step_kind {
    STEP_ALL,
    STEP_NONE,
    STEP_ROWS,  /* all rows of a set */
    STEP_ANY,   /* any row of a set */
    STEP_RANGE, /* a range of codes */
    STEP_AND,
    STEP_OR
} step_kind;

/* Rows of STEP_ROWS and STEP_ANY stand together in the crowd's, from `first` on. */
typedef struct step {
    step_kind kind;
    size_t first;
    unsigned n;
    uint64_t flips;            /* bit i: of row i the complement is meant */
    const pt_crowd_node *node; /* RANGE: its index, and what decides at the edges */
    pt_slice_range range;
    bool flip; /* RANGE: those outside */
    struct step **children;
    size_t n_children;
    double share; /* members among all, estimated */
    double cost;  /* rows read for a block, estimated */
    size_t room;  /* tiles of scratch it needs */
} step;

struct pt_crowd {
    pt_arena *arena;
    step *root;
    crowd_row *rows;
    size_t n_rows, cap_rows, n_expanded;
    const uint64_t *base;
    uint32_t ordinals, blocks;
    const pt_slice_kernels *kernels;
};

/* Work goes on in tiles of a block: small enough that all of a condition's rows stay in the nearest cache, large enough to
 * be worth a call. */
enum { TILE_WORDS = 256, TILES = PT_BLOCK_WORDS / TILE_WORDS };

/* The condition as steps, ordered; checks all that they will read. */
pt_rc crowd_plan(pt_crowd *c, const pt_crowd_node *root, pt_err *err);

#endif
