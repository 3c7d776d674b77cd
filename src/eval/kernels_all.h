/* The tables of one instruction set each; NULL where the machine or the compiler lacks it. */
#ifndef PT_EVAL_KERNELS_ALL_H
#define PT_EVAL_KERNELS_ALL_H

#include "eval/kernels.h"

const pt_kernels *pt_kernels_avx2(void);
const pt_kernels *pt_kernels_avx512(void);

#endif
