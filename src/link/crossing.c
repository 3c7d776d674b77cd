#include "link/crossing.h"

#include <string.h>

#include "form/form.h"
#include "link/evidence.h"
#include "link/measures.h"
#include "link/name.h"

pt_link_field *link_find_field(pt_link_setup *s, pt_link_kind kind)
{
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].kind == kind)
            return &s->fields[i];
    return NULL;
}

static pt_sv text_of(const pt_link_setup *s, uint32_t column, uint32_t record)
{
    uint32_t code = s->table.columns[column].codes[record];

    return code ? s->table.texts[column][code] : (pt_sv){0};
}

static pt_sv *new_texts(pt_link_setup *s, pt_err *err)
{
    pt_sv *texts = PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)s->table.records.n + 1);

    if (!texts)
        pt_fail_nomem(err, "a column of records");
    return texts;
}

pt_link_field *link_new_field(pt_link_setup *s, pt_link_kind kind)
{
    if (s->n_fields == PT_LINK_COMPARISONS_MAX)
        return NULL;
    s->fields[s->n_fields] = (pt_link_field){.kind = kind, .name = pt_link_kind_name(kind)};
    return &s->fields[s->n_fields++];
}

/* --- gender ------------------------------------------------------------------------------------------------------------------ */

static pt_rc fill_gender(pt_link_setup *s, pt_err *err)
{
    pt_link_field *person = link_find_field(s, PT_LINK_PERSON), *gender = link_find_field(s, PT_LINK_GENDER);
    pt_sv *texts;
    bool found = false;

    if (!person)
        return PT_OK;
    if (!(texts = new_texts(s, err)))
        return PT_ENOMEM;
    for (uint32_t i = 0; i < s->table.records.n; i++) {
        uint32_t raw = (uint32_t)s->table.columns[person->column].of;
        char title = pt_name_gender(text_of(s, raw, i));
        texts[i] = gender ? text_of(s, gender->column, i) : (pt_sv){0};
        if (texts[i].len || !title)
            continue;
        texts[i] = title == 'm' ? PT_SV("m") : PT_SV("f");
        found = true;
    }
    if (!pt_link_decide(s, found))
        return PT_OK;
    if (!gender && !(gender = link_new_field(s, PT_LINK_GENDER)))
        return PT_OK;
    return pt_link_add_texts(&s->table, gender->name, texts, s->table.records.n, &gender->column, err);
}

/* --- phones ------------------------------------------------------------------------------------------------------------------ */

/* 18524806307@163.com is a phone number too. */
static pt_rc fill_phone(pt_link_setup *s, pt_err *err)
{
    pt_link_field *phone = link_find_field(s, PT_LINK_PHONE), *mail = link_find_field(s, PT_LINK_EMAIL);
    pt_sv *texts;

    if (!phone || !mail)
        return PT_OK;
    if (!(texts = new_texts(s, err)))
        return PT_ENOMEM;
    for (uint32_t i = 0; i < s->table.records.n; i++) {
        pt_sv address = text_of(s, mail->column, i);
        const char *at = address.len ? memchr(address.ptr, '@', address.len) : NULL;
        pt_phone number;
        texts[i] = text_of(s, phone->column, i);
        if (texts[i].len || !at ||
            pt_form_phone_cn(&number, (pt_sv){address.ptr, (size_t)(at - address.ptr)}) != PT_FORM_OK)
            continue;
        texts[i] = (pt_sv){pt_arena_strndup(s->table.arena, number.text, number.len), number.len};
        if (!texts[i].ptr)
            return pt_fail_nomem(err, "a column of records");
    }
    return pt_link_add_texts(&s->table, phone->name, texts, s->table.records.n, &phone->column, err);
}

/* --- regions ----------------------------------------------------------------------------------------------------------------- */

static void region_code(void *ctx, pt_str *out, pt_sv value)
{
    uint32_t code;

    if (pt_form_region(&code, value, PT_REGION_ANY, ctx) == PT_FORM_OK && code)
        pt_str_addf(out, "%06u", code);
}

/* A code without the zeros that stand for a level it does not name. */
static void cut_code(pt_str *out, pt_sv code, size_t digits)
{
    if (code.len == 6 && memcmp(code.ptr + digits - 2, "00", 2) != 0)
        pt_str_addn(out, code.ptr, digits);
}

static void district_of(void *ctx, pt_str *out, pt_sv code)
{
    (void)ctx;
    cut_code(out, code, 6);
}

static void city_of(void *ctx, pt_str *out, pt_sv code)
{
    (void)ctx;
    cut_code(out, code, 4);
}

