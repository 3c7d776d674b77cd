/* Cards as bytes: one walk over the structure writes it or reads it. */
#include "base/frame.h"
#include "base/hash.h"

#include "app/model_card.h"

static const char mark[8] = "PTCARD01";

enum { MOST = 1 << 20 };

/* Writing when `out` is there, else reading; reading fails in `in`. Writing changes nothing: what is walked may be constant. */
typedef struct archive {
    pt_str *out;
    pt_frame_cursor in;
    pt_arena *arena;
} archive;

static void walk_bytes(archive *a, void *value, size_t n)
{
    if (a->out)
        pt_frame_put(a->out, value, n);
    else
        pt_frame_get(&a->in, value, n);
}

static void walk_number(archive *a, uint32_t *value, uint32_t most)
{
    walk_bytes(a, value, sizeof *value);
    if (!a->out && *value > most) {
        a->in.failed = true;
        *value = 0;
    }
}

static void walk_string(archive *a, const char **text)
{
    uint32_t there = *text != NULL;

    walk_number(a, &there, 1);
    if (a->out && there)
        pt_frame_put_text(a->out, *text);
    if (!a->out)
        *text = there ? pt_frame_get_text(&a->in, a->arena) : NULL;
    if (!a->out && there && !*text)
        a->in.failed = true;
}

/* A name that must be there. */
static void walk_key(archive *a, const char **text)
{
    walk_string(a, text);
    if (!a->out && !*text) {
        a->in.failed = true;
        *text = "";
    }
}

static void walk_text(archive *a, pt_card_text *text)
{
    walk_string(a, &text->zh);
    walk_string(a, &text->en);
}

/* A count, and when reading the room for that many; each takes a byte at least. */
static void *walk_array(archive *a, const void *items, size_t *n, size_t size)
{
    uint32_t count = (uint32_t)*n;
    void *room;

    walk_number(a, &count, MOST);
    if (a->out)
        return (void *)(uintptr_t)items; /* only read */
    room = count <= a->in.rest.len ? pt_arena_array(a->arena, count + 1, size) : NULL;
    a->in.failed |= !room;
    *n = a->in.failed ? 0 : count;
    return room;
}

static void walk_doubles(archive *a, const double **values, size_t n)
{
    uint32_t there = *values != NULL;

    walk_number(a, &there, 1);
    if (a->out) {
        if (there)
            pt_frame_put(a->out, *values, n * sizeof **values);
        return;
    }
    *values = NULL;
    if (!there)
        return;
    double *room = n <= a->in.rest.len / sizeof *room ? PT_NEW_ARRAY(a->arena, double, n + 1) : NULL;
    a->in.failed |= !room;
    if (room)
        pt_frame_get(&a->in, room, n * sizeof *room);
    *values = room;
}

static void walk_flag(archive *a, bool *flag)
{
    uint32_t value = *flag;

    walk_number(a, &value, 1);
    if (!a->out)
        *flag = value != 0;
}

static void walk_sentences(archive *a, const pt_card_sentence **sentences, size_t *n)
{
    pt_card_sentence *s = (pt_card_sentence *)walk_array(a, *sentences, n, sizeof *s);

    for (size_t i = 0; i < *n; i++) {
        walk_flag(a, &s[i].warning);
        walk_text(a, &s[i].text);
    }
    if (!a->out)
        *sentences = s;
}

static void walk_series(archive *a, pt_card_series *s)
{
    uint32_t n = (uint32_t)s->n;

    walk_text(a, &s->label);
    walk_number(a, &n, MOST);
    if (!a->out)
        s->n = n;
    walk_doubles(a, &s->x, s->n);
    walk_doubles(a, &s->y, s->n);
    walk_doubles(a, &s->low, s->n);
    walk_doubles(a, &s->high, s->n);
    if (!a->out && !s->y)
        a->in.failed = true;
}

static void walk_curve(archive *a, pt_card_curve *c)
{
    uint32_t chart = c->chart;
    uint32_t named = c->names != NULL;
    pt_card_text *names;
    pt_card_series *series;

    walk_key(a, &c->key);
    walk_number(a, &chart, PT_CARD_SCATTER);
    if (!a->out)
        c->chart = (pt_card_chart)chart;
    walk_text(a, &c->title);
    walk_text(a, &c->note);
    walk_text(a, &c->x_label);
    walk_text(a, &c->y_label);
    walk_number(a, &named, 1);
    names = (pt_card_text *)walk_array(a, c->names, &c->n_names, sizeof *names);
    for (size_t i = 0; i < c->n_names; i++)
        walk_text(a, &names[i]);
    if (!a->out)
        c->names = named ? names : NULL;
    walk_flag(a, &c->diagonal);
    walk_flag(a, &c->sideways);
    series = (pt_card_series *)walk_array(a, c->series, &c->n_series, sizeof *series);
    for (size_t i = 0; i < c->n_series; i++) {
        walk_series(a, &series[i]);
        if (!a->out && (named ? series[i].n != c->n_names : !series[i].x))
            a->in.failed = true;
    }
    if (!a->out)
        c->series = series;
}

