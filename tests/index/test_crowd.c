/* Random conditions over random tags: the index against a look at one customer after the other. */
#include "index/crowd.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { TAGS = 9, DEPTH = 5 };

typedef struct table {
    pt_arena *arena;
    pt_rng rng;
    uint32_t ordinals;
    pt_column columns[TAGS];
    unsigned char *files[TAGS];
    pt_tagindex *indexes[TAGS];
    uint64_t *base;
} table;

static void *make(table *t, size_t n, size_t size)
{
    void *p = pt_arena_array(t->arena, n, size);

    CHECK(p);
    return p;
}

/* --- columns --------------------------------------------------------------------------------------------------------------- */

static const pt_dict *letters(table *t, uint32_t n)
{
    pt_dict *d = make(t, 1, sizeof *d);
    uint64_t *offsets = make(t, n + 1, sizeof *offsets);
    char *bytes = make(t, n + 1, 6);

    for (uint32_t i = 0; i < n; i++) {
        snprintf(bytes + i * 5, 6, "%05u", i);
        offsets[i + 1] = (i + 1) * 5;
    }
    *d = (pt_dict){.n = n, .sorted = true, .offsets = offsets, .bytes = bytes};
    return d;
}

static pt_column codes_column(table *t, uint32_t texts)
{
    uint16_t *codes = make(t, t->ordinals + 1, sizeof *codes);

    for (uint32_t i = 0; i < t->ordinals; i++)
        codes[i] = (uint16_t)pt_rng_below(&t->rng, pt_rng_below(&t->rng, texts + 1) + 1);
    return (pt_column){.type = PT_TYPE_CATEGORY, .width = 2, .data = codes, .dict = letters(t, texts)};
}

/* `spread`: how many different values there may be. */
static pt_column numbers_column(table *t, uint64_t spread)
{
    double *v = make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 9) == 0 ? NAN : ((double)pt_rng_below(&t->rng, spread) - (double)(spread / 3)) / 8;
    return (pt_column){.type = PT_TYPE_NUMBER, .width = 8, .data = v};
}

static pt_column money_column(table *t)
{
    int64_t *v = make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 5) == 0 ? PT_I64_MISSING
                                             : (int64_t)(pt_rng_u64(&t->rng) >> (20 + pt_rng_below(&t->rng, 40)));
    return (pt_column){.type = PT_TYPE_MONEY, .width = 8, .data = v};
}

static pt_column dates_column(table *t)
{
    int32_t *v = make(t, t->ordinals + 1, sizeof *v);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = pt_rng_below(&t->rng, 5) == 0 ? PT_I32_MISSING : (int32_t)pt_rng_below(&t->rng, 900) - 300;
    return (pt_column){.type = PT_TYPE_DATE, .width = 4, .data = v};
}

static pt_column bools_column(table *t)
{
    uint8_t *v = make(t, t->ordinals + 1, 1);

    for (uint32_t i = 0; i < t->ordinals; i++)
        v[i] = (uint8_t)pt_rng_below(&t->rng, 3);
    return (pt_column){.type = PT_TYPE_BOOL, .width = 1, .data = v};
}

/* Items of which low ones are frequent: containers of all three kinds. */
static pt_column lists_column(table *t, uint32_t texts)
{
    uint64_t *offsets = make(t, (size_t)t->ordinals + 1, sizeof *offsets);
    uint8_t *absent = make(t, t->ordinals + 1, 1);
    uint16_t *items = make(t, (size_t)t->ordinals * 4 + 1, sizeof *items);
    uint64_t n = 0;

    for (uint32_t i = 0; i < t->ordinals; i++) {
        absent[i] = i / 1000 % 7 == 3;
        uint16_t item = 0;
        for (unsigned k = 0; k < 4 && !absent[i]; k++) {
            item = (uint16_t)(item + 1 + pt_rng_below(&t->rng, 1 + pt_rng_below(&t->rng, texts)));
            if (item > texts)
                break;
            items[n++] = item;
        }
        offsets[i + 1] = n;
    }
    return (pt_column){.type = PT_TYPE_LIST,
                       .width = 2,
                       .data = items,
                       .offsets = offsets,
                       .absent = absent,
                       .dict = letters(t, texts)};
}

