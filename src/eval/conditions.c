/* Predicates over a chunk's events, a column at a time, into bits. */
#include <float.h>
#include <stdlib.h>

#include "eval/state.h"

static void fill_bits(uint64_t *bits, size_t n, bool value)
{
    memset(bits, value ? 0xFF : 0, pt_bits_words(n) * sizeof *bits);
    if (value && n % 64)
        bits[n / 64] &= pt_bits_low(n % 64);
}

static void flip_bits(uint64_t *bits, size_t n)
{
    for (size_t w = 0; w < pt_bits_words(n); w++)
        bits[w] = ~bits[w];
    if (n % 64)
        bits[n / 64] &= pt_bits_low(n % 64);
}

static void and_bits(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
    for (size_t w = 0; w < pt_bits_words(n); w++)
        out[w] = a[w] & b[w];
}

static void or_bits(uint64_t *out, const uint64_t *a, const uint64_t *b, size_t n)
{
    for (size_t w = 0; w < pt_bits_words(n); w++)
        out[w] = a[w] | b[w];
}

/* --- having a value --------------------------------------------------------------------------------------------------- */

static void codes_in(const pt_kernels *k, uint64_t *bits, const pt_column *c, size_t n, uint32_t lo, uint32_t hi)
{
    switch (c->width) {
    case 1: k->range_u8(bits, c->data, n, (uint8_t)lo, hi > UINT8_MAX ? UINT8_MAX : (uint8_t)hi); break;
    case 2: k->range_u16(bits, c->data, n, (uint16_t)lo, hi > UINT16_MAX ? UINT16_MAX : (uint16_t)hi); break;
    default: k->range_u32(bits, c->data, n, lo, hi); break;
    }
}

