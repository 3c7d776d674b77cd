#include "base/diag.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

enum { TAB = 4, WIDEST = 110, LEAD_IN = 60, MOST_SUGGESTED = 8 };
enum { MOST_PRINTED = 200 }; /* nobody reads more, and a generated file can have a problem on each of its lines */

static pt_diag dummy; /* what a report gets when memory is short: writes to it go nowhere */

void pt_diags_init(pt_diags *d, pt_arena *arena)
{
    *d = (pt_diags){.arena = arena};
}

void pt_diags_free(pt_diags *d)
{
    free(d->items);
    pt_diags_init(d, d->arena);
}

pt_diag *pt_diags_add(pt_diags *d, pt_severity severity, int code, pt_place place, const char *fmt, ...)
{
    va_list ap;

    if (severity == PT_SEVERITY_ERROR)
        d->errors++;
    va_start(ap, fmt);
    char *msg = pt_arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    if (!msg || !pt_grow(&d->items, &d->cap, d->n + 1, sizeof *d->items)) {
        d->nomem = true;
        return &dummy;
    }
    d->items[d->n] = (pt_diag){.severity = severity, .code = code, .place = place, .msg = msg};
    return &d->items[d->n++];
}

void pt_diag_hint(pt_diags *d, pt_diag *diag, const char *fmt, ...)
{
    va_list ap;

    if (diag == &dummy)
        return;
    va_start(ap, fmt);
    diag->hint = pt_arena_vprintf(d->arena, fmt, ap);
    va_end(ap);
    if (!diag->hint)
        d->nomem = true;
}

bool pt_diags_full(const pt_diags *d)
{
    return d->n > MOST_PRINTED;
}

void pt_diag_suggest(pt_diags *d, pt_diag *diag, pt_sv word, const char *const *candidates, size_t n)
{
    pt_str list = {0};

    if (n == 0 || pt_diags_full(d))
        return;
    int nearest = pt_nearest(word, candidates, n);
    if (nearest >= 0) {
        pt_diag_hint(d, diag, "did you mean '%s'?", candidates[nearest]);
        return;
    }
    for (size_t i = 0; i < n && i < MOST_SUGGESTED; i++)
        pt_str_addf(&list, "%s%s", i ? ", " : "", candidates[i]);
    d->nomem = d->nomem || list.failed;
    pt_diag_hint(d, diag, "one of: %s%s", pt_str_cstr(&list), n > MOST_SUGGESTED ? ", ..." : "");
    pt_str_free(&list);
}

pt_place pt_place_at(pt_place start, pt_sv text, size_t offset, size_t length_bytes)
{
    pt_place place = start;
    size_t at = 0;

    if (offset > text.len)
        offset = text.len;
    if (start.origin) {
        size_t last = length_bytes < text.len - offset ? offset + length_bytes : text.len;
        size_t from = start.origin[0], to = start.origin[offset], end = start.origin[last];
        place.origin = NULL;
        return pt_place_at(place, (pt_sv){start.text.ptr + from, start.text.len - from}, to - from, end - to);
    }
    while (at < offset) {
        if (pt_utf8_next(text, &at) == '\n') {
            place.line++;
            place.col = 1;
        } else {
            place.col++;
        }
    }
    place.length = 1;
    if (offset == text.len) /* which may be a view without a pointer */
        return place;
    size_t left = text.len - offset;
    pt_sv marked = {text.ptr + offset, length_bytes < left ? length_bytes : left};
    const char *newline = marked.len ? memchr(marked.ptr, '\n', marked.len) : NULL;
    if (newline)
        marked.len = (size_t)(newline - marked.ptr);
    size_t length = pt_utf8_length(marked);
    place.length = length > INT32_MAX ? INT32_MAX : length ? (int)length : 1;
    return place;
}

/* By file, line, column; then in order of report, so that sorting is stable whatever qsort does. */
static int compare_diags(const void *left, const void *right)
{
    const pt_diag *a = *(const pt_diag *const *)left, *b = *(const pt_diag *const *)right;
    int c = strcmp(a->place.file ? a->place.file : "", b->place.file ? b->place.file : "");

    if (c)
        return c;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.col != b->place.col)
        return a->place.col < b->place.col ? -1 : 1;
    return (a > b) - (a < b);
}

