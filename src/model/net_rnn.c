#include "model/net_rnn.h"

#include <string.h>

/* Where the columns that come from h begin in a row of gates. */
static size_t h_at(const pt_net_rnn *l)
{
    return l->lstm ? 0 : l->hidden;
}

/* The state before step t: of the first, `start`; else what step t - 1 left. */
static const float *before(const float *start, const float *after, const pt_net_steps *s, size_t t, size_t hidden)
{
    return t ? after + s->at[t - 1] * hidden : start;
}

static void fill_biases(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *w, float *gates,
                        size_t events)
{
    size_t wide = 4 * l->hidden, columns = pt_net_rnn_columns(l);

    if (!events)
        return;
    memset(gates, 0, wide * sizeof *gates);
    k->add(gates, w->x_bias, columns);
    k->add(gates + h_at(l), w->h_bias, columns);
    k->spread(gates + wide, wide, gates, events - 1, wide);
}

/* The last state of each sequence. Sequences without events keep the start. */
static void gather_last(const pt_net_steps *s, const float *start, const float *states, float *out, size_t hidden)
{
    memcpy(out, start, s->rows * hidden * sizeof *out);
    for (size_t t = 0; t < s->steps; t++) {
        size_t from = t + 1 < s->steps ? s->at[t + 2] - s->at[t + 1] : 0, to = s->at[t + 1] - s->at[t];
        memcpy(out + from * hidden, states + (s->at[t] + from) * hidden, (to - from) * hidden * sizeof *out);
    }
}

void pt_net_rnn_forward(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *w,
                        const pt_net_steps *s, const float *x, const pt_net_rnn_trace *trace, float *out)
{
    size_t h = l->hidden, wide = 4 * h, columns = pt_net_rnn_columns(l), events = s->at[s->steps];

    fill_biases(l, k, w, trace->gates, events);
    k->multiply(trace->gates, wide, (pt_net_left){x, l->in, 1}, w->x, columns, events, columns, l->in, true);
    for (size_t t = 0; t < s->steps; t++) {
        size_t rows = s->at[t + 1] - s->at[t];
        const float *last = before(trace->start, trace->states, s, t, h);
        float *gates = trace->gates + s->at[t] * wide, *after = trace->states + s->at[t] * h;
        k->multiply(gates + h_at(l), wide, (pt_net_left){last, h, 1}, w->h, columns, rows, columns, h, true);
        if (l->lstm)
            k->lstm(gates, before(trace->cell, trace->cells, s, t, h), trace->cells + s->at[t] * h, after, rows, h);
        else
            k->gru(gates, last, after, rows, h);
    }
    gather_last(s, trace->start, trace->states, out, h);
}

void pt_net_rnn_backward(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *turned,
                         const pt_net_steps *s, const float *x, const pt_net_rnn_trace *trace, float *slope,
                         float *cell_slope, const pt_net_rnn_weights *gradient, float *x_slope)
{
    size_t h = l->hidden, wide = 4 * h, columns = pt_net_rnn_columns(l), events = s->at[s->steps];

    for (size_t t = s->steps; t-- > 0;) {
        size_t rows = s->at[t + 1] - s->at[t];
        const float *last = before(trace->start, trace->states, s, t, h);
        float *gates = trace->gates + s->at[t] * wide, *from_h = gates + h_at(l);
        if (l->lstm)
            k->lstm_back(gates, before(trace->cell, trace->cells, s, t, h), trace->cells + s->at[t] * h, slope,
                         cell_slope, rows, h);
        else
            k->gru_back(gates, last, slope, rows, h);
        k->multiply(slope, h, (pt_net_left){from_h, wide, 1}, turned->h, h, rows, h, columns, !l->lstm);
        k->multiply(gradient->h, columns, (pt_net_left){last, 1, h}, from_h, wide, h, columns, rows, true);
    }
    k->add_rows(gradient->x_bias, trace->gates, wide, events, columns);
    k->add_rows(gradient->h_bias, trace->gates + h_at(l), wide, events, columns);
    k->multiply(gradient->x, columns, (pt_net_left){x, 1, l->in}, trace->gates, wide, l->in, columns, events, true);
    if (x_slope)
        k->multiply(x_slope, l->in, (pt_net_left){trace->gates, wide, 1}, turned->x, l->in, events, l->in, columns,
                    false);
}

void pt_net_rnn_step(const pt_net_rnn *l, const pt_net_kernels *k, const pt_net_rnn_weights *w, const float *x,
                     float *gates, float *state, float *cell)
{
    size_t h = l->hidden, wide = 4 * h, columns = pt_net_rnn_columns(l);

    fill_biases(l, k, w, gates, 1);
    k->multiply(gates, wide, (pt_net_left){x, l->in, 1}, w->x, columns, 1, columns, l->in, true);
    k->multiply(gates + h_at(l), wide, (pt_net_left){state, h, 1}, w->h, columns, 1, columns, h, true);
    if (l->lstm)
        k->lstm(gates, cell, cell, state, 1, h);
    else
        k->gru(gates, state, state, 1, h);
}
