/* Learning: batches, Adam (Kingma & Ba 2015), clipping by length (Pascanu et al. 2013), early stopping. */
#include <math.h>
#include <stdlib.h>

#include "model/net_int.h"

enum { MAX_BATCH = 4096, MAX_EPOCHS = 10000, REDUCE = 1 << 14 };

static const double decay1 = 0.9, decay2 = 0.999, epsilon = 1e-8;

struct pt_net_trainer {
    pt_net *net;
    const pt_sequences *examples;
    pt_net_options options;
    unsigned workers;
    net_room **rooms; /* one a worker */
    size_t parts;     /* of the largest batch */
    float *gradients; /* [parts][weights]; the first becomes the sum */
    float *turned;    /* weights turned about */
    float *mean, *square;
    float *logits;  /* [batch][outputs]; then their slopes */
    double *losses; /* [parts] */
    uint64_t steps;
    double power1, power2; /* decay1 and decay2 to the power of steps */
    net_batch batch;       /* of the step under way */
};

pt_rc net_check_options(const pt_net_options *o, pt_err *err)
{
    if (o->batch == 0 || o->batch > MAX_BATCH)
        return pt_fail(err, PT_EINVAL, "a batch has 1 to %d sequences, not %u", MAX_BATCH, o->batch);
    if (o->epochs == 0 || o->epochs > MAX_EPOCHS)
        return pt_fail(err, PT_EINVAL, "a network is taught for 1 to %d epochs, not %u", MAX_EPOCHS, o->epochs);
    if (!(o->rate > 0 && o->rate <= 1))
        return pt_fail(err, PT_EINVAL, "the learning rate lies between 0 and 1");
    if (!(o->dropout >= 0 && o->dropout <= 0.9))
        return pt_fail(err, PT_EINVAL, "dropout lies between 0 and 0.9");
    if (!(o->clip >= 0) || !isfinite(o->clip))
        return pt_fail(err, PT_EINVAL, "the greatest length of a gradient is a number of at least 0");
    return PT_OK;
}

void pt_net_trainer_free(pt_net_trainer *t)
{
    if (!t)
        return;
    for (unsigned i = 0; t->rooms && i < t->workers; i++)
        net_room_free(t->rooms[i]);
    free(t->rooms);
    free(t->gradients);
    free(t->turned);
    free(t->mean);
    free(t->square);
    free(t->logits);
    free(t->losses);
    free(t);
}

static bool make_room(pt_net_trainer *t)
{
    size_t n = t->net->n_weights;

    t->rooms = pt_zalloc(t->workers, sizeof *t->rooms);
    for (unsigned i = 0; t->rooms && i < t->workers; i++)
        if (!(t->rooms[i] = net_room_new(t->net, true)))
            return false;
    t->gradients = pt_alloc64(t->parts * n, sizeof *t->gradients);
    t->turned = pt_alloc64(n, sizeof *t->turned);
    t->mean = pt_alloc64(n, sizeof *t->mean);
    t->square = pt_alloc64(n, sizeof *t->square);
    t->logits = pt_alloc64((size_t)t->options.batch * t->net->shape.outputs, sizeof *t->logits);
    t->losses = pt_zalloc(t->parts, sizeof *t->losses);
    if (!t->rooms || !t->gradients || !t->turned || !t->mean || !t->square || !t->logits || !t->losses)
        return false;
    memset(t->turned, 0, n * sizeof *t->turned);
    memset(t->mean, 0, n * sizeof *t->mean);
    memset(t->square, 0, n * sizeof *t->square);
    return true;
}

pt_rc pt_net_trainer_new(pt_net_trainer **out, pt_net *net, const pt_sequences *examples, const pt_net_options *options,
                         pt_err *err)
{
    pt_net_trainer *t;

    *out = NULL;
    PT_TRY(net_check_options(options, err));
    PT_TRY(net_check_sequences(&net->shape, examples, true, err));
    t = pt_zalloc(1, sizeof *t);
    if (!t)
        return pt_fail_nomem(err, "teaching a network");
    t->net = net;
    t->examples = examples;
    t->options = *options;
    t->workers = pt_pool_threads(options->pool);
    t->parts = (options->batch + PT_NET_PART - 1) / PT_NET_PART;
    t->power1 = t->power2 = 1;
    if (!make_room(t)) {
        pt_net_trainer_free(t);
        return pt_fail_nomem(err, "teaching a network");
    }
    *out = t;
    return PT_OK;
}

