/* A saved segment as text: its rule, part by part, with how many customers each part keeps. */
#include "app/rule_sizes.h"
#include "cli/membershiptext.h"
#include "cli/table.h"

enum { MOST_DEPTH = 24 };

typedef struct telling {
    pt_cli *cli;
    const pt_project *project;
    const pt_rule_sizes *sizes;
} telling;

/* --- for people --------------------------------------------------------------------------------------------------------- */

static bool is_group(const pt_logic *l)
{
    return l->kind == PT_LOGIC_AND || l->kind == PT_LOGIC_OR || (l->kind == PT_LOGIC_NOT && l->parts[0]->n_parts) ||
           l->kind == PT_LOGIC_NAMED;
}

static const char *part_text(const telling *t, const pt_logic *l, size_t depth)
{
    pt_str text = {0};

    pt_str_pad(&text, ' ', depth * 2);
    if (!is_group(l))
        pt_str_add(&text, pt_cli_node(t->cli, l->node, t->sizes->catalog));
    else if (l->kind == PT_LOGIC_NAMED)
        PT_SAY(&text, t->cli->lang, WHY_SEGMENT, pt_cli_node(t->cli, l->node, t->sizes->catalog));
    else
        pt_str_add(&text, pt_cli_text(t->cli, l->kind == PT_LOGIC_AND  ? PT_TEXT_WHY_ALL_OF
                                              : l->kind == PT_LOGIC_OR ? PT_TEXT_WHY_ANY_OF
                                                                       : PT_TEXT_WHY_NOT));
    return pt_cli_keep(t->cli, &text);
}

/* The row of the whole rule says no more than the title does. */
static void add_rows(pt_table *table, const telling *t, const pt_rule_size *s, bool among, size_t depth)
{
    pt_table_row(table, (const char *const[]){part_text(t, s->logic, depth), pt_cli_count(t->cli, s->members),
                                              among ? pt_cli_count(t->cli, s->so_far) : ""});
    for (size_t i = 0; i < s->n_parts && is_group(s->logic); i++)
        add_rows(table, t, &s->parts[i], s->n_parts > 1, depth + 1);
}

static void print_title(const telling *t)
{
    pt_cli *cli = t->cli;
    const pt_segment *s = t->sizes->segment >= 0 ? &t->project->segments[t->sizes->segment] : NULL;
    const char *lang = pt_lang_code(cli->lang), *about = s ? pt_label_text(&s->description, lang, "") : "";

    pt_str_add(&cli->out, t->sizes->text);
    if (s)
        pt_str_addf(&cli->out, "  %s", pt_label_text(&s->label, lang, ""));
    pt_str_addc(&cli->out, '\n');
    if (*about)
        pt_str_addf(&cli->out, "%s\n", about);
    if (s && s->node) {
        pt_str_add(&cli->out, pt_cli_node(t->cli, s->node, t->sizes->catalog));
        pt_str_addc(&cli->out, '\n');
    }
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, t->project, t->sizes->as_of));
}

static void print_sizes(const telling *t)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT};
    pt_cli *cli = t->cli;
    const char *header[] = {pt_cli_text(cli, PT_TEXT_RULE_PART), pt_cli_text(cli, PT_TEXT_RULE_ALONE),
                            pt_cli_text(cli, PT_TEXT_RULE_SO_FAR)};
    pt_table table;

    print_title(t);
    PT_CLI_SAY(cli, RULE_MEMBERS, pt_cli_count(cli, t->sizes->root.members), pt_cli_count(cli, t->sizes->customers));
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&table, cli->arena, PT_COUNT(align), align, header);
    add_rows(&table, t, &t->sizes->root, false, 0);
    pt_table_print(&table, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&table);
}

/* --- for programs ------------------------------------------------------------------------------------------------------- */

static void json_size(pt_json *j, const telling *t, const pt_rule_size *s, size_t depth)
{
    static const char *const kinds[] = {"and", "or", "not", "segment", "leaf"};

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", kinds[s->logic->kind]);
    pt_json_put_cstr(j, "expression", pt_cli_node(t->cli, s->logic->node, t->sizes->catalog));
    pt_json_put_int(j, "members", (int64_t)s->members);
    pt_json_put_int(j, "so_far", (int64_t)s->so_far);
    pt_json_put_open(j, "parts", '[');
    for (size_t i = 0; i < s->n_parts && depth < MOST_DEPTH; i++)
        json_size(j, t, &s->parts[i], depth + 1);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_sizes(const telling *t)
{
    char as_of[64];
    pt_json j;

    pt_json_init(&j, &t->cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "condition", t->sizes->text);
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, t->sizes->as_of, t->project->zone));
    pt_json_put_int(&j, "customers", (int64_t)t->sizes->customers);
    pt_json_key(&j, "rule");
    json_size(&j, t, &t->sizes->root, 0);
    pt_json_close(&j, '}');
    pt_str_addc(&t->cli->out, '\n');
}

void pt_cli_rule_sizes(pt_cli *cli, const pt_project *p, const pt_rule_sizes *sizes)
{
    telling t = {cli, p, sizes};

    if (cli->json)
        json_sizes(&t);
    else
        print_sizes(&t);
}
