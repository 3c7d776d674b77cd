/* identity.yaml, and the identifier types that sources use without declaring them. */
#include <stdio.h>

#include "project/load.h"

enum { DEFAULT_PRIORITY = 100, DEFAULT_COMPONENT = 100, MOST_COMPONENT = 1000000 };

static const char *const file_keys[] = {"types", "max_component", "link", "circles", "purposes"};
static const char *const type_keys[] = {"priority", "limit", "normalize", "blocked", "label"};
static const char *const normalizers[] = {"none", "trim", "lower", "digits", "email", "phone_cn"};

typedef struct types {
    pt_identifier_type *items;
    size_t n;
} types;

static bool is_used(const pt_project *p, pt_sv name)
{
    for (size_t s = 0; s < p->n_sources; s++)
        for (size_t i = 0; i < p->sources[s].n_identifiers; i++)
            if (pt_sv_eq(name, pt_sv_of(p->sources[s].identifiers[i].type)))
                return true;
    return false;
}

static const pt_identifier_type *find_type(const types *t, const char *name)
{
    for (size_t i = 0; i < t->n; i++)
        if (strcmp(t->items[i].name, name) == 0)
            return &t->items[i];
    return NULL;
}

static pt_identifier_type *add_type(types *t, const char *name, pt_place place)
{
    pt_identifier_type *type = &t->items[t->n++];

    *type = (pt_identifier_type){.name = name, .priority = DEFAULT_PRIORITY, .normalize = "trim", .place = place};
    return type;
}

static void read_type(pt_loader *l, pt_identifier_type *t, const pt_yaml *value)
{
    char what[sizeof "the identifier type ''" + 4 * PT_NAME_MOST_CHARACTERS];
    int64_t number;
    int choice;

    snprintf(what, sizeof what, "the identifier type '%s'", t->name);
    if (value->kind == PT_YAML_NULL || !pt_load_is_map(l, value, what))
        return;
    pt_fields f = {.loader = l, .map = value, .owner = t->place, .what = what};
    pt_fields_known(&f, type_keys, PT_COUNT(type_keys));
    if (pt_field_int(&f, &number, "priority", 1, 1000))
        t->priority = (int)number;
    if (pt_field_int(&f, &number, "limit", 0, 1000000))
        t->limit = (uint32_t)number;
    if (pt_field_choice(&f, &choice, "normalize", normalizers, PT_COUNT(normalizers)))
        t->normalize = normalizers[choice];
    pt_field_texts(&f, &t->blocked, &t->n_blocked, "blocked");
    pt_field_label(&f, &t->label, "label");
}

static void warn_unused(pt_loader *l, const pt_yaml *key)
{
    const char *names[64];
    size_t n = 0;

    if (l->incomplete || is_used(l->project, key->text))
        return;
    for (size_t s = 0; s < l->project->n_sources; s++)
        for (size_t i = 0; i < l->sources[s].n_identifiers && n < PT_COUNT(names); i++)
            names[n++] = l->sources[s].identifiers[i].type;
    pt_diag *d = pt_diags_add(l->diags, PT_SEVERITY_WARNING, PT_E_UNUSED_IDENTIFIER, key->place,
                              "no source uses the identifier type '%.*s'", (int)key->text.len, key->text.ptr);
    int near = pt_nearest(key->text, names, n);
    if (near >= 0)
        pt_diag_hint(l->diags, d, "did you mean '%s'?", names[near]);
}

static void read_declared(pt_loader *l, types *t, const pt_yaml *map)
{
    for (size_t i = 0; i < map->n; i++) {
        const pt_yaml *key = map->keys[i];
        if (!pt_load_name(l, key, PT_NAME_IDENTIFIER))
            continue;
        const char *name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len);
        if (!name) {
            l->nomem = true;
            return;
        }
        warn_unused(l, key);
        read_type(l, add_type(t, name, key->place), map->items[i]);
    }
}

static void add_undeclared(pt_loader *l, types *t)
{
    for (size_t s = 0; s < l->project->n_sources; s++) {
        for (size_t i = 0; i < l->sources[s].n_identifiers; i++) {
            const pt_source_identifier *id = &l->sources[s].identifiers[i];
            if (!find_type(t, id->type))
                add_type(t, id->type, id->place);
        }
    }
}

void pt_load_identity(pt_loader *l)
{
    const pt_yaml *root = l->identity.root;
    pt_fields f = {.loader = l, .what = "identity.yaml"};
    int64_t number;
    size_t most = 0;

    if (root && pt_load_is_map(l, root, "identity.yaml"))
        f.map = root;
    pt_fields_known(&f, file_keys, PT_COUNT(file_keys));
    const pt_yaml *declared = pt_field(&f, "types");
    if (declared && !pt_load_is_map(l, declared, "types"))
        declared = NULL;
    for (size_t s = 0; s < l->project->n_sources; s++)
        most += l->sources[s].n_identifiers;
    types t = {.items = PT_NEW_ARRAY(l->arena, pt_identifier_type, most + (declared ? declared->n : 0))};
    if (!t.items) {
        l->nomem = true;
        return;
    }
    if (declared)
        read_declared(l, &t, declared);
    add_undeclared(l, &t);
    l->project->identity = (pt_identity_config){.types = t.items, .n_types = t.n, .max_component = DEFAULT_COMPONENT};
    if (pt_field_int(&f, &number, "max_component", 2, MOST_COMPONENT))
        l->project->identity.max_component = (uint32_t)number;
    pt_load_link(l, &f);
    pt_load_purposes(l, &f);
}