static void open_table(table *t, uint64_t seed, uint32_t ordinals)
{
    pt_err err = {0};

    *t = (table){.arena = pt_arena_new(0), .ordinals = ordinals};
    CHECK(t->arena);
    pt_rng_seed(&t->rng, seed);
    const pt_column all[TAGS] = {codes_column(t, 10),       codes_column(t, 300), numbers_column(t, 50),
                                 numbers_column(t, 100000), money_column(t),      dates_column(t),
                                 bools_column(t),           lists_column(t, 6),   lists_column(t, 400)};
    uint32_t blocks = (uint32_t)(((uint64_t)ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2);
    for (size_t i = 0; i < TAGS; i++) {
        pt_tag_info info = {.name = "t", .type = all[i].type};
        size_t n;
        t->columns[i] = all[i];
        CHECK_OK(pt_tagindex_build(&t->files[i], &n, &info, &t->columns[i], ordinals, (pt_hash128){1, i}, &err));
        CHECK_OK(pt_tagindex_open(&t->indexes[i], "an index", t->files[i], n, &err));
    }
    t->base = pt_alloc64((size_t)(blocks + 1) * PT_BLOCK_WORDS, 8);
    CHECK(t->base);
    for (size_t i = 0; i < (size_t)blocks * PT_BLOCK_WORDS; i++)
        t->base[i] = pt_rng_u64(&t->rng) | pt_rng_u64(&t->rng);
}

static void close_table(table *t)
{
    for (size_t i = 0; i < TAGS; i++) {
        pt_tagindex_close(t->indexes[i]);
        free(t->files[i]);
    }
    free(t->base);
    pt_arena_free(t->arena);
}

/* --- conditions, and what they mean ---------------------------------------------------------------------------------------- */

typedef struct leaf {
    size_t tag;
    int64_t low, high; /* of keys, or of codes */
} leaf;

static uint32_t code_of(const pt_column *c, uint32_t row)
{
    if (c->type != PT_TYPE_BOOL)
        return pt_column_code(c, row);
    uint8_t v = ((const uint8_t *)c->data)[row];
    return v == PT_BOOL_MISSING ? 0 : v + 1u;
}

static bool has_item(const pt_column *c, uint32_t row, uint32_t item)
{
    for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++)
        if (pt_column_code(c, i) == item)
            return true;
    return item == 0 && !c->absent[row];
}

static bool in_ranges(const pt_crowd_node *n, uint32_t code)
{
    for (size_t i = 0; i < n->n_ranges; i++)
        if (code >= n->ranges[i].low && code <= n->ranges[i].high)
            return true;
    return false;
}

/* What was asked, beside the node: keys of a range. */
typedef struct question {
    const pt_crowd_node *node;
    leaf leaf;
    const struct question *children[4];
} question;

static bool holds(const table *t, const question *q, uint32_t row)
{
    const pt_crowd_node *n = q->node;
    const pt_column *c = &t->columns[q->leaf.tag];
    int64_t key;
    bool found = n->kind == PT_CROWD_AND;

    switch (n->kind) {
    case PT_CROWD_ALL: return true;
    case PT_CROWD_BITS: return t->base[row / 64] >> (row % 64) & 1;
    case PT_CROWD_ITEM:
        return n->outside ? has_item(c, row, 0) && !has_item(c, row, n->item) : has_item(c, row, n->item);
    case PT_CROWD_NOT: return !holds(t, q->children[0], row);
    case PT_CROWD_AND:
    case PT_CROWD_OR:
        for (size_t i = 0; i < n->n_children; i++)
            found = n->kind == PT_CROWD_AND ? found && holds(t, q->children[i], row)
                                            : found || holds(t, q->children[i], row);
        return found;
    default: break;
    }
    if (pt_type_is_text(c->type) || c->type == PT_TYPE_BOOL)
        return in_ranges(n, code_of(c, row));
    if (pt_tagindex_coding(t->indexes[q->leaf.tag])->n == 0)
        return in_ranges(n, 0); /* nobody has a value */
    return pt_key_of_row(&key, c, row) && key >= q->leaf.low && key <= q->leaf.high;
}

