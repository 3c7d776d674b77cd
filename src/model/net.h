/* Networks over behaviour: what a customer did, event by event (GRU, LSTM) or day by day (CNN), to how likely something is.
 *
 *   event -> codes, each looked up in an embedding, beside numbers
 *   events -> state: the recurrent layer's after the last event; or convolution, relu, pooling by 2, twice, and a dense relu layer
 *   state beside numbers of the customer -> dropout -> dense -> a probability (1 output) or one of each class (2 or more)
 *
 * Numbers come in as they are; the network keeps their means and deviations and scales them itself. What is not finite counts as
 * the mean; codes past the vocabulary count as 0, the code of what is not known.
 *
 * The same shape, examples, options and seed give the same bytes on any machine and any number of threads: batches are cut into
 * parts of PT_NET_PART sequences whose gradients are added in order, and all arithmetic is net_kernels.h's. */
#ifndef PT_MODEL_NET_H
#define PT_MODEL_NET_H

#include "model/learner.h"

enum {
    PT_NET_MAX_CODES = 8,
    PT_NET_PART = 32,
    PT_NET_MAX_HIDDEN = 1024,
    PT_NET_MAX_LENGTH = 4096,
    PT_NET_MAX_VOCABULARY = 1 << 20
};

typedef enum pt_net_kind { PT_NET_GRU, PT_NET_LSTM, PT_NET_CNN, PT_NET_KINDS } pt_net_kind;

typedef struct pt_net_shape {
    pt_net_kind kind;
    uint32_t n_codes; /* of an event, at most PT_NET_MAX_CODES */
    uint32_t vocabulary[PT_NET_MAX_CODES], embedding[PT_NET_MAX_CODES];
    uint32_t n_numbers; /* of an event or a day */
    uint32_t n_statics; /* of a customer */
    uint32_t length;    /* events at most (GRU, LSTM), days exactly (CNN; at least 4) */
    uint32_t hidden;    /* units of the state */
    uint32_t channels;  /* of both convolutions (CNN; else 0) */
    uint32_t kernel;    /* days a convolution looks at: odd (CNN; else 0) */
    uint32_t outputs;   /* 1: a probability; else one for each class */
} pt_net_shape;

/* Sequences one after the other, each in order of time. All arrays are borrowed. */
typedef struct pt_sequences {
    size_t n;
    const uint64_t *offsets; /* n + 1: where the events of each begin */
    const uint32_t *codes;   /* [event][n_codes] */
    const float *numbers;    /* [event][n_numbers] */
    const float *statics;    /* [n][n_statics] */
    const uint32_t *labels;  /* n: 0 or 1, or the class. NULL where only predicted */
} pt_sequences;

typedef struct pt_net_options {
    uint32_t epochs, batch; /* batch: sequences of a step of learning */
    uint32_t patience;      /* epochs without a better watched loss before it stops; 0: never */
    double rate;            /* of learning (Adam) */
    double dropout;         /* share of the state left out in training, 0 to 0.9 */
    double clip;            /* greatest length of the gradient; 0: any */
    uint64_t seed;
    pt_pool *pool;
    const pt_sequences *watched; /* early stopping looks at these; NULL: none */
    pt_arena *arena;             /* of the curve */
    pt_curve *curve;             /* log loss by epoch; may be NULL */
    bool (*cancelled)(void *context);
    void *cancel_context;
} pt_net_options;

#define PT_NET_OPTIONS_PRESET                                                                             \
    {                                                                                                     \
        .epochs = 20, .batch = 128, .patience = 3, .rate = 0.002, .dropout = 0.2, .clip = 1.0, .seed = 1, \
    }

typedef struct pt_net pt_net;

/* A network with weights drawn by the seed. PT_EINVAL for a shape that cannot be. */
pt_rc pt_net_new(pt_net **out, const pt_net_shape *shape, uint64_t seed, pt_err *err);
void pt_net_free(pt_net *net); /* NULL is fine */
const pt_net_shape *pt_net_shape_of(const pt_net *net);
/* A tensor by its name ("x", "h", "x_bias", "h_bias", "embedding0", "conv1", "conv1_bias", "conv2", "conv2_bias", "dense",
 * "dense_bias", "head", "head_bias"): `rows` x `columns` floats as net_rnn.h and net_conv.h lay them out, dense ones [in][out].
 * NULL for none. */
float *pt_net_tensor(pt_net *net, const char *name, size_t *rows, size_t *columns);

/* A network fitted to the examples: the weights of the epoch with the least watched loss, or of the last. PT_EINVAL for examples
 * that nothing can be learned from. */
pt_rc pt_net_fit(pt_net **out, const pt_net_shape *shape, const pt_sequences *examples, const pt_net_options *options,
                 pt_err *err);
/* out[n][outputs]: probabilities. Any number of threads may predict with one network. */
pt_rc pt_net_predict(float *out, const pt_net *net, const pt_sequences *s, pt_pool *pool, pt_err *err);

/* The network as bytes, and back. Bytes are not trusted: PT_ECORRUPT. */
pt_rc pt_net_save(pt_str *out, const pt_net *net, pt_err *err);
pt_rc pt_net_load(pt_net **out, pt_sv bytes, pt_err *err);

/* The natural logarithm of a positive number. That of the C library differs in the last place from machine to machine; this does
 * not. */
double pt_net_log(double x);

/* --- one step of learning at a time ----------------------------------------------------------------------------------- */

typedef struct pt_net_trainer pt_net_trainer;

/* Teaches `net` (the caller's); options and examples must outlive it. Means and deviations of the numbers are left as they are. */
pt_rc pt_net_trainer_new(pt_net_trainer **out, pt_net *net, const pt_sequences *examples, const pt_net_options *options,
                         pt_err *err);
void pt_net_trainer_free(pt_net_trainer *t); /* NULL is fine */
/* One step of Adam on these examples; *loss is their mean log loss before it. n is at most options.batch. */
pt_rc pt_net_trainer_step(pt_net_trainer *t, const uint32_t *examples, size_t n, double *loss, pt_err *err);
/* A tensor's gradient in the last step, before clipping. */
const float *pt_net_trainer_gradient(const pt_net_trainer *t, const char *tensor);
/* Takes means and deviations of numbers from the examples, as pt_net_fit does first. */
void pt_net_take_scales(pt_net *net, const pt_sequences *examples);

/* --- one event at a time (GRU, LSTM) ----------------------------------------------------------------------------------- */

/* The state after an event, kept with the profile: a new event then costs one step, and what is read from the state is, bit for
 * bit, what predicting over all the events would give. */
typedef struct pt_net_stepper pt_net_stepper;

/* Scratch memory of one thread; the network must outlive it. PT_EINVAL for a network without a state. */
pt_rc pt_net_stepper_new(pt_net_stepper **out, const pt_net *net, pt_err *err);
void pt_net_stepper_free(pt_net_stepper *s);
/* Floats of a state: `hidden` of a GRU, twice that of an LSTM. The state of a customer without events is all 0. */
size_t pt_net_state_size(const pt_net *net);
void pt_net_step(pt_net_stepper *s, float *state, const uint32_t *codes, const float *numbers);
/* out[outputs]: probabilities. */
void pt_net_read(pt_net_stepper *s, const float *state, const float *statics, float *out);
/* A state as bytes that name the network they belong to, and back: PT_ECORRUPT for bytes that are damaged, PT_EINVAL for those
 * of another network. */
pt_rc pt_net_state_save(pt_str *out, const pt_net *net, const float *state, pt_err *err);
pt_rc pt_net_state_load(float *state, const pt_net *net, pt_sv bytes, pt_err *err);

#endif
