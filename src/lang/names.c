/* What names mean. Inside an aggregate a bare name is, in this order, a column of its source, `time`, a tag; elsewhere
 * it is a tag. A qualified name is always source.column. */
#include <stdlib.h>

#include "lang/check.h"

struct pt_names {
    uint32_t *tags; /* tag numbers in order of their names; of equal names the first counts */
    size_t n;
    const pt_syn ***previous; /* by tag number: its previous definitions as written, in the catalogue's order */
    const pt_catalog *catalog;
};

/* --- tables ------------------------------------------------------------------------------------------------------- */

static int by_tag_name(const void *a, const void *b, void *ctx)
{
    const pt_catalog *catalog = ctx;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    int order = strcmp(catalog->tags[x].name, catalog->tags[y].name);

    return order ? order : (x > y) - (x < y);
}

pt_names *pt_names_new(const pt_catalog *catalog, pt_arena *arena)
{
    pt_names *names = PT_NEW(arena, pt_names);

    if (!names || !(names->tags = PT_NEW_ARRAY(arena, uint32_t, catalog->n_tags)))
        return NULL;
    names->n = catalog->n_tags;
    if (!(names->previous = PT_NEW_ARRAY(arena, const pt_syn **, names->n)))
        return NULL;
    for (size_t i = 0; i < names->n; i++)
        if (!(names->previous[i] = PT_NEW_ARRAY(arena, const pt_syn *, catalog->tags[i].n_previous)))
            return NULL;
    names->catalog = catalog;
    for (size_t i = 0; i < names->n; i++)
        names->tags[i] = (uint32_t)i;
    qsort_r(names->tags, names->n, sizeof *names->tags, by_tag_name, (void *)catalog);
    return names;
}

