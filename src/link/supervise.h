/* Learning from pairs of which people said that they are one person. Pure. */
#ifndef PT_LINK_SUPERVISE_H
#define PT_LINK_SUPERVISE_H

#include "link/evaluate.h"

/* Moves m of each comparison towards how often the labels' pairs of one person show each level; u stays, which random pairs tell better.
 * What was learned before counts as a few such pairs, so that few labels move little. Labels of two persons say nothing of m. */
pt_rc pt_link_learn_labels(pt_link_model *model, const pt_link_records *records, const pt_link_label *labels, size_t n,
                           pt_err *err);

#endif
