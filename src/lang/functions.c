/* Scalar functions: names, what they take, what they give. docs/language.md says what they mean. */
#include "lang/check.h"

/* What a parameter takes. Each class is a set of types, and those that are converted to the first of them. */
typedef enum {
    NUM,     /* number; money as its amount */
    QUANT,   /* number, money or duration, kept */
    AMOUNT,  /* number or money, kept */
    DAY,     /* date; instant as its local date */
    MOMENT,  /* instant */
    TEXT,    /* text or category, kept */
    WORD,    /* a text in quotes */
    LISTS,   /* list or weighted list */
    WEIGHTS, /* weighted list */
    SCALAR,
    DATELIKE,   /* what date() reads */
    NUMBERLIKE, /* what number() reads */
    MONEYLIKE,  /* what money() reads */
    WHOLE       /* a whole number constant, checked by the function's own rule */
} param;

static const struct {
    pt_typeset types, converted;
    pt_type to;
    const char *words;
} params[] = {
    [NUM] = {PT_IS(NUMBER), PT_IS(MONEY), PT_TYPE_NUMBER, "a number"},
    [QUANT] = {PT_SET_QUANTITY, 0, 0, "a number, money or a duration"},
    [AMOUNT] = {PT_IS(NUMBER) | PT_IS(MONEY), 0, 0, "a number or money"},
    [DAY] = {PT_IS(DATE), PT_IS(INSTANT), PT_TYPE_DATE, "a date or an instant"},
    [MOMENT] = {PT_IS(INSTANT), 0, 0, "an instant"},
    [TEXT] = {PT_SET_TEXT, 0, 0, "text"},
    [WORD] = {PT_IS(TEXT), 0, 0, "a text in quotes"},
    [LISTS] = {PT_SET_LISTS, 0, 0, "a list"},
    [WEIGHTS] = {PT_IS(WEIGHTED), 0, 0, "a weighted list"},
    [SCALAR] = {PT_SET_SCALAR, 0, 0, "a single value"},
    [DATELIKE] = {PT_SET_TIME | PT_SET_TEXT, 0, 0, "a date, an instant or text"},
    [NUMBERLIKE] = {PT_IS(NUMBER) | PT_IS(MONEY) | PT_IS(BOOL) | PT_SET_TEXT, 0, 0, "a number, money, a bool or text"},
    [MONEYLIKE] = {PT_IS(NUMBER) | PT_IS(MONEY) | PT_SET_TEXT, 0, 0, "a number, money or text"},
    [WHOLE] = {PT_IS(NUMBER), 0, 0, "a whole number"},
};

enum { MANY = 10000 };
#define SAME PT_TYPE_NONE

