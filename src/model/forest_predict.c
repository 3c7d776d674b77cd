/* Scoring: blocks of rows, their values side by side, a tree at a time; some rows walk at once, since a walk is mostly waiting. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "model/examples.h"
#include "model/forest.h"

enum {
    BLOCK = 128, /* rows whose values lie side by side */
    WALKS = 8,   /* rows that walk at once; BLOCK is a multiple */
    PART = 16384 /* rows of a task; a multiple of BLOCK */
};

typedef struct predict_job {
    const pt_forest *f;
    const pt_matrix *x;
    float *out;
    bool scores;           /* not probabilities */
    const uint32_t *used;  /* the columns that are split by */
    const uint32_t *place; /* of each column among them */
    size_t n_used;
    const pt_node *nodes; /* with places for columns */
} predict_job;

/* Rows [from, from + n) of the used columns, a row after the other; the rest of the block is a copy of missing values. */
static void gather(float *block, const predict_job *job, size_t from, size_t n)
{
    for (size_t u = 0; u < job->n_used; u++) {
        const float *column = pt_matrix_column(job->x, job->used[u]) + from;
        for (size_t r = 0; r < n; r++)
            block[r * job->n_used + u] = column[r];
        for (size_t r = n; r < BLOCK; r++)
            block[r * job->n_used + u] = NAN;
    }
}

static inline uint32_t step(const pt_node *tree, uint32_t at, const float *row)
{
    const pt_node *n = &tree[at];
    float value = row[n->column & ~PT_NODE_MISSING_LEFT];
    uint32_t left = (uint32_t)(value < n->split) | ((uint32_t)isnan(value) & n->column >> 31); /* no branches */

    return n->left + 1 - left;
}

/* Where BLOCK rows end. */
static void walk(uint32_t *at, const predict_job *job, uint32_t t, const float *block)
{
    const pt_node *tree = job->nodes + job->f->first[t];
    uint8_t depth = job->f->depth[t];

    for (size_t r = 0; r < BLOCK; r += WALKS) {
        const float *rows = block + r * job->n_used;
        uint32_t now[WALKS] = {0};
        for (uint8_t d = 0; d < depth; d++)
            for (size_t i = 0; i < WALKS; i++)
                now[i] = step(tree, now[i], rows + i * job->n_used);
        memcpy(at + r, now, sizeof now);
    }
}

static void add_tree(float *sums, const predict_job *job, uint32_t t, const uint32_t *at)
{
    const pt_forest *f = job->f;
    uint32_t outputs = f->link == PT_LINK_SOFTMAX ? f->outputs : 1, output = t % outputs;

    for (size_t r = 0; r < BLOCK && f->width == 1; r++)
        sums[r * outputs + output] += f->nodes[f->first[t] + at[r]].value;
    for (size_t r = 0; r < BLOCK && f->width > 1; r++) {
        const float *leaf = f->leaves + (size_t)f->leaf[f->first[t] + at[r]] * f->width;
        for (uint32_t k = 0; k < f->width; k++)
            sums[r * f->width + k] += leaf[k];
    }
}

static void softmax(float *out, const float *sums, size_t n)
{
    double most = -INFINITY, all = 0;

    for (size_t k = 0; k < n; k++)
        most = (double)sums[k] > most ? (double)sums[k] : most;
    for (size_t k = 0; k < n; k++)
        all += exp((double)sums[k] - most);
    for (size_t k = 0; k < n; k++)
        out[k] = (float)(exp((double)sums[k] - most) / all);
}

/* A row's sums as what the learner gives out. */
static void finish(float *out, const predict_job *job, const float *sums)
{
    const pt_forest *f = job->f;
    double share;

    switch (f->link) {
    case PT_LINK_SOFTMAX: softmax(out, sums, f->outputs); return;
    case PT_LINK_SHARE:
        if (f->width > 1) {
            memcpy(out, sums, f->width * sizeof *out);
            return;
        }
        out[0] = 1 - sums[0];
        out[1] = sums[0];
        return;
    case PT_LINK_LOGIT:
        share = 1 / (1 + exp(-(double)sums[0]));
        out[0] = (float)(1 - share);
        out[1] = (float)share;
        return;
    default: out[0] = sums[0]; return;
    }
}

