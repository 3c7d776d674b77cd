#include "support/data_dir.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "support/store.h"
#include "support/test.h"

void data_dir_remove(void)
{
    char path[400];
    pt_err err = {0};

    snprintf(path, sizeof path, "%s/portrait-data", test_dir());
    CHECK_OK(pt_remove_tree(path, &err));
}

static void open_store(test_store *t)
{
    char path[400];

    snprintf(path, sizeof path, "%s/portrait-data/store.duckdb", test_dir());
    test_store_open(t, path);
}

char *data_dir_ask(const char *sql)
{
    test_store t;

    open_store(&t);
    char *answer = strdup(test_query_rows(t.conn, sql));
    test_store_close(&t);
    CHECK(answer);
    return answer;
}

void data_dir_exec(const char *sql)
{
    test_store t;

    open_store(&t);
    test_exec(t.conn, sql);
    test_store_close(&t);
}
