#include <pwd.h>
#include <unistd.h>

#include "cli/identitypast.h"
#include "cli/identitytext.h"

/* --- who and what ------------------------------------------------------------------------------------------------- */

pt_sv pt_cli_decider(const pt_cli *cli)
{
    const char *by = pt_cli_option(cli, "by");
    const struct passwd *user = by ? NULL : getpwuid(geteuid());

    return pt_sv_trim(pt_sv_of(by ? by : user && user->pw_name ? user->pw_name : ""));
}

static pt_rc parse_number(uint32_t *out, const char *text, pt_err *err)
{
    int64_t n;

    if (!pt_parse_int64(&n, pt_sv_of(text)) || n < 1 || n > UINT32_MAX) {
        pt_fail(err, PT_EINVAL, "undo takes the number of a decision");
        return pt_err_hint(err, "portrait identity list");
    }
    *out = (uint32_t)n;
    return PT_OK;
}

/* --- deciding ----------------------------------------------------------------------------------------------------- */

enum { MOST_ROWS = 6 };

static void print_result(pt_cli *cli, const pt_hand_request *q, const pt_hand_result *r)
{
    char number[16];
    const char *by = pt_arena_strndup(cli->arena, q->by.ptr, q->by.len);

    snprintf(number, sizeof number, "%u", r->number);
    if (q->dry_run)
        PT_CLI_SAY(cli, IDENTITY_WOULD, number, by ? by : "");
    else
        PT_CLI_SAY(cli, IDENTITY_DECIDED, number, by ? by : "");
    for (size_t i = 0; i < r->n_rows && i < MOST_ROWS; i++)
        pt_str_addf(&cli->out, "  %s\n", pt_cli_decision(cli, &r->rows[i]));
    if (r->n_rows > MOST_ROWS)
        PT_CLI_SAY(cli, IDENTITY_MORE, pt_cli_count(cli, r->n_rows - MOST_ROWS));
    pt_cli_change(cli, &r->change);
    if (!q->dry_run && !pt_cli_option(cli, "build"))
        PT_CLI_SAY(cli, IDENTITY_NEXT, number);
}

static void print_result_json(pt_cli *cli, const pt_hand_request *q, const pt_hand_result *r)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_int(&j, "decision", r->number);
    pt_json_put_bool(&j, "decided", !q->dry_run);
    pt_json_put_open(&j, "rows", '[');
    for (size_t i = 0; i < r->n_rows; i++)
        pt_cli_decision_json(&j, &r->rows[i]);
    pt_json_close(&j, ']');
    pt_cli_change_json(&j, &r->change);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static pt_rc decide(pt_cli *cli, pt_hand_request *q, pt_err *err)
{
    pt_hand_result result;
    pt_app *app;
    const char *why = pt_cli_option(cli, "why");

    q->by = pt_cli_decider(cli);
    q->why = pt_sv_trim(pt_sv_of(why ? why : ""));
    q->dry_run = pt_cli_option(cli, "dry-run") != NULL;
    if (!q->why.len && (q->act == PT_HAND_MERGE || q->act == PT_HAND_SPLIT)) {
        pt_fail(err, PT_EINVAL, "say why: others will want to know");
        return pt_err_hint(err, "--why 'same address and birth date'");
    }
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_hand(&result, app, q, cli->arena, err));
    if (cli->json)
        print_result_json(cli, q, &result);
    else
        print_result(cli, q, &result);
    return pt_cli_option(cli, "build") && !q->dry_run ? pt_cli_build(cli, app, err) : PT_OK;
}

/* --- looking ------------------------------------------------------------------------------------------------------ */

static pt_rc list(pt_cli *cli, pt_err *err)
{
    pt_hand_list all;
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_hands(&all, app, cli->arena, err));
    if (cli->json)
        pt_cli_decisions_json(cli, pt_app_project(app), &all);
    else
        pt_cli_decisions(cli, pt_app_project(app), &all);
    return PT_OK;
}

static pt_rc past(pt_cli *cli, bool now, pt_err *err)
{
    pt_past_story story;
    pt_app *app;

    if (cli->n_args != 2) {
        pt_fail(err, PT_EINVAL, "%s takes one customer or identifier, not %zu", cli->args[0], cli->n_args - 1);
        return pt_err_hint(err, "portrait identity %s ID", cli->args[0]);
    }
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_past(&story, app, pt_sv_of(cli->args[1]), cli->arena, err));
    if (cli->json)
        pt_cli_past_json(cli, pt_app_project(app), &story, now);
    else if (now)
        pt_cli_past_now(cli, pt_app_project(app), &story);
    else
        pt_cli_past(cli, pt_app_project(app), &story);
    return PT_OK;
}

/* --- the command -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *word;
    pt_hand_act act;
    size_t least, most; /* words after it */
    const char *usage;
} acts[] = {
    {"merge", PT_HAND_MERGE, 2, SIZE_MAX, "portrait identity merge C0000001 phone:13800000000 --why 'same voice'"},
    {"split", PT_HAND_SPLIT, 2, SIZE_MAX, "portrait identity split C0000001 phone:13800000000 --why 'sold'"},
    {"pin", PT_HAND_PIN, 1, 1, "portrait identity pin ID"},
    {"unpin", PT_HAND_UNPIN, 1, 1, "portrait identity unpin ID"},
    {"undo", PT_HAND_UNDO, 1, 1, "portrait identity undo N"},
};

static void wrong_number(pt_hand_act act, size_t n, pt_err *err)
{
    switch (act) {
    case PT_HAND_MERGE: pt_fail(err, PT_EINVAL, "merge takes two customers or more, not %zu", n); break;
    case PT_HAND_SPLIT:
        pt_fail(err, PT_EINVAL, "split takes a customer and then the identifiers that leave it, not %zu arguments", n);
        break;
    case PT_HAND_PIN:
    case PT_HAND_UNPIN: pt_fail(err, PT_EINVAL, "pin and unpin take one customer, not %zu", n); break;
    case PT_HAND_UNDO: pt_fail(err, PT_EINVAL, "undo takes the number of one decision, not %zu arguments", n); break;
    }
}

static pt_rc unknown_word(const char *word, pt_err *err)
{
    static const char *const words[] = {"merge", "split", "pin", "unpin", "undo", "list", "show", "history"};
    int near = pt_nearest(pt_sv_of(word), words, PT_COUNT(words));

    pt_fail(err, PT_EINVAL, "portrait identity has no '%.40s'", word);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", words[near])
                     : pt_err_hint(err, "portrait identity --help");
}

pt_rc pt_cmd_identity(pt_cli *cli, pt_err *err)
{
    const char *word = cli->n_args ? cli->args[0] : "list";

    if (strcmp(word, "list") == 0)
        return list(cli, err);
    if (strcmp(word, "history") == 0 || strcmp(word, "show") == 0)
        return past(cli, word[0] == 's', err);
    for (size_t i = 0; i < PT_COUNT(acts); i++) {
        pt_hand_request q = {.act = acts[i].act, .args = cli->args + 1, .n_args = cli->n_args - 1};
        if (strcmp(word, acts[i].word) != 0)
            continue;
        if (q.n_args < acts[i].least || q.n_args > acts[i].most) {
            wrong_number(q.act, q.n_args, err);
            return pt_err_hint(err, "%s", acts[i].usage);
        }
        if (q.act == PT_HAND_UNDO)
            PT_TRY(parse_number(&q.undoes, q.args[0], err));
        return decide(cli, &q, err);
    }
    return unknown_word(word, err);
}
