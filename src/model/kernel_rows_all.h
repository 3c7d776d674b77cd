/* The tables of kernel_rows_*.c; NULL where the machine cannot run one. */
#ifndef PT_MODEL_KERNEL_ROWS_ALL_H
#define PT_MODEL_KERNEL_ROWS_ALL_H

#include "model/kernel_rows.h"

const pt_row_kernels *pt_row_kernels_avx2(void);
const pt_row_kernels *pt_row_kernels_avx512(void);

#endif
