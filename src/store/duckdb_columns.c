/* Columns of a result: one function a type copies a vector into the layout of base/type.h. Text is not copied: views
 * point into the chunk. The engine's vectors are never written to, since they may be pages of its buffer pool. */
#include <math.h>

#include "base/time.h"
#include "store/store_int.h"

/* --- copying columns ----------------------------------------------------------------------------------------------- */

static inline bool valid(const uint64_t *mask, size_t i)
{
    return !mask || (mask[i / 64] >> (i % 64) & 1);
}

#define COPY_CELLS(out_type, in_type, missing, expr)                  \
    do {                                                              \
        const in_type *in = col->api->vector_get_data(vector);        \
        const uint64_t *mask = col->api->vector_get_validity(vector); \
        out_type *out = col->cells;                                   \
        for (size_t i = 0; i < n; i++) {                              \
            in_type v = in[i];                                        \
            out[i] = valid(mask, i) ? (expr) : (missing);             \
        }                                                             \
        return NULL;                                                  \
    } while (0)

static const char *copy_bool(result_column *col, duckdb_vector vector, size_t n)
{
    COPY_CELLS(uint8_t, uint8_t, PT_BOOL_MISSING, v != 0);
}

static const char *copy_u32(result_column *col, duckdb_vector vector, size_t n)
{
    COPY_CELLS(uint32_t, uint32_t, UINT32_MAX, v);
}

static const char *copy_u64(result_column *col, duckdb_vector vector, size_t n)
{
    COPY_CELLS(uint64_t, uint64_t, UINT64_MAX, v);
}

static __int128 huge(duckdb_hugeint v)
{
    return (__int128)(((unsigned __int128)(uint64_t)v.upper << 64) | v.lower);
}

/* A number is never infinite: what is not finite is missing. */
static double finite_or_missing(double v)
{
    return isfinite(v) ? v : (double)NAN;
}

static const char *copy_number(result_column *col, duckdb_vector vector, size_t n)
{
    switch (col->source) {
    case DUCKDB_TYPE_TINYINT: COPY_CELLS(double, int8_t, (double)NAN, v);
    case DUCKDB_TYPE_SMALLINT: COPY_CELLS(double, int16_t, (double)NAN, v);
    case DUCKDB_TYPE_INTEGER: COPY_CELLS(double, int32_t, (double)NAN, v);
    case DUCKDB_TYPE_BIGINT: COPY_CELLS(double, int64_t, (double)NAN, (double)v);
    case DUCKDB_TYPE_UTINYINT: COPY_CELLS(double, uint8_t, (double)NAN, v);
    case DUCKDB_TYPE_USMALLINT: COPY_CELLS(double, uint16_t, (double)NAN, v);
    case DUCKDB_TYPE_FLOAT: COPY_CELLS(double, float, (double)NAN, finite_or_missing((double)v));
    case DUCKDB_TYPE_HUGEINT: COPY_CELLS(double, duckdb_hugeint, (double)NAN, (double)huge(v));
    default: COPY_CELLS(double, double, (double)NAN, finite_or_missing(v));
    }
}

static __int128 decimal_at(const result_column *col, const void *data, size_t i)
{
    switch (col->source) {
    case DUCKDB_TYPE_SMALLINT: return ((const int16_t *)data)[i];
    case DUCKDB_TYPE_INTEGER: return ((const int32_t *)data)[i];
    case DUCKDB_TYPE_BIGINT: return ((const int64_t *)data)[i];
    default: break;
    }
    return huge(((const duckdb_hugeint *)data)[i]);
}

static const char *copy_money(result_column *col, duckdb_vector vector, size_t n)
{
    const void *data = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    int64_t *out = col->cells, up = 1;

    for (int d = col->scale; d < PT_MONEY_DIGITS; d++)
        up *= 10;
    for (size_t i = 0; i < n; i++) {
        __int128 units;
        out[i] = PT_I64_MISSING;
        if (!valid(mask, i))
            continue;
        if (__builtin_mul_overflow(decimal_at(col, data, i), (__int128)up, &units) || units > INT64_MAX ||
            units <= INT64_MIN)
            return "an amount too large for money";
        out[i] = (int64_t)units;
    }
    return NULL;
}

