#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/link_review.h"
#include "base/io.h"
#include "cli/identitytext.h"
#include "cli/linkanswers.h"

enum { LISTED = 20 };

typedef struct reviewing {
    pt_cli *cli;
    pt_link_session *session;
    pt_link_review *review;
    pt_sv who, why;
    pt_err *err;
} reviewing;

/* --- what answers change --------------------------------------------------------------------------------------------------------- */

static pt_rc say_changes(reviewing *x)
{
    pt_cli *cli = x->cli;
    pt_link_changes c;
    size_t yes, n = pt_link_review_answered(x->review, &yes);

    PT_CLI_SAY(cli, LINK_ANSWERED, pt_cli_count(cli, n), pt_cli_count(cli, yes), pt_cli_count(cli, n - yes));
    if (!n)
        return PT_OK;
    PT_TRY(pt_link_review_changes(&c, x->review, x->session->linking, &x->session->options, cli->arena, x->err));
    PT_CLI_SAY(cli, LINK_ANSWERS_CHANGE, pt_cli_count(cli, c.merged), pt_cli_count(cli, c.split));
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_ANSWERS_NEXT));
    return PT_OK;
}

static pt_rc json_changes(reviewing *x)
{
    pt_cli *cli = x->cli;
    pt_link_changes c;
    size_t yes, n = pt_link_review_answered(x->review, &yes);
    pt_json j;

    PT_TRY(pt_link_review_changes(&c, x->review, x->session->linking, &x->session->options, cli->arena, x->err));
    pt_json_init(&j, &cli->out, 0);
    pt_json_open(&j, '{');
    pt_json_put_int(&j, "answers", (int64_t)n);
    pt_json_put_int(&j, "same", (int64_t)yes);
    pt_json_put_int(&j, "groups_merged", c.merged);
    pt_json_put_int(&j, "groups_split", c.split);
    pt_json_close(&j, '}');
    pt_str_addc(&cli->out, '\n');
    return PT_OK;
}

/* --- one question ---------------------------------------------------------------------------------------------------------------- */

/* The two side by side, a line a column; equal values once. */
static void show_pair(pt_cli *cli, const pt_linking *l, const pt_link_question *q)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_LEFT};
    const char *const header[] = {"", pt_link_name(l, q->a, cli->arena), pt_link_name(l, q->b, cli->arena)};
    pt_table t;

    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t f = 0; f < l->n_fields; f++) {
        pt_sv a = pt_linking_value(l, q->a, f), b = pt_linking_value(l, q->b, f);
        if (!a.len && !b.len)
            continue;
        const char *own = a.len ? pt_arena_strndup(cli->arena, a.ptr, a.len) : "–",
                   *other = !b.len           ? "–"
                            : pt_sv_eq(a, b) ? "="
                                             : pt_arena_strndup(cli->arena, b.ptr, b.len);
        pt_table_row(&t, (const char *const[]){l->fields[f].name, own, other});
    }
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
}

static void show_question(reviewing *x, const pt_link_question *q, size_t number, size_t n)
{
    pt_cli *cli = x->cli;

    PT_CLI_SAY(cli, LINK_QUESTION, pt_cli_count(cli, number), pt_cli_count(cli, n));
    show_pair(cli, x->session->linking, q);
    PT_CLI_SAY(cli, LINK_QUESTION_DOUBT, pt_link_text_probability(cli, pt_link_probability((double)q->weight)),
               pt_link_text_bits(cli, (double)q->weight), pt_cli_count(cli, q->pairs));
    if (q->inside)
        pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_QUESTION_INSIDE));
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_QUESTION_KEYS));
}

/* What was said so far appears before the answer is waited for. */
static void flush(pt_cli *cli)
{
    fputs(pt_str_cstr(&cli->out), stdout);
    fflush(stdout);
    pt_str_clear(&cli->out);
}

