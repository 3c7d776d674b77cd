/* Shared inside bounds: rows of words and what is asked of them. */
#ifndef PT_LINK_BOUNDS_INT_H
#define PT_LINK_BOUNDS_INT_H

#include "link/bounds.h"

typedef bool link_weigh_fn(double *weight, const link_bounds *b, link_comparer *c, uint32_t x, uint32_t y,
                           double least);

/* Sums of upper bounds are compared with this much room: rounding must not cost a pair. */
#define LINK_ROUNDING 1e-9

enum { LINK_NOWHERE = UINT16_MAX };

/* Where a column lies in a row of words; LINK_NOWHERE: not there. Pairs of words begin at even places. */
typedef struct link_slot {
    uint32_t column;
    uint16_t code, sign, places, number;
} link_slot;

typedef struct link_check {
    pt_link_test test;
    bool unknown; /* rows do not tell */
    bool sure;    /* what rows tell is all that is asked */
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
    double equal; /* weight of level 0 */
    const float *frequency;
    double most; /* of any level but equality */
    link_check checks[PT_LINK_LEVELS_MAX];
    uint32_t n_checks;
    double rest; /* weight of "different" */
} link_question;

struct link_bounds {
    const pt_link_model *model;
    const pt_link_records *records;
    const link_weights *weights;
    link_slot slots[3 * PT_LINK_COMPARISONS_MAX * PT_LINK_LEVELS_MAX];
    size_t n_slots;
    link_question comparisons[PT_LINK_COMPARISONS_MAX];
    size_t n;
    uint8_t telling[PT_LINK_COMPARISONS_MAX]; /* comparisons, those first of which a difference costs most */
    uint32_t *rows;
    size_t width;
    link_weigh_fn *weigh;
};

/* link_bounds_weigh for any machine, and where the processor counts bits; NULL where it does not. */
link_weigh_fn *link_weigh_plain(void);
link_weigh_fn *link_weigh_popcnt(void);

#endif
