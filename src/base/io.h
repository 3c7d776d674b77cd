/* Files: whole reads, memory maps, and writes that are there in full or not at all. */
#ifndef PT_BASE_IO_H
#define PT_BASE_IO_H

#include <stdio.h>

#include "base/str.h"

/* Reads a whole file of at most `limit` bytes (0: no limit) into the arena; terminated. */
pt_rc pt_read_file(pt_sv *out, const char *path, size_t limit, pt_arena *arena, pt_err *err);

typedef struct pt_map {
    const unsigned char *ptr; /* NULL when size is 0 */
    size_t size;
} pt_map;

/* Maps a file read-only. The bytes stay valid when the file is renamed over or unlinked. */
pt_rc pt_map_open(pt_map *out, const char *path, pt_err *err);
void pt_map_close(pt_map *m);

/* A file written beside its target ("PATH.tmp") and renamed into place by commit, after fsync of file and folder.
 * Buffered; a failed write is sticky and reported by commit. One thread. */
typedef struct pt_writer pt_writer;
pt_rc pt_writer_open(pt_writer **out, const char *path, pt_err *err);
void pt_writer_write(pt_writer *w, const void *bytes, size_t n);
/* Pads with zeros to a multiple of `align` and returns the offset reached. */
uint64_t pt_writer_align(pt_writer *w, size_t align);
uint64_t pt_writer_offset(const pt_writer *w);
/* Overwrites bytes already written (a header, when the rest is known). */
void pt_writer_patch(pt_writer *w, uint64_t offset, const void *bytes, size_t n);
/* The same as callbacks with the writer as context, for modules that know no files. Always PT_OK: commit reports. */
pt_rc pt_writer_append(void *writer, const void *bytes, size_t n, pt_err *err);
pt_rc pt_writer_overwrite(void *writer, uint64_t offset, const void *bytes, size_t n, pt_err *err);
/* On failure the target is untouched and the partial file removed. Frees w either way. */
pt_rc pt_writer_commit(pt_writer *w, pt_err *err);
void pt_writer_abort(pt_writer *w); /* removes the partial file; NULL is fine */

/* The same for a file that another library wrote: syncs `partial` and renames it to `path`. */
pt_rc pt_publish_file(const char *path, const char *partial, pt_err *err);
pt_rc pt_write_file(const char *path, const void *bytes, size_t n, pt_err *err); /* atomic, as above */
pt_rc pt_mkdirs(const char *path, pt_err *err);
pt_rc pt_sync_dir(const char *path, pt_err *err);
/* The folder that `path` is in: a rename survives a power cut only then. */
pt_rc pt_sync_parent(const char *path, pt_err *err);
pt_rc pt_remove_tree(const char *path, pt_err *err);
bool pt_is_dir(const char *path);
bool pt_is_file(const char *path);
/* "dir/name"; name alone when it is absolute. */
char *pt_path_join(pt_arena *a, const char *dir, const char *name);
pt_sv pt_path_base(const char *path);
/* Paths that match a shell pattern (`*`, `?`, `[]`, `**` for any depth), sorted by byte; the pattern itself when it
 * has no wildcard and the file exists. */
pt_rc pt_glob(const char *const **out, size_t *n, const char *pattern, pt_arena *a, pt_err *err);

/* A lock file held by this process until close or death. PT_EBUSY when another holds it. */
typedef struct pt_lock {
    int fd;
} pt_lock;
pt_rc pt_lock_take(pt_lock *out, const char *path, pt_err *err);
void pt_lock_release(pt_lock *l);
/* What the holder does, a word, for those who find it busy: pt_lock_doing gives it back, "" when nobody said. Best effort. */
void pt_lock_say(const pt_lock *l, const char *word);
const char *pt_lock_doing(const char *path, pt_arena *arena);

#endif
