/* `portrait history`: the states that are kept, and past ones worked out from the timelines of the last build
 * (docs/history.md). */
#ifndef PT_APP_BACKFILL_H
#define PT_APP_BACKFILL_H

#include "app/app.h"

/* A kept state of tags. */
typedef struct pt_history_entry {
    int64_t as_of;
    const char *generation; /* of the build; of a recomputed state "recomputed" */
    bool recomputed;
    size_t tags;      /* how many it has */
    uint64_t changes; /* values stored: all of a tag that is stored whole */
} pt_history_entry;

typedef struct pt_history_list {
    const pt_history_entry *entries; /* by as-of; those that count */
    size_t n;
    const uint32_t *tags; /* whose history builds keep */
    size_t n_tags;
    uint64_t bytes; /* of the files of states and trends */
} pt_history_list;

/* PT_ENOTFOUND when nothing was built. */
pt_rc pt_app_history(pt_history_list *out, pt_app *app, pt_arena *arena, pt_err *err);

typedef struct pt_backfill_options {
    int64_t from, to; /* instants: the first state is as of `from`, none is after `to` or not before the last build */
    int64_t every;    /* microseconds above zero; whole days are days of the project's zone */
    unsigned threads; /* 0: all cores */
    pt_progress progress;
    pt_cancel *cancel; /* may be NULL */
} pt_backfill_options;

enum { PT_BACKFILL_MOST = 1000 }; /* states of one run */

typedef struct pt_backfill_result {
    size_t states, kept; /* worked out; left alone, because a build's state is kept for their instant */
    int64_t first, last; /* as-ofs worked out; PT_I64_MISSING without any */
    size_t tags;         /* whose values were worked out */
    size_t frozen;       /* that rest on queries, whose past values nobody knows */
} pt_backfill_result;

/* Takes the place of what an earlier run worked out. PT_EBUSY while a build runs. */
pt_rc pt_app_backfill(pt_backfill_result *out, pt_app *app, const pt_backfill_options *options, pt_arena *arena,
                      pt_err *err);

#endif