static const pt_crowd_node *codes_node(table *t, size_t tag)
{
    uint32_t most = pt_tagindex_codes(t->indexes[tag]), at = 0;
    pt_code_range *ranges = make(t, 4, sizeof *ranges);
    pt_crowd_node *n = make(t, 1, sizeof *n);

    *n = (pt_crowd_node){.kind = PT_CROWD_CODES, .index = t->indexes[tag], .ranges = ranges};
    for (size_t wanted = 1 + pt_rng_below(&t->rng, 3); n->n_ranges < wanted && at <= most; n->n_ranges++) {
        uint32_t low = at + (uint32_t)pt_rng_below(&t->rng, most - at + 1),
                 high = low + (uint32_t)pt_rng_below(&t->rng, 3);
        high = high > most ? most : high;
        ranges[n->n_ranges] = (pt_code_range){low, high};
        at = high + 1;
    }
    return n;
}

static const pt_crowd_node *keys_node(table *t, size_t tag, leaf *l)
{
    const pt_column *c = &t->columns[tag];
    int64_t keys[2];

    for (size_t i = 0; i < 2; i++) {
        uint32_t row = (uint32_t)pt_rng_below(&t->rng, t->ordinals);
        if (!pt_key_of_row(&keys[i], c, row))
            keys[i] = i ? INT64_MAX : INT64_MIN;
        keys[i] += keys[i] > INT64_MIN + 2 && keys[i] < INT64_MAX - 2 ? (int64_t)pt_rng_below(&t->rng, 3) - 1 : 0;
    }
    l->low = keys[0] < keys[1] || pt_rng_below(&t->rng, 8) == 0 ? keys[0] : keys[1];
    l->high = keys[0] < keys[1] ? keys[1] : keys[0];
    const pt_crowd_node *n = pt_crowd_keys(t->indexes[tag], c, l->low, l->high, t->arena);
    CHECK(n);
    return n;
}

static const question *ask(table *t, unsigned depth)
{
    question *q = make(t, 1, sizeof *q);
    pt_crowd_node *n = make(t, 1, sizeof *n);

    q->node = n;
    if (depth && pt_rng_below(&t->rng, 4)) {
        const pt_crowd_node **children = make(t, 4, sizeof *children);
        *n = (pt_crowd_node){.kind = pt_rng_below(&t->rng, 2) ? PT_CROWD_AND : PT_CROWD_OR, .children = children};
        if (pt_rng_below(&t->rng, 5) == 0) {
            q->children[0] = ask(t, depth - 1);
            children[0] = q->children[0]->node;
            n->kind = PT_CROWD_NOT;
            n->n_children = 1;
            return q;
        }
        for (n->n_children = 0; n->n_children < 1 + pt_rng_below(&t->rng, 4); n->n_children++) {
            q->children[n->n_children] = ask(t, depth - 1);
            children[n->n_children] = q->children[n->n_children]->node;
            if (n->n_children == 3) {
                n->n_children = 4;
                break;
            }
        }
        return q;
    }
    size_t tag = q->leaf.tag = pt_rng_below(&t->rng, TAGS + 1);
    if (tag == TAGS) {
        q->leaf.tag = 0;
        *n = (pt_crowd_node){.kind = PT_CROWD_BITS, .bits = t->base};
    } else if (pt_type_is_list(t->columns[tag].type)) {
        uint32_t item = (uint32_t)pt_rng_below(&t->rng, pt_tagindex_codes(t->indexes[tag]) + 1);
        *n = (pt_crowd_node){
            .kind = PT_CROWD_ITEM, .index = t->indexes[tag], .item = item, .outside = pt_rng_below(&t->rng, 2)};
    } else if (pt_tagindex_coding(t->indexes[tag])->n) {
        q->node = keys_node(t, tag, &q->leaf);
    } else {
        q->node = codes_node(t, tag);
    }
    return q;
}

