/* Sorted records to columns in the file, a piece of a column at a time. */
#include "timeline/timeline_int.h"

#include <math.h>

/* --- smallest, largest, missing ---------------------------------------------------------------------------------------- */

static void widen(value_stats *s, int64_t least, int64_t most)
{
    if (!s->any || least < s->least)
        s->least = least;
    if (!s->any || most > s->most)
        s->most = most;
    s->any = true;
}

static void measure_longs(value_stats *s, const int64_t *v, size_t n)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    uint64_t missing = 0;

    for (size_t i = 0; i < n; i++) {
        bool none = v[i] == PT_I64_MISSING;
        int64_t low = none ? INT64_MAX : v[i];
        missing += none;
        least = low < least ? low : least;
        most = v[i] > most ? v[i] : most;
    }
    s->missing += missing;
    if (missing < n)
        widen(s, least, most);
}

static void measure_dates(value_stats *s, const int32_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i] == PT_I32_MISSING)
            s->missing++;
        else
            widen(s, v[i], v[i]);
    }
}

static void measure_bools(value_stats *s, const uint8_t *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (v[i] == PT_BOOL_MISSING)
            s->missing++;
        else
            widen(s, v[i], v[i]);
    }
}

/* -0 and 0 are one value with two bit patterns; 0 is what is kept, whichever came first. */
static void measure_numbers(value_stats *s, const double *v, size_t n)
{
    double least = INFINITY, most = -INFINITY;
    uint64_t missing = 0;

    if (s->any) {
        memcpy(&least, &s->least, sizeof least);
        memcpy(&most, &s->most, sizeof most);
    }
    for (size_t i = 0; i < n; i++) {
        missing += isnan(v[i]);
        least = v[i] < least ? v[i] : least;
        most = v[i] > most ? v[i] : most;
    }
    s->missing += missing;
    s->any = s->any || missing < n;
    if (!s->any)
        return;
    least += 0.0;
    most += 0.0;
    memcpy(&s->least, &least, sizeof least);
    memcpy(&s->most, &most, sizeof most);
}

static void measure(value_stats *s, pt_type type, const void *values, size_t n)
{
    switch (type) {
    case PT_TYPE_BOOL: measure_bools(s, values, n); break;
    case PT_TYPE_NUMBER: measure_numbers(s, values, n); break;
    case PT_TYPE_DATE: measure_dates(s, values, n); break;
    default: measure_longs(s, values, n);
    }
}

/* --- columns of one value an event --------------------------------------------------------------------------------------- */

static void gather_8(uint64_t *to, const entry *e, size_t n, uint32_t at)
{
    for (size_t i = 0; i < n; i++)
        to[i] = load_u64(e[i].row + at);
}

static void gather_4(uint32_t *to, const entry *e, size_t n, uint32_t at)
{
    for (size_t i = 0; i < n; i++)
        to[i] = load_u32(e[i].row + at);
}

static void gather_1(uint8_t *to, const entry *e, size_t n, uint32_t at)
{
    for (size_t i = 0; i < n; i++)
        to[i] = e[i].row[at];
}

/* Codes lie in four bytes in a record and in `width` in the file. */
static uint64_t gather_codes(void *to, unsigned width, const entry *e, size_t n, uint32_t at)
{
    uint64_t missing = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t code = load_u32(e[i].row + at);
        missing += code == PT_CODE_MISSING;
        if (width == 1)
            ((uint8_t *)to)[i] = (uint8_t)code;
        else if (width == 2)
            ((uint16_t *)to)[i] = (uint16_t)code;
        else
            ((uint32_t *)to)[i] = code;
    }
    return missing;
}

static void gather(finish_worker *w, const timeline_column *c, const entry *e, size_t n, uint32_t at, value_stats *s)
{
    if (pt_type_is_text(c->type)) {
        s->missing += gather_codes(w->piece, c->width, e, n, at);
        return;
    }
    if (c->width == 8)
        gather_8(w->piece, e, n, at);
    else if (c->width == 4)
        gather_4(w->piece, e, n, at);
    else
        gather_1(w->piece, e, n, at);
    measure(s, c->type, w->piece, n);
}

