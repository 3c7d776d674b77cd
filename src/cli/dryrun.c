/* `portrait build --dry-run`: columns before and after, rules with examples. */
#include "cli/cleaningtext.h"
#include "cli/table.h"

/* --- for people ----------------------------------------------------------------------------------------------------- */

static const char *keep(const pt_cli *cli, pt_str *text)
{
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(text));

    pt_str_free(text);
    return copy;
}

/* "5", or "5 → 0" where it changes. */
static const char *change_cell(const pt_cli *cli, bool added, uint64_t before, uint64_t after)
{
    char from[32], to[32];
    pt_str text = {0};

    pt_format_count(from, before);
    pt_format_count(to, after);
    if (!added && before != after)
        pt_str_addf(&text, "%s → ", from);
    pt_str_add(&text, to);
    return keep(cli, &text);
}

static const char *values_cell(const pt_cli *cli, const pt_dry_values *v)
{
    pt_str text = {0};

    if (v->mean)
        PT_SAY(&text, cli->lang, DRY_RUN_RANGE_MEAN, v->least, v->most, v->mean);
    else if (v->least && v->most)
        PT_SAY(&text, cli->lang, DRY_RUN_RANGE, v->least, v->most);
    else if (v->top)
        pt_str_add(&text, v->top);
    return keep(cli, &text);
}

/* The values after only where they differ. */
static void add_column(pt_table *t, const pt_cli *cli, const pt_dry_column *c)
{
    const char *before = c->added ? pt_cli_text(cli, PT_TEXT_DRY_RUN_NEW) : values_cell(cli, &c->before);
    const char *after = values_cell(cli, &c->after);

    pt_table_row(t, (const char *const[]){c->name, change_cell(cli, c->added, c->before.missing, c->after.missing),
                                          change_cell(cli, c->added, c->before.distinct, c->after.distinct), before,
                                          before && after && strcmp(before, after) == 0 ? "" : after});
}

static void print_source(pt_cli *cli, const pt_dry_source *s)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_COL_COLUMN), pt_cli_text(cli, PT_TEXT_DRY_RUN_MISSING),
                            pt_cli_text(cli, PT_TEXT_COL_DISTINCT), pt_cli_text(cli, PT_TEXT_DRY_RUN_BEFORE),
                            pt_cli_text(cli, PT_TEXT_DRY_RUN_AFTER)};
    pt_table t;

    PT_CLI_SAY(cli, DRY_RUN_SOURCE, s->name, change_cell(cli, false, s->rows_before, s->rows_after));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < s->n_columns; i++)
        add_column(&t, cli, &s->columns[i]);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* What happened to the row or value of an example. */
static const char *after_text(const pt_cli *cli, const pt_cleaning_rule *r, const pt_cleaning_example *e)
{
    pt_str text = {0};

    if (strcmp(r->kind, "dedupe") == 0 && e->after)
        PT_SAY(&text, cli->lang, DRY_RUN_KEPT, e->after);
    else if (strcmp(r->kind, "drop") == 0)
        pt_str_add(&text, pt_cli_text(cli, PT_TEXT_DRY_RUN_SET_ASIDE));
    else
        pt_str_add(&text, e->after ? e->after : pt_cli_text(cli, PT_TEXT_DRY_RUN_MISSING));
    return keep(cli, &text);
}

void pt_cleaning_examples(pt_cli *cli, const pt_cleaning *cleaning)
{
    char line[32];

    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DRY_RUN_EXAMPLES));
    for (size_t i = 0; i < cleaning->n_rules; i++) {
        const pt_cleaning_rule *r = &cleaning->rules[i];
        if (r->n_examples == 0)
            continue;
        pt_str_addf(&cli->out, "  %s: %s\n", r->source, r->text);
        for (size_t k = 0; k < r->n_examples; k++) {
            const pt_cleaning_example *e = &r->examples[k];
            pt_str_addf(&cli->out, "    %s → %s", e->before ? e->before : pt_cli_text(cli, PT_TEXT_DRY_RUN_MISSING),
                        after_text(cli, r, e));
            if (e->file)
                pt_str_addf(&cli->out, "  (%s:%s)", e->file, pt_format_count(line, e->line));
            pt_str_addc(&cli->out, '\n');
        }
    }
}

void pt_dry_run_print(pt_cli *cli, const pt_project *p, const pt_dry_run *r)
{
    PT_CLI_SAY(cli, DRY_RUN_TITLE, pt_label_text(&p->label, pt_lang_code(cli->lang), p->name),
               pt_format_as_of(cli, p, r->as_of));
    if (r->n_sources == 0)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_DRY_RUN_NOTHING));
    for (size_t i = 0; i < r->n_sources; i++)
        print_source(cli, &r->sources[i]);
    pt_cleaning_table(cli, &r->read.cleaning);
    if (r->n_sources)
        pt_cleaning_examples(cli, &r->read.cleaning);
}

/* --- for programs --------------------------------------------------------------------------------------------------- */

static void put_text(pt_json *j, const char *key, const char *value)
{
    if (!value)
        return;
    pt_json_put_cstr(j, key, value);
}

static void put_values(pt_json *j, const char *key, const pt_dry_values *v)
{
    pt_json_put_open(j, key, '{');
    pt_json_put_count(j, "missing", v->missing);
    pt_json_put_count(j, "distinct", v->distinct);
    put_text(j, "min", v->least);
    put_text(j, "mean", v->mean);
    put_text(j, "max", v->most);
    put_text(j, "top", v->top);
    pt_json_close(j, '}');
}

static void put_source(pt_json *j, const pt_dry_source *s)
{
    pt_json_put_open(j, s->name, '{');
    pt_json_put_count(j, "rows_before", s->rows_before);
    pt_json_put_count(j, "rows_after", s->rows_after);
    pt_json_put_open(j, "columns", '{');
    for (size_t i = 0; i < s->n_columns; i++) {
        pt_json_put_open(j, s->columns[i].name, '{');
        if (!s->columns[i].added)
            put_values(j, "before", &s->columns[i].before);
        put_values(j, "after", &s->columns[i].after);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
    pt_json_close(j, '}');
}

void pt_dry_run_json(pt_cli *cli, const pt_project *p, const pt_dry_run *r)
{
    char as_of[48];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    put_text(&j, "as_of", pt_instant_format(as_of, r->as_of, p->zone));
    pt_json_put_open(&j, "sources", '{');
    for (size_t i = 0; i < r->n_sources; i++)
        put_source(&j, &r->sources[i]);
    pt_json_close(&j, '}');
    pt_cleaning_json(&j, &r->read.cleaning);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}
