#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/json.h"
#include "base/utf8.h"

/* --- options ------------------------------------------------------------------------------------------------------ */

static size_t own_options(const pt_cli *cli)
{
    return cli->command ? cli->command->n_options : 0;
}

/* Options are numbered: the command's own first, then the global ones. */
static const pt_option *option_at(const pt_cli *cli, size_t i)
{
    return i < own_options(cli) ? &cli->command->options[i] : &pt_global_options[i - own_options(cli)];
}

/* Letters that stand for options of these names, in whichever command has them. */
static const struct {
    char letter;
    const char *name;
} letters[] = {{'h', "help"}, {'o', "out"}};

char pt_cli_option_letter(const char *name)
{
    for (size_t i = 0; i < PT_COUNT(letters); i++)
        if (strcmp(letters[i].name, name) == 0)
            return letters[i].letter;
    return '\0';
}

/* The name in "--name", "--name=value", "-n", "-n=value"; empty for an unknown letter. */
static pt_sv option_name(const char *word)
{
    size_t len = strcspn(word, "=");

    if (word[1] == '-')
        return (pt_sv){word + 2, len - 2};
    for (size_t i = 0; i < PT_COUNT(letters) && len == 2; i++)
        if (letters[i].letter == word[1])
            return pt_sv_of(letters[i].name);
    return PT_SV("");
}

static size_t all_options(const pt_cli *cli)
{
    return own_options(cli) + pt_n_global_options;
}

static int find_option(const pt_cli *cli, pt_sv name)
{
    for (size_t i = 0; i < all_options(cli); i++)
        if (pt_sv_eq(pt_sv_of(option_at(cli, i)->name), name))
            return (int)i;
    return -1;
}

const char *pt_cli_option(const pt_cli *cli, const char *name)
{
    int i = find_option(cli, pt_sv_of(name));

    PT_ASSERT(i >= 0);
    return cli->values[i];
}

static pt_rc usage_hint(pt_cli *cli, pt_err *err)
{
    if (cli->command)
        return pt_err_hint(err, "portrait %s --help", cli->command->name);
    return pt_err_hint(err, "portrait --help");
}

static pt_rc unknown_option(pt_cli *cli, const char *dashes, pt_sv name, pt_err *err)
{
    const char *names[PT_CLI_MOST_OPTIONS];
    size_t n = all_options(cli);

    for (size_t i = 0; i < n; i++)
        names[i] = option_at(cli, i)->name;
    int near = pt_nearest(name, names, n);
    pt_fail(err, PT_EINVAL, "unknown option %s%.*s", dashes, (int)name.len, name.ptr);
    return near >= 0 ? pt_err_hint(err, "did you mean --%s?", names[near]) : usage_hint(cli, err);
}

/* One "--name", "--name=value" or "--name value", or the same with a letter; *i moves over a value taken from the next word. */
static pt_rc take_option(pt_cli *cli, char **argv, int argc, int *i, pt_err *err)
{
    const char *word = argv[*i], *equals = strchr(word, '=');
    pt_sv name = option_name(word);
    int at = find_option(cli, name);

    if (at < 0)
        return word[1] == '-' ? unknown_option(cli, "--", name, err)
                              : unknown_option(cli, "-", pt_sv_of(word + 1), err);
    const pt_option *o = option_at(cli, (size_t)at);
    if (!o->value && equals)
        return pt_fail(err, PT_EINVAL, "option --%s takes no value", o->name);
    if (o->value && !equals && *i + 1 >= argc) {
        pt_fail(err, PT_EINVAL, "option --%s needs a value", o->name);
        return pt_err_hint(err, "--%s %s", o->name, o->value);
    }
    if (!o->value)
        cli->values[at] = "";
    else
        cli->values[at] = equals ? equals + 1 : argv[++*i];
    return PT_OK;
}

