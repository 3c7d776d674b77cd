/* A parallel loop whose results are taken in order while later ones are being made: writing a file's parts in the file's
 * order, say. What is taken does not depend on the number of threads. */
#ifndef PT_BASE_ORDERED_H
#define PT_BASE_ORDERED_H

#include "base/pool.h"

typedef struct pt_ordered {
    void *arg; /* of both */
    pt_rc (*make)(void *arg, size_t index, unsigned worker, pt_err *err);
    /* By one thread at a time, index 0 first, each after it was made and the one before it was taken. */
    pt_rc (*take)(void *arg, size_t index, pt_err *err);
    size_t ahead; /* results that are made and not taken yet, or in the making; at least one */
} pt_ordered;

/* Makes and takes 0..n-1. After a failure nothing further is made or taken, and a failure that came about is returned; results
 * that were made and not taken stay with the caller. */
pt_rc pt_ordered_run(pt_pool *p, size_t n, const pt_ordered *work, pt_err *err);

#endif
