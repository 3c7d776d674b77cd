#include "segment/random_condition.h"

#include <math.h>
#include <string.h>

#include "base/money.h"
#include "support/test.h"

/* What a leaf says. "tag" and "other" are of one type, "value" of theirs unless it says otherwise. */
enum {
    FORM_COMPARE, /* tag op value */
    FORM_TURNED,  /* value op tag */
    FORM_IN,
    FORM_BETWEEN,
    FORM_MISSING,
    FORM_BOOL,    /* the tag alone */
    FORM_BOOL_IS, /* tag = true, tag != false */
    FORM_HAS,
    FORM_HAS_ANY,
    FORM_HAS_ALL,
    FORM_SIZE,       /* size(list) op a small number */
    FORM_ARITHMETIC, /* tag * 2 + value op value of numbers, tag + value op value of money */
    FORM_COALESCE,
    FORM_TWO, /* tag op other */
    FORM_BUCKET,
    FORM_STARTS,
    FORM_CONTAINS,
    FORM_MATCHES,
    FORM_LENGTH,
    FORM_YEAR,
    FORM_LEAST,
    FORM_TIERS, /* tiers(tag < v0, 'a', tag < v1, 'b') op 'a' */
    FORM_IF,    /* if(vip, tag, other) op value */
    FORM_CONSTANT,
    FORM_COUNT
};

static const char *const ops[] = {"=", "!=", "<", "<=", ">", ">="};

static uint64_t pick(population *p, uint64_t n)
{
    return pt_rng_below(&p->rng, n);
}

static pt_type type_of(const population *p, uint32_t tag)
{
    return p->tags[tag].type;
}

/* --- making ----------------------------------------------------------------------------------------------------------------- */

static bool is_scalar(pt_type t)
{
    return t != PT_TYPE_BOOL && !pt_type_is_list(t);
}

static bool fits(const population *p, unsigned form, uint32_t tag)
{
    pt_type t = type_of(p, tag);

    switch (form) {
    case FORM_BOOL:
    case FORM_BOOL_IS: return t == PT_TYPE_BOOL;
    case FORM_HAS:
    case FORM_SIZE:
    case FORM_HAS_ANY:
    case FORM_HAS_ALL: return pt_type_is_list(t);
    case FORM_ARITHMETIC: return t == PT_TYPE_NUMBER || t == PT_TYPE_MONEY;
    case FORM_STARTS:
    case FORM_CONTAINS:
    case FORM_MATCHES:
    case FORM_LENGTH: return pt_type_is_text(t);
    case FORM_YEAR: return t == PT_TYPE_DATE;
    case FORM_LEAST: return is_scalar(t) && !pt_type_is_text(t);
    case FORM_MISSING:
    case FORM_BUCKET:
    case FORM_CONSTANT: return true;
    default: return is_scalar(t);
    }
}

/* A value that somebody has, or one beside it: where < and <= differ. */
static condition_value value_near(population *p, uint32_t tag)
{
    const pt_column *c = &p->columns[tag];
    uint64_t row = pick(p, p->ordinals);
    int64_t shift = (int64_t)pick(p, 3) - 1;
    condition_value v = {0};

    switch (c->type) {
    case PT_TYPE_NUMBER:
        v.number = ((const double *)c->data)[row];
        v.number = isnan(v.number) ? (double)pick(p, 9) : shift ? nextafter(v.number, (double)shift * 1e308) : v.number;
        break;
    case PT_TYPE_DATE:
        v.units = ((const int32_t *)c->data)[row];
        v.units = v.units == PT_I32_MISSING ? (int64_t)pick(p, 9000) : v.units + shift;
        break;
    case PT_TYPE_MONEY:
    case PT_TYPE_INSTANT:
    case PT_TYPE_DURATION:
        v.units = ((const int64_t *)c->data)[row];
        v.units = v.units == PT_I64_MISSING ? (int64_t)pick(p, 900000) : v.units + shift;
        v.units = v.units < 0 && c->type == PT_TYPE_DURATION ? 0 : v.units;
        break;
    default: break;
    }
    return v;
}

