/* A view over the bytes of customers.dir. The frame checks a block the first time that it is touched: its checksum, and
 * that the numbers in it are within bounds. */
#include <stdatomic.h>
#include <stdlib.h>

#include "identity/directory_int.h"

struct pt_directory {
    const unsigned char *bytes;
    pt_frame *frame;
    pt_arena *arena; /* names of types */
    dir_counts counts;
    pt_frame_array arrays[DIR_ARRAYS];
    const char *types[PT_ID_TYPES_MAX];
    atomic_bool damaged;
};

/* --- opening ------------------------------------------------------------------------------------------------------ */

static pt_rc read_counts(pt_directory *d, pt_err *err)
{
    pt_frame_cursor cursor = {.rest = pt_frame_directory(d->frame)};
    dir_counts *c = &d->counts;

    pt_frame_get(&cursor, &c->n_ordinals, sizeof c->n_ordinals);
    pt_frame_get(&cursor, &c->n_live, sizeof c->n_live);
    pt_frame_get(&cursor, &c->n_identifiers, sizeof c->n_identifiers);
    pt_frame_get(&cursor, &c->n_types, sizeof c->n_types);
    pt_frame_get(&cursor, &c->text_bytes, sizeof c->text_bytes);
    if (cursor.failed || c->n_types == 0 || c->n_types > PT_ID_TYPES_MAX)
        return pt_frame_corrupt(d->frame, err, "it has no identifier types");
    for (uint32_t t = 0; t < c->n_types; t++)
        if (!(d->types[t] = pt_frame_get_text(&cursor, d->arena)))
            return cursor.failed ? pt_frame_corrupt(d->frame, err, "the names of identifier types are cut off")
                                 : pt_fail_nomem(err, pt_frame_noun(d->frame));
    return PT_OK;
}

pt_rc pt_directory_open(pt_directory **out, const void *bytes, size_t n, pt_err *err)
{
    pt_directory *d = pt_zalloc(1, sizeof *d);
    pt_rc rc;

    *out = NULL;
    if (!d || !(d->arena = pt_arena_new(0))) {
        free(d);
        return pt_fail_nomem(err, "the customer directory");
    }
    d->bytes = bytes;
    rc = pt_frame_open(&d->frame, DIR_MAGIC, DIR_VERSION, "the customer directory", bytes, n, err);
    if (rc == PT_OK)
        rc = read_counts(d, err);
    if (rc == PT_OK) {
        dir_arrays(d->arrays, &d->counts);
        rc = pt_frame_set_arrays(d->frame, d->arrays, DIR_ARRAYS, err);
    }
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
    pt_frame_close(d->frame);
    pt_arena_free(d->arena);
    free(d);
}

/* `n` items of an array from item `i` on, checked; NULL past the end and where the file is damaged. */
static const void *items(const pt_directory *d, dir_array array, uint64_t i, uint64_t n)
{
    const pt_frame_array *a = &d->arrays[array];

    if (i > a->n || n > a->n - i)
        return NULL;
    if (pt_frame_check(d->frame, array, i, n, NULL) != PT_OK) {
        atomic_store_explicit(&((pt_directory *)d)->damaged, true, memory_order_relaxed);
        return NULL;
    }
    return (const unsigned char *)pt_frame_values(d->frame, array) + i * a->width;
}

pt_rc pt_directory_damage(const pt_directory *d, pt_err *err)
{
    if (!atomic_load_explicit(&d->damaged, memory_order_relaxed))
        return PT_OK;
    return pt_frame_corrupt(d->frame, err, "a block of it fails its checksum");
}

pt_rc pt_directory_verify(const pt_directory *d, pt_err *err)
{
    for (size_t array = 0; array < DIR_ARRAYS; array++)
        PT_TRY(pt_frame_check(d->frame, array, 0, d->arrays[array].n, err));
    return PT_OK;
}

pt_hash128 pt_directory_fingerprint(const pt_directory *d)
{
    const unsigned char *data = pt_frame_values(d->frame, DIR_IDS);

    /* Header, counts, and the checksums of all the rest. */
    return pt_hash128_of(d->bytes, (size_t)(data - d->bytes));
}

/* --- counts ------------------------------------------------------------------------------------------------------- */

uint32_t pt_directory_ordinals(const pt_directory *d)
{
    return d->counts.n_ordinals;
}

uint32_t pt_directory_live(const pt_directory *d)
{
    return d->counts.n_live;
}

