/* A project that has a source for every role, with every column, none called as the role calls it. */
#ifndef TESTS_SUPPORT_EVERYTHING_H
#define TESTS_SUPPORT_EVERYTHING_H

#include "catalogue/catalogue.h"
#include "support/project.h"

/* Written to the test's folder. Columns have the `variant`th of their types, or their last. */
void write_everything(const pt_catalogue *c, size_t variant);
/* Its plan. */
const pt_catalogue_plan *plan_of(const loaded *l, const pt_catalogue *c);

#endif
