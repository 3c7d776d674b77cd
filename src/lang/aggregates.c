/* Aggregates over one source's events: what each takes and gives, its window, its weight. */
#include "lang/check.h"

typedef enum { WITHOUT, MAYBE, NEEDED } value_rule;

/* Which value each takes. Types in `number` are converted to number first. */
static const struct {
    value_rule value;
    pt_typeset types, number;
    pt_type result; /* NONE: as the value */
    bool weighted;
    const char *usage;
} rules[PT_AGG_COUNT_] = {
    [PT_AGG_COUNT] = {MAYBE, PT_SET_ANY, 0, PT_TYPE_NUMBER, true, "count(orders), count(orders.coupon)"},
    [PT_AGG_SUM] = {NEEDED, PT_SET_QUANTITY, PT_IS(BOOL), PT_TYPE_NONE, true, "sum(orders.amount)"},
    [PT_AGG_AVG] = {NEEDED, PT_SET_QUANTITY, PT_IS(BOOL), PT_TYPE_NONE, true, "avg(orders.amount)"},
    [PT_AGG_MIN] = {NEEDED, PT_SET_ORDERED, 0, PT_TYPE_NONE, false, "min(orders.amount)"},
    [PT_AGG_MAX] = {NEEDED, PT_SET_ORDERED, 0, PT_TYPE_NONE, false, "max(orders.amount)"},
    [PT_AGG_FIRST] = {NEEDED, PT_SET_SCALAR | PT_IS(LIST), 0, PT_TYPE_NONE, false, "first(orders.time)"},
    [PT_AGG_LAST] = {NEEDED, PT_SET_SCALAR | PT_IS(LIST), 0, PT_TYPE_NONE, false, "last(orders.time)"},
    [PT_AGG_DISTINCT] = {NEEDED, PT_SET_SCALAR, 0, PT_TYPE_NUMBER, false, "distinct(orders.category)"},
    [PT_AGG_VALUES] = {NEEDED, PT_SET_TEXT, 0, PT_TYPE_LIST, false, "values(orders.category)"},
    [PT_AGG_MEDIAN] = {NEEDED, PT_SET_QUANTITY, 0, PT_TYPE_NONE, false, "median(orders.amount)"},
    [PT_AGG_QUANTILE] = {NEEDED, PT_SET_QUANTITY, 0, PT_TYPE_NONE, false, "quantile(orders.amount, 0.9)"},
    [PT_AGG_STDDEV] = {NEEDED, PT_IS(NUMBER), PT_IS(MONEY) | PT_IS(BOOL), PT_TYPE_NUMBER, false,
                       "stddev(orders.amount)"},
    [PT_AGG_MODE] = {NEEDED, PT_SET_SCALAR, 0, PT_TYPE_NONE, true, "mode(orders.channel)"},
    [PT_AGG_TOP] = {NEEDED, PT_SET_TEXT, 0, PT_TYPE_WEIGHTED, true, "top(orders.category, 3)"},
    [PT_AGG_DAYS] = {WITHOUT, 0, 0, PT_TYPE_NUMBER, false, "days(orders)"},
    [PT_AGG_GAP] = {WITHOUT, 0, 0, PT_TYPE_NUMBER, false, "gap(orders)"},
    [PT_AGG_TREND] = {MAYBE, PT_IS(NUMBER), PT_IS(MONEY) | PT_IS(BOOL), PT_TYPE_NUMBER, false,
                      "trend(orders.amount within 180d), trend(orders within 180d)"},
    [PT_AGG_STREAK] = {WITHOUT, 0, 0, PT_TYPE_NUMBER, false, "streak(orders)"},
    [PT_AGG_DID] = {WITHOUT, 0, 0, PT_TYPE_BOOL, false, "did(orders within 30d)"},
    [PT_AGG_DID_NOT] = {WITHOUT, 0, 0, PT_TYPE_BOOL, false, "did_not(orders within 30d)"},
};

bool pt_find_aggregate(pt_agg_fn *out, pt_sv name)
{
    for (int i = 0; i < PT_AGG_COUNT_; i++) {
        if (pt_sv_eq(name, pt_sv_of(pt_agg_name((pt_agg_fn)i)))) {
            *out = (pt_agg_fn)i;
            return true;
        }
    }
    return false;
}

