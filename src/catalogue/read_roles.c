/* catalogue/roles.yaml: what a source can be for. */
#include <stdio.h>

#include "catalogue/catalogue_int.h"

static const char *const role_keys[] = {"kind", "supply", "label", "description", "names", "columns"};
static const char *const column_keys[] = {"type", "required", "label", "question", "sensitivity", "names"};
static const char *const kinds[] = {"record", "event"};             /* as pt_source_kind */
static const char *const supplies[] = {"data", "survey", "import"}; /* as pt_supply */

/* One type, or a list of types that will do, the preferred one first. */
static void read_types(pt_loader *l, pt_role_column *c, const pt_yaml *value)
{
    size_t n = value->kind == PT_YAML_LIST ? value->n : 1;

    for (size_t i = 0; i < n; i++) {
        const pt_yaml *item = value->kind == PT_YAML_LIST ? value->items[i] : value;
        if (c->n_types == PT_ROLE_MOST_TYPES)
            pt_load_error(l, PT_E_BAD_VALUE, item->place, "a column has at most %d types", PT_ROLE_MOST_TYPES);
        else
            c->n_types += pt_yaml_as_type(l, &c->types[c->n_types], item, c->name, true);
    }
}

static void read_column(pt_loader *l, pt_role_column *c, const pt_yaml *key, const pt_yaml *value)
{
    pt_fields f = {.loader = l, .map = value, .owner = key->place, .what = key->text.ptr};

    c->name = key->text.ptr;
    if (value->kind == PT_YAML_SCALAR || value->kind == PT_YAML_LIST) {
        read_types(l, c, value);
        return;
    }
    if (!pt_load_is_map(l, value, c->name))
        return;
    pt_fields_known(&f, column_keys, PT_COUNT(column_keys));
    const pt_yaml *type = pt_field_required(&f, "type");
    if (type)
        read_types(l, c, type);
    pt_field_bool(&f, &c->required, "required");
    pt_field_label(&f, &c->label, "label");
    pt_field_label(&f, &c->question, "question");
    pt_field_sensitivity(&f, &c->sensitivity);
    pt_field_texts(&f, &c->names, &c->n_names, "names");
}

static void read_columns(const pt_fields *f, pt_role *r)
{
    pt_loader *l = f->loader;
    const pt_yaml *map = pt_field_required(f, "columns");

    if (!map || !pt_load_is_map(l, map, "columns"))
        return;
    pt_role_column *columns = PT_NEW_ARRAY(l->arena, pt_role_column, map->n);
    if (!columns) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++)
        read_column(l, &columns[i], map->keys[i], map->items[i]);
    r->columns = columns;
    r->n_columns = map->n;
}

static void read_role(pt_loader *l, pt_role *r, const pt_yaml *key, const pt_yaml *value)
{
    pt_fields f = {.loader = l, .map = value, .owner = key->place, .what = key->text.ptr};
    int kind = PT_SOURCE_EVENT, supply = PT_SUPPLY_DATA;

    r->name = key->text.ptr;
    if (!pt_load_is_map(l, value, r->name))
        return;
    pt_fields_known(&f, role_keys, PT_COUNT(role_keys));
    if (pt_field_required(&f, "kind"))
        pt_field_choice(&f, &kind, "kind", kinds, PT_COUNT(kinds));
    pt_field_choice(&f, &supply, "supply", supplies, PT_COUNT(supplies));
    r->kind = (pt_source_kind)kind;
    r->supply = (pt_supply)supply;
    pt_field_label(&f, &r->label, "label");
    pt_field_label(&f, &r->description, "description");
    pt_field_texts(&f, &r->names, &r->n_names, "names");
    read_columns(&f, r);
}

void pt_shelf_roles(pt_shelf *s, const pt_yaml *root)
{
    pt_loader *l = &s->loader;

    if (!pt_load_is_map(l, root, "roles.yaml"))
        return;
    s->roles = PT_NEW_ARRAY(l->arena, pt_role, root->n);
    if (!s->roles) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < root->n; i++)
        read_role(l, &s->roles[i], root->keys[i], root->items[i]);
    s->catalogue->roles = s->roles;
    s->catalogue->n_roles = root->n;
}
