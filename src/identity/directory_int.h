/* Layout of customers.dir, format version 1: docs/identity.md, "The customer directory". Little-endian. Offsets are not in
 * the file: they follow from the counts in its header, so there are none that a damaged file could bend. */
#ifndef PT_IDENTITY_DIRECTORY_INT_H
#define PT_IDENTITY_DIRECTORY_INT_H

#include "identity/identity.h"

#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "derived files are used where they lie in memory and are little-endian"
#endif

enum { DIR_VERSION = 1, DIR_ALIGN = 64, DIR_BLOCK = 16384 };
#define DIR_MAGIC "PTCUSTDR"

typedef struct dir_header {
    char magic[8];
    uint32_t version;
    uint32_t n_types;
    uint64_t file_size;
    uint32_t n_ordinals;
    uint32_t n_live;
    uint32_t n_identifiers;
    uint32_t zero;
    uint64_t types_size, texts_size; /* bytes of these two sections */
    uint64_t hash;                   /* pt_hash64 of all the above */
} dir_header;

typedef enum dir_section {
    DIR_TYPES,        /* n_types times: length uint8, name */
    DIR_IDS,          /* pt_id_text by ordinal */
    DIR_ID_HASHES,    /* uint64 by ordinal */
    DIR_FORWARDS,     /* uint32 by ordinal */
    DIR_ID_SLOTS,     /* uint32: ordinal + 1, or 0 */
    DIR_FIRST,        /* uint32 by ordinal, and one more: its first identifier */
    DIR_OWNERS,       /* uint32 by identifier: ordinal */
    DIR_KINDS,        /* uint8 by identifier: type */
    DIR_TEXT_OFFSETS, /* uint64 by identifier, and one more */
    DIR_TEXTS,
    DIR_SLOTS,        /* uint32: identifier + 1, or 0 */
    DIR_SUMS,         /* uint64: pt_hash64 of each block of all before; then of these */
    DIR_SECTIONS
} dir_section;

typedef struct dir_layout {
    uint64_t offset[DIR_SECTIONS], size[DIR_SECTIONS];
    uint64_t n_blocks, file_size;
} dir_layout;

/* Slots for n keys: a power of two, at most two thirds full. */
static inline uint64_t dir_slots(uint64_t n)
{
    uint64_t slots = 4;

    while (slots * 2 < n * 3)
        slots *= 2;
    return slots;
}

/* The caller has seen that types_size and texts_size are no larger than the file. */
static inline void dir_layout_of(dir_layout *l, const dir_header *h)
{
    uint64_t n = h->n_ordinals, m = h->n_identifiers, at = sizeof(dir_header);
    const uint64_t size[DIR_SUMS] = {
        h->types_size, n * sizeof(pt_id_text), n * 8, n * 4, dir_slots(n) * 4, (n + 1) * 4, m * 4, m, (m + 1) * 8,
        h->texts_size, dir_slots(m) * 4,
    };

    for (int s = 0; s < DIR_SUMS; s++) {
        l->offset[s] = (at + DIR_ALIGN - 1) / DIR_ALIGN * DIR_ALIGN;
        l->size[s] = size[s];
        at = l->offset[s] + size[s];
    }
    l->offset[DIR_SUMS] = (at + DIR_ALIGN - 1) / DIR_ALIGN * DIR_ALIGN;
    l->n_blocks = (l->offset[DIR_SUMS] + DIR_BLOCK - 1) / DIR_BLOCK;
    l->size[DIR_SUMS] = (l->n_blocks + 1) * 8;
    l->file_size = l->offset[DIR_SUMS] + l->size[DIR_SUMS];
}

static inline uint64_t dir_value_hash(uint32_t type, pt_sv value)
{
    return pt_hash64_seed(value.ptr, value.len, type);
}

#endif
