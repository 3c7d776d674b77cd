#include "index/coding.h"

#include <stdlib.h>
#include <string.h>

#include "base/compare.h"

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

/* --- keys numbered one by one ------------------------------------------------------------------------------------------ */

/* Up to PT_CODES_EXACT different keys, in a table of open addresses. */
enum { SET_LOG2 = 14 };

typedef struct key_set {
    int64_t keys[1 << SET_LOG2];
    uint16_t numbers[1 << SET_LOG2]; /* in order of appearance from 1; 0: the place is free */
    uint16_t n;
} key_set;

/* The key's number; 0 when it is one too many. */
static uint16_t add_key(key_set *s, int64_t key)
{
    const uint64_t mask = PT_COUNT(s->keys) - 1;
    uint64_t at = ((uint64_t)key * UINT64_C(0x9E3779B97F4A7C15)) >> (64 - SET_LOG2);

    for (; s->numbers[at]; at = (at + 1) & mask)
        if (s->keys[at] == key)
            return s->numbers[at];
    if (s->n == PT_CODES_EXACT)
        return 0;
    s->keys[at] = key;
    return s->numbers[at] = ++s->n;
}

/* Numbers of all rows; false when there are too many keys. */
static bool number_keys(key_set *s, uint16_t *numbers, const pt_column *c, uint64_t rows)
{
    int64_t key;

    for (uint64_t i = 0; i < rows; i++) {
        bool has = pt_key_of_row(&key, c, i);
        numbers[i] = has ? add_key(s, key) : 0;
        if (has && !numbers[i])
            return false;
    }
    return true;
}

/* How many of the cuts are below the key, without branches: a misprediction would cost more than all of it. */
static inline uint32_t below(const int64_t *cuts, uint32_t n, int64_t key)
{
    const int64_t *at = cuts;

    while (n > 1) {
        uint32_t half = n / 2;
        at += half & -(uint32_t)(at[half - 1] < key); /* a compiler makes a branch of ?: here */
        n -= half;
    }
    return (uint32_t)(at - cuts) + (n == 1 && *at < key);
}

