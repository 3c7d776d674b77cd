#include "support/eval_data.h"

#include <stdlib.h>

#include "base/hash.h"
#include "base/intern.h"
#include "base/money.h"
#include "support/test.h"

/* --- the catalogue ----------------------------------------------------------------------------------------------------------- */

static const pt_lang_column order_columns[] = {
    {"amount", PT_TYPE_MONEY}, {"quantity", PT_TYPE_NUMBER}, {"category", PT_TYPE_CATEGORY},
    {"channel", PT_TYPE_TEXT}, {"coupon", PT_TYPE_TEXT},     {"paid", PT_TYPE_BOOL},
    {"due", PT_TYPE_DATE},     {"shipped", PT_TYPE_INSTANT}, {"wait", PT_TYPE_DURATION},
    {"labels", PT_TYPE_LIST},
};
static const pt_lang_column view_columns[] = {{"page", PT_TYPE_TEXT}, {"seconds", PT_TYPE_NUMBER}};
static const pt_lang_column member_columns[] = {
    {"city", PT_TYPE_TEXT},
    {"birthday", PT_TYPE_DATE},
    {"region", PT_TYPE_TEXT},
    {"interests", PT_TYPE_LIST},
};
static const pt_lang_source all_sources[] = {
    {"orders", PT_SOURCE_EVENT, order_columns, PT_COUNT(order_columns)},
    {"views", PT_SOURCE_EVENT, view_columns, PT_COUNT(view_columns)},
    {"members", PT_SOURCE_RECORD, member_columns, PT_COUNT(member_columns)},
};
static const pt_lang_tag given_tags[] = {
    {.name = "score_given", .external = true, .type = PT_TYPE_NUMBER},
    {.name = "grade_given", .external = true, .type = PT_TYPE_CATEGORY},
    {.name = "likes_given", .external = true, .type = PT_TYPE_WEIGHTED},
};

void dataset_catalog(dataset *d, const pt_lang_tag *tags, size_t n_tags)
{
    size_t given = PT_COUNT(given_tags);
    pt_lang_tag *all = PT_NEW_ARRAY(d->arena, pt_lang_tag, given + n_tags);

    memcpy(all, given_tags, sizeof given_tags);
    if (n_tags)
        memcpy(all + given, tags, n_tags * sizeof *tags);
    d->catalog = (pt_catalog){all_sources, PT_COUNT(all_sources), all, given + n_tags, .history = false};
}

/* --- random values ----------------------------------------------------------------------------------------------------------- */

static const char *const words[] = {"tea", "nuts", "coffee", "Milk", "", "茶", "tea "};
static const char *const channels[] = {"app", "web", "shop", "APP", "call"};
static const char *const pages[] = {"home", "product", "cart", "help", "pay", "12", "2024-02-29", "7.5"};
static const char *const cities[] = {"杭州", "上海", "Zürich", "上海 "};
static const char *const regions[] = {"330106", "310000", "330100", "991234", "82000", "650102", "abc", "110101"};

static bool chance(pt_rng *r, unsigned percent)
{
    return pt_rng_below(r, 100) < percent;
}

static pt_sv pick(pt_rng *r, const char *const *from, size_t n)
{
    return pt_sv_of(from[pt_rng_below(r, n)]);
}

#define PICK(r, array) pick(r, array, PT_COUNT(array))

static double random_number(pt_rng *r)
{
    switch (pt_rng_below(r, 8)) {
    case 0: return 0;
    case 1: return -(double)pt_rng_below(r, 50) / 4;
    case 2: return -0.0;
    default: return (double)pt_rng_below(r, 80) / 4;
    }
}

static int64_t random_money(pt_rng *r)
{
    switch (pt_rng_below(r, 8)) {
    case 0: return 0;
    case 1: return -(int64_t)pt_rng_below(r, 500000);
    case 2: return (int64_t)pt_rng_below(r, 5) * 500000;
    default: return (int64_t)pt_rng_below(r, 3000000);
    }
}

static const char *const *texts_of(const char *column, size_t *n)
{
#define FROM(array) (*n = PT_COUNT(array), array)
    if (!strcmp(column, "channel"))
        return FROM(channels);
    if (!strcmp(column, "page"))
        return FROM(pages);
    if (!strcmp(column, "city"))
        return FROM(cities);
    if (!strcmp(column, "region"))
        return FROM(regions);
    return FROM(words);
#undef FROM
}

