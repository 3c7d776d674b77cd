/* The frame every command runs in: one static table of commands yields dispatch, help and usage errors. A command decodes
 * its options, calls app/, and formats what comes back. */
#ifndef PT_CLI_CLI_H
#define PT_CLI_CLI_H

#include <stdio.h>

#include "app/app.h"
#include "base/json.h"
#include "cli/table.h"
#include "cli/text.h"

typedef struct pt_option {
    const char *name;  /* without dashes: "as-of" */
    const char *value; /* what it takes: "TIME"; NULL for a switch */
    pt_text help;
} pt_option;

typedef struct pt_cli pt_cli;

typedef struct pt_command {
    const char *name;
    pt_rc (*run)(pt_cli *cli, pt_err *err);
    pt_text summary;       /* one line */
    pt_text about;         /* a paragraph */
    const char *arguments; /* "DIR"; "" when it takes none */
    size_t least, most;    /* how many arguments */
    const pt_option *options;
    size_t n_options;
    const char *const *examples; /* at least one; ends with NULL */
} pt_command;

enum { PT_CLI_MOST_OPTIONS = 24 };

struct pt_cli {
    const pt_command *command;
    const char
        *values[PT_CLI_MOST_OPTIONS]; /* by place in the command's options, then the global ones; NULL: not given */
    const char **args;
    size_t n_args;

    pt_lang_id lang;
    bool json;
    bool color;   /* colours and bars on standard output */
    size_t width; /* cells of the terminal that standard output is; 0 when it is none */
    pt_app *app;  /* the open project, or NULL; closed after the arena, which holds what was read from it */
    pt_arena *arena;
    pt_str out;         /* standard output, written when the command has ended; commands that stream write to stdout */
    bool quiet_failure; /* the command has already said on its own what was wrong */
};

/* The table, in the order that help lists it. */
extern const pt_command pt_commands[];
extern const size_t pt_n_commands;
extern const pt_option pt_global_options[];
extern const size_t pt_n_global_options;

/* The value of an option of this command or of a global one; "" for a switch that is on; NULL when not given. */
const char *pt_cli_option(const pt_cli *cli, const char *name);
/* The letter that may stand for an option of this name, or '\0'. */
char pt_cli_option_letter(const char *name);
/* --threads: 0 when not given. */
pt_rc pt_cli_threads(unsigned *out, const pt_cli *cli, pt_err *err);
/* "512MB", "4GiB", "2000000000"; 0 when the option is not given. */
pt_rc pt_cli_size(size_t *out, const pt_cli *cli, const char *name, pt_err *err);
/* --as-of read in the project's zone; *given is false when it was not. */
pt_rc pt_cli_as_of(int64_t *out, bool *given, const pt_cli *cli, const pt_project *p, pt_err *err);
/* Opens the project of --project (cli->app; it stays the frame's to close); prints its problems (as JSON with --json) and fails when there are errors. */
pt_rc pt_cli_open(pt_app **out, pt_cli *cli, pt_err *err);
/* Problems, with their lines and carets (with --json a list of objects): appended, or on standard error. */
void pt_cli_add_problems(const pt_cli *cli, const pt_diags *diags, pt_str *out);
void pt_cli_problems(const pt_cli *cli, const pt_diags *diags);
/* Says that the id asked for is now part of another; nothing when `asked` is empty. */
void pt_cli_forwarded(pt_cli *cli, pt_sv asked, pt_sv id);
/* Builds the open project and says what came of it, as `portrait build` does (cli/cmd_build.c). */
pt_rc pt_cli_build(pt_cli *cli, pt_app *app, pt_err *err);
/* What a command that collected problems ends with: prints them, frees them; returns rc. */
pt_rc pt_cli_end(pt_cli *cli, pt_diags *diags, pt_rc rc);

#define PT_CLI_SAY(cli, id, ...) PT_SAY(&(cli)->out, (cli)->lang, id, __VA_ARGS__)
static inline const char *pt_cli_text(const pt_cli *cli, pt_text id)
{
    return pt_text_get(cli->lang, id);
}

/* What the parts below say in English, in the user's language (cli/translate.c): a message or hint, a reason, a type's
 * name. What is not in the catalogue stays as it is. From the arena of `cli`, or the text given. */
const char *pt_cli_translate(const pt_cli *cli, const char *english);
/* A problem likewise; one that is not in the catalogue has the title of its code before it. */
pt_diag pt_cli_translate_problem(const pt_cli *cli, const pt_diag *diag);

/* Help (cli/help.c). */
void pt_help_program(pt_cli *cli);
void pt_help_command(pt_cli *cli, const pt_command *command);
void pt_help_version(pt_cli *cli);
/* A man page in roff, of the program or of one command (cli/man.c). */
void pt_cli_man(pt_cli *cli, const pt_command *command);
/* What the last of `words` (all after "portrait") may become, one a line (cli/complete.c). Reorders `words`. */
void pt_cli_complete(pt_cli *cli, char **words, size_t n);

/* The whole program: parses, runs, prints; returns the exit code. */
int pt_cli_main(int argc, char **argv);

/* Values as people read them (cli/format.c). */
/* For sentences, where nobody counts digits: in Chinese 123456 is "12.3万", 123456789 "1.2亿"; buf holds 32 bytes. Tables and
 * JSON have all digits. */
const char *pt_format_about(char *buf, uint64_t n, pt_lang_id lang);
/* "850 ms", "3.2 s", "4 min 10 s"; buf holds 32 bytes. */
const char *pt_format_seconds(char *buf, double seconds, pt_lang_id lang);
/* "640 B", "12.3 MB"; buf holds 32 bytes. */
const char *pt_format_bytes(char *buf, uint64_t bytes);

/* In the arena of `cli`; "" when memory is short. pt_cli_keep takes what a text holds and frees it. */
const char *pt_cli_keep(const pt_cli *cli, pt_str *text);
const char *pt_cli_count(const pt_cli *cli, uint64_t n);                    /* "1,234" */
const char *pt_cli_share(const pt_cli *cli, uint64_t part, uint64_t whole); /* "12.3%" */
const char *pt_cli_node(const pt_cli *cli, const pt_node *node,
                        const pt_catalog *c); /* an expression as it is written */
/* What people call a tag. */
const char *pt_cli_tag_label(const pt_cli *cli, const pt_project *p, uint32_t tag);
/* "2017-06-30 18:00 Asia/Shanghai", "2017年6月30日 18:00（Asia/Shanghai）", in the arena of `cli`. */
const char *pt_format_as_of(const pt_cli *cli, const pt_project *p, int64_t instant);

/* One function a command, each in its own cmd_<name>.c. */
pt_rc pt_cmd_init(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_check(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_build(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_link(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_show(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_tags(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_add(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_explain(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_why_not(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_plan(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_diff(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_lineage(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_eval(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_quality(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_history(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_count(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_rfm(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_segment(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_flow(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_regions(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_channels(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_pyramid(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_report(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_funnel(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_insight(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_cohort(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_associate(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_heatmap(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_lookalike(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_recommend(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_paths(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_train(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_evaluate(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_models(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_identity(pt_cli *cli, pt_err *err);
pt_rc pt_cmd_doctor(pt_cli *cli, pt_err *err);

#endif
