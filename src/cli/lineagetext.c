#include "cli/lineagetext.h"

static pt_text kind_text(pt_dep_kind kind)
{
    static const pt_text texts[] = {PT_TEXT_DEP_FILE,  PT_TEXT_DEP_FILE_COLUMN, PT_TEXT_DEP_RULE,
                                    PT_TEXT_DEP_ROWS,  PT_TEXT_DEP_COLUMN,      PT_TEXT_DEP_TAG,
                                    PT_TEXT_DEP_CHECK, PT_TEXT_DEP_CARD,        PT_TEXT_CHANGE_SEGMENT};
    return texts[kind];
}

const char *pt_dep_title(const pt_cli *cli, const pt_deps *d, uint32_t node)
{
    const pt_dep *n = &d->nodes[node];

    if (n->kind == PT_DEP_CARD)
        return pt_cli_text(cli, PT_TEXT_DEP_CARD);
    if (n->kind == PT_DEP_FILE_COLUMN) { /* "orders:price": the file's name for it stands after the colon */
        const char *colon = strchr(n->name, ':');
        return colon ? colon + 1 : n->name;
    }
    return n->name;
}

/* --- for people --------------------------------------------------------------------------------------------------- */

typedef struct walk {
    pt_cli *cli;
    const pt_deps *d;
    const bool *side;
    const uint32_t *begin, *ends;
    bool *told; /* by node */
} walk;

/* "  orders.amount  column = price * quantity", and below it what comes next; each node is told once. */
static void tell(walk *w, uint32_t node, size_t depth)
{
    enum { DEEPEST = 40 };
    const pt_dep *n = &w->d->nodes[node];
    const pt_tag *tag = n->tag >= 0 ? &w->d->project->tags[n->tag] : NULL;
    const char *label = tag ? pt_label_text(&tag->label, pt_lang_code(w->cli->lang), "") : "";
    bool more = w->begin[node] < w->begin[node + 1], again = w->told[node];

    pt_str_pad(&w->cli->out, ' ', 2 + 2 * depth);
    pt_str_addf(&w->cli->out, "%s  %s", pt_dep_title(w->cli, w->d, node),
                n->kind == PT_DEP_CARD ? "" : pt_cli_text(w->cli, kind_text(n->kind)));
    if (*label)
        pt_str_addf(&w->cli->out, "  %s", label);
    if (n->detail && n->kind == PT_DEP_COLUMN)
        pt_str_addf(&w->cli->out, "  = %s", n->detail);
    if (again && more)
        pt_str_add(&w->cli->out, pt_cli_text(w->cli, PT_TEXT_LINEAGE_ABOVE));
    pt_str_addc(&w->cli->out, '\n');
    w->told[node] = true;
    if (again || depth >= DEEPEST)
        return;
    for (uint32_t k = w->begin[node]; k < w->begin[node + 1]; k++)
        if (w->side[w->ends[k]])
            tell(w, w->ends[k], depth + 1);
}

/* Everything next to what was asked, and so on. */
static void tell_side(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f, bool above)
{
    walk w = {.cli = cli,
              .d = d,
              .side = above ? f->above : f->below,
              .begin = above ? d->in_begin : d->out_begin,
              .ends = above ? d->in : d->out,
              .told = PT_NEW_ARRAY(cli->arena, bool, d->n_nodes)};
    bool *next = PT_NEW_ARRAY(cli->arena, bool, d->n_nodes);

    if (!w.told || !next)
        return;
    for (uint32_t i = 0; i < d->n_nodes; i++)
        for (uint32_t k = w.begin[i]; f->asked[i] && k < w.begin[i + 1]; k++)
            next[w.ends[k]] = w.side[w.ends[k]];
    for (uint32_t i = 0; i < d->n_nodes; i++)
        if (next[i])
            tell(&w, i, 0);
}

static uint32_t count_kind(const pt_deps *d, const bool *side, pt_dep_kind kind)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < d->n_nodes; i++)
        n += side[i] && d->nodes[i].kind == kind;
    return n;
}

