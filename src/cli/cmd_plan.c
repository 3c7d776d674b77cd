#include "app/plan.h"
#include "cli/changetext.h"
#include "cli/cli.h"

/* --- for people --------------------------------------------------------------------------------------------------- */

static const char *bytes_text(pt_cli *cli, uint64_t n)
{
    char buf[32];

    return pt_arena_strdup(cli->arena, pt_format_bytes(buf, n));
}

/* "value_tier (tag spend_365d, identity)" */
static void print_tags(pt_cli *cli, const pt_project *p, const pt_plan *plan)
{
    enum { MOST_REASONS = 3 };

    if (!plan->n_tags)
        return;
    PT_CLI_SAY(cli, PLAN_TAGS, pt_cli_count(cli, plan->n_tags));
    for (size_t i = 0; i < plan->n_tags; i++) {
        const pt_plan_tag *t = &plan->tags[i];
        pt_str_addf(&cli->out, "  %s  <- ", p->tags[t->tag].name);
        for (size_t k = 0; k < t->n_because && k < MOST_REASONS; k++)
            pt_str_addf(&cli->out, "%s%s", k ? ", " : "", plan->changes[t->because[k]].name);
        pt_str_add(&cli->out, t->n_because > MOST_REASONS ? ", …\n" : "\n");
    }
}

static void print_files(pt_cli *cli, const pt_plan_source *s)
{
    static const pt_text states[] = {PT_TEXT_COMMA, PT_TEXT_CHANGE_NEW, PT_TEXT_CHANGE_CHANGED, PT_TEXT_CHANGE_GONE};
    enum { MOST = 10 };
    size_t told = 0;

    for (size_t i = 0; i < s->n_files && told < MOST; i++) {
        if (s->files[i].state == PT_INPUT_SAME)
            continue;
        pt_str_addf(&cli->out, "      %s  %s\n", pt_cli_text(cli, states[s->files[i].state]), s->files[i].path);
        told++;
    }
    if (s->n_new + s->n_changed + s->n_gone > MOST)
        pt_str_add(&cli->out, "      …\n");
}

static void print_sources(pt_cli *cli, const pt_project *p, const pt_plan *plan)
{
    for (size_t i = 0; i < plan->n_sources; i++) {
        const pt_plan_source *s = &plan->sources[i];
        if (!s->rereads && !s->recleans && !(s->n_new + s->n_changed + s->n_gone))
            continue;
        PT_CLI_SAY(cli, PLAN_SOURCE, p->sources[i].name, pt_cli_count(cli, s->n_read), bytes_text(cli, s->bytes_read),
                   pt_cli_count(cli, s->n_files - s->n_gone));
        if (plan->generation && s->rereads)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_REREADS));
        if (s->recleans)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_RECLEANS));
        pt_str_addc(&cli->out, '\n');
        if (plan->generation)
            print_files(cli, s);
    }
}

static void print_unversioned(pt_cli *cli, const pt_plan *plan)
{
    bool first = true;

    for (size_t i = 0; i < plan->n_changes; i++) {
        if (!plan->unversioned[i])
            continue;
        pt_str_addf(&cli->out, "%s%s", pt_cli_text(cli, first ? PT_TEXT_PLAN_UNVERSIONED : PT_TEXT_COMMA),
                    plan->changes[i].name + 4);
        first = false;
    }
    pt_str_add(&cli->out, first ? "" : "\n");
}

static void print_work(pt_cli *cli, const pt_project *p, const pt_plan *plan)
{
    char seconds[32];

    PT_CLI_SAY(cli, PLAN_WORK, bytes_text(cli, plan->bytes_read), pt_cli_count(cli, plan->timelines_again),
               pt_cli_count(cli, plan->timelines_kept), pt_cli_count(cli, p->n_tags),
               pt_cli_count(cli, plan->tags_with_data));
    pt_str_add(&cli->out,
               pt_cli_text(cli, plan->customers_again ? PT_TEXT_PLAN_CUSTOMERS : PT_TEXT_PLAN_CUSTOMERS_KEPT));
    if (plan->generation)
        PT_CLI_SAY(cli, PLAN_LAST, pt_format_seconds(seconds, plan->last_seconds, cli->lang));
}

static bool is_idle(const pt_plan *plan)
{
    for (size_t i = 0; i < plan->n_sources; i++)
        if (plan->sources[i].rereads || plan->sources[i].recleans ||
            plan->sources[i].n_new + plan->sources[i].n_changed + plan->sources[i].n_gone)
            return false;
    return plan->generation && !plan->n_changes;
}

