/* What customers do in what order and when, over their events up to the as-of of the last build: funnels, paths, cohorts,
 * hours of the week (docs/journeys.md). Which events are meant is said in the portrait language and decided by its evaluator.
 *
 * A figure that would describe a smaller group than the project's min_group, by itself or by subtracting shown figures from
 * each other, is PT_HIDDEN. Structs lie in the arena and refer to the app. */
#ifndef PT_APP_JOURNEYS_H
#define PT_APP_JOURNEYS_H

#include "app/app.h"

#define PT_HIDDEN UINT64_MAX

typedef struct pt_journey_options {
    unsigned threads;  /* 0: all cores */
    pt_cancel *cancel; /* may be NULL */
    pt_sv segment;     /* a condition over customers; empty: all */
} pt_journey_options;

/* What every answer says first. */
typedef struct pt_journey {
    int64_t as_of;
    const char *segment;         /* in canonical form; "" for all customers */
    uint64_t members, customers; /* of the segment, of all */
    uint32_t min_group;
} pt_journey;

/* A value of a tag or of a column by which something is split. */
typedef struct pt_journey_value {
    pt_sv text;    /* ptr NULL: a number, or none */
    double number; /* in the units of the type (base/type.h) */
    bool missing;
} pt_journey_value;

/* --- funnel --------------------------------------------------------------------------------------------------------------- */

typedef struct pt_funnel_question {
    const pt_sv *steps; /* "visits where page = 'cart'"; 2 to PT_LANG_MAX_STEPS */
    size_t n_steps;
    int64_t within;   /* from the first step to the last, microseconds; INT64_MAX: any time */
    int32_t from, to; /* days in which all steps lie, both included; PT_I32_MISSING: open */
    bool strict;      /* nothing else of the steps' sources happens in between */
    pt_sv by;         /* a tag; empty: none */
} pt_funnel_question;

/* What those who stopped at a step did next. */
typedef struct pt_funnel_next {
    int source; /* -1: nothing more */
    const char *column;
    pt_sv value;        /* of that column; ptr NULL: any event of the source */
    uint64_t customers; /* hidden: most of them */
} pt_funnel_next;

typedef struct pt_funnel_step {
    const char *text; /* in canonical form */
    uint32_t source;
    uint64_t customers;   /* who reached it */
    uint64_t least, most; /* what `customers` lies between, both included, also when it is hidden */
    uint64_t stopped;     /* who went no further; of the last step 0 */
    int64_t median;       /* time since the step before; PT_I64_MISSING: not known, or hidden */
    const pt_funnel_next *nexts;
    size_t n_nexts;
    uint64_t
        others; /* stopped, and did something next that is not listed; hidden: so few that they cannot be counted */
} pt_funnel_step;

typedef struct pt_funnel_group {
    pt_journey_value value;
    uint64_t members;          /* of the segment, with this value */
    const uint64_t *customers; /* by step */
    const uint64_t *least, *most;
} pt_funnel_group;

typedef struct pt_funnel {
    pt_journey about;
    const char
        *condition; /* funnel(...) in the language: how far a customer came; NULL when strict, which it cannot say */
    int64_t within;
    bool strict;
    const pt_funnel_step *steps;
    size_t n_steps;
    int by;                        /* tag number, -1 */
    const pt_funnel_group *groups; /* most customers first */
    size_t n_groups;
    uint64_t hidden_groups, hidden_members; /* too small to show, and those put with them */
} pt_funnel;

/* Problems in conditions go to `diags`, and PT_EINVAL is returned: of all four. */
pt_rc pt_app_funnel(pt_funnel *out, pt_app *app, const pt_funnel_question *question, const pt_journey_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err);

/* --- paths ---------------------------------------------------------------------------------------------------------------- */

enum { PT_PATH_MOST_STEPS = 8, PT_PATH_LABELS = 30 };

typedef enum pt_path_start { PT_PATH_FIRST, PT_PATH_LAST, PT_PATH_EACH } pt_path_start;

typedef struct pt_paths_question {
    pt_sv event;            /* a source, with a condition if need be */
    uint32_t before, after; /* steps to look at, up to PT_PATH_MOST_STEPS; 0: not that way */
    pt_sv by;               /* a column: its values tell events of the sources that have it apart; empty: sources do */
    pt_sv through;          /* sources that take part, "visits, orders"; empty: all of kind event */
    int64_t within;         /* from the start; INT64_MAX: any time */
    int64_t gap;            /* a pause longer than this ends the path; INT64_MAX: none does */
    pt_path_start start;
} pt_paths_question;

typedef enum pt_path_kind {
    PT_PATH_EVENT,
    PT_PATH_END,   /* nothing more */
    PT_PATH_OTHER, /* values too rare for a label of their own */
    PT_PATH_REST   /* a tree's nodes too small to show, and those put with them */
} pt_path_kind;

