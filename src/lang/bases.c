/* Statistics of the customer base: base_mean(spend) and its like. Their argument is the name of a tag; their value is one
 * constant, which whoever evaluates gives (eval/base.h). */
#include "lang/check.h"

typedef enum { NOTHING, PART, VALUE } extra_rule;

static const struct {
    pt_typeset types;  /* of the tag */
    extra_rule extra;  /* what stands beside the tag */
    pt_typeset number; /* tags of these types give a number */
    pt_type result;    /* NONE: as the tag */
    const char *usage;
} rules[PT_BASE_COUNT_] = {
    [PT_BASE_COUNT] = {PT_SET_ANY, NOTHING, 0, PT_TYPE_NUMBER, "base_count(spend)"},
    [PT_BASE_SUM] = {PT_SET_QUANTITY | PT_IS(BOOL), NOTHING, PT_IS(BOOL), PT_TYPE_NONE, "base_sum(spend)"},
    [PT_BASE_MEAN] = {PT_SET_QUANTITY | PT_IS(BOOL), NOTHING, PT_IS(BOOL), PT_TYPE_NONE, "base_mean(spend)"},
    [PT_BASE_STDDEV] = {PT_IS(NUMBER) | PT_IS(MONEY) | PT_IS(BOOL), NOTHING, 0, PT_TYPE_NUMBER, "base_stddev(spend)"},
    [PT_BASE_MIN] = {PT_SET_QUANTITY | PT_SET_TIME, NOTHING, 0, PT_TYPE_NONE, "base_min(spend)"},
    [PT_BASE_MAX] = {PT_SET_QUANTITY | PT_SET_TIME, NOTHING, 0, PT_TYPE_NONE, "base_max(spend)"},
    [PT_BASE_QUANTILE] = {PT_SET_QUANTITY, PART, 0, PT_TYPE_NONE, "base_quantile(spend, 0.8)"},
    [PT_BASE_SHARE] = {PT_SET_ANY, VALUE, 0, PT_TYPE_NUMBER, "base_share(life_cycle, 'active')"},
    [PT_BASE_TOP_SHARE] = {PT_SET_QUANTITY, PART, 0, PT_TYPE_NONE, "base_top_share(spend, 0.8)"},
    [PT_BASE_WEIGHTS] = {PT_SET_TEXT | PT_SET_LISTS, NOTHING, 0, PT_TYPE_WEIGHTED, "base_weights(favourites)"},
    [PT_BASE_REACH] = {PT_SET_TEXT | PT_SET_LISTS, NOTHING, 0, PT_TYPE_WEIGHTED, "base_reach(favourites)"},
};

bool pt_find_base(pt_base_fn *out, pt_sv name)
{
    for (int i = 0; i < PT_BASE_COUNT_; i++) {
        if (pt_sv_eq(name, pt_sv_of(pt_base_name((pt_base_fn)i)))) {
            *out = (pt_base_fn)i;
            return true;
        }
    }
    return false;
}

/* --- the tag ------------------------------------------------------------------------------------------------------ */

static const pt_node *not_a_tag(pt_checker *c, const pt_syn *call, const pt_syn *arg)
{
    pt_diag *d = pt_reader_problem(&c->reader, 330, arg->span, "%.*s takes the name of a tag", PT_SV_ARG(call->name));

    pt_diag_hint(c->reader.diags, d, "make a tag of what you mean and name it here");
    return NULL;
}

static bool in_window(pt_checker *c, const pt_syn *call)
{
    pt_diag *d;

    if (c->scope != PT_LEVEL_CONSTANT)
        return false;
    d = pt_reader_problem(&c->reader, 314, call->span, "a window's bounds cannot depend on other customers");
    pt_diag_hint(c->reader.diags, d, "use durations, dates, as_of and today(), for example since month_start(today())");
    return true;
}

/* The tag that the first argument names, at customer level wherever the call stands; NULL after a report. */
static const pt_node *check_tag(pt_checker *c, const pt_syn *call)
{
    const pt_syn *arg = call->args[0];
    int32_t scope = c->scope;
    const pt_node *tag;

    if (in_window(c, call))
        return NULL;
    if (arg->kind != PT_SYN_NAME || arg->qualifier.ptr || (!arg->quoted && pt_sv_eq(arg->name, PT_SV("as_of"))))
        return not_a_tag(c, call, arg);
    c->scope = PT_LEVEL_CUSTOMER;
    tag = pt_check_name(c, arg);
    c->scope = scope;
    return tag;
}

static bool check_count(pt_checker *c, const pt_syn *call, uint32_t n, const char *usage)
{
    pt_diag *d;

    if (!pt_check_no_clauses(c, call))
        return false;
    if (call->n_args == n)
        return true;
    d = pt_reader_problem(&c->reader, 313, call->name_span, "%.*s takes %u argument%s, this has %u",
                          PT_SV_ARG(call->name), n, n == 1 ? "" : "s", call->n_args);
    pt_diag_hint(c->reader.diags, d, "write %s", usage);
    return false;
}

