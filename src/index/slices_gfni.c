#include "index/slices_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
/* AVX-512 on machines that turn 8 x 8 bit matrices and press bytes together (Ice Lake, Zen 4 and later): eight slices of 64
 * customers become 64 codes in one instruction, and those of members move up in another. */
#include <immintrin.h>
#include <string.h>
#define KERNEL_TARGET                                                                                           \
    __attribute__((                                                                                             \
        target("avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512vbmi,avx512vbmi2,gfni,bmi,bmi2,lzcnt," \
               "popcnt")))
#include "index/slices_avx512_body.h"
#define KERNEL_NAME "gfni"

enum { MATRIX = 8 };

/* Bytes of eight registers side by side: byte j of the q-th word of out[t] is byte q of in[j], where q runs through places 2t
 * and 2t + 1 of each quarter. */
static inline __attribute__((always_inline)) KERNEL_TARGET void weave(__m512i out[MATRIX], const __m512i in[MATRIX])
{
    __m512i pairs[MATRIX], fours[MATRIX];

    for (unsigned i = 0; i < 4; i++) {
        pairs[2 * i] = _mm512_unpacklo_epi8(in[2 * i], in[2 * i + 1]);
        pairs[2 * i + 1] = _mm512_unpackhi_epi8(in[2 * i], in[2 * i + 1]);
    }
    for (unsigned i = 0; i < 2; i++)
        for (unsigned half = 0; half < 2; half++) {
            fours[4 * i + 2 * half] = _mm512_unpacklo_epi16(pairs[4 * i + half], pairs[4 * i + 2 + half]);
            fours[4 * i + 2 * half + 1] = _mm512_unpackhi_epi16(pairs[4 * i + half], pairs[4 * i + 2 + half]);
        }
    for (unsigned i = 0; i < 4; i++) {
        out[2 * i] = _mm512_unpacklo_epi32(fours[i], fours[4 + i]);
        out[2 * i + 1] = _mm512_unpackhi_epi32(fours[i], fours[4 + i]);
    }
}

/* The low bytes of the codes of a line's 512 customers, 64 to a register in the order of `weave`: of slices first to end. */
static inline __attribute__((always_inline)) KERNEL_TARGET void turn(__m512i out[MATRIX], const uint64_t *rows,
                                                                     unsigned first, unsigned end)
{
    const __m512i columns = _mm512_set1_epi64(INT64_C(0x8040201008040201));
    __m512i in[MATRIX];

    for (unsigned j = 0; j < MATRIX; j++) /* the instruction counts rows of a matrix from the last */
        in[MATRIX - 1 - j] =
            first + j < end ? _mm512_load_si512(rows + (size_t)(first + j) * PT_BLOCK_WORDS) : _mm512_setzero_si512();
    weave(out, in);
    for (unsigned t = 0; t < MATRIX; t++)
        out[t] = _mm512_gf2p8affine_epi64_epi8(columns, out[t], 0);
}

static KERNEL_TARGET size_t member_codes_turned(uint16_t *codes, const uint64_t *bits, const uint64_t *rows, unsigned k)
{
    /* Members in the order of `weave`: sixteen of each quarter. */
    const __m512i order = _mm512_set_epi16(31, 23, 15, 7, 30, 22, 14, 6, 29, 21, 13, 5, 28, 20, 12, 4, 27, 19, 11, 3,
                                           26, 18, 10, 2, 25, 17, 9, 1, 24, 16, 8, 0);
    size_t n = 0;

    for (size_t at = 0; at < PT_BLOCK_WORDS; at += MATRIX) {
        __m512i low[MATRIX], high[MATRIX], members = _mm512_load_si512(bits + at);
        uint64_t masks[MATRIX];
        if (_mm512_test_epi64_mask(members, members) == 0)
            continue;
        _mm512_storeu_si512(masks, _mm512_permutexvar_epi16(order, members));
        turn(low, rows + at, 0, k < MATRIX ? k : MATRIX);
        if (k > MATRIX)
            turn(high, rows + at, MATRIX, k);
        for (unsigned t = 0; t < MATRIX; t++) {
            __m512i bytes = _mm512_maskz_compress_epi8(masks[t], low[t]);
            __m512i first = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bytes)),
                    second = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(bytes, 1));
            if (k > MATRIX) {
                bytes = _mm512_maskz_compress_epi8(masks[t], high[t]);
                __m512i upper = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(bytes));
                first = _mm512_or_si512(first, _mm512_slli_epi16(upper, MATRIX));
                upper = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(bytes, 1));
                second = _mm512_or_si512(second, _mm512_slli_epi16(upper, MATRIX));
            }
            _mm512_storeu_si512(codes + n, first);
            _mm512_storeu_si512(codes + n + 32, second);
            n += (size_t)_mm_popcnt_u64(masks[t]);
        }
    }
    return n;
}
/* A quarter of a register holds sixteen customers in order. */
static inline __attribute__((always_inline)) KERNEL_TARGET void store_quarter(uint16_t *codes, __m128i low,
                                                                              __m128i high)
{
    __m256i wide = _mm256_slli_epi16(_mm256_cvtepu8_epi16(high), MATRIX);

    _mm256_storeu_si256((__m256i *)(void *)codes, _mm256_or_si256(_mm256_cvtepu8_epi16(low), wide));
}

static KERNEL_TARGET void unpack_turned(uint16_t *codes, const uint64_t *rows, unsigned k)
{
    for (size_t at = 0; at < PT_BLOCK_WORDS; at += MATRIX) {
        __m512i low[MATRIX], high[MATRIX] = {0};
        turn(low, rows + at, 0, k < MATRIX ? k : MATRIX);
        if (k > MATRIX)
            turn(high, rows + at, MATRIX, k);
        for (unsigned t = 0; t < MATRIX; t++) {
            uint16_t *to = codes + at * 64 + (size_t)16 * t;
            store_quarter(to, _mm512_extracti32x4_epi32(low[t], 0), _mm512_extracti32x4_epi32(high[t], 0));
            store_quarter(to + 128, _mm512_extracti32x4_epi32(low[t], 1), _mm512_extracti32x4_epi32(high[t], 1));
            store_quarter(to + 256, _mm512_extracti32x4_epi32(low[t], 2), _mm512_extracti32x4_epi32(high[t], 2));
            store_quarter(to + 384, _mm512_extracti32x4_epi32(low[t], 3), _mm512_extracti32x4_epi32(high[t], 3));
        }
    }
}
#define KERNEL_MEMBER_CODES member_codes_turned
#define KERNEL_UNPACK unpack_turned
#include "index/slices_body.h"

const pt_slice_kernels *pt_slice_kernels_gfni(void)
{
    bool able = pt_slice_kernels_avx512() && __builtin_cpu_supports("avx512vbmi") &&
                __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("gfni");

    return able ? &table : NULL;
}
#else
const pt_slice_kernels *pt_slice_kernels_gfni(void)
{
    return NULL;
}
#endif
