#include "index/crowd.h"

#include <stdlib.h>
#include <string.h>

#include "index/roaring_block.h"

/* A node made ready. Those of AND and OR are in the order in which they are tried. */
typedef struct step {
    const pt_crowd_node *node;
    struct step **children;
    size_t n_children;
    const uint64_t *bitmap;          /* CODES: the code's own */
    const pt_roaring *item, *owners; /* ITEM; owners: of `outside` */
    double share;                    /* members among all, estimated */
    double cost;                     /* rows read for a block, estimated */
    unsigned depth;                  /* levels of scratch it needs */
} step;

struct pt_crowd {
    pt_arena *arena;
    step *root;
    const uint64_t *base;
    uint32_t ordinals, blocks;
    const pt_slice_kernels *kernels;
};

/* --- leaves from values -------------------------------------------------------------------------------------------------- */

/* Notes code `c` as one that the condition cuts. */
static void cut(pt_crowd_node *n, uint32_t c)
{
    if (n->n_partial == 0 || n->partial[n->n_partial - 1] != c)
        n->partial[n->n_partial++] = c;
}

const pt_crowd_node *pt_crowd_keys(pt_tagindex *index, const pt_column *column, int64_t low, int64_t high, pt_arena *a)
{
    const pt_coding *g = pt_tagindex_coding(index);
    pt_crowd_node *n = PT_NEW(a, pt_crowd_node);
    pt_code_range *range = PT_NEW(a, pt_code_range);

    if (!n || !range)
        return NULL;
    *n = (pt_crowd_node){.kind = PT_CROWD_NONE};
    uint32_t first = pt_coding_find(g, low), last = pt_coding_find(g, high); /* last: the first that may go beyond */
    if (low > high || first > g->n)
        return n;
    *n = (pt_crowd_node){.kind = PT_CROWD_CODES, .index = index, .column = column, .low = low, .high = high};
    if (g->lows[first - 1] < low)
        cut(n, first++);
    if (last > g->n || g->lows[last - 1] > high)
        last--;
    else if (g->highs[last - 1] > high)
        cut(n, last--);
    if (first <= last) {
        *range = (pt_code_range){first, last};
        n->ranges = range;
        n->n_ranges = 1;
    }
    return n;
}

/* --- preparing ----------------------------------------------------------------------------------------------------------- */

static double share_of(uint64_t n, uint32_t ordinals)
{
    return ordinals ? (double)n / ordinals : 0;
}

static pt_rc prepare_codes(step *s, uint32_t ordinals, pt_err *err)
{
    const pt_crowd_node *n = s->node;
    const uint64_t *counts = pt_tagindex_counts(n->index);
    uint64_t members = 0;

    for (size_t i = 0; i < n->n_ranges; i++)
        for (uint32_t code = n->ranges[i].low; code <= n->ranges[i].high; code++)
            members += counts[code];
    for (unsigned i = 0; i < n->n_partial; i++)
        members += counts[n->partial[i]] / 2;
    s->share = share_of(members, ordinals);
    if (n->n_ranges == 1 && n->n_partial == 0 && n->ranges[0].low == n->ranges[0].high && n->ranges[0].low)
        PT_TRY(pt_tagindex_bitmap(&s->bitmap, n->index, n->ranges[0].low, err));
    s->cost = s->bitmap ? 1 : pt_tagindex_slices(n->index) * (double)(n->n_ranges + n->n_partial);
    s->depth = n->n_ranges + n->n_partial > 1 ? 2 : 0;
    return s->bitmap ? PT_OK : pt_tagindex_check_rows(n->index, err);
}

static pt_rc prepare_item(step *s, uint32_t ordinals, pt_err *err)
{
    const pt_crowd_node *n = s->node;
    const uint64_t *counts = pt_tagindex_counts(n->index);

    PT_TRY(pt_tagindex_item(&s->item, n->index, n->item, err));
    if (n->outside)
        PT_TRY(pt_tagindex_item(&s->owners, n->index, 0, err));
    s->share = share_of(n->outside ? counts[0] - counts[n->item] : counts[n->item], ordinals);
    s->cost = n->outside ? 4 : 2;
    s->depth = 1;
    return PT_OK;
}

static pt_rc prepare(step **out, pt_crowd *c, const pt_crowd_node *n, pt_err *err);

/* Of AND the first to run should drop most for what it costs, of OR take most. */
static int by_worth(const void *left, const void *right, bool all)
{
    const step *a = *(step *const *)left, *b = *(step *const *)right;
    double x = a->cost / ((all ? 1 - a->share : a->share) + 1e-9),
           y = b->cost / ((all ? 1 - b->share : b->share) + 1e-9);

    return x < y ? -1 : x > y;
}

static int by_worth_and(const void *a, const void *b)
{
    return by_worth(a, b, true);
}

static int by_worth_or(const void *a, const void *b)
{
    return by_worth(a, b, false);
}

