/* The data directory and its generations (docs/architecture.md): one writer, any number of readers. A generation is a
 * folder of derived files for one as-of. A build makes a draft beside the published ones; publishing renames CURRENT,
 * so a build that dies at any moment leaves what was. */
#ifndef PT_APP_GENERATION_H
#define PT_APP_GENERATION_H

#include "identity/identity.h"
#include "index/indexset.h"
#include "index/memberset.h"
#include "timeline/timeline.h"

#define PT_FILE_DIRECTORY "customers.dir"
#define PT_FILE_TAGS "profile.tags"
#define PT_FILE_INDEX "profile.index"
#define PT_FILE_SEGMENTS "profile.segments"
#define PT_INDEX_CUSTOMERS "" /* in the index only: a bool tag that is true of all customers there are */
#define PT_FILE_BASE "base.txt"
#define PT_FILE_MANIFEST "manifest.json"

/* --- the manifest: what a generation is --------------------------------------------------------------------------- */

typedef struct pt_manifest_file {
    const char *name; /* "orders.timeline" */
    uint64_t size;    /* bytes; checked when the generation is opened. Contents carry their own checksums */
} pt_manifest_file;

typedef struct pt_manifest_number {
    const char *name; /* stable, "customers", "events.orders" */
    double value;
} pt_manifest_number;

typedef struct pt_manifest_text {
    const char *name, *text;
} pt_manifest_text;

/* A file of a source as it was when it was read. */
typedef struct pt_manifest_input {
    const char *name; /* "orders data/orders-1.csv": the source, then the path as meta.files has it */
    const char *hash; /* of its contents, 32 hex digits */
    uint64_t bytes;
    int64_t modified; /* its time stamp, microseconds UTC */
} pt_manifest_input;

typedef struct pt_manifest {
    const char *generation; /* "g000012" */
    int64_t as_of;
    int64_t built_at;                 /* when it was published */
    const char *zone;                 /* of the project: "Asia/Shanghai" */
    const char *program;              /* version that made it */
    const char *engine;               /* version of the raw store's engine */
    pt_hash128 made_from;             /* hash of all inputs: definitions and data */
    pt_hash128 tags_hash;             /* of all tag definitions */
    const pt_manifest_number *stages; /* seconds by stage */
    size_t n_stages;
    const pt_manifest_number *counts;
    size_t n_counts;
    const pt_manifest_text *definitions; /* app/definitions.h; sorted by name. None in generations of older programs */
    size_t n_definitions;
    const pt_manifest_input *inputs; /* by name */
    size_t n_inputs;
    const pt_manifest_file *files; /* filled when published */
    size_t n_files;
} pt_manifest;

/* The count of that name, or `otherwise`. */
double pt_manifest_count(const pt_manifest *m, const char *name, double otherwise);

/* --- writing ------------------------------------------------------------------------------------------------------ */

/* A data directory held for writing. */
typedef struct pt_data_dir pt_data_dir;

/* Makes the folder when absent and takes its lock (PT_EBUSY when another command holds it), then removes what dead builds
 * left behind. `doing` is what others are told who find it busy: "build", "train", "history"; "" for what is done in a moment. */
pt_rc pt_data_dir_open_for(pt_data_dir **out, const char *path, const char *doing, pt_err *err);
pt_rc pt_data_dir_open(pt_data_dir **out, const char *path, pt_err *err); /* for a moment */
void pt_data_dir_close(pt_data_dir *d);                /* empties tmp/, gives the lock back; NULL is fine */
const char *pt_data_dir_store(const pt_data_dir *d);   /* path of store.duckdb */
const char *pt_data_dir_tmp(const pt_data_dir *d);     /* path of tmp/, which exists and is empty at first */
const char *pt_data_dir_path(const pt_data_dir *d);    /* as given */
const char *pt_data_dir_current(const pt_data_dir *d); /* "g000011"; NULL when nothing was published */

/* A generation in the making. */
typedef struct pt_draft pt_draft;

pt_rc pt_draft_new(pt_draft **out, pt_data_dir *d, pt_err *err);
/* Removes the folder unless it was published; NULL is fine. Before pt_data_dir_close. */
void pt_draft_free(pt_draft *draft);
const char *pt_draft_name(const pt_draft *draft); /* "g000012" */
/* Path of a file of the draft; of the published generation's file of that name, NULL when there is none. The draft owns
 * them; NULL too when memory is short. */
const char *pt_draft_path(pt_draft *draft, const char *file);
const char *pt_draft_earlier(pt_draft *draft, const char *file);
/* The bytes of a file as another, whole or not at all. */
pt_rc pt_copy_file(const char *from, const char *to, pt_err *err);
/* Takes a file over from the published generation: a hard link, or a copy where the file system has none. */
pt_rc pt_draft_keep(pt_draft *draft, const char *file, pt_err *err);
/* Lists the draft's files in the manifest (`m->generation` and `m->files` need not be set), syncs, makes the draft the
 * current generation, and removes all but the two latest. */
pt_rc pt_draft_publish(pt_draft *draft, const pt_manifest *m, pt_err *err);

/* --- reading ------------------------------------------------------------------------------------------------------ */

/* A published generation, mapped. Waits for nobody and needs no store. Its folder stays as long as it is open: builds remove
 * older generations only when no reader has them. (Where a file system cannot lock folders: what is open stays readable, a
 * file not asked for before is gone.) */
typedef struct pt_generation pt_generation;

/* `name` NULL opens the current one; PT_ENOTFOUND when nothing was built. Checks the manifest and the headers and sizes
 * of directory and tags. */
pt_rc pt_generation_open(pt_generation **out, const char *data_dir, const char *name, pt_err *err);
void pt_generation_close(pt_generation *g); /* NULL is fine */
const pt_manifest *pt_generation_manifest(const pt_generation *g);
const pt_directory *pt_generation_directory(const pt_generation *g);
pt_tagset *pt_generation_tags(const pt_generation *g);
/* The index of a tag, owned by the generation; NULL in *out when there is none. The file is opened when first asked for. One
 * thread. */
pt_rc pt_generation_tagindex(pt_tagindex **out, pt_generation *g, const char *tag, pt_err *err);
/* The memberships of saved segments, owned by the generation; NULL in *out when it has none (a draft, or of an older program).
 * The file is opened when first asked for. One thread. */
pt_rc pt_generation_segments(const pt_memberset **out, pt_generation *g, pt_err *err);
/* The text of PT_FILE_BASE, in the arena; empty in *out when the generation has none (its tags use no statistics). */
pt_rc pt_generation_base(pt_sv *out, const pt_generation *g, pt_arena *arena, pt_err *err);
/* The timeline of a source, opened when first asked for and owned by the generation; any thread. PT_ENOTFOUND when the
 * source has none. */
pt_rc pt_generation_timeline(pt_timeline **out, pt_generation *g, const char *source, pt_err *err);
/* A draft as it stands, so that later stages can ask it what readers of a generation ask. Needs directory and tags. */
pt_rc pt_draft_generation(pt_generation **out, pt_draft *draft, int64_t as_of, pt_err *err);
/* Published generations of a data directory, oldest first. */
pt_rc pt_generation_list(const char *const **out, size_t *n, const char *data_dir, pt_arena *a, pt_err *err);

#endif
