#include "link/evidence.h"

#include <string.h>

#include "base/time.h"
#include "form/form.h"
#include "link/crossing.h"

/* --- values written alike ---------------------------------------------------------------------------------------------------- */

void link_add_mail(pt_str *out, pt_sv value)
{
    pt_str plain = {0};

    if (pt_form_email(&plain, value) == PT_FORM_OK && !plain.failed) {
        pt_sv address = {pt_str_cstr(&plain), plain.len};
        const char *at = memchr(address.ptr, '@', address.len);
        pt_sv user = {address.ptr, (size_t)(at - address.ptr)}, domain = {at + 1, address.len - user.len - 1};
        bool gmail = pt_sv_eq(domain, PT_SV("gmail.com")) || pt_sv_eq(domain, PT_SV("googlemail.com"));
        const char *tag = user.len > 1 ? memchr(user.ptr + 1, '+', user.len - 1) : NULL;
        user.len = tag ? (size_t)(tag - user.ptr) : user.len;
        for (size_t i = 0; i < user.len; i++)
            if (!gmail || user.ptr[i] != '.')
                pt_str_addc(out, user.ptr[i]);
        pt_str_addc(out, '@');
        pt_str_addsv(out, gmail ? PT_SV("gmail.com") : domain);
    }
    out->failed |= plain.failed;
    pt_str_free(&plain);
}

bool link_add_id_card(pt_str *out, pt_sv value)
{
    pt_id_card card;

    if (pt_form_id_card(&card, value) != PT_FORM_OK)
        return false;
    pt_str_addn(out, card.text, 17);
    pt_str_addc(out, card.text[17] == 'X' ? 'x' : card.text[17]);
    return true;
}

/* --- identity cards ------------------------------------------------------------------------------------------------------------ */

enum { DATE_TEXT = 40 };

/* By code of a column of numbers: what its cards say. */
typedef struct cards {
    const pt_link_column *column;
    pt_sv *births;  /* "1990-05-17" */
    pt_sv *genders; /* "m", "f" */
} cards;

/* False where most of the numbers are no cards: what looks like one among them is by accident. */
static pt_rc read_cards(cards *out, bool *found, pt_link_setup *s, const pt_link_field *f, pt_err *err)
{
    uint32_t n, valid = 0;

    out->column = &s->table.columns[f->column];
    n = out->column->n_values;
    out->births = PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)n + 1);
    out->genders = PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)n + 1);
    if (!out->births || !out->genders)
        return pt_fail_nomem(err, "a column of records");
    for (uint32_t v = 1; v <= n; v++) {
        char date[DATE_TEXT];
        pt_id_card card;
        if (pt_form_id_card(&card, s->table.texts[f->column][v]) != PT_FORM_OK)
            continue;
        size_t length = strlen(pt_date_format(date, card.birth));
        out->births[v] = (pt_sv){pt_arena_strndup(s->table.arena, date, length), length};
        out->genders[v] = card.male ? PT_SV("m") : PT_SV("f");
        if (!out->births[v].ptr)
            return pt_fail_nomem(err, "a column of records");
        valid++;
    }
    *found = valid > n / 2;
    return PT_OK;
}

/* Values of a field, with those of cards where a record has none. */
static pt_rc fill(pt_link_setup *s, pt_link_kind kind, const cards *c, const pt_sv *by_code, pt_err *err)
{
    uint32_t n = s->table.records.n;
    pt_sv *texts = PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)n + 1);
    pt_link_field *f = link_find_field(s, kind);
    bool filled = false;

    if (!texts)
        return pt_fail_nomem(err, "a column of records");
    for (uint32_t i = 0; i < n; i++) {
        uint32_t code = f ? s->table.columns[f->column].codes[i] : 0;
        texts[i] = code ? s->table.texts[f->column][code] : by_code[c->column->codes[i]];
        filled |= !code && texts[i].len;
    }
    if (!pt_link_decide(s, filled) || (!f && !(f = link_new_field(s, kind))))
        return PT_OK;
    PT_TRY(pt_link_add_texts(&s->table, f->name, texts, n, &f->column, err));
    return link_add_derived(s, f, err);
}

pt_rc link_fill_from_id_cards(pt_link_setup *s, pt_err *err)
{
    for (size_t i = 0; i < s->n_fields; i++) {
        cards c;
        bool found = false;
        if (s->fields[i].kind != PT_LINK_NUMBERED)
            continue;
        PT_TRY(read_cards(&c, &found, s, &s->fields[i], err));
        if (!pt_link_decide(s, found))
            continue;
        PT_TRY(fill(s, PT_LINK_BIRTH, &c, c.births, err));
        return fill(s, PT_LINK_GENDER, &c, c.genders, err);
    }
    return PT_OK;
}
