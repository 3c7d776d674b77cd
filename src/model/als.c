#include "model/als.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "model/als_kernels.h"
#include "model/blob.h"

enum { TASK_ROWS = 64, GRAM_PARTS = 64, GRAM_ROWS = 256 };

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "factors");
}

void pt_als_free(pt_als *a)
{
    free(a->customers);
    free(a->items);
    free(a->gram);
    *a = (pt_als){0};
}

static float *zeroed(size_t n)
{
    float *v = pt_alloc64(n + PT_ALS_LANES, sizeof *v);

    if (v)
        memset(v, 0, n * sizeof *v);
    return v;
}

static pt_rc check(const pt_owned *o, const pt_als_options *options, pt_err *err)
{
    if (options->factors < 1 || options->factors > PT_ALS_MOST_FACTORS)
        return pt_fail(err, PT_EINVAL, "%u factors, of 1 to %d allowed", options->factors, PT_ALS_MOST_FACTORS);
    if (!(options->regularization > 0) || !isfinite(options->regularization))
        return pt_fail(err, PT_EINVAL, "the regularization of factors must be above 0");
    if (!o->n_customers || !o->n_items || !o->offsets[o->n_customers])
        return pt_fail(err, PT_EINVAL, "there is nothing to learn recommendations from: nobody has anything");
    for (uint64_t i = 0; i < o->offsets[o->n_customers]; i++)
        if (o->items[i] >= o->n_items || !(o->confidence[i] > 0) || !isfinite(o->confidence[i]))
            return pt_fail(err, PT_EINVAL, "a confidence is not above 0, or an item is out of range");
    return PT_OK;
}

/* --- starting ---------------------------------------------------------------------------------------------------------------- */

static void start(float *to, const float *from, uint32_t n, const pt_als *a, pt_rng *r)
{
    for (uint32_t i = 0; i < n; i++)
        for (unsigned k = 0; k < a->factors; k++)
            to[(size_t)i * a->stride + k] = from ? from[(size_t)i * a->factors + k] : (float)(pt_rng_double(r) * 0.01);
}

static pt_rc begin(pt_als *a, const pt_owned *o, const pt_als_options *options, pt_err *err)
{
    pt_rng r;

    a->n_customers = o->n_customers;
    a->n_items = o->n_items;
    a->factors = options->factors;
    a->stride = (options->factors + PT_ALS_LANES - 1) / PT_ALS_LANES * PT_ALS_LANES;
    a->regularization = options->regularization;
    a->customers = zeroed((size_t)a->n_customers * a->stride);
    a->items = zeroed((size_t)a->n_items * a->stride);
    a->gram = zeroed((size_t)a->stride * a->stride);
    if (!a->customers || !a->items || !a->gram)
        return no_memory(err);
    pt_rng_seed(&r, options->seed);
    start(a->customers, options->customers, a->n_customers, a, &r);
    start(a->items, options->items, a->n_items, a, &r);
    return PT_OK;
}

/* --- whose items, whose customers --------------------------------------------------------------------------------------------- */

typedef struct side {
    const uint64_t *offsets;
    const uint32_t *which;
    const float *confidence;
    uint32_t n;
} side;

typedef struct turned {
    uint64_t *offsets;
    uint32_t *which;
    float *confidence;
} turned;

static void turned_dispose(turned *t)
{
    free(t->offsets);
    free(t->which);
    free(t->confidence);
}

