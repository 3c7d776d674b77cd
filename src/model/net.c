#include "model/net_int.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"

enum { ALIGN = 16, MAX_EMBEDDING = 256, MAX_WEIGHTS = 1 << 27 };

static const char *const names[] = {"x",     "h",          "x_bias", "h_bias",     "conv1", "conv1_bias",
                                    "conv2", "conv2_bias", "dense",  "dense_bias", "head",  "head_bias"};

int net_find(const char *name)
{
    char embedding[16];

    for (int i = 0; i < (int)PT_COUNT(names); i++)
        if (strcmp(names[i], name) == 0)
            return i;
    for (int i = 0; i < PT_NET_MAX_CODES; i++) {
        snprintf(embedding, sizeof embedding, "embedding%d", i);
        if (strcmp(embedding, name) == 0)
            return NET_EMBEDDING + i;
    }
    return -1;
}

/* --- shape ------------------------------------------------------------------------------------------------------------ */

static pt_rc check_cnn(const pt_net_shape *s, pt_err *err)
{
    if (s->kind != PT_NET_CNN)
        return s->channels || s->kernel ? pt_fail(err, PT_EINVAL, "only a CNN has channels and a kernel") : PT_OK;
    if (s->length < 4)
        return pt_fail(err, PT_EINVAL, "a CNN looks at 4 days at least, not %u", s->length);
    if (s->channels == 0 || s->channels > PT_NET_MAX_HIDDEN)
        return pt_fail(err, PT_EINVAL, "a CNN has 1 to %d channels, not %u", PT_NET_MAX_HIDDEN, s->channels);
    if (s->kernel % 2 == 0 || s->kernel > 63)
        return pt_fail(err, PT_EINVAL, "a CNN looks at an odd number of days at a time, at most 63, not %u", s->kernel);
    return PT_OK;
}

static pt_rc check_shape(const pt_net_shape *s, pt_err *err)
{
    if ((unsigned)s->kind >= PT_NET_KINDS)
        return pt_fail(err, PT_EINVAL, "no such network");
    if (s->n_codes > PT_NET_MAX_CODES)
        return pt_fail(err, PT_EINVAL, "an event has at most %d codes, not %u", PT_NET_MAX_CODES, s->n_codes);
    for (uint32_t i = 0; i < s->n_codes; i++) {
        if (s->vocabulary[i] == 0 || s->vocabulary[i] > PT_NET_MAX_VOCABULARY)
            return pt_fail(err, PT_EINVAL, "a vocabulary has 1 to %d codes, not %u", PT_NET_MAX_VOCABULARY,
                           s->vocabulary[i]);
        if (s->embedding[i] == 0 || s->embedding[i] > MAX_EMBEDDING)
            return pt_fail(err, PT_EINVAL, "an embedding has 1 to %d numbers, not %u", MAX_EMBEDDING, s->embedding[i]);
    }
    if (s->n_numbers > 4096 || s->n_statics > 4096)
        return pt_fail(err, PT_EINVAL, "an event and a customer have at most 4096 numbers each");
    if (s->n_codes == 0 && s->n_numbers == 0)
        return pt_fail(err, PT_EINVAL, "an event without codes and numbers says nothing");
    if (s->length == 0 || s->length > PT_NET_MAX_LENGTH)
        return pt_fail(err, PT_EINVAL, "a network looks at 1 to %d events, not %u", PT_NET_MAX_LENGTH, s->length);
    if (s->hidden == 0 || s->hidden > PT_NET_MAX_HIDDEN)
        return pt_fail(err, PT_EINVAL, "a network has 1 to %d hidden units, not %u", PT_NET_MAX_HIDDEN, s->hidden);
    if (s->outputs == 0 || s->outputs > PT_NET_MAX_VOCABULARY)
        return pt_fail(err, PT_EINVAL, "a network has 1 to %d outputs, not %u", PT_NET_MAX_VOCABULARY, s->outputs);
    return check_cnn(s, err);
}

static void place(pt_net *net, net_part part, size_t rows, size_t columns)
{
    net->tensors[part] = (net_tensor){rows, columns, net->n_weights};
    net->n_weights += (rows * columns + ALIGN - 1) / ALIGN * ALIGN;
}

static void place_rnn(pt_net *net)
{
    const pt_net_shape *s = &net->shape;

    net->rnn = (pt_net_rnn){s->kind == PT_NET_LSTM, net->in, s->hidden};
    size_t columns = pt_net_rnn_columns(&net->rnn);
    place(net, NET_X, net->in, columns);
    place(net, NET_H, s->hidden, columns);
    place(net, NET_X_BIAS, 1, columns);
    place(net, NET_H_BIAS, 1, columns);
}

static pt_net_conv over_days(const pt_net_shape *s, size_t in, size_t days)
{
    return (pt_net_conv){.in = in,
                         .out = s->channels,
                         .height = 1,
                         .width = days,
                         .kernel_height = 1,
                         .kernel_width = s->kernel,
                         .stride_height = 1,
                         .stride_width = 1,
                         .border_width = s->kernel / 2};
}

