/* The card of a credit risk model: characteristics, their bins, what each bin is worth in points. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/study_card_int.h"
#include "app/tree_text.h"
#include "model/scorecard.h"
#include "model/woe.h"

enum { NAMES_SHOWN = 6 };

/* A category as it is shown: tiers may have labels. */
static pt_card_text name_of(const study_card *c, const char *feature, const char *name)
{
    int tag = c->project ? pt_project_find_tag(c->project, pt_sv_of(feature)) : -1;

    for (size_t i = 0; tag >= 0 && i < c->project->tags[tag].n_tier_labels; i++)
        if (strcmp(c->project->tags[tag].tier_labels[i].name, name) == 0) {
            const pt_label *label = &c->project->tags[tag].tier_labels[i].label;
            return pt_card_both(pt_label_text(label, "zh", name), pt_label_text(label, "en", name));
        }
    return pt_card_same(name);
}

static pt_type type_of(const study_card *c, const char *feature)
{
    return c->project ? pt_tree_type(feature, c->project) : PT_TYPE_NUMBER;
}

/* Up to six of the names in a bin, and how many more there are. */
static pt_card_text name_list(study_card *c, const char *feature, const pt_woe *w, const char *const *names, size_t bin)
{
    pt_str zh = {0}, en = {0};
    size_t n = 0;

    for (size_t k = 0; k < w->n_names; k++)
        if (w->name_bins[k] == bin && n++ < NAMES_SHOWN) {
            pt_card_text name = name_of(c, feature, names[k]);
            pt_str_addf(&zh, "%s%s", n > 1 ? "、" : "", name.zh);
            pt_str_addf(&en, "%s%s", n > 1 ? ", " : "", name.en);
        }
    if (n > NAMES_SHOWN) {
        pt_str_addf(&zh, "等 %zu 个", n);
        pt_str_addf(&en, " and %zu more", n - NAMES_SHOWN);
    }
    if (w->rare_bin == bin) {
        pt_str_add(&zh, n ? "、其他少见值" : "其他少见值");
        pt_str_add(&en, n ? ", rare values" : "rare values");
    }
    pt_card_text text = {pt_arena_strdup(c->d.arena, pt_str_cstr(&zh)), pt_arena_strdup(c->d.arena, pt_str_cstr(&en))};
    c->d.failed |= zh.failed || en.failed || !text.zh || !text.en;
    pt_str_free(&zh);
    pt_str_free(&en);
    return text;
}

/* The fewest digits that read back as the same float. */
static void format_float(char out[32], float v)
{
    for (int digits = 1; digits <= 9; digits++) {
        snprintf(out, 32, "%.*g", digits, (double)v);
        if (strtof(out, NULL) == v)
            break;
    }
    double exact;
    if (pt_parse_double(&exact, pt_sv_of(out))) /* 14000 rather than 1.4e+04 */
        pt_format_double(out, exact);
}

static pt_card_text range(study_card *c, const char *feature, const pt_woe *w, size_t bin)
{
    char low[32] = "", high[32] = "";
    const char *text;

    if (w->n_ordinary == 1)
        return pt_card_both("任意值", "any value");
    if (type_of(c, feature) == PT_TYPE_BOOL && w->n_ordinary == 2)
        return bin ? pt_card_both("是", "yes") : pt_card_both("否", "no");
    if (bin > 0)
        format_float(low, w->edges[bin - 1]);
    if (bin + 1 < w->n_ordinary)
        format_float(high, w->edges[bin]);
    if (bin == 0)
        text = pt_arena_printf(c->d.arena, "< %s", high);
    else if (bin + 1 == w->n_ordinary)
        text = pt_arena_printf(c->d.arena, "≥ %s", low);
    else
        text = pt_arena_printf(c->d.arena, "%s – < %s", low, high);
    c->d.failed |= !text;
    return pt_card_same(text);
}

