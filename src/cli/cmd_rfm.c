#include <math.h>

#include "app/rfm.h"
#include "cli/gridtext.h"

enum { BAR_CELLS = 20 };

/* --- for people ------------------------------------------------------------------------------------------------------------ */

static const char *class_text(pt_cli *cli, const pt_project *p, const pt_rfm *r, pt_sv value)
{
    static const struct {
        const char *name;
        pt_text text;
    } names[] = {
        {"important_value", PT_TEXT_RFM_IMPORTANT_VALUE}, {"important_develop", PT_TEXT_RFM_IMPORTANT_DEVELOP},
        {"important_keep", PT_TEXT_RFM_IMPORTANT_KEEP},   {"important_win_back", PT_TEXT_RFM_IMPORTANT_WIN_BACK},
        {"general_value", PT_TEXT_RFM_GENERAL_VALUE},     {"general_develop", PT_TEXT_RFM_GENERAL_DEVELOP},
        {"general_keep", PT_TEXT_RFM_GENERAL_KEEP},       {"general_win_back", PT_TEXT_RFM_GENERAL_WIN_BACK}};

    for (size_t i = 0; r->class_tag < 0 && i < PT_COUNT(names); i++)
        if (pt_sv_eq(value, pt_sv_of(names[i].name)))
            return pt_cli_text(cli, names[i].text);
    return pt_gridtext_value(cli, p, r->class_tag, value);
}

/* A mean as the tag's values are shown, to one decimal where they are plain numbers. */
static const char *mean_text(pt_cli *cli, const pt_project *p, int tag, double v)
{
    const pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};

    if (!isfinite(v))
        return "";
    if (p->module->types[tag] == PT_TYPE_MONEY)
        return pt_cli_figure(cli, &style, (uint32_t)tag, v * (double)PT_MONEY_UNIT);
    return pt_arena_printf(cli->arena, "%.1f", v);
}

