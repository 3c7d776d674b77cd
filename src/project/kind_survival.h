/* `task: survival`: how long until something happens (docs/models.md, "Buying again and value"). */
#ifndef PT_PROJECT_KIND_SURVIVAL_H
#define PT_PROJECT_KIND_SURVIVAL_H

#include "project/model_def.h"

enum {
    PT_SURVIVAL_EVENT,
    PT_SURVIVAL_HORIZON,
    PT_SURVIVAL_TIES,
    PT_SURVIVAL_RIDGE,
    PT_SURVIVAL_BY,
    PT_SURVIVAL_SETTINGS
};

enum { PT_SURVIVAL_CHANCE, PT_SURVIVAL_MEDIAN, PT_SURVIVAL_RISK, PT_SURVIVAL_PERCENTILE, PT_SURVIVAL_OUTPUTS };

extern const pt_model_kind pt_survival_kind;

#endif
