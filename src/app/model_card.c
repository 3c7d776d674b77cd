/* Words of cards, and cards as JSON. */
#include "app/model_card.h"

#include <math.h>

#include "base/json.h"

typedef struct named_text {
    const char *name;
    pt_card_text text;
} named_text;

static const named_text measures[] = {
    {"auc", {"ROC 曲线下面积（AUC）", "ROC AUC"}},
    {"pr_auc", {"PR 曲线下面积", "PR AUC"}},
    {"log_loss", {"对数损失", "Log loss"}},
    {"brier", {"Brier 分数", "Brier score"}},
    {"ece", {"校准误差（ECE）", "Calibration error (ECE)"}},
    {"ks", {"KS 值", "KS"}},
    {"lift_10", {"前 10% 提升度", "Lift of the first tenth"}},
    {"accuracy", {"准确率", "Accuracy"}},
    {"precision", {"精确率", "Precision"}},
    {"recall", {"召回率", "Recall"}},
    {"f1", {"F1 值", "F1"}},
    {"rmse", {"均方根误差（RMSE）", "RMSE"}},
    {"mae", {"平均绝对误差（MAE）", "MAE"}},
    {"mape", {"平均绝对百分比误差（MAPE）", "MAPE"}},
    {"r2", {"决定系数（R²）", "R²"}},
    {"silhouette", {"轮廓系数", "Silhouette"}},
    {"davies_bouldin", {"Davies-Bouldin 指数", "Davies-Bouldin"}},
    {"stability", {"重抽样稳定性", "Stability"}},
    {"noise", {"未归类占比", "In no cluster"}},
    {"clusters", {"簇数", "Clusters"}},
    {"ndcg", {"NDCG", "NDCG"}},
    {"map", {"平均精度均值（MAP）", "MAP"}},
    {"hit_rate", {"命中率", "Hit rate"}},
    {"coverage", {"目录覆盖率", "Coverage"}},
    {"novelty", {"新颖度", "Novelty"}},
    {"concordance", {"一致性指数（C-index）", "Concordance (C-index)"}},
};

static const named_text parts[] = {
    {"train", {"训练集", "training"}},
    {"validation", {"交叉验证", "validation"}},
    {"test", {"测试日", "test"}},
    {"later", {"之后的日期", "a later day"}},
};

static pt_card_text find_text(const named_text *texts, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(texts[i].name, name) == 0)
            return texts[i].text;
    return (pt_card_text){name, name};
}

pt_card_text pt_card_measure_label(const char *name)
{
    return find_text(measures, PT_COUNT(measures), name);
}

pt_card_text pt_card_part_label(const char *part)
{
    return find_text(parts, PT_COUNT(parts), part);
}

const char *pt_card_say(pt_card_text text, const char *lang)
{
    const bool zh = strcmp(lang, "zh") == 0;
    const char *first = zh ? text.zh : text.en;
    const char *second = zh ? text.en : text.zh;

    return first ? first : second ? second : "";
}

/* --- JSON ----------------------------------------------------------------------------------------------------------- */

static void json_text(pt_json *j, const char *key, pt_card_text text)
{
    if (!text.zh && !text.en)
        return;
    pt_json_put_open(j, key, '{');
    pt_json_put_cstr(j, "zh", pt_card_say(text, "zh"));
    pt_json_put_cstr(j, "en", pt_card_say(text, "en"));
    pt_json_close(j, '}');
}

