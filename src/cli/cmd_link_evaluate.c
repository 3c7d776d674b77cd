#include <math.h>

#include "app/link_evaluate.h"
#include "cli/figures.h"
#include "cli/linkanswers.h"

/* --- for people ------------------------------------------------------------------------------------------------------------------ */

static void print_labels(pt_cli *cli, const pt_link_labels *l)
{
    pt_str lines = {0};

    if (l->truth.entity)
        PT_CLI_SAY(cli, LINK_LABELS_RECORDS, pt_cli_count(cli, l->rows), pt_cli_count(cli, l->records));
    else
        PT_CLI_SAY(cli, LINK_LABELS_PAIRS, pt_cli_count(cli, l->rows), pt_cli_count(cli, l->truth.n_labels));
    if (l->open)
        PT_CLI_SAY(cli, LINK_LABELS_OPEN, pt_cli_count(cli, l->open));
    for (uint64_t i = 0; i < l->unknown && i < PT_LINK_LINES; i++)
        pt_str_addf(&lines, "%s%llu", i ? ", " : "", (unsigned long long)l->unknown_lines[i]);
    if (l->unknown > PT_LINK_LINES)
        pt_str_add(&lines, ", …");
    if (l->unknown)
        PT_CLI_SAY(cli, LINK_LABELS_UNKNOWN, pt_cli_count(cli, l->unknown), pt_cli_keep(cli, &lines));
}

static void add_threshold(pt_cli *cli, pt_table *t, const pt_link_evaluation *e, const pt_link_threshold *x)
{
    bool own = x->probability == e->automatic;

    pt_table_row(
        t, (const char *const[]){own ? "*" : "", pt_link_text_probability(cli, x->probability),
                                 pt_link_text_bits(cli, x->weight), pt_cli_count(cli, x->counts.found),
                                 pt_cli_count(cli, x->counts.right), pt_link_text_ratio(cli, x->measure.precision),
                                 pt_link_text_ratio(cli, x->measure.recall), pt_link_text_ratio(cli, x->measure.f1),
                                 pt_cli_bar(cli, (uint64_t)(x->measure.f1 * 1e6), 1000000, PT_BAR_CELLS)});
}

static void print_thresholds(pt_cli *cli, const pt_link_evaluation *e)
{
    static const pt_align align[] = {PT_LEFT,  PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_RIGHT,
                                     PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_BARS};
    const char *const header[] = {"",
                                  pt_cli_text(cli, PT_TEXT_LINK_FROM_PROBABILITY),
                                  pt_cli_text(cli, PT_TEXT_LINK_BITS),
                                  pt_cli_text(cli, PT_TEXT_LINK_FOUND),
                                  pt_cli_text(cli, PT_TEXT_LINK_RIGHT),
                                  pt_cli_text(cli, PT_TEXT_LINK_PRECISION),
                                  pt_cli_text(cli, PT_TEXT_LINK_RECALL),
                                  "F1",
                                  ""};
    pt_table t;

    PT_CLI_SAY(cli, LINK_BY_THRESHOLD, pt_cli_count(cli, e->curve.truth));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < e->n_thresholds; i++)
        add_threshold(cli, &t, e, &e->thresholds[i]);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    PT_CLI_SAY(cli, LINK_OWN_THRESHOLD, pt_link_text_probability(cli, e->automatic));
    if (!isnan(e->best.probability))
        PT_CLI_SAY(cli, LINK_BEST, pt_link_text_probability(cli, e->best.probability),
                   pt_link_text_bits(cli, e->best.weight), pt_link_text_ratio(cli, e->best.measure.f1),
                   pt_link_text_ratio(cli, e->best.measure.precision), pt_link_text_ratio(cli, e->best.measure.recall));
}

static const char *with_range(pt_cli *cli, double value, const pt_link_range *r)
{
    return pt_arena_printf(cli->arena, "%.3f  %.3f .. %.3f", value, r->low, r->high);
}