int32_t pt_names_tag(const pt_names *names, pt_sv name)
{
    size_t low = 0, high = names->n;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (pt_sv_cmp(pt_sv_of(names->catalog->tags[names->tags[middle]].name), name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < names->n && pt_sv_eq(pt_sv_of(names->catalog->tags[names->tags[low]].name), name))
        return (int32_t)names->tags[low];
    return -1;
}

const pt_syn *pt_names_previous(const pt_names *names, uint32_t tag, uint32_t version)
{
    const pt_lang_tag *t = &names->catalog->tags[tag];

    for (size_t i = 0; i < t->n_previous; i++)
        if (t->previous[i].number == version)
            return names->previous[tag][i];
    return NULL;
}

void pt_names_set_previous(pt_names *names, uint32_t tag, size_t index, const pt_syn *syn)
{
    names->previous[tag][index] = syn;
}

int32_t pt_find_source(const pt_catalog *catalog, pt_sv name)
{
    for (size_t i = 0; i < catalog->n_sources; i++)
        if (pt_sv_eq(pt_sv_of(catalog->sources[i].name), name))
            return (int32_t)i;
    return -1;
}

int32_t pt_find_column(const pt_lang_source *source, pt_sv name)
{
    for (size_t i = 0; i < source->n_columns; i++)
        if (pt_sv_eq(pt_sv_of(source->columns[i].name), name))
            return (int32_t)i;
    return -1;
}

bool pt_source_visible(const pt_lang_source *source)
{
    return source->kind == PT_SOURCE_RECORD || source->kind == PT_SOURCE_EVENT;
}

/* --- suggestions -------------------------------------------------------------------------------------------------- */

/* Names that would have been right here: columns and time of `source` (-1: none), tags if asked, sources if asked. */
static void suggest(pt_checker *c, pt_diag *d, pt_sv word, int32_t source, bool tags, bool sources)
{
    const pt_catalog *cat = c->catalog;
    size_t most = (source >= 0 ? cat->sources[source].n_columns + 1 : 0) + cat->n_tags + cat->n_sources, n = 0;
    const char **list = pt_diags_full(c->reader.diags) ? NULL : pt_reader_alloc(&c->reader, most, sizeof *list);

    if (!list)
        return;
    if (source >= 0) {
        for (size_t i = 0; i < cat->sources[source].n_columns; i++)
            list[n++] = cat->sources[source].columns[i].name;
        list[n++] = "time";
    }
    for (size_t i = 0; tags && i < cat->n_tags; i++)
        list[n++] = cat->tags[i].name;
    for (size_t i = 0; sources && i < cat->n_sources; i++)
        if (pt_source_visible(&cat->sources[i]))
            list[n++] = cat->sources[i].name;
    if (n)
        pt_diag_suggest(c->reader.diags, d, word, list, n);
}

/* A source that has such a column; -1 when none has. */
static int32_t source_with_column(const pt_catalog *cat, pt_sv name)
{
    for (size_t i = 0; i < cat->n_sources; i++)
        if (pt_source_visible(&cat->sources[i]) && pt_find_column(&cat->sources[i], name) >= 0)
            return (int32_t)i;
    return -1;
}

static bool has_segments(const pt_catalog *catalog)
{
    return catalog->n_tags && catalog->tags[catalog->n_tags - 1].segment; /* they come last */
}

static const pt_node *unknown_name(pt_checker *c, const pt_syn *s)
{
    int32_t owner = source_with_column(c->catalog, s->name);
    pt_diag *d;

    if (pt_find_source(c->catalog, s->name) >= 0) {
        d = pt_reader_problem(&c->reader, 309, s->span, "'%.*s' is a source, not a value", PT_SV_ARG(s->name));
        pt_diag_hint(c->reader.diags, d, "summarise it: count(%.*s), last(%.*s.time), ...", PT_SV_ARG(s->name),
                     PT_SV_ARG(s->name));
        return NULL;
    }
    d = pt_reader_problem(&c->reader, 301, s->span,
                          c->scope >= 0              ? "unknown column or tag '%.*s'"
                          : has_segments(c->catalog) ? "unknown tag or segment '%.*s'"
                                                     : "unknown tag '%.*s'",
                          PT_SV_ARG(s->name));
    if (owner >= 0 && c->scope < 0)
        pt_diag_hint(c->reader.diags, d, "'%.*s' is a column of %s: write %s%s.%.*s%s", PT_SV_ARG(s->name),
                     c->catalog->sources[owner].name, c->catalog->sources[owner].kind == PT_SOURCE_EVENT ? "last(" : "",
                     c->catalog->sources[owner].name, PT_SV_ARG(s->name),
                     c->catalog->sources[owner].kind == PT_SOURCE_EVENT ? ")" : "");
    else
        suggest(c, d, s->name, c->scope, true, false);
    return NULL;
}

/* --- nodes -------------------------------------------------------------------------------------------------------- */

static pt_node *event_node(pt_checker *c, pt_node_kind kind, pt_type type, pt_span span, int32_t source)
{
    pt_node *n = pt_make_node(c, kind, type, span, NULL, 0);

    if (n)
        n->level = source;
    return n;
}

/* A column of `source`, or its time when column is -1. */
static const pt_node *column_node(pt_checker *c, pt_span span, int32_t source, int32_t column)
{
    pt_node *n;

    if (column < 0)
        return event_node(c, PT_NODE_TIME, PT_TYPE_INSTANT, span, source);
    n = event_node(c, PT_NODE_COLUMN, c->catalog->sources[source].columns[column].type, span, source);
    if (n)
        n->u.column = (uint32_t)column;
    return n;
}

static const pt_node *tag_node(pt_checker *c, const pt_syn *s, int32_t tag)
{
    pt_node *n;

    if (c->tag_types[tag] == PT_TYPE_NONE)
        return NULL;
    n = pt_make_node(c, PT_NODE_TAG, c->tag_types[tag], s->span, NULL, 0);
    if (n) {
        n->level = PT_LEVEL_CUSTOMER;
        n->u.tag = (uint32_t)tag;
    }
    return n;
}

/* What a bare `record.column` means: its last known value. */
static const pt_node *last_known(pt_checker *c, const pt_syn *s, int32_t source, int32_t column)
{
    pt_agg *agg = pt_reader_alloc(&c->reader, 1, sizeof *agg);
    const pt_node *value = column_node(c, s->span, source, column);
    pt_node *n;

    if (!agg || !value)
        return NULL;
    agg->fn = PT_AGG_LAST;
    agg->source = (uint32_t)source;
    agg->value = value;
    n = pt_make_node(c, PT_NODE_AGGREGATE, value->type, s->span, NULL, 0);
    if (n) {
        n->level = PT_LEVEL_CUSTOMER;
        n->u.agg = agg;
    }
    return n;
}

/* --- lookups ------------------------------------------------------------------------------------------------------ */

static const pt_node *needs_constant(pt_checker *c, const pt_syn *s)
{
    pt_diag *d = pt_reader_problem(&c->reader, 314, s->span, "a window's bounds cannot depend on the customer");

    pt_diag_hint(c->reader.diags, d, "use durations, dates, as_of and today(), for example since month_start(today())");
    return NULL;
}

static bool is_time(pt_sv name)
{
    return pt_sv_eq(name, PT_SV("time"));
}

static uint32_t present_version(const pt_checker *c, int32_t tag)
{
    return c->catalog->tags[tag].version ? c->catalog->tags[tag].version : 1;
}

static const pt_node *check_bare(pt_checker *c, const pt_syn *s)
{
    int32_t column, tag;
    uint32_t version;

    if (!s->quoted && pt_sv_eq(s->name, PT_SV("as_of")))
        return pt_make_node(c, PT_NODE_AS_OF, PT_TYPE_INSTANT, s->span, NULL, 0);
    if (c->scope == PT_LEVEL_CONSTANT)
        return needs_constant(c, s);
    if (c->scope >= 0) {
        column = pt_find_column(&c->catalog->sources[c->scope], s->name);
        if (column >= 0 || is_time(s->name))
            return column_node(c, s->span, c->scope, column);
    }
    if ((tag = pt_names_tag(c->names, s->name)) < 0 && (tag = pt_names_versioned(c->names, s->name, &version)) >= 0 &&
        version != present_version(c, tag))
        return pt_check_version(c, s, (uint32_t)tag, version);
    return tag >= 0 ? tag_node(c, s, tag) : unknown_name(c, s);
}

/* The visible source called `name`; -1 after a report. */
static int32_t known_source(pt_checker *c, pt_sv name, pt_span span)
{
    int32_t source = pt_find_source(c->catalog, name);
    pt_diag *d;

    if (source < 0) {
        d = pt_reader_problem(&c->reader, 302, span, "unknown source '%.*s'", PT_SV_ARG(name));
        suggest(c, d, name, -1, false, true);
        return -1;
    }
    if (!pt_source_visible(&c->catalog->sources[source])) {
        bool link = c->catalog->sources[source].kind == PT_SOURCE_LINK;
        d = pt_reader_problem(&c->reader, 328, span, "'%.*s' is a %s source: it holds nothing about one customer",
                              PT_SV_ARG(name), link ? "link" : "reference");
        pt_diag_hint(c->reader.diags, d,
                     link ? "links serve identity only"
                          : "take its columns into an event or record source with lookup:");
        return -1;
    }
    return source;
}

static const pt_node *unknown_column(pt_checker *c, const pt_syn *s, int32_t source)
{
    pt_diag *d = pt_reader_problem(&c->reader, 303, s->name_span, "source '%s' has no column '%.*s'",
                                   c->catalog->sources[source].name, PT_SV_ARG(s->name));

    suggest(c, d, s->name, source, false, false);
    return NULL;
}

static const pt_node *outside_aggregate(pt_checker *c, const pt_syn *s)
{
    pt_sv text = pt_reader_text(&c->reader, s->span);
    pt_diag *d = pt_reader_problem(&c->reader, 305, s->span, "'%.*s' has a value for each event, a customer has many",
                                   PT_SV_ARG(text));

    pt_diag_hint(c->reader.diags, d, "say which one is meant: last(%.*s), max(%.*s), ...", PT_SV_ARG(text),
                 PT_SV_ARG(text));
    return NULL;
}

static const pt_node *other_source(pt_checker *c, const pt_syn *s, int32_t source)
{
    pt_diag *d = pt_reader_problem(&c->reader, 307, s->span, "this is about '%s', not '%s'",
                                   c->catalog->sources[c->scope].name, c->catalog->sources[source].name);

    pt_diag_hint(c->reader.diags, d, "make a tag of what you need from '%s' and use the tag here",
                 c->catalog->sources[source].name);
    return NULL;
}

static const pt_node *check_qualified(pt_checker *c, const pt_syn *s)
{
    int32_t source = known_source(c, s->qualifier, s->qualifier_span), column;

    if (source < 0)
        return NULL;
    column = pt_find_column(&c->catalog->sources[source], s->name);
    if (column < 0 && !is_time(s->name))
        return unknown_column(c, s, source);
    if (c->scope == PT_LEVEL_CONSTANT)
        return needs_constant(c, s);
    if (c->scope == source)
        return column_node(c, s->span, source, column);
    if (c->scope >= 0)
        return other_source(c, s, source);
    if (c->catalog->sources[source].kind == PT_SOURCE_EVENT)
        return outside_aggregate(c, s);
    return last_known(c, s, source, column);
}

const pt_node *pt_check_name(pt_checker *c, const pt_syn *name)
{
    return name->qualifier.ptr ? check_qualified(c, name) : check_bare(c, name);
}

int32_t pt_check_source_name(pt_checker *c, const pt_syn *name)
{
    int32_t owner = pt_find_source(c->catalog, name->name) < 0 ? source_with_column(c->catalog, name->name) : -1;
    pt_diag *d;

    if (owner < 0)
        return known_source(c, name->name, name->span);
    d = pt_reader_problem(&c->reader, 302, name->span, "unknown source '%.*s'", PT_SV_ARG(name->name));
    pt_diag_hint(c->reader.diags, d, "write %s.%.*s", c->catalog->sources[owner].name, PT_SV_ARG(name->name));
    return -1;
}
