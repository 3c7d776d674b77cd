/* The language once more, written down as docs/language.md says it: one customer, one event, one value at a time, with
 * nothing in common with src/eval. Slow and plain; the evaluator is held to it. */
#ifndef TESTS_SUPPORT_NAIVE_H
#define TESTS_SUPPORT_NAIVE_H

#include "support/eval_data.h"

/* The value of a checked tree for one customer. What it makes lives in `arena`. */
cell naive_value(const dataset *d, const pt_module *module, const pt_node *node, size_t customer, pt_arena *arena);

#endif
