/* Columns into codes, targets into whole numbers, rows into records. */
#include <math.h>
#include <stdlib.h>

#include "base/compare.h"
#include "model/examples.h"
#include "model/tree_int.h"

enum {
    SAMPLE = 32768, /* values that edges are chosen by, where a column has too many different ones */
    BLOCK = 2048, /* rows that are written at a time: a task, and small enough for their records to stay in the cache */
    MOST_VALUES = TREE_CODES - 1,
    SLOTS = 1024, /* of the table in which different values are counted */
    MOST_COLUMNS = 1 << 20
};
#define UNITS 0x1p61 /* sums stay below it */

/* --- how a column is cut -------------------------------------------------------------------------------------------- */

/* The order of floats as that of whole numbers, and back. */
static uint32_t key_of(float value)
{
    uint32_t bits;
    float plain = value == 0 ? 0 : value; /* -0 is 0 */

    memcpy(&bits, &plain, sizeof bits);
    return bits & UINT32_C(1) << 31 ? ~bits : bits | UINT32_C(1) << 31;
}

static float value_of(uint32_t key)
{
    uint32_t bits = key & UINT32_C(1) << 31 ? key & ~(UINT32_C(1) << 31) : ~key;
    float value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static void sort_keys(uint32_t *keys, uint32_t *spare, size_t n)
{
    for (unsigned shift = 0; shift < 33; shift += 11) {
        size_t at[2048] = {0}, sum = 0;
        for (size_t i = 0; i < n; i++)
            at[keys[i] >> shift & 2047]++;
        for (size_t d = 0; d < 2048; d++) {
            size_t count = at[d];
            at[d] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            spare[at[keys[i] >> shift & 2047]++] = keys[i];
        uint32_t *swap = keys;
        keys = spare;
        spare = swap;
    }
}

/* The keys of a column's different values when there are at most MOST_VALUES, in no order; else more. */
static size_t few_values(uint32_t keys[MOST_VALUES + 1], const float *values, size_t rows)
{
    uint32_t table[SLOTS] = {0}; /* 0 is the key of no number */
    size_t n = 0;

    for (size_t r = 0; r < rows && n <= MOST_VALUES; r++) {
        if (isnan(values[r]))
            continue;
        uint32_t key = key_of(values[r]);
        uint32_t slot = key * UINT32_C(2654435769) >> 22;
        while (table[slot] && table[slot] != key)
            slot = (slot + 1) % SLOTS;
        if (!table[slot]) {
            table[slot] = key;
            keys[n++] = key;
        }
    }
    return n;
}

/* Keys of the values of evenly spaced rows, of all where there are few, in order; the number of them. */
static size_t sorted_sample(uint32_t *keys, uint32_t *spare, const float *values, size_t rows, size_t most)
{
    size_t n = 0, take = rows < most ? rows : most;

    for (size_t i = 0; i < take; i++) {
        float value = values[(uint64_t)i * rows / take];
        if (!isnan(value))
            keys[n++] = key_of(value);
    }
    sort_keys(keys, spare, n); /* three passes: the result is in the spare room */
    memcpy(keys, spare, n * sizeof *keys);
    return n;
}

static pt_rc keep_exact(tree_column *c, const uint32_t *keys, size_t n, pt_err *err)
{
    c->edges = pt_zalloc(n + 1, sizeof *c->edges);
    if (!c->edges)
        return pt_fail_nomem(err, "the values of a column");
    for (size_t i = 0; i < n; i++)
        c->edges[i] = value_of(keys[i]);
    c->n = (uint32_t)n;
    c->exact = true;
    return PT_OK;
}

/* The smallest float that is above the middle of a and b, a < b: it is at most b. */
static float above_middle(float a, float b)
{
    double middle = (double)a / 2 + (double)b / 2;
    float down = (float)middle;

    if ((double)down > middle)
        down = nextafterf(down, -INFINITY);
    return nextafterf(down, INFINITY);
}

/* Between two values that are neighbours in the sample; close to one that so many rows have that it gets a code of its own. */
static float edge_between(float a, float b, bool a_is_frequent, bool b_is_frequent)
{
    return a_is_frequent ? nextafterf(a, INFINITY) : b_is_frequent ? b : above_middle(a, b);
}

/* Cuts where about as many values lie between two cuts; a value that fills a code by itself has one of its own. */
static pt_rc keep_quantiles(tree_column *c, const uint32_t *keys, size_t n, pt_err *err)
{
    size_t held = 0, left = n, codes = 1, last = 0;

    c->edges = pt_zalloc(MOST_VALUES, sizeof *c->edges);
    if (!c->edges)
        return pt_fail_nomem(err, "the edges of a column");
    for (size_t i = 0, run; i < n && codes < MOST_VALUES; i += run) {
        for (run = 1; i + run < n && keys[i + run] == keys[i]; run++) {
        }
        size_t wanted = left / (MOST_VALUES - codes + 1);
        if (held && (held >= wanted || run > wanted || 2 * held + run > 2 * wanted)) {
            c->edges[codes++ - 1] = edge_between(value_of(keys[i - 1]), value_of(keys[i]), last > wanted, run > wanted);
            left -= held;
            held = 0;
        }
        held += run;
        last = run;
    }
    c->n = (uint32_t)codes;
    return PT_OK;
}

static pt_rc cut_column(tree_column *c, const float *values, size_t rows, uint32_t *keys, uint32_t *spare, pt_err *err)
{
    uint32_t few[MOST_VALUES + 1];
    size_t n = few_values(few, values, rows);

    if (n <= MOST_VALUES) {
        qsort(few, n, sizeof *few, pt_compare_u32);
        return keep_exact(c, few, n, err);
    }
    if (rows > TREE_EXACT_ROWS)
        return keep_quantiles(c, keys, sorted_sample(keys, spare, values, rows, SAMPLE), err);
    size_t different = 1;
    n = sorted_sample(keys, spare, values, rows, rows);
    for (size_t i = 1; i < n; i++)
        if (keys[i] != keys[different - 1])
            keys[different++] = keys[i];
    return keep_exact(c, keys, different, err);
}

typedef struct cut_job {
    tree_rows *rows;
    const pt_examples *examples;
} cut_job;

static pt_rc cut_one(void *arg, size_t column, unsigned worker, pt_err *err)
{
    cut_job *job = arg;
    const float *values = pt_matrix_column(&job->examples->x, column);
    size_t rows = job->examples->x.rows, room = rows < TREE_EXACT_ROWS ? TREE_EXACT_ROWS : SAMPLE;

    (void)worker;
    uint32_t *keys = pt_alloc64(2 * room, sizeof *keys);
    if (!keys)
        return pt_fail_nomem(err, "the values of a column");
    pt_rc rc = cut_column(&job->rows->column[column], values, rows, keys, keys + room, err);
    free(keys);
    return rc;
}

float tree_threshold(const tree_column *c, uint32_t code, uint32_t next)
{
    if (next >= c->n)
        return INFINITY;
    return c->exact ? above_middle(c->edges[code], c->edges[next]) : c->edges[(code + next - 1) / 2];
}

/* --- targets as whole numbers ---------------------------------------------------------------------------------------- */

/* The unit, a power of two, in which n numbers of at most `most` add up to less than UNITS. */
static double unit_for(double most, size_t n)
{
    int exponent;

    if (!(most > 0))
        return 1;
    frexp(most * (double)n / UNITS, &exponent);
    return ldexp(1, exponent);
}

static double weight_at(const pt_examples *e, size_t r)
{
    return e->weight ? (double)e->weight[r] : 1;
}

static void choose_units(tree_rows *rows, const pt_examples *e, pt_task task)
{
    double weights = 0, sum = 0, most_weight = 0, most_value = 0;

    for (size_t r = 0; r < e->x.rows; r++) {
        double w = weight_at(e, r);
        weights += w;
        most_weight = w > most_weight ? w : most_weight;
        sum += task == PT_TASK_REGRESS ? w * (double)e->y[r] : 0;
    }
    rows->weight_unit = e->weight ? unit_for(most_weight, e->x.rows) : 1;
    rows->value_unit = rows->weight_unit;
    if (task != PT_TASK_REGRESS)
        return;
    rows->centre = weights > 0 ? sum / weights : 0;
    for (size_t r = 0; r < e->x.rows; r++) {
        double value = fabs(weight_at(e, r) * ((double)e->y[r] - rows->centre));
        most_value = value > most_value ? value : most_value;
    }
    rows->value_unit = unit_for(most_value, e->x.rows);
}

static void put_target(unsigned char *at, const tree_rows *rows, const pt_examples *e, size_t r)
{
    double w = weight_at(e, r), y = (double)e->y[r];
    int64_t weight = llrint(w / rows->weight_unit);
    int64_t value = rows->classes ? (y > 0 ? weight : 0) : llrint(w * (y - rows->centre) / rows->value_unit);
    uint32_t class = (uint32_t)y;

    switch (rows->kind) {
    case TREE_BINARY: *at = (unsigned char)class; return;
    case TREE_VALUE: memcpy(at, &value, sizeof value); return;
    case TREE_WEIGHTED:
        memcpy(at, &weight, sizeof weight);
        memcpy(at + sizeof weight, &value, sizeof value);
        return;
    case TREE_CLASSES:
        memcpy(at, &weight, sizeof weight);
        memcpy(at + sizeof weight, &class, sizeof class);
        return;
    }
}

/* --- records -------------------------------------------------------------------------------------------------------- */

static uint16_t wide_code(const tree_column *c, float value)
{
    size_t low = 0, high = c->n; /* the first value above it */

    if (isnan(value))
        return TREE_WIDE_MISSING;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->edges[middle] <= value)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint16_t)(low - 1);
}

