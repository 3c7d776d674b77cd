/* Rows for k-means: one after the other, equal ones once where that pays. */
#include <math.h>
#include <stdlib.h>

#include "model/kmeans_int.h"

enum { MOST_PARTS = PT_KMEANS_PARTS, PART_LEAST = 8 * PT_KMEANS_TILE, BLOCK = 64 };

void pt_points_free(pt_points *p)
{
    free(p->values);
    free(p->rows);
    free(p->weight);
    free(p->id);
    free(p->number);
    *p = (pt_points){0};
}

void pt_kmeans_panels(float *panel, const float *centres, uint32_t k, size_t columns)
{
    size_t places = (k + PT_PANEL - 1) / PT_PANEL * PT_PANEL;

    for (size_t j = 0; j < places; j++)
        for (size_t c = 0; c < columns; c++)
            panel[(j / PT_PANEL * columns + c) * PT_PANEL + j % PT_PANEL] = j < k ? centres[j * columns + c] : INFINITY;
}

enum { LOOK = 256 };

void pt_kmeans_look(float *best, uint32_t *place, const pt_kmeans_kernels *kernels, const float *rows, size_t columns,
                    const uint32_t *list, size_t n, const float *panel, uint32_t panels)
{
    float one[LOOK], two[LOOK];
    uint32_t some[LOOK], which[LOOK];

    for (size_t at = 0; at < n; at += LOOK) {
        size_t now = n - at < LOOK ? n - at : LOOK, whole = (now + 7) & ~(size_t)7;
        for (size_t i = 0; i < whole; i++)
            some[i] = list[at + (i < now ? i : 0)];
        for (uint32_t p = 0; p < panels; p++) {
            kernels->nearest(one, two, which, rows, columns, some, whole, panel + (size_t)p * columns * PT_PANEL);
            for (size_t i = 0; i < now; i++) {
                bool nearer = p == 0 || one[i] < best[at + i];
                place[at + i] = nearer ? p * PT_PANEL + which[i] : place[at + i];
                best[at + i] = nearer ? one[i] : best[at + i];
            }
        }
    }
}

static void cut(pt_points *p)
{
    size_t rows = (p->n + MOST_PARTS - 1) / MOST_PARTS;

    rows = rows < PART_LEAST ? PART_LEAST : rows;
    p->part_rows = (rows + PT_KMEANS_TILE - 1) / PT_KMEANS_TILE * PT_KMEANS_TILE;
    p->parts = (p->n + p->part_rows - 1) / p->part_rows;
}

/* --- every row ---------------------------------------------------------------------------------------------------------------- */

typedef struct filling {
    const pt_points *p;
    const pt_matrix *x;
    double *sums; /* parts * columns * 2: weighted sums of values less those of row 0, and of their squares */
} filling;

/* Eight sums side by side: the order of additions is the same on every machine. */
static void add_column(double out[2], const float *x, const double *weight, size_t n, float origin)
{
    double sum[8] = {0}, square[8] = {0};
    size_t whole = n & ~(size_t)7;

    if (!weight)
        pt_columns_kernels_best()->add_up(sum, square, x, whole, origin);
    for (size_t i = 0; weight && i < whole; i += 8) {
        for (size_t l = 0; l < 8; l++) {
            double v = (double)x[i + l] - (double)origin;
            sum[l] += v * weight[i + l];
            square[l] += v * v * weight[i + l];
        }
    }
    for (size_t i = whole; i < n; i++) {
        double v = (double)x[i] - (double)origin, w = weight ? weight[i] : 1;
        sum[i % 8] += v * w;
        square[i % 8] += v * v * w;
    }
    out[0] = out[1] = 0;
    for (size_t l = 0; l < 8; l++) {
        out[0] += sum[l];
        out[1] += square[l];
    }
}

static pt_rc add_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    filling *f = arg;
    const pt_points *p = f->p;
    size_t columns = p->columns, begin, end = pt_points_part(p, part, &begin);

    (void)worker, (void)err;
    for (size_t c = 0; c < columns; c++) {
        const float *x = pt_matrix_column(f->x, c);
        add_column(f->sums + (part * columns + c) * 2, x + begin, p->weight ? p->weight + begin : NULL, end - begin,
                   x[0]);
    }
    return PT_OK;
}

