#include "cli/trendtext.h"

#include <math.h>

#include "cli/figures.h"

enum { MOST_POINTS = 24, MOST_COLUMNS = 7, SPARK_CELLS = 24 };

/* --- what all have ------------------------------------------------------------------------------------------------------- */

/* A table of points: a column a series, with a sparkline under it. */
typedef struct series {
    const char *title;
    const double *values;     /* by point; NaN: none */
    const char *const *texts; /* by point */
} series;

typedef struct grid {
    pt_cli *cli;
    const pt_project *project;
    const pt_trend_point *points;
    size_t n_points;
    series columns[MOST_COLUMNS];
    size_t n;
} grid;

const char *pt_cli_day(const pt_cli *cli, const pt_project *p, int64_t instant)
{
    int32_t date = pt_zone_date(p->zone, instant);
    char buf[64];

    if (instant == pt_zone_midnight(p->zone, date))
        pt_date_format(buf, date);
    else
        pt_instant_format(buf, instant, p->zone);
    return pt_arena_strdup(cli->arena, buf);
}

static const char *point_title(const grid *g, size_t point)
{
    const pt_trend_point *p = &g->points[point];

    return pt_arena_printf(g->cli->arena, "%s%s", pt_cli_day(g->cli, g->project, p->as_of), p->recomputed ? " *" : "");
}

/* Cells of a sparkline, so that the table fits. */
static size_t spark_cells(const grid *g)
{
    enum { FIRST_COLUMN = 16, LEAST = 6 };
    size_t room = g->cli->width > FIRST_COLUMN ? (g->cli->width - FIRST_COLUMN) / g->n : 0;

    return room < LEAST + 2 ? LEAST : room - 2 < SPARK_CELLS ? room - 2 : SPARK_CELLS;
}

