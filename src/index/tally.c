#include "index/tally.h"

#include <stdlib.h>

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

static void tally_items(const pt_tally *t, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    for (size_t item = 0; item < pt_tally_size(t); item++) {
        const uint64_t *row = roaring_block(scratch, t->items[item], block);
        counts[item] += row ? t->kernels->count_and(bits, row) : 0;
    }
}

/* Many codes: each member's code is put together from its bits and counted by itself. */
static void tally_codes(const pt_tally *t, uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k,
                        uint16_t *codes)
{
    t->kernels->unpack(codes, rows, k);
    for (size_t w = 0; w < PT_BLOCK_WORDS; w++)
        for (uint64_t left = bits[w]; left; left &= left - 1) {
            uint16_t code = codes[w * 64 + (unsigned)__builtin_ctzll(left)];
            counts[code < pt_tally_size(t) ? code : 0]++;
        }
}

void pt_tally_block(const pt_tally *t, uint64_t *counts, const uint64_t *bits, uint32_t block, uint64_t *scratch)
{
    unsigned k = pt_tagindex_slices(t->index);

    if (t->items) {
        tally_items(t, counts, bits, block, scratch);
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
