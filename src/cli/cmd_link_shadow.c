#include <math.h>

#include "app/link_shadow.h"
#include "cli/linkanswers.h"
#include "cli/progress.h"

/* --- for people ------------------------------------------------------------------------------------------------------------------ */

static void add_row(pt_cli *cli, pt_table *t, pt_text name, uint64_t before, uint64_t after)
{
    pt_table_row(t, (const char *const[]){pt_cli_text(cli, name), pt_cli_count(cli, before), pt_cli_count(cli, after)});
}

static void print_figures(pt_cli *cli, const pt_link_shadow *s)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {"", pt_cli_text(cli, PT_TEXT_LINK_NOW), pt_cli_text(cli, PT_TEXT_LINK_THEN)};
    const pt_link_changes *c = &s->changes;
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    add_row(cli, &t, PT_TEXT_LINK_ROW_PAIRS, s->linked_before, s->linked_after);
    add_row(cli, &t, PT_TEXT_LINK_ROW_CUSTOMERS, c->groups_before, c->groups_after);
    add_row(cli, &t, PT_TEXT_LINK_ROW_LARGEST, c->largest_before, c->largest_after);
    if (s->settled_before.refused || s->settled_after.refused)
        add_row(cli, &t, PT_TEXT_LINK_ROW_REFUSED, s->settled_before.refused, s->settled_after.refused);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

enum { MOST_SEGMENTS = 20 };

static void print_segments(pt_cli *cli, const pt_link_shadow *s)
{
    static const pt_align align[] = {PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT};
    const char *const header[] = {pt_cli_text(cli, PT_TEXT_LINK_SEGMENT), pt_cli_text(cli, PT_TEXT_LINK_MEMBERS),
                                  pt_cli_text(cli, PT_TEXT_LINK_MEMBERS_CHANGE),
                                  pt_cli_text(cli, PT_TEXT_LINK_MEMBERS_FEWER)};
    pt_table t;

    if (!s->n_segments)
        return;
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_SEGMENTS_HEAD));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < s->n_segments && i < MOST_SEGMENTS; i++) {
        const pt_link_shadow_segment *x = &s->segments[i];
        pt_table_row(&t, (const char *const[]){x->name, pt_cli_count(cli, x->members), pt_cli_count(cli, x->touched),
                                               pt_cli_count(cli, x->fewer)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_example(pt_cli *cli, const pt_link_shadow *s, const pt_link_shadow_example *e)
{
    pt_text what = e->merged ? PT_TEXT_LINK_EXAMPLE_MERGED : PT_TEXT_LINK_EXAMPLE_SPLIT;

    pt_say(&cli->out, cli->lang, what,
           (const char *const[]){pt_cli_count(cli, e->before), pt_cli_count(cli, e->after),
                                 pt_cli_count(cli, e->things), pt_link_text_bits(cli, e->bits_before),
                                 pt_link_text_bits(cli, e->bits_after)},
           5);
    pt_str_addf(&cli->out, "      portrait link explain '#%u' '#%u'\n", e->a, e->b);
    if (pt_cli_option(cli, "examples"))
        pt_link_print_values(cli, s->before, e->a, e->b);
}

static void print_shadow(pt_cli *cli, const pt_link_shadow *s)
{
    const pt_link_changes *c = &s->changes;

    print_figures(cli, s);
    if (c->gone || c->come)
        PT_CLI_SAY(cli, LINK_GONE, pt_cli_count(cli, c->gone), pt_cli_count(cli, c->come));
    if (!c->touched) {
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_UNTOUCHED));
        return;
    }
    PT_CLI_SAY(cli, LINK_TOUCHED, pt_cli_count(cli, c->merged), pt_cli_count(cli, c->split),
               pt_cli_share(cli, c->touched, c->groups_before));
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_EXAMPLES_HEAD));
    for (size_t i = 0; i < s->n_examples; i++)
        print_example(cli, s, &s->examples[i]);
    print_segments(cli, s);
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_SHADOW_END));
}

/* --- for programs ---------------------------------------------------------------------------------------------------------------- */

static void json_side(pt_json *j, const char *key, uint64_t groups, uint64_t largest, uint64_t pairs)
{
    pt_json_put_open(j, key, '{');
    pt_link_json_count(j, "customers", groups);
    pt_link_json_count(j, "largest", largest);
    pt_link_json_count(j, "linked_pairs", pairs);
    pt_json_close(j, '}');
}

