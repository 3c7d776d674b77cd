/* A part of a batch through the network and back. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/net_int.h"

enum { ALIGN = 16 };

struct net_room {
    float *block;                /* what all below is cut from */
    uint32_t order[PT_NET_PART]; /* place in the batch of each row: longest first for recurrent layers */
    uint32_t *at;                /* length + 1 */
    size_t steps;
    float *x; /* [events][in] */
    float *x_slope;
    float *gates, *states, *cells, *zeros; /* recurrent */
    float *cell_slope;
    float *framed1, *map1, *half1, *framed2, *map2, *flat; /* convolution; slopes take the places of maps */
    float *map_slope, *half_slope, *flat_slope, *scratch;
    float *from1, *from2;
    float *state;       /* [rows][hidden] */
    float *joined;      /* [rows][hidden + statics], after dropout */
    float *kept;        /* [rows][hidden + statics]: what dropout multiplied by */
    float *slope;       /* [rows][hidden + statics] */
    float *state_slope; /* [rows][hidden] */
    float *logits;      /* [rows][outputs], in the order of the rows; on the way back their slopes */
    bool dropped;
};

/* Counts when block is NULL, else cuts. */
typedef struct cutter {
    float *block;
    size_t used;
} cutter;

static float *cut(cutter *c, size_t n)
{
    float *at = c->block ? c->block + c->used : NULL;

    c->used += (n + ALIGN - 1) / ALIGN * ALIGN;
    return at;
}

static void cut_rnn(const pt_net *net, net_room *room, cutter *c, bool back)
{
    size_t events = (size_t)PT_NET_PART * net->shape.length, h = net->shape.hidden;

    room->gates = cut(c, events * 4 * h);
    room->states = cut(c, events * h);
    room->cells = cut(c, net->rnn.lstm ? events * h : 0);
    room->zeros = cut(c, PT_NET_PART * h);
    room->cell_slope = cut(c, back ? PT_NET_PART * h : 0);
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static void cut_cnn(const pt_net *net, net_room *room, cutter *c, bool back)
{
    size_t rows = PT_NET_PART, map1 = net->conv1.width * net->conv1.out, map2 = net->conv2.width * net->conv2.out;

    room->framed1 = cut(c, rows * pt_net_conv_framed(&net->conv1));
    room->framed2 = cut(c, rows * pt_net_conv_framed(&net->conv2));
    room->map1 = cut(c, rows * map1);
    room->half1 = cut(c, rows * map2);
    room->map2 = cut(c, rows * map2);
    room->flat = cut(c, rows * net->flat);
    room->from1 = cut(c, rows * map2);
    room->from2 = cut(c, rows * net->flat);
    room->map_slope = cut(c, back ? rows * map1 : 0);
    room->half_slope = cut(c, back ? rows * map2 : 0);
    room->flat_slope = cut(c, back ? rows * net->flat : 0);
    room->scratch = cut(c, back ? larger(pt_net_conv_scratch(&net->conv1), pt_net_conv_scratch(&net->conv2)) : 0);
}

static void cut_all(const pt_net *net, net_room *room, cutter *c, bool back)
{
    size_t events = (size_t)PT_NET_PART * net->shape.length, joined = (size_t)net->shape.hidden + net->shape.n_statics;

    room->at = (uint32_t *)(void *)cut(c, net->shape.length + 1);
    room->x = cut(c, events * net->in);
    room->x_slope = cut(c, back ? events * net->in : 0);
    if (net->shape.kind == PT_NET_CNN)
        cut_cnn(net, room, c, back);
    else
        cut_rnn(net, room, c, back);
    room->state = cut(c, (size_t)PT_NET_PART * net->shape.hidden);
    room->joined = cut(c, PT_NET_PART * joined);
    room->kept = cut(c, PT_NET_PART * joined);
    room->slope = cut(c, back ? PT_NET_PART * joined : 0);
    room->state_slope = cut(c, back ? (size_t)PT_NET_PART * net->shape.hidden : 0);
    room->logits = cut(c, (size_t)PT_NET_PART * net->shape.outputs);
}

net_room *net_room_new(const pt_net *net, bool back)
{
    net_room *room = pt_zalloc(1, sizeof *room);
    cutter c = {NULL, 0};

    if (!room)
        return NULL;
    cut_all(net, room, &c, back);
    room->block = pt_alloc64(c.used, sizeof(float));
    if (!room->block) {
        free(room);
        return NULL;
    }
    c = (cutter){room->block, 0};
    cut_all(net, room, &c, back);
    if (net->shape.kind != PT_NET_CNN)
        memset(room->zeros, 0, PT_NET_PART * net->shape.hidden * sizeof *room->zeros);
    return room;
}

void net_room_free(net_room *room)
{
    if (!room)
        return;
    free(room->block);
    free(room);
}

/* --- there ------------------------------------------------------------------------------------------------------------ */

static size_t row_of(const net_batch *b, size_t i)
{
    return b->rows ? b->rows[i] : b->first + i;
}

static size_t length_of(const net_batch *b, size_t i)
{
    size_t row = row_of(b, i);

    return (size_t)(b->s->offsets[row + 1] - b->s->offsets[row]);
}

/* Longest first, equals as they come; then where each step begins. */
static void order_rows(net_room *room, const net_batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        size_t at = i;
        for (; at && length_of(b, room->order[at - 1]) < length_of(b, i); at--)
            room->order[at] = room->order[at - 1];
        room->order[at] = (uint32_t)i;
    }
    room->steps = b->n ? length_of(b, room->order[0]) : 0;
    room->at[0] = 0;
    size_t alive = b->n;
    for (size_t t = 0; t < room->steps; t++) {
        while (length_of(b, room->order[alive - 1]) <= t)
            alive--;
        room->at[t + 1] = room->at[t] + (uint32_t)alive;
    }
}

