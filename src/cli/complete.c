/* What may stand next on a command line, for shells: `portrait --complete WORD... LAST` lists what LAST can become, one a line,
 * with a description after a tab. The scripts of tools/completion only pass it on, so a shell always knows what the
 * program knows: commands and options from the table, tags and sources from the project, templates from the catalogue.
 * A line ":dir" or ":file" asks the shell for names of files. Nothing here is an error: at worst the list is empty. */
#include "app/view.h"
#include "catalogue/catalogue.h"
#include "cli/cli.h"

typedef struct completer {
    pt_cli *cli;
    const pt_command *command; /* NULL before it is named */
    const char *last;          /* the word to complete */
    const char *lead;          /* stands before each candidate: "--lang=", "tag_a," */
    size_t n_lead;
    const char *project;
    const pt_project *p; /* NULL until needed, or when there is none */
    bool opened;
} completer;

/* --- candidates --------------------------------------------------------------------------------------------------- */

static void offer(completer *k, const char *candidate, const char *about)
{
    if (strncmp(candidate, k->last, strlen(k->last)) != 0)
        return;
    pt_str_addn(&k->cli->out, k->lead, k->n_lead);
    pt_str_addf(&k->cli->out, "%s\t%s\n", candidate, about ? about : "");
}

static void offer_option(completer *k, const pt_option *o)
{
    offer(k, pt_arena_printf(k->cli->arena, "--%s", o->name), pt_cli_text(k->cli, o->help));
}

static void offer_commands(completer *k)
{
    for (size_t i = 0; i < pt_n_commands; i++)
        offer(k, pt_commands[i].name, pt_cli_text(k->cli, pt_commands[i].summary));
}

static void offer_options(completer *k)
{
    for (size_t i = 0; k->command && i < k->command->n_options; i++)
        offer_option(k, &k->command->options[i]);
    for (size_t i = 0; i < pt_n_global_options; i++)
        offer_option(k, &pt_global_options[i]);
}

static void offer_choices(completer *k, const char *choices)
{
    for (const char *c = choices; *c;) {
        size_t n = strcspn(c, "|");
        offer(k, pt_arena_strndup(k->cli->arena, c, n), NULL);
        c += n + (c[n] == '|');
    }
}

/* --- what the project and the catalogue name ---------------------------------------------------------------------- */

static const pt_project *project_of(completer *k)
{
    if (!k->opened && pt_app_open(&k->cli->app, k->project ? k->project : ".", NULL) == PT_OK)
        k->p = pt_app_project(k->cli->app);
    k->opened = true;
    return k->p;
}

static void offer_tags(completer *k)
{
    const pt_project *p = project_of(k);

    for (size_t i = 0; p && i < p->n_tags; i++)
        offer(k, p->tags[i].name, pt_label_text(&p->tags[i].label, pt_lang_code(k->cli->lang), ""));
}

static void offer_segments(completer *k)
{
    const pt_project *p = project_of(k);

    for (size_t i = 0; p && i < p->n_segments; i++)
        offer(k, p->segments[i].name, pt_label_text(&p->segments[i].label, pt_lang_code(k->cli->lang), ""));
}

static void offer_sources(completer *k)
{
    const pt_project *p = project_of(k);

    for (size_t i = 0; p && i < p->n_sources; i++)
        offer(k, p->sources[i].name, "");
}

static void offer_columns(completer *k)
{
    const pt_project *p = project_of(k);

    for (size_t i = 0; p && i < p->n_sources; i++)
        for (size_t c = 0; c < p->sources[i].n_columns; c++) {
            const pt_source_column *column = &p->sources[i].columns[c];
            offer(k, pt_arena_printf(k->cli->arena, "%s.%s", p->sources[i].name, column->name),
                  pt_label_text(&column->label, pt_lang_code(k->cli->lang), ""));
        }
}

static bool seen_before(const pt_project *p, size_t tag)
{
    for (size_t i = 0; i < tag; i++)
        if (strcmp(p->tags[i].group, p->tags[tag].group) == 0)
            return true;
    return false;
}