/* Pointers to the items in print order; NULL when memory is short. The caller frees. */
static const pt_diag **sorted(const pt_diags *d)
{
    const pt_diag **order = pt_zalloc(d->n, sizeof *order);

    if (!order)
        return NULL;
    for (size_t i = 0; i < d->n; i++)
        order[i] = &d->items[i];
    qsort(order, d->n, sizeof *order, compare_diags);
    return order;
}

/* Line number `line` of a text without its end; false when the text has no such line. */
static bool find_line(pt_sv *out, pt_sv text, int line)
{
    for (; line > 0; line--) {
        const char *newline = text.len ? memchr(text.ptr, '\n', text.len) : NULL;
        size_t n = newline ? (size_t)(newline - text.ptr) : text.len;
        if (line == 1) {
            *out = (pt_sv){text.ptr, n && text.ptr[n - 1] == '\r' ? n - 1 : n};
            return text.ptr != NULL;
        }
        if (!newline)
            return false;
        text = (pt_sv){newline + 1, text.len - n - 1};
    }
    return false;
}

/* Appends one character as it will show when `cells` cells come before it: tabs as spaces, what a terminal would act
 * on or could not show as U+FFFD. Returns its width. With `out` NULL it only measures. */
static size_t show_char(pt_str *out, pt_sv line, size_t *at, size_t cells)
{
    size_t from = *at;
    int32_t cp = pt_utf8_next(line, at);
    pt_sv bytes = {line.ptr + from, *at - from};

    if (cp == '\t')
        bytes = (pt_sv){"    ", TAB - cells % TAB};
    else if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
        bytes = PT_SV("\xEF\xBF\xBD");
    if (out)
        pt_str_addsv(out, bytes);
    return pt_utf8_width(bytes);
}

static size_t cells_of(pt_sv line, int64_t characters)
{
    size_t at = 0, cells = 0;

    for (; characters > 0 && at < line.len; characters--)
        cells += show_char(NULL, line, &at, cells);
    return cells;
}

/* The source line and the spaces and carets below it. A line too long for a screen is shown from shortly before the
 * caret, with "..." for what is left out. */
typedef struct caret_lines {
    pt_str source, carets;
} caret_lines;

static void draw(caret_lines *lines, pt_sv line, int col, int length)
{
    size_t mark = cells_of(line, col - 1), mark_end = cells_of(line, (int64_t)col - 1 + length);
    bool cut = mark > LEAD_IN && cells_of(line, INT64_MAX) > WIDEST;
    size_t at = 0, skipped = 0; /* bytes passed; cells left out before what is shown */

    while (cut && mark - skipped > LEAD_IN)
        skipped += show_char(NULL, line, &at, skipped);
    size_t cells = skipped;
    pt_str_add(&lines->source, cut ? "..." : "");
    while (at < line.len && cells - skipped < WIDEST)
        cells += show_char(&lines->source, line, &at, cells);
    pt_str_add(&lines->source, at < line.len ? "..." : "");
    if (mark_end > cells)
        mark_end = cells;
    pt_str_pad(&lines->carets, ' ', mark - skipped + (cut ? 3 : 0));
    pt_str_addc(&lines->carets, '^');
    pt_str_pad(&lines->carets, '~', mark_end > mark ? mark_end - mark - 1 : 0);
}

typedef struct palette {
    const char *strong, *error, *warning, *mark, *off;
} palette;

static const palette plain = {"", "", "", "", ""};
static const palette colours = {"\033[1m", "\033[1;31m", "\033[1;35m", "\033[1;32m", "\033[0m"};

/* What the printer itself says, by language. */
typedef struct wording {
    const char *error, *warning, *colon;
    const char *errors, *warnings, *plural, *between; /* after their number */
    const char *and, *more, *nomem;
} wording;

static const wording english = {
    "error", "warning", ":",        " error", " warning",
    "s",     ", ",      "... and ", " more",  "(more problems: not enough memory to list them)\n"};
static const wording chinese = {"错误", "警告", "：",       " 个错误", " 个警告",
                                "",     "，",   "…… 还有 ", " 个",     "（还有问题：内存不足，无法列出）\n"};

