/* The resolve stage over raw tables written by hand: what it keeps in schema `identity`, and which rows it joins to
 * whom. */
#include "app/stage_resolve.h"

#include "app/decisions.h"
#include "base/io.h"
#include "clean/clean.h"
#include "support/store.h"
#include "support/test.h"

static pt_err err;

static const pt_identifier_type types[] = {
    {.name = "phone", .priority = 2, .normalize = "none"},
    {.name = "user_id", .priority = 1, .limit = 1, .normalize = "none"},
};
static const pt_source_identifier of_orders[] = {{.type = "phone", .column = "mobile"},
                                                 {.type = "user_id", .column = "user"}};
static const pt_source_identifier of_visits[] = {{.type = "phone", .column = "mobile"}};

enum { ORDERS, VISITS, PRODUCTS, SOURCES };

/* A data directory with a store, and the project whose raw tables it holds. */
typedef struct world {
    pt_data_dir *dir;
    test_store t;
    pt_source sources[SOURCES];
    pt_project project;
    int changes;
} world;

static void open_world(world *w)
{
    char path[256];

    snprintf(path, sizeof path, "%s/data", test_dir());
    *w = (world){0};
    static const pt_source_column amount = {.name = "amount", .type = PT_TYPE_NUMBER};

    w->sources[ORDERS] =
        (pt_source){.name = "orders", .identifiers = of_orders, .n_identifiers = 2, .columns = &amount, .n_columns = 1};
    w->sources[VISITS] = (pt_source){.name = "visits", .identifiers = of_visits, .n_identifiers = 1};
    w->sources[PRODUCTS] = (pt_source){.name = "products"};
    w->project.sources = w->sources;
    w->project.n_sources = SOURCES;
    w->project.identity = (pt_identity_config){.types = types, .n_types = PT_COUNT(types), .max_component = 100};
    CHECK_OK(pt_data_dir_open(&w->dir, path, &err));
    test_store_open(&w->t, pt_data_dir_store(w->dir));
    CHECK_OK(pt_source_prepare(w->t.conn, &err));
    CHECK_OK(pt_clean_prepare(w->t.conn, &err));
    test_exec(w->t.conn, "CREATE SCHEMA IF NOT EXISTS raw;"
                         "CREATE TABLE raw.orders(_file UINTEGER, _row UBIGINT, _time TIMESTAMPTZ, _id_phone VARCHAR,"
                         " _id_user_id VARCHAR, amount DOUBLE);"
                         "CREATE TABLE raw.visits(_file UINTEGER, _row UBIGINT, _time TIMESTAMPTZ, _id_phone VARCHAR);"
                         "CREATE TABLE raw.products(_file UINTEGER, _row UBIGINT, _time TIMESTAMPTZ, sku VARCHAR)");
}

static void close_world(world *w)
{
    test_store_close(&w->t);
    pt_data_dir_close(w->dir);
}

/* Changes raw rows, as reading a changed file does: the hash of what they came from changes with them. */
static void change(world *w, const char *sql)
{
    char input[160];

    test_exec(w->t.conn, sql);
    snprintf(input, sizeof input,
             "INSERT INTO meta.inputs(source, file_number, table_name) VALUES ('orders', %d, 'a table')", w->changes++);
    test_exec(w->t.conn, input);
}

static void clean(world *w)
{
    for (size_t s = 0; s < w->project.n_sources; s++)
        CHECK_OK(pt_clean_source(&w->project, s, 0, w->t.conn, &err));
}

/* A whole build, as far as identity goes. */
static pt_resolve_stats resolve(world *w)
{
    pt_resolve_stats stats;
    pt_draft *draft;

    clean(w);
    CHECK_OK(pt_draft_new(&draft, w->dir, &err));
    CHECK_OK(pt_stage_resolve(&stats, &w->project, w->t.conn, draft, &(pt_linking_options){0}, &err));
    CHECK_OK(pt_draft_publish(draft, &(pt_manifest){.zone = "UTC"}, &err));
    pt_draft_free(draft);
    return stats;
}

