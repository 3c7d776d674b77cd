/* Shared inside index/ only: what is in a tag file's directory, and what a builder holds. */
#ifndef PT_INDEX_TAGSET_INT_H
#define PT_INDEX_TAGSET_INT_H

#include "base/dictmerge.h"
#include "base/frame.h"
#include "index/tagset.h"

#define TAGSET_MAGIC "PTTAGSET"
enum { TAGSET_VERSION = 1, TAGSET_BLOCK_LOG2 = 14 };

/* --- tagset_format.c ------------------------------------------------------------------------------------------------- */

typedef struct tagset_tag {
    pt_tag_info info;
    uint8_t width;   /* of a value or code */
    bool has_absent; /* lists */
    uint64_t present, items, texts, text_bytes;
    size_t values, offsets, absent, weights, dict_offsets, dict_bytes; /* numbers of its arrays */
} tagset_tag;

typedef struct tagset_meta {
    uint32_t ordinals;
    int64_t as_of;
    pt_hash128 made_from;
    tagset_tag *tags;
    size_t n_tags;
    pt_frame_array *arrays;
    size_t n_arrays;
    uint64_t data_bytes;
} tagset_meta;

static inline bool tagset_has_dict(pt_type t)
{
    return pt_type_is_text(t) || pt_type_is_list(t);
}

/* Lists and places the arrays that the counts in `m` imply. */
pt_rc tagset_meta_layout(tagset_meta *m, pt_arena *a, pt_err *err);
void tagset_meta_write(pt_str *directory, const tagset_meta *m);
pt_rc tagset_meta_read(tagset_meta *m, const pt_frame *f, pt_arena *a, pt_err *err);

/* --- tagset_build.c, tagset_write.c ---------------------------------------------------------------------------------- */

/* The values of one put, packed. Codes are the worker's own, in the narrowest width for this put. */
typedef struct tagset_put {
    uint32_t first, n;
    uint32_t worker;
    uint8_t width;
    const void *values;      /* of lists: items */
    const uint32_t *lengths; /* lists: items a row; TAGSET_ABSENT when missing */
    const double *weights;
    uint64_t items;
} tagset_put;

#define TAGSET_ABSENT UINT32_MAX

/* The worker's codes for a sorted dictionary, which does not change: translating needs no text then. */
typedef struct known_dict {
    pt_dict dict;    /* as it was */
    uint32_t *codes; /* by the dictionary's code; 0: not met yet */
} known_dict;

enum { KNOWN_MOST = 1 << 17 }; /* texts in such a dictionary: half a megabyte for each tag and worker */

typedef struct put_list {
    tagset_put *items;
    size_t n, cap;
    uint64_t present;
    bool absent;       /* some list is missing */
    pt_intern *intern; /* made when a text is first met */
    known_dict known;
} put_list;

typedef struct put_block {
    struct put_block *next;
    size_t size, used;
    _Alignas(16) unsigned char data[];
} put_block;

/* A source code met in the present put and the worker's code for its text. */
typedef struct seen_code {
    uint32_t source, own, put;
} seen_code;

enum { SEEN_CODES = 4096 };

typedef struct put_worker {
    put_list *tags;
    put_block *blocks; /* newest first */
    seen_code *seen;
    uint32_t puts;   /* counts puts of texts: an entry of `seen` is good for one put only, because a dictionary may
                          have been refilled by the next */
    uint32_t *codes; /* scratch */
    size_t codes_cap;
} put_worker;

struct pt_tagset_builder {
    pt_arena *arena;
    pt_tag_info *tags;
    size_t n_tags;
    uint32_t ordinals;
    unsigned n_workers;
    put_worker **workers;
};

#endif
