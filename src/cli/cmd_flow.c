#include "cli/flowchain.h"

/* --- for people ------------------------------------------------------------------------------------------------------------ */

static const char *end_text(pt_cli *cli, const pt_project *p, const pt_flow_end *e)
{
    const char *when = pt_format_as_of(cli, p, e->as_of);

    return e->generation ? pt_arena_printf(cli->arena, "%s (%s)", when, e->generation) : when;
}

static const char *cell_text(pt_cli *cli, const pt_flow *f, size_t from, size_t to)
{
    size_t at = from * f->n + to;

    if (!f->counts[at] && !f->hidden[at])
        return "";
    const char *count = pt_gridtext_count(cli, f->counts[at], f->hidden[at]);
    const char *share = pt_gridtext_share(cli, f->counts[at], f->before[from], f->hidden[at]);
    return share[0] ? pt_arena_printf(cli->arena, "%s %6s", count, share) : count;
}

static pt_rc print_matrix(pt_cli *cli, const pt_project *p, const pt_flow *f, pt_err *err)
{
    size_t columns = f->n + 2;
    pt_align *align = PT_NEW_ARRAY(cli->arena, pt_align, columns);
    const char **cells = PT_NEW_ARRAY(cli->arena, const char *, columns);
    pt_table t;

    if (!align || !cells)
        return pt_fail_nomem(err, "a table");
    cells[0] = pt_cli_text(cli, PT_TEXT_FLOW_FROM_TO);
    for (size_t i = 0; i < f->n; i++)
        cells[i + 1] = pt_gridtext_value(cli, p, f->tag, f->values[i]);
    cells[f->n + 1] = pt_cli_text(cli, PT_TEXT_FLOW_TOTAL);
    for (size_t i = 1; i < columns; i++)
        align[i] = PT_RIGHT;
    pt_table_init(&t, cli->arena, columns, align, cells);
    for (size_t from = 0; from < f->n; from++) {
        cells[0] = pt_gridtext_value(cli, p, f->tag, f->values[from]);
        for (size_t to = 0; to < f->n; to++)
            cells[to + 1] = cell_text(cli, f, from, to);
        bool anybody = false;
        for (size_t to = 0; to < f->n; to++)
            anybody |= f->counts[from * f->n + to] || f->hidden[from * f->n + to];
        cells[f->n + 1] = pt_gridtext_count(cli, f->before[from], !f->before[from]);
        if (anybody)
            pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    return PT_OK;
}

/* The moves of most customers, as a list: what a matrix does not say at a glance. */
static void print_moves(pt_cli *cli, const pt_project *p, const pt_flow *f)
{
    enum { MOST_MOVES = 5, BAR_CELLS = 24 };
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_LEFT};
    uint64_t most = 0, below = UINT64_MAX;
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, NULL);
    for (size_t shown = 0; shown < MOST_MOVES;) {
        uint64_t next = 0;
        for (size_t i = 0; i < f->n * f->n; i++)
            if (i / f->n != i % f->n && f->counts[i] < below && f->counts[i] > next)
                next = f->counts[i];
        if (!next)
            break;
        most = most ? most : next;
        for (size_t i = 0; i < f->n * f->n && shown < MOST_MOVES; i++)
            if (i / f->n != i % f->n && f->counts[i] == next) {
                const char *title =
                    pt_arena_printf(cli->arena, "%s → %s", pt_gridtext_value(cli, p, f->tag, f->values[i / f->n]),
                                    pt_gridtext_value(cli, p, f->tag, f->values[i % f->n]));
                pt_table_row(&t, (const char *const[]){title, pt_gridtext_count(cli, next, false),
                                                       pt_cli_bar(cli, next, most, BAR_CELLS)});
                shown++;
            }
        below = next;
    }
    pt_str_addc(&cli->out, '\n');
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static pt_rc print_flow(pt_cli *cli, const pt_project *p, const pt_flow *f, const pt_flow_chain *c, pt_err *err)
{
    char stayed[32], moved[32], entered[32], left[32];

    pt_str_addf(&cli->out, "%s\n", f->head.text[0] ? f->head.text : pt_cli_text(cli, PT_TEXT_COUNT_ALL));
    PT_CLI_SAY(cli, FLOW_HEAD, pt_cli_tag_label(cli, p, f->tag), end_text(cli, p, &f->from), end_text(cli, p, &f->to));
    pt_str_addc(&cli->out, '\n');
    if (pt_gridtext_small(cli, &f->head))
        return PT_OK;
    PT_TRY(print_matrix(cli, p, f, err));
    if (f->moved + f->entered + f->left)
        print_moves(cli, p, f);
    pt_str_addc(&cli->out, '\n');
    PT_CLI_SAY(cli, FLOW_SUMS, pt_format_count(stayed, f->stayed), pt_format_count(moved, f->moved),
               pt_format_count(entered, f->entered), pt_format_count(left, f->left));
    pt_flowchain_print(cli, p, f, c);
    pt_gridtext_hidden(cli, &f->head);
    return PT_OK;
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

static void json_end(pt_json *j, const char *key, const pt_project *p, const pt_flow_end *e)
{
    char as_of[64];

    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, e->as_of, p->zone));
    if (e->generation) {
        pt_json_put_cstr(j, "build", e->generation);
    }
    pt_json_close(j, '}');
}

