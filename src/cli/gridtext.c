#include "cli/gridtext.h"

#include <math.h>

pt_sv pt_gridtext_option(const pt_cli *cli, const char *name)
{
    const char *value = pt_cli_option(cli, name);

    return value ? pt_sv_of(value) : (pt_sv){"", 0};
}

pt_rc pt_gridtext_begin(pt_grid_question *q, pt_cli *cli, pt_err *err)
{
    *q = (pt_grid_question){.condition = pt_gridtext_option(cli, "segment")};
    PT_TRY(pt_cli_threads(&q->crowd.threads, cli, err));
    PT_TRY(pt_cli_open(&q->app, cli, err));
    q->project = pt_app_project(q->app);
    pt_diags_init(&q->diags, cli->arena);
    return PT_OK;
}

pt_rc pt_gridtext_end(pt_grid_question *q, pt_cli *cli, pt_rc rc)
{
    return pt_cli_end(cli, &q->diags, rc);
}

/* --- for people ------------------------------------------------------------------------------------------------------------ */

void pt_gridtext_head(pt_cli *cli, const pt_project *p, const pt_grid_head *head)
{
    char members[32], customers[32];

    pt_str_addf(&cli->out, "%s\n", head->text[0] ? head->text : pt_cli_text(cli, PT_TEXT_COUNT_ALL));
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, head->as_of));
    double share = head->customers ? 100.0 * (double)head->members / (double)head->customers : 0;
    PT_CLI_SAY(cli, COUNT_RESULT, pt_format_count(members, head->members), pt_format_count(customers, head->customers),
               pt_arena_printf(cli->arena, "%.1f", share));
    pt_str_addc(&cli->out, '\n');
}

bool pt_gridtext_small(pt_cli *cli, const pt_grid_head *head)
{
    char least[32];

    if (head->small)
        PT_CLI_SAY(cli, GRID_SMALL, pt_format_count(least, head->min_group));
    return head->small;
}

void pt_gridtext_hidden(pt_cli *cli, const pt_grid_head *head)
{
    char groups[32], least[32];

    if (head->hidden)
        PT_CLI_SAY(cli, GRID_HIDDEN, pt_format_count(groups, head->hidden), pt_format_count(least, head->min_group));
}

const char *pt_gridtext_value(pt_cli *cli, const pt_project *p, int tag, pt_sv value)
{
    const pt_render_style style = {.project = p, .lang = pt_lang_code(cli->lang)};

    if (!value.ptr)
        return pt_cli_text(cli, PT_TEXT_COUNT_NO_VALUE);
    if (tag >= 0 && p->module->types[tag] == PT_TYPE_BOOL)
        return pt_cli_text(cli, pt_sv_eq(value, PT_SV("true")) ? PT_TEXT_GRID_YES : PT_TEXT_GRID_NO);
    pt_sv label = pt_render_label(&style, tag, value);
    return pt_arena_strndup(cli->arena, label.ptr, label.len);
}

const char *pt_gridtext_count(pt_cli *cli, uint64_t n, bool hidden)
{
    return hidden ? "*" : pt_cli_count(cli, n);
}

const char *pt_gridtext_share(pt_cli *cli, uint64_t part, uint64_t whole, bool hidden)
{
    if (hidden || !whole)
        return "";
    return pt_arena_printf(cli->arena, "%.1f%%", 100.0 * (double)part / (double)whole);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

void pt_gridtext_json_count(pt_json *j, const char *key, uint64_t n)
{
    pt_json_put_int(j, key, (int64_t)n);
}

void pt_gridtext_json_shown(pt_json *j, const char *key, uint64_t n, bool hidden)
{
    pt_json_key(j, key);
    if (hidden)
        pt_json_null(j);
    else
        pt_json_int(j, (int64_t)n);
}

void pt_gridtext_json_number(pt_json *j, const char *key, double v)
{
    pt_json_key(j, key);
    if (isfinite(v))
        pt_json_number(j, v);
    else
        pt_json_null(j);
}

void pt_gridtext_json_value(pt_json *j, const char *key, pt_sv value)
{
    pt_json_key(j, key);
    if (value.ptr)
        pt_json_text(j, value);
    else
        pt_json_null(j);
}

void pt_gridtext_json_head(pt_json *j, const pt_project *p, const pt_grid_head *head)
{
    char as_of[64];

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "condition", head->text);
    pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, head->as_of, p->zone));
    pt_gridtext_json_count(j, "members", head->members);
    pt_gridtext_json_count(j, "customers", head->customers);
    pt_gridtext_json_count(j, "min_group", head->min_group);
    pt_gridtext_json_count(j, "hidden_groups", head->hidden);
}
