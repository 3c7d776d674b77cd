/* Phone numbers as the numbering plan of mainland China has them. Segments of mobile numbers and the shape of landline
 * numbers as in the metadata of Google's libphonenumber (region CN); 146, 148 and 149, which carry data cards, are taken
 * as well. */
#include "form/form_int.h"

enum { MOST_DIGITS = 20, MOST_EXTENSION = 6 };

typedef struct dialled {
    char digits[MOST_DIGITS + 1];
    size_t n;
    char extension[MOST_EXTENSION];
    size_t n_extension;
    bool plus;
} dialled;

/* The second and third digit of 1xx numbers that are given out. */
static bool is_segment(const char *digits)
{
    static const uint16_t third[10] = {
        [3] = 0x3FF, /* 130-139 */
        [4] = 0x3E0, /* 145-149 */
        [5] = 0x3EF, /* 150-153, 155-159 */
        [6] = 0x0E4, /* 162, 165-167 */
        [7] = 0x1FF, /* 170-178 */
        [8] = 0x3FF, /* 180-189 */
        [9] = 0x3EF, /* 190-193, 195-199 */
    };

    return third[digits[1] - '0'] >> (digits[2] - '0') & 1;
}

static bool take_extension_mark(form_reader *r)
{
    static const char *const marks[] = {"转", "轉", "分机", "分機", "ext.", "ext", "Ext.", "Ext", "EXT", "x", "#"};
    bool any = false;

    for (size_t i = 0; i < PT_COUNT(marks); i++) {
        if (form_take(r, marks[i])) {
            any = true;
            i = (size_t)-1; /* 转分机: begin again */
            form_blanks(r);
        }
    }
    if (any && form_more(r) && (*r->at == ':' || *r->at == '-'))
        r->at++;
    return any;
}

static pt_form_rc read_extension(dialled *d, form_reader *r)
{
    form_blanks(r);
    while (form_more(r)) {
        if (!pt_is_digit(*r->at) || d->n_extension == MOST_EXTENSION)
            return PT_FORM_NOT;
        d->extension[d->n_extension++] = *r->at++;
    }
    return d->n_extension ? PT_FORM_OK : PT_FORM_NOT;
}

/* Whether the digits so far may be a whole landline or service number, so that a dash comes before an extension. */
static bool may_be_whole(const dialled *d)
{
    if (d->n == 10)
        return memcmp(d->digits, "400", 3) == 0 || memcmp(d->digits, "800", 3) == 0;
    return d->n >= 11 && d->n <= 12 && d->digits[0] == '0' && d->digits[1] != '0';
}

static bool dash_extension(const dialled *d, form_reader *r)
{
    if (!may_be_whole(d) || r->end - r->at < 2 || r->end - r->at > 1 + MOST_EXTENSION || *r->at != '-')
        return false;
    for (const char *p = r->at + 1; p < r->end; p++)
        if (!pt_is_digit(*p))
            return false;
    r->at++;
    return true;
}

/* Digits, with what people put between them. A second number after a slash or a comma makes it a list. */
static pt_form_rc gather(dialled *d, pt_sv s)
{
    form_reader r = {s.ptr, s.ptr + s.len};

    d->plus = form_take(&r, "+") || form_take(&r, "(+");
    while (form_more(&r)) {
        if (pt_is_digit(*r.at)) {
            if (d->n == MOST_DIGITS)
                return PT_FORM_NOT;
            d->digits[d->n++] = *r.at++;
        } else if (dash_extension(d, &r)) {
            return read_extension(d, &r);
        } else if (strchr(" -.()", *r.at)) {
            r.at++;
        } else if (d->n >= 7 && (strchr("/,;", *r.at) || form_take(&r, "、"))) {
            return PT_FORM_AMBIGUOUS;
        } else if (d->n >= 7 && take_extension_mark(&r)) {
            return read_extension(d, &r);
        } else {
            return PT_FORM_NOT;
        }
    }
    return d->n >= 7 ? PT_FORM_OK : PT_FORM_NOT;
}

/* Whether the rest after the country code may be a number of this country. */
static bool is_national(const char *digits, size_t n)
{
    return (n == 11 && digits[0] == '1') || (n >= 9 && n <= 12 && digits[0] != '1') || (n == 10 && digits[0] == '1');
}

