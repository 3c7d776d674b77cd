/* Index files, of one tag or of all: whatever the bytes, what opening and checking let pass can be asked anything. Each input
 * is tried as it is and with good checksums. */
#include <string.h>

#include "index/crosstab.h"
#include "index/indexset.h"
#include "index/tagindex_int.h"
#include "index/tally.h"
#include "support/walk.h"

enum { MOST_ORDINALS = 1 << 18, MOST_CODES = 300 };

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

/* Members of a node and of its opposite. */
static void ask(const pt_crowd_node *node, uint32_t ordinals)
{
    const pt_crowd_node *const child[] = {node};
    const pt_crowd_node not = {.kind = PT_CROWD_NOT, .children = child, .n_children = 1};
    const pt_crowd_node *const both[] = {node, &not };
    const pt_crowd_node any = {.kind = PT_CROWD_OR, .children = both, .n_children = 2};
    pt_crowd *c;
    pt_err err;

    if (pt_crowd_new(&c, &any, NULL, ordinals, &err) != PT_OK)
        return;
    uint64_t *scratch = pt_alloc64(pt_crowd_scratch(c), 8);
    if (scratch)
        walk_sink += pt_crowd_members(c, 0, pt_crowd_blocks(c), scratch);
    free(scratch);
    pt_crowd_free(c);
}

static void tally(pt_tagindex *x)
{
    uint64_t *room = pt_alloc64(PT_BLOCK_WORDS + PT_TALLY_SCRATCH + (size_t)pt_tagindex_codes(x) + 1, 8);
    pt_tally *t = NULL;
    pt_err err;

    if (room && pt_tally_new(&t, x, &err) == PT_OK) {
        uint64_t *counts = room + PT_BLOCK_WORDS + PT_TALLY_SCRATCH;
        memset(room, 0x5A, PT_BLOCK_WORDS * sizeof *room);
        memset(counts, 0, pt_tally_size(t) * sizeof *counts);
        for (uint32_t block = 0; block < pt_tagindex_blocks(x); block++)
            pt_tally_block(t, counts, room, block, room + PT_BLOCK_WORDS);
    }
    pt_tally_free(t);
    free(room);
}

static void cross(pt_tagindex *x)
{
    pt_crosstab *t = NULL;
    pt_err err;

    if (pt_tagindex_codes(x) > MOST_CODES || pt_crosstab_new(&t, x, x, &err) != PT_OK)
        return;
    uint64_t *room = pt_alloc64(PT_BLOCK_WORDS + pt_crosstab_scratch(t), 8);
    uint64_t *counts = pt_zalloc(pt_crosstab_rows(t) * pt_crosstab_columns(t), sizeof *counts);
    if (room && counts && pt_tagindex_blocks(x)) {
        memset(room, 0xC3, PT_BLOCK_WORDS * sizeof *room);
        pt_crosstab_block(t, counts, room, 0, room + PT_BLOCK_WORDS);
    }
    free(room);
    free(counts);
    pt_crosstab_free(t);
}

static void ask_codes(pt_tagindex *x)
{
    uint32_t codes = pt_tagindex_codes(x), ordinals = pt_tagindex_ordinals(x);

    for (uint32_t code = 0; code <= codes && code < MOST_CODES; code++) {
        pt_code_range range = {code, code + (codes - code) / 3};
        for (unsigned wide = 0; wide < 2; wide++, range.high = code)
            ask(&(pt_crowd_node){.kind = PT_CROWD_CODES, .index = x, .ranges = &range, .n_ranges = 1}, ordinals);
    }
    const pt_coding *g = pt_tagindex_coding(x);
    pt_arena *arena = pt_arena_new(0);
    int64_t *values = pt_zalloc((size_t)ordinals + 1, sizeof *values);
    pt_column column = {.type = pt_tagindex_info(x)->type, .width = 8, .data = values};
    for (uint32_t i = 0; arena && values && g->n && i < 8; i++) {
        const pt_crowd_node *n = pt_crowd_keys(x, &column, g->lows[i % g->n], g->highs[i * 7 % g->n] - 1, arena);
        if (n)
            ask(n, ordinals);
    }
    pt_arena_free(arena);
    free(values);
}

static void ask_all(pt_tagindex *x)
{
    if (pt_tagindex_ordinals(x) > MOST_ORDINALS)
        return;
    if (pt_tagindex_which(x) == PT_TAGINDEX_ITEMS)
        for (uint32_t item = 0; item <= pt_tagindex_codes(x) && item < MOST_CODES; item++)
            ask(&(pt_crowd_node){.kind = PT_CROWD_ITEM, .index = x, .item = item, .outside = item % 2},
                pt_tagindex_ordinals(x));
    else if (pt_tagindex_which(x) == PT_TAGINDEX_SLICES)
        ask_codes(x);
    if (pt_tagindex_which(x) != PT_TAGINDEX_NONE) {
        tally(x);
        cross(x);
    }
}

static void use_one(const void *bytes, size_t n)
{
    pt_tagindex *x;
    pt_err err;

    if (pt_tagindex_open(&x, "an index", bytes, n, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    ask_all(x);
    pt_tagindex_close(x);
}

static void use_set(const void *bytes, size_t n)
{
    static const char *const names[] = {"a", "b", "c", "d", ""};
    pt_indexset *s;
    pt_tagindex *x;
    pt_err err;

    if (pt_indexset_open(&s, "the index", bytes, n, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (pt_indexset_find(&x, s, names[i], &err) == PT_OK && x)
            ask_all(x);
    pt_indexset_close(s);
}

/* Good checksums for every index that can be seen in the set, and for its head where the first index begins. */
static void reseal_set(unsigned char *bytes, size_t n)
{
    size_t head = 0;

    for (size_t at = 64; at + 64 <= n; at += 64) {
        uint64_t size;
        if (memcmp(bytes + at, TAGINDEX_MAGIC, 8) != 0)
            continue;
        head = head ? head : at;
        memcpy(&size, bytes + at + 16, sizeof size);
        reseal(bytes + at, size < n - at ? size : n - at, TAGINDEX_MAGIC, TAGINDEX_VERSION, TAGINDEX_BLOCK_LOG2);
    }
    if (head) {
        uint64_t sum = pt_hash64(bytes, head);
        memcpy(bytes + n - sizeof sum, &sum, sizeof sum);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    unsigned char *copy = pt_alloc64(n + 1, 1);

    walk_both(bytes, n, TAGINDEX_MAGIC, TAGINDEX_VERSION, TAGINDEX_BLOCK_LOG2, use_one);
    if (copy && n > 64) {
        memcpy(copy, bytes, n);
        use_set(copy, n);
        reseal_set(copy, n);
        use_set(copy, n);
    }
    free(copy);
    return 0;
}
