#include "link/kinds.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/compare.h"
#include "base/hash.h"
#include "base/time.h"
#include "base/utf8.h"
#include "form/form.h"
#include "link/chances.h"
#include "link/columns_int.h"
#include "link/crossing.h"
#include "link/evidence.h"
#include "link/measures.h"
#include "link/name.h"
#include "link/nickname.h"
#include "link/rule_keys.h"
#include "link/sound.h"

/* What may be spent on rules of single, weak columns: pairs a record, and pairs of small sets. */
enum { PAIRS_A_RECORD = 50, LEAST_PAIRS = 20000000 };

const char *pt_link_kind_name(pt_link_kind kind)
{
    static const char *const names[] = {"person",   "given",    "family",   "birth",     "gender",
                                        "phone",    "email",    "numbered", "address",   "place",
                                        "postcode", "category", "words",    "region",    "name in mail",
                                        "number",   "location", "latitude", "longitude", "list"};

    return (unsigned)kind < PT_COUNT(names) ? names[kind] : "?";
}

bool pt_link_kind_is_of_columns(pt_link_kind kind)
{
    return kind != PT_LINK_REGION && kind != PT_LINK_MAIL_NAME;
}

/* --- values written alike ---------------------------------------------------------------------------------------------------- */

/* Groups of comparisons. */
enum { HOUSEHOLD = 1, NAMES = 2 };

/* What stands where there is no value. */
static bool is_nothing(pt_sv value)
{
#define WORD(text)            \
    {                         \
        text, sizeof text - 1 \
    }
    static const pt_sv words[] = {WORD(""),     WORD("-"),   WORD("--"),   WORD("null"), WORD("NULL"), WORD("none"),
                                  WORD("None"), WORD("nan"), WORD("NaN"),  WORD("NA"),   WORD("n/a"),  WORD("N/A"),
                                  WORD("未知"), WORD("无"),  WORD("保密"), WORD("不详"), WORD("暂无"), WORD("unknown")};
#undef WORD
    enum { LONGEST_WORD = 7 };

    value = pt_sv_trim(value);
    for (size_t i = 0; value.len <= LONGEST_WORD && i < PT_COUNT(words); i++)
        if (pt_sv_eq(value, words[i]))
            return true;
    return false;
}

/* As add_letters, of a short text in ASCII; false: it is none. */
static bool add_ascii_letters(pt_str *out, pt_sv value, const char *keep, bool blanks)
{
    enum { SHORT = 256 };
    char plain[SHORT];
    size_t n = 0;
    bool open = false;

    if (value.len > SHORT)
        return false;
    for (size_t i = 0; i < value.len; i++) { /* no more comes out than went in: a blank stands for what is no letter */
        char c = value.ptr[i];
        if ((unsigned char)c >= 0x80)
            return false;
        c = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        bool letter = c && ((c >= 'a' && c <= 'z') || pt_is_digit(c) || strchr(keep, c));
        if (letter && open && blanks && out->len + n)
            plain[n++] = ' ';
        if (letter)
            plain[n++] = c;
        open = !letter;
    }
    pt_str_addn(out, plain, n);
    return true;
}

/* Full-width and traditional characters as plain ones, lower case, and of that the letters and digits, with `keep` and with blanks
 * where `blanks`. */
static void add_letters(pt_str *out, pt_sv value, const char *keep, bool blanks)
{
    pt_str plain = {0}, simple = {0}, folded = {0};
    bool open = false;

    if (add_ascii_letters(out, value, keep, blanks))
        return;
    pt_utf8_normalize(&plain, value);
    pt_form_simplify(&simple, (pt_sv){pt_str_cstr(&plain), plain.len});
    pt_utf8_fold(&folded, (pt_sv){pt_str_cstr(&simple), simple.len});
    pt_sv text = {pt_str_cstr(&folded), folded.len};
    for (size_t at = 0; at < text.len;) {
        int32_t c = pt_utf8_next(text, &at);
        bool letter =
            c > 0 && c != '_' && (pt_utf8_is_letter(c) || pt_utf8_is_digit(c) || (c < 128 && strchr(keep, (char)c)));
        if (letter && open && blanks && out->len)
            pt_str_addc(out, ' ');
        if (letter)
            pt_utf8_put(out, c);
        open = !letter;
    }
    out->failed |= plain.failed || simple.failed || folded.failed;
    pt_str_free(&plain);
    pt_str_free(&simple);
    pt_str_free(&folded);
}

