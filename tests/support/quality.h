/* The project in the test's folder, read, cleaned and examined, for tests of quality/. */
#ifndef TESTS_SUPPORT_QUALITY_H
#define TESTS_SUPPORT_QUALITY_H

#include "quality/quality.h"
#include "support/project.h"
#include "support/store.h"

typedef struct examined {
    loaded loaded;
    test_store store;
    pt_quality_context context;
    pt_quality_source *sources; /* by source number */
} examined;

/* `as_of` is also now. */
void examine_project(examined *e, const char *as_of);
/* The same, looking at one source only. */
void examine_source(examined *e, const char *as_of, const char *only);
void examine_close(examined *e);
const pt_quality_source *examined_source(const examined *e, const char *name);
const pt_quality_column *examined_column(const examined *e, const char *source, const char *column);
/* The finding of a kind, of a column unless that is NULL; NULL when there is none. */
const pt_quality_finding *examined_finding(const examined *e, const char *source, const char *kind, const char *column);
/* All findings, one a line: "warn source.column kind rows/of: sentence"; valid until the next call. */
const char *examined_text(const examined *e);

#endif
