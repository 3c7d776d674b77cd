#include "report/pictures.h"

#include <math.h>

enum { MOST_NODES = 14, MOST_BELOW = 4, MOST_COHORTS = 13, MOST_PERIODS = 12, MOST_LINES = 5 };

static const char *few(pt_draft *d, uint32_t min_group)
{
    return PT_WORDS(&d->words, FEW, pt_words_count(&d->words, min_group));
}

/* A number of customers and their share, or that they are too few. */
static void set_group(pt_draft *d, pt_figure *f, size_t row, size_t column, uint64_t n, bool hidden, uint32_t min_group)
{
    pt_figure_set(f, row, column, hidden ? (double)NAN : (double)n,
                  hidden ? few(d, min_group) : pt_words_count(&d->words, n));
}

static const char *hidden_note(pt_draft *d, uint64_t hidden, uint32_t min_group)
{
    pt_words *w = &d->words;

    return hidden ? PT_WORDS(w, NOTE_HIDDEN_GROUPS, pt_words_count(w, hidden), pt_words_count(w, min_group)) : NULL;
}

static const char *text_value(pt_words *w, uint32_t tag, pt_sv text)
{
    return text.ptr ? pt_words_value(w, tag, &(pt_bar){.text = text}) : PT_WORD(w, NO_VALUE);
}

/* --- pyramid -------------------------------------------------------------------------------------------------------------- */

static const char *band_name(pt_words *w, uint32_t age, const pt_pyramid_band *band)
{
    if (band->value.ptr)
        return text_value(w, age, band->value);
    if (band->low < 0)
        return PT_WORDS(w, RANGE_BELOW, pt_words_count(w, (uint64_t)band->high + 1));
    return band->high < 0
               ? PT_WORDS(w, RANGE_FROM, pt_words_count(w, (uint64_t)band->low))
               : PT_WORDS(w, RANGE, pt_words_count(w, (uint64_t)band->low), pt_words_count(w, (uint64_t)band->high));
}

static bool band_is_shown(const pt_pyramid_band *band)
{
    return !band->missing && (band->counts[0] || band->counts[1] || band->hidden[0] || band->hidden[1]);
}

void pt_draw_pyramid(pt_draft *d, pt_chapter *chapter, const pt_pyramid *in)
{
    pt_words *w = &d->words;
    size_t n = 0, row = 0;
    uint64_t shown = 0;

    for (size_t i = 0; i < in->n_bands; i++) {
        n += band_is_shown(&in->bands[i]);
        shown += in->bands[i].missing ? 0 : in->bands[i].counts[0] + in->bands[i].counts[1];
    }
    if (!shown || !in->sides[0].ptr || !in->sides[1].ptr || !pt_draft_allows(d, (uint32_t)in->age) ||
        !pt_draft_allows(d, (uint32_t)in->gender))
        return;
    const char *title =
        PT_WORDS(w, FIGURE_PYRAMID, pt_words_tag(w, (uint32_t)in->age), pt_words_tag(w, (uint32_t)in->gender));
    pt_figure *f = pt_draft_figure(d, chapter, PT_CHART_PYRAMID, title, n, 2);
    if (!f)
        return;
    pt_figure_columns(d, f,
                      (const char *const[]){text_value(w, (uint32_t)in->gender, in->sides[0]),
                                            text_value(w, (uint32_t)in->gender, in->sides[1])},
                      3);
    f->row_title = pt_words_tag(w, (uint32_t)in->age);
    for (size_t i = in->n_bands; i-- > 0;) { /* the oldest on top */
        const pt_pyramid_band *band = &in->bands[i];
        if (!band_is_shown(band))
            continue;
        f->rows[row] = band_name(w, (uint32_t)in->age, band);
        for (size_t side = 0; side < 2; side++)
            set_group(d, f, row, side, band->counts[side], band->hidden[side], in->head.min_group);
        row++;
    }
    f->note = hidden_note(d, in->head.hidden, in->head.min_group);
}

/* --- trees ---------------------------------------------------------------------------------------------------------------- */

static bool node_is_shown(const pt_levels *in, size_t i)
{
    return in->nodes[i].value.ptr && in->nodes[i].members >= in->head.min_group;
}

