/* How tags, segments and the quality of the data went over time: from the small summaries that every build leaves in
 * history/ (docs/history.md). Points are in order of their as-of, one for each; a point is what the last build for that
 * as-of found. */
#ifndef PT_APP_TREND_H
#define PT_APP_TREND_H

#include "app/app.h"

enum { PT_TREND_VALUES = 20 }; /* values of a tag that a trend shows; the rest are "others" */

typedef struct pt_trend_point {
    int64_t as_of;
    const char
        *generation; /* "g000012": of the build, or (recomputed) the one from whose timelines it was worked out */
    bool recomputed; /* by `portrait history backfill`, not kept by a build */
    uint64_t customers;
} pt_trend_point;

/* The values that a tag had at one point. */
typedef struct pt_tag_figures {
    bool there;             /* false: the tag was not among those of that build; nothing else is set */
    uint64_t known;         /* customers with a value */
    const uint64_t *counts; /* by value of the trend: customers (of lists: who have the item) */
    uint64_t others;        /* customers (of lists: items) whose value is not among them */
    /* Numbers, dates, times and money, in their own units (base/type.h); set when known > 0. */
    double min, p05, p25, median, p75, p95, max, mean;
} pt_tag_figures;

typedef struct pt_tag_trend {
    uint32_t tag;
    const pt_trend_point *points;
    size_t n_points;
    const pt_tag_figures *figures; /* by point */
    bool ordered;                  /* numbers and times: figures rather than values */
    const pt_sv *values; /* tiers in their order, then the most frequent over all points; bools "true", "false" */
    size_t n_values;
} pt_tag_trend;

/* PT_ENOTFOUND when nothing was built. */
pt_rc pt_app_tag_trend(pt_tag_trend *out, pt_app *app, uint32_t tag, pt_arena *arena, pt_err *err);

typedef struct pt_segment_trend {
    const char *segment;
    const pt_trend_point *points; /* those at which the segment was counted */
    const uint64_t *members;      /* by point */
    size_t n_points;
} pt_segment_trend;

/* PT_ENOTFOUND when nothing was built. A segment that no build has counted yet has no points. */
pt_rc pt_app_segment_trend(pt_segment_trend *out, pt_app *app, const char *segment, pt_arena *arena, pt_err *err);

typedef struct pt_quality_trend {
    const pt_trend_point *points; /* builds only: the past cannot be judged again */
    size_t n_points;
    const char *const *sources; /* those of the project */
    size_t n_sources;
    const double *scores; /* scores[point * n_sources + source], 0 to 100; NaN: none */
    const double *totals; /* by point: the mean of the sources that have one; NaN: none */
} pt_quality_trend;

pt_rc pt_app_quality_trend(pt_quality_trend *out, pt_app *app, pt_arena *arena, pt_err *err);

#endif
