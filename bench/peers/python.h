/* Python peers: bench/peers/<name>.py in the virtual environment of deps/install bench, given raw binary files, each in a process of
 * its own. A script prints lines
 *
 *     peer NAME SECONDS KEY=VALUE KEY=VALUE ...
 *
 * one for each form of a peer it has tried; everything else it prints is shown. OpenMP's threads wait asleep (OMP_WAIT_POLICY): those
 * that spin make a busy machine ten times slower, which would be unfair to peers. */
#ifndef BENCH_PEERS_PYTHON_H
#define BENCH_PEERS_PYTHON_H

#include "bench.h"

typedef struct bench_python_run {
    char name[48];
    double seconds;
    char values[512]; /* "inertia=12.5 iterations=14" */
} bench_python_run;

/* Runs bench/peers/<script> with these arguments (ends with NULL); how many lines it gave, at most `most`. 0 when the peers are not
 * installed or the script failed, said on standard error. */
size_t bench_python(bench_python_run *out, size_t most, const bench_env *env, const char *script,
                    const char *const *arguments);
/* The fastest whose name begins with `prefix`; NULL when there is none. */
const bench_python_run *bench_python_best(const bench_python_run *runs, size_t n, const char *prefix);
/* NaN when the line does not have it. */
double bench_python_value(const bench_python_run *run, const char *key);
/* Writes n bytes to env->dir/name; the path in `path`. Ends the program when it cannot. */
void bench_raw(char path[512], const bench_env *env, const char *name, const void *bytes, size_t n);

#endif