static cell random_list(dataset *d, pt_rng *r, pt_type type)
{
    cell c = {.type = type,
              .items = PT_NEW_ARRAY(d->arena, pt_sv, PT_COUNT(words)),
              .weights = PT_NEW_ARRAY(d->arena, double, PT_COUNT(words))};

    for (size_t i = 0; i < PT_COUNT(words); i++) {
        if (chance(r, 30)) {
            c.items[c.n] = pt_sv_of(words[i]);
            c.weights[c.n++] = (double)(20 - i);
        }
    }
    return c;
}

/* Near the as-of: on the edges of the windows that random expressions use, at local midnights, on top of another. */
static int64_t random_time(const dataset *d, pt_rng *r)
{
    static const int64_t edges[] = {0,           PT_HOUR,     PT_DAY,      7 * PT_DAY,
                                    30 * PT_DAY, 60 * PT_DAY, 90 * PT_DAY, 180 * PT_DAY};
    int64_t t = d->as_of - edges[pt_rng_below(r, PT_COUNT(edges))] + (int64_t)pt_rng_below(r, 3) - 1;

    switch (pt_rng_below(r, 10)) {
    case 0:
    case 1: return t;
    case 2: return pt_zone_midnight(d->zone, pt_zone_date(d->zone, t)) + (int64_t)pt_rng_below(r, 3) - 1;
    case 3: return d->as_of + (int64_t)pt_rng_below(r, 2 * PT_DAY);
    case 4: return d->as_of - (int64_t)pt_rng_below(r, PT_DAY);
    case 5: return d->as_of - (int64_t)pt_rng_below(r, 20) * PT_HOUR;
    default: return d->as_of - (int64_t)pt_rng_below(r, 400 * (uint64_t)PT_DAY);
    }
}

static cell random_cell(dataset *d, pt_rng *r, const pt_lang_column *column)
{
    cell c = {.type = column->type};
    const char *const *texts;
    size_t n;

    if (chance(r, 15))
        return cell_missing(column->type);
    switch (column->type) {
    case PT_TYPE_BOOL: c.boolean = chance(r, 60); break;
    case PT_TYPE_NUMBER: c.number = random_number(r); break;
    case PT_TYPE_MONEY: c.i64 = random_money(r); break;
    case PT_TYPE_DATE: c.date = pt_zone_date(d->zone, random_time(d, r)) - (chance(r, 30) ? 10000 : 0); break;
    case PT_TYPE_INSTANT: c.i64 = random_time(d, r); break;
    case PT_TYPE_DURATION: c.i64 = (int64_t)pt_rng_below(r, 100) * PT_HOUR - 20 * PT_HOUR; break;
    case PT_TYPE_LIST: return random_list(d, r, PT_TYPE_LIST);
    default:
        texts = texts_of(column->name, &n);
        c.text = pick(r, texts, n);
        break;
    }
    return c;
}

/* --- random events ------------------------------------------------------------------------------------------------------------- */

static void add_event(dataset *d, pt_rng *r, uint32_t source, size_t customer)
{
    data_source *s = &d->sources[source];
    const pt_lang_source *from = &d->catalog.sources[source];
    data_event *e = &s->events[s->n];
    bool follows = s->n && s->events[s->n - 1].customer == customer;

    *e = (data_event){
        .customer = customer, .time = random_time(d, r), .cells = PT_NEW_ARRAY(d->arena, cell, from->n_columns)};
    if (follows && chance(r, 15))
        e->time = s->events[s->n - 1].time;
    if (from->kind == PT_SOURCE_RECORD && chance(r, 20))
        e->time = PT_I64_MISSING;
    for (size_t i = 0; i < from->n_columns; i++)
        e->cells[i] = random_cell(d, r, &from->columns[i]);
    s->n++;
}

static int by_customer_and_time(const void *left, const void *right)
{
    const data_event *a = left, *b = right;

    if (a->customer != b->customer)
        return a->customer < b->customer ? -1 : 1;
    if (a->time != b->time)
        return a->time < b->time ? -1 : 1;
    return 0;
}

