/* The loops for any machine, and the choice among all of them. */
#include <math.h>

#include "model/kmeans_columns.h"

static bool may_change(const float *slack, const uint16_t *label, size_t n, const pt_settling *s)
{
    bool may = s->all;

    for (size_t i = 0; !may && i < n; i++)
        may = !(s->lost[label[i]] < slack[i]);
    return may;
}

typedef struct two_nearest {
    float best, second;
    uint32_t which;
} two_nearest;

static two_nearest nearest(const float *x, size_t stride, size_t columns, const float *panel)
{
    two_nearest t = {INFINITY, INFINITY, 0};
    float v[PT_PANEL] = {0};

    for (size_t c = 0; c < columns; c++) {
        for (size_t j = 0; j < PT_PANEL; j++) {
            float apart = x[c * stride] - panel[c * PT_PANEL + j];
            v[j] = fmaf(apart, apart, v[j]);
        }
    }
    for (uint32_t j = 0; j < PT_PANEL; j++) {
        t.second = fminf(t.second, fmaxf(v[j], t.best));
        t.which = v[j] < t.best ? j : t.which;
        t.best = fminf(v[j], t.best);
    }
    return t;
}

static size_t settle(uint32_t *changed, uint32_t *was, float *slack, uint16_t *label, const float *x, size_t stride,
                     size_t columns, size_t n, const pt_settling *s)
{
    size_t found = 0;

    for (size_t at = 0; at < n; at += PT_SETTLE_ROWS) {
        size_t end = n - at < PT_SETTLE_ROWS ? n : at + PT_SETTLE_ROWS;
        if (!may_change(slack + at, label + at, end - at, s))
            continue;
        for (size_t i = at; i < end; i++) {
            two_nearest t = nearest(x + i, stride, columns, s->panel);
            slack[i] = sqrtf(t.second) * s->narrow - sqrtf(t.best) * s->wide + s->sunk + s->moved[t.which];
            changed[found] = (uint32_t)i;
            was[found] = label[i];
            found += label[i] != t.which;
            label[i] = (uint16_t)t.which;
        }
    }
    return found;
}

static void add_by_label(double sum[PT_PANEL * 8], const float *x, const uint16_t *label, size_t n)
{
    for (size_t i = 0; i < n; i += 8)
        for (size_t l = 0; l < 8; l++)
            sum[label[i + l] * 8 + l] += (double)x[i + l];
}

static void add_up(double sum[8], double square[8], const float *x, size_t n, float origin)
{
    for (size_t i = 0; i < n; i += 8) {
        for (size_t l = 0; l < 8; l++) {
            double v = (double)x[i + l] - (double)origin;
            sum[l] += v;
            square[l] += v * v;
        }
    }
}

static const pt_columns_kernels table = {"plain", settle, add_by_label, add_up};

const pt_columns_kernels *pt_columns_kernels_plain(void)
{
    return &table;
}

const pt_columns_kernels *pt_columns_kernels_best(void)
{
    const pt_columns_kernels *best = pt_columns_kernels_avx512();

    best = best ? best : pt_columns_kernels_avx2();
    return best ? best : &table;
}