static condition_value text_near(population *p, uint32_t tag)
{
    const pt_dict *d = p->columns[tag].dict;
    condition_value v = {.text = PT_SV("Atlantis")};

    if (d && d->n && pick(p, 9))
        v.text = pt_dict_text(d, 1 + (uint32_t)pick(p, d->n));
    return v;
}

static condition_value constant_for(population *p, unsigned form, uint32_t tag)
{
    pt_type t = type_of(p, tag);
    condition_value v;

    if (form == FORM_SIZE || form == FORM_LENGTH || form == FORM_BUCKET)
        return (condition_value){.number = (double)pick(p, form == FORM_BUCKET ? 11 : 6)};
    if (form == FORM_YEAR)
        return (condition_value){.number = 1964 + (double)pick(p, 45)};
    if (!pt_type_is_text(t) && !pt_type_is_list(t))
        return value_near(p, tag);
    v = text_near(p, tag);
    if ((form == FORM_STARTS || form == FORM_CONTAINS || form == FORM_MATCHES) && (uint8_t)v.text.ptr[0] < 128)
        v.text.len = 1; /* the first letter alone: many begin so */
    return v;
}

static uint32_t another_of_type(population *p, uint32_t tag)
{
    uint32_t found = tag;

    for (uint32_t t = 0, n = 0; t < POPULATION_TAGS; t++)
        if (type_of(p, t) == type_of(p, tag) && t != tag && pick(p, ++n) == 0)
            found = t;
    return found;
}

static const condition *random_leaf(population *p, pt_arena *arena)
{
    condition *c = PT_NEW(arena, condition);

    CHECK(c);
    c->kind = CONDITION_LEAF;
    do {
        c->form = (unsigned)pick(p, FORM_COUNT);
        c->tag = (uint32_t)pick(p, POPULATION_TAGS);
    } while (!fits(p, c->form, c->tag));
    c->other = another_of_type(p, c->tag);
    c->op = (unsigned)pick(p, PT_COUNT(ops));
    c->negated = pick(p, 2);
    c->n_values = c->form == FORM_HAS ? 1 : 2 + (unsigned)pick(p, CONDITION_MOST_VALUES - 1);
    for (unsigned i = 0; i < c->n_values; i++)
        c->values[i] = constant_for(p, c->form, c->tag);
    return c;
}

const condition *random_condition(population *p, unsigned depth, pt_arena *arena)
{
    static const condition_kind kinds[] = {CONDITION_AND,  CONDITION_AND,    CONDITION_AND, CONDITION_OR,
                                           CONDITION_OR,   CONDITION_OR,     CONDITION_NOT, CONDITION_NOT,
                                           CONDITION_SAME, CONDITION_UNKNOWN};
    condition *c;

    if (depth == 0 || pick(p, 5) == 0)
        return random_leaf(p, arena);
    CHECK(c = PT_NEW(arena, condition));
    c->kind = kinds[pick(p, PT_COUNT(kinds))];
    c->a = random_condition(p, depth - 1, arena);
    if (c->kind != CONDITION_NOT && c->kind != CONDITION_UNKNOWN)
        c->b = random_condition(p, depth - 1, arena);
    return c;
}

/* --- saying ----------------------------------------------------------------------------------------------------------------- */

typedef struct speaker {
    pt_str *out;
    const population *p;
    bool sql;
} speaker;

static void say_text(const speaker *s, pt_sv text)
{
    pt_str_addc(s->out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            pt_str_addc(s->out, s->sql ? '\'' : '\\');
        if (text.ptr[i] == '\\' && !s->sql)
            pt_str_addc(s->out, '\\');
        pt_str_addc(s->out, text.ptr[i]);
    }
    pt_str_addc(s->out, '\'');
}

