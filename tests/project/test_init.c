#include <dirent.h>

#include "base/embed.h"
#include "base/io.h"
#include "support/project.h"
#include "support/test.h"

static const char *inside(const char *name)
{
    static char path[1024];

    snprintf(path, sizeof path, "%s/%s", test_dir(), name);
    return path;
}

TEST(project_init__every_template_is_the_folder_under_examples)
{
    pt_arena *arena = pt_arena_new(0);
    pt_err err = {0};
    pt_sv want, got;
    size_t n;

    const char *const *templates = pt_project_templates(&n);
    CHECK_INT(n, 5);
    for (size_t i = 0; i < n; i++)
        CHECK_OK(pt_project_init(inside(templates[i]), templates[i], &err));
    for (const pt_embedded *f = pt_template_files; f->path; f++) {
        const char *written = pt_arena_strdup(arena, inside(f->path));
        CHECK_OK(pt_read_file(&got, written, 0, arena, &err));
        const char *original = pt_arena_printf(arena, "%s/examples/%s", test_source_dir(), f->path);
        CHECK_OK(pt_read_file(&want, original, 0, arena, &err));
        if (!pt_sv_eq(got, want))
            test_fail(__FILE__, __LINE__, "%s was not written as it is", f->path);
    }
    pt_arena_free(arena);
}

TEST(project_init__makes_a_project_without_errors_in_folders_that_are_not_there)
{
    pt_err err = {0};
    loaded l;

    CHECK_OK(pt_project_init(inside("a/b/c"), "blank", &err));
    load_project(&l, "a/b/c");
    CHECK_INT(l.diags.errors, 0);
    CHECK_STR(l.project->name, "my_project");
    unload(&l);
}

TEST(project_init__leaves_alone_what_is_there)
{
    pt_err err = {0};

    write_project_file("taken/notes.txt", "mine");
    CHECK_INT(pt_project_init(inside("taken"), "blank", &err), PT_EINVAL);
    CHECK(strstr(err.msg, "not empty"));
    CHECK(!pt_is_file(inside("taken/portrait.yaml")));
    CHECK_INT(pt_project_init(inside("taken/notes.txt"), "blank", &err), PT_EIO);
    write_project_file("versioned/.git/HEAD", "ref");
    CHECK_OK(pt_project_init(inside("versioned"), "blank", &err));
    CHECK(pt_is_file(inside("versioned/portrait.yaml")));
}

TEST(project_init__knows_its_templates)
{
    pt_err err = {0};

    CHECK_INT(pt_project_init(inside("x"), "retial", &err), PT_ENOTFOUND);
    CHECK_STR(err.hint, "did you mean 'retail'?");
    CHECK(!pt_is_dir(inside("x")));
}
