/* A card's sections become parts of a report, its curves and tables figures. */
#include "report/card.h"

#include <math.h>

#include "report/draft.h"

typedef struct page {
    pt_draft d;
    const pt_card *card;
    const char *lang;
} page;

static const char *say(const page *p, pt_card_text text)
{
    return pt_card_say(text, p->lang);
}

static const char *number(page *p, double v)
{
    const double size = fabs(v);
    const char *text = isnan(v)                       ? ""
                       : v == floor(v) && size < 1e15 ? pt_arena_printf(p->d.arena, "%.0f", v)
                       : size >= 100                  ? pt_arena_printf(p->d.arena, "%.1f", v)
                       : size >= 0.01                 ? pt_arena_printf(p->d.arena, "%.3f", v)
                                                      : pt_arena_printf(p->d.arena, "%.2g", v);

    p->d.words.failed |= !text;
    return text ? text : "";
}

static const char *interval(page *p, double low, double high)
{
    if (isnan(low) || isnan(high))
        return "";
    const char *text = pt_arena_printf(p->d.arena, "%s – %s", number(p, low), number(p, high));
    p->d.words.failed |= !text;
    return text;
}

/* --- tables --------------------------------------------------------------------------------------------------------- */

static const char *cell_text(page *p, const pt_card_column *column, const pt_card_cell *cell)
{
    switch (column->kind) {
    case PT_CELL_TEXT: return say(p, cell->text);
    case PT_CELL_SHARE: return pt_words_share(&p->d.words, cell->number);
    case PT_CELL_COUNT: return isnan(cell->number) ? "" : pt_words_count(&p->d.words, (uint64_t)fmax(cell->number, 0));
    case PT_CELL_NUMBER: break;
    }
    return number(p, cell->number);
}

static void add_table(page *p, pt_chapter *chapter, const pt_card_table *t)
{
    pt_figure *f;

    if (t->n_rows == 0 || t->n_columns == 0)
        return;
    f = pt_draft_figure(&p->d, chapter, PT_CHART_TABLE, say(p, t->title), t->n_rows, t->n_columns - 1);
    if (!f)
        return;
    f->wide = true;
    f->row_title = say(p, t->columns[0].label);
    f->note = t->note.zh || t->note.en ? say(p, t->note) : NULL;
    const char **titles = PT_NEW_ARRAY(p->d.arena, const char *, t->n_columns);
    p->d.words.failed |= !titles;
    for (size_t c = 1; titles && c < t->n_columns; c++)
        titles[c - 1] = say(p, t->columns[c].label);
    if (titles)
        pt_figure_columns(&p->d, f, titles, 0);
    for (size_t r = 0; r < t->n_rows; r++) {
        const pt_card_cell *row = t->cells + r * t->n_columns;
        f->rows[r] = cell_text(p, &t->columns[0], &row[0]);
        for (size_t c = 1; c < t->n_columns; c++)
            pt_figure_set(f, r, c - 1, row[c].number, cell_text(p, &t->columns[c], &row[c]));
    }
}

/* --- charts --------------------------------------------------------------------------------------------------------- */

/* A bar for each name; of several series the first is drawn. */
static void add_bars(page *p, pt_chapter *chapter, const pt_card_curve *c)
{
    const pt_card_series *s = &c->series[0];
    const char *titles[] = {say(p, s->label), PT_WORD(&p->d.words, CARD_INTERVAL)};
    pt_figure *f = pt_draft_figure(&p->d, chapter, c->sideways ? PT_CHART_BARS : PT_CHART_COLUMNS, say(p, c->title),
                                   c->n_names, s->low && s->high ? 2 : 1);

    if (!f)
        return;
    f->row_title = say(p, c->x_label);
    f->note = c->note.zh || c->note.en ? say(p, c->note) : NULL;
    pt_figure_columns(&p->d, f, titles, 1);
    for (size_t i = 0; i < c->n_names; i++) {
        f->rows[i] = say(p, c->names[i]);
        pt_figure_set(f, i, 0, c->sideways ? fmax(s->y[i], 0) : s->y[i], number(p, s->y[i]));
        if (s->low && s->high)
            pt_figure_set(f, i, 1, NAN, interval(p, s->low[i], s->high[i]));
    }
}

