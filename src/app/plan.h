/* What a build would do now: which definitions have changed since the last one, which tags change with them, which files
 * are read. Opens neither the store nor the data, but for files whose size or time stamp has changed. */
#ifndef PT_APP_PLAN_H
#define PT_APP_PLAN_H

#include "app/app.h"
#include "app/definitions.h"
#include "app/inputs.h"

/* A tag whose own definition is as it was, but not what it is made from. */
typedef struct pt_plan_tag {
    uint32_t tag;
    const uint32_t *because; /* places in pt_plan.changes */
    size_t n_because;
} pt_plan_tag;

typedef struct pt_plan_source {
    uint32_t source;
    bool rereads;  /* its definition has changed, or that of a reference it looks up: every file is read */
    bool recleans; /* rules that act after reading have changed */
    const pt_input_change *files;
    size_t n_files;
    uint64_t n_new, n_changed, n_gone, n_same;
    uint64_t n_read, bytes_read; /* what a build would read */
} pt_plan_source;

typedef struct pt_plan {
    const char *generation; /* the last build; NULL: none yet, and everything is new */
    int64_t as_of, built_at;
    const pt_definition_change *changes; /* without hashes; those of tags first */
    size_t n_changes;
    const bool *unversioned; /* by change: a tag's definition has changed and its `version` has not been raised */
    const pt_plan_tag *tags;
    size_t n_tags;
    const pt_plan_source *sources; /* by source number */
    size_t n_sources;
    uint64_t bytes_read;
    bool customers_again; /* identity must be settled again: rows with identifiers or its rules have changed */
    size_t timelines_kept, timelines_again;
    size_t tags_with_data; /* tags over sources whose rows change */
    double last_seconds;   /* of the last build; NaN without one */
} pt_plan;

pt_rc pt_app_build_plan(const pt_plan **out, pt_app *app, pt_arena *arena, pt_err *err);

#endif