/* `least` to `most` arguments; the last class repeats. */
static const struct {
    uint16_t least, most;
    uint8_t params[3];
    pt_type result; /* SAME: as the first argument */
    const char *usage;
} signatures[PT_FN_COUNT] = {
    [PT_FN_ABS] = {1, 1, {QUANT}, SAME, "abs(x)"},
    [PT_FN_ROUND] = {1, 2, {AMOUNT, WHOLE}, SAME, "round(x), round(x, 2)"},
    [PT_FN_FLOOR] = {1, 1, {AMOUNT}, SAME, "floor(x)"},
    [PT_FN_CEIL] = {1, 1, {AMOUNT}, SAME, "ceil(x)"},
    [PT_FN_SQRT] = {1, 1, {NUM}, PT_TYPE_NUMBER, "sqrt(x)"},
    [PT_FN_LN] = {1, 1, {NUM}, PT_TYPE_NUMBER, "ln(x)"},
    [PT_FN_LOG10] = {1, 1, {NUM}, PT_TYPE_NUMBER, "log10(x)"},
    [PT_FN_EXP] = {1, 1, {NUM}, PT_TYPE_NUMBER, "exp(x)"},
    [PT_FN_POW] = {2, 2, {NUM, NUM}, PT_TYPE_NUMBER, "pow(x, 2)"},
    [PT_FN_LEAST] = {2, MANY, {0}, SAME, "least(a, b, ...)"},
    [PT_FN_GREATEST] = {2, MANY, {0}, SAME, "greatest(a, b, ...)"},
    [PT_FN_IF] = {3, 3, {0}, SAME, "if(condition, a, b)"},
    [PT_FN_COALESCE] = {2, MANY, {0}, SAME, "coalesce(a, b, ...)"},
    [PT_FN_MERGE_NEWEST] = {3, 3 * PT_MERGE_MOST, {0}, SAME, PT_MERGE_USAGE("merge_newest")},
    [PT_FN_MERGE_TRUSTED] = {3, 3 * PT_MERGE_MOST, {0}, SAME, PT_MERGE_USAGE("merge_trusted")},
    [PT_FN_MERGE_FREQUENT] = {3, 3 * PT_MERGE_MOST, {0}, SAME, PT_MERGE_USAGE("merge_frequent")},
    [PT_FN_MERGE_PRECEDENCE] = {3, 3 * PT_MERGE_MOST, {0}, SAME, PT_MERGE_USAGE("merge_precedence")},
    [PT_FN_MERGE_ALL] = {3, 3 * PT_MERGE_MOST, {0}, PT_TYPE_WEIGHTED, PT_MERGE_USAGE("merge_all")},
    [PT_FN_BAND] = {2, PT_LANG_MAX_BOUNDS + 1, {QUANT}, PT_TYPE_CATEGORY, "band(x, 10, 20, 50)"},
    [PT_FN_BUCKET] = {2, 2, {QUANT}, SAME, "bucket(x, 10)"},
    [PT_FN_SCORE] = {2, PT_LANG_MAX_BOUNDS + 1, {0}, PT_TYPE_NUMBER, "score(x, 10, 20, 50)"},
    [PT_FN_RANDOM_BUCKET] = {2, 2, {WORD, WHOLE}, PT_TYPE_NUMBER, "random_bucket('seed', 10)"},
    [PT_FN_DAYS_SINCE] = {1, 1, {DAY}, PT_TYPE_NUMBER, "days_since(x)"},
    [PT_FN_MONTHS_SINCE] = {1, 1, {DAY}, PT_TYPE_NUMBER, "months_since(x)"},
    [PT_FN_YEARS_SINCE] = {1, 1, {DAY}, PT_TYPE_NUMBER, "years_since(x)"},
    [PT_FN_DAYS_BETWEEN] = {2, 2, {DAY, DAY}, PT_TYPE_NUMBER, "days_between(earlier, later)"},
    [PT_FN_TODAY] = {0, 0, {0}, PT_TYPE_DATE, "today()"},
    [PT_FN_DATE] = {1, 1, {DATELIKE}, PT_TYPE_DATE, "date(x)"},
    [PT_FN_YEAR] = {1, 1, {DAY}, PT_TYPE_NUMBER, "year(x)"},
    [PT_FN_QUARTER] = {1, 1, {DAY}, PT_TYPE_NUMBER, "quarter(x)"},
    [PT_FN_MONTH] = {1, 1, {DAY}, PT_TYPE_NUMBER, "month(x)"},
    [PT_FN_DAY] = {1, 1, {DAY}, PT_TYPE_NUMBER, "day(x)"},
    [PT_FN_WEEKDAY] = {1, 1, {DAY}, PT_TYPE_NUMBER, "weekday(x)"},
    [PT_FN_HOUR] = {1, 1, {MOMENT}, PT_TYPE_NUMBER, "hour(x)"},
    [PT_FN_WEEK_START] = {1, 1, {DAY}, PT_TYPE_DATE, "week_start(x)"},
    [PT_FN_MONTH_START] = {1, 1, {DAY}, PT_TYPE_DATE, "month_start(x)"},
    [PT_FN_YEAR_START] = {1, 1, {DAY}, PT_TYPE_DATE, "year_start(x)"},
    [PT_FN_LOWER] = {1, 1, {TEXT}, PT_TYPE_TEXT, "lower(x)"},
    [PT_FN_UPPER] = {1, 1, {TEXT}, PT_TYPE_TEXT, "upper(x)"},
    [PT_FN_TRIM] = {1, 1, {TEXT}, PT_TYPE_TEXT, "trim(x)"},
    [PT_FN_LENGTH] = {1, 1, {TEXT}, PT_TYPE_NUMBER, "length(x)"},
    [PT_FN_SUBSTR] = {2, 3, {TEXT, NUM, NUM}, PT_TYPE_TEXT, "substr(x, 1, 2)"},
    [PT_FN_CONCAT] = {1, MANY, {TEXT, TEXT, TEXT}, PT_TYPE_TEXT, "concat(a, b, ...)"},
    [PT_FN_REPLACE] = {3, 3, {TEXT, TEXT, TEXT}, PT_TYPE_TEXT, "replace(x, 'old', 'new')"},
    [PT_FN_STARTS_WITH] = {2, 2, {TEXT, TEXT}, PT_TYPE_BOOL, "starts_with(x, 'part')"},
    [PT_FN_ENDS_WITH] = {2, 2, {TEXT, TEXT}, PT_TYPE_BOOL, "ends_with(x, 'part')"},
    [PT_FN_CONTAINS] = {2, 2, {TEXT, TEXT}, PT_TYPE_BOOL, "contains(x, 'part')"},
    [PT_FN_TEXT] = {1, 1, {SCALAR}, PT_TYPE_TEXT, "text(x)"},
    [PT_FN_NUMBER] = {1, 1, {NUMBERLIKE}, PT_TYPE_NUMBER, "number(x)"},
    [PT_FN_MONEY] = {1, 1, {MONEYLIKE}, PT_TYPE_MONEY, "money(x)"},
    [PT_FN_SIZE] = {1, 1, {LISTS}, PT_TYPE_NUMBER, "size(x)"},
    [PT_FN_ITEM] = {2, 2, {LISTS, WHOLE}, PT_TYPE_TEXT, "item(x, 1)"},
    [PT_FN_WEIGHT_OF] = {2, 2, {WEIGHTS, WORD}, PT_TYPE_NUMBER, "weight_of(x, 'item')"},
    [PT_FN_HAS_ANY] = {2, MANY, {LISTS, WORD, WORD}, PT_TYPE_BOOL, "has_any(x, 'a', 'b')"},
    [PT_FN_HAS_ALL] = {2, MANY, {LISTS, WORD, WORD}, PT_TYPE_BOOL, "has_all(x, 'a', 'b')"},
    [PT_FN_REGION_LEVEL] = {1, 1, {TEXT}, PT_TYPE_CATEGORY, "region_level(code)"},
    [PT_FN_PROVINCE_OF] = {1, 1, {TEXT}, PT_TYPE_TEXT, "province_of(code)"},
    [PT_FN_CITY_OF] = {1, 1, {TEXT}, PT_TYPE_TEXT, "city_of(code)"},
    [PT_FN_PROVINCE_NAME] = {1, 2, {TEXT, WORD}, PT_TYPE_CATEGORY, "province_name(code), province_name(code, 'en')"},
    [PT_FN_NORMALIZE] = {1, 1, {WEIGHTS}, PT_TYPE_WEIGHTED, "normalize(favourites)"},
    [PT_FN_TAKE] = {2, 2, {LISTS, WHOLE}, SAME, "take(favourites, 3)"},
    [PT_FN_TOTAL_WEIGHT] = {1, 1, {WEIGHTS}, PT_TYPE_NUMBER, "total_weight(favourites)"},
    [PT_FN_ITEM_WEIGHT] = {2, 2, {WEIGHTS, WHOLE}, PT_TYPE_NUMBER, "item_weight(favourites, 1)"},
    [PT_FN_ENTROPY] = {1, 1, {WEIGHTS}, PT_TYPE_NUMBER, "entropy(favourites)"},
    [PT_FN_LIFT] = {2, 2, {WEIGHTS, WEIGHTS}, PT_TYPE_WEIGHTED, "lift(favourites, base_weights(favourites))"},
    [PT_FN_TF_IDF] = {2, 2, {WEIGHTS, WEIGHTS}, PT_TYPE_WEIGHTED, "tf_idf(favourites, base_reach(favourites))"},
    [PT_FN_FRESH] = {2, 2, {0}, SAME, "fresh(x, 90d)"}, /* lang/freshness.c checks both */
    [PT_FN_KEEP] = {1, 2, {0}, SAME, "keep(x)"},
    [PT_FN_BASE_SCORE] = {2, 2, {0}, PT_TYPE_NUMBER, "base_score(spend, 5)"}, /* lang/bases.c checks both */
    [PT_FN_BASE_SCORE_LOW] = {2, 2, {0}, PT_TYPE_NUMBER, "base_score_low(recency, 5)"},
};

