#include "support/doc_examples.h"

#include <stdlib.h>

#include "base/intern.h"
#include "base/io.h"
#include "base/money.h"
#include "lang/syntax.h"
#include "support/test.h"

enum { MOST = 64, MOST_ROWS = 400 };

/* One row as written. */
typedef struct row {
    size_t customer;
    int64_t time;
    pt_sv cells[MOST];
    size_t order;
} row;

typedef struct page {
    doc_examples *d;
    const char *path;
    pt_lang_source *sources;
    row *rows[MOST]; /* of each source */
    size_t n_rows[MOST];
    pt_lang_tag *tags;
    int line;
} page;

#define BAD(p, ...) test_fail((p)->path, (p)->line, __VA_ARGS__)

/* --- lines and words ---------------------------------------------------------------------------------------------- */

static bool next_line(pt_sv *rest, pt_sv *line)
{
    const char *end;

    if (rest->len == 0)
        return false;
    end = memchr(rest->ptr, '\n', rest->len);
    line->ptr = rest->ptr;
    line->len = end ? (size_t)(end - rest->ptr) : rest->len;
    rest->ptr += line->len + (end != NULL);
    rest->len -= line->len + (end != NULL);
    return true;
}

/* Cuts `s` at the first `mark`; the part before it, trimmed. *s becomes what follows. */
static pt_sv cut(pt_sv *s, const char *mark)
{
    const char *at = memmem(s->ptr, s->len, mark, strlen(mark));
    size_t n = at ? (size_t)(at - s->ptr) : s->len, skip = at ? n + strlen(mark) : n;
    pt_sv part = pt_sv_trim((pt_sv){s->ptr, n});

    s->ptr += skip;
    s->len -= skip;
    return part;
}

static const char *keep(page *p, pt_sv s)
{
    const char *text = pt_arena_strndup(p->d->arena, s.ptr, s.len);

    CHECK(text);
    return text;
}

static size_t customer_of(page *p, pt_sv name)
{
    for (size_t i = 0; i < p->d->n_customers; i++)
        if (pt_sv_eq(name, pt_sv_of(p->d->customers[i])))
            return i;
    BAD(p, "no customer '%.*s'", PT_SV_ARG(name));
}

/* --- cells -------------------------------------------------------------------------------------------------------- */

/* A literal of the language; false for `missing`. */
static bool read_literal(page *p, pt_sv cell, pt_token *out)
{
    pt_diags diags;
    pt_reader reader = {.text = cell, .arena = p->d->arena, .diags = &diags};
    pt_lexer lexer = {.reader = &reader};

    pt_diags_init(&diags, p->d->arena);
    *out = pt_lexer_next(&lexer);
    if (out->kind == PT_TOKEN_BAD || pt_lexer_next(&lexer).kind != PT_TOKEN_END)
        BAD(p, "not a value: %.*s", PT_SV_ARG(cell));
    return out->kind != PT_TOKEN_WORD || !pt_sv_eq(out->literal.u.text, PT_SV("missing"));
}

static uint32_t intern(page *p, pt_intern *in, pt_sv cell)
{
    pt_token t;

    if (!read_literal(p, cell, &t))
        return PT_CODE_MISSING;
    if (t.kind != PT_TOKEN_TEXT)
        BAD(p, "not a text: %.*s", PT_SV_ARG(cell));
    return pt_intern_add(in, t.literal.u.text);
}

static int64_t read_money(page *p, pt_sv cell)
{
    int64_t units;

    if (!pt_money_parse(&units, cell))
        BAD(p, "not money: %.*s", PT_SV_ARG(cell));
    return units;
}

static double read_number(page *p, pt_sv cell)
{
    double v;

    if (!pt_parse_double(&v, cell))
        BAD(p, "not a number: %.*s", PT_SV_ARG(cell));
    return v;
}

static void store_scalar(page *p, pt_type type, void *data, size_t at, pt_sv cell)
{
    bool missing = pt_sv_eq(cell, PT_SV("missing"));
    pt_token t = {0};

    switch (type) {
    case PT_TYPE_BOOL: ((uint8_t *)data)[at] = missing ? PT_BOOL_MISSING : pt_sv_eq(cell, PT_SV("true")); break;
    case PT_TYPE_NUMBER: ((double *)data)[at] = missing ? NAN : read_number(p, cell); break;
    case PT_TYPE_MONEY: ((int64_t *)data)[at] = missing ? PT_I64_MISSING : read_money(p, cell); break;
    case PT_TYPE_DATE: ((int32_t *)data)[at] = read_literal(p, cell, &t) ? t.literal.u.date : PT_I32_MISSING; break;
    default: ((int64_t *)data)[at] = read_literal(p, cell, &t) ? t.literal.u.i64 : PT_I64_MISSING; break;
    }
}