/* Every word that begins with '-' is an option, save "-" alone and all that follows "--". */
static pt_rc take_words(pt_cli *cli, int argc, char **argv, pt_err *err)
{
    bool only_arguments = false;

    for (int i = 0; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0)
            only_arguments = true;
        else if (!only_arguments && argv[i][0] == '-' && argv[i][1])
            PT_TRY(take_option(cli, argv, argc, &i, err));
        else
            cli->args[cli->n_args++] = argv[i];
    }
    return PT_OK;
}

/* Whether a word before the command is a global option that takes the next word. */
static bool takes_next(const char *word)
{
    for (size_t i = 0; i < pt_n_global_options; i++)
        if (word[0] == '-' && word[1] == '-' && strcmp(word + 2, pt_global_options[i].name) == 0)
            return pt_global_options[i].value != NULL;
    return false;
}

static const pt_command *find_command(const char *name)
{
    for (size_t i = 0; i < pt_n_commands; i++)
        if (strcmp(pt_commands[i].name, name) == 0)
            return &pt_commands[i];
    return NULL;
}

static pt_rc unknown_command(const char *name, pt_err *err)
{
    const char *names[64];

    PT_ASSERT(pt_n_commands <= PT_COUNT(names));
    for (size_t i = 0; i < pt_n_commands; i++)
        names[i] = pt_commands[i].name;
    int near = pt_nearest(pt_sv_of(name), names, pt_n_commands);
    pt_fail(err, PT_EINVAL, "unknown command '%s'", name);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", names[near]) : pt_err_hint(err, "portrait --help");
}

/* The place of the command's name among the words, or argc. */
static int command_place(int argc, char **argv)
{
    int i = 0;

    while (i < argc && argv[i][0] == '-')
        i += takes_next(argv[i]) ? 2 : 1;
    return i < argc ? i : argc;
}

static pt_rc parse(pt_cli *cli, int argc, char **argv, pt_err *err)
{
    int at = command_place(argc, argv);

    cli->args = PT_NEW_ARRAY(cli->arena, const char *, (size_t)argc + 1);
    if (!cli->args)
        return pt_fail_nomem(err, "the command line");
    if (at < argc && strcmp(argv[at], "help") != 0 && !(cli->command = find_command(argv[at])))
        return unknown_command(argv[at], err);
    PT_ASSERT(all_options(cli) <= PT_CLI_MOST_OPTIONS);
    PT_TRY(take_words(cli, at, argv, err));
    return at < argc ? take_words(cli, argc - at - 1, argv + at + 1, err) : PT_OK;
}

/* --- the surroundings --------------------------------------------------------------------------------------------- */

static pt_lang_id environment_lang(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < PT_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (value && *value)
            return pt_lang_parse(value);
    }
    return PT_EN;
}

static size_t terminal_width(void)
{
    struct winsize size;
    int64_t columns;

    if (!isatty(STDOUT_FILENO))
        return 0;
    if (pt_parse_int64(&columns, pt_sv_of(getenv("COLUMNS"))) && columns > 0)
        return (size_t)columns;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col ? size.ws_col : 80;
}

/* The value of an option as it will be parsed; NULL when it is not given. */
static const char *early_option(int argc, char **argv, const char *name)
{
    size_t n = strlen(name);

    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strncmp(argv[i], name, n) != 0)
            continue;
        if (argv[i][n] == '=')
            return argv[i] + n + 1;
        if (!argv[i][n] && i + 1 < argc)
            return argv[i + 1];
    }
    return NULL;
}

/* --lang, else the language of the project that the command is about, else that of the environment. Known before the
 * words are parsed: what is wrong with them is said in that language. */
static pt_lang_id choose_lang(int argc, char **argv)
{
    const char *asked = early_option(argc, argv, "--lang"), *project = early_option(argc, argv, "--project");
    const char *locale = asked ? asked : pt_project_locale(project ? project : ".");

    return locale ? pt_lang_parse(locale) : environment_lang();
}