static void add_estimate(pt_cli *cli, pt_table *t, pt_text name, const pt_link_estimate *e)
{
    pt_table_row(t, (const char *const[]){pt_cli_text(cli, name), with_range(cli, e->value.precision, &e->precision),
                                          with_range(cli, e->value.recall, &e->recall),
                                          with_range(cli, e->value.f1, &e->f1)});
}

static void print_groups(pt_cli *cli, const pt_link_evaluation *e)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {"", pt_cli_text(cli, PT_TEXT_LINK_PRECISION), pt_cli_text(cli, PT_TEXT_LINK_RECALL),
                                  "F1"};
    pt_table t;

    PT_CLI_SAY(cli, LINK_BY_GROUPS, pt_link_text_probability(cli, e->automatic));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    add_estimate(cli, &t, PT_TEXT_LINK_MEASURE_PAIRS, &e->groups.pairs);
    if (e->groups.persons) {
        add_estimate(cli, &t, PT_TEXT_LINK_MEASURE_GROUPS, &e->groups.clusters);
        add_estimate(cli, &t, PT_TEXT_LINK_MEASURE_RECORDS, &e->groups.b_cubed);
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    if (e->groups.persons)
        PT_CLI_SAY(cli, LINK_EXACT, pt_cli_count(cli, e->groups.exact), pt_cli_count(cli, e->groups.persons),
                   pt_cli_count(cli, e->groups.groups));
}

static void print_counts(pt_cli *cli, const pt_link_evaluation *e)
{
    const uint64_t *n = e->faults.n;
    uint64_t missed = n[PT_LINK_NOT_BLOCKED] + n[PT_LINK_TOO_WEAK] + n[PT_LINK_KEPT_APART];

    PT_CLI_SAY(cli, LINK_MISSED, pt_cli_count(cli, missed), pt_cli_share(cli, missed, e->groups.truth));
    if (n[PT_LINK_NOT_BLOCKED])
        PT_CLI_SAY(cli, LINK_MISSED_BLOCKED, pt_cli_count(cli, n[PT_LINK_NOT_BLOCKED]));
    if (n[PT_LINK_TOO_WEAK])
        PT_CLI_SAY(cli, LINK_MISSED_WEAK, pt_cli_count(cli, n[PT_LINK_TOO_WEAK]),
                   pt_link_text_probability(cli, e->automatic));
    if (n[PT_LINK_KEPT_APART])
        PT_CLI_SAY(cli, LINK_MISSED_APART, pt_cli_count(cli, n[PT_LINK_KEPT_APART]));
    PT_CLI_SAY(cli, LINK_WRONG, pt_cli_count(cli, n[PT_LINK_WRONG]),
               pt_cli_share(cli, n[PT_LINK_WRONG], e->groups.found));
    if (e->wrong_from_start)
        PT_CLI_SAY(cli, LINK_WRONG_EQUAL, pt_cli_count(cli, e->wrong_from_start));
}

/* Listed half and half, those of the one when the other has fewer. */
static size_t share_of(const pt_link_faults *f, pt_link_mistake m)
{
    static const pt_link_mistake order[] = {PT_LINK_WRONG, PT_LINK_KEPT_APART, PT_LINK_TOO_WEAK, PT_LINK_NOT_BLOCKED};
    size_t left = PT_LINK_LISTED, kinds = 0;

    for (size_t i = 0; i < PT_COUNT(order); i++)
        kinds += f->n_listed[order[i]] > 0;
    for (size_t i = 0; i < PT_COUNT(order); i++) {
        size_t n = f->n_listed[order[i]], fair = kinds ? (left + kinds - 1) / kinds : 0;
        size_t taken = n < fair ? n : fair;
        if (order[i] == m)
            return taken;
        left -= taken;
        kinds -= n > 0;
    }
    return 0;
}

