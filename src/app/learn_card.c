/* What a study says, as a card, with the days and the data that it learned from. */
#include "app/app_int.h"
#include "app/cluster_card.h"
#include "app/learn_table.h"
#include "app/study_card.h"

enum { FACTS = 12 };

typedef struct fact_list {
    pt_card_fact *items;
    size_t n;
    bool failed;
} fact_list;

static void add(fact_list *l, const char *key, const char *zh, const char *en, const char *value)
{
    l->failed |= !value;
    l->items[l->n++] = (pt_card_fact){key, {zh, en}, {value, value}};
}

static const char *days_text(const pt_learn_request *r)
{
    const pt_zone *zone = r->view->project->zone;
    const char *text = "";
    char at[64];

    for (size_t i = 0; i < r->n_train && text; i++)
        text = pt_arena_printf(r->arena, "%s%s%s", text, i ? ", " : "", pt_instant_format(at, r->train[i], zone));
    return text;
}

static const char *instant_text(const pt_learn_request *r, int64_t instant)
{
    char at[64];

    return pt_arena_strdup(r->arena, pt_instant_format(at, instant, r->view->project->zone));
}

/* "recency, spend_90d"; of tags left out with why they are. */
static const char *tags_text(const pt_learn_request *r, const pt_training_features *f)
{
    const char *text = "";

    for (size_t i = 0; i < f->n && text; i++)
        text = pt_arena_printf(r->arena, "%s%s%s", text, i ? ", " : "", r->view->project->tags[f->tags[i]].name);
    return text;
}

static const char *left_text(const pt_learn_request *r, const pt_training_features *f)
{
    static const char *const words[] = {
        [PT_LEFT_EXCEPT] = "except", [PT_LEFT_MODEL] = "model",       [PT_LEFT_QUERY] = "query",
        [PT_LEFT_BASE] = "base",     [PT_LEFT_TEXT] = "text",         [PT_LEFT_SENSITIVE] = "sensitive",
        [PT_LEFT_TARGET] = "target", [PT_LEFT_CONSTANT] = "constant", [PT_LEFT_IDS] = "ids"};
    const pt_project *p = r->view->project;
    const char *text = "";

    for (size_t t = 0; t < p->n_tags && text && r->def->auto_features; t++)
        if (f->left_out[t] != PT_LEFT_NOT)
            text = pt_arena_printf(r->arena, "%s%s%s (%s)", text, text[0] ? ", " : "", p->tags[t].name,
                                   words[f->left_out[t]]);
    return text;
}

static pt_rc put_facts(pt_card *card, const pt_learn_request *r, const pt_learn_tables *t, pt_err *err)
{
    fact_list l = {.items = PT_NEW_ARRAY(r->arena, pt_card_fact, FACTS + card->n_facts)};

    if (!l.items)
        return pt_fail_nomem(err, "the card");
    add(&l, "task", "任务", "Task", r->def->kind->task);
    if (r->def->target.text)
        add(&l, "target", "目标", "Target", r->def->target.text);
    if (r->def->population.text)
        add(&l, "population", "人群范围", "Population", r->def->population.text);
    if (r->n_train)
        add(&l, "train", "学习日期", "Learned as of", days_text(r));
    add(&l, "train_rows", "学习行数", "Rows learned from", pt_arena_printf(r->arena, "%zu", t->train.rows));
    if (r->has_test) {
        add(&l, "test", "检验日期", "Tested as of", instant_text(r, r->test));
        add(&l, "test_rows", "检验行数", "Rows tested on", pt_arena_printf(r->arena, "%zu", t->test.rows));
    }
    add(&l, "data_end", "数据截止", "Data until", instant_text(r, r->data_end));
    add(&l, "features", "特征", "Features", tags_text(r, &t->features));
    if (r->def->auto_features)
        add(&l, "left_out", "未用的标签", "Tags left out", left_text(r, &t->features));
    for (size_t i = 0; i < card->n_facts; i++)
        l.items[l.n++] = card->facts[i];
    card->facts = l.items;
    card->n_facts = l.n;
    return l.failed ? pt_fail_nomem(err, "the card") : PT_OK;
}

pt_rc pt_learn_table_card(pt_learned *out, const pt_learn_request *request, const pt_learn_tables *tables,
                          const pt_study_plan *plan, const pt_study *study, pt_err *err)
{
    out->algorithm = study->candidates[study->chosen].name;
    out->measure = study->measure;
    out->measured = request->has_test ? tables->test.rows : tables->train.rows;
    PT_TRY(pt_card_of_study(&out->card, study, plan, request->view->project, request->arena, err));
    if (plan->task == PT_TASK_CLUSTER)
        PT_TRY(pt_card_add_clusters(&out->card, &tables->clusters, &tables->train, request->view->project,
                                    request->arena, err));
    return put_facts(&out->card, request, tables, err);
}
