/* The loops for any machine; on Arm the compiler's baseline already has vectors and population counts. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "eval/kernels_body.h"

#include "base/kernels.h"
#include "eval/kernels_all.h"

const pt_kernels *pt_kernels_plain(void)
{
    return &table;
}

PT_KERNELS_CHOICE(pt_kernels, pt_kernels, pt_kernels_plain(), pt_kernels_avx2(), pt_kernels_avx512())