static void check_question(const table *t, const question *q, bool with_base)
{
    pt_err err = {0};
    pt_crowd *c;

    CHECK_OK(pt_crowd_new(&c, q->node, with_base ? t->base : NULL, t->ordinals, &err));
    uint64_t *scratch = pt_alloc64(pt_crowd_scratch(c) + 2 * PT_BLOCK_WORDS, 8), n = 0;
    CHECK(scratch);
    uint64_t *bits = scratch + pt_crowd_scratch(c) + PT_BLOCK_WORDS;
    for (uint32_t block = 0; block < pt_crowd_blocks(c); block++) {
        pt_crowd_block(bits, c, block, scratch);
        for (uint32_t i = 0; i < PT_BLOCK; i++) {
            uint64_t row = ((uint64_t)block << PT_BLOCK_LOG2) + i;
            bool there = row < t->ordinals && (!with_base || (t->base[row / 64] >> (row % 64) & 1));
            bool want = there && holds(t, q, (uint32_t)row);
            if ((bits[i / 64] >> (i % 64) & 1) != want)
                test_fail(__FILE__, __LINE__, "customer %llu of %u is %s", (unsigned long long)row, t->ordinals,
                          want ? "left out" : "let in");
            n += want;
        }
    }
    CHECK_INT(pt_crowd_members(c, 0, pt_crowd_blocks(c), scratch), n);
    free(scratch);
    pt_crowd_free(c);
}

TEST(index_crowd__finds_whom_a_look_at_each_customer_finds)
{
    const uint32_t sizes[] = {1, 63, 64, 4000, 65536, 65537, 150000};

    for (size_t i = 0; i < PT_COUNT(sizes); i++) {
        table t;
        open_table(&t, 77 + i, sizes[i]);
        for (unsigned round = 0; round < (sizes[i] > 5000 ? 40 : 300); round++)
            check_question(&t, ask(&t, (unsigned)pt_rng_below(&t.rng, DEPTH + 1)), round % 2);
        close_table(&t);
    }
}

TEST(index_crowd__nobody_there_is_nobody_found)
{
    table t;

    open_table(&t, 5, 0);
    for (unsigned round = 0; round < 20; round++) {
        const pt_crowd_node all = {.kind = PT_CROWD_ALL};
        check_question(&t, &(question){.node = &all}, round % 2);
    }
    close_table(&t);
}

TEST(index_tagindex__is_refused_when_a_byte_differs)
{
    table t;
    pt_err err = {0};

    open_table(&t, 9, 3000);
    for (size_t tag = 0; tag < TAGS; tag++) {
        uint64_t total = 0;
        memcpy(&total, t.files[tag] + 16, sizeof total); /* bytes of the whole file */
        unsigned char *copy = pt_alloc64(total, 1);
        CHECK(copy);
        for (unsigned round = 0; round < 200; round++) {
            pt_tagindex *x = NULL;
            const pt_roaring *r = NULL;
            const uint64_t *own;
            memcpy(copy, t.files[tag], total);
            uint64_t at = pt_rng_below(&t.rng, total);
            copy[at] ^= (unsigned char)(1 + pt_rng_below(&t.rng, 255));
            bool good = pt_tagindex_open(&x, "an index", copy, total, &err) == PT_OK &&
                        pt_tagindex_check_rows(x, &err) == PT_OK;
            for (uint32_t code = 0; good && code <= pt_tagindex_codes(x); code++) {
                good = pt_tagindex_bitmap(&own, x, code, &err) == PT_OK;
                if (good && pt_tagindex_which(x) == PT_TAGINDEX_ITEMS)
                    good = pt_tagindex_item(&r, x, code, &err) == PT_OK;
                pt_roaring_free(r);
                r = NULL;
            }
            if (good)
                test_fail(__FILE__, __LINE__, "byte %llu of tag %zu may be anything", (unsigned long long)at, tag);
            pt_tagindex_close(x);
        }
        free(copy);
    }
    close_table(&t);
}
