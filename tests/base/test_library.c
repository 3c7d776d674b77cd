/* Against libraries that every system has: libm, and one that does not exist. */
#include "base/library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/pool.h"
#include "support/test.h"

static struct {
    double (*cosine)(double);
    double (*power)(double, double);
} api;

static const char *const symbols[] = {"cos", "pow"};
static const char *const files[] = {"libportrait-no-such-library.so", "libm.so.6", "libm.so", NULL};
static const char *const no_files[] = {"libportrait-no-such-library.so.7", NULL};

static pt_library describe(void)
{
    return (pt_library){.name = "Mathematics",
                        .file = "libm.so",
                        .files = files,
                        .variable = "PORTRAIT_TEST_LIBRARY",
                        .package = "libc6",
                        .symbols = symbols,
                        .n_symbols = PT_COUNT(symbols),
                        .table = &api};
}

TEST(base_library__fills_the_table_in_the_order_of_the_names)
{
    pt_library l = describe();
    pt_err err = {0};

    CHECK_OK(pt_library_load(&l, &err));
    CHECK(l.is_loaded);
    CHECK_DOUBLE(api.cosine(0), 1);
    CHECK_DOUBLE(api.power(2, 10), 1024);
    l.files = no_files; /* not looked for again */
    CHECK_OK(pt_library_load(&l, &err));
}

TEST(base_library__says_what_is_absent_and_which_package_has_it)
{
    pt_library l = describe();
    pt_err err = {0};

    l.files = no_files;
    CHECK_INT(pt_library_load(&l, &err), PT_EENGINE);
    CHECK_STR(err.msg, "cannot load Mathematics: libm.so was not found");
    CHECK_STR(
        err.hint,
        "install it (Debian, Ubuntu: apt-get install libc6), or set PORTRAIT_TEST_LIBRARY to the path of libm.so");
    CHECK(!l.is_loaded);
    CHECK_INT(pt_library_load(&l, NULL), PT_EENGINE);
    l.hint = "do without";
    CHECK_INT(pt_library_load(&l, &err), PT_EENGINE);
    CHECK_STR(err.hint, "do without");
    l.files = files;
    CHECK_OK(pt_library_load(&l, &err)); /* a failure is not remembered */
}

TEST(base_library__a_function_that_is_absent_leaves_the_table_alone)
{
    static const char *const names[] = {"cos", "portrait_no_such_function"};
    pt_library l = describe();
    pt_err err = {0};

    memset(&api, 0, sizeof api);
    l.symbols = names;
    CHECK_INT(pt_library_load(&l, &err), PT_EENGINE);
    CHECK_STR(err.msg, "libm.so has no function portrait_no_such_function: it is too old");
    CHECK(!api.cosine && !l.is_loaded);
}

TEST(base_library__the_environment_names_another_file)
{
    pt_library l = describe();
    pt_err err = {0};

    CHECK(setenv("PORTRAIT_TEST_LIBRARY", "/no/such/file.so", 1) == 0);
    CHECK_INT(pt_library_load(&l, &err), PT_EENGINE);
    CHECK_STR(err.msg, "cannot load Mathematics: /no/such/file.so, which PORTRAIT_TEST_LIBRARY names, does not load");
    CHECK(setenv("PORTRAIT_TEST_LIBRARY", "", 1) == 0); /* as if unset */
    CHECK_OK(pt_library_load(&l, &err));
    CHECK(unsetenv("PORTRAIT_TEST_LIBRARY") == 0);
}

static unsigned calls;

static void count_call(const pt_library *l)
{
    (void)l;
    calls++;
}

static pt_rc load_one(void *arg, size_t index, unsigned worker, pt_err *err)
{
    (void)index, (void)worker;
    PT_TRY(pt_library_load(arg, err));
    return api.cosine(0) == 1 ? PT_OK : pt_fail(err, PT_EINTERNAL, "the table is not filled");
}

TEST(base_library__threads_may_ask_at_once)
{
    pt_library l = describe();
    pt_pool *pool;
    pt_err err = {0};

    calls = 0;
    l.loaded = count_call;
    CHECK_OK(pt_pool_new(&pool, 4, &err));
    CHECK_OK(pt_pool_run(pool, 100, load_one, &l, &err));
    CHECK_INT(calls, 1);
    pt_pool_free(pool);
}
