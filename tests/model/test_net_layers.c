/* Layers against their formulas in double, and their gradients against finite differences of these. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "support/net_oracle.h"
#include "support/test.h"

static void draw(pt_rng *r, double *wide, float *narrow, size_t n, double scale)
{
    for (size_t i = 0; i < n; i++) {
        narrow[i] = (float)((pt_rng_double(r) * 2 - 1) * scale);
        wide[i] = narrow[i];
    }
}

static void check_near(float got, double want, double tolerance)
{
    if (!(fabs((double)got - want) <= tolerance * fmax(1, fabs(want))))
        test_fail(__FILE__, __LINE__, "got %.9g, want %.9g", (double)got, want);
}

static void turn(const float *from, float *to, size_t rows, size_t columns)
{
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++)
            to[j * rows + i] = from[i * columns + j];
}

/* --- recurrent layers ------------------------------------------------------------------------------------------------- */

enum { MOST_STEPS = 6, ROWS = 5, MOST_IN = 9, MOST_HIDDEN = 19 };
enum { MOST_EVENTS = MOST_STEPS * ROWS, MOST_WEIGHTS = 4 * MOST_HIDDEN * (MOST_IN + MOST_HIDDEN + 2) };

/* A batch of sequences of the lengths 6, 4, 4, 1, 0; the loss is the sum of states times `wanted`. */
typedef struct sequences {
    pt_net_rnn layer;
    uint32_t at[MOST_STEPS + 1];
    pt_net_steps steps;
    double weights[MOST_WEIGHTS], x[MOST_EVENTS * MOST_IN], wanted[ROWS * MOST_HIDDEN], start[ROWS * 2 * MOST_HIDDEN];
    float weights_f[MOST_WEIGHTS], x_f[MOST_EVENTS * MOST_IN], wanted_f[ROWS * MOST_HIDDEN];
    float state_f[ROWS * MOST_HIDDEN], cell_f[ROWS * MOST_HIDDEN], out[ROWS * MOST_HIDDEN];
    float gates[MOST_EVENTS * 4 * MOST_HIDDEN], states[MOST_EVENTS * MOST_HIDDEN], cells[MOST_EVENTS * MOST_HIDDEN];
    float gradient[MOST_WEIGHTS], turned[MOST_WEIGHTS], x_slope[MOST_EVENTS * MOST_IN];
} sequences;

static const size_t lengths[ROWS] = {6, 4, 4, 1, 0};

static void begin(sequences *s, bool lstm, size_t in, size_t hidden, uint64_t seed)
{
    float start[ROWS * 2 * MOST_HIDDEN];
    pt_rng r;

    memset(s, 0, sizeof *s);
    s->layer = (pt_net_rnn){lstm, in, hidden};
    for (size_t t = 0; t < MOST_STEPS; t++) {
        uint32_t alive = 0;
        for (size_t i = 0; i < ROWS; i++)
            alive += lengths[i] > t;
        s->at[t + 1] = s->at[t] + alive;
    }
    s->steps = (pt_net_steps){ROWS, MOST_STEPS, s->at};
    pt_rng_seed(&r, seed);
    draw(&r, s->weights, s->weights_f, oracle_rnn_weights(&s->layer), 0.6);
    draw(&r, s->x, s->x_f, s->at[MOST_STEPS] * in, 1.5);
    draw(&r, s->wanted, s->wanted_f, ROWS * hidden, 1);
    draw(&r, s->start, start, ROWS * (lstm ? 2 : 1) * hidden, 0.8);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t u = 0; u < hidden; u++) {
            s->state_f[i * hidden + u] = start[i * (lstm ? 2 : 1) * hidden + u];
            s->cell_f[i * hidden + u] = lstm ? start[i * 2 * hidden + hidden + u] : 0;
        }
}

static pt_net_rnn_weights parts(const pt_net_rnn *l, float *block)
{
    size_t columns = pt_net_rnn_columns(l);
    float *h = block + columns * l->in, *x_bias = h + columns * l->hidden;

    return (pt_net_rnn_weights){block, h, x_bias, x_bias + columns};
}

/* States of all sequences by the oracle, [ROWS][hidden (and cell)]. */
static void oracle_states(const sequences *s, double *out)
{
    size_t in = s->layer.in, size = (s->layer.lstm ? 2 : 1) * s->layer.hidden;
    double x[MOST_STEPS * MOST_IN];

    for (size_t i = 0; i < ROWS; i++) {
        for (size_t t = 0; t < lengths[i]; t++)
            memcpy(x + t * in, s->x + (s->at[t] + i) * in, in * sizeof *x);
        oracle_rnn(&s->layer, s->weights, x, lengths[i], s->start + i * size, out + i * size);
    }
}

