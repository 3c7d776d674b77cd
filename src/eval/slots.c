/* Memory of values: rows of a block or a chunk, constants filled to the rows asked for, lists, dictionaries of computed
 * texts. */
#include <stdlib.h>

#include "eval/keep.h"
#include "lang/pattern.h"

static bool grow(pt_eval *e, void *items, size_t *cap, size_t need, size_t size)
{
    if (pt_grow(items, cap, need ? need : 1, size))
        return true;
    e->nomem = true;
    return false;
}

void *slot_room(pt_eval *e, slot *s, size_t n, unsigned width)
{
    if (!grow(e, &s->data, &s->data_cap, n * width, 1))
        return NULL;
    s->col.data = s->data;
    s->col.width = (uint8_t)width;
    return s->data;
}

bool slot_list_room(pt_eval *e, slot *s, size_t n, size_t items, bool weighted)
{
    if (!slot_room(e, s, items, sizeof(uint32_t)) ||
        !grow(e, &s->offsets, &s->offsets_cap, n + 1, sizeof *s->offsets) ||
        (weighted && !grow(e, &s->weights, &s->weights_cap, items, sizeof *s->weights)))
        return false;
    s->col.offsets = s->offsets;
    s->col.weights = weighted ? s->weights : NULL;
    return true;
}

uint8_t *slot_absent(pt_eval *e, slot *s, size_t n)
{
    if (!grow(e, &s->absent, &s->absent_cap, n, 1))
        return NULL;
    s->col.absent = s->absent;
    return s->absent;
}

void slot_free(slot *s)
{
    free(s->data);
    free(s->offsets);
    free(s->weights);
    free(s->absent);
    pt_intern_free(s->texts);
    for (uint32_t i = 0; i < s->n_memos; i++)
        free(s->memos[i].values);
    free(s->memos);
    free(s->choice);
    free(s->args);
    free(s->table);
    pcre2_match_data_free(s->match);
    keep_state_free(s->keep);
}

void column_copy_row(void *dst, size_t to, const pt_column *src, size_t from)
{
    switch (src->width) {
    case 1: ((uint8_t *)dst)[to] = ((const uint8_t *)src->data)[from]; break;
    case 2: ((uint16_t *)dst)[to] = ((const uint16_t *)src->data)[from]; break;
    case 4: ((uint32_t *)dst)[to] = ((const uint32_t *)src->data)[from]; break;
    default: ((uint64_t *)dst)[to] = ((const uint64_t *)src->data)[from]; break;
    }
}

void column_fill_missing(void *dst, pt_type type, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        switch (type) {
        case PT_TYPE_BOOL: ((uint8_t *)dst)[i] = PT_BOOL_MISSING; break;
        case PT_TYPE_NUMBER: ((double *)dst)[i] = (double)NAN; break;
        case PT_TYPE_DATE: ((int32_t *)dst)[i] = PT_I32_MISSING; break;
        case PT_TYPE_TEXT:
        case PT_TYPE_CATEGORY: ((uint32_t *)dst)[i] = PT_CODE_MISSING; break;
        default: ((int64_t *)dst)[i] = PT_I64_MISSING; break;
        }
    }
}

/* Repeats row 0, which may be another's, up to row n-1 of the slot's own memory. */
static bool repeat(pt_eval *e, slot *s, size_t n)
{
    uint64_t row;
    pt_column one = s->col;

    column_copy_row(&row, 0, &one, 0);
    one.data = &row;
    if (!slot_room(e, s, n, one.width))
        return false;
    for (size_t i = 0; i < n; i++)
        column_copy_row(s->data, i, &one, 0);
    s->rows = n;
    return true;
}

/* As above, for lists. Codes become as wide as computed ones. */
static bool repeat_list(pt_eval *e, slot *s, size_t n)
{
    pt_column one = s->col;
    bool own = one.data == s->data, missing = pt_column_missing(&one, 0);
    uint64_t from = missing ? 0 : one.offsets[0], items = missing ? 0 : one.offsets[1] - from;

    if (!slot_list_room(e, s, n, items * n, one.type == PT_TYPE_WEIGHTED) || !slot_absent(e, s, n))
        return false;
    if (own) { /* its memory may have moved */
        one.data = s->data;
        one.weights = s->weights;
    }
    for (size_t i = 0; i < n; i++) {
        for (uint64_t k = 0; k < items; k++) {
            ((uint32_t *)s->data)[i * items + k] = pt_column_code(&one, from + k);
            if (one.weights)
                s->weights[i * items + k] = one.weights[from + k];
        }
        s->offsets[i] = i * items;
    }
    s->offsets[n] = n * items;
    memset(s->absent, missing, n);
    s->rows = n;
    return true;
}

void constant_keep(pt_eval *e, slot *s)
{
    s->rows = 0;
    if (!e->nomem && pt_type_is_list(s->col.type))
        repeat_list(e, s, 1);
    else if (!e->nomem)
        repeat(e, s, 1);
}

