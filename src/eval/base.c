#include "eval/base.h"

#include <stdlib.h>

#include "base/money.h"
#include "eval/order.h"

const pt_column *pt_base_find(const pt_base_set *set, const pt_node *node)
{
    for (size_t i = 0; i < set->n; i++)
        if (pt_node_equal(set->items[i].node, node))
            return &set->items[i].value;
    return NULL;
}

/* --- the values of a tag, in order ---------------------------------------------------------------------------------- */

/* The values that are known as integers of the same order: of numbers order_key's, of others their own. */
typedef struct sample {
    pt_type type;
    int64_t *keys; /* rising */
    size_t n;
} sample;

static int64_t key_at(const pt_column *c, size_t i)
{
    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[i];
    case PT_TYPE_NUMBER: return order_key(((const double *)c->data)[i]);
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[i];
    default: return ((const int64_t *)c->data)[i];
    }
}

enum { DIGIT_BITS = 11, DIGITS = 6, BUCKETS = 1 << DIGIT_BITS };

static unsigned digit(int64_t key, unsigned place)
{
    return (unsigned)((((uint64_t)key ^ (uint64_t)INT64_MIN) >> (place * DIGIT_BITS)) & (BUCKETS - 1));
}

/* One pass of a radix sort; a digit that all keys share needs none. Whether the keys moved to `to`. */
static bool move_by_digit(int64_t *to, const int64_t *from, size_t n, unsigned place, size_t *counts)
{
    size_t at = 0;

    memset(counts, 0, BUCKETS * sizeof *counts);
    for (size_t i = 0; i < n; i++)
        counts[digit(from[i], place)]++;
    if (counts[digit(from[0], place)] == n)
        return false;
    for (size_t d = 0; d < BUCKETS; d++) {
        size_t count = counts[d];
        counts[d] = at;
        at += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[digit(from[i], place)]++] = from[i];
    return true;
}

static bool sort_keys(sample *s)
{
    int64_t *spare = pt_alloc64(s->n, sizeof *spare);
    size_t *counts = pt_zalloc(BUCKETS, sizeof *counts);
    bool memory = spare && counts;

    for (unsigned place = 0; memory && s->n && place < DIGITS; place++) {
        if (!move_by_digit(spare, s->keys, s->n, place, counts))
            continue;
        int64_t *moved = spare;
        spare = s->keys;
        s->keys = moved;
    }
    free(spare);
    free(counts);
    return memory;
}

static bool take_sample(sample *s, const pt_column *c, size_t rows)
{
    *s = (sample){.type = c->type, .keys = pt_alloc64(rows, sizeof *s->keys)};
    for (size_t i = 0; s->keys && i < rows; i++)
        if (!pt_column_missing(c, i))
            s->keys[s->n++] = key_at(c, i);
    return s->keys && sort_keys(s);
}

/* --- sums ----------------------------------------------------------------------------------------------------------- */

/* Knuth's TwoSum: sum + error is the sum to about 106 bits. */
typedef struct long_sum {
    double sum, error;
} long_sum;

static void add(long_sum *s, double v)
{
    double sum = s->sum + v, back = sum - s->sum;

    s->error += (s->sum - (sum - back)) + (v - back);
    s->sum = sum;
}

static double finite_or_missing(double v)
{
    return isfinite(v) ? v + 0.0 : (double)NAN;
}

/* A value as a number; money by its amount. */
static double number_of(const sample *s, size_t i)
{
    switch (s->type) {
    case PT_TYPE_NUMBER: return order_number(s->keys[i]);
    case PT_TYPE_MONEY: return pt_money_double(s->keys[i]);
    default: return (double)s->keys[i];
    }
}

static long_sum sum_numbers(const sample *s)
{
    long_sum sum = {0};

    for (size_t i = 0; i < s->n; i++)
        add(&sum, number_of(s, i));
    return sum;
}

static __int128 sum_keys(const sample *s)
{
    __int128 sum = 0;

    for (size_t i = 0; i < s->n; i++)
        sum += s->keys[i];
    return sum;
}

