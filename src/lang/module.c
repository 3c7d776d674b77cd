/* All tags of a catalogue: parse each, put them in order, check each after the tags it uses. */
#include <stdio.h>
#include <stdlib.h>

#include "lang/check.h"

/* One expression: a tag's value, or the condition of one tier. */
typedef struct unit {
    pt_checker checker;
    const pt_syn *syn; /* NULL when it could not be parsed */
} unit;

/* A name in a unit that means a tag. */
typedef struct edge {
    uint32_t tag;
    uint32_t unit;
    pt_span span;
} edge;

typedef struct builder {
    pt_module *module;
    pt_diags *diags;
    pt_arena *arena;
    pt_node const **tags, **confidences;
    pt_type *types;
    uint32_t *order;
    uint32_t *first_unit; /* of each tag; n_tags + 1 */
    unit *units;
    edge *edges; /* heap */
    size_t n_edges, cap_edges;
    uint32_t *first_edge; /* of each tag; n_tags + 1 */
    uint32_t unit;        /* being walked */
    bool nomem;
} builder;

static void start_checker(pt_checker *c, const pt_module *module, pt_sv text, pt_place place, pt_diags *diags,
                          pt_arena *arena)
{
    *c = (pt_checker){
        .reader = {.text = text, .start = place, .diags = diags, .arena = arena},
        .catalog = module->catalog,
        .names = module->names,
        .tags = module->tags,
        .tag_types = module->types,
        .scope = PT_LEVEL_CUSTOMER,
        .history = module->catalog->history,
        .ahead = module->catalog->ahead,
    };
}

/* --- parsing ------------------------------------------------------------------------------------------------------ */

static size_t units_of(const pt_lang_tag *tag)
{
    return tag->external ? 0 : tag->n_tiers ? tag->n_tiers : 1;
}

static bool allocate(builder *b, const pt_catalog *catalog)
{
    size_t n = catalog->n_tags, units = 0;

    for (size_t i = 0; i < n; i++)
        units += units_of(&catalog->tags[i]);
    b->tags = PT_NEW_ARRAY(b->arena, const pt_node *, n);
    b->types = PT_NEW_ARRAY(b->arena, pt_type, n);
    b->order = PT_NEW_ARRAY(b->arena, uint32_t, n);
    b->first_unit = PT_NEW_ARRAY(b->arena, uint32_t, n + 1);
    b->first_edge = PT_NEW_ARRAY(b->arena, uint32_t, n + 1);
    b->units = PT_NEW_ARRAY(b->arena, unit, units);
    b->confidences = PT_NEW_ARRAY(b->arena, const pt_node *, n);
    b->module->confidences = b->confidences;
    b->module->names = pt_names_new(catalog, b->arena);
    b->module->tags = b->tags;
    b->module->types = b->types;
    b->module->order = b->order;
    b->module->n_tags = n;
    return b->tags && b->confidences && b->types && b->order && b->first_unit && b->first_edge && b->units &&
           b->module->names;
}

static void add_edge(void *ctx, uint32_t tag, const pt_syn *name)
{
    builder *b = ctx;

    if (!pt_grow(&b->edges, &b->cap_edges, b->n_edges + 1, sizeof *b->edges))
        b->nomem = true;
    else
        b->edges[b->n_edges++] = (edge){tag, b->unit, name->span};
}

static void parse_unit(builder *b, pt_sv text, pt_place place, bool ahead)
{
    unit *u = &b->units[b->unit];

    start_checker(&u->checker, b->module, text, place, b->diags, b->arena);
    u->checker.ahead = ahead;
    u->syn = pt_parse(&u->checker.reader);
    if (u->syn)
        pt_syn_each_tag(b->module->catalog, b->module->names, u->syn, add_edge, b);
    b->nomem |= u->checker.reader.nomem;
    b->unit++;
}

static void parse_tags(builder *b)
{
    const pt_catalog *catalog = b->module->catalog;

    for (size_t i = 0; i < catalog->n_tags; i++) {
        const pt_lang_tag *tag = &catalog->tags[i];
        b->first_unit[i] = b->unit;
        b->first_edge[i] = (uint32_t)b->n_edges;
        b->types[i] = tag->type;
        for (size_t t = 0; t < tag->n_tiers && !tag->external; t++)
            parse_unit(b, tag->tiers[t].condition, tag->tiers[t].place, tag->ahead);
        if (!tag->external && !tag->n_tiers)
            parse_unit(b, tag->value, tag->place, tag->ahead);
    }
    b->first_unit[catalog->n_tags] = b->unit;
    b->first_edge[catalog->n_tags] = (uint32_t)b->n_edges;
}

/* --- order and cycles --------------------------------------------------------------------------------------------- */

enum { NEW, OPEN, DONE };