static const char *mistake_text(const pt_cli *cli, pt_link_mistake m)
{
    static const pt_text texts[] = {[PT_LINK_NOT_BLOCKED] = PT_TEXT_LINK_FAULT_BLOCKED,
                                    [PT_LINK_TOO_WEAK] = PT_TEXT_LINK_FAULT_WEAK,
                                    [PT_LINK_KEPT_APART] = PT_TEXT_LINK_FAULT_APART,
                                    [PT_LINK_WRONG] = PT_TEXT_LINK_FAULT_WRONG};

    return pt_cli_text(cli, texts[m]);
}

static void print_fault(pt_cli *cli, const pt_linking *l, const pt_link_fault *f)
{
    const char *bits = isinf(f->weight) ? "" : pt_link_text_bits(cli, (double)f->weight);

    pt_str_addf(&cli->out, "    portrait link explain '#%u' '#%u'  %s  %s\n", f->a, f->b, bits,
                mistake_text(cli, f->mistake));
    if (pt_cli_option(cli, "examples"))
        pt_link_print_values(cli, l, f->a, f->b);
}

static void print_faults(pt_cli *cli, const pt_linking *l, const pt_link_evaluation *e)
{
    static const pt_link_mistake order[] = {PT_LINK_WRONG, PT_LINK_KEPT_APART, PT_LINK_TOO_WEAK, PT_LINK_NOT_BLOCKED};

    if (e->faults.n_listed[PT_LINK_WRONG] + e->faults.n_listed[PT_LINK_KEPT_APART] +
        e->faults.n_listed[PT_LINK_TOO_WEAK] + e->faults.n_listed[PT_LINK_NOT_BLOCKED])
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_WORST));
    for (size_t i = 0; i < PT_COUNT(order); i++)
        for (size_t k = 0; k < share_of(&e->faults, order[i]); k++)
            print_fault(cli, l, &e->faults.listed[order[i]][k]);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------------- */

static void json_threshold(pt_json *j, const pt_link_threshold *t)
{
    pt_json_open(j, '{');
    pt_link_json_number(j, "probability", t->probability);
    pt_link_json_number(j, "bits", t->weight);
    pt_link_json_count(j, "pairs", t->counts.found);
    pt_link_json_count(j, "right", t->counts.right);
    pt_link_json_number(j, "precision", t->measure.precision);
    pt_link_json_number(j, "recall", t->measure.recall);
    pt_link_json_number(j, "f1", t->measure.f1);
    pt_json_close(j, '}');
}

static void json_range(pt_json *j, const char *key, double value, const pt_link_range *r)
{
    pt_json_put_open(j, key, '{');
    pt_link_json_number(j, "value", value);
    pt_link_json_number(j, "low", r->low);
    pt_link_json_number(j, "high", r->high);
    pt_json_close(j, '}');
}

static void json_estimate(pt_json *j, const char *key, const pt_link_estimate *e)
{
    pt_json_put_open(j, key, '{');
    json_range(j, "precision", e->value.precision, &e->precision);
    json_range(j, "recall", e->value.recall, &e->recall);
    json_range(j, "f1", e->value.f1, &e->f1);
    pt_json_close(j, '}');
}

static void json_labels(pt_json *j, const pt_link_labels *l)
{
    pt_json_put_open(j, "labels", '{');
    pt_json_put_cstr(j, "of", l->truth.entity ? "records" : "pairs");
    pt_link_json_count(j, "rows", l->rows);
    pt_link_json_count(j, "used", l->truth.entity ? l->records : l->truth.n_labels);
    pt_link_json_count(j, "unknown", l->unknown);
    pt_link_json_count(j, "unanswered", l->open);
    pt_json_close(j, '}');
}

static void json_groups(pt_json *j, const pt_link_evaluation *e)
{
    pt_json_put_open(j, "groups", '{');
    json_estimate(j, "pairs", &e->groups.pairs);
    if (e->groups.persons) {
        json_estimate(j, "clusters", &e->groups.clusters);
        json_estimate(j, "b_cubed", &e->groups.b_cubed);
    }
    pt_link_json_count(j, "together", e->groups.found);
    pt_link_json_count(j, "right", e->groups.right);
    pt_link_json_count(j, "persons", e->groups.persons);
    pt_link_json_count(j, "groups", e->groups.groups);
    pt_link_json_count(j, "exact", e->groups.exact);
    pt_json_close(j, '}');
}

