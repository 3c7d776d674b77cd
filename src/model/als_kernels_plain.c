/* The loops for any machine, and the choice among all of them. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "model/als_kernels_body.h"

const pt_als_kernels *pt_als_kernels_plain(void)
{
    return &table;
}

const pt_als_kernels *pt_als_kernels_best(void)
{
    const pt_als_kernels *best = pt_als_kernels_avx512();

    if (!best)
        best = pt_als_kernels_avx2();
    return best ? best : pt_als_kernels_plain();
}