/* Depth-first over what tags use, on a stack of its own: chains of tags may be long. */
typedef struct search {
    builder *b;
    uint8_t *state;    /* NEW; OPEN while on the path; DONE */
    bool *reported;    /* in a cycle that was reported */
    uint32_t *path;    /* tags from the start to the one looked at */
    uint32_t *edge_at; /* for each on the path, the edge looked at */
    size_t depth;
    size_t ordered;
} search;

static const char *tag_name(const search *s, uint32_t tag)
{
    return s->b->module->catalog->tags[tag].name;
}

/* The path from place `from` on, closed: "a -> b -> a", beginning at place `begin` of it. */
static void write_cycle(const search *s, pt_str *out, size_t from, size_t begin)
{
    enum { SHOWN = 8 };
    size_t length = s->depth - from;

    for (size_t i = 0; i < length && i < SHOWN; i++)
        pt_str_addf(out, "%s -> ", tag_name(s, s->path[from + (begin - from + i) % length]));
    pt_str_addf(out, "%s%s", length > SHOWN ? "... -> " : "", tag_name(s, s->path[begin]));
}

static void report_cycle(search *s, size_t from)
{
    for (size_t i = from; i < s->depth; i++) {
        const edge *e = &s->b->edges[s->edge_at[i]];
        pt_str text = {0};
        if (s->reported[s->path[i]])
            continue;
        s->reported[s->path[i]] = true;
        write_cycle(s, &text, from, i);
        s->b->nomem |= text.failed;
        bool segment = s->b->module->catalog->tags[s->path[i]].segment;
        pt_reader_problem(&s->b->units[e->unit].checker.reader, 306, e->span,
                          segment ? "the segment depends on itself: %s" : "the tag depends on itself: %s",
                          pt_str_cstr(&text));
        pt_str_free(&text);
    }
}

static void enter(search *s, uint32_t tag)
{
    s->state[tag] = OPEN;
    s->path[s->depth] = tag;
    s->edge_at[s->depth++] = s->b->first_edge[tag];
}

static void leave(search *s)
{
    uint32_t tag = s->path[--s->depth];

    s->state[tag] = DONE;
    s->b->order[s->ordered++] = tag;
    if (s->depth)
        s->edge_at[s->depth - 1]++;
}

static void step(search *s)
{
    uint32_t tag = s->path[s->depth - 1], at = s->edge_at[s->depth - 1], next;
    size_t from;

    if (at == s->b->first_edge[tag + 1]) {
        leave(s);
        return;
    }
    next = s->b->edges[at].tag;
    if (s->state[next] == NEW) {
        enter(s, next);
        return;
    }
    if (s->state[next] == OPEN) {
        for (from = s->depth - 1; s->path[from] != next;)
            from--;
        report_cycle(s, from);
    }
    s->edge_at[s->depth - 1]++;
}

static void order_tags(builder *b)
{
    size_t n = b->module->catalog->n_tags;
    search s = {.b = b,
                .state = PT_NEW_ARRAY(b->arena, uint8_t, n),
                .reported = PT_NEW_ARRAY(b->arena, bool, n),
                .path = PT_NEW_ARRAY(b->arena, uint32_t, n),
                .edge_at = PT_NEW_ARRAY(b->arena, uint32_t, n)};

    if (!s.state || !s.reported || !s.path || !s.edge_at) {
        b->nomem = true;
        return;
    }
    for (uint32_t tag = 0; tag < n; tag++) {
        if (s.state[tag] == NEW)
            enter(&s, tag);
        while (s.depth)
            step(&s);
    }
}

/* --- checking ----------------------------------------------------------------------------------------------------- */

static const pt_node *check_value(unit *u, const pt_lang_tag *tag)
{
    char what[120];

    if (!u->syn)
        return NULL;
    snprintf(what, sizeof what, tag->segment ? "the segment '%.80s'" : "the tag '%.80s'", tag->name);
    const pt_node *n = pt_check_wanted(&u->checker, pt_check_any(&u->checker, u->syn), tag->type, what);
    return n && pt_check_was_places(&u->checker, n) ? n : NULL;
}

static const pt_node *check_tiers(builder *b, unit *units, const pt_lang_tag *tag)
{
    const pt_node **conditions = PT_NEW_ARRAY(b->arena, const pt_node *, tag->n_tiers);
    const char **labels = PT_NEW_ARRAY(b->arena, const char *, tag->n_tiers);
    bool whole = tag->n_tiers <= PT_LANG_MAX_TIERS;
    pt_node *n;

    if (!conditions || !labels) {
        b->nomem = true;
        return NULL;
    }
    if (!whole)
        pt_reader_problem(&units[0].checker.reader, 313, (pt_span){0, 1}, "a tag has at most %d tiers",
                          PT_LANG_MAX_TIERS);
    for (size_t i = 0; i < tag->n_tiers && tag->n_tiers <= PT_LANG_MAX_TIERS; i++) {
        unit *u = &units[i];
        if (u->syn)
            conditions[i] = pt_check_condition(&u->checker, u->syn, "the condition of a tier");
        whole &= pt_check_label(&u->checker, (pt_span){0, 1}, tag->tiers[i].label, labels, (uint32_t)i);
        whole &= conditions[i] != NULL;
    }
    if (!whole)
        return NULL;
    n = pt_make_node(&units[0].checker, PT_NODE_TIERS, PT_TYPE_CATEGORY, (pt_span){0, 0}, conditions,
                     (uint32_t)tag->n_tiers);
    if (n)
        n->u.labels = labels;
    return n ? pt_check_wanted(&units[0].checker, n, tag->type, "a tiered tag") : NULL;
}

