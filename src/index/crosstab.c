#include "index/crosstab.h"

#include <stdlib.h>
#include <string.h>

#include "index/roaring_block.h"

/* Up to so many codes on one side are taken one by one, and the other side counted for the members of each. More pairs are
 * counted member by member: that costs the same for any number of codes. */
enum { FEW_CODES = 8, CODE_WORDS = PT_BLOCK / 4 };

typedef struct side {
    pt_tagindex *index;
    const pt_roaring **items; /* lists: by item */
    size_t size, step;        /* counts of this side; how far its counts lie apart in the table */
} side;

struct pt_crosstab {
    side rows, columns;
    const pt_slice_kernels *kernels;
};

/* --- opening --------------------------------------------------------------------------------------------------------------- */

static pt_rc open_items(side *s, pt_err *err)
{
    if (!(s->items = pt_zalloc(s->size, sizeof *s->items)))
        return pt_fail_nomem(err, "a table");
    for (uint32_t item = 0; item < s->size; item++)
        PT_TRY(pt_tagindex_item(&s->items[item], s->index, item, err));
    return PT_OK;
}

static pt_rc open_side(side *s, pt_tagindex *index, pt_err *err)
{
    s->index = index;
    s->size = (size_t)pt_tagindex_codes(index) + 1;
    return pt_tagindex_which(index) == PT_TAGINDEX_ITEMS ? open_items(s, err) : pt_tagindex_check_rows(index, err);
}

pt_rc pt_crosstab_new(pt_crosstab **out, pt_tagindex *rows, pt_tagindex *columns, pt_err *err)
{
    pt_crosstab *x = pt_zalloc(1, sizeof *x);

    *out = NULL;
    if (!x)
        return pt_fail_nomem(err, "a table");
    x->kernels = pt_slice_kernels_best();
    pt_rc rc = open_side(&x->rows, rows, err);
    if (rc == PT_OK)
        rc = open_side(&x->columns, columns, err);
    x->rows.step = x->columns.size;
    x->columns.step = 1;
    if (rc == PT_OK)
        *out = x;
    else
        pt_crosstab_free(x);
    return rc;
}

static void free_side(side *s)
{
    for (size_t i = 0; s->items && i < s->size; i++)
        pt_roaring_free(s->items[i]);
    free(s->items);
}

void pt_crosstab_free(pt_crosstab *x)
{
    if (!x)
        return;
    free_side(&x->rows);
    free_side(&x->columns);
    free(x);
}

size_t pt_crosstab_rows(const pt_crosstab *x)
{
    return x->rows.size;
}

size_t pt_crosstab_columns(const pt_crosstab *x)
{
    return x->columns.size;
}

/* --- scratch: the members of one outer value, a row of an inner item, codes of both sides, counts of the inner side ---------- */

typedef struct room {
    uint64_t *chosen, *outer, *inner;
    uint16_t *codes[2];
    uint64_t *counts;
} room;

static size_t counts_words(const pt_crosstab *x)
{
    size_t most = x->rows.size > x->columns.size ? x->rows.size : x->columns.size;

    return (most + 7) & ~(size_t)7;
}

size_t pt_crosstab_scratch(const pt_crosstab *x)
{
    return 3 * PT_BLOCK_WORDS + 2 * CODE_WORDS + counts_words(x);
}

static room divide(uint64_t *scratch)
{
    uint64_t *codes = scratch + (size_t)3 * PT_BLOCK_WORDS;

    return (room){.chosen = scratch,
                  .outer = scratch + PT_BLOCK_WORDS,
                  .inner = scratch + (size_t)2 * PT_BLOCK_WORDS,
                  .codes = {(uint16_t *)(void *)codes, (uint16_t *)(void *)(codes + CODE_WORDS)},
                  .counts = codes + (size_t)2 * CODE_WORDS};
}

/* --- member by member ------------------------------------------------------------------------------------------------------- */

