#include "support/eval_expressions.h"

#include "base/err.h"

enum { NOWHERE = -1, ORDERS, VIEWS, MEMBERS }; /* what a name means: customer level, or a source */

typedef struct maker {
    pt_str *out;
    pt_rng *r;
    const expression_options *options;
    int scope;
    bool qualify; /* columns as source.column */
} maker;

static const char *const source_names[] = {"orders", "views", "members"};

static unsigned below(maker *m, unsigned n)
{
    return (unsigned)pt_rng_below(m->r, n);
}

static bool chance(maker *m, unsigned percent)
{
    return below(m, 100) < percent;
}

static void say(maker *m, const char *text)
{
    pt_str_add(m->out, text);
}

#define SAY_ONE_OF(m, ...)                                        \
    do {                                                          \
        static const char *const words_[] = {__VA_ARGS__};        \
        say((m), words_[below((m), (unsigned)PT_COUNT(words_))]); \
    } while (0)

static void value(maker *m, pt_type type, int depth);

static void args2(maker *m, const char *before, pt_type a, const char *between, pt_type b, const char *after, int depth)
{
    say(m, before);
    value(m, a, depth - 1);
    say(m, between);
    value(m, b, depth - 1);
    say(m, after);
}

static void arg1(maker *m, const char *before, pt_type a, const char *after, int depth)
{
    say(m, before);
    value(m, a, depth - 1);
    say(m, after);
}

/* --- columns ------------------------------------------------------------------------------------------------------------------ */

static const char *column_of(maker *m, pt_type type, int scope)
{
#define ONE_OF(...)                                          \
    do {                                                     \
        static const char *const names_[] = {__VA_ARGS__};   \
        return names_[below(m, (unsigned)PT_COUNT(names_))]; \
    } while (0)
    if (scope == ORDERS) {
        switch (type) {
        case PT_TYPE_NUMBER: return "quantity";
        case PT_TYPE_MONEY: return "amount";
        case PT_TYPE_BOOL: return "paid";
        case PT_TYPE_DATE: return "due";
        case PT_TYPE_INSTANT: ONE_OF("time", "shipped");
        case PT_TYPE_DURATION: return "wait";
        case PT_TYPE_TEXT: ONE_OF("channel", "coupon", "category", "channel");
        case PT_TYPE_LIST: return "labels";
        default: return NULL;
        }
    }
    if (scope == VIEWS)
        return type == PT_TYPE_NUMBER    ? "seconds"
               : type == PT_TYPE_TEXT    ? "page"
               : type == PT_TYPE_INSTANT ? "time"
                                         : NULL;
    switch (type) {
    case PT_TYPE_TEXT: ONE_OF("city", "region");
    case PT_TYPE_DATE: return "birthday";
    case PT_TYPE_LIST: return "interests";
    case PT_TYPE_INSTANT: return "time";
    default: return NULL;
    }
#undef ONE_OF
}

static bool column(maker *m, pt_type type)
{
    const char *name = column_of(m, type, m->scope);

    if (!name)
        return false;
    if (m->qualify) {
        say(m, source_names[m->scope]);
        say(m, ".");
    }
    say(m, name);
    return true;
}

/* --- aggregates ----------------------------------------------------------------------------------------------------------------- */

static void window(maker *m, bool before_where)
{
    if (before_where) {
        switch (below(m, 6)) {
        case 0: say(m, " between 90d and 30d"); break;
        case 1: say(m, " between today() - 60d and today() - 7d"); break;
        case 2: say(m, " between as_of - 30d and as_of - 1h"); break;
        case 3: say(m, " between 2024-01-01 and 2024-03-10"); break;
        default: break;
        }
        return;
    }
    if (m->options->ahead && chance(m, 50)) {
        SAY_ONE_OF(m, " within next 30d", " within next 90d", " within next 7d", " within next 1h 30m");
        return;
    }
    switch (below(m, 9)) {
    case 0: say(m, " within 30d"); break;
    case 1: say(m, " within 90d"); break;
    case 2: say(m, " within 7d"); break;
    case 3: say(m, " within 1h"); break;
    case 4: say(m, " since month_start(today())"); break;
    case 5: say(m, " since 2024-01-15"); break;
    case 6: say(m, " since as_of - 60d"); break;
    default: break;
    }
}

