/* Rows that do not fit in memory: a worker writes all its chunks to a file without a name, partition after partition, so
 * that a partition's part of a spill is read back in one piece. */
#include "timeline/timeline_int.h"

#include <stdlib.h>

enum { SPILL_BUFFER = 256 << 10 };

/* Bytes gathered for the temporary file. */
typedef struct spill {
    add_worker *w;
    const char *path;
    unsigned char *buffer;
    size_t used;
} spill;

static pt_rc flush(spill *s, pt_err *err)
{
    PT_TRY(timeline_write_at(s->w->spill_fd, s->buffer, s->used, s->w->spill_end, s->path, err));
    s->w->spill_end += s->used;
    s->used = 0;
    return PT_OK;
}

static pt_rc put(spill *s, const void *bytes, size_t n, pt_err *err)
{
    const unsigned char *from = bytes;

    while (n) {
        if (s->used == SPILL_BUFFER)
            PT_TRY(flush(s, err));
        size_t fits = n < SPILL_BUFFER - s->used ? n : SPILL_BUFFER - s->used;
        memcpy(s->buffer + s->used, from, fits);
        s->used += fits;
        from += fits;
        n -= fits;
    }
    return PT_OK;
}

static pt_rc put_chunk(spill *s, const pt_timeline_builder *b, const chunk *c, pt_err *err)
{
    static const unsigned char zeros[8];
    packed_chunk head = {.rows = c->rows, .items = c->items};
    size_t rows = (size_t)c->rows * b->shape.stride, items = c->items * sizeof(uint32_t);

    PT_TRY(put(s, &head, sizeof head, err));
    PT_TRY(put(s, c->data, rows, err));
    PT_TRY(put(s, zeros, (8 - rows % 8) % 8, err));
    PT_TRY(put(s, c->data + c->size - items, items, err));
    return put(s, zeros, (8 - items % 8) % 8, err);
}

static pt_rc put_part(spill *s, const pt_timeline_builder *b, part *p, segment *where, pt_err *err)
{
    where->at = s->w->spill_end + s->used;
    where->rows = 0;
    for (const chunk *c = p->first; c; c = c->next) {
        if (c->rows)
            PT_TRY(put_chunk(s, b, c, err));
        where->rows += c->rows;
    }
    where->bytes = s->w->spill_end + s->used - where->at;
    *p = (part){.size = p->size};
    return PT_OK;
}

static pt_rc put_parts(spill *s, const pt_timeline_builder *b, pt_err *err)
{
    add_worker *w = s->w;
    size_t at = w->n_spills * b->partitions;

    if (!pt_grow(&w->segments, &w->segments_cap, at + b->partitions, sizeof *w->segments))
        return pt_fail_nomem(err, "the rows of a timeline");
    for (uint32_t i = 0; i < b->partitions; i++)
        PT_TRY(put_part(s, b, &w->parts[i], &w->segments[at + i], err));
    w->n_spills++;
    return flush(s, err);
}

pt_rc spill_worker(const pt_timeline_builder *b, add_worker *w, pt_err *err)
{
    spill s = {.w = w, .path = b->path};

    if (w->spill_fd < 0)
        PT_TRY(timeline_temp_open(&w->spill_fd, b->path, err));
    s.buffer = malloc(SPILL_BUFFER);
    if (!s.buffer)
        return pt_fail_nomem(err, "the rows of a timeline");
    chunk_close_all(b, w);
    pt_rc rc = put_parts(&s, b, err);
    free(s.buffer);
    if (rc == PT_OK)
        slabs_reuse(w);
    return rc;
}
