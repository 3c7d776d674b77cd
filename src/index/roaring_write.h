/* Sorted customers -> a roaring bitmap in CRoaring's frozen form. Written here because CRoaring builds bitmaps one member after
 * the other and does not survive it when memory runs out meanwhile. Shared inside index/ only. */
#ifndef PT_INDEX_ROARING_WRITE_H
#define PT_INDEX_ROARING_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the bitmap of `n` rising members. */
uint64_t roaring_write_size(const uint32_t *members, uint64_t n);
/* Writes as many; `bytes` are 32-byte aligned. */
void roaring_write(unsigned char *bytes, const uint32_t *members, uint64_t n);

#endif
