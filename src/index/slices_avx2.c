#include "index/slices_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define KERNEL_TARGET __attribute__((target("avx2,bmi,bmi2,lzcnt,popcnt")))
#define KERNEL_NAME "avx2"
#define KERNEL_LINE_BYTES 32
#include <immintrin.h>
#define KERNEL_LINE_EMPTY(x) _mm256_testz_si256((__m256i) * (x), (__m256i) * (x))
/* Set bits of each half byte by a table in a register, then added up by eights (Mula, Kurz, Lemire 2018). */
static inline __attribute__((always_inline)) KERNEL_TARGET __m256i count_words(__m256i x)
{
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4, 0, 1, 1, 2, 1, 2, 2, 3, 1, 2,
                                           2, 3, 2, 3, 3, 4);
    const __m256i low = _mm256_set1_epi8(15);
    __m256i halves = _mm256_add_epi8(_mm256_shuffle_epi8(table, _mm256_and_si256(x, low)),
                                     _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), low)));

    return _mm256_sad_epu8(halves, _mm256_setzero_si256());
}
#define KERNEL_ADD_COUNT(sum, x) (*(sum) += (line)count_words((__m256i) * (x)))
#include "index/slices_body.h"

const pt_slice_kernels *pt_slice_kernels_avx2(void)
{
    bool able = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
                __builtin_cpu_supports("popcnt");

    return able ? &table : NULL;
}
#else
const pt_slice_kernels *pt_slice_kernels_avx2(void)
{
    return NULL;
}
#endif