/* --- the source --------------------------------------------------------------------------------------------------- */

static bool is_bare_name(const pt_syn *s)
{
    return s->kind == PT_SYN_NAME && !s->qualifier.ptr;
}

int32_t pt_syn_source(const pt_catalog *catalog, const pt_syn *value)
{
    int32_t found = -1;

    if (value->kind == PT_SYN_NAME)
        return value->qualifier.ptr ? pt_find_source(catalog, value->qualifier) : -1;
    for (uint32_t i = 0; i < value->n_args && found < 0; i++)
        found = pt_syn_source(catalog, value->args[i]);
    return found;
}

/* The first qualified name, for reporting a source that does not exist. */
static const pt_syn *first_qualified(const pt_syn *s)
{
    const pt_syn *found = s->kind == PT_SYN_NAME && s->qualifier.ptr ? s : NULL;

    for (uint32_t i = 0; i < s->n_args && !found; i++)
        found = first_qualified(s->args[i]);
    return found;
}

static int32_t no_source(pt_checker *c, const pt_syn *s, const char *usage)
{
    const pt_syn *name = first_qualified(s->args[0]);
    pt_diag *d;

    if (name) {
        pt_check_name(c, name); /* reports the unknown source with its suggestions */
        return -1;
    }
    d = pt_reader_problem(&c->reader, 309, s->args[0]->span, "%.*s needs to know the source: nothing here names one",
                          PT_SV_ARG(s->name));
    pt_diag_hint(c->reader.diags, d, "write %s", usage);
    return -1;
}

/* The source of the call's first argument; -1 after a report. */
static int32_t find_source(pt_checker *c, const pt_syn *s, const char *usage)
{
    int32_t source;

    if (is_bare_name(s->args[0]))
        return pt_check_source_name(c, s->args[0]);
    source = pt_syn_source(c->catalog, s->args[0]);
    return source >= 0 && pt_source_visible(&c->catalog->sources[source]) ? source : no_source(c, s, usage);
}

/* --- the window --------------------------------------------------------------------------------------------------- */

/* A constant of the kinds a bound takes. */
static const pt_node *check_bound(pt_checker *c, const pt_syn *s, pt_typeset types, const char *hint)
{
    int32_t scope = c->scope;
    const pt_node *n;
    pt_diag *d;

    c->scope = PT_LEVEL_CONSTANT;
    n = pt_check_any(c, s);
    c->scope = scope;
    if (!n || pt_set_has(types, n->type))
        return n;
    d = pt_reader_problem(&c->reader, 316, s->span, "a window's bound cannot be %s", pt_type_name(n->type));
    pt_diag_hint(c->reader.diags, d, "%s", hint);
    return NULL;
}

/* The value of a duration made of literals; false when it cannot be told here. Exact enough for comparisons. */
static bool fold_duration(const pt_node *n, double *out)
{
    double a, b;

    if (n->kind == PT_NODE_LITERAL) {
        *out = n->type == PT_TYPE_NUMBER ? n->u.literal.u.number : (double)n->u.literal.u.i64;
        return n->type == PT_TYPE_NUMBER || n->type == PT_TYPE_DURATION;
    }
    if (n->kind == PT_NODE_UNARY && n->u.op == PT_OP_NEG && fold_duration(n->args[0], &a)) {
        *out = -a;
        return true;
    }
    if (n->kind != PT_NODE_BINARY || !fold_duration(n->args[0], &a) || !fold_duration(n->args[1], &b))
        return false;
    switch (n->u.op) {
    case PT_OP_ADD: *out = a + b; return true;
    case PT_OP_SUB: *out = a - b; return true;
    case PT_OP_MUL: *out = a * b; return true;
    case PT_OP_DIV: *out = a / b; return b != 0;
    default: return false;
    }
}

static bool bad_window(pt_checker *c, pt_span span, const char *msg, const char *hint)
{
    pt_diag *d = pt_reader_problem(&c->reader, 316, span, "%s", msg);

    pt_diag_hint(c->reader.diags, d, "%s", hint);
    return false;
}

