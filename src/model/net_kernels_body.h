/* The loops of net_kernels.h. A file that includes this defines KERNEL_TARGET (the attribute of every function), KERNEL_NAME, a
 * vector type `lanes` of LANES floats, the V_ operations over it, and TILE_ROWS, the rows of a tile of a product. */
#include "model/net_kernels.h"

#define LOOP static KERNEL_TARGET
#define STEP static inline __attribute__((always_inline)) KERNEL_TARGET

enum {
    TILE_VECTORS = 3, /* a tile is TILE_ROWS x (TILE_VECTORS * LANES) sums, all in registers */
    DEPTH = 128       /* products summed before a tile is put away: what is read of b then stays in the nearest cache */
};

/* --- products ------------------------------------------------------------------------------------------------------- */

typedef struct place {
    float *c;
    size_t ldc;
    pt_net_left a;
    const float *b;
    size_t ldb, k;
    bool add;
} place;

/* One tile. `rows`, `vectors` and `whole` are constants where it is called; `last` lanes count in the last vector unless whole. */
STEP void tile(const place *p, size_t rows, size_t vectors, bool whole, size_t last)
{
    lanes sum[TILE_ROWS][TILE_VECTORS], right[TILE_VECTORS];

#pragma GCC unroll 8
    for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 3
        for (size_t j = 0; j < vectors; j++) {
            const float *at = p->c + i * p->ldc + j * LANES;
            sum[i][j] = !p->add ? V_SET(0.0f) : whole || j + 1 < vectors ? V_LOAD(at) : V_LOAD_SOME(at, last);
        }
    const float *a = p->a.values, *b = p->b;
    for (size_t k = 0; k < p->k; k++, a += p->a.column, b += p->ldb) {
#pragma GCC unroll 3
        for (size_t j = 0; j < vectors; j++)
            right[j] = whole || j + 1 < vectors ? V_LOAD(b + j * LANES) : V_LOAD_SOME(b + j * LANES, last);
#pragma GCC unroll 8
        for (size_t i = 0; i < rows; i++) {
            lanes left = V_SET(a[i * p->a.row]);
#pragma GCC unroll 3
            for (size_t j = 0; j < vectors; j++)
                sum[i][j] = V_FMA(left, right[j], sum[i][j]);
        }
    }
#pragma GCC unroll 8
    for (size_t i = 0; i < rows; i++)
#pragma GCC unroll 3
        for (size_t j = 0; j < vectors; j++) {
            float *at = p->c + i * p->ldc + j * LANES;
            if (whole || j + 1 < vectors)
                V_STORE(at, sum[i][j]);
            else
                V_STORE_SOME(at, sum[i][j], last);
        }
}

/* Tiles one under another: all rows of a strip of columns. */
#define STRIP(name, vectors, whole)                                 \
    LOOP void name(place p, size_t m, size_t last)                  \
    {                                                               \
        for (; m >= TILE_ROWS; m -= TILE_ROWS, down(&p, TILE_ROWS)) \
            tile(&p, TILE_ROWS, vectors, whole, last);              \
        for (; m >= 2; m -= 2, down(&p, 2))                         \
            tile(&p, 2, vectors, whole, last);                      \
        if (m)                                                      \
            tile(&p, 1, vectors, whole, last);                      \
    }

STEP void down(place *p, size_t rows)
{
    p->c += rows * p->ldc;
    p->a.values += rows * p->a.row;
}

STRIP(strip_3, 3, true)
STRIP(strip_2, 2, true)
STRIP(strip_1, 1, true)
STRIP(strip_rest, 1, false)

/* Strips of three vectors, but four are cut in halves: a strip of one has too few sums under way at a time. */
LOOP void multiply_block(place p, size_t m, size_t n)
{
    for (size_t left = n / LANES; left;) {
        size_t take = left == 4 || left == 2 ? 2 : left < 3 ? left : 3;
        if (take == 3)
            strip_3(p, m, LANES);
        else if (take == 2)
            strip_2(p, m, LANES);
        else
            strip_1(p, m, LANES);
        left -= take;
        p.c += take * LANES;
        p.b += take * LANES;
    }
    if (n % LANES)
        strip_rest(p, m, n % LANES);
}

