/* An explanation as a report of one part: tiles, sentences, the waterfall, the chain. */
#include "report/linkpage.h"

#include <math.h>

#include "report/draft.h"

typedef struct page {
    pt_draft d;
    const pt_link_explanation *e;
    const pt_linking *linking;
} page;

static const char *format(page *p, const char *text)
{
    p->d.words.failed |= !text;
    return text ? text : "";
}

static const char *bits(page *p, double v)
{
    return format(p, fabs(v) < 0.05 ? "0.0" : pt_arena_printf(p->d.arena, "%+.1f", v));
}

static const char *percent(page *p, double v)
{
    if ((v < 1 && v >= 0.9999) || (v > 0 && v < 0.0001))
        return v > 0.5 ? ">99.99%" : "<0.01%";
    return format(p, pt_arena_printf(p->d.arena, "%.*f%%", v > 0.99 || v < 0.01 ? 2 : 1, 100 * v));
}

static const char *say(const page *p, pt_card_text text)
{
    const char *said = pt_card_say(text, p->d.words.lang);

    return said ? said : "";
}

static double bits_of(double probability)
{
    return log2(probability / (1 - probability));
}

/* --- the waterfall --------------------------------------------------------------------------------------------------------------- */

enum { ADDED, SUM, REVIEW, AUTOMATIC, A, B, WHAT, NOTE, COLUMNS };

/* Bounds of 0 and 1 are out of every picture. */
static void set_bounds(page *p, pt_figure *f, size_t row)
{
    pt_figure_set(f, row, REVIEW, p->e->review > 0 && p->e->review < 1 ? bits_of(p->e->review) : 0, "");
    pt_figure_set(f, row, AUTOMATIC, p->e->automatic < 1 ? bits_of(p->e->automatic) : 0, "");
}

static void set_row(page *p, pt_figure *f, size_t row, const char *name, double added, double sum)
{
    f->rows[row] = name;
    pt_figure_set(f, row, ADDED, added, bits(p, added));
    pt_figure_set(f, row, SUM, sum, bits(p, sum));
    set_bounds(p, f, row);
    for (size_t c = A; c < COLUMNS; c++)
        pt_figure_set(f, row, c, NAN, "");
}

static void set_step(page *p, pt_figure *f, size_t row, const pt_link_step *s)
{
    set_row(p, f, row, say(p, s->label), s->added, s->sum);
    if (!s->counts || strcmp(s->level, "missing") == 0)
        pt_figure_set(f, row, ADDED, 0,
                      s->counts ? ""
                                : format(p, pt_arena_printf(p->d.arena, "(%s)", bits(p, s->weight + s->frequency))));
    pt_figure_set(f, row, A, NAN, s->a);
    pt_figure_set(f, row, B, NAN, s->b);
    pt_figure_set(f, row, WHAT, NAN, say(p, s->what));
    pt_figure_set(f, row, NOTE, NAN, say(p, s->note));
}

static void add_fall(page *p, pt_chapter *chapter)
{
    const pt_link_explanation *e = p->e;
    pt_words *w = &p->d.words;
    const char *titles[COLUMNS] = {[ADDED] = PT_WORD(w, LINK_ADDED),
                                   [SUM] = PT_WORD(w, LINK_SUM),
                                   [REVIEW] = PT_WORDS(w, LINK_REVIEW, percent(p, e->review)),
                                   [AUTOMATIC] = PT_WORDS(w, LINK_AUTOMATIC, percent(p, e->automatic)),
                                   [A] = "A",
                                   [B] = "B",
                                   [WHAT] = PT_WORD(w, LINK_WHAT),
                                   [NOTE] = PT_WORD(w, LINK_NOTE)};
    pt_figure *f = pt_draft_figure(&p->d, chapter, PT_CHART_FALL, PT_WORD(w, LINK_FALL), e->n + 2, COLUMNS);

    if (!f)
        return;
    f->wide = true;
    f->about = PT_WORD(w, LINK_FALL_ABOUT);
    f->row_title = PT_WORD(w, LINK_COLUMN);
    pt_figure_columns(&p->d, f, titles, 1U << ADDED | 1U << SUM | 1U << REVIEW | 1U << AUTOMATIC);
    set_row(p, f, 0, PT_WORD(w, LINK_PRIOR), e->prior, e->prior);
    for (size_t i = 0; i < e->n; i++)
        set_step(p, f, i + 1, &e->steps[i]);
    set_row(p, f, e->n + 1, PT_WORD(w, LINK_TOTAL), e->total, e->total);
}

