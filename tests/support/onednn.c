#include "support/onednn.h"

#include <oneapi/dnnl/dnnl.h>
#include <stdlib.h>
#include <string.h>

#include "base/library.h"

/* clang-format off: its version 14 lays this list out anew on every pass. */
#define SYMBOLS                                 \
    X(dnnl_engine_create)                       \
    X(dnnl_stream_create)                       \
    X(dnnl_stream_wait)                         \
    X(dnnl_memory_desc_init_by_tag)             \
    X(dnnl_memory_create)                       \
    X(dnnl_memory_destroy)                      \
    X(dnnl_memory_get_memory_desc)              \
    X(dnnl_primitive_desc_create)               \
    X(dnnl_primitive_desc_destroy)              \
    X(dnnl_primitive_desc_query_md)             \
    X(dnnl_primitive_create)                    \
    X(dnnl_primitive_destroy)                   \
    X(dnnl_primitive_execute)                   \
    X(dnnl_reorder_primitive_desc_create)       \
    X(dnnl_lbr_gru_forward_desc_init)           \
    X(dnnl_lbr_gru_backward_desc_init)          \
    X(dnnl_lstm_forward_desc_init)              \
    X(dnnl_lstm_backward_desc_init)             \
    X(dnnl_convolution_forward_desc_init)       \
    X(dnnl_convolution_backward_data_desc_init) \
    X(dnnl_convolution_backward_weights_desc_init)
/* clang-format on */

static struct {
#define X(name) __typeof__(&name) name;
    SYMBOLS
#undef X
} api;

static const char *const symbols[] = {
#define X(name) #name,
    SYMBOLS
#undef X
};
static const char *const files[] = {"libdnnl.so.2", "libdnnl.so", NULL};
static pt_library library = {.name = "oneDNN",
                             .file = "libdnnl.so",
                             .files = files,
                             .variable = "PORTRAIT_ONEDNN",
                             .package = "libdnnl2",
                             .symbols = symbols,
                             .n_symbols = PT_COUNT(symbols),
                             .table = &api};
static dnnl_engine_t engine;
static dnnl_stream_t stream;

/* Sticky: after the first call that fails, nothing more is done. */
static bool failed;
#define DO(call)                               \
    do {                                       \
        if (!failed && (call) != dnnl_success) \
            failed = true;                     \
    } while (0)

static pt_rc begin(pt_err *err)
{
    /* OpenMP's threads would outlive the test, and LeakSanitizer loses its way in them. */
    if (setenv("OMP_NUM_THREADS", "1", 1) != 0)
        return pt_fail(err, PT_EINTERNAL, "cannot set OMP_NUM_THREADS");
    PT_TRY(pt_library_load(&library, err));
    failed = false;
    if (!engine) {
        DO(api.dnnl_engine_create(&engine, dnnl_cpu, 0));
        DO(api.dnnl_stream_create(&stream, engine, dnnl_stream_default_flags));
    }
    return PT_OK;
}

static pt_rc end(pt_err *err)
{
    DO(api.dnnl_stream_wait(stream));
    return failed ? pt_fail(err, PT_EENGINE, "oneDNN refused") : PT_OK;
}

static dnnl_memory_desc_t described(int n, const dnnl_dims_t dims, dnnl_format_tag_t tag)
{
    dnnl_memory_desc_t md = {0};

    DO(api.dnnl_memory_desc_init_by_tag(&md, n, dims, dnnl_f32, tag));
    return md;
}

static dnnl_memory_t over(const dnnl_memory_desc_t *md, const void *at)
{
    dnnl_memory_t m = NULL;

    DO(api.dnnl_memory_create(&m, md, engine, at ? (void *)at : DNNL_MEMORY_ALLOCATE));
    return m;
}

static void drop(dnnl_memory_t m)
{
    if (m)
        (void)api.dnnl_memory_destroy(m);
}

static void run(dnnl_primitive_t p, int n, const dnnl_exec_arg_t *args)
{
    DO(api.dnnl_primitive_execute(p, stream, n, args));
}

