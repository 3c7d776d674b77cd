/* undo_merge: taking back a merge by hand in the resident graph of a server (src/identity/live.h). A million customers: a user id, a
 * phone and a device each, one in five with a phone that others have, too. Pairs drawn at random are merged; each merge is taken
 * back after a thousand others, so that nothing is warm. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "identity/live.h"

enum { USER, PHONE, DEVICE };
enum { OPERATIONS = 20000, OPEN = 1000 };

static const pt_id_type types[] = {{"user_id", 1, 0}, {"phone", 2, 5}, {"device", 3, 0}};

static pt_rc see_customer(pt_live *l, uint64_t i, uint32_t *user, pt_err *err)
{
    uint32_t phone, device, bond;
    char text[32];

    snprintf(text, sizeof text, "u%09llu", (unsigned long long)i);
    PT_TRY(pt_live_see(l, USER, pt_sv_of(text), user, err));
    snprintf(text, sizeof text, "+8613%09llu", (unsigned long long)(i % 5 ? i : i / 15));
    PT_TRY(pt_live_see(l, PHONE, pt_sv_of(text), &phone, err));
    snprintf(text, sizeof text, "%016llx", (unsigned long long)pt_mix64(i));
    PT_TRY(pt_live_see(l, DEVICE, pt_sv_of(text), &device, err));
    PT_TRY(pt_live_link(l, *user, phone, 1, 1, &bond, err));
    return pt_live_link(l, *user, device, 1, 1, &bond, err);
}

static pt_rc merge_random(uint32_t *bond, pt_live *l, const uint32_t *users, uint64_t n, pt_rng *random,
                          uint32_t number, pt_err *err)
{
    uint32_t a = users[pt_rng_below(random, n)], b = users[pt_rng_below(random, n)];

    return pt_live_decide(l, PT_ID_SAME, a, b, number, bond, err);
}

/* Seconds of each undo. */
static pt_rc take_back(double *seconds, pt_live *l, const uint32_t *users, uint64_t n, pt_err *err)
{
    static uint32_t open[OPEN];
    pt_rng random;

    pt_rng_seed(&random, 7);
    for (uint32_t i = 0; i < OPEN; i++)
        PT_TRY(merge_random(&open[i], l, users, n, &random, i + 1, err));
    for (uint32_t i = 0; i < OPERATIONS; i++) {
        double start = bench_now();
        PT_TRY(pt_live_undo(l, open[i % OPEN], err));
        seconds[i] = bench_now() - start;
        PT_TRY(merge_random(&open[i % OPEN], l, users, n, &random, OPEN + i + 1, err));
    }
    return PT_OK;
}

static int by_value(const void *left, const void *right)
{
    double x = *(const double *)left, y = *(const double *)right;

    return x < y ? -1 : x > y;
}

static pt_rc measure_with(bench_result *out, pt_live *l, uint32_t *users, double *seconds, uint64_t n, pt_err *err)
{
    for (uint64_t i = 0; i < n; i++)
        PT_TRY(see_customer(l, i, &users[i], err));
    PT_TRY(pt_live_start(l, 1, err));
    PT_TRY(take_back(seconds, l, users, n, err));
    qsort(seconds, OPERATIONS, sizeof *seconds, by_value);
    out->seconds = seconds[OPERATIONS / 100 * 99];
    return PT_OK;
}

static pt_rc measure(bench_result *out, const bench_env *env, uint64_t n, pt_err *err)
{
    uint32_t *users = pt_zalloc(n, sizeof *users);
    double *seconds = pt_zalloc(OPERATIONS, sizeof *seconds);
    pt_live *l = NULL;
    pt_rc rc = users && seconds ? PT_OK : pt_fail_nomem(err, "the bench");

    (void)env;
    if (rc == PT_OK)
        rc = pt_live_new(&l, &(pt_id_options){types, PT_COUNT(types), 100}, err);
    if (rc == PT_OK)
        rc = measure_with(out, l, users, seconds, n, err);
    pt_live_free(l);
    free(users);
    free(seconds);
    return rc;
}

void bench_undo_merge(const bench_env *env)
{
    bench_result r = bench_child(env, measure, 1000000);

    bench_line("undo_merge", r.seconds * 1000, "ms", 0, NULL);
    bench_line("undo_merge_memory", r.peak_mb, "MB", 0, NULL);
}