static void add_latin(pt_str *out, pt_sv value, pt_latin *latin)
{
    pt_str text = {0};

    add_letters(&text, value, "", true);
    pt_latin_add(latin, out, (pt_sv){pt_str_cstr(&text), text.len});
    out->failed |= text.failed;
    pt_str_free(&text);
}

/* 2017-01-31, as far as the text has one reading; "70-04-22" is year, month, day. */
static void add_date(pt_str *out, pt_sv value)
{
    static const pt_date_form year_first = {.order = PT_ORDER_YMD};
    pt_moment m;
    char buf[PT_MOMENT_TEXT];

    if (pt_form_date(&m, value, &year_first) != PT_FORM_OK)
        return;
    m.has_time = m.has_offset = false;
    pt_str_addn(out, buf, pt_moment_format(buf, &m));
}

static void add_gender(pt_str *out, pt_sv value)
{
    static const struct {
        const char *word, *gender;
    } words[] = {{"男", "m"}, {"男性", "m"}, {"先生", "m"}, {"m", "m"}, {"male", "m"},   {"man", "m"},   {"1", "m"},
                 {"女", "f"}, {"女性", "f"}, {"女士", "f"}, {"f", "f"}, {"female", "f"}, {"woman", "f"}, {"2", "f"}};
    pt_str text = {0};

    add_letters(&text, value, "", false);
    for (size_t i = 0; i < PT_COUNT(words); i++)
        if (pt_sv_eq((pt_sv){pt_str_cstr(&text), text.len}, pt_sv_of(words[i].word)))
            pt_str_add(out, words[i].gender);
    out->failed |= text.failed;
    pt_str_free(&text);
}

/* The number without country code and marks; of a masked one the stars stay. */
static void add_phone(pt_str *out, pt_sv value)
{
    pt_phone phone;
    pt_str text = {0};

    if (pt_form_phone_cn(&phone, value) == PT_FORM_OK) {
        pt_str_addn(out, phone.text, phone.len);
        return;
    }
    add_letters(&text, value, "*", false);
    pt_sv digits = {pt_str_cstr(&text), text.len};
    size_t skip = digits.len == 13 && pt_sv_has_prefix(digits, "86")     ? 2
                  : digits.len == 15 && pt_sv_has_prefix(digits, "0086") ? 4
                                                                         : 0;
    if (digits.len - skip >= 5)
        pt_str_addn(out, digits.ptr + skip, digits.len - skip);
    out->failed |= text.failed;
    pt_str_free(&text);
}

void pt_link_alike(pt_str *out, pt_link_kind kind, pt_sv value, pt_latin *latin)
{
    if (is_nothing(value))
        return;
    switch (kind) {
    case PT_LINK_PERSON: pt_name_canonical(out, value); break;
    case PT_LINK_GIVEN:
    case PT_LINK_FAMILY: add_latin(out, value, latin); break;
    case PT_LINK_BIRTH: add_date(out, value); break;
    case PT_LINK_GENDER: add_gender(out, value); break;
    case PT_LINK_PHONE: add_phone(out, value); break;
    case PT_LINK_EMAIL: link_add_mail(out, value); break;
    case PT_LINK_NUMBERED:
        if (!link_add_id_card(out, value))
            add_letters(out, value, "", false);
        break;
    case PT_LINK_NUMBER: link_add_number(out, value); break;
    case PT_LINK_LOCATION: link_add_location(out, value); break;
    case PT_LINK_LATITUDE: link_add_degrees(out, value, 90); break;
    case PT_LINK_LONGITUDE: link_add_degrees(out, value, 180); break;
    case PT_LINK_LIST: link_add_list(out, value); break;
    case PT_LINK_ADDRESS:
    case PT_LINK_WORDS:
    case PT_LINK_PLACE: add_letters(out, value, "", true); break;
    default: add_letters(out, value, "", false); break;
    }
}

