/* pt_glob of io.h. Own walk rather than glob(3), which knows no `**` and hides which folder could not be read. */
#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { DEEPEST = 64 }; /* levels of folders below a `**` */

typedef struct matches {
    pt_arena *arena;
    const char **items;
    size_t n, cap;
} matches;

static pt_rc walk(matches *m, const char *dir, const char *pattern, int depth, pt_err *err);

static bool is_wild(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strchr("*?[", s[i]))
            return true;
    return false;
}

static pt_rc add_match(matches *m, char *path, pt_err *err)
{
    if (!path || !pt_grow(&m->items, &m->cap, m->n + 1, sizeof *m->items))
        return pt_fail_nomem(err, "a list of files");
    m->items[m->n++] = path;
    return PT_OK;
}

/* Whether an entry is a folder in its own right: links to folders are not followed by `**`, which could not end. */
static bool is_real_dir(const char *path)
{
    struct stat st;

    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* One entry of a folder against the first part of the pattern; `rest` is what follows it ("" at the end). */
static pt_rc visit(matches *m, const char *dir, const char *name, const char *part, const char *rest, int depth,
                   pt_err *err)
{
    bool any_depth = strcmp(part, "**") == 0;

    if (!any_depth && fnmatch(part, name, FNM_PERIOD | FNM_NOESCAPE) != 0)
        return PT_OK;
    if (any_depth && name[0] == '.')
        return PT_OK;
    char *path = pt_path_join(m->arena, dir, name);
    if (!path)
        return pt_fail_nomem(err, "a list of files");
    if (any_depth) {
        if (!is_real_dir(path) || depth >= DEEPEST)
            return PT_OK;
        char *again = pt_arena_printf(m->arena, "**/%s", rest);
        return again ? walk(m, path, again, depth + 1, err) : pt_fail_nomem(err, "a list of files");
    }
    if (*rest)
        return pt_is_dir(path) ? walk(m, path, rest, depth, err) : PT_OK;
    return pt_is_file(path) ? add_match(m, path, err) : PT_OK;
}

static pt_rc scan(matches *m, const char *dir, const char *part, const char *rest, int depth, pt_err *err)
{
    pt_rc rc = PT_OK;
    DIR *d = opendir(*dir ? dir : ".");

    if (!d) {
        if (errno == ENOENT || errno == ENOTDIR)
            return PT_OK;
        return pt_fail_errno(err, PT_EIO, errno, "cannot read folder '%s'", *dir ? dir : ".");
    }
    for (;;) {
        errno = 0;
        struct dirent *e = readdir(d);
        if (!e) {
            if (errno)
                rc = pt_fail_errno(err, PT_EIO, errno, "cannot read folder '%s'", *dir ? dir : ".");
            break;
        }
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if ((rc = visit(m, dir, e->d_name, part, rest, depth, err)) != PT_OK)
            break;
    }
    closedir(d);
    return rc;
}

/* Matches `pattern`, relative to `dir` ("" is the working folder). */
static pt_rc walk(matches *m, const char *dir, const char *pattern, int depth, pt_err *err)
{
    const char *slash = strchr(pattern, '/');
    size_t n = slash ? (size_t)(slash - pattern) : strlen(pattern);
    const char *rest = slash ? slash + 1 : "";

    while (*rest == '/')
        rest++;
    char *part = pt_arena_strndup(m->arena, pattern, n);
    if (!part)
        return pt_fail_nomem(err, "a list of files");
    if (strcmp(part, "**") == 0) {
        if (!*rest)
            rest = "*";
        PT_TRY(walk(m, dir, rest, depth, err)); /* no folder in between */
        return scan(m, dir, part, rest, depth, err);
    }
    if (is_wild(part, n))
        return scan(m, dir, part, rest, depth, err);
    char *path = pt_path_join(m->arena, dir, part);
    if (!path)
        return pt_fail_nomem(err, "a list of files");
    if (*rest)
        return walk(m, path, rest, depth, err);
    return pt_is_file(path) ? add_match(m, path, err) : PT_OK;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* `a` + `**` + `**` + `b` reaches a file by more than one way. */
static size_t drop_repeats(const char **items, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (kept == 0 || strcmp(items[kept - 1], items[i]) != 0)
            items[kept++] = items[i];
    return kept;
}

pt_rc pt_glob(const char *const **out, size_t *n, const char *pattern, pt_arena *a, pt_err *err)
{
    matches m = {.arena = a};
    const char *start = pattern;

    *out = NULL;
    *n = 0;
    while (*start == '/')
        start++;
    pt_rc rc = walk(&m, start == pattern ? "" : "/", start, 0, err);
    if (rc == PT_OK && m.n) {
        qsort(m.items, m.n, sizeof *m.items, compare_paths);
        m.n = drop_repeats(m.items, m.n);
        const char **list = PT_NEW_ARRAY(a, const char *, m.n);
        if (list) {
            memcpy(list, m.items, m.n * sizeof *list);
            *out = list;
            *n = m.n;
        } else {
            rc = pt_fail_nomem(err, "a list of files");
        }
    }
    free(m.items);
    return rc;
}
