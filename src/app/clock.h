/* The only place that reads the clock. Everything else is told the time. */
#ifndef PT_APP_CLOCK_H
#define PT_APP_CLOCK_H

#include <stdint.h>

int64_t pt_clock_now(void);    /* microseconds since 1970 UTC */
double pt_clock_seconds(void); /* for durations: never goes back */

#endif
