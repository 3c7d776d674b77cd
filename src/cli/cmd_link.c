/* `portrait link`: what a build would link, and by what it goes. */
#include <math.h>
#include <unistd.h>

#include "app/link_names.h"
#include "app/link_words.h"
#include "cli/linkanswers.h"
#include "link/count.h"

/* --- what is compared -------------------------------------------------------------------------------------------------------- */

static const char *column_text(const pt_cli *cli, const pt_linking *l, const pt_linking_column *c)
{
    const pt_source *s = &l->project->sources[c->source];
    const char *name = c->column >= 0 ? s->columns[c->column].name : l->project->identity.types[c->type].name;

    return pt_arena_printf(cli->arena, "%s.%s", s->name, name);
}

static const char *columns_text(const pt_cli *cli, const pt_linking *l, const pt_linking_field *f)
{
    pt_str from = {0};

    for (size_t i = 0; i < f->n_columns; i++)
        pt_str_addf(&from, "%s%s", i ? ", " : "", column_text(cli, l, &f->columns[i]));
    return pt_cli_keep(cli, &from);
}

static void print_fields(pt_cli *cli, const pt_linking *l)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_COLUMN), pt_cli_text(cli, PT_TEXT_LINK_KIND),
                                  pt_cli_text(cli, PT_TEXT_LINK_FROM), pt_cli_text(cli, PT_TEXT_LINK_FILLED),
                                  pt_cli_text(cli, PT_TEXT_LINK_DISTINCT)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t f = 0; f < l->n_fields; f++) {
        const pt_linking_field *field = &l->fields[f];
        pt_table_row(&t, (const char *const[]){field->name, pt_cli_translate(cli, pt_link_kind_name(field->kind)),
                                               columns_text(cli, l, field), pt_cli_share(cli, field->filled, l->n),
                                               pt_cli_count(cli, field->distinct)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static const char *const left_out_names[] = {"empty", "one_value", "names_records", "too_many"};

static void print_left_out(pt_cli *cli, const pt_linking *l)
{
    static const pt_text reasons[] = {PT_TEXT_LINK_LEFT_EMPTY, PT_TEXT_LINK_LEFT_ONE_VALUE,
                                      PT_TEXT_LINK_LEFT_NAMES_RECORDS, PT_TEXT_LINK_LEFT_TOO_MANY};

    for (size_t i = 0; i < l->n_left_out; i++)
        PT_CLI_SAY(cli, LINK_NOT_COMPARED, column_text(cli, l, &l->left_out[i].column),
                   pt_cli_text(cli, reasons[l->left_out[i].reason]));
}

/* --- what was learned -------------------------------------------------------------------------------------------------------- */

static const char *share_text(const pt_cli *cli, double p)
{
    return p >= 0.0995  ? pt_arena_printf(cli->arena, "%.0f%%", 100 * p)
           : p >= 0.001 ? pt_arena_printf(cli->arena, "%.1f%%", 100 * p)
                        : pt_arena_printf(cli->arena, "1/%.0f", 1 / p);
}

static double bits_of_level(const pt_link_model *m, size_t k, uint32_t level)
{
    return log2(m->m[k][level] / m->u[k][level]);
}

static pt_rc add_comparison(pt_cli *cli, pt_table *t, const pt_linking *l, size_t k, pt_err *err)
{
    const pt_link_model *m = &l->model;
    const pt_link_comparison *c = &m->comparisons[k];
    const char *column = pt_card_say(pt_link_column_text(l, c->name), pt_lang_code(cli->lang));
    const char *name = m->trained[k] ? column : pt_arena_printf(cli->arena, "%s *", column);

    for (uint32_t level = 0; level <= c->n_levels; level++) {
        pt_card_text what;
        if (pt_link_is_silent(c, level))
            continue;
        PT_TRY(pt_link_level_text(&what, l, k, (uint8_t)level, cli->arena, err));
        pt_table_row(t, (const char *const[]){name, pt_card_say(what, pt_lang_code(cli->lang)),
                                              share_text(cli, m->m[k][level]), share_text(cli, m->u[k][level]),
                                              pt_link_text_bits(cli, bits_of_level(m, k, level))});
        name = "";
    }
    return PT_OK;
}

static pt_rc print_model(pt_cli *cli, const pt_linking *l, pt_err *err)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_COLUMN), pt_cli_text(cli, PT_TEXT_LINK_EVIDENCE),
                                  pt_cli_text(cli, PT_TEXT_LINK_M), pt_cli_text(cli, PT_TEXT_LINK_U),
                                  pt_cli_text(cli, PT_TEXT_LINK_BITS)};
    bool untrained = false;
    pt_rc rc = PT_OK;
    pt_table t;

    pt_str_addc(&cli->out, '\n');
    PT_CLI_SAY(cli, LINK_LEARNED, share_text(cli, l->model.prior));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t k = 0; rc == PT_OK && k < l->model.n_comparisons; k++) {
        rc = add_comparison(cli, &t, l, k, err);
        untrained |= !l->model.trained[k];
    }
    if (rc == PT_OK)
        pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (untrained)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_UNTRAINED));
    return rc;
}

