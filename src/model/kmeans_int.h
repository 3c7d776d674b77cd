/* What the files of k-means share. */
#ifndef PT_MODEL_KMEANS_INT_H
#define PT_MODEL_KMEANS_INT_H

#include "base/rng.h"
#include "model/kmeans.h"
#include "model/kmeans_columns.h"
#include "model/kmeans_kernels.h"

enum {
    PT_KMEANS_TILE = 1024, /* rows that are looked at together: their lists and bounds lie in the nearest cache */
    PT_KMEANS_DIFFERENT = 2048,
    PT_KMEANS_PARTS = 64,  /* at most */
    PT_KMEANS_PROBE = 4096 /* rows by which it is decided whether there are few different ones */
};

/* The rows, cut into parts for the threads: by the number of rows alone. */
typedef struct pt_points {
    pt_matrix x;   /* column by column: the matrix that was given, or `values` */
    float *values; /* owned, where rows were merged; else NULL */
    float *rows;   /* n * columns: the same one after the other, when pt_points_lay_out was called; owned */
    size_t n, columns;
    double *weight; /* n; owned; NULL: 1 each */
    /* Where rows were merged, all owned: of each row of the matrix its number among those of its part, and of these the point
     * that stands for it: number[part * ids + id]. Else NULL. */
    uint16_t *id, *number;
    size_t ids;      /* of a part, at most PT_KMEANS_DIFFERENT */
    size_t id_rows;  /* of a part */
    double total;    /* of the weights */
    double squares;  /* weighted sum of the squares of all values */
    double variance; /* weighted, the mean of the columns' */
    size_t parts, part_rows;
    const pt_kmeans_kernels *kernels;
    pt_pool *pool;
} pt_points;

static inline double pt_point_weight(const pt_points *p, size_t i)
{
    return p->weight ? p->weight[i] : 1;
}

static inline float pt_point_value(const pt_points *p, size_t i, size_t column)
{
    return p->x.values[column * p->x.stride + i];
}

/* Of rows that are laid out. */
static inline const float *pt_point(const pt_points *p, size_t i)
{
    return p->rows + i * p->columns;
}

/* Rows [*begin, end) of a part. */
static inline size_t pt_points_part(const pt_points *p, size_t part, size_t *begin)
{
    size_t end = (part + 1) * p->part_rows;

    *begin = part * p->part_rows;
    return end < p->n ? end : p->n;
}

/* Every row of the matrix. Free in any case. */
pt_rc pt_points_all(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err);
/* Each different row once, if there are at most PT_KMEANS_DIFFERENT; else out->n is 0. Free in any case. */
pt_rc pt_points_different(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err);
/* The same where every column has few values, as scores have, by the first rows; else, or when there are more of them after all,
 * out->n is 0. Points are in the order of their columns' values, as those come in the first rows. */
pt_rc pt_points_cells(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err);
/* Of out n, columns, pool and weight are set: fills in the rest from x, which is to stay. */
pt_rc pt_points_fill(pt_points *out, const pt_matrix *x, pt_err *err);
/* What looks at single rows here and there wants them one after the other. */
pt_rc pt_points_lay_out(pt_points *p, pt_err *err);
void pt_points_free(pt_points *p);
/* out[row] = of_point[its point], for the rows of the matrix; rows were merged. */
pt_rc pt_points_spread(uint32_t *out, const pt_points *p, const uint32_t *of_point, size_t rows, pt_err *err);

/* Writes the (k + 7) / 8 panels of k centres. */
void pt_kmeans_panels(float *panel, const float *centres, uint32_t k, size_t columns);

/* The nearest centre of rows list[0..n), and the squared distance to it. */
void pt_kmeans_look(float *best, uint32_t *place, const pt_kmeans_kernels *kernels, const float *rows, size_t columns,
                    const uint32_t *list, size_t n, const float *panel, uint32_t panels);

/* centres[k * columns], chosen among the points; *k becomes less when there are fewer different ones. */
pt_rc pt_kmeans_choose(float *centres, uint32_t *k, const pt_points *p, pt_kmeans_init init, pt_rng *rng, pt_err *err);

/* Iterates from m->centres (k, columns set); fills the rest but `label`, which it fills where it is not NULL. */
pt_rc pt_kmeans_iterate(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *options, pt_err *err);
/* Mini-batches from m->centres; then labels, sizes and inertia of all points. */
pt_rc pt_kmeans_batches(pt_kmeans *m, const pt_points *p, const pt_kmeans_options *options, pt_rng *rng, pt_err *err);

#endif
