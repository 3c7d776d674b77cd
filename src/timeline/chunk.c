/* Memory for rows on their way: chunks carved from slabs. A worker's slabs are given back all at once, when it spills or
 * when the file is done, so nothing is freed piece by piece. */
#include "timeline/timeline_int.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { SLAB_MOST = 8 << 20, SLAB_LEAST = 32 << 10, HUGE_PAGE = 2 << 20, CHUNK_LEAST = 1 << 10, CHUNK_MOST = 32 << 10 };

/* Scattering writes to a thousand places at once, and a table of words is read at random: more than there are entries for
 * small pages in the processor's tables. */
void *huge_alloc(size_t n)
{
    if (n < HUGE_PAGE)
        return pt_alloc64(1, n);
    n = (n + HUGE_PAGE - 1) & ~(size_t)(HUGE_PAGE - 1);
    void *p = aligned_alloc(HUGE_PAGE, n);
    if (p)
        madvise(p, n, MADV_HUGEPAGE); /* a wish: nothing depends on it */
    return p;
}

static size_t slab_size(const add_worker *w)
{
    size_t size = w->share / 16;

    return size > SLAB_MOST ? SLAB_MOST : size < SLAB_LEAST ? SLAB_LEAST : size;
}

static size_t slab_bytes(const slab *s)
{
    return sizeof *s + s->size;
}

/* Frees the list but for its first `keep` bytes. */
static void free_list(add_worker *w, slab **list, size_t keep)
{
    while (*list && slab_bytes(*list) <= keep) {
        keep -= slab_bytes(*list);
        list = &(*list)->next;
    }
    while (*list) {
        slab *next = (*list)->next;
        atomic_fetch_sub_explicit(&w->budget->held, slab_bytes(*list), memory_order_relaxed);
        free(*list);
        *list = next;
    }
}

void slabs_free(add_worker *w)
{
    free_list(w, &w->slabs, 0);
    slabs_free_spare(w);
    w->memory = 0;
}

void slabs_free_spare(add_worker *w)
{
    free_list(w, &w->spare, 0);
}

/* A worker that goes on keeps its share; what it had of the others' goes back to them. */
void slabs_reuse(add_worker *w)
{
    while (w->slabs) {
        slab *s = w->slabs;
        w->slabs = s->next;
        s->next = w->spare;
        w->spare = s;
    }
    free_list(w, &w->spare, w->share);
    w->memory = 0;
    w->full = false;
}

static slab *slab_new(add_worker *w, size_t size)
{
    slab *s = huge_alloc(sizeof *s + size);

    if (!s)
        return NULL;
    s->size = size;
    size_t held = atomic_fetch_add_explicit(&w->budget->held, slab_bytes(s), memory_order_relaxed) + slab_bytes(s);
    /* Who holds little would gain little by spilling: others that hold much do it when they come by. */
    w->full = held > w->budget->most && w->memory >= w->share / 2;
    return s;
}

static pt_rc slab_add(add_worker *w, size_t need, pt_err *err)
{
    size_t size = slab_size(w) - sizeof(slab);
    slab *s = w->spare;

    if (size < need)
        size = need;
    if (s && s->size >= size)
        w->spare = s->next;
    else if (!(s = slab_new(w, size)))
        return pt_fail_nomem(err, "the rows of a timeline");
    s->used = 0;
    s->next = w->slabs;
    w->slabs = s;
    w->memory += slab_bytes(s);
    return PT_OK;
}

static uint32_t part_rows(const pt_timeline_builder *b, const part *p)
{
    return (uint32_t)((size_t)(p->next - p->last->data) / b->shape.stride);
}

static void chunk_close(const pt_timeline_builder *b, part *p)
{
    if (!p->last)
        return;
    p->last->rows = part_rows(b, p);
    p->last->items = (uint32_t)((size_t)(p->last->data + p->last->size - p->limit) / sizeof(uint32_t));
}

void chunk_close_all(const pt_timeline_builder *b, add_worker *w)
{
    for (uint32_t i = 0; i < b->partitions; i++)
        chunk_close(b, &w->parts[i]);
}

/* Chunks of a partition double until the partitions' last chunks, half empty, would be a good part of the share. */
static size_t chunk_size(const pt_timeline_builder *b, const add_worker *w, part *p, size_t items)
{
    size_t least = b->shape.stride + items * sizeof(uint32_t);
    size_t most = w->share / b->partitions / 4, size = p->size ? p->size : CHUNK_LEAST;

    most = most > CHUNK_MOST ? CHUNK_MOST : most < CHUNK_LEAST ? CHUNK_LEAST : most;
    p->size = (uint32_t)(size * 2 < most ? size * 2 : most);
    size -= sizeof(chunk);
    return ((size < least ? least : size) + 7) & ~(size_t)7;
}

pt_rc chunk_open(const pt_timeline_builder *b, add_worker *w, part *p, size_t items, pt_err *err)
{
    size_t size = chunk_size(b, w, p, items), need = (sizeof(chunk) + size + 63) & ~(size_t)63;

    if (!w->slabs || w->slabs->size - w->slabs->used < need)
        PT_TRY(slab_add(w, need, err));
    chunk *c = (chunk *)(void *)(w->slabs->data + w->slabs->used);
    w->slabs->used += need;
    chunk_close(b, p);
    *c = (chunk){.size = (uint32_t)size};
    if (p->last)
        p->last->next = c;
    else
        p->first = c;
    p->last = c;
    p->next = c->data;
    p->limit = c->data + size;
    return PT_OK;
}
