#include "app/diff.h"
#include "app/render.h"
#include "base/money.h"
#include "cli/changetext.h"
#include "cli/cli.h"

static const char *const measures[] = {"none", "psi", "ks"}; /* as pt_diff_kind */
static const char *const levels[] = {"not", "some", "much"}; /* as pt_moved */

/* --- for people --------------------------------------------------------------------------------------------------- */

static const char *percent(pt_cli *cli, double share)
{
    return pt_arena_printf(cli->arena, "%.1f%%", 100 * share);
}

/* A mean in the words of its type. */
static const char *mean_text(pt_cli *cli, const pt_project *p, pt_type type, double mean)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    int64_t units = fabs(mean) < 9e18 ? (int64_t)llround(mean) : 0;
    int32_t date = fabs(mean) < 2e9 ? (int32_t)lround(mean) : 0;
    pt_column c = {.type = type, .width = 8, .data = &units};
    pt_str text = {0};

    if (type == PT_TYPE_NUMBER)
        return pt_arena_printf(cli->arena, "%.4g", mean);
    if (type == PT_TYPE_DATE)
        c.data = &date;
    pt_render_text(&text, &style, -1, &c, 0);
    return pt_cli_keep(cli, &text);
}

static const char *value_text(pt_cli *cli, const pt_project *p, int tag, pt_sv value)
{
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};

    if (!value.ptr)
        return pt_cli_text(cli, PT_TEXT_DIFF_MISSING);
    pt_sv label = tag >= 0 ? pt_render_label(&style, tag, value) : value;
    const char *copy = pt_arena_strndup(cli->arena, label.ptr, label.len);
    return copy ? copy : "";
}

static const char *measure_text(pt_cli *cli, const pt_diff_tag *t)
{
    if (t->measure == PT_DIFF_COVERAGE)
        return "";
    return pt_arena_printf(cli->arena, "%s %.3f", t->measure == PT_DIFF_PSI ? "PSI" : "KS", t->distance);
}

static const char *mean_change(pt_cli *cli, const pt_project *p, const pt_diff_tag *t)
{
    pt_str text = {0};

    if (!t->has_means)
        return "";
    PT_SAY(&text, cli->lang, DIFF_MEAN, mean_text(cli, p, t->type, t->mean_before),
           mean_text(cli, p, t->type, t->mean_after));
    return pt_cli_keep(cli, &text);
}

static void print_tag(pt_cli *cli, const pt_project *p, const pt_diff_tag *t)
{
    static const pt_text texts[] = {PT_TEXT_DIFF_NOT, PT_TEXT_DIFF_SOME, PT_TEXT_DIFF_MUCH};

    pt_str_addf(&cli->out, "  %s  %s%s%s  %s  ", pt_cli_text(cli, texts[t->moved]), cli->color ? "\033[1m" : "",
                t->name, cli->color ? "\033[0m" : "", measure_text(cli, t));
    PT_CLI_SAY(cli, DIFF_KNOWN, percent(cli, t->known_before), percent(cli, t->known_after));
    pt_str_add(&cli->out, mean_change(cli, p, t));
    pt_str_add(&cli->out, t->redefined ? pt_cli_text(cli, PT_TEXT_DIFF_REDEFINED) : "");
    pt_str_addc(&cli->out, '\n');
    for (size_t i = 0; i < t->n_shares; i++)
        pt_str_addf(&cli->out, "      %s  %s → %s\n", value_text(cli, p, t->tag, t->shares[i].value),
                    percent(cli, t->shares[i].before), percent(cli, t->shares[i].after));
}

static void print_tags(pt_cli *cli, const pt_project *p, const pt_diff *d)
{
    size_t quiet = 0;

    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DIFF_TAGS));
    for (size_t i = 0; i < d->n_tags; i++) {
        const pt_diff_tag *t = &d->tags[i];
        if (!t->in_before || !t->in_after)
            pt_str_addf(&cli->out, "  %s  %s\n",
                        pt_cli_text(cli, t->in_after ? PT_TEXT_CHANGE_NEW : PT_TEXT_CHANGE_GONE), t->name);
        else if (t->moved != PT_MOVED_NOT || t->redefined)
            print_tag(cli, p, t);
        else
            quiet++;
    }
    PT_CLI_SAY(cli, DIFF_QUIET, pt_cli_count(cli, quiet));
}

