/* Shared by conflicts.c and the build. */
#ifndef PT_APP_CONFLICTS_INT_H
#define PT_APP_CONFLICTS_INT_H

#include "app/conflicts.h"
#include "identity/identity.h"
#include "timeline/timeline.h"

/* What to count over. */
typedef struct pt_conflict_input {
    const pt_project *project;
    const pt_directory *directory;
    pt_timeline *const *timelines; /* by source number; checked here, as far as they are read */
    const pt_events *events;       /* by source number: all of them */
    uint32_t n_ordinals;
    int64_t as_of;
    const pt_cancel *cancel; /* may be NULL */
} pt_conflict_input;

/* The call of a merge_ function in a merged tag's definition: a declared type, `ttl` or `on_empty` may stand around it. */
const pt_node *pt_merge_call(const pt_node *node);
/* Of merged tag `tag`, or of all when -1. */
pt_rc pt_conflicts_count(const pt_conflict **out, size_t *n, const pt_conflict_input *in, int tag, pt_arena *arena,
                         pt_err *err);

#endif
