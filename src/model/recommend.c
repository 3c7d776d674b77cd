#include "model/recommend.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "model/blob.h"

static const char *const way_names[PT_WAYS] = {"als", "similar", "rules", "popular", "content"};

const char *pt_way_name(pt_way way)
{
    return way_names[way];
}

bool pt_way_parse(pt_way *out, pt_sv name)
{
    for (int w = 0; w < PT_WAYS; w++) {
        if (!pt_sv_eq(name, pt_sv_of(way_names[w])))
            continue;
        *out = (pt_way)w;
        return true;
    }
    return false;
}

static pt_rc no_memory(pt_err *err)
{
    return pt_fail_nomem(err, "recommendations");
}

/* --- learning ------------------------------------------------------------------------------------------------------------------ */

void pt_recommender_free(pt_recommender *r)
{
    pt_als_free(&r->als);
    pt_neighbours_free(&r->similar);
    pt_neighbours_free(&r->rules);
    free(r->popularity);
    for (size_t a = 0; a < PT_RECOMMEND_ATTRIBUTES; a++)
        free(r->attributes[a]);
    *r = (pt_recommender){0};
}

static pt_rc take_popularity(pt_recommender *r, const double *popularity, pt_err *err)
{
    double most = 0;

    if (!(r->popularity = pt_zalloc((size_t)r->n_items + 1, sizeof *r->popularity)))
        return no_memory(err);
    for (uint32_t i = 0; popularity && i < r->n_items; i++)
        most = fmax(most, popularity[i]);
    for (uint32_t i = 0; most > 0 && i < r->n_items; i++)
        r->popularity[i] = (float)(popularity[i] / most);
    return PT_OK;
}

static pt_rc take_attributes(pt_recommender *r, const pt_recommend_data *data, pt_err *err)
{
    r->n_attributes = data->n_attributes;
    for (size_t a = 0; a < data->n_attributes; a++) {
        if (!(r->attributes[a] = pt_zalloc((size_t)r->n_items + 1, sizeof **r->attributes)))
            return no_memory(err);
        for (uint32_t i = 0; i < r->n_items; i++) {
            r->attributes[a][i] = data->attributes[a][i];
            if (r->attributes[a][i] > r->codes[a])
                r->codes[a] = r->attributes[a][i];
        }
    }
    return PT_OK;
}

static pt_rc fit_factors(pt_recommender *r, const pt_owned *owned, const pt_recommend_options *options, pt_err *err)
{
    uint64_t n = owned->offsets[owned->n_customers];
    float *confidence = pt_zalloc((size_t)n + 1, sizeof *confidence);
    pt_owned sure = *owned;

    if (!confidence)
        return no_memory(err);
    for (uint64_t i = 0; i < n; i++)
        confidence[i] = (float)(1 + r->alpha * (double)owned->confidence[i]);
    sure.confidence = confidence;
    pt_rc rc = pt_als_fit(&r->als, &sure, &options->als, err);
    free(confidence);
    return rc;
}

pt_rc pt_recommender_fit(pt_recommender *out, const pt_recommend_data *data, const pt_recommend_options *options,
                         pt_err *err)
{
    const double *w = options->weights;

    *out = (pt_recommender){.n_items = data->owned.n_items, .alpha = options->alpha};
    memcpy(out->weights, w, sizeof out->weights);
    PT_TRY(take_popularity(out, data->popularity, err));
    PT_TRY(take_attributes(out, data, err));
    if (w[PT_WAY_FACTORS] > 0)
        PT_TRY(fit_factors(out, &data->owned, options, err));
    if (w[PT_WAY_SIMILAR] > 0 || w[PT_WAY_RULES] > 0)
        PT_TRY(pt_neighbours_fit(&out->similar, &out->rules, &data->owned, &options->near, err));
    return PT_OK;
}

/* --- scoring --------------------------------------------------------------------------------------------------------------------- */

struct pt_recommend_scratch {
    float *scores[PT_WAYS];
    float *sum;
    float *liked[PT_RECOMMEND_ATTRIBUTES]; /* by code */
    float *confidence;
    size_t cap;
    uint64_t *has; /* a bit an item */
    size_t words;
};

void pt_recommend_scratch_free(pt_recommend_scratch *s)
{
    if (!s)
        return;
    for (int w = 0; w < PT_WAYS; w++)
        free(s->scores[w]);
    for (size_t a = 0; a < PT_RECOMMEND_ATTRIBUTES; a++)
        free(s->liked[a]);
    free(s->sum);
    free(s->confidence);
    free(s->has);
    free(s);
}

