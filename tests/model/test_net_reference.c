/* The same losses as PyTorch, step by step, from the same weights on the same batches: net_reference.py says how they were made. */
#include <math.h>
#include <stdlib.h>

#include "model/net.h"
#include "net_reference_data.h"
#include "support/test.h"

enum {
    N = 256,
    BATCH = 64,
    STEPS = 50,
    CODES = 30,
    WIDE = 6,
    NUMBERS = 2,
    STATICS = 3,
    HIDDEN = 20,
    LENGTH = 12,
    CHANNELS = 8,
    KERNEL = 5,
    DAYS = 22
};

static double drawn(uint32_t i, uint32_t key)
{
    uint32_t x = i * 2654435761u + key * 40503u;

    x = (x ^ x >> 15) * 2246822519u;
    x = (x ^ x >> 13) * 3266489917u;
    return (x ^ x >> 16) / 4294967296.0;
}

static void set(pt_net *net, const char *name, uint32_t key, double scale)
{
    size_t rows, columns;
    float *v = pt_net_tensor(net, name, &rows, &columns);

    for (uint32_t i = 0; v && i < rows * columns; i++)
        v[i] = (float)((drawn(i, key) * 2 - 1) * scale);
}

static void set_all(pt_net *net)
{
    const char *recurrent[] = {"x", "h", "x_bias", "h_bias"};

    for (uint32_t i = 0; i < 4; i++)
        set(net, recurrent[i], i, 0.2);
    set(net, "conv1", 4, 0.3);
    set(net, "conv1_bias", 5, 0.1);
    set(net, "conv2", 6, 0.3);
    set(net, "conv2_bias", 7, 0.1);
    set(net, "dense", 8, 0.2);
    set(net, "dense_bias", 9, 0.1);
    set(net, "head", 10, 0.2);
    set(net, "head_bias", 11, 0.2);
    set(net, "embedding0", 12, 1.0);
}

typedef struct data {
    uint64_t offsets[N + 1];
    uint32_t codes[N * DAYS], labels[N];
    float numbers[N * DAYS * NUMBERS], statics[N * STATICS];
} data;

static pt_sequences make_data(data *d, bool days, uint32_t outputs)
{
    uint32_t events;

    d->offsets[0] = 0;
    for (uint32_t i = 0; i < N; i++) {
        d->offsets[i + 1] = d->offsets[i] + (days ? DAYS : (uint32_t)(drawn(i, 90) * (LENGTH + 1)));
        d->labels[i] = (uint32_t)(drawn(i, 94) * (outputs > 2 ? outputs : 2));
    }
    events = (uint32_t)d->offsets[N];
    for (uint32_t i = 0; i < events; i++)
        d->codes[i] = (uint32_t)(drawn(i, 91) * CODES);
    for (uint32_t i = 0; i < events * NUMBERS; i++)
        d->numbers[i] = (float)(drawn(i, 92) * 4 - 2);
    for (uint32_t i = 0; i < N * STATICS; i++)
        d->statics[i] = (float)(drawn(i, 93) * 2 - 1);
    return (pt_sequences){N, d->offsets, d->codes, d->numbers, d->statics, d->labels};
}

static void check_curve(pt_net_kind kind, uint32_t outputs, const double *want)
{
    bool cnn = kind == PT_NET_CNN;
    pt_net_shape shape = {.kind = kind,
                          .n_codes = 1,
                          .vocabulary = {CODES},
                          .embedding = {WIDE},
                          .n_numbers = NUMBERS,
                          .n_statics = STATICS,
                          .length = cnn ? DAYS : LENGTH,
                          .hidden = HIDDEN,
                          .channels = cnn ? CHANNELS : 0,
                          .kernel = cnn ? KERNEL : 0,
                          .outputs = outputs};
    pt_net_options options = PT_NET_OPTIONS_PRESET;
    data *d = malloc(sizeof *d);
    pt_net_trainer *trainer;
    pt_net *net;
    pt_err err = {0};

    CHECK(d);
    pt_sequences s = make_data(d, cnn, outputs);
    options.batch = BATCH;
    options.rate = 0.01;
    options.dropout = 0;
    options.clip = 0.5;
    CHECK_OK(pt_pool_new(&options.pool, 2, &err));
    CHECK_OK(pt_net_new(&net, &shape, 1, &err));
    set_all(net);
    CHECK_OK(pt_net_trainer_new(&trainer, net, &s, &options, &err));
    for (uint32_t step = 0; step < STEPS; step++) {
        uint32_t rows[BATCH];
        double loss;
        for (uint32_t i = 0; i < BATCH; i++)
            rows[i] = (step * BATCH + i) % N;
        CHECK_OK(pt_net_trainer_step(trainer, rows, BATCH, &loss, &err));
        if (!(fabs(loss - want[step]) < 2e-6))
            test_fail(__FILE__, __LINE__, "step %u: loss %.8f, PyTorch's %.8f", step, loss, want[step]);
    }
    pt_net_trainer_free(trainer);
    pt_net_free(net);
    pt_pool_free(options.pool);
    free(d);
}

TEST(model_net_reference__gru_loses_as_pytorch_does)
{
    check_curve(PT_NET_GRU, 1, gru_1);
    check_curve(PT_NET_GRU, 4, gru_4);
}

TEST(model_net_reference__lstm_loses_as_pytorch_does)
{
    check_curve(PT_NET_LSTM, 1, lstm_1);
    check_curve(PT_NET_LSTM, 4, lstm_4);
}

TEST(model_net_reference__cnn_loses_as_pytorch_does)
{
    check_curve(PT_NET_CNN, 1, cnn_1);
    check_curve(PT_NET_CNN, 4, cnn_4);
}