/* The nodes to show, in their order: of each parent no more than a few, and no more than fit. */
static size_t choose_nodes(size_t out[MOST_NODES], const pt_levels *in)
{
    size_t n = 0;
    int parent = -1, below = 0;

    for (size_t i = 0; i < in->n_nodes && n < MOST_NODES; i++) {
        const pt_level_node *node = &in->nodes[i];
        below = node->parent == parent && node->parent >= 0 ? below + 1 : 0;
        parent = node->parent;
        if (node_is_shown(in, i) && below < MOST_BELOW)
            out[n++] = i;
    }
    return n;
}

static const char *node_name(pt_words *w, const pt_levels *in, const pt_level_node *node)
{
    const char *name = text_value(w, (uint32_t)in->tags[node->depth], node->value);

    if (node->parent < 0)
        return name;
    const pt_level_node *above = &in->nodes[node->parent];
    return PT_WORDS(w, NODE_BELOW, text_value(w, (uint32_t)in->tags[above->depth], above->value), name);
}

void pt_draw_levels(pt_draft *d, pt_chapter *chapter, const pt_levels *in, const char *title)
{
    size_t nodes[MOST_NODES], n = choose_nodes(nodes, in);
    pt_words *w = &d->words;

    for (unsigned t = 0; t < in->n_tags; t++)
        if (!pt_draft_allows(d, (uint32_t)in->tags[t]))
            return;
    pt_figure *f = n ? pt_draft_figure(d, chapter, PT_CHART_BARS, title, n, 2) : NULL;
    if (!f)
        return;
    pt_figure_columns(d, f, (const char *const[]){PT_WORD(w, COLUMN_CUSTOMERS), PT_WORD(w, COLUMN_SHARE)}, 2);
    f->row_title = PT_WORD(w, COLUMN_VALUE);
    for (size_t i = 0; i < n; i++) {
        const pt_level_node *node = &in->nodes[nodes[i]];
        double share = (double)node->members / (double)in->head.members;
        f->rows[i] = node_name(w, in, node);
        pt_figure_set(f, i, 0, (double)node->members, pt_words_count(w, node->members));
        pt_figure_set(f, i, 1, share, pt_words_share(w, share));
    }
    f->about = PT_WORD(w, ABOUT_LEVELS);
    f->note = hidden_note(d, in->head.hidden, in->head.min_group);
}

/* --- RFM ------------------------------------------------------------------------------------------------------------------ */

void pt_draw_rfm(pt_draft *d, pt_chapter *chapter, const pt_rfm *in)
{
    pt_words *w = &d->words;
    const char *titles[PT_RFM_SCORES];
    uint64_t shown = 0;

    for (size_t r = 0; r < PT_RFM_SCORES; r++)
        for (size_t c = 0; c < PT_RFM_SCORES; c++)
            shown += in->cells[r][c].hidden ? 0 : in->cells[r][c].members;
    pt_figure *f =
        shown ? pt_draft_figure(d, chapter, PT_CHART_CELLS, PT_WORD(w, FIGURE_RFM), PT_RFM_SCORES, PT_RFM_SCORES)
              : NULL;
    if (!f)
        return;
    f->about = PT_WORD(w, ABOUT_RFM);
    f->row_title = PT_WORD(w, COLUMN_RECENCY);
    f->note = hidden_note(d, in->head.hidden, in->head.min_group);
    for (size_t c = 0; c < PT_RFM_SCORES; c++)
        titles[c] = PT_WORDS(w, F_SCORE, pt_words_count(w, c + 1));
    pt_figure_columns(d, f, titles, (1u << PT_RFM_SCORES) - 1);
    for (size_t row = 0; row < PT_RFM_SCORES; row++) {
        size_t r = PT_RFM_SCORES - 1 - row; /* the most recent on top */
        f->rows[row] = PT_WORDS(w, R_SCORE, pt_words_count(w, r + 1));
        for (size_t c = 0; c < PT_RFM_SCORES; c++)
            set_group(d, f, row, c, in->cells[r][c].members, in->cells[r][c].hidden, in->head.min_group);
    }
}

/* --- flow ----------------------------------------------------------------------------------------------------------------- */

