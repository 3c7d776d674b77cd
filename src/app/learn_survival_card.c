/* What the card of a survival model says. */
#include <stdlib.h>

#include "app/card_text.h"
#include "app/learn_survival_int.h"
#include "base/chances.h"

enum { MOST_FACTS = 8, MOST_SENTENCES = 6, MOST_MEASURES = 4, MOST_EFFECTS = 20, MOST_STEPS = 400, MOST_GROUPS = 8 };
static const double FAR_OFF = 0.25;

typedef struct writer {
    pt_arena *arena;
    const pt_learn_request *r;
    pt_card_sentence *sentences;
    pt_card_measure *measures;
    size_t n_sentences, n_measures;
} writer;

static bool start_writer(writer *w, const pt_learn_request *r)
{
    *w = (writer){.arena = r->arena,
                  .r = r,
                  .sentences = PT_NEW_ARRAY(r->arena, pt_card_sentence, MOST_SENTENCES),
                  .measures = PT_NEW_ARRAY(r->arena, pt_card_measure, MOST_MEASURES)};
    return w->sentences && w->measures;
}

static void add_sentence(writer *w, bool warning, pt_card_text text)
{
    if (w->n_sentences < MOST_SENTENCES)
        w->sentences[w->n_sentences++] = (pt_card_sentence){warning, text};
}

static void add_measure(writer *w, const char *name, const char *part, double value, double error)
{
    double width = PT_Z95 * error;

    if (!isnan(value) && w->n_measures < MOST_MEASURES)
        w->measures[w->n_measures++] = (pt_card_measure){name, NULL, part, value, value - width, value + width};
}

static void add_figures(writer *w, const pt_survival_figures *f, const char *part)
{
    add_measure(w, "concordance", part, f->concordance, f->concordance_error);
    add_measure(w, "brier", part, f->brier, f->brier_error);
}

static void tell_figures(writer *w, const pt_survival_figures *f, double horizon)
{
    if (isnan(f->actual)) {
        add_sentence(
            w, true,
            pt_card_printf(
                w->arena, "检验日之后的数据不足 %.0f 天，无法检验期内发生概率",
                "Less than %.0f days are known after the day of the test: chances within the horizon cannot be tested",
                horizon));
        return;
    }
    bool off = f->actual > 0 && fabs(f->expected / f->actual - 1) > FAR_OFF;
    add_sentence(w, off,
                 pt_card_printf(w->arena, "%.0f 天内：预期 %.1f%% 的客户发生，实际 %.1f%%",
                                "Within %.0f days it was expected of %.1f%% of customers; it happened to %.1f%%",
                                horizon, 100 * f->expected, 100 * f->actual));
    if (f->brier >= f->brier_of_share)
        add_sentence(w, true,
                     pt_card_printf(w->arena, "预测不优于给所有客户相同的概率",
                                    "It foresees no better than the same chance for everybody would"));
}

/* --- curves ------------------------------------------------------------------------------------------------------------------ */

/* Every k-th step of a long curve; begins with 1 at 0. */
static pt_rc put_curve(pt_card_series *out, pt_card_text label, const pt_survival_curve *c, pt_arena *arena,
                       pt_err *err)
{
    size_t step = c->n / MOST_STEPS + 1, n = 0;
    double *fields[4];

    for (size_t f = 0; f < PT_COUNT(fields); f++)
        if (!(fields[f] = PT_NEW_ARRAY(arena, double, c->n / step + 2)))
            return pt_fail_nomem(err, "a model card");
    fields[1][0] = fields[2][0] = fields[3][0] = 1;
    for (size_t i = step - 1; i < c->n; i += step) {
        n++;
        fields[0][n] = c->time[i];
        fields[1][n] = c->survival[i];
        fields[2][n] = c->low[i];
        fields[3][n] = c->high[i];
    }
    *out = (pt_card_series){label, n + 1, fields[0], fields[1], fields[2], fields[3]};
    return PT_OK;
}

