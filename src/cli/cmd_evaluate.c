#include <math.h>

#include "app/model_evaluate.h"
#include "cli/cli.h"
#include "cli/modeltext.h"
#include "cli/progress.h"

enum { MOST_MOVED = 10 };

/* --- for people ----------------------------------------------------------------------------------------------------- */

/* What the same figure was on rows that training held back. */
static const pt_card_measure *then(const pt_card *trained, const char *name)
{
    static const char *const parts[] = {"test", "validation"};

    for (size_t k = 0; k < PT_COUNT(parts); k++)
        for (size_t i = 0; i < trained->n_measures; i++) {
            const pt_card_measure *m = &trained->measures[i];
            if (!m->of && strcmp(m->part, parts[k]) == 0 && strcmp(m->name, name) == 0)
                return m;
        }
    return NULL;
}

static const char *figure(pt_cli *cli, const pt_card_measure *m)
{
    pt_str text = {0};

    if (m && isfinite(m->value))
        pt_str_addf(&text, "%.4g", m->value);
    if (m && isfinite(m->value) && isfinite(m->low) && isfinite(m->high))
        pt_str_addf(&text, "  %.4g .. %.4g", m->low, m->high);
    return pt_cli_keep(cli, &text);
}

static void print_measures(pt_cli *cli, const pt_evaluated *e)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_TRAIN_MEASURE), pt_cli_text(cli, PT_TEXT_EVALUATE_NOW),
                                  pt_cli_text(cli, PT_TEXT_EVALUATE_THEN)};
    pt_table t;

    if (!e->card.n_measures)
        return;
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < e->card.n_measures; i++) {
        const pt_card_measure *m = &e->card.measures[i];
        pt_table_row(&t, (const char *const[]){pt_card_say(pt_card_measure_label(m->name), pt_lang_code(cli->lang)),
                                               figure(cli, m), figure(cli, then(&e->trained, m->name))});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_sentences(pt_cli *cli, const pt_card_sentence *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&cli->out, "  %s %s\n", s[i].warning ? "!" : "-", pt_card_say(s[i].text, pt_lang_code(cli->lang)));
}

/* The table of a section of drift: feature, PSI, how much. */
static void print_moved(pt_cli *cli, const pt_card_table *moved)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_EVALUATE_FEATURE), pt_cli_text(cli, PT_TEXT_EVALUATE_PSI),
                                  ""};
    const char *lang = pt_lang_code(cli->lang);
    char psi[32];
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t r = 0; r < moved->n_rows && r < MOST_MOVED; r++) {
        const pt_card_cell *row = moved->cells + r * moved->n_columns;
        snprintf(psi, sizeof psi, "%.3f", row[1].number);
        pt_table_row(&t, (const char *const[]){pt_card_say(row[0].text, lang), psi, pt_card_say(row[2].text, lang)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_evaluated(pt_cli *cli, const pt_project *p, const pt_evaluated *e)
{
    const char *name = p->models[e->model].name;
    char number[16];

    if (e->failure) {
        PT_CLI_SAY(cli, EVALUATE_FAILED, name, pt_cli_translate(cli, e->failure));
        if (e->hint)
            pt_str_addf(&cli->out, "  %s\n", pt_cli_translate(cli, e->hint));
        return;
    }
    snprintf(number, sizeof number, "%u", e->version);
    PT_CLI_SAY(cli, EVALUATE_HEAD, name, number, e->card.algorithm, pt_cli_day(cli, p, e->as_of));
    print_measures(cli, e);
    print_sentences(cli, e->card.sentences, e->card.n_sentences);
    for (size_t s = 0; s < e->card.n_sections; s++) {
        const pt_card_section *section = &e->card.sections[s];
        if (strcmp(section->key, "drift") != 0)
            continue;
        print_sentences(cli, section->sentences, section->n_sentences);
        if (section->n_tables)
            print_moved(cli, &section->tables[0]);
    }
}

/* --- JSON ----------------------------------------------------------------------------------------------------------- */

static void json_evaluated(pt_json *j, const pt_project *p, const pt_evaluated *e)
{
    pt_str card = {0};
    char day[64];

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "model", p->models[e->model].name);
    pt_json_put_cstr(j, "failure", e->failure);
    if (!e->failure) {
        pt_json_put_int(j, "version", e->version);
        pt_json_put_cstr(j, "as_of", pt_instant_format(day, e->as_of, p->zone));
        pt_card_json(&card, &e->card);
        pt_json_key(j, "card");
        pt_json_raw(j, pt_sv_trim((pt_sv){pt_str_cstr(&card), card.len}));
    }
    pt_json_close(j, '}');
    pt_str_free(&card);
}

static void print_all(pt_cli *cli, const pt_project *p, const pt_evaluated_models *all)
{
    pt_json j;

    if (!cli->json) {
        for (size_t i = 0; i < all->n; i++)
            print_evaluated(cli, p, &all->items[i]);
        if (!all->n)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_MODELS_NONE));
        return;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < all->n; i++)
        json_evaluated(&j, p, &all->items[i]);
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}

/* Said already, one by one. */
static pt_rc outcome(pt_cli *cli, const pt_evaluated_models *all, pt_err *err)
{
    for (size_t i = 0; i < all->n; i++)
        if (all->items[i].failure) {
            cli->quiet_failure = true;
            return pt_fail(err, PT_EPROBLEM, "%s", all->items[i].failure);
        }
    return PT_OK;
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_cmd_evaluate(pt_cli *cli, pt_err *err)
{
    static pt_cancel *cancel;
    const char *card = pt_cli_option(cli, "out"), *version = cli->n_args > 1 ? cli->args[1] : NULL;
    pt_evaluate_options options = {.model = cli->n_args ? cli->args[0] : NULL};
    pt_evaluated_models all;
    pt_app *app;

    if (card && !options.model)
        return pt_fail(err, PT_EINVAL, "%s needs the name of a model", "--out");
    if (card)
        PT_TRY(pt_model_card_path(card, err));
    if (version)
        PT_TRY(pt_model_version_read(&options.version, version, err));
    if (!(options.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "an evaluation");
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_cli_as_of(&options.as_of, &options.has_as_of, cli, pt_app_project(app), err));
    PT_TRY(pt_signals_watch(cancel, err));
    PT_TRY(pt_app_evaluate(&all, app, &options, cli->arena, err));
    if (card)
        PT_TRY(pt_model_card_write(cli, &all.items[0].card, pt_app_project(app), card, err));
    if (!card || cli->json)
        print_all(cli, pt_app_project(app), &all);
    return outcome(cli, &all, err);
}
