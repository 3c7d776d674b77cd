#include "cli/init_from.h"

#include "app/starter.h"
#include "base/io.h"

static void print_people(pt_cli *cli, const char *dir, const pt_starter_result *r)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    static const pt_text kinds[] = {PT_TEXT_KIND_RECORD, PT_TEXT_KIND_EVENT, PT_TEXT_KIND_REFERENCE,
                                    PT_TEXT_KIND_RECORD};
    char rows[32], columns[32];
    pt_table t;

    PT_CLI_SAY(cli, INIT_FROM_DONE, dir, pt_format_count(rows, r->n_tags));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, NULL);
    for (size_t i = 0; i < r->n_sources; i++) {
        const pt_starter_source *s = &r->sources[i];
        const char *about[] = {pt_arena_strdup(cli->arena, pt_format_count(rows, s->rows)),
                               pt_arena_strdup(cli->arena, pt_format_count(columns, s->columns))};
        pt_str size[2] = {{0}, {0}};
        PT_SAY(&size[0], cli->lang, INIT_FROM_ROWS, about[0]);
        PT_SAY(&size[1], cli->lang, INIT_FROM_COLUMNS, about[1]);
        pt_table_row(&t, (const char *const[]){s->name, pt_cli_text(cli, kinds[s->kind]), pt_str_cstr(&size[0]),
                                               pt_str_cstr(&size[1]), s->path});
        pt_str_free(&size[0]);
        pt_str_free(&size[1]);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    PT_CLI_SAY(cli, INIT_FROM_NEXT, dir);
}

static void print_json(pt_cli *cli, const char *dir, const pt_starter_result *r)
{
    static const char *const kinds[] = {"record", "event", "reference", "link"};
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "dir", dir);
    pt_json_put_int(&j, "tags", (int64_t)r->n_tags);
    pt_json_put_open(&j, "sources", '[');
    for (size_t i = 0; i < r->n_sources; i++) {
        const pt_starter_source *s = &r->sources[i];
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "name", s->name);
        pt_json_put_cstr(&j, "kind", kinds[s->kind]);
        pt_json_put_cstr(&j, "path", s->path);
        pt_json_put_int(&j, "rows", (int64_t)s->rows);
        pt_json_put_int(&j, "columns", (int64_t)s->columns);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* The last argument is the folder, unless it is a file that is there. */
pt_rc pt_cli_init_from(pt_cli *cli, const char *first, pt_err *err)
{
    const char **paths = PT_NEW_ARRAY(cli->arena, const char *, cli->n_args + 1);
    const char *dir = ".";
    pt_starter_result result;
    size_t n = 0;

    if (!paths)
        return pt_fail_nomem(err, "the first project");
    paths[n++] = first;
    for (size_t i = 0; i < cli->n_args; i++) {
        if (i + 1 == cli->n_args && !pt_is_file(cli->args[i]))
            dir = cli->args[i];
        else
            paths[n++] = cli->args[i];
    }
    PT_TRY(pt_app_starter(&result, dir, paths, n, pt_lang_code(cli->lang), cli->arena, err));
    if (cli->json)
        print_json(cli, dir, &result);
    else
        print_people(cli, dir, &result);
    return PT_OK;
}
