#include "cli/journeytext.h"

enum { MOST_GROUPS = 12, BAR_STEPS = 8 };

/* --- for people ------------------------------------------------------------------------------------------------------------- */

/* The share that a step has of another; between bounds when it is hidden. */
static const char *share_of(pt_cli *cli, const pt_funnel_step *s, uint64_t whole)
{
    return s->customers == PT_HIDDEN ? pt_journey_bounds(cli, s->least, s->most, whole)
                                     : pt_journey_percent(cli, s->customers, whole);
}

static void print_steps(pt_cli *cli, const pt_funnel *f)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const char *header[] = {"",
                            pt_cli_text(cli, PT_TEXT_FUNNEL_STEP),
                            pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS),
                            pt_cli_text(cli, PT_TEXT_FUNNEL_OF_BEFORE),
                            pt_cli_text(cli, PT_TEXT_FUNNEL_OF_FIRST),
                            pt_cli_text(cli, PT_TEXT_FUNNEL_WAIT),
                            ""};
    uint64_t first = f->steps[0].customers;
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < f->n_steps; i++) {
        const pt_funnel_step *s = &f->steps[i];
        bool bar = s->customers != PT_HIDDEN && first != PT_HIDDEN;
        pt_table_row(&t, (const char *const[]){pt_arena_printf(cli->arena, "%zu", i + 1), s->text,
                                               pt_journey_count(cli, s->customers),
                                               i ? share_of(cli, s, s[-1].customers) : "", share_of(cli, s, first),
                                               i ? pt_journey_wait(cli, s->median) : "",
                                               bar ? pt_cli_bar(cli, s->customers, first, PT_BAR_CELLS) : ""});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static const char *next_title(pt_cli *cli, const pt_project *p, const pt_funnel_next *next)
{
    if (next->source < 0)
        return pt_cli_text(cli, PT_TEXT_JOURNEY_NOTHING_MORE);
    const char *source = pt_journey_source(cli, p, (uint32_t)next->source);
    if (!next->value.ptr)
        return source;
    char *title =
        pt_arena_printf(cli->arena, "%s %s=%.*s", source, next->column, (int)next->value.len, next->value.ptr);
    for (char *c = title; c && *c; c++)
        if (*c == '\n' || *c == '\t')
            *c = ' ';
    return title ? title : "";
}

static void print_next(pt_cli *cli, uint64_t customers, uint64_t stopped, const char *title)
{
    if (customers == PT_HIDDEN)
        PT_CLI_SAY(cli, FUNNEL_MOST, title);
    else
        PT_CLI_SAY(cli, FUNNEL_NEXT, pt_journey_percent(cli, customers, stopped), pt_journey_count(cli, customers),
                   title);
}

static void print_stopped(pt_cli *cli, const pt_project *p, const pt_funnel *f)
{
    for (size_t i = 0; i + 1 < f->n_steps; i++) {
        const pt_funnel_step *s = &f->steps[i];
        if (s->stopped == PT_HIDDEN || s->stopped == 0)
            continue;
        PT_CLI_SAY(cli, FUNNEL_STOPPED, pt_arena_printf(cli->arena, "%zu", i + 1), pt_journey_count(cli, s->stopped),
                   pt_journey_percent(cli, s->stopped, s->customers));
        for (size_t k = 0; k < s->n_nexts; k++)
            print_next(cli, s->nexts[k].customers, s->stopped, next_title(cli, p, &s->nexts[k]));
        if (s->others && s->others != PT_HIDDEN)
            print_next(cli, s->others, s->stopped, pt_cli_text(cli, PT_TEXT_JOURNEY_OTHERS));
    }
}

static const char *group_cell(pt_cli *cli, const pt_funnel_group *g, size_t step)
{
    uint64_t first = g->customers[0], customers = g->customers[step];

    if (customers == PT_HIDDEN)
        return pt_journey_bounds(cli, g->least[step], g->most[step], first);
    return pt_arena_printf(cli->arena, "%s  %s", pt_journey_count(cli, customers),
                           pt_journey_percent(cli, customers, first));
}

static void group_row(pt_cli *cli, pt_table *t, const pt_project *p, const pt_funnel *f, const pt_funnel_group *g)
{
    const char *cells[3 + BAR_STEPS];
    size_t n = f->n_steps < BAR_STEPS ? f->n_steps : BAR_STEPS;

    cells[0] = pt_journey_group(cli, p, (uint32_t)f->by, &g->value);
    cells[1] = pt_journey_count(cli, g->members);
    cells[2] = pt_journey_count(cli, g->customers[0]);
    for (size_t i = 1; i < n; i++)
        cells[2 + i] = group_cell(cli, g, i);
    pt_table_row(t, cells);
}

static const char *step_title(pt_cli *cli, size_t step)
{
    pt_str text = {0};

    PT_SAY(&text, cli->lang, FUNNEL_STEP_N, pt_arena_printf(cli->arena, "%zu", step));
    return pt_cli_keep(cli, &text);
}

/* One row a value, one column a step: how many, and their share of the first. */
static void print_groups(pt_cli *cli, const pt_project *p, const pt_funnel *f)
{
    size_t shown = f->n_groups < MOST_GROUPS ? f->n_groups : MOST_GROUPS;
    size_t steps = f->n_steps < BAR_STEPS ? f->n_steps : BAR_STEPS;
    const char *header[3 + BAR_STEPS] = {pt_cli_tag_label(cli, p, f->by), pt_cli_text(cli, PT_TEXT_COUNT_MEMBERS)};
    pt_align align[3 + BAR_STEPS] = {PT_LEFT};
    pt_table t;

    for (size_t i = 1; i < PT_COUNT(align); i++)
        align[i] = PT_RIGHT;
    for (size_t i = 0; i < steps; i++)
        header[2 + i] = step_title(cli, i + 1);
    pt_str_addc(&cli->out, '\n');
    pt_table_init(&t, cli->arena, 2 + steps, align, header);
    for (size_t i = 0; i < shown; i++)
        group_row(cli, &t, p, f, &f->groups[i]);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (f->n_groups > shown)
        PT_CLI_SAY(cli, COUNT_MORE, pt_journey_count(cli, f->n_groups - shown));
    if (f->hidden_groups)
        PT_CLI_SAY(cli, JOURNEY_HIDDEN_GROUPS, pt_journey_count(cli, f->hidden_groups),
                   pt_journey_count(cli, f->about.min_group));
}

static bool any_hidden(const pt_funnel *f)
{
    bool hidden = false;

    for (size_t i = 0; i < f->n_steps; i++) {
        hidden |= f->steps[i].customers == PT_HIDDEN;
        for (size_t g = 0; g < f->n_groups; g++)
            hidden |= f->groups[g].customers[i] == PT_HIDDEN;
    }
    return hidden;
}

static void print_funnel(pt_cli *cli, const pt_project *p, const pt_funnel *f)
{
    pt_journey_head(cli, p, &f->about);
    if (f->condition)
        PT_CLI_SAY(cli, FUNNEL_CONDITION, f->condition);
    pt_str_addc(&cli->out, '\n');
    print_steps(cli, f);
    print_stopped(cli, p, f);
    if (f->by >= 0)
        print_groups(cli, p, f);
    if (any_hidden(f))
        PT_CLI_SAY(cli, FUNNEL_HIDDEN, pt_journey_count(cli, f->about.min_group));
}

/* --- for programs ------------------------------------------------------------------------------------------------------------- */

static void json_next(pt_json *j, const pt_project *p, const pt_funnel_next *next)
{
    pt_json_open(j, '{');
    pt_json_key(j, "source");
    if (next->source < 0)
        pt_json_null(j);
    else
        pt_json_cstr(j, p->sources[next->source].name);
    if (next->value.ptr) {
        pt_json_put_text(j, next->column, next->value);
    }
    pt_journey_json_count(j, "customers", next->customers);
    pt_json_close(j, '}');
}

static void json_step(pt_json *j, const pt_project *p, const pt_funnel_step *s)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "step", s->text);
    pt_journey_json_count(j, "customers", s->customers);
    if (s->customers == PT_HIDDEN) {
        pt_journey_json_count(j, "least", s->least);
        pt_journey_json_count(j, "most", s->most);
    }
    pt_json_key(j, "median_seconds");
    if (s->median == PT_I64_MISSING)
        pt_json_null(j);
    else
        pt_json_number(j, (double)s->median / (double)PT_SECOND);
    pt_journey_json_count(j, "stopped", s->stopped);
    pt_json_put_open(j, "next", '[');
    for (size_t i = 0; i < s->n_nexts; i++)
        json_next(j, p, &s->nexts[i]);
    pt_json_close(j, ']');
    pt_journey_json_count(j, "others", s->others);
    pt_json_close(j, '}');
}

