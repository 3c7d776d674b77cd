#include "support/rowset.h"

#include <stdlib.h>

#include "support/test.h"

enum { KEYS = 3 };

static void *make(pt_arena *a, size_t n, size_t size)
{
    void *p = pt_arena_array(a, n, size);

    CHECK(p);
    return p;
}

/* Texts of every length around the sizes that the builder treats apart, with bytes of all kinds. */
static pt_sv random_text(pt_rng *rng, uint32_t texts, pt_arena *a)
{
    pt_rng own;

    pt_rng_seed(&own, pt_rng_below(rng, texts));
    size_t n = pt_rng_below(&own, 10) ? pt_rng_below(&own, 20) : pt_rng_below(&own, 300);
    char *p = make(a, n + 1, 1);
    for (size_t i = 0; i < n; i++)
        p[i] = (char)(pt_rng_below(&own, 4) ? 'a' + (int)pt_rng_below(&own, 4) : (int)pt_rng_below(&own, 256));
    return (pt_sv){p, n};
}

static int64_t random_long(pt_rng *rng)
{
    return pt_rng_below(rng, 8) ? (int64_t)pt_rng_below(rng, 1000) - 500 : (int64_t)pt_rng_u64(rng);
}

static double random_double(pt_rng *rng)
{
    static const double odd[] = {0.0, -0.0, 1e308, -1e308, 5e-324};

    return pt_rng_below(rng, 8) ? pt_rng_double(rng) * 1000 - 500 : odd[pt_rng_below(rng, PT_COUNT(odd))];
}

static void fill_value(rowset *r, pt_rng *rng, pt_type type, void *data, size_t i, uint32_t texts)
{
    bool missing = pt_rng_below(rng, 5) == 0;

    switch (type) {
    case PT_TYPE_BOOL: ((uint8_t *)data)[i] = missing ? PT_BOOL_MISSING : (uint8_t)pt_rng_below(rng, 2); break;
    case PT_TYPE_NUMBER: ((double *)data)[i] = missing ? (double)NAN : random_double(rng); break;
    case PT_TYPE_DATE: ((int32_t *)data)[i] = missing ? PT_I32_MISSING : (int32_t)pt_rng_below(rng, 20000); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: ((pt_sv *)data)[i] = missing ? (pt_sv){NULL, 0} : random_text(rng, texts, r->arena); break;
    default: ((int64_t *)data)[i] = missing ? PT_I64_MISSING : random_long(rng);
    }
}

static pt_cells random_lists(rowset *r, pt_rng *rng, uint32_t texts)
{
    uint64_t *offsets = make(r->arena, r->n + 1, sizeof *offsets);
    uint8_t *absent = make(r->arena, r->n, 1);
    pt_sv *items = make(r->arena, r->n * 4 + 1, sizeof *items);
    bool marks = pt_rng_below(rng, 4) > 0;

    for (size_t i = 0; i < r->n; i++) {
        absent[i] = marks && pt_rng_below(rng, 6) == 0;
        size_t n = absent[i] ? 0 : pt_rng_below(rng, 5);
        for (size_t k = 0; k < n; k++)
            items[offsets[i] + k] = random_text(rng, texts, r->arena);
        offsets[i + 1] = offsets[i] + n;
    }
    return (pt_cells){PT_CELLS_TYPED, PT_TYPE_LIST, items, offsets, marks ? absent : NULL};
}

static size_t width_of(const pt_cells *c)
{
    if (c->form != PT_CELLS_TYPED)
        return c->form == PT_CELLS_U32 ? 4 : 8;
    return pt_type_is_text(c->type) ? sizeof(pt_sv) : pt_type_width(c->type);
}

static void fill_column(rowset *r, pt_rng *rng, size_t column, pt_type type, uint32_t texts)
{
    pt_cells *c = &r->cells[KEYS + column];

    if (type == PT_TYPE_LIST) {
        *c = random_lists(r, rng, texts);
        return;
    }
    *c = (pt_cells){.form = PT_CELLS_TYPED, .type = type};
    void *data = make(r->arena, r->n, width_of(c));
    for (size_t i = 0; i < r->n; i++)
        fill_value(r, rng, type, data, i, texts);
    c->data = data;
}

static void fill_keys(rowset *r, pt_rng *rng, const rowset_options *o)
{
    uint32_t *ordinals = make(r->arena, r->n, sizeof *ordinals);
    int64_t *times = make(r->arena, r->n, sizeof *times);
    uint64_t *sequences = make(r->arena, r->n, sizeof *sequences);

    for (size_t i = 0; i < r->n; i++) {
        bool heavy = o->heavy < o->ordinals && pt_rng_below(rng, 2);
        ordinals[i] = heavy ? o->heavy : (uint32_t)pt_rng_below(rng, o->ordinals);
        times[i] = o->sorted ? (int64_t)(i / 3) : (int64_t)pt_rng_below(rng, r->n / 2 + 5) - 3;
        if (!o->sorted && pt_rng_below(rng, 20) == 0)
            times[i] = PT_I64_MISSING;
        sequences[i] = i * 2 + 1;
    }
    r->cells[0] = (pt_cells){.form = PT_CELLS_U32, .data = ordinals};
    r->cells[1] = (pt_cells){.form = PT_CELLS_TYPED, .type = PT_TYPE_INSTANT, .data = times};
    r->cells[2] = (pt_cells){.form = PT_CELLS_U64, .data = sequences};
}

