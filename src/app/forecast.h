/* When a value changes although nothing happens: events leave windows, days go by, tiers are passed. */
#ifndef PT_APP_FORECAST_H
#define PT_APP_FORECAST_H

#include "eval/eval.h"

enum { PT_FORECAST_DAYS = 400 };

typedef struct pt_forecast {
    int64_t at; /* the first instant with another value, to the microsecond; INT64_MAX: none for PT_FORECAST_DAYS */
    pt_column value; /* its value then; row 0, valid as long as `eval` is neither run nor freed */
} pt_forecast;

/* For result 0 of `eval` and a batch of one customer: looks at each day after `as_of`, then halves the first in which the
 * value has changed. A change that undoes itself within a day is not seen. */
pt_rc pt_forecast_change(pt_forecast *out, pt_eval *eval, const pt_batch *customer, size_t n_sources, int64_t as_of,
                         const pt_zone *zone, pt_arena *arena, pt_err *err);

#endif