static size_t sums_of(const pt_forest *f)
{
    return f->link == PT_LINK_SOFTMAX ? f->outputs : f->width;
}

static void predict_block(const predict_job *job, float *block, float *sums, size_t from, size_t n)
{
    const pt_forest *f = job->f;
    size_t width = sums_of(f);
    uint32_t at[BLOCK];

    gather(block, job, from, n);
    for (size_t i = 0; i < BLOCK * width; i++)
        sums[i] = f->base;
    for (uint32_t t = 0; t < f->n_trees; t++) {
        walk(at, job, t, block);
        add_tree(sums, job, t, at);
    }
    for (size_t r = 0; r < n && job->scores; r++)
        memcpy(job->out + (from + r) * width, sums + r * width, width * sizeof *sums);
    for (size_t r = 0; r < n && !job->scores; r++)
        finish(job->out + (from + r) * f->outputs, job, sums + r * width);
}

static pt_rc predict_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    const predict_job *job = arg;
    size_t from = part * PART, end = from + PART < job->x->rows ? from + PART : job->x->rows;
    float *block = pt_alloc64(BLOCK * (job->n_used + sums_of(job->f)), sizeof *block);

    (void)worker;
    if (!block)
        return pt_fail_nomem(err, "scoring");
    for (; from < end; from += BLOCK)
        predict_block(job, block, block + BLOCK * job->n_used, from, end - from < BLOCK ? end - from : BLOCK);
    free(block);
    return PT_OK;
}

/* Leaves read the first used column, and have their way whatever it holds: there is always one. */
static pt_rc place_columns(predict_job *job, uint32_t **room, pt_node **nodes, pt_err *err)
{
    const pt_forest *f = job->f;
    size_t n = 0;

    *room = pt_zalloc(2 * (size_t)f->columns, sizeof **room);
    *nodes = pt_alloc64((size_t)f->n_nodes + 1, sizeof **nodes);
    if (!*room || !*nodes)
        return pt_fail_nomem(err, "scoring");
    uint32_t *used = *room, *place = *room + f->columns;
    for (uint32_t t = 0; t < f->n_trees; t++)
        for (uint32_t i = f->first[t]; i < f->first[t + 1]; i++)
            if (!pt_node_is_leaf(f->nodes + f->first[t], i - f->first[t]))
                place[pt_node_column(&f->nodes[i])] = 1;
    for (uint32_t c = 0; c < f->columns; c++)
        if (place[c]) {
            used[n] = c;
            place[c] = (uint32_t)n++;
        }
    job->n_used = n ? n : 1;
    for (uint32_t i = 0; i < f->n_nodes; i++) {
        (*nodes)[i] = f->nodes[i];
        (*nodes)[i].column = place[pt_node_column(&f->nodes[i])] | (f->nodes[i].column & PT_NODE_MISSING_LEFT);
    }
    for (uint32_t t = 0; t < f->n_trees; t++)
        for (uint32_t i = f->first[t]; i < f->first[t + 1]; i++)
            if (pt_node_is_leaf(f->nodes + f->first[t], i - f->first[t]))
                (*nodes)[i].column = PT_NODE_MISSING_LEFT;
    job->used = used;
    job->place = place;
    job->nodes = *nodes;
    return PT_OK;
}

static pt_rc predict(float *out, const pt_forest *f, const pt_matrix *x, bool scores, pt_pool *pool, pt_err *err)
{
    predict_job job = {.f = f, .x = x, .out = out, .scores = scores};
    uint32_t *room = NULL;
    pt_node *nodes = NULL;

    PT_TRY(pt_matrix_check(x, f->columns, PT_TAKES_MISSING, err));
    pt_rc rc = place_columns(&job, &room, &nodes, err);
    if (rc == PT_OK)
        rc = pt_pool_run(pool, (x->rows + PART - 1) / PART, predict_part, &job, err);
    free(room);
    free(nodes);
    return rc;
}

pt_rc pt_forest_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    return predict(out, model, x, false, pool, err);
}

pt_rc pt_forest_scores(float *out, const pt_forest *f, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    return predict(out, f, x, true, pool, err);
}
