/* The tables of one instruction set each; NULL where the machine or the compiler lacks it. */
#ifndef PT_MODEL_NET_KERNELS_ALL_H
#define PT_MODEL_NET_KERNELS_ALL_H

#include "model/net_kernels.h"

const pt_net_kernels *pt_net_kernels_avx2(void);
const pt_net_kernels *pt_net_kernels_avx512(void);

#endif
