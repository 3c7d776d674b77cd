/* `task: value`: who buys again, how often and for how much (docs/models.md, "Buying again and value"). */
#ifndef PT_PROJECT_KIND_VALUE_H
#define PT_PROJECT_KIND_VALUE_H

#include "project/model_def.h"

enum {
    PT_VALUE_PURCHASES,
    PT_VALUE_AMOUNT,
    PT_VALUE_ALGORITHM,
    PT_VALUE_PERIOD,
    PT_VALUE_HORIZON,
    PT_VALUE_DISCOUNT,
    PT_VALUE_INTERVAL,
    PT_VALUE_HOLDOUT,
    PT_VALUE_SETTINGS
};

enum { PT_VALUE_BGNBD, PT_VALUE_PARETO_NBD };
enum { PT_VALUE_DAY, PT_VALUE_WEEK, PT_VALUE_MONTH, PT_VALUE_PERIODS };

enum {
    PT_VALUE_ALIVE,
    PT_VALUE_EXPECTED,
    PT_VALUE_EXPECTED_LOW,
    PT_VALUE_EXPECTED_HIGH,
    PT_VALUE_SPEND,
    PT_VALUE_VALUE,
    PT_VALUE_LOW,
    PT_VALUE_HIGH,
    PT_VALUE_OUTPUTS
};

extern const pt_model_kind pt_value_kind;

#endif