/* Those without a value are a row and a column only when there are any. */
static size_t flow_values(const pt_flow *in)
{
    uint64_t without = 0;
    size_t last = in->n - 1;

    for (size_t i = 0; i < in->n; i++)
        without += in->counts[last * in->n + i] + in->counts[i * in->n + last] + in->hidden[last * in->n + i] +
                   in->hidden[i * in->n + last];
    return without ? in->n : last;
}

static void fill_flow(pt_draft *d, pt_figure *f, const pt_flow *in, const char *const *names)
{
    for (size_t row = 0; row < f->n_rows; row++) {
        f->rows[row] = names[row];
        for (size_t c = 0; c < f->n_columns; c++)
            set_group(d, f, row, c, in->counts[row * in->n + c], in->hidden[row * in->n + c], in->head.min_group);
    }
}

void pt_draw_flow(pt_draft *d, pt_chapter *chapter, const pt_flow *in)
{
    enum { MOST_VALUES = 12 };
    const char *title = PT_WORDS(&d->words, FIGURE_FLOW, pt_words_tag(&d->words, (uint32_t)in->tag)),
               *names[MOST_VALUES];
    pt_words *w = &d->words;

    if (!pt_draft_allows(d, (uint32_t)in->tag) || in->n < 2 || in->n > MOST_VALUES || in->stayed < in->head.min_group)
        return;
    size_t n = flow_values(in);
    pt_figure *f = pt_draft_figure(d, chapter, PT_CHART_CELLS, title, n, n);
    if (!f)
        return;
    for (size_t i = 0; i < n; i++)
        names[i] = text_value(w, (uint32_t)in->tag, in->values[i]);
    pt_figure_columns(d, f, names, UINT32_MAX);
    f->about = PT_WORDS(w, ABOUT_FLOW, pt_words_day(w, in->from.as_of), pt_words_day(w, in->to.as_of));
    f->row_title = pt_words_day(w, in->from.as_of);
    f->note = hidden_note(d, in->head.hidden, in->head.min_group);
    fill_flow(d, f, in, names);
}

/* --- hours of the week ---------------------------------------------------------------------------------------------------- */

static const pt_word weekdays[7] = {PT_WORD_MONDAY, PT_WORD_TUESDAY,  PT_WORD_WEDNESDAY, PT_WORD_THURSDAY,
                                    PT_WORD_FRIDAY, PT_WORD_SATURDAY, PT_WORD_SUNDAY};

static void fill_hours(pt_draft *d, pt_figure *f, const pt_heatmap *in)
{
    pt_words *w = &d->words;

    for (size_t day = 0; day < 7; day++) {
        f->rows[day] = pt_word_text(w, weekdays[day]);
        for (size_t hour = 0; hour < 24; hour++) {
            const pt_heat_cell *cell = &in->cells[day][hour];
            bool hidden = isnan(cell->share);
            pt_figure_set(f, day, hour, cell->share,
                          hidden ? few(d, in->about.min_group) : pt_words_share(w, cell->share));
        }
    }
}

void pt_draw_heatmap(pt_draft *d, pt_chapter *chapter, const pt_heatmap *in)
{
    const char *titles[24];
    pt_words *w = &d->words;

    if (!in->events || in->days_only)
        return;
    pt_figure *f = pt_draft_figure(d, chapter, PT_CHART_CELLS, PT_WORD(w, FIGURE_HOURS), 7, 24);
    if (!f)
        return;
    for (size_t hour = 0; hour < 24; hour++)
        titles[hour] = pt_words_count(w, hour);
    pt_figure_columns(d, f, titles, (1u << 24) - 1);
    f->wide = true;
    f->about = PT_WORD(w, ABOUT_HOURS);
    f->row_title = PT_WORD(w, COLUMN_WEEKDAY);
    f->note = hidden_note(d, in->hidden_cells, in->about.min_group);
    fill_hours(d, f, in);
}

/* --- cohorts -------------------------------------------------------------------------------------------------------------- */

static const char *month_name(pt_words *w, int32_t day)
{
    int32_t year, month, date;

    pt_date_to_civil(&year, &month, &date, day);
    const char *name = pt_arena_printf(w->arena, "%04d-%02d", year, month);
    w->failed |= !name;
    return name ? name : "";
}

