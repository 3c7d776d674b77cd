/* The writer's side of generation.h: the lock, drafts, and publishing. What makes it safe: everything a generation
 * consists of is written and synced before CURRENT is renamed, and nothing that CURRENT names is ever changed. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/generation_int.h"
#include "app/history.h"

enum { KEPT = 2 }; /* generations, so that a reader that opened the one before is not surprised */

struct pt_data_dir {
    pt_arena *arena;
    const char *path, *store, *tmp;
    const char *current; /* NULL: nothing was published */
    uint64_t last;       /* number of the latest generation that anything is known of */
    pt_lock lock;
};

struct pt_draft {
    pt_data_dir *dir;
    pt_arena *arena;
    const char *name, *path;
    bool published;
};

/* --- names in the folder ------------------------------------------------------------------------------------------ */

static int by_bytes(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static pt_rc read_names(const char ***out, size_t *n, DIR *dir, pt_arena *a, pt_err *err)
{
    const char **names = NULL;
    size_t cap = 0;
    struct dirent *entry;

    for (*n = 0; (entry = readdir(dir));) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (!pt_grow(&names, &cap, *n + 1, sizeof *names) || !(names[*n] = pt_arena_strdup(a, entry->d_name))) {
            free(names);
            return pt_fail_nomem(err, "a list of files");
        }
        ++*n;
    }
    *out = names;
    return PT_OK;
}

pt_rc folder_names(const char *const **out, size_t *n, const char *path, pt_arena *a, pt_err *err)
{
    DIR *dir = opendir(path);
    const char **names = NULL, **kept;
    pt_rc rc;

    *out = NULL;
    if (!dir)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read folder '%s'", path);
    rc = read_names(&names, n, dir, a, err);
    closedir(dir);
    if (rc != PT_OK)
        return rc;
    kept = PT_NEW_ARRAY(a, const char *, *n);
    if (kept && *n) {
        qsort(names, *n, sizeof *names, by_bytes);
        memcpy(kept, names, *n * sizeof *names);
    }
    free(names);
    *out = kept;
    return kept ? PT_OK : pt_fail_nomem(err, "a list of files");
}

uint64_t generation_number(pt_sv name)
{
    int64_t number;

    if (name.len < 7 || name.len > 16 || name.ptr[0] != 'g')
        return 0;
    for (size_t i = 1; i < name.len; i++)
        if (name.ptr[i] < '0' || name.ptr[i] > '9')
            return 0;
    return pt_parse_int64(&number, (pt_sv){name.ptr + 1, name.len - 1}) ? (uint64_t)number : 0;
}

pt_rc generation_current(const char **out, const char *data_dir, pt_arena *arena, pt_err *err)
{
    const char *path = pt_path_join(arena, data_dir, "CURRENT");
    pt_sv text;
    char *name;

    *out = NULL;
    if (!path)
        return pt_fail_nomem(err, "a path");
    if (access(path, F_OK) != 0 && errno == ENOENT)
        return PT_OK;
    PT_TRY(pt_read_file(&text, path, 64, arena, err));
    text = pt_sv_trim(text);
    if (!generation_number(text))
        return pt_fail(err, PT_ECORRUPT, "'%s' does not name a generation", path);
    name = pt_arena_strndup(arena, text.ptr, text.len);
    *out = name;
    return name ? PT_OK : pt_fail_nomem(err, "a path");
}

pt_rc generation_exists(bool *out, const char *data_dir, const char *name, pt_arena *a, pt_err *err)
{
    const char *path = pt_arena_printf(a, "%s/%s/" PT_FILE_MANIFEST, data_dir, name);
    struct stat st;

    *out = false;
    if (!path)
        return pt_fail_nomem(err, "a path");
    if (stat(path, &st) == 0)
        *out = S_ISREG(st.st_mode);
    else if (errno != ENOENT && errno != ENOTDIR)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
    return PT_OK;
}

/* Generations have six digits or more: by number is not by byte. */
static int by_number(const void *a, const void *b)
{
    uint64_t x = generation_number(pt_sv_of(*(const char *const *)a));
    uint64_t y = generation_number(pt_sv_of(*(const char *const *)b));

    return (x > y) - (x < y);
}

