#include "index/crowd_int.h"

#include <stdlib.h>
#include <string.h>

#include "index/roaring_block.h"

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
    pt_rc rc = c->arena ? crowd_plan(c, root, err) : pt_fail_nomem(err, "a condition");
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

/* Scratch: where each row of this block and of the next lies, rows that are expanded, tiles of steps, and the members. */
static size_t pointer_words(const pt_crowd *c)
{
    return (2 * c->n_rows + 7) & ~(size_t)7;
}

size_t pt_crowd_scratch(const pt_crowd *c)
{
    return pointer_words(c) + (c->n_expanded + 1) * PT_BLOCK_WORDS + c->root->room * TILE_WORDS;
}

/* --- running ------------------------------------------------------------------------------------------------------------- */

/* A block under way. `at` is where the present tile begins, in words. */
typedef struct block_run {
    const pt_crowd *crowd;
    uint32_t block, next; /* next: what is fetched ahead; the same when this is the last */
    const uint64_t **rows, **next_rows;
    size_t at;
} block_run;

enum { TILES_AHEAD = 2 };

/* Words of the next block's when the tile ahead lies beyond this one. */
static bool beyond(const block_run *r)
{
    return r->at + TILES_AHEAD * TILE_WORDS >= PT_BLOCK_WORDS;
}

static size_t place_ahead(const block_run *r)
{
    return (r->at + TILES_AHEAD * TILE_WORDS) % PT_BLOCK_WORDS;
}

static pt_slice_rows set_of(const block_run *r, const step *s)
{
    return (pt_slice_rows){.rows = r->rows + s->first,
                           .ahead = (beyond(r) ? r->next_rows : r->rows) + s->first,
                           .at = r->at,
                           .ahead_at = place_ahead(r),
                           .flips = s->flips,
                           .n = s->n};
}

/* Drops those of `bits` who are at an edge and whose own value is out of bounds. */
static void refine(uint64_t *bits, const uint64_t *edges, const pt_crowd_node *n, uint64_t first)
{
    for (size_t w = 0; w < TILE_WORDS; w++)
        for (uint64_t left = edges[w]; left; left &= left - 1) {
            unsigned bit = (unsigned)__builtin_ctzll(left);
            int64_t key;
            bool has = pt_key_of_row(&key, n->column, first + w * 64 + bit);
            if (!has || key < n->low || key > n->high)
                bits[w] &= ~(UINT64_C(1) << bit);
        }
}

static bool any(const uint64_t *bits)
{
    uint64_t all = 0;

    for (size_t i = 0; i < TILE_WORDS; i++)
        all |= bits[i];
    return all != 0;
}

static bool run_range(uint64_t *bits, const block_run *r, const step *s, uint64_t *room)
{
    const pt_tagindex *x = s->node->index;
    pt_slice_range range = s->range;
    uint64_t *inside = s->flip ? room : bits, *edges = range.edge_low || range.edge_high ? room + TILE_WORDS : NULL;

    range.rows = pt_tagindex_rows(x, r->block);
    range.ahead = pt_tagindex_rows(x, beyond(r) ? r->next : r->block);
    range.at = r->at;
    range.ahead_at = place_ahead(r);
    if (s->flip)
        memcpy(inside, bits, TILE_WORDS * sizeof *bits);
    unsigned found = r->crowd->kernels->within(inside, edges, &range, TILE_WORDS);
    if (found & PT_SLICES_EDGES)
        refine(inside, edges, s->node, ((uint64_t)r->block << PT_BLOCK_LOG2) + r->at * 64);
    for (size_t i = 0; s->flip && i < TILE_WORDS; i++)
        bits[i] &= ~inside[i];
    return s->flip ? any(bits) : found & PT_SLICES_LEFT;
}

static bool run(uint64_t *bits, const block_run *r, const step *s, uint64_t *room);

static bool run_or(uint64_t *bits, const block_run *r, const step *s, uint64_t *room)
{
    uint64_t *sum = room, *part = room + TILE_WORDS;
    bool left = true;

    memset(sum, 0, TILE_WORDS * sizeof *sum);
    for (size_t i = 0; i < s->n_children && left; i++) {
        if (s->children[i]->kind == STEP_ANY) {
            pt_slice_rows set = set_of(r, s->children[i]);
            r->crowd->kernels->or_rows(sum, bits, &set, TILE_WORDS);
        } else {
            memcpy(part, bits, TILE_WORDS * sizeof *part);
            if (run(part, r, s->children[i], part + TILE_WORDS))
                for (size_t w = 0; w < TILE_WORDS; w++)
                    sum[w] |= part[w];
        }
        for (size_t w = 0; i + 1 < s->n_children && w < TILE_WORDS; w++)
            bits[w] &= ~sum[w]; /* who is in needs no second look */
        left = i + 1 < s->n_children && any(bits);
    }
    memcpy(bits, sum, TILE_WORDS * sizeof *bits);
    return any(bits);
}

