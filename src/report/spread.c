/* Figures of how all customers spread over a tag. A group smaller than the project's smallest is never shown. */
#include <math.h>
#include <stdlib.h>

#include "app/tag_for.h"
#include "app/view.h"
#include "report/draft.h"

enum { TENTHS = 10 };

typedef struct spread {
    pt_draft *draft;
    uint32_t tag;
    const pt_distribution *from;
    bool list, ranges;
    bool *hidden; /* by bar */
    size_t n_hidden;
    size_t first, end; /* the bars from the first to past the last that are shown */
} spread;

static bool has_digit(pt_sv text)
{
    for (size_t i = 0; i < text.len; i++)
        if (pt_is_digit(text.ptr[i]))
            return true;
    return false;
}

/* Bands ("25-34", "Under 15K") stand in the order of their numbers, not by how many are in them. Of what has further values
 * that are not among the bars, the order stays. */
static pt_rc order_bands(spread *s, pt_distribution *d, pt_err *err)
{
    const pt_project *p = s->draft->project;
    pt_arena *arena = s->draft->arena;
    pt_bar *bars = PT_NEW_ARRAY(arena, pt_bar, d->n_bars + 1);
    pt_sv *values = PT_NEW_ARRAY(arena, pt_sv, d->n_bars + 1);
    uint32_t *rank = PT_NEW_ARRAY(arena, uint32_t, d->n_bars + 1);

    if (!bars || !values || !rank)
        return pt_fail_nomem(err, "the report");
    for (size_t i = 0; i < d->n_bars; i++) {
        values[i] = d->bars[i].text;
        if (s->list || d->others || !values[i].ptr || !has_digit(values[i]))
            return PT_OK;
    }
    PT_TRY(pt_tag_order(rank, p, s->tag, values, d->n_bars, arena, err));
    for (size_t i = 0; i < d->n_bars; i++)
        bars[rank[i]] = d->bars[i];
    d->bars = bars;
    return PT_OK;
}

/* Of lists a customer is in several groups: there is no total to tell small ones by. */
static bool hide_bars(spread *s)
{
    const pt_distribution *d = s->from;
    uint64_t *counts = PT_NEW_ARRAY(s->draft->arena, uint64_t, d->n_bars + 1);

    s->hidden = PT_NEW_ARRAY(s->draft->arena, bool, d->n_bars + 1);
    if (!counts || !s->hidden) {
        s->draft->words.failed = true;
        return false;
    }
    for (size_t i = 0; i < d->n_bars; i++)
        counts[i] = d->bars[i].count;
    pt_hide_small(s->hidden, counts, d->n_bars, s->list ? 0 : d->known, s->draft->project->min_group);
    return true;
}

/* Values nobody has have no row; of ranges all from the first to the last that is shown have one. */
static bool has_row(const spread *s, size_t bar)
{
    return s->ranges || (!s->hidden[bar] && s->from->bars[bar].count);
}

static size_t count_rows(spread *s)
{
    uint64_t shown = 0;
    size_t n = 0;

    s->first = s->from->n_bars;
    for (size_t i = 0; i < s->from->n_bars; i++) {
        s->n_hidden += s->hidden[i];
        if (s->hidden[i] || !s->from->bars[i].count)
            continue;
        s->first = n++ ? s->first : i;
        s->end = i + 1;
        shown += s->from->bars[i].count;
    }
    if (!s->ranges)
        return n;
    return n > 1 && 2 * shown >= s->from->known ? s->end - s->first : 0; /* less would be no picture of them */
}

static void fill_row(spread *s, pt_figure *f, size_t row, size_t at)
{
    const pt_bar *bar = &s->from->bars[at];
    pt_words *w = &s->draft->words;
    double share = (double)bar->count / (double)s->from->known;

    f->rows[row] = pt_words_value(w, s->tag, bar);
    if (s->hidden[at]) {
        pt_figure_set(f, row, 0, (double)NAN, PT_WORD(w, NONE));
        pt_figure_set(f, row, 1, (double)NAN, PT_WORD(w, NONE));
        return;
    }
    pt_figure_set(f, row, 0, (double)bar->count, pt_words_count(w, bar->count));
    pt_figure_set(f, row, 1, share, pt_words_share(w, share));
}

static const char *make_note(spread *s)
{
    pt_words *w = &s->draft->words;
    const pt_distribution *d = s->from;
    const char *least = pt_words_count(w, s->draft->project->min_group), *note = NULL;

    if (d->customers - d->known >= s->draft->project->min_group)
        pt_draft_note(s->draft, &note,
                      PT_WORDS(w, NOTE_KNOWN, pt_words_count(w, d->known), pt_words_count(w, d->customers),
                               pt_words_share(w, (double)d->known / (double)d->customers)));
    if (s->n_hidden && s->ranges)
        pt_draft_note(s->draft, &note, PT_WORDS(w, NOTE_HIDDEN_RANGES, pt_words_count(w, s->n_hidden), least));
    else if (s->n_hidden)
        pt_draft_note(s->draft, &note, PT_WORDS(w, NOTE_HIDDEN, pt_words_count(w, s->n_hidden), least));
    if (s->list)
        pt_draft_note(s->draft, &note, d->others ? PT_WORD(w, NOTE_OTHER_ITEMS) : PT_WORD(w, NOTE_ITEMS));
    else if (d->others >= s->draft->project->min_group)
        pt_draft_note(s->draft, &note, PT_WORDS(w, NOTE_OTHERS, pt_words_count(w, d->others)));
    return note;
}

