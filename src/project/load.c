/* The loader's entry: finds the project, reads its files, runs the parts in order. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "project/load.h"

enum { MOST_FOLDERS_DEEP = 8 };

/* --- lookups in a loaded project ---------------------------------------------------------------------------------- */

int pt_project_find_source(const pt_project *p, pt_sv name)
{
    for (size_t i = 0; i < p->n_sources; i++)
        if (pt_sv_eq(name, pt_sv_of(p->sources[i].name)))
            return (int)i;
    return -1;
}

int pt_source_find_column(const pt_source *s, pt_sv name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (pt_sv_eq(name, pt_sv_of(s->columns[i].name)))
            return (int)i;
    return -1;
}

int pt_project_find_tag(const pt_project *p, pt_sv name)
{
    for (size_t i = 0; i < p->n_tags; i++)
        if (pt_sv_eq(name, pt_sv_of(p->tags[i].name)))
            return (int)i;
    return -1;
}

int pt_project_find_segment(const pt_project *p, pt_sv name)
{
    for (size_t i = 0; i < p->n_segments; i++)
        if (pt_sv_eq(name, pt_sv_of(p->segments[i].name)))
            return (int)i;
    return -1;
}

const char *pt_label_text(const pt_label *l, const char *lang, const char *name)
{
    const char *first = strcmp(lang, "zh") == 0 ? l->zh : l->en, *second = strcmp(lang, "zh") == 0 ? l->en : l->zh;

    return first ? first : second ? second : name;
}

/* --- documents in memory ------------------------------------------------------------------------------------------ */

bool pt_documents_add(pt_documents *d, const char *path, pt_sv bytes)
{
    if (!pt_grow(&d->items, &d->cap, d->n + 1, sizeof *d->items))
        return false;
    d->items[d->n++] = (pt_document){.path = path, .bytes = bytes};
    return true;
}

size_t pt_documents_entries(pt_loader *l, const pt_documents *d)
{
    size_t entries = 0;

    for (size_t i = 0; i < d->n; i++) {
        pt_document *file = &d->items[i];
        if (file->root && !pt_load_is_map(l, file->root, file->path)) {
            file->root = NULL;
            l->incomplete = true;
        }
        entries += file->root ? file->root->n : 0;
    }
    return entries;
}

void pt_loader_dispose(pt_loader *l)
{
    free(l->source_files.items);
    free(l->tag_files.items);
    free(l->segment_files.items);
    free(l->model_files.items);
    l->source_files = l->tag_files = l->segment_files = l->model_files = (pt_documents){0};
}

static pt_rc parse(pt_loader *l, pt_document *d, bool *whole, pt_err *err)
{
    size_t errors = l->diags->errors;

    PT_TRY(pt_yaml_parse(&d->root, d->path, d->bytes, l->diags, l->arena, err));
    if (d->root && d->root->kind == PT_YAML_NULL)
        d->root = NULL;
    *whole = d->root || l->diags->errors == errors;
    return PT_OK;
}

static pt_rc parse_all(pt_loader *l, pt_documents *files, pt_err *err)
{
    for (size_t i = 0; i < files->n; i++) {
        pt_document *d = &files->items[i];
        bool whole;
        PT_TRY(parse(l, d, &whole, err));
        l->incomplete |= !whole;
        /* A file of comments alone is meant so. */
        if (whole && !d->root && !(d->bytes.len && memchr(d->bytes.ptr, '#', d->bytes.len))) {
            pt_place place = {.file = d->path, .text = d->bytes, .line = 1, .col = 1, .length = 1};
            pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_EMPTY_FILE, place, "the file is empty");
        }
    }
    return PT_OK;
}

