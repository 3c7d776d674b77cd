#include "form/conversion.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "form/form_int.h"

/* --- words ------------------------------------------------------------------------------------------------------------ */

static const char *const kinds[] = {
    [PT_CONVERT_NUMBER] = "number",
    [PT_CONVERT_DATE] = "date",
    [PT_CONVERT_PHONE_CN] = "phone_cn",
    [PT_CONVERT_ID_CARD] = "id_card",
    [PT_CONVERT_ID_CARD_BIRTH] = "id_card_birth",
    [PT_CONVERT_ID_CARD_GENDER] = "id_card_gender",
    [PT_CONVERT_ID_CARD_REGION] = "id_card_region",
    [PT_CONVERT_EMAIL] = "email",
    [PT_CONVERT_REGION] = "region",
    [PT_CONVERT_SIMPLIFIED] = "simplified",
    [PT_CONVERT_PLAIN] = "plain",
    [PT_CONVERT_LOWER] = "lower",
    [PT_CONVERT_UPPER] = "upper",
};
static const char *const number_options[] = {"in", "from", "decimal", "else"};
static const char *const date_options[] = {"dmy", "mdy", "ymd", "roc", "excel_1904", "else"};
static const char *const region_options[] = {"province", "city", "district", "else"}; /* as pt_region_level, from 1 */
static const char *const options[] = {"else"};
static const char *const marks[] = {"comma", "point"};
static const char *const fates[] = {"missing", "keep", "quarantine"};

typedef struct words {
    pt_sv rest;
    pt_conversion *c;
    pt_conversion_fault *fault;
} words;

static pt_sv next_word(words *w)
{
    pt_sv s = pt_sv_trim(w->rest);
    size_t n = 0;

    while (n < s.len && !strchr(" \t\r\n", s.ptr[n]))
        n++;
    w->rest = (pt_sv){s.ptr + n, s.len - n};
    return (pt_sv){s.ptr, n};
}

