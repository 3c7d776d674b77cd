/* tags: each entry of each file becomes one pt_tag and its twin for the language, pt_lang_tag, of the same number. */
#include <stdio.h>

#include "project/load.h"

static const char *const tag_keys[] = {"value",       "tiers",      "sql",      "merge",    "type",        "label",
                                       "description", "group",      "unit",     "origin",   "sensitivity", "owner",
                                       "labels",      "purpose",    "consent",  "on_empty", "ttl",         "version",
                                       "previous",    "confidence", "template", "history"};
const char *const pt_tag_origins[PT_ORIGIN_COUNT] = {"fact", "statistic", "rule", "model", "survey", "import"};

/* The text of an expression, with the exact place of each of its characters. */
pt_sv pt_load_expression(pt_loader *l, pt_place *place, const pt_yaml *value, const char *what)
{
    if (value->kind != PT_YAML_SCALAR) {
        pt_load_error(l, PT_E_WRONG_NODE, value->place, "%s: expected an expression", what);
        return (pt_sv){NULL, 0};
    }
    if (pt_sv_trim(value->text).len == 0) {
        pt_load_error(l, PT_E_BAD_VALUE, value->place, "%s: the expression is empty", what);
        return (pt_sv){NULL, 0};
    }
    if (!pt_yaml_text_place(place, value, l->arena))
        l->nomem = true;
    return value->text;
}

static void read_tier(pt_loader *l, pt_lang_tier *tier, const pt_yaml *key, const pt_yaml *condition)
{
    tier->label = pt_arena_strndup(l->arena, key->text.ptr, key->text.len);
    l->nomem |= !tier->label;
    if (condition->kind == PT_YAML_NULL)
        pt_load_error(l, PT_E_MISSING_KEY, key->place, "the tier '%.*s' needs a condition", (int)key->text.len,
                      key->text.ptr);
    else
        tier->condition = pt_load_expression(l, &tier->place, condition, "a tier");
}

static void read_tiers(pt_loader *l, pt_lang_tag *t, const pt_yaml *map, const char *what)
{
    pt_lang_tier *tiers;

    if (!pt_load_is_map(l, map, what))
        return;
    if (map->n == 0) {
        pt_load_error(l, PT_E_BAD_VALUE, map->place, "%s has no tier", what);
        return;
    }
    tiers = PT_NEW_ARRAY(l->arena, pt_lang_tier, map->n);
    if (!tiers) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        read_tier(l, &tiers[t->n_tiers], map->keys[i], map->items[i]);
        t->n_tiers += tiers[t->n_tiers].condition.len > 0;
    }
    t->tiers = tiers;
}

/* --- labels of values --------------------------------------------------------------------------------------------- */

static void check_tier(pt_loader *l, const pt_yaml *tiers, const pt_yaml *key)
{
    const char *names[64];
    size_t n = 0;

    for (size_t i = 0; i < tiers->n; i++) {
        if (pt_sv_eq(tiers->keys[i]->text, key->text))
            return;
        if (n < PT_COUNT(names))
            names[n++] = tiers->keys[i]->text.ptr; /* terminated: the parser's copies are */
    }
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_TIER, key->place, "'%.*s' is no tier of this tag", (int)key->text.len,
                               key->text.ptr);
    pt_diag_suggest(l->diags, d, key->text, names, n);
}

static void read_value_labels(const pt_fields *f, pt_tag *t)
{
    pt_loader *l = f->loader;
    const pt_yaml *map = pt_field(f, "labels"), *tiers = pt_field(f, "tiers");

    if (!map || !pt_load_is_map(l, map, "labels"))
        return;
    struct pt_tier_label *labels = PT_NEW_ARRAY(l->arena, struct pt_tier_label, map->n);
    if (!labels) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < map->n; i++) {
        if (tiers && tiers->kind == PT_YAML_MAP)
            check_tier(l, tiers, map->keys[i]);
        labels[i].name = pt_arena_strndup(l->arena, map->keys[i]->text.ptr, map->keys[i]->text.len);
        l->nomem |= !labels[i].name;
        pt_yaml_as_label(l, &labels[i].label, map->items[i], "labels");
    }
    t->tier_labels = labels;
    t->n_tier_labels = map->n;
}

