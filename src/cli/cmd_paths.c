#include "cli/journeytext.h"

/* What a page shows of a tree: at each node the most frequent, of some weight. JSON has all. */
enum { MOST_CHILDREN = 5, LEAST_PER_MILLE = 10 };

/* --- for people ------------------------------------------------------------------------------------------------------------- */

static const char *label_title(pt_cli *cli, const pt_project *p, const pt_path_label *label)
{
    switch (label->kind) {
    case PT_PATH_END: return pt_cli_text(cli, PT_TEXT_JOURNEY_NOTHING_MORE);
    case PT_PATH_OTHER: return pt_cli_text(cli, PT_TEXT_PATHS_OTHER);
    case PT_PATH_REST: return pt_cli_text(cli, PT_TEXT_PATHS_REST);
    case PT_PATH_EVENT: break;
    }
    const char *source = pt_journey_source(cli, p, (uint32_t)label->source);
    if (!label->column)
        return source;
    if (!label->value.ptr)
        return pt_arena_printf(cli->arena, "%s %s", source, pt_cli_text(cli, PT_TEXT_COUNT_NO_VALUE));
    return pt_arena_printf(cli->arena, "%s %.*s", source, (int)label->value.len, label->value.ptr);
}

static void node_row(pt_cli *cli, pt_table *t, const pt_project *p, const pt_paths *paths, const pt_path_node *node)
{
    const char *title = label_title(cli, p, &paths->labels[node->label]);
    bool hidden = node->starts == PT_HIDDEN, most = hidden && paths->labels[node->label].kind != PT_PATH_REST;
    bool bar = !hidden;
    const char *indented = pt_arena_printf(cli->arena, "%*s%s", (int)(2 * (node->level - 1)), "", title);

    pt_table_row(t, (const char *const[]){indented, pt_journey_count(cli, node->starts),
                                          most ? pt_cli_text(cli, PT_TEXT_PATHS_MOST)
                                               : pt_journey_percent(cli, node->starts, paths->starts),
                                          bar ? pt_cli_bar(cli, node->starts, paths->starts, PT_BAR_CELLS) : ""});
}

/* A node, and what follows it; returns how many nodes were left out. */
static size_t add_nodes(pt_cli *cli, pt_table *t, const pt_project *p, const pt_paths *paths, const pt_path_tree *tree)
{
    uint32_t children[PT_PATH_MOST_STEPS + 1] = {0}; /* by level: of the parent at hand, shown so far */
    uint32_t skipped = UINT32_MAX;                   /* the level of a node left out, with all below it */
    size_t left_out = 0;

    for (size_t i = 0; i < tree->n_nodes; i++) {
        const pt_path_node *node = &tree->nodes[i];
        if (node->level > skipped) {
            left_out++;
            continue;
        }
        skipped = UINT32_MAX;
        bool light = node->starts != PT_HIDDEN && node->starts * 1000 < paths->starts * LEAST_PER_MILLE;
        if (children[node->level] >= MOST_CHILDREN || light) {
            skipped = node->level;
            left_out++;
            continue;
        }
        children[node->level]++;
        if (node->level < PT_PATH_MOST_STEPS)
            children[node->level + 1] = 0;
        node_row(cli, t, p, paths, node);
    }
    return left_out;
}

static void print_tree(pt_cli *cli, const pt_project *p, const pt_paths *paths, const pt_path_tree *tree, pt_text title)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const char *header[] = {pt_cli_text(cli, title), pt_cli_text(cli, PT_TEXT_PATHS_STARTS),
                            pt_cli_text(cli, PT_TEXT_COUNT_SHARE), ""};
    pt_table t;

    if (!tree->n_nodes)
        return;
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    size_t left_out = add_nodes(cli, &t, p, paths, tree);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (left_out)
        PT_CLI_SAY(cli, PATHS_MORE, pt_journey_count(cli, left_out));
}

static bool has_rest(const pt_paths *paths, const pt_path_tree *tree)
{
    for (size_t i = 0; i < tree->n_nodes; i++)
        if (paths->labels[tree->nodes[i].label].kind == PT_PATH_REST)
            return true;
    return false;
}

static void print_paths(pt_cli *cli, const pt_project *p, const pt_paths *paths)
{
    static const pt_text starts[] = {PT_TEXT_PATHS_FIRST, PT_TEXT_PATHS_LAST, PT_TEXT_PATHS_EACH};
    const char *least = pt_journey_count(cli, paths->about.min_group);

    pt_journey_head(cli, p, &paths->about);
    if (paths->starts == PT_HIDDEN) {
        PT_CLI_SAY(cli, PATHS_TOO_FEW, paths->event, least);
        return;
    }
    PT_CLI_SAY(cli, PATHS_EVENT, paths->event, pt_cli_text(cli, starts[paths->start]),
               pt_journey_count(cli, paths->starts), pt_journey_count(cli, paths->customers));
    print_tree(cli, p, paths, &paths->before, PT_TEXT_PATHS_BEFORE);
    print_tree(cli, p, paths, &paths->after, PT_TEXT_PATHS_AFTER);
    if (has_rest(paths, &paths->before) || has_rest(paths, &paths->after))
        PT_CLI_SAY(cli, PATHS_HIDDEN, pt_cli_text(cli, PT_TEXT_PATHS_REST), least);
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_label(pt_json *j, const pt_project *p, const pt_path_label *label)
{
    static const char *const kinds[] = {"event", "end", "other", "rest"};

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "kind", kinds[label->kind]);
    if (label->source >= 0) {
        pt_json_put_cstr(j, "source", p->sources[label->source].name);
    }
    if (label->column) {
        pt_json_put_cstr(j, "column", label->column);
        pt_json_key(j, "value");
        if (label->value.ptr)
            pt_json_text(j, label->value);
        else
            pt_json_null(j);
    }
    pt_json_close(j, '}');
}

