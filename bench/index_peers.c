/* The peers of counts and insight over the index: DuckDB on a table of the tags, a column each, values as small integers;
 * ClickHouse with its own bitmaps, one of each value, in memory. Scripts are written for the conditions that are asked. */
#include "index_data.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* --- the table -------------------------------------------------------------------------------------------------------------- */

static bool is_column(const population_tag *t)
{
    return t->kind != POPULATION_LIST;
}

static const char *sql_type(const population_tag *t)
{
    if (t->kind == POPULATION_MONEY)
        return "BIGINT";
    return t->kind >= POPULATION_COUNT || t->values > UINT8_MAX ? "USMALLINT" : "UTINYINT";
}

static void append_value(pt_appender *a, const population_tag *t, const pt_column *c, uint32_t row)
{
    int64_t value;

    if (pt_column_missing(c, row)) {
        pt_append_null(a);
        return;
    }
    if (t->kind == POPULATION_BOOL)
        value = ((const uint8_t *)c->data)[row] + 1; /* codes, as of categories */
    else if (t->kind == POPULATION_CATEGORY)
        value = pt_column_code(c, row);
    else
        value = t->kind == POPULATION_MONEY ? ((const int64_t *)c->data)[row] / 100
                                            : (int64_t)((const double *)c->data)[row];
    pt_append_int(a, value);
}

static pt_rc append_rows(pt_conn *conn, const pt_column *columns, uint32_t rows, pt_err *err)
{
    pt_appender *a;

    PT_TRY(pt_appender_open(&a, conn, "main", "population", err));
    for (uint32_t row = 0; row < rows; row++) {
        for (size_t t = 0; t < POPULATION_TAGS; t++)
            if (is_column(&population_tags()[t]))
                append_value(a, &population_tags()[t], &columns[t], row);
        pt_append_end_row(a);
    }
    return pt_appender_close(a, err);
}

typedef struct table_work {
    uint32_t rows;
} table_work;

static pt_rc fill_table(void *ctx, pt_conn *conn, pt_err *err)
{
    uint32_t rows = ((table_work *)ctx)->rows;
    pt_column columns[POPULATION_TAGS] = {0};
    pt_str create = {0};
    pt_pool *pool;

    pt_str_add(&create, "CREATE TABLE population (");
    for (size_t t = 0; t < POPULATION_TAGS; t++)
        if (is_column(&population_tags()[t]))
            pt_str_addf(&create, "%s%s %s", t ? ", " : "", population_tags()[t].name, sql_type(&population_tags()[t]));
    pt_str_add(&create, ")");
    pt_rc rc = pt_exec_text(conn, pt_str_cstr(&create), err);
    pt_str_free(&create);
    PT_TRY(rc);
    PT_TRY(pt_pool_new(&pool, 0, err));
    for (size_t t = 0; t < POPULATION_TAGS && rc == PT_OK; t++)
        if (is_column(&population_tags()[t]))
            rc = population_column(&columns[t], t, rows, pool, err);
    if (rc == PT_OK)
        rc = append_rows(conn, columns, rows, err);
    for (size_t t = 0; t < POPULATION_TAGS; t++)
        population_free(&columns[t]);
    pt_pool_free(pool);
    return rc;
}

static pt_rc make_table(bench_result *out, const bench_env *env, uint64_t rows, pt_err *err)
{
    char path[512], draft[520];
    table_work work = {(uint32_t)rows};

    (void)out;
    snprintf(path, sizeof path, "%s/population_%llu.duckdb", env->dir, (unsigned long long)rows);
    snprintf(draft, sizeof draft, "%s.tmp", path);
    unlink(draft);
    PT_TRY(bench_store(draft, fill_table, &work, err));
    return rename(draft, path) == 0 ? PT_OK : pt_fail(err, PT_EIO, "cannot rename the peers' table");
}

