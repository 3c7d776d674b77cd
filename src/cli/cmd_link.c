#include "app/linking.h"
#include "cli/cli.h"
#include "cli/linkanswers.h"
#include "cli/progress.h"

static void print_fields(pt_cli *cli, const pt_linking *l)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_COLUMN), pt_cli_text(cli, PT_TEXT_LINK_KIND),
                                  pt_cli_text(cli, PT_TEXT_LINK_FROM), pt_cli_text(cli, PT_TEXT_LINK_FILLED),
                                  pt_cli_text(cli, PT_TEXT_LINK_DISTINCT)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t f = 0; f < l->n_fields; f++) {
        const pt_linking_field *field = &l->fields[f];
        pt_str from = {0};
        for (size_t i = 0; i < field->n_columns; i++) {
            const pt_linking_column *c = &field->columns[i];
            const pt_source *s = &l->project->sources[c->source];
            pt_str_addf(&from, "%s%s.%s", i ? ", " : "", s->name,
                        c->column >= 0 ? s->columns[c->column].name : l->project->identity.types[c->type].name);
        }
        pt_table_row(&t, (const char *const[]){field->name, pt_cli_translate(cli, pt_link_kind_name(field->kind)),
                                               pt_cli_keep(cli, &from), pt_cli_share(cli, field->filled, l->n),
                                               pt_cli_count(cli, field->distinct)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_people(pt_cli *cli, const pt_linking *l)
{
    uint64_t linked = 0;

    for (size_t i = 0; i < l->n_pairs; i++)
        linked += pt_link_probability((double)l->pairs[i].weight) >= l->automatic;
    PT_CLI_SAY(cli, LINK_HEAD, pt_cli_count(cli, l->n), pt_cli_count(cli, l->n_fields));
    print_fields(cli, l);
    PT_CLI_SAY(cli, LINK_PAIRS, pt_cli_count(cli, l->n_pairs), pt_cli_count(cli, linked),
               pt_cli_count(cli, l->n_pairs - linked));
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_cmd_link(pt_cli *cli, pt_err *err)
{
    static pt_cancel *cancel;
    pt_linking_run_options options = {.until = PT_LINKING_GROUP};
    pt_linking *l;
    pt_app *app;

    if (cli->n_args)
        return pt_cmd_link_answer(cli, err);
    if (!(options.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the linking");
    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_signals_watch(cancel, err));
    PT_TRY(pt_app_linking(&l, app, &options, err));
    print_people(cli, l);
    pt_linking_free(l);
    return PT_OK;
}