static bool check_type(pt_checker *c, const pt_syn *call, const pt_node *tag, pt_typeset types, const char *usage)
{
    pt_diag *d;

    if (pt_set_has(types, tag->type))
        return true;
    d = pt_reader_problem(&c->reader, 312, pt_node_span(tag), "%.*s does not take %s", PT_SV_ARG(call->name),
                          pt_type_name(tag->type));
    pt_diag_hint(c->reader.diags, d, "write %s", usage);
    return false;
}

/* --- what stands beside it ---------------------------------------------------------------------------------------- */

/* The value whose share is asked for: a literal of the tag's type, of lists a text. */
static bool check_value(pt_checker *c, const pt_syn *s, const pt_node *tag, pt_base *base)
{
    const pt_node *n = pt_check_any(c, s);
    pt_type want = pt_type_is_list(tag->type) || pt_type_is_text(tag->type) ? PT_TYPE_TEXT : tag->type;
    pt_diag *d;

    if (!n || pt_refuse_missing(c, n))
        return false;
    if (n->kind == PT_NODE_LITERAL && pt_converts(n->type, want))
        return (base->value = pt_convert(c, n, want)) && base->value->kind == PT_NODE_LITERAL;
    d = pt_reader_problem(&c->reader, 314, s->span, "base_share takes a value of the tag, written out");
    pt_diag_hint(c->reader.diags, d, "the tag is %s: write base_share(tag, %s)", pt_type_name(tag->type),
                 want == PT_TYPE_TEXT ? "'value'" : "value");
    return false;
}

static bool check_part(pt_checker *c, const pt_syn *s, pt_base *base)
{
    const pt_node *n = pt_check_any(c, s);
    bool ok = n && pt_check_constant(c, n, 0, 1, false, base->fn == PT_BASE_QUANTILE ? "the quantile" : "the share");

    base->q = ok ? n->u.literal.u.number : 0;
    return ok;
}

static bool check_extra(pt_checker *c, const pt_syn *call, const pt_node *tag, pt_base *base)
{
    switch (rules[base->fn].extra) {
    case PART: return check_part(c, call->args[1], base);
    case VALUE: return check_value(c, call->args[1], tag, base);
    default: return true;
    }
}

/* --- the calls ---------------------------------------------------------------------------------------------------- */

static const pt_node *make_base(pt_checker *c, pt_span span, pt_type type, const pt_base *base)
{
    pt_base *kept = pt_reader_alloc(&c->reader, 1, sizeof *kept);
    pt_node *n = kept ? pt_make_node(c, PT_NODE_BASE, type, span, NULL, 0) : NULL;

    if (!n)
        return NULL;
    *kept = *base;
    n->u.base = kept;
    return n;
}

const pt_node *pt_check_base(pt_checker *c, const pt_syn *call, pt_base_fn fn)
{
    pt_base base = {.fn = fn};
    const pt_node *tag;
    pt_type type = rules[fn].result;

    if (!check_count(c, call, rules[fn].extra == NOTHING ? 1 : 2, rules[fn].usage) || !(tag = check_tag(c, call)) ||
        !check_type(c, call, tag, rules[fn].types, rules[fn].usage) || !check_extra(c, call, tag, &base))
        return NULL;
    base.tag = tag->u.tag;
    if (type == PT_TYPE_NONE)
        type = pt_set_has(rules[fn].number, tag->type) ? PT_TYPE_NUMBER : tag->type;
    return make_base(c, call->span, type, &base);
}

/* The tag, the number of steps, and the n - 1 quantiles between them. */
static const pt_node *score_node(pt_checker *c, const pt_syn *call, pt_fn fn, const pt_node *tag, const pt_node *steps)
{
    uint32_t n = (uint32_t)steps->u.literal.u.number;
    const pt_node **args = pt_reader_alloc(&c->reader, n + 1, sizeof *args);
    pt_node *score;

    if (!args)
        return NULL;
    args[0] = tag;
    args[1] = steps;
    for (uint32_t k = 1; k < n; k++) {
        pt_base base = {.fn = PT_BASE_QUANTILE, .tag = tag->u.tag, .q = (double)k / n};
        if (!(args[1 + k] = make_base(c, call->span, tag->type, &base)))
            return NULL;
    }
    if ((score = pt_make_node(c, PT_NODE_CALL, PT_TYPE_NUMBER, call->span, args, n + 1)))
        score->u.fn = fn;
    return score;
}

const pt_node *pt_check_base_score(pt_checker *c, const pt_syn *call, pt_fn fn)
{
    const char *usage = fn == PT_FN_BASE_SCORE ? "base_score(spend, 5)" : "base_score_low(recency, 5)";
    const pt_node *tag, *steps;

    if (!check_count(c, call, 2, usage) || !(tag = check_tag(c, call)) ||
        !check_type(c, call, tag, PT_SET_QUANTITY, usage) || !(steps = pt_check_any(c, call->args[1])) ||
        !pt_check_constant(c, steps, 2, PT_LANG_MAX_BOUNDS, true, "the number of steps"))
        return NULL;
    return score_node(c, call, fn, tag, steps);
}
