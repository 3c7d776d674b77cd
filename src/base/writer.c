/* pt_writer of io.h: a file that is there in full or not at all. */
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* Written bytes go on their way to the disk every so often, or they would all be left to the end, when nothing else is to be done
 * while they do. */
enum { BUFFER = 1 << 20, SEND_OFF = 8 << 20 };

struct pt_writer {
    char *path, *partial;
    int fd;
    int errnum;             /* the first failure; 0 while all is well */
    uint64_t flushed, sent; /* bytes written; of these on their way to the disk */
    size_t used;
    unsigned char buffer[BUFFER];
};

static void free_writer(pt_writer *w)
{
    if (w->fd >= 0)
        close(w->fd);
    free(w->path);
    free(w->partial);
    free(w);
}

pt_rc pt_writer_open(pt_writer **out, const char *path, pt_err *err)
{
    pt_writer *w = malloc(sizeof *w);

    *out = NULL;
    if (!w)
        return pt_fail_nomem(err, "writing a file");
    w->fd = -1;
    w->errnum = 0;
    w->flushed = w->sent = w->used = 0;
    w->path = strdup(path);
    w->partial = malloc(strlen(path) + 5);
    if (!w->path || !w->partial) {
        free_writer(w);
        return pt_fail_nomem(err, "writing a file");
    }
    stpcpy(stpcpy(w->partial, path), ".tmp");
    w->fd = open(w->partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (w->fd < 0) {
        pt_rc rc = pt_fail_errno(err, PT_EIO, errno, "cannot write '%s'", path);
        free_writer(w);
        return rc;
    }
    *out = w;
    return PT_OK;
}

/* A hint, as where there is no such call: the file is synced at its end, which says what failed. */
static void send_off(pt_writer *w)
{
    if (w->flushed - w->sent < SEND_OFF)
        return;
#ifdef SYNC_FILE_RANGE_WRITE
    (void)sync_file_range(w->fd, (off_t)w->sent, (off_t)(w->flushed - w->sent), SYNC_FILE_RANGE_WRITE);
#endif
    w->sent = w->flushed;
}

/* Writes all of it at the file's end, or records why not. */
static void write_out(pt_writer *w, const unsigned char *bytes, size_t n)
{
    while (n && !w->errnum) {
        ssize_t done = write(w->fd, bytes, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            w->errnum = done < 0 ? errno : EIO;
            return;
        }
        bytes += done;
        n -= (size_t)done;
        w->flushed += (size_t)done;
    }
    send_off(w);
}

static void flush(pt_writer *w)
{
    write_out(w, w->buffer, w->used);
    w->used = 0;
}

void pt_writer_write(pt_writer *w, const void *bytes, size_t n)
{
    if (w->errnum || n == 0)
        return;
    if (n > BUFFER - w->used)
        flush(w);
    if (n >= BUFFER) {
        write_out(w, bytes, n);
        return;
    }
    memcpy(w->buffer + w->used, bytes, n);
    w->used += n;
}

uint64_t pt_writer_align(pt_writer *w, size_t align)
{
    static const unsigned char zeros[4096];
    uint64_t offset = pt_writer_offset(w);
    uint64_t left = (align - offset % align) % align;

    while (left && !w->errnum) {
        size_t n = left < sizeof zeros ? (size_t)left : sizeof zeros;
        pt_writer_write(w, zeros, n);
        left -= n;
    }
    return pt_writer_offset(w);
}

uint64_t pt_writer_offset(const pt_writer *w)
{
    return w->flushed + w->used;
}

void pt_writer_patch(pt_writer *w, uint64_t offset, const void *bytes, size_t n)
{
    const unsigned char *from = bytes;

    flush(w);
    if (!w->errnum)
        PT_ASSERT(offset + n <= w->flushed);
    while (n && !w->errnum) {
        ssize_t done = pwrite(w->fd, from, n, (off_t)offset);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            w->errnum = done < 0 ? errno : EIO;
            return;
        }
        from += done;
        offset += (size_t)done;
        n -= (size_t)done;
    }
}

pt_rc pt_sync_parent(const char *path, pt_err *err)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return pt_sync_dir(".", err);
    char *dir = strndup(path, slash == path ? 1 : (size_t)(slash - path));
    if (!dir)
        return pt_fail_nomem(err, "writing a file");
    pt_rc rc = pt_sync_dir(dir, err);
    free(dir);
    return rc;
}

/* Puts a finished file in its place; what stands there is replaced only if it is a file. 0 or an errno value. */
static int put_in_place(const char *partial, const char *path)
{
    struct stat s;

    if (lstat(path, &s) == 0 &&
        (S_ISCHR(s.st_mode) || S_ISBLK(s.st_mode) || S_ISFIFO(s.st_mode) || S_ISSOCK(s.st_mode)))
        return EEXIST;
    return rename(partial, path) == 0 ? 0 : errno;
}

pt_rc pt_writer_commit(pt_writer *w, pt_err *err)
{
    pt_rc rc = PT_OK;

    flush(w);
    if (!w->errnum && fsync(w->fd) != 0)
        w->errnum = errno;
    if (close(w->fd) != 0 && !w->errnum)
        w->errnum = errno;
    w->fd = -1;
    if (!w->errnum)
        w->errnum = put_in_place(w->partial, w->path);
    if (w->errnum) {
        rc = pt_fail_errno(err, PT_EIO, w->errnum, "cannot write '%s'", w->path);
        unlink(w->partial);
    } else {
        rc = pt_sync_parent(w->path, err);
    }
    free_writer(w);
    return rc;
}

pt_rc pt_publish_file(const char *path, const char *partial, pt_err *err)
{
    int fd = open(partial, O_RDONLY | O_CLOEXEC), errnum = fd < 0 ? errno : 0;

    if (!errnum && fsync(fd) != 0)
        errnum = errno;
    if (fd >= 0)
        close(fd);
    if (!errnum)
        errnum = put_in_place(partial, path);
    return errnum ? pt_fail_errno(err, PT_EIO, errnum, "cannot write '%s'", path) : pt_sync_parent(path, err);
}

void pt_writer_abort(pt_writer *w)
{
    if (!w)
        return;
    unlink(w->partial);
    free_writer(w);
}

pt_rc pt_writer_append(void *writer, const void *bytes, size_t n, pt_err *err)
{
    (void)err;
    pt_writer_write(writer, bytes, n);
    return PT_OK;
}

pt_rc pt_writer_overwrite(void *writer, uint64_t offset, const void *bytes, size_t n, pt_err *err)
{
    (void)err;
    pt_writer_patch(writer, offset, bytes, n);
    return PT_OK;
}
