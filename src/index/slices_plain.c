/* The loops for any machine, and the choice among all of them. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#define KERNEL_LINE_BYTES 16
#include "index/slices_body.h"

#include "base/kernels.h"
#include "index/slices_all.h"

const pt_slice_kernels *pt_slice_kernels_plain(void)
{
    return &table;
}

PT_KERNELS_CHOICE(pt_slice_kernels, pt_slice_kernels, pt_slice_kernels_plain(), pt_slice_kernels_avx2(),
                  pt_slice_kernels_avx512(), pt_slice_kernels_gfni())