/* Log loss of one example; logits become their slopes. */
static double judge(const pt_net *net, float *logits, uint32_t label)
{
    size_t outputs = net->shape.outputs;

    net_squash(net, logits);
    double loss = net_log_loss(logits, outputs, label);
    if (outputs == 1)
        logits[0] -= (float)label;
    else
        logits[label] -= 1;
    return loss;
}

static net_batch part_of(const net_batch *b, size_t part)
{
    size_t first = part * PT_NET_PART, n = b->n - first < PT_NET_PART ? b->n - first : PT_NET_PART;

    return (net_batch){b->s, b->rows + first, first, n};
}

static pt_rc teach_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    pt_net_trainer *t = arg;
    net_batch b = part_of(&t->batch, part);
    size_t outputs = t->net->shape.outputs;
    float *gradient = t->gradients + part * t->net->n_weights, *logits = t->logits + b.first * outputs;
    net_dropout dropout = {t->options.dropout, t->options.seed ^ (t->steps * UINT64_C(0xd1342543de82ef95))};

    (void)err;
    memset(gradient, 0, t->net->n_weights * sizeof *gradient);
    net_forward(t->net, t->rooms[worker], &b, &dropout, logits);
    t->losses[part] = 0;
    for (size_t i = 0; i < b.n; i++)
        t->losses[part] += judge(t->net, logits + i * outputs, t->examples->labels[b.rows[i]]);
    for (size_t i = 0; i < b.n * outputs; i++)
        logits[i] /= (float)t->batch.n;
    net_backward(t->net, t->rooms[worker], &b, t->turned, logits, gradient);
    return PT_OK;
}

/* The parts' gradients over one range of weights, added in order. */
static pt_rc add_up(void *arg, size_t range, unsigned worker, pt_err *err)
{
    pt_net_trainer *t = arg;
    size_t n = t->net->n_weights, first = range * REDUCE, wide = n - first < REDUCE ? n - first : REDUCE;
    size_t parts = (t->batch.n + PT_NET_PART - 1) / PT_NET_PART;

    (void)worker;
    (void)err;
    for (size_t i = 1; i < parts; i++)
        t->net->kernels->add(t->gradients + first, t->gradients + i * n + first, wide);
    return PT_OK;
}

/* Length of the gradient; eight sums side by side, then one after the other. */
static double length_of(const float *v, size_t n)
{
    double sums[8] = {0}, sum = 0;

    for (size_t i = 0; i < n; i += 8)
        for (size_t j = 0; j < 8; j++)
            sums[j] += (double)v[i + j] * (double)v[i + j];
    for (size_t j = 0; j < 8; j++)
        sum += sums[j];
    return sqrt(sum);
}

static pt_rc learn(pt_net_trainer *t, pt_err *err)
{
    size_t n = t->net->n_weights;
    double length = length_of(t->gradients, n), clip = t->options.clip;

    if (!isfinite(length))
        return pt_fail(err, PT_EINVAL, "the network's loss ran away; a smaller learning rate may help");
    t->steps++;
    t->power1 *= decay1;
    t->power2 *= decay2;
    double scale = clip > 0 && length > clip ? clip / (length + 1e-6) : 1;
    pt_net_adam how = {.rate = (float)(t->options.rate / (1 - t->power1)),
                       .fresh1 = (float)(1 - decay1),
                       .fresh2 = (float)(1 - decay2),
                       .decay2 = (float)decay2,
                       .correction2 = (float)(1 / sqrt(1 - t->power2)),
                       .epsilon = (float)epsilon,
                       .scale = (float)scale};
    t->net->kernels->adam(t->net->weights, t->mean, t->square, t->gradients, n, &how);
    return PT_OK;
}

pt_rc pt_net_trainer_step(pt_net_trainer *t, const uint32_t *examples, size_t n, double *loss, pt_err *err)
{
    size_t parts = (n + PT_NET_PART - 1) / PT_NET_PART;
    double sum = 0;

    if (n == 0 || n > t->options.batch)
        return pt_fail(err, PT_EINVAL, "a batch of %zu sequences, where 1 to %u were announced", n, t->options.batch);
    t->batch = (net_batch){t->examples, examples, 0, n};
    net_turn(t->net, t->turned);
    PT_TRY(pt_pool_run(t->options.pool, parts, teach_part, t, err));
    PT_TRY(pt_pool_run(t->options.pool, (t->net->n_weights + REDUCE - 1) / REDUCE, add_up, t, err));
    for (size_t i = 0; i < parts; i++)
        sum += t->losses[i];
    *loss = sum / (double)n;
    return learn(t, err);
}

const float *pt_net_trainer_gradient(const pt_net_trainer *t, const char *tensor)
{
    int i = net_find(tensor);

    return i < 0 ? NULL : t->gradients + t->net->tensors[i].at;
}
