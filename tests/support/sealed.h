/* Bytes that end with their checksum, as stored models and cards do: tried as they are, and with a good one, as a forger would make
 * it, so that what is behind the checksum is reached. */
#ifndef TESTS_SUPPORT_SEALED_H
#define TESTS_SUPPORT_SEALED_H

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static inline void try_sealed(const uint8_t *bytes, size_t n, void (*use)(const char *bytes, size_t n))
{
    char *sealed = n ? malloc(n) : NULL;

    use((const char *)bytes, n);
    if (sealed && n > sizeof(uint64_t)) {
        const uint64_t sum = pt_hash64(bytes, n - sizeof sum);
        memcpy(sealed, bytes, n - sizeof sum);
        memcpy(sealed + n - sizeof sum, &sum, sizeof sum);
        use(sealed, n);
    }
    free(sealed);
}

#endif