static void json_counts(pt_json *j, const char *key, const uint64_t *counts, size_t n)
{
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++) {
        if (counts[i] == PT_HIDDEN)
            pt_json_null(j);
        else
            pt_json_int(j, (int64_t)counts[i]);
    }
    pt_json_close(j, ']');
}

static void json_group(pt_json *j, const pt_project *p, const pt_funnel *f, const pt_funnel_group *g)
{
    pt_json_open(j, '{');
    pt_journey_json_value(j, p, (uint32_t)f->by, &g->value);
    pt_journey_json_count(j, "members", g->members);
    json_counts(j, "customers", g->customers, f->n_steps);
    json_counts(j, "least", g->least, f->n_steps);
    json_counts(j, "most", g->most, f->n_steps);
    pt_json_close(j, '}');
}

static void json_funnel(pt_cli *cli, const pt_project *p, const pt_funnel *f)
{
    pt_json j;

    pt_journey_json(&j, cli, p, &f->about);
    if (f->condition) {
        pt_json_put_cstr(&j, "condition", f->condition);
    }
    pt_json_put_bool(&j, "strict", f->strict);
    pt_json_put_open(&j, "steps", '[');
    for (size_t i = 0; i < f->n_steps; i++)
        json_step(&j, p, &f->steps[i]);
    pt_json_close(&j, ']');
    if (f->by >= 0) {
        pt_json_put_cstr(&j, "by", p->tags[f->by].name);
        pt_json_put_open(&j, "groups", '[');
        for (size_t i = 0; i < f->n_groups; i++)
            json_group(&j, p, f, &f->groups[i]);
        pt_json_close(&j, ']');
        pt_journey_json_count(&j, "hidden_groups", f->hidden_groups);
        pt_journey_json_count(&j, "hidden_members", f->hidden_members);
    }
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command --------------------------------------------------------------------------------------------------------------- */

static pt_rc read_question(pt_funnel_question *q, pt_journey_options *options, const pt_cli *cli, pt_err *err)
{
    pt_sv *steps = PT_NEW_ARRAY(cli->arena, pt_sv, cli->n_args);

    if (!steps)
        return pt_fail_nomem(err, "a funnel");
    for (size_t i = 0; i < cli->n_args; i++)
        steps[i] = pt_sv_of(cli->args[i]);
    *q = (pt_funnel_question){.steps = steps,
                              .n_steps = cli->n_args,
                              .within = INT64_MAX,
                              .from = PT_I32_MISSING,
                              .to = PT_I32_MISSING,
                              .strict = pt_cli_option(cli, "strict") != NULL,
                              .by = pt_journey_text(cli, "by")};
    PT_TRY(pt_journey_duration(&q->within, cli, "within", err));
    PT_TRY(pt_journey_day(&q->from, cli, "from", err));
    PT_TRY(pt_journey_day(&q->to, cli, "to", err));
    return pt_journey_begin(options, cli, err);
}

pt_rc pt_cmd_funnel(pt_cli *cli, pt_err *err)
{
    pt_journey_options options;
    pt_funnel_question question;
    pt_funnel funnel;
    pt_diags diags;
    pt_app *app;

    PT_TRY(read_question(&question, &options, cli, err));
    PT_TRY(pt_cli_open(&app, cli, err));
    pt_diags_init(&diags, cli->arena);
    pt_rc rc = pt_app_funnel(&funnel, app, &question, &options, &diags, cli->arena, err);
    if (rc == PT_OK && cli->json)
        json_funnel(cli, pt_app_project(app), &funnel);
    else if (rc == PT_OK)
        print_funnel(cli, pt_app_project(app), &funnel);
    return pt_journey_end(cli, &diags, rc);
}
