/* The objective of logistic regression and its derivatives, over parts of the rows. */
#include "model/logit.h"

#include <math.h>
#include <stdlib.h>

#include "model/linear_parts.h"

enum {
    BLOCK = 128,      /* rows at a time: a block of the columns stays in the first cache */
    MAX_PARTS = 16,   /* each part has sums of its own */
    PART_ROWS = 2048, /* the fewest, but for the last */
    LANES = 16        /* of a dot product: partial sums in a fixed order, whatever the vectors of the machine */
};

typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4), may_alias));

/* What a part adds to the sums. */
typedef struct part {
    double loss;
    double *gradient;
    double *hessian; /* of the coefficients asked for: n * n, lower triangle */
} part;

struct pt_logit_state {
    const pt_logit *problem;
    size_t scores, width; /* width: columns + 1 */
    size_t part_rows, n_parts;
    part parts[MAX_PARTS];
    double *sums;        /* of all parts: gradients */
    float *probability;  /* [score][row], at the last look; of a single score p * (1 - p) */
    const double *beta;  /* of the present pass */
    double *hessians;    /* of all parts */
    size_t hessians_cap; /* numbers */
    const uint32_t *which;
    size_t n_which;
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

pt_rc pt_logit_state_new(pt_logit_state **out, const pt_logit *problem, pt_err *err)
{
    pt_logit_state *s = pt_zalloc(1, sizeof *s);

    *out = s;
    if (!s)
        return pt_fail_nomem(err, "logistic regression");
    s->problem = problem;
    s->scores = pt_logit_scores(problem->classes);
    s->width = problem->x.columns + 1;
    s->part_rows = (problem->x.rows + MAX_PARTS - 1) / MAX_PARTS;
    s->part_rows = s->part_rows < PART_ROWS ? PART_ROWS : (s->part_rows + BLOCK - 1) / BLOCK * BLOCK;
    s->n_parts = (problem->x.rows + s->part_rows - 1) / s->part_rows;
    s->sums = pt_zalloc(s->n_parts * s->scores * s->width, sizeof *s->sums);
    s->probability = pt_alloc64(s->scores * problem->x.rows, sizeof *s->probability);
    if (!s->sums || !s->probability) {
        pt_logit_state_free(s);
        *out = NULL;
        return pt_fail_nomem(err, "logistic regression");
    }
    for (size_t p = 0; p < s->n_parts; p++)
        s->parts[p].gradient = s->sums + p * s->scores * s->width;
    return PT_OK;
}

void pt_logit_state_free(pt_logit_state *s)
{
    if (!s)
        return;
    free(s->sums);
    free(s->probability);
    free(s->hessians);
    free(s);
}

/* z[score * BLOCK + i] of n rows from `first`. */
static void linear_scores(double *z, const pt_matrix *x, const double *beta, size_t scores, size_t first, size_t n)
{
    for (size_t k = 0; k < scores; k++) {
        const double *b = beta + k * (x->columns + 1);
        double *zk = z + k * BLOCK;
        for (size_t i = 0; i < n; i++)
            zk[i] = b[x->columns];
        for (size_t c = 0; c < x->columns; c++) {
            const float *v = pt_matrix_column(x, c) + first;
            if (b[c] != 0)
                for (size_t i = 0; i < n; i++)
                    zk[i] += b[c] * v[i];
        }
    }
}

/* Turns the scores of row i into probabilities, returns the log of the sum of their exponentials. */
static double softmax(double *z, size_t scores, size_t i)
{
    double top = z[i], sum = 0;

    for (size_t k = 1; k < scores; k++)
        top = fmax(top, z[k * BLOCK + i]);
    for (size_t k = 0; k < scores; k++)
        sum += z[k * BLOCK + i] = exp(z[k * BLOCK + i] - top);
    for (size_t k = 0; k < scores; k++)
        z[k * BLOCK + i] /= sum;
    return top + log(sum);
}

/* The squared hinge of a row: its loss; *z becomes the derivative by the score, *curve the second. */
static double hinge(double *z, float *curve, bool event)
{
    double side = event ? 1 : -1, gap = fmax(0, 1 - side * *z);

    *z = -2 * side * gap;
    *curve = gap > 0 ? 2 : 0;
    return gap * gap;
}

/* Turns scores into what the gradient weighs rows by, weight * (probability - [label is k]), keeps the probabilities, returns
 * the loss. */
static double residuals(double *z, pt_logit_state *s, size_t first, size_t n)
{
    const pt_logit *p = s->problem;
    double loss = 0;

    for (size_t i = 0; i < n; i++) {
        uint32_t label = p->label[first + i];
        double w = p->weight ? p->weight[first + i] : 1;
        if (p->hinge) {
            loss += w * hinge(&z[i], &s->probability[first + i], label == 1);
            z[i] *= w;
            continue;
        }
        if (s->scores == 1) {
            double score = z[i];
            loss += w * (log1p(exp(-fabs(score))) + fmax(score, 0) - (label ? score : 0));
            z[i] = pt_sigmoid(score);
            s->probability[first + i] = (float)(z[i] * pt_sigmoid(-score));
            z[i] = w * (z[i] - label);
            continue;
        }
        double own = z[label * BLOCK + i];
        loss += w * (softmax(z, s->scores, i) - own);
        for (size_t k = 0; k < s->scores; k++) {
            s->probability[k * p->x.rows + first + i] = (float)z[k * BLOCK + i];
            z[k * BLOCK + i] = w * (z[k * BLOCK + i] - (k == label));
        }
    }
    return loss;
}

static double dot_double(const float *v, const double *r, size_t n)
{
    double lane[8] = {0}, sum = 0;
    size_t i = 0;

    for (; i + 8 <= n; i += 8)
        for (size_t l = 0; l < 8; l++)
            lane[l] += v[i + l] * r[i + l];
    for (; i < n; i++)
        sum += v[i] * r[i];
    for (size_t l = 0; l < 8; l++)
        sum += lane[l];
    return sum;
}

static pt_rc look_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    pt_logit_state *s = arg;
    const pt_matrix *x = &s->problem->x;
    part *p = &s->parts[index];
    size_t end = smaller(x->rows, (index + 1) * s->part_rows);
    double *z = pt_alloc64(s->scores * BLOCK, sizeof *z);