static void say_number(const speaker *s, double v)
{
    char buf[40];

    pt_format_double(buf, v);
    pt_str_addf(s->out, s->sql ? "CAST('%s' AS DOUBLE)" : "(%s)", buf);
}

static void say_units(const speaker *s, pt_type type, int64_t units)
{
    char buf[64];

    if (type == PT_TYPE_DATE) {
        pt_date_format(buf, (int32_t)units);
        pt_str_addf(s->out, s->sql ? "DATE '%s'" : "%s", buf);
    } else if (s->sql) {
        pt_str_addf(s->out, "(%lld)", (long long)units);
    } else {
        if (type == PT_TYPE_MONEY)
            buf[pt_money_format(buf, units)] = '\0';
        else if (type == PT_TYPE_INSTANT)
            pt_instant_format(buf, units, pt_zone_utc());
        else
            pt_duration_format(buf, units);
        pt_str_addf(s->out, "(%s)", buf);
    }
}

static void say_value(const speaker *s, pt_type type, const condition_value *v)
{
    if (type == PT_TYPE_NUMBER)
        say_number(s, v->number);
    else if (pt_type_is_text(type) || pt_type_is_list(type))
        say_text(s, v->text);
    else
        say_units(s, type, v->units);
}

static void say_values(const speaker *s, pt_type type, const condition *c)
{
    for (unsigned i = 0; i < c->n_values; i++) {
        pt_str_add(s->out, i ? ", " : "");
        say_value(s, type, &c->values[i]);
    }
}

static void say_op(const speaker *s, const condition *c)
{
    pt_str_addf(s->out, " %s ", ops[c->op]);
}

static const char *name_of(const speaker *s, uint32_t tag)
{
    return s->p->tags[tag].name;
}

static void say_has(const speaker *s, const condition *c)
{
    const char *name = name_of(s, c->tag);

    if (s->sql) {
        pt_str_addf(s->out, c->form == FORM_HAS_ALL ? "list_has_all(%s, [" : "list_has_any(%s, [", name);
        say_values(s, PT_TYPE_TEXT, c);
        pt_str_add(s->out, "])");
    } else if (c->form == FORM_HAS) {
        pt_str_addf(s->out, "%s has ", name);
        say_values(s, PT_TYPE_TEXT, c);
    } else {
        pt_str_addf(s->out, c->form == FORM_HAS_ALL ? "has_all(%s, " : "has_any(%s, ", name);
        say_values(s, PT_TYPE_TEXT, c);
        pt_str_add(s->out, ")");
    }
}

/* The letters of a text as a pattern that means just them. */
static void say_matches(const speaker *s, const condition *c)
{
    char pattern[80];
    size_t n = 0;

    pattern[n++] = '^';
    for (size_t i = 0; i < c->values[0].text.len && n + 3 < sizeof pattern; i++) {
        if (strchr("\\'.", c->values[0].text.ptr[i]))
            pattern[n++] = '\\';
        pattern[n++] = c->values[0].text.ptr[i];
    }
    pattern[n] = '\0';
    if (s->sql) {
        pt_str_addf(s->out, "regexp_matches(%s, ", name_of(s, c->tag));
        say_text(s, (pt_sv){pattern, n});
        pt_str_add(s->out, ")");
    } else {
        pt_str_addf(s->out, "%s matches ", name_of(s, c->tag));
        say_text(s, (pt_sv){pattern, n});
    }
}

static void say_call(const speaker *s, const condition *c, const char *portrait, const char *sql)
{
    pt_str_addf(s->out, "%s(%s, ", s->sql ? sql : portrait, name_of(s, c->tag));
    say_value(s, PT_TYPE_TEXT, &c->values[0]);
    pt_str_add(s->out, ")");
}

