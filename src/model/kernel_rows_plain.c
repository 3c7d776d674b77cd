/* The loops for any machine; on Arm the compiler's baseline has vectors and fused multiply-add. */
#include "model/kernel_rows_all.h"

#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#define KERNEL_LANES 4
typedef float vec __attribute__((vector_size(16), aligned(4), may_alias));

static inline vec fma_each(vec a, vec b, vec c)
{
    return (vec){__builtin_fmaf(a[0], b[0], c[0]), __builtin_fmaf(a[1], b[1], c[1]), __builtin_fmaf(a[2], b[2], c[2]),
                 __builtin_fmaf(a[3], b[3], c[3])};
}
#define KERNEL_FMA(a, b, c) fma_each(a, b, c)
#include "model/kernel_rows_body.h"

#include "base/kernels.h"

PT_KERNELS_CHOICE(pt_row_kernels, pt_row_kernels, &table, pt_row_kernels_avx2(), pt_row_kernels_avx512())