uint64_t pt_directory_identifiers(const pt_directory *d)
{
    return d->counts.n_identifiers;
}

size_t pt_directory_types(const pt_directory *d)
{
    return d->counts.n_types;
}

const char *pt_directory_type_name(const pt_directory *d, size_t type)
{
    return type < d->counts.n_types ? d->types[type] : "";
}

/* --- by ordinal --------------------------------------------------------------------------------------------------- */

pt_sv pt_directory_id(const pt_directory *d, uint32_t ordinal)
{
    const uint64_t words = PT_ID_SIZE / d->arrays[DIR_IDS].width;
    const pt_id_text *id = items(d, DIR_IDS, ordinal * words, words);

    return id ? pt_id_sv(id) : (pt_sv){"", 0};
}

uint64_t pt_directory_id_hash(const pt_directory *d, uint32_t ordinal)
{
    const uint64_t *hash = items(d, DIR_ID_HASHES, ordinal, 1);

    return hash ? *hash : 0;
}

const uint64_t *pt_directory_id_hashes(const pt_directory *d)
{
    return items(d, DIR_ID_HASHES, 0, d->counts.n_ordinals);
}

uint32_t pt_directory_forward(const pt_directory *d, uint32_t ordinal)
{
    const uint32_t *to = items(d, DIR_FORWARDS, ordinal, 1);

    return to ? *to : PT_ID_NONE;
}

static bool value_of(const pt_directory *d, uint64_t identifier, pt_sv *value)
{
    const uint64_t *range = items(d, DIR_TEXT_OFFSETS, identifier, 2);
    const char *text = range ? items(d, DIR_TEXTS, range[0], range[1] - range[0]) : NULL;

    if (text)
        *value = (pt_sv){text, (size_t)(range[1] - range[0])};
    return text != NULL;
}

bool pt_directory_identifier(const pt_directory *d, uint32_t ordinal, uint32_t k, uint32_t *type, pt_sv *value)
{
    const uint64_t *range = ordinal < d->counts.n_ordinals ? items(d, DIR_FIRST, ordinal, 2) : NULL;
    const uint8_t *kind = range && k < range[1] - range[0] ? items(d, DIR_KINDS, range[0] + k, 1) : NULL;

    if (!kind)
        return false;
    *type = *kind;
    return value_of(d, range[0] + k, value);
}

/* --- by text ------------------------------------------------------------------------------------------------------ */

/* Walks the slots of a hash from `*step` on; the next item, or PT_ID_NONE at a free slot and after all of them. */
static uint32_t next_item(const pt_directory *d, dir_array slots, uint64_t hash, uint64_t *step)
{
    uint64_t n = d->arrays[slots].n;
    const uint32_t *slot = *step < n ? items(d, slots, (hash + (*step)++) & (n - 1), 1) : NULL;

    return slot && *slot ? *slot - 1 : PT_ID_NONE;
}

uint32_t pt_directory_find_id(const pt_directory *d, pt_sv id)
{
    uint64_t hash = pt_hash64(id.ptr, id.len), step = 0;
    uint32_t o;

    while ((o = next_item(d, DIR_ID_SLOTS, hash, &step)) != PT_ID_NONE)
        if (pt_sv_eq(pt_directory_id(d, o), id))
            return pt_directory_forward(d, o);
    return PT_ID_NONE;
}

static uint32_t find_typed(const pt_directory *d, uint32_t type, pt_sv value)
{
    uint64_t hash = dir_value_hash(type, value), step = 0;
    uint32_t i;

    while ((i = next_item(d, DIR_SLOTS, hash, &step)) != PT_ID_NONE) {
        const uint8_t *kind = items(d, DIR_KINDS, i, 1);
        pt_sv text;
        if (kind && *kind == type && value_of(d, i, &text) && pt_sv_eq(text, value)) {
            const uint32_t *owner = items(d, DIR_OWNERS, i, 1);
            return owner ? *owner : PT_ID_NONE;
        }
    }
    return PT_ID_NONE;
}

uint32_t pt_directory_find(const pt_directory *d, int type, pt_sv value)
{
    uint32_t found = PT_ID_NONE;

    if (type >= 0)
        return (size_t)type < d->counts.n_types ? find_typed(d, (uint32_t)type, value) : PT_ID_NONE;
    for (uint32_t t = 0; t < d->counts.n_types && found == PT_ID_NONE; t++)
        found = find_typed(d, t, value);
    return found;
}