static double stddev(const sample *s)
{
    long_sum sum = sum_numbers(s), squares = {0};
    double mean = (sum.sum + sum.error) / (double)s->n;

    if (s->n < 2)
        return (double)NAN;
    for (size_t i = 0; i < s->n; i++) {
        double d = number_of(s, i) - mean;
        add(&squares, d * d);
    }
    return finite_or_missing(sqrt((squares.sum + squares.error) / (double)(s->n - 1)));
}

/* --- results -------------------------------------------------------------------------------------------------------- */

static void put_number(void *out, double v)
{
    *(double *)out = finite_or_missing(v);
}

/* A value of the sample's own type. */
static void put_key(void *out, pt_type type, int64_t key)
{
    switch (type) {
    case PT_TYPE_NUMBER: *(double *)out = order_number(key); break;
    case PT_TYPE_DATE: *(int32_t *)out = (int32_t)key; break;
    default: *(int64_t *)out = key; break;
    }
}

static void put_total(void *out, const sample *s, pt_type type)
{
    if (type == PT_TYPE_NUMBER) {
        long_sum sum = sum_numbers(s);
        put_number(out, sum.sum + sum.error);
        return;
    }
    __int128 sum = sum_keys(s);
    *(int64_t *)out = sum > INT64_MIN && sum <= INT64_MAX ? (int64_t)sum : PT_I64_MISSING;
}

static void put_mean(void *out, const sample *s, pt_type type)
{
    if (type == PT_TYPE_NUMBER) {
        long_sum sum = sum_numbers(s);
        put_number(out, (sum.sum + sum.error) / (double)s->n);
    } else {
        *(int64_t *)out = pt_money_mean(sum_keys(s), s->n);
    }
}

/* Hyndman and Fan's type 7, as the aggregate `quantile`. */
static void put_quantile(void *out, const sample *s, double q)
{
    double h = (double)(s->n - 1) * q, whole = floor(h), part = h - whole;
    size_t at = (size_t)whole;
    int64_t low = s->keys[at], high = s->keys[at + 1 < s->n ? at + 1 : at];

    if (s->type == PT_TYPE_NUMBER) {
        double a = order_number(low), b = order_number(high);
        put_number(out, part == 0 ? a : a + part * (b - a));
    } else {
        *(int64_t *)out = order_between(low, high, part);
    }
}

/* The greatest value such that those who have it or more hold `share` of the total of the values above zero. False when
 * there are none. */
static bool top_share(int64_t *out, const sample *s, double share)
{
    size_t first = 0;
    long_sum total = {0}, held = {0};

    while (first < s->n && s->keys[first] <= 0) /* the key of the number 0 is 0 */
        first++;
    for (size_t i = first; i < s->n; i++)
        add(&total, number_of(s, i));
    if (first == s->n)
        return false;
    for (size_t i = s->n; i-- > first;) {
        add(&held, number_of(s, i));
        *out = s->keys[i];
        if (held.sum + held.error >= share * (total.sum + total.error))
            break;
    }
    return true;
}

/* --- shares --------------------------------------------------------------------------------------------------------- */

static bool has_text(const pt_column *c, size_t row, pt_sv text)
{
    if (!pt_type_is_list(c->type))
        return pt_sv_eq(pt_dict_text(c->dict, pt_column_code(c, row)), text);
    for (uint64_t k = c->offsets[row]; k < c->offsets[row + 1]; k++)
        if (pt_sv_eq(pt_dict_text(c->dict, pt_column_code(c, k)), text))
            return true;
    return false;
}

static bool has_value(const pt_column *c, size_t row, const pt_node *literal)
{
    const pt_literal *l = &literal->u.literal;

    switch (c->type) {
    case PT_TYPE_BOOL: return ((const uint8_t *)c->data)[row] == l->u.boolean;
    case PT_TYPE_NUMBER: return ((const double *)c->data)[row] == l->u.number;
    case PT_TYPE_DATE: return ((const int32_t *)c->data)[row] == l->u.date;
    case PT_TYPE_TEXT:
    case PT_TYPE_CATEGORY:
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: return has_text(c, row, l->u.text);
    default: return ((const int64_t *)c->data)[row] == l->u.i64;
    }
}

static size_t count_known(const pt_column *c, size_t rows)
{
    size_t n = 0;

    for (size_t i = 0; i < rows; i++)
        n += !pt_column_missing(c, i);
    return n;
}

