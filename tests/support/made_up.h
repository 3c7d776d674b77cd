/* Made-up customers whose outcome follows from how many orders they made, a little from where they live, and from chance. */
#ifndef TESTS_SUPPORT_MADE_UP_H
#define TESTS_SUPPORT_MADE_UP_H

#include "model/table.h"

enum { MADE_UP_ROWS = 2000, MADE_UP_FEATURES = 6 };

/* Features in order: orders, spend (goes with orders), noise, city, gender (set aside), leak (known only afterwards; of the first
 * five it is left out). Arrays are the caller's to change until the next call. */
typedef struct made_up {
    float *orders, *spend, *noise, *leak, *target;
    uint32_t *city, *gender;
    pt_table table;
} made_up;

made_up made_up_customers(size_t n_features);

#endif
