/* catalogue/tags: each entry of each file becomes one template. */
#include <stdio.h>

#include "catalogue/catalogue_int.h"

static const char *const template_keys[] = {"label",  "description", "unit",  "type",  "sensitivity", "consent",
                                            "labels", "definitions", "value", "tiers", "sql",         "origin"};
static const char *const definition_keys[] = {"value", "tiers", "sql", "origin"};

static pt_sv read_expression(pt_loader *l, pt_place *place, const pt_yaml *value, const char *what)
{
    if (value->kind != PT_YAML_SCALAR) {
        pt_load_error(l, PT_E_WRONG_NODE, value->place, "%s: expected an expression", what);
        return (pt_sv){NULL, 0};
    }
    if (!pt_yaml_text_place(place, value, l->arena))
        l->nomem = true;
    return value->text;
}

static void read_tiers(pt_loader *l, pt_definition *d, const pt_yaml *map, const char *what)
{
    pt_lang_tier *tiers;

    if (!pt_load_is_map(l, map, what))
        return;
    tiers = PT_NEW_ARRAY(l->arena, pt_lang_tier, map->n);
    if (!tiers) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        tiers[i].label = map->keys[i]->text.ptr;
        tiers[i].condition = read_expression(l, &tiers[i].place, map->items[i], what);
    }
    d->tiers = tiers;
    d->n_tiers = map->n;
}

static void read_definition(const pt_fields *f, pt_definition *d)
{
    const pt_yaml *value = pt_field(f, "value"), *tiers = pt_field(f, "tiers"), *sql = pt_field(f, "sql");
    int origin = -1;

    if ((value != NULL) + (tiers != NULL) + (sql != NULL) != 1)
        pt_load_error(f->loader, PT_E_KEYS_CLASH, f->owner, "%s needs one of 'value', 'tiers' and 'sql'", f->what);
    d->place = f->owner;
    if (value)
        d->value = read_expression(f->loader, &d->place, value, f->what);
    else if (tiers)
        read_tiers(f->loader, d, tiers, f->what);
    else
        pt_yaml_as_text(f->loader, &d->sql, sql, "sql");
    pt_field_choice(f, &origin, "origin", pt_tag_origins, PT_ORIGIN_COUNT);
    d->origin = origin;
}

static void read_definitions(const pt_fields *f, pt_tag_template *t)
{
    const pt_yaml *list = pt_field(f, "definitions");
    bool several = list && list->kind == PT_YAML_LIST;
    size_t n = several ? list->n : 1;
    pt_definition *definitions = PT_NEW_ARRAY(f->loader->arena, pt_definition, n);

    if (!definitions) {
        f->loader->nomem = true;
        return;
    }
    if (!several)
        read_definition(f, &definitions[0]);
    for (size_t i = 0; several && i < n; i++) {
        pt_fields one = {.loader = f->loader, .map = list->items[i], .owner = list->items[i]->place, .what = f->what};
        if (!pt_load_is_map(f->loader, list->items[i], f->what))
            one.map = NULL;
        pt_fields_known(&one, definition_keys, PT_COUNT(definition_keys));
        read_definition(&one, &definitions[i]);
    }
    t->definitions = definitions;
    t->n_definitions = n;
}

static void read_labels(const pt_fields *f, pt_tag_template *t)
{
    const pt_yaml *map = pt_field(f, "labels");

    if (!map || !pt_load_is_map(f->loader, map, "labels"))
        return;
    struct pt_tier_label *labels = PT_NEW_ARRAY(f->loader->arena, struct pt_tier_label, map->n);
    if (!labels) {
        f->loader->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        labels[i].name = map->keys[i]->text.ptr;
        pt_yaml_as_label(f->loader, &labels[i].label, map->items[i], "labels");
    }
    t->labels = labels;
    t->n_labels = map->n;
}

static void read_unit(const pt_fields *f, pt_tag_template *t)
{
    const pt_yaml *unit = pt_field(f, "unit");

    t->in_currency = unit && unit->kind == PT_YAML_SCALAR && pt_sv_eq(unit->text, PT_SV("currency"));
    t->is_share = unit && unit->kind == PT_YAML_SCALAR && pt_sv_eq(unit->text, PT_SV("percent"));
    if (!t->in_currency && !t->is_share)
        pt_field_label(f, &t->unit, "unit");
}

static void read_template(pt_loader *l, pt_tag_template *t, const pt_yaml *key, const pt_yaml *value)
{
    static const char *const consents[] = {"required"};
    pt_fields f = {.loader = l, .map = value, .owner = key->place, .what = key->text.ptr};
    int consent;

    if (!pt_load_is_map(l, value, t->name))
        return;
    pt_fields_known(&f, template_keys, PT_COUNT(template_keys));
    pt_field_label(&f, &t->label, "label");
    pt_field_label(&f, &t->description, "description");
    read_unit(&f, t);
    pt_yaml_as_type(l, &t->declared, pt_field(&f, "type"), t->name, false);
    pt_field_sensitivity(&f, &t->sensitivity);
    t->needs_consent = pt_field_choice(&f, &consent, "consent", consents, PT_COUNT(consents));
    read_labels(&f, t);
    read_definitions(&f, t);
}

void pt_shelf_templates(pt_shelf *s, const pt_yaml *root, const char *group)
{
    pt_loader *l = &s->loader;

    for (size_t i = 0; i < root->n && !l->nomem; i++) {
        const pt_yaml *key = root->keys[i];
        if (!pt_load_name(l, key, PT_NAME_TAG))
            continue;
        if (pt_catalogue_find_template(s->catalogue, key->text) >= 0) {
            pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a second template '%s'", key->text.ptr);
            continue;
        }
        pt_tag_template *t = &s->templates[s->catalogue->n_templates++];
        *t = (pt_tag_template){.name = key->text.ptr, .group = group, .place = key->place};
        read_template(l, t, key, root->items[i]);
    }
}
