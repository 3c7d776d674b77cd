/* Who has what as of an instant, out of the events that a recommending model names: what it learns from and scores. */
#ifndef PT_APP_TASTES_H
#define PT_APP_TASTES_H

#include "app/view.h"
#include "model/recommend.h"
#include "project/model_def.h"

/* The settings of project/kind_recommend.c, by number. */
typedef enum pt_recommend_setting {
    PT_RECOMMEND_EVENTS,
    PT_RECOMMEND_ITEM,
    PT_RECOMMEND_NAME,
    PT_RECOMMEND_LIKE,
    PT_RECOMMEND_METHODS,
    PT_RECOMMEND_WEIGHTS,
    PT_RECOMMEND_AVAILABLE,
    PT_RECOMMEND_NEVER,
    PT_RECOMMEND_CONSENT,
    PT_RECOMMEND_AGAIN,
    PT_RECOMMEND_KEEP,
    PT_RECOMMEND_HALF_LIFE,
    PT_RECOMMEND_OUTCOME,
    PT_RECOMMEND_MIN_CUSTOMERS,
    PT_RECOMMEND_FACTORS,
    PT_RECOMMEND_REGULARIZATION,
    PT_RECOMMEND_ALPHA,
    PT_RECOMMEND_ITERATIONS,
    PT_RECOMMEND_NEIGHBOURS
} pt_recommend_setting;

static inline double pt_recommend_number(const pt_model_def *d, pt_recommend_setting s)
{
    return d->settings[s].n ? d->settings[s].items[0].number : 0;
}

static inline int64_t pt_recommend_length(const pt_model_def *d, pt_recommend_setting s)
{
    return d->settings[s].n ? d->settings[s].items[0].length : 0;
}

/* Problems that the loader cannot see: columns of other sources, types, numbers of weights. */
pt_rc pt_recommend_check(const pt_view *v, const pt_model_def *d, pt_err *err);

/* --- events ------------------------------------------------------------------------------------------------------------------ */

/* A customer's event, all up to the as-of in the order of the timeline; customers as their ordinals rise. */
typedef pt_rc (*pt_events_visit)(void *ctx, uint32_t ordinal, uint64_t event, pt_err *err);

typedef struct pt_events_walk {
    pt_view *view;                 /* timelines are open */
    const pt_setting_item *events; /* of PT_SETTING_EVENTS */
    int64_t as_of;
    uint32_t first, end; /* ordinals */
    pt_cancel *cancel;   /* may be NULL */
} pt_events_walk;

pt_rc pt_events_walk_run(const pt_events_walk *w, pt_events_visit visit, void *ctx, pt_arena *arena, pt_err *err);

/* --- who has what -------------------------------------------------------------------------------------------------------------- */

/* The values of the item's column that take part, in order of their text. */
typedef struct pt_items {
    uint32_t n;
    const pt_sv *texts; /* n */
    const pt_sv *names; /* n: what people call them; of the latest event */
    uint32_t *of_code;  /* by code of the column's dictionary: item + 1, 0: none */
    size_t n_codes;     /* of that dictionary, 0 included */
    uint32_t *attributes
        [PT_RECOMMEND_ATTRIBUTES]; /* by item: of the columns of `like`, of the latest event; from 1, 0: none */
    size_t n_attributes;
} pt_items;

/* Customer c of first..end - 1 has items[offsets[c - first]] to ..., rising; weights are sums of 2^(-age / half life). */
typedef struct pt_tastes {
    uint64_t *offsets;
    uint32_t *items;
    float *weights;
    size_t cap_offsets, cap_items, cap_weights;
} pt_tastes;
void pt_tastes_free(pt_tastes *t);

typedef struct pt_tastes_request {
    pt_view *view;
    const pt_model_def *def;
    int64_t as_of;
    int64_t after;       /* only events later than this; PT_I64_MISSING: all */
    const bool *members; /* by ordinal: others have nothing; NULL: all */
    uint32_t first, end; /* ordinals */
    pt_cancel *cancel;
    pt_arena *arena;
} pt_tastes_request;

/* The items that enough members have; and what sells, each event counting 2^(-age / half life): popularity[item]. */
pt_rc pt_items_find(pt_items *out, double **popularity, const pt_tastes_request *request, pt_err *err);
/* Items known by their text, for a view they were not found in: which codes they are there. */
int64_t pt_items_number(const pt_items *items, pt_sv text);
pt_rc pt_items_match(pt_items *items, const pt_tastes_request *request, pt_err *err);
pt_rc pt_tastes_gather(pt_tastes *out, const pt_items *items, const pt_tastes_request *request, pt_err *err);
/* Items that may not be recommended as of then, a bit each: those of `never`, and all without an event of `available`. */
pt_rc pt_items_excluded(uint64_t **out, const pt_items *items, const pt_tastes_request *request, pt_err *err);

#endif
