#include "cli/cleaningtext.h"
#include "cli/cli.h"
#include "cli/conflicttext.h"
#include "cli/progress.h"

/* --- for people --------------------------------------------------------------------------------------------------- */

static const char *count_cell(const pt_cli *cli, uint64_t n)
{
    char buf[32];

    return pt_arena_strdup(cli->arena, pt_format_count(buf, n));
}

static const char *files_cell(pt_cli *cli, const pt_read_stats *r)
{
    pt_str text = {0};

    PT_SAY(&text, cli->lang, BUILD_FILES, count_cell(cli, r->files_read), count_cell(cli, r->files_kept));
    if (r->files_removed)
        PT_SAY(&text, cli->lang, BUILD_FILES_GONE, count_cell(cli, r->files_removed));
    const char *copy = pt_arena_strdup(cli->arena, pt_str_cstr(&text));
    pt_str_free(&text);
    return copy;
}

static void print_sources(pt_cli *cli, const pt_build_result *r)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_COL_SOURCE), pt_cli_text(cli, PT_TEXT_COL_FILES),
                            pt_cli_text(cli, PT_TEXT_COL_ROWS),   pt_cli_text(cli, PT_TEXT_COL_SET_ASIDE),
                            pt_cli_text(cli, PT_TEXT_COL_EVENTS), pt_cli_text(cli, PT_TEXT_COL_TIMELINE)};
    pt_table t;

    pt_table_init(&t, cli->arena, 6, align, header);
    for (size_t i = 0; i < r->n_sources; i++) {
        const pt_build_source *s = &r->sources[i];
        if (s->is_circle)
            continue;
        const char *kept = s->timeline_kept ? pt_cli_text(cli, PT_TEXT_BUILD_KEPT) : "";
        pt_table_row(&t, (const char *const[]){s->name, files_cell(cli, &s->read), count_cell(cli, s->read.rows),
                                               count_cell(cli, s->read.quarantined + s->dropped),
                                               s->has_timeline ? count_cell(cli, s->events) : "", kept});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_linked(pt_cli *cli, const pt_build_linked *l)
{
    if (l->on && l->reason)
        PT_CLI_SAY(cli, BUILD_NOT_LINKED, pt_cli_translate(cli, l->reason));
    else if (l->on)
        PT_CLI_SAY(cli, BUILD_LINKED, count_cell(cli, l->records), count_cell(cli, l->pairs), count_cell(cli, l->links),
                   count_cell(cli, l->to_review));
}

static void print_warnings(pt_cli *cli, const pt_project *p, const pt_build_result *r)
{
    uint64_t quarantined = 0, unplaced = 0;

    for (size_t i = 0; i < r->n_sources; i++) {
        quarantined += r->sources[i].read.quarantined + r->sources[i].dropped;
        unplaced += r->sources[i].events_unplaced;
    }
    if (quarantined)
        PT_CLI_SAY(cli, BUILD_QUARANTINED, count_cell(cli, quarantined), p->data_dir);
    for (size_t i = 0; i < r->n_reasons; i++) {
        const pt_quarantine_reason *q = &r->reasons[i];
        PT_CLI_SAY(cli, BUILD_REASON, count_cell(cli, q->rows), q->source, pt_cli_translate(cli, q->reason), q->file,
                   count_cell(cli, q->line));
    }
    if (unplaced)
        PT_CLI_SAY(cli, BUILD_UNPLACED, count_cell(cli, unplaced));
    if (r->links_refused)
        PT_CLI_SAY(cli, BUILD_REFUSED, count_cell(cli, r->links_refused));
    if (r->decisions_refused)
        PT_CLI_SAY(cli, BUILD_DECISIONS_REFUSED, count_cell(cli, r->decisions_refused));
}

static void print_circles(pt_cli *cli, const pt_project *p, const pt_build_result *r)
{
    for (size_t i = 0; i < r->n_circles; i++) {
        const pt_circle_stats *s = &r->circles[i];
        const pt_source *source = &p->sources[pt_project_find_source(p, pt_sv_of(s->name))];
        const char *label = pt_label_text(&source->label, pt_lang_code(cli->lang), s->name);
        PT_CLI_SAY(cli, BUILD_CIRCLE, label, count_cell(cli, s->members), count_cell(cli, s->shared),
                   count_cell(cli, s->largest));
        if (s->crowded + s->refused)
            PT_CLI_SAY(cli, BUILD_CIRCLE_LEFT, label, count_cell(cli, s->crowded + s->refused),
                       count_cell(cli, source->circle->most));
    }
}

/* Lists with ids that are nobody's. */
static void print_lists(pt_cli *cli, const pt_build_result *r)
{
    for (size_t i = 0; i < r->n_models; i++)
        if (r->models[i].reason)
            PT_CLI_SAY(cli, MODEL_NO_VALUES, r->models[i].name, pt_cli_translate(cli, r->models[i].reason));
    for (size_t i = 0; i < r->n_segments; i++)
        if (r->segments[i].unknown)
            PT_CLI_SAY(cli, SEGMENT_UNKNOWN_IDS, r->segments[i].name, count_cell(cli, r->segments[i].unknown),
                       count_cell(cli, r->segments[i].ids));
}

static void print_quality(pt_cli *cli, const pt_build_result *r)
{
    char score[32];

    snprintf(score, sizeof score, "%u", r->quality_score);
    PT_CLI_SAY(cli, BUILD_QUALITY, score, count_cell(cli, r->quality_findings));
    for (size_t i = 0; i < r->n_broken_rules; i++) {
        const pt_broken_rule *q = &r->broken_rules[i];
        pt_str first = {0};
        if (q->file[0])
            PT_SAY(&first, cli->lang, BUILD_BROKEN_FIRST, q->file, count_cell(cli, q->line));
        PT_CLI_SAY(cli, BUILD_BROKEN, q->source, q->rule, count_cell(cli, q->rows), count_cell(cli, q->of),
                   pt_str_cstr(&first));
        pt_str_free(&first);
    }
}

static void print_people(pt_cli *cli, const pt_project *p, const pt_build_result *r)
{
    char seconds[32], customers[32];

    PT_CLI_SAY(cli, BUILD_DONE, pt_label_text(&p->label, pt_lang_code(cli->lang), p->name), r->generation,
               pt_format_as_of(cli, p, r->as_of), pt_format_seconds(seconds, r->total_seconds, cli->lang));
    print_sources(cli, r);
    pt_cleaning_table(cli, &r->cleaning);
    pt_str_addc(&cli->out, '\n');
    PT_CLI_SAY(cli, BUILD_CUSTOMERS, pt_format_about(customers, r->customers, cli->lang), count_cell(cli, r->n_tags));
    if (r->identity_kept)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_BUILD_IDENTITY_KEPT));
    else
        PT_CLI_SAY(cli, BUILD_IDENTITY, count_cell(cli, r->customers_new), count_cell(cli, r->customers_merged),
                   count_cell(cli, r->customers_split));
    print_linked(cli, &r->linked);
    print_warnings(cli, p, r);
    pt_conflicts_summary(cli, p, r->conflicts, r->n_conflicts);
    print_circles(cli, p, r);
    print_lists(cli, r);
    print_quality(cli, r);
    pt_str_add(&cli->out, "  ");
    for (pt_stage s = 0; s < PT_STAGE_COUNT; s++)
        pt_str_addf(&cli->out, "%s%s %s", s ? " · " : "", pt_cli_translate(cli, pt_stage_name(s)),
                    pt_format_seconds(seconds, r->seconds[s], cli->lang));
    pt_str_addc(&cli->out, '\n');
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_linked(pt_json *j, const pt_build_linked *l)
{
    pt_json_key(j, "linked");
    if (!l->on) {
        pt_json_null(j);
        return;
    }
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "reason", l->reason);
    pt_json_put_count(j, "records", l->records);
    pt_json_put_count(j, "pairs", l->pairs);
    pt_json_put_count(j, "links", l->links);
    pt_json_put_count(j, "to_review", l->to_review);
    pt_json_close(j, '}');
}