static void province_of(void *ctx, pt_str *out, pt_sv code)
{
    (void)ctx;
    cut_code(out, code, 2);
}

/* All that a record says of where it is, from the largest place to the house. */
static pt_rc places_of(pt_sv *out, pt_link_setup *s, pt_err *err)
{
    pt_str text = {0};
    pt_rc rc = PT_OK;

    for (uint32_t i = 0; rc == PT_OK && i < s->table.records.n; i++) {
        pt_str_clear(&text);
        for (size_t f = 0; f < s->n_fields; f++)
            if (s->fields[f].kind == PT_LINK_PLACE)
                pt_str_addsv(&text, text_of(s, s->fields[f].column, i));
        if (!text.len && link_find_field(s, PT_LINK_ADDRESS))
            pt_str_addsv(&text, text_of(s, link_find_field(s, PT_LINK_ADDRESS)->column, i));
        out[i] = (pt_sv){pt_arena_strndup(s->table.arena, pt_str_cstr(&text), text.len), text.len};
        if (text.failed || !out[i].ptr)
            rc = pt_fail_nomem(err, "a column of records");
    }
    pt_str_free(&text);
    return rc;
}

/* Whether most of the places are known regions; else they are some other country's, and are compared as texts. */
static bool are_regions(const pt_link_column *all, const pt_link_column *known)
{
    uint64_t some = 0, found = 0;

    for (uint32_t v = 1; v <= all->n_values; v++)
        some += all->counts[v];
    for (uint32_t v = 1; v <= known->n_values; v++)
        found += known->counts[v];
    return some && found > some / 2;
}

static void drop_places(pt_link_setup *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].kind != PT_LINK_PLACE)
            s->fields[n++] = s->fields[i];
    s->n_fields = n;
}

static pt_rc add_region(pt_link_setup *s, pt_err *err)
{
    pt_str scratch = {0};
    uint32_t all, code;
    pt_sv *texts;

    if (!link_find_field(s, PT_LINK_PLACE) && !link_find_field(s, PT_LINK_ADDRESS))
        return PT_OK;
    if (!(texts = new_texts(s, err)))
        return PT_ENOMEM;
    PT_TRY(places_of(texts, s, err));
    PT_TRY(pt_link_add_texts(&s->table, "places", texts, s->table.records.n, &all, err));
    pt_rc rc = pt_link_derive(&s->table, all, &(pt_link_derivation){"region", .ctx = &scratch, .text = region_code},
                              &code, err);
    if (rc == PT_OK && scratch.failed)
        rc = pt_fail_nomem(err, "a column of records");
    pt_str_free(&scratch);
    if (rc != PT_OK || !pt_link_decide(s, are_regions(&s->table.columns[all], &s->table.columns[code])))
        return rc;
    drop_places(s);
    pt_link_field *f = link_new_field(s, PT_LINK_REGION);
    if (!f)
        return PT_OK;
    f->column = code;
    PT_TRY(pt_link_derive(&s->table, code, &(pt_link_derivation){"district", .text = district_of}, &f->reading, err));
    PT_TRY(pt_link_derive(&s->table, code, &(pt_link_derivation){"city", .text = city_of}, &f->family, err));
    return pt_link_derive(&s->table, code, &(pt_link_derivation){"province", .text = province_of}, &f->whole, err);
}

/* --- names in mail addresses ------------------------------------------------------------------------------------------------- */

enum { LEAST_LETTERS = 3, MANY_LETTERS = 6 };

static void letters_of(pt_str *out, pt_sv address, size_t least)
{
    size_t before = out->len;

    for (size_t i = 0; i < address.len && address.ptr[i] != '@'; i++)
        if (address.ptr[i] >= 'a' && address.ptr[i] <= 'z')
            pt_str_addc(out, address.ptr[i]);
    if (out->len - before < least && !out->failed && out->ptr)
        out->ptr[out->len = before] = '\0';
}

static void some_letters(void *ctx, pt_str *out, pt_sv address)
{
    (void)ctx;
    letters_of(out, address, LEAST_LETTERS);
}

static void many_letters(void *ctx, pt_str *out, pt_sv address)
{
    (void)ctx;
    letters_of(out, address, MANY_LETTERS);
}

/* "guodong ni" is "guodongniguodong": whichever name comes first, its letters are in there. */
static void both_orders(void *ctx, pt_str *out, pt_sv reading)
{
    size_t first = 0;

    (void)ctx;
    while (first < reading.len && reading.ptr[first] != ' ')
        first++;
    for (size_t i = 0; i < reading.len; i++)
        if (reading.ptr[i] != ' ')
            pt_str_addc(out, reading.ptr[i]);
    pt_str_addn(out, reading.ptr, first);
}

