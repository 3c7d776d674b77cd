/* What the program can do, as functions that return structures: the one layer that the command line and HTTP both call.
 * Formatting is the caller's; nothing here prints. Everything below app/ is told the time; app/clock.c alone asks for it. */
#ifndef PT_APP_APP_H
#define PT_APP_APP_H

#include <stdatomic.h>

#include "project/project.h"
#include "source/source.h"

/* --- a project, opened -------------------------------------------------------------------------------------------- */

typedef struct pt_app pt_app;

/* Loads the project that `dir` is in. PT_OK also when its files have problems: see pt_app_diags. */
pt_rc pt_app_open(pt_app **out, const char *dir, pt_err *err);
void pt_app_close(pt_app *app); /* NULL is fine */
const pt_project *pt_app_project(const pt_app *app);
const pt_diags *pt_app_diags(const pt_app *app);

/* --- stopping and progress ---------------------------------------------------------------------------------------- */

/* A request to stop: any thread may fire it, work in progress notices and ends with PT_ECANCELED. */
typedef struct pt_cancel pt_cancel;
pt_cancel *pt_cancel_new(void); /* NULL when memory is short */
void pt_cancel_free(pt_cancel *c);
void pt_cancel_fire(pt_cancel *c); /* any thread; interrupts the engine's running statements too */
bool pt_cancel_fired(const pt_cancel *c); /* false for NULL */
/* PT_ECANCELED when fired. */
pt_rc pt_cancel_check(const pt_cancel *c, pt_err *err);
/* Connections whose statements a fired request interrupts; unwatch before closing one. `c` may be NULL. */
void pt_cancel_watch(pt_cancel *c, pt_conn *conn);
void pt_cancel_unwatch(pt_cancel *c, pt_conn *conn);

typedef enum pt_stage {
    PT_STAGE_READ,
    PT_STAGE_RESOLVE,
    PT_STAGE_TIMELINES,
    PT_STAGE_TAGS,
    PT_STAGE_PUBLISH,
    PT_STAGE_COUNT
} pt_stage;
const char *pt_stage_name(pt_stage stage); /* "read", "resolve", ...: stable */

typedef struct pt_progress_event {
    pt_stage stage;
    const char *what;     /* the source at work, or NULL */
    uint64_t done, total; /* rows or customers; total 0 when not known */
    bool ended;           /* the stage is over; `seconds` is its time */
    double seconds;
} pt_progress_event;

/* Called from one thread at a time, but not always the same one. */
typedef struct pt_progress {
    void (*report)(void *ctx, const pt_progress_event *event); /* NULL: nobody listens */
    void *ctx;
} pt_progress;

/* --- build -------------------------------------------------------------------------------------------------------- */

typedef struct pt_build_options {
    bool has_as_of;
    int64_t as_of;
    unsigned threads; /* 0: all cores */
    size_t memory;    /* bytes for the engine and for sorting; 0: their defaults */
    pt_progress progress;
    pt_cancel *cancel; /* may be NULL */
} pt_build_options;

typedef struct pt_build_source {
    const char *name;
    pt_source_kind kind;
    pt_read_stats read;
    bool has_timeline, timeline_kept; /* kept: nothing it is made from had changed */
    uint64_t events, events_unplaced; /* unplaced: rows with no usable identifier, which belong to nobody */
    uint64_t timeline_bytes;
} pt_build_source;

typedef struct pt_build_result {
    const char *generation; /* "g000012" */
    int64_t as_of;
    const pt_build_source *sources; /* by source number */
    size_t n_sources;
    uint64_t customers, customers_new, customers_merged, customers_split;
    uint64_t links_refused;  /* edges not followed: over a limit, or a component too large */
    bool identity_kept;      /* no source had changed: customers are as they were */
    size_t n_tags;
    double seconds[PT_STAGE_COUNT];
    double total_seconds;
} pt_build_result;

/* Runs the main job and publishes a new generation. PT_EBUSY when another build holds the data directory. */
pt_rc pt_app_build(pt_build_result *out, pt_app *app, const pt_build_options *options, pt_arena *arena, pt_err *err);

/* --- reading what was built --------------------------------------------------------------------------------------- */

typedef struct pt_profile_identifier {
    const char *type;
    pt_sv value;
} pt_profile_identifier;

typedef struct pt_profile_source {
    uint32_t source;
    uint64_t events;     /* not later than the as-of */
    int64_t first, last; /* PT_I64_MISSING when no event has a time */
} pt_profile_source;

typedef struct pt_profile {
    pt_sv id; /* the stable customer id */
    uint32_t ordinal;
    int64_t as_of;
    bool reevaluated;        /* worked out from the timelines for this as-of, not read from the generation */
    const pt_column *values; /* by tag number; row 0 */
    const bool *unavailable; /* by tag number: needs a query, which another as-of than the build's does not have */
    const pt_profile_identifier *identifiers;
    size_t n_identifiers;
    const pt_profile_source *sources; /* those with events */
    size_t n_sources;
} pt_profile;

typedef struct pt_profile_options {
    bool has_as_of;
    int64_t as_of;
} pt_profile_options;

/* `who` is a stable id, "type:value", or a value of any identifier type. PT_ENOTFOUND when nobody has it. */
pt_rc pt_app_profile(const pt_profile **out, pt_app *app, pt_sv who, const pt_profile_options *options, pt_arena *arena,
                     pt_err *err);

#endif
