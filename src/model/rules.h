/* Association rules: baskets that hold the items on the left also hold the one on the right (Agrawal, Imielinski, Swami 1993). */
#ifndef PT_MODEL_RULES_H
#define PT_MODEL_RULES_H

#include "model/itemsets.h"

/* Of n baskets `left` hold what is on the left, `right` what is on the right, `both` both. */
typedef struct pt_rule_counts {
    uint64_t n, left, right, both;
} pt_rule_counts;

typedef struct pt_rule_measures {
    double support;    /* both / n */
    double confidence; /* both / left */
    double lift;       /* confidence / (right / n): 1 is as often as by chance */
    double leverage;   /* support - left / n * right / n */
    double conviction; /* (1 - right / n) / (1 - confidence); infinite when the rule always holds */
    double
        p; /* Fisher's exact test, one-sided: the chance of `both` or more if left and right had nothing to do with each other */
} pt_rule_measures;

/* NaN where a figure is not defined: nothing on the left, no baskets. Needs both <= left, right <= n. */
pt_rule_measures pt_rule_measure(pt_rule_counts c);

typedef struct pt_rule {
    uint32_t set;   /* of the itemsets: left and right together */
    uint32_t right; /* which of its items is on the right, by place */
    pt_rule_counts counts;
    pt_rule_measures measures;
    double q; /* Benjamini and Hochberg (1995): of all rules that were looked at */
} pt_rule;

typedef struct pt_rule_options {
    double min_confidence, min_lift; /* both inclusive */
} pt_rule_options;

typedef struct pt_rules {
    pt_rule *rules; /* in order of set, then of place */
    size_t n;
    uint64_t looked_at; /* rules of the sets, shown or not */
} pt_rules;

/* All rules with one item on the right of sets of two items and more. `sets` are all frequent ones (PT_ITEMSETS_ALL). Freed with
 * pt_rules_free. */
pt_rc pt_rules_find(pt_rules *out, const pt_itemsets *sets, const pt_rule_options *options, pt_err *err);
void pt_rules_free(pt_rules *r);

/* q of p-values: of n that are known among `looked_at` (the others are taken to be larger). */
pt_rc pt_rules_correct(double *q, const double *p, size_t n, uint64_t looked_at, pt_err *err);

#endif
