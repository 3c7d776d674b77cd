/* A peer's work as an SQL script that names what is timed:
 *
 *   -- @setup            statements that are not timed
 *   -- @time NAME        statements timed together; each run is preceded by the @before statements of the same name
 *   -- @once NAME       as @time, but run once: forms that are far from the fastest
 *   -- @before NAME
 *
 * {dir} and {rows} are replaced from the command line. Each timed block prints "NAME seconds peak_mb": the median of the
 * runs and the peak resident memory of the process so far. */
#ifndef BENCH_PEERS_SCRIPT_H
#define BENCH_PEERS_SCRIPT_H

/* Runs one statement to its end; false after printing the engine's message. */
typedef int (*peer_statement)(void *engine, const char *sql);

/* main() of a peer: argv = program script dir rows runs. Returns the exit code. */
int peer_run_script(int argc, char **argv, peer_statement run, void *engine);

#endif
