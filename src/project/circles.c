/* `circles` of identity.yaml: each becomes a record source that the build fills. */
#include <math.h>
#include <stdio.h>

#include "project/load.h"

enum { DEFAULT_MOST = 12, MOST_MOST = 1000000, MOST_VALUES = 8, MOST_NAMES = 64 };

static const char *const circle_keys[] = {"same", "most", "label"};

/* --- what a name means in a source -------------------------------------------------------------------------------- */

static bool tells_of_customers(const pt_source *s)
{
    return (s->kind == PT_SOURCE_RECORD || s->kind == PT_SOURCE_EVENT) && s->n_identifiers > 0 && !s->circle;
}

/* `text` is "address", or "crm.address". */
static bool resolve_value(pt_circle_value *out, const pt_source *s, pt_sv text)
{
    const char *dot = memchr(text.ptr, '.', text.len);

    if (dot) {
        pt_sv source = {text.ptr, (size_t)(dot - text.ptr)};
        if (!pt_sv_eq(source, pt_sv_of(s->name)))
            return false;
        text = (pt_sv){dot + 1, text.len - source.len - 1};
    }
    *out = (pt_circle_value){pt_source_find_column(s, text), NULL};
    if (out->column >= 0)
        return s->columns[out->column].type != PT_TYPE_LIST;
    for (size_t i = 0; i < s->n_identifiers && !out->type; i++)
        if (pt_sv_eq(text, pt_sv_of(s->identifiers[i].type)))
            out->type = s->identifiers[i].type;
    return out->type != NULL;
}

static bool is_known(const pt_project *p, pt_sv text)
{
    pt_circle_value value;
    bool known = false;

    for (size_t s = 0; s < p->n_sources; s++)
        known |= tells_of_customers(&p->sources[s]) && resolve_value(&value, &p->sources[s], text);
    return known;
}

static void suggest(pt_loader *l, pt_diag *d, pt_sv text)
{
    const char *names[MOST_NAMES];
    size_t n = 0;

    for (size_t s = 0; s < l->project->n_sources; s++) {
        const pt_source *from = &l->sources[s];
        for (size_t c = 0; tells_of_customers(from) && c < from->n_columns && n < MOST_NAMES; c++)
            if (from->columns[c].type != PT_TYPE_LIST)
                names[n++] = from->columns[c].name;
        for (size_t i = 0; tells_of_customers(from) && i < from->n_identifiers && n < MOST_NAMES; i++)
            names[n++] = from->identifiers[i].type;
    }
    if (n)
        pt_diag_suggest(l->diags, d, text, names, n);
}

/* --- ways --------------------------------------------------------------------------------------------------------- */

typedef struct circle_reader {
    pt_loader *loader;
    pt_circle_reading *readings; /* room for one a way and source */
    size_t n;
} circle_reader;

static bool read_names(pt_sv *names, size_t *n, circle_reader *r, const pt_yaml *way)
{
    size_t count = way->kind == PT_YAML_LIST ? way->n : 1;
    const char *text;

    *n = 0;
    if (count > MOST_VALUES) {
        pt_load_error(r->loader, PT_E_BAD_VALUE, way->place, "more than %d columns that all have to be equal",
                      MOST_VALUES);
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const pt_yaml *item = way->kind == PT_YAML_LIST ? way->items[i] : way;
        if (!pt_yaml_as_text(r->loader, &text, item, "same"))
            return false;
        names[*n] = item->text;
        if (!is_known(r->loader->project, names[*n])) {
            if (!r->loader->incomplete)
                suggest(r->loader,
                        pt_load_error(r->loader, PT_E_CIRCLE_COLUMN, item->place,
                                      "no source of customers has a column '%s' with one value", text),
                        names[*n]);
            return false;
        }
        ++*n;
    }
    return *n > 0;
}

static bool read_in_source(circle_reader *r, const pt_sv *names, size_t n, uint32_t way, uint32_t source)
{
    const pt_source *s = &r->loader->sources[source];
    pt_circle_value found[MOST_VALUES];

    for (size_t i = 0; i < n; i++)
        if (!resolve_value(&found[i], s, names[i]))
            return false;
    pt_circle_value *values = PT_NEW_ARRAY(r->loader->arena, pt_circle_value, n);
    if (!values) {
        r->loader->nomem = true;
        return false;
    }
    memcpy(values, found, n * sizeof *values);
    r->readings[r->n++] = (pt_circle_reading){way, source, values, n};
    return true;
}

static void read_way(circle_reader *r, const pt_yaml *yaml, uint32_t way)
{
    pt_sv names[MOST_VALUES];
    size_t n;
    bool any = false;

    if (!read_names(names, &n, r, yaml))
        return;
    for (uint32_t s = 0; s < r->loader->project->n_sources; s++)
        any |= tells_of_customers(&r->loader->sources[s]) && read_in_source(r, names, n, way, s);
    if (!any && !r->loader->nomem)
        pt_load_error(r->loader, PT_E_CIRCLE_COLUMN, yaml->place, "no single source has all of these columns");
}

