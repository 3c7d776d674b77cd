#include "segment/segment.h"

typedef struct planner {
    const pt_segment_env *env;
    pt_arena *arena;
} planner;

/* A node of the tree for those of whom the condition is true (`yes`) or false. */
static pt_rc plan(const pt_crowd_node **out, const planner *p, const pt_node *node, bool yes, pt_err *err);

static pt_rc make(const pt_crowd_node **out, const planner *p, pt_crowd_node what, pt_err *err)
{
    pt_crowd_node *n = PT_NEW(p->arena, pt_crowd_node);

    *out = n;
    if (!n)
        return pt_fail_nomem(err, "a condition");
    *n = what;
    return PT_OK;
}

static pt_rc make_constant(const pt_crowd_node **out, const planner *p, bool all, pt_err *err)
{
    return make(out, p, (pt_crowd_node){.kind = all ? PT_CROWD_ALL : PT_CROWD_NONE}, err);
}

static pt_rc make_not(const pt_crowd_node **out, const planner *p, const pt_crowd_node *of, pt_err *err)
{
    const pt_crowd_node **child = PT_NEW_ARRAY(p->arena, const pt_crowd_node *, 1);

    if (!child)
        return pt_fail_nomem(err, "a condition");
    child[0] = of;
    return make(out, p, (pt_crowd_node){.kind = PT_CROWD_NOT, .children = child, .n_children = 1}, err);
}

/* --- what a leaf rests on ------------------------------------------------------------------------------------------------ */

typedef struct support {
    int tag;     /* the one tag; -1 without any */
    bool others; /* several tags, events, or who the customer is */
} support;

static void find_support(support *s, const pt_node *n)
{
    switch (n->kind) {
    case PT_NODE_TAG:
        s->others |= s->tag >= 0 && (uint32_t)s->tag != n->u.tag;
        s->tag = (int)n->u.tag;
        break;
    case PT_NODE_WAS:
    case PT_NODE_AGGREGATE:
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL:
    case PT_NODE_COLUMN:
    case PT_NODE_TIME: s->others = true; break;
    case PT_NODE_CALL: s->others |= n->u.fn == PT_FN_RANDOM_BUCKET; break;
    default: break;
    }
    for (uint32_t i = 0; i < n->n_args; i++)
        find_support(s, n->args[i]);
}

/* --- asking the evaluator ------------------------------------------------------------------------------------------------ */

/* The answers of an expression for `n` rows of one tag (-1: of none), copied: bytes of bool, or whatever its type has. */
static pt_rc ask(void *answers, const planner *p, const pt_node *node, int tag, const pt_column *rows, size_t n,
                 size_t width, pt_err *err)
{
    const pt_catalog *catalog = p->env->module->catalog;
    pt_column *external = PT_NEW_ARRAY(p->arena, pt_column, catalog->n_tags);
    pt_events *sources = PT_NEW_ARRAY(p->arena, pt_events, catalog->n_sources);
    uint64_t *identities = PT_NEW_ARRAY(p->arena, uint64_t, n);
    pt_program *program = NULL;
    pt_eval *eval = NULL;

    if (!external || !sources || !identities)
        return pt_fail_nomem(err, "a condition");
    if (tag >= 0)
        external[tag] = *rows;
    pt_batch batch = {.n_customers = n, .sources = sources, .identities = identities, .external = external};
    pt_rc rc = pt_program_build_expression(&program, p->env->module, node, err);
    if (rc == PT_OK)
        rc = pt_eval_new(&eval, program, &p->env->options, err);
    if (rc == PT_OK)
        rc = pt_eval_run(eval, &batch, err);
    if (rc == PT_OK)
        memcpy(answers, pt_eval_tag(eval, 0)->data, n * width);
    pt_eval_free(eval);
    pt_program_free(program);
    return rc;
}

/* --- a tag with a code for each value ------------------------------------------------------------------------------------ */

