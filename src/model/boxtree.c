#include "model/boxtree.h"

#include <float.h>
#include <math.h>

/* --- distances ------------------------------------------------------------------------------------------------------------------- */

double pt_box_diagonal(const pt_boxtree *t, size_t node)
{
    const float *low = pt_box_low(t, node), *high = pt_box_high(t, node);
    double sum = 0;

    for (size_t c = 0; c < t->columns; c++)
        sum += ((double)high[c] - (double)low[c]) * ((double)high[c] - (double)low[c]);
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