/* From one layout to another. */
static void relay(dnnl_memory_t from, dnnl_memory_t to)
{
    const dnnl_memory_desc_t *a = NULL, *b = NULL;
    dnnl_primitive_desc_t desc = NULL;
    dnnl_primitive_t p = NULL;

    DO(api.dnnl_memory_get_memory_desc(from, &a));
    DO(api.dnnl_memory_get_memory_desc(to, &b));
    DO(api.dnnl_reorder_primitive_desc_create(&desc, a, engine, b, engine, NULL));
    DO(api.dnnl_primitive_create(&p, desc));
    run(p, 2, (dnnl_exec_arg_t[]){{DNNL_ARG_FROM, from}, {DNNL_ARG_TO, to}});
    if (p)
        (void)api.dnnl_primitive_destroy(p);
    if (desc)
        (void)api.dnnl_primitive_desc_destroy(desc);
}

/* --- recurrent layers ------------------------------------------------------------------------------------------------- */

struct onednn_rnn {
    pt_net_rnn l;
    size_t steps, rows, gates;
    dnnl_primitive_desc_t forward_desc, backward_desc;
    dnnl_primitive_t forward, backward;
    dnnl_memory_desc_t plain_x, plain_h, bias_md; /* weights as ldigo */
    float *wx, *wh, *bias, *zeros;                /* gates in oneDNN's order */
    dnnl_memory_t x, states, w_x, start, start_slope, cell_slope, w_h, b, workspace, back_x, back_h;
};

/* Blocks of `hidden` columns: ours number from[i] is oneDNN's i. GRU: n r z and r z n to z r n. */
static const size_t gru_x[] = {2, 1, 0}, gru_h[] = {1, 0, 2}, as_they_are[] = {0, 1, 2, 3};

static void order_columns(float *to, const float *from, size_t rows, size_t h, size_t gates, const size_t *order,
                          bool back)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t g = 0; g < gates; g++)
            memcpy(to + (r * gates + (back ? order[g] : g)) * h, from + (r * gates + (back ? g : order[g])) * h,
                   h * sizeof *to);
}

static const size_t *order_of(const onednn_rnn *r, bool of_x)
{
    return r->l.lstm ? as_they_are : of_x ? gru_x : gru_h;
}

static const dnnl_memory_desc_t *asked(dnnl_primitive_desc_t desc, int arg)
{
    return failed ? NULL : api.dnnl_primitive_desc_query_md(desc, dnnl_query_exec_arg_md, arg);
}

static void describe(onednn_rnn *r)
{
    dnnl_dim_t t = (dnnl_dim_t)r->steps, n = (dnnl_dim_t)r->rows, in = (dnnl_dim_t)r->l.in, h = (dnnl_dim_t)r->l.hidden;
    dnnl_dim_t g = (dnnl_dim_t)r->gates;
    const dnnl_dims_t xd = {t, n, in}, sd = {t, n, h}, wxd = {1, 1, in, g, h}, whd = {1, 1, h, g, h}, bd = {1, 1, 4, h};
    dnnl_memory_desc_t x = described(3, xd, dnnl_tnc), s = described(3, sd, dnnl_tnc), none = {0};
    dnnl_memory_desc_t wx = described(5, wxd, dnnl_format_tag_any), wh = described(5, whd, dnnl_format_tag_any);
    dnnl_rnn_desc_t f, b;

    r->plain_x = described(5, wxd, dnnl_ldigo);
    r->plain_h = described(5, whd, dnnl_ldigo);
    r->bias_md = described(4, bd, dnnl_ldgo);
    if (r->l.lstm) { /* 2.6 gives a wrong gradient of the weights of h when the start is left out */
        const dnnl_dims_t id = {1, 1, n, h};
        dnnl_memory_desc_t i = described(4, id, dnnl_ldnc);
        DO(api.dnnl_lstm_forward_desc_init(&f, dnnl_forward_training, dnnl_unidirectional_left2right, &x, &i, &i, &wx,
                                           &wh, &r->bias_md, &s, &none, &none, 0));
        DO(api.dnnl_lstm_backward_desc_init(&b, dnnl_backward, dnnl_unidirectional_left2right, &x, &i, &i, &wx, &wh,
                                            &r->bias_md, &s, &none, &none, &x, &i, &i, &wx, &wh, &r->bias_md, &s, &none,
                                            &none, 0));
    } else {
        DO(api.dnnl_lbr_gru_forward_desc_init(&f, dnnl_forward_training, dnnl_unidirectional_left2right, &x, &none, &wx,
                                              &wh, &r->bias_md, &s, &none, 0));
        DO(api.dnnl_lbr_gru_backward_desc_init(&b, dnnl_backward, dnnl_unidirectional_left2right, &x, &none, &wx, &wh,
                                               &r->bias_md, &s, &none, &x, &none, &wx, &wh, &r->bias_md, &s, &none, 0));
    }
    DO(api.dnnl_primitive_desc_create(&r->forward_desc, &f, NULL, engine, NULL));
    DO(api.dnnl_primitive_desc_create(&r->backward_desc, &b, NULL, engine, r->forward_desc));
    DO(api.dnnl_primitive_create(&r->forward, r->forward_desc));
    DO(api.dnnl_primitive_create(&r->backward, r->backward_desc));
}