/* Where event t of row i of the part lies in x: step by step, or for a CNN row by row. */
static size_t place_of(const pt_net *net, const net_room *room, size_t i, size_t t)
{
    return net->shape.kind == PT_NET_CNN ? i * net->shape.length + t : room->at[t] + i;
}

static void fill_events(const pt_net *net, net_room *room, const net_batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        size_t first = (size_t)b->s->offsets[row_of(b, room->order[i])], n = length_of(b, room->order[i]);
        for (size_t t = 0; t < n; t++)
            net_fill_event(net, room->x + place_of(net, room, i, t) * net->in,
                           net->shape.n_codes ? b->s->codes + (first + t) * net->shape.n_codes : NULL,
                           net->shape.n_numbers ? b->s->numbers + (first + t) * net->shape.n_numbers : NULL);
    }
}

static pt_net_rnn_trace trace_of(const net_room *room)
{
    return (pt_net_rnn_trace){room->gates, room->states, room->cells, room->zeros, room->zeros};
}

static void rnn_there(const pt_net *net, net_room *room, size_t rows)
{
    pt_net_rnn_weights w = net_rnn_weights(net, net->weights);
    pt_net_rnn_trace trace = trace_of(room);

    pt_net_rnn_forward(&net->rnn, net->kernels, &w, &(pt_net_steps){rows, room->steps, room->at}, room->x, &trace,
                       room->state);
}

static void cnn_there(const pt_net *net, net_room *room, size_t rows)
{
    const pt_net_kernels *k = net->kernels;
    float *w = net->weights;
    size_t h = net->shape.hidden;

    pt_net_conv_forward(&net->conv1, k, net_at(net, w, NET_CONV1), net_at(net, w, NET_CONV1_BIAS), room->x,
                        room->framed1, room->map1, rows);
    k->relu(room->map1, rows * net->conv1.width * net->conv1.out);
    pt_net_pool_forward(&net->pool1, k, room->map1, room->half1, room->from1, rows);
    pt_net_conv_forward(&net->conv2, k, net_at(net, w, NET_CONV2), net_at(net, w, NET_CONV2_BIAS), room->half1,
                        room->framed2, room->map2, rows);
    k->relu(room->map2, rows * net->conv2.width * net->conv2.out);
    pt_net_pool_forward(&net->pool2, k, room->map2, room->flat, room->from2, rows);
    k->spread(room->state, h, net_at(net, w, NET_DENSE_BIAS), rows, h);
    k->multiply(room->state, h, (pt_net_left){room->flat, net->flat, 1}, net_at(net, w, NET_DENSE), h, rows, h,
                net->flat, true);
    k->relu(room->state, rows * h);
}

