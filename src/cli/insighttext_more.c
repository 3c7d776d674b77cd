/* The parts of --by and the tables of --cross. */
#include <math.h>

#include "cli/insighttext.h"

static const double BEYOND_CHANCE = 2.576; /* of an adjusted residual: 99 % of chance lies within */

static void print_title(pt_cli *cli, const char *text)
{
    pt_str_addf(&cli->out, "\n%s%s%s\n", cli->color ? "\033[1m" : "", text, cli->color ? "\033[0m" : "");
}

/* --- parts ------------------------------------------------------------------------------------------------------------------ */

/* "Age band: 35-44 (TGI 210), ..." */
static const char *traits_text(pt_cli *cli, const pt_project *p, const pt_insight_part *part)
{
    pt_str text = {0};

    for (size_t i = 0; i < part->n_traits; i++) {
        const pt_insight_trait *t = &part->traits[i];
        pt_str_add(&text, i ? (cli->lang == PT_ZH ? "；" : "; ") : "");
        pt_str_addf(&text, cli->lang == PT_ZH ? "%s：%s（TGI %s）" : "%s: %s (TGI %s)",
                    pt_cli_tag_label(cli, p, t->tag), pt_insight_value_text(cli, p, t->tag, &t->value),
                    pt_insight_tgi_text(cli, t->value.contrast.tgi));
    }
    return pt_cli_keep(cli, &text);
}

enum { FIXED = 5, MOST_COLUMNS = FIXED + PT_INSIGHT_KEY_TAGS };

static void print_sizes(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    pt_align align[MOST_COLUMNS] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *cells[MOST_COLUMNS] = {
        "", pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS), pt_cli_text(cli, PT_TEXT_INSIGHT_THEM),
        pt_cli_text(cli, x->versus ? PT_TEXT_INSIGHT_OTHERS : PT_TEXT_INSIGHT_BASE), "TGI"};
    char count[32];
    pt_table t;

    for (size_t k = 0; k < x->n_key_tags; k++) {
        pt_str title = {0};
        align[FIXED + k] = PT_RIGHT;
        PT_SAY(&title, cli->lang, INSIGHT_MEAN_OF, pt_cli_tag_label(cli, p, x->key_tags[k]));
        cells[FIXED + k] = pt_cli_keep(cli, &title);
    }
    pt_table_init(&t, cli->arena, FIXED + x->n_key_tags, align, cells);
    for (size_t i = 0; i < x->n_parts; i++) {
        const pt_insight_part *part = &x->parts[i];
        const pt_contrast *c = &part->value.contrast;
        cells[0] = pt_insight_value_text(cli, p, (uint32_t)x->by, &part->value);
        cells[1] = pt_format_count(count, c->with);
        cells[2] = pt_insight_share_text(cli, c->share);
        cells[3] = pt_insight_share_text(cli, c->base_share);
        cells[4] = pt_insight_tgi_text(cli, c->tgi);
        for (size_t k = 0; k < x->n_key_tags; k++)
            cells[FIXED + k] = isnan(part->means[k]) ? "" : pt_cli_figure(cli, &style, x->key_tags[k], part->means[k]);
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

void pt_insight_print_parts(pt_cli *cli, const pt_project *p, const pt_insight *x)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT};
    char hidden[32];
    pt_str title = {0};
    pt_table t;

    PT_SAY(&title, cli->lang, INSIGHT_PARTS, pt_cli_tag_label(cli, p, (uint32_t)x->by));
    print_title(cli, pt_str_cstr(&title));
    pt_str_free(&title);
    print_sizes(cli, p, x);
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, 2, align, NULL);
    for (size_t i = 0; i < x->n_parts; i++) {
        const char *traits = traits_text(cli, p, &x->parts[i]);
        pt_table_row(&t, (const char *const[]){pt_insight_value_text(cli, p, (uint32_t)x->by, &x->parts[i].value),
                                               traits[0] ? traits : pt_cli_text(cli, PT_TEXT_INSIGHT_NOTHING_IN_PART)});
    }
    pt_table_print(&t, &cli->out, 0, 2, false);
    pt_table_free(&t);
    if (x->parts_hidden)
        PT_CLI_SAY(cli, INSIGHT_PARTS_HIDDEN, pt_format_count(hidden, x->parts_hidden));
}

