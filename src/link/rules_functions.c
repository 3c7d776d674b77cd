/* The functions that expressions may use. Values are written alike before (kinds.h): lower case, plain characters. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "base/utf8.h"
#include "form/form.h"
#include "link/name.h"
#include "link/rules_int.h"
#include "link/sound.h"

void link_words_clear(link_words *w)
{
    pt_str_clear(&w->text);
    w->n = 0;
}

pt_sv link_word(const link_words *w, size_t i)
{
    size_t begin = i ? w->ends[i - 1] : 0;

    if (w->text.failed) /* empty, whatever was there before */
        return (pt_sv){"", 0};
    return (pt_sv){pt_str_cstr(&w->text) + begin, w->ends[i] - begin};
}

void link_words_end(link_words *w)
{
    size_t begin = w->n ? w->ends[w->n - 1] : 0;

    if (w->text.len > begin && w->n < LINK_WORDS_MOST && w->text.len <= LINK_WORDS_BYTES)
        w->ends[w->n++] = w->text.len;
    else if (w->text.len > begin)
        w->text.len = begin;
}

void link_words_add(link_words *w, pt_sv text)
{
    pt_str_addsv(&w->text, text);
    link_words_end(w);
}

/* --- parts of texts ------------------------------------------------------------------------------------------------- */

/* The byte where the n-th character begins; the text's length when it has fewer. */
static size_t character(pt_sv text, double n)
{
    size_t at = 0;

    for (double i = 0; i < n && at < text.len; i++)
        pt_utf8_next(text, &at);
    return at;
}

static void prefix(link_words *out, pt_sv value, const link_call *call)
{
    link_words_add(out, (pt_sv){value.ptr, character(value, call->numbers[0])});
}

static void last(link_words *out, pt_sv value, const link_call *call)
{
    double n = (double)pt_utf8_length(value) - call->numbers[0];
    size_t from = n > 0 ? character(value, n) : 0;

    link_words_add(out, (pt_sv){value.ptr + from, value.len - from});
}

static void part(link_words *out, pt_sv value, const link_call *call)
{
    size_t from = character(value, call->numbers[0] - 1);
    pt_sv rest = {value.ptr + from, value.len - from};

    link_words_add(out, (pt_sv){rest.ptr, character(rest, call->numbers[1])});
}

static void lower(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    pt_utf8_lower(&out->text, value);
    link_words_end(out);
}

/* What is left of a text when only characters of one sort are kept. */
static void keep(link_words *out, pt_sv value, bool (*wanted)(int32_t c))
{
    for (size_t at = 0; at < value.len;) {
        int32_t c = pt_utf8_next(value, &at);
        if (c > 0 && wanted(c))
            pt_utf8_put(&out->text, c);
    }
    link_words_end(out);
}

static bool is_letter_or_digit(int32_t c)
{
    return c != '_' && (pt_utf8_is_letter(c) || pt_utf8_is_digit(c));
}

static void letters(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    keep(out, value, is_letter_or_digit);
}

static void digits(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    keep(out, value, pt_utf8_is_digit);
}

/* --- several of one ------------------------------------------------------------------------------------------------- */

/* Runs of characters of one sort. */
static void runs(link_words *out, pt_sv value, bool (*wanted)(int32_t c))
{
    for (size_t at = 0; at < value.len;) {
        int32_t c = pt_utf8_next(value, &at);
        if (c > 0 && wanted(c))
            pt_utf8_put(&out->text, c);
        else
            link_words_end(out);
    }
    link_words_end(out);
}

static void words(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    runs(out, value, is_letter_or_digit);
}

static void numbers(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    runs(out, value, pt_utf8_is_digit);
}

/* All runs of n characters; a shorter text is one itself. */
static void qgrams(link_words *out, pt_sv value, const link_call *call)
{
    size_t begin = 0, end = character(value, call->numbers[0]);

    while (end <= value.len && out->n < LINK_WORDS_MOST) {
        link_words_add(out, (pt_sv){value.ptr + begin, end - begin});
        if (end == value.len)
            break;
        pt_utf8_next(value, &begin);
        pt_utf8_next(value, &end);
    }
}

static int by_bytes(const void *a, const void *b)
{
    return pt_sv_cmp(*(const pt_sv *)a, *(const pt_sv *)b);
}

