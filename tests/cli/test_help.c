#include <stdlib.h>

#include "base/io.h"
#include "cli/cli.h"
#include "support/test.h"

/* tests/golden/cli/help.<lang>.txt; ACCEPT=1 in the environment writes it anew. */
static void check_golden(pt_lang_id lang)
{
    pt_cli cli = {.arena = pt_arena_new(0), .lang = lang};
    pt_err err = {0};
    pt_sv want;

    CHECK(cli.arena);
    pt_help_program(&cli);
    for (size_t i = 0; i < pt_n_commands; i++) {
        pt_str_add(&cli.out, "----\n");
        pt_help_command(&cli, &pt_commands[i]);
    }
    const char *path =
        pt_arena_printf(cli.arena, "%s/tests/golden/cli/help.%s.txt", test_source_dir(), pt_lang_code(lang));
    if (getenv("ACCEPT"))
        CHECK_OK(pt_write_file(path, cli.out.ptr, cli.out.len, &err));
    CHECK_OK(pt_read_file(&want, path, 0, cli.arena, &err));
    CHECK_STR(pt_str_cstr(&cli.out), want.ptr);
    pt_str_free(&cli.out);
    pt_arena_free(cli.arena);
}

TEST(cli_help__golden_in_english)
{
    check_golden(PT_EN);
}

TEST(cli_help__golden_in_chinese)
{
    check_golden(PT_ZH);
}

TEST(cli_help__lines_fit_a_terminal)
{
    for (size_t i = 0; i < pt_n_commands; i++) {
        pt_cli cli = {.arena = pt_arena_new(0), .lang = PT_EN};
        pt_help_command(&cli, &pt_commands[i]);
        for (const char *line = pt_str_cstr(&cli.out); *line; line += strcspn(line, "\n") + 1)
            CHECK(strcspn(line, "\n") <= 100);
        pt_str_free(&cli.out);
        pt_arena_free(cli.arena);
    }
}

TEST(cli_commands__options_have_no_name_twice)
{
    for (size_t i = 0; i < pt_n_commands; i++) {
        const pt_command *c = &pt_commands[i];
        CHECK(c->n_options + pt_n_global_options <= PT_CLI_MOST_OPTIONS);
        CHECK(c->examples[0] != NULL);
        for (size_t k = 0; k < c->n_options; k++)
            for (size_t g = 0; g < pt_n_global_options; g++)
                CHECK(strcmp(c->options[k].name, pt_global_options[g].name) != 0);
    }
}