/* Whether every code stands for one value. */
static bool is_exact(const pt_tagindex *x)
{
    const pt_coding *g = pt_tagindex_coding(x);

    for (uint32_t i = 0; i < g->n; i++)
        if (g->lows[i] != g->highs[i])
            return false;
    return true;
}

static void value_of_key(void *values, const pt_column *c, size_t row, int64_t key)
{
    if (c->type == PT_TYPE_NUMBER)
        ((double *)values)[row] = pt_number_of_key(key);
    else if (c->type == PT_TYPE_DATE)
        ((int32_t *)values)[row] = (int32_t)key;
    else
        ((int64_t *)values)[row] = key;
}

static void value_missing(void *values, const pt_column *c)
{
    if (c->type == PT_TYPE_NUMBER)
        ((double *)values)[0] = NAN;
    else if (c->type == PT_TYPE_DATE)
        ((int32_t *)values)[0] = PT_I32_MISSING;
    else
        ((int64_t *)values)[0] = PT_I64_MISSING;
}

/* A column whose row c is what code c stands for; row 0 is missing. */
static pt_rc column_of_codes(pt_column *out, const planner *p, const pt_tagindex *x, const pt_column *c, pt_err *err)
{
    uint32_t n = pt_tagindex_codes(x) + 1;
    uint32_t *codes = PT_NEW_ARRAY(p->arena, uint32_t, n * 2);
    const pt_coding *g = pt_tagindex_coding(x);

    if (!codes)
        return pt_fail_nomem(err, "a condition");
    *out = (pt_column){.type = c->type, .width = c->width, .data = codes, .dict = c->dict};
    if (pt_type_is_text(c->type)) {
        out->width = sizeof *codes;
        for (uint32_t i = 0; i < n; i++)
            codes[i] = i;
    } else if (c->type == PT_TYPE_BOOL) {
        memcpy(codes, (const uint8_t[]){PT_BOOL_MISSING, 0, 1}, 3);
    } else {
        value_missing(codes, c);
        for (uint32_t i = 0; i < g->n; i++)
            value_of_key(codes, c, i + 1, g->lows[i]);
    }
    return PT_OK;
}

static pt_rc make_codes(const pt_crowd_node **out, const planner *p, pt_tagindex *x, const uint8_t *answers,
                        uint8_t wanted, pt_err *err)
{
    uint32_t n = pt_tagindex_codes(x) + 1;
    pt_code_range *ranges = PT_NEW_ARRAY(p->arena, pt_code_range, n / 2 + 1);
    size_t found = 0;

    if (!ranges)
        return pt_fail_nomem(err, "a condition");
    for (uint32_t code = 0; code < n; code++) {
        if (answers[code] != wanted)
            continue;
        if (found && ranges[found - 1].high + 1 == code)
            ranges[found - 1].high = code;
        else
            ranges[found++] = (pt_code_range){code, code};
    }
    if (found == 0 || (found == 1 && ranges[0].low == 0 && ranges[0].high == n - 1))
        return make_constant(out, p, found != 0, err);
    return make(out, p, (pt_crowd_node){.kind = PT_CROWD_CODES, .index = x, .ranges = ranges, .n_ranges = found}, err);
}

static pt_rc plan_codes(const pt_crowd_node **out, const planner *p, const pt_node *node, uint32_t tag, pt_tagindex *x,
                        bool yes, pt_err *err)
{
    const pt_column *c;
    pt_column rows;
    size_t n = (size_t)pt_tagindex_codes(x) + 1;
    uint8_t *answers = PT_NEW_ARRAY(p->arena, uint8_t, n);

    if (!answers)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(p->env->column(&c, p->env->ctx, tag, err));
    PT_TRY(column_of_codes(&rows, p, x, c, err));
    PT_TRY(ask(answers, p, node, (int)tag, &rows, n, 1, err));
    return make_codes(out, p, x, answers, yes, err);
}

/* --- a tag whose codes are intervals ------------------------------------------------------------------------------------- */

static bool is_tag(const pt_node *n, uint32_t tag)
{
    return n->kind == PT_NODE_TAG && n->u.tag == tag;
}