static void unpack(const pt_crosstab *x, uint16_t *codes, const side *s, uint32_t block)
{
    unsigned k = pt_tagindex_slices(s->index);

    if (k)
        x->kernels->unpack(codes, pt_tagindex_rows(s->index, block), k);
    else
        memset(codes, 0, PT_BLOCK * sizeof *codes);
}

/* A code beyond the last does not come from a whole file: it counts as missing. */
static size_t clamp(uint16_t code, const side *s)
{
    return code < s->size ? code : 0;
}

static void count_pairs(const pt_crosstab *x, uint64_t *counts, const uint64_t *bits, uint32_t block, const room *r)
{
    unpack(x, r->codes[0], &x->rows, block);
    unpack(x, r->codes[1], &x->columns, block);
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            size_t i = w * 64 + (unsigned)__builtin_ctzll(left);
            counts[clamp(r->codes[0][i], &x->rows) * x->rows.step + clamp(r->codes[1][i], &x->columns)]++;
        }
}

/* --- one value of the outer side after the other ---------------------------------------------------------------------------- */

/* The members with outer value `value`; NULL when there are none. */
static const uint64_t *choose(const pt_crosstab *x, const uint64_t *bits, const side *s, uint32_t value, uint32_t block,
                              const room *r)
{
    memcpy(r->chosen, bits, PT_BLOCK_WORDS * sizeof *bits);
    if (s->items) {
        const uint64_t *row = roaring_block(r->outer, s->items[value], block);
        if (!row)
            return NULL;
        x->kernels->and_row(r->chosen, row);
    } else {
        unsigned k = pt_tagindex_slices(s->index);
        x->kernels->equal(r->chosen, k ? pt_tagindex_rows(s->index, block) : NULL, k, value);
    }
    return x->kernels->count(r->chosen) ? r->chosen : NULL;
}

static bool in_registers(const side *s)
{
    return !s->items && pt_tagindex_slices(s->index) <= PT_SLICES_COUNTED;
}

static void count_inner(const pt_crosstab *x, uint64_t *counts, const uint64_t *bits, const side *s, uint32_t block,
                        const room *r)
{
    unsigned k = s->items ? 0 : pt_tagindex_slices(s->index);

    if (s->items) {
        for (size_t item = 0; item < s->size; item++) {
            const uint64_t *row = roaring_block(r->inner, s->items[item], block);
            counts[item] += row ? x->kernels->count_and(bits, row) : 0;
        }
    } else if (k == 0) {
        counts[0] += x->kernels->count(bits);
    } else if (in_registers(s)) {
        x->kernels->histogram(counts, bits, pt_tagindex_rows(s->index, block), k, pt_tagindex_codes(s->index));
    } else {
        for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
            for (uint64_t left = bits[w]; left; left &= left - 1)
                counts[clamp(r->codes[1][w * 64 + (unsigned)__builtin_ctzll(left)], s)]++;
    }
}

static void count_nested(const pt_crosstab *x, uint64_t *counts, const uint64_t *bits, uint32_t block,
                         const side *outer, const side *inner, const room *r)
{
    if (!inner->items && !in_registers(inner))
        unpack(x, r->codes[1], inner, block);
    for (uint32_t value = 0; value < outer->size; value++) {
        const uint64_t *chosen = choose(x, bits, outer, value, block, r);
        if (!chosen)
            continue;
        memset(r->counts, 0, inner->size * sizeof *r->counts);
        count_inner(x, r->counts, chosen, inner, block, r);
        for (size_t i = 0; i < inner->size; i++)
            counts[value * outer->step + i * inner->step] += r->counts[i];
    }
}

void pt_crosstab_block(const pt_crosstab *x, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    const side *a = &x->rows, *b = &x->columns;
    room r = divide(scratch);

    if (a->items || (!b->items && a->size <= FEW_CODES && in_registers(b)))
        count_nested(x, counts, bits, block, a, b, &r);
    else if (b->items || (b->size <= FEW_CODES && in_registers(a)))
        count_nested(x, counts, bits, block, b, a, &r);
    else
        count_pairs(x, counts, bits, block, &r);
}