rowset *rowset_random(pt_rng *rng, const rowset_options *o)
{
    pt_arena *a = pt_arena_new(0);
    rowset *r = make(a, 1, sizeof *r);
    pt_timeline_column *columns = make(a, o->columns, sizeof *columns);

    *r = (rowset){.arena = a, .ordinals = o->ordinals, .n = o->rows};
    r->cells = make(a, KEYS + o->columns, sizeof *r->cells);
    fill_keys(r, rng, o);
    for (size_t i = 0; i < o->columns; i++) {
        columns[i].type = (pt_type)(PT_TYPE_BOOL + pt_rng_below(rng, PT_TYPE_LIST));
        columns[i].name = pt_arena_printf(a, "c%zu_%s", i, pt_type_name(columns[i].type));
        fill_column(r, rng, i, columns[i].type, o->texts);
    }
    r->schema = (pt_timeline_schema){.source = "orders", .columns = columns, .n_columns = o->columns};
    return r;
}

void rowset_free(rowset *r)
{
    pt_arena_free(r->arena);
}

static pt_cells take_lists(const pt_cells *c, const size_t *rows, size_t n, pt_arena *a)
{
    uint64_t *offsets = make(a, n + 1, sizeof *offsets);
    uint8_t *absent = make(a, n, 1);
    size_t total = 0;

    for (size_t i = 0; i < n; i++)
        total += c->offsets[rows[i] + 1] - c->offsets[rows[i]];
    pt_sv *items = make(a, total, sizeof *items);
    for (size_t i = 0; i < n; i++) {
        size_t k = c->offsets[rows[i] + 1] - c->offsets[rows[i]];
        memcpy(items + offsets[i], (const pt_sv *)c->data + c->offsets[rows[i]], k * sizeof *items);
        offsets[i + 1] = offsets[i] + k;
        absent[i] = c->absent && c->absent[rows[i]];
    }
    return (pt_cells){PT_CELLS_TYPED, PT_TYPE_LIST, items, offsets, c->absent ? absent : NULL};
}

pt_rows rowset_take(const rowset *r, const size_t *rows, size_t n, pt_arena *a)
{
    size_t n_cells = KEYS + r->schema.n_columns;
    pt_cells *cells = make(a, n_cells, sizeof *cells);

    for (size_t i = 0; i < n_cells; i++) {
        const pt_cells *from = &r->cells[i];
        cells[i] = *from;
        if (from->form == PT_CELLS_TYPED && from->type == PT_TYPE_LIST) {
            cells[i] = take_lists(from, rows, n, a);
            continue;
        }
        size_t width = width_of(from);
        char *data = make(a, n, width);
        for (size_t k = 0; k < n; k++)
            memcpy(data + k * width, (const char *)from->data + rows[k] * width, width);
        cells[i].data = data;
    }
    return (pt_rows){.n = n, .n_cells = n_cells, .cells = cells};
}

static int compare_rows(const void *left, const void *right, void *set)
{
    const rowset *r = set;
    size_t a = *(const size_t *)left, b = *(const size_t *)right;
    const uint32_t *ordinals = r->cells[0].data;
    const int64_t *times = r->cells[1].data;
    const uint64_t *sequences = r->cells[2].data;

    if (ordinals[a] != ordinals[b])
        return ordinals[a] < ordinals[b] ? -1 : 1;
    if (times[a] != times[b])
        return times[a] < times[b] ? -1 : 1;
    return sequences[a] < sequences[b] ? -1 : sequences[a] > sequences[b];
}

const size_t *rowset_order(const rowset *r)
{
    size_t *order = make(r->arena, r->n, sizeof *order);

    for (size_t i = 0; i < r->n; i++)
        order[i] = i;
    qsort_r(order, r->n, sizeof *order, compare_rows, (void *)(uintptr_t)r);
    return order;
}

size_t *rowset_shuffle(const rowset *r, pt_rng *rng)
{
    size_t *order = make(r->arena, r->n, sizeof *order);

    for (size_t i = 0; i < r->n; i++) {
        size_t k = pt_rng_below(rng, i + 1);
        order[i] = order[k];
        order[k] = i;
    }
    return order;
}

static void check_text(pt_sv want, const pt_column *c, uint32_t code)
{
    CHECK(code != PT_CODE_MISSING && code <= c->dict->n);
    CHECK(pt_sv_eq(pt_dict_text(c->dict, code), want));
}

static void check_list(const pt_cells *from, size_t row, const pt_column *c, uint64_t event)
{
    bool absent = from->absent && from->absent[row];
    size_t n = absent ? 0 : from->offsets[row + 1] - from->offsets[row];

    CHECK_INT(pt_column_missing(c, event), absent);
    CHECK_INT(c->offsets[event + 1] - c->offsets[event], n);
    for (size_t k = 0; k < n; k++)
        check_text(((const pt_sv *)from->data)[from->offsets[row] + k], c, pt_column_code(c, c->offsets[event] + k));
}

void rowset_check_cell(const rowset *r, size_t column, size_t row, const pt_column *c, uint64_t event)
{
    const pt_cells *from = &r->cells[KEYS + column];

    CHECK_INT(c->type, r->schema.columns[column].type);
    switch (c->type) {
    case PT_TYPE_LIST: check_list(from, row, c, event); break;
    case PT_TYPE_NUMBER: CHECK_DOUBLE(((const double *)c->data)[event], ((const double *)from->data)[row]); break;
    case PT_TYPE_BOOL: CHECK_INT(((const uint8_t *)c->data)[event], ((const uint8_t *)from->data)[row]); break;
    case PT_TYPE_DATE: CHECK_INT(((const int32_t *)c->data)[event], ((const int32_t *)from->data)[row]); break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: {
        pt_sv want = ((const pt_sv *)from->data)[row];
        if (want.ptr)
            check_text(want, c, pt_column_code(c, event));
        else
            CHECK_INT(pt_column_code(c, event), PT_CODE_MISSING);
        break;
    }
    default: CHECK_INT(((const int64_t *)c->data)[event], ((const int64_t *)from->data)[row]);
    }
}
