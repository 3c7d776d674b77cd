/* DuckDB as a peer: the C library, its default settings, all cores. */
#include <duckdb.h>
#include <stdio.h>

#include "script.h"

static int statement(void *engine, const char *sql)
{
    duckdb_result result;
    int ok = duckdb_query(*(duckdb_connection *)engine, sql, &result) == DuckDBSuccess;

    if (!ok)
        fprintf(stderr, "duckdb: %s\n", duckdb_result_error(&result));
    duckdb_destroy_result(&result);
    return ok;
}

int main(int argc, char **argv)
{
    duckdb_database db;
    duckdb_connection conn;

    if (duckdb_open(NULL, &db) != DuckDBSuccess || duckdb_connect(db, &conn) != DuckDBSuccess) {
        fputs("duckdb: cannot open\n", stderr);
        return 1;
    }
    int rc = peer_run_script(argc, argv, statement, &conn);
    duckdb_disconnect(&conn);
    duckdb_close(&db);
    return rc;
}
