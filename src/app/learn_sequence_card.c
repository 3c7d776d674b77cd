/* The card of a network over behaviour: what it looked at, how the loss fell, how well it does for customers it never saw. */
#include <stdlib.h>

#include "app/learn_sequence_int.h"
#include "base/time.h"

#define TEXT(zh_text, en_text) ((pt_card_text){.zh = (zh_text), .en = (en_text)})

enum { MOST_FACTS = 16, LISTED = 10, LINES = 10 };

typedef struct card_maker {
    pt_card *card;
    const sequence_model *m;
    const pt_learn_request *request;
    pt_arena *arena;
    bool short_of_memory;
    pt_card_fact facts[MOST_FACTS];
    size_t n_facts;
    pt_card_curve curves[3];
    size_t n_curves;
    pt_card_table tables[1];
    size_t n_tables;
    pt_card_sentence sentences[3];
    size_t n_sentences;
} card_maker;

static void *keep(card_maker *k, const void *items, size_t n, size_t size)
{
    void *copy = pt_arena_array(k->arena, n, size);

    if (!copy)
        k->short_of_memory = true;
    else if (n)
        memcpy(copy, items, n * size);
    return copy;
}

/* A text in the arena, or NULL, which is remembered. */
static const char *kept(card_maker *k, const char *s)
{
    k->short_of_memory |= !s;
    return s;
}

#define SAY(k, ...) kept(k, pt_arena_printf((k)->arena, __VA_ARGS__))

static void fact(card_maker *k, const char *key, pt_card_text label, const char *zh, const char *en)
{
    k->facts[k->n_facts++] = (pt_card_fact){key, label, {zh, en}};
}

/* --- facts -------------------------------------------------------------------------------------------------------------- */

static const char *column_names(card_maker *k)
{
    pt_str list = {0};

    for (uint32_t i = 0; i < k->m->n_columns; i++)
        pt_str_addf(&list, "%s%s", i ? ", " : "", k->m->columns[i].name);
    const char *s = SAY(k, "%s", pt_str_cstr(&list));
    pt_str_free(&list);
    return s;
}

/* A date where the instant begins one. */
static const char *day_text(card_maker *k, int64_t as_of)
{
    const pt_zone *zone = k->request->view->project->zone;
    int32_t date = pt_zone_date(zone, as_of);
    char buffer[40];

    if (pt_zone_midnight(zone, date) == as_of)
        return SAY(k, "%s", pt_date_format(buffer, date));
    return SAY(k, "%s", pt_instant_format(buffer, as_of, zone));
}

static const char *days_text(card_maker *k)
{
    pt_str list = {0};

    for (size_t i = 0; i < k->request->n_train; i++)
        pt_str_addf(&list, "%s%s", i ? ", " : "", day_text(k, k->request->train[i]));
    const char *s = SAY(k, "%s", pt_str_cstr(&list));
    pt_str_free(&list);
    return s;
}

static void shape_facts(card_maker *k)
{
    const pt_net_shape *s = pt_net_shape_of(k->m->net);
    const char *name = s->kind == PT_NET_GRU ? "GRU" : s->kind == PT_NET_LSTM ? "LSTM" : "CNN";
    bool by_day = s->kind == PT_NET_CNN;

    fact(k, "network", TEXT("网络", "network"), SAY(k, "%s，%u 个隐藏单元", name, s->hidden),
         SAY(k, "%s, %u hidden units", name, s->hidden));
    fact(k, "source", TEXT("数据源", "source"), k->m->source, k->m->source);
    fact(k, "columns", TEXT("列", "columns"), column_names(k), column_names(k));
    fact(k, "length", TEXT("看多少", "looks at"), SAY(k, by_day ? "最近 %u 天" : "最近 %u 个事件", s->length),
         SAY(k, by_day ? "the last %u days" : "the last %u events", s->length));
}

static void example_facts(card_maker *k, const sequence_judged *judged, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *count = SAY(k, "%zu", judged[i].rows->n);
        bool taught = strcmp(judged[i].part, "train") == 0, watched = strcmp(judged[i].part, "validation") == 0;
        fact(k,
             taught    ? "taught"
             : watched ? "watched"
                       : "held_out",
             taught    ? TEXT("学习样本", "examples learned from")
             : watched ? TEXT("监看样本（决定何时停）", "examples watched (they say when to stop)")
                       : TEXT("留出客户", "customers held out"),
             count, count);
    }
}

