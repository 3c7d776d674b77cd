#include "app/deps.h"

#include <stdlib.h>

#include "app/deps_int.h"
#include "app/training.h"

static const char *const kind_names[PT_DEP_KIND_COUNT] = {"file", "file_column", "rule", "rows",   "column",
                                                          "tag",  "check",       "card", "segment"};

const char *pt_dep_kind_name(pt_dep_kind kind)
{
    return kind_names[kind];
}

typedef struct edge {
    uint32_t from, to;
} edge;

typedef struct maker {
    const pt_project *p;
    pt_arena *arena;
    pt_dep *nodes;
    size_t n, cap;
    edge *edges;
    size_t n_edges, cap_edges;
    uint32_t *rows;     /* by source */
    uint32_t **columns; /* by source and column */
    uint32_t *tags;     /* by tag, then by segment, as conditions number them */
    uint32_t **last;    /* by source and column: the last rule on it so far; NONE: no rule */
    bool nomem;         /* sticky */
} maker;

#define NONE UINT32_MAX

static uint32_t add_node(maker *m, pt_dep_kind kind, const char *name, const char *detail, int32_t source, int32_t tag)
{
    m->nomem |= !name || !pt_grow(&m->nodes, &m->cap, m->n + 1, sizeof *m->nodes);
    if (m->nomem)
        return 0;
    m->nodes[m->n] = (pt_dep){kind, name, detail, source, tag};
    return (uint32_t)m->n++;
}

static void add_edge(maker *m, uint32_t from, uint32_t to)
{
    m->nomem |= !pt_grow(&m->edges, &m->cap_edges, m->n_edges + 1, sizeof *m->edges);
    if (!m->nomem && from != to)
        m->edges[m->n_edges++] = (edge){from, to};
}

/* --- files -------------------------------------------------------------------------------------------------------- */

static uint32_t find_node(const maker *m, pt_dep_kind kind, int32_t source, const char *name)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->nodes[i].kind == kind && (source < 0 || m->nodes[i].source == source) &&
            strcmp(m->nodes[i].name, name) == 0)
            return (uint32_t)i;
    return NONE;
}

/* Two sources may read one file. */
static uint32_t file_node(maker *m, const char *path)
{
    uint32_t found = find_node(m, PT_DEP_FILE, -1, path);

    return found != NONE ? found : add_node(m, PT_DEP_FILE, path, NULL, -1, -1);
}

static void add_files(maker *m, uint32_t source, uint32_t to)
{
    const pt_source *s = &m->p->sources[source];

    for (size_t i = 0; i < s->n_from; i++)
        add_edge(m, file_node(m, s->from[i]), to);
}

static uint32_t file_column_node(maker *m, uint32_t source, pt_sv column)
{
    const char *name = pt_arena_printf(m->arena, "%s:%.*s", m->p->sources[source].name, (int)column.len, column.ptr);
    uint32_t found = name ? find_node(m, PT_DEP_FILE_COLUMN, (int32_t)source, name) : NONE;

    if (found != NONE)
        return found;
    found = add_node(m, PT_DEP_FILE_COLUMN, name, NULL, (int32_t)source, -1);
    add_files(m, source, found);
    return found;
}

/* --- what a column comes from ------------------------------------------------------------------------------------- */

typedef struct reading {
    maker *m;
    uint32_t source;
    int column; /* whose definition is read; -1: none */
    uint32_t to;
    size_t found;
} reading;

/* A name in an expression over one row: a declared column first, then a column of the file. */
static void read_name(void *ctx, pt_sv qualifier, pt_sv name)
{
    reading *r = ctx;
    int column = pt_source_find_column(&r->m->p->sources[r->source], name);

    (void)qualifier;
    r->found++;
    if (column >= 0 && column != r->column)
        add_edge(r->m, r->m->columns[r->source][column], r->to);
    else
        add_edge(r->m, file_column_node(r->m, r->source, name), r->to);
}

static size_t read_expression(maker *m, uint32_t source, int column, const char *sql, uint32_t to)
{
    reading r = {m, source, column, to, 0};

    deps_each_name(pt_sv_of(sql), read_name, &r);
    return r.found;
}

