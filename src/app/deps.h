/* Everything a project's tags are made of, as one graph: files, their columns, cleaning rules, columns of sources, tags,
 * and what stands at the end (segments, the card). An edge goes from what is used to what uses it. lineage.h answers for one tag
 * in the module's numbers; this answers for anything, both ways. */
#ifndef PT_APP_DEPS_H
#define PT_APP_DEPS_H

#include "project/project.h"

typedef enum pt_dep_kind {
    PT_DEP_FILE,        /* a path or pattern of `from` */
    PT_DEP_FILE_COLUMN, /* a column as the file names it */
    PT_DEP_RULE,        /* a line of `clean` */
    PT_DEP_ROWS,        /* of a source: which there are, when, and whose */
    PT_DEP_COLUMN,      /* of a source, as tags see it */
    PT_DEP_TAG,
    PT_DEP_CHECK, /* a rule of `quality` */
    PT_DEP_CARD,
    PT_DEP_SEGMENT,
    PT_DEP_KIND_COUNT
} pt_dep_kind;

typedef struct pt_dep {
    pt_dep_kind kind;
    const char *name;   /* "orders.amount", "spend_365d", "data/orders-*.csv" */
    const char *detail; /* the expression or query as written; NULL when there is none */
    int32_t source;     /* -1: of no source */
    int32_t tag;        /* -1: no tag */
} pt_dep;

typedef struct pt_deps {
    const pt_project *project;
    const pt_dep *nodes;
    uint32_t n_nodes;
    /* Edges by place: what node i is made from is in[in_begin[i] .. in_begin[i + 1]), what uses it out[...]. */
    const uint32_t *in_begin, *in, *out_begin, *out;
    uint32_t n_edges;
} pt_deps;

pt_rc pt_deps_build(pt_deps **out, const pt_project *p, pt_arena *arena, pt_err *err);
const char *pt_dep_kind_name(pt_dep_kind kind); /* "file_column": stable */

/* What was asked about, and all it is made from and all that uses it, at any distance. */
typedef struct pt_deps_focus {
    const bool *asked, *above, *below; /* by node; `above`: it is made from it; `below`: it uses it */
    uint32_t n_asked, n_above, n_below;
} pt_deps_focus;

/* `what`: a tag, SOURCE (its rows, columns and rules), SOURCE.COLUMN, SOURCE.time (SOURCE.rows where
 * it has none), a file as `from` has it, or `card`.
 * PT_ENOTFOUND, with the nearest name, when there is none. */
pt_rc pt_deps_find(pt_deps_focus *out, const pt_deps *d, pt_sv what, pt_arena *arena, pt_err *err);
/* The same of one node. */
pt_rc pt_deps_of(pt_deps_focus *out, const pt_deps *d, uint32_t node, pt_arena *arena, pt_err *err);

#endif