/* bits &= the step's members, over a tile. Whether anybody is left. */
static bool run(uint64_t *bits, const block_run *r, const step *s, uint64_t *room)
{
    pt_slice_rows set;
    bool left = true;

    switch (s->kind) {
    case STEP_ALL: break;
    case STEP_NONE: memset(bits, 0, TILE_WORDS * sizeof *bits); return false;
    case STEP_ROWS: set = set_of(r, s); return r->crowd->kernels->and_rows(bits, &set, TILE_WORDS);
    case STEP_ANY:
        set = set_of(r, s);
        memset(room, 0, TILE_WORDS * sizeof *room);
        left = r->crowd->kernels->or_rows(room, bits, &set, TILE_WORDS);
        memcpy(bits, room, TILE_WORDS * sizeof *bits);
        break;
    case STEP_RANGE: return run_range(bits, r, s, room);
    case STEP_AND:
        for (size_t i = 0; i < s->n_children && left; i++)
            left = run(bits, r, s->children[i], room);
        break;
    case STEP_OR: return run_or(bits, r, s, room);
    }
    return left;
}

/* --- blocks ---------------------------------------------------------------------------------------------------------------- */

static const uint64_t *expand_list(uint64_t *words, const crowd_row *row, uint32_t block)
{
    const uint16_t *places;
    uint64_t n = pt_tagindex_list(&places, row->list, block, row->low, row->high);

    memset(words, 0, PT_BLOCK_WORDS * sizeof *words);
    for (uint64_t i = 0; i < n; i++)
        words[places[i] >> 6] |= UINT64_C(1) << (places[i] & 63);
    return words;
}

/* Where the rows of the block are. Expanded ones take up a block of `room` each. */
static void find_rows(block_run *r, uint64_t *room)
{
    static const _Alignas(64) uint64_t nobody[PT_BLOCK_WORDS];
    const pt_crowd *c = r->crowd;

    for (size_t i = 0; i < c->n_rows; i++) {
        const crowd_row *row = &c->rows[i];
        if (row->words) {
            r->rows[i] = row->words + r->block * row->stride;
            r->next_rows[i] = row->words + r->next * row->stride;
            continue;
        }
        const uint64_t *words = row->list ? expand_list(room, row, r->block) : roaring_block(room, row->item, r->block);
        r->rows[i] = r->next_rows[i] = words ? words : nobody;
        room += PT_BLOCK_WORDS;
    }
}

/* All customers of the tile that there are. */
static void everybody(uint64_t *bits, const block_run *r)
{
    const pt_crowd *c = r->crowd;
    uint64_t first = ((uint64_t)r->block << PT_BLOCK_LOG2) + r->at * 64,
             left = c->ordinals > first ? c->ordinals - first : 0;

    if (c->base)
        memcpy(bits, c->base + (size_t)r->block * PT_BLOCK_WORDS + r->at, TILE_WORDS * sizeof *bits);
    else
        memset(bits, 0xFF, TILE_WORDS * sizeof *bits);
    for (size_t w = left / 64; w < TILE_WORDS; w++)
        bits[w] &= w > left / 64 ? 0 : (UINT64_C(1) << left % 64) - 1;
}

static void run_block(uint64_t *bits, const pt_crowd *c, uint32_t block, uint32_t next, uint64_t *scratch)
{
    uint64_t *room = scratch + pointer_words(c), *tiles = room + c->n_expanded * PT_BLOCK_WORDS;
    const uint64_t **rows = (const uint64_t **)(void *)scratch;
    block_run r = {.crowd = c, .block = block, .next = next, .rows = rows, .next_rows = rows + c->n_rows};

    find_rows(&r, room);
    for (; r.at < PT_BLOCK_WORDS; r.at += TILE_WORDS) {
        everybody(bits + r.at, &r);
        run(bits + r.at, &r, c->root, tiles);
    }
}

void pt_crowd_block(uint64_t *bits, const pt_crowd *c, uint32_t block, uint64_t *scratch)
{
    run_block(bits, c, block, block + 1 < c->blocks ? block + 1 : block, scratch);
}

uint64_t pt_crowd_members(const pt_crowd *c, uint32_t first, uint32_t end, uint64_t *scratch)
{
    uint64_t n = 0, *bits = scratch + pt_crowd_scratch(c) - PT_BLOCK_WORDS;

    for (uint32_t block = first; block < end; block++) {
        run_block(bits, c, block, block + 1 < end ? block + 1 : block, scratch);
        n += c->kernels->count(bits);
    }
    return n;
}