static bool check_within(pt_checker *c, const pt_syn *s, pt_window *out)
{
    double length;

    out->kind = PT_WINDOW_WITHIN;
    out->from = check_bound(c, s, PT_IS(DURATION), "write the unit: within 30d; after a date write since 2017-01-31");
    if (!out->from)
        return false;
    if (fold_duration(out->from, &length) && length <= 0)
        return bad_window(c, s->span, "a window must be longer than nothing", "write within 30d for the last 30 days");
    return true;
}

static bool check_next(pt_checker *c, const pt_syn *s, pt_window *out)
{
    int64_t length;

    if (!c->ahead) {
        pt_diag *d = pt_reader_problem(&c->reader, 337, s->span, "what comes after the as-of is not known here");
        pt_diag_hint(c->reader.diags, d, "`within next` may stand in the target of a model; for the past write within");
        return false;
    }
    out->kind = PT_WINDOW_NEXT;
    return pt_check_positive_duration(c, s, "a window ahead", &length) &&
           (out->from = check_bound(c, s, PT_IS(DURATION), "")) != NULL;
}

static bool check_since(pt_checker *c, const pt_syn *s, pt_window *out)
{
    out->kind = PT_WINDOW_SINCE;
    out->from = check_bound(c, s, PT_SET_TIME, "write since 2017-01-31; for a length of time write within 30d");
    return out->from != NULL;
}

/* Whether two literal ends are in order; a duration counts back, so its larger end comes first. */
static bool ends_in_order(const pt_window *w)
{
    double a, b;

    if (w->from->type == PT_TYPE_DURATION)
        return !fold_duration(w->from, &a) || !fold_duration(w->to, &b) || (a > b && b >= 0);
    if (w->from->kind != PT_NODE_LITERAL || w->to->kind != PT_NODE_LITERAL)
        return true;
    return w->from->type == PT_TYPE_DATE ? w->from->u.literal.u.date <= w->to->u.literal.u.date
                                         : w->from->u.literal.u.i64 <= w->to->u.literal.u.i64;
}

static bool check_between_ends(pt_checker *c, const pt_syn *const ends[2], pt_window *out)
{
    const char *hint = "write between 2017-01-01 and 2017-01-31, or between 60d and 30d";
    pt_span span = {ends[0]->span.offset, ends[1]->span.offset + ends[1]->span.length - ends[0]->span.offset};

    out->kind = PT_WINDOW_BETWEEN;
    out->from = check_bound(c, ends[0], PT_SET_TIME | PT_IS(DURATION), hint);
    out->to = check_bound(c, ends[1], PT_SET_TIME | PT_IS(DURATION), hint);
    if (!out->from || !out->to)
        return false;
    if (out->from->type != out->to->type)
        return bad_window(c, span, "the two ends of a window must be of one type", hint);
    if (!ends_in_order(out))
        return bad_window(c, span, "the window ends before it begins",
                          out->from->type == PT_TYPE_DURATION
                              ? "the earlier end comes first: between 60d and 30d is from 60 to 30 days ago"
                              : "the earlier end comes first");
    return true;
}

bool pt_check_window(pt_checker *c, const pt_clauses *k, bool within, pt_window *out)
{
    const pt_syn *last = k->between[0] ? k->between[0] : k->since;

    *out = (pt_window){.kind = PT_WINDOW_ALL};
    if (k->next && ((within && k->within) || last))
        return bad_window(c, k->next->span, "more than one window", "take one of within, within next, since, between");
    if ((within && k->within && last) || (k->since && k->between[0]))
        return bad_window(c, last->span, "more than one window", "take one of within, since, between");
    if (k->next)
        return check_next(c, k->next, out);
    if (within && k->within)
        return check_within(c, k->within, out);
    if (k->since)
        return check_since(c, k->since, out);
    return !k->between[0] || check_between_ends(c, k->between, out);
}

bool pt_check_positive_duration(pt_checker *c, const pt_syn *s, const char *what, int64_t *out)
{
    pt_diag *d;

    if (s->kind == PT_SYN_LITERAL && s->type == PT_TYPE_DURATION && s->literal.u.i64 > 0) {
        *out = s->literal.u.i64;
        return true;
    }
    d = pt_reader_problem(&c->reader, 316, s->span, "%s must be a length of time above zero, written out", what);
    pt_diag_hint(c->reader.diags, d, "for example 30d");
    return false;
}

