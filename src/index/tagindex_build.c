/* A column -> the bytes of its index. Everything lies where the file will have it from the start, so that a build holds one
 * file in memory and, of lists, the items sorted. */
#include <stdlib.h>

#include "index/roaring_write.h"
#include "index/tagindex_int.h"

/* A value that one customer in 32 has gets a bitmap of its own: to find them one row is read instead of `slices`. Customers
 * of other values are listed, which takes less room, where tags have few values or are asked for one value at a time. Ranges
 * of many numbers are the slices' work; but the missing, whom a range from the lowest value on must leave out, have a bitmap. */
enum { OWN_BITMAP_SHARE = 32, LISTED_TEXTS = 4096, LISTED_NUMBERS = 64, ASKED_IN_RANGES = 5 };

typedef struct build {
    tagindex_meta meta;
    const pt_column *column;
    pt_arena *arena;
    pt_coding coding;
    uint16_t *codes;     /* of all rows */
    uint64_t *counts;    /* by code, 0 first */
    uint64_t *room;      /* for a number a code */
    uint32_t *own;       /* codes with a bitmap of their own */
    uint32_t *members;   /* lists: ordinals, item by item */
    uint64_t *starts;    /* lists: by item 0..codes + 1, into members */
    uint64_t *offsets;   /* by item, into the bytes of items */
    uint64_t *sizes;     /* by item, in bytes */
    unsigned char *data; /* the file's data */
} build;

static void *data_of(const build *b, size_t array)
{
    return b->data + b->meta.arrays[array].at;
}

/* --- codes --------------------------------------------------------------------------------------------------------------- */

static void copy_codes(uint16_t *codes, const pt_column *c, uint32_t n)
{
    if (c->width == 2 && n)
        memcpy(codes, c->data, n * sizeof *codes);
    else if (c->width == 1)
        for (uint32_t i = 0; i < n; i++)
            codes[i] = ((const uint8_t *)c->data)[i];
    else
        for (uint32_t i = 0; i < n; i++)
            codes[i] = (uint16_t)((const uint32_t *)c->data)[i];
}

/* Codes of all rows, zeros up to whole blocks. */
static pt_rc make_codes(build *b, pt_err *err)
{
    const pt_column *c = b->column;
    tagindex_meta *m = &b->meta;

    if (pt_type_is_text(c->type) && c->dict && c->dict->n > UINT16_MAX) {
        m->kind = PT_TAGINDEX_NONE;
        return PT_OK;
    }
    if (!(b->codes = pt_zalloc(((size_t)tagindex_blocks(m->ordinals) << PT_BLOCK_LOG2) + 1, sizeof *b->codes)))
        return pt_fail_nomem(err, "an index");
    if (c->type == PT_TYPE_BOOL) {
        m->codes = 2;
        for (uint32_t i = 0; i < m->ordinals; i++) {
            uint8_t value = ((const uint8_t *)c->data)[i];
            b->codes[i] = value == PT_BOOL_MISSING ? 0 : value + 1;
        }
    } else if (pt_type_is_text(c->type)) {
        m->codes = c->dict ? c->dict->n : 0;
        copy_codes(b->codes, c, m->ordinals);
    } else {
        PT_TRY(pt_coding_make(&b->coding, b->codes, c, m->ordinals, b->arena, err));
        m->codes = m->coded = b->coding.n;
    }
    m->slices = tagindex_bits(m->codes);
    return PT_OK;
}

/* Of a bool the two slices are what bitmaps of its own would be. */
static void choose_own(build *b)
{
    tagindex_meta *m = &b->meta;
    uint64_t rest = 0;

    if (m->slices < 2 || m->info.type == PT_TYPE_BOOL)
        return;
    for (uint32_t code = 0; code <= m->codes; code++) {
        bool missing = code == 0 && m->coded && m->slices >= ASKED_IN_RANGES;
        if (b->counts[code] && (missing || b->counts[code] * OWN_BITMAP_SHARE >= m->ordinals))
            b->own[m->bitmaps++] = code;
        else
            rest += b->counts[code];
    }
    if (m->codes <= (m->coded ? LISTED_NUMBERS : LISTED_TEXTS))
        m->listed = rest;
}

/* Neighbours often have the same code, and a count must be written before it can be read again: so four counts take turns. */
static bool count_rows(build *b)
{
    size_t n = (size_t)b->meta.codes + 1;
    uint32_t i = 0, *turns = pt_zalloc(n * 4, sizeof *turns);

    if (!turns)
        return false;
    for (; b->meta.ordinals - i >= 4; i += 4)
        for (unsigned t = 0; t < 4; t++)
            turns[t * n + b->codes[i + t]]++;
    for (; i < b->meta.ordinals; i++)
        turns[b->codes[i]]++;
    for (size_t code = 0; code < n; code++)
        for (unsigned t = 0; t < 4; t++)
            b->counts[code] += turns[t * n + code];
    free(turns);
    return true;
}