pt_rc generation_names(const char *const **out, size_t *n, const char *data_dir, const char *current, pt_arena *a,
                       pt_err *err)
{
    uint64_t last = current ? generation_number(pt_sv_of(current)) : 0;
    const char *const *all;
    const char **kept;
    size_t n_all;

    *n = 0;
    PT_TRY(folder_names(&all, &n_all, data_dir, a, err));
    if (!(kept = PT_NEW_ARRAY(a, const char *, n_all)))
        return pt_fail_nomem(err, "a list of files");
    for (size_t i = 0; i < n_all; i++) {
        uint64_t number = generation_number(pt_sv_of(all[i]));
        bool exists = false;
        if (number && number <= last)
            PT_TRY(generation_exists(&exists, data_dir, all[i], a, err));
        if (exists)
            kept[(*n)++] = all[i];
    }
    if (*n)
        qsort(kept, *n, sizeof *kept, by_number);
    *out = kept;
    return PT_OK;
}

/* --- opening ------------------------------------------------------------------------------------------------------ */

/* A reader that has a generation open holds its folder. Where folders cannot be locked, nobody is taken to. */
static pt_rc remove_unread(const char *path, pt_err *err)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder >= 0 && flock(folder, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(folder);
        return PT_OK; /* a later build removes it */
    }
    pt_rc rc = pt_remove_tree(path, err);
    if (folder >= 0)
        close(folder);
    return rc;
}

/* Removes generations that are neither current nor among the latest, and those a dead build did not publish. */
static pt_rc sweep(pt_data_dir *d, pt_arena *a, pt_err *err)
{
    const char *const *all, *const *published;
    size_t n_all, n_published;

    PT_TRY(folder_names(&all, &n_all, d->path, a, err));
    PT_TRY(generation_names(&published, &n_published, d->path, d->current, a, err));
    for (size_t i = 0; i < n_all; i++) {
        const char *path = pt_path_join(a, d->path, all[i]);
        bool keep = !generation_number(pt_sv_of(all[i]));
        for (size_t k = n_published > KEPT ? n_published - KEPT : 0; k < n_published; k++)
            keep |= strcmp(all[i], published[k]) == 0;
        if (!path)
            return pt_fail_nomem(err, "a path");
        if (!keep)
            PT_TRY(remove_unread(path, err));
    }
    return PT_OK;
}

static void sleep_a_little(void)
{
    const struct timespec pause = {.tv_nsec = 50 * 1000 * 1000};

    nanosleep(&pause, NULL);
}

/* What is done in a moment is waited for, at most two seconds; what takes long is named. */
static pt_rc take_lock(pt_data_dir *d, const char *doing, pt_err *err)
{
    enum { TRIES = 40 };
    const char *path = pt_path_join(d->arena, d->path, "LOCK");
    const char *other = "";
    pt_rc rc = path ? pt_lock_take(&d->lock, path, err) : pt_fail_nomem(err, "a path");

    for (int i = 0; i < TRIES && rc == PT_EBUSY && !*(other = pt_lock_doing(path, d->arena)); i++) {
        sleep_a_little();
        rc = pt_lock_take(&d->lock, path, err);
    }
    if (rc == PT_OK)
        pt_lock_say(&d->lock, doing);
    else if (rc == PT_EBUSY && strcmp(other, "build") == 0)
        pt_err_hint(err, "another build of this project is running; wait for it to end");
    else if (rc == PT_EBUSY && *other)
        pt_err_hint(err, "`portrait %s` of this project is running; wait for it to end", other);
    else if (rc == PT_EBUSY)
        pt_err_hint(err, "another command of this project is running; wait for it to end");
    return rc;
}

/* A CURRENT that names nothing whole is as good as none: what it pointed to is derived and is made again. */
static pt_rc find_current(pt_data_dir *d, pt_err *err)
{
    pt_rc rc = generation_current(&d->current, d->path, d->arena, err);
    bool exists = false;

    if (rc == PT_OK && d->current)
        rc = generation_exists(&exists, d->path, d->current, d->arena, err);
    if (!exists)
        d->current = NULL;
    return rc == PT_ECORRUPT ? PT_OK : rc;
}

