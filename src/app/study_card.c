/* Sections of a card from what a study found. */
#include "app/study_card.h"

#include <math.h>

#include "app/card_draft.h"
#include "app/study_card_int.h"

pt_card_text study_card_feature(const study_card *c, const char *name)
{
    const int tag = c->project ? pt_project_find_tag(c->project, pt_sv_of(name)) : -1;
    const pt_label *label = tag >= 0 ? &c->project->tags[tag].label : NULL;

    if (!label)
        return pt_card_same(name);
    return (pt_card_text){pt_label_text(label, "zh", name), pt_label_text(label, "en", name)};
}

static const pt_measured *figure(const pt_measured *m, size_t n, const char *name)
{
    static const pt_measured none = {"", NAN, NAN, NAN};
    const pt_measured *found = pt_measured_find(m, n, name);

    return found ? found : &none;
}

static pt_card_text interval(study_card *c, const pt_measured *m)
{
    const char *text = isnan(m->low) ? pt_arena_printf(c->d.arena, "%.3f", m->value)
                                     : pt_arena_printf(c->d.arena, "%.3f (%.3f–%.3f)", m->value, m->low, m->high);

    c->d.failed |= !text;
    return pt_card_same(text ? text : "");
}

/* --- the summary ---------------------------------------------------------------------------------------------------- */

/* "'spend' (AUC 0.991), 'paid' (AUC 0.982)". */
static pt_card_text leak_names(study_card *c)
{
    const char *measure = c->s->task == PT_TASK_CLASSIFY ? "AUC" : "R²";
    pt_card_text all = {"", ""};

    for (size_t i = 0; i < c->s->n_leaks && all.zh && all.en; i++) {
        const pt_leak *leak = &c->s->leaks[i];
        pt_card_text name = study_card_feature(c, c->plan->train->features[leak->feature].name);
        all.zh = pt_arena_printf(c->d.arena, "%s%s“%s”（%s %.3f）", all.zh, i ? "、" : "", pt_card_say(name, "zh"),
                                 measure, leak->value);
        all.en = pt_arena_printf(c->d.arena, "%s%s'%s' (%s %.3f)", all.en, i ? ", " : "", pt_card_say(name, "en"),
                                 measure, leak->value);
    }
    c->d.failed |= !all.zh || !all.en;
    return all;
}

static void say_leaks(study_card *c)
{
    if (c->s->n_leaks == 1)
        PT_CARD_SAY(
            &c->d, true,
            "特征“{0}”单独就几乎能说出结果（{1} {2}）：请确认它在训练日当天确实已知，而不是事后才有的信息。",
            "The feature '{0}' alone all but tells the outcome ({1} {2}): make sure that it is known on the day of "
            "training, and not only afterwards.",
            study_card_feature(c, c->plan->train->features[c->s->leaks[0].feature].name),
            pt_card_same(c->s->task == PT_TASK_CLASSIFY ? "AUC" : "R²"),
            pt_card_number(&c->d, c->s->leaks[0].value, 3));
    else if (c->s->n_leaks)
        PT_CARD_SAY(&c->d, true,
                    "{0} 个特征各自单独就几乎能说出结果：{1}。请确认它们在训练日当天确实已知，而不是事后才有的信息。",
                    "{0} features, each alone, all but tell the outcome: {1}. Make sure that they are known on the day "
                    "of training, and not only afterwards.",
                    pt_card_count(&c->d, c->s->n_leaks), leak_names(c));
}

static void say_quality(study_card *c)
{
    const pt_study *s = c->s;
    const bool classes = s->task == PT_TASK_CLASSIFY;
    const pt_measured *auc = figure(s->figures, s->n_figures, classes ? "auc" : "r2");

    if (isnan(auc->value))
        return;
    if (auc->low > (classes ? 0.5 : 0)) /* else pt_model_doubt says so */
        PT_CARD_SAY(&c->d, false, "{0} 为 {1}，括号内为 95% 区间。", "{0} is {1}; in brackets the 95% interval.",
                    pt_card_measure_label(auc->name), interval(c, auc));
    if (classes && s->n_curves == 1 && isfinite(s->curves[0].lift[0].lift))
        PT_CARD_SAY(&c->d, false, "得分最高的 10% 客户中，实际发生的比例为 {0}，是全体的 {1} 倍，占全部发生者的 {2}。",
                    "Of the tenth of customers with the highest scores {0} had the outcome, {1} times as many as "
                    "overall, and {2} "
                    "of all who had it.",
                    pt_card_share(&c->d, s->curves[0].lift[0].rate),
                    pt_card_number(&c->d, s->curves[0].lift[0].lift, 1),
                    pt_card_share(&c->d, s->curves[0].lift[0].gain));
}

