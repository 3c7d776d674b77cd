/* The directory of an index file and the arrays that follow from it: docs/index-format.md. */
#include "index/tagindex_int.h"

static pt_frame_array array(const char *role, pt_frame_kind kind, uint8_t width, uint64_t n)
{
    return (pt_frame_array){.role = role, .kind = kind, .width = width, .n = n};
}

bool tagindex_meta_layout(tagindex_meta *m)
{
    uint64_t words = (uint64_t)tagindex_blocks(m->ordinals) * PT_BLOCK_WORDS;
    bool items = m->kind == PT_TAGINDEX_ITEMS;

    m->arrays[TAGINDEX_COUNTS] = array("counts", PT_FRAME_RAW, 8, (uint64_t)m->codes + 1);
    m->arrays[TAGINDEX_LOWS] = array("lows", PT_FRAME_RAW, 8, m->coded);
    m->arrays[TAGINDEX_HIGHS] = array("highs", PT_FRAME_RAW, 8, m->coded);
    m->arrays[TAGINDEX_ROWS] = array("slices", PT_FRAME_RAW, 8, words * m->slices);
    m->arrays[TAGINDEX_BITMAP_CODES] = array("codes", PT_FRAME_CODES, 4, m->bitmaps);
    m->arrays[TAGINDEX_BITMAP_CODES].low = 0;
    m->arrays[TAGINDEX_BITMAP_CODES].high = m->codes;
    m->arrays[TAGINDEX_BITMAPS] = array("bitmaps", PT_FRAME_RAW, 8, words * m->bitmaps);
    uint64_t lists = m->listed ? (uint64_t)tagindex_blocks(m->ordinals) * ((uint64_t)m->codes + 1) + 1 : 0;
    m->arrays[TAGINDEX_LIST_OFFSETS] = array("offsets of lists", PT_FRAME_OFFSETS, 8, lists);
    m->arrays[TAGINDEX_LIST_OFFSETS].high = m->listed;
    m->arrays[TAGINDEX_LISTS] = array("lists", PT_FRAME_RAW, 2, m->listed);
    m->arrays[TAGINDEX_ITEM_OFFSETS] = array("items", PT_FRAME_OFFSETS, 8, items ? (uint64_t)m->codes + 2 : 0);
    m->arrays[TAGINDEX_ITEM_OFFSETS].high = m->item_bytes;
    m->arrays[TAGINDEX_ITEM_SIZES] = array("sizes", PT_FRAME_RAW, 8, items ? (uint64_t)m->codes + 1 : 0);
    m->arrays[TAGINDEX_ITEM_BYTES] = array("bitmaps of items", PT_FRAME_RAW, 1, m->item_bytes);
    for (size_t i = 0; i < TAGINDEX_ARRAYS; i++)
        m->arrays[i].column = m->info.name;
    return pt_frame_layout(m->arrays, TAGINDEX_ARRAYS, &m->data_bytes);
}

void tagindex_meta_write(pt_str *out, const tagindex_meta *m)
{
    uint8_t bytes[4] = {(uint8_t)m->info.type, (uint8_t)m->kind, (uint8_t)m->slices, 0};

    pt_frame_put64(out, m->ordinals);
    pt_frame_put64(out, m->made_from.lo);
    pt_frame_put64(out, m->made_from.hi);
    pt_frame_put_text(out, m->info.name);
    pt_frame_put(out, bytes, sizeof bytes);
    pt_frame_put64(out, m->codes);
    pt_frame_put64(out, m->coded);
    pt_frame_put64(out, m->bitmaps);
    pt_frame_put64(out, m->listed);
    pt_frame_put64(out, m->item_bytes);
}

static bool sound(const tagindex_meta *m)
{
    if (m->info.type <= PT_TYPE_NONE || m->info.type >= PT_TYPE_COUNT || m->kind > PT_TAGINDEX_ITEMS)
        return false;
    if ((m->kind == PT_TAGINDEX_ITEMS) != pt_type_is_list(m->info.type))
        return false;
    if (m->kind != PT_TAGINDEX_SLICES)
        return m->slices == 0 && m->coded == 0 && m->bitmaps == 0 && !m->listed &&
               (m->kind == PT_TAGINDEX_ITEMS || !m->item_bytes);
    bool coding = !pt_type_is_text(m->info.type) && m->info.type != PT_TYPE_BOOL;
    return m->item_bytes == 0 && m->codes <= UINT16_MAX && m->slices == tagindex_bits(m->codes) &&
           m->bitmaps <= m->codes + 1 && m->listed <= m->ordinals && m->coded == (coding ? m->codes : 0);
}

pt_rc tagindex_meta_read(tagindex_meta *m, const pt_frame *f, pt_arena *a, pt_err *err)
{
    pt_frame_cursor c = {.rest = pt_frame_directory(f)};
    uint8_t bytes[4];
    uint64_t ordinals = pt_frame_get64(&c);

    m->made_from.lo = pt_frame_get64(&c);
    m->made_from.hi = pt_frame_get64(&c);
    m->info.name = pt_frame_get_text(&c, a);
    pt_frame_get(&c, bytes, sizeof bytes);
    uint64_t codes = pt_frame_get64(&c), coded = pt_frame_get64(&c), bitmaps = pt_frame_get64(&c);
    m->listed = pt_frame_get64(&c);
    m->item_bytes = pt_frame_get64(&c);
    m->info.type = (pt_type)bytes[0];
    m->kind = (pt_tagindex_kind)bytes[1];
    m->slices = bytes[2];
    if (c.failed || c.rest.len || ordinals > UINT32_MAX || codes >= UINT32_MAX || coded > codes || bitmaps > codes + 1)
        return pt_frame_corrupt(f, err, "its directory has impossible counts");
    m->ordinals = (uint32_t)ordinals;
    m->codes = (uint32_t)codes;
    m->coded = (uint32_t)coded;
    m->bitmaps = (uint32_t)bitmaps;
    if (!m->info.name)
        return pt_fail_nomem(err, pt_frame_noun(f));
    if (!sound(m) || !tagindex_meta_layout(m))
        return pt_frame_corrupt(f, err, "its directory describes an impossible index");
    return PT_OK;
}
