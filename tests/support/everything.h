/* Projects for tests of the catalogue. */
#ifndef TESTS_SUPPORT_EVERYTHING_H
#define TESTS_SUPPORT_EVERYTHING_H

#include "app/app.h"
#include "catalogue/catalogue.h"
#include "support/project.h"

/* A project with a source for every role, with every column, none called as the role calls it, written to the test's
 * folder. Columns have the `variant`th of their types, or their last. */
void write_everything(const pt_catalogue *c, size_t variant);
/* Its plan. */
const pt_catalogue_plan *plan_of(const loaded *l, const pt_catalogue *c);

/* Adds templates to the project in the test's folder, as `portrait add` does. */
void add_templates(const char *const *names, size_t n);
/* Builds that project; skips the test where there is no engine. */
pt_app *build_project(void);
/* The value of a tag for the customer of an identifier, as a field of docs/eval-filter.md; valid until the next call but
 * one. */
const char *value_of(pt_app *app, const char *who, const char *tag);

#endif