static void make_facts(card_maker *k, const sequence_judged *judged, size_t n, const pt_curve *curve)
{
    const pt_model_def *def = k->request->def;

    fact(k, "target", TEXT("目标", "target"), def->target.text, def->target.text);
    if (def->population.node)
        fact(k, "population", TEXT("人群", "population"), def->population.text, def->population.text);
    shape_facts(k);
    if (k->request->n_train)
        fact(k, "train", TEXT("学习截至", "taught as of"), days_text(k), days_text(k));
    if (k->request->has_test)
        fact(k, "test", TEXT("检验截至", "tested as of"), day_text(k, k->request->test), day_text(k, k->request->test));
    example_facts(k, judged, n);
    if (curve)
        fact(k, "epochs", TEXT("轮数", "epochs"), SAY(k, "共 %zu 轮，采用第 %zu 轮", curve->n, curve->best + 1),
             SAY(k, "%zu, of which number %zu was kept", curve->n, curve->best + 1));
}

/* --- figures ------------------------------------------------------------------------------------------------------------ */

typedef struct outcome {
    pt_outcome o;
    float *actual;
    uint32_t *group;
} outcome;

static pt_rc make_outcome(outcome *out, card_maker *k, const sequence_judged *j, pt_err *err)
{
    size_t n = j->rows->n;

    out->actual = PT_NEW_ARRAY(k->arena, float, n);
    out->group = PT_NEW_ARRAY(k->arena, uint32_t, n);
    if (!out->actual || !out->group)
        return pt_fail_nomem(err, "the card of a model");
    for (size_t i = 0; i < n; i++) {
        out->actual[i] = (float)j->rows->labels[i];
        out->group[i] = j->rows->rows[i].ordinal;
    }
    out->o = (pt_outcome){n, k->m->n_classes, j->predicted, out->actual, out->group};
    return PT_OK;
}

static const char *network_name(const card_maker *k)
{
    return sequence_network_name(k->request->def);
}

static pt_rc make_measures(card_maker *k, const sequence_judged *judged, size_t n, outcome *last, pt_err *err)
{
    pt_card_measure *all = NULL;
    size_t n_all = 0;

    for (size_t i = 0; i < n; i++) {
        const pt_measured *measured;
        size_t some;
        PT_TRY(make_outcome(last, k, &judged[i], err));
        pt_measure_options options = {.seed = k->request->seed, .pool = k->request->pool};
        PT_TRY(pt_measure_classes(&measured, &some, &last->o, &options, k->arena, err));
        if (!all && !(all = PT_NEW_ARRAY(k->arena, pt_card_measure, n * some)))
            return pt_fail_nomem(err, "the card of a model");
        const char *of = i + 1 < n ? network_name(k) : NULL; /* the model's own figures are those of the last part */
        for (size_t j = 0; j < some; j++)
            all[n_all++] = (pt_card_measure){.name = measured[j].name,
                                             .of = of,
                                             .part = judged[i].part,
                                             .value = measured[j].value,
                                             .low = measured[j].low,
                                             .high = measured[j].high};
    }
    k->card->measures = all;
    k->card->n_measures = n_all;
    return PT_OK;
}

static const pt_card_measure *measure_of(const card_maker *k, const char *name, const char *part)
{
    for (size_t i = 0; i < k->card->n_measures; i++)
        if (strcmp(k->card->measures[i].name, name) == 0 && strcmp(k->card->measures[i].part, part) == 0)
            return &k->card->measures[i];
    return NULL;
}

/* --- curves ------------------------------------------------------------------------------------------------------------- */

static const pt_card_series *one_series(card_maker *k, pt_card_text label, size_t n, const double *x, const double *y)
{
    return keep(k, &(pt_card_series){.label = label, .n = n, .x = x, .y = y}, 1, sizeof(pt_card_series));
}

