/* Building a tree of boxes: rows change places column by column, so that those of a node are read one after the other. */
#include <math.h>
#include <stdlib.h>

#include "model/boxtree.h"

enum { PAD = 64, BLOCK = 64, LANES = 8 };

typedef struct building {
    pt_boxtree *t;
    double diagonal; /* squared */
    float *box;      /* of the node that is made: columns low ends, columns high ends */
    size_t nodes_cap;
    struct pending {
        uint32_t begin, end, parent; /* parent: whose right child it is; UINT32_MAX: of none */
    } * pending;
    size_t n_pending, pending_cap;
} building;

/* --- boxes ------------------------------------------------------------------------------------------------------------------------ */

/* In lanes, so that vectors can be used; the least and the largest do not depend on the order. */
static void measure_column(float *low, float *high, const float *x, size_t n)
{
    float least[LANES], most[LANES];
    size_t whole = n / LANES * LANES;

    *low = *high = x[0];
    for (size_t l = 0; l < LANES; l++)
        least[l] = most[l] = x[0];
    for (size_t i = 0; i < whole; i += LANES) {
        for (size_t l = 0; l < LANES; l++) {
            least[l] = x[i + l] < least[l] ? x[i + l] : least[l];
            most[l] = x[i + l] > most[l] ? x[i + l] : most[l];
        }
    }
    for (size_t i = whole; i < n; i++) {
        least[0] = x[i] < least[0] ? x[i] : least[0];
        most[0] = x[i] > most[0] ? x[i] : most[0];
    }
    for (size_t l = 0; l < LANES; l++) {
        *low = least[l] < *low ? least[l] : *low;
        *high = most[l] > *high ? most[l] : *high;
    }
}

static void measure_box(float *box, const pt_boxtree *t, size_t begin, size_t end)
{
    for (size_t c = 0; c < t->columns; c++)
        measure_column(&box[c], &box[t->columns + c], t->x + c * t->stride + begin, end - begin);
}

/* Of leaves from their rows, of others from their children, which come later. */
static pt_rc make_boxes(pt_boxtree *t, pt_err *err)
{
    size_t columns = t->columns;

    t->boxes = pt_alloc64(t->n_nodes * 2 * columns, sizeof *t->boxes);
    if (!t->boxes)
        return pt_fail_nomem(err, "clustering");
    for (size_t node = t->n_nodes; node-- > 0;) {
        const pt_box_node *of = &t->nodes[node];
        float *box = t->boxes + node * 2 * columns;
        if (!of->right) {
            measure_box(box, t, of->begin, of->end);
            continue;
        }
        const float *a = pt_box_low(t, node + 1), *b = pt_box_low(t, of->right);
        for (size_t c = 0; c < columns; c++) {
            box[c] = a[c] < b[c] ? a[c] : b[c];
            box[columns + c] = a[columns + c] > b[columns + c] ? a[columns + c] : b[columns + c];
        }
    }
    return PT_OK;
}

/* --- splitting -------------------------------------------------------------------------------------------------------------------- */

static void swap_rows(pt_boxtree *t, size_t a, size_t b)
{
    uint32_t row = t->order[a];

    t->order[a] = t->order[b];
    t->order[b] = row;
    for (size_t c = 0; c < t->columns; c++) {
        float *x = t->x + c * t->stride, v = x[a];
        x[a] = x[b];
        x[b] = v;
    }
}

/* Rows begin + left[i] and last - right[i] change places. */
static void swap_many(pt_boxtree *t, size_t begin, const uint8_t *left, size_t last, const uint8_t *right, size_t n)
{
    uint32_t *low = t->order + begin, *high = t->order + last;

    for (size_t i = 0; i < n; i++) {
        uint32_t row = low[left[i]];
        low[left[i]] = *(high - right[i]);
        *(high - right[i]) = row;
    }
    for (size_t c = 0; c < t->columns; c++) {
        float *a = t->x + c * t->stride + begin, *b = t->x + c * t->stride + last;
        for (size_t i = 0; i < n; i++) {
            float v = a[left[i]];
            a[left[i]] = *(b - right[i]);
            *(b - right[i]) = v;
        }
    }
}

/* Places of a block that are on the wrong side: from[i] values below the middle on the right, others on the left. */
static size_t wrong_left(uint8_t out[BLOCK], const float *from, float middle)
{
    size_t n = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        out[n] = (uint8_t)i;
        n += !(from[i] < middle);
    }
    return n;
}

static size_t wrong_right(uint8_t out[BLOCK], const float *last, float middle)
{
    size_t n = 0;

    for (size_t i = 0; i < BLOCK; i++) {
        out[n] = (uint8_t)i;
        n += *(last - i) < middle;
    }
    return n;
}

/* Rows with values below the middle before the others; where those begin. A block at each end is looked at and what is on the wrong
 * side written down, without a branch that could be guessed wrong (Edelkamp, Weiss: BlockQuicksort, 2016). */