static void say_arithmetic(const speaker *s, const condition *c, pt_type t)
{
    pt_str_addf(s->out, t == PT_TYPE_NUMBER ? "%s * 2 + " : "%s + ", name_of(s, c->tag));
    say_value(s, t, &c->values[0]);
    say_op(s, c);
    say_value(s, t, &c->values[1]);
}

static void say_tiers(const speaker *s, const condition *c, pt_type t)
{
    const char *name = name_of(s, c->tag);

    pt_str_addf(s->out, s->sql ? "CASE WHEN %s < " : "tiers(%s < ", name);
    say_value(s, t, &c->values[0]);
    pt_str_addf(s->out, s->sql ? " THEN 'a' WHEN %s < " : ", 'a', %s < ", name);
    say_value(s, t, &c->values[1]);
    pt_str_add(s->out, s->sql ? " THEN 'b' END" : ", 'b')");
    say_op(s, c);
    pt_str_add(s->out, "'a'");
}

static void say_if(const speaker *s, const condition *c, pt_type t)
{
    pt_str_addf(s->out, s->sql ? "CASE WHEN vip THEN %s ELSE %s END" : "if(vip, %s, %s)", name_of(s, c->tag),
                name_of(s, c->other));
    say_op(s, c);
    say_value(s, t, &c->values[0]);
}

static void say_bucket(const speaker *s, const condition *c)
{
    unsigned b = c->tag % POPULATION_BUCKETS;

    if (s->sql)
        pt_str_addf(s->out, "bucket%u", b);
    else
        pt_str_addf(s->out, "random_bucket('%s', %u)", population_bucket_seeds[b], population_bucket_counts[b]);
    say_op(s, c);
    say_number(s, c->values[0].number);
}

static void say_prefix(const speaker *s, const condition *c, const char *portrait, const char *sql)
{
    pt_str_addf(s->out, "%s(%s)", s->sql ? sql : portrait, name_of(s, c->tag));
    say_op(s, c);
    say_number(s, c->values[0].number);
}

static void say_pair(const speaker *s, const condition *c, pt_type t, const char *function)
{
    pt_str_addf(s->out, "%s(%s, %s)", function, name_of(s, c->tag), name_of(s, c->other));
    say_op(s, c);
    say_value(s, t, &c->values[0]);
}

static void say_coalesce(const speaker *s, const condition *c, pt_type t)
{
    pt_str_addf(s->out, "coalesce(%s, ", name_of(s, c->tag));
    say_value(s, t, &c->values[0]);
    pt_str_add(s->out, ")");
    say_op(s, c);
    say_value(s, t, &c->values[1]);
}

static void say_range(const speaker *s, const condition *c, pt_type t)
{
    pt_str_addf(s->out, "%s %sbetween ", name_of(s, c->tag), c->negated ? "not " : "");
    say_value(s, t, &c->values[0]);
    pt_str_add(s->out, " and ");
    say_value(s, t, &c->values[1]);
}

