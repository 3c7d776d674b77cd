#include "python.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"

enum { MOST_ARGUMENTS = 16 };

static void take_line(bench_python_run *out, size_t most, size_t *n, char *line)
{
    bench_python_run r = {0};
    int end = 0;

    line[strcspn(line, "\n")] = 0;
    printf("# %s\n", line);
    fflush(stdout);
    if (*n == most || sscanf(line, "peer %47s %lf%n", r.name, &r.seconds, &end) != 2)
        return;
    snprintf(r.values, sizeof r.values, "%s", line + end);
    out[(*n)++] = r;
}

static _Noreturn void run_script(int to, const char *python, const char *script, const char *const *arguments)
{
    const char *argv[MOST_ARGUMENTS + 3] = {python, script};

    for (size_t i = 0; arguments && arguments[i] && i < MOST_ARGUMENTS; i++)
        argv[i + 2] = arguments[i];
    setenv("OMP_WAIT_POLICY", "passive", 1);
    setenv("PYTHONWARNINGS", "ignore", 0);
    dup2(to, STDOUT_FILENO);
    execv(python, (char *const *)argv);
    _exit(127);
}

size_t bench_python(bench_python_run *out, size_t most, const bench_env *env, const char *script,
                    const char *const *arguments)
{
    const char *python = getenv("PORTRAIT_PEERS") ? getenv("PORTRAIT_PEERS") : PEERS_PYTHON;
    char path[512], line[512];
    size_t n = 0;
    int ends[2], status = 1;

    snprintf(path, sizeof path, "%s/%s", env->scripts, script);
    if (access(python, X_OK) != 0) {
        fprintf(stderr, "bench: no Python peers at %s (deps/install bench)\n", python);
        return 0;
    }
    if (pipe(ends) != 0)
        return 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        run_script(ends[1], python, path, arguments);
    }
    close(ends[1]);
    FILE *from = fdopen(ends[0], "r");
    while (child > 0 && from && fgets(line, sizeof line, from))
        take_line(out, most, &n, line);
    if (from)
        fclose(from);
    while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    if (status != 0)
        fprintf(stderr, "bench: the peer %s failed\n", script);
    return status == 0 ? n : 0;
}

const bench_python_run *bench_python_best(const bench_python_run *runs, size_t n, const char *prefix)
{
    const bench_python_run *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (strncmp(runs[i].name, prefix, strlen(prefix)) == 0 && (!best || runs[i].seconds < best->seconds))
            best = &runs[i];
    return best;
}

double bench_python_value(const bench_python_run *run, const char *key)
{
    size_t length = strlen(key);

    for (const char *at = run->values; at && *at; at = strchr(at, ' ')) {
        at += strspn(at, " ");
        if (strncmp(at, key, length) == 0 && at[length] == '=')
            return strtod(at + length + 1, NULL);
    }
    return NAN;
}

void bench_raw(char path[512], const bench_env *env, const char *name, const void *bytes, size_t n)
{
    pt_err err = {0};

    snprintf(path, 512, "%s/%s", env->dir, name);
    if (pt_write_file(path, bytes, n, &err) == PT_OK)
        return;
    fprintf(stderr, "bench: %s\n", err.msg);
    exit(1);
}
