/* What slices_body.h is told by the files that compile it for AVX-512. */
#ifndef PT_INDEX_SLICES_AVX512_BODY_H
#define PT_INDEX_SLICES_AVX512_BODY_H

#define KERNEL_LINE_BYTES 64
#define KERNEL_ADD_COUNT(sum, x) (*(sum) += (line)_mm512_popcnt_epi64((__m512i) * (x)))
#define KERNEL_LINE_EMPTY(x) (_mm512_test_epi64_mask((__m512i) * (x), (__m512i) * (x)) == 0)
/* Any function of three bits is one instruction; its number lists the results for 111, 110, ..., 000 from the highest bit. */
#define KERNEL_LOGIC(x, y, z, results) \
    ((line)_mm512_ternarylogic_epi64((__m512i)(x), (__m512i)(y), (__m512i)(z), results))
#define KERNEL_MAJORITY(x, y, z) KERNEL_LOGIC(x, y, z, 0xE8)
#define KERNEL_AND_SAME(x, y, z) KERNEL_LOGIC(x, y, z, 0x90)

/* Places are looked up 32 at a time in windows of 1,024 customers, which are two registers. Where a line of places spreads over
 * too many windows, one by one is faster. */
enum { PLACES = 32, WINDOW_LOG2 = 10, WINDOW_WORDS = (1 << WINDOW_LOG2) / 64, WINDOWS_MOST = 12 };

static inline __attribute__((always_inline)) KERNEL_TARGET unsigned places_one_by_one(const uint64_t *bits,
                                                                                      const uint16_t *places, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += bits[places[i] >> 6] >> (places[i] & 63) & 1;
    return (unsigned)sum;
}

/* 1 to 32 places. */
static inline __attribute__((always_inline)) KERNEL_TARGET unsigned places_of_line(const uint64_t *bits,
                                                                                   const uint16_t *places, size_t n)
{
    unsigned first = places[0] >> WINDOW_LOG2, last = places[n - 1] >> WINDOW_LOG2;
    __mmask32 there = (__mmask32)(UINT32_MAX >> (PLACES - n)), set = 0;

    if (last - first > WINDOWS_MOST)
        return places_one_by_one(bits, places, n);
    __m512i at = _mm512_maskz_loadu_epi16(there, places);
    __m512i half = _mm512_srli_epi16(at, 4), window = _mm512_srli_epi16(at, WINDOW_LOG2);
    __m512i bit = _mm512_sllv_epi16(_mm512_set1_epi16(1), _mm512_and_si512(at, _mm512_set1_epi16(15)));
    for (unsigned w = first; w <= last; w++) {
        const uint64_t *from = bits + (size_t)w * WINDOW_WORDS;
        __m512i halves =
            _mm512_permutex2var_epi16(_mm512_load_si512(from), half, _mm512_load_si512(from + WINDOW_WORDS / 2));
        __mmask32 here = _mm512_mask_cmpeq_epi16_mask(there, window, _mm512_set1_epi16((short)w));
        set |= _mm512_mask_test_epi16_mask(here, halves, bit);
    }
    return (unsigned)__builtin_popcount(set);
}

static KERNEL_TARGET uint64_t count_places_in_windows(const uint64_t *bits, const uint16_t *places, size_t n)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i += PLACES)
        sum += places_of_line(bits, places + i, n - i < PLACES ? n - i : PLACES);
    return sum;
}
#define KERNEL_COUNT_PLACES count_places_in_windows

#endif