static double share_of(const pt_column *c, size_t rows, const pt_node *literal)
{
    size_t known = 0, have = 0;

    for (size_t i = 0; i < rows; i++) {
        if (pt_column_missing(c, i))
            continue;
        known++;
        have += has_value(c, i, literal);
    }
    return known ? (double)have / (double)known : (double)NAN;
}

/* --- lists ---------------------------------------------------------------------------------------------------------- */

pt_rc pt_base_list(pt_column *out, const pt_sv *texts, const double *weights, size_t n, pt_arena *arena, pt_err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += texts[i].len;
    pt_dict *dict = PT_NEW(arena, pt_dict);
    uint64_t *offsets = PT_NEW_ARRAY(arena, uint64_t, n + 1), *ends = PT_NEW_ARRAY(arena, uint64_t, 2);
    uint32_t *codes = PT_NEW_ARRAY(arena, uint32_t, n);
    double *kept = PT_NEW_ARRAY(arena, double, n);
    char *text = pt_arena_alloc(arena, bytes);

    if (!dict || !offsets || !ends || !codes || !kept || !text)
        return pt_fail_nomem(err, "the statistics of the base");
    for (size_t i = 0; i < n; i++) {
        if (texts[i].len)
            memcpy(text + offsets[i], texts[i].ptr, texts[i].len);
        offsets[i + 1] = offsets[i] + texts[i].len;
        codes[i] = (uint32_t)i + 1;
        kept[i] = weights[i];
    }
    ends[1] = n;
    *dict = (pt_dict){.n = (uint32_t)n, .offsets = offsets, .bytes = text};
    *out = (pt_column){.type = PT_TYPE_WEIGHTED,
                       .width = sizeof *codes,
                       .data = codes,
                       .offsets = ends,
                       .weights = kept,
                       .dict = dict};
    return PT_OK;
}

/* What one text of the tag's dictionary weighs, over all customers. */
typedef struct tally {
    long_sum weight;
} tally;

/* Adds each customer's texts, and how many customers have a value. */
static size_t count_texts(tally *tallies, const pt_column *c, size_t rows, bool by_weight)
{
    size_t known = 0;

    for (size_t i = 0; i < rows; i++) {
        if (pt_column_missing(c, i))
            continue;
        known++;
        if (!pt_type_is_list(c->type)) {
            add(&tallies[pt_column_code(c, i) - 1].weight, 1);
            continue;
        }
        for (uint64_t k = c->offsets[i]; k < c->offsets[i + 1]; k++)
            add(&tallies[pt_column_code(c, k) - 1].weight, by_weight && c->weights ? c->weights[k] : 1);
    }
    return known;
}

static double weight_of(const tally *t)
{
    return t->weight.sum + t->weight.error;
}

/* Heaviest first, then by text. */
typedef struct ranked {
    double weight;
    pt_sv text;
} ranked;

static int by_weight(const void *left, const void *right)
{
    const ranked *a = left, *b = right;

    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    size_t n = a->text.len < b->text.len ? a->text.len : b->text.len;
    int order = n ? memcmp(a->text.ptr, b->text.ptr, n) : 0;
    return order ? order : (a->text.len > b->text.len) - (a->text.len < b->text.len);
}

static pt_rc keep_heaviest(pt_column *out, ranked *items, size_t n, pt_arena *arena, pt_err *err)
{
    pt_sv texts[PT_BASE_ITEMS];
    double weights[PT_BASE_ITEMS];
    size_t kept = n < PT_BASE_ITEMS ? n : PT_BASE_ITEMS;

    if (n)
        qsort(items, n, sizeof *items, by_weight);
    for (size_t i = 0; i < kept; i++) {
        texts[i] = items[i].text;
        weights[i] = items[i].weight;
    }
    return pt_base_list(out, texts, weights, kept, arena, err);
}

/* base_weights: each text's part of all weights. base_reach: the part of the customers with a value who have it. Without
 * such customers the list is missing. */