/* The first letter of the next line; 'q' at the end of input, 0 when a signal asked to stop. */
static char read_key(const pt_cancel *cancel)
{
    char first = '\n', c;

    for (;;) {
        struct pollfd in = {.fd = STDIN_FILENO, .events = POLLIN};
        int ready = poll(&in, 1, 100); /* ms: how long Ctrl-C may wait */
        if (pt_cancel_fired(cancel))
            return 0;
        if (ready <= 0)
            continue;
        ssize_t n = read(STDIN_FILENO, &c, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return 'q';
        if (c == '\n')
            return first == '\n' ? ' ' : first;
        first = first == '\n' && c != ' ' ? c : first;
    }
}

/* As many decisions as a decision may have rows. */
static pt_rc decide(uint32_t *number, reviewing *x, const pt_link_label *answers, size_t n)
{
    const pt_decision *rows;
    size_t n_rows;

    *number = 0;
    PT_TRY(pt_link_review_decisions(&rows, &n_rows, x->review, answers, n, x->who, x->why, x->cli->arena, x->err));
    for (size_t from = 0; from < n_rows; from += PT_DECISION_ROWS) {
        size_t part = n_rows - from < PT_DECISION_ROWS ? n_rows - from : PT_DECISION_ROWS;
        PT_TRY(pt_app_decide(number, x->session->app, rows + from, part, x->err));
    }
    return PT_OK;
}

static pt_rc keep(reviewing *x, const pt_link_question *q, bool same)
{
    uint32_t number;

    PT_TRY(decide(&number, x, &(pt_link_label){q->a, q->b, same}, 1));
    return pt_link_review_answer(x->review, same, number, x->err);
}

static pt_rc take_back(reviewing *x)
{
    uint32_t number;

    if (!pt_link_review_undo(x->review, &number)) {
        pt_str_add(&x->cli->out, pt_cli_text(x->cli, PT_TEXT_LINK_NOTHING_TO_UNDO));
        return PT_OK;
    }
    if (!number)
        return PT_OK;
    pt_decision d = {.kind = PT_DECISION_UNDO, .undoes = number, .rule = PT_SV(PT_DECISION_REVIEW), .who = x->who};
    return pt_app_decide(&number, x->session->app, &d, 1, x->err);
}

/* Chinese users answer with the same keys: they are on every keyboard. */
static pt_rc act(reviewing *x, const pt_link_question *q, char key, bool *again)
{
    *again = false;
    switch (key) {
    case 'y':
    case 'Y': return keep(x, q, true);
    case 'n':
    case 'N': return keep(x, q, false);
    case 's':
    case 'S': pt_link_review_skip(x->review); return PT_OK;
    case 'u':
    case 'U': return take_back(x);
    default: *again = true; return PT_OK;
    }
}

/* --- a dialogue ------------------------------------------------------------------------------------------------------------------ */

static pt_rc ask_all(reviewing *x)
{
    const pt_cancel *cancel = x->session->options.cancel;
    const pt_link_question *q;
    size_t n, first = 0;
    bool again = false;

    const pt_link_question *all = pt_link_review_questions(x->review, &n);
    while ((q = pt_link_review_next(x->review))) {
        first = (size_t)(q - all) + 1;
        if (again)
            pt_str_add(&x->cli->out, pt_cli_text(x->cli, PT_TEXT_LINK_QUESTION_KEYS));
        else
            show_question(x, q, first, n);
        flush(x->cli);
        char key = read_key(cancel);
        if (!key || key == 'q' || key == 'Q')
            break;
        PT_TRY(act(x, q, key, &again));
    }
    pt_str_addc(&x->cli->out, '\n');
    if (!pt_cancel_fired(cancel))
        return say_changes(x);
    size_t yes, answered = pt_link_review_answered(x->review, &yes);
    return pt_fail(x->err, PT_ECANCELED, "stopped; %zu answers are kept", answered);
}

/* --- without a terminal ---------------------------------------------------------------------------------------------------------- */

static pt_rc write_questions(reviewing *x, const char *path)
{
    size_t n;
    const pt_link_question *q = pt_link_review_questions(x->review, &n);
    pt_str text = {0};

    pt_link_review_csv(&text, x->session->linking, q, n);
    pt_rc rc = pt_str_check(&text, x->err);
    if (rc == PT_OK)
        rc = pt_write_file(path, text.ptr, text.len, x->err);
    pt_str_free(&text);
    if (rc == PT_OK)
        PT_CLI_SAY(x->cli, LINK_QUESTIONS_WRITTEN, pt_cli_count(x->cli, n), path);
    return rc;
}

/* Records that are one already stand for each other. */
static bool is_answered(const pt_linking *l, const pt_link_label *label)
{
    uint32_t a = l->start[label->a], b = l->start[label->b];

    if (label->same)
        return a == b;
    for (size_t i = 0; i < l->n_apart; i++) {
        uint32_t x = l->start[l->apart[i].a], y = l->start[l->apart[i].b];
        if ((x == a && y == b) || (x == b && y == a))
            return true;
    }
    return false;
}

/* What is so already is not said again. */
static pt_rc keep_answers(reviewing *x, const pt_link_label *labels, size_t n)
{
    pt_link_label *fresh = PT_NEW_ARRAY(x->cli->arena, pt_link_label, n + 1);
    size_t n_fresh = 0;
    uint32_t number;

    if (!fresh)
        return pt_fail_nomem(x->err, "answers");
    for (size_t i = 0; i < n; i++)
        if (!is_answered(x->session->linking, &labels[i]))
            fresh[n_fresh++] = labels[i];
    PT_TRY(decide(&number, x, fresh, n_fresh));
    for (size_t i = 0; i < n_fresh; i++)
        PT_TRY(pt_link_review_add(x->review, fresh[i].a, fresh[i].b, fresh[i].same, number, x->err));
    return PT_OK;
}

static pt_rc read_answers(reviewing *x, const char *path)
{
    pt_link_label *labels;
    size_t n;

    PT_TRY(pt_link_review_read(&labels, &n, path, x->session->find, x->cli->arena, x->err));
    PT_TRY(keep_answers(x, labels, n));
    return x->cli->json ? json_changes(x) : say_changes(x);
}

#define SPEAKS 1.0 /* bits from which a column is named */

/* Names of the columns that speak for (`sign` 1) or against (-1) the pair's being one person. */
static const char *columns_that_speak(const reviewing *x, const pt_link_evidence *e, int sign)
{
    const pt_link_model *m = &x->session->linking->model;
    pt_str names = {0};

    for (size_t k = 0; k < m->n_comparisons; k++)
        if (e->level[k] != PT_LINK_NULL && e->counts[k] && sign * (e->weight[k] + e->frequency[k]) >= SPEAKS)
            pt_str_addf(&names, "%s%s", names.len ? ", " : "", m->comparisons[k].name);
    return pt_cli_keep(x->cli, &names);
}

static const char *what_now(const pt_cli *cli, const pt_link_question *q)
{
    return pt_cli_text(cli, q->inside ? PT_TEXT_LINK_NOW_ONE : PT_TEXT_LINK_NOW_TWO);
}

static void add_question(pt_table *t, const reviewing *x, pt_link_explainer *explainer, const pt_link_question *q)
{
    pt_cli *cli = x->cli;
    const pt_linking *l = x->session->linking;
    pt_link_evidence e;

    pt_link_explain_next(&e, explainer, q->a, q->b);
    pt_table_row(t,
                 (const char *const[]){pt_link_name(l, q->a, cli->arena), pt_link_name(l, q->b, cli->arena),
                                       pt_link_text_probability(cli, pt_link_probability((double)q->weight)),
                                       pt_link_text_bits(cli, (double)q->weight), pt_cli_count(cli, q->pairs),
                                       what_now(cli, q), columns_that_speak(x, &e, 1), columns_that_speak(x, &e, -1)});
}

static pt_rc print_questions(reviewing *x, const pt_link_question *q, size_t n)
{
    static const pt_align align[] = {PT_LEFT, PT_LEFT, PT_RIGHT, PT_RIGHT, PT_RIGHT, PT_LEFT, PT_LEFT, PT_LEFT};
    pt_cli *cli = x->cli;
    const pt_linking *l = x->session->linking;
    const char *const header[] = {"A",
                                  "B",
                                  pt_cli_text(cli, PT_TEXT_LINK_PROBABILITY),
                                  pt_cli_text(cli, PT_TEXT_LINK_BITS),
                                  pt_cli_text(cli, PT_TEXT_LINK_FOUND),
                                  pt_cli_text(cli, PT_TEXT_LINK_NOW),
                                  pt_cli_text(cli, PT_TEXT_LINK_SPEAKS_FOR),
                                  pt_cli_text(cli, PT_TEXT_LINK_SPEAKS_AGAINST)};
    pt_link_explainer *explainer;
    pt_table t;

    PT_TRY(pt_link_explainer_new(&explainer, &l->model, &l->setup.table.records, x->err));
    pt_table_init(&t, cli->arena, PT_COUNT(align), align, header);
    for (size_t i = 0; i < n; i++)
        add_question(&t, x, explainer, &q[i]);
    pt_table_print(&t, &cli->out, cli->width, 2, cli->color);
    pt_table_free(&t);
    pt_link_explainer_free(explainer);
    return PT_OK;
}

static pt_rc list_questions(reviewing *x)
{
    pt_cli *cli = x->cli;
    size_t n;
    const pt_link_question *q = pt_link_review_questions(x->review, &n);
    const pt_linking *l = x->session->linking;

    if (!n) {
        PT_CLI_SAY(cli, LINK_NO_QUESTIONS, pt_link_text_probability(cli, l->review));
        return PT_OK;
    }
    PT_CLI_SAY(cli, LINK_QUESTIONS, pt_cli_count(cli, n));
    PT_TRY(print_questions(x, q, n < LISTED ? n : LISTED));
    for (size_t i = 0; i < n && i < LISTED && pt_cli_option(cli, "examples"); i++)
        pt_link_print_values(cli, l, q[i].a, q[i].b);
    if (n > LISTED)
        PT_CLI_SAY(cli, LINK_QUESTIONS_MORE, pt_cli_count(cli, n - LISTED));
    pt_str_add(&cli->out, pt_cli_text(cli, PT_TEXT_LINK_QUESTIONS_HOW));
    return PT_OK;
}

static void json_questions(reviewing *x)
{
    size_t n;
    const pt_link_question *q = pt_link_review_questions(x->review, &n);
    pt_json j;

    pt_json_init(&j, &x->cli->out, 0);
    pt_json_open(&j, '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(&j, '{');
        pt_link_json_text(&j, "a", pt_link_name(x->session->linking, q[i].a, x->cli->arena));
        pt_link_json_text(&j, "b", pt_link_name(x->session->linking, q[i].b, x->cli->arena));
        pt_link_json_text(&j, "now", q[i].inside ? "one" : "two");
        pt_json_put_number(&j, "bits", (double)q[i].weight);
        pt_json_put_number(&j, "probability", pt_link_probability((double)q[i].weight));
        pt_json_put_int(&j, "pairs", (int64_t)q[i].pairs);
        pt_json_put_number(&j, "information", q[i].information);
        pt_json_close(&j, '}');
    }
    pt_json_close(&j, ']');
    pt_str_addc(&x->cli->out, '\n');
}

/* --- the command ----------------------------------------------------------------------------------------------------------------- */

static pt_rc review(reviewing *x)
{
    pt_cli *cli = x->cli;
    const char *out = pt_cli_option(cli, "out"), *answers = pt_cli_option(cli, "answers");

    PT_TRY(pt_link_session_open(x->session, cli, PT_LINKING_GROUP, x->err));
    PT_TRY(pt_link_review_new(&x->review, x->session->linking, x->err));
    if (answers)
        return read_answers(x, answers);
    if (out)
        return write_questions(x, out);
    if (!cli->json && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
        return ask_all(x);
    if (cli->json)
        json_questions(x);
    else
        return list_questions(x);
    return PT_OK;
}

pt_rc pt_cmd_link_review(pt_cli *cli, pt_err *err)
{
    const char *why = pt_cli_option(cli, "why");
    pt_link_session session = {0};
    reviewing x = {cli, &session, NULL, pt_cli_decider(cli), pt_sv_trim(pt_sv_of(why ? why : "")), err};

    if (pt_cli_option(cli, "out") && pt_cli_option(cli, "answers"))
        return pt_fail(err, PT_EINVAL, "--out writes questions, --answers reads them back: give one of them");
    pt_rc rc = review(&x);
    pt_link_review_free(x.review);
    pt_link_session_close(&session);
    return rc;
}
