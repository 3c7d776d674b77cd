/* oneDNN's own GRU, LSTM and convolution, forward and backward, with the layouts of net_rnn.h and net_conv.h: a second opinion on ours
 * in tests, a peer in benchmarks. Sequences all have the same length and begin with a state of 0. */
#ifndef TESTS_SUPPORT_ONEDNN_H
#define TESTS_SUPPORT_ONEDNN_H

#include "base/err.h"
#include "model/net_conv.h"
#include "model/net_rnn.h"

typedef struct onednn_rnn onednn_rnn;

/* PT_EENGINE where oneDNN is not installed or refuses. */
pt_rc onednn_rnn_new(onednn_rnn **out, const pt_net_rnn *l, size_t steps, size_t rows, pt_err *err);
void onednn_rnn_free(onednn_rnn *r);
/* x[steps][rows][in] -> states[steps][rows][hidden]. */
pt_rc onednn_rnn_forward(onednn_rnn *r, const pt_net_rnn_weights *w, const float *x, float *states, pt_err *err);
/* After forward: the slope of the states -> gradient and x_slope, overwritten. */
pt_rc onednn_rnn_backward(onednn_rnn *r, const float *slope, const pt_net_rnn_weights *gradient, float *x_slope,
                          pt_err *err);

typedef struct onednn_conv onednn_conv;

pt_rc onednn_conv_new(onednn_conv **out, const pt_net_conv *l, size_t maps, pt_err *err);
void onednn_conv_free(onednn_conv *c);
pt_rc onednn_conv_forward(onednn_conv *c, const float *weights, const float *bias, const float *x, float *y,
                          pt_err *err);
/* After forward. */
pt_rc onednn_conv_backward(onednn_conv *c, const float *slope, float *gradient, float *bias_gradient, float *x_slope,
                           pt_err *err);

#endif
