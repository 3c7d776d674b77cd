/* keep(x) inside eval/: see keep.c. */
#ifndef PT_EVAL_KEEP_H
#define PT_EVAL_KEEP_H

#include "eval/scalar.h"

enum { KEEP_TRIES = 64 }; /* how many instants of a customer are tried */

/* Plans x a second time, alone. */
pt_rc bind_keep(plan_op *op, pt_program *p, pt_err *err);
RUNNER(run_keep);
void keep_state_free(keep_state *k); /* NULL is fine, here and below */
/* As pt_eval_forget. */
void keep_state_forget(keep_state *k);
/* The instant that the value of the row computed last is from; PT_I64_MISSING when it is not of the past. */
int64_t keep_state_instant(const keep_state *k);

#endif
