/* The loops for any machine; on Arm the compiler's baseline already has vectors and population counts. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "eval/kernels_body.h"

#include "eval/kernels_all.h"

const pt_kernels *pt_kernels_plain(void)
{
    return &table;
}

const pt_kernels *pt_kernels_nth(unsigned i)
{
    const pt_kernels *const all[] = {pt_kernels_plain(), pt_kernels_avx2(), pt_kernels_avx512()};

    for (unsigned at = 0; at < PT_COUNT(all); at++) {
        if (!all[at])
            continue;
        if (i == 0)
            return all[at];
        i--;
    }
    return NULL;
}

const pt_kernels *pt_kernels_best(void)
{
    const pt_kernels *best = pt_kernels_plain();

    for (unsigned i = 1; pt_kernels_nth(i); i++)
        best = pt_kernels_nth(i);
    return best;
}