static pt_rc emit_times(const finish *f, finish_worker *w, const entry *e, size_t n, uint64_t event, pt_err *err)
{
    int64_t *times = w->piece;

    for (size_t i = 0; i < n; i++)
        times[i] = e[i].time;
    measure_longs(&w->stats[0], times, n);
    return outfile_put(f->out, TIMELINE_TIMES, event, n, times, err);
}

/* --- lists ---------------------------------------------------------------------------------------------------------------- */

typedef struct item_writer {
    const finish *f;
    const timeline_column *column;
    void *codes; /* PIECE of them */
    size_t n;
    uint64_t *at; /* items written before */
} item_writer;

static pt_rc flush_items(item_writer *i, pt_err *err)
{
    PT_TRY(outfile_put(i->f->out, i->column->values, *i->at, i->n, i->codes, err));
    *i->at += i->n;
    i->n = 0;
    return PT_OK;
}

static pt_rc put_items(item_writer *i, const uint32_t *items, uint32_t n, pt_err *err)
{
    for (uint32_t k = 0; k < n; k++) {
        if (i->n == PIECE)
            PT_TRY(flush_items(i, err));
        if (i->column->width == 1)
            ((uint8_t *)i->codes)[i->n++] = (uint8_t)items[k];
        else if (i->column->width == 2)
            ((uint16_t *)i->codes)[i->n++] = (uint16_t)items[k];
        else
            ((uint32_t *)i->codes)[i->n++] = items[k];
    }
    return PT_OK;
}

static pt_rc emit_lists(const finish *f, finish_worker *w, size_t column, const entry *e, size_t n, const place *at,
                        pt_err *err)
{
    const row_shape *shape = &f->b->shape;
    const timeline_column *c = &f->meta.columns[column];
    uint64_t *offsets = w->piece;
    item_writer items = {.f = f, .column = c, .codes = w->codes, .at = &at->items[f->b->list_of[column]]};

    for (size_t i = 0; i < n; i++) {
        list_cell cell;
        memcpy(&cell, e[i].row + shape->columns[column], sizeof cell);
        offsets[i] = *items.at + items.n;
        w->marks[i] = cell.n == LIST_ABSENT;
        if (cell.n == LIST_ABSENT) {
            w->stats[column + 1].missing++;
            continue;
        }
        PT_TRY(put_items(&items, w->batches[load_u32(e[i].row + shape->batch)].items_end - cell.back, cell.n, err));
    }
    PT_TRY(flush_items(&items, err));
    if (c->has_absent)
        PT_TRY(outfile_put(f->out, c->absent, at->event, n, w->marks, err));
    return outfile_put(f->out, c->offsets, at->event, n, offsets, err);
}

/* --- a piece of all columns ------------------------------------------------------------------------------------------------ */

static pt_rc emit_piece(const finish *f, finish_worker *w, const entry *e, size_t n, place *at, pt_err *err)
{
    PT_TRY(emit_times(f, w, e, n, at->event, err));
    for (size_t i = 0; i < f->meta.n_columns; i++) {
        const timeline_column *c = &f->meta.columns[i];
        if (c->type == PT_TYPE_LIST) {
            PT_TRY(emit_lists(f, w, i, e, n, at, err));
            continue;
        }
        gather(w, c, e, n, f->b->shape.columns[i], &w->stats[i + 1]);
        PT_TRY(outfile_put(f->out, c->values, at->event, n, w->piece, err));
    }
    at->event += n;
    return PT_OK;
}

pt_rc events_emit(const finish *f, finish_worker *w, const entry *entries, size_t n, place *at, pt_err *err)
{
    for (size_t i = 0; i < n; i += PIECE)
        PT_TRY(emit_piece(f, w, entries + i, n - i < PIECE ? n - i : PIECE, at, err));
    return PT_OK;
}
