/* A condition as people read it: and, or, not over leaves that the evaluator answers; and the least that would have to be
 * otherwise. Pure. Values are those of bool columns: 0 false, 1 true, PT_BOOL_MISSING. */
#ifndef PT_SEGMENT_LOGIC_H
#define PT_SEGMENT_LOGIC_H

#include "lang/lang.h"

typedef enum pt_logic_kind {
    PT_LOGIC_AND,
    PT_LOGIC_OR,
    PT_LOGIC_NOT,
    PT_LOGIC_NAMED, /* a saved segment: its rule is the one part. True when that is, else false, never missing */
    PT_LOGIC_LEAF
} pt_logic_kind;

typedef struct pt_logic {
    pt_logic_kind kind;
    const pt_node *node;
    uint32_t leaf; /* LEAF: its number in the tree's list */
    const struct pt_logic *const *parts;
    size_t n_parts;
} pt_logic;

typedef struct pt_logic_tree {
    const pt_logic *root;
    const pt_node *const *leaves; /* each once, however often it stands in the condition; in order of reading */
    size_t n_leaves;
} pt_logic_tree;

/* The rule that a tag of that number stands for: NULL for what is a leaf. */
typedef struct pt_logic_names {
    const pt_node *(*rule)(void *ctx, uint32_t tag);
    void *ctx;
} pt_logic_names;

/* Takes a bool tree apart. `a and b and c` is one AND of three parts. Lives in the arena; refers to `node`. */
pt_rc pt_logic_of(pt_logic_tree *out, const pt_node *node, const pt_logic_names *names, pt_arena *a, pt_err *err);

/* Kleene's logic over values of the leaves. */
uint8_t pt_logic_value(const pt_logic *l, const uint8_t *leaves);

/* Marks the leaves that make the condition what it is: of one that is true those it rests on, else those that stand in its
 * way. `decisive` has a place for each leaf and is zero at first. */
void pt_logic_decide(bool *decisive, const pt_logic *l, const uint8_t *leaves);

/* --- what would have to change ------------------------------------------------------------------------------------------ */

/* What a leaf can become. Leaves of one subject (the same tag, the same aggregate) bind one another: of the values that the
 * subject may take, which make it false and which true, a bit each. A leaf without a subject of its own has -1 and the bits
 * it may take. */
typedef struct pt_reach {
    int subject;
    uint64_t when[2]; /* [0] false, [1] true; 0: it cannot be */
} pt_reach;

typedef struct pt_change {
    uint32_t leaf;
    bool want;
} pt_change;

/* Leaves that together make the condition true when they become what is said, and the others stay or do not matter. */
typedef struct pt_path {
    const pt_change *changes; /* by leaf */
    size_t n;
} pt_path;

enum { PT_PATHS_MOST = 64 };

/* The smallest such sets, the fewest changes first; no set holds another. At most PT_PATHS_MOST, which also bounds what is
 * looked at on the way: of conditions with very many alternatives the smallest may be missed. None: it cannot become true. */
pt_rc pt_logic_paths(const pt_path **out, size_t *n, const pt_logic_tree *tree, const uint8_t *leaves,
                     const pt_reach *reach, pt_arena *a, pt_err *err);

#endif
