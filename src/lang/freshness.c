/* fresh(x, 90d) and keep(x): how old a value may be, and what stands in for one that is not there. `ttl:` and `on_empty:` of
 * a tag file become the same nodes. */
#include "lang/check.h"

/* --- the newest event behind a value --------------------------------------------------------------------------------- */

/* The instants of the newest events that a tree's aggregates count, as nodes; each once. */
typedef struct newest {
    pt_checker *checker;
    pt_span span;
    bool *met; /* by tag number */
    const pt_node **nodes;
    uint32_t n, most;
} newest;

static void collect(newest *w, const pt_node *n);

static const pt_node *event_node(newest *w, pt_node_kind kind, pt_type type, int32_t source, pt_op op,
                                 const pt_node *const *args, uint32_t n)
{
    pt_node *node = pt_make_node(w->checker, kind, type, w->span, args, n);

    if (node) {
        node->level = source;
        node->u.op = op;
    }
    return node;
}

/* `where`, and the value is known. */
static const pt_node *counted(newest *w, const pt_node *where, const pt_node *value, int32_t source)
{
    const pt_node *pair[2] = {where, NULL}, *absent;

    if (!value || value->kind == PT_NODE_TIME)
        return where;
    absent = event_node(w, PT_NODE_IS_MISSING, PT_TYPE_BOOL, source, 0, &value, 1);
    pair[1] = absent ? event_node(w, PT_NODE_UNARY, PT_TYPE_BOOL, source, PT_OP_NOT, &absent, 1) : NULL;
    return where && pair[1] ? event_node(w, PT_NODE_BINARY, PT_TYPE_BOOL, source, PT_OP_AND, pair, 2) : pair[1];
}

/* max(source.time where ... within ...) */
static void add_newest(newest *w, uint32_t source, const pt_node *where, const pt_window *window)
{
    pt_agg *agg = pt_reader_alloc(&w->checker->reader, 1, sizeof *agg);
    pt_node *n = agg ? pt_make_node(w->checker, PT_NODE_AGGREGATE, PT_TYPE_INSTANT, w->span, NULL, 0) : NULL;

    if (!n)
        return;
    *agg = (pt_agg){.fn = PT_AGG_MAX, .source = source, .where = where, .window = *window};
    agg->value = event_node(w, PT_NODE_TIME, PT_TYPE_INSTANT, (int32_t)source, 0, NULL, 0);
    n->level = PT_LEVEL_CUSTOMER;
    n->u.agg = agg;
    for (uint32_t i = 0; i < w->n; i++)
        if (pt_node_equal(w->nodes[i], n))
            return;
    if (w->n == w->most) {
        const pt_node **more = pt_reader_alloc(&w->checker->reader, 2 * w->most + 4, sizeof *more);
        if (!more)
            return;
        if (w->n)
            memcpy(more, w->nodes, w->n * sizeof *more);
        w->nodes = more;
        w->most = 2 * w->most + 4;
    }
    w->nodes[w->n++] = n;
}

static void collect_tag(newest *w, uint32_t tag)
{
    if (w->met[tag])
        return;
    w->met[tag] = true;
    if (w->checker->tags[tag])
        collect(w, w->checker->tags[tag]);
}

static void collect_aggregate(newest *w, const pt_agg *a)
{
    const pt_node *parts[] = {a->value, a->where, a->weight};

    add_newest(w, a->source, counted(w, a->where, a->value, (int32_t)a->source), &a->window);
    for (size_t i = 0; i < PT_COUNT(parts); i++)
        if (parts[i])
            collect(w, parts[i]);
}

static void collect(newest *w, const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_TAG: collect_tag(w, n->u.tag); break;
    case PT_NODE_AGGREGATE: collect_aggregate(w, n->u.agg); break;
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL:
        for (uint32_t i = 0; i < n->u.seq->n_steps; i++) {
            add_newest(w, n->u.seq->steps[i].source, n->u.seq->steps[i].where, &n->u.seq->window);
            if (n->u.seq->steps[i].where)
                collect(w, n->u.seq->steps[i].where);
        }
        break;
    default: break;
    }
    for (uint32_t i = 0; i < pt_node_written(n); i++)
        collect(w, n->args[i]);
}

/* The newest of them all as one node; NULL when there is none. */
static const pt_node *newest_event(pt_checker *c, pt_span span, const pt_node *x)
{
    newest w = {.checker = c, .span = span, .met = pt_reader_alloc(&c->reader, c->catalog->n_tags, sizeof(bool))};
    pt_node *n;

    if (!w.met)
        return NULL;
    collect(&w, x);
    if (w.n < 2)
        return w.n ? w.nodes[0] : NULL;
    n = pt_make_node(c, PT_NODE_CALL, PT_TYPE_INSTANT, span, w.nodes, w.n);
    if (n)
        n->u.fn = PT_FN_GREATEST;
    return n;
}