/* Variance and squares of all, from the sums of the parts in their order. */
static void sum_up(pt_points *p, const filling *f)
{
    p->total = p->weight ? 0 : (double)p->n;
    for (size_t i = 0; p->weight && i < p->n; i++)
        p->total += p->weight[i];
    p->squares = p->variance = 0;
    for (size_t c = 0; c < p->columns; c++) {
        double sum = 0, square = 0, origin = (double)pt_matrix_column(f->x, c)[0];
        for (size_t part = 0; part < p->parts; part++) {
            sum += f->sums[(part * p->columns + c) * 2];
            square += f->sums[(part * p->columns + c) * 2 + 1];
        }
        p->squares += square + 2 * origin * sum + origin * origin * p->total;
        p->variance += fmax(square / p->total - sum / p->total * (sum / p->total), 0) / (double)p->columns;
    }
}

pt_rc pt_points_fill(pt_points *p, const pt_matrix *x, pt_err *err)
{
    filling f = {.p = p, .x = x};
    pt_rc rc = PT_OK;

    p->kernels = pt_kmeans_kernels_best();
    p->x = *x;
    cut(p);
    f.sums = pt_zalloc(p->parts * p->columns * 2, sizeof *f.sums);
    if (!f.sums)
        return pt_fail_nomem(err, "clustering");
    rc = pt_pool_run(p->pool, p->parts, add_part, &f, err);
    if (rc == PT_OK)
        sum_up(p, &f);
    free(f.sums);
    return rc;
}

static pt_rc lay_out_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    pt_points *p = arg;
    size_t columns = p->columns, begin, end = pt_points_part(p, part, &begin);

    (void)worker, (void)err;
    for (size_t at = begin; at < end; at += BLOCK) {
        size_t n = end - at < BLOCK ? end - at : BLOCK;
        for (size_t c = 0; c < columns; c++) {
            const float *from = pt_matrix_column(&p->x, c) + at;
            float *to = p->rows + at * columns + c;
            for (size_t i = 0; i < n; i++)
                to[i * columns] = from[i];
        }
    }
    return PT_OK;
}

pt_rc pt_points_lay_out(pt_points *p, pt_err *err)
{
    p->rows = pt_alloc64(p->n * p->columns, sizeof *p->rows);
    return p->rows ? pt_pool_run(p->pool, p->parts, lay_out_part, p, err) : pt_fail_nomem(err, "clustering");
}

pt_rc pt_points_all(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err)
{
    *out = (pt_points){.n = x->rows, .columns = x->columns, .pool = pool};
    if (weight) {
        out->weight = pt_alloc64(x->rows, sizeof *out->weight);
        if (!out->weight)
            return pt_fail_nomem(err, "clustering");
        for (size_t i = 0; i < x->rows; i++)
            out->weight[i] = (double)weight[i];
    }
    return pt_points_fill(out, x, err);
}

/* --- each different row once -------------------------------------------------------------------------------------------------- */

enum {
    MOST_DIFFERENT = PT_KMEANS_DIFFERENT,
    TABLE_LOG2 = 12,
    TABLE = 1 << TABLE_LOG2,
    PROBE = PT_KMEANS_PROBE,
    HASHED = 256
};

/* Rows seen so far, each once, in the order of their first. An open hash table over their bits. */
typedef struct seen {
    uint32_t hash[TABLE], id[TABLE]; /* id 0: free; else its number and 1 */
    uint32_t row[MOST_DIFFERENT];
    double weight[MOST_DIFFERENT];
    uint32_t n;
    uint32_t *bits; /* MOST_DIFFERENT * columns */
} seen;

typedef struct merging {
    const pt_matrix *x;
    const float *weight;
    uint16_t *id, *number;
    seen *of_part;
    size_t part_rows;
    bool full; /* a part has too many; set by any thread, only ever to true */
} merging;

