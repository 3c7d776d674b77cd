/* A view over the bytes of customers.dir. Nothing read from them is trusted: blocks are hashed when first touched, numbers
 * are compared with their bounds on every use. */
#include <stdatomic.h>
#include <stdlib.h>

#include "identity/directory_int.h"

enum { BLOCK_UNKNOWN, BLOCK_GOOD, BLOCK_BAD };

struct pt_directory {
    const unsigned char *bytes;
    dir_header header;
    dir_layout layout;
    pt_sv types[PT_ID_TYPES_MAX];
    _Atomic uint8_t *blocks; /* what is known of each */
    atomic_bool damaged;
};

/* --- opening ------------------------------------------------------------------------------------------------------- */

static pt_rc corrupt(pt_err *err, const char *what)
{
    return pt_fail(err, PT_ECORRUPT, "the customer directory is damaged: %s", what);
}

static pt_rc check_header(pt_directory *d, size_t n, pt_err *err)
{
    dir_header *h = &d->header;

    if (n < sizeof *h)
        return corrupt(err, "it is too short");
    memcpy(h, d->bytes, sizeof *h);
    if (memcmp(h->magic, DIR_MAGIC, sizeof h->magic) != 0)
        return corrupt(err, "it does not begin as one");
    if (h->version != DIR_VERSION)
        return pt_fail(err, PT_ECORRUPT, "the customer directory has format version %u; this program reads %d",
                       h->version, DIR_VERSION);
    if (h->hash != pt_hash64(h, offsetof(dir_header, hash)))
        return corrupt(err, "the checksum of its header is wrong");
    if (h->n_types == 0 || h->n_types > PT_ID_TYPES_MAX || h->types_size > n || h->texts_size > n)
        return corrupt(err, "counts in its header are out of bounds");
    dir_layout_of(&d->layout, h);
    if (d->layout.file_size != n || h->file_size != n)
        return corrupt(err, "its size is not what its header says");
    return PT_OK;
}

static const void *section(const pt_directory *d, dir_section s)
{
    return d->bytes + d->layout.offset[s];
}

static bool block_is_good(const pt_directory *d, uint64_t block)
{
    const uint64_t *sums = section(d, DIR_SUMS);
    uint64_t from = block * DIR_BLOCK, end = d->layout.offset[DIR_SUMS];
    uint64_t size = end - from < DIR_BLOCK ? end - from : DIR_BLOCK;

    return pt_hash64(d->bytes + from, (size_t)size) == sums[block];
}

/* Whether the blocks that hold bytes [offset, offset + n) of the file are good. Two threads may check one block at once; they
 * come to the same answer. */
static bool touch(const pt_directory *d, uint64_t offset, uint64_t n)
{
    bool good = true;

    for (uint64_t b = offset / DIR_BLOCK; n > 0 && b <= (offset + n - 1) / DIR_BLOCK; b++) {
        uint8_t known = atomic_load_explicit(&d->blocks[b], memory_order_relaxed);
        if (known == BLOCK_UNKNOWN) {
            known = block_is_good(d, b) ? BLOCK_GOOD : BLOCK_BAD;
            atomic_store_explicit(&d->blocks[b], known, memory_order_relaxed);
        }
        good &= known == BLOCK_GOOD;
    }
    if (!good)
        atomic_store_explicit(&((pt_directory *)d)->damaged, true, memory_order_relaxed);
    return good;
}

/* `n` items of `size` bytes from item `i` of a section on; NULL when their block is damaged. */
static const void *items(const pt_directory *d, dir_section s, uint64_t i, size_t size, size_t n)
{
    uint64_t offset = d->layout.offset[s] + i * size;

    return touch(d, offset, n * size) ? d->bytes + offset : NULL;
}

static const void *item(const pt_directory *d, dir_section s, uint64_t i, size_t size)
{
    return items(d, s, i, size, 1);
}

