#include "base/pool_stop.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "base/mem.h"

typedef pt_rc (*loop_fn)(void *arg, size_t index, unsigned worker, pt_err *err);

typedef struct helper {
    pt_pool *pool;
    pthread_t thread;
    unsigned worker; /* 1..threads-1; the caller is worker 0 */
} helper;

/* One loop at a time. Indices are handed out in order under the lock, so every index below one that ran has run too:
 * the lowest failing index is the same whatever the number of threads. */
struct pt_pool {
    unsigned threads;
    helper *helpers;
    pthread_mutex_t lock;
    pthread_cond_t work, idle; /* a loop begins or the pool closes; the last helper leaves a loop */
    bool closing;
    unsigned long loop; /* counts loops, so that a helper does not enter one twice */
    unsigned busy;      /* helpers that have not left the present loop */
    loop_fn fn;
    void *arg;
    bool (*stop)(const void *ctx); /* may be NULL */
    const void *stop_ctx;
    size_t n, next;
    size_t failed_index; /* n when none */
    pt_err failure;
};

pt_rc pt_pool_check(const pt_pool *p, pt_err *err)
{
    return p && p->stop && p->stop(p->stop_ctx)
               ? pt_fail(err, PT_ECANCELED, "stopped; the last good state is untouched")
               : PT_OK;
}

/* Takes part in the present loop until its indices run out. Called with the lock held, returns with it held. */
static void take_part(pt_pool *p, unsigned worker)
{
    pt_err err;

    while (p->next < p->n) {
        size_t index = p->next++;
        pthread_mutex_unlock(&p->lock);
        err.code = PT_OK;
        err.msg[0] = '\0';
        pt_rc rc = pt_pool_check(p, &err);
        if (rc == PT_OK)
            rc = p->fn(p->arg, index, worker, &err);
        pthread_mutex_lock(&p->lock);
        if (rc == PT_OK)
            continue;
        p->next = p->n;
        if (index < p->failed_index) {
            p->failed_index = index;
            if (err.code != rc)
                pt_fail(&err, rc, "%s", "the work failed");
            p->failure = err;
        }
    }
}

static void *helper_main(void *ptr)
{
    helper *h = ptr;
    pt_pool *p = h->pool;
    unsigned long seen = 0;

    pthread_mutex_lock(&p->lock);
    for (;;) {
        while (!p->closing && p->loop == seen)
            pthread_cond_wait(&p->work, &p->lock);
        if (p->closing)
            break;
        seen = p->loop;
        take_part(p, h->worker);
        if (--p->busy == 0)
            pthread_cond_signal(&p->idle);
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static unsigned usable_cores(void)
{
    cpu_set_t set;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n > 0 ? (unsigned)n : 1;
}

/* Stops the helpers with index below `started` and frees the pool. */
static void shut(pt_pool *p, unsigned started)
{
    pthread_mutex_lock(&p->lock);
    p->closing = true;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (unsigned i = 0; i < started; i++)
        pthread_join(p->helpers[i].thread, NULL);
    pthread_cond_destroy(&p->work);
    pthread_cond_destroy(&p->idle);
    pthread_mutex_destroy(&p->lock);
    free(p->helpers);
    free(p);
}

pt_rc pt_pool_new(pt_pool **out, unsigned threads, pt_err *err)
{
    pt_pool *p = pt_zalloc(1, sizeof *p);

    *out = NULL;
    if (!p)
        return pt_fail_nomem(err, "threads");
    p->threads = threads ? threads : usable_cores();
    p->helpers = pt_zalloc(p->threads, sizeof *p->helpers);
    if (!p->helpers) {
        free(p);
        return pt_fail_nomem(err, "threads");
    }
    pthread_mutex_init(&p->lock, NULL); /* these three cannot fail on Linux */
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->idle, NULL);
    for (unsigned i = 0; i + 1 < p->threads; i++) {
        p->helpers[i] = (helper){.pool = p, .worker = i + 1};
        int errnum = pthread_create(&p->helpers[i].thread, NULL, helper_main, &p->helpers[i]);
        if (errnum) {
            shut(p, i);
            return pt_fail_errno(err, PT_EIO, errnum, "cannot start a thread");
        }
    }
    *out = p;
    return PT_OK;
}

void pt_pool_free(pt_pool *p)
{
    if (p)
        shut(p, p->threads - 1);
}

void pt_pool_stop_when(pt_pool *p, bool (*stop)(const void *ctx), const void *ctx)
{
    p->stop = stop;
    p->stop_ctx = ctx;
}

unsigned pt_pool_threads(const pt_pool *p)
{
    return p->threads;
}

pt_rc pt_pool_run(pt_pool *p, size_t n, loop_fn fn, void *arg, pt_err *err)
{
    pthread_mutex_lock(&p->lock);
    p->fn = fn;
    p->arg = arg;
    p->n = p->failed_index = n;
    p->next = 0;
    if (n > 1) { /* one piece of work is not worth waking anybody */
        p->busy = p->threads - 1;
        p->loop++;
        pthread_cond_broadcast(&p->work);
    }
    take_part(p, 0);
    while (p->busy)
        pthread_cond_wait(&p->idle, &p->lock);
    bool failed = p->failed_index < n;
    if (failed && err)
        *err = p->failure;
    pt_rc rc = failed ? p->failure.code : PT_OK;
    pthread_mutex_unlock(&p->lock);
    return rc;
}