static pt_rc prepare_not(step *s, pt_crowd *c, pt_err *err)
{
    s->n_children = 1;
    s->children = PT_NEW_ARRAY(c->arena, step *, 1);
    if (!s->children)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(prepare(&s->children[0], c, s->node->children[0], err));
    s->share = 1 - s->children[0]->share;
    s->cost = s->children[0]->cost;
    s->depth = s->children[0]->depth + 1;
    return PT_OK;
}

static pt_rc prepare_children(step *s, pt_crowd *c, pt_err *err)
{
    bool all = s->node->kind == PT_CROWD_AND;
    double kept = 1;

    s->n_children = s->node->n_children;
    s->children = PT_NEW_ARRAY(c->arena, step *, s->n_children);
    if (!s->children)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < s->n_children; i++) {
        PT_TRY(prepare(&s->children[i], c, s->node->children[i], err));
        const step *child = s->children[i];
        kept *= all ? child->share : 1 - child->share;
        s->cost += child->cost;
        s->depth = child->depth > s->depth ? child->depth : s->depth;
    }
    s->share = all ? kept : 1 - kept;
    s->depth += all ? 0 : 2;
    if (s->n_children)
        qsort(s->children, s->n_children, sizeof *s->children, all ? by_worth_and : by_worth_or);
    return PT_OK;
}

static void free_step_item(void *item)
{
    pt_roaring_free(item);
}

/* Bitmaps of items are freed with the arena. */
static pt_rc keep_item(pt_crowd *c, const pt_roaring *item, pt_err *err)
{
    if (!item || pt_arena_defer(c->arena, free_step_item, (void *)(uintptr_t)item))
        return PT_OK;
    pt_roaring_free(item);
    return pt_fail_nomem(err, "a condition");
}

static pt_rc prepare(step **out, pt_crowd *c, const pt_crowd_node *n, pt_err *err)
{
    step *s = *out = PT_NEW(c->arena, step);
    pt_rc rc = PT_OK;

    if (!s)
        return pt_fail_nomem(err, "a condition");
    *s = (step){.node = n};
    if (n->index && pt_tagindex_ordinals(n->index) != c->ordinals)
        return pt_fail(err, PT_EINTERNAL, "the index of tag '%s' is of other customers",
                       pt_tagindex_info(n->index)->name);
    switch (n->kind) {
    case PT_CROWD_ALL: s->share = 1; break;
    case PT_CROWD_NONE: break;
    case PT_CROWD_CODES: rc = prepare_codes(s, c->ordinals, err); break;
    case PT_CROWD_ITEM:
        rc = prepare_item(s, c->ordinals, err);
        PT_TRY(keep_item(c, s->item, err));
        PT_TRY(keep_item(c, s->owners, err));
        break;
    case PT_CROWD_BITS:
        s->share = 0.5;
        s->cost = 1;
        break;
    case PT_CROWD_NOT: rc = prepare_not(s, c, err); break;
    default: rc = prepare_children(s, c, err);
    }
    return rc;
}

pt_rc pt_crowd_new(pt_crowd **out, const pt_crowd_node *root, const uint64_t *base, uint32_t ordinals, pt_err *err)
{
    pt_crowd *c = pt_zalloc(1, sizeof *c);

    *out = NULL;
    if (!c)
        return pt_fail_nomem(err, "a condition");
    c->arena = pt_arena_new(0);
    c->base = base;
    c->ordinals = ordinals;
    c->blocks = (uint32_t)(((uint64_t)ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2);
    c->kernels = pt_slice_kernels_best();
    pt_rc rc = c->arena ? prepare(&c->root, c, root, err) : pt_fail_nomem(err, "a condition");
    if (rc == PT_OK)
        *out = c;
    else
        pt_crowd_free(c);
    return rc;
}

void pt_crowd_free(pt_crowd *c)
{
    if (!c)
        return;
    pt_arena_free(c->arena);
    free(c);
}

uint32_t pt_crowd_blocks(const pt_crowd *c)
{
    return c->blocks;
}

size_t pt_crowd_scratch(const pt_crowd *c)
{
    return ((size_t)c->root->depth + 1) * PT_BLOCK_WORDS;
}

/* --- running ------------------------------------------------------------------------------------------------------------- */

static bool any(const uint64_t *bits)
{
    uint64_t all = 0;

    for (size_t i = 0; i < PT_BLOCK_WORDS; i++)
        all |= bits[i];
    return all != 0;
}

static void run_item(uint64_t *bits, const pt_crowd *c, const step *s, uint32_t block, uint64_t *scratch)
{
    const uint64_t *row = roaring_block(scratch, s->owners ? s->owners : s->item, block);

    if (!row) {
        memset(bits, 0, PT_BLOCK_WORDS * sizeof *bits);
        return;
    }
    c->kernels->and_row(bits, row);
    if (s->owners && (row = roaring_block(scratch, s->item, block)))
        c->kernels->and_not_row(bits, row);
}

/* Drops those whose own value is out of bounds. */
static void refine(uint64_t *bits, const pt_crowd_node *n, uint32_t block)
{
    uint64_t first = (uint64_t)block << PT_BLOCK_LOG2;

    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            int64_t key;
            bool has = pt_key_of_row(&key, n->column, first + w * 64 + bit);
            if (!has || key < n->low || key > n->high)
                bits[w] &= ~(UINT64_C(1) << bit);
        }
}

