/* A tag's column against what it was: the values that changed, or all of them. */
#include <stdlib.h>

#include "history/history_int.h"

typedef struct maker {
    pt_history_piece *out;
    const pt_column *now, *was; /* was NULL: all is new */
    uint32_t n, n_was;          /* rows */
    uint32_t *same;             /* texts: the code of now that each code of was is, UINT32_MAX: none */
    uint32_t *codes;            /* texts: the code of the piece for each code of now; 0: not used */
} maker;

/* --- comparing ----------------------------------------------------------------------------------------------------------- */

/* Both dictionaries are sorted: one walk. */
static pt_rc match_texts(maker *m, pt_err *err)
{
    const pt_dict *now = m->now->dict, *was = m->was->dict;
    uint32_t k = 1;

    if (!(m->same = malloc(((size_t)was->n + 1) * sizeof *m->same)))
        return pt_fail_nomem(err, "history");
    m->same[0] = 0;
    for (uint32_t i = 1; i <= was->n; i++) {
        pt_sv text = pt_dict_text(was, i);
        while (k <= now->n && pt_sv_cmp(pt_dict_text(now, k), text) < 0)
            k++;
        m->same[i] = k <= now->n && pt_sv_eq(pt_dict_text(now, k), text) ? k : UINT32_MAX;
    }
    return PT_OK;
}

static bool same_value(const maker *m, uint32_t row)
{
    const pt_column *now = m->now, *was = m->was;

    if (row >= m->n_was)
        return pt_column_missing(now, row);
    if (pt_type_is_text(now->type))
        return m->same[pt_column_code(was, row)] == pt_column_code(now, row);
    unsigned width = pt_history_width(now->type);
    if (now->type == PT_TYPE_NUMBER && pt_column_missing(now, row))
        return pt_column_missing(was, row);
    return memcmp((const char *)now->data + (size_t)row * width, (const char *)was->data + (size_t)row * width,
                  width) == 0;
}

/* A bit for each row that changed; how many in *n. */
static uint64_t *find_changes(const maker *m, uint64_t *n)
{
    uint64_t *changed = pt_zalloc(((size_t)m->n + 63) / 64 + 1, sizeof *changed);

    *n = 0;
    for (uint32_t row = 0; changed && row < m->n; row++) {
        if (same_value(m, row))
            continue;
        changed[row / 64] |= UINT64_C(1) << (row % 64);
        ++*n;
    }
    return changed;
}

/* --- texts --------------------------------------------------------------------------------------------------------------- */

static bool is_kept(const uint64_t *changed, uint32_t row)
{
    return !changed || (changed[row / 64] >> (row % 64) & 1);
}

/* The texts of the rows that are stored, sorted as the column's are. */
static pt_rc keep_texts(maker *m, const uint64_t *changed, pt_err *err)
{
    const pt_dict *d = m->now->dict;
    pt_history_piece *p = m->out;
    uint64_t bytes = 0;

    m->codes = pt_zalloc((size_t)d->n + 1, sizeof *m->codes);
    if (!m->codes)
        return pt_fail_nomem(err, "history");
    for (uint32_t row = 0; row < m->n; row++)
        if (is_kept(changed, row))
            m->codes[pt_column_code(m->now, row)] = 1;
    m->codes[0] = 0;
    for (uint32_t code = 1; code <= d->n; code++)
        if (m->codes[code]) {
            m->codes[code] = (uint32_t)++p->texts;
            bytes += pt_dict_text(d, code).len;
        }
    p->offsets = malloc((p->texts + 1) * sizeof *p->offsets);
    p->bytes = malloc(bytes + 1);
    if (!p->offsets || !p->bytes)
        return pt_fail_nomem(err, "history");
    bytes = 0;
    for (uint32_t code = 1; code <= d->n; code++) {
        pt_sv text = pt_dict_text(d, code);
        if (!m->codes[code])
            continue;
        p->offsets[m->codes[code] - 1] = bytes;
        memcpy(p->bytes + bytes, text.ptr, text.len);
        bytes += text.len;
    }
    p->offsets[p->texts] = bytes;
    return PT_OK;
}

/* --- storing ------------------------------------------------------------------------------------------------------------- */

/* Bits of a value. Changes take whole bytes: they are few. */
static uint8_t value_bits(const maker *m, bool whole)
{
    uint64_t texts = m->out->texts;

    if (m->now->type == PT_TYPE_BOOL)
        return whole ? 2 : 8;
    if (!pt_type_is_text(m->now->type))
        return (uint8_t)(8 * pt_history_width(m->now->type));
    if (whole && texts < 16)
        return texts < 4 ? 2 : 4;
    return (uint8_t)(8 * pt_frame_code_width(texts));
}

static uint64_t bool_or_code(const maker *m, uint32_t row)
{
    return m->now->type == PT_TYPE_BOOL ? ((const uint8_t *)m->now->data)[row] : m->codes[pt_column_code(m->now, row)];
}

