/* One customer's events with rows that came after the file was built: what a live update evaluates. */
#include "timeline/texts.h"

#include <math.h>
#include <stdlib.h>

struct pt_timeline_overlay {
    pt_timeline *base;
    bool *wanted;       /* by column */
    texts *texts;       /* by column */
    pt_column *columns; /* the base's, with the overlay's dictionaries */
    size_t n_texts;     /* columns whose texts are initialised */
};

static pt_rc check_dictionary(pt_timeline *t, size_t column, pt_err *err)
{
    const timeline_column *c = &t->meta.columns[column];

    PT_TRY(pt_frame_check(t->frame, c->dict_offsets, 0, c->texts + 1, err));
    return pt_frame_check(t->frame, c->dict_bytes, 0, c->text_bytes, err);
}

static pt_rc prepare(pt_timeline_overlay *o, const bool *wanted, pt_err *err)
{
    size_t n = o->base->meta.n_columns;

    o->wanted = pt_zalloc(n, sizeof *o->wanted);
    o->texts = pt_zalloc(n, sizeof *o->texts);
    o->columns = pt_zalloc(n, sizeof *o->columns);
    if (!o->wanted || !o->texts || !o->columns)
        return pt_fail_nomem(err, "an overlay");
    for (size_t i = 0; i < n; i++) {
        const pt_column *c = &o->base->columns[i];
        o->wanted[i] = !wanted || wanted[i];
        o->columns[i] = o->wanted[i] ? *c : (pt_column){.type = c->type, .width = c->width};
        if (!o->wanted[i] || !c->dict)
            continue;
        PT_TRY(check_dictionary(o->base, i, err));
        o->columns[i].dict = &o->texts[i].dict;
        o->n_texts = i + 1;
        PT_TRY(texts_init(&o->texts[i], o->base, i, err));
    }
    return PT_OK;
}

pt_rc pt_timeline_overlay_new(pt_timeline_overlay **out, pt_timeline *base, const bool *wanted, pt_err *err)
{
    pt_timeline_overlay *o = pt_zalloc(1, sizeof *o);

    *out = NULL;
    if (!o)
        return pt_fail_nomem(err, "an overlay");
    o->base = base;
    pt_rc rc = prepare(o, wanted, err);
    if (rc == PT_OK)
        *out = o;
    else
        pt_timeline_overlay_free(o);
    return rc;
}

void pt_timeline_overlay_free(pt_timeline_overlay *o)
{
    if (!o)
        return;
    for (size_t i = 0; i < o->n_texts; i++)
        texts_dispose(&o->texts[i]);
    free(o->wanted);
    free(o->texts);
    free(o->columns);
    free(o);
}

/* --- where the rows go --------------------------------------------------------------------------------------------------- */

typedef struct extra_row {
    int64_t time;
    uint64_t sequence;
    size_t row;    /* in the batch */
    uint64_t base; /* base events of the customer that come before it */
} extra_row;

typedef struct gather {
    pt_timeline_overlay *o;
    pt_arena *arena;
    const pt_rows *rows;
    uint64_t first, n; /* base events */
    extra_row *extra;  /* in order */
    size_t n_extra;
} gather;

static int compare_extra(const void *left, const void *right)
{
    const extra_row *a = left, *b = right;

    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return a->sequence < b->sequence ? -1 : a->sequence > b->sequence;
}

