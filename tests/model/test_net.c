/* Networks as a whole: gradients, learning, the same bytes on any threads, bytes and back, one event at a time. */
#include "model/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "support/test.h"

enum { N = 150, LENGTH = 8, VOCABULARY = 6 };

/* Random sequences; the label is 1 when the last event's code is below 3 (of a CNN: the last day's number is above 0), so that
 * there is something to learn. Every seventh sequence of a recurrent network is empty. */
typedef struct data {
    uint64_t offsets[N + 1];
    uint32_t codes[N * LENGTH], labels[N];
    float numbers[N * LENGTH * 2], statics[N];
    pt_sequences s;
} data;

static data *make(uint64_t seed, bool days)
{
    data *d = calloc(1, sizeof *d);
    pt_rng r;

    CHECK(d);
    pt_rng_seed(&r, seed);
    for (size_t i = 0; i < N; i++) {
        size_t n = days         ? LENGTH
                   : i % 7 == 6 ? 0
                                : 1 + pt_rng_below(&r, LENGTH),
               first = d->offsets[i], end = first + n;
        for (size_t e = first; e < end; e++) {
            d->codes[e] = (uint32_t)pt_rng_below(&r, VOCABULARY);
            d->numbers[2 * e] = (float)(pt_rng_double(&r) * 20 - 10);
            d->numbers[2 * e + 1] = (float)pt_rng_double(&r);
        }
        d->offsets[i + 1] = end;
        d->statics[i] = (float)pt_rng_double(&r);
        d->labels[i] = n && (days ? d->numbers[2 * (end - 1)] > 0 : d->codes[end - 1] < 3);
    }
    d->s = (pt_sequences){N, d->offsets, d->codes, d->numbers, d->statics, d->labels};
    return d;
}

static pt_net_shape shape_of(pt_net_kind kind, uint32_t outputs)
{
    bool cnn = kind == PT_NET_CNN;

    return (pt_net_shape){.kind = kind,
                          .n_codes = 1,
                          .vocabulary = {VOCABULARY},
                          .embedding = {4},
                          .n_numbers = 2,
                          .n_statics = 1,
                          .length = LENGTH,
                          .hidden = 10,
                          .channels = cnn ? 5 : 0,
                          .kernel = cnn ? 3 : 0,
                          .outputs = outputs};
}

static pt_pool *pool_of(unsigned threads)
{
    pt_pool *pool;
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&pool, threads, &err));
    return pool;
}

static pt_net *fit(const pt_net_shape *shape, const data *d, const data *watched, uint32_t epochs, unsigned threads)
{
    pt_net_options o = PT_NET_OPTIONS_PRESET;
    pt_net *net;
    pt_err err = {0};

    o.epochs = epochs;
    o.batch = 70;
    o.rate = 0.01;
    o.pool = pool_of(threads);
    o.watched = watched ? &watched->s : NULL;
    CHECK_OK(pt_net_fit(&net, shape, &d->s, &o, &err));
    pt_pool_free(o.pool);
    return net;
}

static void predict(float *out, const pt_net *net, const pt_sequences *s)
{
    pt_pool *pool = pool_of(1);
    pt_err err = {0};

    CHECK_OK(pt_net_predict(out, net, s, pool, &err));
    pt_pool_free(pool);
}

static pt_str save(const pt_net *net)
{
    pt_str bytes = {0};
    pt_err err = {0};

    CHECK_OK(pt_net_save(&bytes, net, &err));
    return bytes;
}

static double mean_loss(const float *p, const pt_sequences *s, uint32_t outputs)
{
    double sum = 0;

    for (size_t i = 0; i < s->n; i++) {
        double right = outputs > 1    ? (double)p[i * outputs + s->labels[i]]
                       : s->labels[i] ? (double)p[i]
                                      : 1 - (double)p[i];
        sum -= log(right);
    }
    return sum / (double)s->n;
}

/* --- gradients -------------------------------------------------------------------------------------------------------- */

static const char *const tensors[] = {"x",          "h",     "x_bias",     "h_bias", "conv1",     "conv1_bias", "conv2",
                                      "conv2_bias", "dense", "dense_bias", "head",   "head_bias", "embedding0"};

