/* The reader's side of generation.h. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/generation_int.h"
#include "base/io.h"

enum { MANIFEST_MOST = 16 << 20, BASE_MOST = 256 << 20 };

typedef struct opened {
    const char *source; /* points into the manifest's file name */
    size_t length;
    pt_timeline *timeline; /* NULL until asked for */
    const char *path;
    uint64_t size;
} opened;

struct pt_generation {
    pt_arena *arena;
    int folder; /* held shared, so that no build removes it meanwhile; -1: not held */
    const char *path;
    pt_manifest manifest;
    pt_map directory_map, tags_map, index_map;
    pt_directory *directory;
    pt_tagset *tags;
    pt_indexset *index; /* NULL until asked for */
    pt_map segments_map;
    pt_memberset *segments; /* NULL until asked for */
    pthread_mutex_t lock;   /* guards the timelines' pointers */
    bool has_lock;
    opened *timelines;
    size_t n_timelines;
};

static pt_rc damaged(pt_err *err, pt_rc rc)
{
    if (rc == PT_ECORRUPT)
        pt_err_hint(err, "`portrait build` makes it again from the raw store");
    return rc;
}

/* A file that the generation should have and has not is damage, not a wrong name of the user's. */
static pt_rc lost(const pt_generation *g, const char *name, pt_rc rc, pt_err *err)
{
    return rc == PT_ENOTFOUND ? pt_fail(err, PT_ECORRUPT, "'%s/%s' is gone", g->path, name) : rc;
}

static pt_rc read_manifest(pt_generation *g, const char *name, pt_err *err)
{
    const char *path = pt_path_join(g->arena, g->path, PT_FILE_MANIFEST);
    pt_sv text;

    if (!path)
        return pt_fail_nomem(err, "a generation");
    PT_TRY(lost(g, PT_FILE_MANIFEST, pt_read_file(&text, path, MANIFEST_MOST, g->arena, err), err));
    PT_TRY(manifest_read(&g->manifest, text, g->arena, err));
    if (strcmp(g->manifest.generation, name) != 0)
        return pt_fail(err, PT_ECORRUPT, "'%s' is the manifest of %s", path, g->manifest.generation);
    return PT_OK;
}

static const pt_manifest_file *find_file(const pt_generation *g, const char *name)
{
    for (size_t i = 0; i < g->manifest.n_files; i++)
        if (strcmp(g->manifest.files[i].name, name) == 0)
            return &g->manifest.files[i];
    return NULL;
}

static pt_rc map_file(pt_map *out, pt_generation *g, const char *name, pt_err *err)
{
    const pt_manifest_file *file = find_file(g, name);
    const char *path = pt_path_join(g->arena, g->path, name);

    if (!path)
        return pt_fail_nomem(err, "a generation");
    if (!file)
        return pt_fail(err, PT_ECORRUPT, "generation %s has no '%s'", g->manifest.generation, name);
    PT_TRY(lost(g, name, pt_map_open(out, path, err), err));
    if (out->size != file->size)
        return pt_fail(err, PT_ECORRUPT, "'%s' has %zu bytes; the manifest says %llu", path, out->size,
                       (unsigned long long)file->size);
    return PT_OK;
}

pt_rc pt_generation_base(pt_sv *out, const pt_generation *g, pt_arena *arena, pt_err *err)
{
    const pt_manifest_file *file = find_file(g, PT_FILE_BASE);
    const char *path = pt_path_join(arena, g->path, PT_FILE_BASE);

    *out = (pt_sv){"", 0};
    if (!path)
        return pt_fail_nomem(err, "a generation");
    if (!file)
        return PT_OK;
    PT_TRY(lost(g, PT_FILE_BASE, pt_read_file(out, path, BASE_MOST, arena, err), err));
    if (out->len != file->size)
        return pt_fail(err, PT_ECORRUPT, "'%s' has %zu bytes; the manifest says %llu", path, out->len,
                       (unsigned long long)file->size);
    return PT_OK;
}

pt_rc pt_generation_tagindex(pt_tagindex **out, pt_generation *g, const char *tag, pt_err *err)
{
    *out = NULL;
    if (!g->index) {
        if (!g->index_map.ptr)
            PT_TRY(damaged(err, map_file(&g->index_map, g, PT_FILE_INDEX, err)));
        PT_TRY(damaged(err, pt_indexset_open(&g->index, "the index", g->index_map.ptr, g->index_map.size, err)));
    }
    return damaged(err, pt_indexset_find(out, g->index, tag, err));
}

