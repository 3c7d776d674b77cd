/* `merge:` of a tag: what several sources say of one thing, made one value. It becomes an expression of the language, so
 * that the one evaluator does it. docs/merge.md is the definition. */
#include <stdio.h>

#include "project/load.h"

static const char *const merge_keys[] = {"from", "policy", "half_life"};
static const char *const policy_names[] = {"newest", "trusted", "frequent", "precedence",
                                           "all"}; /* as pt_merge_policy */

const char *pt_merge_policy_name(pt_merge_policy policy)
{
    return policy_names[policy];
}

/* --- trust -------------------------------------------------------------------------------------------------------- */

void pt_field_trust(const pt_fields *f, double *out)
{
    const pt_yaml *value = pt_field(f, "trust");
    const char *text;
    double trust;

    if (!pt_yaml_as_text(f->loader, &text, value, "trust"))
        return;
    if (pt_parse_double(&trust, value->text) && trust >= 0 && trust <= 1) {
        *out = trust;
        return;
    }
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no value of 'trust'", text);
    pt_diag_hint(f->loader->diags, d, "a number from 0 (not at all) to 1 (fully)");
}

static double trust_of(const pt_project *p, const pt_merge_source *m)
{
    double own = p->sources[m->source].columns[m->column].trust;

    return isnan(own) ? p->sources[m->source].trust : own;
}

/* --- from --------------------------------------------------------------------------------------------------------- */

static void suggest_sources(pt_loader *l, pt_diag *d, pt_sv word)
{
    const pt_project *p = l->project;
    const char **names = PT_NEW_ARRAY(l->arena, const char *, p->n_sources);
    size_t n = 0;

    l->nomem |= !names;
    for (size_t i = 0; names && i < p->n_sources; i++)
        if (p->sources[i].kind == PT_SOURCE_RECORD || p->sources[i].kind == PT_SOURCE_EVENT)
            names[n++] = p->sources[i].name;
    if (n)
        pt_diag_suggest(l->diags, d, word, names, n);
}

static bool find_source(pt_loader *l, pt_merge_source *m, pt_sv name, pt_place place)
{
    int found = pt_project_find_source(l->project, name);
    pt_diag *d;

    m->source = (uint32_t)found;
    if (found < 0) {
        if (!l->incomplete) {
            d = pt_load_error(l, PT_E_MERGE_COLUMN, place, "unknown source '%.*s'", (int)name.len, name.ptr);
            suggest_sources(l, d, name);
        }
        return false;
    }
    pt_source_kind kind = l->project->sources[found].kind;
    if (kind == PT_SOURCE_RECORD || kind == PT_SOURCE_EVENT)
        return true;
    d = pt_load_error(l, PT_E_MERGE_COLUMN, place, "'%.*s' holds nothing about one customer", (int)name.len, name.ptr);
    pt_diag_hint(l->diags, d, "merge columns of record and event sources");
    return false;
}

static bool find_column(pt_loader *l, pt_merge_source *m, pt_sv name, pt_place place)
{
    const pt_source *s = &l->project->sources[m->source];
    const char **names = PT_NEW_ARRAY(l->arena, const char *, s->n_columns);

    l->nomem |= !names;
    for (size_t i = 0; names && i < s->n_columns; i++) {
        names[i] = s->columns[i].name;
        m->column = (uint32_t)i;
        if (pt_sv_eq(pt_sv_of(names[i]), name))
            return true;
    }
    if (!names || l->incomplete)
        return false;
    pt_diag *d = pt_load_error(l, PT_E_MERGE_COLUMN, place, "source '%s' has no column '%.*s'", s->name, (int)name.len,
                               name.ptr);
    if (s->n_columns)
        pt_diag_suggest(l->diags, d, name, names, s->n_columns);
    return false;
}

/* "crm.gender" */
static bool read_item(pt_loader *l, pt_merge_source *m, const pt_yaml *item)
{
    const char *text;

    if (!pt_yaml_as_text(l, &text, item, "from"))
        return false;
    m->place = item->place;
    pt_sv whole = pt_sv_trim(item->text);
    const char *dot = memchr(whole.ptr, '.', whole.len);
    if (!dot) {
        pt_diag *d = pt_load_error(l, PT_E_MERGE_COLUMN, item->place, "'%s' names no column", text);
        pt_diag_hint(l->diags, d, "write SOURCE.COLUMN, for example crm.gender");
        return false;
    }
    pt_sv source = {whole.ptr, (size_t)(dot - whole.ptr)}, column = {dot + 1, whole.len - source.len - 1};
    if (!find_source(l, m, source, item->place) || !find_column(l, m, column, item->place))
        return false;
    m->trust = trust_of(l->project, m);
    return true;
}

static pt_type type_of(const pt_project *p, const pt_merge_source *m)
{
    return p->sources[m->source].columns[m->column].type;
}

/* text and category are one kind of value, number and money another. */
static pt_type kind_of(pt_type type)
{
    return type == PT_TYPE_CATEGORY ? PT_TYPE_TEXT : type == PT_TYPE_MONEY ? PT_TYPE_NUMBER : type;
}