static void print_head(pt_str *out, const pt_diag *g, const palette *p, const wording *w)
{
    const char *colour = g->severity == PT_SEVERITY_ERROR ? p->error : p->warning;

    pt_str_add(out, p->strong);
    if (g->place.file)
        pt_str_addf(out, "%s:", g->place.file);
    if (g->place.file && g->place.line)
        pt_str_addf(out, "%d:%d:", g->place.line, g->place.col);
    pt_str_addf(out, "%s%s%s%s ", g->place.file ? " " : "", p->off, colour,
                g->severity == PT_SEVERITY_ERROR ? w->error : w->warning);
    pt_str_addf(out, "E%04d%s%s%s%s\n", g->code, w->colon, p->off, w == &english ? " " : "", g->msg);
}

static void print_one(pt_str *out, const pt_diag *g, const palette *p, const wording *w)
{
    pt_sv line;

    print_head(out, g, p, w);
    if (find_line(&line, g->place.text, g->place.line)) {
        caret_lines lines = {{0}, {0}};
        draw(&lines, line, g->place.col, g->place.length);
        pt_str_addf(out, "%5d | %s\n", g->place.line, pt_str_cstr(&lines.source));
        pt_str_addf(out, "      | %s%s%s\n", p->mark, pt_str_cstr(&lines.carets), p->off);
        out->failed = out->failed || lines.source.failed || lines.carets.failed;
        pt_str_free(&lines.source);
        pt_str_free(&lines.carets);
    }
    if (g->hint)
        pt_str_addf(out, "      = %s\n", g->hint);
}

static void print_count(pt_str *out, size_t n, const char *what, const wording *w)
{
    pt_str_addf(out, "%zu%s%s", n, what, n == 1 ? "" : w->plural);
}

void pt_diags_print(const pt_diags *d, pt_str *out, bool color)
{
    pt_diags_print_in(d, out, color, "en");
}

void pt_diags_print_in(const pt_diags *d, pt_str *out, bool color, const char *lang)
{
    const palette *p = color ? &colours : &plain;
    const wording *w = strcmp(lang, "zh") == 0 ? &chinese : &english;
    const pt_diag **order = sorted(d);
    size_t warnings = 0;

    if (!order) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < d->n; i++) {
        if (i < MOST_PRINTED)
            print_one(out, order[i], p, w);
        warnings += order[i]->severity == PT_SEVERITY_WARNING;
    }
    free(order);
    if (d->n > MOST_PRINTED)
        pt_str_addf(out, "%s%zu%s\n", w->and, d->n - MOST_PRINTED, w->more);
    if (d->nomem)
        pt_str_add(out, w->nomem);
    if (d->errors || !warnings)
        print_count(out, d->errors, w->errors, w);
    if (d->errors && warnings)
        pt_str_add(out, w->between);
    if (warnings)
        print_count(out, warnings, w->warnings, w);
    pt_str_addc(out, '\n');
}

void pt_diags_json(const pt_diags *d, pt_str *out)
{
    char code[16];
    pt_json j;
    const pt_diag **order = sorted(d);

    if (!order) {
        out->failed = true;
        return;
    }
    pt_json_init(&j, out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < d->n; i++) {
        const pt_diag *g = order[i];
        snprintf(code, sizeof code, "E%04d", g->code);
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "severity", g->severity == PT_SEVERITY_ERROR ? "error" : "warning");
        pt_json_put_cstr(&j, "code", code);
        pt_json_put_cstr(&j, "file", g->place.file);
        pt_json_put_int(&j, "line", g->place.line);
        pt_json_put_int(&j, "column", g->place.col);
        pt_json_put_int(&j, "length", g->place.length);
        pt_json_put_cstr(&j, "message", g->msg);
        pt_json_put_cstr(&j, "hint", g->hint);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    free(order);
}

pt_rc pt_diags_result(const pt_diags *d, pt_err *err)
{
    const pt_diag *first = NULL;

    if (d->nomem)
        return pt_fail_nomem(err, "the list of problems");
    for (size_t i = 0; i < d->n; i++) {
        const pt_diag *g = &d->items[i];
        if (g->severity == PT_SEVERITY_ERROR && (!first || compare_diags(&g, &first) < 0))
            first = g;
    }
    if (!first)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "%s", first->msg);
    if (first->hint)
        pt_err_hint(err, "%s", first->hint);
    pt_err_at(err, first->place.file, first->place.line, first->place.col);
    return PT_EINVAL;
}
