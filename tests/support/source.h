/* One source read into a store, for tests: files are written into the test's folder, the definition is a struct. */
#ifndef TESTS_SUPPORT_SOURCE_H
#define TESTS_SUPPORT_SOURCE_H

#include "base/io.h"
#include "source/source.h"
#include "support/store.h"

typedef struct test_project {
    test_store store;
    pt_project project;
    pt_source sources[4];
    const char *from[4][4];
    pt_arena *arena;
    pt_read_stats stats;
    pt_err err;
} test_project;

/* A project with one event source "orders" over "orders*.csv" and nothing else set. */
void test_project_open(test_project *t);
void test_project_close(test_project *t);
/* Sets the files of a source. */
void test_from(test_project *t, size_t source, const char *a, const char *b);
/* "name type", "name type = from" (a name in the file), "name type := expression"; sets columns of a source. */
void test_columns(test_project *t, size_t source, const char *const *specs, size_t n);
#define TEST_COLUMNS(t, source, ...) \
    test_columns((t), (source), (const char *const[]){__VA_ARGS__}, PT_COUNT(((const char *const[]){__VA_ARGS__})))
/* "type column", as `customer:`. */
void test_identifiers(test_project *t, size_t source, const char *const *specs, size_t n);
#define TEST_IDENTIFIERS(t, source, ...) \
    test_identifiers((t), (source), (const char *const[]){__VA_ARGS__}, PT_COUNT(((const char *const[]){__VA_ARGS__})))
/* Writes a file in the test's folder. */
void test_write(const char *name, const char *bytes, size_t n);
#define TEST_WRITE(name, literal) test_write((name), (literal), sizeof(literal) - 1)
pt_rc test_read(test_project *t, size_t source);
/* Reads and checks that it worked. */
void test_read_ok(test_project *t, size_t source);
const char *test_rows(test_project *t, const char *sql);

#endif