static pt_rc count_codes(build *b, pt_err *err)
{
    b->counts = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)b->meta.codes + 1);
    b->own = PT_NEW_ARRAY(b->arena, uint32_t, (size_t)b->meta.codes + 1);
    b->room = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)b->meta.codes + 1);
    if (!b->counts || !b->own || !b->room)
        return pt_fail_nomem(err, "an index");
    if (b->codes && !count_rows(b))
        return pt_fail_nomem(err, "an index");
    choose_own(b);
    return PT_OK;
}

/* From the slices of the block, which are there already. */
static void write_own_bitmaps(build *b, const pt_slice_kernels *kernels, const uint64_t *rows, uint32_t block,
                              size_t customers)
{
    uint64_t all = tagindex_blocks(b->meta.ordinals), *to = data_of(b, TAGINDEX_BITMAPS);

    for (uint32_t i = 0; i < b->meta.bitmaps; i++) {
        uint64_t *row = to + (i * all + block) * PT_BLOCK_WORDS;
        memset(row, 0xFF, customers / 64 * sizeof *row);
        if (customers % 64)
            row[customers / 64] = (UINT64_C(1) << customers % 64) - 1;
        kernels->equal(row, rows, b->meta.slices, b->own[i]);
    }
}

/* Sorts the customers of a block that have no bitmap by code: `offsets` are the block's, places follow from them. */
static void write_lists(build *b, const uint16_t *codes, uint64_t *offsets, uint64_t *at, size_t customers)
{
    uint16_t *places = data_of(b, TAGINDEX_LISTS);
    uint64_t end = offsets[0];

    memset(at, 0, ((size_t)b->meta.codes + 1) * sizeof *at);
    for (size_t i = 0; i < customers; i++)
        at[codes[i]]++;
    for (uint32_t i = 0; i < b->meta.bitmaps; i++)
        at[b->own[i]] = 0;
    for (uint32_t code = 0; code <= b->meta.codes; code++) {
        uint64_t n = at[code];
        at[code] = n ? end : UINT64_MAX;
        end += n;
        offsets[code + 1] = end;
    }
    for (size_t i = 0; i < customers; i++)
        if (at[codes[i]] != UINT64_MAX)
            places[at[codes[i]]++] = (uint16_t)i;
}

static void write_codes(build *b)
{
    const pt_slice_kernels *kernels = pt_slice_kernels_best();
    uint64_t *offsets = data_of(b, TAGINDEX_LIST_OFFSETS);
    uint64_t *rows = data_of(b, TAGINDEX_ROWS);
    size_t block_words = (size_t)b->meta.slices * PT_BLOCK_WORDS;

    for (uint32_t block = 0; b->meta.slices && block < tagindex_blocks(b->meta.ordinals); block++) {
        uint64_t first = (uint64_t)block << PT_BLOCK_LOG2, left = b->meta.ordinals - first;
        size_t customers = left < PT_BLOCK ? left : PT_BLOCK;
        const uint16_t *codes = b->codes + first;
        kernels->pack(rows + block * block_words, codes, b->meta.slices);
        write_own_bitmaps(b, kernels, rows + block * block_words, block, customers);
        if (b->meta.listed)
            write_lists(b, codes, offsets + block * ((size_t)b->meta.codes + 1), b->room, customers);
    }
    if (b->meta.coded) {
        memcpy(data_of(b, TAGINDEX_LOWS), b->coding.lows, b->coding.n * sizeof *b->coding.lows);
        memcpy(data_of(b, TAGINDEX_HIGHS), b->coding.highs, b->coding.n * sizeof *b->coding.highs);
    }
    if (b->meta.bitmaps)
        memcpy(data_of(b, TAGINDEX_BITMAP_CODES), b->own, b->meta.bitmaps * sizeof *b->own);
}

/* --- items --------------------------------------------------------------------------------------------------------------- */

static bool has_list(const pt_column *c, uint64_t row)
{
    return !(c->absent && c->absent[row]);
}

/* Sorts ordinals by item; item 0 is everybody with a list. Lists have no repeats, so counts are those of customers. */
static pt_rc sort_members(build *b, pt_err *err)
{
    const pt_column *c = b->column;
    uint32_t n = b->meta.ordinals, items = b->meta.codes = c->dict ? c->dict->n : 0;
    uint64_t total = n ? c->offsets[n] - c->offsets[0] + n : 0;

    b->counts = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)items + 1);
    b->starts = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)items + 2);
    b->members = malloc((total ? total : 1) * sizeof *b->members);
    if (!b->counts || !b->starts || !b->members)
        return pt_fail_nomem(err, "an index");
    for (uint32_t row = 0; row < n; row++) {
        b->counts[0] += has_list(c, row);
        for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++)
            b->counts[pt_column_code(c, i)]++;
    }
    for (uint32_t item = 0; item <= items; item++)
        b->starts[item + 1] = b->starts[item] + b->counts[item];
    uint64_t *at = malloc(((size_t)items + 1) * sizeof *at);
    if (!at)
        return pt_fail_nomem(err, "an index");
    memcpy(at, b->starts, ((size_t)items + 1) * sizeof *at);
    for (uint32_t row = 0; row < n; row++) {
        if (has_list(c, row))
            b->members[at[0]++] = row;
        for (uint64_t i = c->offsets[row]; i < c->offsets[row + 1]; i++)
            b->members[at[pt_column_code(c, i)]++] = row;
    }
    free(at);
    return PT_OK;
}

