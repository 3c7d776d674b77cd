/* The resolve stage while memory and disk run out: the raw store and the published generation stay as they were. */
#include "app/stage_resolve.h"
#include "clean/clean.h"
#include "fault/inject.h"
#include "support/test.h"

static const pt_identifier_type types[] = {{.name = "phone", .priority = 2},
                                           {.name = "user_id", .priority = 1, .limit = 1}};
static const pt_source_identifier identifiers[] = {{.type = "phone"}, {.type = "user_id"}};
static const pt_source source = {.name = "orders", .identifiers = identifiers, .n_identifiers = 2};
static const pt_project project = {.sources = &source, .n_sources = 1, .identity = {types, PT_COUNT(types), 50}};

static pt_err err;

static int64_t count(pt_conn *c, const char *sql)
{
    pt_sql q = {0};
    int64_t n = -1;

    pt_sql_kw(&q, sql);
    CHECK_OK(pt_query_int(&n, c, &q, &err));
    pt_sql_free(&q);
    return n;
}

static pt_rc resolve(pt_resolve_stats *stats, pt_data_dir *d, pt_conn *c)
{
    pt_draft *draft;
    pt_rc rc;

    PT_TRY(pt_draft_new(&draft, d, &err));
    rc = pt_stage_resolve(stats, &project, c, draft, &(pt_linking_options){0}, &err);
    pt_draft_free(draft);
    return rc;
}

/* One row more, and the hash of the source with it. */
static void add_row(pt_conn *c)
{
    CHECK_OK(pt_exec_text(c,
                          "INSERT INTO raw.orders SELECT '139' || count(*) // 2, 'u' || count(*) FROM raw.orders;"
                          "INSERT INTO meta.inputs(source, file_number, table_name) SELECT 'orders', count(*), 'x'"
                          " FROM meta.inputs",
                          &err));
}

static void under(inject_kind kind, pt_rc expected)
{
    char path[300];
    pt_store *store;
    pt_conn *c;
    pt_data_dir *d;
    pt_resolve_stats stats;
    bool failed = true;

    if (!pt_store_engine())
        test_skip("DuckDB's library is not here");
    snprintf(path, sizeof path, "%s/data", test_dir());
    CHECK_OK(pt_data_dir_open(&d, path, &err));
    CHECK_OK(pt_store_open(&store, &(pt_store_options){.threads = 1, .memory = (size_t)256 << 20}, &err));
    CHECK_OK(pt_conn_open(&c, store, &err));
    CHECK_OK(pt_source_prepare(c, &err));
    CHECK_OK(pt_clean_prepare(c, &err));
    CHECK_OK(pt_exec_text(c,
                          "CREATE TABLE raw.orders(_id_phone VARCHAR, _id_user_id VARCHAR);"
                          "CREATE VIEW clean.orders AS FROM raw.orders",
                          &err));
    add_row(c);
    CHECK_OK(resolve(&stats, d, c));
    for (unsigned long n = 1, builds = 1; failed; n += inject_step(n)) {
        add_row(c);
        inject_at(kind, n);
        pt_rc rc = resolve(&stats, d, c);
        failed = inject_end();
        builds += rc == PT_OK;
        CHECK_INT(rc, failed ? expected : PT_OK);
        CHECK_INT(count(c, "SELECT count(*) FROM identity.builds"), builds);
        CHECK_INT(count(c, "SELECT count(*) FROM duckdb_tables() WHERE temporary OR table_name LIKE 'new%'"), 0);
    }
    CHECK_INT(stats.identifiers, count(c, "SELECT count(*) + count(DISTINCT _id_phone) FROM raw.orders"));
    CHECK_INT(stats.identifiers, count(c, "SELECT count(*) FROM identity.members"));
    pt_conn_close(c);
    pt_store_close(store);
    pt_data_dir_close(d);
}

TEST(resolve__without_memory)
{
    under(INJECT_MEMORY, PT_ENOMEM);
}

TEST(resolve__on_a_full_disk)
{
    under(INJECT_DISK_FULL, PT_EIO);
}
