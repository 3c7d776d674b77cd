/* Functions of one value, defined in C and called by the engine a vector at a time on its own threads. */
#include <stdlib.h>

#include "store/store_int.h"

typedef struct function_data {
    const duckdb_api *api;
    pt_function f;
} function_data;

static void free_data(void *ptr)
{
    function_data *d = ptr;

    if (d->f.free_ctx)
        d->f.free_ctx(d->f.ctx);
    free(d);
}

/* --- calls --------------------------------------------------------------------------------------------------------- */

typedef struct call {
    const function_data *d;
    const void *in;
    const uint64_t *in_mask;
    duckdb_vector out;
    pt_str scratch;
} call;

/* Calls f for row i, putting the value at `value`; false for NULL. */
static bool call_row(call *c, size_t i, void *value)
{
    pt_sv text;

    if (c->in_mask && !(c->in_mask[i / 64] >> (i % 64) & 1))
        return false;
    if (c->d->f.from == PT_TYPE_NUMBER)
        return c->d->f.call(c->d->f.ctx, (const double *)c->in + i, value, &c->scratch);
    text = pt_duckdb_text_at(c->in, i);
    return c->d->f.call(c->d->f.ctx, &text, value, &c->scratch);
}

static void set_null(const call *c, uint64_t **mask, size_t i)
{
    if (!*mask) {
        c->d->api->vector_ensure_validity_writable(c->out);
        *mask = c->d->api->vector_get_validity(c->out);
    }
    (*mask)[i / 64] &= ~(UINT64_C(1) << (i % 64));
}

static void call_fixed(call *c, size_t n)
{
    char *values = c->d->api->vector_get_data(c->out);
    size_t width = pt_type_width(c->d->f.result);
    uint64_t *mask = NULL;

    for (size_t i = 0; i < n; i++)
        if (!call_row(c, i, values + i * width))
            set_null(c, &mask, i);
}

static void call_text(call *c, size_t n)
{
    uint64_t *mask = NULL;
    pt_sv value;

    for (size_t i = 0; i < n; i++) {
        pt_str_clear(&c->scratch);
        if (call_row(c, i, &value) && !c->scratch.failed) /* run() reports the failure */
            c->d->api->vector_assign_string_element_len(c->out, i, value.ptr ? value.ptr : "", value.len);
        else
            set_null(c, &mask, i);
    }
}

static void run(duckdb_function_info info, duckdb_data_chunk input, duckdb_vector output)
{
    const duckdb_api *api;

    if (pt_duckdb_load(&api, NULL) != PT_OK)
        return; /* cannot be: the engine is calling */
    const function_data *d = api->scalar_function_get_extra_info(info);
    duckdb_vector in = api->data_chunk_get_vector(input, 0);
    size_t n = (size_t)api->data_chunk_get_size(input);
    call c = {d, api->vector_get_data(in), api->vector_get_validity(in), output, {0}};

    if (d->f.result == PT_TYPE_TEXT)
        call_text(&c, n);
    else
        call_fixed(&c, n);
    if (c.scratch.failed)
        api->scalar_function_set_error(info, PT_FUNCTION_NOMEM);
    pt_str_free(&c.scratch);
}

/* --- definitions --------------------------------------------------------------------------------------------------- */

static duckdb_logical_type engine_type(const duckdb_api *api, pt_type type)
{
    switch (type) {
    case PT_TYPE_BOOL: return api->create_logical_type(DUCKDB_TYPE_BOOLEAN);
    case PT_TYPE_NUMBER: return api->create_logical_type(DUCKDB_TYPE_DOUBLE);
    case PT_TYPE_MONEY: return api->create_decimal_type(18, PT_MONEY_DIGITS);
    case PT_TYPE_DATE: return api->create_logical_type(DUCKDB_TYPE_DATE);
    case PT_TYPE_INSTANT: return api->create_logical_type(DUCKDB_TYPE_TIMESTAMP_TZ);
    default: return api->create_logical_type(DUCKDB_TYPE_VARCHAR);
    }
}

static bool note_name(pt_store *s, const char *name, pt_rc *rc, pt_err *err)
{
    for (const defined_name *d = s->defined; d; d = d->next)
        if (strcmp(d->name, name) == 0)
            return false;
    size_t n = strlen(name) + 1;
    defined_name *d = malloc(sizeof *d + n);
    if (!d) {
        *rc = pt_fail_nomem(err, "a function");
        return false;
    }
    memcpy(d->name, name, n);
    d->next = s->defined;
    s->defined = d;
    return true;
}

static pt_rc define(pt_conn *c, function_data *d, pt_err *err)
{
    const duckdb_api *api = c->api;
    duckdb_scalar_function f = api->create_scalar_function();
    duckdb_logical_type from = engine_type(api, d->f.from), result = engine_type(api, d->f.result);

    api->scalar_function_set_name(f, d->f.name);
    api->scalar_function_add_parameter(f, from);
    api->scalar_function_set_return_type(f, result);
    api->scalar_function_set_function(f, run);
    api->scalar_function_set_extra_info(f, d, free_data);
    duckdb_state state = api->register_scalar_function(c->handle, f);
    api->destroy_logical_type(&from);
    api->destroy_logical_type(&result);
    api->destroy_scalar_function(&f); /* the engine holds its own reference to d from here */
    return state == DuckDBSuccess ? PT_OK : pt_fail(err, PT_EENGINE, "DuckDB does not take the function %s", d->f.name);
}

pt_rc pt_conn_define(pt_conn *c, const pt_function *function, pt_err *err)
{
    function_data *d = pt_zalloc(1, sizeof *d);
    pt_rc rc = d ? pt_conn_idle(c, err) : pt_fail_nomem(err, "a function");

    if (rc != PT_OK) {
        if (function->free_ctx)
            function->free_ctx(function->ctx);
        free(d);
        return rc;
    }
    *d = (function_data){c->api, *function};
    pthread_mutex_lock(&c->store->guard);
    bool fresh = note_name(c->store, function->name, &rc, err);
    if (fresh)
        rc = define(c, d, err);
    pthread_mutex_unlock(&c->store->guard);
    if (!fresh)
        free_data(d);
    return rc;
}