static pt_rc make_items(build *b, pt_err *err)
{
    PT_TRY(sort_members(b, err));
    uint32_t items = b->meta.codes;
    b->offsets = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)items + 2);
    b->sizes = PT_NEW_ARRAY(b->arena, uint64_t, (size_t)items + 1);
    if (!b->offsets || !b->sizes)
        return pt_fail_nomem(err, "an index");
    for (uint32_t item = 0; item <= items; item++) {
        b->sizes[item] = roaring_write_size(b->members + b->starts[item], b->counts[item]);
        b->offsets[item + 1] =
            (b->offsets[item] + b->sizes[item] + TAGINDEX_ITEM_ALIGN - 1) & -(uint64_t)TAGINDEX_ITEM_ALIGN;
    }
    b->meta.item_bytes = b->offsets[items + 1];
    return PT_OK;
}

static void write_items(build *b)
{
    unsigned char *bytes = data_of(b, TAGINDEX_ITEM_BYTES);
    size_t n = (size_t)b->meta.codes + 2;

    memcpy(data_of(b, TAGINDEX_ITEM_OFFSETS), b->offsets, n * sizeof *b->offsets);
    memcpy(data_of(b, TAGINDEX_ITEM_SIZES), b->sizes, (n - 1) * sizeof *b->sizes);
    for (uint32_t item = 0; item <= b->meta.codes; item++)
        roaring_write(bytes + b->offsets[item], b->members + b->starts[item], b->counts[item]);
}

/* --- the file ------------------------------------------------------------------------------------------------------------ */

static pt_rc seal(unsigned char **bytes, size_t *n, build *b, const pt_frame_head *head, pt_err *err)
{
    uint64_t head_bytes = pt_frame_head_bytes(head), blocks = pt_frame_blocks(b->meta.data_bytes, TAGINDEX_BLOCK_LOG2);
    uint64_t *sums = PT_NEW_ARRAY(b->arena, uint64_t, blocks), size = UINT64_C(1) << TAGINDEX_BLOCK_LOG2;
    unsigned char *file = pt_alloc64(head_bytes + b->meta.data_bytes + 1, 1);

    if (!sums || !file) {
        free(file);
        return pt_fail_nomem(err, "an index");
    }
    memset(file, 0, head_bytes + b->meta.data_bytes);
    b->data = file + head_bytes;
    memcpy(data_of(b, TAGINDEX_COUNTS), b->counts, ((size_t)b->meta.codes + 1) * sizeof *b->counts);
    if (b->meta.kind == PT_TAGINDEX_ITEMS)
        write_items(b);
    else
        write_codes(b);
    for (uint64_t i = 0; i < blocks; i++) {
        uint64_t left = b->meta.data_bytes - i * size;
        sums[i] = pt_hash64(b->data + i * size, left < size ? left : size);
    }
    pt_frame_seal(file, head, sums);
    *bytes = file;
    *n = head_bytes + b->meta.data_bytes;
    return PT_OK;
}

static pt_rc make_file(unsigned char **bytes, size_t *n, build *b, pt_err *err)
{
    pt_str directory = {0};

    if (!tagindex_meta_layout(&b->meta))
        return pt_fail(err, PT_EINVAL, "the index of tag '%s' would be too large for a file", b->meta.info.name);
    tagindex_meta_write(&directory, &b->meta);
    pt_rc rc = pt_str_check(&directory, err);
    pt_frame_head head = {.magic = TAGINDEX_MAGIC,
                          .version = TAGINDEX_VERSION,
                          .block_log2 = TAGINDEX_BLOCK_LOG2,
                          .directory = {directory.ptr, directory.len},
                          .data_bytes = b->meta.data_bytes};
    if (rc == PT_OK)
        rc = seal(bytes, n, b, &head, err);
    pt_str_free(&directory);
    return rc;
}

pt_rc pt_tagindex_build(unsigned char **bytes, size_t *n, const pt_tag_info *tag, const pt_column *column,
                        uint32_t ordinals, pt_hash128 made_from, pt_err *err)
{
    build b = {.column = column, .arena = pt_arena_new(0)};

    *bytes = NULL;
    *n = 0;
    b.meta = (tagindex_meta){.info = *tag, .ordinals = ordinals, .made_from = made_from};
    b.meta.kind = pt_type_is_list(tag->type) ? PT_TAGINDEX_ITEMS : PT_TAGINDEX_SLICES;
    pt_rc rc = !b.arena                           ? pt_fail_nomem(err, "an index")
               : b.meta.kind == PT_TAGINDEX_ITEMS ? make_items(&b, err)
                                                  : make_codes(&b, err);
    if (rc == PT_OK && b.meta.kind != PT_TAGINDEX_ITEMS)
        rc = count_codes(&b, err);
    if (rc == PT_OK)
        rc = make_file(bytes, n, &b, err);
    free(b.members);
    free(b.codes);
    pt_arena_free(b.arena);
    return rc;
}