static const char *members(world *w)
{
    return test_query_rows(w->t.conn,
                           "SELECT type, value, CAST(ordinal AS DOUBLE) FROM identity.members ORDER BY 1, 2");
}

static pt_map open_directory(world *w, pt_directory **d)
{
    char path[300];
    pt_map map;

    snprintf(path, sizeof path, "%s/data/%s/%s", test_dir(), pt_data_dir_current(w->dir), PT_FILE_DIRECTORY);
    CHECK_OK(pt_map_open(&map, path, &err));
    CHECK_OK(pt_directory_open(d, map.ptr, map.size, &err));
    return map;
}

static const char some_orders[] =
    "INSERT INTO raw.orders VALUES (1, 1, NULL, '139', 'a', 5), (1, 2, NULL, '139', 'a', 7),"
    " (1, 3, NULL, '138', 'b', 1), (1, 4, NULL, NULL, 'c', 2), (1, 5, NULL, NULL, NULL, 3),"
    " (1, 6, NULL, '137', NULL, 4);"
    "INSERT INTO raw.visits VALUES (1, 1, NULL, '138'), (1, 2, NULL, '136'), (1, 3, NULL, NULL)";

TEST(resolve__settles_all_sources_together)
{
    world w;
    pt_resolve_stats s;
    pt_directory *d;
    pt_map map;

    open_world(&w);
    change(&w, some_orders);
    s = resolve(&w);
    CHECK(!s.kept);
    CHECK_INT(s.build, 1);
    CHECK_INT(s.customers, 5);
    CHECK_INT(s.ordinals, 5);
    CHECK_INT(s.identifiers, 7);
    CHECK_INT(s.created, 5);
    CHECK_INT(s.links_added, 2);
    CHECK_INT(s.links_withdrawn, 0);
    CHECK_STR(members(&w),
              "phone|136|3\nphone|137|4\nphone|138|1\nphone|139|0\nuser_id|a|0\nuser_id|b|1\nuser_id|c|2\n");
    map = open_directory(&w, &d);
    CHECK_INT(pt_directory_find(d, -1, PT_SV("138")), 1);
    CHECK_INT(pt_directory_find(d, -1, PT_SV("c")), 2);
    CHECK(pt_directory_fingerprint(d).lo == s.directory.lo);
    pt_directory_close(d);
    pt_map_close(&map);
    close_world(&w);
}

TEST(resolve__does_nothing_when_nothing_changed)
{
    world w;
    pt_resolve_stats first, again;
    pt_identifier_type stricter[PT_COUNT(types)];

    open_world(&w);
    change(&w, some_orders);
    first = resolve(&w);
    again = resolve(&w);
    CHECK(again.kept);
    CHECK_INT(again.build, first.build);
    CHECK_INT(again.customers, first.customers);
    CHECK_INT(again.identifiers, first.identifiers);
    CHECK(again.directory.lo == first.directory.lo && again.directory.hi == first.directory.hi);

    /* A rule changed: settled again, to the same end. */
    memcpy(stricter, types, sizeof types);
    stricter[0].limit = 7;
    w.project.identity.types = stricter;
    again = resolve(&w);
    CHECK(!again.kept);
    CHECK_INT(again.build, 2);
    CHECK_INT(again.created, 0);
    CHECK_INT(again.links_added, 0);
    CHECK(again.directory.lo == first.directory.lo);
    close_world(&w);
}

TEST(resolve__makes_the_directory_again_when_it_is_gone_or_damaged)
{
    world w;
    pt_resolve_stats first, again;
    char path[300];

    open_world(&w);
    change(&w, some_orders);
    first = resolve(&w);
    snprintf(path, sizeof path, "%s/data/%s/%s", test_dir(), pt_data_dir_current(w.dir), PT_FILE_DIRECTORY);
    CHECK_OK(pt_write_file(path, "rubbish", 7, &err));
    again = resolve(&w);
    CHECK(!again.kept);
    CHECK(again.directory.lo == first.directory.lo);
    CHECK_INT(again.created, 0);
    close_world(&w);
}