static void list_present(uint64_t *bits, const pt_column *c, size_t n)
{
    fill_bits(bits, n, true);
    for (size_t i = 0; c->absent && i < n; i++)
        if (c->absent[i])
            bits[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static void present(const pt_kernels *k, uint64_t *bits, const pt_column *c, size_t n)
{
    switch (c->type) {
    case PT_TYPE_BOOL: k->range_u8(bits, c->data, n, 0, 1); break;
    case PT_TYPE_NUMBER: k->range_f64(bits, c->data, n, -DBL_MAX, DBL_MAX); break;
    case PT_TYPE_DATE: k->range_i32(bits, c->data, n, PT_I32_MISSING + 1, INT32_MAX); break;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION: k->range_i64(bits, c->data, n, PT_I64_MISSING + 1, INT64_MAX); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: codes_in(k, bits, c, n, 1, UINT32_MAX); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: list_present(bits, c, n); break;
    case PT_TYPE_NONE:
    case PT_TYPE_COUNT: fill_bits(bits, n, false); break;
    }
}

/* --- comparing with a constant ----------------------------------------------------------------------------------------- */

static void compare_i64(const pt_kernels *k, uint64_t *bits, const int64_t *v, size_t n, pt_op cmp, int64_t c)
{
    const int64_t least = PT_I64_MISSING + 1;

    switch (cmp) {
    case PT_OP_EQ: k->range_i64(bits, v, n, c, c); break;
    case PT_OP_NE: k->neither_i64(bits, v, n, c, PT_I64_MISSING); break;
    case PT_OP_LT: k->range_i64(bits, v, n, least, c - 1); break;
    case PT_OP_LE: k->range_i64(bits, v, n, least, c); break;
    case PT_OP_GT:
        if (c == INT64_MAX)
            fill_bits(bits, n, false);
        else
            k->range_i64(bits, v, n, c + 1, INT64_MAX);
        break;
    default: k->range_i64(bits, v, n, c, INT64_MAX); break;
    }
}

static void compare_i32(const pt_kernels *k, uint64_t *bits, const int32_t *v, size_t n, pt_op cmp, int32_t c)
{
    const int32_t least = PT_I32_MISSING + 1;

    switch (cmp) {
    case PT_OP_EQ: k->range_i32(bits, v, n, c, c); break;
    case PT_OP_NE: k->neither_i32(bits, v, n, c, PT_I32_MISSING); break;
    case PT_OP_LT: k->range_i32(bits, v, n, least, c - 1); break;
    case PT_OP_LE: k->range_i32(bits, v, n, least, c); break;
    case PT_OP_GT:
        if (c == INT32_MAX)
            fill_bits(bits, n, false);
        else
            k->range_i32(bits, v, n, c + 1, INT32_MAX);
        break;
    default: k->range_i32(bits, v, n, c, INT32_MAX); break;
    }
}

/* Doubles are never infinite, so "below c" is "up to the double before c". */
static void compare_f64(const pt_kernels *k, uint64_t *bits, const double *v, size_t n, pt_op cmp, double c)
{
    switch (cmp) {
    case PT_OP_EQ: k->range_f64(bits, v, n, c, c); break;
    case PT_OP_NE: k->neither_f64(bits, v, n, c); break;
    case PT_OP_LT: k->range_f64(bits, v, n, -DBL_MAX, nextafter(c, (double)-INFINITY)); break;
    case PT_OP_LE: k->range_f64(bits, v, n, -DBL_MAX, c); break;
    case PT_OP_GT: k->range_f64(bits, v, n, nextafter(c, (double)INFINITY), DBL_MAX); break;
    default: k->range_f64(bits, v, n, c, DBL_MAX); break;
    }
}

static void compare(pt_eval *e, const chunk *ch, const plan_plane *p, uint64_t *bits, const pt_column *a)
{
    const pt_column *b = &e->slots[p->b].col;

    if (pt_column_missing(b, 0)) {
        fill_bits(bits, ch->n, false);
        return;
    }
    switch (a->type) {
    case PT_TYPE_NUMBER: compare_f64(e->kernels, bits, a->data, ch->n, p->cmp, *(const double *)b->data); break;
    case PT_TYPE_DATE: compare_i32(e->kernels, bits, a->data, ch->n, p->cmp, *(const int32_t *)b->data); break;
    default: compare_i64(e->kernels, bits, a->data, ch->n, p->cmp, *(const int64_t *)b->data); break;
    }
}

/* --- texts -------------------------------------------------------------------------------------------------------------- */

static uint32_t search_sorted(const pt_dict *d, pt_sv text)
{
    uint32_t lo = 1, hi = d->n;

    while (lo <= hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int c = pt_sv_cmp(pt_dict_text(d, mid), text);
        if (c == 0)
            return mid;
        if (c < 0)
            lo = mid + 1;
        else
            hi = mid - 1;
    }
    return 0;
}

/* The constant's code in a dictionary that may have grown since the last search. */
static uint32_t find_code(plane_slot *s, const pt_dict *d, pt_sv text)
{
    if (s->dict != d || s->searched > d->n) {
        s->dict = d;
        s->searched = s->code = 0;
    }
    if (s->code || s->searched == d->n)
        return s->code;
    if (d->sorted) {
        s->code = search_sorted(d, text);
    } else {
        for (uint32_t c = s->searched + 1; c <= d->n && !s->code; c++)
            if (pt_sv_eq(pt_dict_text(d, c), text))
                s->code = c;
    }
    s->searched = d->n;
    return s->code;
}

static void not_code(const pt_kernels *k, uint64_t *bits, const pt_column *a, size_t n, uint32_t code)
{
    switch (a->width) {
    case 1: k->neither_u8(bits, a->data, n, (uint8_t)code, 0); break;
    case 2: k->neither_u16(bits, a->data, n, (uint16_t)code, 0); break;
    default: k->neither_u32(bits, a->data, n, code, 0); break;
    }
}

static void compare_code(pt_eval *e, const chunk *ch, const plan_plane *p, plane_slot *s, const pt_column *a)
{
    const pt_column *b = &e->slots[p->b].col;
    uint32_t constant = pt_column_code(b, 0), code = 0;

    if (constant && a->dict)
        code = find_code(s, a->dict, column_text(b, constant));
    if (!constant || (!code && p->cmp == PT_OP_EQ))
        fill_bits(s->bits, ch->n, false);
    else if (p->cmp == PT_OP_EQ)
        codes_in(e->kernels, s->bits, a, ch->n, code, code);
    else
        not_code(e->kernels, s->bits, a, ch->n, code);
}

/* Runs the predicate over texts not met before: the codes become the rows of a chunk of their own. */
static bool answer_codes(pt_eval *e, const chunk *ch, const plan_plane *p, const pt_column *a, const uint32_t *codes,
                         uint32_t n)
{
    slot *s = &e->slots[p->b];
    chunk texts = {.id = ++e->chunk_serial, .source = ch->source, .events = ch->events, .n = n};

    texts.replaced = e->program->ops[p->b].predicate_of;
    texts.replacement = (pt_column){.type = a->type, .width = 4, .data = codes, .dict = a->dict};
    const pt_column *answers = event_value(e, &texts, p->b);
    if (!answers)
        return false;
    for (uint32_t i = 0; i < n; i++)
        s->table[codes[i]] = (uint8_t)(1 + ((const uint8_t *)answers->data)[i]);
    return true;
}

static bool prepare_table(pt_eval *e, slot *s, const pt_dict *d)
{
    size_t n = d ? (size_t)d->n + 1 : 1;

    if (s->table_dict != d || s->table_n > n)
        s->table_n = 0;
    s->table_dict = d;
    if (!pt_grow(&s->table, &s->table_cap, n, 1)) {
        e->nomem = true;
        return false;
    }
    memset(s->table + s->table_n, 0, n - s->table_n);
    s->table_n = n;
    return true;
}

/* Answers each text that the chunk holds and the table does not. */
static bool complete_table(pt_eval *e, const chunk *ch, const plan_plane *p, const pt_column *a)
{
    enum { AT_ONCE = 256 };
    enum { ASKED = 0xFF }; /* waiting in `codes`; never left in the table */
    uint8_t *table = e->slots[p->b].table;
    uint32_t codes[AT_ONCE], n = 0;

    for (uint32_t i = 0; i < ch->n; i++) {
        uint32_t code = pt_column_code(a, i);
        if (table[code])
            continue;
        table[code] = ASKED;
        codes[n++] = code;
        if (n == AT_ONCE) {
            if (!answer_codes(e, ch, p, a, codes, n))
                return false;
            n = 0;
        }
    }
    return !n || answer_codes(e, ch, p, a, codes, n);
}

static void predicate(pt_eval *e, const chunk *ch, const plan_plane *p, uint64_t *bits, const pt_column *a)
{
    slot *s = &e->slots[p->b];
    uint8_t want = (uint8_t)(1 + p->want);

    if (!prepare_table(e, s, a->dict) || !complete_table(e, ch, p, a))
        return;
    switch (a->width) {
    case 1: e->kernels->lookup_u8(bits, a->data, ch->n, s->table, want); break;
    case 2: e->kernels->lookup_u16(bits, a->data, ch->n, s->table, want); break;
    default: e->kernels->lookup_u32(bits, a->data, ch->n, s->table, want); break;
    }
}

/* --- planes -------------------------------------------------------------------------------------------------------------- */

static void combine(pt_eval *e, chunk *ch, const plan_plane *p, uint64_t *bits)
{
    const uint64_t *a = plane_bits(e, ch, p->a), *b = plane_bits(e, ch, p->b);

    if (!a || !b)
        return;
    if (p->kind == PLANE_AND)
        and_bits(bits, a, b, ch->n);
    else
        or_bits(bits, a, b, ch->n);
}

static void over_value(pt_eval *e, chunk *ch, const plan_plane *p, plane_slot *s)
{
    const pt_column *a = event_value(e, ch, p->a);

    if (!a)
        return;
    switch (p->kind) {
    case PLANE_PRESENT: present(e->kernels, s->bits, a, ch->n); break;
    case PLANE_ABSENT:
        present(e->kernels, s->bits, a, ch->n);
        flip_bits(s->bits, ch->n);
        break;
    case PLANE_COMPARE: compare(e, ch, p, s->bits, a); break;
    case PLANE_CODE: compare_code(e, ch, p, s, a); break;
    case PLANE_PREDICATE: predicate(e, ch, p, s->bits, a); break;
    default: e->kernels->range_u8(s->bits, a->data, ch->n, p->want, p->want); break;
    }
}

const uint64_t *plane_bits(pt_eval *e, chunk *ch, plane_id id)
{
    const plan_plane *p = &e->program->planes[id];
    plane_slot *s = &e->planes[id];

    if (p->kind == PLANE_CONSTANT)
        return p->want ? e->ones : e->zeros;
    if (s->chunk == ch->id)
        return s->bits;
    if (!pt_grow(&s->bits, &s->cap, pt_bits_words(ch->n) + PT_BITS_PAD, sizeof *s->bits)) {
        e->nomem = true;
        return NULL;
    }
    s->bits[pt_bits_words(ch->n)] = 0;
    if (p->kind == PLANE_AND || p->kind == PLANE_OR)
        combine(e, ch, p, s->bits);
    else
        over_value(e, ch, p, s);
    s->chunk = ch->id;
    return e->nomem ? NULL : s->bits;
}
