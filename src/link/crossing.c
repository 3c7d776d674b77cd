#include "link/crossing.h"

#include <stdlib.h>
#include <string.h>

#include "form/form.h"
#include "link/columns_int.h"
#include "link/distinct.h"
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

/* --- values of several columns ------------------------------------------------------------------------------------------------- */

/* A column being made: texts, each with a code, and which of them each record has. What is made of it borrows `texts` from the arena. */
typedef struct mixture {
    pt_sv *texts; /* by code, from 1 */
    uint32_t n_texts;
    uint32_t *codes; /* by record; heap */
} mixture;

static pt_rc mixture_new(mixture *m, pt_link_setup *s, uint64_t texts, pt_err *err)
{
    *m = (mixture){.codes = pt_zalloc((size_t)s->table.records.n + 1, sizeof *m->codes)};
    m->texts = texts < UINT32_MAX ? PT_NEW_ARRAY(s->table.arena, pt_sv, (size_t)texts + 1) : NULL;
    if (m->codes && m->texts)
        return PT_OK;
    free(m->codes);
    return pt_fail_nomem(err, "a column of records");
}

static void mixture_add_column(mixture *m, const pt_link_table *t, uint32_t column)
{
    const pt_link_column *c = &t->columns[column];

    if (c->n_values)
        memcpy(m->texts + 1, t->texts[column] + 1, c->n_values * sizeof *m->texts);
    memcpy(m->codes, c->codes, t->records.n * sizeof *m->codes);
    m->n_texts = c->n_values;
}

/* Adds the column and frees the mixture. */
static pt_rc mixture_end(mixture *m, pt_link_setup *s, const char *name, bool untested, uint32_t *column, pt_err *err)
{
    pt_link_coded values = {m->texts, m->n_texts, m->codes, .untested = untested};
    pt_rc rc = pt_link_add_coded(&s->table, name, &values, s->table.records.n, column, err);

    free(m->codes);
    return rc;
}

/* The text of a record that has these values; nothing: missing. */
typedef void join_fn(pt_str *out, pt_link_setup *s, uint32_t record);

/* The columns that a text is joined of. */
typedef struct joint {
    uint32_t columns[PT_LINK_COMPARISONS_MAX + 1];
    size_t n;
    bool spare; /* the last one counts only where a record has none of the others */
    join_fn *join;
} joint;

static void set_tuple(uint32_t *tuple, const pt_link_setup *s, const joint *j, uint32_t record)
{
    bool any = false;

    for (size_t c = 0; c < j->n; c++) {
        uint32_t code = s->table.columns[j->columns[c]].codes[record];
        tuple[c] = j->spare && any && c + 1 == j->n ? 0 : code;
        any |= code != 0;
    }
}

/* Records with the same codes in all columns have one text: which sort of record each is, from 1, and the first of each sort. */
static pt_rc sort_out(uint32_t *sorts, uint32_t *first, uint32_t *n_sorts, const pt_link_setup *s, const joint *j,
                      pt_err *err)
{
    uint32_t n = s->table.records.n;
    uint32_t *tuples = pt_alloc64((uint64_t)n * j->n + 1, sizeof *tuples);
    pt_sv *keys = pt_alloc64((size_t)n + 1, sizeof *keys);
    bool room = tuples && keys;

    for (uint32_t i = 0; room && i < n; i++) {
        uint32_t *tuple = tuples + (uint64_t)i * j->n;
        set_tuple(tuple, s, j, i);
        keys[i] = (pt_sv){(const char *)tuple, j->n * sizeof *tuple};
    }
    pt_rc rc = room ? link_number_texts(sorts, first, n_sorts, keys, n, s->table.pool, err)
                    : pt_fail_nomem(err, "a column of records");
    free(tuples);
    free(keys);
    return rc;
}

static pt_rc join_sorts(mixture *m, pt_link_setup *s, join_fn *join, const uint32_t *first, uint32_t n, pt_err *err)
{
    pt_str text = {0};
    bool room = true;

    for (uint32_t k = 1; room && k <= n; k++) {
        pt_str_clear(&text);
        join(&text, s, first[k]);
        const char *copy = pt_arena_strndup(s->table.arena, pt_str_cstr(&text), text.len);
        m->texts[k] = (pt_sv){copy, text.len};
        room = copy && !text.failed;
    }
    m->n_texts = n;
    pt_str_free(&text);
    return room ? PT_OK : pt_fail_nomem(err, "a column of records");
}

