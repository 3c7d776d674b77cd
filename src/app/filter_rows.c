/* Fields to typed columns. The hot path of `portrait eval`: no allocation for a value, no copy of a text already known. */
#include <stdlib.h>

#include "app/filter_int.h"
#include "base/money.h"
#include "base/utf8.h"

/* A column's dictionary is emptied between batches when it passes either bound, so that order numbers or messages, which
 * hardly ever repeat, do not fill memory. */
enum { MOST_TEXTS = 1 << 20, MOST_TEXT_BYTES = 64 << 20 };

/* --- storage ------------------------------------------------------------------------------------------------------ */

static pt_rc init_column(pt_rows_column *c, pt_type type, bool used, pt_err *err)
{
    *c = (pt_rows_column){.type = type, .used = used, .width = pt_type_is_list(type) ? 4 : pt_type_width(type)};
    if (!used || !(pt_type_is_text(type) || pt_type_is_list(type)))
        return PT_OK;
    return (c->texts = pt_intern_new()) ? PT_OK : pt_fail_nomem(err, "a dictionary");
}

pt_rc pt_rows_init(pt_rows_source *s, uint32_t number, const pt_source *source, const pt_program *program,
                   size_t most_customers, pt_arena *arena, pt_err *err)
{
    *s = (pt_rows_source){.source = source};
    s->columns = PT_NEW_ARRAY(arena, pt_rows_column, source->n_columns);
    s->views = PT_NEW_ARRAY(arena, pt_column, source->n_columns);
    s->offsets = PT_NEW_ARRAY(arena, uint64_t, most_customers + 1);
    if (!s->columns || !s->views || !s->offsets)
        return pt_fail_nomem(err, "a source's columns");
    for (size_t i = 0; i < source->n_columns; i++)
        PT_TRY(
            init_column(&s->columns[i], source->columns[i].type, pt_program_reads(program, number, (int32_t)i), err));
    return PT_OK;
}

void pt_rows_free(pt_rows_source *s)
{
    for (size_t i = 0; s->columns && i < s->source->n_columns; i++) {
        free(s->columns[i].data);
        free(s->columns[i].offsets);
        free(s->columns[i].absent);
        pt_intern_free(s->columns[i].texts);
    }
    free(s->time);
}

/* --- fields ------------------------------------------------------------------------------------------------------- */

static char unescaped(char c)
{
    switch (c) {
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case '\\':
    case '|':
    case ':': return c;
    default: return '\0';
    }
}

bool pt_rows_unescape(pt_sv *out, pt_sv field, pt_str *room)
{
    const char *end = field.ptr + field.len, *slash = field.len ? memchr(field.ptr, '\\', field.len) : NULL;

    *out = field;
    if (!slash)
        return true;
    pt_str_clear(room);
    for (const char *at = field.ptr; at < end;) {
        pt_str_addn(room, at, (size_t)((slash ? slash : end) - at));
        if (!slash)
            break;
        char c = slash + 1 < end ? unescaped(slash[1]) : '\0';
        if (c)
            pt_str_addc(room, c);
        else if (slash + 1 >= end || slash[1] != 'e')
            return false;
        at = slash + 2;
        slash = at < end ? memchr(at, '\\', (size_t)(end - at)) : NULL;
    }
    *out = (pt_sv){pt_str_cstr(room), room->len};
    return !room->failed;
}

static bool is_missing(pt_sv field)
{
    return field.len == 2 && field.ptr[0] == '\\' && field.ptr[1] == 'N';
}

/* Plain decimals of at most 15 digits are exact in a double, and so is the power of ten: one correctly rounded division
 * then gives the nearest double (Clinger 1990). Anything else takes the general way. */
static bool parse_number(double *out, pt_sv s)
{
    static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
    bool negative = s.len && s.ptr[0] == '-';
    size_t digits = 0, dot = 0;
    int64_t mantissa = 0;

    for (size_t i = negative; i < s.len; i++) {
        unsigned char d = (unsigned char)(s.ptr[i] - '0');
        if (d <= 9 && ++digits <= 15)
            mantissa = mantissa * 10 + d;
        else if (s.ptr[i] == '.' && !dot && digits)
            dot = i + 1;
        else
            return pt_parse_double(out, s);
    }
    if (!digits || dot == s.len)
        return pt_parse_double(out, s);
    double v = (double)mantissa / tens[dot ? s.len - dot : 0];
    *out = negative ? -v : v;
    return true;
}

