#include "index/coding.h"

#include <stdlib.h>
#include <string.h>

int64_t pt_key_of_number(double value)
{
    int64_t bits;

    value += 0.0; /* -0 to 0 */
    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? bits ^ INT64_MAX : bits;
}

double pt_number_of_key(int64_t key)
{
    double value;

    key = key < 0 ? key ^ INT64_MAX : key;
    memcpy(&value, &key, sizeof value);
    return value;
}

bool pt_key_of_row(int64_t *key, const pt_column *c, uint64_t i)
{
    if (c->type == PT_TYPE_NUMBER) {
        double value = ((const double *)c->data)[i];
        *key = isnan(value) ? 0 : pt_key_of_number(value);
        return !isnan(value);
    }
    if (c->type == PT_TYPE_DATE) {
        *key = ((const int32_t *)c->data)[i];
        return *key != PT_I32_MISSING;
    }
    *key = ((const int64_t *)c->data)[i];
    return *key != PT_I64_MISSING;
}

static int compare_keys(const void *left, const void *right)
{
    int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;

    return a < b ? -1 : a > b;
}

/* --- which keys there are --------------------------------------------------------------------------------------------- */

/* Up to PT_CODES_EXACT different keys, in a table of open addresses. */
enum { SET_LOG2 = 14 };

typedef struct key_set {
    int64_t keys[1 << SET_LOG2];
    bool used[1 << SET_LOG2];
    uint32_t n;
} key_set;

/* False when the key is one too many. */
static bool add_key(key_set *s, int64_t key)
{
    const uint64_t mask = PT_COUNT(s->keys) - 1;
    uint64_t at = ((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SET_LOG2);

    for (; s->used[at]; at = (at + 1) & mask)
        if (s->keys[at] == key)
            return true;
    if (s->n == PT_CODES_EXACT)
        return false;
    s->keys[at] = key;
    s->used[at] = true;
    s->n++;
    return true;
}

static bool gather_keys(key_set *s, const pt_column *c, uint64_t rows)
{
    int64_t last = 0, key;
    bool any = false;

    for (uint64_t i = 0; i < rows; i++) {
        if (!pt_key_of_row(&key, c, i) || (any && key == last))
            continue;
        if (!add_key(s, key))
            return false;
        last = key;
        any = true;
    }
    return true;
}

static pt_rc exact_coding(pt_coding *out, const key_set *s, pt_arena *a, pt_err *err)
{
    int64_t *keys = PT_NEW_ARRAY(a, int64_t, s->n);
    uint32_t n = 0;

    if (!keys)
        return pt_fail_nomem(err, "an index");
    for (size_t i = 0; i < PT_COUNT(s->keys); i++)
        if (s->used[i])
            keys[n++] = s->keys[i];
    qsort(keys, n, sizeof *keys, compare_keys);
    *out = (pt_coding){.n = n, .lows = keys, .highs = keys};
    return PT_OK;
}

/* --- intervals -------------------------------------------------------------------------------------------------------- */

enum { SAMPLE = 1 << 16 };

/* Sorted keys of rows evenly spread over those that have a value; gives how many. */
static size_t sample_keys(int64_t *sample, const pt_column *c, uint64_t rows)
{
    uint64_t step = rows / SAMPLE + 1;
    size_t n = 0;

    for (uint64_t i = 0; i < rows && n < SAMPLE; i += step)
        n += pt_key_of_row(&sample[n], c, i);
    qsort(sample, n, sizeof *sample, compare_keys);
    return n;
}

/* The highest key of each interval but the last, rising and different. */
static uint32_t cut_sample(int64_t *cuts, const int64_t *sample, size_t n)
{
    uint32_t cut = 0;

    for (size_t i = 1; i < PT_CODES_SHARED; i++) {
        size_t at = i * n / PT_CODES_SHARED;
        if (at < n && (cut == 0 || sample[at] > cuts[cut - 1]))
            cuts[cut++] = sample[at];
    }
    return cut;
}

/* How many of the cuts are below the key, without branches: cuts are few and near, mispredictions would be dear. */
static uint32_t below(const int64_t *cuts, uint32_t n, int64_t key)
{
    const int64_t *at = cuts;

    while (n > 1) {
        uint32_t half = n / 2;
        at += at[half - 1] < key ? half : 0;
        n -= half;
    }
    return (uint32_t)(at - cuts) + (n == 1 && *at < key);
}

/* Narrows the intervals to the keys in them and drops those without any. */
static void settle(pt_coding *g, int64_t *lows, int64_t *highs, const int64_t *cuts, uint32_t n_cuts,
                   const pt_column *c, uint64_t rows)
{
    int64_t key;

    for (uint32_t i = 0; i <= n_cuts; i++) {
        lows[i] = INT64_MAX;
        highs[i] = INT64_MIN;
    }
    for (uint64_t i = 0; i < rows; i++) {
        if (!pt_key_of_row(&key, c, i))
            continue;
        uint32_t at = below(cuts, n_cuts, key);
        lows[at] = key < lows[at] ? key : lows[at];
        highs[at] = key > highs[at] ? key : highs[at];
    }
    for (uint32_t i = 0; i <= n_cuts; i++)
        if (lows[i] <= highs[i]) {
            lows[g->n] = lows[i];
            highs[g->n++] = highs[i];
        }
}

static pt_rc shared_coding(pt_coding *out, const pt_column *c, uint64_t rows, pt_arena *a, pt_err *err)
{
    int64_t *sample = malloc(SAMPLE * sizeof *sample), *cuts = malloc(PT_CODES_SHARED * sizeof *cuts);
    int64_t *lows = PT_NEW_ARRAY(a, int64_t, PT_CODES_SHARED), *highs = PT_NEW_ARRAY(a, int64_t, PT_CODES_SHARED);
    bool good = sample && cuts && lows && highs;

    *out = (pt_coding){.lows = lows, .highs = highs};
    if (good)
        settle(out, lows, highs, cuts, cut_sample(cuts, sample, sample_keys(sample, c, rows)), c, rows);
    free(sample);
    free(cuts);
    return good ? PT_OK : pt_fail_nomem(err, "an index");
}

pt_rc pt_coding_make(pt_coding *out, const pt_column *c, uint64_t rows, pt_arena *a, pt_err *err)
{
    key_set *set = pt_zalloc(1, sizeof *set);

    *out = (pt_coding){0};
    if (!set)
        return pt_fail_nomem(err, "an index");
    bool few = gather_keys(set, c, rows);
    pt_rc rc = few ? exact_coding(out, set, a, err) : shared_coding(out, c, rows, a, err);
    free(set);
    return rc;
}

void pt_coding_codes(uint16_t *codes, const pt_coding *g, const pt_column *c, uint64_t first, uint32_t n)
{
    int64_t key;

    for (uint32_t i = 0; i < n; i++)
        codes[i] = pt_key_of_row(&key, c, first + i) ? (uint16_t)(below(g->highs, g->n, key) + 1) : 0;
}

uint32_t pt_coding_find(const pt_coding *g, int64_t key)
{
    return g->n ? below(g->highs, g->n, key) + 1 : 1;
}
