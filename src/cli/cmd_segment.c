/* portrait segment: saved segments listed, one looked at or written out, several laid over each other. */
#include "cli/segmenttext.h"
#include "cli/trendtext.h"

#include <errno.h>

#include "app/export.h"
#include "cli/progress.h"

static const char *name_of(const pt_cli *cli, const pt_segment *s)
{
    return pt_label_text(&s->label, pt_lang_code(cli->lang), s->name);
}

/* "+12", "-3", "=". */
static const char *change_text(const pt_cli *cli, uint64_t before, uint64_t now)
{
    if (before == now)
        return "=";
    return pt_arena_printf(cli->arena, "%s%s", now > before ? "+" : "-",
                           pt_cli_count(cli, now > before ? now - before : before - now));
}

static const char *kind_text(const pt_cli *cli, const pt_segment *s)
{
    static const pt_text kinds[] = {PT_TEXT_SEGMENT_DYNAMIC, PT_TEXT_SEGMENT_STATIC, PT_TEXT_SEGMENT_LIST};

    return pt_cli_text(cli, kinds[s->kind]);
}

/* --- all of them ----------------------------------------------------------------------------------------------------- */

static void print_list(pt_cli *cli, const pt_project *p, const pt_segment_listing *l)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_SEGMENT_NAME),   pt_cli_text(cli, PT_TEXT_SEGMENT_LABEL),
                            pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS),  pt_cli_text(cli, PT_TEXT_COUNT_SHARE),
                            pt_cli_text(cli, PT_TEXT_SEGMENT_CHANGE), pt_cli_text(cli, PT_TEXT_SEGMENT_KIND)};
    bool fresh = false;
    pt_table t;

    if (!l->n) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_SEGMENT_NONE));
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < l->n; i++) {
        const pt_segment_entry *e = &l->entries[i];
        fresh |= !e->built;
        pt_table_row(&t, (const char *const[]){
                             pt_arena_printf(cli->arena, "%s%s", e->segment->name, e->built ? "" : " *"),
                             name_of(cli, e->segment), pt_cli_count(cli, e->members),
                             pt_cli_share(cli, e->members, l->customers),
                             e->has_before ? change_text(cli, e->before, e->members) : "", kind_text(cli, e->segment)});
    }
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, l->as_of));
    pt_table_print(&t, &cli->out, cli->width, 0, cli->color);
    pt_table_free(&t);
    if (fresh)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_SEGMENT_FRESH));
}

/* --- one ------------------------------------------------------------------------------------------------------------- */

static void print_kind(pt_cli *cli, const pt_segment_entry *e)
{
    const pt_segment *s = e->segment;

    if (s->kind == PT_SEGMENT_STATIC && e->since)
        PT_CLI_SAY(cli, SEGMENT_SINCE, e->since);
    else if (s->kind == PT_SEGMENT_LIST)
        PT_CLI_SAY(cli, SEGMENT_IDS, s->list, pt_cli_count(cli, e->ids), pt_cli_count(cli, e->unknown));
    if (!e->built)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_SEGMENT_FRESH_ONE));
}

