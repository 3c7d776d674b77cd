/* Statistics of the customer base, from build to evaluators: which a project's tags use, and the file of a generation that
 * holds them (docs/base-statistics.md). */
#ifndef PT_APP_BASE_STATS_H
#define PT_APP_BASE_STATS_H

#include "eval/base.h"
#include "project/project.h"

/* The statistics that `n_tags` tags and `node` (NULL: none) use, at any depth; each once. Not those that only the tags use
 * whose statistics these are: their values are in the statistics. */
pt_rc pt_base_needs(const pt_node *const **out, size_t *n, const pt_project *p, const uint32_t *tags, size_t n_tags,
                    const pt_node *node, pt_arena *arena, pt_err *err);
/* As above, of all tags of the project. */
pt_rc pt_base_needs_of_all(const pt_node *const **out, size_t *n, const pt_project *p, pt_arena *arena, pt_err *err);

/* The set as the text of PT_FILE_BASE. */
void pt_base_write(pt_str *out, const pt_base_set *set, const pt_project *p, int64_t as_of);
typedef struct pt_base_file {
    pt_base_set set;
    int64_t as_of; /* of the build that worked them out; PT_I64_MISSING for an empty text */
} pt_base_file;
/* PT_ECORRUPT when the text is not what pt_base_write made. Statistics of tags that the project does not have (any more),
 * or of another type, are left out. */
pt_rc pt_base_read(pt_base_file *out, pt_sv text, const pt_project *p, pt_arena *arena, pt_err *err);

#endif
