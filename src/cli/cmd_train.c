#include <math.h>

#include "app/train.h"
#include "cli/cli.h"
#include "cli/modeltext.h"
#include "cli/progress.h"

/* --- progress -------------------------------------------------------------------------------------------------------- */

typedef struct told {
    pt_cli *cli;
    bool terminal;
} told;

static void report(void *ctx, const char *model, const char *what, uint64_t done, uint64_t total)
{
    const told *t = ctx;

    if (t->terminal && total)
        fprintf(stderr, "\r\033[K%s: %s %llu/%llu", model, what, (unsigned long long)done, (unsigned long long)total);
    else if (t->terminal)
        fprintf(stderr, "\r\033[K%s: %s", model, pt_cli_translate(t->cli, what));
}

static void wipe(const told *t)
{
    if (t->terminal)
        fputs("\r\033[K", stderr);
}

/* --- for people -------------------------------------------------------------------------------------------------------- */

/* Of the part that was kept back, or is the best there is. */
static bool is_shown(const pt_card_measure *m, const char *part)
{
    return !m->of && isfinite(m->value) && m->part && strcmp(m->part, part) == 0;
}

static void print_measures(pt_cli *cli, const pt_card *card, const char *part)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_TRAIN_MEASURE), pt_cli_text(cli, PT_TEXT_TRAIN_VALUE),
                                  pt_cli_text(cli, PT_TEXT_TRAIN_RANGE)};
    const char *lang = pt_lang_code(cli->lang);
    char value[64], range[128];
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < card->n_measures; i++) {
        const pt_card_measure *m = &card->measures[i];
        if (!is_shown(m, part))
            continue;
        snprintf(value, sizeof value, "%.4g", m->value);
        range[0] = '\0';
        if (isfinite(m->low) && isfinite(m->high))
            snprintf(range, sizeof range, "%.4g .. %.4g", m->low, m->high);
        pt_table_row(&t, (const char *const[]){pt_card_say(pt_card_measure_label(m->name), lang), value, range});
    }
    if (t.rows > 1)
        pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_sentences(pt_cli *cli, const pt_card *card)
{
    const char *lang = pt_lang_code(cli->lang);

    for (size_t i = 0; i < card->n_sentences; i++)
        pt_str_addf(&cli->out, "  %s %s\n", card->sentences[i].warning ? "!" : "-",
                    pt_card_say(card->sentences[i].text, lang));
}

static void print_trained(pt_cli *cli, const pt_project *p, const pt_trained *t)
{
    const char *name = p->models[t->model].name;
    char number[16];

    if (t->failure) {
        PT_CLI_SAY(cli, TRAIN_FAILED, name, pt_cli_translate(cli, t->failure));
        if (t->hint)
            pt_str_addf(&cli->out, "  %s\n", pt_cli_translate(cli, t->hint));
        return;
    }
    snprintf(number, sizeof number, "%u", t->version.number);
    if (t->same)
        PT_CLI_SAY(cli, TRAIN_SAME, name, number);
    PT_CLI_SAY(cli, TRAIN_HEAD, name, number, t->version.algorithm, pt_model_days(cli, p, &t->version));
    if (t->version.test != PT_I64_MISSING)
        PT_CLI_SAY(cli, TRAIN_TESTED, pt_cli_day(cli, p, t->version.test));
    pt_str_addc(&cli->out, '\n');
    print_measures(cli, &t->card, t->version.part);
    print_sentences(cli, &t->card);
    if (t->approved)
        pt_str_addf(&cli->out, "  %s", pt_cli_text(cli, PT_TEXT_TRAIN_IN_USE));
    else {
        pt_str_add(&cli->out, "  ");
        if (t->doubtful)
            PT_CLI_SAY(cli, TRAIN_DOUBTFUL, name, number);
        else
            PT_CLI_SAY(cli, TRAIN_NOT_IN_USE, name, number);
    }
}

/* --- JSON ---------------------------------------------------------------------------------------------------------------- */

static void json_trained(pt_json *j, const pt_project *p, const pt_trained *t)
{
    pt_str card = {0};

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "model", p->models[t->model].name);
    pt_json_put_cstr(j, "failure", t->failure);
    if (!t->failure) {
        pt_json_put_bool(j, "same", t->same);
        pt_json_put_bool(j, "approved", t->approved);
        pt_json_put_bool(j, "doubtful", t->doubtful);
        pt_model_version_json(j, p, &t->version);
        pt_card_json(&card, &t->card);
        pt_json_key(j, "card");
        pt_json_raw(j, pt_sv_trim((pt_sv){pt_str_cstr(&card), card.len}));
    }
    pt_json_put_number(j, "seconds", t->seconds);
    pt_json_close(j, '}');
    pt_str_free(&card);
}

static void print_all(pt_cli *cli, const pt_project *p, const pt_trained_models *trained)
{
    pt_json j;

    if (!cli->json) {
        for (size_t i = 0; i < trained->n; i++)
            print_trained(cli, p, &trained->items[i]);
        if (!trained->n)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_MODELS_NONE));
        return;
    }
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < trained->n; i++)
        json_trained(&j, p, &trained->items[i]);
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}

/* Said already, one by one. */
static pt_rc outcome(pt_cli *cli, const pt_trained_models *trained, pt_err *err)
{
    for (size_t i = 0; i < trained->n; i++) {
        if (trained->items[i].failure) {
            cli->quiet_failure = true;
            return pt_fail(err, PT_EINVAL, "%s", trained->items[i].failure);
        }
    }
    return PT_OK;
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_cmd_train(pt_cli *cli, pt_err *err)
{
    static pt_cancel *cancel;
    pt_train_options options = {
        .model = cli->n_args ? cli->args[0] : NULL, .approve = pt_cli_option(cli, "approve") != NULL, .report = report};
    pt_trained_models trained;
    pt_progress_line line;
    pt_app *app;

    if (!(options.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the training");
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_signals_watch(cancel, err));
    pt_progress_init(&line, cli);
    told t = {cli, line.terminal};
    options.report_ctx = &t;
    pt_rc rc = pt_app_train(&trained, app, &options, cli->arena, err);
    wipe(&t);
    PT_TRY(rc);
    print_all(cli, pt_app_project(app), &trained);
    return outcome(cli, &trained, err);
}