static void look_around(pt_cli *cli, int argc, char **argv)
{
    const char *term = getenv("TERM"), *no_color = getenv("NO_COLOR");

    cli->lang = choose_lang(argc, argv);
    cli->width = terminal_width();
    cli->color = cli->width && !(no_color && *no_color) && !(term && strcmp(term, "dumb") == 0);
}

static pt_rc apply_global(pt_cli *cli, pt_err *err)
{
    const char *lang = pt_cli_option(cli, "lang");

    cli->json = pt_cli_option(cli, "json") != NULL;
    if (pt_cli_option(cli, "no-color"))
        cli->color = false;
    if (lang && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0) {
        pt_fail(err, PT_EINVAL, "unknown language '%s'", lang);
        return pt_err_hint(err, "--lang zh or --lang en");
    }
    if (lang)
        cli->lang = pt_lang_parse(lang);
    return PT_OK;
}

/* --- running ------------------------------------------------------------------------------------------------------ */

static pt_rc check_arguments(pt_cli *cli, pt_err *err)
{
    const pt_command *c = cli->command;

    if (cli->n_args >= c->least && cli->n_args <= c->most)
        return PT_OK;
    if (cli->n_args > c->most)
        pt_fail(err, PT_EINVAL, "%s: unexpected argument '%s'", c->name, cli->args[c->most]);
    else
        pt_fail(err, PT_EINVAL, "%s: missing argument %s", c->name, c->arguments);
    return pt_err_hint(err, "portrait %s %s", c->name, c->arguments);
}

static pt_rc help_for(pt_cli *cli, pt_err *err)
{
    const pt_command *about = cli->command;

    if (!about && cli->n_args && !(about = find_command(cli->args[0])))
        return unknown_command(cli->args[0], err);
    if (about)
        pt_help_command(cli, about);
    else
        pt_help_program(cli);
    return PT_OK;
}

/* For other programs: shells and tools/man.sh. False when it is neither. */
static bool run_for_tools(pt_cli *cli, int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], "--complete") == 0)
        pt_cli_complete(cli, argv + 1, (size_t)argc - 1);
    else if (argc > 0 && strcmp(argv[0], "--man") == 0)
        pt_cli_man(cli, argc > 1 ? find_command(argv[1]) : NULL);
    else
        return false;
    return true;
}

static pt_rc run(pt_cli *cli, int argc, char **argv, pt_err *err)
{
    if (run_for_tools(cli, argc, argv))
        return PT_OK;
    PT_TRY(parse(cli, argc, argv, err));
    PT_TRY(apply_global(cli, err));
    if (pt_cli_option(cli, "version")) {
        pt_help_version(cli);
        return PT_OK;
    }
    if (pt_cli_option(cli, "help") || (!cli->command && argc > 0))
        return help_for(cli, err);
    if (!cli->command) {
        pt_help_program(cli);
        return pt_fail(err, PT_EINVAL, "%s", pt_cli_text(cli, PT_TEXT_NO_COMMAND));
    }
    PT_TRY(check_arguments(cli, err));
    return cli->command->run(cli, err);
}

static void print_error_json(const pt_err *err)
{
    pt_str text = {0};
    pt_json j;

    pt_json_init(&j, &text, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "error", pt_rc_name(err->code));
    pt_json_put_cstr(&j, "message", err->msg);
    if (err->hint[0]) {
        pt_json_put_cstr(&j, "hint", err->hint);
    }
    if (err->file[0]) {
        pt_json_put_cstr(&j, "file", err->file);
        pt_json_put_int(&j, "line", err->line);
    }
    pt_json_close(&j, '}');
    fprintf(stderr, "%s\n", pt_str_cstr(&text));
    pt_str_free(&text);
}

