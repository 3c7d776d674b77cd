#include "app/quality.h"

#include "app/render.h"
#include "cli/cli.h"
#include "cli/conflicttext.h"
#include "cli/trendtext.h"

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

/* --- bars and colours ---------------------------------------------------------------------------------------------- */

enum { BAR = 20, MOST_SHOWN = 15 };

static const char *colored(const pt_cli *cli, const char *text, double score)
{
    const char *color = score < 60 ? "31" : score < 85 ? "33" : "32";

    return cli->color ? pt_arena_printf(cli->arena, "\033[%sm%s\033[0m", color, text) : text;
}

/* On a terminal only: in a pipe a number says more. */
static const char *bar(const pt_cli *cli, double score)
{
    pt_str s = {0};
    int full = (int)(score * BAR / 100 + 0.5);

    if (!cli->color || isnan(score))
        return "";
    for (int i = 0; i < BAR; i++)
        pt_str_add(&s, i < full ? "█" : "░");
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&s));
    pt_str_free(&s);
    return copy ? colored(cli, pt_arena_printf(cli->arena, "%s ", copy), score) : "";
}

static const char *score_text(const pt_cli *cli, double score)
{
    return isnan(score) ? "-" : pt_arena_printf(cli->arena, "%.0f", floor(score));
}

/* "+1.2" against the build before; "" when there was none or nothing moved. */
static const char *trend_text(const pt_cli *cli, double score, double earlier)
{
    double change = score - earlier;

    return isnan(change) || fabs(change) < 0.05 ? "" : pt_arena_printf(cli->arena, "%+.1f", change);
}

/* --- sources ------------------------------------------------------------------------------------------------------- */

static const char *dimension_text(const pt_cli *cli, pt_dimension d)
{
    return pt_cli_text(cli, (pt_text)(PT_TEXT_DIMENSION_COMPLETENESS + (int)d));
}

/* Those below 100, the worst first: what is right needs no words. */
static const char *weak_cell(const pt_cli *cli, const pt_quality_source *s)
{
    bool said[PT_DIMENSION_COUNT] = {false};
    pt_str out = {0};

    for (int n = 0; n < PT_DIMENSION_COUNT; n++) {
        int worst = -1;
        for (int d = 0; d < PT_DIMENSION_COUNT; d++)
            if (!said[d] && s->dimensions[d] < 99.95 && (worst < 0 || s->dimensions[d] < s->dimensions[worst]))
                worst = d;
        if (worst < 0)
            break;
        said[worst] = true;
        pt_str_addf(&out, "%s%s %.0f", n ? " · " : "", dimension_text(cli, (pt_dimension)worst),
                    floor(s->dimensions[worst]));
    }
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&out));
    pt_str_free(&out);
    return copy;
}

static const char *source_label(const pt_cli *cli, const pt_project *p, const pt_quality_source *s)
{
    const pt_source *source = &p->sources[s->source];

    return pt_label_text(&source->label, pt_lang_code(cli->lang), source->name);
}