/* Far better on what it was fitted on than on what it was not. */
static void say_overfitting(study_card *c)
{
    const pt_candidate_result *r = &c->s->candidates[c->s->chosen];
    const char *name = c->s->task == PT_TASK_CLASSIFY ? "auc" : "r2";
    const double fitted = figure(r->training, r->n_training, name)->value;
    const double held_out = figure(r->validation, r->n_validation, name)->value;

    if (fitted - held_out > 0.1)
        PT_CARD_SAY(&c->d, true, "训练集上的 {0} 为 {1}，留出集上只有 {2}：模型过拟合，可减小复杂度或增加数据。",
                    "{0} is {1} on the rows it was fitted on and {2} on others: the model overfits; make it simpler, "
                    "or give it "
                    "more rows.",
                    pt_card_measure_label(name), pt_card_number(&c->d, fitted, 3), pt_card_number(&c->d, held_out, 3));
}

static void say_rows(study_card *c)
{
    const pt_table *t = c->plan->train;
    size_t rarest = t->rows;

    for (uint32_t k = 0; k < t->n_classes; k++) {
        size_t rows = 0;
        for (size_t i = 0; i < t->rows; i++)
            rows += t->target[i] == (float)k;
        rarest = rows < rarest ? rows : rarest;
    }
    if (!t->n_classes && rarest < 100)
        PT_CARD_SAY(&c->d, true, "数据太少：只有 {0} 行可供学习，结果请谨慎使用。",
                    "There is little to learn from: {0} rows. Take the figures with care.",
                    pt_card_count(&c->d, rarest));
    else if (rarest < 100)
        PT_CARD_SAY(&c->d, true, "数据太少：最少的一类只有 {0} 行，结果请谨慎使用。",
                    "There is little to learn from: the rarest outcome has {0} rows. Take the figures with care.",
                    pt_card_count(&c->d, rarest));
}

static void say_summary(study_card *c)
{
    const pt_study *s = c->s;
    const pt_measured *silhouette = figure(s->figures, s->n_figures, "silhouette");

    c->d.section = NULL;
    if (s->task == PT_TASK_CLUSTER && s->n_clusters == 0) {
        PT_CARD_SAY(&c->d, true, "没有找到簇：所有客户都未归类。可把簇的最小规模调小，或换用 kmeans。",
                    "No clusters: all customers are left over. Ask for smaller ones, or take kmeans.");
        return;
    }
    if (s->task == PT_TASK_CLUSTER) {
        PT_CARD_SAY(&c->d, silhouette->value < 0.25,
                    "共 {0} 个簇，轮廓系数 {1}（越接近 1 越分明，低于 0.25 说明簇之间界限模糊）。",
                    "{0} clusters with a silhouette of {1} (the nearer to 1 the better apart; under 0.25 they run into "
                    "one another).",
                    pt_card_count(&c->d, s->n_clusters), interval(c, silhouette));
        return;
    }
    say_leaks(c);
    say_quality(c);
    say_overfitting(c);
    say_rows(c);
}

/* --- how well ------------------------------------------------------------------------------------------------------- */

static void points(study_card *c, pt_card_curve *curve, pt_card_text label, const pt_point *p, size_t n)
{
    enum { MOST = 60 };
    const size_t step = (n + MOST - 1) / MOST;
    double *x = pt_card_doubles(&c->d, MOST + 2);
    double *y = pt_card_doubles(&c->d, MOST + 2);
    size_t kept = 0;

    for (size_t i = 0; x && y && i < n; i++)
        if (i % step == 0 || i + 1 == n) {
            x[kept] = p[i].x;
            y[kept++] = p[i].y;
        }
    pt_card_add_series(&c->d, curve, label, x, y, kept);
}

static pt_card_text class_name(const study_card *c, size_t k)
{
    return c->n_curves == 1 ? pt_card_both("模型", "the model")
                            : pt_card_same(pt_pipeline_class(c->pipeline, (uint32_t)k));
}