static pt_card_text bin_label(study_card *c, const char *feature, const pt_woe *w, const char *const *names, size_t bin)
{
    char number[32];

    if (bin == w->n_ordinary + w->n_special)
        return pt_card_both("缺失", "missing");
    if (bin < w->n_ordinary)
        return w->categories ? name_list(c, feature, w, names, bin) : range(c, feature, w, bin);
    format_float(number, w->special[bin - w->n_ordinary]);
    const char *text = pt_arena_printf(c->d.arena, "= %s", number);
    c->d.failed |= !text;
    return pt_card_same(text);
}

static const char *feature_of(const study_card *c, size_t column)
{
    pt_str unused = {0};
    size_t f = pt_pipeline_column(c->pipeline, column, &unused);

    pt_str_free(&unused);
    return pt_pipeline_feature(c->pipeline, f).name;
}

/* What is measured: of days how long they are past. */
static pt_card_text label_of(study_card *c, const char *feature, const pt_woe *w)
{
    pt_card_text label = study_card_feature(c, feature);
    pt_type type = type_of(c, feature);

    if (w->categories || (type != PT_TYPE_DATE && type != PT_TYPE_INSTANT))
        return label;
    label.zh = pt_arena_printf(c->d.arena, "%s距今天数", label.zh);
    label.en = pt_arena_printf(c->d.arena, "days since %s", label.en);
    c->d.failed |= !label.zh || !label.en;
    return label;
}

/* Whether a bin stands on the card: bins that no customer is in do not, but for missing, which has to be worth something. */
static bool is_shown(const pt_woe *w, size_t bin)
{
    return w->bins[bin].events + w->bins[bin].others > 0 || bin + 1 == pt_woe_bins(w);
}

static void add_bins(study_card *c, const pt_scorecard *s)
{
    static const pt_card_column columns[] = {{"characteristic", {"特征", "Characteristic"}, PT_CELL_TEXT},
                                             {"bin", {"分箱", "Bin"}, PT_CELL_TEXT},
                                             {"customers", {"客户数", "Customers"}, PT_CELL_COUNT},
                                             {"rate", {"坏客户比例", "Bad rate"}, PT_CELL_SHARE},
                                             {"woe", {"证据权重", "Weight of evidence"}, PT_CELL_NUMBER},
                                             {"points", {"分数", "Points"}, PT_CELL_NUMBER}};
    enum { COLUMNS = PT_COUNT(columns) };
    pt_card_table *t = pt_card_add_table(&c->d, "card", "评分卡", "The card");
    const char *const *names;
    size_t rows = 0;

    for (size_t i = 0; i < s->n; i++)
        rows += pt_woe_bins(pt_pipeline_woe(c->pipeline, s->column[i], &names));
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, rows * COLUMNS);
    c->d.failed |= !cells;
    if (!t || !cells)
        return;
    *t = (pt_card_table){t->key, t->title, {NULL, NULL}, COLUMNS, 0, columns, cells};
    t->note = pt_card_both("证据权重大于 0 表示坏客户比总体更多；各特征分数相加即为总分，分数越高风险越低。",
                           "A weight of evidence above 0 means more bad customers than overall; points add up to the "
                           "score, and more points mean less risk.");
    for (size_t i = 0; i < s->n; i++) {
        const pt_woe *w = pt_pipeline_woe(c->pipeline, s->column[i], &names);
        const char *feature = feature_of(c, s->column[i]);
        bool first = true;
        for (size_t b = 0; b < pt_woe_bins(w); b++) {
            const pt_woe_bin *bin = &w->bins[b];
            pt_card_cell *cell = cells + t->n_rows * COLUMNS;
            double n = bin->events + bin->others;
            if (!is_shown(w, b))
                continue;
            cell[0].text = first ? label_of(c, feature, w) : pt_card_same("");
            cell[1].text = bin_label(c, feature, w, names, b);
            cell[2].number = n >= (double)c->least ? n : NAN; /* few people are not described */
            cell[3].number = n >= (double)c->least ? bin->events / n : NAN;
            cell[4].number = bin->woe;
            cell[5].number = round(pt_scorecard_points(s, i, bin->woe));
            t->n_rows++;
            first = false;
        }
    }
}

