/* The example project of a grocery chain, built from its real data, against SQL that is written straight over the same
 * files and shares nothing with the build. README.md says how to read it. */
#include <dirent.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/render.h"
#include "app/view.h"
#include "base/io.h"
#include "support/store.h"
#include "support/test.h"

/* Doubles: a sum in another order ends in other last bits. Everything else is compared exactly. */
static const double TOLERANCE = 1e-11;

/* These two hash the customer's id; tests/eval holds them to the documentation. */
static const char *const not_in_sql[] = {"holdout_bucket", "in_holdout"};

/* One that redeems coupons; a family of daily shoppers; one that has not come for 91 days, so windows of 90 days are
 * empty; one that came once, for fuel, and has neither a rhythm nor a price level. */
static const char *const golden_households[] = {"1", "1014", "2092", "272"};

static pt_err err;

/* Built once: it takes seconds. What is open stays readable when the test's folder is removed. */
static struct {
    pt_arena *arena;
    pt_app *app;
    pt_view *view;
} built;

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
    CHECK_OK(pt_app_view(&built.view, built.app, &err));
}

static const pt_column *tag_column(uint32_t tag)
{
    const pt_column *column;

    CHECK_OK(pt_view_column(&column, built.view, tag, &err));
    CHECK(column != NULL);
    return column;
}

static uint32_t household(pt_sv id)
{
    uint32_t ordinal;

    CHECK_OK(pt_view_find(&ordinal, built.view, id, &err));
    return ordinal;
}

/* --- values as text ----------------------------------------------------------------------------------------------- */

static const pt_zone *zone(void)
{
    return pt_app_project(built.app)->zone;
}

/* Items of a list without their weights, which have a column of their own. */
static void add_items(pt_str *out, const pt_column *c, uint32_t row)
{
    if (pt_column_missing(c, row))
        pt_str_add(out, "\\N");
    else
        for (uint64_t k = c->offsets[row]; k < c->offsets[row + 1]; k++) {
            if (k > c->offsets[row])
                pt_str_addc(out, '|');
            pt_str_addsv(out, pt_dict_text(c->dict, pt_column_code(c, k)));
        }
}

static void add_got(pt_str *out, const pt_column *c, uint32_t row)
{
    if (pt_type_is_list(c->type))
        add_items(out, c, row);
    else
        pt_render_tsv(out, c, row, zone());
}

static void add_wanted(pt_str *out, const pt_cells *cell, size_t row)
{
    const pt_sv *texts = cell->data;

    if (cell->type == PT_TYPE_LIST) {
        for (uint64_t k = cell->offsets[row]; k < cell->offsets[row + 1]; k++) {
            if (k > cell->offsets[row])
                pt_str_addc(out, '|');
            pt_str_addsv(out, texts[k]);
        }
    } else if (pt_type_is_text(cell->type)) {
        pt_str_addsv(out, texts[row].ptr ? texts[row] : pt_sv_of("\\N"));
    } else {
        pt_column plain = {.type = cell->type, .width = (uint8_t)pt_type_width(cell->type), .data = cell->data};
        pt_render_tsv(out, &plain, row, zone());
    }
}

/* --- against SQL -------------------------------------------------------------------------------------------------- */

static bool close_enough(double got, double want)
{
    return fabs(got - want) <= TOLERANCE * fmax(1, fmax(fabs(got), fabs(want)));
}

static double sum_of_weights(const pt_column *c, uint32_t row)
{
    double sum = 0;

    for (uint64_t k = c->offsets[row]; k < c->offsets[row + 1]; k++)
        sum += c->weights[k];
    return sum;
}

/* What a column of a query is about. */
typedef struct compared {
    const char *query; /* name of its file */
    const char *name;
    const pt_column *column;
    bool weights; /* of the list, not its items */
} compared;

static bool same_number(const compared *c, uint32_t ordinal, const pt_cells *cell, size_t row)
{
    if (cell->type != PT_TYPE_NUMBER)
        return false;
    double want = ((const double *)cell->data)[row];
    if (c->weights)
        return close_enough(sum_of_weights(c->column, ordinal), want);
    return c->column->type == PT_TYPE_NUMBER && close_enough(((const double *)c->column->data)[ordinal], want);
}

static void compare_cell(const compared *c, pt_sv id, uint32_t ordinal, const pt_cells *cell, size_t row)
{
    static pt_str got, want; /* kept: reachable when a test fails */

    if (same_number(c, ordinal, cell, row))
        return;
    pt_str_clear(&got);
    pt_str_clear(&want);
    add_wanted(&want, cell, row);
    if (c->weights)
        pt_str_addf(&got, "%.17g", sum_of_weights(c->column, ordinal));
    else
        add_got(&got, c->column, ordinal);
    if (strcmp(pt_str_cstr(&got), pt_str_cstr(&want)) != 0)
        test_fail(__FILE__, __LINE__, "household %.*s: %s is %s, but %s says %s", (int)id.len, id.ptr, c->name,
                  pt_str_cstr(&got), c->query, pt_str_cstr(&want));
}