static void add_roc(study_card *c)
{
    pt_card_curve *roc = pt_card_add_curve(&c->d, "roc", PT_CARD_LINE, "ROC 曲线", "ROC curve");
    pt_card_curve *pr;

    for (size_t k = 0; roc && k < c->n_curves; k++)
        points(c, roc, class_name(c, k), c->curves[k].roc, c->curves[k].n_roc);
    if (roc) {
        roc->diagonal = true;
        roc->x_label = pt_card_both("假阳性率", "False positive rate");
        roc->y_label = pt_card_both("真阳性率（召回率）", "True positive rate");
    }
    pr = pt_card_add_curve(&c->d, "precision_recall", PT_CARD_LINE, "精确率与召回率", "Precision and recall");
    for (size_t k = 0; pr && k < c->n_curves; k++)
        points(c, pr, class_name(c, k), c->curves[k].pr, c->curves[k].n_pr);
    if (pr) {
        pr->x_label = pt_card_both("召回率", "Recall");
        pr->y_label = pt_card_both("精确率", "Precision");
    }
}

static void add_calibration(study_card *c)
{
    pt_card_curve *curve = pt_card_add_curve(&c->d, "calibration", PT_CARD_LINE, "校准：预测概率与实际比例",
                                             "Calibration: what was predicted and what came");

    for (size_t k = 0; curve && k < c->n_curves; k++) {
        double *x = pt_card_doubles(&c->d, 10), *y = pt_card_doubles(&c->d, 10);
        size_t n = 0;
        for (int b = 0; x && y && b < 10; b++)
            if (c->curves[k].calibration[b].rows >= c->least) {
                x[n] = c->curves[k].calibration[b].predicted;
                y[n++] = c->curves[k].calibration[b].actual;
            }
        pt_card_add_series(&c->d, curve, class_name(c, k), x, y, n);
    }
    if (curve) {
        curve->diagonal = true;
        curve->x_label = pt_card_both("平均预测概率", "Mean predicted probability");
        curve->y_label = pt_card_both("实际比例", "Share that came");
    }
}

static void add_gain(study_card *c)
{
    pt_card_curve *curve = pt_card_add_curve(&c->d, "gain", PT_CARD_LINE, "累计增益", "Cumulative gain");
    double *x = pt_card_doubles(&c->d, 11), *y = pt_card_doubles(&c->d, 11);

    for (int t = 0; x && y && t < 10; t++) {
        x[t + 1] = (t + 1) / 10.0;
        y[t + 1] = c->curves[0].lift[t].gain;
    }
    if (!curve)
        return;
    pt_card_add_series(&c->d, curve, class_name(c, 0), x, y, 11);
    curve->diagonal = true;
    curve->x_label = pt_card_both("按得分从高到低触达的客户占比", "Share of customers, highest scores first");
    curve->y_label = pt_card_both("覆盖的发生者占比", "Share of outcomes among them");
}

static void add_lift(study_card *c)
{
    static const pt_card_column columns[] = {{"tenth", {"十分位", "Tenth"}, PT_CELL_COUNT},
                                             {"rows", {"客户数", "Customers"}, PT_CELL_COUNT},
                                             {"rate", {"发生比例", "Rate"}, PT_CELL_SHARE},
                                             {"lift", {"提升度", "Lift"}, PT_CELL_NUMBER},
                                             {"cumulative_lift", {"累计提升度", "Cumulative lift"}, PT_CELL_NUMBER},
                                             {"gain", {"累计增益", "Gain"}, PT_CELL_SHARE},
                                             {"threshold", {"最低得分", "Lowest score"}, PT_CELL_NUMBER}};
    enum { COLUMNS = PT_COUNT(columns) };
    pt_card_table *t = pt_card_add_table(&c->d, "lift", "按得分十等分的提升度", "Lift by tenths of the score");
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, 10 * COLUMNS);

    c->d.failed |= !cells;
    if (!t || !cells || c->curves[0].lift[0].rows < c->least)
        return;
    for (int i = 0; i < 10; i++) {
        const pt_lift_row *l = &c->curves[0].lift[i];
        const double row[COLUMNS] = {i + 1,   (double)l->rows, l->rate, l->lift, l->cumulative_lift,
                                     l->gain, l->threshold};
        for (int k = 0; k < COLUMNS; k++)
            cells[i * COLUMNS + k].number = row[k];
    }
    t->columns = columns;
    t->n_columns = COLUMNS;
    t->n_rows = 10;
    t->cells = cells;
}