/* An empty list, or a list with an empty one. */
static bool names_nothing(const pt_yaml *same)
{
    if (same->kind != PT_YAML_LIST)
        return false;
    for (size_t i = 0; i < same->n; i++)
        if (same->items[i]->kind == PT_YAML_LIST && !same->items[i]->n)
            return true;
    return same->n == 0;
}

static void read_ways(pt_loader *l, pt_circle *circle, const pt_yaml *same)
{
    size_t ways = same->kind == PT_YAML_LIST ? same->n : 1;
    circle_reader r = {l, PT_NEW_ARRAY(l->arena, pt_circle_reading, ways * l->project->n_sources), 0};

    if (!r.readings) {
        l->nomem = true;
        return;
    }
    for (size_t i = 0; i < ways; i++)
        read_way(&r, same->kind == PT_YAML_LIST ? same->items[i] : same, (uint32_t)i);
    circle->readings = r.readings;
    circle->n_readings = r.n;
}

/* --- the source ----------------------------------------------------------------------------------------------------- */

static const pt_source_column columns[PT_CIRCLE_COLUMNS] = {
    [PT_CIRCLE_ID] = {.name = "id", .type = PT_TYPE_TEXT, .trust = NAN, .label = {"编号", "id"}},
    [PT_CIRCLE_SIZE] = {.name = "size", .type = PT_TYPE_NUMBER, .trust = NAN, .label = {"人数", "size"}},
    [PT_CIRCLE_RANK] = {.name = "rank", .type = PT_TYPE_NUMBER, .trust = NAN, .label = {"序位", "rank"}},
};

static bool claim(pt_loader *l, pt_intern *names, const pt_yaml *key)
{
    if (!pt_load_name(l, key, PT_NAME_SOURCE))
        return false;
    int64_t same = pt_name_claim(l, names, key->text, true);
    if (same < 0)
        return same == -1;
    pt_diag *d = pt_load_error(l, PT_E_NAME_TAKEN, key->place, "the circle '%.*s' has the name of a source",
                               (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "'%s' is at %s:%d", l->sources[same].name, l->sources[same].place.file,
                 l->sources[same].place.line);
    return false;
}

static void read_circle(pt_loader *l, const pt_yaml *key, const pt_yaml *map)
{
    char what[sizeof "the circle ''" + 4 * PT_NAME_MOST_CHARACTERS];
    pt_circle *circle = PT_NEW(l->arena, pt_circle);
    const char *name = pt_arena_strndup(l->arena, key->text.ptr, key->text.len);
    pt_source *s = &l->sources[l->project->n_sources];
    int64_t most = DEFAULT_MOST;

    if (!circle || !name) {
        l->nomem = true;
        return;
    }
    snprintf(what, sizeof what, "the circle '%s'", name);
    if (!pt_load_is_map(l, map, what))
        return;
    pt_fields f = {.loader = l, .map = map, .owner = key->place, .what = what};
    pt_fields_known(&f, circle_keys, PT_COUNT(circle_keys));
    pt_field_int(&f, &most, "most", 2, MOST_MOST);
    *circle = (pt_circle){.name = name, .most = (uint32_t)most};
    *s = (pt_source){.name = name, .kind = PT_SOURCE_RECORD, .header = -1, .trust = 1, .optional = true};
    s->columns = columns;
    s->n_columns = s->n_file_columns = PT_CIRCLE_COLUMNS;
    s->place = key->place;
    s->circle = circle;
    pt_field_label(&f, &s->label, "label");
    const pt_yaml *same = pt_field_required(&f, "same");
    if (same && names_nothing(same))
        pt_load_error(l, PT_E_MISSING_KEY, same->place, "'%s' in %s has no value", "same", f.what);
    else if (same)
        read_ways(l, circle, same);
    l->project->n_sources++; /* now: it is no source that its own ways may read */
}

static const pt_yaml *declared(const pt_loader *l)
{
    const pt_yaml *root = l->identity.root;

    for (size_t i = 0; root && root->kind == PT_YAML_MAP && i < root->n; i++)
        if (pt_sv_eq(root->keys[i]->text, PT_SV("circles")))
            return root->items[i];
    return NULL;
}

size_t pt_load_circles_most(const pt_loader *l)
{
    const pt_yaml *circles = declared(l);

    return circles && circles->kind == PT_YAML_MAP ? circles->n : 0;
}

void pt_load_circles(pt_loader *l)
{
    const pt_yaml *circles = declared(l);

    if (!circles || circles->kind == PT_YAML_NULL || !pt_load_is_map(l, circles, "circles"))
        return;
    pt_intern *names = pt_intern_new();
    l->nomem |= !names;
    for (size_t s = 0; s < l->project->n_sources && !l->nomem; s++)
        pt_name_claim(l, names, pt_sv_of(l->sources[s].name), true);
    for (size_t i = 0; i < circles->n && !l->nomem; i++)
        if (claim(l, names, circles->keys[i]))
            read_circle(l, circles->keys[i], circles->items[i]);
    pt_intern_free(names);
}