LOOP void multiply(float *c, size_t ldc, pt_net_left a, const float *b, size_t ldb, size_t m, size_t n, size_t k,
                   bool add)
{
    size_t done = 0;

    do {
        size_t depth = k - done < DEPTH ? k - done : DEPTH;
        pt_net_left left = {a.values + done * a.column, a.row, a.column};
        multiply_block((place){c, ldc, left, b + done * ldb, ldb, depth, add || done}, m, n);
        done += depth;
    } while (done < k);
}

/* --- element by element --------------------------------------------------------------------------------------------- */

/* Runs `whole` at every i in steps of LANES and `some` for the n - i that are left. */
#define EACH(n, whole, some)                   \
    do {                                       \
        size_t i = 0;                          \
        for (; i + LANES <= (n); i += LANES) { \
            whole;                             \
        }                                      \
        if (i < (n)) {                         \
            size_t left = (n)-i;               \
            some;                              \
        }                                      \
    } while (0)

LOOP void spread(float *c, size_t ldc, const float *row, size_t m, size_t n)
{
    for (size_t r = 0; r < m; r++, c += ldc)
        EACH(n, V_STORE(c + i, V_LOAD(row + i)), V_STORE_SOME(c + i, V_LOAD_SOME(row + i, left), left));
}

LOOP void add(float *into, const float *from, size_t n)
{
    EACH(n, V_STORE(into + i, V_ADD(V_LOAD(into + i), V_LOAD(from + i))),
         V_STORE_SOME(into + i, V_ADD(V_LOAD_SOME(into + i, left), V_LOAD_SOME(from + i, left)), left));
}

LOOP void add_rows(float *sums, const float *c, size_t ldc, size_t m, size_t n)
{
    for (size_t r = 0; r < m; r++)
        add(sums, c + r * ldc, n);
}

/* e^x to 1 unit in the last place: Cephes' expf (Moshier), with its reduction by fused multiply-adds. Below -87 it is that of -87. */
STEP lanes exponential(lanes x)
{
    lanes low = V_SET(-87.0f), high = V_SET(88.0f);

    x = V_IF_LESS(x, low, low, x);
    x = V_IF_LESS(high, x, high, x);
    lanes n = V_ROUND(V_MUL(x, V_SET(1.44269504088896341f)));
    lanes r = V_FMA(n, V_SET(-0.693359375f), x);
    r = V_FMA(n, V_SET(2.12194440e-4f), r);
    lanes p = V_SET(1.9875691500e-4f);
    p = V_FMA(p, r, V_SET(1.3981999507e-3f));
    p = V_FMA(p, r, V_SET(8.3334519073e-3f));
    p = V_FMA(p, r, V_SET(4.1665795894e-2f));
    p = V_FMA(p, r, V_SET(1.6666665459e-1f));
    p = V_FMA(p, r, V_SET(5.0000001201e-1f));
    return V_MUL(V_ADD(V_FMA(p, V_MUL(r, r), r), V_SET(1.0f)), V_POWER_OF_TWO(n));
}

STEP lanes sigmoid_of(lanes x)
{
    lanes one = V_SET(1.0f);

    return V_DIV(one, V_ADD(one, exponential(V_SUB(V_SET(0.0f), x))));
}

/* Cephes' tanhf: a polynomial near 0, where 1 - 2 / (e^2x + 1) would lose digits. */
STEP lanes tanh_of(lanes x)
{
    lanes size = V_ABS(x), z = V_MUL(x, x), one = V_SET(1.0f);
    lanes p = V_SET(-5.70498872745e-3f);
    p = V_FMA(p, z, V_SET(2.06390887954e-2f));
    p = V_FMA(p, z, V_SET(-5.37397155531e-2f));
    p = V_FMA(p, z, V_SET(1.33314422036e-1f));
    p = V_FMA(p, z, V_SET(-3.33332819422e-1f));
    lanes near = V_FMA(V_MUL(p, z), x, x);
    lanes far = V_SUB(one, V_DIV(V_SET(2.0f), V_ADD(exponential(V_ADD(size, size)), one)));

    return V_IF_LESS(size, V_SET(0.625f), near, V_SIGNED_AS(far, x));
}

#define MAP(name, of)                                                                                        \
    LOOP void name(float *v, size_t n)                                                                       \
    {                                                                                                        \
        EACH(n, V_STORE(v + i, of(V_LOAD(v + i))), V_STORE_SOME(v + i, of(V_LOAD_SOME(v + i, left)), left)); \
    }

STEP lanes relu_of(lanes x)
{
    lanes zero = V_SET(0.0f);

    return V_IF_LESS(zero, x, x, zero);
}