static void json_moves(pt_json *j, const pt_flow *f)
{
    pt_json_put_open(j, "moves", '[');
    for (size_t i = 0; i < f->n * f->n; i++) {
        if (!f->counts[i] && !f->hidden[i])
            continue;
        pt_json_open(j, '{');
        pt_gridtext_json_value(j, "from", f->values[i / f->n]);
        pt_gridtext_json_value(j, "to", f->values[i % f->n]);
        pt_gridtext_json_shown(j, "customers", f->counts[i], f->hidden[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_flow(pt_cli *cli, const pt_project *p, const pt_flow *f, const pt_flow_chain *c)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_gridtext_json_head(&j, p, &f->head);
    pt_json_put_cstr(&j, "tag", p->tags[f->tag].name);
    json_end(&j, "from", p, &f->from);
    json_end(&j, "to", p, &f->to);
    pt_gridtext_json_count(&j, "stayed", f->stayed);
    pt_gridtext_json_count(&j, "moved", f->moved);
    pt_gridtext_json_count(&j, "entered", f->entered);
    pt_gridtext_json_count(&j, "left", f->left);
    json_moves(&j, f);
    pt_flowchain_json(&j, f, c);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- who moved ------------------------------------------------------------------------------------------------------------- */

static void write_ids(pt_cli *cli, const pt_sv *ids, size_t n)
{
    pt_json j;

    if (!cli->json) {
        for (size_t i = 0; i < n; i++) {
            pt_str_addsv(&cli->out, ids[i]);
            pt_str_addc(&cli->out, '\n');
        }
        return;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < n; i++)
        pt_json_text(&j, ids[i]);
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}

/* "active:sleeping"; an empty side is no value. */
static pt_rc list_movers(pt_cli *cli, pt_grid_question *q, const pt_flow_options *options, const char *move,
                         pt_err *err)
{
    const char *colon = strchr(move, ':');
    const pt_sv *ids;
    size_t n;

    if (!colon) {
        pt_fail(err, PT_EINVAL, "--list '%.40s' does not say from which value to which", move);
        return pt_err_hint(err, "--list active:sleeping");
    }
    PT_TRY(pt_app_flow_members(&ids, &n, q->app, q->condition, (pt_sv){move, (size_t)(colon - move)},
                               pt_sv_of(colon + 1), options, &q->diags, cli->arena, err));
    write_ids(cli, ids, n);
    return PT_OK;
}

static pt_rc show_flow(pt_cli *cli, pt_grid_question *q, const pt_flow_options *options, pt_err *err)
{
    pt_flow_chain chain;
    pt_flow flow;

    PT_TRY(pt_app_flow(&flow, q->app, q->condition, options, &q->diags, cli->arena, err));
    PT_TRY(pt_flow_chain_of(&chain, &flow, cli->arena, err));
    if (!cli->json)
        return print_flow(cli, q->project, &flow, &chain, err);
    json_flow(cli, q->project, &flow, &chain);
    return PT_OK;
}

pt_rc pt_cmd_flow(pt_cli *cli, pt_err *err)
{
    const char *move = pt_cli_option(cli, "list");
    pt_flow_options options = {.tag = pt_sv_of(cli->n_args ? cli->args[0] : ""),
                               .from = pt_gridtext_option(cli, "from"),
                               .to = pt_gridtext_option(cli, "to")};
    pt_grid_question q;

    PT_TRY(pt_gridtext_begin(&q, cli, err));
    options.crowd = q.crowd;
    pt_rc rc = move ? list_movers(cli, &q, &options, move, err) : show_flow(cli, &q, &options, err);
    return pt_gridtext_end(&q, cli, rc);
}