/* Base events that are not after `time`. */
static uint64_t base_before(const gather *g, int64_t time)
{
    const int64_t *times = g->o->base->times + g->first;
    uint64_t low = 0, high = g->n;

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (times[middle] <= time)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static pt_rc order_rows(gather *g, uint32_t ordinal, pt_err *err)
{
    const uint32_t *ordinals = g->rows->cells[0].data;
    const int64_t *times = g->rows->cells[1].data;
    const uint64_t *sequences = g->rows->cells[2].data;

    g->n_extra = g->rows->n;
    g->extra = PT_NEW_ARRAY(g->arena, extra_row, g->n_extra);
    if (!g->extra)
        return pt_fail_nomem(err, "a customer's events");
    for (size_t i = 0; i < g->n_extra; i++) {
        if (ordinals[i] != ordinal)
            return pt_fail(err, PT_EINTERNAL, "rows of another customer");
        g->extra[i] = (extra_row){times[i], sequences[i], i, base_before(g, times[i])};
    }
    qsort(g->extra, g->n_extra, sizeof *g->extra, compare_extra);
    return PT_OK;
}

/* --- columns --------------------------------------------------------------------------------------------------------------- */

/* Base values of `width` bytes, with a gap for each extra row. */
static void spread(const gather *g, void *to, const void *base, size_t width)
{
    uint64_t done = 0;
    unsigned char *out = to;

    for (size_t k = 0; k <= g->n_extra; k++) {
        uint64_t until = k < g->n_extra ? g->extra[k].base : g->n;
        if (until > done)
            memcpy(out + (done + k) * width, (const unsigned char *)base + (g->first + done) * width,
                   (until - done) * width);
        done = until;
    }
}

static uint64_t gap_at(const gather *g, size_t k)
{
    return g->extra[k].base + k;
}

static void put_fixed(const gather *g, void *to, pt_type type, size_t width, const void *cells)
{
    for (size_t k = 0; k < g->n_extra; k++) {
        unsigned char *at = (unsigned char *)to + gap_at(g, k) * width;
        memcpy(at, (const unsigned char *)cells + g->extra[k].row * width, width);
        if (type == PT_TYPE_BOOL && *at > PT_BOOL_MISSING)
            *at = PT_BOOL_MISSING;
        double number;
        memcpy(&number, at, type == PT_TYPE_NUMBER ? sizeof number : 0);
        if (type == PT_TYPE_NUMBER && !isfinite(number))
            memcpy(at, &(uint64_t){PT_FRAME_NAN}, sizeof number);
    }
}

static pt_rc gather_fixed(const gather *g, pt_column *out, const void *cells, pt_err *err)
{
    void *data = pt_arena_array(g->arena, g->n + g->n_extra, out->width);

    if (!data)
        return pt_fail_nomem(err, "a customer's events");
    spread(g, data, out->data, out->width);
    put_fixed(g, data, out->type, out->width, cells);
    out->data = data;
    return PT_OK;
}

static pt_rc code_of(const gather *g, size_t column, pt_sv text, uint32_t *code, pt_err *err)
{
    *code = PT_CODE_MISSING;
    if (!text.ptr)
        return PT_OK;
    return texts_code(code, &g->o->texts[column], g->o->base, column, text, err);
}

static void store_code(void *to, unsigned width, uint64_t at, uint32_t code)
{
    switch (width) {
    case 1: ((uint8_t *)to)[at] = (uint8_t)code; break;
    case 2: ((uint16_t *)to)[at] = (uint16_t)code; break;
    default: ((uint32_t *)to)[at] = code;
    }
}

/* Codes of new texts first: they may need more than the base's width. */
static pt_rc gather_texts(const gather *g, size_t column, pt_column *out, const pt_sv *cells, pt_err *err)
{
    uint64_t n = g->n + g->n_extra;
    uint32_t *codes = PT_NEW_ARRAY(g->arena, uint32_t, g->n_extra);

    if (!codes)
        return pt_fail_nomem(err, "a customer's events");
    for (size_t k = 0; k < g->n_extra; k++)
        PT_TRY(code_of(g, column, cells[g->extra[k].row], &codes[k], err));
    unsigned width = pt_frame_code_width(out->dict->n);
    void *data = pt_arena_array(g->arena, n, width);
    if (!data)
        return pt_fail_nomem(err, "a customer's events");
    if (width == out->width) {
        spread(g, data, out->data, width);
    } else {
        for (uint64_t e = 0, k = 0; e < g->n; e++) {
            while (k < g->n_extra && g->extra[k].base <= e)
                k++;
            store_code(data, width, e + k, pt_column_code(out, g->first + e));
        }
    }
    for (size_t k = 0; k < g->n_extra; k++)
        store_code(data, width, gap_at(g, k), codes[k]);
    out->data = data;
    out->width = (uint8_t)width;
    return PT_OK;
}

/* --- lists ------------------------------------------------------------------------------------------------------------------ */

typedef struct list_gather {
    uint64_t *offsets;
    uint8_t *absent;
    uint32_t *items;
    uint64_t n_events, n_items;
} list_gather;

static void add_base_list(list_gather *l, const pt_column *c, uint64_t event)
{
    for (uint64_t i = c->offsets[event]; i < c->offsets[event + 1]; i++)
        l->items[l->n_items++] = pt_column_code(c, i);
    l->absent[l->n_events++] = c->absent && c->absent[event];
    l->offsets[l->n_events] = l->n_items;
}

static pt_rc add_extra_list(const gather *g, list_gather *l, size_t column, const pt_cells *c, size_t row, pt_err *err)
{
    bool absent = c->absent && c->absent[row];
    const pt_sv *items = c->data;

    for (uint64_t i = c->offsets[row]; !absent && i < c->offsets[row + 1]; i++) {
        PT_TRY(code_of(g, column, items[i], &l->items[l->n_items], err));
        l->n_items += l->items[l->n_items] != PT_CODE_MISSING;
    }
    l->absent[l->n_events++] = absent;
    l->offsets[l->n_events] = l->n_items;
    return PT_OK;
}

static pt_rc gather_lists(const gather *g, size_t column, pt_column *out, const pt_cells *c, pt_err *err)
{
    uint64_t n = g->n + g->n_extra, items = c->offsets[g->rows->n] - c->offsets[0], e = 0;

    if (g->n)
        items += out->offsets[g->first + g->n] - out->offsets[g->first];
    list_gather l = {.offsets = PT_NEW_ARRAY(g->arena, uint64_t, n + 1),
                     .absent = PT_NEW_ARRAY(g->arena, uint8_t, n),
                     .items = PT_NEW_ARRAY(g->arena, uint32_t, items + 1)};
    if (!l.offsets || !l.absent || !l.items)
        return pt_fail_nomem(err, "a customer's events");
    for (size_t k = 0; k < g->n_extra; k++) {
        for (; e < g->extra[k].base; e++)
            add_base_list(&l, out, g->first + e);
        PT_TRY(add_extra_list(g, &l, column, c, g->extra[k].row, err));
    }
    for (; e < g->n; e++)
        add_base_list(&l, out, g->first + e);
    out->data = l.items;
    out->width = sizeof *l.items;
    out->offsets = l.offsets;
    out->absent = l.absent;
    return PT_OK;
}

/* --- all together ------------------------------------------------------------------------------------------------------------ */

static pt_rc gather_column(const gather *g, size_t column, pt_column *out, pt_err *err)
{
    const pt_cells *c = &g->rows->cells[TIMELINE_KEYS + column];

    if (!g->o->wanted[column])
        return PT_OK;
    if (out->type == PT_TYPE_LIST)
        return gather_lists(g, column, out, c, err);
    if (pt_type_is_text(out->type))
        return gather_texts(g, column, out, c->data, err);
    return gather_fixed(g, out, c->data, err);
}

static pt_rc gather_all(gather *g, pt_timeline_slice *out, pt_err *err)
{
    uint64_t n = g->n + g->n_extra;
    size_t n_columns = g->o->base->meta.n_columns;
    int64_t *times = PT_NEW_ARRAY(g->arena, int64_t, n);
    pt_column *columns = PT_NEW_ARRAY(g->arena, pt_column, n_columns);

    if (!times || !columns)
        return pt_fail_nomem(err, "a customer's events");
    spread(g, times, g->o->base->times, sizeof *times);
    for (size_t k = 0; k < g->n_extra; k++)
        times[gap_at(g, k)] = g->extra[k].time;
    for (size_t i = 0; i < n_columns; i++) {
        columns[i] = g->o->columns[i];
        PT_TRY(gather_column(g, i, &columns[i], err));
    }
    *out = (pt_timeline_slice){.offsets = {0, n}, .times = times, .columns = columns};
    return PT_OK;
}

pt_rc pt_timeline_gather(pt_timeline_slice *out, pt_timeline_overlay *o, uint32_t ordinal, const pt_rows *extra,
                         pt_arena *arena, pt_err *err)
{
    gather g = {.o = o, .arena = arena, .rows = extra};

    if (ordinal < o->base->meta.ordinals) {
        PT_TRY(pt_timeline_check_columns(o->base, ordinal, 1, o->wanted, err));
        g.first = o->base->offsets[ordinal];
        g.n = o->base->offsets[ordinal + 1] - g.first;
    }
    *out = (pt_timeline_slice){{g.first, g.first + g.n}, o->base->times, o->columns};
    if (!extra || extra->n == 0)
        return PT_OK;
    if (!timeline_rows_fit(&o->base->schema, extra))
        return pt_fail(err, PT_EINTERNAL, "rows do not have the columns of %s", pt_frame_noun(o->base->frame));
    PT_TRY(order_rows(&g, ordinal, err));
    return gather_all(&g, out, err);
}