static uint32_t bits_of(float v)
{
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static void hash_rows(uint32_t *out, const pt_matrix *x, size_t begin, size_t n)
{
    for (size_t i = 0; i < n; i++)
        out[i] = 0;
    for (size_t c = 0; c < x->columns; c++) {
        const float *column = pt_matrix_column(x, c) + begin;
        for (size_t i = 0; i < n; i++) {
            uint32_t bits = bits_of(column[i]);
            out[i] = (out[i] << 9 | out[i] >> 23) ^ bits ^ bits >> 13;
        }
    }
}

static bool same_row(const seen *s, uint32_t number, const pt_matrix *x, size_t row)
{
    const uint32_t *bits = s->bits + number * x->columns;

    for (size_t c = 0; c < x->columns; c++)
        if (bits[c] != bits_of(pt_matrix_column(x, c)[row]))
            return false;
    return true;
}

/* The row's number among those seen; MOST_DIFFERENT when there are too many. */
static uint32_t look(seen *s, const pt_matrix *x, size_t row, uint32_t hash)
{
    uint32_t at = hash * UINT32_C(0x9e3779b1) >> (32 - TABLE_LOG2);

    while (s->id[at] && (s->hash[at] != hash || !same_row(s, s->id[at] - 1, x, row)))
        at = (at + 1) % TABLE;
    if (s->id[at])
        return s->id[at] - 1;
    if (s->n == MOST_DIFFERENT)
        return MOST_DIFFERENT;
    for (size_t c = 0; c < x->columns; c++)
        s->bits[s->n * x->columns + c] = bits_of(pt_matrix_column(x, c)[row]);
    s->row[s->n] = (uint32_t)row;
    s->hash[at] = hash;
    s->id[at] = s->n + 1;
    return s->n++;
}

/* False when there are too many different rows. */
static bool look_at_rows(seen *s, uint16_t *id, const pt_matrix *x, const float *weight, size_t begin, size_t end)
{
    uint32_t hash[HASHED];

    for (size_t at = begin; at < end; at += HASHED) {
        size_t n = end - at < HASHED ? end - at : HASHED;
        hash_rows(hash, x, at, n);
        for (size_t i = 0; i < n; i++) {
            uint32_t number = look(s, x, at + i, hash[i]);
            if (number == MOST_DIFFERENT)
                return false;
            s->weight[number] += weight ? (double)weight[at + i] : 1;
            if (id)
                id[at + i] = (uint16_t)number;
        }
    }
    return true;
}

static bool seen_new(seen *s, size_t columns)
{
    memset(s->id, 0, sizeof s->id);
    memset(s->weight, 0, sizeof s->weight);
    s->n = 0;
    s->bits = pt_alloc64(MOST_DIFFERENT * columns, sizeof *s->bits);
    return s->bits != NULL;
}

static pt_rc merge_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    merging *m = arg;
    size_t begin = part * m->part_rows, end = begin + m->part_rows < m->x->rows ? begin + m->part_rows : m->x->rows;

    (void)worker;
    if (__atomic_load_n(&m->full, __ATOMIC_RELAXED))
        return PT_OK;
    if (!seen_new(&m->of_part[part], m->x->columns))
        return pt_fail_nomem(err, "clustering");
    if (!look_at_rows(&m->of_part[part], m->id, m->x, m->weight, begin, end))
        __atomic_store_n(&m->full, true, __ATOMIC_RELAXED);
    return PT_OK;
}

/* All parts' rows in one table, in the order of the parts; NULL in *all when there are too many. */
static pt_rc join_parts(seen **all, merging *m, size_t parts, pt_err *err)
{
    seen *s = pt_alloc64(1, sizeof *s);

    *all = NULL;
    if (!s || !seen_new(s, m->x->columns)) {
        free(s);
        return pt_fail_nomem(err, "clustering");
    }
    for (size_t part = 0; part < parts; part++) {
        seen *p = &m->of_part[part];
        for (uint32_t i = 0; i < p->n; i++) {
            uint32_t hash[1];
            hash_rows(hash, m->x, p->row[i], 1);
            uint32_t number = look(s, m->x, p->row[i], hash[0]);
            if (number == MOST_DIFFERENT) {
                free(s->bits);
                free(s);
                return PT_OK;
            }
            s->weight[number] += p->weight[i];
            m->number[part * MOST_DIFFERENT + i] = (uint16_t)number;
        }
    }
    *all = s;
    return PT_OK;
}

/* The points of a table of rows. */
static pt_rc points_of(pt_points *out, const seen *s, const pt_matrix *x, pt_err *err)
{
    float *values = out->values = pt_alloc64(s->n * x->columns, sizeof *values);
    pt_matrix few = {values, s->n, x->columns, s->n};

    out->n = s->n;
    out->weight = pt_alloc64(s->n, sizeof *out->weight);
    if (!values || !out->weight)
        return pt_fail_nomem(err, "clustering");
    memcpy(out->weight, s->weight, s->n * sizeof *out->weight);
    for (size_t c = 0; c < x->columns; c++)
        for (size_t i = 0; i < s->n; i++)
            values[c * s->n + i] = pt_matrix_column(x, c)[s->row[i]];
    return pt_points_fill(out, &few, err);
}