static void offer_groups(completer *k)
{
    const pt_project *p = project_of(k);
    const char *lang = pt_lang_code(k->cli->lang);

    for (size_t i = 0; p && i < p->n_tags; i++)
        if (p->tags[i].group && *p->tags[i].group && !seen_before(p, i))
            offer(k, p->tags[i].group, pt_group_text(p, p->tags[i].group, lang, k->cli->arena));
}

static const pt_catalogue *catalogue_of(completer *k)
{
    const pt_catalogue *c;

    return pt_catalogue_open(&c, k->cli->arena, NULL) == PT_OK ? c : NULL;
}

static void offer_templates(completer *k)
{
    const pt_catalogue *c = catalogue_of(k);

    for (size_t i = 0; c && i < c->n_templates; i++)
        offer(k, c->templates[i].name, pt_label_text(&c->templates[i].label, pt_lang_code(k->cli->lang), ""));
}

static void offer_views(completer *k)
{
    const pt_catalogue *c = catalogue_of(k);

    for (size_t i = 0; c && i < c->n_views; i++)
        offer(k, c->views[i].name, pt_label_text(&c->views[i].label, pt_lang_code(k->cli->lang), ""));
}

static void offer_catalogue_groups(completer *k)
{
    const pt_catalogue *c = catalogue_of(k);

    for (size_t i = 0; c && i < c->n_groups; i++)
        offer(k, c->groups[i].path, pt_label_text(&c->groups[i].label, pt_lang_code(k->cli->lang), ""));
}

static void offer_projects(completer *k)
{
    size_t n;
    const char *const *names = pt_project_templates(&n);

    for (size_t i = 0; i < n; i++)
        offer(k, names[i], "");
}

static void offer_builds(completer *k)
{
    const pt_project *p = project_of(k);
    const char *const *names;
    size_t n;

    if (!p || pt_generation_list(&names, &n, p->data_dir, k->cli->arena, NULL) != PT_OK)
        return;
    for (size_t i = 0; i < n; i++)
        offer(k, names[i], "");
}

static void ask_shell(completer *k, const char *what)
{
    pt_str_addf(&k->cli->out, "%s\n", what);
}

/* --- what may stand here ------------------------------------------------------------------------------------------ */

static bool is_command(const completer *k, const char *name)
{
    return k->command && strcmp(k->command->name, name) == 0;
}

/* Tags in the list before the last comma are kept as they are. */
static void offer_list_of_tags(completer *k)
{
    const char *comma = strrchr(k->last, ',');
    size_t kept = comma ? (size_t)(comma + 1 - k->last) : 0;
    char *lead = pt_arena_printf(k->cli->arena, "%.*s%.*s", (int)k->n_lead, k->lead, (int)kept, k->last);

    if (!lead)
        return;
    k->lead = lead;
    k->n_lead = strlen(lead);
    k->last += kept;
    offer_tags(k);
}

/* What a word of the table stands for: "DIR", "TAG", "zh|en". */
static void offer_kind(completer *k, const char *option, pt_sv kind)
{
    static const struct {
        const char *kind;
        void (*offer)(completer *k);
    } kinds[] = {{"GROUP", offer_groups},   {"A,B", offer_list_of_tags},  {"SOURCE", offer_sources},
                 {"COLUMN", offer_columns}, {"VIEW", offer_views},        {"TEMPLATE", offer_templates},
                 {"BUILD", offer_builds},   {"CONDITION", offer_segments}};

    if (option && strcmp(option, "template") == 0)
        offer_projects(k);
    else if (is_command(k, "add") && pt_sv_eq(kind, PT_SV("GROUP")))
        offer_catalogue_groups(k);
    else if (is_command(k, "add") && !option)
        offer_templates(k);
    else if (pt_sv_eq(kind, PT_SV("DIR")))
        ask_shell(k, ":dir");
    else if (pt_sv_has_prefix(kind, "FILE"))
        ask_shell(k, ":file");
    else if (pt_sv_eq(kind, PT_SV("TAG")) || (pt_sv_eq(kind, PT_SV("NAME")) && !option))
        offer_tags(k);
    for (size_t i = 0; i < PT_COUNT(kinds); i++)
        if (pt_sv_eq(kind, pt_sv_of(kinds[i].kind)))
            kinds[i].offer(k);
}

