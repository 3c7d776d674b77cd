/* gzip and zstd into a plain file, so that one path reads everything (and the engine reads it on all threads, which it
 * cannot do with a compressed stream). */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "source/codes.h"
#include "source/text_file.h"

enum { BLOCK = 1 << 18 };

typedef struct stream {
    FILE *in, *out;
    const char *from, *to;
    unsigned char *in_block, *out_block;
} stream;

static bool starts_with(const unsigned char *head, size_t n, const char *magic, size_t magic_len)
{
    return n >= magic_len && memcmp(head, magic, magic_len) == 0;
}

typedef enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD } packing;

static packing packing_of(const char *path)
{
    unsigned char head[4] = {0};
    FILE *f = fopen(path, "rbe");
    size_t n = f ? fread(head, 1, sizeof head, f) : 0;

    if (f)
        fclose(f);
    if (starts_with(head, n, "\x1f\x8b", 2))
        return PACKING_GZIP;
    return starts_with(head, n, "\x28\xb5\x2f\xfd", 4) ? PACKING_ZSTD : PACKING_NONE;
}

bool pt_is_compressed(const char *path)
{
    return packing_of(path) != PACKING_NONE;
}

static pt_rc fill(stream *s, size_t *n, pt_err *err)
{
    *n = fread(s->in_block, 1, BLOCK, s->in);
    return ferror(s->in) ? pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", s->from) : PT_OK;
}

static pt_rc put(stream *s, size_t n, pt_err *err)
{
    if (fwrite(s->out_block, 1, n, s->out) != n)
        return pt_fail_errno(err, PT_EIO, errno, "cannot write '%s'", s->to);
    return PT_OK;
}

static pt_rc fail_packed(const stream *s, bool truncated, pt_err *err)
{
    if (truncated) {
        pt_fail_code(err, PT_E_DAMAGED_FILE, (pt_place){0}, "'%s' ends in the middle of its compressed data", s->from);
        return pt_err_hint(err, "the file was not copied or written to its end");
    }
    return pt_fail_code(err, PT_E_DAMAGED_FILE, (pt_place){0}, "the compressed data of '%s' are damaged", s->from);
}

/* Everything that the input block gives; *ended is set at the end of a gzip member. */
static pt_rc inflate_block(stream *s, z_stream *z, bool *ended, pt_err *err)
{
    while (z->avail_in > 0 || z->avail_out == 0) {
        if (*ended) { /* another member follows: files of `cat a.gz b.gz` */
            inflateReset(z);
            *ended = false;
        }
        z->next_out = s->out_block;
        z->avail_out = BLOCK;
        int state = inflate(z, Z_NO_FLUSH);
        if (state == Z_MEM_ERROR)
            return pt_fail_nomem(err, "a compressed file");
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR)
            return fail_packed(s, false, err);
        PT_TRY(put(s, BLOCK - z->avail_out, err));
        *ended = state == Z_STREAM_END;
        if (z->avail_in == 0 && (*ended || z->avail_out))
            break;
    }
    return PT_OK;
}

static pt_rc gunzip(stream *s, pt_err *err)
{
    z_stream z = {0};
    bool ended = false;
    size_t n;
    pt_rc rc;

    if (inflateInit2(&z, 15 + 32) != Z_OK)
        return pt_fail_nomem(err, "a compressed file");
    z.avail_out = 1; /* no output is pending */
    while ((rc = fill(s, &n, err)) == PT_OK && n) {
        z.next_in = s->in_block;
        z.avail_in = (uInt)n;
        rc = inflate_block(s, &z, &ended, err);
        if (rc != PT_OK)
            break;
    }
    if (rc == PT_OK && !ended)
        rc = fail_packed(s, true, err);
    inflateEnd(&z);
    return rc;
}

static pt_rc unzstd_block(stream *s, ZSTD_DStream *z, size_t n, size_t *left, pt_err *err)
{
    ZSTD_inBuffer in = {s->in_block, n, 0};
    ZSTD_outBuffer out;

    do {
        out = (ZSTD_outBuffer){s->out_block, BLOCK, 0};
        *left = ZSTD_decompressStream(z, &out, &in);
        if (ZSTD_isError(*left))
            return fail_packed(s, false, err);
        PT_TRY(put(s, out.pos, err));
    } while (in.pos < in.size || out.pos == out.size);
    return PT_OK;
}

static pt_rc unzstd(stream *s, pt_err *err)
{
    ZSTD_DStream *z = ZSTD_createDStream();
    size_t n, left = 0;
    pt_rc rc;

    if (!z)
        return pt_fail_nomem(err, "a compressed file");
    while ((rc = fill(s, &n, err)) == PT_OK && n && (rc = unzstd_block(s, z, n, &left, err)) == PT_OK)
        ;
    if (rc == PT_OK && left)
        rc = fail_packed(s, true, err);
    ZSTD_freeDStream(z);
    return rc;
}

static pt_rc open_stream(stream *s, pt_err *err)
{
    s->in = fopen(s->from, "rbe");
    if (!s->in)
        return pt_fail_errno(err, PT_EIO, errno, "cannot open '%s'", s->from);
    s->out = fopen(s->to, "wbe");
    if (!s->out)
        return pt_fail_errno(err, PT_EIO, errno, "cannot write '%s'", s->to);
    s->in_block = malloc(BLOCK);
    s->out_block = malloc(BLOCK);
    return s->in_block && s->out_block ? PT_OK : pt_fail_nomem(err, "a compressed file");
}

pt_rc pt_decompress(const char *to, const char *from, pt_err *err)
{
    stream s = {.from = from, .to = to};
    pt_rc rc = open_stream(&s, err);

    if (rc == PT_OK)
        rc = packing_of(from) == PACKING_ZSTD ? unzstd(&s, err) : gunzip(&s, err);
    if (s.in)
        fclose(s.in);
    if (s.out && fclose(s.out) != 0 && rc == PT_OK)
        rc = pt_fail_errno(err, PT_EIO, errno, "cannot write '%s'", to);
    free(s.in_block);
    free(s.out_block);
    return rc;
}
