/* Values that few share are followed first: two in a flat say more than ten in a block. */
#include "identity/circles.h"

#include <stdlib.h>

#include "base/mem.h"
#include "base/roots.h"

typedef struct value {
    size_t first; /* of the signs */
    uint32_t n;   /* customers */
} value;

static int by_value(const void *x, const void *y)
{
    const pt_circle_sign *a = x, *b = y;

    if (a->way != b->way)
        return a->way < b->way ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->customer > b->customer) - (a->customer < b->customer);
}

static bool same_value(const pt_circle_sign *a, const pt_circle_sign *b)
{
    return a->way == b->way && a->key == b->key;
}

static int by_size(const void *x, const void *y)
{
    const value *a = x, *b = y;

    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static size_t drop_repeats(pt_circle_sign *signs, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!kept || by_value(&signs[kept - 1], &signs[i]) != 0)
            signs[kept++] = signs[i];
    return kept;
}

/* The customers that joining all of a value's would give; `seen`, by customer, tells which value met a circle last. */
static uint64_t joined_size(pt_circles *out, const pt_circle_sign *signs, const value *v, uint32_t number,
                            uint32_t *seen)
{
    uint64_t size = 0;

    for (uint32_t i = 0; i < v->n; i++) {
        uint32_t root = pt_root(out->of, signs[v->first + i].customer);
        if (seen[root] == number)
            continue;
        seen[root] = number;
        size += out->size[root];
    }
    return size;
}

static void join(pt_circles *out, uint32_t a, uint32_t b)
{
    a = pt_root(out->of, a);
    b = pt_root(out->of, b);
    if (a == b)
        return;
    uint32_t first = a < b ? a : b, other = a < b ? b : a;
    out->of[other] = first;
    out->size[first] += out->size[other];
    out->size[other] = 0;
}

static void follow_all(pt_circles *out, const pt_circle_sign *signs, const value *values, uint32_t n, uint32_t most,
                       uint32_t *seen)
{
    for (uint32_t i = 0; i < n; i++) {
        const value *v = &values[i];
        if (v->n > most)
            out->crowded++;
        else if (joined_size(out, signs, v, i + 1, seen) > most)
            out->refused++;
        else
            for (uint32_t k = 1; k < v->n; k++)
                join(out, signs[v->first].customer, signs[v->first + k].customer);
    }
}

static uint32_t list_values(value *values, const pt_circle_sign *signs, size_t n)
{
    uint32_t count = 0;

    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && same_value(&signs[i], &signs[next]); next++) {
        }
        if (next - i > 1)
            values[count++] = (value){i, (uint32_t)(next - i)};
    }
    return count;
}

static void sum_up(pt_circles *out, uint32_t customers)
{
    for (uint32_t c = 0; c < customers; c++) {
        if (out->of[c] == PT_CIRCLE_NONE)
            continue;
        out->of[c] = pt_root(out->of, c);
        out->members++;
        out->shared += out->of[c] == c && out->size[c] > 1;
        out->largest = out->size[c] > out->largest ? out->size[c] : out->largest;
    }
}

pt_rc pt_circles_find(pt_circles *out, pt_circle_sign *signs, size_t n, uint32_t customers, uint32_t most, pt_err *err)
{
    out->members = out->shared = out->largest = 0;
    out->crowded = out->refused = 0;
    for (uint32_t c = 0; c < customers; c++) {
        out->of[c] = PT_CIRCLE_NONE;
        out->size[c] = 0;
    }
    if (!n)
        return PT_OK;
    qsort(signs, n, sizeof *signs, by_value);
    n = drop_repeats(signs, n);
    if (n / 2 >= UINT32_MAX)
        return pt_fail(err, PT_ENOMEM, "more shared values than circles can have");
    value *values = calloc(n / 2 + 1, sizeof *values);
    uint32_t *seen = calloc(customers, sizeof *seen);
    if (!values || !seen) {
        free(values);
        free(seen);
        return pt_fail_nomem(err, "the circles");
    }
    for (size_t i = 0; i < n; i++) {
        out->of[signs[i].customer] = signs[i].customer;
        out->size[signs[i].customer] = 1;
    }
    uint32_t count = list_values(values, signs, n);
    if (count)
        qsort(values, count, sizeof *values, by_size);
    follow_all(out, signs, values, count, most, seen);
    free(values);
    free(seen);
    sum_up(out, customers);
    return PT_OK;
}
