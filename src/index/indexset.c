#include "index/indexset.h"

#include <stdlib.h>
#include <string.h>

#include "base/frame.h"
#include "index/headed.h"

/* The head: 48 bytes, then a name and a place for each tag, then zeros to a multiple of 64. */
#define MAGIC "PTINDEXS"
enum { VERSION = 1, FIXED = 48 };

/* --- writing ------------------------------------------------------------------------------------------------------------- */

struct pt_indexset_writer {
    const char *const *names;
    size_t n, added;
    pt_tagset_sink sink;
    uint64_t head, at; /* bytes of the head; of the file so far */
    uint64_t *places;  /* offset and size of each */
};

pt_rc pt_indexset_begin(pt_indexset_writer **out, const char *const *names, size_t n, const pt_tagset_sink *sink,
                        pt_err *err)
{
    static const unsigned char zeros[HEADED_ALIGN];
    pt_indexset_writer *w = pt_zalloc(1, sizeof *w);

    *out = w;
    if (!w || !(w->places = pt_zalloc(n * 2 + 1, sizeof *w->places)))
        return pt_fail_nomem(err, "the index");
    w->names = names;
    w->n = n;
    w->sink = *sink;
    w->head = FIXED;
    for (size_t i = 0; i < n; i++)
        w->head += sizeof(uint32_t) + strlen(names[i]) + 2 * sizeof(uint64_t);
    w->head = headed_round(w->head);
    for (; w->at < w->head; w->at += HEADED_ALIGN) /* zeros: no reader takes it for a file yet */
        PT_TRY(sink->append(sink->ctx, zeros, HEADED_ALIGN, err));
    return PT_OK;
}

pt_rc pt_indexset_add(pt_indexset_writer *w, const void *bytes, size_t n, pt_err *err)
{
    static const unsigned char zeros[HEADED_ALIGN];

    if (w->added == w->n)
        return pt_fail(err, PT_EINTERNAL, "an index too many");
    w->places[2 * w->added] = w->at;
    w->places[2 * w->added++ + 1] = n;
    PT_TRY(w->sink.append(w->sink.ctx, bytes, n, err));
    uint64_t end = headed_round(w->at + n), gap = end - w->at - n;
    w->at = end;
    return gap ? w->sink.append(w->sink.ctx, zeros, gap, err) : PT_OK;
}

static void put_head(pt_str *out, const pt_indexset_writer *w, pt_hash128 made_from)
{
    uint32_t numbers[2] = {VERSION, HEADED_BYTE_ORDER};

    pt_str_addn(out, MAGIC, 8);
    pt_frame_put(out, numbers, sizeof numbers);
    pt_frame_put64(out, w->at);
    pt_frame_put64(out, w->n);
    pt_frame_put64(out, made_from.lo);
    pt_frame_put64(out, made_from.hi);
    for (size_t i = 0; i < w->n; i++) {
        pt_frame_put_text(out, w->names[i]);
        pt_frame_put64(out, w->places[2 * i]);
        pt_frame_put64(out, w->places[2 * i + 1]);
    }
}

pt_rc pt_indexset_end(pt_indexset_writer *w, pt_hash128 made_from, pt_err *err)
{
    pt_str head = {0};

    if (w->added != w->n)
        return pt_fail(err, PT_EINTERNAL, "an index is missing");
    put_head(&head, w, made_from);
    while (head.len < w->head && pt_str_check(&head, err) == PT_OK)
        pt_str_addn(&head, "", 1);
    pt_rc rc = pt_str_check(&head, err);
    if (rc == PT_OK) {
        uint64_t sum = pt_hash64(head.ptr, w->head);
        rc = w->sink.append(w->sink.ctx, &sum, sizeof sum, err);
    }
    if (rc == PT_OK)
        rc = w->sink.patch(w->sink.ctx, 0, head.ptr, w->head, err);
    pt_str_free(&head);
    return rc;
}

void pt_indexset_writer_free(pt_indexset_writer *w)
{
    if (!w)
        return;
    free(w->places);
    free(w);
}

/* --- reading ------------------------------------------------------------------------------------------------------------- */

typedef struct entry {
    const char *name;
    uint64_t offset, size;
    pt_tagindex *index; /* NULL until asked for */
} entry;

