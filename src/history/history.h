/* Kept history: what tags were as of earlier builds (docs/history.md). A file holds one state or several, each as changes
 * against the state before it or, now and then, whole. Pure: bytes in, bytes out. */
#ifndef PT_HISTORY_HISTORY_H
#define PT_HISTORY_HISTORY_H

#include "index/tagset.h"

enum { PT_HISTORY_BLOCK = 65536 }; /* customers of a block: what is read at once */

/* Whether history can be kept of a tag of the type: not of lists. */
bool pt_history_takes(pt_type type);
/* Bytes of a value in the arrays that readers fill: 1 bool, 4 date and text (a code), 8 the rest. */
unsigned pt_history_width(pt_type type);

/* --- pieces: one tag in one state ----------------------------------------------------------------------------------- */

typedef enum pt_history_kind {
    PT_HISTORY_WHOLE,  /* a value for every ordinal */
    PT_HISTORY_CHANGES /* for those whose value is another than in the state before */
} pt_history_kind;

/* Made by pt_history_piece_make; owns its memory. */
typedef struct pt_history_piece {
    pt_tag_info info;
    pt_history_kind kind;
    uint8_t bits;      /* of a value as stored: 2, 4, 8, 16, 32, 64 */
    uint64_t n;        /* values stored: ordinals, or changes */
    uint64_t since;    /* bytes of changes since the tag was last stored whole, these included */
    uint64_t texts;    /* different texts among the values */
    uint64_t *offsets; /* of texts: texts + 1 */
    char *bytes;       /* of texts */
    uint64_t *blocks;  /* of changes: where each block's begin; blocks + 1 */
    uint16_t *rows;    /* of changes: places in their block, rising */
    void *values;      /* bits each */
} pt_history_piece;

/* What a tag was in the state before. */
typedef struct pt_history_before {
    const pt_column *column; /* NULL: the tag was not among those kept, so it is stored whole */
    uint32_t ordinals;
    uint64_t since; /* of its piece */
} pt_history_before;

/* `column` has `ordinals` checked rows; dictionaries are sorted. `info.name` is borrowed. Changes are stored until they add
 * up to what the whole takes. Any number of pieces may be made at once. */
pt_rc pt_history_piece_make(pt_history_piece *out, const pt_tag_info *info, const pt_column *column, uint32_t ordinals,
                            const pt_history_before *before, pt_err *err);
void pt_history_piece_free(pt_history_piece *p);

/* --- files ----------------------------------------------------------------------------------------------------------- */

typedef struct pt_history_state {
    int64_t as_of;
    uint32_t ordinals;
    uint64_t identity; /* hash of who the ordinals are: a state of other customers is none of ours */
    const char *
        base; /* name of the state's file that its changes are against; "": the state before it in this file, or none */
    const pt_history_piece *pieces;
    size_t n_pieces;
} pt_history_state;

/* Writes the file of some states, each against the one before it. `recomputed`: not kept by a build. */
pt_rc pt_history_write(const pt_history_state *states, size_t n, bool recomputed, const pt_tagset_sink *sink,
                       pt_err *err);

/* A view over bytes (a memory map) that must outlive it, 64-byte aligned. Checks header and directory; a piece when it is
 * first asked for. `noun` is what messages call it; copied. Any number of threads. */
typedef struct pt_history pt_history;
pt_rc pt_history_open(pt_history **out, const char *noun, const void *bytes, size_t n, pt_err *err);
void pt_history_close(pt_history *h); /* NULL is fine */
bool pt_history_recomputed(const pt_history *h);
size_t pt_history_count(const pt_history *h);
/* The pieces' memory is not filled in. */
const pt_history_state *pt_history_state_at(const pt_history *h, size_t state);
/* The piece of a tag of that name and type; -1 when the state has none. */
int pt_history_find(const pt_history *h, size_t state, const char *name, pt_type type);
/* How many values the state's file holds for it. */
uint64_t pt_history_stored(const pt_history *h, size_t state);
/* pt_history_before.since for the next state. */
uint64_t pt_history_since(const pt_history *h, size_t state, size_t piece);
/* The texts of a piece, checked. Codes of its values are 1..n. */
pt_rc pt_history_dict(pt_dict *out, pt_history *h, size_t state, size_t piece, pt_err *err);
/* Brings the values of a block up to the state: `values` has PT_HISTORY_BLOCK of them as they were in the state before
 * (missing, before the first). Text codes go through `codes` (by code of the piece; codes[0] is 0). Marks the rows that
 * may have changed in `changed`, a bit each. */
pt_rc pt_history_block(void *values, uint64_t *changed, pt_history *h, size_t state, size_t piece, uint32_t block,
                       const uint32_t *codes, pt_err *err);

#endif