static void print_scores(pt_cli *cli, const pt_project *p, const pt_quality_report *r)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {
        pt_cli_text(cli, PT_TEXT_COL_SOURCE), pt_cli_text(cli, PT_TEXT_COL_SCORE), "",
        pt_cli_text(cli, PT_TEXT_COL_TREND),  pt_cli_text(cli, PT_TEXT_COL_ROWS),  pt_cli_text(cli, PT_TEXT_COL_WEAK)};
    char count[32];
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < r->n_sources; i++) {
        const pt_quality_source *s = &r->sources[i];
        pt_table_row(&t, (const char *const[]){p->sources[s->source].name, score_text(cli, s->score), "",
                                               trend_text(cli, s->score, s->earlier_score),
                                               pt_format_count(count, s->rows), weak_cell(cli, s)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_columns(pt_cli *cli, const pt_project *p, const pt_quality_source *s)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_COL_COLUMN), pt_cli_text(cli, PT_TEXT_COL_SCORE),
                            pt_cli_text(cli, PT_TEXT_COL_TREND),  pt_cli_text(cli, PT_TEXT_COL_TYPE),
                            pt_cli_text(cli, PT_TEXT_COL_FILLED), pt_cli_text(cli, PT_TEXT_COL_DISTINCT),
                            pt_cli_text(cli, PT_TEXT_COL_VALUES)};
    char count[32];
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < s->n_columns; i++) {
        const pt_quality_column *c = &s->columns[i];
        double distinct = c->measures[PT_MEASURE_DISTINCT];
        double score = c->measures[PT_MEASURE_SCORE];
        pt_table_row(&t,
                     (const char *const[]){
                         c->name, score_text(cli, score), trend_text(cli, score, c->earlier[PT_MEASURE_SCORE]),
                         pt_cli_translate(cli, pt_type_name(c->type)),
                         percent_cell(cli, c->measures[PT_MEASURE_FILLED], c->measures[PT_MEASURE_ROWS]),
                         isnan(distinct) ? "" : pt_format_count(count, (uint64_t)distinct), values_cell(cli, p, c)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* --- findings ------------------------------------------------------------------------------------------------------ */

typedef struct shown_finding {
    const pt_quality_source *source;
    const pt_quality_finding *finding;
} shown_finding;

static const char *severity_text(const pt_cli *cli, pt_finding_severity s)
{
    const char *text = pt_cli_text(cli, (pt_text)(PT_TEXT_SEVERITY_ERROR + (int)s));
    const char *colors[] = {"31", "33", "36"};

    return cli->color ? pt_arena_printf(cli->arena, "\033[%sm%s\033[0m", colors[s], text) : text;
}

static void print_finding(pt_cli *cli, const pt_project *p, const shown_finding *x)
{
    const pt_quality_finding *f = x->finding;
    pt_quality_finding said = *f;

    said.detail = pt_cli_translate(cli, f->detail); /* a reason for which rows were set aside */
    pt_str_addf(&cli->out, "\n  %s %s%s%s  ", severity_text(cli, f->severity), p->sources[x->source->source].name,
                f->column ? "." : "", f->column ? f->column : "");
    pt_finding_say(&cli->out, &said, pt_lang_code(cli->lang));
    pt_str_addc(&cli->out, '\n');
    for (size_t i = 0; i < f->n_examples; i++) {
        const pt_finding_example *e = &f->examples[i];
        pt_str_addf(&cli->out, "       %s:%llu", e->file, (unsigned long long)e->line);
        if (e->value[0])
            pt_str_addf(&cli->out, "  %s", e->value);
        pt_str_addc(&cli->out, '\n');
    }
}

/* The sources' lists are each sorted; the worst of all heads is next. */
static size_t merge(shown_finding *out, size_t most, const pt_quality_report *r, size_t *next)
{
    size_t n = 0;

    while (n < most) {
        const pt_quality_source *best = NULL;
        size_t which = 0;
        for (size_t i = 0; i < r->n_sources; i++) {
            const pt_quality_source *s = &r->sources[i];
            if (next[i] < s->n_findings &&
                (!best || pt_finding_worse(&s->findings[next[i]], &best->findings[next[which]]))) {
                best = s;
                which = i;
            }
        }
        if (!best)
            break;
        out[n++] = (shown_finding){best, &best->findings[next[which]++]};
    }
    return n;
}

static pt_rc print_findings(pt_cli *cli, const pt_project *p, const pt_quality_report *r, bool all, pt_err *err)
{
    size_t total = 0;
    char count[32];

    for (size_t i = 0; i < r->n_sources; i++)
        total += r->sources[i].n_findings;
    size_t most = all || total < MOST_SHOWN ? total : MOST_SHOWN;
    shown_finding *list = PT_NEW_ARRAY(cli->arena, shown_finding, most);
    size_t *next = PT_NEW_ARRAY(cli->arena, size_t, r->n_sources);
    if (!list || !next)
        return pt_fail_nomem(err, "the quality report");
    if (!total)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_QUALITY_NOTHING));
    size_t n = merge(list, most, r, next);
    for (size_t i = 0; i < n; i++)
        print_finding(cli, p, &list[i]);
    if (n < total)
        PT_CLI_SAY(cli, QUALITY_MORE, pt_format_count(count, total - n));
    return PT_OK;
}

static void print_title(pt_cli *cli, const pt_project *p, const pt_quality_report *r)
{
    const char *trend = trend_text(cli, r->score, r->earlier_score);

    PT_CLI_SAY(cli, QUALITY_TITLE, pt_label_text(&p->label, pt_lang_code(cli->lang), p->name),
               pt_format_as_of(cli, p, r->as_of));
    pt_str_addf(&cli->out, "  %s%s", bar(cli, r->score), score_text(cli, r->score));
    if (*trend)
        PT_CLI_SAY(cli, QUALITY_TREND, trend);
    pt_str_add(&cli->out, "\n\n");
}

static pt_rc print_people(pt_cli *cli, const pt_project *p, const pt_quality_report *r, bool one, pt_err *err)
{
    print_title(cli, p, r);
    print_scores(cli, p, r);
    if (one) {
        char count[32];
        PT_CLI_SAY(cli, QUALITY_SOURCE, source_label(cli, p, &r->sources[0]),
                   pt_format_count(count, r->sources[0].rows));
        print_columns(cli, p, &r->sources[0]);
    }
    return print_findings(cli, p, r, one, err);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_measures(pt_json *j, const char *key, const double *values)
{
    pt_json_put_open(j, key, '{');
    for (int m = 0; m < PT_MEASURE_COUNT; m++) {
        pt_json_put_number(j, pt_measure_name((pt_measure)m), values[m]);
    }
    pt_json_close(j, '}');
}

static void json_column(pt_json *j, const pt_quality_column *c)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "name", c->name);
    pt_json_put_cstr(j, "type", pt_type_name(c->type));
    json_measures(j, "measures", c->measures);
    json_measures(j, "earlier", c->earlier);
    pt_json_put_open(j, "top", '[');
    for (size_t i = 0; i < c->n_top; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "value", c->top[i].text);
        pt_json_put_int(j, "rows", (int64_t)c->top[i].rows);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_score(pt_json *j, double score, double earlier)
{
    pt_json_put_number(j, "score", score);
    pt_json_put_number(j, "earlier_score", earlier);
}

static void json_message(pt_json *j, const pt_quality_finding *f, const char *lang)
{
    pt_str text = {0};

    pt_finding_say(&text, f, lang);
    pt_json_put_cstr(j, lang, pt_str_cstr(&text));
    pt_str_free(&text);
}

static void json_examples(pt_json *j, const pt_quality_finding *f)
{
    pt_json_put_open(j, "examples", '[');
    for (size_t i = 0; i < f->n_examples; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "file", f->examples[i].file);
        pt_json_put_int(j, "line", (int64_t)f->examples[i].line);
        pt_json_put_cstr(j, "value", f->examples[i].value);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_finding(pt_json *j, const pt_quality_finding *f)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", pt_finding_name(f->kind));
    pt_json_put_cstr(j, "dimension", pt_dimension_name(pt_finding_dimension(f->kind)));
    pt_json_put_cstr(j, "severity", pt_finding_severity_name(f->severity));
    pt_json_put_cstr(j, "column", f->column);
    pt_json_put_int(j, "rows", (int64_t)f->rows);
    pt_json_put_int(j, "of", (int64_t)f->of);
    pt_json_put_number(j, "figure", f->figure);
    pt_json_put_cstr(j, "detail", f->detail);
    pt_json_put_open(j, "message", '{');
    json_message(j, f, "en");
    json_message(j, f, "zh");
    pt_json_close(j, '}');
    json_examples(j, f);
    pt_json_close(j, '}');
}

static void json_source(pt_json *j, const pt_project *p, const pt_quality_source *s)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "name", p->sources[s->source].name);
    pt_json_put_int(j, "rows", (int64_t)s->rows);
    json_score(j, s->score, s->earlier_score);
    pt_json_put_open(j, "dimensions", '{');
    for (int d = 0; d < PT_DIMENSION_COUNT; d++) {
        pt_json_put_number(j, pt_dimension_name((pt_dimension)d), s->dimensions[d]);
    }
    pt_json_close(j, '}');
    pt_json_put_open(j, "columns", '[');
    for (size_t c = 0; c < s->n_columns; c++)
        json_column(j, &s->columns[c]);
    pt_json_close(j, ']');
    pt_json_put_open(j, "findings", '[');
    for (size_t i = 0; i < s->n_findings; i++)
        json_finding(j, &s->findings[i]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_quality_report *r, const pt_conflict *conflicts,
                       size_t n_conflicts)
{
    char as_of[48];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, r->as_of, p->zone));
    json_score(&j, r->score, r->earlier_score);
    pt_json_put_open(&j, "sources", '[');
    for (size_t i = 0; i < r->n_sources; i++)
        json_source(&j, p, &r->sources[i]);
    pt_json_close(&j, ']');
    pt_conflicts_json(&j, cli, p, conflicts, n_conflicts);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_quality(pt_cli *cli, pt_err *err)
{
    const pt_conflict *conflicts = NULL;
    size_t n_conflicts = 0;
    pt_quality_report report;
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    if (pt_cli_option(cli, "trend"))
        return pt_cli_quality_trend(cli, app, cli->n_args ? cli->args[0] : NULL, err);
    PT_TRY(pt_app_quality(&report, app, cli->n_args ? cli->args[0] : NULL, cli->arena, err));
    if (!cli->n_args)
        PT_TRY(pt_app_conflicts(&conflicts, &n_conflicts, app, -1, cli->arena, err));
    if (cli->json) {
        print_json(cli, pt_app_project(app), &report, conflicts, n_conflicts);
        return PT_OK;
    }
    PT_TRY(print_people(cli, pt_app_project(app), &report, cli->n_args > 0, err));
    pt_conflicts_worst(cli, pt_app_project(app), conflicts, n_conflicts);
    return PT_OK;
}