/* A value of the source, naming it first. */
static void aggregated(maker *m, pt_type type, int depth)
{
    m->qualify = true;
    switch (depth > 0 ? below(m, 5) : 0) {
    case 0: column(m, type); break;
    case 1:
        say(m, "coalesce(");
        column(m, type);
        say(m, ", ");
        value(m, type, depth - 1);
        say(m, ")");
        break;
    case 2:
        say(m, "if(");
        say(m, source_names[m->scope]);
        say(m, ".time > as_of - 45d, ");
        column(m, type);
        say(m, ", ");
        value(m, type, depth - 1);
        say(m, ")");
        break;
    case 3:
        if (type == PT_TYPE_NUMBER || type == PT_TYPE_MONEY || type == PT_TYPE_DURATION) {
            column(m, type);
            say(m, " + ");
            value(m, type, depth - 1);
            break;
        }
        column(m, type);
        break;
    default: column(m, type); break;
    }
    m->qualify = false;
}

static int source_with(maker *m, pt_type type)
{
    int scope = (int)below(m, 3);

    while (type != PT_TYPE_NONE && !column_of(m, type, scope))
        scope = (scope + 1) % 3;
    return scope;
}

/* fn(source[.value] ...); type NONE takes the source alone. */
static void aggregate(maker *m, const char *fn, pt_type type, const char *extra, const char *weight, int depth)
{
    bool early = chance(m, 25);

    m->scope = source_with(m, type);
    say(m, fn);
    say(m, "(");
    if (type == PT_TYPE_NONE)
        say(m, source_names[m->scope]);
    else
        aggregated(m, type, depth > 2 ? 1 : depth - 1);
    say(m, extra);
    if (early)
        window(m, true);
    if (chance(m, 60)) {
        say(m, " where ");
        value(m, PT_TYPE_BOOL, depth - 1);
    }
    if (!early)
        window(m, false);
    say(m, weight);
    say(m, ")");
    m->scope = NOWHERE;
}

static const char *weight_of(maker *m, int scope)
{
    switch (below(m, 6)) {
    case 0: return " weight 2";
    case 1: return scope == ORDERS ? " weight quantity" : " weight 0.5";
    case 2: return scope == ORDERS ? " weight paid" : "";
    default: return "";
    }
}

/* Weights are said after the source is chosen, so only for sources that can be told beforehand. */
static void weighted(maker *m, const char *fn, const char *what, const char *extra, int depth)
{
    const char *weight = weight_of(m, ORDERS);

    m->scope = ORDERS;
    say(m, fn);
    say(m, "(");
    say(m, what);
    say(m, extra);
    if (chance(m, 50)) {
        say(m, " where ");
        value(m, PT_TYPE_BOOL, depth - 1);
    }
    window(m, false);
    say(m, weight);
    say(m, ")");
    m->scope = NOWHERE;
}

static void steps(maker *m, const char *fn, int depth)
{
    unsigned n = 2 + below(m, 3);

    say(m, fn);
    say(m, "(");
    for (unsigned i = 0; i < n; i++) {
        m->scope = (int)below(m, 3);
        say(m, i ? ", " : "");
        say(m, source_names[m->scope]);
        if (chance(m, 60)) {
            say(m, " where ");
            value(m, PT_TYPE_BOOL, depth > 2 ? 1 : depth - 1);
        }
    }
    m->scope = NOWHERE;
    if (m->options->ahead && chance(m, 50))
        SAY_ONE_OF(m, " within next 30d", " within 7d within next 90d", " within next 10d within 1h");
    else
        SAY_ONE_OF(m, "", " within 1h", " within 30d", " within 7d", " since 2024-01-01",
                   " within 30d since 2024-02-01");
    say(m, ")");
}

/* --- numbers -------------------------------------------------------------------------------------------------------------------- */