static bool wrong(words *w, pt_sv word, const char *const *known, size_t n, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

static bool wrong(words *w, pt_sv word, const char *const *known, size_t n, const char *fmt, ...)
{
    va_list ap;

    *w->fault = (pt_conversion_fault){.word = word, .known = known, .n_known = n};
    va_start(ap, fmt);
    vsnprintf(w->fault->message, sizeof w->fault->message, fmt, ap);
    va_end(ap);
    return false;
}

/* A word as "%.*s" takes it; the longest that belongs into a message. */
#define WORD(w) (int)((w).len < 60 ? (w).len : 60), (w).ptr

static int choose(pt_sv word, const char *const *list, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (pt_sv_eq(word, pt_sv_of(list[i])))
            return (int)i;
    return -1;
}

static bool read_else(words *w)
{
    static const pt_conversion_else values[] = {PT_ELSE_MISSING, PT_ELSE_KEEP, PT_ELSE_QUARANTINE}; /* as fates */
    pt_sv word = next_word(w);
    int i = choose(word, fates, PT_COUNT(fates));

    if (i < 0)
        return wrong(w, word, fates, PT_COUNT(fates), "after 'else' comes missing, keep or quarantine, not '%.*s'",
                     WORD(word));
    w->c->otherwise = values[i];
    return true;
}

static bool read_unit(words *w, const pt_unit **out)
{
    pt_sv word = next_word(w);

    *out = pt_unit_find(word);
    return *out || wrong(w, word, NULL, 0, "there is no unit '%.*s'", WORD(word));
}

static bool read_mark(words *w)
{
    pt_sv word = next_word(w);
    int i = choose(word, marks, PT_COUNT(marks));

    if (i < 0)
        return wrong(w, word, marks, PT_COUNT(marks), "decimals begin with a comma or a point, not '%.*s'", WORD(word));
    w->c->number.decimal = i == 0 ? ',' : '.';
    return true;
}

static bool read_number_option(words *w, pt_sv word)
{
    switch (choose(word, number_options, PT_COUNT(number_options))) {
    case 0: return read_unit(w, &w->c->number.unit);
    case 1: return read_unit(w, &w->c->number.bare);
    case 2: return read_mark(w);
    case 3: return read_else(w);
    default: return wrong(w, word, number_options, PT_COUNT(number_options), "number has no option '%.*s'", WORD(word));
    }
}

static bool read_date_option(words *w, pt_sv word)
{
    switch (choose(word, date_options, PT_COUNT(date_options))) {
    case 0: w->c->date.order = PT_ORDER_DMY; return true;
    case 1: w->c->date.order = PT_ORDER_MDY; return true;
    case 2: w->c->date.order = PT_ORDER_YMD; return true;
    case 3: w->c->date.roc = true; return true;
    case 4: w->c->date.excel_1904 = true; return true;
    case 5: return read_else(w);
    default: return wrong(w, word, date_options, PT_COUNT(date_options), "date has no option '%.*s'", WORD(word));
    }
}

static bool read_region_option(words *w, pt_sv word)
{
    int i = choose(word, region_options, PT_COUNT(region_options));

    if (i < 0)
        return wrong(w, word, region_options, PT_COUNT(region_options), "region has no option '%.*s'", WORD(word));
    if (i == 3)
        return read_else(w);
    w->c->region = (pt_region_level)(i + 1);
    return true;
}

static bool read_option(words *w, pt_sv word)
{
    switch (w->c->kind) {
    case PT_CONVERT_NUMBER: return read_number_option(w, word);
    case PT_CONVERT_DATE: return read_date_option(w, word);
    case PT_CONVERT_REGION: return read_region_option(w, word);
    default:
        if (choose(word, options, PT_COUNT(options)) < 0)
            return wrong(w, word, options, PT_COUNT(options), "this conversion has no option '%.*s'", WORD(word));
        return read_else(w);
    }
}

static bool is_personal(pt_conversion_kind kind)
{
    return kind >= PT_CONVERT_PHONE_CN && kind <= PT_CONVERT_EMAIL;
}

static bool read_kind(words *w)
{
    pt_sv word = next_word(w);
    int i = choose(word, kinds, PT_COUNT(kinds));

    if (i < 0)
        return wrong(w, word, kinds, PT_COUNT(kinds), "there is no conversion '%.*s'", WORD(word));
    w->c->kind = (pt_conversion_kind)i;
    w->c->personal = is_personal(w->c->kind);
    return true;
}

bool pt_conversion_open(pt_conversion *out, pt_sv text, pt_conversion_fault *fault)
{
    words w = {text, out, fault};

    *out = (pt_conversion){0};
    if (!read_kind(&w))
        return false;
    for (pt_sv word = next_word(&w); word.len; word = next_word(&w))
        if (!read_option(&w, word))
            return false;
    const pt_number_form *n = &out->number;
    if (n->bare && !n->unit)
        return wrong(&w, w.rest, NULL, 0, "'from' needs 'in' before it, the unit of the result");
    if (n->bare && !pt_units_agree(n->bare, n->unit))
        return wrong(&w, w.rest, NULL, 0, "the two units do not measure the same");
    return true;
}

/* --- values ----------------------------------------------------------------------------------------------------------- */

static pt_form_rc put(pt_sv *out, pt_str *scratch, const char *text, size_t n)
{
    pt_str_addn(scratch, text, n);
    *out = (pt_sv){pt_str_cstr(scratch), scratch->len};
    return PT_FORM_OK;
}

static pt_form_rc apply_number(pt_sv *out, unsigned *hint, const pt_conversion *c, pt_sv text, pt_str *scratch)
{
    char buf[PT_DECIMAL_TEXT];
    pt_decimal d;
    pt_form_rc rc = pt_form_number(&d, text, &c->number);

    if (rc != PT_FORM_OK)
        return rc;
    *hint = d.mark == '?' ? PT_HINT_EITHER : d.mark == '.' ? PT_HINT_FIRST : d.mark == ',' ? PT_HINT_SECOND : 0;
    if (d.as_written) {
        *out = text;
        return PT_FORM_OK;
    }
    return put(out, scratch, buf, pt_decimal_format(buf, &d));
}

static pt_form_rc apply_date(pt_sv *out, unsigned *hint, const pt_conversion *c, pt_sv text, pt_str *scratch)
{
    char buf[PT_MOMENT_TEXT];
    pt_moment m;
    pt_form_rc rc = pt_form_date(&m, text, &c->date);

    *hint = rc == PT_FORM_AMBIGUOUS ? PT_HINT_EITHER : 0;
    if (rc != PT_FORM_OK)
        return rc;
    *hint = m.shows == PT_ORDER_DMY ? PT_HINT_FIRST : m.shows == PT_ORDER_MDY ? PT_HINT_SECOND : 0;
    if (m.as_written) {
        *out = text;
        return PT_FORM_OK;
    }
    return put(out, scratch, buf, pt_moment_format(buf, &m));
}

static pt_form_rc apply_phone(pt_sv *out, pt_sv text, pt_str *scratch)
{
    pt_phone p;
    pt_form_rc rc = pt_form_phone_cn(&p, text);

    if (rc != PT_FORM_OK)
        return rc;
    if (p.len == text.len && memcmp(p.text, text.ptr, p.len) == 0) {
        *out = text;
        return PT_FORM_OK;
    }
    return put(out, scratch, p.text, p.len);
}

static pt_form_rc apply_id_card(pt_sv *out, pt_conversion_kind kind, pt_sv text, pt_str *scratch)
{
    char buf[40];
    pt_id_card card;
    pt_form_rc rc = pt_form_id_card(&card, text);

    if (rc != PT_FORM_OK)
        return rc;
    switch (kind) {
    case PT_CONVERT_ID_CARD_BIRTH: return put(out, scratch, pt_date_format(buf, card.birth), 10);
    case PT_CONVERT_ID_CARD_REGION: return put(out, scratch, card.text, 6);
    case PT_CONVERT_ID_CARD_GENDER: *out = card.male ? PT_SV("male") : PT_SV("female"); return PT_FORM_OK;
    default: return put(out, scratch, card.text, 18);
    }
}

static pt_form_rc apply_region(pt_sv *out, const pt_conversion *c, pt_sv text, pt_str *scratch)
{
    uint32_t code;
    char digits[6];
    pt_form_rc rc = pt_form_region(&code, text, c->region, scratch);

    if (rc != PT_FORM_OK)
        return rc;
    for (size_t i = sizeof digits; i-- > 0; code /= 10)
        digits[i] = (char)('0' + code % 10);
    pt_str_clear(scratch);
    return put(out, scratch, digits, sizeof digits);
}

/* Runs of blanks become one; none is left at the end. */
static void join_blanks(pt_str *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->len; i++)
        if (s->ptr[i] != ' ' || (n && s->ptr[n - 1] != ' '))
            s->ptr[n++] = s->ptr[i];
    n -= n && s->ptr[n - 1] == ' ';
    if (s->ptr)
        s->ptr[n] = '\0';
    s->len = n;
}

