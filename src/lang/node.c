/* Names of node kinds, operators and functions; equality and hash of trees. */
#include "base/hash.h"
#include "lang/lang.h"

const char *pt_op_name(pt_op op)
{
    static const char *const names[] = {
        "not", "-", "or", "and", "=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"};

    return (unsigned)op < PT_COUNT(names) ? names[op] : "?";
}

pt_op pt_op_turned(pt_op op)
{
    switch (op) {
    case PT_OP_LT: return PT_OP_GT;
    case PT_OP_LE: return PT_OP_GE;
    case PT_OP_GT: return PT_OP_LT;
    case PT_OP_GE: return PT_OP_LE;
    default: return op;
    }
}

pt_op pt_op_negated(pt_op op)
{
    switch (op) {
    case PT_OP_EQ: return PT_OP_NE;
    case PT_OP_NE: return PT_OP_EQ;
    case PT_OP_LT: return PT_OP_GE;
    case PT_OP_LE: return PT_OP_GT;
    case PT_OP_GT: return PT_OP_LE;
    case PT_OP_GE: return PT_OP_LT;
    default: return op;
    }
}

const char *pt_fn_name(pt_fn fn)
{
    static const char *const names[] = {
#define X(name, id) #name,
        PT_FN_LIST(X)
#undef X
    };

    return (unsigned)fn < PT_FN_COUNT ? names[fn] : "?";
}

const char *pt_agg_name(pt_agg_fn fn)
{
    static const char *const names[] = {
#define X(name, id) #name,
        PT_AGG_LIST(X)
#undef X
    };

    return (unsigned)fn < PT_AGG_COUNT_ ? names[fn] : "?";
}

const char *pt_base_name(pt_base_fn fn)
{
    static const char *const names[] = {
#define X(name, id) #name,
        PT_BASE_LIST(X)
#undef X
    };

    return (unsigned)fn < PT_BASE_COUNT_ ? names[fn] : "?";
}

const char *pt_node_kind_name(pt_node_kind kind)
{
    static const char *const names[] = {
        [PT_NODE_LITERAL] = "literal",
        [PT_NODE_MISSING] = "missing",
        [PT_NODE_COLUMN] = "column",
        [PT_NODE_TIME] = "time",
        [PT_NODE_TAG] = "tag",
        [PT_NODE_AS_OF] = "as_of",
        [PT_NODE_UNARY] = "unary",
        [PT_NODE_BINARY] = "binary",
        [PT_NODE_IN] = "in",
        [PT_NODE_BETWEEN] = "between",
        [PT_NODE_IS_MISSING] = "is_missing",
        [PT_NODE_HAS] = "has",
        [PT_NODE_MATCHES] = "matches",
        [PT_NODE_CAST] = "cast",
        [PT_NODE_CALL] = "call",
        [PT_NODE_AGGREGATE] = "aggregate",
        [PT_NODE_SEQUENCE] = "sequence",
        [PT_NODE_FUNNEL] = "funnel",
        [PT_NODE_TIERS] = "tiers",
        [PT_NODE_BASE] = "base",
        [PT_NODE_WAS] = "was",
    };

    return (unsigned)kind < PT_COUNT(names) ? names[kind] : "?";
}

/* --- equality ----------------------------------------------------------------------------------------------------- */

static bool both_equal(const pt_node *a, const pt_node *b)
{
    return a && b ? pt_node_equal(a, b) : a == b;
}

static bool literal_equal(pt_type type, const pt_literal *a, const pt_literal *b)
{
    switch (type) {
    case PT_TYPE_BOOL: return a->u.boolean == b->u.boolean;
    case PT_TYPE_NUMBER: return memcmp(&a->u.number, &b->u.number, sizeof a->u.number) == 0;
    case PT_TYPE_DATE: return a->u.date == b->u.date;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return pt_sv_eq(a->u.text, b->u.text);
    default: return a->u.i64 == b->u.i64;
    }
}

static bool window_equal(const pt_window *a, const pt_window *b)
{
    return a->kind == b->kind && both_equal(a->from, b->from) && both_equal(a->to, b->to);
}

static bool agg_equal(const pt_agg *a, const pt_agg *b)
{
    return a->fn == b->fn && a->source == b->source && a->half_life == b->half_life && a->k == b->k &&
           memcmp(&a->q, &b->q, sizeof a->q) == 0 && both_equal(a->value, b->value) && both_equal(a->where, b->where) &&
           both_equal(a->weight, b->weight) && window_equal(&a->window, &b->window);
}

static bool seq_equal(const pt_seq *a, const pt_seq *b)
{
    if (a->n_steps != b->n_steps || a->within != b->within || !window_equal(&a->window, &b->window))
        return false;
    for (uint32_t i = 0; i < a->n_steps; i++)
        if (a->steps[i].source != b->steps[i].source || !both_equal(a->steps[i].where, b->steps[i].where))
            return false;
    return true;
}

