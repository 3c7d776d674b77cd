/* Layers of networks as their formulas say, one number at a time, in double: what the fast ones are held to, and what central
 * differences are taken of. */
#ifndef TESTS_SUPPORT_NET_ORACLE_H
#define TESTS_SUPPORT_NET_ORACLE_H

#include "model/net_conv.h"
#include "model/net_rnn.h"

/* Weights as net_rnn.h lays them out, one block: x, h, x_bias, h_bias. */
size_t oracle_rnn_weights(const pt_net_rnn *l);
/* One sequence of n events x[n][in] from the state `start` (of an LSTM followed by its cell) -> out, likewise. */
void oracle_rnn(const pt_net_rnn *l, const double *weights, const double *x, size_t n, const double *start,
                double *out);
/* One map. */
void oracle_conv(const pt_net_conv *l, const double *weights, const double *bias, const double *x, double *y);
/* d f / d v[i] by central differences, of a smooth f. */
double oracle_slope(double (*f)(void *context), void *context, double *v);

#endif