static void json_place(pt_json *j, const char *key, uint32_t place)
{
    pt_json_key(j, key);
    if (place == UINT32_MAX)
        pt_json_null(j);
    else
        pt_json_int(j, place);
}

static void json_tree(pt_json *j, const char *key, const pt_path_tree *tree)
{
    pt_json_put_open(j, key, '{');
    pt_json_put_open(j, "nodes", '[');
    for (size_t i = 0; i < tree->n_nodes; i++) {
        const pt_path_node *n = &tree->nodes[i];
        pt_json_open(j, '{');
        json_place(j, "level", n->level);
        json_place(j, "parent", n->parent);
        json_place(j, "label", n->label);
        pt_journey_json_count(j, "starts", n->starts);
        pt_journey_json_count(j, "customers", n->customers);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_put_open(j, "links", '[');
    for (size_t i = 0; i < tree->n_links; i++) {
        const pt_path_link *l = &tree->links[i];
        pt_json_open(j, '{');
        json_place(j, "level", l->level);
        json_place(j, "from", l->from);
        json_place(j, "to", l->to);
        pt_journey_json_count(j, "starts", l->starts);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_paths(pt_cli *cli, const pt_project *p, const pt_paths *paths)
{
    static const char *const starts[] = {"first", "last", "each"};
    pt_json j;

    pt_journey_json(&j, cli, p, &paths->about);
    pt_json_put_cstr(&j, "event", paths->event);
    pt_json_put_cstr(&j, "start", starts[paths->start]);
    pt_journey_json_count(&j, "starts", paths->starts);
    pt_journey_json_count(&j, "with_event", paths->customers);
    pt_json_put_open(&j, "labels", '[');
    for (size_t i = 0; i < paths->n_labels; i++)
        json_label(&j, p, &paths->labels[i]);
    pt_json_close(&j, ']');
    json_tree(&j, "before", &paths->before);
    json_tree(&j, "after", &paths->after);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

static pt_rc read_start(pt_path_start *out, const pt_cli *cli, pt_err *err)
{
    static const char *const names[] = {"first", "last", "each"};
    const char *start = pt_cli_option(cli, "start");

    /* What leads to an event leads to its latest occurrence, too; what follows begins with the first. */
    *out = pt_cli_option(cli, "before") && !pt_cli_option(cli, "after") ? PT_PATH_LAST : PT_PATH_FIRST;
    for (int i = 0; start && i < 3; i++) {
        if (strcmp(start, names[i]) != 0)
            continue;
        *out = (pt_path_start)i;
        return PT_OK;
    }
    return start ? pt_fail(err, PT_EINVAL, "--start takes first, last or each, not '%s'", start) : PT_OK;
}

static pt_rc read_question(pt_paths_question *q, pt_journey_options *options, const pt_cli *cli, pt_err *err)
{
    *q = (pt_paths_question){.event = pt_sv_of(cli->args[0]),
                             .by = pt_journey_text(cli, "by"),
                             .through = pt_journey_text(cli, "through"),
                             .within = INT64_MAX,
                             .gap = INT64_MAX};
    if (!pt_cli_option(cli, "before") && !pt_cli_option(cli, "after"))
        q->after = 4;
    PT_TRY(pt_journey_number(&q->before, cli, "before", PT_PATH_MOST_STEPS, err));
    PT_TRY(pt_journey_number(&q->after, cli, "after", PT_PATH_MOST_STEPS, err));
    PT_TRY(pt_journey_duration(&q->within, cli, "within", err));
    PT_TRY(pt_journey_duration(&q->gap, cli, "gap", err));
    PT_TRY(read_start(&q->start, cli, err));
    return pt_journey_begin(options, cli, err);
}

pt_rc pt_cmd_paths(pt_cli *cli, pt_err *err)
{
    pt_journey_options options;
    pt_paths_question question;
    pt_paths paths;
    pt_diags diags;
    pt_app *app;

    PT_TRY(read_question(&question, &options, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_paths(&paths, app, &question, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_paths(cli, pt_app_project(app), &paths);
    else if (rc == PT_OK)
        print_paths(cli, pt_app_project(app), &paths);
    return pt_journey_end(cli, &diags, rc);
}
