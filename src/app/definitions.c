#include "app/definitions.h"

#include <stdlib.h>

#include "app/conflicts_int.h"
#include "app/segment_list.h"

typedef struct list {
    pt_manifest_text *items;
    size_t n, cap;
    pt_arena *arena;
    pt_str text; /* of the item in the making */
    bool nomem;  /* sticky */
} list;

/* Ends an item: its text is what was written since the last. */
static void add(list *l, const char *name)
{
    char *text = l->text.failed ? NULL : pt_arena_strndup(l->arena, pt_str_cstr(&l->text), l->text.len);

    l->nomem |= !name || !text || !pt_grow(&l->items, &l->cap, l->n + 1, sizeof *l->items);
    if (!l->nomem)
        l->items[l->n++] = (pt_manifest_text){name, text};
    pt_str_clear(&l->text);
}

/* " key value", nothing when the value is not given. Control characters would break the line that a text is. */
static void put(list *l, const char *key, const char *value)
{
    if (!value)
        return;
    pt_str_addf(&l->text, "%s%s ", l->text.len ? " " : "", key);
    for (; *value; value++)
        pt_str_addc(&l->text, (unsigned char)*value < 0x20 ? ' ' : *value);
}

static void put_int(list *l, const char *key, int64_t value)
{
    pt_str_addf(&l->text, "%s%s %lld", l->text.len ? " " : "", key, (long long)value);
}

/* --- sources ------------------------------------------------------------------------------------------------------ */

static void add_column(list *l, const pt_source *s, const pt_source_column *c)
{
    pt_str_add(&l->text, pt_type_name(c->type));
    put(l, "from", c->from);
    put(l, "lookup", c->lookup.source);
    put(l, "column", c->lookup.column);
    put(l, "by", c->lookup.by);
    put(l, "key", c->lookup.key);
    put(l, "format", c->format);
    put(l, "zone", c->zone);
    if (c->required)
        put(l, "required", "true");
    add(l, pt_arena_printf(l->arena, "column %s.%s", s->name, c->name));
}

static void add_rows(list *l, const pt_source *s)
{
    put_int(l, "kind", s->kind);
    for (size_t i = 0; i < s->n_from; i++)
        put(l, "from", s->from[i]);
    put_int(l, "format", s->format);
    put(l, "encoding", s->encoding);
    put(l, "delimiter", s->delimiter);
    put(l, "quote", s->quote);
    put_int(l, "header", s->header);
    for (size_t i = 0; i < s->n_missing_text; i++)
        put(l, "missing", s->missing_text[i]);
    put(l, "time", s->time);
    put(l, "time_format", s->time_format);
    put(l, "zone", s->zone);
    for (size_t i = 0; i < s->n_identifiers; i++)
        put(l, s->identifiers[i].type, s->identifiers[i].column);
    add(l, pt_arena_printf(l->arena, "rows %s", s->name));
}

static void add_hash(list *l, const char *what, const char *source, pt_hash128 hash)
{
    char hex[33];

    pt_hash128_hex(hex, hash);
    pt_str_add(&l->text, hex);
    add(l, pt_arena_printf(l->arena, "%s %s", what, source));
}

static void add_source(list *l, const pt_source *s)
{
    add_rows(l, s);
    add_hash(l, "read", s->name, s->hash);
    add_hash(l, "clean", s->name, s->clean_hash);
    for (size_t i = 0; i < s->n_columns; i++)
        add_column(l, s, &s->columns[i]);
    for (size_t i = 0; i < s->n_clean; i++) {
        for (size_t k = 0; k < s->clean[i].n_pairs; k++)
            put(l, s->clean[i].pairs[k].from, s->clean[i].pairs[k].to ? s->clean[i].pairs[k].to : "missing");
        put(l, "otherwise", s->clean[i].otherwise);
        add(l, pt_arena_printf(l->arena, "rule %s %s", s->name, s->clean[i].text));
    }
}

/* --- identity and project ----------------------------------------------------------------------------------------- */

static void add_identity(list *l, const pt_identity_config *c)
{
    for (size_t i = 0; i < c->n_types; i++) {
        const pt_identifier_type *t = &c->types[i];
        put(l, "type", t->name);
        put_int(l, "priority", t->priority);
        put_int(l, "limit", t->limit);
        put(l, "normalize", t->normalize);
        for (size_t k = 0; k < t->n_blocked; k++)
            put(l, "blocked", t->blocked[k]);
    }
    put_int(l, "max_component", c->max_component);
    for (size_t i = 0; i < c->n_purposes; i++) {
        char least[32];
        pt_format_double(least, c->purposes[i].least);
        put(l, "purpose", c->purposes[i].name);
        put(l, "least", least);
    }
    add(l, "identity");
}

