/* The loops for any machine, and the choice among all of them. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "model/bitrows_body.h"

const pt_bitrow_kernels *pt_bitrow_kernels_plain(void)
{
    return &table;
}

const pt_bitrow_kernels *pt_bitrow_kernels_best(void)
{
    const pt_bitrow_kernels *best = pt_bitrow_kernels_avx512();

    if (!best)
        best = pt_bitrow_kernels_avx2();
    return best ? best : pt_bitrow_kernels_plain();
}