typedef struct record_job {
    tree_rows *rows;
    const pt_examples *examples;
    const float *edges; /* of one-byte codes: TREE_CODES a column */
} record_job;

static void put_codes(tree_rows *rows, const record_job *job, size_t column, size_t from, size_t n)
{
    const float *values = pt_matrix_column(&job->examples->x, column) + from;
    unsigned char *at = rows->records + from * rows->stride + (rows->wide ? 2 : 1) * column;
    uint8_t codes[BLOCK];

    if (rows->wide) {
        for (size_t i = 0; i < n; i++) {
            uint16_t code = wide_code(&rows->column[column], values[i]);
            memcpy(at + i * rows->stride, &code, sizeof code);
        }
        return;
    }
    tree_kernels_best()->encode(codes, values, n, job->edges + column * TREE_CODES);
    for (size_t i = 0; i < n; i++)
        at[i * rows->stride] = codes[i];
}

static pt_rc put_records(void *arg, size_t block, unsigned worker, pt_err *err)
{
    const record_job *job = arg;
    tree_rows *rows = job->rows;
    size_t from = block * BLOCK, n = rows->rows - from < BLOCK ? rows->rows - from : BLOCK;

    (void)worker, (void)err;
    for (size_t c = 0; c < rows->columns; c++)
        put_codes(rows, job, c, from, n);
    for (size_t r = from; r < from + n; r++)
        put_target(rows->records + r * rows->stride + rows->target, rows, job->examples, r);
    return PT_OK;
}

