/* The projects that bring their data, against SQL over the files that `init` wrote: cleaned by hand there, by rules
 * here. */
#include "base/io.h"
#include "sample/sample.h"
#include "store/store.h"
#include "support/example.h"
#include "support/test.h"

static pt_err err;

static void check_example(const char *name, const char *id, uint64_t customers)
{
    pt_build_options options = {.threads = 2};
    pt_build_result result;
    test_example e = {.id = id, .some_customers = true, .arena = pt_arena_new(0)};

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    const char *dir = pt_path_join(e.arena, test_dir(), name);
    e.data = pt_path_join(e.arena, dir, "data");
    CHECK_OK(pt_project_init(dir, name, &err));
    CHECK_OK(pt_mkdirs(e.data, &err));
    CHECK_OK(pt_sample_find(name)->write(e.data, customers, 1, &err));
    CHECK_OK(pt_app_open(&e.app, dir, &err));
    CHECK_INT(pt_app_diags(e.app)->n, 0);
    CHECK_OK(pt_app_build(&result, e.app, &options, e.arena, &err));
    CHECK_OK(pt_app_view(&e.view, e.app, &err));
    test_example_compare(&e, pt_path_join(e.arena, "tests", name), NULL);
    pt_app_close(e.app);
    pt_arena_free(e.arena);
}

TEST(sample_bank__sql_says_the_same)
{
    check_example("bank", "customer_no", 300);
}

TEST(sample_b2b__sql_says_the_same)
{
    check_example("b2b", "company_id", 300);
}
