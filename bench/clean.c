/* clean: eight rules over rows of 12 columns as reading left them in a store, through the same call that `portrait build`
 * makes, and then all that is left copied into a table: a build does not, but the peer has nothing else to show. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "clean/clean.h"
#include "source/source.h"

static const char clean_rules[] =
    "  clean:\n    - drop when amount is missing\n    - flag big when amount > 500\n    - fill channel: mode\n"
    "    - fill quantity: median\n    - fill discount: mean by category\n    - cap amount: iqr 3\n"
    "    - cap discount: zscore 4\n    - dedupe by order_id keep newest\n";

typedef struct clean_run {
    const pt_project *project;
    double seconds, rules;
} clean_run;

static pt_rc clean(void *ctx, pt_conn *c, pt_err *err)
{
    clean_run *r = ctx;

    PT_TRY(pt_source_prepare(c, err));
    PT_TRY(pt_clean_prepare(c, err));
    PT_TRY(pt_exec_text(c, "DELETE FROM meta.cleaned; DROP TABLE IF EXISTS main.result", err));
    double start = bench_now();
    PT_TRY(pt_clean_source(r->project, 0, BENCH_AS_OF, c, err));
    r->rules = bench_now() - start;
    PT_TRY(pt_exec_text(c, "CREATE TABLE main.result AS FROM clean.orders", err));
    r->seconds = bench_now() - start;
    return PT_OK;
}

static pt_rc measure_clean(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    pt_arena *arena = pt_arena_new(0);
    pt_project *project = NULL;
    pt_diags diags;
    double seconds[16], rules[16];
    char dir[600], path[700];

    if (!arena)
        return pt_fail_nomem(err, "the benchmark");
    snprintf(dir, sizeof dir, "%s/clean", env->dir);
    snprintf(path, sizeof path, "%s/clean_%llu.duckdb", env->dir, (unsigned long long)rows);
    pt_diags_init(&diags, arena);
    pt_rc rc = bench_wide_project(dir, clean_rules, err);
    if (rc == PT_OK)
        rc = pt_project_load(&project, dir, &diags, arena, err);
    if (rc == PT_OK)
        rc = pt_diags_result(&diags, err);
    for (int i = 0; rc == PT_OK && i < env->runs; i++) {
        clean_run run = {.project = project};
        rc = bench_store(path, clean, &run, err);
        seconds[i] = run.seconds;
        rules[i] = run.rules;
    }
    if (rc == PT_OK) {
        out->seconds = bench_median(seconds, (size_t)env->runs);
        out->bytes = bench_median(rules, (size_t)env->runs);
    }
    pt_diags_free(&diags);
    pt_arena_free(arena);
    return rc;
}

static void make_data(const bench_env *env, uint64_t rows)
{
    char path[700];
    bench_env once = *env;

    snprintf(path, sizeof path, "%s/clean_%llu.duckdb", env->dir, (unsigned long long)rows);
    if (access(path, R_OK) == 0)
        return;
    once.runs = 1;
    bench_peer(&once, "peer_duckdb", "clean_data.sql", "generate", rows);
}

uint64_t bench_clean_data(const bench_env *env)
{
    const char *size = getenv("ROWS"); /* for a quick look */
    int64_t rows = 10000000;

    if (size)
        pt_parse_int64(&rows, pt_sv_of(size));
    make_data(env, (uint64_t)rows);
    return (uint64_t)rows;
}

void bench_clean(const bench_env *env)
{
    uint64_t rows = bench_clean_data(env);
    bench_result ours = bench_child(env, measure_clean, rows);
    bench_result peer = bench_peer(env, "peer_duckdb", "clean_duckdb.sql", "clean/", rows);

    bench_line("clean", ours.seconds, "s", peer.seconds / ours.seconds, "duckdb");
    bench_line("clean_view", ours.bytes, "s", peer.seconds / ours.bytes, "duckdb");
}