/* What is kept is made larger by as much as is lost, so that nothing changes when all is kept. Which places are kept depends on
 * the sequence's place in the batch, not on the order in which the part holds it. */
static void drop(const pt_net *net, net_room *room, const net_batch *b, const net_dropout *d)
{
    size_t wide = (size_t)net->shape.hidden + net->shape.n_statics;
    float larger_by = (float)(1 / (1 - d->share));

    for (size_t i = 0; i < b->n; i++) {
        pt_rng r;
        pt_rng_seed(&r, d->seed + (b->first + room->order[i]) * UINT64_C(0x9e3779b97f4a7c15));
        for (size_t j = 0; j < wide; j++) {
            room->kept[i * wide + j] = pt_rng_double(&r) < d->share ? 0 : larger_by;
            room->joined[i * wide + j] *= room->kept[i * wide + j];
        }
    }
}

static void join(const pt_net *net, net_room *room, const net_batch *b)
{
    size_t h = net->shape.hidden, wide = h + net->shape.n_statics;

    for (size_t i = 0; i < b->n; i++) {
        memcpy(room->joined + i * wide, room->state + i * h, h * sizeof *room->state);
        if (net->shape.n_statics)
            net_fill_statics(net, room->joined + i * wide + h,
                             b->s->statics + row_of(b, room->order[i]) * net->shape.n_statics);
    }
}

void net_forward(const pt_net *net, net_room *room, const net_batch *b, const net_dropout *dropout, float *logits)
{
    size_t wide = (size_t)net->shape.hidden + net->shape.n_statics, outputs = net->shape.outputs;

    order_rows(room, b);
    fill_events(net, room, b);
    if (net->shape.kind == PT_NET_CNN)
        cnn_there(net, room, b->n);
    else
        rnn_there(net, room, b->n);
    join(net, room, b);
    room->dropped = dropout && dropout->share > 0;
    if (room->dropped)
        drop(net, room, b, dropout);
    net->kernels->spread(room->logits, outputs, net_at(net, net->weights, NET_HEAD_BIAS), b->n, outputs);
    net->kernels->multiply(room->logits, outputs, (pt_net_left){room->joined, wide, 1},
                           net_at(net, net->weights, NET_HEAD), outputs, b->n, outputs, wide, true);
    for (size_t i = 0; i < b->n; i++)
        memcpy(logits + room->order[i] * outputs, room->logits + i * outputs, outputs * sizeof *logits);
}

void net_squash(const pt_net *net, float *v)
{
    size_t outputs = net->shape.outputs;
    double most = (double)v[0], sum = 0;

    if (outputs == 1) {
        net->kernels->sigmoid(v, 1);
        return;
    }
    for (size_t i = 1; i < outputs; i++)
        most = (double)v[i] > most ? (double)v[i] : most;
    for (size_t i = 0; i < outputs; i++)
        sum += net_exp((double)v[i] - most);
    for (size_t i = 0; i < outputs; i++)
        v[i] = (float)(net_exp((double)v[i] - most) / sum);
}

/* --- and back --------------------------------------------------------------------------------------------------------- */

static void head_back(const pt_net *net, net_room *room, const net_batch *b, const float *turned, const float *slope,
                      float *gradient)
{
    size_t wide = (size_t)net->shape.hidden + net->shape.n_statics, outputs = net->shape.outputs, h = net->shape.hidden;
    const pt_net_kernels *k = net->kernels;

    for (size_t i = 0; i < b->n; i++)
        memcpy(room->logits + i * outputs, slope + room->order[i] * outputs, outputs * sizeof *slope);
    k->add_rows(net_at(net, gradient, NET_HEAD_BIAS), room->logits, outputs, b->n, outputs);
    k->multiply(net_at(net, gradient, NET_HEAD), outputs, (pt_net_left){room->joined, 1, wide}, room->logits, outputs,
                wide, outputs, b->n, true);
    k->multiply(room->slope, wide, (pt_net_left){room->logits, outputs, 1}, turned + net->tensors[NET_HEAD].at, wide,
                b->n, wide, outputs, false);
    for (size_t j = 0; room->dropped && j < b->n * wide; j++)
        room->slope[j] *= room->kept[j];
    for (size_t i = 0; i < b->n; i++)
        memcpy(room->state_slope + i * h, room->slope + i * wide, h * sizeof *room->slope);
}