static void sorted(link_words *out, const link_words *in)
{
    pt_sv order[LINK_WORDS_MOST];

    for (size_t i = 0; i < in->n; i++)
        order[i] = link_word(in, i);
    qsort(order, in->n, sizeof *order, by_bytes);
    for (size_t i = 0; i < in->n; i++) {
        if (i)
            pt_str_addc(&out->text, ' ');
        pt_str_addsv(&out->text, order[i]);
    }
    link_words_end(out);
}

static void initials(link_words *out, const link_words *in)
{
    for (size_t i = 0; i < in->n; i++) {
        pt_sv word = link_word(in, i);
        pt_str_addn(&out->text, word.ptr, character(word, 1));
    }
    link_words_end(out);
}

/* --- names ----------------------------------------------------------------------------------------------------------- */

static void add_letters_of(link_words *out, const pt_str *latin)
{
    const char *s = pt_str_cstr(latin);

    for (size_t i = 0; i < latin->len; i++)
        if ((s[i] >= 'a' && s[i] <= 'z') || pt_is_digit(s[i]))
            pt_str_addc(&out->text, s[i]);
    out->text.failed |= latin->failed;
    link_words_end(out);
}

static void pinyin(link_words *out, pt_sv value, const link_call *call)
{
    pt_str latin = {0};

    pt_latin_add(call->latin, &latin, value);
    add_letters_of(out, &latin);
    pt_str_free(&latin);
}

static void reading(link_words *out, pt_sv value, const link_call *call)
{
    pt_name_reading(&out->text, value, call->latin);
    link_words_end(out);
}

static void family(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    pt_name_family(&out->text, value);
    link_words_end(out);
}

static void given(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    pt_name_given(&out->text, value);
    link_words_end(out);
}

static void soundex(link_words *out, pt_sv value, const link_call *call)
{
    pt_str latin = {0};

    pt_latin_add(call->latin, &latin, value);
    link_add_soundex(&out->text, (pt_sv){pt_str_cstr(&latin), latin.len});
    out->text.failed |= latin.failed;
    link_words_end(out);
    pt_str_free(&latin);
}

/* --- dates ----------------------------------------------------------------------------------------------------------- */

static bool civil_of(pt_civil *out, pt_sv value)
{
    pt_moment m;

    if (pt_form_date(&m, value, &(pt_date_form){.order = PT_ORDER_YMD}) != PT_FORM_OK)
        return false;
    *out = m.civil;
    return true;
}

static void year(link_words *out, pt_sv value, const link_call *call)
{
    pt_civil c;

    (void)call;
    if (civil_of(&c, value))
        pt_str_addf(&out->text, "%d", c.year);
    link_words_end(out);
}

static void month(link_words *out, pt_sv value, const link_call *call)
{
    pt_civil c;

    (void)call;
    if (civil_of(&c, value))
        pt_str_addf(&out->text, "%d", c.month);
    link_words_end(out);
}

static void day(link_words *out, pt_sv value, const link_call *call)
{
    pt_civil c;

    (void)call;
    if (civil_of(&c, value))
        pt_str_addf(&out->text, "%d", c.day);
    link_words_end(out);
}

/* --- places, addresses, numbers ---------------------------------------------------------------------------------------- */

/* The code of a region to a level, without the zeros of levels below. */
static void add_region(link_words *out, pt_sv value, pt_region_level level, int digits_kept)
{
    pt_str scratch = {0};
    uint32_t code;

    if (pt_form_region(&code, value, PT_REGION_ANY, &scratch) == PT_FORM_OK && code) {
        char text[16];
        bool reaches = level == PT_REGION_ANY || level == PT_REGION_PROVINCE ||
                       (level == PT_REGION_CITY ? code % 10000 / 100 : code % 100) != 0;
        snprintf(text, sizeof text, "%06u", code);
        if (reaches)
            pt_str_addn(&out->text, text, (size_t)digits_kept);
    }
    out->text.failed |= scratch.failed;
    pt_str_free(&scratch);
    link_words_end(out);
}

static void region(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    add_region(out, value, PT_REGION_ANY, 6);
}

static void province(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    add_region(out, value, PT_REGION_PROVINCE, 2);
}

static void city(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    add_region(out, value, PT_REGION_CITY, 4);
}

static void district(link_words *out, pt_sv value, const link_call *call)
{
    (void)call;
    add_region(out, value, PT_REGION_DISTRICT, 6);
}

