/* A partition larger than the memory one thread may use (a customer with very many events, or a small budget): sorted in
 * runs that fit, the runs written to a file without a name, then merged. A run is a sequence of packed chunks whose
 * codes are already the file's. */
#include "timeline/timeline_int.h"

#include <stdlib.h>
#include <unistd.h>

enum { RUN_CHUNK_MOST = 1 << 20, RUN_CHUNK_LEAST = 16 << 10 };

typedef struct run {
    uint64_t at, end;      /* in the run file; `at` moves on while merging */
    unsigned char *buffer; /* the packed chunk being merged */
    size_t cap;
    const unsigned char *row; /* the first record not yet taken */
    uint32_t left;            /* records in the buffer from `row` on */
} run;

typedef struct merger {
    finish *f;
    finish_worker *w;
    uint32_t partition;
    int fd;
    uint64_t end; /* of the run file */
    run *runs;
    size_t n_runs, runs_cap;
    uint32_t *heap; /* run numbers, smallest record first */
    size_t n_heap;
    entry *pending; /* merged records not yet written; they lie in runs' buffers */
    size_t n_pending;
} merger;

/* --- making runs --------------------------------------------------------------------------------------------------------- */

/* A packed chunk under construction. */
typedef struct packer {
    merger *m;
    unsigned char *rows;
    uint32_t *items;
    size_t n_rows, rows_cap, n_items, items_cap, chunk_bytes;
} packer;

static pt_rc packer_flush(packer *p, pt_err *err)
{
    static const unsigned char zeros[8];
    merger *m = p->m;
    const char *path = m->f->b->path;
    packed_chunk head = {.rows = (uint32_t)p->n_rows, .items = (uint32_t)p->n_items};
    size_t rows = p->n_rows * m->f->b->shape.stride, items = p->n_items * sizeof *p->items;
    uint64_t at = m->end;

    if (!p->n_rows)
        return PT_OK;
    PT_TRY(timeline_write_at(m->fd, &head, sizeof head, at, path, err));
    PT_TRY(timeline_write_at(m->fd, p->rows, rows, at += sizeof head, path, err));
    PT_TRY(timeline_write_at(m->fd, zeros, (8 - rows % 8) % 8, at += rows, path, err));
    PT_TRY(timeline_write_at(m->fd, p->items, items, at += (8 - rows % 8) % 8, path, err));
    PT_TRY(timeline_write_at(m->fd, zeros, (8 - items % 8) % 8, at + items, path, err));
    m->end += packed_bytes(head.rows, head.items, m->f->b->shape.stride);
    p->n_rows = p->n_items = 0;
    return PT_OK;
}

/* Copies a record's list items; while packing, a cell counts from the front. packer_seal turns that around. */
static pt_rc pack_items(packer *p, unsigned char *row, pt_err *err)
{
    const pt_timeline_builder *b = p->m->f->b;
    const batch *from = &p->m->w->batches[b->n_lists ? load_u32(row + b->shape.batch) : 0];

    for (size_t i = 0; i < b->schema.n_columns; i++) {
        list_cell cell;
        if (b->schema.columns[i].type != PT_TYPE_LIST)
            continue;
        memcpy(&cell, row + b->shape.columns[i], sizeof cell);
        const uint32_t *items = from->items_end - cell.back;
        cell.back = (uint32_t)p->n_items;
        memcpy(row + b->shape.columns[i], &cell, sizeof cell);
        if (cell.n == LIST_ABSENT)
            continue;
        if (!pt_grow(&p->items, &p->items_cap, p->n_items + cell.n, sizeof *p->items))
            return pt_fail_nomem(err, "sorting a timeline");
        if (cell.n)
            memcpy(p->items + p->n_items, items, cell.n * sizeof *items);
        p->n_items += cell.n;
    }
    return PT_OK;
}

static void packer_seal(packer *p)
{
    const pt_timeline_builder *b = p->m->f->b;

    for (size_t i = 0; i < b->schema.n_columns; i++) {
        if (b->schema.columns[i].type != PT_TYPE_LIST)
            continue;
        for (size_t k = 0; k < p->n_rows; k++) {
            unsigned char *at = p->rows + k * b->shape.stride + b->shape.columns[i];
            list_cell cell;
            memcpy(&cell, at, sizeof cell);
            cell.back = (uint32_t)p->n_items - cell.back;
            memcpy(at, &cell, sizeof cell);
        }
    }
}