static void read_lookup(maker *m, uint32_t source, const pt_lookup *l, uint32_t to)
{
    int reference = pt_project_find_source(m->p, pt_sv_of(l->source));

    read_expression(m, source, -1, l->by, to);
    if (reference < 0)
        return;
    const pt_source *s = &m->p->sources[reference];
    int column = pt_source_find_column(s, pt_sv_of(l->column));
    int key = l->key ? pt_source_find_column(s, pt_sv_of(l->key)) : 0;
    add_edge(m, m->rows[reference], to);
    if (column >= 0)
        add_edge(m, m->columns[reference][column], to);
    if (key >= 0 && s->n_columns)
        add_edge(m, m->columns[reference][key], to);
}

/* What the file gives for a column goes into `to`: the column, or the first rule on it. */
static void read_column(maker *m, uint32_t source, size_t column, uint32_t to)
{
    const pt_source_column *c = &m->p->sources[source].columns[column];

    if (c->lookup.source)
        read_lookup(m, source, &c->lookup, to);
    else if (!c->computed)
        add_edge(m, file_column_node(m, source, pt_sv_of(c->from ? c->from : c->name)), to);
    else if (!read_expression(m, source, (int)column, c->from, to))
        add_edge(m, m->rows[source], to);
}

/* --- rules -------------------------------------------------------------------------------------------------------- */

/* The value of a column as a rule meets it: after the rules before it. */
static void use_column(maker *m, uint32_t source, size_t column, uint32_t to)
{
    if (m->last[source][column] != NONE)
        add_edge(m, m->last[source][column], to);
    else
        read_column(m, source, column, to);
}

typedef struct condition {
    maker *m;
    uint32_t source, to;
} condition;

static void use_name(void *ctx, pt_sv qualifier, pt_sv name)
{
    condition *c = ctx;
    int column = pt_source_find_column(&c->m->p->sources[c->source], name);

    (void)qualifier;
    if (column >= 0)
        use_column(c->m, c->source, (size_t)column, c->to);
}

static void use_named(maker *m, uint32_t source, const char *name, uint32_t to)
{
    use_name(&(condition){m, source, to}, (pt_sv){NULL, 0}, pt_sv_of(name));
}

static bool drops_rows(const pt_clean_rule *r)
{
    return r->kind == PT_CLEAN_DROP || r->kind == PT_CLEAN_DEDUPE || r->kind == PT_CLEAN_NEAR ||
           (r->kind == PT_CLEAN_OUTLIERS && r->action == PT_OUTLIERS_DROP);
}

static void add_rule(maker *m, uint32_t source, const pt_clean_rule *r)
{
    const pt_source *s = &m->p->sources[source];
    uint32_t node = add_node(m, PT_DEP_RULE, r->text, NULL, (int32_t)source, -1);
    condition c = {m, source, node};
    int column = r->column ? pt_source_find_column(s, pt_sv_of(r->column)) : -1;
    int adds = r->adds ? pt_source_find_column(s, pt_sv_of(r->adds)) : -1;

    if (m->nomem)
        return;
    if (r->column)
        use_named(m, source, r->column, node);
    for (size_t i = 0; i < r->n_by; i++)
        use_named(m, source, r->by[i], node);
    if (r->condition)
        deps_each_name(pt_sv_of(r->condition), use_name, &c);
    if (r->kind == PT_CLEAN_DEDUPE && !r->n_by)
        for (size_t i = 0; i < s->n_file_columns; i++)
            use_column(m, source, i, node);
    if (drops_rows(r))
        add_edge(m, node, m->rows[source]);
    else if (adds >= 0)
        m->last[source][adds] = node;
    else if (column >= 0)
        m->last[source][column] = node;
}

static void check_name(void *ctx, pt_sv qualifier, pt_sv name)
{
    condition *c = ctx;
    int column = pt_source_find_column(&c->m->p->sources[c->source], name);

    (void)qualifier;
    if (column >= 0)
        add_edge(c->m, c->m->columns[c->source][column], c->to);
}