typedef struct writing {
    pt_link_kind kind;
    pt_latin *latin;
} writing;

static void alike(void *ctx, pt_str *out, pt_sv value)
{
    const writing *w = ctx;

    pt_link_alike(out, w->kind, value, w->latin);
}

/* --- what follows from values ------------------------------------------------------------------------------------------------ */

static void reading_of(void *ctx, pt_str *out, pt_sv value)
{
    pt_name_reading(out, value, ctx);
}

static void family_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    pt_name_family(out, value);
}

static void hint_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    pt_name_hint(out, value);
}

static void whole_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    pt_name_whole(out, value);
}

static void spoken_hint_of(void *ctx, pt_str *out, pt_sv value)
{
    pt_name_spoken_hint(out, value, ctx);
}

static void spoken_whole_of(void *ctx, pt_str *out, pt_sv value)
{
    pt_name_spoken_whole(out, value, ctx);
}

static double day_of(void *ctx, pt_sv value)
{
    int32_t date;

    (void)ctx;
    return pt_date_parse(&date, value) ? (double)date : (double)NAN;
}

static void year_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    pt_str_addn(out, value.ptr, value.len < 4 ? value.len : 4);
}

/* Numbers in an address: house, building, room. */
static size_t numbers_of(void *ctx, uint32_t *out, pt_sv value)
{
    size_t n = 0;

    (void)ctx;
    for (size_t at = 0; at < value.len && n < PT_LINK_ITEMS_MAX;) {
        uint32_t number = 0;
        size_t from = at;
        for (; at < value.len && pt_is_digit(value.ptr[at]); at++)
            number = number % 100000000 * 10 + (uint32_t)(value.ptr[at] - '0');
        if (at > from)
            out[n++] = number;
        else
            at++;
    }
    return n;
}

static void sound_of(void *ctx, pt_str *out, pt_sv value)
{
    (void)ctx;
    link_add_soundex(out, value);
}

static size_t names_of(void *ctx, uint32_t *out, pt_sv value)
{
    (void)ctx;
    return link_names_meant(out, PT_LINK_ITEMS_MAX, value);
}

/* What masks of mobile phones leave: 138****5678. */
static void phone_ends(void *ctx, pt_str *out, pt_sv value)
{
    enum { LENGTH = 11, FIRST = 3, LAST = 4 };

    (void)ctx;
    if (value.len != LENGTH || memchr(value.ptr, '*', FIRST) || memchr(value.ptr + LENGTH - LAST, '*', LAST))
        return;
    pt_str_addn(out, value.ptr, FIRST);
    pt_str_addn(out, value.ptr + LENGTH - LAST, LAST);
}

static pt_rc derive_text(pt_link_setup *s, uint32_t from, const char *name,
                         void (*text)(void *ctx, pt_str *out, pt_sv value), uint32_t *column, pt_err *err)
{
    return pt_link_derive(&s->table, from,
                          &(pt_link_derivation){.name = name, .text = text, .sharing = PT_LINK_ANY_THREADS}, column,
                          err);
}

/* By the setup's readings, which letters beyond ASCII need. */
static pt_rc derive_sound(pt_link_setup *s, uint32_t from, const char *name,
                          void (*text)(void *ctx, pt_str *out, pt_sv value), uint32_t *column, pt_err *err)
{
    pt_link_derivation d = {.name = name, .ctx = s->latin, .text = text, .sharing = PT_LINK_ASCII_THREADS};

    return pt_link_derive(&s->table, from, &d, column, err);
}

