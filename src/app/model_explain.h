/* Why a model's tag has the value it has for one customer. */
#ifndef PT_APP_MODEL_EXPLAIN_H
#define PT_APP_MODEL_EXPLAIN_H

#include "app/reason.h"
#include "app/view.h"

typedef struct pt_model_why {
    const char *model;
    uint32_t version;         /* 0: no version is in use */
    const pt_reason *reasons; /* what counts most first */
    size_t n;
} pt_model_why;

/* By the version in use, from what was known at `as_of`; timelines of the view are open. Nothing is said of tags that no model gives
 * (model NULL) and by models that cannot tell. In the arena. */
pt_rc pt_model_why_of(pt_model_why *out, pt_view *v, uint32_t tag, uint32_t ordinal, int64_t as_of, const char *lang,
                      pt_arena *arena, pt_err *err);

#endif
