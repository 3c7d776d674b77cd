/* The files of a source: which they are, in which order, and under what name their table is kept. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "source/source_int.h"

static bool ends_with(const char *s, const char *end)
{
    size_t n = strlen(s), m = strlen(end);

    return n >= m && strcasecmp(s + n - m, end) == 0;
}

pt_file_format pt_format_of(const char *path)
{
    static const char *const packed[] = {".gz", ".zst", ".zstd", ".gzip"};
    char name[32];
    pt_sv base = pt_path_base(path);

    /* The ending below the compression's. */
    snprintf(name, sizeof name, "%s", base.len < sizeof name ? base.ptr : base.ptr + base.len - sizeof name + 1);
    for (size_t i = 0; i < PT_COUNT(packed); i++)
        if (ends_with(name, packed[i]))
            name[strlen(name) - strlen(packed[i])] = '\0';
    if (ends_with(name, ".jsonl") || ends_with(name, ".ndjson") || ends_with(name, ".json"))
        return PT_FORMAT_JSONL;
    return ends_with(name, ".parquet") || ends_with(name, ".pq") ? PT_FORMAT_PARQUET : PT_FORMAT_CSV;
}

/* Appends the files of one pattern that are not in the list yet. */
static pt_rc add_pattern(pt_input **list, size_t *n, size_t *cap, const char *pattern, const pt_read_run *run,
                         pt_err *err)
{
    const char *const *paths;
    size_t found;
    const char *full = pt_path_join(run->arena, run->project->root, pattern);

    if (!full)
        return pt_fail_nomem(err, "a source's files");
    PT_TRY(pt_glob(&paths, &found, full, run->arena, err));
    if (found == 0 && run->source->optional)
        return PT_OK;
    if (found == 0) {
        return pt_fail_code(err, PT_E_NO_FILE, run->source->place, "source '%s': there is no file '%s'",
                            run->source->name, pattern);
    }
    size_t root = strlen(run->project->root);
    for (size_t i = 0; i < found; i++) {
        bool inside = strncmp(paths[i], run->project->root, root) == 0 && paths[i][root] == '/';
        if (!pt_grow(list, cap, *n + 1, sizeof **list))
            return pt_fail_nomem(err, "a source's files");
        (*list)[(*n)++] = (pt_input){.path = paths[i], .name = paths[i] + (inside ? root + 1 : 0)};
    }
    return PT_OK;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(((const pt_input *)a)->name, ((const pt_input *)b)->name);
}

static pt_rc hash_input(pt_input *in, const pt_read_run *run, pt_err *err)
{
    struct stat st;
    struct {
        pt_hash128 definition, content;
        uint64_t format;
    } key;
    char hex[33];

    if (stat(in->path, &st) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read '%s'", in->name);
    PT_TRY(pt_hash_file(&in->content, in->path, err));
    in->bytes = (uint64_t)st.st_size;
    in->format = run->source->format == PT_FORMAT_AUTO ? pt_format_of(in->path) : run->source->format;
    key.definition = run->definition;
    key.content = in->content;
    key.format = in->format;
    pt_hash128_hex(hex, pt_hash128_of(&key, sizeof key));
    in->table = pt_arena_printf(run->arena, "%s__%s", run->source->name, hex);
    return in->table ? PT_OK : pt_fail_nomem(err, "a source's files");
}

static size_t drop_repeats(pt_input *list, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (i == 0 || strcmp(list[i].name, list[kept - 1].name) != 0)
            list[kept++] = list[i];
    return kept;
}

pt_rc pt_list_inputs(pt_input **out, size_t *n, const pt_read_run *run, pt_err *err)
{
    pt_input *list = NULL;
    size_t cap = 0;
    pt_rc rc = PT_OK;

    *n = 0;
    for (size_t i = 0; rc == PT_OK && i < run->source->n_from; i++)
        rc = add_pattern(&list, n, &cap, run->source->from[i], run, err);
    if (rc == PT_OK && *n) {
        qsort(list, *n, sizeof *list, compare_names);
        *n = drop_repeats(list, *n);
    }
    for (size_t i = 0; rc == PT_OK && i < *n; i++)
        rc = hash_input(&list[i], run, err);
    *out = rc == PT_OK ? PT_NEW_ARRAY(run->arena, pt_input, *n) : NULL;
    if (*out && *n)
        memcpy(*out, list, *n * sizeof *list);
    else if (rc == PT_OK && !*out)
        rc = pt_fail_nomem(err, "a source's files");
    free(list);
    return rc;
}