/* Where CURRENT is lost, what is kept in history/ is not: numbers go on after its latest. */
static pt_rc sweep_history(pt_data_dir *d, pt_arena *a, pt_err *err)
{
    if (!d->current)
        return pt_history_latest(&d->last, d->path, a, err);
    d->last = generation_number(pt_sv_of(d->current));
    return pt_history_sweep(d->path, d->last, a, err);
}

static pt_rc open_locked(pt_data_dir *d, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_rc rc = a ? find_current(d, err) : pt_fail_nomem(err, "the data directory");

    if (rc == PT_OK)
        rc = sweep(d, a, err);
    if (rc == PT_OK)
        rc = sweep_history(d, a, err);
    if (rc == PT_OK)
        rc = pt_remove_tree(d->tmp, err);
    if (rc == PT_OK)
        rc = pt_mkdirs(d->tmp, err);
    pt_arena_free(a);
    return rc;
}

pt_rc pt_data_dir_open_for(pt_data_dir **out, const char *path, const char *doing, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_data_dir *d = a ? PT_NEW(a, pt_data_dir) : NULL;
    pt_rc rc = PT_OK;

    *out = NULL;
    if (d) {
        *d = (pt_data_dir){.arena = a, .lock.fd = -1, .path = pt_arena_strdup(a, path)};
        d->store = pt_path_join(a, path, "store.duckdb");
        d->tmp = pt_path_join(a, path, "tmp");
    }
    if (!d || !d->path || !d->store || !d->tmp) {
        pt_arena_free(a);
        return pt_fail_nomem(err, "the data directory");
    }
    rc = pt_mkdirs(path, err);
    if (rc == PT_OK)
        rc = take_lock(d, doing, err);
    if (rc == PT_OK)
        rc = open_locked(d, err);
    if (rc == PT_OK) {
        *out = d;
        return PT_OK;
    }
    pt_lock_release(&d->lock);
    pt_arena_free(a);
    return rc;
}

pt_rc pt_data_dir_open(pt_data_dir **out, const char *path, pt_err *err)
{
    return pt_data_dir_open_for(out, path, "", err);
}

void pt_data_dir_close(pt_data_dir *d)
{
    if (!d)
        return;
    pt_remove_tree(d->tmp, NULL); /* what cannot be removed now is removed when the next build starts */
    pt_lock_release(&d->lock);
    pt_arena_free(d->arena);
}

const char *pt_data_dir_store(const pt_data_dir *d)
{
    return d->store;
}

const char *pt_data_dir_tmp(const pt_data_dir *d)
{
    return d->tmp;
}

const char *pt_data_dir_path(const pt_data_dir *d)
{
    return d->path;
}

const char *pt_data_dir_current(const pt_data_dir *d)
{
    return d->current;
}

/* --- drafts ------------------------------------------------------------------------------------------------------- */

pt_rc pt_draft_new(pt_draft **out, pt_data_dir *d, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_draft *draft = a ? PT_NEW(a, pt_draft) : NULL;
    pt_rc rc;

    *out = NULL;
    if (draft) {
        *draft = (pt_draft){.dir = d, .arena = a, .name = pt_arena_printf(a, "g%06" PRIu64, d->last + 1)};
        draft->path = draft->name ? pt_path_join(a, d->path, draft->name) : NULL;
    }
    if (!draft || !draft->path) {
        pt_arena_free(a);
        return pt_fail_nomem(err, "a new generation");
    }
    rc = pt_remove_tree(draft->path, err); /* a draft of the same process that was given up */
    if (rc == PT_OK)
        rc = pt_mkdirs(draft->path, err);
    if (rc == PT_OK)
        *out = draft;
    else
        pt_arena_free(a);
    return rc;
}

void pt_draft_free(pt_draft *draft)
{
    if (!draft)
        return;
    if (!draft->published)
        pt_remove_tree(draft->path, NULL);
    pt_arena_free(draft->arena);
}

const char *pt_draft_name(const pt_draft *draft)
{
    return draft->name;
}

const char *pt_draft_path(pt_draft *draft, const char *file)
{
    return pt_path_join(draft->arena, draft->path, file);
}