/* A constant as a column of n rows. */
static const pt_column *constant_rows(pt_eval *e, slot *s, size_t n)
{
    if (s->rows < n && pt_type_is_list(s->col.type))
        return repeat_list(e, s, n) ? &s->col : NULL;
    if (s->rows < n && !repeat(e, s, n))
        return NULL;
    return &s->col;
}

static const pt_column *constant_value(pt_eval *e, op_id id, size_t n)
{
    return constant_rows(e, &e->slots[id], n);
}

const pt_column *customer_value(pt_eval *e, op_id id)
{
    return e->program->ops[id].kind == OP_CONSTANT ? constant_value(e, id, e->rows) : &e->slots[id].col;
}

/* --- event level ----------------------------------------------------------------------------------------------------- */

static void view_column(slot *s, const chunk *ch, uint32_t column)
{
    static const uint64_t nothing[1];

    if (!ch->events) { /* the source has no events: no rows, of the op's own type */
        s->col = (pt_column){.type = s->col.type, .width = s->col.width, .offsets = nothing};
        return;
    }
    const pt_column *c = &ch->events->columns[column];
    s->col = *c;
    if (pt_type_is_list(c->type)) {
        s->col.offsets = c->offsets + ch->base;
        s->col.absent = c->absent ? c->absent + ch->base : NULL;
    } else {
        s->col.data = (const char *)c->data + ch->base * c->width;
    }
}

static void spread(pt_eval *e, const chunk *ch, slot *out, const pt_column *value)
{
    void *data;

    if (!value || !(data = slot_room(e, out, ch->n, value->width)))
        return;
    out->col.type = value->type;
    out->col.dict = value->dict;
    for (uint32_t c = 0; c < ch->n_customers; c++)
        for (uint32_t i = ch->begin[c]; i < ch->begin[c + 1]; i++)
            column_copy_row(data, i, value, c);
}

static size_t spread_items(const chunk *ch, const pt_column *value)
{
    size_t n = 0;

    for (uint32_t c = 0; c < ch->n_customers; c++)
        n += (size_t)(ch->begin[c + 1] - ch->begin[c]) * (size_t)(value->offsets[c + 1] - value->offsets[c]);
    return n;
}

static void spread_list(pt_eval *e, const chunk *ch, slot *out, const pt_column *value)
{
    bool weighted = value->type == PT_TYPE_WEIGHTED;
    size_t n = 0;
    uint8_t *absent = slot_absent(e, out, ch->n);

    if (!absent || !slot_list_room(e, out, ch->n, spread_items(ch, value), weighted))
        return;
    out->col.type = value->type;
    out->col.dict = value->dict;
    for (uint32_t c = 0; c < ch->n_customers; c++) {
        for (uint32_t i = ch->begin[c]; i < ch->begin[c + 1]; i++) {
            out->offsets[i] = n;
            absent[i] = pt_column_missing(value, c);
            for (uint64_t k = value->offsets[c]; k < value->offsets[c + 1]; k++, n++) {
                ((uint32_t *)out->data)[n] = pt_column_code(value, k);
                if (weighted)
                    out->weights[n] = value->weights[k];
            }
        }
    }
    out->offsets[ch->n] = n;
}

static void bool_from_planes(pt_eval *e, chunk *ch, slot *out, const plane_id planes[2])
{
    const uint64_t *yes = plane_bits(e, ch, planes[0]), *no = plane_bits(e, ch, planes[1]);
    uint8_t *data = slot_room(e, out, ch->n, 1);

    if (!yes || !no || !data)
        return;
    for (uint32_t i = 0; i < ch->n; i++)
        data[i] = pt_bits_test(yes, i) ? 1 : pt_bits_test(no, i) ? 0 : PT_BOOL_MISSING;
}

static void call(pt_eval *e, chunk *ch, const plan_op *op, slot *out)
{
    for (uint32_t i = 0; i < op->n_args && !e->nomem; i++)
        out->args[i] = event_value(e, ch, op->args[i]);
    if (!e->nomem)
        op->run(e, op, out, out->args, ch->n);
}

static void compute(pt_eval *e, chunk *ch, op_id id)
{
    const plan_op *op = &e->program->ops[id];
    slot *out = &e->slots[id];

    switch (op->kind) {
    case OP_COLUMN: view_column(out, ch, op->u.column); break;
    case OP_TIME: out->col.data = ch->events ? ch->events->time + ch->base : NULL; break;
    case OP_PLANES: bool_from_planes(e, ch, out, op->u.planes); break;
    case OP_SPREAD: {
        const pt_column *value = customer_value(e, op->args[0]);
        if (value && pt_type_is_list(value->type))
            spread_list(e, ch, out, value);
        else
            spread(e, ch, out, value);
        break;
    }
    default: call(e, ch, op, out); break;
    }
}

const pt_column *event_value(pt_eval *e, chunk *ch, op_id id)
{
    slot *s = &e->slots[id];

    if (id == ch->replaced)
        return &ch->replacement;
    if (e->program->ops[id].kind == OP_CONSTANT)
        return constant_value(e, id, ch->n);
    if (s->chunk != ch->id) {
        compute(e, ch, id);
        s->chunk = ch->id;
    }
    return e->nomem ? NULL : &s->col;
}