/* A rule of `quality` looks at what cleaning leaves; nothing is made from it. */
static void add_check(maker *m, uint32_t source, const pt_quality_rule *r)
{
    const pt_source *s = &m->p->sources[source];
    uint32_t node = add_node(m, PT_DEP_CHECK, r->text, NULL, (int32_t)source, -1);
    int other = r->other_source ? pt_project_find_source(m->p, pt_sv_of(r->other_source)) : -1;
    int key = other >= 0 ? pt_source_find_column(&m->p->sources[other], pt_sv_of(r->other_column)) : -1;

    if (m->nomem)
        return;
    add_edge(m, m->rows[source], node);
    for (size_t i = 0; i < r->n_columns; i++) {
        int column = pt_source_find_column(s, pt_sv_of(r->columns[i].name));
        if (column >= 0)
            add_edge(m, m->columns[source][column], node);
    }
    if (key >= 0)
        add_edge(m, m->columns[other][key], node);
    if (r->condition)
        deps_each_name(pt_sv_of(r->condition), check_name, &(condition){m, source, node});
}

/* --- sources and tags --------------------------------------------------------------------------------------------- */

/* A circle follows from what customers share, and from who they are: the rows that say it. */
static void add_circle(maker *m, uint32_t source)
{
    const pt_circle *circle = m->p->sources[source].circle;

    for (size_t i = 0; i < circle->n_readings; i++) {
        const pt_circle_reading *r = &circle->readings[i];
        add_edge(m, m->rows[r->source], m->rows[source]);
        for (size_t c = 0; c < m->p->sources[source].n_columns; c++) {
            add_edge(m, m->rows[r->source], m->columns[source][c]);
            for (size_t k = 0; k < r->n_values; k++)
                if (r->values[k].column >= 0)
                    add_edge(m, m->columns[r->source][r->values[k].column], m->columns[source][c]);
        }
    }
}

static void add_source(maker *m, uint32_t source)
{
    const pt_source *s = &m->p->sources[source];
    uint32_t rows = m->rows[source];
    size_t read = 0;

    if (s->circle) {
        add_circle(m, source);
        return;
    }
    if (s->time)
        read += read_expression(m, source, -1, s->time, rows);
    for (size_t i = 0; i < s->n_identifiers; i++)
        read += read_expression(m, source, -1, s->identifiers[i].column, rows);
    if (!read)
        add_files(m, source, rows);
    for (size_t i = 0; i < s->n_clean && !m->nomem; i++)
        add_rule(m, source, &s->clean[i]);
    for (size_t c = 0; c < s->n_columns && !m->nomem; c++)
        if (c < s->n_file_columns || m->last[source][c] != NONE)
            use_column(m, source, c, m->columns[source][c]);
    for (size_t i = 0; i < s->n_quality && !m->nomem; i++)
        add_check(m, source, &s->quality[i]);
}

/* Of a tag, or of a segment, whose number comes after those of the tags. */
static pt_rc add_uses(maker *m, uint32_t tag, const pt_node *node, pt_err *err)
{
    pt_uses uses;

    PT_TRY(pt_lang_uses(&uses, node, m->arena, err));
    for (size_t i = 0; i < uses.n_tags; i++)
        add_edge(m, m->tags[uses.tags[i]], m->tags[tag]);
    for (size_t i = 0; i < uses.n_columns; i++) {
        const struct pt_use_column *c = &uses.columns[i];
        add_edge(m, c->column < 0 ? m->rows[c->source] : m->columns[c->source][c->column], m->tags[tag]);
    }
    return PT_OK;
}

typedef struct query_use {
    maker *m;
    uint32_t tag;
    bool *named; /* by source */
} query_use;

static void query_sources(void *ctx, pt_sv qualifier, pt_sv name)
{
    query_use *u = ctx;
    int source = pt_project_find_source(u->m->p, name);

    (void)qualifier;
    if (source < 0)
        return;
    u->named[source] = true;
    add_edge(u->m, u->m->rows[source], u->m->tags[u->tag]);
}

static void query_columns(void *ctx, pt_sv qualifier, pt_sv name)
{
    query_use *u = ctx;

    (void)qualifier; /* mostly an alias */
    for (size_t s = 0; s < u->m->p->n_sources; s++) {
        int column = u->named[s] ? pt_source_find_column(&u->m->p->sources[s], name) : -1;
        if (column >= 0)
            add_edge(u->m, u->m->columns[s][column], u->m->tags[u->tag]);
    }
}

/* A query reads the sources it names, and of their columns those it names. */
static void add_query(maker *m, uint32_t tag)
{
    query_use u = {m, tag, PT_NEW_ARRAY(m->arena, bool, m->p->n_sources)};

    m->nomem |= !u.named;
    if (m->nomem)
        return;
    deps_each_name(pt_sv_of(m->p->tags[tag].sql), query_sources, &u);
    deps_each_name(pt_sv_of(m->p->tags[tag].sql), query_columns, &u);
}

