/* Columns that follow from others, worked out by any number of threads. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "link/columns_int.h"
#include "link/distinct.h"
#include "link/parts.h"

static pt_rc check_stop(const pt_link_table *t, pt_err *err)
{
    if (!t->stop || !t->stop(t->stop_ctx))
        return PT_OK;
    return pt_fail(err, PT_ECANCELED, "stopped; the last good state is untouched");
}

static pt_pool *pool_of(const pt_link_table *t, const pt_link_derivation *d)
{
    return d->sharing == PT_LINK_ANY_THREADS ? t->pool : NULL;
}

/* --- codes of records ----------------------------------------------------------------------------------------------------------- */

typedef struct mapping {
    const uint32_t *map, *from; /* by the source's code; by record */
    uint32_t *codes, n;
} mapping;

static pt_rc map_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const mapping *m = arg;
    link_range r = link_part_of(part, m->n);

    (void)worker, (void)err;
    for (uint32_t i = r.first; i < r.end; i++)
        m->codes[i] = m->map[m->from[i]];
    return PT_OK;
}

/* map[v]: the code of what follows from the source's value v, 0 of 0; NULL: v itself. */
static pt_rc set_codes(pt_link_table *t, pt_link_column *c, const pt_link_column *source, const uint32_t *map,
                       pt_err *err)
{
    mapping m = {.map = map, .from = source->codes, .n = t->records.n};

    c->codes = source->codes;
    c->counts = source->counts;
    if (!map)
        return PT_OK;
    uint32_t *counts = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)c->n_values + 1);
    m.codes = PT_NEW_ARRAY(t->arena, uint32_t, (size_t)m.n + 1);
    if (!counts || !m.codes)
        return link_no_memory(err);
    for (uint32_t v = 0; v <= source->n_values; v++)
        counts[map[v]] += source->counts[v];
    c->codes = m.codes;
    c->counts = counts;
    return link_in_parts(t->pool, link_parts_of(m.n), map_part, &m, err);
}

/* Of columns with the source's codes: as set_codes, where `has` says whether value v has one. */
static pt_rc keep_codes(pt_link_table *t, pt_link_column *c, const pt_link_column *source,
                        bool (*has)(const pt_link_column *c, uint32_t v), pt_err *err)
{
    uint32_t *map = pt_alloc64((size_t)source->n_values + 1, sizeof *map);
    bool all = true;

    if (!map)
        return link_no_memory(err);
    c->n_values = source->n_values;
    map[0] = 0;
    for (uint32_t v = 1; v <= source->n_values; v++) {
        map[v] = has(c, v) ? v : 0;
        all &= map[v] != 0;
    }
    pt_rc rc = set_codes(t, c, source, all ? NULL : map, err);
    free(map);
    return rc;
}

/* --- numbers --------------------------------------------------------------------------------------------------------------------- */

typedef struct number_work {
    const pt_link_table *table;
    const pt_link_derivation *derivation;
    const pt_sv *source; /* by code */
    uint32_t n;
    double *numbers; /* by code */
} number_work;

static pt_rc work_numbers(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const number_work *w = arg;
    link_range r = link_part_of(part, w->n);

    (void)worker;
    for (uint32_t i = r.first; i < r.end; i++)
        w->numbers[i + 1] = w->derivation->number(w->derivation->ctx, w->source[i + 1]);
    return check_stop(w->table, err);
}

static bool has_number(const pt_link_column *c, uint32_t v)
{
    return !isnan(c->numbers[v]);
}

static pt_rc derive_numbers(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    const pt_link_column *source = &t->columns[from];
    number_work w = {.table = t, .derivation = d, .source = t->texts[from], .n = source->n_values};

    w.numbers = PT_NEW_ARRAY(t->arena, double, (size_t)w.n + 1);
    if (!w.numbers)
        return link_no_memory(err);
    w.numbers[0] = (double)NAN;
    PT_TRY(link_in_parts(pool_of(t, d), link_parts_of(w.n), work_numbers, &w, err));
    t->columns[number].numbers = w.numbers;
    return keep_codes(t, &t->columns[number], source, has_number, err);
}

/* --- items ----------------------------------------------------------------------------------------------------------------------- */

typedef struct items_part {
    uint32_t *items;
    size_t n, cap;
} items_part;

