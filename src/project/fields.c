#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "project/load.h"

pt_diag *pt_load_error(pt_loader *l, int code, pt_place place, const char *fmt, ...)
{
    char msg[512];
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return pt_diags_add(l->diags, PT_SEVERITY_ERROR, code, place, "%s", msg);
}

static const char *kind_name(const pt_yaml *n)
{
    switch (n->kind) {
    case PT_YAML_NULL: return "nothing";
    case PT_YAML_SCALAR: return "a text";
    case PT_YAML_LIST: return "a list";
    case PT_YAML_MAP: break;
    }
    return "a mapping";
}

bool pt_load_is_map(pt_loader *l, const pt_yaml *n, const char *what)
{
    if (n->kind == PT_YAML_MAP)
        return true;
    pt_load_error(l, PT_E_WRONG_NODE, n->place, "%s: expected a mapping (key: value), found %s", what, kind_name(n));
    return false;
}

static bool among(pt_sv word, const char *const *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(word, pt_sv_of(known[i])))
            return true;
    return false;
}

void pt_fields_known(const pt_fields *f, const char *const *known, size_t n)
{
    for (size_t i = 0; f->map && i < f->map->n; i++) {
        const pt_yaml *key = f->map->keys[i];
        if (among(key->text, known, n))
            continue;
        pt_diag *d = pt_load_error(f->loader, PT_E_UNKNOWN_KEY, key->place, "unknown key '%.*s' in %s",
                                   (int)key->text.len, key->text.ptr, f->what);
        if (pt_sv_eq(key->text, PT_SV("<<")))
            pt_diag_hint(f->loader->diags, d, "YAML 1.2 has no merge keys; write the keys out");
        else
            pt_diag_suggest(f->loader->diags, d, key->text, known, n);
    }
}

static int find(const pt_fields *f, const char *key)
{
    pt_sv wanted = pt_sv_of(key);

    for (size_t i = 0; f->map && i < f->map->n; i++)
        if (pt_sv_eq(f->map->keys[i]->text, wanted))
            return (int)i;
    return -1;
}

const pt_yaml *pt_field(const pt_fields *f, const char *key)
{
    int i = find(f, key);

    return i >= 0 && f->map->items[i]->kind != PT_YAML_NULL ? f->map->items[i] : NULL;
}

const pt_yaml *pt_field_key(const pt_fields *f, const char *key)
{
    int i = find(f, key);

    return i >= 0 ? f->map->keys[i] : NULL;
}

const pt_yaml *pt_field_required(const pt_fields *f, const char *key)
{
    const pt_yaml *value = pt_field(f, key), *k = pt_field_key(f, key);

    if (value)
        return value;
    if (k)
        pt_load_error(f->loader, PT_E_MISSING_KEY, k->place, "'%s' in %s has no value", key, f->what);
    else
        pt_load_error(f->loader, PT_E_MISSING_KEY, f->owner, "%s needs '%s'", f->what, key);
    return NULL;
}

bool pt_yaml_as_text(pt_loader *l, const char **out, const pt_yaml *value, const char *key)
{
    if (!value)
        return false;
    if (value->kind != PT_YAML_SCALAR) {
        pt_load_error(l, PT_E_WRONG_NODE, value->place, "'%s': expected a text, found %s", key, kind_name(value));
        return false;
    }
    const char *copy = pt_arena_strndup(l->arena, value->text.ptr, value->text.len);
    if (!copy) {
        l->nomem = true;
        return false;
    }
    *out = copy;
    return true;
}

bool pt_field_text(const pt_fields *f, const char **out, const char *key)
{
    return pt_yaml_as_text(f->loader, out, pt_field(f, key), key);
}

bool pt_field_choice(const pt_fields *f, int *out, const char *key, const char *const *choices, size_t n)
{
    const pt_yaml *value = pt_field(f, key);
    const char *text;

    if (!pt_yaml_as_text(f->loader, &text, value, key))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (strcmp(text, choices[i]) == 0) {
            *out = (int)i;
            return true;
        }
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no value of '%s'", text, key);
    pt_diag_suggest(f->loader->diags, d, value->text, choices, n);
    return false;
}

bool pt_field_bool(const pt_fields *f, bool *out, const char *key)
{
    static const char *const words[] = {"false", "true"};
    int choice;

    if (!pt_field_choice(f, &choice, key, words, PT_COUNT(words)))
        return false;
    *out = choice == 1;
    return true;
}