static void number_literal(maker *m)
{
    SAY_ONE_OF(m, "0", "1", "2", "3", "5", "10", "0.5", "2.5", "-1", "100", "-0.25");
}

static void number_aggregate(maker *m, int depth);

static void number_leaf(maker *m)
{
    if (m->scope != NOWHERE && !m->qualify && chance(m, 6)) {
        int scope = m->scope;
        m->scope = NOWHERE;
        number_aggregate(m, 1);
        m->scope = scope;
        return;
    }
    if (m->scope != NOWHERE && chance(m, 60) && column(m, PT_TYPE_NUMBER))
        return;
    if (m->options->n_tags && chance(m, 30))
        say(m, m->options->tags[below(m, (unsigned)m->options->n_tags)]);
    else if (chance(m, 30))
        say(m, "score_given");
    else
        number_literal(m);
}

static void number_aggregate(maker *m, int depth)
{
    switch (below(m, 14)) {
    case 0:
    case 1: aggregate(m, "count", PT_TYPE_NONE, "", "", depth); break;
    case 2: aggregate(m, "count", PT_TYPE_TEXT, "", "", depth); break;
    case 3: aggregate(m, "sum", PT_TYPE_NUMBER, "", "", depth); break;
    case 4: aggregate(m, "avg", PT_TYPE_NUMBER, "", "", depth); break;
    case 5: aggregate(m, chance(m, 50) ? "min" : "max", PT_TYPE_NUMBER, "", "", depth); break;
    case 6: aggregate(m, chance(m, 50) ? "first" : "last", PT_TYPE_NUMBER, "", "", depth); break;
    case 7: {
        static const pt_type types[] = {PT_TYPE_TEXT, PT_TYPE_NUMBER, PT_TYPE_DATE, PT_TYPE_BOOL, PT_TYPE_INSTANT};
        aggregate(m, "distinct", types[below(m, PT_COUNT(types))], "", "", depth);
        break;
    }
    case 8: aggregate(m, chance(m, 50) ? "days" : "streak", PT_TYPE_NONE, "", "", depth); break;
    case 9: aggregate(m, "gap", PT_TYPE_NONE, "", "", depth); break;
    case 10:
        if (chance(m, 50))
            aggregate(m, "median", PT_TYPE_NUMBER, "", "", depth);
        else
            aggregate(m, "quantile", PT_TYPE_NUMBER, chance(m, 50) ? ", 0.25" : ", 0.875", "", depth);
        break;
    case 11: weighted(m, "count", "orders", "", depth); break;
    case 12: weighted(m, chance(m, 50) ? "sum" : "avg", "orders.quantity", "", depth); break;
    default: steps(m, "funnel", depth); break;
    }
}

static void number_from_others(maker *m, int depth)
{
    switch (below(m, 12)) {
    case 0: arg1(m, "length(", PT_TYPE_TEXT, ")", depth); break;
    case 1: arg1(m, "number(", PT_TYPE_TEXT, ")", depth); break;
    case 2: arg1(m, "number(", PT_TYPE_MONEY, ")", depth); break;
    case 3: arg1(m, "days_since(", PT_TYPE_DATE, ")", depth); break;
    case 4: arg1(m, chance(m, 50) ? "months_since(" : "years_since(", PT_TYPE_DATE, ")", depth); break;
    case 5: args2(m, "days_between(", PT_TYPE_INSTANT, ", ", PT_TYPE_DATE, ")", depth); break;
    case 6: {
        static const char *const parts[] = {"year(", "quarter(", "month(", "day(", "weekday("};
        arg1(m, parts[below(m, PT_COUNT(parts))], PT_TYPE_INSTANT, ")", depth);
        break;
    }
    case 7: arg1(m, "hour(", PT_TYPE_INSTANT, ")", depth); break;
    case 8: arg1(m, "size(", PT_TYPE_LIST, ")", depth); break;
    case 9: {
        static const char *const fns[] = {"weight_of(", "total_weight(", "item_weight(", "entropy("};
        static const char *const ends[] = {", 'tea')", ")", ", 2)", ")"};
        unsigned way = below(m, 4);
        arg1(m, fns[way], PT_TYPE_WEIGHTED, ends[way], depth);
        break;
    }
    case 10: args2(m, "(", PT_TYPE_MONEY, " / ", PT_TYPE_MONEY, ")", depth); break;
    default: args2(m, "(", PT_TYPE_DURATION, " / ", PT_TYPE_DURATION, ")", depth); break;
    }
}

