/* `portrait segment diff`: who came into a segment, who left, and which part of its rule made it so. */
#include "app/segment_diff.h"

#include "base/io.h"
#include "cli/segmenttext.h"

enum { MOST_LEAVES = 30, MOST_CAUSES = 10 };

static const char *moment_text(pt_cli *cli, const pt_project *p, const pt_segment_moment *m)
{
    const char *instant = pt_format_as_of(cli, p, m->as_of);

    return m->generation
               ? pt_arena_printf(cli->arena, cli->lang == PT_ZH ? "%s（%s）" : "%s (%s)", m->generation, instant)
               : instant;
}

/* --- for people --------------------------------------------------------------------------------------------------------- */

static void print_moment(pt_cli *cli, const pt_project *p, pt_text id, const pt_segment_moment *m)
{
    const char *args[] = {moment_text(cli, p, m), pt_cli_count(cli, m->members), pt_cli_count(cli, m->customers)};

    pt_say(&cli->out, cli->lang, id, args, PT_COUNT(args));
}

static void print_title(pt_cli *cli, const pt_project *p, const pt_segment_diff *d)
{
    pt_str_add(&cli->out, d->text);
    if (d->segment >= 0)
        pt_str_addf(&cli->out, "  %s", pt_label_text(&p->segments[d->segment].label, pt_lang_code(cli->lang), ""));
    pt_str_addc(&cli->out, '\n');
    print_moment(cli, p, PT_TEXT_SEGMENT_DIFF_FROM, &d->from);
    print_moment(cli, p, PT_TEXT_SEGMENT_DIFF_TO, &d->to);
}

static void print_definition(pt_cli *cli, const pt_segment_diff *d)
{
    if (d->redefined)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_REDEFINED));
    if (d->before)
        PT_CLI_SAY(cli, SEGMENT_DIFF_DEFINITION, d->before, pt_cli_count(cli, d->definition_entered),
                   pt_cli_count(cli, d->definition_left));
}

static void print_counts(pt_cli *cli, const pt_segment_diff *d)
{
    PT_CLI_SAY(cli, SEGMENT_DIFF_COUNTS, pt_cli_count(cli, d->entered + d->entered_new),
               pt_cli_count(cli, d->left + d->left_merged + d->left_gone), pt_cli_count(cli, d->stayed));
    if (d->entered_new)
        PT_CLI_SAY(cli, SEGMENT_DIFF_NEW, pt_cli_count(cli, d->entered_new));
    if (d->left_merged)
        PT_CLI_SAY(cli, SEGMENT_DIFF_MERGED, pt_cli_count(cli, d->left_merged));
    if (d->left_gone)
        PT_CLI_SAY(cli, SEGMENT_DIFF_GONE, pt_cli_count(cli, d->left_gone));
}

static void print_rows(pt_cli *cli, pt_text title, const char *const *names, const uint64_t *entered,
                       const uint64_t *left, size_t n)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *header[] = {pt_cli_text(cli, title), pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_ENTERED),
                            pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_LEFT)};
    pt_table t;

    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < n; i++)
        pt_table_row(&t, (const char *const[]){names[i], pt_cli_count(cli, entered[i]), pt_cli_count(cli, left[i])});
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_leaves(pt_cli *cli, const pt_segment_diff *d)
{
    const char *names[MOST_LEAVES];
    uint64_t entered[MOST_LEAVES], left[MOST_LEAVES];
    size_t n = 0;

    for (size_t i = 0; i < d->n_leaves && n < MOST_LEAVES; i++) {
        if (!d->entered_by[i] && !d->left_by[i])
            continue;
        names[n] = d->leaves[i];
        entered[n] = d->entered_by[i];
        left[n++] = d->left_by[i];
    }
    if (n)
        print_rows(cli, PT_TEXT_SEGMENT_DIFF_LEAF, names, entered, left, n);
}

