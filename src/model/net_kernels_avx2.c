#include "model/net_kernels_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET __attribute__((target("avx2,fma")))
#define KERNEL_NAME "avx2"

typedef __m256 lanes;

enum { LANES = 8, TILE_ROWS = 4 };

/* The first n of eight lanes are read at n lanes before the end of the ones. */
static const int32_t some[16] = {-1, -1, -1, -1, -1, -1, -1, -1};

#define V_SOME(n) _mm256_loadu_si256((const __m256i *)(const void *)(some + 8 - (n)))
#define V_LOAD(p) _mm256_loadu_ps(p)
#define V_STORE(p, v) _mm256_storeu_ps(p, v)
#define V_LOAD_SOME(p, n) _mm256_maskload_ps(p, V_SOME(n))
#define V_STORE_SOME(p, v, n) _mm256_maskstore_ps(p, V_SOME(n), v)
#define V_SET(x) _mm256_set1_ps(x)
#define V_ADD(a, b) _mm256_add_ps(a, b)
#define V_SUB(a, b) _mm256_sub_ps(a, b)
#define V_MUL(a, b) _mm256_mul_ps(a, b)
#define V_DIV(a, b) _mm256_div_ps(a, b)
#define V_FMA(a, b, c) _mm256_fmadd_ps(a, b, c)
#define V_SQRT(a) _mm256_sqrt_ps(a)
#define V_ROUND(a) _mm256_round_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define V_SIGN _mm256_set1_ps(-0.0f)
#define V_ABS(a) _mm256_andnot_ps(V_SIGN, a)
#define V_SIGNED_AS(a, sign) _mm256_or_ps(V_ABS(a), _mm256_and_ps(V_SIGN, sign))
#define V_IF_LESS(a, b, then, otherwise) _mm256_blendv_ps(otherwise, then, _mm256_cmp_ps(a, b, _CMP_LT_OQ))
#define V_POWER_OF_TWO(n) \
    _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127)), 23))

#include "model/net_kernels_body.h"

const pt_net_kernels *pt_net_kernels_avx2(void)
{
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &table : NULL;
}
#else
const pt_net_kernels *pt_net_kernels_avx2(void)
{
    return NULL;
}
#endif
