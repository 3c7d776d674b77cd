#include <math.h>

#include "cli/journeytext.h"

enum { FEWEST_PERIODS = 3, CELL_WIDTH = 8 };

/* --- for people ------------------------------------------------------------------------------------------------------------- */

static const char *row_title(pt_cli *cli, const pt_project *p, const pt_cohort *c, const pt_cohort_row *row)
{
    int32_t year, month, day;
    char date[40];

    if (row == &c->all)
        return pt_cli_text(cli, PT_TEXT_COHORT_ALL);
    if (row->start == PT_I32_MISSING)
        return pt_journey_group(cli, p, (uint32_t)c->of, &row->value);
    if (c->every == PT_EVERY_WEEK)
        return pt_arena_printf(cli->arena, "%s", pt_date_format(date, row->start));
    pt_date_to_civil(&year, &month, &day, row->start);
    return pt_arena_printf(cli->arena, "%04d-%02d", year, month);
}

/* A money or number column's sum, a customer's share of it: what a cohort is worth for each who came. */
static const char *sum_text(pt_cli *cli, double sum, uint64_t base)
{
    double each = base ? sum / (double)base : 0;

    return isnan(sum) || base == PT_HIDDEN ? "–" : pt_arena_printf(cli->arena, each < 100 ? "%.2f" : "%.0f", each);
}

static const char *cell_text(pt_cli *cli, const pt_cohort *c, const pt_cohort_cell *cell)
{
    static const char *const levels[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    const char *mark = cell->partial ? "*" : "";

    if (c->sum >= 0)
        return pt_arena_printf(cli->arena, "%s%s", sum_text(cli, cell->sum, cell->base), mark);
    if (cell->active == PT_HIDDEN)
        return pt_arena_printf(cli->arena, "%s%s", pt_journey_bounds(cli, cell->least, cell->most, cell->base), mark);
    double share = cell->base ? (double)cell->active / (double)cell->base : 0;
    const char *level = cli->width ? levels[(size_t)(share * 8 + 0.5)] : "";
    return pt_arena_printf(cli->arena, "%s%.1f%s%s", level, 100 * share, "%", mark);
}

/* How many columns fit the terminal. */
static size_t columns_that_fit(const pt_cli *cli, const pt_cohort *c)
{
    size_t most = 0, fit = cli->width > 30 ? (cli->width - 24) / CELL_WIDTH : FEWEST_PERIODS;

    for (size_t i = 0; i < c->n_rows; i++)
        most = c->rows[i].n_cells > most ? c->rows[i].n_cells : most;
    if (!cli->width)
        return most;
    fit = fit < FEWEST_PERIODS ? FEWEST_PERIODS : fit;
    return most < fit ? most : fit;
}

static void add_row(pt_cli *cli, pt_table *t, const pt_project *p, const pt_cohort *c, const pt_cohort_row *row,
                    size_t n)
{
    const char *cells[2 + PT_COHORT_MOST_PERIODS + 1] = {row_title(cli, p, c, row),
                                                         pt_journey_count(cli, row->customers)};

    for (size_t k = 0; k < n; k++)
        cells[2 + k] = k < row->n_cells ? cell_text(cli, c, &row->cells[k]) : "";
    pt_table_row(t, cells);
}

static bool any_partial(const pt_cohort *c)
{
    for (size_t i = 0; i < c->n_rows; i++)
        for (size_t k = 0; k < c->rows[i].n_cells; k++)
            if (c->rows[i].cells[k].partial)
                return true;
    return false;
}

static void print_notes(pt_cli *cli, const pt_cohort *c)
{
    const char *least = pt_journey_count(cli, c->about.min_group);

    pt_str_addc(&cli->out, '\n');
    if (any_partial(c))
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_COHORT_PARTIAL));
    if (c->of < 0 && c->n_rows && c->rows[0].start == c->data_begins)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_COHORT_FIRST));
    if (c->hidden_rows)
        PT_CLI_SAY(cli, COHORT_HIDDEN_ROWS, pt_journey_count(cli, c->hidden_rows),
                   pt_journey_count(cli, c->hidden_customers), least);
    PT_CLI_SAY(cli, COHORT_HIDDEN, least);
}

static void print_cohort(pt_cli *cli, const pt_project *p, const pt_cohort *c)
{
    size_t n = columns_that_fit(cli, c);
    const char *header[2 + PT_COHORT_MOST_PERIODS + 1] = {"", pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS)};
    pt_align align[2 + PT_COHORT_MOST_PERIODS + 1] = {PT_LEFT};
    pt_table t;

    header[0] = c->of >= 0 ? pt_cli_tag_label(cli, p, c->of)
                           : pt_cli_text(cli, c->every == PT_EVERY_WEEK ? PT_TEXT_COHORT_WEEK : PT_TEXT_COHORT_MONTH);
    for (size_t k = 0; k <= n; k++)
        align[1 + k] = PT_RIGHT;
    for (size_t k = 0; k < n; k++)
        header[2 + k] = pt_arena_printf(cli->arena, k ? "+%zu" : "%zu", k);
    pt_journey_head(cli, p, &c->about);
    PT_CLI_SAY(cli, COHORT_EVENT, c->event,
               pt_cli_text(cli, c->sum >= 0     ? PT_TEXT_COHORT_SUM
                                : c->cumulative ? PT_TEXT_COHORT_CAME_BACK
                                                : PT_TEXT_COHORT_SHARE));
    pt_table_init(&t, cli->arena, 2 + n, align, header);
    for (size_t i = 0; i < c->n_rows; i++)
        add_row(cli, &t, p, c, &c->rows[i], n);
    if (c->n_rows > 1)
        add_row(cli, &t, p, c, &c->all, n);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    print_notes(cli, c);
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_cell(pt_json *j, const pt_cohort *c, const pt_cohort_cell *cell)
{
    pt_json_open(j, '{');
    pt_journey_json_count(j, "base", cell->base);
    pt_journey_json_count(j, "active", cell->active);
    if (cell->active == PT_HIDDEN && cell->base != PT_HIDDEN) {
        pt_journey_json_count(j, "least", cell->least);
        pt_journey_json_count(j, "most", cell->most);
    }
    if (c->sum >= 0) {
        pt_json_put_number(j, "sum", cell->sum);
    }
    pt_json_put_bool(j, "partial", cell->partial);
    pt_json_close(j, '}');
}

