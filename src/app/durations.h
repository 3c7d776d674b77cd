/* The median of many lengths of time in bounded memory: counts by size, within a thousandth. */
#ifndef PT_APP_DURATIONS_H
#define PT_APP_DURATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Lengths from 2^k to 2^(k+1) share 1,024 cells; a cell also keeps the least of its lengths, so that the median is exact where
 * the lengths of a cell are all one, such as whole seconds up to a quarter of an hour, or days. */
typedef struct pt_durations {
    struct pt_duration_cell *rows[64]; /* NULL: none as long yet */
    uint64_t n;
} pt_durations;

void pt_durations_free(pt_durations *d);
/* microseconds >= 0. False when memory is short. */
bool pt_durations_add(pt_durations *d, int64_t length);
/* Adds all of `from`. */
bool pt_durations_merge(pt_durations *d, const pt_durations *from);
/* The lower median, PT_I64_MISSING without any. */
int64_t pt_durations_median(const pt_durations *d);

#endif
