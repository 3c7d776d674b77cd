#include "project/kind_value.h"
#include "base/mem.h"
#include "base/time.h"

static const char *const algorithms[] = {"bgnbd", "pareto_nbd", NULL};
static const char *const periods[] = {"day", "week", "month", NULL};

#define DAYS(n) ((double)(n) * (double)PT_DAY)

static const pt_setting settings[PT_VALUE_SETTINGS] = {
    [PT_VALUE_PURCHASES] = {.name = "purchases", .type = PT_SETTING_EVENTS, .required = true},
    [PT_VALUE_AMOUNT] = {.name = "amount", .type = PT_SETTING_COLUMN},
    [PT_VALUE_ALGORITHM] = {.name = "algorithm", .type = PT_SETTING_CHOICE, .choices = algorithms},
    [PT_VALUE_PERIOD] = {.name = "period", .type = PT_SETTING_CHOICE, .choices = periods},
    [PT_VALUE_HORIZON] =
        {.name = "horizon", .type = PT_SETTING_DURATION, .preset = DAYS(365), .low = DAYS(1), .high = DAYS(36500)},
    [PT_VALUE_DISCOUNT] = {.name = "discount", .type = PT_SETTING_NUMBER, .preset = 0.1, .low = 0, .high = 10},
    [PT_VALUE_INTERVAL] = {.name = "interval", .type = PT_SETTING_NUMBER, .preset = 0.8, .low = 0.01, .high = 0.999},
    [PT_VALUE_HOLDOUT] =
        {.name = "holdout", .type = PT_SETTING_DURATION, .preset = DAYS(90), .low = 0, .high = DAYS(36500)},
};

static const pt_model_output outputs[PT_VALUE_OUTPUTS] = {
    [PT_VALUE_ALIVE] = {"alive", PT_TYPE_NUMBER, "活跃概率", "still a customer", true},
    [PT_VALUE_EXPECTED] = {"expected", PT_TYPE_NUMBER, "预期购买次数", "expected purchases", false},
    [PT_VALUE_EXPECTED_LOW] = {"expected_low", PT_TYPE_NUMBER, "预期购买次数下限", "expected purchases, low", false},
    [PT_VALUE_EXPECTED_HIGH] = {"expected_high", PT_TYPE_NUMBER, "预期购买次数上限", "expected purchases, high", false},
    [PT_VALUE_SPEND] = {"spend", PT_TYPE_MONEY, "预期单次消费", "expected spend a purchase", false},
    [PT_VALUE_VALUE] = {"value", PT_TYPE_MONEY, "客户价值", "customer value", false},
    [PT_VALUE_LOW] = {"value_low", PT_TYPE_MONEY, "客户价值下限", "customer value, low", false},
    [PT_VALUE_HIGH] = {"value_high", PT_TYPE_MONEY, "客户价值上限", "customer value, high", false},
};

const pt_model_kind pt_value_kind = {
    .task = "value",
    .uses = PT_MODEL_POPULATION,
    .settings = settings,
    .n_settings = PT_COUNT(settings),
    .outputs = outputs,
    .n_outputs = PT_COUNT(outputs),
};
