/* sources: each entry of each file becomes one pt_source. What needs other sources is settled in lookups.c. */
#include <iconv.h>
#include <stdio.h>

#include "base/utf8.h"
#include "project/load.h"

static const char *const source_keys[] = {"from",     "kind",      "time",  "customer", "columns", "format",
                                          "encoding", "delimiter", "quote", "header",   "missing", "label",
                                          "clean",    "quality",   "trust", "optional"};
static const char *const column_keys[] = {"type",     "from",  "lookup",      "format", "zone",
                                          "required", "label", "sensitivity", "trust",  "question"};
static const char *const time_keys[] = {"column", "format", "zone"};
static const char *const kind_names[] = {"record", "event", "reference", "link"}; /* as pt_source_kind */

/* --- columns ------------------------------------------------------------------------------------------------------ */

/* A file column or an SQL expression. A name in SQL's double quotes is a file column too. */
static void set_from(pt_loader *l, pt_source_column *c, const char *text)
{
    pt_sv s = pt_sv_trim(pt_sv_of(text));
    bool quoted = s.len > 2 && s.ptr[0] == '"' && !memchr(s.ptr + 1, '"', s.len - 2) && s.ptr[s.len - 1] == '"';

    c->computed = !quoted && !pt_is_name(s);
    if (quoted)
        s = (pt_sv){s.ptr + 1, s.len - 2};
    c->from = pt_arena_strndup(l->arena, s.ptr, s.len);
    l->nomem |= !c->from;
}

static void add_pending(pt_loader *l, size_t source, size_t column, const pt_yaml *text, const pt_yaml *type)
{
    pt_pending_lookup *p = PT_NEW(l->arena, pt_pending_lookup);

    if (!p) {
        l->nomem = true;
        return;
    }
    *p = (pt_pending_lookup){.source = source, .column = column, .text = text, .type = type};
    *l->lookups_end = p;
    l->lookups_end = &p->next;
}

static void read_format(const pt_fields *f, pt_source_column *c)
{
    bool has_format = c->type == PT_TYPE_DATE || c->type == PT_TYPE_INSTANT || c->type == PT_TYPE_LIST;

    if (pt_field_text(f, &c->format, "format") && !has_format && c->type != PT_TYPE_NONE)
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, "format")->place,
                      "'format' is for dates, instants and lists; %s is %s", f->what, pt_type_name(c->type));
    if (pt_field_zone(f, &c->zone, "zone") && c->type != PT_TYPE_INSTANT && c->type != PT_TYPE_NONE)
        pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, "zone")->place, "'zone' is for instants; %s is %s",
                      f->what, pt_type_name(c->type));
}

static void read_column_map(const pt_fields *f, pt_source_column *c, size_t source, size_t column)
{
    const pt_yaml *lookup = pt_field(f, "lookup");
    const pt_yaml *type = lookup ? pt_field(f, "type") : pt_field_required(f, "type");
    const char *from;

    pt_fields_known(f, column_keys, PT_COUNT(column_keys));
    pt_yaml_as_type(f->loader, &c->type, type, f->what, true);
    if (pt_field_text(f, &from, "from")) {
        set_from(f->loader, c, from);
        if (lookup)
            pt_load_error(f->loader, PT_E_KEYS_CLASH, pt_field_key(f, "lookup")->place,
                          "%s has both 'from' and 'lookup'", f->what);
    }
    if (lookup)
        add_pending(f->loader, source, column, lookup, type);
    read_format(f, c);
    pt_field_bool(f, &c->required, "required");
    pt_field_label(f, &c->label, "label");
    pt_field_label(f, &c->question, "question");
    pt_field_sensitivity(f, &c->sensitivity);
    pt_field_trust(f, &c->trust);
}