/* --- columns ------------------------------------------------------------------------------------------------------ */

static void drop_intern(void *in)
{
    pt_intern_free(in);
}

static pt_intern *new_intern(page *p)
{
    pt_intern *in = pt_intern_new();

    CHECK(in && pt_arena_defer(p->d->arena, drop_intern, in));
    return in;
}

static void build_text(page *p, pt_column *c, const row *rows, size_t n, size_t cell)
{
    pt_intern *in = new_intern(p);
    uint32_t *codes = PT_NEW_ARRAY(p->d->arena, uint32_t, n);

    CHECK(codes);
    for (size_t i = 0; i < n; i++)
        codes[i] = intern(p, in, rows[i].cells[cell]);
    c->width = 4;
    c->data = codes;
    c->dict = pt_intern_dict(in);
}

static void build_list(page *p, pt_column *c, const row *rows, size_t n, size_t cell)
{
    pt_intern *in = new_intern(p);
    uint32_t *codes = PT_NEW_ARRAY(p->d->arena, uint32_t, n * MOST);
    uint64_t *offsets = PT_NEW_ARRAY(p->d->arena, uint64_t, n + 1);
    uint8_t *absent = PT_NEW_ARRAY(p->d->arena, uint8_t, n);
    uint64_t used = 0;

    CHECK(codes && offsets && absent);
    for (size_t i = 0; i < n; i++) {
        pt_sv items = rows[i].cells[cell];
        absent[i] = pt_sv_eq(items, PT_SV("missing"));
        if (!absent[i] && (items.len < 2 || items.ptr[0] != '[' || items.ptr[items.len - 1] != ']'))
            BAD(p, "not a list: %.*s", PT_SV_ARG(items));
        items = absent[i] ? PT_SV("") : (pt_sv){items.ptr + 1, items.len - 2};
        while (items.len)
            codes[used++] = intern(p, in, cut(&items, ","));
        offsets[i + 1] = used;
    }
    c->width = 4;
    c->data = codes;
    c->offsets = offsets;
    c->absent = absent;
    c->dict = pt_intern_dict(in);
}

static void build_column(page *p, pt_column *c, pt_type type, const row *rows, size_t n, size_t cell)
{
    void *data;

    c->type = type;
    if (pt_type_is_text(type)) {
        build_text(p, c, rows, n, cell);
        return;
    }
    if (type == PT_TYPE_LIST) {
        build_list(p, c, rows, n, cell);
        return;
    }
    c->width = (uint8_t)pt_type_width(type);
    data = pt_arena_array(p->d->arena, n, c->width);
    CHECK(data);
    for (size_t i = 0; i < n; i++)
        store_scalar(p, type, data, i, rows[i].cells[cell]);
    c->data = data;
}

static int by_customer_and_time(const void *a, const void *b)
{
    const row *x = a, *y = b;

    if (x->customer != y->customer)
        return x->customer < y->customer ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return x->order < y->order ? -1 : 1;
}

static void build_source(page *p, size_t s)
{
    doc_source *out = &p->d->sources[s];
    const pt_lang_source *source = &p->sources[s];
    row *rows = p->rows[s];
    size_t n = p->n_rows[s];

    qsort(rows, n, sizeof *rows, by_customer_and_time);
    out->offsets = PT_NEW_ARRAY(p->d->arena, uint64_t, p->d->n_customers + 1);
    out->time = PT_NEW_ARRAY(p->d->arena, int64_t, n);
    out->columns = PT_NEW_ARRAY(p->d->arena, pt_column, source->n_columns);
    CHECK(out->offsets && out->time && out->columns);
    for (size_t i = 0; i < n; i++) {
        out->time[i] = rows[i].time;
        out->offsets[rows[i].customer + 1]++;
    }
    for (size_t i = 0; i < p->d->n_customers; i++)
        out->offsets[i + 1] += out->offsets[i];
    for (size_t i = 0; i < source->n_columns; i++)
        build_column(p, &out->columns[i], source->columns[i].type, rows, n, i);
}

/* --- blocks ------------------------------------------------------------------------------------------------------- */

static void read_customers(page *p, pt_sv names)
{
    p->d->customers = PT_NEW_ARRAY(p->d->arena, const char *, MOST);
    CHECK(p->d->customers);
    while (names.len && p->d->n_customers < MOST)
        p->d->customers[p->d->n_customers++] = keep(p, cut(&names, ","));
}