/* By insertion: what ties stays in order of arrival. */
void dataset_sort(dataset *d)
{
    for (size_t s = 0; s < d->catalog.n_sources; s++) {
        data_event *e = d->sources[s].events;
        for (size_t i = 1; i < d->sources[s].n; i++) {
            data_event moving = e[i];
            size_t at = i;
            for (; at > 0 && by_customer_and_time(&e[at - 1], &moving) > 0; at--)
                e[at] = e[at - 1];
            e[at] = moving;
        }
    }
}

static void fill_external(dataset *d, pt_rng *r)
{
    d->external = PT_NEW_ARRAY(d->arena, cell, d->catalog.n_tags * d->n_customers);
    for (size_t c = 0; c < d->n_customers; c++) {
        cell *number = &d->external[c], *grade = &d->external[d->n_customers + c],
             *likes = &d->external[2 * d->n_customers + c];
        *number =
            chance(r, 20) ? cell_missing(PT_TYPE_NUMBER) : (cell){.type = PT_TYPE_NUMBER, .number = random_number(r)};
        *grade =
            chance(r, 20) ? cell_missing(PT_TYPE_CATEGORY) : (cell){.type = PT_TYPE_CATEGORY, .text = PICK(r, words)};
        *likes = chance(r, 20) ? cell_missing(PT_TYPE_WEIGHTED) : random_list(d, r, PT_TYPE_WEIGHTED);
    }
}

void dataset_fill(dataset *d, pt_rng *r, size_t customers, size_t most_events)
{
    d->n_customers = customers;
    d->ids = PT_NEW_ARRAY(d->arena, const char *, customers);
    d->sources = PT_NEW_ARRAY(d->arena, data_source, d->catalog.n_sources);
    for (size_t c = 0; c < customers; c++)
        d->ids[c] = pt_arena_printf(d->arena, "c%zu", c);
    for (uint32_t s = 0; s < d->catalog.n_sources; s++) {
        d->sources[s].events = PT_NEW_ARRAY(d->arena, data_event, customers * most_events);
        for (size_t c = 0; c < customers; c++) {
            size_t n = pt_rng_below(r, 3) ? pt_rng_below(r, most_events / 4 + 2) : pt_rng_below(r, most_events + 1);
            for (size_t i = 0; i < n && i < most_events; i++)
                add_event(d, r, s, c);
        }
    }
    dataset_sort(d);
    fill_external(d, r);
}

/* --- columns --------------------------------------------------------------------------------------------------------------------- */

typedef struct column_maker {
    pt_arena *arena;
    pt_column *column;
    size_t n;
    pt_intern *texts;
    uint64_t *offsets;
    uint32_t *codes;
    double *weights;
    uint8_t *absent;
    size_t n_codes;
} column_maker;

static void free_texts(void *texts)
{
    pt_intern_free(texts);
}

static void put_items(column_maker *m, size_t row, const cell *c)
{
    m->absent[row] = c->missing;
    for (size_t i = 0; i < c->n && !c->missing; i++) {
        m->weights[m->n_codes] = c->weights[i];
        m->codes[m->n_codes++] = pt_intern_add(m->texts, c->items[i]);
    }
    m->offsets[row + 1] = m->n_codes;
}

static void put_cell(column_maker *m, size_t row, const cell *c)
{
    void *data = (void *)(uintptr_t)m->column->data;

    switch (m->column->type) {
    case PT_TYPE_BOOL: ((uint8_t *)data)[row] = c->missing ? PT_BOOL_MISSING : c->boolean; break;
    case PT_TYPE_NUMBER: ((double *)data)[row] = c->missing ? (double)NAN : c->number; break;
    case PT_TYPE_DATE: ((int32_t *)data)[row] = c->missing ? PT_I32_MISSING : c->date; break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: m->codes[row] = c->missing ? 0 : pt_intern_add(m->texts, c->text); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: put_items(m, row, c); break;
    default: ((int64_t *)data)[row] = c->missing ? PT_I64_MISSING : c->i64; break;
    }
}