static void add_points(page *p, pt_figure *f, size_t *row, size_t column, const pt_card_series *s)
{
    for (size_t i = 0; i < s->n; i++, (*row)++) {
        f->rows[*row] = say(p, s->label);
        pt_figure_set(f, *row, 0, s->x[i], number(p, s->x[i]));
        pt_figure_set(f, *row, column, s->y[i], number(p, s->y[i]));
    }
}

static void add_curves(page *p, pt_chapter *chapter, const pt_card_curve *c)
{
    static const double corner[] = {0, 1};
    const size_t n_curves = c->n_series + c->diagonal;
    const pt_card_series diagonal = {.label = {PT_WORD(&p->d.words, CARD_CHANCE), PT_WORD(&p->d.words, CARD_CHANCE)},
                                     .n = 2,
                                     .x = corner,
                                     .y = corner};
    const char **titles = PT_NEW_ARRAY(p->d.arena, const char *, n_curves + 2);
    size_t n = c->diagonal ? 2 : 0, row = 0;
    pt_figure *f;

    for (size_t i = 0; i < c->n_series; i++)
        n += c->series[i].n;
    f = n && n_curves < 31 ? pt_draft_figure(&p->d, chapter, PT_CHART_CURVES, say(p, c->title), n, n_curves + 1) : NULL;
    p->d.words.failed |= !titles;
    if (!f || !titles)
        return;
    f->row_title = PT_WORD(&p->d.words, CARD_POINT);
    f->about = c->y_label.zh || c->y_label.en ? say(p, c->y_label) : NULL;
    f->note = c->note.zh || c->note.en ? say(p, c->note) : NULL;
    titles[0] = say(p, c->x_label);
    for (size_t i = 0; i < n_curves; i++)
        titles[i + 1] = say(p, i < c->n_series ? c->series[i].label : diagonal.label);
    pt_figure_columns(&p->d, f, titles, (UINT32_C(2) << n_curves) - 1);
    for (size_t i = 0; i < n_curves; i++)
        add_points(p, f, &row, i + 1, i < c->n_series ? &c->series[i] : &diagonal);
}

static void add_curve(page *p, pt_chapter *chapter, const pt_card_curve *c)
{
    if (c->n_series == 0)
        return;
    if (c->names)
        add_bars(p, chapter, c);
    else
        add_curves(p, chapter, c);
}

/* --- parts ---------------------------------------------------------------------------------------------------------- */

static void add_sentences(page *p, pt_report_part *part, const pt_card_sentence *s, size_t n)
{
    part->actions_title = PT_WORD(&p->d.words, CARD_CARE);
    for (size_t i = 0; i < n; i++)
        pt_draft_statement(&p->d, s[i].warning ? &part->actions : &part->conclusions, "card", say(p, s[i].text), 0);
}

static void add_section(page *p, const pt_card_section *s)
{
    pt_report_part *part = pt_draft_part(&p->d, s->key, say(p, s->title));
    pt_chapter *chapter = part ? pt_draft_chapter(&p->d, part, PT_WORD(&p->d.words, CARD_DETAILS)) : NULL;

    if (!chapter)
        return;
    add_sentences(p, part, s->sentences, s->n_sentences);
    for (size_t i = 0; i < s->n_curves; i++)
        add_curve(p, chapter, &s->curves[i]);
    for (size_t i = 0; i < s->n_tables; i++)
        add_table(p, chapter, &s->tables[i]);
}

static void add_facts(page *p, pt_chapter *chapter)
{
    const char *titles[] = {PT_WORD(&p->d.words, CARD_SAID)};
    pt_figure *f;

    if (!p->card->n_facts)
        return;
    f = pt_draft_figure(&p->d, chapter, PT_CHART_TABLE, PT_WORD(&p->d.words, CARD_FACTS), p->card->n_facts, 1);
    if (!f)
        return;
    f->wide = true;
    f->row_title = PT_WORD(&p->d.words, CARD_ITEM);
    pt_figure_columns(&p->d, f, titles, 0);
    for (size_t i = 0; i < p->card->n_facts; i++) {
        f->rows[i] = say(p, p->card->facts[i].label);
        pt_figure_set(f, i, 0, NAN, say(p, p->card->facts[i].value));
    }
}

