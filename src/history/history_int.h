/* Shared inside history/: the directory of a file and the arrays that follow from it (docs/history.md). */
#ifndef PT_HISTORY_HISTORY_INT_H
#define PT_HISTORY_HISTORY_INT_H

#include "base/frame.h"
#include "history/history.h"

#define HISTORY_MAGIC "PTTAGHIS"
enum { HISTORY_VERSION = 1, HISTORY_BLOCK_LOG2 = 16 };

/* The arrays of a piece, in this order; those it does not have are empty. */
enum { HISTORY_TEXT_OFFSETS, HISTORY_TEXT_BYTES, HISTORY_BLOCKS, HISTORY_ROWS, HISTORY_VALUES, HISTORY_ARRAYS };

typedef struct history_piece {
    pt_tag_info info;
    pt_history_kind kind;
    uint8_t bits;
    uint64_t n, since, texts, text_bytes;
} history_piece;

typedef struct history_meta {
    bool recomputed;
    pt_history_state *states; /* their pieces have no memory */
    history_piece *pieces;    /* of all states, in order */
    size_t *first;            /* of each state, and the end */
    size_t n_states, n_pieces;
    pt_frame_array *arrays; /* HISTORY_ARRAYS a piece */
    uint64_t data_bytes;
} history_meta;

static inline uint64_t history_blocks(uint64_t ordinals)
{
    return (ordinals + PT_HISTORY_BLOCK - 1) / PT_HISTORY_BLOCK;
}

static inline uint64_t history_value_bytes(uint64_t n, unsigned bits)
{
    return (n * bits + 7) / 8;
}

/* False when the file would be too large. */
bool history_layout(history_meta *m);
void history_meta_write(pt_str *out, const history_meta *m);
pt_rc history_meta_read(history_meta *m, const pt_frame *f, pt_arena *a, pt_err *err);

#endif