static void read_source(page *p, pt_source_kind kind, pt_sv line)
{
    pt_lang_column *columns = PT_NEW_ARRAY(p->d->arena, pt_lang_column, MOST);
    pt_lang_source *s = &p->sources[p->d->catalog.n_sources];

    CHECK(columns && p->d->catalog.n_sources < MOST);
    s->name = keep(p, cut(&line, ":"));
    s->kind = kind;
    s->columns = columns;
    while (line.len && s->n_columns < MOST) {
        pt_sv column = cut(&line, ",");
        columns[s->n_columns].name = keep(p, cut(&column, " "));
        if (!pt_type_parse(&columns[s->n_columns++].type, column))
            BAD(p, "no type '%.*s'", PT_SV_ARG(column));
    }
    p->rows[p->d->catalog.n_sources] = PT_NEW_ARRAY(p->d->arena, row, MOST_ROWS);
    CHECK(p->rows[p->d->catalog.n_sources]);
    p->d->catalog.n_sources++;
}

static void read_row(page *p, pt_sv line)
{
    size_t s = p->d->catalog.n_sources - 1, cells = 0;
    row *r;
    pt_sv time;

    if (p->d->catalog.n_sources == 0 || p->n_rows[s] == MOST_ROWS)
        BAD(p, "a row without a source, or too many");
    r = &p->rows[s][p->n_rows[s]];
    r->order = p->n_rows[s]++;
    r->customer = customer_of(p, cut(&line, "|"));
    time = cut(&line, "|");
    if (pt_sv_eq(time, PT_SV("missing")))
        r->time = PT_I64_MISSING;
    else if (!pt_instant_parse(&r->time, time, p->d->zone))
        BAD(p, "not a time: %.*s", PT_SV_ARG(time));
    while (line.len && cells < MOST)
        r->cells[cells++] = cut(&line, "|");
    if (cells != p->sources[s].n_columns)
        BAD(p, "%zu values for %zu columns", cells, p->sources[s].n_columns);
}

static void read_events_line(page *p, pt_sv line)
{
    pt_sv rest = line, word;
    pt_err err;

    if (memchr(line.ptr, '|', line.len)) {
        read_row(p, line);
        return;
    }
    word = cut(&rest, " ");
    rest = pt_sv_trim(rest);
    if (pt_sv_eq(word, PT_SV("zone")))
        CHECK_OK(pt_zone_open(&p->d->zone, keep(p, rest), &err));
    else if (pt_sv_eq(word, PT_SV("as_of")))
        CHECK(pt_instant_parse(&p->d->as_of, rest, p->d->zone));
    else if (pt_sv_eq(word, PT_SV("customers")))
        read_customers(p, rest);
    else if (pt_sv_eq(word, PT_SV("ahead")))
        p->d->catalog.ahead = true;
    else if (pt_sv_eq(word, PT_SV("event")) || pt_sv_eq(word, PT_SV("record")))
        read_source(p, word.ptr[0] == 'e' ? PT_SOURCE_EVENT : PT_SOURCE_RECORD, rest);
    else if (line.len)
        BAD(p, "cannot read: %.*s", PT_SV_ARG(line));
}

static void read_tag(page *p, pt_sv line)
{
    pt_lang_tag *tag = &p->tags[p->d->catalog.n_tags];

    if (line.len == 0)
        return;
    CHECK(p->d->catalog.n_tags++ < MOST);
    tag->name = keep(p, cut(&line, "="));
    tag->value = pt_sv_of(keep(p, pt_sv_trim(line)));
    tag->place = (pt_place){.file = p->path, .text = tag->value, .line = p->line, .col = 1, .length = 1};
}

static void read_example(page *p, pt_str *pending, int *line, size_t customer, pt_sv text)
{
    pt_sv rest = text, expression = cut(&rest, "=>");
    bool whole = expression.len < text.len && memmem(text.ptr, text.len, "=>", 2);
    doc_example *e = &p->d->items[p->d->n];

    if (expression.len && !pending->len)
        *line = p->line;
    pt_str_addf(pending, "%s%.*s", pending->len ? " " : "", PT_SV_ARG(expression));
    if (!whole)
        return;
    *e = (doc_example){keep(p, pt_sv_trim((pt_sv){pending->ptr, pending->len})), keep(p, pt_sv_trim(rest)), customer,
                       *line};
    p->d->n++;
    pt_str_clear(pending);
}

