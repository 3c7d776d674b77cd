/* An example project that was built, and SQL over the same files that says the same of every customer. */
#ifndef TESTS_SUPPORT_EXAMPLE_H
#define TESTS_SUPPORT_EXAMPLE_H

#include "app/view.h"

typedef struct test_example {
    const char *id;      /* the first column of each query: values of an identifier */
    const char *data;    /* folder of the files: the queries' search path */
    bool some_customers; /* the queries say nothing of the others */
    pt_arena *arena;
    pt_app *app;
    pt_view *view;
} test_example;

const pt_column *test_example_column(const test_example *e, uint32_t tag);
uint32_t test_example_customer(const test_example *e, pt_sv id);
/* Runs tables.sql of the folder `queries`, then each other query there, whose columns are named as tags: TAG holds the
 * tag's values, TAG#weights the sum of the weights of a weighted list. Fails when a value differs, and when a tag is in
 * no query, except those of `not_in_sql`, which ends with NULL (not_in_sql NULL: any may be). */
void test_example_compare(const test_example *e, const char *queries, const char *const *not_in_sql);

#endif
