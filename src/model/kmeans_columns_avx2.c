/* The loops in vectors of eight, two at a time. */
#include "model/kmeans_columns.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2,fma,bmi")))
#include <immintrin.h>
#include <math.h>

#define INLINE static inline __attribute__((always_inline)) KERNEL_TARGET

INLINE __m256i eight_labels(const uint16_t *label)
{
    return _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)label));
}

INLINE bool safe(const float *slack, const uint16_t *label, __m256 lost)
{
    __m256 of_row = _mm256_permutevar8x32_ps(lost, eight_labels(label));

    return _mm256_movemask_ps(_mm256_cmp_ps(of_row, _mm256_loadu_ps(slack), _CMP_LT_OQ)) == 255;
}

/* The places of eight rows; their slack is stored. */
INLINE __m256i look(float *slack, const float *x, size_t stride, size_t columns, const pt_settling *s)
{
    __m256 v[PT_PANEL];

#pragma GCC unroll 8
    for (size_t j = 0; j < PT_PANEL; j++)
        v[j] = _mm256_setzero_ps();
    for (size_t c = 0; c < columns; c++) {
        __m256 values = _mm256_loadu_ps(x + c * stride);
        const float *centres = s->panel + c * PT_PANEL;
#pragma GCC unroll 8
        for (size_t j = 0; j < PT_PANEL; j++) {
            __m256 apart = _mm256_sub_ps(values, _mm256_broadcast_ss(centres + j));
            v[j] = _mm256_fmadd_ps(apart, apart, v[j]);
        }
    }
    __m256 least = v[0], next = _mm256_set1_ps(INFINITY);
    __m256i place = _mm256_setzero_si256();
#pragma GCC unroll 8
    for (int j = 1; j < PT_PANEL; j++) {
        __m256 nearer = _mm256_cmp_ps(v[j], least, _CMP_LT_OQ);
        next = _mm256_min_ps(next, _mm256_max_ps(v[j], least));
        least = _mm256_min_ps(v[j], least);
        place = _mm256_blendv_epi8(place, _mm256_set1_epi32(j), _mm256_castps_si256(nearer));
    }
    __m256 apart = _mm256_sub_ps(_mm256_mul_ps(_mm256_sqrt_ps(next), _mm256_set1_ps(s->narrow)),
                                 _mm256_mul_ps(_mm256_sqrt_ps(least), _mm256_set1_ps(s->wide)));
    __m256 moved = _mm256_permutevar8x32_ps(_mm256_loadu_ps(s->moved), place);
    _mm256_storeu_ps(slack, _mm256_add_ps(_mm256_add_ps(apart, _mm256_set1_ps(s->sunk)), moved));
    return place;
}

/* Writes down which of sixteen rows have another label than before; how many. */
INLINE size_t take(uint32_t *changed, uint32_t *was, uint16_t *label, size_t at, __m256i low, __m256i high)
{
    size_t found = 0;
    __m256i other_low = _mm256_cmpeq_epi32(low, eight_labels(label + at)),
            other_high = _mm256_cmpeq_epi32(high, eight_labels(label + at + 8));
    unsigned other = ~((unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(other_low)) |
                       (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(other_high)) << 8) &
                     0xffff;

    for (; other; other &= other - 1) {
        changed[found] = (uint32_t)at + (uint32_t)__builtin_ctz(other);
        was[found] = label[changed[found]];
        found++;
    }
    __m256i both = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8);
    _mm256_storeu_si256((__m256i *)(label + at), both);
    return found;
}

static KERNEL_TARGET size_t settle(uint32_t *changed, uint32_t *was, float *slack, uint16_t *label, const float *x,
                                   size_t stride, size_t columns, size_t n, const pt_settling *s)
{
    __m256 lost = _mm256_loadu_ps(s->lost);
    size_t found = 0, whole = n & ~(size_t)(PT_SETTLE_ROWS - 1);

    for (size_t at = 0; at < whole; at += PT_SETTLE_ROWS) {
        if (!s->all && safe(slack + at, label + at, lost) && safe(slack + at + 8, label + at + 8, lost))
            continue;
        __m256i low = look(slack + at, x + at, stride, columns, s);
        __m256i high = look(slack + at + 8, x + at + 8, stride, columns, s);
        found += take(changed + found, was + found, label, at, low, high);
    }
    if (whole == n)
        return found;
    size_t more = pt_columns_kernels_plain()->settle(changed + found, was + found, slack + whole, label + whole,
                                                     x + whole, stride, columns, n - whole, s);
    for (size_t i = found; i < found + more; i++)
        changed[i] += (uint32_t)whole;
    return found + more;
}

INLINE void add_half(double sum[4], double square[4], const float *x, size_t n, __m256d origin)
{
    __m256d sums = _mm256_loadu_pd(sum), squares = _mm256_loadu_pd(square);

    for (size_t i = 0; i < n; i += 8) {
        __m256d v = _mm256_sub_pd(_mm256_cvtps_pd(_mm_loadu_ps(x + i)), origin);
        sums = _mm256_add_pd(sums, v);
        squares = _mm256_add_pd(squares, _mm256_mul_pd(v, v));
    }
    _mm256_storeu_pd(sum, sums);
    _mm256_storeu_pd(square, squares);
}

static KERNEL_TARGET void add_up(double sum[8], double square[8], const float *x, size_t n, float origin)
{
    __m256d first = _mm256_set1_pd((double)origin);

    add_half(sum, square, x, n, first);
    add_half(sum + 4, square + 4, x + 4, n, first);
}

/* Eight masked additions for eight numbers would take longer than eight additions to memory. */
static void add_by_label(double sum[PT_PANEL * 8], const float *x, const uint16_t *label, size_t n)
{
    pt_columns_kernels_plain()->add_by_label(sum, x, label, n);
}

static const pt_columns_kernels table = {"avx2", settle, add_by_label, add_up};

const pt_columns_kernels *pt_columns_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}
#else
const pt_columns_kernels *pt_columns_kernels_avx2(void)
{
    return NULL;
}
#endif
