/* One source with rules of cleaning, read and cleaned into a store in memory, for tests. */
#ifndef TESTS_SUPPORT_CLEAN_H
#define TESTS_SUPPORT_CLEAN_H

#include "clean/clean.h"
#include "project/project.h"
#include "support/store.h"

typedef struct test_clean {
    test_store store;
    pt_arena *arena;
    pt_diags diags;
    pt_project *project;
    int64_t as_of;
    pt_err err;
} test_clean;

/* An event source "t" of customers `user`, time `at`, columns: name text, city category, x number, amount money, born date,
 * tags list, ok bool; `rules` are lines of `clean:`, each without its dash. The file t.csv has these columns, in this order,
 * after `user` and `at`. Cleaned as of 2100. */
void test_clean_open(test_clean *t, const char *csv, const char *const *rules, size_t n);
#define TEST_CLEAN(t, csv, ...) \
    test_clean_open((t), (csv), (const char *const[]){__VA_ARGS__}, PT_COUNT(((const char *const[]){__VA_ARGS__})))
/* Another file or other rules; reads and cleans again. */
void test_clean_again(test_clean *t, const char *csv, const char *const *rules, size_t n);
void test_clean_close(test_clean *t);
pt_rc test_clean_run(test_clean *t); /* cleans as of t->as_of */
const char *test_clean_rows(test_clean *t, const char *sql);

#endif