static void walk_table(archive *a, pt_card_table *t)
{
    pt_card_column *columns;
    pt_card_cell *cells;
    size_t n = t->n_rows * t->n_columns;
    uint32_t rows = (uint32_t)t->n_rows;

    walk_key(a, &t->key);
    walk_text(a, &t->title);
    walk_text(a, &t->note);
    columns = (pt_card_column *)walk_array(a, t->columns, &t->n_columns, sizeof *columns);
    for (size_t i = 0; i < t->n_columns; i++) {
        uint32_t kind = columns[i].kind;
        walk_key(a, &columns[i].key);
        walk_text(a, &columns[i].label);
        walk_number(a, &kind, PT_CELL_COUNT);
        if (!a->out)
            columns[i].kind = (pt_card_cell_kind)kind;
    }
    if (!a->out)
        t->columns = columns;
    walk_number(a, &rows, MOST);
    if (!a->out)
        t->n_rows = rows;
    cells = (pt_card_cell *)walk_array(a, t->cells, &n, sizeof *cells);
    for (size_t i = 0; i < n; i++) {
        walk_text(a, &cells[i].text);
        walk_bytes(a, &cells[i].number, sizeof cells[i].number);
    }
    if (!a->out)
        t->cells = cells;
    if (!a->out && (t->n_columns == 0 ? n != 0 : n / t->n_columns != t->n_rows || n % t->n_columns))
        a->in.failed = true;
}

static void walk_section(archive *a, pt_card_section *s)
{
    pt_card_curve *curves;
    pt_card_table *tables;

    walk_key(a, &s->key);
    walk_text(a, &s->title);
    walk_sentences(a, &s->sentences, &s->n_sentences);
    curves = (pt_card_curve *)walk_array(a, s->curves, &s->n_curves, sizeof *curves);
    for (size_t i = 0; i < s->n_curves && !a->in.failed; i++)
        walk_curve(a, &curves[i]);
    if (!a->out)
        s->curves = curves;
    tables = (pt_card_table *)walk_array(a, s->tables, &s->n_tables, sizeof *tables);
    for (size_t i = 0; i < s->n_tables && !a->in.failed; i++)
        walk_table(a, &tables[i]);
    if (!a->out)
        s->tables = tables;
}

static void walk_facts(archive *a, pt_card *card)
{
    pt_card_fact *facts = (pt_card_fact *)walk_array(a, card->facts, &card->n_facts, sizeof *facts);

    for (size_t i = 0; i < card->n_facts; i++) {
        walk_key(a, &facts[i].key);
        walk_text(a, &facts[i].label);
        walk_text(a, &facts[i].value);
    }
    card->facts = facts;
}

static void walk_measures(archive *a, pt_card *card)
{
    pt_card_measure *m = (pt_card_measure *)walk_array(a, card->measures, &card->n_measures, sizeof *m);

    for (size_t i = 0; i < card->n_measures; i++) {
        walk_key(a, &m[i].name);
        walk_string(a, &m[i].of);
        walk_key(a, &m[i].part);
        walk_bytes(a, &m[i].value, sizeof(double));
        walk_bytes(a, &m[i].low, sizeof(double));
        walk_bytes(a, &m[i].high, sizeof(double));
    }
    card->measures = m;
}

static void walk_card(archive *a, pt_card *card)
{
    pt_card_section *sections;
    uint32_t version = card->version;

    walk_key(a, &card->model);
    walk_text(a, &card->label);
    walk_key(a, &card->task);
    walk_key(a, &card->algorithm);
    walk_number(a, &version, UINT32_MAX);
    card->version = version;
    walk_sentences(a, &card->sentences, &card->n_sentences);
    walk_facts(a, card);
    walk_measures(a, card);
    sections = (pt_card_section *)walk_array(a, card->sections, &card->n_sections, sizeof *sections);
    for (size_t i = 0; i < card->n_sections && !a->in.failed; i++)
        walk_section(a, &sections[i]);
    card->sections = sections;
}

void pt_card_save(pt_str *out, const pt_card *card)
{
    const size_t first = out->len;
    archive a = {.out = out};
    pt_card copy = *card;

    pt_str_addn(out, mark, sizeof mark);
    walk_card(&a, &copy);
    if (!out->failed)
        pt_frame_put64(out, pt_hash64(out->ptr + first, out->len - first));
}

pt_rc pt_card_load(pt_card *out, pt_sv bytes, pt_arena *arena, pt_err *err)
{
    uint64_t sum;
    archive a = {.arena = arena};

    *out = (pt_card){0};
    if (bytes.len < sizeof mark + sizeof sum || memcmp(bytes.ptr, mark, sizeof mark) != 0)
        return pt_fail(err, PT_ECORRUPT, "the stored model card is damaged");
    memcpy(&sum, bytes.ptr + bytes.len - sizeof sum, sizeof sum);
    if (sum != pt_hash64(bytes.ptr, bytes.len - sizeof sum))
        return pt_fail(err, PT_ECORRUPT, "the stored model card is damaged");
    a.in.rest = (pt_sv){bytes.ptr + sizeof mark, bytes.len - sizeof mark - sizeof sum};
    walk_card(&a, out);
    if (a.in.failed || a.in.rest.len) {
        *out = (pt_card){0};
        return pt_fail(err, PT_ECORRUPT, "the stored model card is damaged");
    }
    return PT_OK;
}