/* A model learns from tags; its population and target may use more. */
static pt_rc add_model(maker *m, uint32_t tag, pt_err *err)
{
    const pt_model_def *def = m->p->tags[tag].model;
    const pt_model_expression *const expressions[] = {&def->population, &def->target};
    pt_training_features f = {0};
    pt_uses uses;

    if ((def->kind->uses & PT_MODEL_FEATURES) && pt_training_choose(&f, m->p, def, m->arena, err) == PT_ENOMEM)
        return PT_ENOMEM;
    for (size_t i = 0; i < f.n; i++)
        add_edge(m, m->tags[f.tags[i]], m->tags[tag]);
    for (size_t e = 0; e < PT_COUNT(expressions); e++) {
        if (!expressions[e]->node)
            continue;
        PT_TRY(pt_lang_uses(&uses, expressions[e]->node, m->arena, err));
        for (size_t i = 0; i < uses.n_tags; i++)
            if (uses.tags[i] < m->p->n_tags)
                add_edge(m, m->tags[uses.tags[i]], m->tags[tag]);
        for (size_t i = 0; i < uses.n_columns; i++) {
            const struct pt_use_column *c = &uses.columns[i];
            add_edge(m, c->column < 0 ? m->rows[c->source] : m->columns[c->source][c->column], m->tags[tag]);
        }
    }
    return PT_OK;
}

static const char *tag_text(maker *m, uint32_t tag)
{
    const pt_lang_tag *t = &m->p->catalog.tags[tag];
    const char *text = m->p->tags[tag].sql;

    if (!text && t->value.len) {
        text = pt_arena_strndup(m->arena, t->value.ptr, t->value.len);
        m->nomem |= !text;
    }
    return text;
}

static pt_rc add_segments(maker *m, pt_err *err)
{
    const pt_project *p = m->p;

    for (uint32_t s = 0; s < p->n_segments && !m->nomem; s++) {
        uint32_t number = (uint32_t)p->n_tags + s;
        if (p->segments[s].list)
            add_edge(m, file_node(m, p->segments[s].list), m->tags[number]);
        else
            PT_TRY(add_uses(m, number, p->segments[s].node, err));
    }
    return PT_OK;
}

static void add_card(maker *m)
{
    if (!m->p->n_card)
        return;
    uint32_t card = add_node(m, PT_DEP_CARD, "card", NULL, -1, -1);
    for (size_t i = 0; i < m->p->n_card; i++) {
        int tag = pt_project_find_tag(m->p, pt_sv_of(m->p->card[i]));
        if (tag >= 0)
            add_edge(m, m->tags[tag], card);
    }
}

static bool make_tables(maker *m)
{
    const pt_project *p = m->p;

    m->rows = PT_NEW_ARRAY(m->arena, uint32_t, p->n_sources);
    m->columns = PT_NEW_ARRAY(m->arena, uint32_t *, p->n_sources);
    m->last = PT_NEW_ARRAY(m->arena, uint32_t *, p->n_sources);
    m->tags = PT_NEW_ARRAY(m->arena, uint32_t, p->n_tags + p->n_segments);
    if (!m->rows || !m->columns || !m->last || !m->tags)
        return false;
    for (size_t s = 0; s < p->n_sources; s++) {
        m->columns[s] = PT_NEW_ARRAY(m->arena, uint32_t, p->sources[s].n_columns);
        m->last[s] = PT_NEW_ARRAY(m->arena, uint32_t, p->sources[s].n_columns);
        if (!m->columns[s] || !m->last[s])
            return false;
    }
    return true;
}