static void place_cnn(pt_net *net)
{
    const pt_net_shape *s = &net->shape;

    net->conv1 = over_days(s, net->in, s->length);
    net->pool1 = (pt_net_pool){s->channels, 1, s->length, 1, 2};
    net->conv2 = over_days(s, s->channels, pt_net_pool_width(&net->pool1));
    net->pool2 = (pt_net_pool){s->channels, 1, pt_net_pool_width(&net->pool1), 1, 2};
    net->flat = pt_net_pool_width(&net->pool2) * s->channels;
    place(net, NET_CONV1, s->kernel * net->in, s->channels);
    place(net, NET_CONV1_BIAS, 1, s->channels);
    place(net, NET_CONV2, (size_t)s->kernel * s->channels, s->channels);
    place(net, NET_CONV2_BIAS, 1, s->channels);
    place(net, NET_DENSE, net->flat, s->hidden);
    place(net, NET_DENSE_BIAS, 1, s->hidden);
}

pt_rc net_lay_out(pt_net **out, const pt_net_shape *shape, pt_err *err)
{
    pt_net *net;

    *out = NULL;
    PT_TRY(check_shape(shape, err));
    net = pt_zalloc(1, sizeof *net);
    if (!net)
        return pt_fail_nomem(err, "a network");
    net->shape = *shape;
    for (uint32_t i = shape->n_codes; i < PT_NET_MAX_CODES; i++)
        net->shape.vocabulary[i] = net->shape.embedding[i] = 0;
    net->kernels = pt_net_kernels_best();
    net->in = shape->n_numbers;
    for (uint32_t i = 0; i < shape->n_codes; i++)
        net->in += shape->embedding[i];
    for (uint32_t i = 0; i < shape->n_codes; i++)
        place(net, NET_EMBEDDING + i, shape->vocabulary[i], shape->embedding[i]);
    if (shape->kind == PT_NET_CNN)
        place_cnn(net);
    else
        place_rnn(net);
    place(net, NET_HEAD, (size_t)shape->hidden + shape->n_statics, shape->outputs);
    place(net, NET_HEAD_BIAS, 1, shape->outputs);
    *out = net;
    if (net->n_weights <= MAX_WEIGHTS)
        return PT_OK;
    pt_net_free(net);
    *out = NULL;
    return pt_fail(err, PT_EINVAL, "a network of more than %d weights is more than customers need", MAX_WEIGHTS);
}

/* --- weights ---------------------------------------------------------------------------------------------------------- */

/* Evenly in -bound..bound: 1/sqrt of what comes in, as PyTorch does. */
static void draw(pt_net *net, net_part part, double bound, pt_rng *r)
{
    const net_tensor *t = &net->tensors[part];

    for (size_t i = 0; i < t->rows * t->columns; i++)
        net->weights[t->at + i] = (float)((pt_rng_double(r) * 2 - 1) * bound);
}

static void draw_all(pt_net *net, uint64_t seed)
{
    double recurrent = 1 / sqrt((double)net->shape.hidden);
    pt_rng r;

    pt_rng_seed(&r, seed);
    for (net_part part = NET_X; part <= NET_H_BIAS; part++)
        draw(net, part, recurrent, &r);
    for (net_part part = NET_CONV1; part <= NET_HEAD; part += 2) {
        double bound = net->tensors[part].rows ? 1 / sqrt((double)net->tensors[part].rows) : 0;
        draw(net, part, bound, &r);
        draw(net, part + 1, bound, &r);
    }
    for (uint32_t i = 0; i < net->shape.n_codes; i++)
        draw(net, NET_EMBEDDING + i, 1, &r);
}

pt_rc pt_net_new(pt_net **out, const pt_net_shape *shape, uint64_t seed, pt_err *err)
{
    pt_net *net;
    size_t n = net_n_scales(shape);

    PT_TRY(net_lay_out(&net, shape, err));
    *out = net;
    net->weights = pt_alloc64(net->n_weights, sizeof *net->weights);
    net->scales = pt_zalloc(n ? n : 1, sizeof *net->scales);
    if (!net->weights || !net->scales) {
        pt_net_free(net);
        *out = NULL;
        return pt_fail_nomem(err, "a network");
    }
    memset(net->weights, 0, net->n_weights * sizeof *net->weights);
    for (size_t i = 1; i < n; i += 2)
        net->scales[i] = 1;
    draw_all(net, seed);
    return PT_OK;
}

void pt_net_free(pt_net *net)
{
    if (!net)
        return;
    free(net->weights);
    free(net->scales);
    free(net);
}

const pt_net_shape *pt_net_shape_of(const pt_net *net)
{
    return &net->shape;
}

float *pt_net_tensor(pt_net *net, const char *name, size_t *rows, size_t *columns)
{
    int i = net_find(name);

    if (i < 0 || net->tensors[i].rows == 0)
        return NULL;
    *rows = net->tensors[i].rows;
    *columns = net->tensors[i].columns;
    return net_at(net, net->weights, (net_part)i);
}