static void read_column(pt_loader *l, pt_source_column *c, size_t source, size_t column, const pt_yaml *value)
{
    char what[sizeof "the column ''" + 4 * PT_NAME_MOST_CHARACTERS];

    snprintf(what, sizeof what, "the column '%s'", c->name);
    pt_fields f = {.loader = l, .map = value, .owner = c->place, .what = what};
    if (value->kind == PT_YAML_SCALAR)
        pt_yaml_as_type(l, &c->type, value, what, true);
    else if (value->kind == PT_YAML_NULL)
        pt_load_error(l, PT_E_MISSING_KEY, c->place, "%s needs a type", what);
    else if (pt_load_is_map(l, value, what))
        read_column_map(&f, c, source, column);
}

static const char *copy_text(pt_loader *l, pt_sv s)
{
    const char *copy = pt_arena_strndup(l->arena, s.ptr, s.len);

    l->nomem |= !copy;
    return copy ? copy : "";
}

static bool claim_column(pt_loader *l, pt_intern *names, const pt_yaml *key, const pt_source_column *columns)
{
    if (!pt_load_name(l, key, PT_NAME_COLUMN))
        return false;
    int64_t same = pt_name_claim(l, names, key->text, true);
    if (same < 0)
        return same == -1;
    pt_diag *d = pt_load_error(l, PT_E_NAME_TAKEN, key->place, "the columns '%s' and '%.*s' differ in capitals alone",
                               columns[same].name, (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "SQL does not tell them apart; the first is on line %d", columns[same].place.line);
    return false;
}

static void read_columns(const pt_fields *f, pt_source *s, size_t source)
{
    pt_loader *l = f->loader;
    const pt_yaml *map = pt_field(f, "columns");

    if (!map || !pt_load_is_map(l, map, "columns")) {
        l->incomplete |= map != NULL;
        return;
    }
    pt_source_column *columns = PT_NEW_ARRAY(l->arena, pt_source_column, map->n);
    pt_intern *names = pt_intern_new();
    if (!columns || !names) {
        l->nomem = true;
        pt_intern_free(names);
        return;
    }
    s->columns = columns;
    for (size_t i = 0; i < map->n && !l->nomem; i++) {
        if (!claim_column(l, names, map->keys[i], columns))
            continue;
        pt_source_column *c = &columns[s->n_columns];
        c->name = copy_text(l, map->keys[i]->text);
        c->place = map->keys[i]->place;
        c->trust = NAN;
        read_column(l, c, source, s->n_columns, map->items[i]);
        s->n_columns++;
    }
    pt_intern_free(names);
}

/* --- customer and time -------------------------------------------------------------------------------------------- */

static void read_customer(const pt_fields *f, pt_source *s)
{
    pt_loader *l = f->loader;
    const pt_yaml *key = pt_field_key(f, "customer");

    if (s->kind == PT_SOURCE_REFERENCE) {
        if (key)
            pt_load_error(l, PT_E_KIND_FORBIDS, key->place, "a reference has no customers");
        return;
    }
    const pt_yaml *map = pt_field_required(f, "customer");
    if (!map || !pt_load_is_map(l, map, "customer"))
        return;
    pt_source_identifier *ids = PT_NEW_ARRAY(l->arena, pt_source_identifier, map->n);
    if (!ids) {
        l->nomem = true;
        return;
    }
    s->identifiers = ids;
    for (size_t i = 0; i < map->n; i++) {
        pt_source_identifier *id = &ids[s->n_identifiers];
        if (!pt_load_name(l, map->keys[i], PT_NAME_IDENTIFIER))
            continue;
        id->type = copy_text(l, map->keys[i]->text);
        id->place = map->keys[i]->place;
        if (map->items[i]->kind == PT_YAML_NULL)
            pt_load_error(l, PT_E_MISSING_KEY, id->place, "the identifier '%s' needs a column", id->type);
        else if (pt_yaml_as_text(l, &id->column, map->items[i], id->type))
            s->n_identifiers++;
    }
    if (map->n == 0 || (s->kind == PT_SOURCE_LINK && map->n < 2))
        pt_load_error(l, PT_E_MISSING_KEY, key->place,
                      s->kind == PT_SOURCE_LINK ? "'customer' needs two identifiers to link"
                                                : "'customer' needs an identifier");
}

static void read_time_map(pt_loader *l, pt_source *s, const pt_yaml *map, const pt_yaml *key)
{
    pt_fields f = {.loader = l, .map = map, .owner = key->place, .what = "time"};

    pt_fields_known(&f, time_keys, PT_COUNT(time_keys));
    pt_yaml_as_text(l, &s->time, pt_field_required(&f, "column"), "column");
    pt_field_text(&f, &s->time_format, "format");
    pt_field_zone(&f, &s->zone, "zone");
}

static void read_time(const pt_fields *f, pt_source *s)
{
    pt_loader *l = f->loader;
    const pt_yaml *key = pt_field_key(f, "time");

    if (s->kind == PT_SOURCE_REFERENCE) {
        if (key)
            pt_load_error(l, PT_E_KIND_FORBIDS, key->place, "a reference has no time");
        return;
    }
    const pt_yaml *value = s->kind == PT_SOURCE_EVENT ? pt_field_required(f, "time") : pt_field(f, "time");
    if (value && value->kind == PT_YAML_MAP)
        read_time_map(l, s, value, key);
    else
        pt_yaml_as_text(l, &s->time, value, "time");
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static bool has_scheme(const char *from)
{
    const char *colon = strstr(from, ":");

    return colon && (strncmp(colon, "://", 3) == 0 || pt_sv_has_prefix(pt_sv_of(from), "sqlite:"));
}

static void read_from(const pt_fields *f, pt_source *s)
{
    const pt_yaml *value = pt_field_required(f, "from");

    if (!value)
        return;
    pt_field_texts(f, &s->from, &s->n_from, "from");
    for (size_t i = 0; i < s->n_from; i++) {
        pt_place place = value->kind == PT_YAML_LIST && i < value->n ? value->items[i]->place : value->place;
        if (s->from[i][0] == '\0')
            pt_load_error(f->loader, PT_E_BAD_VALUE, place, "an empty path in 'from'");
        if (has_scheme(s->from[i])) {
            pt_diag *d = pt_load_error(f->loader, PT_E_NOT_SUPPORTED, place, "this version reads files only");
            pt_diag_hint(f->loader->diags, d, "databases, URLs and streams come with a later version");
        }
    }
    if (value->kind == PT_YAML_LIST && value->n == 0)
        pt_load_error(f->loader, PT_E_MISSING_KEY, value->place, "'from' names no file");
}

static void read_file_format(const pt_fields *f, pt_source *s)
{
    static const char *const formats[] = {"csv", "jsonl", "parquet", "tsv"}; /* as pt_file_format, from PT_FORMAT_CSV */
    int choice;

    if (!pt_field_choice(f, &choice, "format", formats, PT_COUNT(formats)))
        return;
    bool tabs = choice == 3;
    s->format = tabs ? PT_FORMAT_CSV : (pt_file_format)(PT_FORMAT_CSV + choice);
    if (tabs)
        s->delimiter = "\t";
}

static void read_encoding(const pt_fields *f, pt_source *s)
{
    const pt_yaml *value = pt_field(f, "encoding");
    const char *name;

    if (!pt_yaml_as_text(f->loader, &name, value, "encoding"))
        return;
    iconv_t converter = iconv_open("UTF-8", name);
    if (converter != (iconv_t)-1) {
        iconv_close(converter);
        s->encoding = name;
        return;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "unknown encoding '%s'", name);
    pt_diag_hint(f->loader->diags, d, "for example utf-8, gb18030, big5");
}

static void read_character(const pt_fields *f, const char **out, const char *key)
{
    const pt_yaml *value = pt_field(f, key);
    const char *text;

    if (!pt_yaml_as_text(f->loader, &text, value, key))
        return;
    if (strcmp(text, "tab") == 0)
        text = "\t";
    if (strlen(text) == 1) {
        *out = text;
        return;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' must be one character", key);
    pt_diag_hint(f->loader->diags, d, "for example ',' or ';' or tab");
}

static void read_dialect(const pt_fields *f, pt_source *s)
{
    bool header;

    s->header = -1;
    read_file_format(f, s);
    read_encoding(f, s);
    read_character(f, &s->delimiter, "delimiter");
    read_character(f, &s->quote, "quote");
    if (pt_field_bool(f, &header, "header"))
        s->header = header;
    pt_field_texts(f, &s->missing_text, &s->n_missing_text, "missing");
}

/* The rules under `key`, for when the types of all columns are known. */
static void keep_rules(const pt_fields *f, const char *key, pt_pending_rules **list, size_t source)
{
    const pt_yaml *rules = pt_field(f, key);
    pt_pending_rules *p = rules ? PT_NEW(f->loader->arena, pt_pending_rules) : NULL;

    f->loader->nomem |= rules && !p;
    if (!p)
        return;
    *p = (pt_pending_rules){*list, source, rules};
    *list = p;
}

/* --- a source ----------------------------------------------------------------------------------------------------- */

static void read_source(pt_loader *l, pt_source *s, size_t number, const pt_yaml *map)
{
    char what[sizeof "the source ''" + 4 * PT_NAME_MOST_CHARACTERS];
    int kind = PT_SOURCE_RECORD;

    snprintf(what, sizeof what, "the source '%s'", s->name);
    s->header = -1;
    s->trust = 1;
    if (!pt_load_is_map(l, map, what)) {
        l->incomplete = true;
        return;
    }
    pt_fields f = {.loader = l, .map = map, .owner = s->place, .what = what};
    pt_fields_known(&f, source_keys, PT_COUNT(source_keys));
    read_from(&f, s);
    /* A source of unknown kind is read as far as no kind matters. */
    bool known = pt_field_required(&f, "kind") && pt_field_choice(&f, &kind, "kind", kind_names, PT_COUNT(kind_names));
    s->kind = (pt_source_kind)kind;
    if (known) {
        read_time(&f, s);
        read_customer(&f, s);
    }
    read_columns(&f, s, number);
    s->n_file_columns = s->n_columns;
    keep_rules(&f, "clean", &f.loader->cleans, number);
    keep_rules(&f, "quality", &f.loader->qualities, number);
    read_dialect(&f, s);
    pt_field_bool(&f, &s->optional, "optional");
    pt_field_label(&f, &s->label, "label");
    pt_field_trust(&f, &s->trust);
}

static bool claim_source(pt_loader *l, pt_intern *names, const pt_yaml *key)
{
    if (!pt_load_name(l, key, PT_NAME_SOURCE))
        return false;
    int64_t same = pt_name_claim(l, names, key->text, true);
    if (same < 0)
        return same == -1;
    const pt_source *first = &l->sources[same];
    bool equal = pt_sv_eq(pt_sv_of(first->name), key->text);
    pt_diag *d =
        pt_load_error(l, PT_E_NAME_TAKEN, key->place,
                      equal ? "a second source '%.*s'" : "the source '%.*s' differs from another in capitals alone",
                      (int)key->text.len, key->text.ptr);
    pt_diag_hint(l->diags, d, "'%s' is at %s:%d", first->name, first->place.file, first->place.line);
    return false;
}

static void read_file(pt_loader *l, pt_intern *names, const pt_yaml *root)
{
    for (size_t i = 0; i < root->n && !l->nomem; i++) {
        size_t number = l->project->n_sources;
        if (!claim_source(l, names, root->keys[i]))
            continue;
        l->project->n_sources++;
        l->sources[number].name = copy_text(l, root->keys[i]->text);
        l->sources[number].place = root->keys[i]->place;
        read_source(l, &l->sources[number], number, root->items[i]);
    }
}

void pt_load_sources(pt_loader *l)
{
    const pt_documents *files = &l->source_files;
    pt_intern *names = pt_intern_new();
    size_t most = pt_documents_entries(l, files) + pt_load_circles_most(l);

    l->sources = PT_NEW_ARRAY(l->arena, pt_source, most);
    l->project->sources = l->sources;
    l->nomem |= !names || !l->sources;
    for (size_t i = 0; i < files->n && !l->nomem; i++)
        if (files->items[i].root)
            read_file(l, names, files->items[i].root);
    pt_intern_free(names);
}