static pt_rc derive_items(pt_link_setup *s, uint32_t from, const char *name,
                          size_t (*items)(void *ctx, uint32_t *out, pt_sv value), uint32_t *column, pt_err *err)
{
    return pt_link_derive(&s->table, from,
                          &(pt_link_derivation){.name = name, .items = items, .sharing = PT_LINK_ANY_THREADS}, column,
                          err);
}

pt_rc link_add_derived(pt_link_setup *s, pt_link_field *f, pt_err *err)
{
    switch (f->kind) {
    case PT_LINK_PERSON:
        PT_TRY(derive_sound(s, f->column, "reading", reading_of, &f->reading, err));
        PT_TRY(derive_text(s, f->column, "family name", family_of, &f->family, err));
        PT_TRY(derive_text(s, f->column, "part of name", hint_of, &f->hint, err));
        PT_TRY(derive_text(s, f->column, "name", whole_of, &f->whole, err));
        PT_TRY(derive_sound(s, f->column, "spoken part", spoken_hint_of, &f->spoken_hint, err));
        PT_TRY(derive_sound(s, f->column, "spoken name", spoken_whole_of, &f->spoken_whole, err));
        return link_name_chances(s, f, err);
    case PT_LINK_GIVEN:
        PT_TRY(derive_items(s, f->column, "names meant", names_of, &f->meant, err));
        return derive_text(s, f->column, "sound", sound_of, &f->sound, err);
    case PT_LINK_FAMILY: return derive_text(s, f->column, "sound", sound_of, &f->sound, err);
    case PT_LINK_PHONE: return derive_text(s, f->column, "phone ends", phone_ends, &f->ends, err);
    case PT_LINK_BIRTH:
        PT_TRY(derive_text(s, f->column, "year", year_of, &f->year, err));
        return pt_link_derive(&s->table, f->column,
                              &(pt_link_derivation){.name = "day", .number = day_of, .sharing = PT_LINK_ANY_THREADS},
                              &f->number, err);
    case PT_LINK_ADDRESS: return derive_items(s, f->column, "numbers", numbers_of, &f->number, err);
    case PT_LINK_NUMBER:
    case PT_LINK_LOCATION:
    case PT_LINK_LIST: return link_add_measures(s, f, err);
    default: return PT_OK;
    }
}

bool pt_link_decide(pt_link_setup *s, bool is_so)
{
    uint32_t number = s->shape.asked++;

    if (number >= 64) /* far more than any setup asks */
        return !s->shape.given && is_so;
    if (!s->shape.given && is_so)
        s->shape.yes |= UINT64_C(1) << number;
    return s->shape.yes >> number & 1;
}

static pt_rc new_field(pt_link_setup *s, const char *name, pt_link_kind kind, pt_link_field **out, pt_err *err)
{
    *out = NULL;
    if (s->n_fields == PT_LINK_COMPARISONS_MAX)
        return pt_fail(err, PT_EINVAL, "linking takes 1 to %d comparisons, not %zu", PT_LINK_COMPARISONS_MAX,
                       s->n_fields + 1);
    pt_link_field *f = *out = &s->fields[s->n_fields++];
    *f = (pt_link_field){.kind = kind, .name = pt_arena_strdup(s->table.arena, name)};
    if (!f->name)
        return pt_fail_nomem(err, "a column of records");
    if (!s->shape.given) {
        s->shape.fields[s->shape.n_fields].name = f->name;
        s->shape.fields[s->shape.n_fields++].kind = kind;
    }
    return PT_OK;
}

