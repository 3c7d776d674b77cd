/* Random conditions over random tags: the index against a look at one customer after the other. */
#include "index/crowd.h"

#include <stdlib.h>
#include <string.h>

#include "support/tag_table.h"
#include "support/test.h"

enum { TAGS = TAG_TABLE_TAGS, DEPTH = 5 };

/* --- conditions, and what they mean ---------------------------------------------------------------------------------------- */

typedef struct leaf {
    size_t tag;
    int64_t low, high; /* of keys, or of codes */
} leaf;

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

static bool holds(const tag_table *t, const question *q, uint32_t row)
{
    const pt_crowd_node *n = q->node;
    const pt_column *c = &t->columns[q->leaf.tag];
    int64_t key;
    bool found = n->kind == PT_CROWD_AND;

    switch (n->kind) {
    case PT_CROWD_ALL: return true;
    case PT_CROWD_BITS: return t->base[row / 64] >> (row % 64) & 1;
    case PT_CROWD_ITEM:
        return n->outside ? tag_table_has(c, row, 0) && !tag_table_has(c, row, n->item)
                          : tag_table_has(c, row, n->item);
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
        return in_ranges(n, tag_table_code(c, row));
    if (pt_tagindex_coding(t->indexes[q->leaf.tag])->n == 0)
        return in_ranges(n, 0); /* nobody has a value */
    return pt_key_of_row(&key, c, row) && key >= q->leaf.low && key <= q->leaf.high;
}

static const pt_crowd_node *codes_node(tag_table *t, size_t tag)
{
    uint32_t most = pt_tagindex_codes(t->indexes[tag]), at = 0;
    pt_code_range *ranges = tag_table_make(t, 4, sizeof *ranges);
    pt_crowd_node *n = tag_table_make(t, 1, sizeof *n);

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

static const pt_crowd_node *keys_node(tag_table *t, size_t tag, leaf *l)
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

static const question *ask(tag_table *t, unsigned depth)
{
    question *q = tag_table_make(t, 1, sizeof *q);
    pt_crowd_node *n = tag_table_make(t, 1, sizeof *n);

    q->node = n;
    if (depth && pt_rng_below(&t->rng, 4)) {
        const pt_crowd_node **children = tag_table_make(t, 4, sizeof *children);
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

static void check_question(const tag_table *t, const question *q, bool with_base)
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
        tag_table t;
        tag_table_open(&t, 77 + i, sizes[i]);
        for (unsigned round = 0; round < (sizes[i] > 5000 ? 40 : 300); round++)
            check_question(&t, ask(&t, (unsigned)pt_rng_below(&t.rng, DEPTH + 1)), round % 2);
        tag_table_close(&t);
    }
}

TEST(index_crowd__nobody_there_is_nobody_found)
{
    tag_table t;

    tag_table_open(&t, 5, 0);
    for (unsigned round = 0; round < 20; round++) {
        const pt_crowd_node all = {.kind = PT_CROWD_ALL};
        check_question(&t, &(question){.node = &all}, round % 2);
    }
    tag_table_close(&t);
}

TEST(index_tagindex__is_refused_when_a_byte_differs)
{
    tag_table t;
    pt_err err = {0};

    tag_table_open(&t, 9, 3000);
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
            bool lists, good = pt_tagindex_open(&x, "an index", copy, total, &err) == PT_OK &&
                               pt_tagindex_check_rows(x, &err) == PT_OK &&
                               pt_tagindex_check_lists(&lists, x, &err) == PT_OK;
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
    tag_table_close(&t);
}
