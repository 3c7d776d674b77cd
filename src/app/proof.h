/* What proves a value of one customer, out of the evaluator's evidence. Shared by explanations of tags and of membership. */
#ifndef PT_APP_PROOF_H
#define PT_APP_PROOF_H

#include "app/app.h"

/* `events` are the customer's, by source: where the proof's events point. In the arena. */
pt_rc pt_proof_of(pt_proof *out, const pt_project *project, const pt_events *events, const pt_leaf *leaf,
                  pt_arena *arena, pt_err *err);
/* Whether an aggregate or sequence stands in this definition itself, and not in that of a tag it uses. */
bool pt_proof_belongs(const pt_node *tree, const pt_node *leaf);
/* A tree as canonical text. */
pt_rc pt_node_text(const char **out, const pt_node *node, const pt_catalog *catalog, pt_arena *arena, pt_err *err);

#endif