/* Those of the model itself: a row a figure and part. */
static void add_measures(page *p, pt_chapter *chapter)
{
    const char *titles[] = {PT_WORD(&p->d.words, CARD_PART), PT_WORD(&p->d.words, CARD_SAID),
                            PT_WORD(&p->d.words, CARD_INTERVAL)};
    size_t n = 0, row = 0;
    pt_figure *f;

    for (size_t i = 0; i < p->card->n_measures; i++)
        n += p->card->measures[i].of == NULL;
    f = n ? pt_draft_figure(&p->d, chapter, PT_CHART_TABLE, PT_WORD(&p->d.words, CARD_MEASURES), n, 3) : NULL;
    if (!f)
        return;
    f->wide = true;
    f->row_title = PT_WORD(&p->d.words, CARD_MEASURE);
    pt_figure_columns(&p->d, f, titles, 0);
    for (size_t i = 0; i < p->card->n_measures; i++) {
        const pt_card_measure *m = &p->card->measures[i];
        if (m->of)
            continue;
        f->rows[row] = say(p, pt_card_measure_label(m->name));
        pt_figure_set(f, row, 0, NAN, say(p, pt_card_part_label(m->part)));
        pt_figure_set(f, row, 1, m->value, number(p, m->value));
        pt_figure_set(f, row, 2, NAN, interval(p, m->low, m->high));
        row++;
    }
}

/* The first figures of the model, large. */
static void add_tiles(page *p)
{
    enum { MOST = 5 };
    pt_tile **tiles = &p->d.report->tiles;
    int n = 0;

    for (size_t i = 0; i < p->card->n_measures && n < MOST; i++) {
        const pt_card_measure *m = &p->card->measures[i];
        if (m->of || isnan(m->value) || strcmp(m->part, p->card->measures[0].part) != 0)
            continue;
        pt_draft_tile(&p->d, tiles, say(p, pt_card_measure_label(m->name)), number(p, m->value),
                      interval(p, m->low, m->high));
        n++;
    }
}

static void add_summary(page *p)
{
    pt_report_part *part = pt_draft_part(&p->d, "summary", PT_WORD(&p->d.words, CARD_SUMMARY));
    pt_chapter *chapter = part ? pt_draft_chapter(&p->d, part, PT_WORD(&p->d.words, CARD_DETAILS)) : NULL;

    if (!chapter)
        return;
    add_sentences(p, part, p->card->sentences, p->card->n_sentences);
    add_facts(p, chapter);
    add_measures(p, chapter);
}

static void add_terms(page *p)
{
    static const pt_word terms[][2] = {{PT_WORD_CARD_TERM_INTERVAL, PT_WORD_CARD_ABOUT_INTERVAL},
                                       {PT_WORD_CARD_TERM_AUC, PT_WORD_CARD_ABOUT_AUC},
                                       {PT_WORD_CARD_TERM_CALIBRATION, PT_WORD_CARD_ABOUT_CALIBRATION},
                                       {PT_WORD_CARD_TERM_PSI, PT_WORD_CARD_ABOUT_PSI}};

    pt_draft_terms(&p->d, terms, PT_COUNT(terms), PT_WORD(&p->d.words, CARD_MADE_OF));
}

pt_rc pt_card_html(pt_str *out, const pt_card *card, const char *project, const char *lang, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_report report = {.lang = lang};
    page p = {.d = {.report = &report, .arena = arena}, .card = card, .lang = lang};

    if (!arena)
        return pt_fail_nomem(err, "a model card");
    p.d.words = pt_words_in(lang, NULL, arena);
    report.title = PT_WORD(&p.d.words, CARD_TITLE);
    report.project = project;
    report.subtitle =
        PT_WORDS(&p.d.words, CARD_SUBTITLE, card->label.zh || card->label.en ? say(&p, card->label) : card->model,
                 pt_words_count(&p.d.words, card->version), card->algorithm ? card->algorithm : "");
    add_tiles(&p);
    add_summary(&p);
    for (size_t i = 0; i < card->n_sections; i++)
        add_section(&p, &card->sections[i]);
    add_terms(&p);
    pt_rc rc = pt_draft_html(out, &p.d, err);
    pt_arena_free(arena);
    return rc;
}