static double rnn_loss(void *context)
{
    const sequences *s = context;
    double out[ROWS * 2 * MOST_HIDDEN], sum = 0;
    size_t h = s->layer.hidden, size = (s->layer.lstm ? 2 : 1) * h;

    oracle_states(s, out);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t u = 0; u < h; u++)
            sum += out[i * size + u] * s->wanted[i * h + u];
    return sum;
}

static void check_rnn(bool lstm, size_t in, size_t hidden, uint64_t seed)
{
    sequences *s = malloc(sizeof *s);
    const pt_net_kernels *k = pt_net_kernels_best();
    double want[ROWS * 2 * MOST_HIDDEN];
    float cell_slope[ROWS * MOST_HIDDEN] = {0};

    CHECK(s);
    begin(s, lstm, in, hidden, seed);
    size_t columns = pt_net_rnn_columns(&s->layer), size = (lstm ? 2 : 1) * hidden;
    pt_net_rnn_weights w = parts(&s->layer, s->weights_f), g = parts(&s->layer, s->gradient),
                       t = parts(&s->layer, s->turned);
    pt_net_rnn_trace trace = {s->gates, s->states, s->cells, s->state_f, s->cell_f};
    pt_net_rnn_forward(&s->layer, k, &w, &s->steps, s->x_f, &trace, s->out);
    oracle_states(s, want);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t u = 0; u < hidden; u++)
            check_near(s->out[i * hidden + u], want[i * size + u], 2e-6);

    turn(w.x, t.x, in, columns);
    turn(w.h, t.h, hidden, columns);
    pt_net_rnn_backward(&s->layer, k, &t, &s->steps, s->x_f, &trace, s->wanted_f, cell_slope, &g, s->x_slope);
    for (size_t i = 0; i < oracle_rnn_weights(&s->layer); i++)
        check_near(s->gradient[i], oracle_slope(rnn_loss, s, &s->weights[i]), 1e-5);
    for (size_t i = 0; i < s->at[MOST_STEPS] * in; i++)
        check_near(s->x_slope[i], oracle_slope(rnn_loss, s, &s->x[i]), 1e-5);
    for (size_t i = 0; i < ROWS; i++)
        for (size_t u = 0; u < hidden; u++)
            check_near(s->wanted_f[i * hidden + u], oracle_slope(rnn_loss, s, &s->start[i * size + u]), 1e-5);
    free(s);
}

TEST(model_net_rnn__gru_and_its_gradients_are_those_of_the_formula)
{
    check_rnn(false, 3, 5, 1);
    check_rnn(false, 9, 19, 2);
    check_rnn(false, 1, 1, 3);
}

TEST(model_net_rnn__lstm_and_its_gradients_are_those_of_the_formula)
{
    check_rnn(true, 3, 5, 4);
    check_rnn(true, 9, 19, 5);
    check_rnn(true, 1, 1, 6);
}

/* One unit, one event, by hand: r = s(0.5 - 1) is of no effect because U n is 0; z = s(0) = 1/2; n = tanh(2 x). */
TEST(model_net_rnn__a_gru_of_one_unit_by_hand)
{
    pt_net_rnn layer = {false, 1, 1};
    float x[] = {0.25f}, start[] = {0.5f}, out[1], gates[4], states[1];
    float wx[] = {2, 2, 0}, wh[] = {-2, 0, 0}, bx[3] = {0}, bh[3] = {0};
    pt_net_rnn_weights w = {wx, wh, bx, bh};
    const uint32_t at[] = {0, 1};

    pt_net_rnn_forward(&layer, pt_net_kernels_best(), &w, &(pt_net_steps){1, 1, at}, x,
                       &(pt_net_rnn_trace){gates, states, NULL, start, NULL}, out);
    check_near(out[0], 0.5 * 0.5 + 0.5 * tanh(0.5), 1e-6);
}

/* --- convolution ------------------------------------------------------------------------------------------------------ */

enum { MAPS = 2, MOST = 600 };

typedef struct maps {
    pt_net_conv layer;
    double x[MAPS * MOST], weights[MOST], bias[8], wanted[MAPS * MOST];
    float x_f[MAPS * MOST], weights_f[MOST], bias_f[8], wanted_f[MAPS * MOST], y[MAPS * MOST];
    float framed[MAPS * 4 * MOST], scratch[8 * MOST], gradient[MOST], bias_gradient[8], turned[MOST],
        x_slope[MAPS * MOST];
} maps;

