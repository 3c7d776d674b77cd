/* The example project over a file with real dirt, against SQL that cleans and counts by hand. */
#include <unistd.h>

#include "base/io.h"
#include "store/store.h"
#include "support/example.h"
#include "support/test.h"

TEST(online_retail__sql_says_the_same_of_every_customer)
{
    static const char *const all_in_sql[] = {NULL};
    pt_build_options options = {.threads = 2};
    pt_build_result result;
    pt_err err = {0};
    test_example e = {.id = "customer_id", .arena = pt_arena_new(0)};

    if (!pt_store_engine() || !test_shared_data())
        test_skip("the shared data set online_retail is not here");
    e.data = pt_path_join(e.arena, test_shared_data(), "online_retail");
    if (!pt_is_file(pt_path_join(e.arena, e.data, "online_retail.csv.gz")))
        test_skip("the shared data set online_retail is not here");
    const char *dir = pt_path_join(e.arena, test_dir(), "shop");
    CHECK_OK(pt_project_init(dir, "online-retail", &err));
    CHECK_INT(symlink(e.data, pt_path_join(e.arena, dir, "data")), 0);
    CHECK_OK(pt_app_open(&e.app, dir, &err));
    CHECK_INT(pt_app_diags(e.app)->n, 0);
    CHECK_OK(pt_app_build(&result, e.app, &options, e.arena, &err));
    CHECK_OK(pt_app_view(&e.view, e.app, &err));
    test_example_compare(&e, "tests/online_retail", all_in_sql);
    pt_app_close(e.app);
    pt_arena_free(e.arena);
}
