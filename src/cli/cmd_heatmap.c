#include <math.h>

#include "cli/journeytext.h"

static const pt_text day_names[] = {PT_TEXT_DAY_MONDAY,   PT_TEXT_DAY_TUESDAY, PT_TEXT_DAY_WEDNESDAY,
                                    PT_TEXT_DAY_THURSDAY, PT_TEXT_DAY_FRIDAY,  PT_TEXT_DAY_SATURDAY,
                                    PT_TEXT_DAY_SUNDAY};

/* --- for people ------------------------------------------------------------------------------------------------------------- */

/* A cell's darkness: half of the busiest is half dark. */
static const char *shade(const pt_heat_cell *c, uint64_t most)
{
    static const char *const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};

    if (c->events == PT_HIDDEN)
        return " –";
    if (!c->events || !most)
        return shades[0];
    size_t level = (size_t)((double)c->events / (double)most * 4 + 0.5);
    return shades[level ? level : 1];
}

static void print_picture(pt_cli *cli, const pt_heatmap *m, uint64_t most)
{
    pt_str_addf(&cli->out, "\n  %*s", 5, "");
    for (int h = 0; h < 24; h += 3)
        pt_str_addf(&cli->out, "%02d    ", h);
    pt_str_addc(&cli->out, '\n');
    for (size_t d = 0; d < 7; d++) {
        pt_str_addf(&cli->out, "  %s  ", pt_cli_text(cli, day_names[d]));
        for (size_t h = 0; h < 24; h++)
            pt_str_add(&cli->out, shade(&m->cells[d][h], most));
        if (m->days[d].events != PT_HIDDEN && m->events)
            pt_str_addf(&cli->out, "  %4.1f%%", 100 * m->days[d].share);
        pt_str_addc(&cli->out, '\n');
    }
}

static const char *index_text(pt_cli *cli, const pt_heat_cell *c)
{
    return isnan(c->index) ? "–" : pt_arena_printf(cli->arena, "%.0f", c->index);
}

/* One row an hour, one column a day, so that it fits a page. */
static void print_table(pt_cli *cli, const pt_heatmap *m, bool index)
{
    static const pt_align align[] = {PT_LEFT,  PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT,
                                     PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *header[9] = {""};
    pt_table t;

    for (size_t d = 0; d < 7; d++)
        header[1 + d] = pt_cli_text(cli, day_names[d]);
    header[8] = pt_cli_text(cli, PT_TEXT_HEATMAP_WEEK);
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t h = 0; h < 24 && !m->days_only; h++) {
        const char *cells[9] = {pt_arena_printf(cli->arena, "%02zu:00", h)};
        for (size_t d = 0; d < 7; d++)
            cells[1 + d] = index ? index_text(cli, &m->cells[d][h]) : pt_journey_count(cli, m->cells[d][h].events);
        cells[8] = index ? index_text(cli, &m->hours[h]) : pt_journey_count(cli, m->hours[h].events);
        pt_table_row(&t, cells);
    }
    const char *days[9] = {pt_cli_text(cli, PT_TEXT_HEATMAP_DAY)};
    for (size_t d = 0; d < 7; d++)
        days[1 + d] = index ? index_text(cli, &m->days[d]) : pt_journey_count(cli, m->days[d].events);
    days[8] = index ? "" : pt_journey_count(cli, m->events);
    pt_table_row(&t, days);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_busiest(pt_cli *cli, const pt_heatmap *m)
{
    const pt_heat_cell *cells = &m->cells[0][0];
    size_t best = 7 * 24;

    for (size_t i = 0; i < 7 * 24; i++)
        if (cells[i].events != PT_HIDDEN && cells[i].events && (best == 7 * 24 || cells[i].events > cells[best].events))
            best = i;
    if (best < 7 * 24 && !m->days_only)
        PT_CLI_SAY(cli, HEATMAP_BUSIEST, pt_cli_text(cli, day_names[best / 24]),
                   pt_arena_printf(cli->arena, "%02zu:00", best % 24), pt_journey_count(cli, cells[best].events),
                   pt_arena_printf(cli->arena, "%.1f%%", 100 * cells[best].share));
}

static void print_heatmap(pt_cli *cli, const pt_project *p, const pt_heatmap *m)
{
    uint64_t most = 0;

    for (size_t i = 0; i < 7 * 24; i++)
        if (m->cells[i / 24][i % 24].events != PT_HIDDEN && m->cells[i / 24][i % 24].events > most)
            most = m->cells[i / 24][i % 24].events;
    pt_journey_head(cli, p, &m->about);
    PT_CLI_SAY(cli, HEATMAP_EVENT, m->event, pt_journey_count(cli, m->events), p->zone_name);
    if (m->days_only)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_HEATMAP_DAYS_ONLY));
    if (cli->width && !m->days_only)
        print_picture(cli, m, most);
    else
        print_table(cli, m, false);
    print_busiest(cli, m);
    if (m->about.segment[0]) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_HEATMAP_INDEX));
        print_table(cli, m, true);
    }
    if (m->hidden_cells)
        PT_CLI_SAY(cli, HEATMAP_HIDDEN, pt_journey_count(cli, m->hidden_cells),
                   pt_journey_count(cli, m->about.min_group));
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_cell(pt_json *j, const pt_heatmap *m, const pt_heat_cell *c)
{
    pt_json_open(j, '{');
    pt_journey_json_count(j, "events", c->events);
    pt_journey_json_count(j, "customers", c->customers);
    pt_json_put_number(j, "share", c->share);
    if (m->about.segment[0]) {
        pt_json_put_number(j, "index", c->index);
    }
    pt_json_close(j, '}');
}

static void json_cells(pt_json *j, const pt_heatmap *m, const pt_heat_cell *cells, size_t n)
{
    pt_json_open(j, '[');
    for (size_t i = 0; i < n; i++)
        json_cell(j, m, &cells[i]);
    pt_json_close(j, ']');
}

static void json_heatmap(pt_cli *cli, const pt_project *p, const pt_heatmap *m)
{
    pt_json j;

    pt_journey_json(&j, cli, p, &m->about);
    pt_json_put_cstr(&j, "event", m->event);
    pt_json_put_cstr(&j, "zone", p->zone_name);
    pt_journey_json_count(&j, "events", m->events);
    pt_journey_json_count(&j, "hidden_cells", m->hidden_cells);
    pt_json_put_bool(&j, "days_only", m->days_only);
    pt_json_key(&j, "week"); /* Monday first, 24 hours each */
    pt_json_open(&j, '[');
    for (size_t d = 0; d < 7; d++)
        json_cells(&j, m, m->cells[d], 24);
    pt_json_close(&j, ']');
    pt_json_key(&j, "days");
    json_cells(&j, m, m->days, 7);
    pt_json_key(&j, "hours");
    json_cells(&j, m, m->hours, 24);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

pt_rc pt_cmd_heatmap(pt_cli *cli, pt_err *err)
{
    const char *where = pt_cli_option(cli, "where");
    const char *event = where ? pt_arena_printf(cli->arena, "%s where %s", cli->args[0], where) : cli->args[0];
    pt_journey_options options;
    pt_heatmap *map = PT_NEW(cli->arena, pt_heatmap);
    pt_diags diags;
    pt_app *app;

    if (!event || !map)
        return pt_fail_nomem(err, "the hours");
    PT_TRY(pt_journey_begin(&options, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_heatmap(map, app, pt_sv_of(event), &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_heatmap(cli, pt_app_project(app), map);
    else if (rc == PT_OK)
        print_heatmap(cli, pt_app_project(app), map);
    return pt_journey_end(cli, &diags, rc);
}