/* Central differences of the network's own loss: floats, so only so far; a weight at a kink of relu or pooling
 * may be off, so one in fifty is let go. */
static void check_gradient(pt_net_kind kind, uint32_t outputs)
{
    pt_net_shape shape = shape_of(kind, outputs);
    pt_net_options o = PT_NET_OPTIONS_PRESET;
    data *d = make(3, kind == PT_NET_CNN);
    uint32_t rows[N], wrong = 0, all = 0;
    pt_net_trainer *t;
    pt_net *net;
    double loss;
    pt_err err = {0};
    float p[N * 4];

    o.pool = pool_of(2);
    o.batch = N;
    o.rate = 1e-30;
    o.dropout = 0;
    for (uint32_t i = 0; i < N; i++)
        rows[i] = i;
    CHECK_OK(pt_net_new(&net, &shape, 5, &err));
    pt_net_take_scales(net, &d->s);
    CHECK_OK(pt_net_trainer_new(&t, net, &d->s, &o, &err));
    CHECK_OK(pt_net_trainer_step(t, rows, N, &loss, &err));
    predict(p, net, &d->s);
    CHECK(fabs(loss - mean_loss(p, &d->s, outputs)) < 1e-6);
    for (size_t k = 0; k < PT_COUNT(tensors); k++) {
        size_t height, width;
        float *w = pt_net_tensor(net, tensors[k], &height, &width);
        const float *g = w ? pt_net_trainer_gradient(t, tensors[k]) : NULL;
        for (size_t i = 0; w && i < height * width; i += 1 + height * width / 40, all++) {
            float was = w[i];
            w[i] = was + 0.001f;
            predict(p, net, &d->s);
            double up = mean_loss(p, &d->s, outputs);
            w[i] = was - 0.001f;
            predict(p, net, &d->s);
            double slope = (up - mean_loss(p, &d->s, outputs)) / 0.002;
            w[i] = was;
            wrong += !(fabs(slope - (double)g[i]) < 2e-4 + 1e-3 * fabs(slope));
        }
    }
    CHECK(all > 150);
    CHECK(wrong <= all / 50);
    pt_net_trainer_free(t);
    pt_net_free(net);
    pt_pool_free(o.pool);
    free(d);
}

TEST(model_net__gradients_are_slopes_of_the_loss)
{
    check_gradient(PT_NET_GRU, 1);
    check_gradient(PT_NET_LSTM, 3);
    check_gradient(PT_NET_CNN, 1);
    check_gradient(PT_NET_CNN, 2);
}

/* --- learning --------------------------------------------------------------------------------------------------------- */

static double accuracy(const pt_net *net, const data *d)
{
    float p[N];
    size_t right = 0;

    predict(p, net, &d->s);
    for (size_t i = 0; i < N; i++)
        right += (p[i] > 0.5f) == d->labels[i];
    return (double)right / N;
}

TEST(model_net__learns_what_there_is_to_learn)
{
    for (int kind = 0; kind < PT_NET_KINDS; kind++) {
        pt_net_shape shape = shape_of((pt_net_kind)kind, 1);
        data *d = make(1, kind == PT_NET_CNN), *other = make(2, kind == PT_NET_CNN);
        pt_net *net = fit(&shape, d, NULL, 60, 2);
        CHECK(accuracy(net, d) > 0.97);
        CHECK(accuracy(net, other) > 0.85);
        pt_net_free(net);
        free(d);
        free(other);
    }
}

TEST(model_net__same_bytes_on_any_threads)
{
    for (int kind = 0; kind < PT_NET_KINDS; kind++) {
        pt_net_shape shape = shape_of((pt_net_kind)kind, 2);
        data *d = make(1, kind == PT_NET_CNN), *watched = make(2, kind == PT_NET_CNN);
        const unsigned threads[] = {1, 2, 5};
        pt_str bytes[3];
        for (size_t i = 0; i < 3; i++) {
            pt_net *net = fit(&shape, d, watched, 3, threads[i]);
            bytes[i] = save(net);
            pt_net_free(net);
        }
        for (size_t i = 1; i < 3; i++)
            CHECK(bytes[i].len == bytes[0].len && memcmp(bytes[i].ptr, bytes[0].ptr, bytes[0].len) == 0);
        for (size_t i = 0; i < 3; i++)
            pt_str_free(&bytes[i]);
        free(d);
        free(watched);
    }
}