static pt_rc read_types(pt_directory *d, pt_err *err)
{
    const char *at = section(d, DIR_TYPES), *end = at + d->header.types_size;

    if (!touch(d, d->layout.offset[DIR_TYPES], d->header.types_size))
        return corrupt(err, "the checksum of a block is wrong");
    for (uint32_t t = 0; t < d->header.n_types; t++) {
        size_t len;
        if (at == end || (len = (unsigned char)*at) > (size_t)(end - at - 1))
            return corrupt(err, "the names of identifier types are cut off");
        d->types[t] = (pt_sv){at + 1, len};
        at += 1 + len;
    }
    return PT_OK;
}

pt_rc pt_directory_open(pt_directory **out, const void *bytes, size_t n, pt_err *err)
{
    pt_directory *d = pt_zalloc(1, sizeof *d);
    const uint64_t *sums;
    pt_rc rc;

    *out = NULL;
    if (!d)
        return pt_fail_nomem(err, "the customer directory");
    PT_ASSERT((uintptr_t)bytes % 8 == 0);
    d->bytes = bytes;
    rc = check_header(d, n, err);
    if (rc == PT_OK) {
        sums = section(d, DIR_SUMS);
        if (sums[d->layout.n_blocks] != pt_hash64(sums, (size_t)d->layout.n_blocks * sizeof *sums))
            rc = corrupt(err, "the checksum of its checksums is wrong");
        else if (!(d->blocks = pt_zalloc((size_t)d->layout.n_blocks, sizeof *d->blocks)))
            rc = pt_fail_nomem(err, "the customer directory");
    }
    if (rc == PT_OK)
        rc = read_types(d, err);
    if (rc == PT_OK)
        *out = d;
    else
        pt_directory_close(d);
    return rc;
}

void pt_directory_close(pt_directory *d)
{
    if (!d)
        return;
    free((void *)d->blocks);
    free(d);
}

pt_rc pt_directory_damage(const pt_directory *d, pt_err *err)
{
    bool damaged = atomic_load_explicit(&d->damaged, memory_order_relaxed);

    return damaged ? corrupt(err, "the checksum of a block is wrong") : PT_OK;
}

pt_rc pt_directory_verify(const pt_directory *d, pt_err *err)
{
    touch(d, 0, d->layout.offset[DIR_SUMS]);
    return pt_directory_damage(d, err);
}

pt_hash128 pt_directory_fingerprint(const pt_directory *d)
{
    return pt_hash128_of(section(d, DIR_SUMS), (size_t)d->layout.size[DIR_SUMS]);
}

/* --- counts -------------------------------------------------------------------------------------------------------- */

uint32_t pt_directory_ordinals(const pt_directory *d)
{
    return d->header.n_ordinals;
}

uint32_t pt_directory_live(const pt_directory *d)
{
    return d->header.n_live;
}

uint64_t pt_directory_identifiers(const pt_directory *d)
{
    return d->header.n_identifiers;
}

size_t pt_directory_types(const pt_directory *d)
{
    return d->header.n_types;
}

pt_sv pt_directory_type_name(const pt_directory *d, size_t type)
{
    return type < d->header.n_types ? d->types[type] : (pt_sv){"", 0};
}

/* --- by ordinal ---------------------------------------------------------------------------------------------------- */

pt_sv pt_directory_id(const pt_directory *d, uint32_t ordinal)
{
    const pt_id_text *id = NULL;

    if (ordinal < d->header.n_ordinals)
        id = item(d, DIR_IDS, ordinal, sizeof *id);
    return id ? pt_id_sv(id) : (pt_sv){"", 0};
}

uint64_t pt_directory_id_hash(const pt_directory *d, uint32_t ordinal)
{
    const uint64_t *hash = NULL;

    if (ordinal < d->header.n_ordinals)
        hash = item(d, DIR_ID_HASHES, ordinal, sizeof *hash);
    return hash ? *hash : 0;
}

const uint64_t *pt_directory_id_hashes(const pt_directory *d)
{
    return touch(d, d->layout.offset[DIR_ID_HASHES], d->layout.size[DIR_ID_HASHES]) ? section(d, DIR_ID_HASHES) : NULL;
}