bool pt_find_function(pt_fn *out, pt_sv name)
{
    for (int i = 0; i < PT_FN_COUNT; i++) {
        if (pt_sv_eq(name, pt_sv_of(pt_fn_name((pt_fn)i)))) {
            *out = (pt_fn)i;
            return true;
        }
    }
    return false;
}

/* --- arguments ---------------------------------------------------------------------------------------------------- */

static bool check_count(pt_checker *c, const pt_syn *s, pt_fn fn)
{
    unsigned least = signatures[fn].least, most = signatures[fn].most;
    pt_diag *d;

    if (s->n_args >= least && s->n_args <= most)
        return true;
    if (least == most)
        d = pt_reader_problem(&c->reader, 313, s->name_span, "%s takes %u argument%s, this has %u", pt_fn_name(fn),
                              least, least == 1 ? "" : "s", s->n_args);
    else
        d = pt_reader_problem(&c->reader, 313, s->name_span, "%s takes %s%u argument%s, this has %u", pt_fn_name(fn),
                              s->n_args < least ? "at least " : "at most ", s->n_args < least ? least : most,
                              (s->n_args < least ? least : most) == 1 ? "" : "s", s->n_args);
    pt_diag_hint(c->reader.diags, d, "write %s", signatures[fn].usage);
    return false;
}

