/* The checked tree of an expression: the seam between lang/ (which makes it) and eval/ (which runs it). Every name is
 * resolved to a number, every node has its type, and every conversion is a node of its own (PT_NODE_CAST), so the
 * evaluator meets operands of exactly the types the tables below state. The tree is immutable once checked. */
#ifndef PT_LANG_AST_H
#define PT_LANG_AST_H

#include "base/type.h"
#include "lang/catalog.h"

typedef enum pt_node_kind {
    PT_NODE_LITERAL, /* u.literal */
    PT_NODE_MISSING, /* the literal `missing`, of type `type` */
    PT_NODE_COLUMN,  /* event level: u.column of the enclosing aggregate's (or step's) source */
    PT_NODE_TIME,    /* event level: the event's time, an instant */
    PT_NODE_TAG,     /* u.tag: another tag's value for this customer; may stand at event level (same for all events) */
    PT_NODE_AS_OF,   /* the instant of evaluation */
    PT_NODE_UNARY,   /* u.op: NOT NEG */
    PT_NODE_BINARY,  /* u.op: args[0] op args[1] */
    PT_NODE_IN,      /* args[0] in (args[1..]); all constants of args[0]'s type */
    PT_NODE_BETWEEN, /* args[0] between args[1] and args[2], both ends included */
    PT_NODE_IS_MISSING, /* args[0] is missing: true or false, never missing */
    PT_NODE_HAS,        /* list args[0] has text args[1] (constant) */
    PT_NODE_MATCHES,    /* text args[0] matches pattern args[1] (constant, PCRE2 syntax, searched anywhere) */
    PT_NODE_CAST,       /* args[0] converted to `type`: see PT_CAST rules in docs/language.md */
    PT_NODE_CALL,       /* u.fn of args: a scalar function */
    PT_NODE_AGGREGATE,  /* u.agg */
    PT_NODE_SEQUENCE,   /* u.seq: bool, whether all steps happened in order */
    PT_NODE_FUNNEL,     /* u.seq: number, how many steps were reached */
    PT_NODE_TIERS,      /* category: u.tiers.labels[i] of the first i whose args[i] is true; else missing */
    PT_NODE_BASE,       /* u.base: a statistic of all customers, as of the build: a constant the evaluator is given */
    PT_NODE_WAS         /* u.was: whether args[0] was true of the customer in kept history. Alone or under and, or, not,
                           in conditions over a build: answered by who has the history, not by the evaluator */
} pt_node_kind;

/* Binary and unary operators. Comparisons: both operands of one type (bool, number, money, date, instant, duration,
 * text with text or category). AND OR NOT: bool, three-valued (Kleene). Arithmetic, by operand types:
 *   number +-* / % number -> number        money +- money -> money       money * / number -> money (number * money too)
 *   money / money -> number                duration +- duration -> duration    duration * / number -> duration
 *   number * duration -> duration          duration / duration -> number
 *   instant +- duration -> instant         instant - instant -> duration       date +- duration -> date (whole days)
 *   date - date -> duration                - number, money, duration
 * Missing in, missing out. Division by zero, overflow and a result that is not finite are missing. */
typedef enum pt_op {
    PT_OP_NOT,
    PT_OP_NEG,
    PT_OP_OR,
    PT_OP_AND,
    PT_OP_EQ,
    PT_OP_NE,
    PT_OP_LT,
    PT_OP_LE,
    PT_OP_GT,
    PT_OP_GE,
    PT_OP_ADD,
    PT_OP_SUB,
    PT_OP_MUL,
    PT_OP_DIV,
    PT_OP_MOD
} pt_op;

