/* Checksums and hashes: XXH3, from the xxHash library (header only). Not for secrets. */
#ifndef PT_BASE_HASH_H
#define PT_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

typedef struct pt_hash128 {
    uint64_t lo, hi;
} pt_hash128;

uint64_t pt_hash64(const void *bytes, size_t n);
uint64_t pt_hash64_seed(const void *bytes, size_t n, uint64_t seed);
pt_hash128 pt_hash128_of(const void *bytes, size_t n);
/* 32 lower-case hex digits and the terminator. */
void pt_hash128_hex(char out[33], pt_hash128 h);
/* The hash of a file's contents, read in blocks. */
pt_rc pt_hash_file(pt_hash128 *out, const char *path, pt_err *err);

/* A reversible mix of one word; for hash tables over integers. */
static inline uint64_t pt_mix64(uint64_t x)
{
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    x *= UINT64_C(0xd6e8feb86659fd93);
    x ^= x >> 32;
    return x;
}

#endif