/* What follows from the raw values. */
static pt_rc add_alike(pt_link_setup *s, pt_link_field *f, uint32_t raw, pt_err *err)
{
    bool reads = f->kind == PT_LINK_GIVEN || f->kind == PT_LINK_FAMILY;
    writing w = {f->kind, s->latin};
    pt_link_derivation d = {
        .name = f->name, .ctx = &w, .text = alike, .sharing = reads ? PT_LINK_ASCII_THREADS : PT_LINK_ANY_THREADS};

    PT_TRY(pt_link_derive(&s->table, raw, &d, &f->column, err));
    s->given[s->n_given++] = (struct pt_link_given){f->name, f->kind, f->column};
    return link_add_derived(s, f, err);
}

pt_rc pt_link_add_field(pt_link_setup *s, const char *name, pt_link_kind kind, const pt_sv *values, uint32_t n,
                        pt_err *err)
{
    pt_link_field *f;
    uint32_t raw;

    PT_TRY(new_field(s, name, kind, &f, err));
    PT_TRY(link_add_values(&s->table, name, values, n, &raw, err));
    return add_alike(s, f, raw, err);
}

pt_rc pt_link_add_coded_field(pt_link_setup *s, const char *name, pt_link_kind kind, const pt_dict *texts,
                              const uint32_t *codes, uint32_t n, pt_err *err)
{
    pt_link_coded values = {.n_texts = texts->n, .codes = codes, .distinct = true, .untested = true};
    pt_sv *views = pt_alloc64((size_t)texts->n + 1, sizeof *views);
    pt_link_field *f;
    uint32_t raw;

    if (!views)
        return pt_fail_nomem(err, "a column of records");
    views[0] = (pt_sv){0};
    for (uint32_t v = 1; v <= texts->n; v++)
        views[v] = pt_dict_text(texts, v);
    values.texts = views;
    pt_rc rc = new_field(s, name, kind, &f, err);
    if (rc == PT_OK)
        rc = pt_link_add_coded(&s->table, name, &values, n, &raw, err);
    free(views);
    return rc == PT_OK ? add_alike(s, f, raw, err) : rc;
}

/* --- comparisons ------------------------------------------------------------------------------------------------------------- */

static pt_link_level *level(pt_link_field *f, pt_link_test test, uint32_t column, uint32_t other, double bound)
{
    f->levels[f->n_levels] = (pt_link_level){.test = test, .column = column, .other = other, .bound = bound};
    return &f->levels[f->n_levels++];
}

/* The level just added asks for this too. */
static void level_also(pt_link_field *f, pt_link_test test, uint32_t column, double bound)
{
    uint32_t i = f->n_levels - 1;

    f->also[i] = (pt_link_level){.test = test, .column = column, .bound = bound};
    f->levels[i].also = &f->also[i];
}

static void add_person_levels(pt_link_field *f)
{
    level(f, PT_LINK_SAME, f->reading, 0, 0)->frequent = f->reading;
    level(f, PT_LINK_INSIDE, f->hint, f->whole, 0)->frequent = f->hint;
    level(f, PT_LINK_INSIDE, f->spoken_hint, f->spoken_whole, 0)->frequent = f->spoken_hint;
    level(f, PT_LINK_KNOWN, f->hint, 0, 0)->silent = true; /* 张女士 and 阿丹 may be one or not */
    level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.92);
    level(f, PT_LINK_JARO_WINKLER, f->reading, 0, 0.92);
    level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.8);
    level(f, PT_LINK_SAME, f->family, 0, 0);
    level(f, PT_LINK_JARO_WINKLER, f->reading, 0, 0.8);
}

/* Where the two have a name in common, that the one's address is made of its own name is all that it takes to find the other's there:
 * said beside the name it would make one person of all who are called Mary Smith. (A whole name shares a group with it instead.) */
