/* Orders for qsort: rising, of items that are numbers themselves. None is missing: NaN has no order. */
#ifndef PT_BASE_COMPARE_H
#define PT_BASE_COMPARE_H

int pt_compare_doubles(const void *a, const void *b);
int pt_compare_i64(const void *a, const void *b);
int pt_compare_u64(const void *a, const void *b);
int pt_compare_u32(const void *a, const void *b);

#endif