static void number_function(maker *m, int depth)
{
    switch (below(m, 9)) {
    case 0:
    case 1: {
        static const char *const signs[] = {" + ", " - ", " * ", " / ", " % "};
        args2(m, "(", PT_TYPE_NUMBER, signs[below(m, PT_COUNT(signs))], PT_TYPE_NUMBER, ")", depth);
        break;
    }
    case 2: arg1(m, "-(", PT_TYPE_NUMBER, ")", depth); break;
    case 3: {
        static const char *const fns[] = {"abs(", "floor(", "ceil(", "sqrt(", "round(", "exp(", "ln(", "log10("};
        arg1(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_NUMBER, ")", depth);
        break;
    }
    case 4: arg1(m, "round(", PT_TYPE_NUMBER, chance(m, 50) ? ", 1)" : ", -1)", depth); break;
    case 5: arg1(m, "bucket(", PT_TYPE_NUMBER, ", 2.5)", depth); break;
    case 6: arg1(m, "score(", PT_TYPE_NUMBER, chance(m, 50) ? ", 0, 2, 10)" : ", 10, 2, 0)", depth); break;
    case 7: args2(m, "pow(", PT_TYPE_NUMBER, ", ", PT_TYPE_NUMBER, ")", depth); break;
    default: say(m, m->scope == NOWHERE ? "random_bucket('hold', 7)" : "score_given"); break;
    }
}

static void number(maker *m, int depth)
{
    unsigned way = below(m, 10);

    if (depth <= 0)
        number_leaf(m);
    else if (m->scope == NOWHERE && way < 4)
        number_aggregate(m, depth);
    else if (way < 6)
        number_from_others(m, depth);
    else
        number_function(m, depth);
}

static void money(maker *m, int depth)
{
    if (depth <= 0) {
        if (m->scope != ORDERS || !column(m, PT_TYPE_MONEY))
            SAY_ONE_OF(m, "money(12.5)", "money(0)", "money(-3)", "money(99.9999)");
        return;
    }
    if (m->scope == NOWHERE && chance(m, 50)) {
        static const char *const fns[] = {"sum", "avg", "min", "max", "first", "last", "median"};
        if (chance(m, 15))
            aggregate(m, "quantile", PT_TYPE_MONEY, ", 0.75", "", depth);
        else if (chance(m, 15))
            weighted(m, chance(m, 50) ? "sum" : "avg", "orders.amount", "", depth);
        else
            aggregate(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_MONEY, "", "", depth);
        return;
    }
    switch (below(m, 8)) {
    case 0: args2(m, "(", PT_TYPE_MONEY, " + ", PT_TYPE_MONEY, ")", depth); break;
    case 1: args2(m, "(", PT_TYPE_MONEY, " - ", PT_TYPE_MONEY, ")", depth); break;
    case 2: args2(m, "(", PT_TYPE_MONEY, " * ", PT_TYPE_NUMBER, ")", depth); break;
    case 3: args2(m, "(", PT_TYPE_MONEY, " / ", PT_TYPE_NUMBER, ")", depth); break;
    case 4: arg1(m, "money(", chance(m, 50) ? PT_TYPE_NUMBER : PT_TYPE_TEXT, ")", depth); break;
    case 5: arg1(m, "round(", PT_TYPE_MONEY, chance(m, 50) ? ", 1)" : ", -2)", depth); break;
    case 6: {
        static const char *const fns[] = {"abs(", "floor(", "ceil(", "-("};
        arg1(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_MONEY, ")", depth);
        break;
    }
    default: arg1(m, "bucket(", PT_TYPE_MONEY, ", 7.5)", depth); break;
    }
}

