/* What the card of a model of buying says. */
#include <stdio.h>

#include "app/card_text.h"
#include "app/learn_value_int.h"
#include "base/chances.h"

enum { MOST_FACTS = 8, MOST_SENTENCES = 6, MOST_PARAMETERS = PT_BUYING + PT_SPENDING };
static const double FAR_OFF = 0.25;  /* of expected against actual purchases, beyond which readers are warned */
static const double DEPENDENT = 0.3; /* of the correlation of how often and how much */
static const char *const spending_names[PT_SPENDING] = {"p", "q", "v"};

/* --- what happened after ----------------------------------------------------------------------------------------------------- */

typedef struct writer {
    pt_arena *arena;
    const pt_value_request *r;
    pt_card_sentence *sentences;
    size_t n_sentences;
} writer;

static void add_sentence(writer *w, bool warning, pt_card_text text)
{
    if (w->n_sentences < MOST_SENTENCES)
        w->sentences[w->n_sentences++] = (pt_card_sentence){warning, text};
}

static bool start_writer(writer *w, const pt_value_request *r)
{
    *w = (writer){.arena = r->arena, .r = r, .sentences = PT_NEW_ARRAY(r->arena, pt_card_sentence, MOST_SENTENCES)};
    return w->sentences != NULL;
}

static const char *row_name(pt_arena *arena, size_t row)
{
    return pt_arena_printf(arena, row == PT_VALUE_ROWS - 1 ? "%zu+" : "%zu", row);
}

/* Groups smaller than the project allows are left empty. */
static bool may_show(const writer *w, size_t customers)
{
    return customers == 0 || customers >= w->r->view->project->min_group;
}

static pt_card_table *holdout_table(const writer *w, const pt_value_holdout *h)
{
    enum { COLUMNS = 4 };
    static const pt_card_column columns[COLUMNS] = {
        {"repeats", {"已复购次数", "Repeats before"}, PT_CELL_TEXT},
        {"customers", {"客户数", "Customers"}, PT_CELL_COUNT},
        {"expected", {"预期购买（人均）", "Expected, mean"}, PT_CELL_NUMBER},
        {"actual", {"实际购买（人均）", "Actual, mean"}, PT_CELL_NUMBER},
    };
    pt_card_table *t = PT_NEW(w->arena, pt_card_table);
    pt_card_cell *cells = PT_NEW_ARRAY(w->arena, pt_card_cell, COLUMNS * PT_VALUE_ROWS);

    if (!t || !cells)
        return NULL;
    for (size_t i = 0; i < PT_VALUE_ROWS; i++) {
        bool show = may_show(w, h->rows[i]);
        cells[i * COLUMNS] = (pt_card_cell){.text = pt_card_same(row_name(w->arena, i))};
        cells[i * COLUMNS + 1].number = show ? (double)h->rows[i] : NAN;
        cells[i * COLUMNS + 2].number = show ? h->expected_mean[i] : NAN;
        cells[i * COLUMNS + 3].number = show ? h->actual_mean[i] : NAN;
    }
    *t = (pt_card_table){"holdout",     {"留出期：预期与实际", "Time held out: expected and actual"},
                         {NULL, NULL},  COLUMNS,
                         PT_VALUE_ROWS, columns,
                         cells};
    return t;
}

static pt_card_curve *holdout_curve(const writer *w, const pt_value_holdout *h)
{
    pt_card_curve *c = PT_NEW(w->arena, pt_card_curve);
    pt_card_series *series = PT_NEW_ARRAY(w->arena, pt_card_series, 2);
    pt_card_text *names = PT_NEW_ARRAY(w->arena, pt_card_text, PT_VALUE_ROWS);
    double *y = PT_NEW_ARRAY(w->arena, double, 2 * PT_VALUE_ROWS);

    if (!c || !series || !names || !y)
        return NULL;
    for (size_t i = 0; i < PT_VALUE_ROWS; i++) {
        bool show = may_show(w, h->rows[i]) && h->rows[i];
        names[i] = pt_card_same(row_name(w->arena, i));
        y[i] = show ? h->expected_mean[i] : 0;
        y[PT_VALUE_ROWS + i] = show ? h->actual_mean[i] : 0;
    }
    series[0] = (pt_card_series){.label = {"预期", "Expected"}, .n = PT_VALUE_ROWS, .y = y};
    series[1] = (pt_card_series){.label = {"实际", "Actual"}, .n = PT_VALUE_ROWS, .y = y + PT_VALUE_ROWS};
    *c = (pt_card_curve){.key = "holdout_purchases",
                         .chart = PT_CARD_BAR,
                         .title = {"按此前复购次数", "By repeats before"},
                         .x_label = {"此前复购次数", "Repeats before"},
                         .y_label = {"留出期购买（人均）", "Purchases in the time held out, mean"},
                         .names = names,
                         .n_names = PT_VALUE_ROWS,
                         .series = series,
                         .n_series = 2};
    return c;
}

