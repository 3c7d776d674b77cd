/* The raw store: what was read, what was decided. Held by DuckDB behind this narrow waist; only store/duckdb_*.c knows
 * the vendor. The library is loaded when the first store is opened, so commands that need no store never load it.
 * SQL text reaches the engine only as pt_sql; values are always binds or quoted by pt_sql_*. */
#ifndef PT_STORE_STORE_H
#define PT_STORE_STORE_H

#include "base/rows.h"

typedef struct pt_store pt_store; /* one database; thread-safe to connect to */
typedef struct pt_conn pt_conn;   /* one connection: one thread at a time */
typedef struct pt_cursor pt_cursor;

typedef struct pt_store_options {
    const char *path;     /* NULL: in memory */
    const char *temp_dir; /* where large sorts and joins spill; NULL: beside the file */
    size_t memory;        /* soft limit in bytes; 0: 60 % of the machine */
    unsigned threads;     /* 0: all */
    bool read_only;
} pt_store_options;

pt_rc pt_store_open(pt_store **out, const pt_store_options *options, pt_err *err);
void pt_store_close(pt_store *s);  /* checkpoints; NULL is fine */
const char *pt_store_engine(void); /* "DuckDB 1.5.5", or NULL when its library cannot be loaded */
pt_rc pt_conn_open(pt_conn **out, pt_store *s, pt_err *err);
pt_rc pt_conn_open_beside(pt_conn **out, pt_conn *c, pt_err *err); /* another one to the store that c belongs to */
void pt_conn_close(pt_conn *c);
void pt_conn_interrupt(pt_conn *c); /* any thread */

/* SQL under construction, with its bound values. Sticky failure. Zero-initialised is empty. */
typedef struct pt_sql {
    pt_str text;
    struct pt_bind *binds;
    size_t n_binds, cap_binds;
    bool user; /* holds SQL a user wrote: what is wrong with it is then PT_EINVAL */
    bool nul;  /* a name or text held a NUL byte: the statement is refused */
} pt_sql;
void pt_sql_free(pt_sql *q);
void pt_sql_clear(pt_sql *q);
void pt_sql_kw(pt_sql *q, const char *keywords); /* fixed text from our own source, spaced on both sides */
void pt_sql_ident(pt_sql *q, const char *name);  /* quoted */
void pt_sql_text(pt_sql *q, pt_sv value);        /* a quoted literal, for places where DuckDB takes no bind */
void pt_sql_bind_text(pt_sql *q, pt_sv value);   /* a `?` and its value; copied */
void pt_sql_bind_int(pt_sql *q, int64_t value);
void pt_sql_bind_double(pt_sql *q, double value);
void pt_sql_bind_instant(pt_sql *q, int64_t value);
void pt_sql_bind_bool(pt_sql *q, bool value);
void pt_sql_bind_null(pt_sql *q);
/* SQL the user wrote in a project file (`sql:` tags, `from:`); never from a request. */
void pt_sql_user(pt_sql *q, pt_sv sql);

/* Runs a statement to its end; *changed (may be NULL) is the number of rows changed. */
pt_rc pt_exec(pt_conn *c, const pt_sql *q, int64_t *changed, pt_err *err);
/* A fixed statement, or several separated by `;`, without binds. */
pt_rc pt_exec_text(pt_conn *c, const char *sql, pt_err *err);
/* Opens a result, streamed in batches. Column types:
 *   BOOLEAN bool · integers, FLOAT, DOUBLE and DECIMAL with more than 4 decimals number (not finite is missing; UINTEGER
 *   also raw U32, UBIGINT raw U64, with all bits set when NULL) · other DECIMAL money · DATE date · TIMESTAMP (as UTC) and
 *   TIMESTAMPTZ instant · VARCHAR and ENUM text · VARCHAR[] list, without its NULL items.
 * Other types are an error that names the column, as are amounts, dates and instants that have no counterpart. Until the
 * cursor has reached its end or is closed, its connection runs nothing else. */
pt_rc pt_query(pt_cursor **out, pt_conn *c, const pt_sql *q, pt_err *err);
size_t pt_cursor_columns(const pt_cursor *cur);
const char *pt_cursor_name(const pt_cursor *cur, size_t column);
pt_type pt_cursor_type(const pt_cursor *cur, size_t column);
/* The next batch, borrowed until the next call; *out is NULL at the end. */
pt_rc pt_cursor_next(const pt_rows **out, pt_cursor *cur, pt_err *err);
void pt_cursor_close(pt_cursor *cur); /* NULL is fine */
/* One value of one row; PT_ENOTFOUND when there is no row. */
pt_rc pt_query_int(int64_t *out, pt_conn *c, const pt_sql *q, pt_err *err);
pt_rc pt_query_text(char **out, pt_conn *c, const pt_sql *q, pt_arena *a, pt_err *err);

/* Bulk insert into an existing table (schema.table), faster than INSERT. Visible when committed. */
typedef struct pt_appender pt_appender;
pt_rc pt_appender_open(pt_appender **out, pt_conn *c, const char *schema, const char *table, pt_err *err);
void pt_append_text(pt_appender *a, pt_sv v); /* ptr NULL appends NULL */
void pt_append_int(pt_appender *a, int64_t v);
void pt_append_uint32(pt_appender *a, uint32_t v);
void pt_append_double(pt_appender *a, double v);
void pt_append_instant(pt_appender *a, int64_t v); /* TIMESTAMPTZ */
void pt_append_bool(pt_appender *a, bool v);
void pt_append_null(pt_appender *a);
void pt_append_end_row(pt_appender *a);
pt_rc pt_appender_close(pt_appender *a, pt_err *err); /* flushes; reports the first failure; frees */

/* A function of one value that SQL may call: how conversions that are defined in C run inside a query, on the engine's
 * threads. NULL in is NULL out, and so is a value for which `call` returns false. */
typedef struct pt_function {
    const char *name;
    pt_type from;   /* TEXT (in: pt_sv *) or NUMBER (in: double *) */
    pt_type result; /* BOOL uint8_t, NUMBER double, MONEY int64_t below 10^18 units, DATE int32_t, INSTANT int64_t,
                     * TEXT pt_sv into the input or into `scratch` */
    bool (*call)(const void *ctx, const void *in, void *out, pt_str *scratch); /* any thread */
    void *ctx;                                                                 /* read only */
    void (*free_ctx)(void *ctx);                                               /* NULL: nothing to free */
} pt_function;

/* Defines it for the whole store, until that is closed; not inside a transaction, which would take it along when rolled
 * back. Takes ctx, also on failure. A function of this name that is there
 * already stays and ctx is freed: a name must say everything that ctx says. */
pt_rc pt_conn_define(pt_conn *c, const pt_function *function, pt_err *err);

#endif
