/* Reading an index from bytes that are checked before they are believed. */
#include <errno.h>
#include <stdlib.h>

#include <roaring.h>

#include "index/tagindex_int.h"

struct pt_tagindex {
    pt_arena *arena;
    pt_frame *frame;
    tagindex_meta meta;
    pt_coding coding;
    const uint64_t *counts, *rows, *bitmaps;
    const uint32_t *bitmap_codes;
};

static const void *values(const pt_tagindex *x, size_t array)
{
    return pt_frame_values(x->frame, array);
}

static pt_rc check_all(pt_tagindex *x, size_t array, pt_err *err)
{
    return pt_frame_check(x->frame, array, 0, x->meta.arrays[array].n, err);
}

static bool sound_coding(const pt_coding *g)
{
    for (uint32_t i = 0; i < g->n; i++)
        if (g->lows[i] > g->highs[i] || (i && g->highs[i - 1] >= g->lows[i]))
            return false;
    return true;
}

/* No more customers than there are, so that sums of counts cannot overflow. */
static bool sound_counts(const pt_tagindex *x)
{
    for (uint64_t i = 0; i <= x->meta.codes; i++)
        if (x->counts[i] > x->meta.ordinals)
            return false;
    return true;
}

static pt_rc read_small_arrays(pt_tagindex *x, pt_err *err)
{
    static const size_t small[] = {TAGINDEX_COUNTS, TAGINDEX_LOWS, TAGINDEX_HIGHS, TAGINDEX_BITMAP_CODES};

    for (size_t i = 0; i < PT_COUNT(small); i++)
        PT_TRY(check_all(x, small[i], err));
    x->counts = values(x, TAGINDEX_COUNTS);
    x->rows = values(x, TAGINDEX_ROWS);
    x->bitmaps = values(x, TAGINDEX_BITMAPS);
    x->bitmap_codes = values(x, TAGINDEX_BITMAP_CODES);
    x->coding = (pt_coding){.n = x->meta.coded, .lows = values(x, TAGINDEX_LOWS), .highs = values(x, TAGINDEX_HIGHS)};
    if (!sound_coding(&x->coding) || !sound_counts(x))
        return pt_frame_corrupt(x->frame, err, "its values are not in order");
    return PT_OK;
}

static pt_rc open_bytes(pt_tagindex *x, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    PT_TRY(pt_frame_open(&x->frame, TAGINDEX_MAGIC, TAGINDEX_VERSION, noun, bytes, n, err));
    PT_TRY(tagindex_meta_read(&x->meta, x->frame, x->arena, err));
    PT_TRY(pt_frame_set_arrays(x->frame, x->meta.arrays, TAGINDEX_ARRAYS, err));
    return read_small_arrays(x, err);
}

pt_rc pt_tagindex_open(pt_tagindex **out, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    pt_tagindex *x = pt_zalloc(1, sizeof *x);

    *out = NULL;
    if (!x)
        return pt_fail_nomem(err, noun);
    x->arena = pt_arena_new(0);
    pt_rc rc = x->arena ? open_bytes(x, noun, bytes, n, err) : pt_fail_nomem(err, noun);
    if (rc == PT_OK)
        *out = x;
    else
        pt_tagindex_close(x);
    return rc;
}

void pt_tagindex_close(pt_tagindex *x)
{
    if (!x)
        return;
    pt_frame_close(x->frame);
    pt_arena_free(x->arena);
    free(x);
}

const pt_tag_info *pt_tagindex_info(const pt_tagindex *x)
{
    return &x->meta.info;
}

pt_tagindex_kind pt_tagindex_which(const pt_tagindex *x)
{
    return x->meta.kind;
}

uint32_t pt_tagindex_ordinals(const pt_tagindex *x)
{
    return x->meta.ordinals;
}

pt_hash128 pt_tagindex_made_from(const pt_tagindex *x)
{
    return x->meta.made_from;
}

uint32_t pt_tagindex_codes(const pt_tagindex *x)
{
    return x->meta.codes;
}

const uint64_t *pt_tagindex_counts(const pt_tagindex *x)
{
    return x->counts;
}

const pt_coding *pt_tagindex_coding(const pt_tagindex *x)
{
    return &x->coding;
}

uint32_t pt_tagindex_blocks(const pt_tagindex *x)
{
    return tagindex_blocks(x->meta.ordinals);
}

unsigned pt_tagindex_slices(const pt_tagindex *x)
{
    return x->meta.slices;
}

