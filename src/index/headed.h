/* Files that begin with a head of a multiple of 64 bytes and end with its checksum: sets of indexes, sets of members. */
#ifndef PT_INDEX_HEADED_H
#define PT_INDEX_HEADED_H

#include <string.h>

#include "base/hash.h"

enum { HEADED_ALIGN = 64, HEADED_BYTE_ORDER = 0x01020304 };

static inline uint64_t headed_round(uint64_t n)
{
    return (n + HEADED_ALIGN - 1) & ~(uint64_t)(HEADED_ALIGN - 1);
}

static inline pt_rc headed_corrupt(const char *noun, const char *what, pt_err *err)
{
    return pt_fail(err, PT_ECORRUPT, "%s is damaged: %s", noun, what);
}

/* Of a file whose head was read as far as `head`, and whose checksum begins at `end`. */
static inline pt_rc headed_check(const unsigned char *bytes, uint64_t head, uint64_t end, const char *noun, pt_err *err)
{
    uint64_t sum;

    head = headed_round(head);
    memcpy(&sum, bytes + end, sizeof sum);
    if (head > end || pt_hash64(bytes, head) != sum)
        return headed_corrupt(noun, "its head does not have the checksum it should", err);
    return PT_OK;
}

#endif
