/* identity: settling customers from scratch, and writing their directory. Ten million identifiers and ten million links:
 * users with a phone and up to two devices each; one user in five shares a phone, which breaks the limit of one user id. */
#include "bench.h"

#include <stdio.h>

#include "base/rng.h"
#include "identity/identity.h"

enum { USER, PHONE, DEVICE };

static const pt_id_type types[] = {{"user_id", 1, 1}, {"phone", 2, 5}, {"device", 3, 0}};

static pt_rc observe_row(pt_identity *g, uint64_t user, uint64_t device, pt_err *err)
{
    char text[32];
    uint32_t u, p, d;

    snprintf(text, sizeof text, "u%09llu", (unsigned long long)user);
    PT_TRY(pt_identity_see(g, USER, pt_sv_of(text), &u, err));
    snprintf(text, sizeof text, "+8613%09llu", (unsigned long long)(user % 5 ? user : user / 15));
    PT_TRY(pt_identity_see(g, PHONE, pt_sv_of(text), &p, err));
    snprintf(text, sizeof text, "%016llx", (unsigned long long)pt_mix64(user * 2 + device));
    PT_TRY(pt_identity_see(g, DEVICE, pt_sv_of(text), &d, err));
    PT_TRY(pt_identity_link(g, u, p, 1, 1, err));
    return pt_identity_link(g, u, d, 1, 1, err);
}

static pt_rc observe(pt_identity *g, uint64_t rows, pt_err *err)
{
    pt_rng random;

    pt_rng_seed(&random, 1);
    for (uint64_t i = 0; i < rows; i++)
        PT_TRY(observe_row(g, pt_rng_below(&random, rows), pt_rng_below(&random, 2), err));
    return PT_OK;
}

static pt_rc count_bytes(void *ctx, const void *bytes, size_t n, pt_err *err)
{
    (void)bytes;
    (void)err;
    *(double *)ctx += (double)n;
    return PT_OK;
}

static pt_rc measure(bench_result *out, uint64_t rows, bool directory, pt_err *err)
{
    const pt_id_result *r;
    pt_identity *g;

    PT_TRY(pt_identity_new(&g, &(pt_id_options){types, PT_COUNT(types), 100}, err));
    pt_rc rc = observe(g, rows, err);
    double start = bench_now();
    if (rc == PT_OK)
        rc = pt_identity_resolve(&r, g, 1, err);
    if (rc == PT_OK && directory) {
        start = bench_now();
        rc = pt_directory_write(g, r, count_bytes, &out->bytes, err);
    }
    out->seconds = bench_now() - start;
    pt_identity_free(g);
    return rc;
}

static pt_rc measure_resolve(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    (void)env;
    return measure(out, rows, false, err);
}

static pt_rc measure_directory(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    (void)env;
    return measure(out, rows, true, err);
}

void bench_identity(const bench_env *env)
{
    const uint64_t rows = 5000000;

    bench_result resolve = bench_child(env, measure_resolve, rows);
    bench_result directory = bench_child(env, measure_directory, rows);
    bench_line("identity", resolve.seconds, "s", 0, NULL);
    bench_line("identity_directory", directory.seconds, "s", 0, NULL);
    bench_line("identity_memory", directory.peak_mb, "MB", 0, NULL);
}
