/* The loops for any machine, and the choice among all of them. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#define KERNEL_LINE_BYTES 16
#include "index/slices_body.h"

#include "base/str.h"
#include "index/slices_all.h"

const pt_slice_kernels *pt_slice_kernels_plain(void)
{
    return &table;
}

const pt_slice_kernels *pt_slice_kernels_nth(unsigned i)
{
    const pt_slice_kernels *const all[] = {pt_slice_kernels_plain(), pt_slice_kernels_avx2(), pt_slice_kernels_avx512(),
                                           pt_slice_kernels_gfni()};

    for (unsigned at = 0; at < PT_COUNT(all); at++) {
        if (!all[at])
            continue;
        if (i == 0)
            return all[at];
        i--;
    }
    return NULL;
}

const pt_slice_kernels *pt_slice_kernels_best(void)
{
    const pt_slice_kernels *best = pt_slice_kernels_plain();

    for (unsigned i = 1; pt_slice_kernels_nth(i); i++)
        best = pt_slice_kernels_nth(i);
    return best;
}