static const pt_node *bad_argument(pt_checker *c, pt_fn fn, const pt_node *n, const char *words)
{
    pt_diag *d = pt_reader_problem(&c->reader, 312, pt_node_span(n), "%s takes %s here, this is %s", pt_fn_name(fn),
                                   words, pt_type_name(n->type));

    pt_diag_hint(c->reader.diags, d, "write %s", signatures[fn].usage);
    return NULL;
}

static const pt_node *fit_argument(pt_checker *c, pt_fn fn, const pt_node *n, param want)
{
    if (pt_refuse_missing(c, n))
        return NULL;
    if (want == WORD && n->kind != PT_NODE_LITERAL && pt_type_is_text(n->type)) {
        pt_diag *d =
            pt_reader_problem(&c->reader, 314, pt_node_span(n), "%s takes a text in quotes here", pt_fn_name(fn));
        pt_diag_hint(c->reader.diags, d, "write %s", signatures[fn].usage);
        return NULL;
    }
    if (pt_set_has(params[want].types, n->type))
        return n;
    if (pt_set_has(params[want].converted, n->type))
        return pt_convert(c, n, params[want].to);
    return bad_argument(c, fn, n, params[want].words);
}

static param param_at(pt_fn fn, uint32_t i)
{
    return (param)signatures[fn].params[i < 3 ? i : 2];
}

bool pt_check_constant(pt_checker *c, const pt_node *n, double low, double high, bool whole, const char *what)
{
    double v;
    char a[32], b[32];

    if (n->kind != PT_NODE_LITERAL || n->type != PT_TYPE_NUMBER) {
        pt_reader_problem(&c->reader, 314, pt_node_span(n), "%s must be a number written out", what);
        return false;
    }
    v = n->u.literal.u.number;
    if (v >= low && v <= high && (!whole || v == floor(v)))
        return true;
    pt_format_double(a, low);
    pt_format_double(b, high);
    pt_reader_problem(&c->reader, 315, pt_node_span(n), "%s must be a %snumber from %s to %s", what,
                      whole ? "whole " : "", a, b);
    return false;
}

/* --- functions with rules of their own ---------------------------------------------------------------------------- */

/* `if`, coalesce, least, greatest: the arguments from `first` on become one type, which is the result's. */
static pt_type check_same(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t first, uint32_t n)
{
    pt_type type = pt_unify_all(c, args + first, n - first, "the values");

    if ((fn == PT_FN_LEAST || fn == PT_FN_GREATEST) && type != PT_TYPE_NONE && !pt_set_has(PT_SET_ORDERED, type)) {
        bad_argument(c, fn, args[first], "values that have an order");
        return PT_TYPE_NONE;
    }
    return type;
}

