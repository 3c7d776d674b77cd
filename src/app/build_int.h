/* Shared by build.c and the stages. */
#ifndef PT_APP_BUILD_INT_H
#define PT_APP_BUILD_INT_H

#include "app/app.h"
#include "app/generation.h"
#include "app/stage_resolve.h"
#include "base/io.h"
#include "base/pool.h"

/* One run of `portrait build`. */
typedef struct pt_build {
    const pt_project *project;
    const pt_build_options *options;
    pt_build_result *result;
    pt_build_source *sources; /* by source number: the result's, while they are filled in */
    pt_arena *arena;          /* the caller's: lives as long as the result */
    pt_pool *pool;
    pt_data_dir *data;
    pt_draft *draft;
    pt_store *store;
    pt_conn *conn;

    pt_hash128 *source_hash; /* by source number: of all its cleaned rows come from; set by pt_stage_clean */
    pt_resolve_stats resolved;
    pt_map directory_map;
    pt_directory *directory;      /* of the draft */
    pt_timeline **timelines;      /* by source number; NULL where the source has none */
    pt_events *events;            /* by source number: all ordinals */
    int64_t as_of;                /* set by pt_stage_clean */
    pt_hash128 made_from;         /* of all that the tags follow from; set by pt_stage_tags */
    const char *history_replaced; /* a file of history/ that the new one stands for, or NULL */
} pt_build;

/* Reports progress; `what` may be NULL. */
void pt_build_report(const pt_build *b, pt_stage stage, const char *what, uint64_t done, uint64_t total);

static inline bool pt_source_has_timeline(const pt_source *s)
{
    return s->kind == PT_SOURCE_EVENT || s->kind == PT_SOURCE_RECORD;
}
/* "orders.timeline"; NULL when memory is short. */
char *pt_timeline_file(pt_arena *a, const char *source);

/* Room for what is kept by source number. */
pt_rc pt_build_arrays(pt_build *b, pt_err *err);
/* Files of all sources -> raw tables (app/stage_read.c). */
pt_rc pt_stage_read(pt_build *b, pt_err *err);
/* Chooses the as-of; raw tables -> the views `clean.<source>` that all later stages read (app/stage_clean.c). */
pt_rc pt_stage_clean(pt_build *b, pt_err *err);
/* Cleaned rows -> a report in the store; stops the build at a rule of level error (app/stage_quality.c). */
pt_rc pt_stage_quality(pt_build *b, pt_err *err);
/* Cleaned rows -> a timeline a source, opened (app/stage_timelines.c). */
pt_rc pt_stage_timelines(pt_build *b, pt_err *err);
/* Timelines and queries -> profile.tags (app/stage_tags.c). Its bytes depend on the timelines, the project and the as-of,
 * not on threads. */
pt_rc pt_stage_tags(pt_build *b, pt_err *err);
/* profile.tags -> profile.index (app/stage_index.c). */
pt_rc pt_stage_index(pt_build *b, pt_err *err);
/* profile.tags -> history/<generation>.tags; once it is published, what that replaces goes (app/stage_history.c). */
pt_rc pt_history_keep(pt_build *b, pt_err *err);
void pt_history_published(const pt_build *b);
/* Saved segments -> profile.segments and history/gNNNNNN.segments (app/stage_segments.c). */
pt_rc pt_stage_segments(pt_build *b, pt_err *err);
/* What the build found -> history/<generation>.trend (app/stage_trend.c). */
pt_rc pt_trend_keep(pt_build *b, pt_err *err);
/* The manifest, and the generation made current (app/stage_publish.c). */
pt_rc pt_stage_publish(pt_build *b, pt_err *err);

/* The values of one `sql:` tag for all ordinals, in memory from `arena` (app/query_tags.c). */
pt_rc pt_query_tag(pt_column *out, pt_build *b, uint32_t tag, pt_arena *arena, pt_err *err);
/* Makes the views that such queries see: each source under its own name, cut at the as-of. */
pt_rc pt_query_views(pt_build *b, pt_err *err);

#endif
