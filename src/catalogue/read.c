/* The files of catalogue/, compiled in, become a pt_catalogue. */
#include <stdio.h>

#include "catalogue/catalogue_int.h"

/* --- finding ------------------------------------------------------------------------------------------------------ */

int pt_catalogue_find_template(const pt_catalogue *c, pt_sv name)
{
    for (size_t i = 0; i < c->n_templates; i++)
        if (pt_sv_eq(name, pt_sv_of(c->templates[i].name)))
            return (int)i;
    return -1;
}

int pt_catalogue_find_role(const pt_catalogue *c, pt_sv name)
{
    for (size_t i = 0; i < c->n_roles; i++)
        if (pt_sv_eq(name, pt_sv_of(c->roles[i].name)))
            return (int)i;
    return -1;
}

int pt_catalogue_find_view(const pt_catalogue *c, pt_sv name)
{
    for (size_t i = 0; i < c->n_views; i++)
        if (pt_sv_eq(name, pt_sv_of(c->views[i].name)))
            return (int)i;
    return -1;
}

/* --- reading ------------------------------------------------------------------------------------------------------ */

static pt_rc parse(pt_yaml **root, pt_shelf *s, const pt_embedded *file, pt_err *err)
{
    pt_sv bytes = {(const char *)file->bytes, file->size};

    return pt_yaml_parse(root, file->path, bytes, s->loader.diags, s->loader.arena, err);
}

/* "tags/consumption/value.yaml" -> "consumption/value"; NULL for other files. */
static const char *group_of(pt_shelf *s, const char *path)
{
    size_t n = strlen(path);

    if (strncmp(path, "tags/", 5) != 0 || n < 11)
        return NULL;
    const char *group = pt_arena_strndup(s->loader.arena, path + 5, n - 10);
    s->loader.nomem |= !group;
    return group;
}

static pt_rc read_tag_files(pt_shelf *s, const pt_embedded *files, pt_err *err)
{
    pt_yaml **roots;
    size_t n = 0, most = 0;

    while (files[n].path)
        n++;
    if (!(roots = PT_NEW_ARRAY(s->loader.arena, pt_yaml *, n)))
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < n; i++) {
        if (!group_of(s, files[i].path))
            continue;
        PT_TRY(parse(&roots[i], s, &files[i], err));
        if (roots[i] && !pt_load_is_map(&s->loader, roots[i], files[i].path))
            roots[i] = NULL;
        most += roots[i] ? roots[i]->n : 0;
    }
    s->templates = PT_NEW_ARRAY(s->loader.arena, pt_tag_template, most);
    if (!s->templates)
        return pt_fail_nomem(err, "the catalogue");
    s->catalogue->templates = s->templates;
    for (size_t i = 0; i < n; i++)
        if (roots[i])
            pt_shelf_templates(s, roots[i], group_of(s, files[i].path));
    return PT_OK;
}

static pt_rc read_single(pt_shelf *s, const pt_embedded *files, const char *path,
                         void (*read)(pt_shelf *s, const pt_yaml *root), pt_err *err)
{
    pt_yaml *root;

    for (; files->path; files++) {
        if (strcmp(files->path, path) != 0)
            continue;
        PT_TRY(parse(&root, s, files, err));
        if (root)
            read(s, root);
    }
    return PT_OK;
}

pt_rc pt_catalogue_read(const pt_catalogue **out, const pt_embedded *files, pt_diags *diags, pt_arena *arena,
                        pt_err *err)
{
    pt_shelf s = {.loader = {.arena = arena, .diags = diags}, .catalogue = PT_NEW(arena, pt_catalogue)};

    s.loader.project = PT_NEW(arena, pt_project);
    if (!s.catalogue || !s.loader.project)
        return pt_fail_nomem(err, "the catalogue");
    PT_TRY(read_single(&s, files, "roles.yaml", pt_shelf_roles, err));
    PT_TRY(read_tag_files(&s, files, err));
    PT_TRY(read_single(&s, files, "groups.yaml", pt_shelf_groups, err));
    PT_TRY(read_single(&s, files, "views.yaml", pt_shelf_views, err));
    if (!s.loader.nomem && diags->errors == 0)
        PT_TRY(pt_shelf_check(&s, err));
    if (s.loader.nomem || diags->nomem)
        return pt_fail_nomem(err, "the catalogue");
    *out = s.catalogue;
    return PT_OK;
}

pt_rc pt_catalogue_open(const pt_catalogue **out, pt_arena *arena, pt_err *err)
{
    pt_diags diags;

    pt_diags_init(&diags, arena);
    pt_rc rc = pt_catalogue_read(out, pt_catalogue_files, &diags, arena, err);
    if (rc == PT_OK && diags.errors)
        rc = pt_fail(err, PT_EINTERNAL, "the built-in catalogue: %s:%d: %s", diags.items[0].place.file,
                     diags.items[0].place.line, diags.items[0].msg);
    pt_diags_free(&diags);
    return rc;
}
