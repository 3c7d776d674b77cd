#include <math.h>

#include "app/link_explain.h"
#include "base/io.h"
#include "cli/figures.h"
#include "cli/linkanswers.h"
#include "report/linkpage.h"

enum { FALL_CELLS = 28, BARS_FROM = 140 /* columns of a terminal: no room for bars beside values on others */ };

/* --- for people ------------------------------------------------------------------------------------------------------------------ */

static const char *say(const pt_cli *cli, pt_card_text text)
{
    const char *said = pt_card_say(text, pt_lang_code(cli->lang));

    return said ? said : "";
}

/* What the running sum goes through, from the least to the greatest. */
typedef struct fall_scale {
    double low, high;
} fall_scale;

static fall_scale scale_of(const pt_link_explanation *e)
{
    fall_scale s = {fmin(0, e->prior), fmax(0, e->prior)};

    for (size_t i = 0; i < e->n; i++) {
        s.low = fmin(s.low, e->steps[i].sum);
        s.high = fmax(s.high, e->steps[i].sum);
    }
    return s;
}

/* A bar from one sum to the next, at its place: nothing where there is no wide terminal. */
static const char *fall_bar(pt_cli *cli, const fall_scale *s, double from, double to)
{
    double per_cell = (s->high - s->low) / FALL_CELLS;
    const char *block = !pt_cli_unicode() ? (to >= from ? "+" : "-") : to >= from ? "█" : "░";
    pt_str text = {0};

    if (cli->width < BARS_FROM || per_cell <= 0 || from == to)
        return "";
    int first = (int)floor((fmin(from, to) - s->low) / per_cell + 0.5),
        end = (int)floor((fmax(from, to) - s->low) / per_cell + 0.5);
    pt_str_pad(&text, ' ', (size_t)first);
    for (int i = first; i < (end > first ? end : first + 1); i++)
        pt_str_add(&text, block);
    return pt_cli_keep(cli, &text);
}

/* Columns of the waterfall. On a narrow terminal the values of both records stand above it, so that the evidence is not cut. */
enum { STEP, VALUE_A, VALUE_B, EVIDENCE, BITS, SUM, BAR, FALL_COLUMNS };
enum { NARROW = 80 };

static bool is_narrow(const pt_cli *cli)
{
    return cli->width && cli->width < NARROW;
}

static void add_row(const pt_cli *cli, pt_table *t, const char *const cells[FALL_COLUMNS])
{
    const char *const few[] = {cells[STEP], cells[EVIDENCE], cells[BITS], cells[SUM]};

    pt_table_row(t, is_narrow(cli) ? few : cells);
}

static const char *step_bits(const pt_cli *cli, const pt_link_step *s)
{
    if (strcmp(s->level, "missing") == 0)
        return "";
    return s->counts ? pt_link_text_bits(cli, s->added)
                     : pt_arena_printf(cli->arena, "(%s)", pt_link_text_bits(cli, s->weight + s->frequency));
}

static void init_fall(const pt_cli *cli, pt_table *t)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_LEFT},
                          few[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT};

    pt_table_init(t, cli->arena, is_narrow(cli) ? PT_COUNT(few) : PT_COUNT(align), is_narrow(cli) ? few : align, NULL);
    t->header = true;
    add_row(cli, t,
            (const char *const[]){pt_cli_text(cli, PT_TEXT_LINK_STEP), "A", "B",
                                  pt_cli_text(cli, PT_TEXT_LINK_EVIDENCE), pt_cli_text(cli, PT_TEXT_LINK_BITS),
                                  pt_cli_text(cli, PT_TEXT_LINK_SUM), ""});
}