static void print_builds(pt_cli *cli, const pt_project *p, const pt_segment_entry *e)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_SEGMENT_BUILD), pt_cli_text(cli, PT_TEXT_SEGMENT_AS_OF),
                            pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS), pt_cli_text(cli, PT_TEXT_SEGMENT_CHANGE), ""};
    uint64_t most = 1;
    pt_table t;

    if (e->n_builds < 2)
        return;
    for (size_t b = 0; b < e->n_builds; b++)
        most = e->builds[b].members > most ? e->builds[b].members : most;
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t b = 0; b < e->n_builds; b++) {
        const pt_segment_size *s = &e->builds[b];
        pt_str as_of = {0};
        pt_render_instant(&as_of, s->as_of, p->zone);
        pt_table_row(&t, (const char *const[]){s->generation, pt_str_cstr(&as_of), pt_cli_count(cli, s->members),
                                               b ? change_text(cli, s[-1].members, s->members) : "",
                                               pt_cli_bar(cli, s->members, most, PT_BAR_CELLS)});
        pt_str_free(&as_of);
    }
    pt_str_addc(&cli->out, '\n');
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_one(pt_cli *cli, const pt_project *p, const pt_segment_listing *l)
{
    const pt_segment_entry *e = &l->entries[0];
    const char *lang = pt_lang_code(cli->lang),
               *about = e->segment ? pt_label_text(&e->segment->description, lang, "") : "";

    if (e->segment)
        pt_str_addf(&cli->out, "%s  %s\n", e->segment->name, name_of(cli, e->segment));
    if (*about)
        pt_str_addf(&cli->out, "%s\n", about);
    pt_str_addf(&cli->out, "%s%s", e->text, *e->text ? "\n" : "");
    PT_CLI_SAY(cli, SHOW_AS_OF, pt_format_as_of(cli, p, l->as_of));
    PT_CLI_SAY(
        cli, COUNT_RESULT, pt_cli_count(cli, e->members), pt_cli_count(cli, l->customers),
        pt_arena_printf(cli->arena, "%.1f", l->customers ? 100.0 * (double)e->members / (double)l->customers : 0.0));
    if (!e->segment)
        return;
    print_kind(cli, e);
    if (e->compared)
        PT_CLI_SAY(cli, SEGMENT_CAME, pt_cli_count(cli, e->came), pt_cli_count(cli, e->left));
    print_builds(cli, p, e);
}

/* --- for programs ---------------------------------------------------------------------------------------------------- */

static void json_builds(pt_json *j, const pt_project *p, const pt_segment_entry *e)
{
    char as_of[64];

    pt_json_put_open(j, "builds", '[');
    for (size_t b = 0; b < e->n_builds; b++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "generation", e->builds[b].generation);
        pt_json_put_cstr(j, "as_of", pt_instant_format(as_of, e->builds[b].as_of, p->zone));
        pt_json_put_count(j, "members", e->builds[b].members);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_segment(pt_json *j, const pt_segment_entry *e, const char *lang)
{
    static const char *const kinds[] = {"dynamic", "static", "list"};
    const pt_segment *s = e->segment;

    pt_json_put_cstr(j, "name", s->name);
    pt_json_put_cstr(j, "label", pt_label_text(&s->label, lang, s->name));
    pt_json_put_cstr(j, "kind", kinds[s->kind]);
    if (s->list) {
        pt_json_put_cstr(j, "list", s->list);
        pt_json_put_count(j, "ids", e->ids);
        pt_json_put_count(j, "unknown_ids", e->unknown);
    }
    pt_json_put_bool(j, "built", e->built);
    if (e->since)
        pt_json_put_cstr(j, "since", e->since);
    if (e->has_before)
        pt_json_put_count(j, "before", e->before);
    if (e->compared) {
        pt_json_put_count(j, "came", e->came);
        pt_json_put_count(j, "left", e->left);
    }
}

static void json_entry(pt_json *j, const pt_project *p, const pt_segment_entry *e, const char *lang)
{
    pt_json_open(j, '{');
    if (e->segment)
        json_segment(j, e, lang);
    if (!e->segment || !e->segment->list)
        pt_json_put_cstr(j, "condition", e->text);
    pt_json_put_count(j, "members", e->members);
    if (e->n_builds)
        json_builds(j, p, e);
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_segment_listing *l)
{
    char as_of[64];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "generation", l->generation);
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, l->as_of, p->zone));
    pt_json_put_count(&j, "customers", l->customers);
    pt_json_put_open(&j, "segments", '[');
    for (size_t i = 0; i < l->n; i++)
        json_entry(&j, p, &l->entries[i], pt_lang_code(cli->lang));
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command ------------------------------------------------------------------------------------------------------- */

