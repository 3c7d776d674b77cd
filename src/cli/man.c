/* Man pages, written from the table of commands: `portrait --man [COMMAND]`. tools/man.sh writes all of them. */
#include "app/version.h"
#include "cli/cli.h"

/* How roff wants a character that means something to it; NULL: as it is. In `literal` text (commands, names) signs stay
 * what is typed; in prose a backquote is a quotation mark. */
static const char *escape_of(char c, bool literal)
{
    static const struct {
        char c;
        const char *in_literal, *in_prose;
    } escapes[] = {{'\\', "\\e", "\\e"},  {'-', "\\-", NULL},      {'`', "\\(ga", "\""},
                   {'\'', "\\(aq", NULL}, {'^', "\\(ha", "\\(ha"}, {'~', "\\(ti", "\\(ti"}};

    for (size_t i = 0; i < PT_COUNT(escapes); i++)
        if (escapes[i].c == c)
            return literal ? escapes[i].in_literal : escapes[i].in_prose;
    return NULL;
}

/* Text as roff takes it: no line of it is a command, no character of it means something else. */
static void add_text(pt_str *out, const char *text, bool literal)
{
    bool line_begins = true;

    for (; *text; text++) {
        const char *escape = escape_of(*text, literal);
        if (line_begins && (*text == '.' || *text == '\''))
            pt_str_add(out, "\\&");
        line_begins = *text == '\n';
        if (escape)
            pt_str_add(out, escape);
        else
            pt_str_addc(out, *text);
    }
}

static void add_line(pt_cli *cli, const char *text, bool literal)
{
    add_text(&cli->out, text, literal);
    pt_str_addc(&cli->out, '\n');
}

static void add_upper(pt_str *out, const char *text)
{
    for (; *text; text++)
        pt_str_addc(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 'a' + 'A') : *text);
}

static void section(pt_cli *cli, pt_text id)
{
    pt_str_add(&cli->out, ".SH \"");
    add_upper(&cli->out, pt_cli_text(cli, id));
    pt_str_add(&cli->out, "\"\n");
}

/* ".TH PORTRAIT\-BUILD 1": no date, so that the same source gives the same page. */
static void begin(pt_cli *cli, const char *name, const char *summary)
{
    pt_str_add(&cli->out, ".TH \"");
    add_upper(&cli->out, name);
    pt_str_addf(&cli->out, "\" 1 \"\" \"portrait %s\" \"%s\"\n", PORTRAIT_VERSION,
                pt_cli_text(cli, PT_TEXT_MAN_MANUAL));
    pt_str_add(&cli->out, ".ad l\n.nh\n"); /* Chinese has no spaces to stretch, commands no hyphens to add */
    section(cli, PT_TEXT_MAN_NAME);
    add_text(&cli->out, name, true);
    pt_str_add(&cli->out, " \\- ");
    add_line(cli, summary, false);
}

static void add_options(pt_cli *cli, const pt_option *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char letter = pt_cli_option_letter(options[i].name);
        pt_str_add(&cli->out, ".TP\n");
        if (letter)
            pt_str_addf(&cli->out, "\\fB\\-%c\\fR, ", letter);
        pt_str_add(&cli->out, "\\fB\\-\\-");
        add_text(&cli->out, options[i].name, true);
        pt_str_add(&cli->out, "\\fR");
        if (options[i].value) {
            pt_str_add(&cli->out, " \\fI");
            add_text(&cli->out, pt_cli_translate(cli, options[i].value), true);
            pt_str_add(&cli->out, "\\fR");
        }
        pt_str_addc(&cli->out, '\n');
        add_line(cli, pt_cli_text(cli, options[i].help), false);
    }
}

/* Lines "  NAME  text": each name with its text under it. */
static void add_pairs(pt_cli *cli, const char *lines)
{
    while (*lines) {
        size_t n = strcspn(lines, "\n");
        const char *line = pt_arena_strndup(cli->arena, lines, n);
        lines += n + (lines[n] == '\n');
        if (!line)
            return;
        line += strspn(line, " ");
        const char *gap = strstr(line, "  ");
        if (!gap)
            continue;
        pt_str_addf(&cli->out, ".TP\n\\fB%.*s\\fR\n", (int)(gap - line), line);
        add_line(cli, gap + strspn(gap, " "), false);
    }
}