/* Whole names in Latin letters, one a record. */
static pt_rc readings(pt_sv *out, pt_link_setup *s, pt_err *err)
{
    pt_link_field *person = link_find_field(s, PT_LINK_PERSON), *given = link_find_field(s, PT_LINK_GIVEN),
                  *family = link_find_field(s, PT_LINK_FAMILY);

    for (uint32_t i = 0; i < s->table.records.n; i++) {
        if (person) {
            out[i] = text_of(s, person->reading, i);
            continue;
        }
        pt_sv first = text_of(s, given->column, i), last = text_of(s, family->column, i);
        out[i] = (pt_sv){0};
        if (!first.len || !last.len)
            continue;
        const char *joined =
            pt_arena_printf(s->table.arena, "%.*s %.*s", (int)first.len, first.ptr, (int)last.len, last.ptr);
        if (!joined)
            return pt_fail_nomem(err, "a column of records");
        out[i] = pt_sv_of(joined);
    }
    return PT_OK;
}

static pt_rc add_mail_name(pt_link_setup *s, pt_err *err)
{
    pt_link_field *mail = link_find_field(s, PT_LINK_EMAIL);
    bool names =
        link_find_field(s, PT_LINK_PERSON) || (link_find_field(s, PT_LINK_GIVEN) && link_find_field(s, PT_LINK_FAMILY));
    uint32_t address, name;
    pt_sv *texts;

    if (!mail || !names)
        return PT_OK;
    address = mail->column;
    if (!(texts = new_texts(s, err)))
        return PT_ENOMEM;
    PT_TRY(readings(texts, s, err));
    PT_TRY(pt_link_add_texts(&s->table, "reading", texts, s->table.records.n, &name, err));
    s->table.columns[name].of =
        (int32_t)(link_find_field(s, PT_LINK_PERSON) ? link_find_field(s, PT_LINK_PERSON)->column
                                                     : link_find_field(s, PT_LINK_FAMILY)->column);
    pt_link_field *f = link_new_field(s, PT_LINK_MAIL_NAME);
    if (!f)
        return PT_OK;
    PT_TRY(pt_link_derive(&s->table, address, &(pt_link_derivation){"letters", .text = some_letters}, &f->column, err));
    PT_TRY(
        pt_link_derive(&s->table, address, &(pt_link_derivation){"many letters", .text = many_letters}, &f->hint, err));
    return pt_link_derive(&s->table, name, &(pt_link_derivation){"name", .text = both_orders}, &f->against, err);
}

/* --- places by coordinates ---------------------------------------------------------------------------------------------------- */

static void drop_coordinates(pt_link_setup *s)
{
    size_t n = 0;

    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].kind != PT_LINK_LATITUDE && s->fields[i].kind != PT_LINK_LONGITUDE)
            s->fields[n++] = s->fields[i];
    s->n_fields = n;
}

/* Latitude and longitude are one location, with the name of the latitude; one without the other says nothing. */
static pt_rc join_coordinates(pt_link_setup *s, pt_err *err)
{
    const pt_link_field *up = link_find_field(s, PT_LINK_LATITUDE), *along = link_find_field(s, PT_LINK_LONGITUDE);
    pt_sv *texts = up && along ? new_texts(s, err) : NULL;
    pt_link_field f;

    if (up && along && !texts)
        return PT_ENOMEM;
    for (uint32_t i = 0; texts && i < s->table.records.n; i++) {
        pt_sv x = text_of(s, up->column, i), y = text_of(s, along->column, i);
        if (!x.len || !y.len)
            continue;
        const char *both = pt_arena_printf(s->table.arena, "%.*s,%.*s", (int)x.len, x.ptr, (int)y.len, y.ptr);
        if (!both)
            return pt_fail_nomem(err, "a column of records");
        texts[i] = pt_sv_of(both);
    }
    if (texts) {
        f = (pt_link_field){.name = up->name, .kind = PT_LINK_LOCATION};
        PT_TRY(pt_link_add_texts(&s->table, f.name, texts, s->table.records.n, &f.column, err));
        PT_TRY(link_add_measures(s, &f, err));
    }
    drop_coordinates(s);
    if (texts)
        s->fields[s->n_fields++] = f;
    return PT_OK;
}

pt_rc link_cross_fields(pt_link_setup *s, pt_err *err)
{
    PT_TRY(link_fill_from_id_cards(s, err));
    PT_TRY(fill_gender(s, err));
    PT_TRY(fill_phone(s, err));
    PT_TRY(add_region(s, err));
    PT_TRY(join_coordinates(s, err));
    return add_mail_name(s, err);
}
