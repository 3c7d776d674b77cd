/* The loops for any machine, and the choice among all of them. */
#include <math.h>
#include <string.h>

#include "model/kmeans_kernels.h"

static void eight_centres(float sums[PT_PANEL], const float *row, size_t columns, const float *panel)
{
    for (size_t j = 0; j < PT_PANEL; j++)
        sums[j] = 0;
    for (size_t c = 0; c < columns; c++) {
        for (size_t j = 0; j < PT_PANEL; j++) {
            float apart = row[c] - panel[c * PT_PANEL + j];
            sums[j] = fmaf(apart, apart, sums[j]);
        }
    }
}

static void nearest(float *best, float *second, uint32_t *which, const float *rows, size_t columns,
                    const uint32_t *list, size_t n, const float *panel)
{
    for (size_t i = 0; i < n; i++) {
        float v[PT_PANEL];
        eight_centres(v, rows + (size_t)list[i] * columns, columns, panel);
        best[i] = v[0];
        second[i] = INFINITY;
        which[i] = 0;
        for (uint32_t j = 1; j < PT_PANEL; j++) {
            second[i] = fminf(second[i], fmaxf(v[j], best[i]));
            if (v[j] < best[i])
                which[i] = j;
            best[i] = fminf(v[j], best[i]);
        }
    }
}

static void distances(float *out, const float *rows, size_t columns, const uint32_t *list, size_t n, const float *panel)
{
    for (size_t i = 0; i < n; i++)
        eight_centres(out + i * PT_PANEL, rows + (size_t)list[i] * columns, columns, panel);
}

static size_t suspects(uint32_t *list, const float *upper, const uint16_t *label, const float *lower, size_t n,
                       const float *moved, float sunk, float slop)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++) {
        list[found] = (uint32_t)i;
        found += !(upper[i] + moved[label[i]] + slop < lower[i] - sunk);
    }
    return found;
}

static bool cells(uint16_t *cell, const float *x, size_t stride, size_t columns, size_t n, const pt_code *code)
{
    uint32_t strange = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t sum = 0;
        for (size_t c = 0; c < columns; c++) {
            uint32_t value;
            memcpy(&value, &x[c * stride + i], sizeof value);
            uint32_t slot = pt_code_slot(&code[c], value);
            strange |= code[c].value[slot] ^ value;
            sum += code[c].code[slot];
        }
        cell[i] = (uint16_t)sum;
    }
    return strange == 0;
}

static const pt_kmeans_kernels table = {"plain", nearest, distances, suspects, cells};

const pt_kmeans_kernels *pt_kmeans_kernels_plain(void)
{
    return &table;
}

const pt_kmeans_kernels *pt_kmeans_kernels_best(void)
{
    const pt_kmeans_kernels *best = pt_kmeans_kernels_avx2();

    return best ? best : &table;
}