static double conv_loss(void *context)
{
    const maps *m = context;
    const pt_net_conv *l = &m->layer;
    size_t in = l->height * l->width * l->in, out = pt_net_conv_height(l) * pt_net_conv_width(l) * l->out;
    double y[MOST], sum = 0;

    for (size_t i = 0; i < MAPS; i++) {
        oracle_conv(l, m->weights, m->bias, m->x + i * in, y);
        for (size_t j = 0; j < out; j++)
            sum += y[j] * m->wanted[i * out + j];
    }
    return sum;
}

static void check_conv(pt_net_conv layer, uint64_t seed)
{
    maps *m = calloc(1, sizeof *m);
    const pt_net_kernels *k = pt_net_kernels_best();
    const pt_net_conv *l = &layer;
    size_t in = l->height * l->width * l->in, out = pt_net_conv_height(l) * pt_net_conv_width(l) * l->out;
    size_t deep = l->kernel_width * l->in, n_weights = l->kernel_height * deep * l->out;
    double y[MOST];
    pt_rng r;

    CHECK(m && out && out <= MOST && in <= MOST && n_weights <= MOST);
    m->layer = layer;
    pt_rng_seed(&r, seed);
    draw(&r, m->x, m->x_f, MAPS * in, 1);
    draw(&r, m->weights, m->weights_f, n_weights, 1);
    draw(&r, m->bias, m->bias_f, l->out, 1);
    draw(&r, m->wanted, m->wanted_f, MAPS * out, 1);
    pt_net_conv_forward(l, k, m->weights_f, m->bias_f, m->x_f, m->framed, m->y, MAPS);
    for (size_t i = 0; i < MAPS; i++) {
        oracle_conv(l, m->weights, m->bias, m->x + i * in, y);
        for (size_t j = 0; j < out; j++)
            check_near(m->y[i * out + j], y[j], 3e-6);
    }
    for (size_t i = 0; i < l->kernel_height; i++)
        turn(m->weights_f + i * deep * l->out, m->turned + i * deep * l->out, deep, l->out);
    pt_net_conv_backward(l, k, m->turned, m->framed, m->wanted_f, m->gradient, m->bias_gradient, m->x_slope, m->scratch,
                         MAPS);
    for (size_t i = 0; i < n_weights; i++)
        check_near(m->gradient[i], oracle_slope(conv_loss, m, &m->weights[i]), 1e-5);
    for (size_t i = 0; i < l->out; i++)
        check_near(m->bias_gradient[i], oracle_slope(conv_loss, m, &m->bias[i]), 1e-5);
    for (size_t i = 0; i < MAPS * in; i++)
        check_near(m->x_slope[i], oracle_slope(conv_loss, m, &m->x[i]), 1e-5);
    free(m);
}

TEST(model_net_conv__one_dimension_and_its_gradients_are_those_of_the_formula)
{
    check_conv((pt_net_conv){3, 4, 1, 12, 1, 5, 1, 1, 0, 2}, 1);
    check_conv((pt_net_conv){2, 7, 1, 11, 1, 3, 1, 2, 0, 1}, 2);
    check_conv((pt_net_conv){1, 1, 1, 3, 1, 3, 1, 1, 0, 0}, 3);
}

TEST(model_net_conv__two_dimensions_and_their_gradients_are_those_of_the_formula)
{
    check_conv((pt_net_conv){3, 4, 6, 7, 3, 3, 1, 1, 1, 1}, 4);
    check_conv((pt_net_conv){2, 5, 7, 9, 2, 3, 2, 3, 0, 1}, 5);
}

TEST(model_net_conv__pooling_takes_the_greatest_and_sends_the_slope_back_to_it)
{
    const pt_net_pool l = {2, 2, 5, 2, 2};
    const float x[] = {1, 10, 5, 20, 3, 3, 7, 7, 99, 99, /* second row */ 2, 90, 4, 4, 8, 3, 7, 7, 99, 99};
    const float slope[] = {1, 2, 3, 4};
    float y[4], back[20];
    float from[4];

    pt_net_pool_forward(&l, pt_net_kernels_best(), x, y, from, 1);
    CHECK_DOUBLE(y[0], 5);
    CHECK_DOUBLE(y[1], 90);
    CHECK_DOUBLE(y[2], 8);
    CHECK_DOUBLE(y[3], 7);
    CHECK_DOUBLE(from[3], 1);
    pt_net_pool_backward(&l, pt_net_kernels_best(), slope, from, back, 1);
    CHECK_DOUBLE(back[2], 1);
    CHECK_DOUBLE(back[11], 2);
    CHECK_DOUBLE(back[14], 3);
    CHECK_DOUBLE(back[7], 4);
    CHECK_DOUBLE(back[0], 0);
    CHECK_DOUBLE(back[17], 0);
}