    (void)worker;
    if (!z)
        return pt_fail_nomem(err, "logistic regression");
    p->loss = 0;
    memset(p->gradient, 0, s->scores * s->width * sizeof *p->gradient);
    for (size_t first = index * s->part_rows; first < end; first += BLOCK) {
        size_t n = smaller(BLOCK, end - first);
        linear_scores(z, x, s->beta, s->scores, first, n);
        p->loss += residuals(z, s, first, n);
        for (size_t k = 0; k < s->scores; k++) {
            double *g = p->gradient + k * s->width;
            for (size_t c = 0; c < x->columns; c++)
                g[c] += dot_double(pt_matrix_column(x, c) + first, z + k * BLOCK, n);
            for (size_t i = 0; i < n; i++)
                g[x->columns] += z[k * BLOCK + i];
        }
    }
    free(z);
    return PT_OK;
}

pt_rc pt_logit_look(double *loss, double *gradient, pt_logit_state *s, const double *beta, pt_pool *pool, pt_err *err)
{
    size_t n = s->scores * s->width;

    s->beta = beta;
    PT_TRY(pt_pool_run(pool, s->n_parts, look_part, s, err));
    *loss = 0;
    memset(gradient, 0, n * sizeof *gradient);
    for (size_t p = 0; p < s->n_parts; p++) {
        *loss += s->parts[p].loss;
        for (size_t i = 0; i < n; i++)
            gradient[i] += s->parts[p].gradient[i];
    }
    return PT_OK;
}

/* --- second derivatives ------------------------------------------------------------------------------------------- */

/* Both have BLOCK values; what is past the rows is zero. */
static float dot_block(const float *a, const float *b)
{
    lanes sum = *(const lanes *)a * *(const lanes *)b;
    float total = 0;

    for (size_t i = LANES; i < BLOCK; i += LANES)
        sum += *(const lanes *)(a + i) * *(const lanes *)(b + i);
    for (size_t l = 0; l < LANES; l++)
        total += sum[l];
    return total;
}

/* The coefficients of one score among those asked for: which[from..to). */
typedef struct span {
    size_t from, to;
} span;

static span span_of(const pt_logit_state *s, size_t score)
{
    span g = {0, 0};

    while (g.from < s->n_which && s->which[g.from] < score * s->width)
        g.from++;
    for (g.to = g.from; g.to < s->n_which && s->which[g.to] < (score + 1) * s->width; g.to++)
        ;
    return g;
}

/* 1 - p_k of row r: as the sum of the others, which near certainty keeps its digits. */
static float others(const pt_logit_state *s, size_t k, size_t r)
{
    float sum = 0;

    for (size_t l = 0; l < s->scores; l++)
        sum += l == k ? 0 : s->probability[l * s->problem->x.rows + r];
    return sum;
}

/* weight * p_k * ([k = l] - p_l) of n rows, 0 past them. */
static void curvature(float *v, const pt_logit_state *s, size_t k, size_t l, size_t first, size_t n)
{
    size_t rows = s->problem->x.rows;
    const float *w = s->problem->weight;

    memset(v, 0, BLOCK * sizeof *v);
    for (size_t i = 0; i < n; i++) {
        size_t r = first + i;
        float p = (w ? w[r] : 1) * s->probability[k * rows + r];
        v[i] = s->scores == 1 ? p : p * (k == l ? others(s, k, r) : -s->probability[l * rows + r]);
    }
}

/* Scratch of a part: the columns asked for, as they are and weighted. */
typedef struct scratch {
    float *plain, *weighted; /* [n_which][BLOCK] */
    float v[BLOCK];
} scratch;