static const char *cause_text(pt_cli *cli, const pt_segment_diff *d, const pt_segment_cause *c)
{
    pt_str text = {0};

    for (size_t i = 0; i < c->n_leaves; i++)
        pt_str_addf(&text, "%s%s", i ? " + " : "", d->leaves[c->leaves[i]]);
    return pt_cli_keep(cli, &text);
}

/* Those of one leaf alone are in the table of leaves. */
static void print_causes(pt_cli *cli, const pt_segment_diff *d)
{
    const char *names[MOST_CAUSES];
    uint64_t entered[MOST_CAUSES], left[MOST_CAUSES];
    size_t n = 0, more = 0;

    for (size_t i = 0; i < d->n_causes; i++) {
        if (d->causes[i].n_leaves < 2)
            continue;
        if (n == MOST_CAUSES) {
            more++;
            continue;
        }
        names[n] = cause_text(cli, d, &d->causes[i]);
        entered[n] = d->causes[i].entered;
        left[n++] = d->causes[i].left;
    }
    if (n)
        print_rows(cli, PT_TEXT_SEGMENT_DIFF_TOGETHER, names, entered, left, n);
    if (more)
        PT_CLI_SAY(cli, SEGMENT_DIFF_MORE, pt_cli_count(cli, more));
}

static void print_movers(pt_cli *cli, const pt_segment_diff *d, size_t most)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    size_t n = d->n_movers < most ? d->n_movers : most;
    const char *header[] = {pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_CUSTOMER), "",
                            pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_BECAUSE)};
    pt_table t;

    if (!n)
        return;
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < n; i++) {
        const pt_segment_mover *m = &d->movers[i];
        const char *id = pt_arena_strndup(cli->arena, m->id.ptr, m->id.len);
        pt_text way = m->entered ? PT_TEXT_SEGMENT_DIFF_ENTERED : PT_TEXT_SEGMENT_DIFF_LEFT;
        pt_table_row(&t, (const char *const[]){id ? id : "", pt_cli_text(cli, way),
                                               m->cause ? cause_text(cli, d, m->cause) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (d->n_movers > n)
        PT_CLI_SAY(cli, SEGMENT_DIFF_MORE, pt_cli_count(cli, d->n_movers - n));
}

static void print_diff(pt_cli *cli, const pt_project *p, const pt_segment_diff *d, size_t most)
{
    print_title(cli, p, d);
    print_definition(cli, d);
    print_counts(cli, d);
    print_leaves(cli, d);
    print_causes(cli, d);
    if (!d->leaves_known)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_SEGMENT_DIFF_NO_LEAVES));
    print_movers(cli, d, most);
}

/* --- for programs ------------------------------------------------------------------------------------------------------- */

static void json_moment(pt_json *j, const char *key, const pt_segment_moment *m, const pt_zone *zone)
{
    char as_of[64];

    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "generation", m->generation);
    pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, m->as_of, zone));
    pt_json_put_count(j, "members", m->members);
    pt_json_put_count(j, "customers", m->customers);
    pt_json_close(j, '}');
}

static void json_leaf_texts(pt_json *j, const pt_segment_diff *d, const pt_segment_cause *c)
{
    pt_json_open(j, '[');
    for (size_t i = 0; c && i < c->n_leaves; i++)
        pt_json_cstr(j, d->leaves[c->leaves[i]]);
    pt_json_close(j, ']');
}