pt_rc onednn_rnn_new(onednn_rnn **out, const pt_net_rnn *l, size_t steps, size_t rows, pt_err *err)
{
    onednn_rnn *r;

    *out = NULL;
    PT_TRY(begin(err));
    r = pt_zalloc(1, sizeof *r);
    if (!r)
        return pt_fail_nomem(err, "oneDNN");
    *out = r;
    r->l = *l;
    r->steps = steps;
    r->rows = rows;
    r->gates = l->lstm ? 4 : 3;
    r->wx = pt_zalloc(l->in * 4 * l->hidden, sizeof *r->wx);
    r->wh = pt_zalloc(l->hidden * 4 * l->hidden, sizeof *r->wh);
    r->bias = pt_zalloc(4 * l->hidden, sizeof *r->bias);
    if (!r->wx || !r->wh || !r->bias)
        return pt_fail_nomem(err, "oneDNN");
    describe(r);
    const dnnl_memory_desc_t *space = asked(r->forward_desc, DNNL_ARG_WORKSPACE);
    r->w_x = over(asked(r->forward_desc, DNNL_ARG_WEIGHTS_LAYER), NULL);
    r->w_h = over(asked(r->forward_desc, DNNL_ARG_WEIGHTS_ITER), NULL);
    r->back_x = over(asked(r->backward_desc, DNNL_ARG_WEIGHTS_LAYER), NULL);
    r->back_h = over(asked(r->backward_desc, DNNL_ARG_WEIGHTS_ITER), NULL);
    r->workspace = over(space, NULL);
    r->b = over(&r->bias_md, r->bias);
    if (l->lstm) {
        r->zeros = pt_zalloc(rows * l->hidden, sizeof *r->zeros);
        failed |= !r->zeros;
        r->start = over(asked(r->forward_desc, DNNL_ARG_SRC_ITER), r->zeros);
        r->start_slope = over(asked(r->backward_desc, DNNL_ARG_DIFF_SRC_ITER), NULL);
        r->cell_slope = over(asked(r->backward_desc, DNNL_ARG_DIFF_SRC_ITER_C), NULL);
    }
    return end(err);
}

void onednn_rnn_free(onednn_rnn *r)
{
    if (!r)
        return;
    dnnl_memory_t all[] = {r->x,      r->states, r->w_x,   r->w_h,         r->b,         r->workspace,
                           r->back_x, r->back_h, r->start, r->start_slope, r->cell_slope};
    for (size_t i = 0; i < PT_COUNT(all); i++)
        drop(all[i]);
    if (r->forward)
        (void)api.dnnl_primitive_destroy(r->forward);
    if (r->backward)
        (void)api.dnnl_primitive_destroy(r->backward);
    if (r->forward_desc)
        (void)api.dnnl_primitive_desc_destroy(r->forward_desc);
    if (r->backward_desc)
        (void)api.dnnl_primitive_desc_destroy(r->backward_desc);
    free(r->wx);
    free(r->wh);
    free(r->bias);
    free(r->zeros);
    free(r);
}

