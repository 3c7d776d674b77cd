/* The tables of slices_*.c; NULL where the machine cannot run one. */
#ifndef PT_INDEX_SLICES_ALL_H
#define PT_INDEX_SLICES_ALL_H

#include "index/slices.h"

const pt_slice_kernels *pt_slice_kernels_avx2(void);
const pt_slice_kernels *pt_slice_kernels_avx512(void);
/* That of AVX-512 with codes of members by 8 x 8 bit matrices. */
const pt_slice_kernels *pt_slice_kernels_gfni(void);

#endif
