/* `portrait init`: the files under examples/, compiled in, written to a new folder. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "base/embed.h"
#include "base/io.h"
#include "project/project.h"

static const char *const templates[] = {"retail", "bank", "b2b", "online-retail", "blank"};

const char *const *pt_project_templates(size_t *n)
{
    *n = PT_COUNT(templates);
    return templates;
}

static pt_rc check_template(const char *name, pt_err *err)
{
    int near;

    for (size_t i = 0; i < PT_COUNT(templates); i++)
        if (strcmp(name, templates[i]) == 0)
            return PT_OK;
    pt_fail(err, PT_ENOTFOUND, "no template '%s'", name);
    near = pt_nearest(pt_sv_of(name), templates, PT_COUNT(templates));
    if (near >= 0)
        return pt_err_hint(err, "did you mean '%s'?", templates[near]);
    return pt_err_hint(err, "the templates are retail, bank, b2b, online-retail and blank");
}

/* An absent folder is empty; so is one that holds nothing but version control. */
static pt_rc check_empty(const char *dir, pt_err *err)
{
    struct dirent *entry;
    pt_rc rc = PT_OK;

    DIR *d = opendir(dir);
    if (!d)
        return errno == ENOENT ? PT_OK : pt_fail_errno(err, PT_EIO, errno, "cannot use %s", dir);
    while (rc == PT_OK && (entry = readdir(d))) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && strcmp(name, ".git") != 0)
            rc = pt_fail(err, PT_EINVAL, "%s is not empty", dir);
    }
    closedir(d);
    if (rc != PT_OK)
        pt_err_hint(err, "give the name of a new folder");
    return rc;
}

static pt_rc write_file(const char *dir, const char *path, const pt_embedded *file, pt_err *err)
{
    pt_str full = {0};

    pt_str_addf(&full, "%s/%s", dir, path);
    pt_rc rc = pt_str_check(&full, err);
    if (rc == PT_OK) {
        char *slash = strrchr(full.ptr, '/');
        *slash = '\0';
        rc = pt_mkdirs(full.ptr, err);
        *slash = '/';
    }
    if (rc == PT_OK)
        rc = pt_write_file(full.ptr, file->bytes, file->size, err);
    pt_str_free(&full);
    return rc;
}

pt_rc pt_project_init(const char *dir, const char *name, pt_err *err)
{
    size_t head = strlen(name);

    PT_TRY(check_template(name, err));
    PT_TRY(check_empty(dir, err));
    for (const pt_embedded *f = pt_template_files; f->path; f++)
        if (strncmp(f->path, name, head) == 0 && f->path[head] == '/')
            PT_TRY(write_file(dir, f->path + head + 1, f, err));
    return PT_OK;
}