static void add_circle(list *l, const pt_project *p, const pt_circle *circle)
{
    put_int(l, "most", circle->most);
    for (size_t i = 0; i < circle->n_readings; i++) {
        const pt_circle_reading *r = &circle->readings[i];
        put_int(l, "way", r->way);
        put(l, "source", p->sources[r->source].name);
        for (size_t k = 0; k < r->n_values; k++)
            put(l, "same",
                r->values[k].type ? r->values[k].type : p->sources[r->source].columns[r->values[k].column].name);
    }
    add(l, pt_arena_printf(l->arena, "circle %s", circle->name));
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

/* Shorter than the expression it becomes, and as exact: time columns follow from the sources. */
static void put_merge(list *l, const pt_project *p, const pt_merge *m)
{
    char number[32] = "", duration[64];

    pt_str_addf(&l->text, "merge %s", pt_merge_policy_name(m->policy));
    for (size_t i = 0; i < m->n_sources; i++) {
        const pt_source *s = &p->sources[m->sources[i].source];
        pt_format_double(number, m->sources[i].trust);
        pt_str_addf(&l->text, "%s %s.%s (%s)", i ? "," : "", s->name, s->columns[m->sources[i].column].name, number);
    }
    if (m->half_life)
        put(l, "half_life", pt_duration_format(duration, m->half_life));
}

/* What is learned is told by the version that scored; this says what was to be learned. */
static void put_model(list *l, const pt_tag *t)
{
    const pt_model_def *def = t->model;

    pt_str_addf(&l->text, "model %s %s", def->name, def->kind->outputs[t->model_output].name);
    if (def->target.text)
        put(l, "target", def->target.text);
    if (def->population.text)
        put(l, "population", def->population.text);
}

static void add_tag(list *l, const pt_project *p, uint32_t tag)
{
    const pt_tag *t = &p->tags[tag];

    if (t->merge && p->module->tags[tag]->kind == PT_NODE_CALL &&
        pt_merge_call(p->module->tags[tag]) == p->module->tags[tag])
        put_merge(l, p, t->merge);
    else if (p->module->tags[tag])
        pt_lang_print(&l->text, p->module->tags[tag], &p->catalog);
    else if (t->model)
        put_model(l, t);
    else
        put(l, "sql", t->sql);
    put(l, ":", pt_type_name(p->module->types[tag]));
    add(l, pt_arena_printf(l->arena, "tag %s", t->name));
    pt_str_addf(&l->text, "%u", t->version);
    add(l, pt_arena_printf(l->arena, "version %s", t->name));
}

/* --- segments ----------------------------------------------------------------------------------------------------- */

/* Of a list, the bytes of its file are what it says. */
static pt_rc add_segment(list *l, const pt_project *p, const pt_segment *s, pt_err *err)
{
    static const char *const kinds[] = {"dynamic", "static", "list"};
    char hex[33];

    if (s->list) {
        pt_hash128 bytes;
        PT_TRY(pt_segment_list_hash(&bytes, p, s, err));
        pt_hash128_hex(hex, bytes);
        put(l, "ids of", s->list);
        put(l, "column", s->list_column);
        put(l, "by", s->list_by);
        put(l, "bytes", hex);
    } else {
        pt_lang_print(&l->text, s->node, p->conditions->catalog);
    }
    put(l, ":", kinds[s->kind]);
    add(l, pt_arena_printf(l->arena, "segment %s", s->name));
    return PT_OK;
}

static pt_rc add_segments(list *l, const pt_project *p, pt_err *err)
{
    pt_rc rc = PT_OK;

    for (size_t s = 0; rc == PT_OK && s < p->n_segments; s++)
        rc = add_segment(l, p, &p->segments[s], err);
    return rc;
}

static int by_name(const void *left, const void *right)
{
    return strcmp(((const pt_manifest_text *)left)->name, ((const pt_manifest_text *)right)->name);
}

pt_rc pt_definitions_of(const pt_manifest_text **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err)
{
    list l = {.arena = arena};

    for (size_t s = 0; s < p->n_sources; s++)
        if (p->sources[s].circle)
            add_circle(&l, p, p->sources[s].circle);
        else
            add_source(&l, &p->sources[s]);
    for (uint32_t t = 0; t < p->n_tags; t++)
        add_tag(&l, p, t);
    add_identity(&l, &p->identity);
    put(&l, "zone", p->zone_name);
    add(&l, "project");
    pt_rc rc = add_segments(&l, p, err);
    pt_manifest_text *items = l.nomem || rc != PT_OK ? NULL : PT_NEW_ARRAY(arena, pt_manifest_text, l.n);
    if (items) {
        memcpy(items, l.items, l.n * sizeof *items);
        qsort(items, l.n, sizeof *items, by_name);
    }
    *out = items;
    *n = items ? l.n : 0;
    free(l.items);
    pt_str_free(&l.text);
    if (rc != PT_OK)
        return rc;
    return items ? PT_OK : pt_fail_nomem(err, "the definitions");
}

const char *pt_definition_find(const pt_manifest_text *items, size_t n, const char *name)
{
    pt_manifest_text key = {name, NULL};
    const pt_manifest_text *found = n ? bsearch(&key, items, n, sizeof key, by_name) : NULL;

    return found ? found->text : NULL;
}

bool pt_definition_is_shown(const char *name)
{
    return strncmp(name, "read ", 5) != 0 && strncmp(name, "clean ", 6) != 0 && strncmp(name, "version ", 8) != 0;
}

/* --- two lists ---------------------------------------------------------------------------------------------------- */

pt_rc pt_definitions_compare(const pt_definition_change **out, size_t *n_out, const pt_manifest_text *before,
                             size_t n_before, const pt_manifest_text *after, size_t n_after, pt_arena *arena,
                             pt_err *err)
{
    pt_definition_change *changes = PT_NEW_ARRAY(arena, pt_definition_change, n_before + n_after);
    size_t n = 0;

    if (!changes)
        return pt_fail_nomem(err, "the definitions");
    for (size_t a = 0, b = 0; a < n_before || b < n_after;) {
        int order = a == n_before ? 1 : b == n_after ? -1 : strcmp(before[a].name, after[b].name);
        if (order < 0) {
            changes[n++] = (pt_definition_change){PT_CHANGE_GONE, before[a].name, before[a].text, NULL};
        } else if (order > 0) {
            changes[n++] = (pt_definition_change){PT_CHANGE_NEW, after[b].name, NULL, after[b].text};
        } else if (strcmp(before[a].text, after[b].text) != 0) {
            changes[n++] = (pt_definition_change){PT_CHANGE_CHANGED, after[b].name, before[a].text, after[b].text};
        }
        a += order <= 0;
        b += order >= 0;
    }
    *out = changes;
    *n_out = n;
    return PT_OK;
}