static void head(pt_cli *cli, const pt_deps *d, const bool *side, uint32_t n, pt_text title, pt_text none)
{
    char buf[32];
    bool first = true;

    pt_str_add(&cli->out, pt_cli_text(cli, n ? title : none));
    for (int kind = 0; n && kind < PT_DEP_KIND_COUNT; kind++) {
        uint32_t of_kind = count_kind(d, side, (pt_dep_kind)kind);
        if (!of_kind || kind == PT_DEP_CARD)
            continue;
        pt_str_addf(&cli->out, "%s%s %s", first ? " (" : pt_cli_text(cli, PT_TEXT_COMMA),
                    pt_cli_text(cli, kind_text((pt_dep_kind)kind)), pt_format_count(buf, of_kind));
        first = false;
    }
    pt_str_add(&cli->out, first ? "\n" : ")\n");
}

void pt_deps_text(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f)
{
    pt_str_addf(&cli->out, "%s%s%s\n", cli->color ? "\033[1m" : "", cli->args[0], cli->color ? "\033[0m" : "");
    head(cli, d, f->above, f->n_above, PT_TEXT_LINEAGE_MADE_FROM, PT_TEXT_LINEAGE_FROM_NOTHING);
    tell_side(cli, d, f, true);
    head(cli, d, f->below, f->n_below, PT_TEXT_LINEAGE_BREAKS, PT_TEXT_LINEAGE_BREAKS_NOTHING);
    tell_side(cli, d, f, false);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static bool shown(const pt_deps_focus *f, uint32_t node)
{
    return f->asked[node] || f->above[node] || f->below[node];
}

static void json_node(pt_json *j, const pt_deps *d, const pt_deps_focus *f, uint32_t node)
{
    const pt_dep *n = &d->nodes[node];

    pt_json_open(j, '{');
    pt_json_put_int(j, "id", node);
    pt_json_put_cstr(j, "kind", pt_dep_kind_name(n->kind));
    pt_json_put_cstr(j, "name", n->name);
    if (n->source >= 0) {
        pt_json_put_cstr(j, "source", d->project->sources[n->source].name);
    }
    if (n->detail) {
        pt_json_put_cstr(j, "definition", n->detail);
    }
    pt_json_put_cstr(j, "side", f->asked[node] ? "asked" : f->above[node] ? "above" : "below");
    pt_json_close(j, '}');
}

void pt_deps_json(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "asked", cli->args[0]);
    pt_json_put_open(&j, "nodes", '[');
    for (uint32_t i = 0; i < d->n_nodes; i++)
        if (shown(f, i))
            json_node(&j, d, f, i);
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "edges", '[');
    for (uint32_t i = 0; i < d->n_nodes; i++) {
        for (uint32_t k = d->out_begin[i]; shown(f, i) && k < d->out_begin[i + 1]; k++) {
            if (!shown(f, d->out[k]))
                continue;
            pt_json_open(&j, '[');
            pt_json_int(&j, i);
            pt_json_int(&j, d->out[k]);
            pt_json_close(&j, ']');
        }
    }
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* Graphviz quotes as C does; line breaks become spaces. */
static void dot_text(pt_str *out, const char *text)
{
    pt_str_addc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            pt_str_addc(out, '\\');
        pt_str_addc(out, (unsigned char)*text < 0x20 ? ' ' : *text);
    }
    pt_str_addc(out, '"');
}

void pt_deps_dot(pt_cli *cli, const pt_deps *d, const pt_deps_focus *f)
{
    static const char *const shapes[PT_DEP_KIND_COUNT] = {"folder", "plain",   "hexagon", "box3d", "box",
                                                          "oval",   "octagon", "note",    "house"};
    pt_str *out = &cli->out;

    pt_str_add(out, "digraph lineage {\n  rankdir=LR;\n  node [fontname=\"sans-serif\" fontsize=11];\n");
    for (uint32_t i = 0; i < d->n_nodes; i++) {
        if (!shown(f, i))
            continue;
        pt_str_addf(out, "  n%u [shape=%s label=", i, shapes[d->nodes[i].kind]);
        dot_text(out, pt_dep_title(cli, d, i));
        pt_str_addf(out, "%s];\n", f->asked[i] ? " style=filled fillcolor=gold" : "");
    }
    for (uint32_t i = 0; i < d->n_nodes; i++)
        for (uint32_t k = d->out_begin[i]; shown(f, i) && k < d->out_begin[i + 1]; k++)
            if (shown(f, d->out[k]))
                pt_str_addf(out, "  n%u -> n%u;\n", i, d->out[k]);
    pt_str_add(out, "}\n");
}