static void add_confusion(study_card *c)
{
    const uint32_t n = pt_pipeline_n_classes(c->pipeline);
    pt_card_table *t = pt_card_add_table(&c->d, "confusion", "混淆矩阵", "Confusion matrix");
    pt_card_column *columns = PT_NEW_ARRAY(c->d.arena, pt_card_column, n + 1);
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, (size_t)n * (n + 1));

    c->d.failed |= !columns || !cells;
    if (!t || !columns || !cells)
        return;
    columns[0] = (pt_card_column){"actual", {"实际", "What came"}, PT_CELL_TEXT};
    for (uint32_t k = 0; k < n; k++) {
        const char *name = pt_pipeline_class(c->pipeline, k);
        const char *zh = pt_arena_printf(c->d.arena, "预测为 %s", name);
        const char *en = pt_arena_printf(c->d.arena, "predicted %s", name);
        columns[k + 1] = (pt_card_column){name, {zh, en}, PT_CELL_COUNT};
        cells[k * (n + 1)].text = pt_card_same(name);
        for (uint32_t j = 0; j < n; j++)
            cells[k * (n + 1) + j + 1].number = (double)c->confusion[(size_t)k * n + j];
    }
    t->columns = columns;
    t->n_columns = n + 1;
    t->n_rows = n;
    t->cells = cells;
    if (n == 2) {
        const char *zh = pt_arena_printf(c->d.arena, "概率不低于 %.3f 时判为 %s；该阈值使验证集上的 F1 最高。",
                                         pt_pipeline_threshold(c->pipeline), pt_pipeline_class(c->pipeline, 1));
        const char *en =
            pt_arena_printf(c->d.arena, "%s is meant from a probability of %.3f on, where F1 is best in validation.",
                            pt_pipeline_class(c->pipeline, 1), pt_pipeline_threshold(c->pipeline));
        t->note = pt_card_both(zh, en);
        c->d.failed |= !zh || !en;
    }
}

/* --- algorithms compared -------------------------------------------------------------------------------------------- */

static void add_comparison(study_card *c)
{
    static const char *const of_classes[] = {"auc", "pr_auc", "log_loss", "f1"};
    static const char *const of_values[] = {"rmse", "mae", "r2", "mape"};
    static const char *const of_clusters[] = {"silhouette", "davies_bouldin", "stability", "clusters"};
    enum { SHOWN = 4, COLUMNS = SHOWN + 2 };
    const pt_study *s = c->s;
    const char *const *names = s->task == PT_TASK_CLASSIFY  ? of_classes
                               : s->task == PT_TASK_REGRESS ? of_values
                                                            : of_clusters;
    pt_card_table *t =
        pt_card_add_table(&c->d, "algorithms", "各算法在留出数据上的表现", "Algorithms on rows held out");
    pt_card_column *columns = PT_NEW_ARRAY(c->d.arena, pt_card_column, COLUMNS);
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, s->n_candidates * COLUMNS + 1);

    c->d.failed |= !columns || !cells;
    if (!t || !columns || !cells)
        return;
    columns[0] = (pt_card_column){"algorithm", {"算法", "Algorithm"}, PT_CELL_TEXT};
    for (int k = 0; k < SHOWN; k++)
        columns[k + 1] = (pt_card_column){names[k], pt_card_measure_label(names[k]), PT_CELL_TEXT};
    columns[SHOWN + 1] =
        (pt_card_column){"training", {"训练集（首项指标）", "First figure in training"}, PT_CELL_NUMBER};
    for (size_t i = 0; i < s->n_candidates; i++) {
        const pt_candidate_result *r = &s->candidates[i];
        cells[i * COLUMNS].text = pt_card_same(r->name);
        for (int k = 0; k < SHOWN; k++)
            cells[i * COLUMNS + (size_t)k + 1].text =
                r->failure ? pt_card_same(k ? "" : r->failure)
                           : interval(c, figure(r->validation, r->n_validation, names[k]));
        cells[i * COLUMNS + SHOWN + 1].number = figure(r->training, r->n_training, names[0])->value;
    }
    *t = (pt_card_table){t->key, t->title, {NULL, NULL}, COLUMNS, s->n_candidates, columns, cells};
    t->note = pt_card_both("括号内为 95% 区间；majority 是只看总体比例的基线。",
                           "In brackets the 95% interval; majority is the baseline that looks at no feature.");
}