static pt_rc pack_row(packer *p, const entry *e, pt_err *err)
{
    uint32_t stride = p->m->f->b->shape.stride;

    if (!pt_grow(&p->rows, &p->rows_cap, (p->n_rows + 1) * stride, 1))
        return pt_fail_nomem(err, "sorting a timeline");
    unsigned char *row = p->rows + p->n_rows * stride;
    memcpy(row, e->row, stride);
    PT_TRY(pack_items(p, row, err));
    p->n_rows++;
    if (p->n_rows * stride + p->n_items * sizeof *p->items < p->chunk_bytes)
        return PT_OK;
    packer_seal(p);
    return packer_flush(p, err);
}

/* Sorts what is in the batches and writes it as one run. */
static pt_rc make_run(merger *m, pt_err *err)
{
    size_t n;
    packer p = {.m = m, .chunk_bytes = m->f->room / 64};
    uint64_t begin = m->end;

    if (m->w->n_batches == 0)
        return PT_OK;
    p.chunk_bytes = p.chunk_bytes > RUN_CHUNK_MOST    ? RUN_CHUNK_MOST
                    : p.chunk_bytes < RUN_CHUNK_LEAST ? RUN_CHUNK_LEAST
                                                      : p.chunk_bytes;
    pt_rc rc = batches_sort(m->f, m->w, m->partition, &n, err);
    for (size_t i = 0; i < n && rc == PT_OK; i++)
        rc = pack_row(&p, &m->w->entries[i], err);
    if (rc == PT_OK) {
        packer_seal(&p);
        rc = packer_flush(&p, err);
    }
    free(p.rows);
    free(p.items);
    m->w->n_batches = 0;
    PT_TRY(rc);
    if (!pt_grow(&m->runs, &m->runs_cap, m->n_runs + 1, sizeof *m->runs))
        return pt_fail_nomem(err, "sorting a timeline");
    m->runs[m->n_runs++] = (run){.at = begin, .end = m->end};
    return PT_OK;
}

static pt_rc runs_of_memory(merger *m, unsigned worker, pt_err *err)
{
    size_t used = 0;

    for (chunk *c = m->f->b->workers[worker]->parts[m->partition].first; c; c = c->next) {
        PT_TRY(batch_add(m->w, (batch){c->data, (uint32_t *)(void *)(c->data + c->size), c->rows, worker}, err));
        used += c->rows * 2 * sizeof(entry);
        if (used < m->f->room)
            continue;
        PT_TRY(make_run(m, err));
        used = 0;
    }
    return make_run(m, err);
}

/* Half the room is for what is read back, the other half for the entries. */
static pt_rc runs_of_spills(merger *m, unsigned worker, pt_err *err)
{
    const pt_timeline_builder *b = m->f->b;
    const add_worker *from = b->workers[worker];
    size_t window = m->f->room / 2, used = 0;

    if (!pt_grow(&m->w->loaded, &m->w->loaded_cap, window, 1))
        return pt_fail_nomem(err, "sorting a timeline");
    for (size_t i = 0; i < from->n_spills; i++) {
        const segment *s = &from->segments[i * b->partitions + m->partition];
        segment_reader r = {from->spill_fd, b->path, s->at, s->at + s->bytes, b->shape.stride, worker};
        while (r.at < r.end) {
            uint64_t before = r.at;
            PT_TRY(segment_load(&r, m->w, &used, used < window ? window - used : 0, err));
            if (r.at > before && used < window)
                continue;
            PT_TRY(make_run(m, err));
            used = 0;
        }
    }
    return make_run(m, err);
}

/* --- merging ------------------------------------------------------------------------------------------------------------- */

/* The next packed chunk of a run into its buffer; `left` stays 0 at the run's end. */
static pt_rc refill(merger *m, size_t number, pt_err *err)
{
    run *r = &m->runs[number];
    uint32_t stride = m->f->b->shape.stride;
    packed_chunk head;

    if (r->at == r->end)
        return PT_OK;
    PT_TRY(timeline_read_at(m->fd, &head, sizeof head, r->at, m->f->b->path, err));
    size_t bytes = packed_bytes(head.rows, head.items, stride);
    if (!pt_grow(&r->buffer, &r->cap, bytes, 1))
        return pt_fail_nomem(err, "sorting a timeline");
    PT_TRY(timeline_read_at(m->fd, r->buffer, bytes, r->at, m->f->b->path, err));
    r->at += bytes;
    r->row = r->buffer + sizeof head;
    r->left = head.rows;
    uint32_t *items = (uint32_t *)(void *)(r->buffer + packed_bytes(head.rows, 0, stride));
    m->w->batches[number].items_end = items + head.items;
    uint32_t name = (uint32_t)number;
    for (uint32_t i = 0; m->f->b->n_lists && i < head.rows; i++)
        memcpy(r->buffer + sizeof head + (size_t)i * stride + m->f->b->shape.batch, &name, sizeof name);
    return PT_OK;
}

