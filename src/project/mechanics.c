/* What a tag says of its own upkeep: how old it may grow, what stands in for an empty value, its versions, how sure it is. */
#include "base/time.h"
#include "project/load.h"

enum { MOST_VERSIONS = 9999 };

static void read_ttl(const pt_fields *f, pt_lang_tag *twin)
{
    const pt_yaml *value = pt_field(f, "ttl");
    const char *text;

    if (!value || !pt_field_text(f, &text, "ttl"))
        return;
    twin->ttl_place = value->place;
    if (pt_duration_parse(&twin->ttl, pt_sv_of(text)) && twin->ttl > 0)
        return;
    twin->ttl = 0;
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no length of time above zero", text);
    pt_diag_hint(f->loader->diags, d, "write the unit, for example 90d");
}

static void read_on_empty(const pt_fields *f, pt_lang_tag *twin)
{
    static const char *const choices[] = {"clear", "keep"};
    int choice = 0;

    if (pt_field_choice(f, &choice, "on_empty", choices, PT_COUNT(choices)))
        twin->keep = choice == 1;
}

/* A query's values are those of the build: they neither age nor have a past. */
static void refuse_with_sql(const pt_fields *f, const char *key)
{
    if (pt_field(f, key))
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, key)->place, "'%s' does not go with 'sql'", key);
}

/* "v2" -> 2; 0 for anything else. */
static uint32_t version_number(pt_sv key)
{
    int64_t n;

    if (key.len < 2 || key.ptr[0] != 'v' || key.ptr[1] == '0' ||
        !pt_parse_int64(&n, (pt_sv){key.ptr + 1, key.len - 1}) || n < 1 || n > MOST_VERSIONS)
        return 0;
    return (uint32_t)n;
}

static void read_version(const pt_fields *f, pt_lang_tag *twin, pt_lang_version *out, const pt_yaml *key,
                         const pt_yaml *value)
{
    uint32_t number = version_number(key->text);
    pt_diag *d;

    if (!number || number >= twin->version) {
        d = pt_load_error(f->loader, PT_E_BAD_VALUE, key->place, "'%.*s' is no version before the present one",
                          (int)key->text.len, key->text.ptr);
        if (twin->version > 1)
            pt_diag_hint(f->loader->diags, d, "the present version is %u: write v1 to v%u", twin->version,
                         twin->version - 1);
        else
            pt_diag_hint(f->loader->diags, d, "raise the tag's version, for example version: 2");
        return;
    }
    out->number = number;
    out->value = pt_load_expression(f->loader, &out->place, value, f->what);
    twin->n_previous += out->value.len > 0;
}

static void read_previous(const pt_fields *f, pt_lang_tag *twin)
{
    const pt_yaml *map = pt_field(f, "previous");
    pt_lang_version *versions;

    if (!map || !pt_load_is_map(f->loader, map, "previous"))
        return;
    if (!(versions = PT_NEW_ARRAY(f->loader->arena, pt_lang_version, map->n))) {
        f->loader->nomem = true;
        return;
    }
    twin->previous = versions;
    for (size_t i = 0; i < map->n; i++)
        read_version(f, twin, &versions[twin->n_previous], map->keys[i], map->items[i]);
}

void pt_load_mechanics(const pt_fields *f, pt_tag *t, pt_lang_tag *twin)
{
    int64_t version = 1;
    const pt_yaml *confidence = pt_field(f, "confidence");

    pt_field_int(f, &version, "version", 1, MOST_VERSIONS);
    t->version = twin->version = (uint32_t)version;
    if (t->sql) {
        refuse_with_sql(f, "ttl");
        refuse_with_sql(f, "on_empty");
    } else {
        read_ttl(f, twin);
        read_on_empty(f, twin);
    }
    read_previous(f, twin);
    if (confidence)
        twin->confidence = pt_load_expression(f->loader, &twin->confidence_place, confidence, f->what);
}
