/* Programs and evaluators for one question about one customer; both live as long as the arena, and so do the values. */
#ifndef PT_APP_EVALUATE_H
#define PT_APP_EVALUATE_H

#include "eval/base.h"
#include "eval/eval.h"
#include "project/project.h"

/* What to compute: an expression, or tags when `node` is NULL. */
typedef struct pt_question {
    const pt_node *node;
    const uint32_t *tags;
    size_t n_tags;
    const pt_base_set *base; /* what is known of the base; must outlive the arena's evaluators */
    const pt_module *module; /* NULL: the project's */
} pt_question;

pt_rc pt_question_plan(pt_program **out, const pt_project *p, const pt_question *q, pt_arena *arena, pt_err *err);
/* Plans, evaluates the batch once; the answers are pt_eval_tag(*out, i). */
pt_rc pt_question_ask(pt_eval **out, const pt_project *p, const pt_question *q, const pt_batch *batch, int64_t as_of,
                      pt_arena *arena, pt_err *err);

#endif
