/* All of learning in one step, with the rules of a setup. */
#ifndef PT_LINK_LEARN_H
#define PT_LINK_LEARN_H

#include "link/kinds.h"

/* The model of a setup: its comparisons, the prior from the rules that are sure, u and m. PT_EINVAL with a reason when the comparisons
 * do not fit the columns or there are fewer than two records. Set `records.source` of the setup's table before, where there are
 * several sources. The model borrows from the setup. */
pt_rc pt_link_learn(pt_link_model *model, pt_link_setup *s, const pt_link_training *t, pt_err *err);

#endif