static void json_row(pt_json *j, const pt_project *p, const pt_cohort *c, const pt_cohort_row *row)
{
    char date[40];

    pt_json_open(j, '{');
    if (row->start != PT_I32_MISSING) {
        pt_json_put_cstr(j, "start", pt_date_format(date, row->start));
    } else if (row != &c->all) {
        pt_journey_json_value(j, p, (uint32_t)c->of, &row->value);
    }
    pt_journey_json_count(j, "customers", row->customers);
    pt_json_put_open(j, "periods", '[');
    for (size_t k = 0; k < row->n_cells; k++)
        json_cell(j, c, &row->cells[k]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_cohort(pt_cli *cli, const pt_project *p, const pt_cohort *c)
{
    char date[40];
    pt_json j;

    pt_journey_json(&j, cli, p, &c->about);
    pt_json_put_cstr(&j, "event", c->event);
    pt_json_put_cstr(&j, "every", c->every == PT_EVERY_WEEK ? "week" : "month");
    pt_json_put_bool(&j, "cumulative", c->cumulative);
    if (c->sum >= 0) {
        pt_json_put_cstr(&j, "sum", p->sources[c->source].columns[c->sum].name);
    }
    if (c->of >= 0) {
        pt_json_put_cstr(&j, "of", p->tags[c->of].name);
    }
    pt_json_put_cstr(&j, "data_begins", pt_date_format(date, c->data_begins));
    pt_json_put_open(&j, "cohorts", '[');
    for (size_t i = 0; i < c->n_rows; i++)
        json_row(&j, p, c, &c->rows[i]);
    pt_json_close(&j, ']');
    pt_json_key(&j, "all");
    json_row(&j, p, c, &c->all);
    pt_journey_json_count(&j, "hidden_cohorts", c->hidden_rows);
    pt_journey_json_count(&j, "hidden_customers", c->hidden_customers);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

/* "customers" or "sum(column)". */
static pt_rc read_measure(pt_cohort_question *q, const pt_cli *cli, pt_err *err)
{
    pt_sv measure = pt_journey_text(cli, "measure");

    if (!measure.len || pt_sv_eq(measure, pt_sv_of("customers")))
        return PT_OK;
    if (measure.len < 6 || memcmp(measure.ptr, "sum(", 4) != 0 || measure.ptr[measure.len - 1] != ')')
        return pt_fail(err, PT_EINVAL, "--measure takes customers or sum(COLUMN), not '%.*s'", (int)measure.len,
                       measure.ptr);
    q->sum = pt_sv_trim((pt_sv){measure.ptr + 4, measure.len - 5});
    return PT_OK;
}

static pt_rc read_question(pt_cohort_question *q, pt_journey_options *options, const pt_cli *cli, pt_err *err)
{
    pt_sv every = pt_journey_text(cli, "every");

    *q = (pt_cohort_question){.event = pt_sv_of(cli->args[0]),
                              .periods = 12,
                              .of = pt_journey_text(cli, "of"),
                              .cumulative = pt_cli_option(cli, "cumulative") != NULL,
                              .from = PT_I32_MISSING,
                              .to = PT_I32_MISSING};
    if (pt_sv_eq(every, pt_sv_of("week")))
        q->every = PT_EVERY_WEEK;
    else if (every.len && !pt_sv_eq(every, pt_sv_of("month")))
        return pt_fail(err, PT_EINVAL, "--every takes month or week, not '%.*s'", (int)every.len, every.ptr);
    PT_TRY(read_measure(q, cli, err));
    PT_TRY(pt_journey_number(&q->periods, cli, "periods", PT_COHORT_MOST_PERIODS, err));
    PT_TRY(pt_journey_day(&q->from, cli, "from", err));
    PT_TRY(pt_journey_day(&q->to, cli, "to", err));
    return pt_journey_begin(options, cli, err);
}

pt_rc pt_cmd_cohort(pt_cli *cli, pt_err *err)
{
    pt_journey_options options;
    pt_cohort_question question;
    pt_cohort cohort;
    pt_diags diags;
    pt_app *app;

    PT_TRY(read_question(&question, &options, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_cohort(&cohort, app, &question, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_cohort(cli, pt_app_project(app), &cohort);
    else if (rc == PT_OK)
        print_cohort(cli, pt_app_project(app), &cohort);
    return pt_journey_end(cli, &diags, rc);
}