static bool check_types(pt_loader *l, const pt_merge *merge)
{
    const pt_project *p = l->project;
    pt_type first = type_of(p, &merge->sources[0]);

    for (size_t i = 0; i < merge->n_sources; i++) {
        const pt_merge_source *m = &merge->sources[i];
        pt_type type = type_of(p, m);
        if (type == PT_TYPE_NONE || first == PT_TYPE_NONE)
            return false; /* the column has a problem of its own */
        bool texts = pt_type_is_text(type) || type == PT_TYPE_LIST;
        if (merge->policy != PT_MERGE_ALL && kind_of(type) != kind_of(first)) {
            pt_load_error(l, PT_E_MERGE_TYPE, m->place, "this column is %s, %s.%s before it %s", pt_type_name(type),
                          p->sources[merge->sources[0].source].name,
                          p->sources[merge->sources[0].source].columns[merge->sources[0].column].name,
                          pt_type_name(first));
            return false;
        }
        if ((merge->policy == PT_MERGE_ALL && !texts) || (merge->policy == PT_MERGE_FREQUENT && type == PT_TYPE_LIST)) {
            pt_load_error(l, PT_E_MERGE_TYPE, m->place, "'%s' cannot merge columns of type %s",
                          pt_merge_policy_name(merge->policy), pt_type_name(type));
            return false;
        }
    }
    return true;
}

static bool read_sources(const pt_fields *f, pt_merge *merge)
{
    pt_loader *l = f->loader;
    const pt_yaml *from = pt_field_required(f, "from");
    bool whole = from != NULL;

    if (from && (from->kind != PT_YAML_LIST || from->n < 1 || from->n > PT_MERGE_MOST)) {
        pt_diag *d = pt_load_error(l, PT_E_WRONG_NODE, from->place,
                                   "'from' of a merge: expected a list of 1 to %d columns", PT_MERGE_MOST);
        pt_diag_hint(l->diags, d, "for example [crm.gender, app.sex]");
        return false;
    }
    pt_merge_source *sources = PT_NEW_ARRAY(l->arena, pt_merge_source, from ? from->n : 0);
    l->nomem |= !sources;
    for (size_t i = 0; from && sources && i < from->n; i++)
        whole &= read_item(l, &sources[i], from->items[i]);
    merge->sources = sources;
    merge->n_sources = from ? from->n : 0;
    return whole && sources && check_types(l, merge);
}

static void read_half_life(const pt_fields *f, pt_merge *merge)
{
    const pt_yaml *value = pt_field(f, "half_life");
    const char *text;

    if (!pt_yaml_as_text(f->loader, &text, value, "half_life"))
        return;
    if (pt_duration_parse(&merge->half_life, value->text) && merge->half_life > 0)
        return;
    merge->half_life = 0;
    pt_diag *d = pt_load_error(f->loader, PT_E_BAD_VALUE, value->place, "'%s' is no value of 'half_life'", text);
    pt_diag_hint(f->loader->diags, d, "a length of time above zero, for example 365d");
}

/* --- the expression ----------------------------------------------------------------------------------------------- */

/* Whether a source may have rows with a time. */
static bool is_dated(const pt_source *s)
{
    return s->kind == PT_SOURCE_EVENT || s->time;
}

/* The trust halves with age; what has no time has no age, and keeps it. */
static void write_trust(pt_str *s, double trust, int64_t half_life, const char *time)
{
    char number[32] = "", duration[64];

    pt_format_double(number, trust);
    if (half_life && time)
        pt_str_addf(s, "coalesce(%s * pow(0.5, (as_of - %s) / (%s)), %s)", number, time,
                    pt_duration_format(duration, half_life), number);
    else
        pt_str_add(s, number);
}

static void write_source(pt_loader *l, pt_str *s, const pt_merge *merge, const pt_merge_source *m)
{
    const pt_source *source = &l->project->sources[m->source];
    const char *column = source->columns[m->column].name, *time = NULL;

    if (is_dated(source)) {
        time = pt_arena_printf(l->arena, "last(`%s`.time where `%s` is not missing)", source->name, column);
        l->nomem |= !time;
    }
    pt_str_addf(s, "last(`%s`.`%s`), %s, ", source->name, column, time ? time : "missing");
    write_trust(s, m->trust, merge->half_life, time);
}

static void write_expression(pt_loader *l, const pt_merge *merge, pt_lang_tag *twin)
{
    pt_str s = {0};

    pt_str_addf(&s, "merge_%s(", pt_merge_policy_name(merge->policy));
    for (size_t i = 0; i < merge->n_sources; i++) {
        pt_str_add(&s, i ? ", " : "");
        write_source(l, &s, merge, &merge->sources[i]);
    }
    pt_str_addc(&s, ')');
    const char *text = s.failed ? NULL : pt_arena_strndup(l->arena, s.ptr, s.len);
    l->nomem |= !text;
    if (text)
        twin->value = (pt_sv){text, s.len};
    pt_str_free(&s);
}

void pt_load_merge(pt_loader *l, pt_tag *t, pt_lang_tag *twin, const pt_yaml *value)
{
    char what[sizeof "'merge' of the tag ''" + 4 * PT_NAME_MOST_CHARACTERS];
    pt_merge *merge = PT_NEW(l->arena, pt_merge);
    int policy = PT_MERGE_NEWEST;

    snprintf(what, sizeof what, "'merge' of the tag '%s'", t->name);
    pt_fields f = {.loader = l, .map = value, .owner = value->place, .what = what};
    l->nomem |= !merge;
    if (!merge || !pt_load_is_map(l, value, what))
        return;
    pt_fields_known(&f, merge_keys, PT_COUNT(merge_keys));
    if (pt_field_required(&f, "policy"))
        pt_field_choice(&f, &policy, "policy", policy_names, PT_COUNT(policy_names));
    merge->policy = (pt_merge_policy)policy;
    read_half_life(&f, merge);
    if (!read_sources(&f, merge))
        return;
    t->merge = merge;
    write_expression(l, merge, twin);
}
