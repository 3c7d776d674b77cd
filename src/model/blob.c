#include "model/blob.h"

#include <math.h>
#include <stdlib.h>

enum { MAGIC_BYTES = 4 };

void pt_blob_begin(pt_str *out, const char *magic, uint32_t version)
{
    pt_frame_put(out, magic, MAGIC_BYTES);
    pt_frame_put(out, &version, sizeof version);
}

void pt_blob_put_count(pt_str *out, size_t n)
{
    pt_frame_put64(out, n);
}

void pt_blob_put_number(pt_str *out, double v)
{
    pt_frame_put(out, &v, sizeof v);
}

void pt_blob_put_numbers(pt_str *out, const double *v, size_t n)
{
    if (n)
        pt_frame_put(out, v, n * sizeof *v);
}

void pt_blob_put_floats(pt_str *out, const float *v, size_t n)
{
    if (n)
        pt_frame_put(out, v, n * sizeof *v);
}

void pt_blob_put_codes(pt_str *out, const uint32_t *v, size_t n)
{
    if (n)
        pt_frame_put(out, v, n * sizeof *v);
}

void pt_blob_put_bytes(pt_str *out, pt_sv bytes)
{
    pt_blob_put_count(out, bytes.len);
    pt_frame_put(out, bytes.ptr, bytes.len);
}

void pt_blob_refuse(pt_blob *b)
{
    b->cursor.failed = true;
}

void pt_blob_open(pt_blob *b, pt_sv bytes, const char *magic, uint32_t version)
{
    char got[MAGIC_BYTES];
    uint32_t number = 0;

    *b = (pt_blob){.cursor = {.rest = bytes}};
    pt_frame_get(&b->cursor, got, sizeof got);
    pt_frame_get(&b->cursor, &number, sizeof number);
    bool known = !b->cursor.failed && memcmp(got, magic, sizeof got) == 0;
    b->other_version = known && number != version;
    if (!known || number != version)
        pt_blob_refuse(b);
}

size_t pt_blob_count(pt_blob *b, size_t low, size_t high)
{
    uint64_t n = pt_frame_get64(&b->cursor);

    if (!b->cursor.failed && n >= low && n <= high)
        return (size_t)n;
    pt_blob_refuse(b);
    return 0;
}

double pt_blob_number(pt_blob *b, double low, double high)
{
    double v = 0;

    pt_frame_get(&b->cursor, &v, sizeof v);
    if (!b->cursor.failed && v >= low && v <= high && isfinite(v))
        return v;
    pt_blob_refuse(b);
    return 0;
}

/* Memory for n values that are all there; NULL else. */
static void *take(pt_blob *b, size_t n, size_t size)
{
    void *values = NULL;

    if (b->cursor.failed || b->no_memory)
        return NULL;
    if (n > b->cursor.rest.len / size) {
        pt_blob_refuse(b);
        return NULL;
    }
    values = pt_alloc64(n ? n : 1, size);
    if (!values)
        b->no_memory = true;
    else if (n)
        pt_frame_get(&b->cursor, values, n * size);
    return values;
}

double *pt_blob_numbers(pt_blob *b, size_t n)
{
    double *v = take(b, n, sizeof *v);

    for (size_t i = 0; v && i < n; i++)
        if (!isfinite(v[i]))
            pt_blob_refuse(b);
    return v;
}

float *pt_blob_floats(pt_blob *b, size_t n)
{
    float *v = take(b, n, sizeof *v);

    for (size_t i = 0; v && i < n; i++)
        if (!isfinite(v[i]))
            pt_blob_refuse(b);
    return v;
}

uint32_t *pt_blob_codes(pt_blob *b, size_t n, uint32_t below)
{
    uint32_t *v = take(b, n, sizeof *v);

    for (size_t i = 0; v && i < n; i++)
        if (v[i] >= below)
            pt_blob_refuse(b);
    return v;
}

pt_sv pt_blob_bytes(pt_blob *b)
{
    size_t n = pt_blob_count(b, 0, b->cursor.rest.len);
    pt_sv bytes = {b->cursor.rest.ptr, n};

    if (b->cursor.failed || n > b->cursor.rest.len) {
        pt_blob_refuse(b);
        return (pt_sv){"", 0};
    }
    b->cursor.rest.ptr += n;
    b->cursor.rest.len -= n;
    return bytes;
}

pt_rc pt_blob_end(const pt_blob *b, const char *name, pt_err *err)
{
    if (b->no_memory)
        return pt_fail_nomem(err, name);
    if (b->other_version)
        return pt_fail(err, PT_ECORRUPT, "the %s model was trained by another version of portrait", name);
    if (b->cursor.failed || b->cursor.rest.len)
        return pt_fail(err, PT_ECORRUPT, "the %s model is damaged", name);
    return PT_OK;
}
