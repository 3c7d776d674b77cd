/* Array files: the frame that timelines and tag files share (docs/array-files.md). A header, a directory that each kind
 * defines, a table of block checksums, then arrays of fixed-width values that are used where they lie. Pure: bytes in,
 * bytes out.
 *
 * A writer and a reader describe the same arrays in the same order; pt_frame_layout turns that into places. */
#ifndef PT_BASE_FRAME_H
#define PT_BASE_FRAME_H

#include "base/mem.h"
#include "base/str.h"

#define PT_FRAME_ALIGN 64                         /* of every array, and of the bytes given to pt_frame_open */
#define PT_FRAME_HEADER 64                        /* bytes of the header */
#define PT_FRAME_NAN UINT64_C(0x7FF8000000000000) /* how a missing number is written: one NaN, so that bytes compare */

typedef enum pt_frame_kind {
    PT_FRAME_RAW,     /* any bytes */
    PT_FRAME_NUMBERS, /* doubles, finite or NaN */
    PT_FRAME_CODES,   /* unsigned, low..high */
    PT_FRAME_OFFSETS  /* uint64_t, not decreasing, at most high */
} pt_frame_kind;

typedef struct pt_frame_array {
    const char *role;   /* "values", "offsets": for messages */
    const char *column; /* borrowed; NULL for arrays of the whole file */
    pt_frame_kind kind;
    uint8_t width;      /* bytes of a value: 1, 2, 4 or 8 */
    uint64_t n;         /* values */
    uint64_t low, high; /* bounds, for codes and offsets */
    uint64_t at;        /* bytes from the beginning of the data; set by pt_frame_layout */
} pt_frame_array;

/* Bytes of the narrowest code for a dictionary of n texts. */
static inline uint8_t pt_frame_code_width(uint64_t n)
{
    return n <= UINT8_MAX ? 1 : n <= UINT16_MAX ? 2 : 4;
}

/* Places the arrays one after the other; *bytes is the size of the data. False when the file would pass 2^56 bytes. */
bool pt_frame_layout(pt_frame_array *arrays, size_t n, uint64_t *bytes);

/* --- the parts of a directory ------------------------------------------------------------------------------------- */

void pt_frame_put(pt_str *directory, const void *value, size_t n); /* a number, in the machine's order */
void pt_frame_put64(pt_str *directory, uint64_t value);
void pt_frame_put_text(pt_str *directory, const char *text);

/* Reads what pt_frame_put wrote. Sticky: past the end `failed` is set and everything reads as zero. */
typedef struct pt_frame_cursor {
    pt_sv rest;
    bool failed;
} pt_frame_cursor;

void pt_frame_get(pt_frame_cursor *c, void *value, size_t n);
uint64_t pt_frame_get64(pt_frame_cursor *c);
/* Copied into the arena, terminated; NULL when the directory ends or memory is short. A text with a NUL byte fails. */
const char *pt_frame_get_text(pt_frame_cursor *c, pt_arena *a);

/* --- writing ------------------------------------------------------------------------------------------------------ */

typedef struct pt_frame_head {
    const char *magic; /* 8 bytes */
    uint32_t version;
    uint32_t block_log2; /* 12..24 */
    pt_sv directory;
    uint64_t data_bytes;
} pt_frame_head;

uint64_t pt_frame_blocks(uint64_t data_bytes, uint32_t block_log2);
/* Everything before the data (also the offset at which it begins). */
uint64_t pt_frame_head_bytes(const pt_frame_head *h);
/* Fills out[pt_frame_head_bytes]; `sums` holds pt_hash64 of each block. */
void pt_frame_seal(unsigned char *out, const pt_frame_head *h, const uint64_t *sums);

/* --- reading ------------------------------------------------------------------------------------------------------ */

typedef struct pt_frame pt_frame;

/* A view over bytes that must outlive it, aligned to 64. Checks header, directory and table, not the data. `noun` is
 * what messages call it ("timeline 'x/orders.timeline'"); copied. Any number of threads may use the frame. */
pt_rc pt_frame_open(pt_frame **out, const char *magic, uint32_t version, const char *noun, const void *bytes, size_t n,
                    pt_err *err);
void pt_frame_close(pt_frame *f); /* NULL is fine */
pt_sv pt_frame_directory(const pt_frame *f);
const char *pt_frame_noun(const pt_frame *f);
/* PT_ECORRUPT "NOUN is damaged: what". */
pt_rc pt_frame_corrupt(const pt_frame *f, pt_err *err, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
/* Declares the arrays (borrowed; must outlive the frame) and places them; they must fill the data exactly. */
pt_rc pt_frame_set_arrays(pt_frame *f, pt_frame_array *arrays, size_t n, pt_err *err);
/* Makes values [first, first+n) of an array safe to read: checksums and bounds, once for each block. */
pt_rc pt_frame_check(pt_frame *f, size_t array, uint64_t first, uint64_t n, pt_err *err);
/* Where the array lies; read only what has been checked. */
const void *pt_frame_values(const pt_frame *f, size_t array);

#endif
