/* `task: lookalike`: who is like the customers of a condition (docs/models.md, "Lookalike customers"). */
#include "project/kind_lookalike.h"

#include "project/model_def.h"

static const pt_setting settings[PT_LOOKALIKE_SETTINGS] = {
    [PT_LOOKALIKE_LIKE] = {.name = "like", .type = PT_SETTING_CONDITION, .required = true},
    [PT_LOOKALIKE_BAGS] = {.name = "bags", .type = PT_SETTING_INTEGER, .preset = 10, .low = 1, .high = 100},
};

static const pt_model_output outputs[PT_LOOKALIKE_OUTPUTS] = {
    [PT_LOOKALIKE_SCORE] = {"score", PT_TYPE_NUMBER, "相似概率", "likeness", true},
    [PT_LOOKALIKE_RANK] = {"rank", PT_TYPE_NUMBER, "相似名次", "rank", false},
    [PT_LOOKALIKE_BAND] = {"band", PT_TYPE_CATEGORY, "相似档位", "band", false},
};

const pt_model_kind pt_lookalike_kind = {
    .task = "lookalike",
    .uses = PT_MODEL_POPULATION | PT_MODEL_FEATURES | PT_MODEL_ALGORITHM,
    .learner_task = PT_TASK_CLASSIFY,
    .settings = settings,
    .n_settings = PT_LOOKALIKE_SETTINGS,
    .outputs = outputs,
    .n_outputs = PT_LOOKALIKE_OUTPUTS,
};
