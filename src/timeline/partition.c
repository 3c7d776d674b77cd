/* One partition from its chunks and segments to the file. */
#include "timeline/timeline_int.h"

#include <stdlib.h>

static size_t pad8(size_t n)
{
    return (n + 7) & ~(size_t)7;
}

size_t packed_bytes(uint32_t rows, uint32_t items, uint32_t stride)
{
    return sizeof(packed_chunk) + pad8((size_t)rows * stride) + pad8(items * sizeof(uint32_t));
}

pt_rc batch_add(finish_worker *w, batch item, pt_err *err)
{
    if (!pt_grow(&w->batches, &w->batches_cap, w->n_batches + 1, sizeof *w->batches))
        return pt_fail_nomem(err, "the rows of a timeline");
    w->batches[w->n_batches++] = item;
    return PT_OK;
}

/* The whole packed chunks among the `n` bytes at `bytes`; *n becomes their bytes. */
static pt_rc add_packed(const segment_reader *r, finish_worker *w, unsigned char *bytes, size_t *n, pt_err *err)
{
    size_t at = 0;

    while (*n - at >= sizeof(packed_chunk)) {
        packed_chunk c;
        memcpy(&c, bytes + at, sizeof c);
        size_t size = packed_bytes(c.rows, c.items, r->stride);
        if (size > *n - at)
            break;
        unsigned char *rows = bytes + at + sizeof c;
        uint32_t *items = (uint32_t *)(void *)(rows + pad8((size_t)c.rows * r->stride));
        PT_TRY(
            batch_add(w, (batch){.rows = rows, .items_end = items + c.items, .n = c.rows, .worker = r->worker}, err));
        at += size;
    }
    *n = at;
    return PT_OK;
}

/* Bytes to read next: within the limit, but the first chunk whole. */
static pt_rc window_of(const segment_reader *r, size_t limit, size_t *n, pt_err *err)
{
    packed_chunk c;

    PT_TRY(timeline_read_at(r->fd, &c, sizeof c, r->at, r->path, err));
    size_t first = packed_bytes(c.rows, c.items, r->stride);
    *n = limit > first ? limit : first;
    if (*n > r->end - r->at)
        *n = (size_t)(r->end - r->at);
    return PT_OK;
}

pt_rc segment_load(segment_reader *r, finish_worker *w, size_t *used, size_t limit, pt_err *err)
{
    size_t n;

    PT_TRY(window_of(r, limit, &n, err));
    if (*used == 0 && !pt_grow(&w->loaded, &w->loaded_cap, n, 1))
        return pt_fail_nomem(err, "the rows of a timeline");
    if (n > w->loaded_cap - *used)
        return PT_OK;
    unsigned char *to = w->loaded + *used;
    PT_TRY(timeline_read_at(r->fd, to, n, r->at, r->path, err));
    PT_TRY(add_packed(r, w, to, &n, err));
    r->at += n;
    *used += n;
    return PT_OK;
}

/* --- a partition that fits in memory --------------------------------------------------------------------------------- */

static uint64_t spilled_bytes(const pt_timeline_builder *b, uint32_t partition)
{
    uint64_t n = 0;

    for (unsigned i = 0; i < b->n_workers; i++)
        for (size_t k = 0; k < b->workers[i]->n_spills; k++)
            n += b->workers[i]->segments[k * b->partitions + partition].bytes;
    return n;
}

static pt_rc load_worker(const pt_timeline_builder *b, finish_worker *w, unsigned worker, uint32_t partition,
                         size_t *used, pt_err *err)
{
    const add_worker *from = b->workers[worker];
    uint32_t stride = b->shape.stride;

    for (chunk *c = from->parts[partition].first; c; c = c->next)
        PT_TRY(batch_add(w, (batch){c->data, (uint32_t *)(void *)(c->data + c->size), c->rows, worker}, err));
    for (size_t i = 0; i < from->n_spills; i++) {
        const segment *s = &from->segments[i * b->partitions + partition];
        segment_reader r = {from->spill_fd, b->path, s->at, s->at + s->bytes, stride, worker};
        while (r.at < r.end)
            PT_TRY(segment_load(&r, w, used, (size_t)s->bytes, err));
    }
    return PT_OK;
}

static pt_rc write_small(finish *f, finish_worker *w, uint32_t partition, uint64_t spilled, place *at, pt_err *err)
{
    size_t used = 0, n;

    w->n_batches = 0;
    if (!pt_grow(&w->loaded, &w->loaded_cap, (size_t)spilled, 1))
        return pt_fail_nomem(err, "the rows of a timeline");
    for (unsigned i = 0; i < f->b->n_workers; i++)
        PT_TRY(load_worker(f->b, w, i, partition, &used, err));
    PT_TRY(batches_sort(f, w, partition, &n, err));
    return events_emit(f, w, w->entries, n, at, err);
}

/* --- either way ------------------------------------------------------------------------------------------------------ */

static pt_rc write_offsets(finish *f, finish_worker *w, uint32_t partition, pt_err *err)
{
    uint32_t n = partition_ordinals(f->b, partition);
    uint64_t at = f->rows_before[partition];

    for (uint32_t i = 0; i < n; i++) {
        w->starts[i] = at;
        at += w->counts[i];
    }
    return outfile_put(f->out, TIMELINE_OFFSETS, (uint64_t)partition << f->b->shift, n, w->starts, err);
}

pt_rc partition_write(finish *f, finish_worker *w, uint32_t partition, pt_err *err)
{
    place at = {.event = f->rows_before[partition]};
    uint64_t rows = f->rows_before[partition + 1] - at.event, spilled = spilled_bytes(f->b, partition);

    at.items = pt_zalloc(f->b->n_lists, sizeof *at.items);
    if (!at.items)
        return pt_fail_nomem(err, "writing a timeline");
    for (size_t i = 0; i < f->b->n_lists; i++)
        at.items[i] = f->items_before[partition * f->b->n_lists + i];
    memset(w->counts, 0, partition_ordinals(f->b, partition) * sizeof *w->counts);
    bool fits = rows <= UINT32_MAX && spilled <= f->room && rows * 2 * sizeof(entry) <= f->room - spilled;
    pt_rc rc = fits ? write_small(f, w, partition, spilled, &at, err) : partition_merge(f, w, partition, &at, err);
    free(at.items);
    PT_TRY(rc);
    PT_ASSERT(at.event == f->rows_before[partition + 1]);
    return write_offsets(f, w, partition, err);
}
