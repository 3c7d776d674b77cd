/* `portrait eval`: rows grouped by customer in, one line of tags a customer out. The same evaluator as a build, fed from a
 * pipe: no store, no data directory. Memory is that of one batch of customers (or of the largest customer), the
 * dictionaries of the text columns that tags read, and the check against a customer that comes twice.
 * docs/eval-filter.md defines both formats. */
#ifndef PT_APP_FILTER_H
#define PT_APP_FILTER_H

#include "app/app.h"
#include "eval/base.h"

typedef struct pt_filter_options {
    int64_t as_of;
    bool json, header;
    bool skip_bad;        /* a line that does not fit is counted and left out; otherwise it ends the run */
    const uint32_t *tags; /* tag numbers to write, in this order; see pt_filter_tags */
    size_t n_tags;
    const pt_base_set
        *base; /* statistics of the base that the tags use, each of them; may be NULL where they use none */
    /* Reads up to n bytes; *got 0 at the end. */
    pt_rc (*read)(void *ctx, void *buf, size_t n, size_t *got, pt_err *err);
    pt_rc (*write)(void *ctx, const void *bytes, size_t n, pt_err *err);
    void *ctx;
} pt_filter_options;

typedef struct pt_filter_stats {
    uint64_t lines, customers, bad;
    pt_err first_bad; /* why the first bad line is bad, with its line number */
} pt_filter_stats;

/* The tags a pipe can compute, in catalogue order: all but those that a query gives (`sql:`) and those that use such. */
pt_rc pt_filter_tags(const uint32_t **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err);

/* What a pipe knows of the base: of the file `path`, or of the current generation when path is NULL and there is one; else
 * *out is an empty set. */
pt_rc pt_filter_base(const pt_base_set **out, const pt_app *app, const char *path, pt_arena *arena, pt_err *err);

/* Runs until the input ends. PT_EINVAL with the line number for a bad line. *stats is set also on failure. */
pt_rc pt_app_filter(pt_filter_stats *stats, const pt_app *app, const pt_filter_options *options, pt_err *err);

#endif
