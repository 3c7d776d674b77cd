#include "support/project.h"

#include <stdio.h>
#include <string.h>

#include "base/io.h"
#include "support/test.h"

void write_project_file(const char *path, const char *text)
{
    char full[1024];
    pt_err err = {0};

    snprintf(full, sizeof full, "%s/%s", test_dir(), path);
    char *slash = strrchr(full, '/');
    *slash = '\0';
    CHECK_OK(pt_mkdirs(full, &err));
    *slash = '/';
    CHECK_OK(pt_write_file(full, text, strlen(text), &err));
}

void load_folder(loaded *l, const char *dir)
{
    pt_err err = {0};

    *l = (loaded){.arena = pt_arena_new(0)};
    CHECK(l->arena);
    pt_diags_init(&l->diags, l->arena);
    CHECK_OK(pt_project_load(&l->project, dir, &l->diags, l->arena, &err));
    pt_diags_print(&l->diags, &l->printed, false);
}

void load_project(loaded *l, const char *dir)
{
    char full[1024];

    snprintf(full, sizeof full, "%s/%s", test_dir(), dir ? dir : ".");
    load_folder(l, full);
}

void load_clean(loaded *l)
{
    load_project(l, NULL);
    CHECK_STR(pt_str_cstr(&l->printed), "0 errors\n");
    CHECK(l->project->module);
}

void unload(loaded *l)
{
    pt_str_free(&l->printed);
    pt_diags_free(&l->diags);
    pt_arena_free(l->arena);
}

const pt_source *source_named(const loaded *l, const char *name)
{
    int i = pt_project_find_source(l->project, pt_sv_of(name));

    if (i < 0)
        test_fail(__FILE__, __LINE__, "no source %s", name);
    return &l->project->sources[i];
}

const pt_source_column *column_named(const pt_source *s, const char *name)
{
    for (size_t i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    test_fail(__FILE__, __LINE__, "no column %s.%s", s->name, name);
}

const pt_tag *tag_named(const loaded *l, const char *name)
{
    int i = pt_project_find_tag(l->project, pt_sv_of(name));

    if (i < 0)
        test_fail(__FILE__, __LINE__, "no tag %s", name);
    return &l->project->tags[i];
}
