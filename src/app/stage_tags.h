/* Between stage_tags.c and stage_base.c: passes over all customers. */
#ifndef PT_APP_STAGE_TAGS_H
#define PT_APP_STAGE_TAGS_H

#include "app/build_int.h"
#include "eval/base.h"

/* One pass: some tags' values for all customers, into a builder. */
typedef struct pt_tags_pass {
    pt_build *build;
    const uint32_t *tags; /* what to compute */
    size_t n_tags;
    const uint32_t *targets; /* the builder's number for each */
    const pt_batch *batch;   /* all ordinals */
    const pt_base_set *base;
    pt_tagset_builder *builder;
} pt_tags_pass;

pt_rc pt_tags_run(const pt_tags_pass *pass, pt_err *err);
/* The builder's values as a file, once. */
pt_rc pt_tags_write(pt_tagset_builder *builder, const char *path, int64_t as_of, pt_hash128 made_from, pt_err *err);

/* Works out the statistics of the base that the project's tags use, level by level, and writes them into the draft.
 * `batch` has the values of queries. */
pt_rc pt_stage_base(pt_base_set *out, pt_build *b, const pt_batch *batch, pt_arena *arena, pt_err *err);

#endif