/* <0, 0, >0 for two literals of one type. */
static int compare_literals(const pt_node *a, const pt_node *b)
{
    const pt_literal *x = &a->u.literal, *y = &b->u.literal;

    if (a->type == PT_TYPE_NUMBER)
        return (x->u.number > y->u.number) - (x->u.number < y->u.number);
    if (a->type == PT_TYPE_DATE)
        return (x->u.date > y->u.date) - (x->u.date < y->u.date);
    return (x->u.i64 > y->u.i64) - (x->u.i64 < y->u.i64);
}

/* Argument i of band, bucket, score as a literal of the first argument's type; false after a report. */
static bool fit_bound(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t i)
{
    bool computed = fn == PT_FN_SCORE && args[i]->level == PT_LEVEL_CONSTANT;
    if (args[i]->kind != PT_NODE_LITERAL && !computed) {
        pt_reader_problem(&c->reader, 314, pt_node_span(args[i]), "%s takes constants for its bounds", pt_fn_name(fn));
        return false;
    }
    if (!pt_converts(args[i]->type, args[0]->type)) {
        pt_diag *d = pt_reader_problem(&c->reader, 312, pt_node_span(args[i]), "this bound is %s, the value is %s",
                                       pt_type_name(args[i]->type), pt_type_name(args[0]->type));
        if (args[0]->type == PT_TYPE_DURATION)
            pt_diag_hint(c->reader.diags, d, "write lengths of time with their unit, for example 30d");
        return false;
    }
    return (args[i] = pt_convert(c, args[i], args[0]->type)) != NULL;
}

/* Bounds that rise, or (score only) fall, all the way. */
static bool check_bounds(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n)
{
    int direction = 0;

    for (uint32_t i = 1; i < n; i++) {
        int step;
        if (!fit_bound(c, fn, args, i))
            return false;
        if (i == 1 || args[i]->kind != PT_NODE_LITERAL || args[i - 1]->kind != PT_NODE_LITERAL)
            continue;
        step = compare_literals(args[i], args[i - 1]);
        if (step == 0 || (direction && step != direction) || (fn == PT_FN_BAND && step < 0)) {
            pt_reader_problem(&c->reader, 315, pt_node_span(args[i]),
                              fn == PT_FN_BAND ? "the bounds of %s must rise"
                                               : "the bounds of %s must all rise or all fall",
                              pt_fn_name(fn));
            return false;
        }
        direction = step;
    }
    return true;
}

static bool is_positive(const pt_node *literal)
{
    return literal->type == PT_TYPE_NUMBER ? literal->u.literal.u.number > 0 : literal->u.literal.u.i64 > 0;
}

static bool check_bucket(pt_checker *c, const pt_node **args)
{
    if (!fit_bound(c, PT_FN_BUCKET, args, 1))
        return false;
    if (!is_positive(args[1]))
        pt_reader_problem(&c->reader, 315, pt_node_span(args[1]), "the width of a bucket must be above zero");
    return is_positive(args[1]);
}

static bool check_score(pt_checker *c, const pt_node **args, uint32_t n)
{
    if (!pt_set_has(PT_SET_QUANTITY | PT_IS(DATE), args[0]->type)) {
        bad_argument(c, PT_FN_SCORE, args[0], "a number, money, a duration or a date");
        return false;
    }
    return check_bounds(c, PT_FN_SCORE, args, n);
}

static bool check_language(pt_checker *c, const pt_node *word)
{
    pt_sv lang = word->u.literal.u.text;

    if (pt_sv_eq(lang, PT_SV("zh")) || pt_sv_eq(lang, PT_SV("en")))
        return true;
    pt_reader_problem(&c->reader, 315, pt_node_span(word), "the language of a name is 'zh' or 'en'");
    return false;
}