pt_net_rnn_weights net_rnn_weights(const pt_net *net, float *block)
{
    return (pt_net_rnn_weights){net_at(net, block, NET_X), net_at(net, block, NET_H), net_at(net, block, NET_X_BIAS),
                                net_at(net, block, NET_H_BIAS)};
}

static void turn(const net_tensor *t, size_t first_row, size_t rows, const float *weights, float *turned)
{
    const float *from = weights + t->at + first_row * t->columns;
    float *to = turned + t->at + first_row * t->columns;

    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < t->columns; j++)
            to[j * rows + i] = from[i * t->columns + j];
}

void net_turn(const pt_net *net, float *turned)
{
    static const net_part parts[] = {NET_X, NET_H, NET_CONV1, NET_CONV2, NET_DENSE, NET_HEAD};

    for (size_t i = 0; i < PT_COUNT(parts); i++)
        turn(&net->tensors[parts[i]], 0, net->tensors[parts[i]].rows, net->weights, turned);
}

/* --- what comes in ---------------------------------------------------------------------------------------------------- */

static float scaled(float v, const float *scale)
{
    return isfinite(v) ? (v - scale[0]) * scale[1] : 0;
}

void net_fill_event(const pt_net *net, float *x, const uint32_t *codes, const float *numbers)
{
    for (uint32_t i = 0; i < net->shape.n_codes; i++) {
        uint32_t code = codes[i] < net->shape.vocabulary[i] ? codes[i] : 0, wide = net->shape.embedding[i];
        memcpy(x, net_at(net, net->weights, NET_EMBEDDING + i) + (size_t)code * wide, wide * sizeof *x);
        x += wide;
    }
    for (uint32_t i = 0; i < net->shape.n_numbers; i++)
        x[i] = scaled(numbers[i], net->scales + 2 * i);
}

void net_fill_statics(const pt_net *net, float *out, const float *statics)
{
    const float *scales = net->scales + 2 * (size_t)net->shape.n_numbers;

    for (uint32_t i = 0; i < net->shape.n_statics; i++)
        out[i] = scaled(statics[i], scales + 2 * i);
}

/* Mean and 1/deviation of column `column` of `wide`; what does not vary is left at its own size. */
static void take_scale(float *scale, const float *values, size_t n, size_t wide, size_t column)
{
    double sum = 0, squares = 0;
    size_t seen = 0;

    for (size_t i = 0; i < n; i++) {
        double v = (double)values[i * wide + column];
        if (isfinite(v)) {
            sum += v;
            seen++;
        }
    }
    double mean = seen ? sum / (double)seen : 0;
    for (size_t i = 0; i < n; i++) {
        double v = (double)values[i * wide + column] - mean;
        if (isfinite(v))
            squares += v * v;
    }
    double deviation = seen ? sqrt(squares / (double)seen) : 0;
    scale[0] = (float)mean;
    scale[1] = deviation > 1e-12 * fabs(mean) && deviation > 1e-30 ? (float)(1 / deviation) : 1;
}

void pt_net_take_scales(pt_net *net, const pt_sequences *examples)
{
    size_t numbers = net->shape.n_numbers, statics = net->shape.n_statics;

    for (size_t i = 0; i < numbers; i++)
        take_scale(net->scales + 2 * i, examples->numbers, examples->offsets[examples->n], numbers, i);
    for (size_t i = 0; i < statics; i++)
        take_scale(net->scales + 2 * (numbers + i), examples->statics, examples->n, statics, i);
}

static pt_rc check_labels(const pt_net_shape *shape, const pt_sequences *s, pt_err *err)
{
    uint32_t classes = shape->outputs == 1 ? 2 : shape->outputs;

    if (!s->labels)
        return pt_fail(err, PT_EINVAL, "examples without a target");
    for (size_t i = 0; i < s->n; i++)
        if (s->labels[i] >= classes)
            return pt_fail(err, PT_EINVAL, "class %u of an example is past the last, %u", s->labels[i], classes - 1);
    return PT_OK;
}

pt_rc net_check_sequences(const pt_net_shape *shape, const pt_sequences *s, bool labels, pt_err *err)
{
    if (s->n > UINT32_MAX)
        return pt_fail(err, PT_EINVAL, "more than %u sequences at once", UINT32_MAX);
    for (size_t i = 0; i < s->n; i++) {
        if (s->offsets[i + 1] < s->offsets[i])
            return pt_fail(err, PT_EINVAL, "sequences overlap");
        uint64_t events = s->offsets[i + 1] - s->offsets[i];
        if (events > shape->length)
            return pt_fail(err, PT_EINVAL, "a sequence of %llu events, where the network takes at most %u",
                           (unsigned long long)events, shape->length);
        if (shape->kind == PT_NET_CNN && events != shape->length)
            return pt_fail(err, PT_EINVAL, "%llu days, where the network looks at %u", (unsigned long long)events,
                           shape->length);
    }
    return labels ? check_labels(shape, s, err) : PT_OK;
}
