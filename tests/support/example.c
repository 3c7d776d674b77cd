#include "support/example.h"

#include <math.h>
#include <string.h>

#include "app/render.h"
#include "base/io.h"
#include "support/store.h"
#include "support/test.h"

/* Doubles: a sum in another order ends in other last bits. Everything else is compared exactly. */
static const double TOLERANCE = 1e-11;

static pt_err err;

const pt_column *test_example_column(const test_example *e, uint32_t tag)
{
    const pt_column *column;

    CHECK_OK(pt_view_column(&column, e->view, tag, &err));
    CHECK(column != NULL);
    return column;
}

uint32_t test_example_customer(const test_example *e, pt_sv id)
{
    uint32_t ordinal;

    CHECK_OK(pt_view_find(&ordinal, e->view, id, &err));
    return ordinal;
}

/* --- values as text ----------------------------------------------------------------------------------------------- */

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

static void add_got(pt_str *out, const pt_column *c, uint32_t row, const pt_zone *zone)
{
    if (pt_type_is_list(c->type))
        add_items(out, c, row);
    else
        pt_render_tsv(out, c, row, zone);
}

static void add_wanted(pt_str *out, const pt_cells *cell, size_t row, const pt_zone *zone)
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
        pt_render_tsv(out, &plain, row, zone);
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
    const test_example *example;
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
    const pt_zone *zone = pt_app_project(c->example->app)->zone;

    if (same_number(c, ordinal, cell, row))
        return;
    pt_str_clear(&got);
    pt_str_clear(&want);
    add_wanted(&want, cell, row, zone);
    if (c->weights)
        pt_str_addf(&got, "%.17g", sum_of_weights(c->column, ordinal));
    else
        add_got(&got, c->column, ordinal, zone);
    if (strcmp(pt_str_cstr(&got), pt_str_cstr(&want)) != 0)
        test_fail(__FILE__, __LINE__, "customer %.*s: %s is %s, but %s says %s", (int)id.len, id.ptr, c->name,
                  pt_str_cstr(&got), c->query, pt_str_cstr(&want));
}

static void compare_row(const compared *columns, const pt_rows *rows, size_t row)
{
    pt_sv id = ((const pt_sv *)rows->cells[0].data)[row];
    uint32_t ordinal = test_example_customer(columns[1].example, id);

    for (size_t c = 1; c < rows->n_cells; c++)
        compare_cell(&columns[c], id, ordinal, &rows->cells[c], row);
}

/* Finds the tags of a query's columns and notes that they were compared. */
static const compared *match_columns(const test_example *e, const char *query, const pt_cursor *cur, bool *seen)
{
    size_t n = pt_cursor_columns(cur);
    compared *columns = pt_arena_alloc(e->arena, n * sizeof *columns);

    CHECK(columns != NULL);
    CHECK_STR(pt_cursor_name(cur, 0), e->id);
    for (size_t i = 1; i < n; i++) {
        const char *name = pt_arena_strdup(e->arena, pt_cursor_name(cur, i));
        const char *end = strchr(name, '#');
        int tag = pt_project_find_tag(pt_app_project(e->app), (pt_sv){name, end ? (size_t)(end - name) : strlen(name)});
        if (tag < 0)
            test_fail(__FILE__, __LINE__, "%s: there is no tag %s", query, name);
        columns[i] = (compared){e, query, name, test_example_column(e, (uint32_t)tag), end != NULL};
        seen[tag] = true;
    }
    return columns;
}

static void compare_query(const test_example *e, pt_conn *conn, const char *path, bool *seen)
{
    pt_sql q = {0};
    pt_sv text;
    pt_cursor *cur;
    const pt_rows *rows;
    uint64_t customers = 0;

    CHECK_OK(pt_read_file(&text, path, 0, e->arena, &err));
    pt_sql_kw(&q, "FROM (");
    pt_sql_kw(&q, text.ptr);
    pt_sql_kw(&q, ") ORDER BY length(");
    pt_sql_ident(&q, e->id);
    pt_sql_kw(&q, "),");
    pt_sql_ident(&q, e->id);
    CHECK_OK(pt_query(&cur, conn, &q, &err));
    const compared *columns = match_columns(e, pt_path_base(path).ptr, cur, seen);
    for (;;) {
        CHECK_OK(pt_cursor_next(&rows, cur, &err));
        if (!rows)
            break;
        for (size_t row = 0; row < rows->n; row++)
            compare_row(columns, rows, row);
        customers += rows->n;
    }
    pt_cursor_close(cur);
    pt_sql_free(&q);
    CHECK(e->some_customers ? customers > 0 : customers == e->view->n_customers);
}

static void read_tables(const test_example *e, pt_conn *conn, const char *folder)
{
    pt_sql q = {0};
    pt_sv text;

    pt_sql_kw(&q, "SET file_search_path =");
    pt_sql_text(&q, pt_sv_of(e->data));
    CHECK_OK(pt_exec(conn, &q, NULL, &err));
    pt_sql_free(&q);
    CHECK_OK(pt_read_file(&text, pt_path_join(e->arena, folder, "tables.sql"), 0, e->arena, &err));
    CHECK_OK(pt_exec_text(conn, text.ptr, &err));
}

static void check_nothing_left_out(const test_example *e, const bool *seen, const char *const *not_in_sql)
{
    const pt_project *p = pt_app_project(e->app);

    for (uint32_t tag = 0; tag < p->n_tags; tag++) {
        bool excepted = p->tags[tag].origin == PT_ORIGIN_MODEL; /* learned: no query can say the same */
        for (size_t i = 0; not_in_sql[i]; i++)
            excepted |= strcmp(p->tags[tag].name, not_in_sql[i]) == 0;
        if (seen[tag] == excepted)
            test_fail(__FILE__, __LINE__, "%s is %s", p->tags[tag].name, excepted ? "in a query now" : "in no query");
    }
}

void test_example_compare(const test_example *e, const char *queries, const char *const *not_in_sql)
{
    test_store t;
    const char *const *paths;
    size_t n;

    const char *folder = pt_path_join(e->arena, test_source_dir(), queries);
    bool *seen = pt_arena_alloc(e->arena, pt_app_project(e->app)->n_tags);
    CHECK(seen != NULL);
    test_store_open(&t, NULL);
    read_tables(e, t.conn, folder);
    CHECK_OK(pt_glob(&paths, &n, pt_path_join(e->arena, folder, "*.sql"), e->arena, &err));
    for (size_t i = 0; i < n; i++)
        if (!pt_sv_eq(pt_path_base(paths[i]), pt_sv_of("tables.sql")))
            compare_query(e, t.conn, paths[i], seen);
    test_store_close(&t);
    if (not_in_sql)
        check_nothing_left_out(e, seen, not_in_sql);
}
