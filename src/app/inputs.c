#include "app/inputs.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/io.h"

/* --- as a build leaves them --------------------------------------------------------------------------------------- */

static int64_t modified_at(const struct stat *st)
{
    return (int64_t)st->st_mtim.tv_sec * 1000000 + st->st_mtim.tv_nsec / 1000;
}

static const char *text_at(const pt_rows *rows, size_t cell, size_t i, pt_arena *arena)
{
    pt_sv text = ((const pt_sv *)rows->cells[cell].data)[i];

    return pt_arena_strndup(arena, text.ptr ? text.ptr : "", text.len);
}

typedef struct inputs {
    pt_manifest_input *items;
    size_t n, cap;
} inputs;

static pt_rc add_rows(inputs *list, const pt_project *p, const pt_rows *rows, pt_arena *arena, pt_err *err)
{
    for (size_t i = 0; i < rows->n; i++) {
        const char *source = text_at(rows, 0, i, arena), *path = text_at(rows, 1, i, arena);
        pt_manifest_input in = {.hash = text_at(rows, 2, i, arena),
                                .bytes = ((const uint64_t *)rows->cells[3].data)[i]};
        struct stat st;
        if (!source || !path || !in.hash || !(in.name = pt_arena_printf(arena, "%s %s", source, path)) ||
            !pt_grow(&list->items, &list->cap, list->n + 1, sizeof *list->items))
            return pt_fail_nomem(err, "the list of files");
        const char *full = pt_path_join(arena, p->root, path);
        if (full && stat(full, &st) == 0)
            in.modified = modified_at(&st);
        list->items[list->n++] = in;
    }
    return PT_OK;
}

pt_rc pt_inputs_of(const pt_manifest_input **out, size_t *n, const pt_project *p, pt_conn *c, pt_arena *arena,
                   pt_err *err)
{
    pt_cursor *cursor = NULL;
    const pt_rows *rows = NULL;
    inputs list = {0};
    pt_sql q = {0};

    pt_sql_kw(&q, "SELECT source, path, content_hash, bytes FROM meta.files ORDER BY source, path");
    pt_rc rc = pt_query(&cursor, c, &q, err);
    while (rc == PT_OK && (rc = pt_cursor_next(&rows, cursor, err)) == PT_OK && rows)
        rc = add_rows(&list, p, rows, arena, err);
    pt_cursor_close(cursor);
    pt_sql_free(&q);
    pt_manifest_input *kept = rc == PT_OK ? PT_NEW_ARRAY(arena, pt_manifest_input, list.n) : NULL;
    if (kept && list.n)
        memcpy(kept, list.items, list.n * sizeof *kept);
    if (rc == PT_OK && !kept)
        rc = pt_fail_nomem(err, "the list of files");
    *out = kept;
    *n = kept ? list.n : 0;
    free(list.items);
    return rc;
}

/* --- against now -------------------------------------------------------------------------------------------------- */

static int by_path(const void *left, const void *right)
{
    return strcmp(((const pt_input_change *)left)->path, ((const pt_input_change *)right)->path);
}

static const pt_manifest_input *find_before(const pt_manifest *m, const char *source, const char *path)
{
    size_t n = strlen(source);

    for (size_t i = 0; m && i < m->n_inputs; i++)
        if (strncmp(m->inputs[i].name, source, n) == 0 && m->inputs[i].name[n] == ' ' &&
            strcmp(m->inputs[i].name + n + 1, path) == 0)
            return &m->inputs[i];
    return NULL;
}

static pt_rc compare_file(pt_input_change *c, const pt_manifest_input *before, const char *full, pt_err *err)
{
    struct stat st;
    pt_hash128 hash;
    char hex[33];

    c->state = before ? PT_INPUT_SAME : PT_INPUT_NEW;
    if (stat(full, &st) != 0)
        return PT_OK; /* gone since the pattern found it: the build will say so */
    c->bytes = (uint64_t)st.st_size;
    if (!before || (before->bytes == c->bytes && before->modified == modified_at(&st)))
        return PT_OK;
    PT_TRY(pt_hash_file(&hash, full, err));
    pt_hash128_hex(hex, hash);
    c->state = strcmp(hex, before->hash) == 0 ? PT_INPUT_SAME : PT_INPUT_CHANGED;
    return PT_OK;
}

typedef struct changes {
    pt_input_change *items;
    size_t n, cap;
} changes;

static pt_rc add_change(changes *list, pt_input_change c, pt_err *err)
{
    if (!pt_grow(&list->items, &list->cap, list->n + 1, sizeof *list->items))
        return pt_fail_nomem(err, "the list of files");
    list->items[list->n++] = c;
    return PT_OK;
}

static bool is_listed(const changes *list, const char *path)
{
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->items[i].path, path) == 0)
            return true;
    return false;
}

static pt_rc add_found(changes *list, const pt_project *p, const pt_source *s, const pt_manifest *before,
                       pt_arena *arena, pt_err *err)
{
    size_t root = strlen(p->root), n;
    const char *const *paths;

    for (size_t i = 0; i < s->n_from; i++) {
        const char *full = pt_path_join(arena, p->root, s->from[i]);
        if (!full)
            return pt_fail_nomem(err, "the list of files");
        PT_TRY(pt_glob(&paths, &n, full, arena, err));
        for (size_t k = 0; k < n; k++) {
            bool inside = strncmp(paths[k], p->root, root) == 0 && paths[k][root] == '/';
            pt_input_change c = {.path = paths[k] + (inside ? root + 1 : 0)};
            if (is_listed(list, c.path))
                continue;
            PT_TRY(compare_file(&c, find_before(before, s->name, c.path), paths[k], err));
            PT_TRY(add_change(list, c, err));
        }
    }
    return PT_OK;
}

static pt_rc add_gone(changes *list, const pt_source *s, const pt_manifest *before, pt_err *err)
{
    size_t n = strlen(s->name);

    for (size_t i = 0; before && i < before->n_inputs; i++) {
        const pt_manifest_input *in = &before->inputs[i];
        if (strncmp(in->name, s->name, n) != 0 || in->name[n] != ' ' || is_listed(list, in->name + n + 1))
            continue;
        PT_TRY(add_change(list, (pt_input_change){in->name + n + 1, PT_INPUT_GONE, in->bytes}, err));
    }
    return PT_OK;
}

pt_rc pt_inputs_compare(const pt_input_change **out, size_t *n, const pt_project *p, size_t source,
                        const pt_manifest *before, pt_arena *arena, pt_err *err)
{
    const pt_source *s = &p->sources[source];
    changes list = {0};
    pt_rc rc = add_found(&list, p, s, before, arena, err);

    if (rc == PT_OK)
        rc = add_gone(&list, s, before, err);
    pt_input_change *kept = rc == PT_OK ? PT_NEW_ARRAY(arena, pt_input_change, list.n) : NULL;
    if (kept && list.n) {
        memcpy(kept, list.items, list.n * sizeof *kept);
        qsort(kept, list.n, sizeof *kept, by_path);
    }
    if (rc == PT_OK && !kept)
        rc = pt_fail_nomem(err, "the list of files");
    *out = kept;
    *n = kept ? list.n : 0;
    free(list.items);
    return rc;
}
