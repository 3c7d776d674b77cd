/* Conversions: those the checker puts in, and text(x), number(x), money(x), date(x). */
#include "base/time.h"
#include "eval/scalar.h"

#define CAST(name, from, to, missing, expression)               \
    static RUNNER(name)                                         \
    {                                                           \
        const from *a = args[0]->data;                          \
        to *o = slot_room(e, out, n, sizeof *o);                \
        (void)op;                                               \
        for (size_t i = 0; o && i < n; i++) {                   \
            from v = a[i];                                      \
            o[i] = (missing) ? MISSING_##to : (to)(expression); \
        }                                                       \
    }
#define MISSING_double (double)NAN
#define MISSING_int64_t PT_I64_MISSING
#define MISSING_int32_t PT_I32_MISSING

static int64_t money_of(double v)
{
    int64_t units;

    return pt_money_from_double(&units, v) ? units : PT_I64_MISSING;
}

CAST(number_to_money, double, int64_t, isnan(v), money_of(v))
CAST(money_to_number, int64_t, double, v == PT_I64_MISSING, pt_money_double(v))
CAST(bool_to_number, uint8_t, double, v == PT_BOOL_MISSING, v)
CAST(date_to_instant, int32_t, int64_t, v == PT_I32_MISSING, pt_zone_midnight(e->zone, v))
CAST(instant_to_date, int64_t, int32_t, v == PT_I64_MISSING, local_date(e, v))

/* The same values under another name; weighted lists lose their weights. */
static RUNNER(same_value)
{
    pt_type type = out->col.type;

    (void)e;
    (void)n;
    (void)op;
    out->col = *args[0];
    out->col.type = type;
    if (type == PT_TYPE_LIST)
        out->col.weights = NULL;
}

/* --- from text ------------------------------------------------------------------------------------------------------------------ */

#define READ(name, to, parse)                                                   \
    static RUNNER(name)                                                         \
    {                                                                           \
        to *o = slot_room(e, out, n, sizeof *o);                                \
        (void)op;                                                               \
        for (size_t i = 0; o && i < n; i++) {                                   \
            uint32_t code = pt_column_code(args[0], i);                         \
            if (!code || !parse(&o[i], pt_sv_trim(column_text(args[0], code)))) \
                o[i] = MISSING_##to;                                            \
        }                                                                       \
    }

READ(text_to_number, double, pt_parse_double)
READ(text_to_money, int64_t, pt_money_parse)
READ(text_to_date, int32_t, pt_date_parse)

/* --- to text -------------------------------------------------------------------------------------------------------------------- */

static void write_value(pt_str *o, const pt_column *c, size_t i, const pt_zone *zone)
{
    char buf[64];

    switch (c->type) {
    case PT_TYPE_BOOL: pt_str_add(o, ((const uint8_t *)c->data)[i] ? "true" : "false"); break;
    case PT_TYPE_NUMBER: pt_str_addn(o, buf, pt_format_double(buf, ((const double *)c->data)[i])); break;
    case PT_TYPE_MONEY: pt_str_addn(o, buf, pt_money_format(buf, ((const int64_t *)c->data)[i])); break;
    case PT_TYPE_DATE: pt_str_add(o, pt_date_format(buf, ((const int32_t *)c->data)[i])); break;
    case PT_TYPE_INSTANT: pt_str_add(o, pt_instant_format(buf, ((const int64_t *)c->data)[i], zone)); break;
    default: pt_str_add(o, pt_duration_format(buf, ((const int64_t *)c->data)[i])); break;
    }
}

static RUNNER(value_to_text)
{
    uint32_t *o = slot_room(e, out, n, sizeof *o);

    (void)op;
    for (size_t i = 0; o && i < n && !e->nomem; i++) {
        o[i] = PT_CODE_MISSING;
        if (pt_column_missing(args[0], i))
            continue;
        pt_str_clear(&e->text);
        write_value(&e->text, args[0], i, e->zone);
        e->nomem = e->nomem || e->text.failed;
        if (!e->nomem)
            o[i] = slot_intern(e, out, (pt_sv){e->text.ptr, e->text.len});
    }
}

/* --- choosing ------------------------------------------------------------------------------------------------------------------- */

op_run cast_runner(pt_type from, pt_type to)
{
    static const struct {
        pt_type from, to;
        op_run run;
    } casts[] = {
        {PT_TYPE_NUMBER, PT_TYPE_MONEY, number_to_money}, {PT_TYPE_MONEY, PT_TYPE_NUMBER, money_to_number},
        {PT_TYPE_BOOL, PT_TYPE_NUMBER, bool_to_number},   {PT_TYPE_DATE, PT_TYPE_INSTANT, date_to_instant},
        {PT_TYPE_INSTANT, PT_TYPE_DATE, instant_to_date}, {PT_TYPE_CATEGORY, PT_TYPE_TEXT, same_value},
        {PT_TYPE_TEXT, PT_TYPE_CATEGORY, same_value},     {PT_TYPE_WEIGHTED, PT_TYPE_LIST, same_value},
        {PT_TYPE_TEXT, PT_TYPE_NUMBER, text_to_number},   {PT_TYPE_CATEGORY, PT_TYPE_NUMBER, text_to_number},
        {PT_TYPE_TEXT, PT_TYPE_MONEY, text_to_money},     {PT_TYPE_CATEGORY, PT_TYPE_MONEY, text_to_money},
        {PT_TYPE_TEXT, PT_TYPE_DATE, text_to_date},       {PT_TYPE_CATEGORY, PT_TYPE_DATE, text_to_date},
    };

    if (from == to)
        return same_value;
    for (size_t i = 0; i < PT_COUNT(casts); i++)
        if (casts[i].from == from && casts[i].to == to)
            return casts[i].run;
    return to == PT_TYPE_TEXT ? value_to_text : NULL;
}
