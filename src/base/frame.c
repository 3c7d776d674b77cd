#include "base/frame.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"

/* The header as it lies in the file. */
typedef struct header {
    char magic[8];
    uint32_t version, byte_order;
    uint64_t file_bytes, directory_bytes, data_at;
    uint32_t block_log2, zero;
    uint64_t tables_sum, header_sum;
} header;

_Static_assert(sizeof(header) == PT_FRAME_HEADER, "the header has no holes");

enum { BYTE_ORDER_MARK = 0x01020304, LEAST_LOG2 = 12, MOST_LOG2 = 24 };
static const uint64_t most_bytes = UINT64_C(1) << 56;

struct pt_frame {
    const unsigned char *bytes;
    header head;
    const uint64_t *sums;
    uint64_t data_bytes, blocks;
    pt_frame_array *arrays;
    size_t n_arrays;
    _Atomic uint64_t *done; /* a bit for each block that has been checked */
    char noun[256];
};

static uint64_t align_up(uint64_t n, uint64_t to)
{
    return (n + to - 1) & ~(to - 1);
}

bool pt_frame_layout(pt_frame_array *arrays, size_t n, uint64_t *bytes)
{
    uint64_t at = 0;

    for (size_t i = 0; i < n; i++) {
        at = align_up(at, PT_FRAME_ALIGN);
        arrays[i].at = at;
        if (arrays[i].n > most_bytes / 8 || at > most_bytes)
            return false;
        at += arrays[i].n * arrays[i].width;
    }
    *bytes = at;
    return at <= most_bytes;
}

void pt_frame_put(pt_str *directory, const void *value, size_t n)
{
    pt_str_addn(directory, value, n);
}

void pt_frame_put64(pt_str *directory, uint64_t value)
{
    pt_frame_put(directory, &value, sizeof value);
}

void pt_frame_put_text(pt_str *directory, const char *text)
{
    uint32_t n = (uint32_t)strlen(text);

    pt_str_addn(directory, (const char *)&n, sizeof n);
    pt_str_addn(directory, text, n);
}

void pt_frame_get(pt_frame_cursor *c, void *value, size_t n)
{
    if (c->failed || c->rest.len < n) {
        c->failed = true;
        memset(value, 0, n);
        return;
    }
    memcpy(value, c->rest.ptr, n);
    c->rest = (pt_sv){c->rest.ptr + n, c->rest.len - n};
}

uint64_t pt_frame_get64(pt_frame_cursor *c)
{
    uint64_t v;

    pt_frame_get(c, &v, sizeof v);
    return v;
}

const char *pt_frame_get_text(pt_frame_cursor *c, pt_arena *a)
{
    uint32_t n;

    pt_frame_get(c, &n, sizeof n);
    if (c->failed || n > c->rest.len || memchr(c->rest.ptr, '\0', n)) {
        c->failed = true;
        return NULL;
    }
    const char *text = pt_arena_strndup(a, c->rest.ptr, n);
    c->rest = (pt_sv){c->rest.ptr + n, c->rest.len - n};
    return text;
}

/* --- writing ------------------------------------------------------------------------------------------------------ */

uint64_t pt_frame_blocks(uint64_t data_bytes, uint32_t block_log2)
{
    return (data_bytes + (UINT64_C(1) << block_log2) - 1) >> block_log2;
}

static uint64_t table_at(uint64_t directory_bytes)
{
    return PT_FRAME_HEADER + align_up(directory_bytes, 8);
}

uint64_t pt_frame_head_bytes(const pt_frame_head *h)
{
    return align_up(table_at(h->directory.len) + 8 * pt_frame_blocks(h->data_bytes, h->block_log2), PT_FRAME_ALIGN);
}

