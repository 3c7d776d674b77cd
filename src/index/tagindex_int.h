/* Shared inside index/ only: what is in an index file's directory. */
#ifndef PT_INDEX_TAGINDEX_INT_H
#define PT_INDEX_TAGINDEX_INT_H

#include "base/frame.h"
#include "index/tagindex.h"

#define TAGINDEX_MAGIC "PTTAGIDX"
enum {
    TAGINDEX_VERSION = 2,
    TAGINDEX_BLOCK_LOG2 = 18, /* of checksums: a query reads whole rows or whole bitmaps */
    TAGINDEX_ITEM_ALIGN = 64  /* of a roaring bitmap in its frozen form: its words are then lines */
};

enum {
    TAGINDEX_COUNTS,       /* customers by code, 0 first; always there */
    TAGINDEX_LOWS,         /* the coding */
    TAGINDEX_HIGHS,        /* */
    TAGINDEX_ROWS,         /* by block, slices in it */
    TAGINDEX_BITMAP_CODES, /* codes with a bitmap of their own, rising */
    TAGINDEX_BITMAPS,      /* in the same order */
    TAGINDEX_LIST_OFFSETS, /* by block and code, and the end: into the lists */
    TAGINDEX_LISTS,        /* by block and code: customers of the block, rising */
    TAGINDEX_ITEM_OFFSETS, /* by item, and the end */
    TAGINDEX_ITEM_SIZES,   /* by item, in bytes: offsets are rounded up */
    TAGINDEX_ITEM_BYTES,
    TAGINDEX_ARRAYS
};

typedef struct tagindex_meta {
    pt_tag_info info;
    pt_tagindex_kind kind;
    unsigned slices;
    uint32_t ordinals, codes, coded, bitmaps; /* coded: intervals of the coding, codes or 0 */
    uint64_t listed;                          /* customers in lists; 0: the tag has no lists */
    uint64_t item_bytes;
    pt_hash128 made_from;
    pt_frame_array arrays[TAGINDEX_ARRAYS];
    uint64_t data_bytes;
} tagindex_meta;

static inline uint32_t tagindex_blocks(uint32_t ordinals)
{
    return (uint32_t)(((uint64_t)ordinals + PT_BLOCK - 1) >> PT_BLOCK_LOG2);
}

/* Bits of codes 0..n. */
static inline unsigned tagindex_bits(uint32_t n)
{
    return n ? 32 - (unsigned)__builtin_clz(n) : 0;
}

/* Places the arrays that the counts in `m` imply; false when a file could not hold them. */
bool tagindex_meta_layout(tagindex_meta *m);
void tagindex_meta_write(pt_str *directory, const tagindex_meta *m);
pt_rc tagindex_meta_read(tagindex_meta *m, const pt_frame *f, pt_arena *a, pt_err *err);

#endif
