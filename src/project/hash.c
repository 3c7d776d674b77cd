/* Hashes of definitions: every field that has an effect, in a fixed order, each with its name and length, so that two
 * definitions give the same bytes only when they are the same. Labels have no effect on rows and are left out of a
 * source's hash; a tag's hash has everything that is stored with the tags. */
#include "project/load.h"

static void put(pt_str *s, const char *field, const char *value)
{
    if (!value)
        return;
    pt_str_addf(s, "%s %zu:", field, strlen(value));
    pt_str_add(s, value);
    pt_str_addc(s, '\n');
}

static void put_int(pt_str *s, const char *field, int64_t value)
{
    pt_str_addf(s, "%s %lld\n", field, (long long)value);
}

static void put_label(pt_str *s, const char *field, const pt_label *l)
{
    put(s, field, l->zh ? l->zh : "");
    put(s, field, l->en ? l->en : "");
}

/* --- sources ------------------------------------------------------------------------------------------------------ */

static void put_column(pt_str *s, const pt_source_column *c)
{
    put(s, "column", c->name);
    put_int(s, "type", c->type);
    put(s, "from", c->from);
    put_int(s, "computed", c->computed);
    put(s, "lookup", c->lookup.source);
    put(s, "lookup_column", c->lookup.column);
    put(s, "by", c->lookup.by);
    put(s, "key", c->lookup.key);
    put(s, "format", c->format);
    put(s, "zone", c->zone);
    put_int(s, "required", c->required);
}

/* An identifier's rule is part of the definition: the values stored are normalised, and blocked ones are absent. */
static void put_identifier(pt_str *s, const pt_project *p, const pt_source_identifier *id)
{
    put(s, "identifier", id->type);
    put(s, "column", id->column);
    for (size_t t = 0; t < p->identity.n_types; t++) {
        const pt_identifier_type *type = &p->identity.types[t];
        if (strcmp(type->name, id->type) != 0)
            continue;
        put(s, "normalize", type->normalize);
        for (size_t i = 0; i < type->n_blocked; i++)
            put(s, "blocked", type->blocked[i]);
    }
}

/* Rules that act while reading are part of what was read; the others are hashed apart, so that a change of theirs reads no
 * file again. A rule follows from its text, the types of the columns (which are hashed with them) and, for `map`, its
 * pairs. */
static void put_rule(pt_str *s, const pt_clean_rule *r)
{
    put(s, "rule", r->text);
    for (size_t i = 0; i < r->n_pairs; i++) {
        put(s, "from", r->pairs[i].from);
        put(s, "to", r->pairs[i].to);
    }
    put_int(s, "has_otherwise", r->has_otherwise);
    put(s, "otherwise", r->otherwise);
}

static pt_hash128 hash_clean(pt_str *s, const pt_source *src)
{
    pt_str_clear(s);
    for (size_t i = 0; i < src->n_clean; i++)
        if (!pt_clean_reads(&src->clean[i]))
            put_rule(s, &src->clean[i]);
    return s->len ? pt_hash128_of(pt_str_cstr(s), s->len) : (pt_hash128){0};
}

static void put_source(pt_str *s, const pt_project *p, const pt_source *src)
{
    put(s, "source", src->name);
    put(s, "project_zone", p->zone_name);
    put_int(s, "kind", src->kind);
    for (size_t i = 0; i < src->n_from; i++)
        put(s, "from", src->from[i]);
    put_int(s, "format", src->format);
    put(s, "encoding", src->encoding);
    put(s, "delimiter", src->delimiter);
    put(s, "quote", src->quote);
    put_int(s, "header", src->header);
    for (size_t i = 0; i < src->n_missing_text; i++)
        put(s, "missing", src->missing_text[i]);
    put(s, "time", src->time);
    put(s, "time_format", src->time_format);
    put(s, "zone", src->zone);
    for (size_t i = 0; i < src->n_identifiers; i++)
        put_identifier(s, p, &src->identifiers[i]);
    for (size_t i = 0; i < src->n_file_columns; i++)
        put_column(s, &src->columns[i]);
    for (size_t i = 0; i < src->n_clean; i++)
        if (pt_clean_reads(&src->clean[i]))
            put_rule(s, &src->clean[i]);
}

/* --- tags --------------------------------------------------------------------------------------------------------- */

static void put_text(pt_str *s, const char *field, pt_sv text)
{
    pt_str_addf(s, "%s %zu:", field, text.len);
    pt_str_addsv(s, text);
    pt_str_addc(s, '\n');
}

static void put_tag(pt_str *s, const pt_tag *t, const pt_lang_tag *twin)
{
    put(s, "tag", t->name);
    put_text(s, "value", twin->value);
    for (size_t i = 0; i < twin->n_tiers; i++) {
        put(s, "tier", twin->tiers[i].label);
        put_text(s, "condition", twin->tiers[i].condition);
    }
    put(s, "sql", t->sql);
    if (t->model) {
        put(s, "model", t->model->name);
        put_int(s, "output", t->model_output);
    }
    put_int(s, "ttl", twin->ttl);
    put_int(s, "keep", twin->keep);
    put_int(s, "version", t->version);
    for (size_t i = 0; i < twin->n_previous; i++) {
        put_int(s, "previous", twin->previous[i].number);
        put_text(s, "value", twin->previous[i].value);
    }
    put_int(s, "type", twin->type);
    put(s, "group", t->group);
    put_label(s, "label", &t->label);
    put_label(s, "description", &t->description);
    put_label(s, "unit", &t->unit);
    put_int(s, "origin", t->origin);
    put(s, "sensitivity", t->sensitivity);
    put(s, "owner", t->owner);
    put(s, "template", t->stands_for);
    put_label(s, "purpose", &t->purpose);
    put_label(s, "consent", &t->consent);
    for (size_t i = 0; i < t->n_tier_labels; i++) {
        put(s, "value_label", t->tier_labels[i].name);
        put_label(s, "label", &t->tier_labels[i].label);
    }
}

void pt_load_hash(pt_loader *l)
{
    pt_project *p = l->project;
    pt_str s = {0};

    for (size_t i = 0; i < p->n_sources; i++) {
        pt_str_clear(&s);
        put_source(&s, p, &l->sources[i]);
        l->sources[i].hash = pt_hash128_of(pt_str_cstr(&s), s.len);
        l->sources[i].clean_hash = hash_clean(&s, &l->sources[i]);
    }
    pt_str_clear(&s);
    for (size_t i = 0; i < p->n_tags; i++)
        put_tag(&s, &p->tags[i], &p->catalog.tags[i]);
    p->tags_hash = pt_hash128_of(pt_str_cstr(&s), s.len);
    l->nomem |= s.failed;
    pt_str_free(&s);
}