/* The share that came back; NaN when it is hidden or not there yet. */
static double cohort_share(const pt_cohort_cell *cell)
{
    bool hidden = cell->active == PT_HIDDEN || cell->base == PT_HIDDEN;

    return hidden || !cell->base || cell->partial ? (double)NAN : (double)cell->active / (double)cell->base;
}

static bool cohort_is_shown(const pt_cohort_row *in)
{
    for (size_t k = 1; k < in->n_cells; k++)
        if (!isnan(cohort_share(&in->cells[k])))
            return true;
    return false;
}

static void fill_cohort(pt_draft *d, pt_figure *f, size_t row, const pt_cohort_row *in, uint32_t min_group)
{
    pt_words *w = &d->words;

    f->rows[row] = month_name(w, in->start);
    pt_figure_set(f, row, 0, (double)NAN, pt_words_count(w, in->customers));
    for (size_t k = 1; k < f->n_columns && k < in->n_cells; k++) {
        double share = cohort_share(&in->cells[k]);
        bool hidden = in->cells[k].active == PT_HIDDEN;
        pt_figure_set(f, row, k, share, hidden ? few(d, min_group) : pt_words_share(w, share));
    }
}

/* The latest cohorts that show anything, and how many columns they fill. */
static size_t choose_cohorts(const pt_cohort_row *out[MOST_COHORTS], size_t *columns, const pt_cohort *in)
{
    size_t n = 0;

    *columns = 1;
    for (size_t r = 0; r < in->n_rows; r++) {
        if (!cohort_is_shown(&in->rows[r]))
            continue;
        if (n == MOST_COHORTS)
            memmove(out, out + 1, --n * sizeof *out);
        out[n++] = &in->rows[r];
        *columns = in->rows[r].n_cells > *columns ? in->rows[r].n_cells : *columns;
    }
    *columns = *columns > MOST_PERIODS + 1 ? MOST_PERIODS + 1 : *columns;
    return n;
}

void pt_draw_cohort(pt_draft *d, pt_chapter *chapter, const pt_cohort *in)
{
    const pt_cohort_row *rows[MOST_COHORTS];
    const char *titles[MOST_PERIODS + 1];
    size_t columns, n = choose_cohorts(rows, &columns, in);
    pt_words *w = &d->words;

    if (in->of >= 0 || n < 2 || columns < 3)
        return;
    pt_figure *f = pt_draft_figure(d, chapter, PT_CHART_CELLS, PT_WORD(w, FIGURE_COHORT), n, columns);
    if (!f)
        return;
    titles[0] = PT_WORD(w, COLUMN_CUSTOMERS);
    for (size_t k = 1; k < columns; k++)
        titles[k] = PT_WORDS(w, PERIOD, pt_words_count(w, k));
    pt_figure_columns(d, f, titles, UINT32_MAX - 1);
    f->wide = true;
    f->about = PT_WORD(w, ABOUT_COHORT);
    f->row_title = PT_WORD(w, COLUMN_FIRST_MONTH);
    f->note = hidden_note(d, in->hidden_rows, in->about.min_group);
    for (size_t r = 0; r < n; r++)
        fill_cohort(d, f, r, rows[r], in->about.min_group);
}

/* --- trends --------------------------------------------------------------------------------------------------------------- */

static pt_figure *trend_figure(pt_draft *d, pt_chapter *chapter, const char *title, const pt_trend_point *points,
                               size_t n, size_t columns)
{
    pt_figure *f = n < 2 ? NULL : pt_draft_figure(d, chapter, PT_CHART_LINES, title, n, columns);

    for (size_t i = 0; f && i < n; i++)
        f->rows[i] = pt_words_day(&d->words, points[i].as_of);
    if (f)
        f->row_title = PT_WORD(&d->words, COLUMN_AS_OF);
    return f;
}

/* The share of a value at a point; NaN when it is not known, or of too few. */
static double trend_share(const pt_draft *d, const pt_tag_trend *in, size_t point, size_t value)
{
    const pt_tag_figures *figures = &in->figures[point];
    bool hidden[PT_TREND_VALUES];

    if (!figures->there || figures->known < d->project->min_group || in->n_values > PT_TREND_VALUES)
        return (double)NAN;
    pt_hide_small(hidden, figures->counts, in->n_values, figures->known, d->project->min_group);
    return hidden[value] ? (double)NAN : (double)figures->counts[value] / (double)figures->known;
}

