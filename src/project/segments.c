/* segments: each entry of each file of segments/ becomes a pt_segment. Segments are bool names beside the tags: a condition
 * names both alike, a tag names no segment. */
#include <stdio.h>

#include "project/load.h"

static const char *const segment_keys[] = {"when", "static", "list", "by", "column", "label", "description", "owner"};

/* --- one segment -------------------------------------------------------------------------------------------------- */

static void check_type(const pt_fields *f, const pt_segment *s)
{
    const pt_identity_config *identity = &f->loader->project->identity;
    const char **names = PT_NEW_ARRAY(f->loader->arena, const char *, identity->n_types);

    f->loader->nomem |= !names;
    for (size_t i = 0; names && i < identity->n_types; i++) {
        names[i] = identity->types[i].name;
        if (strcmp(names[i], s->list_by) == 0)
            return;
    }
    if (f->loader->nomem || f->loader->incomplete)
        return;
    pt_diag *d = pt_load_error(f->loader, PT_E_UNKNOWN_IDENTIFIER, pt_field(f, "by")->place,
                               "unknown identifier type '%s'", s->list_by);
    if (identity->n_types)
        pt_diag_suggest(f->loader->diags, d, pt_sv_of(s->list_by), names, identity->n_types);
}

static void read_list(const pt_fields *f, pt_segment *s)
{
    s->kind = PT_SEGMENT_LIST;
    if (pt_field_text(f, &s->list, "list") && pt_sv_trim(pt_sv_of(s->list)).len == 0)
        pt_load_error(f->loader, PT_E_BAD_VALUE, pt_field(f, "list")->place, "%s: the name of the file is empty",
                      f->what);
    pt_field_text(f, &s->list_column, "column");
    if (pt_field_text(f, &s->list_by, "by"))
        check_type(f, s);
    if (pt_field(f, "static"))
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, "static")->place,
                      "%s has 'list': its members are those of the file, 'static' says nothing", f->what);
}

static void refuse(const pt_fields *f, const char *key)
{
    if (pt_field_key(f, key))
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, key)->place, "%s has '%s', which goes with 'list'",
                      f->what, key);
}

static void read_when(const pt_fields *f, pt_segment *s, pt_lang_tag *twin)
{
    bool fixed = false;

    twin->value = pt_load_expression(f->loader, &twin->place, pt_field(f, "when"), f->what);
    pt_field_bool(f, &fixed, "static");
    s->kind = fixed ? PT_SEGMENT_STATIC : PT_SEGMENT_DYNAMIC;
    refuse(f, "by");
    refuse(f, "column");
}

static void read_map(const pt_fields *f, pt_segment *s, pt_lang_tag *twin)
{
    bool when = pt_field(f, "when"), list = pt_field(f, "list");

    pt_fields_known(f, segment_keys, PT_COUNT(segment_keys));
    if (when && list)
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, "list")->place, "%s has both 'when' and 'list'",
                      f->what);
    else if (when)
        read_when(f, s, twin);
    else if (list)
        read_list(f, s);
    else
        pt_load_error(f->loader, PT_E_MISSING_KEY, f->owner, "%s needs 'when' or 'list'", f->what);
    pt_field_label(f, &s->label, "label");
    pt_field_label(f, &s->description, "description");
    pt_field_text(f, &s->owner, "owner");
}

static void read_segment(pt_loader *l, pt_segment *s, pt_lang_tag *twin, const pt_yaml *value)
{
    char what[sizeof "the segment ''" + 4 * PT_NAME_MOST_CHARACTERS];

    snprintf(what, sizeof what, "the segment '%s'", s->name);
    pt_fields f = {.loader = l, .map = value, .owner = s->place, .what = what};
    *twin = (pt_lang_tag){.name = s->name, .place = s->place, .segment = true, .type = PT_TYPE_BOOL, .version = 1};
    if (value->kind == PT_YAML_SCALAR)
        twin->value = pt_load_expression(l, &twin->place, value, what);
    else if (value->kind == PT_YAML_NULL)
        pt_load_error(l, PT_E_MISSING_KEY, s->place, "%s needs 'when': a condition", what);
    else if (pt_load_is_map(l, value, what))
        read_map(&f, s, twin);
    twin->external = twin->value.len == 0;
    s->when = twin->value;
}

/* --- names and files ---------------------------------------------------------------------------------------------- */

static bool claim_segment(pt_loader *l, pt_intern *names, const pt_yaml *key)
{
    const pt_project *p = l->project;
    const pt_place *first;
    pt_diag *d;

    if (!pt_load_name(l, key, PT_NAME_SEGMENT) || !pt_load_not_source(l, key, "a segment"))
        return false;
    int tag = pt_project_find_tag(p, key->text);
    if (tag >= 0) {
        first = &p->tags[tag].place;
        d = pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a segment cannot have the name of the tag '%s'",
                          p->tags[tag].name);
        pt_diag_hint(l->diags, d, "the tag is at %s:%d", first->file, first->line);
        return false;
    }
    int64_t same = pt_name_claim(l, names, key->text, false);
    if (same < 0)
        return same == -1;
    first = &p->segments[same].place;
    d = pt_load_error(l, PT_E_NAME_TAKEN, key->place, "a second segment '%.*s'", (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "the first is at %s:%d", first->file, first->line);
    return false;
}