static pt_rc exact_coding(pt_coding *out, uint16_t *codes, uint64_t rows, const key_set *s, pt_arena *a, pt_err *err)
{
    int64_t *keys = PT_NEW_ARRAY(a, int64_t, s->n);
    uint16_t *ranks = PT_NEW_ARRAY(a, uint16_t, (size_t)s->n + 1);
    uint32_t n = 0;

    if (!keys || !ranks)
        return pt_fail_nomem(err, "an index");
    for (size_t i = 0; i < PT_COUNT(s->keys); i++)
        if (s->numbers[i])
            keys[n++] = s->keys[i];
    qsort(keys, n, sizeof *keys, pt_compare_i64);
    for (size_t i = 0; i < PT_COUNT(s->keys); i++)
        if (s->numbers[i])
            ranks[s->numbers[i]] = (uint16_t)(below(keys, n, s->keys[i]) + 1);
    for (uint64_t i = 0; i < rows; i++)
        codes[i] = ranks[codes[i]];
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
    qsort(sample, n, sizeof *sample, pt_compare_i64);
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

/* Where to look among the cuts: by the key's number on a scale that is about logarithmic, as amounts are spread; a bucket of it
 * holds a cut or two, so that most searches are over at once. */
enum { BUCKETS = 1 << 15 };

typedef struct cut_table {
    const int64_t *cuts;
    uint32_t n;
    bool numbers; /* keys are those of numbers already */
    int64_t low;  /* scale of the first bucket */
    unsigned shift;
    uint16_t first[BUCKETS + 1]; /* cuts in the buckets before */
} cut_table;

static inline int64_t scale_of(const cut_table *t, int64_t key)
{
    return t->numbers ? key : pt_key_of_number((double)key);
}

static inline uint64_t bucket_of(const cut_table *t, int64_t key)
{
    int64_t scale = scale_of(t, key);
    uint64_t bucket = scale < t->low ? 0 : ((uint64_t)scale - (uint64_t)t->low) >> t->shift;

    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

static void fill_table(cut_table *t, const int64_t *cuts, uint32_t n, bool numbers)
{
    *t = (cut_table){.cuts = cuts, .n = n, .numbers = numbers};
    if (n == 0)
        return;
    t->low = scale_of(t, cuts[0]);
    while (((uint64_t)scale_of(t, cuts[n - 1]) - (uint64_t)t->low) >> t->shift >= BUCKETS)
        t->shift++;
    for (uint32_t i = 0; i < n; i++)
        t->first[bucket_of(t, cuts[i]) + 1]++;
    for (size_t b = 0; b < BUCKETS; b++)
        t->first[b + 1] = (uint16_t)(t->first[b + 1] + t->first[b]);
}

static inline uint32_t place_of(const cut_table *t, int64_t key)
{
    uint64_t bucket = bucket_of(t, key);
    uint32_t first = t->first[bucket];

    return first + below(t->cuts + first, t->first[bucket + 1] - first, key);
}

/* Puts every row into its interval (numbered from 1, 0 without a value), and narrows intervals to the keys in them. */
static void place_rows(uint16_t *places, int64_t *lows, int64_t *highs, const cut_table *t, const pt_column *c,
                       uint64_t rows)
{
    for (uint64_t i = 0; i < rows; i++) {
        int64_t key;
        bool has = pt_key_of_row(&key, c, i);
        uint32_t place = has ? place_of(t, key) + 1 : 0;
        places[i] = (uint16_t)place;
        if (!has)
            continue;
        lows[place] = key < lows[place] ? key : lows[place];
        highs[place] = key > highs[place] ? key : highs[place];
    }
}

/* Drops intervals that nobody is in. */
static void settle(pt_coding *g, uint16_t *codes, uint64_t rows, int64_t *lows, int64_t *highs, uint32_t n)
{
    uint16_t final[PT_CODES_SHARED + 1] = {0};

    for (uint32_t place = 1; place <= n; place++)
        if (lows[place] <= highs[place]) {
            lows[g->n] = lows[place];
            highs[g->n++] = highs[place];
            final[place] = (uint16_t)g->n;
        }
    for (uint64_t i = 0; g->n < n && i < rows; i++)
        codes[i] = final[codes[i]];
}

static pt_rc shared_coding(pt_coding *out, uint16_t *codes, const pt_column *c, uint64_t rows, pt_arena *a, pt_err *err)
{
    int64_t *sample = malloc(SAMPLE * sizeof *sample), *cuts = malloc(PT_CODES_SHARED * sizeof *cuts);
    int64_t *lows = PT_NEW_ARRAY(a, int64_t, PT_CODES_SHARED + 1),
            *highs = PT_NEW_ARRAY(a, int64_t, PT_CODES_SHARED + 1);
    cut_table *table = malloc(sizeof *table);
    bool good = sample && cuts && lows && highs && table;

    *out = (pt_coding){.lows = lows, .highs = highs};
    if (good) {
        uint32_t n_cuts = cut_sample(cuts, sample, sample_keys(sample, c, rows));
        for (uint32_t i = 0; i <= n_cuts + 1; i++) {
            lows[i] = INT64_MAX;
            highs[i] = INT64_MIN;
        }
        fill_table(table, cuts, n_cuts, c->type == PT_TYPE_NUMBER);
        place_rows(codes, lows, highs, table, c, rows);
        settle(out, codes, rows, lows, highs, n_cuts + 1);
    }
    free(sample);
    free(cuts);
    free(table);
    return good ? PT_OK : pt_fail_nomem(err, "an index");
}

pt_rc pt_coding_make(pt_coding *out, uint16_t *codes, const pt_column *c, uint64_t rows, pt_arena *a, pt_err *err)
{
    key_set *set = pt_zalloc(1, sizeof *set);

    *out = (pt_coding){0};
    if (!set)
        return pt_fail_nomem(err, "an index");
    bool few = number_keys(set, codes, c, rows);
    pt_rc rc = few ? exact_coding(out, codes, rows, set, a, err) : shared_coding(out, codes, c, rows, a, err);
    free(set);
    return rc;
}

uint32_t pt_coding_find(const pt_coding *g, int64_t key)
{
    return g->n ? below(g->highs, g->n, key) + 1 : 1;
}
