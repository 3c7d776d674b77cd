/* Networks over behaviour: 25,600 sequences of 50 events (a vocabulary of 1,000, embeddings of 32, 64 hidden units) or of 90 days of 8
 * numbers (two convolutions of 32 channels over 5 days), batches of 256; beside PyTorch on the same cores. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "model/net.h"
#include "peers/python.h"

enum { N = 25600, EVENTS = 50, DAYS = 90, VOCABULARY = 1000, CHANNELS = 8, RUNS = 3, TIMED = 2000 };

typedef struct data {
    uint32_t *codes, *labels;
    float *days;
    uint64_t event_offsets[N + 1], day_offsets[N + 1];
} data;

static void *room(size_t n, size_t size)
{
    void *p = pt_alloc64(n, size);

    if (!p) {
        fprintf(stderr, "bench: not enough memory\n");
        exit(1);
    }
    return p;
}

static data *make(void)
{
    data *d = room(1, sizeof *d);
    pt_rng r;

    pt_rng_seed(&r, 1);
    d->codes = room((size_t)N * EVENTS, sizeof *d->codes);
    d->labels = room(N, sizeof *d->labels);
    d->days = room((size_t)N * DAYS * CHANNELS, sizeof *d->days);
    for (size_t i = 0; i < (size_t)N * EVENTS; i++)
        d->codes[i] = (uint32_t)pt_rng_below(&r, VOCABULARY);
    for (size_t i = 0; i < (size_t)N * DAYS * CHANNELS; i++)
        d->days[i] = (float)pt_rng_double(&r);
    for (size_t i = 0; i <= N; i++) {
        d->event_offsets[i] = i * EVENTS;
        d->day_offsets[i] = i * DAYS;
    }
    for (size_t i = 0; i < N; i++)
        d->labels[i] = d->codes[i * EVENTS + EVENTS - 1] % 2;
    return d;
}

static void free_data(data *d)
{
    free(d->codes);
    free(d->labels);
    free(d->days);
    free(d);
}

static pt_net_shape shape_of(pt_net_kind kind)
{
    if (kind == PT_NET_CNN)
        return (pt_net_shape){.kind = kind,
                              .n_numbers = CHANNELS,
                              .length = DAYS,
                              .hidden = 64,
                              .channels = 32,
                              .kernel = 5,
                              .outputs = 1};
    return (pt_net_shape){.kind = kind,
                          .n_codes = 1,
                          .vocabulary = {VOCABULARY},
                          .embedding = {32},
                          .length = EVENTS,
                          .hidden = 64,
                          .outputs = 1};
}

/* One epoch, room made and examples shuffled included. */
static pt_rc fit(pt_net **out, pt_net_kind kind, const data *d, pt_pool *pool, pt_err *err)
{
    bool cnn = kind == PT_NET_CNN;
    pt_net_shape shape = shape_of(kind);
    pt_sequences s = {N, cnn ? d->day_offsets : d->event_offsets, d->codes, d->days, NULL, d->labels};
    pt_net_options o = PT_NET_OPTIONS_PRESET;

    o.epochs = 1;
    o.batch = 256;
    o.dropout = 0;
    o.pool = pool;
    return pt_net_fit(out, &shape, &s, &o, err);
}

static pt_rc epoch(bench_result *out, uint64_t kind, pt_err *err)
{
    data *d = make();
    double seconds[RUNS];
    pt_pool *pool;
    pt_rc rc = pt_pool_new(&pool, 0, err);

    for (int i = 0; rc == PT_OK && i < RUNS; i++) {
        pt_net *net;
        double began = bench_now();
        rc = fit(&net, (pt_net_kind)kind, d, pool, err);
        seconds[i] = bench_now() - began;
        pt_net_free(net);
    }
    pt_pool_free(pool);
    free_data(d);
    out->seconds = rc == PT_OK ? bench_median(seconds, RUNS) : 0;
    return rc;
}

static pt_rc epoch_work(bench_result *out, const bench_env *env, uint64_t kind, pt_err *err)
{
    (void)env;
    return epoch(out, kind, err);
}

/* From events to a probability; with `kept` only the last event is new. */
static pt_rc latency_work(bench_result *out, const bench_env *env, uint64_t kept, pt_err *err)
{
    data *d = make();
    pt_net_shape shape = shape_of(PT_NET_GRU);
    float state[64] = {0}, p, sum = 0;
    pt_net_stepper *stepper;
    pt_net *net;

    (void)env;
    PT_TRY(pt_net_new(&net, &shape, 1, err));
    PT_TRY(pt_net_stepper_new(&stepper, net, err));
    double began = bench_now();
    for (size_t i = 0; i < TIMED; i++) {
        if (!kept)
            memset(state, 0, sizeof state);
        for (size_t e = kept ? EVENTS - 1 : 0; e < EVENTS; e++)
            pt_net_step(stepper, state, d->codes + i * EVENTS + e, NULL);
        pt_net_read(stepper, state, NULL, &p);
        sum += p;
    }
    out->seconds = (bench_now() - began) / TIMED;
    out->bytes = (double)sum;
    pt_net_stepper_free(stepper);
    pt_net_free(net);
    free_data(d);
    return PT_OK;
}

static double peer(const bench_env *env, const char *name)
{
    data *d = make();
    char codes[512], days[512], labels[512];
    bench_python_run runs[4];

    bench_raw(codes, env, "networks_codes", d->codes, (size_t)N * EVENTS * sizeof *d->codes);
    bench_raw(days, env, "networks_days", d->days, (size_t)N * DAYS * CHANNELS * sizeof *d->days);
    bench_raw(labels, env, "networks_labels", d->labels, N * sizeof *d->labels);
    free_data(d);
    const char *arguments[] = {name, codes, days, labels, "2", NULL};
    size_t n = bench_python(runs, PT_COUNT(runs), env, "networks.py", arguments);
    const bench_python_run *best = bench_python_best(runs, n, name);
    return best ? best->seconds : 0;
}

static void bench_epoch(const bench_env *env, const char *name, pt_net_kind kind)
{
    double ours = bench_child(env, epoch_work, kind).seconds, theirs = peer(env, name);

    bench_line(name, ours, "s", theirs / ours, theirs > 0 ? "PyTorch" : "-");
}

void bench_gru_epoch(const bench_env *env)
{
    bench_epoch(env, "gru_epoch", PT_NET_GRU);
}

void bench_lstm_epoch(const bench_env *env)
{
    bench_epoch(env, "lstm_epoch", PT_NET_LSTM);
}

void bench_cnn_epoch(const bench_env *env)
{
    bench_epoch(env, "cnn_epoch", PT_NET_CNN);
}

void bench_gru_latency(const bench_env *env)
{
    double whole = bench_child(env, latency_work, 0).seconds, step = bench_child(env, latency_work, 1).seconds;
    double theirs = peer(env, "gru_latency");

    bench_line("gru_latency", whole * 1e6, "us", theirs / whole, theirs > 0 ? "PyTorch" : "-");
    bench_line("gru_step", step * 1e6, "us", theirs / step, theirs > 0 ? "PyTorch, the whole sequence again" : "-");
}
