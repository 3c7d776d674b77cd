/* Why a model says of a customer what it says, in words: "Orders in 90 days: 1 order, 3 fewer than usual", "Last visit: 41 days ago, usually 9 days ago". What is usual is the middle of
 * the customers that the model was trained on. */
#ifndef PT_APP_MODEL_REASONS_H
#define PT_APP_MODEL_REASONS_H

#include "app/reason.h"
#include "model/pipeline.h"
#include "project/project.h"

typedef struct pt_reasons_of {
    const pt_pipeline *pipeline;
    const pt_table *table;
    const pt_type *
        types; /* of the table's features (bools are said as yes and no, dates as days ago, money with its currency); NULL: not known */
    const pt_project *project; /* labels and units of tags; NULL: names */
    const char *lang;          /* "zh", "en" */
} pt_reasons_of;

/* The features that count most for the row, falling by how much, at most `most`; those that push the score the way it leans from
 * what is usual come first. `contributions` are the row's (pt_pipeline_contributions). Texts lie in the arena. */
pt_rc pt_model_reasons(pt_reason *out, size_t *n, size_t most, const pt_reasons_of *of, size_t row,
                       const float *contributions, pt_arena *arena, pt_err *err);

#endif