pt_rc pt_recommend_scratch_new(pt_recommend_scratch **out, const pt_recommender *r, pt_err *err)
{
    pt_recommend_scratch *s = pt_zalloc(1, sizeof *s);
    bool able;

    *out = s;
    if (!s)
        return no_memory(err);
    s->words = (size_t)r->n_items / 64 + 1;
    s->sum = pt_alloc64((size_t)r->n_items + 1, sizeof *s->sum);
    s->has = pt_zalloc(s->words, sizeof *s->has);
    able = s->sum && s->has;
    for (int w = 0; able && w < PT_WAYS; w++)
        able = (s->scores[w] = pt_alloc64((size_t)r->n_items + 1, sizeof **s->scores)) != NULL;
    for (size_t a = 0; able && a < r->n_attributes; a++)
        able = (s->liked[a] = pt_zalloc((size_t)r->codes[a] + 1, sizeof **s->liked)) != NULL;
    return able ? PT_OK : no_memory(err);
}

static void score_near(float *scores, const pt_neighbours *near, const pt_basket_of *b)
{
    for (size_t k = 0; near->n_items && k < b->n; k++)
        for (uint64_t i = near->offsets[b->items[k]]; i < near->offsets[b->items[k] + 1]; i++)
            scores[near->near[i]] += near->weights[i];
}

/* Of the most popular item: what items count that nobody buys these days. */
#define LEAST_SOLD 0.01f

/* What share of the customer has an item's value of an attribute, times the same of the next: alike is what is alike in all. Among items
 * of one kind what sells counts. */
static void score_content(float *scores, const pt_recommender *r, const pt_basket_of *b, pt_recommend_scratch *s)
{
    float all = 0;

    for (size_t k = 0; k < b->n; k++)
        all += b->confidence[k];
    if (!(all > 0) || !r->n_attributes)
        return;
    for (uint32_t i = 0; i < r->n_items; i++)
        scores[i] = LEAST_SOLD + r->popularity[i];
    for (size_t a = 0; a < r->n_attributes; a++) {
        for (size_t k = 0; k < b->n; k++)
            s->liked[a][r->attributes[a][b->items[k]]] += b->confidence[k] / all;
        s->liked[a][0] = 0;
        for (uint32_t i = 0; i < r->n_items; i++)
            scores[i] *= s->liked[a][r->attributes[a][i]];
        for (size_t k = 0; k < b->n; k++)
            s->liked[a][r->attributes[a][b->items[k]]] = 0;
    }
}

static pt_rc score_factors(float *scores, const pt_recommender *r, const pt_basket_of *b, pt_recommend_scratch *s,
                           pt_err *err)
{
    _Alignas(64) float x[PT_ALS_MOST_FACTORS];

    if (!r->als.items || !b->n)
        return PT_OK;
    if (!pt_grow(&s->confidence, &s->cap, b->n, sizeof *s->confidence))
        return no_memory(err);
    for (size_t k = 0; k < b->n; k++)
        s->confidence[k] = (float)(1 + r->alpha * (double)b->confidence[k]);
    PT_TRY(pt_als_customer(x, &r->als, b->items, s->confidence, b->n, err));
    pt_als_scores(scores, &r->als, x);
    return PT_OK;
}

/* In lanes that do not wait for each other; a maximum does not depend on the order. */
static float highest(const float *scores, size_t n)
{
    enum { LANES = 16 };
    float most[LANES] = {0};
    size_t i = 0;

    for (; i + LANES <= n; i += LANES)
        for (size_t k = 0; k < LANES; k++)
            most[k] = scores[i + k] > most[k] ? scores[i + k] : most[k];
    for (; i < n; i++)
        most[0] = scores[i] > most[0] ? scores[i] : most[0];
    for (size_t k = 1; k < LANES; k++)
        most[0] = most[k] > most[0] ? most[k] : most[0];
    return most[0];
}

/* Weighted, so that the highest score of the way adds its weight; scores below 0 add nothing. */
static void add_way(float *restrict sum, float *restrict scores, uint32_t n, double weight)
{
    float most = highest(scores, n);
    float by = most > 0 ? (float)(weight / (double)most) : 0;
    for (uint32_t i = 0; i < n; i++) {
        float part = scores[i] * by;
        part = part > 0 ? part : 0;
        scores[i] = part;
        sum[i] += part;
    }
}