void pt_frame_seal(unsigned char *out, const pt_frame_head *h, const uint64_t *sums)
{
    uint64_t data_at = pt_frame_head_bytes(h), blocks = pt_frame_blocks(h->data_bytes, h->block_log2);
    header head = {.version = h->version,
                   .byte_order = BYTE_ORDER_MARK,
                   .file_bytes = data_at + h->data_bytes,
                   .directory_bytes = h->directory.len,
                   .data_at = data_at,
                   .block_log2 = h->block_log2};

    memset(out, 0, data_at);
    if (h->directory.len)
        memcpy(out + PT_FRAME_HEADER, h->directory.ptr, h->directory.len);
    if (blocks)
        memcpy(out + table_at(h->directory.len), sums, blocks * sizeof *sums);
    memcpy(head.magic, h->magic, sizeof head.magic);
    head.tables_sum = pt_hash64(out + PT_FRAME_HEADER, data_at - PT_FRAME_HEADER);
    head.header_sum = pt_hash64(&head, offsetof(header, header_sum));
    memcpy(out, &head, sizeof head);
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

pt_rc pt_frame_corrupt(const pt_frame *f, pt_err *err, const char *fmt, ...)
{
    char what[200];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return pt_fail(err, PT_ECORRUPT, "%s is damaged: %s", f->noun, what);
}

/* Before anything in the header is believed. */
static pt_rc check_header(const pt_frame *f, const char *magic, uint32_t version, size_t n, pt_err *err)
{
    const header *h = &f->head;

    if (n < PT_FRAME_HEADER)
        return pt_frame_corrupt(f, err, "it is %zu bytes long, shorter than a header", n);
    if (memcmp(h->magic, magic, sizeof h->magic) != 0)
        return pt_frame_corrupt(f, err, "it does not begin as such a file does");
    if (h->byte_order != BYTE_ORDER_MARK)
        return pt_frame_corrupt(f, err, "it was written on a machine with another byte order");
    if (h->header_sum != pt_hash64(h, offsetof(header, header_sum)))
        return pt_frame_corrupt(f, err, "its header fails its checksum");
    if (h->version != version)
        return pt_frame_corrupt(f, err, "it has version %u, this program reads version %u", h->version, version);
    if (h->file_bytes != n)
        return pt_frame_corrupt(f, err, "it is %zu bytes long, its header says %llu", n,
                                (unsigned long long)h->file_bytes);
    return PT_OK;
}

static pt_rc check_tables(pt_frame *f, size_t n, pt_err *err)
{
    const header *h = &f->head;

    if (h->block_log2 < LEAST_LOG2 || h->block_log2 > MOST_LOG2)
        return pt_frame_corrupt(f, err, "its blocks have an impossible size");
    if (h->data_at > n || h->data_at % PT_FRAME_ALIGN || h->directory_bytes > n)
        return pt_frame_corrupt(f, err, "its header points outside the file");
    f->data_bytes = n - h->data_at;
    f->blocks = pt_frame_blocks(f->data_bytes, h->block_log2);
    pt_frame_head expected = {
        .block_log2 = h->block_log2, .directory = {NULL, h->directory_bytes}, .data_bytes = f->data_bytes};
    if (pt_frame_head_bytes(&expected) != h->data_at)
        return pt_frame_corrupt(f, err, "its directory and its table of checksums do not fit together");
    if (pt_hash64(f->bytes + PT_FRAME_HEADER, h->data_at - PT_FRAME_HEADER) != h->tables_sum)
        return pt_frame_corrupt(f, err, "its directory or its table of checksums fails its checksum");
    f->sums = (const uint64_t *)(const void *)(f->bytes + table_at(h->directory_bytes));
    return PT_OK;
}

pt_rc pt_frame_open(pt_frame **out, const char *magic, uint32_t version, const char *noun, const void *bytes, size_t n,
                    pt_err *err)
{
    pt_frame *f = pt_zalloc(1, sizeof *f);

    *out = NULL;
    if (!f)
        return pt_fail_nomem(err, noun);
    f->bytes = bytes;
    snprintf(f->noun, sizeof f->noun, "%s", noun);
    if (n >= PT_FRAME_HEADER)
        memcpy(&f->head, bytes, sizeof f->head);
    pt_rc rc = check_header(f, magic, version, n, err);
    if (rc == PT_OK)
        rc = check_tables(f, n, err);
    if (rc == PT_OK) {
        f->done = pt_zalloc(f->blocks / 64 + 1, sizeof *f->done);
        if (!f->done)
            rc = pt_fail_nomem(err, noun);
    }
    if (rc == PT_OK)
        *out = f;
    else
        pt_frame_close(f);
    return rc;
}

void pt_frame_close(pt_frame *f)
{
    if (!f)
        return;
    free(f->done);
    free(f);
}

pt_sv pt_frame_directory(const pt_frame *f)
{
    return (pt_sv){(const char *)f->bytes + PT_FRAME_HEADER, f->head.directory_bytes};
}

const char *pt_frame_noun(const pt_frame *f)
{
    return f->noun;
}

pt_rc pt_frame_set_arrays(pt_frame *f, pt_frame_array *arrays, size_t n, pt_err *err)
{
    uint64_t bytes;

    if (!pt_frame_layout(arrays, n, &bytes) || bytes != f->data_bytes)
        return pt_frame_corrupt(f, err, "its directory does not describe its data");
    f->arrays = arrays;
    f->n_arrays = n;
    return PT_OK;
}

const void *pt_frame_values(const pt_frame *f, size_t array)
{
    return f->bytes + f->head.data_at + f->arrays[array].at;
}

/* --- checking values: a pass over what is in the cache, written so that compilers make vectors of it ---------------- */

static bool bytes_within(const uint8_t *v, size_t n, uint8_t low, uint8_t high)
{
    uint8_t least = UINT8_MAX, most = 0;

    if (low == 0 && high == UINT8_MAX)
        return true;
    for (size_t i = 0; i < n; i++) {
        least = v[i] < least ? v[i] : least;
        most = v[i] > most ? v[i] : most;
    }
    return n == 0 || (least >= low && most <= high);
}

/* Two-byte codes compared as signed numbers: SSE2 has no unsigned maximum of words. */
static bool words_within(const uint16_t *v, size_t n, uint16_t low, uint16_t high)
{
    int16_t least = INT16_MAX, most = INT16_MIN;

    if (low == 0 && high == UINT16_MAX)
        return true;
    for (size_t i = 0; i < n; i++) {
        int16_t s = (int16_t)(v[i] ^ 0x8000);
        least = s < least ? s : least;
        most = s > most ? s : most;
    }
    return n == 0 || (least >= (int16_t)(low ^ 0x8000) && most <= (int16_t)(high ^ 0x8000));
}

/* For bounds below 2^31 a value is outside exactly when one of v, high - v, v - low has its top bit set. */
static bool longs_within(const uint32_t *v, size_t n, uint32_t low, uint32_t high)
{
    uint32_t bad = 0;

    if (high > INT32_MAX) {
        for (size_t i = 0; i < n; i++)
            bad |= (uint32_t)(v[i] < low || v[i] > high);
        return !bad;
    }
    for (size_t i = 0; i < n; i++)
        bad |= v[i] | (high - v[i]) | (v[i] - low);
    return !(bad >> 31);
}

static bool codes_within(const pt_frame_array *a, const void *values, size_t n)
{
    switch (a->width) {
    case 1: return bytes_within(values, n, (uint8_t)a->low, (uint8_t)a->high);
    case 2: return words_within(values, n, (uint16_t)a->low, (uint16_t)a->high);
    default: return longs_within(values, n, (uint32_t)a->low, (uint32_t)a->high);
    }
}

static bool numbers_within(const double *v, size_t n)
{
    int64_t bad = 0;

    for (size_t i = 0; i < n; i++)
        bad |= fabs(v[i]) > DBL_MAX;
    return !bad;
}

/* As longs_within: `high` is below 2^56, so a value that is too large, or smaller than the one before, shows as a top
 * bit. `before` is the value in front of v[0]. */
static bool offsets_within(const uint64_t *v, size_t n, uint64_t before, uint64_t high)
{
    uint64_t bad = before | (v[0] - before) | (high - v[0]);

    for (size_t i = 1; i < n; i++)
        bad |= v[i] | (v[i] - v[i - 1]) | (high - v[i]);
    return !(bad >> 63);
}

/* Values [first, first+n) of one array. */
static bool values_within(const pt_frame *f, size_t array, uint64_t first, size_t n)
{
    const pt_frame_array *a = &f->arrays[array];
    const unsigned char *v = (const unsigned char *)pt_frame_values(f, array) + first * a->width;

    switch (a->kind) {
    case PT_FRAME_RAW: return true;
    case PT_FRAME_NUMBERS: return numbers_within((const double *)(const void *)v, n);
    case PT_FRAME_CODES: return codes_within(a, v, n);
    case PT_FRAME_OFFSETS: break;
    }
    const uint64_t *offsets = (const uint64_t *)(const void *)v;
    return offsets_within(offsets, n, first ? offsets[-1] : 0, a->high);
}

/* The last array that begins at or before a place in the data. */
static size_t array_at(const pt_frame *f, uint64_t at)
{
    size_t low = 0, high = f->n_arrays;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (f->arrays[middle].at <= at)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static pt_rc bad_values(const pt_frame *f, const pt_frame_array *a, const char *what, pt_err *err)
{
    return a->column ? pt_frame_corrupt(f, err, "the %s of column '%s' %s", a->role, a->column, what)
                     : pt_frame_corrupt(f, err, "its %s %s", a->role, what);
}

/* The values of all arrays that lie in bytes [from, to) of the data. Blocks and arrays begin on multiples of 8, so no
 * value lies across a border. */
static pt_rc check_values(const pt_frame *f, uint64_t from, uint64_t to, pt_err *err)
{
    for (size_t i = array_at(f, from); i < f->n_arrays && f->arrays[i].at < to; i++) {
        const pt_frame_array *a = &f->arrays[i];
        uint64_t end = a->at + a->n * a->width;
        uint64_t low = from > a->at ? from : a->at, high = to < end ? to : end;
        if (low < high && !values_within(f, i, (low - a->at) / a->width, (high - low) / a->width))
            return bad_values(f, a, "point outside the file", err);
    }
    return PT_OK;
}

static pt_rc check_block(pt_frame *f, uint64_t block, pt_err *err)
{
    uint64_t size = UINT64_C(1) << f->head.block_log2, from = block << f->head.block_log2;
    uint64_t to = f->data_bytes - from < size ? f->data_bytes : from + size;

    if (pt_hash64(f->bytes + f->head.data_at + from, to - from) != f->sums[block]) {
        const pt_frame_array *a = &f->arrays[array_at(f, from)];
        char what[80];
        snprintf(what, sizeof what, "fail their checksum (block %llu)", (unsigned long long)block);
        return bad_values(f, a, what, err);
    }
    PT_TRY(check_values(f, from, to, err));
    atomic_fetch_or_explicit(&f->done[block / 64], UINT64_C(1) << (block % 64), memory_order_relaxed);
    return PT_OK;
}

pt_rc pt_frame_check(pt_frame *f, size_t array, uint64_t first, uint64_t n, pt_err *err)
{
    const pt_frame_array *a = &f->arrays[array];

    if (first > a->n || n > a->n - first)
        return pt_fail(err, PT_EINTERNAL, "%s: values beyond the end of an array", f->noun);
    if (n == 0)
        return PT_OK;
    uint64_t from = (a->at + first * a->width) >> f->head.block_log2;
    uint64_t to = (a->at + (first + n) * a->width - 1) >> f->head.block_log2;
    for (uint64_t block = from; block <= to; block++) {
        /* Relaxed is enough: the bit says something about bytes that never change, and orders nothing else. */
        uint64_t done = atomic_load_explicit(&f->done[block / 64], memory_order_relaxed);
        if (done == UINT64_MAX)
            block |= 63; /* large arrays are asked about often */
        else if (!(done >> (block % 64) & 1))
            PT_TRY(check_block(f, block, err));
    }
    return PT_OK;
}