/* "@1496275200000000" (microseconds since 1970 UTC), or ISO text. */
static bool parse_instant(int64_t *out, pt_sv s, const pt_zone *zone)
{
    if (s.len && s.ptr[0] == '@')
        return pt_parse_int64(out, (pt_sv){s.ptr + 1, s.len - 1}) && *out >= PT_DATE_MIN * PT_DAY &&
               *out < (PT_DATE_MAX + 1) * PT_DAY;
    return pt_instant_parse(out, s, zone);
}

static bool parse_bool(uint8_t *out, pt_sv s)
{
    if (pt_sv_eq(s, PT_SV("true")) || pt_sv_eq(s, PT_SV("1")))
        *out = 1;
    else if (pt_sv_eq(s, PT_SV("false")) || pt_sv_eq(s, PT_SV("0")))
        *out = 0;
    else
        return false;
    return true;
}

/* The code of a text; only one not met before is checked for being UTF-8. */
static pt_rc intern_text(uint32_t *code, pt_rows_column *c, pt_sv text, pt_err *err)
{
    uint32_t known = pt_intern_count(c->texts);

    if (!(*code = pt_intern_add(c->texts, text)))
        return pt_fail_nomem(err, "a dictionary");
    if (*code > known && pt_utf8_valid(text) != text.len)
        return pt_fail(err, PT_EINVAL, "text that is not UTF-8");
    return PT_OK;
}

static pt_rc add_text(pt_rows_column *c, size_t row, pt_sv field, pt_str *room, pt_err *err)
{
    pt_sv text;

    if (!pt_rows_unescape(&text, field, room))
        return pt_fail(err, PT_EINVAL, "a wrong escape");
    return intern_text(&((uint32_t *)(void *)c->data)[row], c, text, err);
}

/* --- values ------------------------------------------------------------------------------------------------------- */

static pt_rc misfit(const pt_rows_column *c, pt_err *err)
{
    return pt_fail(err, PT_EINVAL, "the value is no %s", pt_type_name(c->type));
}

bool pt_rows_parse(void *at, pt_type type, pt_sv field, const pt_zone *zone)
{
    bool missing = is_missing(field);

    switch (type) {
    case PT_TYPE_BOOL: *(uint8_t *)at = PT_BOOL_MISSING; return missing || parse_bool(at, field);
    case PT_TYPE_NUMBER: *(double *)at = (double)NAN; return missing || parse_number(at, field);
    case PT_TYPE_DATE: *(int32_t *)at = PT_I32_MISSING; return missing || pt_date_parse(at, field);
    case PT_TYPE_MONEY: *(int64_t *)at = PT_I64_MISSING; return missing || pt_money_parse(at, field);
    case PT_TYPE_DURATION: *(int64_t *)at = PT_I64_MISSING; return missing || pt_duration_parse(at, field);
    case PT_TYPE_INSTANT: *(int64_t *)at = PT_I64_MISSING; return missing || parse_instant(at, field, zone);
    default: return false;
    }
}

static pt_rc add_plain(pt_rows_column *c, size_t row, pt_sv field, pt_rows_scratch *scratch, pt_err *err)
{
    void *at = c->data + row * c->width;

    if (!pt_type_is_text(c->type))
        return pt_rows_parse(at, c->type, field, scratch->zone) ? PT_OK : misfit(c, err);
    *(uint32_t *)at = PT_CODE_MISSING;
    return is_missing(field) ? PT_OK : add_text(c, row, field, &scratch->text, err);
}

static pt_rc add_item(pt_rows_column *c, uint64_t first, uint64_t *n, pt_sv field, pt_str *room, pt_err *err)
{
    uint32_t *codes;

    if (!pt_grow(&c->data, &c->cap, (size_t)*n + 1, sizeof *codes))
        return pt_fail_nomem(err, "a list");
    PT_TRY(add_text(c, (size_t)*n, field, room, err));
    codes = (uint32_t *)(void *)c->data;
    for (uint64_t i = first; i < *n; i++)
        if (codes[i] == codes[*n])
            return PT_OK; /* lists hold no text twice */
    ++*n;
    return PT_OK;
}

