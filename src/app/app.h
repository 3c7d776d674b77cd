/* What the program can do, as functions that return structures: the one layer that the command line and HTTP both call.
 * Formatting is the caller's; nothing here prints. Everything below app/ is told the time; app/clock.c alone asks for it.
 *
 * What a function returns lies in the arena it was given, and refers to the app: free the arena before closing the app. */
#ifndef PT_APP_APP_H
#define PT_APP_APP_H

#include <stdatomic.h>

#include "app/circles.h"
#include "app/cleaning.h"
#include "app/lineage.h"
#include "eval/base.h"
#include "eval/eval.h"
#include "project/project.h"
#include "source/source.h"

/* --- a project, opened -------------------------------------------------------------------------------------------- */

typedef struct pt_app pt_app;

/* Loads the project that `dir` is in. PT_OK also when its files have problems: see pt_app_diags. */
pt_rc pt_app_open(pt_app **out, const char *dir, pt_err *err);
void pt_app_close(pt_app *app); /* NULL is fine */
const pt_project *pt_app_project(const pt_app *app);
const pt_diags *pt_app_diags(const pt_app *app);
/* Adds to pt_app_diags what only the store's engine can say: whether the SQL of sources is sound. Does nothing where the
 * engine is not installed. */
pt_rc pt_app_check(pt_app *app, pt_err *err);

/* --- stopping and progress ---------------------------------------------------------------------------------------- */

/* A request to stop: any thread may fire it, work in progress notices and ends with PT_ECANCELED. */
typedef struct pt_cancel pt_cancel;
pt_cancel *pt_cancel_new(void); /* NULL when memory is short */
void pt_cancel_free(pt_cancel *c);
void pt_cancel_fire(pt_cancel *c);        /* any thread; interrupts the engine's running statements too */
bool pt_cancel_fired(const pt_cancel *c); /* false for NULL */
/* PT_ECANCELED when fired. */
pt_rc pt_cancel_check(const pt_cancel *c, pt_err *err);
/* Connections whose statements a fired request interrupts; unwatch before closing one. `c` may be NULL. */
void pt_cancel_watch(pt_cancel *c, pt_conn *conn);
void pt_cancel_unwatch(pt_cancel *c, pt_conn *conn);

typedef enum pt_stage {
    PT_STAGE_READ,
    PT_STAGE_CLEAN,
    PT_STAGE_RESOLVE,
    PT_STAGE_QUALITY,
    PT_STAGE_TIMELINES,
    PT_STAGE_TAGS,
    PT_STAGE_INDEX,
    PT_STAGE_SEGMENTS,
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
    size_t
        memory; /* bytes: half for the engine, half for linking, then a quarter for sorting events; 0: their defaults */
    pt_progress progress;
    pt_cancel *cancel; /* may be NULL */
} pt_build_options;

typedef struct pt_build_source {
    const char *name;
    pt_source_kind kind;
    bool is_circle; /* worked out, and not read */
    pt_read_stats read;
    bool has_timeline, timeline_kept; /* kept: nothing it is made from had changed */
    uint64_t dropped;                 /* set aside by rules of cleaning after reading */
    uint64_t events, events_unplaced; /* unplaced: rows with no usable identifier, which belong to nobody */
    uint64_t timeline_bytes;
} pt_build_source;

/* Rows set aside for one reason. */
typedef struct pt_quarantine_reason {
    const char *source, *reason;
    uint64_t rows;
    const char *file; /* where the first of them is */
    uint64_t line;
} pt_quarantine_reason;

enum { PT_BUILD_REASONS = 5 };

struct pt_conflict; /* app/conflicts.h */
/* A rule of `quality:` that does not hold. */
typedef struct pt_broken_rule {
    const char *source, *rule;
    bool error; /* the build stopped at it */
    uint64_t rows, of;
    const char *file; /* where the first of the rows is; "" when it is about no single row */
    uint64_t line;
} pt_broken_rule;

/* What became of a saved segment. */
typedef struct pt_build_segment {
    const char *name;
    uint64_t members;
    bool new_here;         /* the last build had none of that name */
    uint64_t before;       /* its members then */
    uint64_t ids, unknown; /* of a list of ids; those that are nobody's */
} pt_build_segment;

/* What became of a model's tags. */
typedef struct pt_build_model {
    const char *name;
    size_t tags;
    uint32_t version;   /* that scored; 0: none did */
    const char *reason; /* then: why the tags have no values, in the user's words. NULL when it has no tags */
} pt_build_model;

/* What comparing records gave, where identity.yaml asks for it. */
typedef struct pt_build_linked {
    bool on;            /* false too when customers are as they were, and nothing was compared again */
    const char *reason; /* why nothing was compared, in the user's words; NULL: it was */
    uint64_t records, pairs, links, to_review; /* compared; that may be one person; that follow; for people to decide */
} pt_build_linked;

