#include "support/net_oracle.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

size_t oracle_rnn_weights(const pt_net_rnn *l)
{
    return pt_net_rnn_columns(l) * (l->in + l->hidden + 2);
}

static double sigmoid(double v)
{
    return 1 / (1 + exp(-v));
}

/* v[from] weights[..][column] + bias. */
static double gate(const double *weights, const double *bias, size_t columns, size_t column, const double *v, size_t n)
{
    double sum = bias[column];

    for (size_t i = 0; i < n; i++)
        sum += v[i] * weights[i * columns + column];
    return sum;
}

static void step(const pt_net_rnn *l, const double *weights, const double *x, const double *state, double *next)
{
    size_t columns = pt_net_rnn_columns(l), h = l->hidden;
    const double *wx = weights, *wh = wx + columns * l->in, *bx = wh + columns * h, *bh = bx + columns;

    for (size_t u = 0; u < h; u++) {
#define OF_X(gate_number) gate(wx, bx, columns, (gate_number)*h + u, x, l->in)
#define OF_H(gate_number) gate(wh, bh, columns, (gate_number)*h + u, state, h)
        if (l->lstm) {
            double i = sigmoid(OF_X(0) + OF_H(0)), f = sigmoid(OF_X(1) + OF_H(1));
            double g = tanh(OF_X(2) + OF_H(2)), o = sigmoid(OF_X(3) + OF_H(3));
            next[h + u] = f * state[h + u] + i * g;
            next[u] = o * tanh(next[h + u]);
        } else {
            double r = sigmoid(OF_X(1) + OF_H(0)), z = sigmoid(OF_X(2) + OF_H(1));
            double n = tanh(OF_X(0) + r * OF_H(2));
            next[u] = (1 - z) * n + z * state[u];
        }
#undef OF_X
#undef OF_H
    }
}

void oracle_rnn(const pt_net_rnn *l, const double *weights, const double *x, size_t n, const double *start, double *out)
{
    size_t size = (l->lstm ? 2 : 1) * l->hidden;
    double *state = calloc(size, sizeof *state);

    CHECK(state);
    memcpy(out, start, size * sizeof *out);
    for (size_t t = 0; t < n; t++) {
        memcpy(state, out, size * sizeof *state);
        step(l, weights, x + t * l->in, state, out);
    }
    free(state);
}

/* The value of the map at a place that may lie in the border. */
static double at(const pt_net_conv *l, const double *x, size_t row, size_t column, size_t channel)
{
    if (row < l->border_height || row - l->border_height >= l->height || column < l->border_width ||
        column - l->border_width >= l->width)
        return 0;
    return x[((row - l->border_height) * l->width + column - l->border_width) * l->in + channel];
}

void oracle_conv(const pt_net_conv *l, const double *weights, const double *bias, const double *x, double *y)
{
    for (size_t i = 0; i < pt_net_conv_height(l); i++)
        for (size_t j = 0; j < pt_net_conv_width(l); j++)
            for (size_t o = 0; o < l->out; o++) {
                double sum = bias[o];
                for (size_t r = 0; r < l->kernel_height; r++)
                    for (size_t q = 0; q < l->kernel_width; q++)
                        for (size_t c = 0; c < l->in; c++)
                            sum += at(l, x, i * l->stride_height + r, j * l->stride_width + q, c) *
                                   weights[((r * l->kernel_width + q) * l->in + c) * l->out + o];
                y[(i * pt_net_conv_width(l) + j) * l->out + o] = sum;
            }
}

double oracle_slope(double (*f)(void *context), void *context, double *v)
{
    const double step_size = 1e-5;
    double was = *v, up, down;

    *v = was + step_size;
    up = f(context);
    *v = was - step_size;
    down = f(context);
    *v = was;
    return (up - down) / (2 * step_size);
}