static bool is_constant(const pt_node *n)
{
    return n->level == PT_LEVEL_CONSTANT;
}

/* The key of a constant; *known is false when it is missing. */
static pt_rc key_of(int64_t *key, bool *known, const planner *p, const pt_node *node, pt_err *err)
{
    _Alignas(8) unsigned char value[8] = {0};
    pt_column one = {.type = node->type, .width = (uint8_t)pt_type_width(node->type), .data = value};

    PT_TRY(ask(value, p, node, -1, NULL, 1, one.width, err));
    *known = pt_key_of_row(key, &one, 0);
    return PT_OK;
}

/* low <= tag <= high, or known not to be. */
static pt_rc make_between(const pt_crowd_node **out, const planner *p, pt_tagindex *x, const pt_column *c, int64_t low,
                          int64_t high, bool yes, pt_err *err)
{
    const pt_crowd_node **sides = PT_NEW_ARRAY(p->arena, const pt_crowd_node *, 2);

    if (!sides)
        return pt_fail_nomem(err, "a condition");
    if (yes) {
        *out = pt_crowd_keys(x, c, low, high, p->arena);
        return *out ? PT_OK : pt_fail_nomem(err, "a condition");
    }
    if (low > high) {
        low = INT64_MAX;
        high = INT64_MIN;
    }
    sides[0] = pt_crowd_keys(x, c, INT64_MIN, low > INT64_MIN ? low - 1 : INT64_MIN, p->arena);
    sides[1] = pt_crowd_keys(x, c, high < INT64_MAX ? high + 1 : INT64_MAX, INT64_MAX, p->arena);
    if (!sides[0] || !sides[1])
        return pt_fail_nomem(err, "a condition");
    return make(out, p, (pt_crowd_node){.kind = PT_CROWD_OR, .children = sides, .n_children = 2}, err);
}

typedef struct bounds {
    int64_t low, high;
    bool inside; /* false: those outside are meant */
    bool known;
} bounds;

/* What `tag op constant` keeps, as bounds of keys. Keys are never at the very ends of their type: those mean "missing", or
 * stand for no finite number. */
static bool bounds_of(bounds *b, pt_op op, int64_t key)
{
    b->inside = op != PT_OP_NE;
    switch (op) {
    case PT_OP_EQ:
    case PT_OP_NE: b->low = b->high = key; return true;
    case PT_OP_LT: b->low = INT64_MIN, b->high = key - 1; return true;
    case PT_OP_LE: b->low = INT64_MIN, b->high = key; return true;
    case PT_OP_GT: b->low = key + 1, b->high = INT64_MAX; return true;
    case PT_OP_GE: b->low = key, b->high = INT64_MAX; return true;
    default: return false;
    }
}

/* Bounds of a comparison of the tag with a constant; *fits is false for anything else. */
static pt_rc find_bounds(bounds *b, bool *fits, const planner *p, const pt_node *node, uint32_t tag, pt_err *err)
{
    int64_t key;

    *fits = false;
    if (node->kind == PT_NODE_BETWEEN && is_tag(node->args[0], tag) && is_constant(node->args[1]) &&
        is_constant(node->args[2])) {
        bool low_known, high_known;
        PT_TRY(key_of(&b->low, &low_known, p, node->args[1], err));
        PT_TRY(key_of(&b->high, &high_known, p, node->args[2], err));
        b->inside = true;
        b->known = low_known && high_known;
        *fits = b->known; /* `x between missing and 3` is false for large x: left to the evaluator */
        return PT_OK;
    }
    if (node->kind != PT_NODE_BINARY)
        return PT_OK;
    bool left = is_tag(node->args[0], tag) && is_constant(node->args[1]);
    bool right = is_tag(node->args[1], tag) && is_constant(node->args[0]);
    if (!left && !right)
        return PT_OK;
    PT_TRY(key_of(&key, &b->known, p, node->args[left], err));
    *fits = bounds_of(b, left ? node->u.op : pt_op_turned(node->u.op), b->known ? key : 0);
    return PT_OK;
}