/* Decimals with more digits than money has. */
static const char *copy_decimal(result_column *col, duckdb_vector vector, size_t n)
{
    const void *data = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    double *out = col->cells, down = pow(10, col->scale);

    for (size_t i = 0; i < n; i++)
        out[i] = valid(mask, i) ? (double)decimal_at(col, data, i) / down : (double)NAN;
    return NULL;
}

static const char *copy_date(result_column *col, duckdb_vector vector, size_t n)
{
    const int32_t *in = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    int32_t *out = col->cells;

    for (size_t i = 0; i < n; i++) {
        out[i] = PT_I32_MISSING;
        if (!valid(mask, i))
            continue;
        if (in[i] < PT_DATE_MIN || in[i] > PT_DATE_MAX)
            return "a date outside the years 1 to 9999";
        out[i] = in[i];
    }
    return NULL;
}

static const char *copy_instant(result_column *col, duckdb_vector vector, size_t n)
{
    const int64_t *in = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    int64_t *out = col->cells;

    for (size_t i = 0; i < n; i++) {
        int64_t v = in[i];
        out[i] = PT_I64_MISSING;
        if (!valid(mask, i))
            continue;
        if (col->unit == 0)
            v = v / 1000 - (v % 1000 < 0); /* nanoseconds, floored */
        else if (__builtin_mul_overflow(v, col->unit, &v))
            v = INT64_MAX;
        if (v < PT_DATE_MIN * PT_DAY || v >= (PT_DATE_MAX + 1) * PT_DAY)
            return "an instant outside the years 1 to 9999";
        out[i] = v;
    }
    return NULL;
}

pt_sv pt_duckdb_text_at(const duckdb_string_t *in, size_t i)
{
    uint32_t n = in[i].value.inlined.length;

    return (pt_sv){n <= sizeof in[i].value.inlined.inlined ? in[i].value.inlined.inlined : in[i].value.pointer.ptr, n};
}

static const char *copy_text(result_column *col, duckdb_vector vector, size_t n)
{
    const duckdb_string_t *in = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    pt_sv *out = col->cells;

    for (size_t i = 0; i < n; i++)
        out[i] = valid(mask, i) ? pt_duckdb_text_at(in, i) : (pt_sv){0};
    return NULL;
}

static const char *copy_enum(result_column *col, duckdb_vector vector, size_t n)
{
    const void *in = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    pt_sv *out = col->cells;

    for (size_t i = 0; i < n; i++) {
        out[i] = (pt_sv){0};
        if (!valid(mask, i))
            continue;
        switch (col->source) {
        case DUCKDB_TYPE_UTINYINT: out[i] = col->words[((const uint8_t *)in)[i]]; break;
        case DUCKDB_TYPE_USMALLINT: out[i] = col->words[((const uint16_t *)in)[i]]; break;
        default: out[i] = col->words[((const uint32_t *)in)[i]]; break;
        }
    }
    return NULL;
}

const char pt_copy_nomem[] = "";

/* Missing items of a list are left out: a list holds values. */
static const char *copy_list(result_column *col, duckdb_vector vector, size_t n)
{
    const duckdb_list_entry *in = col->api->vector_get_data(vector);
    const uint64_t *mask = col->api->vector_get_validity(vector);
    duckdb_vector child = col->api->list_vector_get_child(vector);
    const duckdb_string_t *texts = col->api->vector_get_data(child);
    const uint64_t *child_mask = col->api->vector_get_validity(child);
    size_t used = 0;

    for (size_t i = 0; i < n; i++) {
        col->offsets[i] = used;
        col->absent[i] = !valid(mask, i);
        if (col->absent[i])
            continue;
        /* Entries of one vector may share items, so the child's size does not bound their sum. */
        if (!pt_grow(&col->items, &col->cap_items, used + in[i].length, sizeof *col->items))
            return pt_copy_nomem;
        for (uint64_t k = in[i].offset; k < in[i].offset + in[i].length; k++)
            if (valid(child_mask, k))
                col->items[used++] = pt_duckdb_text_at(texts, k);
    }
    col->offsets[n] = used;
    return NULL;
}

/* --- columns of a result ------------------------------------------------------------------------------------------- */

