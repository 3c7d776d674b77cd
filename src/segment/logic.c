#include "segment/logic.h"

#include <stdlib.h>

typedef struct reading {
    const pt_logic_names *names;
    pt_arena *arena;
    const pt_node **leaves;
    size_t n, cap;
} reading;

static bool is_op(const pt_node *n, pt_op op)
{
    return (n->kind == PT_NODE_BINARY || n->kind == PT_NODE_UNARY) && n->u.op == op;
}

static pt_rc read_logic(const pt_logic **out, reading *r, const pt_node *node, pt_err *err);

/* --- leaves --------------------------------------------------------------------------------------------------------------- */

static pt_rc add_leaf(uint32_t *number, reading *r, const pt_node *node, pt_err *err)
{
    for (size_t i = 0; i < r->n; i++)
        if (pt_node_equal(r->leaves[i], node)) {
            *number = (uint32_t)i;
            return PT_OK;
        }
    if (!pt_grow(&r->leaves, &r->cap, r->n + 1, sizeof(const pt_node *)))
        return pt_fail_nomem(err, "a condition");
    r->leaves[r->n] = node;
    *number = (uint32_t)r->n++;
    return PT_OK;
}

/* --- trees ---------------------------------------------------------------------------------------------------------------- */

/* How many parts a chain of one operator has. */
static size_t count_parts(const pt_node *n, pt_op op)
{
    return is_op(n, op) ? count_parts(n->args[0], op) + count_parts(n->args[1], op) : 1;
}

static pt_rc read_chain(const pt_logic **parts, size_t *n, reading *r, const pt_node *node, pt_op op, pt_err *err)
{
    if (!is_op(node, op))
        return read_logic(&parts[(*n)++], r, node, err);
    PT_TRY(read_chain(parts, n, r, node->args[0], op, err));
    return read_chain(parts, n, r, node->args[1], op, err);
}

static pt_rc read_parts(pt_logic *l, reading *r, const pt_node *node, pt_op op, pt_err *err)
{
    const pt_logic **parts = PT_NEW_ARRAY(r->arena, const pt_logic *, count_parts(node, op));

    if (!parts)
        return pt_fail_nomem(err, "a condition");
    l->kind = op == PT_OP_AND ? PT_LOGIC_AND : PT_LOGIC_OR;
    l->parts = parts;
    return read_chain(parts, &l->n_parts, r, node, op, err);
}

static pt_rc read_one(pt_logic *l, reading *r, pt_logic_kind kind, const pt_node *part, pt_err *err)
{
    const pt_logic **parts = PT_NEW_ARRAY(r->arena, const pt_logic *, 1);

    if (!parts)
        return pt_fail_nomem(err, "a condition");
    l->kind = kind;
    l->parts = parts;
    l->n_parts = 1;
    return read_logic(parts, r, part, err);
}

static const pt_node *rule_of(const reading *r, const pt_node *n)
{
    return r->names && n->kind == PT_NODE_TAG ? r->names->rule(r->names->ctx, n->u.tag) : NULL;
}

static pt_rc read_logic(const pt_logic **out, reading *r, const pt_node *node, pt_err *err)
{
    pt_logic *l = PT_NEW(r->arena, pt_logic);
    const pt_node *rule = rule_of(r, node);

    if (!l)
        return pt_fail_nomem(err, "a condition");
    *out = l;
    *l = (pt_logic){.kind = PT_LOGIC_LEAF, .node = node};
    if (rule)
        return read_one(l, r, PT_LOGIC_NAMED, rule, err);
    if (is_op(node, PT_OP_NOT))
        return read_one(l, r, PT_LOGIC_NOT, node->args[0], err);
    if (is_op(node, PT_OP_AND) || is_op(node, PT_OP_OR))
        return read_parts(l, r, node, node->u.op, err);
    return add_leaf(&l->leaf, r, node, err);
}

static void free_leaves(void *leaves)
{
    free(leaves);
}

pt_rc pt_logic_of(pt_logic_tree *out, const pt_node *node, const pt_logic_names *names, pt_arena *a, pt_err *err)
{
    reading r = {.names = names, .arena = a};
    pt_rc rc = read_logic(&out->root, &r, node, err);

    if (rc == PT_OK && pt_arena_defer(a, free_leaves, r.leaves)) {
        out->leaves = r.leaves;
        out->n_leaves = r.n;
        return PT_OK;
    }
    free(r.leaves);
    return rc == PT_OK ? pt_fail_nomem(err, "a condition") : rc;
}

/* --- values --------------------------------------------------------------------------------------------------------------- */

static uint8_t invert(uint8_t v)
{
    return v == PT_BOOL_MISSING ? v : !v;
}

/* Of an AND what is false decides, then what is missing; of an OR what is true. */
static uint8_t value_of_parts(const pt_logic *l, const uint8_t *leaves)
{
    uint8_t decides = l->kind == PT_LOGIC_OR, value = !decides;

    for (size_t i = 0; i < l->n_parts; i++) {
        uint8_t v = pt_logic_value(l->parts[i], leaves);
        if (v == decides)
            return v;
        value = v == PT_BOOL_MISSING ? v : value;
    }
    return value;
}

uint8_t pt_logic_value(const pt_logic *l, const uint8_t *leaves)
{
    switch (l->kind) {
    case PT_LOGIC_LEAF: return leaves[l->leaf];
    case PT_LOGIC_NOT: return invert(pt_logic_value(l->parts[0], leaves));
    case PT_LOGIC_NAMED: return pt_logic_value(l->parts[0], leaves) == 1;
    default: return value_of_parts(l, leaves);
    }
}

/* Why `l` is, or is not, what is wanted. Where all parts are needed, those that are not so stand in its way; where one is
 * enough, those that are so carry it. */
static void decide(bool *decisive, const pt_logic *l, const uint8_t *leaves, uint8_t want)
{
    bool is = pt_logic_value(l, leaves) == want;
    bool needs_all = (l->kind == PT_LOGIC_AND) == (want == 1);

    if (l->kind == PT_LOGIC_LEAF)
        decisive[l->leaf] = true;
    else if (l->kind == PT_LOGIC_NOT)
        decide(decisive, l->parts[0], leaves, !want);
    else if (l->kind == PT_LOGIC_NAMED) /* in it or not: by whether its rule is true */
        decide(decisive, l->parts[0], leaves, 1);
    else
        for (size_t i = 0; i < l->n_parts; i++)
            if (is == needs_all || (pt_logic_value(l->parts[i], leaves) == want) == is)
                decide(decisive, l->parts[i], leaves, want);
}

void pt_logic_decide(bool *decisive, const pt_logic *l, const uint8_t *leaves)
{
    decide(decisive, l, leaves, 1);
}