/* A column of what records have in several: worked out once for all that have the same. It is there to be derived from. */
static pt_rc join_columns(pt_link_setup *s, const char *name, const joint *j, uint32_t *column, pt_err *err)
{
    uint32_t n_sorts, *first = pt_alloc64((size_t)s->table.records.n + 1, sizeof *first);
    mixture m = {0};
    pt_rc rc = first ? mixture_new(&m, s, s->table.records.n, err) : pt_fail_nomem(err, "a column of records");

    if (rc == PT_OK) {
        rc = sort_out(m.codes, first, &n_sorts, s, j, err);
        if (rc == PT_OK)
            rc = join_sorts(&m, s, j->join, first, n_sorts, err);
        if (rc == PT_OK)
            rc = mixture_end(&m, s, name, true, column, err);
        else
            free(m.codes);
    }
    free(first);
    return rc;
}

static pt_rc derive_text(pt_link_setup *s, uint32_t from, const char *name,
                         void (*text)(void *ctx, pt_str *out, pt_sv value), uint32_t *column, pt_err *err)
{
    return pt_link_derive(&s->table, from,
                          &(pt_link_derivation){.name = name, .text = text, .sharing = PT_LINK_ANY_THREADS}, column,
                          err);
}

pt_link_field *link_new_field(pt_link_setup *s, pt_link_kind kind)
{
    if (s->n_fields == PT_LINK_COMPARISONS_MAX)
        return NULL;
    s->fields[s->n_fields] = (pt_link_field){.kind = kind, .name = pt_link_kind_name(kind)};
    return &s->fields[s->n_fields++];
}

/* --- gender ------------------------------------------------------------------------------------------------------------------ */

/* Records without a gender get the one of their title, if any. */
static bool fill_from_titles(mixture *m, const pt_link_table *t, uint32_t raw)
{
    const pt_link_column *names = &t->columns[raw];
    uint32_t male = m->n_texts + 1, female = m->n_texts + 2;
    bool found = false;

    m->texts[male] = PT_SV("m");
    m->texts[female] = PT_SV("f");
    m->n_texts += 2;
    for (uint32_t i = 0; i < t->records.n; i++) {
        uint32_t name = names->codes[i];
        char title = m->codes[i] || !name ? 0 : pt_name_gender(t->texts[raw][name]);
        if (!title)
            continue;
        m->codes[i] = title == 'm' ? male : female;
        found = true;
    }
    return found;
}

static pt_rc fill_gender(pt_link_setup *s, pt_err *err)
{
    pt_link_field *person = link_find_field(s, PT_LINK_PERSON), *gender = link_find_field(s, PT_LINK_GENDER);
    uint64_t known = gender ? s->table.columns[gender->column].n_values : 0;
    mixture m;

    if (!person)
        return PT_OK;
    PT_TRY(mixture_new(&m, s, known + 2, err));
    if (gender)
        mixture_add_column(&m, &s->table, gender->column);
    bool found = fill_from_titles(&m, &s->table, (uint32_t)s->table.columns[person->column].of);
    if (pt_link_decide(s, found) && (gender || (gender = link_new_field(s, PT_LINK_GENDER))))
        return mixture_end(&m, s, gender->name, false, &gender->column, err);
    free(m.codes);
    return PT_OK;
}

/* --- phones ------------------------------------------------------------------------------------------------------------------ */

static bool phone_in(pt_phone *out, pt_sv address)
{
    const char *at = memchr(address.ptr, '@', address.len);

    return at && pt_form_phone_cn(out, (pt_sv){address.ptr, (size_t)(at - address.ptr)}) == PT_FORM_OK;
}

/* codes[address]: the phone that the mail address has in it, after those that are known; 0: none. */
static pt_rc phones_in_mails(mixture *m, uint32_t *codes, pt_link_setup *s, uint32_t mail, pt_err *err)
{
    pt_phone phone;

    for (uint32_t v = 1; v <= s->table.columns[mail].n_values; v++) {
        if (!phone_in(&phone, s->table.texts[mail][v]))
            continue;
        const char *copy = pt_arena_strndup(s->table.arena, phone.text, phone.len);
        if (!copy)
            return pt_fail_nomem(err, "a column of records");
        m->texts[codes[v] = ++m->n_texts] = (pt_sv){copy, phone.len};
    }
    return PT_OK;
}

