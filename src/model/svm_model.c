/* Support vectors in use: predictions, bytes. */
#include <math.h>
#include <stdlib.h>

#include "model/blob.h"
#include "model/examples.h"
#include "model/linear_parts.h"
#include "model/svm_int.h"

enum { VERSION = 1, MAX_CLASSES = 256, CHUNK = 512, GROUPS_AT_ONCE = 32, COUPLING_STEPS = 200 };

void svm_free(void *model)
{
    svm *m = model;

    if (!m)
        return;
    for (size_t i = 0; m->machines && i < m->n_machines; i++) {
        pt_support_free(&m->machines[i].rows);
        free(m->machines[i].weight);
    }
    free(m->machines);
    free(m->classes);
    free(m);
}

size_t svm_outputs(const void *model)
{
    return ((const svm *)model)->n_classes;
}

void svm_scores(double *score, const svm_machine *m, const pt_kernel *kernel, const pt_blocks *p)
{
    const pt_row_kernels *loops = pt_row_kernels_best();

    memset(score, 0, p->blocks * PT_KERNEL_LANES * sizeof *score);
    for (size_t g = 0; g < m->rows.groups;
         g += GROUPS_AT_ONCE) { /* so many stay in the cache while the points pass by */
        size_t end = g + GROUPS_AT_ONCE < m->rows.groups ? g + GROUPS_AT_ONCE : m->rows.groups;
        pt_support part = pt_support_part(&m->rows, g, end);
        for (size_t b = 0; b < p->blocks; b++)
            loops->add(score + b * PT_KERNEL_LANES, kernel, p, b, &part, m->weight + g * PT_KERNEL_GROUP);
    }
    for (size_t i = 0; i < p->n; i++)
        score[i] += m->bias;
}

void svm_couple(double *out, const double *r, size_t k)
{
    for (size_t i = 0; i < k; i++)
        out[i] = 1 / (double)k;
    for (int step = 0; step < COUPLING_STEPS; step++) {
        double worst = 0;
        for (size_t t = 0; t < k; t++) { /* q = (Q out)_t, all = out' Q out, by Q_ii = sum r_ji^2, Q_ij = -r_ji r_ij */
            double all = 0, own = 0, square = 0, sum = 0;
            for (size_t i = 0; i < k; i++) {
                double q = 0, diagonal = 0;
                for (size_t j = 0; j < k; j++)
                    if (j != i) {
                        diagonal += r[j * k + i] * r[j * k + i];
                        q -= r[j * k + i] * r[i * k + j] * out[j];
                    }
                q += diagonal * out[i];
                all += out[i] * q;
                if (i == t) {
                    own = q;
                    square = diagonal;
                }
            }
            if (square > 0) {
                double by = (all - own) / square;
                worst = fmax(worst, fabs(by));
                out[t] = fmax(out[t] + by, 0);
            }
            for (size_t i = 0; i < k; i++)
                sum += out[i];
            for (size_t i = 0; i < k; i++)
                out[i] /= sum;
        }
        if (worst < 1e-9 / (double)k)
            return;
    }
}

typedef struct prediction {
    float *out;
    const svm *m;
    const pt_matrix *x;
} prediction;

/* Probabilities of row i from the scores of all machines, [machine][CHUNK]. pairs: n * n, out: n, scratch. */
static void classify(float *out, const svm *m, const double *scores, size_t i, double *pairs, double *p)
{
    size_t at = 0;

    for (size_t a = 0; a < m->n; a++)
        for (size_t b = a + 1; b < m->n; b++, at++) {
            const svm_machine *machine = &m->machines[at];
            double q = pt_sigmoid(machine->slope * scores[at * CHUNK + i] + machine->intercept);
            q = fmin(fmax(q, 1e-7), 1 - 1e-7); /* certainty would leave coupling nothing to weigh */
            pairs[b * m->n + a] = q;
            pairs[a * m->n + b] = 1 - q;
        }
    if (m->n == 2) {
        out[0] = (float)pairs[1];
        out[1] = (float)pairs[2];
        return;
    }
    svm_couple(p, pairs, m->n);
    for (size_t k = 0; k < m->n; k++)
        out[k] = (float)p[k];
}

static pt_rc predict_chunk(void *arg, size_t index, unsigned worker, pt_err *err)
{
    const prediction *p = arg;
    const svm *m = p->m;
    size_t first = index * CHUNK, rows = p->x->rows - first < CHUNK ? p->x->rows - first : CHUNK;
    pt_matrix x = {p->x->values + first, rows, p->x->columns, p->x->stride};
    double *scores = pt_alloc64(m->n_machines * CHUNK + (m->n + 1) * m->n, sizeof *scores);
    pt_blocks points = {0};
    pt_rc rc = scores ? pt_blocks_new(&points, &x, &m->kernel, err) : pt_fail_nomem(err, "predictions");

    (void)worker;
    for (size_t i = 0; rc == PT_OK && i < m->n_machines; i++)
        svm_scores(scores + i * CHUNK, &m->machines[i], &m->kernel, &points);
    for (size_t i = 0; rc == PT_OK && i < rows; i++) {
        double *pairs = scores + m->n_machines * CHUNK;
        if (m->task == PT_TASK_CLASSIFY)
            classify(p->out + (first + i) * m->n, m, scores, i, pairs, pairs + m->n * m->n);
        else
            p->out[first + i] = (float)(m->machines[0].slope * scores[i] + m->machines[0].intercept);
    }
    pt_blocks_free(&points);
    free(scores);
    return rc;
}