static void json_source(pt_json *j, const pt_build_source *s)
{
    pt_json_put_open(j, s->name, '{');
    pt_json_put_count(j, "files", s->read.files);
    pt_json_put_count(j, "files_read", s->read.files_read);
    pt_json_put_count(j, "files_unchanged", s->read.files_kept);
    pt_json_put_count(j, "files_removed", s->read.files_removed);
    pt_json_put_count(j, "rows", s->read.rows);
    pt_json_put_count(j, "rows_read", s->read.rows_read);
    pt_json_put_count(j, "quarantined", s->read.quarantined + s->dropped);
    if (s->has_timeline) {
        pt_json_put_count(j, "events", s->events);
        pt_json_put_count(j, "events_without_customer", s->events_unplaced);
        pt_json_put_count(j, "timeline_bytes", s->timeline_bytes);
        pt_json_put_bool(j, "timeline_kept", s->timeline_kept);
    }
    pt_json_close(j, '}');
}

static void json_circles(pt_json *j, const pt_build_result *r)
{
    pt_json_put_open(j, "circles", '{');
    for (size_t i = 0; i < r->n_circles; i++) {
        const pt_circle_stats *s = &r->circles[i];
        pt_json_put_open(j, s->name, '{');
        pt_json_put_count(j, "customers", s->members);
        pt_json_put_count(j, "of_several", s->shared);
        pt_json_put_count(j, "largest", s->largest);
        pt_json_put_count(j, "values_too_common", s->crowded);
        pt_json_put_count(j, "values_not_followed", s->refused);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

static void json_reasons(pt_json *j, const pt_build_result *r)
{
    pt_json_put_open(j, "quarantine", '[');
    for (size_t i = 0; i < r->n_reasons; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "source", r->reasons[i].source);
        pt_json_put_cstr(j, "reason", r->reasons[i].reason);
        pt_json_put_count(j, "rows", r->reasons[i].rows);
        pt_json_put_cstr(j, "first_file", r->reasons[i].file);
        pt_json_put_count(j, "first_line", r->reasons[i].line);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_segments(pt_json *j, const pt_build_result *r)
{
    pt_json_put_open(j, "segments", '{');
    for (size_t i = 0; i < r->n_segments; i++) {
        const pt_build_segment *s = &r->segments[i];
        pt_json_put_open(j, s->name, '{');
        pt_json_put_count(j, "members", s->members);
        if (!s->new_here)
            pt_json_put_count(j, "before", s->before);
        if (s->ids) {
            pt_json_put_count(j, "ids", s->ids);
            pt_json_put_count(j, "unknown_ids", s->unknown);
        }
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

static void json_models(pt_json *j, const pt_build_result *r)
{
    pt_json_put_open(j, "models", '{');
    for (size_t i = 0; i < r->n_models; i++) {
        pt_json_put_open(j, r->models[i].name, '{');
        pt_json_put_count(j, "tags", r->models[i].tags);
        pt_json_key(j, "version");
        if (r->models[i].version)
            pt_json_int(j, r->models[i].version);
        else
            pt_json_null(j);
        pt_json_put_cstr(j, "reason", r->models[i].reason);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

static void json_quality(pt_json *j, const pt_build_result *r)
{
    pt_json_put_open(j, "quality", '{');
    pt_json_put_count(j, "score", r->quality_score);
    pt_json_put_count(j, "findings", r->quality_findings);
    pt_json_put_open(j, "broken_rules", '[');
    for (size_t i = 0; i < r->n_broken_rules; i++) {
        const pt_broken_rule *q = &r->broken_rules[i];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "source", q->source);
        pt_json_put_cstr(j, "rule", q->rule);
        pt_json_put_count(j, "rows", q->rows);
        pt_json_put_count(j, "of", q->of);
        pt_json_put_cstr(j, "first_file", q->file);
        pt_json_put_count(j, "first_line", q->line);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_build_result *r)
{
    char as_of[48];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "generation", r->generation);
    pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, r->as_of, p->zone));
    pt_json_put_count(&j, "customers", r->customers);
    pt_json_put_count(&j, "customers_new", r->customers_new);
    pt_json_put_count(&j, "customers_merged", r->customers_merged);
    pt_json_put_count(&j, "customers_split", r->customers_split);
    pt_json_put_count(&j, "links_refused", r->links_refused);
    pt_json_put_count(&j, "decisions_refused", r->decisions_refused);
    pt_json_put_bool(&j, "identity_kept", r->identity_kept);
    json_linked(&j, &r->linked);
    pt_json_put_count(&j, "tags", r->n_tags);
    pt_json_put_open(&j, "sources", '{');
    for (size_t i = 0; i < r->n_sources; i++)
        if (!r->sources[i].is_circle)
            json_source(&j, &r->sources[i]);
    pt_json_close(&j, '}');
    pt_cleaning_json(&j, &r->cleaning);
    json_reasons(&j, r);
    json_circles(&j, r);
    pt_conflicts_json(&j, cli, p, r->conflicts, r->n_conflicts);
    json_segments(&j, r);
    json_models(&j, r);
    json_quality(&j, r);
    pt_json_put_open(&j, "seconds", '{');
    for (pt_stage s = 0; s < PT_STAGE_COUNT; s++) {
        pt_json_put_number(&j, pt_stage_name(s), r->seconds[s]);
    }
    pt_json_put_number(&j, "total", r->total_seconds);
    pt_json_close(&j, '}');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static pt_rc run_build(pt_cli *cli, pt_app *app, pt_build_options *options, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_build_result result;
    pt_progress_line line;

    pt_progress_init(&line, cli);
    options->progress = (pt_progress){pt_progress_report, &line};
    pt_rc rc = pt_app_build(&result, app, options, cli->arena, err);
    pt_progress_end(&line);
    if (rc != PT_OK)
        return rc;
    if (cli->json)
        print_json(cli, p, &result);
    else
        print_people(cli, p, &result);
    return PT_OK;
}

static pt_rc run_dry(pt_cli *cli, pt_app *app, pt_build_options *options, pt_err *err)
{
    const pt_project *p = pt_app_project(app);
    pt_dry_run result;
    pt_progress_line line;

    pt_progress_init(&line, cli);
    options->progress = (pt_progress){pt_progress_report, &line};
    pt_rc rc = pt_app_dry_run(&result, app, options, cli->arena, err);
    pt_progress_end(&line);
    if (rc != PT_OK)
        return rc;
    if (cli->json)
        pt_dry_run_json(cli, p, &result);
    else
        pt_dry_run_print(cli, p, &result);
    return PT_OK;
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
static pt_rc watch(pt_build_options *options, pt_err *err)
{
    static pt_cancel *cancel;

    if (!(cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the build");
    options->cancel = cancel;
    return pt_signals_watch(cancel, err);
}

pt_rc pt_cli_build(pt_cli *cli, pt_app *app, pt_err *err)
{
    pt_build_options options = {0};

    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(watch(&options, err));
    return run_build(cli, app, &options, err);
}

pt_rc pt_cmd_build(pt_cli *cli, pt_err *err)
{
    pt_build_options options = {0};
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_cli_as_of(&options.as_of, &options.has_as_of, cli, pt_app_project(app), err));
    PT_TRY(pt_cli_threads(&options.threads, cli, err));
    PT_TRY(pt_cli_size(&options.memory, cli, "memory", err));
    PT_TRY(watch(&options, err));
    return pt_cli_option(cli, "dry-run") ? run_dry(cli, app, &options, err) : run_build(cli, app, &options, err);
}