/* Items separated by | (an escaped \| belongs to its item); an empty field is an empty list. */
static pt_rc add_list(pt_rows_column *c, size_t row, pt_sv field, pt_rows_scratch *scratch, pt_err *err)
{
    uint64_t n, first;
    size_t from = 0;

    if (!pt_grow(&c->offsets, &c->list_cap, row + 2, sizeof *c->offsets) ||
        !pt_grow(&c->absent, &c->absent_cap, row + 1, 1))
        return pt_fail_nomem(err, "a list");
    if (row == 0)
        c->offsets[0] = 0;
    first = n = c->offsets[row];
    c->absent[row] = is_missing(field);
    for (size_t i = 0; !c->absent[row] && field.len && i <= field.len; i++) {
        if (i < field.len && field.ptr[i] == '\\' && i + 1 < field.len) {
            i++;
        } else if (i == field.len || field.ptr[i] == '|') {
            PT_TRY(add_item(c, first, &n, (pt_sv){field.ptr + from, i - from}, &scratch->text, err));
            from = i + 1;
        }
    }
    c->offsets[row + 1] = n;
    return PT_OK;
}

static pt_rc add_value(pt_rows_column *c, size_t row, pt_sv field, pt_rows_scratch *scratch, pt_err *err)
{
    if (pt_type_is_list(c->type))
        return add_list(c, row, field, scratch, err);
    if (!pt_grow(&c->data, &c->cap, row + 1, c->width))
        return pt_fail_nomem(err, "the rows");
    return add_plain(c, row, field, scratch, err);
}

/* --- rows --------------------------------------------------------------------------------------------------------- */

/* Cuts the next field off *rest; false when there is none left. A line of k tabs has k + 1 fields. */
static bool next_field(pt_sv *field, pt_sv *rest)
{
    if (!rest->ptr)
        return false;
    const char *tab = rest->len ? memchr(rest->ptr, '\t', rest->len) : NULL;
    *field = (pt_sv){rest->ptr, tab ? (size_t)(tab - rest->ptr) : rest->len};
    *rest = tab ? (pt_sv){tab + 1, rest->len - field->len - 1} : (pt_sv){NULL, 0};
    return true;
}

static pt_rc add_time(pt_rows_source *s, pt_sv field, pt_rows_scratch *scratch, pt_err *err)
{
    if (!pt_grow(&s->time, &s->time_cap, s->n + 1, sizeof *s->time))
        return pt_fail_nomem(err, "the rows");
    int64_t *t = &s->time[s->n];
    *t = PT_I64_MISSING;
    if (is_missing(field) && s->source->kind == PT_SOURCE_EVENT)
        return pt_fail(err, PT_EINVAL, "an event of '%s' has no time", s->source->name);
    if (!is_missing(field) && !parse_instant(t, field, scratch->zone))
        return pt_fail(err, PT_EINVAL, "the time is no instant");
    return PT_OK;
}

static pt_rc wrong_count(const pt_rows_source *s, pt_err *err)
{
    return pt_fail(err, PT_EINVAL, "a row of '%s' has %zu fields: customer, source, time, then its columns",
                   s->source->name, s->source->n_columns + 3);
}

pt_rc pt_rows_add(pt_rows_source *s, pt_sv rest, pt_rows_scratch *scratch, pt_err *err)
{
    pt_sv field;

    if (!next_field(&field, &rest))
        return wrong_count(s, err);
    PT_TRY(add_time(s, field, scratch, err));
    for (size_t i = 0; i < s->source->n_columns; i++) {
        if (!next_field(&field, &rest))
            return wrong_count(s, err);
        if (!s->columns[i].used)
            continue;
        if (add_value(&s->columns[i], s->n, field, scratch, err) != PT_OK) {
            pt_err_hint(err, "column '%s' of '%s'", s->source->columns[i].name, s->source->name);
            return err ? err->code : PT_EINVAL;
        }
    }
    if (rest.ptr)
        return wrong_count(s, err);
    if (s->n > s->first && s->time[s->n] < s->time[s->n - 1])
        s->unsorted = true;
    s->n++;
    return PT_OK;
}

/* --- order -------------------------------------------------------------------------------------------------------- */

/* Bottom-up merge sort of row numbers by time: stable. Returns the array (of the two) that holds the result. */
static uint32_t *sort_rows(uint32_t *a, uint32_t *b, size_t n, const int64_t *time)
{
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t low = 0; low < n; low += 2 * width) {
            size_t middle = low + width < n ? low + width : n, high = middle + width < n ? middle + width : n;
            size_t i = low, j = middle;
            for (size_t k = low; k < high; k++)
                b[k] = i < middle && (j >= high || time[a[i]] <= time[a[j]]) ? a[i++] : a[j++];
        }
        uint32_t *t = a;
        a = b;
        b = t;
    }
    return a;
}

static void gather_plain(char *values, unsigned width, const uint32_t *order, size_t n, char *room)
{
    for (size_t i = 0; i < n; i++)
        memcpy(room + i * width, values + (size_t)order[i] * width, width);
    memcpy(values, room, n * width);
}

