/* Prim's method over the few edges that can matter. */
#include <math.h>
#include <stdlib.h>

#include "model/spanning.h"

typedef struct waiting {
    double distance;
    uint32_t row;
} waiting;

typedef struct ordering {
    const pt_matrix *x;
    const double *squared_reach;
    size_t *first;    /* rows and one more: where in `others` its edges begin */
    uint32_t *others; /* the rows at the other ends */
    double *least;    /* rows: to the tree */
    uint32_t *from;   /* rows: which row of the tree that is */
    bool *taken;      /* rows: in the tree */
    waiting *heap;    /* the shortest first, then the lowest row; old entries stay until they come up */
    size_t n, heap_cap;
} ordering;

/* --- edges ------------------------------------------------------------------------------------------------------------------------- */

/* Counts the edges of each row at first[row + 1] when `others` is not there yet; else writes them. */
static void each_edge(ordering *o, const pt_span_edge *edges, const uint32_t *close, size_t near, size_t *at)
{
    size_t rows = o->x->rows;

    for (size_t i = 0; i < rows * near + rows - 1; i++) {
        bool tree = i >= rows * near;
        uint32_t a = tree ? edges[i - rows * near].a : (uint32_t)(i / near),
                 b = tree ? edges[i - rows * near].b : close[i];
        if (b == PT_SPAN_NOBODY || a == b)
            continue;
        if (o->others) {
            o->others[at[a]] = b;
            o->others[at[b]] = a;
        }
        at[a]++;
        at[b]++;
    }
}

static pt_rc list_edges(ordering *o, const pt_span_edge *edges, const uint32_t *close, size_t near, pt_err *err)
{
    size_t rows = o->x->rows, *at = pt_zalloc(rows, sizeof *at);

    o->first = pt_zalloc(rows + 1, sizeof *o->first);
    if (!at || !o->first) {
        free(at);
        return pt_fail_nomem(err, "clustering");
    }
    each_edge(o, edges, close, near, at);
    for (size_t i = 0; i < rows; i++) {
        o->first[i + 1] = o->first[i] + at[i];
        at[i] = o->first[i];
    }
    o->others = pt_alloc64(o->first[rows], sizeof *o->others);
    if (o->others)
        each_edge(o, edges, close, near, at);
    free(at);
    return o->others ? PT_OK : pt_fail_nomem(err, "clustering");
}

static double reachability(const ordering *o, uint32_t a, uint32_t b)
{
    double sum = 0;

    for (size_t c = 0; c < o->x->columns; c++) {
        const float *x = pt_matrix_column(o->x, c);
        double apart = (double)x[a] - (double)x[b];
        sum += apart * apart;
    }
    return sqrt(fmax(fmax(sum, o->squared_reach[a]), o->squared_reach[b]));
}

/* --- the heap ---------------------------------------------------------------------------------------------------------------------- */

static bool is_before(const waiting *a, const waiting *b)
{
    return a->distance < b->distance || (a->distance == b->distance && a->row < b->row);
}

static bool push(ordering *o, uint32_t row, double distance)
{
    waiting w = {distance, row};
    size_t at = o->n;

    if (!pt_grow(&o->heap, &o->heap_cap, o->n + 1, sizeof *o->heap))
        return false;
    o->n++;
    for (; at > 0 && is_before(&w, &o->heap[(at - 1) / 2]); at = (at - 1) / 2)
        o->heap[at] = o->heap[(at - 1) / 2];
    o->heap[at] = w;
    return true;
}

static waiting pop(ordering *o)
{
    waiting top = o->heap[0], last = o->heap[--o->n];
    size_t at = 0;

    for (;;) {
        size_t child = 2 * at + 1;
        if (child + 1 < o->n && is_before(&o->heap[child + 1], &o->heap[child]))
            child++;
        if (child >= o->n || !is_before(&o->heap[child], &last))
            break;
        o->heap[at] = o->heap[child];
        at = child;
    }
    o->heap[at] = last;
    return top;
}

/* --- the tree ---------------------------------------------------------------------------------------------------------------------- */

static bool take(ordering *o, uint32_t row)
{
    o->taken[row] = true;
    for (size_t i = o->first[row]; i < o->first[row + 1]; i++) {
        uint32_t other = o->others[i];
        if (o->taken[other])
            continue;
        double d = reachability(o, row, other);
        if (d < o->least[other]) {
            o->least[other] = d;
            o->from[other] = row;
            if (!push(o, other, d))
                return false;
        }
    }
    return true;
}

static bool grow(pt_span_edge *edges, ordering *o)
{
    bool able = take(o, 0);
    size_t n = 0;

    while (able && n + 1 < o->x->rows) {
        waiting w = pop(o);
        if (o->taken[w.row])
            continue;
        edges[n++] = (pt_span_edge){o->from[w.row], w.row, w.distance};
        able = take(o, w.row);
    }
    return able;
}

pt_rc pt_spanning_order(pt_span_edge *edges, const pt_matrix *x, const double *squared_reach, const uint32_t *close,
                        size_t near, pt_err *err)
{
    ordering o = {.x = x, .squared_reach = squared_reach};
    pt_rc rc = list_edges(&o, edges, close, near, err);

    o.least = pt_alloc64(x->rows, sizeof *o.least);
    o.from = pt_alloc64(x->rows, sizeof *o.from);
    o.taken = pt_zalloc(x->rows, sizeof *o.taken);
    if (rc == PT_OK && (!o.least || !o.from || !o.taken))
        rc = pt_fail_nomem(err, "clustering");
    for (size_t i = 0; rc == PT_OK && i < x->rows; i++)
        o.least[i] = INFINITY;
    if (rc == PT_OK && !grow(edges, &o))
        rc = pt_fail_nomem(err, "clustering");
    free(o.first);
    free(o.others);
    free(o.least);
    free(o.from);
    free(o.taken);
    free(o.heap);
    return rc;
}