static void json_example(pt_cli *cli, pt_json *j, const pt_link_shadow *s, const pt_link_shadow_example *e)
{
    bool named = pt_cli_option(cli, "examples") != NULL;

    pt_json_open(j, '{');
    pt_json_put_bool(j, "merged", e->merged);
    pt_link_json_count(j, "customers_before", e->before);
    pt_link_json_count(j, "customers_after", e->after);
    pt_link_json_count(j, "identifiers", e->things);
    pt_json_put_cstr(j, "a",
                     named ? pt_link_name(s->before, e->a, cli->arena) : pt_arena_printf(cli->arena, "#%u", e->a));
    pt_json_put_cstr(j, "b",
                     named ? pt_link_name(s->before, e->b, cli->arena) : pt_arena_printf(cli->arena, "#%u", e->b));
    pt_json_put_number(j, "bits_before", e->bits_before);
    pt_json_put_number(j, "bits_after", e->bits_after);
    pt_json_close(j, '}');
}

static void json_segments(pt_json *j, const pt_link_shadow *s)
{
    pt_json_put_open(j, "segments", '[');
    for (size_t i = 0; i < s->n_segments; i++) {
        pt_json_open(j, '{');
        pt_link_json_text(j, "segment", s->segments[i].name);
        pt_link_json_count(j, "members", s->segments[i].members);
        pt_link_json_count(j, "members_touched", s->segments[i].touched);
        pt_link_json_count(j, "members_fewer_at_least", s->segments[i].fewer);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_shadow(pt_cli *cli, const pt_link_shadow *s)
{
    const pt_link_changes *c = &s->changes;
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_side(&j, "before", c->groups_before, c->largest_before, s->linked_before);
    json_side(&j, "after", c->groups_after, c->largest_after, s->linked_after);
    pt_link_json_count(&j, "merged", c->merged);
    pt_link_json_count(&j, "split", c->split);
    pt_link_json_count(&j, "touched", c->touched);
    pt_link_json_count(&j, "identifiers_gone", c->gone);
    pt_link_json_count(&j, "identifiers_new", c->come);
    pt_link_json_count(&j, "pairs_joined", c->joined);
    pt_link_json_count(&j, "pairs_parted", c->parted);
    pt_json_put_open(&j, "examples", '[');
    for (size_t i = 0; i < s->n_examples; i++)
        json_example(cli, &j, s, &s->examples[i]);
    pt_json_close(&j, ']');
    pt_link_json_count(&j, "links_refused_before", s->settled_before.refused);
    pt_link_json_count(&j, "links_refused_after", s->settled_after.refused);
    json_segments(&j, s);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command ----------------------------------------------------------------------------------------------------------------- */

static pt_rc read_request(pt_link_shadow_request *q, pt_cli *cli, pt_err *err)
{
    const char *from = pt_cli_option(cli, "auto");

    *q = (pt_link_shadow_request){.rule = pt_cli_option(cli, "drop-rule"),
                                  .source = pt_cli_option(cli, "drop-source"),
                                  .column = pt_cli_option(cli, "drop-column"),
                                  .identity = pt_cli_option(cli, "identity")};
    PT_TRY(pt_cli_threads(&q->threads, cli, err));
    if (from && (!pt_parse_double(&q->automatic, pt_sv_of(from)) || !(q->automatic > 0 && q->automatic <= 1))) {
        pt_fail(err, PT_EINVAL, "--auto takes a probability, not '%s'", from);
        return pt_err_hint(err, "a number above 0, at most 1: --auto 0.9");
    }
    if (from || q->rule || q->source || q->column || q->identity)
        return PT_OK;
    pt_fail(err, PT_EINVAL, "nothing says what would be changed");
    return pt_err_hint(err, "--auto P, --drop-rule R, --drop-source S, --drop-column C, --identity FILE");
}

static pt_rc shadow(pt_cli *cli, pt_link_shadow *s, const pt_link_shadow_request *q, pt_err *err)
{
    pt_app *app;

    PT_TRY(pt_cli_open(&app, cli, err));
    PT_TRY(pt_signals_watch(q->cancel, err));
    PT_TRY(pt_app_link_shadow(s, app, q, cli->arena, err));
    if (cli->json)
        json_shadow(cli, s);
    else
        print_shadow(cli, s);
    return PT_OK;
}

/* The request to stop is never freed: the thread that waits for signals holds it until the process ends. */
pt_rc pt_cmd_link_shadow(pt_cli *cli, pt_err *err)
{
    static pt_cancel *cancel;
    pt_link_shadow_request q;
    pt_link_shadow s = {0};

    PT_TRY(read_request(&q, cli, err));
    if (!(q.cancel = cancel = pt_cancel_new()))
        return pt_fail_nomem(err, "the linking");
    pt_rc rc = shadow(cli, &s, &q, err);
    pt_linking_free(s.before);
    pt_linking_free(s.after);
    return rc;
}
