/* `portrait add --model NAME` and `--models`: models of the catalogue, written into the project. */
#include "app/catalogue.h"
#include "catalogue/models.h"
#include "cli/cataloguetext.h"

static const char *state_text(pt_cli *cli, const pt_model_template *m)
{
    if (m->present)
        return pt_cli_text(cli, PT_TEXT_ADD_MODEL_PRESENT);
    if (!m->missing)
        return pt_cli_text(cli, PT_TEXT_ADD_MODEL_READY);
    return pt_arena_printf(cli->arena, "%s%s", pt_cli_text(cli, PT_TEXT_ADD_MODEL_MISSING), m->missing);
}

static void list_models(pt_cli *cli, const pt_model_template *models, size_t n)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, NULL);
    for (size_t i = 0; i < n; i++)
        pt_table_row(&t, (const char *const[]){models[i].name, state_text(cli, &models[i]),
                                               pt_label_text(&models[i].label, pt_lang_code(cli->lang), "")});
    pt_table_print(&t, &cli->out, cli->width, 0, false);
    pt_table_free(&t);
}

static void list_json(pt_cli *cli, const pt_model_template *models, size_t n)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "name", models[i].name);
        pt_json_put_cstr(&j, "state", models[i].present ? "present" : models[i].missing ? "lacking" : "computable");
        if (models[i].missing) {
            pt_json_put_cstr(&j, "missing", models[i].missing);
        }
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}

static pt_rc find_model(const pt_model_template **out, pt_cli *cli, const pt_model_template *models, size_t n,
                        const char *name, pt_err *err)
{
    const char **names = PT_NEW_ARRAY(cli->arena, const char *, n);

    if (!names)
        return pt_fail_nomem(err, "the catalogue");
    for (size_t i = 0; i < n; i++) {
        names[i] = models[i].name;
        if (strcmp(name, names[i]) == 0) {
            *out = &models[i];
            return PT_OK;
        }
    }
    int near = pt_nearest(pt_sv_of(name), names, n);
    pt_fail(err, PT_ENOTFOUND, "the catalogue has no model '%.60s'", name);
    return near < 0 ? pt_err_hint(err, "portrait add --models lists them")
                    : pt_err_hint(err, "did you mean '%s'?", names[near]);
}

/* The model of the catalogue that is called as one of the command's words; NULL for none. */
static const char *model_among_words(pt_cli *cli, const pt_catalogue_plan *plan)
{
    const pt_model_template *models;
    size_t n;

    if (pt_catalogue_models(&models, &n, plan, cli->arena, NULL) != PT_OK)
        return NULL;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < cli->n_args; k++)
            if (!models[i].present && strcmp(models[i].name, cli->args[k]) == 0)
                return models[i].name;
    return NULL;
}

void pt_cmd_add_namesake(pt_cli *cli, const pt_catalogue_plan *plan)
{
    const char *model = model_among_words(cli, plan);

    if (model)
        PT_CLI_SAY(cli, ADD_MODEL_NAMESAKE, model);
}

static pt_rc add_model(pt_cli *cli, const pt_catalogue_plan *plan, const pt_model_template *model, pt_err *err)
{
    bool dry = pt_cli_option(cli, "dry-run") != NULL;
    pt_addition a;
    pt_diags diags;

    pt_diags_init(&diags, cli->arena);
    PT_TRY(pt_cli_end(cli, &diags, pt_app_add_model(&a, plan, model, !dry, &diags, cli->arena, err)));
    pt_add_report(cli, plan, &a, dry);
    if (!cli->json && !dry)
        PT_CLI_SAY(cli, ADD_MODEL_NEXT, model->name);
    return PT_OK;
}

pt_rc pt_cmd_add_model(pt_cli *cli, const pt_catalogue_plan *plan, pt_err *err)
{
    const char *name = pt_cli_option(cli, "model");
    const pt_model_template *models, *model = NULL;
    size_t n;

    if (cli->n_args)
        return pt_fail(err, PT_EINVAL, "tags and models are added one after the other");
    PT_TRY(pt_catalogue_models(&models, &n, plan, cli->arena, err));
    if (!name) {
        if (cli->json)
            list_json(cli, models, n);
        else
            list_models(cli, models, n);
        if (!cli->json && n)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_ADD_MODEL_HOW));
        return PT_OK;
    }
    PT_TRY(find_model(&model, cli, models, n, name, err));
    return add_model(cli, plan, model, err);
}

pt_rc pt_cmd_add_hint(pt_cli *cli, const pt_catalogue_plan *plan, pt_err *err)
{
    const char *model = model_among_words(cli, plan);

    return model ? pt_err_hint(err, "it is a model: portrait add --model %s", model) : err->code;
}