static void add_fact(spread *s, const pt_figure *f, size_t row, const pt_bar *bar)
{
    pt_fact fact = {.tag = s->tag,
                    .value = bar->text,
                    .value_text = f->rows[row],
                    .share = f->cells[row * f->n_columns + 1].value,
                    .figure = f->number};
    if (bar->text.ptr)
        pt_draft_fact(s->draft, &fact);
}

static void fill_rows(spread *s, pt_figure *f)
{
    for (size_t i = s->first, row = 0; i < s->end; i++) {
        if (!has_row(s, i))
            continue;
        fill_row(s, f, row, i);
        add_fact(s, f, row++, &s->from->bars[i]);
    }
}

pt_rc pt_draft_distribution(pt_figure **out, pt_draft *d, pt_chapter *chapter, uint32_t tag, pt_err *err)
{
    pt_type type = d->project->module->types[tag];
    pt_distribution from;
    pt_words *w = &d->words;

    *out = NULL;
    PT_TRY(pt_app_distribution(&from, d->app, tag, d->arena, err));
    spread s = {.draft = d, .tag = tag, .from = &from, .list = pt_type_is_list(type), .ranges = from.ordered};
    PT_TRY(order_bands(&s, &from, err));
    size_t n = hide_bars(&s) ? count_rows(&s) : 0;
    if (from.known < d->project->min_group || n == 0 || (from.ordered && from.distinct < 2))
        return PT_OK;
    pt_figure *f = pt_draft_figure(d, chapter, s.ranges ? PT_CHART_COLUMNS : PT_CHART_BARS, pt_words_tag(w, tag), n, 2);
    if (!f)
        return pt_words_check(w, err);
    pt_figure_columns(d, f, (const char *const[]){PT_WORD(w, COLUMN_CUSTOMERS), PT_WORD(w, COLUMN_SHARE)}, 2);
    f->row_title = PT_WORD(w, COLUMN_VALUE);
    fill_rows(&s, f);
    f->note = make_note(&s);
    *out = f;
    return pt_words_check(w, err);
}

/* --- tenths --------------------------------------------------------------------------------------------------------------- */

static int descending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? 1 : x > y ? -1 : 0;
}

/* The sums of the tenths of sorted values; false when there is nothing to share. */
static bool sum_tenths(double sums[TENTHS], const int64_t *values, size_t n)
{
    double all = 0;

    for (size_t t = 0; t < TENTHS; t++) {
        sums[t] = 0;
        for (size_t i = n * t / TENTHS; i < n * (t + 1) / TENTHS; i++)
            sums[t] += (double)values[i];
        all += sums[t];
    }
    for (size_t t = 0; t < TENTHS && all > 0; t++)
        sums[t] /= all;
    return all > 0 && values[n - 1] >= 0;
}

static void fill_tenths(pt_draft *d, pt_figure *f, uint32_t tag, const double *sums, size_t n)
{
    pt_words *w = &d->words;

    pt_figure_columns(d, f, (const char *const[]){PT_WORD(w, COLUMN_CUSTOMERS), PT_WORD(w, COLUMN_SHARE_OF)}, 2);
    f->row_title = PT_WORDS(w, COLUMN_TENTH, pt_words_tag(w, tag));
    for (size_t t = 0; t < TENTHS; t++) {
        uint64_t customers = n * (t + 1) / TENTHS - n * t / TENTHS;
        f->rows[t] = t ? PT_WORDS(w, TENTH, pt_words_count(w, t + 1)) : PT_WORD(w, TENTH_FIRST);
        pt_figure_set(f, t, 0, (double)customers, pt_words_count(w, customers));
        pt_figure_set(f, t, 1, sums[t], pt_words_share(w, sums[t]));
    }
    pt_draft_fact(d,
                  &(pt_fact){.tag = tag, .value = PT_SV("top_fifth"), .share = sums[0] + sums[1], .figure = f->number});
}

static size_t known_values(int64_t *values, const pt_column *c, uint32_t rows)
{
    size_t n = 0;

    for (uint32_t i = 0; i < rows; i++)
        if (!pt_column_missing(c, i))
            values[n++] = ((const int64_t *)c->data)[i];
    qsort(values, n, sizeof *values, descending);
    return n;
}

pt_rc pt_draft_tenths(pt_figure **out, pt_draft *d, pt_chapter *chapter, uint32_t tag, pt_err *err)
{
    double sums[TENTHS];
    const pt_column *c;
    pt_view *v;

    *out = NULL;
    PT_TRY(pt_app_view(&v, d->app, err));
    PT_TRY(pt_view_column(&c, v, tag, err));
    if (!c || c->type != PT_TYPE_MONEY)
        return PT_OK;
    int64_t *values = malloc((size_t)v->n_ordinals * sizeof *values + 1);
    if (!values)
        return pt_fail_nomem(err, "the report");
    size_t n = known_values(values, c, v->n_ordinals);
    if (n / TENTHS >= d->project->min_group && sum_tenths(sums, values, n)) {
        const char *title = PT_WORDS(&d->words, FIGURE_TENTHS, pt_words_tag(&d->words, tag));
        *out = pt_draft_figure(d, chapter, PT_CHART_COLUMNS, title, TENTHS, 2);
        if (*out)
            fill_tenths(d, *out, tag, sums, n);
    }
    free(values);
    return pt_words_check(&d->words, err);
}