/* 18524806307@163.com is a phone number too. */
static pt_rc fill_phone(pt_link_setup *s, pt_err *err)
{
    pt_link_field *phone = link_find_field(s, PT_LINK_PHONE), *mail = link_find_field(s, PT_LINK_EMAIL);
    mixture m;

    if (!phone || !mail)
        return PT_OK;
    const pt_link_column *numbers = &s->table.columns[phone->column], *mails = &s->table.columns[mail->column];
    uint32_t *codes = pt_zalloc((size_t)mails->n_values + 1, sizeof *codes);
    if (!codes)
        return pt_fail_nomem(err, "a column of records");
    pt_rc rc = mixture_new(&m, s, (uint64_t)numbers->n_values + mails->n_values, err);
    if (rc == PT_OK) {
        mixture_add_column(&m, &s->table, phone->column);
        rc = phones_in_mails(&m, codes, s, mail->column, err);
        for (uint32_t i = 0; i < s->table.records.n; i++)
            m.codes[i] = m.codes[i] ? m.codes[i] : codes[mails->codes[i]];
        if (rc == PT_OK)
            rc = mixture_end(&m, s, phone->name, false, &phone->column, err);
        else
            free(m.codes);
    }
    free(codes);
    return rc;
}

/* --- regions ----------------------------------------------------------------------------------------------------------------- */

