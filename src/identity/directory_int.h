/* Layout of customers.dir, an array file (docs/array-files.md): docs/identity.md, "The customer directory". */
#ifndef PT_IDENTITY_DIRECTORY_INT_H
#define PT_IDENTITY_DIRECTORY_INT_H

#include "base/frame.h"
#include "identity/identity.h"

#define DIR_MAGIC "PTCUSTDR"
enum { DIR_VERSION = 1, DIR_BLOCK_LOG2 = 14 };

typedef struct dir_counts {
    uint32_t n_ordinals, n_live, n_identifiers, n_types;
    uint64_t text_bytes;
} dir_counts;

typedef enum dir_array {
    DIR_IDS,          /* by ordinal: the 16 bytes of a pt_id_text */
    DIR_ID_HASHES,    /* by ordinal: pt_hash64 of the id */
    DIR_FORWARDS,     /* by ordinal */
    DIR_ID_SLOTS,     /* ordinal + 1, or 0 */
    DIR_FIRST,        /* by ordinal, and one more: its first identifier */
    DIR_OWNERS,       /* by identifier: ordinal */
    DIR_KINDS,        /* by identifier: type */
    DIR_TEXT_OFFSETS, /* by identifier, and one more */
    DIR_TEXTS,
    DIR_SLOTS, /* identifier + 1, or 0 */
    DIR_ARRAYS
} dir_array;

/* Slots for n keys: a power of two, at most two thirds full. */
static inline uint64_t dir_slots(uint64_t n)
{
    uint64_t slots = 4;

    while (slots * 2 < n * 3)
        slots *= 2;
    return slots;
}

static inline void dir_arrays(pt_frame_array out[DIR_ARRAYS], const dir_counts *c)
{
    const uint64_t n = c->n_ordinals, m = c->n_identifiers, last = n ? n - 1 : 0;
    const pt_frame_array arrays[DIR_ARRAYS] = {
        [DIR_IDS] = {.role = "ids", .kind = PT_FRAME_RAW, .width = 8, .n = n * (PT_ID_SIZE / 8)},
        [DIR_ID_HASHES] = {.role = "hashes of ids", .kind = PT_FRAME_RAW, .width = 8, .n = n},
        [DIR_FORWARDS] = {.role = "forwards", .kind = PT_FRAME_CODES, .width = 4, .n = n, .high = last},
        [DIR_ID_SLOTS] = {.role = "index of ids", .kind = PT_FRAME_CODES, .width = 4, .n = dir_slots(n), .high = n},
        [DIR_FIRST] = {.role = "lists of identifiers", .kind = PT_FRAME_OFFSETS, .width = 8, .n = n + 1, .high = m},
        [DIR_OWNERS] = {.role = "owners", .kind = PT_FRAME_CODES, .width = 4, .n = m, .high = last},
        [DIR_KINDS] = {.role = "types", .kind = PT_FRAME_CODES, .width = 1, .n = m, .high = c->n_types - 1},
        [DIR_TEXT_OFFSETS] =
            {.role = "ends of texts", .kind = PT_FRAME_OFFSETS, .width = 8, .n = m + 1, .high = c->text_bytes},
        [DIR_TEXTS] = {.role = "texts", .kind = PT_FRAME_RAW, .width = 1, .n = c->text_bytes},
        [DIR_SLOTS] = {.role = "index", .kind = PT_FRAME_CODES, .width = 4, .n = dir_slots(m), .high = m},
    };

    memcpy(out, arrays, sizeof arrays);
}

static inline uint64_t dir_value_hash(uint32_t type, pt_sv value)
{
    return pt_hash64_seed(value.ptr, value.len, type);
}

#endif