static pt_form_rc apply_text(pt_sv *out, pt_conversion_kind kind, pt_sv text, pt_str *scratch)
{
    pt_sv s = pt_sv_trim(text);

    if (kind == PT_CONVERT_LOWER)
        pt_utf8_lower(scratch, s);
    else if (kind == PT_CONVERT_UPPER)
        pt_utf8_upper(scratch, s);
    else if (kind == PT_CONVERT_SIMPLIFIED)
        pt_form_simplify(scratch, s);
    else
        form_add_plain(scratch, s);
    if (kind == PT_CONVERT_PLAIN && !scratch->failed)
        join_blanks(scratch);
    *out = (pt_sv){pt_str_cstr(scratch), scratch->len};
    if (pt_sv_eq(*out, text))
        *out = text;
    return PT_FORM_OK;
}

pt_form_rc pt_conversion_study(pt_sv *out, unsigned *hint, const pt_conversion *c, pt_sv text, pt_str *scratch)
{
    pt_form_rc rc;

    *hint = PT_HINT_NONE;
    pt_str_clear(scratch);
    switch (c->kind) {
    case PT_CONVERT_NUMBER: return apply_number(out, hint, c, text, scratch);
    case PT_CONVERT_DATE: return apply_date(out, hint, c, text, scratch);
    case PT_CONVERT_PHONE_CN: return apply_phone(out, text, scratch);
    case PT_CONVERT_ID_CARD:
    case PT_CONVERT_ID_CARD_BIRTH:
    case PT_CONVERT_ID_CARD_GENDER:
    case PT_CONVERT_ID_CARD_REGION: return apply_id_card(out, c->kind, text, scratch);
    case PT_CONVERT_REGION: return apply_region(out, c, text, scratch);
    case PT_CONVERT_EMAIL:
        rc = pt_form_email(scratch, text);
        *out = (pt_sv){pt_str_cstr(scratch), scratch->len};
        return rc;
    default: return apply_text(out, c->kind, text, scratch);
    }
}

pt_form_rc pt_conversion_apply(pt_sv *out, const pt_conversion *c, pt_sv text, pt_str *scratch)
{
    unsigned hint;

    return pt_conversion_study(out, &hint, c, text, scratch);
}

/* --- what a column teaches -------------------------------------------------------------------------------------------- */

bool pt_conversion_learns(const pt_conversion *c)
{
    return (c->kind == PT_CONVERT_NUMBER && !c->number.decimal) ||
           (c->kind == PT_CONVERT_DATE && c->date.order == PT_ORDER_UNKNOWN);
}

/* A comma between thousands is what most write, so without a hint it is that; a date without a hint stays ambiguous. */
bool pt_conversion_learn(pt_conversion *c, unsigned hints)
{
    bool first = hints & PT_HINT_FIRST, second = hints & PT_HINT_SECOND;

    if (!pt_conversion_learns(c) || !(hints & PT_HINT_EITHER))
        return false;
    if (c->kind == PT_CONVERT_DATE) {
        if (first == second)
            return false;
        c->date.order = first ? PT_ORDER_DMY : PT_ORDER_MDY;
        return true;
    }
    if (!second)
        return false;
    c->number.decimal = first ? '?' : ',';
    return true;
}