/* The missing (code 0), or all others. */
static pt_rc make_presence(const pt_crowd_node **out, const planner *p, pt_tagindex *x, bool missing, pt_err *err)
{
    uint8_t *answers = PT_NEW_ARRAY(p->arena, uint8_t, (size_t)pt_tagindex_codes(x) + 1);

    if (!answers)
        return pt_fail_nomem(err, "a condition");
    answers[0] = 1;
    return make_codes(out, p, x, answers, missing, err);
}

static pt_rc plan_intervals(const pt_crowd_node **out, const planner *p, const pt_node *node, uint32_t tag,
                            pt_tagindex *x, bool yes, pt_err *err)
{
    const pt_column *c;
    bounds b;
    bool fits;

    *out = NULL;
    if (node->kind == PT_NODE_IS_MISSING && is_tag(node->args[0], tag))
        return make_presence(out, p, x, yes, err);
    PT_TRY(find_bounds(&b, &fits, p, node, tag, err));
    if (!fits)
        return PT_OK;
    if (!b.known)
        return make_constant(out, p, false, err);
    PT_TRY(p->env->column(&c, p->env->ctx, tag, err));
    return make_between(out, p, x, c, b.low, b.high, b.inside == yes, err);
}

/* --- lists --------------------------------------------------------------------------------------------------------------- */

/* The item that a text is; 0 when nobody has it. */
static uint32_t find_item(const pt_dict *d, pt_sv text)
{
    uint32_t low = 1, high = d ? d->n : 0;

    while (low <= high) {
        uint32_t middle = low + (high - low) / 2;
        int c = pt_sv_cmp(text, pt_dict_text(d, middle));
        if (c == 0)
            return middle;
        if (c < 0)
            high = middle - 1;
        else
            low = middle + 1;
    }
    return 0;
}

static pt_rc make_item(const pt_crowd_node **out, const planner *p, pt_tagindex *x, const pt_column *c,
                       const pt_node *text, bool yes, pt_err *err)
{
    uint32_t item = find_item(c->dict, text->u.literal.u.text);

    if (!item && yes)
        return make_constant(out, p, false, err);
    return make(out, p, (pt_crowd_node){.kind = PT_CROWD_ITEM, .index = x, .item = item, .outside = !yes && item}, err);
}

/* `has`, `has_any` and `has_all` with constant texts, and `is missing`. NULL in *out for anything else. */
static pt_rc plan_items(const pt_crowd_node **out, const planner *p, const pt_node *node, uint32_t tag, pt_tagindex *x,
                        bool yes, pt_err *err)
{
    bool any = node->kind == PT_NODE_CALL && node->u.fn == PT_FN_HAS_ANY;
    bool all = node->kind == PT_NODE_CALL && node->u.fn == PT_FN_HAS_ALL;
    const pt_column *c;
    const pt_crowd_node *owners;

    *out = NULL;
    if (node->n_args == 0 || !is_tag(node->args[0], tag))
        return PT_OK;
    if (node->kind == PT_NODE_IS_MISSING) {
        PT_TRY(make(&owners, p, (pt_crowd_node){.kind = PT_CROWD_ITEM, .index = x}, err));
        *out = owners;
        return yes ? make_not(out, p, owners, err) : PT_OK;
    }
    if (node->kind != PT_NODE_HAS && !any && !all)
        return PT_OK;
    for (uint32_t i = 1; i < node->n_args; i++)
        if (node->args[i]->kind != PT_NODE_LITERAL)
            return PT_OK;
    const pt_crowd_node **items = PT_NEW_ARRAY(p->arena, const pt_crowd_node *, node->n_args);
    if (!items)
        return pt_fail_nomem(err, "a condition");
    PT_TRY(p->env->column(&c, p->env->ctx, tag, err));
    for (uint32_t i = 1; i < node->n_args; i++)
        PT_TRY(make_item(&items[i - 1], p, x, c, node->args[i], yes, err));
    pt_crowd_kind kind = any == yes ? PT_CROWD_OR : PT_CROWD_AND;
    return make(out, p, (pt_crowd_node){.kind = kind, .children = items, .n_children = node->n_args - 1}, err);
}

