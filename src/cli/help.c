/* Help, written from the table of commands: what a man page holds, in the user's language. */
#include "app/version.h"
#include "base/utf8.h"
#include "cli/cli.h"

static void heading(pt_cli *cli, pt_text id)
{
    pt_str_addf(&cli->out, "\n%s%s%s\n", cli->color ? "\033[1m" : "", pt_cli_text(cli, id),
                cli->color ? "\033[0m" : "");
}

static void options_table(pt_cli *cli, const pt_option *options, size_t n)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT};
    pt_table t;

    pt_table_init(&t, cli->arena, 2, align, NULL);
    for (size_t i = 0; i < n; i++) {
        const pt_option *o = &options[i];
        char letter = pt_cli_option_letter(o->name), dash[] = {'-', letter, ',', ' ', '\0'};
        const char *name = pt_arena_printf(cli->arena, "%s--%s%s%s", letter ? dash : "", o->name, o->value ? " " : "",
                                           o->value ? pt_cli_translate(cli, o->value) : "");
        pt_table_row(&t, (const char *const[]){name, pt_cli_text(cli, o->help)});
    }
    pt_table_print(&t, &cli->out, 0, 2, false);
    pt_table_free(&t);
}

/* Breaks a paragraph into lines of at most 78 cells: at spaces, or between Chinese characters, which need none. */
static void paragraph(pt_cli *cli, const char *text)
{
    enum { WIDTH = 78 };
    pt_sv rest = pt_sv_of(text);

    while (rest.len) {
        pt_sv line = pt_utf8_fit(rest, WIDTH);
        if (line.len < rest.len && rest.ptr[line.len] != ' ')
            for (size_t cut = line.len; cut > line.len / 2; cut--)
                if (rest.ptr[cut] == ' ' && (line.len = cut))
                    break;
        pt_str_add(&cli->out, "  ");
        pt_str_addsv(&cli->out, line);
        pt_str_addc(&cli->out, '\n');
        rest = pt_sv_trim((pt_sv){rest.ptr + line.len, rest.len - line.len});
    }
}

void pt_help_program(pt_cli *cli)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT};
    pt_table t;

    pt_str_addf(&cli->out, "portrait " PORTRAIT_VERSION " - %s\n", pt_cli_text(cli, PT_TEXT_PROGRAM_SUMMARY));
    heading(cli, PT_TEXT_USAGE);
    PT_CLI_SAY(cli, USAGE_PROGRAM, "");
    heading(cli, PT_TEXT_COMMANDS);
    pt_table_init(&t, cli->arena, 2, align, NULL);
    for (size_t i = 0; i < pt_n_commands; i++)
        pt_table_row(&t, (const char *const[]){pt_commands[i].name, pt_cli_text(cli, pt_commands[i].summary)});
    pt_table_print(&t, &cli->out, 0, 2, false);
    pt_table_free(&t);
    heading(cli, PT_TEXT_GLOBAL_OPTIONS);
    options_table(cli, pt_global_options, pt_n_global_options);
    heading(cli, PT_TEXT_EXAMPLE);
    pt_str_add(&cli->out, "  portrait init --template retail shop\n  cd shop && portrait build\n  portrait tags\n");
}

void pt_help_command(pt_cli *cli, const pt_command *command)
{
    pt_str_addf(&cli->out, "portrait %s - %s\n", command->name, pt_cli_text(cli, command->summary));
    heading(cli, PT_TEXT_USAGE);
    pt_str_addf(&cli->out, "  portrait %s%s%s%s\n", command->name, command->arguments[0] ? " " : "",
                pt_cli_translate(cli, command->arguments), pt_cli_text(cli, PT_TEXT_USAGE_OPTIONS));
    heading(cli, PT_TEXT_DESCRIPTION);
    paragraph(cli, pt_cli_text(cli, command->about));
    if (command->n_options) {
        heading(cli, PT_TEXT_OPTIONS);
        options_table(cli, command->options, command->n_options);
    }
    heading(cli, PT_TEXT_GLOBAL_OPTIONS);
    options_table(cli, pt_global_options, pt_n_global_options);
    heading(cli, PT_TEXT_EXIT_CODES);
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_EXIT_CODES_TABLE));
    heading(cli, PT_TEXT_EXAMPLE);
    for (const char *const *e = command->examples; *e; e++)
        pt_str_addf(&cli->out, "  %s\n", *e);
}

/* --- the version -------------------------------------------------------------------------------------------------- */

static void version_json(pt_cli *cli)
{
    pt_component c;
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "version", PORTRAIT_VERSION);
    pt_json_put_cstr(&j, "commit", *pt_version_commit() ? pt_version_commit() : NULL);
    pt_json_put_open(&j, "components", '{');
    for (size_t i = 0; (c = pt_version_component(i)).name; i++) {
        pt_json_put_cstr(&j, c.name, *c.version ? c.version : NULL);
    }
    pt_json_close(&j, '}');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

void pt_help_version(pt_cli *cli)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT};
    const char *commit = pt_version_commit();
    pt_component c;
    pt_table t;

    if (cli->json) {
        version_json(cli);
        return;
    }
    pt_str_addf(&cli->out, "portrait " PORTRAIT_VERSION "%s%s%s\n", *commit ? " (" : "", commit, *commit ? ")" : "");
    pt_table_init(&t, cli->arena, 2, align, NULL);
    for (size_t i = 0; (c = pt_version_component(i)).name; i++)
        pt_table_row(&t,
                     (const char *const[]){c.name, *c.version ? c.version : pt_cli_text(cli, PT_TEXT_VERSION_NONE)});
    pt_table_print(&t, &cli->out, 0, 2, false);
    pt_table_free(&t);
}
