/* Random expressions over the sources of eval_data.h, as text, of a wanted type. All of them check. */
#ifndef TESTS_SUPPORT_EVAL_EXPRESSIONS_H
#define TESTS_SUPPORT_EVAL_EXPRESSIONS_H

#include "base/rng.h"
#include "base/type.h"

typedef struct expression_options {
    int depth;
    const char *const *tags; /* names of number tags that may be used; external ones always may */
    size_t n_tags;
    /* Aggregates whose result depends on the order of rounding (stddev, trend, half-lives): only as the whole
     * expression, where it is compared with a tolerance. */
    bool inexact;
    bool ahead; /* with windows ahead of the as-of here and there */
} expression_options;

void random_expression(pt_str *out, pt_rng *r, pt_type type, const expression_options *options);

#endif