static const pt_feature *group_feature(const pt_survival_study *s, const writer *w)
{
    const pt_setting_value *by = &w->r->def->settings[PT_SURVIVAL_BY];
    const pt_project *p = w->r->view->project;
    const pt_feature *f = by->given ? pt_table_feature(&s->train.table, p->tags[by->items[0].tag].name) : NULL;

    return f && f->kind == PT_FEATURE_CATEGORY ? f : NULL;
}

/* The groups of most customers that are large enough to be shown; 0 when there are none to compare. */
static size_t choose_groups(uint32_t *groups, const pt_feature *f, const pt_survival_study *s, const writer *w)
{
    size_t n = 0, least = w->r->view->project->min_group;
    uint64_t *counts = PT_NEW_ARRAY(w->arena, uint64_t, f->n_names);

    for (size_t i = 0; counts && i < s->train.table.rows; i++)
        if (f->codes[i] != PT_NO_CODE)
            counts[f->codes[i]]++;
    while (counts && n < MOST_GROUPS) {
        size_t best = f->n_names;
        for (size_t k = 0; k < f->n_names; k++)
            if (counts[k] >= (least ? least : 1) && (best == f->n_names || counts[k] > counts[best]))
                best = k;
        if (best == f->n_names)
            break;
        groups[n++] = (uint32_t)best;
        counts[best] = 0;
    }
    return n;
}

static pt_rc put_group(pt_card_series *out, const pt_feature *f, uint32_t code, const pt_survival_study *s,
                       const writer *w, pt_err *err)
{
    uint32_t *rows = PT_NEW_ARRAY(w->arena, uint32_t, s->train.table.rows);
    pt_survival_curve curve;
    size_t n = 0;

    if (!rows)
        return pt_fail_nomem(err, "a model card");
    for (size_t i = 0; i < s->train.table.rows; i++)
        if (f->codes[i] == code)
            rows[n++] = (uint32_t)i;
    PT_TRY(pt_kaplan_meier(&curve, &s->train.spans, rows, n, w->arena, err));
    return put_curve(out, pt_card_same(f->names[code]), &curve, w->arena, err);
}

/* Do the groups that are shown differ? */
static pt_rc tell_groups(writer *w, const pt_feature *f, const uint32_t *groups, size_t n, const pt_survival_study *s,
                         pt_err *err)
{
    size_t rows = s->train.table.rows, at = 0;
    double *time = PT_NEW_ARRAY(w->arena, double, rows);
    uint8_t *happened = PT_NEW_ARRAY(w->arena, uint8_t, rows);
    uint32_t *of = PT_NEW_ARRAY(w->arena, uint32_t, rows);
    pt_log_rank test;

    if (!time || !happened || !of)
        return pt_fail_nomem(err, "a model card");
    for (size_t i = 0; i < rows; i++)
        for (uint32_t g = 0; g < n; g++)
            if (f->codes[i] == groups[g]) {
                time[at] = s->train.spans.time[i];
                happened[at] = s->train.spans.happened[i];
                of[at++] = g;
            }
    PT_TRY(pt_log_rank_test(&test, NULL, NULL, &(pt_spans){at, time, happened}, of, n, err));
    if (!isnan(test.p))
        add_sentence(w, false,
                     pt_card_printf(w->arena, "按“%s”分组的曲线：对数秩检验 χ² = %.1f，p = %.2g",
                                    "Curves by '%s': log-rank chi-square %.1f, p %.2g", f->name, test.statistic,
                                    test.p));
    return PT_OK;
}

