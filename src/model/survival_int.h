/* Inside kaplan_meier.c and cox.c. */
#ifndef PT_MODEL_SURVIVAL_INT_H
#define PT_MODEL_SURVIVAL_INT_H

#include "model/survival.h"

typedef struct watched {
    double time;
    uint32_t row;
    uint8_t happened;
} watched;

/* The rows named (n of them; NULL: the first n) by time, then by row; the caller frees them. NULL when memory is short. */
watched *survival_sort(const pt_spans *s, const uint32_t *rows, size_t n);

#endif
