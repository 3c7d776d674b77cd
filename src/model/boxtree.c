#include "model/boxtree.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { PAD = 64 };

/* --- building -------------------------------------------------------------------------------------------------------------------- */

typedef struct building {
    pt_boxtree *t;
    const pt_matrix *x;
    double diagonal; /* squared */
    size_t nodes_cap, boxes_cap;
    struct pending {
        uint32_t begin, end, parent; /* parent: whose right child it is; UINT32_MAX: of none */
    } * pending;
    size_t n_pending, pending_cap;
} building;

static float value(const building *b, size_t place, size_t column)
{
    return pt_matrix_column(b->x, column)[b->t->order[place]];
}

static pt_rc add_node(building *b, uint32_t begin, uint32_t end, pt_err *err)
{
    pt_boxtree *t = b->t;
    size_t columns = t->columns;

    if (!pt_grow(&t->nodes, &b->nodes_cap, t->n_nodes + 1, sizeof *t->nodes) ||
        !pt_grow(&t->boxes, &b->boxes_cap, (t->n_nodes + 1) * 2 * columns, sizeof *t->boxes))
        return pt_fail_nomem(err, "clustering");
    float *low = t->boxes + t->n_nodes * 2 * columns, *high = low + columns;
    for (size_t c = 0; c < columns; c++) {
        low[c] = high[c] = value(b, begin, c);
        for (size_t i = begin + 1; i < end; i++) {
            float v = value(b, i, c);
            low[c] = v < low[c] ? v : low[c];
            high[c] = v > high[c] ? v : high[c];
        }
    }
    t->nodes[t->n_nodes++] = (pt_box_node){begin, end, 0};
    return PT_OK;
}

/* Rows below the middle of the widest side before the others; where those begin. Both sides have some. */
static uint32_t split(building *b, size_t node)
{
    pt_boxtree *t = b->t;
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    size_t widest = 0;

    for (size_t c = 1; c < t->columns; c++)
        if ((double)high[c] - (double)low[c] > (double)high[widest] - (double)low[widest])
            widest = c;
    const float *x = pt_matrix_column(b->x, widest);
    double middle = ((double)low[widest] + (double)high[widest]) / 2;
    uint32_t at = t->nodes[node].begin, end = t->nodes[node].end;
    while (at < end) {
        uint32_t row = t->order[at];
        if ((double)x[row] < middle) {
            at++;
        } else {
            t->order[at] = t->order[--end];
            t->order[end] = row;
        }
    }
    return at;
}

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
        PT_TRY(add_node(b, p.begin, p.end, err));
        if (p.parent != UINT32_MAX)
            t->nodes[p.parent].right = (uint32_t)node;
        double diagonal = pt_box_diagonal(t, node);
        if (p.end - p.begin <= PT_BOX_ROWS || diagonal <= b->diagonal || diagonal == 0)
            continue;
        uint32_t middle = split(b, node);
        if (!push(b, middle, p.end, (uint32_t)node) || !push(b, p.begin, middle, UINT32_MAX))
            return pt_fail_nomem(err, "clustering");
    }
    return PT_OK;
}

pt_rc pt_boxtree_new(pt_boxtree *out, const pt_matrix *x, double diagonal, pt_err *err)
{
    building b = {.t = out, .x = x, .diagonal = diagonal * diagonal};

    *out = (pt_boxtree){.n = x->rows, .columns = x->columns, .stride = x->rows + PAD};
    out->x = pt_alloc64(out->stride * x->columns, sizeof *out->x);
    out->order = pt_alloc64(x->rows, sizeof *out->order);
    if (!out->x || !out->order)
        return pt_fail_nomem(err, "clustering");
    for (size_t i = 0; i < x->rows; i++)
        out->order[i] = (uint32_t)i;
    pt_rc rc = build(&b, err);
    free(b.pending);
    for (size_t c = 0; rc == PT_OK && c < x->columns; c++) {
        const float *from = pt_matrix_column(x, c);
        float *to = out->x + c * out->stride;
        for (size_t i = 0; i < x->rows; i++)
            to[i] = from[out->order[i]];
        for (size_t i = x->rows; i < out->stride; i++)
            to[i] = 0;
    }
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

/* --- distances ------------------------------------------------------------------------------------------------------------------- */

static double gap(float a_low, float a_high, float b_low, float b_high)
{
    double apart = 0;

    if (a_high < b_low)
        apart = (double)b_low - (double)a_high;
    else if (b_high < a_low)
        apart = (double)a_low - (double)b_high;
    return apart * apart;
}

double pt_box_apart(const pt_boxtree *t, size_t a, size_t b)
{
    const float *a_low = pt_box_low(t, a), *a_high = pt_box_high(t, a), *b_low = pt_box_low(t, b),
                *b_high = pt_box_high(t, b);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += gap(a_low[c], a_high[c], b_low[c], b_high[c]);
    return sum;
}

double pt_box_diagonal(const pt_boxtree *t, size_t node)
{
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += ((double)high[c] - (double)low[c]) * ((double)high[c] - (double)low[c]);
    return sum;
}

double pt_box_from(const pt_boxtree *t, const float *point, size_t node)
{
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += gap(point[c], point[c], low[c], high[c]);
    return sum;
}

double pt_box_most(const pt_boxtree *t, const float *point, size_t node)
{
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++) {
        double a = fabs((double)point[c] - (double)low[c]), b = fabs((double)point[c] - (double)high[c]);
        sum += fmax(a, b) * fmax(a, b);
    }
    return sum;
}

