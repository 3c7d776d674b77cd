/* Shared inside store/: the loaded library and what the vendor's handles are wrapped in. */
#ifndef PT_STORE_STORE_INT_H
#define PT_STORE_STORE_INT_H

#include <duckdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/io.h"
#include "store/store.h"

/* Every function of DuckDB's C API that this program uses. The library is opened at run time, so this list is also the
 * list of symbols an installed library must have. */
/* clang-format off */
#define DUCKDB_FUNCTIONS(X)                                                                                            \
    X(library_version)                                                                                                 \
    X(create_config) X(set_config) X(destroy_config) X(open_ext) X(close) X(connect) X(disconnect) X(interrupt)        \
    X(query) X(destroy_result) X(result_error) X(result_error_type) X(rows_changed) X(free)                            \
    X(prepare) X(destroy_prepare) X(prepare_error) X(execute_prepared) X(execute_prepared_streaming)                   \
    X(bind_boolean) X(bind_int64) X(bind_double) X(bind_timestamp_tz) X(bind_varchar_length) X(bind_null)              \
    X(column_count) X(column_name) X(column_logical_type) X(get_type_id)                                               \
    X(create_logical_type) X(create_decimal_type) X(destroy_logical_type) X(decimal_scale) X(decimal_internal_type)    \
    X(enum_internal_type) X(enum_dictionary_size) X(enum_dictionary_value) X(list_type_child_type)                     \
    X(fetch_chunk) X(destroy_data_chunk) X(data_chunk_get_size) X(data_chunk_get_vector) X(vector_size)                \
    X(vector_get_data) X(vector_get_validity) X(vector_ensure_validity_writable) X(list_vector_get_child)              \
    X(vector_assign_string_element_len)                                                                                \
    X(appender_create) X(appender_destroy) X(appender_close) X(appender_end_row) X(appender_error)                     \
    X(append_bool) X(append_int64) X(append_uint32) X(append_double) X(append_timestamp) X(append_varchar_length)      \
    X(append_null)                                                                                                     \
    X(create_scalar_function) X(destroy_scalar_function) X(scalar_function_set_name) X(scalar_function_add_parameter)  \
    X(scalar_function_set_return_type) X(scalar_function_set_function) X(scalar_function_set_extra_info)               \
    X(scalar_function_get_extra_info) X(register_scalar_function) X(scalar_function_set_error)
/* clang-format on */

typedef struct duckdb_api {
#define DUCKDB_MEMBER(name) __typeof__(&duckdb_##name) name;
    DUCKDB_FUNCTIONS(DUCKDB_MEMBER)
#undef DUCKDB_MEMBER
} duckdb_api;

/* Loads the library once for the process; later calls return the same table. */
pt_rc pt_duckdb_load(const duckdb_api **out, pt_err *err);

typedef struct defined_name {
    struct defined_name *next;
    char name[];
} defined_name;

struct pt_store {
    const duckdb_api *api;
    duckdb_database db;
    pthread_mutex_t guard; /* of `defined` */
    defined_name *defined; /* functions */
    pt_lock lock;
    bool locked;
};

struct pt_conn {
    const duckdb_api *api;
    pt_store *store;
    duckdb_connection handle;
    pt_cursor *open_cursor; /* a streamed result ends when the connection runs something else, so that is refused */
    atomic_bool stop;       /* set by interrupt, taken by the statement that reports it */
};

typedef enum bind_kind { BIND_NULL, BIND_TEXT, BIND_INT, BIND_DOUBLE, BIND_INSTANT, BIND_BOOL } bind_kind;

struct pt_bind {
    bind_kind kind;
    char *text; /* owned */
    size_t len;
    int64_t integer;
    double number;
};

/* A column of a result on its way into a pt_cells. */
typedef struct result_column {
    const char *name;
    const char *(*copy)(struct result_column *col, duckdb_vector vector,
                        size_t n); /* NULL, or what is wrong with a value */
    const duckdb_api *api;
    pt_type type;
    pt_cells_form form;
    duckdb_type source; /* how the vector's values lie in memory */
    int scale;          /* decimals */
    int64_t unit;       /* timestamps: microseconds of one unit; 0 for nanoseconds */
    pt_sv *words;       /* enums */
    void *cells;        /* vector_size values */
    uint64_t *offsets;  /* lists */
    uint8_t *absent;
    pt_sv *items;
    size_t cap_items;
} result_column;

/* The bytes of text i of a vector: inside it when short, else in a block that the chunk holds. */
pt_sv pt_duckdb_text_at(const duckdb_string_t *in, size_t i);
/* Chooses how a column of this type is copied; leaves col->copy NULL for a type that has no counterpart. */
pt_rc pt_duckdb_choose_kind(result_column *col, duckdb_logical_type type, pt_arena *arena, pt_err *err);

/* Turns the engine's text into one line for the user: first meaningful line, no prefix, no data values. */
pt_rc pt_duckdb_fail(pt_err *err, duckdb_error_type type, const char *text, bool user_sql);
/* The failure of a result; `result` is still the caller's to destroy. */
pt_rc pt_duckdb_fail_result(pt_err *err, const duckdb_api *api, duckdb_result *result, bool user_sql);
/* PT_ECANCELED when the connection was interrupted since the last report. */
pt_rc pt_conn_stopped(pt_conn *c, pt_err *err);
pt_rc pt_conn_idle(const pt_conn *c, pt_err *err); /* PT_EINTERNAL while a cursor is open on it */
/* Prepares and binds; *out is the caller's to destroy. */
pt_rc pt_conn_prepare(duckdb_prepared_statement *out, pt_conn *c, const pt_sql *q, pt_err *err);

/* What copying a column says when memory is short; by its address, it is no message. */
extern const char pt_copy_nomem[];

/* What a function of ours tells the engine when memory is short; the engine has no code for it, only its text. */
#define PT_FUNCTION_NOMEM "a function ran out of memory"

#endif
