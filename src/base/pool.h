/* A pool of worker threads for data-parallel loops. Workers sleep when there is no work (they never spin). The result
 * of a loop must not depend on which worker runs which index: that is how output stays the same on any thread count. */
#ifndef PT_BASE_POOL_H
#define PT_BASE_POOL_H

#include "base/err.h"

typedef struct pt_pool pt_pool;

/* threads 0: one for each core this process may use. 1 runs everything on the caller's thread. */
pt_rc pt_pool_new(pt_pool **out, unsigned threads, pt_err *err);
void pt_pool_free(pt_pool *p);
unsigned pt_pool_threads(const pt_pool *p);
/* Runs fn(arg, index, worker, err) for index 0..n-1, each once, in any order, worker in 0..threads-1; returns when all
 * are done. After a failure no further index starts, and the failure with the lowest index that ran is returned.
 * Not to be called from inside fn. */
pt_rc pt_pool_run(pt_pool *p, size_t n, pt_rc (*fn)(void *arg, size_t index, unsigned worker, pt_err *err), void *arg,
                  pt_err *err);

#endif