static void compare_row(const compared *columns, const pt_rows *rows, size_t row)
{
    pt_sv id = ((const pt_sv *)rows->cells[0].data)[row];
    uint32_t ordinal = household(id);

    for (size_t c = 1; c < rows->n_cells; c++)
        compare_cell(&columns[c], id, ordinal, &rows->cells[c], row);
}

/* Finds the tags of a query's columns and notes that they were compared. */
static const compared *match_columns(const char *query, const pt_cursor *cur, bool *seen)
{
    size_t n = pt_cursor_columns(cur);
    compared *columns = pt_arena_alloc(built.arena, n * sizeof *columns);

    CHECK(columns != NULL);
    CHECK_STR(pt_cursor_name(cur, 0), "household_id");
    for (size_t i = 1; i < n; i++) {
        const char *name = pt_arena_strdup(built.arena, pt_cursor_name(cur, i));
        const char *end = strchr(name, '#');
        int tag =
            pt_project_find_tag(pt_app_project(built.app), (pt_sv){name, end ? (size_t)(end - name) : strlen(name)});
        if (tag < 0)
            test_fail(__FILE__, __LINE__, "%s: there is no tag %s", query, name);
        columns[i] = (compared){query, name, tag_column((uint32_t)tag), end != NULL};
        seen[tag] = true;
    }
    return columns;
}

static void compare_query(pt_conn *conn, const char *path, bool *seen)
{
    pt_sql q = {0};
    pt_sv text;
    pt_cursor *cur;
    const pt_rows *rows;
    uint64_t households = 0;

    CHECK_OK(pt_read_file(&text, path, 0, built.arena, &err));
    pt_sql_kw(&q, "FROM (");
    pt_sql_kw(&q, text.ptr);
    pt_sql_kw(&q, ") ORDER BY length(household_id), household_id");
    CHECK_OK(pt_query(&cur, conn, &q, &err));
    const compared *columns = match_columns(pt_path_base(path).ptr, cur, seen);
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cur, &err));
        if (!rows)
            break;
        for (size_t row = 0; row < rows->n; row++)
            compare_row(columns, rows, row);
        households += rows->n;
    }
    pt_cursor_close(cur);
    pt_sql_free(&q);
    CHECK_INT(households, built.view->n_customers);
}

static void read_tables(pt_conn *conn, const char *folder)
{
    pt_sql q = {0};
    pt_sv text;

    pt_sql_kw(&q, "SET file_search_path =");
    pt_sql_text(&q, pt_sv_of(data_dir(built.arena)));
    CHECK_OK(pt_exec(conn, &q, NULL, &err));
    pt_sql_free(&q);
    CHECK_OK(pt_read_file(&text, pt_path_join(built.arena, folder, "tables.sql"), 0, built.arena, &err));
    CHECK_OK(pt_exec_text(conn, text.ptr, &err));
}

static void check_nothing_left_out(const bool *seen)
{
    const pt_project *p = pt_app_project(built.app);

    for (uint32_t tag = 0; tag < p->n_tags; tag++) {
        bool excepted = false;
        for (size_t i = 0; i < PT_COUNT(not_in_sql); i++)
            excepted |= strcmp(p->tags[tag].name, not_in_sql[i]) == 0;
        if (seen[tag] == excepted)
            test_fail(__FILE__, __LINE__, "%s is %s", p->tags[tag].name, excepted ? "in a query now" : "in no query");
    }
}

TEST(retail_sql__says_the_same_of_every_household)
{
    test_store t;
    const char *const *paths;
    size_t n;

    build();
    const char *folder = pt_path_join(built.arena, test_source_dir(), "tests/retail");
    bool *seen = pt_arena_alloc(built.arena, pt_app_project(built.app)->n_tags);
    CHECK(seen != NULL);
    test_store_open(&t, NULL);
    read_tables(t.conn, folder);
    CHECK_OK(pt_glob(&paths, &n, pt_path_join(built.arena, folder, "*.sql"), built.arena, &err));
    for (size_t i = 0; i < n; i++)
        if (!pt_sv_eq(pt_path_base(paths[i]), pt_sv_of("tables.sql")))
            compare_query(t.conn, paths[i], seen);
    test_store_close(&t);
    check_nothing_left_out(seen);
}

/* --- against golden files ----------------------------------------------------------------------------------------- */

static void write_profile(pt_str *out, uint32_t ordinal)
{
    const pt_project *p = pt_app_project(built.app);

    for (uint32_t tag = 0; tag < p->n_tags; tag++) {
        pt_str_addf(out, "%s = ", p->tags[tag].name);
        pt_render_tsv(out, tag_column(tag), ordinal, zone());
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
        write_profile(&text, household(pt_sv_of(id)));
        char *got = pt_arena_strdup(built.arena, pt_str_cstr(&text));
        if (accept && strcmp(accept, "accept") == 0)
            CHECK_OK(pt_write_file(path, got, text.len, &err));
        pt_str_free(&text);
        CHECK_OK(pt_read_file(&want, path, 0, built.arena, &err));
        compare_lines(path, got, pt_arena_strdup(built.arena, want.ptr));
    }
}
