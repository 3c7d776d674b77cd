#include "support/naive.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/money.h"
#include "base/utf8.h"
#include "lang/pattern.h"
#include "support/naive_int.h"
#include "support/test.h"

/* --- comparing ------------------------------------------------------------------------------------------------------------ */

int naive_compare(const cell *a, const cell *b)
{
    switch (a->type) {
    case PT_TYPE_BOOL: return a->boolean - b->boolean;
    case PT_TYPE_NUMBER: return a->number < b->number ? -1 : a->number > b->number;
    case PT_TYPE_DATE: return a->date < b->date ? -1 : a->date > b->date;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return pt_sv_cmp(a->text, b->text);
    default: return a->i64 < b->i64 ? -1 : a->i64 > b->i64;
    }
}

static cell of_bool(bool v)
{
    return (cell){.type = PT_TYPE_BOOL, .boolean = v};
}

cell naive_number(double v)
{
    return (cell){.type = PT_TYPE_NUMBER, .number = v, .missing = !isfinite(v)};
}

cell naive_i64(pt_type type, __int128 v)
{
    return (cell){.type = type, .i64 = (int64_t)v, .missing = v > INT64_MAX || v <= INT64_MIN};
}

static cell of_date(int64_t date)
{
    return (cell){.type = PT_TYPE_DATE, .date = (int32_t)date, .missing = date < PT_DATE_MIN || date > PT_DATE_MAX};
}

static cell of_text(pt_type type, pt_sv text)
{
    return (cell){.type = type, .text = text};
}

static bool is_true(cell c)
{
    return !c.missing && c.boolean;
}

static cell compare(pt_op op, cell a, cell b)
{
    if (a.missing || b.missing)
        return cell_missing(PT_TYPE_BOOL);
    int c = naive_compare(&a, &b);
    switch (op) {
    case PT_OP_EQ: return of_bool(c == 0);
    case PT_OP_NE: return of_bool(c != 0);
    case PT_OP_LT: return of_bool(c < 0);
    case PT_OP_LE: return of_bool(c <= 0);
    case PT_OP_GT: return of_bool(c > 0);
    default: return of_bool(c >= 0);
    }
}

static cell kleene_and(cell a, cell b)
{
    if ((!a.missing && !a.boolean) || (!b.missing && !b.boolean))
        return of_bool(false);
    return a.missing || b.missing ? cell_missing(PT_TYPE_BOOL) : of_bool(true);
}

static cell kleene_not(cell a)
{
    return a.missing ? a : of_bool(!a.boolean);
}

/* --- arithmetic ------------------------------------------------------------------------------------------------------------ */

static cell scaled(pt_type type, int64_t a, double b, bool divide)
{
    int64_t r;
    bool ok = divide ? pt_money_div(&r, a, b) : pt_money_mul(&r, a, b);

    return ok ? naive_i64(type, r) : cell_missing(type);
}

static cell moved_instant(int64_t t, __int128 by)
{
    __int128 v = t + by;
    bool inside = v >= (__int128)PT_DATE_MIN * PT_DAY && v < (__int128)(PT_DATE_MAX + 1) * PT_DAY;

    return inside ? naive_i64(PT_TYPE_INSTANT, v) : cell_missing(PT_TYPE_INSTANT);
}

static cell plus_minus(pt_type type, cell a, cell b, int sign)
{
    if (type == PT_TYPE_NUMBER)
        return naive_number(sign > 0 ? a.number + b.number : a.number - b.number);
    if (type == PT_TYPE_INSTANT)
        return moved_instant(a.i64, (__int128)sign * b.i64);
    if (type == PT_TYPE_DATE)
        return of_date(a.date + sign * (b.i64 / PT_DAY));
    if (a.type == PT_TYPE_DATE)
        return naive_i64(type, ((__int128)a.date - b.date) * PT_DAY);
    return naive_i64(type, (__int128)a.i64 + (__int128)sign * b.i64);
}

