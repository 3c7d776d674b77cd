/* What a customer may want next, by several ways at once: factors of who has what (als.h), items that the same customers have,
 * association rules between items, what sells these days, and items alike by what is known of them.
 *
 * Each way scores all items; its scores are divided by the customer's highest, weighted and added up. */
#ifndef PT_MODEL_RECOMMEND_H
#define PT_MODEL_RECOMMEND_H

#include "model/als.h"

typedef enum pt_way {
    PT_WAY_FACTORS, /* "als" */
    PT_WAY_SIMILAR, /* "similar": cosine between items over the customers who have them */
    PT_WAY_RULES,   /* "rules": who has one item has the other, more often than by chance */
    PT_WAY_POPULAR, /* "popular" */
    PT_WAY_CONTENT, /* "content": the same category, brand, ... as what the customer has */
    PT_WAYS
} pt_way;

const char *pt_way_name(pt_way way);
bool pt_way_parse(pt_way *out, pt_sv name);

/* --- items near an item ------------------------------------------------------------------------------------------------------ */

/* Item i has near[offsets[i]] to near[offsets[i + 1] - 1], the nearest first, ties by item. */
typedef struct pt_neighbours {
    uint32_t n_items;
    uint64_t *offsets; /* n_items + 1 */
    uint32_t *near;
    float *weights; /* cosine, or the confidence of a rule */
} pt_neighbours;

typedef struct pt_neighbours_options {
    unsigned most;       /* of an item */
    double significance; /* rules: Fisher's p must be below */
    uint64_t min_both;   /* customers who have both */
    size_t most_items;   /* customers with more items than this are left out; 0: 5,000 */
    pt_pool *pool;       /* NULL: the caller's thread */
} pt_neighbours_options;

/* Similar items and rules of one item on each side, by one pass. Confidences do not count. Freed with pt_neighbours_free, also after a
 * failure. */
pt_rc pt_neighbours_fit(pt_neighbours *similar, pt_neighbours *rules, const pt_owned *owned,
                        const pt_neighbours_options *options, pt_err *err);
void pt_neighbours_free(pt_neighbours *n);
pt_rc pt_neighbours_save(pt_str *out, const pt_neighbours *n, pt_err *err);
pt_rc pt_neighbours_load(pt_neighbours *out, pt_sv bytes, uint32_t n_items, pt_err *err);

/* --- the recommender ----------------------------------------------------------------------------------------------------------- */

enum { PT_RECOMMEND_ATTRIBUTES = 8 };

typedef struct pt_recommend_data {
    pt_owned owned;           /* confidence: how much a customer has to do with an item, above 0 */
    const double *popularity; /* by item, at least 0 */
    /* By item: a code, at most 64 + 4 * n_items; 0: not known. */
    const uint32_t *attributes[PT_RECOMMEND_ATTRIBUTES];
    size_t n_attributes;
} pt_recommend_data;

typedef struct pt_recommend_options {
    double weights[PT_WAYS]; /* 0: not used, and not learned */
    pt_als_options als;
    double alpha; /* a confidence of als.h is 1 + alpha * that of the data */
    pt_neighbours_options near;
} pt_recommend_options;

typedef struct pt_recommender {
    uint32_t n_items;
    double weights[PT_WAYS];
    double alpha;
    pt_als als; /* of the items' side */
    pt_neighbours similar, rules;
    float *popularity; /* highest 1 */
    uint32_t *attributes[PT_RECOMMEND_ATTRIBUTES];
    uint32_t codes[PT_RECOMMEND_ATTRIBUTES]; /* highest code of each */
    size_t n_attributes;
} pt_recommender;

pt_rc pt_recommender_fit(pt_recommender *out, const pt_recommend_data *data, const pt_recommend_options *options,
                         pt_err *err);
void pt_recommender_free(pt_recommender *r);
pt_rc pt_recommender_save(pt_str *out, const pt_recommender *r, pt_err *err);
pt_rc pt_recommender_load(pt_recommender *out, pt_sv bytes, pt_err *err); /* not trusted */

/* What a customer has. */
typedef struct pt_basket_of {
    const uint32_t *items; /* each once */
    const float *confidence;
    size_t n;
    const uint64_t *excluded; /* a bit an item: never recommended; NULL: none */
    bool again;               /* what the customer has may be recommended */
} pt_basket_of;

typedef struct pt_recommendation {
    uint32_t item;
    float score;          /* 0 to the sum of the weights */
    float parts[PT_WAYS]; /* what each way added */
    pt_way way;           /* that added most */
    uint32_t because;     /* the customer's item it has most to do with; UINT32_MAX: none */
} pt_recommendation;

/* Room for one thread. */
typedef struct pt_recommend_scratch pt_recommend_scratch;
pt_rc pt_recommend_scratch_new(pt_recommend_scratch **out, const pt_recommender *r, pt_err *err);
void pt_recommend_scratch_free(pt_recommend_scratch *s);

/* Up to `most` items of a score above 0, the best first, ties by item; their number in *n. `weights` NULL: the recommender's. */
pt_rc pt_recommend(pt_recommendation *out, size_t *n, size_t most, const pt_recommender *r, const double *weights,
                   const pt_basket_of *basket, pt_recommend_scratch *scratch, pt_err *err);

#endif
