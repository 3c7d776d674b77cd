/* Kept history in the data directory: which tags are kept, which files there are, what a build adds (docs/history.md). */
#ifndef PT_APP_HISTORY_H
#define PT_APP_HISTORY_H

#include "app/app.h"
#include "base/io.h"
#include "history/history.h"

#define PT_HISTORY_DIR "history"
#define PT_HISTORY_TAGS ".tags"
#define PT_HISTORY_TREND ".trend"
#define PT_HISTORY_RECOMPUTED "recomputed" /* in place of a generation's name */

/* Whether builds keep the history of a tag. */
bool pt_history_keeps(const pt_project *p, uint32_t tag);

/* Whether a saved segment asks for history: who is in it may change although no value does. */
bool pt_history_asked(const pt_project *p);

/* --- files ----------------------------------------------------------------------------------------------------------- */

typedef struct pt_history_file {
    const char *generation; /* "g000012" */
    uint64_t number;        /* 12 */
    const char *path;
} pt_history_file;

/* The files of generations up to `most` that end so, by number. None when the folder is not there. */
pt_rc pt_history_files(const pt_history_file **out, size_t *n, const char *data_dir, const char *ending, uint64_t most,
                       pt_arena *arena, pt_err *err);
/* The highest number of a generation that a file in history/ has; 0 when there is none. */
pt_rc pt_history_latest(uint64_t *out, const char *data_dir, pt_arena *arena, pt_err *err);
/* Removes what builds left there that were never published: files of later generations, and half-written ones. */
pt_rc pt_history_sweep(const char *data_dir, uint64_t current, pt_arena *arena, pt_err *err);

/* --- states ---------------------------------------------------------------------------------------------------------- */

/* A kept state: one of a file that is open. */
typedef struct pt_kept_state {
    pt_history *file;
    size_t state;
    int64_t as_of;
    const char *generation, *path;
    bool recomputed;
    bool counts; /* the one that counts for its as-of; others are there because changes rest on them */
} pt_kept_state;

/* All states of generations up to `most`, in the order in which changes rest on each other: what is recomputed first, then
 * by generation. Those of other customers are left out (`identity`: hashes of ids by ordinal, `ordinals` of them). Files
 * are closed with the arena. */
pt_rc pt_history_states(const pt_kept_state **out, size_t *n, const char *data_dir, uint64_t most,
                        const uint64_t *identity, uint32_t ordinals, pt_arena *arena, pt_err *err);
/* Says, when what was read of a state is found damaged, what to do; returns rc. */
pt_rc pt_history_advise(pt_rc rc, const char *path, pt_err *err);
/* What pt_history_state.identity is for the first `ordinals` customers. */
uint64_t pt_history_identity(const uint64_t *id_hashes, uint32_t ordinals);

#endif