static void add_mail_name_levels(pt_link_setup *s, pt_link_field *f)
{
    const pt_link_field *given = link_find_field(s, PT_LINK_GIVEN), *family = link_find_field(s, PT_LINK_FAMILY);

    if (!link_find_field(s, PT_LINK_PERSON)) {
        level(f, PT_LINK_SAME, given->column, 0, 0)->silent = true;
        level(f, PT_LINK_SAME, family->column, 0, 0)->silent = true;
        level(f, PT_LINK_SWAPPED, given->column, family->column, 0)->silent = true;
    }
    level(f, PT_LINK_INSIDE, f->hint, f->against, 0);
    level(f, PT_LINK_INSIDE, f->column, f->against, 0);
}

static void add_levels(pt_link_setup *s, pt_link_field *f)
{
    const pt_link_field *twin = link_find_field(s, f->kind == PT_LINK_GIVEN ? PT_LINK_FAMILY : PT_LINK_GIVEN);

    if (f->kind == PT_LINK_REGION) {
        level(f, PT_LINK_SAME, f->reading, 0, 0);
        level(f, PT_LINK_SAME, f->family, 0, 0);
        level(f, PT_LINK_SAME, f->whole, 0, 0);
        return;
    }
    if (f->kind == PT_LINK_MAIL_NAME) {
        add_mail_name_levels(s, f);
        return;
    }
    level(f, PT_LINK_SAME, f->column, 0, 0);
    switch (f->kind) {
    case PT_LINK_PERSON: add_person_levels(f); break;
    case PT_LINK_GIVEN:
    case PT_LINK_FAMILY:
        if (twin)
            level(f, PT_LINK_SWAPPED, f->column, twin->column, 0);
        if (f->kind == PT_LINK_GIVEN)
            level(f, PT_LINK_SHARED, f->meant, 0, 1);
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.92);
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.88);
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.7);
        break;
    case PT_LINK_BIRTH:
        level(f, PT_LINK_EDITS, f->column, 0, 1);
        level(f, PT_LINK_WITHIN, f->number, 0, 30.4375);
        level(f, PT_LINK_EDITS, f->column, 0, 2);
        level(f, PT_LINK_WITHIN, f->number, 0, 365.25);
        level(f, PT_LINK_WITHIN, f->number, 0, 3652.5);
        break;
    case PT_LINK_PHONE:
        level(f, PT_LINK_MASKED, f->column, 0, 5);
        level(f, PT_LINK_EDITS, f->column, 0, 1);
        level(f, PT_LINK_EDITS, f->column, 0, 2);
        break;
    case PT_LINK_NUMBERED:
        level(f, PT_LINK_EDITS, f->column, 0, 1);
        level(f, PT_LINK_EDITS, f->column, 0, 2);
        break;
    case PT_LINK_EMAIL:
        /* Two of one name have like addresses. */
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.96)->group = NAMES;
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.88)->group = NAMES;
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.7);
        break;
    case PT_LINK_ADDRESS:
        level(f, PT_LINK_COVERED, f->column, 0, 0.8);
        level_also(f, PT_LINK_SHARED, f->number, 2);
        level(f, PT_LINK_COVERED, f->column, 0, 0.4);
        level_also(f, PT_LINK_SHARED, f->number, 2);
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.92);
        level(f, PT_LINK_COVERED, f->column, 0, 0.6);
        break;
    case PT_LINK_PLACE:
    case PT_LINK_WORDS:
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.92);
        level(f, PT_LINK_JARO_WINKLER, f->column, 0, 0.8);
        break;
    case PT_LINK_POSTCODE: level(f, PT_LINK_EDITS, f->column, 0, 1); break;
    case PT_LINK_NUMBER:
        level(f, PT_LINK_RATIO, f->number, 0, 0.01);
        level(f, PT_LINK_RATIO, f->number, 0, 0.1);
        break;
    case PT_LINK_LOCATION:
        level(f, PT_LINK_NEAR, f->number, f->longitude, 0.1);
        level(f, PT_LINK_NEAR, f->number, f->longitude, 1);
        level(f, PT_LINK_NEAR, f->number, f->longitude, 10);
        level(f, PT_LINK_NEAR, f->number, f->longitude, 100);
        break;
    case PT_LINK_LIST:
        level(f, PT_LINK_SHARED, f->number, 0, 3);
        level(f, PT_LINK_SHARED, f->number, 0, 2);
        level(f, PT_LINK_SHARED, f->number, 0, 1);
        break;
    default: break;
    }
}

