/* The quality report: what the last build found about the data, read from the store. */
#ifndef PT_APP_QUALITY_H
#define PT_APP_QUALITY_H

#include "app/app.h"
#include "quality/quality.h"

typedef struct pt_quality_report {
    int64_t as_of;
    double score, earlier_score;      /* 0 to 100: the mean of the sources; NaN: none */
    const pt_quality_source *sources; /* those asked for */
    size_t n_sources;
} pt_quality_report;

/* `source` NULL: of all. PT_ENOTFOUND when nothing was built, or there is no such source. */
pt_rc pt_app_quality(pt_quality_report *out, pt_app *app, const char *source, pt_arena *arena, pt_err *err);

#endif
