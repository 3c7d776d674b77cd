/* Lookups across sources: `category: {lookup: products.category by sku}`. Each must name a reference and a column of
 * it; a column without a type of its own takes that of the column looked up, which may itself be a lookup. */
#include "project/load.h"

enum { MOST_SUGGESTED = 256 }; /* names that a misspelt one is compared with */

typedef struct lookup_plan {
    pt_loader *loader;
    pt_pending_lookup **first; /* by source: its first lookup; the others follow it */
    bool *settled;             /* by source: the types of its columns are known */
} lookup_plan;

typedef struct words {
    const pt_yaml *text;
    size_t at;
} words;

/* The next word: a run without spaces, or SQL's "quoted name" (returned without quotes). Empty at the end. */
static pt_sv next_word(words *w)
{
    pt_sv s = w->text->text;
    size_t from;

    while (w->at < s.len && s.ptr[w->at] == ' ')
        w->at++;
    from = w->at;
    if (from < s.len && s.ptr[from] == '"') {
        const char *end = memchr(s.ptr + from + 1, '"', s.len - from - 1);
        w->at = end ? (size_t)(end - s.ptr) + 1 : s.len;
        return (pt_sv){s.ptr + from + 1, w->at - from - 1 - (end ? 1 : 0)};
    }
    while (w->at < s.len && s.ptr[w->at] != ' ')
        w->at++;
    return (pt_sv){s.ptr + from, w->at - from};
}

static const char *copy(pt_loader *l, pt_sv s)
{
    const char *text = pt_arena_strndup(l->arena, s.ptr, s.len);

    l->nomem |= !text;
    return text;
}

static bool parse(pt_loader *l, pt_lookup *out, const pt_yaml *text)
{
    words w = {.text = text};
    pt_sv path = next_word(&w), by = next_word(&w), key = next_word(&w), equals = next_word(&w), other = next_word(&w);
    const char *dot = path.len ? memchr(path.ptr, '.', path.len) : NULL;
    size_t head = dot ? (size_t)(dot - path.ptr) : 0;
    pt_sv source = {path.ptr, head}, column = {path.ptr + head + 1, dot ? path.len - head - 1 : 0};

    bool ok = pt_is_name(source) && pt_is_name(column) && pt_sv_eq(by, PT_SV("by")) && key.len > 0;
    if (equals.len > 0)
        ok = ok && pt_sv_eq(equals, PT_SV("=")) && pt_is_name(other) && next_word(&w).len == 0;
    if (!ok) {
        pt_diag *d = pt_load_error(l, PT_E_LOOKUP_SYNTAX, text->place, "this is no lookup");
        pt_diag_hint(l->diags, d, "SOURCE.COLUMN by KEY, for example: products.category by sku");
        return false;
    }
    *out = (pt_lookup){.source = copy(l, source), .column = copy(l, column), .by = copy(l, key)};
    if (equals.len > 0)
        out->key = copy(l, other);
    return !l->nomem;
}

/* The place of `word` in the lookup's text, at or after byte `skip`. */
static pt_place part(pt_loader *l, const pt_yaml *text, const char *word, size_t skip)
{
    pt_place start;
    const char *at = strstr(text->text.ptr + skip, word);

    if (!at || !pt_yaml_text_place(&start, text, l->arena)) {
        l->nomem |= at != NULL;
        return text->place;
    }
    return pt_place_at(start, text->text, (size_t)(at - text->text.ptr), strlen(word));
}

static void unknown_source(pt_loader *l, const pt_lookup *k, const pt_yaml *text)
{
    const char *names[MOST_SUGGESTED];
    size_t n = 0;

    for (size_t i = 0; i < l->project->n_sources && n < MOST_SUGGESTED; i++)
        if (l->sources[i].kind == PT_SOURCE_REFERENCE)
            names[n++] = l->sources[i].name;
    pt_diag *d = pt_load_error(l, PT_E_LOOKUP_SOURCE, part(l, text, k->source, 0), "unknown source '%s'", k->source);
    if (n > 0)
        pt_diag_suggest(l->diags, d, pt_sv_of(k->source), names, n);
    else
        pt_diag_hint(l->diags, d, "there is no source of kind reference");
}

static const pt_source *find_reference(pt_loader *l, const pt_lookup *k, const pt_yaml *text)
{
    int i = pt_project_find_source(l->project, pt_sv_of(k->source));

    if (i < 0) {
        if (!l->incomplete)
            unknown_source(l, k, text);
        return NULL;
    }
    if (l->sources[i].kind == PT_SOURCE_REFERENCE)
        return &l->sources[i];
    pt_diag *d =
        pt_load_error(l, PT_E_LOOKUP_SOURCE, part(l, text, k->source, 0), "'%s' is not a reference", k->source);
    pt_diag_hint(l->diags, d, "only sources with 'kind: reference' can be looked up");
    return NULL;
}

/* The column looked up, or NULL (reported). */
static const pt_source_column *find_column(pt_loader *l, const pt_source *s, const char *name, pt_place place)
{
    const char *names[MOST_SUGGESTED];
    size_t n = 0;

    for (size_t i = 0; i < s->n_columns; i++) {
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
        if (n < MOST_SUGGESTED)
            names[n++] = s->columns[i].name;
    }
    pt_diag *d = pt_load_error(l, PT_E_LOOKUP_COLUMN, place, "'%s' has no column '%s'", s->name, name);
    if (n > 0)
        pt_diag_suggest(l->diags, d, pt_sv_of(name), names, n);
    return NULL;
}

