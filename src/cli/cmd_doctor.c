#include "cli/cli.h"

static const struct {
    const char *name; /* stable, for JSON */
    pt_text title, advice;
} checkups[PT_CHECKUP_COUNT] = {
    [PT_CHECKUP_ENGINE] = {"engine", PT_TEXT_DOCTOR_ENGINE, PT_TEXT_DOCTOR_ENGINE_ADVICE},
    [PT_CHECKUP_ZONES] = {"time_zones", PT_TEXT_DOCTOR_ZONES, PT_TEXT_DOCTOR_ZONES_ADVICE},
    [PT_CHECKUP_PROJECT] = {"project", PT_TEXT_DOCTOR_PROJECT, PT_TEXT_DOCTOR_PROJECT_ADVICE},
    [PT_CHECKUP_DATA_DIR] = {"data_dir", PT_TEXT_DOCTOR_DATA_DIR, PT_TEXT_DOCTOR_DATA_DIR_ADVICE},
    [PT_CHECKUP_LOCK] = {"lock", PT_TEXT_DOCTOR_LOCK, PT_TEXT_DOCTOR_LOCK_ADVICE},
    [PT_CHECKUP_STORE] = {"store", PT_TEXT_DOCTOR_STORE, PT_TEXT_DOCTOR_STORE_ADVICE},
    [PT_CHECKUP_IDENTITY] = {"identity", PT_TEXT_DOCTOR_IDENTITY, PT_TEXT_DOCTOR_IDENTITY_ADVICE},
    [PT_CHECKUP_GENERATION] = {"generation", PT_TEXT_DOCTOR_GENERATION, PT_TEXT_DOCTOR_GENERATION_ADVICE},
    [PT_CHECKUP_MODELS] = {"models", PT_TEXT_DOCTOR_MODELS, PT_TEXT_DOCTOR_MODELS_ADVICE},
    [PT_CHECKUP_DISK] = {"disk", PT_TEXT_DOCTOR_DISK, PT_TEXT_DOCTOR_DISK_ADVICE},
};

static const char *const health_names[] = {"ok", "warn", "fail"};

static void print_json(pt_cli *cli, const pt_checkup_result *results)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < PT_CHECKUP_COUNT; i++) {
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "check", checkups[i].name);
        pt_json_put_cstr(&j, "health", results[i].skipped ? "skipped" : health_names[results[i].health]);
        pt_json_put_cstr(&j, "detail", results[i].detail);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_str_addc(&cli->out, '\n');
}

static void print_lines(pt_cli *cli, const pt_checkup_result *results)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    pt_table t;

    pt_table_init(&t, cli->arena, 3, align, NULL);
    for (size_t i = 0; i < PT_CHECKUP_COUNT; i++)
        if (!results[i].skipped)
            pt_table_row(&t, (const char *const[]){pt_cli_translate(cli, health_names[results[i].health]),
                                                   pt_cli_text(cli, checkups[i].title),
                                                   pt_cli_translate(cli, results[i].detail)});
    pt_table_print(&t, &cli->out, cli->width, 0, false);
    pt_table_free(&t);
    for (size_t i = 0; i < PT_CHECKUP_COUNT; i++)
        if (!results[i].skipped && results[i].health != PT_HEALTH_OK)
            pt_str_addf(&cli->out, "%s: %s\n", pt_cli_text(cli, checkups[i].title),
                        pt_cli_text(cli, checkups[i].advice));
}

/* Warnings are worth a look; only a failure is a problem. */
pt_rc pt_cmd_doctor(pt_cli *cli, pt_err *err)
{
    const char *dir = pt_cli_option(cli, "project");
    pt_checkup_result results[PT_CHECKUP_COUNT];
    bool failed = false;

    pt_app_doctor(results, dir ? dir : ".", cli->arena);
    for (size_t i = 0; i < PT_CHECKUP_COUNT; i++)
        failed |= !results[i].skipped && results[i].health == PT_HEALTH_FAIL;
    if (cli->json)
        print_json(cli, results);
    else
        print_lines(cli, results);
    cli->quiet_failure = true;
    return failed ? pt_fail(err, PT_EPROBLEM, "something needs attention") : PT_OK;
}
