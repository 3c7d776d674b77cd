/* Columns of identifiers: how members are reached. */
#include "app/export_int.h"

static pt_rc find_type(uint32_t *out, const pt_export *x, pt_sv name, pt_err *err)
{
    const pt_directory *d = x->query->view->directory;
    size_t n = pt_directory_types(d);
    const char **names = PT_NEW_ARRAY(x->arena, const char *, n);

    if (!names)
        return pt_fail_nomem(err, "an export");
    for (uint32_t t = 0; t < n; t++) {
        names[t] = pt_directory_type_name(d, t);
        if (pt_sv_eq(name, pt_sv_of(names[t]))) {
            *out = t;
            return PT_OK;
        }
    }
    pt_fail(err, PT_ENOTFOUND, "there is no identifier type '%.*s'", (int)name.len, name.ptr);
    int near = pt_nearest(name, names, n);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near]) : PT_ENOTFOUND;
}

/* A tag may have the name of the type. */
static const char *title_of(const pt_export *x, const pt_export_column *columns, uint32_t type)
{
    const char *name = pt_directory_type_name(x->query->view->directory, type);

    for (size_t i = 0; i < x->n_columns; i++)
        if (strcmp(columns[i].title, name) == 0)
            return pt_arena_printf(x->arena, "%s (%zu)", name, i + 1);
    return name;
}

static pt_rc make_dict(pt_dict *out, const pt_sv *values, uint32_t n, pt_arena *arena, pt_err *err)
{
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, (size_t)n + 1);

    for (uint32_t i = 0; offsets && i < n; i++)
        offsets[i + 1] = offsets[i] + values[i].len;
    char *bytes = offsets ? PT_NEW_ARRAY(arena, char, offsets[n] + 1) : NULL;
    if (!bytes)
        return pt_fail_nomem(err, "an export");
    for (uint32_t i = 0; i < n; i++)
        memcpy(bytes + offsets[i], values[i].ptr, values[i].len);
    *out = (pt_dict){.n = n, .offsets = offsets, .bytes = bytes};
    return PT_OK;
}

/* The values of all members, as a column by ordinal. */
static pt_rc make_column(const pt_column **out, const pt_export *x, uint32_t type, pt_err *err)
{
    const pt_view *v = x->query->view;
    pt_column *column = PT_NEW(x->arena, pt_column);
    uint32_t *codes = PT_NEW_ARRAY(x->arena, uint32_t, v->n_ordinals);
    pt_dict *dict = PT_NEW(x->arena, pt_dict);
    pt_sv *values = PT_NEW_ARRAY(x->arena, pt_sv, x->rows + 1);
    pt_export_walk walk = pt_export_begin(x);
    uint32_t ordinal, n = 0;
    pt_rc rc = PT_OK;

    if (!column || !codes || !dict || !values)
        return pt_fail_nomem(err, "an export");
    while (pt_export_next(&walk, &ordinal, &rc, err))
        if (pt_purpose_identifier(&values[n], &x->purpose, v->directory, ordinal, type))
            codes[ordinal] = ++n;
    PT_TRY(rc);
    PT_TRY(make_dict(dict, values, n, x->arena, err));
    *column = (pt_column){.type = PT_TYPE_TEXT, .width = sizeof *codes, .data = codes, .dict = dict};
    *out = column;
    return PT_OK;
}

static size_t count_names(pt_sv list)
{
    size_t n = list.len > 0;

    for (size_t i = 0; i < list.len; i++)
        n += list.ptr[i] == ',';
    return n;
}

pt_rc pt_export_add_identifiers(pt_export *x, pt_err *err)
{
    pt_sv list = x->options->identifiers;
    size_t most = x->n_columns + count_names(list);
    pt_export_column *columns = PT_NEW_ARRAY(x->arena, pt_export_column, most);

    if (!columns)
        return pt_fail_nomem(err, "an export");
    if (x->n_columns)
        memcpy(columns, x->columns, x->n_columns * sizeof *columns);
    while (list.len) {
        uint32_t type = 0;
        PT_TRY(find_type(&type, x, pt_export_next_name(&list), err));
        pt_export_column *c = &columns[x->n_columns];
        *c = (pt_export_column){.title = title_of(x, columns, type), .tag = PT_EXPORT_IDENTIFIER};
        if (!c->title)
            return pt_fail_nomem(err, "an export");
        PT_TRY(make_column(&c->values, x, type, err));
        x->n_columns++;
    }
    x->columns = columns;
    return PT_OK;
}