static bool counts_frequency(pt_link_kind kind)
{
    return kind == PT_LINK_PERSON || kind == PT_LINK_GIVEN || kind == PT_LINK_FAMILY || kind == PT_LINK_PLACE ||
           kind == PT_LINK_POSTCODE || kind == PT_LINK_PHONE || kind == PT_LINK_ADDRESS;
}

/* Who lives together shares phone, address and places; a mail address made of a name says nothing beside the name. */
static uint8_t group_of(pt_link_kind kind)
{
    switch (kind) {
    case PT_LINK_PHONE:
    case PT_LINK_ADDRESS:
    case PT_LINK_PLACE:
    case PT_LINK_POSTCODE:
    case PT_LINK_LOCATION:
    case PT_LINK_REGION:
    case PT_LINK_FAMILY: return HOUSEHOLD;
    case PT_LINK_PERSON:
    case PT_LINK_MAIL_NAME: return NAMES;
    default: return 0;
    }
}

/* --- rules ------------------------------------------------------------------------------------------------------------------- */

/* Adds the rule of a column's values when its pairs are within what is left to spend; rules that find more come first. */
static pt_rc afford(pt_link_setup *s, uint32_t column, uint64_t *left, pt_err *err)
{
    const pt_link_column *c = &s->table.columns[column];
    uint64_t pairs = 0;

    if (s->n_rules == PT_LINK_RULES_MAX)
        return PT_OK;
    for (uint32_t v = 1; v <= c->n_values; v++)
        pairs += (uint64_t)c->counts[v] * (c->counts[v] - 1) / 2;
    if (!pt_link_decide(s, pairs <= *left))
        return PT_OK;
    *left -= pairs < *left ? pairs : *left;
    PT_TRY(link_make_rule(s, s->rules, &s->n_rules, &(link_key_part){column, 0}, 1, err));
    s->rules[s->n_rules - 1].most_pairs = 0; /* they are counted here */
    return PT_OK;
}

#define RULE(list, ...)                                                                   \
    PT_TRY(link_make_rule(s, s->list, &s->n_##list, (const link_key_part[]){__VA_ARGS__}, \
                          PT_COUNT(((const link_key_part[]){__VA_ARGS__})), err))

static bool has_masked(const pt_link_setup *s, const pt_link_field *phone)
{
    const pt_link_column *c = &s->table.columns[phone->column];

    for (uint32_t v = 1; v <= c->n_values; v++) {
        pt_sv text = s->table.texts[phone->column][v];
        if (memchr(text.ptr, '*', text.len))
            return true;
    }
    return false;
}

static pt_rc add_single_rules(pt_link_setup *s, pt_err *err)
{
    for (size_t i = 0; i < s->n_fields; i++) {
        const pt_link_field *f = &s->fields[i];
        switch (f->kind) {
        case PT_LINK_PHONE:
        case PT_LINK_EMAIL:
        case PT_LINK_NUMBERED:
            RULE(rules, {f->column, 0});
            RULE(training, {f->column, 0});
            if (f->kind != PT_LINK_PHONE)
                RULE(sure, {f->column, 0});
            else if (pt_link_decide(s, has_masked(s, f)))
                RULE(rules, {f->ends, 0});
            break;
        case PT_LINK_PERSON:
            RULE(rules, {f->column, 0});
            RULE(rules, {f->reading, 0});
            RULE(training, {f->column, 0});
            break;
        case PT_LINK_BIRTH:
            RULE(rules, {f->column, 0});
            RULE(training, {f->column, 0});
            break;
        case PT_LINK_ADDRESS: RULE(rules, {f->column, 0}); break;
        default: break;
        }
    }
    return PT_OK;
}