static void print_classes(pt_cli *cli, const pt_project *p, const pt_rfm *r)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_BARS};
    uint64_t most = 1;
    pt_table t;

    for (size_t i = 0; i < r->n_classes; i++)
        most = r->classes[i].members > most ? r->classes[i].members : most;
    pt_table_init(&t, cli->arena, PT_COUNT(align), align,
                  (const char *const[]){pt_cli_text(cli, PT_TEXT_RFM_CLASS), pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS),
                                        pt_cli_text(cli, PT_TEXT_COUNT_SHARE), "R", "F", "M",
                                        pt_cli_text(cli, PT_TEXT_RFM_MONEY_SHARE), ""});
    for (size_t i = 0; i <= r->n_classes; i++) {
        const pt_rfm_group *g = i < r->n_classes ? &r->classes[i] : &r->all;
        if (!g->members && !g->hidden)
            continue;
        const char *money_share =
            isfinite(g->money_share) ? pt_arena_printf(cli->arena, "%.1f%%", 100 * g->money_share) : "";
        pt_table_row(&t, (const char *const[]){
                             i < r->n_classes ? class_text(cli, p, r, g->value) : pt_cli_text(cli, PT_TEXT_RFM_ALL),
                             pt_gridtext_count(cli, g->members, g->hidden),
                             pt_gridtext_share(cli, g->members, r->all.members, g->hidden),
                             mean_text(cli, p, r->tags[0], g->recency), mean_text(cli, p, r->tags[1], g->frequency),
                             mean_text(cli, p, r->tags[2], g->money), money_share,
                             i < r->n_classes ? pt_cli_bar(cli, g->members, most, BAR_CELLS) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* Darker for more customers. */
static const char *shade_of(const pt_cli *cli, uint64_t n, uint64_t most)
{
    static const char *const shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};

    if (!cli->width)
        return "";
    return shades[n ? 1 + (n * 4 - 1) / (most ? most : 1) % 4 : 0];
}

static const char *cell_text(pt_cli *cli, const pt_project *p, const pt_rfm *r, const pt_rfm_group *g, uint64_t most)
{
    if (!g->members)
        return g->hidden ? pt_gridtext_count(cli, 0, true) : "";
    return pt_arena_printf(cli->arena, cli->width ? "%s · %s %s" : "%s · %s%s",
                           pt_gridtext_count(cli, g->members, false), mean_text(cli, p, r->tags[2], g->money),
                           shade_of(cli, g->members, most));
}

static void print_grid(pt_cli *cli, const pt_project *p, const pt_rfm *r)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    uint64_t most = 0;
    pt_table t;

    for (size_t i = 0; i < PT_RFM_SCORES; i++)
        for (size_t k = 0; k < PT_RFM_SCORES; k++)
            most = r->cells[i][k].members > most ? r->cells[i][k].members : most;
    if (!most)
        return;
    pt_str_addc(&cli->out, '\n');
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_RFM_GRID));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, (const char *const[]){"", "F 1", "F 2", "F 3", "F 4", "F 5"});
    for (size_t i = PT_RFM_SCORES; i-- > 0;) {
        const char *cells[PT_RFM_SCORES + 1] = {pt_arena_printf(cli->arena, "R %zu", i + 1)};
        for (size_t k = 0; k < PT_RFM_SCORES; k++)
            cells[k + 1] = cell_text(cli, p, r, &r->cells[i][k], most);
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_rfm(pt_cli *cli, const pt_project *p, const pt_rfm *r)
{
    char without[32];

    pt_gridtext_head(cli, p, &r->head);
    if (pt_gridtext_small(cli, &r->head))
        return;
    if (!r->all.members && !r->all.hidden) {
        PT_CLI_SAY(cli, RFM_NOBODY, p->tags[r->tags[0]].name, p->tags[r->tags[1]].name, p->tags[r->tags[2]].name);
        return;
    }
    PT_CLI_SAY(cli, RFM_TAGS, pt_cli_tag_label(cli, p, r->tags[0]), pt_cli_tag_label(cli, p, r->tags[1]),
               pt_cli_tag_label(cli, p, r->tags[2]));
    if (r->class_tag >= 0)
        PT_CLI_SAY(cli, RFM_BY_TAG, p->tags[r->class_tag].name);
    else
        PT_CLI_SAY(cli, RFM_BY_MEANS, mean_text(cli, p, r->tags[0], r->thresholds[0]),
                   mean_text(cli, p, r->tags[1], r->thresholds[1]), mean_text(cli, p, r->tags[2], r->thresholds[2]));
    pt_str_addc(&cli->out, '\n');
    print_classes(cli, p, r);
    print_grid(cli, p, r);
    pt_str_addc(&cli->out, '\n');
    if (r->without)
        PT_CLI_SAY(cli, RFM_WITHOUT, pt_format_count(without, r->without));
    pt_gridtext_hidden(cli, &r->head);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

static void json_group(pt_json *j, const pt_rfm_group *g)
{
    pt_gridtext_json_shown(j, "customers", g->members, g->hidden);
    pt_gridtext_json_number(j, "recency", g->recency);
    pt_gridtext_json_number(j, "frequency", g->frequency);
    pt_gridtext_json_number(j, "money", g->money);
    pt_gridtext_json_number(j, "money_share", g->money_share);
}

static void json_tags(pt_json *j, const pt_project *p, const pt_rfm *r)
{
    static const char *const keys[] = {"recency_tag", "frequency_tag", "money_tag"};
    static const char *const means[] = {"recency_mean", "frequency_mean", "money_mean"};

    for (size_t i = 0; i < PT_COUNT(keys); i++) {
        pt_json_put_cstr(j, keys[i], p->tags[r->tags[i]].name);
    }
    pt_json_key(j, "class_tag");
    if (r->class_tag >= 0)
        pt_json_cstr(j, p->tags[r->class_tag].name);
    else
        pt_json_null(j);
    for (size_t i = 0; i < PT_COUNT(means) && r->class_tag < 0; i++)
        pt_gridtext_json_number(j, means[i], r->thresholds[i]);
}

static void json_rfm(pt_cli *cli, const pt_project *p, const pt_rfm *r)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_gridtext_json_head(&j, p, &r->head);
    json_tags(&j, p, r);
    pt_json_put_open(&j, "classes", '[');
    for (size_t i = 0; i < r->n_classes; i++) {
        pt_json_open(&j, '{');
        pt_gridtext_json_value(&j, "class", r->classes[i].value);
        json_group(&j, &r->classes[i]);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "cells", '[');
    for (size_t i = 0; i < (size_t)PT_RFM_SCORES * PT_RFM_SCORES; i++) {
        pt_json_open(&j, '{');
        pt_gridtext_json_count(&j, "r", i / PT_RFM_SCORES + 1);
        pt_gridtext_json_count(&j, "f", i % PT_RFM_SCORES + 1);
        json_group(&j, &r->cells[i / PT_RFM_SCORES][i % PT_RFM_SCORES]);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_rfm(pt_cli *cli, pt_err *err)
{
    pt_rfm_options options = {.tags = {pt_gridtext_option(cli, "recency"), pt_gridtext_option(cli, "frequency"),
                                       pt_gridtext_option(cli, "money")}};
    pt_grid_question q;
    pt_rfm rfm;

    PT_TRY(pt_gridtext_begin(&q, cli, err));
    options.crowd = q.crowd;
    pt_rc rc = pt_app_rfm(&rfm, q.app, q.condition, &options, &q.diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_rfm(cli, q.project, &rfm);
    else if (rc == PT_OK)
        print_rfm(cli, q.project, &rfm);
    return pt_gridtext_end(&q, cli, rc);
}
