/* Networks and their kept states: whatever the bytes, what is let pass predicts. Bytes are tried as they are and with a good
 * checksum. */
#include "model/net.h"
#include "support/sealed.h"
#include "support/walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void predict(const pt_net *net)
{
    const pt_net_shape *shape = pt_net_shape_of(net);
    const uint64_t offsets[] = {0, shape->length};
    size_t events = shape->length;
    uint32_t *codes = pt_zalloc(events * shape->n_codes + 1, sizeof *codes);
    float *numbers = pt_zalloc(events * shape->n_numbers + 1, sizeof *numbers);
    float *statics = pt_zalloc((size_t)shape->n_statics + 1, sizeof *statics),
          *out = pt_zalloc(shape->outputs, sizeof *out);
    pt_sequences s = {1, offsets, codes, numbers, statics, NULL};
    pt_pool *pool = NULL;
    pt_err err;

    if (codes && numbers && statics && out && pt_pool_new(&pool, 1, &err) == PT_OK &&
        pt_net_predict(out, net, &s, pool, &err) == PT_OK)
        walk_sink += out[0] > 0.5f;
    pt_pool_free(pool);
    free(codes);
    free(numbers);
    free(statics);
    free(out);
}

static void use(const char *bytes, size_t n)
{
    pt_net *net;
    pt_err err;

    if (pt_net_load(&net, (pt_sv){bytes, n}, &err) != PT_OK) {
        PT_ASSERT(err.code == PT_ECORRUPT || err.code == PT_ENOMEM);
        return;
    }
    size_t state_size = pt_net_state_size(net);
    float *state = pt_zalloc(state_size + 1, sizeof *state);
    if (state && pt_net_state_load(state, net, (pt_sv){bytes, n}, &err) == PT_OK)
        walk_sink += state[0] > 0;
    free(state);
    if (pt_net_shape_of(net)->length <= 64 && pt_net_shape_of(net)->hidden <= 64)
        predict(net);
    pt_net_free(net);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    try_sealed(bytes, n, use);
    return 0;
}
