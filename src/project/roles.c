/* `roles` of portrait.yaml: what the project's sources are for. Which roles and columns of roles there are is the
 * catalogue's to say (src/catalogue); here the project's own names are resolved. */
#include <stdio.h>

#include "project/load.h"

static int find_column(pt_loader *l, const pt_source *s, const pt_yaml *value)
{
    const char **names = PT_NEW_ARRAY(l->arena, const char *, s->n_columns);

    for (size_t i = 0; i < s->n_columns; i++)
        if (pt_sv_eq(value->text, pt_sv_of(s->columns[i].name)))
            return (int)i;
    if (l->incomplete)
        return -1;
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_ROLE_SOURCE, value->place, "the source '%s' has no column '%.*s'",
                               s->name, (int)value->text.len, value->text.ptr);
    if (!names) {
        l->nomem = true;
        return -1;
    }
    for (size_t i = 0; i < s->n_columns; i++)
        names[i] = s->columns[i].name;
    if (s->n_columns)
        pt_diag_suggest(l->diags, d, value->text, names, s->n_columns);
    return -1;
}

static int find_source(pt_loader *l, const pt_yaml *value)
{
    const pt_project *p = l->project;
    const char **names = PT_NEW_ARRAY(l->arena, const char *, p->n_sources);
    int found = pt_project_find_source(p, value->text);

    if (found >= 0 || l->incomplete)
        return found;
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_ROLE_SOURCE, value->place, "unknown source '%.*s'", (int)value->text.len,
                               value->text.ptr);
    if (!names) {
        l->nomem = true;
        return -1;
    }
    for (size_t i = 0; i < p->n_sources; i++)
        names[i] = p->sources[i].name;
    if (p->n_sources)
        pt_diag_suggest(l->diags, d, value->text, names, p->n_sources);
    return -1;
}

static void read_columns(pt_loader *l, pt_role_choice *role, const pt_yaml *map)
{
    const pt_source *s = &l->project->sources[role->source];
    struct pt_role_column_choice *columns = PT_NEW_ARRAY(l->arena, struct pt_role_column_choice, map->n);

    if (!columns) {
        l->nomem = true;
        return;
    }
    role->columns = columns;
    for (size_t i = 0; i < map->n; i++) {
        const char *text;
        if (pt_sv_eq(map->keys[i]->text, PT_SV("source")) || map->items[i]->kind == PT_YAML_NULL ||
            !pt_yaml_as_text(l, &text, map->items[i], role->role))
            continue;
        int column = find_column(l, s, map->items[i]);
        if (column >= 0)
            columns[role->n_columns++] =
                (struct pt_role_column_choice){map->keys[i]->text.ptr, column, map->keys[i]->place};
    }
}

static void read_role(pt_loader *l, pt_role_choice *role, const pt_yaml *key, const pt_yaml *value)
{
    pt_fields f = {.loader = l, .map = value, .owner = key->place, .what = key->text.ptr};
    const pt_yaml *source;
    const char *text;

    *role = (pt_role_choice){.role = key->text.ptr, .source = -1, .place = key->place};
    if (value->kind == PT_YAML_NULL || (value->kind == PT_YAML_SCALAR && pt_sv_eq(value->text, PT_SV("none"))))
        return;
    if (value->kind == PT_YAML_SCALAR) {
        role->source = find_source(l, value);
        return;
    }
    if (!pt_load_is_map(l, value, key->text.ptr) || !(source = pt_field_required(&f, "source")) ||
        !pt_yaml_as_text(l, &text, source, "source"))
        return;
    role->source = find_source(l, source);
    if (role->source >= 0)
        read_columns(l, role, value);
}

void pt_load_roles(pt_loader *l)
{
    const pt_yaml *root = l->config.root;
    pt_fields f = {.loader = l, .map = root && root->kind == PT_YAML_MAP ? root : NULL, .what = "portrait.yaml"};
    const pt_yaml *map = pt_field(&f, "roles");

    if (!map || !pt_load_is_map(l, map, "'roles'"))
        return;
    pt_role_choice *roles = PT_NEW_ARRAY(l->arena, pt_role_choice, map->n);
    if (!roles) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++)
        read_role(l, &roles[i], map->keys[i], map->items[i]);
    l->project->roles = roles;
    l->project->n_roles = map->n;
}
