/* The loops in vectors of eight. (Vectors of sixteen were tried and are not faster where the machine does them in two halves; with
 * eight centres or fewer half of them would be empty.) */
#include "model/kmeans_kernels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2,fma,bmi,bmi2,popcnt")))
#include <immintrin.h>
#include <math.h>

enum { AHEAD = 32 }; /* rows whose beginnings are fetched meanwhile: a list skips too many for the machine to guess */

#define INLINE static inline __attribute__((always_inline)) KERNEL_TARGET

/* sums[i] lane j: the squared distance of row list[i] to centre j. */
INLINE void eight_rows(__m256 sums[8], const float *rows, size_t columns, const uint32_t *list, const float *panel)
{
    const float *row[8];

    for (size_t i = 0; i < 8; i++) {
        row[i] = rows + (size_t)list[i] * columns;
        sums[i] = _mm256_setzero_ps();
    }
    for (size_t c = 0; c < columns; c++) {
        __m256 centres = _mm256_loadu_ps(panel + c * PT_PANEL);
#pragma GCC unroll 8
        for (size_t i = 0; i < 8; i++) {
            __m256 apart = _mm256_sub_ps(_mm256_broadcast_ss(row[i] + c), centres);
            sums[i] = _mm256_fmadd_ps(apart, apart, sums[i]);
        }
    }
}

/* Rows become columns: afterwards v[j] lane i is what v[i] lane j was. */
INLINE void transpose(__m256 v[8])
{
    __m256 a[8], b[8];

    for (size_t i = 0; i < 8; i += 2) {
        a[i] = _mm256_unpacklo_ps(v[i], v[i + 1]);
        a[i + 1] = _mm256_unpackhi_ps(v[i], v[i + 1]);
    }
    for (size_t i = 0; i < 8; i += 4) {
        b[i] = _mm256_shuffle_ps(a[i], a[i + 2], 0x44);
        b[i + 1] = _mm256_shuffle_ps(a[i], a[i + 2], 0xee);
        b[i + 2] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0x44);
        b[i + 3] = _mm256_shuffle_ps(a[i + 1], a[i + 3], 0xee);
    }
    for (size_t i = 0; i < 4; i++) {
        v[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
        v[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
    }
}

static KERNEL_TARGET void nearest(float *best, float *second, uint32_t *which, const float *rows, size_t columns,
                                  const uint32_t *list, size_t n, const float *panel)
{
    for (size_t at = 0; at < n; at += 8) {
        __m256 v[8];
        for (size_t i = at + AHEAD; i < at + AHEAD + 8 && i < n; i++)
            _mm_prefetch((const char *)(rows + (size_t)list[i] * columns), _MM_HINT_T0);
        eight_rows(v, rows, columns, list + at, panel);
        transpose(v);
        __m256 least = v[0], next = _mm256_set1_ps(INFINITY);
        __m256i place = _mm256_setzero_si256();
#pragma GCC unroll 8
        for (int j = 1; j < 8; j++) {
            __m256 nearer = _mm256_cmp_ps(v[j], least, _CMP_LT_OQ);
            next = _mm256_min_ps(next, _mm256_max_ps(v[j], least));
            least = _mm256_min_ps(v[j], least);
            place = _mm256_castps_si256(
                _mm256_blendv_ps(_mm256_castsi256_ps(place), _mm256_castsi256_ps(_mm256_set1_epi32(j)), nearer));
        }
        _mm256_storeu_ps(best + at, least);
        _mm256_storeu_ps(second + at, next);
        _mm256_storeu_si256((__m256i *)(which + at), place);
    }
}

static KERNEL_TARGET void distances(float *out, const float *rows, size_t columns, const uint32_t *list, size_t n,
                                    const float *panel)
{
    for (size_t at = 0; at < n; at += 8) {
        __m256 v[8];
        eight_rows(v, rows, columns, list + at, panel);
        for (size_t i = 0; i < 8; i++)
            _mm256_storeu_ps(out + (at + i) * PT_PANEL, v[i]);
    }
}

/* Writes at + the places of the bits that are set, without a branch that could be guessed wrong; eight numbers are written. */
INLINE size_t list_lanes(uint32_t *list, size_t at, unsigned bits)
{
    uint64_t bytes = _pdep_u64(bits, UINT64_C(0x0101010101010101)) * 255;
    __m128i lanes = _mm_cvtsi64_si128((long long)_pext_u64(UINT64_C(0x0706050403020100), bytes));

    _mm256_storeu_si256((__m256i *)list, _mm256_add_epi32(_mm256_cvtepu8_epi32(lanes), _mm256_set1_epi32((int)at)));
    return (size_t)__builtin_popcount(bits);
}

static KERNEL_TARGET size_t suspects(uint32_t *list, const float *upper, const uint16_t *label, const float *lower,
                                     size_t n, const float *moved, float sunk, float slop)
{
    size_t found = 0;

    for (size_t at = 0; at + 8 <= n; at += 8) {
        __m256i place = _mm256_cvtepu16_epi32(_mm_loadu_si128((const __m128i *)(label + at)));
        __m256 move = _mm256_i32gather_ps(moved, place, 4);
        __m256 high = _mm256_add_ps(_mm256_loadu_ps(upper + at), move);
        __m256 low = _mm256_sub_ps(_mm256_loadu_ps(lower + at), _mm256_set1_ps(sunk));
        __m256 safe = _mm256_cmp_ps(_mm256_add_ps(high, _mm256_set1_ps(slop)), low, _CMP_LT_OQ);
        found += list_lanes(list + found, at, ~(unsigned)_mm256_movemask_ps(safe) & 255);
    }
    for (size_t i = n & ~(size_t)7; i < n; i++) {
        list[found] = (uint32_t)i;
        found += !(upper[i] + moved[label[i]] + slop < lower[i] - sunk);
    }
    return found;
}

/* The cells of eight rows; what is not 0 in *strange is a value without a code. */
INLINE __m256i eight_cells(__m256i *strange, const float *x, size_t stride, size_t columns, const pt_code *code)
{
    __m256i sum = _mm256_setzero_si256();

    for (size_t c = 0; c < columns; c++) {
        __m256i value = _mm256_loadu_si256((const __m256i *)(x + c * stride));
        __m256i slot = _mm256_srli_epi32(_mm256_mullo_epi32(value, _mm256_set1_epi32((int)code[c].factor)),
                                         32 - PT_CODE_FEWEST_BITS);
        __m256i known = _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)code[c].value), slot);
        *strange = _mm256_or_si256(*strange, _mm256_xor_si256(known, value));
        sum =
            _mm256_add_epi32(sum, _mm256_permutevar8x32_epi32(_mm256_loadu_si256((const __m256i *)code[c].code), slot));
    }
    return sum;
}

