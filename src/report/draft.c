#include "report/draft.h"

#include <math.h>

#include "app/tag_for.h"

static void *keep(pt_draft *d, void *made)
{
    d->words.failed |= !made;
    return made;
}

void pt_draft_facts(pt_draft *d, bool segment)
{
    d->facts.segment = segment;
    d->facts.n = 0;
}

void pt_draft_fact(pt_draft *d, const pt_fact *fact)
{
    pt_facts *all = &d->facts;

    if (all->n == all->room) {
        size_t room = all->room ? 2 * all->room : 256;
        pt_fact *list = keep(d, PT_NEW_ARRAY(d->arena, pt_fact, room));
        if (!list)
            return;
        if (all->n)
            memcpy(list, all->list, all->n * sizeof *list);
        all->list = list;
        all->room = room;
    }
    all->list[all->n++] = *fact;
}

pt_report_part *pt_draft_part(pt_draft *d, const char *id, const char *title)
{
    pt_report_part *part = keep(d, PT_NEW(d->arena, pt_report_part)), **end = &d->report->parts;

    while (*end)
        end = &(*end)->next;
    if (part) {
        *part = (pt_report_part){.id = id, .title = title};
        *end = part;
    }
    return part;
}

pt_chapter *pt_draft_chapter(pt_draft *d, pt_report_part *part, const char *title)
{
    pt_chapter *chapter = keep(d, PT_NEW(d->arena, pt_chapter)), **end = &part->chapters;

    while (*end)
        end = &(*end)->next;
    if (chapter) {
        *chapter = (pt_chapter){.title = title};
        *end = chapter;
    }
    return chapter;
}

void pt_draft_tile(pt_draft *d, pt_tile **tiles, const char *title, const char *value, const char *note)
{
    pt_tile *tile = keep(d, PT_NEW(d->arena, pt_tile));

    while (*tiles)
        tiles = &(*tiles)->next;
    if (tile) {
        *tile = (pt_tile){.title = title, .value = value, .note = note};
        *tiles = tile;
    }
}

void pt_draft_statement(pt_draft *d, pt_statement **list, const char *rule, const char *text, unsigned figure)
{
    pt_statement *s = keep(d, PT_NEW(d->arena, pt_statement));

    while (*list)
        list = &(*list)->next;
    if (s) {
        *s = (pt_statement){.rule = rule, .text = text, .figure = figure};
        *list = s;
    }
}

static bool make_room(pt_figure *f, pt_arena *arena)
{
    pt_figure_column *columns = PT_NEW_ARRAY(arena, pt_figure_column, f->n_columns);

    f->rows = PT_NEW_ARRAY(arena, const char *, f->n_rows);
    f->cells = PT_NEW_ARRAY(arena, pt_figure_cell, f->n_rows * f->n_columns);
    if (!columns || !f->rows || !f->cells)
        return false;
    for (size_t c = 0; c < f->n_columns; c++)
        columns[c] = (pt_figure_column){.title = ""};
    for (size_t r = 0; r < f->n_rows; r++)
        f->rows[r] = "";
    for (size_t i = 0; i < f->n_rows * f->n_columns; i++)
        f->cells[i] = (pt_figure_cell){(double)NAN, ""};
    f->columns = columns;
    return true;
}

pt_figure *pt_draft_figure(pt_draft *d, pt_chapter *chapter, pt_chart chart, const char *title, size_t n_rows,
                           size_t n_columns)
{
    pt_figure *f = keep(d, PT_NEW(d->arena, pt_figure)), **end = &chapter->figures;

    if (!f)
        return NULL;
    *f = (pt_figure){.chart = chart, .title = title, .row_title = "", .n_rows = n_rows, .n_columns = n_columns};
    if (!make_room(f, d->arena)) {
        d->words.failed = true;
        return NULL;
    }
    while (*end)
        end = &(*end)->next;
    f->number = ++d->report->n_figures;
    *end = f;
    return f;
}

void pt_figure_set(pt_figure *f, size_t row, size_t column, double value, const char *text)
{
    PT_ASSERT(row < f->n_rows && column < f->n_columns);
    f->cells[row * f->n_columns + column] = (pt_figure_cell){value, text};
}

bool pt_draft_allows(const pt_draft *d, uint32_t tag)
{
    const char *sensitivity = d->project->tags[tag].sensitivity;

    return !sensitivity || strcmp(sensitivity, "sensitive") != 0;
}

void pt_figure_columns(pt_draft *d, pt_figure *f, const char *const *titles, uint32_t drawn)
{
    pt_figure_column *columns = keep(d, PT_NEW_ARRAY(d->arena, pt_figure_column, f->n_columns));

    for (size_t c = 0; columns && c < f->n_columns; c++)
        columns[c] = (pt_figure_column){titles[c], drawn >> c & 1};
    if (columns)
        f->columns = columns;
}

void pt_hide_small(bool *hidden, const uint64_t *counts, size_t n, uint64_t total, uint64_t least)
{
    uint64_t left = total;

    for (size_t i = 0; i < n; i++) {
        hidden[i] = counts[i] && counts[i] < least;
        left -= hidden[i] || counts[i] > left ? 0 : counts[i];
    }
    while (left && left < least) {
        size_t smallest = n;
        for (size_t i = 0; i < n; i++)
            if (!hidden[i] && counts[i] && (smallest == n || counts[i] < counts[smallest]))
                smallest = i;
        if (smallest == n)
            return;
        hidden[smallest] = true;
        left += counts[smallest];
    }
}

void pt_draft_note(pt_draft *d, const char **note, const char *more)
{
    *note = *note ? pt_words_fill(&d->words, "{0} {1}", (const char *const[]){*note, more}, 2) : more;
}

int pt_draft_find(const pt_draft *d, const char *names)
{
    char name[64];

    for (;;) {
        size_t n = strcspn(names, "|");
        PT_ASSERT(n < sizeof name);
        memcpy(name, names, n);
        name[n] = '\0';
        int tag = pt_tag_for(d->project, name);
        if (tag < 0)
            tag = pt_project_find_tag(d->project, pt_sv_of(name));
        if (tag >= 0 || !names[n])
            return tag;
        names += n + 1;
    }
}

void pt_draft_terms(pt_draft *d, const pt_word terms[][2], size_t n, const char *made_of)
{
    pt_report_term *room = keep(d, PT_NEW_ARRAY(d->arena, pt_report_term, n));

    for (size_t i = 0; room && i < n; i++)
        room[i] = (pt_report_term){pt_word_text(&d->words, terms[i][0]), pt_word_text(&d->words, terms[i][1])};
    d->report->terms = room;
    d->report->n_terms = room ? n : 0;
    d->report->made_of = made_of;
}

pt_rc pt_draft_html(pt_str *out, const pt_draft *d, pt_err *err)
{
    PT_TRY(pt_words_check(&d->words, err));
    pt_report_html(out, d->report);
    return pt_str_check(out, err);
}
