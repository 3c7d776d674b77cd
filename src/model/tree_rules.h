/* The rules of a decision tree: the ways to its leaves, in terms of the features as they were before preparation. */
#ifndef PT_MODEL_TREE_RULES_H
#define PT_MODEL_TREE_RULES_H

#include "base/mem.h"
#include "model/likeliest.h"

typedef struct pt_pipeline pt_pipeline; /* model/pipeline.h, which has a table of another kind than the command line */

typedef enum pt_tree_rule_kind {
    PT_TREE_RANGE,  /* low < the number <= high */
    PT_TREE_LENGTH, /* low < the items of the list <= high */
    PT_TREE_NAMES,  /* the category is one of the names, or with `others` none of them */
    PT_TREE_ITEM    /* the list has, or with `others` has not, the one name */
} pt_tree_rule_kind;

typedef struct pt_tree_condition {
    const char *feature;
    pt_tree_rule_kind kind;
    double low, high; /* infinite: no bound */
    const char *const *names;
    size_t n_names;
    bool others;
    bool missing;       /* holds where the feature is missing, too */
    bool never_missing; /* no example lacked it: where those who do go is no finding */
    bool present;       /* holds of some who have it; false: only where it is missing */
} pt_tree_condition;

typedef struct pt_tree_rule {
    const pt_tree_condition *conditions;
    size_t n;             /* 0: a tree that is a leaf */
    double weight, share; /* of the examples (rows, when they had no weights); as a share of all */
    const float *values;  /* outputs: the share of each class, or the value */
} pt_tree_rule;

typedef struct pt_tree_rule_set {
    const pt_tree_rule *rules; /* by class 1 or by value from the highest; of more classes by class, then so */
    size_t n;
    size_t outputs;
    const char *const *classes; /* outputs; NULL of values */
} pt_tree_rule_set;

/* Everything in the arena. PT_EINVAL when the pipeline's learner is no tree, or the tree is over a feature that no rule can be
 * written of. */
pt_rc pt_tree_rules(pt_tree_rule_set *out, const pt_pipeline *p, pt_arena *arena, pt_err *err);

#endif
