#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static pt_rc open_failed(pt_err *err, int errnum, const char *path)
{
    return pt_fail_errno(err, errnum == ENOENT ? PT_ENOTFOUND : PT_EIO, errnum, "cannot open '%s'", path);
}

/* Reads until the end or until `n` bytes are there; bytes read, or -1 with errno set. */
static ssize_t read_full(int fd, char *to, size_t n)
{
    size_t done = 0;

    while (done < n) {
        ssize_t got = read(fd, to + done, n - done);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

static pt_rc too_large(pt_err *err, const char *path, size_t limit)
{
    return pt_fail(err, PT_EINVAL, "'%s' is larger than %zu bytes", path, limit);
}

/* A pipe, a terminal, /proc: the size is known only at the end. */
static pt_rc read_stream(pt_sv *out, int fd, const char *path, size_t limit, pt_arena *arena, pt_err *err)
{
    pt_rc rc = PT_OK;
    char *buf = NULL;
    size_t len = 0, cap = 0;

    for (;;) {
        if (!pt_grow(&buf, &cap, len + 65536, 1)) {
            rc = pt_fail_nomem(err, "reading a file");
            goto done;
        }
        ssize_t got = read_full(fd, buf + len, cap - len);
        if (got < 0) {
            rc = pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
            goto done;
        }
        len += (size_t)got;
        if (limit && len > limit) {
            rc = too_large(err, path, limit);
            goto done;
        }
        if (len < cap)
            break;
    }
    char *copy = pt_arena_strndup(arena, buf, len);
    if (!copy)
        rc = pt_fail_nomem(err, "reading a file");
    else
        *out = (pt_sv){copy, len};
done:
    free(buf);
    return rc;
}

static pt_rc read_open(pt_sv *out, int fd, const char *path, size_t limit, pt_arena *arena, pt_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
    if (!S_ISREG(st.st_mode) || st.st_size == 0)
        return read_stream(out, fd, path, limit, arena, err);
    size_t size = (size_t)st.st_size;
    if (limit && size > limit)
        return too_large(err, path, limit);
    char *bytes = pt_arena_alloc(arena, size + 1);
    if (!bytes)
        return pt_fail_nomem(err, "reading a file");
    ssize_t got = read_full(fd, bytes, size);
    if (got < 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
    bytes[got] = '\0';
    *out = (pt_sv){bytes, (size_t)got};
    return PT_OK;
}

pt_rc pt_read_file(pt_sv *out, const char *path, size_t limit, pt_arena *arena, pt_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return open_failed(err, errno, path);
    pt_rc rc = read_open(out, fd, path, limit, arena, err);
    close(fd);
    return rc;
}

static pt_rc map_open(pt_map *out, int fd, const char *path, pt_err *err)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
    if (!S_ISREG(st.st_mode))
        return pt_fail(err, PT_EIO, "'%s' is not a regular file", path);
    if (st.st_size == 0)
        return PT_OK;
    void *p = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (p == MAP_FAILED)
        return pt_fail_errno(err, PT_EIO, errno, "cannot map '%s'", path);
    *out = (pt_map){.ptr = p, .size = (size_t)st.st_size};
    return PT_OK;
}

pt_rc pt_map_open(pt_map *out, const char *path, pt_err *err)
{
    *out = (pt_map){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return open_failed(err, errno, path);
    pt_rc rc = map_open(out, fd, path, err);
    close(fd);
    return rc;
}

void pt_map_close(pt_map *m)
{
    if (m->ptr)
        munmap((void *)(uintptr_t)m->ptr, m->size);
    *m = (pt_map){0};
}

pt_rc pt_write_file(const char *path, const void *bytes, size_t n, pt_err *err)
{
    pt_writer *w;

    PT_TRY(pt_writer_open(&w, path, err));
    pt_writer_write(w, bytes, n);
    return pt_writer_commit(w, err);
}

pt_rc pt_mkdirs(const char *path, pt_err *err)
{
    char *copy = strdup(path);

    if (!copy)
        return pt_fail_nomem(err, "a path");
    for (char *at = copy + 1; *copy; at++) {
        if (*at != '/' && *at != '\0')
            continue;
        char end = *at;
        *at = '\0';
        if (mkdir(copy, 0777) != 0 && !(errno == EEXIST && pt_is_dir(copy))) {
            pt_rc rc = pt_fail_errno(err, PT_EIO, errno, "cannot make folder '%s'", copy);
            free(copy);
            return rc;
        }
        *at = end;
        if (!end)
            break;
    }
    free(copy);
    return PT_OK;
}

pt_rc pt_sync_dir(const char *path, pt_err *err)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return open_failed(err, errno, path);
    int failed = fsync(fd), errnum = errno;
    close(fd);
    if (failed && errnum != EINVAL) /* some network file systems cannot sync a folder */
        return pt_fail_errno(err, PT_EIO, errnum, "cannot sync folder '%s'", path);
    return PT_OK;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
    (void)st;
    (void)type;
    (void)walk;
    return remove(path) != 0 && errno != ENOENT ? errno : 0;
}

pt_rc pt_remove_tree(const char *path, pt_err *err)
{
    int failed = nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);

    if (failed < 0 && errno == ENOENT)
        return PT_OK;
    if (failed)
        return pt_fail_errno(err, PT_EIO, failed > 0 ? failed : errno, "cannot remove '%s'", path);
    return PT_OK;
}

bool pt_is_dir(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool pt_is_file(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

char *pt_path_join(pt_arena *a, const char *dir, const char *name)
{
    size_t n = strlen(dir);

    if (name[0] == '/' || n == 0)
        return pt_arena_strdup(a, name);
    return pt_arena_printf(a, dir[n - 1] == '/' ? "%s%s" : "%s/%s", dir, name);
}

pt_sv pt_path_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return pt_sv_of(slash ? slash + 1 : path);
}

/* The holder's process id lies in the file, for the message only: what holds is the lock. */
static pt_rc lock_busy(int fd, const char *path, pt_err *err)
{
    char pid[24];
    ssize_t n = pread(fd, pid, sizeof pid - 1, 0);

    pid[n > 0 ? n : 0] = '\0';
    pid[strspn(pid, "0123456789")] = '\0';
    return pt_fail(err, PT_EBUSY, "'%s' is locked by another process%s%s", path, *pid ? ": " : "", pid);
}

pt_rc pt_lock_take(pt_lock *out, const char *path, pt_err *err)
{
    out->fd = -1;
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (fd < 0)
        return open_failed(err, errno, path);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        pt_rc rc = errno == EWOULDBLOCK ? lock_busy(fd, path, err)
                                        : pt_fail_errno(err, PT_EIO, errno, "cannot lock '%s'", path);
        close(fd);
        return rc;
    }
    if (ftruncate(fd, 0) != 0 || dprintf(fd, "%ld\n", (long)getpid()) < 0) {
        pt_rc rc = pt_fail_errno(err, PT_EIO, errno, "cannot write '%s'", path);
        close(fd);
        return rc;
    }
    out->fd = fd;
    return PT_OK;
}

void pt_lock_say(const pt_lock *l, const char *word)
{
    if (lseek(l->fd, 0, SEEK_END) > 0)
        (void)dprintf(l->fd, "%s\n", word);
}

const char *pt_lock_doing(const char *path, pt_arena *arena)
{
    enum { MOST = 64 };
    pt_sv text;

    if (pt_read_file(&text, path, MOST, arena, NULL) != PT_OK)
        return "";
    const char *line = memchr(text.ptr, '\n', text.len);
    if (!line)
        return "";
    pt_sv word = pt_sv_trim((pt_sv){line + 1, (size_t)(text.ptr + text.len - line - 1)});
    const char *kept = pt_arena_strndup(arena, word.ptr, word.len);
    return kept ? kept : "";
}

void pt_lock_release(pt_lock *l)
{
    if (l->fd >= 0)
        close(l->fd);
    l->fd = -1;
}
