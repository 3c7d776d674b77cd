#include "app/lookalikes.h"

#include "base/io.h"
#include "cli/cardtext.h"
#include "cli/journeytext.h"
#include "cli/progress.h"

typedef enum format { NO_LIST, IDS, CSV } format;

/* --- the list ------------------------------------------------------------------------------------------------------------ */

/* Ids are the program's own: letters and digits, that no format need quote. */
static void add_list(pt_str *out, const pt_lookalikes *found, format how)
{
    char score[48];

    if (how == CSV)
        pt_str_add(out, "customer,rank,score\n");
    for (size_t i = 0; i < found->n; i++) {
        pt_str_add(out, found->rows[i].id);
        if (how == CSV) {
            score[pt_format_double(score, found->rows[i].score)] = '\0';
            pt_str_addf(out, ",%zu,%s", i + 1, score);
        }
        pt_str_addc(out, '\n');
    }
}

static pt_rc write_list(const pt_lookalikes *found, format how, const char *path, pt_err *err)
{
    pt_str text = {0};

    add_list(&text, found, how);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, pt_str_cstr(&text), text.len, err);
    pt_str_free(&text);
    return rc;
}

/* --- what was found ------------------------------------------------------------------------------------------------------ */

static pt_rc print_found(pt_cli *cli, const pt_project *p, const pt_lookalikes *found, const char *path, pt_err *err)
{
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, found->as_of));
    PT_CLI_SAY(cli, LOOKALIKE_HEAD, pt_cli_count(cli, found->others), pt_cli_count(cli, found->in_seed));
    PT_TRY(pt_cli_card_body(cli, &found->card, err));
    if (path)
        PT_CLI_SAY(cli, LOOKALIKE_WROTE, path, pt_cli_count(cli, found->n));
    else
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LOOKALIKE_HINT));
    return PT_OK;
}

static void json_found(pt_cli *cli, const pt_lookalikes *found, const char *path)
{
    pt_str card = {0};
    pt_json j;

    pt_card_json(&card, &found->card);
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "seed", found->seed);
    pt_json_put_int(&j, "in_seed", (int64_t)found->in_seed);
    pt_json_put_int(&j, "others", (int64_t)found->others);
    pt_json_put_int(&j, "listed", (int64_t)found->n);
    pt_json_put_cstr(&j, "file", path);
    pt_json_key(&j, "card");
    pt_json_raw(&j, pt_sv_trim((pt_sv){pt_str_cstr(&card), card.len}));
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
    cli->out.failed |= card.failed;
    pt_str_free(&card);
}

/* --- the command ----------------------------------------------------------------------------------------------------------- */

static pt_rc read_format(format *out, const pt_cli *cli, pt_err *err)
{
    const char *word = pt_cli_option(cli, "out");

    *out = pt_cli_option(cli, "file") ? IDS : NO_LIST;
    if (!word)
        return PT_OK;
    *out = strcmp(word, "csv") == 0 ? CSV : IDS;
    if (*out == IDS && strcmp(word, "ids") != 0)
        return pt_fail(err, PT_EINVAL, "--out takes csv or ids, not '%s'", word);
    return PT_OK;
}

static pt_rc tell(pt_cli *cli, const pt_project *p, const pt_lookalikes *found, format how, pt_err *err)
{
    const char *path = pt_cli_option(cli, "file");

    if (how != NO_LIST && path)
        PT_TRY(write_list(found, how, path, err));
    if (how != NO_LIST && !path) {
        add_list(&cli->out, found, how);
        return PT_OK;
    }
    if (!cli->json)
        return print_found(cli, p, found, path, err);
    json_found(cli, found, path);
    return PT_OK;
}

static void report(void *ctx, const char *what, uint64_t done, uint64_t total)
{
    const pt_progress_line *line = ctx;

    if (line->terminal && total)
        fprintf(stderr, "\r\033[K%s %llu/%llu", what, (unsigned long long)done, (unsigned long long)total);
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_cmd_lookalike(pt_cli *cli, pt_err *err)
{
    static pt_cancel *cancel;
    pt_progress_line line;
    pt_lookalikes_question question = {.seed = pt_sv_of(cli->args[0]),
                                       .features = pt_cli_option(cli, "features"),
                                       .except = pt_cli_option(cli, "except"),
                                       .report = report,
                                       .report_ctx = &line};
    pt_lookalikes found;
    pt_diags diags;
    uint32_t top = 0;
    format how;
    pt_app *app;

    if (question.features && question.except)
        return pt_fail(err, PT_EINVAL, "say --features or --except, not both");
    PT_TRY(read_format(&how, cli, err));
    PT_TRY(pt_journey_number(&top, cli, "top", 100000000, err));
    PT_TRY(pt_cli_threads(&question.threads, cli, err));
    question.top = top;
    if (!(question.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the training");
    PT_TRY(pt_signals_watch(cancel, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_progress_init(&line, cli);
    pt_rc rc = pt_app_lookalikes(&found, app, &question, &diags, cli->arena, err);
    if (line.terminal)
        fputs("\r\033[K", stderr);
    if (rc == PT_OK)
        rc = tell(cli, pt_app_project(app), &found, how, err);
    return pt_journey_end(cli, &diags, rc);
}