/* `ttl:` and `on_empty: keep` of the tag. */
static const pt_node *add_freshness(pt_checker *c, const pt_node *n, const pt_lang_tag *tag)
{
    pt_span span = pt_node_span(n);
    const pt_node *fresh = tag->ttl ? pt_make_fresh(c, span, n, tag->ttl) : n;

    if (!fresh && !c->reader.nomem) {
        pt_diag *d = pt_diags_add(c->reader.diags, PT_SEVERITY_ERROR, 331, tag->ttl_place,
                                  "no event or record stands behind this value");
        pt_diag_hint(c->reader.diags, d, "only what is counted from events and records grows old");
    }
    return fresh && tag->keep ? pt_make_keep(c, span, fresh, tag->ttl) : fresh;
}

static void check_tag(builder *b, uint32_t tag)
{
    const pt_lang_tag *t = &b->module->catalog->tags[tag];
    unit *units = &b->units[b->first_unit[tag]];

    if (t->external)
        return;
    b->tags[tag] = t->n_tiers ? check_tiers(b, units, t) : check_value(units, t);
    if (b->tags[tag] && (t->ttl || t->keep))
        b->tags[tag] = add_freshness(&units[0].checker, b->tags[tag], t);
    if (b->tags[tag])
        b->types[tag] = b->tags[tag]->type;
    for (uint32_t u = b->first_unit[tag]; u < b->first_unit[tag + 1]; u++)
        b->nomem |= b->units[u].checker.reader.nomem;
}

/* What stands beside a tag's definition and may name any tag: earlier definitions, its confidence. */
static void check_beside(builder *b, uint32_t tag)
{
    const pt_lang_tag *t = &b->module->catalog->tags[tag];
    pt_checker c;
    const pt_syn *syn;

    start_checker(&c, b->module, t->confidence, t->confidence_place, b->diags, b->arena);
    b->nomem |= !pt_check_previous(&c, tag);
    if (t->confidence.len && (syn = pt_parse(&c.reader)))
        b->confidences[tag] = pt_check_wanted(&c, pt_check_any(&c, syn), PT_TYPE_NUMBER, "the confidence of a tag");
    b->nomem |= c.reader.nomem;
}

static pt_rc build(builder *b, const pt_catalog *catalog, pt_err *err)
{
    b->module->catalog = catalog;
    if (!allocate(b, catalog))
        return pt_fail_nomem(err, "the tags");
    b->nomem = !pt_parse_previous(b->module->names, catalog, b->diags, b->arena);
    if (!b->nomem)
        parse_tags(b);
    if (!b->nomem)
        order_tags(b);
    for (size_t i = 0; i < catalog->n_tags && !b->nomem; i++)
        check_tag(b, b->order[i]);
    for (uint32_t t = 0; t < catalog->n_tags && !b->nomem; t++)
        check_beside(b, t);
    return b->nomem || b->diags->nomem ? pt_fail_nomem(err, "the tags") : PT_OK;
}

pt_rc pt_lang_check(pt_module **out, const pt_catalog *catalog, pt_diags *diags, pt_arena *arena, pt_err *err)
{
    builder b = {.diags = diags, .arena = arena, .module = PT_NEW(arena, pt_module)};
    pt_rc rc;

    *out = NULL;
    if (!b.module)
        return pt_fail_nomem(err, "the tags");
    rc = build(&b, catalog, err);
    free(b.edges);
    if (rc == PT_OK)
        *out = b.module;
    return rc;
}

pt_rc pt_lang_expression(const pt_node **out, const pt_module *module, pt_sv text, pt_place place, pt_type want,
                         pt_diags *diags, pt_arena *arena, pt_err *err)
{
    pt_checker c;
    const pt_syn *syn;

    *out = NULL;
    start_checker(&c, module, text, place, diags, arena);
    if ((syn = pt_parse(&c.reader)))
        *out = pt_check_wanted(&c, pt_check_any(&c, syn), want, "the expression");
    if (*out && !pt_check_was_places(&c, *out))
        *out = NULL;
    return c.reader.nomem || diags->nomem ? pt_fail_nomem(err, "an expression") : PT_OK;
}
