/* portrait regions, portrait channels: trees of values. */
#include "app/levels.h"
#include "cli/gridtext.h"

/* Values shown on a screen below one another: at the highest level, and below a value. --json has all. */
enum { MOST_AT_TOP = 40, MOST_BELOW = 10, BAR_CELLS = 24 };

/* --- for people ------------------------------------------------------------------------------------------------------------ */

typedef struct listing {
    pt_cli *cli;
    const pt_project *p;
    const pt_levels *l;
    pt_table *table;
    bool segment; /* members are not all customers */
    uint64_t most, left_out;
} listing;

static void add_row(const listing *x, const pt_level_node *n)
{
    const char *value = pt_gridtext_value(x->cli, x->p, x->l->tags[n->depth], n->value);
    const char *title = pt_arena_printf(x->cli->arena, "%*s%s", (int)n->depth * 2, "", value);
    const char *count = pt_gridtext_count(x->cli, n->members, false);
    const char *share = pt_gridtext_share(x->cli, n->members, x->l->head.members, false);
    const char *bar = pt_cli_bar(x->cli, n->members, x->most, BAR_CELLS);

    if (x->segment)
        pt_table_row(x->table, (const char *const[]){title, count, share,
                                                     pt_gridtext_share(x->cli, n->base, x->l->head.customers, false),
                                                     pt_arena_printf(x->cli->arena, "%.0f", n->tgi), bar});
    else
        pt_table_row(x->table, (const char *const[]){title, count, share, bar});
}

/* NOLINTNEXTLINE(misc-no-recursion): as deep as there are levels */
static size_t add_below(listing *x, size_t at, int parent, bool shown)
{
    unsigned rank = 0;

    while (at < x->l->n_nodes && x->l->nodes[at].parent == parent) {
        const pt_level_node *n = &x->l->nodes[at];
        bool show = shown && rank++ < (n->depth ? MOST_BELOW : MOST_AT_TOP);
        if (show)
            add_row(x, n);
        x->left_out += !show;
        at = add_below(x, at + 1, (int)at, show);
    }
    return at;
}

static void print_tree(pt_cli *cli, const pt_project *p, const pt_levels *l)
{
    static const pt_align plain[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_BARS};
    static const pt_align compared[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const char *tag = pt_cli_tag_label(cli, p, l->tags[0]), *members = pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS),
               *share = pt_cli_text(cli, PT_TEXT_COUNT_SHARE), *base = pt_cli_text(cli, PT_TEXT_COUNT_BASE_SHARE);
    bool segment = l->head.text[0] != '\0';
    pt_table t;
    listing x = {.cli = cli, .p = p, .l = l, .table = &t, .segment = segment, .most = 1};
    char more[32];

    for (unsigned d = 1; d < l->n_tags; d++)
        tag = pt_arena_printf(cli->arena, "%s > %s", tag, pt_cli_tag_label(cli, p, l->tags[d]));
    for (size_t i = 0; i < l->n_nodes; i++)
        x.most = l->nodes[i].members > x.most ? l->nodes[i].members : x.most;
    if (segment)
        pt_table_init(&t, cli->arena, PT_COUNT(compared), compared,
                      (const char *const[]){tag, members, share, base, "TGI", ""});
    else
        pt_table_init(&t, cli->arena, PT_COUNT(plain), plain, (const char *const[]){tag, members, share, ""});
    add_below(&x, 0, -1, true);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (x.left_out)
        PT_CLI_SAY(cli, COUNT_MORE, pt_format_count(more, x.left_out));
}

static void print_levels(pt_cli *cli, const pt_project *p, const pt_levels *l)
{
    pt_gridtext_head(cli, p, &l->head);
    if (pt_gridtext_small(cli, &l->head))
        return;
    if (l->n_nodes)
        print_tree(cli, p, l);
    else if (l->head.members && !l->head.hidden)
        PT_CLI_SAY(cli, LEVELS_NONE, p->tags[l->tags[0]].name);
    pt_gridtext_hidden(cli, &l->head);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------- */

static void json_node(pt_json *j, const pt_levels *l, size_t at)
{
    const pt_level_node *n = &l->nodes[at];
    pt_sv above[PT_LEVELS_MOST] = {{0}};

    for (int i = (int)at; i >= 0; i = l->nodes[i].parent)
        above[l->nodes[i].depth] = l->nodes[i].value;
    pt_json_open(j, '{');
    pt_json_put_open(j, "path", '[');
    for (unsigned d = 0; d <= n->depth; d++)
        if (above[d].ptr)
            pt_json_text(j, above[d]);
        else
            pt_json_null(j);
    pt_json_close(j, ']');
    pt_gridtext_json_count(j, "customers", n->members);
    pt_gridtext_json_count(j, "of_all", n->base);
    pt_gridtext_json_number(j, "tgi", n->tgi);
    pt_json_close(j, '}');
}

static void json_levels(pt_cli *cli, const pt_project *p, const pt_levels *l)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_gridtext_json_head(&j, p, &l->head);
    pt_json_put_open(&j, "tags", '[');
    for (unsigned d = 0; d < l->n_tags; d++)
        pt_json_cstr(&j, p->tags[l->tags[d]].name);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "values", '[');
    for (size_t i = 0; i < l->n_nodes; i++)
        json_node(&j, l, i);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the commands ---------------------------------------------------------------------------------------------------------- */

typedef pt_rc ask_levels(pt_levels *out, pt_app *app, pt_sv condition, const pt_levels_options *options,
                         pt_diags *diags, pt_arena *arena, pt_err *err);

static pt_rc answer(pt_cli *cli, ask_levels *ask, pt_levels_options *options, pt_err *err)
{
    pt_grid_question q;
    pt_levels levels;

    PT_TRY(pt_gridtext_begin(&q, cli, err));
    options->crowd = q.crowd;
    pt_rc rc = ask(&levels, q.app, q.condition, options, &q.diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_levels(cli, q.project, &levels);
    else if (rc == PT_OK)
        print_levels(cli, q.project, &levels);
    return pt_gridtext_end(&q, cli, rc);
}

pt_rc pt_cmd_regions(pt_cli *cli, pt_err *err)
{
    static const char *const names[] = {"country", "province", "city", "county"};
    const char *wanted = pt_cli_option(cli, "level");
    pt_levels_options options = {.level = PT_REGION_ANY};

    for (size_t i = 0; wanted && i < PT_COUNT(names); i++)
        if (strcmp(wanted, names[i]) == 0)
            options.level = (pt_region_level)i;
    if (wanted && options.level == PT_REGION_ANY) {
        pt_fail(err, PT_EINVAL, "there is no level '%.40s'", wanted);
        return pt_err_hint(err, "country, province, city or county");
    }
    pt_region_level named = options.level == PT_REGION_ANY ? PT_REGION_PROVINCE : options.level;
    options.tags[named] = pt_gridtext_option(cli, "tag");
    if (options.tags[named].len)
        options.level = named;
    return answer(cli, pt_app_regions, &options, err);
}

pt_rc pt_cmd_channels(pt_cli *cli, pt_err *err)
{
    pt_levels_options options = {.tags = {pt_gridtext_option(cli, "channel"), pt_gridtext_option(cli, "sub-channel"),
                                          pt_gridtext_option(cli, "campaign")}};

    return answer(cli, pt_app_channels, &options, err);
}