/* --- nodes ----------------------------------------------------------------------------------------------------------- */

static const pt_node *binary(pt_checker *c, pt_span span, pt_type type, pt_op op, const pt_node *a, const pt_node *b)
{
    const pt_node *pair[] = {a, b};
    pt_node *n = a && b ? pt_make_node(c, PT_NODE_BINARY, type, span, pair, 2) : NULL;

    if (n)
        n->u.op = op;
    return n;
}

static const pt_node *duration_node(pt_checker *c, pt_span span, int64_t length)
{
    pt_node *n = pt_make_node(c, PT_NODE_LITERAL, PT_TYPE_DURATION, span, NULL, 0);

    if (n)
        n->u.literal.u.i64 = length;
    return n;
}

static const pt_node *call_node(pt_checker *c, pt_fn fn, pt_span span, const pt_node *const *args, uint32_t n)
{
    pt_node *call;

    for (uint32_t i = 0; i < n; i++)
        if (!args[i])
            return NULL;
    call = pt_make_node(c, PT_NODE_CALL, args[0]->type, span, args, n);
    if (call) {
        call->u.fn = fn;
        call->level = PT_LEVEL_CUSTOMER;
    }
    return call;
}

const pt_node *pt_make_fresh(pt_checker *c, pt_span span, const pt_node *x, int64_t length)
{
    const pt_node *limit = duration_node(c, span, length), *last = newest_event(c, span, x);
    const pt_node *as_of = pt_make_node(c, PT_NODE_AS_OF, PT_TYPE_INSTANT, span, NULL, 0);
    const pt_node *oldest = binary(c, span, PT_TYPE_INSTANT, PT_OP_SUB, as_of, limit);
    const pt_node *args[] = {x, limit, binary(c, span, PT_TYPE_BOOL, PT_OP_GT, last, oldest)};

    return last ? call_node(c, PT_FN_FRESH, span, args, 3) : NULL;
}

const pt_node *pt_make_keep(pt_checker *c, pt_span span, const pt_node *x, int64_t length)
{
    const pt_node *args[] = {x, length ? duration_node(c, span, length) : NULL};

    return call_node(c, PT_FN_KEEP, span, args, length ? 2 : 1);
}

/* --- the calls ------------------------------------------------------------------------------------------------------- */

static bool check_place(pt_checker *c, const pt_syn *s, uint32_t least, const char *usage)
{
    pt_diag *d;

    if (!pt_check_no_clauses(c, s))
        return false;
    if (s->n_args < least || s->n_args > 2) {
        d = pt_reader_problem(&c->reader, 313, s->name_span, "%.*s takes a value and a length of time",
                              PT_SV_ARG(s->name));
        pt_diag_hint(c->reader.diags, d, "write %s", usage);
        return false;
    }
    if (c->scope == PT_LEVEL_CUSTOMER)
        return true;
    d = pt_reader_problem(&c->reader, 308, s->span, "%.*s cannot stand inside an aggregate", PT_SV_ARG(s->name));
    pt_diag_hint(c->reader.diags, d, "make it a tag of its own and use the tag here");
    return false;
}

const pt_node *pt_check_freshness(pt_checker *c, const pt_syn *s, pt_fn fn)
{
    const char *usage = fn == PT_FN_FRESH ? "fresh(x, 90d)" : "keep(x), keep(x, 90d)";
    const pt_node *x, *made;
    bool ahead = c->ahead;
    int64_t length = 0;
    pt_diag *d;

    if (!check_place(c, s, fn == PT_FN_FRESH ? 2 : 1, usage))
        return NULL;
    c->ahead = false; /* both are about what is known */
    x = pt_check_any(c, s->args[0]);
    c->ahead = ahead;
    if (!x || pt_refuse_missing(c, x) ||
        (s->n_args == 2 && !pt_check_positive_duration(c, s->args[1], "the age of a value", &length)))
        return NULL;
    made = fn == PT_FN_FRESH ? pt_make_fresh(c, s->span, x, length) : pt_make_keep(c, s->span, x, length);
    if (made || c->reader.nomem)
        return made;
    d = pt_reader_problem(&c->reader, 331, s->args[0]->span, "no event or record stands behind this value");
    pt_diag_hint(c->reader.diags, d, "only what is counted from events and records grows old");
    return NULL;
}
