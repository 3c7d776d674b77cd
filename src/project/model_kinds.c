/* The tasks that models may have. Those that learn from a table of tags are here; others have a file of their own,
 * kind_<task>.c, and a line in model_kinds_list.h. */
#include "base/mem.h"
#include "project/model_def.h"

enum {
    ALL_OF_A_TABLE = PT_MODEL_POPULATION | PT_MODEL_FEATURES | PT_MODEL_ALGORITHM | PT_MODEL_VALIDATION |
                     PT_MODEL_TUNING | PT_MODEL_DATES
};

static const pt_model_output classify_outputs[] = {
    {"probability", PT_TYPE_NUMBER, "概率", "probability", true},
    {"decision", PT_TYPE_BOOL, "判定", "decision", false},
    {"class", PT_TYPE_CATEGORY, "类别", "class", false},
    {"percentile", PT_TYPE_NUMBER, "排名（高于多少客户）", "percentile", true},
    {"reasons", PT_TYPE_LIST, "理由", "reasons", false},
};
const pt_model_kind pt_classify_kind = {
    .task = "classify",
    .uses = ALL_OF_A_TABLE | PT_MODEL_TARGET,
    .learner_task = PT_TASK_CLASSIFY,
    .outputs = classify_outputs,
    .n_outputs = PT_COUNT(classify_outputs),
    .names_tags = "reasons",
};

static const pt_model_output regress_outputs[] = {
    {"value", PT_TYPE_NUMBER, "预测值", "value", false},
    {"percentile", PT_TYPE_NUMBER, "排名（高于多少客户）", "percentile", true},
    {"reasons", PT_TYPE_LIST, "理由", "reasons", false},
};
const pt_model_kind pt_regress_kind = {
    .task = "regress",
    .uses = ALL_OF_A_TABLE | PT_MODEL_TARGET,
    .learner_task = PT_TASK_REGRESS,
    .outputs = regress_outputs,
    .n_outputs = PT_COUNT(regress_outputs),
    .names_tags = "reasons",
};

static const pt_model_output cluster_outputs[] = {
    {"cluster", PT_TYPE_CATEGORY, "群", "cluster", false},
    {"name", PT_TYPE_CATEGORY, "群的名称", "name of the cluster", false},
};
const pt_model_kind pt_cluster_kind = {
    .task = "cluster",
    .uses = ALL_OF_A_TABLE & ~PT_MODEL_VALIDATION,
    .learner_task = PT_TASK_CLUSTER,
    .outputs = cluster_outputs,
    .n_outputs = PT_COUNT(cluster_outputs),
};

#define X(kind) extern const pt_model_kind pt_##kind##_kind;
#include "project/model_kinds_list.h"
#undef X

const pt_model_kind *const *pt_model_kinds(size_t *n)
{
    static const pt_model_kind *const kinds[] = {
#define X(kind) &pt_##kind##_kind,
#include "project/model_kinds_list.h"
#undef X
    };

    *n = PT_COUNT(kinds);
    return kinds;
}

int pt_model_kind_setting(const pt_model_kind *k, pt_sv name)
{
    for (size_t i = 0; i < k->n_settings; i++)
        if (pt_sv_eq(name, pt_sv_of(k->settings[i].name)))
            return (int)i;
    return -1;
}

int pt_model_kind_output(const pt_model_kind *k, pt_sv name)
{
    for (size_t i = 0; i < k->n_outputs; i++)
        if (pt_sv_eq(name, pt_sv_of(k->outputs[i].name)))
            return (int)i;
    return -1;
}