/* --- conditions ------------------------------------------------------------------------------------------------------------------ */

static pt_type ordered_type(maker *m)
{
    static const pt_type types[] = {PT_TYPE_NUMBER,  PT_TYPE_MONEY,    PT_TYPE_TEXT,   PT_TYPE_DATE,
                                    PT_TYPE_INSTANT, PT_TYPE_DURATION, PT_TYPE_NUMBER, PT_TYPE_TEXT};

    return types[below(m, PT_COUNT(types))];
}

static void comparison(maker *m, int depth)
{
    static const char *const signs[] = {" = ", " != ", " < ", " <= ", " > ", " >= "};
    pt_type type = ordered_type(m);

    if (chance(m, 10))
        args2(m, "(", PT_TYPE_BOOL, chance(m, 50) ? " = " : " != ", PT_TYPE_BOOL, ")", depth);
    else
        args2(m, "(", type, signs[below(m, PT_COUNT(signs))], type, ")", depth);
}

static void membership(maker *m, int depth)
{
    const char *not = chance(m, 30) ? " not" : "";

    switch (below(m, 4)) {
    case 0:
        arg1(m, "(", PT_TYPE_TEXT, not, depth);
        SAY_ONE_OF(m, " in ('tea', 'app'))", " in ('home'))", " in ('', 'web', 'nuts', '茶', 'app', 'x'))");
        break;
    case 1:
        arg1(m, "(", PT_TYPE_NUMBER, not, depth);
        SAY_ONE_OF(m, " in (1, 2, 2.5))", " in (0, 1, 2, 3, 4, 5, 6))");
        break;
    case 2:
        arg1(m, "(", PT_TYPE_MONEY, not, depth);
        say(m, " in (50, 0, 12.5))");
        break;
    default:
        arg1(m, "(", PT_TYPE_LIST, not, depth);
        SAY_ONE_OF(m, " has 'tea')", " has 'gone')");
        break;
    }
}

static void between(maker *m, int depth)
{
    pt_type type = ordered_type(m);

    arg1(m, "(", type, chance(m, 30) ? " not between " : " between ", depth);
    value(m, type, depth - 2);
    say(m, " and ");
    value(m, type, depth - 2);
    say(m, ")");
}

static void text_question(maker *m, int depth)
{
    switch (below(m, 5)) {
    case 0: arg1(m, "(", PT_TYPE_TEXT, chance(m, 50) ? " matches '^[a-t]+$')" : " matches 'e|茶')", depth); break;
    case 1: arg1(m, "starts_with(", PT_TYPE_TEXT, ", 't')", depth); break;
    case 2: arg1(m, "ends_with(", PT_TYPE_TEXT, ", 'e')", depth); break;
    case 3: args2(m, "contains(", PT_TYPE_TEXT, ", ", PT_TYPE_TEXT, ")", depth); break;
    default: arg1(m, chance(m, 50) ? "has_any(" : "has_all(", PT_TYPE_LIST, ", 'tea', 'nuts')", depth); break;
    }
}

static void condition(maker *m, int depth)
{
    unsigned way = below(m, 12);

    if (depth <= 0) {
        if (m->scope != ORDERS || !chance(m, 50) || !column(m, PT_TYPE_BOOL))
            SAY_ONE_OF(m, "true", "(score_given > 2)", "(score_given is missing)", "(grade_given = 'tea')");
        return;
    }
    switch (way) {
    case 0:
    case 1: args2(m, "(", PT_TYPE_BOOL, chance(m, 50) ? " and " : " or ", PT_TYPE_BOOL, ")", depth); break;
    case 2: arg1(m, "(not ", PT_TYPE_BOOL, ")", depth); break;
    case 3: membership(m, depth); break;
    case 4: between(m, depth); break;
    case 5: text_question(m, depth); break;
    case 6:
        arg1(m, "(", chance(m, 70) ? ordered_type(m) : PT_TYPE_BOOL,
             chance(m, 50) ? " is missing)" : " is not missing)", depth);
        break;
    case 7:
        if (m->scope != NOWHERE)
            comparison(m, depth);
        else if (chance(m, 50))
            aggregate(m, chance(m, 50) ? "did" : "did_not", PT_TYPE_NONE, "", "", depth);
        else
            steps(m, "sequence", depth);
        break;
    default: comparison(m, depth); break;
    }
}

