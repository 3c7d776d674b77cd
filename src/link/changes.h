/* Two groupings of the same things compared: what one merges or splits of the other. Pure. */
#ifndef PT_LINK_CHANGES_H
#define PT_LINK_CHANGES_H

#include "link/link.h"

#define PT_LINK_ABSENT UINT32_MAX

/* A group that is not what it was: with the groups that share things with it, and those that share things with them, it forms a part
 * in which things were shuffled, and no other group takes part in that. */
typedef struct pt_link_change {
    uint32_t first;         /* the smallest thing of the part */
    uint32_t before, after; /* how many groups there are of its things: 2 and 1 merged, 1 and 2 split, else both */
    uint32_t things;
    uint32_t a,
        b; /* two things that are together now and were not; if there are none, that were together and are not */
} pt_link_change;

typedef struct pt_link_changes {
    uint32_t groups_before, groups_after;
    uint32_t largest_before, largest_after; /* things */
    uint32_t merged;                        /* groups of before that share a group of after with others */
    uint32_t split;                         /* groups of before that are in several of after */
    uint32_t touched;                       /* groups of before that are one or both */
    uint32_t gone, come;                    /* things that only the one or the other has */
    uint64_t joined, parted; /* pairs of things that are together now and were not; that were and are not */
    pt_link_change *changes; /* all; the most things first, then the smallest thing */
    size_t n;
} pt_link_changes;

/* `before` and `after` by thing, below n, or PT_LINK_ABSENT. Things that one of them does not have count in its groups' number and
 * size, but change nothing. In the arena. */
pt_rc pt_link_changes_of(pt_link_changes *out, const uint32_t *before, const uint32_t *after, uint32_t n,
                         pt_arena *arena, pt_err *err);

#endif
