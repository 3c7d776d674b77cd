/* Reading states from bytes that are checked before they are believed. */
#include <stdlib.h>

#include "history/history_int.h"

struct pt_history {
    pt_arena *arena;
    pt_frame *frame;
    history_meta meta;
};

static pt_rc open_bytes(pt_history *h, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    PT_TRY(pt_frame_open(&h->frame, HISTORY_MAGIC, HISTORY_VERSION, noun, bytes, n, err));
    PT_TRY(history_meta_read(&h->meta, h->frame, h->arena, err));
    return pt_frame_set_arrays(h->frame, h->meta.arrays, h->meta.n_pieces * HISTORY_ARRAYS, err);
}

pt_rc pt_history_open(pt_history **out, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    pt_history *h = pt_zalloc(1, sizeof *h);

    *out = NULL;
    if (!h)
        return pt_fail_nomem(err, noun);
    h->arena = pt_arena_new(0);
    pt_rc rc = h->arena ? open_bytes(h, noun, bytes, n, err) : pt_fail_nomem(err, noun);
    if (rc == PT_OK)
        *out = h;
    else
        pt_history_close(h);
    return rc;
}

void pt_history_close(pt_history *h)
{
    if (!h)
        return;
    pt_frame_close(h->frame);
    pt_arena_free(h->arena);
    free(h);
}

bool pt_history_recomputed(const pt_history *h)
{
    return h->meta.recomputed;
}

size_t pt_history_count(const pt_history *h)
{
    return h->meta.n_states;
}

const pt_history_state *pt_history_state_at(const pt_history *h, size_t state)
{
    return &h->meta.states[state];
}

static const history_piece *piece_at(const pt_history *h, size_t state, size_t piece)
{
    return &h->meta.pieces[h->meta.first[state] + piece];
}

static size_t array_of(const pt_history *h, size_t state, size_t piece, size_t which)
{
    return (h->meta.first[state] + piece) * HISTORY_ARRAYS + which;
}

int pt_history_find(const pt_history *h, size_t state, const char *name, pt_type type)
{
    for (size_t i = 0; i < h->meta.states[state].n_pieces; i++) {
        const history_piece *p = piece_at(h, state, i);
        if (p->info.type == type && strcmp(p->info.name, name) == 0)
            return (int)i;
    }
    return -1;
}

uint64_t pt_history_stored(const pt_history *h, size_t state)
{
    uint64_t n = 0;

    for (size_t i = 0; i < h->meta.states[state].n_pieces; i++)
        n += piece_at(h, state, i)->n;
    return n;
}

uint64_t pt_history_since(const pt_history *h, size_t state, size_t piece)
{
    return piece_at(h, state, piece)->since;
}

pt_rc pt_history_dict(pt_dict *out, pt_history *h, size_t state, size_t piece, pt_err *err)
{
    const history_piece *p = piece_at(h, state, piece);
    size_t offsets = array_of(h, state, piece, HISTORY_TEXT_OFFSETS);
    size_t bytes = array_of(h, state, piece, HISTORY_TEXT_BYTES);

    *out = (pt_dict){.n = (uint32_t)p->texts, .sorted = true};
    if (!pt_type_is_text(p->info.type))
        return PT_OK;
    PT_TRY(pt_frame_check(h->frame, offsets, 0, p->texts + 1, err));
    PT_TRY(pt_frame_check(h->frame, bytes, 0, p->text_bytes, err));
    out->offsets = pt_frame_values(h->frame, offsets);
    out->bytes = pt_frame_values(h->frame, bytes);
    return PT_OK;
}

/* --- values of a block --------------------------------------------------------------------------------------------------- */

/* One value as stored to one as readers have it. */
typedef struct copier {
    const history_piece *piece;
    const unsigned char *from;
    void *to;
    const uint32_t *codes;
    uint64_t most; /* the highest code */
} copier;