TEST(model_net__stops_early_and_keeps_the_best_epoch)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    pt_net_options o = PT_NET_OPTIONS_PRESET;
    data *d = make(1, false), *watched = make(2, false);
    pt_arena *arena = pt_arena_new(0);
    pt_curve curve;
    pt_net *net;
    pt_err err = {0};
    float p[N];

    for (size_t i = 0; i < N; i++)
        watched->labels[i] = i % 2; /* noise: what is learned from the examples soon does harm here */
    o.epochs = 200;
    o.rate = 0.01;
    o.pool = pool_of(1);
    o.watched = &watched->s;
    o.arena = arena;
    o.curve = &curve;
    CHECK_OK(pt_net_fit(&net, &shape, &d->s, &o, &err));
    CHECK(curve.n < 200);
    CHECK_INT(curve.n - 1 - curve.best, o.patience);
    for (size_t i = 0; i < curve.n; i++)
        CHECK(curve.watched[i] >= curve.watched[curve.best]);
    predict(p, net, &watched->s);
    CHECK(fabs(mean_loss(p, &watched->s, 1) - curve.watched[curve.best]) < 1e-6);
    pt_net_free(net);
    pt_arena_free(arena);
    pt_pool_free(o.pool);
    free(d);
    free(watched);
}

/* --- invariances ------------------------------------------------------------------------------------------------------ */

TEST(model_net__a_prediction_does_not_depend_on_its_neighbours)
{
    pt_net_shape shape = shape_of(PT_NET_LSTM, 3);
    data *d = make(4, false);
    float all[N * 3], one[3];
    pt_net *net;
    pt_err err = {0};

    CHECK_OK(pt_net_new(&net, &shape, 1, &err));
    predict(all, net, &d->s);
    for (size_t i = 0; i < N; i++) {
        pt_sequences alone = {1, d->offsets + i, d->codes, d->numbers, d->statics + i, NULL};
        predict(one, net, &alone);
        CHECK(memcmp(one, all + 3 * i, sizeof one) == 0);
        CHECK(fabsf(one[0] + one[1] + one[2] - 1) < 1e-6f);
    }
    pt_net_free(net);
    free(d);
}

/* Numbers are scaled by the network: a power of two changes nothing but the scales. */
TEST(model_net__units_of_numbers_do_not_matter)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    data *d = make(5, false), *other = make(5, false);
    float p[N], q[N];

    for (size_t i = 0; i < 2 * d->offsets[N]; i++)
        other->numbers[i] *= 1024;
    pt_net *net = fit(&shape, d, NULL, 3, 1), *other_net = fit(&shape, other, NULL, 3, 1);
    predict(p, net, &d->s);
    predict(q, other_net, &other->s);
    CHECK(memcmp(p, q, sizeof p) == 0);
    pt_net_free(net);
    pt_net_free(other_net);
    free(d);
    free(other);
}

TEST(model_net__missing_numbers_count_as_the_mean_and_new_codes_as_unknown)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    data *d = make(6, false), *other = make(6, false);
    float p[N], q[N];
    pt_net *net;
    pt_err err = {0};

    CHECK_OK(pt_net_new(&net, &shape, 1, &err));
    d->numbers[0] = d->statics[0] = 0; /* the mean of a network that was taught nothing */
    other->numbers[0] = NAN;
    other->statics[0] = INFINITY;
    d->codes[0] = 0;
    other->codes[0] = UINT32_MAX;
    predict(p, net, &d->s);
    predict(q, net, &other->s);
    CHECK(memcmp(p, q, sizeof p) == 0);
    pt_net_free(net);
    free(d);
    free(other);
}

/* --- one event at a time ---------------------------------------------------------------------------------------------- */

