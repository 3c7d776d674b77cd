/* show: whole profiles (40 tags and their sources) of customers picked at random, from an open generation. */
#include "bench.h"

#include <stdio.h>

#include "app/app.h"
#include "base/rng.h"

enum { PROFILES = 2000 };

static pt_rc one_profile(double *seconds, pt_app *app, uint64_t customer, pt_arena *arena, pt_err *err)
{
    const pt_profile *profile;
    pt_profile_options options = {0};
    char id[32];
    int n = snprintf(id, sizeof id, "user_id:c%llu", (unsigned long long)customer);
    double start = bench_now();
    pt_rc rc = pt_app_profile(&profile, app, (pt_sv){id, (size_t)n}, &options, arena, err);

    *seconds = bench_now() - start;
    pt_arena_reset(arena);
    return rc;
}

static pt_rc measure_show(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    static double seconds[PROFILES];
    pt_arena *arena = pt_arena_new(0);
    pt_app *app = NULL;
    pt_build_options options = {0};
    pt_build_result built;
    pt_rng random;
    char dir[600];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(dir, sizeof dir, "%s/show", env->dir);
    pt_rc rc = bench_project(dir, rows, err);
    if (rc == PT_OK)
        rc = pt_app_open(&app, dir, err);
    if (rc == PT_OK)
        rc = pt_app_build(&built, app, &options, arena, err);
    for (int round = 0; rc == PT_OK && round < 2; round++) { /* the second finds everything warm */
        pt_rng_seed(&random, 1);
        for (int i = 0; rc == PT_OK && i < PROFILES; i++)
            rc = one_profile(&seconds[i], app, pt_rng_below(&random, rows / 40), arena, err);
    }
    out->seconds = bench_median(seconds, PROFILES);
    out->bytes = seconds[PROFILES * 99 / 100] * 1e6; /* sorted by now: the 99th percentile */
    pt_arena_free(arena);
    pt_app_close(app);
    return rc;
}

void bench_show(const bench_env *env)
{
    const uint64_t rows = 1000000;

    bench_data(env, rows);
    bench_result r = bench_child(env, measure_show, rows);
    bench_line("show", r.seconds * 1e6, "us", 0, NULL);
    bench_line("show_p99", r.bytes, "us", 0, NULL);
}
