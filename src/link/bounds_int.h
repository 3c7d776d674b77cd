/* Shared inside bounds: rows of words, what is asked of them, and what they leave open. */
#ifndef PT_LINK_BOUNDS_INT_H
#define PT_LINK_BOUNDS_INT_H

#include <string.h>

#include "link/bounds.h"

/* Sums of upper bounds are compared with this much room: rounding must not cost a pair. */
#define LINK_ROUNDING 1e-6
/* In bounds, what infinite weights are taken to be: more than any sum of finite ones (a log2 of doubles is at most 2200). */
#define LINK_BOUNDLESS 1e6

/* A bound of a weight: sums of infinite ones would be no numbers. What is no number itself may be anything. */
static inline double link_finite(double weight)
{
    return weight < -LINK_BOUNDLESS ? -LINK_BOUNDLESS : weight < LINK_BOUNDLESS ? weight : LINK_BOUNDLESS;
}

enum { LINK_NOWHERE = UINT16_MAX, LINK_SLOTS = 3 * PT_LINK_COMPARISONS_MAX * PT_LINK_LEVELS_MAX, LINK_READ = 6 };

/* Where a column lies in a row of words; LINK_NOWHERE: not there. Pairs of words begin at even places. */
typedef struct link_slot {
    uint32_t column;
    uint16_t code, sign, places, number, pairs;
} link_slot;

typedef struct link_check {
    pt_link_test test;
    uint8_t level; /* of a pair that it holds for, when none before it does */
    bool unknown;  /* rows do not tell */
    bool sure;     /* what rows tell is all that is asked; a "no" is always sure */
    const link_slot *at, *other;
    double bound, jaro;
    double weight;
} link_check;

typedef struct link_question {
    const link_slot *column, *against;     /* against: of crossed ones, else NULL */
    uint8_t group[PT_LINK_LEVELS_MAX + 1]; /* by level */
    /* While the level is not known: the group of all agreements, or 0 where they are of several. There a weight is never less. */
    uint8_t open;
    bool mixed; /* levels are of several groups */
    bool plain;
    double equal; /* weight of level 0, without what the value's frequency adds */
    const float
        *frequency; /* by code, NULL: it adds nothing; in rows as a float at `rarity`, since tables by code are large */
    uint16_t rarity;
    double most; /* of any level but equality */
    link_check checks[PT_LINK_LEVELS_MAX];
    uint32_t n_checks;
    double rest; /* weight of "different" */
    uint8_t n_levels;
    const pt_link_column *read[LINK_READ]; /* columns whose values levels ask for */
    uint32_t n_read;
} link_question;

/* Weight of equal values; of the row of either. */
static inline double link_equal(const link_question *c, const uint32_t *row)
{
    float rarity = 0;

    if (c->frequency)
        memcpy(&rarity, row + c->rarity, sizeof rarity);
    return c->equal + (double)rarity;
}

/* A comparison that counts in a group: always, or only where its level is open, or only where its values are equal. */
typedef enum link_when { LINK_ALWAYS, LINK_WHEN_OPEN, LINK_WHEN_EQUAL } link_when;

typedef struct link_member {
    uint8_t comparison, when;
} link_member;

/* A pair that its rows have not decided. */
typedef struct link_open {
    uint32_t a, b;
    uint32_t unsure;                        /* bit k: only the values of comparison k tell its level */
    uint8_t level[PT_LINK_COMPARISONS_MAX]; /* of the others */
    double weight
        [PT_LINK_COMPARISONS_MAX]; /* of unsure ones what they do not exceed; of the others once settling has begun */
    uint8_t group[PT_LINK_COMPARISONS_MAX]; /* then also where they count */
    const uint8_t *next;                    /* comparison to ask */
} link_open;

enum { LINK_QUEUE = 128 };

enum { LINK_LANES = 8 }; /* pairs held against each other at a time */

/* One thread's: a tile of records turned, and pairs of it that are left open. Of each LINK_LANES records words[w] of theirs lie beside each
 * other, a row's width of such words; then come the next LINK_LANES. */
struct link_lanes {
    const link_bounds *bounds;
    link_comparer *comparer;
    double least;
    uint64_t (*words)[LINK_LANES];
    uint32_t records[LINK_TILE];
    link_open queue[LINK_QUEUE + LINK_TILE];
    size_t n_queue;
};

typedef bool link_weigh_fn(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y,
                           double least);
/* Holds a record against those of the tile whose bits are set; which of them may have `least` is added to the queue. */
typedef void link_weigh_lanes_fn(link_lanes *l, uint32_t a, uint64_t which);

struct link_bounds {
    const pt_link_model *model;
    const pt_link_records *records;
    const link_weights *weights;
    link_slot slots[LINK_SLOTS];
    size_t n_slots;
    link_question comparisons[PT_LINK_COMPARISONS_MAX];
    size_t n;
    double prior;
    uint8_t telling[PT_LINK_COMPARISONS_MAX]; /* comparisons, those first of which a difference costs most */
    link_member members[PT_LINK_GROUPS][PT_LINK_COMPARISONS_MAX]; /* by group; 0: those that count for themselves */
    size_t n_members[PT_LINK_GROUPS];
    uint32_t *rows;
    size_t width;
    uint16_t single[LINK_SLOTS],
        twin[4 * LINK_SLOTS]; /* where words of a row lie that stand alone, and pairs of them */
    size_t n_single, n_twin;
    link_weigh_fn *weigh;
    link_weigh_lanes_fn *weigh_lanes;
};

/* The exact weight, or false when it is below `least`. */
bool link_settle(double *weight, const link_bounds *b, link_comparer *c, link_open *p, double least);

/* For any machine, and for those that can do more; NULL where the processor cannot. */
link_weigh_fn *link_weigh_plain(void);
link_weigh_fn *link_weigh_popcnt(void);
link_weigh_lanes_fn *link_weigh_lanes_plain(void);
link_weigh_lanes_fn *link_weigh_lanes_avx2(void);
link_weigh_lanes_fn *link_weigh_lanes_avx512(void);

#endif