static void say_leaf(const speaker *s, const condition *c)
{
    pt_type t = type_of(s->p, c->tag);
    const char *name = name_of(s, c->tag);

    switch (c->form) {
    case FORM_COMPARE:
        pt_str_add(s->out, name);
        say_op(s, c);
        say_value(s, t, &c->values[0]);
        break;
    case FORM_TURNED:
        say_value(s, t, &c->values[0]);
        say_op(s, c);
        pt_str_add(s->out, name);
        break;
    case FORM_IN:
        pt_str_addf(s->out, "%s %sin (", name, c->negated ? "not " : "");
        say_values(s, t, c);
        pt_str_add(s->out, ")");
        break;
    case FORM_BETWEEN: say_range(s, c, t); break;
    case FORM_MISSING:
        pt_str_addf(s->out, "%s is %s%s", name, c->negated ? "not " : "", s->sql ? "NULL" : "missing");
        break;
    case FORM_BOOL: pt_str_add(s->out, name); break;
    case FORM_BOOL_IS: pt_str_addf(s->out, "%s %s %s", name, ops[c->op % 2], c->negated ? "false" : "true"); break;
    case FORM_HAS:
    case FORM_HAS_ANY:
    case FORM_HAS_ALL: say_has(s, c); break;
    case FORM_SIZE: say_prefix(s, c, "size", "len"); break;
    case FORM_LENGTH: say_prefix(s, c, "length", "length"); break;
    case FORM_YEAR: say_prefix(s, c, "year", "year"); break;
    case FORM_ARITHMETIC: say_arithmetic(s, c, t); break;
    case FORM_COALESCE: say_coalesce(s, c, t); break;
    case FORM_TWO: pt_str_addf(s->out, "%s %s %s", name, ops[c->op], name_of(s, c->other)); break;
    case FORM_BUCKET: say_bucket(s, c); break;
    case FORM_STARTS: say_call(s, c, "starts_with", "starts_with"); break;
    case FORM_CONTAINS: say_call(s, c, "contains", "contains"); break;
    case FORM_MATCHES: say_matches(s, c); break;
    case FORM_LEAST: say_pair(s, c, t, c->negated ? "greatest" : "least"); break;
    case FORM_TIERS: say_tiers(s, c, t); break;
    case FORM_IF: say_if(s, c, t); break;
    default: pt_str_addf(s->out, "1 %s 2", ops[c->op]); break;
    }
}

static void say(const speaker *s, const condition *c)
{
    static const char *const between[] = {
        [CONDITION_AND] = ") and (", [CONDITION_OR] = ") or (", [CONDITION_SAME] = ") = ("};

    if (c->kind == CONDITION_LEAF) {
        say_leaf(s, c);
        return;
    }
    pt_str_add(s->out, c->kind == CONDITION_NOT ? "not (" : "(");
    say(s, c->a);
    if (c->b) {
        pt_str_add(s->out, between[c->kind]);
        say(s, c->b);
    }
    pt_str_add(s->out, ")");
    if (c->kind == CONDITION_UNKNOWN)
        pt_str_add(s->out, s->sql ? " IS NULL" : " is missing");
}

void condition_portrait(pt_str *out, const population *p, const condition *c)
{
    say(&(speaker){out, p, false}, c);
}

void condition_sql(pt_str *out, const population *p, const condition *c)
{
    say(&(speaker){out, p, true}, c);
}

/* --- shrinking -------------------------------------------------------------------------------------------------------------- */

static const condition *with_part(const condition *c, const condition *a, const condition *b, pt_arena *arena)
{
    condition *copy = PT_NEW(arena, condition);

    CHECK(copy);
    *copy = *c;
    copy->a = a;
    copy->b = b;
    return copy;
}

static unsigned count_ways(const condition *c)
{
    if (c->kind == CONDITION_LEAF)
        return c->form == FORM_IN || c->form == FORM_HAS_ANY || c->form == FORM_HAS_ALL ? c->n_values > 1 : 0;
    return 1 + (c->b != NULL) + count_ways(c->a) + (c->b ? count_ways(c->b) : 0);
}

/* One of its parts in its place, or a part made simpler; of a list one value fewer. */
const condition *condition_simpler(const condition *c, unsigned i, pt_arena *arena)
{
    if (i >= count_ways(c))
        return NULL;
    if (c->kind == CONDITION_LEAF) {
        condition *copy = (condition *)with_part(c, NULL, NULL, arena);
        copy->n_values--;
        return copy;
    }
    if (i == 0)
        return c->a;
    if (c->b && i == 1)
        return c->b;
    i -= 1 + (c->b != NULL);
    if (i < count_ways(c->a))
        return with_part(c, condition_simpler(c->a, i, arena), c->b, arena);
    return with_part(c, c->a, condition_simpler(c->b, i - count_ways(c->a), arena), arena);
}
