/* `task: value` between fitting (learn_value.c), measuring (learn_value_holdout.c) and telling (learn_value_card.c). */
#ifndef PT_APP_LEARN_VALUE_INT_H
#define PT_APP_LEARN_VALUE_INT_H

#include "app/learn.h"
#include "app/purchases.h"
#include "model/lifetime.h"
#include "project/kind_value.h"

/* What was learned. */
typedef struct pt_value_model {
    const pt_buying_model *model;
    int period;
    pt_estimate buying, spending;
    bool spends;
    int64_t horizon; /* microseconds */
    double discount; /* a year: 0.1 is a tenth */
    double coverage;
} pt_value_model;

/* Customers who have bought, as of an instant. Everything in an arena. */
typedef struct pt_value_set {
    size_t n;
    uint32_t *ordinal, *x, *last, *age, *paid;
    double *mean; /* spending a paid purchase after the first; 0 without one */
    uint32_t *of; /* entry of buyers */
    pt_buyers buyers;
} pt_value_set;

/* Who asks, for gathering. */
typedef struct pt_value_request {
    pt_view *view;
    const pt_model_def *def;
    pt_pool *pool;
    pt_cancel *cancel;
    pt_arena *arena;
} pt_value_request;

/* `members` NULL: the model's population as of `until`. */
pt_rc pt_value_gather(pt_value_set *out, const bool *members, const pt_value_request *r, int64_t until, pt_err *err);
pt_rc pt_value_fit(pt_value_model *out, const pt_value_request *r, const pt_value_set *set, pt_err *err);
pt_lifetime_plan pt_value_plan(const pt_value_model *m, int64_t horizon);

/* What was expected of a time that is known by now, and what happened. */
enum { PT_VALUE_ROWS = 8 }; /* customers by purchases after the first: 0, 1, ..., 7 and more */
typedef struct pt_value_holdout {
    bool known; /* else there was not enough before it to learn from */
    int64_t from, to;
    size_t customers;
    double expected, actual;                             /* purchases, of all */
    double expected_spent, actual_spent;                 /* NaN without amounts */
    double mae, mae_error, rmse, rmse_error, mae_before; /* before: had they gone on as before */
    size_t rows[PT_VALUE_ROWS];
    double expected_mean[PT_VALUE_ROWS], actual_mean[PT_VALUE_ROWS];
} pt_value_holdout;

/* With a model, or NULL: one that is fitted to what was known at `from`. */
pt_rc pt_value_hold_out(pt_value_holdout *out, const pt_value_model *model, const pt_value_request *r, int64_t from,
                        int64_t to, pt_err *err);

/* All customers of the end of the data. */
typedef struct pt_value_totals {
    int64_t as_of;
    size_t customers, repeaters;
    double alive, expected, value;
    double correlation; /* of purchases and spending each; NaN without amounts */
} pt_value_totals;

pt_rc pt_value_card(pt_card *out, const pt_value_model *m, const pt_value_holdout *h, const pt_value_totals *t,
                    const pt_value_request *r, pt_err *err);
pt_rc pt_value_holdout_card(pt_card *out, const pt_value_holdout *h, const pt_value_request *r, pt_err *err);

#endif
