/* Equal rows where every column has few values: a row is a cell of a small grid, and cells are counted. */
#include <stdlib.h>

#include "model/kmeans_int.h"

enum { MOST_CELLS = PT_KMEANS_DIFFERENT, MOST_VALUES = 64, FACTORS = 64, CHUNK = 2048 };

/* The values of a column, in the order of their first row, and their codes: their number times the cells of the columns before. */
typedef struct axis {
    uint32_t value[MOST_VALUES], n, step;
    pt_code *code;
} axis;

/* What a part has of a cell. */
typedef struct cell_sum {
    double weight;
    uint32_t rows;
} cell_sum;

typedef struct counting {
    const pt_matrix *x;
    const float *weight;
    axis *axes;
    pt_code *codes; /* of the axes */
    const pt_kmeans_kernels *kernels;
    uint32_t cells;
    size_t part_rows;
    uint16_t *id;      /* rows: their cell */
    cell_sum *of_part; /* parts * cells */
    bool strange;      /* a value was not among the first rows'; set by any thread, only ever to true */
} counting;

static uint32_t bits_of(float v)
{
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

/* False when there are too many. */
static bool find_values(axis *a, const float *column)
{
    a->n = 0;
    for (size_t i = 0; i < PT_KMEANS_PROBE; i++) {
        uint32_t value = bits_of(column[i]), at = 0;
        while (at < a->n && a->value[at] != value)
            at++;
        if (at == MOST_VALUES)
            return false;
        a->value[at] = value;
        a->n += at == a->n;
    }
    return true;
}

/* Each value into a slot of its own; false where two want the same. */
static bool place_values(axis *a)
{
    bool taken[PT_CODE_SLOTS] = {false};

    for (uint32_t i = 0; i < a->n; i++) {
        uint32_t slot = pt_code_slot(a->code, a->value[i]);
        if (taken[slot])
            return false;
        taken[slot] = true;
        a->code->value[slot] = a->value[i];
        a->code->code[slot] = i * a->step;
    }
    uint32_t home = pt_code_slot(a->code, a->value[0]);
    for (uint32_t slot = 0; slot < PT_CODE_SLOTS; slot++) {
        if (!taken[slot]) {
            a->code->value[slot] = a->code->value[home];
            a->code->code[slot] = 0;
        }
    }
    return true;
}

/* The smallest table without collisions that a few factors give. */
static bool make_code(axis *a)
{
    for (a->code->bits = PT_CODE_FEWEST_BITS; 1U << a->code->bits <= PT_CODE_SLOTS; a->code->bits++) {
        for (uint32_t f = 0; a->n <= 1U << a->code->bits && f < FACTORS; f++) {
            a->code->factor = UINT32_C(0x9e3779b1) * (2 * f + 1);
            if (place_values(a))
                return true;
        }
    }
    return false;
}

/* The number of cells; 0 when there are too many. */
static uint32_t make_axes(axis *axes, const pt_matrix *x)
{
    uint32_t cells = 1;

    for (size_t c = 0; c < x->columns; c++) {
        axes[c].step = cells;
        if (!find_values(&axes[c], pt_matrix_column(x, c)) || !make_code(&axes[c]))
            return 0;
        cells *= axes[c].n;
        if (cells > MOST_CELLS)
            return 0;
    }
    return cells;
}

/* Four counts side by side: rows of the same cell often follow each other, and a count waits for the one before it. Four cells are
 * read at once: there is more to do than loads can keep up with. */
static void count_chunk(uint32_t count[][4], const uint16_t *cell, size_t n)
{
    size_t whole = n & ~(size_t)3;

    for (size_t i = 0; i < whole; i += 4) {
        uint64_t four;
        memcpy(&four, cell + i, sizeof four);
        count[four & 0xffff][0]++;
        count[four >> 16 & 0xffff][1]++;
        count[four >> 32 & 0xffff][2]++;
        count[four >> 48][3]++;
    }
    for (size_t i = whole; i < n; i++)
        count[cell[i]][0]++;
}

static pt_rc count_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    counting *k = arg;
    size_t begin = part * k->part_rows, end = begin + k->part_rows < k->x->rows ? begin + k->part_rows : k->x->rows;
    cell_sum *sum = k->of_part + part * k->cells;
    uint32_t count[MOST_CELLS][4];

    (void)worker, (void)err;
    memset(count, 0, k->cells * sizeof *count);
    for (size_t at = begin; at < end; at += CHUNK) {
        size_t n = end - at < CHUNK ? end - at : CHUNK;
        if (__atomic_load_n(&k->strange, __ATOMIC_RELAXED) ||
            !k->kernels->cells(k->id + at, k->x->values + at, k->x->stride, k->x->columns, n, k->codes)) {
            __atomic_store_n(&k->strange, true, __ATOMIC_RELAXED);
            return PT_OK;
        }
        count_chunk(count, k->id + at, n);
        for (size_t i = 0; k->weight && i < n; i++)
            sum[k->id[at + i]].weight += (double)k->weight[at + i];
    }
    for (uint32_t i = 0; i < k->cells; i++) {
        sum[i].rows = count[i][0] + count[i][1] + count[i][2] + count[i][3];
        sum[i].weight = k->weight ? sum[i].weight : (double)sum[i].rows;
    }
    return PT_OK;
}

