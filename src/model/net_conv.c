#include "model/net_conv.h"

#include <string.h>

static size_t places(size_t size, size_t kernel, size_t stride, size_t border)
{
    return size + 2 * border < kernel ? 0 : (size + 2 * border - kernel) / stride + 1;
}

size_t pt_net_conv_height(const pt_net_conv *l)
{
    return places(l->height, l->kernel_height, l->stride_height, l->border_height);
}

size_t pt_net_conv_width(const pt_net_conv *l)
{
    return places(l->width, l->kernel_width, l->stride_width, l->border_width);
}

/* Floats of a row of a framed map. */
static size_t framed_row(const pt_net_conv *l)
{
    return (l->width + 2 * l->border_width) * l->in;
}

size_t pt_net_conv_framed(const pt_net_conv *l)
{
    return (l->height + 2 * l->border_height) * framed_row(l);
}

size_t pt_net_conv_scratch(const pt_net_conv *l)
{
    return pt_net_conv_framed(l) + pt_net_conv_width(l) * l->kernel_width * l->in;
}

static void add_border(const pt_net_conv *l, const float *x, float *framed)
{
    size_t row = l->width * l->in;

    memset(framed, 0, pt_net_conv_framed(l) * sizeof *framed);
    framed += l->border_height * framed_row(l) + l->border_width * l->in;
    for (size_t i = 0; i < l->height; i++)
        memcpy(framed + i * framed_row(l), x + i * row, row * sizeof *x);
}

static void cut_border(const pt_net_conv *l, const float *framed, float *x)
{
    size_t row = l->width * l->in;

    framed += l->border_height * framed_row(l) + l->border_width * l->in;
    for (size_t i = 0; i < l->height; i++)
        memcpy(x + i * row, framed + i * framed_row(l), row * sizeof *x);
}

/* The windows over one row of a framed map, for row `i` of the result and row `r` of the kernel. */
static const float *windows(const pt_net_conv *l, const float *framed, size_t i, size_t r)
{
    return framed + (i * l->stride_height + r) * framed_row(l);
}

void pt_net_conv_forward(const pt_net_conv *l, const pt_net_kernels *k, const float *weights, const float *bias,
                         const float *x, float *framed, float *y, size_t rows)
{
    size_t high = pt_net_conv_height(l), wide = pt_net_conv_width(l), deep = l->kernel_width * l->in;

    k->spread(y, l->out, bias, rows * high * wide, l->out);
    for (size_t m = 0; m < rows; m++, framed += pt_net_conv_framed(l), x += l->height * l->width * l->in) {
        add_border(l, x, framed);
        for (size_t i = 0; i < high; i++, y += wide * l->out)
            for (size_t r = 0; r < l->kernel_height; r++)
                k->multiply(y, l->out, (pt_net_left){windows(l, framed, i, r), l->stride_width * l->in, 1},
                            weights + r * deep * l->out, l->out, wide, l->out, deep, true);
    }
}

/* What a row of slopes says of the map, window by window: they overlap, so they are added one after the other. */
static void spread_slope(const pt_net_conv *l, const pt_net_kernels *k, const float *turned, const float *slope,
                         float *framed, float *window)
{
    size_t wide = pt_net_conv_width(l), deep = l->kernel_width * l->in;

    k->multiply(window, deep, (pt_net_left){slope, l->out, 1}, turned, deep, wide, deep, l->out, false);
    for (size_t p = 0; p < wide; p++)
        k->add(framed + p * l->stride_width * l->in, window + p * deep, deep);
}

void pt_net_conv_backward(const pt_net_conv *l, const pt_net_kernels *k, const float *turned, const float *framed,
                          const float *slope, float *gradient, float *bias_gradient, float *x_slope, float *scratch,
                          size_t rows)
{
    size_t high = pt_net_conv_height(l), wide = pt_net_conv_width(l), deep = l->kernel_width * l->in;
    float *framed_slope = scratch, *window = scratch + pt_net_conv_framed(l);

    k->add_rows(bias_gradient, slope, l->out, rows * high * wide, l->out);
    for (size_t m = 0; m < rows; m++, framed += pt_net_conv_framed(l)) {
        memset(framed_slope, 0, pt_net_conv_framed(l) * sizeof *framed_slope);
        for (size_t i = 0; i < high; i++, slope += wide * l->out)
            for (size_t r = 0; r < l->kernel_height; r++) {
                pt_net_left seen = {windows(l, framed, i, r), 1, l->stride_width * l->in};
                k->multiply(gradient + r * deep * l->out, l->out, seen, slope, l->out, deep, l->out, wide, true);
                if (x_slope)
                    spread_slope(l, k, turned + r * deep * l->out, slope,
                                 framed_slope + (i * l->stride_height + r) * framed_row(l), window);
            }
        if (x_slope)
            cut_border(l, framed_slope, x_slope + m * l->height * l->width * l->in);
    }
}

size_t pt_net_pool_height(const pt_net_pool *l)
{
    return l->height / l->tile_height;
}

size_t pt_net_pool_width(const pt_net_pool *l)
{
    return l->width / l->tile_width;
}

/* One tile, all channels; x is its corner. */
static void pool_tile(const pt_net_pool *l, const pt_net_kernels *k, const float *x, float *y, float *from)
{
    memcpy(y, x, l->channels * sizeof *y);
    memset(from, 0, l->channels * sizeof *from);
    for (size_t p = 1; p < l->tile_height * l->tile_width; p++)
        k->greater(y, from, x + (p / l->tile_width * l->width + p % l->tile_width) * l->channels, (float)p,
                   l->channels);
}

void pt_net_pool_forward(const pt_net_pool *l, const pt_net_kernels *k, const float *x, float *y, float *from,
                         size_t rows)
{
    for (size_t m = 0; m < rows; m++, x += l->height * l->width * l->channels)
        for (size_t i = 0; i < pt_net_pool_height(l); i++)
            for (size_t j = 0; j < pt_net_pool_width(l); j++, y += l->channels, from += l->channels)
                pool_tile(l, k, x + (i * l->tile_height * l->width + j * l->tile_width) * l->channels, y, from);
}

static void pool_tile_back(const pt_net_pool *l, const pt_net_kernels *k, const float *slope, const float *from,
                           float *x_slope)
{
    for (size_t p = 0; p < l->tile_height * l->tile_width; p++)
        k->greater_back(x_slope + (p / l->tile_width * l->width + p % l->tile_width) * l->channels, slope, from,
                        (float)p, l->channels);
}

void pt_net_pool_backward(const pt_net_pool *l, const pt_net_kernels *k, const float *slope, const float *from,
                          float *x_slope, size_t rows)
{
    size_t map = l->height * l->width * l->channels;

    memset(x_slope, 0, rows * map * sizeof *x_slope);
    for (size_t m = 0; m < rows; m++, x_slope += map)
        for (size_t i = 0; i < pt_net_pool_height(l); i++)
            for (size_t j = 0; j < pt_net_pool_width(l); j++, slope += l->channels, from += l->channels)
                pool_tile_back(l, k, slope, from,
                               x_slope + (i * l->tile_height * l->width + j * l->tile_width) * l->channels);
}