static void print_moves(pt_cli *cli, const pt_project *p, const pt_diff_tag *t)
{
    const pt_diff_moves *m = t->moves;
    pt_align *align = PT_NEW_ARRAY(cli->arena, pt_align, m->n + 1);
    const char **cells = PT_NEW_ARRAY(cli->arena, const char *, m->n + 1);
    pt_table table;

    if (!align || !cells)
        return;
    PT_CLI_SAY(cli, DIFF_MOVES, t->name, pt_cli_count(cli, m->moved));
    cells[0] = pt_cli_text(cli, PT_TEXT_DIFF_FROM_TO);
    for (size_t i = 0; i < m->n; i++) {
        cells[i + 1] = value_text(cli, p, t->tag, m->values[i]);
        align[i + 1] = PT_RIGHT;
    }
    pt_table_init(&table, cli->arena, m->n + 1, align, cells);
    for (size_t a = 0; a < m->n; a++) {
        cells[0] = value_text(cli, p, t->tag, m->values[a]);
        for (size_t b = 0; b < m->n; b++)
            cells[b + 1] = m->counts[a * m->n + b] ? pt_cli_count(cli, m->counts[a * m->n + b]) : "·";
        pt_table_row(&table, cells);
    }
    pt_table_print(&table, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&table);
}

static const char *figure(pt_cli *cli, double v)
{
    return isnan(v) ? "-" : pt_arena_printf(cli->arena, "%.10g", v);
}

static void print_counts(pt_cli *cli, const pt_diff *d)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    pt_table t;

    if (!d->n_counts)
        return;
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DIFF_COUNTS));
    pt_table_init(&t, cli->arena, 4, align, NULL);
    for (size_t i = 0; i < d->n_counts; i++) {
        const pt_diff_count *c = &d->counts[i];
        bool change = c->before > 0 && !isnan(c->after);
        pt_table_row(&t, (const char *const[]){
                             c->name, figure(cli, c->before), figure(cli, c->after),
                             change ? pt_arena_printf(cli->arena, "%+.1f%%", 100 * (c->after / c->before - 1)) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, false);
    pt_table_free(&t);
}

static bool is_same(const pt_diff *d)
{
    bool same = !d->n_changes && !d->n_counts && d->customers_new + d->customers_gone + d->customers_merged == 0;

    for (size_t i = 0; i < d->n_tags; i++)
        same &= d->tags[i].moved == PT_MOVED_NOT && d->tags[i].in_before && d->tags[i].in_after &&
                !(d->tags[i].distance > 0) && !(d->tags[i].moves && d->tags[i].moves->moved);
    return same;
}

static void print_people(pt_cli *cli, const pt_project *p, const pt_diff *d)
{
    PT_CLI_SAY(cli, DIFF_HEAD, d->from, pt_format_as_of(cli, p, d->as_of_from), d->to,
               pt_format_as_of(cli, p, d->as_of_to));
    if (is_same(d)) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DIFF_SAME));
        return;
    }
    PT_CLI_SAY(cli, DIFF_CUSTOMERS, pt_cli_count(cli, d->customers_from), pt_cli_count(cli, d->customers_to),
               pt_cli_count(cli, d->customers_new), pt_cli_count(cli, d->customers_gone),
               pt_cli_count(cli, d->customers_merged));
    if (d->n_changes) {
        PT_CLI_SAY(cli, PLAN_DEFINITIONS, pt_cli_count(cli, d->n_changes));
        pt_changes_print(cli, d->changes, d->n_changes);
    }
    print_tags(cli, p, d);
    for (size_t i = 0; i < d->n_tags; i++)
        if (d->tags[i].moves && d->tags[i].moves->moved)
            print_moves(cli, p, &d->tags[i]);
    print_counts(cli, d);
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DIFF_EXPLAIN));
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_value(pt_json *j, pt_sv value)
{
    if (value.ptr)
        pt_json_text(j, value);
    else
        pt_json_null(j);
}

