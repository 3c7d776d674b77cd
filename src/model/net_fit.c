/* From examples to a network: epochs in an order shuffled anew, early stopping. */
#include <stdlib.h>

#include "base/rng.h"
#include "model/net_int.h"

typedef struct fitting {
    pt_net *net;
    pt_net_trainer *trainer;
    const pt_sequences *examples;
    const pt_net_options *options;
    uint32_t *order; /* of the examples, shuffled anew for each epoch */
    float *best;     /* weights of the best epoch; NULL when nothing is watched */
    double best_loss;
    size_t best_epoch, epochs;
    double *train, *watched; /* by epoch */
    pt_rng rng;
} fitting;

static pt_rc check_examples(const pt_net_shape *shape, const pt_sequences *s, pt_err *err)
{
    PT_TRY(net_check_sequences(shape, s, true, err));
    if (s->n == 0)
        return pt_fail(err, PT_EINVAL, "no examples to learn from");
    for (size_t i = 1; i < s->n; i++)
        if (s->labels[i] != s->labels[0])
            return PT_OK;
    return pt_fail(err, PT_EINVAL, "all examples have the same target: there is nothing to learn");
}

static void shuffle(fitting *f)
{
    for (size_t i = f->examples->n; i > 1; i--) {
        size_t j = (size_t)pt_rng_below(&f->rng, i);
        uint32_t other = f->order[j];
        f->order[j] = f->order[i - 1];
        f->order[i - 1] = other;
    }
}

static pt_rc teach_epoch(fitting *f, double *loss, pt_err *err)
{
    size_t n = f->examples->n, batch = f->options->batch;
    double sum = 0, one;

    shuffle(f);
    for (size_t first = 0; first < n; first += batch) {
        size_t wide = n - first < batch ? n - first : batch;
        if (f->options->cancelled && f->options->cancelled(f->options->cancel_context))
            return pt_fail(err, PT_ECANCELED, "learning was stopped");
        PT_TRY(pt_net_trainer_step(f->trainer, f->order + first, wide, &one, err));
        sum += one * (double)wide;
    }
    *loss = sum / (double)n;
    return PT_OK;
}

static pt_rc watch(const fitting *f, double *loss, pt_err *err)
{
    const pt_sequences *s = f->options->watched;
    size_t outputs = f->net->shape.outputs;
    float *p = pt_alloc64(s->n * outputs, sizeof *p);
    double sum = 0;

    if (!p)
        return pt_fail_nomem(err, "watching a network learn");
    pt_rc rc = pt_net_predict(p, f->net, s, f->options->pool, err);
    for (size_t i = 0; rc == PT_OK && i < s->n; i++)
        sum += net_log_loss(p + i * outputs, outputs, s->labels[i]);
    *loss = sum / (double)s->n;
    free(p);
    return rc;
}

/* True while it is worth going on. */
static bool keep_best(fitting *f, size_t epoch)
{
    if (!f->best)
        return true;
    if (epoch == 0 || f->watched[epoch] < f->best_loss) {
        f->best_loss = f->watched[epoch];
        f->best_epoch = epoch;
        memcpy(f->best, f->net->weights, f->net->n_weights * sizeof *f->best);
    }
    return f->options->patience == 0 || epoch - f->best_epoch < f->options->patience;
}

static pt_rc teach(fitting *f, pt_err *err)
{
    bool more = true;

    for (size_t epoch = 0; more && epoch < f->options->epochs; epoch++) {
        PT_TRY(teach_epoch(f, &f->train[epoch], err));
        if (f->best)
            PT_TRY(watch(f, &f->watched[epoch], err));
        f->epochs = epoch + 1;
        more = keep_best(f, epoch);
    }
    if (f->best)
        memcpy(f->net->weights, f->best, f->net->n_weights * sizeof *f->best);
    else
        f->best_epoch = f->epochs - 1;
    return PT_OK;
}

static pt_rc give_curve(const fitting *f, pt_err *err)
{
    const pt_net_options *o = f->options;
    double *train, *watched;

    if (!o->curve)
        return PT_OK;
    train = PT_NEW_ARRAY(o->arena, double, f->epochs);
    watched = PT_NEW_ARRAY(o->arena, double, f->epochs);
    if (!train || !watched)
        return pt_fail_nomem(err, "the curve of a network");
    memcpy(train, f->train, f->epochs * sizeof *train);
    memcpy(watched, f->watched, f->epochs * sizeof *watched);
    *o->curve = (pt_curve){"log_loss", f->epochs, train, f->best ? watched : NULL, f->best_epoch};
    return PT_OK;
}

static pt_rc begin(fitting *f, const pt_net_shape *shape, pt_err *err)
{
    const pt_net_options *o = f->options;
    bool watching = o->watched && o->watched->n;

    PT_TRY(net_check_options(o, err));
    PT_TRY(pt_net_new(&f->net, shape, o->seed, err));
    PT_TRY(check_examples(shape, f->examples, err));
    if (watching)
        PT_TRY(net_check_sequences(shape, o->watched, true, err));
    pt_net_take_scales(f->net, f->examples);
    PT_TRY(pt_net_trainer_new(&f->trainer, f->net, f->examples, o, err));
    pt_rng_seed(&f->rng, o->seed + UINT64_C(0x9e3779b97f4a7c15));
    f->order = pt_alloc64(f->examples->n, sizeof *f->order);
    f->train = pt_zalloc(o->epochs, sizeof *f->train);
    f->watched = pt_zalloc(o->epochs, sizeof *f->watched);
    f->best = watching ? pt_alloc64(f->net->n_weights, sizeof *f->best) : NULL;
    if (!f->order || !f->train || !f->watched || (watching && !f->best))
        return pt_fail_nomem(err, "teaching a network");
    for (size_t i = 0; i < f->examples->n; i++)
        f->order[i] = (uint32_t)i;
    return PT_OK;
}

pt_rc pt_net_fit(pt_net **out, const pt_net_shape *shape, const pt_sequences *examples, const pt_net_options *options,
                 pt_err *err)
{
    fitting f = {.examples = examples, .options = options};
    pt_rc rc = begin(&f, shape, err);

    if (rc == PT_OK)
        rc = teach(&f, err);
    if (rc == PT_OK)
        rc = give_curve(&f, err);
    pt_net_trainer_free(f.trainer);
    free(f.order);
    free(f.train);
    free(f.watched);
    free(f.best);
    if (rc != PT_OK)
        pt_net_free(f.net);
    *out = rc == PT_OK ? f.net : NULL;
    return rc;
}