pt_rc pt_generation_segments(const pt_memberset **out, pt_generation *g, pt_err *err)
{
    *out = NULL;
    if (!g->segments && !g->segments_map.ptr)
        return PT_OK;
    if (!g->segments) {
        PT_TRY(damaged(err, pt_memberset_open(&g->segments, "the file of segments", g->segments_map.ptr,
                                              g->segments_map.size, err)));
    }
    *out = g->segments;
    return PT_OK;
}

static pt_rc list_timelines(pt_generation *g, pt_err *err)
{
    static const char ending[] = ".timeline";
    const pt_manifest *m = &g->manifest;

    if (!(g->timelines = PT_NEW_ARRAY(g->arena, opened, m->n_files)))
        return pt_fail_nomem(err, "a generation");
    for (size_t i = 0; i < m->n_files; i++) {
        size_t n = strlen(m->files[i].name), tail = sizeof ending - 1;
        opened *o = &g->timelines[g->n_timelines];
        if (n <= tail || strcmp(m->files[i].name + n - tail, ending) != 0)
            continue;
        *o = (opened){.source = m->files[i].name, .length = n - tail, .size = m->files[i].size};
        if (!(o->path = pt_path_join(g->arena, g->path, m->files[i].name)))
            return pt_fail_nomem(err, "a generation");
        g->n_timelines++;
    }
    return PT_OK;
}

static pt_rc open_files(pt_generation *g, pt_err *err)
{
    PT_TRY(list_timelines(g, err));
    PT_TRY(map_file(&g->directory_map, g, PT_FILE_DIRECTORY, err));
    PT_TRY(pt_directory_open(&g->directory, g->directory_map.ptr, g->directory_map.size, err));
    PT_TRY(map_file(&g->tags_map, g, PT_FILE_TAGS, err));
    PT_TRY(pt_tagset_open(&g->tags, g->tags_map.ptr, g->tags_map.size, err));
    if (find_file(g, PT_FILE_INDEX))
        PT_TRY(map_file(&g->index_map, g, PT_FILE_INDEX, err));
    if (find_file(g, PT_FILE_SEGMENTS))
        PT_TRY(map_file(&g->segments_map, g, PT_FILE_SEGMENTS, err));
    if (pt_tagset_ordinals(g->tags) != pt_directory_ordinals(g->directory))
        return pt_fail(err, PT_ECORRUPT, "tags and directory of generation %s are not of the same customers",
                       g->manifest.generation);
    return PT_OK;
}

/* `given` NULL: the manifest lies in the folder. */
static pt_rc open_folder(pt_generation **out, const char *path, const char *name, const pt_manifest *given, pt_err *err)
{
    pt_arena *a = pt_arena_new(0);
    pt_generation *g = a ? PT_NEW(a, pt_generation) : NULL;
    pt_rc rc;

    *out = NULL;
    if (!g || !(g->path = pt_arena_strdup(a, path))) {
        pt_arena_free(a);
        return pt_fail_nomem(err, "a generation");
    }
    g->arena = a;
    g->folder = given ? -1 : open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (g->folder >= 0)
        flock(g->folder, LOCK_SH | LOCK_NB); /* refused only while a build removes it: then a file will be found gone */
    g->has_lock = pthread_mutex_init(&g->lock, NULL) == 0;
    rc = g->has_lock ? PT_OK : pt_fail_nomem(err, "a generation");
    if (rc == PT_OK && given)
        g->manifest = *given;
    else if (rc == PT_OK)
        rc = read_manifest(g, name, err);
    if (rc == PT_OK)
        rc = open_files(g, err);
    if (rc != PT_OK) {
        pt_generation_close(g);
        return damaged(err, rc);
    }
    *out = g;
    return PT_OK;
}

pt_rc generation_open_files(pt_generation **out, const char *path, const pt_manifest *m, pt_err *err)
{
    return open_folder(out, path, m->generation, m, err);
}

static pt_rc open_named(pt_generation **out, const char *data_dir, const char *name, pt_arena *a, pt_err *err)
{
    const char *path = pt_path_join(a, data_dir, name);

    *out = NULL;
    return path ? open_folder(out, path, name, NULL, err) : pt_fail_nomem(err, "a generation");
}

static pt_rc nothing_built(const char *data_dir, pt_err *err)
{
    pt_fail(err, PT_ENOTFOUND, "no profiles have been built in '%s'", data_dir);
    return pt_err_hint(err, "run `portrait build` first");
}

