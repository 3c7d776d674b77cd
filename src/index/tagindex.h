/* The index of one tag: who has which value, as bit slices and bitmaps (docs/index-format.md). Pure: a builder turns a
 * column into bytes, a reader validates bytes it is given.
 *
 * A single-valued tag (bool, category, text of few values, number, money, date, instant, duration) has a code for each
 * customer in bit slices, a bitmap of its own for each value that many customers have, and sorted lists of the customers
 * of the others. A list has a roaring bitmap for each item. */
#ifndef PT_INDEX_TAGINDEX_H
#define PT_INDEX_TAGINDEX_H

#include "base/hash.h"
#include "index/coding.h"
#include "index/slices.h"
#include "index/tagset.h"

typedef enum pt_tagindex_kind {
    PT_TAGINDEX_NONE,   /* too many values: only the column answers */
    PT_TAGINDEX_SLICES, /* codes 1..n; of bool 1 false, 2 true; of texts the column's codes; else of the coding */
    PT_TAGINDEX_ITEMS   /* lists: items 1..n are the column's codes, item 0 is everybody who has a list */
} pt_tagindex_kind;

typedef struct pt_tagindex pt_tagindex;
typedef struct roaring_bitmap_s pt_roaring;

/* --- building ----------------------------------------------------------------------------------------------------------- */

/* The file of one tag: `*bytes` of length `*n`, to be freed with free(). The same column gives the same bytes. `column`
 * holds `ordinals` checked rows. Any number of tags may be built at once. */
pt_rc pt_tagindex_build(unsigned char **bytes, size_t *n, const pt_tag_info *tag, const pt_column *column,
                        uint32_t ordinals, pt_hash128 made_from, pt_err *err);

/* --- reading ------------------------------------------------------------------------------------------------------------ */

/* A view over bytes (a memory map) that must outlive it, 64-byte aligned. Checks header and directory; rows and bitmaps
 * when they are first asked for. `noun` is what messages call it; copied. Any number of threads. */
pt_rc pt_tagindex_open(pt_tagindex **out, const char *noun, const void *bytes, size_t n, pt_err *err);
void pt_tagindex_close(pt_tagindex *x); /* NULL is fine */
const pt_tag_info *pt_tagindex_info(const pt_tagindex *x);
pt_tagindex_kind pt_tagindex_which(const pt_tagindex *x);
uint32_t pt_tagindex_ordinals(const pt_tagindex *x);
pt_hash128 pt_tagindex_made_from(const pt_tagindex *x);
/* Codes (or items) 1..n. */
uint32_t pt_tagindex_codes(const pt_tagindex *x);
/* How many customers have a code; by code, 0 the missing (of lists: 0 those that have one). */
const uint64_t *pt_tagindex_counts(const pt_tagindex *x);
/* What the codes of a column of fixed width stand for; n == 0 for bool, texts and lists. */
const pt_coding *pt_tagindex_coding(const pt_tagindex *x);

/* Blocks of PT_BLOCK customers. */
uint32_t pt_tagindex_blocks(const pt_tagindex *x);
unsigned pt_tagindex_slices(const pt_tagindex *x);
/* Makes all rows safe to read. */
pt_rc pt_tagindex_check_rows(pt_tagindex *x, pt_err *err);
/* The rows of a block: pt_tagindex_slices of them. */
const uint64_t *pt_tagindex_rows(const pt_tagindex *x, uint32_t block);
bool pt_tagindex_has_bitmap(const pt_tagindex *x, uint32_t code);
/* The bitmap of its own that a code has, all blocks one after the other, checked; *out NULL when it has none. */
pt_rc pt_tagindex_bitmap(const uint64_t **out, pt_tagindex *x, uint32_t code, pt_err *err);
/* Whether each code that has no bitmap of its own has lists; if so, makes them safe to read. */
pt_rc pt_tagindex_check_lists(bool *has, pt_tagindex *x, pt_err *err);
/* The customers of a block with a code in [low, high] that has no bitmap of its own: their places in the block, rising within
 * a code. Gives how many. */
uint64_t pt_tagindex_list(const uint16_t **places, const pt_tagindex *x, uint32_t block, uint32_t low, uint32_t high);
/* The customers of an item, checked: to be freed with pt_roaring_free, before the index is closed. */
pt_rc pt_tagindex_item(const pt_roaring **out, pt_tagindex *x, uint32_t item, pt_err *err);
void pt_roaring_free(const pt_roaring *r); /* NULL is fine */

#endif
