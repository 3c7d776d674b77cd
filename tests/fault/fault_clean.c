/* Cleaning while memory runs out: the view, its tables and the report stay as they were. */
#include "clean/clean.h"
#include "fault/inject.h"
#include "source/source.h"
#include "support/test.h"

static const char *const by_city[] = {"city"};
static const pt_source_identifier identifiers[] = {{.type = "user", .column = "user"}};
static const pt_source_column columns[] = {{.name = "name", .type = PT_TYPE_TEXT},
                                           {.name = "city", .type = PT_TYPE_CATEGORY},
                                           {.name = "x", .type = PT_TYPE_NUMBER},
                                           {.name = "amount", .type = PT_TYPE_MONEY},
                                           {.name = "big", .type = PT_TYPE_BOOL}};
static const pt_clean_rule rules[] = {
    {.kind = PT_CLEAN_DROP, .text = "drop when x < 0", .condition = "x < 0"},
    {.kind = PT_CLEAN_FLAG, .text = "flag big when amount > 10", .condition = "amount > 10", .adds = "big"},
    {.kind = PT_CLEAN_FILL, .text = "fill x: mean", .column = "x", .fill = PT_FILL_MEAN},
    {.kind = PT_CLEAN_FILL, .text = "fill x: previous", .column = "x", .fill = PT_FILL_PREVIOUS},
    {.kind = PT_CLEAN_OUTLIERS,
     .text = "cap amount: iqr 1 by city",
     .column = "amount",
     .method = PT_OUTLIERS_IQR,
     .factor = 1,
     .by = by_city,
     .n_by = 1},
    {.kind = PT_CLEAN_DEDUPE, .text = "dedupe by city", .by = by_city, .n_by = 1},
    {.kind = PT_CLEAN_NEAR, .text = "dedupe near name 0.8", .column = "name", .similarity = 0.8},
};
static const pt_source source = {.name = "t",
                                 .kind = PT_SOURCE_EVENT,
                                 .time = "at",
                                 .identifiers = identifiers,
                                 .n_identifiers = 1,
                                 .columns = columns,
                                 .n_columns = PT_COUNT(columns),
                                 .n_file_columns = PT_COUNT(columns) - 1,
                                 .clean = rules,
                                 .n_clean = PT_COUNT(rules)};
static const pt_project project = {.sources = &source, .n_sources = 1};

static pt_err err;

static int64_t ask(pt_conn *c, const char *sql)
{
    pt_sql q = {0};
    int64_t n = -1;

    pt_sql_kw(&q, sql);
    CHECK_OK(pt_query_int(&n, c, &q, &err));
    pt_sql_free(&q);
    return n;
}

static int64_t tables(pt_conn *c)
{
    return ask(c, "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'clean'");
}

TEST(clean__without_memory)
{
    pt_store *store;
    pt_conn *c;
    bool failed = true;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    CHECK_OK(pt_store_open(&store, &(pt_store_options){.threads = 1, .memory = (size_t)256 << 20}, &err));
    CHECK_OK(pt_conn_open(&c, store, &err));
    CHECK_OK(pt_source_prepare(c, &err));
    CHECK_OK(pt_clean_prepare(c, &err));
    CHECK_OK(
        pt_exec_text(c,
                     "CREATE TABLE raw.t AS SELECT 0::UINTEGER AS _file, i::UBIGINT AS _row, TIMESTAMPTZ '2024-01-01'"
                     " AS _time, 'u' || i % 3 AS _id_user, 'some name ' || i AS name, CASE WHEN i % 9 > 0 THEN 'c' ||"
                     " i % 30 END AS city, CASE WHEN i % 4 > 0 THEN i - 3.0::DOUBLE END AS x,"
                     " CAST(i AS DECIMAL(18,4)) AS amount FROM range(50) r(i)",
                     &err));
    CHECK_OK(pt_clean_source(&project, 0, 0, c, &err));
    int64_t kept = ask(c, "SELECT count(*) FROM clean.t"), made = tables(c);
    for (unsigned long n = 1; failed; n += inject_step(n)) {
        CHECK_OK(pt_exec_text(c, "UPDATE meta.cleaned SET made_from = 'earlier'", &err));
        inject_at(INJECT_MEMORY, n);
        pt_rc rc = pt_clean_source(&project, 0, 0, c, &err);
        failed = inject_end();
        CHECK_INT(rc, failed ? PT_ENOMEM : PT_OK);
        CHECK_INT(ask(c, "SELECT count(*) FROM meta.cleaned WHERE made_from = 'earlier'"), failed);
        CHECK_INT(ask(c, "SELECT count(*) FROM clean.t"), kept);
        CHECK_INT(ask(c, "SELECT count(*) FROM meta.cleaning"), PT_COUNT(rules));
        CHECK_INT(tables(c), made);
    }
    pt_conn_close(c);
    pt_store_close(store);
}