/* What the table cannot say, once each argument fits its class. *type is the result's. */
static bool check_rules(pt_checker *c, pt_fn fn, const pt_node **args, uint32_t n, pt_type *type)
{
    switch (fn) {
    case PT_FN_IF: return (*type = check_same(c, fn, args, 1, n)) != PT_TYPE_NONE;
    case PT_FN_COALESCE:
    case PT_FN_LEAST:
    case PT_FN_GREATEST: return (*type = check_same(c, fn, args, 0, n)) != PT_TYPE_NONE;
    case PT_FN_MERGE_NEWEST:
    case PT_FN_MERGE_TRUSTED:
    case PT_FN_MERGE_FREQUENT:
    case PT_FN_MERGE_PRECEDENCE:
    case PT_FN_MERGE_ALL: return pt_check_merge(c, fn, args, n, type);
    case PT_FN_BAND: return check_bounds(c, fn, args, n);
    case PT_FN_BUCKET: return check_bucket(c, args);
    case PT_FN_SCORE: return check_score(c, args, n);
    case PT_FN_ROUND: return n < 2 || pt_check_constant(c, args[1], -15, 15, true, "the number of decimals");
    case PT_FN_ITEM:
    case PT_FN_ITEM_WEIGHT: return pt_check_constant(c, args[1], 1, 1000, true, "the place in the list");
    case PT_FN_TAKE: return pt_check_constant(c, args[1], 1, 1000, true, "the length of the list");
    case PT_FN_RANDOM_BUCKET: return pt_check_constant(c, args[1], 2, 1000000, true, "the number of buckets");
    case PT_FN_PROVINCE_NAME: return n < 2 || check_language(c, args[1]);
    default: return true;
    }
}

/* Whether argument i is checked by check_rules alone. */
static bool has_own_rule(pt_fn fn, uint32_t i)
{
    switch (fn) {
    case PT_FN_IF:
    case PT_FN_COALESCE:
    case PT_FN_LEAST:
    case PT_FN_GREATEST:
    case PT_FN_MERGE_NEWEST:
    case PT_FN_MERGE_TRUSTED:
    case PT_FN_MERGE_FREQUENT:
    case PT_FN_MERGE_PRECEDENCE:
    case PT_FN_MERGE_ALL: return true;
    case PT_FN_SCORE:
    case PT_FN_BAND:
    case PT_FN_BUCKET: return i > 0;
    default: return false;
    }
}

static const pt_node *check_argument(pt_checker *c, const pt_syn *s, pt_fn fn, uint32_t i)
{
    const pt_node *n;

    if (fn == PT_FN_IF && i == 0)
        return pt_check_condition(c, s->args[0], "the condition of if");
    n = pt_check_any(c, s->args[i]);
    if (!n || has_own_rule(fn, i))
        return n;
    if (fn == PT_FN_SCORE)
        return pt_refuse_missing(c, n) ? NULL : n;
    return fit_argument(c, fn, n, param_at(fn, i));
}

const pt_node *pt_check_function(pt_checker *c, const pt_syn *s, pt_fn fn)
{
    const pt_node **args = pt_reader_alloc(&c->reader, s->n_args, sizeof *args);
    bool whole = args && pt_check_no_clauses(c, s) && check_count(c, s, fn);
    pt_type type = signatures[fn].result;
    pt_node *n;

    for (uint32_t i = 0; args && i < s->n_args && s->n_args <= signatures[fn].most; i++)
        whole &= (args[i] = check_argument(c, s, fn, i)) != NULL;
    if (!whole || !check_rules(c, fn, args, s->n_args, &type))
        return NULL;
    /* A list is never a constant to the evaluator. */
    bool customers = fn == PT_FN_RANDOM_BUCKET || fn == PT_FN_MERGE_ALL;
    if (customers && c->scope == PT_LEVEL_CONSTANT) {
        pt_reader_problem(&c->reader, 314, s->span, "a window's bounds cannot depend on the customer");
        return NULL;
    }
    n = pt_make_node(c, PT_NODE_CALL, type == SAME ? args[0]->type : type, s->span, args, s->n_args);
    if (!n)
        return NULL;
    n->u.fn = fn;
    if (customers && n->level == PT_LEVEL_CONSTANT)
        n->level = PT_LEVEL_CUSTOMER;
    return n;
}
