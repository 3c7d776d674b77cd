/* Recurrent layers: GRU (Cho et al. 2014, with the reset gate after the product, as cuDNN, PyTorch and oneDNN's "linear before
 * reset" have it) and LSTM (Hochreiter & Schmidhuber 1997, with a forget gate).
 *
 *   GRU    r = s(x Wr + br + h Ur + cr)   z = s(x Wz + bz + h Uz + cz)   n = tanh(x Wn + bn + r (h Un + cn))   h' = z h + (1 - z) n
 *   LSTM   i, f, o = s(...)   g = tanh(...)   c' = f c + i g   h' = o tanh(c')
 *
 * Weights as they lie, s(v) = 1 / (1 + e^-v), H = hidden units:
 *            of x [in][..]   of h [H][..]   biases
 *   GRU      n r z           r z n          one for each, in the same orders
 *   LSTM     i f g o         i f g o        likewise
 * PyTorch keeps the transposes, GRU's gates as r z n in both; oneDNN's LBR-GRU has z r n. The order here makes the gates of one
 * event one row of four: n r z and the part of n that comes from h; the product with x fills the first three, the product with h
 * adds to the last three. */
#ifndef PT_MODEL_NET_RNN_H
#define PT_MODEL_NET_RNN_H

#include "model/net_kernels.h"

typedef struct pt_net_rnn {
    bool lstm; /* else GRU */
    size_t in, hidden;
} pt_net_rnn;

/* Weights, their gradients, or their transposes (then without biases). */
typedef struct pt_net_rnn_weights {
    float *x, *h, *x_bias, *h_bias;
} pt_net_rnn_weights;

/* Sequences of different lengths, longest first, laid out step by step: the events of step t are those numbered at[t]..at[t+1]-1,
 * one of each of the first at[t+1] - at[t] sequences. */
typedef struct pt_net_steps {
    size_t rows;        /* sequences */
    size_t steps;       /* events of the longest */
    const uint32_t *at; /* steps + 1 */
} pt_net_steps;

/* What a pass over sequences leaves behind for the way back. */
typedef struct pt_net_rnn_trace {
    float *gates;       /* [events][4 hidden]; on the way back they become their own slopes */
    float *states;      /* [events][hidden] */
    float *cells;       /* [events][hidden]; LSTM */
    const float *start; /* [rows][hidden]: the state before the first event */
    const float *cell;  /* likewise; LSTM */
} pt_net_rnn_trace;

/* Columns of the weights: 3 hidden of a GRU, 4 hidden of an LSTM. */
static inline size_t pt_net_rnn_columns(const pt_net_rnn *l)
{
    return (l->lstm ? 4 : 3) * l->hidden;
}

/* x[events][in] -> out[rows][hidden], each sequence's state after its last event. */
void pt_net_rnn_forward(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *w,
                        const pt_net_steps *s, const float *x, const pt_net_rnn_trace *trace, float *out);
/* slope[rows][hidden], that of `out`, becomes that of the start; cell_slope[rows][hidden] is 0 to begin with (LSTM). Adds to
 * `gradient`; x_slope[events][in] may be NULL. `turned` holds the transposes of both weights. */
void pt_net_rnn_backward(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *turned,
                         const pt_net_steps *s, const float *x, const pt_net_rnn_trace *trace, float *slope,
                         float *cell_slope, const pt_net_rnn_weights *gradient, float *x_slope);

/* One event x[in] of one sequence: state[hidden], and of an LSTM cell[hidden], become those after it. gates[4 hidden] is scratch.
 * Bit for bit what pt_net_rnn_forward does. */
void pt_net_rnn_step(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *w, const float *x,
                     float *gates, float *state, float *cell);

#endif
