/* Between why.c and why_places.c. */
#ifndef PT_APP_WHY_INT_H
#define PT_APP_WHY_INT_H

#include "app/why.h"

/* A claim whose file and row are wanted: the customer's `event`-th of its source, in order of time and arrival. */
typedef struct why_place {
    pt_why_claim *claim;
    uint64_t event;
} why_place;

/* Asks the store, which no build may be holding: *placed is false, and nothing filled in, when it cannot be opened. */
pt_rc why_find_places(bool *placed, const pt_app *app, uint32_t ordinal, const why_place *places, size_t n,
                      pt_arena *arena, pt_err *err);

#endif
