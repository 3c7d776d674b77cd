/* One question, planned once and asked of any number of customers: those of the last build, or rows in memory. What the
 * library offers as portrait_evaluator; `explain` answers one question in full instead. One thread. */
#ifndef PT_APP_EVALUATOR_H
#define PT_APP_EVALUATOR_H

#include "app/app.h"

typedef struct pt_evaluator pt_evaluator;

/* `what` is a tag's name or an expression; `as_of` may be NULL: the build's for its customers, the project's for rows. Problems
 * in an expression go to `diags`, and PT_EINVAL is returned. The app must outlive the evaluator. */
pt_rc pt_evaluator_new(pt_evaluator **out, pt_app *app, pt_sv what, const int64_t *as_of, pt_diags *diags, pt_err *err);
void pt_evaluator_free(pt_evaluator *e); /* NULL is fine */
pt_type pt_evaluator_type(const pt_evaluator *e);
int pt_evaluator_tag(const pt_evaluator *e); /* -1: an expression */

/* Row 0 of *value, until the next call on this evaluator. `who` as in pt_app_profile. */
pt_rc pt_evaluator_customer(const pt_column **value, pt_evaluator *e, pt_sv who, pt_err *err);

/* One aggregate or sequence, and what it counted. */
typedef struct pt_evaluator_proof {
    const char *text; /* canonical source text */
    const pt_column *value;
    size_t n_events;
    int64_t first, last; /* PT_I64_MISSING when nothing counted has a time */
} pt_evaluator_proof;

/* Of the last answer; in `arena`, except what is in the columns. */
pt_rc pt_evaluator_proofs(const pt_evaluator_proof **out, size_t *n, pt_evaluator *e, pt_arena *arena, pt_err *err);

/* Rows of one customer in memory: begin, add each, answer. `row` is the time and the columns, tab separated
 * (docs/eval-filter.md). After PT_EINVAL the row was not added. PT_EINVAL from begin when the question needs a query over the
 * store, or there is no instant to ask it at. */
pt_rc pt_evaluator_begin(pt_evaluator *e, pt_sv customer, pt_err *err);
pt_rc pt_evaluator_row(pt_evaluator *e, pt_sv source, pt_sv row, pt_err *err);
pt_rc pt_evaluator_answer(const pt_column **value, pt_evaluator *e, pt_err *err);

#endif