MAP(tanh_all, tanh_of)
MAP(sigmoid_all, sigmoid_of)
MAP(relu, relu_of)

LOOP void relu_back(float *slope, const float *after, size_t n)
{
    lanes zero = V_SET(0.0f);

    EACH(n, V_STORE(slope + i, V_IF_LESS(zero, V_LOAD(after + i), V_LOAD(slope + i), zero)),
         V_STORE_SOME(slope + i, V_IF_LESS(zero, V_LOAD_SOME(after + i, left), V_LOAD_SOME(slope + i, left), zero),
                      left));
}

/* Loads and stores of whole vectors, or of what is left of a row; `whole` is a constant where it is used. */
#define GET(p) (whole ? V_LOAD(p) : V_LOAD_SOME(p, left))
#define PUT(p, v)                        \
    do {                                 \
        lanes put_ = (v);                \
        if (whole)                       \
            V_STORE(p, put_);            \
        else                             \
            V_STORE_SOME(p, put_, left); \
    } while (0)

/* The place of the greatest so far, of which there are as many as fit a float's whole numbers. */
STEP void greater_some(float *most, float *place_of, const float *v, float at, bool whole, size_t left)
{
    lanes best = GET(most), here = GET(v);

    PUT(place_of, V_IF_LESS(best, here, V_SET(at), GET(place_of)));
    PUT(most, V_IF_LESS(best, here, here, best));
}

LOOP void greater(float *most, float *place_of, const float *v, float at, size_t n)
{
    EACH(n, greater_some(most + i, place_of + i, v + i, at, true, LANES),
         greater_some(most + i, place_of + i, v + i, at, false, left));
}

STEP void greater_back_some(float *slope, const float *of_most, const float *place_of, float at, bool whole,
                            size_t left)
{
    lanes from = GET(place_of), zero = V_SET(0.0f), here = V_IF_LESS(from, V_SET(at), zero, GET(of_most));

    PUT(slope, V_IF_LESS(V_SET(at), from, zero, here));
}

LOOP void greater_back(float *slope, const float *of_most, const float *place_of, float at, size_t n)
{
    EACH(n, greater_back_some(slope + i, of_most + i, place_of + i, at, true, LANES),
         greater_back_some(slope + i, of_most + i, place_of + i, at, false, left));
}

/* --- gates ---------------------------------------------------------------------------------------------------------- */

STEP void gru_units(float *g, const float *before, float *after, size_t h, bool whole, size_t left)
{
    lanes r = sigmoid_of(GET(g + h)), z = sigmoid_of(GET(g + 2 * h));
    lanes n = tanh_of(V_FMA(r, GET(g + 3 * h), GET(g)));

    PUT(g, n);
    PUT(g + h, r);
    PUT(g + 2 * h, z);
    PUT(after, V_FMA(z, V_SUB(GET(before), n), n));
}

LOOP void gru(float *gates, const float *before, float *after, size_t rows, size_t h)
{
    for (size_t r = 0; r < rows; r++, gates += 4 * h, before += h, after += h)
        EACH(h, gru_units(gates + i, before + i, after + i, h, true, LANES),
             gru_units(gates + i, before + i, after + i, h, false, left));
}

STEP void gru_units_back(float *g, const float *before, float *slope, size_t h, bool whole, size_t left)
{
    lanes one = V_SET(1.0f), n = GET(g), r = GET(g + h), z = GET(g + 2 * h), s = GET(slope);
    lanes at_n = V_MUL(V_MUL(s, V_SUB(one, z)), V_SUB(one, V_MUL(n, n)));
    lanes at_r = V_MUL(V_MUL(at_n, GET(g + 3 * h)), V_MUL(r, V_SUB(one, r)));
    lanes at_z = V_MUL(V_MUL(s, V_SUB(GET(before), n)), V_MUL(z, V_SUB(one, z)));

    PUT(g, at_n);
    PUT(g + h, at_r);
    PUT(g + 2 * h, at_z);
    PUT(g + 3 * h, V_MUL(at_n, r));
    PUT(slope, V_MUL(s, z));
}

LOOP void gru_back(float *gates, const float *before, float *slope, size_t rows, size_t h)
{
    for (size_t r = 0; r < rows; r++, gates += 4 * h, before += h, slope += h)
        EACH(h, gru_units_back(gates + i, before + i, slope + i, h, true, LANES),
             gru_units_back(gates + i, before + i, slope + i, h, false, left));
}