/* A GRU's biases: z and r of x and h are added up, n of x and n of h stay apart. An LSTM's are added up. */
static void fill_bias(onednn_rnn *r, const pt_net_rnn_weights *w)
{
    size_t h = r->l.hidden;

    for (size_t u = 0; u < h; u++)
        for (size_t g = 0; g < 4; g++)
            if (r->l.lstm)
                r->bias[g * h + u] = w->x_bias[g * h + u] + w->h_bias[g * h + u];
            else
                r->bias[g * h + u] = g == 3   ? w->h_bias[2 * h + u]
                                     : g == 2 ? w->x_bias[u]
                                              : w->x_bias[gru_x[g] * h + u] + w->h_bias[gru_h[g] * h + u];
}

static void load_weights(onednn_rnn *r, const pt_net_rnn_weights *w)
{
    order_columns(r->wx, w->x, r->l.in, r->l.hidden, r->gates, order_of(r, true), false);
    order_columns(r->wh, w->h, r->l.hidden, r->l.hidden, r->gates, order_of(r, false), false);
    fill_bias(r, w);
    dnnl_memory_t x = over(&r->plain_x, r->wx), h = over(&r->plain_h, r->wh);
    relay(x, r->w_x);
    relay(h, r->w_h);
    relay(x, r->back_x);
    relay(h, r->back_h);
    drop(x);
    drop(h);
}

pt_rc onednn_rnn_forward(onednn_rnn *r, const pt_net_rnn_weights *w, const float *x, float *states, pt_err *err)
{
    failed = false;
    load_weights(r, w);
    drop(r->x);
    drop(r->states);
    r->x = over(asked(r->forward_desc, DNNL_ARG_SRC_LAYER), x);
    r->states = over(asked(r->forward_desc, DNNL_ARG_DST_LAYER), states);
    run(r->forward, r->l.lstm ? 8 : 6,
        (dnnl_exec_arg_t[]){{DNNL_ARG_SRC_LAYER, r->x},
                            {DNNL_ARG_WEIGHTS_LAYER, r->w_x},
                            {DNNL_ARG_WEIGHTS_ITER, r->w_h},
                            {DNNL_ARG_BIAS, r->b},
                            {DNNL_ARG_DST_LAYER, r->states},
                            {DNNL_ARG_WORKSPACE, r->workspace},
                            {DNNL_ARG_SRC_ITER, r->start},
                            {DNNL_ARG_SRC_ITER_C, r->start}});
    return end(err);
}

/* Gradients in oneDNN's order to ours. */
static void give_gradient(const onednn_rnn *r, const float *bias, const pt_net_rnn_weights *g)
{
    size_t h = r->l.hidden;

    order_columns(g->x, r->wx, r->l.in, h, r->gates, order_of(r, true), true);
    order_columns(g->h, r->wh, h, h, r->gates, order_of(r, false), true);
    order_columns(g->x_bias, bias, 1, h, r->gates, order_of(r, true), true);
    order_columns(g->h_bias, bias, 1, h, r->gates, order_of(r, false), true);
    if (!r->l.lstm)
        memcpy(g->h_bias + 2 * h, bias + 3 * h, h * sizeof *bias);
}

