/* Loops over bit slices: bitmaps of the bits of codes, one customer a bit, in blocks of PT_BLOCK customers. Compiled once
 * for each instruction set worth having; all of them give the same bits. Pure.
 *
 * A block of a tag with k slices is k rows of PT_BLOCK_WORDS words, lowest bit first: bit c % 64 of word c / 64 of row j is
 * bit j of the code of the block's customer c. Codes are below 2^k; code 0 is "missing". */
#ifndef PT_INDEX_SLICES_H
#define PT_INDEX_SLICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PT_BLOCK_LOG2 = 16,
    PT_BLOCK = 1 << PT_BLOCK_LOG2,  /* customers */
    PT_BLOCK_WORDS = PT_BLOCK / 64, /* of one row: 8 KiB, so that a few rows lie in the nearest cache */
    PT_SLICES_MOST = 16,            /* rows of a block: codes take 16 bits at most */
    PT_SLICES_COUNTED = 5           /* slices that `histogram` takes: 32 codes are counted in registers */
};

/* Rows that are read side by side. Pointers are to the rows of a block, `at` words into them work begins; meanwhile the same of
 * `ahead` is fetched, which is what will be asked for next. */
typedef struct pt_slice_rows {
    const uint64_t *const *rows, *const *ahead;
    size_t at, ahead_at;
    uint64_t flips; /* bit i: of row i the complement is meant */
    unsigned n;     /* PT_ROWS_MOST at most */
} pt_slice_rows;

enum { PT_ROWS_MOST = 64 };

/* low <= code <= high, in k slices. */
typedef struct pt_slice_range {
    const uint64_t *rows, *ahead; /* of a block, and of what is fetched meanwhile */
    size_t at, ahead_at;
    unsigned k, eager; /* `eager` slices from the highest down are fetched ahead and read in any case */
    uint32_t low, high;
    bool edge_low, edge_high; /* customers with these very codes are told apart */
} pt_slice_range;

enum { PT_SLICES_LEFT = 1, PT_SLICES_EDGES = 2 }; /* what `within` gives */

typedef struct pt_slice_kernels {
    const char *name;
    /* bits &= code is `code`. Rows beyond k are zero in all codes asked for. */
    void (*equal)(uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t code);
    /* Over `words` words: bits &= all rows of the set; sum |= bits & any row of it; bits &= the range, `edges` (NULL: not
     * wanted) those of them with an edge's code. Whether anybody is left; of a range also whether anybody is at an edge. */
    bool (*and_rows)(uint64_t *bits, const pt_slice_rows *set, size_t words);
    bool (*or_rows)(uint64_t *sum, const uint64_t *bits, const pt_slice_rows *set, size_t words);
    unsigned (*within)(uint64_t *bits, uint64_t *edges, const pt_slice_range *range, size_t words);
    /* bits &= row, bits &= ~row, bits |= row. */
    void (*and_row)(uint64_t *bits, const uint64_t *row);
    void (*and_not_row)(uint64_t *bits, const uint64_t *row);
    void (*or_row)(uint64_t *bits, const uint64_t *row);
    uint64_t (*count)(const uint64_t *bits);
    /* Set bits of both rows. */
    uint64_t (*count_and)(const uint64_t *bits, const uint64_t *row);
    /* How many of the customers at these places of the block, ascending, are set. */
    uint64_t (*count_places)(const uint64_t *bits, const uint16_t *places, size_t n);
    /* counts[code] += customers among `bits` with that code, for codes 0..most; k <= PT_SLICES_COUNTED. */
    void (*histogram)(uint64_t *counts, const uint64_t *bits, const uint64_t *rows, unsigned k, uint32_t most);
    /* codes[0..PT_BLOCK) from rows, and back. `codes` is aligned to 64 bytes. */
    void (*unpack)(uint16_t *codes, const uint64_t *rows, unsigned k);
    /* The codes of the customers among `bits`, in an order of the machine's own; gives how many. Room for PT_BLOCK codes and
     * 64 more, aligned to 64 bytes. */
    size_t (*member_codes)(uint16_t *codes, const uint64_t *bits, const uint64_t *rows, unsigned k);
    void (*pack)(uint64_t *rows, const uint16_t *codes, unsigned k);
} pt_slice_kernels;

/* The plain loops, and the fastest this machine can run. */
const pt_slice_kernels *pt_slice_kernels_plain(void);
const pt_slice_kernels *pt_slice_kernels_best(void);
/* Every table this machine can run, for tests that compare them; NULL past the last. */
const pt_slice_kernels *pt_slice_kernels_nth(unsigned i);

#endif
