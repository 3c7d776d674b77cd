#include "app/model_rules.h"
#include "app/train.h"
#include "cli/cardtext.h"
#include "cli/cli.h"
#include "cli/modeltext.h"
#include "cli/treetext.h"

/* --- lists ---------------------------------------------------------------------------------------------------------- */

static const pt_model_version *in_use(const pt_model_status *s)
{
    for (size_t i = 0; i < s->versions.n; i++)
        if (s->versions.items[i].number == s->versions.approved)
            return &s->versions.items[i];
    return NULL;
}

static void print_warnings(pt_cli *cli, const pt_project *p, const pt_model_status *s)
{
    const size_t n = s->versions.n;
    pt_err err = {0};
    char number[16];

    if (pt_model_log_check(&s->versions, p->models[s->model].name, &err) != PT_OK) {
        PT_CLI_SAY(cli, MODELS_NO_LOG, p->models[s->model].name, pt_cli_translate(cli, err.msg),
                   pt_cli_translate(cli, err.hint));
    } else if (n && !s->versions.approved) {
        snprintf(number, sizeof number, "%u", s->versions.items[n - 1].number);
        PT_CLI_SAY(cli, MODELS_NONE_IN_USE, p->models[s->model].name, number);
    }
    if (s->stale)
        PT_CLI_SAY(cli, MODELS_STALE, p->models[s->model].name);
    for (size_t i = 0; i < s->versions.n_damaged; i++) {
        snprintf(number, sizeof number, "%u", s->versions.damaged[i]);
        PT_CLI_SAY(cli, MODELS_DAMAGED, p->models[s->model].name, number);
    }
}

