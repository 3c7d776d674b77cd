#include "cli/prooftext.h"

void pt_cli_value(pt_cli *cli, const pt_render_style *style, int tag, const pt_column *c)
{
    size_t before = cli->out.len;

    pt_render_text(&cli->out, style, tag, c, 0);
    if (cli->out.len == before)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_EXPLAIN_MISSING));
}

/* --- events --------------------------------------------------------------------------------------------------------------- */

/* The columns that the leaf reads, as "name value" pairs. */
static void add_columns(const pt_proof_style *s, const pt_proof *proof, size_t i)
{
    uint32_t source = proof->event_sources[i];

    for (size_t c = 0; c < proof->n_columns; c++) {
        const struct pt_use_column *use = &proof->columns[c];
        if (use->source != source || use->column < 0)
            continue;
        pt_str_addf(&s->cli->out, "  %s ", s->project->sources[source].columns[use->column].name);
        pt_column one = s->events[source].columns[use->column];
        size_t before = s->cli->out.len;
        pt_render_text(&s->cli->out, &s->style, -1, &one, proof->events[i]);
        if (s->cli->out.len == before)
            pt_str_add(&s->cli->out, "-");
    }
}

void pt_cli_proof_events(const pt_proof_style *s, const pt_proof *proof, size_t most, const char *indent)
{
    pt_cli *cli = s->cli;
    size_t n = proof->n_shown < most ? proof->n_shown : most;
    char count[32];

    for (size_t i = proof->n_shown - n; i < proof->n_shown; i++) {
        pt_str_addf(&cli->out, "%s%s  ", indent, s->project->sources[proof->event_sources[i]].name);
        if (proof->times[i] == PT_I64_MISSING)
            pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_EXPLAIN_ALWAYS));
        else
            pt_render_instant(&cli->out, proof->times[i], s->project->zone);
        add_columns(s, proof, i);
        pt_str_addc(&cli->out, '\n');
    }
    if (proof->n_events <= n)
        return;
    pt_str_add(&cli->out, indent);
    PT_CLI_SAY(cli, EXPLAIN_MORE, pt_format_count(count, proof->n_events - n));
}

/* --- for programs ----------------------------------------------------------------------------------------------------------- */

void pt_cli_json_instant(pt_json *j, const char *key, int64_t instant, int64_t none, const pt_zone *zone)
{
    char buf[48];

    pt_json_put_cstr(j, key, instant == none ? NULL : pt_instant_format(buf, instant, zone));
}

static void json_event(pt_json *j, const pt_proof_style *s, const pt_proof *proof, size_t i)
{
    uint32_t source = proof->event_sources[i];

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "source", s->project->sources[source].name);
    pt_cli_json_instant(j, "time", proof->times[i], PT_I64_MISSING, s->project->zone);
    for (size_t c = 0; c < proof->n_columns; c++) {
        const struct pt_use_column *use = &proof->columns[c];
        if (use->source != source || use->column < 0)
            continue;
        pt_json_key(j, s->project->sources[source].columns[use->column].name);
        pt_render_json(j, &s->events[source].columns[use->column], proof->events[i], s->project->zone);
    }
    pt_json_close(j, '}');
}

void pt_cli_json_proof(pt_json *j, const pt_proof_style *s, const pt_proof *proof)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "expression", proof->text);
    pt_json_key(j, "value");
    pt_render_json(j, &proof->value, 0, s->project->zone);
    pt_json_put_int(j, "n_events", (int64_t)proof->n_events);
    pt_json_put_open(j, "events", '[');
    for (size_t i = 0; i < proof->n_shown; i++)
        json_event(j, s, proof, i);
    pt_json_close(j, ']');
    pt_cli_json_instant(j, "changes_at", proof->changes_at, INT64_MAX, s->project->zone);
    pt_json_close(j, '}');
}