/* --- tables of two tags ----------------------------------------------------------------------------------------------------- */

static const char *cell_text(pt_cli *cli, const pt_cross_cell *c)
{
    if (c->hidden)
        return "·";
    const char *sign = isnan(c->residual)              ? ""
                       : c->residual >= BEYOND_CHANCE  ? "+"
                       : c->residual <= -BEYOND_CHANCE ? "-"
                                                       : " ";
    return pt_arena_printf(cli->arena, "%s %4s%s", pt_insight_share_text(cli, c->row_share),
                           pt_insight_tgi_text(cli, c->tgi), sign);
}

static void print_cells(pt_cli *cli, const pt_project *p, const pt_insight_cross *c)
{
    pt_align align[PT_CROSS_MOST + 2] = {PT_LEFT};
    const char *cells[PT_CROSS_MOST + 2] = {""};
    const pt_cross_table *x = &c->table;
    char count[32];
    pt_table t;

    for (size_t k = 0; k < x->n_columns; k++) {
        align[k + 1] = PT_RIGHT;
        cells[k + 1] = pt_insight_value_text(cli, p, c->column_tag, &c->columns[k]);
    }
    align[x->n_columns + 1] = PT_RIGHT;
    cells[x->n_columns + 1] = pt_cli_text(cli, PT_TEXT_INSIGHT_TOTAL);
    pt_table_init(&t, cli->arena, x->n_columns + 2, align, cells);
    for (size_t r = 0; r < x->n_rows; r++) {
        cells[0] = pt_insight_value_text(cli, p, c->row_tag, &c->rows[r]);
        for (size_t k = 0; k < x->n_columns; k++)
            cells[k + 1] = cell_text(cli, &x->cells[r][k]);
        cells[x->n_columns + 1] = pt_format_count(count, x->row_totals[r]);
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

void pt_insight_print_cross(pt_cli *cli, const pt_project *p, const pt_insight_cross *c)
{
    const pt_cross_table *t = &c->table;
    size_t left_out = c->rows_left_out + c->columns_left_out;
    pt_str title = {0};

    PT_SAY(&title, cli->lang, INSIGHT_CROSS, pt_cli_tag_label(cli, p, c->row_tag),
           pt_cli_tag_label(cli, p, c->column_tag));
    print_title(cli, pt_str_cstr(&title));
    pt_str_free(&title);
    if (t->n_rows == 0 || t->n_columns == 0) {
        pt_str_addf(&cli->out, "  %s\n", pt_cli_text(cli, PT_TEXT_INSIGHT_CROSS_NOTHING));
        return;
    }
    print_cells(cli, p, c);
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_INSIGHT_CROSS_KEY));
    if (!isnan(t->p))
        PT_CLI_SAY(cli, INSIGHT_CROSS_TEST, pt_arena_printf(cli->arena, "%.3f", t->cramer_v),
                   pt_arena_printf(cli->arena, "%.3f", t->cramer_v_fair),
                   pt_arena_printf(cli->arena, "%.1f", t->chi_square), pt_arena_printf(cli->arena, "%u", t->freedom),
                   pt_arena_printf(cli->arena, "%.2g", t->p));
    if (t->hidden)
        PT_CLI_SAY(cli, INSIGHT_CROSS_HIDDEN, pt_arena_printf(cli->arena, "%zu", t->hidden));
    if (left_out)
        PT_CLI_SAY(cli, INSIGHT_CROSS_LEFT_OUT, pt_arena_printf(cli->arena, "%zu", left_out));
}
