#include "index/tally.h"

#include <stdlib.h>
#include <string.h>

#include "index/roaring_block.h"

struct pt_tally {
    pt_tagindex *index;
    const pt_roaring **items; /* lists: by item */
    const pt_slice_kernels *kernels;
};

static pt_rc open_items(pt_tally *t, pt_err *err)
{
    t->items = pt_zalloc(pt_tally_size(t), sizeof *t->items);
    if (!t->items)
        return pt_fail_nomem(err, "a tally");
    for (uint32_t item = 0; item < pt_tally_size(t); item++)
        PT_TRY(pt_tagindex_item(&t->items[item], t->index, item, err));
    return PT_OK;
}

pt_rc pt_tally_new(pt_tally **out, pt_tagindex *x, pt_err *err)
{
    pt_tally *t = pt_zalloc(1, sizeof *t);

    *out = NULL;
    if (!t)
        return pt_fail_nomem(err, "a tally");
    t->index = x;
    t->kernels = pt_slice_kernels_best();
    pt_rc rc = pt_tagindex_which(x) == PT_TAGINDEX_ITEMS ? open_items(t, err) : pt_tagindex_check_rows(x, err);
    if (rc == PT_OK)
        *out = t;
    else
        pt_tally_free(t);
    return rc;
}

void pt_tally_free(pt_tally *t)
{
    if (!t)
        return;
    for (size_t i = 0; t->items && i < pt_tally_size(t); i++)
        pt_roaring_free(t->items[i]);
    free(t->items);
    free(t);
}

size_t pt_tally_size(const pt_tally *t)
{
    return (size_t)pt_tagindex_codes(t->index) + 1;
}

static void tally_items(const pt_tally *t, uint64_t *counts, const uint64_t *bits, uint32_t block)
{
    for (size_t item = 0; item < pt_tally_size(t); item++)
        counts[item] += roaring_count(t->kernels, bits, t->items[item], block);
}

/* Members who follow each other often have the same code, and a count must be written before it can be read again: so four
 * tables take turns. A block's counts fit 16 bits in each. */
enum { TURNS = 4, TURN_SLICES = 12 };

static void count_in_turn(uint64_t *counts, size_t size, const uint16_t *codes, size_t n, unsigned k, uint16_t *tables)
{
    size_t all = (size_t)1 << k, i = 0;

    memset(tables, 0, TURNS * all * sizeof *tables);
    for (; n - i >= TURNS; i += TURNS)
        for (unsigned turn = 0; turn < TURNS; turn++)
            tables[turn * all + codes[i + turn]]++;
    for (; i < n; i++)
        tables[codes[i]]++;
    for (size_t code = 0; code < all; code++) {
        uint32_t sum = 0;
        for (unsigned turn = 0; turn < TURNS; turn++)
            sum += tables[turn * all + code];
        counts[code < size ? code : 0] += sum;
    }
}

/* Many codes: each member's code is put together from its bits and counted by itself. */
static void tally_codes(const pt_tally *t, uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k,
                        uint16_t *codes)
{
    size_t n = t->kernels->member_codes(codes, bits, rows, k), size = pt_tally_size(t);

    if (k <= TURN_SLICES && n >= size) {
        count_in_turn(counts, size, codes, n, k, codes + PT_BLOCK + 64);
        return;
    }
    for (size_t i = 0; i < n; i++)
        counts[codes[i] < size ? codes[i] : 0]++;
}

void pt_tally_block(const pt_tally *t, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    unsigned k = pt_tagindex_slices(t->index);

    if (t->items) {
        tally_items(t, counts, bits, block);
        return;
    }
    const uint64_t *rows = pt_tagindex_rows(t->index, block);
    if (k == 0)
        counts[0] += t->kernels->count(bits);
    else if (k <= PT_SLICES_COUNTED)
        t->kernels->histogram(counts, bits, rows, k, pt_tagindex_codes(t->index));
    else
        tally_codes(t, counts, bits, rows, k, (uint16_t *)(void *)scratch);
}
