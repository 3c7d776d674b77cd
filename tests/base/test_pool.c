#include "base/pool_stop.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "support/test.h"

enum { MOST = 1000 };

typedef struct job {
    atomic_int runs[MOST];
    atomic_int workers[64];
    size_t fail_from, fail_every; /* indices >= fail_from that are multiples of fail_every fail; 0: none does */
} job;

static pt_rc work(void *arg, size_t index, unsigned worker, pt_err *err)
{
    job *j = arg;

    j->runs[index]++;
    j->workers[worker]++;
    if (j->fail_every && index >= j->fail_from && index % j->fail_every == 0)
        return pt_fail(err, PT_EINVAL, "index %zu", index);
    return PT_OK;
}

TEST(base_pool__every_index_runs_once)
{
    pt_err err = {0};

    for (unsigned threads = 1; threads <= 8; threads++) {
        pt_pool *p;
        CHECK_OK(pt_pool_new(&p, threads, &err));
        CHECK_INT(pt_pool_threads(p), threads);
        for (size_t n = 0; n <= MOST; n = n ? n * 10 : 1) {
            job *j = calloc(1, sizeof *j);
            CHECK(j);
            CHECK_OK(pt_pool_run(p, n, work, j, &err));
            for (size_t i = 0; i < MOST; i++)
                CHECK_INT(j->runs[i], i < n);
            for (unsigned w = threads; w < 64; w++)
                CHECK_INT(j->workers[w], 0);
            free(j);
        }
        pt_pool_free(p);
    }
    pt_pool_free(NULL);
}

TEST(base_pool__the_lowest_failure_wins_on_any_number_of_threads)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        pt_pool *p;
        pt_err err = {0};
        CHECK_OK(pt_pool_new(&p, threads, &err));
        for (int round = 0; round < 200; round++) {
            job *j = calloc(1, sizeof *j);
            CHECK(j);
            j->fail_from = 37;
            j->fail_every = 5;
            CHECK_INT(pt_pool_run(p, MOST, work, j, &err), PT_EINVAL);
            CHECK_STR(err.msg, "index 40");
            CHECK_INT(j->runs[40], 1);
            free(j);
        }
        CHECK_INT(pt_pool_run(p, MOST, work, &(job){.fail_every = 1}, NULL), PT_EINVAL);
        CHECK_OK(pt_pool_run(p, MOST, work, &(job){.fail_every = 0}, &err));
        pt_pool_free(p);
    }
}

static pt_rc fail_silently(void *arg, size_t index, unsigned worker, pt_err *err)
{
    (void)arg;
    (void)index;
    (void)worker;
    (void)err;
    return PT_EIO;
}

TEST(base_pool__a_failure_without_a_message_still_has_one)
{
    pt_pool *p;
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&p, 2, &err));
    CHECK_INT(pt_pool_run(p, 3, fail_silently, NULL, &err), PT_EIO);
    CHECK(err.code == PT_EIO && err.msg[0]);
    pt_pool_free(p);
}

TEST(base_pool__zero_threads_means_the_machine)
{
    pt_pool *p;
    pt_err err = {0};

    CHECK_OK(pt_pool_new(&p, 0, &err));
    CHECK(pt_pool_threads(p) >= 1);
    pt_pool_free(p);
}

typedef struct counting {
    _Atomic size_t done;
    size_t most;
} counting;

static pt_rc count_one(void *arg, size_t index, unsigned worker, pt_err *err)
{
    counting *c = arg;

    (void)index;
    (void)worker;
    (void)err;
    c->done++;
    return PT_OK;
}

static bool is_enough(const void *ctx)
{
    const counting *c = ctx;

    return c->done >= c->most;
}

TEST(base_pool__stops_when_asked_to_and_goes_on_after)
{
    for (unsigned threads = 1; threads <= 4; threads++) {
        counting c = {.most = 10};
        pt_err err = {0};
        pt_pool *p;
        CHECK_OK(pt_pool_new(&p, threads, &err));
        pt_pool_stop_when(p, is_enough, &c);
        CHECK_INT(pt_pool_run(p, 100000, count_one, &c, &err), PT_ECANCELED);
        CHECK(c.done >= 10 && c.done < 10 + threads);
        CHECK_INT(pt_pool_run(p, 1, count_one, &c, NULL), PT_ECANCELED);
        pt_pool_stop_when(p, NULL, NULL);
        c.done = 0;
        CHECK_OK(pt_pool_run(p, 1000, count_one, &c, &err));
        CHECK_INT(c.done, 1000);
        pt_pool_free(p);
    }
}