static void loss_curve(card_maker *k, const pt_curve *curve)
{
    double *x = PT_NEW_ARRAY(k->arena, double, curve->n);

    for (size_t i = 0; x && i < curve->n; i++)
        x[i] = (double)(i + 1);
    const pt_card_series series[] = {
        {.label = TEXT("学习", "learned from"), .n = curve->n, .x = x, .y = curve->train},
        {.label = TEXT("监看", "watched"), .n = curve->n, .x = x, .y = curve->watched},
    };
    k->short_of_memory |= !x;
    k->curves[k->n_curves++] = (pt_card_curve){
        .key = "loss",
        .chart = PT_CARD_LINE,
        .title = TEXT("对数损失随轮数的变化", "log loss by epoch"),
        .note =
            TEXT("学习曲线含随机丢弃；监看曲线上升而学习曲线仍降，说明开始过拟合。",
                 "With dropout while learning. Where the watched one rises while the other falls, it learns by heart."),
        .x_label = TEXT("轮", "epoch"),
        .y_label = TEXT("对数损失", "log loss"),
        .series = keep(k, series, curve->watched ? 2 : 1, sizeof *series),
        .n_series = curve->watched ? 2 : 1,
    };
}

static void points(card_maker *k, const pt_point *from, size_t n, const double **x, const double **y)
{
    double *xs = PT_NEW_ARRAY(k->arena, double, n), *ys = PT_NEW_ARRAY(k->arena, double, n);

    k->short_of_memory |= !xs || !ys;
    for (size_t i = 0; xs && ys && i < n; i++) {
        xs[i] = from[i].x;
        ys[i] = from[i].y;
    }
    *x = xs;
    *y = ys;
}

static void roc_curve(card_maker *k, const pt_class_curves *curves)
{
    const double *x, *y;

    points(k, curves->roc, curves->n_roc, &x, &y);
    k->curves[k->n_curves++] = (pt_card_curve){
        .key = "roc",
        .chart = PT_CARD_LINE,
        .title = TEXT("ROC 曲线", "ROC curve"),
        .x_label = TEXT("误报率", "false positive rate"),
        .y_label = TEXT("命中率", "true positive rate"),
        .diagonal = true,
        .series = one_series(k, TEXT("留出客户", "held-out customers"), curves->n_roc, x, y),
        .n_series = 1,
    };
}

static void calibration_curve(card_maker *k, const pt_class_curves *curves)
{
    double x[LINES], y[LINES];
    size_t n = 0;

    for (size_t i = 0; i < PT_COUNT(curves->calibration); i++)
        if (curves->calibration[i].rows) {
            x[n] = curves->calibration[i].predicted;
            y[n++] = curves->calibration[i].actual;
        }
    k->curves[k->n_curves++] = (pt_card_curve){
        .key = "calibration",
        .chart = PT_CARD_LINE,
        .title = TEXT("校准：预测的概率与实际的比例", "calibration: what was said and what came"),
        .x_label = TEXT("预测的概率", "probability said"),
        .y_label = TEXT("实际的比例", "share that came"),
        .diagonal = true,
        .series = one_series(k, TEXT("留出客户", "held-out customers"), n, keep(k, x, n, sizeof *x),
                             keep(k, y, n, sizeof *y)),
        .n_series = 1,
    };
}

static void lift_table(card_maker *k, const pt_class_curves *curves)
{
    static const pt_card_column columns[] = {
        {"tenth", {"十分位", "tenth"}, PT_CELL_COUNT},
        {"customers", {"客户", "customers"}, PT_CELL_COUNT},
        {"rate", {"实际比例", "share that came"}, PT_CELL_SHARE},
        {"lift", {"提升", "lift"}, PT_CELL_NUMBER},
        {"gain", {"累计覆盖", "share of all hits so far"}, PT_CELL_SHARE},
    };
    pt_card_cell cells[LINES][PT_COUNT(columns)] = {0};

    for (size_t i = 0; i < LINES; i++) {
        const pt_lift_row *r = &curves->lift[i];
        const double values[] = {(double)(i + 1), (double)r->rows, r->rate, r->lift, r->gain};
        for (size_t c = 0; c < PT_COUNT(columns); c++)
            cells[i][c].number = values[c];
    }
    k->tables[k->n_tables++] = (pt_card_table){.key = "lift",
                                               .title = TEXT("按预测从高到低的十等分", "tenths by falling probability"),
                                               .n_columns = PT_COUNT(columns),
                                               .n_rows = LINES,
                                               .columns = columns,
                                               .cells = keep(k, cells, LINES * PT_COUNT(columns), sizeof cells[0][0])};
}