static pt_rc turn(turned *t, const pt_owned *o, pt_err *err)
{
    uint64_t n = o->offsets[o->n_customers];
    uint64_t *next = pt_zalloc((size_t)o->n_items + 1, sizeof *next);

    *t = (turned){pt_zalloc((size_t)o->n_items + 1, sizeof *t->offsets), pt_zalloc((size_t)n + 1, sizeof *t->which),
                  pt_zalloc((size_t)n + 1, sizeof *t->confidence)};
    if (!next || !t->offsets || !t->which || !t->confidence) {
        free(next);
        return no_memory(err);
    }
    for (uint64_t i = 0; i < n; i++)
        t->offsets[o->items[i] + 1]++;
    for (uint32_t i = 0; i < o->n_items; i++)
        t->offsets[i + 1] += t->offsets[i];
    memcpy(next, t->offsets, o->n_items * sizeof *next);
    for (uint32_t u = 0; u < o->n_customers; u++)
        for (uint64_t i = o->offsets[u]; i < o->offsets[u + 1]; i++) {
            uint64_t to = next[o->items[i]]++;
            t->which[to] = u;
            t->confidence[to] = o->confidence[i];
        }
    free(next);
    return PT_OK;
}

/* --- the products of a side's columns ------------------------------------------------------------------------------------------ */

typedef struct gram_job {
    const pt_als_kernels *kernels;
    const float *rows;
    size_t n, stride, part_rows;
    double *parts; /* stride * stride each */
    float *blocks; /* by part */
} gram_job;

static pt_rc gram_part(void *arg, size_t part, unsigned worker, pt_err *err)
{
    gram_job *j = arg;
    size_t cells = j->stride * j->stride, first = part * j->part_rows;
    size_t end = first + j->part_rows < j->n ? first + j->part_rows : j->n;
    double *sum = j->parts + part * cells;
    float *block = j->blocks + part * cells;

    (void)worker;
    (void)err;
    memset(sum, 0, cells * sizeof *sum);
    for (; first < end; first += GRAM_ROWS) {
        memset(block, 0, cells * sizeof *block);
        j->kernels->gram(block, j->rows + first * j->stride, end - first < GRAM_ROWS ? end - first : GRAM_ROWS,
                         j->stride);
        for (size_t i = 0; i < cells; i++)
            sum[i] += (double)block[i];
    }
    return PT_OK;
}

static pt_rc run(pt_pool *pool, size_t n, pt_rc (*fn)(void *, size_t, unsigned, pt_err *), void *arg, pt_err *err)
{
    if (pool)
        return pt_pool_run(pool, n, fn, arg, err);
    for (size_t i = 0; i < n; i++)
        PT_TRY(fn(arg, i, 0, err));
    return PT_OK;
}

/* Parts do not depend on the number of threads. */
static pt_rc gram_of(float *out, const float *rows, size_t n, size_t stride, double regularization, pt_pool *pool,
                     pt_err *err)
{
    gram_job j = {.kernels = pt_als_kernels_best(), .rows = rows, .n = n, .stride = stride};
    size_t cells = stride * stride, parts = (n + GRAM_ROWS - 1) / GRAM_ROWS;

    parts = parts > GRAM_PARTS ? GRAM_PARTS : parts ? parts : 1;
    j.part_rows = (n + parts - 1) / parts;
    j.parts = pt_zalloc(parts * cells, sizeof *j.parts);
    j.blocks = pt_alloc64(parts * cells, sizeof *j.blocks);
    pt_rc rc = j.parts && j.blocks ? run(pool, parts, gram_part, &j, err) : no_memory(err);
    for (size_t i = 0; rc == PT_OK && i < cells; i++) {
        double sum = i % (stride + 1) == 0 ? regularization : 0;
        for (size_t p = 0; p < parts; p++)
            sum += j.parts[p * cells + i];
        out[i] = (float)sum;
    }
    free(j.parts);
    free(j.blocks);
    return rc;
}

/* --- one side ------------------------------------------------------------------------------------------------------------------ */

typedef struct half_job {
    const pt_als_kernels *kernels;
    const side *side;
    float *rows;
    const float *others, *gram;
    size_t stride;
    unsigned steps;
    float *scratch; /* by worker */
} half_job;

