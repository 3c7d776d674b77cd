/* Putting a partition's records in order: a counting sort by ordinal, then each customer by time and sequence. Most
 * input comes in order of time, so a customer is a few ascending runs: one for each worker that met it. */
#include "timeline/timeline_int.h"

enum { INSERTION_MOST = 24 };

/* --- translating codes ---------------------------------------------------------------------------------------------- */

static void remap_texts(const batch *t, uint32_t at, uint32_t stride, const uint32_t *remap)
{
    unsigned char *cell = t->rows + at;

    for (uint32_t i = 0; i < t->n; i++, cell += stride) {
        uint32_t code = remap[load_u32(cell)];
        memcpy(cell, &code, sizeof code);
    }
}

static void remap_lists(const batch *t, uint32_t at, uint32_t stride, const uint32_t *remap)
{
    for (uint32_t i = 0; i < t->n; i++) {
        list_cell cell;
        memcpy(&cell, t->rows + (size_t)i * stride + at, sizeof cell);
        uint32_t *item = t->items_end - cell.back;
        for (uint32_t k = 0; cell.n != LIST_ABSENT && k < cell.n; k++)
            item[k] = remap[item[k]];
    }
}

static void remap_batch(const pt_timeline_builder *b, const batch *t)
{
    for (size_t i = 0; i < b->schema.n_columns; i++) {
        const uint32_t *remap = b->workers[t->worker]->remap[i];
        if (pt_type_is_text(b->schema.columns[i].type))
            remap_texts(t, b->shape.columns[i], b->shape.stride, remap);
        else if (b->schema.columns[i].type == PT_TYPE_LIST)
            remap_lists(t, b->shape.columns[i], b->shape.stride, remap);
    }
}

/* --- by ordinal ------------------------------------------------------------------------------------------------------ */

static void number_batch(const pt_timeline_builder *b, const batch *t, uint32_t number)
{
    for (uint32_t i = 0; i < t->n; i++)
        memcpy(t->rows + (size_t)i * b->shape.stride + b->shape.batch, &number, sizeof number);
}

static void count_batch(const pt_timeline_builder *b, const batch *t, uint32_t base, uint64_t *counts)
{
    const unsigned char *ordinal = t->rows + b->shape.ordinal;

    for (uint32_t i = 0; i < t->n; i++, ordinal += b->shape.stride)
        counts[load_u32(ordinal) - base]++;
}

static void place_batch(const pt_timeline_builder *b, const batch *t, uint32_t base, uint64_t *starts, entry *entries)
{
    unsigned char *row = t->rows;

    for (uint32_t i = 0; i < t->n; i++, row += b->shape.stride) {
        uint32_t ordinal = load_u32(row + b->shape.ordinal) - base;
        entries[starts[ordinal]++] = (entry){.time = (int64_t)load_u64(row), .row = row};
    }
}

/* --- by time --------------------------------------------------------------------------------------------------------- */

static inline bool after(const entry *a, const entry *b)
{
    return a->time != b->time ? a->time > b->time : load_u64(a->row + 8) > load_u64(b->row + 8);
}

static void insertion_sort(entry *e, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        entry moving = e[i];
        size_t to = i;
        for (; to > 0 && after(&e[to - 1], &moving); to--)
            e[to] = e[to - 1];
        e[to] = moving;
    }
}

static size_t run_end(const entry *e, size_t from, size_t n)
{
    size_t end = from + 1;

    while (end < n && !after(&e[end - 1], &e[end]))
        end++;
    return end;
}

/* Merges [0, middle) and [middle, n); `spare` holds the left part meanwhile. */
static void merge_runs(entry *e, size_t middle, size_t n, entry *spare)
{
    size_t left = 0, right = middle, to = 0;

    memcpy(spare, e, middle * sizeof *e);
    while (left < middle && right < n)
        e[to++] = after(&spare[left], &e[right]) ? e[right++] : spare[left++];
    memcpy(e + to, spare + left, (middle - left) * sizeof *e);
}

/* A natural merge sort: neighbouring runs are merged pass by pass until one is left. */
static void merge_sort(entry *e, size_t n, entry *spare)
{
    while (run_end(e, 0, n) < n) {
        for (size_t from = 0; from < n;) {
            size_t middle = run_end(e, from, n);
            if (middle == n)
                break;
            size_t end = run_end(e, middle, n);
            merge_runs(e + from, middle - from, end - from, spare);
            from = end;
        }
    }
}

static void sort_customer(entry *e, size_t n, entry *spare)
{
    if (n <= INSERTION_MOST)
        insertion_sort(e, n);
    else
        merge_sort(e, n, spare);
}

/* --- all together ---------------------------------------------------------------------------------------------------- */

static pt_rc make_room(finish_worker *w, size_t n, pt_err *err)
{
    if (!pt_grow(&w->entries, &w->entries_cap, n, sizeof *w->entries) ||
        !pt_grow(&w->spare, &w->spare_cap, n, sizeof *w->spare))
        return pt_fail_nomem(err, "sorting a timeline");
    return PT_OK;
}

static size_t batches_rows(const finish_worker *w)
{
    size_t n = 0;

    for (size_t i = 0; i < w->n_batches; i++)
        n += w->batches[i].n;
    return n;
}

pt_rc batches_sort(const finish *f, finish_worker *w, uint32_t partition, size_t *n, pt_err *err)
{
    const pt_timeline_builder *b = f->b;
    uint32_t ordinals = partition_ordinals(b, partition), base = partition << b->shift;
    uint64_t begin = 0;

    *n = batches_rows(w);
    PT_TRY(make_room(w, *n, err));
    memset(w->starts, 0, ((size_t)ordinals + 1) * sizeof *w->starts);
    for (size_t i = 0; i < w->n_batches; i++) {
        remap_batch(b, &w->batches[i]);
        if (b->n_lists)
            number_batch(b, &w->batches[i], (uint32_t)i);
        count_batch(b, &w->batches[i], base, w->starts + 1);
    }
    for (uint32_t i = 0; i < ordinals; i++) {
        w->counts[i] += w->starts[i + 1];
        w->starts[i + 1] += w->starts[i];
    }
    for (size_t i = 0; i < w->n_batches; i++)
        place_batch(b, &w->batches[i], base, w->starts, w->entries);
    for (uint32_t i = 0; i < ordinals; i++) { /* starts[i] is now where i ends */
        sort_customer(w->entries + begin, (size_t)(w->starts[i] - begin), w->spare);
        begin = w->starts[i];
    }
    return PT_OK;
}