/* --- what follows ------------------------------------------------------------------------------------------------------------ */

static void print_bands(pt_cli *cli, const pt_linking *l, const pt_linking_summary *s)
{
    static const pt_align align[] = {PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_PROBABILITY), pt_cli_text(cli, PT_TEXT_LINK_FOUND)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = PT_LINKING_BANDS; i-- > 0;) {
        double end = i + 1 < PT_LINKING_BANDS ? pt_linking_bands[i + 1] : 1;
        if (end <= l->review)
            continue;
        pt_table_row(&t, (const char *const[]){pt_arena_printf(cli->arena, "%g%% .. %g%%",
                                                               100 * fmax(pt_linking_bands[i], l->review), 100 * end),
                                               pt_cli_count(cli, s->bands[i])});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_summary(pt_cli *cli, const pt_linking *l, const pt_linking_summary *s)
{
    pt_str_addc(&cli->out, '\n');
    PT_CLI_SAY(cli, LINK_PAIRS, pt_cli_count(cli, l->n_pairs), pt_cli_count(cli, s->linked));
    print_bands(cli, l, s);
    PT_CLI_SAY(cli, LINK_CUSTOMERS, pt_cli_count(cli, s->before), pt_cli_count(cli, s->after));
    if (s->largest)
        PT_CLI_SAY(cli, LINK_LARGEST_CUSTOMER, pt_cli_count(cli, s->largest), pt_cli_count(cli, s->largest_records));
    PT_CLI_SAY(cli, LINK_TO_REVIEW, pt_cli_count(cli, s->to_review));
    pt_str_add(&cli->out, pt_cli_text(cli, l->project->link->on ? PT_TEXT_LINK_ON : PT_TEXT_LINK_OFF));
}

/* --- for programs ------------------------------------------------------------------------------------------------------------ */

static void json_fields(pt_json *j, const pt_cli *cli, const pt_linking *l)
{
    pt_json_put_open(j, "columns", '[');
    for (size_t f = 0; f < l->n_fields; f++) {
        const pt_linking_field *field = &l->fields[f];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "name", field->name);
        pt_json_put_cstr(j, "kind", pt_link_kind_name(field->kind));
        pt_json_put_open(j, "from", '[');
        for (size_t i = 0; i < field->n_columns; i++)
            pt_json_cstr(j, column_text(cli, l, &field->columns[i]));
        pt_json_close(j, ']');
        pt_json_put_count(j, "filled", field->filled);
        pt_json_put_count(j, "values", field->distinct);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_put_open(j, "not_compared", '[');
    for (size_t i = 0; i < l->n_left_out; i++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "column", column_text(cli, l, &l->left_out[i].column));
        pt_json_put_cstr(j, "reason", left_out_names[l->left_out[i].reason]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_model(pt_json *j, const pt_linking *l)
{
    const pt_link_model *m = &l->model;

    pt_json_put_number(j, "prior", m->prior);
    pt_json_put_open(j, "comparisons", '[');
    for (size_t k = 0; k < m->n_comparisons; k++) {
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "name", m->comparisons[k].name);
        pt_json_put_bool(j, "trained", m->trained[k]);
        pt_json_put_open(j, "levels", '[');
        for (uint32_t level = 0; level <= m->comparisons[k].n_levels; level++) {
            if (pt_link_is_silent(&m->comparisons[k], level))
                continue;
            pt_json_open(j, '{');
            pt_json_put_cstr(j, "level", pt_link_level_name(l, k, (uint8_t)level));
            pt_json_put_number(j, "m", m->m[k][level]);
            pt_json_put_number(j, "u", m->u[k][level]);
            pt_json_put_number(j, "bits", bits_of_level(m, k, level));
            pt_json_close(j, '}');
        }
        pt_json_close(j, ']');
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_bands(pt_json *j, const pt_linking_summary *s)
{
    pt_json_put_open(j, "pairs_by_probability", '[');
    for (size_t i = 0; i < PT_LINKING_BANDS; i++) {
        pt_json_open(j, '{');
        pt_json_put_number(j, "from", pt_linking_bands[i]);
        pt_json_put_count(j, "pairs", s->bands[i]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void print_json(pt_cli *cli, const pt_linking *l, const pt_linking_summary *s)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_count(&j, "records", l->n);
    json_fields(&j, cli, l);
    pt_json_put_open(&j, "rules", '[');
    for (size_t r = 0; r < l->setup.n_rules; r++)
        pt_link_json_rule(&j, &l->setup.rules[r], &l->blocks[r], true);
    pt_json_close(&j, ']');
    json_model(&j, l);
    pt_json_put_number(&j, "auto", l->automatic);
    pt_json_put_number(&j, "review", l->review);
    pt_json_put_count(&j, "pairs", l->n_pairs);
    json_bands(&j, s);
    pt_json_put_count(&j, "pairs_linked", s->linked);
    pt_json_put_count(&j, "links", s->links);
    pt_json_put_count(&j, "to_review", s->to_review);
    pt_json_put_count(&j, "customers_before", s->before);
    pt_json_put_count(&j, "customers", s->after);
    pt_json_put_count(&j, "largest", s->largest);
    pt_json_put_count(&j, "largest_records", s->largest_records);
    pt_json_put_open(&j, "seconds", '{');
    for (pt_linking_step step = 0; step < PT_LINKING_STEPS; step++)
        pt_json_put_number(&j, pt_linking_step_name(step), l->seconds[step]);
    pt_json_close(&j, '}');
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the steps --------------------------------------------------------------------------------------------------------------- */

/* What is known so far is shown before the next step begins. */
static pt_rc flush(pt_cli *cli, pt_err *err)
{
    PT_TRY(pt_str_check(&cli->out, err));
    fwrite(pt_str_cstr(&cli->out), 1, cli->out.len, stdout);
    fflush(stdout);
    pt_str_clear(&cli->out);
    return PT_OK;
}

static void report(void *ctx, pt_linking_step step, bool ended, const pt_linking *l)
{
    pt_cli *cli = ctx;
    bool terminal = isatty(STDERR_FILENO);
    const char *name = pt_cli_translate(cli, pt_linking_step_name(step));
    char seconds[32];

    if (!ended && terminal)
        fprintf(stderr, "\r\033[K%s ...", name);
    if (ended && terminal)
        fputs("\r\033[K", stderr);
    if (ended && !terminal)
        fprintf(stderr, "%s: %s\n", name, pt_format_seconds(seconds, l->seconds[step], cli->lang));
}

static pt_rc show_records(pt_cli *cli, const pt_link_session *s, pt_err *err)
{
    const pt_linking *l = s->linking;
    pt_link_counts counts;

    PT_CLI_SAY(cli, LINK_HEAD, pt_cli_count(cli, l->n), pt_cli_count(cli, l->n_fields));
    print_fields(cli, l);
    print_left_out(cli, l);
    pt_str_addc(&cli->out, '\n');
    PT_TRY(pt_link_count(&counts, &l->setup, pt_linking_largest_block(l), s->options.pool, err));
    pt_link_print_rules(cli, l, &counts);
    return flush(cli, err);
}

static pt_rc link_records(pt_cli *cli, pt_link_session *s, pt_err *err)
{
    const char *path = pt_cli_option(cli, "out");
    pt_linking_summary summary;

    if (path)
        PT_TRY(pt_linking_export_check(path, err));
    PT_TRY(pt_link_session_open(s, cli, PT_LINKING_READ, err));
    if (!cli->json) {
        s->options.report = report;
        s->options.report_ctx = cli;
        PT_TRY(show_records(cli, s, err));
    }
    PT_TRY(pt_linking_train(s->linking, &s->options, err));
    if (!cli->json)
        PT_TRY(print_model(cli, s->linking, err));
    PT_TRY(pt_linking_score(s->linking, &s->options, err));
    PT_TRY(pt_linking_group(s->linking, &s->options, err));
    PT_TRY(pt_linking_summarise(&summary, s->linking, cli->arena, err));
    if (cli->json)
        print_json(cli, s->linking, &summary);
    else
        print_summary(cli, s->linking, &summary);
    if (!path)
        return PT_OK;
    PT_TRY(pt_linking_export(s->linking, path, cli->arena, err));
    if (!cli->json)
        PT_CLI_SAY(cli, LINK_PAGE_WRITTEN, path);
    return PT_OK;
}

pt_rc pt_cmd_link(pt_cli *cli, pt_err *err)
{
    pt_link_session session = {0};

    if (cli->n_args)
        return pt_cmd_link_answer(cli, err);
    pt_rc rc = link_records(cli, &session, err);
    pt_link_session_close(&session);
    return rc;
}
