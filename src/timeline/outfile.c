/* The target file while it is made. Its size and every place in it are known before the first value is written, so
 * threads write where they like. Each block counts down the bytes it still waits for; who brings the last ones hashes it,
 * while it is in the cache of somebody. */
#include "timeline/timeline_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"

struct outfile {
    int fd;
    char *path, *partial;
    uint64_t data_at, data_bytes, blocks;
    const pt_frame_array *arrays; /* the meta's */
    _Atomic uint32_t *awaited;    /* bytes by block */
    uint64_t *sums;               /* by block */
    bool made;                    /* the partial file is there */
};

static const uint64_t block_bytes = UINT64_C(1) << TIMELINE_BLOCK_LOG2;

pt_rc timeline_write_at(int fd, const void *bytes, size_t n, uint64_t at, const char *path, pt_err *err)
{
    const char *from = bytes;

    while (n) {
        ssize_t done = pwrite(fd, from, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return pt_fail_errno(err, PT_EIO, done < 0 ? errno : ENOSPC, "cannot write '%s'", path);
        from += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return PT_OK;
}

pt_rc timeline_read_at(int fd, void *bytes, size_t n, uint64_t at, const char *path, pt_err *err)
{
    char *to = bytes;

    while (n) {
        ssize_t done = pread(fd, to, n, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return pt_fail_errno(err, PT_EIO, done < 0 ? errno : EIO, "cannot read back '%s'", path);
        to += done;
        at += (uint64_t)done;
        n -= (size_t)done;
    }
    return PT_OK;
}

pt_rc timeline_temp_open(int *fd, const char *path, pt_err *err)
{
    size_t n = strlen(path) + sizeof ".spill.XXXXXX";
    char *name = malloc(n);

    *fd = -1;
    if (!name)
        return pt_fail_nomem(err, "a path");
    snprintf(name, n, "%s.spill.XXXXXX", path);
    *fd = mkostemp(name, O_CLOEXEC);
    pt_rc rc = *fd >= 0 && unlink(name) == 0
                   ? PT_OK
                   : pt_fail_errno(err, PT_EIO, errno, "cannot make a temporary file '%s'", name);
    if (rc != PT_OK && *fd >= 0) {
        close(*fd);
        *fd = -1;
    }
    free(name);
    return rc;
}

/* Takes the room now: a full disk is then known before an hour of work, and blocks lie together. Not every file system
 * can; then the writes find out. */
static pt_rc reserve(outfile *o, pt_err *err)
{
    uint64_t bytes = o->data_at + o->data_bytes;

    if (ftruncate(o->fd, (off_t)bytes) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot make '%s' %llu bytes long", o->partial,
                             (unsigned long long)bytes);
    if (fallocate(o->fd, 0, 0, (off_t)bytes) != 0 && (errno == ENOSPC || errno == EFBIG || errno == EDQUOT))
        return pt_fail_errno(err, PT_EIO, errno, "no room for the %llu bytes of '%s'", (unsigned long long)bytes,
                             o->path);
    return PT_OK;
}

/* Bytes of [from, to) in block `block`. */
static uint32_t overlap(uint64_t from, uint64_t to, uint64_t block)
{
    uint64_t low = block * block_bytes, high = low + block_bytes;

    low = from > low ? from : low;
    high = to < high ? to : high;
    return low < high ? (uint32_t)(high - low) : 0;
}

static void await_arrays(outfile *o, const timeline_meta *m)
{
    for (size_t i = 0; i < m->n_arrays; i++) {
        uint64_t from = m->arrays[i].at, to = from + m->arrays[i].n * m->arrays[i].width;
        for (uint64_t block = from / block_bytes; block * block_bytes < to; block++)
            o->awaited[block] += overlap(from, to, block);
    }
}

static pt_rc prepare(outfile *o, const char *path, const timeline_meta *m, pt_err *err)
{
    size_t n = strlen(path) + sizeof ".tmp";

    o->path = strdup(path);
    o->partial = malloc(n);
    o->awaited = pt_zalloc(o->blocks, sizeof *o->awaited);
    o->sums = pt_zalloc(o->blocks, sizeof *o->sums);
    if (!o->path || !o->partial || !o->awaited || !o->sums)
        return pt_fail_nomem(err, "writing a timeline");
    snprintf(o->partial, n, "%s.tmp", path);
    await_arrays(o, m);
    o->fd = open(o->partial, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (o->fd < 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot create '%s'", o->partial);
    o->made = true;
    return reserve(o, err);
}

pt_rc outfile_open(outfile **out, const char *path, const timeline_meta *m, uint64_t data_at, pt_err *err)
{
    outfile *o = pt_zalloc(1, sizeof *o);

    *out = NULL;
    if (!o)
        return pt_fail_nomem(err, "writing a timeline");
    o->fd = -1;
    o->data_at = data_at;
    o->data_bytes = m->data_bytes;
    o->blocks = pt_frame_blocks(m->data_bytes, TIMELINE_BLOCK_LOG2);
    o->arrays = m->arrays;
    pt_rc rc = prepare(o, path, m, err);
    if (rc == PT_OK)
        *out = o;
    else
        outfile_abort(o);
    return rc;
}

static pt_rc hash_block(outfile *o, uint64_t block, pt_err *err)
{
    unsigned char bytes[UINT64_C(1) << TIMELINE_BLOCK_LOG2];
    uint64_t from = block * block_bytes;
    uint64_t n = o->data_bytes - from < block_bytes ? o->data_bytes - from : block_bytes;

    PT_TRY(timeline_read_at(o->fd, bytes, n, o->data_at + from, o->partial, err));
    o->sums[block] = pt_hash64(bytes, n);
    return PT_OK;
}

/* Bytes [from, to) of the data, which lie at `bytes`, are written: hashes the blocks that are thereby complete. */
static pt_rc arrived(outfile *o, uint64_t from, uint64_t to, const unsigned char *bytes, pt_err *err)
{
    for (uint64_t block = from / block_bytes; block * block_bytes < to; block++) {
        uint32_t n = overlap(from, to, block);
        if (n == block_bytes) {
            o->sums[block] = pt_hash64(bytes + (block * block_bytes - from), block_bytes);
            continue;
        }
        /* acquire and release: whoever hashes sees what the others wrote */
        if (atomic_fetch_sub_explicit(&o->awaited[block], n, memory_order_acq_rel) == n)
            PT_TRY(hash_block(o, block, err));
    }
    return PT_OK;
}

pt_rc outfile_put(outfile *o, size_t array, uint64_t first, uint64_t n, const void *values, pt_err *err)
{
    const pt_frame_array *a = &o->arrays[array];

    if (n == 0)
        return PT_OK;
    PT_ASSERT(first <= a->n && n <= a->n - first);
    uint64_t from = a->at + first * a->width, to = from + n * a->width;
    PT_TRY(timeline_write_at(o->fd, values, to - from, o->data_at + from, o->partial, err));
    /* The disk may begin at once, so that the sync at the end finds little left. Only a hint: its failure means nothing. */
    if (to - from >= block_bytes)
        (void)sync_file_range(o->fd, (off_t)(o->data_at + from), (off_t)(to - from), SYNC_FILE_RANGE_WRITE);
    return arrived(o, from, to, values, err);
}

static pt_rc write_head(outfile *o, const pt_frame_head *head, pt_err *err)
{
    PT_ASSERT(pt_frame_head_bytes(head) == o->data_at);
    unsigned char *bytes = malloc(o->data_at);
    if (!bytes)
        return pt_fail_nomem(err, "a timeline's directory");
    pt_frame_seal(bytes, head, o->sums);
    pt_rc rc = timeline_write_at(o->fd, bytes, o->data_at, 0, o->partial, err);
    free(bytes);
    return rc;
}

static pt_rc sync_and_rename(outfile *o, pt_err *err)
{
    if (fsync(o->fd) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot sync '%s'", o->partial);
    int failed = close(o->fd);
    o->fd = -1;
    if (failed)
        return pt_fail_errno(err, PT_EIO, errno, "cannot close '%s'", o->partial);
    if (rename(o->partial, o->path) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot rename '%s'", o->partial);
    o->made = false;
    return PT_OK;
}

pt_rc outfile_commit(outfile *o, const pt_frame_head *head, pt_err *err)
{
    pt_rc rc = write_head(o, head, err);

    if (rc == PT_OK)
        rc = sync_and_rename(o, err);
    if (rc == PT_OK)
        rc = pt_sync_parent(o->path, err);
    outfile_abort(o);
    return rc;
}

void outfile_abort(outfile *o)
{
    if (!o)
        return;
    if (o->fd >= 0)
        close(o->fd);
    if (o->made)
        unlink(o->partial);
    free(o->path);
    free(o->partial);
    free(o->awaited);
    free(o->sums);
    free(o);
}
