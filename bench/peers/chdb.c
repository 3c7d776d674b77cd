/* ClickHouse in process (libchdb) as a peer. Its package ships no C header: the five functions are declared here. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "script.h"

typedef struct chdb_conn chdb_conn;
typedef struct chdb_result chdb_result;

static struct {
    chdb_conn **(*connect)(int, char **);
    chdb_result *(*query)(chdb_conn *, const char *, const char *);
    const char *(*error)(chdb_result *);
    void (*destroy)(chdb_result *);
    void (*close)(chdb_conn **);
} ch;

static int load(const char *path)
{
    void *lib = dlopen(path, RTLD_NOW | RTLD_LOCAL);

    if (!lib) {
        fprintf(stderr, "chdb: %s\n", dlerror());
        return 0;
    }
    *(void **)&ch.connect = dlsym(lib, "chdb_connect");
    *(void **)&ch.query = dlsym(lib, "chdb_query");
    *(void **)&ch.error = dlsym(lib, "chdb_result_error");
    *(void **)&ch.destroy = dlsym(lib, "chdb_destroy_query_result");
    *(void **)&ch.close = dlsym(lib, "chdb_close_conn");
    return ch.connect && ch.query && ch.error && ch.destroy && ch.close;
}

static int statement(void *engine, const char *sql)
{
    chdb_result *result = ch.query(*(chdb_conn **)engine, sql, "Null");
    const char *error = result ? ch.error(result) : "no result";

    if (error)
        fprintf(stderr, "chdb: %s\n", error);
    if (result)
        ch.destroy(result);
    return error == NULL;
}

int main(int argc, char **argv)
{
    char *args[] = {"clickhouse"};

    if (!load(CHDB_LIBRARY))
        return 1;
    chdb_conn **conn = ch.connect(1, args);
    if (!conn || !*conn) {
        fputs("chdb: cannot open\n", stderr);
        return 1;
    }
    int rc = peer_run_script(argc, argv, statement, conn);
    fflush(stdout);
    ch.close(conn);
    _exit(rc); /* the library's own threads outlive main */
}
