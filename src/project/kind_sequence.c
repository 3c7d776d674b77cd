/* `task: sequence`: networks over what customers did, event by event or day by day (docs/models.md, "Networks over behaviour"). */
#include "project/kind_sequence.h"
#include "base/mem.h"

static const char *const networks[] = {"gru", "lstm", "cnn", NULL};

static const pt_setting settings[PT_SEQUENCE_SETTINGS] = {
    [PT_SEQUENCE_SOURCE] = {.name = "source", .type = PT_SETTING_SOURCE, .required = true},
    [PT_SEQUENCE_COLUMNS] = {.name = "columns", .type = PT_SETTING_COLUMN, .list = true},
    [PT_SEQUENCE_NETWORK] = {.name = "network", .type = PT_SETTING_CHOICE, .choices = networks},
    [PT_SEQUENCE_LENGTH] = {.name = "length", .type = PT_SETTING_INTEGER, .preset = 40, .low = 4, .high = 1000},
    [PT_SEQUENCE_EMBEDDING] = {.name = "embedding", .type = PT_SETTING_INTEGER, .preset = 12, .low = 1, .high = 128},
    [PT_SEQUENCE_HIDDEN] = {.name = "hidden", .type = PT_SETTING_INTEGER, .preset = 48, .low = 1, .high = 512},
    [PT_SEQUENCE_VOCABULARY] =
        {.name = "vocabulary", .type = PT_SETTING_INTEGER, .preset = 500, .low = 1, .high = 20000},
    [PT_SEQUENCE_CLASSES] = {.name = "classes", .type = PT_SETTING_INTEGER, .preset = 20, .low = 2, .high = 1000},
    [PT_SEQUENCE_EPOCHS] = {.name = "epochs", .type = PT_SETTING_INTEGER, .preset = 20, .low = 1, .high = 1000},
    [PT_SEQUENCE_PATIENCE] = {.name = "patience", .type = PT_SETTING_INTEGER, .preset = 3, .low = 0, .high = 100},
    [PT_SEQUENCE_BATCH] = {.name = "batch", .type = PT_SETTING_INTEGER, .preset = 128, .low = 1, .high = 4096},
    [PT_SEQUENCE_RATE] = {.name = "learning_rate", .type = PT_SETTING_NUMBER, .preset = 0.003, .low = 1e-6, .high = 1},
    [PT_SEQUENCE_DROPOUT] = {.name = "dropout", .type = PT_SETTING_NUMBER, .preset = 0.2, .low = 0, .high = 0.9},
    [PT_SEQUENCE_CUSTOMERS] =
        {.name = "customers", .type = PT_SETTING_INTEGER, .preset = 200000, .low = 10, .high = 10000000},
};

static const pt_model_output outputs[PT_SEQUENCE_OUTPUTS] = {
    [PT_SEQUENCE_PROBABILITY] = {"probability", PT_TYPE_NUMBER, "概率", "probability", true},
    [PT_SEQUENCE_CLASS] = {"class", PT_TYPE_CATEGORY, "类别", "class", false},
    [PT_SEQUENCE_PERCENTILE] = {"percentile", PT_TYPE_NUMBER, "排名（高于多少客户）", "percentile", true},
};

const pt_model_kind pt_sequence_kind = {
    .task = "sequence",
    .uses = PT_MODEL_POPULATION | PT_MODEL_TARGET | PT_MODEL_DATES,
    .settings = settings,
    .n_settings = PT_COUNT(settings),
    .outputs = outputs,
    .n_outputs = PT_COUNT(outputs),
};