TEST(resolve__merges_and_undoes_a_merge)
{
    world w;
    pt_resolve_stats s;
    const char *before;

    open_world(&w);
    change(
        &w,
        "INSERT INTO raw.visits VALUES (1, 1, NULL, '139'); INSERT INTO raw.orders VALUES (1, 1, NULL, NULL, 'a', 1)");
    resolve(&w);
    before = "phone|139|1\nuser_id|a|0\n";
    CHECK_STR(members(&w), before);
    change(&w, "INSERT INTO raw.orders VALUES (2, 1, NULL, '139', 'a', 1)");
    s = resolve(&w);
    CHECK_INT(s.merged, 1);
    CHECK_INT(s.customers, 1);
    CHECK_INT(s.ordinals, 2);
    CHECK_STR(members(&w), "phone|139|0\nuser_id|a|0\n");
    CHECK_STR(test_query_rows(w.t.conn, "SELECT id, CAST(forward AS DOUBLE) FROM identity.customers ORDER BY ordinal"),
              "C0000001|0\nC0000002|0\n");
    change(&w, "DELETE FROM raw.orders WHERE _file = 2");
    s = resolve(&w);
    CHECK_INT(s.links_withdrawn, 1);
    CHECK_INT(s.split, 1);
    CHECK_STR(members(&w), before);
    /* The log keeps what was said, and when it ended. */
    CHECK_STR(test_query_rows(w.t.conn, "SELECT a_type, a_value, b_type, b_value, source, rule, score,"
                                        " CAST(since_build AS DOUBLE), CAST(build AS DOUBLE)"
                                        " FROM identity.edges JOIN identity.withdrawn"
                                        " USING (a_type, a_value, b_type, b_value, source, since_build)"),
              "user_id|a|phone|139|orders|same row|1|2|3\n");
    change(&w, "INSERT INTO raw.orders VALUES (3, 1, NULL, '139', 'a', 1)");
    s = resolve(&w);
    CHECK_INT(s.links_added, 1);
    CHECK_STR(members(&w), "phone|139|0\nuser_id|a|0\n");
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.edges"), 2);
    close_world(&w);
}

TEST(resolve__split_gives_the_weaker_part_a_new_customer)
{
    world w;

    open_world(&w);
    change(
        &w,
        "INSERT INTO raw.orders VALUES (1, 1, NULL, '139', 'a', 1); INSERT INTO raw.visits VALUES (1, 1, NULL, '139')");
    resolve(&w);
    CHECK_STR(members(&w), "phone|139|0\nuser_id|a|0\n");
    change(&w, "UPDATE raw.orders SET _id_phone = NULL");
    CHECK_INT(resolve(&w).split, 1);
    CHECK_STR(members(&w), "phone|139|1\nuser_id|a|0\n");
    change(&w, "UPDATE raw.orders SET _id_phone = '139'");
    CHECK_INT(resolve(&w).merged, 1);
    CHECK_STR(members(&w), "phone|139|0\nuser_id|a|0\n");
    change(&w, "UPDATE raw.orders SET _id_phone = NULL");
    resolve(&w);
    CHECK_STR(members(&w), "phone|139|1\nuser_id|a|0\n");
    close_world(&w);
}

