#include "cli/cleaningtext.h"

#include "cli/table.h"

/* --- for people ----------------------------------------------------------------------------------------------------- */

/* "8,869 dropped" */
static const char *touched_cell(pt_cli *cli, const pt_cleaning_rule *r)
{
    static const struct {
        const char *kind;
        pt_text text;
    } verbs[] = {{"convert", PT_TEXT_CLEANING_CONVERTED}, {"map", PT_TEXT_CLEANING_MAPPED},
                 {"drop", PT_TEXT_CLEANING_DROPPED},      {"flag", PT_TEXT_CLEANING_FLAGGED},
                 {"fill", PT_TEXT_CLEANING_FILLED},       {"cap", PT_TEXT_CLEANING_CAPPED},
                 {"dedupe", PT_TEXT_CLEANING_DROPPED}};
    char count[32], dropped[32], unread[32];
    pt_str text = {0};

    for (size_t i = 0; i < PT_COUNT(verbs); i++)
        if (strcmp(verbs[i].kind, r->kind) == 0)
            pt_say(&text, cli->lang, verbs[i].text, (const char *const[]){pt_format_count(count, r->touched)}, 1);
    if (strcmp(r->kind, "convert") == 0 && r->dropped)
        PT_SAY(&text, cli->lang, CLEANING_ALSO_DROPPED, pt_format_count(dropped, r->dropped));
    if (r->unread)
        PT_SAY(&text, cli->lang, CLEANING_UNREAD, pt_format_count(unread, r->unread));
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

void pt_cleaning_table(pt_cli *cli, const pt_cleaning *cleaning)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_COL_SOURCE), pt_cli_text(cli, PT_TEXT_COL_CLEANING_RULE),
                            pt_cli_text(cli, PT_TEXT_COL_ROWS), pt_cli_text(cli, PT_TEXT_COL_CLEANING_DONE),
                            pt_cli_text(cli, PT_TEXT_COL_CLEANING_LEARNED)};
    char rows[32];
    pt_table t;

    if (cleaning->n_rules == 0)
        return;
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < cleaning->n_rules; i++) {
        const pt_cleaning_rule *r = &cleaning->rules[i];
        pt_table_row(&t, (const char *const[]){r->source, r->text, pt_format_count(rows, r->rows), touched_cell(cli, r),
                                               r->learned});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* --- for programs --------------------------------------------------------------------------------------------------- */

static void put_example(pt_json *j, const pt_cleaning_example *e)
{
    pt_json_open(j, '{');
    if (e->file) {
        pt_json_put_cstr(j, "file", e->file);
        pt_json_put_count(j, "row", e->line);
    }
    pt_json_put_cstr(j, "before", e->before);
    pt_json_put_cstr(j, "after", e->after);
    pt_json_close(j, '}');
}

void pt_cleaning_json(pt_json *j, const pt_cleaning *cleaning)
{
    pt_json_put_open(j, "cleaning", '[');
    for (size_t i = 0; i < cleaning->n_rules; i++) {
        const pt_cleaning_rule *r = &cleaning->rules[i];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "source", r->source);
        pt_json_put_count(j, "rule", r->number);
        pt_json_put_cstr(j, "text", r->text);
        pt_json_put_cstr(j, "kind", r->kind);
        pt_json_put_count(j, "rows", r->rows);
        pt_json_put_count(j, "touched", r->touched);
        pt_json_put_count(j, "dropped", r->dropped);
        pt_json_put_count(j, "unread", r->unread);
        pt_json_put_cstr(j, "learned", r->learned);
        pt_json_put_open(j, "examples", '[');
        for (size_t k = 0; k < r->n_examples; k++)
            put_example(j, &r->examples[k]);
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}