static void need_table(const bench_env *env, uint64_t rows)
{
    char path[512];

    snprintf(path, sizeof path, "%s/population_%llu.duckdb", env->dir, (unsigned long long)rows);
    if (access(path, R_OK) == 0)
        return;
    fprintf(stderr, "making the peers' table of %llu customers ...\n", (unsigned long long)rows);
    bench_child(env, make_table, rows);
}

/* --- scripts ---------------------------------------------------------------------------------------------------------------- */

static FILE *open_script(const bench_env *env, const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", env->dir, name);
    FILE *f = fopen(path, "w");
    if (!f) {
        fprintf(stderr, "bench: cannot write %s\n", path);
        exit(1);
    }
    return f;
}

/* Columns that ClickHouse makes bitmaps of, through a Parquet file of DuckDB's. */
static void export_columns(const bench_env *env, uint64_t rows, const bool *used)
{
    FILE *f = open_script(env, "index_export.sql");

    fprintf(f, "-- @setup\nATTACH '{dir}/population_{rows}.duckdb' AS d (READ_ONLY);\n-- @once export\nCOPY (SELECT "
               "CAST(row_number() OVER () - 1 AS UINTEGER) AS customer");
    for (size_t t = 0; t < POPULATION_TAGS; t++)
        if (used[t])
            fprintf(f, ", coalesce(%s, 0) AS %s", population_tags()[t].name, population_tags()[t].name);
    fprintf(f, " FROM d.population) TO '{dir}/population_peer.parquet' (FORMAT parquet);\n");
    fclose(f);
    bench_env here = *env;
    here.scripts = env->dir;
    here.runs = 1;
    bench_peer(&here, "peer_duckdb", "index_export.sql", "export", rows);
}

/* A bitmap of each value of the tags, and, as value 0, of those who have one. */
static void write_bitmaps(FILE *f, const bool *used)
{
    fprintf(f, "-- @setup\nCREATE DATABASE IF NOT EXISTS p ENGINE = Memory;\n"
               "CREATE TABLE p.bitmaps (tag String, value UInt16, b AggregateFunction(groupBitmap, UInt32)) ENGINE = "
               "Memory;\n");
    for (size_t t = 0; t < POPULATION_TAGS; t++) {
        const char *name = population_tags()[t].name;
        if (!used[t])
            continue;
        fprintf(f,
                "INSERT INTO p.bitmaps SELECT '%s', toUInt16(%s), groupBitmapState(assumeNotNull(customer)) FROM "
                "file('{dir}/population_peer.parquet') WHERE %s > 0 GROUP BY %s;\n",
                name, name, name, name);
        fprintf(f,
                "INSERT INTO p.bitmaps SELECT '%s', toUInt16(0), groupBitmapState(assumeNotNull(customer)) FROM "
                "file('{dir}/population_peer.parquet') WHERE %s > 0;\n",
                name, name);
    }
}

static void write_count(FILE *f, const bench_condition *c)
{
    fprintf(f, "WITH ");
    for (size_t i = 0; i < PT_COUNT(c->tags); i++) {
        const population_tag *t = &population_tags()[c->tags[i]];
        char prefix[32];
        snprintf(prefix, sizeof prefix, "%s_", t->name);
        bool again = false;
        for (size_t k = 0; k < i; k++)
            again = again || c->tags[k] == c->tags[i];
        for (uint32_t value = 0; value <= t->values && !again; value++) {
            char name[48];
            snprintf(name, sizeof name, "%s%u", prefix, value);
            const char *found = strstr(c->bitmaps, name);
            while (found && found[strlen(name)] >= '0' && found[strlen(name)] <= '9')
                found = strstr(found + 1, name);
            if (found)
                fprintf(f, "(SELECT b FROM p.bitmaps WHERE tag = '%s' AND value = %u) AS %s, ", t->name, value, name);
        }
    }
    fprintf(f, "1 AS one SELECT bitmapCardinality(%s);\n", c->bitmaps);
}