uint32_t pt_directory_forward(const pt_directory *d, uint32_t ordinal)
{
    const uint32_t *to = NULL;

    if (ordinal < d->header.n_ordinals)
        to = item(d, DIR_FORWARDS, ordinal, sizeof *to);
    return to && *to < d->header.n_ordinals ? *to : PT_ID_NONE;
}

static bool value_of(const pt_directory *d, uint32_t identifier, pt_sv *value)
{
    const uint64_t *range = items(d, DIR_TEXT_OFFSETS, identifier, sizeof *range, 2);

    if (!range || range[0] > range[1] || range[1] > d->header.texts_size ||
        !touch(d, d->layout.offset[DIR_TEXTS] + range[0], range[1] - range[0]))
        return false;
    *value = (pt_sv){(const char *)section(d, DIR_TEXTS) + range[0], (size_t)(range[1] - range[0])};
    return true;
}

bool pt_directory_identifier(const pt_directory *d, uint32_t ordinal, uint32_t k, uint32_t *type, pt_sv *value)
{
    const uint32_t *range;
    const uint8_t *kind;

    if (ordinal >= d->header.n_ordinals || !(range = items(d, DIR_FIRST, ordinal, sizeof *range, 2)))
        return false;
    if (range[0] > range[1] || range[1] > d->header.n_identifiers || k >= range[1] - range[0])
        return false;
    kind = item(d, DIR_KINDS, range[0] + k, 1);
    if (!kind || *kind >= d->header.n_types)
        return false;
    *type = *kind;
    return value_of(d, range[0] + k, value);
}

/* --- by text ------------------------------------------------------------------------------------------------------- */

/* Walks the slots of a hash from `*step` on; the next item, or PT_ID_NONE at a free slot and after all of them. */
static uint32_t next_item(const pt_directory *d, dir_section s, uint64_t hash, uint64_t *step, uint32_t n_items)
{
    uint64_t n_slots = d->layout.size[s] / 4;
    const uint32_t *slot;

    if (*step >= n_slots)
        return PT_ID_NONE;
    slot = item(d, s, (hash + (*step)++) & (n_slots - 1), sizeof *slot);
    return slot && *slot > 0 && *slot <= n_items ? *slot - 1 : PT_ID_NONE;
}

uint32_t pt_directory_find_id(const pt_directory *d, pt_sv id)
{
    uint64_t hash = pt_hash64(id.ptr, id.len), step = 0;
    uint32_t o;

    while ((o = next_item(d, DIR_ID_SLOTS, hash, &step, d->header.n_ordinals)) != PT_ID_NONE)
        if (pt_sv_eq(pt_directory_id(d, o), id))
            return pt_directory_forward(d, o);
    return PT_ID_NONE;
}

static uint32_t find_typed(const pt_directory *d, uint32_t type, pt_sv value)
{
    uint64_t hash = dir_value_hash(type, value), step = 0;
    uint32_t i;

    while ((i = next_item(d, DIR_SLOTS, hash, &step, d->header.n_identifiers)) != PT_ID_NONE) {
        const uint8_t *kind = item(d, DIR_KINDS, i, 1);
        const uint32_t *owner;
        pt_sv text;
        if (!kind || *kind != type || !value_of(d, i, &text) || !pt_sv_eq(text, value))
            continue;
        owner = item(d, DIR_OWNERS, i, sizeof *owner);
        return owner && *owner < d->header.n_ordinals ? *owner : PT_ID_NONE;
    }
    return PT_ID_NONE;
}

uint32_t pt_directory_find(const pt_directory *d, int type, pt_sv value)
{
    uint32_t found = PT_ID_NONE;

    if (type >= 0)
        return (size_t)type < d->header.n_types ? find_typed(d, (uint32_t)type, value) : PT_ID_NONE;
    for (uint32_t t = 0; t < d->header.n_types && found == PT_ID_NONE; t++)
        found = find_typed(d, t, value);
    return found;
}
