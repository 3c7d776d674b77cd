/* The loops in vectors of sixteen. */
#include "model/kmeans_columns.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,bmi,popcnt")))
#include <immintrin.h>
#include <math.h>

#define INLINE static inline __attribute__((always_inline)) KERNEL_TARGET

typedef struct constants {
    __m512 moved, lost, sunk, narrow, wide;
} constants;

INLINE __m512 by_centre(const float of[PT_PANEL])
{
    return _mm512_broadcast_f32x8(_mm256_loadu_ps(of));
}

/* The slack of sixteen rows with their places in *place. */
INLINE __m512 look(__m512i *place, const float *x, size_t stride, size_t columns, const pt_settling *s,
                   const constants *k)
{
    __m512 v[PT_PANEL];

#pragma GCC unroll 8
    for (size_t j = 0; j < PT_PANEL; j++)
        v[j] = _mm512_setzero_ps();
    for (size_t c = 0; c < columns; c++) {
        __m512 values = _mm512_loadu_ps(x + c * stride);
        const float *centres = s->panel + c * PT_PANEL;
#pragma GCC unroll 8
        for (size_t j = 0; j < PT_PANEL; j++) {
            __m512 apart = _mm512_sub_ps(values, _mm512_set1_ps(centres[j]));
            v[j] = _mm512_fmadd_ps(apart, apart, v[j]);
        }
    }
    __m512 least = v[0], next = _mm512_set1_ps(INFINITY);
    *place = _mm512_setzero_si512();
#pragma GCC unroll 8
    for (int j = 1; j < PT_PANEL; j++) {
        __mmask16 nearer = _mm512_cmp_ps_mask(v[j], least, _CMP_LT_OQ);
        next = _mm512_min_ps(next, _mm512_max_ps(v[j], least));
        least = _mm512_min_ps(v[j], least);
        *place = _mm512_mask_mov_epi32(*place, nearer, _mm512_set1_epi32(j));
    }
    __m512 slack =
        _mm512_sub_ps(_mm512_mul_ps(_mm512_sqrt_ps(next), k->narrow), _mm512_mul_ps(_mm512_sqrt_ps(least), k->wide));
    return _mm512_add_ps(_mm512_add_ps(slack, k->sunk), _mm512_permutexvar_ps(*place, k->moved));
}

static KERNEL_TARGET size_t settle(uint32_t *changed, uint32_t *was, float *slack, uint16_t *label, const float *x,
                                   size_t stride, size_t columns, size_t n, const pt_settling *s)
{
    const constants k = {by_centre(s->moved), by_centre(s->lost), _mm512_set1_ps(s->sunk), _mm512_set1_ps(s->narrow),
                         _mm512_set1_ps(s->wide)};
    const __m512i lanes = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    size_t found = 0, whole = n & ~(size_t)(PT_SETTLE_ROWS - 1);

    for (size_t at = 0; at < whole; at += PT_SETTLE_ROWS) {
        __m512i before = _mm512_cvtepu16_epi32(_mm256_loadu_si256((const __m256i *)(label + at))), place;
        if (!s->all) {
            __m512 lost = _mm512_permutexvar_ps(before, k.lost);
            if (_mm512_cmp_ps_mask(lost, _mm512_loadu_ps(slack + at), _CMP_LT_OQ) == 0xffff)
                continue;
        }
        _mm512_storeu_ps(slack + at, look(&place, x + at, stride, columns, s, &k));
        __mmask16 other = _mm512_cmpneq_epi32_mask(before, place);
        if (!other)
            continue;
        __m512i rows = _mm512_add_epi32(lanes, _mm512_set1_epi32((int)at));
        _mm512_storeu_si512(changed + found, _mm512_maskz_compress_epi32(other, rows));
        _mm512_storeu_si512(was + found, _mm512_maskz_compress_epi32(other, before));
        _mm256_storeu_si256((__m256i *)(label + at), _mm512_cvtepi32_epi16(place));
        found += (size_t)__builtin_popcount(other);
    }
    if (whole == n)
        return found;
    size_t more = pt_columns_kernels_plain()->settle(changed + found, was + found, slack + whole, label + whole,
                                                     x + whole, stride, columns, n - whole, s);
    for (size_t i = found; i < found + more; i++)
        changed[i] += (uint32_t)whole;
    return found + more;
}

/* Each eight numbers are added to the sums of every cluster, of those that are not in it nothing. */
static KERNEL_TARGET void add_by_label(double sum[PT_PANEL * 8], const float *x, const uint16_t *label, size_t n)
{
    __m512d sums[PT_PANEL];

#pragma GCC unroll 8
    for (size_t j = 0; j < PT_PANEL; j++)
        sums[j] = _mm512_loadu_pd(sum + j * 8);
    for (size_t i = 0; i < n; i += 8) {
        __m128i place = _mm_loadu_si128((const __m128i *)(label + i));
        __m512d v = _mm512_cvtps_pd(_mm256_loadu_ps(x + i));
#pragma GCC unroll 8
        for (int j = 0; j < PT_PANEL; j++)
            sums[j] = _mm512_mask_add_pd(sums[j], _mm_cmpeq_epi16_mask(place, _mm_set1_epi16((short)j)), sums[j], v);
    }
#pragma GCC unroll 8
    for (size_t j = 0; j < PT_PANEL; j++)
        _mm512_storeu_pd(sum + j * 8, sums[j]);
}

static KERNEL_TARGET void add_up(double sum[8], double square[8], const float *x, size_t n, float origin)
{
    __m512d first = _mm512_set1_pd((double)origin), sums = _mm512_loadu_pd(sum), squares = _mm512_loadu_pd(square);

    for (size_t i = 0; i < n; i += 8) {
        __m512d v = _mm512_sub_pd(_mm512_cvtps_pd(_mm256_loadu_ps(x + i)), first);
        sums = _mm512_add_pd(sums, v);
        squares = _mm512_add_pd(squares, _mm512_mul_pd(v, v));
    }
    _mm512_storeu_pd(sum, sums);
    _mm512_storeu_pd(square, squares);
}

static const pt_columns_kernels table = {"avx512", settle, add_by_label, add_up};

const pt_columns_kernels *pt_columns_kernels_avx512(void)
{
    bool able = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
                __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");

    return able ? &table : NULL;
}
#else
const pt_columns_kernels *pt_columns_kernels_avx512(void)
{
    return NULL;
}
#endif