static void rnn_back(const pt_net *net, net_room *room, size_t rows, const float *turned, float *gradient)
{
    pt_net_rnn_weights w = net_rnn_weights(net, (float *)turned), g = net_rnn_weights(net, gradient);
    pt_net_rnn_trace trace = trace_of(room);

    memset(room->cell_slope, 0, rows * net->shape.hidden * sizeof *room->cell_slope);
    pt_net_rnn_backward(&net->rnn, net->kernels, &w, &(pt_net_steps){rows, room->steps, room->at}, room->x, &trace,
                        room->state_slope, room->cell_slope, &g, room->x_slope);
}

static void cnn_back(const pt_net *net, net_room *room, size_t rows, const float *turned, float *gradient)
{
    const pt_net_kernels *k = net->kernels;
    size_t h = net->shape.hidden, map1 = net->conv1.width * net->conv1.out, map2 = net->conv2.width * net->conv2.out;
    float *slope = room->state_slope;

    k->relu_back(slope, room->state, rows * h);
    k->add_rows(net_at(net, gradient, NET_DENSE_BIAS), slope, h, rows, h);
    k->multiply(net_at(net, gradient, NET_DENSE), h, (pt_net_left){room->flat, 1, net->flat}, slope, h, net->flat, h,
                rows, true);
    k->multiply(room->flat_slope, net->flat, (pt_net_left){slope, h, 1}, turned + net->tensors[NET_DENSE].at, net->flat,
                rows, net->flat, h, false);
    pt_net_pool_backward(&net->pool2, k, room->flat_slope, room->from2, room->map_slope, rows);
    k->relu_back(room->map_slope, room->map2, rows * map2);
    pt_net_conv_backward(&net->conv2, k, turned + net->tensors[NET_CONV2].at, room->framed2, room->map_slope,
                         net_at(net, gradient, NET_CONV2), net_at(net, gradient, NET_CONV2_BIAS), room->half_slope,
                         room->scratch, rows);
    pt_net_pool_backward(&net->pool1, k, room->half_slope, room->from1, room->map_slope, rows);
    k->relu_back(room->map_slope, room->map1, rows * map1);
    pt_net_conv_backward(&net->conv1, k, turned + net->tensors[NET_CONV1].at, room->framed1, room->map_slope,
                         net_at(net, gradient, NET_CONV1), net_at(net, gradient, NET_CONV1_BIAS),
                         net->shape.n_codes ? room->x_slope : NULL, room->scratch, rows);
}

/* Events in the order of the batch, so that sums do not depend on how a part lies. */
static void embeddings_back(const pt_net *net, const net_room *room, const net_batch *b, float *gradient)
{
    for (size_t i = 0; i < b->n; i++) {
        size_t first = (size_t)b->s->offsets[row_of(b, room->order[i])], n = length_of(b, room->order[i]);
        for (size_t t = 0; t < n; t++) {
            const float *slope = room->x_slope + place_of(net, room, i, t) * net->in;
            const uint32_t *codes = b->s->codes + (first + t) * net->shape.n_codes;
            for (uint32_t c = 0; c < net->shape.n_codes; slope += net->shape.embedding[c], c++) {
                size_t wide = net->shape.embedding[c], code = codes[c] < net->shape.vocabulary[c] ? codes[c] : 0;
                net->kernels->add(net_at(net, gradient, NET_EMBEDDING + c) + code * wide, slope, wide);
            }
        }
    }
}

void net_backward(const pt_net *net, net_room *room, const net_batch *b, const float *turned, const float *slope,
                  float *gradient)
{
    head_back(net, room, b, turned, slope, gradient);
    if (net->shape.kind == PT_NET_CNN)
        cnn_back(net, room, b->n, turned, gradient);
    else
        rnn_back(net, room, b->n, turned, gradient);
    if (net->shape.n_codes)
        embeddings_back(net, room, b, gradient);
}
