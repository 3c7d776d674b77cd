/* How segments overlap: every region of their diagram with a mark for each segment it lies in, and each pair. */
#include <stdlib.h>

#include "cli/segmenttext.h"

/* Members of both of those of either. */
static double jaccard(const pt_overlap *o, size_t a, size_t b)
{
    uint64_t either = o->members[a] + o->members[b] - o->both[a][b];

    return either ? (double)o->both[a][b] / (double)either : 0.0;
}

/* --- regions ----------------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b, void *ctx)
{
    const uint64_t *regions = ctx;
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;

    if (regions[x] != regions[y])
        return regions[x] < regions[y] ? 1 : -1;
    return (x > y) - (x < y);
}

/* Patterns that somebody has, the largest first. */
static size_t sort_regions(unsigned *patterns, pt_overlap *o)
{
    size_t n = 0;

    for (unsigned p = 1; p < 1U << o->n; p++)
        if (o->regions[p])
            patterns[n++] = p;
    if (n)
        qsort_r(patterns, n, sizeof *patterns, by_size, o->regions);
    return n;
}

static void print_region(pt_cli *cli, pt_table *t, const pt_overlap *o, unsigned pattern, uint64_t most)
{
    const char *cells[PT_OVERLAP_MOST + 3];

    for (size_t i = 0; i < o->n; i++)
        cells[i] = pattern >> i & 1 ? "●" : "·";
    cells[o->n] = pt_cli_count(cli, o->regions[pattern]);
    cells[o->n + 1] = pt_cli_share(cli, o->regions[pattern], o->customers);
    cells[o->n + 2] = pt_cli_bar(cli, o->regions[pattern], most, PT_BAR_CELLS);
    pt_table_row(t, cells);
}

static void print_regions(pt_cli *cli, pt_overlap *o)
{
    pt_align align[PT_OVERLAP_MOST + 3] = {PT_LEFT};
    const char *header[PT_OVERLAP_MOST + 3] = {"A", "B", "C", "D", "E", "F"};
    unsigned patterns[1 << PT_OVERLAP_MOST];
    size_t n = sort_regions(patterns, o);
    uint64_t most = n && o->regions[patterns[0]] > o->regions[0] ? o->regions[patterns[0]] : o->regions[0];
    pt_table t;

    align[o->n] = align[o->n + 1] = PT_RIGHT;
    align[o->n + 2] = PT_BARS;
    header[o->n] = pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS);
    header[o->n + 1] = pt_cli_text(cli, PT_TEXT_COUNT_SHARE);
    header[o->n + 2] = "";
    pt_table_init(&t, cli->arena, o->n + 3, align, header);
    for (size_t i = 0; i < n; i++)
        print_region(cli, &t, o, patterns[i], most);
    print_region(cli, &t, o, 0, most);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

/* --- pairs ------------------------------------------------------------------------------------------------------------- */

static void print_pairs(pt_cli *cli, const pt_overlap *o)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *header[] = {"", pt_cli_text(cli, PT_TEXT_OVERLAP_BOTH), pt_cli_text(cli, PT_TEXT_OVERLAP_OF_FIRST),
                            pt_cli_text(cli, PT_TEXT_OVERLAP_OF_SECOND), pt_cli_text(cli, PT_TEXT_OVERLAP_OF_EITHER)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = a + 1; b < o->n; b++)
            pt_table_row(&t, (const char *const[]){pt_arena_printf(cli->arena, "%c %c", (int)('A' + a), (int)('A' + b)),
                                                   pt_cli_count(cli, o->both[a][b]),
                                                   pt_cli_share(cli, o->both[a][b], o->members[a]),
                                                   pt_cli_share(cli, o->both[a][b], o->members[b]),
                                                   pt_arena_printf(cli->arena, "%.1f%%", 100 * jaccard(o, a, b))});
    pt_str_addc(&cli->out, '\n');
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_people(pt_cli *cli, const pt_project *p, pt_overlap *o)
{
    for (size_t i = 0; i < o->n; i++) {
        const pt_segment *s = o->segments[i];
        const char *label = s ? pt_label_text(&s->label, pt_lang_code(cli->lang), "") : "";
        pt_str_addf(&cli->out, "%c  %s%s%s  %s (%s)\n", (int)('A' + i), o->texts[i], *label ? "  " : "", label,
                    pt_cli_count(cli, o->members[i]), pt_cli_share(cli, o->members[i], o->customers));
    }
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, o->as_of));
    pt_str_addc(&cli->out, '\n');
    print_regions(cli, o);
    print_pairs(cli, o);
}

/* --- for programs -------------------------------------------------------------------------------------------------------- */

static void json_members(pt_json *j, const pt_overlap *o, unsigned pattern)
{
    pt_json_open(j, '[');
    for (size_t i = 0; i < o->n; i++)
        if (pattern >> i & 1)
            pt_json_cstr(j, o->texts[i]);
    pt_json_close(j, ']');
}

static void json_regions(pt_json *j, const pt_overlap *o)
{
    pt_json_put_open(j, "regions", '[');
    for (unsigned pattern = 0; pattern < 1U << o->n; pattern++) {
        pt_json_open(j, '{');
        pt_json_key(j, "in");
        json_members(j, o, pattern);
        pt_json_put_int(j, "customers", (int64_t)o->regions[pattern]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_pairs(pt_json *j, const pt_overlap *o)
{
    pt_json_put_open(j, "pairs", '[');
    for (size_t a = 0; a < o->n; a++)
        for (size_t b = a + 1; b < o->n; b++) {
            pt_json_open(j, '{');
            pt_json_key(j, "of");
            json_members(j, o, 1U << a | 1U << b);
            pt_json_put_int(j, "both", (int64_t)o->both[a][b]);
            pt_json_put_number(j, "jaccard", jaccard(o, a, b));
            pt_json_close(j, '}');
        }
    pt_json_close(j, ']');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_overlap *o)
{
    char as_of[64];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, o->as_of, p->zone));
    pt_json_put_int(&j, "customers", (int64_t)o->customers);
    pt_json_put_open(&j, "segments", '[');
    for (size_t i = 0; i < o->n; i++) {
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "segment", o->texts[i]);
        pt_json_put_int(&j, "members", (int64_t)o->members[i]);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    json_regions(&j, o);
    json_pairs(&j, o);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_segment_overlap(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err)
{
    pt_overlap *o = PT_NEW(cli->arena, pt_overlap);
    pt_sv conditions[PT_OVERLAP_MOST + 1];
    size_t n = cli->n_args - 1;

    if (!o)
        return pt_fail_nomem(err, "the segments");
    for (size_t i = 0; i < n && i < PT_COUNT(conditions); i++)
        conditions[i] = pt_sv_of(cli->args[i + 1]);
    PT_TRY(pt_app_overlap(o, app, conditions, n, options, diags, cli->arena, err));
    if (cli->json)
        print_json(cli, pt_app_project(app), o);
    else
        print_people(cli, pt_app_project(app), o);
    return PT_OK;
}