/* Of an identity card of China whose check character is right. */
static void card_birth(link_words *out, pt_sv value, const link_call *call)
{
    enum { DATE_TEXT = 40 };
    char date[DATE_TEXT];
    pt_id_card card;

    (void)call;
    if (pt_form_id_card(&card, value) == PT_FORM_OK)
        link_words_add(out, pt_sv_of(pt_date_format(date, card.birth)));
}

static void card_gender(link_words *out, pt_sv value, const link_call *call)
{
    pt_id_card card;

    (void)call;
    if (pt_form_id_card(&card, value) == PT_FORM_OK)
        link_words_add(out, card.male ? PT_SV("m") : PT_SV("f"));
}

/* Where it was issued. */
static void card_region(link_words *out, pt_sv value, const link_call *call)
{
    pt_id_card card;

    (void)call;
    if (pt_form_id_card(&card, value) == PT_FORM_OK)
        pt_str_addf(&out->text, "%06u", card.region);
    link_words_end(out);
}

static void user(link_words *out, pt_sv value, const link_call *call)
{
    const char *at = value.len ? memchr(value.ptr, '@', value.len) : NULL;

    (void)call;
    if (at)
        link_words_add(out, (pt_sv){value.ptr, (size_t)(at - value.ptr)});
}

static void domain(link_words *out, pt_sv value, const link_call *call)
{
    const char *at = value.len ? memchr(value.ptr, '@', value.len) : NULL;

    (void)call;
    if (at)
        link_words_add(out, (pt_sv){at + 1, value.len - 1 - (size_t)(at - value.ptr)});
}

/* The multiple of the step below a number: 1234 in steps of 100 is 1200. */
static void steps(link_words *out, pt_sv value, const link_call *call)
{
    double v;

    if (pt_parse_double(&v, value) && fabs(v / call->numbers[0]) < 1e15)
        pt_str_addf(&out->text, "%.0f", floor(v / call->numbers[0]));
    link_words_end(out);
}

/* --- all ------------------------------------------------------------------------------------------------------------- */

#define PARTS .least = 1, .most = 1, .low = 1, .high = 64
static const pt_link_function functions[] = {
    {"prefix", "prefix(name, 3)", .each = prefix, PARTS},
    {"last", "last(phone, 4)", .each = last, PARTS},
    {"part", "part(postcode, 2, 3)", .each = part, .least = 2, .most = 2, .low = 1, .high = 64},
    {"lower", "lower(code)", .each = lower},
    {"letters", "letters(address)", .each = letters},
    {"digits", "digits(address)", .each = digits},
    {"words", "words(address)", .each = words, .several = true},
    {"numbers", "numbers(address)", .each = numbers, .several = true},
    {"qgrams", "qgrams(email, 5)", .each = qgrams, .several = true, .least = 1, .most = 1, .low = 2, .high = 64},
    {"sorted", "sorted(words(name))", .whole = sorted},
    {"initials", "initials(words(name))", .whole = initials},
    {"pinyin", "pinyin(name)", .each = pinyin},
    {"reading", "reading(name)", .each = reading},
    {"family", "family(name)", .each = family},
    {"given", "given(name)", .each = given},
    {"soundex", "soundex(family(name))", .each = soundex},
    {"year", "year(birth)", .each = year},
    {"month", "month(birth)", .each = month},
    {"day", "day(birth)", .each = day},
    {"region", "region(address)", .each = region},
    {"province", "province(address)", .each = province},
    {"city", "city(address)", .each = city},
    {"district", "district(address)", .each = district},
    {"card_birth", "card_birth(id_card)", .each = card_birth},
    {"card_gender", "card_gender(id_card)", .each = card_gender},
    {"card_region", "card_region(id_card)", .each = card_region},
    {"user", "user(email)", .each = user},
    {"domain", "domain(email)", .each = domain},
    {"steps", "steps(amount, 100)", .each = steps, .least = 1, .most = 1, .low = 1e-9, .high = 1e15},
};

const pt_link_function *link_functions(size_t *n)
{
    *n = PT_COUNT(functions);
    return functions;
}

const pt_link_function *link_function_named(pt_sv name)
{
    for (size_t i = 0; i < PT_COUNT(functions); i++)
        if (pt_sv_eq(name, pt_sv_of(functions[i].name)))
            return &functions[i];
    return NULL;
}