static cell arithmetic(pt_op op, pt_type type, cell a, cell b)
{
    bool numbers = a.type == PT_TYPE_NUMBER && b.type == PT_TYPE_NUMBER;

    if (a.missing || b.missing)
        return cell_missing(type);
    switch (op) {
    case PT_OP_ADD: return plus_minus(type, a, b, 1);
    case PT_OP_SUB: return plus_minus(type, a, b, -1);
    case PT_OP_MUL:
        if (numbers)
            return naive_number(a.number * b.number);
        return a.type == PT_TYPE_NUMBER ? scaled(type, b.i64, a.number, false) : scaled(type, a.i64, b.number, false);
    case PT_OP_DIV:
        if (numbers)
            return b.number == 0 ? cell_missing(type) : naive_number(a.number / b.number);
        if (type == PT_TYPE_NUMBER)
            return b.i64 == 0 ? cell_missing(type) : naive_number((double)a.i64 / (double)b.i64);
        return scaled(type, a.i64, b.number, true);
    default: return b.number == 0 ? cell_missing(type) : naive_number(fmod(a.number, b.number));
    }
}

static cell negative(cell a)
{
    if (a.missing)
        return a;
    return a.type == PT_TYPE_NUMBER ? naive_number(-a.number) : naive_i64(a.type, -(__int128)a.i64);
}

static cell binary(pt_op op, pt_type type, cell a, cell b)
{
    if (op == PT_OP_AND)
        return kleene_and(a, b);
    if (op == PT_OP_OR)
        return kleene_not(kleene_and(kleene_not(a), kleene_not(b)));
    return op <= PT_OP_GE ? compare(op, a, b) : arithmetic(op, type, a, b);
}

/* --- conversions ------------------------------------------------------------------------------------------------------------- */

static pt_sv written(naive *n, const cell *c)
{
    char buf[64];

    switch (c->type) {
    case PT_TYPE_BOOL: return c->boolean ? PT_SV("true") : PT_SV("false");
    case PT_TYPE_NUMBER: buf[pt_format_double(buf, c->number)] = '\0'; break;
    case PT_TYPE_MONEY: buf[pt_money_format(buf, c->i64)] = '\0'; break;
    case PT_TYPE_DATE: pt_date_format(buf, c->date); break;
    case PT_TYPE_INSTANT: pt_instant_format(buf, c->i64, n->data->zone); break;
    case PT_TYPE_DURATION: pt_duration_format(buf, c->i64); break;
    default: return c->text;
    }
    return pt_sv_of(pt_arena_strdup(n->arena, buf));
}

static cell to_number(cell c)
{
    double v = 0;

    switch (c.type) {
    case PT_TYPE_BOOL: return naive_number(c.boolean);
    case PT_TYPE_NUMBER: return c;
    case PT_TYPE_MONEY: return naive_number((double)c.i64 / 10000.0);
    default: return pt_parse_double(&v, pt_sv_trim(c.text)) ? naive_number(v) : cell_missing(PT_TYPE_NUMBER);
    }
}

static cell to_money(cell c)
{
    int64_t v = 0;

    if (c.type == PT_TYPE_MONEY)
        return c;
    if (c.type == PT_TYPE_NUMBER)
        return pt_money_from_double(&v, c.number) ? naive_i64(PT_TYPE_MONEY, v) : cell_missing(PT_TYPE_MONEY);
    return pt_money_parse(&v, pt_sv_trim(c.text)) ? naive_i64(PT_TYPE_MONEY, v) : cell_missing(PT_TYPE_MONEY);
}

static cell to_date(naive *n, cell c)
{
    int32_t v = 0;

    if (c.type == PT_TYPE_DATE)
        return c;
    if (c.type == PT_TYPE_INSTANT)
        return of_date(pt_zone_date(n->data->zone, c.i64));
    return pt_date_parse(&v, pt_sv_trim(c.text)) ? of_date(v) : cell_missing(PT_TYPE_DATE);
}