static pt_rc improve_task(void *arg, size_t task, unsigned worker, pt_err *err)
{
    half_job *j = arg;
    size_t first = task * TASK_ROWS, end = first + TASK_ROWS < j->side->n ? first + TASK_ROWS : j->side->n;

    (void)err;
    for (size_t i = first; i < end; i++) {
        uint64_t from = j->side->offsets[i], n = j->side->offsets[i + 1] - from;
        float *x = j->rows + i * j->stride;
        if (!n) {
            memset(x, 0, j->stride * sizeof *x);
            continue;
        }
        pt_als_row row = {.x = x,
                          .gram = j->gram,
                          .others = j->others,
                          .which = j->side->which + from,
                          .confidence = j->side->confidence + from,
                          .n = (size_t)n,
                          .stride = j->stride,
                          .steps = j->steps,
                          .scratch = j->scratch + (size_t)worker * 3 * j->stride};
        j->kernels->improve(&row);
    }
    return PT_OK;
}

static pt_rc improve_side(pt_als *a, const side *s, float *rows, const float *others, uint32_t n_others,
                          const pt_als_options *options, float *scratch, pt_err *err)
{
    half_job j = {.kernels = pt_als_kernels_best(),
                  .side = s,
                  .rows = rows,
                  .others = others,
                  .gram = a->gram,
                  .stride = a->stride,
                  .steps = options->steps ? options->steps : 3,
                  .scratch = scratch};

    PT_TRY(gram_of(a->gram, others, n_others, a->stride, a->regularization, options->pool, err));
    return run(options->pool, (s->n + TASK_ROWS - 1) / TASK_ROWS, improve_task, &j, err);
}

static pt_rc iterate(pt_als *a, const side *customers, const side *items, const pt_als_options *options, pt_err *err)
{
    unsigned workers = options->pool ? pt_pool_threads(options->pool) : 1;
    float *scratch = pt_alloc64((size_t)workers * 3 * a->stride, sizeof *scratch);
    pt_rc rc = scratch ? PT_OK : no_memory(err);

    for (unsigned i = 0; rc == PT_OK && i < options->iterations; i++) {
        if (options->cancelled && options->cancelled(options->cancel_ctx))
            rc = pt_fail(err, PT_ECANCELED, "stopped");
        if (rc == PT_OK)
            rc = improve_side(a, customers, a->customers, a->items, a->n_items, options, scratch, err);
        if (rc == PT_OK)
            rc = improve_side(a, items, a->items, a->customers, a->n_customers, options, scratch, err);
    }
    if (rc == PT_OK)
        rc = gram_of(a->gram, a->items, a->n_items, a->stride, a->regularization, options->pool, err);
    free(scratch);
    return rc;
}

pt_rc pt_als_fit(pt_als *out, const pt_owned *owned, const pt_als_options *options, pt_err *err)
{
    turned t = {0};

    *out = (pt_als){0};
    PT_TRY(check(owned, options, err));
    pt_rc rc = begin(out, owned, options, err);
    if (rc == PT_OK)
        rc = turn(&t, owned, err);
    if (rc == PT_OK) {
        side customers = {owned->offsets, owned->items, owned->confidence, owned->n_customers};
        side items = {t.offsets, t.which, t.confidence, owned->n_items};
        rc = iterate(out, &customers, &items, options, err);
    }
    turned_dispose(&t);
    return rc;
}

/* --- what is minimised --------------------------------------------------------------------------------------------------------- */

static double product(const float *a, const float *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (double)a[i] * (double)b[i];
    return sum;
}

/* All pairs at once by the Gram matrix, then what the pairs that are there differ by. */
pt_rc pt_als_loss(double *out, const pt_als *a, const pt_owned *o, pt_err *err)
{
    size_t n = a->stride;
    float *gram = zeroed(n * n);
    double loss = 0, total = (double)a->n_customers * (double)a->n_items;

    if (!gram)
        return no_memory(err);
    pt_rc rc = gram_of(gram, a->items, a->n_items, n, 0, NULL, err);
    for (uint32_t u = 0; rc == PT_OK && u < a->n_customers; u++) {
        const float *x = a->customers + (size_t)u * n;
        for (size_t k = 0; k < n; k++)
            loss += (double)x[k] * product(gram + k * n, x, n);
        for (uint64_t i = o->offsets[u]; i < o->offsets[u + 1]; i++) {
            double c = (double)o->confidence[i], s = product(x, a->items + (size_t)o->items[i] * n, n);
            loss += c * (1 - s) * (1 - s) - s * s;
            total += c - 1;
        }
        loss += a->regularization * product(x, x, n);
    }
    for (uint32_t i = 0; rc == PT_OK && i < a->n_items; i++)
        loss += a->regularization * product(a->items + (size_t)i * n, a->items + (size_t)i * n, n);
    free(gram);
    *out = loss / total;
    return rc;
}

