/* Predicting over whole sequences, and one event at a time. */
#include <stdlib.h>

#include "base/frame.h"
#include "base/hash.h"
#include "model/net_int.h"

typedef struct prediction {
    const pt_net *net;
    const pt_sequences *s;
    net_room **rooms; /* one a worker */
    float *out;
} prediction;

static pt_rc predict_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    prediction *p = arg;
    size_t first = part * PT_NET_PART, n = p->s->n - first < PT_NET_PART ? p->s->n - first : PT_NET_PART;
    float *out = p->out + first * p->net->shape.outputs;

    (void)err;
    net_forward(p->net, p->rooms[worker], &(net_batch){p->s, NULL, first, n}, NULL, out);
    for (size_t i = 0; i < n; i++)
        net_squash(p->net, out + i * p->net->shape.outputs);
    return PT_OK;
}

pt_rc pt_net_predict(float *out, const pt_net *net, const pt_sequences *s, pt_pool *pool, pt_err *err)
{
    unsigned workers = pt_pool_threads(pool);
    prediction p = {net, s, NULL, out};
    pt_rc rc = PT_OK;

    PT_TRY(net_check_sequences(&net->shape, s, false, err));
    p.rooms = pt_zalloc(workers, sizeof(net_room *));
    if (!p.rooms)
        return pt_fail_nomem(err, "predicting");
    for (unsigned i = 0; rc == PT_OK && i < workers; i++)
        if (!(p.rooms[i] = net_room_new(net, false)))
            rc = pt_fail_nomem(err, "predicting");
    if (rc == PT_OK)
        rc = pt_pool_run(pool, (s->n + PT_NET_PART - 1) / PT_NET_PART, predict_part, &p, err);
    for (unsigned i = 0; i < workers; i++)
        net_room_free(p.rooms[i]);
    free(p.rooms);
    return rc;
}

/* --- one event at a time ---------------------------------------------------------------------------------------------- */

struct pt_net_stepper {
    const pt_net *net;
    float *x, *gates, *joined;
};

pt_rc pt_net_stepper_new(pt_net_stepper **out, const pt_net *net, pt_err *err)
{
    size_t h = net->shape.hidden, joined = h + net->shape.n_statics;
    pt_net_stepper *s;

    *out = NULL;
    if (net->shape.kind == PT_NET_CNN)
        return pt_fail(err, PT_EINVAL, "a CNN looks at whole stretches of days: it keeps no state");
    s = pt_zalloc(1, sizeof *s);
    if (!s)
        return pt_fail_nomem(err, "a network's state");
    s->net = net;
    s->x = pt_alloc64(net->in + 4 * h + joined, sizeof *s->x);
    if (!s->x) {
        free(s);
        return pt_fail_nomem(err, "a network's state");
    }
    s->gates = s->x + net->in;
    s->joined = s->gates + 4 * h;
    *out = s;
    return PT_OK;
}

void pt_net_stepper_free(pt_net_stepper *s)
{
    if (!s)
        return;
    free(s->x);
    free(s);
}

size_t pt_net_state_size(const pt_net *net)
{
    return net->shape.kind == PT_NET_CNN ? 0 : (net->rnn.lstm ? 2 : 1) * (size_t)net->shape.hidden;
}

void pt_net_step(pt_net_stepper *s, float *state, const uint32_t *codes, const float *numbers)
{
    pt_net_rnn_weights w = net_rnn_weights(s->net, s->net->weights);

    net_fill_event(s->net, s->x, codes, numbers);
    pt_net_rnn_step(&s->net->rnn, s->net->kernels, &w, s->x, s->gates, state, state + s->net->shape.hidden);
}

void pt_net_read(pt_net_stepper *s, const float *state, const float *statics, float *out)
{
    const pt_net *net = s->net;
    size_t h = net->shape.hidden, wide = h + net->shape.n_statics, outputs = net->shape.outputs;

    memcpy(s->joined, state, h * sizeof *state);
    net_fill_statics(net, s->joined + h, statics);
    memcpy(out, net_at(net, net->weights, NET_HEAD_BIAS), outputs * sizeof *out);
    net->kernels->multiply(out, outputs, (pt_net_left){s->joined, wide, 1}, net_at(net, net->weights, NET_HEAD),
                           outputs, 1, outputs, wide, true);
    net_squash(net, out);
}

/* --- a state as bytes: magic, the network's fingerprint, the floats, a checksum ----------------------------------------- */

static const char state_magic[8] = "PTSTATE1";

static uint64_t fingerprint(const pt_net *net)
{
    uint64_t shape = pt_hash64(&net->shape, sizeof net->shape);

    shape = pt_hash64_seed(net->scales, net_n_scales(&net->shape) * sizeof *net->scales, shape);
    return pt_hash64_seed(net->weights, net->n_weights * sizeof *net->weights, shape);
}

pt_rc pt_net_state_save(pt_str *out, const pt_net *net, const float *state, pt_err *err)
{
    size_t first = out->len;

    pt_str_addn(out, state_magic, sizeof state_magic);
    pt_frame_put64(out, fingerprint(net));
    pt_frame_put(out, state, pt_net_state_size(net) * sizeof *state);
    if (!out->failed)
        pt_frame_put64(out, pt_hash64(out->ptr + first, out->len - first));
    return pt_str_check(out, err);
}

pt_rc pt_net_state_load(float *state, const pt_net *net, pt_sv bytes, pt_err *err)
{
    size_t n = pt_net_state_size(net) * sizeof *state, head = sizeof state_magic + sizeof(uint64_t);
    uint64_t of, sum;

    if (bytes.len < head + sizeof sum || memcmp(bytes.ptr, state_magic, sizeof state_magic) != 0)
        return pt_fail(err, PT_ECORRUPT, "this is not the state of a network");
    memcpy(&sum, bytes.ptr + bytes.len - sizeof sum, sizeof sum);
    if (sum != pt_hash64(bytes.ptr, bytes.len - sizeof sum))
        return pt_fail(err, PT_ECORRUPT, "the state of a network is damaged");
    memcpy(&of, bytes.ptr + sizeof state_magic, sizeof of);
    if (of != fingerprint(net) || bytes.len != head + n + sizeof sum)
        return pt_fail(err, PT_EINVAL, "the state belongs to another network");
    memcpy(state, bytes.ptr + head, n);
    return PT_OK;
}