/* --- text ------------------------------------------------------------------------------------------------------------------------ */

static void text_aggregate(maker *m, int depth)
{
    switch (below(m, 5)) {
    case 0: aggregate(m, "first", PT_TYPE_TEXT, "", "", depth); break;
    case 1: aggregate(m, chance(m, 50) ? "min" : "max", PT_TYPE_TEXT, "", "", depth); break;
    case 2: weighted(m, "mode", chance(m, 50) ? "orders.channel" : "orders.category", "", depth); break;
    default: aggregate(m, "last", PT_TYPE_TEXT, "", "", depth); break;
    }
}

static void text_function(maker *m, int depth)
{
    switch (below(m, 12)) {
    case 0: arg1(m, "lower(", PT_TYPE_TEXT, ")", depth); break;
    case 1: arg1(m, "upper(", PT_TYPE_TEXT, ")", depth); break;
    case 2: arg1(m, "trim(", PT_TYPE_TEXT, ")", depth); break;
    case 3: args2(m, "concat(", PT_TYPE_TEXT, ", '-', ", PT_TYPE_TEXT, ")", depth); break;
    case 4: arg1(m, "substr(", PT_TYPE_TEXT, ", 2)", depth); break;
    case 5: args2(m, "substr(", PT_TYPE_TEXT, ", ", PT_TYPE_NUMBER, ", 2)", depth); break;
    case 6: arg1(m, "replace(", PT_TYPE_TEXT, chance(m, 50) ? ", 'a', 'bb')" : ", '', 'x')", depth); break;
    case 7: arg1(m, "text(", chance(m, 30) ? PT_TYPE_BOOL : ordered_type(m), ")", depth); break;
    case 8:
        arg1(m, "item(", chance(m, 50) ? PT_TYPE_LIST : PT_TYPE_WEIGHTED, chance(m, 60) ? ", 1)" : ", 2)", depth);
        break;
    case 9: {
        static const char *const fns[] = {"region_level(", "province_of(", "city_of(", "province_name("};
        arg1(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_TEXT, ")", depth);
        break;
    }
    case 10: arg1(m, "band(", PT_TYPE_NUMBER, ", 0, 2.5, 10)", depth); break;
    default:
        arg1(m, "tiers(", PT_TYPE_BOOL, ", 'tea', ", depth);
        arg1(m, "", PT_TYPE_BOOL, ", 'other')", depth);
        break;
    }
}

static void text(maker *m, int depth)
{
    if (depth <= 0) {
        if (m->scope == NOWHERE || !chance(m, 80) || !column(m, PT_TYPE_TEXT))
            SAY_ONE_OF(m, "'tea'", "'app'", "''", "'茶'", "'330106'", "' x '", "'web'");
        return;
    }
    if (m->scope == NOWHERE && chance(m, 45))
        text_aggregate(m, depth);
    else
        text_function(m, depth);
}

/* --- the rest --------------------------------------------------------------------------------------------------------------------- */

static void date(maker *m, int depth)
{
    if (depth <= 0) {
        if (m->scope == NOWHERE || !chance(m, 70) || !column(m, PT_TYPE_DATE))
            SAY_ONE_OF(m, "2024-02-29", "today()", "1990-08-15", "2023-12-31");
        return;
    }
    switch (below(m, m->scope == NOWHERE ? 7 : 4)) {
    case 0: arg1(m, "date(", chance(m, 70) ? PT_TYPE_INSTANT : PT_TYPE_TEXT, ")", depth); break;
    case 1: args2(m, "(", PT_TYPE_DATE, " + ", PT_TYPE_DURATION, ")", depth); break;
    case 2: args2(m, "(", PT_TYPE_DATE, " - ", PT_TYPE_DURATION, ")", depth); break;
    case 3: {
        static const char *const fns[] = {"week_start(", "month_start(", "year_start("};
        arg1(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_DATE, ")", depth);
        break;
    }
    default: {
        static const char *const fns[] = {"min", "max", "first", "last", "mode"};
        aggregate(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_DATE, "", "", depth);
        break;
    }
    }
}