/* Drops the country code; *national says that there was one, so an area code has lost its 0. */
static pt_form_rc drop_country(dialled *d, bool *national)
{
    size_t cut = 0;

    *national = false;
    if (d->n > 4 && memcmp(d->digits, "0086", 4) == 0)
        cut = 4;
    else if (d->plus || (d->n >= 12 && memcmp(d->digits, "86", 2) == 0 && is_national(d->digits + 2, d->n - 2)))
        cut = 2;
    if (d->plus && memcmp(d->digits, "86", 2) != 0)
        return PT_FORM_NOT; /* of another country */
    if (d->n >= 2 && !cut && memcmp(d->digits, "00", 2) == 0)
        return PT_FORM_NOT;
    memmove(d->digits, d->digits + cut, d->n - cut);
    d->n -= cut;
    *national = cut > 0;
    return d->n >= 7 ? PT_FORM_OK : PT_FORM_NOT;
}

static void put(pt_phone *out, pt_phone_kind kind, const char *area, size_t n_area, const dialled *d, const char *rest,
                size_t n_rest)
{
    size_t n = 0;

    out->kind = kind;
    memcpy(out->text, area, n_area);
    n += n_area;
    if (n_area)
        out->text[n++] = '-';
    memcpy(out->text + n, rest, n_rest);
    n += n_rest;
    if (d->n_extension) {
        out->text[n++] = '-';
        memcpy(out->text + n, d->extension, d->n_extension);
        n += d->n_extension;
    }
    out->text[n] = '\0';
    out->len = (uint8_t)n;
}

/* 010 and 02x have eight digits after them, the others seven or eight; none begins with 0, 1 or 9. */
static pt_form_rc read_landline(pt_phone *out, const dialled *d)
{
    size_t area = d->digits[1] <= '2' ? 3 : 4, rest = d->n - area;
    char first = d->digits[area];

    if (d->n < 10 || d->n > 12 || (area == 3 ? rest != 8 : rest != 7 && rest != 8))
        return PT_FORM_NOT;
    if (d->digits[1] == '0' || (d->digits[1] == '1' && d->digits[2] != '0') || first < '2' || first > '8')
        return PT_FORM_RANGE;
    put(out, PT_PHONE_LANDLINE, d->digits, area, d, d->digits + area, rest);
    return PT_FORM_OK;
}

static pt_form_rc read_mobile(pt_phone *out, const dialled *d, const char *digits)
{
    if (!is_segment(digits))
        return PT_FORM_RANGE;
    if (d->n_extension)
        return PT_FORM_NOT;
    put(out, PT_PHONE_MOBILE, "", 0, d, digits, 11);
    return PT_FORM_OK;
}

static pt_form_rc read_national(pt_phone *out, dialled *d, bool had_country)
{
    const char *n = d->digits;

    if (d->n == 11 && n[0] == '1')
        return read_mobile(out, d, n);
    if (d->n == 12 && n[0] == '0' && n[1] == '1' && n[2] >= '3') /* a 0 was dialled before mobiles of another city */
        return read_mobile(out, d, n + 1);
    if (d->n == 10 && (memcmp(n, "400", 3) == 0 || memcmp(n, "800", 3) == 0)) {
        put(out, PT_PHONE_SERVICE, "", 0, d, n, 10);
        return PT_FORM_OK;
    }
    if (had_country && n[0] != '0') {
        memmove(d->digits + 1, d->digits, d->n);
        d->digits[0] = '0';
        d->n++;
    }
    if (n[0] == '0')
        return read_landline(out, d);
    return d->n <= 8 && n[0] >= '2' && n[0] <= '8' ? PT_FORM_AMBIGUOUS : PT_FORM_NOT; /* of which city? */
}

pt_form_rc pt_form_phone_cn(pt_phone *out, pt_sv text)
{
    char buf[FORM_LONGEST];
    dialled d = {.n = 0};
    bool had_country;
    pt_sv s;

    if (!form_plain(&s, buf, text))
        return PT_FORM_NOT;
    if (s.len == 11 && s.ptr[0] == '1') { /* as most are written */
        size_t n = 0;
        while (n < 11 && pt_is_digit(s.ptr[n]))
            n++;
        if (n == 11)
            return read_mobile(out, &d, s.ptr);
    }
    pt_form_rc rc = gather(&d, s);
    if (rc == PT_FORM_OK)
        rc = drop_country(&d, &had_country);
    return rc == PT_FORM_OK ? read_national(out, &d, had_country) : rc;
}