static cell convert(naive *n, cell c, pt_type to)
{
    if (c.missing)
        return cell_missing(to);
    switch (to) {
    case PT_TYPE_NUMBER: return to_number(c);
    case PT_TYPE_MONEY: return to_money(c);
    case PT_TYPE_DATE: return to_date(n, c);
    case PT_TYPE_INSTANT: return c.type == PT_TYPE_INSTANT ? c : naive_i64(to, pt_zone_midnight(n->data->zone, c.date));
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: return of_text(to, written(n, &c));
    default: c.type = to; return c;
    }
}

/* --- functions of numbers -------------------------------------------------------------------------------------------------------- */

static cell rounded(cell x, int decimals)
{
    if (x.type == PT_TYPE_NUMBER) {
        double p = 1, v;
        for (int i = 0; i < abs(decimals); i++)
            p *= 10;
        v = decimals < 0 ? round(x.number / p) * p : round(x.number * p) / p;
        return naive_number(isfinite(v) ? v : x.number);
    }
    __int128 unit = 1, v = x.i64;
    for (int i = decimals; i < 4; i++)
        unit *= 10;
    /* (2v + unit) / 2unit, away from zero */
    v = v >= 0 ? (2 * v + unit) / (2 * unit) * unit : -((-2 * v + unit) / (2 * unit) * unit);
    return naive_i64(PT_TYPE_MONEY, v);
}

static __int128 floor_to(__int128 v, __int128 unit)
{
    __int128 q = v / unit;

    return (q * unit > v ? q - 1 : q) * unit;
}

static cell math(pt_fn fn, const cell *a, uint32_t n)
{
    bool number = a[0].type == PT_TYPE_NUMBER;
    double x = a[0].number;

    switch (fn) {
    case PT_FN_ABS: return number ? naive_number(x < 0 ? -x : x) : a[0].i64 < 0 ? negative(a[0]) : a[0];
    case PT_FN_ROUND: return rounded(a[0], n > 1 ? (int)a[1].number : 0);
    case PT_FN_FLOOR: return number ? naive_number(floor(x)) : naive_i64(a[0].type, floor_to(a[0].i64, 10000));
    case PT_FN_CEIL:
        return number ? naive_number(ceil(x)) : naive_i64(a[0].type, -floor_to(-(__int128)a[0].i64, 10000));
    case PT_FN_SQRT: return naive_number(sqrt(x));
    case PT_FN_LN: return naive_number(log(x));
    case PT_FN_LOG10: return naive_number(log10(x));
    case PT_FN_EXP: return naive_number(exp(x));
    default: return naive_number(pow(x, a[1].number));
    }
}

static cell bucket(const cell *a)
{
    if (a[0].type == PT_TYPE_NUMBER)
        return naive_number(floor(a[0].number / a[1].number) * a[1].number);
    return naive_i64(a[0].type, floor_to(a[0].i64, a[1].i64));
}

static cell score(const cell *a, uint32_t n)
{
    bool falling = n > 2 && naive_compare(&a[1], &a[2]) > 0;
    int met = 1;

    for (uint32_t i = 1; i < n; i++)
        met += falling ? naive_compare(&a[0], &a[i]) <= 0 : naive_compare(&a[0], &a[i]) >= 0;
    return naive_number(met);
}

static const char *bound_text(naive *n, cell c)
{
    char *s = pt_arena_strndup(n->arena, written(n, &c).ptr, written(n, &c).len);
    size_t len = strlen(s);

    if (c.type != PT_TYPE_MONEY)
        return s;
    while (s[len - 1] == '0')
        s[--len] = '\0';
    if (s[len - 1] == '.')
        s[len - 1] = '\0';
    return s;
}

