/* Tag columns: the values of all tags for all customers at one as-of, by ordinal (docs/tag-format.md). Pure: a writer
 * turns columns into bytes handed to a sink, a reader validates bytes it is given. */
#ifndef PT_INDEX_TAGSET_H
#define PT_INDEX_TAGSET_H

#include "base/hash.h"
#include "base/type.h"

typedef struct pt_tag_info {
    const char *name;
    pt_type type;
} pt_tag_info;

/* --- writing: blocks of customers are put from several threads, in any order ---------------------------------------- */

typedef struct pt_tagset_builder pt_tagset_builder;

pt_rc pt_tagset_builder_new(pt_tagset_builder **out, const pt_tag_info *tags, size_t n_tags, uint32_t ordinals,
                            unsigned workers, pt_err *err);
/* Stores `n` rows of tag `tag` for ordinals [first, first+n). Each row of each tag once; rows never put are missing.
 * Copies, texts too: an unsorted dictionary may hold other texts at the next put. A sorted one (a timeline's) must stay as
 * it is while the builder takes values. Calls with different `worker` may run at once on disjoint rows. What is held is
 * about what the file will hold. A number that is not finite is stored as missing. */
pt_rc pt_tagset_builder_put(pt_tagset_builder *b, unsigned worker, size_t tag, uint32_t first, size_t n,
                            const pt_column *values, pt_err *err);
/* Where the file's bytes go. `append` gets them in order; `patch` then overwrites bytes appended before. */
typedef struct pt_tagset_sink {
    void *ctx;
    pt_rc (*append)(void *ctx, const void *bytes, size_t n, pt_err *err);
    pt_rc (*patch)(void *ctx, uint64_t offset, const void *bytes, size_t n, pt_err *err);
} pt_tagset_sink;

/* Writes the file: in order, but for its head, which is zeros until the very end. Dictionaries come out sorted, so the bytes
 * do not depend on threads, on the order of puts or on how rows were cut into puts. Once; then only free makes sense. */
pt_rc pt_tagset_builder_write(pt_tagset_builder *b, int64_t as_of, pt_hash128 made_from, const pt_tagset_sink *sink,
                              pt_err *err);
void pt_tagset_builder_free(pt_tagset_builder *b);

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct pt_tagset pt_tagset;

/* A view over bytes (a memory map) that must outlive it, 64-byte aligned. Checks header, version, bounds; data when it
 * is first asked for. Any number of threads. */
pt_rc pt_tagset_open(pt_tagset **out, const void *bytes, size_t n, pt_err *err);
void pt_tagset_close(pt_tagset *t);
uint32_t pt_tagset_ordinals(const pt_tagset *t);
int64_t pt_tagset_as_of(const pt_tagset *t);
pt_hash128 pt_tagset_made_from(const pt_tagset *t);
size_t pt_tagset_count(const pt_tagset *t);
const pt_tag_info *pt_tagset_info(const pt_tagset *t, size_t tag);
int pt_tagset_find(const pt_tagset *t, pt_sv name);         /* -1 when absent */
uint64_t pt_tagset_present(const pt_tagset *t, size_t tag); /* customers with a value */
/* The column (rows = ordinals). PT_ECORRUPT when its checksum or bounds fail. */
pt_rc pt_tagset_column(const pt_column **out, pt_tagset *t, size_t tag, pt_err *err);
/* The same column, of which only rows [first, first+n) and their texts may be read: checks no more than the blocks they
 * lie in, so one customer's profile costs a few microseconds a tag in a file of any size. */
pt_rc pt_tagset_rows(const pt_column **out, pt_tagset *t, size_t tag, uint32_t first, uint32_t n, pt_err *err);

#endif
