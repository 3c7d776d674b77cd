#include "app/backfill.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/trendtext.h"

/* --- what is kept -------------------------------------------------------------------------------------------------------- */

static void print_tags(pt_cli *cli, const pt_project *p, const pt_history_list *l)
{
    pt_str names = {0};
    char count[32];

    for (size_t i = 0; i < l->n_tags; i++)
        pt_str_addf(&names, "%s%s", i ? " " : "", p->tags[l->tags[i]].name);
    PT_CLI_SAY(cli, HISTORY_TAGS, pt_format_count(count, l->n_tags), pt_str_cstr(&names));
    pt_str_free(&names);
}

static void print_list(pt_cli *cli, const pt_project *p, const pt_history_list *l)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *header[] = {pt_cli_text(cli, PT_TEXT_TREND_AS_OF), pt_cli_text(cli, PT_TEXT_HISTORY_BUILD),
                            pt_cli_text(cli, PT_TEXT_HISTORY_OF_TAGS), pt_cli_text(cli, PT_TEXT_HISTORY_CHANGES)};
    char tags[32], changes[32], size[32];
    pt_table t;

    if (!l->n) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_HISTORY_NONE));
        return;
    }
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < l->n; i++) {
        const pt_history_entry *e = &l->entries[i];
        const char *build = e->recomputed ? pt_cli_text(cli, PT_TEXT_HISTORY_RECOMPUTED) : e->generation;
        pt_table_row(&t, (const char *const[]){pt_cli_day(cli, p, e->as_of), build, pt_format_count(tags, e->tags),
                                               pt_format_count(changes, e->changes)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    pt_str_addc(&cli->out, '\n');
    print_tags(cli, p, l);
    PT_CLI_SAY(cli, HISTORY_SIZE, pt_format_bytes(size, l->bytes));
}

static void json_list(pt_cli *cli, const pt_project *p, const pt_history_list *l)
{
    char as_of[64];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_open(&j, "states", '[');
    for (size_t i = 0; i < l->n; i++) {
        const pt_history_entry *e = &l->entries[i];
        pt_json_open(&j, '{');
        pt_json_put_cstr(&j, "as_of", pt_instant_format(as_of, e->as_of, p->zone));
        pt_json_put_cstr(&j, "generation", e->generation);
        pt_json_put_bool(&j, "recomputed", e->recomputed);
        pt_json_put_int(&j, "tags", (int64_t)e->tags);
        pt_json_put_int(&j, "changes", (int64_t)e->changes);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_json_put_open(&j, "kept_tags", '[');
    for (size_t i = 0; i < l->n_tags; i++)
        pt_json_cstr(&j, p->tags[l->tags[i]].name);
    pt_json_close(&j, ']');
    pt_json_put_int(&j, "bytes", (int64_t)l->bytes);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static pt_rc list(pt_cli *cli, pt_app *app, pt_err *err)
{
    pt_history_list l;

    PT_TRY(pt_app_history(&l, app, cli->arena, err));
    if (cli->json)
        json_list(cli, pt_app_project(app), &l);
    else
        print_list(cli, pt_app_project(app), &l);
    return PT_OK;
}

/* --- backfill -------------------------------------------------------------------------------------------------------------- */

static pt_rc read_instant(int64_t *out, const pt_cli *cli, const char *name, const pt_project *p, pt_err *err)
{
    const char *text = pt_cli_option(cli, name);

    if (!text || pt_instant_parse(out, pt_sv_of(text), p->zone))
        return PT_OK;
    pt_fail(err, PT_EINVAL, "--%s '%s' is no time", name, text);
    return pt_err_hint(err, "2017-06-30, or 2017-06-30T18:00, or with an offset: 2017-06-30T18:00+08:00");
}

static pt_rc read_options(pt_backfill_options *o, const pt_cli *cli, const pt_project *p, pt_err *err)
{
    const char *every = pt_cli_option(cli, "every");

    if (!pt_cli_option(cli, "from")) {
        pt_fail(err, PT_EINVAL, "history backfill needs --from, the first day");
        return pt_err_hint(err, "portrait history backfill --from 2017-01-01 --every 30d");
    }
    PT_TRY(read_instant(&o->from, cli, "from", p, err));
    PT_TRY(read_instant(&o->to, cli, "to", p, err));
    if (!every || (pt_duration_parse(&o->every, pt_sv_of(every)) && o->every > 0))
        return pt_cli_threads(&o->threads, cli, err);
    pt_fail(err, PT_EINVAL, "--every '%s' is no length of time above zero", every);
    return pt_err_hint(err, "for example 30d or 1w");
}

static void json_result(pt_cli *cli, const pt_project *p, const pt_backfill_result *r)
{
    char first[64], last[64];
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_int(&j, "states", (int64_t)r->states);
    pt_json_put_int(&j, "left_alone", (int64_t)r->kept);
    pt_json_put_cstr(&j, "first", r->states ? pt_instant_format(first, r->first, p->zone) : NULL);
    pt_json_put_cstr(&j, "last", r->states ? pt_instant_format(last, r->last, p->zone) : NULL);
    pt_json_put_int(&j, "tags", (int64_t)r->tags);
    pt_json_put_int(&j, "tags_not_known", (int64_t)r->frozen);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

static void print_result(pt_cli *cli, const pt_project *p, const pt_backfill_result *r)
{
    char states[32], kept[32], tags[32];

    if (r->states)
        PT_CLI_SAY(cli, BACKFILL_DONE, pt_format_count(states, r->states), pt_format_count(tags, r->tags),
                   pt_cli_day(cli, p, r->first), pt_cli_day(cli, p, r->last));
    else
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_BACKFILL_NOTHING));
    if (r->kept)
        PT_CLI_SAY(cli, BACKFILL_KEPT, pt_format_count(kept, r->kept));
    if (r->frozen)
        PT_CLI_SAY(cli, BACKFILL_FROZEN, pt_format_count(tags, r->frozen));
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
static pt_rc backfill(pt_cli *cli, pt_app *app, pt_err *err)
{
    static pt_cancel *cancel;
    const pt_project *p = pt_app_project(app);
    pt_backfill_options options = {.every = INT64_C(30) * 24 * 3600 * 1000000, .to = INT64_MAX};
    pt_backfill_result result;
    pt_progress_line line;

    PT_TRY(read_options(&options, cli, p, err));
    if (!(options.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the history");
    PT_TRY(pt_signals_watch(cancel, err));
    pt_progress_init(&line, cli);
    options.progress = (pt_progress){pt_progress_report, &line};
    pt_rc rc = pt_app_backfill(&result, app, &options, cli->arena, err);
    pt_progress_end(&line);
    if (rc == PT_OK && cli->json)
        json_result(cli, p, &result);
    else if (rc == PT_OK)
        print_result(cli, p, &result);
    return rc;
}

pt_rc pt_cmd_history(pt_cli *cli, pt_err *err)
{
    bool fill = cli->n_args && strcmp(cli->args[0], "backfill") == 0;
    pt_app *app;

    if (cli->n_args && !fill) {
        pt_fail(err, PT_EINVAL, "history knows nothing of '%s'", cli->args[0]);
        return pt_err_hint(err, "portrait history, or portrait history backfill --from 2017-01-01");
    }
    PT_TRY(pt_cli_open(&app, cli, err));
    return fill ? backfill(cli, app, err) : list(cli, app, err);
}