TEST(resolve__reports_refused_links)
{
    world w;
    pt_resolve_stats s;

    open_world(&w);
    change(&w, "INSERT INTO raw.orders VALUES (1, 1, NULL, '139', 'a', 1), (1, 2, NULL, '139', 'b', 1)");
    s = resolve(&w);
    CHECK_INT(s.refused_limit, 1);
    CHECK_INT(s.refused_large, 0);
    CHECK_STR(test_query_rows(w.t.conn,
                              "SELECT a_type, a_value, b_type, b_value, reason, CAST(size AS DOUBLE), limited_type"
                              " FROM identity.refused"),
              "user_id|b|phone|139|over limit|2|user_id\n");
    w.project.identity.max_component = 1;
    s = resolve(&w);
    CHECK_INT(s.refused_limit, 1);
    CHECK_INT(s.refused_large, 1);
    change(&w, "DELETE FROM raw.orders WHERE _row = 2");
    w.project.identity.max_component = 2;
    s = resolve(&w);
    CHECK_INT(s.refused_limit + s.refused_large, 0);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.refused"), 0);
    close_world(&w);
}

TEST(resolve__a_source_that_leaves_the_project_takes_its_links_along)
{
    world w;

    open_world(&w);
    change(&w, some_orders);
    resolve(&w);
    w.project.sources = &w.sources[VISITS];
    w.project.n_sources = 1;
    w.project.identity.n_types = 1; /* nobody uses user_id any more */
    CHECK_INT(resolve(&w).links_withdrawn, 2);
    w.project.sources = w.sources;
    w.project.n_sources = SOURCES;
    w.project.identity.n_types = PT_COUNT(types);
    CHECK_INT(resolve(&w).customers, 5);
    CHECK_STR(members(&w),
              "phone|136|3\nphone|137|4\nphone|138|1\nphone|139|0\nuser_id|a|0\nuser_id|b|1\nuser_id|c|2\n");
    close_world(&w);
}

static const char *joined(world *w, size_t source, const char *columns)
{
    pt_sql q = {0};
    const char *rows;

    pt_sql_kw(&q, "SELECT CAST(_ordinal AS DOUBLE), CAST(_row AS DOUBLE)");
    pt_sql_kw(&q, columns);
    pt_sql_kw(&q, "FROM (");
    pt_resolve_join(&q, &w->project, source);
    pt_sql_kw(&q, ") ORDER BY _row");
    rows = test_query_rows(w->t.conn, pt_str_cstr(&q.text));
    pt_sql_free(&q);
    return rows;
}

TEST(resolve_join__gives_each_row_the_customer_of_its_strongest_identifier)
{
    world w;
    uint64_t unplaced;

    open_world(&w);
    change(&w, some_orders);
    resolve(&w);
    CHECK_STR(joined(&w, ORDERS, ", amount"), "0|1|5\n0|2|7\n1|3|1\n2|4|2\n4|6|4\n");
    CHECK_STR(joined(&w, VISITS, ""), "1|1\n3|2\n");
    CHECK_OK(pt_resolve_unplaced(&unplaced, &w.project, ORDERS, w.t.conn, &err));
    CHECK_INT(unplaced, 1);
    CHECK_OK(pt_resolve_unplaced(&unplaced, &w.project, VISITS, w.t.conn, &err));
    CHECK_INT(unplaced, 1);
    change(&w, "INSERT INTO raw.orders VALUES (2, 7, NULL, '136', 'a', 0)"); /* joins 136 to the first customer */
    resolve(&w);
    CHECK_STR(joined(&w, VISITS, ""), "1|1\n0|2\n");
    close_world(&w);
}

