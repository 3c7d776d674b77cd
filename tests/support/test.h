/* The test harness. A test registers itself; one program runs all of them, or those whose name contains a word given on
 * the command line. Names say what is claimed: TEST(eval_window__is_half_open). */
#ifndef TESTS_SUPPORT_TEST_H
#define TESTS_SUPPORT_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"

typedef struct test_case {
    const char *name;
    void (*run)(void);
    struct test_case *next;
} test_case;

void test_register(test_case *t);
/* Marks the running test failed and leaves it. */
_Noreturn void test_fail(const char *file, int line, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
_Noreturn void test_skip(const char *reason);
/* A fresh folder for the running test, removed after it passes. */
const char *test_dir(void);
/* Folder of the repository; and of the shared real data, or NULL when it is not there. */
const char *test_source_dir(void);
const char *test_shared_data(void);

void test_eq_int(const char *file, int line, const char *what, int64_t got, int64_t want);
void test_eq_str(const char *file, int line, const char *what, const char *got, const char *want);
void test_eq_double(const char *file, int line, const char *what, double got, double want); /* bit for bit; NaN = NaN */
void test_ok(const char *file, int line, const char *what, pt_rc rc, const pt_err *err);

#define TEST(id)                                                 \
    static void test_##id(void);                                 \
    __attribute__((constructor)) static void register_##id(void) \
    {                                                            \
        static test_case t = {#id, test_##id, NULL};             \
        test_register(&t);                                       \
    }                                                            \
    static void test_##id(void)

#define CHECK(cond) ((cond) ? (void)0 : test_fail(__FILE__, __LINE__, "%s", #cond))
#define CHECK_INT(got, want) test_eq_int(__FILE__, __LINE__, #got, (int64_t)(got), (int64_t)(want))
#define CHECK_STR(got, want) test_eq_str(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_DOUBLE(got, want) test_eq_double(__FILE__, __LINE__, #got, (got), (want))
#define CHECK_OK(expr) test_ok(__FILE__, __LINE__, #expr, (expr), &err) /* uses a pt_err named err */

#endif