struct pt_indexset {
    pt_arena *arena;
    const unsigned char *bytes;
    const char *noun;
    entry *entries; /* by name */
    size_t n;
    pt_hash128 made_from;
};

static pt_rc read_entries(pt_indexset *s, pt_frame_cursor *c, uint64_t size, pt_err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        entry *e = &s->entries[i];
        e->name = pt_frame_get_text(c, s->arena);
        e->offset = pt_frame_get64(c);
        e->size = pt_frame_get64(c);
        if (c->failed || e->offset % HEADED_ALIGN || e->offset > size || e->size > size - e->offset)
            return headed_corrupt(s->noun, "its table is impossible", err);
        if (!e->name)
            return pt_fail_nomem(err, s->noun);
    }
    return PT_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const entry *)a)->name, ((const entry *)b)->name);
}

/* The file ends with the checksum of its head. */
static pt_rc read_head(pt_indexset *s, size_t size, pt_err *err)
{
    pt_frame_cursor c = {.rest = {(const char *)s->bytes, size}};
    char magic[8];
    uint32_t numbers[2];

    pt_frame_get(&c, magic, sizeof magic);
    pt_frame_get(&c, numbers, sizeof numbers);
    uint64_t bytes = pt_frame_get64(&c), n = pt_frame_get64(&c);
    s->made_from.lo = pt_frame_get64(&c);
    s->made_from.hi = pt_frame_get64(&c);
    if (c.failed || memcmp(magic, MAGIC, sizeof magic) != 0)
        return pt_fail(err, PT_ECORRUPT, "%s is no index file", s->noun);
    if (numbers[0] != VERSION || numbers[1] != HEADED_BYTE_ORDER)
        return pt_fail(err, PT_ECORRUPT, "%s was written by another version or on another machine", s->noun);
    if (bytes != size - sizeof(uint64_t) || n > c.rest.len / (sizeof(uint32_t) + 2 * sizeof(uint64_t)))
        return headed_corrupt(s->noun, "it is not as long as it says", err);
    s->n = (size_t)n;
    s->entries = PT_NEW_ARRAY(s->arena, entry, s->n);
    if (!s->entries)
        return pt_fail_nomem(err, s->noun);
    PT_TRY(read_entries(s, &c, bytes, err));
    if (s->n)
        qsort(s->entries, s->n, sizeof *s->entries, by_name);
    return headed_check(s->bytes, size - c.rest.len, bytes, s->noun, err);
}

pt_rc pt_indexset_open(pt_indexset **out, const char *noun, const void *bytes, size_t n, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_indexset *s = arena ? PT_NEW(arena, pt_indexset) : NULL;
    pt_rc rc = PT_OK;

    *out = NULL;
    if (!s || !(s->noun = pt_arena_strdup(arena, noun)))
        rc = pt_fail_nomem(err, noun);
    if (rc == PT_OK) {
        s->arena = arena;
        s->bytes = bytes;
        rc = n < FIXED + sizeof(uint64_t) ? headed_corrupt(s->noun, "it is too short", err) : read_head(s, n, err);
    }
    if (rc == PT_OK)
        *out = s;
    else
        pt_arena_free(arena);
    return rc;
}

void pt_indexset_close(pt_indexset *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < s->n; i++)
        pt_tagindex_close(s->entries[i].index);
    pt_arena_free(s->arena);
}

pt_hash128 pt_indexset_made_from(const pt_indexset *s)
{
    return s->made_from;
}

size_t pt_indexset_count(const pt_indexset *s)
{
    return s->n;
}

static int compare_name(const void *name, const void *e)
{
    return strcmp(name, ((const entry *)e)->name);
}

pt_rc pt_indexset_find(pt_tagindex **out, pt_indexset *s, const char *name, pt_err *err)
{
    entry *e = s->n ? bsearch(name, s->entries, s->n, sizeof *e, compare_name) : NULL;

    *out = NULL;
    if (!e)
        return PT_OK;
    if (!e->index)
        PT_TRY(pt_tagindex_open(&e->index, s->noun, s->bytes + e->offset, e->size, err));
    *out = e->index;
    return PT_OK;
}