TEST(resolve__a_failure_leaves_the_tables_as_they_were)
{
    world w;
    pt_resolve_stats stats;
    pt_draft *draft;
    pt_cancel *cancel = pt_cancel_new();

    CHECK(cancel);
    open_world(&w);
    change(&w, some_orders);
    resolve(&w);
    change(&w, "DELETE FROM raw.orders");
    pt_cancel_fire(cancel);
    clean(&w);
    CHECK_OK(pt_draft_new(&draft, w.dir, &err));
    CHECK_INT(pt_stage_resolve(&stats, &w.project, w.t.conn, draft, &(pt_linking_options){.cancel = cancel}, &err),
              PT_ECANCELED);
    pt_draft_free(draft);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.withdrawn"), 0);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.builds"), 1);
    change(&w, "UPDATE identity.customers SET ordinal = 9 WHERE ordinal = 1"); /* somebody meddled */
    clean(&w);
    CHECK_OK(pt_draft_new(&draft, w.dir, &err));
    CHECK_INT(pt_stage_resolve(&stats, &w.project, w.t.conn, draft, &(pt_linking_options){0}, &err), PT_ECORRUPT);
    pt_draft_free(draft);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.withdrawn"), 0);
    pt_cancel_free(cancel);
    close_world(&w);
}

TEST(resolve__the_same_data_in_a_new_directory_gives_the_same_bytes)
{
    static const char *const orders[] = {"ASC", "DESC"};
    pt_hash128 made[PT_COUNT(orders)];
    char sql[600], path[256];

    snprintf(path, sizeof path, "%s/data", test_dir());
    for (size_t i = 0; i < PT_COUNT(orders); i++) {
        world w;
        open_world(&w);
        snprintf(sql, sizeof sql,
                 "INSERT INTO raw.orders SELECT 1, range, NULL, CASE WHEN range %% 3 > 0 THEN '13' || (hash(range) %% "
                 "3000) END,"
                 " CASE WHEN range %% 4 > 0 THEN 'u' || (hash(range + 1) %% 4000) END, 0 FROM range(20000)"
                 " ORDER BY range %s",
                 orders[i]);
        change(&w, sql);
        made[i] = resolve(&w).directory;
        CHECK(test_query_int(w.t.conn, "SELECT count(*) FROM identity.refused") > 100);
        close_world(&w);
        CHECK_OK(pt_remove_tree(path, &err));
    }
    CHECK(made[0].lo == made[1].lo && made[0].hi == made[1].hi);
}

/* --- decisions ---------------------------------------------------------------------------------------------------- */

static uint32_t decide(world *w, pt_decision_kind kind, const char *a, const char *b)
{
    uint32_t number;
    pt_decision d = {.kind = kind,
                     .a = {PT_SV("user_id"), pt_sv_of(a)},
                     .b = {PT_SV("user_id"), pt_sv_of(b)},
                     .rule = PT_SV(PT_DECISION_HAND)};

    CHECK_OK(pt_decisions_append(&number, &d, 1, 1000000, w->t.conn, &err));
    return number;
}

static void undo(world *w, uint32_t what)
{
    uint32_t number;
    pt_decision d = {.kind = PT_DECISION_UNDO, .undoes = what, .rule = PT_SV(PT_DECISION_HAND)};

    CHECK_OK(pt_decisions_append(&number, &d, 1, 1000000, w->t.conn, &err));
}

/* Two customers, b with a phone, and no limit on users. */
static void open_two(world *w)
{
    static const pt_identifier_type loose[] = {{.name = "phone", .priority = 2, .normalize = "none"},
                                               {.name = "user_id", .priority = 1, .normalize = "none"}};

    open_world(w);
    w->project.identity.types = loose;
    change(w, "INSERT INTO raw.orders VALUES (1, 1, NULL, NULL, 'a', 1), (1, 2, NULL, '138', 'b', 1)");
    resolve(w);
}

