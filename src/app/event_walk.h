/* Over all customers' events that a model means (`purchases: orders where status = 'paid'`), in parallel. */
#ifndef PT_APP_EVENT_WALK_H
#define PT_APP_EVENT_WALK_H

#include "app/view.h"
#include "base/pool.h"
#include "project/model_def.h"

typedef struct pt_event_walk {
    pt_view *view;                 /* timelines are open */
    const pt_setting_item *events; /* a PT_SETTING_EVENTS; its window, if any, ends at `until` */
    int32_t column;                /* of the same source, which visits read; -1: none */
    int64_t until;                 /* nothing later is looked at */
    pt_pool *pool;
    pt_cancel *cancel; /* may be NULL */
} pt_event_walk;

/* One customer's: events[i] is a place in the timeline, in order of time. */
typedef struct pt_walked {
    uint32_t ordinal;
    const uint64_t *events;
    size_t n;
    const int64_t *time;     /* of the source, by place */
    const pt_column *column; /* of the source; NULL when none is read */
} pt_walked;

/* Visits each customer who has such events once; different ones on different threads. */
typedef pt_rc (*pt_event_visit)(void *ctx, const pt_walked *w, pt_err *err);
pt_rc pt_event_walk_run(const pt_event_walk *w, pt_event_visit visit, void *ctx, pt_err *err);

#endif
