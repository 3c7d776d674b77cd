#include "history/history_int.h"

bool pt_history_takes(pt_type type)
{
    return type > PT_TYPE_NONE && type < PT_TYPE_COUNT && !pt_type_is_list(type);
}

unsigned pt_history_width(pt_type type)
{
    return type == PT_TYPE_BOOL ? 1 : pt_type_is_text(type) || type == PT_TYPE_DATE ? 4 : 8;
}

/* --- arrays ------------------------------------------------------------------------------------------------------------ */

static pt_frame_array array(const history_piece *p, const char *role, pt_frame_kind kind, uint8_t width, uint64_t n,
                            uint64_t high)
{
    return (pt_frame_array){.role = role, .column = p->info.name, .kind = kind, .width = width, .n = n, .high = high};
}

/* Values that share a byte are checked when they are unpacked. */
static pt_frame_array value_array(const history_piece *p)
{
    bool code = pt_type_is_text(p->info.type) || p->info.type == PT_TYPE_BOOL;
    uint64_t high = p->info.type == PT_TYPE_BOOL ? PT_BOOL_MISSING : p->texts;

    if (p->bits < 8)
        return array(p, "values", PT_FRAME_RAW, 1, history_value_bytes(p->n, p->bits), 0);
    pt_frame_kind kind = code ? PT_FRAME_CODES : p->info.type == PT_TYPE_NUMBER ? PT_FRAME_NUMBERS : PT_FRAME_RAW;
    return array(p, "values", kind, (uint8_t)(p->bits / 8), p->n, code ? high : 0);
}

static void place_piece(pt_frame_array *arrays, const history_piece *p, uint64_t ordinals)
{
    bool texts = pt_type_is_text(p->info.type), changes = p->kind == PT_HISTORY_CHANGES;

    arrays[HISTORY_TEXT_OFFSETS] = array(p, "texts", PT_FRAME_OFFSETS, 8, texts ? p->texts + 1 : 0, p->text_bytes);
    arrays[HISTORY_TEXT_BYTES] = array(p, "text bytes", PT_FRAME_RAW, 1, p->text_bytes, 0);
    arrays[HISTORY_BLOCKS] = array(p, "blocks", PT_FRAME_OFFSETS, 8, changes ? history_blocks(ordinals) + 1 : 0, p->n);
    arrays[HISTORY_ROWS] = array(p, "rows", PT_FRAME_RAW, 2, changes ? p->n : 0, 0);
    arrays[HISTORY_VALUES] = value_array(p);
}

bool history_layout(history_meta *m)
{
    for (size_t s = 0; s < m->n_states; s++)
        for (size_t i = m->first[s]; i < m->first[s + 1]; i++)
            place_piece(m->arrays + i * HISTORY_ARRAYS, &m->pieces[i], m->states[s].ordinals);
    return pt_frame_layout(m->arrays, m->n_pieces * HISTORY_ARRAYS, &m->data_bytes);
}

/* --- the directory ------------------------------------------------------------------------------------------------------ */

void history_meta_write(pt_str *out, const history_meta *m)
{
    pt_frame_put64(out, m->recomputed);
    pt_frame_put64(out, m->n_states);
    for (size_t s = 0; s < m->n_states; s++) {
        const pt_history_state *state = &m->states[s];
        pt_frame_put64(out, (uint64_t)state->as_of);
        pt_frame_put64(out, state->ordinals);
        pt_frame_put64(out, state->identity);
        pt_frame_put_text(out, state->base);
        pt_frame_put64(out, state->n_pieces);
        for (size_t i = m->first[s]; i < m->first[s + 1]; i++) {
            const history_piece *p = &m->pieces[i];
            uint8_t bytes[4] = {(uint8_t)p->info.type, (uint8_t)p->kind, p->bits, 0};
            pt_frame_put_text(out, p->info.name);
            pt_frame_put(out, bytes, sizeof bytes);
            pt_frame_put64(out, p->n);
            pt_frame_put64(out, p->since);
            pt_frame_put64(out, p->texts);
            pt_frame_put64(out, p->text_bytes);
        }
    }
}

static bool sound_bits(const history_piece *p)
{
    switch (p->info.type) {
    case PT_TYPE_BOOL: return p->bits == 2 || p->bits == 8;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return p->bits == 2 || p->bits == 4 || p->bits == 8 || p->bits == 16 || p->bits == 32;
    case PT_TYPE_DATE: return p->bits == 32;
    default: return p->bits == 64;
    }
}