typedef struct items_work {
    const pt_link_table *table;
    const pt_link_derivation *derivation;
    const pt_sv *source; /* by code */
    uint32_t n;
    uint64_t *ends; /* by code */
    items_part *parts;
} items_work;

/* Rising, each once. */
static size_t without_repeats(uint32_t *items, size_t n)
{
    size_t distinct = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t item = items[i];
        size_t at = distinct;
        while (at && items[at - 1] > item)
            at--;
        if (at && items[at - 1] == item)
            continue;
        memmove(items + at + 1, items + at, (distinct - at) * sizeof *items);
        items[at] = item;
        distinct++;
    }
    return distinct;
}

/* Ends are counted from the part's first item on. */
static pt_rc work_items(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const items_work *w = arg;
    link_range r = link_part_of(part, w->n);
    items_part *p = &w->parts[part];

    (void)worker;
    for (uint32_t i = r.first; i < r.end; i++) {
        if (!pt_grow(&p->items, &p->cap, p->n + PT_LINK_ITEMS_MAX, sizeof *p->items))
            return link_no_memory(err);
        uint32_t *items = p->items + p->n;
        p->n += without_repeats(items, w->derivation->items(w->derivation->ctx, items, w->source[i + 1]));
        w->ends[i + 1] = p->n;
    }
    return check_stop(w->table, err);
}

static uint32_t *join_items(pt_link_table *t, items_work *w)
{
    uint64_t all = 0;

    for (size_t p = 0; p < link_parts_of(w->n); p++)
        all += w->parts[p].n;
    uint32_t *points = PT_NEW_ARRAY(t->arena, uint32_t, all + 1);
    all = 0;
    for (size_t p = 0; points && p < link_parts_of(w->n); p++) {
        link_range r = link_part_of(p, w->n);
        if (w->parts[p].n)
            memcpy(points + all, w->parts[p].items, w->parts[p].n * sizeof *points);
        for (uint32_t i = r.first; i < r.end; i++)
            w->ends[i + 1] += all;
        all += w->parts[p].n;
    }
    return points;
}

static bool has_items(const pt_link_column *c, uint32_t v)
{
    return c->ends[v] > c->ends[v - 1];
}

static pt_rc derive_items(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    pt_link_column *c = &t->columns[number];
    items_work w = {.table = t, .derivation = d, .source = t->texts[from], .n = t->columns[from].n_values};
    size_t parts = link_parts_of(w.n);

    w.ends = PT_NEW_ARRAY(t->arena, uint64_t, (size_t)w.n + 1);
    w.parts = pt_zalloc(parts + 1, sizeof *w.parts);
    pt_rc rc = w.ends && w.parts ? link_in_parts(pool_of(t, d), parts, work_items, &w, err) : link_no_memory(err);
    if (rc == PT_OK) {
        c->ends = w.ends;
        c->points = join_items(t, &w);
        rc = c->points ? keep_codes(t, c, &t->columns[from], has_items, err) : link_no_memory(err);
    }
    for (size_t p = 0; w.parts && p < parts; p++)
        free(w.parts[p].items);
    free(w.parts);
    return rc;
}

/* --- texts ----------------------------------------------------------------------------------------------------------------------- */

typedef struct text_work {
    const pt_link_table *table;
    const pt_link_derivation *derivation;
    const pt_sv *source; /* by code */
    uint32_t n;
    pt_sv *values; /* by code less 1: what follows from it */
    pt_str *
        parts; /* the bytes of values that are not as they were; twice as many as parts: of values beyond ASCII apart */
    bool beyond; /* values beyond ASCII are worked out now, or were left by threads that may not; else the others */
} text_work;

static bool is_ascii(pt_sv text)
{
    unsigned char any = 0;

    for (size_t i = 0; i < text.len; i++)
        any |= (unsigned char)text.ptr[i];
    return any < 0x80;
}

static bool is_for_now(const text_work *w, pt_sv text)
{
    return w->derivation->sharing != PT_LINK_ASCII_THREADS || is_ascii(text) != w->beyond;
}

/* Bytes move while they are appended: their places are set at the end. */
static void set_places(const text_work *w, link_range r, const pt_str *bytes)
{
    size_t at = 0;

    for (uint32_t i = r.first; i < r.end; i++)
        if (w->values[i].len && !w->values[i].ptr) {
            w->values[i].ptr = bytes->ptr + at;
            at += w->values[i].len;
        }
}