pt_rc onednn_rnn_backward(onednn_rnn *r, const float *slope, const pt_net_rnn_weights *gradient, float *x_slope,
                          pt_err *err)
{
    size_t h = r->l.hidden;
    float *bias = pt_zalloc(4 * h, sizeof *bias);

    failed = !bias;
    memset(r->wx, 0, r->l.in * r->gates * h * sizeof *r->wx);
    memset(r->wh, 0, h * r->gates * h * sizeof *r->wh);
    dnnl_memory_t d_x = over(asked(r->backward_desc, DNNL_ARG_DIFF_SRC_LAYER), x_slope), d_b = over(&r->bias_md, bias);
    dnnl_memory_t d_s = over(asked(r->backward_desc, DNNL_ARG_DIFF_DST_LAYER), slope);
    dnnl_memory_t d_wx = over(asked(r->backward_desc, DNNL_ARG_DIFF_WEIGHTS_LAYER), NULL);
    dnnl_memory_t d_wh = over(asked(r->backward_desc, DNNL_ARG_DIFF_WEIGHTS_ITER), NULL);
    dnnl_memory_t plain_x = over(&r->plain_x, r->wx), plain_h = over(&r->plain_h, r->wh);
    relay(plain_x, d_wx); /* zeros: oneDNN adds to what is there */
    relay(plain_h, d_wh);
    run(r->backward, r->l.lstm ? 15 : 11,
        (dnnl_exec_arg_t[]){{DNNL_ARG_SRC_LAYER, r->x},
                            {DNNL_ARG_WEIGHTS_LAYER, r->back_x},
                            {DNNL_ARG_WEIGHTS_ITER, r->back_h},
                            {DNNL_ARG_BIAS, r->b},
                            {DNNL_ARG_DST_LAYER, r->states},
                            {DNNL_ARG_WORKSPACE, r->workspace},
                            {DNNL_ARG_DIFF_DST_LAYER, d_s},
                            {DNNL_ARG_DIFF_SRC_LAYER, d_x},
                            {DNNL_ARG_DIFF_WEIGHTS_LAYER, d_wx},
                            {DNNL_ARG_DIFF_WEIGHTS_ITER, d_wh},
                            {DNNL_ARG_DIFF_BIAS, d_b},
                            {DNNL_ARG_SRC_ITER, r->start},
                            {DNNL_ARG_SRC_ITER_C, r->start},
                            {DNNL_ARG_DIFF_SRC_ITER, r->start_slope},
                            {DNNL_ARG_DIFF_SRC_ITER_C, r->cell_slope}});
    relay(d_wx, plain_x);
    relay(d_wh, plain_h);
    pt_rc rc = end(err);
    if (rc == PT_OK)
        give_gradient(r, bias, gradient);
    dnnl_memory_t all[] = {d_x, d_b, d_s, d_wx, d_wh, plain_x, plain_h};
    for (size_t i = 0; i < PT_COUNT(all); i++)
        drop(all[i]);
    free(bias);
    return rc;
}

/* --- convolution ------------------------------------------------------------------------------------------------------ */

struct onednn_conv {
    pt_net_conv l;
    dnnl_memory_desc_t x_md, y_md, w_md, b_md; /* as ours lie: nhwc, hwio */
    dnnl_primitive_desc_t descs[3];            /* forward, back to x, back to the weights */
    dnnl_primitive_t primitives[3];
    const float *x, *weights;
};

static void describe_conv(onednn_conv *c, size_t maps)
{
    const pt_net_conv *l = &c->l;
    dnnl_dim_t n = (dnnl_dim_t)maps, in = (dnnl_dim_t)l->in, out = (dnnl_dim_t)l->out;
    const dnnl_dims_t xd = {n, in, (dnnl_dim_t)l->height, (dnnl_dim_t)l->width};
    const dnnl_dims_t yd = {n, out, (dnnl_dim_t)pt_net_conv_height(l), (dnnl_dim_t)pt_net_conv_width(l)};
    const dnnl_dims_t wd = {out, in, (dnnl_dim_t)l->kernel_height, (dnnl_dim_t)l->kernel_width}, bd = {out};
    const dnnl_dims_t strides = {(dnnl_dim_t)l->stride_height, (dnnl_dim_t)l->stride_width};
    const dnnl_dims_t border = {(dnnl_dim_t)l->border_height, (dnnl_dim_t)l->border_width};
    dnnl_dims_t far = {((yd[2] - 1) * strides[0] + wd[2]) - xd[2] - border[0],
                       ((yd[3] - 1) * strides[1] + wd[3]) - xd[3] - border[1]};
    dnnl_memory_desc_t x = described(4, xd, dnnl_format_tag_any), y = described(4, yd, dnnl_format_tag_any);
    dnnl_memory_desc_t w = described(4, wd, dnnl_format_tag_any);
    dnnl_convolution_desc_t d[3];

    c->x_md = described(4, xd, dnnl_nhwc);
    c->y_md = described(4, yd, dnnl_nhwc);
    c->w_md = described(4, wd, dnnl_hwio);
    c->b_md = described(1, bd, dnnl_a);
    DO(api.dnnl_convolution_forward_desc_init(&d[0], dnnl_forward_training, dnnl_convolution_direct, &x, &w, &c->b_md,
                                              &y, strides, border, far));
    DO(api.dnnl_convolution_backward_data_desc_init(&d[1], dnnl_convolution_direct, &x, &w, &y, strides, border, far));
    DO(api.dnnl_convolution_backward_weights_desc_init(&d[2], dnnl_convolution_direct, &x, &w, &c->b_md, &y, strides,
                                                       border, far));
    for (int i = 0; i < 3; i++) {
        DO(api.dnnl_primitive_desc_create(&c->descs[i], &d[i], NULL, engine, i ? c->descs[0] : NULL));
        DO(api.dnnl_primitive_create(&c->primitives[i], c->descs[i]));
    }
}