static void start_column(column_maker *m, pt_column *column, pt_type type, size_t rows, size_t items, pt_arena *arena)
{
    *m = (column_maker){.arena = arena, .column = column, .n = rows};
    *column = (pt_column){.type = type, .width = (uint8_t)pt_type_width(type)};
    column->data = PT_NEW_ARRAY(arena, uint64_t, rows + 1);
    if (!pt_type_is_text(type) && !pt_type_is_list(type))
        return;
    m->texts = pt_intern_new();
    CHECK(m->texts && pt_arena_defer(arena, free_texts, m->texts));
    m->codes = PT_NEW_ARRAY(arena, uint32_t, rows + items + 1);
    m->offsets = PT_NEW_ARRAY(arena, uint64_t, rows + 1);
    m->weights = PT_NEW_ARRAY(arena, double, items + 1);
    m->absent = PT_NEW_ARRAY(arena, uint8_t, rows + 1);
}

/* Codes at the width asked for. */
static void end_column(column_maker *m, unsigned width)
{
    size_t n = pt_type_is_list(m->column->type) ? m->n_codes : m->n;
    uint64_t *data = PT_NEW_ARRAY(m->arena, uint64_t, n + 1);

    if (!m->texts)
        return;
    for (size_t i = 0; i < n; i++) {
        switch (width) {
        case 1: ((uint8_t *)data)[i] = (uint8_t)m->codes[i]; break;
        case 2: ((uint16_t *)data)[i] = (uint16_t)m->codes[i]; break;
        default: ((uint32_t *)data)[i] = m->codes[i]; break;
        }
    }
    m->column->data = data;
    m->column->width = (uint8_t)width;
    m->column->dict = pt_intern_dict(m->texts);
    if (pt_type_is_list(m->column->type)) {
        m->column->offsets = m->offsets;
        m->column->absent = m->absent;
        m->column->weights = m->column->type == PT_TYPE_WEIGHTED ? m->weights : NULL;
    }
}

static unsigned width_for(code_widths widths, size_t place)
{
    static const unsigned mixed[] = {2, 1, 4};

    return widths == WIDTHS_NARROW ? 1 : widths == WIDTHS_WIDE ? 4 : mixed[place % 3];
}

static pt_column *event_columns(const dataset *d, uint32_t source, code_widths widths, pt_arena *arena)
{
    const pt_lang_source *from = &d->catalog.sources[source];
    const data_source *s = &d->sources[source];
    pt_column *columns = PT_NEW_ARRAY(arena, pt_column, from->n_columns);
    column_maker m;

    for (size_t i = 0; i < from->n_columns; i++) {
        start_column(&m, &columns[i], from->columns[i].type, s->n, s->n * PT_COUNT(words), arena);
        for (size_t row = 0; row < s->n; row++)
            put_cell(&m, row, &s->events[row].cells[i]);
        end_column(&m, width_for(widths, i + source));
    }
    return columns;
}

static pt_events source_events(const dataset *d, uint32_t source, code_widths widths, pt_arena *arena)
{
    const data_source *s = &d->sources[source];
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, d->n_customers + 1);
    int64_t *time = PT_NEW_ARRAY(arena, int64_t, s->n);
    size_t at = 0;

    for (size_t c = 0; c <= d->n_customers; c++) {
        while (at < s->n && s->events[at].customer < c)
            at++;
        offsets[c] = at;
    }
    for (size_t i = 0; i < s->n; i++)
        time[i] = s->events[i].time;
    return (pt_events){offsets, time, event_columns(d, source, widths, arena)};
}

pt_batch dataset_batch(const dataset *d, code_widths widths, pt_arena *arena)
{
    pt_events *sources = PT_NEW_ARRAY(arena, pt_events, d->catalog.n_sources);
    uint64_t *identities = PT_NEW_ARRAY(arena, uint64_t, d->n_customers);
    pt_column *external = PT_NEW_ARRAY(arena, pt_column, d->catalog.n_tags);
    column_maker m;

    for (uint32_t s = 0; s < d->catalog.n_sources; s++)
        sources[s] = source_events(d, s, widths, arena);
    for (size_t c = 0; c < d->n_customers; c++)
        identities[c] = pt_hash64(d->ids[c], strlen(d->ids[c]));
    for (size_t t = 0; t < d->catalog.n_tags; t++) {
        if (!d->catalog.tags[t].external)
            continue;
        start_column(&m, &external[t], d->catalog.tags[t].type, d->n_customers, d->n_customers * PT_COUNT(words),
                     arena);
        for (size_t c = 0; c < d->n_customers; c++)
            put_cell(&m, c, &d->external[t * d->n_customers + c]);
        end_column(&m, width_for(widths, t));
    }
    return (pt_batch){
        .n_customers = d->n_customers, .sources = sources, .identities = identities, .external = external};
}