const char *pt_draft_earlier(pt_draft *draft, const char *file)
{
    const pt_data_dir *d = draft->dir;
    const char *path = d->current ? pt_arena_printf(draft->arena, "%s/%s/%s", d->path, d->current, file) : NULL;

    return path && pt_is_file(path) ? path : NULL;
}

pt_rc pt_copy_file(const char *from, const char *to, pt_err *err)
{
    pt_map map;
    pt_rc rc = pt_map_open(&map, from, err);

    if (rc == PT_OK)
        rc = pt_write_file(to, map.ptr, map.size, err);
    pt_map_close(&map);
    return rc;
}

pt_rc pt_draft_keep(pt_draft *draft, const char *file, pt_err *err)
{
    const char *from = pt_draft_earlier(draft, file), *to = pt_draft_path(draft, file);

    if (!from)
        return pt_fail(err, PT_ENOTFOUND, "no earlier '%s' to keep", file);
    if (!to)
        return pt_fail_nomem(err, "a path");
    return link(from, to) == 0 ? PT_OK : pt_copy_file(from, to, err);
}

/* --- publishing --------------------------------------------------------------------------------------------------- */

static pt_rc list_files(pt_manifest *m, pt_draft *draft, pt_err *err)
{
    const char *const *names;
    pt_manifest_file *files;
    size_t n;

    PT_TRY(folder_names(&names, &n, draft->path, draft->arena, err));
    if (!(files = PT_NEW_ARRAY(draft->arena, pt_manifest_file, n)))
        return pt_fail_nomem(err, PT_FILE_MANIFEST);
    for (size_t i = 0; i < n; i++) {
        const char *path = pt_draft_path(draft, names[i]);
        struct stat st;
        if (!path)
            return pt_fail_nomem(err, PT_FILE_MANIFEST);
        if (stat(path, &st) != 0)
            return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", path);
        files[i] = (pt_manifest_file){names[i], (uint64_t)st.st_size};
    }
    m->files = files;
    m->n_files = n;
    return PT_OK;
}

pt_rc pt_draft_generation(pt_generation **out, pt_draft *draft, int64_t as_of, pt_err *err)
{
    pt_manifest m = {.generation = draft->name, .as_of = as_of};

    *out = NULL;
    PT_TRY(list_files(&m, draft, err));
    return generation_open_files(out, draft->path, &m, err);
}

static pt_rc write_manifest(pt_draft *draft, const pt_manifest *given, pt_err *err)
{
    pt_manifest m = *given;
    const char *path = pt_draft_path(draft, PT_FILE_MANIFEST);
    pt_str text = {0};
    pt_rc rc;

    if (!path)
        return pt_fail_nomem(err, "a path");
    PT_TRY(list_files(&m, draft, err));
    m.generation = draft->name;
    manifest_write(&text, &m);
    rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

static pt_rc switch_current(pt_draft *draft, pt_err *err)
{
    pt_data_dir *d = draft->dir;
    const char *path = pt_path_join(draft->arena, d->path, "CURRENT");
    const char *line = pt_arena_printf(draft->arena, "%s\n", draft->name);
    const char *name = pt_arena_strdup(d->arena, draft->name), *now;
    pt_rc rc;

    if (!path || !line || !name)
        return pt_fail_nomem(err, "a path");
    rc = pt_write_file(path, line, strlen(line), err);
    /* When only the sync after the rename failed, readers see the new generation already, and after a power cut perhaps
     * the old one: neither may be removed. What cannot be read is not removed either. */
    if (rc == PT_OK || generation_current(&now, d->path, draft->arena, NULL) != PT_OK ||
        (now && strcmp(now, draft->name) == 0)) {
        d->current = name;
        d->last = generation_number(pt_sv_of(name));
        draft->published = true;
    }
    return rc;
}

pt_rc pt_draft_publish(pt_draft *draft, const pt_manifest *m, pt_err *err)
{
    PT_ASSERT(!draft->published);
    PT_TRY(write_manifest(draft, m, err));
    PT_TRY(pt_sync_dir(draft->path, err));
    PT_TRY(pt_sync_dir(draft->dir->path, err));
    PT_TRY(switch_current(draft, err));
    sweep(draft->dir, draft->arena, NULL); /* published either way; the next build sweeps again */
    return PT_OK;
}