pt_rc onednn_conv_new(onednn_conv **out, const pt_net_conv *l, size_t maps, pt_err *err)
{
    onednn_conv *c;

    *out = NULL;
    PT_TRY(begin(err));
    c = pt_zalloc(1, sizeof *c);
    if (!c)
        return pt_fail_nomem(err, "oneDNN");
    *out = c;
    c->l = *l;
    describe_conv(c, maps);
    return end(err);
}

void onednn_conv_free(onednn_conv *c)
{
    for (int i = 0; c && i < 3; i++) {
        if (c->primitives[i])
            (void)api.dnnl_primitive_destroy(c->primitives[i]);
        if (c->descs[i])
            (void)api.dnnl_primitive_desc_destroy(c->descs[i]);
    }
    free(c);
}

/* An argument of a primitive: our array, brought to the layout it wants when it goes in (`in`). */
typedef struct argument {
    int name;
    const dnnl_memory_desc_t *md;
    const float *at;
    bool in;
} argument;

enum { MOST_ARGUMENTS = 4 };

static void call(onednn_conv *c, int which, const argument *a, int n)
{
    dnnl_memory_t ours[MOST_ARGUMENTS], theirs[MOST_ARGUMENTS];
    dnnl_exec_arg_t args[MOST_ARGUMENTS];

    for (int i = 0; i < n; i++) {
        ours[i] = over(a[i].md, a[i].at);
        theirs[i] = over(asked(c->descs[which], a[i].name), NULL);
        if (a[i].in)
            relay(ours[i], theirs[i]);
        args[i] = (dnnl_exec_arg_t){a[i].name, theirs[i]};
    }
    run(c->primitives[which], n, args);
    for (int i = 0; i < n; i++) {
        if (!a[i].in)
            relay(theirs[i], ours[i]);
        drop(ours[i]);
        drop(theirs[i]);
    }
}

pt_rc onednn_conv_forward(onednn_conv *c, const float *weights, const float *bias, const float *x, float *y,
                          pt_err *err)
{
    const argument a[] = {{DNNL_ARG_SRC, &c->x_md, x, true},
                          {DNNL_ARG_WEIGHTS, &c->w_md, weights, true},
                          {DNNL_ARG_BIAS, &c->b_md, bias, true},
                          {DNNL_ARG_DST, &c->y_md, y, false}};

    failed = false;
    c->x = x;
    c->weights = weights;
    call(c, 0, a, 4);
    return end(err);
}

pt_rc onednn_conv_backward(onednn_conv *c, const float *slope, float *gradient, float *bias_gradient, float *x_slope,
                           pt_err *err)
{
    const argument to_x[] = {{DNNL_ARG_DIFF_DST, &c->y_md, slope, true},
                             {DNNL_ARG_WEIGHTS, &c->w_md, c->weights, true},
                             {DNNL_ARG_DIFF_SRC, &c->x_md, x_slope, false}};
    const argument to_weights[] = {{DNNL_ARG_DIFF_DST, &c->y_md, slope, true},
                                   {DNNL_ARG_SRC, &c->x_md, c->x, true},
                                   {DNNL_ARG_DIFF_WEIGHTS, &c->w_md, gradient, false},
                                   {DNNL_ARG_DIFF_BIAS, &c->b_md, bias_gradient, false}};

    failed = false;
    call(c, 1, to_x, 3);
    call(c, 2, to_weights, 4);
    return end(err);
}