static void run_range(uint64_t *bits, const pt_crowd *c, const pt_crowd_node *n, pt_code_range r, uint32_t block)
{
    const uint64_t *rows = pt_tagindex_rows(n->index, block);
    unsigned k = pt_tagindex_slices(n->index);

    if (r.low == r.high)
        c->kernels->equal(bits, rows, k, r.low);
    else
        c->kernels->between(bits, rows, k, r.low, r.high);
}

static void run_codes(uint64_t *bits, const pt_crowd *c, const step *s, uint32_t block, uint64_t *scratch)
{
    const pt_crowd_node *n = s->node;
    uint64_t *sum = scratch, *part = scratch + PT_BLOCK_WORDS;
    size_t bytes = PT_BLOCK_WORDS * sizeof *bits;

    if (s->bitmap) {
        c->kernels->and_row(bits, s->bitmap + (size_t)block * PT_BLOCK_WORDS);
        return;
    }
    if (n->n_ranges == 1 && n->n_partial == 0) {
        run_range(bits, c, n, n->ranges[0], block);
        return;
    }
    bool alone = n->n_ranges == 0 && n->n_partial == 1;
    memset(alone ? bits : sum, 0, alone ? 0 : bytes);
    for (size_t i = 0; i < n->n_ranges + n->n_partial; i++) {
        bool whole = i < n->n_ranges;
        uint32_t code = whole ? 0 : n->partial[i - n->n_ranges];
        uint64_t *to = alone ? bits : memcpy(part, bits, bytes);
        run_range(to, c, n, whole ? n->ranges[i] : (pt_code_range){code, code}, block);
        if (!whole)
            refine(to, n, block);
        if (!alone)
            c->kernels->or_row(sum, to);
    }
    if (!alone)
        memcpy(bits, sum, bytes);
}

/* bits &= the step's members. */
static void run(uint64_t *bits, const pt_crowd *c, const step *s, uint32_t block, uint64_t *scratch)
{
    size_t bytes = PT_BLOCK_WORDS * sizeof *bits;
    uint64_t *sum = scratch, *part = scratch + PT_BLOCK_WORDS, *below = scratch + 2 * (size_t)PT_BLOCK_WORDS;

    switch (s->node->kind) {
    case PT_CROWD_ALL: break;
    case PT_CROWD_NONE: memset(bits, 0, bytes); break;
    case PT_CROWD_CODES: run_codes(bits, c, s, block, scratch); break;
    case PT_CROWD_ITEM: run_item(bits, c, s, block, scratch); break;
    case PT_CROWD_BITS: c->kernels->and_row(bits, s->node->bits + (size_t)block * PT_BLOCK_WORDS); break;
    case PT_CROWD_NOT:
        memcpy(sum, bits, bytes);
        run(sum, c, s->children[0], block, part);
        c->kernels->and_not_row(bits, sum);
        break;
    case PT_CROWD_AND:
        for (size_t i = 0; i < s->n_children && (i == 0 || any(bits)); i++)
            run(bits, c, s->children[i], block, scratch);
        break;
    case PT_CROWD_OR:
        memset(sum, 0, bytes);
        for (size_t i = 0; i < s->n_children && (i == 0 || any(bits)); i++) {
            memcpy(part, bits, bytes);
            run(part, c, s->children[i], block, below);
            c->kernels->or_row(sum, part);
            c->kernels->and_not_row(bits, part); /* who is in needs no second look */
        }
        memcpy(bits, sum, bytes);
    }
}

/* All customers of the block that there are. */
static void everybody(uint64_t *bits, const pt_crowd *c, uint32_t block)
{
    uint64_t left = c->ordinals - ((uint64_t)block << PT_BLOCK_LOG2);

    if (c->base) {
        memcpy(bits, c->base + (size_t)block * PT_BLOCK_WORDS, PT_BLOCK_WORDS * sizeof *bits);
    } else {
        memset(bits, 0xFF, PT_BLOCK_WORDS * sizeof *bits);
    }
    for (size_t w = left / 64; left < PT_BLOCK && w < PT_BLOCK_WORDS; w++)
        bits[w] &= w > left / 64 ? 0 : (UINT64_C(1) << left % 64) - 1;
}

void pt_crowd_block(uint64_t *bits, const pt_crowd *c, uint32_t block, uint64_t *scratch)
{
    everybody(bits, c, block);
    run(bits, c, c->root, block, scratch);
}

uint64_t pt_crowd_members(const pt_crowd *c, uint32_t first, uint32_t end, uint64_t *scratch)
{
    uint64_t n = 0;

    for (uint32_t block = first; block < end; block++) {
        pt_crowd_block(scratch, c, block, scratch + PT_BLOCK_WORDS);
        n += c->kernels->count(scratch);
    }
    return n;
}