static void add_names(maker *m)
{
    const pt_project *p = m->p;

    for (size_t s = 0; s < p->n_sources; s++) {
        const pt_source *source = &p->sources[s];
        const char *rows = pt_arena_printf(m->arena, "%s.%s", source->name, source->time ? "time" : "rows");
        m->rows[s] = add_node(m, PT_DEP_ROWS, rows, source->time, (int32_t)s, -1);
        for (size_t c = 0; c < source->n_columns; c++) {
            const char *name = pt_arena_printf(m->arena, "%s.%s", source->name, source->columns[c].name);
            const char *from = source->columns[c].computed ? source->columns[c].from : NULL;
            m->columns[s][c] = add_node(m, PT_DEP_COLUMN, name, from, (int32_t)s, -1);
            m->last[s][c] = NONE;
        }
    }
    for (uint32_t t = 0; t < p->n_tags; t++)
        m->tags[t] = add_node(m, PT_DEP_TAG, p->tags[t].name, tag_text(m, t), -1, (int32_t)t);
    for (size_t s = 0; s < p->n_segments; s++)
        m->tags[p->n_tags + s] = add_node(m, PT_DEP_SEGMENT, p->segments[s].name, NULL, -1, -1);
}

/* --- the finished graph ------------------------------------------------------------------------------------------- */

static int by_ends(const void *left, const void *right)
{
    const edge *a = left, *b = right;

    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->from > b->from) - (a->from < b->from);
}

static void drop_repeats(maker *m)
{
    size_t kept = 0;

    if (m->n_edges)
        qsort(m->edges, m->n_edges, sizeof *m->edges, by_ends);
    for (size_t i = 0; i < m->n_edges; i++)
        if (!kept || by_ends(&m->edges[kept - 1], &m->edges[i]) != 0)
            m->edges[kept++] = m->edges[i];
    m->n_edges = kept;
}

/* Edges of each node side by side. `inward`: what it is made from, else what uses it. */
static bool lay_out(const uint32_t **begins, const uint32_t **ends, const maker *m, bool inward)
{
    uint32_t *begin = PT_NEW_ARRAY(m->arena, uint32_t, m->n + 1), *at = PT_NEW_ARRAY(m->arena, uint32_t, m->n);
    uint32_t *list = PT_NEW_ARRAY(m->arena, uint32_t, m->n_edges);

    if (!begin || !at || !list)
        return false;
    for (size_t i = 0; i < m->n_edges; i++)
        begin[(inward ? m->edges[i].to : m->edges[i].from) + 1]++;
    for (size_t i = 0; i < m->n; i++) {
        begin[i + 1] += begin[i];
        at[i] = begin[i];
    }
    for (size_t i = 0; i < m->n_edges; i++) {
        const edge *e = &m->edges[i];
        list[at[inward ? e->to : e->from]++] = inward ? e->from : e->to;
    }
    *begins = begin;
    *ends = list;
    return true;
}

static bool finish(pt_deps *d, maker *m)
{
    pt_dep *nodes = PT_NEW_ARRAY(m->arena, pt_dep, m->n);

    drop_repeats(m);
    if (!nodes || !lay_out(&d->in_begin, &d->in, m, true) || !lay_out(&d->out_begin, &d->out, m, false))
        return false;
    if (m->n)
        memcpy(nodes, m->nodes, m->n * sizeof *nodes);
    d->project = m->p;
    d->nodes = nodes;
    d->n_nodes = (uint32_t)m->n;
    d->n_edges = (uint32_t)m->n_edges;
    return true;
}

static pt_rc fill(maker *m, pt_err *err)
{
    const pt_project *p = m->p;

    if (!make_tables(m))
        return pt_fail_nomem(err, "the lineage");
    add_names(m);
    for (uint32_t s = 0; s < p->n_sources && !m->nomem; s++)
        add_source(m, s);
    for (uint32_t t = 0; t < p->n_tags && !m->nomem; t++) {
        if (p->module->tags[t])
            PT_TRY(add_uses(m, t, p->module->tags[t], err));
        else if (p->tags[t].model)
            PT_TRY(add_model(m, t, err));
        else if (p->tags[t].sql)
            add_query(m, t);
    }
    PT_TRY(add_segments(m, err));
    add_card(m);
    return m->nomem ? pt_fail_nomem(err, "the lineage") : PT_OK;
}

pt_rc pt_deps_build(pt_deps **out, const pt_project *p, pt_arena *arena, pt_err *err)
{
    maker m = {.p = p, .arena = arena};
    pt_deps *d = PT_NEW(arena, pt_deps);

    pt_rc rc = d ? fill(&m, err) : pt_fail_nomem(err, "the lineage");
    if (rc == PT_OK && !finish(d, &m))
        rc = pt_fail_nomem(err, "the lineage");
    free(m.nodes);
    free(m.edges);
    *out = rc == PT_OK ? d : NULL;
    return rc;
}