static const char *const mistakes[] = {[PT_LINK_NOT_BLOCKED] = "not_blocked",
                                       [PT_LINK_TOO_WEAK] = "too_weak",
                                       [PT_LINK_KEPT_APART] = "kept_apart",
                                       [PT_LINK_WRONG] = "wrong"};

static void json_fault(pt_cli *cli, pt_json *j, const pt_linking *l, const pt_link_fault *f)
{
    bool named = pt_cli_option(cli, "examples") != NULL;

    pt_json_open(j, '{');
    pt_json_put_cstr(j, "a", named ? pt_link_name(l, f->a, cli->arena) : pt_arena_printf(cli->arena, "#%u", f->a));
    pt_json_put_cstr(j, "b", named ? pt_link_name(l, f->b, cli->arena) : pt_arena_printf(cli->arena, "#%u", f->b));
    pt_link_json_number(j, "bits", (double)f->weight);
    pt_json_put_cstr(j, "mistake", mistakes[f->mistake]);
    pt_json_close(j, '}');
}

static void json_faults(pt_cli *cli, pt_json *j, const pt_linking *l, const pt_link_evaluation *e)
{
    pt_json_put_open(j, "mistakes", '{');
    for (size_t m = 0; m < PT_LINK_MISTAKES; m++)
        pt_link_json_count(j, mistakes[m], e->faults.n[m]);
    pt_link_json_count(j, "wrong_by_equal_identifiers", e->wrong_from_start);
    pt_json_close(j, '}');
    pt_json_put_open(j, "worst", '[');
    for (size_t m = 0; m < PT_LINK_MISTAKES; m++)
        for (size_t i = 0; i < share_of(&e->faults, (pt_link_mistake)m); i++)
            json_fault(cli, j, l, &e->faults.listed[m][i]);
    pt_json_close(j, ']');
}

static void print_json(pt_cli *cli, const pt_linking *l, const pt_link_evaluation *e)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_labels(&j, &e->labels);
    pt_link_json_number(&j, "automatic", e->automatic);
    pt_link_json_number(&j, "review", e->review);
    pt_link_json_count(&j, "true_pairs", e->curve.truth);
    pt_json_put_open(&j, "thresholds", '[');
    for (size_t i = 0; i < e->n_thresholds; i++)
        json_threshold(&j, &e->thresholds[i]);
    pt_json_close(&j, ']');
    pt_json_key(&j, "best");
    if (isnan(e->best.probability))
        pt_json_null(&j);
    else
        json_threshold(&j, &e->best);
    json_groups(&j, e);
    json_faults(cli, &j, l, e);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command ----------------------------------------------------------------------------------------------------------------- */

static pt_rc evaluate(pt_cli *cli, pt_link_session *s, const char *labels, pt_err *err)
{
    pt_link_evaluation e;

    PT_TRY(pt_link_session_open(s, cli, PT_LINKING_TRAIN, err));
    PT_TRY(pt_link_evaluate(&e, s->linking, &s->options, s->find, labels, cli->arena, err));
    if (cli->json) {
        print_json(cli, s->linking, &e);
        return PT_OK;
    }
    print_labels(cli, &e.labels);
    print_thresholds(cli, &e);
    print_groups(cli, &e);
    print_counts(cli, &e);
    print_faults(cli, s->linking, &e);
    return PT_OK;
}

pt_rc pt_cmd_link_evaluate(pt_cli *cli, pt_err *err)
{
    const char *labels = pt_cli_option(cli, "labels");
    pt_link_session session = {0};

    if (!labels) {
        pt_fail(err, PT_EINVAL, "link evaluate needs labels");
        return pt_err_hint(err, "--labels FILE: CSV with a header, record_id,person or a,b,same");
    }
    pt_rc rc = evaluate(cli, &session, labels, err);
    pt_link_session_close(&session);
    return rc;
}