/* --- value, extra, where, weight ---------------------------------------------------------------------------------- */

static bool bad_value(pt_checker *c, pt_agg_fn fn, const pt_node *value)
{
    pt_diag *d = pt_reader_problem(&c->reader, 322, pt_node_span(value), "%s does not take %s", pt_agg_name(fn),
                                   pt_type_name(value->type));

    if (fn == PT_AGG_SUM && pt_type_is_text(value->type))
        pt_diag_hint(c->reader.diags, d, "count different values with distinct(...), or declare the column a number");
    else
        pt_diag_hint(c->reader.diags, d, "write %s", rules[fn].usage);
    return false;
}

/* The source alone where a column is needed, or the other way round. */
static bool wrong_shape(pt_checker *c, pt_agg_fn fn, const pt_syn *s, const char *msg)
{
    pt_diag *d = pt_reader_problem(&c->reader, 322, s->span, "%s %s", pt_agg_name(fn), msg);

    pt_diag_hint(c->reader.diags, d, "write %s", rules[fn].usage);
    return false;
}

static bool check_value(pt_checker *c, const pt_syn *s, pt_agg *agg)
{
    const pt_node *value;

    if (is_bare_name(s))
        return rules[agg->fn].value != NEEDED || wrong_shape(c, agg->fn, s, "needs a column");
    if (rules[agg->fn].value == WITHOUT)
        return wrong_shape(c, agg->fn, s, "takes a source, not a column");
    value = pt_check_any(c, s);
    if (!value || pt_refuse_missing(c, value))
        return false;
    if (pt_set_has(rules[agg->fn].number, value->type))
        value = pt_convert(c, value, PT_TYPE_NUMBER);
    else if (!pt_set_has(rules[agg->fn].types, value->type))
        return bad_value(c, agg->fn, value);
    if (value && agg->fn == PT_AGG_COUNT && value->type == PT_TYPE_BOOL) {
        pt_diag *d =
            pt_reader_warning(&c->reader, 325, s->span, "this counts events where the value is known, true or false");
        pt_diag_hint(c->reader.diags, d, "to count where it is true write where");
    }
    return (agg->value = value) != NULL;
}

/* k of top and q of quantile. */
static bool check_extra(pt_checker *c, const pt_syn *s, pt_agg *agg)
{
    bool takes = agg->fn == PT_AGG_TOP || agg->fn == PT_AGG_QUANTILE;
    const pt_node *n;
    pt_diag *d;

    if (s->n_args != 1u + takes) {
        d = pt_reader_problem(&c->reader, 313, s->name_span,
                              takes ? "%s takes a column and a number" : "%s takes one argument", pt_agg_name(agg->fn));
        pt_diag_hint(c->reader.diags, d, "write %s", rules[agg->fn].usage);
        return false;
    }
    if (!takes)
        return true;
    if (!(n = pt_check_any(c, s->args[1])))
        return false;
    if (agg->fn == PT_AGG_QUANTILE) {
        bool ok = pt_check_constant(c, n, 0, 1, false, "the quantile");
        agg->q = ok ? n->u.literal.u.number : 0;
        return ok;
    }
    if (!pt_check_constant(c, n, 1, 1000, true, "the length of the list"))
        return false;
    agg->k = (uint32_t)n->u.literal.u.number;
    return true;
}

const pt_node *pt_check_where(pt_checker *c, const pt_syn *s, const char *what)
{
    const pt_node *n;

    c->condition = true;
    n = pt_check_condition(c, s, what);
    c->condition = false;
    return n;
}

static bool check_where(pt_checker *c, const pt_syn *s, pt_agg *agg)
{
    const pt_syn *where = NULL;

    for (uint32_t i = 0; i < s->n_args; i++) {
        if (s->clauses->where[i] && where) {
            pt_reader_problem(&c->reader, 212, s->clauses->where[i]->span, "'where' is given twice");
            return false;
        }
        if (s->clauses->where[i])
            where = s->clauses->where[i];
    }
    return !where || (agg->where = pt_check_where(c, where, "the condition after where")) != NULL;
}