static pt_rc parse_config(pt_loader *l, pt_err *err)
{
    bool whole;

    PT_TRY(parse(l, &l->config, &whole, err));
    if (whole && !l->config.root) {
        pt_place place = {.file = l->config.path, .text = l->config.bytes, .line = 1, .col = 1, .length = 1};
        pt_diag *d = pt_load_error(l, PT_E_EMPTY_FILE, place, "the file is empty");
        pt_diag_hint(l->diags, d, "it needs at least a name: `name: my_project`");
    }
    if (l->identity.bytes.ptr)
        PT_TRY(parse(l, &l->identity, &whole, err));
    return PT_OK;
}

pt_rc pt_project_load_bytes(pt_loader *l, const char *root, pt_err *err)
{
    static void (*const parts[])(pt_loader *) = {pt_load_config,  pt_load_sources,  pt_load_lookups, pt_load_clean,
                                                 pt_load_quality, pt_load_identity, pt_load_circles, pt_load_tags,
                                                 pt_load_models,  pt_load_segments, pt_load_groups,  pt_load_roles};

    l->lookups_end = &l->lookups;
    l->project = PT_NEW(l->arena, pt_project);
    if (!l->project)
        return pt_fail_nomem(err, "the project");
    l->project->root = root;
    PT_TRY(parse_config(l, err));
    PT_TRY(parse_all(l, &l->source_files, err));
    PT_TRY(parse_all(l, &l->tag_files, err));
    PT_TRY(parse_all(l, &l->segment_files, err));
    PT_TRY(parse_all(l, &l->model_files, err));
    for (size_t i = 0; i < PT_COUNT(parts) && !l->nomem; i++)
        parts[i](l);
    if (!l->nomem)
        PT_TRY(pt_load_check(l, err));
    if (!l->nomem)
        pt_load_hash(l);
    return l->nomem || l->diags->nomem ? pt_fail_nomem(err, "the project") : PT_OK;
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static bool is_yaml_name(const char *name)
{
    size_t n = strlen(name);

    return name[0] != '.' &&
           ((n > 5 && strcmp(name + n - 5, ".yaml") == 0) || (n > 4 && strcmp(name + n - 4, ".yml") == 0));
}

static bool too_large(pt_loader *l, const char *path, off_t size)
{
    pt_place place = {.file = path, .text = PT_SV(""), .line = 1, .col = 1, .length = 1};

    if (size <= PT_YAML_MOST_BYTES)
        return false;
    pt_diag *d = pt_load_error(l, PT_E_YAML_LIMIT, place, "the file is too large");
    pt_diag_hint(l->diags, d, "at most %d MiB: project files hold definitions, not data", PT_YAML_MOST_BYTES >> 20);
    l->incomplete = true;
    return true;
}

static pt_rc add_file(pt_loader *l, pt_documents *to, const char *root, const char *path, off_t size, pt_err *err)
{
    pt_sv bytes;

    if (too_large(l, path, size))
        return PT_OK;
    const char *full = pt_path_join(l->arena, root, path);
    if (!full)
        return pt_fail_nomem(err, path);
    PT_TRY(pt_read_file(&bytes, full, PT_YAML_MOST_BYTES, l->arena, err));
    return pt_documents_add(to, path, bytes) ? PT_OK : pt_fail_nomem(err, path);
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const pt_document *)a)->path, ((const pt_document *)b)->path);
}

static pt_rc walk(pt_loader *l, pt_documents *to, const char *root, const char *folder, int depth, pt_err *err);

static pt_rc visit(pt_loader *l, pt_documents *to, const char *root, const char *path, int depth, pt_err *err)
{
    const char *full = pt_path_join(l->arena, root, path);
    struct stat st;

    if (!full)
        return pt_fail_nomem(err, path);
    if (stat(full, &st) != 0)
        return pt_fail_errno(err, PT_EIO, errno, "cannot read %s", path);
    if (S_ISDIR(st.st_mode))
        return depth < MOST_FOLDERS_DEEP ? walk(l, to, root, path, depth + 1, err) : PT_OK;
    if (S_ISREG(st.st_mode) && is_yaml_name(pt_path_base(path).ptr))
        return add_file(l, to, root, path, st.st_size, err);
    return PT_OK;
}

