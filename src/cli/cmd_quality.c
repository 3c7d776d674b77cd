#include "app/quality.h"

#include "app/render.h"
#include "cli/cli.h"

/* --- for people --------------------------------------------------------------------------------------------------- */

static void add_date(pt_str *out, double days)
{
    char buf[40];

    pt_str_add(out, pt_date_format(buf, (int32_t)days));
}

/* A measure in the column's own terms: a date as a date. */
static void add_value(pt_str *out, const pt_project *p, const pt_quality_column *c, double v)
{
    if (c->type == PT_TYPE_DATE)
        add_date(out, v);
    else if (c->type == PT_TYPE_INSTANT)
        pt_render_instant(out, (int64_t)(v * (double)PT_SECOND), p->zone);
    else
        pt_str_addf(out, "%.6g", v);
}

static void add_top(pt_str *out, const pt_quality_column *c)
{
    for (size_t i = 0; i < c->n_top; i++) {
        double share = 100.0 * (double)c->top[i].rows / c->measures[PT_MEASURE_FILLED];
        pt_str_addf(out, "%s%s %.*f%%", i ? " · " : "", c->top[i].text, share < 10 ? 1 : 0, share);
    }
}

/* What values look like: a range, the most frequent ones, or how long they are. */
static const char *values_cell(const pt_cli *cli, const pt_project *p, const pt_quality_column *c)
{
    const double *m = c->measures;
    pt_str s = {0};

    if (!isnan(m[PT_MEASURE_MIN])) {
        add_value(&s, p, c, m[PT_MEASURE_MIN]);
        pt_str_add(&s, " … ");
        if (!isnan(m[PT_MEASURE_MEDIAN])) {
            add_value(&s, p, c, m[PT_MEASURE_MEDIAN]);
            pt_str_add(&s, " … ");
        }
        add_value(&s, p, c, m[PT_MEASURE_MAX]);
    } else if (c->n_top) {
        add_top(&s, c);
    } else if (!isnan(m[PT_MEASURE_SHORTEST])) {
        PT_SAY(&s, cli->lang, QUALITY_LENGTHS, pt_arena_printf(cli->arena, "%.0f", m[PT_MEASURE_SHORTEST]),
               pt_arena_printf(cli->arena, "%.0f", m[PT_MEASURE_LONGEST]));
    }
    const char *cell = pt_arena_strdup(cli->arena, pt_str_cstr(&s));
    pt_str_free(&s);
    return cell;
}

static const char *percent_cell(const pt_cli *cli, double part, double whole)
{
    return whole > 0 ? pt_arena_printf(cli->arena, "%.1f%%", 100.0 * part / whole) : "";
}

static void print_source(pt_cli *cli, const pt_project *p, const pt_quality_source *s)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_COL_COLUMN), pt_cli_text(cli, PT_TEXT_COL_TYPE),
                            pt_cli_text(cli, PT_TEXT_COL_FILLED), pt_cli_text(cli, PT_TEXT_COL_DISTINCT),
                            pt_cli_text(cli, PT_TEXT_COL_VALUES)};
    const pt_source *source = &p->sources[s->source];
    char count[32];
    pt_table t;

    PT_CLI_SAY(cli, QUALITY_SOURCE, pt_label_text(&source->label, pt_lang_code(cli->lang), source->name),
               pt_format_count(count, s->rows));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_quality_column *c = &s->columns[i];
        double distinct = c->measures[PT_MEASURE_DISTINCT];
        pt_table_row(&t, (const char *const[]){c->name, pt_cli_translate(cli, pt_type_name(c->type)),
                                               percent_cell(cli, c->measures[PT_MEASURE_FILLED], (double)s->rows),
                                               isnan(distinct) ? "" : pt_format_count(count, (uint64_t)distinct),
                                               values_cell(cli, p, c)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_column(pt_json *j, const pt_quality_column *c)
{
    pt_json_open(j, '{');
    pt_json_key(j, "name");
    pt_json_cstr(j, c->name);
    pt_json_key(j, "type");
    pt_json_cstr(j, pt_type_name(c->type));
    pt_json_key(j, "measures");
    pt_json_open(j, '{');
    for (int m = 0; m < PT_MEASURE_COUNT; m++) {
        pt_json_key(j, pt_measure_name((pt_measure)m));
        pt_json_number(j, c->measures[m]);
    }
    pt_json_close(j, '}');
    pt_json_key(j, "top");
    pt_json_open(j, '[');
    for (size_t i = 0; i < c->n_top; i++) {
        pt_json_open(j, '{');
        pt_json_key(j, "value");
        pt_json_cstr(j, c->top[i].text);
        pt_json_key(j, "rows");
        pt_json_int(j, (int64_t)c->top[i].rows);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_quality_report *r)
{
    char as_of[48];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_key(&j, "as_of");
    pt_json_cstr(&j, pt_instant_format(as_of, r->as_of, p->zone));
    pt_json_key(&j, "sources");
    pt_json_open(&j, '[');
    for (size_t s = 0; s < r->n_sources; s++) {
        pt_json_open(&j, '{');
        pt_json_key(&j, "name");
        pt_json_cstr(&j, p->sources[r->sources[s].source].name);
        pt_json_key(&j, "rows");
        pt_json_int(&j, (int64_t)r->sources[s].rows);
        pt_json_key(&j, "columns");
        pt_json_open(&j, '[');
        for (size_t c = 0; c < r->sources[s].n_columns; c++)
            json_column(&j, &r->sources[s].columns[c]);
        pt_json_close(&j, ']');
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_quality(pt_cli *cli, pt_err *err)
{
    pt_quality_report report;
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_quality(&report, app, cli->n_args ? cli->args[0] : NULL, cli->arena, err));
    const pt_project *p = pt_app_project(app);
    if (cli->json) {
        print_json(cli, p, &report);
        return PT_OK;
    }
    PT_CLI_SAY(cli, QUALITY_TITLE, pt_label_text(&p->label, pt_lang_code(cli->lang), p->name),
               pt_format_as_of(cli, p, report.as_of));
    for (size_t i = 0; i < report.n_sources; i++)
        print_source(cli, p, &report.sources[i]);
    return PT_OK;
}