static int by_value(const void *a, const void *b)
{
    double x = ((const pt_card_cell *)a)[1].number, y = ((const pt_card_cell *)b)[1].number;

    return x > y ? -1 : x < y;
}

/* Information value of every feature, falling; which are on the card and with what weight. */
static void add_values(study_card *c, const pt_scorecard *s)
{
    static const pt_card_column columns[] = {{"feature", {"特征", "Feature"}, PT_CELL_TEXT},
                                             {"iv", {"信息值（IV）", "Information value"}, PT_CELL_NUMBER},
                                             {"weight", {"系数", "Weight"}, PT_CELL_NUMBER}};
    enum { COLUMNS = PT_COUNT(columns) };
    pt_card_table *t = pt_card_add_table(&c->d, "information", "信息值", "Information values");
    pt_card_cell *cells = PT_NEW_ARRAY(c->d.arena, pt_card_cell, s->columns * COLUMNS);

    c->d.failed |= !cells;
    if (!t || !cells)
        return;
    for (size_t f = 0, i = 0; f < s->columns; f++) {
        bool kept = i < s->n && s->column[i] == f;
        cells[f * COLUMNS].text = study_card_feature(c, feature_of(c, f));
        cells[f * COLUMNS + 1].number = s->iv[f];
        cells[f * COLUMNS + 2].number = kept ? s->weight[i] : NAN;
        i += kept;
    }
    qsort(cells, s->columns, COLUMNS * sizeof *cells, by_value);
    *t = (pt_card_table){t->key, t->title, {NULL, NULL}, COLUMNS, s->columns, columns, cells};
    t->note = pt_card_both("低于 0.02 几乎没有区分力，高于 0.5 请检查是否提前知道了结果；没有系数的特征未入卡。",
                           "Below 0.02 a feature tells next to nothing; above 0.5 ask whether it knows the outcome. "
                           "Features without a weight are not on the card.");
}

/* KS and Gini, the figures that credit departments go by. */
static void say_power(study_card *c)
{
    const pt_measured *ks = pt_measured_find(c->s->figures, c->s->n_figures, "ks");
    const pt_measured *auc = pt_measured_find(c->s->figures, c->s->n_figures, "auc");

    if (ks && auc && isfinite(ks->value) && isfinite(auc->value))
        PT_CARD_SAY(&c->d, false, "KS 值 {0}，基尼系数 {1}（{2}）。", "KS {0}, Gini {1} ({2}).",
                    pt_card_number(&c->d, ks->value, 3), pt_card_number(&c->d, 2 * auc->value - 1, 3),
                    pt_card_part_label(c->s->part));
}

void study_card_scorecard(study_card *c)
{
    if (pt_pipeline_learner(c->pipeline) != &pt_scorecard_learner)
        return;
    pt_scorecard s = pt_scorecard_of(pt_pipeline_model(c->pipeline));
    pt_card_begin_section(&c->d, "scorecard", "信用评分卡", "Credit risk card");
    PT_CARD_SAY(&c->d, false, "{0} 分对应好坏比 {1} : 1；每高 {2} 分，好坏比翻一倍。共 {3} 个特征入卡。",
                "{0} points stand for {1} good customers on each bad one; {2} points more double that. {3} "
                "characteristics are on the card.",
                pt_card_number(&c->d, s.base_score, 0), pt_card_number(&c->d, s.odds, 0),
                pt_card_number(&c->d, s.pdo, 0), pt_card_count(&c->d, s.n));
    say_power(c);
    add_bins(c, &s);
    add_values(c, &s);
}