/* While a reader looks, builds go on: a generation that was current a moment ago may just have been removed. */
static pt_rc open_current(pt_generation **out, const char *data_dir, pt_arena *a, pt_err *err)
{
    enum { TRIES = 4 };
    const char *name;
    pt_rc rc = PT_OK;

    for (int i = 0; i < TRIES; i++) {
        const char *before;
        if ((rc = generation_current(&name, data_dir, a, err)) != PT_OK)
            return damaged(err, rc);
        if (!name)
            return nothing_built(data_dir, err);
        before = name;
        rc = open_named(out, data_dir, name, a, err);
        if (rc == PT_OK || generation_current(&name, data_dir, a, NULL) != PT_OK || !name || strcmp(name, before) == 0)
            return rc;
    }
    return rc;
}

pt_rc pt_generation_open(pt_generation **out, const char *data_dir, const char *name, pt_err *err)
{
    pt_arena *a;
    bool exists;
    pt_rc rc;

    *out = NULL;
    if (name && !generation_number(pt_sv_of(name)))
        return pt_fail(err, PT_EINVAL, "'%s' is not the name of a generation, such as g000012", name);
    if (!(a = pt_arena_new(0)))
        return pt_fail_nomem(err, "a generation");
    if (!name)
        rc = open_current(out, data_dir, a, err);
    else if ((rc = generation_exists(&exists, data_dir, name, a, err)) == PT_OK)
        rc = exists ? open_named(out, data_dir, name, a, err)
                    : pt_fail(err, PT_ENOTFOUND, "there is no generation %s in '%s'", name, data_dir);
    pt_arena_free(a);
    return rc;
}

void pt_generation_close(pt_generation *g)
{
    if (!g)
        return;
    for (size_t i = 0; i < g->n_timelines; i++)
        pt_timeline_close(g->timelines[i].timeline);
    pt_tagset_close(g->tags);
    pt_directory_close(g->directory);
    pt_indexset_close(g->index);
    pt_memberset_close(g->segments);
    pt_map_close(&g->segments_map);
    pt_map_close(&g->index_map);
    pt_map_close(&g->tags_map);
    pt_map_close(&g->directory_map);
    if (g->has_lock)
        pthread_mutex_destroy(&g->lock);
    if (g->folder >= 0)
        close(g->folder);
    pt_arena_free(g->arena);
}

const pt_manifest *pt_generation_manifest(const pt_generation *g)
{
    return &g->manifest;
}

const pt_directory *pt_generation_directory(const pt_generation *g)
{
    return g->directory;
}

pt_tagset *pt_generation_tags(const pt_generation *g)
{
    return g->tags;
}

static pt_rc open_timeline(pt_generation *g, opened *o, pt_err *err)
{
    pt_timeline *t;
    struct stat st;

    if (stat(o->path, &st) != 0)
        return pt_fail(err, errno == ENOENT ? PT_ECORRUPT : PT_EIO, "'%s' cannot be read or is gone", o->path);
    if ((uint64_t)st.st_size != o->size)
        return pt_fail(err, PT_ECORRUPT, "'%s' has %llu bytes; the manifest says %llu", o->path,
                       (unsigned long long)st.st_size, (unsigned long long)o->size);
    PT_TRY(pt_timeline_open(&t, o->path, err));
    if (pt_timeline_ordinals(t) != pt_directory_ordinals(g->directory)) {
        pt_timeline_close(t);
        return pt_fail(err, PT_ECORRUPT, "'%s' is not of the same customers as the directory", o->path);
    }
    o->timeline = t;
    return PT_OK;
}

pt_rc pt_generation_timeline(pt_timeline **out, pt_generation *g, const char *source, pt_err *err)
{
    size_t n = strlen(source);

    *out = NULL;
    for (size_t i = 0; i < g->n_timelines; i++) {
        opened *o = &g->timelines[i];
        pt_rc rc = PT_OK;
        if (o->length != n || memcmp(o->source, source, n) != 0)
            continue;
        pthread_mutex_lock(&g->lock);
        if (!o->timeline)
            rc = open_timeline(g, o, err);
        *out = o->timeline;
        pthread_mutex_unlock(&g->lock);
        return damaged(err, rc);
    }
    return pt_fail(err, PT_ENOTFOUND, "generation %s has no timeline of '%s'", g->manifest.generation, source);
}

pt_rc pt_generation_list(const char *const **out, size_t *n, const char *data_dir, pt_arena *a, pt_err *err)
{
    const char *current;

    *out = NULL;
    *n = 0;
    PT_TRY(generation_current(&current, data_dir, a, err));
    return current ? generation_names(out, n, data_dir, current, a, err) : PT_OK;
}