static void region_code(void *ctx, pt_str *out, pt_sv value)
{
    pt_str scratch = {0};
    uint32_t code;

    (void)ctx;
    if (pt_form_region(&code, value, PT_REGION_ANY, &scratch) == PT_FORM_OK && code)
        pt_str_addf(out, "%06u", code);
    out->failed |= scratch.failed;
    pt_str_free(&scratch);
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
static void add_places(pt_str *out, pt_link_setup *s, uint32_t record)
{
    const pt_link_field *address = link_find_field(s, PT_LINK_ADDRESS);

    for (size_t f = 0; f < s->n_fields; f++)
        if (s->fields[f].kind == PT_LINK_PLACE)
            pt_str_addsv(out, text_of(s, s->fields[f].column, record));
    if (!out->len && address)
        pt_str_addsv(out, text_of(s, address->column, record));
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

/* The codes of regions that records name; *known: whether most places are such. */
static pt_rc find_regions(uint32_t *code, bool *known, pt_link_setup *s, pt_err *err)
{
    pt_link_derivation region = {.name = "region", .text = region_code, .sharing = PT_LINK_ANY_THREADS};
    const pt_link_field *address = link_find_field(s, PT_LINK_ADDRESS);
    joint places = {.spare = address != NULL, .join = add_places};
    uint32_t all;

    for (size_t f = 0; f < s->n_fields; f++)
        if (s->fields[f].kind == PT_LINK_PLACE)
            places.columns[places.n++] = s->fields[f].column;
    if (address)
        places.columns[places.n++] = address->column;
    PT_TRY(join_columns(s, "places", &places, &all, err));
    PT_TRY(pt_link_derive(&s->table, all, &region, code, err));
    *known = are_regions(&s->table.columns[all], &s->table.columns[*code]);
    return PT_OK;
}

static pt_rc add_region(pt_link_setup *s, pt_err *err)
{
    uint32_t code;
    bool known;

    if (!link_find_field(s, PT_LINK_PLACE) && !link_find_field(s, PT_LINK_ADDRESS))
        return PT_OK;
    PT_TRY(find_regions(&code, &known, s, err));
    if (!pt_link_decide(s, known))
        return PT_OK;
    drop_places(s);
    pt_link_field *f = link_new_field(s, PT_LINK_REGION);
    if (!f)
        return PT_OK;
    f->column = code;
    PT_TRY(derive_text(s, code, "district", district_of, &f->reading, err));
    PT_TRY(derive_text(s, code, "city", city_of, &f->family, err));
    return derive_text(s, code, "province", province_of, &f->whole, err);
}

/* --- names in mail addresses ------------------------------------------------------------------------------------------------- */

enum { LEAST_LETTERS = 3, MANY_LETTERS = 6 };

static void letters_of(pt_str *out, pt_sv address, size_t least)
{
    char letters[64];
    size_t before = out->len, n = 0;

    for (size_t i = 0; i < address.len && address.ptr[i] != '@'; i++) {
        if (address.ptr[i] >= 'a' && address.ptr[i] <= 'z')
            letters[n++] = address.ptr[i];
        if (n == sizeof letters) {
            pt_str_addn(out, letters, n);
            n = 0;
        }
    }
    pt_str_addn(out, letters, n);
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
    for (size_t i = 0, end; i < reading.len; i = end + 1) {
        for (end = i; end < reading.len && reading.ptr[end] != ' ';)
            end++;
        pt_str_addn(out, reading.ptr + i, end - i);
    }
    pt_str_addn(out, reading.ptr, first);
}

static void add_name(pt_str *out, pt_link_setup *s, uint32_t record)
{
    pt_sv first = text_of(s, link_find_field(s, PT_LINK_GIVEN)->column, record),
          last = text_of(s, link_find_field(s, PT_LINK_FAMILY)->column, record);

    if (!first.len || !last.len)
        return;
    pt_str_addsv(out, first);
    pt_str_addc(out, ' ');
    pt_str_addsv(out, last);
}

/* Whole names in Latin letters, one a record. */
static pt_rc add_readings(pt_link_setup *s, uint32_t *column, pt_err *err)
{
    const pt_link_field *person = link_find_field(s, PT_LINK_PERSON), *given = link_find_field(s, PT_LINK_GIVEN),
                        *family = link_find_field(s, PT_LINK_FAMILY);
    uint32_t of = person ? person->column : family->column;

    if (person) {
        const pt_link_column *reading = &s->table.columns[person->reading];
        pt_link_coded values = {.texts = s->table.texts[person->reading],
                                .n_texts = reading->n_values,
                                .codes = reading->codes,
                                .distinct = true,
                                .untested = true};
        PT_TRY(pt_link_add_coded(&s->table, "reading", &values, s->table.records.n, column, err));
    } else {
        joint name = {.columns = {given->column, family->column}, .n = 2, .join = add_name};
        PT_TRY(join_columns(s, "reading", &name, column, err));
    }
    s->table.columns[*column].of = (int32_t)of;
    return PT_OK;
}

static pt_rc add_mail_name(pt_link_setup *s, pt_err *err)
{
    const pt_link_field *mail = link_find_field(s, PT_LINK_EMAIL);
    bool names =
        link_find_field(s, PT_LINK_PERSON) || (link_find_field(s, PT_LINK_GIVEN) && link_find_field(s, PT_LINK_FAMILY));
    uint32_t address, name;

    if (!mail || !names)
        return PT_OK;
    address = mail->column;
    PT_TRY(add_readings(s, &name, err));
    pt_link_field *f = link_new_field(s, PT_LINK_MAIL_NAME);
    if (!f)
        return PT_OK;
    PT_TRY(derive_text(s, address, "letters", some_letters, &f->column, err));
    PT_TRY(derive_text(s, address, "many letters", many_letters, &f->hint, err));
    return derive_text(s, name, "name", both_orders, &f->against, err);
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

static void add_coordinates(pt_str *out, pt_link_setup *s, uint32_t record)
{
    pt_sv up = text_of(s, link_find_field(s, PT_LINK_LATITUDE)->column, record),
          along = text_of(s, link_find_field(s, PT_LINK_LONGITUDE)->column, record);

    if (!up.len || !along.len)
        return;
    pt_str_addsv(out, up);
    pt_str_addc(out, ',');
    pt_str_addsv(out, along);
}

/* Latitude and longitude are one location, with the name of the latitude; one without the other says nothing. */
static pt_rc join_coordinates(pt_link_setup *s, pt_err *err)
{
    const pt_link_field *up = link_find_field(s, PT_LINK_LATITUDE), *along = link_find_field(s, PT_LINK_LONGITUDE);
    bool both = up && along;
    pt_link_field f;

    if (both) {
        f = (pt_link_field){.name = up->name, .kind = PT_LINK_LOCATION};
        joint location = {.columns = {up->column, along->column}, .n = 2, .join = add_coordinates};
        PT_TRY(join_columns(s, f.name, &location, &f.column, err));
        PT_TRY(link_lay_out(&s->table, f.column, err));
        PT_TRY(link_add_measures(s, &f, err));
    }
    drop_coordinates(s);
    if (both)
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
