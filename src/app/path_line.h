/* One customer's events as a line of labels, and what follows or precedes an instant on it. */
#ifndef PT_APP_PATH_LINE_H
#define PT_APP_PATH_LINE_H

#include "app/journeys.h"

/* In order of time; of one instant each label once. */
typedef struct pt_path_line {
    int64_t *times;
    uint8_t *labels;
    uint32_t *nexts;  /* the first event of another label, or after a pause; n at the end */
    uint32_t *before; /* the last event of another label, or before a pause; UINT32_MAX at the beginning */
    size_t n, cap_times, cap_labels, cap_nexts, cap_before;
    int64_t gap; /* a pause longer than this ends a path */
} pt_path_line;

void pt_path_line_free(pt_path_line *l);
/* Adds an event not earlier than the last; `label` is below 64. False when memory is short. */
bool pt_path_line_add(pt_path_line *l, int64_t time, uint8_t label);
/* After the last event has been added. False when memory is short. */
bool pt_path_line_end(pt_path_line *l);

/* The labels of up to `steps` events strictly after (or before) an instant, nearest first, repeats in a row merged; returns how
 * many. Fewer than `steps`: nothing more came within `within` of the instant. */
uint32_t pt_path_after(uint8_t *out, const pt_path_line *l, int64_t instant, uint32_t steps, int64_t within);
uint32_t pt_path_before(uint8_t *out, const pt_path_line *l, int64_t instant, uint32_t steps, int64_t within);

#endif