static void set_key(pt_loader *l, pt_lookup *k, const pt_source *reference, const pt_yaml *text)
{
    if (k->key) {
        find_column(l, reference, k->key,
                    part(l, text, k->key, (size_t)(strrchr(text->text.ptr, '=') - text->text.ptr)));
    } else if (reference->n_columns > 0) {
        k->key = reference->columns[0].name;
    } else {
        pt_load_error(l, PT_E_LOOKUP_COLUMN, text->place, "'%s' declares no column to look up by", reference->name);
    }
}

/* The project's columns are const to everyone but the loader, which made them. */
static pt_source_column *column_of(pt_loader *l, const pt_pending_lookup *p)
{
    return (pt_source_column *)&l->sources[p->source].columns[p->column];
}

/* Text and category differ in how they are kept, not in their values. */
static bool same_values(pt_type a, pt_type b)
{
    return a == b || (pt_type_is_text(a) && pt_type_is_text(b));
}

static void settle_type(pt_loader *l, pt_source_column *c, const pt_source_column *target, const pt_pending_lookup *p)
{
    if (c->type == PT_TYPE_NONE && !p->type)
        c->type = target->type;
    if (c->type == PT_TYPE_NONE || target->type == PT_TYPE_NONE || same_values(c->type, target->type))
        return;
    pt_diag *d = pt_load_error(l, PT_E_UNKNOWN_TYPE, p->type->place, "'%s' is %s, but the column looked up is %s",
                               c->name, pt_type_name(c->type), pt_type_name(target->type));
    pt_diag_hint(l->diags, d, "leave 'type' out: it is that of the column looked up");
}

static void settle(pt_loader *l, const pt_pending_lookup *p)
{
    pt_source_column *c = column_of(l, p);
    const pt_source *reference = &l->sources[p->target];
    size_t dot = strlen(c->lookup.source) + 1;

    const pt_source_column *target =
        find_column(l, reference, c->lookup.column, part(l, p->text, c->lookup.column, dot));
    set_key(l, &c->lookup, reference, p->text);
    if (target)
        settle_type(l, c, target, p);
}

/* --- circles: a reference is settled after those it looks up ------------------------------------------------------ */

/* A lookup of `source` whose reference is not settled; NULL when there is none. */
static pt_pending_lookup *waits_for(const lookup_plan *plan, size_t source)
{
    for (pt_pending_lookup *p = plan->first[source]; p && p->source == source; p = p->next)
        if (p->target >= 0 && !plan->settled[p->target])
            return p;
    return NULL;
}

static bool settle_ready(const lookup_plan *plan)
{
    bool any = false;

    for (size_t s = 0; s < plan->loader->project->n_sources; s++) {
        if (plan->settled[s] || waits_for(plan, s))
            continue;
        for (pt_pending_lookup *p = plan->first[s]; p && p->source == s; p = p->next)
            if (p->target >= 0)
                settle(plan->loader, p);
        plan->settled[s] = any = true;
    }
    return any;
}

/* Every source left waits for another one left: following the waits must come round. */
static void report_circle(const lookup_plan *plan, size_t from)
{
    pt_loader *l = plan->loader;
    pt_str names = {0};
    size_t at = from;

    for (size_t steps = 0; steps < l->project->n_sources; steps++)
        at = (size_t)waits_for(plan, at)->target;
    pt_pending_lookup *first = waits_for(plan, at);
    pt_str_add(&names, l->sources[at].name);
    size_t next = at;
    do {
        next = (size_t)waits_for(plan, next)->target;
        pt_str_addf(&names, " -> %s", l->sources[next].name);
    } while (next != at);
    pt_load_error(l, PT_E_LOOKUP_CYCLE, first->text->place, "lookups in a circle: %s", pt_str_cstr(&names));
    pt_str_free(&names);
    first->target = -1;
}

static void settle_all(const lookup_plan *plan)
{
    size_t n = plan->loader->project->n_sources;

    for (;;) {
        while (settle_ready(plan))
            ;
        size_t left = 0;
        while (left < n && plan->settled[left])
            left++;
        if (left == n)
            return;
        report_circle(plan, left);
    }
}

static void find_targets(const lookup_plan *plan)
{
    pt_loader *l = plan->loader;

    for (pt_pending_lookup *p = l->lookups; p && !l->nomem; p = p->next) {
        pt_source_column *c = column_of(l, p);
        const pt_source *reference = NULL;
        if (!plan->first[p->source])
            plan->first[p->source] = p;
        if (p->text->kind != PT_YAML_SCALAR)
            pt_load_error(l, PT_E_WRONG_NODE, p->text->place, "'lookup': expected a text");
        else if (parse(l, &c->lookup, p->text))
            reference = find_reference(l, &c->lookup, p->text);
        p->target = reference ? (int)(reference - l->sources) : -1;
    }
}

void pt_load_lookups(pt_loader *l)
{
    size_t n = l->project->n_sources;
    lookup_plan plan = {.loader = l};

    plan.first = PT_NEW_ARRAY(l->arena, pt_pending_lookup *, n);
    plan.settled = PT_NEW_ARRAY(l->arena, bool, n);
    if (!plan.first || !plan.settled) {
        l->nomem = true;
        return;
    }
    find_targets(&plan);
    if (!l->nomem)
        settle_all(&plan);
}
