/* Recurrent layers and convolution against oneDNN's, forward and backward. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/onednn.h"
#include "support/test.h"

static float *some(pt_rng *r, size_t n, double scale)
{
    float *v = pt_alloc64(n, sizeof *v);

    CHECK(v);
    for (size_t i = 0; i < n; i++)
        v[i] = (float)((pt_rng_double(r) * 2 - 1) * scale);
    return v;
}

static float *zeros(size_t n)
{
    float *v = pt_zalloc(n, sizeof *v);

    CHECK(v);
    return v;
}

static void close_to(const char *what, const float *got, const float *want, size_t n)
{
    double most = 0;

    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs((double)want[i]));
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - (double)want[i]) <= 5e-6 * fmax(1, most)))
            test_fail(__FILE__, __LINE__, "%s[%zu]: ours %.9g, oneDNN's %.9g", what, i, (double)got[i],
                      (double)want[i]);
}

static void turn(const float *from, float *to, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
}

typedef struct block {
    float *v;
    pt_net_rnn_weights w;
} block;

static block block_of(const pt_net_rnn *l, pt_rng *r)
{
    size_t columns = pt_net_rnn_columns(l), n = columns * (l->in + l->hidden + 2);
    float *v = r ? some(r, n, 0.3) : zeros(n);

    return (block){v,
                   {v, v + columns * l->in, v + columns * (l->in + l->hidden), v + columns * (l->in + l->hidden + 1)}};
}

/* Slopes of all states are what oneDNN takes; ours take that of the last one, so the others are 0. */
static void check_rnn(bool lstm)
{
    enum { STEPS = 7, ROWS = 9, IN = 12, HIDDEN = 20 };
    const pt_net_rnn l = {lstm, IN, HIDDEN};
    const pt_net_kernels *k = pt_net_kernels_best();
    uint32_t at[STEPS + 1];
    pt_rng r;
    onednn_rnn *other;
    pt_err err = {0};

    if (onednn_rnn_new(&other, &l, STEPS, ROWS, &err) != PT_OK && err.code == PT_EENGINE && !other)
        test_skip("oneDNN is not installed");
    CHECK(other);
    pt_rng_seed(&r, 3);
    for (uint32_t t = 0; t <= STEPS; t++)
        at[t] = t * ROWS;
    block w = block_of(&l, &r), turned = block_of(&l, NULL), ours = block_of(&l, NULL), theirs = block_of(&l, NULL);
    float *x = some(&r, STEPS * ROWS * IN, 1), *slopes = zeros(STEPS * ROWS * HIDDEN),
          *last = some(&r, ROWS * HIDDEN, 1);
    float *states = zeros(STEPS * ROWS * HIDDEN), *their_states = zeros(STEPS * ROWS * HIDDEN),
          *out = zeros(ROWS * HIDDEN);
    float *gates = zeros(STEPS * ROWS * 4 * HIDDEN), *cells = zeros(STEPS * ROWS * HIDDEN),
          *start = zeros(ROWS * HIDDEN);
    float *cell_slope = zeros(ROWS * HIDDEN), *x_slope = zeros(STEPS * ROWS * IN), *their_x = zeros(STEPS * ROWS * IN);
    memcpy(slopes + (STEPS - 1) * ROWS * HIDDEN, last, ROWS * HIDDEN * sizeof *last);
    pt_net_steps s = {ROWS, STEPS, at};
    pt_net_rnn_trace trace = {gates, states, cells, start, start};
    pt_net_rnn_forward(&l, k, &w.w, &s, x, &trace, out);
    CHECK_OK(onednn_rnn_forward(other, &w.w, x, their_states, &err));
    close_to("states", states, their_states, STEPS * ROWS * HIDDEN);
    turn(w.w.x, turned.w.x, IN, pt_net_rnn_columns(&l));
    turn(w.w.h, turned.w.h, HIDDEN, pt_net_rnn_columns(&l));
    pt_net_rnn_backward(&l, k, &turned.w, &s, x, &trace, last, cell_slope, &ours.w, x_slope);
    CHECK_OK(onednn_rnn_backward(other, slopes, &theirs.w, their_x, &err));
    close_to("weights", ours.v, theirs.v, pt_net_rnn_columns(&l) * (IN + HIDDEN + 2));
    close_to("x", x_slope, their_x, STEPS * ROWS * IN);
    float *all[] = {w.v,          turned.v, ours.v, theirs.v, x,     slopes,     last,    states,
                    their_states, out,      gates,  cells,    start, cell_slope, x_slope, their_x};
    for (size_t i = 0; i < PT_COUNT(all); i++)
        free(all[i]);
    onednn_rnn_free(other);
}

TEST(model_net_onednn__gru_is_its_linear_before_reset_gru)
{
    check_rnn(false);
}

TEST(model_net_onednn__lstm_is_its_lstm)
{
    check_rnn(true);
}

static void check_conv(pt_net_conv l, size_t maps)
{
    const pt_net_kernels *k = pt_net_kernels_best();
    size_t in = maps * l.height * l.width * l.in, out = maps * pt_net_conv_height(&l) * pt_net_conv_width(&l) * l.out;
    size_t deep = l.kernel_width * l.in, weights = l.kernel_height * deep * l.out;
    onednn_conv *other;
    pt_rng r;
    pt_err err = {0};

    if (onednn_conv_new(&other, &l, maps, &err) != PT_OK && !other)
        test_skip("oneDNN is not installed");
    pt_rng_seed(&r, 4);
    float *x = some(&r, in, 1), *w = some(&r, weights, 0.3), *b = some(&r, l.out, 1), *slope = some(&r, out, 1);
    float *framed = zeros(maps * pt_net_conv_framed(&l)), *y = zeros(out), *their_y = zeros(out),
          *turned = zeros(weights);
    float *g = zeros(weights), *their_g = zeros(weights), *bg = zeros(l.out), *their_bg = zeros(l.out);
    float *xs = zeros(in), *their_xs = zeros(in), *scratch = zeros(pt_net_conv_scratch(&l));
    pt_net_conv_forward(&l, k, w, b, x, framed, y, maps);
    CHECK_OK(onednn_conv_forward(other, w, b, x, their_y, &err));
    close_to("y", y, their_y, out);
    for (size_t i = 0; i < l.kernel_height; i++)
        turn(w + i * deep * l.out, turned + i * deep * l.out, deep, l.out);
    pt_net_conv_backward(&l, k, turned, framed, slope, g, bg, xs, scratch, maps);
    CHECK_OK(onednn_conv_backward(other, slope, their_g, their_bg, their_xs, &err));
    close_to("weights", g, their_g, weights);
    close_to("bias", bg, their_bg, l.out);
    close_to("x", xs, their_xs, in);
    float *all[] = {x, w, b, slope, framed, y, their_y, turned, g, their_g, bg, their_bg, xs, their_xs, scratch};
    for (size_t i = 0; i < PT_COUNT(all); i++)
        free(all[i]);
    onednn_conv_free(other);
}

TEST(model_net_onednn__convolution_is_its_convolution)
{
    check_conv((pt_net_conv){8, 32, 1, 90, 1, 5, 1, 1, 0, 2}, 3);
    check_conv((pt_net_conv){3, 16, 14, 17, 3, 5, 1, 1, 1, 2}, 2);
    check_conv((pt_net_conv){5, 7, 9, 12, 3, 3, 2, 2, 1, 0}, 2);
}