/* Scalar functions: name in the language, enum. Signatures are in lang/functions.c, meaning in docs/language.md. */
/* clang-format off */
#define PT_FN_LIST(X)                                                                                           \
    X(abs, ABS) X(round, ROUND) X(floor, FLOOR) X(ceil, CEIL) X(sqrt, SQRT) X(ln, LN) X(log10, LOG10)           \
    X(exp, EXP) X(pow, POW) X(least, LEAST) X(greatest, GREATEST) X(if, IF) X(coalesce, COALESCE) X(band, BAND) \
    X(merge_newest, MERGE_NEWEST) X(merge_trusted, MERGE_TRUSTED) X(merge_frequent, MERGE_FREQUENT)             \
    X(merge_precedence, MERGE_PRECEDENCE) X(merge_all, MERGE_ALL)                                               \
    X(bucket, BUCKET) X(score, SCORE) X(random_bucket, RANDOM_BUCKET) X(days_since, DAYS_SINCE)                 \
    X(months_since, MONTHS_SINCE) X(years_since, YEARS_SINCE) X(days_between, DAYS_BETWEEN) X(today, TODAY)     \
    X(date, DATE) X(year, YEAR) X(quarter, QUARTER) X(month, MONTH) X(day, DAY) X(weekday, WEEKDAY)             \
    X(hour, HOUR) X(week_start, WEEK_START) X(month_start, MONTH_START) X(year_start, YEAR_START)               \
    X(lower, LOWER) X(upper, UPPER) X(trim, TRIM) X(length, LENGTH) X(substr, SUBSTR) X(concat, CONCAT)         \
    X(replace, REPLACE) X(starts_with, STARTS_WITH) X(ends_with, ENDS_WITH) X(contains, CONTAINS) X(text, TEXT) \
    X(number, NUMBER) X(money, MONEY) X(size, SIZE) X(item, ITEM) X(weight_of, WEIGHT_OF) X(has_any, HAS_ANY)   \
    X(has_all, HAS_ALL) X(region_level, REGION_LEVEL) X(province_of, PROVINCE_OF) X(city_of, CITY_OF)           \
    X(province_name, PROVINCE_NAME) X(base_score, BASE_SCORE) X(base_score_low, BASE_SCORE_LOW)\
    X(normalize, NORMALIZE) X(take, TAKE) X(total_weight, TOTAL_WEIGHT) X(item_weight, ITEM_WEIGHT)              \
    X(entropy, ENTROPY) X(lift, LIFT) X(tf_idf, TF_IDF) X(fresh, FRESH) X(keep, KEEP)
/* clang-format on */

typedef enum pt_fn {
#define X(name, id) PT_FN_##id,
    PT_FN_LIST(X)
#undef X
        PT_FN_COUNT
} pt_fn;

enum { PT_MERGE_MOST = 32 }; /* candidates of a merge_ function: value, instant, trust of each */

/* Aggregates over one source's events of one customer. */
/* clang-format off */
#define PT_AGG_LIST(X)                                                                                \
    X(count, COUNT) X(sum, SUM) X(avg, AVG) X(min, MIN) X(max, MAX) X(first, FIRST) X(last, LAST)     \
    X(distinct, DISTINCT) X(values, VALUES) X(median, MEDIAN) X(quantile, QUANTILE) X(stddev, STDDEV) \
    X(mode, MODE) X(top, TOP) X(days, DAYS) X(gap, GAP) X(trend, TREND) X(streak, STREAK) X(did, DID) \
    X(did_not, DID_NOT)
/* clang-format on */

typedef enum pt_agg_fn {
#define X(name, id) PT_AGG_##id,
    PT_AGG_LIST(X)
#undef X
        PT_AGG_COUNT_
} pt_agg_fn;

/* Statistics of the customer base: one constant for all customers, over the values that a tag has as of the build. Which
 * tags each takes and what it gives is in lang/bases.c. */
/* clang-format off */
#define PT_BASE_LIST(X)                                                                               \
    X(base_count, COUNT) X(base_sum, SUM) X(base_mean, MEAN) X(base_stddev, STDDEV) X(base_min, MIN)  \
    X(base_max, MAX) X(base_quantile, QUANTILE) X(base_share, SHARE) X(base_top_share, TOP_SHARE) \
    X(base_weights, WEIGHTS) X(base_reach, REACH)
/* clang-format on */

typedef enum pt_base_fn {
#define X(name, id) PT_BASE_##id,
    PT_BASE_LIST(X)
#undef X
        PT_BASE_COUNT_
} pt_base_fn;

typedef struct pt_base {
    pt_base_fn fn;
    uint32_t tag;                /* over whose values */
    double q;                    /* QUANTILE, TOP_SHARE: 0..1 */
    const struct pt_node *value; /* SHARE: a literal of the tag's type, or a text for lists; else NULL */
} pt_base;

/* Which events count, before `where`. Nothing later than the as-of does, but in PT_WINDOW_NEXT. Bounds are constant nodes: they may use
 * AS_OF and today() but no tag and no column. */
