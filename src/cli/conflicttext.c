#include "cli/conflicttext.h"

#include <stdlib.h>

static const char *column_text(pt_cli *cli, const pt_project *p, const pt_merge_source *m)
{
    const pt_source *s = &p->sources[m->source];

    return pt_arena_printf(cli->arena, "%s.%s", s->name, s->columns[m->column].name);
}

void pt_conflicts_summary(pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (c[i].differing)
            PT_CLI_SAY(cli, CONFLICTS_LINE, p->tags[c[i].tag].name, pt_cli_count(cli, c[i].differing),
                       pt_cli_count(cli, c[i].several), pt_cli_share(cli, c[i].differing, c[i].several));
}

/* "12 / 40  30.0%": so many customers of those whom both know. */
static const char *pair_text(pt_cli *cli, const pt_conflict *c, size_t a, size_t b)
{
    uint64_t differ = c->differ[a * c->n + b], both = c->both[a * c->n + b];

    if (a == b || !both)
        return a == b ? "" : "-";
    return pt_arena_printf(cli->arena, "%s / %s  %s", pt_cli_count(cli, differ), pt_cli_count(cli, both),
                           pt_cli_share(cli, differ, both));
}

static void print_matrix(pt_cli *cli, const pt_project *p, const pt_conflict *c)
{
    size_t columns = c->n + 3;
    pt_align *align = PT_NEW_ARRAY(cli->arena, pt_align, columns);
    const char **cells = PT_NEW_ARRAY(cli->arena, const char *, columns);
    pt_table t;

    if (!align || !cells)
        return;
    cells[0] = "";
    cells[1] = pt_cli_text(cli, PT_TEXT_CONFLICTS_TRUST);
    cells[2] = pt_cli_text(cli, PT_TEXT_CONFLICTS_KNOWN);
    for (size_t i = 0; i < c->n; i++)
        cells[i + 3] = column_text(cli, p, &c->merge->sources[i]);
    for (size_t i = 1; i < columns; i++)
        align[i] = PT_RIGHT;
    pt_table_init(&t, cli->arena, columns, align, cells);
    for (size_t a = 0; a < c->n; a++) {
        cells[0] = column_text(cli, p, &c->merge->sources[a]);
        cells[1] = pt_arena_printf(cli->arena, "%g", c->merge->sources[a].trust);
        cells[2] = pt_cli_count(cli, c->known[a]);
        for (size_t b = 0; b < c->n; b++)
            cells[b + 3] = pair_text(cli, c, a, b);
        pt_table_row(&t, cells);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

void pt_conflicts_matrix(pt_cli *cli, const pt_project *p, const pt_conflict *c)
{
    PT_CLI_SAY(cli, CONFLICTS_TITLE, p->tags[c->tag].name,
               pt_cli_translate(cli, pt_merge_policy_name(c->merge->policy)), pt_cli_count(cli, c->customers),
               pt_cli_count(cli, c->several), pt_cli_count(cli, c->differing),
               pt_cli_share(cli, c->differing, c->several));
    if (c->several) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_CONFLICTS_HOW));
        print_matrix(cli, p, c);
    }
    if (!c->n_samples)
        return;
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_CONFLICTS_SAMPLES));
    for (size_t i = 0; i < c->n_samples; i++)
        pt_str_addf(&cli->out, "%s%.*s", i ? " " : "", (int)c->samples[i].len, c->samples[i].ptr);
    PT_CLI_SAY(cli, CONFLICTS_WHY, "--why");
}

/* By the share of customers whose sources disagree; then in the order of the catalogue. */
static int worst_first(const void *left, const void *right)
{
    const pt_conflict *const *a = left, *const *b = right;
    double x = (*a)->several ? (double)(*a)->differing / (double)(*a)->several : 0;
    double y = (*b)->several ? (double)(*b)->differing / (double)(*b)->several : 0;

    if (x != y)
        return x > y ? -1 : 1;
    return ((*a)->tag > (*b)->tag) - ((*a)->tag < (*b)->tag);
}

void pt_conflicts_worst(pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n)
{
    const pt_conflict **list = PT_NEW_ARRAY(cli->arena, const pt_conflict *, n);
    size_t found = 0;

    for (size_t i = 0; list && i < n; i++)
        if (c[i].differing)
            list[found++] = &c[i];
    if (found > 1)
        qsort(list, found, sizeof(const pt_conflict *), worst_first);
    for (size_t i = 0; i < found; i++) {
        pt_str_addc(&cli->out, '\n');
        pt_conflicts_matrix(cli, p, list[i]);
    }
}

void pt_merge_print(pt_cli *cli, const pt_project *p, const pt_merge *m)
{
    char duration[64];

    PT_CLI_SAY(cli, TAG_MERGE, pt_cli_translate(cli, pt_merge_policy_name(m->policy)));
    for (size_t i = 0; i < m->n_sources; i++) {
        pt_str_add(&cli->out, i ? pt_cli_text(cli, PT_TEXT_COMMA) : "");
        PT_CLI_SAY(cli, TAG_MERGE_SOURCE, column_text(cli, p, &m->sources[i]),
                   pt_arena_printf(cli->arena, "%g", m->sources[i].trust));
    }
    if (m->half_life)
        PT_CLI_SAY(cli, TAG_MERGE_HALF_LIFE, pt_duration_format(duration, m->half_life));
    pt_str_addc(&cli->out, '\n');
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_pairs(pt_json *j, pt_cli *cli, const pt_project *p, const pt_conflict *c)
{
    pt_json_put_open(j, "pairs", '[');
    for (size_t a = 0; a < c->n; a++) {
        for (size_t b = 0; b < a; b++) {
            pt_json_open(j, '{');
            pt_json_put_cstr(j, "a", column_text(cli, p, &c->merge->sources[b]));
            pt_json_put_cstr(j, "b", column_text(cli, p, &c->merge->sources[a]));
            pt_json_put_count(j, "both", c->both[a * c->n + b]);
            pt_json_put_count(j, "differ", c->differ[a * c->n + b]);
            pt_json_close(j, '}');
        }
    }
    pt_json_close(j, ']');
}

static void json_sources(pt_json *j, pt_cli *cli, const pt_project *p, const pt_conflict *c)
{
    pt_json_put_open(j, "sources", '[');
    for (size_t i = 0; i < c->n; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "column", column_text(cli, p, &c->merge->sources[i]));
        pt_json_put_number(j, "trust", c->merge->sources[i].trust);
        pt_json_put_count(j, "known", c->known[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

void pt_conflicts_json(pt_json *j, pt_cli *cli, const pt_project *p, const pt_conflict *c, size_t n)
{
    pt_json_put_open(j, "conflicts", '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "tag", p->tags[c[i].tag].name);
        pt_json_put_cstr(j, "policy", pt_merge_policy_name(c[i].merge->policy));
        pt_json_put_count(j, "customers", c[i].customers);
        pt_json_put_count(j, "several", c[i].several);
        pt_json_put_count(j, "differing", c[i].differing);
        json_sources(j, cli, p, &c[i]);
        json_pairs(j, cli, p, &c[i]);
        pt_json_put_open(j, "samples", '[');
        for (size_t k = 0; k < c[i].n_samples; k++)
            pt_json_text(j, c[i].samples[k]);
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}
