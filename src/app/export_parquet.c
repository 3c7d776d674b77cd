/* Members as a Parquet file, by the store's engine: rows into a table of its own, which spills beside the file when memory is
 * short, and from there as they were put. */
#include <errno.h>
#include <unistd.h>

#include "app/export_int.h"
#include "app/render.h"
#include "base/io.h"
#include "store/store.h"

/* How a type is put into the table, and what becomes of it in the file. */
typedef struct parquet_type {
    const char *stored;         /* type of the table's column */
    const char *before, *after; /* around the column's name */
} parquet_type;

static parquet_type type_of(pt_type type)
{
    switch (type) {
    case PT_TYPE_BOOL: return (parquet_type){"BOOLEAN", "", ""};
    case PT_TYPE_NUMBER: return (parquet_type){"DOUBLE", "", ""};
    case PT_TYPE_MONEY: return (parquet_type){"BIGINT", "CAST(CAST(", " AS DECIMAL(38, 0)) / 10000 AS DECIMAL(18, 4))"};
    case PT_TYPE_DATE: return (parquet_type){"INTEGER", "DATE '1970-01-01' + ", ""};
    case PT_TYPE_INSTANT: return (parquet_type){"TIMESTAMPTZ", "", ""};
    case PT_TYPE_DURATION: return (parquet_type){"BIGINT", "", ""};
    case PT_TYPE_LIST: return (parquet_type){"VARCHAR", "from_json(", ", '[\"VARCHAR\"]')"};
    case PT_TYPE_WEIGHTED:
        return (parquet_type){"VARCHAR", "from_json(", ", '[{\"value\": \"VARCHAR\", \"weight\": \"DOUBLE\"}]')"};
    default: return (parquet_type){"VARCHAR", "", ""};
    }
}

/* --- the table --------------------------------------------------------------------------------------------------------- */

static void add_name(pt_sql *q, size_t column)
{
    char name[32];

    snprintf(name, sizeof name, "c%zu", column);
    pt_sql_ident(q, name);
}

static pt_rc make_table(const pt_export *x, pt_conn *conn, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "CREATE TABLE main.members (id VARCHAR");
    for (size_t i = 0; i < x->n_columns; i++) {
        pt_sql_kw(&q, ",");
        add_name(&q, i);
        pt_sql_kw(&q, type_of(x->columns[i].values->type).stored);
    }
    pt_sql_kw(&q, ")");
    pt_rc rc = pt_exec(conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static void append_list(pt_appender *to, const pt_export *x, const pt_column *c, uint32_t row, pt_str *scratch)
{
    pt_json j;

    pt_str_clear(scratch);
    pt_json_init(&j, scratch, 0);
    pt_render_json(&j, c, row, x->project->zone);
    pt_append_text(to, (pt_sv){scratch->ptr, scratch->len});
}

static void append_value(pt_appender *to, const pt_export *x, const pt_column *c, uint32_t row, pt_str *scratch)
{
    if (pt_column_missing(c, row)) {
        pt_append_null(to);
        return;
    }
    switch (c->type) {
    case PT_TYPE_BOOL: pt_append_bool(to, ((const uint8_t *)c->data)[row] == 1); break;
    case PT_TYPE_NUMBER: pt_append_double(to, ((const double *)c->data)[row]); break;
    case PT_TYPE_MONEY:
    case PT_TYPE_DURATION: pt_append_int(to, ((const int64_t *)c->data)[row]); break;
    case PT_TYPE_DATE: pt_append_int(to, ((const int32_t *)c->data)[row]); break;
    case PT_TYPE_INSTANT: pt_append_instant(to, ((const int64_t *)c->data)[row]); break;
    case PT_TYPE_LIST:
    case PT_TYPE_WEIGHTED: append_list(to, x, c, row, scratch); break;
    default:
        pt_str_clear(scratch);
        pt_render_cell(scratch, c, row, x->project->zone);
        pt_append_text(to, (pt_sv){pt_str_cstr(scratch), scratch->len});
    }
}

static pt_rc fill_table(const pt_export *x, pt_conn *conn, pt_err *err)
{
    pt_export_walk walk = pt_export_begin(x);
    pt_str scratch = {0};
    pt_appender *to;
    pt_rc rc = PT_OK, closed;
    uint32_t row;

    PT_TRY(pt_appender_open(&to, conn, "main", "members", err));
    while (pt_export_next(&walk, &row, &rc, err)) {
        pt_append_text(to, pt_directory_id(x->query->view->directory, row));
        for (size_t i = 0; i < x->n_columns; i++)
            append_value(to, x, x->columns[i].values, row, &scratch);
        pt_append_end_row(to);
    }
    closed = pt_appender_close(to, rc == PT_OK ? err : NULL);
    rc = rc == PT_OK ? closed : rc;
    if (rc == PT_OK)
        rc = pt_str_check(&scratch, err);
    pt_str_free(&scratch);
    return rc == PT_OK ? pt_directory_damage(x->query->view->directory, err) : rc;
}

/* --- the file ---------------------------------------------------------------------------------------------------------- */

static pt_rc write_file(const pt_export *x, pt_conn *conn, const char *path, pt_err *err)
{
    pt_sql q = {0};

    pt_sql_kw(&q, "COPY (SELECT id AS");
    pt_sql_ident(&q, x->id_title);
    for (size_t i = 0; i < x->n_columns; i++) {
        parquet_type type = type_of(x->columns[i].values->type);
        pt_sql_kw(&q, ",");
        pt_sql_kw(&q, type.before);
        add_name(&q, i);
        pt_sql_kw(&q, type.after);
        pt_sql_kw(&q, "AS");
        pt_sql_ident(&q, x->columns[i].title);
    }
    pt_sql_kw(&q, "FROM main.members) TO");
    pt_sql_text(&q, pt_sv_of(path));
    pt_sql_kw(&q, "(FORMAT parquet, COMPRESSION zstd)");
    pt_rc rc = pt_exec(conn, &q, NULL, err);
    pt_sql_free(&q);
    return rc;
}

static pt_rc export_by(const pt_export *x, pt_store *store, const char *partial, pt_err *err)
{
    pt_conn *conn;

    PT_TRY(pt_conn_open(&conn, store, err));
    pt_rc rc = make_table(x, conn, err);
    if (rc == PT_OK)
        rc = fill_table(x, conn, err);
    if (rc == PT_OK)
        rc = write_file(x, conn, partial, err);
    pt_conn_close(conn);
    return rc;
}

pt_rc pt_export_parquet(const pt_export *x, pt_err *err)
{
    const char *partial = pt_arena_printf(x->arena, "%s.tmp", x->options->path);
    const char *spill = pt_arena_printf(x->arena, "%s.tmp.spill", x->options->path);
    pt_store_options options = {.temp_dir = spill, .threads = x->options->crowd.threads};
    pt_store *store;

    if (!partial || !spill)
        return pt_fail_nomem(err, "an export");
    PT_TRY(pt_store_open(&store, &options, err));
    pt_rc rc = export_by(x, store, partial, err);
    pt_store_close(store);
    pt_remove_tree(spill, NULL);
    if (rc == PT_OK)
        rc = pt_publish_file(x->options->path, partial, err);
    if (rc != PT_OK)
        unlink(partial);
    return rc;
}
