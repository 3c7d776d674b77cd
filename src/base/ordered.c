#include "base/ordered.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/mem.h"

typedef struct line {
    const pt_ordered *work;
    size_t n, taken;
    bool *made; /* by index */
    bool taking, failed;
    pthread_mutex_t lock;
    pthread_cond_t moved; /* something was taken, or failed */
} line;

/* Takes what is ready unless another thread is at it. Called with the lock held, returns with it held. */
static pt_rc take_ready(line *l, pt_err *err)
{
    pt_rc rc = PT_OK;

    if (l->taking)
        return PT_OK;
    l->taking = true;
    while (rc == PT_OK && !l->failed && l->taken < l->n && l->made[l->taken]) {
        size_t index = l->taken;
        pthread_mutex_unlock(&l->lock);
        rc = l->work->take(l->work->arg, index, err);
        pthread_mutex_lock(&l->lock);
        l->taken += rc == PT_OK;
        pthread_cond_broadcast(&l->moved);
    }
    l->taking = false;
    return rc;
}

/* Indices are handed out in order, so whoever waits here waits for one that another thread has. */
static pt_rc make_one(void *arg, size_t index, unsigned worker, pt_err *err)
{
    line *l = arg;
    size_t ahead = l->work->ahead ? l->work->ahead : 1;

    pthread_mutex_lock(&l->lock);
    while (!l->failed && index - l->taken >= ahead)
        pthread_cond_wait(&l->moved, &l->lock);
    bool failed = l->failed;
    pthread_mutex_unlock(&l->lock);
    if (failed)
        return PT_OK; /* who failed says so */
    pt_rc rc = l->work->make(l->work->arg, index, worker, err);
    pthread_mutex_lock(&l->lock);
    l->made[index] = rc == PT_OK;
    if (rc == PT_OK)
        rc = take_ready(l, err);
    if (rc != PT_OK) {
        l->failed = true;
        pthread_cond_broadcast(&l->moved);
    }
    pthread_mutex_unlock(&l->lock);
    return rc;
}

pt_rc pt_ordered_run(pt_pool *p, size_t n, const pt_ordered *work, pt_err *err)
{
    line l = {.work = work, .n = n, .made = pt_zalloc(n + 1, sizeof *l.made)};

    if (!l.made)
        return pt_fail_nomem(err, "threads");
    pthread_mutex_init(&l.lock, NULL); /* these two cannot fail on Linux */
    pthread_cond_init(&l.moved, NULL);
    pt_rc rc = pt_pool_run(p, n, make_one, &l, err);
    pthread_cond_destroy(&l.moved);
    pthread_mutex_destroy(&l.lock);
    free(l.made);
    return rc;
}
