#include "link/measures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "form/form.h"

/* --- values written alike ---------------------------------------------------------------------------------------------------- */

/* 1,234.50, ¥1234.5 and １２３４.５ are 1234.5. */
static bool number_of(double *out, pt_sv value)
{
    pt_decimal d;
    char text[PT_DECIMAL_TEXT];

    if (pt_form_number(&d, value, NULL) != PT_FORM_OK)
        return false;
    return pt_parse_double(out, (pt_sv){text, pt_decimal_format(text, &d)});
}

void link_add_number(pt_str *out, pt_sv value)
{
    double v;

    if (number_of(&v, value))
        pt_str_addf(out, "%.15g", v == 0 ? 0 : v); /* no -0 */
}

void link_add_degrees(pt_str *out, pt_sv value, double most)
{
    double v;

    if (pt_parse_double(&v, pt_sv_trim(value)) && fabs(v) <= most)
        pt_str_addf(out, "%.6f", v == 0 ? 0 : v); /* a tenth of a metre */
}

void link_add_location(pt_str *out, pt_sv value)
{
    static const char gaps[] = ",; \t";
    size_t at = 0;
    pt_str up = {0}, along = {0};

    value = pt_sv_trim(value);
    while (at < value.len && !strchr(gaps, value.ptr[at]))
        at++;
    link_add_degrees(&up, (pt_sv){value.ptr, at}, 90);
    while (at < value.len && value.ptr[at] && strchr(gaps, value.ptr[at]))
        at++;
    link_add_degrees(&along, (pt_sv){value.ptr + at, value.len - at}, 180);
    if (up.len && along.len)
        pt_str_addf(out, "%s,%s", pt_str_cstr(&up), pt_str_cstr(&along));
    out->failed |= up.failed || along.failed;
    pt_str_free(&up);
    pt_str_free(&along);
}

static bool is_between_items(int32_t c)
{
    return c == ',' || c == ';' || c == '|' || c == '\n' || c == 0x3001 /* 、 */;
}

static int by_bytes(const void *a, const void *b)
{
    return pt_sv_cmp(*(const pt_sv *)a, *(const pt_sv *)b);
}

/* Cuts at separators and sorts; what comes after the last place is left out. */
static size_t items_of(pt_sv items[PT_LINK_ITEMS_MAX], pt_sv text)
{
    size_t n = 0, from = 0;

    for (size_t at = 0; n < PT_LINK_ITEMS_MAX && from <= text.len;) {
        size_t end = at;
        bool ends = at >= text.len || is_between_items(pt_utf8_next(text, &at));
        if (!ends)
            continue;
        pt_sv item = pt_sv_trim((pt_sv){text.ptr + from, end - from});
        if (item.len)
            items[n++] = item;
        from = end >= text.len ? text.len + 1 : at;
    }
    qsort(items, n, sizeof *items, by_bytes);
    return n;
}

void link_add_list(pt_str *out, pt_sv value)
{
    pt_str plain = {0}, folded = {0};
    pt_sv items[PT_LINK_ITEMS_MAX];

    value = pt_sv_trim(value);
    if (value.len >= 2 && value.ptr[0] == '[' && value.ptr[value.len - 1] == ']') /* a list as the store writes it */
        value = (pt_sv){value.ptr + 1, value.len - 2};
    pt_utf8_normalize(&plain, value);
    pt_utf8_fold(&folded, (pt_sv){pt_str_cstr(&plain), plain.len});
    size_t n = items_of(items, (pt_sv){pt_str_cstr(&folded), folded.len});
    for (size_t i = 0; i < n; i++) {
        if (i && pt_sv_eq(items[i], items[i - 1]))
            continue;
        pt_str_add(out, i ? "|" : "");
        pt_str_addsv(out, items[i]);
    }
    out->failed |= plain.failed || folded.failed;
    pt_str_free(&plain);
    pt_str_free(&folded);
}

/* --- what tests need of them --------------------------------------------------------------------------------------------------- */

static double plain_number(void *ctx, pt_sv value)
{
    double v;

    (void)ctx;
    return pt_parse_double(&v, value) ? v : (double)NAN;
}

static double latitude(void *ctx, pt_sv value)
{
    const char *comma = memchr(value.ptr, ',', value.len);

    return comma ? plain_number(ctx, (pt_sv){value.ptr, (size_t)(comma - value.ptr)}) : (double)NAN;
}

static double longitude(void *ctx, pt_sv value)
{
    const char *comma = memchr(value.ptr, ',', value.len);

    return comma ? plain_number(ctx, (pt_sv){comma + 1, value.len - 1 - (size_t)(comma - value.ptr)}) : (double)NAN;
}

static size_t item_numbers(void *ctx, uint32_t *out, pt_sv value)
{
    pt_sv items[PT_LINK_ITEMS_MAX];
    size_t n = items_of(items, value);

    (void)ctx;
    for (size_t i = 0; i < n; i++)
        out[i] = (uint32_t)pt_hash64_seed(items[i].ptr, items[i].len, 0);
    return n;
}

pt_rc link_add_measures(pt_link_setup *s, pt_link_field *f, pt_err *err)
{
    pt_link_derivation d = {.name = "number", .number = plain_number, .sharing = PT_LINK_ANY_THREADS};

    if (f->kind == PT_LINK_LIST)
        d = (pt_link_derivation){.name = "items", .items = item_numbers, .sharing = PT_LINK_ANY_THREADS};
    if (f->kind == PT_LINK_LOCATION) {
        d = (pt_link_derivation){.name = "longitude", .number = longitude, .sharing = PT_LINK_ANY_THREADS};
        PT_TRY(pt_link_derive(&s->table, f->column, &d, &f->longitude, err));
        d = (pt_link_derivation){.name = "latitude", .number = latitude, .sharing = PT_LINK_ANY_THREADS};
    }
    return pt_link_derive(&s->table, f->column, &d, &f->number, err);
}