static bool run_before(const merger *m, uint32_t a, uint32_t b)
{
    const unsigned char *x = m->runs[a].row, *y = m->runs[b].row;
    uint32_t at = m->f->b->shape.ordinal, p = load_u32(x + at), q = load_u32(y + at);

    if (p != q)
        return p < q;
    int64_t s = (int64_t)load_u64(x), t = (int64_t)load_u64(y);
    return s != t ? s < t : load_u64(x + 8) < load_u64(y + 8);
}

/* Lets the run at `at` sink to its place. */
static void sift(merger *m, size_t at)
{
    uint32_t moving = m->heap[at];

    for (size_t child; (child = 2 * at + 1) < m->n_heap; at = child) {
        if (child + 1 < m->n_heap && run_before(m, m->heap[child + 1], m->heap[child]))
            child++;
        if (!run_before(m, m->heap[child], moving))
            break;
        m->heap[at] = m->heap[child];
    }
    m->heap[at] = moving;
}

static pt_rc flush_pending(merger *m, place *at, pt_err *err)
{
    size_t n = m->n_pending;

    m->n_pending = 0;
    return events_emit(m->f, m->w, m->pending, n, at, err);
}

/* Takes the smallest record. A buffer is refilled only when nothing pending lies in it. */
static pt_rc take(merger *m, place *at, pt_err *err)
{
    uint32_t number = m->heap[0];
    run *r = &m->runs[number];

    m->pending[m->n_pending++] = (entry){.time = (int64_t)load_u64(r->row), .row = (unsigned char *)(uintptr_t)r->row};
    r->row += m->f->b->shape.stride;
    if (--r->left == 0) {
        PT_TRY(flush_pending(m, at, err));
        PT_TRY(refill(m, number, err));
        if (r->left == 0)
            m->heap[0] = m->heap[--m->n_heap];
    }
    if (m->n_pending == PIECE)
        PT_TRY(flush_pending(m, at, err));
    if (m->n_heap)
        sift(m, 0);
    return PT_OK;
}

static pt_rc start_merge(merger *m, pt_err *err)
{
    m->heap = pt_zalloc(m->n_runs, sizeof *m->heap);
    m->pending = pt_zalloc(PIECE, sizeof *m->pending);
    if (!m->heap || !m->pending)
        return pt_fail_nomem(err, "sorting a timeline");
    m->w->n_batches = 0;
    for (size_t i = 0; i < m->n_runs; i++) {
        PT_TRY(batch_add(m->w, (batch){0}, err));
        PT_TRY(refill(m, i, err));
        m->heap[m->n_heap++] = (uint32_t)i;
    }
    for (size_t i = m->n_heap; i-- > 0;)
        sift(m, i);
    return PT_OK;
}

static pt_rc merge(merger *m, place *at, pt_err *err)
{
    for (unsigned i = 0; i < m->f->b->n_workers; i++) {
        PT_TRY(runs_of_memory(m, i, err));
        PT_TRY(runs_of_spills(m, i, err));
    }
    PT_TRY(start_merge(m, err));
    while (m->n_heap)
        PT_TRY(take(m, at, err));
    return flush_pending(m, at, err);
}

pt_rc partition_merge(finish *f, finish_worker *w, uint32_t partition, place *at, pt_err *err)
{
    merger m = {.f = f, .w = w, .partition = partition, .fd = -1};

    w->n_batches = 0;
    pt_rc rc = timeline_temp_open(&m.fd, f->b->path, err);
    if (rc == PT_OK)
        rc = merge(&m, at, err);
    if (m.fd >= 0)
        close(m.fd);
    for (size_t i = 0; i < m.n_runs; i++)
        free(m.runs[i].buffer);
    free(m.runs);
    free(m.heap);
    free(m.pending);
    return rc;
}
