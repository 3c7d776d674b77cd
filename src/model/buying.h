/* Models of who buys again: customers buy at a rate of their own until, unseen, they stop. Two are known: BG/NBD (bgnbd.c) and
 * Pareto/NBD (pareto_nbd.c); who uses them need not know which it is. docs/models.md gives the formulas. */
#ifndef PT_MODEL_BUYING_H
#define PT_MODEL_BUYING_H

#include "base/pool.h"
#include "base/str.h"
#include "model/buyers.h"
#include "model/estimate.h"

enum { PT_BUYING = 4 }; /* parameters of either model */

typedef struct pt_buying_model {
    const char *name;                        /* as a model file says it: "bgnbd" */
    const char *const parameters[PT_BUYING]; /* their names */

    /* The log-likelihood of all customers with its slopes and second derivatives by the parameters. */
    pt_rc (*likelihood)(const pt_buyers *buyers, pt_pool *pool, const double *parameters, double *value, double *slope,
                        double *curve, pt_err *err);
    /* The chance that a customer has not stopped. */
    double (*alive)(const double *parameters, const pt_buyer *b);
    /* Expected purchases in the next `time`. */
    double (*expected)(const double *parameters, const pt_buyer *b, double time);
    /* Expected purchases, after the first, of somebody new in `time`. */
    double (*expected_new)(const double *parameters, double time);
    /* out[k]: the chance of exactly k purchases in the next `time`, k < n. */
    void (*chances)(double *out, size_t n, const double *parameters, const pt_buyer *b, double time);
    /* Where fits start, for customers who buy once in a unit of time and were seen for one unit: the second parameter is a time,
     * scaled to how often the customers buy; so is, where `by_age`, the fourth, to how long they were seen. */
    double starts[3][PT_BUYING];
    bool by_age;
    size_t sample; /* entries on which starts are compared */
} pt_buying_model;

extern const pt_buying_model pt_bgnbd, pt_pareto_nbd;

/* By its name; NULL for none. */
const pt_buying_model *pt_buying_model_find(pt_sv name);
/* PT_EINVAL when nobody bought again, or there is nobody. */
pt_rc pt_buying_fit(pt_estimate *out, const pt_buying_model *model, const pt_buyers *buyers, pt_pool *pool,
                    pt_err *err);

/* --- for the models ---------------------------------------------------------------------------------------------------------- */

/* A log-likelihood with its slopes and its second derivatives, of which only [i][j] with i <= j are kept. */
typedef struct pt_buying_sums {
    double value, slope[PT_BUYING], curve[PT_BUYING][PT_BUYING];
} pt_buying_sums;

/* Adds the entries begin..end-1 to *sums. */
typedef void (*pt_buying_add_fn)(pt_buying_sums *sums, const void *context, size_t begin, size_t end);
/* Adds up n entries in parts of `part`, on all threads, in an order that does not depend on them. */
pt_rc pt_buying_add_up(size_t n, size_t part, pt_pool *pool, pt_buying_add_fn add, const void *context, double *value,
                       double *slope, double *curve, pt_err *err);

#endif
