/* A first project for files that nobody has described: what they seem to hold, written down for a person to correct.
 * docs/starter.md says how it guesses. */
#ifndef PT_APP_STARTER_H
#define PT_APP_STARTER_H

#include "project/project.h"

typedef struct pt_starter_source {
    const char *name, *path;
    pt_source_kind kind;
    uint64_t rows, columns;
} pt_starter_source;

typedef struct pt_starter_result {
    const pt_starter_source *sources;
    size_t n_sources, n_tags;
} pt_starter_result;

/* Looks at the files and writes portrait.yaml, identity.yaml, sources/ and tags/ into `dir`; comments are in `lang` ("en",
 * "zh"). PT_EINVAL when one of those files is there already: nothing is ever overwritten. */
pt_rc pt_app_starter(pt_starter_result *out, const char *dir, const char *const *paths, size_t n, const char *lang,
                     pt_arena *arena, pt_err *err);

#endif