static double clickhouse_count(const bench_env *env, uint64_t rows, const bench_condition *conditions)
{
    bool used[POPULATION_TAGS] = {0};
    bench_env here = *env;

    for (size_t i = 0; i < BENCH_PEER_CONDITIONS; i++)
        for (size_t k = 0; k < PT_COUNT(conditions[i].tags); k++)
            used[conditions[i].tags[k]] = true;
    export_columns(env, rows, used);
    FILE *f = open_script(env, "count_chdb.sql");
    write_bitmaps(f, used);
    fprintf(f, "-- @time count/bitmaps\n");
    for (size_t i = 0; i < BENCH_PEER_CONDITIONS; i++)
        write_count(f, &conditions[i]);
    fclose(f);
    here.scripts = env->dir;
    return bench_peer(&here, "peer_chdb", "count_chdb.sql", "count/", rows).seconds / BENCH_PEER_CONDITIONS;
}

bench_peers bench_peers_count(const bench_env *env, uint64_t rows, unsigned numbers, const bench_condition *conditions)
{
    bench_env here = *env;
    bench_peers out = {0};

    need_table(env, rows);
    FILE *f = open_script(env, "count_duckdb.sql");
    fprintf(f, "-- @setup\nATTACH '{dir}/population_{rows}.duckdb' AS d (READ_ONLY);\n-- @time count/where\n");
    for (size_t i = 0; i < BENCH_PEER_CONDITIONS; i++)
        fprintf(f, "SELECT count(*) FROM d.population WHERE %s;\n", conditions[i].sql);
    fclose(f);
    here.scripts = env->dir;
    out.duckdb = bench_peer(&here, "peer_duckdb", "count_duckdb.sql", "count/", rows).seconds / BENCH_PEER_CONDITIONS;
    if (!numbers)
        out.clickhouse = clickhouse_count(env, rows, conditions);
    return out;
}

bench_peers bench_peers_insight(const bench_env *env, uint64_t rows, const uint32_t *tags, size_t n, uint32_t tag,
                                uint32_t code)
{
    const char *segment = population_tags()[tag].name;
    bool used[POPULATION_TAGS] = {0};
    bench_env here = *env;
    bench_peers out = {0};

    need_table(env, rows);
    here.scripts = env->dir;
    FILE *f = open_script(env, "insight_duckdb.sql");
    fprintf(f, "-- @setup\nATTACH '{dir}/population_{rows}.duckdb' AS d (READ_ONLY);\n-- @time insight/groups\n");
    for (size_t i = 0; i < n; i++)
        if (is_column(&population_tags()[tags[i]]))
            fprintf(f, "SELECT %s, count(*) FROM d.population WHERE %s = %u GROUP BY 1;\n",
                    population_tags()[tags[i]].name, segment, code);
    fprintf(
        f,
        "-- @time insight/segment_first\nCREATE OR REPLACE TEMP TABLE s AS SELECT * FROM d.population WHERE %s = %u;\n",
        segment, code);
    for (size_t i = 0; i < n; i++)
        if (is_column(&population_tags()[tags[i]]))
            fprintf(f, "SELECT %s, count(*) FROM s GROUP BY 1;\n", population_tags()[tags[i]].name);
    fclose(f);
    out.duckdb = bench_peer(&here, "peer_duckdb", "insight_duckdb.sql", "insight/", rows).seconds;
    used[tag] = true;
    for (size_t i = 0; i < n; i++)
        used[tags[i]] = is_column(&population_tags()[tags[i]]);
    export_columns(env, rows, used);
    f = open_script(env, "insight_chdb.sql");
    write_bitmaps(f, used);
    fprintf(f,
            "-- @time insight/bitmaps\nWITH (SELECT b FROM p.bitmaps WHERE tag = '%s' AND value = %u) AS s "
            "SELECT tag, value, bitmapAndCardinality(b, s) FROM p.bitmaps WHERE value > 0;\n",
            segment, code);
    fclose(f);
    out.clickhouse = bench_peer(&here, "peer_chdb", "insight_chdb.sql", "insight/", rows).seconds;
    return out;
}
