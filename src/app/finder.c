#include "app/finder.h"

#include <stdlib.h>

#include "source/source.h"

struct pt_finder {
    const pt_project *project;
    const pt_directory *directory;
    pt_normalizer *
        *normalizers; /* by type of the directory; NULL: not needed so far, or the project has no such type */
    pt_str scratch;
};

pt_rc pt_finder_new(pt_finder **out, const pt_project *p, const pt_directory *d, pt_err *err)
{
    pt_finder *f = pt_zalloc(1, sizeof *f);

    *out = f;
    if (!f || !(f->normalizers = pt_zalloc(pt_directory_types(d) + 1, sizeof *f->normalizers))) {
        free(f);
        *out = NULL;
        return pt_fail_nomem(err, "a search for customers");
    }
    f->project = p;
    f->directory = d;
    return PT_OK;
}

void pt_finder_free(pt_finder *f)
{
    if (!f)
        return;
    for (size_t t = 0; t < pt_directory_types(f->directory); t++)
        pt_normalizer_free(f->normalizers[t]);
    free(f->normalizers);
    pt_str_free(&f->scratch);
    free(f);
}

static int find_type(const pt_directory *d, pt_sv name)
{
    for (size_t i = 0; i < pt_directory_types(d); i++)
        if (pt_sv_eq(pt_sv_of(pt_directory_type_name(d, i)), name))
            return (int)i;
    return -1;
}

static const pt_identifier_type *type_config(const pt_project *p, const char *name)
{
    for (size_t i = 0; i < p->identity.n_types; i++)
        if (strcmp(p->identity.types[i].name, name) == 0)
            return &p->identity.types[i];
    return NULL;
}

/* People write +86 139 0000 0001 for what is stored as 13900000001. False: no value of this type. */
static pt_rc normal_form(bool *is_one, pt_sv *value, pt_finder *f, size_t type, pt_err *err)
{
    const pt_identifier_type *config = type_config(f->project, pt_directory_type_name(f->directory, type));

    *is_one = true;
    if (!config) /* built with a type that the project no longer has */
        return PT_OK;
    if (!f->normalizers[type])
        PT_TRY(pt_normalizer_new(&f->normalizers[type], config, err));
    pt_str_clear(&f->scratch);
    *is_one = pt_normalizer_apply(value, f->normalizers[type], *value, &f->scratch);
    return pt_str_check(&f->scratch, err);
}

static pt_rc find_value(uint32_t *out, pt_finder *f, size_t type, pt_sv value, pt_err *err)
{
    bool is_one;

    PT_TRY(normal_form(&is_one, &value, f, type, err));
    *out = is_one ? pt_directory_find(f->directory, (int)type, value) : PT_ID_NONE;
    return PT_OK;
}

pt_rc pt_finder_value(uint32_t *out, pt_finder *f, const char *type, pt_sv value, pt_err *err)
{
    int number = find_type(f->directory, pt_sv_of(type));

    *out = PT_ID_NONE;
    return number >= 0 ? find_value(out, f, (size_t)number, value, err) : PT_OK;
}

/* "phone:13900000001", where `phone` is a type. */
static pt_rc find_typed(uint32_t *out, pt_finder *f, pt_sv who, pt_err *err)
{
    const char *colon = memchr(who.ptr, ':', who.len);
    int type = colon ? find_type(f->directory, (pt_sv){who.ptr, (size_t)(colon - who.ptr)}) : -1;

    if (type < 0)
        return PT_OK;
    return find_value(out, f, (size_t)type, (pt_sv){colon + 1, who.len - (size_t)(colon + 1 - who.ptr)}, err);
}

pt_rc pt_finder_any(uint32_t *out, pt_finder *f, pt_sv who, pt_err *err)
{
    pt_sv name = pt_sv_trim(who);

    *out = name.len ? pt_directory_find_id(f->directory, name) : PT_ID_NONE;
    if (*out == PT_ID_NONE && name.len)
        PT_TRY(find_typed(out, f, name, err));
    for (size_t type = 0; *out == PT_ID_NONE && name.len && type < pt_directory_types(f->directory); type++)
        PT_TRY(find_value(out, f, type, name, err));
    return PT_OK;
}

pt_rc pt_finder_names(bool *out, pt_finder *f, pt_sv who, uint32_t type, pt_sv value, pt_err *err)
{
    pt_sv name = pt_sv_trim(who), asked = name;
    const char *colon = name.len ? memchr(name.ptr, ':', name.len) : NULL;
    bool is_one;

    *out = false;
    if (colon && find_type(f->directory, (pt_sv){name.ptr, (size_t)(colon - name.ptr)}) == (int)type)
        asked = (pt_sv){colon + 1, name.len - (size_t)(colon + 1 - name.ptr)};
    PT_TRY(normal_form(&is_one, &asked, f, type, err));
    *out = is_one && pt_sv_eq(asked, value);
    return PT_OK;
}