static pt_rc curves_section(pt_card_section *out, writer *w, const pt_survival_study *s, pt_err *err)
{
    pt_card_series *series = PT_NEW_ARRAY(w->arena, pt_card_series, MOST_GROUPS);
    pt_card_curve *c = PT_NEW(w->arena, pt_card_curve);
    const pt_feature *f = group_feature(s, w);
    uint32_t groups[MOST_GROUPS];
    size_t n = f ? choose_groups(groups, f, s, w) : 0;
    pt_survival_curve all;

    if (!series || !c)
        return pt_fail_nomem(err, "a model card");
    if (n < 2) {
        n = 1;
        PT_TRY(pt_kaplan_meier(&all, &s->train.spans, NULL, 0, w->arena, err));
        PT_TRY(put_curve(&series[0], (pt_card_text){"全部客户", "All customers"}, &all, w->arena, err));
    } else {
        for (size_t g = 0; g < n; g++)
            PT_TRY(put_group(&series[g], f, groups[g], s, w, err));
        PT_TRY(tell_groups(w, f, groups, n, s, err));
    }
    *c = (pt_card_curve){.key = "survival",
                         .chart = PT_CARD_STEP,
                         .title = {"尚未发生的客户占比", "Share to whom it has not happened"},
                         .x_label = {"天", "Days"},
                         .y_label = {"占比", "Share"},
                         .series = series,
                         .n_series = n};
    *out = (pt_card_section){.key = "curves", .title = {"多久之后", "How long it takes"}, .curves = c, .n_curves = 1};
    return PT_OK;
}

/* --- effects ----------------------------------------------------------------------------------------------------------------- */

static pt_card_text effect_text(const writer *w, const pt_hazard_effect *e)
{
    switch (e->kind) {
    case PT_HAZARD_NAME: return pt_card_printf(w->arena, "%s = %s", "%s = %s", e->feature, e->name);
    case PT_HAZARD_OTHER: return pt_card_printf(w->arena, "%s 为其他值", "%s is another", e->feature);
    case PT_HAZARD_MISSING: return pt_card_printf(w->arena, "%s 缺失", "%s is missing", e->feature);
    case PT_HAZARD_LENGTH:
        return pt_card_printf(w->arena, "%s 的项数（每标准差）", "%s, items (by standard deviation)", e->feature);
    default: return pt_card_printf(w->arena, "%s（每标准差）", "%s (by standard deviation)", e->feature);
    }
}

typedef struct ranked_effect {
    pt_hazard_effect effect;
    size_t at;
} ranked_effect;

static int by_strength(const void *a, const void *b)
{
    const ranked_effect *x = a, *y = b;
    double u = fabs(x->effect.z), v = fabs(y->effect.z);

    if (u != v)
        return u > v ? -1 : 1;
    return x->at < y->at ? -1 : x->at > y->at;
}

static pt_rc effects_section(pt_card_section *out, const writer *w, const pt_hazard *h, pt_err *err)
{
    enum { COLUMNS = 5 };
    static const pt_card_column columns[COLUMNS] = {
        {"what", {"特征", "Feature"}, PT_CELL_TEXT},
        {"ratio", {"风险比", "Hazard ratio"}, PT_CELL_NUMBER},
        {"low", {"95% 下限", "95% low"}, PT_CELL_NUMBER},
        {"high", {"95% 上限", "95% high"}, PT_CELL_NUMBER},
        {"z", {"z 值", "z"}, PT_CELL_NUMBER},
    };
    size_t n = pt_hazard_n_effects(h), shown = n < MOST_EFFECTS ? n : MOST_EFFECTS;
    ranked_effect *effects = PT_NEW_ARRAY(w->arena, ranked_effect, n);
    pt_card_cell *cells = PT_NEW_ARRAY(w->arena, pt_card_cell, COLUMNS * shown);
    pt_card_table *t = PT_NEW(w->arena, pt_card_table);

    if (!effects || !cells || !t)
        return pt_fail_nomem(err, "a model card");
    size_t known = 0;
    for (size_t i = 0; i < n; i++) {
        effects[known] = (ranked_effect){pt_hazard_effect_of(h, i), i};
        known += !isnan(effects[known].effect.z); /* not what the others are compared with */
    }
    qsort(effects, known, sizeof *effects, by_strength);
    shown = known < shown ? known : shown;
    for (size_t i = 0; i < shown; i++) {
        const pt_hazard_effect *e = &effects[i].effect;
        cells[i * COLUMNS] = (pt_card_cell){.text = effect_text(w, e)};
        cells[i * COLUMNS + 1].number = e->ratio;
        cells[i * COLUMNS + 2].number = e->low;
        cells[i * COLUMNS + 3].number = e->high;
        cells[i * COLUMNS + 4].number = e->z;
    }
    *t = (pt_card_table){.key = "effects",
                         .title = {"风险比", "Hazard ratios"},
                         .note = {"大于 1：更早发生", "Above 1: it happens earlier"},
                         .n_columns = COLUMNS,
                         .n_rows = shown,
                         .columns = columns,
                         .cells = cells};
    *out = (pt_card_section){.key = "explanation", .title = {"影响因素", "What moves it"}, .tables = t, .n_tables = 1};
    return PT_OK;
}