static cell band(naive *n, const cell *a, uint32_t n_args)
{
    uint32_t above = 0;
    const char *label;

    for (uint32_t i = 1; i < n_args; i++)
        above += naive_compare(&a[0], &a[i]) >= 0;
    if (above == 0)
        label = pt_arena_printf(n->arena, "<%s", bound_text(n, a[1]));
    else if (above == n_args - 1)
        label = pt_arena_printf(n->arena, ">=%s", bound_text(n, a[above]));
    else
        label = pt_arena_printf(n->arena, "%s-%s", bound_text(n, a[above]), bound_text(n, a[above + 1]));
    return of_text(PT_TYPE_CATEGORY, pt_sv_of(label));
}

static cell random_bucket(const naive *n, const cell *a)
{
    const char *id = n->data->ids[n->customer];
    uint64_t x = pt_hash64(id, strlen(id)) ^ pt_hash64(a[0].text.ptr, a[0].text.len);

    x = (x ^ (x >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    x = (x ^ (x >> 32)) * UINT64_C(0xD6E8FEB86659FD93);
    x ^= x >> 32;
    /* x n / 2^64 in 32-bit halves */
    uint64_t k = (uint64_t)a[1].number, low = (x & UINT32_MAX) * k, high = (x >> 32) * k + (low >> 32);
    return naive_number(1 + (double)(high >> 32));
}

/* --- functions of time ------------------------------------------------------------------------------------------------------------ */

static int64_t full_months(int32_t from, int32_t to)
{
    int32_t y1, m1, d1, y2, m2, d2;

    if (from > to)
        return -full_months(to, from);
    pt_date_to_civil(&y1, &m1, &d1, from);
    pt_date_to_civil(&y2, &m2, &d2, to);
    return 12 * (y2 - y1) + (m2 - m1) - (d2 < d1);
}

static cell time_function(naive *n, pt_fn fn, const cell *a)
{
    int32_t today = pt_zone_date(n->data->zone, n->data->as_of), x = a[0].date, year, month, day;

    pt_date_to_civil(&year, &month, &day, x);
    switch (fn) {
    case PT_FN_DAYS_SINCE: return naive_number((double)today - x);
    case PT_FN_DAYS_BETWEEN: return naive_number((double)a[1].date - x);
    case PT_FN_MONTHS_SINCE: return naive_number((double)full_months(x, today));
    case PT_FN_YEARS_SINCE: return naive_number(trunc((double)full_months(x, today) / 12));
    case PT_FN_YEAR: return naive_number(year);
    case PT_FN_QUARTER: return naive_number(ceil(month / 3.0));
    case PT_FN_MONTH: return naive_number(month);
    case PT_FN_DAY: return naive_number(day);
    case PT_FN_WEEKDAY: return naive_number(pt_date_weekday(x));
    case PT_FN_WEEK_START:
        while (pt_date_weekday(x) != 1)
            x--;
        return of_date(x);
    case PT_FN_MONTH_START: return of_date(pt_date_from_civil(year, month, 1));
    default: return of_date(pt_date_from_civil(year, 1, 1));
    }
}

static cell hour(naive *n, const cell *a)
{
    pt_civil c;

    pt_zone_civil(&c, n->data->zone, a[0].i64);
    return naive_number(c.hour);
}

/* --- functions of text and lists ---------------------------------------------------------------------------------------------------- */

static cell kept(naive *n, pt_str *s, pt_type type)
{
    pt_sv text = {pt_arena_strndup(n->arena, pt_str_cstr(s), s->len), s->len};

    pt_str_free(s);
    return of_text(type, text);
}

static cell substr(naive *n, const cell *a, uint32_t n_args)
{
    double start = trunc(a[1].number), length = n_args > 2 ? trunc(a[2].number) : 1e18;
    pt_str s = {0};
    size_t at = 0;

    if (start < 1 || length < 0)
        return cell_missing(PT_TYPE_TEXT);
    for (int place = 1; at < a[0].text.len; place++) {
        size_t from = at;
        pt_utf8_next(a[0].text, &at);
        if (place >= start && place < start + length)
            pt_str_addn(&s, a[0].text.ptr + from, at - from);
    }
    return kept(n, &s, PT_TYPE_TEXT);
}

static bool part_at(pt_sv s, size_t at, pt_sv part)
{
    return at + part.len <= s.len && memcmp(s.ptr + at, part.ptr, part.len) == 0;
}

static cell replace(naive *n, const cell *a)
{
    pt_str s = {0};

    for (size_t at = 0; at < a[0].text.len;) {
        if (a[1].text.len && part_at(a[0].text, at, a[1].text)) {
            pt_str_addsv(&s, a[2].text);
            at += a[1].text.len;
        } else {
            pt_str_addc(&s, a[0].text.ptr[at++]);
        }
    }
    return kept(n, &s, PT_TYPE_TEXT);
}

static cell contains(const cell *a)
{
    for (size_t at = 0; at <= a[0].text.len; at++)
        if (part_at(a[0].text, at, a[1].text))
            return of_bool(true);
    return of_bool(false);
}

static cell concat(naive *n, const cell *a, uint32_t n_args)
{
    pt_str s = {0};

    for (uint32_t i = 0; i < n_args; i++)
        pt_str_addsv(&s, a[i].text);
    return kept(n, &s, PT_TYPE_TEXT);
}

static cell text_function(naive *n, pt_fn fn, const cell *a, uint32_t n_args)
{
    pt_str s = {0};

    switch (fn) {
    case PT_FN_LOWER: pt_utf8_lower(&s, a[0].text); return kept(n, &s, PT_TYPE_TEXT);
    case PT_FN_UPPER: pt_utf8_upper(&s, a[0].text); return kept(n, &s, PT_TYPE_TEXT);
    case PT_FN_TRIM: return of_text(PT_TYPE_TEXT, pt_sv_trim(a[0].text));
    case PT_FN_LENGTH: return naive_number((double)pt_utf8_length(a[0].text));
    case PT_FN_SUBSTR: return substr(n, a, n_args);
    case PT_FN_CONCAT: return concat(n, a, n_args);
    case PT_FN_REPLACE: return replace(n, a);
    case PT_FN_STARTS_WITH: return of_bool(part_at(a[0].text, 0, a[1].text));
    case PT_FN_ENDS_WITH:
        return of_bool(a[0].text.len >= a[1].text.len && part_at(a[0].text, a[0].text.len - a[1].text.len, a[1].text));
    default: return contains(a);
    }
}

static cell matches(const cell *a)
{
    char msg[160];
    size_t offset;
    pcre2_code *code = pt_pattern_compile(a[1].text, msg, sizeof msg, &offset);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int rc = pcre2_match(code, (PCRE2_SPTR)(a[0].text.len ? a[0].text.ptr : ""), a[0].text.len, 0, 0, data, NULL);

    pcre2_match_data_free(data);
    pcre2_code_free(code);
    return rc >= 0 ? of_bool(true) : rc == PCRE2_ERROR_NOMATCH ? of_bool(false) : cell_missing(PT_TYPE_BOOL);
}

static bool holds(const cell *list, const cell *word, size_t *at)
{
    for (*at = 0; *at < list->n; ++*at)
        if (pt_sv_eq(list->items[*at], word->text))
            return true;
    return false;
}

static cell list_function(pt_fn fn, const cell *a, uint32_t n)
{
    size_t at, held = 0;

    switch (fn) {
    case PT_FN_SIZE: return naive_number((double)a[0].n);
    case PT_FN_ITEM:
        at = (size_t)a[1].number;
        return at <= a[0].n ? of_text(PT_TYPE_TEXT, a[0].items[at - 1]) : cell_missing(PT_TYPE_TEXT);
    case PT_FN_WEIGHT_OF: return naive_number(holds(&a[0], &a[1], &at) ? a[0].weights[at] : 0);
    default:
        for (uint32_t i = 1; i < n; i++)
            held += holds(&a[0], &a[i], &at);
        return of_bool(fn == PT_FN_HAS_ALL ? held == n - 1 : held > 0);
    }
}

static double weight_total(const cell *list)
{
    double total = 0;

    for (size_t i = 0; i < list->n; i++)
        total += list->weights[i];
    return total;
}

static cell weights_number(pt_fn fn, const cell *a)
{
    double total = 0, sum = 0;

    if (fn == PT_FN_TOTAL_WEIGHT)
        return naive_number(weight_total(a));
    if (fn == PT_FN_ITEM_WEIGHT)
        return naive_number(a[1].number <= (double)a->n ? a->weights[(size_t)a[1].number - 1] : (double)NAN);
    for (size_t i = 0; i < a->n; i++)
        total += fmax(a->weights[i], 0);
    for (size_t i = 0; i < a->n; i++)
        if (a->weights[i] / total > 0)
            sum -= a->weights[i] / total * log(a->weights[i] / total);
    return naive_number(total > 0 ? sum : (double)NAN);
}

/* A weighted list of one: its new weight; NaN leaves it out. */
static double new_weight(pt_fn fn, const cell *a, size_t i)
{
    double share = a[0].weights[i] / weight_total(&a[0]);
    cell word = {.text = a[0].items[i]};
    size_t at;

    if (fn == PT_FN_TAKE)
        return (double)i < a[1].number ? a[0].weights[i] : (double)NAN;
    if (fn == PT_FN_NORMALIZE)
        return share;
    if (!holds(&a[1], &word, &at))
        return (double)NAN;
    return fn == PT_FN_LIFT ? share / a[1].weights[at] : share * -log(a[1].weights[at]);
}

static cell weights_function(naive *n, pt_fn fn, const cell *a)
{
    cell out = {.type = PT_TYPE_WEIGHTED};
    pt_sv *items = PT_NEW_ARRAY(n->arena, pt_sv, a->n);
    double *weights = PT_NEW_ARRAY(n->arena, double, a->n);

    CHECK(items && weights);
    for (size_t i = 0; i < a->n; i++) {
        double w = new_weight(fn, a, i);
        size_t at = out.n;
        if (!isfinite(w) || (w <= 0 && fn != PT_FN_TAKE))
            continue;
        for (; at > 0 && weights[at - 1] < w; at--) {
            weights[at] = weights[at - 1];
            items[at] = items[at - 1];
        }
        weights[at] = w;
        items[at] = a->items[i];
        out.n++;
    }
    out.items = items;
    out.weights = weights;
    return out;
}

static cell region(naive *n, pt_fn fn, const cell *a, uint32_t n_args)
{
    static const char *const known = "11北京|Beijing|31上海|Shanghai|33浙江|Zhejiang|65新疆|Xinjiang|82澳门|Macao|";
    char s[8] = "", head[4];
    bool level = fn == PT_FN_REGION_LEVEL, name = fn == PT_FN_PROVINCE_NAME;
    pt_type type = level || name ? PT_TYPE_CATEGORY : PT_TYPE_TEXT;

    if (a[0].text.len != 6 || strspn(pt_arena_strndup(n->arena, a[0].text.ptr, 6), "0123456789") != 6)
        return cell_missing(type);
    memcpy(s, a[0].text.ptr, 6);
    snprintf(head, sizeof head, "%.2s", s);
    /* Random data uses these provinces and the number 99, which is none. */
    const char *at = strstr(known, head);
    if (!at)
        return cell_missing(type);
    if (name) {
        const char *zh = at + 2, *en = strchr(at, '|') + 1;
        bool english = n_args > 1 && pt_sv_eq(a[1].text, PT_SV("en"));
        const char *from = english ? en : zh;
        return of_text(type, (pt_sv){from, (size_t)(strchr(from, '|') - from)});
    }
    bool province = !strcmp(s + 2, "0000"), city = !strcmp(s + 4, "00");
    if (level)
        return of_text(type, province ? PT_SV("province") : city ? PT_SV("city") : PT_SV("district"));
    if (fn == PT_FN_CITY_OF && province)
        return cell_missing(type);
    return of_text(type, pt_sv_of(pt_arena_printf(n->arena, "%.*s%s", fn == PT_FN_CITY_OF ? 4 : 2, s,
                                                  fn == PT_FN_CITY_OF ? "00" : "0000")));
}

/* --- calls ------------------------------------------------------------------------------------------------------------------------- */

static cell choose(pt_fn fn, pt_type type, const cell *a, uint32_t n)
{
    cell best = cell_missing(type);

    for (uint32_t i = 0; i < n; i++) {
        if (a[i].missing)
            continue;
        if (fn == PT_FN_COALESCE)
            return a[i];
        int order = best.missing ? 0 : naive_compare(&a[i], &best);
        if (best.missing || (fn == PT_FN_LEAST ? order < 0 : order > 0))
            best = a[i];
    }
    return best;
}

static cell call(naive *n, const pt_node *node, const cell *a)
{
    pt_fn fn = node->u.fn;

    if (fn == PT_FN_TODAY)
        return of_date(pt_zone_date(n->data->zone, n->data->as_of));
    if (fn == PT_FN_IF)
        return is_true(a[0]) ? a[1] : a[2];
    if (fn == PT_FN_COALESCE || fn == PT_FN_LEAST || fn == PT_FN_GREATEST)
        return choose(fn, node->type, a, node->n_args);
    if (fn == PT_FN_MERGE_ALL)
        return naive_merge_all(n, a, node->n_args);
    if (fn >= PT_FN_MERGE_NEWEST && fn <= PT_FN_MERGE_PRECEDENCE)
        return naive_merge_one(n, fn, node->type, a, node->n_args);
    for (uint32_t i = 0; i < node->n_args; i++)
        if (a[i].missing)
            return cell_missing(node->type);
    if (fn <= PT_FN_POW)
        return math(fn, a, node->n_args);
    if (fn >= PT_FN_LOWER && fn <= PT_FN_CONTAINS)
        return text_function(n, fn, a, node->n_args);
    if (fn >= PT_FN_SIZE && fn <= PT_FN_HAS_ALL)
        return list_function(fn, a, node->n_args);
    if (fn == PT_FN_NORMALIZE || fn == PT_FN_TAKE || fn == PT_FN_LIFT || fn == PT_FN_TF_IDF)
        return weights_function(n, fn, a);
    if (fn == PT_FN_TOTAL_WEIGHT || fn == PT_FN_ITEM_WEIGHT || fn == PT_FN_ENTROPY)
        return weights_number(fn, a);
    if (fn >= PT_FN_REGION_LEVEL && fn <= PT_FN_PROVINCE_NAME)
        return region(n, fn, a, node->n_args);
    switch (fn) {
    case PT_FN_BAND: return band(n, a, node->n_args);
    case PT_FN_BUCKET: return bucket(a);
    case PT_FN_SCORE: return score(a, node->n_args);
    case PT_FN_RANDOM_BUCKET: return random_bucket(n, a);
    case PT_FN_DATE: return convert(n, a[0], PT_TYPE_DATE);
    case PT_FN_TEXT: return convert(n, a[0], PT_TYPE_TEXT);
    case PT_FN_NUMBER: return convert(n, a[0], PT_TYPE_NUMBER);
    case PT_FN_MONEY: return convert(n, a[0], PT_TYPE_MONEY);
    case PT_FN_HOUR: return hour(n, a);
    default: return time_function(n, fn, a);
    }
}

/* --- nodes ------------------------------------------------------------------------------------------------------------------------- */

static cell literal(const pt_node *node)
{
    const pt_literal *l = &node->u.literal;
    cell c = {.type = node->type};

    switch (node->type) {
    case PT_TYPE_BOOL: c.boolean = l->u.boolean; break;
    case PT_TYPE_NUMBER: c.number = l->u.number; break;
    case PT_TYPE_DATE: c.date = l->u.date; break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: c.text = l->u.text; break;
    default: c.i64 = l->u.i64; break;
    }
    return c;
}

static cell tag(naive *n, const pt_node *node)
{
    const pt_node *value = n->module->tags[node->u.tag];
    naive outside = {n->data, n->module, n->customer, NULL, n->arena};

    return value ? naive_node(&outside, value) : n->data->external[node->u.tag * n->data->n_customers + n->customer];
}

static cell in(const cell *a, uint32_t n)
{
    if (a[0].missing)
        return cell_missing(PT_TYPE_BOOL);
    for (uint32_t i = 1; i < n; i++)
        if (naive_compare(&a[0], &a[i]) == 0)
            return of_bool(true);
    return of_bool(false);
}

static cell tiers(const pt_node *node, const cell *a)
{
    for (uint32_t i = 0; i < node->n_args; i++)
        if (is_true(a[i]))
            return of_text(PT_TYPE_CATEGORY, pt_sv_of(node->u.labels[i]));
    return cell_missing(PT_TYPE_CATEGORY);
}

static cell instant_or_missing(int64_t t)
{
    return (cell){.type = PT_TYPE_INSTANT, .i64 = t, .missing = t == PT_I64_MISSING};
}

cell naive_node(naive *n, const pt_node *node)
{
    cell *a = PT_NEW_ARRAY(n->arena, cell, node->n_args);
    size_t at;

    for (uint32_t i = 0; i < node->n_args; i++)
        a[i] = naive_node(n, node->args[i]);
    switch (node->kind) {
    case PT_NODE_LITERAL: return literal(node);
    case PT_NODE_MISSING: return cell_missing(node->type);
    case PT_NODE_COLUMN: return n->event->cells[node->u.column];
    case PT_NODE_TIME: return instant_or_missing(n->event->time);
    case PT_NODE_TAG: return tag(n, node);
    case PT_NODE_AS_OF: return instant_or_missing(n->data->as_of);
    case PT_NODE_UNARY: return node->u.op == PT_OP_NOT ? kleene_not(a[0]) : negative(a[0]);
    case PT_NODE_BINARY: return binary(node->u.op, node->type, a[0], a[1]);
    case PT_NODE_IN: return in(a, node->n_args);
    case PT_NODE_BETWEEN: return kleene_and(compare(PT_OP_GE, a[0], a[1]), compare(PT_OP_LE, a[0], a[2]));
    case PT_NODE_IS_MISSING: return of_bool(a[0].missing);
    case PT_NODE_HAS: return a[0].missing ? cell_missing(PT_TYPE_BOOL) : of_bool(holds(&a[0], &a[1], &at));
    case PT_NODE_MATCHES: return a[0].missing ? cell_missing(PT_TYPE_BOOL) : matches(a);
    case PT_NODE_CAST: return convert(n, a[0], node->type);
    case PT_NODE_CALL: return call(n, node, a);
    case PT_NODE_WAS: break; /* not for evaluators */
    case PT_NODE_AGGREGATE: return naive_aggregate(n, node);
    case PT_NODE_SEQUENCE:
    case PT_NODE_FUNNEL: return naive_sequence(n, node);
    case PT_NODE_BASE: break; /* not about one customer: tests/eval/test_base.c has its own oracle */
    case PT_NODE_TIERS: return tiers(node, a);
    }
    test_fail(__FILE__, __LINE__, "unknown node %d", node->kind);
}

cell naive_value(const dataset *d, const pt_module *module, const pt_node *node, size_t customer, pt_arena *arena)
{
    naive n = {d, module, customer, NULL, arena};

    return naive_node(&n, node);
}
