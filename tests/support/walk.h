/* Reads all there is to a value, for fuzz targets: a sanitizer sees when that leads outside. */
#ifndef TESTS_SUPPORT_WALK_H
#define TESTS_SUPPORT_WALK_H

#include <stdlib.h>

#include "base/type.h"
#include "support/reseal.h"

static volatile uint64_t walk_sink; /* keeps reads from being optimised away */

static inline void walk_code(const pt_column *c, uint64_t at)
{
    uint32_t code = pt_column_code(c, at);

    if (code == PT_CODE_MISSING)
        return;
    pt_sv text = pt_dict_text(c->dict, code);
    for (size_t i = 0; i < text.len; i++)
        walk_sink += (unsigned char)text.ptr[i];
}

static inline void walk_value(const pt_column *c, uint64_t row)
{
    walk_sink += pt_column_missing(c, row);
    if (pt_type_is_text(c->type))
        walk_code(c, row);
    for (uint64_t i = c->offsets ? c->offsets[row] : 0; c->offsets && i < c->offsets[row + 1]; i++) {
        walk_code(c, i);
        walk_sink += c->weights && c->weights[i] > 0;
    }
}

/* Tries an array file as it is, and with good checksums. The copy is aligned as a map is. */
static inline void walk_both(const uint8_t *bytes, size_t n, const char *magic, uint32_t version, uint32_t block_log2,
                             void (*use)(const void *bytes, size_t n))
{
    unsigned char *copy = pt_alloc64(n, 1);

    if (!copy)
        return;
    if (n)
        memcpy(copy, bytes, n);
    use(copy, n);
    if (reseal(copy, n, magic, version, block_log2))
        use(copy, n);
    free(copy);
}

#endif
