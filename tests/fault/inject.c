#include "fault/inject.h"

#include <dirent.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_bool armed;
static inject_kind kind;
static unsigned long target;
static atomic_ulong calls;

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t n);
void *__real_aligned_alloc(size_t align, size_t n);
ssize_t __real_write(int fd, const void *bytes, size_t n);
ssize_t __real_pwrite(int fd, const void *bytes, size_t n, off_t at);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t n);
void *__wrap_aligned_alloc(size_t align, size_t n);
ssize_t __wrap_write(int fd, const void *bytes, size_t n);
ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);

void inject_at(inject_kind what, unsigned long n)
{
    kind = what;
    target = n;
    calls = 0;
    armed = true;
}

bool inject_end(void)
{
    armed = false;
    return calls >= target;
}

unsigned long inject_step(unsigned long n)
{
    return n < 32 ? 1 : n / 8;
}

/* Whether this call, one of kind `what`, is the one, or with `onward` one after it. */
static bool now(inject_kind what, bool onward)
{
    if (!armed || kind != what)
        return false;
    unsigned long n = atomic_fetch_add(&calls, 1) + 1;
    return onward ? n >= target : n == target;
}

static bool no_memory(void)
{
    if (!now(INJECT_MEMORY, false))
        return false;
    errno = ENOMEM;
    return true;
}

/* Bytes that a write may take; -1 when it fails. */
static ssize_t may_write(size_t n)
{
    if (now(INJECT_DISK_FULL, true)) {
        errno = ENOSPC;
        return -1;
    }
    return now(INJECT_SHORT_WRITE, true) ? (ssize_t)((n + 1) / 2) : (ssize_t)n;
}

void *__wrap_malloc(size_t n)
{
    return no_memory() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return no_memory() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return no_memory() ? NULL : __real_realloc(p, n);
}

void *__wrap_aligned_alloc(size_t align, size_t n)
{
    return no_memory() ? NULL : __real_aligned_alloc(align, n);
}

ssize_t __wrap_write(int fd, const void *bytes, size_t n)
{
    ssize_t may = may_write(n);

    return may < 0 ? -1 : __real_write(fd, bytes, (size_t)may);
}

ssize_t __wrap_pwrite(int fd, const void *bytes, size_t n, off_t at)
{
    ssize_t may = may_write(n);

    return may < 0 ? -1 : __real_pwrite(fd, bytes, (size_t)may, at);
}

int __wrap_fsync(int fd)
{
    if (!now(INJECT_SYNC, false))
        return __real_fsync(fd);
    errno = EIO;
    return -1;
}

int __wrap_rename(const char *from, const char *to)
{
    if (!now(INJECT_RENAME, false))
        return __real_rename(from, to);
    errno = EACCES;
    return -1;
}

const char *inject_folder(const char *path)
{
    static char names[4096];
    struct dirent **entries;
    int n = scandir(path, &entries, NULL, alphasort);
    size_t used = 0;

    names[0] = '\0';
    for (int i = 0; i < n; i++) {
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && used < sizeof names)
            used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? " " : "", name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
    return names;
}