bool pt_field_int(const pt_fields *f, int64_t *out, const char *key, int64_t least, int64_t most)
{
    const pt_yaml *value = pt_field(f, key);
    const char *text;
    int64_t v;

    if (!pt_yaml_as_text(f->loader, &text, value, key))
        return false;
    if (pt_parse_int64(&v, value->text) && v >= least && v <= most) {
        *out = v;
        return true;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no value of '%s'", text, key);
    pt_diag_hint(f->loader->diags, d, "a whole number from %lld to %lld", (long long)least, (long long)most);
    return false;
}

bool pt_yaml_as_label(pt_loader *l, pt_label *out, const pt_yaml *value, const char *key)
{
    static const char *const languages[] = {"zh", "en"};
    const char *text;

    if (!value)
        return false;
    if (value->kind != PT_YAML_MAP) {
        if (!pt_yaml_as_text(l, &text, value, key))
            return false;
        *out = (pt_label){text, text};
        return true;
    }
    pt_fields f = {.loader = l, .map = value, .owner = value->place, .what = key};
    pt_fields_known(&f, languages, PT_COUNT(languages));
    pt_field_text(&f, &out->zh, "zh");
    pt_field_text(&f, &out->en, "en");
    return true;
}

bool pt_field_label(const pt_fields *f, pt_label *out, const char *key)
{
    return pt_yaml_as_label(f->loader, out, pt_field(f, key), key);
}

bool pt_field_texts(const pt_fields *f, const char *const **out, size_t *n, const char *key)
{
    const pt_yaml *value = pt_field(f, key);
    size_t kept = 0;

    if (!value)
        return false;
    size_t count = value->kind == PT_YAML_LIST ? value->n : 1;
    if (value->kind == PT_YAML_MAP) {
        pt_load_error(f->loader, PT_E_WRONG_NODE, value->place, "'%s': expected a text or a list of texts", key);
        return false;
    }
    const char **texts = PT_NEW_ARRAY(f->loader->arena, const char *, count);
    if (!texts) {
        f->loader->nomem = true;
        return false;
    }
    for (size_t i = 0; i < count; i++)
        kept += pt_yaml_as_text(f->loader, &texts[kept], value->kind == PT_YAML_LIST ? value->items[i] : value, key);
    *out = texts;
    *n = kept;
    return kept == count;
}

bool pt_field_zone(const pt_fields *f, const char **out, const char *key)
{
    const pt_yaml *value = pt_field(f, key);
    const char *text;
    pt_zone *zone = NULL;
    pt_err err = {0};

    if (!pt_yaml_as_text(f->loader, &text, value, key))
        return false;
    if (pt_zone_open(&zone, text, &err) == PT_OK) {
        pt_zone_free(zone);
        *out = text;
        return true;
    }
    if (err.code == PT_ENOMEM) {
        f->loader->nomem = true;
        return false;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_ZONE, value->place, "unknown time zone '%s'", text);
    pt_diag_hint(f->loader->diags, d, "%s", err.hint[0] ? err.hint : "for example Asia/Shanghai, UTC, +08:00");
    return false;
}

/* What other systems call our types. */
static const char *other_name_of_type(pt_sv word)
{
    static const char *const names[][2] = {
        {"int", "number"},       {"integer", "number"},    {"bigint", "number"}, {"float", "number"},
        {"double", "number"},    {"string", "text"},       {"str", "text"},      {"varchar", "text"},
        {"char", "text"},        {"boolean", "bool"},      {"decimal", "money"}, {"numeric", "money"},
        {"datetime", "instant"}, {"timestamp", "instant"}, {"enum", "category"}, {"array", "list"},
    };
    pt_str lower = {0};
    const char *found = NULL;

    pt_utf8_lower(&lower, word);
    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (strcmp(pt_str_cstr(&lower), names[i][0]) == 0)
            found = names[i][1];
    pt_str_free(&lower);
    return found;
}

bool pt_yaml_as_type(pt_loader *l, pt_type *out, const pt_yaml *value, const char *what, bool stored)
{
    const char *names[PT_TYPE_COUNT], *text;
    size_t n = 0;
    pt_type type;

    if (!pt_yaml_as_text(l, &text, value, "type"))
        return false;
    for (int t = PT_TYPE_BOOL; t < PT_TYPE_COUNT; t++)
        if (!stored || (t != PT_TYPE_DURATION && t != PT_TYPE_WEIGHTED))
            names[n++] = pt_type_name((pt_type)t);
    if (pt_type_parse(&type, value->text) && among(value->text, names, n)) {
        *out = type;
        return true;
    }
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_TYPE, value->place, "unknown type '%s' of %s", text, what);
    const char *ours = other_name_of_type(value->text);
    if (ours)
        pt_diag_hint(l->diags, d, "that is '%s' here", ours);
    else
        pt_diag_suggest(l->diags, d, value->text, names, n);
    return false;
}

bool pt_field_sensitivity(const pt_fields *f, const char **out)
{
    static const char *const levels[] = {"none", "personal", "sensitive"};
    int choice = 0;

    if (!pt_field_choice(f, &choice, "sensitivity", levels, PT_COUNT(levels)))
        return false;
    *out = choice ? levels[choice] : NULL;
    return true;
}
