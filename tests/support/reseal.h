/* Gives changed bytes of an array file (docs/array-files.md) good checksums again, as a forger would: what is behind
 * the checksums must hold by its bounds alone. */
#ifndef TESTS_SUPPORT_RESEAL_H
#define TESTS_SUPPORT_RESEAL_H

#include <stdlib.h>

#include "base/frame.h"
#include "base/hash.h"

/* The 8 bytes at an offset of the header: 24 bytes of the directory, 32 where the data begins. */
static inline uint64_t reseal_number(const unsigned char *bytes, size_t at)
{
    uint64_t v;

    memcpy(&v, bytes + at, sizeof v);
    return v;
}

/* False when the bytes are no such file at all, or memory is short: they are left as they are. */
static inline bool reseal(unsigned char *bytes, size_t n, const char *magic, uint32_t version, uint32_t block_log2)
{
    uint64_t directory_bytes, data_at, size = UINT64_C(1) << block_log2, blocks;
    pt_str directory = {0};
    uint64_t *sums;

    if (n < PT_FRAME_HEADER)
        return false;
    directory_bytes = reseal_number(bytes, 24);
    data_at = reseal_number(bytes, 32);
    if (data_at > n || directory_bytes > n - PT_FRAME_HEADER)
        return false;
    pt_frame_put(&directory, bytes + PT_FRAME_HEADER, (size_t)directory_bytes);
    pt_frame_head head = {magic, version, block_log2, {directory.ptr, directory.len}, n - data_at};
    blocks = pt_frame_blocks(n - data_at, block_log2);
    sums = pt_zalloc((size_t)blocks, sizeof *sums);
    bool fits = sums && !directory.failed && pt_frame_head_bytes(&head) == data_at;
    for (uint64_t k = 0; fits && k < blocks; k++) {
        uint64_t from = data_at + k * size, left = n - from;
        sums[k] = pt_hash64(bytes + from, (size_t)(left < size ? left : size));
    }
    if (fits)
        pt_frame_seal(bytes, &head, sums);
    pt_str_free(&directory);
    free(sums);
    return fits;
}

#endif
