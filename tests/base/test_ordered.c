#include "base/ordered.h"

#include <stdatomic.h>
#include <string.h>

#include "support/test.h"

enum { MOST = 300, NONE = MOST };

typedef struct job {
    size_t ahead, make_fails, take_fails;
    atomic_size_t begun, taken;
    atomic_bool made[MOST];
    atomic_int taking;
    bool in_order, alone, within; /* what was seen of the order, of threads that take, and of the distance */
} job;

/* Some take longer than others, so that they are done in another order than they were begun. */
static void dawdle(size_t index)
{
    volatile unsigned n = 0;

    for (size_t i = 0; i < index * 7919 % 13 * 2000; i++)
        n++;
}

static pt_rc make(void *arg, size_t index, unsigned worker, pt_err *err)
{
    job *j = arg;

    (void)worker;
    if (index >= j->taken + j->ahead)
        j->within = false;
    j->begun++;
    dawdle(index);
    j->made[index] = true;
    return index == j->make_fails ? pt_fail(err, PT_EINVAL, "make %zu", index) : PT_OK;
}

static pt_rc take(void *arg, size_t index, pt_err *err)
{
    job *j = arg;

    j->alone &= j->taking++ == 0;
    j->in_order &= index == j->taken && j->made[index];
    dawdle(index + 5);
    j->taking--;
    if (index == j->take_fails)
        return pt_fail(err, PT_EINVAL, "take %zu", index);
    j->taken++;
    return PT_OK;
}

static pt_rc run(job *j, unsigned threads, size_t n, pt_err *err)
{
    pt_ordered work = {j, make, take, j->ahead};
    pt_pool *p;

    PT_TRY(pt_pool_new(&p, threads, err));
    pt_rc rc = pt_ordered_run(p, n, &work, err);
    pt_pool_free(p);
    return rc;
}

static job new_job(size_t ahead, size_t make_fails, size_t take_fails)
{
    return (job){.ahead = ahead,
                 .make_fails = make_fails,
                 .take_fails = take_fails,
                 .in_order = true,
                 .alone = true,
                 .within = true};
}

TEST(base_ordered__results_are_taken_in_order_and_few_wait)
{
    for (unsigned threads = 1; threads <= 8; threads++)
        for (size_t ahead = 1; ahead <= 9; ahead += 4) {
            job j = new_job(ahead, NONE, NONE);
            pt_err err = {0};
            CHECK_OK(run(&j, threads, MOST, &err));
            CHECK_INT(j.taken, MOST);
            CHECK(j.in_order);
            CHECK(j.alone);
            CHECK(j.within);
        }
}

TEST(base_ordered__nothing_to_do_is_done)
{
    job j = new_job(2, NONE, NONE);
    pt_err err = {0};

    CHECK_OK(run(&j, 3, 0, &err));
    CHECK_INT(j.begun, 0);
}

TEST(base_ordered__a_failure_ends_it)
{
    for (unsigned threads = 1; threads <= 8; threads++) {
        job made = new_job(4, 20, NONE), taken = new_job(4, NONE, 20);
        pt_err err = {0};
        CHECK_INT(run(&made, threads, MOST, &err), PT_EINVAL);
        CHECK_STR(err.msg, "make 20");
        CHECK(made.taken <= 20);
        CHECK_INT(run(&taken, threads, MOST, &err), PT_EINVAL);
        CHECK_STR(err.msg, "take 20");
        CHECK_INT(taken.taken, 20);
        CHECK(taken.begun <= 24);
    }
}