static bool check_weight_value(pt_checker *c, const pt_syn *s, pt_agg *agg)
{
    const pt_node *n = pt_check_any(c, s);

    if (!n || pt_refuse_missing(c, n))
        return false;
    if (!pt_set_has(PT_IS(NUMBER) | PT_IS(MONEY) | PT_IS(BOOL), n->type)) {
        pt_reader_problem(&c->reader, 322, s->span, "a weight must be a number, this is %s", pt_type_name(n->type));
        return false;
    }
    return (agg->weight = pt_convert(c, n, PT_TYPE_NUMBER)) != NULL;
}

static bool check_weights(pt_checker *c, const pt_clauses *k, pt_agg *agg)
{
    const pt_syn *any = k->weight ? k->weight : k->half_life;

    if (any && !rules[agg->fn].weighted) {
        pt_diag *d = pt_reader_problem(&c->reader, 323, any->span, "%s takes no %s", pt_agg_name(agg->fn),
                                       k->weight ? "weight" : "half_life");
        pt_diag_hint(c->reader.diags, d, "count, sum, avg, mode and top do");
        return false;
    }
    bool ok = !k->weight || check_weight_value(c, k->weight, agg);
    if (k->half_life && agg->window.kind == PT_WINDOW_NEXT)
        return bad_window(c, k->half_life->span,
                          "half_life makes old events count less, and in a window ahead none is old",
                          "leave half_life away");
    return (!k->half_life || pt_check_positive_duration(c, k->half_life, "half_life", &agg->half_life)) && ok;
}

static bool check_trend(pt_checker *c, const pt_syn *s, const pt_agg *agg)
{
    if (agg->fn != PT_AGG_TREND || agg->value || agg->window.kind != PT_WINDOW_ALL)
        return true;
    return bad_window(c, s->span, "the trend of a count needs a window", "write trend(orders within 180d)");
}

/* --- the whole call ----------------------------------------------------------------------------------------------- */

static bool check_nesting(pt_checker *c, const pt_syn *s)
{
    pt_diag *d;

    if (c->scope == PT_LEVEL_CUSTOMER || (c->scope >= 0 && c->condition))
        return true;
    if (c->scope == PT_LEVEL_CONSTANT) {
        pt_reader_problem(&c->reader, 314, s->span, "a window's bounds cannot depend on the customer");
        return false;
    }
    d = pt_reader_problem(&c->reader, 308, s->span, "%.*s cannot stand inside another aggregate", PT_SV_ARG(s->name));
    pt_diag_hint(c->reader.diags, d, "only after where can it; else make it a tag of its own and use the tag here");
    return false;
}

bool pt_check_call_place(pt_checker *c, const pt_syn *s, const char *usage)
{
    pt_diag *d;

    if (!check_nesting(c, s))
        return false;
    if (s->n_args)
        return true;
    d = pt_reader_problem(&c->reader, 313, s->name_span, "%.*s needs a source", PT_SV_ARG(s->name));
    pt_diag_hint(c->reader.diags, d, "write %s", usage);
    return false;
}

const pt_node *pt_check_aggregate(pt_checker *c, const pt_syn *s, pt_agg_fn fn)
{
    pt_agg *agg = pt_reader_alloc(&c->reader, 1, sizeof *agg);
    int32_t source, outer = c->scope;
    bool whole, condition = c->condition;
    pt_node *n;

    if (!agg || !pt_check_call_place(c, s, rules[fn].usage) || (source = find_source(c, s, rules[fn].usage)) < 0)
        return NULL;
    agg->fn = fn;
    agg->source = (uint32_t)source;
    c->condition = false;
    whole = pt_check_window(c, s->clauses, true, &agg->window);
    c->scope = source;
    whole &= check_value(c, s->args[0], agg);
    whole &= check_extra(c, s, agg);
    whole &= check_where(c, s, agg);
    whole &= check_weights(c, s->clauses, agg);
    c->scope = outer;
    c->condition = condition;
    if (!whole || !check_trend(c, s, agg))
        return NULL;
    n = pt_make_node(c, PT_NODE_AGGREGATE, agg->value ? agg->value->type : PT_TYPE_NUMBER, s->span, NULL, 0);
    if (!n)
        return NULL;
    if (rules[fn].result != PT_TYPE_NONE)
        n->type = rules[fn].result;
    n->level = PT_LEVEL_CUSTOMER;
    n->u.agg = agg;
    return n;
}
