#include "cli/flowchain.h"

#include "base/time.h"

static double days(double steps, const pt_flow_chain *c)
{
    return steps * (double)c->step / (double)PT_DAY;
}

static const char *days_text(pt_cli *cli, double steps, const pt_flow_chain *c)
{
    char text[32];

    if (!isfinite(steps))
        return pt_cli_text(cli, PT_TEXT_FLOW_CHAIN_NEVER);
    return pt_arena_strdup(cli->arena, pt_format_count(text, (uint64_t)(days(steps, c) + 0.5)));
}

static const char *share_text(pt_cli *cli, double share)
{
    return pt_arena_printf(cli->arena, "%.1f%%", 100 * share);
}

void pt_flowchain_print(pt_cli *cli, const pt_project *p, const pt_flow *f, const pt_flow_chain *c)
{
    enum { COLUMNS = 5 };
    static const pt_align align[COLUMNS] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *cells[COLUMNS] = {"", pt_cli_text(cli, PT_TEXT_FLOW_CHAIN_STAYS),
                                  pt_cli_text(cli, PT_TEXT_FLOW_CHAIN_DAYS), pt_cli_text(cli, PT_TEXT_FLOW_CHAIN_NOW),
                                  pt_cli_text(cli, PT_TEXT_FLOW_CHAIN_END)};
    char step[32];
    pt_table t;

    if (c->n == 0)
        return;
    pt_str_addc(&cli->out, '\n');
    PT_CLI_SAY(cli, FLOW_CHAIN_HEAD, pt_format_count(step, (uint64_t)(days(1, c) + 0.5)));
    pt_table_init(&t, cli->arena, COLUMNS, align, cells);
    for (size_t i = 0; i < c->n; i++) {
        cells[0] = pt_gridtext_value(cli, p, f->tag, f->values[c->values[i]]);
        cells[1] = share_text(cli, c->p[i * c->n + i]);
        cells[2] = days_text(cli, c->stay[i], c);
        cells[3] = share_text(cli, c->now[i]);
        cells[4] = share_text(cli, c->long_run[i]);
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void json_cells(pt_json *j, const char *key, const pt_flow *f, const pt_flow_chain *c, const double *cells,
                       bool in_days)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < c->n * c->n; i++) {
        pt_json_open(j, '{');
        pt_gridtext_json_value(j, "from", f->values[c->values[i / c->n]]);
        pt_gridtext_json_value(j, "to", f->values[c->values[i % c->n]]);
        pt_gridtext_json_number(j, in_days ? "days" : "share", in_days ? days(cells[i], c) : cells[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

void pt_flowchain_json(pt_json *j, const pt_flow *f, const pt_flow_chain *c)
{
    pt_json_put_open(j, "chain", '{');
    pt_gridtext_json_number(j, "step_days", days(1, c));
    pt_json_put_open(j, "values", '[');
    for (size_t i = 0; i < c->n; i++) {
        pt_json_open(j, '{');
        pt_gridtext_json_value(j, "value", f->values[c->values[i]]);
        pt_gridtext_json_number(j, "stay_days", days(c->stay[i], c));
        pt_gridtext_json_number(j, "now", c->now[i]);
        pt_gridtext_json_number(j, "long_run", c->long_run[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    json_cells(j, "transitions", f, c, c->p, false);
    json_cells(j, "first_passage", f, c, c->passage, true);
    pt_json_close(j, '}');
}
