/* What the model goes by, and whom it treats how. */
#include <math.h>

#include "app/study_card_int.h"

enum { MOST_FEATURES = 20 };

/* --- importance ----------------------------------------------------------------------------------------------------- */

static void add_importance_bars(study_card *c, size_t n)
{
    pt_card_curve *curve = pt_card_add_curve(&c->d, "importance", PT_CARD_BAR, "特征重要性：打乱该特征后指标变差多少",
                                             "Importance: how much worse the model gets when the feature is shuffled");
    pt_card_text *names = PT_NEW_ARRAY(c->d.arena, pt_card_text, n + 1);
    double *value = pt_card_doubles(&c->d, n), *low = pt_card_doubles(&c->d, n), *high = pt_card_doubles(&c->d, n);

    c->d.failed |= !names;
    if (!curve || !names || !value || !low || !high)
        return;
    for (size_t i = 0; i < n; i++) {
        const pt_feature_importance *f = &c->s->importance[i];
        names[i] = study_card_feature(c, c->plan->train->features[f->feature].name);
        value[i] = f->permutation;
        low[i] = f->low;
        high[i] = f->high;
    }
    curve->names = names;
    curve->n_names = n;
    curve->sideways = true;
    curve->y_label = pt_card_measure_label(c->s->measure);
    pt_card_add_series(&c->d, curve, pt_card_measure_label(c->s->measure), NULL, value, n);
    if (curve->series) {
        pt_card_series *s = (pt_card_series *)(uintptr_t)curve->series; /* just added */
        s->low = low;
        s->high = high;
    }
}

static void add_contribution_bars(study_card *c, size_t n)
{
    pt_card_curve *curve;
    pt_card_text *names = PT_NEW_ARRAY(c->d.arena, pt_card_text, n + 1);
    double *value = pt_card_doubles(&c->d, n);

    if (isnan(c->s->importance[0].shap))
        return;
    curve = pt_card_add_curve(&c->d, "shap", PT_CARD_BAR, "平均贡献占比（SHAP）", "Mean share of contributions (SHAP)");
    c->d.failed |= !names;
    if (!curve || !names || !value)
        return;
    for (size_t i = 0; i < n; i++) {
        names[i] = study_card_feature(c, c->plan->train->features[c->s->importance[i].feature].name);
        value[i] = c->s->importance[i].shap;
    }
    curve->names = names;
    curve->n_names = n;
    curve->sideways = true;
    pt_card_add_series(&c->d, curve, pt_card_both("占比", "Share"), NULL, value, n);
}

static void add_dependence(study_card *c, const pt_dependence *p)
{
    const char *name = c->plan->train->features[p->feature].name;
    const pt_card_text label = study_card_feature(c, name);
    const char *zh = pt_arena_printf(c->d.arena, "“%s”变化时预测如何变化", label.zh);
    const char *en = pt_arena_printf(c->d.arena, "How predictions move with '%s'", label.en);
    pt_card_curve *curve = pt_card_add_curve(&c->d, pt_arena_printf(c->d.arena, "dependence_%s", name),
                                             p->names ? PT_CARD_BAR : PT_CARD_LINE, zh, en);
    const pt_card_text mean = pt_card_both("平均预测", "Mean prediction");

    c->d.failed |= !zh || !en;
    if (!curve)
        return;
    curve->x_label = label;
    curve->y_label = mean;
    if (p->names) {
        pt_card_text *names = PT_NEW_ARRAY(c->d.arena, pt_card_text, p->n + 1);
        c->d.failed |= !names;
        for (size_t i = 0; names && i < p->n; i++)
            names[i] = pt_card_same(p->names[i]);
        curve->names = names;
        curve->n_names = names ? p->n : 0;
    }
    pt_card_add_series(&c->d, curve, mean, p->at, p->mean, p->n);
}

void study_card_explain(study_card *c)
{
    const size_t n = c->s->n_importance < MOST_FEATURES ? c->s->n_importance : MOST_FEATURES;

    if (!n)
        return;
    pt_card_begin_section(&c->d, "explanation", "模型依据什么", "What it goes by");
    PT_CARD_SAY(&c->d, false, "影响最大的特征是“{0}”。重要性和依赖关系说明模型如何预测，不说明因果。",
                "The feature that counts most is '{0}'. Importance and dependence say how the model predicts, not what "
                "causes what.",
                study_card_feature(c, c->plan->train->features[c->s->importance[0].feature].name));
    add_importance_bars(c, n);
    add_contribution_bars(c, n);
    for (size_t i = 0; i < c->s->n_dependence; i++)
        add_dependence(c, &c->s->dependence[i]);
}