static void json_leaves(pt_json *j, const pt_segment_diff *d)
{
    pt_json_put_open(j, "leaves", '[');
    for (size_t i = 0; i < d->n_leaves && d->leaves_known; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "expression", d->leaves[i]);
        pt_json_put_count(j, "entered", d->entered_by[i]);
        pt_json_put_count(j, "left", d->left_by[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_put_open(j, "causes", '[');
    for (size_t i = 0; i < d->n_causes; i++) {
        pt_json_open(j, '{');
        pt_json_key(j, "leaves");
        json_leaf_texts(j, d, &d->causes[i]);
        pt_json_put_count(j, "entered", d->causes[i].entered);
        pt_json_put_count(j, "left", d->causes[i].left);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_movers(pt_json *j, const pt_segment_diff *d, size_t most)
{
    pt_json_put_open(j, "movers", '[');
    for (size_t i = 0; i < d->n_movers && i < most; i++) {
        pt_json_open(j, '{');
        pt_json_put_text(j, "customer", d->movers[i].id);
        pt_json_put_cstr(j, "change", d->movers[i].entered ? "entered" : "left");
        pt_json_key(j, "because");
        json_leaf_texts(j, d, d->movers[i].cause);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_diff(pt_cli *cli, const pt_project *p, const pt_segment_diff *d, size_t most)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "condition", d->text);
    json_moment(&j, "from", &d->from, p->zone);
    json_moment(&j, "to", &d->to, p->zone);
    pt_json_put_count(&j, "stayed", d->stayed);
    pt_json_put_count(&j, "entered", d->entered);
    pt_json_put_count(&j, "entered_new", d->entered_new);
    pt_json_put_count(&j, "left", d->left);
    pt_json_put_count(&j, "left_merged", d->left_merged);
    pt_json_put_count(&j, "left_gone", d->left_gone);
    pt_json_put_bool(&j, "redefined", d->redefined || d->before);
    pt_json_put_cstr(&j, "definition_before", d->before);
    pt_json_put_count(&j, "definition_entered", d->definition_entered);
    pt_json_put_count(&j, "definition_left", d->definition_left);
    json_leaves(&j, d);
    json_movers(&j, d, most);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command -------------------------------------------------------------------------------------------------------- */

/* Customer, change, leaves: commas inside quotes, as spreadsheets expect. */
static void add_csv(pt_cli *cli, pt_str *out, const pt_segment_diff *d, const pt_segment_mover *m)
{
    const char *because = m->cause ? cause_text(cli, d, m->cause) : "";

    pt_str_addsv(out, m->id);
    pt_str_addf(out, ",%s,\"", m->entered ? "entered" : "left");
    for (; *because; because++)
        pt_str_addn(out, *because == '"' ? "\"\"" : because, *because == '"' ? 2 : 1);
    pt_str_add(out, "\"\n");
}

static pt_rc write_csv(pt_cli *cli, const pt_segment_diff *d, const char *path, pt_err *err)
{
    pt_str text = {0};

    pt_str_add(&text, "customer,change,because\n");
    for (size_t i = 0; i < d->n_movers; i++)
        add_csv(cli, &text, d, &d->movers[i]);
    pt_rc rc = pt_str_check(&text, err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, err);
    pt_str_free(&text);
    return rc;
}

static pt_rc how_many(size_t *out, const pt_cli *cli, pt_err *err)
{
    const char *text = pt_cli_option(cli, "list");
    int64_t n = 0;

    if (text && (!pt_parse_int64(&n, pt_sv_of(text)) || n < 0))
        return pt_fail(err, PT_EINVAL, "--list takes a number of customers");
    *out = (size_t)n;
    return PT_OK;
}

pt_rc pt_segment_diff_command(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err)
{
    const char *from = pt_cli_option(cli, "from"), *to = pt_cli_option(cli, "to"), *file = pt_cli_option(cli, "file");
    pt_segment_diff_options ask = {*options, pt_sv_of(from ? from : ""), pt_sv_of(to ? to : ""), false};
    const pt_project *p = pt_app_project(app);
    const pt_segment_diff *d;
    size_t most = 0;

    if (cli->n_args != 2) {
        pt_fail(err, PT_EINVAL, "one segment or condition at a time");
        return pt_err_hint(err, "portrait segment diff NAME --from 2017-07-01 --to 2018-01-01");
    }
    PT_TRY(how_many(&most, cli, err));
    ask.movers = most || file;
    PT_TRY(pt_app_segment_diff(&d, app, pt_sv_of(cli->args[1]), &ask, diags, cli->arena, err));
    if (file)
        PT_TRY(write_csv(cli, d, file, err));
    if (cli->json)
        json_diff(cli, p, d, most);
    else
        print_diff(cli, p, d, most);
    return PT_OK;
}