static pt_rc add_joint_rules(pt_link_setup *s, pt_err *err)
{
    const pt_link_field *person = link_find_field(s, PT_LINK_PERSON), *given = link_find_field(s, PT_LINK_GIVEN),
                        *family = link_find_field(s, PT_LINK_FAMILY), *birth = link_find_field(s, PT_LINK_BIRTH),
                        *address = link_find_field(s, PT_LINK_ADDRESS), *post = link_find_field(s, PT_LINK_POSTCODE),
                        *place = link_find_field(s, PT_LINK_PLACE), *phone = link_find_field(s, PT_LINK_PHONE);

    if (given && family) {
        RULE(rules, {given->column, 0}, {family->column, 0});
        RULE(training, {given->column, 0}, {family->column, 0});
        RULE(rules, {given->column, 3}, {family->column, 3});
    }
    if (person && birth)
        RULE(sure, {person->column, 0}, {birth->column, 0});
    if (person && phone)
        RULE(sure, {person->column, 0}, {phone->column, 0});
    if (given && family && birth)
        RULE(sure, {given->column, 0}, {family->column, 0}, {birth->column, 0});
    if (family && birth)
        RULE(rules, {family->sound, 0}, {birth->year, 0});
    if (given && birth)
        RULE(rules, {given->sound, 0}, {birth->year, 0});
    if (family && post)
        RULE(rules, {family->sound, 0}, {post->column, 0});
    if (given && post)
        RULE(rules, {given->sound, 0}, {post->column, 0});
    if (family && place)
        RULE(rules, {family->sound, 0}, {place->column, 0});
    if (given && place)
        RULE(rules, {given->column, 0}, {place->column, 0});
    if (address && address->number)
        RULE(rules, {address->number, 0});
    return PT_OK;
}

/* Single columns that many share, as far as the work stays within bounds: few records can be compared nearly all, and there the
 * rules above would miss those of whom little is known. */
static pt_rc add_weak_rules(pt_link_setup *s, pt_err *err)
{
    uint64_t left = (uint64_t)s->table.records.n * PAIRS_A_RECORD;

    left = left < LEAST_PAIRS ? LEAST_PAIRS : left;
    for (size_t i = 0; i < s->n_fields; i++) {
        const pt_link_field *f = &s->fields[i];
        if (f->kind == PT_LINK_FAMILY || f->kind == PT_LINK_GIVEN)
            PT_TRY(afford(s, f->column, &left, err));
        if (f->kind == PT_LINK_PERSON)
            PT_TRY(afford(s, f->family, &left, err));
    }
    for (size_t i = 0; i < s->n_fields; i++)
        if (s->fields[i].kind == PT_LINK_PLACE || s->fields[i].kind == PT_LINK_POSTCODE ||
            s->fields[i].kind == PT_LINK_REGION)
            PT_TRY(afford(s, s->fields[i].column, &left, err));
    return PT_OK;
}

pt_rc pt_link_set_up(pt_link_setup *s, pt_err *err)
{
    s->shape.asked = 0;
    PT_TRY(link_cross_fields(s, err));
    for (size_t i = 0; i < s->n_fields; i++) {
        pt_link_field *f = &s->fields[i];
        add_levels(s, f);
        s->comparisons[i] = (pt_link_comparison){.name = f->name,
                                                 .column = f->column,
                                                 .levels = f->levels,
                                                 .n_levels = f->n_levels,
                                                 .by_frequency = counts_frequency(f->kind),
                                                 .group = group_of(f->kind),
                                                 .parts = f->kind == PT_LINK_PHONE,
                                                 .crossed = f->kind == PT_LINK_MAIL_NAME,
                                                 .against = f->against};
    }
    PT_TRY(add_single_rules(s, err));
    PT_TRY(add_joint_rules(s, err));
    return add_weak_rules(s, err);
}
