/* Every pair of tags of every kind: the table against a look at one customer after the other. */
#include "index/crosstab.h"

#include <stdlib.h>
#include <string.h>

#include "support/tag_table.h"
#include "support/test.h"

/* How often a customer stands in row (or column) `code`: a list in that of each item, and of 0 when there is one. */
static bool stands_in(const tag_table *t, size_t tag, const uint16_t *codes, uint32_t row, uint32_t code)
{
    return pt_type_is_list(t->columns[tag].type) ? tag_table_has(&t->columns[tag], row, code) : codes[row] == code;
}

/* Codes by row as the index has them, from the column. */
static uint16_t *codes_of(tag_table *t, size_t tag)
{
    const pt_coding *g = pt_tagindex_coding(t->indexes[tag]);
    const pt_column *c = &t->columns[tag];
    uint16_t *codes = tag_table_make(t, t->ordinals + 1, sizeof *codes);
    int64_t key;

    for (uint32_t i = 0; i < t->ordinals && !pt_type_is_list(c->type); i++) {
        bool coded = !pt_type_is_text(c->type) && c->type != PT_TYPE_BOOL;
        if (!coded)
            codes[i] = (uint16_t)tag_table_code(c, i);
        else if (pt_key_of_row(&key, c, i))
            codes[i] = (uint16_t)pt_coding_find(g, key);
    }
    return codes;
}

static uint64_t naive(const tag_table *t, size_t a, size_t b, const uint16_t *ca, const uint16_t *cb, uint32_t x,
                      uint32_t y)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < t->ordinals; i++)
        n += (t->base[i / 64] >> (i % 64) & 1) && stands_in(t, a, ca, i, x) && stands_in(t, b, cb, i, y);
    return n;
}

static uint64_t *cross(tag_table *t, size_t a, size_t b)
{
    const pt_crowd_node all = {.kind = PT_CROWD_ALL};
    pt_err err = {0};
    pt_crosstab *x;
    pt_crowd *c;

    CHECK_OK(pt_crosstab_new(&x, t->indexes[a], t->indexes[b], &err));
    CHECK_OK(pt_crowd_new(&c, &all, t->base, t->ordinals, &err));
    uint64_t *counts = tag_table_make(t, pt_crosstab_rows(x) * pt_crosstab_columns(x), sizeof *counts);
    uint64_t *bits = pt_alloc64(PT_BLOCK_WORDS + pt_crosstab_scratch(x) + pt_crowd_scratch(c), 8);
    CHECK(bits);
    for (uint32_t block = 0; block < pt_crowd_blocks(c); block++) {
        pt_crowd_block(bits, c, block, bits + PT_BLOCK_WORDS + pt_crosstab_scratch(x));
        pt_crosstab_block(x, counts, bits, block, bits + PT_BLOCK_WORDS);
    }
    free(bits);
    pt_crowd_free(c);
    pt_crosstab_free(x);
    return counts;
}

/* All cells of small tables; of large ones the margins, and cells here and there. */
static void check_pair(tag_table *t, size_t a, size_t b)
{
    size_t rows = pt_tagindex_codes(t->indexes[a]) + 1, columns = pt_tagindex_codes(t->indexes[b]) + 1;
    const uint64_t *counts = cross(t, a, b);
    const uint16_t *ca = codes_of(t, a), *cb = codes_of(t, b);
    size_t cells = rows * columns, step = cells > 300 ? cells / 300 : 1;

    for (size_t i = 0; i < cells; i += 1 + (step > 1 ? pt_rng_below(&t->rng, 2 * step) : 0)) {
        uint64_t want = naive(t, a, b, ca, cb, (uint32_t)(i / columns), (uint32_t)(i % columns));
        if (counts[i] != want)
            test_fail(__FILE__, __LINE__, "tags %zu and %zu, cell %zu of %zu: %llu, not %llu", a, b, i, cells,
                      (unsigned long long)counts[i], (unsigned long long)want);
    }
    uint64_t total = 0, members = 0;
    for (size_t i = 0; i < cells; i++)
        total += counts[i];
    for (uint32_t i = 0; i < t->ordinals; i++)
        members += t->base[i / 64] >> (i % 64) & 1;
    if (!pt_type_is_list(t->columns[a].type) && !pt_type_is_list(t->columns[b].type))
        CHECK_INT(total, members);
}

TEST(index_crosstab__counts_whom_a_look_at_each_customer_counts)
{
    const uint32_t sizes[] = {1, 700, 65537};

    for (size_t i = 0; i < PT_COUNT(sizes); i++) {
        tag_table t;
        tag_table_open(&t, 31 + i, sizes[i]);
        for (size_t a = 0; a < TAG_TABLE_TAGS; a++)
            for (size_t b = 0; b < TAG_TABLE_TAGS; b++)
                if (sizes[i] < 5000 || (a * TAG_TABLE_TAGS + b) % 5 == 0)
                    check_pair(&t, a, b);
        tag_table_close(&t);
    }
}

TEST(index_crosstab__of_a_tag_with_itself_has_its_counts_on_the_diagonal)
{
    tag_table t;

    tag_table_open(&t, 8, 70000);
    memset(t.base, 0xff, 2 * (size_t)PT_BLOCK_WORDS * sizeof *t.base);
    for (size_t tag = 0; tag < TAG_TABLE_TAGS; tag++) {
        size_t n = pt_tagindex_codes(t.indexes[tag]) + 1;
        const uint64_t *counts = cross(&t, tag, tag);
        for (size_t code = 0; code < n; code++)
            CHECK_INT(counts[code * n + code], pt_tagindex_counts(t.indexes[tag])[code]);
    }
    tag_table_close(&t);
}
