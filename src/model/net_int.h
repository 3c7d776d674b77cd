/* Inside of a network, shared by net*.c. */
#ifndef PT_MODEL_NET_INT_H
#define PT_MODEL_NET_INT_H

#include "model/net.h"
#include "model/net_conv.h"
#include "model/net_rnn.h"

/* Tensors by what they are for; where the shape has none they are empty. */
typedef enum net_part {
    NET_X,
    NET_H,
    NET_X_BIAS,
    NET_H_BIAS,
    NET_CONV1,
    NET_CONV1_BIAS,
    NET_CONV2,
    NET_CONV2_BIAS,
    NET_DENSE,
    NET_DENSE_BIAS,
    NET_HEAD,
    NET_HEAD_BIAS,
    NET_EMBEDDING, /* and the next PT_NET_MAX_CODES - 1 */
    NET_TENSORS = NET_EMBEDDING + PT_NET_MAX_CODES
} net_part;

typedef struct net_tensor {
    size_t rows, columns;
    size_t at; /* in the block of weights */
} net_tensor;

struct pt_net {
    pt_net_shape shape;
    const pt_net_kernels *kernels;
    net_tensor tensors[NET_TENSORS];
    size_t n_weights; /* each tensor begins at a multiple of 16 */
    float *weights;
    float *scales; /* mean and 1/deviation of each number, then of each static: pairs */
    size_t in;     /* floats of an event: embeddings, then numbers */
    pt_net_rnn rnn;
    pt_net_conv conv1, conv2;
    pt_net_pool pool1, pool2;
    size_t flat; /* what the second pooling leaves, floats */
};

static inline float *net_at(const pt_net *net, float *block, net_part part)
{
    return block + net->tensors[part].at;
}

static inline size_t net_n_scales(const pt_net_shape *s)
{
    return 2 * ((size_t)s->n_numbers + s->n_statics);
}

/* The network without weights: places of everything. */
pt_rc net_lay_out(pt_net **out, const pt_net_shape *shape, pt_err *err);
/* A tensor's number, -1 for none. */
int net_find(const char *name);
pt_net_rnn_weights net_rnn_weights(const pt_net *net, float *block);
/* One event as the first layer takes it; x[in]. */
void net_fill_event(const pt_net *net, float *x, const uint32_t *codes, const float *numbers);
void net_fill_statics(const pt_net *net, float *out, const float *statics);
/* Logits[outputs] to probabilities, in place. */
void net_squash(const pt_net *net, float *v);
/* Of probabilities. Those below 1e-15 count as that. */
double net_log_loss(const float *p, size_t outputs, uint32_t label);
pt_rc net_check_options(const pt_net_options *o, pt_err *err);
/* e^x, as pt_net_log the same on all machines. */
double net_exp(double x);

/* Weights turned about, for the way back; as long as the weights. */
void net_turn(const pt_net *net, float *turned);

/* Room for one part of a batch on its way there and back. */
typedef struct net_room net_room;

net_room *net_room_new(const pt_net *net, bool back); /* NULL when memory is short */
void net_room_free(net_room *room);

/* Dropout: the places left out follow from the seed, the step and the place in the batch. */
typedef struct net_dropout {
    double share;
    uint64_t seed;
} net_dropout;

/* The sequences numbered `rows` (n of them, at most PT_NET_PART; NULL: first, first + 1, ...), to logits [n][outputs]. */
typedef struct net_batch {
    const pt_sequences *s;
    const uint32_t *rows;
    size_t first, n;
} net_batch;

void net_forward(const pt_net *net, net_room *room, const net_batch *b, const net_dropout *dropout, float *logits);
/* After net_forward with the same room: slope of the logits -> adds to gradient. */
void net_backward(const pt_net *net, net_room *room, const net_batch *b, const float *turned, const float *slope,
                  float *gradient);
/* Checks what a network is given: lengths, order of offsets, labels (when wanted). */
pt_rc net_check_sequences(const pt_net_shape *shape, const pt_sequences *s, bool labels, pt_err *err);

#endif
