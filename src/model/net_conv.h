/* Convolution and max pooling over maps of height x width x channels, the channels of a place side by side. A sequence of days is
 * a map of height 1; a picture is one of height 28. Borders are filled with zeros; weights lie as [kernel_height][kernel_width]
 * [in][out] (PyTorch: [out][in][height][width]; oneDNN calls this order hwio).
 *
 * The windows of a row of the map overlap in memory: as rows of a matrix they begin stride x channels apart, so a convolution is
 * a product of matrices, one for each row of the kernel, and nothing is copied. */
#ifndef PT_MODEL_NET_CONV_H
#define PT_MODEL_NET_CONV_H

#include "model/net_kernels.h"

typedef struct pt_net_conv {
    size_t in, out;       /* channels */
    size_t height, width; /* of what comes in */
    size_t kernel_height, kernel_width;
    size_t stride_height, stride_width;
    size_t border_height, border_width; /* zeros on each side */
} pt_net_conv;

size_t pt_net_conv_height(const pt_net_conv *l); /* of what goes out; 0 when the kernel does not fit */
size_t pt_net_conv_width(const pt_net_conv *l);
/* Floats of one map with its border, and of what a way back needs beside it. */
size_t pt_net_conv_framed(const pt_net_conv *l);
size_t pt_net_conv_scratch(const pt_net_conv *l);

/* x[rows] maps -> y[rows] maps. `framed` [rows * pt_net_conv_framed] keeps x with its border for the way back. */
void pt_net_conv_forward(const pt_net_conv *l, const pt_net_kernels *k, const float *weights, const float *bias,
                         const float *x, float *framed, float *y, size_t rows);
/* slope is that of y. Adds to the gradients. x_slope (may be NULL) is overwritten; `turned` holds, for each row of the kernel,
 * [out][kernel_width * in]; scratch [pt_net_conv_scratch]. */
void pt_net_conv_backward(const pt_net_conv *l, const pt_net_kernels *k, const float *turned, const float *framed,
                          const float *slope, float *gradient, float *bias_gradient, float *x_slope, float *scratch,
                          size_t rows);

/* The greatest of each tile of tile_height x tile_width places, at most 2^20; what is left at the far edges is dropped. */
typedef struct pt_net_pool {
    size_t channels, height, width, tile_height, tile_width;
} pt_net_pool;

size_t pt_net_pool_height(const pt_net_pool *l);
size_t pt_net_pool_width(const pt_net_pool *l);
/* from[...]: at which place of its tile each value of y was, row by row; the first of equals. */
void pt_net_pool_forward(const pt_net_pool *l, const pt_net_kernels *k, const float *x, float *y, float *from,
                         size_t rows);
void pt_net_pool_backward(const pt_net_pool *l, const pt_net_kernels *k, const float *slope, const float *from,
                          float *x_slope, size_t rows);

#endif