static pt_rc look(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_segment_listing l;

    if (cli->n_args)
        PT_TRY(pt_app_segment(&l, app, pt_sv_of(cli->args[0]), options, diags, cli->arena, err));
    else
        PT_TRY(pt_app_segments(&l, app, options, cli->arena, err));
    if (cli->json)
        print_json(cli, p, &l);
    else if (cli->n_args)
        print_one(cli, p, &l);
    else
        print_list(cli, p, &l);
    return PT_OK;
}

/* --- members written out --------------------------------------------------------------------------------------------- */

static pt_rc read_format(pt_export_options *o, const char *word, pt_err *err)
{
    for (int f = 0; f < PT_EXPORT_FORMATS; f++)
        if (strcmp(word, pt_export_formats[f]) == 0) {
            o->format = (pt_export_format)f;
            return PT_OK;
        }
    pt_fail(err, PT_EINVAL, "--out: '%s' is no format", word);
    return pt_err_hint(err, "csv, parquet, xlsx or ids");
}

static pt_rc read_limit(pt_export_options *o, const char *text, pt_err *err)
{
    int64_t n;

    if (!text)
        return PT_OK;
    if (!pt_parse_int64(&n, pt_sv_of(text)) || n < 1)
        return pt_fail(err, PT_EINVAL, "--limit takes a whole number above 0, not '%s'", text);
    o->limit = (uint64_t)n;
    return PT_OK;
}

static pt_rc read_export(pt_export_options *o, const pt_cli *cli, pt_err *err)
{
    const char *tags = pt_cli_option(cli, "tags");

    PT_TRY(read_format(o, pt_cli_option(cli, "out"), err));
    PT_TRY(read_limit(o, pt_cli_option(cli, "limit"), err));
    o->path = pt_cli_option(cli, "file");
    o->tags = pt_sv_of(tags ? tags : "");
    const char *identifiers = pt_cli_option(cli, "identifiers");
    o->identifiers = pt_sv_of(identifiers ? identifiers : "");
    o->purpose = pt_cli_option(cli, "purpose");
    if (identifiers && o->format == PT_EXPORT_IDS)
        return pt_fail(err, PT_EINVAL, "ids are one column; identifiers go into csv, parquet or xlsx");
    o->sensitive = pt_cli_option(cli, "sensitive");
    o->mark = pt_cli_option(cli, "bom");
    o->labels = pt_cli_option(cli, "lang");
    o->lang = pt_lang_code(cli->lang);
    if (o->path || (o->format != PT_EXPORT_PARQUET && o->format != PT_EXPORT_XLSX))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "%s is no text and goes into a file", pt_export_formats[o->format]);
    return pt_err_hint(err, "--file PATH");
}

/* On standard error when the members are on standard output. */
static void report_export(pt_cli *cli, const pt_export_options *o, const pt_export_result *r)
{
    pt_str text = {0};

    if (o->path && cli->json) {
        pt_json j;
        pt_json_init(&j, &cli->out, 0);
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "file", o->path);
        pt_json_put_count(&j, "members", r->members);
        pt_json_put_count(&j, "rows", r->rows);
        pt_json_put_count(&j, "tags", r->columns);
        pt_json_put_count(&j, "withheld_tags", r->withheld);
        pt_json_close(&j, '}');
        pt_str_addc(&cli->out, '\n');
        return;
    }
    if (o->path)
        PT_CLI_SAY(cli, EXPORT_DONE, o->path, pt_cli_count(cli, r->rows), pt_cli_count(cli, r->members));
    if (r->withheld)
        PT_SAY(&text, cli->lang, EXPORT_WITHHELD, pt_cli_count(cli, r->withheld));
    fputs(pt_str_cstr(&text), stderr);
    pt_str_free(&text);
}