static void read_page(page *p, pt_sv text)
{
    enum { PROSE, EVENTS, TAGS, EXAMPLES, OTHER } block = PROSE;
    pt_sv line;
    pt_str pending = {0};
    int begun = 0;
    size_t customer = 0;

    while (next_line(&text, &line)) {
        p->line++;
        if (pt_sv_has_prefix(line, "```")) {
            pt_sv word = pt_sv_trim((pt_sv){line.ptr + 3, line.len - 3}), kind = cut(&word, " ");
            if (pending.len)
                BAD(p, "an example without =>");
            customer = block == PROSE && word.len ? customer_of(p, word) : 0;
            block = block != PROSE                      ? PROSE
                    : pt_sv_eq(kind, PT_SV("events"))   ? EVENTS
                    : pt_sv_eq(kind, PT_SV("tags"))     ? TAGS
                    : pt_sv_eq(kind, PT_SV("portrait")) ? EXAMPLES
                                                        : OTHER;
        } else if (block == EVENTS) {
            read_events_line(p, pt_sv_trim(line));
        } else if (block == TAGS) {
            read_tag(p, pt_sv_trim(line));
        } else if (block == EXAMPLES) {
            read_example(p, &pending, &begun, customer, pt_sv_trim(line));
        }
    }
    pt_str_free(&pending);
}

/* --- the whole ---------------------------------------------------------------------------------------------------- */

doc_examples *doc_examples_read(const char *path)
{
    pt_arena *arena = pt_arena_new(0);
    doc_examples *d = arena ? PT_NEW(arena, doc_examples) : NULL;
    page p = {.d = d, .path = path};
    pt_sv text;
    pt_err err;
    size_t lines = 1;

    CHECK(d);
    d->arena = arena;
    CHECK_OK(pt_read_file(&text, pt_path_join(arena, test_source_dir(), path), 0, arena, &err));
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n';
    p.sources = PT_NEW_ARRAY(arena, pt_lang_source, MOST);
    p.tags = PT_NEW_ARRAY(arena, pt_lang_tag, MOST);
    d->items = PT_NEW_ARRAY(arena, doc_example, lines);
    CHECK(p.sources && p.tags && d->items);
    read_page(&p, text);
    d->catalog.sources = p.sources;
    d->catalog.tags = p.tags;
    d->sources = PT_NEW_ARRAY(arena, doc_source, d->catalog.n_sources);
    CHECK(d->sources);
    for (size_t s = 0; s < d->catalog.n_sources; s++)
        build_source(&p, s);
    return d;
}

void doc_examples_free(doc_examples *d)
{
    pt_zone_free(d->zone);
    pt_arena_free(d->arena);
}

/* --- writing values ----------------------------------------------------------------------------------------------- */

static void format_items(pt_str *out, const pt_column *c, uint64_t at)
{
    char buf[32];

    pt_str_addc(out, '[');
    for (uint64_t i = c->offsets[at]; i < c->offsets[at + 1]; i++) {
        pt_str_add(out, i > c->offsets[at] ? ", '" : "'");
        pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, i)));
        pt_str_addc(out, '\'');
        if (c->type == PT_TYPE_WEIGHTED) {
            pt_format_double(buf, c->weights[i]);
            pt_str_addf(out, ": %s", buf);
        }
    }
    pt_str_addc(out, ']');
}

void doc_format_value(pt_str *out, const pt_column *c, uint64_t at, const pt_zone *zone)
{
    char buf[64];

    if (pt_column_missing(c, at)) {
        pt_str_add(out, "missing");
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_str_add(out, ((const uint8_t *)c->data)[at] ? "true" : "false"); break;
    case PT_TYPE_NUMBER: pt_str_addn(out, buf, pt_format_double(buf, ((const double *)c->data)[at])); break;
    case PT_TYPE_MONEY: pt_str_addn(out, buf, pt_money_format(buf, ((const int64_t *)c->data)[at])); break;
    case PT_TYPE_DATE: pt_str_add(out, pt_date_format(buf, ((const int32_t *)c->data)[at])); break;
    case PT_TYPE_INSTANT: pt_str_add(out, pt_instant_format(buf, ((const int64_t *)c->data)[at], zone)); break;
    case PT_TYPE_DURATION: pt_str_add(out, pt_duration_format(buf, ((const int64_t *)c->data)[at])); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: format_items(out, c, at); break;
    default:
        pt_str_addc(out, '\'');
        pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, at)));
        pt_str_addc(out, '\'');
        break;
    }
}