static void tell_holdout(writer *w, const pt_value_holdout *h)
{
    const pt_zone *zone = w->r->view->project->zone;
    const char *from = pt_card_last_day(w->arena, h->from, zone), *to = pt_card_last_day(w->arena, h->to, zone);

    if (!h->known) {
        add_sentence(w, true,
                     pt_card_printf(w->arena, "数据不足，未能用留出期检验（%s 之后）",
                                    "Too little is known to test it on a time held out (after %s)", from));
        return;
    }
    double off = h->actual > 0 ? h->expected / h->actual - 1 : 0;
    add_sentence(w, fabs(off) > FAR_OFF,
                 pt_card_printf(w->arena, "%s 之后至 %s：预期购买 %.0f 次，实际 %.0f 次（偏差 %+.1f%%）",
                                "After %s, up to %s: %.0f purchases were expected, %.0f happened (%+.1f%%)", from, to,
                                h->expected, h->actual, 100 * off));
    add_sentence(w, h->mae > h->mae_before,
                 pt_card_printf(w->arena, "每位客户平均误差 %.3f 次；若假定照旧购买，误差为 %.3f 次",
                                "It is off by %.3f purchases a customer; had they gone on as before, by %.3f", h->mae,
                                h->mae_before));
    if (h->actual_spent > 0)
        add_sentence(w, false,
                     pt_card_printf(w->arena, "同期复购消费：预期 %.0f，实际 %.0f",
                                    "Spending in that time: %.0f expected, %.0f actual", h->expected_spent,
                                    h->actual_spent));
}

static pt_rc holdout_parts(pt_card *out, pt_card_section *section, const writer *w, const pt_value_holdout *h,
                           const char *part, pt_err *err)
{
    pt_card_measure *measures = PT_NEW_ARRAY(w->arena, pt_card_measure, 2);

    *section = (pt_card_section){.key = "performance", .title = {"效果", "How well it does"}};
    if (!h->known)
        return PT_OK;
    section->tables = holdout_table(w, h);
    section->curves = holdout_curve(w, h);
    if (!measures || !section->tables || !section->curves)
        return pt_fail_nomem(err, "a model card");
    section->n_tables = section->n_curves = 1;
    double mae = PT_Z95 * h->mae_error, rmse = PT_Z95 * h->rmse_error;
    measures[0] = (pt_card_measure){"mae", NULL, part, h->mae, h->mae - mae, h->mae + mae};
    measures[1] = (pt_card_measure){"rmse", NULL, part, h->rmse, fmax(h->rmse - rmse, 0), h->rmse + rmse};
    out->measures = measures;
    out->n_measures = 2;
    return PT_OK;
}

pt_rc pt_value_holdout_card(pt_card *out, const pt_value_holdout *h, const pt_value_request *r, pt_err *err)
{
    pt_card_section *section = PT_NEW(r->arena, pt_card_section);
    writer w;

    *out = (pt_card){0};
    if (!section || !start_writer(&w, r))
        return pt_fail_nomem(err, "a model card");
    tell_holdout(&w, h);
    PT_TRY(holdout_parts(out, section, &w, h, "later", err));
    out->sentences = w.sentences;
    out->n_sentences = w.n_sentences;
    out->sections = section;
    out->n_sections = 1;
    return PT_OK;
}

/* --- what it is -------------------------------------------------------------------------------------------------------------- */

static size_t add_rows(pt_card_cell *cells, size_t at, const pt_estimate *e, const char *const *names)
{
    for (size_t i = 0; i < e->n; i++, at++) {
        double factor = pt_estimate_factor(e, i);
        cells[at * 4] = (pt_card_cell){.text = pt_card_same(names[i])};
        cells[at * 4 + 1].number = e->value[i];
        cells[at * 4 + 2].number = e->value[i] / factor;
        cells[at * 4 + 3].number = e->value[i] * factor;
    }
    return at;
}

static pt_rc parameters_section(pt_card_section *out, const pt_value_model *m, const writer *w, pt_err *err)
{
    static const pt_card_column columns[] = {
        {"parameter", {"参数", "Parameter"}, PT_CELL_TEXT},
        {"value", {"估计值", "Estimate"}, PT_CELL_NUMBER},
        {"low", {"95% 下限", "95% low"}, PT_CELL_NUMBER},
        {"high", {"95% 上限", "95% high"}, PT_CELL_NUMBER},
    };
    pt_card_table *t = PT_NEW(w->arena, pt_card_table);
    pt_card_cell *cells = PT_NEW_ARRAY(w->arena, pt_card_cell, 4 * MOST_PARAMETERS);

    if (!t || !cells)
        return pt_fail_nomem(err, "a model card");
    size_t n = add_rows(cells, 0, &m->buying, m->model->parameters);
    if (m->spends)
        n = add_rows(cells, n, &m->spending, spending_names);
    *t = (pt_card_table){.key = "parameters",
                         .title = {"参数", "Parameters"},
                         .n_columns = PT_COUNT(columns),
                         .n_rows = n,
                         .columns = columns,
                         .cells = cells};
    *out = (pt_card_section){.key = "parameters", .title = {"模型参数", "What was fitted"}, .tables = t, .n_tables = 1};
    return PT_OK;
}

