/* Rows of bits met with one another: what Eclat does all day. Rows are a whole number of lines of PT_BITROW_WORDS words, aligned
 * to 64 bytes. The loops are compiled for several machines (bitrows_*.c) and give the same results. */
#ifndef PT_MODEL_BITROWS_H
#define PT_MODEL_BITROWS_H

#include <stddef.h>
#include <stdint.h>

enum { PT_BITROW_WORDS = 8 };

/* Rows to be met with one row. Those with at least `least` common bits are kept. */
typedef struct pt_bitrow_class {
    const uint64_t *row;    /* the one */
    const uint64_t *rows;   /* the others, n of them, one after the other */
    const uint64_t *shifts; /* by word: a bit of it counts 2^shift; NULL: 1 */
    size_t n, words;
    uint64_t least;
    /* Filled: what is common, rows kept one after the other (room for n), which they were and how many bits they have. */
    uint64_t *kept;
    uint32_t *which;
    uint64_t *counts;
} pt_bitrow_class;

typedef struct pt_bitrow_kernels {
    const char *name;
    size_t (*meet)(const pt_bitrow_class *c); /* how many were kept */
    /* Of each of the rows the bits at the places where `row` has one, close together: `kept` has rows of `words_out` words
     * which have room for them. */
    void (*pack)(const pt_bitrow_class *c, size_t words_out);
} pt_bitrow_kernels;

const pt_bitrow_kernels *pt_bitrow_kernels_plain(void);
const pt_bitrow_kernels *pt_bitrow_kernels_avx2(void);   /* NULL where the machine cannot run it */
const pt_bitrow_kernels *pt_bitrow_kernels_avx512(void); /* likewise */
const pt_bitrow_kernels *pt_bitrow_kernels_best(void);

#endif