static pt_rc score_all(const pt_recommender *r, const double *weights, const pt_basket_of *b, pt_recommend_scratch *s,
                       pt_err *err)
{
    memset(s->sum, 0, r->n_items * sizeof *s->sum);
    for (int w = 0; w < PT_WAYS; w++) {
        if (!(weights[w] > 0))
            continue;
        memset(s->scores[w], 0, r->n_items * sizeof *s->sum);
        switch ((pt_way)w) {
        case PT_WAY_FACTORS: PT_TRY(score_factors(s->scores[w], r, b, s, err)); break;
        case PT_WAY_SIMILAR: score_near(s->scores[w], &r->similar, b); break;
        case PT_WAY_RULES: score_near(s->scores[w], &r->rules, b); break;
        case PT_WAY_POPULAR: memcpy(s->scores[w], r->popularity, r->n_items * sizeof *s->sum); break;
        case PT_WAY_CONTENT: score_content(s->scores[w], r, b, s); break;
        case PT_WAYS: break;
        }
        add_way(s->sum, s->scores[w], r->n_items, weights[w]);
    }
    return PT_OK;
}

/* --- the best ------------------------------------------------------------------------------------------------------------------------ */

static bool better(const pt_recommendation *a, const pt_recommendation *b)
{
    return a->score > b->score || (a->score == b->score && a->item < b->item);
}

/* Few are wanted: each is moved up to its place among those so far, and the last falls out. */
static void offer(pt_recommendation *out, size_t *n, size_t most, uint32_t item, float score)
{
    pt_recommendation x = {.item = item, .score = score};
    size_t at = *n;

    if (at == most && (!at || !better(&x, &out[at - 1])))
        return;
    if (at == most)
        at--;
    else
        ++*n;
    for (; at && better(&x, &out[at - 1]); at--)
        out[at] = out[at - 1];
    out[at] = x;
}

static bool set(const uint64_t *bits, uint32_t item)
{
    return bits && bits[item / 64] >> (item % 64) & 1;
}

static float weight_of(const pt_neighbours *near, uint32_t from, uint32_t to)
{
    for (uint64_t i = near->n_items ? near->offsets[from] : 0; near->n_items && i < near->offsets[from + 1]; i++)
        if (near->near[i] == to)
            return near->weights[i];
    return 0;
}

/* Cosine of two items' vectors; without the length of `to`, which is the same for all that it is compared with. */
static float factor_tie(const pt_als *a, uint32_t from, uint32_t to)
{
    const float *x = a->items + (size_t)from * a->stride, *y = a->items + (size_t)to * a->stride;
    float sum = 0, length = 0;

    for (unsigned k = 0; k < a->factors; k++) {
        sum += x[k] * y[k];
        length += x[k] * x[k];
    }
    return length > 0 ? sum / sqrtf(length) : 0;
}

/* How much one of the customer's items has to do with a recommended one, in the view of a way. */
static float tie(const pt_recommender *r, pt_way way, uint32_t from, uint32_t to)
{
    float sum = 0;

    switch (way) {
    case PT_WAY_SIMILAR: return weight_of(&r->similar, from, to);
    case PT_WAY_RULES: return weight_of(&r->rules, from, to);
    case PT_WAY_FACTORS: return factor_tie(&r->als, from, to);
    case PT_WAY_CONTENT:
        for (size_t a = 0; a < r->n_attributes; a++)
            sum += r->attributes[a][from] && r->attributes[a][from] == r->attributes[a][to] ? 1 : 0;
        return sum;
    default: return 0;
    }
}

static void explain(pt_recommendation *x, const pt_recommender *r, const double *weights, const pt_basket_of *b,
                    const pt_recommend_scratch *s)
{
    float most = 0;

    x->because = UINT32_MAX;
    for (int w = 0; w < PT_WAYS; w++) {
        x->parts[w] = weights[w] > 0 ? s->scores[w][x->item] : 0;
        if (x->parts[w] > x->parts[x->way])
            x->way = (pt_way)w;
    }
    for (size_t k = 0; k < b->n; k++) {
        float t = b->items[k] == x->item ? 0 : tie(r, x->way, b->items[k], x->item);
        if (t > most) {
            most = t;
            x->because = b->items[k];
        }
    }
}