static uint32_t part(pt_boxtree *t, size_t column, float middle, size_t begin, size_t end)
{
    const float *x = t->x + column * t->stride;
    uint8_t left[BLOCK], right[BLOCK];
    size_t n_left = 0, n_right = 0, at_left = 0, at_right = 0;

    while (end - begin >= 2 * BLOCK) {
        if (at_left == n_left) {
            n_left = wrong_left(left, x + begin, middle);
            at_left = 0;
        }
        if (at_right == n_right) {
            n_right = wrong_right(right, x + end - 1, middle);
            at_right = 0;
        }
        size_t n = n_left - at_left < n_right - at_right ? n_left - at_left : n_right - at_right;
        swap_many(t, begin, left + at_left, end - 1, right + at_right, n);
        at_left += n;
        at_right += n;
        begin += at_left == n_left ? BLOCK : 0;
        end -= at_right == n_right ? BLOCK : 0;
    }
    while (begin < end) {
        if (x[begin] < middle)
            begin++;
        else
            swap_rows(t, begin, --end);
    }
    return (uint32_t)begin;
}

/* Halves the widest side of the box; both halves have rows. */
static uint32_t split(building *b, uint32_t begin, uint32_t end)
{
    const float *low = b->box, *high = low + b->t->columns;
    size_t widest = 0;

    for (size_t c = 1; c < b->t->columns; c++)
        if ((double)high[c] - (double)low[c] > (double)high[widest] - (double)low[widest])
            widest = c;
    double middle = ((double)low[widest] + (double)high[widest]) / 2;
    float rounded = (float)middle; /* v < middle as it is v < the first float that is not below */
    rounded = (double)rounded < middle ? nextafterf(rounded, INFINITY) : rounded;
    return part(b->t, widest, rounded, begin, end);
}

static double diagonal_of(const building *b)
{
    const float *low = b->box, *high = low + b->t->columns;
    double sum = 0;

    for (size_t c = 0; c < b->t->columns; c++)
        sum += ((double)high[c] - (double)low[c]) * ((double)high[c] - (double)low[c]);
    return sum;
}

/* --- the tree --------------------------------------------------------------------------------------------------------------------- */

static bool push(building *b, uint32_t begin, uint32_t end, uint32_t parent)
{
    if (!pt_grow(&b->pending, &b->pending_cap, b->n_pending + 1, sizeof *b->pending))
        return false;
    b->pending[b->n_pending++] = (struct pending){begin, end, parent};
    return true;
}

/* Depth first, the left child first: without recursion, since skewed data make deep trees. */
static pt_rc build(building *b, pt_err *err)
{
    pt_boxtree *t = b->t;

    if (!push(b, 0, (uint32_t)t->n, UINT32_MAX))
        return pt_fail_nomem(err, "clustering");
    while (b->n_pending) {
        struct pending p = b->pending[--b->n_pending];
        size_t node = t->n_nodes;
        if (!pt_grow(&t->nodes, &b->nodes_cap, t->n_nodes + 1, sizeof *t->nodes))
            return pt_fail_nomem(err, "clustering");
        t->nodes[t->n_nodes++] = (pt_box_node){p.begin, p.end, 0};
        if (p.parent != UINT32_MAX)
            t->nodes[p.parent].right = (uint32_t)node;
        if (p.end - p.begin <= PT_BOX_ROWS)
            continue;
        measure_box(b->box, t, p.begin, p.end);
        double diagonal = diagonal_of(b);
        if (diagonal <= b->diagonal || diagonal == 0)
            continue;
        uint32_t middle = split(b, p.begin, p.end);
        if (!push(b, middle, p.end, (uint32_t)node) || !push(b, p.begin, middle, UINT32_MAX))
            return pt_fail_nomem(err, "clustering");
    }
    return make_boxes(t, err);
}

static void copy_rows(pt_boxtree *t, const pt_matrix *x)
{
    for (size_t i = 0; i < x->rows; i++)
        t->order[i] = (uint32_t)i;
    for (size_t c = 0; c < x->columns; c++) {
        float *to = t->x + c * t->stride;
        memcpy(to, pt_matrix_column(x, c), x->rows * sizeof *to);
        memset(to + x->rows, 0, (t->stride - x->rows) * sizeof *to);
    }
}

pt_rc pt_boxtree_new(pt_boxtree *out, const pt_matrix *x, double diagonal, pt_err *err)
{
    building b = {.t = out, .diagonal = diagonal * diagonal};

    *out = (pt_boxtree){.n = x->rows, .columns = x->columns, .stride = x->rows + PAD};
    out->x = pt_alloc64(out->stride * x->columns, sizeof *out->x);
    out->order = pt_alloc64(x->rows, sizeof *out->order);
    b.box = pt_alloc64(2 * x->columns, sizeof *b.box);
    /* About as many as there will be: an array that grows leaves holes behind. */
    bool able = pt_grow(&out->nodes, &b.nodes_cap, x->rows / 5 + 16, sizeof *out->nodes);
    pt_rc rc = out->x && out->order && b.box && able ? PT_OK : pt_fail_nomem(err, "clustering");
    if (rc == PT_OK) {
        copy_rows(out, x);
        rc = build(&b, err);
    }
    free(b.pending);
    free(b.box);
    return rc;
}

void pt_boxtree_free(pt_boxtree *t)
{
    free(t->x);
    free(t->order);
    free(t->nodes);
    free(t->boxes);
    *t = (pt_boxtree){0};
}