/* A message may quote what was typed or read: what a terminal would obey, or is no text, shows as U+FFFD. */
static void print_clean(const char *text)
{
    pt_sv s = pt_sv_of(text);

    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        int32_t cp = pt_utf8_next(s, &at);
        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            fputs("\xEF\xBF\xBD", stderr);
        else
            fwrite(s.ptr + from, 1, at - from, stderr);
    }
}

static void print_error(const pt_cli *cli, const pt_err *err)
{
    if (cli->json) {
        print_error_json(err);
        return;
    }
    fputs(pt_cli_text(cli, PT_TEXT_ERROR), stderr);
    print_clean(err->file);
    if (err->file[0] && err->line)
        fprintf(stderr, ":%d", err->line);
    fputs(err->file[0] ? ": " : "", stderr);
    print_clean(pt_cli_translate(cli, err->msg));
    fputc('\n', stderr);
    if (err->hint[0]) {
        fputs("  ", stderr);
        print_clean(pt_cli_translate(cli, err->hint));
        fputc('\n', stderr);
    } else if (err->code == PT_ECORRUPT) {
        fprintf(stderr, "  %s\n", pt_cli_translate(cli, "`portrait build` makes it again from the raw store"));
    }
}

/* The bytes of a colour as the program writes them, "\033[1;31m"; 0 when the text does not begin with one. */
static size_t colour_length(const char *text, size_t n)
{
    size_t at = 2;

    if (n < 3 || text[0] != '\033' || text[1] != '[')
        return 0;
    while (at < n && ((text[at] >= '0' && text[at] <= '9') || text[at] == ';'))
        at++;
    return at < n && text[at] == 'm' ? at + 1 : 0;
}

/* The bytes of a control character that is no line break and no tab; U+0080 to U+009F are two bytes of UTF-8. */
static size_t control_length(const char *text, size_t n)
{
    unsigned char c = (unsigned char)text[0];

    if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
        return 1;
    return c == 0xC2 && n > 1 && (unsigned char)text[1] >= 0x80 && (unsigned char)text[1] < 0xA0 ? 2 : 0;
}

/* Values come from data that others wrote: what a terminal would obey becomes spaces. Exports do not come this way. */
static void disarm_output(const pt_cli *cli, char *text, size_t n)
{
    for (size_t at = 0; at < n;) {
        size_t colour = cli->color ? colour_length(text + at, n - at) : 0;
        size_t control = colour ? 0 : control_length(text + at, n - at);
        memset(text + at, ' ', control);
        at += colour + control ? colour + control : 1;
    }
}

/* A pipe that the reader closed is no failure worth words: `portrait tags | head`. */
static pt_rc flush_output(pt_cli *cli, pt_err *err)
{
    PT_TRY(pt_str_check(&cli->out, err));
    disarm_output(cli, cli->out.ptr, cli->out.len);
    errno = 0;
    if (fwrite(pt_str_cstr(&cli->out), 1, cli->out.len, stdout) == cli->out.len && fflush(stdout) == 0)
        return PT_OK;
    pt_fail_errno(err, PT_EIO, errno, "cannot write to standard output");
    cli->quiet_failure = errno == EPIPE;
    return PT_EIO;
}

int pt_cli_main(int argc, char **argv)
{
    pt_cli cli = {.arena = pt_arena_new(0)};
    pt_err err = {0}, late = {0};
    pt_rc rc;

    if (!cli.arena) {
        fputs("error: no memory\n", stderr);
        return pt_rc_exit(PT_ENOMEM);
    }
    look_around(&cli, argc, argv);
    rc = run(&cli, argc - 1, argv + 1, &err);
    if (flush_output(&cli, &late) != PT_OK && rc == PT_OK) {
        rc = late.code;
        err = late;
    }
    if (rc != PT_OK && !cli.quiet_failure)
        print_error(&cli, &err);
    pt_str_free(&cli.out);
    pt_arena_free(cli.arena);
    pt_app_close(cli.app);
    return rc == PT_ECANCELED ? 130 : pt_rc_exit(rc);
}