static void check_steps(pt_net_kind kind)
{
    pt_net_shape shape = shape_of(kind, 2);
    data *d = make(7, false);
    pt_net *net = fit(&shape, d, NULL, 2, 1);
    pt_net_stepper *stepper;
    float want[N * 2], state[64], back[64], got[2];
    pt_err err = {0};

    predict(want, net, &d->s);
    CHECK_OK(pt_net_stepper_new(&stepper, net, &err));
    CHECK_INT(pt_net_state_size(net), kind == PT_NET_LSTM ? 20 : 10);
    for (size_t i = 0; i < N; i++) {
        memset(state, 0, sizeof state);
        memset(back, 0, sizeof back);
        for (size_t e = d->offsets[i]; e < d->offsets[i + 1]; e++) {
            pt_str bytes = {0};
            pt_net_step(stepper, state, d->codes + e, d->numbers + 2 * e);
            CHECK_OK(pt_net_state_save(&bytes, net, state, &err));
            CHECK_OK(pt_net_state_load(back, net, (pt_sv){bytes.ptr, bytes.len}, &err));
            CHECK(memcmp(state, back, sizeof state) == 0);
            pt_str_free(&bytes);
        }
        pt_net_read(stepper, state, d->statics + i, got);
        CHECK(memcmp(got, want + 2 * i, sizeof got) == 0);
    }
    pt_net_stepper_free(stepper);
    pt_net_free(net);
    free(d);
}

TEST(model_net__steps_from_a_kept_state_are_the_whole_sequence)
{
    check_steps(PT_NET_GRU);
    check_steps(PT_NET_LSTM);
}

TEST(model_net__a_state_belongs_to_its_network)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1), cnn = shape_of(PT_NET_CNN, 1);
    float state[10] = {1, 2, 3};
    pt_net_stepper *stepper;
    pt_net *net, *other;
    pt_str bytes = {0};
    pt_err err = {0};

    CHECK_OK(pt_net_new(&net, &shape, 1, &err));
    CHECK_OK(pt_net_new(&other, &shape, 2, &err));
    CHECK_OK(pt_net_state_save(&bytes, net, state, &err));
    CHECK_INT(pt_net_state_load(state, other, (pt_sv){bytes.ptr, bytes.len}, &err), PT_EINVAL);
    CHECK_INT(pt_net_state_load(state, net, (pt_sv){bytes.ptr, bytes.len - 1}, &err), PT_ECORRUPT);
    for (size_t i = 0; i < bytes.len; i++) {
        bytes.ptr[i] ^= 4;
        CHECK_INT(pt_net_state_load(state, net, (pt_sv){bytes.ptr, bytes.len}, &err), PT_ECORRUPT);
        bytes.ptr[i] ^= 4;
    }
    pt_net_free(other);
    CHECK_OK(pt_net_new(&other, &cnn, 2, &err));
    CHECK_INT(pt_net_stepper_new(&stepper, other, &err), PT_EINVAL);
    pt_net_free(net);
    pt_net_free(other);
    pt_str_free(&bytes);
}

/* --- bytes ------------------------------------------------------------------------------------------------------------ */

TEST(model_net__bytes_and_back_predict_the_same)
{
    for (int kind = 0; kind < PT_NET_KINDS; kind++) {
        pt_net_shape shape = shape_of((pt_net_kind)kind, 1);
        data *d = make(8, kind == PT_NET_CNN);
        pt_net *net = fit(&shape, d, NULL, 2, 1), *back;
        pt_str bytes = save(net), again;
        float p[N], q[N];
        pt_err err = {0};
        CHECK_OK(pt_net_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err));
        again = save(back);
        CHECK(again.len == bytes.len && memcmp(again.ptr, bytes.ptr, bytes.len) == 0);
        predict(p, net, &d->s);
        predict(q, back, &d->s);
        CHECK(memcmp(p, q, sizeof p) == 0);
        pt_net_free(net);
        pt_net_free(back);
        pt_str_free(&bytes);
        pt_str_free(&again);
        free(d);
    }
}

TEST(model_net__damaged_bytes_are_refused)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    pt_net *net, *back;
    pt_str bytes;
    pt_err err = {0};

    CHECK_OK(pt_net_new(&net, &shape, 1, &err));
    bytes = save(net);
    for (size_t n = 0; n < bytes.len; n += 1 + n / 20)
        CHECK_INT(pt_net_load(&back, (pt_sv){bytes.ptr, n}, &err), PT_ECORRUPT);
    for (size_t i = 0; i < bytes.len; i += 3) {
        bytes.ptr[i] ^= 0x10;
        CHECK_INT(pt_net_load(&back, (pt_sv){bytes.ptr, bytes.len}, &err), PT_ECORRUPT);
        bytes.ptr[i] ^= 0x10;
    }
    pt_net_free(net);
    pt_str_free(&bytes);
}

