/* Where a tag comes from: the tags it uses, down to columns of sources and the files they are read from. */
#ifndef PT_APP_LINEAGE_H
#define PT_APP_LINEAGE_H

#include "project/project.h"

typedef struct pt_lineage {
    const uint32_t
        *tags; /* all tags used, at any depth, each after those it uses itself; the tag itself is not among them */
    size_t n_tags;
    const bool *direct;                  /* by place in `tags`: used by the tag's own definition */
    const struct pt_use_column *columns; /* of the tag and of all tags it uses, by source and column; -1: the time */
    size_t n_columns;
    bool queries;            /* a query over the store is among what it uses, which may read anything */
    bool models;             /* what a model gives is among what it uses */
    const uint32_t *used_by; /* tags whose definition uses this one */
    size_t n_used_by;
} pt_lineage;

/* Of tag `tag`, or of an expression when tag is -1. */
pt_rc pt_lineage_of(pt_lineage *out, const pt_project *p, int tag, const pt_node *node, pt_arena *arena, pt_err *err);

#endif
