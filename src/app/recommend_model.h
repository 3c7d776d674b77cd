/* What a recommending model is once it is learned: the items by their text, and the recommender over them. */
#ifndef PT_APP_RECOMMEND_MODEL_H
#define PT_APP_RECOMMEND_MODEL_H

#include "app/tastes.h"

typedef struct pt_recommend_model {
    pt_arena *arena; /* of the items; the model's own */
    pt_items items;
    pt_recommender recommender;
    uint64_t customers, pairs; /* learned from */
} pt_recommend_model;

/* From events up to the request's as-of. *out is freed with pt_recommend_model_free, also after a failure. */
pt_rc pt_recommend_learn(pt_recommend_model **out, const pt_tastes_request *request, pt_pool *pool, uint64_t seed,
                         pt_err *err);
void pt_recommend_model_free(pt_recommend_model *m);
pt_rc pt_recommend_model_save(pt_str *out, const pt_recommend_model *m, pt_err *err);
pt_rc pt_recommend_model_load(pt_recommend_model **out, pt_sv bytes, pt_err *err); /* not trusted */

/* The weights of the ways that a model file names; all of them by default. */
void pt_recommend_weights(double weights[PT_WAYS], const pt_model_def *def);
/* Why an item is recommended, in words: "often goes with TEA"; in the arena. */
const char *pt_recommend_reason(const pt_recommend_model *m, const pt_recommendation *x, bool chinese, pt_arena *arena);

/* Up to `most` a customer for all of request->first .. end - 1 who are members: out[(c - first) * most ...], counts[c - first] of them.
 * `weights` NULL: the model's. */
typedef struct pt_recommend_all {
    const pt_recommend_model *model;
    const pt_tastes *tastes;
    const bool *members; /* by ordinal */
    uint32_t first, end;
    const uint64_t *excluded;
    bool again;
    size_t most;
    const double *weights;
    pt_pool *pool;
    pt_recommendation *out;
    uint32_t *counts;
} pt_recommend_all;
pt_rc pt_recommend_run(pt_recommend_all *all, pt_err *err);

#endif