/* point[cell]: its number among those that have rows; their number. */
static uint32_t number_cells(uint16_t *point, double *weight, const counting *k, size_t parts)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < k->cells; i++) {
        uint64_t rows = 0;
        weight[n] = 0;
        for (size_t part = 0; part < parts; part++) {
            rows += k->of_part[part * k->cells + i].rows;
            weight[n] += k->of_part[part * k->cells + i].weight;
        }
        point[i] = (uint16_t)n;
        n += rows > 0;
    }
    return n;
}

/* The cells with rows become points; out->weight and out->number are there. */
static pt_rc points_of_cells(pt_points *out, const counting *k, size_t parts, pt_err *err)
{
    uint32_t n = number_cells(out->number, out->weight, k, parts);
    float *values = out->values = pt_alloc64((size_t)n * k->x->columns, sizeof *values);
    pt_matrix few = {values, n, k->x->columns, n};

    if (!values)
        return pt_fail_nomem(err, "clustering");
    for (size_t part = 1; part < parts; part++)
        memcpy(out->number + part * k->cells, out->number, k->cells * sizeof *out->number);
    /* Cells without rows are written, too, where the next one with rows then is; after the last there is no room. */
    for (uint32_t i = 0; i < k->cells; i++)
        for (size_t c = 0; out->number[i] < n && c < k->x->columns; c++)
            memcpy(&values[c * n + out->number[i]], &k->axes[c].value[i / k->axes[c].step % k->axes[c].n],
                   sizeof *values);
    out->n = n;
    return pt_points_fill(out, &few, err);
}

static pt_rc count_cells(pt_points *out, counting *k, pt_err *err)
{
    size_t parts = (k->x->rows + k->part_rows - 1) / k->part_rows;

    out->id = k->id = pt_alloc64(k->x->rows, sizeof *k->id);
    out->number = pt_zalloc(parts * k->cells, sizeof *out->number);
    out->ids = k->cells;
    out->weight = pt_zalloc(k->cells + 1, sizeof *out->weight);
    out->id_rows = k->part_rows;
    k->of_part = pt_zalloc(parts * k->cells, sizeof *k->of_part);
    pt_rc rc = out->id && out->number && out->weight && k->of_part ? PT_OK : pt_fail_nomem(err, "clustering");
    if (rc == PT_OK)
        rc = pt_pool_run(out->pool, parts, count_part, k, err);
    if (rc == PT_OK && !k->strange)
        rc = points_of_cells(out, k, parts, err);
    free(k->of_part);
    return rc;
}

pt_rc pt_points_cells(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err)
{
    counting k = {.x = x, .weight = weight, .kernels = pt_kmeans_kernels_best()};
    pt_rc rc = PT_OK;

    *out = (pt_points){.columns = x->columns, .pool = pool};
    if (x->rows < 2 * PT_KMEANS_PROBE)
        return PT_OK;
    k.axes = pt_alloc64(x->columns, sizeof *k.axes);
    k.codes = pt_alloc64(x->columns, sizeof *k.codes);
    if (!k.axes || !k.codes)
        rc = pt_fail_nomem(err, "clustering");
    for (size_t c = 0; rc == PT_OK && c < x->columns; c++)
        k.axes[c].code = &k.codes[c];
    k.part_rows = (x->rows + PT_KMEANS_PARTS - 1) / PT_KMEANS_PARTS;
    k.cells = rc == PT_OK ? make_axes(k.axes, x) : 0;
    if (k.cells > 0)
        rc = count_cells(out, &k, err);
    free(k.axes);
    free(k.codes);
    if (rc == PT_OK && out->n == 0) {
        pt_points_free(out);
        *out = (pt_points){.columns = x->columns, .pool = pool};
    }
    return rc;
}
