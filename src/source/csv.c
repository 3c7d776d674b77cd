#include "source/csv.h"

#include <stdlib.h>

const char pt_csv_too_few[] = "fewer fields than the header", pt_csv_too_many[] = "more fields than the header";

void pt_csv_open(pt_csv *c, pt_sv text, char delimiter, char quote, size_t expect)
{
    c->text = text;
    c->delimiter = delimiter;
    c->quote = quote;
    c->expect = expect;
    c->at = pt_sv_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0;
    c->next_line = 1;
    c->nomem = false;
}

void pt_csv_close(pt_csv *c)
{
    free(c->fields);
    free(c->copies);
    pt_str_free(&c->unquoted);
    *c = (pt_csv){0};
}

/* --- scanning ------------------------------------------------------------------------------------------------------ */

static bool ends_line(char c)
{
    return c == '\n' || c == '\r';
}

/* Past the line end at `at` (\n, \r\n or \r). */
static size_t skip_line_end(pt_sv t, size_t at)
{
    if (at < t.len && t.ptr[at] == '\r')
        return at + 1 + (at + 1 < t.len && t.ptr[at + 1] == '\n');
    return at < t.len ? at + 1 : at;
}

static size_t find_line_end(pt_sv t, size_t at)
{
    while (at < t.len && !ends_line(t.ptr[at]))
        at++;
    return at;
}

static bool add_field(pt_csv *c, pt_sv field)
{
    if (!pt_grow(&c->fields, &c->cap_fields, c->n_fields + 1, sizeof *c->fields)) {
        c->nomem = true;
        return false;
    }
    c->fields[c->n_fields++] = field;
    return true;
}

static const char *scan_plain(pt_csv *c, size_t *at)
{
    const char *t = c->text.ptr;
    size_t from = *at, i = from;

    while (i < c->text.len && t[i] != c->delimiter && !ends_line(t[i]))
        i++;
    add_field(c, (pt_sv){t + from, i - from});
    *at = i;
    return NULL;
}

/* The end of a quoted field's text (its closing quote), or text.len; counts doubled quotes. */
static size_t closing_quote(const pt_csv *c, size_t i, size_t *doubled)
{
    const char *t = c->text.ptr;

    while (i < c->text.len) {
        const char *q = memchr(t + i, c->quote, c->text.len - i);
        if (!q)
            return c->text.len;
        i = (size_t)(q - t);
        if (i + 1 >= c->text.len || t[i + 1] != c->quote)
            return i;
        ++*doubled;
        i += 2;
    }
    return c->text.len;
}

/* Remembered by its place in `unquoted`, which moves as it grows; place_copies sets the pointer. */
static pt_sv without_doubles(pt_csv *c, pt_sv field)
{
    size_t from = c->unquoted.len;

    if (!pt_grow(&c->copies, &c->cap_copies, c->n_copies + 1, sizeof *c->copies)) {
        c->nomem = true;
        return (pt_sv){0};
    }
    c->copies[c->n_copies++] = (pt_csv_copy){c->n_fields, from};
    for (size_t i = 0; i < field.len; i++) {
        pt_str_addc(&c->unquoted, field.ptr[i]);
        i += field.ptr[i] == c->quote;
    }
    c->nomem |= c->unquoted.failed;
    return (pt_sv){NULL, c->unquoted.len - from};
}

static void place_copies(pt_csv *c)
{
    for (size_t i = 0; i < c->n_copies && !c->nomem; i++)
        c->fields[c->copies[i].field].ptr = c->unquoted.ptr + c->copies[i].from;
}

static size_t skip_spaces(pt_sv t, size_t at)
{
    while (at < t.len && t.ptr[at] == ' ')
        at++;
    return at;
}

static const char *scan_quoted(pt_csv *c, size_t quote, size_t *at)
{
    size_t from = quote + 1, doubled = 0, end = closing_quote(c, from, &doubled);
    pt_sv field = {c->text.ptr + from, end - from};

    if (end == c->text.len)
        return "a quote that is never closed";
    size_t next = skip_spaces(c->text, end + 1);
    if (next < c->text.len && c->text.ptr[next] != c->delimiter && !ends_line(c->text.ptr[next]))
        return "text after a closing quote";
    *at = next;
    add_field(c, doubled ? without_doubles(c, field) : field);
    return NULL;
}

/* Fields up to the end of the record; *at is then at its line end. */
static const char *scan_record(pt_csv *c, size_t *at)
{
    const char *wrong = NULL;

    c->n_fields = c->n_copies = 0;
    pt_str_clear(&c->unquoted);
    for (;;) {
        size_t quote = skip_spaces(c->text, *at);
        bool quoted = c->quote && quote < c->text.len && c->text.ptr[quote] == c->quote;
        wrong = quoted ? scan_quoted(c, quote, at) : scan_plain(c, at);
        if (wrong || c->nomem || *at >= c->text.len || ends_line(c->text.ptr[*at]))
            break;
        ++*at; /* a delimiter */
    }
    place_copies(c);
    /* Delimiters at the very end of a row are no further fields: many programs write them. */
    while (c->expect && c->n_fields > c->expect && c->fields[c->n_fields - 1].len == 0)
        c->n_fields--;
    if (!wrong && c->expect && c->n_fields != c->expect)
        wrong = c->n_fields < c->expect ? pt_csv_too_few : pt_csv_too_many;
    return wrong;
}

/* --- records ------------------------------------------------------------------------------------------------------- */

static uint64_t count_lines(pt_sv t, size_t from, size_t to)
{
    uint64_t n = 0;

    for (size_t i = from; i < to; i = skip_line_end(t, i)) {
        i = find_line_end(t, i);
        n += i < to;
    }
    return n;
}

/* A bad record of several lines: does it end with its first line? */
static size_t end_of_bad(pt_csv *c, size_t from, size_t end)
{
    size_t first = find_line_end(c->text, from), at = skip_line_end(c->text, first), n = c->n_fields;

    if (first >= end)
        return end;
    bool next_is_good = at < c->text.len && !scan_record(c, &at);
    c->n_fields = n;
    return next_is_good ? first : end;
}

bool pt_csv_next(pt_csv *c)
{
    while (c->at < c->text.len && ends_line(c->text.ptr[c->at])) {
        c->at = skip_line_end(c->text, c->at);
        c->next_line++;
    }
    if (c->at >= c->text.len || c->nomem)
        return false;
    size_t from = c->at, end = from;
    c->wrong = scan_record(c, &end);
    if (c->wrong) {
        if (end < from || (end < c->text.len && !ends_line(c->text.ptr[end])))
            end = find_line_end(c->text, end);
        end = end_of_bad(c, from, end);
    }
    c->raw = (pt_sv){c->text.ptr + from, end - from};
    c->line = c->next_line;
    c->at = skip_line_end(c->text, end);
    c->next_line += count_lines(c->text, from, c->at);
    return !c->nomem;
}

bool pt_csv_next_line(pt_csv *c)
{
    if (c->at >= c->text.len)
        return false;
    size_t end = find_line_end(c->text, c->at);
    c->n_fields = 0;
    c->wrong = NULL;
    c->raw = (pt_sv){c->text.ptr + c->at, end - c->at};
    c->line = c->next_line++;
    c->at = skip_line_end(c->text, end);
    return add_field(c, c->raw);
}