static void store(const maker *m, uint64_t at, uint32_t row)
{
    pt_history_piece *p = m->out;
    unsigned width = p->bits / 8u;

    if (p->bits < 8) {
        uint8_t *byte = (uint8_t *)p->values + at * p->bits / 8;
        *byte |= (uint8_t)(bool_or_code(m, row) << (at * p->bits % 8));
        return;
    }
    char *to = (char *)p->values + at * width;
    if (m->now->type == PT_TYPE_BOOL || pt_type_is_text(m->now->type)) {
        uint64_t code = bool_or_code(m, row);
        uint8_t byte = (uint8_t)code;
        uint16_t two = (uint16_t)code;
        uint32_t four = (uint32_t)code;
        memcpy(to, width == 1 ? (void *)&byte : width == 2 ? (void *)&two : (void *)&four, width);
    } else if (m->now->type == PT_TYPE_NUMBER && pt_column_missing(m->now, row)) {
        memcpy(to, &(uint64_t){PT_FRAME_NAN}, width);
    } else {
        memcpy(to, (const char *)m->now->data + (size_t)row * width, width);
    }
}

static pt_rc make_values(maker *m, bool whole, uint64_t n, pt_err *err)
{
    pt_history_piece *p = m->out;

    p->kind = whole ? PT_HISTORY_WHOLE : PT_HISTORY_CHANGES;
    p->n = n;
    p->bits = value_bits(m, whole);
    p->values = pt_zalloc(history_value_bytes(n, p->bits) + 1, 1);
    return p->values ? PT_OK : pt_fail_nomem(err, "history");
}

static pt_rc store_all(maker *m, pt_err *err)
{
    PT_TRY(make_values(m, true, m->n, err));
    for (uint32_t row = 0; row < m->n; row++)
        store(m, row, row);
    return PT_OK;
}

static pt_rc store_changes(maker *m, const uint64_t *changed, uint64_t n, pt_err *err)
{
    pt_history_piece *p = m->out;
    uint64_t blocks = history_blocks(m->n), at = 0;

    PT_TRY(make_values(m, false, n, err));
    p->blocks = malloc((blocks + 1) * sizeof *p->blocks);
    p->rows = malloc((n + 1) * sizeof *p->rows);
    if (!p->blocks || !p->rows)
        return pt_fail_nomem(err, "history");
    for (uint32_t row = 0; row < m->n; row++) {
        if (row % PT_HISTORY_BLOCK == 0)
            p->blocks[row / PT_HISTORY_BLOCK] = at;
        if (!is_kept(changed, row))
            continue;
        p->rows[at] = (uint16_t)(row % PT_HISTORY_BLOCK);
        store(m, at++, row);
    }
    p->blocks[blocks] = at;
    return PT_OK;
}

/* Changes are stored until they add up to what all values take: so a history is at most about twice as long as its changes
 * and its present, and so is a chain. */
static pt_rc make(maker *m, const pt_history_before *before, pt_err *err)
{
    bool texts = pt_type_is_text(m->now->type);
    uint64_t n = 0, *changed = NULL;

    if (m->was) {
        if (texts)
            PT_TRY(match_texts(m, err));
        if (!(changed = find_changes(m, &n)))
            return pt_fail_nomem(err, "history");
        uint64_t whole = history_value_bytes(m->n, m->now->type == PT_TYPE_BOOL ? 2 : 8u * m->now->width);
        m->out->since = before->since + n * (sizeof(uint16_t) + m->now->width);
        if (m->out->since > whole) {
            free(changed);
            changed = NULL;
        }
    }
    pt_rc rc = texts ? keep_texts(m, changed, err) : PT_OK;
    if (rc == PT_OK && !changed)
        m->out->since = 0;
    if (rc == PT_OK)
        rc = changed ? store_changes(m, changed, n, err) : store_all(m, err);
    free(changed);
    return rc;
}

pt_rc pt_history_piece_make(pt_history_piece *out, const pt_tag_info *info, const pt_column *column, uint32_t ordinals,
                            const pt_history_before *before, pt_err *err)
{
    maker m = {.out = out, .now = column, .n = ordinals};

    *out = (pt_history_piece){.info = *info};
    PT_ASSERT(pt_history_takes(info->type));
    if (before && before->column && before->column->type == column->type) {
        m.was = before->column;
        m.n_was = before->ordinals;
    }
    pt_rc rc = make(&m, before, err);
    free(m.same);
    free(m.codes);
    if (rc != PT_OK)
        pt_history_piece_free(out);
    return rc;
}

void pt_history_piece_free(pt_history_piece *p)
{
    free(p->offsets);
    free(p->bytes);
    free(p->blocks);
    free(p->rows);
    free(p->values);
    *p = (pt_history_piece){.info = p->info};
}
