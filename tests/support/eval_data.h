/* Data to evaluate expressions over, kept row by row: what the naive interpreter reads as it is, and what the evaluator is
 * given as columns of chosen widths. */
#ifndef TESTS_SUPPORT_EVAL_DATA_H
#define TESTS_SUPPORT_EVAL_DATA_H

#include "base/rng.h"
#include "base/time.h"
#include "eval/eval.h"

/* One value of any type. */
typedef struct cell {
    pt_type type;
    bool missing, boolean;
    double number;
    int64_t i64; /* money, instant, duration */
    int32_t date;
    pt_sv text;
    pt_sv *items; /* lists */
    double *weights;
    size_t n;
} cell;

typedef struct data_event {
    size_t customer;
    int64_t time;
    cell *cells; /* by column */
} data_event;

typedef struct data_source {
    data_event *events; /* by customer, then time, then arrival */
    size_t n;
} data_source;

typedef struct dataset {
    pt_arena *arena;
    pt_catalog catalog;
    data_source *sources; /* one for each of the catalogue's */
    size_t n_customers;
    const char **ids;
    cell *external; /* [tag * n_customers + customer]; only external tags' are set */
    int64_t as_of;
    pt_zone *zone;
} dataset;

/* The sources and the external tags that random data and random expressions are about; `tags` are added to them. */
void dataset_catalog(dataset *d, const pt_lang_tag *tags, size_t n_tags);
/* Random customers and events, with ties, missing values, events on the edges of windows and after the as-of. */
void dataset_fill(dataset *d, pt_rng *r, size_t customers, size_t most_events);
/* Sorts each source's events as a timeline would. */
void dataset_sort(dataset *d);

/* The same data as columns; everything lives in the arena. `widths` picks the narrowest codes that fit, or wider. */
typedef enum code_widths { WIDTHS_NARROW, WIDTHS_WIDE, WIDTHS_MIXED } code_widths;
pt_batch dataset_batch(const dataset *d, code_widths widths, pt_arena *arena);
/* Row `at` of a column as a cell. */
cell cell_of_column(const pt_column *c, size_t at, pt_arena *arena);
/* As an expression would write it; for reports. */
void cell_print(pt_str *out, const cell *c, const pt_zone *zone);
void dataset_print(pt_str *out, const dataset *d);

static inline cell cell_missing(pt_type type)
{
    return (cell){.type = type, .missing = true};
}

#endif