/* Adds the YAML files of root/folder and the folders inside; an absent folder has none. */
static pt_rc walk(pt_loader *l, pt_documents *to, const char *root, const char *folder, int depth, pt_err *err)
{
    const char *full = pt_path_join(l->arena, root, folder);
    struct dirent *entry;
    pt_rc rc = PT_OK;

    if (!full)
        return pt_fail_nomem(err, folder);
    DIR *dir = opendir(full);
    if (!dir)
        return errno == ENOENT ? PT_OK : pt_fail_errno(err, PT_EIO, errno, "cannot read %s", folder);
    while (rc == PT_OK && (entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        const char *path = pt_arena_printf(l->arena, "%s/%s", folder, entry->d_name);
        rc = path ? visit(l, to, root, path, depth, err) : pt_fail_nomem(err, folder);
    }
    closedir(dir);
    return rc;
}

static pt_rc read_folder(pt_loader *l, pt_documents *to, const char *root, const char *folder, pt_err *err)
{
    PT_TRY(walk(l, to, root, folder, 0, err));
    if (to->n > 1)
        qsort(to->items, to->n, sizeof *to->items, by_path);
    return PT_OK;
}

static pt_rc read_single(pt_loader *l, pt_document *to, const char *root, const char *name, bool required, pt_err *err)
{
    const char *full = pt_path_join(l->arena, root, name);
    struct stat st = {0};

    to->path = name;
    if (!full)
        return pt_fail_nomem(err, name);
    if (stat(full, &st) != 0 && !required && errno == ENOENT)
        return PT_OK;
    if (too_large(l, name, st.st_size))
        return PT_OK;
    return pt_read_file(&to->bytes, full, PT_YAML_MOST_BYTES, l->arena, err);
}

static const char *const later_folders[] = {"campaigns", "surveys"};

/* Files that a later version reads: silence would look like agreement. */
static pt_rc warn_later(pt_loader *l, const char *root, pt_err *err)
{
    for (size_t i = 0; i < PT_COUNT(later_folders); i++) {
        pt_documents found = {0};
        pt_rc rc = read_folder(l, &found, root, later_folders[i], err);
        if (rc == PT_OK && found.n > 0) {
            pt_place place = {
                .file = found.items[0].path, .text = found.items[0].bytes, .line = 1, .col = 1, .length = 1};
            pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_NOT_SUPPORTED, place, "this version does not read %s/",
                         later_folders[i]);
        }
        free(found.items);
        PT_TRY(rc);
    }
    return PT_OK;
}

static pt_rc read_files(pt_loader *l, const char *root, pt_err *err)
{
    PT_TRY(read_single(l, &l->config, root, "portrait.yaml", true, err));
    PT_TRY(read_single(l, &l->identity, root, "identity.yaml", false, err));
    PT_TRY(read_folder(l, &l->source_files, root, "sources", err));
    PT_TRY(read_folder(l, &l->tag_files, root, "tags", err));
    PT_TRY(read_folder(l, &l->segment_files, root, "segments", err));
    PT_TRY(read_folder(l, &l->model_files, root, "models", err));
    return warn_later(l, root, err);
}

pt_rc pt_project_find_root(const char **out, const char *dir, pt_arena *arena, pt_err *err)
{
    char *at = realpath(dir, NULL);
    pt_rc rc = PT_OK;

    if (!at)
        return pt_fail_errno(err, errno == ENOENT || errno == ENOTDIR ? PT_ENOTFOUND : PT_EIO, errno, "no folder '%s'",
                             dir);
    for (;;) {
        const char *config = pt_path_join(arena, at, "portrait.yaml");
        if (config && access(config, F_OK) != 0 && errno == EACCES) {
            rc = pt_fail_errno(err, PT_EIO, errno, "cannot read folder '%s'", at);
            break;
        }
        if (!config || pt_is_file(config)) {
            rc = config ? PT_OK : pt_fail_nomem(err, "a path");
            break;
        }
        char *slash = strrchr(at, '/');
        if (!slash || at[1] == '\0') {
            rc = pt_fail(err, PT_ENOTFOUND, "no portrait.yaml in %s or a folder above it", dir);
            pt_err_hint(err, "make a project with `portrait init DIR`");
            break;
        }
        slash[slash == at] = '\0';
    }
    if (rc == PT_OK && !(*out = pt_arena_strdup(arena, at)))
        rc = pt_fail_nomem(err, "a path");
    free(at);
    return rc;
}