static uint64_t stored_code(const copier *c, uint64_t at)
{
    switch (c->piece->bits) {
    case 8: return c->from[at];
    case 16: return ((const uint16_t *)c->from)[at];
    case 32: return ((const uint32_t *)c->from)[at];
    default: {
        unsigned bits = c->piece->bits;
        return (unsigned)(c->from[at * bits / 8] >> (at * bits % 8)) & ((1u << bits) - 1);
    }
    }
}

/* False when the code is none; only values that share a byte were not checked before. */
static bool copy(const copier *c, uint64_t at, uint32_t row)
{
    pt_type type = c->piece->info.type;

    if (type == PT_TYPE_BOOL || pt_type_is_text(type)) {
        uint64_t code = stored_code(c, at);
        if (code > c->most)
            return false;
        if (type == PT_TYPE_BOOL)
            ((uint8_t *)c->to)[row] = (uint8_t)code;
        else
            ((uint32_t *)c->to)[row] = c->codes[code];
    } else if (type == PT_TYPE_DATE) {
        ((int32_t *)c->to)[row] = ((const int32_t *)c->from)[at];
    } else {
        ((int64_t *)c->to)[row] = ((const int64_t *)c->from)[at];
    }
    return true;
}

static pt_rc bad_code(const pt_history *h, pt_err *err)
{
    return pt_frame_corrupt(h->frame, err, "a value is none of the tag's");
}

static pt_rc copy_all(copier *c, uint64_t *changed, pt_history *h, size_t array, uint64_t first, uint32_t n,
                      pt_err *err)
{
    unsigned bits = c->piece->bits;
    uint64_t per = bits < 8 ? 8 / bits : 1;

    PT_TRY(pt_frame_check(h->frame, array, bits < 8 ? first / per : first, bits < 8 ? (n + per - 1) / per : n, err));
    for (uint32_t row = 0; row < n; row++)
        if (!copy(c, first + row, row))
            return bad_code(h, err);
    memset(changed, 0xFF, n / 64 * sizeof *changed);
    if (n % 64)
        changed[n / 64] |= (UINT64_C(1) << (n % 64)) - 1;
    return PT_OK;
}

static pt_rc copy_changes(copier *c, uint64_t *changed, pt_history *h, size_t state, size_t piece, uint32_t block,
                          pt_err *err)
{
    size_t blocks = array_of(h, state, piece, HISTORY_BLOCKS), rows = array_of(h, state, piece, HISTORY_ROWS);
    size_t values = array_of(h, state, piece, HISTORY_VALUES);

    PT_TRY(pt_frame_check(h->frame, blocks, block, 2, err));
    const uint64_t *starts = pt_frame_values(h->frame, blocks);
    uint64_t first = starts[block], n = starts[block + 1] - first;
    PT_TRY(pt_frame_check(h->frame, rows, first, n, err));
    PT_TRY(pt_frame_check(h->frame, values, first, n, err));
    const uint16_t *row = pt_frame_values(h->frame, rows);
    for (uint64_t i = first; i < first + n; i++) {
        if (!copy(c, i, row[i]))
            return bad_code(h, err);
        changed[row[i] / 64] |= UINT64_C(1) << (row[i] % 64);
    }
    return PT_OK;
}

pt_rc pt_history_block(void *values, uint64_t *changed, pt_history *h, size_t state, size_t piece, uint32_t block,
                       const uint32_t *codes, pt_err *err)
{
    const history_piece *p = piece_at(h, state, piece);
    size_t array = array_of(h, state, piece, HISTORY_VALUES);
    uint64_t first = (uint64_t)block * PT_HISTORY_BLOCK, ordinals = h->meta.states[state].ordinals;
    copier c = {.piece = p, .from = pt_frame_values(h->frame, array), .to = values, .codes = codes};

    c.most = p->info.type == PT_TYPE_BOOL ? PT_BOOL_MISSING : p->texts;
    if (first >= ordinals)
        return PT_OK;
    if (p->kind == PT_HISTORY_CHANGES)
        return copy_changes(&c, changed, h, state, piece, block, err);
    uint64_t n = ordinals - first < PT_HISTORY_BLOCK ? ordinals - first : PT_HISTORY_BLOCK;
    return copy_all(&c, changed, h, array, first, (uint32_t)n, err);
}