static void json_moves(pt_json *j, const pt_diff_moves *m)
{
    pt_json_put_int(j, "moved_customers", (int64_t)m->moved);
    pt_json_put_open(j, "moves", '[');
    for (size_t a = 0; a < m->n; a++) {
        for (size_t b = 0; b < m->n; b++) {
            if (!m->counts[a * m->n + b])
                continue;
            pt_json_open(j, '{');
            pt_json_key(j, "from");
            json_value(j, m->values[a]);
            pt_json_key(j, "to");
            json_value(j, m->values[b]);
            pt_json_put_int(j, "customers", (int64_t)m->counts[a * m->n + b]);
            pt_json_close(j, '}');
        }
    }
    pt_json_close(j, ']');
}

static void json_measured(pt_json *j, const pt_diff_tag *t)
{
    pt_json_put_cstr(j, "measure", measures[t->measure]);
    pt_json_put_number(j, "distance", t->distance);
    pt_json_put_number(j, "by_chance", t->limit);
    pt_json_put_cstr(j, "moved", levels[t->moved]);
    pt_json_put_number(j, "known_before", t->known_before);
    pt_json_put_number(j, "known_after", t->known_after);
    if (t->has_means) {
        double unit = t->type == PT_TYPE_MONEY ? PT_MONEY_UNIT : 1;
        pt_json_put_number(j, "mean_before", t->mean_before / unit);
        pt_json_put_number(j, "mean_after", t->mean_after / unit);
    }
    pt_json_put_open(j, "shares", '[');
    for (size_t i = 0; i < t->n_shares; i++) {
        pt_json_open(j, '{');
        pt_json_key(j, "value");
        json_value(j, t->shares[i].value);
        pt_json_put_number(j, "before", t->shares[i].before);
        pt_json_put_number(j, "after", t->shares[i].after);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    if (t->moves)
        json_moves(j, t->moves);
}

static void json_tag(pt_json *j, const pt_diff_tag *t)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "tag", t->name);
    pt_json_put_bool(j, "in_before", t->in_before);
    pt_json_put_bool(j, "in_after", t->in_after);
    pt_json_put_bool(j, "redefined", t->redefined);
    if (t->in_before && t->in_after)
        json_measured(j, t);
    pt_json_close(j, '}');
}

static void json_side(pt_json *j, const char *key, const char *name, int64_t as_of, int64_t built, uint64_t customers,
                      const pt_zone *zone)
{
    char buf[48];

    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "generation", name);
    pt_json_put_cstr(j, "as_of", pt_instant_format(buf, as_of, zone));
    pt_json_put_cstr(j, "built_at", pt_instant_format(buf, built, zone));
    pt_json_put_int(j, "customers", (int64_t)customers);
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_diff *d)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_bool(&j, "same", is_same(d));
    json_side(&j, "from", d->from, d->as_of_from, d->built_from, d->customers_from, p->zone);
    json_side(&j, "to", d->to, d->as_of_to, d->built_to, d->customers_to, p->zone);
    pt_json_put_number(&j, "customers_new", (double)d->customers_new);
    pt_json_put_number(&j, "customers_gone", (double)d->customers_gone);
    pt_json_put_number(&j, "customers_merged", (double)d->customers_merged);
    pt_changes_json(&j, d->changes, d->n_changes);
    pt_json_put_open(&j, "tags", '[');
    for (size_t i = 0; i < d->n_tags; i++)
        json_tag(&j, &d->tags[i]);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "figures", '[');
    for (size_t i = 0; i < d->n_counts; i++) {
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "name", d->counts[i].name);
        pt_json_put_number(&j, "before", d->counts[i].before);
        pt_json_put_number(&j, "after", d->counts[i].after);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_diff(pt_cli *cli, pt_err *err)
{
    const pt_diff *d;
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_diff(&d, app, pt_cli_option(cli, "from"), pt_cli_option(cli, "to"), cli->arena, err));
    if (cli->json)
        print_json(cli, pt_app_project(app), d);
    else
        print_people(cli, pt_app_project(app), d);
    return PT_OK;
}