/* --- a customer ---------------------------------------------------------------------------------------------------------------- */

/* Enough steps for all digits that are there. */
enum { STEPS_ALONE = 12 };

pt_rc pt_als_customer(float *out, const pt_als *a, const uint32_t *items, const float *confidence, size_t n,
                      pt_err *err)
{
    _Alignas(64) float scratch[3 * PT_ALS_MOST_FACTORS], x[PT_ALS_MOST_FACTORS];
    pt_als_row row = {.x = x,
                      .gram = a->gram,
                      .others = a->items,
                      .which = items,
                      .confidence = confidence,
                      .n = n,
                      .stride = a->stride,
                      .steps = STEPS_ALONE,
                      .scratch = scratch};

    memset(x, 0, sizeof x);
    for (size_t i = 0; i < n; i++)
        if (items[i] >= a->n_items)
            return pt_fail(err, PT_EINVAL, "item %u of %u", items[i], a->n_items);
    if (n)
        pt_als_kernels_best()->improve(&row);
    memcpy(out, x, a->stride * sizeof *x);
    return PT_OK;
}

void pt_als_scores(float *scores, const pt_als *a, const float *customer)
{
    pt_als_kernels_best()->scores(scores, a->items, a->n_items, customer, a->stride);
}

/* --- bytes ----------------------------------------------------------------------------------------------------------------------- */

#define MAGIC "PALS"
enum { VERSION = 1 };

pt_rc pt_als_save(pt_str *out, const pt_als *a, pt_err *err)
{
    pt_blob_begin(out, MAGIC, VERSION);
    pt_blob_put_count(out, a->factors);
    pt_blob_put_count(out, a->n_items);
    pt_blob_put_number(out, a->regularization);
    for (uint32_t i = 0; i < a->n_items; i++)
        pt_blob_put_floats(out, a->items + (size_t)i * a->stride, a->factors);
    return pt_str_check(out, err);
}

pt_rc pt_als_load(pt_als *out, pt_sv bytes, pt_err *err)
{
    pt_blob b;

    *out = (pt_als){0};
    pt_blob_open(&b, bytes, MAGIC, VERSION);
    out->factors = (unsigned)pt_blob_count(&b, 1, PT_ALS_MOST_FACTORS);
    out->n_items = (uint32_t)pt_blob_count(&b, 1, UINT32_MAX - 1);
    out->regularization = pt_blob_number(&b, 1e-300, 1e300);
    out->stride = (out->factors + PT_ALS_LANES - 1) / PT_ALS_LANES * PT_ALS_LANES;
    float *items = pt_blob_floats(&b, (size_t)out->n_items * out->factors);
    pt_rc rc = pt_blob_end(&b, "recommend", err);
    if (rc == PT_OK) {
        out->items = zeroed((size_t)out->n_items * out->stride);
        out->gram = zeroed((size_t)out->stride * out->stride);
        rc = out->items && out->gram ? PT_OK : no_memory(err);
    }
    for (uint32_t i = 0; rc == PT_OK && i < out->n_items; i++)
        memcpy(out->items + (size_t)i * out->stride, items + (size_t)i * out->factors, out->factors * sizeof *items);
    free(items);
    if (rc == PT_OK)
        rc = gram_of(out->gram, out->items, out->n_items, out->stride, out->regularization, NULL, err);
    if (rc != PT_OK)
        pt_als_free(out);
    return rc;
}