cell cell_of_column(const pt_column *c, size_t at, pt_arena *arena)
{
    cell v = {.type = c->type, .missing = pt_column_missing(c, at)};

    if (v.missing)
        return v;
    switch (c->type) {
    case PT_TYPE_BOOL: v.boolean = ((const uint8_t *)c->data)[at]; break;
    case PT_TYPE_NUMBER: v.number = ((const double *)c->data)[at]; break;
    case PT_TYPE_DATE: v.date = ((const int32_t *)c->data)[at]; break;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY: v.text = pt_dict_text(c->dict, pt_column_code(c, at)); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED:
        v.n = (size_t)(c->offsets[at + 1] - c->offsets[at]);
        v.items = PT_NEW_ARRAY(arena, pt_sv, v.n);
        v.weights = PT_NEW_ARRAY(arena, double, v.n);
        for (size_t i = 0; i < v.n; i++) {
            v.items[i] = pt_dict_text(c->dict, pt_column_code(c, c->offsets[at] + i));
            v.weights[i] = c->weights ? c->weights[c->offsets[at] + i] : 0;
        }
        break;
    default: v.i64 = ((const int64_t *)c->data)[at]; break;
    }
    return v;
}

/* --- reports --------------------------------------------------------------------------------------------------------------------- */

static void print_items(pt_str *out, const cell *c)
{
    char buf[40];

    pt_str_addc(out, '[');
    for (size_t i = 0; i < c->n; i++) {
        pt_str_addf(out, "%s'%.*s'", i ? ", " : "", (int)c->items[i].len, c->items[i].ptr);
        if (c->type == PT_TYPE_WEIGHTED) {
            pt_str_add(out, ": ");
            pt_str_addn(out, buf, pt_format_double(buf, c->weights[i]));
        }
    }
    pt_str_addc(out, ']');
}

void cell_print(pt_str *out, const cell *c, const pt_zone *zone)
{
    char buf[64];

    if (c->missing) {
        pt_str_add(out, "missing");
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_str_add(out, c->boolean ? "true" : "false"); break;
    case PT_TYPE_NUMBER: pt_str_addf(out, "%.17g", c->number); break;
    case PT_TYPE_MONEY: pt_str_addn(out, buf, pt_money_format(buf, c->i64)); break;
    case PT_TYPE_DATE: pt_str_add(out, pt_date_format(buf, c->date)); break;
    case PT_TYPE_INSTANT: pt_str_add(out, pt_instant_format(buf, c->i64, zone)); break;
    case PT_TYPE_DURATION: pt_str_add(out, pt_duration_format(buf, c->i64)); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: print_items(out, c); break;
    default: pt_str_addf(out, "'%.*s'", (int)c->text.len, c->text.ptr); break;
    }
}

void dataset_print(pt_str *out, const dataset *d)
{
    char buf[64];

    pt_str_addf(out, "  zone %s, as of %s\n", pt_zone_name(d->zone), pt_instant_format(buf, d->as_of, d->zone));
    for (size_t s = 0; s < d->catalog.n_sources; s++) {
        const pt_lang_source *from = &d->catalog.sources[s];
        for (size_t i = 0; i < d->sources[s].n; i++) {
            const data_event *e = &d->sources[s].events[i];
            pt_str_addf(out, "  %s %s %s:", d->ids[e->customer], from->name,
                        e->time == PT_I64_MISSING ? "no time" : pt_instant_format(buf, e->time, d->zone));
            for (size_t k = 0; k < from->n_columns; k++) {
                if (e->cells[k].missing)
                    continue;
                pt_str_addf(out, " %s ", from->columns[k].name);
                cell_print(out, &e->cells[k], d->zone);
            }
            pt_str_addc(out, '\n');
        }
    }
}
