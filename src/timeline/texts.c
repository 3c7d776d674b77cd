#include "timeline/texts.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SEEN_MOST = 1 << 14, ROOM_LEAST = 64 << 10 };

/* --- an array of the file with room behind it -------------------------------------------------------------------------- */

static size_t page_up(size_t n)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    return (n + page - 1) & ~(page - 1);
}

/* A stretch that begins with the file's `base_bytes` at `at` and has room for `room` bytes in all. */
static pt_rc map_with_room(grown *out, const pt_timeline *t, uint64_t at, size_t base_bytes, size_t room, pt_err *err)
{
    size_t skip = (size_t)(at % (uint64_t)sysconf(_SC_PAGESIZE)), bytes = page_up(skip + room);
    unsigned char *map = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (map == MAP_FAILED)
        return pt_fail_errno(err, PT_ENOMEM, errno, "no memory for new texts");
    if (base_bytes && mmap(map, page_up(skip + base_bytes), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, t->fd,
                           (off_t)(at - skip)) == MAP_FAILED) {
        pt_rc rc = pt_fail_errno(err, PT_EIO, errno, "cannot map %s again", pt_frame_noun(t->frame));
        munmap(map, bytes);
        return rc;
    }
    *out = (grown){.values = map + skip, .room = bytes - skip, .map = map, .map_bytes = bytes};
    return PT_OK;
}

/* Appends bytes; what was added before moves when the room is too small, the file's part is mapped anew. */
static pt_rc append(grown *g, const pt_timeline *t, size_t array, size_t base_bytes, const void *bytes, size_t n,
                    pt_err *err)
{
    if (n > g->room - g->used) {
        grown larger;
        size_t added = g->used - base_bytes, more = added + n > ROOM_LEAST ? 2 * (added + n) : ROOM_LEAST;
        uint64_t at = (uint64_t)((const unsigned char *)pt_frame_values(t->frame, array) - t->bytes);
        PT_TRY(map_with_room(&larger, t, at, base_bytes, base_bytes + more, err));
        memcpy(larger.values + base_bytes, g->values + base_bytes, added);
        larger.used = g->used;
        if (g->map)
            munmap(g->map, g->map_bytes);
        *g = larger;
    }
    if (n)
        memcpy(g->values + g->used, bytes, n);
    g->used += n;
    return PT_OK;
}

/* --- a dictionary ------------------------------------------------------------------------------------------------------- */

pt_rc texts_init(texts *t, const pt_timeline *base, size_t column, pt_err *err)
{
    const pt_dict *d = &base->dicts[column];

    *t = (texts){.dict = *d, .base_n = d->n};
    t->offsets.values = (unsigned char *)(uintptr_t)d->offsets;
    t->offsets.used = t->offsets.room = ((size_t)d->n + 1) * sizeof *d->offsets;
    t->bytes.values = (unsigned char *)(uintptr_t)d->bytes;
    t->bytes.used = t->bytes.room = d->offsets[d->n]; /* a new text begins where the last one ends */
    t->extra = pt_intern_new();
    t->seen = pt_intern_new();
    t->seen_codes = pt_zalloc(SEEN_MOST + 1, sizeof *t->seen_codes);
    return t->extra && t->seen && t->seen_codes ? PT_OK : pt_fail_nomem(err, "a dictionary");
}

void texts_dispose(texts *t)
{
    if (t->offsets.map)
        munmap(t->offsets.map, t->offsets.map_bytes);
    if (t->bytes.map)
        munmap(t->bytes.map, t->bytes.map_bytes);
    pt_intern_free(t->extra);
    pt_intern_free(t->seen);
    free(t->seen_codes);
    *t = (texts){0};
}

/* The base's code; 0 when it does not have the text. */
static uint32_t search_base(const texts *t, pt_sv text)
{
    uint32_t low = 1, high = t->base_n;

    while (low <= high) {
        uint32_t middle = low + (high - low) / 2;
        int c = pt_sv_cmp(text, pt_dict_text(&t->dict, middle));
        if (c == 0)
            return middle;
        if (c < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return 0;
}

static uint32_t remember(texts *t, pt_sv text, uint32_t code)
{
    if (pt_intern_count(t->seen) == SEEN_MOST)
        pt_intern_clear(t->seen);
    t->seen_codes[pt_intern_add(t->seen, text)] = code; /* [0] when memory is short: nothing is lost */
    return code;
}

static pt_rc add_text(uint32_t *code, texts *t, const pt_timeline *base, size_t column, pt_sv text, pt_err *err)
{
    const timeline_column *c = &base->meta.columns[column];
    uint64_t end = t->bytes.used + text.len;
    size_t base_offsets = ((size_t)t->base_n + 1) * sizeof end, base_bytes = base->dicts[column].offsets[t->base_n];

    if (t->dict.n >= UINT32_MAX - 1)
        return pt_fail(err, PT_EINVAL, "column '%s' has too many different texts", c->name);
    PT_TRY(append(&t->bytes, base, c->dict_bytes, base_bytes, text.ptr, text.len, err));
    pt_rc rc = append(&t->offsets, base, c->dict_offsets, base_offsets, &end, sizeof end, err);
    if (rc == PT_OK && !pt_intern_add(t->extra, text)) {
        t->offsets.used -= sizeof end;
        rc = pt_fail_nomem(err, "a dictionary");
    }
    /* Also after a failure: an append may have moved the other array. */
    t->dict.offsets = (const uint64_t *)(const void *)t->offsets.values;
    t->dict.bytes = (const char *)t->bytes.values;
    if (rc != PT_OK) {
        t->bytes.used -= text.len;
        return rc;
    }
    t->dict.n++;
    t->dict.sorted = false;
    *code = t->dict.n;
    return PT_OK;
}

pt_rc texts_code(uint32_t *code, texts *t, const pt_timeline *base, size_t column, pt_sv text, pt_err *err)
{
    if (pt_intern_count(t->extra) && (*code = pt_intern_find(t->extra, text)) != 0) {
        *code += t->base_n;
        return PT_OK;
    }
    uint32_t seen = pt_intern_find(t->seen, text);
    *code = seen ? t->seen_codes[seen] : search_base(t, text);
    if (*code && !seen)
        remember(t, text, *code);
    return *code ? PT_OK : add_text(code, t, base, column, text, err);
}