static bool sound_piece(const history_piece *p, const pt_history_state *s)
{
    bool whole = p->kind == PT_HISTORY_WHOLE, texts = pt_type_is_text(p->info.type);

    if (!pt_history_takes(p->info.type) || p->kind > PT_HISTORY_CHANGES || !sound_bits(p))
        return false;
    if (whole ? p->n != s->ordinals : p->n > s->ordinals || p->bits < 8)
        return false;
    return texts ? p->texts < UINT32_MAX && p->text_bytes < UINT64_C(1) << 56 : p->texts == 0 && p->text_bytes == 0;
}

/* The least that a state and a piece take in the directory: what bounds their number. */
enum { LEAST_STATE = 4 * 8 + 4, LEAST_PIECE = 4 + 4 + 4 * 8 };

typedef struct reading {
    pt_frame_cursor cursor;
    const pt_frame *frame;
    history_meta *meta;
    pt_arena *arena;
    size_t most; /* pieces there is room for */
} reading;

static pt_rc impossible(const reading *r, pt_err *err)
{
    return pt_frame_corrupt(r->frame, err, "its directory is impossible");
}

static pt_rc read_piece(reading *r, const pt_history_state *s, pt_err *err)
{
    pt_frame_cursor *c = &r->cursor;
    uint8_t bytes[4];

    if (r->meta->n_pieces == r->most)
        return impossible(r, err);
    history_piece *p = &r->meta->pieces[r->meta->n_pieces++];
    p->info.name = pt_frame_get_text(c, r->arena);
    pt_frame_get(c, bytes, sizeof bytes);
    p->info.type = (pt_type)bytes[0];
    p->kind = (pt_history_kind)bytes[1];
    p->bits = bytes[2];
    p->n = pt_frame_get64(c);
    p->since = pt_frame_get64(c);
    p->texts = pt_frame_get64(c);
    p->text_bytes = pt_frame_get64(c);
    if (c->failed || !sound_piece(p, s))
        return impossible(r, err);
    return p->info.name ? PT_OK : pt_fail_nomem(err, pt_frame_noun(r->frame));
}

static pt_rc read_state(reading *r, size_t at, pt_err *err)
{
    pt_frame_cursor *c = &r->cursor;
    pt_history_state *s = &r->meta->states[at];
    uint64_t ordinals;

    s->as_of = (int64_t)pt_frame_get64(c);
    ordinals = pt_frame_get64(c);
    s->identity = pt_frame_get64(c);
    s->base = pt_frame_get_text(c, r->arena);
    s->n_pieces = pt_frame_get64(c);
    if (c->failed || ordinals > UINT32_MAX || s->n_pieces > c->rest.len / LEAST_PIECE)
        return impossible(r, err);
    if (!s->base)
        return pt_fail_nomem(err, pt_frame_noun(r->frame));
    s->ordinals = (uint32_t)ordinals;
    r->meta->first[at] = r->meta->n_pieces;
    for (size_t i = 0; i < s->n_pieces; i++)
        PT_TRY(read_piece(r, s, err));
    r->meta->first[at + 1] = r->meta->n_pieces;
    return PT_OK;
}

pt_rc history_meta_read(history_meta *m, const pt_frame *f, pt_arena *a, pt_err *err)
{
    reading r = {.cursor = {.rest = pt_frame_directory(f)}, .frame = f, .meta = m, .arena = a};

    m->recomputed = pt_frame_get64(&r.cursor) != 0;
    m->n_states = pt_frame_get64(&r.cursor);
    if (r.cursor.failed || m->n_states > r.cursor.rest.len / LEAST_STATE)
        return impossible(&r, err);
    r.most = r.cursor.rest.len / LEAST_PIECE;
    m->states = PT_NEW_ARRAY(a, pt_history_state, m->n_states);
    m->pieces = PT_NEW_ARRAY(a, history_piece, r.most);
    m->first = PT_NEW_ARRAY(a, size_t, m->n_states + 1);
    if (!m->states || !m->pieces || !m->first)
        return pt_fail_nomem(err, pt_frame_noun(f));
    for (size_t s = 0; s < m->n_states; s++)
        PT_TRY(read_state(&r, s, err));
    if (r.cursor.rest.len)
        return impossible(&r, err);
    m->arrays = PT_NEW_ARRAY(a, pt_frame_array, m->n_pieces * HISTORY_ARRAYS);
    if (!m->arrays)
        return pt_fail_nomem(err, pt_frame_noun(f));
    return history_layout(m) ? PT_OK : impossible(&r, err);
}