static void add_chain(page *p, pt_chapter *chapter)
{
    pt_words *w = &p->d.words;
    const char *titles[] = {PT_WORD(w, LINK_ADDED), PT_WORD(w, LINK_RULE)};
    pt_figure *f = p->e->n_chain
                       ? pt_draft_figure(&p->d, chapter, PT_CHART_TABLE, PT_WORD(w, LINK_CHAIN), p->e->n_chain, 2)
                       : NULL;

    if (!f)
        return;
    f->wide = true;
    f->row_title = PT_WORD(w, LINK_HOP);
    pt_figure_columns(&p->d, f, titles, 0);
    for (size_t i = 0; i < p->e->n_chain; i++) {
        const pt_link_hop *h = &p->e->chain[i];
        const char *a = pt_link_name(p->linking, h->a, p->d.arena), *b = pt_link_name(p->linking, h->b, p->d.arena);
        f->rows[i] = format(p, a && b ? pt_arena_printf(p->d.arena, "%s — %s", a, b) : NULL);
        pt_figure_set(f, i, 0, NAN, bits(p, h->weight));
        pt_figure_set(f, i, 1, NAN, h->rule);
    }
}

/* --- the page -------------------------------------------------------------------------------------------------------------------- */

static void add_part(page *p)
{
    pt_words *w = &p->d.words;
    pt_report_part *part = pt_draft_part(&p->d, "pair", PT_WORD(w, LINK_PART));
    pt_chapter *chapter = part ? pt_draft_chapter(&p->d, part, PT_WORD(w, LINK_CHAPTER)) : NULL;

    if (!chapter)
        return;
    for (size_t i = 0; i < p->e->n_sentences; i++)
        pt_draft_statement(&p->d, &part->conclusions, "link", say(p, p->e->sentences[i]), 0);
    add_fall(p, chapter);
    add_chain(p, chapter);
}

static void add_tiles(page *p)
{
    pt_words *w = &p->d.words;
    pt_tile **tiles = &p->d.report->tiles;

    pt_draft_tile(&p->d, tiles, PT_WORD(w, LINK_PROBABILITY), percent(p, p->e->probability), NULL);
    pt_draft_tile(&p->d, tiles, PT_WORD(w, LINK_TOTAL_BITS), bits(p, p->e->total), NULL);
    pt_draft_tile(&p->d, tiles, PT_WORD(w, LINK_OUTCOME), p->e->together ? PT_WORD(w, LINK_ONE) : PT_WORD(w, LINK_TWO),
                  NULL);
}

static void add_terms(page *p)
{
    static const pt_word terms[][2] = {{PT_WORD_LINK_TERM_BITS, PT_WORD_LINK_ABOUT_BITS},
                                       {PT_WORD_LINK_TERM_PRIOR, PT_WORD_LINK_ABOUT_PRIOR},
                                       {PT_WORD_LINK_TERM_COUNTED, PT_WORD_LINK_ABOUT_COUNTED}};

    pt_draft_terms(&p->d, terms, PT_COUNT(terms), PT_WORD(&p->d.words, LINK_MADE_OF));
}

pt_rc pt_link_html(pt_str *out, const pt_link_explanation *e, const pt_linking *l, const char *lang, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_report report = {.lang = lang};
    page p = {.d = {.report = &report, .arena = arena}, .e = e, .linking = l};

    if (!arena)
        return pt_fail_nomem(err, "a page");
    p.d.words = pt_words_in(lang, NULL, arena);
    report.title = PT_WORD(&p.d.words, LINK_TITLE);
    report.project = l->project->name;
    report.subtitle = PT_WORDS(&p.d.words, LINK_SUBTITLE, e->name_a, e->name_b);
    add_tiles(&p);
    add_part(&p);
    add_terms(&p);
    pt_rc rc = pt_draft_html(out, &p.d, err);
    pt_arena_free(arena);
    return rc;
}