/* --- fairness ------------------------------------------------------------------------------------------------------- */

static void fill_levels(study_card *c, pt_card_table *t, const pt_card_column *columns, size_t n_columns)
{
    const size_t n = c->s->n_fairness;
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, n * n_columns + 1);

    c->d.failed |= !cells;
    if (!cells)
        return;
    for (size_t i = 0; i < n; i++) {
        const pt_fairness *f = &c->s->fairness[i];
        const double row[] = {(double)f->rows,   f->actual,    f->predicted, f->selected, f->true_positive,
                              f->false_positive, f->auc.value, f->auc.low,   f->auc.high};
        pt_card_cell *cell = cells + i * n_columns;
        cell[0].text = study_card_feature(c, c->plan->train->features[f->feature].name);
        cell[1].text = pt_card_same(f->name);
        for (size_t k = 2; k < n_columns; k++)
            cell[k].number = row[k - 2];
    }
    t->columns = columns;
    t->n_columns = n_columns;
    t->n_rows = n;
    t->cells = cells;
}

/* Levels of one feature that are selected at very different rates, by the rule of four fifths. */
static void say_gaps(study_card *c)
{
    for (size_t from = 0, to; from < c->s->n_fairness; from = to) {
        const pt_fairness *least = &c->s->fairness[from], *most = least;
        for (to = from; to < c->s->n_fairness && c->s->fairness[to].feature == c->s->fairness[from].feature; to++) {
            least = c->s->fairness[to].selected < least->selected ? &c->s->fairness[to] : least;
            most = c->s->fairness[to].selected > most->selected ? &c->s->fairness[to] : most;
        }
        if (most->selected > 0 && least->selected < 0.8 * most->selected)
            PT_CARD_SAY(
                &c->d, true,
                "“{0}”各组被选中的比例差异较大：{1} 为 {2}，{3} 为 {4}（低于其五分之四）。请确认这样的差异有正当理由。",
                "Levels of '{0}' are selected at very different rates: {1} {2}, {3} {4} (less than four fifths). Make "
                "sure "
                "that there is a good reason.",
                study_card_feature(c, c->plan->train->features[least->feature].name), pt_card_same(most->name),
                pt_card_share(&c->d, most->selected), pt_card_same(least->name), pt_card_share(&c->d, least->selected));
    }
}

void study_card_fairness(study_card *c)
{
    static const pt_card_column of_classes[] = {{"feature", {"标签", "Tag"}, PT_CELL_TEXT},
                                                {"level", {"取值", "Level"}, PT_CELL_TEXT},
                                                {"rows", {"客户数", "Customers"}, PT_CELL_COUNT},
                                                {"actual", {"实际比例", "Rate that came"}, PT_CELL_SHARE},
                                                {"predicted", {"平均预测", "Mean prediction"}, PT_CELL_SHARE},
                                                {"selected", {"被选中比例", "Selected"}, PT_CELL_SHARE},
                                                {"true_positive", {"召回率", "Recall"}, PT_CELL_SHARE},
                                                {"false_positive", {"误选率", "False positives"}, PT_CELL_SHARE},
                                                {"auc", {"AUC", "AUC"}, PT_CELL_NUMBER},
                                                {"auc_low", {"区间下限", "from"}, PT_CELL_NUMBER},
                                                {"auc_high", {"区间上限", "to"}, PT_CELL_NUMBER}};
    static const pt_card_column of_values[] = {{"feature", {"标签", "Tag"}, PT_CELL_TEXT},
                                               {"level", {"取值", "Level"}, PT_CELL_TEXT},
                                               {"rows", {"客户数", "Customers"}, PT_CELL_COUNT},
                                               {"actual", {"实际均值", "Mean that came"}, PT_CELL_NUMBER},
                                               {"predicted", {"平均预测", "Mean prediction"}, PT_CELL_NUMBER}};
    const bool classes = c->s->task == PT_TASK_CLASSIFY;
    pt_card_table *t;

    if (!c->s->n_fairness)
        return;
    pt_card_begin_section(&c->d, "fairness", "对不同群体是否一致", "How it treats whom");
    t = pt_card_add_table(&c->d, "fairness", "按群体的预测与误差", "Predictions and errors by group");
    if (t)
        fill_levels(c, t, classes ? of_classes : of_values, classes ? PT_COUNT(of_classes) : PT_COUNT(of_values));
    if (classes)
        say_gaps(c);
}