/* --- what commands share ------------------------------------------------------------------------------------------ */

pt_rc pt_cli_threads(unsigned *out, const pt_cli *cli, pt_err *err)
{
    const char *text = pt_cli_option(cli, "threads");
    int64_t n = 0;

    *out = 0;
    if (text && (!pt_parse_int64(&n, pt_sv_of(text)) || n < 1 || n > 1024)) {
        pt_fail(err, PT_EINVAL, "--threads '%s' is no number of threads", text);
        return pt_err_hint(err, "a number from 1 to 1024");
    }
    *out = (unsigned)n;
    return PT_OK;
}

pt_rc pt_cli_size(size_t *out, const pt_cli *cli, const char *name, pt_err *err)
{
    static const struct {
        const char *suffix;
        double bytes;
    } units[] = {{"", 1},      {"B", 1},        {"KB", 1e3},        {"MB", 1e6},          {"GB", 1e9},
                 {"TB", 1e12}, {"KiB", 1024.0}, {"MiB", 1048576.0}, {"GiB", 1073741824.0}};
    const char *text = pt_cli_option(cli, name);
    double number;

    *out = 0;
    if (!text)
        return PT_OK;
    size_t digits = strspn(text, "0123456789.");
    for (size_t i = 0; i < PT_COUNT(units); i++)
        if (strcmp(text + digits, units[i].suffix) == 0 && pt_parse_double(&number, (pt_sv){text, digits}) &&
            number * units[i].bytes >= 1 && number * units[i].bytes < 1e18) {
            *out = (size_t)(number * units[i].bytes);
            return PT_OK;
        }
    pt_fail(err, PT_EINVAL, "--%s '%s' is no size", name, text);
    return pt_err_hint(err, "for example 512MB or 4GB");
}

pt_rc pt_cli_as_of(int64_t *out, bool *given, const pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *text = pt_cli_option(cli, "as-of");

    *given = text != NULL;
    if (!text || pt_instant_parse(out, pt_sv_of(text), p->zone))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "--as-of '%s' is no time", text);
    return pt_err_hint(err, "2017-06-30, or 2017-06-30T18:00, or with an offset: 2017-06-30T18:00+08:00");
}

void pt_cli_add_problems(const pt_cli *cli, const pt_diags *diags, pt_str *out)
{
    pt_diags shown = *diags;

    if (cli->json) {
        pt_diags_json(diags, out);
        return;
    }
    if (cli->lang != PT_EN && (shown.items = PT_NEW_ARRAY(cli->arena, pt_diag, diags->n)))
        for (size_t i = 0; i < diags->n; i++)
            shown.items[i] = pt_cli_translate_problem(cli, &diags->items[i]);
    else
        shown.items = diags->items;
    pt_diags_print_in(&shown, out, cli->color, pt_lang_code(cli->lang));
}

void pt_cli_problems(const pt_cli *cli, const pt_diags *diags)
{
    pt_str text = {0};

    pt_cli_add_problems(cli, diags, &text);
    fputs(pt_str_cstr(&text), stderr);
    pt_str_free(&text);
}

pt_rc pt_cli_end(pt_cli *cli, pt_diags *diags, pt_rc rc)
{
    if (diags->n)
        pt_cli_problems(cli, diags);
    cli->quiet_failure |= diags->errors > 0;
    pt_diags_free(diags);
    return rc;
}

pt_rc pt_cli_open(pt_app **out, pt_cli *cli, pt_err *err)
{
    const char *dir = pt_cli_option(cli, "project");

    PT_TRY(pt_app_open(&cli->app, dir ? dir : ".", err));
    *out = cli->app;
    const pt_diags *diags = pt_app_diags(*out);
    if (!diags->errors)
        return PT_OK;
    pt_cli_problems(cli, diags);
    cli->quiet_failure = true;
    return pt_fail(err, PT_EINVAL, "the project has problems");
}