static pt_rc read_words(result_column *col, duckdb_logical_type type, pt_arena *arena, pt_err *err)
{
    uint32_t n = col->api->enum_dictionary_size(type);

    col->words = PT_NEW_ARRAY(arena, pt_sv, n);
    for (uint32_t i = 0; col->words && i < n; i++) {
        char *word = col->api->enum_dictionary_value(type, i);
        col->words[i] = pt_sv_of(word ? pt_arena_strdup(arena, word) : NULL);
        col->api->free(word);
        if (!col->words[i].ptr)
            return pt_fail_nomem(err, "an enum's words");
    }
    return col->words ? PT_OK : pt_fail_nomem(err, "an enum's words");
}

static bool is_text_list(const result_column *col, duckdb_logical_type type)
{
    duckdb_logical_type child = col->api->list_type_child_type(type);
    bool yes = col->api->get_type_id(child) == DUCKDB_TYPE_VARCHAR;

    col->api->destroy_logical_type(&child);
    return yes;
}

static void set_kind(result_column *col, pt_type type, const char *(*copy)(result_column *, duckdb_vector, size_t))
{
    col->type = type;
    col->copy = copy;
}

static void set_decimal(result_column *col, duckdb_logical_type type)
{
    col->scale = col->api->decimal_scale(type);
    col->source = col->api->decimal_internal_type(type);
    if (col->scale <= PT_MONEY_DIGITS)
        set_kind(col, PT_TYPE_MONEY, copy_money);
    else
        set_kind(col, PT_TYPE_NUMBER, copy_decimal);
}

static void set_instant(result_column *col, int64_t unit)
{
    col->unit = unit;
    set_kind(col, PT_TYPE_INSTANT, copy_instant);
}

pt_rc pt_duckdb_choose_kind(result_column *col, duckdb_logical_type type, pt_arena *arena, pt_err *err)
{
    col->source = col->api->get_type_id(type);
    switch (col->source) {
    case DUCKDB_TYPE_BOOLEAN: set_kind(col, PT_TYPE_BOOL, copy_bool); break;
    case DUCKDB_TYPE_TINYINT:
    case DUCKDB_TYPE_SMALLINT:
    case DUCKDB_TYPE_INTEGER:
    case DUCKDB_TYPE_BIGINT:
    case DUCKDB_TYPE_UTINYINT:
    case DUCKDB_TYPE_USMALLINT:
    case DUCKDB_TYPE_HUGEINT:
    case DUCKDB_TYPE_FLOAT:
    case DUCKDB_TYPE_DOUBLE: set_kind(col, PT_TYPE_NUMBER, copy_number); break;
    case DUCKDB_TYPE_UINTEGER:
        set_kind(col, PT_TYPE_NUMBER, copy_u32);
        col->form = PT_CELLS_U32;
        break;
    case DUCKDB_TYPE_UBIGINT:
        set_kind(col, PT_TYPE_NUMBER, copy_u64);
        col->form = PT_CELLS_U64;
        break;
    case DUCKDB_TYPE_DECIMAL: set_decimal(col, type); break;
    case DUCKDB_TYPE_DATE: set_kind(col, PT_TYPE_DATE, copy_date); break;
    case DUCKDB_TYPE_TIMESTAMP:
    case DUCKDB_TYPE_TIMESTAMP_TZ: set_instant(col, 1); break;
    case DUCKDB_TYPE_TIMESTAMP_S: set_instant(col, PT_SECOND); break;
    case DUCKDB_TYPE_TIMESTAMP_MS: set_instant(col, 1000); break;
    case DUCKDB_TYPE_TIMESTAMP_NS: set_instant(col, 0); break;
    case DUCKDB_TYPE_VARCHAR: set_kind(col, PT_TYPE_TEXT, copy_text); break;
    case DUCKDB_TYPE_ENUM:
        set_kind(col, PT_TYPE_TEXT, copy_enum);
        col->source = col->api->enum_internal_type(type);
        return read_words(col, type, arena, err);
    case DUCKDB_TYPE_LIST:
        if (is_text_list(col, type))
            set_kind(col, PT_TYPE_LIST, copy_list);
        break;
    default: break;
    }
    return PT_OK;
}