static pt_rc rank_texts(pt_base_value *v, tally *tallies, ranked *items, const pt_column *c, size_t rows,
                        pt_arena *arena, pt_err *err)
{
    static const uint8_t absent = 1;
    bool reach = v->node->u.base->fn == PT_BASE_REACH;
    uint32_t n = c->dict ? c->dict->n : 0;
    size_t known = count_texts(tallies, c, rows, !reach), found = 0;
    long_sum all = {0};

    for (uint32_t i = 0; i < n; i++)
        add(&all, weight_of(&tallies[i]));
    double whole = reach ? (double)known : all.sum + all.error;
    for (uint32_t i = 0; i < n; i++) {
        double part = weight_of(&tallies[i]) / whole;
        if (part > 0 && isfinite(part))
            items[found++] = (ranked){part, pt_dict_text(c->dict, i + 1)};
    }
    PT_TRY(keep_heaviest(&v->value, items, found, arena, err));
    if (!known)
        v->value.absent = &absent;
    return PT_OK;
}

static pt_rc compute_list(pt_base_value *v, const pt_column *c, size_t rows, pt_arena *arena, pt_err *err)
{
    uint32_t n = c->dict ? c->dict->n : 0;
    tally *tallies = pt_zalloc(n, sizeof *tallies);
    ranked *items = pt_zalloc(n, sizeof *items);
    pt_rc rc = PT_OK;

    if (tallies && items)
        rc = rank_texts(v, tallies, items, c, rows, arena, err);
    else
        rc = pt_fail_nomem(err, "the statistics of the base");
    free(tallies);
    free(items);
    return rc;
}

/* --- all of a tag --------------------------------------------------------------------------------------------------- */

static bool needs_order(pt_base_fn fn)
{
    return fn != PT_BASE_COUNT && fn != PT_BASE_SHARE && fn != PT_BASE_WEIGHTS && fn != PT_BASE_REACH;
}

static void put_ordered(void *out, const sample *s, const pt_base *b, pt_type type)
{
    int64_t key = 0;

    if (!s->n) {
        if (b->fn == PT_BASE_SUM)
            put_total(out, s, type);
        return;
    }
    switch (b->fn) {
    case PT_BASE_SUM: put_total(out, s, type); break;
    case PT_BASE_MEAN: put_mean(out, s, type); break;
    case PT_BASE_STDDEV: put_number(out, stddev(s)); break;
    case PT_BASE_MIN: put_key(out, type, s->keys[0]); break;
    case PT_BASE_MAX: put_key(out, type, s->keys[s->n - 1]); break;
    case PT_BASE_QUANTILE: put_quantile(out, s, b->q); break;
    default:
        if (top_share(&key, s, b->q))
            put_key(out, type, key);
        break;
    }
}

static void fill_missing(void *out, pt_type type)
{
    switch (type) {
    case PT_TYPE_NUMBER: *(double *)out = (double)NAN; break;
    case PT_TYPE_DATE: *(int32_t *)out = PT_I32_MISSING; break;
    default: *(int64_t *)out = PT_I64_MISSING; break;
    }
}

static pt_rc compute_one(pt_base_value *v, const pt_column *c, size_t rows, const sample *s, pt_arena *arena,
                         pt_err *err)
{
    const pt_base *b = v->node->u.base;
    pt_type type = v->node->type;

    if (type == PT_TYPE_WEIGHTED)
        return compute_list(v, c, rows, arena, err);
    void *data = pt_arena_alloc(arena, sizeof(int64_t));

    if (!data)
        return pt_fail_nomem(err, "the statistics of the base");
    v->value = (pt_column){.type = type, .width = (uint8_t)pt_type_width(type), .data = data};
    fill_missing(data, type);
    if (b->fn == PT_BASE_COUNT)
        put_number(data, (double)count_known(c, rows));
    else if (b->fn == PT_BASE_SHARE)
        put_number(data, share_of(c, rows, b->value));
    else
        put_ordered(data, s, b, type);
    return PT_OK;
}

pt_rc pt_base_compute(pt_base_value *values, size_t n, const pt_column *column, size_t rows, pt_arena *arena,
                      pt_err *err)
{
    sample s = {0};
    bool ordered = false;
    pt_rc rc = PT_OK;

    for (size_t i = 0; i < n; i++)
        ordered |= needs_order(values[i].node->u.base->fn);
    if (ordered && !take_sample(&s, column, rows))
        rc = pt_fail_nomem(err, "the statistics of the base");
    for (size_t i = 0; i < n && rc == PT_OK; i++)
        rc = compute_one(&values[i], column, rows, &s, arena, err);
    free(s.keys);
    return rc;
}
