/* Circles of identity.yaml (docs/circles.md): what customers share who belong together. */
#ifndef PT_PROJECT_CIRCLES_H
#define PT_PROJECT_CIRCLES_H

#include <stddef.h>
#include <stdint.h>

/* One thing that must be equal: a column of the source, or where that is -1 the identifiers of a type. */
typedef struct pt_circle_value {
    int column;
    const char *type;
} pt_circle_value;

/* One way of belonging together, as one source tells it. Readings of one way compare with each other. */
typedef struct pt_circle_reading {
    uint32_t way, source;
    const pt_circle_value *values; /* all must be equal */
    size_t n_values;
} pt_circle_reading;

typedef struct pt_circle {
    const char *name;
    uint32_t most; /* customers it may have */
    const pt_circle_reading *readings;
    size_t n_readings;
} pt_circle;

enum { PT_CIRCLE_ID, PT_CIRCLE_SIZE, PT_CIRCLE_RANK, PT_CIRCLE_COLUMNS }; /* of its source */

#endif
