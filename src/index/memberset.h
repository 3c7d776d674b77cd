/* Memberships of segments in one file: `profile.segments` of a generation, and `history/gNNNNNN.segments`, which is kept
 * (docs/segment-format.md). A set is stored as a roaring bitmap: whole, or as the difference from the set of that name in
 * an earlier file. Pure. */
#ifndef PT_INDEX_MEMBERSET_H
#define PT_INDEX_MEMBERSET_H

#include "base/hash.h"
#include "index/tagset.h"

enum { PT_MEMBERS_MOST_CHAIN = 16 }; /* files that one set may need; the next is written whole */

typedef enum pt_members_form {
    PT_MEMBERS_WHOLE,
    PT_MEMBERS_DELTA /* those who came or left since the file's base */
} pt_members_form;

/* One set of a file. */
typedef struct pt_members {
    const char *name;
    pt_hash128 definition; /* of what the members follow from */
    uint8_t kind;          /* the caller's */
    uint64_t members;
    uint64_t since;        /* the caller's: the number of the build that the members are from; 0: this one */
    uint64_t ids, unknown; /* of a list of ids: how many it has, and how many of them are nobody's */
    pt_hash128 source;     /* of its bytes */
    pt_members_form form;  /* set by the writer, like the rest */
    uint32_t chain;        /* how many more files are needed: 0 for a whole set */
    uint64_t offset, size; /* of its bitmap in the file */
    uint64_t sum;          /* of the stored bitmap */
    uint64_t content;      /* of the set itself: what a delta must come to */
} pt_members;

typedef struct pt_memberset_head {
    int64_t as_of;
    uint64_t build; /* the number of the generation; 0 in a generation's own file, which follows from the data alone */
    uint64_t base;  /* of the file that deltas are against; 0 without any */
    uint32_t ordinals;    /* bits of a set */
    uint64_t identity;    /* pt_members_identity: who the ordinals are */
    pt_hash128 made_from; /* all that the sets follow from */
} pt_memberset_head;

/* Bits are a word for 64 ordinals, in whole blocks of PT_BLOCK, as PT_CROWD_BITS has them. */
size_t pt_members_words(uint32_t ordinals);
/* Names who the first `ordinals` customers are: a set of other customers is none of ours. */
uint64_t pt_members_identity(const uint64_t *id_hashes, uint32_t ordinals);

/* --- writing ------------------------------------------------------------------------------------------------------------ */

typedef struct pt_memberset_writer pt_memberset_writer;

/* Begins the file: room for its head. Names are known at the start, in the order in which the sets are added; borrowed
 * until the end. `sink` as for tag files. */
pt_rc pt_memberset_begin(pt_memberset_writer **out, const pt_memberset_head *head, const char *const *names, size_t n,
                         const pt_tagset_sink *sink, pt_err *err);
/* The next set. `before`: the set of that name in the base, with as many words, or NULL; `chain`: how many files that one
 * needs, itself included. The difference is stored where it is smaller and the chain is not too long. Bits past the
 * ordinals must be zero. */
pt_rc pt_memberset_add(pt_memberset_writer *w, const pt_members *what, const uint64_t *bits, const uint64_t *before,
                       uint32_t chain, pt_err *err);
/* Writes the head when all are there. */
pt_rc pt_memberset_end(pt_memberset_writer *w, pt_err *err);
void pt_memberset_writer_free(pt_memberset_writer *w); /* NULL is fine */

/* --- reading ------------------------------------------------------------------------------------------------------------ */

typedef struct pt_memberset pt_memberset;

/* A view over bytes (a memory map) that must outlive it. Checks the head; a set when it is read. `noun` is what messages
 * call it; copied. Any number of threads. */
pt_rc pt_memberset_open(pt_memberset **out, const char *noun, const void *bytes, size_t n, pt_err *err);
void pt_memberset_close(pt_memberset *s); /* NULL is fine */
const pt_memberset_head *pt_memberset_get_head(const pt_memberset *s);
size_t pt_memberset_count(const pt_memberset *s);
const pt_members *pt_memberset_info(const pt_memberset *s, size_t at);
int pt_memberset_find(const pt_memberset *s, const char *name); /* -1 when absent */
/* Brings `bits` up to the set: from anything when it is stored whole, from the set of the base (zeros past its ordinals)
 * when it is a difference. PT_ECORRUPT when the stored bitmap or what it comes to is not what the file says. */
pt_rc pt_memberset_read(uint64_t *bits, const pt_memberset *s, size_t at, pt_err *err);

#endif
