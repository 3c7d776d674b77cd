/* A store for one test: in memory unless a path is given. */
#ifndef TESTS_SUPPORT_STORE_H
#define TESTS_SUPPORT_STORE_H

#include "store/store.h"

typedef struct test_store {
    pt_store *store;
    pt_conn *conn;
} test_store;

void test_store_open(test_store *t, const char *path);
void test_store_close(test_store *t);
void test_exec(pt_conn *c, const char *sql);
/* The first value of a fixed query. */
int64_t test_query_int(pt_conn *c, const char *sql);
/* A whole result as text: values joined by '|', rows ended by '\n', missing as "~", lists as [a,b]. Valid until the next
 * call. */
const char *test_query_rows(pt_conn *c, const char *sql);
/* The failure of a fixed query, also one that comes while rows are read. */
pt_rc test_query_error(pt_conn *c, const char *sql, pt_err *err);

#endif
