/* What slices_body.h is told by the files that compile it for AVX-512. */
#ifndef PT_INDEX_SLICES_AVX512_H
#define PT_INDEX_SLICES_AVX512_H

#define KERNEL_LINE_BYTES 64
#define KERNEL_ADD_COUNT(sum, x) (*(sum) += (line)_mm512_popcnt_epi64((__m512i) * (x)))
#define KERNEL_LINE_EMPTY(x) (_mm512_test_epi64_mask((__m512i) * (x), (__m512i) * (x)) == 0)
/* Any function of three bits is one instruction; its number lists the results for 111, 110, ..., 000 from the highest bit. */
#define KERNEL_LOGIC(x, y, z, results) \
    ((line)_mm512_ternarylogic_epi64((__m512i)(x), (__m512i)(y), (__m512i)(z), results))
#define KERNEL_MAJORITY(x, y, z) KERNEL_LOGIC(x, y, z, 0xE8)
#define KERNEL_AND_SAME(x, y, z) KERNEL_LOGIC(x, y, z, 0x90)

#endif
