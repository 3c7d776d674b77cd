#include "model/net_kernels_all.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>
#define KERNEL_TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx2,fma")))
#define KERNEL_NAME "avx512"

typedef __m512 lanes;

enum { LANES = 16, TILE_ROWS = 8 };

#define V_SOME(n) ((__mmask16)((1u << (n)) - 1))
#define V_LOAD(p) _mm512_loadu_ps(p)
#define V_STORE(p, v) _mm512_storeu_ps(p, v)
#define V_LOAD_SOME(p, n) _mm512_maskz_loadu_ps(V_SOME(n), p)
#define V_STORE_SOME(p, v, n) _mm512_mask_storeu_ps(p, V_SOME(n), v)
#define V_SET(x) _mm512_set1_ps(x)
#define V_ADD(a, b) _mm512_add_ps(a, b)
#define V_SUB(a, b) _mm512_sub_ps(a, b)
#define V_MUL(a, b) _mm512_mul_ps(a, b)
#define V_DIV(a, b) _mm512_div_ps(a, b)
#define V_FMA(a, b, c) _mm512_fmadd_ps(a, b, c)
#define V_SQRT(a) _mm512_sqrt_ps(a)
#define V_ROUND(a) _mm512_roundscale_ps(a, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC)
#define V_SIGN _mm512_set1_ps(-0.0f)
#define V_ABS(a) _mm512_andnot_ps(V_SIGN, a)
#define V_SIGNED_AS(a, sign) _mm512_or_ps(V_ABS(a), _mm512_and_ps(V_SIGN, sign))
#define V_IF_LESS(a, b, then, otherwise) _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_LT_OQ), otherwise, then)
#define V_POWER_OF_TWO(n) \
    _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127)), 23))

#include "model/net_kernels_body.h"

const pt_net_kernels *pt_net_kernels_avx512(void)
{
    bool able =
        __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");

    return able && pt_net_kernels_avx2() ? &table : NULL;
}
#else
const pt_net_kernels *pt_net_kernels_avx512(void)
{
    return NULL;
}
#endif
