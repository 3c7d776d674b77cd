/* The loops for any machine, and the choice among those there are. */
#define KERNEL_TARGET
#define KERNEL_NAME "plain"
#include "model/tree_kernels_body.h"

const tree_kernels *tree_kernels_plain(void)
{
    return &table;
}

const tree_kernels *tree_kernels_nth(unsigned i)
{
    const tree_kernels *const all[] = {tree_kernels_plain(), tree_kernels_avx2(), tree_kernels_avx512()};

    for (unsigned at = 0; at < PT_COUNT(all); at++) {
        if (!all[at])
            continue;
        if (i == 0)
            return all[at];
        i--;
    }
    return NULL;
}

const tree_kernels *tree_kernels_best(void)
{
    const tree_kernels *best = tree_kernels_plain();

    for (unsigned i = 1; tree_kernels_nth(i); i++)
        best = tree_kernels_nth(i);
    return best;
}