/* --- leaves -------------------------------------------------------------------------------------------------------------- */

static pt_rc plan_constant(const pt_crowd_node **out, const planner *p, const pt_node *node, bool yes, pt_err *err)
{
    uint8_t answer = 0;

    PT_TRY(ask(&answer, p, node, -1, NULL, 1, 1, err));
    return make_constant(out, p, answer == yes, err);
}

static pt_rc plan_decided(const pt_crowd_node **out, const planner *p, const pt_node *node, bool yes, pt_err *err)
{
    const uint64_t *is, *is_not;

    PT_TRY(p->env->decide(&is, &is_not, p->env->ctx, node, err));
    return make(out, p, (pt_crowd_node){.kind = PT_CROWD_BITS, .bits = yes ? is : is_not}, err);
}

/* By the index of its one tag; NULL in *out when that cannot answer. */
static pt_rc plan_indexed(const pt_crowd_node **out, const planner *p, const pt_node *node, uint32_t tag, bool yes,
                          pt_err *err)
{
    pt_tagindex *x;

    *out = NULL;
    PT_TRY(p->env->index(&x, p->env->ctx, tag, err));
    if (!x)
        return PT_OK;
    switch (pt_tagindex_which(x)) {
    case PT_TAGINDEX_ITEMS: return plan_items(out, p, node, tag, x, yes, err);
    case PT_TAGINDEX_SLICES:
        return is_exact(x) ? plan_codes(out, p, node, tag, x, yes, err)
                           : plan_intervals(out, p, node, tag, x, yes, err);
    default: return PT_OK;
    }
}

static pt_rc plan_leaf(const pt_crowd_node **out, const planner *p, const pt_node *node, bool yes, pt_err *err)
{
    support s = {.tag = -1};

    find_support(&s, node);
    *out = NULL;
    if (!s.others && s.tag < 0)
        return plan_constant(out, p, node, yes, err);
    if (node->kind == PT_NODE_TAG) {
        PT_TRY(p->env->members(out, p->env->ctx, node->u.tag, err));
        if (*out)
            return yes ? PT_OK : make_not(out, p, *out, err);
    }
    if (!s.others)
        PT_TRY(plan_indexed(out, p, node, (uint32_t)s.tag, yes, err));
    return *out ? PT_OK : plan_decided(out, p, node, yes, err);
}

/* --- trees --------------------------------------------------------------------------------------------------------------- */

static bool is_op(const pt_node *n, pt_op op)
{
    return (n->kind == PT_NODE_BINARY || n->kind == PT_NODE_UNARY) && n->u.op == op;
}

/* Not: the same with yes and no exchanged. And: true when both are, false when either is; or the other way round. */
static pt_rc plan(const pt_crowd_node **out, const planner *p, const pt_node *node, bool yes, pt_err *err)
{
    bool both = is_op(node, PT_OP_AND);

    if (is_op(node, PT_OP_NOT))
        return plan(out, p, node->args[0], !yes, err);
    if (!both && !is_op(node, PT_OP_OR))
        return plan_leaf(out, p, node, yes, err);
    const pt_crowd_node **sides = PT_NEW_ARRAY(p->arena, const pt_crowd_node *, 2);
    if (!sides)
        return pt_fail_nomem(err, "a condition");
    for (size_t i = 0; i < 2; i++)
        PT_TRY(plan(&sides[i], p, node->args[i], yes, err));
    pt_crowd_kind kind = both == yes ? PT_CROWD_AND : PT_CROWD_OR;
    return make(out, p, (pt_crowd_node){.kind = kind, .children = sides, .n_children = 2}, err);
}

pt_rc pt_segment_plan(const pt_crowd_node **out, const pt_segment_env *env, const pt_node *node, pt_arena *a,
                      pt_err *err)
{
    planner p = {.env = env, .arena = a};

    *out = NULL;
    return plan(out, &p, node, true, err);
}