/* --- a tag -------------------------------------------------------------------------------------------------------- */

static void read_sql(const pt_fields *f, pt_tag *t, pt_lang_tag *twin)
{
    twin->external = true;
    t->live = false;
    pt_field_text(f, &t->sql, "sql");
    if (t->sql && pt_sv_trim(pt_sv_of(t->sql)).len == 0)
        pt_load_error(f->loader, PT_E_BAD_VALUE, pt_field(f, "sql")->place, "%s: the query is empty", f->what);
    if (!pt_field(f, "type")) {
        pt_diag *d = pt_load_error(f->loader, PT_E_MISSING_KEY, pt_field_key(f, "sql")->place,
                                   "%s has 'sql' and needs a 'type'", f->what);
        pt_diag_hint(f->loader->diags, d, "what the column 'value' of the query holds: number, category, ...");
    }
}

static void read_definition(const pt_fields *f, pt_tag *t, pt_lang_tag *twin)
{
    static const char *const ways[] = {"value", "tiers", "sql", "merge"};
    const pt_yaml *found[4];
    size_t n = 0;

    for (size_t i = 0; i < PT_COUNT(ways); i++) {
        found[i] = pt_field(f, ways[i]);
        if (found[i] && n++ > 0)
            pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, ways[i])->place,
                          "%s has more than one of 'value', 'tiers', 'sql' and 'merge'", f->what);
    }
    if (n == 0)
        pt_load_error(f->loader, PT_E_MISSING_KEY, f->owner, "%s needs 'value', 'tiers', 'sql' or 'merge'", f->what);
    else if (found[0])
        twin->value = pt_load_expression(f->loader, &twin->place, found[0], f->what);
    else if (found[1])
        read_tiers(f->loader, twin, found[1], f->what);
    else if (found[3])
        pt_load_merge(f->loader, t, twin, found[3]);
    else
        read_sql(f, t, twin);
}

static void check_group(const pt_fields *f, const pt_tag *t)
{
    const char *g = t->group;
    size_t n = strlen(g);

    if (n > 0 && g[0] != '/' && g[n - 1] != '/' && !strstr(g, "//"))
        return;
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, pt_field(f, "group")->place, "'%s' is no group", g);
    pt_diag_hint(f->loader->diags, d, "parts separated by one '/', for example consumption/frequency");
}

static void read_history(const pt_fields *f, pt_tag *t)
{
    bool kept;

    if (pt_field_bool(f, &kept, "history"))
        t->history = kept ? PT_KEPT_ALWAYS : PT_KEPT_NEVER;
}

void pt_load_tag_words(const pt_fields *f, pt_tag *t, bool model)
{
    static const char *const keys[] = {"value", "label",       "description", "group",   "unit",   "labels",
                                       "owner", "sensitivity", "purpose",     "consent", "history"};

    if (model)
        pt_fields_known(f, keys, PT_COUNT(keys));
    pt_field_label(f, &t->label, "label");
    pt_field_label(f, &t->description, "description");
    pt_field_label(f, &t->unit, "unit");
    if (pt_field_text(f, &t->group, "group"))
        check_group(f, t);
    pt_field_sensitivity(f, &t->sensitivity);
    pt_field_text(f, &t->owner, "owner");
    pt_field_label(f, &t->purpose, "purpose");
    pt_field_label(f, &t->consent, "consent");
    read_value_labels(f, t);
    read_history(f, t);
}

static void read_map(const pt_fields *f, pt_tag *t, pt_lang_tag *twin)
{
    int choice;

    pt_fields_known(f, tag_keys, PT_COUNT(tag_keys));
    read_definition(f, t, twin);
    pt_yaml_as_type(f->loader, &twin->type, pt_field(f, "type"), f->what, twin->external);
    pt_load_tag_words(f, t, false);
    if (pt_field_choice(f, &choice, "origin", pt_tag_origins, PT_ORIGIN_COUNT))
        t->origin = (pt_tag_origin)choice;
    pt_load_mechanics(f, t, twin);
    pt_field_text(f, &t->stands_for, "template");
}