static pt_documents *files_with(pt_loader *l, const char *path)
{
    if (pt_sv_has_prefix(pt_sv_of(path), "tags/"))
        return &l->tag_files;
    if (pt_sv_has_prefix(pt_sv_of(path), "models/"))
        return &l->model_files;
    return pt_sv_has_prefix(pt_sv_of(path), "segments/") ? &l->segment_files : &l->source_files;
}

/* Puts an edited file where the one on disk was read, or adds it. */
static bool apply_edit(pt_loader *l, const pt_project_edit *edit)
{
    pt_documents *files = files_with(l, edit->path);

    if (strcmp(edit->path, l->config.path) == 0) {
        l->config.bytes = edit->bytes;
        return true;
    }
    if (strcmp(edit->path, l->identity.path) == 0) {
        l->identity.bytes = edit->bytes;
        return true;
    }
    for (size_t i = 0; i < files->n; i++) {
        if (strcmp(files->items[i].path, edit->path) == 0) {
            files->items[i].bytes = edit->bytes;
            return true;
        }
    }
    return pt_documents_add(files, edit->path, edit->bytes);
}

static pt_rc apply_edits(pt_loader *l, const pt_project_edit *edits, size_t n, pt_err *err)
{
    for (size_t i = 0; i < n; i++)
        if (!apply_edit(l, &edits[i]))
            return pt_fail_nomem(err, "the project's files");
    pt_documents *const all[] = {&l->source_files, &l->tag_files, &l->segment_files, &l->model_files};
    for (size_t i = 0; n && i < PT_COUNT(all); i++)
        if (all[i]->n)
            qsort(all[i]->items, all[i]->n, sizeof *all[i]->items, by_path);
    return PT_OK;
}

pt_rc pt_project_load(pt_project **out, const char *dir, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    return pt_project_load_edited(out, dir, NULL, 0, diags, arena, err);
}

pt_rc pt_project_load_edited(pt_project **out, const char *dir, const pt_project_edit *edits, size_t n_edits,
                             pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_loader l = {.arena = arena, .diags = diags};
    const char *root;

    *out = NULL;
    PT_TRY(pt_project_find_root(&root, dir, arena, err));
    pt_rc rc = read_files(&l, root, err);
    if (rc == PT_OK)
        rc = apply_edits(&l, edits, n_edits, err);
    if (rc == PT_OK)
        rc = pt_project_load_bytes(&l, root, err);
    if (rc == PT_OK)
        *out = l.project;
    pt_loader_dispose(&l);
    return rc;
}

const char *pt_project_locale(const char *dir)
{
    pt_arena *arena = pt_arena_new(0);
    pt_diags diags = {.arena = arena};
    pt_document config = {.path = "portrait.yaml"};
    const char *root, *path, *locale = NULL;

    if (arena && pt_project_find_root(&root, dir, arena, NULL) == PT_OK &&
        (path = pt_path_join(arena, root, config.path)) &&
        pt_read_file(&config.bytes, path, PT_YAML_MOST_BYTES, arena, NULL) == PT_OK &&
        pt_yaml_parse(&config.root, config.path, config.bytes, &diags, arena, NULL) == PT_OK && config.root) {
        locale = "en"; /* as config.c has it */
        for (size_t i = 0; config.root->kind == PT_YAML_MAP && i < config.root->n; i++)
            if (pt_sv_eq(config.root->keys[i]->text, PT_SV("locale")) &&
                pt_sv_eq(config.root->items[i]->text, PT_SV("zh")))
                locale = "zh";
    }
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return locale;
}