/* Whether the first rows are few different ones. */
static pt_rc looks_few(bool *few, const pt_matrix *x, pt_err *err)
{
    seen *s = x->rows >= 2 * PROBE && x->rows <= UINT32_MAX ? pt_alloc64(1, sizeof *s) : NULL;

    *few = false;
    if (x->rows < 2 * PROBE || x->rows > UINT32_MAX)
        return PT_OK;
    if (!s || !seen_new(s, x->columns)) {
        free(s);
        return pt_fail_nomem(err, "clustering");
    }
    *few = look_at_rows(s, NULL, x, NULL, 0, PROBE) && s->n <= PROBE / 4;
    free(s->bits);
    free(s);
    return PT_OK;
}

pt_rc pt_points_different(pt_points *out, const pt_matrix *x, const float *weight, pt_pool *pool, pt_err *err)
{
    merging m = {.x = x, .weight = weight};
    bool few;
    seen *all = NULL;

    PT_TRY(pt_points_cells(out, x, weight, pool, err));
    if (out->n > 0)
        return PT_OK;
    PT_TRY(looks_few(&few, x, err));
    if (!few)
        return PT_OK;
    m.part_rows = (x->rows + MOST_PARTS - 1) / MOST_PARTS;
    size_t parts = (x->rows + m.part_rows - 1) / m.part_rows;
    m.id = pt_alloc64(x->rows, sizeof *m.id);
    m.number = pt_zalloc(parts * MOST_DIFFERENT, sizeof *m.number);
    m.of_part = pt_zalloc(parts, sizeof *m.of_part);
    pt_rc rc = m.id && m.number && m.of_part ? PT_OK : pt_fail_nomem(err, "clustering");
    if (rc == PT_OK)
        rc = pt_pool_run(pool, parts, merge_part, &m, err);
    if (rc == PT_OK && !m.full)
        rc = join_parts(&all, &m, parts, err);
    if (rc == PT_OK && all)
        rc = points_of(out, all, x, err);
    for (size_t part = 0; m.of_part && part < parts; part++)
        free(m.of_part[part].bits);
    free(m.of_part);
    if (all) {
        out->id = m.id;
        out->number = m.number;
        out->ids = MOST_DIFFERENT;
        out->id_rows = m.part_rows;
        m.id = m.number = NULL;
        free(all->bits);
    }
    free(all);
    free(m.id);
    free(m.number);
    return rc;
}

typedef struct spreading {
    const pt_points *p;
    const uint32_t *of_point;
    uint32_t *out;
    size_t rows;
} spreading;

static pt_rc spread_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    spreading *s = arg;
    const pt_points *p = s->p;
    size_t begin = part * p->id_rows, end = begin + p->id_rows < s->rows ? begin + p->id_rows : s->rows;
    uint32_t of[MOST_DIFFERENT];

    (void)worker, (void)err;
    for (size_t i = 0; i < p->ids; i++) {
        uint32_t point = p->number[part * p->ids + i];
        of[i] = point < p->n ? s->of_point[point] : 0;
    }
    size_t whole = begin + ((end - begin) & ~(size_t)3);
    for (size_t i = begin; i < whole; i += 4) { /* as four loads, compilers make more of it */
        uint64_t four;
        memcpy(&four, p->id + i, sizeof four);
        s->out[i] = of[four & 0xffff];
        s->out[i + 1] = of[four >> 16 & 0xffff];
        s->out[i + 2] = of[four >> 32 & 0xffff];
        s->out[i + 3] = of[four >> 48];
    }
    for (size_t i = whole; i < end; i++)
        s->out[i] = of[p->id[i]];
    return PT_OK;
}

pt_rc pt_points_spread(uint32_t *out, const pt_points *p, const uint32_t *of_point, size_t rows, pt_err *err)
{
    spreading s = {p, of_point, out, rows};

    return pt_pool_run(p->pool, (rows + p->id_rows - 1) / p->id_rows, spread_part, &s, err);
}
