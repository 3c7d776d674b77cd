/* The loops for any machine, and the choice among those there are. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "model/tree_kernels_body.h"

#include "base/kernels.h"

const tree_kernels *tree_kernels_plain(void)
{
    return &table;
}

PT_KERNELS_CHOICE(tree_kernels, tree_kernels, tree_kernels_plain(), tree_kernels_avx2(), tree_kernels_avx512())