pt_rc pt_recommend(pt_recommendation *out, size_t *n, size_t most, const pt_recommender *r, const double *weights,
                   const pt_basket_of *basket, pt_recommend_scratch *s, pt_err *err)
{
    *n = 0;
    weights = weights ? weights : r->weights;
    for (size_t k = 0; k < basket->n; k++)
        if (basket->items[k] >= r->n_items)
            return pt_fail(err, PT_EINVAL, "item %u of %u", basket->items[k], r->n_items);
    PT_TRY(score_all(r, weights, basket, s, err));
    for (size_t k = 0; k < basket->n; k++)
        s->has[basket->items[k] / 64] |= UINT64_C(1) << (basket->items[k] % 64);
    float least = 0; /* of those that are in when the list is full */
    for (uint32_t i = 0; most && i < r->n_items; i++) {
        if (s->sum[i] <= least || set(basket->excluded, i) || (!basket->again && set(s->has, i)))
            continue;
        offer(out, n, most, i, s->sum[i]);
        least = *n == most ? out[most - 1].score : 0;
    }
    for (size_t k = 0; k < basket->n; k++)
        s->has[basket->items[k] / 64] = 0;
    for (size_t i = 0; i < *n; i++)
        explain(&out[i], r, weights, basket, s);
    return PT_OK;
}

/* --- bytes ----------------------------------------------------------------------------------------------------------------------- */

#define MAGIC "PREC"
enum { VERSION = 1 };

static void put_part(pt_str *out, pt_str *part)
{
    pt_blob_put_bytes(out, (pt_sv){part->ptr, part->len});
    out->failed |= part->failed;
    pt_str_free(part);
}

pt_rc pt_recommender_save(pt_str *out, const pt_recommender *r, pt_err *err)
{
    pt_str part = {0};
    pt_rc rc = PT_OK;

    pt_blob_begin(out, MAGIC, VERSION);
    pt_blob_put_count(out, r->n_items);
    pt_blob_put_numbers(out, r->weights, PT_WAYS);
    pt_blob_put_number(out, r->alpha);
    pt_blob_put_floats(out, r->popularity, r->n_items);
    pt_blob_put_count(out, r->n_attributes);
    for (size_t a = 0; a < r->n_attributes; a++)
        pt_blob_put_codes(out, r->attributes[a], r->n_items);
    pt_blob_put_count(out, r->als.items != NULL);
    if (r->als.items) {
        rc = pt_als_save(&part, &r->als, err);
        put_part(out, &part);
    }
    const pt_neighbours *near[] = {&r->similar, &r->rules};
    for (size_t i = 0; rc == PT_OK && i < PT_COUNT(near); i++) {
        rc = pt_neighbours_save(&part, near[i], err);
        put_part(out, &part);
    }
    return rc == PT_OK ? pt_str_check(out, err) : rc;
}

static void load_plain(pt_recommender *r, pt_blob *b)
{
    r->n_items = (uint32_t)pt_blob_count(b, 1, UINT32_MAX - 1);
    for (int w = 0; w < PT_WAYS; w++)
        r->weights[w] = pt_blob_number(b, 0, 1e6);
    r->alpha = pt_blob_number(b, 0, 1e6);
    r->popularity = pt_blob_floats(b, r->n_items);
    r->n_attributes = pt_blob_count(b, 0, PT_RECOMMEND_ATTRIBUTES);
    for (size_t a = 0; a < r->n_attributes; a++) {
        r->attributes[a] = pt_blob_codes(b, r->n_items, UINT32_MAX);
        for (uint32_t i = 0; r->attributes[a] && i < r->n_items; i++)
            if (r->attributes[a][i] > r->codes[a])
                r->codes[a] = r->attributes[a][i];
        /* No more different values than items are ever written. */
        if (r->codes[a] > 64 + 4 * (uint64_t)r->n_items)
            pt_blob_refuse(b);
    }
}

pt_rc pt_recommender_load(pt_recommender *out, pt_sv bytes, pt_err *err)
{
    pt_sv als = {0}, similar, rules;
    pt_blob b;

    *out = (pt_recommender){0};
    pt_blob_open(&b, bytes, MAGIC, VERSION);
    load_plain(out, &b);
    bool factors = pt_blob_count(&b, 0, 1);
    if (factors)
        als = pt_blob_bytes(&b);
    similar = pt_blob_bytes(&b);
    rules = pt_blob_bytes(&b);
    pt_rc rc = pt_blob_end(&b, "recommend", err);
    if (rc == PT_OK && factors)
        rc = pt_als_load(&out->als, als, err);
    if (rc == PT_OK && factors && out->als.n_items != out->n_items)
        rc = pt_fail(err, PT_ECORRUPT, "the recommendations contradict themselves");
    if (rc == PT_OK)
        rc = pt_neighbours_load(&out->similar, similar, out->n_items, err);
    if (rc == PT_OK)
        rc = pt_neighbours_load(&out->rules, rules, out->n_items, err);
    if (rc != PT_OK)
        pt_recommender_free(out);
    return rc;
}