/* --- the card ---------------------------------------------------------------------------------------------------------------- */

static pt_card_fact fact(const char *key, const char *zh, const char *en, const char *value)
{
    return (pt_card_fact){key, {zh, en}, pt_card_same(value)};
}

static pt_rc add_facts(pt_card *out, const pt_survival_study *s, const writer *w, pt_err *err)
{
    pt_card_fact *f = PT_NEW_ARRAY(w->arena, pt_card_fact, MOST_FACTS);
    const pt_zone *zone = w->r->view->project->zone;
    size_t n = 0;

    if (!f)
        return pt_fail_nomem(err, "a model card");
    f[n++] = fact("event", "事件", "Event", w->r->def->settings[PT_SURVIVAL_EVENT].items[0].text);
    f[n++] = fact("horizon", "预测期", "Horizon", pt_arena_printf(w->arena, "%gd", s->horizon));
    f[n++] = fact("rows", "训练样本", "Rows of training", pt_card_digits(w->arena, s->on_train.rows));
    f[n++] = fact("events", "其中已发生", "Of these it happened to", pt_card_digits(w->arena, s->on_train.events));
    if (s->on_test.rows)
        f[n++] = fact("test_rows", "检验样本", "Rows of the test", pt_card_digits(w->arena, s->on_test.rows));
    f[n++] = fact("data_end", "数据截至", "Data up to", pt_card_last_day(w->arena, w->r->data_end, zone));
    out->facts = f;
    out->n_facts = n;
    return PT_OK;
}

pt_rc pt_survival_card(pt_card *out, const pt_survival_study *s, const pt_learn_request *r, pt_err *err)
{
    pt_card_section *sections = PT_NEW_ARRAY(r->arena, pt_card_section, 2);
    bool tested = s->on_test.rows > 0;
    writer w;

    *out = (pt_card){0};
    if (!sections || !start_writer(&w, r))
        return pt_fail_nomem(err, "a model card");
    add_figures(&w, &s->on_train, "train");
    if (tested)
        add_figures(&w, &s->on_test, "test");
    tell_figures(&w, tested ? &s->on_test : &s->on_train, s->horizon);
    if (!pt_hazard_cox(s->hazard)->converged)
        add_sentence(&w, true, pt_card_printf(w.arena, "拟合未收敛", "The fit did not settle"));
    PT_TRY(curves_section(&sections[0], &w, s, err));
    PT_TRY(effects_section(&sections[1], &w, s->hazard, err));
    PT_TRY(add_facts(out, s, &w, err));
    out->sentences = w.sentences;
    out->n_sentences = w.n_sentences;
    out->measures = w.measures;
    out->n_measures = w.n_measures;
    out->sections = sections;
    out->n_sections = 2;
    return PT_OK;
}

pt_rc pt_survival_later_card(pt_card *out, const pt_survival_figures *f, const pt_learn_request *r, pt_err *err)
{
    writer w;

    *out = (pt_card){0};
    if (!start_writer(&w, r))
        return pt_fail_nomem(err, "a model card");
    add_figures(&w, f, "later");
    tell_figures(&w, f, pt_survival_horizon(r->def));
    out->sentences = w.sentences;
    out->n_sentences = w.n_sentences;
    out->measures = w.measures;
    out->n_measures = w.n_measures;
    return PT_OK;
}
