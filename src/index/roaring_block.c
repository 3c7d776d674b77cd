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

/* Set bits of [first, first + n). */
static uint64_t count_run(const uint64_t *bits, uint32_t first, uint32_t n)
{
    uint64_t sum = 0;

    while (n) {
        uint32_t in_word = 64 - first % 64, take = n < in_word ? n : in_word;
        uint64_t word = bits[first / 64] >> first % 64;
        sum += (uint64_t)__builtin_popcountll(take < 64 ? word & ((UINT64_C(1) << take) - 1) : word);
        first += take;
        n -= take;
    }
    return sum;
}

uint64_t roaring_count(const pt_slice_kernels *kernels, const uint64_t *bits, const pt_roaring *r, uint32_t block)
{
    const roaring_array_t *all = &r->high_low_container;
    int32_t at = ra_get_index(all, (uint16_t)block);
    uint64_t n = 0;
    uint8_t type = 0;

    if (at < 0)
        return 0;
    const container_t *held = ra_get_container_at_index(all, (uint16_t)at, &type);
    if (type == BITSET_CONTAINER_TYPE) {
        const uint64_t *words = const_CAST_bitset(held)->words;
        if ((uintptr_t)words % 64 == 0)
            return kernels->count_and(bits, words);
        for (size_t i = 0; i < PT_BLOCK_WORDS; i++)
            n += (uint64_t)__builtin_popcountll(words[i] & bits[i]);
    } else if (type == ARRAY_CONTAINER_TYPE) {
        const array_container_t *list = const_CAST_array(held);
        n = kernels->count_places(bits, list->array, (size_t)list->cardinality);
    } else {
        const run_container_t *runs = const_CAST_run(held);
        if (runs->n_runs == 1 && runs->runs[0].length == PT_BLOCK - 1) /* everybody */
            return kernels->count(bits);
        for (int32_t i = 0; i < runs->n_runs; i++)
            n += count_run(bits, runs->runs[i].value, (uint32_t)runs->runs[i].length + 1);
    }
    return n;
}
