#include "project/kind_survival.h"
#include "base/mem.h"
#include "base/time.h"

static const char *const ties[] = {"efron", "breslow", NULL};

#define DAYS(n) ((double)(n) * (double)PT_DAY)

static const pt_setting settings[PT_SURVIVAL_SETTINGS] = {
    [PT_SURVIVAL_EVENT] = {.name = "event", .type = PT_SETTING_EVENTS, .required = true},
    [PT_SURVIVAL_HORIZON] =
        {.name = "horizon", .type = PT_SETTING_DURATION, .preset = DAYS(90), .low = DAYS(1), .high = DAYS(36500)},
    [PT_SURVIVAL_TIES] = {.name = "ties", .type = PT_SETTING_CHOICE, .choices = ties},
    [PT_SURVIVAL_RIDGE] = {.name = "ridge", .type = PT_SETTING_NUMBER, .preset = 0.001, .low = 0, .high = 1000},
    [PT_SURVIVAL_BY] = {.name = "by", .type = PT_SETTING_TAG},
};

static const pt_model_output outputs[PT_SURVIVAL_OUTPUTS] = {
    [PT_SURVIVAL_CHANCE] = {"chance", PT_TYPE_NUMBER, "期内发生概率", "chance within the horizon", true},
    [PT_SURVIVAL_MEDIAN] = {"median", PT_TYPE_DURATION, "中位时间", "median time", false},
    [PT_SURVIVAL_RISK] = {"risk", PT_TYPE_NUMBER, "相对风险", "relative hazard", false},
    [PT_SURVIVAL_PERCENTILE] = {"percentile", PT_TYPE_NUMBER, "排名（高于多少客户）", "percentile", true},
};

const pt_model_kind pt_survival_kind = {
    .task = "survival",
    .uses = PT_MODEL_POPULATION | PT_MODEL_FEATURES | PT_MODEL_DATES,
    .settings = settings,
    .n_settings = PT_COUNT(settings),
    .outputs = outputs,
    .n_outputs = PT_COUNT(outputs),
};
