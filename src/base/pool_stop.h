/* Stopping the loops of a pool from outside: a request to stop reaches work that knows nothing of requests. */
#ifndef PT_BASE_POOL_STOP_H
#define PT_BASE_POOL_STOP_H

#include <stdbool.h>

#include "base/pool.h"

/* From now on `stop` is asked before each index of a loop, by any of the pool's threads; when it says so no further index starts, and
 * the loop fails with PT_ECANCELED. NULL: nobody is asked. Not while a loop runs. */
void pt_pool_stop_when(pt_pool *p, bool (*stop)(const void *ctx), const void *ctx);
/* For what an index does in many steps: PT_ECANCELED when `stop` says so. By any thread; a pool of NULL is never stopped. */
pt_rc pt_pool_check(const pt_pool *p, pt_err *err);

#endif
