#include "app/crowds.h"
#include "cli/figures.h"

enum { MOST_PARTS = 30 };

static const char *percent(const pt_cli *cli, uint64_t part, uint64_t whole)
{
    return pt_arena_printf(cli->arena, "%.1f", whole ? 100.0 * (double)part / (double)whole : 0.0);
}

/* --- for people ------------------------------------------------------------------------------------------------------------ */

static const char *part_title(pt_cli *cli, const pt_render_style *style, uint32_t tag, const pt_crowd_part *part)
{
    pt_bar bar = {.text = part->text, .low = part->low, .high = part->high, .count = part->members};

    return part->missing ? pt_cli_text(cli, PT_TEXT_COUNT_NO_VALUE) : pt_cli_bar_title(cli, style, tag, &bar);
}

static void print_parts(pt_cli *cli, const pt_project *p, const pt_crowd_count *c)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_BARS};
    pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};
    uint32_t tag = (uint32_t)c->by;
    size_t n = c->n_parts < MOST_PARTS ? c->n_parts : MOST_PARTS;
    uint64_t most = 1;
    char count[32];
    pt_table t;
    const char *header[] = {pt_cli_tag_label(cli, p, tag), pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS),
                            pt_cli_text(cli, PT_TEXT_COUNT_SHARE), pt_cli_text(cli, PT_TEXT_COUNT_BASE_SHARE), ""};

    for (size_t i = 0; i < n; i++)
        most = c->parts[i].members > most ? c->parts[i].members : most;
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < n; i++) {
        const pt_crowd_part *part = &c->parts[i];
        const char *share = pt_arena_printf(cli->arena, "%s%%", percent(cli, part->members, c->members));
        const char *base = pt_arena_printf(cli->arena, "%s%%", percent(cli, part->base, c->customers));
        pt_table_row(&t,
                     (const char *const[]){part_title(cli, &style, tag, part), pt_format_count(count, part->members),
                                           share, base, pt_cli_bar(cli, part->members, most, PT_BAR_CELLS)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (c->n_parts > n)
        PT_CLI_SAY(cli, COUNT_MORE, pt_format_count(count, c->n_parts - n));
}

static void print_count(pt_cli *cli, const pt_project *p, const pt_crowd_count *c)
{
    char members[32], customers[32];

    pt_str_addf(&cli->out, "%s\n", c->text[0] ? c->text : pt_cli_text(cli, PT_TEXT_COUNT_ALL));
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, c->as_of));
    PT_CLI_SAY(cli, COUNT_RESULT, pt_format_count(members, c->members), pt_format_count(customers, c->customers),
               percent(cli, c->members, c->customers));
    if (c->by >= 0 && c->n_parts) {
        pt_str_addc(&cli->out, '\n');
        print_parts(cli, p, c);
    }
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

static void json_part(pt_json *j, const pt_project *p, uint32_t tag, const pt_crowd_part *part)
{
    pt_type type = p->module->types[tag];

    pt_json_open(j, '{');
    if (part->missing) {
        pt_json_key(j, "value");
        pt_json_null(j);
    } else if (part->text.ptr) {
        pt_json_put_text(j, "value", part->text);
    } else {
        pt_cli_json_bound(j, "low", part->low, type, p->zone);
        pt_cli_json_bound(j, "high", part->high, type, p->zone);
    }
    pt_json_put_int(j, "customers", (int64_t)part->members);
    pt_json_put_int(j, "of_all", (int64_t)part->base);
    pt_json_close(j, '}');
}

static void json_count(pt_cli *cli, const pt_project *p, const pt_crowd_count *c)
{
    char as_of[64];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "condition", c->text);
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, c->as_of, p->zone));
    pt_json_put_int(&j, "members", (int64_t)c->members);
    pt_json_put_int(&j, "customers", (int64_t)c->customers);
    if (c->by >= 0) {
        pt_json_put_cstr(&j, "by", p->tags[c->by].name);
        pt_json_put_open(&j, "values", '[');
        for (size_t i = 0; i < c->n_parts; i++)
            json_part(&j, p, (uint32_t)c->by, &c->parts[i]);
        pt_json_close(&j, ']');
    }
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_count(pt_cli *cli, pt_err *err)
{
    const char *by = pt_cli_option(cli, "by");
    pt_crowd_options options = {0};
    pt_crowd_count count;
    pt_diags diags;
    pt_app *app;

    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    const pt_project *p = pt_app_project(app);
    pt_sv condition = pt_sv_of(cli->n_args ? cli->args[0] : "");
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_count(&count, app, condition, pt_sv_of(by ? by : ""), &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_count(cli, p, &count);
    else if (rc == PT_OK)
        print_count(cli, p, &count);
    return pt_cli_end(cli, &diags, rc);
}