/* The values that have a line: customers at two points at least. */
static size_t choose_lines(size_t out[MOST_LINES], const pt_draft *d, const pt_tag_trend *in)
{
    size_t n = 0;

    for (size_t v = 0; v < in->n_values && n < MOST_LINES; v++) {
        size_t points = 0;
        for (size_t i = 0; i < in->n_points; i++)
            points += trend_share(d, in, i, v) > 0;
        if (points >= 2)
            out[n++] = v;
    }
    return n;
}

static void fill_trend(pt_draft *d, pt_figure *f, const pt_tag_trend *in, const size_t *values)
{
    pt_words *w = &d->words;

    for (size_t i = 0; i < in->n_points; i++)
        for (size_t c = 0; c < f->n_columns; c++) {
            double share = trend_share(d, in, i, values[c]);
            pt_figure_set(f, i, c, share, isnan(share) ? PT_WORD(w, NONE) : pt_words_share(w, share));
        }
}

void pt_draw_tag_trend(pt_draft *d, pt_chapter *chapter, const pt_tag_trend *in)
{
    size_t values[MOST_LINES], n = in->ordered ? 0 : choose_lines(values, d, in);
    pt_words *w = &d->words;
    const char *titles[MOST_LINES], *title = PT_WORDS(w, FIGURE_TREND, pt_words_tag(w, in->tag));

    if (!n || !pt_draft_allows(d, in->tag))
        return;
    pt_figure *f = trend_figure(d, chapter, title, in->points, in->n_points, n);
    if (!f)
        return;
    for (size_t c = 0; c < n; c++)
        titles[c] = text_value(w, in->tag, in->values[values[c]]);
    pt_figure_columns(d, f, titles, UINT32_MAX);
    fill_trend(d, f, in, values);
}

static void say_size(pt_draft *d, pt_report_part *part, const pt_segment_trend *in, unsigned figure)
{
    uint64_t now = in->members[in->n_points - 1], before = in->members[in->n_points - 2];
    pt_word word = now > before ? PT_WORD_SAY_GREW : now < before ? PT_WORD_SAY_SHRANK : PT_WORD_SAY_SAME;
    pt_words *w = &d->words;
    const char *const args[] = {pt_words_count(w, before), pt_words_count(w, now),
                                pt_words_day(w, in->points[in->n_points - 2].as_of),
                                PT_WORDS(w, FIGURE_INSIDE, pt_words_count(w, figure))};

    pt_draft_statement(d, &part->conclusions, "size", pt_words_fill(w, pt_word_text(w, word), args, PT_COUNT(args)),
                       figure);
}

void pt_draw_segment_trend(pt_draft *d, pt_report_part *part, pt_chapter *chapter, const pt_segment_trend *in)
{
    pt_words *w = &d->words;
    pt_figure *f = trend_figure(d, chapter, PT_WORD(w, FIGURE_SIZE), in->points, in->n_points, 1);

    if (!f)
        return;
    pt_figure_columns(d, f, (const char *const[]){PT_WORD(w, COLUMN_CUSTOMERS)}, 1);
    for (size_t i = 0; i < in->n_points; i++)
        pt_figure_set(f, i, 0, (double)in->members[i], pt_words_count(w, in->members[i]));
    say_size(d, part, in, f->number);
}

void pt_draw_quality_trend(pt_draft *d, pt_chapter *chapter, const pt_quality_trend *in)
{
    pt_words *w = &d->words;
    pt_figure *f = trend_figure(d, chapter, PT_WORD(w, FIGURE_QUALITY_TREND), in->points, in->n_points, 1);

    if (!f)
        return;
    pt_figure_columns(d, f, (const char *const[]){PT_WORD(w, COLUMN_SCORE)}, 1);
    for (size_t i = 0; i < in->n_points; i++)
        pt_figure_set(f, i, 0, in->totals[i],
                      isnan(in->totals[i]) ? PT_WORD(w, NONE) : pt_words_index(w, in->totals[i]));
}
