/* Orders for qsort: rising, of items that are numbers themselves; and places in such an order. None is missing: NaN has no order. */
#ifndef PT_BASE_COMPARE_H
#define PT_BASE_COMPARE_H

#include <stddef.h>

int pt_compare_doubles(const void *a, const void *b);
int pt_compare_i64(const void *a, const void *b);
int pt_compare_u64(const void *a, const void *b);
int pt_compare_u32(const void *a, const void *b);

/* How many of n numbers in rising order are below v; and how many are at most v. */
size_t pt_count_below(const double *sorted, size_t n, double v);
size_t pt_count_up_to(const double *sorted, size_t n, double v);

#endif
