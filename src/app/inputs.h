/* The files a build read, as they were: kept in the manifest, and compared with the files there are now. */
#ifndef PT_APP_INPUTS_H
#define PT_APP_INPUTS_H

#include "app/generation.h"
#include "project/project.h"
#include "store/store.h"

/* All files in use by sources, by name; `c` has read them. */
pt_rc pt_inputs_of(const pt_manifest_input **out, size_t *n, const pt_project *p, pt_conn *c, pt_arena *arena,
                   pt_err *err);

typedef enum pt_input_state { PT_INPUT_SAME, PT_INPUT_NEW, PT_INPUT_CHANGED, PT_INPUT_GONE } pt_input_state;

typedef struct pt_input_change {
    const char *path; /* as in meta.files: relative to the project where it is inside */
    pt_input_state state;
    uint64_t bytes;
} pt_input_change;

/* The files a source's patterns find now, against those the manifest lists: by path. A file whose size and time stamp are
 * those of then is taken for the same; only others are read, for their hash. No file found is no error here. */
pt_rc pt_inputs_compare(const pt_input_change **out, size_t *n, const pt_project *p, size_t source,
                        const pt_manifest *before, pt_arena *arena, pt_err *err);

#endif