typedef enum pt_window_kind {
    PT_WINDOW_ALL,
    PT_WINDOW_WITHIN,  /* from: duration d.   (as_of - d, as_of] */
    PT_WINDOW_SINCE,   /* from: date or instant. [from, as_of]; a date begins at its local midnight */
    PT_WINDOW_BETWEEN, /* two durations a > b: (as_of - a, as_of - b]; two dates: [a 00:00, b+1 00:00); two
                          instants: [a, b]. Always cut at as_of */
    PT_WINDOW_NEXT /* from: a duration literal d. (as_of, as_of + d]: of targets of models, and the only way to see what
                          comes after the as-of */
} pt_window_kind;

typedef struct pt_node pt_node;

typedef struct pt_window {
    pt_window_kind kind;
    const pt_node *from, *to; /* NULL when the kind has none; type DURATION, DATE or INSTANT */
} pt_window;

typedef struct pt_agg {
    pt_agg_fn fn;
    uint32_t source;
    const pt_node *value; /* event level; NULL for count(orders), days(orders), gap(orders), ... */
    const pt_node *where; /* event level bool; NULL when there is none. Keeps events for which it is true */
    pt_window window;
    const pt_node *weight; /* event level number; NULL is 1. For count, sum, avg, top, mode */
    int64_t half_life;     /* microseconds; 0 is none: each event's weight is also times 2^-(age / half_life) */
    uint32_t k;            /* top: how many */
    double q;              /* quantile: 0..1 */
} pt_agg;

typedef struct pt_step {
    uint32_t source;
    const pt_node *where; /* event level bool or NULL */
} pt_step;

typedef struct pt_seq {
    const pt_step *steps;
    uint32_t n_steps;
    int64_t within;   /* microseconds from the first step to the last; INT64_MAX when not limited */
    pt_window window; /* which events take part at all */
} pt_seq;

typedef struct pt_literal {
    union {
        bool boolean;
        double number;
        int64_t i64; /* money, instant, duration */
        int32_t date;
        pt_sv text;
    } u;
} pt_literal;

/* Over the kept states of the tags of args[0] (docs/history.md). */
typedef struct pt_was {
    int64_t at_least; /* microseconds that one stretch lasted; 0: at any kept time */
    int64_t within;   /* microseconds up to the as-of that are looked at; INT64_MAX: all */
} pt_was;

struct pt_node {
    pt_node_kind kind;
    pt_type type;
    int32_t level;           /* PT_LEVEL_CONSTANT, PT_LEVEL_CUSTOMER, or the source number of an event-level node: the
                                highest of its arguments'. A tag or constant keeps its level inside an aggregate */
    uint32_t offset, length; /* bytes in the expression's text */
    uint32_t n_args;
    const pt_node **args;
    union {
        pt_literal literal;
        uint32_t column; /* index into the source's columns */
        uint32_t tag;    /* index into the catalogue's tags */
        pt_op op;
        pt_fn fn;
        const pt_agg *agg;
        const pt_seq *seq;
        const char **labels; /* TIERS: n_args of them */
        const pt_base *base;
        const pt_was *was;
    } u;
};

#define PT_LEVEL_CONSTANT (-2)
#define PT_LEVEL_CUSTOMER (-1)

static inline bool pt_fn_is_base_score(pt_fn fn)
{
    return fn == PT_FN_BASE_SCORE || fn == PT_FN_BASE_SCORE_LOW;
}

/* A call of base_score: args[0] is the tag, args[1] the number of steps, and the rest the bounds between them, PT_NODE_BASE
 * quantiles that the checker adds. */
static inline bool pt_is_base_score(const pt_node *n)
{
    return n->kind == PT_NODE_CALL && pt_fn_is_base_score(n->u.fn);
}

/* How many of a node's arguments are written out; the rest the checker adds. A call of fresh: args[0] is the value, args[1]
 * its age, args[2] whether the newest event behind it is younger. */
static inline uint32_t pt_node_written(const pt_node *n)
{
    return pt_is_base_score(n) || (n->kind == PT_NODE_CALL && n->u.fn == PT_FN_FRESH) ? 2 : n->n_args;
}

/* Of a comparison: the one that holds when its sides change places, and the one that holds when it does not. Others stay. */
pt_op pt_op_turned(pt_op op);
pt_op pt_op_negated(pt_op op);

const char *pt_op_name(pt_op op);        /* "and", "<=" */
const char *pt_fn_name(pt_fn fn);        /* "days_since" */
const char *pt_agg_name(pt_agg_fn fn);   /* "count" */
const char *pt_base_name(pt_base_fn fn); /* "base_mean" */
const char *pt_node_kind_name(pt_node_kind kind);

#endif