static void offer_value(completer *k, const pt_option *o)
{
    if (strchr(o->value, '|'))
        offer_choices(k, o->value);
    else
        offer_kind(k, o->name, pt_sv_of(o->value));
}

/* "[TAG...]", "TAG | EXPRESSION | ERROR": each word in capitals. */
static void offer_arguments(completer *k)
{
    for (const char *a = k->command->arguments; *a;) {
        size_t n = strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (n)
            offer_kind(k, NULL, (pt_sv){a, n});
        a += n + !n;
    }
}

static const pt_option *option_named(const completer *k, pt_sv name)
{
    for (size_t i = 0; k->command && i < k->command->n_options; i++)
        if (pt_sv_eq(pt_sv_of(k->command->options[i].name), name))
            return &k->command->options[i];
    for (size_t i = 0; i < pt_n_global_options; i++)
        if (pt_sv_eq(pt_sv_of(pt_global_options[i].name), name))
            return &pt_global_options[i];
    return NULL;
}

static const pt_command *command_named(const char *name)
{
    for (size_t i = 0; i < pt_n_commands; i++)
        if (strcmp(pt_commands[i].name, name) == 0)
            return &pt_commands[i];
    return NULL;
}

/* bash takes "--lang=zh" apart into three words: an option and its value, with nothing between. */
static size_t join_words(char **words, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (strcmp(words[i], "=") != 0 || !kept)
            words[kept++] = words[i];
        else if (i + 1 == n)
            words[kept++] = words[i] + 1;
    return kept;
}

/* Goes over all words but the last; the option that still wants its value, or NULL. */
static const pt_option *read_words(completer *k, char **words, size_t n, bool *help)
{
    const pt_option *open = NULL;

    *help = false;
    for (size_t i = 0; i + 1 < n; i++) {
        const char *word = words[i];
        const pt_option *o = open;
        open = NULL;
        if (o) {
            if (strcmp(o->name, "project") == 0)
                k->project = word;
        } else if (strncmp(word, "--", 2) == 0) {
            o = option_named(k, (pt_sv){word + 2, strcspn(word + 2, "=")});
            if (o && strcmp(o->name, "project") == 0 && strchr(word, '='))
                k->project = strchr(word, '=') + 1;
            open = o && o->value && !strchr(word, '=') ? o : NULL;
        } else if (strcmp(word, "help") == 0) {
            *help = true;
        } else if (!k->command && word[0] != '-') {
            k->command = command_named(word);
        }
    }
    return open;
}

void pt_cli_complete(pt_cli *cli, char **words, size_t n)
{
    completer k = {.cli = cli, .last = "", .lead = ""};
    const pt_option *open;
    bool help;

    n = join_words(words, n);
    open = read_words(&k, words, n, &help);
    k.last = n ? words[n - 1] : "";
    const char *equals = strncmp(k.last, "--", 2) == 0 ? strchr(k.last, '=') : NULL;
    if (!open && equals && (open = option_named(&k, (pt_sv){k.last + 2, (size_t)(equals - k.last - 2)})) &&
        open->value) {
        k.lead = k.last;
        k.n_lead = (size_t)(equals + 1 - k.last);
        k.last = equals + 1;
    }
    if (open && open->value) {
        offer_value(&k, open);
    } else if (k.last[0] == '-') {
        offer_options(&k);
    } else if (!k.command) {
        offer_commands(&k);
        if (!help)
            offer(&k, "help", pt_cli_text(cli, PT_TEXT_OPT_HELP));
    } else if (!help) {
        offer_arguments(&k);
    }
}