static void read_tag(pt_loader *l, pt_tag *t, pt_lang_tag *twin, const pt_yaml *value)
{
    char what[sizeof "the tag ''" + 4 * PT_NAME_MOST_CHARACTERS];

    snprintf(what, sizeof what, "the tag '%s'", t->name);
    pt_fields f = {.loader = l, .map = value, .owner = t->place, .what = what};
    t->live = true;
    t->version = twin->version = 1;
    t->origin = PT_ORIGIN_UNSET;
    twin->name = t->name;
    twin->place = t->place;
    if (value->kind == PT_YAML_SCALAR)
        twin->value = pt_load_expression(l, &twin->place, value, what);
    else if (value->kind == PT_YAML_NULL)
        pt_load_error(l, PT_E_MISSING_KEY, t->place, "%s needs an expression", what);
    else if (pt_load_is_map(l, value, what))
        read_map(&f, t, twin);
    /* A broken tag stays in the catalogue, so that tags that use it are not called wrong too. */
    if (twin->value.len == 0 && twin->n_tiers == 0)
        twin->external = true;
}

bool pt_load_not_source(pt_loader *l, const pt_yaml *key, const char *kind)
{
    int source = pt_project_find_source(l->project, key->text);

    if (source < 0)
        return true;
    const pt_source *s = &l->project->sources[source];
    pt_diag *d =
        pt_load_error(l, PT_E_NAME_TAKEN, key->place, "%s cannot have the name of the source '%s'", kind, s->name);
    pt_diag_hint(l->diags, d, "the source is at %s:%d", s->place.file, s->place.line);
    return false;
}

static bool claim_tag(pt_loader *l, pt_intern *names, const pt_yaml *key)
{
    pt_diag *d;

    if (!pt_load_name(l, key, PT_NAME_TAG) || !pt_load_not_source(l, key, "a tag"))
        return false;
    int64_t same = pt_name_claim(l, names, key->text, false);
    if (same < 0)
        return same == -1;
    const pt_place *first = &l->project->tags[same].place;
    d = pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a second tag '%.*s'", (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "the first is at %s:%d", first->file, first->line);
    return false;
}

/* "tags/consumption/value.yaml" -> "consumption/value" */
static const char *group_of_file(pt_loader *l, const char *path)
{
    const char *slash = strchr(path, '/'), *inside = slash ? slash + 1 : path, *dot = strrchr(inside, '.');
    const char *group = pt_arena_strndup(l->arena, inside, dot ? (size_t)(dot - inside) : strlen(inside));

    l->nomem |= !group;
    return group;
}

static void read_file(pt_loader *l, pt_intern *names, const pt_document *file, pt_tag *tags, pt_lang_tag *twins)
{
    const char *group = group_of_file(l, file->path);

    for (size_t i = 0; i < file->root->n && !l->nomem; i++) {
        const pt_yaml *key = file->root->keys[i];
        size_t n = l->project->n_tags;
        if (!claim_tag(l, names, key))
            continue;
        tags[n] = (pt_tag){.place = key->place, .group = group};
        tags[n].name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len);
        if (!tags[n].name) {
            l->nomem = true;
            return;
        }
        read_tag(l, &tags[n], &twins[n], file->root->items[i]);
        l->project->n_tags++;
    }
}

void pt_load_tags(pt_loader *l)
{
    const pt_documents *files = &l->tag_files;
    pt_intern *names = pt_intern_new();
    size_t most = pt_documents_entries(l, files) + pt_load_model_tags_most(l);

    l->tags = PT_NEW_ARRAY(l->arena, pt_tag, most);
    pt_lang_tag *twins = PT_NEW_ARRAY(l->arena, pt_lang_tag, most);
    l->tag_twins = twins;
    l->project->tags = l->tags;
    l->project->catalog.tags = twins;
    l->nomem |= !names || !l->tags || !twins;
    for (size_t i = 0; i < files->n && !l->nomem; i++)
        if (files->items[i].root)
            read_file(l, names, &files->items[i], l->tags, twins);
    l->project->catalog.n_tags = l->project->n_tags;
    pt_intern_free(names);
}
