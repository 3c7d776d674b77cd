/* How a model in use does later, and how far the world has moved. */
#include <math.h>

#include "app/card_draft.h"
#include "app/study_card_int.h"

typedef struct evaluation {
    pt_card_draft d;
    const pt_pipeline *p;
    const pt_table *table;
    const pt_project *project;
    pt_pool *pool;
    size_t least;
    pt_err *err;
} evaluation;

static pt_rc predict(float **out, const evaluation *e, const pt_row_set *rows)
{
    *out = PT_NEW_ARRAY(e->d.arena, float, rows->n *pt_pipeline_outputs(e->p) + 1);
    if (!*out)
        return pt_fail_nomem(e->err, "an evaluation");
    return pt_pipeline_predict(*out, e->p, e->table, rows, e->pool, e->err);
}

/* Figures, and the curves of class 1, by the same words as a study's. */
static pt_rc add_performance(evaluation *e)
{
    const pt_row_set rows = pt_all_rows(e->table);
    const pt_measure_options options = {.seed = 1, .pool = e->pool, .threshold = pt_pipeline_threshold(e->p)};
    const bool classes = pt_pipeline_task(e->p) == PT_TASK_CLASSIFY;
    pt_class_curves *curves = PT_NEW_ARRAY(e->d.arena, pt_class_curves, 1);
    uint64_t *confusion = PT_NEW_ARRAY(e->d.arena, uint64_t, 4);
    const pt_measured *m;
    float *predicted;
    size_t n;

    if (!curves || !confusion)
        return pt_fail_nomem(e->err, "an evaluation");
    PT_TRY(predict(&predicted, e, &rows));
    const pt_outcome o = {rows.n, pt_pipeline_outputs(e->p), predicted, e->table->target, NULL};
    PT_TRY(classes ? pt_measure_classes(&m, &n, &o, &options, e->d.arena, e->err)
                   : pt_measure_values(&m, &n, &o, &options, e->d.arena, e->err));
    pt_card_add_measures(&e->d, m, n, NULL, "later");
    if (o.outputs != 2)
        return PT_OK;
    PT_TRY(pt_measure_curves(curves, &o, 1, e->d.arena, e->err));
    pt_measure_confusion(confusion, &o, options.threshold);
    study_card c = {.d = e->d, .project = e->project, .least = e->least, .pipeline = e->p};
    study_card_curves(&c, curves, confusion);
    e->d.failed |= c.d.failed;
    return PT_OK;
}

/* --- drift ---------------------------------------------------------------------------------------------------------- */

static pt_card_text how_much(double psi)
{
    return psi < 0.1    ? pt_card_both("变化很小", "little")
           : psi < 0.25 ? pt_card_both("有所变化", "some")
                        : pt_card_both("变化很大", "a lot");
}

static pt_card_text feature_name(const evaluation *e, const char *name)
{
    const study_card c = {.project = e->project};

    return name ? study_card_feature(&c, name) : pt_card_both("模型的预测", "the predictions");
}

static void say_drift(evaluation *e, const pt_drift *drift, size_t n)
{
    size_t moved = 0;

    for (size_t i = 0; i < n; i++) {
        if (drift[i].feature)
            moved += drift[i].psi > 0.25;
        else if (drift[i].psi > 0.25)
            PT_CARD_SAY(&e->d, true, "预测的分布与训练时相比变化很大（PSI {0}）：建议重新训练。",
                        "The predictions are spread quite unlike in training (PSI {0}): train it again.",
                        pt_card_number(&e->d, drift[i].psi, 2));
    }
    if (moved)
        PT_CARD_SAY(&e->d, true, "有 {0} 个特征的分布变化很大，首先是“{1}”（PSI {2}）。",
                    "Features that have moved a lot: {0}, first of all '{1}' (PSI {2}).", pt_card_count(&e->d, moved),
                    feature_name(e, drift[0].feature), pt_card_number(&e->d, drift[0].psi, 2));
    else
        PT_CARD_SAY(&e->d, false, "没有特征的分布发生很大变化（PSI 均不超过 0.25）。",
                    "No feature has moved a lot (PSI at most 0.25).", pt_card_same(""));
}

static pt_rc add_drift(evaluation *e)
{
    static const pt_card_column columns[] = {{"feature", {"特征", "Feature"}, PT_CELL_TEXT},
                                             {"psi", {"PSI", "PSI"}, PT_CELL_NUMBER},
                                             {"change", {"变化", "Change"}, PT_CELL_TEXT},
                                             {"missing_then", {"训练时缺失", "Missing in training"}, PT_CELL_SHARE},
                                             {"missing_now", {"现在缺失", "Missing now"}, PT_CELL_SHARE}};
    enum { COLUMNS = PT_COUNT(columns) };
    const pt_row_set rows = pt_all_rows(e->table);
    const pt_drift *drift;
    pt_card_table *t;
    pt_card_cell *cells;
    size_t n;

    PT_TRY(pt_pipeline_drift(&drift, &n, e->p, e->table, &rows, e->pool, e->d.arena, e->err));
    pt_card_begin_section(&e->d, "drift", "训练以来的变化", "What has moved since training");
    say_drift(e, drift, n);
    t = pt_card_add_table(&e->d, "drift", "分布变化（PSI）", "How far values have moved (PSI)");
    cells = PT_NEW_ARRAY(e->d.arena, pt_card_cell, n * COLUMNS + 1);
    if (!t || !cells)
        return pt_fail_nomem(e->err, "an evaluation");
    for (size_t i = 0; i < n; i++) {
        pt_card_cell *row = cells + i * COLUMNS;
        row[0].text = feature_name(e, drift[i].feature);
        row[1].number = drift[i].psi;
        row[2].text = how_much(drift[i].psi);
        row[3].number = drift[i].missing_then;
        row[4].number = drift[i].missing_now;
    }
    t->columns = columns;
    t->n_columns = COLUMNS;
    t->n_rows = n;
    t->cells = cells;
    return PT_OK;
}

pt_rc pt_card_of_evaluation(pt_card *out, const pt_pipeline *p, const pt_table *table, size_t min_group,
                            const pt_project *project, pt_pool *pool, pt_arena *arena, pt_err *err)
{
    evaluation e = {.d = {.card = out, .arena = arena},
                    .p = p,
                    .table = table,
                    .project = project,
                    .pool = pool,
                    .least = min_group ? min_group : 1,
                    .err = err};

    out->algorithm = pt_pipeline_learner(p)->name;
    if (table->target && pt_pipeline_task(p) != PT_TASK_CLUSTER) {
        if (table->n_classes != pt_pipeline_n_classes(p))
            return pt_fail(err, PT_EINVAL, "the target has other classes than when the model was trained");
        PT_TRY(add_performance(&e));
    }
    PT_TRY(add_drift(&e));
    return e.d.failed ? pt_fail_nomem(err, "a model card") : PT_OK;
}