TEST(resolve_decisions__merge_and_their_undo_gives_the_bytes_before)
{
    pt_resolve_stats first, s, again;
    uint32_t number;
    world w;

    open_two(&w);
    first = resolve(&w);
    number = decide(&w, PT_DECISION_SAME, "b", "a");
    s = resolve(&w);
    CHECK_INT(s.merged, 1);
    CHECK_INT(s.links_added, 1);
    CHECK_STR(members(&w), "phone|138|0\nuser_id|a|0\nuser_id|b|0\n");
    CHECK_STR(
        test_query_rows(w.t.conn, "SELECT a_value, b_value, rule, score FROM identity.edges WHERE source = 'hand'"),
        "a|b|hand|1\n");
    CHECK(resolve(&w).kept);
    undo(&w, number);
    again = resolve(&w);
    CHECK_INT(again.split, 1);
    CHECK(again.directory.lo == first.directory.lo && again.directory.hi == first.directory.hi);
    undo(&w, number + 1);
    again = resolve(&w);
    CHECK(again.directory.lo == s.directory.lo && again.directory.hi == s.directory.hi);
    CHECK_STR(test_query_rows(w.t.conn, "SELECT CAST(ordinal AS DOUBLE), CAST(forward AS DOUBLE),"
                                        " CAST(build AS DOUBLE) FROM identity.forwarded ORDER BY build"),
              "1|0|2\n1|1|3\n1|0|4\n");
    close_world(&w);
}

TEST(resolve_decisions__that_two_are_different_refuse_a_link)
{
    pt_resolve_stats s;
    world w;

    open_two(&w);
    decide(&w, PT_DECISION_DIFFERENT, "a", "b");
    change(&w, "INSERT INTO raw.orders VALUES (2, 1, NULL, '138', 'a', 1)");
    s = resolve(&w);
    CHECK_INT(s.refused_decided, 1);
    CHECK_INT(s.customers, 2);
    CHECK_STR(test_query_rows(w.t.conn, "SELECT a_value, b_value, reason, CAST(decision AS DOUBLE),"
                                        " CAST(because AS DOUBLE) FROM identity.refused"),
              "a|138|kept apart|~|1\n");
    decide(&w, PT_DECISION_SAME, "a", "b");
    s = resolve(&w);
    CHECK_INT(s.decisions_refused, 1);
    CHECK_INT(s.customers, 1);
    CHECK_STR(test_query_rows(w.t.conn, "SELECT a_value, b_value, reason, CAST(decision AS DOUBLE),"
                                        " CAST(because AS DOUBLE) FROM identity.refused"),
              "a|b|contradicted|1|~\n");
    close_world(&w);
}

TEST(resolve_decisions__wait_while_a_type_or_identifier_is_not_there)
{
    world w;

    open_two(&w);
    decide(&w, PT_DECISION_SAME, "a", "never seen");
    decide(&w, PT_DECISION_SAME, "b", "never seen");
    CHECK_INT(resolve(&w).customers, 1);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.nodes"), 3);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.members WHERE value = 'never seen'"), 0);
    w.project.sources = &w.sources[VISITS];
    w.project.n_sources = 1;
    w.project.identity.n_types = 1; /* nobody uses user_id */
    CHECK_INT(resolve(&w).links_withdrawn, 3);
    close_world(&w);
}

TEST(resolve_decisions__a_store_of_an_earlier_program_gets_what_it_lacks)
{
    world w;

    open_world(&w);
    test_exec(w.t.conn,
              "CREATE SCHEMA identity; CREATE TABLE identity.refused(a_type VARCHAR, a_value VARCHAR, b_type VARCHAR,"
              " b_value VARCHAR, reason VARCHAR, size UINTEGER, limited_type VARCHAR, build UINTEGER);"
              "CREATE TABLE identity.builds(build UINTEGER, inputs VARCHAR, directory VARCHAR);"
              "INSERT INTO identity.builds VALUES (6, 'x', 'y');"
              "INSERT INTO identity.refused VALUES ('a', 'b', 'c', 'd', 'too large', 1, NULL, 6)");
    change(&w, "INSERT INTO raw.orders VALUES (1, 1, NULL, '139', 'a', 1), (1, 2, NULL, '139', 'b', 1)");
    CHECK_INT(resolve(&w).build, 7);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.refused WHERE because IS NULL"), 1);
    CHECK_INT(test_query_int(w.t.conn, "SELECT count(*) FROM identity.builds WHERE built_at IS NOT NULL"), 1);
    close_world(&w);
}
