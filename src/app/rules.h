/* Conditions whose tags are worked out and not looked up: the project's tags as they are written, then its saved segments as
 * names of bool. For what is asked of one customer in full, or as of another instant than the build's. */
#ifndef PT_APP_RULES_H
#define PT_APP_RULES_H

#include "app/app_int.h"
#include "segment/logic.h"

typedef struct pt_rules {
    const pt_project *project;
    const pt_module *module; /* numbers as in the project's `conditions`, so that trees of either are understood */
} pt_rules;

/* A dynamic segment is worked out; static ones, lists, and those that ask for kept history are given. In the arena. */
pt_rc pt_rules_of(pt_rules *out, const pt_project *p, pt_arena *arena, pt_err *err);
/* The same with some more names after all others, one for each expression (of bool). */
pt_rc pt_rules_with(pt_rules *out, const pt_project *p, const pt_node *const *nodes, size_t n, pt_arena *arena,
                    pt_err *err);
/* Parses a condition, or the name of a segment; takes it apart, saved segments too. PT_EINVAL with problems in `diags`. */
pt_rc pt_rules_parse(const pt_node **node, pt_logic_tree *tree, const pt_rules *r, pt_sv what, pt_diags *diags,
                     pt_arena *arena, pt_err *err);

/* The segment that a leaf names, -1 for none. */
int pt_rules_segment(const pt_rules *r, const pt_node *leaf);
/* Whether it asks for kept history, which the evaluator does not know of. */
bool pt_rules_asks_history(const pt_node *node);
/* Marks the segments, by number, that an expression uses at any depth and that are given. */
pt_rc pt_rules_given(bool *given, const pt_rules *r, const pt_node *node, pt_arena *arena, pt_err *err);

#endif