/* --- what cannot be --------------------------------------------------------------------------------------------------- */

static void check_refused(const pt_net_shape *shape, const pt_sequences *s, const pt_net_options *o, const char *words)
{
    pt_net *net;
    pt_err err = {0};

    CHECK_INT(pt_net_fit(&net, shape, s, o, &err), PT_EINVAL);
    CHECK(!net);
    if (!strstr(err.msg, words))
        test_fail(__FILE__, __LINE__, "'%s' does not say '%s'", err.msg, words);
}

TEST(model_net__says_why_nothing_can_be_learned)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1), cnn = shape_of(PT_NET_CNN, 1), bad;
    pt_net_options o = PT_NET_OPTIONS_PRESET, wrong;
    data *d = make(9, false);
    pt_sequences s = d->s;

    o.pool = pool_of(1);
    s.n = 0;
    check_refused(&shape, &s, &o, "no examples");
    s = d->s;
    check_refused(&cnn, &s, &o, "days, where");
    s.labels = NULL;
    check_refused(&shape, &s, &o, "without a target");
    s = d->s;
    d->labels[3] = 2;
    check_refused(&shape, &s, &o, "class 2");
    memset(d->labels, 0, sizeof d->labels);
    check_refused(&shape, &s, &o, "same target");
    d->labels[0] = 1;
    bad = shape;
    bad.hidden = 0;
    check_refused(&bad, &s, &o, "hidden units");
    bad = shape;
    bad.length = 3;
    check_refused(&bad, &s, &o, "at most 3");
    bad = cnn;
    bad.kernel = 4;
    check_refused(&bad, &s, &o, "odd number");
    bad = shape;
    bad.n_codes = bad.n_numbers = 0;
    check_refused(&bad, &s, &o, "says nothing");
    wrong = o;
    wrong.rate = NAN;
    check_refused(&shape, &s, &wrong, "learning rate");
    wrong = o;
    wrong.batch = 0;
    check_refused(&shape, &s, &wrong, "a batch has");
    pt_pool_free(o.pool);
    free(d);
}

TEST(model_net__constant_and_huge_numbers_do_no_harm)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    data *d = make(10, false);
    float p[N];

    for (size_t e = 0; e < d->offsets[N]; e++) {
        d->numbers[2 * e] = 7;
        d->numbers[2 * e + 1] = e % 2 ? 3e38f : -3e38f;
    }
    d->numbers[1] = NAN;
    pt_net *net = fit(&shape, d, NULL, 3, 1);
    predict(p, net, &d->s);
    for (size_t i = 0; i < N; i++)
        CHECK(p[i] >= 0 && p[i] <= 1);
    pt_net_free(net);
    free(d);
}

static bool at_once(void *context)
{
    return ++*(int *)context > 2;
}

TEST(model_net__stops_when_it_is_told_to)
{
    pt_net_shape shape = shape_of(PT_NET_GRU, 1);
    pt_net_options o = PT_NET_OPTIONS_PRESET;
    data *d = make(11, false);
    int asked = 0;
    pt_net *net;
    pt_err err = {0};

    o.pool = pool_of(1);
    o.cancelled = at_once;
    o.cancel_context = &asked;
    CHECK_INT(pt_net_fit(&net, &shape, &d->s, &o, &err), PT_ECANCELED);
    CHECK_INT(asked, 3);
    pt_pool_free(o.pool);
    free(d);
}

TEST(model_net__the_logarithm_is_right_to_the_last_places)
{
    for (int i = -3000; i < 3000; i++) {
        double x = exp(i / 100.0 * 6.5) * (1 + i / 7919.0), got = pt_net_log(x), want = log(x);
        CHECK(fabs(got - want) <= 4e-16 * fmax(1, fabs(want)));
    }
    CHECK_DOUBLE(pt_net_log(1), 0);
}