static pt_rc export(pt_cli *cli, pt_app *app, const pt_crowd_options *crowd, pt_diags *diags, pt_err *err)
{
    static pt_cancel *cancel; /* the thread that waits for signals holds it until the process ends */
    pt_export_options o = {.crowd = *crowd};
    pt_export_result r;

    PT_TRY(read_export(&o, cli, err));
    if (o.path) {
        if (!(cancel = pt_cancel_new()))
            return pt_fail_nomem(err, "an export");
        PT_TRY(pt_signals_watch(cancel, err));
        o.crowd.cancel = cancel;
    }
    errno = 0;
    pt_rc rc = pt_app_export(&r, app, pt_sv_of(cli->n_args ? cli->args[0] : ""), &o, diags, cli->arena, err);
    cli->quiet_failure |= rc == PT_EIO && !o.path && errno == EPIPE;
    if (rc == PT_OK)
        report_export(cli, &o, &r);
    return rc;
}

/* What belongs to --out and stands without it. */
static pt_rc check_options(const pt_cli *cli, pt_err *err)
{
    static const char *const names[] = {"file", "tags", "limit", "sensitive", "bom", "purpose", "identifiers"};

    for (size_t i = 0; i < PT_COUNT(names); i++)
        if (pt_cli_option(cli, names[i])) {
            pt_fail(err, PT_EINVAL, "--%s goes with --out", names[i]);
            return pt_err_hint(err, "--out csv, parquet, xlsx or ids");
        }
    return PT_OK;
}

static bool is_subcommand(const pt_cli *cli, const char *word)
{
    return cli->n_args > 1 && strcmp(cli->args[0], word) == 0;
}

static pt_rc trend(pt_cli *cli, pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    int segment = cli->n_args == 1 ? pt_project_find_segment(p, pt_sv_of(cli->args[0])) : -1;

    if (segment >= 0)
        return pt_cli_segment_trend(cli, app, p->segments[segment].name, name_of(cli, &p->segments[segment]), err);
    if (cli->n_args != 1)
        return pt_fail(err, PT_EINVAL, "--trend needs the name of one saved segment");
    pt_fail(err, PT_ENOTFOUND, "there is no saved segment '%.80s'", cli->args[0]);
    return pt_err_hint(err, "a condition has no past of its own: save it in segments/, and builds keep its size");
}

/* "segment diff" alone: the word, unless the project has something of this name. */
static pt_rc check_words(const pt_cli *cli, const pt_app *app, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_sv word = pt_sv_of(cli->n_args == 1 ? cli->args[0] : "");

    if (pt_project_find_segment(p, word) >= 0 || pt_project_find_tag(p, word) >= 0)
        return PT_OK;
    if (pt_sv_eq(word, PT_SV("diff"))) {
        pt_fail(err, PT_EINVAL, "segment diff: missing argument NAME");
        return pt_err_hint(err, "portrait segment diff NAME");
    }
    if (!pt_sv_eq(word, PT_SV("overlap")))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "an overlap is of two to six segments");
    return pt_err_hint(err, "portrait segment overlap A B C");
}

static pt_rc run(pt_cli *cli, pt_app *app, const pt_crowd_options *options, pt_diags *diags, pt_err *err)
{
    if (pt_cli_option(cli, "trend"))
        return trend(cli, app, err);
    PT_TRY(check_words(cli, app, err));
    if (is_subcommand(cli, "overlap"))
        return pt_segment_overlap(cli, app, options, diags, err);
    if (is_subcommand(cli, "diff"))
        return pt_segment_diff_command(cli, app, options, diags, err);
    if (cli->n_args > 1) {
        pt_fail(err, PT_EINVAL, "one segment or condition at a time");
        return pt_err_hint(err, "put a condition in quotes; `portrait segment overlap A B` takes several");
    }
    if (pt_cli_option(cli, "out"))
        return export(cli, app, options, diags, err);
    PT_TRY(check_options(cli, err));
    return look(cli, app, options, diags, err);
}

pt_rc pt_cmd_segment(pt_cli *cli, pt_err *err)
{
    pt_crowd_options options = {0};
    pt_diags diags;
    pt_app *app;

    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = run(cli, app, &options, &diags, err);
    return pt_cli_end(cli, &diags, rc);
}