/* Edges of a column as `encode` wants them. */
static void fill_edges(float *out, const tree_column *c)
{
    size_t n = c->n ? c->n - 1 : 0;

    for (size_t i = 0; i < TREE_CODES; i++)
        out[i] = i >= n ? INFINITY : c->edges[c->exact ? i + 1 : i];
}

static pt_rc make_records(tree_rows *rows, const pt_examples *e, pt_pool *pool, pt_err *err)
{
    float *edges = rows->wide ? NULL : pt_alloc64((size_t)rows->columns * TREE_CODES, sizeof *edges);
    record_job job = {rows, e, edges};

    rows->records = pt_alloc64(rows->rows + 1, rows->stride);
    if (!rows->records || (!rows->wide && !edges)) {
        free(edges);
        return pt_fail_nomem(err, "the rows of a tree");
    }
    for (size_t c = 0; edges && c < rows->columns; c++)
        fill_edges(edges + c * TREE_CODES, &rows->column[c]);
    pt_rc rc = pt_pool_run(pool, (rows->rows + BLOCK - 1) / BLOCK, put_records, &job, err);
    free(edges);
    return rc;
}

static void choose_layout(tree_rows *rows)
{
    static const struct {
        uint8_t bytes, align, words; /* of the target; of a cell, but for classes */
    } layouts[] = {
        [TREE_BINARY] = {1, 1, 1}, [TREE_VALUE] = {8, 8, 2}, [TREE_WEIGHTED] = {16, 8, 3}, [TREE_CLASSES] = {16, 8, 1}};
    size_t align = layouts[rows->kind].align;
    size_t codes = (size_t)rows->columns * (rows->wide ? 2 : 1);

    rows->target = (codes + align - 1) / align * align;
    rows->stride = (rows->target + layouts[rows->kind].bytes + 7) / 8 * 8;
    rows->words = layouts[rows->kind].words + (rows->kind == TREE_CLASSES ? rows->classes : 0);
}

