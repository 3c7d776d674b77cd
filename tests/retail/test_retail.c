/* The example project of a grocery chain, built from its real data, against SQL that is written straight over the same
 * files and shares nothing with the build. README.md says how to read it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/crowds.h"
#include "app/render.h"
#include "base/io.h"
#include "retail/retail.h"
#include "store/store.h"
#include "support/example.h"
#include "support/test.h"

/* These two hash the customer's id; tests/eval holds them to the documentation. */
static const char *const not_in_sql[] = {"holdout_bucket", "in_holdout", NULL};

/* One that redeems coupons; a family of daily shoppers; one that has not come for 91 days, so windows of 90 days are
 * empty; one that came once, for fuel, and has neither a rhythm nor a price level. */
static const char *const golden_households[] = {"1", "1014", "2092", "272"};

static pt_err err;

/* Built once: it takes seconds. What is open stays readable when the test's folder is removed. */
static test_example built = {.id = "household_id"};

/* --- the build ---------------------------------------------------------------------------------------------------- */

static const char *data_dir(pt_arena *arena)
{
    const char *deps = getenv("DEPS");

    if (!deps || !*deps)
        deps = pt_path_join(arena, test_source_dir(), ".deps");
    return pt_path_join(arena, deps, "data/completejourney");
}

static void build(void)
{
    pt_crowd_options crowd = {.threads = 1};
    const pt_base_set *base;
    pt_crowd_count all;

    if (built.view)
        return;
    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    pt_arena *arena = pt_arena_new(0);
    CHECK(arena != NULL);
    const char *data = data_dir(arena);
    if (!pt_is_file(pt_path_join(arena, data, "transactions.parquet"))) {
        pt_arena_free(arena);
        test_skip("the example's data is not here: deps/install demo fetches it");
    }

    pt_build_options options = {.threads = 2};
    pt_build_result result;
    const char *dir = pt_path_join(arena, test_dir(), "retail");
    CHECK_OK(pt_project_init(dir, "retail", &err));
    CHECK_INT(symlink(data, pt_path_join(arena, dir, "data")), 0);
    CHECK_OK(pt_app_open(&built.app, dir, &err));
    CHECK_INT(pt_app_diags(built.app)->n, 0);
    CHECK_OK(pt_app_build(&result, built.app, &options, arena, &err));
    built.arena = arena;
    built.data = data;
    CHECK_OK(pt_app_view(&built.view, built.app, &err));
    CHECK_OK(pt_view_timelines(built.view, &err)); /* what later tests read is opened while it is there */
    CHECK_OK(pt_view_base(&base, built.view, NULL, arena, &err));
    CHECK_OK(pt_app_count(&all, built.app, (pt_sv){0}, (pt_sv){0}, &crowd, NULL, arena, &err));
}

const test_example *test_retail_example(void)
{
    build();
    return &built;
}

TEST(retail_sql__says_the_same_of_every_household)
{
    build();
    test_example_compare(&built, "tests/retail", not_in_sql);
}

/* --- against golden files ----------------------------------------------------------------------------------------- */

static void write_profile(pt_str *out, uint32_t ordinal)
{
    const pt_project *p = pt_app_project(built.app);

    for (uint32_t tag = 0; tag < p->n_tags; tag++) {
        if (p->tags[tag].origin == PT_ORIGIN_MODEL)
            continue; /* nothing is learned here */
        pt_str_addf(out, "%s = ", p->tags[tag].name);
        pt_render_tsv(out, test_example_column(&built, tag), ordinal, p->zone);
        pt_str_addc(out, '\n');
    }
    CHECK(!out->failed);
}

/* Fails with the first line that differs, and its number. */
static void compare_lines(const char *path, char *got, char *want)
{
    for (int line = 1; got || want; line++) {
        const char *a = strsep(&got, "\n"), *b = strsep(&want, "\n");
        test_eq_str(path, line, "the line", a, b ? b : "(no line)");
    }
}

TEST(retail_golden__some_households_are_as_accepted)
{
    const char *accept = getenv("GOLDEN");
    pt_sv want;

    build();
    for (size_t i = 0; i < PT_COUNT(golden_households); i++) {
        const char *id = golden_households[i];
        const char *path = pt_arena_printf(built.arena, "%s/tests/golden/retail/%s.txt", test_source_dir(), id);
        pt_str text = {0};
        write_profile(&text, test_example_customer(&built, pt_sv_of(id)));
        char *got = pt_arena_strdup(built.arena, pt_str_cstr(&text));
        if (accept && strcmp(accept, "accept") == 0)
            CHECK_OK(pt_write_file(path, got, text.len, &err));
        pt_str_free(&text);
        CHECK_OK(pt_read_file(&want, path, 0, built.arena, &err));
        compare_lines(path, got, pt_arena_strdup(built.arena, want.ptr));
    }
}
