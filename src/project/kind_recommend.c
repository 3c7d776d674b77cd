/* `task: recommend` (docs/models.md, "Recommendation"). The order of the settings is that of pt_recommend_setting (app/tastes.h). */
#include "base/time.h"
#include "project/model_def.h"

static const char *const ways[] = {"als", "similar", "rules", "popular", "content", NULL};

static const pt_setting settings[] = {
    {.name = "events", .type = PT_SETTING_EVENTS, .required = true},
    {.name = "item", .type = PT_SETTING_COLUMN, .required = true},
    {.name = "name", .type = PT_SETTING_COLUMN},
    {.name = "like", .type = PT_SETTING_COLUMN, .list = true},
    {.name = "methods", .type = PT_SETTING_CHOICE, .list = true, .choices = ways},
    {.name = "weights", .type = PT_SETTING_NUMBER, .list = true, .low = 0, .high = 1000},
    {.name = "available", .type = PT_SETTING_EVENTS},
    {.name = "never", .type = PT_SETTING_TEXT, .list = true},
    {.name = "consent", .type = PT_SETTING_CONDITION},
    {.name = "again", .type = PT_SETTING_BOOL, .preset = 0},
    {.name = "keep", .type = PT_SETTING_INTEGER, .preset = 10, .low = 1, .high = 100},
    {.name = "half_life",
     .type = PT_SETTING_DURATION,
     .preset = 90.0 * (double)PT_DAY,
     .low = (double)PT_HOUR,
     .high = 36500.0 * (double)PT_DAY},
    {.name = "outcome",
     .type = PT_SETTING_DURATION,
     .preset = 30.0 * (double)PT_DAY,
     .low = (double)PT_HOUR,
     .high = 3650.0 * (double)PT_DAY},
    {.name = "min_customers", .type = PT_SETTING_INTEGER, .preset = 5, .low = 1, .high = 1e6},
    {.name = "factors", .type = PT_SETTING_INTEGER, .preset = 32, .low = 1, .high = 256},
    {.name = "regularization", .type = PT_SETTING_NUMBER, .preset = 0.1, .low = 1e-9, .high = 1e6},
    {.name = "alpha", .type = PT_SETTING_NUMBER, .preset = 1, .low = 0, .high = 1e4},
    {.name = "iterations", .type = PT_SETTING_INTEGER, .preset = 12, .low = 1, .high = 200},
    {.name = "neighbours", .type = PT_SETTING_INTEGER, .preset = 50, .low = 1, .high = 1000},
};

static const pt_model_output outputs[] = {
    {"items", PT_TYPE_WEIGHTED, "推荐商品", "recommended", false},
    {"best", PT_TYPE_CATEGORY, "首选推荐", "best recommendation", false},
    {"reason", PT_TYPE_CATEGORY, "推荐理由", "reason", false},
    {"score", PT_TYPE_NUMBER, "推荐得分", "score of the best", false},
};

const pt_model_kind pt_recommend_kind = {
    .task = "recommend",
    .uses = PT_MODEL_POPULATION | PT_MODEL_DATES,
    .settings = settings,
    .n_settings = PT_COUNT(settings),
    .outputs = outputs,
    .n_outputs = PT_COUNT(outputs),
};