static pt_rc check_examples(const pt_examples *e, pt_task task, pt_err *err)
{
    PT_TRY(pt_examples_check(e, task, PT_TAKES_MISSING, err));
    if (e->x.rows > INT32_MAX || e->x.columns > MOST_COLUMNS)
        return pt_fail(err, PT_EINVAL, "there are more rows or features than a tree can be grown from");
    return pt_examples_check_classes(e, task, err);
}

static pt_rc cut_columns(tree_rows *rows, const pt_examples *e, pt_pool *pool, pt_err *err)
{
    cut_job job = {rows, e};

    rows->column = pt_zalloc(rows->columns, sizeof *rows->column);
    if (!rows->column)
        return pt_fail_nomem(err, "the columns of a tree");
    PT_TRY(pt_pool_run(pool, rows->columns, cut_one, &job, err));
    for (size_t c = 0; c < rows->columns; c++)
        rows->wide |= rows->column[c].n > MOST_VALUES;
    return PT_OK;
}

pt_rc tree_rows_new(tree_rows **out, const pt_examples *e, pt_task task, pt_pool *pool, pt_err *err)
{
    PT_TRY(check_examples(e, task, err));
    tree_rows *rows = pt_zalloc(1, sizeof *rows);
    if (!rows)
        return pt_fail_nomem(err, "a tree");
    rows->rows = e->x.rows;
    rows->columns = (uint32_t)e->x.columns;
    rows->classes = task == PT_TASK_CLASSIFY ? e->n_classes : 0;
    rows->kind = rows->classes > 2 ? TREE_CLASSES
                 : e->weight       ? TREE_WEIGHTED
                 : rows->classes   ? TREE_BINARY
                                   : TREE_VALUE;
    choose_units(rows, e, task);
    pt_rc rc = cut_columns(rows, e, pool, err);
    choose_layout(rows);
    if (rc == PT_OK)
        rc = make_records(rows, e, pool, err);
    if (rc != PT_OK) {
        tree_rows_free(rows);
        return rc;
    }
    *out = rows;
    return PT_OK;
}

void tree_rows_free(tree_rows *r)
{
    if (!r)
        return;
    for (size_t c = 0; r->column && c < r->columns; c++)
        free(r->column[c].edges);
    free(r->column);
    free(r->records);
    free(r);
}