STEP void lstm_units(float *g, const float *cell, float *cell_after, float *after, size_t h, bool whole, size_t left)
{
    lanes in = sigmoid_of(GET(g)), keep = sigmoid_of(GET(g + h)), fresh = tanh_of(GET(g + 2 * h));
    lanes out = sigmoid_of(GET(g + 3 * h));
    lanes c = V_FMA(keep, GET(cell), V_MUL(in, fresh));

    PUT(g, in);
    PUT(g + h, keep);
    PUT(g + 2 * h, fresh);
    PUT(g + 3 * h, out);
    PUT(cell_after, c);
    PUT(after, V_MUL(out, tanh_of(c)));
}

LOOP void lstm(float *gates, const float *cell, float *cell_after, float *after, size_t rows, size_t h)
{
    for (size_t r = 0; r < rows; r++, gates += 4 * h, cell += h, cell_after += h, after += h)
        EACH(h, lstm_units(gates + i, cell + i, cell_after + i, after + i, h, true, LANES),
             lstm_units(gates + i, cell + i, cell_after + i, after + i, h, false, left));
}

STEP void lstm_units_back(float *g, const float *cell, const float *cell_after, const float *slope, float *cell_slope,
                          size_t h, bool whole, size_t left)
{
    lanes one = V_SET(1.0f), in = GET(g), keep = GET(g + h), fresh = GET(g + 2 * h), out = GET(g + 3 * h);
    lanes s = GET(slope), t = tanh_of(GET(cell_after));
    lanes at_c = V_FMA(V_MUL(s, out), V_SUB(one, V_MUL(t, t)), GET(cell_slope));

    PUT(g, V_MUL(V_MUL(at_c, fresh), V_MUL(in, V_SUB(one, in))));
    PUT(g + h, V_MUL(V_MUL(at_c, GET(cell)), V_MUL(keep, V_SUB(one, keep))));
    PUT(g + 2 * h, V_MUL(V_MUL(at_c, in), V_SUB(one, V_MUL(fresh, fresh))));
    PUT(g + 3 * h, V_MUL(V_MUL(s, t), V_MUL(out, V_SUB(one, out))));
    PUT(cell_slope, V_MUL(at_c, keep));
}

LOOP void lstm_back(float *gates, const float *cell, const float *cell_after, const float *slope, float *cell_slope,
                    size_t rows, size_t h)
{
    for (size_t r = 0; r < rows; r++, gates += 4 * h, cell += h, cell_after += h, slope += h, cell_slope += h)
        EACH(h, lstm_units_back(gates + i, cell + i, cell_after + i, slope + i, cell_slope + i, h, true, LANES),
             lstm_units_back(gates + i, cell + i, cell_after + i, slope + i, cell_slope + i, h, false, left));
}

/* --- learning ------------------------------------------------------------------------------------------------------- */

STEP void adam_some(float *w, float *mean, float *square, const float *gradient, const pt_net_adam *how, bool whole,
                    size_t left)
{
    lanes g = V_MUL(GET(gradient), V_SET(how->scale));
    lanes m = V_FMA(V_SUB(g, GET(mean)), V_SET(how->fresh1), GET(mean));
    lanes v = V_FMA(V_MUL(g, g), V_SET(how->fresh2), V_MUL(GET(square), V_SET(how->decay2)));
    lanes below = V_FMA(V_SQRT(v), V_SET(how->correction2), V_SET(how->epsilon));

    PUT(mean, m);
    PUT(square, v);
    PUT(w, V_SUB(GET(w), V_DIV(V_MUL(V_SET(how->rate), m), below)));
}

LOOP void adam(float *weights, float *mean, float *square, const float *gradient, size_t n, const pt_net_adam *how)
{
    EACH(n, adam_some(weights + i, mean + i, square + i, gradient + i, how, true, LANES),
         adam_some(weights + i, mean + i, square + i, gradient + i, how, false, left));
}

static const pt_net_kernels table = {
    .name = KERNEL_NAME,
    .multiply = multiply,
    .spread = spread,
    .add_rows = add_rows,
    .add = add,
    .tanh = tanh_all,
    .sigmoid = sigmoid_all,
    .gru = gru,
    .gru_back = gru_back,
    .lstm = lstm,
    .lstm_back = lstm_back,
    .relu = relu,
    .relu_back = relu_back,
    .greater = greater,
    .greater_back = greater_back,
    .adam = adam,
};