static bool base_equal(const pt_base *a, const pt_base *b)
{
    return a->fn == b->fn && a->tag == b->tag && memcmp(&a->q, &b->q, sizeof a->q) == 0 &&
           both_equal(a->value, b->value);
}

static bool payload_equal(const pt_node *a, const pt_node *b)
{
    switch (a->kind) {
    case PT_NODE_LITERAL: return literal_equal(a->type, &a->u.literal, &b->u.literal);
    case PT_NODE_COLUMN: return a->u.column == b->u.column;
    case PT_NODE_TAG: return a->u.tag == b->u.tag;
    case PT_NODE_UNARY:
    case PT_NODE_BINARY: return a->u.op == b->u.op;
    case PT_NODE_CALL: return a->u.fn == b->u.fn;
    case PT_NODE_AGGREGATE: return agg_equal(a->u.agg, b->u.agg);
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: return seq_equal(a->u.seq, b->u.seq);
    case PT_NODE_BASE: return base_equal(a->u.base, b->u.base);
    case PT_NODE_WAS: return a->u.was->at_least == b->u.was->at_least && a->u.was->within == b->u.was->within;
    case PT_NODE_TIERS:
        for (uint32_t i = 0; i < a->n_args; i++)
            if (strcmp(a->u.labels[i], b->u.labels[i]) != 0)
                return false;
        return true;
    default: return true;
    }
}

bool pt_node_equal(const pt_node *a, const pt_node *b)
{
    if (a == b)
        return true;
    if (a->kind != b->kind || a->type != b->type || a->level != b->level || a->n_args != b->n_args ||
        !payload_equal(a, b))
        return false;
    for (uint32_t i = 0; i < a->n_args; i++)
        if (!pt_node_equal(a->args[i], b->args[i]))
            return false;
    return true;
}

/* --- hash --------------------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    return pt_mix64(h * UINT64_C(0x9E3779B97F4A7C15) + v);
}

static uint64_t mix_double(uint64_t h, double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return mix(h, bits);
}

static uint64_t mix_node(uint64_t h, const pt_node *n)
{
    return mix(h, n ? pt_node_hash(n) : 0);
}

static uint64_t mix_literal(uint64_t h, pt_type type, const pt_literal *l)
{
    switch (type) {
    case PT_TYPE_BOOL: return mix(h, l->u.boolean);
    case PT_TYPE_NUMBER: return mix_double(h, l->u.number);
    case PT_TYPE_DATE: return mix(h, (uint64_t)l->u.date);
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return mix(h, pt_hash64(l->u.text.ptr, l->u.text.len));
    default: return mix(h, (uint64_t)l->u.i64);
    }
}

static uint64_t mix_window(uint64_t h, const pt_window *w)
{
    return mix_node(mix_node(mix(h, w->kind), w->from), w->to);
}

static uint64_t mix_agg(uint64_t h, const pt_agg *a)
{
    h = mix_double(mix(mix(mix(mix(h, a->fn), a->source), (uint64_t)a->half_life), a->k), a->q);
    return mix_window(mix_node(mix_node(mix_node(h, a->value), a->where), a->weight), &a->window);
}

static uint64_t mix_seq(uint64_t h, const pt_seq *s)
{
    h = mix_window(mix(mix(h, s->n_steps), (uint64_t)s->within), &s->window);
    for (uint32_t i = 0; i < s->n_steps; i++)
        h = mix_node(mix(h, s->steps[i].source), s->steps[i].where);
    return h;
}

static uint64_t mix_base(uint64_t h, const pt_base *b)
{
    return mix_node(mix_double(mix(mix(h, b->fn), b->tag), b->q), b->value);
}

static uint64_t mix_labels(uint64_t h, const pt_node *n)
{
    for (uint32_t i = 0; i < n->n_args; i++)
        h = mix(h, pt_hash64(n->u.labels[i], strlen(n->u.labels[i])));
    return h;
}

static uint64_t mix_payload(uint64_t h, const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_LITERAL: return mix_literal(h, n->type, &n->u.literal);
    case PT_NODE_COLUMN: return mix(h, n->u.column);
    case PT_NODE_TAG: return mix(h, n->u.tag);
    case PT_NODE_UNARY:
    case PT_NODE_BINARY: return mix(h, n->u.op);
    case PT_NODE_CALL: return mix(h, n->u.fn);
    case PT_NODE_AGGREGATE: return mix_agg(h, n->u.agg);
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: return mix_seq(h, n->u.seq);
    case PT_NODE_BASE: return mix_base(h, n->u.base);
    case PT_NODE_WAS: return mix(mix(h, (uint64_t)n->u.was->at_least), (uint64_t)n->u.was->within);
    case PT_NODE_TIERS: return mix_labels(h, n);
    default: return h;
    }
}

uint64_t pt_node_hash(const pt_node *n)
{
    uint64_t h = mix(mix(mix((uint64_t)n->kind, n->type), (uint64_t)n->level), n->n_args);

    h = mix_payload(h, n);
    for (uint32_t i = 0; i < n->n_args; i++)
        h = mix_node(h, n->args[i]);
    return h;
}