static void print_fall(pt_cli *cli, const pt_linking *l, const pt_link_explanation *e)
{
    fall_scale scale = scale_of(e);
    pt_table t;

    if (is_narrow(cli)) {
        pt_link_print_values(cli, l, e->a, e->b);
        pt_str_addc(&cli->out, '\n');
    }
    init_fall(cli, &t);
    add_row(cli, &t,
            (const char *const[]){pt_cli_text(cli, PT_TEXT_LINK_PRIOR), "", "",
                                  pt_cli_text(cli, PT_TEXT_LINK_PRIOR_ABOUT), pt_link_text_bits(cli, e->prior),
                                  pt_link_text_bits(cli, e->prior), fall_bar(cli, &scale, 0, e->prior)});
    for (size_t i = 0; i < e->n; i++) {
        const pt_link_step *s = &e->steps[i];
        add_row(cli, &t,
                (const char *const[]){say(cli, s->label), s->a, s->b, say(cli, s->what), step_bits(cli, s),
                                      pt_link_text_bits(cli, s->sum),
                                      fall_bar(cli, &scale, s->sum - s->added, s->sum)});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void print_notes(pt_cli *cli, const pt_link_explanation *e)
{
    for (size_t i = 0; i < e->n; i++)
        if (e->steps[i].note.en)
            pt_str_addf(&cli->out, cli->lang == PT_ZH ? "  %s：%s\n" : "  %s: %s\n", say(cli, e->steps[i].label),
                        say(cli, e->steps[i].note));
}

static void print_chain(pt_cli *cli, const pt_linking *l, const pt_link_explanation *e)
{
    for (size_t i = 0; i < e->n_chain; i++)
        pt_str_addf(&cli->out, "    %s — %s  %s  %s\n", pt_link_name(l, e->chain[i].a, cli->arena),
                    pt_link_name(l, e->chain[i].b, cli->arena), pt_link_text_bits(cli, e->chain[i].weight),
                    e->chain[i].rule);
}

static void print_explanation(pt_cli *cli, const pt_linking *l, const pt_link_explanation *e)
{
    pt_str_addf(&cli->out, "  A  %s%s%s\n  B  %s%s%s\n\n", e->name_a, e->customer_a ? "  " : "",
                e->customer_a ? e->customer_a : "", e->name_b, e->customer_b ? "  " : "",
                e->customer_b ? e->customer_b : "");
    if (e->n_a > 1 || e->n_b > 1)
        PT_CLI_SAY(cli, LINK_OF_MANY, pt_cli_count(cli, e->n_a), pt_cli_count(cli, e->n_b));
    print_fall(cli, l, e);
    pt_str_addc(&cli->out, '\n');
    print_notes(cli, e);
    pt_str_addc(&cli->out, '\n');
    for (size_t i = 0; i < e->n_sentences; i++)
        pt_str_addf(&cli->out, "%s\n", say(cli, e->sentences[i]));
    print_chain(cli, l, e);
}

/* --- for programs ---------------------------------------------------------------------------------------------------------------- */

static void json_both(pt_json *j, const char *key, pt_card_text text)
{
    pt_json_key(j, key);
    if (!text.en) {
        pt_json_null(j);
        return;
    }
    pt_json_open(j, '{');
    pt_link_json_text(j, "en", text.en);
    pt_link_json_text(j, "zh", text.zh);
    pt_json_close(j, '}');
}

static void json_step(pt_json *j, const pt_link_step *s)
{
    pt_json_open(j, '{');
    pt_link_json_text(j, "column", s->name);
    pt_link_json_text(j, "kind", pt_link_kind_name(s->kind));
    pt_link_json_text(j, "a", s->a);
    pt_link_json_text(j, "b", s->b);
    pt_link_json_text(j, "level", s->level);
    json_both(j, "evidence", s->what);
    json_both(j, "note", s->note);
    pt_link_json_number(j, "bits", s->weight);
    pt_link_json_number(j, "by_frequency", s->frequency);
    pt_json_put_bool(j, "counts", s->counts);
    pt_link_json_number(j, "added", s->added);
    pt_link_json_number(j, "sum", s->sum);
    pt_json_close(j, '}');
}

static void json_side(pt_json *j, const char *key, const char *name, uint32_t record, const char *customer)
{
    pt_json_put_open(j, key, '{');
    pt_link_json_text(j, "identifier", name);
    pt_json_put_int(j, "record", record);
    pt_link_json_text(j, "customer", customer);
    pt_json_close(j, '}');
}

static void json_chain(pt_cli *cli, pt_json *j, const pt_linking *l, const pt_link_explanation *e)
{
    pt_json_put_open(j, "chain", '[');
    for (size_t i = 0; i < e->n_chain; i++) {
        pt_json_open(j, '{');
        pt_link_json_text(j, "a", pt_link_name(l, e->chain[i].a, cli->arena));
        pt_link_json_text(j, "b", pt_link_name(l, e->chain[i].b, cli->arena));
        pt_link_json_number(j, "bits", e->chain[i].weight);
        pt_link_json_text(j, "rule", e->chain[i].rule);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static const char *const verdicts[] = {"apart", "review", "linked"};

static void json_outcome(pt_json *j, const pt_link_explanation *e)
{
    pt_link_json_number(j, "bits", e->total);
    pt_link_json_number(j, "probability", e->probability);
    pt_link_json_number(j, "automatic", e->automatic);
    pt_link_json_number(j, "review", e->review);
    pt_link_json_text(j, "verdict", verdicts[e->verdict]);
    pt_json_put_bool(j, "equal_identifiers", e->equal);
    pt_json_put_bool(j, "together", e->together);
    pt_json_put_open(j, "rules", '[');
    for (size_t i = 0; i < e->n_rules; i++)
        pt_json_cstr(j, e->rules[i]);
    pt_json_close(j, ']');
    if (e->between.n_a)
        pt_link_json_number(j, "mean_between_groups", e->between.mean);
    pt_json_put_open(j, "sentences", '[');
    for (size_t i = 0; i < e->n_sentences; i++) {
        pt_json_open(j, '{');
        pt_link_json_text(j, "en", e->sentences[i].en);
        pt_link_json_text(j, "zh", e->sentences[i].zh);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void print_json(pt_cli *cli, const pt_linking *l, const pt_link_explanation *e)
{
    pt_json j;

    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    json_side(&j, "a", e->name_a, e->a, e->customer_a);
    json_side(&j, "b", e->name_b, e->b, e->customer_b);
    pt_link_json_number(&j, "prior", e->prior);
    pt_json_put_open(&j, "steps", '[');
    for (size_t i = 0; i < e->n; i++)
        json_step(&j, &e->steps[i]);
    pt_json_close(&j, ']');
    json_outcome(&j, e);
    json_chain(cli, &j, l, e);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
}

/* --- the command ----------------------------------------------------------------------------------------------------------------- */

static pt_rc write_page(pt_cli *cli, const pt_link_session *s, const pt_link_explanation *e, const char *path,
                        pt_err *err)
{
    pt_str page = {0};
    pt_rc rc = pt_link_html(&page, e, s->linking, pt_lang_code(cli->lang), err);

    if (rc == PT_OK)
        rc = pt_write_file(path, page.ptr, page.len, err);
    pt_str_free(&page);
    if (rc == PT_OK && !cli->json)
        PT_CLI_SAY(cli, LINK_PAGE_WRITTEN, path);
    return rc;
}

static pt_rc explain(pt_cli *cli, pt_link_session *s, pt_err *err)
{
    pt_link_explanation e;

    PT_TRY(pt_link_session_open(s, cli, PT_LINKING_GROUP, err));
    PT_TRY(pt_link_explain_pair(&e, s->linking, s->find, s->view ? s->view->directory : NULL, pt_sv_of(cli->args[1]),
                                pt_sv_of(cli->args[2]), cli->arena, err));
    if (cli->json)
        print_json(cli, s->linking, &e);
    else if (!pt_cli_option(cli, "out"))
        print_explanation(cli, s->linking, &e);
    return pt_cli_option(cli, "out") ? write_page(cli, s, &e, pt_cli_option(cli, "out"), err) : PT_OK;
}

pt_rc pt_cmd_link_explain(pt_cli *cli, pt_err *err)
{
    pt_link_session session = {0};
    pt_rc rc = explain(cli, &session, err);

    pt_link_session_close(&session);
    return rc;
}
