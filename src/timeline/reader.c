/* Reading a timeline: a memory map that is checked before it is believed. */
#include "timeline/timeline_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "timeline/reader.h"

static pt_rc map_file(pt_timeline *t, const char *path, pt_err *err)
{
    struct stat st;

    t->fd = open(path, O_RDONLY | O_CLOEXEC);
    if (t->fd < 0)
        return pt_fail_errno(err, errno == ENOENT ? PT_ENOTFOUND : PT_EIO, errno, "cannot open '%s'", path);
    if (fstat(t->fd, &st) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
    if (!S_ISREG(st.st_mode))
        return pt_fail(err, PT_EIO, "'%s' is not a regular file", path);
    t->size = (size_t)st.st_size;
    if (t->size == 0)
        return PT_OK; /* the frame says what is wrong with it */
    void *p = mmap(NULL, t->size, PROT_READ, MAP_SHARED, t->fd, 0);
    if (p == MAP_FAILED)
        return pt_fail_errno(err, PT_EIO, errno, "cannot map '%s'", path);
    t->bytes = p;
    return PT_OK;
}

static pt_dict dict_of(const pt_timeline *t, const timeline_column *c)
{
    return (pt_dict){.n = (uint32_t)c->texts,
                     .sorted = true,
                     .offsets = pt_frame_values(t->frame, c->dict_offsets),
                     .bytes = pt_frame_values(t->frame, c->dict_bytes)};
}

static pt_rc make_columns(pt_timeline *t, pt_err *err)
{
    size_t n = t->meta.n_columns;
    pt_timeline_column *names = PT_NEW_ARRAY(t->arena, pt_timeline_column, n);

    t->columns = PT_NEW_ARRAY(t->arena, pt_column, n);
    t->dicts = PT_NEW_ARRAY(t->arena, pt_dict, n);
    if (!names || !t->columns || !t->dicts)
        return pt_fail_nomem(err, pt_frame_noun(t->frame));
    for (size_t i = 0; i < n; i++) {
        const timeline_column *c = &t->meta.columns[i];
        names[i] = (pt_timeline_column){.name = c->name, .type = c->type};
        t->columns[i] = (pt_column){.type = c->type, .width = c->width, .data = pt_frame_values(t->frame, c->values)};
        if (c->type == PT_TYPE_LIST)
            t->columns[i].offsets = pt_frame_values(t->frame, c->offsets);
        if (c->has_absent)
            t->columns[i].absent = pt_frame_values(t->frame, c->absent);
        if (!timeline_has_dict(c->type))
            continue;
        t->dicts[i] = dict_of(t, c);
        t->columns[i].dict = &t->dicts[i];
    }
    t->schema = (pt_timeline_schema){.source = t->meta.source, .columns = names, .n_columns = n};
    return PT_OK;
}

static pt_rc open_mapped(pt_timeline *t, const char *path, pt_err *err)
{
    const char *noun = pt_arena_printf(t->arena, "timeline '%s'", path);

    if (!noun)
        return pt_fail_nomem(err, "a timeline");
    PT_TRY(pt_frame_open(&t->frame, TIMELINE_MAGIC, TIMELINE_VERSION, noun, t->bytes, t->size, err));
    PT_TRY(timeline_meta_read(&t->meta, t->frame, t->arena, err));
    PT_TRY(pt_frame_set_arrays(t->frame, t->meta.arrays, t->meta.n_arrays, err));
    t->offsets = pt_frame_values(t->frame, TIMELINE_OFFSETS);
    t->times = pt_frame_values(t->frame, TIMELINE_TIMES);
    return make_columns(t, err);
}

pt_rc pt_timeline_open(pt_timeline **out, const char *path, pt_err *err)
{
    pt_timeline *t = pt_zalloc(1, sizeof *t);

    *out = NULL;
    if (!t)
        return pt_fail_nomem(err, "a timeline");
    t->fd = -1;
    t->arena = pt_arena_new(0);
    pt_rc rc = t->arena ? map_file(t, path, err) : pt_fail_nomem(err, "a timeline");
    if (rc == PT_OK)
        rc = open_mapped(t, path, err);
    if (rc == PT_OK)
        *out = t;
    else
        pt_timeline_close(t);
    return rc;
}

void pt_timeline_close(pt_timeline *t)
{
    if (!t)
        return;
    pt_frame_close(t->frame);
    if (t->bytes)
        munmap((void *)(uintptr_t)t->bytes, t->size);
    if (t->fd >= 0)
        close(t->fd);
    pt_arena_free(t->arena);
    free(t);
}

uint32_t pt_timeline_ordinals(const pt_timeline *t)
{
    return t->meta.ordinals;
}

uint64_t pt_timeline_events(const pt_timeline *t)
{
    return t->meta.events;
}

uint64_t pt_timeline_bytes(const pt_timeline *t)
{
    return t->size;
}

pt_hash128 pt_timeline_made_from(const pt_timeline *t)
{
    return t->meta.made_from;
}

const pt_timeline_schema *pt_timeline_get_schema(const pt_timeline *t)
{
    return &t->schema;
}

bool pt_timeline_span(const pt_timeline *t, int64_t *first, int64_t *last)
{
    *first = t->meta.first;
    *last = t->meta.last;
    return t->meta.last != INT64_MIN;
}

pt_timeline_stats pt_timeline_get_stats(const pt_timeline *t, size_t column)
{
    const timeline_column *c = &t->meta.columns[column];
    pt_timeline_stats s = {.missing = c->missing, .least = c->least, .most = c->most};

    memcpy(&s.least_number, &c->least, sizeof s.least_number);
    memcpy(&s.most_number, &c->most, sizeof s.most_number);
    return s;
}

const uint64_t *pt_timeline_offsets(const pt_timeline *t)
{
    return t->offsets;
}

const int64_t *pt_timeline_times(const pt_timeline *t)
{
    return t->times;
}

const pt_column *pt_timeline_columns(const pt_timeline *t)
{
    return t->columns;
}

/* --- checking -------------------------------------------------------------------------------------------------------- */

static pt_rc check_column(pt_timeline *t, size_t column, uint64_t first, uint64_t n, pt_err *err)
{
    const timeline_column *c = &t->meta.columns[column];

    if (timeline_has_dict(c->type)) {
        PT_TRY(pt_frame_check(t->frame, c->dict_offsets, 0, c->texts + 1, err));
        PT_TRY(pt_frame_check(t->frame, c->dict_bytes, 0, c->text_bytes, err));
    }
    if (c->type != PT_TYPE_LIST)
        return pt_frame_check(t->frame, c->values, first, n, err);
    PT_TRY(pt_frame_check(t->frame, c->offsets, first, n + 1, err));
    if (c->has_absent)
        PT_TRY(pt_frame_check(t->frame, c->absent, first, n, err));
    const uint64_t *offsets = t->columns[column].offsets + first;
    return pt_frame_check(t->frame, c->values, offsets[0], offsets[n] - offsets[0], err);
}

/* 1 where a < b, else 0, as plain bit operations: compilers make vectors of it on machines that have no comparison of
 * 64-bit vectors. */
static inline uint64_t less(int64_t a, int64_t b)
{
    uint64_t x = (uint64_t)a, y = (uint64_t)b;

    return ((x & ~y) | (~(x ^ y) & (x - y))) >> 63;
}

static pt_rc out_of_order(const pt_timeline *t, uint32_t first, pt_err *err)
{
    for (uint32_t o = first;; o++)
        for (uint64_t e = t->offsets[o] + 1; e < t->offsets[o + 1]; e++)
            if (t->times[e] < t->times[e - 1])
                return pt_frame_corrupt(t->frame, err, "the times of customer %u are out of order", o);
}

/* Searches by time rely on it: in a hostile file the end of a window could otherwise come before its beginning. Times
 * fall only from one customer to the next when all falls are as many as those. */
static pt_rc check_order(const pt_timeline *t, uint32_t first, uint32_t n, pt_err *err)
{
    const int64_t *times = t->times;
    uint64_t begin = t->offsets[first], end = t->offsets[first + n], falls = 0, between = 0;

    for (uint64_t e = begin + 1; e < end; e++)
        falls += less(times[e], times[e - 1]);
    for (uint32_t i = 1; i < n; i++) {
        uint64_t e = t->offsets[first + i];
        bool new_customer = e > t->offsets[first + i - 1] && e > begin && e < end;
        between += new_customer && times[e] < times[e - 1];
    }
    return falls == between ? PT_OK : out_of_order(t, first, err);
}

pt_rc pt_timeline_check_columns(pt_timeline *t, uint32_t first, uint32_t n, const bool *wanted, pt_err *err)
{
    if (first > t->meta.ordinals || n > t->meta.ordinals - first)
        return pt_fail(err, PT_EINTERNAL, "%s has %u customers, %u + %u asked for", pt_frame_noun(t->frame),
                       t->meta.ordinals, first, n);
    PT_TRY(pt_frame_check(t->frame, TIMELINE_OFFSETS, first, (uint64_t)n + 1, err));
    uint64_t begin = t->offsets[first], events = t->offsets[first + n] - begin;
    PT_TRY(pt_frame_check(t->frame, TIMELINE_TIMES, begin, events, err));
    PT_TRY(check_order(t, first, n, err));
    for (size_t i = 0; i < t->meta.n_columns; i++)
        if (!wanted || wanted[i])
            PT_TRY(check_column(t, i, begin, events, err));
    return PT_OK;
}

pt_rc pt_timeline_check(pt_timeline *t, uint32_t first, uint32_t n, pt_err *err)
{
    return pt_timeline_check_columns(t, first, n, NULL, err);
}

/* --- giving back ------------------------------------------------------------------------------------------------------ */

/* Values [from, to) of an array: its whole pages. The kernel may keep them cached; this process no longer counts them.
 * Nothing may have checked the offsets that the caller worked with, so bounds are kept here. */
static void release(const pt_timeline *t, size_t array, uint64_t from, uint64_t to)
{
    const pt_frame_array *a = &t->meta.arrays[array];
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), base = (uintptr_t)pt_frame_values(t->frame, array);

    if (from > to || to > a->n)
        return;
    uintptr_t begin = (base + from * a->width + page - 1) & ~(page - 1), end = (base + to * a->width) & ~(page - 1);
    if (begin < end)
        madvise((void *)begin, end - begin, MADV_DONTNEED); /* a hint: nothing depends on it */
}

void pt_timeline_release(pt_timeline *t, uint32_t first, uint32_t n)
{
    uint64_t begin = t->offsets[first], end = t->offsets[first + n];

    if (begin > end || end > t->meta.events)
        return;
    release(t, TIMELINE_OFFSETS, first, first + n);
    release(t, TIMELINE_TIMES, begin, end);
    for (size_t i = 0; i < t->meta.n_columns; i++) {
        const timeline_column *c = &t->meta.columns[i];
        if (c->type != PT_TYPE_LIST) {
            release(t, c->values, begin, end);
            continue;
        }
        const uint64_t *offsets = t->columns[i].offsets;
        release(t, c->values, offsets[begin], offsets[end]);
        release(t, c->offsets, begin, end);
        if (c->has_absent)
            release(t, c->absent, begin, end);
    }
}