/* A table of eight slots lies in a register. */
static KERNEL_TARGET bool cells(uint16_t *cell, const float *x, size_t stride, size_t columns, size_t n,
                                const pt_code *code)
{
    const pt_kmeans_kernels *plain = pt_kmeans_kernels_plain();
    __m256i strange = _mm256_setzero_si256();
    size_t whole = n & ~(size_t)15;
    enum { FAR = 512 }; /* rows that are fetched meanwhile: so many columns are too much for the machine to foresee */

    for (size_t c = 0; c < columns; c++)
        if (code[c].bits != PT_CODE_FEWEST_BITS)
            return plain->cells(cell, x, stride, columns, n, code);
    for (size_t i = 0; i < whole; i += 16) {
        for (size_t c = 0; c < columns && i + FAR < n; c++)
            _mm_prefetch((const char *)(x + c * stride + i + FAR), _MM_HINT_T0);
        __m256i low = eight_cells(&strange, x + i, stride, columns, code),
                high = eight_cells(&strange, x + i + 8, stride, columns, code);
        _mm256_storeu_si256((__m256i *)(cell + i), _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8));
    }
    return _mm256_testz_si256(strange, strange) &&
           plain->cells(cell + whole, x + whole, stride, columns, n - whole, code);
}

static const pt_kmeans_kernels table = {"avx2", nearest, distances, suspects, cells};

const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") ? &table
                                                                                                             : NULL;
}
#else
const pt_kmeans_kernels *pt_kmeans_kernels_avx2(void)
{
    return NULL;
}
#endif