static void instant(maker *m, int depth)
{
    if (depth <= 0) {
        if (m->scope == NOWHERE || !chance(m, 70) || !column(m, PT_TYPE_INSTANT))
            SAY_ONE_OF(m, "as_of", "2024-03-01T12:00Z", "(as_of - 30d)");
        return;
    }
    switch (below(m, m->scope == NOWHERE ? 5 : 2)) {
    case 0: args2(m, "(", PT_TYPE_INSTANT, " + ", PT_TYPE_DURATION, ")", depth); break;
    case 1: args2(m, "(", PT_TYPE_INSTANT, " - ", PT_TYPE_DURATION, ")", depth); break;
    default: {
        static const char *const fns[] = {"min", "max", "first", "last"};
        aggregate(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_INSTANT, "", "", depth);
        break;
    }
    }
}

static void duration(maker *m, int depth)
{
    if (depth <= 0) {
        if (m->scope == NOWHERE || !chance(m, 70) || !column(m, PT_TYPE_DURATION))
            SAY_ONE_OF(m, "1d 12h", "30d", "90m", "0s");
        return;
    }
    switch (below(m, m->scope == NOWHERE ? 8 : 5)) {
    case 0: args2(m, "(", PT_TYPE_INSTANT, " - ", PT_TYPE_INSTANT, ")", depth); break;
    case 1: args2(m, "(", PT_TYPE_DATE, " - ", PT_TYPE_DATE, ")", depth); break;
    case 2: args2(m, "(", PT_TYPE_DURATION, chance(m, 50) ? " + " : " - ", PT_TYPE_DURATION, ")", depth); break;
    case 3: args2(m, "(", PT_TYPE_DURATION, chance(m, 50) ? " * " : " / ", PT_TYPE_NUMBER, ")", depth); break;
    case 4: arg1(m, chance(m, 50) ? "abs(" : "-(", PT_TYPE_DURATION, ")", depth); break;
    default: {
        static const char *const fns[] = {"sum", "avg", "min", "max", "last", "median"};
        aggregate(m, fns[below(m, PT_COUNT(fns))], PT_TYPE_DURATION, "", "", depth);
        break;
    }
    }
}

static void list(maker *m, int depth)
{
    if (m->scope != NOWHERE) {
        if (!column(m, PT_TYPE_LIST))
            say(m, "likes_given");
        return;
    }
    switch (below(m, 4)) {
    case 0: aggregate(m, "values", PT_TYPE_TEXT, "", "", depth); break;
    case 1: aggregate(m, chance(m, 50) ? "first" : "last", PT_TYPE_LIST, "", "", 1); break;
    case 2: say(m, "members.interests"); break;
    default: value(m, PT_TYPE_WEIGHTED, depth); break;
    }
}

static void weighted_list(maker *m, int depth)
{
    if (m->scope != NOWHERE || depth <= 0 || chance(m, 20))
        say(m, "likes_given");
    else if (chance(m, 30))
        arg1(m, "normalize(", PT_TYPE_WEIGHTED, ")", depth);
    else if (chance(m, 30))
        arg1(m, "take(", PT_TYPE_WEIGHTED, chance(m, 50) ? ", 1)" : ", 2)", depth);
    else if (chance(m, 40))
        args2(m, chance(m, 50) ? "lift(" : "tf_idf(", PT_TYPE_WEIGHTED, ", ", PT_TYPE_WEIGHTED, ")", depth);
    else
        weighted(m, "top", chance(m, 50) ? "orders.channel" : "orders.category", chance(m, 50) ? ", 1" : ", 3", depth);
}