pt_rc svm_predict(float *out, const void *model, const pt_matrix *x, pt_pool *pool, pt_err *err)
{
    const svm *m = model;
    prediction p = {out, m, x};

    PT_TRY(pt_matrix_check(x, m->columns, 0, err));
    PT_TRY(pt_pool_run(pool, (x->rows + CHUNK - 1) / CHUNK, predict_chunk, &p, err));
    pt_present_spread(out, x->rows, m->classes, m->n, m->n_classes);
    return PT_OK;
}

/* --- bytes -------------------------------------------------------------------------------------------------------- */

static pt_rc save_machine(pt_str *out, const svm_machine *s, pt_err *err)
{
    float *row = pt_zalloc(s->rows.columns, sizeof *row);

    if (!row)
        return pt_fail_nomem(err, "support vectors");
    pt_blob_put_count(out, s->rows.n);
    pt_blob_put_numbers(out, s->weight, s->rows.n);
    pt_blob_put_numbers(out, (double[]){s->bias, s->slope, s->intercept}, 3);
    for (size_t i = 0; i < s->rows.n; i++) {
        pt_support_get(row, &s->rows, i);
        pt_blob_put_floats(out, row, s->rows.columns);
    }
    free(row);
    return PT_OK;
}

pt_rc svm_save(pt_str *out, const void *model, pt_err *err)
{
    const svm *m = model;

    pt_blob_begin(out, "SVMS", VERSION);
    pt_blob_put_count(out, m->task);
    pt_blob_put_count(out, m->n_classes);
    pt_blob_put_count(out, m->n);
    pt_blob_put_codes(out, m->classes, m->n);
    pt_blob_put_count(out, m->columns);
    pt_blob_put_count(out, m->kernel.kind);
    pt_blob_put_numbers(out, (double[]){m->kernel.gamma, m->kernel.coef0, m->kernel.degree}, 3);
    for (size_t i = 0; i < m->n_machines; i++)
        PT_TRY(save_machine(out, &m->machines[i], err));
    return pt_str_check(out, err);
}

static void load_machine(svm_machine *s, pt_blob *b, size_t columns)
{
    size_t n = pt_blob_count(b, 1, b->cursor.rest.len), groups = (n + PT_KERNEL_GROUP - 1) / PT_KERNEL_GROUP;
    double *weight = pt_blob_numbers(b, n);

    s->bias = pt_blob_number(b, -INFINITY, INFINITY);
    s->slope = pt_blob_number(b, -INFINITY, INFINITY);
    s->intercept = pt_blob_number(b, -INFINITY, INFINITY);
    float *rows = n <= b->cursor.rest.len / columns ? pt_blob_floats(b, n * columns) : NULL;
    if (!rows)
        pt_blob_refuse(b);
    if (rows && weight && !b->cursor.failed) {
        s->weight = pt_zalloc(groups * PT_KERNEL_GROUP, sizeof *s->weight);
        if (!s->weight || pt_support_new(&s->rows, n, columns, NULL) != PT_OK)
            b->no_memory = true;
        else {
            memcpy(s->weight, weight, n * sizeof *weight);
            pt_support_put(&s->rows, rows, n);
        }
    }
    free(weight);
    free(rows);
}

static void load_head(svm *m, pt_blob *b)
{
    m->task = (pt_task)pt_blob_count(b, PT_TASK_CLASSIFY, PT_TASK_REGRESS);
    bool classes = m->task == PT_TASK_CLASSIFY;
    m->n_classes = (uint32_t)pt_blob_count(b, classes ? 2 : 1, classes ? MAX_CLASSES : 1);
    m->n = (uint32_t)pt_blob_count(b, classes ? 2 : 1, m->n_classes);
    m->classes = pt_blob_codes(b, m->n, m->n_classes);
    for (uint32_t i = 1; m->classes && i < m->n; i++)
        if (m->classes[i] <= m->classes[i - 1])
            pt_blob_refuse(b);
    m->columns = pt_blob_count(b, 1, b->cursor.rest.len);
    m->kernel.kind = (pt_kernel_kind)pt_blob_count(b, 0, PT_KERNEL_RBF);
    m->kernel.gamma = pt_blob_number(b, 0, INFINITY);
    m->kernel.coef0 = pt_blob_number(b, -INFINITY, INFINITY);
    m->kernel.degree = (unsigned)pt_blob_number(b, 1, 10);
    m->n_machines = classes ? (size_t)m->n * (m->n - 1) / 2 : 1;
}

pt_rc svm_load(void **model, pt_sv bytes, pt_err *err)
{
    pt_blob b;
    svm *m = pt_zalloc(1, sizeof *m);

    *model = NULL;
    if (!m)
        return pt_fail_nomem(err, "svm");
    pt_blob_open(&b, bytes, "SVMS", VERSION);
    load_head(m, &b);
    if (!b.cursor.failed && !b.no_memory) {
        m->machines = pt_zalloc(m->n_machines, sizeof *m->machines);
        b.no_memory = !m->machines;
    }
    for (size_t i = 0; m->machines && i < m->n_machines && !b.cursor.failed && !b.no_memory; i++)
        load_machine(&m->machines[i], &b, m->columns);
    pt_rc rc = pt_blob_end(&b, "svm", err);
    if (rc != PT_OK)
        svm_free(m);
    else
        *model = m;
    return rc;
}