static void read_file(pt_loader *l, pt_intern *names, const pt_document *file)
{
    pt_project *p = l->project;

    for (size_t i = 0; i < file->root->n && !l->nomem; i++) {
        const pt_yaml *key = file->root->keys[i];
        pt_segment *s = &l->segments[p->n_segments];
        if (!claim_segment(l, names, key))
            continue;
        *s = (pt_segment){.place = key->place, .name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len)};
        if (!s->name) {
            l->nomem = true;
            return;
        }
        read_segment(l, s, &l->segment_twins[p->n_segments], file->root->items[i]);
        p->n_segments++;
    }
}

void pt_load_segments(pt_loader *l)
{
    const pt_documents *files = &l->segment_files;
    size_t most = pt_documents_entries(l, files);
    pt_intern *names = pt_intern_new();

    l->segments = PT_NEW_ARRAY(l->arena, pt_segment, most);
    l->segment_twins = PT_NEW_ARRAY(l->arena, pt_lang_tag, most);
    l->project->segments = l->segments;
    l->nomem |= !names || !l->segments || !l->segment_twins;
    for (size_t i = 0; i < files->n && !l->nomem; i++)
        if (files->items[i].root)
            read_file(l, names, &files->items[i]);
    pt_intern_free(names);
}

/* --- conditions --------------------------------------------------------------------------------------------------- */

/* The catalogue of tags, each given, and segments: as written, or given too. */
static pt_catalog *make_catalog(pt_loader *l, const pt_module *tags, bool written)
{
    const pt_project *p = l->project;
    pt_catalog *catalog = PT_NEW(l->arena, pt_catalog);
    pt_lang_tag *all = PT_NEW_ARRAY(l->arena, pt_lang_tag, p->n_tags + p->n_segments);

    if (!catalog || !all)
        return NULL;
    *catalog = p->catalog;
    catalog->history = true;
    catalog->tags = all;
    catalog->n_tags = p->n_tags + p->n_segments;
    for (size_t t = 0; t < p->n_tags; t++) {
        const pt_lang_tag *twin = &p->catalog.tags[t];
        all[t] = (pt_lang_tag){.name = twin->name, .external = true, .type = tags->types[t], .version = twin->version};
        all[t].previous = twin->previous;
        all[t].n_previous = twin->n_previous;
    }
    for (size_t s = 0; s < p->n_segments; s++) {
        all[p->n_tags + s] = l->segment_twins[s];
        all[p->n_tags + s].external |= !written;
    }
    return catalog;
}

static bool put_uses(pt_str *text, const pt_loader *l, const pt_node *node)
{
    const pt_project *p = l->project;
    pt_uses uses;

    if (pt_lang_uses(&uses, node, l->arena, NULL) != PT_OK)
        return false;
    for (size_t i = 0; i < uses.n_tags; i++) {
        char hex[33];
        if (uses.tags[i] < p->n_tags)
            continue;
        pt_hash128_hex(hex, l->segments[uses.tags[i] - p->n_tags].hash);
        pt_str_addf(text, "\n%s", hex);
    }
    return true;
}

/* How it is written does not matter, and what the segments it uses say does. */
static void hash_segment(pt_loader *l, pt_segment *s, const pt_catalog *catalog)
{
    pt_str text = {0};

    pt_str_addf(&text, "%d\n%s\n%s\n%s\n", (int)s->kind, s->list ? s->list : "", s->list_by ? s->list_by : "",
                s->list_column ? s->list_column : "");
    if (s->node) {
        pt_lang_print(&text, s->node, catalog);
        l->nomem |= !put_uses(&text, l, s->node);
    }
    s->hash = pt_hash128_of(pt_str_cstr(&text), text.len);
    l->nomem |= text.failed;
    pt_str_free(&text);
}

static void take_conditions(pt_loader *l, const pt_module *module, uint32_t *order)
{
    const pt_project *p = l->project;
    size_t n = 0;

    for (size_t i = 0; i < module->n_tags; i++) {
        uint32_t tag = module->order[i];
        if (tag < p->n_tags)
            continue;
        pt_segment *s = &l->segments[tag - p->n_tags];
        order[n++] = (uint32_t)(tag - p->n_tags);
        s->node = module->tags[tag];
        hash_segment(l, s, module->catalog);
    }
}

pt_rc pt_load_conditions(pt_loader *l, const pt_module *tags, pt_err *err)
{
    pt_project *p = l->project;
    uint32_t *order = PT_NEW_ARRAY(l->arena, uint32_t, p->n_segments);
    const pt_catalog *written = make_catalog(l, tags, true), *given = make_catalog(l, tags, false);
    pt_module *module;

    if (!order || !written || !given)
        return pt_fail_nomem(err, "the segments");
    PT_TRY(pt_load_expressions(l, &module, written, "segments/", err));
    if (l->diags->errors)
        return PT_OK;
    take_conditions(l, module, order);
    p->segment_order = order;
    return pt_load_expressions(l, &p->conditions, given, "segments/", err);
}