typedef struct pt_build_result {
    const char *generation; /* "g000012" */
    int64_t as_of;
    const pt_build_source *sources; /* by source number */
    size_t n_sources;
    const pt_circle_stats *circles;
    size_t n_circles;
    const pt_quarantine_reason *reasons; /* the most frequent */
    size_t n_reasons;
    pt_cleaning cleaning;               /* what each rule of cleaning did */
    const pt_broken_rule *broken_rules; /* the worst first */
    size_t n_broken_rules;
    unsigned quality_score;    /* 0 to 100 */
    uint64_t quality_findings; /* warnings and errors */
    uint64_t customers, customers_new, customers_merged, customers_split;
    uint64_t links_refused;     /* edges not followed: over a limit, a component too large, against a decision */
    uint64_t decisions_refused; /* by hand, and not followed: against a limit or a later decision */
    bool identity_kept;         /* no source had changed: customers are as they were */
    pt_build_linked linked;
    size_t n_tags;
    const pt_build_segment *segments; /* by segment number */
    size_t n_segments;
    const pt_build_model *models; /* by model of the project */
    size_t n_models;
    const struct pt_conflict *conflicts; /* of merged tags */
    size_t n_conflicts;
    double seconds[PT_STAGE_COUNT];
    double total_seconds;
} pt_build_result;

/* Runs the main job and publishes a new generation. PT_EBUSY when another build holds the data directory. */
pt_rc pt_app_build(pt_build_result *out, pt_app *app, const pt_build_options *options, pt_arena *arena, pt_err *err);

/* --- reading what was built --------------------------------------------------------------------------------------- */

typedef struct pt_profile_identifier {
    pt_sv type;
    pt_sv value;
} pt_profile_identifier;

typedef struct pt_profile_source {
    uint32_t source;
    uint64_t events;     /* not later than the as-of */
    int64_t first, last; /* PT_I64_MISSING when no event has a time */
} pt_profile_source;

typedef struct pt_profile {
    pt_sv id;    /* the stable customer id */
    pt_sv asked; /* the id that was asked for, where that customer became part of this one; else len 0 */
    uint32_t ordinal;
    int64_t as_of;
    int64_t base_as_of;      /* of the statistics of the base, where they are of another instant; else PT_I64_MISSING */
    bool reevaluated;        /* worked out from the timelines for this as-of, not read from the generation */
    const pt_column *values; /* by tag number; row 0 */
    const bool *unavailable; /* by tag number: needs a query, which another as-of than the build's does not have */
    const pt_profile_identifier *identifiers;
    size_t n_identifiers;
    size_t withheld;                  /* identifiers left out: not sure enough for the purpose */
    pt_sv person;                     /* the id of who stands for the same person for the purpose; the customer's own */
    const pt_profile_source *sources; /* those with events */
    size_t n_sources;
} pt_profile;

typedef struct pt_profile_options {
    bool has_as_of;
    int64_t as_of;
    const char *purpose; /* of identity.yaml, that decides on identifiers; NULL: none */
} pt_profile_options;

/* `who` is a stable id, "type:value", or a value of any identifier type. PT_ENOTFOUND when nobody has it. */
pt_rc pt_app_profile(const pt_profile **out, pt_app *app, pt_sv who, const pt_profile_options *options, pt_arena *arena,
                     pt_err *err);

/* --- the catalogue ------------------------------------------------------------------------------------------------ */

typedef struct pt_coverage {
    uint64_t customers;
    const uint64_t *known; /* by tag number: customers with a value; UINT64_MAX when the generation has no such tag */
    int64_t as_of;
} pt_coverage;

pt_rc pt_app_coverage(pt_coverage *out, pt_app *app, pt_arena *arena, pt_err *err);

/* One bar of a distribution: a value (text, category, bool, an item of a list), or a range [low, high) of numbers. Dates,
 * instants, durations and money are numbers here, in their own units (base/type.h). */
typedef struct pt_bar {
    pt_sv text;       /* the value; ptr NULL for numbers */
    double low, high; /* numbers; low == high for one value; -INFINITY, INFINITY at the open ends */
    uint64_t count;
} pt_bar;

typedef struct pt_distribution {
    uint64_t customers, known;
    uint64_t distinct; /* different values; of lists: different items */
    const pt_bar *bars;
    size_t n_bars;
    uint64_t others; /* customers (of lists: items) whose value has no bar */
    bool ordered;    /* numbers and times: the figures below are set */
    double min, p25, median, p75, max, mean;
} pt_distribution;

