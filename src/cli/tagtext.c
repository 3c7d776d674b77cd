/* Lineage as lines of text: what a tag uses, down to files; `tags NAME` and `explain` share it. */
#include "cli/tagtext.h"

void pt_cli_title(pt_cli *cli, const pt_project *p, uint32_t tag)
{
    const char *label = pt_label_text(&p->tags[tag].label, pt_lang_code(cli->lang), "");

    pt_str_addf(&cli->out, "%s%s%s%s%s\n", cli->color ? "\033[1m" : "", p->tags[tag].name, cli->color ? "\033[0m" : "",
                *label ? "  " : "", label);
}

pt_rc pt_cli_unknown_tag(const pt_project *p, pt_sv name, pt_rc code, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    const char **names = arena ? PT_NEW_ARRAY(arena, const char *, p->n_tags) : NULL;

    pt_fail(err, code, "unknown tag '%.*s'", name.len < 64 ? (int)name.len : 64, name.ptr);
    for (size_t i = 0; names && i < p->n_tags; i++)
        names[i] = p->tags[i].name;
    int near = names ? pt_nearest(name, names, p->n_tags) : -1;
    if (near >= 0)
        pt_err_hint(err, "did you mean '%s'?", p->tags[near].name);
    pt_arena_free(arena);
    return code;
}

static const char *column_name(const pt_project *p, const struct pt_use_column *c)
{
    return c->column < 0 ? "time" : p->sources[c->source].columns[c->column].name;
}

static void print_tags(pt_cli *cli, const pt_project *p, pt_text title, const uint32_t *tags, const bool *direct,
                       size_t n)
{
    if (!n)
        return;
    pt_str_add(&cli->out, pt_cli_text(cli, title));
    for (size_t i = 0; i < n; i++)
        pt_str_addf(&cli->out, "%s%s%s", i ? ", " : "", p->tags[tags[i]].name,
                    direct && !direct[i] ? pt_cli_text(cli, PT_TEXT_LINEAGE_INDIRECT) : "");
    pt_str_addc(&cli->out, '\n');
}

static void print_files(pt_cli *cli, const pt_source *s)
{
    for (size_t i = 0; i < s->n_from; i++)
        pt_str_addf(&cli->out, "%s%s", i ? ", " : " <- ", s->from[i]);
    pt_str_addc(&cli->out, '\n');
}

/* "  orders.amount = price * quantity, orders.time <- data/orders-*.csv" */
static void print_source(pt_cli *cli, const pt_project *p, const pt_lineage *l, uint32_t source)
{
    const pt_source *s = &p->sources[source];
    bool first = true;

    for (size_t i = 0; i < l->n_columns; i++) {
        const struct pt_use_column *c = &l->columns[i];
        if (c->source != source)
            continue;
        pt_str_addf(&cli->out, "%s%s.%s", first ? "  " : ", ", s->name, column_name(p, c));
        if (c->column >= 0 && s->columns[c->column].from)
            pt_str_addf(&cli->out, " = %s", s->columns[c->column].from);
        if (c->column >= 0 && s->columns[c->column].lookup.source)
            pt_str_addf(&cli->out, " = %s.%s", s->columns[c->column].lookup.source,
                        s->columns[c->column].lookup.column);
        first = false;
    }
    if (!first)
        print_files(cli, s);
}

void pt_lineage_print(pt_cli *cli, const pt_project *p, const pt_lineage *l)
{
    print_tags(cli, p, PT_TEXT_LINEAGE_TAGS, l->tags, l->direct, l->n_tags);
    if (l->n_columns)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINEAGE_COLUMNS));
    for (uint32_t s = 0; s < p->n_sources; s++)
        print_source(cli, p, l, s);
    if (l->queries)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINEAGE_QUERY));
    if (l->models)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINEAGE_MODEL));
    print_tags(cli, p, PT_TEXT_LINEAGE_USED_BY, l->used_by, NULL, l->n_used_by);
}

static void json_tags(pt_json *j, const char *key, const pt_project *p, const uint32_t *tags, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++)
        pt_json_cstr(j, p->tags[tags[i]].name);
    pt_json_close(j, ']');
}

void pt_lineage_json(pt_json *j, const pt_project *p, const pt_lineage *l)
{
    pt_json_put_open(j, "lineage", '{');
    json_tags(j, "tags", p, l->tags, l->n_tags);
    pt_json_put_open(j, "columns", '[');
    for (size_t i = 0; i < l->n_columns; i++) {
        const pt_source *s = &p->sources[l->columns[i].source];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "source", s->name);
        pt_json_put_cstr(j, "column", column_name(p, &l->columns[i]));
        pt_json_put_open(j, "files", '[');
        for (size_t k = 0; k < s->n_from; k++)
            pt_json_cstr(j, s->from[k]);
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_put_bool(j, "queries", l->queries);
    json_tags(j, "used_by", p, l->used_by, l->n_used_by);
    pt_json_close(j, '}');
}

/* --- groups ----------------------------------------------------------------------------------------------------------------- */

/* "consumption" holds "consumption" and "consumption/frequency", not "consumptions". */
static bool is_below(const char *path, const char *group)
{
    size_t n = strlen(group);

    while (n && group[n - 1] == '/')
        n--;
    return !n || (strncmp(path, group, n) == 0 && (path[n] == '\0' || path[n] == '/'));
}

bool pt_cli_tag_in_group(pt_cli *cli, const pt_project *p, uint32_t tag, const char *group)
{
    const char *path = p->tags[tag].group;

    return !group || is_below(path, group) || is_below(pt_group_text(p, path, "zh", cli->arena), group) ||
           is_below(pt_group_text(p, path, "en", cli->arena), group);
}

pt_rc pt_cli_check_tag_group(pt_cli *cli, const pt_project *p, const char *group, pt_err *err)
{
    const char **paths = PT_NEW_ARRAY(cli->arena, const char *, p->n_tags);

    if (!paths)
        return pt_fail_nomem(err, "the catalogue");
    for (uint32_t t = 0; t < p->n_tags; t++) {
        if (pt_cli_tag_in_group(cli, p, t, group))
            return PT_OK;
        paths[t] = p->tags[t].group;
    }
    if (!group)
        return PT_OK;
    int near = pt_nearest(pt_sv_of(group), paths, p->n_tags);
    pt_fail(err, PT_ENOTFOUND, "no tag is in the group '%.60s'", group);
    return near >= 0 ? pt_err_hint(err, "did you mean '%s'?", paths[near])
                     : pt_err_hint(err, "portrait tags lists all groups");
}
