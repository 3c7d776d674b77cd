/* One layer forward and backward on one thread, ours beside oneDNN's primitives: a GRU and an LSTM of 64 units over 64 sequences of 50
 * events of 32 numbers, a convolution of 32 to 32 channels over 5 of 90 days, 64 times. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/onednn.h"

enum { ROWS = 64, STEPS = 50, IN = 32, HIDDEN = 64, EVENTS = ROWS * STEPS, TIMES = 20, RUNS = 5 };
enum { BLOCK = 4 * HIDDEN * (IN + HIDDEN + 2) };

static const pt_net_conv conv = {IN, IN, 1, 90, 1, 5, 1, 1, 0, 2};

enum { MAP = 90 * IN, CONV_WEIGHTS = 5 * IN * IN, FRAMED = 94 * IN };

static float *some(size_t n)
{
    float *v = pt_alloc64(n, sizeof *v);
    pt_rng r;

    if (!v) {
        fprintf(stderr, "bench: not enough memory\n");
        exit(1);
    }
    pt_rng_seed(&r, n);
    for (size_t i = 0; i < n; i++)
        v[i] = (float)(pt_rng_double(&r) - 0.5) * 0.2f;
    return v;
}

static pt_net_rnn_weights parts(const pt_net_rnn *l, float *v)
{
    size_t columns = pt_net_rnn_columns(l);

    return (pt_net_rnn_weights){v, v + columns * IN, v + columns * (IN + HIDDEN), v + columns * (IN + HIDDEN + 1)};
}

/* Seconds of one time there and back, the median of RUNS. */
static pt_rc timed(double *out, pt_rc (*once)(void *context, pt_err *err), void *context, pt_err *err)
{
    double seconds[RUNS];

    PT_TRY(once(context, err));
    for (int r = 0; r < RUNS; r++) {
        double began = bench_now();
        for (int i = 0; i < TIMES; i++)
            PT_TRY(once(context, err));
        seconds[r] = (bench_now() - began) / TIMES;
    }
    *out = bench_median(seconds, RUNS);
    return PT_OK;
}

/* --- recurrent -------------------------------------------------------------------------------------------------------- */

typedef struct rnn_work {
    pt_net_rnn l;
    uint32_t at[STEPS + 1];
    float *x, *x_slope, *weights, *turned, *gradient, *gates, *states, *cells, *zeros, *slope, *cell_slope, *out;
    onednn_rnn *other;
} rnn_work;

static void prepare(rnn_work *w, bool lstm)
{
    *w = (rnn_work){.l = {lstm, IN, HIDDEN},
                    .x = some(EVENTS * IN),
                    .x_slope = some(EVENTS * IN),
                    .weights = some(BLOCK),
                    .turned = some(BLOCK),
                    .gradient = some(BLOCK),
                    .gates = some(EVENTS * 4 * HIDDEN),
                    .states = some(EVENTS * HIDDEN),
                    .cells = some(EVENTS * HIDDEN),
                    .zeros = some(ROWS * HIDDEN),
                    .slope = some(EVENTS * HIDDEN),
                    .cell_slope = some(ROWS * HIDDEN),
                    .out = some(ROWS * HIDDEN)};
    memset(w->zeros, 0, ROWS * HIDDEN * sizeof *w->zeros);
    for (uint32_t t = 0; t <= STEPS; t++)
        w->at[t] = t * ROWS;
}

static pt_rc ours(void *context, pt_err *err)
{
    rnn_work *w = context;
    const pt_net_kernels *k = pt_net_kernels_best();
    pt_net_rnn_weights weights = parts(&w->l, w->weights), turned = parts(&w->l, w->turned),
                       gradient = parts(&w->l, w->gradient);
    pt_net_steps steps = {ROWS, STEPS, w->at};
    pt_net_rnn_trace trace = {w->gates, w->states, w->cells, w->zeros, w->zeros};

    (void)err;
    pt_net_rnn_forward(&w->l, k, &weights, &steps, w->x, &trace, w->out);
    memset(w->cell_slope, 0, ROWS * HIDDEN * sizeof *w->cell_slope);
    memset(w->gradient, 0, BLOCK * sizeof *w->gradient);
    pt_net_rnn_backward(&w->l, k, &turned, &steps, w->x, &trace, w->slope, w->cell_slope, &gradient, w->x_slope);
    return PT_OK;
}

static pt_rc theirs(void *context, pt_err *err)
{
    rnn_work *w = context;
    pt_net_rnn_weights weights = parts(&w->l, w->weights), gradient = parts(&w->l, w->gradient);

    PT_TRY(onednn_rnn_forward(w->other, &weights, w->x, w->states, err));
    return onednn_rnn_backward(w->other, w->slope, &gradient, w->x_slope, err);
}

static pt_rc rnn(bench_result *out, const bench_env *env, uint64_t lstm, pt_err *err)
{
    rnn_work w;

    (void)env;
    prepare(&w, lstm);
    PT_TRY(timed(&out->seconds, ours, &w, err));
    out->bytes = 0;
    if (onednn_rnn_new(&w.other, &w.l, STEPS, ROWS, err) != PT_OK)
        return PT_OK; /* said nowhere but by the missing ratio */
    return timed(&out->bytes, theirs, &w, err);
}

/* --- convolution ------------------------------------------------------------------------------------------------------ */

typedef struct conv_work {
    float *x, *framed, *y, *weights, *turned, *bias, *gradient, *bias_gradient, *x_slope, *scratch;
    onednn_conv *other;
} conv_work;

static pt_rc our_conv(void *context, pt_err *err)
{
    conv_work *w = context;
    const pt_net_kernels *k = pt_net_kernels_best();

    (void)err;
    pt_net_conv_forward(&conv, k, w->weights, w->bias, w->x, w->framed, w->y, ROWS);
    pt_net_conv_backward(&conv, k, w->turned, w->framed, w->y, w->gradient, w->bias_gradient, w->x_slope, w->scratch,
                         ROWS);
    return PT_OK;
}

static pt_rc their_conv(void *context, pt_err *err)
{
    conv_work *w = context;

    PT_TRY(onednn_conv_forward(w->other, w->weights, w->bias, w->x, w->y, err));
    return onednn_conv_backward(w->other, w->y, w->gradient, w->bias_gradient, w->x_slope, err);
}

static pt_rc convolution(bench_result *out, const bench_env *env, uint64_t unused, pt_err *err)
{
    conv_work w = {some(ROWS * MAP),
                   some(ROWS * FRAMED),
                   some(ROWS * MAP),
                   some(CONV_WEIGHTS),
                   some(CONV_WEIGHTS),
                   some(IN),
                   some(CONV_WEIGHTS),
                   some(IN),
                   some(ROWS * MAP),
                   some(2 * FRAMED + 90 * 5 * IN),
                   NULL};

    (void)env;
    (void)unused;
    PT_TRY(timed(&out->seconds, our_conv, &w, err));
    out->bytes = 0;
    if (onednn_conv_new(&w.other, &conv, ROWS, err) != PT_OK)
        return PT_OK;
    return timed(&out->bytes, their_conv, &w, err);
}

static void line(const char *name, bench_result r)
{
    bench_line(name, r.seconds * 1e3, "ms", r.bytes / r.seconds, r.bytes > 0 ? "oneDNN" : "-");
}

void bench_layers(const bench_env *env)
{
    line("layer_gru", bench_child(env, rnn, 0));
    line("layer_lstm", bench_child(env, rnn, 1));
    line("layer_conv", bench_child(env, convolution, 0));
}
