/* FP-growth (Han, Pei, Yin 2000): baskets as a tree whose paths begin with the most frequent items, so that equal beginnings are
 * counted once; sets grow by the trees of what stands above an item. Nodes lie in arrays, and those of one item are a list. */
#include <stdlib.h>

#include "base/hash.h"
#include "model/itemsets_int.h"

#define NO_NODE UINT32_MAX

typedef struct node {
    uint64_t count;
    uint32_t code, parent; /* NO_NODE: below nothing */
    uint32_t next;         /* of the same code */
} node;

typedef struct tree {
    node *nodes;
    size_t n, cap;
    uint32_t *heads; /* by code: the first of its nodes */
    uint32_t *slots; /* node + 1 by parent and code */
    size_t n_slots;
} tree;

struct pt_fptree {
    const pt_coded *coded;
    tree tree;
};

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "itemsets");
}

static void tree_dispose(tree *t)
{
    free(t->nodes);
    free(t->heads);
    free(t->slots);
}

static pt_rc tree_init(tree *t, uint32_t n_codes, pt_err *err)
{
    *t = (tree){.n_slots = 64};
    t->heads = pt_zalloc((size_t)n_codes + 1, sizeof *t->heads);
    t->slots = pt_zalloc(t->n_slots, sizeof *t->slots);
    if (!t->heads || !t->slots)
        return no_memory(err);
    memset(t->heads, 0xff, n_codes * sizeof *t->heads);
    return PT_OK;
}

static size_t slot_of(const tree *t, uint32_t parent, uint32_t code)
{
    size_t slot = pt_mix64((uint64_t)parent << 32 | code) & (t->n_slots - 1);

    for (; t->slots[slot]; slot = (slot + 1) & (t->n_slots - 1)) {
        const node *x = &t->nodes[t->slots[slot] - 1];
        if (x->parent == parent && x->code == code)
            break;
    }
    return slot;
}

static pt_rc more_slots(tree *t, pt_err *err)
{
    uint32_t *slots = pt_zalloc(t->n_slots * 2, sizeof *slots);

    if (!slots)
        return no_memory(err);
    free(t->slots);
    t->slots = slots;
    t->n_slots *= 2;
    for (size_t i = 0; i < t->n; i++)
        t->slots[slot_of(t, t->nodes[i].parent, t->nodes[i].code)] = (uint32_t)i + 1;
    return PT_OK;
}

/* The node of `code` below *at, made when there is none; it counts `count` more and is *at from then on. */
static pt_rc step_down(tree *t, uint32_t *at, uint32_t code, uint64_t count, pt_err *err)
{
    size_t slot = slot_of(t, *at, code);

    if (!t->slots[slot]) {
        if (t->n >= NO_NODE - 1 || !pt_grow(&t->nodes, &t->cap, t->n + 1, sizeof *t->nodes))
            return no_memory(err);
        t->nodes[t->n] = (node){.code = code, .parent = *at, .next = t->heads[code]};
        t->heads[code] = (uint32_t)t->n++;
        t->slots[slot] = (uint32_t)t->n;
    }
    *at = t->slots[slot] - 1;
    t->nodes[*at].count += count;
    return t->n * 2 > t->n_slots ? more_slots(t, err) : PT_OK;
}

pt_rc pt_fptree_new(pt_fptree **out, const pt_coded *coded, pt_err *err)
{
    pt_fptree *t = pt_zalloc(1, sizeof *t);

    *out = t;
    if (!t)
        return no_memory(err);
    t->coded = coded;
    PT_TRY(tree_init(&t->tree, coded->n_codes, err));
    for (size_t i = 0; i < coded->n; i++) {
        uint32_t at = NO_NODE;
        for (uint32_t k = coded->starts[i + 1] - 1; k-- > coded->starts[i];)
            PT_TRY(step_down(&t->tree, &at, coded->codes[k], coded->weights ? coded->weights[i] : 1, err));
    }
    return PT_OK;
}

void pt_fptree_free(pt_fptree *t)
{
    if (t)
        tree_dispose(&t->tree);
    free(t);
}

/* --- growing sets ---------------------------------------------------------------------------------------------------------- */

typedef struct growth {
    pt_found *found;
    uint32_t n_codes;
    uint64_t least;
    unsigned max_size;
    uint32_t *set;  /* codes of the set at hand */
    uint32_t *path; /* from a node up */
} growth;

/* How often each code stands above the nodes of `code`. */
static void count_above(uint64_t *counts, const tree *t, uint32_t code)
{
    for (uint32_t i = t->heads[code]; i != NO_NODE; i = t->nodes[i].next)
        for (uint32_t up = t->nodes[i].parent; up != NO_NODE; up = t->nodes[up].parent)
            counts[t->nodes[up].code] += t->nodes[i].count;
}

/* The tree of the paths above the nodes of `code`, without what is rare among them. */
static pt_rc tree_above(tree *out, const growth *g, const tree *t, uint32_t code, const uint64_t *counts, pt_err *err)
{
    PT_TRY(tree_init(out, g->n_codes, err));
    for (uint32_t i = t->heads[code]; i != NO_NODE; i = t->nodes[i].next) {
        size_t n = 0;
        uint32_t at = NO_NODE;
        for (uint32_t up = t->nodes[i].parent; up != NO_NODE; up = t->nodes[up].parent)
            if (counts[t->nodes[up].code] >= g->least)
                g->path[n++] = t->nodes[up].code;
        while (n)
            PT_TRY(step_down(out, &at, g->path[--n], t->nodes[i].count, err));
    }
    return PT_OK;
}

/* Sets that begin with the set at hand, which ends with `code`, a code of the tree. */
static pt_rc grow(const growth *g, const tree *t, uint32_t code, uint32_t size, pt_err *err)
{
    uint64_t *counts = pt_zalloc((size_t)g->n_codes + 1, sizeof *counts);
    tree above = {0};

    if (!counts)
        return no_memory(err);
    count_above(counts, t, code);
    pt_rc rc = size + 1 < g->max_size ? tree_above(&above, g, t, code, counts, err) : PT_OK;
    for (uint32_t next = code + 1; rc == PT_OK && next < g->n_codes; next++) {
        if (counts[next] < g->least)
            continue;
        g->set[size] = next;
        rc = pt_found_add(g->found, g->set, size + 1, counts[next], err);
        if (rc == PT_OK && size + 1 < g->max_size)
            rc = grow(g, &above, next, size + 1, err);
    }
    tree_dispose(&above);
    free(counts);
    return rc;
}

pt_rc pt_fptree_from(const pt_fptree *t, pt_found *found, uint32_t first, uint64_t min_count, unsigned max_size,
                     pt_err *err)
{
    growth g = {.found = found,
                .n_codes = t->coded->n_codes,
                .least = min_count,
                .max_size = max_size ? max_size : UINT32_MAX,
                .set = pt_zalloc((size_t)t->coded->n_codes + 1, sizeof *g.set),
                .path = pt_zalloc((size_t)t->coded->n_codes + 1, sizeof *g.path)};

    pt_rc rc = g.set && g.path ? PT_OK : no_memory(err);
    if (rc == PT_OK) {
        g.set[0] = first;
        rc = pt_found_add(found, g.set, 1, t->coded->counts[first], err);
    }
    if (rc == PT_OK && g.max_size > 1)
        rc = grow(&g, &t->tree, first, 1, err);
    free(g.set);
    free(g.path);
    return rc;
}