static void copy_columns(scratch *t, const pt_logit_state *s, size_t first, size_t n)
{
    const pt_matrix *x = &s->problem->x;

    for (size_t a = 0; a < s->n_which; a++) {
        float *to = t->plain + a * BLOCK;
        size_t c = s->which[a] % s->width;
        memset(to, 0, BLOCK * sizeof *to);
        for (size_t i = 0; i < n; i++)
            to[i] = c < x->columns ? pt_matrix_column(x, c)[first + i] : 1;
    }
}

/* Adds the block's part of the second derivatives between the coefficients of two scores, l <= k. */
static void add_pair(part *p, scratch *t, const pt_logit_state *s, span k, span l)
{
    for (size_t a = k.from; a < k.to; a++) {
        const float *x = t->plain + a * BLOCK;
        float *wx = t->weighted;
        for (size_t i = 0; i < BLOCK; i++)
            wx[i] = t->v[i] * x[i];
        for (size_t b = l.from; b < l.to && b <= a; b++)
            p->hessian[a * s->n_which + b] += dot_block(wx, t->plain + b * BLOCK);
    }
}

static void hessian_rows(part *p, scratch *t, const pt_logit_state *s, size_t first, size_t n)
{
    copy_columns(t, s, first, n);
    for (size_t k = 0; k < s->scores; k++) {
        span of_k = span_of(s, k);
        for (size_t l = 0; l <= k && of_k.from < of_k.to; l++) {
            span of_l = span_of(s, l);
            if (of_l.from == of_l.to)
                continue;
            curvature(t->v, s, k, l, first, n);
            add_pair(p, t, s, of_k, of_l);
        }
    }
}

static pt_rc hessian_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    pt_logit_state *s = arg;
    size_t rows = s->problem->x.rows, end = smaller(rows, (index + 1) * s->part_rows);
    scratch t = {.plain = pt_alloc64((s->n_which + 1) * BLOCK, sizeof *t.plain)};

    (void)worker;
    if (!t.plain)
        return pt_fail_nomem(err, "logistic regression");
    t.weighted = t.plain + s->n_which * BLOCK;
    memset(s->parts[index].hessian, 0, s->n_which * s->n_which * sizeof(double));
    for (size_t first = index * s->part_rows; first < end; first += BLOCK)
        hessian_rows(&s->parts[index], &t, s, first, smaller(BLOCK, end - first));
    free(t.plain);
    return PT_OK;
}

static bool hessian_room(pt_logit_state *s, size_t n)
{
    if (!pt_grow(&s->hessians, &s->hessians_cap, s->n_parts * n * n, sizeof *s->hessians))
        return false;
    for (size_t p = 0; p < s->n_parts; p++)
        s->parts[p].hessian = s->hessians + p * n * n;
    return true;
}

pt_rc pt_logit_hessian(double *hessian, pt_logit_state *s, const uint32_t *which, size_t n, pt_pool *pool, pt_err *err)
{
    s->which = which;
    s->n_which = n;
    if (!hessian_room(s, n))
        return pt_fail_nomem(err, "logistic regression");
    PT_TRY(pt_pool_run(pool, s->n_parts, hessian_part, s, err));
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b <= a; b++) {
            double sum = 0;
            for (size_t p = 0; p < s->n_parts; p++)
                sum += s->parts[p].hessian[a * n + b];
            hessian[a * n + b] = hessian[b * n + a] = sum;
        }
    return PT_OK;
}

/* --- prediction --------------------------------------------------------------------------------------------------- */

typedef struct prediction {
    float *out;
    const double *beta;
    uint32_t classes;
    const pt_matrix *x;
} prediction;

static pt_rc predict_part(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const prediction *p = arg;
    size_t scores = pt_logit_scores(p->classes), end = smaller(p->x->rows, (index + 1) * PART_ROWS);
    double *z = pt_alloc64(scores * BLOCK, sizeof *z);

    (void)worker;
    if (!z)
        return pt_fail_nomem(err, "predictions");
    for (size_t first = index * PART_ROWS; first < end; first += BLOCK) {
        size_t n = smaller(BLOCK, end - first);
        linear_scores(z, p->x, p->beta, scores, first, n);
        for (size_t i = 0; i < n; i++) {
            float *out = p->out + (first + i) * p->classes;
            if (scores == 1) {
                out[1] = (float)pt_sigmoid(z[i]);
                out[0] = (float)pt_sigmoid(-z[i]);
                continue;
            }
            softmax(z, scores, i);
            for (size_t k = 0; k < scores; k++)
                out[k] = (float)z[k * BLOCK + i];
        }
    }
    free(z);
    return PT_OK;
}

pt_rc pt_logit_predict(float *out, const double *beta, uint32_t classes, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    prediction p = {out, beta, classes, x};

    return pt_pool_run(pool, (x->rows + PART_ROWS - 1) / PART_ROWS, predict_part, &p, err);
}