/* --- the nearest ----------------------------------------------------------------------------------------------------------------- */

double pt_box_squared(const pt_boxtree *t, const float *point, size_t place)
{
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++) {
        double apart = (double)t->x[c * t->stride + place] - (double)point[c];
        sum += apart * apart;
    }
    return sum;
}

typedef struct nearest {
    const pt_boxtree *t;
    const float *point;
    pt_box_found *found; /* the nearest first; of equally near ones the lowest row first */
    size_t k, n;
} nearest;

static bool is_before(const pt_box_found *a, const pt_box_found *b)
{
    return a->squared < b->squared || (a->squared == b->squared && a->row < b->row);
}

static void offer(nearest *s, uint32_t row, double d)
{
    pt_box_found f = {row, d};
    size_t at = s->n;

    if (s->n == s->k && !is_before(&f, &s->found[s->k - 1]))
        return;
    at = s->n < s->k ? s->n++ : s->k - 1;
    for (; at > 0 && is_before(&f, &s->found[at - 1]); at--)
        s->found[at] = s->found[at - 1];
    s->found[at] = f;
}

/* The nearer child first; depth is that of the tree. */
static void search(nearest *s, size_t node)
{
    const pt_box_node *b = &s->t->nodes[node];

    if (!b->right) {
        for (size_t i = b->begin; i < b->end; i++)
            offer(s, s->t->order[i], pt_box_squared(s->t, s->point, i));
        return;
    }
    double left = pt_box_from(s->t, s->point, node + 1), right = pt_box_from(s->t, s->point, b->right);
    size_t first = left <= right ? node + 1 : b->right, second = left <= right ? b->right : node + 1;
    if (s->n < s->k || fmin(left, right) <= s->found[s->k - 1].squared)
        search(s, first);
    if (s->n < s->k || fmax(left, right) <= s->found[s->k - 1].squared)
        search(s, second);
}

size_t pt_box_nearest(pt_box_found *out, size_t k, const pt_boxtree *t, const float *point)
{
    nearest s = {t, point, out, k, 0};

    search(&s, 0);
    return s.n;
}

/* --- who is within a distance ---------------------------------------------------------------------------------------------------- */

pt_within pt_within_of(double distance, size_t columns)
{
    double squared = distance * distance, share = ((double)columns + 8) * (double)FLT_EPSILON;

    /* Below this squares of single precision are lost: then nothing is sure. */
    if (squared < 1e-30)
        return (pt_within){squared, -1, 1e-29F};
    return (pt_within){squared, (float)(squared * (1 - share)), (float)fmin(squared * (1 + share), (double)FLT_MAX)};
}

uint64_t pt_box_near_plain(const pt_boxtree *t, const float *point, size_t begin, size_t n, const pt_within *w)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i++)
        bits |= (uint64_t)(pt_box_squared(t, point, begin + i) <= w->squared) << i;
    return bits;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

__attribute__((target("avx2,fma,bmi"))) static uint64_t near_avx2(const pt_boxtree *t, const float *point, size_t begin,
                                                                  size_t n, const pt_within *w)
{
    uint64_t bits = 0;

    for (size_t i = 0; i < n; i += 8) {
        const float *x = t->x + begin + i;
        __m256 sum = _mm256_setzero_ps();
        for (size_t c = 0; c < t->columns; c++) {
            __m256 apart = _mm256_sub_ps(_mm256_loadu_ps(x + c * t->stride), _mm256_broadcast_ss(point + c));
            sum = _mm256_fmadd_ps(apart, apart, sum);
        }
        unsigned sure = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(sum, _mm256_set1_ps(w->sure), _CMP_LE_OQ));
        unsigned maybe = (unsigned)_mm256_movemask_ps(_mm256_cmp_ps(sum, _mm256_set1_ps(w->never), _CMP_LE_OQ)) & ~sure;
        if (n - i < 8)
            maybe &= (1U << (n - i)) - 1;
        for (; maybe; maybe &= maybe - 1) {
            unsigned at = (unsigned)__builtin_ctz(maybe);
            sure |= (unsigned)(pt_box_squared(t, point, begin + i + at) <= w->squared) << at;
        }
        bits |= (uint64_t)sure << i;
    }
    return n == 64 ? bits : bits & ((UINT64_C(1) << n) - 1);
}

uint64_t pt_box_near(const pt_boxtree *t, const float *point, size_t begin, size_t n, const pt_within *w)
{
    bool able = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");

    return able ? near_avx2(t, point, begin, n, w) : pt_box_near_plain(t, point, begin, n, w);
}
#else
uint64_t pt_box_near(const pt_boxtree *t, const float *point, size_t begin, size_t n, const pt_within *w)
{
    return pt_box_near_plain(t, point, begin, n, w);
}
#endif