/* Of one built tag over all customers. PT_ENOTFOUND when the generation has no such tag. */
pt_rc pt_app_distribution(pt_distribution *out, pt_app *app, uint32_t tag, pt_arena *arena, pt_err *err);

/* --- explanations ------------------------------------------------------------------------------------------------- */

/* One aggregate, sequence or funnel for one customer, and the events that prove its value. */
typedef struct pt_proof {
    const char *text;                    /* canonical source text */
    pt_column value;                     /* row 0 */
    size_t n_events;                     /* how many events count */
    size_t n_shown;                      /* how many are listed: the latest */
    const uint64_t *events;              /* places in their timelines */
    const uint32_t *event_sources;       /* by event shown */
    const int64_t *times;                /* by event shown; PT_I64_MISSING: from the beginning */
    const struct pt_use_column *columns; /* which columns the leaf reads */
    size_t n_columns;
    int64_t changes_at; /* the next instant at which time alone changes what counts; INT64_MAX: never */
} pt_proof;

/* A tag (or the expression asked about) for one customer. */
typedef struct pt_finding {
    int tag; /* -1: the expression */
    pt_column value;
    const pt_proof *proofs;
    size_t n_proofs;
    double confidence;   /* app/confidence.h; NaN when it is not known */
    int64_t kept_from;   /* the instant of a value that is kept; PT_I64_MISSING when it is of now */
    int64_t next_change; /* of what was asked about: when it changes if nothing happens; INT64_MAX: not for 400 days */
    pt_column next_value;
} pt_finding;

typedef struct pt_explanation {
    int tag;             /* -1: an expression */
    const pt_node *node; /* NULL for a tag that a query gives */
    pt_type type;
    const char *text; /* canonical source text */
    const char *tree; /* lang's dump: one node a line with types */
    const char *plan; /* eval's dump */
    pt_lineage lineage;
    const pt_base_value *constants; /* the statistics of the base it uses, as far as a build knows them */
    size_t n_constants;
    int64_t built_as_of; /* when there are constants */
    bool has_customer;
    pt_sv customer; /* the stable id */
    pt_sv asked;    /* as in pt_profile */
    int64_t as_of;
    const pt_finding *findings; /* the tag or expression first, then the tags it uses */
    size_t n_findings;
    const pt_events *events; /* by source number: where pt_proof.events point */
    /* Of a tag that a model gives: why the customer has this value (app/model_explain.h); NULL otherwise. */
    const struct pt_model_why *why;
} pt_explanation;

typedef struct pt_explain_options {
    pt_sv customer; /* len 0: none */
    bool has_as_of;
    int64_t as_of;
    const char *lang; /* of a model's reasons: "zh", "en" (NULL) */
} pt_explain_options;

enum { PT_PROOF_EVENTS = 10 };

/* `what` is a tag's name or an expression. Problems in an expression go to `diags`, and PT_EINVAL is returned. */
pt_rc pt_app_explain(const pt_explanation **out, pt_app *app, pt_sv what, const pt_explain_options *options,
                     pt_diags *diags, pt_arena *arena, pt_err *err);
/* What an error code means: "E0301" or "301". NULL when there is no such code. */
const pt_diag_info *pt_app_diag_info(pt_sv code);

/* --- health ------------------------------------------------------------------------------------------------------- */

typedef enum pt_health { PT_HEALTH_OK, PT_HEALTH_WARN, PT_HEALTH_FAIL } pt_health;

typedef enum pt_checkup {
    PT_CHECKUP_ENGINE,     /* detail: the library's name and version */
    PT_CHECKUP_ZONES,      /* detail: the zone that could or could not be opened */
    PT_CHECKUP_PROJECT,    /* detail: its name, or the first problem */
    PT_CHECKUP_DATA_DIR,   /* detail: the folder */
    PT_CHECKUP_LOCK,       /* detail: the lock file */
    PT_CHECKUP_STORE,      /* detail: its file, or what is wrong with it */
    PT_CHECKUP_IDENTITY,   /* detail: how many links and decisions, or what is wrong; skipped without any */
    PT_CHECKUP_GENERATION, /* detail: the generation, or what is wrong with a file of it */
    PT_CHECKUP_MODELS,     /* detail: how many, or the gravest that is wrong with one; skipped without models */
    PT_CHECKUP_DISK,       /* detail: free bytes, as text */
    PT_CHECKUP_COUNT
} pt_checkup;

typedef struct pt_checkup_result {
    pt_health health;
    bool skipped; /* could not be looked at, because an earlier check failed */
    const char *detail;
} pt_checkup_result;

/* `dir` as for pt_app_open. Whatever is wrong is a result, never a failure. */
void pt_app_doctor(pt_checkup_result out[PT_CHECKUP_COUNT], const char *dir, pt_arena *arena);

#endif