/* The last points, and a line under them with the shape of all. */
static void print_grid(const grid *g)
{
    static const pt_align align[MOST_COLUMNS + 1] = {PT_LEFT,  PT_RIGHT, PT_RIGHT, PT_RIGHT,
                                                     PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *cells[MOST_COLUMNS + 1] = {pt_cli_text(g->cli, PT_TEXT_TREND_AS_OF)};
    size_t first = g->n_points > MOST_POINTS ? g->n_points - MOST_POINTS : 0;
    bool recomputed = false;
    char count[32];
    pt_table t;

    for (size_t c = 0; c < g->n; c++)
        cells[c + 1] = g->columns[c].title;
    pt_table_init(&t, g->cli->arena, g->n + 1, align, cells);
    for (size_t p = first; p < g->n_points; p++) {
        cells[0] = point_title(g, p);
        for (size_t c = 0; c < g->n; c++)
            cells[c + 1] = g->columns[c].texts[p];
        pt_table_row(&t, cells);
        recomputed |= g->points[p].recomputed;
    }
    if (g->cli->width && g->n_points > 1) {
        cells[0] = "";
        for (size_t c = 0; c < g->n; c++)
            cells[c + 1] = pt_cli_sparkline(g->cli, g->columns[c].values, g->n_points, spark_cells(g));
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &g->cli->out, g->cli->width, 2, g->cli->color);
    pt_table_free(&t);
    if (first)
        PT_CLI_SAY(g->cli, TREND_EARLIER, pt_format_count(count, first));
    if (recomputed)
        pt_str_add(&g->cli->out, pt_cli_text(g->cli, PT_TEXT_TREND_RECOMPUTED));
    if (g->n_points < 2)
        pt_str_add(&g->cli->out, pt_cli_text(g->cli, PT_TEXT_TREND_ONE_POINT));
}

/* Adds a column; its texts are made by the caller. False when there is no more room. */
static bool add_series(grid *g, const char *title, const double *values, const char *const *texts)
{
    if (g->n == MOST_COLUMNS)
        return false;
    g->columns[g->n++] = (series){title, values, texts};
    return true;
}

static bool new_series(const grid *g, double **values, const char ***texts)
{
    *values = PT_NEW_ARRAY(g->cli->arena, double, g->n_points);
    *texts = PT_NEW_ARRAY(g->cli->arena, const char *, g->n_points);
    return *values && *texts;
}

static void begin_json(pt_json *j, pt_cli *cli)
{
    pt_json_init(j, &cli->out, 0);
    pt_json_open(j, '{');
}

static void json_point(pt_json *j, const pt_project *p, const pt_trend_point *point)
{
    char buf[64];

    pt_json_put_cstr(j, "as_of", pt_instant_format(buf, point->as_of, p->zone));
    pt_json_put_cstr(j, "generation", point->generation);
    pt_json_put_bool(j, "recomputed", point->recomputed);
    pt_json_put_int(j, "customers", (int64_t)point->customers);
}

static double share_of(uint64_t part, uint64_t whole)
{
    return whole ? (double)part / (double)whole : NAN;
}

static const char *percent(const pt_cli *cli, double share)
{
    return isnan(share) ? "-" : pt_arena_printf(cli->arena, "%.1f%%", 100 * share);
}

/* --- a tag of values ----------------------------------------------------------------------------------------------------- */

/* Shares of a value among those who have one. */
static bool add_value(grid *g, const pt_tag_trend *t, const char *title, size_t value)
{
    const char **texts;
    double *values;

    if (!new_series(g, &values, &texts))
        return false;
    for (size_t p = 0; p < t->n_points; p++) {
        const pt_tag_figures *f = &t->figures[p];
        uint64_t n = !f->there ? 0 : value < t->n_values ? f->counts[value] : f->others;
        values[p] = f->there ? share_of(n, f->known) : NAN;
        texts[p] = percent(g->cli, values[p]);
    }
    return add_series(g, title, values, texts);
}

static bool add_known(grid *g, const pt_tag_trend *t)
{
    const char **texts;
    double *values;
    char count[32];

    if (!new_series(g, &values, &texts))
        return false;
    for (size_t p = 0; p < t->n_points; p++) {
        values[p] = t->figures[p].there ? (double)t->figures[p].known : NAN;
        texts[p] =
            t->figures[p].there ? pt_arena_strdup(g->cli->arena, pt_format_count(count, t->figures[p].known)) : "-";
    }
    return add_series(g, pt_cli_text(g->cli, PT_TEXT_TREND_KNOWN), values, texts);
}

static bool any_others(const pt_tag_trend *t)
{
    for (size_t p = 0; p < t->n_points; p++)
        if (t->figures[p].others)
            return true;
    return false;
}

/* As many values as there is room for; where some are left out, a column says how many customers have others. */
static bool add_values(grid *g, const pt_tag_trend *t, const pt_render_style *style)
{
    size_t room = MOST_COLUMNS - g->n, shown = t->n_values <= room && !any_others(t) ? t->n_values : room - 1;
    pt_tag_trend rest = *t;

    shown = shown < t->n_values ? shown : t->n_values;
    for (size_t v = 0; v < shown; v++) {
        pt_sv label = pt_render_label(style, (int)t->tag, t->values[v]);
        if (!add_value(g, t, pt_arena_strndup(g->cli->arena, label.ptr, label.len), v))
            return false;
    }
    if (shown == t->n_values && !any_others(t))
        return true;
    pt_tag_figures *figures = PT_NEW_ARRAY(g->cli->arena, pt_tag_figures, t->n_points);
    if (!figures)
        return false;
    for (size_t p = 0; p < t->n_points; p++) {
        figures[p] = t->figures[p];
        for (size_t v = shown; figures[p].there && v < t->n_values; v++)
            figures[p].others += figures[p].counts[v];
    }
    rest.figures = figures;
    return add_value(g, &rest, pt_cli_text(g->cli, PT_TEXT_TAG_OTHERS), t->n_values);
}

/* --- a tag of numbers ---------------------------------------------------------------------------------------------------- */

typedef double (*figure_of)(const pt_tag_figures *f);

static double mean_of(const pt_tag_figures *f)
{
    return f->mean;
}

static double p25_of(const pt_tag_figures *f)
{
    return f->p25;
}

static double median_of(const pt_tag_figures *f)
{
    return f->median;
}

static double p75_of(const pt_tag_figures *f)
{
    return f->p75;
}

static bool add_figure(grid *g, const pt_tag_trend *t, const pt_render_style *style, pt_text title, figure_of figure)
{
    const char **texts;
    double *values;

    if (!new_series(g, &values, &texts))
        return false;
    for (size_t p = 0; p < t->n_points; p++) {
        const pt_tag_figures *f = &t->figures[p];
        bool there = f->there && f->known;
        values[p] = there ? figure(f) : NAN;
        texts[p] = there ? pt_cli_figure(g->cli, style, t->tag, values[p]) : "-";
    }
    return add_series(g, pt_cli_text(g->cli, title), values, texts);
}

static bool add_figures(grid *g, const pt_tag_trend *t, const pt_render_style *style)
{
    return add_figure(g, t, style, PT_TEXT_TREND_MEAN, mean_of) && add_figure(g, t, style, PT_TEXT_TREND_P25, p25_of) &&
           add_figure(g, t, style, PT_TEXT_TREND_MEDIAN, median_of) &&
           add_figure(g, t, style, PT_TEXT_TREND_P75, p75_of);
}

static void json_figures(pt_json *j, const pt_project *p, const pt_tag_trend *t, const pt_tag_figures *f)
{
    static const char *const names[] = {"min", "p05", "p25", "median", "p75", "p95", "max", "mean"};
    const double values[] = {f->min, f->p05, f->p25, f->median, f->p75, f->p95, f->max, f->mean};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        pt_cli_json_bound(j, names[i], values[i], p->module->types[t->tag], p->zone);
}

static void json_values(pt_json *j, const pt_tag_trend *t, const pt_tag_figures *f)
{
    pt_json_put_open(j, "values", '{');
    for (size_t v = 0; v < t->n_values; v++) {
        pt_json_keysv(j, t->values[v]);
        pt_json_int(j, (int64_t)f->counts[v]);
    }
    pt_json_close(j, '}');
    pt_json_put_int(j, "others", (int64_t)f->others);
}

static void json_tag(pt_cli *cli, const pt_project *p, const pt_tag_trend *t)
{
    pt_json j;

    begin_json(&j, cli);
    pt_json_put_cstr(&j, "tag", p->tags[t->tag].name);
    pt_json_put_open(&j, "points", '[');
    for (size_t i = 0; i < t->n_points; i++) {
        const pt_tag_figures *f = &t->figures[i];
        if (!f->there)
            continue;
        pt_json_open(&j, '{');
        json_point(&j, p, &t->points[i]);
        pt_json_put_int(&j, "known", (int64_t)f->known);
        if (t->ordered && f->known)
            json_figures(&j, p, t, f);
        else if (!t->ordered)
            json_values(&j, t, f);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cli_tag_trend(pt_cli *cli, pt_app *app, uint32_t tag, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    pt_tag_trend t;

    PT_TRY(pt_app_tag_trend(&t, app, tag, cli->arena, err));
    if (cli->json) {
        json_tag(cli, p, &t);
        return PT_OK;
    }
    grid g = {.cli = cli, .project = p, .points = t.points, .n_points = t.n_points};
    if (!add_known(&g, &t) || !(t.ordered ? add_figures(&g, &t, &style) : add_values(&g, &t, &style)))
        return pt_fail_nomem(err, "a trend");
    pt_str_addf(&cli->out, "%s\n", pt_cli_tag_label(cli, p, tag));
    print_grid(&g);
    return PT_OK;
}

/* --- a segment ----------------------------------------------------------------------------------------------------------- */

static void json_segment(pt_cli *cli, const pt_project *p, const pt_segment_trend *t)
{
    pt_json j;

    begin_json(&j, cli);
    pt_json_put_cstr(&j, "segment", t->segment);
    pt_json_put_open(&j, "points", '[');
    for (size_t i = 0; i < t->n_points; i++) {
        pt_json_open(&j, '{');
        json_point(&j, p, &t->points[i]);
        pt_json_put_int(&j, "members", (int64_t)t->members[i]);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static bool add_sizes(grid *g, const pt_segment_trend *t)
{
    const char **members, **shares;
    double *sizes, *parts;
    char count[32];

    if (!new_series(g, &sizes, &members) || !new_series(g, &parts, &shares))
        return false;
    for (size_t i = 0; i < t->n_points; i++) {
        sizes[i] = (double)t->members[i];
        members[i] = pt_arena_strdup(g->cli->arena, pt_format_count(count, t->members[i]));
        parts[i] = share_of(t->members[i], t->points[i].customers);
        shares[i] = percent(g->cli, parts[i]);
    }
    return add_series(g, pt_cli_text(g->cli, PT_TEXT_COUNT_MEMBERS), sizes, members) &&
           add_series(g, pt_cli_text(g->cli, PT_TEXT_COUNT_SHARE), parts, shares);
}

pt_rc pt_cli_segment_trend(pt_cli *cli, pt_app *app, const char *segment, const char *label, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_segment_trend t;

    PT_TRY(pt_app_segment_trend(&t, app, segment, cli->arena, err));
    if (cli->json) {
        json_segment(cli, p, &t);
        return PT_OK;
    }
    grid g = {.cli = cli, .project = p, .points = t.points, .n_points = t.n_points};
    if (!add_sizes(&g, &t))
        return pt_fail_nomem(err, "a trend");
    pt_str_addf(&cli->out, "%s\n", label);
    print_grid(&g);
    return PT_OK;
}

/* --- quality ------------------------------------------------------------------------------------------------------------- */

static bool add_scores(grid *g, const char *title, const double *scores, size_t stride)
{
    const char **texts;
    double *values;

    if (!new_series(g, &values, &texts))
        return false;
    for (size_t i = 0; i < g->n_points; i++) {
        values[i] = scores[i * stride];
        texts[i] = isnan(values[i]) ? "-" : pt_arena_printf(g->cli->arena, "%.1f", values[i]);
    }
    return add_series(g, title, values, texts);
}

static void json_scores(pt_cli *cli, const pt_project *p, const pt_quality_trend *t)
{
    pt_json j;

    begin_json(&j, cli);
    pt_json_put_open(&j, "points", '[');
    for (size_t i = 0; i < t->n_points; i++) {
        pt_json_open(&j, '{');
        json_point(&j, p, &t->points[i]);
        pt_json_put_number(&j, "score", t->totals[i]);
        pt_json_put_open(&j, "sources", '{');
        for (size_t s = 0; s < t->n_sources; s++) {
            pt_json_put_number(&j, t->sources[s], t->scores[i * t->n_sources + s]);
        }
        pt_json_close(&j, '}');
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static bool add_sources(grid *g, const pt_quality_trend *t, int only)
{
    if (only >= 0)
        return add_scores(g, t->sources[only], t->scores + only, t->n_sources);
    if (!add_scores(g, pt_cli_text(g->cli, PT_TEXT_TREND_SCORE), t->totals, 1))
        return false;
    for (size_t s = 0; s < t->n_sources && g->n < MOST_COLUMNS; s++)
        if (!add_scores(g, t->sources[s], t->scores + s, t->n_sources))
            return false;
    return true;
}

pt_rc pt_cli_quality_trend(pt_cli *cli, pt_app *app, const char *source, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    int only = source ? pt_project_find_source(p, pt_sv_of(source)) : -1;
    pt_quality_trend t;
    char count[32];

    if (source && only < 0)
        return pt_fail(err, PT_ENOTFOUND, "there is no source '%.60s'", source);
    PT_TRY(pt_app_quality_trend(&t, app, cli->arena, err));
    if (cli->json) {
        json_scores(cli, p, &t);
        return PT_OK;
    }
    grid g = {.cli = cli, .project = p, .points = t.points, .n_points = t.n_points};
    if (!add_sources(&g, &t, only))
        return pt_fail_nomem(err, "a trend");
    print_grid(&g);
    if (only < 0 && t.n_sources >= MOST_COLUMNS)
        PT_CLI_SAY(cli, TREND_MORE_SOURCES, pt_format_count(count, t.n_sources + 1 - MOST_COLUMNS));
    return PT_OK;
}