typedef struct pt_path_label {
    pt_path_kind kind;
    int source;         /* EVENT; -1 else */
    const char *column; /* NULL: any event of the source */
    pt_sv value;        /* of the column; ptr NULL: without one */
} pt_path_label;

typedef struct pt_path_node {
    uint32_t level;             /* 1: next to the start */
    uint32_t parent;            /* index of the node one level nearer to the start; UINT32_MAX: the start */
    uint32_t label;             /* index into labels */
    uint64_t starts, customers; /* whose path begins so; of an event hidden: most of its parent's */
} pt_path_node;

/* All that is shown of two neighbouring levels, as a Sankey diagram wants it. */
typedef struct pt_path_link {
    uint32_t level;    /* of `to` */
    uint32_t from, to; /* labels; of level 1 `from` is UINT32_MAX, the start */
    uint64_t starts;
} pt_path_link;

typedef struct pt_path_tree {
    const pt_path_node *nodes; /* a node, then all below it; siblings with most starts first, the rest last */
    size_t n_nodes;
    const pt_path_link *links; /* by level, then most starts first */
    size_t n_links;
} pt_path_tree;

typedef struct pt_paths {
    pt_journey about;
    const char *event; /* in canonical form */
    pt_path_start start;
    uint64_t starts, customers; /* occurrences looked at, and whose they are */
    const pt_path_label *labels;
    size_t n_labels;
    pt_path_tree before, after;
} pt_paths;

pt_rc pt_app_paths(pt_paths *out, pt_app *app, const pt_paths_question *question, const pt_journey_options *options,
                   pt_diags *diags, pt_arena *arena, pt_err *err);

/* --- cohorts -------------------------------------------------------------------------------------------------------------- */

typedef enum pt_cohort_every { PT_EVERY_MONTH, PT_EVERY_WEEK } pt_cohort_every;

enum { PT_COHORT_MOST_PERIODS = 60, PT_COHORT_MOST_ROWS = 1200 };

typedef struct pt_cohort_question {
    pt_sv event; /* a source, with a condition if need be */
    pt_cohort_every every;
    uint32_t periods; /* columns after the first, up to PT_COHORT_MOST_PERIODS */
    pt_sv of;         /* a tag: a row for each of its values; empty: for each period of a customer's first event */
    pt_sv sum;        /* a number or money column of the source to add up; empty: customers are counted */
    bool cumulative;  /* up to and with the k-th period, and no more in it alone */
    int32_t from, to; /* days on which the first event lies, both included; PT_I32_MISSING: open */
} pt_cohort_question;

typedef struct pt_cohort_cell {
    uint64_t base;        /* customers of the row for whom this period has come; of rows by tag: for whom it is over */
    uint64_t active;      /* of them, with an event in it (cumulative: since the period after the first) */
    uint64_t least, most; /* what `active` lies between when it is hidden, both included */
    double sum;           /* of the column, of all of them; NaN: hidden or not asked for */
    bool partial;         /* the period is not over yet */
} pt_cohort_cell;

typedef struct pt_cohort_row {
    int32_t start;          /* first day of the period; PT_I32_MISSING: a row by tag, or the last row, of all */
    pt_journey_value value; /* of rows by tag */
    uint64_t customers;
    const pt_cohort_cell *cells; /* periods 0, 1, ... after the first event */
    size_t n_cells;
} pt_cohort_row;

typedef struct pt_cohort {
    pt_journey about;
    const char *event;
    pt_cohort_every every;
    bool cumulative;
    int of;  /* tag number, -1 */
    int sum; /* column of the source, -1 */
    uint32_t source;
    int32_t data_begins;       /* the first period's first day: its cohort holds all who were customers before, too */
    const pt_cohort_row *rows; /* in order of time; by tag: most customers first */
    size_t n_rows;
    pt_cohort_row all; /* of what the rows show */
    uint64_t hidden_rows, hidden_customers;
} pt_cohort;

pt_rc pt_app_cohort(pt_cohort *out, pt_app *app, const pt_cohort_question *question, const pt_journey_options *options,
                    pt_diags *diags, pt_arena *arena, pt_err *err);

/* --- hours of the week ---------------------------------------------------------------------------------------------------- */

typedef struct pt_heat_cell {
    uint64_t events, customers; /* both hidden, or none */
    double share;               /* of the events shown; NaN: hidden */
    double index;               /* share / share among all customers x 100; NaN: hidden, no segment, or none there */
} pt_heat_cell;

typedef struct pt_heatmap {
    pt_journey about;
    const char *event;
    uint32_t source;
    uint64_t events; /* in the cells that are shown */
    uint64_t hidden_cells;
    bool days_only;            /* all events are at local midnight: hours tell nothing */
    pt_heat_cell cells[7][24]; /* Monday first; local hours */
    pt_heat_cell days[7], hours[24];
} pt_heatmap;

pt_rc pt_app_heatmap(pt_heatmap *out, pt_app *app, pt_sv event, const pt_journey_options *options, pt_diags *diags,
                     pt_arena *arena, pt_err *err);

#endif
