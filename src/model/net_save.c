/* A network as bytes: magic, shape, scales, weights tensor by tensor, a checksum. Little-endian, as all derived files are. */
#include <math.h>
#include <stdlib.h>

#include "base/frame.h"
#include "base/hash.h"
#include "model/net_int.h"

static const char magic[8] = "PTNET001";

/* The shape as numbers, in order. */
enum { SHAPE = 9 + 2 * PT_NET_MAX_CODES };

static void list_shape(uint32_t v[SHAPE], const pt_net_shape *s)
{
    const uint32_t head[] = {(uint32_t)s->kind, s->n_codes,  s->n_numbers, s->n_statics, s->length,
                             s->hidden,         s->channels, s->kernel,    s->outputs};

    memset(v, 0, SHAPE * sizeof *v);
    memcpy(v, head, sizeof head);
    for (uint32_t i = 0; i < s->n_codes; i++) {
        v[PT_COUNT(head) + 2 * i] = s->vocabulary[i];
        v[PT_COUNT(head) + 2 * i + 1] = s->embedding[i];
    }
}

static void read_shape(pt_net_shape *s, const uint32_t v[SHAPE])
{
    *s = (pt_net_shape){.kind = (pt_net_kind)v[0],
                        .n_codes = v[1],
                        .n_numbers = v[2],
                        .n_statics = v[3],
                        .length = v[4],
                        .hidden = v[5],
                        .channels = v[6],
                        .kernel = v[7],
                        .outputs = v[8]};
    for (uint32_t i = 0; i < PT_NET_MAX_CODES; i++) {
        s->vocabulary[i] = v[9 + 2 * i];
        s->embedding[i] = v[10 + 2 * i];
    }
}

pt_rc pt_net_save(pt_str *out, const pt_net *net, pt_err *err)
{
    uint32_t shape[SHAPE];
    size_t first = out->len;

    list_shape(shape, &net->shape);
    pt_str_addn(out, magic, sizeof magic);
    pt_frame_put(out, shape, sizeof shape);
    pt_frame_put(out, net->scales, net_n_scales(&net->shape) * sizeof *net->scales);
    for (int i = 0; i < NET_TENSORS; i++)
        pt_frame_put(out, net->weights + net->tensors[i].at,
                     net->tensors[i].rows * net->tensors[i].columns * sizeof(float));
    if (!out->failed)
        pt_frame_put64(out, pt_hash64(out->ptr + first, out->len - first));
    return pt_str_check(out, err);
}

static pt_rc damaged(pt_err *err)
{
    return pt_fail(err, PT_ECORRUPT, "the network is damaged");
}

/* Floats that the shape needs after it. */
static size_t floats_of(const pt_net *net)
{
    size_t n = net_n_scales(&net->shape);

    for (int i = 0; i < NET_TENSORS; i++)
        n += net->tensors[i].rows * net->tensors[i].columns;
    return n;
}

static bool get_floats(pt_frame_cursor *c, float *v, size_t n)
{
    pt_frame_get(c, v, n * sizeof *v);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(v[i]))
            return false;
    return !c->failed;
}

static bool get_weights(pt_frame_cursor *c, pt_net *net)
{
    bool ok = get_floats(c, net->scales, net_n_scales(&net->shape));

    for (int i = 0; ok && i < NET_TENSORS; i++)
        ok = get_floats(c, net->weights + net->tensors[i].at, net->tensors[i].rows * net->tensors[i].columns);
    return ok;
}

/* The size is checked before anything of that size is made. */
static pt_rc check_size(const pt_net_shape *shape, size_t left, pt_err *err)
{
    pt_net *plan;

    if (net_lay_out(&plan, shape, NULL) != PT_OK)
        return damaged(err);
    size_t need = floats_of(plan) * sizeof(float);
    pt_net_free(plan);
    return need == left ? PT_OK : damaged(err);
}

pt_rc pt_net_load(pt_net **out, pt_sv bytes, pt_err *err)
{
    uint32_t numbers[SHAPE];
    pt_net_shape shape;
    uint64_t sum;
    pt_net *net;

    *out = NULL;
    if (bytes.len < sizeof magic + sizeof numbers + sizeof sum || memcmp(bytes.ptr, magic, sizeof magic) != 0)
        return pt_fail(err, PT_ECORRUPT, "this is not a network");
    memcpy(&sum, bytes.ptr + bytes.len - sizeof sum, sizeof sum);
    if (sum != pt_hash64(bytes.ptr, bytes.len - sizeof sum))
        return damaged(err);
    pt_frame_cursor c = {{bytes.ptr + sizeof magic, bytes.len - sizeof magic - sizeof sum}, false};
    pt_frame_get(&c, numbers, sizeof numbers);
    read_shape(&shape, numbers);
    PT_TRY(check_size(&shape, c.rest.len, err));
    PT_TRY(pt_net_new(&net, &shape, 0, err));
    if (!get_weights(&c, net)) {
        pt_net_free(net);
        return damaged(err);
    }
    *out = net;
    return PT_OK;
}