static void json_sentences(pt_json *j, const pt_card_sentence *s, size_t n)
{
    pt_json_put_open(j, "sentences", '[');
    for (size_t i = 0; i < n; i++) {
        pt_json_open(j, '{');
        pt_json_put_bool(j, "warning", s[i].warning);
        json_text(j, "text", s[i].text);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_facts(pt_json *j, const pt_card *card)
{
    pt_json_put_open(j, "facts", '{');
    for (size_t i = 0; i < card->n_facts; i++) {
        pt_json_put_open(j, card->facts[i].key, '{');
        json_text(j, "label", card->facts[i].label);
        json_text(j, "value", card->facts[i].value);
        pt_json_close(j, '}');
    }
    pt_json_close(j, '}');
}

static void json_measures(pt_json *j, const pt_card *card)
{
    pt_json_put_open(j, "measures", '[');
    for (size_t i = 0; i < card->n_measures; i++) {
        const pt_card_measure *m = &card->measures[i];
        pt_json_open(j, '{');
        pt_json_put_cstr(j, "name", m->name);
        pt_json_put_cstr(j, "of", m->of ? m->of : card->algorithm);
        pt_json_put_cstr(j, "part", m->part);
        pt_json_put_number(j, "value", m->value);
        pt_json_put_number(j, "low", m->low);
        pt_json_put_number(j, "high", m->high);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
}

static void json_numbers(pt_json *j, const char *key, const double *values, size_t n)
{
    if (!values)
        return;
    pt_json_put_open(j, key, '[');
    for (size_t i = 0; i < n; i++)
        pt_json_number(j, values[i]);
    pt_json_close(j, ']');
}

static void json_curve(pt_json *j, const pt_card_curve *c)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "key", c->key);
    json_text(j, "title", c->title);
    json_text(j, "x", c->x_label);
    json_text(j, "y", c->y_label);
    if (c->names) {
        pt_json_put_open(j, "names", '[');
        for (size_t i = 0; i < c->n_names; i++)
            pt_json_cstr(j, pt_card_say(c->names[i], "en"));
        pt_json_close(j, ']');
    }
    pt_json_put_open(j, "series", '[');
    for (size_t i = 0; i < c->n_series; i++) {
        pt_json_open(j, '{');
        json_text(j, "label", c->series[i].label);
        json_numbers(j, "x", c->series[i].x, c->series[i].n);
        json_numbers(j, "y", c->series[i].y, c->series[i].n);
        json_numbers(j, "low", c->series[i].low, c->series[i].n);
        json_numbers(j, "high", c->series[i].high, c->series[i].n);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_cell(pt_json *j, const pt_card_column *column, const pt_card_cell *cell)
{
    pt_json_key(j, column->key);
    if (column->kind == PT_CELL_TEXT)
        pt_json_cstr(j, pt_card_say(cell->text, "en"));
    else
        pt_json_number(j, cell->number);
}

static void json_table(pt_json *j, const pt_card_table *t)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "key", t->key);
    json_text(j, "title", t->title);
    pt_json_put_open(j, "rows", '[');
    for (size_t r = 0; r < t->n_rows; r++) {
        pt_json_open(j, '{');
        for (size_t c = 0; c < t->n_columns; c++)
            json_cell(j, &t->columns[c], &t->cells[r * t->n_columns + c]);
        pt_json_close(j, '}');
    }
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

static void json_section(pt_json *j, const pt_card_section *s)
{
    pt_json_open(j, '{');
    pt_json_put_cstr(j, "key", s->key);
    json_text(j, "title", s->title);
    json_sentences(j, s->sentences, s->n_sentences);
    pt_json_put_open(j, "curves", '[');
    for (size_t i = 0; i < s->n_curves; i++)
        json_curve(j, &s->curves[i]);
    pt_json_close(j, ']');
    pt_json_put_open(j, "tables", '[');
    for (size_t i = 0; i < s->n_tables; i++)
        json_table(j, &s->tables[i]);
    pt_json_close(j, ']');
    pt_json_close(j, '}');
}

void pt_card_json(pt_str *out, const pt_card *card)
{
    pt_json j;

    pt_json_init(&j, out, 0);
    pt_json_open(&j, '{');
    pt_json_put_cstr(&j, "model", card->model);
    json_text(&j, "label", card->label);
    pt_json_put_cstr(&j, "task", card->task);
    pt_json_put_cstr(&j, "algorithm", card->algorithm);
    pt_json_put_int(&j, "version", card->version);
    json_sentences(&j, card->sentences, card->n_sentences);
    json_facts(&j, card);
    json_measures(&j, card);
    pt_json_put_open(&j, "sections", '[');
    for (size_t i = 0; i < card->n_sections; i++)
        json_section(&j, &card->sections[i]);
    pt_json_close(&j, ']');
    pt_json_close(&j, '}');
}