static void gather_list(pt_rows_column *c, size_t first, const uint32_t *order, size_t n, char *room)
{
    uint64_t begin = c->offsets[first], items = c->offsets[first + n] - begin, at = 0;
    uint32_t *codes = (uint32_t *)(void *)c->data, *moved = (uint32_t *)(void *)room;
    uint64_t *offsets = (uint64_t *)(void *)(room + (items * 4 + 7) / 8 * 8);
    uint8_t *absent = (uint8_t *)(offsets + n);

    for (size_t i = 0; i < n; i++) {
        size_t row = first + order[i];
        uint64_t len = c->offsets[row + 1] - c->offsets[row];
        if (len)
            memcpy(moved + at, codes + c->offsets[row], len * 4);
        offsets[i] = begin + at;
        absent[i] = c->absent[row];
        at += len;
    }
    if (items)
        memcpy(codes + begin, moved, items * 4);
    memcpy(c->offsets + first, offsets, n * sizeof *offsets);
    memcpy(c->absent + first, absent, n);
}

static size_t gather_room(const pt_rows_source *s, size_t n)
{
    size_t most = n * 8;

    for (size_t i = 0; i < s->source->n_columns; i++) {
        const pt_rows_column *c = &s->columns[i];
        if (!c->used || !pt_type_is_list(c->type))
            continue;
        size_t need = (size_t)(c->offsets[s->n] - c->offsets[s->first]) * 4 + 8 + n * 9;
        most = need > most ? need : most;
    }
    return most;
}

static pt_rc sort_customer(pt_rows_source *s, pt_rows_scratch *scratch, pt_err *err)
{
    size_t n = s->n - s->first;

    if (n > UINT32_MAX / 2)
        return pt_fail(err, PT_EINTERNAL, "a customer has more than 2^31 events out of order");
    if (!pt_grow(&scratch->order, &scratch->order_cap, 2 * n, sizeof *scratch->order) ||
        !pt_grow(&scratch->gather, &scratch->gather_cap, gather_room(s, n), 1))
        return pt_fail_nomem(err, "sorting a customer's events");
    for (size_t i = 0; i < n; i++)
        scratch->order[i] = (uint32_t)i;
    const uint32_t *order = sort_rows(scratch->order, scratch->order + n, n, s->time + s->first);
    for (size_t i = 0; i < s->source->n_columns; i++) {
        pt_rows_column *c = &s->columns[i];
        if (c->used && pt_type_is_list(c->type))
            gather_list(c, s->first, order, n, scratch->gather);
        else if (c->used)
            gather_plain(c->data + s->first * c->width, c->width, order, n, scratch->gather);
    }
    gather_plain((char *)(s->time + s->first), sizeof *s->time, order, n, scratch->gather);
    return PT_OK;
}

pt_rc pt_rows_end_customer(pt_rows_source *s, size_t customer, pt_rows_scratch *scratch, pt_err *err)
{
    if (s->unsorted)
        PT_TRY(sort_customer(s, scratch, err));
    s->unsorted = false;
    s->first = s->n;
    s->offsets[customer + 1] = s->n;
    return PT_OK;
}

/* --- the batch ---------------------------------------------------------------------------------------------------- */

static pt_column view_of(const pt_rows_column *c)
{
    pt_column view = {.type = c->type, .width = (uint8_t)c->width, .data = c->data};

    if (c->texts)
        view.dict = pt_intern_dict(c->texts);
    if (pt_type_is_list(c->type)) {
        view.offsets = c->offsets;
        view.absent = c->absent;
    }
    return view;
}

pt_events pt_rows_events(pt_rows_source *s)
{
    for (size_t i = 0; i < s->source->n_columns; i++)
        s->views[i] = view_of(&s->columns[i]);
    return (pt_events){.offsets = s->offsets, .time = s->time, .columns = s->views};
}

bool pt_rows_clear(pt_rows_source *s)
{
    bool emptied = false;

    for (size_t i = 0; i < s->source->n_columns; i++) {
        pt_rows_column *c = &s->columns[i];
        if (!c->texts)
            continue;
        const pt_dict *d = pt_intern_dict(c->texts);
        if (d->n < MOST_TEXTS && (!d->n || d->offsets[d->n] < MOST_TEXT_BYTES))
            continue;
        pt_intern_clear(c->texts);
        emptied = true;
    }
    s->n = s->first = 0;
    return emptied;
}