/* --- in words ------------------------------------------------------------------------------------------------------------- */

static void say(card_maker *k, bool warning, const char *zh, const char *en)
{
    k->sentences[k->n_sentences++] = (pt_card_sentence){warning, {zh, en}};
}

/* The share of the most frequent class. */
static double most_frequent(const card_maker *k, const sequence_judged *j)
{
    size_t most = 0;

    for (uint32_t c = 0; c < k->m->n_classes; c++) {
        size_t n = 0;
        for (size_t i = 0; i < j->rows->n; i++)
            n += j->rows->labels[i] == c;
        most = n > most ? n : most;
    }
    return (double)most / (double)j->rows->n;
}

static void say_how_well(card_maker *k, const sequence_judged *judged)
{
    const char *name = k->m->condition ? "auc" : "accuracy";
    const pt_card_measure *here = measure_of(k, name, judged->part), *taught = measure_of(k, name, "train");

    if (!here || isnan(here->value))
        return;
    if (k->m->condition)
        say(k, false, SAY(k, "对没有用来学习的客户，ROC 曲线下面积为 %.3f（0.5 等于瞎猜，1 为全对）。", here->value),
            SAY(k,
                "For customers it never saw the area under the ROC curve is %.3f (0.5 is guessing, 1 is always right).",
                here->value));
    else
        say(k, false,
            SAY(k, "对没有用来学习的客户，%.1f%% 猜中了类别；总是猜最常见的类别能猜中 %.1f%%。", 100 * here->value,
                100 * most_frequent(k, judged)),
            SAY(k,
                "For customers it never saw it names the right class in %.1f%% of cases; always naming the most "
                "frequent class "
                "is right in %.1f%%.",
                100 * here->value, 100 * most_frequent(k, judged)));
    if (taught && taught->value - here->value > 0.1)
        say(k, true,
            SAY(k, "学习样本上为 %.3f，差距较大：网络在死记硬背，请减小 hidden 或增大 dropout。", taught->value),
            SAY(k,
                "On what it learned from that is %.3f, much more: it learns by heart. Fewer hidden units or more "
                "dropout "
                "may help.",
                taught->value));
}

static void make_sections(card_maker *k, pt_card_section *section)
{
    *section = (pt_card_section){.key = "performance",
                                 .title = TEXT("表现", "performance"),
                                 .curves = keep(k, k->curves, k->n_curves, sizeof *k->curves),
                                 .n_curves = k->n_curves,
                                 .tables = keep(k, k->tables, k->n_tables, sizeof *k->tables),
                                 .n_tables = k->n_tables};
    k->card->sections = keep(k, section, 1, sizeof *section);
    k->card->n_sections = 1;
    k->card->facts = keep(k, k->facts, k->n_facts, sizeof *k->facts);
    k->card->n_facts = k->n_facts;
    k->card->sentences = keep(k, k->sentences, k->n_sentences, sizeof *k->sentences);
    k->card->n_sentences = k->n_sentences;
}

pt_rc sequence_card(pt_card *card, const sequence_model *m, const pt_learn_request *request,
                    const sequence_judged *judged, size_t n_judged, const pt_curve *curve, pt_err *err)
{
    card_maker k = {.card = card, .m = m, .request = request, .arena = request->arena};
    pt_class_curves curves;
    pt_card_section section;
    outcome last;

    make_facts(&k, judged, n_judged, curve);
    PT_TRY(make_measures(&k, judged, n_judged, &last, err));
    if (curve)
        loss_curve(&k, curve);
    if (m->condition) {
        PT_TRY(pt_measure_curves(&curves, &last.o, 1, k.arena, err));
        roc_curve(&k, &curves);
        calibration_curve(&k, &curves);
        lift_table(&k, &curves);
    }
    say_how_well(&k, &judged[n_judged - 1]);
    if (curve && n_judged < 3)
        say(&k, true, "留出的客户在检验日都没有已知的结果：表现是监看样本上的。",
            "Of nobody held out the outcome is known as of the test day: figures are of the examples watched.");
    make_sections(&k, &section);
    return k.short_of_memory ? pt_fail_nomem(err, "the card of a model") : PT_OK;
}
