/* The indexes of all tags in one file: `profile.index` in a generation (docs/index-format.md). Pure. */
#ifndef PT_INDEX_INDEXSET_H
#define PT_INDEX_INDEXSET_H

#include "index/tagindex.h"

/* --- writing ------------------------------------------------------------------------------------------------------------ */

typedef struct pt_indexset_writer pt_indexset_writer;

/* Begins the file: room for its head. `names` are the tags in the order in which their indexes are added; borrowed until
 * the end. `sink` as for tag files. */
pt_rc pt_indexset_begin(pt_indexset_writer **out, const char *const *names, size_t n, const pt_tagset_sink *sink,
                        pt_err *err);
/* The next tag's index, as pt_tagindex_build made it. */
pt_rc pt_indexset_add(pt_indexset_writer *w, const void *bytes, size_t n, pt_err *err);
/* Writes the head when all are there. */
pt_rc pt_indexset_end(pt_indexset_writer *w, pt_hash128 made_from, pt_err *err);
void pt_indexset_writer_free(pt_indexset_writer *w); /* NULL is fine */

/* --- reading ------------------------------------------------------------------------------------------------------------ */

typedef struct pt_indexset pt_indexset;

/* A view over bytes (a memory map) that must outlive it, 64-byte aligned. Checks the head; each index when it is first
 * asked for. `noun` is what messages call it; copied. */
pt_rc pt_indexset_open(pt_indexset **out, const char *noun, const void *bytes, size_t n, pt_err *err);
void pt_indexset_close(pt_indexset *s); /* NULL is fine; closes its indexes */
pt_hash128 pt_indexset_made_from(const pt_indexset *s);
size_t pt_indexset_count(const pt_indexset *s);
/* The index of a tag, opened once and owned by the set; NULL in *out when there is none. One thread. */
pt_rc pt_indexset_find(pt_tagindex **out, pt_indexset *s, const char *name, pt_err *err);

#endif