static void add_examples(pt_cli *cli, const char *const *examples)
{
    section(cli, PT_TEXT_EXAMPLE);
    for (; *examples; examples++) {
        pt_str_add(&cli->out, ".RS 4\n.nf\n");
        add_line(cli, *examples, true);
        pt_str_add(&cli->out, examples[1] ? ".fi\n.RE\n.PP\n" : ".fi\n.RE\n");
    }
}

static void see_also(pt_cli *cli, const pt_command *but)
{
    section(cli, PT_TEXT_MAN_SEE_ALSO);
    if (but)
        pt_str_add(&cli->out, ".BR portrait (1),\n");
    for (size_t i = 0; i < pt_n_commands; i++)
        if (&pt_commands[i] != but)
            pt_str_addf(&cli->out, ".BR portrait\\-%s (1),\n", pt_commands[i].name);
    pt_str_add(&cli->out, ".BR portrait (5),\n.BR libportrait (3)\n");
}

static void man_command(pt_cli *cli, const pt_command *c)
{
    begin(cli, pt_arena_printf(cli->arena, "portrait-%s", c->name), pt_cli_text(cli, c->summary));
    section(cli, PT_TEXT_MAN_SYNOPSIS);
    pt_str_addf(&cli->out, "\\fBportrait %s\\fR ", c->name);
    if (c->arguments[0]) {
        pt_str_add(&cli->out, "\\fI");
        add_text(&cli->out, pt_cli_translate(cli, c->arguments), true);
        pt_str_add(&cli->out, "\\fR ");
    }
    add_line(cli, pt_cli_text(cli, PT_TEXT_USAGE_OPTIONS) + 1, true);
    section(cli, PT_TEXT_DESCRIPTION);
    add_line(cli, pt_cli_text(cli, c->about), false);
    if (c->n_options)
        section(cli, PT_TEXT_OPTIONS);
    add_options(cli, c->options, c->n_options);
    section(cli, PT_TEXT_GLOBAL_OPTIONS);
    add_options(cli, pt_global_options, pt_n_global_options);
    section(cli, PT_TEXT_EXIT_CODES);
    add_pairs(cli, pt_cli_text(cli, PT_TEXT_EXIT_CODES_TABLE));
    add_examples(cli, c->examples);
    see_also(cli, c);
}

static void man_program(pt_cli *cli)
{
    static const char *const examples[] = {"portrait init --template retail shop", "cd shop && portrait build",
                                           "portrait tags", NULL};

    begin(cli, "portrait", pt_cli_text(cli, PT_TEXT_PROGRAM_SUMMARY));
    section(cli, PT_TEXT_MAN_SYNOPSIS);
    add_line(cli, pt_cli_text(cli, PT_TEXT_MAN_USAGE), true);
    section(cli, PT_TEXT_DESCRIPTION);
    add_line(cli, pt_cli_text(cli, PT_TEXT_MAN_ABOUT), false);
    section(cli, PT_TEXT_COMMANDS);
    for (size_t i = 0; i < pt_n_commands; i++) {
        pt_str_addf(&cli->out, ".TP\n\\fBportrait\\-%s\\fR(1)\n", pt_commands[i].name);
        add_line(cli, pt_cli_text(cli, pt_commands[i].summary), false);
    }
    section(cli, PT_TEXT_GLOBAL_OPTIONS);
    add_options(cli, pt_global_options, pt_n_global_options);
    section(cli, PT_TEXT_EXIT_CODES);
    add_pairs(cli, pt_cli_text(cli, PT_TEXT_EXIT_CODES_TABLE));
    section(cli, PT_TEXT_MAN_ENVIRONMENT);
    add_pairs(cli, pt_cli_text(cli, PT_TEXT_MAN_ENVIRONMENT_TABLE));
    section(cli, PT_TEXT_MAN_FILES);
    add_pairs(cli, pt_cli_text(cli, PT_TEXT_MAN_FILES_TABLE));
    add_examples(cli, examples);
    see_also(cli, NULL);
}

void pt_cli_man(pt_cli *cli, const pt_command *command)
{
    if (command)
        man_command(cli, command);
    else
        man_program(cli);
}