static void print_models(pt_cli *cli, const pt_project *p, const pt_model_list *l)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_MODELS_MODEL),     pt_cli_text(cli, PT_TEXT_MODELS_TASK),
                                  pt_cli_text(cli, PT_TEXT_MODELS_VERSIONS),  pt_cli_text(cli, PT_TEXT_MODELS_APPROVED),
                                  pt_cli_text(cli, PT_TEXT_MODELS_ALGORITHM), pt_cli_text(cli, PT_TEXT_MODELS_FIGURE)};
    char used[16];
    pt_table t;

    if (!l->n) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_MODELS_NONE));
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < l->n; i++) {
        const pt_model_status *s = &l->items[i];
        const pt_model_version *v = in_use(s);
        snprintf(used, sizeof used, v ? "v%u" : "-", v ? v->number : 0);
        pt_table_row(&t, (const char *const[]){p->models[s->model].name, p->models[s->model].kind->task,
                                               pt_cli_count(cli, s->versions.n), used, v ? v->algorithm : "",
                                               v ? pt_model_figure(cli, v) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    for (size_t i = 0; i < l->n; i++)
        print_warnings(cli, p, &l->items[i]);
}

static void print_versions(pt_cli *cli, const pt_project *p, const pt_model_status *s)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_MODELS_VERSION),   pt_cli_text(cli, PT_TEXT_MODELS_APPROVED),
                                  pt_cli_text(cli, PT_TEXT_MODELS_ALGORITHM), pt_cli_text(cli, PT_TEXT_MODELS_AS_OF),
                                  pt_cli_text(cli, PT_TEXT_MODELS_TEST),      pt_cli_text(cli, PT_TEXT_MODELS_FIGURE),
                                  pt_cli_text(cli, PT_TEXT_MODELS_TRAINED)};
    char number[16];
    pt_table t;

    if (!s->versions.n) {
        PT_CLI_SAY(cli, MODELS_NO_VERSIONS, p->models[s->model].name);
        print_warnings(cli, p, s);
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < s->versions.n; i++) {
        const pt_model_version *v = &s->versions.items[i];
        bool used = v->number == s->versions.approved;
        snprintf(number, sizeof number, "v%u", v->number);
        pt_table_row(&t, (const char *const[]){number, used ? pt_cli_text(cli, PT_TEXT_MODELS_IN_USE) : "",
                                               v->algorithm, pt_model_days(cli, p, v),
                                               v->test == PT_I64_MISSING ? "" : pt_cli_day(cli, p, v->test),
                                               pt_model_figure(cli, v), pt_model_trained(cli, p, v)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    print_warnings(cli, p, s);
}

static void json_model(pt_json *j, const pt_project *p, const pt_model_status *s)
{
    static const char *const logs[] = {
        [PT_MODEL_LOG_WHOLE] = "whole", [PT_MODEL_LOG_LOST] = "lost", [PT_MODEL_LOG_DAMAGED] = "damaged"};

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "model", p->models[s->model].name);
    pt_json_put_cstr(j, "task", p->models[s->model].kind->task);
    pt_json_key(j, "approved");
    if (s->versions.approved)
        pt_json_int(j, s->versions.approved);
    else
        pt_json_null(j);
    pt_json_put_bool(j, "stale", s->stale);
    pt_json_put_int(j, "damaged", (int64_t)s->versions.n_damaged);
    pt_json_put_cstr(j, "log", logs[s->versions.log]);
    pt_json_put_open(j, "versions", '[');
    for (size_t i = 0; i < s->versions.n; i++) {
        pt_json_open(j, '{');
        pt_model_version_json(j, p, &s->versions.items[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static pt_rc list(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_model_list l;
    pt_json j;

    PT_TRY(pt_app_models(&l, app, cli->n_args ? cli->args[0] : NULL, cli->arena, err));
    if (!cli->json && cli->n_args)
        print_versions(cli, p, &l.items[0]);
    else if (!cli->json)
        print_models(cli, p, &l);
    if (!cli->json)
        return PT_OK;
    pt_json_init(&j, &cli->out, 0);
    if (!cli->n_args)
        pt_json_open(&j, '[');
    for (size_t i = 0; i < l.n; i++)
        json_model(&j, p, &l.items[i]);
    if (!cli->n_args)
        pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
    return PT_OK;
}

/* --- which one is used ------------------------------------------------------------------------------------------------ */

static void say_now(pt_cli *cli, const char *model, uint32_t version)
{
    char number[16];
    pt_json j;

    snprintf(number, sizeof number, "%u", version);
    if (cli->json) {
        pt_json_init(&j, &cli->out, 0);
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "model", model);
        pt_json_key(&j, "approved");
        if (version)
            pt_json_int(&j, version);
        else
            pt_json_null(&j);
        pt_json_close(&j, '}');
        pt_str_addc(&cli->out, '\n');
    } else if (version) {
        PT_CLI_SAY(cli, MODELS_NOW, model, number);
    } else {
        PT_CLI_SAY(cli, MODELS_NONE_NOW, model);
    }
}

/* Of the version asked for, else of that in use, else of the latest. */
static pt_rc write_card(pt_cli *cli, pt_app *app, uint32_t version, const char *path, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    const char *model = cli->args[0];
    pt_card card;

    PT_TRY(pt_model_card_path(path, err));
    PT_TRY(pt_cli_card_of(&version, app, model, cli->arena, err));
    PT_TRY(pt_model_store_read(NULL, &card, p->data_dir, model, version, cli->arena, err));
    return pt_model_card_write(cli, &card, p, path, err);
}

/* What a decision tree says: in words, or as a tag. */
static pt_rc print_rules(pt_cli *cli, pt_app *app, bool tiers, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_tree_rule_set rules;
    uint32_t model;

    PT_TRY(pt_app_model_rules(&rules, app, cli->args[0], cli->arena, err));
    PT_TRY(pt_app_model_find(&model, app, cli->args[0], err));
    if (tiers)
        return pt_cli_tree_tiers(cli, p, &p->models[model], &rules, err);
    pt_cli_tree_rules(cli, p, &rules);
    return PT_OK;
}

pt_rc pt_cmd_models(pt_cli *cli, pt_err *err)
{
    bool approve = cli->n_args == 3 && strcmp(cli->args[1], "approve") == 0;
    bool back = cli->n_args == 2 && strcmp(cli->args[1], "roll-back") == 0;
    bool rules = cli->n_args == 2 && strcmp(cli->args[1], "rules") == 0;
    bool tiers = cli->n_args == 2 && strcmp(cli->args[1], "tiers") == 0;
    bool card = cli->n_args >= 2 && strcmp(cli->args[1], "card") == 0;
    uint32_t version = 0;
    pt_app *app;

    if (cli->n_args > 1 && !approve && !back && !rules && !tiers && !card) {
        pt_fail(err, PT_EINVAL, "models knows nothing of '%s'", cli->args[1]);
        return pt_err_hint(err, "portrait models %s approve v2, or portrait models %s roll-back", cli->args[0],
                           cli->args[0]);
    }
    if (approve || (card && cli->n_args == 3))
        PT_TRY(pt_model_version_read(&version, cli->args[2], err));
    PT_TRY(pt_cli_open(&app, cli, err));
    if (card && pt_cli_option(cli, "out"))
        return write_card(cli, app, version, pt_cli_option(cli, "out"), err);
    if (card)
        return pt_cli_card(cli, app, cli->args[0], version, err);
    if (rules || tiers)
        return print_rules(cli, app, tiers, err);
    if (!approve && !back)
        return list(cli, app, err);
    if (approve)
        PT_TRY(pt_app_model_approve(app, cli->args[0], version, cli->arena, err));
    else
        PT_TRY(pt_app_model_roll_back(&version, app, cli->args[0], cli->arena, err));
    say_now(cli, cli->args[0], version);
    return PT_OK;
}