static pt_card_fact fact(const char *key, const char *zh, const char *en, pt_card_text value)
{
    return (pt_card_fact){key, {zh, en}, value};
}

static pt_rc add_facts(pt_card *out, const pt_value_model *m, const pt_value_totals *t, const writer *w, pt_err *err)
{
    pt_card_fact *f = PT_NEW_ARRAY(w->arena, pt_card_fact, MOST_FACTS);
    const pt_model_def *def = w->r->def;
    char length[64];
    size_t n = 0;

    if (!f)
        return pt_fail_nomem(err, "a model card");
    f[n++] = fact("purchases", "购买", "Purchases", pt_card_same(def->settings[PT_VALUE_PURCHASES].items[0].text));
    if (m->spends)
        f[n++] = fact("amount", "金额", "Amount", pt_card_same(def->settings[PT_VALUE_AMOUNT].items[0].text));
    f[n++] = fact("customers", "有购买的客户", "Customers with purchases",
                  pt_card_same(pt_card_digits(w->arena, t->customers)));
    f[n++] = fact("repeaters", "复购客户", "Who bought again", pt_card_same(pt_card_digits(w->arena, t->repeaters)));
    f[n++] = fact("as_of", "数据截至", "Data up to",
                  pt_card_same(pt_card_last_day(w->arena, t->as_of, w->r->view->project->zone)));
    f[n++] = fact("horizon", "预测期", "Horizon",
                  pt_card_same(pt_arena_strdup(w->arena, pt_duration_format(length, m->horizon))));
    f[n++] = fact("discount", "年折现率", "Discount a year",
                  pt_card_same(pt_arena_printf(w->arena, "%g%%", 100 * m->discount)));
    f[n++] = fact("log_likelihood", "对数似然", "Log-likelihood",
                  pt_card_same(pt_arena_printf(w->arena, "%.2f", m->buying.log_likelihood)));
    out->facts = f;
    out->n_facts = n;
    return PT_OK;
}

/* A sum of expectations as a whole number; those no number of customers can have are left as they are. */
static const char *whole(writer *w, double value)
{
    return value >= 0 && value < 1e18 ? pt_card_digits(w->arena, (uint64_t)llround(value))
                                      : pt_arena_printf(w->arena, "%g", value);
}

static void tell_totals(writer *w, const pt_value_model *m, const pt_value_totals *t)
{
    double share = t->customers ? 100 * t->alive / (double)t->customers : 0;

    add_sentence(
        w, false,
        pt_card_printf(
            w->arena, "%s 位有购买的客户中，约 %.0f%% 仍活跃；未来 %g 天预计共购买 %s 次",
            "Of %s customers with purchases about %.0f%% still buy; within %g days they are expected to buy %s times",
            pt_card_digits(w->arena, t->customers), share, (double)m->horizon / PT_DAY, whole(w, t->expected)));
    if (m->spends && isfinite(t->value))
        add_sentence(w, false,
                     pt_card_printf(w->arena, "这些购买按年折现率 %g%% 折算，价值约 %s",
                                    "At a discount of %g%% a year that is worth about %s", 100 * m->discount,
                                    whole(w, t->value)));
    if (fabs(t->correlation) > DEPENDENT)
        add_sentence(
            w, true,
            pt_card_printf(w->arena, "购买次数与单次金额相关（%.2f），而模型假定两者无关：金额预测须谨慎",
                           "How often and how much customers buy are correlated (%.2f), which the model takes to "
                           "be unrelated: take values with care",
                           t->correlation));
    if (!m->buying.converged || (m->spends && !m->spending.converged))
        add_sentence(
            w, true,
            pt_card_printf(w->arena, "拟合未收敛：参数可能不准", "The fit did not settle: parameters may be off"));
}

pt_rc pt_value_card(pt_card *out, const pt_value_model *m, const pt_value_holdout *h, const pt_value_totals *t,
                    const pt_value_request *r, pt_err *err)
{
    pt_card_section *sections = PT_NEW_ARRAY(r->arena, pt_card_section, 2);
    writer w;

    *out = (pt_card){0};
    if (!sections || !start_writer(&w, r))
        return pt_fail_nomem(err, "a model card");
    tell_totals(&w, m, t);
    if (h->to)
        tell_holdout(&w, h);
    PT_TRY(add_facts(out, m, t, &w, err));
    PT_TRY(holdout_parts(out, &sections[0], &w, h, "test", err));
    PT_TRY(parameters_section(&sections[1], m, &w, err));
    out->sentences = w.sentences;
    out->n_sentences = w.n_sentences;
    out->sections = sections;
    out->n_sections = 2;
    return PT_OK;
}
