#include "index/roaring_block.h"

#include <string.h>

#include <roaring.h>

const uint64_t *roaring_block(uint64_t *scratch, const pt_roaring *r, uint32_t block)
{
    const roaring_array_t *all = &r->high_low_container;
    int32_t at = ra_get_index(all, (uint16_t)block);
    uint8_t type = 0;

    if (at < 0)
        return NULL;
    const container_t *held = ra_get_container_at_index(all, (uint16_t)at, &type);
    if (type == BITSET_CONTAINER_TYPE) {
        const uint64_t *words = const_CAST_bitset(held)->words;
        return (uintptr_t)words % 64 == 0 ? words : memcpy(scratch, words, PT_BLOCK_WORDS * sizeof *scratch);
    }
    memset(scratch, 0, PT_BLOCK_WORDS * sizeof *scratch);
    if (type == ARRAY_CONTAINER_TYPE) {
        const array_container_t *list = const_CAST_array(held);
        for (int32_t i = 0; i < list->cardinality; i++)
            scratch[list->array[i] >> 6] |= UINT64_C(1) << (list->array[i] & 63);
    } else {
        const run_container_t *runs = const_CAST_run(held);
        for (int32_t i = 0; i < runs->n_runs; i++)
            bitset_set_lenrange(scratch, runs->runs[i].value, runs->runs[i].length);
    }
    return scratch;
}
