/* What this program is and what it stands on: for `portrait --version`, the library and reports of faults. */
#ifndef PT_APP_VERSION_H
#define PT_APP_VERSION_H

#include <stddef.h>

typedef struct pt_component {
    const char *name;    /* "duckdb", "compiler", ...: stable */
    const char *version; /* in use now; "" when it is not there */
} pt_component;

/* The i-th; a name of NULL past the last. Loads DuckDB, to ask for its version. Texts live as long as the process. */
pt_component pt_version_component(size_t i);
/* The commit it was built from, "27c3247" or "27c3247-dirty"; "" when not built from a repository. */
const char *pt_version_commit(void);

extern const char pt_build_commit[]; /* written by tools/commit.cmake */

#endif