/* One to four candidates; times and trusts often equal, so that ties are met. */
static void merge(maker *m, const char *fn, pt_type type, int depth)
{
    unsigned n = 1 + below(m, 4);

    say(m, fn);
    for (unsigned i = 0; i < n; i++) {
        say(m, i ? ", " : "(");
        value(m, type, depth - 1);
        say(m, ", ");
        if (chance(m, 40))
            SAY_ONE_OF(m, "missing", "as_of", "2024-06-01T00:00:00Z", "as_of - 1d");
        else
            value(m, PT_TYPE_INSTANT, depth - 1);
        say(m, ", ");
        if (chance(m, 60))
            SAY_ONE_OF(m, "0", "0.5", "0.1", "0.7", "1");
        else
            value(m, PT_TYPE_NUMBER, depth - 1);
    }
    say(m, ")");
}

static bool merge_choice(maker *m, pt_type type, int depth)
{
    static const char *const fns[] = {"merge_newest", "merge_trusted", "merge_precedence", "merge_frequent"};

    if (type == PT_TYPE_WEIGHTED)
        merge(m, "merge_all", chance(m, 60) ? PT_TYPE_TEXT : PT_TYPE_LIST, depth);
    else
        merge(m, fns[below(m, type == PT_TYPE_LIST ? 3 : 4)], type, depth);
    return true;
}

/* if, coalesce, least, greatest, merges: of every type. */
static bool choice(maker *m, pt_type type, int depth)
{
    switch (below(m, 14)) {
    case 4: return merge_choice(m, type, depth);
    case 0:
        arg1(m, "if(", PT_TYPE_BOOL, ", ", depth);
        args2(m, "", type, ", ", type, ")", depth);
        return true;
    case 1: args2(m, "coalesce(", type, ", ", type, ")", depth); return true;
    case 2:
        if (type == PT_TYPE_BOOL || pt_type_is_list(type))
            return false;
        args2(m, chance(m, 50) ? "least(" : "greatest(", type, ", ", type, ")", depth);
        return true;
    case 3:
        arg1(m, "if(", PT_TYPE_BOOL, ", missing, ", depth);
        value(m, type, depth - 1);
        say(m, ")");
        return true;
    default: return false;
    }
}

static void value(maker *m, pt_type type, int depth)
{
    if (depth > 0 && choice(m, type, depth))
        return;
    switch (type) {
    case PT_TYPE_BOOL: condition(m, depth); break;
    case PT_TYPE_NUMBER: number(m, depth); break;
    case PT_TYPE_MONEY: money(m, depth); break;
    case PT_TYPE_DATE: date(m, depth); break;
    case PT_TYPE_INSTANT: instant(m, depth); break;
    case PT_TYPE_DURATION: duration(m, depth); break;
    case PT_TYPE_LIST: list(m, depth); break;
    case PT_TYPE_WEIGHTED: weighted_list(m, depth); break;
    default: text(m, depth); break;
    }
}

static void inexact(maker *m, int depth)
{
    switch (below(m, 7)) {
    case 0: aggregate(m, "stddev", PT_TYPE_NUMBER, "", "", depth); break;
    case 1: aggregate(m, "stddev", PT_TYPE_MONEY, "", "", depth); break;
    case 2: aggregate(m, "trend", PT_TYPE_NUMBER, "", "", depth); break;
    case 3:
        if (m->options->ahead && chance(m, 50))
            say(m, "trend(orders within next 40d)");
        else
            say(m, chance(m, 50) ? "trend(orders within 180d)" : "trend(orders where paid since today() - 40d)");
        break;
    case 4: say(m, "sum(orders.quantity where paid half_life 30d)"); break;
    case 5: say(m, "avg(orders.quantity weight 2 half_life 7d)"); break;
    default: say(m, "count(orders where quantity > 1 within 90d half_life 12h)"); break;
    }
}

void random_expression(pt_str *out, pt_rng *r, pt_type type, const expression_options *options)
{
    maker m = {out, r, options, NOWHERE, false};

    if (options->inexact)
        inexact(&m, options->depth);
    else
        value(&m, type, options->depth);
}
