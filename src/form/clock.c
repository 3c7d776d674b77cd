/* Times of day: 15:05:00.25, 3:05 PM, 下午3:05, 15时5分, 3点半; then Z, +08:00, UTC. */
#include "form/date.h"

/* What the half of the day does to an hour up to twelve. */
typedef enum half { HALF_NONE, HALF_MORNING, HALF_NOON, HALF_AFTERNOON, HALF_NIGHT } half;

static bool digit_next(const form_reader *r)
{
    return form_more(r) && pt_is_digit(*r->at);
}

static bool read_number(int32_t *out, form_reader *r)
{
    int n = 0;

    for (*out = 0; n < 2 && digit_next(r); n++)
        *out = *out * 10 + (*r->at++ - '0');
    return n > 0 && !digit_next(r);
}

static half take_half(form_reader *r)
{
    static const struct {
        const char *word;
        half half;
    } words[] = {{"上午", HALF_MORNING},   {"早上", HALF_MORNING}, {"早晨", HALF_MORNING},   {"清晨", HALF_MORNING},
                 {"凌晨", HALF_MORNING},   {"中午", HALF_NOON},    {"下午", HALF_AFTERNOON}, {"傍晚", HALF_AFTERNOON},
                 {"晚上", HALF_NIGHT},     {"AM", HALF_MORNING},   {"am", HALF_MORNING},     {"a.m.", HALF_MORNING},
                 {"PM", HALF_AFTERNOON},   {"pm", HALF_AFTERNOON}, {"p.m.", HALF_AFTERNOON}, {"A.M.", HALF_MORNING},
                 {"P.M.", HALF_AFTERNOON}, {"Am", HALF_MORNING},   {"Pm", HALF_AFTERNOON}};

    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (form_take(r, words[i].word))
            return words[i].half;
    return HALF_NONE;
}

/* 12 in the morning is midnight, 12 in the afternoon noon; 12 at night is the day after for some and the same for others. */
static pt_form_rc apply_half(pt_civil *c, half h)
{
    if (h == HALF_NONE)
        return PT_FORM_OK;
    if (h == HALF_NIGHT && c->hour == 12)
        return PT_FORM_AMBIGUOUS;
    if (h == HALF_MORNING) {
        if (c->hour > 12)
            return PT_FORM_RANGE;
        c->hour %= 12;
    } else if (c->hour < 12 && !(h == HALF_NOON && c->hour >= 10)) {
        c->hour += 12;
    }
    return PT_FORM_OK;
}

/* Up to nine decimals; those below a microsecond are cut. */
static bool read_fraction(int32_t *micro, form_reader *r)
{
    int32_t nanos = 0;
    int n = 0;

    for (; n < 9 && digit_next(r); n++)
        nanos = nanos * 10 + (*r->at++ - '0');
    if (n == 0 || digit_next(r))
        return false;
    for (; n < 9; n++)
        nanos *= 10;
    *micro = nanos / 1000;
    return true;
}

/* What follows the hour. */
static bool read_colons(pt_civil *c, form_reader *r)
{
    if (!read_number(&c->minute, r))
        return false;
    if (!form_take(r, ":"))
        return true;
    return read_number(&c->second, r) && (!form_take(r, ".") || read_fraction(&c->micro, r));
}

static bool read_words(pt_civil *c, form_reader *r)
{
    int32_t v;

    form_blanks(r);
    if (form_take(r, "半")) {
        c->minute = 30;
        return true;
    }
    form_take(r, "整");
    if (!digit_next(r))
        return true;
    if (!read_number(&c->minute, r))
        return false;
    form_take(r, "分");
    form_blanks(r);
    if (!digit_next(r))
        return true;
    if (!read_number(&v, r) || !form_take(r, "秒"))
        return false;
    c->second = v;
    return true;
}

static bool read_clock(pt_civil *c, form_reader *r)
{
    if (!read_number(&c->hour, r))
        return false;
    if (form_take(r, ":"))
        return read_colons(c, r);
    if (form_take(r, "时") || form_take(r, "時") || form_take(r, "点") || form_take(r, "點"))
        return read_words(c, r);
    return false;
}

/* +08:00, +0800, +08 */
static bool read_numeric_offset(pt_moment *m, form_reader *r)
{
    bool negative = form_take(r, "-");
    int32_t digits[4] = {0};
    int n = 0;

    if (!negative && !form_take(r, "+"))
        return false;
    for (; n < 4; n++) {
        if (n == 2)
            form_take(r, ":");
        if (!digit_next(r))
            break;
        digits[n] = *r->at++ - '0';
    }
    int32_t hours = digits[0] * 10 + digits[1], minutes = digits[2] * 10 + digits[3];
    m->has_offset = (n == 2 || n == 4) && hours <= 18 && minutes <= 59;
    m->offset = (hours * 3600 + minutes * 60) * (negative ? -1 : 1);
    return m->has_offset;
}

static bool read_offset(pt_moment *m, form_reader *r)
{
    form_blanks(r);
    if (!form_more(r))
        return true;
    if (form_take(r, "Z") || form_take(r, "z") || form_take(r, "UTC") || form_take(r, "GMT"))
        m->has_offset = true;
    form_blanks(r);
    return form_more(r) ? read_numeric_offset(m, r) : m->has_offset;
}

pt_form_rc form_read_time(pt_moment *m, form_reader *r)
{
    form_take(r, ",");
    form_blanks(r);
    if (!form_more(r))
        return PT_FORM_OK;
    if (m->has_time) /* it came with the date */
        return read_offset(m, r) ? PT_FORM_OK : PT_FORM_NOT;
    if (!form_take(r, "T"))
        form_take(r, "t");
    half h = take_half(r);
    form_blanks(r);
    if (!read_clock(&m->civil, r))
        return PT_FORM_NOT;
    m->has_time = true;
    form_blanks(r);
    if (h == HALF_NONE)
        h = take_half(r);
    pt_form_rc rc = apply_half(&m->civil, h);
    return rc == PT_FORM_OK && !read_offset(m, r) ? PT_FORM_NOT : rc;
}