static pt_rc work_texts(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const text_work *w = arg;
    link_range r = link_part_of(part, w->n);
    pt_str *bytes = &w->parts[2 * part + w->beyond], text = {0};

    (void)worker;
    for (uint32_t i = r.first; i < r.end && !bytes->failed && !text.failed; i++) {
        pt_sv source = w->source[i + 1];
        if (!is_for_now(w, source))
            continue;
        pt_str_clear(&text);
        w->derivation->text(w->derivation->ctx, &text, source);
        pt_sv value = {text.ptr, text.len};
        bool as_it_was = pt_sv_eq(value, source);
        w->values[i] = (pt_sv){as_it_was ? source.ptr : NULL, value.len};
        if (!as_it_was)
            pt_str_addsv(bytes, value);
    }
    bool failed = bytes->failed || text.failed;
    if (!failed)
        set_places(w, r, bytes);
    pt_str_free(&text);
    return failed ? link_no_memory(err) : check_stop(w->table, err);
}

static pt_rc work_all_texts(pt_link_table *t, text_work *w, pt_err *err)
{
    bool two = w->derivation->sharing == PT_LINK_ASCII_THREADS;
    size_t parts = link_parts_of(w->n);

    PT_TRY(link_in_parts(two ? t->pool : pool_of(t, w->derivation), parts, work_texts, w, err));
    w->beyond = true;
    return two ? link_in_parts(NULL, parts, work_texts, w, err) : PT_OK;
}

/* The arena keeps the bytes, without the room to grow. */
static bool keep_bytes(pt_arena *arena, pt_str *bytes)
{
    if (!bytes->len || !pt_arena_defer(arena, free, bytes->ptr))
        return !bytes->len;
    *bytes = (pt_str){0};
    return true;
}

static pt_rc number_derived(pt_link_table *t, uint32_t number, const pt_link_column *source, const pt_sv *values,
                            uint32_t *map, uint32_t *first, pt_err *err)
{
    pt_link_column *c = &t->columns[number];

    map[0] = 0;
    PT_TRY(link_number_texts(map + 1, first, &c->n_values, values, source->n_values, t->pool, err));
    pt_sv *texts = PT_NEW_ARRAY(t->arena, pt_sv, (size_t)c->n_values + 1);
    if (!texts)
        return link_no_memory(err);
    for (uint32_t v = 1; v <= c->n_values; v++)
        texts[v] = values[first[v]];
    t->texts[number] = texts;
    PT_TRY(set_codes(t, c, source, c->n_values == source->n_values ? NULL : map, err));
    return link_lay_out(t, number, err);
}

static pt_rc derive_texts(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t number, pt_err *err)
{
    text_work w = {.table = t, .derivation = d, .source = t->texts[from], .n = t->columns[from].n_values};
    size_t parts = 2 * link_parts_of(w.n);
    uint32_t *map = pt_alloc64((size_t)w.n + 1, sizeof *map), *first = pt_alloc64((size_t)w.n + 1, sizeof *first);

    w.values = pt_zalloc((size_t)w.n + 1, sizeof *w.values);
    w.parts = pt_zalloc(parts + 1, sizeof *w.parts);
    pt_rc rc = map && first && w.values && w.parts ? work_all_texts(t, &w, err) : link_no_memory(err);
    for (size_t p = 0; rc == PT_OK && p < parts; p++)
        if (!keep_bytes(t->arena, &w.parts[p]))
            rc = link_no_memory(err);
    if (rc == PT_OK)
        rc = number_derived(t, number, &t->columns[from], w.values, map, first, err);
    for (size_t p = 0; w.parts && p < parts; p++)
        pt_str_free(&w.parts[p]);
    free(w.parts);
    free(w.values);
    free(map);
    free(first);
    return rc;
}

pt_rc pt_link_derive(pt_link_table *t, uint32_t from, const pt_link_derivation *d, uint32_t *column, pt_err *err)
{
    PT_TRY(check_stop(t, err));
    PT_TRY(link_new_column(t, d->name, (int32_t)from, column, err));
    return d->text    ? derive_texts(t, from, d, *column, err)
           : d->items ? derive_items(t, from, d, *column, err)
                      : derive_numbers(t, from, d, *column, err);
}