pt_rc pt_tagindex_check_rows(pt_tagindex *x, pt_err *err)
{
    return check_all(x, TAGINDEX_ROWS, err);
}

const uint64_t *pt_tagindex_rows(const pt_tagindex *x, uint32_t block)
{
    return x->rows + (size_t)block * x->meta.slices * PT_BLOCK_WORDS;
}

bool pt_tagindex_has_bitmap(const pt_tagindex *x, uint32_t code)
{
    for (uint32_t i = 0; i < x->meta.bitmaps; i++)
        if (x->bitmap_codes[i] == code)
            return true;
    return false;
}

pt_rc pt_tagindex_bitmap(const uint64_t **out, pt_tagindex *x, uint32_t code, pt_err *err)
{
    uint64_t words = (uint64_t)pt_tagindex_blocks(x) * PT_BLOCK_WORDS;

    *out = NULL;
    for (uint32_t i = 0; i < x->meta.bitmaps; i++) {
        if (x->bitmap_codes[i] != code)
            continue;
        PT_TRY(pt_frame_check(x->frame, TAGINDEX_BITMAPS, i * words, words, err));
        *out = x->bitmaps + i * words;
        return PT_OK;
    }
    return PT_OK;
}

pt_rc pt_tagindex_check_lists(bool *has, pt_tagindex *x, pt_err *err)
{
    *has = x->meta.listed > 0;
    PT_TRY(check_all(x, TAGINDEX_LIST_OFFSETS, err));
    return check_all(x, TAGINDEX_LISTS, err);
}

uint64_t pt_tagindex_list(const uint16_t **places, const pt_tagindex *x, uint32_t block, uint32_t low, uint32_t high)
{
    const uint64_t *offsets =
        (const uint64_t *)values(x, TAGINDEX_LIST_OFFSETS) + block * ((uint64_t)x->meta.codes + 1);
    uint64_t first = offsets[low];

    *places = (const uint16_t *)values(x, TAGINDEX_LISTS) + first;
    return offsets[(uint64_t)high + 1] - first;
}

/* --- items --------------------------------------------------------------------------------------------------------------- */

/* CRoaring's view believes what it sees: what it does not look at itself is checked here, so that a hostile file cannot
 * lead it astray. */
static bool sound_roaring(const pt_tagindex *x, const roaring_bitmap_t *r, uint32_t item)
{
    const char *reason;

    return roaring_bitmap_internal_validate(r, &reason) && roaring_bitmap_get_cardinality(r) == x->counts[item] &&
           (roaring_bitmap_is_empty(r) || roaring_bitmap_maximum(r) < x->meta.ordinals);
}

pt_rc pt_tagindex_item(const pt_roaring **out, pt_tagindex *x, uint32_t item, pt_err *err)
{
    const uint64_t *offsets = values(x, TAGINDEX_ITEM_OFFSETS), *sizes = values(x, TAGINDEX_ITEM_SIZES);

    *out = NULL;
    if (x->meta.kind != PT_TAGINDEX_ITEMS || item > x->meta.codes)
        return pt_fail(err, PT_EINTERNAL, "tag '%s' has no item %u", x->meta.info.name, item);
    PT_TRY(pt_frame_check(x->frame, TAGINDEX_ITEM_OFFSETS, item, 2, err));
    PT_TRY(pt_frame_check(x->frame, TAGINDEX_ITEM_SIZES, item, 1, err));
    uint64_t at = offsets[item], size = sizes[item];
    if (at % TAGINDEX_ITEM_ALIGN || size > offsets[item + 1] - at)
        return pt_frame_corrupt(x->frame, err, "an item's bitmap is not where it should be");
    PT_TRY(pt_frame_check(x->frame, TAGINDEX_ITEM_BYTES, at, size, err));
    errno = 0; /* the view may also fail for want of memory, which it does not tell */
    const roaring_bitmap_t *r = roaring_bitmap_frozen_view((const char *)values(x, TAGINDEX_ITEM_BYTES) + at, size);
    if (!r && errno == ENOMEM)
        return pt_fail_nomem(err, pt_frame_noun(x->frame));
    if (!r)
        return pt_frame_corrupt(x->frame, err, "an item's bitmap cannot be read");
    if (!sound_roaring(x, r, item)) {
        roaring_bitmap_free(r);
        return pt_frame_corrupt(x->frame, err, "an item's bitmap contradicts itself");
    }
    *out = r;
    return PT_OK;
}

void pt_roaring_free(const pt_roaring *r)
{
    if (r)
        roaring_bitmap_free(r);
}