static void print_people(pt_cli *cli, const pt_project *p, const pt_plan *plan)
{
    if (!plan->generation)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_FIRST));
    else
        PT_CLI_SAY(cli, PLAN_SINCE, plan->generation, pt_format_as_of(cli, p, plan->built_at),
                   pt_format_as_of(cli, p, plan->as_of));
    if (is_idle(plan)) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_NOTHING));
        return;
    }
    if (plan->generation && plan->n_changes) {
        PT_CLI_SAY(cli, PLAN_DEFINITIONS, pt_cli_count(cli, plan->n_changes));
        pt_changes_print(cli, plan->changes, plan->n_changes);
    }
    print_unversioned(cli, plan);
    print_tags(cli, p, plan);
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_FILES));
    print_sources(cli, p, plan);
    if (!plan->bytes_read)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_PLAN_NO_FILES));
    print_work(cli, p, plan);
}

/* --- for programs ------------------------------------------------------------------------------------------------- */

static void json_instant(pt_json *j, const char *key, int64_t instant, const pt_zone *zone)
{
    char buf[48];

    pt_json_put_cstr(j, key, pt_instant_format(buf, instant, zone));
}

static void json_source(pt_json *j, const pt_project *p, const pt_plan_source *s)
{
    static const char *const states[] = {"same", "new", "changed", "gone"};

    pt_json_put_open(j, p->sources[s->source].name, '{');
    pt_json_put_bool(j, "rereads", s->rereads);
    pt_json_put_bool(j, "recleans", s->recleans);
    pt_json_put_count(j, "files_new", s->n_new);
    pt_json_put_count(j, "files_changed", s->n_changed);
    pt_json_put_count(j, "files_gone", s->n_gone);
    pt_json_put_count(j, "files_same", s->n_same);
    pt_json_put_count(j, "files_to_read", s->n_read);
    pt_json_put_count(j, "bytes_to_read", s->bytes_read);
    pt_json_put_open(j, "files", '[');
    for (size_t i = 0; i < s->n_files; i++) {
        if (s->files[i].state == PT_INPUT_SAME)
            continue;
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "path", s->files[i].path);
        pt_json_put_cstr(j, "state", states[s->files[i].state]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_tags(pt_json *j, const pt_project *p, const pt_plan *plan)
{
    pt_json_put_open(j, "tags_changed_by_others", '{');
    for (size_t i = 0; i < plan->n_tags; i++) {
        pt_json_put_open(j, p->tags[plan->tags[i].tag].name, '[');
        for (size_t k = 0; k < plan->tags[i].n_because; k++)
            pt_json_cstr(j, plan->changes[plan->tags[i].because[k]].name);
        pt_json_close(j, ']');
    }
    pt_json_close(j, '}');
    pt_json_put_open(j, "unversioned", '[');
    for (size_t i = 0; i < plan->n_changes; i++)
        if (plan->unversioned[i])
            pt_json_cstr(j, plan->changes[i].name + 4);
    pt_json_close(j, ']');
}

static void print_json(pt_cli *cli, const pt_project *p, const pt_plan *plan)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "since", plan->generation);
    if (plan->generation) {
        json_instant(&j, "built_at", plan->built_at, p->zone);
        json_instant(&j, "as_of", plan->as_of, p->zone);
    }
    pt_changes_json(&j, plan->changes, plan->n_changes);
    json_tags(&j, p, plan);
    pt_json_put_open(&j, "sources", '{');
    for (size_t i = 0; i < plan->n_sources; i++)
        json_source(&j, p, &plan->sources[i]);
    pt_json_close(&j, '}');
    pt_json_put_count(&j, "bytes_to_read", plan->bytes_read);
    pt_json_put_bool(&j, "customers_again", plan->customers_again);
    pt_json_put_count(&j, "timelines_again", plan->timelines_again);
    pt_json_put_count(&j, "timelines_kept", plan->timelines_kept);
    pt_json_put_count(&j, "tags_over_changed_rows", plan->tags_with_data);
    pt_json_put_number(&j, "last_build_seconds", plan->last_seconds);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

pt_rc pt_cmd_plan(pt_cli *cli, pt_err *err)
{
    const pt_plan *plan;
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_app_build_plan(&plan, app, cli->arena, err));
    if (cli->json)
        print_json(cli, pt_app_project(app), plan);
    else
        print_people(cli, pt_app_project(app), plan);
    return PT_OK;
}