static void add_learning_curve(study_card *c)
{
    const pt_curve *learned = &c->s->candidates[c->s->chosen].curve;
    pt_card_curve *curve;
    double *x;

    if (learned->n < 2)
        return;
    curve = pt_card_add_curve(&c->d, "learning", PT_CARD_LINE, "训练过程中的损失", "Loss while learning");
    x = pt_card_doubles(&c->d, learned->n);
    for (size_t i = 0; x && i < learned->n; i++)
        x[i] = (double)i + 1;
    pt_card_add_series(&c->d, curve, pt_card_both("训练集", "training rows"), x, learned->train, learned->n);
    if (learned->watched)
        pt_card_add_series(&c->d, curve, pt_card_both("留出集", "rows held out"), x, learned->watched, learned->n);
    if (curve) {
        curve->x_label = pt_card_both("步数", "Step");
        curve->y_label = pt_card_measure_label(learned->measure);
    }
}

static void add_curves(study_card *c)
{
    if (!c->n_curves)
        return;
    add_roc(c);
    add_calibration(c);
    if (c->n_curves == 1) {
        add_gain(c);
        add_lift(c);
    }
    add_confusion(c);
}

static void begin_performance(study_card *c)
{
    pt_card_begin_section(&c->d, "performance", "模型表现", "How well it does");
}

void study_card_curves(study_card *c, const pt_class_curves *curves, const uint64_t *confusion)
{
    c->curves = curves;
    c->n_curves = 1;
    c->confusion = confusion;
    begin_performance(c);
    add_curves(c);
}

static void add_performance(study_card *c)
{
    begin_performance(c);
    add_curves(c);
    add_comparison(c);
    add_learning_curve(c);
}

/* --- clusters ------------------------------------------------------------------------------------------------------- */

static void add_clusters(study_card *c)
{
    const pt_study *s = c->s;
    const bool alone = s->n_clusters && s->cluster_sizes[s->n_clusters] > 0;
    const size_t n = s->n_clusters + alone;
    pt_card_curve *curve;
    pt_card_text *names = PT_NEW_ARRAY(c->d.arena, pt_card_text, n + 1);
    double *sizes = pt_card_doubles(&c->d, n);

    pt_card_begin_section(&c->d, "clusters", "簇", "Clusters");
    curve = pt_card_add_curve(&c->d, "sizes", PT_CARD_BAR, "各簇客户数", "Customers by cluster");
    c->d.failed |= !names;
    if (!curve || !names || !sizes)
        return;
    for (size_t i = 0; i < n; i++) {
        names[i] = i < s->n_clusters ? pt_card_count(&c->d, i) : pt_card_both("未归类", "in none");
        sizes[i] = (double)s->cluster_sizes[i];
    }
    curve->names = names;
    curve->n_names = n;
    pt_card_add_series(&c->d, curve, pt_card_both("客户数", "Customers"), NULL, sizes, n);
}

pt_rc pt_card_of_study(pt_card *out, const pt_study *s, const pt_study_plan *plan, const pt_project *project,
                       pt_arena *arena, pt_err *err)
{
    study_card c = {.d = {.card = out, .arena = arena}, .s = s, .plan = plan, .project = project};
    const pt_candidate_result *r = &s->candidates[s->chosen];

    c.least = plan->min_group ? plan->min_group : 1;
    c.pipeline = s->pipeline;
    c.curves = s->curves;
    c.n_curves = s->task == PT_TASK_CLASSIFY ? s->n_curves : 0;
    c.confusion = s->confusion;
    out->algorithm = r->name;
    pt_card_add_measures(&c.d, s->figures, s->n_figures, NULL, s->part);
    if (strcmp(s->part, "test") == 0)
        pt_card_add_measures(&c.d, r->validation, r->n_validation, NULL, "validation");
    pt_card_add_measures(&c.d, r->training, r->n_training, NULL, "train");
    for (size_t i = 0; i < s->n_candidates; i++)
        if (i != s->chosen && !s->candidates[i].failure)
            pt_card_add_measures(&c.d, s->candidates[i].validation, s->candidates[i].n_validation,
                                 s->candidates[i].name, "validation");
    say_summary(&c);
    if (s->task == PT_TASK_CLUSTER)
        add_clusters(&c);
    add_performance(&c);
    study_card_scorecard(&c);
    study_card_explain(&c);
    study_card_fairness(&c);
    return c.d.failed ? pt_fail_nomem(err, "a model card") : PT_OK;
}
